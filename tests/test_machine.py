"""The check of the machine in lesson 0: each line says ok, or what is wrong and what mends it."""

import os
import subprocess
import sys

import pytest

from gdcourse import machine
from gdcourse.commands import doctor, environment, inside, interpreters, notebooks

NAMES = ["Python", "packages", "TensorFlow", "figures", "data", "writing"]
FITTING = {"version": (3, 13, 1), "system": "linux", "machine": "x86_64", "standard": True}


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.delenv("BINDER_LAUNCH_HOST", raising=False)


def test_one_line_for_each_thing_and_none_of_them_wrong_here(capsys):
    machine.check()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == NAMES
    assert not [line for line in lines if line.startswith(doctor.WRONG)]


def test_it_imports_no_tensorflow():
    code = "import sys; from gdcourse import machine; machine.check(); print({'tensorflow', 'keras'} & {*sys.modules})"
    said = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=notebooks.ROOT)
    assert said.splitlines()[-1] == "set()"


def test_a_python_that_does_not_fit(monkeypatch):
    monkeypatch.setattr(environment, "here", lambda: {**FITTING, "version": (3, 10, 1)})
    mark, text, mend = machine.python()
    assert mark == doctor.WRONG and "does not fit" in text and interpreters.advice() in mend


@pytest.mark.parametrize("own", [True, False])
def test_packages_that_are_missing(monkeypatch, tmp_path, own):
    def missing():
        sys.exit("numpy is missing")

    monkeypatch.setattr(inside, "packages", missing)
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path if own else tmp_path / "elsewhere"))
    mark, text, mend = machine.packages()
    assert mark == doctor.WRONG and text.startswith("numpy is missing")
    assert mend == (doctor.MAKE_WHOLE if own else doctor.SET_UP) and ("own Python" in text) != own


def test_a_file_beside_the_notebook_that_hides_a_package_is_named(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    (tmp_path / "matplotlib.py").touch()
    mark, text, mend = machine.packages()
    assert mark == doctor.WRONG and str(tmp_path / "matplotlib.py") in text
    assert "another name" in mend and "restart the kernel" in mend and ".venv" not in mend


@pytest.mark.parametrize(
    ("names", "hiding"),
    [
        (["numpy.py"], ["numpy.py"]),
        (["random.py", "keras/__init__.py"], ["keras", "random.py"]),
        (["jax/notes.txt"], ["jax"]),
        (["gdcourse.py"], ["gdcourse.py"]),
        # Taken for Python's own before any folder is looked at, never imported, or behind the package of that name.
        (["sys.py", "os.py", "test.py", "numpy/notes.txt", "mine.py", "numpy.txt", "numpy.ipynb", "my numpy.py"], []),
    ],
)
def test_what_hides_a_package(tmp_path, names, hiding):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert inside.hiding(tmp_path, [str(tmp_path), *sys.path]) == [tmp_path / name for name in hiding]
    elsewhere = [place for place in sys.path if place]
    assert inside.hiding(tmp_path, elsewhere) == []
    last = [name for name in hiding if name in inside.TRIED]  # what nothing else has is found in the last place too
    assert inside.hiding(tmp_path, [*elsewhere, str(tmp_path)]) == [tmp_path / name for name in last]


def test_what_pythons_own_modules_come_before_hides_none_of_them(tmp_path):
    for name in ("random.py", "numpy.py"):
        (tmp_path / name).touch()
    packages = next(k for k, place in enumerate(sys.path) if "packages" in place)
    path = [*sys.path[:packages], str(tmp_path), *sys.path[packages:]]  # as IPython has it where it looks there at all
    assert inside.hiding(tmp_path, path) == [tmp_path / "numpy.py"]


@pytest.mark.parametrize("folder", [notebooks.ROOT, notebooks.FOLDER])
def test_nothing_of_the_course_hides_a_package(folder):
    assert not inside.hiding(folder, [folder, *sys.path])


@pytest.mark.parametrize(("version", "mark"), [((3, 13, 1), doctor.WRONG), ((3, 14, 0), doctor.NOTE)])
def test_tensorflow_that_is_missing_names_the_lessons_that_wait(monkeypatch, version, mark):
    monkeypatch.setattr(machine, "find_spec", lambda name: None)
    monkeypatch.setattr(environment, "here", lambda: {**FITTING, "version": version})
    found, text, mend = machine.tensorflow()
    assert found == mark and "10_train_with_keras" in text and bool(mend) == (mark == doctor.WRONG)


def test_live_figures_that_will_stay_still(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert machine.figures()[0] == doctor.NOTE and "anywidget" in machine.figures()[1]
    for name in machine.FIGURES:
        (tmp_path / "share" / "jupyter" / "labextensions" / name).mkdir(parents=True)
    assert machine.figures()[0] == doctor.OK


def test_on_binder_it_says_that_nothing_is_kept(monkeypatch):
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    assert machine.writing()[0] == doctor.NOTE and "download" in machine.writing()[1]
    monkeypatch.delenv("BINDER_LAUNCH_HOST")
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert machine.writing()[0] == doctor.WRONG
