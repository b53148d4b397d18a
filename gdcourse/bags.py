"""A bag of words, whose order is lost: a row of numbers for each word, their mean, and the probability of "yes".

In Keras: `Embedding(words, size, mask_zero=True)`, `GlobalAveragePooling1D()`, `Dense(1, activation="sigmoid")`, with
the loss "binary_crossentropy". The model is that of Joulin and others, *Bag of Tricks for Efficient Text
Classification*, 2017.
"""

import numpy as np

from gdcourse import checks, layers
from gdcourse.activations import ACTIVATIONS
from gdcourse.initializers import initial_weights
from gdcourse.training import fit

START = 0.05  # rows of the embedding are drawn from ±START, as in Keras


class MeanEmbedding(layers.Flat):
    """Adds up what each word of a text says, and divides by their number. E, v, b are views of `w`.

    words: how many the vocabulary has. size: how many numbers stand for a word. dtype: float32 or float64.
    E has shape (words, size), a row for each word, drawn from ±0.05; v (size,), drawn as Keras's Dense draws it; b is
    an array of one number, 0 at first. A text's score is mean(E[its words]) @ v + b; where X is 0 there is no word.
    """

    fit = fit

    def __init__(self, words=2000, size=16, seed=0, dtype=np.float32):
        self.words, self.size = checks.count("words", words, least=3), checks.count("size", size)
        self._w = np.zeros(self.words * self.size + self.size + 1, checks.float_type("dtype", dtype))
        rng = checks.generator("seed", seed)
        self.E[:] = rng.uniform(-START, START, self.E.shape)
        self.v[:] = initial_weights("glorot_uniform", (self.size, 1), rng)[:, 0]

    def __repr__(self):
        return f"MeanEmbedding of {self.words:,} words in {self.size} numbers: {self.w.size:,} weights, {self.w.dtype}"

    @property
    def E(self):
        """The embedding, a view of `w`: a row for each word."""
        return self.views(self.w)[0]

    @E.setter
    def E(self, values):
        self.E[:] = layers.fitting("E", values, self.E)

    @property
    def v(self):
        """What each number of a row counts in the score, a view of `w`."""
        return self.views(self.w)[1]

    @v.setter
    def v(self, values):
        self.v[:] = layers.fitting("v", values, self.v)

    @property
    def b(self):
        """The score of a text without words, a view of `w`."""
        return self.views(self.w)[2]

    @b.setter
    def b(self, values):
        self.b[:] = layers.fitting("b", values, self.b)

    def views(self, flat):
        """Return (E, v, b) as views of a flat array of the shape of w, such as a gradient."""
        flat = np.asarray(flat)
        checks.same_shape("flat", flat, "w", self.w)
        end = self.words * self.size
        return flat[:end].reshape(self.words, self.size), flat[end:-1], flat[-1:]

    @checks.arithmetic
    def word_scores(self):
        """Return what each word says, E @ v; a text's score is the mean of these over its words, plus b."""
        scores = self.E @ self.v
        scores[0] = 0  # no word
        return scores

    @checks.arithmetic
    def train_batch(self, X, y, rng=None):
        """Return the mean loss, the gradient and the number of right answers; what comes in was checked."""
        lengths, z = self._scores(X)
        loss, dz = float(np.mean(np.logaddexp(0, z) - y * z)), (sigmoid(z) - y) / len(y)
        each = np.repeat(dz / lengths, X.shape[1])  # what a word of a text gets
        s = np.bincount(X.ravel(), each, self.words).astype(self.w.dtype)
        s[0] = 0  # no word
        gradient = np.concatenate([np.outer(s, self.v).ravel(), self.E.T @ s, [dz.sum()]], dtype=self.w.dtype)
        return loss, gradient, np.count_nonzero((z > 0) == y)

    def loss_and_gradient(self, X, y):
        """Return the mean cross-entropy, −ln p where y is 1 and −ln(1 − p) where it is 0, and its gradient.

        X: (n, length) whole numbers, those of the words, 0 for none. y: (n,) of 0 and 1.
        """
        return self.train_batch(*self.checked(X, y))[:2]

    @checks.arithmetic
    def predict(self, X):
        """Return the probability that y is 1, (n,). X: (n, length) whole numbers."""
        return sigmoid(self._scores(self._checked_inputs(X))[1])

    @checks.arithmetic
    def evaluate(self, X, y):
        """Return the mean cross-entropy and the accuracy, the share of right answers."""
        X, y = self.checked(X, y)
        _, z = self._scores(X)
        return float(np.mean(np.logaddexp(0, z) - y * z)), float(np.mean((z > 0) == y))

    def _scores(self, X):
        """Return how many words each text has (1 where there is none), and its score."""
        lengths = np.maximum(np.count_nonzero(X, axis=1), 1).astype(self.w.dtype)
        return lengths, self.word_scores()[X].sum(axis=1) / lengths + self.b

    def arrays(self):
        """Return E, v as a column, and b: Keras's order and shapes."""
        return layers.Layers("arrays()", [self.E, self.v[:, None], self.b])

    def _checked_inputs(self, X, of=""):
        X = checks.array(f"{of}X", X)
        if X.dtype.kind not in "iu":
            raise TypeError(f"{of}X must hold whole numbers, as words.vectorize makes them; got {X.dtype} values.")
        if X.ndim != 2 or X.size == 0:
            raise ValueError(f"{of}X has shape {X.shape}; expected a row of numbers of words for each text.")
        if X.min() < 0 or X.max() >= self.words:
            wrong = X[(X < 0) | (X >= self.words)][0]
            raise ValueError(f"{of}X holds the number {wrong}; this model knows the words 0 to {self.words - 1}.")
        return X

    def checked(self, X, y, of=""):
        """Return X and y as arrays, or say in a sentence what is wrong with them."""
        X = self._checked_inputs(X, of)
        return X, checks.labels(f"{of}y", y, len(X), 2)


@checks.arithmetic
def sigmoid(z):
    """Return 1 / (1 + exp(−z))."""
    p = np.array(z)
    ACTIVATIONS["sigmoid"].apply(p)
    return p
