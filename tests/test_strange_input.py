"""Strange but legal values of Python's, given to every public function: a result or one sentence, nothing else."""

import copy
import datetime
import inspect
import math
import types
import warnings
from decimal import Decimal
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gdcourse import (
    checks,
    datasets,
    functions,
    gradients,
    initializers,
    lines,
    mlp,
    optimizers,
    planes,
    plots,
    training,
)

STRANGE = [
    *(None, True, False, 0, 1, 2, 3, -1, 10**400, 0.0, -0.0, 0.5, 1e308, 5e-324, math.nan, math.inf, 1j),
    *(
        "",
        "text",
        "3",
        "∇\n",
        b"3",
        [],
        [1],
        [1.0, 2.0],
        [[1.0, 2.0]],
        [[1], [2, 3]],
        [None],
        ["a", 1],
        (),
        (1, 2),
        (3, 2),
    ),
    *({}, {"loss": [1.0, 0.5]}, set(), {1, 2}, range(3), slice(2), ..., NotImplemented, len, int, object, math),
    *(Fraction(1, 3), Decimal("0.1"), Decimal("NaN"), Decimal("sNaN"), datetime.date(2000, 1, 1), ValueError("x")),
    *(lambda w: w, lambda w: 1.0, lambda: 1.0, lambda *_: None, types.SimpleNamespace(step=lambda w, g: w)),
    *(
        np.float32(0.5),
        np.int8(1),
        np.array(1.0),
        np.array([]),
        np.ones(2),
        np.ones((2, 2)),
        np.ones((3, 2), "f2"),
    ),
    *(np.array([1, 2]), np.array([0, 1], np.uint8), np.ones(2, np.longdouble), np.array(["a"]), np.array([None, 1])),
    *(
        np.full(2, np.nan),
        np.full(2, 1e308),
        np.ones(2) * 1j,
        np.array([True, False]),
        np.ones((2, 784)),
        np.ones((784, 2)),
    ),
    *(np.ma.array([1.0, 2.0], mask=[0, 1]), np.ma.masked, np.array([("a", 1)], "U1,i4")),
    *(np.array("2000", "M8[D]"), np.ones((1, 2, 2, 2)), functions.bowl, functions.parabola, optimizers.SGD(0.1)),
    *(optimizers.SGD, optimizers.Adam(), mlp.MLP((2, 2)), training.History(), np.random.default_rng(0)),
]


def public(module):
    """Return the functions and classes that a module defines for its users, by name."""
    own = {name: one for name, one in vars(module).items() if getattr(one, "__module__", "") == module.__name__}
    return {f"{module.__name__}.{name}": one for name, one in own.items() if callable(one) and not name.startswith("_")}


def methods(name, thing, *chosen):
    return {f"{name}.{method}": getattr(thing, method) for method in chosen}


NETWORK = mlp.MLP((2, 2))


def through(
    net=NETWORK, X=((1.0, 2.0), (3.0, 5.0)), y=(0, 1), start=np.zeros(6), best=np.ones(6), end=np.arange(6.0), run=None,
    images=2,
):  # fmt: skip
    """Call planes.through, whose start is another one than that of descend."""
    return planes.through(net, X, y, start, best, end, run, images)


PLANE = through()
CALLS = {
    **public(functions),
    **public(lines),
    **public(gradients),
    **public(optimizers),
    **public(mlp),
    **public(training),
    **public(initializers),
    **public(datasets),
    **public(plots),
    **{
        f"checks.{name}": lambda value, name=name: getattr(checks, name)("name", value)
        for name in ("array", "count", "counts", "flag", "floats", "function", "generator", "number")
    },
    "bowl": functions.bowl,
    "parabola": functions.parabola,
    **methods("bowl", functions.bowl, "gradient", "inside"),
    **methods("parabola", functions.parabola, "gradient", "inside"),
    **{f"{kind.__name__}.step": kind().step for kind in (optimizers.SGD, optimizers.Adagrad, optimizers.RMSprop)},
    **methods("Adam", optimizers.Adam(), "step"),
    **methods("MLP", NETWORK, "evaluate", "fit", "forward", "loss_and_gradient", "predict", "set_weights", "views"),
    **{f"MLP.{name} =": lambda value, name=name: setattr(NETWORK, name, value) for name in ("w", "W", "b")},
    "planes.through": through,
    "plane": PLANE,
    **methods("plane", PLANE, "gradient", "inside", "weights_at", "place"),
    "MLP.W[0] =": lambda value: NETWORK.W.__setitem__(0, value),
}
# What others give to a reader, or a reader only reads; its parts are made by the functions above.
PARTS = {
    "functions.Function": "made by mean_squared_error",
    "gradients.GradientCheck": "made by check_gradient",
    "optimizers.Optimizer": "made as SGD, Adagrad, RMSprop or Adam",
    "optimizers.state": "what a class says of itself",
    "optimizers.next_point": "a step of descend, after its checks",
    "optimizers.fresh": "copies what check_optimizer let pass",
    "training.History": "made by fit",
    "initializers.initial_weights": "draws for MLP, which has checked the sizes",
    "plots.in_style": "a decorator",
    "plots.levels": "the lines of contour, after its checks",
    "plots.dot_below": "the dots of weights, after its checks",
    "plots.png": "the end of show, after its checks",
    "plots.picture": "the end of show, after its checks",
}
for part in PARTS:
    del CALLS[f"gdcourse.{part}"]

# What is right, so that the strange value of another argument is reached.
RIGHT = {
    **{"x": [1.0, 2.0], "y": [0, 1], "X": [[1.0, 2.0], [3.0, 5.0]], "bounds": ((-1, 1), (-1, 1)), "start": (0.0, 0.0)},
    **{"gradient": functions.bowl.gradient, "loss": functions.bowl, "optimizer": optimizers.SGD(0.1), "steps": 2},
    **{
        "w": [1.0, 2.0],
        "sizes": (3, 2),
        "function": functions.bowl,
        "run": [1.0, 0.5],
        "point": (1, 2),
        "vector": (1, 1),
    },
    **{
        "model": NETWORK,
        "initializer": "he_normal",
        "shape": (2, 3),
        "rng": np.random.default_rng(0),
        "label": "label",
        "runs": [1.0, 0.5],
        "images": np.ones((2, 784)),
        "W": np.ones((784, 2)),
        "counts": [[1, 0], [0, 1]],
    },
    **{"text": "text", "learning_rate": 0.1, "name": "name", "value": 1.0, "seed": 0, "epochs": 1, "array": np.ones(2)},
}


def snapshot(value):
    """Return what `value` holds, to be compared; None for what has nothing inside."""
    if isinstance(value, np.ndarray) and value is not np.ma.masked:
        return value.dtype, value.shape, value.tobytes() if value.dtype.kind != "O" else repr(value)
    return repr(value) if isinstance(value, list | dict | set | tuple) else None


@st.composite
def arguments(draw, call):
    """Draw keywords for a call: most of them right, one or two of them strange."""
    names = [p for p in inspect.signature(call).parameters.values() if p.kind is not p.VAR_KEYWORD and p.name != "name"]
    strange = draw(st.sets(st.sampled_from([p.name for p in names]), min_size=1, max_size=2)) if names else ()
    given = {}
    for parameter in names:
        if parameter.name in strange:
            given[parameter.name] = draw(st.sampled_from(STRANGE))
        elif parameter.default is parameter.empty:
            given[parameter.name] = copy.copy(RIGHT.get(parameter.name, 1.0))
    return given


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)  # a strange name of a folder is soon a right one
    monkeypatch.setattr(
        datasets, "_full", lambda remote, *others: datasets.MNIST_10K.read_bytes()
    )  # a network is not strange input
    monkeypatch.setattr(plots, "display", lambda *_, **__: None)


@pytest.mark.parametrize("name", CALLS)
def test_a_result_or_one_sentence(name):
    call = CALLS[name]

    @settings(
        max_examples=12 if "plots" in name else 40,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=HealthCheck,
    )
    @given(arguments(call))
    def holds(given):
        if "epochs" in given and isinstance(given["epochs"], int):
            given["epochs"] = min(given["epochs"], 2)
        assume(not any(given.get("loss") is its_own for its_own in (len, int)))  # what it says of w is its own affair
        before = {name: snapshot(value) for name, value in given.items()}
        with warnings.catch_warnings(), np.errstate(all="raise"):
            warnings.simplefilter("error")
            try:
                call(**given)
            except (TypeError, ValueError) as error:
                said = str(error)
                assert "\n" not in said and len(said) < 300 and said.endswith((".", "?", ".)", "?)")), said
            finally:
                plt.close("all")
        assert {name: snapshot(value) for name, value in given.items()} == before

    holds()
