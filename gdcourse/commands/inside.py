"""What doctor asks the environment's own Python: each answer is one line, and if it is no, what mends it."""

import json
import os
import re
import sys
from importlib import machinery, metadata
from pathlib import Path

from gdcourse.commands import notebooks

PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;]+)(?:\s*;\s*([^\\]*))?", re.MULTILINE)
TRIED = {"jax", "pandas"}  # not among our packages, which import them where they are: an empty folder is enough
NEVER_NEEDED = {"test", "this", "antigravity", "turtle", "turtledemo", "tkinter", "idlelib", "lib2to3"}
AVAILABLE = (
    "python",
    "python3",
    f"python3.{sys.version_info[1]}",
)  # as a kernel's command: whichever Python runs Jupyter


class Wrong(SystemExit):
    """An answer that is no; `mend` says what helps, or is None where nothing but the packages can be at fault."""

    def __init__(self, text, mend=None):
        super().__init__(text)
        self.mend = mend


def pins(text):
    """Return (name, version, marker) for each line of a lock."""
    return [(name, version, (marker or "").strip()) for name, version, marker in PIN.findall(text)]


def hiding(folder, path):
    """Return what in a folder Python imports in place of a module of the course's, if it looks along this path."""
    path = [str(Path(place or ".").resolve()) for place in path]
    folder = folder.resolve()
    others = [place for place in path if place != str(folder)]
    found = set()
    for entry in folder.iterdir():
        name = entry.name.split(".")[0]
        if not name.isidentifier() or name in NEVER_NEEDED:
            continue
        if machinery.BuiltinImporter.find_spec(name) or machinery.FrozenImporter.find_spec(name):
            continue  # Python has it before it looks into any folder
        first, other = (machinery.PathFinder.find_spec(name, places) for places in (path, others))
        if first is None or (name not in TRIED and not (first.origin and other and other.origin)):
            continue  # nothing there, or a folder without __init__.py, which is imported last
        source = Path(first.origin) if first.origin else entry
        source = source.parent if source.name == "__init__.py" else source
        if source.parent == folder:
            found.add(source)
    return sorted(found)


def refuse_hiding(found, who="Python"):
    """Name the files that hide a module from one who looks for it, or do nothing."""
    if found:
        names = " and ".join(str(path) for path in found[:3]) + (f" and {len(found) - 3} more" if found[3:] else "")
        raise Wrong(f"{who} finds {names} in place of the package of that name", f"give {names} another name")


def packages():
    """Compare what is installed with requirements.txt."""
    from packaging.markers import Marker

    count, wrong = 0, []
    for name, version, marker in pins((notebooks.ROOT / "requirements.txt").read_text(encoding="utf-8")):
        if marker and not Marker(marker).evaluate():
            continue
        count += 1
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = None
        if installed != version:
            wrong.append(f"{name} {installed} instead of {version}" if installed else f"{name} is missing")
    if not wrong:
        return f"{count} packages, as requirements.txt says"
    raise Wrong(f"{wrong[0]}" + (f", and {len(wrong) - 1} more" if wrong[1:] else ""))


def whole():
    """Say whether nothing beside the notebooks hides a module, and the packages are those of requirements.txt.

    The kernels of `lab` look there last; other programs' kernels, and Python itself, look there first.
    """
    folders = [folder for folder in (notebooks.FOLDER, notebooks.ROOT) if folder.is_dir()]
    refuse_hiding([one for folder in folders for one in hiding(folder, [folder, *sys.path])], "outside of `lab` Python")
    return packages()


def tensorflow():
    """Import TensorFlow and Keras."""
    refuse_other_backend()
    try:
        import keras
        import tensorflow
    except Exception as problem:
        text = f"{type(problem).__name__}: {str(problem).strip().splitlines()[0] if str(problem).strip() else ''}"
        if "DLL load failed" in str(problem):
            raise Wrong(text, "install https://aka.ms/vs/17/release/vc_redist.x64.exe (from Microsoft)") from None
        raise Wrong(text) from None
    return f"TensorFlow {tensorflow.__version__}, Keras {keras.__version__}"


def refuse_other_backend():
    """Say who told Keras to compute with something other than TensorFlow, if anyone did."""
    file = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras", "keras.json")
    try:
        stored = json.loads(file.read_text(encoding="utf-8")).get("backend", "tensorflow")
    except (OSError, ValueError, AttributeError):
        stored = "tensorflow"
    backend = os.environ.get("KERAS_BACKEND") or stored
    if backend != "tensorflow":
        where = "the variable KERAS_BACKEND" if os.environ.get("KERAS_BACKEND") else str(file)
        raise Wrong(f"{where} makes Keras compute with {backend}", f"take {backend} out of {where}")


def mpi():
    """Look for MPI, which one lesson uses where it is installed."""
    from gdcourse import sharing

    if sharing.what_is_missing():
        install = f"{sys.executable} -m pip install {sharing.PACKAGES}"
        raise Wrong(f"optional, not installed; lesson 19 shows kept numbers without it, and with it: {install}")
    return f"lesson 19 can start processes: {sharing.mpiexec()}"


def kernel():
    """Start a kernel, run a cell, and see that it is this Python's."""
    import nbformat
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    refuse_foreign(KernelSpecManager().get_kernel_spec(NATIVE_KERNEL_NAME))
    cell = nbformat.v4.new_code_cell("import sys; print(sys.prefix)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    try:
        NotebookClient(notebook, kernel_name=NATIVE_KERNEL_NAME, timeout=60, startup_timeout=60).execute()
    except CellExecutionError as problem:
        raise Wrong(f"its first cell fails with {problem.ename}: {problem.evalue}", start_up()) from None
    except (CellTimeoutError, TimeoutError):
        raise Wrong("it starts, and does not answer", start_up()) from None
    except RuntimeError:
        raise Wrong("it dies, or does not answer, while it starts", start_up()) from None
    prefix = "".join(output.get("text", "") for output in cell.outputs).strip().splitlines()[-1:]
    if prefix == [sys.prefix]:
        return "starts and runs a cell"
    raise Wrong(f"a kernel of another Python starts: {' '.join(prefix)}")


def refuse_foreign(spec):
    """Refuse a kernel that is started with another Python than this, and say where it is written."""
    program = spec.argv[0]
    inside = Path(sys.prefix) in Path(os.path.abspath(program)).parents
    if program in AVAILABLE or inside:
        return
    text = f"the notebooks' kernel is another Python's: {program}, says {spec.resource_dir}"
    raise Wrong(text, f"rename the folder {spec.resource_dir}")


def start_up():
    """Return what to try where a kernel does not come up: the reader's own start-up files, or connections."""
    from IPython.paths import get_ipython_dir

    profile = Path(get_ipython_dir(), "profile_default")
    own = sorted([*profile.glob("startup/*.py"), *profile.glob("startup/*.ipy"), *profile.glob("*config.py")])
    if own:
        return f"take {' and '.join(map(str, own))} away for a while"
    return "let Python connect to 127.0.0.1 in your firewall or virus scanner"


if __name__ == "__main__":
    try:
        answer = [
            True,
            {"packages": whole, "tensorflow": tensorflow, "mpi": mpi, "kernel": kernel}[sys.argv[1]](),
            None,
        ]
    except Wrong as wrong:
        answer = [False, wrong.code, wrong.mend]
    print(json.dumps(answer))
