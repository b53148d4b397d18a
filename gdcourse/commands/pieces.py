"""A lesson taken apart: what asks, what answers and what merely tells, so that no page shows an answer too early."""

import ast
import re
from dataclasses import dataclass, field

from gdcourse.commands import refresh
from gdcourse.exercises import predictions

FOLD = re.compile(r"<details[^>]*>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
HEADING = re.compile(r"(#{1,6}) (.*)")
PREDICT = "**Predict**"
NUMBERED = re.compile(r"\d+  ")
ATTEMPTED = ("✓", "✗")  # how the output of an exercise begins that somebody has tried


@dataclass
class Piece:
    """One part of a lesson.

    kind: title, section, exercise, heading or text (Markdown); predict (the words before a question), ask (its cell),
    result (the cell that answers it), fold (Markdown under <details>, with its summary), stub (an exercise's cell),
    code. tells: its output may show what an exercise before it, under the same heading, asks for.
    """

    kind: str
    text: str = ""
    summary: str = ""
    cell: dict = field(default_factory=dict)
    lines: str = ""  # what its cell prints to be put in order
    tells: bool = False


def of(notebook):
    """Return the pieces of a lesson, in order; refuse one in which an exercise is tried already, naming the cell."""
    answering = {cell["id"] for cell in refresh.answering(notebook["cells"])}
    pieces, practised, count = [], False, 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for piece in _markdown(cell["source"]):
                if piece.kind in ("title", "section", "exercise", "heading"):
                    practised = False
                pieces.append(piece)
            continue
        if cell["cell_type"] != "code" or not cell["source"].strip():
            continue
        count += 1
        piece = _code(cell, answering)
        if piece.kind == "stub":
            _refuse_tried(piece, refresh.place(count, cell))
        piece.tells = practised
        practised |= piece.kind == "stub"
        pieces.append(piece)
    return pieces


def _code(cell, answering):
    """Return the piece that a code cell is."""
    if predictions.ASKS.search(cell["source"]):
        return Piece("ask", cell=cell)
    if cell["id"] in answering:
        return Piece("result", cell=cell)
    return Piece("stub", cell=cell, lines=_lines(cell)) if exercises(cell["source"]) else Piece("code", cell=cell)


def _lines(cell):
    """Return the numbered lines that an exercise's cell prints to be put in order; "" if it prints none."""
    said = "\n".join(output.get("data", {}).get("text/plain", "") for output in cell["outputs"])
    return "\n".join(line for line in said.splitlines() if NUMBERED.match(line))


def exercises(source):
    """Return {name: its node} of the exercises and questions in a code cell; none in what is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, or a mistake that the run will show
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(called(mark) == "exercise" for mark in node.decorator_list):
            found[node.name] = node
        elif isinstance(node, ast.Call) and called(node.func) == "answer" and node.args:
            if isinstance(node.args[0], ast.Constant):
                found[node.args[0].value] = node
    return found


def called(node):
    """Return the name of what is called or decorates."""
    return getattr(node, "id", getattr(node, "attr", None))


def _refuse_tried(piece, place):
    """Refuse an exercise's cell that holds an answer: what the class is to find would stand on the page."""
    said = [output.get("data", {}).get("text/plain", "") for output in piece.cell["outputs"]]
    tried = any(text.startswith(ATTEMPTED) for text in said)
    for name, node in exercises(piece.cell["source"]).items():
        if isinstance(node, ast.Call):
            tried |= any(not _is_open(argument) for argument in node.args[1:])
        else:
            tried |= _same_body(node, name)
    if tried:
        raise refresh.Refused(
            f"{place} is no longer open: an answer stands in it; `reset` gives the lesson back as new"
        )


def _is_open(node):
    """Say whether an answer still says `...`, alone or in a list."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return any(isinstance(part, ast.Constant) and part.value is ... for part in parts)


def _same_body(node, name):
    """Say whether a function's body is the reference's, whatever its layout and its docstring."""
    reference = _reference(name)
    return reference is not None and _body(node) == _body(reference)


def to_write(piece):
    """Return how many lines the reference has, of an exercise that leaves the whole body to write; 0 elsewhere."""
    for name, node in exercises(piece.cell["source"]).items():
        if isinstance(node, ast.FunctionDef) and _body(node) == "..." and (reference := _reference(name)):
            return len(_body(reference).splitlines())
    return 0


def _reference(name):
    """Return the reference of a function as a node; None where the course has no such exercise."""
    import inspect
    import textwrap

    from gdcourse.exercises import catalogue

    try:
        return ast.parse(textwrap.dedent(inspect.getsource(catalogue.find(name).reference))).body[0]
    except (ValueError, AttributeError):
        return None


def _body(node):
    """Return a function's statements without its docstring, as text in one layout."""
    return ast.unparse(node.body[bool(ast.get_docstring(node)) :])


def _markdown(source):
    """Yield the pieces of a Markdown cell: each heading, each fold, each paragraph, list, table or formula."""
    predicting = False
    for block in blocks(source):
        heading = HEADING.match(block)
        fold = FOLD.match(block)
        if fold:
            yield Piece("fold", text=fold[2].strip(), summary=fold[1].strip())
        elif heading and len(heading[1]) < 3:
            yield Piece({1: "title", 2: "section"}[len(heading[1])], text=block)
        elif heading:
            yield Piece("exercise" if heading[2].startswith("Exercise") else "heading", text=block)
        else:
            # The words before a question go with it, to the end of the cell.
            predicting = predicting or block.startswith(PREDICT)
            yield Piece("predict" if predicting else "text", text=block)


def blocks(source):
    """Yield the blocks of Markdown: what blank lines part, except inside code, formulas, folds and items of a list."""
    block, ends = [], None
    for line in source.splitlines():
        if ends:
            block.append(line)
            if ends in line:
                ends = None
            continue
        if not line.strip():
            block.append(line)
            continue
        begins = _heads(line) or not block or not block[-1].strip() or block[-1].endswith("</details>")
        inside = block and line.startswith((" ", "\t"))
        if block and begins and not inside or block and _heads(block[-1]):
            yield from _whole(block)
            block = []
        block.append(line)
        ends = _end(line)
    yield from _whole(block)


def _heads(line):
    """Say whether the line is a heading, or opens a fold."""
    return bool(HEADING.match(line)) or line.startswith("<details")


def _end(line):
    """Return what ends the part that the line opens, if it opens one and doesn't end it."""
    if line.startswith("<details"):
        return None if "</details>" in line else "</details>"
    if line.lstrip().startswith("```"):
        return "```"
    if line.startswith("$$"):
        return None if line.count("$$") > 1 else "$$"
    return None


def _whole(block):
    """Yield the block's text, if there is any."""
    text = "\n".join(block).strip("\n")
    if text.strip():
        yield text
