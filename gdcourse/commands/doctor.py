"""Say whether this computer is ready; change nothing."""

import argparse
import ast
import contextlib
import functools
import hashlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from gdcourse.commands import checkout, checkup, environment, interpreters, notebooks

OK, NOTE, WRONG = "ok", "--", "!!"
SET_UP = interpreters.SET_UP
MAKE_WHOLE = f"delete the file .venv/{environment.STAMP.name}, then {SET_UP}"  # the set-up then looks at every file
DATA = {
    "gdcourse/data/mnist10k.npz": "MNIST_10K_SHA256",
    "gdcourse/data/penguins.csv": "PENGUINS_SHA256",
    "gdcourse/data/penguins_table.csv": "PENGUINS_TABLE_SHA256",
    "gdcourse/data/network.npy": "NETWORK_SHA256",
    "gdcourse/data/fashion10k.npz": "FASHION_10K_SHA256",
    "gdcourse/data/declaration.json.bz2": "DECLARATION_SHA256",
    "gdcourse/data/reviews.json.bz2": "REVIEWS_SHA256",
}
FIRST_PORT = 8888
PATIENCE = 180  # seconds for one answer: TensorFlow's first import on a slow disk takes a minute
ILLEGAL_ON_WINDOWS = 0xC000001D  # an instruction that the processor doesn't have


def main(arguments=None):
    """Print one line for each thing the course needs; return 1 if one is wrong."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse doctor",
        description="Say whether this computer is ready. Each line begins with ok, with -- (good to know) or with "
        "!! (wrong, with the command that mends it). Nothing is changed.",
    )
    parser.add_argument(
        "--save",
        metavar="FILE",
        type=Path,
        help="write the lines to a small file too, for whoever teaches; paths are cut, and nothing is sent anywhere",
    )
    file = parser.parse_args(arguments).save
    if file and (trouble := checkup.refusal(file)):
        print(trouble, file=sys.stderr)
        return 1
    lines, wrong = [], False
    for check in (python, venv, disk, packages, tensorflow, mpi, kernel, data, port, permission):
        mark, line = told(check)
        wrong |= mark == WRONG
        lines.append(line)
        print(line, flush=True)
    if file:
        sentence, saved = checkup.save(file, lines)
        print(sentence, file=sys.stdout if saved else sys.stderr)
        wrong |= not saved
    return int(wrong)


def told(check):
    """Return the mark of a check and the line that says what it found."""
    mark, text, mend = check()
    return mark, f"{mark}  {check.__doc__.split(':')[0]:<12}{text}{f'; mend it with: {mend}' if mend else ''}"


@functools.cache
def chosen():
    """Return the Python that the course uses or would use."""
    return interpreters.probe(environment.python_path()) or interpreters.choose()


def python():
    """Python: its version and the processor it is made for."""
    found = chosen()
    if not found and (ordered := interpreters.ordered_in_vain()):
        return WRONG, ordered, interpreters.CORRECT
    if not found:
        return WRONG, f"{platform.python_version()} does not fit", interpreters.advice()
    text = f"{'.'.join(map(str, found['version']))}, {found['machine']}, {found['system']}"
    if interpreters.has_tensorflow(found):
        return OK, text, None
    return NOTE, f"{text}; TensorFlow does not exist for it", None


def venv():
    """venv: the part of Python that makes environments, which Debian keeps apart."""
    found, unfit = chosen(), environment.unfit_path()
    if unfit and not environment.read_stamp():
        return WRONG, *unfit.split(": ", 1)
    if found and found["venv"]:
        return OK, "present", None
    return WRONG, "missing" if found else "no Python to look in", environment.venv_mend(found)


def disk():
    """disk: room for what is still to be installed."""
    free = shutil.disk_usage(environment.ROOT).free / 1e9
    needed = environment.needed(not environment.read_stamp(), interpreters.has_tensorflow(chosen()))
    if free >= needed:
        return OK, f"{free:.1f} GB free", None
    return WRONG, environment.short_of(free, needed), "empty the wastebasket, or move the course to another disk"


def ask(question):
    """Ask the environment's Python: (whether all is well, the answer, what mends it), or None if there is none."""
    if not environment.read_stamp() or not os.path.exists(environment.python_path()):
        return None
    # In an empty folder: what lies in the reader's own is looked at by name, and not imported.
    with tempfile.TemporaryDirectory() as folder:
        try:
            answer = subprocess.run(
                environment.command("gdcourse.commands.inside", question),
                cwd=folder,
                env=notebooks.clean_environment(**notebooks.QUIET, PYTHONDONTWRITEBYTECODE="1"),  # nothing is changed
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            slow = "wait, and run doctor again: the first time a virus scanner may read every file"
            return False, f"no answer in {PATIENCE} seconds", slow
        except OSError as problem:
            return False, str(problem), SET_UP
    lines = answer.stdout.strip().splitlines()
    try:
        well, text, mend = json.loads(lines[-1])
    except (IndexError, ValueError, TypeError):
        return False, *died(answer.returncode, answer.stderr)
    return well, text, None if well else mend or MAKE_WHOLE


def died(code, said):
    """Return what ended a Python before it could answer, and what mends it."""
    if code in (-getattr(signal, "SIGILL", 4), ILLEGAL_ON_WINDOWS):
        return (
            "this processor lacks the instructions (AVX) that TensorFlow is made of",
            "use another computer, or Binder",
        )
    if code == -9:
        return "it was stopped from outside, most likely for want of memory", "close other programs"
    lines = said.strip().splitlines()
    return lines[-1] if lines else f"it ended with code {code}", MAKE_WHOLE


def packages():
    """packages: the environment holds what requirements.txt says, nothing hides it, and its set-up was finished."""
    answer = ask("packages")
    if answer is None:
        begun = environment.VENV.exists()
        return WRONG, "the set-up was not finished" if begun else "not installed yet", SET_UP
    if environment.read_stamp().get(environment.LOCK) != environment.digest(environment.LOCK):
        return WRONG, "the course's requirements have changed", SET_UP
    well, text, mend = answer
    return OK if well else WRONG, text, mend


def tensorflow():
    """TensorFlow: it can be imported."""
    found = chosen()
    if found and not interpreters.has_tensorflow(found):
        return NOTE, f"{waiting()} ({interpreters.tensorflow_advice(found)})", None
    answer = ask("tensorflow")
    if answer is None:
        return NOTE, "comes with the packages", None
    well, text, mend = answer
    return (OK, text, None) if well else (WRONG, f"can't be imported: {text}", mend)


def waiting():
    """Name the lessons that can't run without TensorFlow."""
    return f"lessons that wait for it: {', '.join(path.stem for path in notebooks.with_tensorflow()) or 'none'}"


def mpi():
    """MPI: lesson 19 can start processes of its own; without it, it shows kept numbers."""
    answer = ask("mpi")
    if answer is None:
        return NOTE, "optional, for lesson 19; looked for when the packages are installed", None
    well, text, _ = answer
    return OK if well else NOTE, text, None


def kernel():
    """kernel: a notebook can run."""
    answer = ask("kernel")
    if answer is None:
        return NOTE, "comes with the packages", None
    well, text, mend = answer
    return OK if well else WRONG, text, mend


def data():
    """data: the files of gdcourse/data are on disk, whole."""
    for name, constant in DATA.items():
        path = environment.ROOT / name
        if not path.exists():
            return WRONG, f"{name} is missing", way_back(name, constant)
        if not is_ours(path.read_bytes(), constant):
            return WRONG, f"{name} is not the file that the course was written with", way_back(name, constant)
    return OK, f"whole: {len(DATA)} files in gdcourse/data", None


def is_ours(content, constant):
    """Say whether these bytes are those that the course was written with."""
    return hashlib.sha256(content).hexdigest() == expected_digests().get(constant)


def way_back(name, constant):
    """Say how a file of data comes back: from git where git has it and serves this reader, else by hand."""
    with contextlib.suppress(checkout.Silent):
        if is_ours(checkout.staged(name), constant):
            return f"git checkout -- {name}"
    return f"download the course again, and copy {name} from there"


def expected_digests():
    """Read the constants of datasets.py, the files' SHA-256 among them, without importing NumPy."""
    source = (environment.ROOT / "gdcourse" / "datasets.py").read_text(encoding="utf-8")
    return {
        node.targets[0].id: node.value.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def port():
    """port: JupyterLab's usual one is free."""
    with socket.socket() as probe:
        if os.name != "nt":  # there it would let two programs share a port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", FIRST_PORT))
        except OSError:
            return NOTE, f"{FIRST_PORT} is taken; JupyterLab takes the next free one by itself", None
    return OK, f"{FIRST_PORT} is free", None


def permission():
    """writing: files can be made in the course's folder."""
    if os.access(environment.ROOT, os.W_OK):
        return OK, "allowed in the course's folder", None
    return WRONG, f"not allowed in {environment.ROOT}", "copy the course to a folder of yours"
