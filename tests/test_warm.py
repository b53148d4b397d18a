import os
import signal
import socket
import time

import pytest
import warm
from jupyter_client.manager import start_new_kernel

pytestmark = pytest.mark.skipif(not warm.POSSIBLE, reason="Kernels start as everywhere on this system.")


@pytest.fixture
def kernel():
    """Return a function that starts a kernel, and ends it after the test; it returns manager and client."""
    started = []

    def start(**given):
        started.append(start_new_kernel(kernel_name="python3", **given))
        assert warm.__file__ in started[-1][0].kernel_spec.argv
        return started[-1]

    yield start
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def said(client, code, while_running=lambda: None):
    """Run code; return what it printed, or its error's name."""
    parts = []

    def hear(message):
        content = message["content"]
        parts.append(content.get("text") or content.get("ename") or "")
        if content.get("text") == "begun\n":
            while_running()

    client.execute_interactive(code, output_hook=hear, timeout=60)
    return "".join(parts)


def wait_until(true):
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_kernel_has_its_own_environment_folder_and_names_and_what_lessons_import(kernel, tmp_path):
    argument = "--InteractiveShell.banner1=mine"  # as a command may add them
    _, first = kernel(env={**os.environ, "MINE": "first"}, cwd=tmp_path, extra_arguments=[argument])
    _, second = kernel()
    look = "import os, sys; print(os.environ.get('MINE'), os.getcwd(), 'matplotlib.pyplot' in sys.modules)"
    assert said(first, look) == f"first {tmp_path} True\n"
    assert said(second, look) == f"None {os.getcwd()} True\n"
    assert said(first, "print(get_ipython().banner1)") == "mine\n"
    assert said(first, "import gdcourse; gdcourse.mine = 1") == ""
    assert said(second, "import gdcourse; print(hasattr(gdcourse, 'mine'))") == "False\n"


def test_an_interrupt_reaches_the_kernel_which_goes_on(kernel):
    manager, client = kernel()
    assert said(client, "print('begun')\nwhile True: pass", manager.interrupt_kernel) == "begun\nKeyboardInterrupt"
    assert said(client, "print(1)") == "1\n"


def test_a_kernel_ends_with_its_command_and_its_command_with_it(kernel):
    manager, client = kernel()
    pid = int(said(client, "import os; print(os.getpid())"))
    os.kill(manager.provisioner.pid, signal.SIGKILL)
    wait_until(lambda: gone(pid))
    manager, client = kernel()
    os.kill(int(said(client, "import os; print(os.getpid())")), signal.SIGKILL)
    wait_until(lambda: not manager.is_alive())


@pytest.mark.parametrize("begun", [[], [(99).to_bytes(4, "big")], [(99).to_bytes(4, "big"), b'{"folder": ']])
def test_who_is_ended_before_all_is_said_gets_no_kernel(begun):
    asks, answers = socket.socketpair()
    with asks:
        for part in begun:
            asks.send(part)
    with answers, pytest.raises(SystemExit) as ended:
        warm.become_kernel(answers)
    assert ended.value.code is None
