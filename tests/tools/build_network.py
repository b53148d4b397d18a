"""Build gdcourse/data/network.npy, the trained network of lessons 1 to 3, with lesson 9's own `MLP` and `fit`.

    python tests/tools/build_network.py            # train, write the file
    python tests/tools/build_network.py --check    # train, compare with the file, write nothing

It is the network of lesson 9 after five of its ten epochs, trained in float64 and stored in float32. It takes some
seconds and needs no network. Other machines round otherwise, so the weights are the same within TOLERANCE, not byte for
byte.
"""

import argparse
import io
import sys
from pathlib import Path

import numpy as np
from kept import keep

from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD

TARGET = Path(__file__).resolve().parents[2] / "gdcourse" / "data" / "network.npy"
TOLERANCE = 1e-6  # float32 keeps 6e-8 of a weight of 1; sums in another order add less than that in float64


def train(epochs=5):
    """Return the weights, (52650,) float32, as the lines of lesson 9 train them."""
    (x_train, y_train), _ = load_mnist()
    X, y = x_train[:7000].reshape(-1, 784) / 255, y_train[:7000]
    net = MLP(sizes=(784, 64, 32, 10), seed=0, dtype=np.float64)
    net.fit(X, y, epochs=epochs, batch_size=32, optimizer=SGD(0.1))
    return net.w.astype(np.float32)


def build(w):
    """Return the bytes of our file: the weights in the course's order, `MLP.w`."""
    file = io.BytesIO()
    np.lib.format.write_array(file, w, version=(1, 0), allow_pickle=False)
    return file.getvalue()


def compare(w, path):
    """Return what differs between the weights and the file at `path`, or '' when nothing does within TOLERANCE."""
    if not path.exists():
        return f"{path.name} does not exist"
    kept = np.load(path, allow_pickle=False)
    if (kept.shape, kept.dtype) != (w.shape, w.dtype):
        return f"the file holds {kept.dtype} of shape {kept.shape}, not {w.dtype} of shape {w.shape}"
    off = np.abs(kept - w)
    apart = int(np.count_nonzero(~(off <= TOLERANCE)))
    return f"{apart:,} weights differ by more than {TOLERANCE:g}, at most by {off.max():.2g}" if apart else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    options = parser.parse_args()
    w = train()
    if not options.check:
        return keep(build(w), TARGET)
    difference = compare(w, TARGET)
    print(f"check: {difference or f'{TARGET.name} holds the same weights within {TOLERANCE:g}'}")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())
