"""Draw the README's picture: two runs in a ravine, and the same training in NumPy and in Keras."""

import os
from pathlib import Path

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0")
import keras
import matplotlib.pyplot as plt
import numpy as np

from gdcourse import plots
from gdcourse.datasets import load_mnist
from gdcourse.functions import ravine
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, descend

PICTURE = Path(__file__).resolve().parents[2] / ".github" / "readme.png"


def losses_of_both(epochs=10):
    """Return the loss of each epoch, in NumPy and in Keras, from the same start and the same batches."""
    (x, y), _ = load_mnist()
    X, net = x.reshape(len(x), -1) / 255, MLP(dtype=np.float64)
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    layers = [keras.layers.Dense(64, "relu"), keras.layers.Dense(32, "relu"), keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((784,)), *layers])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
    model.set_weights(net.get_weights())
    rng, theirs = np.random.default_rng(0), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        theirs += model.fit(X[order], y[order], batch_size=32, shuffle=False, verbose=0).history["loss"]
    ours = net.fit(X, y, epochs=epochs, batch_size=32, optimizer=SGD(0.1)).history["loss"]
    return ours, theirs


def main():
    """Draw both panels and store them as one picture."""
    _, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=[1.25, 1])
    for rate in (0.02, 0.095):
        path = descend(ravine.gradient, ravine.start, SGD(rate), steps=25)
        plots.contour(ravine, path, label=f"η = {rate}", ax=left)
    left.legend(loc="lower left")
    ours, theirs = losses_of_both()
    epochs = np.arange(1, len(ours) + 1)
    right.plot(epochs, ours, label="your NumPy")
    right.plot(epochs, theirs, "o", color=plots.VERMILLION, markersize=9, markerfacecolor="none", label="Keras")
    right.set(xlabel="epoch", ylabel="loss", title=f"largest difference: {np.abs(np.subtract(ours, theirs)).max():.0e}")
    right.legend()
    PICTURE.write_bytes(plots.png(plt.gcf()))


if __name__ == "__main__":
    main()
