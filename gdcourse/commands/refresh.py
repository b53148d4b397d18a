"""Run notebooks and store them in one normal form, so that a diff shows what a person changed."""

import argparse
import base64
import copy
import hashlib
import io
import json
import os
import re
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from gdcourse import files
from gdcourse.commands import notebooks
from gdcourse.exercises import predictions

SECONDS_A_CELL = 600
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {  # what `nbconvert --to script` needs; without a version, which differs from reader to reader
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
CELL_KEYS = {
    "code": {"cell_type", "execution_count", "id", "metadata", "outputs", "source"},
    "markdown": {"attachments", "cell_type", "id", "metadata", "source"},
    "raw": {"attachments", "cell_type", "id", "metadata", "source"},
}
OUTPUT_KEYS = {
    "stream": {"name", "output_type", "text"},
    "display_data": {"data", "metadata", "output_type"},
    "execute_result": {"data", "execution_count", "metadata", "output_type"},
    "error": {"ename", "evalue", "output_type", "traceback"},
}
WIDGETS = re.compile(r"application/vnd\.jupyter\.widget-(?:view|state)\+json")
PICTURE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
MACHINE = re.compile(
    r"(?:/tmp|/var/folders|[Tt]emp)\S*ipykernel_\S*|<[^<>\n]* at 0x[0-9a-fA-F]+[^<>\n]*>"
    r"|/(?:home|Users|root)/\w[^\s'\"]*|\b[A-Za-z]:\\\\?\w[^\s'\"]*|\S*/site-packages/\S*"
)
ANSWER = "<details><summary>Answer</summary>"  # opens what is said after a prediction, folded until it is asked for
VISIBLE = 4  # the smallest difference between two pixels, of 255, that counts as a change


class Refused(Exception):
    """A notebook that can't be stored: the message says which cell and why."""


def read(path):
    """Return the notebook as plain dictionaries with joined text, or refuse it."""
    try:
        content = Path(path).read_bytes()
    except OSError as problem:
        raise Refused(f"can't be read: {problem.strerror}") from None
    return parsed(content)


def parsed(content):
    """Return the notebook that these bytes are, as `read` does."""
    import nbformat

    try:
        stored = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise Refused(f"is no notebook, since it is not written in JSON: {problem}") from None
    if not isinstance(stored, dict) or not isinstance(stored.get("nbformat"), int):
        raise Refused("is no notebook: it has no number nbformat; copy its text into a new notebook in JupyterLab")
    if stored["nbformat"] < 4:
        raise Refused(f"is a notebook of format {stored['nbformat']}, expected 4: open and save it in JupyterLab first")
    if stored["nbformat"] > 4:
        raise Refused(
            f"is a notebook of format {stored['nbformat']}, newer than the course's 4: save it in the older one"
        )
    _refuse_damaged(stored)
    return nbformat.v4.rwbase.rejoin_lines(nbformat.from_dict(stored))


def _refuse_damaged(stored):
    """Refuse a notebook whose cells are not what format 4 says, naming the first that isn't."""
    if not isinstance(stored.get("cells"), list):
        raise Refused("is no notebook of format 4: it has no list of cells; copy its text into a new one in JupyterLab")
    for number, cell in enumerate(stored["cells"], 1):
        fault = _fault(cell)
        if fault:
            raise Refused(f"cell {number} {fault}: make the cell anew in JupyterLab")


def _fault(cell):
    """Return what a cell lacks to be run and stored, or None."""
    if not isinstance(cell, dict):
        return "is no cell but " + json.dumps(cell)[:40]
    kind = cell.get("cell_type")
    if not isinstance(kind, str) or kind not in CELL_KEYS:
        return f"is of the type {json.dumps(kind)}, expected {', '.join(CELL_KEYS)}"
    source = cell.get("source")
    if not isinstance(source, str) and not _all(source, str):
        return f"({kind}) has no source, which is its text"
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict):
        return f"({kind}) has no metadata, which may be empty: {{}}"
    if not _all(metadata.get("tags", []), str):
        return f"({kind}) has tags that are no list of words"
    if kind == "code" and not _all(cell.get("outputs", []), dict):
        return "(code) has outputs that are no list of outputs"
    return None


def _all(values, kind):
    """Say whether it is a list of this kind of thing alone."""
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def normal_form(notebook):
    """Return the notebook in the one form in which the course stores it; refuse what has no such form."""
    import nbformat

    cells, ids, count = [], set(), 0
    for cell in notebook["cells"]:
        cell = {key: copy.deepcopy(cell[key]) for key in CELL_KEYS[cell["cell_type"]] if key in cell}
        cell["id"] = _id(cell, ids)
        tags = cell["metadata"].get("tags")
        cell["metadata"] = {"tags": tags} if tags else {}
        if cell["cell_type"] == "code":
            ran = bool(cell["source"].strip())
            count += ran
            cell["execution_count"] = count if ran else None
            cell["outputs"] = _outputs(cell, place(count, cell))
        cells.append(cell)
    for cell in answering(cells):
        cell["metadata"]["jupyter"] = {"outputs_hidden": True}
    result = nbformat.from_dict({"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5})
    try:
        nbformat.validate(result)
    except nbformat.ValidationError as problem:
        raise Refused(f"is not a valid notebook: {problem.message}") from None
    return result


def answering(cells):
    """Return the code cells whose output answers a prediction: those between its question and its folded answer.

    JupyterLab opens a notebook with these outputs folded, and unfolds each when its cell runs; GitHub shows them.
    """
    found, asked = [], False
    for cell in cells:
        if cell["cell_type"] == "code":
            asks = predictions.ASKS.search(cell["source"])
            if asked and not asks:
                found.append(cell)
            asked = asked or bool(asks)
        elif ANSWER in cell["source"]:
            asked = False
    return found


def _id(cell, taken):
    """Return the cell's own id, or, where it is missing or taken, one made from its text."""
    result, turn = cell.get("id"), 0
    while not result or result in taken:
        result = hashlib.sha256(f"{turn} {cell['source']}".encode()).hexdigest()[:8]
        turn += 1
    taken.add(result)
    return result


def _outputs(cell, where):
    """Return the cell's outputs in normal form."""
    outputs = []
    for output in cell.get("outputs", []):
        kind = output.get("output_type")
        lacking = {"stream": {"name", "text"}, "error": {"ename", "evalue", "traceback"}}.get(kind, {"data"})
        if kind not in OUTPUT_KEYS or not lacking <= output.keys():
            raise Refused(f"{where} stores an output that is none of Jupyter's: clear it in JupyterLab")
        output = {key: value for key, value in output.items() if key in OUTPUT_KEYS[kind]}
        if kind == "stream":
            if output["name"] == "stderr":
                raise Refused(f"{where} writes to stderr: {_first_line(output['text'])}")
            if outputs and outputs[-1]["output_type"] == "stream":
                outputs[-1]["text"] += output["text"]
                continue
        elif kind == "error":
            if "raises-exception" not in cell["metadata"].get("tags", []):
                raise Refused(
                    f"{where} stops with {output['ename']}: {output['evalue']}; mend it, or tag it raises-exception"
                )
            output["traceback"] = _short(output["traceback"])
        else:
            output["metadata"] = {}
            output["data"] = {mime: data for mime, data in output["data"].items() if not WIDGETS.search(mime)}
            if not output["data"]:
                continue
        if "execution_count" in output:
            output["execution_count"] = cell["execution_count"]
        for text in _texts(output):
            _refuse_machine(text, where)
        outputs.append(output)
    for output in outputs:
        if output["output_type"] == "stream":
            _refuse_machine(output["text"], where)
    return outputs


def _short(traceback):
    """Return the traceback's frames that stand in cells, and its last line, without colours."""
    frames = [COLOUR.sub("", frame) for frame in traceback]
    return [frame for frame in frames[:-1] if frame.startswith("Cell In[")] + frames[-1:]


def _texts(output):
    """Return every piece of text in an output."""
    parts = [output.get("text"), output.get("evalue"), *output.get("traceback", [])]
    for mime, data in output.get("data", {}).items():
        if not mime.startswith("image/") or mime == "image/svg+xml":
            parts.append(data if isinstance(data, str) else json.dumps(data))
    return [part for part in parts if part]


def _refuse_machine(text, where):
    """Refuse text that would differ on another machine."""
    text = PICTURE.sub("", text)
    here = [
        os.path.join(str(folder), "") for folder in (notebooks.ROOT, Path.home(), tempfile.gettempdir(), sys.prefix)
    ]
    found = MACHINE.search(text)
    shown = found.group() if found else next((path for path in here if len(path) > 1 and path in text), None)
    if shown:
        raise Refused(f"{where} prints {shown}, which differs from machine to machine")


def _first_line(text):
    """Return the first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "an empty line")


def keep_what_looks_the_same(new, stored):
    """Put back each stored output of `stored` that differs from `new` by less than a reader can see."""
    before = {cell.get("id"): cell for cell in stored["cells"]}
    rounding = _sanitizers()
    for cell in new["cells"]:
        outputs = cell.get("outputs", [])
        old_outputs = before.get(cell["id"], {}).get("outputs", [])
        if len(outputs) == len(old_outputs):
            for output, old in zip(outputs, old_outputs):
                _keep(output, old, "text", rounding)
                for mime in output.get("data", {}):
                    _keep(output["data"], old.get("data", {}), mime, rounding)


def _keep(output, old, key, rounding):
    """Put back old[key] where output[key] looks the same."""
    new, stored = output.get(key), old.get(key)
    if new == stored or not isinstance(new, str) or not isinstance(stored, str):
        return
    if key == "image/png":
        if same_picture(new, stored):
            output[key] = stored
        return
    drawn, kept = PICTURE.findall(new), PICTURE.findall(stored)
    if len(drawn) == len(kept):
        pictures = [before if same_picture(now, before) else now for now, before in zip(drawn, kept)]
        turn = iter(pictures)
        new = PICTURE.sub(lambda _: "data:image/png;base64," + next(turn), new)
        forgiven = pictures == kept and _sanitized(new, rounding) == _sanitized(stored, rounding)
        output[key] = stored if forgiven else new


def _sanitized(text, rounding):
    """Return the text as the notebooks' check compares it."""
    for pattern, replacement in rounding:
        text = pattern.sub(replacement, text)
    return text


def same_picture(one, other):
    """Say whether two base64 PNGs have one size and no pixel that differs visibly."""
    if one.split() == other.split():
        return True
    from PIL import Image, ImageChops

    try:
        pictures = [Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA") for data in (one, other)]
    except (OSError, ValueError):
        return False
    if pictures[0].size != pictures[1].size:
        return False
    extrema = ImageChops.difference(*pictures).getextrema()
    return max(largest for _, largest in extrema) < VISIBLE


def _sanitizers():
    """Return the patterns, with their replacements, by which the notebooks' check forgives rounding."""
    from nbval.plugin import get_sanitize_patterns

    text = (notebooks.ROOT / "tests" / "nbval.cfg").read_text(encoding="utf-8")
    return [(re.compile(pattern), replacement) for pattern, replacement in get_sanitize_patterns(text)]


def execute(notebook, folder):
    """Run the notebook's cells in a fresh kernel of this Python, in place; refuse it with cell and line."""
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    running = []
    client = NotebookClient(
        notebook,
        kernel_name=NATIVE_KERNEL_NAME,
        resources={"metadata": {"path": str(folder)}},
        timeout=SECONDS_A_CELL,
        store_widget_state=False,
        record_timing=False,
        skip_cells_with_tag="",  # the check runs every cell, so its outputs must be stored
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        on_cell_execute=lambda cell, cell_index: running.append(cell),
    )
    try:
        client.execute()
    except CellExecutionError as problem:
        lines = re.findall(r"Cell In\[(\d+)\], line (\d+)", COLOUR.sub("", problem.traceback))
        line = [f", line {line}" for count, line in lines if count == lines[0][0]][-1:]
        raise Refused(f"{place(len(running), running[-1])}{''.join(line)}: {problem.ename}: {problem.evalue}") from None
    except CellTimeoutError:
        raise Refused(f"{place(len(running), running[-1])} did not end within {SECONDS_A_CELL} seconds") from None
    except DeadKernelError:
        raise Refused(f"{place(len(running), running[-1])}: the kernel died") from None
    for count, cell in enumerate(running, start=1):
        raised = any(output.output_type == "error" for output in cell.outputs)
        if "raises-exception" in cell.metadata.get("tags", []) and not raised:
            raise Refused(f"{place(count, cell)} is tagged raises-exception but raises none")


def place(count, cell):
    """Say which cell it is, by its number and its first line."""
    line = _first_line(cell["source"])
    return f"code cell {count} ({line if len(line) < 50 else line[:47] + '...'})"


def text_of(notebook):
    """Return the notebook as the file's text, as JupyterLab would write it."""
    import nbformat

    return nbformat.writes(notebook).rstrip("\n") + "\n"


def refresh(path):
    """Run one notebook, store it in normal form, and say whether the file changed."""
    path = Path(path).resolve()
    stored = read(path)
    fresh = normal_form(without_outputs(stored))
    execute(fresh, path.parent)
    fresh = normal_form(fresh)
    for cell, old in zip(fresh["cells"], stored["cells"]):
        old["id"] = cell["id"]  # a cell that had none has just got one
    keep_what_looks_the_same(fresh, stored)
    text = text_of(fresh)
    if text.encode() == path.read_bytes():
        return False
    files.replace(path, text.encode())
    return True


def without_outputs(notebook):
    """Return a copy of the notebook with nothing run."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def main(arguments=None):
    """Refresh the notebooks named on the command line, or all; return 1 if one of them could not be."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse refresh",
        description="Run notebooks from top to bottom and store their outputs in one normal form. "
        "A notebook that fails is left as it was.",
    )
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="a notebook file (default: all lessons)")
    chosen = parser.parse_args(arguments).notebooks or notebooks.lessons()
    notebooks.quieten()
    failed = False
    for path in map(Path, chosen):
        try:
            if find_spec("tensorflow") is None and path.is_file() and notebooks.needs_tensorflow(path):
                print(f"{path.name}: left as it is, because TensorFlow is not installed here")
                continue
            print(f"{path.name}: {'written' if refresh(path) else 'nothing changed'}", flush=True)
        except Refused as problem:
            failed = True
            print(f"{path.name}: not written; {problem}", file=sys.stderr, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
