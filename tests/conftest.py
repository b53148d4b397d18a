"""What several tests share."""

import contextlib
import gc
import os
import re
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
import warm

from gdcourse import checks

pytest_plugins = ["browser"]
sys.path.insert(0, str(Path(__file__).parent / "tools"))  # the tools are tested too

LIVE = "tests/live/"
# In this order, so that no worker has nothing left to do while another is busy with one of the slowest; the rest last.
# Each check of an exercise forks the worker, in 5 ms, or in 13 once it holds TensorFlow.
FIRST = [re.compile(name) for name in (LIVE, r"tests/test_exercises", r"\.ipynb::|tests/test_(commands|site|theatre)")]

matplotlib.use("agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("GDCOURSE_UNATTENDED", "1")  # never write the reader's own file


def pytest_configure(config):
    """Leave out Keras's own warning about NumPy, one for each of its arrays; let kernels start warm."""
    config.addinivalue_line("filterwarnings", "ignore:__array__ implementation doesn't accept:DeprecationWarning")
    if warm.POSSIBLE:
        config.option.nbval_current_env = False  # a kernel of this name, of this environment too
        if not hasattr(config, "workerinput"):  # one process for all workers
            open_ones = contextlib.ExitStack()
            os.environ["JUPYTER_PATH"] = open_ones.enter_context(warm.kernels())
            config.add_cleanup(open_ones.close)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config, log):
    """Give a worker whole files, since their tests share what takes long; to one of them all that need JupyterLab."""
    from xdist.scheduler import LoadScopeScheduling

    class OneJupyterLab(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return LIVE if nodeid.startswith(LIVE) else super()._split_scope(nodeid)

    return OneJupyterLab(config, log)


def pytest_collection_modifyitems(items):
    """Put first what must not come last."""
    items.sort(key=lambda item: [name.search(item.nodeid) is None for name in FIRST])


@pytest.fixture(scope="module", autouse=True)
def what_stays_is_not_searched():
    """Keep Python from going through TensorFlow's and everybody's objects again and again in search of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def variables_stay():
    """Give the environment back as it was: a command changes that of its own process, here the tests'."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(autouse=True)
def no_figure_is_left():
    """Close what Matplotlib keeps open."""
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def keras():
    """Keras, the real one; Pythons that TensorFlow has no wheels for do without these tests."""
    return pytest.importorskip("keras")


@pytest.fixture
def compute_in(keras):
    """Return a function that makes Keras compute in a dtype until the test ends."""
    before = keras.config.floatx(), keras.config.dtype_policy()

    def change(dtype, policy=None):
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(policy or dtype)  # layers keep the policy of the first one made, in any test

    yield change
    change(*before)


@pytest.fixture
def double(keras, compute_in):
    """Keras, computing in float64."""
    compute_in("float64")
    return keras


@pytest.fixture(params=["float64", "float32"])
def floatx(request, compute_in):
    """The name of a dtype that Keras makes weights, losses and learning rates in during the test."""
    compute_in(request.param)
    return request.param


@pytest.fixture
def patience(monkeypatch):
    """Give the search of two slips the time that it needs on a busy machine."""
    monkeypatch.setattr("gdcourse.exercises.ways.PATIENCE", 30)
    monkeypatch.setattr("gdcourse.exercises.checking.AT_MOST", 60)


@pytest.fixture
def told(capsys):
    """Return a function that gives the message printed since, without its line breaks; no line is too long to read."""

    def message():
        lines = capsys.readouterr().out.splitlines()
        assert all(len(line) <= checks.LINE for line in lines)
        return " ".join(lines)

    return message


@pytest.fixture
def refuses():
    """Return a function that runs code which must be refused, and holds the message to one clear sentence."""

    def check(names, run, *args, **kwargs):
        with pytest.raises((TypeError, ValueError)) as caught:
            run(*args, **kwargs)
        message = str(caught.value)
        assert re.match(names, message), f"the message begins otherwise than {names!r}: {message}"
        assert "\n" not in message and len(message) < 200, message
        assert message.endswith((".", ".)", "?", "?)")), message
        return message

    return check
