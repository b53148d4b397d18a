"""Learning rates that change with the step, with the names and arithmetic of Keras 3.

A schedule is a function of the number of steps done, 0 before the first one; an optimizer takes one for its
`learning_rate`. Source: Keras 3, keras/src/optimizers/schedules/learning_rate_schedule.py.
"""

import math
from dataclasses import KW_ONLY, dataclass

import numpy as np

from gdcourse import checks


@dataclass(frozen=True)
class PiecewiseConstantDecay:
    """The rate is values[0] up to and with step boundaries[0], then values[1] up to boundaries[1], and so on."""

    boundaries: tuple
    values: tuple

    def __post_init__(self):
        boundaries, values = checks.floats("boundaries", self.boundaries), checks.floats("values", self.values)
        for name, array in {"boundaries": boundaries, "values": values}.items():
            if array.ndim != 1:
                raise ValueError(f"{name} has shape {array.shape}; expected a row of numbers, such as [100, 200].")
            checks.finite(name, array)
        if len(values) != len(boundaries) + 1:
            raise ValueError(f"values must be {len(boundaries) + 1}, one more than the boundaries; got {len(values)}.")
        if np.any(np.diff(boundaries) <= 0):
            raise ValueError(f"boundaries must grow, as in [100, 200]; got {checks.shown(self.boundaries)}.")
        if np.any(values <= 0):
            raise ValueError(f"values must all be above 0, for they are rates; got {checks.shown(self.values)}.")

    def __call__(self, step):
        """Return the rate after so many steps."""
        place = np.searchsorted(np.asarray(self.boundaries), checks.number("step", step, least=0))
        return float(self.values[place])


@dataclass(frozen=True)
class CosineDecay:
    """The rate falls along half a cosine within decay_steps.

    At a share p of them it is η₀ · ((1 − alpha) · (1 + cos πp) / 2 + alpha), with η₀ = initial_learning_rate.
    alpha: the share that is left at the end, and stays. warmup_target: the rate first climbs in a straight line from
    initial_learning_rate to it, within warmup_steps; the cosine then starts there.
    """

    initial_learning_rate: float
    decay_steps: int
    alpha: float = 0.0
    _: KW_ONLY
    warmup_target: float | None = None
    warmup_steps: int = 0

    def __post_init__(self):
        checks.number("decay_steps", self.decay_steps, above=0)
        checks.number("alpha", self.alpha, least=0, most=1)
        checks.number("warmup_steps", self.warmup_steps, least=0)
        if self.warmup_target is None:
            checks.number("initial_learning_rate", self.initial_learning_rate, above=0)
            if self.warmup_steps:
                raise ValueError("warmup_steps is given without warmup_target: say which rate the warm-up climbs to.")
        else:
            checks.number("initial_learning_rate", self.initial_learning_rate, least=0)
            checks.number("warmup_target", self.warmup_target, above=0)

    def __call__(self, step):
        """Return the rate after so many steps."""
        step, first, top = checks.number("step", step, least=0), self.initial_learning_rate, self.warmup_target
        if top is None:
            top = first
        elif step < self.warmup_steps:
            return float(first + (top - first) * step / self.warmup_steps)
        share = min(step - self.warmup_steps, self.decay_steps) / self.decay_steps
        return float(top * ((1 - self.alpha) * (1 + math.cos(math.pi * share)) / 2 + self.alpha))
