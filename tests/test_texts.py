"""What the texts of figures say of them, for readers who can't see them, is what the figures show."""

import functools
import re

import nbformat
import numpy as np
import pytest

from gdcourse import clinic, datasets, detection, numerals, plots, tuning
from gdcourse.attention import Translator
from gdcourse.bags import MeanEmbedding
from gdcourse.commands import notebooks
from gdcourse.functions import parabola
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, Adam, descend
from gdcourse.widgets.drawing import examples
from gdcourse.words import vectorize, vocabulary


@functools.cache
def digits():
    """Return MNIST's training images and their labels."""
    return datasets.load_mnist()[0]


def said(name):
    """Return the text of a figure."""
    return plots.texts()[name]


def test_lesson_1_says_where_its_four_runs_end():
    ends = [descend(parabola.gradient, 6.0, SGD(rate), 15)[-1, 0] for rate in (0.02, 0.45, 0.95, 1.05)]
    numbers = re.findall(r"(?<=[ −])\d\.\d{3}|−\d\.\d{3}", said("four_rates"))
    assert [float(one.replace("−", "-")) for one in numbers] == [round(end, 3) for end in ends]
    inside = parabola.inside(descend(parabola.gradient, 6.0, SGD(1.05), 15).T[0][:, None])
    assert f"leave the picture at step {np.argmin(inside)}" in said("four_rates")


def test_lesson_6_says_how_wide_the_cloud_of_single_penguins_is():
    penguins, known = datasets.load_penguins(), np.random.default_rng(0).permutation(342)[:300]
    x, y = penguins["flipper_length_mm"][known], penguins["body_mass_g"][known]
    Z, rng, path = np.column_stack([(x - x.mean()) / x.std(), np.ones(300)]), np.random.default_rng(0), [np.zeros(2)]
    for i in np.concatenate([rng.permutation(300) for _ in range(3)]):
        path.append(path[-1] - 0.1 * (Z[i] @ path[-1] - y[i]) * Z[i])
    widths = np.ptp(path[301:], axis=0)
    assert "about 500 grams across" in said("three_batch_sizes") and np.all(abs(widths - 500) < 75)


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("twenty_digits", lambda: [str(label) for label in digits()[1][:20]]),
        ("clothes", lambda: [datasets.FASHION_CLASSES[kind] for kind in datasets.load_fashion_mnist()[0][1][:10]]),
    ],
)
def test_what_stands_over_pictures_is_told_in_order(name, listed):
    words = re.findall("|".join(sorted(set(listed()), key=len, reverse=True)), said(name))
    assert words == listed()


def test_lesson_15_says_which_digits_lie_in_its_first_pictures():
    x, y = digits()
    made = detection.scenes(detection.half_size(x[7000:]), y[7000:], 200, seed=1)
    truths = [sorted(truth[:, 0].tolist()) for _, truth in made[:3]]
    assert truths == [[1], [2, 3], [5, 5, 7]] and "digits: a 1; a 3 and a 2; a 7 and two 5s." in said("three_scenes")


def place_of(box, truth):
    """Return on which digit a box lies, and where it does if it lies on a part alone."""
    overlaps = [detection.intersection_over_union(box, one[1:]) for one in truth]
    digit, *true = truth[int(np.argmax(overlaps))]
    if max(overlaps) > 0.5:
        return f"the {digit:.0f}"
    across = min(box[3], true[3]) - max(box[1], true[1])
    side = "right" if box[1] > true[1] else "left"
    if across / (true[3] - true[1]) < 0.4:
        return f"the {side} edge of the {digit:.0f}"
    assert 0.4 < across / (true[3] - true[1]) < 0.65
    return f"half on the {digit:.0f} and half to its {side}"


def test_lesson_15_says_where_its_boxes_lie():
    x, y = digits()
    small = detection.half_size(x)
    net = detection.Detector(box_weight=10)
    net.fit(
        *detection.cut(detection.scenes(small[:7000], y[:7000], 2000, seed=0)),
        epochs=5,
        batch_size=128,
        optimizer=Adam(0.01),
    )
    picture, truth = detection.scenes(small[7000:], y[7000:], 200, seed=1)[17]
    every = sorted((row for row in net.slide(picture) if row[5] >= 0.5), key=lambda row: -row[5])
    places = [place_of(row[1:5], truth) for row in every]
    assert said("all_boxes").endswith(f"In this order they lie on {', '.join(places)}.")
    found = net.find(picture, 0.5)
    fives, threes = ([place_of(row[1:5], truth) for row in found if row[0] == digit] for digit in (5, 3))
    assert (fives[1], threes) == ("half on the 0 and half to its left", ["the right edge of the 0"])
    assert said("boxes_that_stay").endswith("5 lies half on the 0 and half to its left, the 3 on its right edge.")


def test_lesson_8_says_what_it_took_for_what():
    x, y = digits()
    X = x.reshape(-1, 784) / 255
    net, rng = MLP((784, 10), dtype=np.float64), np.random.default_rng(0)
    net.w = np.zeros(7850)
    for _ in range(10):
        order = rng.permutation(7000)
        for batch in np.split(order, range(32, 7000, 32)):
            net.w = net.w - 0.1 * net.loss_and_gradient(X[batch], y[batch])[1]
    p = net.predict(X[7000:])
    guess, truth = p.argmax(axis=1), y[7000:]
    wrong = np.flatnonzero(guess != truth)
    worst = wrong[np.argsort(-p[wrong, guess[wrong]])][:20]
    told = re.findall(r"(\d) for (\d)( \(a black blot\))?", said("sure_and_wrong"))
    assert [(int(g), int(t)) for g, t, _ in told] == list(zip(guess[worst], truth[worst]))
    assert [bool(blot) for *_, blot in told].index(True) == X[7000:][worst].sum(axis=1).argmax()


@pytest.mark.parametrize("letter, name", [("G", "charts_g_to_i"), ("L", "charts_j_to_l")])
def test_lesson_11_says_the_first_losses_by_which_two_charts_are_told_apart(letter, name):
    first = f"{clinic.run(clinic.source(letter)).losses[0]:.3g}"
    assert f"{letter}: the loss begins at {first}, jumps" in said(name)


def test_lesson_17_says_where_its_points_lie():
    (texts, y), _ = datasets.load_reviews()
    known = vocabulary(texts[:3000], most=2000)
    net = MeanEmbedding(words=2000, size=2, seed=0, dtype=np.float64)
    before = net.E.copy()
    net.fit(vectorize(texts[:3000], known, length=200), y[:3000], epochs=6, batch_size=32, optimizer=Adam(0.01))
    edges = [f"{edge:.2f}".replace("-", "−") for edge in (before.min(), before.max())]
    assert f"from {edges[0]} to {edges[1]} both ways" in said("plane_of_words")
    ends = [net.E[known.index(word)] for word in ("disappointed", "highly")]
    assert np.array_equal(ends, [net.E.min(axis=0), net.E.max(axis=0)])
    low, high = (f"({x:.1f}, {y:.1f})".replace("-", "−") for x, y in ends)
    assert f"from {low} to {high}" in said("plane_of_words")


def test_lesson_18_says_the_weights_that_its_table_frames():
    X, y = numerals.samples(np.random.default_rng(0).permutation(10_000)[:1000])
    net, adam = Translator(seed=0, dtype=np.float64), Adam(0.01)
    net.fit(X, y, epochs=2, batch_size=64, optimizer=adam, seed=0)
    net.fit(X, y, epochs=8, batch_size=64, optimizer=adam, seed=1)
    a = net.attention(numerals.samples([131])[0])
    first, last = "the first one", "the last one"
    source = [first, "hundred", "and", "thirty", last, "an empty place", "an empty place"]
    most, next_ = np.argsort(-a, axis=1).T[:2]
    told = [f"{source[k]} ({a[row, k]:.2f})" for row, k in enumerate(most)]
    also = [f", then {source[k]} ({a[row, k]:.2f})" for row, k in enumerate(next_)]
    spread = [f"{source[most[row]]} ({a[row, most[row]]:.2f})" for row in (3, 5)]
    said_so = said("attention_on_131")
    assert f"for ein {told[0]}{also[0]}; for hundert {told[1]}; " in said_so
    assert f"for the second ein {told[2]}{also[2]}; for dreißig {told[4]}, one place left of" in said_so
    assert most[4] == most[2] - 1 and f"the largest on {spread[0]} and on {spread[1]}." in said_so


def test_lesson_14_says_two_of_its_lines_epoch_by_epoch():
    race = {"plain SGD": np.array([0.51, 0.42, 0.33, 0.24, 0.15]), "Adam": np.array([0.4, 0.31, 0.22, 0.13, 0.04])}
    told = said("race_on_the_digits").format(race=race)
    assert told.endswith("plain SGD is at 0.51, 0.42, 0.33, 0.24 and 0.15, Adam at 0.40, 0.31, 0.22, 0.13 and 0.04.")


@pytest.mark.parametrize("path", notebooks.lessons(), ids=lambda path: path.stem)
def test_the_prose_of_a_lesson_has_words_where_a_check_has_a_mark(path):
    prose = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"]
    assert not [source for source in prose if re.search("[✗✓]", source)]


def test_one_of_the_ready_digits_is_read_wrongly_by_lesson_12_s_network():
    lesson = notebooks.lessons()[12]
    assert "or press the ready digits until it reads one wrongly" in lesson.read_text(encoding="utf-8")
    x, y = digits()
    order = np.random.default_rng(0).permutation(6000)
    few, net = order[200:700], MLP((784, 64, 32, 10), seed=0, dtype=np.float64)
    net.fit(x[few].reshape(-1, 784) / 255, y[few], epochs=60, batch_size=32, optimizer=SGD(0.1), seed=0)
    read = net.predict(examples().reshape(-1, 784) / 255).argmax(axis=1).reshape(10, -1)
    wrong = read != np.arange(10)[:, None]
    assert wrong.any(axis=1).sum() >= 3  # not of one digit alone


def code_of(number, words):
    """Return the code cell of a lesson that has these words."""
    lesson = nbformat.read(next(path for path in notebooks.lessons() if path.stem.startswith(number)), 4)
    [cell] = [cell for cell in lesson.cells if cell.cell_type == "code" and words in cell.source]
    return cell


def test_lesson_12_s_table_fits_a_window_1024_pixels_wide():
    (table,) = [one.text for one in code_of("12", "remedies.items()").outputs if one.output_type == "stream"]
    assert max(map(len, table.splitlines())) <= 74


def test_lesson_12_s_sketch_has_room_for_the_loss_that_is_shown():
    cell = code_of("12", "widgets.sketch(")
    (first,) = re.findall(r"The training loss is shown, from (\d\.\d+)", cell.outputs[0].data["text/plain"])
    (top,) = re.findall(r"ylim=\(0, ([\d.]+)\)", cell.source)
    assert float(first) <= float(top)


def test_all_270_runs_of_lesson_13_are_in_the_picture(monkeypatch):
    shown = []
    monkeypatch.setattr(plots, "show", lambda name: shown.append(name))
    exec(code_of("13", "search_by_rate_and_l2").source, {"np": np, "plt": plots.plt, "plots": plots, "tuning": tuning})
    losses = [one["val_loss"] for one in tuning.read(tuning.SEARCH)]
    for ax in plots.plt.gcf().axes:
        low, high = ax.get_ylim()
        assert low < min(losses) and max(losses) < high
    plots.plt.close("all")
    assert shown == ["search_by_rate_and_l2"] and f"upwards, up to {max(losses):.1f}. " in said(shown[0])
