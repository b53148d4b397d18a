"""Optimizers turn (w, gradient) into the next w, with the names, defaults and arithmetic of Keras 3."""

import math
import numbers
from dataclasses import dataclass, field, fields
from functools import partial

import numpy as np

from gdcourse import checks
from gdcourse.copies import independent
from gdcourse.paths import ended


def _rate(name, value):
    """Return a learning rate: a number above 0, or a function of the step, as those in `schedules`."""
    return value if callable(value) and not isinstance(value, type) else checks.number(name, value, above=0)


_share = partial(checks.number, least=0, below=1)
HYPERPARAMETERS = {  # what may be assigned to each, at first and later
    "learning_rate": _rate,
    "momentum": partial(checks.number, least=0, most=1),
    "nesterov": checks.flag,
    "initial_accumulator_value": partial(checks.number, least=0),
    "rho": _share,
    "beta_1": _share,
    "beta_2": _share,
    "weight_decay": partial(checks.number, least=0),
    "epsilon": partial(checks.number, above=0),
}


def state(start=0.0):
    """Declare what an optimizer remembers between steps: it starts as a number and takes the shape of w."""
    return field(default=start, init=False, repr=False)


@dataclass(eq=False)
class Optimizer:
    """What all optimizers share: the checks, and `step`. A subclass says in `change` what is added to w.

    learning_rate: a number, or a function of the number of steps done, 0 before the first one, such as those in
    `schedules`.
    """

    learning_rate: float
    iterations: int = state(0)  #: how many steps are done

    def __setattr__(self, name, value):
        """Raise TypeError or ValueError for a hyperparameter out of its range, whenever it is assigned."""
        super().__setattr__(name, HYPERPARAMETERS[name](name, value) if name in HYPERPARAMETERS else value)

    @checks.arithmetic
    def step(self, w, gradient):
        """Return the next w. Neither argument is changed; what is remembered starts on the first use.

        w: float array of any shape, or a number. gradient: of the same shape.
        Raises ValueError or TypeError for integers in w, for other shapes, and for what is not finite, the next w too;
        what is remembered then stays as it was.
        """
        if isinstance(w, np.ndarray) and w.dtype.kind in "iu":
            raise TypeError(f"w holds integers ({w.dtype}), which cut fractions off; use floats: w.astype(float).")
        w, gradient = checks.floats("w", w), checks.floats("gradient", gradient)
        checks.same_shape("gradient", gradient, "w", w)
        checks.finite("w", w)
        checks.finite("gradient", gradient)
        before = vars(self).copy()
        for remembered in fields(self):
            held = before.get(remembered.name)
            if not remembered.init and isinstance(held, np.ndarray | np.generic) and held.shape != w.shape:
                raise ValueError(
                    f"this {type(self).__name__} has been stepping an array of another shape than {w.shape}; "
                    "give each array an optimizer of its own."
                )
        try:
            moved = w + self.next_change(w, gradient.astype(w.dtype, copy=False))
            checks.finite("the next w", moved, "Try a smaller learning rate.")
        except Exception:
            self.__dict__ = before  # so that what is advised can be tried
            raise
        return moved[()]

    def next_change(self, w, gradient):
        """Return what the next step adds to w, and count it; what comes in was checked."""
        change = self.change(w, gradient)
        self.iterations += 1
        return change

    def change(self, w, gradient):
        """Return what one step adds to w."""
        raise NotImplementedError("a subclass of Optimizer says here what one step adds to w")

    def rate(self):
        """Return the learning rate of the next step."""
        if not callable(self.learning_rate):
            return self.learning_rate
        return checks.number(f"learning_rate({self.iterations})", self.learning_rate(self.iterations), least=0)


@dataclass(eq=False)
class SGD(Optimizer):
    """Stochastic gradient descent: w ← w − η∇L, with classical or Nesterov momentum on request.

    Momentum: v ← μv − η∇L, w ← w + v. Nesterov: w ← w + μv − η∇L, with the new v.
    Source: Keras 3, keras/src/optimizers/sgd.py.
    """

    learning_rate: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False
    velocity: np.ndarray = state()

    def change(self, w, gradient):
        if self.momentum == 0:
            return -self.rate() * gradient
        step = self.rate() * gradient
        self.velocity = self.momentum * self.velocity - step
        return self.momentum * self.velocity - step if self.nesterov else self.velocity


@dataclass(eq=False)
class Adagrad(Optimizer):
    """Steps that shrink where gradients have been large: G ← G + (∇L)², w ← w − η∇L / √(G + ε).

    Source: Keras 3, keras/src/optimizers/adagrad.py.
    """

    learning_rate: float = 0.001
    initial_accumulator_value: float = 0.1
    epsilon: float = 1e-7
    accumulator: np.ndarray = state(None)

    def change(self, w, gradient):
        if self.accumulator is None:
            self.accumulator = self.initial_accumulator_value
        self.accumulator = self.accumulator + gradient**2
        return -self.rate() * gradient / np.sqrt(self.accumulator + self.epsilon)


@dataclass(eq=False)
class RMSprop(Optimizer):
    """Adagrad that forgets: v ← ρv + (1 − ρ)(∇L)², w ← w − η∇L / √(v + ε), with momentum on request.

    Source: Keras 3, keras/src/optimizers/rmsprop.py.
    """

    learning_rate: float = 0.001
    rho: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-7
    mean_square: np.ndarray = state()
    velocity: np.ndarray = state()

    def change(self, w, gradient):
        self.mean_square = self.rho * self.mean_square + (1 - self.rho) * gradient**2
        step = self.rate() * gradient / np.sqrt(self.mean_square + self.epsilon)
        if self.momentum == 0:
            return -step
        self.velocity = self.momentum * self.velocity + step
        return -self.velocity


@dataclass(eq=False)
class Adam(Optimizer):
    """RMSprop with a mean of the gradients too, both corrected for their start at zero.

    m ← m + (1 − β₁)(∇L − m), v ← v + (1 − β₂)((∇L)² − v), w ← w − η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε),
    where t counts the steps from 1.
    Source: Keras 3, keras/src/optimizers/adam.py.
    """

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    mean: np.ndarray = state()
    mean_square: np.ndarray = state()

    def change(self, w, gradient):
        self.mean = self.mean + (1 - self.beta_1) * (gradient - self.mean)
        self.mean_square = self.mean_square + (1 - self.beta_2) * (gradient**2 - self.mean_square)
        t = self.iterations + 1
        rate = self.rate() * math.sqrt(1 - self.beta_2**t) / (1 - self.beta_1**t)
        return -rate * self.mean / (np.sqrt(self.mean_square) + self.epsilon)


@dataclass(eq=False)
class AdamW(Optimizer):
    """Adam, and each step takes away a share η · weight_decay of w itself: w ← w − ηλw, then Adam's own
    step. λ is weight_decay.

    Source: Keras 3, keras/src/optimizers/adamw.py and base_optimizer.py. There, too, biases shrink unless left out.
    """

    learning_rate: float = 0.001
    weight_decay: float = 0.004
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    mean: np.ndarray = state()
    mean_square: np.ndarray = state()

    def change(self, w, gradient):
        return Adam.change(self, w, gradient) - self.rate() * self.weight_decay * w


def descend(gradient, start, optimizer, steps):
    """Walk from `start` with a fresh copy of `optimizer` and return the path.

    gradient: a function of w that returns an array of the shape of w. start: a number or an array of n numbers.
    Returns a `Path` of shape (steps + 1, n). It is shorter when the run leaves the finite numbers: then it ends
    with the last finite point, and `path.message` says what happened.
    """
    check_optimizer(optimizer)
    checks.function("gradient", gradient)
    w = checks.floats("start", start).copy()[()]  # a step of the learner's own may write into it
    if np.ndim(w) > 1:
        raise ValueError(f"start has shape {w.shape}; expected a number or a flat array (n,), such as w.ravel().")
    checks.finite("start", w)
    steps, optimizer = checks.count("steps", steps), fresh(optimizer)
    try:
        path = np.empty((steps + 1, np.size(w)), w.dtype)
    except (MemoryError, ValueError, OverflowError):
        raise ValueError(f"steps is {checks.shown(steps)}, more points than the memory holds.") from None
    path[0] = w
    for done in range(1, steps + 1):
        w = next_point(gradient, w, optimizer)
        if w is None and done == 1:
            return ended(path[:1], "Stopped at the start: the first step leaves the finite numbers. "
                          "Look at gradient(start), then at the learning rate.")  # fmt: skip
        if w is None:
            so_far = f"{done - 1} of {checks.counted(steps, 'step')}"
            return ended(path[:done], f"Stopped after {so_far}: the next leaves the finite numbers. The run diverges; "
                          "try a smaller rate.")  # fmt: skip
        path[done] = w
    return ended(path, f"{checks.counted(steps, 'step')} done.")


@checks.divergence
def next_point(gradient, w, optimizer):
    """Return the point after w, or None if the gradient or the step is no longer finite."""
    try:
        slope = checks.floats("gradient(w)", gradient(w.copy()))
    except OverflowError:  # from the functions of `math`, where NumPy's give infinity
        return None
    checks.same_shape("gradient(w)", slope, "w", np.asarray(w))
    if not checks.all_finite(slope):
        return None
    try:
        moved = checks.floats("the next w", optimizer.step(w, slope[()]))
    except (checks.NotFinite, OverflowError):
        return None
    checks.same_shape("the next w", moved, "w", np.asarray(w))
    return moved[()] if checks.all_finite(moved) else None


def check_optimizer(optimizer):
    """Raise unless `optimizer` is an object with a `step` method and, if it has a number as its learning rate, one
    above 0; a schedule may be its rate, too.
    """
    if isinstance(optimizer, type) or not callable(getattr(optimizer, "step", None)):
        raise TypeError(
            "optimizer must be an object with a step method, such as SGD(learning_rate=0.1); "
            f"got {checks.shown(optimizer)}."
        )
    rate = getattr(optimizer, "learning_rate", None)
    if isinstance(rate, str | bytes | bool | numbers.Real | np.bool_):
        checks.number(f"learning_rate of {type(optimizer).__name__}", rate, above=0)


def fresh(optimizer):
    """Return a copy of the optimizer that remembers nothing, so that a run started twice gives the same path.

    The learner's own class needs only `step`; what it keeps in names of its own is copied as it stands.
    """
    copied = independent(optimizer)
    for remembered in fields(copied) if isinstance(copied, Optimizer) else ():
        if not remembered.init:
            setattr(copied, remembered.name, remembered.default)
    return copied
