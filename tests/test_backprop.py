"""Both passes through a network, as far as Python makes them: slopes, shares, nudges, what is off, pictures."""

import re
import time

import numpy as np
import pytest
from figures import asked
from strokes import DIGITS, sent
from test_lessons import code_of, prose_of

from gdcourse import datasets, plots, widgets
from gdcourse.exercises import exercise, memory
from gdcourse.exercises.lessons import lesson_09
from gdcourse.mlp import MLP
from gdcourse.widgets import drawing, stations
from gdcourse.widgets.runs import number_in_words

RIGHT = lesson_09.layer_below
MISTAKES = next(one for one in lesson_09.EXERCISES if one.name == "layer_below").mistakes
SIZES = (784, 64, 32, 10)


@pytest.fixture(autouse=True)
def nothing_checked(monkeypatch):
    monkeypatch.setattr(memory, "_functions", {})


@pytest.fixture(scope="module")
def five():
    (x, y), _ = datasets.load_mnist()
    return x[:5].reshape(-1, 784) / 255, y[:5].astype(int)


@pytest.fixture(scope="module")
def net():
    """The network that lesson 9 starts with."""
    return MLP(SIZES, seed=0, dtype=np.float64)


@pytest.fixture
def figure(net, five):
    return widgets.backprop(net, *five)


def way(figure, function):
    """Return the number of the choice that a function is."""
    return [one.function for one in figure._ways].index(function)


def gradient(net, X, y):
    """Return the arrays of the network's own gradient: {"W1": …, "b1": …}."""
    W, b = net.views(net.loss_and_gradient(X, y)[1])
    return {f"{kind}{l}": one for kind, arrays in (("W", W), ("b", b)) for l, one in enumerate(arrays, start=1)}


def nudged(net, X, y, name, *place, h=1e-5):
    """Return the slope at one weight by finite differences of what the network says."""
    copy, losses = MLP(net.sizes, dtype=np.float64), []
    for step in (h, -h):
        copy.w = net.w
        array = (copy.W if name[0] == "W" else copy.b)[int(name[1:]) - 1]
        array[place] += step
        losses.append(copy.evaluate(X, y)[0])
    return (losses[0] - losses[1]) / (2 * h)


@pytest.mark.parametrize("sizes", [SIZES, (784, 12, 10), (784, 20, 16, 9, 10)], ids=str)
@pytest.mark.parametrize("n", [1, 5])
def test_with_the_right_function_every_slope_is_the_network_s_own(sizes, n, five):
    X, y = (one[:n] for one in five)
    net = MLP(sizes, seed=3, dtype=np.float64)
    figure = widgets.backprop(net, X, y)
    passed, back, _ = figure._passes()
    for l, (_, dW, db) in enumerate(back.slopes, start=1):
        np.testing.assert_allclose(dW, gradient(net, X, y)[f"W{l}"], rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(db, gradient(net, X, y)[f"b{l}"], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(passed.losses.mean(), net.evaluate(X, y)[0], rtol=1e-12)
    assert "agree with the right ones" in figure.answer["told"] and not figure.answer["off"]


@pytest.mark.parametrize(
    "weight", [("W1", 435, 36), ("W1", 0, 3), ("b1", 7), ("W2", 5, 3), ("b2", 9), ("W3", 7, 4), ("b3", 2)], ids=str
)
def test_the_chosen_slope_is_the_sum_of_its_shares_and_what_finite_differences_say(weight, net, five):
    X, y = five
    figure = widgets.backprop(net, X, y, weight=weight)
    name, *place = weight
    true, seen = gradient(net, X, y)[name][tuple(place)], figure.answer["sum"]
    alone = [gradient(net, X[i : i + 1], y[i : i + 1])[name][tuple(place)] / 5 for i in range(5)]
    shares = figure._shown.shares()
    np.testing.assert_allclose(shares[:, 2], alone, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(shares[:, 0] * shares[:, 1], shares[:, 2])
    assert [row[3] for row in seen["rows"]] == [number_in_words(share) for share in alone]
    assert seen["total"] == seen["slope"] == seen["nudged"] == number_in_words(true) and seen["verdict"] == "right"
    found, error, verdict = figure._shown.nudged
    assert abs(found - true) <= error + 1e-9 and verdict == "right" and error < 1e-8
    assert found == pytest.approx(nudged(net, X, y, name, *place), abs=1e-8)
    not_zero = np.count_nonzero(alone)
    some = {0: "none of them", 5: "all of them"}.get(not_zero, f"{not_zero} of them")
    assert (
        f"is the sum of 5 shares, {some} not 0; nudged, it is {number_in_words(true)}. ✓ They agree."
        in figure.answer["told"]
    )


def test_what_the_browser_gets_are_the_units_of_the_image(figure, net, five):
    X, y = five
    answer = asked(figure, image=3, stage=6)
    _, a1, a2, _ = net.forward(X)
    p = net.predict(X)
    for column, out in zip(answer["layers"], (a1, a2, p)):
        np.testing.assert_allclose(np.frombuffer(column["out"], np.float32), out[3], rtol=1e-6)
    for column, a in zip(answer["layers"], (a1, a2)):
        shut = np.frombuffer(column["marks"], np.uint8) & 1
        np.testing.assert_array_equal(shut, a[3] == 0)
        assert column["open"] == f"{np.count_nonzero(a[3])} of {a.shape[1]} open"
        assert not np.any(np.frombuffer(column["slope"], np.float32)[a[3] == 0])
    dz3 = np.frombuffer(answer["layers"][2]["slope"], np.float32)
    np.testing.assert_allclose(dz3, (p[3] - np.eye(10)[y[3]]) / 5, rtol=1e-6)
    assert f"p is {p[3, y[3]]:.2f} at the label" in answer["told"]
    # The picture of one unit's slopes, to the 127th part of the steepest.
    true = gradient(net, X, y)["W1"][:, answer["unit"]]
    pixels = np.frombuffer(answer["pixels"], np.int8) / 127 * np.abs(true).max()
    np.testing.assert_allclose(pixels, true, atol=np.abs(true).max() / 200)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.__name__.removeprefix("layer_below_"))
def test_each_named_mistake_is_told_where_it_shows(mistake, figure, net, five):
    X, y = five
    answer = asked(figure, way=way(figure, mistake))
    told = answer["told"].split("\n")[-1]
    assert told.startswith("With a mistake: ") and "agree" not in told and not answer["trouble"]
    assert re.search(r"Layer \d is off|has shape", told)
    # Every count in the words is that of a comparison with the network's own gradient.
    true = gradient(net, X, y)
    _, a1, _, _ = net.forward(X)
    z1, z2, given = X @ net.W[0] + net.b[0], a1 @ net.W[1] + net.b[1], {}
    dz = (net.predict(X) - np.eye(10)[y]) / 5
    for l, W, z, a in ((2, net.W[2], z2, a1), (1, net.W[1], z1, X)):
        dz, given[f"W{l}"], given[f"b{l}"] = mistake(dz, W, z, a)
    for name, array in given.items():
        if array.shape != true[name].shape:
            assert f"d{name} has shape {array.shape}, and {name} has {true[name].shape}." in told
            continue
        off = np.count_nonzero(np.abs(array - true[name]) > 1e-6 * np.abs(true[name]).max())
        said = re.search(rf"d{name} at ([\d,]+) of ([\d,]+) ", told)
        assert (said is not None) == (off > 0), name
        if said:
            assert [int(one.replace(",", "")) for one in said.groups()] == [off, array.size]


def test_a_forgotten_bracket_lights_the_shut_units_and_the_nudge_shows_it(figure, net, five):
    X, y = five
    bare = lesson_09.layer_below_without_relu
    answer = asked(figure, way=way(figure, bare), image=1)
    _, a1, a2, _ = net.forward(X)
    marks = [np.frombuffer(column["marks"], np.uint8) for column in answer["layers"]]
    np.testing.assert_array_equal(marks[1] & 2 == 2, a2[1] == 0)  # in layer 2 the shut units and no others
    assert np.count_nonzero(marks[0] & 2) == 64 and not np.any(marks[2] & 2)
    assert (
        f"dz2 at {np.count_nonzero(a2[1] == 0)} of 32 units (" in answer["told"]
        and ", all of them shut" in answer["told"]
    )
    # The button finds a weight whose slope is off, and the nudged one beside it is the network's.
    answer = asked(figure, jump="off")
    layer, row, column = answer["weight"]
    true = gradient(net, X, y)["W1"][row, column]
    assert layer == 1 and answer["sum"]["verdict"] == "off" and answer["sum"]["nudged"] == number_in_words(true)
    assert answer["sum"]["slope"] != number_in_words(true) and "✗ The slope is off." in answer["told"]
    # Lesson 9's own choice: three of the five shares are there that should be zero.
    asked(figure, weight=[1, 435, 36])
    assert np.count_nonzero(np.abs(figure._shown.shares()[:, 2]) > 1e-9) == 5
    assert figure.answer["sum"]["verdict"] == "off"


def test_what_lesson_9_says_of_its_weight(five):
    X, _ = five
    rng = np.random.default_rng(0)
    weights = {}
    for layer, (inputs, outputs) in enumerate(zip(SIZES, SIZES[1:]), start=1):
        limit = np.sqrt(6 / (inputs + outputs))
        weights[f"W{layer}"] = rng.uniform(-limit, limit, (inputs, outputs))
        weights[f"b{layer}"] = np.zeros(outputs)
    assert 'widgets.backprop(weights, X5, y5, weight=("W1", 435, 36))' in code_of(9)
    figure = widgets.backprop(weights, *five, weight=("W1", 435, 36))
    assert "<summary>Answer</summary>\n\nTwo. A share is the pixel times `dz1`" in prose_of(9)
    assert np.all(X[:, 435] > 0.5) and np.count_nonzero(X @ weights["W1"][:, 36] > 0) == 2
    assert np.count_nonzero(figure._shown.shares()[:, 2]) == 2
    assert "Choose the first mistake" in prose_of(9) and "Layer 2 is wrong first." in prose_of(9)
    told = asked(figure, way=way(figure, MISTAKES[0]))["told"]
    assert told.index("Layer 2 is off") < told.index("Layer 1 is off: dz1 at 64 of 64 units")


def test_shares_and_slope_that_disagree_are_told_apart(figure):
    answer = asked(figure, way=way(figure, lesson_09.layer_below_divided_again), weight=[1, 435, 36])
    total = answer["sum"]["total"]
    assert f"is not a sum of shares: the 5 shares add up to {total}; nudged, it is {total}. ✗" in answer["told"]


@pytest.mark.parametrize("factor, off", [(1 + 1e-9, False), (1 + 1e-4, True)])
def test_rounding_is_not_taken_for_a_fault_and_a_small_fault_not_for_rounding(factor, off, net, five):
    mine = lambda *given: tuple(factor * one for one in RIGHT(*given))  # noqa: E731
    figure = widgets.backprop(net, *five, layer_below=mine, weight=("W1", 435, 36))
    assert figure.answer["off"] == off and ("Your layer_below. Layer 2 is off: dz2" in figure.answer["told"]) == off
    assert figure.answer["sum"]["verdict"] == ("off" if off else "right")


@pytest.mark.parametrize(
    "mine",
    [
        lambda dz, W, z, a: [one.tolist() for one in RIGHT(dz, W, z, a)],
        lambda dz, W, z, a: [one.astype(np.float32) for one in RIGHT(dz, W, z, a)],
        lambda dz, W, z, a: (
            (d := np.where(z > 0, np.einsum("ik,jk->ij", dz, W), 0)),
            (d.T @ a).T,
            np.ones(len(d)) @ d,
        ),
    ],
    ids=["lists", "float32", "einsum"],
)
def test_another_right_function_is_right(mine, net, five):
    figure = widgets.backprop(net, *five, layer_below=mine)
    assert "Your layer_below. Its slopes agree with the right ones." in figure.answer["told"]


def test_what_a_function_does_to_its_arguments_stays_without_effect(net, five):
    def careless(dz, W, z, a):
        found = RIGHT(dz, W, z, a)
        for one in (dz, W, z, a):
            one[:] = 0
        return found

    figure = widgets.backprop(net, *five, layer_below=careless)
    assert "Its slopes agree" in figure.answer["told"] and "p is 0.1" in figure.answer["told"]


def endless(dz, W, z, a):
    while True:
        pass


@pytest.mark.parametrize(
    ("mine", "told"),
    [
        (lambda dz, W, z, a: None, "It stops at layer 2: layer_below must return dz, dW and db, 3 arrays; got None"),
        (lambda dz, W, z, a: 1 / 0, "It stops at layer 2: ZeroDivisionError: division by zero."),
        (lambda dz, W: 3, "It stops at layer 2: "),
        (endless, "Stopped: it takes longer than 0.1 seconds, or has a loop without end."),
        (lambda dz, W, z, a: (dz, a.T @ dz, dz.sum(axis=0)), "dz2 has shape (5, 10), and z2 has (5, 32)."),
        (lambda dz, W, z, a: ("dz", *RIGHT(dz, W, z, a)[1:]), "dz2 must hold real numbers"),
    ],
    ids=["None", "raises", "arguments", "endless", "shape", "text"],
)
def test_a_function_that_gives_no_slopes_is_answered_in_the_figure(mine, told, net, five, monkeypatch):
    monkeypatch.setattr(stations, "SECONDS", 0.1)
    figure = widgets.backprop(net, *five, layer_below=mine, weight=("W1", 435, 36))
    answer = figure.answer
    assert told in answer["told"] and "Without dz2 nothing goes further back." in answer["told"]
    assert answer["layers"][0]["slope"] == b"" and answer["layers"][2]["slope"]
    assert "there is no slope; nudged, it is −0.0727." in answer["told"] and "agree" not in answer["told"]
    assert figure.drawn()[1].endswith("further back.")
    assert asked(figure, way=1)["told"].endswith("agree with the right ones.")


def test_numbers_that_are_not_finite_are_off(net, five):
    def broken(dz, W, z, a):
        found = RIGHT(dz, W, z, a)
        return found[0], found[1] * np.nan, found[2] + np.inf

    figure = widgets.backprop(net, *five, layer_below=broken, weight=("W2", 5, 3))
    assert "dW2 at 2,048 of 2,048 weights; db2 at 32 of 32 biases" in figure.answer["told"]
    assert "the slope not a number is not a sum of shares" in figure.answer["told"]
    assert figure.answer["sum"]["verdict"] == "off" and figure.drawn()


def test_at_a_kink_nudging_says_that_it_can_t_tell(five):
    X, y = five
    net = MLP(SIZES, seed=0, dtype=np.float64)
    net.b[0][36] = -(X[1] @ net.W[0][:, 36])  # the gate stands exactly where it opens
    figure = widgets.backprop(net, X, y, weight=("b1", 36))
    assert figure.answer["sum"]["verdict"] == "unsure"
    assert "? Nudging can't tell: a gate opens or shuts on the way." in figure.answer["told"]
    assert asked(figure, weight=[1, 0, 36])["sum"]["verdict"] == "right"  # no image has ink there
    # Close to a kink a smaller nudge can tell.
    net.b[0][36] += 2e-6
    close = widgets.backprop(net, X, y, weight=("b1", 36)).answer["sum"]
    assert close["verdict"] == "right" and close["nudged"] == number_in_words(gradient(net, X, y)["b1"][36])


def test_each_step_shows_what_is_there_and_no_more(figure):
    asked(figure, weight=[2, 5, 3])
    told = [asked(figure, stage=step)["told"] for step in range(7)]
    assert told[0].startswith("Image 0, a 1. Its 784 pixels go in.")
    assert "Forward, layer 1: " in told[1] and "Forward, layer 2: " in told[2]
    assert "Forward, layer 3: p is 0.11 at the label" in told[3] and "loss" not in told[2]
    assert "Back, layer 3: dz3 is p − onehot(y), divided by 5." in told[4]
    for step in range(5):
        assert "W2[5, 3]: its slope comes with step 5." in told[step] and "layer_below" not in told[step]
    assert "so far agree" in told[5] and "so far" not in told[6] and "W2[5, 3]: the slope" in told[5]
    before, after = (asked(figure, stage=step)["sum"] for step in (4, 5))
    assert [row[2:] for row in before["rows"]] == [["…", "…"]] * 5 and before["slope"] == before["nudged"] == "…"
    assert [row[1] for row in asked(figure, stage=0)["sum"]["rows"]] == ["…"] * 5
    assert "…" not in str(after) and set(before["bars"]) == {0.0} and before["verdict"] == ""
    # A mistake is told where it is reached.
    told = asked(figure, stage=5, way=way(figure, lesson_09.layer_below_without_relu))["told"]
    assert "Layer 2 is off" in told and "Layer 1" not in told


def test_a_digit_of_the_reader_s_own_stands_alone(figure, net):
    strokes = sent(DIGITS[3])
    answer = asked(figure, image=5, label=3, strokes=strokes)
    image = drawing.centred(drawing.ink(drawing.strokes_in(strokes)))
    np.testing.assert_array_equal(np.frombuffer(answer["picture"], np.uint8).reshape(28, 28), image)
    X, y = image.reshape(1, 784) / 255, np.array([3])
    answer = asked(figure, weight=[3, 0, 0], jump="steepest")
    _, *place = answer["weight"]
    assert (
        answer["sum"]["slope"] == number_in_words(gradient(net, X, y)["W3"][*place]) and len(answer["sum"]["rows"]) == 1
    )
    assert f"Your drawing, labelled 3. {np.count_nonzero(net.forward(X)[1])} of 64 and " in answer["told"]
    assert "is the image's share; nudged" in answer["told"]
    # With another label there is another loss.
    other = asked(figure, label=8)
    assert (
        other["sum"]["slope"]
        == number_in_words(gradient(net, X, np.array([8]))["W3"][*place])
        != answer["sum"]["slope"]
    )
    # What divides by the batch twice can't show with one image, and the words say so.
    for mistake in (lesson_09.layer_below_mean_of_biases, lesson_09.layer_below_divided_again):
        told = asked(figure, way=way(figure, mistake))["told"]
        assert told.endswith("agree with the right ones. With one image, sum and mean over the batch are the same.")
    assert drawing.packed(drawing.strokes_in(strokes)) == answer["strokes"] and asked(figure, image=0)["picture"] == b""


def test_a_ready_digit_and_an_empty_field(figure):
    answer = asked(figure, image=5)
    assert answer["told"].startswith("Nothing is drawn yet: all pixels are 0. 0 of 64 and 0 of 32 gates are open;")
    answer = asked(figure, ready=[8, 2], label=8)
    np.testing.assert_array_equal(np.frombuffer(answer["picture"], np.uint8), drawing.examples()[8, 2].ravel())
    assert answer["told"].startswith("An 8 from MNIST's test images (3 of 5). ") and answer["ready"] == [8, 2]
    assert asked(figure, label=1)["told"].startswith("An 8 from MNIST's test images (3 of 5), labelled 1. ")
    assert asked(figure, strokes=sent(DIGITS[1]))["told"].startswith("Your drawing, labelled 1. ")


def test_the_reader_s_function_is_the_one_that_the_exercise_saw_last(net, five, capsys):
    def made():
        return widgets.backprop(net, *five)

    def layer_below(dz, W, z, a):
        """Return dz, dW and db of the layer below."""
        ...  # your code here

    assert made().scene["ways"][0]["label"] == "the course's layer_below"
    exercise(layer_below)
    assert made().scene["ways"][0]["label"] == "the course's layer_below"

    def layer_below(dz, W, z, a):
        d = dz @ W.T
        return d, a.T @ d, d.sum(axis=0)

    assert exercise(layer_below) is RIGHT  # what the notebook goes on with
    wrong = made()
    assert wrong.scene["ways"][0] == {"label": "your layer_below", "group": "Yours"}
    assert "Your layer_below. Layer 2 is off: " in wrong.answer["told"]

    def layer_below(dz, W, z, a):
        d = (dz @ W.T) * (z > 0)
        return d, a.T @ d, d.sum(axis=0)

    exercise(layer_below)
    assert "Your layer_below. Its slopes agree" in made().answer["told"]
    assert "Your layer_below. Layer 2 is off" in asked(wrong)["told"]


def test_the_steepest_weight_of_a_layer(figure, net, five):
    for layer in (1, 2, 3):
        answer = asked(figure, weight=[layer, None, 0], jump="steepest")
        slopes = np.abs(gradient(net, *five)[f"W{layer}"])
        assert slopes[tuple(answer["weight"][1:])] == slopes.max() and answer["weight"][0] == layer
    assert asked(figure, jump="off")["weight"] == answer["weight"]  # none is off
    answer = asked(figure, way=way(figure, lesson_09.layer_below_mean_of_biases), jump="off")
    assert answer["weight"][:2] == [2, None] and answer["sum"]["verdict"] == "off"


@pytest.mark.parametrize(
    "question",
    [
        {"way": 99}, {"image": 6}, {"stage": 7}, {"label": 10}, {"weight": [4, 0, 0]}, {"weight": [1, 784, 0]},
        {"weight": [1, 0, 64]}, {"weight": 3}, {"weight": [2, "x", 0]}, {"ready": [3, 9]}, {"ready": [10, 0]},
        {"jump": "up"}, {"image": 5, "strokes": [[1]]}, {"image": -1},
    ],
    ids=str,
)  # fmt: skip
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(figure, question):
    before = asked(figure, image=2, stage=5, weight=[2, 5, 3])
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and answer["number"] == 5
    assert {**answer, "trouble": "", "number": 1} == before
    assert {**asked(figure), "number": 1} == before


def test_the_stored_form_is_a_picture_with_its_text_and_an_answer_is_small(figure):
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"].startswith("A network 784-64-32-10: ") and "✓ They agree." in data["text/plain"]
    assert "<img alt=" in data["text/html"] and not plots.plt.get_fignums()
    answer = asked(figure, image=5, ready=[3, 0], label=3)
    parts = [*answer.values(), *(part for column in answer["layers"] for part in column.values())]
    assert sum(len(one) for one in parts if isinstance(one, bytes)) < 4000
    for stage in (0, 4):
        asked(figure, stage=stage, way=1)
        assert figure.drawn()[1].endswith(figure.answer["told"])


def test_another_weight_is_computed_within_a_frame(figure):
    asked(figure, image=1)
    places = [[1, 300 + k, k] for k in range(12)]
    spent = []
    for place in places:
        start = time.process_time()
        asked(figure, weight=place)
        spent.append(time.process_time() - start)
    assert min(spent) < 1 / 60


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("weights must be", {"weights": 3}),
        ("weights must hold W1, b1, W2, b2, …; it holds W1", {"weights": {"W1": np.ones((784, 3))}}),
        (
            r"W2 has shape \(4, 10\) and b2 \(10,\); they must be \(3, units\)",
            {"weights": {"W1": np.ones((784, 3)), "b1": np.ones(3), "W2": np.ones((4, 10)), "b2": np.ones(10)}},
        ),
        ("the figure shows 784-…-10 with 2 to 5 layers", {"weights": MLP((784, 10))}),
        (
            "the figure shows 784-…-10 with 2 to 5 layers of 128 units at most; these are 784-200-10",
            {"weights": MLP((784, 200, 10))},
        ),
        ("the figure shows 784-…-10 with 2 to 5 layers", {"weights": MLP((784, 20, 9))}),
        ("the units of this MLP are tanh", {"weights": MLP((784, 20, 10), activation="tanh")}),
        (r"W1\[0, 0\] is nan", {"weights": {"W1": np.full((784, 3), np.nan), "b1": np.ones(3)}}),
        ("X has 13 images; the figure shows 12 at most", {"X": np.zeros((13, 784)), "y": np.zeros(13, int)}),
        ("X must hold pixels from 0 to 1; it goes from 0 to 255", {"X": np.eye(5, 784) * 255}),
        ("X has shape", {"X": np.zeros((5, 100))}),
        ("y must|y holds|y has", {"y": np.arange(6)}),
        ("layer_below must be a function", {"layer_below": 3}),
        ("weight must be such as", {"weight": "W1"}),
        ("weight must be such as", {"weight": ("W1", 3)}),
        ("layer must be 1 to 3; got 4", {"weight": ("W4", 3, 3)}),
        ("from must be 0 to 783; got 784", {"weight": ("W1", 784, 3)}),
        ("to must be 0 to 31; got 32", {"weight": ("b2", 32)}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, change, net, five):
    X, y = five
    refuses(message, widgets.backprop, **{"weights": net, "X": X, "y": y, **change})


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.03125, "0.0312"), (-2.5, "−2.5"), (1.3e-5, "1.3·10⁻⁵"), (-4e-12, "−4·10⁻¹²"), (0, "0"), (-0.0, "0"),
        (123.4, "123"), (99999, "100000"), (2e6, "2·10⁶"), (1e-5, "10⁻⁵"), (np.nan, "not a number"),
        (np.inf, "infinity"), (-np.inf, "minus infinity"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_a_reader_writes_them(number, text):
    assert number_in_words(number) == text
