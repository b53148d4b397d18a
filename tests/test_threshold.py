"""The figure of lesson 16's threshold, as far as Python makes it: errors, curve, examples, words and pictures."""

import importlib

import numpy as np
import pytest
from figures import asked

from gdcourse import faces
from gdcourse.exercises import catalogue
from gdcourse.widgets import threshold

FIGURE = importlib.import_module("gdcourse.widgets.threshold")
PEOPLE = faces.people(12, seed=3)


class Pixels:
    """Measures how far apart two pictures are, pixel by pixel."""

    def distances(self, X):
        return np.linalg.norm(X[:, 0] - X[:, 1], axis=1)


@pytest.fixture
def figure():
    return threshold(Pixels(), PEOPLE)


def judged():
    images, who = faces.photograph(PEOPLE, 8, seed=1)
    pairs, same = faces.pairs(who, 4000, seed=1)
    return images[pairs], Pixels().distances((images.reshape(len(images), -1) / 255)[pairs]), same


@pytest.mark.parametrize("at", [0.0, 3.3, 5.0, "most"])
def test_errors_are_those_of_the_exercise(figure, at):
    _, distances, same = judged()
    at = distances.max() if at == "most" else at
    answer = asked(figure, threshold=float(at))
    expected = catalogue.find("two_errors").reference(distances, same, at)
    assert answer["errors"] == pytest.approx(expected) and answer["threshold"] == at and not answer["trouble"]
    percent = "more than 99.9" if 0.9995 <= expected[0] < 1 else f"{100 * expected[0]:.1f}"
    assert answer["percents"] == [f"{percent}%", f"{100 * expected[1]:.1f}%"]
    assert f" accepted, {percent}%: false accepts" in answer["words"]
    assert f"{100 * expected[1]:.1f}%: false rejects" in answer["words"]


def test_one_pair_is_accepted_and_several_are(figure):
    _, distances, same = judged()
    first, second, third = np.sort(distances[same == 0])[:3]
    assert "two people 1 is accepted" in asked(figure, threshold=float((first + second) / 2))["words"]
    assert "two people 2 are accepted" in asked(figure, threshold=float((second + third) / 2))["words"]


def test_the_curve_goes_from_refusing_all_to_accepting_all_and_has_the_place(figure):
    curve = np.frombuffer(figure.scene["curve"], np.float32).reshape(-1, 2)
    assert curve[0].tolist() == [0, 1] and curve[-1].tolist() == [1, 0]
    assert (np.diff(curve[:, 0]) >= 0).all() and (np.diff(curve[:, 1]) <= 0).all()
    x, y = asked(figure, threshold=4.0)["errors"]
    assert np.interp(x, *curve.T) == pytest.approx(y, abs=0.02)


def test_every_pair_is_in_the_histogram(figure):
    for view in figure.scene["shares"]:
        assert np.frombuffer(view, np.float32).sum() == pytest.approx(1)


def test_examples_are_the_nearest_of_their_kind(figure):
    pictures, distances, same = judged()
    answer = asked(figure, threshold=4.5)
    for (kind, accepted, words), example in zip(FIGURE.OUTCOMES, answer["examples"]):
        rows = (same == kind) & ((distances < 4.5) == accepted)
        assert ("FALSE" in words) == (kind != accepted)
        row = np.flatnonzero(rows)[np.abs(distances[rows] - 4.5).argmin()]
        assert example["distance"] == distances[row] and example["pictures"] == pictures[row].tobytes()


def test_where_a_kind_is_missing_there_is_no_picture(figure):
    examples = asked(figure, threshold=0.0)["examples"]
    assert [example["distance"] < 0 for example in examples] == [True, True, False, False]
    assert examples[0]["pictures"] == b""


@pytest.mark.parametrize("wrong", [-1, 1e9, "x", None, float("nan")])
def test_what_is_no_threshold_is_refused_and_nothing_moves(figure, wrong):
    before = dict(figure.answer)
    answer = asked(figure, number=7, threshold=wrong)
    assert "threshold must be a" in answer["trouble"] and answer["number"] == 7
    assert answer["threshold"] == before["threshold"] and answer["words"] == before["words"]


def test_words_compare_the_two_errors(figure):
    assert asked(figure, threshold=2.5)["words"].endswith("False rejects are more frequent than false accepts.")
    assert asked(figure, threshold=9.0)["words"].endswith("False accepts are more frequent than false rejects.")
    assert FIGURE._compared(0.31, 0.305) == "Both errors are about equal here."


def test_it_begins_at_half_of_a_margin_if_there_is_one():
    net = Pixels()
    net.margin = 9.0
    assert threshold(net, PEOPLE).answer["threshold"] == 4.5
    assert threshold(net, PEOPLE, threshold=3).answer["threshold"] == 3


@pytest.mark.parametrize("at", [0.0, 4.0])
def test_a_picture_with_its_text_is_stored(figure, at):
    asked(figure, threshold=at)
    stored = figure.stored()
    assert stored["text/plain"] == repr(figure) and figure.answer["words"] in stored["text/plain"]
    assert "<img alt=" in stored["text/html"]


def test_walls_are_those_of_the_pictures():
    plain, own = (threshold(Pixels(), PEOPLE, walls=walls, threshold=4).answer["errors"] for walls in ("plain", "own"))
    assert plain != own


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((Pixels, PEOPLE), r"net must have distances\(X\)"),
        ((None, PEOPLE), r"net must have distances\(X\)"),
        ((Pixels(), np.ones(3)), r"measures has shape \(3,\)"),
        ((Pixels(), PEOPLE[:1]), "who must name two people or more"),
    ],
)
def test_bad_input_gets_one_sentence(refuses, given, words):
    refuses(words, threshold, *given)


def test_distances_of_another_shape_are_refused(refuses):
    net = Pixels()
    net.distances = lambda X: X
    refuses(r"net.distances\(X\) has shape .*; expected \(4000,\), one for each pair", threshold, net, PEOPLE)
    net.distances = lambda X: np.full(len(X), np.nan)
    refuses(r"net.distances\(X\)\[0\] is nan", threshold, net, PEOPLE)
