"""One training shared by several processes: each computes the gradient of its share of every batch, MPI adds them up.

In a terminal, in the course's folder and with its Python:
    python -m pip install mpi4py mpich              (on Windows: mpi4py impi-rt)
    mpiexec -n 2 python -m mpi4py -m gdcourse.sharing
`-m mpi4py` ends all processes when one of them fails; else the others would wait for it for ever.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gdcourse import checks
from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.training import check_model, fit

KEPT = Path(__file__).parent / "data" / "shared_runs.json"  # made by tests/tools/build_shared_runs.py
PACKAGES = "mpi4py impi-rt" if os.name == "nt" else "mpi4py mpich"
PATIENCE = 300  # seconds for a run of the lesson's size, which takes two on a quiet machine
# Open MPI, another library for the same calls, refuses root, and more processes than cores, unless it is told.
SETTINGS = {
    "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
    "PRTE_MCA_hwloc_default_binding_policy": "none",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
}


class Shared:
    """A model whose batches are shared by the processes of an MPI communicator; `fit` trains it as any other.

    Every process has the whole model with the same weights, all the data, and the same order of the batches. Process r
    of P computes with rows r, r + P, r + 2P, … of each batch: none at all where the batch has fewer.
    """

    def __init__(self, model, communicator):
        check_model(model)
        self.model, self.communicator = model, communicator

    @property
    def w(self):
        """The weights of the model, a flat array."""
        return self.model.w

    @w.setter
    def w(self, values):
        self.model.w = values

    def share(self, array):
        """Return this process's rows of a batch."""
        return array[self.communicator.rank :: self.communicator.size]

    def loss_and_gradient(self, X, y):
        """Return the mean loss of the whole batch and its gradient, the same in every process."""
        mine = np.zeros(self.w.size + 1, self.w.dtype)
        total = np.zeros_like(mine)
        if len(self.share(X)):
            mine[-1], mine[:-1] = self._measured(self.share(X), self.share(y))
            mine *= len(self.share(X)) / len(X)
        self.communicator.Allreduce(mine, total)
        return total[-1], total[:-1]

    def _measured(self, X, y):
        """Return loss and gradient, or NaN where they are not finite: then all processes stop, and none waits."""
        try:
            return self.model.loss_and_gradient(X, y)
        except (OverflowError, checks.NotFinite):
            return np.nan, np.nan


class Alone(Shared):
    """The same without `Allreduce`: each process trains on its shares, and hears nothing of the others."""

    def loss_and_gradient(self, X, y):
        """Return the mean loss of this process's share and its gradient: zeros where it has no row."""
        if not len(self.share(X)):
            return 0.0, np.zeros_like(self.w)
        return self.model.loss_and_gradient(self.share(X), self.share(y))


class _Printer:
    """Prints the loss after each epoch, in the first process alone."""

    def __init__(self, rank):
        self.rank = rank

    def on_epoch_end(self, epoch, logs):
        if self.rank == 0:
            print(f"epoch {epoch + 1}: loss {logs['loss']:.6f}", flush=True)


def train(communicator, exchange=True, epochs=2, batch_size=128, learning_rate=0.1, images=7000, seed=0):
    """Train lesson 9's network in the processes of a communicator; return what the first one measured, else None."""
    (x, y), _ = load_mnist()
    X = x.reshape(-1, 784) / 255
    net = MLP(sizes=(784, 64, 32, 10), seed=seed, dtype=np.float64)
    model = (Shared if exchange else Alone)(net, communicator)
    started = time.perf_counter()
    printer = _Printer(communicator.rank)
    how = {"epochs": epochs, "batch_size": batch_size, "optimizer": SGD(learning_rate), "seed": seed}
    history = fit(model, X[:images], y[:images], callbacks=[printer], **how)
    seconds = time.perf_counter() - started
    every_w = communicator.gather(net.w)
    validated = communicator.gather(net.evaluate(X[7000:], y[7000:]))
    if communicator.rank == 0:
        return {
            "processes": communicator.size,
            "exchange": exchange,
            "loss": [float(one) for one in history.history["loss"]],
            "val_loss": [loss for loss, _ in validated],  # one for each process, as the accuracies
            "val_accuracy": [accuracy for _, accuracy in validated],
            "apart": float(max(np.abs(w - every_w[0]).max() for w in every_w)),  # largest difference of two weights
            "seconds": round(seconds, 2),
        }


def launch(processes, exchange=True):
    """Start this program in so many processes and return what it measured, a dict: see `train`.

    Where MPI is not installed, it says what to install, and returns the numbers kept from the same run elsewhere,
    without the seconds.
    Errors: RuntimeError (the run failed; or MPI is missing and no such run was kept).
    """
    processes, exchange = checks.count("processes", processes), checks.flag("exchange", exchange)
    if missing := what_is_missing():
        kept = json.loads(KEPT.read_text(encoding="utf-8"))
        print(f"MPI: {missing} Kept numbers ({kept['from']}):")
        for run in kept["runs"]:
            if (run["processes"], run["exchange"]) == (processes, exchange):
                return run
        how = checks.counted(processes, "process", "processes") + ("" if exchange else " and without exchange")
        raise RuntimeError(f"No run with {how} was kept; with MPI you could make it.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "run.json")
        start(
            processes, "-m", "gdcourse.sharing", "--processes", processes, "--to", file, *["--alone"] * (not exchange)
        )
        found = json.loads(file.read_text(encoding="utf-8"))
    print(f"MPI: {found['library']}, processes: {processes}, trained for {found['seconds']} seconds.")
    return found


def what_is_missing():
    """Return "" where MPI is installed, else a sentence that says what to install."""
    if find_spec("mpi4py") and mpiexec():
        return ""
    return f"to run it here, %pip install {PACKAGES}."


def mpiexec():
    """Return the path of the program that starts processes, this Python's own if it has one, or None."""
    places = [Path(sys.executable).parent, Path(sys.prefix, "Library", "bin")]  # the second is Intel's, on Windows
    return shutil.which("mpiexec", path=os.pathsep.join(map(str, places))) or shutil.which("mpiexec")


def start(processes, *arguments, patience=PATIENCE):
    """Run this Python with these arguments in so many processes; return what they printed. None of them is left over.

    Errors: RuntimeError with the error's own line (a process failed, or they took longer than `patience` seconds).
    """
    # The first is there to be lost: mpi4py writes a program's own folder over it.
    paths = [os.devnull, str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    ours = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    # -P: where a lesson runs it, nothing is imported from the notebook's folder, where a `random.py` may lie.
    command = [mpiexec(), "-n", str(processes), sys.executable, "-P", "-m", "mpi4py", *map(str, arguments)]
    program = subprocess.Popen(
        command,
        env={**os.environ, **SETTINGS, **ours},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # so that all of them can be ended together
    )
    try:
        printed, said = program.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"The {processes} processes had not ended after {patience} seconds.") from None
    finally:
        if program.poll() is None:
            _end(program)
    if program.returncode:
        killed = ["a process was ended from outside, most likely for want of memory"] * (program.returncode in (9, 137))
        lines = [line for line in said.splitlines() if re.search(r"[a-z]", line)] or ["it said nothing"]
        errors = [line for line in lines if re.match(r"[\w.]*(?:Error|Exception|Exit|NotFinite)\b", line)]
        raise RuntimeError(f"mpiexec ended with code {program.returncode}: {(errors or killed or lines)[-1]}")
    return printed


def _end(program):
    """End mpiexec and what it started: politely first, since it then ends its processes, which have sessions too."""
    program.terminate()
    try:
        program.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL) if hasattr(os, "killpg") else program.kill()
        program.communicate()


def main(arguments=None):
    """Train in the processes that mpiexec has started; the first one prints and keeps what was measured."""
    parser = argparse.ArgumentParser(
        prog="mpiexec -n 2 python -m mpi4py -m gdcourse.sharing", description=train.__doc__
    )
    parser.add_argument("--alone", action="store_true", help="leave out Allreduce")
    for name, value in {"epochs": 2, "batch-size": 128, "learning-rate": 0.1, "images": 7000, "seed": 0}.items():
        parser.add_argument(f"--{name}", type=type(value), default=value, help=f"{value} if not said")
    parser.add_argument("--processes", type=int, help="how many there should be")
    parser.add_argument("--to", type=Path, help="a file for what was measured")
    given = vars(parser.parse_args(arguments))
    from mpi4py import MPI  # here, so that the lesson can import this module without it

    communicator, asked, file = MPI.COMM_WORLD, given.pop("processes"), given.pop("to")
    if asked not in (None, communicator.size):
        raise RuntimeError(f"{asked} processes were started, and each is alone: mpiexec is of another MPI than mpi4py.")
    measured = train(communicator, not given.pop("alone"), **given)
    if measured and file:
        vendor, version = MPI.get_vendor()
        measured["library"] = f"{vendor} {'.'.join(map(str, version))}"
        file.write_text(json.dumps(measured), encoding="utf-8")
    elif measured:
        print(f"validation loss {measured['val_loss'][0]:.6f}, {measured['seconds']} seconds")


if __name__ == "__main__":
    main()
