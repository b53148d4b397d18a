"""An embedding: a network whose outputs are a place for each sample, trained on pairs by the contrastive loss."""

import numpy as np

from gdcourse import checks
from gdcourse.mlp import MLP

EPSILON = 1e-7  # a squared distance below it counts as it, so that no slope divides by 0; Keras's own


class Embedding(MLP):
    """An `MLP` whose last layer gives places, not scores: near for pairs that are the same, far for all others.

    sizes, seed, dtype, activation, kernel_initializer, l2, dropout: as in `MLP`; sizes ends with the size of a place.
    margin: how far apart a pair must be that is not the same, before the loss leaves it alone.
    The loss of a pair at distance d is d² if it is the same, and max(margin − d, 0)² if not: Hadsell, Chopra and LeCun,
    Dimensionality Reduction by Learning an Invariant Mapping, 2006, without its factor 1/2.
    `fit` takes pairs: X of shape (n, 2, sizes[0]), y of shape (n,) with 1 for the same and 0 for not the same.
    """

    def __init__(
        self, sizes=(576, 64, 16), seed=0, dtype=np.float32, activation="relu",
        kernel_initializer="glorot_uniform", l2=0.0, dropout=0.0, margin=1.0,
    ):  # fmt: skip
        super().__init__(sizes, seed, dtype, activation, kernel_initializer, l2, dropout)
        self.margin = checks.number("margin", margin, above=0)

    def __repr__(self):
        return f"Embedding {'-'.join(map(str, self.sizes))}: {self.w.size:,} weights, {self.w.dtype}"

    def __reduce__(self):
        """Say how copy and pickle make this network again."""
        make, (kind, sizes, w, options) = super().__reduce__()
        return make, (kind, sizes, w, (*options, self.margin))

    @checks.arithmetic
    def train_batch(self, X, y, rng=None):
        """Return the mean loss of the pairs, the gradient, and how many pairs lie on their side of half the margin."""
        both = X.reshape(-1, self.sizes[0])  # first and second of each pair, in turns: one network for both
        masks = self.masks(len(both), rng) if rng and self.dropout else ()
        inputs = self._forward(both, masks)
        difference, d, has_slope = _apart(inputs[-1].reshape(len(X), 2, -1))
        loss, slope = contrastive(d, y, self.margin)
        delta = (slope / (len(X) * d))[:, None] * difference * has_slope[:, None]
        self._backward(inputs, masks, np.stack([delta, -delta], axis=1).reshape(len(both), -1))
        return float(loss.mean()) + self._penalty(), self._gradient, np.count_nonzero((d < self.margin / 2) == y)

    @checks.arithmetic
    def predict(self, X):
        """Return the place of each sample, (n, sizes[-1]). X: (n, sizes[0]) floats."""
        return self._forward(self._checked_inputs(X))[-1].copy()

    @checks.arithmetic
    def distances(self, X):
        """Return how far apart the two places of each pair are, (n,). X: (n, 2, sizes[0]) floats."""
        return self._distances(self._pairs(X))

    @checks.arithmetic
    def evaluate(self, X, y):
        """Return the mean loss, and the share of pairs on their side of half the margin."""
        X, y = self.checked(X, y)
        d = self._distances(X)
        loss, _ = contrastive(d, y, self.margin)
        return float(loss.mean()) + self._penalty(), float(np.mean((d < self.margin / 2) == y))

    def _distances(self, X):
        return _apart(self._forward(X.reshape(-1, self.sizes[0]))[-1].reshape(len(X), 2, -1))[1]

    def _pairs(self, X, of=""):
        X = checks.array(f"{of}X", X)
        if X.ndim != 3 or X.shape[1:] != (2, self.sizes[0]):
            raise ValueError(f"{of}X has shape {X.shape}; expected pairs, (n, 2, {self.sizes[0]}).")
        return self._checked_inputs(X.reshape(-1, self.sizes[0]), of).reshape(X.shape)

    def checked(self, X, y, of=""):
        """Return pairs in the dtype of w and y, or say in a sentence what is wrong with them."""
        X = self._pairs(X, of)
        y = checks.array(f"{of}y", y)
        return X, checks.labels(f"{of}y", y.astype(int) if y.dtype == bool else y, len(X), 2)


@checks.arithmetic
def contrastive(d, same, margin):
    """Return the loss of each pair at distance d, and its slope with respect to d; same: 1 or 0 for each."""
    short = np.maximum(margin - d, 0)
    return np.where(same, d**2, short**2), np.where(same, 2 * d, -2 * short)


def _apart(places):
    """Return first minus second of each pair of places, the length of that, and whether it counts as itself."""
    difference = places[:, 0] - places[:, 1]
    squared = (difference**2).sum(axis=1)
    return difference, np.sqrt(np.maximum(squared, EPSILON)), squared > EPSILON
