"""Where weights start and what hidden layers compute, against Keras's; through twenty layers; and what is refused."""

import numpy as np
import pytest

from gdcourse.activations import ACTIVATIONS
from gdcourse.initializers import NAMES, initial_weights
from gdcourse.mlp import MLP

SHAPE = (300, 200)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "zeros"])
def test_weights_are_spread_as_keras_s(name, keras):
    theirs = keras.ops.convert_to_numpy(getattr(keras.initializers, name)(seed=1)(SHAPE))
    ours = initial_weights(name, SHAPE, np.random.default_rng(0))
    assert ours.shape == SHAPE and abs(ours.mean()) < 0.02 * ours.std()
    np.testing.assert_allclose(ours.std(), theirs.std(), rtol=0.015)
    np.testing.assert_allclose(np.abs(ours).max(), np.abs(theirs).max(), rtol=0.01)
    shares = np.linspace(0.05, 0.95, 19)
    np.testing.assert_allclose(
        np.quantile(ours, shares), np.quantile(theirs, shares), rtol=0.05, atol=0.02 * theirs.std()
    )


def test_zeros_and_a_function_of_one_s_own():
    rng = np.random.default_rng(0)
    assert not MLP((3, 4, 2), kernel_initializer="zeros").w.any()
    net = MLP((3, 4, 2), kernel_initializer=lambda shape, rng: rng.normal(0, 5, shape), dtype=np.float64)
    expected = rng.normal(0, 5, (3, 4)), rng.normal(0, 5, (4, 2))
    for W, own in zip(net.W, expected):
        np.testing.assert_array_equal(W, own)


@pytest.mark.parametrize(
    "initializer, said",
    [
        ("he", 'kernel_initializer must be one of "glorot_uniform"'),
        (None, "kernel_initializer must be one of"),
        (0.01, "kernel_initializer must be one of"),
        (np.ndarray, "kernel_initializer must be one of"),
        (lambda shape, rng: np.ones(3), r"kernel_initializer\(shape, rng\) has shape \(3,\)"),
        (lambda shape, rng: np.full(shape, np.nan), r"kernel_initializer\(shape, rng\)\[0, 0\] is nan"),
        (lambda shape, rng: None, r"kernel_initializer\(shape, rng\) is None"),
    ],
)
def test_what_makes_no_weights_is_refused(initializer, said, refuses):
    refuses(said, MLP, (3, 4, 2), kernel_initializer=initializer)


@pytest.mark.parametrize(
    "rule, activation", [("glorot_uniform", "tanh"), ("he_normal", "relu"), ("he_uniform", "relu")]
)
def test_the_signal_lives_through_twenty_layers_with_the_rule_for_its_activation(rule, activation):
    X = np.random.default_rng(1).normal(size=(500, 100))

    def last_over_first(rule):
        net = MLP((100,) * 21 + (10,), activation=activation, kernel_initializer=rule, dtype=np.float64)
        outputs = net.forward(X)[1:-1]
        return outputs[-1].std() / outputs[0].std()

    assert 0.1 < last_over_first(rule) < 3
    assert last_over_first(lambda shape, rng: rng.normal(0, 0.01, shape)) < 1e-9


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_are_keras_s_and_their_slopes_the_tape_s(name, keras, compute_in):
    import tensorflow as tf

    compute_in("float64")
    z = np.concatenate([np.linspace(-4, 4, 41) + 0.03, [-800.0, 800.0]])
    with tf.GradientTape() as tape:
        tape.watch(variable := tf.constant(z))
        theirs = getattr(keras.activations, name)(variable)
    a = z.copy()
    ACTIVATIONS[name].apply(a)
    rounded = {"rtol": 2e-8} if name == "leaky_relu" else {"rtol": 1e-12, "atol": 1e-15}  # 0.2, to 32 bits in Keras
    np.testing.assert_allclose(a, theirs, **rounded)
    np.testing.assert_allclose(ACTIVATIONS[name].slope(a), tape.gradient(theirs, variable), **rounded)
    single = np.float32(z)
    ACTIVATIONS[name].apply(single)
    assert single.dtype == np.float32 and (np.float32(1) * ACTIVATIONS[name].slope(single)).dtype == np.float32


def test_another_activation_is_refused(refuses):
    refuses('activation must be one of "relu", "leaky_relu", "tanh", "sigmoid"; got', MLP, (3, 2), activation="swish")
    refuses("activation must be one of", MLP, (3, 2), activation=np.tanh)
