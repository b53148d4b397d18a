"""Where an answer leaves the course's own way."""

import cProfile
import sys

import numpy as np
import pytest
from test_exercises_engine import written

from gdcourse.exercises import steps

SPREAD = "def spread(x):\n    mean = x.mean()\n    residual = x - mean\n    return np.mean(residual**2)\n"
CASE = (np.array([1.0, 2.0, 6.0]),)


LONGEST = "def longest(x):\n    most = 0\n    for one in x:\n        most = max(most, one)\n    return most\n"


def parting(body, wrong=(), course=SPREAD, **names):
    reference = written(course)
    head = course.splitlines()[0]
    return steps.parting(written(f"{head}\n    {body}", **names), reference, CASE, 1e-6, wrong)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("mean = x.mean()\n    residual = x + mean\n    return np.mean(residual**2)", "`residual` is the first that"),
        ("mean = x.mean()\n    residual = x - mean\n    return np.max(residual)", "What is done with them?"),
        ("mean = x.mean()\n    return mean", "so the slip shows after that. What is done with it?"),
        ("y = x\n    mean = x.mean()\n    return y", "In this case `mean` is right, so"),
        ("x = x + 0\n    mean = x.mean()\n    return x", "`x` is changed on the way"),
        ("x[:] = x[::-1]\n    mean = x.mean()\n    return x", "`x` is changed on the way"),
        ("mean = x.mean()\n    x = x + mean\n    return x", "so the slip shows after that"),
    ],
)
def test_it_says_up_to_where_the_values_are_right(body, said):
    assert said in parting(body)


@pytest.mark.parametrize(
    "body",
    [
        "mean = x\n    return mean.sum()",  # the name may mean something else
        "return x.sum()",
        "mean = x.mean()\n    raise ValueError",
        "x = x.mean()\n    return x",
    ],
)
def test_it_says_nothing_where_nothing_is_known(body):
    assert parting(body) == ""


def test_what_is_told_to_be_wrong_is_not_called_right():
    assert parting("mean = x.mean()\n    return mean + 1, x", wrong=["mean"]) == ""


def test_an_argument_that_is_changed_as_in_the_right_answer_is_changed_rightly():
    course = "def spread(x):\n    x = x + 1\n    mean = x.mean()\n    return mean\n"
    assert "so the slip shows after that" in parting("x = x + 1\n    mean = x.mean()\n    return -mean", course=course)


def test_what_a_loop_gives_out_is_not_called_right():
    body = "most = 0\n    for one in x:\n        most = max(most, one)\n    return most + 1"
    assert "`most` is right" in parting(body, course=LONGEST)


def test_it_leaves_the_case_and_the_profiler_as_they_were():
    before = sys.getprofile()
    parting("x -= 1\n    mean = x.mean()\n    return x")
    assert sys.getprofile() is before and CASE[0].tolist() == [1, 2, 6]


def test_a_cell_that_is_profiled_is_judged_without_it():
    with cProfile.Profile() as profile:
        assert parting("mean = x.mean()\n    residual = x + mean\n    return np.mean(residual**2)") == ""
        assert sys.getprofile() is profile
