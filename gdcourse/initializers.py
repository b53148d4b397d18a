"""Where the weights of a layer start, with the names and the ranges of Keras 3.

Glorot keeps the spread of a layer's outputs and of its gradients near that of what comes in; He keeps that of the
outputs after a ReLU, which drops half. Sources: Glorot and Bengio 2010, He et al. 2015; Keras 3,
keras/src/initializers/random_initializers.py.
"""

import numpy as np

from gdcourse import checks

VARIANCES = {  # of a weight in a layer of so many inputs and outputs
    "glorot": lambda inputs, outputs: 2 / (inputs + outputs),
    "he": lambda inputs, outputs: 2 / inputs,
}
CUT = 2.0  # a normal draw further out than so many standard deviations is drawn again, as in Keras
SPREAD_OF_CUT = 0.87962566103423978  # the standard deviation of what is left of a standard normal


def initial_weights(initializer, shape, rng):
    """Return the first weights of a layer, an array of this shape (inputs, outputs).

    initializer: "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "zeros", or a function of (shape, rng).
    """
    if callable(initializer) and not isinstance(initializer, type):
        weights = checks.floats("kernel_initializer(shape, rng)", initializer(shape, rng))
        checks.same_shape("kernel_initializer(shape, rng)", weights, "the layer", np.empty(shape))
        checks.finite("kernel_initializer(shape, rng)", weights)
        return weights
    checks.one_of("kernel_initializer", initializer, NAMES, "or a function of (shape, rng)")
    if initializer == "zeros":
        return np.zeros(shape)
    rule, kind = initializer.split("_")
    return DRAWS[kind](rng, np.sqrt(VARIANCES[rule](*shape)), shape)


def _uniform(rng, spread, shape):
    """Uniform between ±√3 times the spread, which has this spread."""
    return rng.uniform(-np.sqrt(3) * spread, np.sqrt(3) * spread, shape)


def _normal(rng, spread, shape):
    """Normal, cut off at CUT standard deviations, with this spread after the cut."""
    drawn = rng.standard_normal(shape)
    while (far := np.abs(drawn) > CUT).any():
        drawn[far] = rng.standard_normal(np.count_nonzero(far))
    return drawn * (spread / SPREAD_OF_CUT)


DRAWS = {"uniform": _uniform, "normal": _normal}
NAMES = (*(f"{rule}_{kind}" for rule in VARIANCES for kind in DRAWS), "zeros")
