"""The optimizers against Keras, against their printed formulas and by hand; `descend`; and what both refuse."""

import copy
import inspect
import math
import pickle
import sys
import threading
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from formulas import evaluate, updates
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from gdcourse import functions, optimizers
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop, descend, fresh
from gdcourse.paths import Path

KINDS = [SGD, Adagrad, RMSprop, Adam, AdamW]

# Every branch of every optimizer, with hyperparameters that are neither 0 nor 1 nor the defaults.
CASES = {
    "SGD": SGD(0.03),
    "momentum": SGD(0.03, momentum=0.8),
    "Nesterov": SGD(0.03, momentum=0.8, nesterov=True),
    "Adagrad": Adagrad(0.05, initial_accumulator_value=0.3, epsilon=1e-3),
    "RMSprop": RMSprop(0.02, rho=0.7, epsilon=1e-3),
    "RMSprop with momentum": RMSprop(0.02, rho=0.7, momentum=0.6, epsilon=1e-3),
    "Adam": Adam(0.02, beta_1=0.7, beta_2=0.95, epsilon=1e-3),
    "AdamW": AdamW(0.02, weight_decay=0.3, beta_1=0.7, beta_2=0.95, epsilon=1e-3),
}
every_case = pytest.mark.parametrize("optimizer", CASES.values(), ids=CASES)


def drawn(shape, steps, seed=0, dtype=np.float64):
    """Return a start and one random gradient a step, of very different sizes."""
    rng = np.random.default_rng(seed)
    sizes = 10 ** rng.uniform(-3, 1, (steps,) + (1,) * len(shape))
    return rng.normal(size=shape).astype(dtype), (sizes * rng.normal(size=(steps, *shape))).astype(dtype)


def hyperparameters(kind, rng):
    """Return random hyperparameters for Keras's and our optimizer alike.

    They are numbers that float32 holds exactly: on TensorFlow, Keras rounds β and the momentum to float32 even where
    the weights are float64.
    """
    learning_rate = 10 ** rng.uniform(-4, -1.5)
    epsilon = 10 ** rng.uniform(-8, -2)
    momentum = rng.choice([0.0, rng.uniform(0.1, 1)])
    options = {
        SGD: {"momentum": momentum, "nesterov": bool(rng.integers(2))},
        Adagrad: {"initial_accumulator_value": rng.choice([0.0, rng.uniform(0, 1)]), "epsilon": epsilon},
        RMSprop: {"rho": rng.uniform(0, 0.99), "momentum": momentum, "epsilon": epsilon},
        Adam: {"beta_1": rng.uniform(0, 0.99), "beta_2": rng.uniform(0, 0.999), "epsilon": epsilon},
    }
    options[AdamW] = {"weight_decay": rng.uniform(0, 5), **options[Adam]}
    options = options[kind] | {"learning_rate": learning_rate}
    return {name: value if name == "nesterov" else float(np.float32(value)) for name, value in options.items()}


# Keras


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_every_step_is_keras_s_step(kind, seed, keras, floatx):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 5, size=rng.integers(0, 4)))
    options = hyperparameters(kind, rng)
    ours, theirs = kind(**options), getattr(keras.optimizers, kind.__name__)(**options)
    start, gradients = drawn(shape, 20, seed, floatx)
    variable, w = keras.Variable(start, dtype=floatx), start
    for gradient in gradients:
        before = keras.ops.convert_to_numpy(variable)
        w = ours.step(w if floatx == "float64" else before, gradient)
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        after = keras.ops.convert_to_numpy(variable)
        assert w.dtype == after.dtype == floatx
        assert np.any(after != before)
        # float64 over all steps; float32 step by step, on the scale of the array
        tolerance = 1e-12 if floatx == "float64" else 1e-6
        assert np.max(np.abs(w - after)) <= tolerance * max(1.0, np.max(np.abs(after)))


@pytest.mark.parametrize("kind", KINDS)
def test_names_order_and_defaults_are_keras_s(kind, keras):
    ours = inspect.signature(kind).parameters
    theirs = inspect.signature(getattr(keras.optimizers, kind.__name__)).parameters
    assert {name: p.default for name, p in ours.items()} == {name: theirs[name].default for name in ours}
    assert list(ours) == [name for name in theirs if name in ours]


# Formulas and hand-calculated steps


def replayed(printed, options, start, gradients, first=None):
    """Return the path that the formulas printed in a docstring give, read from the docstring itself."""
    letters = {"η": "learning_rate", "μ": "momentum", "ρ": "rho", "ε": "epsilon", "β₁": "beta_1", "β₂": "beta_2"}
    letters["λ"] = "weight_decay"
    values = {letter: options[name] for letter, name in letters.items() if name in options}
    values |= {"w": start, "v": 0.0, "m": 0.0} | (first or {})
    path = [start]
    for t, gradient in enumerate(gradients, start=1):
        values |= {"∇L": gradient, "t": t}
        for letter, formula in printed:
            values[letter] = evaluate(formula, **values)
        path.append(values["w"])
    return np.array(path)


def stepped(optimizer, start, gradients):
    optimizer, path = fresh(optimizer), [start]
    for gradient in gradients:
        path.append(optimizer.step(path[-1], gradient))
    return np.array(path)


SGD_FORMULAS = updates(SGD.__doc__)  # plain; classical v, w; Nesterov's w


@pytest.mark.parametrize(
    "name, printed",
    [
        ("SGD", SGD_FORMULAS[:1]),
        ("momentum", SGD_FORMULAS[1:3]),
        ("Nesterov", [SGD_FORMULAS[1], SGD_FORMULAS[3]]),
        ("Adagrad", updates(Adagrad.__doc__)),
        ("RMSprop", updates(RMSprop.__doc__)),
        ("Adam", updates(Adam.__doc__)),
        ("AdamW", [*updates(AdamW.__doc__), *updates(Adam.__doc__)]),
    ],
)
def test_printed_formula_is_the_code(name, printed):
    assert [letter for letter, _ in printed][-1] == "w" and len(SGD_FORMULAS) == 4
    optimizer = CASES[name]
    start, gradients = drawn((3, 2), 12)
    first = {"G": optimizer.initial_accumulator_value} if name == "Adagrad" else None
    expected = replayed(printed, vars(optimizer), start, gradients, first)
    np.testing.assert_allclose(stepped(optimizer, start, gradients), expected, rtol=1e-12)


def test_sgd_prints_the_plain_rule_first():
    assert SGD_FORMULAS[0] == ("w", "w − η∇L")


@pytest.mark.parametrize(
    "optimizer, gradients, expected",
    [
        # w = 1 − 0.5·2, then − 0.5·4
        (SGD(0.5), [2, 4], [0.0, -2.0]),
        # v = −1, then 0.5·(−1) − 2 = −2.5
        (SGD(0.5, momentum=0.5), [2, 4], [0.0, -2.5]),
        # v as above; w adds 0.5·v − 0.5·gradient: −1.5, then −3.25
        (SGD(0.5, momentum=0.5, nesterov=True), [2, 4], [-0.5, -3.75]),
        # G = 5 + 4 = 9, step 3·2/3 = 2; G = 9 + 16 = 25, step 3·4/5 = 2.4
        (Adagrad(3, initial_accumulator_value=5, epsilon=1e-30), [2, 4], [-1.0, -3.4]),
        # v = 0.75·0 + 0.25·16 = 4, step 1·4/2 = 2; v = 3 + 0.25·(2√13)² = 16, step 2√13/4
        (RMSprop(1, rho=0.75, epsilon=1e-30), [4, 2 * math.sqrt(13)], [-1.0, -1.0 - math.sqrt(13) / 2]),
        # The first step has the size of the learning rate, whatever the gradient.
        (Adam(0.25, epsilon=1e-30), [1000], [0.75]),
        (Adam(0.25, epsilon=1e-30), [-0.001], [1.25]),
        # m = 0.5, then 0.5 + 0.5·(2 − 0.5) = 1.25; v = 0.25, then 1.1875;
        # rate 1·√(1 − 0.75²)/(1 − 0.5²)
        (
            Adam(1, beta_1=0.5, beta_2=0.75, epsilon=1e-30),
            [1, 2],
            [0.0, -math.sqrt(0.4375) / 0.75 * 1.25 / math.sqrt(1.1875)],
        ),
    ],
)
def test_first_steps_by_hand(optimizer, gradients, expected):
    np.testing.assert_allclose(stepped(optimizer, 1.0, gradients)[1:], expected, rtol=1e-14)


# step


@every_case
@settings(max_examples=20, deadline=None)
@given(shape=st.just(()) | array_shapes(max_dims=3, max_side=3), dtype=st.sampled_from([np.float32, np.float64]))
def test_step_changes_neither_argument_and_keeps_shape_and_dtype(optimizer, shape, dtype):
    w, gradients = drawn(shape, 3, dtype=dtype)
    optimizer = fresh(optimizer)
    for gradient in gradients:
        w_before, gradient_before = w.copy(), gradient.copy()
        after = optimizer.step(w, gradient)
        np.testing.assert_array_equal(w, w_before)
        np.testing.assert_array_equal(gradient, gradient_before)
        assert after.shape == shape and after.dtype == dtype
        assert not np.shares_memory(after, w) and not np.shares_memory(after, gradient)
        w = after


@every_case
def test_what_is_remembered_does_not_change_when_the_caller_reuses_the_gradient_array(optimizer):
    start, gradients = drawn((4,), 5)
    expected = stepped(optimizer, start, gradients)
    reused, optimizer, w = np.empty(4), fresh(optimizer), start
    for gradient in gradients:
        reused[:] = gradient
        w = optimizer.step(w, reused)
        reused[:] = 99
    np.testing.assert_array_equal(w, expected[-1])


@every_case
def test_lists_scalars_and_integer_gradients_mean_the_same_as_arrays(optimizer):
    expected = fresh(optimizer).step(np.array([1.0, 2.0]), np.array([3.0, -4.0]))
    np.testing.assert_array_equal(fresh(optimizer).step([1.0, 2.0], [3, -4]), expected)
    np.testing.assert_array_equal(fresh(optimizer).step([1, 2], np.array([3, -4])), expected)
    alone = fresh(optimizer).step(1.0, 3)
    assert alone == expected[0] and isinstance(alone, float)
    assert fresh(optimizer).step(1, 3) == expected[0]


@every_case
@pytest.mark.parametrize("number", [np.float64, np.float32, np.array, lambda value: np.array(value, np.float32)])
def test_hyperparameters_from_numpy_keep_the_dtype_of_w(optimizer, number):
    names = inspect.signature(type(optimizer)).parameters
    options = {name: getattr(optimizer, name) for name in names}
    options = {name: value if isinstance(value, bool) else number(value) for name, value in options.items()}
    w = np.ones(3, np.float32)
    assert type(optimizer)(**options).step(w, w).dtype == np.float32


@every_case
@pytest.mark.parametrize("gradient", [np.ones(3), [1, 2, 3], np.ones(3, np.int64)], ids=["float64", "list", "int64"])
def test_dtype_of_w_decides(optimizer, gradient):
    assert fresh(optimizer).step(np.ones(3, np.float32), gradient).dtype == np.float32
    assert fresh(optimizer).step(np.ones(3), np.float32(gradient)).dtype == np.float64


@every_case
def test_what_is_remembered_belongs_to_one_optimizer(optimizer):
    start, gradients = drawn((3,), 4)
    one, other = fresh(optimizer), fresh(optimizer)
    alone = stepped(optimizer, start, gradients)
    w = start
    for gradient in gradients:
        w = one.step(w, gradient)
        other.step(-w, 7 * gradient)
    np.testing.assert_array_equal(w, alone[-1])


@pytest.mark.parametrize("name", [name for name in CASES if name != "SGD"])
@pytest.mark.parametrize("first, then", [((3,), (4,)), ((3,), ()), ((), (3,)), ((1,), (3,)), ((2, 3), (3, 2))])
def test_state_is_refused_for_another_shape(name, first, then, refuses):
    optimizer = fresh(CASES[name])
    optimizer.step(np.ones(first), np.ones(first))
    message = refuses(
        f"this {type(optimizer).__name__} has been stepping", optimizer.step, np.ones(then), np.ones(then)
    )
    assert str(then) in message
    optimizer.step(np.ones(first), np.ones(first))


def test_plain_sgd_remembers_nothing_and_takes_any_shape():
    optimizer = SGD(0.1)
    for shape in [(3,), (), (2, 2)]:
        np.testing.assert_allclose(optimizer.step(np.ones(shape), np.ones(shape)), 0.9)


@every_case
@pytest.mark.parametrize(
    "w, gradient, named",
    [
        (None, [1.0], "w"),
        ([1.0], None, "gradient"),
        ("text", [1.0], "w"),
        ([1.0], ["text"], "gradient"),
        ([], [], "w"),
        ([[1.0], [1.0, 2.0]], [1.0], "w"),
        ([1j], [1.0], "w"),
        (np.ones(2), np.ones(3), "gradient"),
        (np.ones(2), np.ones((2, 1)), "gradient"),
        (np.ones(2), 1.0, "gradient"),
        (1.0, np.ones(1), "gradient"),
        ([np.nan, 1.0], [1.0, 1.0], r"w\[0\]"),
        ([1.0, 1.0], [1.0, np.inf], r"gradient\[1\]"),
        (np.array([1, 2]), np.array([1.0, 2.0]), "w"),
        (np.array([True]), np.array([1.0]), "w"),
    ],
)
def test_step_refuses_what_it_cannot_use(optimizer, w, gradient, named, refuses):
    refuses(f"{named} ", fresh(optimizer).step, w, gradient)


HYPERPARAMETERS = [(kind, name) for kind in KINDS for name in inspect.signature(kind).parameters if name != "nesterov"]


@pytest.mark.parametrize("kind, name", HYPERPARAMETERS)
@pytest.mark.parametrize("wrong", [-0.1, np.nan, np.inf, -np.inf, "0.1", None, True, [0.1], np.array([0.1]), 1j])
def test_hyperparameter_that_is_no_number_in_range_is_refused(kind, name, wrong, refuses):
    refuses(f"{name} must be a ", kind, **{name: wrong})


@pytest.mark.parametrize("kind, name", HYPERPARAMETERS)
@pytest.mark.parametrize("wrong", [-0.1, np.nan, "0.1", None, True, [0.1], Decimal("sNaN"), 10**400], ids=repr)
def test_hyperparameter_is_held_to_its_range_when_it_is_assigned_later(kind, name, wrong, refuses):
    optimizer = kind()
    refuses(f"{name} must be a ", setattr, optimizer, name, wrong)
    assert repr(optimizer) == repr(kind())


@pytest.mark.parametrize("number", [Fraction(1, 4), Decimal("0.25"), np.float32(0.25), np.array(0.25)], ids=repr)
def test_any_real_number_is_a_rate(number):
    optimizer = SGD()
    optimizer.learning_rate = number
    assert type(optimizer.learning_rate) is float and optimizer == optimizer
    assert optimizer.step(1.0, 1.0) == SGD(number).step(1.0, 1.0) == 0.75


@pytest.mark.parametrize("kind, name", HYPERPARAMETERS)
def test_zero_and_one_are_in_range_where_they_mean_something(kind, name, refuses):
    zero = name in ("momentum", "rho", "beta_1", "beta_2", "initial_accumulator_value", "weight_decay")
    one = name not in ("rho", "beta_1", "beta_2")
    for value, allowed in [(0, zero), (0.0, zero), (1, one), (1.0, one)]:
        if allowed:
            assert np.isfinite(kind(**{name: value}).step(1.0, 1.0))
        else:
            refuses(f"{name} must be a finite number ", kind, **{name: value})


@pytest.mark.parametrize("name", ["momentum", "rho", "beta_1", "beta_2"])
def test_shares_above_one_are_refused(name, refuses):
    for kind in KINDS:
        if name in inspect.signature(kind).parameters:
            refuses(f"{name} must be a finite number at least 0", kind, **{name: 1.01})


@pytest.mark.parametrize("wrong", ["yes", 1, None])
def test_nesterov_is_true_or_false(wrong, refuses):
    refuses("nesterov must be True or False", SGD, momentum=0.9, nesterov=wrong)


def test_optimizer_without_a_rule_says_what_is_missing():
    with pytest.raises(NotImplementedError, match="a subclass of Optimizer says here"):
        Optimizer(0.1).step(1.0, 1.0)


def test_printing_an_optimizer_shows_its_hyperparameters_alone():
    assert repr(SGD(0.1, momentum=0.9)) == "SGD(learning_rate=0.1, momentum=0.9, nesterov=False)"
    stepped_once = Adam()
    stepped_once.step(np.ones(9), np.ones(9))
    assert repr(stepped_once) == repr(Adam())


# descend


@every_case
@pytest.mark.parametrize("start", [(2.5,), (3.0, -1.0), (1.0, 2.0, 3.0)])
def test_path_is_the_loop_written_out(optimizer, start):
    def gradient(w):
        return np.array([1.0, 3.0, 0.5])[: len(w)] * w + 0.1

    before = copy.deepcopy(vars(optimizer))
    path = descend(gradient, start, optimizer, 7)
    expected, w, walker = [np.array(start)], np.array(start), fresh(optimizer)
    for _ in range(7):
        w = walker.step(w, gradient(w))
        expected.append(w)
    np.testing.assert_array_equal(path, expected)
    assert path.shape == (8, len(start)) and path.dtype == np.float64
    assert path.message == "7 steps done."
    assert vars(optimizer) == before


@every_case
def test_run_started_twice_gives_the_same_path_even_after_the_optimizer_was_used(optimizer):
    run = (functions.ravine.gradient, functions.ravine.start)
    used = fresh(optimizer)
    first = descend(*run, used, 10)
    used.step(np.ones(2), np.ones(2))
    state = {name: np.copy(value) for name, value in vars(used).items()}
    np.testing.assert_array_equal(descend(*run, used, 10), first)
    assert all(np.array_equal(state[name], value) for name, value in vars(used).items())


@pytest.mark.parametrize("start", [8, 8.0, np.float32(8), np.array(8.0)])
def test_scalar_start_makes_a_path_of_one_column(start):
    seen = []

    def gradient(w):
        seen.append(w)
        return 2 * (w - 3)

    path = descend(gradient, start, SGD(0.25), 3)
    np.testing.assert_array_equal(path, [[8.0], [5.5], [4.25], [3.625]])
    assert all(np.ndim(w) == 0 for w in seen)
    assert path.dtype == (np.float32 if isinstance(start, np.float32) else np.float64)


def test_integer_start_does_not_cut_fractions_off():
    path = descend(lambda w: 2 * w, np.array([1, 2]), SGD(0.25), 1)
    np.testing.assert_array_equal(path, [[1, 2], [0.5, 1]])


def test_start_is_not_changed_by_an_optimizer_that_works_in_place():
    class InPlace:
        def step(self, w, gradient):
            w -= 0.5 * gradient
            return w

    start = np.array([4.0, -2.0])
    assert descend(lambda w: w, start, InPlace(), 2).tolist() == [[4, -2], [2, -1], [1, -0.5]]
    assert start.tolist() == [4, -2]


def test_start_is_not_changed_by_a_gradient_that_works_in_place():
    def careless(w):
        w *= 2
        return w

    start = np.array([1.0, 2.0])
    path = descend(careless, start, SGD(0.25), 1)
    np.testing.assert_array_equal(path, [[1, 2], [0.5, 1]])
    np.testing.assert_array_equal(start, [1, 2])


DIVERGING = {
    "numpy": lambda w: 1e3 * w,
    "power": lambda w: w**3,
    "math": lambda w: math.exp(abs(w[0])) * np.sign(w),
    "nan later": lambda w: np.where(np.abs(w) > 1e9, np.nan, 1e3 * w),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("gradient", DIVERGING.values(), ids=DIVERGING)
@pytest.mark.parametrize("optimizer", [SGD(10.0), SGD(10.0, momentum=0.9), SGD(10.0, momentum=0.9, nesterov=True)])
def test_diverging_run_ends_with_its_last_finite_point_and_says_so(gradient, optimizer):
    path = descend(gradient, [2.0], optimizer, 500)
    assert 2 <= len(path) < 501
    assert np.isfinite(path).all()
    assert path.message == (
        f"Stopped after {len(path) - 1} of 500 steps: the next leaves the finite numbers. "
        "The run diverges; try a smaller rate."
    )


def test_diverging_float32_run_ends_where_float32_ends():
    path = descend(lambda w: 1e3 * w, np.ones(2, np.float32), SGD(10.0), 500)
    assert path.dtype == np.float32 and np.isfinite(path).all() and np.abs(path[-1]).max() > 1e34


def test_run_that_cannot_take_its_first_step_points_to_the_gradient():
    path = descend(lambda w: w * np.nan, [1.0, 2.0], SGD(0.1), 5)
    np.testing.assert_array_equal(path, [[1.0, 2.0]])
    assert path.message.startswith("Stopped at the start:") and "gradient(start)" in path.message


@pytest.mark.parametrize("steps", [0, -1, 2.5, "10", None, True])
def test_steps_that_are_no_count_are_refused(steps, refuses):
    refuses("steps must be ", descend, functions.bowl.gradient, (1.0, 1.0), SGD(), steps)


@pytest.mark.parametrize(
    "start", [None, "text", [], [[1.0, 2.0]], np.ones((2, 2)), [np.nan, 1.0], [1.0, np.inf], [[1.0], [1.0, 2.0]]]
)
def test_start_that_is_no_finite_point_is_refused(start, refuses):
    refuses(r"start(\[\d\])? ", descend, lambda w: w, start, SGD(), 3)


@pytest.mark.parametrize(
    "returned", [None, "text", [], 1.0, [1.0], [[1.0, 2.0]], [1j, 1.0], [1.0, 2.0, 3.0], [None, 1.0]], ids=repr
)
def test_gradient_that_returns_something_else_is_refused(returned, refuses):
    refuses(r"gradient\(w\) ", descend, lambda w: returned, (1.0, 1.0), SGD(), 3)


@pytest.mark.parametrize("gradient", [np.ones(2), 1.0, None, functions.bowl.gradient(np.ones(2))])
def test_gradient_that_is_no_function_is_refused(gradient, refuses):
    refuses("gradient must be a function of w; got ", descend, gradient, (1.0, 1.0), SGD(), 3)


@pytest.mark.parametrize("wrong", [SGD, "sgd", None, 0.1, object()])
def test_what_is_no_optimizer_is_refused(wrong, refuses):
    refuses("optimizer must be an object with a step method", descend, functions.bowl.gradient, (1.0, 1.0), wrong, 3)


class Mine:
    """A learner's momentum: keeps its velocity in place, and works on w in place."""

    def __init__(self, rate):
        self.rate, self.velocity = rate, np.zeros(2)

    def step(self, w, gradient):
        self.velocity *= 0.5
        self.velocity -= self.rate * gradient
        w += self.velocity
        return w


def test_learner_s_own_class_walks_the_same_path_twice_and_is_not_changed():
    mine = Mine(0.1)
    first = descend(functions.ravine.gradient, (4.0, 1.0), mine, 9)
    np.testing.assert_array_equal(mine.velocity, 0)
    np.testing.assert_array_equal(descend(functions.ravine.gradient, (4.0, 1.0), mine, 9), first)
    course = descend(functions.ravine.gradient, (4.0, 1.0), SGD(0.1, momentum=0.5), 9)
    np.testing.assert_allclose(first, course, rtol=1e-12)


class Kept(Optimizer):
    """A learner's subclass with an __init__ of its own and state in names of its own."""

    def __init__(self, learning_rate, decay):
        super().__init__(learning_rate)
        self.decay, self.taken = decay, 0

    def change(self, w, gradient):
        self.taken += 1
        return -self.learning_rate / (1 + self.decay * self.taken) * gradient


def test_learner_s_own_subclass_is_copied_as_it_stands():
    kept = Kept(0.5, decay=1)
    path = descend(lambda w: 2 * w, 12.0, kept, 2)
    np.testing.assert_allclose(path, [[12], [6], [4]])
    assert kept.taken == 0


class Locked:
    """A learner's optimizer that keeps what can't be copied, and something that can."""

    def __init__(self, kept):
        self.kept, self.velocity = kept, np.zeros(2)

    def step(self, w, gradient):
        self.velocity -= 0.1 * gradient
        return w + self.velocity


def test_learner_s_optimizer_that_keeps_a_lock_or_a_file_walks_the_same_path_twice(tmp_path):
    with open(tmp_path / "log", "w") as file:
        for kept in threading.Lock(), file, {"lock": threading.Lock()}, sys:
            mine = Locked(kept)
            first = descend(functions.ravine.gradient, (4.0, 1.0), mine, 9)
            np.testing.assert_array_equal(mine.velocity, 0)
            assert mine.kept is kept
            np.testing.assert_array_equal(descend(functions.ravine.gradient, (4.0, 1.0), mine, 9), first)


def test_learner_s_optimizer_that_keeps_a_lock_or_a_file_trains_the_same_network_twice(tmp_path):
    X, y = np.eye(4, 2), [0, 1, 1, 0]
    with open(tmp_path / "log", "w") as file:
        for kept in threading.Lock(), file:
            mine, nets = Locked(kept), [MLP((2, 2)), MLP((2, 2))]
            mine.velocity = np.zeros(6)
            histories = [net.fit(X, y, epochs=3, batch_size=2, optimizer=mine).history for net in nets]
            np.testing.assert_array_equal(nets[0].w, nets[1].w)
            assert histories[0] == histories[1] and mine.kept is kept and not mine.velocity.any()


def test_learner_s_optimizer_that_would_go_on_where_it_stopped_is_refused(refuses):
    def descended():
        descend(functions.bowl.gradient, (1.0, 1.0), Locked(rate for rate in (0.1, 0.2)), 2)

    def trained():
        MLP((2, 2)).fit(np.eye(4, 2), [0, 1, 1, 0], optimizer=Locked(rate for rate in (0.1, 0.2)))

    for run in descended, trained:
        message = refuses("this Locked can't start anew: its kept is a generator", run)
        assert message.endswith("make it a list.")


def test_learner_s_optimizer_without_a_place_for_names_is_refused_if_it_can_t_be_copied(refuses):
    class Slots:
        __slots__ = "lock"
        step = Locked.step

        def __init__(self):
            self.lock = threading.Lock()

    refuses("this Slots can't be copied", descend, functions.bowl.gradient, (1.0, 1.0), Slots(), 2)


def test_any_object_with_a_step_is_an_optimizer():
    plain = SimpleNamespace(step=lambda w, gradient: w - 0.1 * gradient)
    path = descend(functions.bowl.gradient, (1.0, 1.0), plain, 5)
    np.testing.assert_array_equal(path, descend(functions.bowl.gradient, (1.0, 1.0), SGD(0.1), 5))


@pytest.mark.parametrize("rate", ["0.1", b"0.1", True, -0.1, 0, np.float32(-1), np.nan, np.inf])
def test_learner_s_own_optimizer_has_a_rate_above_0(rate, refuses):
    mine = SimpleNamespace(learning_rate=rate, step=lambda w, gradient: w - mine.learning_rate * gradient)
    refuses("learning_rate of SimpleNamespace must be a", descend, functions.bowl.gradient, (1.0, 1.0), mine, 3)
    refuses("learning_rate of SimpleNamespace must be a", MLP((2, 2)).fit, np.ones((3, 2)), [0, 1, 0], optimizer=mine)


@pytest.mark.parametrize("returned", [None, "text", 0.5, [0.5], [[0.5, 0.5]], [0.5, 0.5, 0.5]], ids=repr)
def test_learner_s_step_that_returns_something_else_is_refused(returned, refuses):
    class Odd:
        def step(self, w, gradient):
            return returned

    refuses("the next w ", descend, functions.bowl.gradient, (1.0, 1.0), Odd(), 3)


def test_errors_in_the_learner_s_own_code_are_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        descend(lambda w: 1 / 0, (1.0, 1.0), SGD(), 3)


def test_path_is_an_array_that_says_how_the_run_ended():
    path = descend(functions.bowl.gradient, (1.0, 1.0), SGD(0.1), 2)
    assert isinstance(path, np.ndarray) and isinstance(path, Path)
    assert type(np.asarray(path)) is np.ndarray and path.message == "2 steps done."


def test_numbers_and_parts_of_a_path_are_plain():
    path = descend(functions.bowl.gradient, (1.0, 2.0), SGD(0.1), 2)
    for number in path.min(), path.max(), path.sum(), path.mean(), path[1, 0], np.sum(path), np.ptp(path):
        assert type(number) is np.float64
    for part in path[1], path[:, 0], path[:2], path.mean(axis=0), path + 1, np.diff(path, axis=0), path > 0:
        assert type(part) is np.ndarray
    assert path.min() == np.asarray(path).min()
    for still in path.copy(), path.T:
        assert type(still) is Path and still.message == path.message


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda path: pickle.loads(pickle.dumps(path))])
def test_copy_of_a_path_says_how_the_run_ended(copied):
    path = descend(functions.bowl.gradient, (1.0, 2.0), SGD(0.1), 2)
    twin = copied(path)
    np.testing.assert_array_equal(twin, path)
    assert twin.message == path.message and not np.shares_memory(twin, path)


def test_steps_beyond_memory_are_refused(refuses):
    for steps in 10**16, 10**30:
        refuses("steps is 1", descend, functions.bowl.gradient, (1.0, 1.0), SGD(), steps)


def test_masked_numbers_are_refused(refuses):
    masked = np.ma.array([1.0, 2.0], mask=[True, False])
    refuses("start holds masked values", descend, functions.bowl.gradient, masked, SGD(), 3)
    refuses(r"gradient\(w\) holds masked values", descend, lambda w: masked, (1.0, 1.0), SGD(), 3)
    refuses("w holds masked values", SGD().step, masked, [1.0, 1.0])
    refuses("gradient holds masked values", SGD().step, [1.0, 1.0], [np.ma.masked, 1.0])
    unmasked = np.ma.array([1.0, 2.0])
    np.testing.assert_array_equal(SGD(0.5).step(unmasked, unmasked), [0.5, 1.0])


# The reader's settings


@pytest.mark.filterwarnings("error")
@every_case
def test_reader_s_settings_for_arithmetic_change_no_step_and_no_path(optimizer):
    def run():
        tiny = descend(lambda w: w, np.float32([1e-38, 1e-30]), optimizer, 3)
        far = descend(lambda w: 1e30 * w**3, (1e10, 1.0), optimizer, 30)
        return tiny, far, fresh(optimizer).step(np.float32([1, 1]), np.float32([1e-38, 1e-25])), far.message

    usual = run()
    with np.errstate(all="raise"):
        for one, other in zip(run(), usual):
            np.testing.assert_array_equal(one, other)
        assert set(np.geterr().values()) == {"raise"}


def test_learner_s_division_by_zero_is_for_the_learner_s_settings():
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
        descend(lambda w: 1 / (w - w), (1.0, 1.0), SGD(), 3)


def test_step_that_leaves_the_finite_numbers_is_refused(refuses):
    refuses(r"the next w\[1\] is -inf", SGD(1e200).step, [1.0, 1.0], [1.0, 1e200])


@pytest.mark.parametrize("make", [partial(SGD, momentum=0.9), Adagrad, partial(RMSprop, momentum=0.9), Adam, AdamW])
def test_after_a_refused_step_a_smaller_rate_gives_the_step_of_a_new_optimizer(make, refuses):
    tried, new, w, gradient = make(1e308), make(0.1), np.array([1.0, -2.0]), np.array([100.0, 3.0])
    for steps in (0, 2):
        for optimizer in (tried, new):
            optimizer.learning_rate = 0.1
            for _ in range(steps):
                optimizer.step(w, gradient)
        tried.learning_rate = lambda step: 1e308 * 10
        refuses("learning_rate", tried.step, w, gradient)
        tried.learning_rate = 1e308
        refuses(
            r"the next w.* Try a smaller learning rate", tried.step, np.array([1.5e308, -1.5e308]), np.array([-9, 9.0])
        )
        tried.learning_rate = 0.1
        np.testing.assert_array_equal(tried.step(w, gradient), new.step(w, gradient))
        assert tried.iterations == new.iterations


def test_every_optimizer_of_the_module_is_tested_here():
    kinds = [kind for kind in vars(optimizers).values() if isinstance(kind, type) and issubclass(kind, Optimizer)]
    assert set(kinds) == {Optimizer, *KINDS} == {Optimizer, *map(type, CASES.values())}


def test_learner_s_optimizer_that_leaves_python_s_numbers_ends_the_path():
    power = SimpleNamespace(step=lambda w, gradient: float(w) ** 9)
    path = descend(lambda w: w, 8.0, power, 60)
    assert np.isfinite(path).all() and 1 < len(path) < 61 and "The run diverges" in path.message


@pytest.mark.parametrize(
    ("gradient", "takes"), [(lambda: 2.0, r"\(\)"), (lambda w, x: 2.0, r"\(w, x\)"), (lambda *, w: 2.0, r"\(\*, w\)")]
)
def test_a_gradient_of_more_or_less_than_w_is_refused_with_what_it_takes(refuses, gradient, takes):
    refuses(f"gradient must be a function of w alone; this one takes {takes}", descend, gradient, 1.0, SGD(0.1), 3)
