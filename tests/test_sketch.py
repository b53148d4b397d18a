"""A sketch, as far as Python makes it: what is hidden before it is asked for, what is compared, and what is stored."""

import re
import types

import numpy as np
import pytest
from figures import asked

from gdcourse import functions, widgets
from gdcourse.exercises import predictions
from gdcourse.training import History
from gdcourse.widgets.sketch import COLUMNS, TO_DO

BOWL = functions.bowl
LOSSES = np.exp(-np.arange(101) / 10)
PATH = np.array([[-3.0, 1.0], [-2.0, -1.0], [-1.0, 1.0], [0.0, -1.0], [0.0, 0.0]])


def heights(function, start=1.0):
    """Return the heights of a drawn curve at the columns, from a function of the share of the picture's width."""
    return [start, *map(float, function(np.linspace(0, 1, COLUMNS)[1:]))]


def unpacked(view):
    return np.frombuffer(view, np.float32).reshape(2, -1).T


def everything(figure):
    """Return all that the browser knows, as text."""
    return repr({**figure.scene, **figure.answer})


def test_the_run_is_nowhere_before_the_reader_asks_for_it():
    figure = widgets.sketch(LOSSES)
    assert set(figure.answer) == {"drawn", "shown", "words", "trouble", "number"} and figure.answer["words"] == TO_DO
    known = np.array(re.findall(r"\d+\.?\d*(?:e-?\d+)?", everything(figure)), float)
    assert not np.isclose(known[:, None], LOSSES[1:], rtol=0.01, atol=0).any()  # written as numbers or in a text
    assert asked(figure, drawn=heights(lambda t: 1 - t))["words"] == "Drawn up to step 100. Show the run when you like."
    assert "run" not in figure.answer and not re.search(r"b'.{9}", everything(figure))
    text = figure._repr_mimebundle_()[0]["text/plain"]
    assert text.startswith("The loss against the step, to be drawn; it starts at 1.") and "level" not in text
    labels = [line.get_label() for line in figure.drawn()[0].axes[0].lines]
    assert "the run" not in labels and "yours" in labels
    assert unpacked(asked(figure, shown=True)["run"]) == pytest.approx(np.column_stack([range(101), LOSSES]), abs=1e-6)
    assert "the run" in [line.get_label() for line in figure.drawn()[0].axes[0].lines]
    assert "run" not in asked(figure, drawn=[], shown=False)


def test_a_sketch_is_compared_with_the_run_as_far_as_it_goes():
    figure = widgets.sketch(LOSSES, ylim=(0, 1.2))
    assert asked(figure, drawn=heights(lambda t: np.exp(-10 * t)), shown=True)["words"].startswith("As you drew it")
    assert asked(figure, drawn=heights(np.ones_like))["words"] == "Yours stays level; the run falls."
    early = heights(lambda t: np.where(t < 0.05, 1 - 20 * t, 0))
    slow = widgets.sketch(1 - np.arange(101) / 100, ylim=(0, 1.2))
    assert asked(slow, drawn=early, shown=True)["words"] == (
        "Level too early: yours is level from step 5 on, the run from step 93 on."
    )
    half = [y if k <= 48 else None for k, y in enumerate(heights(lambda t: 1 - t))]
    assert asked(slow, drawn=half)["words"].endswith(" (You drew up to step 50.)")
    assert "farther apart than 0." in asked(slow, drawn=half)["words"]


FEW = np.array([2, 1.8, 1.6, 1.4, 1.2, 1.1, 1])


def up_to(column, function):
    """Return the heights of a curve that is drawn up to a column."""
    return [y if k <= column else None for k, y in enumerate(heights(function, 2.0))]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (93, "Too deep: yours ends at 0.468, the run at 1."),  # step 5.8
        (62, "Too deep: yours ends at 0.759, the run at 1.2. (You drew up to step 4.)"),
        (5, "Yours ends before step 1. The run falls, and is level from step 5 on."),
    ],
)
def test_what_is_compared_is_at_the_step_that_is_named(column, said):
    figure = widgets.sketch(FEW)
    drawn = up_to(column, lambda t: 2 * np.exp(-1.5 * t))
    assert asked(figure, drawn=drawn, shown=True)["words"] == said


def test_between_the_numbers_of_a_run_nothing_is_compared():
    figure = widgets.sketch([2.0, 1.0, 2.0], ylim=(0, 3))
    swings = up_to(96, lambda t: 1 + np.abs(1 - 2 * t) + 0.5 * np.abs(np.sin(4 * np.pi * t)))
    words = asked(figure, drawn=swings, shown=True)["words"]
    assert re.fullmatch(r"As you drew it: at no step are the two farther apart than [0-9.·⁻¹²³⁴⁵⁶⁷⁸⁹]+\.", words)


@pytest.mark.parametrize("count", [3, 7, 9, 12, 31, 101, 1000])
def test_handles_stand_at_steps_and_have_names_of_their_own(count):
    figure = widgets.sketch(np.linspace(2, 1, count))
    handles, last = figure.scene["handles"], count - 1
    assert len(handles) == min(last, 8) and handles[-1] == COLUMNS - 1
    names = [figure.scene["places"][column] for column in handles]
    assert len(set(names)) == len(names)
    for column, name in zip(handles, names):
        step = int(name.removeprefix("step "))
        assert abs(column / (COLUMNS - 1) - step / last) <= 0.51 / (COLUMNS - 1)


def test_gaps_are_closed_by_straight_lines_and_heights_stay_inside_the_picture():
    figure = widgets.sketch(LOSSES, ylim=(0, 1.2))
    drawn = [None] * COLUMNS
    drawn[48], drawn[96] = 0.6, 7
    asked(figure, drawn=drawn)
    assert figure.sketched().heights[[0, 24, 48, 96]] == pytest.approx(np.array([1, 0.8, 0.6, 1.2]) / 1.2)
    assert asked(figure, drawn=[1.0] + [None] * (COLUMNS - 1), shown=True)["words"] == (
        "You have drawn nothing. The run falls, and is level from step 27 on."
    )


def test_a_sketch_that_is_too_short_to_compare_is_told_as_that_not_as_none():
    figure = widgets.sketch(np.geomspace(1, 0.01, 60))
    short = [1.0, 0.9, 0.8] + [None] * (COLUMNS - 3)
    assert asked(figure, drawn=short)["words"] == "That is too short to compare: draw on, further to the right."
    assert asked(figure, shown=True)["words"].startswith("You have drawn too little to compare. The run falls")
    longer = [*short[:3], 0.7, *short[4:]]  # up to 3 / 96 of 59 steps
    assert asked(figure, drawn=longer, shown=False)["words"].startswith("Drawn up to step 2.")


def test_what_fit_returned_is_drawn_by_epochs_with_what_is_known_beside_it():
    history = History()
    for epoch in range(20):
        history.append(loss=2 - 0.1 * epoch, val_loss=1 + 0.005 * (epoch - 8) ** 2)
    figure = widgets.sketch(history, "val_loss", beside={"training loss": history.history["loss"]}, ylim=(0, 2.5))
    assert figure.scene["frame"]["xlabel"] == "epoch" and figure.scene["frame"]["ylabel"] == "validation loss"
    assert figure.scene["frame"]["x"] == (1, 20) and figure.scene["start"] == 1.32
    assert unpacked(figure.scene["beside"][0]["numbers"])[:, 1] == pytest.approx(history.history["loss"])
    assert "The training loss is shown, from 2 over 1.8 at epoch 3 to 0.1." in figure.scene["text"]
    short = widgets.sketch([3.0, 2.0, 1.0, 0.5], beside={"other loss": [4.0, 2.0, 1.0, 0.0]})
    assert "The other loss is shown, from 4 to 0." in short.scene["text"]
    assert asked(figure, shown=True)["words"].endswith("The run falls until epoch 9, then rises.")
    keras = types.SimpleNamespace(history={"val_accuracy": [0.1, 0.5, 0.6, 0.7]})
    assert widgets.sketch(keras, "val_accuracy").scene["frame"]["ylabel"] == "validation accuracy"


def test_the_picture_always_holds_the_start():
    assert widgets.sketch(LOSSES, ylim=(0, 0.5)).scene["frame"]["y"] == (0, 1)
    assert widgets.sketch(LOSSES).scene["frame"]["y"] == (0, 1.25)


def test_rates_go_by_powers_and_a_run_of_one_weight_is_a_curve():
    rates = 10.0 ** np.linspace(-3, 1, 9)
    figure = widgets.sketch(np.abs(np.arange(9) - 4.0), x=rates, xlabel="rate", xlog=True)
    assert asked(figure, shown=True)["words"].endswith("The run falls until rate 0.1, then rises.")
    assert figure.drawn()[0].axes[0].get_xscale() == "log"
    weight = widgets.sketch(np.array([[2.0], [-1.0], [0.5]]), ylabel="weight w")
    low, high = weight.scene["frame"]["y"]
    assert low < -1 and high > 2 and weight.scene["name"] == "Draw the weight w"


def test_a_run_that_leaves_the_numbers_leaves_the_picture():
    figure = widgets.sketch(np.array([1.0, 0.5, 3, np.inf, np.nan]), ylim=(0, 2))
    assert asked(figure, shown=True)["words"].endswith(
        "The run falls until step 1, then rises, and leaves the picture at the top at step 2."
    )
    assert unpacked(figure.answer["run"])[3:, 1].min() > 1e29  # the browser paints it up to the frame


def test_a_path_on_a_landscape():
    figure = widgets.sketch(PATH, on=BOWL)
    assert "run" not in figure.answer and figure.scene["start"] == [-3, 1]
    assert asked(figure, drawn=[-1, 0.5, 0, 0])["words"] == "Drawn; it ends at the star. Show the run when you like."
    assert asked(figure, drawn=[-1, 0.5, 0, 0], shown=True)["words"] == (
        "No bounce: in y yours never turns back, the run 3 times."
    )
    assert unpacked(figure.answer["run"]) == pytest.approx(PATH)
    assert asked(figure, drawn=[-9, 0.5])["drawn"] == [-4, 0.5]  # kept inside the picture
    assert asked(figure, drawn=[], shown=True)["words"] == (
        "You have drawn nothing. The run turns back 3 times in y, and ends at the star."
    )
    text = asked(figure, shown=False) and figure._repr_mimebundle_()[0]["text/plain"]
    assert text.startswith(
        "Bowl, a landscape, bluer where it is lower, lowest at (0, 0), x from −4 to 4 and y from −4 to 4, and a path "
        "to be drawn; it starts at (−3, 1)."
    )
    assert widgets.sketch(PATH, on=functions.himmelblau).scene["text"].count("), (") == 3


@pytest.mark.parametrize(
    "question",
    [{"drawn": 3}, {"drawn": [1.0, 2.0]}, {"drawn": ["x"] * COLUMNS}, {"shown": "yes"}],
    ids=str,
)
def test_a_question_out_of_range_keeps_the_sketch_and_says_why(question):
    figure = widgets.sketch(LOSSES)
    before = asked(figure, drawn=heights(lambda t: 1 - t))
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and {**answer, "trouble": "", "number": 1} == before
    path = widgets.sketch(PATH, on=BOWL)
    assert asked(path, drawn=[1.0])["trouble"] == "a path is drawn as pairs x, y, at most 2000 of them."


def test_a_sketch_is_a_prediction():
    assert predictions.ASKS.search("run = 3\nwidgets.sketch(run)") and not predictions.ASKS.search("# widgets.sketch()")


@pytest.mark.parametrize(
    ("message", "run", "more"),
    [
        ("run must be the numbers of a run", None, {}),
        ("run must be the numbers of a run", np.exp, {}),
        ("run must have three numbers at least", [1.0, 2.0], {}),
        ("run must have three numbers at least, and a finite", [np.nan, 2.0, 1.0], {}),
        ("run has shape .*give its landscape with on", PATH, {}),
        ("on must be a landscape", PATH, {"on": functions.parabola}),
        ("run has shape .*expected a path", LOSSES, {"on": BOWL}),
        ("run must start inside of the picture of Bowl", PATH - 20, {"on": BOWL}),
        ("metric must be one of", types.SimpleNamespace(history={"loss": [1, 2, 3]}), {"metric": "val_loss"}),
        ("x must rise, with one finite number for each of the 101", LOSSES, {"x": [1, 2]}),
        ("x must be above 0 where it goes by powers", LOSSES, {"xlog": True}),
        ("beside must be a dict", LOSSES, {"beside": [1, 2]}),
        (".*expected .101,., as the run has", LOSSES, {"beside": {"other": [1.0]}}),
        ("ylim must be \\(low, high\\)", LOSSES, {"ylim": (2, 1)}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, run, more):
    refuses(message, widgets.sketch, run, **more)
