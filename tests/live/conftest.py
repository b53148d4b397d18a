"""One browser with its windows for all files of this folder, not one for each: to load JupyterLab takes long."""

import browser as harness
import pytest

browser = pytest.fixture(scope="package")(harness.chromium)


@pytest.fixture(scope="package")
def windows(jupyterlab, browser):
    """JupyterLab's windows, shared by all tests of this folder."""
    return harness.Windows(jupyterlab, browser)
