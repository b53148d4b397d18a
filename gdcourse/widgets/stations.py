"""A batch forward and back through a network as lesson 9 writes it, with anybody's `layer_below` on the way back."""

from dataclasses import dataclass

import numpy as np

from gdcourse import checks
from gdcourse.gradients import numerical_gradient
from gdcourse.limits import Deadline, TooLong, in_time
from gdcourse.losses import cross_entropy, log_softmax
from gdcourse.widgets.figure import complaint
from gdcourse.widgets.twins import SECONDS, given

SLACK = 1e-6  # of the largest right slope of an array: what differs by more is off
WIDEN = (1, 1 / 16, 1 / 256)  # of the usual nudge: how much smaller it may be, so that it meets no kink of a ReLU


@dataclass
class Back:
    """What one walk back gave: dz, dW and db of each layer, first layer first; None where there are none."""

    slopes: list  #: of tuples (dz, dW, db)
    notes: list  #: of (number of the layer, sentence): why there are none


class Pass:
    """A batch that went forward: z and a of each layer, where a[0] is X, the probabilities p, and each image's loss."""

    def __init__(self, layers, X, y):
        self.layers, self.X, self.y = layers, X, np.asarray(y)
        self.z, self.a = forward(layers, X)
        log_p = log_softmax(self.z[-1].copy())
        self.p, self.losses = np.exp(log_p), -log_p[np.arange(len(y)), self.y]

    def back(self, layer_below, own=False):
        """Return the Back that a `layer_below` gives. own: it is the reader's, and has two seconds."""
        call = in_time(layer_below, Deadline(SECONDS)) if own else layer_below
        _, dz, _ = cross_entropy(self.z[-1], self.y)
        slopes = [(dz, self.a[-1].T @ dz, dz.sum(axis=0))]
        notes = []
        with np.errstate(all="ignore"):
            for l in reversed(range(1, len(self.layers))):
                if dz is None:
                    slopes.insert(0, (None, None, None))
                    continue
                found, said = self._below(call, l, dz)
                if found[0] is None and l > 1:
                    said.append(f"Without dz{l} nothing goes further back.")
                notes += [(l, sentence) for sentence in said]
                slopes.insert(0, found)
                dz = found[0]
        return Back(slopes, notes)

    def _below(self, call, l, dz):
        """Return dz, dW and db of layer l, counted from 1, and sentences on those that are none."""
        W, b = self.layers[l - 1]
        z, a = self.z[l - 1], self.a[l - 1]
        try:
            values = given("layer_below", call(dz.copy(), self.layers[l][0].copy(), z.copy(), a.copy()), 3)
        except TooLong:
            return (None,) * 3, [f"Stopped: it takes longer than {SECONDS} seconds, or has a loop without end."]
        except Exception as error:
            return (None,) * 3, [f"It stops at layer {l}: {complaint(error)}"]
        found, notes = [], []
        for name, value, like, called in zip(("dz", "dW", "db"), values, (z, W, b), "zWb"):
            try:
                value = checks.floats(f"{name}{l}", value).astype(float)
                if value.shape != like.shape:
                    raise ValueError(f"{name}{l} has shape {value.shape}, and {called}{l} has {like.shape}.")
            except (TypeError, ValueError) as error:
                notes.append(complaint(error))
                value = None
            found.append(value)
        return tuple(found), notes

    def loss_with(self, layer, row, column, value):
        """Return the mean loss with one weight replaced, and the gates that are then open. row: None for a bias."""
        W, b = self.layers[layer - 1]
        w, shift = W[:, column].copy(), value if row is None else b[column]
        if row is not None:
            w[row] = value
        z = self.z[layer - 1].copy()
        z[:, column] = self.a[layer - 1] @ w + shift  # one unit alone gets another number, and what lies above it
        zs = [z, *forward(self.layers[layer:], np.maximum(z, 0))[0]]
        return cross_entropy(zs[-1], self.y)[0], [one > 0 for one in zs[:-1]]

    def nudged(self, layer, row, column):
        """Return the slope by one weight from nudging it, and how far that may be off; infinitely far at a kink."""
        W, b = self.layers[layer - 1]
        here = np.array([b[column] if row is None else W[row, column]])
        loss = lambda w: self.loss_with(layer, row, column, w[0])[0]  # noqa: E731
        for widen in WIDEN:
            h = 2 * widen * np.cbrt(np.finfo(float).eps) * max(1.0, abs(here[0]))
            sides = [self.loss_with(layer, row, column, here[0] + step)[1] for step in (-h, h)]
            if all(map(np.array_equal, *sides)):  # no gate opens or shuts on the way: the loss has no kink there
                narrow, wide = (float(numerical_gradient(loss, here, widen=k * widen)[0]) for k in (1, 2))
                rounding = 8 * np.finfo(float).eps * max(1.0, self.losses.mean()) / h
                return narrow, abs(wide - narrow) + rounding
        return float(numerical_gradient(loss, here)[0]), np.inf


def forward(layers, X):
    """Return z and a of each layer: lists of arrays, a row an image. a begins with X; softmax takes the last z."""
    z, a = [], [X]
    for W, b in layers:
        z.append(a[-1] @ W + b)
        a.append(np.maximum(z[-1], 0))
    return z, a[:-1]


def off(slope, right, largest=None):
    """Return where a slope is not the right one, as an array of truth values; False where there is no slope.

    largest: the size of the largest right slope around, that of `right` by default.
    """
    if slope is None:
        return np.zeros(right.shape, bool)
    largest = np.abs(right).max() if largest is None else largest
    with np.errstate(invalid="ignore"):
        return ~(np.abs(slope - right) <= SLACK * largest)
