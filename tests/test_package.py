"""The package as a whole: what its modules import, that public names say what they are for, what its sheets reach."""

import ast
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gdcourse
from gdcourse import blas

ROOT = Path(gdcourse.__file__).parent
MODULES = sorted(path.relative_to(ROOT).with_suffix("") for path in ROOT.rglob("*.py"))
LIGHT = [
    *(
        "limits",
        "blas",
        "checks",
        "functions",
        "lines",
        "differences",
        "gradients",
        "schedules",
        "copies",
        "paths",
        "optimizers",
    ),
    *(
        "training",
        "activations",
        "initializers",
        "losses",
        "layers",
        "mlp",
        "embedding",
        "planes",
        "callbacks",
        "faces",
        "matlab",
    ),
    *("datasets", "digits", "tuning", "convolution", "detection", "words", "bags", "numerals", "attention", "sharing"),
    "project",
]
# Each part may import the parts before it; a folder is one part.
DRAWN = ["labels", "plots", "clinic"]
ORDER = ["__init__", "beside", "files", *LIGHT, *DRAWN, "exercises", "widgets", "commands", "machine", "__main__"]


def imported(path):
    """Return the parts of gdcourse that a file imports, anywhere in it."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} line {node.lineno}: say where from, gdcourse.…"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
            assert "*" not in [alias.name for alias in node.names], (
                f"{path.name} line {node.lineno}: name what you import"
            )
    inside = [name.split(".")[1] if "." in name else "__init__" for name in names if name.split(".")[0] == "gdcourse"]
    return {name if name in ORDER else "__init__" for name in inside}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_arrows_point_down_only(module):
    part = module.parts[0]
    assert part in ORDER, "say in ORDER which parts this one may import"
    allowed = set(ORDER[: ORDER.index(part)]) | ({part} if len(module.parts) > 1 else set())
    assert imported(ROOT / module.with_suffix(".py")) <= allowed


def test_init_is_a_docstring_and_the_version():
    tree = ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8"))
    docstring, version = tree.body
    assert ast.get_docstring(tree) and version.targets[0].id == "__version__"


# Imported by commands that must answer at once, too.
BARE = ["beside", "files", *LIGHT, "exercises", "commands", "machine"]


@pytest.fixture(scope="module")
def brought():
    """Return what each light module brings of what is heavy: {module: names}, in one process, all of ours anew."""
    heavy = [
        "tensorflow",
        "keras",
        "matplotlib",
        "IPython",
        "ipywidgets",
        "scipy",
        "pandas",
        "PIL",
        "pooch",
        "requests",
    ]
    code = (
        "import importlib, json, sys\nfound = {}\n"
        f"for name in {BARE}:\n"
        "    for one in [one for one in sys.modules if one.startswith('gdcourse')]: del sys.modules[one]\n"
        "    importlib.import_module(f'gdcourse.{name}')\n"
        f"    found[name] = [one for one in {heavy} if one in sys.modules]\n"
        "print(json.dumps(found))"
    )
    return json.loads(subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT.parent))


@pytest.mark.parametrize("module", BARE)
def test_import_is_light(module, brought):
    assert brought[module] == []


@pytest.mark.parametrize("module", ["datasets", "training"])
@pytest.mark.parametrize(
    "chosen, threads", [({}, {1}), ({"OPENBLAS_NUM_THREADS": "2"}, {2})], ids=["by itself", "chosen"]
)
def test_products_run_in_one_thread_unless_the_environment_says_otherwise(module, chosen, threads):
    code = (
        f"import numpy, threadpoolctl, gdcourse.{module}; "
        "print({lib['num_threads'] for lib in threadpoolctl.threadpool_info() if lib['user_api'] == 'blas'})"
    )
    environment = {name: value for name, value in os.environ.items() if name not in blas.CHOSEN} | chosen
    ran = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT.parent, env=environment)
    assert ran.strip() in (str(threads), "set()")  # none: a library that can't be told, as macOS's own


@pytest.mark.parametrize("chosen, threads", [({}, "1"), ({"TF_NUM_INTRAOP_THREADS": "2"}, "2")])
def test_so_do_tensorflow_s(chosen, threads):
    code = "import os, gdcourse.datasets; print(os.environ['TF_NUM_INTRAOP_THREADS'])"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_NUM")} | chosen
    ran = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT.parent, env=environment)
    assert ran.strip() == threads


def test_import_of_plots_brings_no_keras():
    code = "import sys, gdcourse.plots; print([name for name in ('tensorflow', 'keras') if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT.parent).strip() == "[]"


def public(module):
    """Yield the qualified name and the object of every public function, class, method and property of a module."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing) or inspect.isclass(thing):
            yield name, thing
        if inspect.isclass(thing):
            for inner, member in vars(thing).items():
                if not inner.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                    yield f"{name}.{inner}", inspect.getattr_static(thing, inner)


PROJECT = [f"project.{path.stem}" for path in sorted(ROOT.glob("project/[!_]*.py"))]


@pytest.mark.parametrize("module", [one for one in MODULES if one.stem != "__main__"], ids=str)
def test_every_public_name_has_a_docstring(module):
    module = importlib.import_module(".".join(["gdcourse", *module.parts]).removesuffix(".__init__"))
    assert module.__doc__
    for name, thing in public(module):
        docstring = inspect.getdoc(thing)
        assert docstring, f"{name} has no docstring"
        assert not docstring.startswith(f"{name}("), f"{name} has only the docstring that dataclass makes"


@pytest.mark.parametrize("module", [*LIGHT, *PROJECT, "plots", "clinic"])
def test_docstrings_for_readers_are_whole_sentences(module):
    for name, thing in public(importlib.import_module(f"gdcourse.{module}")):
        first = inspect.getdoc(thing).split("\n\n")[0]
        assert first[0].isupper() and first.rstrip().endswith((".", "…", ")")), f"{name}: {first}"


@pytest.mark.parametrize(
    "sheet", sorted(set(ROOT.glob("widgets/*.css")) - {ROOT / "widgets" / "figure.css"}), ids=lambda path: path.stem
)
def test_a_style_sheet_of_one_figure_reaches_no_other(sheet):
    """All figures of a window share its style sheets: each selector must name a class that its figure alone has."""
    classes = {
        path.stem: set(re.findall(r"gdcourse-[a-z]+", path.read_text(encoding="utf-8")))
        for path in sheet.parent.glob("*.js")
    }
    own = classes.pop(sheet.stem).difference(*classes.values())
    heads = [head.strip() for head in re.findall(r"[^{}]+(?={)", sheet.read_text(encoding="utf-8"))]
    selectors = [one for head in heads if not head.startswith("@") for one in re.split(r",(?![^(]*\))", head)]
    assert [one for one in selectors if not own & set(re.findall(r"gdcourse-[a-z]+", one))] == []


def test_a_canvas_is_a_picture_only_when_its_words_are_there():
    """Before a figure has its first answer, a screen reader would meet a picture without a name."""
    for path in sorted(ROOT.glob("widgets/*.js")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""make\("canvas", [^)]*role: "img\"|setAttribute\("role", "img"\)""", text), path.name


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_code_is_as_ruff_wants_it(command):
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache", "."], cwd=ROOT.parent, capture_output=True
    )
    assert ran.returncode == 0, ran.stdout.decode()
