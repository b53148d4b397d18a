"""Attention and the translator: gradients by nudging, the same numbers as Keras, and what it says alone."""

import re

import numpy as np
import pytest

from gdcourse import numerals
from gdcourse.attention import Translator, attend, attend_gradient
from gdcourse.exercises import catalogue
from gdcourse.gradients import check_gradient
from gdcourse.optimizers import SGD, Adam

SMALL = dict(source_words=32, target_words=33, places=7, units=5, hidden=6, dtype=np.float64)


def random_weights(net, seed=0):
    net.w = np.random.default_rng(seed).normal(size=net.w.size) / 2
    return net


def test_many_look_ups_are_as_many_of_the_exercises():
    rng = np.random.default_rng(0)
    q, K, V, dc = (rng.normal(size=shape) for shape in [(4, 3), (4, 6, 3), (4, 6, 3), (4, 3)])
    c, a = attend(q, K, V)
    back = attend_gradient(dc, q, K, V, a)
    one, one_back = catalogue.find("attend").reference, catalogue.find("attend_gradient").reference
    for i in range(4):
        for ours, theirs in zip((c[i], a[i]), one(q[i], K[i], V[i])):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12)
        for ours, theirs in zip(back, one_back(dc[i], q[i], K[i], V[i], a[i])):
            np.testing.assert_allclose(ours[i], theirs, rtol=1e-12)


def test_keras_divides_by_the_root_of_d_in_one_of_its_two_layers(double):
    """What lesson 18 says of `Attention` and `MultiHeadAttention`, here with one head that changes nothing else."""
    rng, keras = np.random.default_rng(0), double
    q, K, V = (rng.normal(size=shape) for shape in [(5, 4), (5, 6, 4), (5, 6, 4)])
    without, with_it = keras.layers.Attention(), keras.layers.MultiHeadAttention(1, 4, use_bias=False)
    with_it.build(q[:, None].shape, V.shape, K.shape)
    with_it.set_weights([np.eye(4).reshape(array.shape) for array in with_it.get_weights()])
    found = [np.array(layer(q[:, None], V, K))[:, 0] for layer in (lambda *qVK: without(list(qVK)), with_it)]
    for theirs, factor in zip(found, (2, 1)):  # times the root of 4, the division is undone
        np.testing.assert_allclose(attend(q * factor, K, V)[0], theirs, rtol=1e-12)
    assert np.abs(found[0] - found[1]).max() > 0.1


def test_weights_add_up_to_one_and_huge_scores_give_a_hard_look_up():
    rng = np.random.default_rng(0)
    q, K, V = rng.normal(size=(2, 4)), rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 4))
    c, a = attend(1e6 * q, K, V)
    np.testing.assert_allclose(a.sum(axis=1), 1)
    np.testing.assert_allclose(c, V[np.arange(2), a.argmax(axis=1)])


@pytest.mark.parametrize(("seed", "kind"), [(0, int), (1, np.uint8), (2, np.int8), (3, np.uint64)])
def test_the_gradient_is_that_of_the_loss(seed, kind):
    net = random_weights(Translator(**{**SMALL, "units": 9}), seed)  # 32 words of 9 numbers: more than a byte counts
    X, y = (one.astype(kind) for one in numerals.samples([131, 4097, 11, 0]))

    def loss(w):
        net.w = w
        return net.evaluate(X, y)[0]  # the same loss, a test below says, and quicker

    w = net.w.copy()
    assert check_gradient(loss, net.loss_and_gradient(X, y)[1], w, verbose=False)


def test_the_loss_is_that_of_the_probabilities_and_a_word_that_is_not_there_has_no_slope():
    net = random_weights(Translator(**SMALL))
    X, y = numerals.samples([131, 7])
    loss, gradient = net.loss_and_gradient(X, y)
    assert loss == pytest.approx(-np.log(net.predict(X)[np.arange(len(y)), y]).mean())
    assert net.evaluate(X, y)[0] == pytest.approx(loss)
    slopes = net.views(gradient)
    there = np.unique(X[:, :7])
    assert set(np.flatnonzero(slopes["keys"].any(axis=1))) == set(there)
    assert set(np.flatnonzero(slopes["values"].any(axis=1))) == set(there)
    assert set(np.flatnonzero(slopes["last"].any(axis=1))) == set(np.unique(X[:, 8]))


def keras_translator(keras):
    """Return the model of the lesson, written as there."""
    layers = keras.layers

    class Places(layers.Layer):
        def build(self, shape):
            self.places = self.add_weight(shape=shape[1:])

        def call(self, x):
            return x + self.places

    X = keras.Input(shape=(9,), dtype="int32")
    source, before, last = X[:, :7], X[:, 7], X[:, 8]
    K, V = Places()(layers.Embedding(32, 16)(source)), layers.Embedding(32, 16)(source)
    q = layers.Embedding(33, 16)(before) + layers.Embedding(33, 16)(last)
    a = layers.Softmax()(layers.Dot(axes=(2, 1))([K, q]) / 4)
    h = layers.Dense(32, activation="relu")(layers.Concatenate()([layers.Dot(axes=(1, 1))([V, a]), q]))
    return keras.Model(X, layers.Dense(33, activation="softmax")(h))


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 2e-6)])
def test_training_gives_the_same_weights_as_keras(keras, compute_in, dtype, tolerance):
    compute_in(dtype)
    X, y = numerals.samples(range(100, 1000, 9))
    net, model = random_weights(Translator(dtype=dtype)), keras_translator(keras)
    model.set_weights(net.get_weights())
    np.testing.assert_allclose(net.predict(X), model.predict(X, verbose=0), atol=tolerance)
    model.compile(keras.optimizers.SGD(0.25), "sparse_categorical_crossentropy")
    theirs = model.fit(X, y, batch_size=64, epochs=2, shuffle=False, verbose=0).history["loss"]
    ours = net.fit(X, y, epochs=2, batch_size=64, optimizer=SGD(0.25), shuffle=False).history["loss"]
    np.testing.assert_allclose(ours, theirs, rtol=tolerance)
    for mine, other in zip(net.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, atol=tolerance)


@pytest.fixture(scope="module")
def trained():
    """A translator that knows 1,000 numbers, and 500 others."""
    order = np.random.default_rng(77).permutation(10_000)
    net = Translator(seed=77, dtype=np.float64)
    net.fit(*numerals.samples(order[:1000]), epochs=5, batch_size=64, optimizer=Adam(0.01), seed=77)
    return net, order[9500:]


def test_it_learns_to_translate_numbers_that_it_never_saw(trained):
    net, new = trained
    X, y = numerals.samples(new)
    said = net.translate(numerals.encode(new, "English"))
    right = (said[:, :7] == numerals.encode(new, "German")).all(axis=1) & ~said[:, 7:].any(axis=1)
    assert right.mean() > 0.95
    assert right.mean() == pytest.approx(numerals.share_right(net.predict(X), X, y))
    assert numerals.decode(net.translate(numerals.encode([131], "English"))[0], "German") == (
        "ein hundert ein und dreißig"
    )


def test_it_looks_where_the_word_is(trained):
    a = trained[0].attention(numerals.samples([131])[0])
    np.testing.assert_allclose(a.sum(axis=1), 1)
    assert a[4].argmax() == 3 and a[4, 3] > 0.7  # dreißig, thirty
    assert a[2, [3, 4]].sum() > 0.7  # the second ein: thirty and one


def test_whole_numbers_of_any_kind_are_translated_alike():
    net, X = random_weights(Translator(**SMALL)), numerals.samples([131, 7])[0]
    said = net.translate(X[:, :7])
    for kind in (np.uint8, np.uint64):
        np.testing.assert_array_equal(net.translate(X[:, :7].astype(kind)), said)


def test_a_start_follows_from_its_seed_and_weights_go_in_and_out():
    net, same, other = (Translator(seed=seed) for seed in (1, 1, 2))
    assert (net.w == same.w).all() and (net.w != other.w).any() and net.w.dtype == np.float32
    other.set_weights(net.get_weights())
    assert (net.w == other.w).all() and "4,337 weights" in repr(net)
    net.weights["W1"][:] = 0
    assert not net.get_weights()[5].any() and other.weights["W1"].any()


def test_what_is_assigned_is_written_into_w():
    net, other = Translator(seed=1), Translator(seed=2)
    net.weights["keys"] = other.weights["keys"]
    net.weights.update({"W1": other.weights["W1"], "b2": np.ones(33)})
    net.arrays()[1] = other.arrays()[1]
    for name in ("keys", "W1", "before"):
        np.testing.assert_array_equal(net.views(net.w)[name], other.views(other.w)[name])
    np.testing.assert_array_equal(net.w[-33:], 1)
    net.weights = other.weights
    np.testing.assert_array_equal(net.w, other.w)
    assert net.weights is not other.weights and not np.shares_memory(net.w, other.w)


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ("places must be at least 1", lambda net, X, y: Translator(places=0)),
        ("dtype must be float32 or float64", lambda net, X, y: Translator(dtype=int)),
        ("X must hold whole numbers, (n, 9); got float64, (8, 9)", lambda net, X, y: net.predict(X * 1.0)),
        ("X must hold whole numbers, (n, 9); got int64, (8, 8)", lambda net, X, y: net.predict(X[:, 1:])),
        ("X holds a word that the model doesn't have", lambda net, X, y: net.predict(X + 30)),
        ("y has shape (7,)", lambda net, X, y: net.fit(X, y[1:])),
        ("y is empty; give it at least one label", lambda net, X, y: net.evaluate(X[:0], y[:0])),
        ("y is empty; give it at least one label", lambda net, X, y: net.fit(X[:0], [])),
        ("validation_data: X must hold whole numbers", lambda net, X, y: net.fit(X, y, validation_data=(X[:, :2], y))),
        ("weights[0] has shape (31, 16)", lambda net, X, y: net.set_weights([a[1:] for a in net.get_weights()])),
        ("sources holds masked values", lambda net, X, y: net.translate(np.ma.masked_equal(X[:, :7], X[0, 0]))),
        ('weights["W1"] has shape (2,)', lambda net, X, y: net.weights.update(W1=np.ones(2))),
        ('weights["b1"][0] is nan', lambda net, X, y: net.weights.update(b1=np.full(32, np.nan))),
        ('the name in weights must be one of "keys", "before",', lambda net, X, y: net.weights.update(W3=3)),
        ("the arrays in weights stay as many as they are", lambda net, X, y: net.weights.pop("W1")),
        ("weights takes an array for each of keys, before,", lambda net, X, y: setattr(net, "weights", {"W1": 0})),
        ("weights takes an array for each of keys, before,", lambda net, X, y: setattr(net, "weights", None)),
        ("arrays()[0] has shape", lambda net, X, y: net.arrays().__setitem__(0, np.ones(2))),
        ("longest must be at least 1", lambda net, X, y: net.translate(X[:, :7], longest=0)),
    ],
)
def test_bad_input_gets_a_sentence(refuses, message, call):
    refuses(re.escape(message), call, Translator(dtype=np.float64), *numerals.samples([131, 7]))


def test_scores_that_underflow_give_a_finite_loss_whatever_the_reader_s_settings_for_arithmetic():
    net, (X, y) = random_weights(Translator(dtype=np.float64)), numerals.samples([131, 7])
    net.w = net.w * 30  # the probabilities of some words round to zero
    q, K, V = np.full((1, 2), 600.0), np.array([[[0, 0], [3.0, 4.0]]]), np.array([[[1e-200, 1.0], [2.0, 3.0]]])

    def run():
        c, a = attend(q, K, V)
        gradient = attend_gradient(np.full((1, 2), 1e-200), q, K, V, a)
        return [net.evaluate(X, y), net.predict(X), net.attention(X), net.translate(X[:, :7]), c, a, *gradient]

    usual = run()
    assert (net.predict(X)[np.arange(len(y)), y] == 0).any()
    assert net.evaluate(X, y)[0] == net.loss_and_gradient(X, y)[0] < np.inf
    with np.errstate(all="raise"):
        for one, other in zip(run(), usual):
            np.testing.assert_array_equal(one, other)
