"""What a hidden layer makes of its weighted sums, with Keras's names, and how steep that is."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

NEGATIVE_SLOPE = 0.2  # of leaky_relu below zero, as in keras.activations; the layer LeakyReLU has 0.3


class Activation(NamedTuple):
    """A function of z that writes its values a over z, and its slope as a function of a."""

    apply: Callable  #: of an array z, in place
    slope: Callable  #: of a, of its shape


def _leaky_relu(z):
    np.maximum(z, NEGATIVE_SLOPE * z, out=z)


def _sigmoid(z):
    """1 / (1 + exp(−z)) by the tanh, which is finite for every z."""
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5


ACTIVATIONS = {
    "relu": Activation(lambda z: np.maximum(z, 0, out=z), lambda a: a > 0),
    "leaky_relu": Activation(_leaky_relu, lambda a: np.where(a > 0, a.dtype.type(1), a.dtype.type(NEGATIVE_SLOPE))),
    "tanh": Activation(lambda z: np.tanh(z, out=z), lambda a: 1 - a**2),
    "sigmoid": Activation(_sigmoid, lambda a: a * (1 - a)),
}
