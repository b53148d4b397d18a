"""Make the solved course from the learner's notebooks and the lessons' references, and run it."""

import argparse
import ast
import inspect
import re
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

from gdcourse.commands import folders, notebooks, pieces, refresh

FOLDED = re.compile(r"<details(?=[\s>])(?![^>]*\bopen\b)")
INDENTED = re.compile(rb"[^\n]*(?:\n[ \t]+[^\n]*)*")  # the rest of a line, and comments that belong to the function
SIGNS = ("✓", "✗", "…")


def solve(notebook):
    """Put the right answers into the notebook's cells; return {cell id: how many checks it holds}."""
    checks, count = {}, 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = FOLDED.sub("<details open", cell["source"])
        elif cell["cell_type"] == "code":
            count += bool(cell["source"].strip())
            try:
                cell["source"], found = solved_source(cell["source"])
            except ValueError as problem:
                raise refresh.Refused(f"{refresh.place(count, cell)}: {problem}") from None
            if found:
                checks[cell["id"]] = found
    return checks


def solved_source(source):
    """Return the code with each exercise and each answer replaced by the right one, and how many there were."""
    from gdcourse.exercises import catalogue

    text, found = source.encode(), []  # ast counts in bytes
    for name, node in pieces.exercises(source).items():
        if isinstance(node, ast.FunctionDef):
            reference = inspect.getsource(catalogue.find(name).reference)
            start = _offset(text, node.decorator_list[0].lineno, 0)
            right = f"@exercise\n{textwrap.dedent(reference).strip()}"
            found.append((start, INDENTED.match(text, _end(text, node)).end(), right))
        else:
            right = f'answer("{name}", {_literal(catalogue.find(name).value)})'
            found.append((_offset(text, node.lineno, node.col_offset), _end(text, node), right))
    for start, end, right in sorted(found, reverse=True):
        text = text[:start] + right.encode() + text[end:]
    return text.decode(), len(found)


def _offset(text, line, column):
    """Return the place in the text that line and column mean."""
    return sum(len(part) for part in text.splitlines(keepends=True)[: line - 1]) + column


def _end(text, node):
    """Return the place in the text behind the node."""
    return _offset(text, node.end_lineno, node.end_col_offset)


def _literal(value):
    """Return the value as a learner would type it."""
    return repr(value.tolist() if hasattr(value, "tolist") else value)


def refuse_unless_right(notebook, checks):
    """Refuse a notebook in which a check doesn't say ✓, or anything else says ✗ or not attempted."""
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code" or not cell["source"].strip():
            continue
        count += 1
        shown = [
            output.get("data", {}).get("text/plain", "") for output in cell["outputs"]
        ]  # what is printed is no check
        said = [text for text in shown if text.startswith(SIGNS)]
        wrong = [text for text in said if not text.startswith("✓")]
        if wrong:
            raise refresh.Refused(f"{refresh.place(count, cell)} says: {' '.join(wrong[0].split())}")
        if len(said) != checks.get(cell["id"], len(said)):
            raise refresh.Refused(f"{refresh.place(count, cell)} says ✓ {len(said)} times, not {checks[cell['id']]}")


def solved(path):
    """Return the text of one notebook, solved and run; every check in it says ✓."""
    notebook = refresh.normal_form(refresh.without_outputs(refresh.read(path)))
    checks = solve(notebook)
    refresh.execute(notebook, Path(path).parent)
    notebook = refresh.normal_form(notebook)
    refuse_unless_right(notebook, checks)
    return refresh.text_of(notebook)


def main(arguments=None):
    """Write the solved course to the folder named on the command line, all of it or nothing."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse solved",
        description="Write the solved course to a new folder: each exercise with its answer, run from top to bottom. "
        "Nothing is written unless every check says ✓.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that doesn't exist yet, or is empty")
    folder = parser.parse_args(arguments).folder
    try:
        folders.make(folder)
    except folders.Unusable as problem:
        print(problem, file=sys.stderr)
        return 1
    notebooks.quieten()
    texts, refused = {}, 0
    for path in notebooks.lessons():
        if find_spec("tensorflow") is None and notebooks.needs_tensorflow(path):
            print(f"{path.name}: left out, because TensorFlow is not installed here")
            continue
        try:
            texts[path.name] = solved(path)
            print(f"{path.name}: solved", flush=True)
        except refresh.Refused as problem:
            refused += 1
            print(f"{path.name}: not solved; {problem}", file=sys.stderr, flush=True)
    if refused:
        print("Nothing was written.", file=sys.stderr)
        return 1
    made = {name: text.encode() for name, text in texts.items()}
    made |= {page.name: page.read_bytes() for page in notebooks.beside()}
    try:
        folders.fill(folder, made)
    except folders.Unusable as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Written to {folder}: {len(texts)} notebooks.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
