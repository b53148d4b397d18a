"""Twin runs: a small network trained by a right function and by another in its place, from one start, on one data."""

import functools
from dataclasses import dataclass

import numpy as np

from gdcourse import checks, datasets
from gdcourse.exercises import catalogue
from gdcourse.limits import Deadline, TooLong, in_time
from gdcourse.losses import cross_entropy
from gdcourse.widgets.figure import complaint

STEPS, EVERY, BATCH, SEEDS = 150, 5, 32, range(5)
LAST = 6  # measurements, of the last 30 steps
SECONDS = 2  # for a function of the learner's, in all its runs
LOST = 10  # times the loss at the start: a run that ends above it diverges
RETURNS = {"layer_below": "dz, dW and db", "two_layer_step": "W1 and W2"}
INPUTS = 14 * 14  # a digit at half its width and height: small enough for ten runs in half a second


@dataclass
class Twin:
    """The runs of one function from each of the starts."""

    losses: np.ndarray  #: (seeds, STEPS / EVERY + 1) on images not trained on; NaN after a run that ended early
    right: np.ndarray  #: (seeds,) the share of these images that is read rightly at the end
    lost: np.ndarray  #: (seeds,) the step from which on a run is lost, STEPS + 1 if it isn't
    note: str  #: why the runs ended early, in a sentence, or nothing

    def ends(self):
        """Return the loss of each run at its end, infinity if it diverged: a mean, since each batch shifts it."""
        return self._largest()[:, -LAST:].mean(axis=1)

    def median(self):
        """Return the loss in the median of the starts, infinity if most have none."""
        return np.median(self._largest(), axis=0)

    def _largest(self):
        return np.where(np.isfinite(self.losses), self.losses, np.inf)


def three_layers(layer_below, weights, X, y, learning_rate):
    """Return the weights after a step: `layer_below` walks back through both hidden layers.

    What it writes into the weights that it is given stays without effect: they are copies.
    """
    W1, b1, W2, b2, W3, b3 = weights
    z1 = X @ W1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2 + b2
    a2 = np.maximum(z2, 0)
    dz3 = cross_entropy(a2 @ W3 + b3, y)[1]
    dW3, db3 = a2.T @ dz3, dz3.sum(axis=0)
    dz2, dW2, db2 = given("layer_below", layer_below(dz3, W3.copy(), z2, a1), 3)
    dz1, dW1, db1 = given("layer_below", layer_below(dz2, W2.copy(), z1, X), 3)
    slopes = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}
    slopes = [_fitting(f"d{name}", slope, name, w) for w, (name, slope) in zip(weights, slopes.items())]
    return [w - learning_rate * slope for w, slope in zip(weights, slopes)]


def two_layers(two_layer_step, weights, X, y, learning_rate):
    """Return the weights after `two_layer_step`, of a network without biases."""
    W1, W2 = weights
    dz2 = cross_entropy(np.maximum(X @ W1, 0) @ W2, y)[1]
    after = given("two_layer_step", two_layer_step(X, W1, W2, dz2, learning_rate), 2)
    return [_fitting(f"the new {name}", new, name, w) for name, w, new in zip(("W1", "W2"), weights, after)]


# The function of lesson 9 that is replaced: the step around it, the sizes of the network, and whether it has biases.
STAGES = {
    "layer_below": (three_layers, (INPUTS, 32, 16, 10), True),
    "two_layer_step": (two_layers, (INPUTS, 32, 10), False),
}


def references():
    """Return {name: Exercise} of the functions that can be replaced."""
    return {name: catalogue.find(name) for name in STAGES}


@functools.cache
def _data():
    """Return the images to train on, at half their size, with their labels, and others to measure with."""
    (x, y), (x_other, y_other) = datasets.load_mnist()
    smaller = lambda one: one.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)).reshape(len(one), INPUTS) / 255  # noqa: E731
    some = slice(None, None, len(x_other) // 250)
    return smaller(x), y.astype(int), smaller(x_other[some]), y_other[some].astype(int)


def twin(name, function, learning_rate, own=False, seeds=SEEDS):
    """Return the Twin that a function gives in the place of the reference of that name.

    own: the learner's function: it has SECONDS for all its steps. seeds: of the starts and of the batches.
    What a function raises ends all runs with a note.
    """
    deadline = Deadline(SECONDS)
    runs = []
    for seed in seeds:
        runs.append(_run(name, function, learning_rate, seed, deadline if own else None))
        if runs[-1][-1]:
            break  # every start would end so
    losses = np.full((len(seeds), STEPS // EVERY + 1), np.nan)
    right, lost = np.full(len(seeds), np.nan), np.full(len(seeds), STEPS + 1)
    for i, (curve, share, step, _) in enumerate(runs):
        losses[i, : len(curve)], right[i], lost[i] = curve, share, step
    return Twin(losses, right, lost, runs[-1][-1])


def _run(name, function, learning_rate, seed, deadline):
    """Return the losses of one run, the share read rightly, the step from which on it is lost, and a note."""
    stepped, sizes, biases = STAGES[name]
    X, y, X_other, y_other = _data()
    rng = np.random.default_rng(seed)
    weights = _start(rng, sizes, biases)
    batches = rng.integers(0, len(X), (STEPS, BATCH))
    losses, share, lost, note = [], np.nan, STEPS + 1, ""
    if deadline:
        function = in_time(function, deadline)
    with np.errstate(all="ignore"):
        for step in range(STEPS + 1):
            if step % EVERY == 0:
                loss, share = _measured(weights, X_other, y_other, biases)
                losses.append(loss)
                far = not loss < LOST * losses[0]
                lost = min(lost, step) if far else STEPS + 1
                if not np.isfinite(loss):
                    break
            if step == STEPS:
                break
            try:
                weights = stepped(function, weights, X[batches[step]], y[batches[step]], learning_rate)
            except TooLong:
                note = f"Stopped: {name} takes longer than {SECONDS} seconds, or has a loop without end."
                break
            except Exception as error:
                note = f"Stopped at step {step + 1}: {complaint(error)}"
                break
    return losses, share, lost, note


def _start(rng, sizes, biases):
    """Return weights as Glorot draws them, with biases of zero between them if there are any."""
    weights = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        limit = np.sqrt(6 / (inputs + outputs))
        weights += [rng.uniform(-limit, limit, (inputs, outputs)), *[np.zeros(outputs)] * biases]
    return weights


def _measured(weights, X, y, biases):
    """Return the mean cross-entropy on these images, and the share that is read rightly."""
    matrices, shifts = (weights[::2], weights[1::2]) if biases else (weights, [0.0] * len(weights))
    a = X
    for W, b in zip(matrices, shifts):
        z = a @ W + b
        a = np.maximum(z, 0)
    loss, _, right = cross_entropy(z, y)
    return loss, right / len(y)


def given(name, values, count):
    """Return what the function of that name returned, if it is as many arrays as it must be."""
    if not isinstance(values, tuple | list) or len(values) != count:
        got = "None; does it forget `return`?" if values is None else f"a {type(values).__name__}."
        raise TypeError(f"{name} must return {RETURNS[name]}, {count} arrays; got {got}")
    return values


def _fitting(name, array, own_name, own):
    """Return an array of numbers that has the shape of a weight; NumPy would spread another one over it."""
    array = checks.floats(name, array)
    if array.shape != own.shape:
        raise ValueError(f"{name} has shape {array.shape} and {own_name} has {own.shape}; they must be the same.")
    return array
