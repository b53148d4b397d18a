"""The bug theatre, as far as Python makes it: twin runs, what they cost in words, questions and pictures."""

import functools
import importlib

import numpy as np
import pytest
from figures import asked

from gdcourse import plots
from gdcourse.exercises.lessons import lesson_09
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.widgets import theatre, twins

FIGURE = importlib.import_module("gdcourse.widgets.theatre")
NAMES = ["layer_below", "two_layer_step"]
REFERENCES = {name: getattr(lesson_09, name) for name in NAMES}


def numbers(view):
    return np.frombuffer(view, np.float32)


def place(figure, function):
    """Return the number of the choice that a function of lesson 9's is."""
    return [choice.function for choice in figure._choices].index(function)


@pytest.mark.parametrize("seed", [0, 3])
def test_the_right_run_is_that_of_the_course_s_own_network(seed):
    X, y, X_other, y_other = twins._data()
    rng = np.random.default_rng(seed)
    net = MLP((196, 32, 16, 10), seed=rng, dtype=np.float64)
    batches, optimizer, losses = rng.integers(0, len(X), (150, 32)), SGD(0.2), []
    for step in range(151):
        if step % 5 == 0:
            losses.append(net.evaluate(X_other, y_other)[0])
        if step < 150:
            net.w = optimizer.step(net.w, net.loss_and_gradient(X[batches[step]], y[batches[step]])[1])
    run = twins.twin("layer_below", REFERENCES["layer_below"], 0.2, seeds=[seed])
    np.testing.assert_allclose(run.losses[0], losses, rtol=1e-9)
    assert run.right[0] == net.evaluate(X_other, y_other)[1] and run.lost[0] == 151 and not run.note


def test_the_network_without_biases_takes_a_step_of_finite_differences():
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(196, 32)) / 10, rng.normal(size=(32, 10)) / 10]
    X, y, _, _ = twins._data()
    after = twins.two_layers(REFERENCES["two_layer_step"], weights, X[:20], y[:20], 0.5)
    loss = lambda: twins._measured(weights, X[:20], y[:20], biases=False)[0]  # noqa: E731
    for w, new in zip(weights, after):
        for where in [(90, 3), (91, 7), (5, 2)] if len(w) > 100 else [(0, 0), (20, 7)]:
            kept, sides = w[where], []
            for w[where] in (kept + 1e-5, kept - 1e-5):
                sides.append(loss())
            w[where] = kept
            assert (kept - new[where]) / 0.5 == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-8)


def test_every_named_mistake_of_lesson_9_is_a_choice_by_its_sentence():
    figure = theatre()
    exercises = [one for one in lesson_09.EXERCISES if one.name in NAMES]
    mistakes = [mistake for exercise in exercises for mistake in exercise.mistakes]
    assert len(mistakes) >= 14 and [choice.function for choice in figure._choices] == mistakes
    for choice, shown in zip(figure._choices, figure.scene["choices"]):
        told = " ".join(choice.function.__doc__.split())
        assert choice.told == told and told.startswith(shown["label"]) and not shown["label"].endswith("?")
        assert shown["group"] == f"Mistakes in {choice.exercise.name}"


def test_both_runs_begin_at_the_same_loss_and_the_right_one_learns():
    answer = theatre().answer
    right, other = answer["lines"]
    assert [line["name"] for line in (right, other)] == ["right", "with the mistake"]
    assert [numbers(run)[0] for run in right["runs"]] == [numbers(run)[0] for run in other["runs"]]
    assert len({numbers(run)[0] for run in right["runs"]}) == 5  # five starts
    assert numbers(right["median"])[-1] < 0.7 < 2 < numbers(right["median"])[0]
    np.testing.assert_allclose(numbers(right["median"]), np.median([numbers(run) for run in right["runs"]], axis=0))


@functools.cache
def right_runs(name, rate, seeds):
    return twins.twin(name, REFERENCES[name], rate, seeds=seeds)


# What the sentence in the figure says from its five starts also holds in the median of other starts.
@pytest.mark.parametrize(
    ("name", "mistake", "rate", "verdict"),
    [
        ("layer_below", "without_relu", 0.5, "diverges"),
        ("layer_below", "bracket_of_slope", 0.2, "costs"),
        ("layer_below", "weights_before_relu", 0.5, "costs"),
        ("layer_below", "mean_of_biases", 0.2, "No clear difference"),
        ("layer_below", "divided_again", 0.2, "costs"),
        ("two_layer_step", "new_last_layer", 0.2, "No clear difference"),
        ("two_layer_step", "new_last_layer", 0.5, "diverges"),
        ("two_layer_step", "new_first_layer", 0.2, "helps"),
        ("two_layer_step", "new_first_layer", 1.0, "costs"),
        ("two_layer_step", "uphill", 0.05, "diverges"),
        ("two_layer_step", "last_layer_only", 0.2, "costs"),
    ],
)
@pytest.mark.parametrize("seeds", [range(5), range(100, 105)], ids=["shown", "others"])
def test_what_a_mistake_costs_holds_from_other_starts(name, mistake, rate, verdict, seeds):
    exercise, function = twins.references()[name], getattr(lesson_09, f"{name}_{mistake}")
    right, other = right_runs(name, rate, seeds), twins.twin(name, function, rate, seeds=seeds)
    words = FIGURE.in_words(FIGURE.Choice(exercise, function), right, other, rate)
    assert verdict in words
    if verdict == "costs":
        assert np.median(other.ends()) > 1.03 * np.median(right.ends())
    if verdict == "diverges":
        assert np.sum(~(other.losses[:, -1] < 10 * other.losses[:, 0])) >= 3


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ("from_above", "Stopped at step 1: dW1 has shape (196, 16) and W1 has (196, 32); they must be the same."),
        ("bias_not_summed", "Stopped at step 1: db1 has shape (32, 32) and b1 has (32,); they must be the same."),
        ("bias_across", "Stopped at step 1: db2 has shape (32,) and b2 has (16,); they must be the same."),
    ],
)
def test_a_mistake_in_a_shape_stops_at_once(mistake, said):
    figure = theatre()
    answer = asked(figure, choice=place(figure, getattr(lesson_09, f"layer_below_{mistake}")))
    assert answer["words"] == said and answer["lines"][1]["end"] == "stops"
    assert np.isfinite(numbers(answer["lines"][1]["runs"][0])).tolist() == [True] + [False] * 30


def test_a_run_that_diverges_says_by_which_step_and_leaves_the_picture():
    figure = theatre()
    answer = asked(figure, choice=place(figure, lesson_09.two_layer_step_uphill), rate=0.05)
    run = twins.twin("two_layer_step", lesson_09.two_layer_step_uphill, 0.05)
    first = [5 * int(np.argmax(losses > 10 * losses[0])) for losses in run.losses]
    assert run.lost.tolist() == first
    assert f"diverges by step {sorted(first)[2]} (from 5 of 5 starts)" in answer["words"]
    assert answer["lines"][1]["end"] == "diverges"
    assert answer["axis"]["ylog"] and answer["axis"]["y"][1] == 100
    assert "diverges" in figure.drawn()[1]


def test_a_run_that_returns_from_far_is_not_lost():
    losses = [2.0, 30.0, 2.5, *[2.3] * 28]
    run = twins.Twin(np.array([losses]), np.array([0.1]), np.array([151]), "")
    assert run.ends() == pytest.approx([2.3]) and FIGURE._lost(run) == ""


def test_a_function_of_the_reader_s_own_comes_first():
    def mine(dz, W, z, a):
        da = np.where(z > 0, dz @ W.T, 0)
        return da, a.T @ da, da.sum(0)

    figure = theatre(layer_below=mine)
    assert figure.scene["choices"][0] == {"label": "your layer_below", "group": "Yours"}
    assert "the same, number by number" in figure.answer["words"]
    assert figure.answer["lines"][1]["name"] == "yours"
    half = theatre(two_layer_step=lambda X, W1, W2, dz2, learning_rate: (W1, W2))
    assert "So your function costs, from each of these starts." in half.answer["words"]


def test_another_function_has_another_network_and_the_text_says_so():
    figure = theatre()
    below, half = (place(figure, one) for one in (lesson_09.layer_below_divided_again, lesson_09.two_layer_step_uphill))
    first, second = asked(figure, choice=below), asked(figure, choice=half)
    assert first["lines"][0]["end"] != second["lines"][0]["end"]
    others = "hidden layer{}; that of {} is another, with another right run."
    assert first["told"].endswith(f"The network has two {others.format('s', 'two_layer_step')}")
    assert second["told"].endswith(f"The network has one {others.format('', 'layer_below')}")
    assert second["told"] in repr(figure)


def raising(dz, W, z, a):
    raise KeyError("W4")


def forever(dz, W, z, a):
    while True:
        pass


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (raising, "Stopped at step 1: KeyError: 'W4'."),
        (
            lambda dz, W, z, a: None,
            "layer_below must return dz, dW and db, 3 arrays; got None; does it forget `return`?",
        ),
        (lambda dz, W, z, a: dz, "layer_below must return dz, dW and db, 3 arrays; got a ndarray."),
        (lambda dz, W, z, a: (dz @ W.T, W, z), "has shape"),
        (lambda dz, W, z: None, "Stopped at step 1: "),
        (lambda dz, W, z, a: (dz @ W.T, "dW", z), "Stopped at step 1: dW1 must hold real numbers"),
        (
            lambda dz, W, z, a: (dz @ W.T, a.T @ (dz @ W.T) * 1j, W.sum(axis=1)),
            "Stopped at step 1: dW1 must hold real numbers",
        ),
        (forever, "Stopped: layer_below takes longer than 0.1 seconds, or has a loop without end."),
    ],
    ids=["raises", "nothing", "one", "shape", "arguments", "text", "complex", "without end"],
)
def test_a_function_that_fails_leaves_a_sentence(function, said, monkeypatch):
    if function is forever:
        monkeypatch.setattr(twins, "SECONDS", 0.1)  # any number is said as it is
    figure = theatre(layer_below=function)
    assert said in figure.answer["words"]
    assert figure.answer["words"] in figure.drawn()[1]


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("learning_rate must be", {"learning_rate": 0}),
        ("learning_rate must be", {"learning_rate": "fast"}),
        ("layer_below must be a function", {"layer_below": 3}),
        ("two_layer_step must be a function", {"two_layer_step": (1, 2)}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, arguments):
    refuses(message, theatre, **arguments)


@pytest.mark.parametrize(
    "question", [{"choice": 99}, {"choice": -1}, {"choice": "all"}, {"rate": 7}, {"rate": None}], ids=str
)
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(question):
    figure = theatre()
    before = figure.answer
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and answer["number"] == 5
    assert {**answer, "trouble": "", "number": 0} == before


def test_a_question_that_could_not_be_answered_leaves_the_choice(monkeypatch):
    figure = theatre()
    FIGURE._course_s_own.cache_clear()
    with monkeypatch.context() as broken:
        broken.setattr(twins, "twin", lambda *given, **named: 1 / 0)
        assert "division" in asked(figure, choice=3, rate=0.4)["trouble"]
    answer = asked(figure)
    assert (answer["choice"], answer["rate"], answer["trouble"]) == (0, 0.2, "")


@pytest.fixture
def none_kept():
    """Nothing that was computed before is known, and nothing of this test's is later."""
    FIGURE._course_s_own.cache_clear()
    yield
    FIGURE._course_s_own.cache_clear()


def test_the_course_s_own_runs_are_computed_once_and_not_kept_for_ever(monkeypatch, none_kept):
    figure, ran = theatre(), []
    empty = twins.Twin(np.ones((5, 31)), np.ones(5), np.full(5, 151), "")
    monkeypatch.setattr(twins, "twin", lambda name, function, rate, own=False: ran.append(function) or empty)
    for choice in (1, 2, 1):
        asked(figure, choice=choice, rate=0.3)
    assert [function is REFERENCES["layer_below"] for function in ran] == [True, False, False]
    asked(theatre(learning_rate=0.3), choice=2)
    assert len(ran) == 4  # of the first choice alone
    for i in range(FIGURE.KEPT):
        asked(figure, choice=0, rate=0.1 + i / 1000)
    assert len(ran) > FIGURE.KEPT and FIGURE._course_s_own.cache_info().currsize == FIGURE.KEPT


def test_a_function_of_the_reader_s_own_runs_each_time():
    calls = []

    def own(*given):
        calls.append(given)
        return REFERENCES["layer_below"](*given)

    figure = theatre(layer_below=own)
    once = len(calls)
    asked(figure)
    assert once and len(calls) == 2 * once  # it may have changed by now


def test_the_stored_form_is_a_picture_with_its_text_and_an_answer_is_small():
    figure = theatre()
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "The slope passes every unit" in data["text/plain"] and "costs" in data["text/plain"]
    assert "<img alt=" in data["text/html"] and not plots.plt.get_fignums()
    assert sum(len(part) for line in figure.answer["lines"] for part in (*line["runs"], line["median"])) < 2000


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("place", range(4))
def test_what_a_function_does_to_its_arguments_stays_without_effect(name, place):
    def careless(*given):
        right = REFERENCES[name](*given)
        given[place][:] = 0
        return right

    assert "the same, number by number" in theatre(**{name: careless}).answer["words"]
