"""The mean of embeddings: gradients against nudges, weights and losses against Keras, and what is refused."""

import copy
import pickle

import numpy as np
import pytest

from gdcourse.bags import MeanEmbedding, sigmoid
from gdcourse.gradients import numerical_gradient
from gdcourse.optimizers import SGD, Adam


def texts(n=40):
    """Return rows of numbers with words that stand twice, filled up with 0, and labels."""
    rng = np.random.default_rng(0)
    X = rng.integers(1, 12, (n, 7))
    X[:, 2] = X[:, 0]
    for row, kept in zip(X, rng.integers(1, 8, n)):
        row[kept:] = 0
    return X, rng.integers(0, 2, n)


def model(size=3):
    """Return a small model with weights that are all in use."""
    net = MeanEmbedding(12, size, dtype=np.float64)
    net.w = np.random.default_rng(1).normal(size=net.w.size)
    return net


@pytest.mark.parametrize("size", [1, 3])
def test_the_gradient_is_that_of_nudges(size):
    net, (X, y) = model(size), texts()

    def loss(w):
        other = copy.deepcopy(net)
        other.w = w
        return other.loss_and_gradient(X, y)[0]

    np.testing.assert_allclose(net.loss_and_gradient(X, y)[1], numerical_gradient(loss, net.w), atol=1e-8)


def test_a_score_is_the_mean_of_the_words_rows_times_v_plus_b():
    net = model()
    for row, p in zip(X := texts()[0], net.predict(X)):
        z = net.E[row[row > 0]].mean(axis=0) @ net.v + net.b[0]
        assert p == pytest.approx(1 / (1 + np.exp(-z)))
    assert net.predict(np.zeros((1, 4), int)) == pytest.approx(sigmoid(net.b))
    loss, accuracy = net.evaluate(*texts())
    p, y = net.predict(X), texts()[1]
    assert loss == pytest.approx(-np.log(np.where(y == 1, p, 1 - p)).mean())
    assert accuracy == np.mean((p > 0.5) == y)


def test_only_the_rows_of_words_in_the_batch_have_slopes():
    net = model()
    X = np.array([[3, 5, 3, 0], [7, 3, 0, 0]])
    dE, _, _ = net.views(net.loss_and_gradient(X, np.array([0, 1]))[1])
    assert np.flatnonzero(dE.any(axis=1)).tolist() == [3, 5, 7]
    assert np.linalg.matrix_rank(dE) == 1 and np.allclose(np.cross(dE, net.v), 0)  # each a multiple of v


@pytest.mark.parametrize(("dtype", "most"), [("float64", 1e-12), ("float32", 1e-5)])
def test_weights_losses_and_predictions_are_keras_s(keras, compute_in, dtype, most):
    compute_in(dtype)
    (X, y), net = texts(n=70), MeanEmbedding(12, 3, 0, dtype)
    layers = keras.layers
    theirs = keras.Sequential(
        [
            layers.Embedding(12, 3, mask_zero=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    theirs.build((None, 7))
    theirs.compile(keras.optimizers.SGD(0.5), loss="binary_crossentropy", metrics=["accuracy"])
    theirs.set_weights(net.get_weights())
    history = theirs.fit(X, y, epochs=3, batch_size=16, shuffle=False, verbose=0).history
    ours = net.fit(X, y, epochs=3, batch_size=16, optimizer=SGD(0.5), shuffle=False).history
    assert max(np.abs(a - b).max() for a, b in zip(net.get_weights(), theirs.get_weights())) < most
    np.testing.assert_allclose(ours["loss"], history["loss"], rtol=max(most, 1e-7))
    np.testing.assert_allclose(ours["accuracy"], history["accuracy"], atol=1e-6)
    np.testing.assert_allclose(net.predict(X), theirs.predict(X, verbose=0)[:, 0], atol=most)
    net.set_weights(theirs.get_weights())
    assert np.array_equal(net.E, theirs.get_weights()[0])


def test_it_starts_as_keras_starts():
    net = MeanEmbedding(2000, 16)
    assert 0.0499 < np.abs(net.E).max() <= 0.05 and net.w.dtype == np.float32
    assert np.abs(net.v).max() <= np.sqrt(6 / 17) and net.b[0] == 0 and net.w.size == 2000 * 16 + 17
    assert repr(net) == "MeanEmbedding of 2,000 words in 16 numbers: 32,017 weights, float32"


def test_fit_learns_and_measures_accuracy():
    X, _ = texts(n=200)
    y = (X == 4).any(axis=1).astype(int)
    net = MeanEmbedding(12, 2, 0, np.float64)
    history = net.fit(X, y, epochs=40, batch_size=20, optimizer=Adam(0.1), validation_data=(X, y)).history
    assert history["val_accuracy"][-1] == 1.0 and history["loss"][-1] < 0.2 and set(history) == {
        "loss", "accuracy", "val_loss", "val_accuracy",
    }  # fmt: skip


def test_views_write_into_w_and_copies_are_apart():
    net = model()
    net.E[3] = 7
    assert (net.w[9:12] == 7).all()
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        other.w += 1
        assert other.E[3, 0] == 8 and net.E[3, 0] == 7 and other.loss_and_gradient(*texts())[1].shape == net.w.shape


def test_what_is_assigned_is_written_into_w():
    net, other = model(), model()
    other.w = 1 - other.w
    net.E, net.v, net.b = other.E, other.v.tolist(), [5]
    net.E[0] = other.E[0]
    np.testing.assert_array_equal(net.w, [*other.w[:-1], 5])
    net.v *= 2
    net.arrays()[2] = [7]
    np.testing.assert_array_equal(net.w[36:], [*2 * other.v, 7])


@pytest.mark.parametrize(
    ("message", "run"),
    [
        ("E has shape", lambda: setattr(model(), "E", np.zeros((3, 12)))),
        ("v holds masked values", lambda: setattr(model(), "v", np.ma.masked_equal(np.zeros(3), 0))),
        (r"b\[0\] is nan", lambda: setattr(model(), "b", [np.nan])),
        ("words must be at least 3", lambda: MeanEmbedding(2)),
        ("size must be a whole number", lambda: MeanEmbedding(20, 2.5)),
        ("dtype must be float32 or float64", lambda: MeanEmbedding(20, dtype=int)),
        ("seed must be", lambda: MeanEmbedding(20, seed="x")),
        ("X must hold whole numbers", lambda: model().predict(np.ones((2, 3)))),
        ("X must hold whole numbers", lambda: model().predict(["good"])),
        ("X has shape", lambda: model().predict(np.ones(3, int))),
        ("X has shape", lambda: model().predict(np.ones((0, 3), int))),
        ("X holds the number 12", lambda: model().predict([[3, 12]])),
        ("X holds the number -1", lambda: model().predict([[3, -1]])),
        ("y has shape", lambda: model().loss_and_gradient([[3, 1]], [1, 0])),
        ("y holds the label 2", lambda: model().loss_and_gradient([[3, 1]], [2])),
        ("w has shape", lambda: setattr(model(), "w", np.zeros(3))),
        ("flat has shape", lambda: model().views(np.zeros(3))),
        ("set_weights takes a list", lambda: model().set_weights(3)),
        ("weights takes 3 arrays", lambda: model().set_weights([np.zeros((12, 3))])),
        (r"weights\[1\] has shape", lambda: model().set_weights([np.zeros((12, 3)), np.zeros(3), np.zeros(1)])),
        ("validation_data: X holds the number 20", lambda: model().fit(*texts(), validation_data=([[20]], [1]))),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, run):
    refuses(message, run)


def test_reader_s_settings_for_arithmetic_change_nothing():
    net = model()
    net.E, net.v = net.E * 1e-200, net.v * 1e-200

    def run():
        return [net.word_scores(), net.predict(texts()[0]), net.evaluate(*texts()), sigmoid(np.array([-1e-320, 800.0]))]

    usual = run()
    with np.errstate(all="raise"):
        for one, other in zip(run(), usual):
            np.testing.assert_array_equal(one, other)
