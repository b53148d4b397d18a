"""What doctor asks the environment's own Python: each answer is one line, an exit code of 1 means no."""

import re
import sys
from importlib import metadata

from gdcourse.commands import notebooks

PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)(?:\s*;\s*([^\\]*))?", re.MULTILINE)


def pins(text):
    """Return (name, version, marker) for each line of a lock."""
    return [(name, version, (marker or "").strip()) for name, version, marker in PIN.findall(text)]


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
            wrong.append(
                f"{name} {installed or 'is missing'} instead of {version}" if installed else f"{name} is missing"
            )
    if not wrong:
        return f"{count} packages, as requirements.txt says"
    sys.exit(f"{wrong[0]}" + (f", and {len(wrong) - 1} more" if wrong[1:] else ""))


def tensorflow():
    """Import TensorFlow and Keras."""
    import keras
    import tensorflow

    return f"TensorFlow {tensorflow.__version__}, Keras {keras.__version__}"


def kernel():
    """Start a kernel, run a cell, and see that it is this Python's."""
    import nbformat
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
    from nbclient import NotebookClient

    cell = nbformat.v4.new_code_cell("import sys; print(sys.prefix)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, kernel_name=NATIVE_KERNEL_NAME, timeout=60).execute()
    prefix = notebook.cells[0].outputs[0].text.strip()
    return (
        "starts and runs a cell" if prefix == sys.prefix else sys.exit(f"a kernel of another Python starts: {prefix}")
    )


if __name__ == "__main__":
    print({"packages": packages, "tensorflow": tensorflow, "kernel": kernel}[sys.argv[1]]())
