"""`backprop`: numbers flow forward through a network and slopes back; any weight's slope as the sum that it is."""

import math

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots
from gdcourse.exercises import catalogue, memory
from gdcourse.mlp import MLP
from gdcourse.widgets import drawing
from gdcourse.widgets.figure import HERE, Figure, module
from gdcourse.widgets.passes import Shown, place
from gdcourse.widgets.runs import number_in_words
from gdcourse.widgets.stations import Pass, off

MOST_IMAGES, MOST_LAYERS, MOST_UNITS = 12, 5, 128
ROWS = 8  # units of a layer stand in so many rows
PIXELS = drawing.SIDE**2


def backprop(weights, X, y, *, layer_below=None, weight=None):
    """Return a live figure of lesson 9's two passes through a network; end the cell with it.

    The reader steps forward layer by layer, then back, for each image of the batch or for a digit of their own, and
    chooses a weight: its slope stands there as the sum over the batch, and the nudged slope beside it. The slopes come
    from the reader's `layer_below`, as the exercise last saw it, right or wrong; without one, from the course's. The
    named mistakes can be chosen, too.

    weights: {"W1": (784, …), "b1": …, "W2": …}, as in lesson 9, or an MLP with ReLU. X: (n, 784) floats from 0 to 1, y:
    (n,) digits; 12 images at most. layer_below: a function to be shown instead. weight: the one that is chosen first,
    such as ("W2", 5, 3) or ("b1", 7).
    """
    arrays = _layers(weights)
    X, y = checks.samples("X", X, PIXELS).astype(float), np.asarray(y)
    y = checks.labels("y", y, len(X), 10)
    if len(X) > MOST_IMAGES:
        raise ValueError(f"X has {len(X)} images; the figure shows {MOST_IMAGES} at most, such as X[:5].")
    if X.min() < 0 or X.max() > 1:
        raise ValueError(f"X must hold pixels from 0 to 1; it goes from {X.min():.3g} to {X.max():.3g}.")
    if layer_below is not None and not callable(layer_below):
        raise TypeError(f"layer_below must be a function, as lesson 9 has it; got {checks.shown(layer_below)}.")
    figure = Backprop(arrays, X, y, layer_below or memory.attempt("layer_below"))
    if weight is not None:
        figure.choose(weight)
    return figure


def _layers(weights):
    """Return the pairs (W, b) of a network with 784 inputs and ten outputs, in float64, or say what is wrong."""
    if isinstance(weights, MLP):
        if weights.activation != "relu":
            raise ValueError(f"the units of this MLP are {weights.activation}; the figure shows ReLU units.")
        pairs = list(zip(weights.W, weights.b))
    elif isinstance(weights, dict):
        count = len(weights) // 2
        names = [f"{kind}{l}" for l in range(1, count + 1) for kind in "Wb"]
        if sorted(weights) != sorted(names) or not names:
            raise ValueError(f"weights must hold W1, b1, W2, b2, …; it holds {', '.join(map(str, weights)) or 'none'}.")
        pairs = [(weights[f"W{l}"], weights[f"b{l}"]) for l in range(1, count + 1)]
    else:
        raise TypeError(f'weights must be {{"W1": …, "b1": …, …}} or an MLP; got {checks.shown(weights)}.')
    found, inputs = [], PIXELS
    for l, pair in enumerate(pairs, start=1):
        W, b = (checks.floats(f"{name}{l}", one).astype(float) for name, one in zip("Wb", pair))
        for name, one in (("W", W), ("b", b)):
            checks.finite(f"{name}{l}", one)
        if W.ndim != 2 or W.shape[0] != inputs or b.shape != W.shape[1:]:
            raise ValueError(
                f"W{l} has shape {W.shape} and b{l} {b.shape}; they must be ({inputs}, units) and (units,)."
            )
        found.append((W, b))
        inputs = W.shape[1]
    sizes = [len(b) for _, b in found]
    if not 2 <= len(found) <= MOST_LAYERS or sizes[-1] != 10 or max(sizes) > MOST_UNITS:
        raise ValueError(
            f"the figure shows 784-…-10 with 2 to {MOST_LAYERS} layers of {MOST_UNITS} units at most; "
            f"these are 784-{'-'.join(map(str, sizes))}."
        )
    return found


class Way:
    """A `layer_below` that may be chosen."""

    def __init__(self, label, group, told, function, own=False):
        self.label, self.group, self.told, self.function, self.own = label, group, told, function, own


def ways(own):
    """Return what may walk back: the reader's function if there is one, the course's, and the named mistakes."""
    exercise = catalogue.find("layer_below")
    found = [Way("the course's layer_below", "Right", "The course's layer_below.", exercise.reference)]
    if own is not None:
        found.insert(0, Way("your layer_below", "Yours", "Your layer_below.", own, own=True))
    for mistake in exercise.mistakes:
        sentence, _, _ = " ".join(mistake.__doc__.split()).rpartition(". ")
        found.append(Way(f"{sentence}.", "With a mistake", f"With a mistake: {sentence}.", mistake))
    return found


class Backprop(Figure):
    """Two passes through a network, made by `backprop`."""

    _esm = module("pad.js", "backprop.js")
    _css = Figure._css + (HERE / "backprop.css").read_text(encoding="utf-8")
    _chosen = "_way", "_image", "_stage", "_weight", "_unit", "_own", "_ready", "_label"

    def __init__(self, arrays, X, y, own):
        self._layers, self._ways = arrays, ways(own)
        self._right = next(way.function for way in self._ways if way.group == "Right")
        self._batch, self._found = Pass(arrays, X, y), {}
        self._way, self._image, self._stage, self._label = 0, 0, 2 * len(arrays), 0
        self._own, self._ready = [], None  # strokes; or a ready digit and which of its images
        self._digit = None, None  # what the reader's own digit is made of, and its Pass
        self._weight, self._unit = self._steepest(1), 0
        super().__init__(scene=self._scene(X, y), answer={})
        self.answer = {**self._answer(), "number": 0}

    def _scene(self, X, y):
        sizes = [len(b) for _, b in self._layers]
        return {
            "name": "Forward and back through a network",
            "text": f"A network 784-{'-'.join(map(str, sizes))}: what its units send forward, and the slopes back.",
            "sizes": sizes,
            "rows": ROWS,
            "images": _bytes(X),
            "labels": y.tolist(),
            "ways": [{"label": way.label, "group": way.group} for way in self._ways],
            "examples": drawing.EXAMPLES,
            **drawing.PADS,
        }

    def choose(self, weight):
        """Choose a weight, such as ("W2", 5, 3) or ("b1", 7), and show it."""
        wanted = f'weight must be such as ("W2", 5, 3) or ("b1", 7); got {checks.shown(weight)}.'
        if not isinstance(weight, tuple | list) or not weight or not isinstance(weight[0], str):
            raise TypeError(wanted)
        (kind, number), places = (weight[0][:1], weight[0][1:]), weight[1:]
        if kind not in ("W", "b") or not number.isdecimal() or len(places) != "bW".index(kind) + 1:
            raise ValueError(wanted)
        self._weight = self._placed(int(number), *[None] * (kind == "b"), *places)
        self.answer = {**self._answer(), "number": 0}

    def _placed(self, layer, row, column):
        """Return the place of a weight if the network has one there. row: None for a bias."""
        layer = checks.count("layer", layer)
        if layer > len(self._layers):
            raise ValueError(f"layer must be 1 to {len(self._layers)}; got {layer}.")
        inputs, units = self._layers[layer - 1][0].shape
        return layer, None if row is None else _up_to("from", row, inputs - 1), _up_to("to", column, units - 1)

    def answered(self, question):
        """Return both passes for another image, weight, step or function."""
        self._way = _up_to("way", question.get("way", self._way), len(self._ways) - 1)
        self._image = _up_to("image", question.get("image", self._image), len(self._batch.y))
        self._stage = _up_to("step", question.get("stage", self._stage), 2 * len(self._layers))
        self._label = _up_to("label", question.get("label", self._label), 9)
        if "weight" in question:
            place = question["weight"]
            if not isinstance(place, list) or len(place) != 3:
                raise ValueError("weight must be a list [layer, from, to].")
            self._weight = self._placed(*place)
        if "strokes" in question:
            self._own, self._ready = drawing.strokes_in(question["strokes"]), None
        if question.get("ready"):
            digit, which = question["ready"]
            self._own = []
            self._ready = _up_to("digit", digit, 9), _up_to("which", which, drawing.EXAMPLES - 1)
        if "jump" in question:
            self._jump(question["jump"])
        return self._answer()

    def _jump(self, where):
        """Choose the steepest weight of the layer, or the one furthest off, here or else in the last layer with one."""
        layer = self._weight[0]
        if checks.one_of("jump", where, ("steepest", "off")) == "steepest":
            self._weight = self._steepest(layer)
            return
        passed, back, right = self._passes()
        for l in (layer, *range(len(self._layers), 0, -1)):
            for k in (1, 2):
                given, true = back.slopes[l - 1][k], right.slopes[l - 1][k]
                if given is not None and off(given, true).any():
                    gap = np.nan_to_num(np.abs(given - true), nan=np.inf)
                    self._weight = (l, *[None] * (k == 2), *_largest(gap))
                    return

    def _steepest(self, layer):
        """Return the place of the weight with the largest slope in that layer's matrix."""
        _, _, right = self._passes()
        return layer, *_largest(np.abs(right.slopes[layer - 1][1]))

    def _passes(self):
        """Return the Pass of the images that are shown, the Back of the chosen function, and that of the right one."""
        passed = self._pass_alone() if self._image == len(self._batch.y) else self._batch
        key = self._way, passed
        if key not in self._found:
            way = self._ways[self._way]
            self._found = {one: walks for one, walks in self._found.items() if one[1] in (self._batch, passed)}
            self._found[key] = passed.back(way.function, way.own), passed.back(self._right)
        return passed, *self._found[key]

    def _pass_alone(self):
        """Return the Pass of the reader's own digit, drawn or ready; of a blank field while there is none."""
        field = np.zeros((drawing.SIDE, drawing.SIDE), np.uint8)
        if self._ready:
            field = drawing.examples()[self._ready]
        elif self._own:
            field = drawing.centred(drawing.ink(self._own))
        made_of = field.tobytes(), self._label
        if self._digit[0] != made_of:
            self._digit = made_of, Pass(self._layers, field.reshape(1, PIXELS) / 255, [self._label])
        return self._digit[1]

    def _answer(self):
        passed, back, right = self._passes()
        alone = self._image == len(self._batch.y)
        layer, row, column = self._weight
        self._unit = column if layer == 1 else row if layer == 2 and row is not None else self._unit
        shown = Shown(passed, back, right, 0 if alone else self._image, self._stage, self._weight)
        pixels = back.slopes[0][1]
        pixels = np.zeros(PIXELS) if pixels is None else np.nan_to_num(pixels[:, self._unit])
        steepest = np.abs(pixels).max()
        self._shown = shown
        return {
            "way": self._way,
            "image": self._image,
            "stage": self._stage,
            "label": self._label,
            "weight": list(self._weight),
            "strokes": drawing.packed(self._own),
            "ready": list(self._ready or []),
            "picture": _bytes(passed.X) if alone else b"",
            "layers": shown.columns(),
            "pixels": np.round(127 * pixels / (steepest or 1)).astype(np.int8).tobytes(),
            "unit": self._unit,
            "steepest": number_in_words(steepest),
            "sum": shown.sum(self._names()),
            "off": shown.any_off(),
            "told": self._in_words(shown),
            "trouble": "",
        }

    def _names(self):
        """Return how the images are called that are shown."""
        if self._image < len(self._batch.y):
            return [f"image {i}, {drawing.in_article(label)}" for i, label in enumerate(self._batch.y)]
        return [f"{'this' if self._ready else 'your'} {self._label}"]

    def _in_words(self, shown):
        """Return all that is shown as lines of text."""
        n, way = len(self._batch.y), self._ways[self._way]
        if self._image < n:
            about = f"Image {self._image}, {drawing.in_article(self._batch.y[self._image])}"
        elif self._ready:
            digit, which = self._ready
            about = f"{drawing.article(digit)} from MNIST's test images ({which + 1} of {drawing.EXAMPLES})"
            about += "" if digit == self._label else f", labelled {self._label}"
        elif self._own:
            about = f"Your drawing, labelled {self._label}"
        else:
            about = "Nothing is drawn yet: all pixels are 0"
        back = shown.back_in_words(way.told, way.group == "Right")
        return "\n".join(filter(None, [shown.forward_in_words(about), shown.weight_in_words(), back]))

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['told']}" if self.answer else "Backprop"

    @plots.in_style
    def drawn(self):
        """Return both passes and the shares as a Matplotlib figure, and the text that says what they show."""
        shown, names, sizes = self._shown, self._names(), self.scene["sizes"]
        ratios = [ROWS, *(math.ceil(size / ROWS) for size in sizes[:-1]), 3]
        figure = plt.figure(figsize=(9, 3.6 + 1.2 + 0.22 * len(names)), layout="constrained")
        fields, bars = figure.subfigures(2, 1, height_ratios=(3.6, 1.2 + 0.22 * len(names)))
        for back, row in enumerate(fields.subplots(2, len(ratios), width_ratios=ratios)):
            for layer, ax in enumerate(row):
                ax.set(xticks=[], yticks=[], anchor="W")
                if layer == 0:
                    self._draw_pixels(ax, back)
                elif layer == len(sizes) and not back:
                    ax.barh(range(10), shown.passed.p[shown.image] * (shown.stage >= layer), color=plots.INK)
                    ax.set(xlim=(0, 1), ylim=(9.6, -0.6), yticks=range(10), title="p")
                    ax.tick_params(labelsize=8)
                else:
                    self._draw_units(ax, shown, layer, back)
        ax = bars.subplots()
        shares = shown.shares()[:, 2]
        there = np.nan_to_num(shares) * shown.reached(self._weight[0])
        ax.barh(range(len(names)), there, color=np.where(there > 0, plots.VERMILLION, plots.BLUE))
        ax.axvline(0, color=plots.INK, linewidth=1)
        ax.set(yticks=range(len(names)), yticklabels=names, ylim=(len(names) - 0.4, -0.6), xlabel="share of the slope")
        ax.set_title(f"d{place(self._weight)}", fontsize=11)
        return figure, repr(self)

    def _draw_pixels(self, ax, back):
        """Draw the image, or the slopes of one unit's 784 weights."""
        shown = self._shown
        if not back:
            ax.imshow(shown.passed.X[shown.image].reshape(drawing.SIDE, -1), cmap="gray_r", vmin=0, vmax=1)
            ax.set_title("784 pixels", fontsize=11)
            return
        slopes = shown.back.slopes[0][1] if shown.reached(1) else None
        pixels = np.zeros(PIXELS) if slopes is None else np.nan_to_num(slopes[:, self._unit])
        most = np.abs(pixels).max() or 1
        ax.imshow(pixels.reshape(drawing.SIDE, -1), cmap="RdBu_r", vmin=-most, vmax=most)
        plots.dot_below(ax, pixels.reshape(drawing.SIDE, -1), most)
        ax.set_title(f"dW1[:, {self._unit}]", fontsize=11)

    def _draw_units(self, ax, shown, layer, back):
        """Draw what the units of a layer send forward as squares, or their slopes as triangles; a stroke for shut."""
        column = shown.columns()[layer - 1]
        values = np.frombuffer(column["slope" if back else "out"], np.float32)
        marks = np.frombuffer(column["marks"], np.uint8)
        across = 1 if layer == len(shown.passed.layers) else math.ceil(len(marks) / ROWS)
        y, x = np.divmod(np.arange(len(marks)), across)
        seen = len(values) and (shown.reached(layer) if back else shown.stage >= layer)
        if seen:
            sizes = 60 * np.nan_to_num(np.abs(values) / (np.nanmax(np.abs(values)) or 1))
            for sign, marker, color in ((1, "^", plots.VERMILLION), (-1, "v", plots.BLUE)):
                here = sign * values > 0
                look = {"marker": marker, "color": color} if back else {"marker": "s", "color": plots.INK}
                ax.scatter(x[here], y[here], sizes[here], linewidths=0, **look)
            shut, wrong = marks & 1 == 1, marks & 2 == 2
            ax.scatter(x[shut], y[shut], 25, marker=[(-1, -1), (1, 1)], color=plots.GREY, linewidths=1)
            if back:
                ax.scatter(x[wrong], y[wrong], 90, marker="s", facecolors="none", edgecolors=plots.PURPLE)
        ax.set(xlim=(-0.7, across - 0.3), ylim=(max(y) + 0.7, -0.7), aspect="equal")
        ax.set_title(f"dz{layer}" if back else f"a{layer}", fontsize=11)


def _up_to(name, value, most):
    """Return a whole number from 0 to `most`."""
    value = checks.count(name, value, least=0)
    if value > most:
        raise ValueError(f"{name} must be 0 to {most}; got {value}.")
    return value


def _largest(values):
    """Return the place of the largest number in an array."""
    return tuple(int(i) for i in np.unravel_index(values.argmax(), values.shape))


def _bytes(X):
    return np.round(255 * X).astype(np.uint8).tobytes()
