"""`draw`: the reader draws a digit, and sees what a network sees and reads."""

import functools
import inspect
import math

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image, ImageDraw

from gdcourse import checks, datasets, plots
from gdcourse.widgets.figure import Figure, complaint, module

SIDE, BOX = 28, 20  # pixels across an image of MNIST, and across the box that its ink fits into
PEN = 2.5  # pixels: then drawings hold as much ink as MNIST's images, 13% of the field
PAD = 252  # units across the drawing pad, nine for each pixel; small enough for one byte
LIFT = 255  # in the bytes of a drawing: here a stroke ends
SMALLEST = PAD / 6  # a drawing smaller than this, such as a dot, is not drawn with a finer pen
FINE = 8  # how many times finer than MNIST's pixels the ink is drawn
MOST = 20_000  # numbers in a drawing
EXAMPLES = 5  # ready images of each digit
PADS = {"side": SIDE, "pad": PAD, "pen": PEN / SIDE, "lift": LIFT}  # what the browser's pad must know
TO_DO = "Draw a digit from 0 to 9, or press one of the ready digits; the network reads it as you draw."


def draw(model):
    """Return a live figure in which the reader draws a digit and the model reads it; end the cell with it.

    model: has `predict`, from one image as a row of 784 fractions, 0 for paper and 1 for ink, to ten probabilities:
    the course's MLP, or a Keras model, also one that takes the image in its own shape, such as (28, 28).
    """
    if not callable(getattr(model, "predict", None)) or inspect.isclass(model):
        raise TypeError(
            f"model must be a network with `predict`, such as MLP() or a Keras model; got {checks.shown(model)}."
        )
    return Drawing(model)


def ink(strokes):
    """Return the strokes as an image, uint8, 255 for ink: just their part of the paper, eight times MNIST's size.

    strokes: arrays (points, 2) of x and y. The pen is as wide as MNIST's beside the whole drawing, however large that
    is; so a small 3 and a large one give the same image.
    """
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    pen = FINE * PEN
    scale = FINE * (BOX - PEN) / max(*size, SMALLEST)
    image = Image.new("L", tuple(np.ceil(size * scale + pen).astype(int) + 1))
    pencil = ImageDraw.Draw(image)
    for stroke in strokes:
        places = (stroke - low) * scale + pen / 2
        pencil.line(places.ravel().tolist(), fill=255, width=round(pen))
        for place in places:  # round ends and corners
            pencil.ellipse([*(place - pen / 2), *(place + pen / 2)], fill=255)
    return np.asarray(image)


def centred(image):
    """Return an image of a digit as MNIST shows it, uint8 (28, 28): its ink in a box of 20 x 20, centred by its mass.

    image: (height, width), 0 for paper and 255 for ink. The box around the ink is scaled, its aspect ratio kept and
    its edges smoothed, so that its longer side has 20 pixels. Then it is placed where its centre of mass comes nearest
    to the middle of the field; but no ink is cut off.
    Source: Yann LeCun, Corinna Cortes and Christopher Burges, "The MNIST database of handwritten digits", the page of
    the data set. The rounding is read from the images: each has its centre of mass within half a pixel of [14, 14].
    """
    image = checks.array("image", image)
    if image.ndim != 2 or image.dtype != np.uint8:
        raise ValueError(f"image must be uint8 of two dimensions; got {image.dtype} of shape {image.shape}.")
    field = np.zeros((SIDE, SIDE), np.uint8)
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return field
    found = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    longer = max(found.shape)
    square = np.zeros((longer, longer), np.uint8)  # so that rounding to whole pixels never stretches the ink
    square[: found.shape[0], : found.shape[1]] = found
    box = np.asarray(Image.fromarray(square).resize((BOX, BOX), Image.Resampling.HAMMING))
    height, width = (math.ceil(BOX * side / longer) for side in found.shape)
    box = box[:height, :width]
    top, left = (_beginning(box.sum(axis=axis, dtype=float)) for axis in (1, 0))
    field[top : top + height, left : left + width] = box
    return field


def _beginning(mass):
    """Return where a row of masses begins if its centre is nearest to the middle of the field."""
    middle = SIDE / 2 - mass @ np.arange(len(mass)) / max(mass.sum(), 1)
    return int(np.clip(round(middle), 0, SIDE - len(mass)))


def probabilities(model, image):
    """Return the ten probabilities that the model gives to the digits. image: uint8 (28, 28), 255 for ink.

    Errors: ValueError if the model gives anything else; and whatever the model raises.
    """
    inputs = (image / 255).astype(np.float32).reshape(_inputs(model))
    quiet = {"verbose": 0} if "verbose" in _arguments(model.predict) else {}  # Keras would draw a bar of progress
    p = checks.floats("the model's answer", model.predict(inputs, **quiet))
    if p.shape != (1, 10):
        raise ValueError(f"the model's answer has shape {p.shape}; expected (1, 10), a probability for each digit.")
    checks.finite("the model's answer", p)
    if p.min() < -0.001 or abs(p.sum() - 1) > 0.01:
        raise ValueError(
            f"the model's ten numbers are no probabilities: they go from {p.min():.2f} to {p.max():.2f} and add up to "
            f"{p.sum():.2f}. Is softmax missing in its last layer?"
        )
    return p[0].astype(float)


def _inputs(model):
    """Return the shape in which the model takes one image: a row, unless it says that it takes 784 numbers else."""
    try:
        shape = tuple(int(size) for size in model.input_shape[1:])
    except (AttributeError, TypeError, ValueError):  # none, not built yet, several inputs, or of any size
        shape = ()
    return (1, *shape) if np.prod(shape) == SIDE * SIDE else (1, SIDE * SIDE)


def _arguments(function):
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):  # compiled code may not say
        return ()


@functools.cache
def examples():
    """Return a few of MNIST's test images for each digit, uint8 (10, 5, 28, 28)."""
    _, (x, y) = datasets.load_mnist()
    return np.array([x[y == digit][:EXAMPLES] for digit in range(10)])


class Drawing(Figure):
    """A pad to draw on, what the network sees of it, and what it reads. Made by `draw`."""

    _esm = module("pad.js", "drawing.js")

    def __init__(self, model):
        self._model = model
        self._turn = [-1] * 10  # which example of each digit was shown last
        super().__init__(
            scene={"name": "Draw a digit", "text": TO_DO, **PADS}, answer={**self._answer([]), "number": 0}
        )

    def answered(self, question):
        """Read the strokes, or the next example of a digit."""
        if "digit" in question:
            digit = checks.count("digit", question["digit"], least=0)
            if digit > 9:
                raise ValueError(f"digit must be 0 to 9; got {digit}.")
            self._turn[digit] = (self._turn[digit] + 1) % EXAMPLES
            return self._answer([], digit)
        return self._answer(strokes_in(question.get("strokes")))

    def _answer(self, strokes, digit=None):
        """Return what is drawn as the browser reads it: strokes, picture, probabilities, and all in words."""
        self._strokes, self._image, read, about, trouble = strokes, None, [], "", ""
        if digit is not None:
            which = self._turn[digit]
            self._image = examples()[digit, which]
            about = f"{article(digit)} from MNIST's test images ({which + 1} of {EXAMPLES}). "
        elif strokes:
            self._image = centred(ink(strokes))
        if self._image is not None:
            read, trouble = self._read(self._image)
        return {
            "strokes": packed(strokes),
            "picture": b"" if self._image is None else self._image.tobytes(),
            "probabilities": read,
            "text": TO_DO if self._image is None else about + in_words(read),
            "trouble": trouble,
        }

    def _read(self, image):
        """Return the ten probabilities, rounded; or none, and why."""
        try:
            return probabilities(self._model, image).round(3).tolist(), ""
        except Exception as error:
            return [], f"The network could not read it: {complaint(error)}"

    @plots.in_style
    def drawn(self):
        """Return what is drawn, or an example of a 3, with its probabilities, and the text that says so."""
        answer, image = self.answer, self._image
        read, text, trouble = (answer[name] for name in ("probabilities", "text", "trouble"))
        if image is None:
            image = examples()[3, 0]
            read, trouble = self._read(image)
            text = f"{TO_DO} For example a 3 from MNIST's test images: {in_words(read)}"
        names = ["drawing pad"] * bool(self._strokes) + ["what the network sees"]
        columns = [1] * len(names) + [1.2]
        figure, (*fields, bars) = plt.subplots(1, len(columns), figsize=(2.8 * sum(columns), 3.2), width_ratios=columns)
        for ax, name in zip(fields, names):
            ax.set(xlim=(0, PAD), ylim=(PAD, 0), xticks=[], yticks=[], aspect="equal", title=name)
            ax.spines[:].set_visible(True)
        for stroke in self._strokes:  # a line's width is in points, 72 an inch; a field is 2.6 inches wide
            line = {"color": plots.INK, "linestyle": "-", "linewidth": 72 * 2.6 * PEN / SIDE}
            fields[0].plot(*stroke.T, **line, solid_capstyle="round", solid_joinstyle="round")
        fields[-1].imshow(image, cmap="gray_r", vmin=0, vmax=255, extent=(0, PAD, PAD, 0))
        drawn = bars.barh(range(10), read or [0] * 10, color=plots.BLUE)
        if read:
            bars.bar_label(drawn, [f"{p:.2f}{' ◀' if p == max(read) else ''}" for p in read], padding=3)
        bars.set(xlim=(0, 1.25), ylim=(9.6, -0.6), yticks=range(10), xticks=[0, 0.5, 1], title="probabilities")
        return figure, f"{text} {trouble}".strip()


def strokes_in(sent):
    """Return the strokes that the browser sent as arrays (points, 2) inside the pad. sent: lists [x, y, x, y, …]."""
    if not isinstance(sent, list) or not all(isinstance(stroke, list) for stroke in sent):
        raise ValueError("strokes must be a list of lists [x, y, x, y, …].")
    if sum(map(len, sent)) > MOST:
        raise ValueError("the drawing has too many points. Clear the pad, then draw one digit.")
    strokes = [checks.floats("strokes", stroke) for stroke in sent if stroke]
    for stroke in strokes:
        checks.finite("strokes", stroke)
        if stroke.ndim != 1 or stroke.size % 2:
            raise ValueError("strokes must hold pairs x, y.")
    return [np.clip(stroke, 0, PAD).reshape(-1, 2) for stroke in strokes]


def packed(strokes):
    """Return strokes as the browser reads them: bytes x, y, x, y, …, and a mark where the pen is lifted."""
    return b"".join(bytes([*np.round(stroke).astype(np.uint8).ravel(), LIFT]) for stroke in strokes)


def article(digit):
    """Return a digit with its article, at the beginning of a sentence."""
    return f"{'An' if digit == 8 else 'A'} {digit}"


def in_article(digit):
    """Return a digit with its article, inside a sentence."""
    return article(digit).lower()


def in_words(read):
    """Return what the network reads, in a sentence. read: the ten probabilities, or none."""
    if not read:
        return "The network gives no probabilities."
    second, first = np.argsort(read, kind="stable")[-2:]
    then = f", then {second} ({read[second]:.2f})" if read[second] >= 0.005 else ""
    return f"The network reads {in_article(first)} (probability {read[first]:.2f}){then}."
