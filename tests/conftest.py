"""What several tests share."""

import os
import re

import matplotlib
import pytest

pytest_plugins = ["browser"]

matplotlib.use("agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("GDCOURSE_UNATTENDED", "1")  # never write the reader's own file


def pytest_configure(config):
    """Leave out Keras's own warning about NumPy, one for each of its arrays."""
    config.addinivalue_line("filterwarnings", "ignore:__array__ implementation doesn't accept:DeprecationWarning")


@pytest.fixture(scope="session")
def keras():
    """Keras, the real one; Pythons that TensorFlow has no wheels for do without these tests."""
    return pytest.importorskip("keras")


@pytest.fixture(params=["float64", "float32"])
def floatx(request, keras):
    """The name of a dtype that Keras makes weights, losses and learning rates in during the test."""
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(request.param)
    keras.config.set_dtype_policy(request.param)  # layers keep the policy of the first one made, in whatever test
    yield request.param
    keras.config.set_floatx(before[0])
    keras.config.set_dtype_policy(before[1])


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
