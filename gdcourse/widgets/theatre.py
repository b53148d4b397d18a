"""`theatre`: what a mistake of lesson 9 costs: two trainings, one right and one with the mistake, on one loss curve."""

import functools

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots
from gdcourse.widgets import twins
from gdcourse.widgets.figure import Figure, module, packed

RATES = (0.01, 1.0)  # of the slider
KEPT = 400  # of the course's own runs, for all figures together
TOP = 100.0  # of the axis: nothing more is to be seen of a run that goes higher
CLEAR = 1.03  # times the right loss in the median, and higher from most starts: that is a cost
HELPS = 1.1  # times the mistaken loss in the median, and lower from most starts but not from all: that helps
MOST = 0.8  # of the starts
NETWORKS = {
    "layer_below": "The network has two hidden layers; that of two_layer_step is another, with another right run.",
    "two_layer_step": "The network has one hidden layer; that of layer_below is another, with another right run.",
}


def theatre(*, learning_rate=0.2, layer_below=None, two_layer_step=None):
    """Return a live figure of what a mistake costs; end the cell with it.

    The reader chooses one of the named mistakes in lesson 9's `layer_below` and `two_layer_step`. A small network reads
    digits, trained twice from each of five starts, on the same batches: with the right function and with the mistaken.
    layer_below, two_layer_step: a function of your own, to be shown in the right one's place.
    """
    learning_rate = checks.number("learning_rate", learning_rate, least=RATES[0], most=RATES[1])
    own = {"layer_below": layer_below, "two_layer_step": two_layer_step}
    for name, function in own.items():
        if function is not None and not callable(function):
            raise TypeError(f"{name} must be a function, as lesson 9 has it; got {checks.shown(function)}.")
    return Theatre({name: function for name, function in own.items() if function is not None}, learning_rate)


class Choice:
    """One function in the place of the right one."""

    def __init__(self, exercise, function, own=False):
        self.exercise, self.function, self.own = exercise, function, own
        sentence, _, question = (" ".join((function.__doc__ or "").split())).rpartition(". ")
        self.label = f"your {exercise.name}" if own else f"{sentence}."
        self.told = f"Your {exercise.name} in the place of the right one." if own else f"{sentence}. {question}"
        self.kind = "yours" if own else "with the mistake"


class Theatre(Figure):
    """Twin trainings, made by `theatre`."""

    _esm = module("theatre.js")
    _chosen = "_choice", "_rate"

    def __init__(self, own, learning_rate):
        exercises = twins.references()
        self._choices = [Choice(exercises[name], function, own=True) for name, function in own.items()]
        for exercise in exercises.values():
            self._choices += [Choice(exercise, mistake) for mistake in exercise.mistakes]
        self._choice, self._rate = 0, learning_rate
        super().__init__(scene=self._scene(), answer={})
        self.answer = {**self._answer(), "number": 0}

    def _scene(self):
        return {
            "name": "The bug theatre",
            "text": "The loss of two trainings on images that they don't learn from, one right and one with a mistake.",
            "choices": [
                {"label": choice.label, "group": "Yours" if choice.own else f"Mistakes in {choice.exercise.name}"}
                for choice in self._choices
            ],
            "rates": RATES,
            "steps": list(range(0, twins.STEPS + 1, twins.EVERY)),
        }

    def answered(self, question):
        """Return the runs of the chosen mistake at the chosen rate."""
        self._choice = checks.count("choice", question.get("choice", self._choice), least=0)
        if self._choice >= len(self._choices):
            raise ValueError(f"choice must be below {len(self._choices)}; got {self._choice}.")
        rate = question.get("rate", self._rate)
        self._rate = checks.number("learning rate η", rate, least=RATES[0], most=RATES[1])
        return self._answer()

    def _answer(self):
        choice = self._choices[self._choice]
        name = choice.exercise.name
        right = _course_s_own(name, choice.exercise.reference, self._rate)
        if choice.own:
            other = twins.twin(name, choice.function, self._rate, own=True)
        else:
            other = _course_s_own(name, choice.function, self._rate)
        self._runs = right, other
        lines = [
            {
                "name": kind,
                "runs": [packed(losses) for losses in runs.losses],
                "median": packed(runs.median()),
                "end": _end(runs),
            }
            for kind, runs in (("right", right), (choice.kind, other))
        ]
        return {
            "choice": self._choice,
            "rate": self._rate,
            "lines": lines,
            "axis": _axis(right, other),
            "told": f"{choice.told} {NETWORKS[name]}",
            "words": in_words(choice, right, other, self._rate),
            "trouble": "",
        }

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['told']} {self.answer['words']}" if self.answer else "Theatre"

    @plots.in_style
    def drawn(self):
        """Return the losses as a Matplotlib figure, and the text that says what it shows."""
        figure, ax = plt.subplots(figsize=(9, 3.8), layout="none")
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.15, top=0.96)
        axis, steps = self.answer["axis"], self.scene["steps"]
        kinds = ("right", self._choices[self._choice].kind)
        for kind, runs, color, dash in zip(kinds, self._runs, (plots.BLUE, plots.VERMILLION), ("-", "--")):
            for losses in runs.losses:
                ax.plot(steps, plots.drawable(losses), color=color, linestyle=dash, linewidth=1, alpha=0.35)
            ax.plot(steps, plots.drawable(runs.median()), color=color, linestyle=dash, label=f"{kind}, the median")
        ax.set(xlabel="step", ylabel="loss", xlim=(0, twins.STEPS), ylim=axis["y"])
        ax.set_yscale("log" if axis["ylog"] else "linear")
        ax.legend()
        return figure, repr(self)


@functools.lru_cache(KEPT)
def _course_s_own(name, function, rate):
    """Return the runs of a function of the course's own: once made, every figure has them at once."""
    return twins.twin(name, function, rate)


def in_words(choice, right, other, rate):
    """Return what the mistake costs at the end: in the median of the starts, and from how many of them."""
    if other.note:
        return other.note
    named, starts = "your function" if choice.own else "the mistake", len(right.losses)
    mine, yours = np.median(right.ends()), np.median(other.ends())
    if np.allclose(right.losses, other.losses, rtol=1e-9, atol=0, equal_nan=True):
        return f"With η = {rate:.3g} both runs are the same, number by number; they end with loss {mine:.2f}."
    if _lost(other) or _lost(right):
        parts = [
            f"the run {kind} {_lost(runs) or f'ends with loss {end:.2f}'}"
            for kind, runs, end in ((f"with {named}", other, yours), ("without it", right, mine))
        ]
        return f"With η = {rate:.3g}, in the median of {starts} starts, {' and '.join(parts)}."
    higher, few = int(np.sum(other.ends() > right.ends())), int(np.sum(other.lost <= twins.STEPS))
    shares = [f"{100 * np.median(runs.right):.0f}" for runs in (right, other)]
    verdict = "No clear difference here: which rate would show one?"
    if higher >= MOST * starts and yours > CLEAR * mine:
        verdict = (
            f"So {named} costs, {'from each of these starts' if higher == starts else 'from most of these starts'}."
        )
    elif starts - higher >= MOST * starts and mine > (HELPS if higher else CLEAR) * yours:
        which = "at this rate" if higher == 0 else "at this rate, from most starts"
        verdict = f"So {named} even helps {which}: why, and at which others?"
    last = twins.LAST * twins.EVERY
    told = [
        f"With η = {rate:.3g} the right run has loss {mine:.2f} over its last {last} steps, on other images, the one"
    ]
    told.append(f"with {named}")
    told.append(f"{yours:.2f}: medians of {starts} starts; with {named} it is higher from {higher} of them.")
    if few:
        told.append(f"From {few} of the starts it diverges.")
    told.append(f"Of 100 digits {shares[0]} and {shares[1]} are read rightly. {verdict}")
    return " ".join(told)


def _lost(runs):
    """Return by which step the runs diverge, in words, or nothing if most of them don't."""
    count, step = int(np.sum(runs.lost <= twins.STEPS)), int(np.median(runs.lost))
    return f"diverges by step {step} (from {count} of {len(runs.lost)} starts)" if step <= twins.STEPS else ""


def _end(runs):
    """Return how the runs end, as the key has it."""
    if runs.note:
        return "stops"
    return "diverges" if _lost(runs) else f"{np.median(runs.ends()):.2f}"


def _axis(*twin):
    """Return the axis of the losses: logarithmic where most runs leave the others far behind; one run may leave it."""
    values = np.concatenate([runs.losses[np.isfinite(runs.losses)] for runs in twin])
    start, most = values[0], max(runs.median().max() for runs in twin)
    if any(_lost(runs) for runs in twin) or most > twins.LOST * start:
        return {"y": [float(values.min() / 1.3), float(max(min(1.3 * values.max(), TOP), 20 * start))], "ylog": True}
    return {"y": [0.0, float(min(1.05 * values.max(), max(1.5 * start, 1.05 * most)))], "ylog": False}
