"""A convolution and a dense layer behind it on one flat array of weights, with softmax and cross-entropy at its end."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from gdcourse import checks
from gdcourse.initializers import initial_weights
from gdcourse.layers import Flat, Layers, cut
from gdcourse.losses import cross_entropy, log_softmax
from gdcourse.training import fit

AT_ONCE = 512  # images in one pass of predict and evaluate


class ConvNet(Flat):
    """A convolution with ReLU, then a dense layer: a classifier of images in grey. `w` holds every weight.

    shape: height and width of an image. The kernels are squares of kernel_size pixels, one a filter; their windows lie
    strides pixels apart, all inside the image. outputs: classes. dtype: float32 or float64.
    Arrays in Keras's order and shapes: K (kernel_size, kernel_size, 1, filters), b (filters,), V (places · filters,
    outputs), c (outputs,). Names, starts and arithmetic are those of Keras 3: Conv2D with relu, Flatten, Dense.
    """

    fit = fit

    def __init__(self, shape=(28, 28), filters=8, kernel_size=5, strides=2, outputs=10, seed=0, dtype=np.float64):
        self.shape = checks.counts("shape", shape, fewest=2)
        self.filters, self.strides = checks.count("filters", filters), checks.count("strides", strides)
        self.kernel_size = checks.count("kernel_size", kernel_size)
        self.outputs = checks.count("outputs", outputs, least=2)
        if len(self.shape) != 2 or min(self.shape) < self.kernel_size:
            least, got = checks.shown(self.kernel_size), checks.shown(self.shape)
            raise ValueError(f"shape must be two numbers of at least kernel_size {least}; got {got}.")
        self.places = tuple((side - self.kernel_size) // self.strides + 1 for side in self.shape)
        inside, flat = self.kernel_size**2, int(np.prod(self.places)) * self.filters
        self._shapes = [(self.kernel_size, self.kernel_size, 1, self.filters), (self.filters,)]
        self._shapes += [(flat, self.outputs), (self.outputs,)]
        self._w = np.zeros(sum(map(np.prod, self._shapes)), checks.float_type("dtype", dtype))
        self._room = np.empty(0, self.w.dtype)
        K, _, V, _ = self.arrays()
        rng = checks.generator("seed", seed)
        limit = np.sqrt(6 / (inside + inside * self.filters))  # Glorot uniform: each output has `inside` inputs
        K[:] = rng.uniform(-limit, limit, K.shape)
        V[:] = initial_weights("glorot_uniform", V.shape, rng)

    def __repr__(self):
        size = self.kernel_size
        kernels = f"{checks.counted(self.filters, 'kernel')} of {size}×{size}"
        return f"{type(self).__name__} {kernels}: {self.w.size:,} weights, {self.w.dtype}"

    def arrays(self, flat=None):
        """Return K, b, V, c as views of `w`, or of another flat array of its shape, such as a gradient."""
        flat = self.w if flat is None else np.asarray(flat)
        checks.same_shape("flat", flat, "w", self.w)
        return Layers("arrays()", cut(flat, self._shapes))

    def _forward(self, X):
        """Return each window as a row of pixels, what the ReLU makes of it, (n, places, filters), and the scores."""
        K, b, V, c = self.arrays()
        views = windows(X, self.kernel_size, self.strides)
        if self._room.shape != views.shape:
            self._room = np.empty(views.shape, self.w.dtype)  # kept: to ask for it anew in each step takes longer
        np.copyto(self._room, views)
        rows = self._room.reshape(len(X), -1, self.kernel_size**2)
        a = rows @ K.reshape(-1, self.filters)  # a small product for each image, quicker than a long one
        a += b
        np.maximum(a, 0, out=a)
        return rows, a, a.reshape(len(X), -1) @ V + c

    @checks.arithmetic
    def train_batch(self, X, y, rng=None):
        """Return the mean loss, its gradient and the number of right answers. It checks nothing."""
        rows, a, z = self._forward(X)
        loss, dz, right = self._loss(z, y)
        gradient = np.empty_like(self.w)
        dK, db, dV, dc = self.arrays(gradient)
        dV[:], dc[:] = a.reshape(len(X), -1).T @ dz, dz.sum(axis=0)
        da = ((dz @ self.arrays()[2].T).reshape(a.shape) * (a > 0)).reshape(-1, self.filters)
        dK[:] = (rows.reshape(len(da), -1).T @ da).reshape(dK.shape)  # a sum over all places of all images
        db[:] = np.einsum("ij->j", da)  # the same numbers as da.sum(axis=0) in a quarter of the time
        return loss, gradient, right

    def _loss(self, z, y):
        """Return the mean loss of these scores, its slopes, and how many are right."""
        return cross_entropy(z, y)

    def loss_and_gradient(self, X, y):
        """Return the mean loss over the samples and its gradient, of the shape of w.

        X: (n, height, width) floats. y: (n,) whole numbers from 0 to outputs - 1.
        """
        return self.train_batch(*self.checked(X, y))[:2]

    @checks.arithmetic
    def forward(self, X):
        """Return the scores before the softmax, (n, outputs). X: (n, height, width) floats."""
        X = self._checked_images(X)
        return np.concatenate([self._forward(X[i : i + AT_ONCE])[2] for i in range(0, len(X), AT_ONCE)])

    @checks.arithmetic
    def predict(self, X):
        """Return the probabilities of the classes, (n, outputs). X: (n, height, width) floats."""
        return np.exp(log_softmax(self.forward(X)))

    @checks.arithmetic
    def evaluate(self, X, y):
        """Return the mean loss and the accuracy, the share of right answers."""
        X, y = self.checked(X, y)
        loss, _, right = self._loss(self.forward(X), y)
        return loss, right / len(X)

    def _checked_images(self, X, of=""):
        X = checks.array(f"{of}X", X)
        height, width = self.shape
        if X.ndim != 3 or X.shape[1:] != self.shape or len(X) == 0:
            raise ValueError(f"{of}X has shape {X.shape}; expected (n, {height}, {width}), images in grey.")
        flat = checks.samples(f"{of}X", X.reshape(len(X), -1), height * width)
        return flat.reshape(X.shape).astype(self.w.dtype, copy=False)

    def checked(self, X, y, of=""):
        """Return X in the dtype of w and y, or say in a sentence what is wrong with them."""
        X = self._checked_images(X, of)
        return X, checks.labels(f"{of}y", y, len(X), self.outputs)


def windows(X, size, strides=1):
    """Return every square window of so many pixels, (n, places down, places across, size, size), as views of X.

    X: (n, height, width). strides: how many pixels lie between two of them.
    """
    return sliding_window_view(X, (size, size), axis=(1, 2))[:, ::strides, ::strides]
