"""Many noisy runs of one small problem at once: how soon they come near the star, and how wide their cloud is there."""

from dataclasses import dataclass

import numpy as np

from gdcourse import checks

MOST_RUNS, FEWEST_RUNS = 48, 8
LOOKS = 300_000  # samples that all runs of one batch size look at: so large batches get fewer runs, and need no more
ARRIVED = 1e-4  # of the start's distance is left when the cloud begins to be measured; more just below 2/c
NEAR = 0.1  # of the start's distance is near the star
SLOWEST = 0.01  # the smallest rate, times the threshold 2/c: smaller ones take too many steps for a live figure
SHOWN = 300  # steps that every run has at least
ALIKE = (
    4  # times as large as the smallest curvature may the largest be: else one direction arrives long before the other
)


@dataclass
class Cloud:
    """What many runs with one rate and one batch size did."""

    paths: np.ndarray  #: (steps + 1, runs, 2), the start first
    distances: np.ndarray  #: (steps + 1, runs), from the star
    first: int  #: the step from which the cloud is measured: the start is forgotten
    width: float  #: root mean square of the distance from there on, the median of the runs; inf if they diverge
    near: int | None  #: steps until half of the runs are near the star; None if they never are
    lost: int  #: runs that are further from the star than the start, in the root mean square of their late steps


class Problem:
    """A line through samples, fitted by runs that take their batches from orders of their own.

    Run k is the lesson's `train(X, y, [0, 0], batch_size, epochs, learning_rate, seed=k)`, number by number: the loss
    is a square, so two sums and three products of a batch tell all about its gradient, for any rate.
    """

    def __init__(self, X, y, batches, seed=0):
        """X: (n, 2). y: (n,). batches: the function of (order, batch_size) that cuts an epoch. seed: run 0's."""
        X, y = checks.floats("X", X).astype(float), checks.floats("y", y).astype(float)
        if X.ndim != 2 or X.shape[1] != 2 or len(X) < 2:
            raise ValueError(f"X has shape {X.shape}; expected (n, 2), a column for each of the two weights.")
        checks.same_shape("y", y, "X[:, 0]", X[:, 0])
        checks.finite("X", X)
        checks.finite("y", y)
        if not callable(batches):
            raise TypeError(f"batches must be a function of (order, batch_size); got {checks.shown(batches)}.")
        self.curvatures, directions = np.linalg.eigh(2 * X.T @ X / len(X))  # of the mean squared error
        self.curvature = float(self.curvatures[1])  # the c of 2/c
        if not self.curvatures[0] * ALIKE > self.curvature:
            raise ValueError("X has directions of very different curvature; give z-scores and a column of ones.")
        self.star = np.linalg.lstsq(X, y)[0]
        self.far = float(np.linalg.norm(self.star))  # from the start, (0, 0)
        if not self.far:
            raise ValueError("y has nothing to fit: the star is at the start, (0, 0).")
        self._parts = directions.T @ self.star  # of the way from the start, along each direction of its own curvature
        self.samples = len(X)
        one, other = X.T
        self._terms = 2 * np.column_stack([one * one, one * other, other * other, one * y, other * y])
        self._batches = batches
        self._orders = [(np.random.default_rng(seed + run), []) for run in range(MOST_RUNS)]
        self._known = {}  # what the batches of one size say, by the size

    @property
    def limit(self):
        """The threshold 2/c: with a larger rate even the full batch diverges."""
        return 2 / self.curvature

    @property
    def patience(self):
        """The steps after which ARRIVED is left with the smallest rate, along the flatter direction."""
        return -np.log(ARRIVED) / (SLOWEST * self.limit * self.curvatures[0])

    def pace(self, rate):
        """Return how many steps the full batch takes until it is near the star; None if more than any cloud has."""
        left = np.abs(1 - rate * self.curvatures) ** np.arange(round(2 * self.patience))[:, None]
        near = np.flatnonzero(np.linalg.norm(left * self._parts, axis=1) <= NEAR * self.far)
        return int(near[0]) if near.size else None

    def cut(self, batch_size):
        """Return the places of an epoch in their order, and how many each batch has, as the reader's function says."""
        pieces = self._batches(np.arange(self.samples), batch_size)
        try:
            pieces = [np.asarray(piece) for piece in pieces]
            fit = bool(pieces) and all(piece.ndim == 1 and piece.size and piece.dtype.kind in "iu" for piece in pieces)
            places = np.concatenate(pieces) if fit else None
            fit = fit and places.min() >= 0 and places.max() < self.samples
        except (TypeError, ValueError):
            fit = False
        if not fit:
            raise ValueError(
                f"batches must return a list of arrays, places of the samples; got {checks.shown(pieces)}."
            )
        return places, np.array([len(piece) for piece in pieces])

    @checks.arithmetic
    def cloud(self, rate, batch_size):
        """Return the `Cloud` of the runs with this rate and this batch size."""
        shrinks = min(np.abs(1 - rate * self.curvatures).max(), 1)
        first = int(np.clip(np.log(ARRIVED) / np.log(shrinks), 50, self.patience)) if 0 < shrinks < 1 else SHOWN // 2
        steps = max(SHOWN, first + max(150, round(6 / (rate * self.curvature))))
        products, sums = self._told(batch_size, steps)
        keep, push = -rate * products[:steps], rate * sums[:steps]
        keep[:, 0, 0] += 1
        keep[:, 1, 1] += 1
        paths = np.zeros((steps + 1, 2, products.shape[-1]))
        one, other = np.ascontiguousarray(keep[:, 0]), np.ascontiguousarray(keep[:, 1])
        w = paths[0]
        for k in range(steps):
            w = paths[k + 1] = one[k] * w[0] + other[k] * w[1] + push[k]
        return self._measured(paths.transpose(0, 2, 1), first)

    def _measured(self, paths, first):
        distances = np.linalg.norm(paths - self.star, axis=2)
        widths = np.sqrt(np.mean(distances[first:] ** 2, axis=0))
        lost = int(np.sum(~(widths < self.far)))
        near = np.flatnonzero(np.median(distances, axis=1) <= NEAR * self.far)
        width = float(np.median(widths)) if 2 * lost < len(widths) else np.inf
        return Cloud(paths, distances, first, width, int(near[0]) if near.size else None, lost)

    def _told(self, batch_size, steps):
        """Return for each step and run the products of a batch, (steps, 2, 2, runs), and its sums, (steps, 2, runs)."""
        if batch_size not in self._known or len(self._known[batch_size][0]) < steps:
            self._known[batch_size] = self._looked(batch_size, steps)
            for old in list(self._known)[:-8]:
                del self._known[old]
        return self._known[batch_size]

    def _looked(self, batch_size, steps):
        places, sizes = self.cut(batch_size)
        epochs = -(-steps // len(sizes))
        whole = len(sizes) == 1 and np.array_equal(np.sort(places), np.arange(self.samples))
        if whole:  # every epoch is the same step, whatever the order
            means = np.broadcast_to(self._terms.mean(axis=0), (steps, 1, 5))
        else:
            runs = int(np.clip(LOOKS // (epochs * len(places)), FEWEST_RUNS, MOST_RUNS))
            starts = np.cumsum(sizes) - sizes
            means = np.empty((epochs, len(sizes), runs, 5))
            for run in range(runs):
                seen = self._terms[self._shuffled(run, epochs)[:, places]]
                means[:, :, run] = np.add.reduceat(seen, starts, axis=1) / sizes[:, None]
            means = means.reshape(-1, runs, 5)[:steps]
        terms = means.transpose(0, 2, 1)
        return terms[:, [0, 1, 1, 2]].reshape(steps, 2, 2, -1), terms[:, 3:]

    def _shuffled(self, run, epochs):
        """Return the first orders of a run, (epochs, samples), as `rng.permutation` gives them one after the other."""
        rng, known = self._orders[run]
        have = sum(map(len, known))
        if have < epochs:
            known.append(rng.permuted(np.tile(np.arange(self.samples, dtype=np.int64), (epochs - have, 1)), axis=1))
        if len(known) > 1:
            known[:] = [np.concatenate(known)]
        return known[0][:epochs]
