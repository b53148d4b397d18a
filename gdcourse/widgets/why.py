"""`why`: what each pixel of a digit adds to the scores of two classes; rub ink out, and the verdict follows."""

import inspect

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots
from gdcourse.losses import log_softmax
from gdcourse.widgets import drawing
from gdcourse.widgets.drawing import in_article
from gdcourse.widgets.figure import HERE, Figure, module

SIDE, CLASSES = drawing.SIDE, 10
CELL = drawing.PAD // SIDE  # units of the pad for a pixel
RUBBER = 3  # pixels across the eraser, and across the spot that decides most
MOST_IMAGES = 40


def why(net, images, labels):
    """Return a live figure of what the pixels of a digit add to two scores; end the cell with it.

    The reader takes one of the images or draws a digit, compares two classes, and rubs ink out.

    net: one layer from 784 pixels to ten digits, such as MLP((784, 10)): its `W[0]` and `b[0]` are read at each answer.
    images: (n, 784) or (n, 28, 28) fractions, 1 for ink, the first one shown. labels: (n,), the digits they are.
    """
    if inspect.isclass(net) or not all(hasattr(net, name) for name in ("W", "b")) or len(net.W) != 1:
        raise TypeError(f"net must be a network of one layer with W and b, such as MLP((784, 10)); got {net!r:.60}.")
    images = checks.floats("images", images)
    if images.shape[1:] not in [(SIDE * SIDE,), (SIDE, SIDE)] or len(images) > MOST_IMAGES:
        raise ValueError(f"images has shape {images.shape}; expected (n, 784), n at most {MOST_IMAGES}.")
    checks.finite("images", images)
    if images.min() < 0 or images.max() > 1:
        raise ValueError("images must hold fractions from 0 to 1; for pixels, X / 255.")
    if np.shape(labels) != (len(images),):
        raise ValueError(f"labels has shape {np.shape(labels)}; expected {(len(images),)}: a label for each of images.")
    labels = checks.labels("labels", labels, len(images), CLASSES)
    return Why(net, np.rint(255 * images).astype(np.uint8).reshape(-1, SIDE, SIDE), labels.tolist())


def layer_of(net):
    """Return W, (784, 10), and b, (10,), of the reader's layer as floats."""
    W, b = (checks.floats(f"net.{name}[0]", part[0]).astype(float) for name, part in (("W", net.W), ("b", net.b)))
    for name, part, shape in ("W", W, (SIDE * SIDE, CLASSES)), ("b", b, (CLASSES,)):
        if part.shape != shape:
            raise ValueError(f"net.{name}[0] has shape {part.shape}; expected {shape}: ten digits from 784 pixels.")
        checks.finite(f"net.{name}[0]", part)
    return W, b


class Why(Figure):
    """A picture of a digit that can be rubbed out, with what its pixels say for two classes. Made by `why`."""

    _esm = module("pad.js", "why.js")
    _css = Figure._css + (HERE / "why.css").read_text(encoding="utf-8")
    _chosen = "_which", "_strokes", "_rubs", "_pair"

    def __init__(self, net, images, labels):
        self._net, self._images, self._labels = net, images, labels
        self._which, self._strokes, self._rubs, self._pair = 0, [], [], None
        answer = self._answer()  # a fault of the layer is then the cell's
        W, b = layer_of(net)
        guesses = (images.reshape(len(images), -1) / 255 @ W + b).argmax(axis=1)
        super().__init__(
            scene={
                "name": "Why this digit?",
                "text": "What each pixel of a digit adds to the scores of two classes, its ink times its weight.",
                **drawing.PADS,
                "rubber": RUBBER,
                "labels": [
                    f"image {i}: {in_article(label)}, read {'rightly' if guess == label else f'as {in_article(guess)}'}"
                    for i, (label, guess) in enumerate(zip(labels, guesses))
                ],
            },
            answer={**answer, "number": 0},
        )

    def answered(self, question):
        """Read an image or the strokes, with what is rubbed out of them, and compare two classes."""
        which = question.get("which", self._which)
        if which is not None and checks.count("which", which, least=0) >= len(self._images):
            raise ValueError(f"which must be below {len(self._images)}; got {which}.")
        pair = question.get("pair", self._pair)
        if pair is not None:
            pair = tuple(checks.count("a class", digit, least=0) for digit in pair)
            if len(pair) != 2 or max(pair) >= CLASSES:
                raise ValueError(f"pair must be two digits from 0 to 9; got {checks.shown(pair)}.")
            if pair[0] == pair[1]:
                raise ValueError("choose two different digits to compare.")
        self._which, self._pair = which, pair
        if "strokes" in question:
            self._strokes = drawing.strokes_in(question["strokes"])
        if "rubs" in question:
            self._rubs = drawing.strokes_in(question["rubs"])
        return self._answer()

    def _picture(self):
        """Return the picture as it is before anything is rubbed out, uint8 (28, 28)."""
        if self._which is not None:
            return self._images[self._which]
        return drawing.centred(drawing.ink(self._strokes)) if self._strokes else np.zeros((SIDE, SIDE), np.uint8)

    def _answer(self):
        W, b = layer_of(self._net)
        before = self._picture()
        picture = np.where(rubbed(self._rubs), 0, before).astype(np.uint8)
        pair = self._pair or self._compared(before.ravel() / 255 @ W + b)
        ink = picture.ravel() / 255
        scores, maps = ink @ W + b, ink * W.T[list(pair)]
        p = np.exp(log_softmax(scores[None].copy())[0])
        ahead = int(scores[pair[1]] > scores[pair[0]])
        spot, lead = deciding((maps[ahead] - maps[1 - ahead]).reshape(SIDE, SIDE))
        most = float(np.abs(maps).max())
        self._shown = picture, pair, maps, most, spot
        rows = [
            {"digit": digit, "for": float(adds[adds > 0].sum()), "against": float(adds[adds < 0].sum()),
             "bias": float(b[digit]), "score": float(scores[digit]), "probability": float(p[digit])}
            for digit, adds in zip(pair, maps)
        ]  # fmt: skip
        return {
            "which": self._which,
            "strokes": drawing.packed(self._strokes),
            "rubs": drawing.packed(self._rubs),
            "picture": picture.tobytes(),
            "pair": list(pair),
            "chosen": self._pair is not None,
            "maps": np.rint(127 * maps / (most or 1)).astype(np.int8).tobytes(),
            "rows": rows,
            "read": int(scores.argmax()),
            "spot": spot if lead > 0 else None,
            "words": self._words(before, picture, rows, scores, p, spot, lead, ahead),
            "trouble": "",
        }

    def _compared(self, scores):
        """Return the guess and the truth; where they are one, or nobody knows the truth, the guess and the next one."""
        guess, second = np.argsort(-scores, kind="stable")[:2].tolist()
        truth = self._labels[self._which] if self._which is not None else guess
        return guess, second if truth == guess else truth

    def _words(self, before, picture, rows, scores, p, spot, lead, ahead):
        """Return what is read, how both scores add up, and where the lead comes from."""
        if not before.any() and self._which is not None:
            return f"Image {self._which} holds no ink: each score is its bias."
        if not before.any():
            return "Draw a digit: the layer reads it as you draw. Without ink each score is its bias."
        read = int(scores.argmax())
        about = "Your drawing" if self._which is None else f"{drawing.article(self._labels[self._which])}"
        gone = int(np.count_nonzero(before) - np.count_nonzero(picture))
        without = f", without {gone} of its {np.count_nonzero(before)} pixels of ink," if gone else ""
        told = [f"{about}{without} is read as {in_article(read)} (probability {p[read]:.2f})."]
        for row in rows:
            told.append(
                f"Score of {row['digit']}: orange pixels {signed(row['for'])}, blue pixels {signed(row['against'])}, "
                f"b {signed(row['bias'])}, together {signed(row['score'])}."
            )
        told.append("(All numbers are rounded.)")
        first, other = rows[ahead]["digit"], rows[1 - ahead]["digit"]
        ahead_by = rows[ahead]["score"] - rows[1 - ahead]["score"]
        where = f"rows {spot[0]} to {spot[0] + RUBBER - 1}, columns {spot[1]} to {spot[1] + RUBBER - 1}"
        if lead > 0:
            verdict = "more than the whole lead." if lead > ahead_by else "but not the whole lead."
            told.append(
                f"{first} is {ahead_by:.2f} ahead of {other}. The spot that does most for it, framed, "
                f"is in {where}, counted from 0: {signed(lead)}, {verdict}"
            )
        return "\n".join([told[0], " ".join(told[1:4]), *told[4:]])

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['words']}" if self.answer else "Why"

    @plots.in_style
    def drawn(self):
        """Return the picture and both maps as a Matplotlib figure, and the text that says what it shows."""
        picture, pair, maps, most, spot = self._shown
        figure, axes = plt.subplots(1, 3, figsize=(9, 3.6))
        axes[0].imshow(picture, cmap="gray_r", vmin=0, vmax=255)
        axes[0].set_title(f"read as {in_article(self.answer['read'])}")
        for ax, row, adds in zip(axes[1:], self.answer["rows"], maps):
            ax.imshow(picture, cmap="gray_r", vmin=0, vmax=1500)
            limit, rows, columns = most or 1, *np.divmod(np.arange(SIDE * SIDE), SIDE)
            for sign, mark, color in (1, "+", plots.VERMILLION), (-1, "_", plots.BLUE):
                here = sign * adds > 0
                sizes = 36 * np.abs(adds[here]) / limit
                ax.scatter(columns[here], rows[here], s=sizes, marker=mark, color=color, linewidth=1.6)
            parts = " ".join(signed(row[name]) for name in ("for", "against", "bias"))
            ax.set(title=f"score of {row['digit']}: {parts} = {signed(row['score'])}")
            ax.title.set_fontsize(9)
        for ax in axes:
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(True)
            if self.answer["spot"]:
                corner = (spot[1] - 0.5, spot[0] - 0.5)
                ax.add_patch(plt.Rectangle(corner, RUBBER, RUBBER, fill=False, edgecolor=plots.INK, linestyle="--"))
        return figure, repr(self)


def rubbed(rubs):
    """Return which pixels the eraser has gone over, (28, 28), for strokes in units of the pad."""
    gone = np.zeros((SIDE, SIDE), bool)
    for stroke in rubs:
        places = [stroke[:1]]
        for start, end in zip(stroke, stroke[1:]):  # in steps of less than a pixel
            steps = int(np.ceil(np.abs(end - start).max() / (CELL / 2))) or 1
            places.append(start + (end - start) * np.arange(1, steps + 1)[:, None] / steps)
        for column, row in np.minimum(np.concatenate(places) // CELL, SIDE - 1).astype(int):
            gone[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2] = True
    return gone


def deciding(lead):
    """Return the corner [row, column] of the spot of 3 x 3 pixels that adds most to a lead (28, 28), and how much."""
    sums = np.lib.stride_tricks.sliding_window_view(lead, (RUBBER, RUBBER)).sum(axis=(2, 3))
    row, column = np.unravel_index(sums.argmax(), sums.shape)
    return [int(row), int(column)], float(sums[row, column])


def signed(x):
    """Return a number with its sign and two decimals."""
    return f"{round(x, 2) + 0.0:+.2f}".replace("-", "−")
