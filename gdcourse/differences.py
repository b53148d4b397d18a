"""What finite differences can tell of a slope: how far rounding, kinks and jumps of a loss let them be trusted."""

from typing import NamedTuple

import numpy as np

from gdcourse import checks


class Settled(NamedTuple):
    """What the differences of some entries of w came to, and how far each is to be trusted."""

    numerical: np.ndarray  #: the differences
    error: np.ndarray  #: how far off each may be
    apart: np.ndarray  #: how far the nearest of all steps is from the gradient that was given
    surely: np.ndarray  #: how far it surely is
    slope: float  #: the largest slope seen
    noise: float  #: of the loss
    why: str  #: they tell nothing, or ""


def moved(loss, w, i, step):
    """Return the loss with w[i] moved by `step`, and where w[i] then really stands after rounding."""
    moved = w.copy()
    moved.flat[i] += step
    found = loss(moved.copy()[()])
    value = np.asarray(found) if found is None else checks.array("loss(w)", found)
    if value.size != 1 or value.dtype.kind not in "fiu":
        got = repr(value.item()) if value.size == 1 else f"an array of shape {value.shape}"
        raise ValueError(f"loss(w) must return one number; got {got}. Average over the samples?")
    if not np.isfinite(value).all():
        raise ValueError(f"loss(w) is {value.item()} near this w; finite differences need finite numbers.")
    return float(value.item()), float(moved.flat[i])


def enough(larger, slope):
    """Return how large an error of the differences may be, so that a wrong gradient would be seen."""
    return np.maximum(1e-4 * larger, 1e-6 * slope)


@checks.arithmetic
def settled(loss, w, indices, given):
    """Return the differences of w's entries at these indices, Settled, taken with wider and wider steps.

    Two wide steps over the same kink of a ReLU may agree and both be off: one narrow step that agrees with the gradient
    given is enough not to refuse it. Where narrow steps drown in the noise, as in float32, a wide one refuses only what
    lies further off than kinks put it, as seen by how its two sides differ, and by how it differs from the step before.
    """
    here = moved(loss, w, 0, 0.0)[0]
    noise, flat = _noise(loss, w, here)
    best, error = np.zeros(len(indices)), np.full(len(indices), np.inf)
    before, slope = np.full(len(indices), np.nan), 0.0
    apart, surely, drowned = np.full(len(indices), np.inf), np.full(len(indices), np.inf), np.zeros(len(indices), bool)
    for widen in 4.0 ** np.arange(9):
        for k in np.flatnonzero(~(error <= enough(np.maximum(np.abs(given), np.abs(best)), slope))):
            i = indices[k]
            h = widen * np.cbrt(np.finfo(float).eps) * max(1.0, abs(w.flat[i]))
            try:
                (above, right), (below, left) = (moved(loss, w, i, step) for step in (h, -h))
            except (ValueError, ArithmeticError):
                if widen == 1:
                    raise
                continue
            found = (above - below) / (right - left)
            slope = max(slope, abs(above - here) / h, abs(below - here) / h)
            off = 2 * abs(found - before[k]) + 8 * noise / h
            if widen == 1 or off < error[k]:
                best[k], error[k] = found, off if widen > 1 else np.inf
            if 16 * noise / h <= max(abs(found), abs(given[k])):  # else it agrees with anything
                off = abs(found - given[k]) - 8 * noise / h
                apart[k] = min(apart[k], off)
                if drowned[k]:
                    off -= abs(above - 2 * here + below) / (2 * h) + abs(found - before[k])
                surely[k] = min(surely[k], off)
            else:
                drowned[k] = True
            before[k] = found
    error[np.isnan(error)] = np.inf
    why = ""
    if here != moved(loss, w, 0, 0.0)[0]:  # at w again: a loss may keep what it was given, as `net.w = w` does
        why = "The loss gives another number each time: draw the batch, or what else is random in it, before the check."
    elif flat and not np.any(best) and _is_constant(loss, w, here):
        error[:] = 0.0  # constant, as far as anyone can see
    elif flat:
        why = "The loss stays the same however w is nudged: does it round, or cast to whole numbers?"
    return Settled(best, error, apart, surely, slope, noise, why)


def _rounding(here):
    """Return how far apart numbers of this size lie in float64."""
    return np.finfo(float).eps * abs(here)


def _afar(loss, w, reach):
    """Yield the losses on a way through w, from w to further and further off, and whether each stays the same close by,
    but for one jump.
    """
    way = np.random.default_rng(1).uniform(0.5, 1.5, w.shape) * np.maximum(1, np.abs(w))
    close = np.sqrt(np.finfo(w.dtype).eps)
    steps = 0.37 * 1.9 ** np.arange(reach)
    for far in (0.0, *steps, *-steps):
        try:
            near = [moved(loss, (w + (far + j * close) * way).astype(w.dtype), 0, 0.0)[0] for j in range(4)]
        except (ValueError, ArithmeticError):
            continue
        yield near[0], np.count_nonzero(np.diff(near)) < 2


def jumps(loss, w):
    """Say whether the loss differs from place to place and yet, jumps aside, stays the same around each of them.

    A loss with a plateau has slopes elsewhere; one that rounds has none.
    """
    places = list(_afar(loss, w, 3))
    return len({value for value, _ in places}) > 1 and all(stays for _, stays in places)


def _is_constant(loss, w, here):
    """Say whether the loss is the same at all places tried, and not so large that rounding alone makes it so."""
    return _rounding(here) <= 1e-9 and {value for value, _ in _afar(loss, w, 8)} == {here}


def _noise(loss, w, here):
    """Return the rounding noise of the loss near w, and whether the loss never changes there.

    Third differences along a line: what is smooth nearly vanishes in them, and noise of variance σ² has 20σ².
    """
    way = np.random.default_rng(0).choice([-1.0, 1.0], w.shape) * np.maximum(1, np.abs(w))
    floor = _rounding(here)
    for step in 10.0 ** np.arange(-7, 0):
        try:
            line = np.array([moved(loss, w + j * step * way, 0, 0.0)[0] for j in range(7)])
        except (ValueError, ArithmeticError):
            break
        if np.count_nonzero(np.diff(line)) > 3:
            third = np.diff(line, 3)
            return max(floor, float(np.sqrt(np.mean(third**2) / 20))), False
    else:
        return floor, True
    return floor, False
