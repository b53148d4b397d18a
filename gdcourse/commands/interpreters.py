"""Find a Python that can run the course; any Python can read this file, the oldest too."""
# ruff: noqa: UP031

import glob
import json
import os
import re
import signal
import subprocess
import sys

SET_UP = "%s -m gdcourse lab" % ("py" if os.name == "nt" else "python3")
OLDEST, NEWEST = (3, 11), (3, 13)  # the course's first Python, and TensorFlow's last
CORRECT = "correct it or take it away"  # a variable of the reader's
TENSORFLOW_SYSTEMS = {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")}

PROBE = """
import json, platform, sys, sysconfig
from importlib.util import find_spec
print(json.dumps({
    "path": getattr(sys, "_base_executable", None) or sys.executable,
    "version": sys.version_info[:3],
    "system": sys.platform,
    "machine": platform.machine(),
    "standard": platform.python_implementation() == "CPython" and sys.maxsize > 2 ** 32
                and not sysconfig.get_config_var("Py_GIL_DISABLED"),
    "venv": all(map(find_spec, ("venv", "ensurepip"))),
}))
"""


def probe(python):
    """Run a Python and return what it says of itself, or None if it doesn't run."""
    output = output_of([python, "-I", "-c", PROBE])
    try:
        return json.loads(output)
    except ValueError:
        return None


def output_of(command):
    """Return what a command prints, or nothing if it fails or hangs."""
    patience = {"timeout": 30} if sys.version_info >= (3, 3) else {}
    nothing = os.open(os.devnull, os.O_RDWR)
    try:
        output = subprocess.check_output(command, stdin=nothing, stderr=nothing, **patience)
    except (OSError, subprocess.CalledProcessError, getattr(subprocess, "TimeoutExpired", OSError)):
        return ""
    finally:
        os.close(nothing)
    return output.decode("utf-8", "replace")


def suits(found):
    """Say whether the course runs in this Python, with or without TensorFlow."""
    return bool(found) and found["standard"] and tuple(found["version"][:2]) >= OLDEST


def has_tensorflow(found):
    """Say whether TensorFlow exists for this Python; a test holds this equal to requirements.txt."""
    if not suits(found) or tuple(found["version"][:2]) > NEWEST:
        return False
    return (found["system"], found["machine"]) in TENSORFLOW_SYSTEMS


def choose():
    """Return the first Python with TensorFlow and venv, else the best there is, else None.

    The environment variable GDCOURSE_PYTHON, a path, leaves no choice.
    """
    if os.environ.get("GDCOURSE_PYTHON"):
        found = probe(os.environ["GDCOURSE_PYTHON"])
        return found if suits(found) else None
    second = []
    for python in candidates():
        found = probe(python)
        if suits(found):
            if found["venv"] and has_tensorflow(found):
                return found
            second.append(found)
    # Lessons without TensorFlow are more than no lessons: a working venv comes first.
    return max(second, key=lambda found: found["venv"]) if second else None


def candidates():
    """Give the paths at which a Python may be, each once, this one first."""
    seen = set()
    for path in _places():
        real = os.path.realpath(path)
        if os.path.isfile(path) and real not in seen:
            # A pyenv shim or Windows' alias stands for many Pythons: only its own name tells it apart.
            seen.add(path if "shims" in path or "WindowsApps" in path else real)
            yield path


def _places():
    """Give every path worth a look, those in use before those only installed."""
    yield getattr(sys, "_base_executable", None) or sys.executable
    minors = range(NEWEST[1], OLDEST[1] - 1, -1)
    exe = ".exe" if os.name == "nt" else ""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    folders += ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin", "/home/linuxbrew/.linuxbrew/bin"]
    for name in ["python3.%d" % minor for minor in minors] + ["python3", "python"]:
        for folder in folders:
            yield os.path.join(folder, name + exe)
    home = os.path.expanduser("~")
    pyenv = os.environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    for minor in minors:
        for pattern in (
            os.path.join(pyenv, "versions", "3.%d.*" % minor, "bin", "python"),
            os.path.join(pyenv, "pyenv-win", "versions", "3.%d.*" % minor, "python.exe"),
            "/opt/homebrew/opt/python@3.%d/bin/python3.%d" % (minor, minor),
            "/usr/local/opt/python@3.%d/bin/python3.%d" % (minor, minor),
            "/Library/Frameworks/Python.framework/Versions/3.%d/bin/python3.%d" % (minor, minor),
            os.path.join(os.environ.get("LOCALAPPDATA", home), "Programs", "Python", "Python3%d" % minor, "python.exe"),
        ):
            for path in sorted(glob.glob(pattern)):
                yield path
    if os.name == "nt":
        for path in re.findall(r"[A-Za-z]:\\.*?python\.exe", output_of(["py", "-0p"])):
            yield path
    try:
        known = json.loads(output_of(["uv", "python", "list", "--only-installed", "--output-format", "json"]))
    except ValueError:
        known = []
    for entry in known:
        yield entry.get("path") or ""


def ordered_in_vain():
    """Say that the Python which the reader has ordered is of no use; nothing if none is ordered."""
    named = os.environ.get("GDCOURSE_PYTHON")
    said = "the variable GDCOURSE_PYTHON names %s, which doesn't run or is no Python 3.11, 3.12 or 3.13"
    return said % named if named else ""


def advice():
    """Say how to get a Python with which every lesson runs."""
    return "install Python %d.%d from https://www.python.org/downloads/" % NEWEST


def tensorflow_advice(found):
    """Say how to get the lessons that need TensorFlow."""
    if (found["system"], found["machine"]) in TENSORFLOW_SYSTEMS:
        return "for them %s, then run %s" % (advice(), SET_UP)
    return "no Python on this kind of computer has it"


def hand_over(command, environment=None, folder=None):
    """Become another program, in a folder if one is given; its exit code is ours."""
    sys.stdout.flush()
    environment = environment or dict(os.environ)
    if folder:
        os.chdir(str(folder))
    if os.name != "nt":
        os.execve(command[0], command, environment)
    sys.exit(wait_for(command, environment))


def wait_for(command, environment):
    """Run another program and return its exit code; Ctrl-C is for that program alone (Windows has no exec)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command, env=environment)
