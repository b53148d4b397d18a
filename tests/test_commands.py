"""The commands: which Python, an environment that is never half-trusted, and one sentence when something fails."""

import ast
import base64
import errno
import functools
import hashlib
import http.server
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import webbrowser
import zipfile
from pathlib import Path

import pytest

from gdcourse import __main__ as entry
from gdcourse.commands import dispatch, doctor, environment, interpreters, notebooks

ROOT = notebooks.ROOT
GOOD = {"path": "/usr/bin/python3.12", "version": [3, 12, 1], "system": "linux", "machine": "x86_64"}
GOOD = {**GOOD, "standard": True, "venv": True}


# Any Python can read the first files.

READ_BY_ALL = ["__init__.py", "__main__.py", "commands/__init__.py", "commands/interpreters.py"]
TOO_NEW = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.YieldFrom, ast.AsyncFunctionDef, ast.Match)


@pytest.mark.parametrize("name", READ_BY_ALL)
def test_python_2_can_read(name):
    source = (ROOT / "gdcourse" / name).read_bytes().decode("ascii")  # without a coding line, Python 2 wants ASCII
    for node in ast.walk(ast.parse(source, feature_version=(3, 4))):
        assert not isinstance(node, TOO_NEW), f"line {node.lineno}"
        if isinstance(node, ast.arguments):
            assert not node.kwonlyargs and not node.posonlyargs
            assert not any(argument.annotation for argument in node.args)
        if isinstance(node, ast.FunctionDef):
            assert not node.returns
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            assert not any(isinstance(item, ast.Starred) for item in node.elts)
        if isinstance(node, ast.Dict):
            assert None not in node.keys
        if isinstance(node, ast.Call):  # a starred argument only at the end
            assert not any(isinstance(argument, ast.Starred) for argument in node.args[:-1])
        if isinstance(node, ast.Raise):
            assert not node.cause


def test_a_python_that_is_too_old_says_so(monkeypatch):
    monkeypatch.setattr(interpreters, "choose", lambda: None)
    monkeypatch.setattr(interpreters, "probe", lambda python: None)
    sentence = entry.in_a_newer_python()
    assert "needs Python 3.11, 3.12 or 3.13; this is Python 3." in sentence and "https://www.python.org" in sentence


def test_a_python_that_is_too_old_hands_over(monkeypatch):
    commands = []
    monkeypatch.setattr(interpreters, "choose", lambda: GOOD)
    monkeypatch.setattr(interpreters, "probe", lambda python: None)
    monkeypatch.setattr(interpreters, "hand_over", commands.append)
    monkeypatch.setattr(sys, "argv", ["gdcourse", "lab", "--no-browser"])
    entry.in_a_newer_python()
    assert commands == [[GOOD["path"], str(ROOT / "gdcourse"), "lab", "--no-browser"]]


def test_it_starts_from_any_folder(tmp_path):
    result = subprocess.run(
        [sys.executable, str(ROOT / "gdcourse"), "lab", "--help"], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 0 and "--no-browser" in result.stdout


# Python's own modules, without those that it loads itself before any of ours.
LOADED = subprocess.run([sys.executable, "-I", "-c", "import runpy, sys; print(*sys.modules)"], capture_output=True)
STANDARD = {name for name in sys.stdlib_module_names if importlib.util.find_spec(name)}
STANDARD -= set(LOADED.stdout.decode().split())


@pytest.fixture(scope="module")
def strange_course(tmp_path_factory):
    """A course in whose folder the reader keeps files with the names of Python's own modules; importing one fails."""
    course = tmp_path_factory.mktemp("strange")
    shutil.copytree(ROOT / "gdcourse", course / "gdcourse", ignore=shutil.ignore_patterns("__pycache__"))
    (course / "notebooks").mkdir()
    shutil.copy(notebooks.lessons()[0], course / "notebooks")
    (course / "tests").mkdir()
    for name in (environment.LOCK, environment.TEST_LOCK):
        shutil.copy(ROOT / name, course / name)
    (course / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    for name in STANDARD:
        (course / f"{name}.py").write_text(f"raise SystemExit('the {name} of the reader')\n", encoding="utf-8")
    return course


@pytest.mark.skipif(os.name == "nt", reason="Windows makes symbolic links for administrators alone")
@pytest.mark.parametrize(
    "command, said",
    [
        (["reset", "00_start_here.ipynb"], "00_start_here.ipynb: "),
        (["refresh", "gdcourse/mlp.py"], "mlp.py"),
        (["solved", "gdcourse"], "gdcourse is not empty"),
        (["slides", "gdcourse"], "gdcourse is not empty"),
        (["handout", "gdcourse"], "gdcourse is not empty"),
        (["site", "--still", "gdcourse"], "gdcourse is not empty, and no site"),
        (["room", "nowhere"], "nowhere is not there"),
        (["test", "--version"], "pytest"),
        (["lab", "--version"], "4."),
    ],
    ids=lambda part: part[0] if isinstance(part, list) else "",
)
def test_no_file_of_the_readers_stands_in_for_pythons_own(strange_course, command, said):
    assert said in printed_in(strange_course, command)


def printed_in(course, command):
    """Run a command in a course's folder; return all that it printed, none of it from the files there."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    start = {"cwd": course, "env": variables, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    result = subprocess.run([sys.executable, "-m", "gdcourse", *command], **start)
    assert "of the reader" not in result.stdout
    return result.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows makes symbolic links for administrators alone")
def test_doctor_finds_all_well_but_the_files_that_hide_a_module(strange_course):
    if environment.read_stamp().get(environment.LOCK) != environment.digest(environment.LOCK):
        pytest.skip("the checkout has no finished .venv")
    for name in doctor.DATA:
        (strange_course / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, strange_course / name)
    said = lines(printed_in(strange_course, ["doctor"]))
    assert len(said) == 10 and [name for name, line in said.items() if line.startswith("!!")] == ["packages"]
    assert said["kernel"].endswith("starts and runs a cell")
    assert re.search(r"__future__\.py and .* and \d+ more in place of", said["packages"])


def test_doctor_finds_this_environment_ready(monkeypatch, capsys):
    if environment.read_stamp().get(environment.LOCK) != environment.digest(environment.LOCK):
        pytest.skip("the checkout has no finished .venv")
    for name in ("tensorflow", "kernel"):  # slow, and asked above
        question = getattr(doctor, name)
        stand_in = functools.wraps(question)(lambda: (doctor.OK, "asked above", None))
        monkeypatch.setattr(doctor, name, stand_in)
    doctor.chosen.cache_clear()
    assert doctor.main([]) == 0, capsys.readouterr().out
    said = lines(capsys.readouterr().out)
    assert len(said) == 10 and said["packages"].endswith("as requirements.txt says")
    assert not any(line.startswith("!!") for line in said.values())


def test_a_kernel_finds_the_reader_s_modules_beside_the_notebook_and_none_in_place_of_another(tmp_path):
    import nbformat
    from jupyter_client import KernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient

    kernels = tmp_path / "share" / "jupyter" / "kernels"
    (kernels / "python3").mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]  # as pip leaves it
    (kernels / "python3" / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "x", "language": "x"}))
    for _ in range(2):
        environment.start_kernels_safely(tmp_path)
        assert json.loads((kernels / "python3" / "kernel.json").read_text())["argv"][2:-1] == argv[1:]
    (tmp_path / "mine.py").write_text("x = 7")
    for name in ("enum", "random", "numpy", "matplotlib"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('of the reader')")
    code = (
        "import mine, random, numpy, matplotlib.pyplot\nfrom gdcourse import machine\nprint(mine.x, machine.packages())"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code), nbformat.v4.new_code_cell("%who_ls")])
    manager = KernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(kernels)]))
    NotebookClient(notebook, km=manager, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (said,), (names,) = (cell.outputs for cell in notebook.cells)
    assert (
        said.text.startswith("7 ('ok'")
        and names.data["text/plain"] == "['machine', 'matplotlib', 'mine', 'numpy', 'random']"
    )


# Which Python.


def choose_among(monkeypatch, pythons):
    """Return what is chosen among made-up Pythons."""
    monkeypatch.setattr(interpreters, "candidates", lambda: iter(pythons))
    monkeypatch.setattr(interpreters, "probe", pythons.get)
    monkeypatch.delenv("GDCOURSE_PYTHON", raising=False)
    found = interpreters.choose()
    return found and found["path"]


def python(path, **changes):
    return {**GOOD, "path": path, **changes}


def test_the_chosen_python_has_tensorflow_and_venv(monkeypatch):
    new, bare = python("new", version=[3, 14, 0]), python("bare", venv=False)
    old, odd = python("old", version=[3, 10, 9]), python("odd", standard=False)
    broken = None
    for pythons, expected in [
        ([new, broken, old, python("fits")], "fits"),
        ([python("fits"), new], "fits"),
        ([bare, python("fits", version=[3, 13, 0])], "fits"),
        ([old, new], "new"),
        ([bare, new], "new"),
        ([old, bare], "bare"),
        ([old, odd, broken], None),
        ([python("intel", system="darwin")], "intel"),
    ]:
        assert choose_among(monkeypatch, {str(i): python for i, python in enumerate(pythons)}) == expected


def test_one_python_can_be_ordered(monkeypatch):
    monkeypatch.setenv("GDCOURSE_PYTHON", sys.executable)
    assert tuple(interpreters.choose()["version"]) == sys.version_info[:3]
    monkeypatch.setenv("GDCOURSE_PYTHON", "/nowhere/python")
    assert interpreters.choose() is None


def test_this_python_is_the_first_candidate_and_says_who_it_is():
    first = next(interpreters.candidates())
    found = interpreters.probe(first)
    assert {name: found[name] for name in environment.here()} == {
        **environment.here(),
        "version": list(sys.version_info[:3]),
    }
    assert interpreters.probe("/nowhere/python") is None


def test_a_python_without_its_lock_is_none_of_ours_when_it_is_asked_about_itself(monkeypatch):
    assert environment.here()["standard"]
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: name == "Py_GIL_DISABLED")
    assert not interpreters.suits(environment.here())


def test_pythons_are_found_where_installers_put_them(monkeypatch, tmp_path):
    places = [tmp_path / "pyenv/versions/3.12.4/bin/python", tmp_path / "path/python3.11"]
    for place in places:
        place.parent.mkdir(parents=True)
        place.touch()
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    found = list(interpreters.candidates())
    if os.name != "nt":
        assert str(places[1]) in found
    assert str(places[0]) in found and len(found) == len(set(found))


def test_tensorflow_is_expected_where_the_lock_has_it():
    from packaging.markers import Marker, default_environment

    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    markers = [Marker(marker) for name, _, marker in pins(lock) if name in ("tensorflow", "tensorflow-cpu")]
    assert len(markers) == 2
    systems = [(system, machine) for system in ("linux", "darwin", "win32") for machine in MACHINES]
    for minor in range(11, 17):
        for system, machine in systems:
            here = {"python_full_version": f"3.{minor}.0", "python_version": f"3.{minor}"}
            here = {**default_environment(), **here, "sys_platform": system, "platform_machine": machine}
            found = {**GOOD, "version": [3, minor, 0], "system": system, "machine": machine}
            expected = sum(marker.evaluate(here) for marker in markers)
            assert interpreters.has_tensorflow(found) == expected, (minor, system, machine)


MACHINES = ("x86_64", "aarch64", "arm64", "AMD64", "ARM64", "i686", "x86", "ppc64le")


def test_handing_over_passes_the_exit_code_and_the_environment():
    command = [sys.executable, "-c", "import os, sys; sys.exit(int(os.environ['CODE']))"]
    program = "from gdcourse.commands import interpreters as i; import os; "
    variables = {**os.environ, "CODE": "7"}
    for call in (f"i.hand_over({command})", f"raise SystemExit(i.wait_for({command}, None))"):
        assert subprocess.run([sys.executable, "-c", program + call], cwd=ROOT, env=variables).returncode == 7


# The lock files.


def blocks(text):
    """Return {pin: set of hashes} of a lock."""
    result = {}
    for line in text.splitlines():
        if line and line[0] not in "# ":
            pin = line.split(" ;")[0].rstrip(" \\")
            hashes = result.setdefault(pin, set())
        elif line.strip().startswith("--hash="):
            hashes.add(line.strip(" \\"))
    return result


def pins(text):
    from gdcourse.commands import inside

    return inside.pins(text)


LOCKS = ["requirements.txt", "tests/requirements.txt", "binder/requirements.txt", environment.SITE_LOCK]


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert blocks(text) and len({pin for pin in blocks(text)}) == len({pin[:2] for pin in pins(text)})
    for pin, hashes in blocks(text).items():
        assert "==" in pin and hashes and all(value.startswith("--hash=sha256:") for value in hashes), pin
    for word in ("://", "file:", "--index", "--find-links", "--trusted", "/root", "/home", "/tmp", " @ "):
        assert word not in text
    assert text.startswith("# Written by: python tests/tools/lock.py\n")


def test_binder_has_the_pins_of_the_lock():
    lock, binder = (blocks((ROOT / name).read_text(encoding="utf-8")) for name in (LOCKS[0], LOCKS[2]))
    assert {pin: lock.get(pin) for pin in binder} == binder
    names = {pin.split("==")[0] for pin in binder}
    assert {"jupyterlab", "numpy", "tensorflow-cpu"} <= names and not {"nbval", "pytest", "hypothesis"} & names


def test_every_direct_dependency_is_pinned():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {LOCKS[0]: project["project"]["dependencies"] + project["project"]["optional-dependencies"]["check"]}
    asked[LOCKS[1]] = project["dependency-groups"]["test"]
    for name, dependencies in asked.items():
        pinned = {pin[0] for pin in pins((ROOT / name).read_text(encoding="utf-8"))}
        assert {dependency.split(";")[0].strip() for dependency in dependencies} <= pinned
    beside = {pin[0] for name in (LOCKS[0], LOCKS[3]) for pin in pins((ROOT / name).read_text(encoding="utf-8"))}
    assert set(project["project"]["optional-dependencies"]["site"]) <= beside


def test_no_lock_repeats_the_first_or_asks_for_another_version_than_its_neighbour():
    lock, tools, site = (blocks((ROOT / LOCKS[i]).read_text(encoding="utf-8")) for i in (0, 1, 3))
    names = [{pin.split("==")[0] for pin in pins} for pins in (lock, tools, site)]
    assert not names[0] & names[1]
    for name in names[1] & names[2]:
        versions = [{pin.split(" ;")[0] for pin in pins if pin.split("==")[0] == name} for pins in (tools, site)]
        assert versions[0] == versions[1], name


# The environment, with a small wheel in place of the course's packages.


def wheel(folder, name="course_stone", version="1.0"):
    """Write a wheel with one module and return its line for a requirements file."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        record = []
        for file, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{file},sha256={digest},{len(text)}")
            archive.writestr(file, text)
        archive.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,", ""]))
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Checkout:
    """A small course in a folder of its own, whose packages come from wheels beside it."""

    def __init__(self, root):
        self.root = root
        (root / "tests").mkdir(parents=True)
        (root / "gdcourse").mkdir()
        (root / "gdcourse" / "__init__.py").write_text("")
        self.lock(wheel(root))
        self.lock(wheel(root, "test_tool"), "tests/requirements.txt")

    def lock(self, line, name="requirements.txt"):
        wheels = "../" * name.count("/") + "."
        (self.root / name).write_text(f"--no-index\n--find-links {wheels}\n{line}")

    def run(self, code):
        """Return what a line of code prints in the environment."""
        command = [environment.python_path(), "-c", code]
        return subprocess.run(command, cwd="/", capture_output=True, text=True, encoding="utf-8").stdout.strip()

    def site(self):
        return Path(environment.look_inside()[1])


def move_to(root, monkeypatch):
    """Let the course stand in another folder."""
    monkeypatch.setattr(environment, "ROOT", root)
    monkeypatch.setattr(notebooks, "ROOT", root)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(root.parent))
    monkeypatch.setattr(environment, "VENV", root / ".venv")
    monkeypatch.setattr(environment, "STAMP", root / ".venv" / "gdcourse.json")
    monkeypatch.setattr(environment, "GIGABYTES", {True: 0.1, False: 0.1})
    monkeypatch.setenv("GDCOURSE_PYTHON", sys.executable)


@pytest.fixture
def new_checkout(tmp_path, monkeypatch):
    """Return a small course on which nothing was set up."""
    root = tmp_path / "Kurs für 勾配 descent"
    move_to(root, monkeypatch)
    return Checkout(root)


@pytest.fixture(scope="module")
def empty_venv(tmp_path_factory):
    """Return an environment with nothing but pip in it, made where another was whose Python is gone."""
    with pytest.MonkeyPatch.context() as patch:
        move_to(tmp_path_factory.mktemp("Leerer Kurs für 勾配 descent"), patch)
        python = Path(environment.python_path())
        python.parent.mkdir(parents=True)
        shutil.copy(__file__, python)  # it is there, and doesn't run
        environment.make(interpreters.choose())
        assert environment.look_inside()[2]
        return environment.VENV


@pytest.fixture
def checkout(new_checkout, empty_venv, monkeypatch):
    """Return a small course for which Python's venv, the slow part, has worked already."""
    run = subprocess.run

    def quicker(command, **options):
        if command[1:] != ["-I", "-m", "venv", "--clear", str(environment.VENV)]:
            return run(command, **options)
        shutil.rmtree(environment.VENV, ignore_errors=True)
        shutil.copytree(empty_venv, environment.VENV, symlinks=True, copy_function=os.link)
        return subprocess.CompletedProcess(command, 0, stdout="")

    monkeypatch.setattr(subprocess, "run", quicker)
    return new_checkout


@pytest.fixture(scope="module")
def finished(tmp_path_factory, empty_venv):
    """Return the folder of a small course that is set up."""
    root = tmp_path_factory.mktemp("finished") / "course"
    Checkout(root)
    with pytest.MonkeyPatch.context() as patch:
        move_to(root, patch)
        shutil.copytree(empty_venv, environment.VENV, symlinks=True, copy_function=os.link)
        environment.ensure()
    return root


@pytest.fixture
def set_up(checkout, finished):
    """Return a small course that is set up already."""
    shutil.rmtree(checkout.root)
    shutil.copytree(finished, checkout.root, symlinks=True, copy_function=copied)
    return checkout


def copied(file, new):
    """Copy a file; pip's own, which are many, become links."""
    (os.link if "pip" in Path(file).parts else shutil.copy2)(file, new)


@pytest.fixture
def no_pip(monkeypatch):
    """Return a function after whose call nothing may be installed any more."""

    def forbid():
        monkeypatch.setattr(environment, "install", lambda *_: pytest.fail("pip ran"))

    return forbid


def test_set_up_happens_once(checkout, no_pip, capfd):
    python = environment.ensure()
    printed = capfd.readouterr().out
    assert "Making .venv with Python" in printed and "once" in printed and "Successfully installed" in printed
    assert checkout.run("import course_stone, gdcourse; print(gdcourse.__file__)").startswith(str(checkout.root))
    assert not os.path.isabs((checkout.site() / "gdcourse.pth").read_text())
    no_pip()
    assert environment.ensure() == python
    assert capfd.readouterr().out == ""


def test_the_checkout_can_be_moved(set_up, tmp_path):
    moved = tmp_path / "später"
    set_up.root.rename(moved)
    python = moved / ".venv" / Path(environment.python_path()).relative_to(set_up.root / ".venv")
    code = "import course_stone, gdcourse; print(gdcourse.__file__)"
    result = subprocess.run([python, "-c", code], cwd="/", capture_output=True, text=True, encoding="utf-8")
    assert result.stdout.startswith(str(moved))


def test_a_set_up_cut_short_is_finished(set_up):
    # As if killed while pip copied the files: the metadata is there, a module and INSTALLER are not.
    environment.STAMP.unlink()
    next(set_up.site().glob("course_stone-*.dist-info/INSTALLER")).unlink()
    (set_up.site() / "course_stone.py").unlink()
    (set_up.site() / "~ourse_stone").mkdir()
    environment.ensure()
    assert set_up.run("import course_stone; print(course_stone.VERSION)") == "1.0"
    assert not (set_up.site() / "~ourse_stone").exists()
    assert environment.read_stamp()["requirements.txt"] == environment.digest("requirements.txt")


def test_a_set_up_cut_short_before_pip_was_there_is_done_again(checkout):
    (checkout.root / ".venv").mkdir()
    (checkout.root / ".venv" / "pyvenv.cfg").write_text("home = /nowhere\n")
    environment.ensure()
    assert checkout.run("import course_stone; print(1)") == "1"


def test_the_stamp_is_written_last(checkout, monkeypatch):
    def cut(*_):
        assert not environment.STAMP.exists()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(environment, "install", cut)
        environment.ensure()
    assert environment.read_stamp() == {}
    environment.ensure()
    assert checkout.run("import course_stone; print(1)") == "1"


def test_new_requirements_are_installed(set_up, no_pip, capfd):
    set_up.lock(wheel(set_up.root, version="2.0"))
    environment.ensure()
    assert "requirements have changed" in capfd.readouterr().out
    assert set_up.run("import course_stone; print(course_stone.VERSION)") == "2.0"
    no_pip()
    environment.ensure()


def test_requirements_that_cannot_be_had_leave_what_works(set_up):
    set_up.lock(wheel(set_up.root, version="2.0"))
    (set_up.root / "course_stone-2.0-py3-none-any.whl").unlink()
    for _ in range(2):
        with pytest.raises(environment.Trouble, match="does not exist for this computer"):
            environment.ensure()
    assert set_up.run("import course_stone; print(course_stone.VERSION)") == "1.0"


def test_the_tools_of_the_tests_are_counted_apart(set_up, monkeypatch, no_pip):
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(environment, "install", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        environment.ensure(environment.TEST_LOCK)
    with monkeypatch.context() as patch:  # the lab starts all the same
        patch.setattr(environment, "install", lambda *_: pytest.fail("pip ran"))
        environment.ensure()
    environment.ensure(environment.TEST_LOCK)
    assert set_up.run("import course_stone, test_tool; print(1)") == "1"
    no_pip()
    environment.ensure(environment.TEST_LOCK)
    environment.ensure()


def test_a_python_that_is_gone_is_replaced(set_up, capfd):
    python = Path(environment.python_path())
    python.unlink()
    shutil.copy(__file__, python)  # it is there, and doesn't run
    environment.ensure()
    assert "doesn't run any more, so .venv is made again" in capfd.readouterr().out
    assert set_up.run("import course_stone; print(1)") == "1"


def test_an_environment_without_tensorflow_gives_way_to_a_fitting_python(checkout, monkeypatch):
    monkeypatch.setattr(interpreters, "has_tensorflow", lambda found: False)
    environment.ensure()
    assert environment.read_stamp()["tensorflow"] is False
    made = []
    monkeypatch.setattr(environment, "make", lambda found: made.append(found))
    monkeypatch.setattr(interpreters, "has_tensorflow", lambda found: bool(found))
    with monkeypatch.context() as patch:  # a Python that can't make environments replaces nothing
        patch.setattr(interpreters, "choose", lambda: None)
        environment.ensure()
    assert not made
    environment.ensure()
    assert made and environment.read_stamp()["tensorflow"] is True


@pytest.mark.skipif(os.name == "nt", reason="tried with POSIX's own locks")
def test_two_set_ups_at_once(checkout):
    program = (
        "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_EX); print('mine', flush=True); input()"
    )
    command = [sys.executable, "-c", program, str(checkout.root / environment.LOCK)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(environment.Trouble, match="is running already"):
            environment.ensure()
        other.communicate("\n")
    environment.ensure()


def test_lessons_that_wait_are_named(checkout, monkeypatch, capfd):
    monkeypatch.setattr(notebooks, "lessons", lambda: [Path("09_by_hand.ipynb"), Path("10_train_with_keras.ipynb")])
    monkeypatch.setattr(notebooks, "needs_tensorflow", lambda path: "keras" in path.name)
    environment.announce(environment.LOCK, True, {**GOOD, "version": [3, 14, 0]})
    printed = capfd.readouterr().out
    assert "10_train_with_keras" in printed and "09" not in printed and "install Python 3.13" in printed
    environment.announce(environment.LOCK, True, {**GOOD, "system": "darwin"})
    printed = capfd.readouterr().out
    assert "10_train_with_keras" in printed and "install" not in printed.split("once.")[1]
    environment.announce(environment.LOCK, True, GOOD)
    assert "lessons" not in capfd.readouterr().out


def test_troubles_before_pip(new_checkout, monkeypatch):
    def trouble():
        with pytest.raises(environment.Trouble) as problem:
            environment.ensure()
        assert not environment.STAMP.exists()
        return str(problem.value)

    with monkeypatch.context() as patch:
        patch.delenv("GDCOURSE_PYTHON")
        patch.setattr(interpreters, "choose", lambda: None)
        assert "needs Python 3.11, 3.12 or 3.13" in trouble()
    with monkeypatch.context() as patch:
        patch.setattr(interpreters, "choose", lambda: {**GOOD, "venv": False})
        patch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get")
        assert "sudo apt install python3.12-venv" in trouble()
        patch.setattr(shutil, "which", lambda name: None)
        assert "https://www.python.org" in trouble()
    with monkeypatch.context() as patch:
        patch.setattr(environment.tempfile, "TemporaryFile", lambda dir: open("/nowhere/at/all", "w"))
        assert "No file can be written in" in trouble()


def test_a_disk_that_is_too_full_is_named_before_pip(checkout, monkeypatch):
    monkeypatch.setattr(environment, "GIGABYTES", {True: 1e9, False: 1e9})
    with pytest.raises(environment.Trouble, match=r"\d GB free, \d.* GB needed"):
        environment.ensure()
    assert not environment.STAMP.exists()


# What pip says, in words for the reader. Real stderr where it is to be had without a network.


def pip_says(*arguments, cwd):
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    variables.update(PIP_CONFIG_FILE=os.devnull, PIP_NO_CACHE_DIR="1")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", *arguments]
    result = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, errors="replace")
    assert result.returncode
    return environment.explain(result.stderr, True, "3.11")


def test_no_network(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
        said = pip_says("--retries", "1", "--index-url", address, "numpy", cwd=tmp_path)
    assert said == "No network: connect to the internet and run the same command again, it goes on where it stopped."


def test_wrong_hash(tmp_path):
    line = wheel(tmp_path)
    (tmp_path / "lock.txt").write_text(line[:-5] + "0000\n")
    options = ("--no-index", "--find-links", ".", "--require-hashes", "-r", "lock.txt", "-d", "there")
    assert "was not the file that the course was tested with" in pip_says(*options, cwd=tmp_path)


def test_no_package_for_this_computer(tmp_path):
    assert "does not exist for this computer" in pip_says("--no-index", "course_stone", cwd=tmp_path)


def test_other_troubles_of_pip():
    def said(problem):
        text = f"WARNING: something else\nERROR: Could not install packages due to an OSError: {problem}\n"
        return environment.explain(text, True, "3.11")

    assert "The disk is full" in said(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert "can't be written" in said(PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/x"))
    assert "No secure connection" in said("SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))")
    assert said("a riddle") is None


def test_after_ctrl_c_the_reader_hears_that_the_same_command_goes_on(monkeypatch, capsys):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "ensure", stop)
    assert dispatch.main(["lab"]) == 130
    assert capsys.readouterr().err == "\nStopped. The same command goes on from here.\n"


# The commands.


@pytest.fixture
def handed(monkeypatch):
    """Return what a command hands over to: a list of (program, variables)."""
    result = []
    monkeypatch.setattr(environment, "ensure", lambda *_: "python")
    monkeypatch.setattr(interpreters, "hand_over", lambda *given: result.append(given))
    return result


GONE = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONWARNINGS",
    "PYTHONOPTIMIZE",
    "PYTHONINSPECT",
    "JUPYTER_PATH",
    "JUPYTERLAB_DIR",
)
STAYING = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUNBUFFERED",
    "PYTHONUTF8",
    "PYTHONIOENCODING",
    "MINE",
)


def test_what_changes_python_or_jupyter_is_left_out_of_the_environment_and_the_rest_stays(monkeypatch):
    for name in (*GONE, *STAYING):
        monkeypatch.setenv(name, "1")
    ours = notebooks.clean_environment(MORE="2")
    assert not ours.keys() & set(GONE) and all(ours[name] == "1" for name in STAYING) and ours["MORE"] == "2"


def test_lab_opens_the_first_lesson_and_passes_options_on(handed, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    dispatch.main(["lab", "--no-browser", "--port=9000", "--LabApp.log_level=DEBUG"])
    command, variables = handed[0]
    assert command[1:4] == ["-P", "-m", "jupyterlab"]
    assert command[-3:] == ["--no-browser", "--port=9000", "--LabApp.log_level=DEBUG"]
    assert f"--LabApp.default_url=/lab/tree/notebooks/{notebooks.lessons()[0].name}" in command
    assert not any("token" in part or "password" in part for part in command)
    assert command.count("--no-browser") == 1 and not any(part.startswith("--log-level") for part in command)
    assert "PYTHONPATH" not in variables and variables["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize("own", ["--ServerApp.root_dir=/x", "--notebook-dir=/x", str(notebooks.ROOT / "gdcourse")])
def test_lab_leaves_the_readers_own_place_alone(handed, own):
    dispatch.main(["lab", own])
    assert handed[0][0][-1] == own and not any("default_url" in part for part in handed[0][0])


@pytest.mark.parametrize("own", [[], ["--allow-root"], ["--ServerApp.allow_root=True"]])
@pytest.mark.parametrize("user", [0, 1000])
def test_lab_opens_for_root_too(handed, monkeypatch, capsys, user, own):
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    dispatch.main(["lab", *own])
    ours = user == 0 and not own
    assert handed[0][0].count("--allow-root") == int(ours) + own.count("--allow-root")
    assert ("You are root, " in capsys.readouterr().out) == ours


def test_without_a_display_the_address_is_all_that_comes_after_our_words(handed, monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    dispatch.main(["lab"])
    assert {"--no-browser", "--log-level=WARN"} <= set(handed[0][0])
    assert "copy the address in the last line" in capsys.readouterr().out
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "get", lambda: "a browser")
    dispatch.main(["lab"])
    assert "--no-browser" not in handed[1][0] and "last line" not in capsys.readouterr().out


SCREEN, WAYLAND = {"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}
AFAR = {"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.1 22"}


@pytest.mark.parametrize(
    ("system", "variables", "installed", "expected"),
    [
        ("linux", {}, True, False),
        ("linux", SCREEN, True, True),
        ("linux", WAYLAND, True, True),
        ("linux", SCREEN, False, False),
        ("linux", WAYLAND, False, False),
        ("linux", {**AFAR, **SCREEN}, True, True),  # ssh -X brings the windows along
        ("linux", {"BROWSER": "firefox"}, False, True),
        ("win32", {}, True, True),
        ("win32", AFAR, True, False),
        ("darwin", {}, True, True),
        ("darwin", AFAR, True, False),
        ("darwin", {**AFAR, "BROWSER": "firefox"}, True, True),
    ],
)
def test_a_browser_can_open_where_there_is_one_and_a_screen(monkeypatch, system, variables, installed, expected):
    def browser():
        if not installed:
            raise webbrowser.Error("could not locate runnable browser")
        return "a browser"

    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(webbrowser, "get", browser)
    assert dispatch.browser_can_open() is expected


@pytest.mark.parametrize("name", ["browser_notes", "debugging", "log-level", "allow_root", "root_dir and default_url"])
def test_a_word_in_the_name_of_a_file_is_no_option(handed, monkeypatch, name):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(dispatch, "browser_can_open", lambda: False)
    dispatch.main(["lab", f"nowhere/{name}.ipynb", f"--ServerApp.ip=/{name}"])
    ours = {"--log-level=WARN", "--allow-root", "--no-browser", f"--ServerApp.root_dir={ROOT}"}
    assert ours <= set(handed[0][0])


@pytest.mark.parametrize(
    ("option", "missing"),
    [
        ("--log-level=INFO", "--log-level=WARN"),
        ("--ServerApp.log_level=INFO", "--log-level=WARN"),
        ("--debug", "--log-level=WARN"),
        ("--browser=firefox", "--no-browser"),
        ("--ServerApp.browser=firefox", "--no-browser"),
        ("--LabApp.open_browser=True", "--no-browser"),
    ],
)
def test_an_option_of_the_readers_stands_alone(handed, monkeypatch, option, missing):
    monkeypatch.setattr(dispatch, "browser_can_open", lambda: False)
    dispatch.main(["lab", option])
    assert option in handed[0][0] and missing not in handed[0][0]
    assert {"--log-level=WARN", "--no-browser"} - {missing} <= set(handed[0][0])


def answer_of(address):
    """Return what a server answers; it may print its address a moment before it listens there."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return answer.read()
        except urllib.error.URLError as problem:
            if not isinstance(problem.reason, ConnectionRefusedError) or time.monotonic() > end:
                raise


@pytest.mark.skipif(os.name == "nt", reason="there JupyterLab always has a display")
def test_the_last_line_on_the_screen_is_an_address_that_answers(tmp_path):
    variables = notebooks.clean_environment(JUPYTER_RUNTIME_DIR=str(tmp_path), HOME=str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        variables.pop(name, None)
    command = [sys.executable, "-m", "gdcourse", "lab", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1"]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as lab:
        try:
            for line in lab.stdout:
                if line.strip().startswith(b"http://127.0.0.1"):
                    break
            address = line.decode().strip()
            assert "00_start_here.ipynb?token=" in address
            assert b"JupyterLab" in answer_of(address)
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(urllib.parse.urljoin(address, "/api/contents"), timeout=60)
        finally:
            lab.send_signal(signal.SIGTERM)
        rest = lab.stdout.read().decode()
    caused = ("403", "Forbidden", "received signal 15")  # by this test
    assert not [one for one in rest.splitlines() if one.strip() and not any(word in one for word in caused)], rest


def test_test_checks_everything_in_one_run(handed, monkeypatch):
    monkeypatch.setattr(environment, "tensorflow_installed", lambda: True)
    dispatch.main(["test", "-x"])
    command, variables, folder = handed[0]
    assert command[1:4] == ["-P", "-m", "pytest"] and "--nbval" in command and "-x" in command
    side_by_side = command.index("-n")  # and what shares a module-wide fixture stays together, in its order
    together = ["-n", str(dispatch.workers()), "--dist=loadscope", "--no-loadscope-reorder"]
    assert command[side_by_side : side_by_side + 4] == together
    assert str(ROOT / "tests") in command and {str(path) for path in notebooks.lessons()} <= set(command)
    assert "--durations=10" in command and folder == ROOT / "tests"
    assert notebooks.QUIET.items() <= variables.items()


@pytest.mark.parametrize(("processors", "expected"), [(None, 1), (1, 1), (2, 2), (4, 4), (64, 4)])
def test_tests_run_side_by_side_as_far_as_memory_goes(monkeypatch, processors, expected):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert dispatch.workers() == expected


def test_test_leaves_out_what_needs_tensorflow_and_says_so(handed, monkeypatch, capsys):
    monkeypatch.setattr(environment, "tensorflow_installed", lambda: False)
    monkeypatch.setattr(notebooks, "lessons", lambda: [ROOT / "01_a.ipynb", ROOT / "07_b.ipynb"])
    monkeypatch.setattr(notebooks, "needs_tensorflow", lambda path: "07" in path.name)
    dispatch.main(["test"])
    assert str(ROOT / "01_a.ipynb") in handed[0][0] and str(ROOT / "07_b.ipynb") not in handed[0][0]
    assert "not checked: 07_b.ipynb" in capsys.readouterr().out


def test_test_can_be_given_files(handed, monkeypatch):
    monkeypatch.chdir(ROOT)
    dispatch.main(["test", "tests/test_commands.py::test_x", "-q"])
    command = handed[0][0]
    assert (
        command[-2:] == [f"{ROOT / 'tests' / 'test_commands.py'}::test_x", "-q"] and str(ROOT / "tests") not in command
    )


def test_commands_and_help(capsys):
    for arguments, code in [([], 2), (["bake"], 2), (["--help"], 0), (["lab", "--help"], 0), (["test", "-h"], 0)]:
        with pytest.raises(SystemExit) as stop:
            dispatch.main(arguments)
        assert stop.value.code == code
    printed = capsys.readouterr()
    assert all(name in printed.out for name in dispatch.COMMANDS) and "invalid choice: 'bake'" in printed.err


def test_doctor_s_help_says_what_its_marks_mean_and_what_it_saves(capsys):
    with pytest.raises(SystemExit) as stop:
        dispatch.main(["doctor", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert stop.value.code == 0 and "with -- (good to know)" in said and "nothing is sent anywhere" in said


# doctor.


def lines(printed):
    """Return the lines of doctor by the names of its checks."""
    return {line[4:16].strip(): line for line in printed.splitlines()}


def test_doctor_before_anything_is_installed(checkout, capsys):
    digits, *_ = doctor.DATA
    doctor.chosen.cache_clear()
    before = sorted(checkout.root.rglob("*"))
    assert doctor.main([]) == 1
    said = lines(capsys.readouterr().out)
    assert sorted(checkout.root.rglob("*")) == before
    assert said["packages"] == f"!!  packages    not installed yet; mend it with: {doctor.SET_UP}"
    assert said["data"].startswith("!!") and said["data"].endswith(f"again, and copy {digits} from there")
    assert not said["Python"].startswith("!!") and said["kernel"].startswith("--")
    assert {line[:4] for line in said.values()} <= {"ok  ", "--  ", "!!  "}
    doctor.chosen.cache_clear()


def git(root, *arguments):
    subprocess.run(["git", *arguments], cwd=root, check=True)


def test_doctor_sees_data_that_is_missing_or_another_and_what_it_advises_mends_it(new_checkout, monkeypatch):
    root = new_checkout.root

    def put(name, content):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    digits, penguins, *others = doctor.DATA
    digests = "".join(
        f'{constant} = "{hashlib.sha256(name.encode()).hexdigest()}"\n' for name, constant in doctor.DATA.items()
    )
    put("gdcourse/datasets.py", digests.encode())
    for name in doctor.DATA:
        put(name, name.encode())
    whole = (doctor.OK, f"whole: {2 + len(others)} files in gdcourse/data", None)
    assert doctor.data() == whole
    git(root, "init", "-q")
    git(root, "add", digits)
    by_hand = f"download the course again, and copy {penguins} from there"
    put(penguins, b"something else")
    other = f"{penguins} is not the file that the course was written with"
    assert doctor.data() == (doctor.WRONG, other, by_hand)  # git doesn't have it
    git(root, "add", penguins)
    assert doctor.data() == (doctor.WRONG, other, by_hand)  # git has another
    put(penguins, penguins.encode())
    git(root, "add", penguins)
    (root / penguins).unlink()
    for variable, value in (("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"), ("PATH", str(root))):
        with monkeypatch.context() as patch:
            patch.setenv(variable, value)  # the folder is another's; git is not installed
            assert doctor.data() == (doctor.WRONG, f"{penguins} is missing", by_hand)
    for name in (penguins, digits):
        put(name, b"something else")
        mend = doctor.data()[2]
        assert mend == f"git checkout -- {name}"
        git(root, *mend.split()[1:])
    assert doctor.data() == whole


def test_doctor_looks_at_every_file_of_data():
    course = {path.relative_to(notebooks.ROOT).as_posix() for path in (notebooks.ROOT / "gdcourse" / "data").iterdir()}
    made_here = {"gdcourse/data/search.jsonl", "gdcourse/data/shared_runs.json"}  # text that git can show and merge
    assert set(doctor.DATA) == {name for name in course - made_here if "LICENSE" not in name}


def test_doctor_sees_packages_that_are_missing(set_up, monkeypatch):
    monkeypatch.setattr(doctor, "chosen", lambda: GOOD)
    assert doctor.tensorflow()[0] == doctor.WRONG and doctor.kernel()[0] == doctor.WRONG
    set_up.lock("other==1.0\n")
    assert doctor.packages() == (doctor.WRONG, "the course's requirements have changed", doctor.SET_UP)


@pytest.mark.parametrize("changes", [{"version": [3, 14, 0]}, {"system": "darwin"}])
def test_doctor_without_tensorflow(monkeypatch, changes):
    monkeypatch.setattr(doctor, "chosen", lambda: {**GOOD, **changes})
    assert doctor.python()[0] == doctor.tensorflow()[0] == doctor.NOTE
    assert "wait" in doctor.tensorflow()[1]


def test_doctor_finds_what_is_in_the_way(monkeypatch):
    monkeypatch.setattr(doctor, "chosen", lambda: None)
    assert doctor.python()[0] == doctor.venv()[0] == doctor.WRONG
    monkeypatch.setattr(doctor, "chosen", lambda: {**GOOD, "venv": False})
    assert doctor.venv()[0] == doctor.WRONG
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 0))
    assert doctor.disk()[0] == doctor.WRONG
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert doctor.permission()[0] == doctor.WRONG
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        monkeypatch.setattr(doctor, "FIRST_PORT", busy.getsockname()[1])
        assert doctor.port()[0] == doctor.NOTE
    assert doctor.port()[0] == doctor.OK


def test_packages_that_differ_are_named(monkeypatch, tmp_path):
    from gdcourse.commands import inside

    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    lock = tmp_path / "requirements.txt"
    lock.write_text("pytest==0.1 \\\n    --hash=sha256:0\nnothing-here==1 ; sys_platform == 'none' \\\n")
    with pytest.raises(SystemExit, match="pytest .* instead of 0.1"):
        inside.packages()
    lock.write_text("nothing-here==1 ; python_full_version >= '3' \\\n")
    with pytest.raises(SystemExit, match="nothing-here is missing"):
        inside.packages()
    lock.write_text(f"pytest=={pytest.__version__}\n")
    assert inside.packages() == "1 packages, as requirements.txt says"


# Binder and continuous integration.


@pytest.mark.skipif(sys.platform != "linux", reason="repo2docker runs on Linux")
def test_binder_builds_what_the_course_needs(tmp_path):
    shutil.copytree(ROOT / "binder", tmp_path / "binder")
    for name in ("pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    said = result.stdout + result.stderr
    assert "Building conda environment for python=3.11" in said
    install = 'pip install --no-cache-dir -r "binder/requirements.txt"'
    assert said.index("binder/requirements.txt ${REPO_DIR}/binder/requirements.txt") < said.index(install)
    assert said.index(install) < said.index("RUN ./binder/postBuild")
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in said


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission")
@pytest.mark.parametrize("name", ["binder/postBuild", "binder/start", ".ci/run"])
def test_scripts_can_be_run(name):
    assert os.access(ROOT / name, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / name]).returncode == 0


def test_the_workflow_runs_the_readme_s_command_everywhere():
    yaml = pytest.importorskip("yaml")
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    matrix = workflow["jobs"]["pinned"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert [tuple(map(int, version.split("."))) for version in matrix["python"]] == [
        (3, minor) for minor in range(interpreters.OLDEST[1], interpreters.NEWEST[1] + 1)
    ]
    for job in workflow["jobs"].values():
        assert any("python -m gdcourse test" in step.get("run", "") for step in job["steps"])
    assert json.dumps(workflow).count("cron") == 1


# Settings of pip, and folders, that set-up must live with or name.


@pytest.fixture
def made(checkout, empty_venv, monkeypatch):
    """Return a checkout whose environment is made and still empty: what is tried is the run of pip."""
    monkeypatch.setattr(environment, "VENV", empty_venv)
    monkeypatch.setattr(environment, "STAMP", empty_venv / "gdcourse.json")
    yield checkout
    for left in checkout.site().glob("course_stone*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


def install():
    environment.install(environment.LOCK, True, "3.11")


NOT_OURS = {
    "user": "yes",
    "constraint": "/nowhere/constraints.txt",
    "require-virtualenv": "yes",
    "target": "/nowhere/target",
    "prefix": "/nowhere/prefix",
    "no-binary": ":all:",
    "only-binary": "course_stone",
    "dry-run": "yes",
    "no-deps": "yes",
    "root": "/nowhere/root",
    "requirement": "/nowhere/requirements.txt",
    "editable": "/nowhere/project",
    "python": "/nowhere/python",
    "platform": "win32",
    "python-version": "3.9",
    "implementation": "pp",
    "abi": "none",
    "quiet": "3",
}


@pytest.mark.parametrize("place", ["variables", "file"])
def test_settings_of_pip_that_are_not_about_the_course_change_nothing(made, monkeypatch, tmp_path, place):
    if place == "file":
        (tmp_path / "pip.conf").write_text("\n".join(["[install]", *(f"{n} = {v}" for n, v in NOT_OURS.items())]))
        monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    for name, value in NOT_OURS.items():
        if place == "variables":
            monkeypatch.setenv("PIP_" + name.upper().replace("-", "_"), value)
    install()
    assert made.run("import course_stone; print(course_stone.__file__)").startswith(str(made.site()))


def test_a_company_s_wheels_are_used(made, monkeypatch, tmp_path):
    line = wheel(tmp_path)
    (made.root / "course_stone-1.0-py3-none-any.whl").unlink()
    (made.root / "requirements.txt").write_text(line)
    general = "[global]\nfind-links = /nowhere\nno-index = yes\nquiet = 3\n"
    (tmp_path / "pip.conf").write_text(f"{general}[install]\nfind-links =\n    /nowhere/else\n    {tmp_path}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_FIND_LINKS", "")  # an empty variable outdoes no setting in a file
    install()
    assert made.run("import course_stone; print(course_stone.VERSION)") == "1.0"


class Answering:
    """A server of this machine that answers every request with one HTTP status."""

    def __init__(self, status):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_CONNECT = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self.address

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def no_wheels(made, monkeypatch):
    """Return a checkout whose package must come over the network, with no settings of pip but the test's own."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "0")
    (made.root / "requirements.txt").write_text(wheel(made.root))
    return made


@pytest.mark.parametrize(
    ("status", "setting", "said"),
    [
        (403, "PIP_INDEX_URL", "refuses a download \\(HTTP 403\\)"),
        (401, "PIP_INDEX_URL", "index wants a name and a password"),
        (404, "PIP_INDEX_URL", "is not where pip's settings on this computer say \\(http://127"),
        (407, "PIP_PROXY", "The proxy wants a name and a password"),
        (403, "PIP_PROXY", "refuses a download \\(HTTP 403\\)"),
    ],
)
def test_who_turned_the_download_away_is_named(no_wheels, monkeypatch, status, setting, said):
    with Answering(status) as address:
        monkeypatch.setenv(setting, address)
        with pytest.raises(environment.Trouble, match=said):
            install()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"PIP_INDEX_URL": "http://ada:secret@127.0.0.1:9/simple"},
            "No connection to a package index that pip's setting",
        ),
        ({"PIP_NO_INDEX": "1"}, "is not where pip's settings on this computer say \\(no-index\\)"),
        ({"PIP_INDEX_URL": "http://nowhere.invalid/simple"}, "without a secure connection"),
    ],
)
def test_the_setting_of_pip_that_is_in_the_way_is_named(no_wheels, monkeypatch, variables, said):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(environment.Trouble, match=said) as problem:
        install()
    assert "secret" not in str(problem.value)


def test_a_broken_file_of_settings_is_named(no_wheels, monkeypatch, tmp_path):
    (tmp_path / "pip.conf").write_text("index-url = x\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    with pytest.raises(environment.Trouble, match="can't read its own file of settings"):
        install()


UNREACHED = "HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded with url: /simple/x/ (Caused by "
RETRYING = "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError(\"Read timed out.\")': /x/"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("OSError: [WinError 206] The filename or extension is too long: 'C:\\\\x'", "path becomes too long"),
        ("OSError: [Errno 36] File name too long: '/x'", "path becomes too long"),
        (
            "OSError: [Errno 2] No such file or directory: 'C:\\\\x'\nHINT: This error might have occurred since this "
            "system does not have Windows Long Path support enabled. You can find information on how to enable this at "
            "https://pip.pypa.io/warnings/enable-long-paths",
            "path becomes too long",
        ),
        ("[WinError 32] The process cannot access the file because it is being used by another process", "is in use"),
        ("OSError: [Errno 26] Text file busy: '/x/python'", "is in use"),
        (
            "[WinError 225] Operation did not complete successfully because the file contains a virus or potentially "
            "unwanted software",
            "virus scanner took a file",
        ),
        ("[WinError 5] Access is denied: 'c:\\\\x.pyd'", "no virus scanner holds it"),
        ("Error: [Errno 1] Operation not permitted: 'lib' -> '/media/stick/.venv/lib64'", "can't hold links"),
        ("Could not find a suitable TLS CA certificate bundle, invalid path: /x.pem", "file of certificates"),
        ("Tunnel connection failed: 407 Proxy Authentication Required", "proxy wants a name"),
        ("ERROR: HTTP error 403 while getting https://files.example.org/x.whl", "HTTP 403"),
        ("403 Client Error: Forbidden for url: https://example.org/simple/x/", "HTTP 403"),
        ("[WinError 5] Zugriff verweigert: 'c:\\\\x.pyd'", "no virus scanner holds it"),
        ("[Errno 30] Read-only file system: '/x'", "no virus scanner holds it"),
        # A number or a word is none of these in a path, a line of a program or a version.
        ("[Errno 13] Permission denied: '/home/ada/gdcourse-407/.venv/x'", "can't be written"),
        ("[Errno 13] Permission denied: '/home/ada/a long path/.venv/x'", "can't be written"),
        ("[Errno 13] Permission denied: '/home/ada/potentially unwanted/.venv/x'", "can't be written"),
        ("No matching distribution found for numpy==1.407", "does not exist for this computer"),
        # Of two causes the first counts, and what was tried again is none where the last word is another.
        (f"{RETRYING}\nERROR: No matching distribution found for numpy", "No network"),
        (f"{RETRYING}\nERROR: Could not install: [Errno 13] Permission denied: '/x'", "can't be written"),
        (f"{UNREACHED}OSError('Tunnel connection failed: 407 Login')))", "proxy wants a name"),
        (f"{UNREACHED}OSError('Tunnel connection failed: 403 Filtered')))", "HTTP 403"),
        (f"{UNREACHED}SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')))", "No secure connection"),
        (f"{UNREACHED}NewConnectionError(': [Errno 13] Permission denied')': /simple/numpy/", "No network"),
        (f"{UNREACHED}OSError(0, 'Error')))", "No network"),
    ],
)
def test_each_trouble_has_its_own_sentence(problem, said):
    explained = environment.explain(f"ERROR: {problem}\n", True, "3.11")
    assert said in explained and "{" not in explained
    assert explained.count(". ") == 0  # one sentence


def test_a_line_of_a_program_is_no_trouble():
    traceback = 'Traceback (most recent call last):\n  File "/x/base_command.py", line 407, in run\n'
    assert environment.explain(f"ERROR: Exception:\n{traceback}RuntimeError: a riddle\n", True, "3.11") is None


@pytest.mark.skipif(os.name == "nt", reason="a file's name can't hold Windows' separator of paths")
def test_a_folder_in_which_no_environment_can_lie_is_named_before_anything_is_made(new_checkout, monkeypatch):
    for name in ("VENV", "STAMP"):
        path = getattr(environment, name)
        monkeypatch.setattr(environment, name, Path(str(path).replace("Kurs für", "Kurs: für")))
    root = new_checkout.root.with_name("Kurs: für 勾配 descent")
    new_checkout.root.rename(root)
    monkeypatch.setattr(environment, "ROOT", root)
    before = sorted(root.rglob("*"))
    with pytest.raises(environment.Trouble, match="with ':' in its path: rename or move"):
        environment.ensure()
    assert sorted(root.rglob("*")) == before
    assert doctor.venv()[0] == doctor.WRONG and "':'" in doctor.venv()[1] and "rename" in doctor.venv()[2]


def test_a_python_that_was_ordered_and_does_not_fit_is_named(new_checkout, monkeypatch):
    monkeypatch.setenv("GDCOURSE_PYTHON", "/nowhere/python")
    with pytest.raises(environment.Trouble, match="^The variable GDCOURSE_PYTHON names /nowhere/python"):
        environment.ensure()
    monkeypatch.setattr(doctor, "chosen", lambda: None)  # another Python would not help
    assert "GDCOURSE_PYTHON names /nowhere/python" in doctor.python()[1]
    assert doctor.python()[2] == doctor.venv()[2] == interpreters.CORRECT
    monkeypatch.setattr(interpreters, "probe", lambda python: None)
    assert "GDCOURSE_PYTHON names /nowhere/python" in entry.in_a_newer_python()


def test_what_is_free_is_less_than_what_is_needed_as_it_is_printed_too():
    assert environment.short_of(0.28, 0.3) == "0.2 GB free, 0.3 GB needed"
    assert environment.short_of(2.34, 2.36) == "2.3 GB free, 2.4 GB needed"


def test_a_full_disk_is_no_matter_of_permission(checkout, monkeypatch):
    def full(dir):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(environment.tempfile, "TemporaryFile", full)
    with pytest.raises(environment.Trouble, match="The disk is full"):
        environment.ensure()


# As Debian's venv, whose own words these are, says it where its package python3.12-venv is missing.
DEBIAN = """\
The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python3.12-venv

You may need to use sudo with that command.  After installing the python3-venv
package, recreate your virtual environment.

Failing command: /x/.venv/bin/python
"""


@pytest.mark.skipif(os.name == "nt", reason="a program that sh runs")
@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("a riddle", "ended with the error above"),
        (DEBIAN, "^Python 3.12 lacks its module venv: .*same command again.$"),
    ],
    ids=["riddle", "Debian"],
)
def test_an_environment_that_cannot_be_made_shows_why(new_checkout, monkeypatch, tmp_path, capfd, printed, said):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{printed}\nEND\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(interpreters, "choose", lambda: {**GOOD, "path": str(program)})
    with pytest.raises(environment.Trouble, match=said):
        environment.ensure()
    assert printed.strip() in capfd.readouterr().err


# doctor: each cause by its name, and what it advises mends it.


def test_what_doctor_advises_mends_an_environment(set_up):
    """Packages that are missing, of another version, or without some of their files; nothing else is deleted."""

    def change():
        for info in set_up.site().glob("course_stone-*.dist-info"):
            shutil.rmtree(info)

    def lose():
        (set_up.site() / "course_stone.py").unlink()

    def cut():
        (set_up.site() / "course_stone.py").write_text("VERSION")

    mine = set_up.site() / "mine.py"
    mine.touch()
    for harm in (change, lose, cut):
        harm()
        assert doctor.MAKE_WHOLE == f"delete the file .venv/gdcourse.json, then {doctor.SET_UP}"
        (set_up.root / ".venv" / "gdcourse.json").unlink()
        environment.ensure()
        assert set_up.run("import course_stone; print(course_stone.VERSION)") == "1.0", harm.__name__
        assert set_up.run("from importlib.metadata import version; print(version('course_stone'))") == "1.0"
    assert mine.exists()


@pytest.fixture
def asked_here(monkeypatch):
    """Let doctor ask the Python that runs the tests."""
    monkeypatch.setattr(environment, "read_stamp", lambda: {environment.LOCK: environment.digest(environment.LOCK)})
    monkeypatch.setattr(environment, "python_path", lambda: sys.executable)
    monkeypatch.setattr(doctor, "chosen", lambda: {**GOOD})


def test_a_kernel_of_another_python_takes_no_place(asked_here, monkeypatch, tmp_path):
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["/elsewhere/python", "-m", "ipykernel_launcher"], "display_name": "x"}))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    assert notebooks.clean_environment()["JUPYTER_PREFER_ENV_PATH"] == "1"
    assert doctor.kernel()[0] == doctor.OK


def test_a_stamp_that_cannot_be_written_leaves_the_old_one_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "STAMP", tmp_path / "gdcourse.json")
    environment.write_stamp({"python": "3.11"})

    def fails(*paths):
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError):
        environment.write_stamp({"python": "3.13"})
    assert environment.read_stamp() == {"python": "3.11"}
    assert [path.name for path in tmp_path.iterdir()] == ["gdcourse.json"]


def test_a_kernel_of_another_python_is_named_and_what_doctor_advises_mends_it(checkout, monkeypatch, tmp_path):
    environment.make(interpreters.choose())
    environment.write_stamp({"python": "3.11"})
    # It finds all that this Python has, but the kernel's own file: the reader's is then the first.
    (checkout.site() / "all.pth").write_text(f"{ROOT}\n{Path(pytest.__file__).parents[1]}\n", encoding="utf-8")
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["/elsewhere/python", "-m", "ipykernel_launcher"], "display_name": "x"}))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    said = f"the notebooks' kernel is another Python's: /elsewhere/python, says {spec.parent}"
    assert doctor.kernel() == (doctor.WRONG, said, f"rename the folder {spec.parent}")
    spec.parent.rename(spec.parent.with_name("renamed"))
    assert doctor.kernel() == (doctor.OK, "starts and runs a cell", None)


@pytest.mark.parametrize("place", [ROOT, notebooks.FOLDER], ids=["course", "notebooks"])
def test_doctor_names_a_file_that_hides_a_package(asked_here, monkeypatch, place):
    from gdcourse.commands import inside

    monkeypatch.setattr(inside, "hiding", lambda folder, path: [folder / "numpy.py"] if folder == place else [])
    with pytest.raises(inside.Wrong, match="outside of `lab` Python finds .*numpy.py in place of the") as problem:
        inside.whole()
    assert problem.value.mend == f"give {place / 'numpy.py'} another name"


@pytest.mark.parametrize("way", ["variable", "file"])
def test_doctor_names_another_backend_of_keras(asked_here, monkeypatch, tmp_path, way):
    if way == "variable":
        monkeypatch.setenv("KERAS_BACKEND", "torch")
        where = "the variable KERAS_BACKEND"
    else:
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        monkeypatch.setenv("KERAS_HOME", str(tmp_path))
        (tmp_path / "keras.json").write_text('{"backend": "torch"}')
        where = str(tmp_path / "keras.json")
    assert doctor.tensorflow() == (
        doctor.WRONG,
        f"can't be imported: {where} makes Keras compute with torch",
        f"take torch out of {where}",
    )


@pytest.mark.parametrize(("start_up", "stops"), [("1 / 0", False), ("import os; os._exit(3)", True)])
def test_doctor_names_a_start_up_file_that_stops_the_kernel(asked_here, monkeypatch, tmp_path, start_up, stops):
    from gdcourse.commands import inside

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    file = tmp_path / "profile_default" / "startup" / "mine.py"
    file.parent.mkdir(parents=True)
    file.write_text(start_up)
    assert inside.start_up() == f"take {file} away for a while"
    mark, text, mend = doctor.kernel()
    assert (mark, mend) == ((doctor.WRONG, f"take {file} away for a while") if stops else (doctor.OK, None))
    assert "Traceback" not in text and "Error:" not in text


def doctor_hears(monkeypatch, program):
    """Return what doctor says of TensorFlow if the environment's Python does this instead of answering."""
    run = subprocess.run

    def replaced(command, **options):
        return run([sys.executable, "-c", program], **options)

    monkeypatch.setattr(subprocess, "run", replaced)
    return doctor.tensorflow()


@pytest.mark.skipif(os.name == "nt", reason="POSIX's signals")
@pytest.mark.parametrize(
    ("program", "said", "mend"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "AVX", "another computer"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "want of memory", "close other programs"),
        ("raise SystemExit('a riddle')", "a riddle", "gdcourse.json"),
        ("raise SystemExit(5)", "code 5", "gdcourse.json"),
        ("import threading; threading.Event().wait()", "no answer in 0.5 seconds", "run doctor again"),
    ],
)
def test_doctor_tells_what_ended_tensorflow(asked_here, monkeypatch, program, said, mend):
    monkeypatch.setattr(doctor, "PATIENCE", 0.5 if "Event" in program else 60)
    mark, text, found = doctor_hears(monkeypatch, program)
    assert mark == doctor.WRONG and said in text and mend in found


def test_doctor_says_what_windows_lacks_for_tensorflow(monkeypatch, tmp_path):
    from gdcourse.commands import inside

    (tmp_path / "keras.py").write_text("raise ImportError('DLL load failed while importing _pywrap_tensorflow')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    with pytest.raises(inside.Wrong, match="DLL load failed") as problem:
        inside.tensorflow()
    assert "vc_redist" in problem.value.mend


def written_in(source):
    """Return the texts of a program, docstrings left out; what is filled in stands as {code}."""
    tree = ast.parse(source)
    documented = [node for node in ast.walk(tree) if hasattr(node, "body") and isinstance(node.body, list)]
    left_out = {id(node.body[0].value) for node in documented if node.body and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= set(map(id, node.values))
            parts = [
                one.value if isinstance(one, ast.Constant) else f"{{{ast.unparse(one.value)}}}" for one in node.values
            ]
            yield "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


LOSING = re.compile(
    r"\b(?:delet|remov|eras|wip|discard|uninstall)(?:e|es|ing)?\b|\b(?:rm|rmdir|rd|del)\b"
    r"|\b(?:take|throw|move|rename)\b[^.:;,]*(?:\.venv|\bVENV\b|\{venv\}|environment\b)",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("text", "loses"),
    [
        ("delete the folder .venv", True),
        ("remove {environment.VENV} by hand", True),
        ("rm -r .venv, then run the same command again", True),
        ("take the whole environment away", True),
        ("rename .venv", True),
        ("take the variable KERAS_BACKEND away", False),
        ("rename or move {ROOT}", False),
    ],
)
def test_what_is_lost_by_an_advice_is_seen(text, loses):
    assert bool(LOSING.search(text)) == loses


def test_no_advice_deletes_the_environment():
    """What readers have installed into it themselves would go with it; the file that says it is finished is enough."""
    programs = [*(ROOT / "gdcourse" / "commands").glob("*.py"), ROOT / "gdcourse" / "machine.py"]
    losing = [text for path in programs for text in written_in(path.read_text("utf-8")) if LOSING.search(text)]
    assert losing == ["delete the file .venv/{environment.STAMP.name}, then {SET_UP}"]
