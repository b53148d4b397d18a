"""Draw a digit: drawings become images as MNIST's are, any model may read them, and trouble is said in a sentence."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from strokes import DIGITS, sent

from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.widgets import draw, drawing


@pytest.fixture(scope="module")
def mnist():
    return load_mnist()


@pytest.fixture(scope="module")
def net(mnist):
    (x, y), _ = mnist
    net = MLP(seed=0)
    net.fit(rows(x), y, epochs=3, batch_size=32, optimizer=SGD(learning_rate=0.1))
    return net


def rows(images):
    return (images.reshape(len(images), -1) / 255).astype(np.float32)


def model(answer, **more):
    """Return a model that answers so to whatever it is given."""
    return SimpleNamespace(predict=lambda X: answer, **more)


def centre(image):
    """Return the centre of mass, [row, column]."""
    return [image.sum(axis=1 - axis) @ np.arange(28.0) / image.sum() for axis in (0, 1)]


def image_of(strokes):
    return drawing.centred(drawing.ink(drawing.strokes_in(strokes)))


def heard(figure, question):
    """Let the figure hear a question of the browser's; return its answer."""
    figure._heard(figure, {**question, "number": 1}, [])
    return {name: value for name, value in figure.answer.items() if name != "number"}


def text_of(figure):
    """Return the text that a notebook stores."""
    return figure._repr_mimebundle_()[0]["text/plain"]


def difference(one, other):
    """Return the mean difference of two images, the second moved by at most one pixel."""
    moved = [np.roll(other, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(np.abs(one.astype(int) - image).mean() for image in moved)


# What the network sees.


def test_an_image_of_mnist_stays_as_it_is(mnist, net):
    _, (x, _) = mnist
    seen = np.array([drawing.centred(image) for image in x])
    assert np.count_nonzero((seen != x).any(axis=(1, 2))) == 1  # the only one whose ink is 19 pixels long, not 20
    assert np.abs(np.array([centre(image) for image in seen]) - 14).max() <= 0.501
    np.testing.assert_array_equal(net.predict(rows(seen)).argmax(axis=1), net.predict(rows(x)).argmax(axis=1))


@pytest.mark.parametrize(("height", "width"), [(40, 20), (20, 40), (7, 7), (1, 1), (300, 3), (10, 5)])
def test_the_ink_fits_the_box_and_keeps_its_shape(height, width):
    image = np.zeros((320, 90), np.uint8)
    image[11 : 11 + height, 31 : 31 + width] = 255
    seen = drawing.centred(image)
    tall, wide = (np.count_nonzero(seen.any(axis=axis)) for axis in (1, 0))
    assert max(tall, wide) == 20
    assert wide / tall == pytest.approx(width / height, abs=0.05)
    assert abs(np.array(centre(seen)) - 14).max() <= 0.5


def test_the_heavier_part_comes_to_the_middle_but_no_ink_is_cut_off():
    image = np.zeros((20, 20), np.uint8)
    image[:, :12], image[0] = 255, 255  # a block with a thin arm to the right
    seen = drawing.centred(image)
    assert seen.sum() == image.sum(dtype=int)
    assert centre(seen) == pytest.approx([14, 14], abs=0.5)
    image[:], image[19], image[:, 0] = 0, 40, 255  # the mass is at the left edge: its centre would leave 5 pixels out
    seen = drawing.centred(image)
    assert seen.sum() == image.sum(dtype=int)
    assert np.flatnonzero(seen.any(axis=0)).tolist() == list(range(8, 28))


def test_edges_are_smooth_and_nothing_gives_nothing():
    image = np.zeros((100, 100), np.uint8)
    image[np.hypot(*(np.indices((100, 100)) - 50)) < 40] = 255
    seen = drawing.centred(image)
    assert np.unique(seen).size > 5 and seen.max() == 255
    assert not drawing.centred(np.zeros((5, 9), np.uint8)).any()


@pytest.mark.parametrize("wrong", [None, np.zeros((2, 2)), np.zeros((1, 28, 28), np.uint8), [[1, 2]], "3"])
def test_what_is_no_image_is_refused(wrong, refuses):
    refuses("image ", drawing.centred, wrong)


@pytest.mark.parametrize("digit", range(10))
def test_a_drawing_looks_the_same_large_small_and_in_a_corner(digit):
    large = image_of(sent(DIGITS[digit]))
    for size, left, top in [(110, 0, 0), (110, 142, 142), (180, 60, 20)]:
        other = image_of(sent(DIGITS[digit], size, left, top))
        assert difference(large, other) < 4  # of 255
    assert np.abs(np.array(centre(large)) - 14).max() <= 0.5


def test_drawings_hold_as_much_ink_as_mnist(mnist):
    _, (x, _) = mnist
    drawn = np.array([image_of(sent(digit)) for digit in DIGITS])
    assert drawn.mean() / 255 == pytest.approx(x.mean() / 255, abs=0.01)
    assert np.mean(drawn > 0) == pytest.approx(np.mean(x > 0), abs=0.02)


def test_a_dot_is_a_disc_and_a_shaking_hand_changes_little():
    dot = image_of([[100, 60]])
    assert np.count_nonzero(dot) == pytest.approx(np.pi * 10**2, rel=0.15)
    np.testing.assert_allclose(dot.astype(int), dot.T, atol=1)
    assert difference(dot, image_of([[3, 250], [3, 250]])) == 0
    assert difference(dot, image_of([[100, 60, 101, 60]])) < 10


def test_strokes_outside_the_pad_are_drawn_along_its_edge():
    np.testing.assert_array_equal(image_of([[-50, 10, 400, 10, 126, 9999]]), image_of([[0, 10, 252, 10, 126, 252]]))


# What it reads.


@pytest.mark.parametrize("digit", range(10))
def test_a_drawn_digit_is_read(net, digit):
    answer = heard(draw(net), {"strokes": sent(DIGITS[digit])})
    read = answer["probabilities"]
    assert np.argmax(read) == digit and sum(read) == pytest.approx(1, abs=0.01)
    assert answer["text"].startswith(f"The network reads {'an' if digit == 8 else 'a'} {digit} (probability ")
    assert answer["picture"] == image_of(sent(DIGITS[digit])).tobytes() and answer["trouble"] == ""
    assert len(str(answer["text"])) + len(answer["picture"]) + len(answer["strokes"]) < 2000


def test_before_anything_is_drawn_it_says_what_to_do(net):
    figure = draw(net)
    empty = {"strokes": b"", "picture": b"", "probabilities": [], "text": drawing.TO_DO, "trouble": ""}
    assert figure.answer == {**empty, "number": 0}
    heard(figure, {"strokes": sent(DIGITS[3])})
    for nothing in ([], [[]]):
        assert heard(figure, {"strokes": nothing}) == empty


def test_the_strokes_come_back_for_another_view(net):
    answer = heard(draw(net), {"strokes": [[1, 2, 3.4, 4], [252, 300]]})
    assert [*answer["strokes"]] == [1, 2, 3, 4, 255, 252, 252, 255]


def test_ready_digits_take_turns_and_are_mnists(mnist, net):
    _, (x, y) = mnist
    figure = draw(net)
    heard(figure, {"strokes": sent(DIGITS[3])})
    shown = [heard(figure, {"digit": 8}) for _ in range(6)]
    assert [answer["picture"] for answer in shown[:5]] == [image.tobytes() for image in x[y == 8][:5]]
    assert shown[5] == shown[0]
    assert shown[1]["text"].startswith("An 8 from MNIST's test images (2 of 5). The network reads ")
    assert shown[0]["strokes"] == b""
    assert heard(figure, {"digit": 0})["text"].startswith("A 0 from MNIST's test images (1 of 5).")


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"strokes": None},
        {"strokes": "3"},
        {"strokes": [1, 2]},
        {"strokes": [["a", "b"]]},
        {"strokes": [[1, 2, 3]]},
        {"strokes": [[1, float("nan")]]},
        {"strokes": [[[1, 2]]]},
        {"strokes": [[1, [2]]]},
        {"strokes": [[None, 1]]},
        {"strokes": [[1, 2] * 10_001]},
        {"digit": 10},
        {"digit": -1},
        {"digit": "3"},
        {"digit": None},
    ],
    ids=str,
)
def test_a_question_that_makes_no_sense_gets_a_sentence_and_changes_nothing(net, question):
    figure = draw(net)
    heard(figure, {"strokes": sent(DIGITS[3])})
    before = {**figure.answer}
    figure._heard(figure, {**question, "number": 7}, [])
    trouble = figure.answer["trouble"]
    assert trouble.endswith(".") and 10 < len(trouble) < 200
    assert figure.answer == {**before, "trouble": trouble, "number": 7}
    assert text_of(figure).startswith("The network reads a 3")


def test_the_words_name_the_two_likeliest():
    assert drawing.in_words([0, 0, 0, 0.96, 0, 0.04, 0, 0, 0, 0]) == (
        "The network reads a 3 (probability 0.96), then 5 (0.04)."
    )
    assert drawing.in_words([0.004, 0, 0, 0, 0, 0, 0, 0, 0.996, 0]) == "The network reads an 8 (probability 1.00)."


# Models.


def test_a_model_without_predict_is_refused(refuses):
    for wrong in (None, 3, MLP, "net", lambda X: X, SimpleNamespace(predict=3), np.ma.masked_equal(np.eye(9), 1)):
        refuses("model must be a network with `predict`", draw, wrong)


TENTH = np.full((1, 10), 0.1)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (np.full((1, 3), 1 / 3), r"shape \(1, 3\); expected \(1, 10\)"),
        (TENTH[0], r"shape \(10,\)"),
        (np.array(["three"]), "must hold real numbers"),
        (None, "is None"),
        ([[0.1] * 10, [0.1]], "rows of different lengths"),
        (TENTH * np.nan, r"\[0, 0\] is nan"),
        (TENTH * np.inf, r"\[0, 0\] is inf"),
        (TENTH * 9, "add up to 9.00. Is softmax missing"),
        (np.array([[2.0, -1] + [0] * 8]), "go from -1.00 to 2.00"),
    ],
    ids=str,
)
def test_an_answer_that_is_no_probabilities_is_named(answer, said):
    figure = draw(model(answer))
    got = heard(figure, {"strokes": sent(DIGITS[3])})
    assert re.search(said, got["trouble"]) and got["trouble"].startswith("The network could not read it: the model's ")
    assert got["probabilities"] == [] and len(got["picture"]) == 784
    assert got["text"] == "The network gives no probabilities."
    assert got["trouble"] in text_of(figure)


def test_a_model_that_raises_is_quoted_in_one_line():
    def predict(X):
        raise RuntimeError("first line\n   second line " + "x" * 1000)

    trouble = heard(draw(SimpleNamespace(predict=predict)), {"digit": 4})["trouble"]
    assert trouble.startswith("The network could not read it: RuntimeError: first line second line xxx")
    assert "\n" not in trouble and len(trouble) < 300


def test_an_interrupted_model_is_no_end_of_the_figure():
    def predict(X):
        raise KeyboardInterrupt

    figure = draw(SimpleNamespace(predict=predict))
    figure._heard(figure, {"digit": 4, "number": 3}, [])
    assert figure.answer["trouble"] == "the answer was interrupted."
    assert figure.answer["number"] == 3


@pytest.mark.parametrize(
    ("shape", "given"),
    [
        ((None, 784), (1, 784)),
        ((None, 28, 28), (1, 28, 28)),
        ((None, 28, 28, 1), (1, 28, 28, 1)),
        ((None, None), (1, 784)),
        ((None, 5), (1, 784)),
        ([(None, 784), (None, 3)], (1, 784)),
        (None, (1, 784)),
    ],
    ids=str,
)
def test_the_image_comes_in_the_shape_that_the_model_takes(shape, given):
    seen = []

    def predict(X, verbose="auto"):
        seen.append((X.shape, X.dtype, X.min(), X.max(), verbose))
        return TENTH

    heard(draw(SimpleNamespace(predict=predict, input_shape=shape)), {"digit": 3})
    assert seen == [(given, np.float32, 0, 1, 0)]


def test_keras_reads_rows_and_images_and_prints_nothing(keras, net, capfd):
    dense = [keras.layers.Dense(64, "relu"), keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")]
    by_row = keras.Sequential([keras.Input((784,)), *dense])
    by_row.set_weights(net.get_weights())
    by_image = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), *dense])
    for model in (by_row, by_image):
        answer = heard(draw(model), {"strokes": sent(DIGITS[3])})
        assert answer["trouble"] == ""
        expected = heard(draw(net), {"strokes": sent(DIGITS[3])})["probabilities"]
        np.testing.assert_allclose(answer["probabilities"], expected, atol=0.002)
    unbuilt = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    assert heard(draw(unbuilt), {"digit": 3})["trouble"] == ""
    assert capfd.readouterr().out == ""


# The picture.


def test_the_picture_shows_an_example_until_something_is_drawn(net):
    figure = draw(net)
    example = figure._repr_mimebundle_()[0]
    said = f"{re.escape(drawing.TO_DO)} For example a 3 from MNIST's test images: The network reads a 3 .*"
    assert re.fullmatch(said, example["text/plain"])
    assert '<img alt="Draw a digit' in example["text/html"] and "application/vnd.jupyter.widget-view+json" in example
    heard(figure, {"strokes": sent(DIGITS[8])})
    drawn = figure._repr_mimebundle_()[0]
    assert drawn["text/plain"].startswith("The network reads an 8 (probability 0.")
    assert drawn["text/html"] != example["text/html"]
    heard(figure, {"digit": 2})
    assert text_of(figure).startswith("A 2 from MNIST's test images (1 of 5). ")


def test_the_picture_stands_even_if_the_model_does_not():
    text = text_of(draw(model(TENTH * np.nan)))
    assert "The network could not read it: the model's answer[0, 0] is nan" in text
