"""The embedding and its loss: against finite differences, a loop, and Keras from the same start on the same batches."""

import copy
import pickle

import numpy as np
import pytest

from gdcourse import embedding, faces
from gdcourse.embedding import Embedding
from gdcourse.gradients import check_gradient
from gdcourse.optimizers import SGD


def some_pairs():
    return np.random.default_rng(0).normal(size=(12, 2, 6)), np.arange(12) % 2


@pytest.mark.parametrize("options", [{}, {"activation": "tanh"}, {"l2": 0.3, "margin": 3.0}, {"margin": 0.4}])
def test_gradient_is_that_of_finite_differences(options):
    net, (X, y) = Embedding((6, 5, 3), seed=1, dtype=np.float64, **options), some_pairs()
    loss, gradient = net.loss_and_gradient(X, y)

    def moved(w):
        net.w = w
        return net.loss_and_gradient(X, y)[0]

    assert check_gradient(moved, gradient, net.w.copy(), verbose=False)
    assert net.loss_and_gradient(X, y)[0] == pytest.approx(loss)


@pytest.mark.parametrize("same", [0, 1])
@pytest.mark.parametrize("apart", [1e-5, 2e-3])  # one below the least distance, one above it
def test_gradient_of_a_pair_that_is_close(same, apart):
    net, rng = Embedding((6, 3), seed=1, dtype=np.float64), np.random.default_rng(2)
    one = rng.normal(size=6)
    X, y = np.array([[one, one + apart * rng.normal(size=6)]]), np.array([same])
    gradient, w, h = net.loss_and_gradient(X, y)[1].copy(), net.w.copy(), 1e-6

    def moved(to):
        net.w = to
        return net.loss_and_gradient(X, y)[0]

    slopes = [(moved(w + h * axis) - moved(w - h * axis)) / (2 * h) for axis in np.eye(len(w))]
    np.testing.assert_allclose(gradient, slopes, atol=1e-7)
    assert gradient.any() == (apart > 1e-3)


def test_loss_is_the_mean_of_each_pair_s_own():
    net, (X, y) = Embedding((6, 5, 3), dtype=np.float64, margin=1.5), some_pairs()
    each = []
    for (one, other), same in zip(X, y):
        first, second = net.predict(np.array([one, other]))
        distance = np.linalg.norm(first - second)
        each.append(distance**2 if same else max(1.5 - distance, 0) ** 2)
    loss, accuracy = net.evaluate(X, y)
    assert loss == pytest.approx(np.mean(each)) == pytest.approx(net.loss_and_gradient(X, y)[0])
    assert accuracy == np.mean((net.distances(X) < 0.75) == (y == 1))
    others = net.distances(X)[y == 0]
    assert others.min() < 1.5 < others.max()


def test_one_place_for_all_costs_half_and_has_no_slope():
    net, (X, y) = Embedding((6, 5, 3), dtype=np.float64), some_pairs()
    net.w = np.zeros_like(net.w)
    loss, gradient = net.loss_and_gradient(X, y)
    assert loss == pytest.approx(0.5, abs=1e-3) and not gradient.any()


def keras_model(keras, margin):
    def contrastive(same, places):
        squared = keras.ops.sum((places[:, 0] - places[:, 1]) ** 2, axis=1, keepdims=True)
        distance = keras.ops.sqrt(keras.ops.maximum(squared, 1e-7))
        return same * squared + (1 - same) * keras.ops.maximum(margin - distance, 0) ** 2

    dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((2, 576)), dense(20, activation="relu"), dense(8)])
    model.compile(keras.optimizers.SGD(0.1), loss=contrastive)
    return model


def test_equal_to_keras_s(keras, compute_in):
    compute_in("float64")
    images, who = faces.photograph(faces.people(12), each=6)
    pairs, same = faces.pairs(who, 200)
    X = (images.reshape(len(images), -1) / 255)[pairs]
    net, model = Embedding((576, 20, 8), dtype=np.float64, margin=0.8), keras_model(keras, 0.8)
    model.set_weights(net.get_weights())
    assert model.evaluate(X, same[:, None], verbose=0) == pytest.approx(net.evaluate(X, same)[0], rel=1e-12)
    theirs = model.fit(X, same[:, None], epochs=3, batch_size=32, shuffle=False, verbose=0)
    ours = net.fit(X, same, epochs=3, batch_size=32, shuffle=False, optimizer=SGD(0.1))
    np.testing.assert_allclose(ours.history["loss"], theirs.history["loss"], rtol=1e-12)
    for mine, yours in zip(net.get_weights(), model.get_weights()):
        np.testing.assert_allclose(mine, yours, atol=1e-12)


def test_fit_trains_it_and_knows_the_accuracy():
    images, who = faces.photograph(faces.people(30), each=6)
    pairs, same = faces.pairs(who, 600)
    X = (images.reshape(len(images), -1) / 255)[pairs].astype(np.float32)
    net = Embedding((576, 32, 8))
    history = net.fit(
        X[:500],
        same[:500],
        epochs=5,
        batch_size=32,
        optimizer=SGD(0.02, momentum=0.9),
        validation_data=(X[500:], same[500:]),
    ).history
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert history["loss"][-1] < history["loss"][0] and history["accuracy"][-1] > 0.7
    dropped = Embedding((576, 32, 8), dropout=0.5)
    assert np.isfinite(dropped.fit(X, same, epochs=1).history["loss"]).all()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_a_copy_is_the_same_network_with_a_w_of_its_own(copied):
    net, (X, y) = Embedding((6, 5, 3), seed=2, dtype=np.float64, margin=2.0, l2=0.1, activation="tanh"), some_pairs()
    other = copied(net)
    assert type(other) is Embedding and other.loss_and_gradient(X, y)[0] == net.loss_and_gradient(X, y)[0]
    other.w = other.w + 1
    assert other.loss_and_gradient(X, y)[0] != net.loss_and_gradient(X, y)[0] and (other.w != net.w).all()


def test_slope_of_the_loss_by_the_distance():
    d, same = np.array([0.3, 0.9, 0.3, 1.7]), np.array([1, 1, 0, 0])
    loss, slope = embedding.contrastive(d, same, 1.2)
    for i, h in [(i, 1e-6) for i in range(4)]:
        nudge = h * np.eye(4)[i]
        rise = embedding.contrastive(d + nudge, same, 1.2)[0] - embedding.contrastive(d - nudge, same, 1.2)[0]
        assert rise[i] / (2 * h) == pytest.approx(slope[i], abs=1e-6)
    np.testing.assert_allclose(loss, [0.09, 0.81, 0.81, 0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda net, X, y: net.loss_and_gradient(X[:, 0], y), r"X has shape \(12, 6\); expected pairs, \(n, 2, 6\)"),
        (lambda net, X, y: net.distances(X[:, :, :4]), r"X has shape \(12, 2, 4\); expected pairs, \(n, 2, 6\)"),
        (lambda net, X, y: net.fit(X.astype(int), y), r"X holds integers .*for pixels, X / 255"),
        (lambda net, X, y: net.fit(X, y[:5]), r"y has shape \(5,\); expected \(12,\)"),
        (lambda net, X, y: net.fit(X, y + 1), "y holds the label 2"),
        (lambda net, X, y: net.evaluate(X * np.nan, y), r"X\[0, 0\] is nan"),
        (lambda net, X, y: net.predict(X), "X has shape .*flatten each image"),
        (lambda net, X, y: Embedding((6, 3), margin=0), "margin must be a finite number above 0"),
    ],
)
def test_bad_input_gets_one_sentence(refuses, call, words):
    refuses(words, call, Embedding((6, 5, 3), dtype=np.float64), *some_pairs())


def test_true_and_false_say_the_same_as_1_and_0():
    net, (X, y) = Embedding((6, 5, 3), dtype=np.float64), some_pairs()
    assert net.evaluate(X, y == 1) == net.evaluate(X, y)
