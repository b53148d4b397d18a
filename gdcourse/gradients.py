"""Gradients by finite differences, and a check that says where a gradient is off and by how much."""

from dataclasses import dataclass

import numpy as np

from gdcourse import checks


def numerical_gradient(loss, w, indices=None, widen=1.0):
    """Return the central differences (L(w + h) − L(w − h)) / 2h, one for each number in w.

    loss: a function of w that returns one number. w: float array of any shape, or a number.
    indices: which flat positions to compute; the others stay NaN. Default: all.
    widen: how many times as wide as usual the step is. Usually the step h is ∛ε · max(1, |w|) with the machine
    epsilon of w's dtype, which balances rounding, of size ε/h, against the changing bend of the curve, of size h².
    Raises ValueError for a loss that has no slope to find, as one that casts to whole numbers.
    """
    checks.function("loss", loss)
    widen = checks.number("widen", widen, above=0)
    w = checks.floats("w", w).copy()  # the loss may write into the caller's array, as `net.w = w` does
    checks.finite("w", w)
    result = np.full(w.size, np.nan)
    scale = widen * np.cbrt(np.finfo(w.dtype).eps)
    indices, here, in_steps = _positions(indices, w.size), _moved(loss, w, 0, 0.0)[0], 0
    for i in indices:
        h = scale * max(1.0, abs(w.flat[i]))
        above, below = (_moved(loss, w, i, step) for step in (h, -h))
        if above[1] == below[1]:
            raise ValueError(f"widen is {widen:g}, so small a step that w does not change; use 1.")
        result[i] = (above[0] - below[0]) / (above[1] - below[1])
        in_steps += here in (above[0], below[0])
    if in_steps > len(indices) / 2 and _jumps(loss, w):
        raise ValueError("loss(w) changes in jumps and has no slope between them; does it round, or cast to integers?")
    return result.reshape(w.shape)[()]


def _positions(indices, size):
    """Return flat positions in an array of this size as whole numbers, all of them by default."""
    if indices is None:
        return range(size)
    if not np.iterable(indices):
        raise TypeError(f"indices must be a list of flat positions, such as [0, 3]; got {checks.shown(indices)}.")
    found = [checks.count(f"indices[{k}]", one, least=-size) for k, one in enumerate(indices)]
    for one in found:
        if one >= size:
            raise ValueError(f"indices holds {one}, but w has {size} numbers: 0 to {size - 1}.")
    return found


def _moved(loss, w, i, step):
    """Return the loss with w[i] moved by `step`, and where w[i] then really stands after rounding."""
    moved = w.copy()
    moved.flat[i] += step
    value = np.asarray(loss(moved.copy()[()]))
    if value.size != 1 or value.dtype.kind not in "fiu":
        got = repr(value.item()) if value.size == 1 else f"an array of shape {value.shape}"
        raise ValueError(f"loss(w) must return one number; got {got}. Average over the samples?")
    if not np.isfinite(value).all():
        raise ValueError(f"loss(w) is {value.item()} near this w; finite differences need finite numbers.")
    return float(value.item()), float(moved.flat[i])


@dataclass(frozen=True)
class GradientCheck:
    """What `check_gradient` found; true in an `if` when the gradient is right, not when that can't be told."""

    index: tuple  #: where the largest error is
    given: float  #: the gradient there, as given
    numerical: float  #: the same by finite differences
    error: float  #: their difference, relative to the larger of the two
    right: bool | None  #: whether every difference is within the tolerance; None if the differences can't tell
    checked: int  #: how many numbers were compared
    why: str = ""  #: why they can't tell, and what to do

    def __bool__(self):
        return self.right is True

    def _ipython_display_(self):
        """Show nothing at the end of a cell: `check_gradient` has printed it."""

    def __str__(self):
        place = f" at [{', '.join(map(str, self.index))}]" if self.index else ""
        if self.right is None:
            return (
                f"? can't tell, {self.checked} compared{place and f'; least sure{place}'}: yours {self.given:.6g}, "
                f"nudged {self.numerical:.6g}. {self.why}"
            )
        return (
            f"{'✓ right' if self.right else '✗ wrong'}, {self.checked} compared; "
            f"largest relative error {self.error:.0e}{place}: yours {self.given:.6g}, nudged {self.numerical:.6g}."
        )


def check_gradient(loss, gradient, w, sample=None, seed=0, verbose=True):
    """Compare a gradient with finite differences; print and return where the largest error is.

    loss: a function of w that returns one number. w: float array of any shape, or a number.
    gradient: a function of w, or its value at w, of the shape of w.
    sample: compare only so many positions, drawn at random with `seed`; for large arrays.
    The losses are computed in float64 where the loss allows it, with wider and wider steps until the differences settle
    well above the rounding noise of the loss. Where they don't, a gradient may be refused but is never called right.
    """
    w = checks.floats("w", w).copy()
    given = checks.floats("gradient", gradient(w.copy()[()]) if callable(gradient) else gradient)
    checks.same_shape("gradient", given, "w", w)
    checks.finite("gradient", given)
    verbose = checks.flag("verbose", verbose)
    indices = np.arange(w.size)
    if sample is not None and checks.count("sample", sample) < w.size:
        indices = np.sort(checks.generator("seed", seed).choice(w.size, sample, replace=False))
    eps, given = float(np.finfo(given.dtype).eps), np.ravel(given)[indices].astype(float)
    checks.finite("w", w)
    checks.function("loss", loss)
    w = w.astype(np.promote_types(w.dtype, float))
    numerical, error, apart, slope, noise, why = _settled(loss, w, indices, given)

    larger = np.maximum(np.abs(given), np.abs(numerical))
    difference = np.abs(given - numerical)
    allowed = max(20 * np.sqrt(np.finfo(float).eps), 1000 * eps) * larger + 100 * eps * slope
    excess = np.minimum(difference - error, apart) - allowed
    unsure = error - _enough(larger, slope)
    coarse = eps > 1e-5
    right = False if excess.max() > 0 else None if unsure.max() > 0 or coarse or why else True
    worst = int(np.argmax(excess if right is False else unsure if right is None else difference))
    if right is None and not why:
        why = (
            "The gradient is in float16, which is too coarse: use float64."
            if coarse
            else (
                f"The loss is known to about {noise:.0e} only, or has a kink or jump here: compute it in float64, "
                "without rounding and without a large constant, or try another w."
            )
        )
    result = GradientCheck(
        index=tuple(int(i) for i in np.unravel_index(indices[worst], w.shape)),
        given=float(given[worst]),
        numerical=float(numerical[worst]),
        error=float(difference[worst] / larger[worst]) if larger[worst] else 0.0,
        right=right,
        checked=len(indices),
        why=why if right is None else "",
    )
    if verbose:
        print(result)
    return result


def _enough(larger, slope):
    """Return how large an error of the differences may be, so that a wrong gradient would be seen."""
    return np.maximum(1e-4 * larger, 1e-6 * slope)


@checks.arithmetic
def _settled(loss, w, indices, given):
    """Return differences, their errors, how far the nearest of all steps is from the gradient that was given, the
    largest slope seen, the noise of the loss, and why they tell nothing.

    Two wide steps over the same kink of a ReLU may agree and both be off: one narrow step that agrees with the gradient
    given is enough not to refuse it.
    """
    here = _moved(loss, w, 0, 0.0)[0]
    noise, flat = _noise(loss, w, here)
    best, error = np.zeros(len(indices)), np.full(len(indices), np.inf)
    before, apart, slope = np.full(len(indices), np.nan), np.full(len(indices), np.inf), 0.0
    for widen in 4.0 ** np.arange(9):
        for k in np.flatnonzero(~(error <= _enough(np.maximum(np.abs(given), np.abs(best)), slope))):
            i = indices[k]
            h = widen * np.cbrt(np.finfo(float).eps) * max(1.0, abs(w.flat[i]))
            try:
                (above, right), (below, left) = (_moved(loss, w, i, step) for step in (h, -h))
            except (ValueError, ArithmeticError):
                if widen == 1:
                    raise
                continue
            found = (above - below) / (right - left)
            slope = max(slope, abs(above - here) / h, abs(below - here) / h)
            off = 2 * abs(found - before[k]) + 8 * noise / h
            if widen == 1 or off < error[k]:
                best[k], error[k] = found, off if widen > 1 else np.inf
            before[k] = found
            if 16 * noise / h <= max(abs(found), abs(given[k])):  # else it agrees with anything
                apart[k] = min(apart[k], abs(found - given[k]) - 8 * noise / h)
    error[np.isnan(error)] = np.inf
    why = ""
    if here != _moved(loss, w, 0, 0.0)[0]:  # at w again: a loss may keep what it was given, as `net.w = w` does
        why = "The loss gives another number each time: draw the batch, or what else is random in it, before the check."
    elif flat and not np.any(best) and _is_constant(loss, w, here):
        error[:] = 0.0  # constant, as far as anyone can see
    elif flat:
        why = "The loss stays the same however w is nudged: does it round, or cast to whole numbers?"
    return best, error, apart, slope, noise, why


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
            near = [_moved(loss, (w + (far + j * close) * way).astype(w.dtype), 0, 0.0)[0] for j in range(4)]
        except (ValueError, ArithmeticError):
            continue
        yield near[0], np.count_nonzero(np.diff(near)) < 2


def _jumps(loss, w):
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
            line = np.array([_moved(loss, w + j * step * way, 0, 0.0)[0] for j in range(7)])
        except (ValueError, ArithmeticError):
            break
        if np.count_nonzero(np.diff(line)) > 3:
            third = np.diff(line, 3)
            return max(floor, float(np.sqrt(np.mean(third**2) / 20))), False
    else:
        return floor, True
    return floor, False
