"""Gradients by finite differences, and a check that says where a gradient is off and by how much."""

from dataclasses import dataclass

import numpy as np

from gdcourse import checks, differences


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
    with np.errstate(under="ignore"):  # too small a step is said below
        scale = widen * np.cbrt(np.finfo(w.dtype).eps)
    indices = range(w.size) if indices is None else checks.positions("indices", indices, w.size)
    here, in_steps = differences.moved(loss, w, 0, 0.0)[0], 0
    for i in indices:
        h = scale * max(1.0, abs(w.flat[i]))
        above, below = (differences.moved(loss, w, i, step) for step in (h, -h))
        if above[1] == below[1]:
            raise ValueError(f"widen is {widen:g}, so small a step that w does not change; use 1.")
        result[i] = (above[0] - below[0]) / (above[1] - below[1])
        in_steps += here in (above[0], below[0])
    if in_steps > len(indices) / 2 and differences.jumps(loss, w):
        raise ValueError("loss(w) changes in jumps and has no slope between them; does it round, or cast to integers?")
    return result.reshape(w.shape)[()]


@dataclass(frozen=True)
class GradientCheck:
    """What `check_gradient` found; true in an `if` when the gradient is right, not when that can't be told."""

    index: tuple  #: where it is farthest off, or least sure where that can't be told
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
        values = f"yours {self.given:.6g}, nudged {self.numerical:.6g}."
        if self.right is None:
            return f"? can't tell, {self.checked} compared{place and f'; least sure{place}'}: {values} {self.why}"
        return (
            f"{'✓ right' if self.right else '✗ wrong'}, {self.checked} compared; "
            f"{place and f'farthest off{place}, '}relative error {self.error:.0e}: {values}"
        )


def check_gradient(loss, gradient, w, sample=None, seed=0, verbose=True):
    """Compare a gradient with finite differences; print and return where it is farthest off, or least sure.

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
    found = differences.settled(loss, w, indices, given)

    larger = np.maximum(np.abs(given), np.abs(found.numerical))
    difference = np.abs(given - found.numerical)
    allowed = max(20 * np.sqrt(np.finfo(float).eps), 1000 * eps) * larger + 100 * eps * found.slope
    excess = np.minimum(difference - found.error, found.surely) - allowed
    far = np.minimum(difference - found.error, found.apart) - allowed
    unsure = np.maximum(found.error - differences.enough(larger, found.slope), far)
    coarse, why = eps > 1e-5, found.why
    right = False if excess.max() > 0 else None if unsure.max() > 0 or coarse or why else True
    worst = int(np.argmax(excess if right is False else unsure if right is None else difference))
    if right is None and not why:
        why = (
            "The gradient is in float16, which is too coarse: use float64."
            if coarse
            else (
                f"The loss is known to about {found.noise:.0e} only, or has a kink or jump here: compute it in "
                "float64, without rounding and without a large constant, or try another w."
            )
        )
    result = GradientCheck(
        index=tuple(int(i) for i in np.unravel_index(indices[worst], w.shape)),
        given=float(given[worst]),
        numerical=float(found.numerical[worst]),
        error=float(difference[worst] / larger[worst]) if larger[worst] else 0.0,
        right=right,
        checked=len(indices),
        why=why if right is None else "",
    )
    if verbose:
        checks.tell(result)
    return result
