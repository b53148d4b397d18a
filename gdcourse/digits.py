"""A trained network of digits, frozen but for one or two of its weights: the real loss, as a landscape to walk on."""

import functools
from dataclasses import dataclass

import numpy as np

from gdcourse import checks
from gdcourse.datasets import load_mnist, load_network
from gdcourse.functions import Function
from gdcourse.mlp import MLP

IMAGES = 1000  # of the 7,000 that the network was trained on
AT_ONCE = 16  # points, computed together: as many as stay in the cache


@dataclass(frozen=True, eq=False, repr=False)
class Frozen(Function):
    """The loss of a network over one or two weights, all others frozen, made by `freeze`. Call it for the loss."""

    images: np.ndarray = None  #: (n, inputs), the images that the loss is the mean of
    labels: np.ndarray = None  #: (n,), the classes that they show
    _layer: object = None

    def __repr__(self):
        return f"{self.name}: the loss of a network on {len(self.labels):,} images, all other weights frozen"

    def reads(self, w):
        """Return the class that the network reads in each image, (n,), with w in the place of its own weights."""
        w = checks.floats("w", w).reshape(-1)
        if w.shape != (self.dimensions,):
            raise ValueError(f"w has {w.size} numbers; {self.name} has {self.dimensions} of its weights free.")
        return self._layer.scores(w).argmax(axis=1)


def freeze(net, X, y, free, bounds, start, minima=(), name="A frozen network"):
    """Return the mean cross-entropy of an MLP as a landscape over one or two weights of its last layer.

    free: for each of them (unit, class), its row and its column in net.W[-1]; all other weights stay as they are, and
    l2 is left out. X, y: as for `fit`. bounds, start, minima: as in a `Function`. The network itself is left as it is.
    One such weight moves one column of the scores, so the layers below are computed once.
    """
    X, y = net.checked(X, y)
    *_, units, scores = net.forward(X)
    layer = _LastLayer(units.astype(float), scores.astype(float), y, net.W[-1].astype(float), free)
    one = len(free) == 1
    return Frozen(
        name=name,
        formula=r"L(w) = -\frac{1}{n} \sum_i \ln p_i(w)" if one else r"L(x, y) = -\frac{1}{n} \sum_i \ln p_i(x, y)",
        height=layer.height,
        slope=layer.slope,
        bounds=bounds,
        start=start,
        minima=minima,
        cells=64,
        images=X.copy(),
        labels=y.copy(),
        _layer=layer,
    )


def network():
    """Return the trained network of the course, an `MLP`, in float64: digits that everybody can compute again."""
    net = MLP(dtype=np.float64)
    net.w = load_network().astype(float)
    return net


def one_weight():
    """Return the loss of the trained network over one weight: from hidden unit 16 to the score of the digit 3."""
    return freeze(
        *_trained(), free=[(16, 3)], bounds=((-1.5, 2.5),), start=(2.0,), minima=((0.300945,),),
        name="One weight of a network",
    )  # fmt: skip


def two_weights():
    """Return the loss over two weights: x from hidden unit 12 to the score of 5, and y the weight of `one_weight`."""
    return freeze(
        *_trained(), free=[(12, 5), (16, 3)], bounds=((-5, 3), (-1.4, 2.0)), start=(-4.0, 0.8),
        minima=((0.384227, 0.301418),), name="Two weights of a network",
    )  # fmt: skip


@functools.cache
def _trained():
    (x_train, y_train), _ = load_mnist()
    return network(), x_train[:IMAGES].reshape(IMAGES, -1) / 255, y_train[:IMAGES]


class _LastLayer:
    """The last layer of a network with some of its weights free: the loss and its slopes, at many points in one go.

    The loss of an image is the logarithm of the sum of e^score over all classes, less the score of the truth.
    """

    def __init__(self, units, scores, y, W, free):
        self.units = [units[:, j].copy() for j, _ in free]
        self.classes = [k for _, k in free]
        self.rest = scores.copy()  # what all other weights make of the scores
        for unit, (j, k) in zip(self.units, free):
            self.rest[:, k] -= W[j, k] * unit
        self.pull = np.array([unit @ (y == k) / len(y) for unit, k in zip(self.units, self.classes)])
        self.truth = float(self.rest[np.arange(len(y)), y].mean())
        self.still = np.logaddexp.reduce(np.delete(self.rest, self.classes, axis=1), axis=1)  # no free weight moves it

    def columns(self, w):
        """Return {class: its scores}, (…, n), for those that the free weights move."""
        columns = {k: self.rest[:, k] for k in self.classes}
        for weight, unit, k in zip(w, self.units, self.classes):
            columns[k] = columns[k] + np.asarray(weight)[..., None] * unit
        return columns

    def shares(self, w):
        """Return {class: p}, (…, n), and the logarithm of the sum of e^score."""
        columns = self.columns(w)
        top = functools.reduce(np.maximum, columns.values(), self.still)
        powers = {k: np.exp(column - top) for k, column in columns.items()}
        total = sum(powers.values(), np.exp(self.still - top))
        return {k: power / total for k, power in powers.items()}, top + np.log(total)

    def height(self, *w):
        """Return the loss at each point, of the shape of one weight."""
        points = np.array(w).reshape(len(w), np.size(w[0]))
        parts = [points[:, start : start + AT_ONCE] for start in range(0, points.shape[1], AT_ONCE)]
        spread = np.concatenate([self.shares(part)[1].mean(axis=-1) for part in parts])
        return (spread - self.truth - self.pull @ points).reshape(np.shape(w[0]))

    def slope(self, *w):
        """Return the slope along each free weight: the mean of what its unit gives times p, less 1 for the truth."""
        shares, _ = self.shares(w)
        slopes = [shares[k] @ unit / len(unit) - pull for k, unit, pull in zip(self.classes, self.units, self.pull)]
        return slopes if len(slopes) > 1 else np.asarray(slopes[0])

    def scores(self, w):
        """Return the scores of all classes at one point, (n, classes)."""
        scores = self.rest.copy()
        for k, column in self.columns(w).items():
            scores[:, k] = column
        return scores
