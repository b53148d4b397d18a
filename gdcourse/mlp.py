"""A multilayer perceptron on one flat array of weights: ReLU inside, softmax and cross-entropy at the end."""

import numpy as np
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from gdcourse import checks
from gdcourse.optimizers import SGD, Optimizer, check_optimizer, fresh

KEPT = "The network keeps what it has learned so far"


class Layers(tuple):
    """The weights, or the biases, of all layers: views of the network's `w`. What is assigned is written into them."""

    def __new__(cls, name, views):
        layers = super().__new__(cls, views)
        layers.name = name
        return layers

    def __reduce__(self):
        return type(self), (self.name, list(self))

    def __setitem__(self, layer, values):
        places = range(len(self))[layer]
        if isinstance(places, int):
            places, values = [places], [values]
        values = list(values) if np.iterable(values) else [values]
        if len(values) != len(places):
            raise ValueError(f"{self.name} takes {len(places)} arrays here, one for each layer; got {len(values)}.")
        values = [_fitting(f"{self.name}[{i}]", one, self[i]) for i, one in zip(places, values)]
        for i, one in zip(places, values):
            self[i][:] = one

    def _keep(self, *_, **__):
        """Raise TypeError: a network keeps the layers that it was made with."""
        raise TypeError(
            f"the layers in {self.name} stay as many as they are; make a new network, such as MLP((784, 10))."
        )

    __delitem__ = __iadd__ = __imul__ = append = extend = insert = pop = remove = clear = reverse = sort = _keep


@checks.arithmetic
def _fitting(name, values, own):
    """Return a copy of values that may take the place of the network's own: of its dtype and shape, and finite."""
    values = checks.floats(name, values).astype(own.dtype)
    checks.same_shape(name, values, "the network's own", own)
    checks.finite(name, values)
    return values


class MLP:
    """A network of dense layers. `w` holds every weight; `W[l]` and `b[l]` are views of it.

    sizes: numbers of inputs, of units in each hidden layer, and of classes. dtype: float32 or float64.
    W[l] has shape (sizes[l], sizes[l + 1]), drawn from ±√(6 / (inputs + outputs)); b[l] starts at zero.
    Source: Keras 3, GlorotUniform in keras/src/initializers/random_initializers.py.
    """

    def __init__(self, sizes=(784, 64, 32, 10), seed=0, dtype=np.float32):
        self.sizes, dtype = checks.counts("sizes", sizes, fewest=2), _dtype(dtype)
        if self.sizes[-1] < 2:
            raise ValueError(f"sizes must end with two classes or more, such as (784, 64, 10); got {self.sizes}.")
        self._w = np.zeros(sum((inputs + 1) * outputs for inputs, outputs in zip(self.sizes, self.sizes[1:])), dtype)
        self._gradient = np.zeros_like(self._w)
        self._W, self._b = map(Layers, "Wb", self._layers(self._w))
        self._gradient_W, self._gradient_b = self._layers(self._gradient)
        self._make_room(1)
        self.stop_training = False  # a callback sets it to True to end `fit`
        rng = checks.generator("seed", seed)
        for W in self.W:
            limit = np.sqrt(6 / sum(W.shape))
            W[:] = rng.uniform(-limit, limit, W.shape)

    def __repr__(self):
        return f"MLP {'-'.join(map(str, self.sizes))}: {self.w.size:,} weights, {self.w.dtype}"

    def __reduce__(self):
        """Say how copy and pickle make this network again, with W and b as views of the copy's own w."""
        return _copied, (type(self), self.sizes, self.w)

    @property
    def w(self):
        """Every weight in one flat array, in Keras's order: W[0], b[0], W[1], b[1], …"""
        return self._w

    @w.setter
    def w(self, values):
        self._w[:] = _fitting("w", values, self._w)

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

    def _layers(self, flat):
        """Return the views W and b of a flat array."""
        W, b, end = [], [], 0
        for inputs, outputs in zip(self.sizes, self.sizes[1:]):
            start, middle, end = end, end + inputs * outputs, end + (inputs + 1) * outputs
            W.append(flat[start:middle].reshape(inputs, outputs))
            b.append(flat[middle:end])
        return W, b

    def _make_room(self, rows):
        """Make the arrays that the passes write into, once for all batches."""
        self._outputs, self._deltas = ([np.empty((rows, size), self.w.dtype) for size in self.sizes] for _ in range(2))

    def _forward(self, X):
        """Return the output of each layer, X first and the logits z last. They stand until the next call."""
        outputs = [X]
        for W, b, out in zip(self.W, self.b, self._outputs[1:]):
            z = np.matmul(outputs[-1], W, out=out[: len(X)])
            z += b
            outputs.append(z if W is self.W[-1] else np.maximum(z, 0, out=z))
        return outputs

    def _backward(self, outputs, delta):
        """Fill the gradient, from the last layer to the first. delta: of the loss by the logits."""
        for l in reversed(range(len(self.W))):
            np.matmul(outputs[l].T, delta, out=self._gradient_W[l])
            np.add.reduce(delta, axis=0, out=self._gradient_b[l])
            if l > 0:
                delta = np.matmul(delta, self.W[l].T, out=self._deltas[l][: len(delta)])
                delta *= outputs[l] > 0

    @checks.arithmetic
    def _loss_and_gradient(self, X, y):
        """Fill the gradient of the mean cross-entropy; return the summed loss and the number of right answers."""
        z = (outputs := self._forward(X))[-1]
        right, each = np.count_nonzero(z.argmax(axis=1) == y), np.arange(len(y))
        log_p = log_softmax(z)
        loss = -log_p[each, y].sum()
        delta = np.exp(log_p, out=log_p)
        delta[each, y] -= 1
        delta /= len(y)
        self._backward(outputs, delta)
        return loss, right

    def loss_and_gradient(self, X, y):
        """Return the mean cross-entropy over the samples and its gradient, of the shape of w.

        X: (n, sizes[0]) floats. y: (n,) whole numbers from 0 to sizes[-1] - 1.
        """
        X, y = self._checked(X, y)
        loss, _ = self._loss_and_gradient(self._batch(X, np.arange(len(X))), y)
        return float(loss) / len(X), self._gradient.copy()

    @checks.arithmetic
    def predict(self, X):
        """Return the probabilities of the classes, (n, sizes[-1]). X: (n, sizes[0]) floats."""
        X = self._checked_inputs(X)
        return np.concatenate([np.exp(log_softmax(self._forward(batch)[-1])) for _, batch in self._batches(X)])

    @checks.arithmetic
    def evaluate(self, X, y):
        """Return the mean cross-entropy and the accuracy: the share of samples whose likeliest class is right."""
        X, y = self._checked(X, y)
        loss = right = 0
        for rows, batch in self._batches(X):
            log_p = log_softmax(self._forward(batch)[-1])
            loss -= float(log_p[np.arange(len(rows)), y[rows]].sum())
            right += np.count_nonzero(log_p.argmax(axis=1) == y[rows])
        return loss / len(X), float(right / len(X))

    @checks.divergence
    def fit(
        self, X, y, epochs=10, batch_size=128, optimizer=SGD(), validation_data=None, shuffle=True, seed=0,
        callbacks=(),
    ):  # fmt: skip
        """Train from the weights as they are, with a fresh copy of the optimizer; return a `History`.

        shuffle: each epoch in a new order, the next `permutation(n)` of `np.random.default_rng(seed)`.
        The last batch may be short; it is averaged over its own size. loss and accuracy are means over the epoch's
        samples, measured while the weights change, as in Keras. validation_data: (X, y), evaluated after each epoch.
        callbacks: a list of Keras's callbacks, or of objects with some of their methods; one of them may end the run by
        `stop_training = True`, which counts after each batch and, as in Keras, still measures the epoch so far.
        A long run without callbacks shows its progress. When interrupted, or when the numbers are no longer finite, it
        stops, keeps the weights of the last good step, says so, and returns the finished epochs.
        """
        X, y = self._checked(X, y)
        epochs, batch_size = checks.count("epochs", epochs), checks.count("batch_size", batch_size)
        check_optimizer(optimizer)
        shuffle = checks.flag("shuffle", shuffle)
        if validation_data is not None:
            if not isinstance(validation_data, tuple | list) or len(validation_data) != 2:
                raise TypeError("validation_data must be a pair (X, y).")
            validation_data = self._checked(*validation_data, of="validation_data: ")
        callbacks = _Callbacks(callbacks)
        optimizer, history, rng, epoch, measured = fresh(optimizer), History(), checks.generator("seed", seed), 1, {}
        silent = {"disable": True} if callbacks.all else {}  # else as the environment says
        progress = tqdm(total=epochs * len(X), unit=" samples", unit_scale=True, delay=2, leave=False, **silent)
        self.stop_training = False
        callbacks.tell("set_params", {"epochs": epochs, "steps": -(-len(X) // batch_size), "verbose": 0})
        callbacks.tell("set_model", self)
        try:
            with threadpool_limits(1, "blas"), progress:
                callbacks.tell("on_train_begin", {})
                for epoch in range(1, epochs + 1):
                    callbacks.tell("on_epoch_begin", epoch - 1, {})
                    order = rng.permutation(len(X)) if shuffle else np.arange(len(X))
                    seen, measured = self._train(X, y, order, batch_size, optimizer, progress, callbacks)
                    if validation_data:
                        measured["val_loss"], measured["val_accuracy"] = self.evaluate(*validation_data)
                    history.append(**measured)
                    callbacks.tell("on_epoch_end", epoch - 1, dict(measured))
                    if self.stop_training:
                        break
            history.message = f"{epochs} epochs done."
            if epoch < epochs or seen < len(X):
                part = "" if seen == len(X) else f", the last after {seen} of its {len(X)} samples"
                history.stopped(f"Stopped by a callback in epoch {epoch} of {epochs}. {KEPT}", f"{epoch}{part}")
        except KeyboardInterrupt:
            history.stopped(f"Interrupted in epoch {epoch} of {epochs}. {KEPT}")
        except checks.NotFinite:
            measured = {"loss": np.nan}
            history.stopped(
                f"Stopped in epoch {epoch} of {epochs}: the numbers are no longer finite, so the run diverges. "
                "Try a smaller learning rate, or look at the scale of X. The network keeps its last finite weights"
            )
        callbacks.tell("on_train_end", dict(measured))
        return history

    def _train(self, X, y, order, batch_size, optimizer, progress, callbacks):
        """Take one step a batch through the samples in this order; return how many there were, and what they gave."""
        loss = right = seen = 0
        for batch_number, (rows, batch) in enumerate(self._batches(X, order, batch_size)):
            batch_loss, batch_right = self._loss_and_gradient(batch, y[rows])
            checks.finite("loss", batch_loss)
            if isinstance(optimizer, Optimizer):
                self._take(optimizer)
            else:  # the learner's own, which may keep or change what it is given
                self.w = self._stepped(optimizer)
            loss += float(batch_loss)
            right += batch_right
            seen += len(rows)
            progress.update(len(rows))
            if callbacks.of_batches:
                callbacks.tell("on_train_batch_end", batch_number, {"loss": loss / seen, "accuracy": right / seen})
            if self.stop_training:
                break
        return seen, {"loss": loss / seen, "accuracy": float(right / seen)}

    def _stepped(self, optimizer):
        """Return the next w of the learner's own optimizer, which may compute with Python's numbers."""
        try:
            return optimizer.step(self.w.copy(), self._gradient.copy())
        except OverflowError:  # where NumPy's functions give infinity
            raise checks.NotFinite("the next w is too large for a float.") from None

    @checks.arithmetic
    def _take(self, optimizer):
        """Take a step of the optimizer, without the copies and checks of its own `step`."""
        change = optimizer.change(self._gradient)
        checks.finite("the step", change)
        self._w += change

    def _batches(self, X, order=None, batch_size=1024):
        """Yield the rows of each batch and the batch itself, in the network's dtype."""
        order = np.arange(len(X)) if order is None else order
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            yield rows, self._batch(X, rows)

    def _batch(self, X, rows):
        """Return these rows of X in the network's dtype, in room made once. They stand until the next call."""
        if len(rows) > len(self._outputs[0]):
            self._make_room(len(rows))
        batch = self._outputs[0][: len(rows)]
        if X.dtype == batch.dtype:
            return np.take(X, rows, axis=0, out=batch, mode="clip")  # "clip" writes into `out` without a detour
        batch[:] = X[rows]
        return batch

    def get_weights(self):
        """Return copies of the arrays in Keras's order: [W[0], b[0], W[1], b[1], …]."""
        return [array.copy() for pair in zip(self.W, self.b) for array in pair]

    def set_weights(self, weights):
        """Take over a list of arrays in Keras's order, such as `model.get_weights()`."""
        own = [array for pair in zip(self.W, self.b) for array in pair]
        if not isinstance(weights, list | tuple):
            raise TypeError(f"set_weights takes a list, such as model.get_weights(); got {type(weights).__name__}.")
        if len(weights) != len(own):
            raise ValueError(f"set_weights takes {len(own)} arrays, W and b of each layer; got {len(weights)}.")
        weights = [checks.floats(f"weights[{i}]", array) for i, array in enumerate(weights)]
        for i, (array, mine) in enumerate(zip(weights, own)):
            checks.same_shape(f"weights[{i}]", array, "the network's own", mine)
        self.w = np.concatenate([array.ravel() for array in weights])

    def _checked_inputs(self, X, of=""):
        X = checks.array(f"{of}X", X)
        if X.dtype.kind in "iu":
            raise TypeError(f"{of}X holds integers ({X.dtype}); the network needs fractions: for pixels, X / 255.")
        X = checks.floats(f"{of}X", X)
        if X.ndim != 2 or X.shape[1] != self.sizes[0]:
            advice = "flatten each image: X.reshape(len(X), -1)." if X.ndim > 2 else "one row a sample."
            raise ValueError(f"{of}X has shape {X.shape}; expected (n, {self.sizes[0]}): {advice}")
        checks.finite(f"{of}X", X)
        return X

    def _checked(self, X, y, of=""):
        X, y, classes = self._checked_inputs(X, of), checks.array(f"{of}y", y), self.sizes[-1]
        if y.ndim == 2 and y.shape[1] == classes:
            raise ValueError(f"{of}y has shape {y.shape}, so it looks one-hot; give class numbers: y.argmax(axis=1).")
        if y.shape != (len(X),):
            raise ValueError(f"{of}y has shape {y.shape}; expected ({len(X)},): one label for each row of X.")
        if y.dtype.kind not in "iu":
            raise TypeError(f"{of}y must hold whole numbers, the classes 0 to {classes - 1}; got {y.dtype} values.")
        if y.min() < 0 or y.max() >= classes:
            wrong = y[(y < 0) | (y >= classes)][0]
            raise ValueError(f"{of}y holds the label {wrong}; this network knows the classes 0 to {classes - 1}.")
        return X, y


def _dtype(dtype):
    """Return a dtype by any of its names, refusing all but the two that a network computes in."""
    for known in np.dtype(np.float32), np.dtype(np.float64):
        try:
            if dtype is not None and np.dtype(dtype) == known:
                return known
        except Exception:  # what NumPy says depends on what it was given
            break
    raise TypeError(f"dtype must be float32 or float64; got {checks.shown(dtype)}.")


def _copied(kind, sizes, w):
    network = kind(sizes, dtype=w.dtype)
    network.w = w
    return network


def log_softmax(z):
    """Turn the rows of z into log-probabilities, in place: finite even where a probability rounds to zero."""
    z -= z.max(axis=1, keepdims=True)
    z -= np.log(np.exp(z).sum(axis=1, keepdims=True))
    return z


class _Callbacks:
    """Calls of each callback what it defines, in Keras's order and with Keras's names."""

    METHODS = (
        "set_params",
        "set_model",
        "on_train_begin",
        "on_epoch_begin",
        "on_train_batch_end",
        "on_epoch_end",
        "on_train_end",
    )

    def __init__(self, callbacks):
        self.all = list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks] * (callbacks is not None)
        for i, callback in enumerate(self.all):
            if isinstance(callback, type) or not any(hasattr(callback, name) for name in self.METHODS[2:]):
                name = getattr(callback, "__name__", "")
                advice = f" Did you mean {name}()?" if name.isidentifier() else ""
                raise TypeError(
                    f"callbacks[{i}] has none of Keras's methods, such as on_epoch_end: "
                    f"{checks.shown(callback)}.{advice}"
                )
        self.methods = {
            name: [getattr(callback, name) for callback in self.all if hasattr(callback, name)] for name in self.METHODS
        }
        self.of_batches = bool(self.methods["on_train_batch_end"])

    def tell(self, name, *arguments):
        for method in self.methods[name]:
            method(*arguments)


class History:
    """What `fit` recorded: `history["loss"]` and the like, one number an epoch; `message` says how it ended."""

    def __init__(self):
        self.history, self.message = {}, ""

    def __repr__(self):
        return f"History of {', '.join(self.history) or 'nothing'}. {self.message}"

    def append(self, **measured):
        """Add one epoch's numbers."""
        for name, value in measured.items():
            self.history.setdefault(name, []).append(value)

    def stopped(self, reason, epochs=None):
        """Say why the run ended early, and how much of it is recorded: the finished epochs, if nothing else is said."""
        kind, epochs = ("epochs", epochs) if epochs else ("finished epochs", len(self.history.get("loss", [])))
        self.message = f"{reason}; {kind} in the history: {epochs}."
        print(self.message)
