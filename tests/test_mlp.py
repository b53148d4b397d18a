"""The network against Keras, step by step and over epochs; its gradient, its weights, `fit`; and what it refuses."""

import copy
import pickle
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest

from gdcourse import losses, optimizers
from gdcourse.activations import ACTIVATIONS
from gdcourse.gradients import check_gradient
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop

SIZES = [(7, 3), (5, 4, 2), (6, 9, 5, 3), (4, 8, 7, 6, 10), (20, 16, 12, 10)]
by_size = pytest.mark.parametrize("sizes", SIZES, ids=lambda sizes: "-".join(map(str, sizes)))


def data(sizes, n=50, seed=0, dtype=np.float64):
    """Return X and y in which there is something to learn: the classes lie around centres of their own."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, sizes[-1], n)
    centres = rng.normal(size=(sizes[-1], sizes[0]))
    return (centres[y] + rng.normal(size=(n, sizes[0]))).astype(dtype), y


def net_with_biases(sizes, seed=0, dtype=np.float64):
    """Return a network whose biases are not zero, so that a test sees them."""
    net = MLP(sizes, seed, dtype)
    for b in net.b:
        b[:] = np.random.default_rng(seed).normal(scale=0.1, size=b.shape)
    return net


def keras_twin(keras, net, optimizer="sgd"):
    """Return Keras's network with the same layers, penalty, dropout and weights."""

    def dense(size, activation):
        penalty = keras.regularizers.L2(net.l2) if net.l2 else None
        return keras.layers.Dense(size, activation=activation, kernel_regularizer=penalty)

    layers = [keras.Input((net.sizes[0],))]
    for l, size in enumerate(net.sizes[1:-1]):
        layers += [dense(size, net.activation)]
        layers += [keras.layers.Dropout(net.dropout, seed=l)] if net.dropout else []
    model = keras.Sequential([*layers, dense(net.sizes[-1], "softmax")])
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"], run_eagerly=True)
    model.set_weights(net.get_weights())
    return model


def largest_difference(net, model):
    return max(np.max(np.abs(ours - theirs)) for ours, theirs in zip(net.get_weights(), model.get_weights()))


# Keras


@by_size
def test_loss_gradient_prediction_and_accuracy_are_keras_s(sizes, keras, floatx):
    import tensorflow as tf

    X, y = data(sizes, dtype=floatx)
    net = net_with_biases(sizes, dtype=floatx)
    model = keras_twin(keras, net)
    tolerance = 1e-12 if floatx == "float64" else 3e-6
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(X)))
    gradient = np.concatenate([np.ravel(part) for part in tape.gradient(loss, model.trainable_variables)])
    our_loss, our_gradient = net.loss_and_gradient(X, y)
    assert isinstance(our_loss, float) and our_gradient.dtype == floatx
    np.testing.assert_allclose(our_loss, loss, rtol=tolerance)
    np.testing.assert_allclose(our_gradient, gradient, rtol=0, atol=tolerance * np.abs(gradient).max())
    np.testing.assert_allclose(net.predict(X), model.predict(X, verbose=0), rtol=0, atol=tolerance)
    np.testing.assert_allclose(net.evaluate(X, y), model.evaluate(X, y, verbose=0), rtol=tolerance)


@by_size
@pytest.mark.parametrize("batch_size", [1, 16, 50, 64])
@pytest.mark.parametrize("floatx", ["float64"], indirect=True)
def test_three_epochs_of_fit_are_keras_s(sizes, batch_size, keras, floatx):
    n = 50 if batch_size > 1 else 8  # 50 = 3 · 16 + 2: the last batch is short
    X, y = data(sizes, n)
    held_out = data(sizes, 30, seed=1)
    net = net_with_biases(sizes)
    model = keras_twin(keras, net, keras.optimizers.SGD(0.1))
    options = {"epochs": 3, "batch_size": batch_size, "shuffle": False, "validation_data": held_out}
    theirs = model.fit(X, y, verbose=0, validation_batch_size=30, **options)  # each batch takes a while
    ours = net.fit(X, y, optimizer=SGD(0.1), **options)
    assert largest_difference(net, model) <= 1e-12
    assert set(ours.history) == set(theirs.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    for name in theirs.history:
        assert len(ours.history[name]) == 3
        np.testing.assert_allclose(ours.history[name], theirs.history[name], rtol=1e-12, atol=1e-15, err_msg=name)


@by_size
@pytest.mark.parametrize("floatx", ["float32"], indirect=True)
def test_every_float32_step_is_keras_s(sizes, keras, floatx):
    X, y = data(sizes, 200, dtype=np.float32)
    net = net_with_biases(sizes, dtype=np.float32)
    model = keras_twin(keras, net, keras.optimizers.SGD(0.1))
    for rows in np.split(np.arange(200), 20):
        net.set_weights(model.get_weights())
        before = net.w.copy()
        history = net.fit(X[rows], y[rows], epochs=1, batch_size=10, optimizer=SGD(0.1), shuffle=False)
        model.reset_metrics()
        loss, accuracy = model.train_on_batch(X[rows], y[rows])
        assert np.any(net.w != before)
        assert largest_difference(net, model) <= 1e-6
        np.testing.assert_allclose(history.history["loss"], loss, rtol=2e-6)
        np.testing.assert_allclose(history.history["accuracy"], accuracy, rtol=1e-6)


OPTIMIZERS = {
    "momentum": SGD(0.05, momentum=0.75),
    "Nesterov": SGD(0.05, momentum=0.75, nesterov=True),
    "Adagrad": Adagrad(0.125, initial_accumulator_value=0.125),
    "RMSprop": RMSprop(0.01, rho=0.75, momentum=0.5),
    "Adam": Adam(0.01, beta_1=0.875, beta_2=0.9375),  # numbers that float32 holds: Keras rounds these to it
    "AdamW": AdamW(0.01, weight_decay=0.25, beta_1=0.875, beta_2=0.9375),
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("floatx", ["float64"], indirect=True)
def test_fit_with_every_optimizer_is_keras_s(optimizer, keras, floatx):
    sizes = (6, 9, 5, 3)
    X, y = data(sizes)
    net = net_with_biases(sizes)
    options = {field.name: getattr(optimizer, field.name) for field in fields(optimizer) if field.init}
    model = keras_twin(keras, net, getattr(keras.optimizers, type(optimizer).__name__)(**options))
    theirs = model.fit(X, y, epochs=3, batch_size=16, shuffle=False, verbose=0)
    ours = net.fit(X, y, epochs=3, batch_size=16, shuffle=False, optimizer=optimizer)
    assert largest_difference(net, model) <= 1e-11
    np.testing.assert_allclose(ours.history["loss"], theirs.history["loss"], rtol=1e-11)


@pytest.mark.parametrize("options", [{"activation": name} for name in ACTIVATIONS] + [{"l2": 0.03}], ids=str)
@pytest.mark.parametrize("floatx", ["float64"], indirect=True)
def test_three_epochs_with_other_activations_or_a_penalty_are_keras_s(options, keras, floatx):
    sizes = (6, 9, 5, 3)
    (X, y), held_out = data(sizes), data(sizes, 30, seed=1)
    net = MLP(sizes, dtype=floatx, **options)
    for b in net.b:
        b += 0.5  # a penalty that took in the biases would show
    model = keras_twin(keras, net, keras.optimizers.SGD(0.125))
    how = {"epochs": 3, "batch_size": 16, "shuffle": False, "validation_data": held_out}
    theirs = model.fit(X, y, verbose=0, validation_batch_size=30, **how)
    ours = net.fit(X, y, optimizer=SGD(0.125), **how)
    rounded = net.l2 or net.activation == "leaky_relu"  # Keras rounds l2 and the slope 0.2 to 32 bits
    tolerance = 1e-7 if rounded else 1e-11
    assert largest_difference(net, model) <= tolerance
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        np.testing.assert_allclose(ours.history[name], theirs.history[name], rtol=tolerance, err_msg=name)
    np.testing.assert_allclose(net.evaluate(X, y), model.evaluate(X, y, verbose=0), rtol=1e-6)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("floatx", ["float64"], indirect=True)
def test_three_epochs_with_keras_s_dropout_masks_are_keras_s(activation, keras, floatx):
    sizes = (6, 9, 5, 3)
    (X, y), held_out = data(sizes), data(sizes, 30, seed=1)
    twins = [keras.layers.Dropout(0.25, seed=l) for l in range(2)]  # the same seeds: the same choice, batch by batch

    class Masked(MLP):
        def masks(self, n, rng):
            ones = [np.ones((n, size)) for size in self.sizes[1:-1]]
            return [keras.ops.convert_to_numpy(twin(one, training=True)) for twin, one in zip(twins, ones)]

    net = Masked(sizes, dtype=floatx, dropout=0.25, activation=activation)
    model = keras_twin(keras, net, keras.optimizers.SGD(0.125))
    how = {"epochs": 3, "batch_size": 16, "shuffle": False, "validation_data": held_out}
    theirs = model.fit(X, y, verbose=0, validation_batch_size=30, **how)
    ours = net.fit(X, y, optimizer=SGD(0.125), **how)
    assert largest_difference(net, model) <= 1e-11
    for name in theirs.history:
        np.testing.assert_allclose(ours.history[name], theirs.history[name], rtol=1e-11, err_msg=name)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_masks_keep_the_share_that_stays_and_the_mean(dtype):
    net = MLP((5, 300, 200, 3), dropout=0.2, dtype=dtype)
    first, second = net.masks(100, np.random.default_rng(0))
    assert first.shape == (100, 300) and second.shape == (100, 200)
    for mask in (first, second):
        assert mask.dtype == dtype and set(np.unique(mask)) == {0, dtype(1.25)}
        assert abs(mask.mean() - 1) < 0.02
        assert len({row.tobytes() for row in mask}) == 100  # each sample has a choice of its own


def test_dropout_is_for_training_alone_and_follows_the_seed_of_fit():
    X, y = data((5, 3))
    net, plain = MLP((5, 40, 3), dropout=0.5), MLP((5, 40, 3))
    np.testing.assert_array_equal(net.predict(X), plain.predict(X))
    assert net.evaluate(X, y) == plain.evaluate(X, y)
    np.testing.assert_array_equal(net.loss_and_gradient(X, y)[1], plain.loss_and_gradient(X, y)[1])
    ends = []
    for seed in (3, 3, 4):
        other = copy.deepcopy(net)
        other.fit(X, y, epochs=2, shuffle=False, seed=seed)
        ends.append(other.w.copy())
    np.testing.assert_array_equal(ends[0], ends[1])
    assert np.any(ends[0] != ends[2])


@pytest.mark.parametrize(
    "options", [{"l2": 0.3}, {"dropout": 0.4}, {"dropout": 0.4, "l2": 0.1, "activation": "sigmoid"}], ids=str
)
def test_gradient_of_a_training_batch_equals_finite_differences(options):
    X, y = data((4, 3), 9)
    net = MLP((4, 6, 5, 3), seed=1, dtype=np.float64, **{"activation": "tanh", **options})

    def passes(w):
        net.w = w
        loss, gradient, _ = net.train_batch(X, y, np.random.default_rng(5))  # the same masks each time
        return loss, gradient.copy()

    assert check_gradient(lambda w: passes(w)[0], lambda w: passes(w)[1], net.w, verbose=False).right


def test_forward_gives_copies_of_what_each_layer_puts_out():
    X, _ = data((5, 3), 7)
    net = net_with_biases((5, 4, 6, 3))
    outputs = net.forward(X)
    a = np.maximum(X @ net.W[0] + net.b[0], 0)
    np.testing.assert_allclose(outputs[1], a)
    a = np.maximum(a @ net.W[1] + net.b[1], 0)
    np.testing.assert_allclose(outputs[2], a)
    np.testing.assert_allclose(outputs[3], a @ net.W[2] + net.b[2])
    before = [output.copy() for output in outputs]
    net.forward(X + 1)
    outputs[0][:] = 9
    for one, other in zip(outputs[1:], before[1:]):
        np.testing.assert_array_equal(one, other)
    assert X.max() < 9


def test_views_part_a_gradient_layer_by_layer(refuses):
    X, y = data((5, 3), 7)
    net = net_with_biases((5, 4, 3))
    _, gradient = net.loss_and_gradient(X, y)
    dW, db = net.views(gradient)
    assert [part.shape for part in (*dW, *db)] == [(5, 4), (4, 3), (4,), (3,)]
    np.testing.assert_allclose(db[1], (net.predict(X) - np.eye(3)[y]).mean(axis=0))
    dW[0][:] = 0
    assert not gradient[:20].any()  # views
    refuses("flat has shape", net.views, np.zeros(3))


def test_wrong_options_of_a_network_are_refused(refuses):
    for value in (-0.1, np.nan, "0.1", None):
        refuses("l2 must be", MLP, (3, 2), l2=value)
        refuses("dropout must be", MLP, (3, 2), dropout=value)
    refuses("dropout must be .*below 1", MLP, (3, 2), dropout=1.0)


@by_size
def test_weights_go_to_keras_and_come_back_unchanged(sizes, keras, floatx):
    net = net_with_biases(sizes, dtype=floatx)
    model = keras_twin(keras, net)
    other = MLP(sizes, seed=9, dtype=floatx)
    other.set_weights(model.get_weights())
    np.testing.assert_array_equal(other.w, net.w)


# The gradient


@by_size
def test_gradient_equals_finite_differences(sizes):
    X, y = data(sizes, 30)
    net = net_with_biases(sizes)

    def loss(w):
        net.w = w
        return net.loss_and_gradient(X, y)[0]

    def gradient(w):
        net.w = w
        return net.loss_and_gradient(X, y)[1]

    assert check_gradient(loss, gradient, net.w.copy(), verbose=False)


def test_gradient_is_a_mean_over_the_samples():
    X, y = data((5, 4, 3), 12)
    net = net_with_biases((5, 4, 3))
    loss, gradient = net.loss_and_gradient(X, y)
    each = [net.loss_and_gradient(X[[i]], y[[i]]) for i in range(12)]
    np.testing.assert_allclose(loss, np.mean([one for one, _ in each]), rtol=1e-14)
    np.testing.assert_allclose(gradient, np.mean([one for _, one in each], axis=0), rtol=0, atol=1e-15)


def test_gradient_belongs_to_the_caller():
    X, y = data((5, 4, 3))
    net = MLP((5, 4, 3))
    _, gradient = net.loss_and_gradient(X, y)
    before = gradient.copy()
    net.loss_and_gradient(-X, y)
    np.testing.assert_array_equal(gradient, before)
    assert gradient.shape == net.w.shape


def test_first_loss_of_zero_weights_is_the_logarithm_of_the_number_of_classes():
    net = MLP((5, 4, 10))
    net.w = np.zeros_like(net.w)
    X, y = data((5, 10))
    np.testing.assert_allclose(net.evaluate(X, y)[0], np.log(10), rtol=1e-6)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_logits_give_a_finite_loss_and_gradient(dtype):
    net = MLP((2, 3), dtype=dtype)
    net.W[0][:] = [[1e10, -1e10, 0], [0, 1e10, -1e10]]
    X, y = np.array([[3, 5], [-2, 4]], dtype), np.array([0, 2])
    loss, gradient = net.loss_and_gradient(X, y)
    # logits (3, 2, −5)·1e10 and (−2, 6, −4)·1e10
    np.testing.assert_allclose(loss, (0 + 10e10) / 2, rtol=1e-6)
    assert np.isfinite(gradient).all()
    np.testing.assert_array_equal(net.predict(X), [[1, 0, 0], [0, 1, 0]])


# Weights


@by_size
def test_first_weights_are_glorot_uniform_and_biases_zero(sizes):
    weights = [[] for _ in sizes[1:]]
    for seed in range(50):
        net = MLP(sizes, seed)
        for l, (W, b) in enumerate(zip(net.W, net.b)):
            assert W.shape == (sizes[l], sizes[l + 1]) and b.shape == (sizes[l + 1],)
            assert not b.any()
            weights[l].append(W.copy())
    for W in weights:
        limit = np.sqrt(6 / sum(W[0].shape))
        assert 0.95 * limit < np.max(W) <= limit and -limit <= np.min(W) < -0.95 * limit
        assert abs(np.mean(W)) < 5 * limit / np.sqrt(3 * np.size(W))
        np.testing.assert_allclose(np.std(W), limit / np.sqrt(3), rtol=0.1)


def test_first_weights_follow_the_seed_alone():
    np.random.seed(1)
    one = MLP(seed=3)
    np.random.seed(2)
    np.testing.assert_array_equal(MLP(seed=3).w, one.w)
    assert np.any(MLP(seed=4).w != one.w)
    np.testing.assert_array_equal(MLP(seed=3, dtype=np.float64).w.astype(np.float32), one.w)


def test_default_is_the_course_s_network():
    net = MLP()
    assert repr(net) == "MLP 784-64-32-10: 52,650 weights, float32"
    assert net.w.shape == (52650,)


def assert_views(net):
    """Hold that W and b are w, in Keras's order, and that changing one changes the other."""
    assert all(np.shares_memory(part, net.w) for part in net.W + net.b)
    flat = np.concatenate([part.ravel() for pair in zip(net.W, net.b) for part in pair])
    np.testing.assert_array_equal(net.w, flat)
    assert net.w.ndim == 1


def test_views_stay_views():
    net = MLP((3, 4, 2))
    w, views = net.w, net.W + net.b
    net.w = np.arange(26)
    np.testing.assert_array_equal(net.W[1], [[16, 17], [18, 19], [20, 21], [22, 23]])
    np.testing.assert_array_equal(net.b[1], [24, 25])
    net.w -= np.ones(26)
    np.testing.assert_array_equal(net.b[1], [23, 24])
    net.w *= 2
    net.W[0][1, 2] = -7
    net.b[0] += 1
    assert net.w[6] == -7
    net.fit(*data((3, 2)), epochs=1)
    net.set_weights(MLP((3, 4, 2), seed=5).get_weights())
    assert net.w is w and all(now is then for now, then in zip(net.W + net.b, views))
    assert_views(net)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_copy_is_a_network_of_its_own(copied, dtype):
    net = MLP((3, 4, 2), dtype=dtype, activation="tanh", l2=0.1, dropout=0.25, kernel_initializer="he_normal")
    twin = copied(net)
    assert (twin.sizes, twin.activation, twin.l2, twin.dropout) == (net.sizes, "tanh", 0.1, 0.25)
    np.testing.assert_array_equal(twin.w, net.w)
    assert twin.w.dtype == dtype and not np.shares_memory(twin.w, net.w)
    assert_views(twin)
    twin.fit(*data((3, 2)), epochs=1)
    assert np.any(twin.predict(np.ones((1, 3))) != net.predict(np.ones((1, 3))))


ASSIGNED = {
    "W[0]": lambda net: net.W.__setitem__(0, np.full((3, 4), 5)),
    "W[-2], a list": lambda net: net.W.__setitem__(-2, [[5] * 4] * 3),
    "W[:]": lambda net: net.W.__setitem__(slice(None), [np.full((3, 4), 5), net.W[1]]),
    "W": lambda net: setattr(net, "W", (np.full((3, 4), 5.0), net.W[1])),
    "W[0][:]": lambda net: net.W[0].__setitem__(slice(None), 5),
    "arrays()[0]": lambda net: net.arrays().__setitem__(0, np.full((3, 4), 5)),
}


@pytest.mark.parametrize("assign", ASSIGNED.values(), ids=ASSIGNED)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_what_is_assigned_to_a_layer_is_in_w_and_learns_and_is_copied(assign, copied):
    net = MLP((3, 4, 2))
    views, rest = [*net.W, *net.b], net.w[12:].copy()
    assign(net)
    np.testing.assert_array_equal(net.w[:12], 5)
    np.testing.assert_array_equal(net.w[12:], rest)
    assert all(now is then for now, then in zip([*net.W, *net.b], views))
    np.testing.assert_array_equal(copied(net).W[0], 5)
    net.fit(*data((3, 2)), epochs=1)
    assert (net.W[0] != 5).any()
    net.set_weights(MLP((3, 4, 2), seed=5).get_weights())
    np.testing.assert_array_equal(net.W[0], MLP((3, 4, 2), seed=5).W[0])
    assert_views(net)


def test_layers_are_changed_in_place():
    net = MLP((3, 4, 2))
    before = net.w.copy()
    net.W[0] += 1
    net.b[1] -= 2
    np.testing.assert_array_equal(net.w[:12], before[:12] + 1)
    np.testing.assert_array_equal(net.w[24:], -2)
    net.b = [np.ones(4), np.zeros(2)]
    np.testing.assert_array_equal(net.b[0], 1)
    net.W[1] = net.W[1][:, ::-1]
    np.testing.assert_array_equal(net.W[1], before[16:24].reshape(4, 2)[:, ::-1])
    assert_views(net)


LAYERS_LOST = {
    "another shape": (lambda net: net.W.__setitem__(0, np.ones((4, 3))), r"W\[0\] has shape \(4, 3\)"),
    "a number": (lambda net: net.b.__setitem__(1, 0), r"b\[1\] has shape \(\)"),
    "NaN": (lambda net: net.b.__setitem__(-1, [1, np.nan]), r"b\[1\]\[1\] is nan"),
    "too large for float32": (lambda net: net.b.__setitem__(1, [1, 1e39]), r"b\[1\]\[1\] is inf"),
    "None": (lambda net: net.W.__setitem__(0, None), r"W\[0\] is None"),
    "masked": (lambda net: net.b.__setitem__(1, np.ma.array([1.0, 2], mask=[0, 1])), r"b\[1\] holds masked"),
    "second of two wrong": (lambda net: setattr(net, "W", [np.ones((3, 4)), None]), r"W\[1\] is None"),
    "one of two": (lambda net: setattr(net, "W", [np.ones((3, 4))]), "W takes 2 arrays here"),
    "no list": (lambda net: setattr(net, "b", 3), "b takes 2 arrays here"),
    "del": (lambda net: net.W.__delitem__(0), "the layers in W stay"),
    "append": (lambda net: net.W.append(np.ones((2, 2))), "the layers in W stay"),
    "+=": (lambda net: net.b.__iadd__([np.ones(2)]), "the layers in b stay"),
}


@pytest.mark.parametrize("change, said", LAYERS_LOST.values(), ids=LAYERS_LOST)
def test_what_no_layer_can_take_is_refused_and_nothing_changes(change, said, refuses):
    net = MLP((3, 4, 2))
    before = net.w.copy()
    refuses(said, change, net)
    np.testing.assert_array_equal(net.w, before)
    assert_views(net)


def test_values_given_to_w_are_copied():
    net, values = MLP((3, 2)), np.ones(8, np.float32)
    net.w = values
    values[:] = 5
    np.testing.assert_array_equal(net.w, 1)


def test_get_weights_are_copies_in_keras_s_order():
    net = MLP((3, 4, 2))
    weights = net.get_weights()
    assert [part.shape for part in weights] == [(3, 4), (4,), (4, 2), (2,)]
    assert not any(np.shares_memory(part, net.w) for part in weights)


@pytest.mark.parametrize(
    "values", [None, "text", [], np.ones(25), np.ones((26, 1)), 1.0, np.full(26, np.nan), np.full(26, 1e39), [1j] * 26]
)
def test_w_of_another_shape_or_not_finite_is_refused_and_nothing_changes(values, refuses):
    net = MLP((3, 4, 2))
    before = net.w.copy()
    refuses(r"w(\[0\])? ", setattr, net, "w", values)
    np.testing.assert_array_equal(net.w, before)


RIGHT = MLP((3, 4, 2)).get_weights()


@pytest.mark.parametrize(
    "weights, named",
    [
        (None, "set_weights"),
        ([], "weights takes 4 arrays"),
        (RIGHT[:3], "weights takes 4 arrays"),
        (RIGHT + RIGHT, "weights takes 4 arrays"),
        (np.zeros(26), "set_weights"),
        ([RIGHT[0].T, *RIGHT[1:]], r"weights\[0\]"),
        ([*RIGHT[:3], None], r"weights\[3\]"),
        ([*RIGHT[:3], ["a", "b"]], r"weights\[3\]"),
        ([*RIGHT[:3], [np.nan, 0.0]], r"weights\[3\]\[0\] is nan"),
    ],
)
def test_wrong_list_of_weights_is_refused_and_nothing_changes(weights, named, refuses):
    net = MLP((3, 4, 2), seed=1)
    before = net.w.copy()
    refuses(named, net.set_weights, weights)
    np.testing.assert_array_equal(net.w, before)


# predict, evaluate


@pytest.mark.parametrize("n", [1, 1023, 1024, 1025, 2500])
def test_predict_and_evaluate_do_not_depend_on_how_many_samples_come_at_once(n):
    X, y = data((5, 3), n)
    net = net_with_biases((5, 4, 3))
    p = net.predict(X)
    assert p.shape == (n, 3)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    hidden = np.maximum(X @ net.W[0] + net.b[0], 0)
    expected = np.exp(hidden @ net.W[1] + net.b[1])
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(p, expected, rtol=1e-12)
    loss, accuracy = net.evaluate(X, y)
    np.testing.assert_allclose(loss, -np.log(expected[np.arange(n), y]).mean(), rtol=1e-12)
    assert accuracy == (expected.argmax(axis=1) == y).mean()
    assert type(loss) is type(accuracy) is float


def test_predictions_belong_to_the_caller():
    net = MLP((5, 3))
    X, _ = data((5, 3), 10)
    first = net.predict(X)
    before = first.copy()
    net.predict(-X)
    np.testing.assert_array_equal(first, before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("given", [np.float16, np.float32, np.float64, ">f4"])
def test_any_float_dtype_of_x_and_any_memory_order(dtype, given):
    X, y = data((5, 3), 40)
    X = X.astype(np.float16)  # exact in every dtype
    expected, net = net_with_biases((5, 4, 3), dtype=dtype), net_with_biases((5, 4, 3), dtype=dtype)
    expected.fit(X.astype(dtype), y, epochs=2, batch_size=16)
    net.fit(np.asfortranarray(X.astype(given)), y, epochs=2, batch_size=16)
    np.testing.assert_array_equal(net.w, expected.w)
    assert net.w.dtype == dtype and net.predict(X.astype(given)).dtype == dtype
    np.testing.assert_array_equal(net.predict(X.astype(given)), expected.predict(X.astype(dtype)))


@pytest.mark.parametrize("labels", [np.uint8, np.int8, np.int64, np.uint64, list])
def test_any_whole_labels(labels):
    X, y = data((5, 3), 40)
    net, other = MLP((5, 4, 3)), MLP((5, 4, 3))
    given = y.tolist() if labels is list else y.astype(labels)
    assert net.fit(X, y, epochs=2).history == other.fit(X, given, epochs=2).history
    np.testing.assert_array_equal(net.w, other.w)
    assert net.evaluate(X, y) == other.evaluate(X, given)


def test_lists_of_samples_are_taken():
    net = MLP((2, 3))
    np.testing.assert_array_equal(net.predict([[0.5, 1.0]]), net.predict(np.array([[0.5, 1.0]])))


# fit


def by_hand(net, X, y, epochs, batch_size, optimizer, seed):
    """Train as the lesson's written-out loop does; return the losses and accuracies."""
    optimizer, rng = optimizers.fresh(optimizer), np.random.default_rng(seed)
    losses, accuracies = [], []
    for _ in range(epochs):
        order = np.arange(len(X)) if seed is None else rng.permutation(len(X))
        loss = right = 0
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size]
            right += np.sum(net.predict(X[rows]).argmax(axis=1) == y[rows])
            batch_loss, gradient = net.loss_and_gradient(X[rows], y[rows])
            net.w = optimizer.step(net.w, gradient)
            loss += batch_loss * len(rows)
        losses.append(loss / len(X))
        accuracies.append(right / len(X))
    return losses, accuracies


@by_size
@pytest.mark.parametrize("seed", [0, 7, None])
def test_fit_is_the_loop_written_out_in_the_documented_order(sizes, seed):
    X, y = data(sizes)
    net, other = net_with_biases(sizes), net_with_biases(sizes)
    optimizer = Adam(0.01)
    losses, accuracies = by_hand(other, X, y, 3, 16, optimizer, seed)
    how = {"shuffle": False} if seed is None else {"seed": seed}
    history = net.fit(X, y, epochs=3, batch_size=16, optimizer=optimizer, **how)
    np.testing.assert_allclose(net.w, other.w, rtol=0, atol=1e-14)
    np.testing.assert_allclose(history.history["loss"], losses, rtol=1e-12)
    np.testing.assert_allclose(history.history["accuracy"], accuracies, rtol=1e-12)
    assert history.message == "3 epochs done."
    assert all(type(value) is float for values in history.history.values() for value in values)


def test_defaults_of_fit_are_the_documented_ones():
    X, y = data((5, 3), 300)
    net, other = net_with_biases((5, 3)), net_with_biases((5, 3))
    losses, _ = by_hand(other, X, y, 10, 128, SGD(0.01), 0)
    np.testing.assert_allclose(net.fit(X, y).history["loss"], losses, rtol=1e-12)
    np.testing.assert_allclose(net.w, other.w, rtol=0, atol=1e-14)


@pytest.mark.parametrize("optimizer", [SGD(0.1), *OPTIMIZERS.values()], ids=["SGD", *OPTIMIZERS])
def test_fit_twice_from_the_same_start_gives_the_same_numbers_and_leaves_the_optimizer_alone(optimizer):
    X, y = data((5, 4, 3))
    X_before, y_before, before = X.copy(), y.copy(), copy.deepcopy(vars(optimizer))
    runs = []
    for _ in range(2):
        net = MLP((5, 4, 3))
        runs.append((net.fit(X, y, epochs=3, batch_size=16, optimizer=optimizer).history, net.w.tolist()))
    assert runs[0] == runs[1]
    assert vars(optimizer) == before
    np.testing.assert_array_equal(X, X_before)
    np.testing.assert_array_equal(y, y_before)


def test_validation_is_measured_after_each_epoch_and_changes_nothing():
    X, y = data((5, 3), 60)
    held_out = data((5, 3), 2000, seed=1)  # more rows at once than a training batch
    net, other = net_with_biases((5, 4, 3)), net_with_biases((5, 4, 3))
    history = net.fit(X, y, epochs=3, batch_size=16, validation_data=held_out, optimizer=SGD(0.1)).history
    expected = []
    rng = np.random.default_rng(0)
    for _ in range(3):
        order = rng.permutation(60)
        other.fit(X[order], y[order], epochs=1, batch_size=16, shuffle=False, optimizer=SGD(0.1))
        expected.append(other.evaluate(*held_out))
    np.testing.assert_array_equal(net.w, other.w)
    assert list(zip(history["val_loss"], history["val_accuracy"])) == expected
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]


def test_history_prints_the_same_on_every_machine():
    net = MLP((5, 3))
    assert repr(net.fit(*data((5, 3)), epochs=2)) == "History of loss, accuracy. 2 epochs done."


def test_it_learns():
    X, y = data((20, 10), 500)
    net = MLP((20, 16, 10))
    history = net.fit(X, y, epochs=20, batch_size=16, optimizer=SGD(0.1))
    assert history.history["accuracy"][-1] > 0.95 > 0.5 > history.history["accuracy"][0]


class Interrupting:
    """SGD that is interrupted when it is asked for its third step."""

    def __init__(self):
        self.steps = 0

    def step(self, w, gradient):
        self.steps += 1
        if self.steps == 3:
            raise KeyboardInterrupt
        return w - 0.1 * gradient


def test_interrupted_fit_keeps_what_it_learned_and_says_so(told):
    X, y = data((5, 3), 40)
    net, other = MLP((5, 4, 3)), MLP((5, 4, 3))
    history = net.fit(X, y, epochs=5, batch_size=20, optimizer=Interrupting(), shuffle=False)  # two steps an epoch
    other.fit(X, y, epochs=1, batch_size=20, optimizer=SGD(0.1), shuffle=False)
    np.testing.assert_allclose(net.w, other.w, rtol=1e-6)
    assert_views(net)
    assert len(history.history["loss"]) == len(history.history["accuracy"]) == 1
    assert history.message == (
        "Interrupted in epoch 2 of 5. The network keeps what it has learned so far; finished epochs in the history: 1."
    )
    assert told() == history.message


def test_fit_interrupted_between_training_and_validation_keeps_an_even_history(monkeypatch, capsys):
    net = MLP((5, 3))
    evaluations = iter([(1.5, 0.5)])

    def evaluate(X, y):
        for result in evaluations:
            return result
        raise KeyboardInterrupt

    monkeypatch.setattr(net, "evaluate", evaluate)
    history = net.fit(*data((5, 3)), epochs=3, validation_data=data((5, 3)))
    assert history.message.startswith("Interrupted in epoch 2 of 3.")
    assert {name: len(values) for name, values in history.history.items()} == {
        "loss": 1,
        "accuracy": 1,
        "val_loss": 1,
        "val_accuracy": 1,
    }


class Growing:
    """An optimizer under which every run diverges, whatever the gradient."""

    def step(self, w, gradient):
        return 1e3 * w


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "dtype, optimizer, scale",
    [
        (np.float32, SGD(1e30), 1),
        (np.float32, SGD(1e30), 1e10),
        (np.float32, SGD(1e6, momentum=0.9), 1e10),
        (np.float32, Growing(), 1),
        (np.float64, Growing(), 1),
        (np.float64, Growing(), 1e200),
        (np.float64, SGD(1e300), 1e100),
    ],
)
def test_diverging_fit_stops_with_finite_weights_and_says_so(dtype, optimizer, scale, told):
    X, y = data((5, 3), 64)
    net = MLP((5, 4, 4, 3), dtype=dtype)
    history = net.fit(X * scale, y, epochs=500, batch_size=4, optimizer=optimizer)
    assert np.isfinite(net.w).all()
    done = len(history.history.get("loss", []))
    assert done < 500 and np.isfinite(history.history.get("loss", 0)).all()
    no_step = np.array_equal(net.w, MLP((5, 4, 4, 3), dtype=dtype).w)
    why = (
        "Stopped at the start: the first loss, gradient or step is not finite. Look at X, at how the loss is "
        "computed, and at the learning rate."
        if no_step
        else f"Stopped in epoch {done + 1} of 500: the numbers are no longer finite, so the run diverges. "
        "Try a smaller learning rate, or look at the scale of X."
    )
    kept = f"The network keeps its last finite weights; finished epochs in the history: {done}."
    assert history.message == f"{why} {kept}"
    assert told() == history.message


class InPlace:
    """A learner's SGD that works on w in place and keeps the gradient it was given, as a beginner's would."""

    def __init__(self, learning_rate):
        self.learning_rate, self.velocity = learning_rate, None

    def step(self, w, gradient):
        if self.velocity is None:
            self.velocity = gradient
        else:
            self.velocity = 0.5 * self.velocity + gradient
        w -= self.learning_rate * self.velocity
        return w


def test_learner_s_optimizer_that_keeps_its_gradient_gets_one_of_its_own():
    X, y = data((5, 3))
    net, other = net_with_biases((5, 4, 3)), net_with_biases((5, 4, 3))
    net.fit(X, y, epochs=2, batch_size=16, optimizer=InPlace(0.1))
    other.fit(X, y, epochs=2, batch_size=16, optimizer=SGD(0.1, momentum=0.5))
    np.testing.assert_allclose(net.w, other.w, rtol=1e-10, atol=1e-12)


@pytest.mark.filterwarnings("error")
def test_learner_s_optimizer_that_works_in_place_leaves_finite_weights_when_it_diverges(capsys):
    X, y = data((5, 3))
    net = MLP((5, 4, 3))
    history = net.fit(100 * X, y, epochs=50, batch_size=16, optimizer=InPlace(1e38))
    assert history.message.startswith("Stopped at the start: ")
    assert np.isfinite(net.w).all()


def test_wrong_result_of_a_learner_s_optimizer_is_refused(refuses):
    class Odd:
        def step(self, w, gradient):
            return None

    net = MLP((5, 3))
    refuses("w is None", net.fit, *data((5, 3)), optimizer=Odd())


# What is refused

X, Y = data((6, 3), 12)
IMAGES = X.reshape(12, 2, 3)

WRONG_X = {
    "images not flattened": (IMAGES, r"flatten each image: X\.reshape\(len\(X\), -1\)"),
    "uint8 pixels": (np.zeros((12, 6), np.uint8), r"X holds integers \(uint8\).*X / 255"),
    "uint8 images": (np.zeros((12, 2, 3), np.uint8), "X holds integers"),
    "NaN": (np.where(X == X[3, 4], np.nan, X), r"X\[3, 4\] is nan"),
    "infinity": (np.where(X == X[3, 4], np.inf, X), r"X\[3, 4\] is inf"),
    "empty": (X[:0], r"X is empty \(shape \(0, 6\)\)"),
    "no columns": (X[:, :0], "X is empty"),
    "empty list": ([], "X is empty"),
    "a column too few": (X[:, :5], r"X has shape \(12, 5\); expected \(n, 6\)"),
    "one sample alone": (X[0], r"X has shape \(6,\); expected \(n, 6\): one row a sample"),
    "a number": (3.0, r"X has shape \(\)"),
    "None": (None, "X is None"),
    "masked": (np.ma.masked_equal(X, X[3, 4]), "X holds masked values"),
    "masked in a list": ([*X[:-1], np.ma.masked_equal(X[-1], X[-1, 0])], "X holds masked values"),
    "text": ([["a"] * 6] * 12, "X must hold real numbers"),
    "complex": (X * 1j, "X must hold real numbers"),
    "ragged": ([[1.0], [1.0, 2.0]], "X has rows of different lengths"),
    "objects": ([[None] * 6] * 12, "X must hold real numbers"),
}
WRONG_Y = {
    "label too large": (
        np.where(np.arange(12) == 5, 3, Y),
        "y holds the label 3; this network knows the classes 0 to 2",
    ),
    "label below zero": (np.where(np.arange(12) == 5, -1, Y), "y holds the label -1;"),
    "masked": (np.ma.masked_equal(Y, Y[4]), "y holds masked values"),
    "one-hot": (np.eye(3)[Y], r"y has shape \(12, 3\), so it looks one-hot; .*y\.argmax\(axis=1\)"),
    "a column": (Y[:, None], r"y has shape \(12, 1\); expected \(12,\)"),
    "float labels": (Y.astype(float), "y must hold whole numbers, the classes 0 to 2; got float64"),
    "text": (Y.astype(str), "y must hold whole numbers"),
    "true and false": (Y > 1, "y must hold whole numbers"),
    "too short": (Y[:-1], r"y has shape \(11,\); expected \(12,\): one label for each row of X"),
    "too long": (np.append(Y, 0), r"y has shape \(13,\)"),
    "empty": ([], r"y has shape \(0,\)"),
    "a number": (1, r"y has shape \(\)"),
    "None": (None, "y is None"),
    "ragged": ([[1], [1, 2]], "y has rows of different lengths"),
}


@pytest.mark.parametrize("wrong, said", WRONG_X.values(), ids=WRONG_X)
def test_wrong_x_is_refused(wrong, said, refuses):
    net = MLP((6, 3))
    for run in net.fit, net.evaluate, net.loss_and_gradient:
        refuses(said, run, wrong, Y) if said.startswith("X") else refuses(f"X .*{said}", run, wrong, Y)
    refuses("X", net.predict, wrong)
    refuses("validation_data: X", net.fit, X, Y, validation_data=(wrong, Y))


@pytest.mark.parametrize("wrong, said", WRONG_Y.values(), ids=WRONG_Y)
def test_wrong_y_is_refused(wrong, said, refuses):
    net = MLP((6, 3))
    for run in net.fit, net.evaluate, net.loss_and_gradient:
        refuses(said, run, X, wrong)
    refuses(f"validation_data: {said}", net.fit, X, Y, validation_data=(X, wrong))


@pytest.mark.parametrize(
    "option, wrong",
    [
        *(("epochs", wrong) for wrong in (0, -1, 2.5, "10", None, True)),
        *(("batch_size", wrong) for wrong in (0, -1, 2.5, "128", None, True)),
        *(("optimizer", wrong) for wrong in (SGD, "sgd", None, 0.1)),
        *(("validation_data", wrong) for wrong in (X, (X,), (X, Y, Y), "text", 0.2, [], 0)),
    ],
)
def test_wrong_option_of_fit_is_refused_before_anything_is_trained(option, wrong, refuses):
    net = MLP((6, 3))
    before = net.w.copy()
    refuses(f"{option} must be ", net.fit, X, Y, **{option: wrong})
    np.testing.assert_array_equal(net.w, before)


@pytest.mark.parametrize(
    "sizes", [None, 784, "784", (), (3,), (3, 1), (0, 3), (3, -1, 2), (3, 2.5, 2), (3, None), (True, 2), [[3, 2]]]
)
def test_wrong_sizes_are_refused(sizes, refuses):
    refuses("sizes", MLP, sizes)


@pytest.mark.parametrize("dtype", [int, np.float16, complex, bool, str, None, "flaot", 3, np.ones(2), object(), ">f4"])
def test_wrong_dtype_is_refused(dtype, refuses):
    refuses("dtype must be float32 or float64", MLP, (3, 2), dtype=dtype)


@pytest.mark.parametrize("seed", ["text", -1, 1.5, np.nan])
def test_wrong_seed_is_refused(seed, refuses):
    refuses("seed must be a whole number", MLP, (3, 2), seed=seed)
    refuses("seed must be a whole number", MLP((6, 3)).fit, X, Y, seed=seed)


@pytest.mark.parametrize("dtype", [np.float64, "float64", float, np.dtype("float64")])
def test_dtype_by_any_name(dtype):
    assert MLP((3, 2), dtype=dtype).w.dtype == np.float64


def test_log_softmax_rows_are_log_probabilities():
    z = np.array([[0.0, np.log(3.0)], [1e4, -1e4]])
    np.testing.assert_allclose(losses.log_softmax(z), [[np.log(0.25), np.log(0.75)], [0.0, -2e4]], rtol=1e-14)


# The reader's settings


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("optimizer", [SGD(0.1), *OPTIMIZERS.values()], ids=["SGD", *OPTIMIZERS])
def test_reader_s_settings_for_arithmetic_change_nothing_and_stay(dtype, optimizer):
    X, y = data((3, 2))

    def run():
        net = MLP((3, 4, 2), dtype=dtype)
        net.w *= 300  # the probabilities of some classes underflow
        loss, gradient = net.loss_and_gradient(X, y)
        history = net.fit(X, y, epochs=2, optimizer=optimizer, validation_data=(X, y))
        return loss, *gradient, *net.predict(X).ravel(), *net.evaluate(X, y), *history.history["val_loss"]

    usual = run()
    with np.errstate(all="raise"):
        assert run() == usual
        assert set(np.geterr().values()) == {"raise"}


def test_learner_s_optimizer_divides_by_zero_under_the_learner_s_settings():
    class Mine:
        def step(self, w, gradient):
            return w - 0.1 * gradient / np.zeros(1)

    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="divide by zero"):
        MLP((6, 3)).fit(X, Y, optimizer=Mine())


def test_learner_s_optimizer_that_leaves_python_s_numbers_diverges(told):
    class Mine:
        """The rate grows until Python's own power is too large for a float."""

        steps = 0

        def step(self, w, gradient):
            self.steps += 1
            return w - 1e-300 * 10.0 ** (100 * self.steps) * gradient

    net = MLP((6, 3))
    history = net.fit(X, Y, epochs=500, batch_size=len(X), optimizer=Mine())
    assert "no longer finite, so the run diverges" in history.message and np.isfinite(net.w).all()
    assert told() == history.message


def test_an_overflow_in_a_callback_is_the_callback_s_own_error():
    def fail(*_):
        raise OverflowError("mine")

    with pytest.raises(OverflowError, match="mine"):
        MLP((6, 3)).fit(X, Y, callbacks=[SimpleNamespace(on_epoch_end=fail)])


def test_learner_s_power_too_large_for_a_float_ends_the_run():
    power = SimpleNamespace(step=lambda w, gradient: w * 2.0**5000)
    assert "step is not finite" in MLP((6, 3)).fit(X, Y, epochs=2, optimizer=power).message
