"""`rewind`: back through the epochs of a watched training, with losses, layers, and what it read in a drawn digit."""

import copy
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from traitlets import Bytes

from gdcourse import checks, plots
from gdcourse.widgets import drawing, training
from gdcourse.widgets.figure import HERE, Figure, module

SIDE = drawing.SIDE
MOST_UNITS, MOST_INPUTS = 128, 128  # pictures shown; inputs of a layer that has no images, drawn as a column
COLUMNS = 16  # pictures beside each other
FEW_LAYERS = 5  # are told one by one
# Of sixteen shades, and painted without smoothing: the picture that a notebook stores stays small.
COLOURS = LinearSegmentedColormap.from_list("weights", [plots.BLUE, "white", plots.VERMILLION], N=16)
PARTS = ("w", "loss_and_gradient", "forward", "views", "predict")


@checks.arithmetic
def rewind(net, watcher, X, y):
    """Return a live figure that goes back through the epochs of a watched training; end the cell with it.

    net: the `MLP` that was trained; it stays as it is. watcher: `watch(keep_weights=True)` from the callbacks of `fit`.
    For a Keras model, net is an `MLP` of the same layers: their weights stand in the same order.
    X, y: samples on which dead units and gradients are measured, for every epoch before the figure appears; a few
    hundred are enough. If net reads images of digits, the reader draws one and sees what each epoch made of it.
    """
    if not all(hasattr(net, name) for name in PARTS) or isinstance(net, type):
        raise TypeError(f"net must be the MLP that was trained, or one of the same layers; got {checks.shown(net)}.")
    if not isinstance(watcher, training.Watch):
        raise TypeError(f"watcher must be what watch(keep_weights=True) returned; got {checks.shown(watcher)}.")
    weights = watcher.weights
    if weights.shape[1] != net.w.size:
        raise ValueError(
            f"watcher kept {weights.shape[1]:,} weights an epoch, but net has {net.w.size:,}; give rewind the network "
            "that was watched."
        )
    return Rewind(net, watcher.run, weights, X, y)


@dataclass
class Epoch:
    """What a network is after an epoch, measured on some samples."""

    loss: float
    gradients: list  #: the length of the gradient of each layer's weights and biases
    dead: list  #: for each hidden layer, which of its units give 0 for every sample


@checks.arithmetic
def measured(net, w, X, y):
    """Return the `Epoch` of a network with the weights w; NaN and no dead units where they are not finite."""
    sizes = [len(b) for b in net.views(net.w)[1]]
    nothing = Epoch(np.nan, [np.nan] * len(sizes), [np.zeros(size, bool) for size in sizes[:-1]])
    if not checks.all_finite(w):
        return nothing
    net.w = w
    loss, gradient = net.loss_and_gradient(X, y)
    dead = [(output == 0).all(axis=0) for output in net.forward(X)[1:-1]]
    layers = zip(*net.views(np.array(gradient, float)))  # the square of a small float32 would round to zero
    lengths = [float(np.hypot(np.linalg.norm(W), np.linalg.norm(b))) for W, b in layers]
    return Epoch(float(loss), lengths, dead)


def _within(name, *parts):
    """Return another figure's module as an expression of its own, of which these parts are used here."""
    source = (HERE / name).read_text(encoding="utf-8")
    body = source.replace("export default { render };", f"return {{ {', '.join(parts)} }};")
    return f"const {name.removesuffix('.js')} = (() => {{\n{body}}})();\n"


class Rewind(drawing.Drawing):
    """The epochs of a training and a pad to draw on, read by the network of the chosen one. Made by `rewind`."""

    _css = Figure._css + (HERE / "rewind.css").read_text(encoding="utf-8")
    _esm = "".join([
        module("pad.js", "rewind.js"), _within("drawing.js", "render"),
        _within("training.js", "KINDS", "pointsOf", "rounded", "vertical"),
    ])  # fmt: skip
    _most = MOST_UNITS
    pictures = Bytes(help="the first layer's weights, from -127 to 127, picture by picture").tag(sync=True)

    def __init__(self, net, run, weights, X, y):
        net = copy.deepcopy(net)
        net.loss_and_gradient(X, y)  # what is wrong with X or y is said here, whatever the weights are
        self._epochs = [measured(net, w, X, y) for w in weights]
        self._weights, self._run, self._samples = weights, run, len(X)
        self._first = min(run.measured, default=1) - 1  # the number of the epoch before: Keras may begin at another
        self._layers = [len(b) for b in net.views(net.w)[1]]
        self._inputs = len(net.views(net.w)[0][0])
        self._pads = self._inputs == SIDE**2 and self._layers[-1] == 10
        self._limit = _limit([self._first_layer(net, w) for w in weights if checks.all_finite(w)])
        self._net, self._asked = net, ([], None)
        self._go_to(len(weights) - 1)
        super().__init__(net)
        self.scene = self._scene(self.scene)

    def _scene(self, pad):
        sizes = np.array([epoch.gradients for epoch in self._epochs])
        found = sizes[np.isfinite(sizes) & (sizes > 0)]
        powers = np.log10(found) if found.size else np.zeros(1)
        return {
            "name": "Time machine",
            "text": f"A training of {checks.counted(len(self._epochs) - 1, 'epoch')}, to be gone through.",
            "first": self._first,
            "last": self._first + len(self._epochs) - 1,
            "losses": [training._packed(self._run.line(name)) for name in ("loss", "val_loss")],
            "layers": self._layers,
            "gradient": [10.0 ** np.floor(powers.min() - 0.05), 10.0 ** np.ceil(powers.max() + 0.05)],
            "tile": self._tile(),
            "about": self._about_pictures(),
            "pad": pad if self._pads else None,
        }

    # One epoch.

    def _go_to(self, place):
        """Take the weights of an epoch. place: 0 for the start."""
        self._place, w = place, self._weights[place]
        if checks.all_finite(w):
            self._net.w = w
        shown = np.nan_to_num(self._first_layer(self._net, w) / self._limit).clip(-1, 1)
        # The root of its size, so that small weights are seen beside large ones.
        self.pictures = (127 * np.sign(shown) * np.sqrt(np.abs(shown))).round().astype(np.int8).tobytes()

    def _first_layer(self, net, w):
        """Return the weights of each unit shown of the first layer in a row."""
        if not self._tile():
            return np.zeros((0, 0))
        return net.views(w)[0][0].T[: self._most]

    def _tile(self):
        """Return how the first layer's pictures are laid out: images, or a column of weights for each unit; or None."""
        units, image = min(self._layers[0], self._most), self._inputs == SIDE**2
        if image:
            return {"height": SIDE, "width": SIDE, "units": units, "columns": min(COLUMNS, units)}
        if self._inputs <= MOST_INPUTS:
            return {"height": self._inputs, "width": 1, "units": units, "columns": units}
        return None

    def _about_pictures(self):
        units, inputs = self._layers[0], self._inputs
        if not self._tile():
            return f"The first layer's {inputs:,} inputs are no image of {SIDE} × {SIDE}; its weights are not drawn."
        which = f"the first {self._most} of its {units:,}" if units > self._most else f"each of its {units}"
        form = "images" if inputs == SIDE**2 else "columns"
        return f"First layer: the weights into {which} units, as {form}; orange pushes up, blue down, ✕ is dead"

    def answered(self, question):
        """Go to an epoch, or read what is drawn."""
        if "epoch" not in question:
            return super().answered(question)
        place = checks.count("epoch", question["epoch"], least=self._first) - self._first
        if place >= len(self._epochs):
            raise ValueError(f"epoch must be at most {self._first + len(self._epochs) - 1}; got {question['epoch']}.")
        self._go_to(place)
        return self._answer(*self._asked)

    @checks.arithmetic
    def _heard(self, widget, question, buffers):
        with self.hold_sync():  # one message for the pictures and the answer
            super()._heard(widget, question, buffers)

    def _answer(self, strokes, digit=None):
        """Return the epoch as the browser reads it, with what its network reads in the drawing."""
        self._asked = strokes, digit
        epoch = self._epochs[self._place]
        return {
            "epoch": self._first + self._place,
            "losses": [_or_none(self._recorded(name)) for name in ("loss", "val_loss")],
            "gradients": [_or_none(size) for size in epoch.gradients],
            "start": [_or_none(size) for size in self._epochs[0].gradients],
            "dead": [int(units.sum()) for units in epoch.dead],
            "crossed": np.flatnonzero(epoch.dead[0][: self._most]).tolist() if epoch.dead else [],
            "text": self._text(),
            "weights": self._about_weights(),
            "pad": super()._answer(strokes, digit) if self._pads else None,
            "trouble": "",
        }

    def _read(self, image):
        """Return the ten probabilities at this epoch; or none, and why."""
        return super()._read(image) if self._finite() else ([], "The weights are no longer finite numbers.")

    def _finite(self):
        return checks.all_finite(self._weights[self._place])

    def _recorded(self, name):
        """Return a number that the training recorded in this epoch; NaN without one."""
        return self._run.measured.get(self._first + self._place, {}).get(name, np.nan)

    # In words.

    def _text(self):
        """Return the epoch in words: what was recorded, and what is measured now."""
        last = self._first + len(self._epochs) - 1
        told = [(kind, self._recorded(name)) for kind, name in (("training", "loss"), ("validation", "val_loss"))]
        losses = [f"{kind} loss {training.rounded(value)}" for kind, value in told if np.isfinite(value)]
        head = f"Epoch {self._first + self._place} of {last}: {', '.join(losses) or 'no loss was recorded'}."
        if self._place == 0:
            head = f"The start, before epoch {self._first + 1}."
        if not self._finite():
            return f"{head} The weights are no longer finite numbers: the run diverges."
        epoch = self._epochs[self._place]
        on = "On the sample" if self._samples == 1 else f"On the {self._samples:,} samples"
        return (
            f"{head} {on}: loss {training.rounded(epoch.loss)}; gradient length by layer "
            f"{_by_layer(epoch.gradients)}{f'; dead units: {_deaths(epoch.dead)}' if epoch.dead else ''}."
        )

    def _about_weights(self):
        """Return what the pictures of the first layer show, in words."""
        about = self._about_pictures()
        if not self._tile():
            return about
        if not self._finite():
            return f"{about}. They are no numbers."
        dead = np.flatnonzero(self._epochs[self._place].dead[0][: self._most]) if len(self._layers) > 1 else ()
        crossed = f" Crossed, since dead, counted from 0: {', '.join(map(str, dead))}."
        shown = self._first_layer(self._net, self._weights[self._place])
        return (
            f"{about}. Their typical size is {_two_digits(np.sqrt(np.mean(np.square(shown, dtype=float))))}."
            f"{crossed if len(dead) else ''}"
        )

    def __repr__(self):
        return self.answer.get("text", type(self).__name__)

    # The picture.

    @plots.in_style
    def drawn(self):
        """Return the present epoch as a Matplotlib figure, and the text that says what it shows."""
        figure = plt.figure(figsize=(9, 6.6 if self._pads else 4.6))
        rows = figure.subfigures(3 if self._pads else 2, 1, height_ratios=(1.1, 0.9, 1.1) if self._pads else (1.2, 1))
        loss, gradient, dead = rows[0].subplots(1, 3, width_ratios=(1.4, 1, 1))
        self._draw_losses(loss)
        self._draw_layers(gradient, dead)
        ax = rows[1].subplots()
        ax.axis("off")
        ax.set_title(self._about_pictures(), fontsize=10)
        if self._tile():
            ax.imshow(self._montage(), cmap=COLOURS, vmin=-127, vmax=127, aspect="equal", interpolation="nearest")
            self._cross(ax)
        text = f"{self._text()} {self._about_weights()}"
        return figure, f"{text} {self._draw_reading(rows[2])}" if self._pads else text

    def _draw_losses(self, ax):
        for name, kind, shape in (("loss", "training", "o"), ("val_loss", "validation", "s")):
            epochs, values = self._run.line(name)
            if values.size:
                ax.plot(epochs, plots.drawable(values), marker=shape, markersize=3, label=kind)
        ax.axvline(self._first + self._place, color=plots.INK, linestyle=":", linewidth=1.5)
        ax.set(
            xlabel="epoch", title="loss", xlim=(self._first - 0.5, self._first + max(len(self._epochs) - 1, 1) + 0.5)
        )
        ax.xaxis.get_major_locator().set_params(integer=True)
        if ax.get_legend_handles_labels()[0]:
            ax.legend(fontsize=9)

    def _draw_layers(self, gradient, dead):
        epoch, layers = self._epochs[self._place], np.arange(1, len(self._layers) + 1)
        low, high = self.scene["gradient"]
        for sizes, style in ((self._epochs[0].gradients, "s"), (epoch.gradients, "o")):
            heights = np.where(np.array(sizes) > 0, sizes, np.where(np.isnan(sizes), np.nan, low))
            own = {"markerfacecolor": "white", "color": plots.GREY} if style == "s" else {"color": plots.BLUE}
            label = "the start" if style == "s" else "here"
            gradient.plot(layers, heights, marker=style, linestyle="none", label=label, **own)
        gradient.set(yscale="log", ylim=(low, high), title="gradient length", xlabel="layer", xticks=layers)
        gradient.set_xlim(0.5, len(layers) + 0.5)
        gradient.legend(fontsize=9)
        hidden = layers[:-1]
        bars = dead.barh(hidden, [units.mean() for units in epoch.dead], color=plots.BLUE, height=0.5)
        dead.bar_label(bars, [f"{units.sum()} of {len(units)}" for units in epoch.dead], padding=3)
        dead.set(xlim=(0, 1.4), ylim=(len(layers) - 0.4, 0.4), yticks=hidden, xticks=[0, 0.5, 1])
        dead.set(title="dead units" if len(hidden) else "no hidden layer", ylabel="layer", xlabel="share")

    def _montage(self):
        """Return the first layer's pictures side by side, NaN between them."""
        tile = self._tile()
        height, width, units, columns = (tile[name] for name in ("height", "width", "units", "columns"))
        rows, gap = -(-units // columns), 2 if width > 1 else 0
        field = np.full((rows * (height + gap), columns * (width + gap)), np.nan)
        for i, one in enumerate(np.frombuffer(self.pictures, np.int8).reshape(units, height, width)):
            top, left = (height + gap) * (i // columns), (width + gap) * (i % columns)
            field[top : top + height, left : left + width] = one
        return field

    def _cross(self, ax):
        """Put a cross on each dead unit's picture."""
        tile = self._tile()
        gap = 2 if tile["width"] > 1 else 0
        for i in self.answer["crossed"]:
            row, column = divmod(i, tile["columns"])
            x = column * (tile["width"] + gap) + tile["width"] / 2 - 0.5
            ax.plot(
                x, row * (tile["height"] + gap) + tile["height"] / 2 - 0.5, marker="x", color=plots.INK, markersize=6
            )

    def _draw_reading(self, part):
        """Draw what the network reads at this epoch, in the drawing or in an example; return it in words."""
        p, text, trouble = (self.answer["pad"][name] for name in ("probabilities", "text", "trouble"))
        image = self._image
        if image is None:
            image = drawing.examples()[3, 0]
            p, trouble = self._read(image)
            text = f"For example a 3 from MNIST's test images: {drawing.in_words(p)}"
        seen, bars = part.subplots(1, 2, width_ratios=(1, 3))
        seen.imshow(image, cmap="gray_r", vmin=0, vmax=255)
        seen.set(xticks=[], yticks=[], title="what the network sees")
        drawn = bars.bar(range(10), p or [0] * 10, color=plots.BLUE)
        if p:
            bars.bar_label(drawn, [f"{one:.2f}" for one in p], fontsize=9)
        bars.set(ylim=(0, 1.15), xticks=range(10), yticks=[0, 0.5, 1], title="its probabilities", xlabel="digit")
        return f"{text} {trouble}".strip()


def _limit(layers):
    """Return the weight that is painted in full colour in every epoch: what grows is seen to grow.

    Of each epoch the largest but for a thousandth; epochs of a diverging run don't make the others pale.
    """
    largest = np.array([np.quantile(np.abs(layer), 0.999) for layer in layers if layer.size])
    if not largest.size:
        return 1.0
    return float(largest[largest <= 10 * np.median(largest)].max()) or 1.0


def _or_none(value):
    """Return a number for the browser, None where there is none."""
    return float(value) if np.isfinite(value) else None


def _by_layer(sizes):
    """Return a number for each layer, in words; of many layers the first and the last."""
    if len(sizes) > FEW_LAYERS:
        return f"{_two_digits(sizes[0])} (the first) to {_two_digits(sizes[-1])} (the last)"
    return ", ".join(map(_two_digits, sizes))


def _deaths(dead):
    """Return how many units of each hidden layer are dead, in words; of many layers in all of them."""
    counts = [(units.sum(), len(units), f"layer {l}") for l, units in enumerate(dead, 1)]
    if len(counts) >= FEW_LAYERS:
        counts = [(sum(units.sum() for units in dead), sum(map(len, dead)), f"{len(dead)} layers")]
    return ", ".join(f"{count or 'none'} of {size} in {where}" for count, size, where in counts)


def _two_digits(value):
    return f"{value:.2g}".replace("-", "−") if np.isfinite(value) else "unknown"
