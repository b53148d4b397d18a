"""`find`: a digit that the reader moves over a picture, and what a detector finds there."""

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, detection, plots
from gdcourse.widgets.figure import Figure, module

THRESHOLDS = (0.05, 0.99)  # of the slider
NAMED = 5  # other boxes that are told one by one
NEAR = 0.1  # overlap with the moved digit from which a box is about it


def find(detector, scene, image, *, threshold=0.5):
    """Return a live figure in which the reader moves a digit over a picture; end the cell with it.

    detector: a trained `detection.Detector`. scene: the picture and its truth, of `detection.scenes`. image: the digit
    to be moved, (14, 14) floats. threshold: how sure the detector must be of a box.
    """
    if not callable(getattr(detector, "slide", None)) or isinstance(detector, type):
        raise TypeError(f"detector must be a trained detection.Detector; got {checks.shown(detector)}.")
    if not isinstance(scene, list | tuple) or len(scene) != 2 or np.shape(scene[0]) != (detection.SIDE,) * 2:
        raise TypeError("scene must be a pair of picture and truth, such as detection.scenes(images, labels, 1)[0].")
    image = checks.floats("image", image)
    if image.shape != (14, 14):
        raise ValueError(f"image must be a digit at half size, (14, 14); got shape {image.shape}.")
    if not (image > detection.INK).any():
        raise ValueError(
            f"image holds no ink: no pixel is above {detection.INK:g}. Fractions from 0 to 1 are expected."
        )
    threshold = checks.number("threshold", threshold, least=THRESHOLDS[0], most=THRESHOLDS[1])
    return Finder(detector, scene, image, threshold)


class Finder(Figure):
    """A picture with a digit to move, made by `find`."""

    _esm = module("finding.js")
    _chosen = ("_state",)

    def __init__(self, detector, scene, image, threshold):
        self._detector, self._image = detector, image
        self._picture, self._truth = np.asarray(scene[0], float), np.asarray(scene[1], float)
        self._box = detection.boxes_of(image[None])[0].tolist()
        top, left, bottom, right = self._box
        side = detection.SIDE
        self._limits = (-top, -left, side - bottom, side - right)  # of the image's corner: its ink stays inside
        self._state = {**self._free(), "threshold": threshold, "suppress": True}
        what = "A picture with digits, bits of strokes and one digit to be moved; boxes that a detector finds."
        what += "".join(f" A true {label:.0f} is {_place(box)}." for label, *box in self._truth)
        super().__init__(
            scene={"name": "Find the digit", "text": what, "side": side, "thresholds": THRESHOLDS, "box": self._box},
            answer={},
        )
        self.answer = {**self._answer(), "number": 0}

    def _free(self):
        """Return the place of the image with the least ink under its box, the nearest one to the middle."""
        side, (top, left, bottom, right) = detection.SIDE, self._box
        places = np.indices((side - 13, side - 13)).reshape(2, -1).T
        ink = [self._picture[row + top : row + bottom, column + left : column + right].sum() for row, column in places]
        order = np.lexsort((np.abs(places - (side - 14) / 2).sum(axis=1), np.round(ink, 6)))
        return dict(zip(("top", "left"), places[order[0]].tolist()))

    def answered(self, question):
        """Return the picture and the boxes for the digit at another place, with another threshold."""
        asked = {name: question.get(name, value) for name, value in self._state.items()}
        place = [checks.count(name, asked[name], least=-detection.SIDE) for name in ("top", "left")]
        low, high = np.array(self._limits[:2]), np.array(self._limits[2:])
        asked["top"], asked["left"] = np.clip(place, low, high).tolist()
        asked["threshold"] = checks.number("sure by", asked["threshold"], least=THRESHOLDS[0], most=THRESHOLDS[1])
        asked["suppress"] = checks.flag("suppress", asked["suppress"])
        self._state = asked
        return self._answer()

    def _answer(self):
        top, left = self._state["top"], self._state["left"]
        self._shown = self._picture.copy()
        own = detection.put(self._shown, self._image, self._box, top, left)
        found = self._detector.slide(self._shown)
        found = found[found[:, 5] >= self._state["threshold"]]
        overlap = 0.3 if self._state["suppress"] else 1.0
        self._found = found[detection.non_maximum_suppression(found[:, 1:5], found[:, 5], overlap)]
        overlaps = [detection.intersection_over_union(own, box) for box in self._found[:, 1:5]]
        self._own = own
        return {
            **self._state,
            "picture": np.rint(255 * self._shown).astype(np.uint8).tobytes(),
            "own": own,
            "others": self._truth[:, 1:].tolist(),
            "found": [[int(label), *np.round(box, 2).tolist(), round(sure, 3)] for label, *box, sure in self._found],
            "words": in_words(self._found, np.array(overlaps), own, self._state["threshold"]),
            "trouble": "",
        }

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['words']}" if self.answer else "Find the digit"

    @plots.in_style
    def drawn(self):
        """Return the picture with its boxes as a Matplotlib figure, and the text that says what it shows."""
        truth = np.vstack([self._truth, [np.nan, *self._own]])
        (ax,) = plots.scenes([(self._shown, truth)], [self._found])
        ax.patches[len(self._truth)].set_linewidth(3)
        ax.set_title("dashed: true, thick: yours; solid: found", fontsize=9)
        return plt.gcf(), repr(self)


def in_words(found, overlaps, own, threshold):
    """Return what was found of the moved digit, and the other boxes, on a line of their own."""
    told = [f"The digit's box begins at row {own[0]}, column {own[1]}, counted from 0."]
    about = overlaps >= NEAR if len(overlaps) else np.zeros(0, bool)
    others = found
    if about.any():
        best = int(np.argmax(np.where(about, overlaps, -1)))
        label, sure = found[best, 0], found[best, 5]
        others = np.delete(found, best, axis=0)
        told.append(
            f"The box nearest to it says {label:.0f}, sure by {sure:.2f}; they overlap by {overlaps[best]:.2f}."
        )
    else:
        told.append(f"No box surer than {threshold:.2f} lies on it.")
    named = [f"{label:.0f}, sure by {sure:.2f}, {_place(box)}" for label, *box, sure in others[:NAMED]]
    more = [f"and {len(others) - NAMED} more"] if len(others) > NAMED else []
    listed = f" ({'; '.join(named + more)})" if named else ""
    return f"{' '.join(told)}\nOther boxes: {len(others)}{listed}."


def _place(box):
    """Return the rows and the columns that a box covers, in words."""
    top, left, bottom, right = np.rint(box).astype(int)
    return f"in rows {top} to {bottom - 1}, columns {left} to {right - 1}"
