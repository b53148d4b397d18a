"""`noise`: learning rate and batch size, the cloud of weights around the star, and how soon a run comes there."""

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots
from gdcourse.widgets.clouds import NEAR, SLOWEST, Problem
from gdcourse.widgets.figure import Figure, module

POINTS = 320  # of a cloud, painted
PART = 0.07  # of the way from the start to the star: so far around the star the map goes
FASTEST = 1.28  # the largest rate, times the threshold 2/c: seven times twice the smallest
SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 150)  # where the slider stands, and at all samples
STEPS = [*range(30), *range(30, 301, 3)]  # of the curves
SAME, NEARLY = 1.001, 1.03  # two quotients no further apart than this are the same, or nearly so
AS_WIDE = 1.15  # and two clouds
SMALL = 0.15  # a rate of more than this, times 2/c, is not small beside the threshold
FURTHER = "further away from the star than at the start, in the mean of the squared distances"
WIDE = "a cloud that wide throws runs out again as soon as they are near"
EVEN = 0.5  # the last batch of an epoch, if it has less than this part of the others, is noisier by itself


def noise(X, y, batches, *, learning_rate=0.01, batch_size=1, kept=None, unit="g"):
    """Return a live figure of the cloud in which noisy runs end; end the cell with it. Sliders change rate and batch.

    The runs are SGD on a line through (X, y) with the mean squared error, from (0, 0), each with orders of its own.

    X: (n, 2), one z-scored feature and ones. y: (n,). batches: the function of (order, batch_size) that cuts an epoch
    into batches, as lesson 6 has it. kept: another (learning_rate, batch_size), shown for comparison. unit: of y.
    """
    problem = Problem(X, y, batches)
    now = _checked(problem, learning_rate, batch_size)
    if kept is not None and (isinstance(kept, str) or not np.iterable(kept) or len(kept) != 2):
        raise TypeError(f"kept must be a pair (learning_rate, batch_size); got {checks.shown(kept)}.")
    return Noise(problem, now, now if kept is None else _checked(problem, *kept), str(unit))


def _rates(problem):
    return [float(f"{part * problem.limit:.3g}") for part in (SLOWEST, FASTEST)]


def _checked(problem, rate, batch_size):
    """Return both within their sliders."""
    low, high = _rates(problem)
    rate = checks.number("learning_rate", rate, least=low, most=high)
    if checks.count("batch_size", batch_size) > problem.samples:
        raise ValueError(f"batch_size must be at most {problem.samples}, all samples; got {checks.shown(batch_size)}.")
    return rate, int(batch_size)


class Noise(Figure):
    """A cloud around the star, and the way there, made by `noise`."""

    _esm = module("noise.js")
    _chosen = "_now", "_kept"

    def __init__(self, problem, now, kept, unit):
        self._problem, self._now, self._kept, self._unit = problem, now, kept, unit
        self._seen = {}  # the last clouds, by rate and batch size
        answer = self._answer()  # a fault of the reader's function is then the cell's
        far, star = problem.far, problem.star
        super().__init__(
            scene={
                "name": "The cloud of a noisy run",
                "text": "Left, a map around the star with the weights that runs visit after they have come there. "
                "Right, the distance from the star over the steps, from the start on.",
                "rates": _rates(problem),
                "sizes": [size for size in SIZES if size < problem.samples] + [problem.samples],
                "star": star.tolist(),
                "near": NEAR * far,
                "x": [star[0] - PART * far, star[0] + PART * far],
                "y": [star[1] - PART * far, star[1] + PART * far],
                "distances": [far / 1000, 3 * far],
                "steps": STEPS,
                "unit": unit,
            },
            answer={**answer, "number": 0},
        )

    def answered(self, question):
        """Return the cloud for another rate and batch size, or keep one for comparison."""
        now, kept = self._now, self._kept
        self._now = _checked(self._problem, question.get("rate", now[0]), question.get("batch", now[1]))
        pair = question.get("kept", kept)
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise TypeError(f"kept must be a pair of rate and batch size; got {checks.shown(pair)}.")
        self._kept = _checked(self._problem, *pair)
        return self._answer()

    def _cloud(self, place):
        if place not in self._seen:
            self._seen[place] = self._problem.cloud(*place)
            for old in [one for one in list(self._seen)[:-2] if one != self._kept]:
                del self._seen[old]
        return self._seen[place]

    def _answer(self):
        now, kept = self._cloud(self._now), self._cloud(self._kept)
        return {
            "rate": self._now[0],
            "batch": self._now[1],
            "kept": list(self._kept),
            "width": _round(now),
            "kept_width": _round(kept),
            "near": now.near,
            "points": points(now, self._problem, POINTS).astype(np.float32).tobytes(),
            "run": _curve(now.distances[:, 0]),
            "median": _curve(np.median(now.distances, axis=1)),
            "kept_median": _curve(np.median(kept.distances, axis=1)),
            "words": in_words(self._problem, self._now, now, self._kept, kept, self._unit),
            "trouble": "",
        }

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['words']}" if self.answer else "Noise"

    @plots.in_style
    def drawn(self):
        """Return the map and the distances as a Matplotlib figure, and the text that says what it shows."""
        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.2), width_ratios=[1, 1.15])
        places, scene, star = (self._kept, self._now), self.scene, self._problem.star
        kept, now = map(self._cloud, places)
        left.plot(*points(now, self._problem, POINTS).T, ".", color=plots.BLUE, markersize=4, alpha=0.5)
        names = [f"{name}: η = {rate:.3g}, batch size {size}" for name, (rate, size) in zip(("kept", "now"), places)]
        looks = [{"color": plots.VERMILLION, "linestyle": "--"}, {"color": plots.BLUE, "linestyle": "-"}]
        for cloud, look in zip((kept, now), looks):
            if _round(cloud) is not None:
                left.add_patch(plt.Circle(star, cloud.width, fill=False, linewidth=2, **look))
        left.plot(*star, marker="*", markersize=12, color=plots.INK, markeredgecolor="white")
        left.set(xlim=scene["x"], ylim=scene["y"], aspect="equal")
        left.set(xlabel=f"weight in {self._unit}", ylabel=f"bias in {self._unit}")
        for cloud, name, look in zip((kept, now), names, looks):
            right.plot(_drawable(np.median(cloud.distances, axis=1)[: STEPS[-1] + 1]), label=name, **look)
        right.axhline(scene["near"], color=plots.GREY, linestyle=":", linewidth=1.5, label="near the star")
        right.set(xlabel="step", ylabel=f"distance from the star in {self._unit}", yscale="log")
        right.set(xlim=(0, STEPS[-1]), ylim=scene["distances"])
        right.legend()
        return figure, repr(self)


def points(cloud, problem, most):
    """Return some of the points that the runs visit in the cloud, (at most `most`, 2), of every run and evenly."""
    late = cloud.paths[cloud.first :]
    each = max(1, most // late.shape[1])
    seen = late[np.linspace(0, len(late) - 1, each).round().astype(int)].reshape(-1, 2)
    return seen[np.abs(seen - problem.star).max(axis=1) <= PART * problem.far]


def in_words(problem, now, cloud, kept, before, unit):
    """Return how wide the cloud is and how soon a run is near, and what of it is as at the kept place, and what not."""
    told = [_at("", now, cloud, unit)]
    if now == kept:
        return f"{told[0]}\nMove a slider: this place stays, for comparison."
    told.append(_at("Kept: ", kept, before, unit))
    told.append(
        " ".join(filter(None, [_widths(problem, now, cloud, kept, before), _paces(problem, now, cloud, kept, before)]))
    )
    return "\n".join(told)


def _at(which, place, cloud, unit):
    """Return what is so at a place."""
    (rate, size), runs = place, cloud.distances.shape[1]
    quotient = f"η / batch size = {rate / size:.3g}"
    told = f"{which}η = {rate:.3g}, batch size {size}, so {quotient}: "
    if not np.isfinite(cloud.width):
        if _alone(cloud):
            return f"{told}the run diverges; there is no cloud."
        many = f"all {runs}" if cloud.lost == runs else f"{cloud.lost} of {runs}"
        return f"{told}from step {cloud.first} on, {many} runs {checks.are(cloud.lost)} {FURTHER}; there is no cloud."
    soon = f"after {checks.counted(cloud.near, 'step')}" if cloud.near is not None else "at no step"
    if _alone(cloud):
        return f"{told}no cloud, for every batch holds all samples; the run is near the star {soon}."
    lost = (
        f" From step {cloud.first} on, {cloud.lost} of {runs} runs {checks.are(cloud.lost)} {FURTHER}."
        if cloud.lost
        else ""
    )
    return f"{told}the cloud is {_number(cloud.width)} {unit} wide; half of the runs are near the star {soon}.{lost}"


def _widths(problem, now, cloud, kept, before):
    """Return how the two quotients compare, and the two widths."""
    if _round(cloud) is None or _round(before) is None:
        return ""
    quotient, wide = (now[0] / now[1]) / (kept[0] / kept[1]), cloud.width / before.width
    if not _same(quotient, NEARLY):
        wide = _times(wide, "as wide", "nearly as wide")
        return f"η / batch size is {_times(quotient, 'the kept one')}, and the cloud is {wide}."
    same = f"η / batch size is {'' if _same(quotient, SAME) else 'nearly '}the same"
    if _same(wide, AS_WIDE):
        return f"{same}, and the clouds are about equally wide ({wide:.2g} times)."
    told = f"{same}, but the cloud is {_times(wide, 'as wide')}:"
    for _, size in (now, kept):
        sizes = problem.cut(size)[1]
        if sizes.min() < EVEN * sizes.max():
            return f"{told} with {size} for a batch, the last one of an epoch has only {sizes.min()}."
    rate = max(now[0], kept[0])
    if rate > SMALL * problem.limit:
        return f"{told} η = {rate:.3g} is not small beside 2/c = {problem.limit:.3g}."
    return f"{told[:-1]}."


def _paces(problem, now, cloud, kept, before):
    """Return how the two rates compare, and the steps until half of the runs are near."""
    if cloud.near is None or before.near is None:
        return ""
    rate, soon = now[0] / kept[0], cloud.near / before.near
    if not _same(rate, SAME):
        soon = _times(soon, "as many steps", "about as many steps")
        told = f"η is {_times(rate, 'the kept one')}, and the way takes {soon}."
        for place, one in (now, cloud), (kept, before):
            alone = problem.pace(place[0])
            if alone is not None and one.near > alone and not _as_soon(one.near, alone):
                told += f" (With η = {place[0]:.3g}, the full batch takes {checks.counted(alone, 'step')}: {WIDE}.)"
        return told
    if _as_soon(cloud.near, before.near):
        return "η is the same, and so is the pace."
    slower, quicker = sorted((cloud, before), key=lambda one: -one.near)
    why = f": {WIDE}" if slower.width > quicker.width else ""
    return f"η is the same, but not the pace{why}."


def _as_soon(steps, others):
    """Say whether two numbers of steps differ by one, or by a tenth at most."""
    return abs(steps - others) <= max(1, 0.1 * others)


def _same(ratio, most):
    return 1 / most <= ratio <= most


def _times(ratio, what, once=""):
    """Say that something is so many times what it was; once: what is said where that is 1."""
    return once or f"nearly {what}" if f"{ratio:.2g}" == "1" else f"{ratio:.2g} times {what}"


def _number(x):
    return f"{x:.0f}" if x >= 10 else f"{x:.2g}"


def _round(cloud):
    """Return the width of a cloud to be drawn; None where the runs diverge, or every batch holds all samples."""
    return cloud.width if np.isfinite(cloud.width) and not _alone(cloud) else None


def _alone(cloud):
    """Say whether there is one run, since every order gives the same steps."""
    return cloud.distances.shape[1] == 1


def _curve(distances):
    return _drawable(distances[STEPS]).astype(np.float32).tobytes()


def _drawable(distances):
    return np.where(distances < 1e30, distances, np.nan)
