"""Words beside what they name in a picture: each is placed when the picture is drawn, where it covers least.

`freePlace` in widgets/paint.js does the same for the live figures.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform

GAPS = (2, 7, 14, 24, 36)  # points between a label and what it names
FAR_OFF = 12  # points: from here on a line leads from a label to what it names
LARGE = 20  # points: what is wider has labels along its edges, and none at its corners
STEP = 4  # points between the places of a line that are better not covered


class Label(Text):
    """Words beside a place, or a box, of an axes."""

    def __init__(self, ax, words, box, *, radius=5, towards=None, within=False, **style):
        """box: two corners [(x, y), (x, y)], or one place (x, y), in numbers of the axes; radius: points around it.

        towards: a direction that is better. within: the words stay in the box, at its middle if that is free.
        """
        self.corners = np.array([box, box] if np.ndim(box) == 1 else box, float)
        self.xy = tuple(self.corners.mean(axis=0).tolist())
        self.radius, self.towards, self.within = radius, towards, within
        super().__init__(0, 0, words, transform=IdentityTransform(), ha="left", va="bottom", **style)
        self.set_figure(ax.figure)
        self.set_in_layout(False)  # the layout is there before the words are placed
        self.set_zorder(5)
        ax._add_text(self)

    def box(self):
        """Return what is named, in pixels."""
        scale = self.figure.dpi / 72
        corners = self.axes.transData.transform(self.corners)
        corners = np.clip(corners, self.axes.bbox.min, self.axes.bbox.max)
        pad = 0 if self.within else self.radius * scale
        return Bbox([corners.min(axis=0) - pad, corners.max(axis=0) + pad])

    def draw(self, renderer):
        """Place the words, and draw them; those without room are left out."""
        size = self.get_window_extent(renderer).size + 2  # with their halo
        scale = self.figure.dpi / 72
        before = [one for one in self.axes.texts[: self.axes.texts.index(self)] if one.get_visible()]
        taken = [one.get_window_extent(renderer) for one in before if one.get_text()]
        if legend := self.axes.get_legend():
            taken.append(legend.get_window_extent(renderer))
        others = [one.box() for one in self.axes.texts if isinstance(one, Label) and one is not self]
        box, frame = self.box(), self.axes.bbox
        if self.within:
            box, frame = Bbox([box.get_points().mean(axis=0)] * 2), box
        place = free_place(box, size, frame, taken, inked(self.axes, scale), others, scale, self.towards)
        if place is None:
            return
        self.set_position(place + 1)
        label = Bbox.from_bounds(*place, *size)
        if not self.within and distance(label, box) > FAR_OFF * scale:
            self._lead(renderer, label, box)
        super().draw(renderer)

    def _lead(self, renderer, label, box):
        """Draw a line from the label to what it names."""
        end = np.clip(box.get_points().mean(axis=0), label.min, label.max)
        aim = np.clip(end, box.min, box.max)
        line = Line2D(*np.transpose([end, aim]), color=self.get_color(), linestyle="-", linewidth=0.8, marker="")
        line.set_figure(self.figure)
        line.draw(renderer)


def distance(one, other):
    """Return how far two boxes are from each other, 0 if they meet."""
    return np.hypot(*np.maximum(0, np.maximum(one.min - other.max, other.min - one.max)))


def inked(ax, scale):
    """Return places of an axes, in pixels, that are better not covered: rows of x, y and how much better."""
    rows = [np.empty((0, 3))]
    for line in ax.lines:
        points = line.get_path().interpolated(1).vertices
        points = line.get_transform().transform(points[np.isfinite(points).all(axis=1)])
        if line.get_linestyle() not in ("None", " ", "") and len(points) > 1:
            rows.append(_weighed(_along(points, STEP * scale), 1))
        if line.get_marker() not in ("None", " ", "", None):
            around = line.get_markersize() / 2 * scale * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
            rows.append(_weighed((points[:, None] + around).reshape(-1, 2), 1))
    for patch in ax.patches:
        outline = patch.get_transform().transform_path(patch.get_path()).vertices
        rows.append(_weighed(_along(outline, STEP * scale), 0.7))
    for image in ax.images:
        pixels = np.asarray(image.get_array(), float)
        if pixels.ndim == 2 and pixels.size <= 10_000:
            row, column = np.nonzero(pixels > 0.25 * pixels.max(initial=0.0))
            rows.append(_weighed(ax.transData.transform(np.column_stack([column, row])), 0.5))
    places = np.concatenate(rows)
    frame = ax.bbox
    return places[((places[:, :2] >= frame.min) & (places[:, :2] <= frame.max)).all(axis=1)]


def _weighed(points, weight):
    return np.column_stack([points, np.full(len(points), float(weight))])


def _along(points, step):
    """Return places along a line, about `step` apart; a part of it that comes from far outside has few."""
    parts = [points[:1]]
    for start, end in zip(points, points[1:]):
        count = min(400, int(np.ceil(np.hypot(*(end - start)) / step)))
        parts.append(start + (end - start) * np.arange(1, count + 1)[:, None] / max(count, 1))
    return np.concatenate(parts)


def free_place(box, size, frame, taken, ink, others, scale, towards):
    """Return the lower left corner of a label (2,) in the free room beside a box; None where there is none.

    All in pixels. size: of the label. frame: the label stays in it. taken: boxes of other labels, none of which it
    touches. ink: rows of x, y, weight that are better not covered. others: boxes of what else is named; the label
    stands nearer to its own. scale: pixels for each point. towards: a direction that is better, or None.
    """
    (wide, high), middle = size, (box.min + box.max) / 2
    best, least = None, np.inf
    for ring, gap in enumerate(gap * scale for gap in GAPS):
        for way, place in enumerate(_ways(box, middle, wide, high, gap, scale)):
            label = Bbox.from_bounds(*place, wide, high)
            if (label.min < frame.min).any() or (label.max > frame.max).any():
                continue
            if any((label.min < one.max).all() and (one.min < label.max).all() for one in taken):
                continue
            covered = ((ink[:, :2] > label.min) & (ink[:, :2] < label.max)).all(axis=1)
            cost = 2 * ring + 0.1 * way + ink[covered, 2].sum()
            own = distance(label, box)
            cost += 4 * sum(distance(label, other) < own for other in others)
            if towards is not None:
                leads = (label.min + label.max) / 2 - middle
                cost += 2 - 2 * (leads @ towards) / ((np.hypot(*leads) * np.hypot(*towards)) or 1)
            if cost < least:
                best, least = np.array(place), cost
    return best


def _ways(box, middle, wide, high, gap, scale):
    """Yield the lower left corners of a label at this distance from a box, the best ones first."""
    (left, low), (right, top) = box.min, box.max
    large = right - left > LARGE * scale
    if left == right and gap <= GAPS[0] * scale:
        yield middle[0] - wide / 2, middle[1] - high / 2  # a bare place may be covered
    level = [left, middle[0] - wide / 2, right - wide]
    level += [] if large else [right + gap, left - gap - wide]
    for y in (top + gap, low - gap - high):
        yield from ((x, y) for x in level)
    for x in (right + gap, left - gap - wide):
        yield x, middle[1] - high / 2
        if large:
            yield x, top - high
            yield x, low
