"""How fast the network trains, next to the bare matrix products and to Keras; its memory; and what imports cost.

    python tests/benchmarks/training_speed.py [--rounds 7] [--no-keras]

The contestants take turns, three epochs each, so that whatever else the machine does slows all of them down alike;
ratios are medians over the rounds. It asserts nothing: the bounds are printed beside the numbers.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from gdcourse.mlp import MLP

ROOT = Path(__file__).parents[2]
SAMPLES, SIZES, BATCH, EPOCHS = 60_000, (784, 64, 32, 10), 128, 3
LEARNING_RATE = 0.01
MODULES = ["checks", "functions", "gradients", "optimizers", "mlp", "datasets"]


def made_up_data():
    """Return float32 X between 0 and 1, and a random class for each row."""
    rng = np.random.default_rng(0)
    return rng.random((SAMPLES, SIZES[0]), dtype=np.float32), rng.integers(0, SIZES[-1], SAMPLES)


def bare(X, y):
    """Return a function that does the row gathers and the eight matrix products of each batch, and nothing else."""
    W = [np.full(shape, 0.01, np.float32) for shape in zip(SIZES, SIZES[1:])]
    dW = [np.empty_like(one) for one in W]
    a = [np.empty((BATCH, size), np.float32) for size in SIZES]
    d = [np.empty((BATCH, size), np.float32) for size in SIZES]
    d[-1][:] = 0.01

    def products(rows):
        n = len(rows)
        np.take(X, rows, axis=0, out=a[0][:n], mode="clip")
        for l in range(3):
            np.matmul(a[l][:n], W[l], out=a[l + 1][:n])
        for l in reversed(range(3)):
            np.matmul(a[l][:n].T, d[l + 1][:n], out=dW[l])
            if l > 0:
                np.matmul(d[l + 1][:n], W[l].T, out=d[l][:n])

    def train():
        rng = np.random.default_rng(0)
        with threadpool_limits(1, "blas"):
            for order in (rng.permutation(SAMPLES) for _ in range(EPOCHS)):
                for rows in np.split(order, range(BATCH, SAMPLES, BATCH)):
                    products(rows)

    return train


def ours(X, y):
    """Return a function that trains our network."""
    net = MLP(SIZES)
    return lambda: net.fit(X, y, epochs=EPOCHS, batch_size=BATCH)


def keras(X, y):
    """Return a function that trains the same network in Keras."""
    import keras

    hidden = [keras.layers.Dense(size, activation="relu") for size in SIZES[1:-1]]
    output = keras.layers.Dense(SIZES[-1], activation="softmax")
    model = keras.Sequential([keras.Input((SIZES[0],)), *hidden, output])
    optimizer = keras.optimizers.SGD(LEARNING_RATE)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return lambda: model.fit(X, y, epochs=EPOCHS, batch_size=BATCH, verbose=0)


def seconds(train):
    """Return how long one epoch takes."""
    start = time.perf_counter()
    train()
    return (time.perf_counter() - start) / EPOCHS


def race(contestants, rounds):
    """Return the seconds an epoch takes each contestant, one number a round, after a round to warm up."""
    X, y = made_up_data()
    entered = {contestant.__name__: contestant(X, y) for contestant in contestants}
    times = {name: [] for name in entered}
    for number in range(rounds + 1):
        for name, train in entered.items():
            took = seconds(train)
            if number:
                times[name].append(took)
    return times


def ratio(times, one, other):
    """Return the median, over the rounds, of how many times as long one contestant took as another."""
    return statistics.median(np.divide(times[one], times[other]))


def peak_memory():
    """Return the most memory this process has had, in MB, or None where it can't be told."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1000 * 1.024
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def memory():
    """Print the peak memory of a process that makes the data and trains two epochs, over the data's own size."""
    X, y = made_up_data()
    MLP(SIZES).fit(X, y, epochs=2, batch_size=BATCH, validation_data=(X[:10_000], y[:10_000]))
    peak = peak_memory()
    data = (X.nbytes + y.nbytes) / 1e6
    if peak is None:
        print("memory: this system doesn't tell")
    else:
        print(f"memory: peak {peak:.0f} MB, data {data:.0f} MB: {peak - data:.0f} MB over the data (bound 60)")


def import_cost(module, repeats=5):
    """Return the median seconds that importing a module takes after NumPy, in fresh processes."""
    code = (
        f"import time, numpy; start = time.perf_counter(); import gdcourse.{module}; print(time.perf_counter() - start)"
    )
    run = [sys.executable, "-c", code]
    return statistics.median(float(subprocess.check_output(run, text=True, cwd=ROOT)) for _ in range(repeats))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="turns of each contestant (default: 7)")
    parser.add_argument("--no-keras", action="store_true", help="leave Keras out")
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)  # the process of its own
    options = parser.parse_args()
    if options.memory:
        return memory()

    blas = next((library for library in threadpool_info() if library["user_api"] == "blas"), {})
    print(f"NumPy {np.__version__}, {blas.get('internal_api')} {blas.get('version')} {blas.get('architecture')}")
    print(f"{'-'.join(map(str, SIZES))}, {SAMPLES:,} samples, batches of {BATCH}, {options.rounds} rounds")
    times = race([bare, ours] if options.no_keras else [bare, ours, keras], options.rounds)
    for name, took in times.items():
        print(f"  {name:6} {statistics.median(took):.3f} s an epoch ({min(took):.3f} to {max(took):.3f})")
    print(f"ours / bare: {ratio(times, 'ours', 'bare'):.2f} (bound 1.5, aim 1.2)")
    if "keras" in times:
        print(f"keras / ours: {ratio(times, 'keras', 'ours'):.1f} (bound 4, aim 6)")
    subprocess.run([sys.executable, __file__, "--memory"], check=True)
    for module in MODULES:
        print(f"import gdcourse.{module}: {import_cost(module):.3f} s beyond NumPy (bound 0.2)")


if __name__ == "__main__":
    main()
