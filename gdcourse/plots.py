"""The figures of the lessons: each draws on `ax`, or on a new figure, and returns the axes.

Who imports this has Matplotlib in the style of the course from there on, since lessons draw with pyplot themselves,
too; `plt.rcdefaults()` ends that.
"""

import base64
import difflib
import functools
import html
import io
import tomllib
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, is_color_like
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from PIL import Image

from gdcourse import checks
from gdcourse.detection import checked_scenes
from gdcourse.functions import Function
from gdcourse.labels import Label

TEXTS = Path(__file__).parent / "texts"
BLUE, VERMILLION, GREEN, PURPLE, BROWN = "#0072B2", "#D55E00", "#009E73", "#721C66", "#5A3D00"
INK, GREY = "#222222", "#767676"
HALO = {"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 1}  # behind words on lines
WORDS = {"radius": 1, "bbox": {**HALO, "pad": 0}}  # of labels of boxes
LABELS = 8  # boxes of a scene with their labels: more would cover each other

# An opaque white page with dark ink can be read in JupyterLab's light and dark themes alike. Lines differ in
# style as well as colour. Colour-blind readers tell the colours apart: three of Okabe and Ito's, and two that
# are darker than these.
# Whatever a matplotlibrc, a start-up file or a style of the reader's says, a figure of the course begins at
# Matplotlib's own settings.
STYLE = [
    "default",
    {
        "figure.figsize": (6.4, 3.8),
        "figure.facecolor": "white",
        "figure.constrained_layout.use": True,
        "savefig.facecolor": "white",
        "axes.prop_cycle": cycler(color=[BLUE, VERMILLION, GREEN, PURPLE, BROWN])
        + cycler(linestyle=["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1))]),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.titlesize": "medium",
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "font.size": 11,
        "lines.linewidth": 2,
        "legend.edgecolor": "none",
        "contour.negative_linestyle": "solid",
        "image.cmap": "gray_r",
    },
]
plt.style.use(STYLE)  # for the figures that a lesson draws with pyplot itself
OPEN = plt.rc_context(
    {"figure.max_open_warning": plt.rcParamsDefault["figure.max_open_warning"]}
)  # which no style sets


def in_style(draw):
    """Return a function that makes or saves figures under the settings of the course; the reader's stay as they are."""
    return checks.arithmetic(OPEN(plt.style.context(STYLE)(draw)))


def show(text, figure=None, **values):
    """End a figure cell: display the current figure together with its text for those who can't see it.

    text: what the figure shows, in a sentence or two; or the name of a text of the course, with the values that the
    text asks for.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError("show needs a text that says what the figure shows, for readers who can't see it.")
    text = _text(text, values)
    if figure is None and not plt.get_fignums():
        raise ValueError("there is no figure to show; draw one first, in the same cell.")
    figure = plt.gcf() if figure is None else figure
    if not isinstance(figure, Figure):
        raise TypeError(f"figure must be a figure, such as plt.gcf(); got {checks.shown(figure)}.")
    display(picture(text, figure), raw=True)


def _text(text, values):
    """Return the course's text of that name with the values filled in, or a text of the reader's own as it is."""
    if not text.isidentifier():
        return text
    if text not in texts():
        near = difflib.get_close_matches(text, texts(), n=1) or ["a sentence or two"]
        raise ValueError(f"no text of the course is named {text}; did you mean {near[0]}?")
    try:
        return texts()[text].format(**values)
    except KeyError as missing:
        raise ValueError(f"the text {text} needs the value {missing.args[0]}.") from None


@functools.cache
def texts():
    """Return {name: text} of every figure of the lessons, from a file a lesson."""
    found = {}
    for path in sorted(TEXTS.glob("lesson_*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: " ".join(text.split()) for name, text in found.items()}


def picture(text, figure, dpi=180):
    """Close the figure and return it as what a notebook stores: an HTML picture with its text, and the text alone."""
    data = base64.b64encode(png(figure, dpi)).decode()
    plt.close(figure)
    style = f"width:{figure.get_figwidth() * 100:.0f}px;max-width:100%;height:auto;border-radius:4px"
    shown = f'<img alt="{html.escape(text)}" style="{style}" src="data:image/png;base64,{data}">'
    return {"text/html": shown, "text/plain": text}


@in_style
def png(figure, dpi=180):
    """Return the figure as a PNG with a palette: sharp on dense screens and a third of the size."""
    canvas, before, packed = figure.canvas, figure.dpi, io.BytesIO()
    drawn = FigureCanvasAgg(figure)
    figure.set_dpi(dpi)
    try:
        drawn.draw()  # once: `savefig` draws a first time for the layout alone
    finally:
        figure.set_canvas(canvas)  # it may be a reader's own, and still be shown
        figure.set_dpi(before)
    pixels = Image.fromarray(np.asarray(drawn.buffer_rgba())).convert("RGB")
    pixels.quantize(256, dither=Image.Dither.NONE).save(packed, "PNG")
    return packed.getvalue()


@in_style
def curve(function, path=None, tangents=(), label=None, ax=None):
    """Draw a loss over one weight, and a run on it.

    function: a 1-D `Function`. path: (steps + 1, 1), from `descend`. tangents: the steps to draw one at.
    """
    _takes(function, 1)
    ax = _axes(ax)
    low, high = function.bounds[0]
    w = np.linspace(low, high, 400)
    heights = function(w)
    if not ax.lines:
        ax.plot(w, heights, color=GREY, linestyle="-")
        finite = heights[np.isfinite(heights)] if np.isfinite(heights).any() else np.array([0.0, 1.0])
        margin = 0.05 * (np.ptp(finite) or 1.0)
        ax.set(xlim=(low, high), ylim=(finite.min() - 2 * margin, finite.max() + margin))
        ax.set(xlabel="weight w", ylabel="loss L(w)")
    if path is not None:
        points = _path(path, 1)[:, 0]
        seen = points[: _steps_inside(points[:, None], function)]
        reached = np.array([function(point) for point in seen])
        (run,) = ax.plot(seen, reached, marker="o", markersize=5, linewidth=1, label=label)
        for point in points[_steps("tangents", tangents, len(points))]:
            near = point + np.array([-0.1, 0.1]) * (high - low)
            ax.plot(near, function(point) + function.gradient(point) * (near - point), color=INK, linewidth=1.5, ls="-")
        _mark_ends(ax, np.column_stack([seen, reached]), len(points), run)
    return ax


@in_style
def contour(function, path=None, label=None, through=None, ax=None):
    """Draw the contour lines of a loss over two weights, and a run in their plane. Call again to add a run.

    function: a 2-D `Function`. path: (steps + 1, 2), from `descend`. through: a point, whose own line is drawn bold.
    Darker is lower.
    """
    _takes(function, 2)
    wide, high = (np.ptp(bound) for bound in function.bounds)
    ax = _axes(ax, figsize=(6.4, min(4.6, 0.8 + 6 * high / wide)))
    x, y = (np.linspace(*bound, function.cells) for bound in function.bounds)
    heights = function(np.array(np.meshgrid(x, y)))
    if not ax.collections and len(heights_drawn := levels(heights)) > 1:
        shades = BoundaryNorm(heights_drawn, 256)
        ax.contourf(x, y, heights, heights_drawn, norm=shades, cmap="Blues_r", alpha=0.45)
        ax.contour(x, y, heights, heights_drawn, colors=GREY, linewidths=0.6)
        for minimum in function.minima:
            ax.plot(*minimum, marker="*", markersize=14, color=INK, markeredgecolor="white", ls="none", zorder=3)
        ax.set(xlim=function.bounds[0], ylim=function.bounds[1], aspect="equal")
        ax.set(xlabel=function.names[0], ylabel=function.names[1])
    if through is not None:
        height = function(_place("through", through))
        if np.nanmin(heights) <= height <= np.nanmax(heights):
            ax.contour(x, y, heights, [height], colors=INK, linewidths=1.5)
    if path is not None:
        points = _path(path, 2)
        seen = points[: _steps_inside(points, function)]
        (run,) = ax.plot(*seen.T, marker="o", markersize=4, linewidth=1.5, label=label)
        _mark_ends(ax, seen, len(points), run)
    return ax


def levels(heights):
    """Return the heights of contour lines: chosen by share of the area, so that flat parts have lines too."""
    finite = heights[np.isfinite(heights)]
    return np.unique(np.quantile(finite, np.linspace(0, 1, 16) ** 1.5)) if finite.size else finite


@in_style
def losses(run, label=None, log=False, ax=None):
    """Draw the loss at each step of a run. run: (steps + 1,), the start's loss first."""
    ax = _axes(ax)
    values = checks.floats("run", run)
    if values.ndim != 1:
        raise ValueError(f"run has shape {values.shape}; expected the loss at each step, (steps + 1,).")
    ax.plot(drawable(values), marker="o", markersize=3, label=label)
    ax.set(xlabel="step", ylabel="loss")
    _scale(ax, log)
    return ax


@in_style
def arrow(point, vector, label, color=VERMILLION, ax=None):
    """Draw a vector in the plane from a point, with its name at the tip."""
    ax = plt.gca() if ax is None else _axes(ax)
    point, vector = _place("point", point), _place("vector", vector)
    if not is_color_like(color):
        raise ValueError(f"color must be a colour of Matplotlib's, such as {VERMILLION}; got {checks.shown(color)}.")
    tip = point + vector
    ax.plot(*point, marker="o", color=INK, markersize=5)
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 2.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", tip, point, arrowprops=style)
    ax.apply_aspect()
    ahead = np.diff(ax.transData.transform([point, tip]), axis=0)[0]
    Label(ax, label, tip, radius=2, towards=ahead, color=color, fontweight="bold", bbox=HALO)
    return ax


@in_style
def history(runs, metric="loss", log=False, ax=None):
    """Draw one number an epoch, for training and, if it was recorded, for validation.

    runs: what `fit` returned, or {label: what `fit` returned, or a list of numbers} to compare several runs.
    """
    if not isinstance(metric, str):
        raise TypeError(f"metric must be a name, such as 'loss'; got {checks.shown(metric)}.")
    ax = _axes(ax)
    for label, run in runs.items() if isinstance(runs, dict) else [("", runs)]:
        recorded = getattr(run, "history", {metric: run})
        if not isinstance(recorded, dict):
            raise TypeError(f"runs must be what fit returned; got {checks.shown(run)}.")
        if recorded and metric not in recorded:
            raise ValueError(f"no {checks.shown(metric)} was recorded; there is {', '.join(recorded)}.")
        for name, kind in {metric: "training", f"val_{metric}": "validation"}.items():
            if name in recorded:
                text = f"{label}, {kind}" if label and f"val_{metric}" in recorded else label or kind
                values = checks.floats("runs", recorded[name])
                if values.ndim != 1:
                    raise ValueError(f"runs has values of shape {values.shape}; expected one number an epoch.")
                ax.plot(np.arange(1, len(values) + 1), drawable(values), marker="o", markersize=4, label=text)
    ax.set(xlabel="epoch", ylabel=metric)
    ax.xaxis.get_major_locator().set_params(integer=True)
    _scale(ax, log)
    if len(ax.lines) > 1:
        ax.legend()
    return ax


@in_style
def digits(images, titles=None, columns=10):
    """Draw images in a grid, dark ink on white. images: (n, 28, 28) or (n, 784). Returns the array of axes."""
    return _grid(images, titles, columns, cmap="gray_r")


@in_style
def weights(W, columns=16):
    """Draw each column of a first layer's weights, (784, units), as an image: red pushes up, blue pushes down.

    The stronger blue ones are dotted.
    """
    W = checks.floats("W", W)
    if W.ndim != 2 or len(W) != 28 * 28:
        raise ValueError(f"W has shape {W.shape}; expected (784, units), a first layer's weights.")
    limit = np.abs(W).max()
    axes = _grid(W.T, None, columns, cmap="RdBu_r", limits=(-limit, limit))
    for ax, image in zip(axes.flat, W.T):
        dot_below(ax, image.reshape(28, 28), limit)
    return axes


def dot_below(ax, image, limit):
    """Dot what lies clearly below zero in a picture from -limit to limit: its sign is told without colour, too."""
    dark = image < -limit / 2
    for where, color in ((image < -limit / 5) & ~dark, INK), (dark, "white"):
        rows, columns = np.nonzero(where)
        ax.plot(columns, rows, ".", color=color, markersize=1.2, markeredgewidth=0)


@in_style
def faces(images, columns=6):
    """Draw pictures of faces in a grid. images: (n, height, width), 0 for black, 255 for white. Returns the axes."""
    images = checks.floats("images", images)
    if images.ndim != 3:
        raise ValueError(f"images has shape {images.shape}; expected (n, height, width).")
    return _grid(images, None, columns, cmap="gray", limits=(0, 255), shape=images.shape[1:])


def _grid(images, titles, columns, cmap, limits=(None, None), shape=(28, 28)):
    images, columns = checks.floats("images", images), checks.count("columns", columns)
    if isinstance(titles, str) or not (titles is None or np.iterable(titles)):
        raise TypeError(f"titles must be a list, one for each image; got {checks.shown(titles)}.")
    if images.ndim not in (2, 3) or images[0].size != shape[0] * shape[1]:
        raise ValueError(f"images has shape {images.shape}; expected (n, 28, 28) or (n, 784).")
    images = images.reshape(len(images), *shape)
    rows = -(-len(images) // columns)
    columns = min(columns, len(images))
    height = rows * 6.4 / columns * (1.35 if titles is not None else 1.05)
    figure, axes = plt.subplots(rows, columns, figsize=(6.4, height), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for ax, image in zip(axes.flat, images):
        ax.imshow(image, cmap=cmap, vmin=limits[0], vmax=limits[1])
    for ax, title in zip(axes.flat, titles if titles is not None else ()):
        ax.set_title(str(title), fontsize=9, pad=2)
    return axes


@in_style
def confusion(counts, ax=None):
    """Draw a confusion matrix with its counts: a row for each true class, a column for each guessed one.

    counts: (classes, classes) whole numbers. The right guesses stand framed on the diagonal; the more often an error
    comes, the darker it is, and a dot stands for none.
    """
    counts = checks.floats("counts", counts)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError(f"counts has shape {counts.shape}; expected (classes, classes).")
    checks.finite("counts", counts)
    if (counts % 1).any() or counts.min() < 0:
        raise ValueError("counts must hold whole numbers of at least 0: how often each class was taken for each.")
    ax = _axes(ax, figsize=(5.6, 5.2))
    errors = counts * (1 - np.eye(len(counts)))
    ax.imshow(errors, cmap="Oranges", vmin=0, vmax=1.8 * max(errors.max(), 1))  # dark words stay readable
    for truth, guess in np.ndindex(counts.shape):
        text, right = f"{counts[truth, guess]:.0f}", truth == guess
        ax.text(
            guess,
            truth,
            text if counts[truth, guess] or right else "·",
            ha="center",
            va="center",
            fontweight="bold" if right else "normal",
            fontsize=10,
        )
        if right:
            ax.add_patch(Rectangle((guess - 0.46, truth - 0.46), 0.92, 0.92, fill=False, edgecolor=BLUE, linewidth=1.2))
    ax.set(xlabel="guess", ylabel="truth", xticks=range(len(counts)), yticks=range(len(counts)))
    ax.tick_params(length=0)
    return ax


@in_style
def scenes(made, found=(), columns=3):
    """Draw scenes of `detection.scenes` side by side: dashed the true boxes, solid those that a detector found.

    made: pairs of picture and truth. found: for each scene rows of class, box and probability, as `Detector.find` gives
    them, labelled where they are few; without, each true box has its digit written beside it. Returns the axes, one for
    each scene.
    """
    made = checked_scenes(made)
    if not isinstance(found, list | tuple) or len(found) not in (0, len(made)):
        raise ValueError(f"found must be a list with the rows that Detector.find gives for each of {len(made)} scenes.")
    found, columns = [checks.rows("found", one, 6) for one in found], checks.count("columns", columns)
    for one in found:
        checks.finite("found", one.astype(float))
    rows, columns = -(-len(made) // columns), min(columns, len(made))
    side = 6.4 / max(columns, 2)
    axes = plt.subplots(rows, columns, figsize=(side * columns, side * rows), squeeze=False)[1].ravel()
    for ax in axes:
        ax.axis("off")
    for k, (ax, (picture, truth)) in enumerate(zip(axes, made)):
        ax.imshow(picture, vmin=0, vmax=1)
        ax.axis("on")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set(visible=True, linewidth=0.5)
        for label, *box in truth:
            ax.add_patch(_box(box, color=VERMILLION, linestyle=(0, (4, 2)), linewidth=1.6))
            if not len(found):
                Label(ax, f"{label:.0f}", _corners(box), **WORDS, color=VERMILLION, fontsize=11, fontweight="bold")
        for label, *box, sure in found[k] if len(found) else ():
            ax.add_patch(_box(box, color=BLUE, linewidth=1.4))
            if len(found[k]) <= LABELS:
                Label(ax, f"{label:.0f}: {sure:.2f}", _corners(box), **WORDS, color=BLUE, fontsize=9)
    return axes[: len(made)]


def _words(name, words):
    """Return words as a list, or say in a sentence that they are none."""
    if isinstance(words, str) or not np.iterable(words):
        raise TypeError(f"{name} must be a list of words; got {checks.shown(words)}.")
    words = list(words)
    if not words or not all(isinstance(word, str) for word in words):
        raise TypeError(f"{name} must hold words, at least one; got {checks.shown(words)}.")
    return words


def _corners(box):
    """Return the corners of a box's frame: its pixels are squares around whole numbers."""
    top, left, bottom, right = box
    return [(left - 0.5, top - 0.5), (right - 0.5, bottom - 0.5)]


def _box(box, **style):
    """Return the frame of a box."""
    corner, (right, bottom) = _corners(box)
    return Rectangle(corner, right - corner[0], bottom - corner[1], fill=False, **style)


@in_style
def embedding(planes, vocabulary, named):
    """Draw a point for each word's row of two numbers, a panel for each of the planes, with some words written.

    planes: {title: array (words, 2)}. vocabulary: the words, one for each row. named: those that are written.
    """
    vocabulary, named = _words("vocabulary", vocabulary), _words("named", named)
    if not isinstance(planes, dict) or not planes:
        raise TypeError(f"planes must be a dict, an array for each title; got {checks.shown(planes)}.")
    for title, E in planes.items():
        E = checks.floats(f"planes[{title!r}]", E)
        if E.shape != (len(vocabulary), 2):
            raise ValueError(
                f"planes[{title!r}] has shape {E.shape}; expected ({len(vocabulary)}, 2), a row for a word."
            )
        checks.finite(f"planes[{title!r}]", E)
    if missing := [word for word in named if word not in vocabulary]:
        raise ValueError(f"named holds {missing[0]!r}, which is not in the vocabulary.")
    _, axes = plt.subplots(1, len(planes), figsize=(4.6 * len(planes), 4.4), squeeze=False)
    for ax, (title, E) in zip(axes.flat, planes.items()):
        ax.scatter(*E.T, s=4, color=GREY, alpha=0.6)
        limit = 1.15 * np.abs(E).max()
        for word in named:
            x, y = E[vocabulary.index(word)]
            ax.plot(x, y, "o", color=BLUE, markersize=5)
            right = x > 0.45 * limit  # written towards the middle
            shift, side = ((-6, 4), "right") if right else ((6, -10), "left")
            ax.annotate(word, (x, y), shift, textcoords="offset points", ha=side, fontsize=10, color=BLUE, bbox=HALO)
        ax.set(title=title, xlim=(-limit, limit), ylim=(-limit, limit), xlabel="first number", ylabel="second number")
        ax.set_aspect("equal")
    return axes


@in_style
def attention(weights, said, source, ax=None):
    """Draw how much each word of a source counts (a column each) for each word that is said (a row each).

    weights: (words said, words of the source), every row adding up to 1. The larger a weight, the darker it is; the
    largest of each row stands bold in a frame, and a weight below 0.05 is a dot.
    """
    weights, said, source = checks.floats("weights", weights), _words("said", said), _words("source", source)
    if weights.shape != (len(said), len(source)):
        raise ValueError(f"weights has shape {weights.shape}; expected ({len(said)}, {len(source)}).")
    checks.finite("weights", weights)
    ax = _axes(ax, figsize=(6.4, 0.9 + 0.45 * len(said)))
    ax.imshow(weights, cmap="Blues", vmin=0, vmax=1.8, aspect="auto")  # dark words stay readable
    for (row, column), weight in np.ndenumerate(weights):
        most = column == weights[row].argmax()
        text = f"{weight:.2f}" if weight >= 0.05 else "·"
        ax.text(column, row, text, ha="center", va="center", fontweight="bold" if most else "normal", fontsize=10)
        if most:
            ax.add_patch(Rectangle((column - 0.47, row - 0.44), 0.94, 0.88, fill=False, edgecolor=BLUE, linewidth=1.2))
    ax.set_xticks(range(len(source)), source)
    ax.set_yticks(range(len(said)), said)
    ax.set(xlabel="looks at", ylabel="says")
    return ax


BENDS = {"relu": "ReLU", "leaky_relu": "leaky ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}  # of activation


@in_style
def network(sizes, ax=None):
    """Draw the layers of a network with the shape of W and b written under every arrow.

    sizes: the numbers of inputs, of units in each hidden layer, and of classes; or an `MLP`.
    """
    bend = BENDS.get(getattr(sizes, "activation", "relu"), "bend")
    sizes, ax = checks.counts("sizes", getattr(sizes, "sizes", sizes), fewest=2), _axes(ax, figsize=(6.4, 3.2))
    names = ["inputs", *[bend] * (len(sizes) - 2), "softmax"]
    for l, (size, name) in enumerate(zip(sizes, names)):
        drawn = min(size, 5)
        heights = np.linspace(-(drawn - 1) / 2, (drawn - 1) / 2, drawn)
        for height in heights if drawn == size else np.delete(heights, 2):
            ax.add_patch(Circle((3 * l, height), 0.3, facecolor="white", edgecolor=BLUE, linewidth=1.5))
        if drawn < size:
            ax.text(3 * l, 0, "⋮", ha="center", va="center", fontsize=16)
        ax.text(3 * l, 3.0, f"{size}\n{name}", ha="center", va="center")
        if l:
            style = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.5}
            ax.annotate("", (3 * l - 0.5, 0), (3 * l - 2.5, 0), arrowprops=style)
            shapes = f"W{l} ({sizes[l - 1]}, {size})\nb{l} ({size},)"
            ax.text(3 * l - 1.5, -0.35, shapes, ha="center", va="top", fontsize=9)
    ax.set(xlim=(-0.8, 3 * len(sizes) - 2.2), ylim=(-2.8, 3.6), aspect="equal")
    ax.axis("off")
    return ax


def _axes(ax, **new):
    """Return the axes to draw on: those given, or those of a new figure."""
    if ax is None:
        return plt.subplots(**new)[1]
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be one axes, such as plt.subplots()[1]; got {checks.shown(ax)}.")
    return ax


def drawable(values):
    """Return the values with a gap for each that is not finite, or too large for an axis of Matplotlib's."""
    return np.where(np.abs(values) < 1e300, values, np.nan)


def _scale(ax, log):
    """Make the axis of the losses logarithmic, if it is wanted and one of them can stand on it."""
    if checks.flag("log", log) and any((np.asarray(line.get_ydata()) > 0).any() for line in ax.lines):
        ax.set_yscale("log")


def _place(name, value):
    """Return two finite numbers, such as a point in the plane, as an array."""
    value = checks.floats(name, value)
    if value.shape != (2,):
        raise ValueError(f"{name} has shape {value.shape}; expected (2,), a number for each direction.")
    checks.finite(name, value)
    return value


def _steps(name, value, total):
    """Return a list of steps of a run, refusing those that it hasn't; -1 is the last."""
    if not np.iterable(value):
        raise TypeError(f"{name} must be a list of steps, such as [0, 5]; got {checks.shown(value)}.")
    steps = [checks.count(name, step, least=-total) for step in value]
    if any(step >= total for step in steps):
        raise ValueError(f"{name} holds step {max(steps)}, but the run ends with step {total - 1}.")
    return steps


def _takes(function, dimensions):
    if not isinstance(function, Function) or function.dimensions != dimensions:
        asked = "curve draws one of functions.curves" if dimensions == 1 else "contour draws one of functions.surfaces"
        raise TypeError(f"{asked}; got {checks.shown(getattr(function, 'name', function))}.")


def _path(path, n):
    path = checks.floats("path", path)
    if path.ndim != 2 or path.shape[1] != n:
        raise ValueError(f"path has shape {path.shape}; expected (steps + 1, {n}), as descend returns it.")
    return np.asarray(path)


def _steps_inside(points, function):
    """Return how many points come before the run first leaves the drawn part."""
    outside = ~function.inside(points)
    return int(np.argmax(outside)) if outside.any() else len(points)


def _name_start(ax, point):
    """Write "start" beside a point, once."""
    if any(text.get_text() == "start" and np.array_equal(text.xy, point) for text in ax.texts):
        return  # another run began there
    Label(ax, "start", point, bbox=HALO)


def _mark_ends(ax, seen, total, run):
    """Name the start, and say where a run leaves the picture, in its colour and with its label, if it has one."""
    if len(seen):
        _name_start(ax, seen[0])
    if len(seen) < total:
        name = "" if run.get_label().startswith("_") else f"{run.get_label()}:\n"
        text = f"{name}step {len(seen)} leaves the picture"
        last = seen[-1] if len(seen) else ax.transLimits.inverted().transform((0.5, 0.9))
        Label(ax, text, last, color=run.get_color(), fontsize=10, bbox=HALO)
