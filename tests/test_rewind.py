"""The time machine, as far as Python makes it: the weights of each epoch kept, measured, told, read and drawn."""

import gc
import html
import re
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figures import asked
from strokes import DIGITS, sent
from test_plots import SETTINGS
from test_training_figure import SIZES, Stopping, data, keras_callback, ours, theirs

from gdcourse import plots
from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.training import fit
from gdcourse.widgets import drawing, rewind, watch
from gdcourse.widgets.rewind import Rewind


@pytest.fixture(scope="module")
def digits():
    """Some digits, and a network that was watched while it learned them."""
    (x, y), _ = load_mnist()
    X = (x[:600].reshape(600, -1) / 255).astype(np.float32)
    net, watcher = MLP((784, 20, 16, 10)), watch(keep_weights=True)
    net.fit(
        X, y[:600], epochs=5, batch_size=16, optimizer=SGD(0.1), validation_data=(X[:200], y[:200]), callbacks=[watcher]
    )
    return SimpleNamespace(net=net, watcher=watcher, X=X[:150], y=y[:150])


def machine(digits):
    return rewind(digits.net, digits.watcher, digits.X, digits.y)


def at(net, w):
    """Return a network of the same layers with these weights."""
    other = MLP(net.sizes, dtype=net.w.dtype)
    other.w = w
    return other


# Keeping the weights


def test_the_weights_of_each_epoch_are_kept_the_start_first():
    watcher = watch(keep_weights=True)
    net, _ = ours([watcher], epochs=3)
    kept = watcher.weights
    assert kept.shape == (4, net.w.size) and kept.dtype == np.float64
    assert np.array_equal(kept[0], MLP(SIZES, dtype=np.float64).w)
    for epochs in (1, 2, 3):
        assert np.array_equal(kept[epochs], ours([], epochs=epochs)[0].w)
    net.w[:] = 0  # what was kept is nobody else's
    kept[:] = 0
    assert np.array_equal(watcher.weights[3], ours([], epochs=3)[0].w)


def test_keras_s_weights_are_kept_in_the_same_order(double):
    mine, other = watch(keep_weights=True), watch(keep_weights=True)
    ours([mine])
    theirs(double, [other])
    np.testing.assert_allclose(other.weights, mine.weights, rtol=0, atol=1e-12)
    assert other.run.measured.keys() == {1, 2, 3} and other.weights.shape[0] == 4


def test_a_keras_model_without_weights_is_told_what_it_lacks(keras, refuses):
    model = keras.Sequential([keras.layers.Dense(5, activation="relu"), keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    refuses("the model has no weights before its first step", model.fit, *data(), verbose=0, callbacks=[watch(True)])
    model.fit(*data(), epochs=2, verbose=0, callbacks=[watch()])
    watcher = watch(keep_weights=True)  # now it has some
    model.fit(*data(), epochs=2, verbose=0, callbacks=[watcher])
    assert watcher.weights.shape == (3, MLP(SIZES).w.size)
    assert np.array_equal(watcher.weights[2], np.concatenate([one.ravel() for one in model.get_weights()]))


def test_a_stopped_run_keeps_what_it_had(double, capsys):
    mine, other = watch(keep_weights=True), watch(keep_weights=True)
    net, _ = ours([Stopping(1, 3), mine], epochs=9)
    theirs(double, [keras_callback(double, Stopping(1, 3)), other], epochs=9)
    assert len(mine.weights) == 3 and np.array_equal(mine.weights[2], net.w)
    np.testing.assert_allclose(other.weights, mine.weights, rtol=0, atol=1e-12)


class Interrupting:
    """Raises in the middle of the third epoch."""

    def __init__(self, error):
        self.error, self.epoch = error, 0

    def set_model(self, model):
        """Take no model."""

    def on_epoch_begin(self, epoch, logs):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs):
        if (self.epoch, batch) == (2, 1):
            raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_run_keeps_its_finished_epochs(error, double, capsys):
    two = ours([], epochs=2)[0].w
    for number in range(2):
        watcher = watch(keep_weights=True)
        try:
            if number:
                theirs(double, [keras_callback(double, Interrupting(error)), watcher], epochs=9)
            else:
                ours([Interrupting(error), watcher], epochs=9)
        except (KeyboardInterrupt, RuntimeError):
            pass
        assert len(watcher.weights) == 3
        np.testing.assert_allclose(watcher.weights[2], two, rtol=0, atol=1e-12)
        assert rewind(MLP(SIZES), watcher, *data()).scene["last"] == 2


def test_another_fit_begins_anew():
    watcher = watch(keep_weights=True)
    ours([watcher], epochs=5)
    net, _ = ours([watcher], epochs=2)
    assert len(watcher.weights) == 3 and np.array_equal(watcher.weights[2], net.w)
    assert watcher.run.measured.keys() == {1, 2}


def test_keeping_changes_nothing_and_shows_nothing(capsys):
    watcher = watch(keep_weights=True)
    assert np.array_equal(ours([watcher])[0].w, ours([])[0].w)
    assert capsys.readouterr() == ("", "")  # no notebook runs here
    assert watcher.run.line("val_loss")[0].tolist() == [1, 2, 3]


def test_weights_that_were_not_kept_are_asked_for_in_vain(refuses):
    refuses("keep_weights must be True or False; got 1", watch, keep_weights=1)
    plain = watch()
    ours([plain])
    refuses("this watcher keeps no weights; make it with watch\\(keep_weights=True\\)", lambda: plain.weights)
    refuses("this watcher has seen no training yet", lambda: watch(keep_weights=True).weights)


# What is measured


def test_losses_gradients_and_dead_units_are_those_of_each_epoch(digits):
    figure = machine(digits)
    dead_at_some_time = 0
    for place, w in enumerate(digits.watcher.weights):
        answer, net = asked(figure, epoch=place), at(digits.net, w)
        assert f"On the 150 samples: loss {net.evaluate(digits.X, digits.y)[0]:.2f};" in answer["text"]
        _, gradient = net.loss_and_gradient(digits.X, digits.y)
        cuts = np.cumsum([785 * 20, 21 * 16])
        lengths = [np.sqrt(np.sum(part.astype(float) ** 2)) for part in np.split(gradient, cuts)]
        np.testing.assert_allclose(answer["gradients"], lengths, rtol=1e-5)
        first = np.maximum(digits.X @ net.W[0] + net.b[0], 0)
        second = np.maximum(first @ net.W[1] + net.b[1], 0)
        assert answer["dead"] == [np.count_nonzero(output.max(axis=0) == 0) for output in (first, second)]
        assert answer["crossed"] == np.flatnonzero(first.max(axis=0) == 0).tolist()
        dead_at_some_time += sum(answer["dead"])
        np.testing.assert_allclose(answer["start"], figure._epochs[0].gradients)
    assert dead_at_some_time
    low, high = figure.scene["gradient"]
    sizes = [size for epoch in figure._epochs for size in epoch.gradients]
    assert low < min(sizes) and max(sizes) < high <= 100 * max(sizes)


def test_dead_units_are_counted_named_and_crossed(digits):
    watcher = watch(keep_weights=True)
    net = MLP((784, 20, 16, 10))
    net.b[0][[2, 7]], net.b[1][5] = -100, -100
    net.fit(digits.X, digits.y, epochs=2, optimizer=SGD(0.01), callbacks=[watcher])
    figure = rewind(net, watcher, digits.X, digits.y)
    assert {2, 7} <= set(figure.answer["crossed"]) and figure.answer["dead"][1] >= 1
    assert f"dead units: {figure.answer['dead'][0]} of 20 in layer 1, " in figure.answer["text"]
    assert re.search(r"Crossed, since dead, counted from 0: (\d+, )*2, (\d+, )*7[,.]", figure.answer["weights"])


def test_all_units_that_are_crossed_are_named(digits):
    watcher = watch(keep_weights=True)
    net = MLP((784, 150, 10))
    net.b[0][20:140] = -100
    net.fit(digits.X, digits.y, epochs=1, optimizer=SGD(0.01), callbacks=[watcher])
    figure = rewind(net, watcher, digits.X, digits.y)
    told = re.search(r"Crossed, since dead, counted from 0: ([\d, ]+)\.", figure.answer["weights"])[1]
    named = [int(unit) for unit in told.split(", ")]
    assert set(range(20, 128)) <= set(named) and max(named) < 128  # of the pictures that are shown
    assert named == figure.answer["crossed"]


def test_a_gradient_too_small_for_four_bytes_when_squared_has_its_length():
    watcher = watch(keep_weights=True)
    net = MLP((4, 3, 2))
    net.W[0][:], net.W[1][:] = 1e-3, [1e-25, -1e-25]
    X, y = np.ones((4, 4), np.float32), np.array([0, 0, 0, 1])
    net.fit(X, y, epochs=1, optimizer=SGD(1e-30), callbacks=[watcher])
    assert 0 < rewind(net, watcher, X, y).answer["start"][0] < 1e-24


def test_the_pictures_are_the_first_layer_s_weights(digits):
    figure = machine(digits)
    for place in (0, 5):
        asked(figure, epoch=place)
        shown = np.frombuffer(figure.pictures, np.int8).reshape(20, 784) / 127.0
        W = at(digits.net, digits.watcher.weights[place]).W[0].T
        expected = np.clip(W / figure._limit, -1, 1)
        np.testing.assert_allclose(np.sign(shown) * shown**2, expected, atol=0.01)
    assert figure.scene["tile"] == {"height": 28, "width": 28, "units": 20, "columns": 16}
    assert 0.05 < figure._limit < np.abs(digits.watcher.weights).max()


def test_the_text_tells_the_epoch_and_changes_with_it(digits):
    figure = machine(digits)
    run = digits.watcher.run
    answers = [asked(figure, epoch=epoch) for epoch in range(6)]
    texts = [answer["text"] for answer in answers]
    assert texts[0].startswith("The start, before epoch 1. On the 150 samples: loss ")
    assert answers[0]["losses"] == [None, None]
    for epoch in range(1, 6):
        loss, validation = (run.measured[epoch][name] for name in ("loss", "val_loss"))
        head = f"Epoch {epoch} of 5: training loss {loss:.2f}, validation loss {validation:.2f}. On the 150 samples: "
        assert texts[epoch].startswith(head) and answers[epoch]["losses"] == [loss, validation]
    assert len(set(texts)) == 6
    assert re.fullmatch(
        r".* gradient length by layer [\d.]+, [\d.]+, [\d.]+; "
        r"dead units: (\d+|none) of 20 in layer 1, (\d+|none) of 16 in layer 2\.",
        texts[3],
    )
    assert repr(figure) == texts[5]


# What the network reads


def test_the_drawing_stays_and_is_read_anew_in_each_epoch(digits):
    figure = machine(digits)
    assert figure.answer["pad"]["text"] == drawing.TO_DO
    asked(figure, strokes=sent(DIGITS[3]))
    image = drawing.centred(drawing.ink(drawing.strokes_in(sent(DIGITS[3]))))
    row = (image.reshape(1, -1) / 255).astype(np.float32)
    for place, w in enumerate(digits.watcher.weights):
        pad = asked(figure, epoch=place)["pad"]
        np.testing.assert_allclose(pad["probabilities"], at(digits.net, w).predict(row)[0], atol=0.0006)
        assert pad["picture"] == image.tobytes() and pad["strokes"]
    ready = asked(figure, digit=8)["pad"]
    assert ready["text"].startswith("An 8 from MNIST's test images (1 of 5). ")
    again = asked(figure, epoch=2)["pad"]
    assert again["picture"] == ready["picture"] and again["text"].startswith("An 8 from MNIST's test images (1 of 5). ")
    assert again["probabilities"] != ready["probabilities"]
    assert asked(figure, digit=8)["pad"]["text"].startswith("An 8 from MNIST's test images (2 of 5). ")


def test_the_network_stays_as_it_is(digits):
    before = digits.net.w.copy()
    figure = machine(digits)
    asked(figure, epoch=0)
    asked(figure, digit=1)
    assert np.array_equal(digits.net.w, before)


def test_a_watched_keras_model_is_shown_by_a_network_of_the_same_layers(double):
    watcher, mine = watch(keep_weights=True), watch(keep_weights=True)
    model, _ = theirs(double, [watcher], epochs=7, initial_epoch=3)
    net = MLP(SIZES, dtype=np.float64)
    figure = rewind(net, watcher, *data())
    assert (figure.scene["first"], figure.scene["last"]) == (3, 7) and figure.answer["epoch"] == 7
    assert asked(figure, epoch=3)["text"].startswith("The start, before epoch 4.")
    assert asked(figure, epoch=4)["text"].startswith("Epoch 4 of 7: training loss ")
    net.set_weights(model.get_weights())
    expected = net.evaluate(*data())[0]
    assert f"loss {expected:.2f};" in asked(figure, epoch=7)["text"]
    ours([mine], epochs=4)
    same = rewind(net, mine, *data())
    np.testing.assert_allclose(
        [epoch.gradients for epoch in figure._epochs], [epoch.gradients for epoch in same._epochs], rtol=1e-9
    )


# Other networks


def watched(sizes):
    """Return a network of these sizes with its watcher and the samples it was trained on."""
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(40, sizes[0])), rng.integers(0, sizes[-1], 40)
    net, watcher = MLP(sizes, dtype=np.float64), watch(keep_weights=True)
    net.fit(X, y, epochs=2, batch_size=8, optimizer=SGD(0.1), callbacks=[watcher])
    return net, watcher, X, y


@pytest.mark.parametrize(
    ("sizes", "tile", "about"),
    [
        ((6, 5, 3), (6, 1, 5, 5), "First layer: the weights into each of its 5 units, as columns; "),
        ((784, 10), (28, 28, 10, 10), "First layer: the weights into each of its 10 units, as images; "),
        ((784, 200, 3), (28, 28, 128, 16), "First layer: the weights into the first 128 of its 200 units, as images; "),
        ((300, 5, 10), None, "The first layer's 300 inputs are no image of 28 × 28; its weights are not drawn."),
        ((2, *[4] * 20, 2), (2, 1, 4, 4), "First layer: the weights into each of its 4 units"),
    ],
    ids=str,
)
def test_first_layers_of_any_shape(sizes, tile, about):
    figure = rewind(*watched(sizes))
    shown = figure.scene["tile"]
    assert (shown and tuple(shown.values())) == tile
    assert figure.scene["about"].startswith(about) and figure.answer["weights"].startswith(about)
    assert len(figure.pictures) == (np.prod(tile[:3]) if tile else 0)
    assert (figure.scene["pad"] is None) == (figure.answer["pad"] is None) == ((sizes[0], sizes[-1]) != (784, 10))
    assert len(figure.answer["gradients"]) == len(sizes) - 1 and len(figure.answer["dead"]) == len(sizes) - 2
    drawn, text = figure.drawn()
    assert text.startswith("Epoch 2 of 2: training loss ") and ("dead units" in text) == (len(sizes) > 2)


def test_of_many_layers_the_text_tells_the_ends_alone():
    figure = rewind(*watched((2, *[4] * 20, 2)))
    first, last = (f"{figure.answer['gradients'][l]:.2g}".replace("-", "−") for l in (0, -1))
    dead = sum(figure.answer["dead"]) or "none"
    end = f"gradient length by layer {first} (the first) to {last} (the last); dead units: {dead} of 80 in 20 layers."
    assert figure.answer["text"].endswith(end)
    few = rewind(*watched((2, 4, 4, 4, 4, 2))).answer["text"]
    assert re.search(r"by layer \S+, \S+, \S+, \S+, \S+; dead units: \S+ of 4 in layer 1, .* of 4 in layer 4\.$", few)


class Line:
    """A model of a reader's own: a line through points."""

    def __init__(self):
        self.w = np.zeros(3)

    def loss_and_gradient(self, X, y):
        off = X @ self.w[1:] + self.w[0] - y
        return np.mean(off**2), 2 * np.concatenate([[off.mean()], X.T @ off / len(y)])


def test_a_model_of_the_reader_s_own_is_kept_but_has_no_layers_to_show(refuses):
    rng = np.random.default_rng(0)
    X, line, watcher = rng.normal(size=(30, 2)), Line(), watch(keep_weights=True)
    fit(line, X, X @ [1.0, 2.0], epochs=4, batch_size=8, optimizer=SGD(0.1), callbacks=[watcher])
    assert watcher.weights.shape == (5, 3) and not watcher.weights[0].any()
    assert np.array_equal(watcher.weights[4], line.w)
    refuses("net must be the MLP that was trained", rewind, line, watcher, X, X @ [1.0, 2.0])


def test_the_picture_of_columns_stands_upright():
    net, watcher, X, y = watched((6, 5, 3))
    figure = rewind(net, watcher, X, y)
    field = figure._montage()
    assert field.shape == (6, 5)
    assert np.array_equal(np.sign(field), np.sign(net.W[0]).round())


@pytest.mark.filterwarnings("error")
def test_a_run_that_diverges_at_once_shows_its_start(capsys):
    watcher = watch(keep_weights=True)
    net, _ = ours([watcher], epochs=8, optimizer=SGD(1e200))
    assert len(watcher.weights) == 1
    with np.errstate(all="raise"):
        figure = rewind(net, watcher, *data())
        assert figure.scene["first"] == figure.scene["last"] == 0
        assert figure.drawn()[1].startswith("The start, before epoch 1.")


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_weights_that_are_no_numbers_are_said(keras):
    watcher = watch(keep_weights=True)
    theirs(keras, [watcher], epochs=3, learning_rate=np.nan, validation_data=None)
    figure = rewind(MLP(SIZES), watcher, *data())
    assert figure.answer["text"] == (
        "Epoch 3 of 3: no loss was recorded. The weights are no longer finite numbers: the run diverges."
    )
    assert figure.answer["gradients"] == [None, None] and figure.answer["losses"] == [None, None]
    assert not np.frombuffer(figure.pictures, np.int8).any() and figure.answer["weights"].endswith(
        "They are no numbers."
    )
    assert "diverges" in figure.drawn()[1]
    start = asked(figure, epoch=0)
    assert start["gradients"][0] > 0 and np.frombuffer(figure.pictures, np.int8).any()


@pytest.mark.filterwarnings("error")
def test_a_network_with_lost_or_huge_weights_reads_nothing_and_says_why(digits):
    watcher = watch(keep_weights=True)
    digits.net.fit(digits.X, digits.y, epochs=1, optimizer=SGD(1e-9), callbacks=[watcher])
    watcher._kept += [np.full_like(watcher._kept[0], np.nan), np.full_like(watcher._kept[0], 1e38)]
    with np.errstate(all="raise"):
        figure = rewind(digits.net, watcher, digits.X, digits.y)
        asked(figure, digit=3)
        huge = asked(figure, epoch=3)
        lost = asked(figure, epoch=2)
        assert figure.drawn()[1].endswith("The weights are no longer finite numbers.")
    assert lost["pad"]["probabilities"] == [] and "no longer finite" in lost["pad"]["trouble"]
    assert huge["pad"]["trouble"].startswith("The network could not read it: ") and huge["trouble"] == ""
    assert asked(figure, epoch=1)["pad"]["trouble"] == ""
    assert figure._limit == pytest.approx(
        np.quantile(np.abs(digits.net.W[0]), 0.999), rel=0.01
    )  # the lost epochs make the others no paler


# Strange input


def test_what_is_not_meant_gets_one_sentence(digits, refuses):
    net, watcher, X, y = digits.net, digits.watcher, digits.X, digits.y
    for wrong in (None, MLP, 3, net.w, SimpleNamespace(w=net.w)):
        refuses("net must be the MLP that was trained", rewind, wrong, watcher, X, y)
    for wrong in (None, watch, watcher.weights, watcher.run):
        refuses("watcher must be what watch\\(keep_weights=True\\) returned", rewind, net, wrong, X, y)
    refuses("this watcher keeps no weights", rewind, net, watch(), X, y)
    refuses("this watcher has seen no training yet", rewind, net, watch(keep_weights=True), X, y)
    said = refuses("watcher kept 16,206 weights an epoch, but net has 7,960", rewind, MLP((784, 10, 10)), watcher, X, y)
    assert said.endswith("give rewind the network that was watched.")
    refuses(r"X has shape \(150, 783\); expected \(n, 784\)", rewind, net, watcher, X[:, 1:], y)
    refuses(r"X has shape \(150, 28, 28\)", rewind, net, watcher, X.reshape(-1, 28, 28), y)
    refuses("X holds integers", rewind, net, watcher, X.astype(int), y)
    refuses("X ", rewind, net, watcher, X[:0], y[:0])
    refuses(r"y has shape \(149,\)", rewind, net, watcher, X, y[1:])
    refuses("y holds the label 10", rewind, net, watcher, X, np.where(np.arange(150) == 3, 10, y))
    refuses("y is None", rewind, net, watcher, X, None)


def test_a_keras_model_in_the_network_s_place_is_told_what_to_give(keras, refuses):
    watcher = watch(keep_weights=True)
    model, _ = theirs(keras, [watcher])
    refuses("net must be the MLP that was trained, or one of the same layers; ", rewind, model, watcher, *data())


@pytest.mark.parametrize("epoch", [-1, 6, 2.5, None, "3", True, [1]])
def test_an_epoch_that_there_is_not_changes_nothing(digits, epoch):
    figure = machine(digits)
    asked(figure, epoch=3)
    before, pictures = {**figure.answer}, figure.pictures
    answer = asked(figure, number=7, epoch=epoch)
    assert answer["trouble"].startswith("epoch must be ")
    assert answer == {**before, "trouble": answer["trouble"], "number": 7} and figure.pictures == pictures
    assert asked(figure, strokes="3")["trouble"].startswith("strokes must be ")
    assert asked(figure, epoch=2)["trouble"] == ""


# Messages, memory and the stored picture


def test_messages_are_small_and_only_another_epoch_sends_the_pictures(digits, monkeypatch):
    figure = machine(digits)
    sent_keys = []
    monkeypatch.setattr(Rewind, "send_state", lambda self, key=None: sent_keys.append(set(key)))
    asked(figure, digit=3)
    asked(figure, number=2, epoch=2)
    assert sent_keys == [{"answer"}, {"answer", "pictures"}]  # one message each
    answer = figure.answer
    assert len(figure.pictures) == 20 * 784 and len(str({**answer, "pad": None})) < 1200
    scene = figure.scene
    assert sum(map(len, scene["losses"])) == 2 * 5 * 8


def test_memory_does_not_grow_with_use(digits):
    figure = machine(digits)

    def use():
        for i in range(60):
            asked(figure, number=i, epoch=i % 6)
        gc.collect()
        return len(gc.get_objects())

    use()
    before = use()
    assert use() - before < 50  # an object for each answer would be 60


def test_the_stored_form_is_a_picture_with_its_text_beside_the_live_figure(digits):
    figure = machine(digits)
    bundle, _ = figure._repr_mimebundle_()
    text = bundle["text/plain"]
    assert set(bundle) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert f'alt="{html.escape(text)}"' in bundle["text/html"]
    assert text.startswith(figure.answer["text"]) and figure.answer["weights"] in text
    assert "For example a 3 from MNIST's test images: The network reads a " in text
    assert len(bundle["text/html"]) < 90_000
    asked(figure, epoch=1)
    other = figure._repr_mimebundle_()[0]
    assert other["text/html"] != bundle["text/html"] and "Epoch 1 of 5" in other["text/plain"]
    asked(figure, strokes=sent(DIGITS[1]))
    assert figure._repr_mimebundle_()[0]["text/plain"].endswith(figure.answer["pad"]["text"])
    assert figure.answer["pad"]["strokes"] and not plt.get_fignums()


@pytest.mark.filterwarnings("error")
def test_the_reader_s_settings_change_no_picture(digits):
    usual = plots.png(machine(digits).drawn()[0], dpi=60)
    with plt.rc_context(SETTINGS), np.errstate(all="raise"):
        assert plots.png(machine(digits).drawn()[0], dpi=60) == usual
