"""Why this digit: pixels add up to the layer's own scores, rubbing out is a picture without them, bad input is told."""

import types

import numpy as np
import pytest
from figures import asked
from strokes import DIGITS, sent

from gdcourse import plots, widgets
from gdcourse.commands import notebooks
from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.widgets import drawing
from gdcourse.widgets.figure import LIVE

FEW = 12


@pytest.fixture(scope="module")
def trained():
    """A layer as lesson 8 has it, trained for two epochs; and images that it reads wrong, then some that it reads."""
    (x, y), _ = load_mnist()
    X = x.reshape(-1, 784) / 255
    net = MLP((784, 10), dtype=np.float64)
    net.fit(X[:3000], y[:3000], epochs=2, batch_size=32, optimizer=SGD(0.1))
    X, y = X[7000:], y[7000:]
    right = net.predict(X).argmax(axis=1) == y
    chosen = np.r_[np.flatnonzero(~right)[:FEW], np.flatnonzero(right)[:FEW]]
    return net, X[chosen], y[chosen]


def made(trained, net=None):
    return widgets.why(net or trained[0], *trained[1:])


def picture_of(answer):
    return np.frombuffer(answer["picture"], np.uint8).reshape(28, 28)


def at(row, column):
    """Return a pixel's middle, as the browser's pad says it."""
    return [9 * column + 4, 9 * row + 4]


# What is added up.


@pytest.mark.parametrize("which", [0, 3, FEW, FEW + 1])
def test_orange_blue_and_b_are_the_layer_s_score(trained, which):
    net, images, labels = trained
    answer = asked(made(trained), which=which)
    p = net.predict(images[which : which + 1])[0]
    order = np.argsort(-p).tolist()
    guess, truth = order[0], int(labels[which])
    assert answer["pair"] == [guess, truth if truth != guess else order[1]] and answer["read"] == guess
    maps = np.frombuffer(answer["maps"], np.int8).reshape(2, 784).astype(float)
    for row, adds in zip(answer["rows"], maps):
        assert row["for"] >= 0 >= row["against"]
        assert row["for"] + row["against"] + row["bias"] == pytest.approx(row["score"])
        assert row["probability"] == pytest.approx(p[row["digit"]])
        by_hand = sum(images[which, k] * net.W[0][k, row["digit"]] for k in range(784)) + net.b[0][row["digit"]]
        assert row["score"] == pytest.approx(by_hand)
        each = images[which] * net.W[0][:, row["digit"]]
        np.testing.assert_allclose(adds * abs(each).max() / abs(adds).max(), each, atol=abs(each).max() / 100)
    first, other = answer["rows"]
    assert first["score"] - other["score"] == pytest.approx(np.log(p[first["digit"]] / p[other["digit"]]))


def test_the_words_say_it_in_signs_and_where_the_lead_comes_from(trained):
    net, images, labels = trained
    answer = made(trained).answer
    (guess, truth), (first, other) = answer["pair"], answer["rows"]
    read, sums, lead = answer["words"].split("\n")
    assert read.startswith(f"A{'n' if truth == 8 else ''} {truth} is read as a{'n' if guess == 8 else ''} {guess} (pro")
    assert f"b {first['bias']:+.2f}".replace("-", "−") in sums and sums.count("Score of") == 2
    assert sums.count("orange pixels") == 2 and sums.endswith("(All numbers are rounded.)")
    row, column = answer["spot"]
    gains = (images[0] * (net.W[0][:, guess] - net.W[0][:, truth])).reshape(28, 28)
    best = max((gains[i : i + 3, j : j + 3].sum(), i, j) for i in range(26) for j in range(26))
    assert best[1:] == (row, column)
    assert lead.startswith(f"{guess} is {first['score'] - other['score']:.2f} ahead of {truth}.")
    assert f"rows {row} to {row + 2}, columns {column} to {column + 2}, counted from 0: +{best[0]:.2f}" in lead


def test_a_layer_trained_further_is_read_as_it_is_now(trained):
    net = MLP((784, 10), dtype=np.float64)
    net.w = np.zeros(7850)
    figure = made(trained, net)
    assert figure.answer["rows"][0]["score"] == figure.answer["rows"][1]["score"] == 0 and figure.answer["spot"] is None
    net.w = trained[0].w
    assert asked(figure)["rows"] == made(trained).answer["rows"]


# Rubbing out.


def test_what_is_rubbed_out_is_no_ink_and_the_verdict_follows(trained):
    net, images, labels = trained
    figure = made(trained)
    turned = 0
    for which in range(FEW):
        asked(figure, which=which, rubs=[], pair=None)
        rubs, image = [], images[which].reshape(28, 28).copy()
        for _ in range(5):  # the framed spot, five times
            row, column = figure.answer["spot"]
            rubs.append(at(row + 1, column + 1))
            image[row : row + 3, column : column + 3] = 0
            answer = asked(figure, rubs=rubs)
            np.testing.assert_array_equal(picture_of(answer), np.rint(255 * image))
            p = net.predict(image.reshape(1, 784))[0]
            assert answer["read"] == p.argmax() and answer["rows"][0]["probability"] == pytest.approx(
                p[answer["pair"][0]]
            )
            if answer["read"] == labels[which]:
                break
        assert answer["pair"] == [net.predict(images[which : which + 1]).argmax(), labels[which]]  # it stays
        turned += answer["read"] == labels[which]
    assert turned >= 8
    gone = np.count_nonzero(images[which]) - np.count_nonzero(image)
    assert f", without {gone} of its {np.count_nonzero(images[which])} pixels of ink, is read as" in answer["words"]


def test_the_eraser_is_three_pixels_wide_leaves_no_gap_and_stays_on_the_picture(trained):
    figure = widgets.why(trained[0], np.ones((1, 28, 28)), [0])

    def gone(*rubs):
        return np.argwhere(picture_of(asked(figure, rubs=list(rubs))) == 0).tolist()

    assert gone(at(5, 9)) == [[row, column] for row in (4, 5, 6) for column in (8, 9, 10)]
    assert gone([*at(5, 2), *at(5, 20)]) == [[row, column] for row in (4, 5, 6) for column in range(1, 22)]
    slant = gone([*at(3, 3), *at(12, 12)])
    assert all([k + d, k + e] in slant for k in range(3, 13) for d in (-1, 0, 1) for e in (-1, 0, 1))
    assert [3, 7] not in slant
    assert gone([0, 0]) == [[0, 0], [0, 1], [1, 0], [1, 1]] and gone([252, 252])[-1] == [27, 27]
    assert gone() == []


def test_the_lesson_s_numbers():
    (x, y), _ = load_mnist()
    X, y = x.reshape(-1, 784) / 255, y
    net, rng = MLP((784, 10), dtype=np.float64), np.random.default_rng(0)
    net.w = np.zeros(7850)
    for _ in range(10):  # lesson 8's `train`
        order = rng.permutation(7000)
        for first in range(0, 7000, 32):
            batch = order[first : first + 32]
            net.w = net.w - 0.1 * net.loss_and_gradient(X[batch], y[batch])[1]
    X, y = X[7000:], y[7000:]
    figure = widgets.why(net, X[[106]], y[[106]])
    (row, column), words = figure.answer["spot"], figure.answer["words"]
    assert words.startswith("A 2 is read as a 1 (probability 0.93).")
    assert "1 is 4.01 ahead of 2." in words and ": +5.2" in words and "more than the whole lead." in words
    answer = asked(figure, rubs=[at(row + 1, column + 1)])
    assert answer["words"].startswith("A 2, without 9 of its 100 pixels of ink, is read as a 2 (probability 0.68)")
    guess = net.predict(X).argmax(axis=1)
    wrong = np.flatnonzero(guess != y)
    assert not set(range(4)) & set(wrong) and 106 not in wrong[:10]
    mended = 0
    for k in wrong:
        image = X[k].reshape(28, 28).copy()
        lead = image * (net.W[0][:, guess[k]] - net.W[0][:, y[k]]).reshape(28, 28)
        _, i, j = max((lead[i : i + 3, j : j + 3].sum(), i, j) for i in range(26) for j in range(26))
        image[i : i + 3, j : j + 3] = 0
        mended += net.predict(image.reshape(1, 784)).argmax() == y[k]
    assert mended > len(wrong) / 2
    (lesson,) = notebooks.FOLDER.glob("08*.ipynb")
    said = f"Of the {len(wrong)} mistakes that the layer makes on all validation images, rubbing out the framed spot"
    assert f"{said} alone mends {mended}." in lesson.read_text(encoding="utf-8")


# Pictures, drawings and classes.


def test_a_drawing_is_seen_as_mnist_shows_it_and_compares_the_two_likeliest(trained):
    figure = made(trained)
    strokes = sent(DIGITS[3])
    answer = asked(figure, which=None, strokes=strokes, rubs=[], pair=None)
    image = drawing.centred(drawing.ink(drawing.strokes_in(strokes)))
    assert answer["picture"] == image.tobytes()
    p = trained[0].predict(image.reshape(1, 784) / 255)[0]
    assert answer["pair"] == np.argsort(-p)[:2].tolist() and answer["words"].startswith("Your drawing is read as ")
    assert answer["strokes"] == drawing.packed(drawing.strokes_in(strokes))
    blank = asked(figure, which=None, strokes=[])
    assert blank["words"].startswith("Draw a digit") and blank["rows"][0]["score"] == blank["rows"][0]["bias"]
    assert asked(figure, which=0)["words"].startswith("A")


def test_the_reader_compares_whom_they_like(trained):
    figure = made(trained)
    answer = asked(figure, pair=[7, 4])
    assert [row["digit"] for row in answer["rows"]] == [7, 4] and answer["chosen"]
    assert not asked(figure, pair=None)["chosen"]


def test_the_list_says_what_the_images_are_and_are_read_as(trained):
    labels = made(trained).scene["labels"]
    assert len(labels) == 2 * FEW and all(", read as a" in label for label in labels[:FEW])
    assert labels[FEW].endswith(", read rightly") and labels[0].startswith("image 0: a")


@pytest.mark.parametrize(
    "question",
    [{"which": 99}, {"which": -1}, {"which": "x"}, {"pair": [3, 3]}, {"pair": [3, 10]}, {"pair": [3]}, {"pair": 3},
     {"rubs": 3}, {"rubs": [[1]]}, {"strokes": [["x"]]}],
    ids=str,
)  # fmt: skip
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(trained, question):
    figure = made(trained)
    before = figure.answer
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and answer["number"] == 5
    assert {**answer, "trouble": "", "number": 0} == before
    assert asked(figure)["trouble"] == ""


def test_a_layer_gone_wrong_is_told_in_the_figure(trained):
    net = MLP((784, 10), dtype=np.float64)
    figure = made(trained, net)
    net.W[0][3, 2] = np.nan
    assert asked(figure, which=1)["trouble"].startswith("net.W[0][3, 2] is nan; every number must be finite.")


def test_the_stored_form_is_a_picture_with_its_text(trained):
    figure = made(trained)
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", LIVE}
    assert figure.answer["words"] in data["text/plain"] and not plots.plt.get_fignums()
    assert sum(len(part) for part in figure.answer.values() if isinstance(part, bytes)) < 3000


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("net must be a network of one layer", {"net": 3}),
        ("net must be a network of one layer", {"net": MLP}),
        ("net must be a network of one layer", {"net": MLP()}),
        (r"net.W\[0\] has shape \(20, 10\)", {"net": MLP((20, 10))}),
        (r"net.b\[0\] has shape", {"net": types.SimpleNamespace(W=[np.zeros((784, 10))], b=[np.zeros(3)])}),
        ("images has shape", {"images": np.zeros((24, 3))}),
        ("images has shape", {"images": np.zeros((41, 784))}),
        ("images must hold fractions", {"images": np.full((24, 784), 200)}),
        (r"images\[0, 0\] is nan", {"images": np.full((24, 784), np.nan)}),
        ("labels has shape", {"labels": [1, 2]}),
        ("labels holds the label 12", {"labels": [12] * 24}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(trained, refuses, message, arguments):
    refuses(message, widgets.why, **{**dict(zip(("net", "images", "labels"), trained)), **arguments})
