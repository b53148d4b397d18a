"""The lessons: where they are, which of them need TensorFlow, and the environment they are run in."""

import json
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
KERAS_IMPORT = re.compile(r"^\s*(?:import|from)\s+(?:keras|tensorflow)\b", re.MULTILINE)

# Progress bars and TensorFlow's notices differ from run to run; what the reader has done is the reader's alone.
QUIET = {
    "TQDM_DISABLE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "GDCOURSE_UNATTENDED": "1",
}
# Modules, kernels and windows from elsewhere must not take the place of ours. Of Python's own variables these alone are
# kept: others may turn warnings into errors, drop docstrings (PYTHONOPTIMIZE), or let no program end (PYTHONINSPECT).
FOREIGN = ("JUPYTER_PATH", "JUPYTERLAB_DIR", "__PYVENV_LAUNCHER__")
KEPT = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUNBUFFERED", "PYTHONUTF8", "PYTHONIOENCODING")
OURS = {"JUPYTER_PREFER_ENV_PATH": "1"}  # the environment's kernel before one that another Python has left at home


def lessons():
    """Return the paths of all lessons, the first one first; neither the glossary nor what `reset` kept is one."""
    return sorted(path for path in FOLDER.iterdir() if is_lesson(path)) if FOLDER.is_dir() else []


def beside():
    """Return the paths of what lessons link to and is none: the glossary, and the page for instructors."""
    return [path for path in (FOLDER / "glossary.ipynb", FOLDER / "instructors.ipynb") if path.is_file()]


def is_lesson(path):
    """Say whether a file's name is a lesson's."""
    name = Path(path).name
    return bool(re.fullmatch(r"[0-9][0-9]_.*\.ipynb", name)) and " (mine " not in name


def needs_tensorflow(path):
    """Say whether a code cell of the notebook imports Keras or TensorFlow."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError):  # no notebook; whoever opens it will say so
        return False
    return any(map(KERAS_IMPORT.search, sources))


def with_tensorflow():
    """Return the paths of the lessons that need TensorFlow."""
    return [path for path in lessons() if needs_tensorflow(path)]


def clean_environment(**changes):
    """Return a copy of the environment variables without those that change what Python or Jupyter find, changed."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT or not _foreign(name)}
    return {**kept, **OURS, **changes}


def _foreign(name):
    """Say whether the variable changes what Python or Jupyter find or how they run."""
    return name in FOREIGN or name.startswith("PYTHON")


def quieten():
    """Give this program and the kernels that it starts the environment in which outputs are stored."""
    ours = clean_environment(**QUIET)
    for name in os.environ.keys() - ours.keys():
        del os.environ[name]
    os.environ.update(ours)
