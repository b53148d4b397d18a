"""Learning rates as functions of the step, against Keras's and by hand; and what is refused."""

import inspect
from functools import partial

import numpy as np
import pytest

from gdcourse import schedules
from gdcourse.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop, descend
from gdcourse.schedules import CosineDecay, PiecewiseConstantDecay

CASES = [
    PiecewiseConstantDecay([5, 12, 13], [0.5, 0.25, 0.125, 0.0625]),
    PiecewiseConstantDecay((3,), (0.25, 0.5)),
    CosineDecay(0.5, 12),
    CosineDecay(0.5, 12, alpha=0.25),
    CosineDecay(0.0, 12, alpha=0.125, warmup_target=0.5, warmup_steps=5),
    CosineDecay(0.25, 12, warmup_target=0.5, warmup_steps=0),
]


@pytest.mark.parametrize("schedule", CASES, ids=repr)
def test_every_rate_is_keras_s(schedule, keras):
    theirs = getattr(keras.optimizers.schedules, type(schedule).__name__)(**vars(schedule))
    rates = [schedule(step) for step in range(25)]
    np.testing.assert_allclose(rates, [float(theirs(step)) for step in range(25)], rtol=2e-6, atol=1e-7)
    assert len(set(rates)) > 1 and all(type(rate) is float for rate in rates)


@pytest.mark.parametrize("kind", [PiecewiseConstantDecay, CosineDecay])
def test_names_and_defaults_are_keras_s(kind, keras):
    theirs = inspect.signature(getattr(keras.optimizers.schedules, kind.__name__)).parameters
    ours = inspect.signature(kind).parameters
    assert {name: one.default for name, one in ours.items()} == {name: theirs[name].default for name in ours}


def test_rates_by_hand():
    steps = PiecewiseConstantDecay([2, 4], [3.0, 2.0, 1.0])
    assert [steps(step) for step in range(6)] == [3, 3, 3, 2, 2, 1]
    np.testing.assert_allclose([CosineDecay(2.0, 6)(step) for step in (0, 2, 3, 6, 9)], [2, 1.5, 1, 0, 0], atol=1e-15)
    warm = CosineDecay(1.0, 4, alpha=0.5, warmup_target=3.0, warmup_steps=4)
    np.testing.assert_allclose([warm(step) for step in (0, 1, 4, 8, 99)], [1, 1.5, 3, 1.5, 1.5])


@pytest.mark.parametrize("kind", [SGD, Adagrad, RMSprop, Adam, AdamW])
def test_a_rate_that_is_a_function_is_asked_for_each_step(kind):
    optimizer = kind(lambda step: 0.5 / (1 + step))
    w, gradient, plain = np.array([1.0, 3.0]), np.array([0.5, -1.0]), kind()
    for step in range(4):
        plain.learning_rate = 0.5 / (1 + step)
        moved, expected = optimizer.step(w, gradient), plain.step(w, gradient)
        np.testing.assert_array_equal(moved, expected)
        w = moved
    assert optimizer.iterations == 4


def test_descend_starts_each_run_at_step_0():
    optimizer = SGD(PiecewiseConstantDecay([1], [0.25, 0.125]))
    first, second = (descend(lambda w: w, 8.0, optimizer, 3).ravel() for _ in range(2))
    np.testing.assert_array_equal(first, [8, 6, 4.5, 3.9375])
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    "kind, arguments, said",
    [
        (PiecewiseConstantDecay, ([5], [0.1]), "values must be 2, one more than the boundaries; got 1"),
        (PiecewiseConstantDecay, ([5, 5], [0.3, 0.2, 0.1]), "boundaries must grow"),
        (PiecewiseConstantDecay, ([5], [0.1, 0.0]), "values must all be above 0"),
        (PiecewiseConstantDecay, ([5], [0.1, np.nan]), r"values\[1\] is nan"),
        (PiecewiseConstantDecay, (5, [0.1, 0.2]), r"boundaries has shape \(\)"),
        (PiecewiseConstantDecay, ([], []), "boundaries is empty"),
        (CosineDecay, (0.1, -1), "decay_steps must be"),
        (CosineDecay, (0.0, 5), "initial_learning_rate must be .*above 0"),
        (CosineDecay, (0.1, 5, 1.5), "alpha must be"),
        (partial(CosineDecay, warmup_steps=3), (0.1, 5), "warmup_steps is given without warmup_target"),
        (partial(CosineDecay, warmup_target=0.0, warmup_steps=3), (0.1, 5), "warmup_target must be"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(kind, arguments, said, refuses):
    refuses(said, kind, *arguments)


@pytest.mark.parametrize("schedule", CASES, ids=repr)
@pytest.mark.parametrize("step", [-1, np.nan, "3", None])
def test_a_step_that_is_none_is_refused(schedule, step, refuses):
    refuses("step must be", schedule, step)


@pytest.mark.parametrize("rate", [-0.1, np.nan, "0.1", None])
def test_a_function_that_gives_no_rate_is_refused_at_its_step(rate, refuses):
    optimizer = SGD(lambda step: 0.1 if step < 2 else rate)
    for _ in range(2):
        optimizer.step(1.0, 1.0)
    refuses(r"learning_rate\(2\) must be", optimizer.step, 1.0, 1.0)


def test_a_schedule_s_class_is_no_rate(refuses):
    refuses("learning_rate must be a number", SGD, CosineDecay)


def test_every_schedule_is_tested_here():
    made = {one for one in vars(schedules).values() if inspect.isclass(one) and one.__module__ == schedules.__name__}
    assert made == set(map(type, CASES))
