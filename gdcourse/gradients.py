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
    """
    if not callable(loss):
        raise TypeError(f"loss must be a function of w; got {type(loss).__name__}. Leave out the parentheses?")
    w = checks.floats("w", w).copy()  # the loss may write into the caller's array, as `net.w = w` does
    checks.finite("w", w)
    result = np.full(w.size, np.nan)
    scale = widen * np.cbrt(np.finfo(w.dtype).eps)
    for i in range(w.size) if indices is None else indices:
        h = scale * max(1.0, abs(w.flat[i]))
        above, below = (_moved(loss, w, i, step) for step in (h, -h))
        result[i] = (above[0] - below[0]) / (above[1] - below[1])
    return result.reshape(w.shape)[()]


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
    """What `check_gradient` found; true in an `if` when the gradient is right."""

    index: tuple  #: where the largest error is
    given: float  #: the gradient there, as given
    numerical: float  #: the same by finite differences
    error: float  #: their difference, relative to the larger of the two
    right: bool  #: whether every difference is within the tolerance
    checked: int  #: how many numbers were compared

    def __bool__(self):
        return self.right

    def _ipython_display_(self):
        """Show nothing at the end of a cell: `check_gradient` has printed it."""

    def __str__(self):
        place = f" at [{', '.join(map(str, self.index))}]" if self.index else ""
        return (
            f"{'✓ right' if self.right else '✗ wrong'}, {self.checked} compared; "
            f"largest relative error {self.error:.0e}{place}: yours {self.given:.6g}, nudged {self.numerical:.6g}."
        )


def check_gradient(loss, gradient, w, sample=None, seed=0, verbose=True):
    """Compare a gradient with finite differences; print and return where the largest error is.

    loss: a function of w that returns one number. w: float array of any shape, or a number.
    gradient: a function of w, or its value at w, of the shape of w.
    sample: compare only so many positions, drawn at random with `seed`; for large arrays.
    Differences up to 20√ε of the larger value pass, and so does what finite differences can't tell: the rounding
    noise of the loss, and as much as they change themselves when their step is twice as wide.
    """
    w = checks.floats("w", w).copy()
    given = checks.floats("gradient", gradient(w.copy()[()]) if callable(gradient) else gradient)
    checks.same_shape("gradient", given, "w", w)
    checks.finite("gradient", given)
    indices = np.arange(w.size)
    if sample is not None and checks.count("sample", sample) < w.size:
        indices = np.sort(np.random.default_rng(seed).choice(w.size, sample, replace=False))
    numerical, wider = (np.ravel(numerical_gradient(loss, w, indices, widen))[indices] for widen in (1, 2))
    given = np.ravel(given)[indices].astype(float)

    eps = float(np.finfo(w.dtype).eps)
    noise = 20 * eps ** (2 / 3) * max(1.0, abs(float(np.asarray(loss(w.copy()[()])).item())))
    larger = np.maximum(np.abs(given), np.abs(numerical))
    difference = np.abs(given - numerical)
    excess = difference - 20 * np.sqrt(eps) * larger - noise - np.abs(numerical - wider)
    worst = int(np.argmax(excess if excess.max() > 0 else difference))
    result = GradientCheck(
        index=tuple(int(i) for i in np.unravel_index(indices[worst], w.shape)),
        given=float(given[worst]),
        numerical=float(numerical[worst]),
        error=float(difference[worst] / larger[worst]) if larger[worst] else 0.0,
        right=bool(excess.max() <= 0),
        checked=len(indices),
    )
    if verbose:
        print(result)
    return result
