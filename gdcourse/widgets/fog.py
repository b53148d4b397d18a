"""`fog`: a walk on a hidden hill, step by step; then the fog lifts, and gradient descent's walk stands beside it."""

import functools

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots
from gdcourse.functions import Function
from gdcourse.optimizers import SGD, descend
from gdcourse.widgets.figure import Figure, module
from gdcourse.widgets.runs import number_in_words

MOST = 40  # steps of a walk; by then everybody has lifted the fog
POINTS = 241  # of the curve as it is drawn
FINE = 4001  # places at which valleys and hilltops are looked for
AHEAD = 1000  # steps that say where gradient descent comes to rest
RESTS = 0.005  # of the picture's width: gradient descent rests where all its further steps together are no longer
SHORTEST = 0.01  # of the slider's steps
LEVEL = 0.005  # below it a slope is told as 0.00, and a change of height as none


def fog(function, gradient=None, *, start=None, learning_rate=0.1):
    """Return a live figure of a walk in fog; end the cell with it.

    The reader is told height and slope where they stand, and chooses step after step. When they lift the fog, the hill
    is shown, with their walk and that of gradient descent: as many steps from the same start, or until it rests.

    function: a curve, a `Function` of one weight. gradient: your own; by default the function's. start: a place inside
    its bounds; by default the function's. learning_rate: of gradient descent.
    """
    if not isinstance(function, Function) or function.dimensions != 1:
        raise TypeError(f"fog walks on a curve, such as functions.two_valleys; got {checks.shown(function)}.")
    gradient = function.gradient if gradient is None else gradient
    checks.function("gradient", gradient)
    (low, high) = function.bounds[0]
    start = checks.number("start", function.start[0] if start is None else start, least=low, most=high)
    return Fog(function, gradient, start, checks.number("learning_rate", learning_rate, above=0))


class Fog(Figure):
    """A hill in fog, made by `fog`."""

    _esm = module("fog.js")
    _chosen = "_steps", "_lifted"

    def __init__(self, function, gradient, start, learning_rate):
        self._function, self._gradient, self._start, self._rate = function, gradient, start, learning_rate
        self._steps, self._lifted = [], False
        answer = self._answer()  # a fault of the reader's gradient is then the cell's
        low, high = function.bounds[0]
        super().__init__(
            scene={
                "name": "A hill in fog",
                "bounds": [low, high],
                "frame": self._frame(),
                "longest": float(f"{0.75 * (high - low):.1g}"),
                "shortest": SHORTEST,
                "most": MOST,
            },
            answer={**answer, "number": 0},
        )

    def _frame(self):
        """Return the axis of heights: with room above and below, so that it tells nothing of the valleys."""
        heights = self._curve()[1]
        low, high = float(heights.min()), float(heights.max())
        return [low - 0.3 * (high - low), high + 0.12 * (high - low)]

    def _curve(self):
        w = np.linspace(*self._function.bounds[0], POINTS)
        return w, self._function(w)

    def answered(self, question):
        """Take all steps of the walk, lift the fog or not, and return what the reader is told."""
        steps = question.get("steps", self._steps)
        if not isinstance(steps, list) or len(steps) > MOST:
            raise ValueError(f"a walk has at most {MOST} steps.")
        self._steps = [checks.number("a step", step) for step in steps]
        self._lifted = checks.flag("lifted", question.get("lifted", self._lifted))
        return self._answer()

    def walked(self):
        """Return the places of the reader's walk, the start first; a step beyond the edge ends at the edge."""
        places = [self._start]
        for step in self._steps:
            places.append(float(np.clip(places[-1] + step, *self._function.bounds[0])))
        return np.array(places)

    @functools.cached_property
    def _path(self):
        return descend(self._gradient, self._start, SGD(self._rate), AHEAD)[:, 0]

    def descended(self):
        """Return the places of gradient descent: as many steps as the reader took, or until it rests."""
        path = self._path
        near = np.abs(path - path[-1]) <= RESTS * np.ptp(self._function.bounds)
        rests = len(near) - int(np.argmin(near[::-1])) if len(path) > AHEAD else len(path)  # a run that diverges is cut
        return path[: min(len(self._steps) or MOST, max(rests, 1)) + 1]

    def _answer(self):
        places = self.walked()
        slopes = [checks.number(f"gradient({w:g})", self._gradient(w)) for w in places.tolist()]
        heights = self._function(places)
        answer = {
            "steps": self._steps,
            "lifted": self._lifted,
            "places": places.tolist(),
            "heights": heights.tolist(),
            "slopes": slopes,
            "words": told(places, heights, slopes, self._function.bounds[0]),
            "trouble": "",
        }
        if not self._lifted:
            return answer
        other = self.descended()
        curve = np.concatenate(self._curve()).astype(np.float32)
        lifted = {"curve": curve.tobytes(), "other": other.tolist(), "other_heights": self._function(other).tolist()}
        hill = Hill(self._function)
        return {**answer, **lifted, "valleys": hill.valleys.tolist(), "words": compared(hill, places, other)}

    def __repr__(self):
        if not self.answer:
            return "Fog"
        before = "" if self._lifted else "A hill, hidden in fog. "
        return f"{before}{self.answer['words']}"

    @plots.in_style
    def drawn(self):
        """Return the hill as a Matplotlib figure, in fog or not, and the text that says what it shows."""
        figure, ax = plt.subplots(figsize=(9, 3.6), layout="constrained")
        ax.set(xlim=self._function.bounds[0], ylim=self._frame(), xlabel="place w", ylabel="height")
        places, heights, slopes = (np.array(self.answer[name]) for name in ("places", "heights", "slopes"))
        if self._lifted:
            ax.plot(*self._curve(), color=plots.GREY, linestyle="-", zorder=1)
            other = self.answer["other"], self.answer["other_heights"]
            ax.plot(*other, color=plots.VERMILLION, linestyle="--", marker="D", label="gradient descent")
            ax.plot(places, heights, color=plots.BLUE, linestyle="-", marker="o", label="you")
            ax.fill_between(*self._curve(), self._frame()[0], color=plots.GREEN, alpha=0.2, linewidth=0)
            ax.legend()
            return figure, repr(self)
        shades = np.linspace(0.25, 0.5, 64)[:, None]
        ax.imshow(
            shades, cmap="Greys", vmin=0, vmax=1.6, aspect="auto", zorder=0,
            extent=(*self._function.bounds[0], *self._frame()),
        )  # fmt: skip
        ax.text(0.5, 0.5, "fog", transform=ax.transAxes, ha="center", color=plots.INK, fontsize=13)
        for w, height, slope in zip(places, heights, slopes):
            reach = 0.04 * np.ptp(self._function.bounds) / np.hypot(1, slope / 2)
            ax.plot([w - reach, w + reach], [height - reach * slope, height + reach * slope], color=plots.INK, lw=3)
        ax.plot(places[-1], heights[-1], color=plots.BLUE, marker="o", markersize=9)
        return figure, repr(self)


class Hill:
    """Where the valleys of a curve lie, and the hilltops between them."""

    def __init__(self, function):
        w = np.linspace(*function.bounds[0], FINE)
        slopes = function.gradient(w)
        self.function = function
        self.valleys, self.tops = _crossings(w, slopes), _crossings(w, -slopes)
        if not len(self.valleys):  # the curve falls to one of the edges
            self.valleys = w[[int(np.argmin(function(w)))]]
        self.deepest = int(np.argmin(function(self.valleys)))

    def valley(self, place):
        """Return the number of the valley that a place belongs to, or None on a hilltop."""
        if np.any(np.abs(self.tops - place) < 1e-6):
            return None
        between = self.tops[(self.tops > self.valleys[0]) & (self.tops < self.valleys[-1])]
        return int(np.searchsorted(between, place))

    def where(self, place):
        """Return in words where a place is."""
        low, high = self.function.bounds[0]
        if not low <= place <= high:
            return "outside of the picture"
        valley = self.valley(place)
        if valley is None:
            return "on a hilltop"
        deepest = f"in the {self.deep} valley, at" if valley == self.deepest else "in the valley at"
        return f"{deepest} {number_in_words(self.valleys[valley])}"

    @property
    def deep(self):
        """The word for the deepest valley."""
        return "deeper" if len(self.valleys) == 2 else "deepest"


def _crossings(w, slopes):
    """Return where slopes go from below zero to zero or above."""
    k = np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0))
    return w[k] - slopes[k] * (w[k + 1] - w[k]) / (slopes[k + 1] - slopes[k])


def told(places, heights, slopes, bounds):
    """Return what the reader is told of the ground under their feet."""
    taken, here, slope = len(places) - 1, number_in_words(places[-1]), slopes[-1]
    if taken:
        change = heights[-1] - heights[-2]
        level = "about as high as before" if abs(change) < LEVEL else "higher" if change > 0 else "lower"
        said = f"Step {taken} leads to w = {here}: {level}, at the height {hundredths(heights[-1])}."
    else:
        said = f"You stand at w = {here}, at the height {hundredths(heights[-1])}."
    side = "right" if slope > 0 else "left"
    ground = "the ground is level" if abs(slope) < LEVEL else f"uphill is to the {side}"
    said += f" The slope is {hundredths(slope)}: {ground}."
    if places[-1] in bounds:
        said += " Here the map ends."
    return f"{said} That was the last of {MOST} steps." if taken == MOST else said


def compared(hill, places, other):
    """Return how the reader's walk and gradient descent's compare. places, other: their places, the start first."""
    taken, steps = len(places) - 1, len(other) - 1
    here, there = (at(hill.function, walk[-1]) for walk in (places, other))
    if taken:
        mine, its = (float(hill.function(walk[-1])) for walk in (places, other))
        alike = hundredths(mine) == hundredths(its)
        lower = "both came equally low" if alike else "you came lower" if mine < its else "it came lower"
        its_way = f"came to rest after {steps}," if steps < taken else "took as many, and is"
        if not np.isfinite(its):
            flew = f"Gradient descent flew away in {checks.counted(steps, 'step')}: its rate is too large."
            return f"After {checks.counted(taken, 'step')} you stand {here}. {flew}"
        said = f"After {checks.counted(taken, 'step')} you stand {here}. Gradient descent {its_way} {there}: {lower}."
    else:
        said = f"You took no step. Gradient descent took {checks.counted(steps, 'step')} and is {there}."
    return f"{said} {_valleys(hill, places, other)}"


def _valleys(hill, places, other):
    """Return which valleys the two walks found, and which not."""
    names = [number_in_words(valley) for valley in hill.valleys]
    if len(names) == 1:
        return f"The lowest place is {at(hill.function, hill.valleys[0])}."
    mine, its = hill.where(places[-1]), hill.where(other[-1])
    if len(places) == 1:
        said = f"It is {its}."
    else:
        said = f"Both are {mine}." if mine == its else f"You are {mine}, gradient descent is {its}."
    seen = {hill.valley(walk[-1]) for walk in (places, other)[len(places) == 1 :]}
    if hill.deepest not in seen:
        return f"{said} Nobody ended in the {hill.deep} one, {at(hill.function, hill.valleys[hill.deepest])}."
    rest = [name for number, name in enumerate(names) if number not in seen]
    more = f"There is another valley at {rest[0]}." if len(rest) == 1 else f"Others are at {', '.join(rest)}."
    return f"{said} {more}" if rest else said


def at(function, place):
    """Return a place with its height in words."""
    return f"at {number_in_words(place)}, at the height {hundredths(float(function(place)))}"


def hundredths(x):
    """Return a number with two decimals and a true minus sign, never minus zero."""
    return f"{round(float(x), 2) + 0.0:.2f}".replace("-", "−")
