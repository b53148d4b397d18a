"""`sketch`: the reader draws the curve or the path that they expect; then the run is laid over it."""

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots
from gdcourse.exercises import predictions
from gdcourse.functions import Function
from gdcourse.labels import Label
from gdcourse.widgets import landscapes, partings
from gdcourse.widgets.figure import HERE, Figure, module

COLUMNS = 97  # places across the picture at which a drawn curve has a height
HANDLES = 8  # of them, where the run has numbers, can be moved by keys, beside the first, which is given
SHOWN = 800  # points of a curve's run as it is laid over, at most
POINTS = 2000  # of a drawn path, at most
CELLS = 96  # across the shading of a landscape
NAMES = {"loss": "loss", "accuracy": "accuracy", "val_loss": "validation loss", "val_accuracy": "validation accuracy"}
TO_DO = "Draw what you expect, from the dot on, with the mouse, a finger or the keys. Then show the run."
TOO_SHORT = "That is too short to compare: draw on, further to the right."


def sketch(
    run, metric="loss", *, on=None, x=None, beside=None, xlabel=None, ylabel=None, xlog=False, ylim=None,
):  # fmt: skip
    """Return a live figure in which the reader draws what a run will do, and then sees it; end the cell with it.

    A sentence says where the two part. Nothing waits for it: the next cell has the run whether or not one has drawn.

    run: a number for each step, the start first; or what `fit` returned, and metric, which of its numbers is meant;
    or a path, (steps + 1, 2), on a landscape. on: that landscape, a `Function` of two weights. x: the place of each
    number across; by default the step, or the epoch. beside: {name: numbers}, what the reader may see before.
    xlog: whether x goes by powers. ylim: (low, high) of the picture; it always holds the start, and by default all
    numbers of the run, which tells how far they go. All but run and on are for curves.
    """
    _expects_a_run(run, on)
    if on is not None:
        return PathSketch(on, _path(run, on))
    values, epochs = _values(run, metric)
    places = np.arange(len(values)) + epochs if x is None else checks.floats("x", x)
    if places.shape != values.shape or not np.isfinite(places).all() or np.any(np.diff(places) <= 0):
        raise ValueError(f"x must rise, with one finite number for each of the {len(values)} of the run.")
    xlog = checks.flag("xlog", xlog)
    if xlog and places[0] <= 0:
        raise ValueError("x must be above 0 where it goes by powers.")
    known = _known(beside, places)
    low, high = _limits(values, known, ylim)
    whole = bool(np.all(places == np.round(places)))
    xlabel = ("epoch" if epochs else "step") if xlabel is None else xlabel
    axes = partings.Axes((float(places[0]), float(places[-1])), (low, high), xlog, xlabel, whole)
    ylabel = (NAMES.get(metric, str(metric)) if epochs else "loss") if ylabel is None else ylabel
    return CurveSketch(axes, places, values, known, ylabel)


def _expects_a_run(run, on):
    if on is not None and (not isinstance(on, Function) or on.dimensions != 2):
        raise TypeError(f"on must be a landscape, a Function of two weights; got {checks.shown(on)}.")
    if run is None or callable(run):
        raise TypeError(f"run must be the numbers of a run, or its path; got {checks.shown(run)}.")


def _values(run, metric):
    """Return the numbers of a run, and 1 if they are counted in epochs, from the first one on."""
    kept = getattr(run, "history", None)
    if isinstance(kept, dict):
        checks.one_of("metric", metric, tuple(kept))
        run = kept[metric]
    values = checks.floats("run", run)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise ValueError(
            f"run has shape {values.shape}; expected a number for each step, (steps + 1,). Is it a path of two "
            "weights? Then give its landscape with on."
        )
    if len(values) < 3 or not np.isfinite(values[0]):
        raise ValueError("run must have three numbers at least, and a finite one at the start.")
    return values.astype(float), int(isinstance(kept, dict))


def _path(run, on):
    points = checks.floats("run", run)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) < 2:
        raise ValueError(f"run has shape {points.shape}; expected a path, (steps + 1, 2).")
    checks.finite("run", points)
    if not on.inside(points[:1])[0]:
        raise ValueError(f"run must start inside of the picture of {on.name}; it starts at {points[0]}.")
    return points.astype(float)


def _known(beside, places):
    """Return what is shown from the beginning as {name: numbers}."""
    if beside is None:
        return {}
    if not isinstance(beside, dict):
        raise TypeError(f"beside must be a dict, {{name: numbers}}; got {checks.shown(beside)}.")
    known = {str(name): checks.floats(f"beside[{name!r}]", numbers) for name, numbers in beside.items()}
    for name, numbers in known.items():
        if numbers.shape != places.shape:
            raise ValueError(f"beside[{name!r}] has shape {numbers.shape}; expected {places.shape}, as the run has.")
    return known


def _limits(values, known, ylim):
    """Return the lowest and the highest number of the picture."""
    if ylim is not None:
        limits = checks.floats("ylim", ylim)
        if limits.shape != (2,) or not np.isfinite(limits).all() or not limits[0] < limits[1]:
            raise ValueError(f"ylim must be (low, high), two finite numbers, low below high; got {checks.shown(ylim)}.")
        return min(float(limits[0]), float(values[0])), max(float(limits[1]), float(values[0]))
    every = np.concatenate([values, *known.values()])
    every = every[np.isfinite(every)]
    low, high = float(every.min()), float(every.max())
    wide = high - low or abs(high) or 1.0
    if low >= 0:
        return 0.0, 1.25 * high or 1.0
    return low - 0.25 * wide, high + 0.25 * wide


class Sketch(Figure):
    """A sketch and a run, made by `sketch`."""

    _esm = module("sketch.js")
    _css = Figure._css + (HERE / "sketch.css").read_text(encoding="utf-8")
    _chosen = "_drawn", "_shown"

    def __init__(self, scene):
        self._drawn, self._shown = [], False
        super().__init__(scene=scene, answer={})
        self.answer = {**self._answer(), "number": 0}
        predictions.expect()

    def answered(self, question):
        """Take what is drawn, and show the run or not."""
        self._drawn = self._checked(question.get("drawn", self._drawn))
        self._shown = checks.flag("shown", question.get("shown", self._shown))
        return self._answer()

    def _answer(self):
        answer = {"drawn": self._drawn, "shown": self._shown, "words": self._words(), "trouble": ""}
        return {**answer, "run": self._run()} if self._shown else answer

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['words']}" if self.answer else "Sketch"


class CurveSketch(Sketch):
    """A curve to draw: a number for each step."""

    def __init__(self, axes, places, values, known, ylabel):
        self._axes, self._places, self._values, self._known = axes, places, values, known
        self._ylabel = ylabel
        shown = "".join(f" The {name} is shown, from {_way(places, line, axes)}." for name, line in known.items())
        super().__init__(
            {
                "kind": "curve",
                "name": f"Draw the {ylabel}",
                "text": f"The {ylabel} against the {axes.name}, to be drawn; it starts at {_number(values[0])}.{shown}",
                "frame": {"x": axes.x, "y": axes.y, "xlog": axes.xlog, "xlabel": axes.name, "ylabel": ylabel},
                "start": float(values[0]),
                "columns": COLUMNS,
                "handles": _handles(axes.across(places)),
                "places": [axes.place(share) for share in _nearest(axes.across(places), np.linspace(0, 1, COLUMNS))],
                "beside": [{"name": name, "numbers": _packed(places, line)} for name, line in known.items()],
            }
        )

    def _checked(self, drawn):
        if not isinstance(drawn, list) or len(drawn) not in (0, COLUMNS):
            raise ValueError(f"a curve is drawn as {COLUMNS} heights.")
        reached = [k for k, y in enumerate(drawn) if y is not None]
        if not reached or not reached[-1]:
            return []
        heights = checks.floats("the heights", [drawn[k] for k in reached])
        checks.finite("the heights", heights)
        found = dict(zip(reached, np.clip(heights, *self._axes.y).tolist()))
        return [found.get(k) for k in range(COLUMNS)]

    def sketched(self):
        """Return what is drawn as a Curve up to its last place, the gaps in it closed; None if it is too short."""
        reached = [k for k, y in enumerate(self._drawn) if y is not None]
        if not reached or reached[-1] < 3:
            return None
        heights = np.interp(
            np.arange(reached[-1] + 1), [0, *(k for k in reached if k)],
            [self._values[0], *(self._drawn[k] for k in reached if k)],
        )  # fmt: skip
        return partings.Curve(np.arange(reached[-1] + 1) / (COLUMNS - 1), self._axes.up(heights))

    def _words(self):
        axes, yours = self._axes, self.sketched()
        run = partings.Curve(axes.across(self._places), axes.up(self._values))
        read = yours and yours.read_at(run.places)  # a run says nothing between its numbers
        if not self._shown:
            if not read:
                return TOO_SHORT if self._drawn else TO_DO
            return f"Drawn up to {axes.place(read.places[-1])}. Show the run when you like."
        if not read:
            drawn = "too little to compare" if self._drawn else "nothing"
            return f"You have drawn {drawn}. {partings.described(run, axes)}"
        if len(read.places) < 2:
            return f"Yours ends before {axes.place(run.places[1])}. {partings.described(run, axes)}"
        return partings.parted(read, run, axes)

    def _run(self):
        kept = np.unique(np.linspace(0, len(self._values) - 1, SHOWN).round().astype(int))
        return _packed(self._places[kept], self._values[kept])

    @plots.in_style
    def drawn(self):
        """Return the picture as a Matplotlib figure, with the run only where it was shown, and its text."""
        figure, ax = plt.subplots(figsize=(8, 3.6))
        axes = self._axes
        ax.set(xlim=axes.x, ylim=axes.y, xlabel=axes.name, ylabel=self._ylabel, xscale="log" if axes.xlog else "linear")
        for name, line in self._known.items():
            ax.plot(self._places, line, color=plots.GREY, linestyle=":", label=name)
        yours = self.sketched()
        if yours is not None:
            shares = np.linspace(0, 1, COLUMNS)[: len(yours.places)]
            x = axes.x[0] * (axes.x[1] / axes.x[0]) ** shares if axes.xlog else axes.x[0] + shares * np.ptp(axes.x)
            ax.plot(x, axes.y[0] + yours.heights * np.ptp(axes.y), color=plots.BLUE, linestyle="--", label="yours")
        if self._shown:
            ax.plot(self._places, self._values, color=plots.VERMILLION, linestyle="-", label="the run")
        elif yours is None:
            ax.text(0.5, 0.5, "draw here", transform=ax.transAxes, ha="center", color=plots.GREY)
        ax.plot(axes.x[0], self._values[0], color=plots.BLUE, marker="o", clip_on=False, zorder=5)
        if ax.get_legend_handles_labels()[0]:
            ax.legend()
        return figure, repr(self)


class PathSketch(Sketch):
    """A path to draw on a landscape."""

    def __init__(self, function, points):
        self._function, self._points = function, points
        (left, right), (low, high) = function.bounds
        cells = min(CELLS, function.cells)
        x, y = np.linspace(left, right, cells), np.linspace(low, high, cells)
        with np.errstate(all="ignore"):
            heights = np.asarray(function(np.array(np.meshgrid(x, y))), float)
        wide = (high - low) / (right - left)
        super().__init__(
            {
                "kind": "path",
                "name": f"Draw a path on {function.name}",
                "text": f"{_landscape(function)}, and a path to be drawn; it starts at "
                f"{partings.point_in_words(points[0])}.",
                "frame": {
                    "x": [left, right],
                    "y": [low, high],
                    "equal": bool(1 / 3 <= wide <= 3),
                    "xlabel": function.names[0],
                    "ylabel": function.names[1],
                },
                "start": points[0].tolist(),
                "names": function.names,
                "minima": function.minima,
                "landscape": landscapes.painted(x, y, heights),
            }
        )

    def _checked(self, drawn):
        if not isinstance(drawn, list) or len(drawn) > 2 * POINTS or len(drawn) % 2:
            raise ValueError(f"a path is drawn as pairs x, y, at most {POINTS} of them.")
        if not drawn:
            return []
        numbers = checks.floats("the path", drawn)
        checks.finite("the path", numbers)
        return np.clip(numbers.reshape(-1, 2), *np.array(self._function.bounds).T).ravel().tolist()

    def sketched(self):
        """Return what is drawn as a Trail from the start; None if nothing is."""
        if not self._drawn:
            return None
        return partings.Trail(self._function, [self._points[0], *np.reshape(self._drawn, (-1, 2))])

    def _words(self):
        if not self._shown:
            end = partings.end(self._function, self._drawn[-2:] or self._points[0])
            return f"Drawn; it ends {end}. Show the run when you like." if self._drawn else TO_DO
        yours = self.sketched()
        run = partings.Trail(self._function, self._points)
        if yours is None:
            return f"You have drawn nothing. {partings.described_path(run)}"
        return partings.parted_path(yours, run)

    def _run(self):
        return _packed(*self._points.T)

    @plots.in_style
    def drawn(self):
        """Return the map as a Matplotlib figure, with the run only where it was shown, and its text."""
        ax = plots.contour(self._function)
        ax.set_aspect("equal" if self.scene["frame"]["equal"] else "auto")
        yours = self.sketched()
        if yours is not None:
            ax.plot(*yours.points.T, color=plots.BLUE, linestyle="--", label="yours")
        if self._shown:
            ax.plot(*self._points.T, color=plots.VERMILLION, linestyle="-", marker=".", label="the run")
        ax.plot(*self._points[0], color=plots.BLUE, marker="o", markersize=8)
        Label(ax, "start", self._points[0], bbox=plots.HALO)
        if ax.get_legend_handles_labels()[0]:
            ax.legend()
        return ax.figure, repr(self)


def _landscape(function):
    """Return a landscape in words: its stars, and how far the picture goes."""
    lowest = ", ".join(partings.point_in_words(minimum) for minimum in function.minima)
    sides = zip(function.names, function.bounds)
    ranges = " and ".join(f"{name} from {_number(low)} to {_number(high)}" for name, (low, high) in sides)
    return f"{function.name}, a landscape, bluer where it is lower{f', lowest at {lowest}' if lowest else ''}, {ranges}"


def _handles(places):
    """Return the columns of some of these places, evenly spaced as far as can be, without the first place."""
    nearest = np.array(_nearest(places, np.linspace(0, 1, HANDLES + 1)))
    columns = np.unique((nearest * (COLUMNS - 1)).round().astype(int))
    return columns[columns > 0].tolist()


def _nearest(places, shares):
    """Return the place of the run that is nearest to each of some shares of the picture's width."""
    return [float(places[np.abs(places - share).argmin()]) for share in shares]


def _packed(x, y):
    """Return points as the browser reads them: all x, then all y; what is not finite is far outside of the picture."""
    with np.errstate(over="ignore"):
        return np.nan_to_num(np.concatenate([x, y]), nan=1e30, posinf=1e30, neginf=-1e30).astype(np.float32).tobytes()


def _number(x):
    return partings.number_in_words(x)


def _way(places, line, axes):
    """Return where a line begins, is at an eighth of its way, if that is another place, and ends."""
    early = round((len(line) - 1) / 8)
    between = f" over {_number(line[early])} at {axes.place(axes.across(places)[early])}" if early else ""
    return f"{_number(line[0])}{between} to {_number(line[-1])}"
