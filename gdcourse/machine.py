"""Say in a notebook whether its machine is ready, as the kernel sees it; `python3 -m gdcourse doctor` looks further."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from gdcourse.commands import doctor, environment, inside, interpreters
from gdcourse.commands.doctor import NOTE, OK, WRONG

FIGURES = ("anywidget", "@jupyter-widgets/jupyterlab-manager")  # what JupyterLab needs to show live figures


def check():
    """Print one line for each thing the lessons need: ok, -- for good to know, or !! and what mends it."""
    for one in (python, packages, tensorflow, figures, doctor.data, writing):
        print(doctor.told(one)[1])


def python():
    """Python: the one that runs this notebook."""
    if interpreters.suits(environment.here()):
        return OK, "fits the course", None
    return WRONG, f"{sys.version.split()[0]} does not fit", f"{interpreters.advice()}, then {doctor.SET_UP}"


def packages():
    """packages: those that the kernel can import, against requirements.txt."""
    try:
        inside.refuse_hiding(inside.hiding(Path.cwd(), sys.path))
        inside.packages()
    except (SystemExit, ImportError) as problem:
        if getattr(problem, "mend", None):
            return WRONG, str(problem), f"{problem.mend}, then restart the kernel"
        if own_kernel():
            return WRONG, str(problem), doctor.MAKE_WHOLE
        return WRONG, f"{problem} (this kernel is not the course's own Python)", doctor.SET_UP
    return OK, "those that the course was tested with", None


def own_kernel():
    """Say whether this kernel is the course's own Python."""
    return Path(sys.prefix).resolve() == environment.VENV.resolve()


def tensorflow():
    """TensorFlow: looked for and not imported, which would take seconds."""
    if find_spec("tensorflow") and find_spec("keras"):
        return OK, "present: every lesson can run", None
    if interpreters.has_tensorflow(environment.here()):
        return WRONG, f"missing; {doctor.waiting()}", doctor.MAKE_WHOLE if own_kernel() else doctor.SET_UP
    return NOTE, f"missing; {doctor.waiting()} ({interpreters.tensorflow_advice(environment.here())})", None


def figures():
    """figures: JupyterLab's side of the live ones."""
    places = [Path(sys.prefix, "share", "jupyter", "labextensions", name) for name in FIGURES]
    missing = [place.name for place in places if not place.is_dir()]
    if not missing:
        return OK, "the live ones can move", None
    return (
        NOTE,
        f"the live ones may stay still: JupyterLab lacks {' and '.join(missing)} here",
        doctor.MAKE_WHOLE if own_kernel() else doctor.SET_UP,
    )


def writing():
    """writing: what you write can be kept."""
    if "BINDER_LAUNCH_HOST" in os.environ:
        return (
            NOTE,
            "this is Binder: after ten idle minutes nothing is kept; progress() packs your work to be downloaded",
            None,
        )
    return doctor.permission()
