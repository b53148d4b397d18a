"""The live figure of a training run: what it measures, says and draws, that it changes nothing, and how it ends."""

import os
from types import SimpleNamespace

import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
from IPython.core.events import EventManager
from ipywidgets import widget

from gdcourse.callbacks import EarlyStopping
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.widgets import training, watch
from gdcourse.widgets.figure import LIVE
from gdcourse.widgets.training import Run, Watch

SIZES = (6, 5, 3)


def data(n=50, seed=0):
    """Return X and y in which there is something to learn."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, SIZES[-1], n)
    return rng.normal(size=(SIZES[-1], SIZES[0]))[y] + rng.normal(size=(n, SIZES[0])), y


def ours(callbacks, epochs=3, optimizer=None, validation=True, net=None):
    """Train a network of ours; return it and its history."""
    X, y = data()
    net = net or MLP(SIZES, dtype=np.float64)
    optimizer = optimizer or SGD(0.1)
    return net, net.fit(
        X, y, epochs=epochs, batch_size=8, optimizer=optimizer, shuffle=False, callbacks=callbacks,
        validation_data=data(20, seed=1) if validation else None,
    )  # fmt: skip


def theirs(keras, callbacks, epochs=3, learning_rate=0.1, **options):
    """Train the same network from the same start in Keras; return it and its history."""
    X, y = data()
    layers = [keras.layers.Dense(5, activation="relu"), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((6,)), *layers])
    model.compile(keras.optimizers.SGD(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.set_weights(MLP(SIZES, dtype=np.float64).get_weights())
    options = {"validation_data": data(20, seed=1), "batch_size": 8, **options}
    return model, model.fit(X, y, epochs=epochs, shuffle=False, verbose=0, callbacks=callbacks, **options)


@pytest.fixture
def page(monkeypatch):
    """A stand-in for a notebook in which somebody works: the live figures, and the pictures that come later."""
    shell = SimpleNamespace(kernel=object())
    shell.events = EventManager(shell, {"post_run_cell": None, "pre_run_cell": None})
    shown, updated = [], []

    def display(bundle, display_id=None, raw=True):
        if LIVE in bundle:
            shown.append(widget._instances[bundle[LIVE]["model_id"]])
        return SimpleNamespace(update=lambda picture, raw: updated.append(picture))

    monkeypatch.setattr(training, "get_ipython", lambda: shell)
    monkeypatch.setattr(training, "display", display)
    monkeypatch.delenv("GDCOURSE_UNATTENDED", raising=False)
    over = lambda: shell.events.trigger("post_run_cell", None)  # noqa: E731
    yield SimpleNamespace(shown=shown, updated=updated, over=over, events=shell.events)
    for figure in shown:
        getattr(figure, "close", lambda: None)()


class Stopping:
    """Ends the training after a batch, as a button would."""

    def __init__(self, epoch, batch):
        self.at, self.epoch = (epoch, batch), -1

    def set_model(self, model):
        self.model = model

    def on_epoch_begin(self, epoch, logs):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs):
        if (self.epoch, batch) == self.at:
            self.model.stop_training = True


# The protocol


class Recording:
    """Notes every call."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        if not name.startswith(("on_", "set_")):
            raise AttributeError(name)
        return lambda *args, **kwargs: self.calls.append((name, *args, *kwargs.values()))


def test_calls_numbers_and_order_are_keras_s(double):
    mine, other = Recording(), Recording()
    ours([mine], epochs=2)
    theirs(double, [other], epochs=2)
    ignored = ("set_model", "on_train_batch_begin", "on_test", "on_batch")
    called, asked = ([call for call in one.calls if not call[0].startswith(ignored)] for one in (mine, other))
    order = [name for name, *_ in called]
    assert order == ["set_params", "on_train_begin"] + 2 * [
        "on_epoch_begin", *7 * ["on_train_batch_end"], "on_epoch_end",
    ] + ["on_train_end"]  # fmt: skip
    settings = [dict(calls[[name for name, *_ in calls].index("set_params")][1]) for calls in (called, asked)]
    assert settings[0] == settings[1] == {"epochs": 2, "steps": 7, "verbose": 0}
    called, asked = ([call for call in calls if call[0] != "set_params"] for calls in (called, asked))
    assert [call[:-1] for call in called] == [call[:-1] for call in asked]
    for (name, *_, logs), (*_, expected) in zip(called, asked):
        assert (logs or {}) == pytest.approx(expected or {}, rel=1e-9), name


@pytest.mark.parametrize("batch", [0, 3, 6])
def test_a_stop_leaves_what_keras_leaves(batch, double, told):
    net, history = ours([Stopping(1, batch)], epochs=4)
    model, expected = theirs(double, [keras_callback(double, Stopping(1, batch))], epochs=4)
    assert len(history.history["loss"]) == 2
    for name, values in expected.history.items():
        assert history.history[name] == pytest.approx(values, rel=1e-9), name
    assert all(np.allclose(a, b, atol=1e-12) for a, b in zip(net.get_weights(), model.get_weights()))
    part = "" if batch == 6 else f", the last after {8 * (batch + 1)} of its 50 samples"
    assert history.message == (
        "Stopped by a callback in epoch 2 of 4. The network keeps what it has learned so far; "
        f"epochs in the history: 2{part}."
    )
    assert told() == history.message
    assert ours([], epochs=1, net=net)[1].message == "1 epoch done."  # the next fit begins afresh


def test_what_is_said_of_weights_that_a_callback_puts_back(told):
    """The message is made when the callbacks have ended: then the network no longer has what it learned last."""
    back = EarlyStopping("loss", min_delta=10.0, patience=2, restore_best_weights=True)
    net, history = ours([back], epochs=20)
    assert history.message == (
        "Stopped by a callback in epoch 3 of 20. The network has the weights that a callback has put back; "
        "epochs in the history: 3."
    )
    assert told() == history.message and np.array_equal(net.w, ours([], epochs=1)[0].w)
    _, history = ours([EarlyStopping("loss", min_delta=10.0, patience=2)], epochs=20)
    assert "The network keeps what it has learned so far" in history.message


def keras_callback(keras, own):
    """Return a callback of Keras's that passes on what it is told."""

    class Passing(keras.callbacks.Callback):
        def set_model(self, model):
            own.set_model(model)

        def on_epoch_begin(self, epoch, logs=None):
            own.on_epoch_begin(epoch, logs)

        def on_train_batch_end(self, batch, logs=None):
            own.on_train_batch_end(batch, logs)

    return Passing()


def test_keras_s_own_callbacks_work_here(keras, capsys):
    early = keras.callbacks.EarlyStopping("val_loss", patience=2, min_delta=10.0, restore_best_weights=True)
    net, history = ours([early], epochs=20)
    assert len(history.history["loss"]) == 3 and "epoch 3 of 20" in history.message
    assert np.array_equal(net.w, ours([], epochs=1)[0].w)


def test_a_callback_that_raises_leaves_what_was_learned():
    class Raising:
        def on_epoch_end(self, epoch, logs):
            raise RuntimeError("mine")

    net = MLP(SIZES, dtype=np.float64)
    with pytest.raises(RuntimeError, match="mine"):
        ours([Raising()], net=net)
    assert np.array_equal(net.w, ours([], epochs=1)[0].w)


@pytest.mark.parametrize("wrong", [watch, Watch, 3, "watch", lambda epoch, logs: None])
def test_what_is_no_callback_is_refused(wrong, refuses):
    message = refuses(r"callbacks\[0\] has none of Keras's methods", ours, [wrong])
    if wrong in (watch, Watch):
        assert message.endswith(f"Did you mean {wrong.__name__}()?")


@pytest.mark.parametrize("none", [None, (), []])
def test_no_callbacks(none):
    assert ours(none)[1].message == "3 epochs done."


# Watching


def test_watching_changes_no_weight(page, keras):
    assert np.array_equal(ours([watch()])[0].w, ours([])[0].w)
    pairs = zip(theirs(keras, [watch()])[0].get_weights(), theirs(keras, [])[0].get_weights())
    assert all(np.array_equal(watched, alone) for watched, alone in pairs)
    assert len(page.shown) == 2


def test_keras_and_the_course_s_network_give_the_same_lines_and_words(page, double):
    ours([watch()])
    theirs(double, [watch()])
    mine, other = (figure.run for figure in page.shown)
    assert mine.measured.keys() == other.measured.keys() == {1, 2, 3}
    for epoch, numbers in mine.measured.items():
        assert numbers == pytest.approx(other.measured[epoch], rel=1e-9)
    assert mine.text() == other.text() and mine.end == other.end == "Done."


def test_messages_are_small_and_few(page, monkeypatch):
    clock = iter(np.arange(0, 1000, 0.001))
    monkeypatch.setattr(training, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    sent = []
    monkeypatch.setattr(training.Training, "send_state", lambda self, key=None: sent.append(key))
    ours([watch()], epochs=200)
    seconds = next(clock)
    changes = [key for key in sent if key in ("answer", "progress")]
    assert 0 < len(changes) <= 5 * seconds + 2
    figure = page.shown[0]
    assert len(figure.progress) == 20
    for panel in figure.answer["panels"]:
        for line in panel["lines"]:
            assert np.frombuffer(line, np.float32).reshape(-1, 2)[:, 0].tolist() == list(range(1, 201))


def test_a_long_run_stays_a_small_message():
    run = Run(10_000)
    for epoch in range(1, 10_001):
        run.add(epoch, {"loss": 1 / epoch})
    points = np.frombuffer(training._packed(run.line("loss")), np.float32).reshape(-1, 2)
    assert 200 <= len(points) <= 501 and points[-1].tolist() == [10_000, np.float32(1e-4)]
    assert training._packed(run.line("val_loss")) == b""


def test_the_button_only_sets_a_flag_and_training_ends_after_the_batch(page, capsys):
    class Pressing:
        def on_train_batch_end(self, batch, logs):
            if page.shown[0].run.epoch == 2 and batch == 1:
                page.shown[0]._handle_custom_msg({"stop": True}, [])

    net, history = ours([Pressing(), watch()], epochs=20)
    figure = page.shown[0]
    assert figure.stopping and len(history.history["loss"]) == 2 and "after 16 of its 50" in history.message
    assert figure.answer["end"] == "Stopped in epoch 2 of 20; what was learned is kept."
    assert np.array_equal(net.w, ours([Stopping(1, 1)], epochs=20)[0].w)


def test_the_button_ends_keras_s_training(page, keras):
    pressing = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: epoch == 1 and page.shown[0]._handle_custom_msg({"stop": True}, [])
    )
    model, history = theirs(keras, [watch(), pressing], epochs=20)
    assert len(history.history["loss"]) == 2
    assert page.shown[0].run.end == "Stopped in epoch 2 of 20; what was learned is kept."


def test_the_picture_joins_the_output_when_the_cell_has_run(page):
    class Looking:
        def on_epoch_end(self, epoch, logs):
            self.seen = list(page.updated)

    looking = Looking()
    ours([watch(), looking])
    assert looking.seen == page.updated == []
    page.over()
    (picture,) = page.updated
    assert picture["text/plain"] == page.shown[0].drawn()[1]
    plt.close("all")
    assert (
        'class="gdcourse-stored"' in picture["text/html"] and f'alt="{picture["text/plain"]}"' in picture["text/html"]
    )
    assert page.events.callbacks["post_run_cell"] == []
    page.over()
    assert len(page.updated) == 1 and not plt.get_fignums()


def test_another_fit_begins_a_figure_of_its_own(page):
    callback = watch()
    ours([callback], epochs=2)
    ours([callback], epochs=3)
    assert [len(figure.run.measured) for figure in page.shown] == [2, 3]
    assert len(page.updated) == 1
    page.over()
    assert ["of 2" in picture["text/plain"] for picture in page.updated] == [True, False]


def test_an_exception_is_told_when_the_cell_is_over(page):
    class Raising:
        def on_epoch_end(self, epoch, logs):
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError):
        ours([watch(), Raising()])
    assert page.shown[0].answer["end"] == ""
    page.over()
    assert page.shown[0].answer["end"] == "Interrupted in epoch 1 of 3; what was learned is kept."


def test_an_interrupted_fit_is_told(page, capsys):
    class Interrupting:
        def on_epoch_end(self, epoch, logs):
            if epoch == 1:
                raise KeyboardInterrupt

    ours([watch(), Interrupting()])
    assert page.shown[0].answer["end"] == "Interrupted in epoch 2 of 3; what was learned is kept."
    assert "Interrupted in epoch 2" in capsys.readouterr().out


def test_another_callback_s_stop_is_told(page, capsys):
    ours([Stopping(0, 0), watch()])
    assert page.shown[0].run.end == "Stopped by another callback in epoch 1 of 3."


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_loss_that_is_no_number_is_drawn_up_to_there_and_said(page, capsys):
    ours([watch()], epochs=8, optimizer=SGD(1e200), validation=False)
    figure = page.shown[0]
    assert "the loss is no longer a number" in figure.run.text() and figure.answer["trouble"] == ""
    assert figure.run.end == training.DIVERGED and "Stopped in epoch" in capsys.readouterr().out
    page.over()
    assert "no longer a number" in figure._repr_mimebundle_()[0]["text/plain"]


def test_keras_s_loss_that_is_no_number_is_said(page, keras):
    troubles = []
    looking = keras.callbacks.LambdaCallback(
        on_train_end=lambda logs: troubles.append(page.shown[0]._answer()["trouble"])
    )
    theirs(keras, [looking, watch()], epochs=3, learning_rate=np.nan, validation_data=None)
    assert "the loss is no longer a number" in page.shown[0].run.text()
    assert troubles == [f"The loss is no longer a number. {training.DIVERGED}"]
    assert page.shown[0].run.end == training.DIVERGED


def test_every_method_of_keras_s_callbacks_is_there(keras):
    names = [name for name in dir(keras.callbacks.Callback) if name.startswith(("on_", "set_"))]
    assert [name for name in names if not hasattr(Watch, name)] == []


def test_evaluate_and_predict_take_it_too(page, keras):
    model, _ = theirs(keras, [])
    X, y = data()
    assert model.evaluate(X, y, verbose=0, callbacks=[watch()]) and len(
        model.predict(X, verbose=0, callbacks=[watch()])
    )
    assert page.shown == []


def test_keras_s_initial_epoch_and_rare_validation(page, keras):
    theirs(keras, [watch()], epochs=7, initial_epoch=3, validation_freq=2)
    run = page.shown[0].run
    assert list(run.measured) == [4, 5, 6, 7] and run.line("val_loss")[0].tolist() == [4, 6]
    assert run.end == "Done." and run.text().startswith("Epoch 7 of 7: loss ")
    plt.close(run.drawn()[0])


@pytest.mark.parametrize(
    ("logs", "metric"),
    [
        ({"loss": 1.0}, ""),
        ({}, ""),
        ({"loss": 1.0, "learning_rate": 0.1}, ""),
        ({"loss": 1.0, "mae": 2.0, "val_loss": 1.0, "val_mae": 3.0}, "mae"),
        ({"loss": 1.0, "auc": 0.5, "sparse_categorical_accuracy": np.float32(0.5)}, "sparse_categorical_accuracy"),
        ({"loss": 1.0, "confusion": np.eye(3)}, ""),
    ],
)
def test_any_measures(page, logs, metric):
    callback = watch()
    callback.set_model(SimpleNamespace())
    callback.on_train_begin()
    for epoch in (0, 1):
        callback.on_epoch_begin(epoch)
        callback.on_train_batch_end(0, logs)
        callback.on_epoch_end(epoch, logs)
    callback.on_train_end(logs)
    run = page.shown[0].run
    assert run.metric == metric and len(page.shown[0].answer["panels"]) == 1 + bool(metric)
    figure, text = run.drawn()
    assert len(figure.axes) == 1 + bool(metric) and "_" not in text
    plt.close(figure)


def test_a_callback_that_is_told_nothing_draws_an_empty_picture(page):
    callback = watch()
    callback.on_epoch_begin(0)
    callback.on_train_batch_end(0)
    callback.on_epoch_end(0)
    callback.on_train_end()
    assert page.shown == []
    callback.on_train_begin()
    callback.on_train_end()
    assert page.shown[0].run.text() == "No epoch is finished yet."
    page.over()
    assert page.shown[0]._repr_mimebundle_()[0]["text/plain"].startswith("Loss and accuracy after each epoch.")


def test_words():
    run = Run(20)
    run.add(1, {"loss": 0.5, "accuracy": 0.75, "val_loss": 0.625, "val_accuracy": 0.5})
    assert run.text() == "Epoch 1 of 20: loss 0.50, accuracy 0.75, validation loss 0.62, validation accuracy 0.50."
    run.add(2, {"loss": 0.4, "accuracy": 0.8, "val_loss": 0.6, "val_accuracy": 0.5})
    assert run.text().endswith("validation accuracy 0.50; the validation loss is still falling.")
    run.add(3, {"loss": 0.3, "accuracy": 0.9, "val_loss": 0.7, "val_accuracy": 0.5})
    assert run.text().endswith("; validation loss lowest in epoch 2.")
    alone = Run(2)
    alone.add(1, {"loss": -1.0})
    alone.add(2, {"loss": -0.5})
    assert alone.text() == "Epoch 2 of 2: loss −0.50; loss lowest in epoch 1."
    alone.add(3, {"loss": -2.0})
    assert alone.text() == "Epoch 3 of 2: loss −2.00; the loss is still falling."


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0052, "0.005"), (0.01, "0.01"), (0.987, "0.99"), (0.0, "0.00"), (1.0, "1.00"), (-0.004, "−0.004"),
     (0.00012, "10⁻⁴"), (0.00099, "10⁻³"), (2345.6, "2350"), (-12.345, "−12.35")],
)  # fmt: skip
def test_small_numbers_are_not_rounded_to_nothing(value, told):
    run = Run(1)
    run.add(1, {"loss": value})
    assert run.text() == f"Epoch 1 of 1: loss {told}."


def test_a_loss_that_is_no_number_any_more_is_not_said_to_fall():
    run = Run(3)
    for epoch, loss in (1, 0.6), (2, 0.5):
        run.add(epoch, {"loss": loss, "val_loss": loss})
    run.add(3, {"loss": np.nan})
    assert run.text() == "Epoch 3 of 3: the loss is no longer a number."


# Where nobody works


def test_without_a_kernel_it_does_nothing(capsys, monkeypatch):
    monkeypatch.delenv("GDCOURSE_UNATTENDED", raising=False)
    callback = watch()
    ours([callback])
    assert capsys.readouterr() == ("", "") and callback._run is None


@pytest.mark.parametrize("unattended", ["1", ""])
def test_the_stored_output(unattended):
    source = (
        "from test_training_figure import ours, watch\n_, history = ours([watch()], epochs=4)\nprint(history.message)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    changes = {"GDCOURSE_UNATTENDED": unattended, "PYTHONPATH": os.pathsep.join(["tests", "."])}
    nbclient.NotebookClient(notebook, kernel_name="python3").execute(env={**os.environ, **changes})
    shown, *live, printed = sorted(notebook.cells[0].outputs, key=lambda output: output.output_type)
    assert printed.text == "4 epochs done.\n"
    assert [set(output.data) for output in live] == ([] if unattended else [{LIVE}])
    assert shown.data.keys() == {"text/plain", "text/html"}
    assert shown.data["text/plain"].startswith("Loss and accuracy after each epoch. Epoch 4 of 4: loss ")
    assert '<img alt="Loss and accuracy' in shown.data["text/html"]
    assert ("gdcourse-stored" in shown.data["text/html"]) == (not unattended)
