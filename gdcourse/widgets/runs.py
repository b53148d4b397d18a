"""One run of gradient descent with what a live figure tells about it: losses, gradients, a verdict on each step."""

import inspect
import time
from dataclasses import dataclass

import numpy as np

from gdcourse import functions, optimizers
from gdcourse.limits import TooLong, watched
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
)
START, FALLING, RISING, ACROSS_LOWER, ACROSS_HIGHER, RESTING, OUTSIDE = range(len(PHRASES))
# What a whole run did: its name, its sentence, and the number of its mark (circle, square, triangle, diamond, cross).
REGIMES = (
    {"name": "lands", "words": "The run lands: it has come to rest.", "look": 0},
    {"name": "jumps across, ever closer", "words": "The run jumps across the valley, closer each time.", "look": 3},
    {"name": "still on its way", "words": "The run is still on its way.", "look": 2},
    {"name": "climbs on one side", "words": "The run climbs without jumping across: look at the sign.", "look": 1},
    {"name": "diverges", "words": "The run diverges: it ends higher than it began.", "look": 4},
    {"name": "", "words": "The run jumps from side to side and comes no closer.", "look": 3},
    {"name": "", "words": "The run has stopped short: the lowest point is elsewhere.", "look": 2},
    {"name": "", "words": "", "look": 4},
)
LANDS, CROSSES, ON_ITS_WAY, CLIMBS, DIVERGES, CIRCLES, STALLS, STOPPED = range(len(REGIMES))


@dataclass
class Run:
    """A run, step by step."""

    points: np.ndarray  #: (steps + 1, d), the start first; fewer rows if it ended early
    losses: np.ndarray  #: (steps + 1,)
    gradients: np.ndarray  #: (steps + 1, d); NaN where none could be computed
    verdicts: np.ndarray  #: (steps + 1,), each an index of PHRASES
    regime: int  #: an index of REGIMES
    note: str  #: why it ended early, in a sentence, or nothing


def run(function, gradient, optimizer, start, steps):
    """Descend from start and return the Run. What goes wrong in the learner's code becomes its note.

    function: a `Function`. gradient: of w, a number on a curve and (2,) on a landscape. start: of function.dimensions.
    """
    start = np.array(start, float)
    seen, slopes = [], []

    deadline = time.monotonic() + SECONDS
    gradient, optimizer = _in_time(gradient, deadline), _Stepping(optimizer, deadline)

    def recorded(w):
        seen.append(np.array(w, float))
        slope = gradient(w)
        slopes.append(slope)
        return slope

    note, stopped = "", True
    with np.errstate(all="ignore"):  # a diverging run gets a sentence, not warnings
        try:
            path = optimizers.descend(recorded, start if start.size > 1 else start[0], optimizer, steps)
            note, stopped = (path.message if len(path) <= steps else ""), len(path) == 1
            seen[:] = np.array(path, float)
            if len(slopes) < len(seen):
                slopes.append(gradient(path[-1] if start.size > 1 else path[-1, 0]))
        except TooLong:
            note = f"Stopped after {SECONDS} seconds: the function takes long, or has a loop without end."
        except Exception as error:
            note = f"Stopped at step {max(len(seen) - 1, 0)}: {complaint(error)}"
        points = np.array(seen or [start]).reshape(-1, start.size)
        gradients = np.array([_slope(slopes, k, start.shape) for k in range(len(points))])
        losses = np.array([float(function(point if point.size > 1 else point[0])) for point in points])
        verdicts = judged(function, points, losses, gradients)
        did = STOPPED if stopped else regime(function, points, losses, gradients, ended=bool(note))
        return Run(points, losses, gradients, verdicts, did, note)


def _in_time(function, deadline):
    """Return the learner's function with a limit on its time; the course's own needs none."""
    if inspect.getmodule(function) in (functions, optimizers):
        return function

    def limited(*arguments):
        with watched(deadline, closely=True):
            return function(*arguments)

    return limited


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


def judged(function, points, losses, gradients):
    """Return the verdict on each step, from what it did to the loss and to the gradient's direction."""
    across = _turns(gradients) < 0
    wide = np.linalg.norm(np.ptp(function.bounds, axis=1))
    lower = losses[1:] < losses[:-1]
    verdicts = np.where(lower, np.where(across, ACROSS_LOWER, FALLING), np.where(across, ACROSS_HIGHER, RISING))
    verdicts[np.linalg.norm(np.diff(points, axis=0), axis=1) < 1e-4 * wide] = RESTING
    verdicts[~function.inside(points[1:])] = OUTSIDE
    return np.concatenate([[START], verdicts]).astype(np.uint8)


def regime(function, points, losses, gradients, ended):
    """Return what the run as a whole did: where it ended, and whether its gradients changed direction on the way."""
    turns = _turns(gradients)
    turns = turns[turns != 0]
    crossing = turns.size > 0 and np.mean(turns < 0) > 0.5
    slopes = np.linalg.norm(gradients, axis=1)
    climbs = not crossing and np.mean(np.diff(losses) > 0) >= 0.9
    if ended:
        return CLIMBS if climbs else DIVERGES
    if slopes[-1] <= 0.02 * slopes[np.isfinite(slopes)].max(initial=0):  # it rests
        reach = 0.03 * np.ptp(function.bounds, axis=1)
        arrived = not function.minima or np.any(np.all(abs(points[-1] - function.minima) < reach, axis=1))
        return (CROSSES if crossing else LANDS) if arrived else STALLS
    if losses[-1] > losses[0] and not (crossing and _bounded(function, points)):
        return CLIMBS if climbs else DIVERGES
    if crossing:
        return CROSSES if losses[-1] < losses[0] else CIRCLES
    return ON_ITS_WAY


def _turns(gradients):
    """Return for each step the dot product of the gradients at its ends: negative where the run crossed a valley."""
    return np.sum(gradients[1:] * gradients[:-1], axis=1)


def _bounded(function, points):
    """Say whether a run stays in the picture, with jumps that no longer grow."""
    jumps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    quarter = max(len(jumps) // 4, 1)
    growing = jumps[-quarter:].max() > 1.05 * jumps[-2 * quarter : -quarter].max(initial=0)
    return bool(function.inside(points).all()) and not growing


def in_words(run, name):
    """Return what a whole run did, for readers who can't see it."""
    start, end = (point_in_words(run.points[k]) for k in (0, -1))
    first, last = (number_in_words(run.losses[k]) for k in (0, -1))
    told = f"{name}: {len(run.points) - 1} steps from {start} to {end}, loss {first} to {last}."
    return " ".join(filter(None, [told, REGIMES[run.regime]["words"], run.note]))


def point_in_words(point):
    """Return a point as a reader writes it."""
    numbers = [number_in_words(x) for x in point]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"


def number_in_words(x):
    """Return a number with three digits and a true minus sign."""
    return f"{float(x) + 0.0:.3g}".replace("-", "−")
