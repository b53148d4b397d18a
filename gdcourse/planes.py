"""A plane through three weight arrays of a network: the real loss over two weights, and the training's run in it."""

import copy
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from gdcourse import checks
from gdcourse.activations import ACTIVATIONS
from gdcourse.functions import Function
from gdcourse.losses import log_softmax
from gdcourse.mlp import MLP

FLAT = 1e-5  # of the way from start to end: three points that bend less than this lie on one line
AT_ONCE = 16  # points of the plane, computed together: as many as stay in the cache


@dataclass(frozen=True, eq=False, repr=False)
class Plane(Function):
    """A landscape over a plane of weight space, made by `through`. Call it for the loss of the network there."""

    origin: np.ndarray = None  #: the weights at (0, 0), of the start
    directions: np.ndarray = None  #: (2, n), orthonormal
    named: dict = None  #: {"start": point, …}, the three points that the plane was laid through
    run: np.ndarray = None  #: (epochs + 1, 2), the nearest point to the weights after each epoch; None without a run
    off: np.ndarray = None  #: (epochs + 1,), how far these weights lie from the plane
    losses: np.ndarray = None  #: (epochs + 1,), the loss of these weights themselves, on the images of the plane
    X: np.ndarray = None  #: the images that the loss is the mean of
    y: np.ndarray = None  #: their labels

    def __repr__(self):
        return f"{self.name}: {self.about()}"

    def weights_at(self, point):
        """Return all weights of the network at a point (2,) of the plane, or at points (k, 2): (n,) or (k, n)."""
        point = checks.floats("point", point)
        if point.ndim not in (1, 2) or point.shape[-1] != 2:
            raise ValueError(f"point has shape {point.shape}; expected (2,), or (k, 2) for several.")
        return self.origin + point @ self.directions

    def place(self, w):
        """Return the point of the plane nearest to w, and how far w lies from it. w: (n,), or (k, n) for several."""
        return _placed(self.origin, self.directions, _weights("w", w, self.origin.size, several=True))

    def about(self):
        """Return what the picture can't show, in a sentence or two."""
        u, v = self.names
        told = [f"The height is the mean loss of {checks.counted(len(self.X), 'image')}."]
        told.append(f"{u} runs from start to end, {v} at a right angle to it, towards {list(self.named)[1]}.")
        if self.run is not None:
            far, epochs = int(np.argmax(self.off)), checks.counted(len(self.run) - 1, "epoch")
            here, foot, off = self.losses[far], float(self(self.run[far])), self.off[far]
            told.append(f"The network's own run used all {self.origin.size:,} weights.")
            told.append(f"After each of its {epochs} it is drawn where the plane is nearest to it.")
            if off < 1e-5 * np.abs(self.run).max():  # 32 bits give no more
                told.append("All of it lies in the plane.")
            else:
                told.append(
                    f"Epoch {far} lies farthest off, {off:.2f} away: its loss is {here:.2f}, and where it is drawn "
                    f"{foot:.2f}."
                )
        return " ".join(told)


def through(net, X, y, start, best, end, run=None, images=300, label="best"):
    """Return the loss of a network over the plane through three of its weight arrays, a landscape to `walk` on.

    start, best, end: arrays of the shape of net.w; (0, 0) is start, and end lies on the first axis, in weight space's
    own lengths. run: (epochs + 1, n), the weights after each epoch, the start first, to be drawn in the plane.
    X, y: as for `fit`. The loss is the mean over `images` of them, drawn at random; with l2 where the network has it.
    label: what the third point is called in the picture. The network itself is left as it is. Raises ValueError where
    the three points lie on one line.
    See Li, Xu, Taylor, Studer and Goldstein, "Visualizing the Loss Landscape of Neural Nets" (2018),
    https://arxiv.org/abs/1712.09913.
    """
    if not isinstance(getattr(net, "w", None), np.ndarray) or not hasattr(net, "loss_and_gradient"):
        raise TypeError(
            f"net must be a model with an array w and loss_and_gradient, such as MLP(); got {checks.shown(net)}."
        )
    if not isinstance(label, str) or label in ("", "start", "end"):
        raise ValueError(f'label must be a name for the third point, such as "epoch 2"; got {checks.shown(label)}.')
    given = {"start": start, label: best, "end": end}
    given = {name: _weights(name, w, np.size(net.w)) for name, w in given.items()}
    run = None if run is None else _weights("run", run, np.size(net.w), several=True)
    if run is not None and run.ndim == 1:
        raise ValueError(f"run has shape {run.shape}; expected (epochs + 1, n), the weights after each epoch.")
    X, y = _drawn(X, y, checks.count("images", images))
    net = copy.deepcopy(net)  # it may be trained on
    net.loss_and_gradient(X, y)  # what is wrong with X or y is said here
    directions = _directions(given)
    origin = given["start"]
    named = {name: tuple(_placed(origin, directions, w)[0].tolist()) for name, w in given.items()}
    kind = _Layers if type(net) is MLP else _AnyModel  # a class made from MLP may have another loss
    loss = kind(net, X, y, origin, directions)
    points, off = (None, None) if run is None else _placed(origin, directions, run)
    return Plane(
        name=f"Plane in the space of {origin.size:,} weights",
        formula="L(w)",
        height=lambda x, y: loss.of(x, y)[0],
        slope=lambda x, y: loss.of(x, y, slopes=True)[1:],
        bounds=_bounds(list(named.values()) if run is None else [*named.values(), *points.tolist()]),
        start=named["start"],
        minima=(),
        weights=("u", "v"),
        cells=48,
        origin=origin,
        directions=directions,
        named=named,
        run=points,
        off=off,
        losses=None if run is None else np.array([_own_loss(net, X, y, w) for w in run]),
        X=X,
        y=y,
    )


def _weights(name, w, size, several=False):
    """Return weights as float64, (size,), or (k, size) where several are allowed."""
    w = checks.floats(name, w)
    if w.ndim == 2 and not several:
        raise ValueError(
            f"{name} has shape {w.shape}; expected ({size},): the weights of one epoch, such as weights[0]."
        )
    if w.ndim not in (1, 2) or w.shape[-1] != size:
        raise ValueError(
            f"{name} has shape {w.shape}; this network has {size:,} weights. Do they belong to another one?"
        )
    checks.finite(name, w)
    return w.astype(float)


def _drawn(X, y, images):
    """Return so many samples, drawn at random, so that data sorted by label gives some of each."""
    X, y = checks.array("X", X), checks.array("y", y)
    if X.ndim == 0 or y.shape[:1] != X.shape[:1]:
        raise ValueError(
            f"X has shape {X.shape} and y has shape {y.shape}; they need one row, one label for each image."
        )
    rows = np.sort(np.random.default_rng(0).permutation(len(X))[:images])
    return X[rows], y[rows]


def _directions(given):
    """Return two orthonormal directions: from start to end, and square to it towards best."""
    start, best, end = given.values()
    along, aside = end - start, best - start
    length = np.linalg.norm(along)
    label = list(given)[1]
    pairs = [
        ("start", "end", length),
        ("start", label, np.linalg.norm(aside)),
        (label, "end", np.linalg.norm(end - best)),
    ]
    for one, other, apart in pairs:
        if apart <= FLAT * max(distance for _, _, distance in pairs):
            raise ValueError(
                f"{one} and {other} are the same weights, and a plane needs three points; take another epoch."
            )
    along = along / length
    for _ in range(2):  # once more for what rounding left
        aside = aside - (aside @ along) * along
    across = np.linalg.norm(aside)
    if across <= FLAT * length:
        raise ValueError(
            f"start, {label} and end lie on one line, and many planes go through it; take another epoch for {label}."
        )
    return np.array([along, aside / across])


def _placed(origin, directions, w):
    """Return the nearest points of the plane, and the distances from them."""
    away = w - origin
    points = away @ directions.T
    return points, np.linalg.norm(away - points @ directions, axis=-1)[()]


def _bounds(points):
    """Return what to draw: all points with room around them, at most twice as wide as high."""
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    middle, size = (low + high) / 2, 1.5 * (high - low)
    size = np.maximum(size, size.max() / 2)
    return tuple(zip((middle - size / 2).tolist(), (middle + size / 2).tolist()))


def _own_loss(net, X, y, w):
    net.w = w.astype(net.w.dtype)
    return float(net.loss_and_gradient(X, y)[0])


class _AnyModel:
    """The loss in the plane of any model with `w` and `loss_and_gradient`, point by point."""

    def __init__(self, net, X, y, origin, directions):
        self.net, self.data, self.origin, self.directions = net, (X, y), origin, directions

    def of(self, x, y, slopes=False):
        """Return the loss at points, of the shape of x, and then its two slopes."""
        points = np.stack(np.broadcast_arrays(x, y), -1).astype(float)
        found = np.empty((3, *points.shape[:-1]))
        for place in tqdm(list(np.ndindex(points.shape[:-1])), unit=" points", delay=2, leave=False):
            self.net.w = (self.origin + points[place] @ self.directions).astype(self.net.w.dtype)
            loss, gradient = self.net.loss_and_gradient(*self.data)
            found[(slice(None), *place)] = loss, *(self.directions @ gradient)
        return tuple(found)


class _Layers:
    """The loss of an MLP in the plane. What the first layer gives is a mixture of three products, computed once."""

    def __init__(self, net, X, y, origin, directions):
        parts = [net.views(flat) for flat in (origin, *directions)]
        self.W, self.b = ([np.array(arrays) for arrays in zip(*kind)] for kind in zip(*parts))
        self.first = np.array([X @ W + b for W, b in zip(self.W[0], self.b[0])])
        self.y, self.l2, self.activation = y, net.l2, ACTIVATIONS[net.activation]
        self.squares = sum(np.tensordot(W, W, ((1, 2), (1, 2))) for W in self.W)  # the matrices', among the three parts
        self._kept = {}  # the heights of the last picture

    def of(self, x, y, slopes=False):
        """Return the loss at points, of the shape of x, and then its two slopes if they are asked for."""
        x, y = np.broadcast_arrays(x, y)
        shares = np.stack([np.ones(x.size), x.ravel(), y.ravel()], axis=1).astype(float)
        if len(shares) == 1:
            return tuple(one.reshape(x.shape) for one in self._several(shares, slopes))
        key = shares.tobytes(), slopes
        if key not in self._kept:
            starts = tqdm(range(0, len(shares), AT_ONCE), unit=" points", unit_scale=AT_ONCE, delay=2, leave=False)
            found = [self._several(shares[start : start + AT_ONCE], slopes) for start in starts]
            self._kept = {key: np.concatenate(found, axis=1)}
        return tuple(one.reshape(x.shape).copy() for one in self._kept[key])

    def _several(self, shares, slopes):
        """Return the loss at points, and its slopes by the chain rule along both directions. shares: (points, 3)."""
        mixed = lambda parts: np.tensordot(shares, parts, 1)  # noqa: E731
        z = mixed(self.first)
        changes = [np.broadcast_to(part, z.shape) for part in self.first[1:]] if slopes else []
        for W, b in zip(self.W[1:], self.b[1:]):
            here = mixed(W)
            self.activation.apply(z)  # which makes it the outputs
            changes = [(self.activation.slope(z) * c) @ here + z @ W[k] + b[k] for k, c in enumerate(changes, start=1)]
            z = z @ here + mixed(b)[:, None]
        each = np.arange(len(self.y))
        log_p = log_softmax(z)
        delta = np.exp(log_p)
        delta[:, each, self.y] -= 1
        penalty = self.l2 * np.einsum("pi,ij,pj->p", shares, self.squares, shares)
        found = [penalty - log_p[:, each, self.y].mean(axis=1)]
        for k, change in enumerate(changes, start=1):
            found.append((delta * change).sum(axis=-1).mean(axis=1) + 2 * self.l2 * shares @ self.squares[k])
        return np.array(found)
