"""`walk`: gradient descent on a curve or a landscape, with sliders, a start to drag, and steps to play."""

import dataclasses
import numbers
import time

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import ticker
from traitlets import Dict

from gdcourse import checks, plots
from gdcourse.functions import Function
from gdcourse.gradients import numerical_gradient
from gdcourse.labels import Label
from gdcourse.optimizers import SGD, check_optimizer
from gdcourse.planes import Plane
from gdcourse.widgets import hyperparameters, landscapes, runs, sweeps, verdicts
from gdcourse.widgets.figure import Figure, complaint, module, unattended

CELLS = 96  # across the shading of a landscape, unless it asks for fewer
MOST_RATES = 64  # marks of learning rates that were tried
LONG = 0.25  # seconds for a run: where it takes longer, the sweep waits until it is asked for
SOON, SLICE = 0.008, 0.1  # seconds for the sweep: after an answer, and while nothing is asked


def walk(
    function, gradient=None, *, optimizer=None, update=None, learning_rate=0.1, start=None, steps=40, bounds=None,
    rates=None,
):  # fmt: skip
    """Return a live figure of gradient descent on a curve or a landscape; end the cell with it.

    function: a `Function`, such as a plane through a network's weights, `planes.through`; or a loss of your own, of one
    number or of an array (2,), with its bounds.
    gradient: your own, checked by what it does; by default the function's, or finite differences.
    optimizer: an optimizer, a list of them or {name: optimizer} for a race; by default SGD(learning_rate).
    update: your own rule in its place, a function of (w, gradient, learning_rate) that returns the next w.
    start: by default the function's. bounds: (low, high) for each weight. rates: (low, high) of the slider.
    """
    steps = checks.count("steps", steps)
    landscape = _landscape(function, gradient, bounds, start)
    gradient = landscape.gradient if gradient is None else gradient
    if not callable(gradient):
        raise TypeError(f"gradient must be a function of w; got {checks.shown(gradient)}. Leave out the parentheses?")
    rates = _rates(rates)
    if update is not None:
        if optimizer is not None:
            raise ValueError("give walk an optimizer or an update rule, not both.")
        optimizer = {getattr(update, "__name__", "your rule"): Rule(learning_rate, update, gradient)}
    plain = optimizer is None  # then the learning rate is all there is to choose
    racers = _racers(SGD(learning_rate) if plain else optimizer)
    return Walk(landscape, gradient, racers, steps, rates, plain)


def _checked_loss(function, landscape):
    """Raise if a loss of the learner's gives no number at the start; what it raises itself, the figure tells."""
    start = landscape.start if landscape.dimensions == 2 else landscape.start[0]
    try:
        height = function(np.array(start) if landscape.dimensions == 2 else start)
    except Exception:
        return
    name = getattr(function, "__name__", "").replace("<lambda>", "") or "the loss"
    where = runs.point_in_words(landscape.start)
    if height is None:
        raise TypeError(f"{name} gives None at {where}; expected a number. Does it forget `return`?")
    number = checks.floats(f"what {name} gives at {where}", height)
    if number.ndim:
        raise ValueError(f"{name} gives an array of shape {number.shape} at {where}; expected one number.")


def _rates(rates):
    """Return (low, high) of the learning rate, or None if the slider is to choose them."""
    if rates is None:
        return None
    limits = checks.floats("rates", rates)
    if limits.shape != (2,) or not np.isfinite(limits).all() or not 0 < limits[0] < limits[1]:
        raise ValueError(f"rates must be (low, high), two numbers above 0 with low below high; got {rates}.")
    return tuple(limits.tolist())


@dataclasses.dataclass(eq=False)
class Rule:
    """The learner's update rule in the place of an optimizer."""

    learning_rate: float
    update: object
    gradient: object

    def __post_init__(self):
        self.learning_rate = checks.number("learning_rate", self.learning_rate, above=0)
        if not callable(self.update):
            raise TypeError(
                f"update must be a function of (w, gradient, learning_rate); got {checks.shown(self.update)}."
            )

    def step(self, w, slope):
        """Return what the learner's rule makes of w; the slope that descend computed is not needed."""
        return self.update(w, self.gradient, self.learning_rate)


def _racers(optimizer):
    """Return {name: optimizer}."""
    given = optimizer if isinstance(optimizer, dict | list | tuple) else [optimizer]
    if not 1 <= len(given) <= 5:
        raise ValueError(f"walk shows 1 to 5 optimizers at once; got {len(given)}.")
    for one in given.values() if isinstance(given, dict) else given:
        check_optimizer(one)
    if isinstance(given, dict):
        return {str(name): one for name, one in given.items()}
    named = {}
    for one in given:
        name = hyperparameters.named(one)
        named[name if name not in named else f"{name} {len(named) + 1}"] = one
    return named


def _landscape(function, gradient, bounds, start):
    """Return a Function for whatever the reader wants to walk on."""
    if not callable(function):
        raise TypeError(
            f"function must be a loss, a function of w; got {checks.shown(function)}. Leave out the parentheses?"
        )
    if not isinstance(function, Function) and bounds is None:
        raise ValueError(
            "walk needs bounds for a loss of your own: bounds=(-3, 9), or bounds=((-4, 4), (-2, 2)) for two weights."
        )
    given, changes = function, {}
    if bounds is not None:
        limits = checks.floats("bounds", bounds)
        if limits.shape not in [(2,), (1, 2), (2, 2)]:
            raise ValueError(f"bounds has shape {limits.shape}; expected (low, high) for each of one or two weights.")
        changes["bounds"] = tuple(map(tuple, limits.reshape(-1, 2).tolist()))
        if not all(np.isfinite([low, high]).all() and low < high for low, high in changes["bounds"]):
            raise ValueError(f"bounds must be finite, low below high; got {bounds}.")
    if not isinstance(function, Function):
        dimensions = len(changes["bounds"])
        middle = [low + 0.8 * (high - low) for low, high in changes["bounds"]]
        function = Function(
            name=getattr(function, "__name__", "").replace("<lambda>", "") or "Your loss",
            formula="",
            height=_heights(function),
            slope=_slopes(gradient or (lambda w, loss=function: numerical_gradient(loss, w)), dimensions),
            bounds=changes["bounds"],
            start=tuple(middle),
            minima=(),
            cells=CELLS,
        )
    if start is not None:
        changes["start"] = tuple(np.atleast_1d(checks.floats("start", start)).tolist())
        checks.finite("start", np.array(changes["start"]))
    if "bounds" in changes and len(changes["bounds"]) != function.dimensions:
        raise ValueError(
            f"bounds are those of {len(changes['bounds'])} weights; {function.name} has "
            f"{checks.counted(function.dimensions, 'weight')}."
        )
    landscape = dataclasses.replace(function, **changes)
    if len(landscape.start) != landscape.dimensions:
        raise ValueError(
            f"start has {checks.counted(len(landscape.start), 'number')}; {landscape.name} has "
            f"{checks.counted(landscape.dimensions, 'weight')}."
        )
    if not isinstance(given, Function):
        _checked_loss(given, landscape)
    return landscape


def _heights(loss):
    """Return a height for grids of any shape from a loss of one point; NaN where the loss can't be computed.

    Its `none_at` is the first point at which the loss gave None, or None.
    """

    def height(*w):
        grid = np.array(w, float)
        values = np.full(grid[0].size, np.nan)
        for i, point in enumerate(grid.reshape(len(grid), -1).T):
            try:
                value = loss(point if len(point) > 1 else point[0])
                if value is None and height.none_at is None:
                    height.none_at = tuple(point.tolist())
                values[i] = value
            except Exception:  # the picture has a hole there
                continue
        return values.reshape(grid[0].shape)

    height.none_at = None
    return height


def _slopes(gradient, dimensions):
    def slope(*w):
        point = np.array(w, float)
        return tuple(np.asarray(gradient(point), float)) if dimensions == 2 else np.asarray(gradient(point[0]), float)

    return slope


class Walk(Figure):
    """Gradient descent on a `Function`, made by `walk`."""

    _esm = module("walk.js")
    _chosen = "_values", "_start"
    sweep = Dict(help="where runs end, for the learning rates that are known").tag(sync=True)
    pace = Dict(help="how far the sweep is").tag(sync=True)

    def __init__(self, function, gradient, racers, steps, rates, plain):
        self._function, self._gradient, self._racers, self._steps = function, gradient, racers, steps
        self._values = [{} for _ in racers]
        self._start = list(function.start)
        self._trouble = ""
        self._tried = {}  # the regime of each learning rate tried from this start, the latest last
        self._sweep, self._rates_given = None, rates is not None
        super().__init__(scene=self._scene(rates, plain), answer={}, sweep={}, pace={})
        try:
            self.answer = {**self._answer(), "number": 0}
        except ValueError:
            self.close()
            raise

    def _scene(self, rates, plain):
        function = self._function
        plane = function.dimensions == 2
        scene = {
            "name": f"Gradient descent on {function.name}",
            "text": self._about(),
            "dimensions": function.dimensions,
            "names": function.names,
            "gradient": "∇L" if function.formula.startswith("L") else "∇f",
            "bounds": function.bounds,
            "steps": self._steps,
            "minima": function.minima,
            "phrases": runs.PHRASES,
            "regimes": verdicts.REGIMES,
            "runs": [
                {"name": name, "controls": hyperparameters.controls(optimizer, rates)[: 1 if plain else None]}
                for name, optimizer in self._racers.items()
            ],
        }
        sliders = {control["name"]: control for control in scene["runs"][0]["controls"]}
        if len(self._racers) == 1 and "learning_rate" in sliders:
            scene["rates"] = [sliders["learning_rate"][end] for end in ("low", "high")]
            shown = sweeps.shown_axis(function)
            scene["ends"] = {"name": function.names[shown], "y": function.bounds[shown], "last": sweeps.LAST}
        return {**scene, **(self._plane() if plane else self._curve())}

    def _curve(self):
        low, high = self._function.bounds[0]
        w = np.linspace(low, high, 300)
        heights = _evaluated(self._function, w)
        bottom, top = self._limits(heights)
        margin = 0.06 * (top - bottom)
        frame = {"x": [low, high], "y": [bottom - margin, top + margin], "xlabel": "weight w", "ylabel": "loss L(w)"}
        return {"map": frame, "curve": _packed(np.concatenate([w, heights]))}

    def _plane(self):
        function = self._function
        (left, right), (low, high) = function.bounds
        cells = min(CELLS, function.cells)
        x, y = np.linspace(left, right, cells), np.linspace(low, high, cells)
        heights = _evaluated(function, np.array(np.meshgrid(x, y)))
        self._limits(heights)
        labels = {"xlabel": function.names[0], "ylabel": function.names[1]}
        slopes = np.linalg.norm(np.gradient(np.nan_to_num(heights), y, x), axis=0)
        own = {"network": _own_run(function)} if isinstance(function, Plane) else {}
        return {
            **own,
            "map": {"x": [left, right], "y": [low, high], "equal": _alike(function), **labels},
            "steepest": float(np.quantile(slopes, 0.9)) or 1.0,
            "landscape": landscapes.painted(x, y, heights),
        }

    def _limits(self, heights):
        """Return the lowest and the highest finite height, apart from each other."""
        finite = heights[np.isfinite(heights)]
        none_at = getattr(self._function.height, "none_at", None)
        if none_at:
            where = runs.point_in_words(none_at)
            self._trouble = f"{self._function.name} gives None at {where}. Does it forget `return` on one of its paths?"
        elif not finite.size:
            self._trouble = (
                f"{self._function.name} gives no finite number anywhere in this picture. Look at what it returns."
            )
        if not finite.size:
            return 0.0, 1.0
        low, high = float(finite.min()), float(finite.max())
        return (low, high) if high > low else (low - 1, low + 1)

    def answered(self, question):
        """Take over the hyperparameters and the start, and return the runs that they give."""
        self._values = [dict(values) for values in question.get("settings", self._values)]
        self._start = [float(value) for value in question.get("start", self._start)]
        return self._answer()

    def _answer(self):
        made, began = [], time.perf_counter()
        for (name, optimizer), values in zip(self._racers.items(), self._values):
            try:
                stepping = hyperparameters.with_values(optimizer, values)
                made.append(runs.run(self._function, self._gradient, stepping, self._start, self._steps))
            except Exception as error:  # a hyperparameter out of its range, a loss that fails
                raise ValueError(f"{name}: {complaint(error)}") from error
        self._runs = made
        settings = [
            {control["name"]: values.get(control["name"], control["value"]) for control in run["controls"]}
            for run, values in zip(self.scene["runs"], self._values)
        ]
        self._note_rate(settings, time.perf_counter() - began)
        axis = self._loss_axis()
        return {
            "runs": [_sent(run, axis["base"]) for run in made],
            "start": self._start,
            "settings": settings,
            "loss": axis,
            "tried": self._packed_rates(),
            "trouble": self._trouble,
        }

    def _note_rate(self, settings, took):
        """Note what the learning rate did; another start, or another hyperparameter, begins anew."""
        if "rates" not in self.scene:
            return
        rate = settings[0]["learning_rate"]
        others = self._start, {**settings[0], "learning_rate": None}
        if others != getattr(self, "_others", None):
            self._tried = {}
            self._begin_sweep()
        self._others = others
        if verdicts.REGIMES[self._runs[0].regime]["name"]:
            self._tried.pop(rate, None)
            self._tried[rate] = self._runs[0].regime
            if took < LONG:
                self._sweep.explore(rate)

    def _begin_sweep(self):
        """Forget where runs end: they begin elsewhere now, or go with other hyperparameters."""
        if self._sweep is None:
            ((name, optimizer),) = self._racers.items()

            def optimizer_of(rate):
                return hyperparameters.with_values(optimizer, {**self._values[0], "learning_rate": rate})

            rates = self.scene["rates"]
            self._sweep = sweeps.Sweep(self._function, self._gradient, optimizer_of, self._start, self._steps, rates)
        self._sweep.begin(self._start)

    def _heard(self, figure, question, buffers):
        if "sweep" not in question:
            super()._heard(figure, question, buffers)
            self._go_on(SOON)
        elif question["sweep"] == "on":
            if question.get("slice") == self.pace.get("slice"):  # not a second view's
                self._go_on(SLICE if self._sweep and self._sweep.asked else SOON)
        elif self._sweep:
            {"fill": self._sweep.fill, "stop": self._sweep.stop}[question["sweep"]]()
            self._show_sweep()

    def _go_on(self, seconds):
        """Compute a slice of the sweep, and show it."""
        if self._sweep and (self._sweep.going or self._sweep.shown != self._sweep.state()):
            self._sweep.go_on(seconds)
            self._show_sweep()

    def _show_sweep(self):
        if not self.comm:
            return
        with self.hold_sync():
            if self._sweep.shown != self._sweep.state():
                self._sweep.shown, self.sweep = self._sweep.state(), self._sweep.sent()
            self.pace = {**self._sweep.pace(), "slice": self.pace.get("slice", 0) + 1}

    def close(self):
        """Remove the figure from the page and from memory."""
        super().close()
        self.sweep, self.pace, self._sweep = {}, {}, None

    def _packed_rates(self):
        """Return the latest rates that were tried, four bytes each, then what each did, a byte each."""
        latest = list(self._tried.items())[-MOST_RATES:]
        rates, regimes = zip(*latest) if latest else ((), ())
        return np.array(rates, np.float32).tobytes() + bytes(regimes)

    def _loss_axis(self):
        """Return the axis that shows these losses: above the lowest point and logarithmic where they go by powers."""
        function = self._function
        values = np.concatenate([run.losses for run in self._runs])
        values = values[np.isfinite(values)]
        if not values.size:
            return {"y": [0.0, 1.0], "ylog": False, "ylabel": "loss", "base": 0.0}
        lowest = function.minimum
        base = float(function(lowest if len(lowest) > 1 else lowest[0])) if lowest else 0.0
        above = values - base
        high = above.max()
        far = 50 if len(self._runs) > 1 else 1000  # the runs of a race are told apart where they are low, too
        powers = high > 0 and above.min() > -1e-12 * max(abs(base), 1.0) and high > far * np.median(above)
        if powers or high > 1e6 * (abs(base) + 1):
            low = max(above[above > 0].min(), 1e-8 * min(high, max(above[0], 1e-300) * 100))
            label = "loss above the minimum" if base else "loss"
            limits = [float(low / 1.5), float(max(high, 10 * low) * 1.5)]
            return {"y": limits, "ylog": True, "ylabel": label, "base": base}
        low, high = float(values.min()), float(values.max())
        margin = 0.06 * (high - low) or 0.5 * abs(high) or 1.0
        return {"y": [low - margin, high + margin], "ylog": False, "ylabel": "loss", "base": 0.0}

    def _rates(self):
        """Return the learning rate of each run, None where its optimizer has none."""
        optimizers = zip(self._racers.values(), self._values)
        return [values.get("learning_rate", getattr(one, "learning_rate", None)) for one, values in optimizers]

    def _about(self):
        function = self._function
        lowest = ", ".join(runs.point_in_words(minimum) for minimum in function.minima)
        kind = "a landscape, bluer where it is lower" if function.dimensions == 2 else "a curve"
        own = f" {function.about()}" if isinstance(function, Plane) else ""
        return f"{function.name}, {kind}{f', lowest at {lowest}' if lowest else ''}.{own}"

    def _in_words(self):
        """Yield the name of each run with its learning rate."""
        for name, rate in zip(self._racers, self._rates()):
            told = runs.number_in_words(rate) if isinstance(rate, numbers.Real) else ""
            yield f"{name} with learning rate {told}" if told else name

    @plots.in_style
    def drawn(self):
        """Return the runs as a Matplotlib figure, and the text that says what it shows."""
        plane, axis = self._function.dimensions == 2, self.answer["loss"]
        swept = self._sweep is not None and self._sweep.complete
        race = len(self._runs) > 1
        figure = plt.figure(figsize=(9, 6.6 if swept else 4.1 if race else 3.8), layout="none")
        grid = figure.add_gridspec(2 if swept else 1, 2, width_ratios=(3, 2), height_ratios=(3.2, 2.2)[: 1 + swept])
        bottom, top = (0.08, 0.98) if swept else (0.21 if race else 0.15, 0.96)
        figure.subplots_adjust(left=0.11, right=0.98, bottom=bottom, top=top, wspace=0.25, hspace=0.28)
        map_, loss = (figure.add_subplot(grid[0, k]) for k in range(2))
        for name, run in zip(self._racers, self._runs):
            label = name if race else None
            if plane:
                plots.contour(self._function, run.points, label=label, ax=map_)
                map_.set_aspect("equal" if _alike(self._function) else "auto")
                if isinstance(self._function, Plane):
                    _draw_own_run(self._function, map_)
            else:
                plots.curve(self._function, run.points, tangents=[0], label=label, ax=map_)
            plots.losses(run.losses - axis["base"], label=label, log=axis["ylog"], ax=loss)
        loss.set(ylim=axis["y"], xlim=(0, self._steps), ylabel=axis["ylabel"])
        loss.xaxis.get_major_locator().set_params(integer=True)
        for ax in (map_, loss):
            _show_whole_dots(ax)
        if race:  # below both, where it covers no run
            figure.legend(*loss.get_legend_handles_labels(), loc="lower center", ncols=len(self._runs), frameon=False)
        told = " ".join(runs.in_words(run, name) for name, run in zip(self._in_words(), self._runs))
        ends = self._sweep.words() if swept else ""
        if swept:
            _draw_ends(self._sweep, figure.add_subplot(grid[1, :]))
        return figure, " ".join(filter(None, [self._about(), told, ends, self._trouble]))

    def stored(self):
        """Return the picture and its text; the sweep is in it where nobody can ask for it, and it takes no time."""
        if unattended() and self._rates_given and self._sweep:
            self._sweep.fill_if_quick()
        return super().stored()


def _alike(function):
    """Say whether both weights can be drawn to one scale, so that right angles look right."""
    wide, high = (np.ptp(bound) for bound in function.bounds)
    return bool(1 / 3 <= high / wide <= 3)


def _show_whole_dots(ax):
    """Let dots on the frame be whole, of each run that nowhere leaves it."""
    for line in ax.lines:
        within = [lim[0] <= min(values) and max(values) <= lim[1]
                  for values, lim in zip(line.get_data(), (ax.get_xlim(), ax.get_ylim()))]  # fmt: skip
        if line.get_marker() == "o" and all(within):
            line.set_clip_on(False)


def _draw_ends(sweep, ax):
    """Draw where the runs end: their last points above the learning rate, hatched where they fly away."""
    rates, bounds = sorted(sweep.columns), sweep.function.bounds[sweep.axis]
    x = np.concatenate([np.full(len(sweep.columns[rate].last), rate) for rate in rates])
    ax.plot(x, np.concatenate([sweep.columns[rate].last for rate in rates]), ".", markersize=1.5, linestyle="none")
    for region in sweep.regions():
        if region.clear and region.ends[0].kind == sweeps.LEAVES:
            ax.axvspan(region.low, region.high, facecolor="none", edgecolor=plots.VERMILLION, hatch="//", linewidth=0)
            corners = [(region.low, bounds[0]), (region.high, bounds[1])]
            Label(ax, "flies away", corners, within=True, color=plots.VERMILLION, bbox={**plots.HALO, "alpha": 1})
    name = sweep.function.names[sweep.axis]
    ax.set(xscale="log", xlim=sweep.rates, ylim=bounds)
    ax.set(xlabel="learning rate η", ylabel=f"{name}, at the end")
    ax.xaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_locator(ticker.NullLocator())


def _own_run(plane):
    """Return the network's own run in its plane, as the browser paints it."""
    points = plane.run if plane.run is not None else np.empty((0, 2))
    return {"points": _packed(points), "named": list(plane.named.items()), "text": plane.about()}


def _draw_own_run(plane, ax):
    """Draw the network's own run in its plane, and name the three points that the plane goes through."""
    if plane.run is not None:
        ax.plot(
            *plane.run.T, color=plots.INK, linestyle=":", marker="o", markerfacecolor="white", markersize=5, zorder=3
        )
    for name, point in plane.named.items():
        ax.plot(*point, color=plots.INK, marker="D", markersize=6, zorder=4)
        if name != "start":  # where the walk begins, and is named
            Label(ax, name, point, bbox=plots.HALO)


def _evaluated(function, w):
    with np.errstate(all="ignore"):
        return np.asarray(function(w), float)


def _sent(run, base):
    """Return a run as the browser reads it: w, loss and gradient of each step in a row, in four bytes if they fit.

    above: the losses less `base`, where that is not 0. Taken from four bytes, nothing would be left of small ones.
    """
    return {
        **({"above": _packed(run.losses - base)} if base else {}),
        "numbers": _packed(np.column_stack([run.points, run.losses, run.gradients])),
        "phrases": run.phrases.tobytes(),
        "regime": run.regime,
        "words": run.words,
        "note": run.note,
    }


def _packed(numbers):
    with np.errstate(over="ignore"):
        small = np.asarray(numbers, np.float32)
    fits = np.array_equal(np.isfinite(small), np.isfinite(numbers))
    return (small if fits else np.asarray(numbers, float)).tobytes()
