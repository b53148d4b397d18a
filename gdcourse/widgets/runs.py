"""One run of gradient descent with what a live figure tells about it: losses, gradients, a phrase for each step."""

import inspect
from dataclasses import dataclass

import numpy as np

from gdcourse import checks, functions, optimizers
from gdcourse.limits import Deadline, TooLong, in_time
from gdcourse.widgets import verdicts
from gdcourse.widgets.figure import complaint

SECONDS = 2  # for one run
PHRASES = (
    "the start",
    "still falling",
    "rising",
    "on the other side of the valley, and lower",
    "on the other side of the valley, and higher",
    "hardly moving",
    "outside the picture",
    "on the other side of the valley, as high as before",
    "as high as before",
)
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
START, FALLING, RISING, ACROSS_LOWER, ACROSS_HIGHER, RESTING, OUTSIDE, ACROSS_LEVEL, LEVEL = range(len(PHRASES))


@dataclass
class Run:
    """A run, step by step."""

    points: np.ndarray  #: (steps + 1, d), the start first; fewer rows if it ended early
    losses: np.ndarray  #: (steps + 1,)
    gradients: np.ndarray  #: (steps + 1, d); NaN where none could be computed
    phrases: np.ndarray  #: (steps + 1,), each an index of PHRASES
    regime: int  #: an index of `verdicts.REGIMES`
    words: str  #: what the whole run did, in a sentence
    note: str  #: why it ended early, in a sentence, or nothing


def run(function, gradient, optimizer, start, steps):
    """Descend from start and return the Run. What goes wrong in the learner's code becomes its note.

    function: a `Function`. gradient: of w, a number on a curve and (2,) on a landscape. start: of function.dimensions.
    """
    start = np.array(start, float)
    seen, slopes = [], []

    deadline = Deadline(SECONDS)
    gradient, optimizer = _in_time(gradient, deadline), _Stepping(optimizer, deadline)

    def recorded(w):
        seen.append(np.array(w, float))
        slope = gradient(w)
        slopes.append(slope)
        return slope

    note, left, stopped, noisy = "", False, False, False
    with np.errstate(all="ignore"):  # a diverging run gets a sentence, not warnings
        try:
            path = optimizers.descend(recorded, start if start.size > 1 else start[0], optimizer, steps)
            left = len(path) <= steps
            note = path.message if left else ""
            seen[:] = np.array(path, float)
            if len(slopes) < len(seen):
                slopes.append(gradient(path[-1] if start.size > 1 else path[-1, 0]))
            noisy = not np.array_equal(
                slopes[-1], gradient(seen[-1] if start.size > 1 else seen[-1][0]), equal_nan=True
            )
        except TooLong:
            stopped = True
            note = f"Stopped: the function takes longer than {SECONDS} seconds, or has a loop without end."
        except Exception as error:
            stopped = True
            note = f"Stopped at step {max(len(seen) - 1, 0)}: {complaint(error)}"
        points = np.array(seen or [start]).reshape(-1, start.size)
        gradients = np.array([_slope(slopes, k, start.shape) for k in range(len(points))])
        losses = np.array([float(function(point if point.size > 1 else point[0])) for point in points])
        if noisy and not left:
            did = _on_noise(losses)
        else:
            did = verdicts.judged(function, points, losses, left, stopped or left and len(points) == 1)
        phrases = phrased(function, points, losses, gradients, did.resting)
        return Run(points, losses, gradients, phrases, did.regime, did.words, note)


def _on_noise(losses):
    """Return the Verdict on a run whose slopes come out otherwise each time, so that no step says where it goes."""
    last = losses[-(len(losses) // 4 + 1) :]
    low, high = number_in_words(last.min()), number_in_words(last.max())
    words = f"The slopes are noisy: in the last quarter of the run the loss lies between {low} and {high}."
    return verdicts.Verdict(verdicts.STOPPED, words, len(losses))


def _in_time(function, deadline):
    """Return the learner's function with a limit on its time; the course's own needs none."""
    if inspect.getmodule(function) in (functions, optimizers):
        return function
    return in_time(function, deadline)


class _Stepping:
    """An optimizer, or the learner's own, with a limit on the time of all its steps."""

    def __init__(self, optimizer, deadline):
        self.step = _in_time(optimizer.step, deadline)


def _slope(slopes, k, shape):
    """Return the gradient at step k, NaN where there is none of the right shape."""
    try:
        return np.asarray(slopes[k], float).reshape(shape)
    except (IndexError, TypeError, ValueError):
        return np.full(shape, np.nan)


def phrased(function, points, losses, gradients, resting):
    """Return the phrase for each step, from what it did to the loss and to the gradient's direction.

    resting: the step from which on the run moves no more.
    """
    across = np.sum(gradients[1:] * gradients[:-1], axis=1) < 0
    wide = np.linalg.norm(np.ptp(function.bounds, axis=1))
    lower = losses[1:] < losses[:-1]
    phrases = np.where(lower, np.where(across, ACROSS_LOWER, FALLING), np.where(across, ACROSS_HIGHER, RISING))
    level = np.abs(np.diff(losses)) <= 1e-12 * np.abs(losses[1:])  # but for rounding
    phrases = np.where(level, np.where(across, ACROSS_LEVEL, LEVEL), phrases)
    phrases[np.linalg.norm(np.diff(points, axis=0), axis=1) < 1e-4 * wide] = RESTING
    phrases[resting:] = RESTING
    phrases[~function.inside(points[1:])] = OUTSIDE
    return np.concatenate([[START], phrases]).astype(np.uint8)


def in_words(run, name):
    """Return what a whole run did, for readers who can't see it."""
    start, end = (point_in_words(run.points[k]) for k in (0, -1))
    first, last = (number_in_words(run.losses[k]) for k in (0, -1))
    steps = checks.counted(len(run.points) - 1, "step")
    told = f"{name}: {steps} from {start} to {end}, loss {first} to {last}."
    return " ".join(filter(None, [told, run.words, run.note]))


def point_in_words(point):
    """Return a point as a reader writes it."""
    numbers = [number_in_words(x) for x in point]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"


def number_in_words(x, digits=3):
    """Return a number with so many significant digits, as a reader writes it: 0.0312, −2.5, 1.3·10⁻⁵."""
    if not np.isfinite(x):
        return "not a number" if np.isnan(x) else "infinity" if x > 0 else "minus infinity"
    if x == 0:
        return "0"
    if 1e-3 <= abs(x) < 1e5:
        return f"{float(f'{x:.{digits}g}'):.10f}".rstrip("0").rstrip(".").replace("-", "−")
    factor, power = f"{x:.{digits - 1}e}".split("e")
    factor = (factor.rstrip("0").rstrip(".") if "." in factor else factor).replace("-", "−")
    return f"{'' if factor == '1' else f'{factor}·'}10{str(int(power)).translate(RAISED)}"
