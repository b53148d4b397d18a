"""The convolution: what it computes, its gradient, and that Keras computes the same."""

import copy
import re

import numpy as np
import pytest

from gdcourse.convolution import ConvNet, windows
from gdcourse.datasets import load_mnist
from gdcourse.gradients import check_gradient
from gdcourse.losses import cross_entropy, log_softmax
from gdcourse.optimizers import SGD

RNG = np.random.default_rng(0)
X, y = RNG.normal(size=(6, 9, 11)), RNG.integers(0, 4, 6)


def made(**changed):
    """A small network whose biases are not zero, so that they are tested too."""
    net = ConvNet(**{"shape": (9, 11), "filters": 3, "kernel_size": 3, "strides": 2, "outputs": 4} | changed)
    net.w = np.random.default_rng(1).normal(size=net.w.size)
    return net


@pytest.mark.parametrize(("size", "strides"), [(3, 1), (3, 2), (4, 3), (9, 1)])
def test_windows_are_all_that_lie_inside(size, strides):
    views = windows(X, size, strides)
    rows, columns = (range(0, side - size + 1, strides) for side in (9, 11))
    assert views.shape == (6, len(rows), len(columns), size, size)
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            assert np.array_equal(views[:, i, j], X[:, top : top + size, left : left + size])


@pytest.mark.parametrize(("size", "strides"), [(3, 1), (3, 2), (4, 3)])
def test_scores_are_window_times_kernel_place_by_place(size, strides):
    net = made(kernel_size=size, strides=strides)
    K, b, V, c = net.get_weights()
    for image, scores in zip(X, net.forward(X)):
        places = [
            np.maximum([np.sum(image[i : i + size, j : j + size] * K[:, :, 0, k]) + b[k] for k in range(3)], 0)
            for i in range(0, 9 - size + 1, strides)
            for j in range(0, 11 - size + 1, strides)
        ]
        np.testing.assert_allclose(scores, np.ravel(places) @ V + c, rtol=1e-12)


def test_the_gradient_is_right():
    net = made()

    def loss(w):
        other = made()
        other.w = w
        return other.loss_and_gradient(X, y)[0]

    assert check_gradient(loss, net.loss_and_gradient(X, y)[1], net.w, verbose=False)


def test_the_gradient_of_a_kernel_is_a_sum_over_places():
    net = made(strides=1)
    _, gradient = net.loss_and_gradient(X, y)
    alone = np.zeros_like(net.arrays()[0])
    _, a, z = net._forward(X)
    dz = cross_entropy(z, y)[1]
    da = ((dz @ net.arrays()[2].T).reshape(a.shape) * (a > 0)).reshape(6, *net.places, 3)
    for i, j in np.ndindex(net.places):  # what each place asks of the kernel that all of them share
        alone += np.einsum("nuv,nk->uvk", X[:, i : i + 3, j : j + 3], da[:, i, j])[:, :, None]
    np.testing.assert_allclose(net.arrays(gradient)[0], alone, rtol=1e-10)


def test_keras_trains_it_to_the_same_numbers(keras, compute_in):
    compute_in("float64")
    (images, labels), _ = load_mnist()
    few, truth = images[:500] / 255, labels[:500]
    net = ConvNet(filters=4, seed=3)
    parts = [
        keras.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(4, 5, strides=2, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(10, activation="softmax"),
    ]
    model = keras.Sequential(parts)
    assert [w.shape for w in model.get_weights()] == [w.shape for w in net.get_weights()]
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.set_weights(net.get_weights())
    ours = net.fit(few, truth, epochs=2, batch_size=32, optimizer=SGD(0.1), shuffle=False)
    theirs = model.fit(few, truth, epochs=2, batch_size=32, shuffle=False, verbose=0)
    for name in ("loss", "accuracy"):
        np.testing.assert_allclose(ours.history[name], theirs.history[name], rtol=1e-12)
    for one, other in zip(net.get_weights(), model.get_weights()):
        np.testing.assert_allclose(one, other, atol=1e-12)
    np.testing.assert_allclose(net.predict(few), model.predict(few, verbose=0), atol=1e-12)
    again = ConvNet(filters=4)
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(again.w, net.w, atol=1e-12)


def test_the_start_is_keras_s_glorot_uniform():
    net = ConvNet(filters=64, seed=0)
    K, b, V, c = net.arrays()
    limits = np.sqrt(6 / (25 + 25 * 64)), np.sqrt(6 / (144 * 64 + 10))
    for array, limit in zip((K, V), limits):
        assert 0.98 * limit < np.abs(array).max() < limit
    assert not b.any() and not c.any()
    assert ConvNet(filters=64, seed=0).w.tolist() == net.w.tolist() != ConvNet(filters=64, seed=1).w.tolist()


def test_evaluate_and_predict_agree_with_the_loss():
    net = made()
    loss, accuracy = net.evaluate(X, y)
    p = net.predict(X)
    assert loss == pytest.approx(net.loss_and_gradient(X, y)[0], rel=1e-12)
    assert loss == pytest.approx(-np.log(p[np.arange(6), y]).mean()) and accuracy == np.mean(p.argmax(axis=1) == y)
    many = np.tile(X, (200, 1, 1))  # more than are computed at once
    np.testing.assert_allclose(net.predict(many)[-6:], p, rtol=1e-12)


def test_float32_stays_float32_and_a_copy_trains_apart():
    net = ConvNet((9, 11), 3, 3, 2, 4, dtype=np.float32)
    other = copy.deepcopy(net)
    other.fit(X, y, epochs=2, batch_size=4)
    assert net.w.dtype == other.w.dtype == net.predict(X).dtype == np.float32
    assert not np.array_equal(net.w, other.w)
    assert repr(net) == f"ConvNet 3 kernels of 3×3: {net.w.size} weights, float32"


def test_an_array_that_is_assigned_is_written_into_w(refuses):
    net, other = made(), made()
    other.w = -net.w
    arrays = net.arrays()
    arrays[0], arrays[2] = other.arrays()[0], other.arrays()[2]
    net.arrays()[1], net.arrays()[3] = other.arrays()[1], other.arrays()[3]
    np.testing.assert_array_equal(net.w, other.w)
    refuses(re.escape("arrays()[1] has shape"), arrays.__setitem__, 1, np.zeros(99))


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("shape must be two numbers of at least kernel_size 5", {"shape": (4, 28)}),
        ("shape must be two numbers", {"shape": (28, 28, 1)}),
        ("shape must be two numbers of at least kernel_size 1000", {"kernel_size": 10**400}),
        ("filters must be a whole number", {"filters": (8,)}),
        ("strides must be at least 1", {"strides": 0}),
        ("outputs must be at least 2", {"outputs": 1}),
        ("dtype must be float32 or float64", {"dtype": int}),
    ],
)
def test_bad_sizes_are_refused_in_a_sentence(refuses, message, arguments):
    refuses(re.escape(message), ConvNet, **arguments)


@pytest.mark.parametrize(
    ("message", "images", "labels"),
    [
        ("X has shape (6, 99); expected (n, 9, 11), images in grey.", X.reshape(6, 99), y),
        ("X has shape (6, 9, 11, 1); expected", X[..., None], y),
        ("X has shape (0, 9, 11); expected", X[:0], y[:0]),
        ("X holds integers", X.astype(int), y),
        ("y holds the label 4", X, y * 0 + 4),
        ("y has shape (5,); expected (6,)", X, y[:5]),
    ],
)
def test_bad_data_are_refused_in_a_sentence(refuses, message, images, labels):
    refuses(re.escape(message), made().loss_and_gradient, images, labels)


def test_other_weights_are_refused(refuses):
    net = made()
    refuses("weights takes 4 arrays", net.set_weights, net.get_weights()[:3])
    K, b, V, c = net.get_weights()
    refuses(r"weights\[2\] has shape", net.set_weights, [K, b, V.T, c])
    refuses(re.escape("flat has shape (3,)"), net.arrays, np.zeros(3))


def test_reader_s_settings_for_arithmetic_change_nothing():
    net = made()
    net.w = net.w * 300  # the probabilities of some classes underflow

    def run():
        scores = np.array([[0.0, -800.0]])
        return [net.predict(X), net.evaluate(X, y), log_softmax(scores.copy()), cross_entropy(scores, np.array([1]))[1]]

    usual = run()
    with np.errstate(all="raise"):
        for one, other in zip(run(), usual):
            np.testing.assert_array_equal(one, other)
