"""A multilayer perceptron on one flat array of weights, with softmax and cross-entropy at its end."""

import numpy as np

from gdcourse import checks, layers
from gdcourse.activations import ACTIVATIONS
from gdcourse.initializers import initial_weights
from gdcourse.losses import cross_entropy, log_softmax
from gdcourse.training import fit

AT_ONCE = 1024  # samples whose probabilities are computed together


class MLP(layers.Flat):
    """A network of dense layers. `w` holds every weight, in Keras's order: W[0], b[0], W[1], b[1], …

    `W[l]` and `b[l]` are views of it.

    sizes: numbers of inputs, of units in each hidden layer, and of classes. dtype: float32 or float64.
    W[l] has shape (sizes[l], sizes[l + 1]), drawn by kernel_initializer ("glorot_uniform": from ±√(6 / (inputs +
    outputs))); b[l] starts at zero. activation: of the hidden layers: "relu", "leaky_relu", "tanh" or "sigmoid".
    l2: adds l2 · ΣW² of the matrices to the loss. dropout: the share of each hidden layer's outputs that training sets
    to zero, a new choice for each sample; the others are multiplied by 1 / (1 − dropout).
    Names, starts and arithmetic are those of Keras 3: Dense, L2 as kernel_regularizer, Dropout.
    """

    fit = fit

    def __init__(
        self, sizes=(784, 64, 32, 10), seed=0, dtype=np.float32, activation="relu",
        kernel_initializer="glorot_uniform", l2=0.0, dropout=0.0,
    ):  # fmt: skip
        self.sizes = checks.counts("sizes", sizes, fewest=2)
        if self.sizes[-1] < 2:
            raise ValueError(f"sizes must end with two classes or more, such as (784, 64, 10); got {self.sizes}.")
        self.activation = checks.one_of("activation", activation, ACTIVATIONS)
        self.l2, self.dropout = checks.number("l2", l2, least=0), checks.number("dropout", dropout, least=0, below=1)
        many = sum((inputs + 1) * outputs for inputs, outputs in zip(self.sizes, self.sizes[1:]))
        self._w, self._gradient = np.zeros((2, many), checks.float_type("dtype", dtype))
        self._W, self._b = map(layers.Layers, "Wb", self.views(self._w))
        self._gradients, self._outputs = self.views(self._gradient), [np.empty((0, 0))]
        rng = checks.generator("seed", seed)
        for W in self.W:
            W[:] = initial_weights(kernel_initializer, W.shape, rng)

    def __repr__(self):
        return f"MLP {'-'.join(map(str, self.sizes))}: {self.w.size:,} weights, {self.w.dtype}"

    def __reduce__(self):
        """Say how copy and pickle make this network again, with W and b as views of the copy's own w."""
        return _copied, (type(self), self.sizes, self.w, (self.activation, "zeros", self.l2, self.dropout))

    @property
    def W(self):
        """The weights of each layer, views of `w`."""
        return self._W

    @W.setter
    def W(self, values):
        self._W[:] = values

    @property
    def b(self):
        """The biases of each layer, views of `w`."""
        return self._b

    @b.setter
    def b(self, values):
        self._b[:] = values

    def views(self, flat):
        """Return (W, b), lists of views of a flat array of the shape of w, such as a gradient, layer by layer."""
        checks.same_shape("flat", np.asarray(flat), "w", self.w)
        return layers.views(self.sizes, np.asarray(flat))

    def _forward(self, X, masks=()):
        """Return what goes into each layer, X first, and the logits z last. They stand until the next call."""
        if len(X) > len(self._outputs[0]):  # room made once for all batches
            room = [(len(X), size) for size in self.sizes[1:]]
            self._outputs, self._deltas = ([np.empty(shape, self.w.dtype) for shape in room] for _ in range(2))
        inputs = [X]
        for l, (W, b, out) in enumerate(zip(self.W, self.b, self._outputs)):
            z = np.matmul(inputs[-1], W, out=out[: len(X)])
            z += b
            if W is not self.W[-1]:
                ACTIVATIONS[self.activation].apply(z)
            inputs.append(z * masks[l] if l < len(masks) else z)
        return inputs

    def _backward(self, inputs, masks, delta):
        """Fill the gradient, from the last layer to the first. delta: of the loss by the logits."""
        gradient_W, gradient_b = self._gradients
        for l in reversed(range(len(self.W))):
            np.matmul(inputs[l].T, delta, out=gradient_W[l])
            np.add.reduce(delta, axis=0, out=gradient_b[l])
            if self.l2:
                gradient_W[l] += 2 * self.l2 * self.W[l]
            if l > 0:
                delta = np.matmul(delta, self.W[l].T, out=self._deltas[l - 1][: len(delta)])
                delta *= ACTIVATIONS[self.activation].slope(self._outputs[l - 1][: len(delta)])
                if masks:
                    delta *= masks[l - 1]

    @checks.arithmetic
    def train_batch(self, X, y, rng=None):
        """Return the mean loss, the gradient and the number of right answers, as training sees the network.

        It is quick and checks nothing: X has the dtype of w, and the gradient stands until the next call. rng: draws
        what dropout leaves out; None: nothing is left out.
        """
        masks = self.masks(len(X), rng) if rng and self.dropout else ()
        inputs = self._forward(X, masks)
        loss, delta, right = cross_entropy(inputs[-1], y)
        self._backward(inputs, masks, delta)
        return loss + self._penalty(), self._gradient, right

    def masks(self, n, rng):
        """Return what the outputs of each hidden layer are multiplied with: 0, or 1 / (1 − dropout) where they stay."""
        kept, one = 1 - self.dropout, self.w.dtype.type
        return [(rng.random((n, size), one) < kept).astype(one) / one(kept) for size in self.sizes[1:-1]]

    def _penalty(self):
        return self.l2 * sum(float(np.vdot(W, W)) for W in self.W) if self.l2 else 0.0

    def loss_and_gradient(self, X, y):
        """Return the mean cross-entropy over the samples, with the l2 penalty, and its gradient, of the shape of w.

        X: (n, sizes[0]) floats. y: (n,) whole numbers from 0 to sizes[-1] - 1.
        """
        loss, gradient, _ = self.train_batch(*self.checked(X, y))
        return loss, gradient.copy()

    @checks.arithmetic
    def forward(self, X):
        """Return a list of arrays: X, the output of each hidden layer, and the logits z, one row a sample."""
        return [array.copy() for array in self._forward(self._checked_inputs(X))]

    @checks.arithmetic
    def predict(self, X):
        """Return the probabilities of the classes, (n, sizes[-1]). X: (n, sizes[0]) floats."""
        return np.concatenate([np.exp(log_p) for _, log_p in self._log_p(self._checked_inputs(X))])

    @checks.arithmetic
    def evaluate(self, X, y):
        """Return the mean cross-entropy, with the l2 penalty, and the accuracy: the share of right answers."""
        X, y = self.checked(X, y)
        loss = right = 0
        for rows, log_p in self._log_p(X):
            loss -= float(log_p[np.arange(len(log_p)), y[rows]].sum())
            right += np.count_nonzero(log_p.argmax(axis=1) == y[rows])
        return loss / len(X) + self._penalty(), float(right / len(X))

    def _log_p(self, X):
        """Yield the rows of each part of X and the log-probabilities there, which stand until the next."""
        for start in range(0, len(X), AT_ONCE):
            rows = slice(start, start + AT_ONCE)
            yield rows, log_softmax(self._forward(X[rows])[-1])

    def arrays(self):
        """Return the arrays in Keras's order: W[0], b[0], W[1], b[1], …"""
        return layers.Layers("arrays()", [array for pair in zip(self.W, self.b) for array in pair])

    def _checked_inputs(self, X, of=""):
        return checks.samples(f"{of}X", X, self.sizes[0]).astype(self.w.dtype, copy=False)

    def checked(self, X, y, of=""):
        """Return X in the dtype of w and y, or say in a sentence what is wrong with them."""
        X = self._checked_inputs(X, of)
        return X, checks.labels(f"{of}y", y, len(X), self.sizes[-1])


def _copied(kind, sizes, w, options):
    network = kind(sizes, 0, w.dtype, *options)
    network.w = w
    return network
