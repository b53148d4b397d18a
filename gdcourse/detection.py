"""Digits somewhere on a picture: a network that says which and where, boxes, their overlap, and pictures to try it on.

A box is (top, left, bottom, right), in pixels: the rows from top to bottom - 1, the columns from left to right - 1.
"""

import numpy as np

from gdcourse import checks
from gdcourse.convolution import ConvNet, windows
from gdcourse.losses import cross_entropy, log_softmax

NOTHING = 10  # the class of a window without a digit
WINDOW, STRIDES = 16, 2  # pixels: what the detector sees at once, and how far it goes on
SIDE, MOST, CLUTTER = 40, 3, 8  # of a scene: its pixels, the most digits and the bits of strokes
INK = 0.2  # a pixel darker than that belongs to the digit
APART, SHIFT, BIT = 12, 2, 5  # pixels: between digits, a digit off the middle of its window, the side of a bit


class Detector(ConvNet):
    """Which digit is in a window of 16 × 16 pixels, or none, and where: eleven scores, then the box.

    The loss is class + box_weight · box: the cross-entropy of the class, and the squared errors of the box as shares
    of the window, summed over the four numbers; where there is no digit the box doesn't count. Both are means over the
    windows. y: (n, 5), the class and the box of each window, as `cut` gives them.
    """

    def __init__(self, box_weight=3.0, filters=16, seed=0):
        super().__init__((WINDOW, WINDOW), filters, outputs=NOTHING + 1 + 4, seed=seed)
        self.box_weight = checks.number("box_weight", box_weight, least=0)

    def _loss(self, z, y):
        labels, there = y[:, 0].astype(int), y[:, :1] < NOTHING
        loss, of_class, right = cross_entropy(z[:, : NOTHING + 1], labels)
        errors = (z[:, NOTHING + 1 :] - y[:, 1:]) * there
        loss += self.box_weight * float(np.sum(errors**2)) / len(y)
        return loss, np.hstack([of_class, 2 * self.box_weight * errors / len(y)]), right

    @checks.arithmetic
    def predict(self, X):
        """Return the probabilities of the eleven classes, (n, 11), and the boxes as shares of the window, (n, 4)."""
        z = self.forward(X)
        return np.exp(log_softmax(z[:, : NOTHING + 1])), z[:, NOTHING + 1 :]

    @checks.arithmetic
    def slide(self, picture):
        """Return class, box in the picture and probability for each window, row by row: (n, 6).

        picture: (height, width) floats, at least as large as a window.
        """
        picture = checks.floats("picture", picture)
        if picture.ndim != 2 or min(picture.shape) < WINDOW:
            raise ValueError(f"picture has shape {picture.shape}; expected (height, width), each at least {WINDOW}.")
        checks.finite("picture", picture)
        seen = windows(picture[None], WINDOW, STRIDES)[0]
        p, shares = self.predict(seen.reshape(-1, WINDOW, WINDOW))
        corners = STRIDES * np.stack(np.indices(seen.shape[:2]), axis=-1).reshape(-1, 2)
        boxes = WINDOW * shares + np.tile(corners, 2)
        digits = p[:, :NOTHING]
        return np.column_stack([digits.argmax(axis=1), boxes, digits.max(axis=1)])

    def find(self, picture, threshold=0.8, overlap=0.3):
        """Return what `slide` is surer of than threshold, one for each digit: see `non_maximum_suppression`."""
        threshold, overlap = checks.number("threshold", threshold), checks.number("overlap", overlap)
        found = self.slide(picture)
        found = found[found[:, 5] >= threshold]
        return found[non_maximum_suppression(found[:, 1:5], found[:, 5], overlap)]

    def checked(self, X, y, of=""):
        """Return X and y in the dtype of w, or say in a sentence what is wrong with them."""
        X, y = self._checked_images(X, of), checks.floats(f"{of}y", y)
        if y.shape != (len(X), 5):
            raise ValueError(
                f"{of}y has shape {y.shape}; expected ({len(X)}, 5): the class and the box of each window."
            )
        checks.finite(f"{of}y", y)
        classes = y[:, 0]
        if (classes % 1).any():
            wrong = classes[classes % 1 != 0][0]
            raise ValueError(f"{of}y[:, 0] holds {wrong}; it must hold whole numbers, the classes 0 to {NOTHING}.")
        checks.labels(f"{of}y[:, 0]", classes.astype(int), len(X), NOTHING + 1)
        return X, y.astype(self.w.dtype, copy=False)


@checks.arithmetic
def intersection_over_union(a, b):
    """Return the common area of two boxes as a share of the area that they cover together; for arrays, of each pair."""
    a, b = checks.array("a", a).astype(float), checks.array("b", b).astype(float)
    corner, end = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    common = np.prod(np.maximum(end - corner, 0), axis=-1)
    areas = [np.prod(np.maximum(box[..., 2:] - box[..., :2], 0), axis=-1) for box in (a, b)]
    union = areas[0] + areas[1] - common
    return np.divide(common, union, out=np.zeros_like(union), where=union > 0)[()]


def non_maximum_suppression(boxes, scores, overlap=0.3):
    """Return the places of the boxes that stay: the surest, then each that overlaps none of those by more."""
    kept, boxes, scores = [], checks.array("boxes", boxes), checks.array("scores", scores)
    for i in np.argsort(-scores, kind="stable"):
        if not kept or intersection_over_union(boxes[i], boxes[kept]).max() <= overlap:
            kept.append(int(i))
    return kept


def hits(found, truth):
    """Return which rows of found have the class and, by half, the box of a digit that no surer one has taken.

    found: rows of `slide` or `find`. truth: (digits, 5), as `scenes` gives it.
    """
    found, truth = checks.rows("found", found, 6), checks.rows("truth", truth, 5)
    right, free = np.zeros(len(found), bool), list(range(len(truth)))
    for i in np.argsort(-found[:, 5], kind="stable"):
        fits = [intersection_over_union(found[i, 1:5], truth[k, 1:]) * (found[i, 0] == truth[k, 0]) for k in free]
        if fits and max(fits) >= 0.5:
            right[i] = True
            free.pop(int(np.argmax(fits)))
    return right


def half_size(images):
    """Return images of digits at half their size, (n, 14, 14) floats from 0 to 1. images: uint8, (n, 28, 28)."""
    images = checks.floats("images", images)
    if images.ndim != 3 or images.shape[1:] != (28, 28):
        raise ValueError(f"images has shape {images.shape}; expected (n, 28, 28).")
    return images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)) / 255


def boxes_of(images):
    """Return the box of each image's ink, (n, 4) whole numbers. images: (n, height, width) floats."""
    ink = images > INK
    rows, columns = ink.any(axis=2), ink.any(axis=1)
    first = [side.argmax(axis=1) for side in (rows, columns)]
    last = [side.shape[1] - side[:, ::-1].argmax(axis=1) for side in (rows, columns)]
    return np.stack([*first, *last], axis=1)


def scenes(images, labels, count, seed=0):
    """Return so many scenes, pairs of picture and truth: one to three digits, with bits of strokes around them.

    images: digits at half size, (n, 14, 14); the digits of a scene are drawn from them. picture: (40, 40) floats.
    truth: (digits, 5), class and box of each.
    """
    images = checks.floats("images", images)
    if images.ndim != 3 or images.shape[1:] != (14, 14):
        raise ValueError(f"images has shape {images.shape}; expected (n, 14, 14), as half_size gives them.")
    checks.finite("images", images)
    labels = checks.labels("labels", labels, len(images), NOTHING)
    rng, boxes, made = checks.generator("seed", seed), boxes_of(images), []
    for number in range(checks.count("count", count)):
        picture, truth = np.zeros((SIDE, SIDE)), []
        for top, left in _corners(rng, 1 + number % MOST):
            k = int(rng.integers(len(images)))
            truth.append([int(labels[k]), *put(picture, images[k], boxes[k], top, left)])
        _clutter(picture, images, truth, rng)
        made.append((picture, np.array(truth, float)))
    return made


def checked_scenes(made):
    """Return scenes as pairs of arrays, or say in a sentence what is wrong with them."""
    if not isinstance(made, list | tuple) or not made or not all(np.iterable(one) and len(one) == 2 for one in made):
        raise TypeError("made must be a list of pairs of picture and truth, as detection.scenes gives them.")
    made = [(checks.floats("a picture", picture), checks.rows("truth", truth, 5)) for picture, truth in made]
    for _, truth in made:
        checks.finite("the boxes", truth[:, 1:].astype(float))
    if wrong := [picture.shape for picture, _ in made if picture.shape != (SIDE, SIDE)]:
        raise ValueError(f"a picture has shape {wrong[0]}; expected ({SIDE}, {SIDE}).")
    return made


def put(picture, image, box, top, left):
    """Draw the ink in the box of a digit into the picture, its corner at top, left; return its box there."""
    first, start, last, end = map(int, box)
    there = picture[top + first : top + last, left + start : left + end]
    np.maximum(there, image[first:last, start:end], out=there)
    return [top + first, left + start, top + last, left + end]


def _corners(rng, many):
    """Return where the images of so many digits begin, so that their ink hardly touches."""
    corners = []
    while len(corners) < many:
        top, left = rng.integers(0, SIDE - 14 + 1, 2).tolist()
        if all(max(abs(top - one), abs(left - other)) >= APART for one, other in corners):
            corners.append((top, left))
    return corners


def _clutter(picture, images, truth, rng):
    """Draw bits of digits into the picture where they touch none of its digits."""
    for _ in range(CLUTTER):
        k, row, column = int(rng.integers(len(images))), *rng.integers(2, 8, 2).tolist()
        for top, left in rng.integers(0, SIDE - BIT + 1, (20, 2)).tolist():
            if not any(a < top + BIT and top < c and b < left + BIT and left < d for _, a, b, c, d in truth):
                put(picture, images[k], (row, column, row + BIT, column + BIT), top - row, left - column)
                break


def cut(made, seed=0):
    """Return what a detector learns from: windows (n, 16, 16) cut from scenes, and class and box of each, (n, 5).

    One for each digit, which lies up to two and a half pixels off its middle, a pixel more at the picture's edge, and
    up to four for each scene without a digit at their middle. Boxes are shares of the window.
    """
    made, rng, X, y = checked_scenes(made), checks.generator("seed", seed), [], []
    last, half = SIDE - WINDOW, WINDOW // 2
    for picture, truth in made:
        middles = (truth[:, 1:3] + truth[:, 3:]) / 2 - half  # where the windows around them begin
        for (label, *box), middle in zip(truth, middles):
            corner = np.clip(middle.astype(int) + rng.integers(-SHIFT, SHIFT + 1, 2), 0, last)
            X.append(_window(picture, corner))
            y.append([label, *((box - np.tile(corner, 2)) / WINDOW)])
        corners = rng.integers(0, last + 1, (40, 2))
        away = np.abs(corners[:, None] - middles).max(axis=2).min(axis=1)
        for corner in corners[away > 2 * SHIFT][:4]:
            X.append(_window(picture, corner))
            y.append([NOTHING, 0, 0, 0, 0])
    return np.array(X), np.array(y, float)


def _window(picture, corner):
    return picture[corner[0] : corner[0] + WINDOW, corner[1] : corner[1] + WINDOW]
