"""Strange but legal values of Python's, given to the public functions: a result or one sentence, nothing else.

Not to those of `digits`, `sharing`, `project` and, but for one, `clinic`, nor to what PARTS names.
"""

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
    attention,
    bags,
    callbacks,
    checks,
    clinic,
    convolution,
    datasets,
    detection,
    embedding,
    faces,
    functions,
    gradients,
    lines,
    mlp,
    numerals,
    optimizers,
    planes,
    plots,
    schedules,
    training,
    tuning,
    words,
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
CONVNET, PLACES = convolution.ConvNet((4, 4), 2, 3, 1, 2), embedding.Embedding((2, 2))
DETECTOR = detection.Detector(filters=2)
BAG, TRANSLATOR = bags.MeanEmbedding(4, 2), attention.Translator(units=2, hidden=2)
CALLS = {
    **public(functions),
    **public(lines),
    **public(gradients),
    **public(optimizers),
    **public(mlp),
    **public(training),
    **public(datasets),
    **public(plots),
    **public(schedules),
    **public(callbacks),
    **public(tuning),
    **public(convolution),
    **public(detection),
    **public(faces),
    **public(embedding),
    **public(words),
    **public(bags),
    **public(numerals),
    **public(attention),
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
    "PiecewiseConstantDecay": schedules.PiecewiseConstantDecay([1, 2], [0.3, 0.2, 0.1]),
    "CosineDecay": schedules.CosineDecay(0.1, 2),
    **methods(
        "ConvNet", CONVNET, "arrays", "evaluate", "fit", "forward", "loss_and_gradient", "predict", "set_weights"
    ),
    **methods("Detector", DETECTOR, "find", "slide"),
    **methods("Embedding", PLACES, "distances", "evaluate", "fit", "loss_and_gradient", "predict"),
    **methods("MeanEmbedding", BAG, "evaluate", "fit", "loss_and_gradient", "predict", "views"),
    **methods("Translator", TRANSLATOR, "attention", "evaluate", "fit", "loss_and_gradient", "predict", "translate"),
    "clinic.source": clinic.source,
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
    "tuning.Results": "made by tune",
    "convolution.windows": "cuts images that ConvNet has checked",
    "detection.intersection_over_union": "a formula, of boxes that were checked",
    "detection.non_maximum_suppression": "the end of Detector.find, after its checks",
    "detection.boxes_of": "for scenes, after its checks",
    "detection.put": "draws for scenes, after its checks",
    "detection.checked_scenes": "looks at what cut and plots.scenes were given",
    "embedding.contrastive": "the formula in Embedding, after its checks",
    "bags.sigmoid": "the formula in MeanEmbedding, after its checks",
    "attention.attend": "the formula in Translator, after its checks",
    "attention.attend_gradient": "the formula in Translator, after its checks",
    "numerals.share_right": "counts what predict gives for samples",
    "plots.in_style": "a decorator",
    "plots.levels": "the lines of contour, after its checks",
    "plots.drawable": "what losses and theatre draw, after their checks",
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
        "label": "label",
        "runs": [1.0, 0.5],
        "images": np.ones((2, 784)),
        "W": np.ones((784, 2)),
        "counts": [[1, 0], [0, 1]],
    },
    **{"text": "text", "value": 1.0, "decay_steps": 2, "boundaries": [1, 2], "values": [0.3, 0.2, 0.1]},
    **{"made": [(np.zeros((40, 40)), np.array([[3.0, 5, 6, 15, 14]]))], "planes": {"a plane": np.eye(2)}},
    **{"vocabulary": ["bad", "good"], "named": ["good"], "texts": ["good", "not bad"], "said": ["gut"]},
    **{
        "train": lambda rate: {"loss": rate},
        "settings": [{"rate": 0.1}],
        "found": np.ones((1, 6)),
        "truth": np.ones((1, 5)),
        "file": "runs.jsonl",
        "letter": "A",
    },
    **{"count": 2, "measures": faces.people(2), "who": [0, 0, 1, 1], "number": 131, "numbers": [7, 131], "row": [1, 0]},
    **{"language": "German", "source": ["good"], "weights": np.ones((1, 1)), "flat": np.ones(6)},
}
SAMPLE, TRUTH = (part[:2] for part in numerals.samples([131]))
# What is right for the methods of one class, or for one function.
RIGHT_FOR = {
    "ConvNet": {"X": np.ones((2, 4, 4)), "weights": CONVNET.get_weights()},
    "Detector": {"picture": np.zeros((40, 40))},
    "detection.half_size": {"images": np.ones((2, 28, 28))},
    "detection.scenes": {"images": np.ones((2, 14, 14)), "labels": [0, 1]},
    "Embedding": {"X": np.ones((2, 2, 2))},
    "MeanEmbedding": {"X": [[1, 2], [3, 0]], "flat": BAG.w},
    "Translator": {"X": SAMPLE, "y": TRUTH, "sources": numerals.encode([131], "English")},
    "MLP": {"weights": NETWORK.get_weights()},
}
# So many of something take long, or all memory.
MANY = {
    *("epochs", "count", "each", "most", "filters", "outputs", "words", "size", "units", "hidden", "longest"),
    *("length", "places", "source_words", "target_words", "columns"),
}


def snapshot(value):
    """Return what `value` holds, to be compared; None for what has nothing inside."""
    if isinstance(value, np.ndarray) and value is not np.ma.masked:
        return value.dtype, value.shape, value.tobytes() if value.dtype.kind != "O" else repr(value)
    return repr(value) if isinstance(value, list | dict | set | tuple) else None


@st.composite
def arguments(draw, name, call):
    """Draw keywords for a call: most of them right, one or two of them strange."""
    right = RIGHT | RIGHT_FOR.get(name.split(".")[0], {}) | RIGHT_FOR.get(name.removeprefix("gdcourse."), {})
    names = [p for p in inspect.signature(call).parameters.values() if p.kind is not p.VAR_KEYWORD and p.name != "name"]
    strange = draw(st.sets(st.sampled_from([p.name for p in names]), min_size=1, max_size=2)) if names else ()
    given = {}
    for parameter in names:
        if parameter.name in strange:
            given[parameter.name] = draw(st.sampled_from(STRANGE))
        elif parameter.default is parameter.empty:
            given[parameter.name] = copy.copy(right.get(parameter.name, 1.0))
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
    @given(arguments(name, call))
    def holds(given):
        for one in MANY:
            if isinstance(given.get(one), int):
                given[one] = min(given[one], 3)
        of_the_reader = [given.get(one) for one in ("loss", "train", "kernel_initializer")]
        # What these say of their arguments is their own affair.
        assume(not any(one in (len, int) for one in of_the_reader if callable(one)))
        before = {name: snapshot(value) for name, value in given.items()}
        with warnings.catch_warnings(), np.errstate(all="raise"):
            warnings.simplefilter("error")
            try:
                call(**given)
            except (TypeError, ValueError, OSError) as error:
                said = str(error).replace("∇\n", "∇")  # as the name of a file it is told as it is
                assert "\n" not in said and len(said) < 300 and said.endswith((".", "?", ".)", "?)")), said
            finally:
                plt.close("all")
        assert {name: snapshot(value) for name, value in given.items()} == before

    holds()
