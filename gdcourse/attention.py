"""Attention, a soft look-up, with its gradient; and a small translator that looks up words with it."""

from collections.abc import Mapping

import numpy as np

from gdcourse import checks
from gdcourse.initializers import initial_weights
from gdcourse.layers import Flat, Layers, Named, cut
from gdcourse.losses import cross_entropy, log_softmax
from gdcourse.training import fit


@checks.arithmetic
def attend(q, K, V):
    """Return what each query finds, c = Σ a v of shape (n, d), and the weights a = softmax(K q / √d), (n, places).

    q: (n, d), one query a sample. K and V: (n, places, d), the keys and the values that it looks through.
    Source: Vaswani et al. 2017, scaled dot-product attention, with one query.
    """
    a = np.exp(log_softmax(np.matmul(K, q[:, :, None])[:, :, 0] / q.shape[1] ** 0.5))
    return np.matmul(a[:, None, :], V)[:, 0], a


@checks.arithmetic
def attend_gradient(dc, q, K, V, a):
    """Return dq, dK and dV, the slopes of a loss, from dc, its slopes by what was found."""
    da = np.matmul(V, dc[:, :, None])[:, :, 0]
    dz = a * (da - (a * da).sum(axis=1, keepdims=True)) / q.shape[1] ** 0.5
    return np.matmul(dz[:, None, :], K)[:, 0], dz[:, :, None] * q[:, None], a[:, :, None] * dc[:, None]


class Translator(Flat):
    """Says the next word of a translation, from the words of the source and the last two words said.

    The last two words make a query. Each word of the source has a key, to which its place adds, and a value. What the
    query finds goes with it through a ReLU layer to the scores of the words. X and y are those of `numerals.samples`.
    `w` holds every weight; `weights` are views of it, in Keras's order, with Keras's starts (Embedding, Dense).
    dtype: float32 or float64. source_words, target_words: how many words each language has. places: of a source.
    """

    fit = fit

    def __init__(
        self, source_words=32, target_words=33, places=7, units=16, hidden=32, seed=0, dtype=np.float32,
    ):  # fmt: skip
        sizes = {"source_words": source_words, "target_words": target_words, "places": places}
        sizes |= {"units": units, "hidden": hidden}
        for name, size in sizes.items():
            setattr(self, name, checks.count(name, size))
        source, target = (self.source_words, self.units), (self.target_words, self.units)
        self.shapes = {
            "keys": source, "before": target, "last": target, "places": (self.places, self.units), "values": source,
            "W1": (2 * self.units, self.hidden), "b1": (self.hidden,),
            "W2": (self.hidden, self.target_words), "b2": (self.target_words,),
        }  # fmt: skip
        self._w = np.zeros(sum(map(np.prod, self.shapes.values())), checks.float_type("dtype", dtype))
        rng = checks.generator("seed", seed)
        for name, array in self.weights.items():
            if name in ("W1", "W2"):
                array[:] = initial_weights("glorot_uniform", array.shape, rng)
            elif name not in ("b1", "b2"):
                array[:] = rng.uniform(-0.05, 0.05, array.shape)

    def __repr__(self):
        return f"Translator: {self.source_words} to {self.target_words} words, {self.w.size:,} weights, {self.w.dtype}"

    @property
    def weights(self):
        """Every array of weights by its name, views of `w`."""
        return Named("weights", self.views(self.w))

    @weights.setter
    def weights(self, values):
        if not isinstance(values, Mapping) or set(values) != set(self.shapes):
            raise TypeError(f"weights takes an array for each of {', '.join(self.shapes)}; got {checks.shown(values)}.")
        self.set_weights([values[name] for name in self.shapes])

    def views(self, flat):
        """Return the arrays that lie in a flat array of the shape of w, such as a gradient, by their names."""
        return dict(zip(self.shapes, cut(flat, self.shapes.values())))

    def arrays(self):
        """Return the arrays in the order of Keras's layers."""
        return Layers("arrays()", self.weights.values())

    def _forward(self, X):
        """Return the query, keys, values and weights of the look-up, and the input, output and scores of the layers."""
        w = self.weights
        source, before, last = X[:, : self.places], X[:, -2], X[:, -1]
        q, K, V = w["before"][before] + w["last"][last], w["keys"][source] + w["places"], w["values"][source]
        c, a = attend(q, K, V)
        x = np.concatenate([c, q], axis=1)
        h = np.maximum(x @ w["W1"] + w["b1"], 0)
        return q, K, V, a, x, h, h @ w["W2"] + w["b2"]

    @checks.arithmetic
    def train_batch(self, X, y, rng=None):
        """Return the mean loss, its gradient and the number of right words; X and y are not checked."""
        w, gradient = self.weights, np.zeros_like(self.w)
        q, K, V, a, x, h, z = self._forward(X)
        d, (loss, dz, right) = self.views(gradient), cross_entropy(z, y)
        d["W2"][:], d["b2"][:] = h.T @ dz, dz.sum(axis=0)
        dz = dz @ w["W2"].T * (h > 0)
        d["W1"][:], d["b1"][:] = x.T @ dz, dz.sum(axis=0)
        dc, dq = np.split(dz @ w["W1"].T, 2, axis=1)
        dq_found, dK, dV = attend_gradient(dc, q, K, V, a)
        d["places"][:] = dK.sum(axis=0)
        slopes = {"keys": dK, "values": dV, "before": dq + dq_found, "last": dq + dq_found}
        rows = {"keys": X[:, : self.places], "values": X[:, : self.places], "before": X[:, -2], "last": X[:, -1]}
        for name in slopes:  # each slope goes to the row of its word; `at` is slow but on flat arrays
            places = rows[name][..., None] * self.units + np.arange(self.units)
            np.add.at(d[name].reshape(-1), places.ravel(), slopes[name].ravel())
        return loss, gradient, right

    def loss_and_gradient(self, X, y):
        """Return the mean cross-entropy of the next words, and its gradient, of the shape of w."""
        return self.train_batch(*self.checked(X, y))[:2]

    @checks.arithmetic
    def predict(self, X):
        """Return the probabilities of the next word, (n, target_words)."""
        return np.exp(log_softmax(self._forward(self._checked_inputs(X))[-1]))

    @checks.arithmetic
    def attention(self, X):
        """Return how much each place of the source counts for each sample, (n, places); every row adds up to 1."""
        return self._forward(self._checked_inputs(X))[3]

    @checks.arithmetic
    def evaluate(self, X, y):
        """Return the mean cross-entropy, and the share of right words, each with the right words before it."""
        X, y = self.checked(X, y)
        loss, _, right = cross_entropy(self._forward(X)[-1], y)
        return loss, right / len(y)

    def translate(self, sources, longest=12):
        """Return what the model says alone, (n, longest) indices of words: its own words come in; 0 from its end on.

        sources: (n, places) indices of words, as `numerals.encode` gives them.
        """
        sources = checks.array("sources", sources)
        if sources.ndim != 2 or sources.shape[1] != self.places or sources.dtype.kind not in "iu":
            raise ValueError(
                f"sources must hold whole numbers, (n, {self.places}); got {sources.dtype}, {sources.shape}."
            )
        sources = sources.astype(int)  # unsigned ones and `said` together would become fractions
        said = np.zeros((len(sources), 2 + checks.count("longest", longest)), int)
        going = np.ones(len(said), bool)
        for i in range(longest):
            word = self.predict(np.concatenate([sources, said[:, i : i + 2]], axis=1)).argmax(axis=1)
            going &= word > 0
            said[:, i + 2] = np.where(going, word, 0)
        return said[:, 2:]

    def _checked_inputs(self, X, of=""):
        X = checks.array(f"{of}X", X)
        if X.ndim != 2 or X.shape[1] != self.places + 2 or X.dtype.kind not in "iu":
            raise ValueError(f"{of}X must hold whole numbers, (n, {self.places + 2}); got {X.dtype}, {X.shape}.")
        limits = [self.source_words] * self.places + [self.target_words] * 2
        if X.size and (X.min() < 0 or (X >= limits).any()):
            raise ValueError(
                f"{of}X holds a word that the model doesn't have: of {self.source_words}, or {self.target_words}."
            )
        return X.astype(np.intp, copy=False)

    def checked(self, X, y, of=""):
        """Return X and y as arrays, or say in a sentence what is wrong with them."""
        X = self._checked_inputs(X, of)
        return X, checks.labels(f"{of}y", y, len(X), self.target_words)
