"""The walk in fog, as far as Python makes it: what is told and what is hidden, and who came lower in which valley."""

import dataclasses
import re

import numpy as np
import pytest
from figures import asked

from gdcourse import functions, plots, widgets
from gdcourse.widgets.fog import MOST, Hill

VALLEYS = functions.two_valleys


def lifted(*steps, function=VALLEYS, **more):
    """Return what is said when the fog lifts after these steps."""
    return asked(widgets.fog(function, **more), steps=list(steps), lifted=True)


def by_hand(w, steps):
    """Return where gradient descent on the two valleys is after so many steps: (w + 2) w (w − 1) is their slope."""
    for _ in range(steps):
        w -= 0.1 * (w + 2) * w * (w - 1)
    return w


def test_height_and_slope_are_told_and_nothing_else_of_the_hill():
    figure = widgets.fog(VALLEYS)
    assert figure.answer["words"] == (
        "You stand at w = 2, at the height 2.67. The slope is 8.00: uphill is to the right."
    )
    answer = asked(figure, steps=[-0.8, -3.0])
    assert answer["places"] == [2, 1.2, -1.8]
    assert answer["words"] == (
        "Step 2 leads to w = −1.8: lower, at the height −2.56. The slope is 1.01: uphill is to the right."
    )
    assert answer["heights"][1] == pytest.approx(1.2**4 / 4 + 1.2**3 / 3 - 1.2**2)
    assert set(answer) == {"steps", "lifted", "places", "heights", "slopes", "words", "trouble", "number"}
    # The frame has more room below than above: it doesn't say how deep the valleys are.
    low, high = figure.scene["frame"]
    assert low < VALLEYS(-2.0) - 1 and high > VALLEYS(-3.2)


@pytest.mark.parametrize(
    ("steps", "ending"),
    [
        ([-4.0], "lower, at the height −2.67. The slope is 0.00: the ground is level."),
        ([-1.0, -1.0], "higher, at the height 0.00. The slope is 0.00: the ground is level."),
        ([-4.001, 0.002], "about as high as before, at the height −2.67. The slope is 0.01: uphill is to the right."),
        ([0.1], "higher, at the height 3.54. The slope is 9.47: uphill is to the right."),
        ([-1.6], "lower, at the height −0.13. The slope is −0.58: uphill is to the left."),
        ([5.0], "higher, at the height 4.57. The slope is 11.09: uphill is to the right. Here the map ends."),
    ],
)
def test_each_step_is_told_as_it_is(steps, ending):
    assert asked(widgets.fog(VALLEYS), steps=steps)["words"].endswith(ending)


def test_gradient_descent_takes_as_many_steps_or_comes_to_rest():
    answer = lifted(-0.8, -3.0)
    assert answer["other"] == pytest.approx([2, by_hand(2, 1), by_hand(2, 2)])
    many = lifted(*[0.1, -0.1] * 10)
    assert 4 < len(many["other"]) < 12  # it rests: what it would still move is less than can be seen
    assert abs(many["other"][-1] - 1) < 0.005 * 5.4 < abs(many["other"][-2] - 1)
    assert f"came to rest after {len(many['other']) - 1}, at" in many["words"]
    assert len(lifted()["other"]) == len(many["other"])  # without a step it goes until it rests
    crawling = lifted(*[0.1, -0.1] * 10, function=functions.plateau)
    assert len(crawling["other"]) == 21 and "rest" not in crawling["words"]  # slow is not at rest


@pytest.mark.parametrize("seed", range(12))
def test_who_came_lower_and_in_which_valley_is_true(seed):
    rng = np.random.default_rng(seed)
    steps = rng.uniform(-2.5, 2, rng.integers(1, 6)).round(2).tolist()
    answer = lifted(*steps)
    words, here = answer["words"], min(max(-3.2, answer["places"][-1]), 2.2)
    w = 2.0
    for step in steps:
        w = min(max(w + step, -3.2), 2.2)
    assert here == pytest.approx(w)
    there = by_hand(2.0, len(answer["other"]) - 1)
    mine, its = (x**4 / 4 + x**3 / 3 - x**2 for x in (w, there))
    said = "both came equally low" if f"{mine:.2f}" == f"{its:.2f}" else ["it", "you"][mine < its] + " came lower"
    assert said in words
    assert words.startswith(f"After {len(steps)} step{'s' * (len(steps) > 1)} you stand at ")
    # The hilltop is at 0: left of it lies the deeper valley. From 2, gradient descent never leaves the right one.
    if w < 0:
        assert words.endswith("You are in the deeper valley, at −2, gradient descent is in the valley at 1.")
    else:
        assert words.endswith(
            "Both are in the valley at 1. Nobody ended in the deeper one, at −2, at the height −2.67."
        )


def test_other_starts_and_other_ends():
    assert lifted(0.5, start=-3.0)["words"].endswith(
        "Both are in the deeper valley, at −2. There is another valley at 1."
    )
    assert "You are on a hilltop" in lifted(-2.0)["words"]
    assert lifted(-5, function=functions.parabola)["words"].endswith("The lowest place is at 3, at the height 1.00.")
    assert lifted()["words"].startswith("You took no step. Gradient descent took 6 steps and is at 1.02")
    diverges = lifted(*[-0.1] * 6, learning_rate=0.9)
    assert "Gradient descent flew away in 6 steps" in diverges["words"] and "rest" not in diverges["words"]


def test_valleys_and_hilltops_are_where_the_slope_is_zero():
    hill = Hill(VALLEYS)
    assert hill.valleys == pytest.approx([-2, 1], abs=1e-6) and hill.tops == pytest.approx([0], abs=1e-6)
    assert [hill.valley(w) for w in (-3, -0.01, 0.0, 0.01, 2)] == [0, 0, None, 1, 1]
    waves = dataclasses.replace(VALLEYS, height=np.cos, slope=lambda w: -np.sin(w), bounds=((-12, 12),))
    assert Hill(waves).valleys == pytest.approx(np.pi * np.array([-3, -1, 1, 3]), abs=1e-5)
    assert [Hill(waves).valley(w) for w in (-7, -1, 1, 7)] == [0, 1, 2, 3]
    ramp = dataclasses.replace(VALLEYS, height=lambda w: w, slope=np.ones_like, bounds=((-1, 1),))
    assert Hill(ramp).valleys == [-1]


def test_the_reader_s_own_gradient_tells_the_slopes_and_walks():
    answer = lifted(-0.5, gradient=lambda w: 2.0)
    assert answer["slopes"] == [2, 2] and answer["other"] == [2, 1.8]


@pytest.mark.parametrize(
    "question",
    [{"steps": 3}, {"steps": ["x"]}, {"steps": [0.1] * (MOST + 1)}, {"steps": [np.inf]}, {"lifted": 1}],
    ids=str,
)
def test_a_question_out_of_range_keeps_the_walk_and_says_why(question):
    figure = widgets.fog(VALLEYS)
    before = asked(figure, steps=[-1.0])
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and {**answer, "trouble": "", "number": 1} == before
    assert asked(figure, steps=[-1.0, 0.1])["trouble"] == ""


def test_the_longest_walk_ends():
    assert asked(widgets.fog(VALLEYS), steps=[0.01] * MOST)["words"].endswith(f"the last of {MOST} steps.")


def test_the_stored_form_hides_the_hill_and_shows_it_when_the_fog_is_lifted():
    figure = widgets.fog(VALLEYS)
    data, _ = figure._repr_mimebundle_()
    assert data["text/plain"].startswith("A hill, hidden in fog. You stand at w = 2")
    assert "<img alt=" in data["text/html"] and not plots.plt.get_fignums()
    ax = figure.drawn()[0].axes[0]
    assert max(np.ptp(line.get_xdata()) for line in ax.lines) < 0.3  # the ground at the feet, no more
    asked(figure, steps=[-1.0], lifted=True)
    picture, text = figure.drawn()
    assert text.startswith("After 1 step you stand at 1")
    labels = [line.get_label() for line in picture.axes[0].lines]
    assert {"you", "gradient descent"} <= set(labels)


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("fog walks on a curve", {"function": functions.bowl}),
        ("fog walks on a curve", {"function": lambda w: w}),
        ("gradient must be a function", {"gradient": 3}),
        ("start must be a finite number at least -3.2 and at most 2.2", {"start": 4}),
        ("learning_rate must be a finite number above 0", {"learning_rate": 0}),
        (re.escape("gradient(2) must be a number; got None"), {"gradient": lambda w: None}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, arguments):
    refuses(message, widgets.fog, **{"function": VALLEYS, **arguments})
