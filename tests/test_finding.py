"""The figure with a digit to move: what Python answers, its picture and its words."""

import numpy as np
import pytest
from figures import asked

from gdcourse import detection, plots
from gdcourse.datasets import load_mnist
from gdcourse.optimizers import Adam
from gdcourse.widgets import find


@pytest.fixture(scope="module")
def given():
    """A detector that has learned a little, a scene, and a digit."""
    (images, labels), _ = load_mnist()
    small = detection.half_size(images[:700])
    made = detection.scenes(small, labels[:700], 300, seed=1)
    net = detection.Detector(10, filters=8)
    net.fit(*detection.cut(made), epochs=4, batch_size=64, optimizer=Adam(0.01))
    return net, detection.scenes(small, labels[:700], 2, seed=2)[1], small[3]


def test_it_shows_what_the_detector_finds_and_where_the_digits_are(given):
    net, scene, image = given
    figure = find(net, scene, image)
    answer = asked(figure, top=4, left=20, threshold=0.2, suppress=True)
    picture = scene[0].copy()
    own = detection.put(picture, image, detection.boxes_of(image[None])[0], 4, 20)
    assert answer["own"] == own and answer["others"] == scene[1][:, 1:].tolist()
    np.testing.assert_array_equal(np.frombuffer(answer["picture"], np.uint8), np.rint(255 * picture).ravel())
    expected = net.find(picture, 0.2)
    assert len(answer["found"]) == len(expected) > 0
    np.testing.assert_allclose(np.array(answer["found"]), expected, atol=0.006)
    everything = asked(figure, suppress=False)["found"]
    assert len(everything) == np.sum(net.slide(picture)[:, 5] >= 0.2) > len(expected)
    assert (answer["top"], answer["left"], figure.answer["suppress"]) == (4, 20, False)


@pytest.mark.parametrize("place", [(-30, -30), (30, 30), (-9, 12)])
def test_the_digit_stays_on_the_picture(given, place):
    net, scene, image = given
    figure = find(net, scene, image)
    top, left, bottom, right = asked(figure, top=place[0], left=place[1])["own"]
    assert min(top, left) >= 0 and max(bottom, right) <= 40
    if place == (30, 30):
        assert (bottom, right) == (40, 40)


def test_the_words_say_what_became_of_the_digit(given):
    net, scene, image = given
    figure = find(net, scene, image, threshold=0.99)
    assert "No box surer than 0.99 lies on it.\nOther boxes: " in figure.answer["words"]
    found = np.array([[7, 2, 3, 12, 13, 0.8], [1, 30, 30, 38, 38, 0.6]])
    told = figure_words(found, [0.64, 0.0])
    assert told == (
        "The digit's box begins at row 2, column 4, counted from 0. The box nearest to it says 7, sure by 0.80; they "
        "overlap by 0.64.\nOther boxes: 1 (1, sure by 0.60, in rows 30 to 37, columns 30 to 37)."
    )
    assert figure_words(found[:0], []).endswith("No box surer than 0.50 lies on it.\nOther boxes: 0.")
    many = figure_words(np.array([[k, 1.4, 2.6, 10, 11, 0.9 - k / 100] for k in range(8)]), [0.0] * 8)
    assert many.count("in rows 1 to 9, columns 3 to 10") == 5 and many.endswith("; and 3 more).")
    assert "Other boxes: 8 (0, sure by 0.90, " in many and "; 4, sure by 0.86, " in many


def test_the_text_says_where_the_true_digits_are(given):
    net, scene, image = given
    figure, truth = find(net, scene, image), scene[1].astype(int)
    for label, *box in truth:
        pixels = np.zeros((40, 40), bool)
        pixels[box[0] : box[2], box[1] : box[3]] = True
        rows, columns = (np.flatnonzero(pixels.any(axis=axis)) for axis in (1, 0))
        told = f"A true {label} is in rows {rows[0]} to {rows[-1]}, columns {columns[0]} to {columns[-1]}."
        assert told in figure.scene["text"] and told in repr(figure)


def figure_words(found, overlaps):
    from gdcourse.widgets.finding import in_words

    return in_words(found, np.array(overlaps), [2, 4, 12, 12], 0.5)


@pytest.mark.parametrize(
    "question", [{"top": 2.5}, {"left": None}, {"threshold": 0}, {"threshold": "high"}, {"suppress": 1}], ids=str
)
def test_a_question_that_makes_no_sense_keeps_the_last_answer_and_says_why(given, question):
    figure = find(*given)
    before = figure.answer
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and answer["number"] == 5
    assert {**answer, "trouble": "", "number": 0} == before
    assert asked(figure, top=5)["trouble"] == ""


def test_a_detector_that_fails_leaves_a_sentence(given, monkeypatch):
    figure = find(*given)
    monkeypatch.setattr(given[0], "slide", lambda picture: 1 / 0)
    assert "division" in asked(figure, top=5)["trouble"] and figure._state["top"] != 5


def test_the_stored_form_is_a_picture_with_its_text_and_an_answer_is_small(given):
    figure = find(*given)
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "<img alt=" in data["text/html"] and not plots.plt.get_fignums()
    assert data["text/plain"] == repr(figure) and figure.answer["words"] in data["text/plain"]
    assert len(figure.answer["picture"]) == 1600 and len(str({**figure.answer, "picture": None})) < 1200


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("detector must be a trained", lambda net, scene, image: (detection.Detector, scene, image)),
        ("scene must be a pair of picture and truth", lambda net, scene, image: (net, scene[0], image)),
        ("image must be a digit at half size", lambda net, scene, image: (net, scene, np.ones((28, 28)))),
        ("image holds no ink", lambda net, scene, image: (net, scene, np.zeros((14, 14)))),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, given, message, change):
    refuses(message, find, *change(*given))


def test_a_threshold_out_of_range_is_refused(refuses, given):
    refuses("threshold must be", find, *given, threshold=1.5)
