"""Kernels forked from one process in which all that lessons import is there: each starts a second sooner, or three.

A kernel's command asks that process for it, on a Unix socket, and stands for it: interrupts are passed on, and neither
outlives the other. Linux alone: macOS's libraries don't bear a fork, and Windows has none.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path

POSSIBLE = sys.platform == "linux"


@contextlib.contextmanager
def kernels():
    """Yield a folder for JUPYTER_PATH; its kernel has the name that Jupyter gives to Python's."""
    from gdcourse.commands.environment import BESIDE  # not at the top: a kernel's command has no course on its path

    with tempfile.TemporaryDirectory(prefix="gdcourse-") as folder, socket.socket(socket.AF_UNIX) as listener:
        line = str(Path(folder) / "line")
        listener.bind(line)
        listener.listen()
        argv = [sys.executable, "-IS", __file__, line, "-f", "{connection_file}", BESIDE]
        spec = Path(folder) / "kernels" / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(json.dumps({"argv": argv, "display_name": "Python 3 (ipykernel)", "language": "python"}))
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-P", __file__, str(listener.fileno())]
        with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, pass_fds=[listener.fileno()]):
            yield folder  # then its standard input ends, and so does the process


def serve(listener):
    """Fork a kernel for each command that asks; nothing is imported before the first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a kernel here
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        line, _ = listener.accept()
        fill()
        if os.fork() == 0:
            listener.close()
            become_kernel(line)
        line.close()


def fill():
    """Import what lessons and their kernels import."""
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # as a kernel does, before Matplotlib
    import ipykernel.kernelapp  # noqa: F401

    import gdcourse.machine  # noqa: F401
    import gdcourse.widgets  # noqa: F401
    from gdcourse.exercises import catalogue

    if find_spec("tensorflow"):
        import keras  # noqa: F401

    catalogue.lessons()
    gc.collect()
    gc.freeze()  # what stays is neither searched for garbage by each kernel nor copied for it


def become_kernel(line):
    """Run the kernel that is asked for on this line, as its own command would."""
    size, files, _, _ = socket.recv_fds(line, 4, 2)
    text = line.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL)
    if not text or len(text) < int.from_bytes(size, "big"):
        sys.exit()  # who asked was ended before all was said
    asked = json.loads(text)
    os.setsid()
    for number, file in enumerate([os.open(os.devnull, os.O_RDONLY), *files]):
        os.dup2(file, number)
        os.close(file)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.path[:0] = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place not in sys.path]
    sys.argv = ["ipykernel_launcher", "--IPKernelApp.parent_handle=1", *asked["arguments"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    threading.Thread(target=obey, args=[line], daemon=True).start()

    from ipykernel import kernelapp

    sys.exit(kernelapp.launch_new_instance())


def obey(line):
    """Interrupt this kernel when it is told to, and end it when whoever stands for it has ended."""
    while line.recv(1):
        os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGKILL)


def stand_for(line, *arguments):
    """Ask for a kernel with these arguments, pass on interrupts, and end with it."""
    with socket.socket(socket.AF_UNIX) as to:
        to.connect(line)
        asked = {"environment": dict(os.environ), "folder": os.getcwd(), "arguments": arguments}
        data = json.dumps(asked).encode()
        socket.send_fds(to, [len(data).to_bytes(4, "big")], [1, 2])
        to.sendall(data)
        signal.signal(signal.SIGINT, lambda *_: to.send(b"i"))
        to.recv(1)  # nothing comes but the end


if __name__ == "__main__":
    if len(sys.argv) == 2:
        serve(socket.socket(fileno=int(sys.argv[1])))
    else:
        stand_for(*sys.argv[1:])
