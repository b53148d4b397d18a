"""One training in several processes has the numbers of one process, ends cleanly, and says what it lacks.

Threads play the processes, so that what `Shared` computes is tested without MPI too.
"""

import importlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import types

import nbformat
import numpy as np
import pytest

from gdcourse import sharing
from gdcourse.commands import doctor, notebooks
from gdcourse.exercises import catalogue
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.training import fit

step_time = importlib.import_module("gdcourse.widgets.step_time")
needs_mpi = pytest.mark.skipif(bool(sharing.what_is_missing()), reason="MPI is not installed")
(LESSON,) = (path for path in notebooks.lessons() if path.name.startswith("19"))


class Room:
    """What so many threads share to add up their arrays."""

    def __init__(self, size):
        self.size, self.handed_in, self.barrier = size, [None] * size, threading.Barrier(size, timeout=20)


class Communicator:
    """The part of mpi4py's communicator that a training needs, between threads."""

    def __init__(self, rank, room):
        self.rank, self.size, self.room = rank, room.size, room

    def Allreduce(self, mine, total):  # noqa: N802  MPI's name
        self.room.handed_in[self.rank] = mine
        self.room.barrier.wait()
        total[:] = sum(self.room.handed_in)
        self.room.barrier.wait()


def in_threads(processes, run):
    """Return what run(communicator) returns in each of so many threads; an error in one of them is raised here."""
    room, found = Room(processes), [None] * processes

    def work(rank):
        try:
            found[rank] = run(Communicator(rank, room))
        except BaseException as problem:
            room.barrier.abort()
            found[rank] = problem

    threads = [threading.Thread(target=work, args=[rank]) for rank in range(processes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems := [one for one in found if isinstance(one, BaseException)]:
        raise problems[0]
    return found


def digits():
    rng = np.random.default_rng(0)
    return rng.normal(size=(90, 6)), rng.integers(0, 4, 90)


def trained(wrap=lambda net: net, batch_size=16, **options):
    """Return (losses, w) of a small network after two epochs. wrap: makes it a shared one."""
    net = MLP((6, 8, 4), dtype=np.float64, **options)
    history = fit(wrap(net), *digits(), epochs=2, batch_size=batch_size, optimizer=SGD(0.3, momentum=0.5), callbacks=[])
    return history.history["loss"], net.w.copy()


@pytest.mark.parametrize("processes", [1, 2, 3, 5])
@pytest.mark.parametrize("options", [{}, {"l2": 0.01}, {"batch_size": 4}], ids=str)
def test_several_have_the_numbers_of_one(processes, options):
    losses, w = trained(**options)
    found = in_threads(processes, lambda world: trained(lambda net: sharing.Shared(net, world), **options))
    for shared_losses, shared_w in found:
        assert np.allclose(shared_losses, losses, 0, 1e-12) and np.allclose(shared_w, w, 0, 1e-12)
        assert np.array_equal(shared_w, found[0][1])  # all processes, bit for bit


def test_alone_they_drift_apart():
    ways = {
        kind: lambda world, kind=kind: trained(lambda net: kind(net, world)) for kind in (sharing.Shared, sharing.Alone)
    }
    together, alone = (in_threads(2, run) for run in ways.values())
    assert np.array_equal(together[0][1], together[1][1]) and np.abs(alone[0][1] - alone[1][1]).max() > 0.01


def test_alone_a_process_without_a_row_takes_no_step():
    found = in_threads(5, lambda world: trained(lambda net: sharing.Alone(net, world), batch_size=4))
    start = MLP((6, 8, 4), dtype=np.float64).w
    moved = [not np.array_equal(w, start) for _, w in found]
    assert moved == [True] * 4 + [False]  # no batch has a fifth row, and the last one has two


@pytest.mark.parametrize("trouble", [OverflowError, np.nan])
def test_when_one_leaves_the_finite_numbers_all_stop_and_none_waits(trouble, capsys):
    class Model:
        def __init__(self, world):
            self.w, self.world, self.steps = np.zeros(3), world, 0

        def loss_and_gradient(self, X, y):
            self.steps += 1
            if self.steps == 2 and self.world.rank == 1:
                if trouble is OverflowError:
                    raise trouble
                return trouble, np.ones(3)
            return 1.0, np.ones(3)

    def run(world):
        return fit(sharing.Shared(Model(world), world), *digits(), epochs=2, batch_size=16, callbacks=[]).message

    assert all("no longer finite" in message for message in in_threads(3, run))


def test_shared_refuses_what_is_no_model(refuses):
    refuses("fit needs a model", sharing.Shared, 3, None)


def lesson_names(*wanted):
    """Return what the lesson's cells define with these words in them, run with the right answers."""
    cells = [cell.source for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "code"]
    names = {"np": np} | {name: catalogue.find(name).reference for name in ("add_up", "sent_by_each", "rows_of")}
    for word in wanted:
        (source,) = (source for source in cells if f"def {word}(" in source and "@exercise" not in source)
        exec(source, names)
    return types.SimpleNamespace(**names)


@pytest.mark.parametrize("processes", [2, 3, 8, 25])
def test_the_ring_adds_up_and_sends_what_the_formula_says(processes):
    arrays = np.random.default_rng(processes).normal(size=(processes, 600))
    names = lesson_names("ring")
    sums, sent = names.ring(list(arrays))
    assert np.allclose(sums, arrays.sum(axis=0), 0, 1e-12) and all(np.array_equal(one, sums[0]) for one in sums)
    assert sent == names.sent_by_each(600, processes) == 2 * 600 - 2 * 600 / processes
    uneven, _ = names.ring(list(arrays[:, :599]))
    assert np.allclose(uneven, arrays[:, :599].sum(axis=0), 0, 1e-12)


def test_what_the_lesson_says_of_many_processes():
    names, prose = lesson_names("step_seconds"), "\n".join(cell.source for cell in nbformat.read(LESSON, 4).cells)
    step = lambda P, batch=1024, numbers=52650: sum(names.step_seconds(P, batch, numbers))  # noqa: E731
    assert min(step_time.PROCESSES, key=step) == 16 and "with 1,024 images it was 16. With those 1,024, a ring" in prose
    assert min(step_time.PROCESSES, key=lambda P: step(P, 4096)) == 32 and "\n\nIt is 32; with" in prose
    assert "**With a batch of 4,096, for which" in prose
    assert step(1024) > step(1) and f"it waits for {2 * (1024 - 1):,} turns" in prose
    assert np.log2(1024) == 10 and "each with the whole array; 10 for 1,024" in prose
    assert f"each of 64 processes needs about 40 images, a batch of {64 * 40:,}" in prose
    for numbers in (1e8, 1e9):
        computing, messages = names.step_seconds(64, 64 * 40, numbers)
        assert 0.95 < computing / messages < 1.05 and "From there, more weights make" in prose
    for numbers, batch in (52650, 128), (52650, 4096), (535818, 4096):
        faster = sum(names.step_seconds(1, batch, numbers)) / sum(names.step_seconds(2, batch, numbers))
        assert f"| {numbers:,} | {batch:,} | {faster:.1f} | " in prose
    assert "in two laps of $P - 1$ turns" in prose


# The program


def copied(mine, total):
    total[:] = mine


ALONE = types.SimpleNamespace(rank=0, size=1, gather=lambda one: [one], Allreduce=copied)  # a world of one process


def kept():
    return json.loads(sharing.KEPT.read_text(encoding="utf-8"))["runs"]


def test_kept_numbers_are_those_of_one_process():
    run = sharing.train(ALONE)
    for one in kept():
        if one["exchange"]:
            assert np.allclose(one["loss"], run["loss"], 0, 1e-9)  # another machine's last digits may differ
            assert np.allclose(one["val_loss"], run["val_loss"], 0, 1e-9) and one["apart"] == 0
        else:
            assert min(one["val_loss"]) > run["val_loss"][0]
    assert [len(one["val_loss"]) for one in kept()] == [one["processes"] for one in kept()]


def test_a_process_that_was_to_have_company_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "mpi4py", types.SimpleNamespace(MPI=types.SimpleNamespace(COMM_WORLD=ALONE)))
    with pytest.raises(RuntimeError, match="2 processes were started, and each is alone: mpiexec is of another MPI"):
        sharing.main(["--processes", "2"])


def test_without_mpi_it_says_what_to_install_and_goes_on(monkeypatch, capsys):
    monkeypatch.setattr(sharing, "find_spec", lambda name: None)
    run = sharing.launch(2, exchange=False)
    said = capsys.readouterr().out
    assert run in kept() and not run["exchange"] and run["apart"] > 0.01
    assert re.fullmatch(r"MPI: to run it here, %pip install mpi4py \S+\. Kept numbers \(\w+ [\d.]+\):\n", said)
    with pytest.raises(RuntimeError, match="No run with 7 processes was kept"):
        sharing.launch(7)


@pytest.mark.parametrize(
    ("arguments", "said"), [((0,), "processes must be at least 1"), ((2, "no"), "exchange must be True or False")]
)
def test_other_arguments_are_refused(refuses, arguments, said):
    refuses(said, sharing.launch, *arguments)


@pytest.mark.parametrize("answer", [None, (True, "lesson 19 can", None), (False, "optional, not installed", "x")])
def test_doctor_never_calls_it_wrong(monkeypatch, answer):
    monkeypatch.setattr(doctor, "ask", lambda question: answer)
    mark, text, mend = doctor.mpi()
    assert mark == (doctor.OK if answer and answer[0] else doctor.NOTE) and mend is None
    assert "lesson 19" in text or "optional" in text


@needs_mpi
def test_two_processes_have_the_numbers_of_one_and_both_kept_what_was_kept(capsys):
    run = sharing.launch(2)
    assert capsys.readouterr().out.startswith("MPI: ")
    (one,) = (one for one in kept() if one["exchange"] and one["processes"] == 2)
    assert np.allclose(run["loss"], one["loss"], 0, 1e-9) and run["apart"] == 0
    assert run["val_loss"][0] == run["val_loss"][1] and len(run["val_accuracy"]) == 2


DYING = """
import os, signal, sys
import numpy as np
from mpi4py import MPI
from gdcourse import sharing

class Model:
    w = np.zeros(5)
    def loss_and_gradient(self, X, y):
        if MPI.COMM_WORLD.rank == 1:
            if sys.argv[1] == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            raise KeyError("a fault of rank 1")
        return 1.0, np.zeros(5)

sharing.fit(sharing.Shared(Model(), MPI.COMM_WORLD), np.ones((40, 2)), np.ones(40), epochs=3, batch_size=4)
"""


@needs_mpi
@pytest.mark.parametrize(
    ("how", "said"),
    [("error", "code 1: KeyError: 'a fault of rank 1'"), ("killed", "a process was ended from outside")],
)
def test_when_a_process_dies_none_waits_for_it(tmp_path, how, said):
    program = tmp_path / "dying.py"
    program.write_text(DYING, encoding="utf-8")
    with pytest.raises(RuntimeError, match=said):
        sharing.start(2, program, how, patience=60)
    assert not left_over(program)


def left_over(program):
    """Return the processes that still run a program, by their command lines."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout.splitlines()
    return [line for line in listed if str(program) in line]


@needs_mpi
def test_processes_that_take_too_long_are_ended(tmp_path):
    program = tmp_path / "waiting.py"
    program.write_text("import time\nfrom mpi4py import MPI\ntime.sleep(100)\n", encoding="utf-8")
    before = time.monotonic()
    with pytest.raises(RuntimeError, match="had not ended after 1 seconds"):
        sharing.start(2, program, patience=1)
    assert time.monotonic() - before < 60 and not left_over(program)


@needs_mpi
def test_no_file_beside_the_notebook_stands_in_for_pythons_own(tmp_path, monkeypatch):
    (tmp_path / "random.py").write_text("raise SystemExit('the random of the reader')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "--learning-rate" in sharing.start(2, "-m", "gdcourse.sharing", "--help", patience=60)


def test_where_mpi_is_missing_too_each_process_would_leave_the_folder_alone(monkeypatch):
    def refused(command, **_):
        raise RuntimeError(command)

    monkeypatch.setattr(sharing, "mpiexec", lambda: "mpiexec")
    monkeypatch.setattr(subprocess, "Popen", refused)
    with pytest.raises(RuntimeError) as stop:
        sharing.start(2, "program.py")
    assert stop.value.args[0] == ["mpiexec", "-n", "2", sys.executable, "-P", "-m", "mpi4py", "program.py"]


@needs_mpi
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system can't lend one core")
def test_more_processes_than_images_and_cores(capsys):
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, list(cores)[:1])
    try:
        arguments = ["--images", "6", "--batch-size", "2", "--epochs", "1"]
        printed = sharing.start(3, "-m", "gdcourse.sharing", *arguments)
    finally:
        os.sched_setaffinity(0, cores)
    one = sharing.train(ALONE, images=6, batch_size=2, epochs=1)
    losses = [float(loss) for loss in re.findall(r"loss ([\d.]+)", printed)]
    assert np.allclose(losses, [*one["loss"], *one["val_loss"]], 0, 1e-6)


def test_without_arguments_it_explains_itself():
    command = [sys.executable, "-m", "gdcourse.sharing", "--help"]
    said = subprocess.run(command, capture_output=True, text=True, cwd=notebooks.ROOT).stdout
    assert "--alone" in said and "--learning-rate" in said


TWO_DEVICES = """
import keras
import numpy as np
import tensorflow as tf
from gdcourse.mlp import MLP

(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")
rng = np.random.default_rng(0)
X, y, net = rng.random((384, 20)), rng.integers(0, 4, 384), MLP((20, 8, 4), seed=0, dtype=np.float64)
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with strategy.scope():
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(4)])
    model.set_weights(net.get_weights())
    optimizer = keras.optimizers.SGD(0.5)
    optimizer.build(model.trainable_variables)

def step(X, y):
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(y, model(X), from_logits=True)
        loss = tf.nn.compute_average_loss(losses, global_batch_size=128)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

for start in range(0, 384, 128):
    cuts = start, start + 100, start + 128
    deal = lambda array: strategy.experimental_distribute_values_from_function(
        lambda one: tf.constant(array[slice(*cuts[one.replica_id_in_sync_group :][:2])]))
    strategy.run(step, args=(deal(X), deal(y)))
    net.w -= 0.5 * net.loss_and_gradient(X[start : start + 128], y[start : start + 128])[1]
print(max(np.abs(ours - theirs).max() for ours, theirs in zip(net.get_weights(), model.get_weights())))
"""


FIT_ON_TWO_DEVICES = """
import contextlib
import json
import sys
import keras
import numpy as np
import tensorflow as tf
from gdcourse.mlp import MLP

(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")
rng, rows = np.random.default_rng(0), []
X, y, net = rng.random((15, 20)), rng.integers(0, 4, 15), MLP((20, 8, 4), seed=0, dtype=np.float64)

class Count(keras.layers.Layer):
    def call(self, X):
        tf.py_function(lambda share: rows.append(len(share)), [X], [])
        return X

if sys.argv[1] == "mirrored":
    scope = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope()
else:
    keras.distribution.set_distribution(keras.distribution.DataParallel(devices=["cpu:0", "cpu:1"]))
    scope = contextlib.nullcontext()
with scope:
    layers = [Count(), keras.layers.Dense(8, "relu"), keras.layers.Dense(4, "softmax")]
    model = keras.Sequential([keras.Input((20,)), *layers])
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy", jit_compile=False)
model.set_weights(net.get_weights())
model.fit(X, y, batch_size=8, shuffle=False, verbose=0)

def apart(batches):
    w = net.w.copy()
    for shares in batches:
        gradients = [net.loss_and_gradient(X[slice(*share)], y[slice(*share)])[1] for share in shares]
        net.w -= 0.5 * np.mean(gradients, axis=0)
    found = max(np.abs(ours - theirs).max() for ours, theirs in zip(net.get_weights(), model.get_weights()))
    net.w = w
    return found

whole, means = apart([[(0, 8)], [(8, 15)]]), apart([[(0, 4), (4, 8)], [(8, 12), (12, 15)]])
print(json.dumps({"rows": sorted(rows), "from whole batches": whole, "from the plain mean": means}))
"""


@pytest.mark.parametrize("kind", ["mirrored", "DataParallel"])
def test_keras_s_fit_on_two_devices(kind):
    """In a scope it takes the plain mean of unequal shares; DataParallel on TensorFlow shares nothing, unsaid."""
    pytest.importorskip("tensorflow")
    environment = notebooks.clean_environment(**notebooks.QUIET, KERAS_BACKEND="tensorflow")
    command = [sys.executable, "-c", FIT_ON_TWO_DEVICES, kind]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=notebooks.ROOT, env=environment)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    near, far = ("from the plain mean", "from whole batches")[:: 1 if kind == "mirrored" else -1]
    assert found["rows"] == ([3, 4, 4, 4] if kind == "mirrored" else [7, 8])
    assert found[near] < 1e-12 and found[far] > 1e-3
    assert "not share" not in ran.stderr


def test_keras_takes_the_same_steps_with_unequal_shares_on_two_devices():
    """What the lesson says of compute_average_loss: shares of 100 and 28 make the step of the whole batch."""
    pytest.importorskip("tensorflow")
    environment = notebooks.clean_environment(**notebooks.QUIET, KERAS_BACKEND="tensorflow")
    ran = subprocess.run(
        [sys.executable, "-c", TWO_DEVICES], capture_output=True, text=True, cwd=notebooks.ROOT, env=environment
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert float(ran.stdout.split()[-1]) < 1e-15
