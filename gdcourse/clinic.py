"""The clinic of lesson 11: training loops with one faulty line each, what an engineer sees of them, and the repair.

Every case is the same short loop, LOOP, with one line exchanged. What `open` shows is the text that ran.
For the broken script of lesson 10, `said` prints what it says.
"""

import functools
import textwrap
import warnings
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, losses, mlp, plots
from gdcourse.datasets import load_mnist

STEPS, FLOOR = 300, 1e-6  # FLOOR: where a chart draws a gradient of zero
NARROW = 72  # letters in a line of JupyterLab's, in a window 1,024 pixels wide; it breaks a longer one within a word
SATURATED = 0.02  # an output of a sigmoid nearer than this to 0 or 1
LOOP = """\
X = pixels / 255
net = MLP((784, 64, 32, 10), seed, float)
for step in range(300):
    if step % 31 == 0:
        order = rng.permutation(1000)
    batch, order = order[:32], order[32:]
    loss, gradient = net.loss_and_gradient(X[batch], y[batch])
    net.w = net.w - 0.1 * gradient
    record(net, loss, gradient)
"""
PIXELS, NETWORK, _, _, ORDER, _, SLOPES, UPDATE, _ = LOOP.splitlines()


class Case(NamedTuple):
    """A loop with one faulty line."""

    fault: str  #: what is wrong, in a few words
    line: str  #: the line of LOOP that it stands in
    wrote: str  #: what somebody wrote there
    why: str  #: what it does
    repair: str = ""  #: what repairs it, where that isn't `line`


CASES = {
    "A": Case(
        "The learning rate is too high",
        UPDATE,
        "    net.w = net.w - 1.0 * gradient",
        "The loss jumps: in places the curvature is above 2/η = 2, and steps overshoot there. More than half of the "
        "units die.",
    ),
    "B": Case(
        "All weights start at zero",
        NETWORK,
        'net = MLP((784, 64, 32, 10), seed, float, "relu", "zeros")',
        "No signal passes in either direction, so only the last bias learns: how frequent each digit is.",
    ),
    "C": Case(
        "The weights are not updated",
        UPDATE,
        "    w = net.w - 0.1 * gradient",
        "The new weights get a name of their own, and the network never sees them.",
    ),
    "D": Case(
        "The pixels are not scaled",
        PIXELS,
        "X = pixels * 1.0",
        "The first loss is far above ln 10, the first slopes are hundreds of times too large, and the units die.",
    ),
    "E": Case(
        "The learning rate is too low",
        UPDATE,
        "    net.w = net.w - 0.001 * gradient",
        "Each step is right and a hundredth as long.",
    ),
    "F": Case(
        "The labels don't belong to the images",
        PIXELS,
        "X = rng.permutation(pixels / 255)",
        "The images were shuffled and the labels were not. All that can be learned is this list by heart.",
    ),
    "G": Case(
        "The loss is a sum, not a mean",
        SLOPES,
        "    loss, gradient = (32 * a for a in net.loss_and_gradient(X[batch], y[batch]))",
        "Loss and gradient are 32 times larger, so the steps are, too. The first loss tells it: near 32 ln 10 = 74.",
    ),
    "H": Case(
        "Sigmoid units in many layers",
        NETWORK,
        'net = MLP((784, *[64] * 6, 10), seed, float, "sigmoid", standard_normal)',
        "A sigmoid's slope is at most 1/4, and nearly zero where it is saturated: on the way back the slopes shrink, "
        "though the weights are large. Here both change: with He's start sigmoids stand still, and with this start "
        "ReLUs soon end in NaN.",
        'net = MLP((784, *[64] * 6, 10), seed, float, "relu", "he_normal")',
    ),
    "I": Case(
        "Softmax is applied twice",
        NETWORK,
        "net = EndsInSoftmax((784, 64, 32, 10), seed, float)",
        "The network gives probabilities, and the loss takes them for scores. Scores between 0 and 1 differ by 1 at "
        "most, so no answer can be sure.",
    ),
    "J": Case(
        "The random start is too large",
        NETWORK,
        'net = MLP((784, 64, 32, 10), seed, float, "relu", standard_normal)',
        "Each layer makes the numbers larger, so the first answers are very sure and mostly wrong.",
    ),
    "K": Case(
        "The batches are never shuffled",
        ORDER,
        "        order = np.arange(1000)",
        "The images lie sorted by digit. The network learns one digit after the other, and forgets those before.",
    ),
    "L": Case(
        "The rate is far too high in the first steps",
        UPDATE,
        "    net.w = net.w - (3 if step < 50 else 0.1) * gradient",
        "Large steps first, small ones later: the first fifty steps threw the weights so far that nearly every ReLU "
        "gives zero for every image, and a good rate comes too late.",
    ),
}


class EndsInSoftmax(mlp.MLP):
    """A network whose loss takes its probabilities for scores: the softmax is applied twice."""

    def loss_and_gradient(self, X, y):
        inputs, each = self._forward(X), np.arange(len(y))
        p = np.exp(losses.log_softmax(inputs[-1].copy()))
        log_q = losses.log_softmax(p.copy())
        delta = np.exp(log_q)
        delta[each, y] -= 1
        delta = p * (delta - (delta * p).sum(axis=1, keepdims=True)) / len(y)  # back through the first softmax
        self._backward(inputs, (), delta)
        return -float(log_q[each, y].mean()), self._gradient.copy()


def standard_normal(shape, rng):
    """Draw weights of spread 1, whatever the number of inputs."""
    return rng.normal(0, 1, shape)


class Evidence:
    """What was seen of a run: its losses, and what the layers did at its ends."""

    def __init__(self):
        self.losses, self.sizes = [], []  # of the loss at each step; of the gradient by layer, at the first and last

    def record(self, net, loss, gradient):
        """Note a step; net is the network after it."""
        self.losses.append(loss)
        if len(self.losses) in (1, STEPS):
            self.sizes.append([float(np.sqrt(np.mean(W**2))) for W in net.views(gradient)[0]])


@functools.cache
def _digits():
    """Return a hundred images of each digit, sorted by digit, and 1,000 others, each with the labels."""
    (x, y), _ = load_mnist()
    pixels = x.reshape(-1, 784)
    rows = np.concatenate([np.flatnonzero(y[:7000] == digit)[:100] for digit in range(10)])
    return pixels[rows], y[rows], pixels[7000:], y[7000:]


def source(letter, repaired=False):
    """Return the loop of a case as text, as it was or repaired."""
    case = _case(letter)
    return LOOP.replace(case.line, (case.repair or case.line) if checks.flag("repaired", repaired) else case.wrote)


@checks.arithmetic
@functools.cache
def run(text, seed=0):
    """Run a loop given as text, and return its Evidence."""
    pixels, y, pixels_val, y_val = (one.copy() for one in _digits())  # a loop may write into them
    seen = Evidence()
    names = {"pixels": pixels, "y": y, "seed": seed, "rng": np.random.default_rng(seed), "record": seen.record}
    names |= {"np": np, "MLP": mlp.MLP, "EndsInSoftmax": EndsInSoftmax, "standard_normal": standard_normal}
    exec(text, names)
    net, X = names["net"], names["X"]
    X_val = pixels_val * (X.max() / 255)
    seen.losses, seen.sizes = tuple(seen.losses), tuple(map(tuple, seen.sizes))  # which later calls return, too
    seen.accuracy, seen.validation = net.evaluate(X, y)[1], net.evaluate(X_val, y_val)[1]
    outputs = net.forward(X)[1:-1]
    seen.spread = tuple(float(a.std()) for a in outputs)
    if net.activation == "sigmoid":
        seen.kind = "flat"
        seen.share = tuple(float((np.minimum(a, 1 - a) < SATURATED).mean()) for a in outputs)
    else:
        seen.kind = "dead"
        seen.share = tuple(float((a <= 0).all(axis=0).mean()) for a in outputs)
    return seen


def _case(letter):
    return CASES[checks.one_of("letter", letter, CASES)]


@plots.in_style
def chart(*letters, repaired=False):
    """Draw what is seen of some cases, one below the other; return the array of axes.

    Left the loss of each batch, right the size (root of the mean square) of the slopes of each layer's matrix, in the
    first step and in the last. repaired: the repaired run beside it.
    """
    for letter in letters:
        _case(letter)
    figure, axes = plt.subplots(len(letters), 2, figsize=(7.2, 1.95 * len(letters)), squeeze=False, width_ratios=[3, 2])
    for (left, right), letter in zip(axes, letters):
        seen = run(source(letter))
        left.plot(seen.losses, linewidth=1.2, label="as it was")
        if repaired:
            left.plot(run(source(letter, repaired=True)).losses, linewidth=1.2, linestyle="--", label="repaired")
            if letter == letters[0]:
                left.legend(fontsize=8, loc="upper right")
        if max(seen.losses) > 30:
            left.set_yscale("log")
        else:
            left.set_ylim(0, 1.1 * max(seen.losses))
        first, right_now = seen.losses[0], f"training {seen.accuracy:.2f}, validation {seen.validation:.2f}"
        left.set_title(
            f"{letter}   first loss {first:.{2 if first < 10 else 1}f}; accuracy: {right_now}", fontsize=8, loc="left"
        )
        left.set_ylabel("loss", fontsize=9)
        layers = np.arange(1, len(seen.sizes[0]) + 1)
        for sizes, marker, label in zip(seen.sizes, "ox", ["first step", "last step"]):
            right.plot(layers, np.maximum(sizes, FLOOR), marker=marker, linewidth=1, markersize=6, label=label)
        right.set(yscale="log", ylim=(FLOOR / 2, 1e4), xticks=layers, xlim=(0.5, layers[-1] + 0.5))
        shares = [f"{share:.0%}" for share in seen.share]
        names = [f"{layer}\n{share}" for layer, share in zip(layers, [*shares, ""])]
        right.set_xticklabels(names, fontsize=8)
        right.set_yticks([1e-6, 1e-4, 1e-2, 1], ["0", "0.0001", "0.01", "1"])
        right.minorticks_off()
        right.set_title(f"slopes by layer; {seen.kind} below", fontsize=9, loc="left")
        if letter == letters[0]:
            right.legend(fontsize=8, loc="upper left", ncols=2)
        for ax in (left, right):
            ax.tick_params(labelsize=8)
    axes[-1, 0].set_xlabel("step", fontsize=9)
    return axes


def open(*letters):  # noqa: A001
    """Print what was wrong with some cases: the fault, the line as it stood, the line that repairs it, and why."""
    for letter in letters:
        case = _case(letter)
        print(f"{letter}  {case.fault}.")
        print(f"   wrong   {case.wrote.strip()}")
        print(f"   right   {(case.repair or case.line).strip()}")
        print(textwrap.fill(case.why, NARROW, initial_indent="   ", subsequent_indent="   "), end="\n\n")


def said(run, *arguments):
    """Call a function and print what it says: its first warning, and the error that stops it, if any."""
    stopped = None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            run(*arguments)
        except Exception as error:
            stopped = error
    for one in warned[:1]:
        checks.tell(f"WARNING {one.message}")
    if stopped is not None:
        plain = str(stopped) and not isinstance(stopped, KeyError)  # which says a key alone
        checks.tell(f"ERROR   {stopped if plain else repr(stopped)}")
