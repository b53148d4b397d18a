"""`step_time`: where the time of a shared step goes, computing or messages, for 1, 2, 4, … 1024 processes."""

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots
from gdcourse.widgets.figure import Figure, module

PROCESSES = [2**k for k in range(11)]
BATCHES = (1, 1_000_000)  # of the slider
NETWORKS = (1000, 1_000_000_000)


def step_time(step_seconds, *, batch=1024, numbers=52650):
    """Return a live figure of what a step is made of; end the cell with it. Sliders change batch and network.

    step_seconds: a function of (processes, batch, numbers) that returns two numbers: the seconds of a step for
    computing and for messages. batch: images of a step, from 1 on. numbers: weights of the network, from 1000 on.
    """
    if not callable(step_seconds):
        raise TypeError(f"step_seconds must be a function, as lesson 19 has it; got {checks.shown(step_seconds)}.")
    return StepTime(step_seconds, *_checked(batch, numbers))


def _checked(batch, numbers):
    """Return both as whole numbers within their sliders."""
    for name, value, (low, high) in ("batch", batch, BATCHES), ("numbers", numbers, NETWORKS):
        if checks.count(name, value, least=low) > high:
            raise ValueError(f"{name} must be at most {high:,}; got {checks.shown(value)}.")
    return int(batch), int(numbers)


class StepTime(Figure):
    """A bar for each number of processes, made by `step_time`."""

    _esm = module("step_time.js")

    def __init__(self, step_seconds, batch, numbers):
        self._step_seconds = step_seconds
        answer = self._answer(batch, numbers)  # a fault of the reader's function is then the cell's
        super().__init__(
            scene={
                "name": "Where the time of a step goes",
                "text": "A bar for each number of processes, from 1 to 1024: the shares of computing and of messages.",
                "processes": PROCESSES,
                "batches": BATCHES,
                "numbers": NETWORKS,
            },
            answer={**answer, "number": 0},
        )

    def answered(self, question):
        """Return the bars for another batch and another network."""
        asked = question.get("batch", self.answer["batch"]), question.get("numbers", self.answer["numbers"])
        return self._answer(*_checked(*asked))

    def _answer(self, batch, numbers):
        seconds = np.array([_two(self._step_seconds(P, batch, numbers)) for P in PROCESSES])
        whole = seconds.sum(axis=1)
        return {
            "batch": batch,
            "numbers": numbers,
            "computing": (100 * seconds[:, 0] / whole).tolist(),  # in percent of the step
            "faster": (whole[0] / whole).tolist(),
            "words": in_words(seconds, batch, numbers),
            "shares": shares_in_words(seconds),
            "trouble": "",
        }

    def __repr__(self):
        answer = self.answer
        return f"{self.scene['text']} {answer['words']} {answer['shares']}" if answer else "StepTime"

    @plots.in_style
    def drawn(self):
        """Return the bars as a Matplotlib figure, and the text that says what it shows."""
        figure, ax = plt.subplots(figsize=(9, 3.8), layout="constrained")
        computing, names = np.array(self.answer["computing"]), [str(P) for P in PROCESSES]
        ax.bar(names, computing, color=plots.BLUE, hatch="//", edgecolor="white", label="computing")
        ax.bar(names, 100 - computing, bottom=computing, color=plots.VERMILLION, label="messages")
        for place, faster in enumerate(self.answer["faster"]):
            ax.text(place, 102, f"{faster:.2g}×" if faster < 99 else f"{faster:.0f}×", ha="center", fontsize=9)
        ax.set(xlabel="processes", ylabel="% of the step", ylim=(0, 112))
        figure.legend(
            loc="outside upper center", ncols=2, title="above each bar: how many times as fast as one process"
        )
        return figure, repr(self)


def _two(found):
    """Return the seconds for computing and for messages, or say in a sentence what came instead."""
    try:
        pair = np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        pair = np.empty(0)
    if pair.shape != (2,) or not np.isfinite(pair).all() or pair.min() < 0 or pair.sum() <= 0:
        raise ValueError(f"step_seconds must return two times, for computing and messages; got {checks.shown(found)}.")
    return pair


def in_words(seconds, batch, numbers):
    """Return where the step is shortest, what it is made of there, and what most processes make of it."""
    whole = seconds.sum(axis=1)
    best = int(whole.argmin())
    told = f"With a batch of {batch:,} and {numbers:,} weights, a step of one process takes {_time(whole[0])}."
    if best == 0:
        return f"{told} No other number of processes is faster."
    share = seconds[best, 1] / whole[best]
    gain, most = (whole[0] / whole[k] for k in (best, -1))
    others = _number(max(most, 1 / most))
    others = "as fast as" if others == "1" else f"{others} times {'as fast as' if most > 1 else 'slower than'}"
    return (
        f"{told} The shortest step is that of {PROCESSES[best]} processes: {_time(whole[best])}, "
        f"{'hardly faster' if _number(gain) == '1' else f'{_number(gain)} times as fast'}, "
        f"with {_images(batch, PROCESSES[best])} for each; {checks.percent(share)} of it is messages. "
        f"{PROCESSES[-1]} processes are {others} one."
    )


def shares_in_words(seconds):
    """Return the height of each bar's part that is computing."""
    shares = [checks.percent(computing / (computing + messages)) for computing, messages in seconds]
    return f"Computing, by processes: {', '.join(f'{P}: {share}' for P, share in zip(PROCESSES, shares))}."


def _images(batch, processes):
    """Return how many images a process has: whole ones, as evenly as can be."""
    few, more = batch // processes, -(-batch // processes)
    return f"{f'{few:,} or ' if few < more else ''}{more:,} image{'s' if more > 1 else ''}"


def _time(seconds):
    """Return a time as people say it."""
    for unit, size in ("second", 1), ("millisecond", 1e-3), ("microsecond", 1e-6):
        said = _number(seconds / size)
        if float(f"{seconds / size:.3g}") >= 1:
            break
    return f"{said} {unit}{'' if said == '1' else 's'}"


def _number(x):
    """Return a number with three digits, without powers of ten where it is large."""
    return f"{float(f'{x:.3g}'):,.0f}" if x >= 1000 else f"{x:.3g}"
