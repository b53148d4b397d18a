"""`fit` trains, measures and stops every model that has a flat `w` and `loss_and_gradient`; what it asks of one."""

import functools
import inspect
from types import SimpleNamespace

import numpy as np
import pytest

from gdcourse import callbacks, optimizers, schedules
from gdcourse.attention import Translator
from gdcourse.bags import MeanEmbedding
from gdcourse.callbacks import EarlyStopping
from gdcourse.convolution import ConvNet
from gdcourse.detection import Detector
from gdcourse.embedding import Embedding
from gdcourse.functions import ravine
from gdcourse.gradients import check_gradient
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, Adam, descend
from gdcourse.schedules import CosineDecay
from gdcourse.training import fit
from gdcourse.widgets import watch


class Curve:
    """A reader's own model: a cubic through measured points, by the mean squared error."""

    def __init__(self):
        self.w = np.zeros(4)

    def predict(self, x):
        return np.vander(x, len(self.w)) @ self.w

    def loss_and_gradient(self, X, y):
        terms = np.vander(X, len(self.w))
        off = terms @ self.w - y
        return np.mean(off**2), 2 * terms.T @ off / len(y)


class InLayers:
    """A reader's own network of one hidden layer: `w` is put together from its layers, and taken apart."""

    def __init__(self, rng):
        self.V, self.c, self.u = rng.normal(size=(2, 5)), np.zeros(5), rng.normal(size=5)

    @property
    def w(self):
        return np.concatenate([self.V.ravel(), self.c, self.u])

    @w.setter
    def w(self, w):
        self.V, self.c, self.u = w[:10].reshape(2, 5).copy(), w[10:15].copy(), w[15:].copy()

    def loss_and_gradient(self, X, y):
        a = np.tanh(X @ self.V + self.c)
        off = a @ self.u - y
        below = np.outer(off, self.u) * (1 - a**2)
        parts = X.T @ below, below.sum(axis=0), a.T @ off
        return np.mean(off**2), 2 / len(y) * np.concatenate([part.ravel() for part in parts])

    def evaluate(self, X, y):
        return self.loss_and_gradient(X, y)[0]


@pytest.fixture
def points():
    x = np.random.default_rng(1).uniform(-1, 1, 60)
    return x, 2 * x**3 - x + 0.5


def test_a_curve_of_the_reader_s_own_is_fitted(points):
    curve = Curve()
    history = fit(curve, *points, epochs=400, batch_size=16, optimizer=SGD(0.3, momentum=0.5))
    np.testing.assert_allclose(curve.w, [2, 0, -1, 0.5], atol=1e-3)  # the cubic that made the points
    assert list(history.history) == ["loss"] and history.message == "400 epochs done."


def test_full_batches_walk_the_path_of_descend(points):
    curve, rows = Curve(), []
    keep = SimpleNamespace(on_epoch_end=lambda epoch, logs: rows.append(curve.w.copy()))
    fit(curve, *points, epochs=7, batch_size=60, optimizer=Adam(0.1), shuffle=False, callbacks=[keep])
    other = Curve()

    def gradient(w):
        other.w = w
        return other.loss_and_gradient(*points)[1]

    np.testing.assert_allclose(rows, descend(gradient, np.zeros(4), Adam(0.1), 7)[1:], rtol=1e-12)


def test_a_network_in_layers_is_checked_trained_validated_and_watched():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (80, 2))
    y, model = X[:, 0] * X[:, 1], InLayers(rng)

    def loss(w):
        model.w = w
        return model.loss_and_gradient(X, y)[0]

    def gradient(w):
        model.w = w
        return model.loss_and_gradient(X, y)[1]

    assert check_gradient(loss, gradient, model.w, verbose=False).right
    before = model.evaluate(X[60:], y[60:])
    options = {"validation_data": (X[60:], y[60:]), "callbacks": [watch()]}
    history = fit(model, X[:60], y[:60], epochs=60, batch_size=10, optimizer=Adam(0.05), **options)
    assert set(history.history) == {"loss", "val_loss"} and len(history.history["val_loss"]) == 60
    assert history.history["val_loss"][-1] == model.evaluate(X[60:], y[60:]) < before / 5


@pytest.mark.parametrize(
    "measured",
    [None, "low", np.ma.masked, (0.5, None), np.ma.array([0.5, 1], mask=[0, 1]), (), (1, 2, 3), [[1, 2]], 1j],
)
def test_what_is_measured_that_is_no_loss_and_accuracy_is_refused(points, measured, refuses):
    model = Curve()
    model.evaluate = lambda X, y: measured
    refuses(r"(what )?evaluate\(X, y\) ", fit, model, *points, epochs=1, validation_data=points)


def test_a_model_without_evaluate_is_validated_by_its_loss(points):
    curve = Curve()
    history = fit(curve, *points, epochs=2, validation_data=points, optimizer=SGD(0.1))
    np.testing.assert_allclose(history.history["val_loss"][-1], curve.loss_and_gradient(*points)[0])


def test_a_model_s_own_array_of_samples_is_never_written_into(points):
    class Careless(Curve):
        def loss_and_gradient(self, X, y):
            result = super().loss_and_gradient(X, y)
            X *= 0
            return result

    one, other = Careless(), Curve()
    for model in (one, other):
        fit(model, *points, epochs=3, batch_size=16)
    np.testing.assert_array_equal(one.w, other.w)


def test_a_diverging_model_keeps_its_last_finite_weights(points, told):
    curve = Curve()
    history = fit(curve, *points, epochs=5000, batch_size=60, optimizer=SGD(5.0))
    assert np.isfinite(curve.w).all() and "no longer finite" in history.message
    assert told() == history.message


def test_a_model_that_leaves_python_s_numbers_diverges(points):
    class InPython(Curve):
        def loss_and_gradient(self, X, y):
            return super().loss_and_gradient(X, y)[0] + float(self.w[0]) ** 9, 1e9 * np.ones(4)

    assert "no longer finite" in fit(InPython(), *points, epochs=5000, optimizer=SGD(1e30)).message


def test_a_rate_of_the_step_counts_batches_not_epochs(points):
    asked, curve = [], Curve()

    def rate(step):
        asked.append(step)
        return 0.1

    fit(curve, *points, epochs=2, batch_size=25, optimizer=SGD(rate))
    assert asked == [0, 1, 2, 3, 4, 5]  # 60 samples are 3 batches an epoch
    fit(other := Curve(), *points, epochs=2, batch_size=25, optimizer=SGD(0.1))
    np.testing.assert_array_equal(curve.w, other.w)


def test_dropout_leaves_the_order_of_the_batches_as_it_is():
    seen = []

    class Seeing(MLP):
        def train_batch(self, X, y, rng=None):
            seen[-1].append(y.copy())
            return super().train_batch(X, y, rng)

    X, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40)
    for dropout in (0.0, 0.5):
        seen.append([])
        Seeing((3, 4, 40), dropout=dropout).fit(X, y, epochs=2, batch_size=16)
    for one, other in zip(*seen, strict=True):
        np.testing.assert_array_equal(one, other)


class Described:
    def __init__(self, w=None, loss_and_gradient=lambda X, y: (1.0, np.zeros(3))):
        self.w, self.loss_and_gradient = np.zeros(3) if w is None else w, loss_and_gradient


@pytest.mark.parametrize(
    "model, said",
    [
        (None, "fit needs a model"),
        (MLP, "fit needs a model"),
        (ravine, "fit needs a model"),
        (Described([0.0, 0.0]), "the model's w must be a flat array of floats"),
        (Described(np.zeros(3, int)), "the model's w must be .*got int64"),
        (Described(np.zeros((2, 2))), "the model's w must be .*shape"),
        (Described(loss_and_gradient=lambda X, y: 1.0), r"loss_and_gradient\(X, y\) must return"),
        (Described(loss_and_gradient=lambda X, y: None), r"loss_and_gradient\(X, y\) must return"),
        (Described(loss_and_gradient=lambda X, y: (1.0, np.zeros(4))), "the gradient has shape"),
        (Described(loss_and_gradient=lambda X, y: (np.ones(5), np.zeros(3))), r"the loss has shape \(5,\)"),
        (Described(loss_and_gradient=lambda X, y: (1.0, None)), "the gradient is None"),
    ],
)
def test_what_is_no_model_is_refused(model, said, refuses):
    refuses(said, fit, model, np.ones((5, 2)), np.ones(5), epochs=1)


@pytest.mark.parametrize(
    "X, y, said",
    [
        (np.ones(5), np.ones(4), "X has 5 rows and y has 4"),
        (np.ones((0, 2)), np.ones(0), r"X has shape \(0, 2\)"),
        (1.0, np.ones(5), r"X has shape \(\)"),
        (np.full(5, np.nan), np.ones(5), r"X\[0\] is nan"),
        (np.ones(5), [1.0, np.inf, 1, 1, 1], r"y\[1\] is inf"),
        (None, np.ones(5), "X is None"),
        (np.ma.array(np.ones(5), mask=[0, 0, 1, 0, 0]), np.ones(5), "X holds masked values"),
        (np.ones(5), np.ma.array(np.ones(5), mask=[0, 0, 1, 0, 0]), "y holds masked values"),
    ],
)
def test_data_that_no_model_can_learn_from_is_refused(X, y, said, refuses):
    refuses(said, fit, Curve(), X, y)
    refuses(f"validation_data: {said}", fit, Curve(), np.ones(5), np.ones(5), validation_data=(X, y))


# What a call of Keras may be carried over as

KERAS_S = {"optimizers": optimizers, "optimizers.schedules": schedules, "callbacks": callbacks}


def in_order(run):
    """Return the names of what may be given without a name, but for the object itself, in lower case."""
    first, *others = inspect.signature(run).parameters.values()
    alone = [one.name for one in ([first, *others] if isinstance(run, type) else others) if one.kind < one.KEYWORD_ONLY]
    return [name.lower() for name in alone]


def in_keras_s_order(run, theirs):
    return in_order(run) == in_order(theirs)[: len(in_order(run))]


def test_what_has_keras_s_name_has_keras_s_order_or_asks_for_names(keras):
    """A positional call that is carried over from Keras must do the same here, or be refused."""
    pairs = [
        (kind, getattr(functools.reduce(getattr, path.split("."), keras), name))
        for path, module in KERAS_S.items()
        for name, kind in vars(module).items()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and name != "Optimizer"
    ]
    models = MLP, ConvNet, Detector, Embedding, MeanEmbedding, Translator
    methods = "fit", "evaluate", "predict", "get_weights", "set_weights"
    pairs += [(getattr(kind, name), getattr(keras.Model, name)) for kind in models for name in methods]
    assert len(pairs) == 5 + 2 + 1 + 6 * 5
    assert not [run for run, theirs in pairs if not in_keras_s_order(run, theirs)]
    assert in_keras_s_order(lambda self, x, y, batch_size=128, epochs=10: None, keras.Model.fit)
    assert not in_keras_s_order(lambda self, x, y, epochs=10, batch_size=128: None, keras.Model.fit)


def test_what_keras_has_at_another_place_is_taken_by_name_alone():
    X, y, net = np.ones((4, 2)), np.array([0, 1, 0, 1]), MLP((2, 2))
    before = net.w.copy()
    for run, given in (net.fit, (X, y, 32)), (EarlyStopping, ("loss", 0.0, 3, True)), (CosineDecay, (0.1, 9, 0.0, 0.3)):
        with pytest.raises(TypeError, match="positional argument"):
            run(*given)
        assert run(*given[:-1])
    assert not np.array_equal(net.w, before)


def test_a_second_fit_begins_the_optimizer_anew_where_keras_s_goes_on(double):
    """One fit is the same; a second one is the same only when Keras gets a new optimizer, too."""
    keras, rng = double, np.random.default_rng(0)
    X, y, net = rng.normal(size=(30, 4)), rng.integers(0, 3, 30), MLP((4, 3), dtype=np.float64)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    how = {"epochs": 2, "batch_size": 8, "shuffle": False}

    def apart(new):
        if new:
            model.compile(keras.optimizers.SGD(0.25, momentum=0.5), "sparse_categorical_crossentropy")
        model.fit(X, y, verbose=0, **how)
        net.fit(X, y, optimizer=SGD(0.25, momentum=0.5), **how)
        return max(np.abs(ours - theirs).max() for ours, theirs in zip(net.get_weights(), model.get_weights()))

    model.set_weights(net.get_weights())
    assert apart(new=True) < 1e-12
    assert apart(new=False) > 1e-3
    model.set_weights(net.get_weights())
    assert apart(new=True) < 1e-12
    assert "a second `fit` begins velocity" in fit.__doc__


def test_keras_s_own_callbacks_work_or_say_what_they_need(keras, refuses, tmp_path):
    X, y, theirs = np.ones((4, 2)), np.array([0, 1, 0, 1]), keras.callbacks
    working = [
        theirs.EarlyStopping("loss", patience=9),
        theirs.CSVLogger(tmp_path / "log.csv"),
        theirs.TerminateOnNaN(),
    ]
    history = MLP((2, 2)).fit(X, y, epochs=2, callbacks=working).history
    logged = np.genfromtxt(tmp_path / "log.csv", delimiter=",", names=True)
    np.testing.assert_allclose(logged["loss"], history["loss"], rtol=1e-12)
    for wrong, needs in [
        (theirs.ReduceLROnPlateau("loss"), "optimizer"),
        (theirs.LearningRateScheduler(abs), "optimizer"),
        (theirs.ModelCheckpoint(str(tmp_path / "net.keras")), "save"),
    ]:
        refuses(f"a callback needs the model's {needs}, and MLP has none", MLP((2, 2)).fit, X, y, callbacks=[wrong])
    for name in "EarlyStopping", "CSVLogger", "TerminateOnNaN", "not ReduceLROnPlateau", "nor ModelCheckpoint":
        assert name in fit.__doc__


def test_a_fault_of_a_callback_itself_stays_as_it_is():
    with pytest.raises(AttributeError, match="'list' object has no attribute 'add'"):
        MLP((2, 2)).fit(
            np.ones((2, 2)), [0, 1], callbacks=[SimpleNamespace(on_epoch_end=lambda epoch, logs: [].add(1))]
        )


# EarlyStopping


def run_of(values, monitor="val_loss", **options):
    """Let EarlyStopping see these values, one an epoch; return it, the last epoch and the weights at the end."""
    model = SimpleNamespace(stop_training=False, w=None)
    model.get_weights, model.set_weights = lambda: [model.w], lambda weights: setattr(model, "w", weights[0])
    stopping = EarlyStopping(monitor=monitor, **options)
    stopping.set_model(model)
    stopping.on_train_begin()
    model.w = np.zeros(1)
    for epoch, value in enumerate(values):
        model.w += 1  # in place: what is kept must be a copy
        stopping.on_epoch_end(epoch, {monitor: value})
        if model.stop_training:
            break
    stopping.on_train_end()
    return stopping, epoch, model.w


@pytest.mark.parametrize("values", [[3, 2, 4, 5, 1], [3, 2, 2, 2, 2], [1, np.nan, 0.5, 2, 3], [5, 4, 3, 2, 1], [2, 3]])
@pytest.mark.parametrize("patience", [0, 1, 2, 3])
@pytest.mark.parametrize("restore", [True, False])
@pytest.mark.parametrize("min_delta", [0.0, 1.5])
def test_early_stopping_is_keras_s(values, patience, restore, min_delta, keras):
    options = {"patience": patience, "restore_best_weights": restore, "min_delta": min_delta}
    ours, end, weights = run_of(values, **options)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    theirs = keras.callbacks.EarlyStopping("val_loss", **options)
    theirs.set_model(model)
    theirs.on_train_begin()
    model.stop_training = False
    for epoch, value in enumerate(values):
        model.set_weights([np.full((1, 1), epoch + 1.0)])
        theirs.on_epoch_end(epoch, {"val_loss": value})
        if model.stop_training:
            break
    theirs.on_train_end()
    assert (end, ours.best_epoch, ours.stopped_epoch) == (epoch, theirs.best_epoch, theirs.stopped_epoch)
    assert weights.item() == model.get_weights()[0].item()


def test_early_stopping_by_accuracy_waits_for_it_to_rise():
    stopping, end, weights = run_of([0.5, 0.7, 0.6, 0.6], "val_accuracy", patience=2, restore_best_weights=True)
    assert (end, stopping.best_epoch, weights.item()) == (3, 1, 2.0)


def test_early_stopping_ends_our_fit_and_keras_s(keras, compute_in):
    compute_in("float64")
    rng = np.random.default_rng(0)
    X, y, held_out = (
        rng.normal(size=(30, 4)),
        rng.integers(0, 3, 30),
        (rng.normal(size=(30, 4)), rng.integers(0, 3, 30)),
    )
    net = MLP((4, 16, 3), dtype=np.float64)
    layers = [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.set_weights(net.get_weights())
    options = {"epochs": 60, "batch_size": 8, "shuffle": False, "validation_data": held_out}
    ours = net.fit(
        X, y, optimizer=SGD(0.5), callbacks=[EarlyStopping(patience=3, restore_best_weights=True)], **options
    )
    stopping = EarlyStopping(patience=3, restore_best_weights=True)
    theirs = model.fit(X, y, verbose=0, callbacks=[stopping], **options)
    np.testing.assert_allclose(ours.history["val_loss"], theirs.history["val_loss"], rtol=1e-9)
    assert len(ours.history["loss"]) == stopping.best_epoch + 4 < 60
    np.testing.assert_allclose(net.evaluate(*held_out)[0], min(ours.history["val_loss"]), rtol=1e-12)
    for one, other in zip(net.get_weights(), model.get_weights()):
        np.testing.assert_allclose(one, other, atol=1e-9)


def test_wrong_early_stopping_is_refused(refuses):
    refuses("monitor must name a loss or an accuracy", EarlyStopping, "val")
    refuses("monitor must name a loss or an accuracy", EarlyStopping, 3)
    refuses("patience must be at least 0", EarlyStopping, patience=-1)
    refuses("patience must be a whole number", EarlyStopping, patience=1.5)
    refuses("min_delta must be", EarlyStopping, min_delta=-0.1)
    refuses("restore_best_weights must be True or False", EarlyStopping, restore_best_weights=1)
    said = "EarlyStopping watches val_loss, but measured are loss, accuracy. Give fit validation_data."
    refuses(said, MLP((2, 2)).fit, np.ones((4, 2)), [0, 1, 0, 1], callbacks=[EarlyStopping()])
    data = np.ones((4, 2)), np.array([0, 1, 0, 1])
    said = "EarlyStopping watches val_acc, but measured are loss, accuracy, val_loss, val_accuracy.$"
    refuses(said, MLP((2, 2)).fit, *data, validation_data=data, callbacks=[EarlyStopping("val_acc")])


# Schedules in fit


def test_a_schedule_in_fit_is_keras_s(keras, compute_in):
    compute_in("float64")
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    decay = {"decay_steps": 7, "alpha": 0.25, "warmup_target": 0.5, "warmup_steps": 4}
    for kind, options in {"SGD": {"momentum": 0.5}, "Adam": {"beta_1": 0.875, "beta_2": 0.9375}}.items():
        net = MLP((4, 3), dtype=np.float64)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
        theirs = getattr(keras.optimizers, kind)(keras.optimizers.schedules.CosineDecay(0.0, **decay), **options)
        model.compile(theirs, "sparse_categorical_crossentropy")
        model.set_weights(net.get_weights())
        model.fit(X, y, epochs=3, batch_size=8, shuffle=False, verbose=0)
        ours = {"SGD": SGD, "Adam": Adam}[kind](CosineDecay(0.0, **decay), **options)
        net.fit(X, y, epochs=3, batch_size=8, shuffle=False, optimizer=ours)
        for one, other in zip(net.get_weights(), model.get_weights()):
            np.testing.assert_allclose(one, other, atol=2e-7)  # Keras computes its schedules in 32 bits
