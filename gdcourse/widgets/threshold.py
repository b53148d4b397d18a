"""`threshold`: which pairs of faces a threshold accepts, both errors, and the place on their curve."""

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, faces, plots
from gdcourse.widgets.figure import Figure, module

PAIRS, EACH, SEED = 4000, 8, 1  # of the pictures that are judged: those of lesson 16's `judged`
BINS = 40
KINDS = ("the same person", "two people")
OUTCOMES = (  # (of the same person?, accepted?, how it is called)
    (1, 1, "accepted, the same person"),
    (0, 1, "FALSE ACCEPT: two people"),
    (1, 0, "FALSE REJECT: the same person"),
    (0, 0, "refused, two people"),
)


def threshold(net, people, *, walls="plain", threshold=None):
    """Return a live figure of what a threshold accepts; end the cell with it.

    net: has `distances(X)`, such as `Embedding`. people: their measures, as `faces.people` returns them; they are
    photographed before these walls, and 4,000 pairs are judged. threshold: where it begins; half of the margin if not
    said.
    """
    if isinstance(net, type) or not callable(getattr(net, "distances", None)):
        raise TypeError(f"net must have distances(X), such as an Embedding; got {checks.shown(net)}.")
    images, who = faces.photograph(people, EACH, walls, SEED)
    pairs, same = faces.pairs(who, PAIRS, SEED)
    found = checks.floats("net.distances(X)", net.distances((images.reshape(len(images), -1) / 255)[pairs]))
    if found.shape != same.shape:
        raise ValueError(f"net.distances(X) has shape {found.shape}; expected {same.shape}, one for each pair.")
    checks.finite("net.distances(X)", found)
    if threshold is None:
        threshold = min(getattr(net, "margin", 2 * np.median(found)) / 2, found.max())
    return Threshold(images[pairs], same, found, threshold)


class Threshold(Figure):
    """Pairs and a threshold, made by `threshold`."""

    _esm = module("threshold.js")
    _chosen = ("_at",)

    def __init__(self, pictures, same, found, threshold):
        self._pictures, self._same, self._found = pictures, same, found
        self._most = float(found.max())
        self._at = checks.number("threshold", threshold, least=0, most=self._most)
        self._edges = np.linspace(0, self._most, BINS + 1)
        self._shares = [np.histogram(found[same == kind], self._edges)[0] / np.sum(same == kind) for kind in (1, 0)]
        along = np.quantile(found, np.linspace(0, 1, 201))
        self._curve = np.array([self._errors(one) for one in along] + [(1.0, 0.0)])
        super().__init__(scene=self._scene(), answer={})
        self.answer = {**self._answer(), "number": 0}

    def _scene(self):
        return {
            "name": "Move the threshold",
            "text": "How far apart the two pictures of each pair are, for pairs of the same person and of two people; "
            "and the curve of the two errors, a place for each threshold.",
            "kinds": KINDS,
            "most": self._most,
            "top": float(1.05 * max(map(np.max, self._shares))),
            "edges": self._edges.astype(np.float32).tobytes(),
            "shares": [shares.astype(np.float32).tobytes() for shares in self._shares],
            "curve": self._curve.astype(np.float32).tobytes(),
            "outcomes": [words for *_, words in OUTCOMES],
            "size": list(self._pictures.shape[2:]),
        }

    def _errors(self, threshold):
        """Return the shares of false accepts and of false rejects."""
        accepted = self._found < threshold
        return float(accepted[self._same == 0].mean()), float(1 - accepted[self._same == 1].mean())

    def answered(self, question):
        """Return what the threshold of the question does."""
        self._at = checks.number("threshold", question.get("threshold", self._at), least=0, most=self._most)
        return self._answer()

    def _answer(self):
        return {
            "threshold": self._at,
            "errors": self._errors(self._at),
            "percents": self._percents(),
            "examples": [self._nearest(same, accepted) for same, accepted, _ in OUTCOMES],
            "words": self._words(),
            "trouble": "",
        }

    def _nearest(self, same, accepted):
        """Return the pair of this outcome that is nearest to the threshold: its distance and its pictures."""
        rows = np.flatnonzero((self._same == same) & ((self._found < self._at) == accepted))
        if not len(rows):
            return {"distance": -1.0, "pictures": b""}
        row = rows[np.argmin(np.abs(self._found[rows] - self._at))]
        return {"distance": float(self._found[row]), "pictures": np.ascontiguousarray(self._pictures[row]).tobytes()}

    def _words(self):
        accepted, same = self._found < self._at, self._same == 1
        wrong, right = int(np.sum(accepted & ~same)), int(np.sum(accepted & same))
        refused = int(np.sum(same)) - right
        percents = self._percents()
        return (
            f"Threshold {self._at:.3g}: of {np.sum(~same):,} pairs of two people {wrong:,} {checks.are(wrong)} "
            f"accepted, {percents[0]}: false accepts. Of {np.sum(same):,} pairs of the same person {refused:,} "
            f"{checks.are(refused)} refused, {percents[1]}: false rejects. "
            f"{_compared(*self._errors(self._at))}"
        )

    def _percents(self):
        return [checks.percent(error, 1) for error in self._errors(self._at)]

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['words']}" if self.answer else "Threshold"

    @plots.in_style
    def drawn(self):
        """Return the distances, the curve and four pairs as a Matplotlib figure, and the text of it."""
        figure = plt.figure(figsize=(9, 5), layout="none")
        left, right = figure.add_axes((0.095, 0.42, 0.485, 0.55)), figure.add_axes((0.67, 0.42, 0.31, 0.55))
        colors = (plots.BLUE, plots.VERMILLION)
        for shares, kind, color, dash in zip(self._shares, KINDS, colors, ("-", "--")):
            left.stairs(shares, self._edges, color=color, linestyle=dash, label=kind)
            wrong = self._edges[:-1] >= self._at if kind == KINDS[0] else self._edges[1:] <= self._at
            left.stairs(np.where(wrong, shares, 0), self._edges, color=color, fill=True, alpha=0.25)
        left.axvline(self._at, color=plots.INK, linestyle="-")
        left.set(xlabel="distance", ylabel="share of the pairs", xlim=(0, self._most), ylim=(0, self.scene["top"]))
        left.legend()
        right.plot(*self._curve.T, color=plots.PURPLE, linestyle="-")
        right.plot([0, 1], [0, 1], color=plots.GREY, linestyle=":", linewidth=1)
        right.plot(*self.answer["errors"], marker="o", color=plots.INK, markersize=9, linestyle="none")
        right.set(xlabel="false accepts", ylabel="false rejects", xlim=(0, 1), ylim=(0, 1))
        for i, (example, words) in enumerate(zip(self.answer["examples"], self.scene["outcomes"])):
            ax = figure.add_axes((0.03 + 0.245 * i, 0.02, 0.2, 0.2))
            ax.axis("off")
            ax.set_title(words.replace(": ", ":\n").replace(", ", ",\n"), fontsize=9, pad=3)
            if example["pictures"]:
                both = np.frombuffer(example["pictures"], np.uint8).reshape(2, *self.scene["size"])
                ax.imshow(np.hstack(both), cmap="gray", vmin=0, vmax=255)
        return figure, repr(self)


def _compared(false_accepts, false_rejects):
    """Return how the two errors compare, as a sentence."""
    if abs(false_accepts - false_rejects) < 0.01:
        return "Both errors are about equal here."
    more, less = ("accepts", "rejects") if false_accepts > false_rejects else ("rejects", "accepts")
    return f"False {more} are more frequent than false {less}."
