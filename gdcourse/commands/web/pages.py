"""A notebook as a page: what asks, helps and answers in a notebook does so on the page, and pictures become files."""

import ast
import base64
import hashlib
import html
import inspect
import json
import re
import struct

import numpy as np

from gdcourse.commands import notebooks, pieces, refresh
from gdcourse.commands.web import figures, recorded
from gdcourse.exercises import catalogue, paper, questions, report

# The parts of the course, by their first lesson.
PARTS = {
    0: "Before you start",
    1: "One weight, two weights",
    4: "Data",
    9: "The network",
    11: "At work",
    15: "Where it is used",
}
BESIDE = ("glossary", "instructors")  # pages that are no lessons, where they exist
PICTURES, NOTEBOOKS, ANSWERS = "_pictures", "_notebooks", "_answers"  # folders of the site
PICTURE = re.compile(r'<img (alt="[^"]*") style="width:(\d+)px;[^"]*" src="data:image/png;base64,([^"]+)">')
ROW = re.compile(r"^\| (\d+) \| \[[^\]]+\]\(notebooks/(\w+)\.ipynb\) \| (.+) \| (\d+) \|$", re.MULTILINE)
BADGE = re.compile(r"\((https://mybinder\.org/v2/[^\s()]+/notebooks/)\w+\.ipynb\)")
SOLUTION, HINT = "Solution", "Hint {} of {}"


def readme():
    """Return the README, from which the first page takes its table and every page the address of Binder."""
    return (notebooks.ROOT / "README.md").read_text(encoding="utf-8")


def promise():
    """Return the sentence that says what the course is for."""
    return re.search(r"^\*\*(.+?)\*\*$", readme(), re.MULTILINE)[1]


def sources():
    """Return the notebooks that become pages, the lessons first."""
    beside = [notebooks.FOLDER / f"{name}.ipynb" for name in BESIDE]
    return [*notebooks.lessons(), *(path for path in beside if path.is_file())]


def parts():
    """Return (name of the part, its lessons' paths) for each part that has lessons."""
    starts = sorted(PARTS)
    found = {number: [] for number in starts}
    for path in notebooks.lessons():
        found[max(start for start in starts if start <= int(path.name[:2]))].append(path)
    return [(PARTS[number], paths) for number, paths in found.items() if paths]


def index():
    """Return the first page, in Markdown: what the site is, the lessons by their parts, and where its code runs."""
    text = readme()
    rows = {name: f"| [{{}}]({name}.ipynb) | {can} | {minutes} |" for _, name, can, minutes in ROW.findall(text)}
    lines = [
        "# Gradient descent, step by step",
        f"**{promise()}**",
        "You start at $w \\leftarrow w - \\eta \\nabla L$ and work it by hand on a curve. You meet the gradient as a "
        "vector, build a neural network in NumPy, and train the same network in Keras on real handwritten digits. "
        "You need Python, and school calculus: the derivative of $x^2$.",
        "**Here you read, predict and answer.** A prediction comes before each result; answers on paper are checked on "
        "the page; hints and solutions open one by one. **To run and change the code**, open a lesson "
        f"[on Binder]({binder('00_start_here')}), or set the course up on your own machine: "
        "[Start here](00_start_here.ipynb) says how.",
        "This site sets no cookie, counts nobody, and asks no other server for anything. What you choose and type "
        "stays in this browser.",
    ]
    for name, paths in parts():
        lines += [
            f"## {name}",
            "\n".join(["| lesson | you can then | minutes |", "|---|---|---|", *_rows(paths, rows)]),
        ]
    beside = [path for path in sources() if path.stem in BESIDE]
    lines += ["## Beside the lessons", "\n".join(f"- [{title(path)}]({path.name})" for path in beside)]
    for name, paths in [*parts(), ("Beside the lessons", beside)]:
        entries = "\n".join(path.stem for path in paths)
        lines.append(f"```{{toctree}}\n:hidden:\n:caption: {name}\n\n{entries}\n```")
    return "\n\n".join(lines) + "\n"


def _rows(paths, rows):
    for path in paths:
        yield rows.get(path.stem, f"| [{{}}]({path.name}) | | |").format(title(path))


def descriptions():
    """Return {page: what it is in one sentence, plain text}, for whoever finds the page in a list.

    Of a lesson it says what a learner can then; of a page beside the lessons it is the first sentence.
    """
    found = {"index": promise(), "search": "Search the lessons and the glossary of a course on gradient descent."}
    for number, name, can, _ in ROW.findall(readme()):
        found[name] = f"Lesson {number} of a course on gradient descent, after which you can {can}."
    return {**found, **{path.stem: _opening(path) for path in sources() if path.stem not in found}}


def _opening(path):
    """Return the first sentence below the title, without its marks and links."""
    _, *below = refresh.read(path)["cells"][0]["source"].split("\n\n")
    plain = re.sub(r"\[([^\]]+)\]\([^)]*\)|[*`]", r"\1", below[0])
    return re.match(r".+?(?:[.!?](?= |$)|$)", " ".join(plain.split()))[0]


def title(path):
    """Return the title that the notebook gives itself."""
    first = refresh.read(path)["cells"][0]["source"]
    return re.search(r"^# (.+)$", first, re.MULTILINE)[1]


def binder(name):
    """Return the address that opens the notebook on Binder."""
    return f"{BADGE.search(readme())[1]}{name}.ipynb"


def page(path, folder, recorded_figures=()):
    """Return the notebook as Sphinx is to see it; its pictures and its answers go to `folder`.

    The first cell gets the links to the notebook; what a cell stored is replaced where a page can do more.
    recorded_figures: what `figures.record` says of the figures that it recorded of this lesson.
    """
    notebook = refresh.read(path)
    answering = {cell["id"] for cell in refresh.answering(notebook["cells"])}
    tables = {}
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown":
            cell["source"] = _markdown(cell["source"], path if number == 0 else None)
            continue
        if cell["cell_type"] != "code":
            continue
        asks = _interactive(cell, tables)
        if asks:
            cell["outputs"] = [_html(asks)]
        elif cell["id"] in recorded_figures:
            figures.place(cell["outputs"], recorded_figures[cell["id"]], binder(path.stem))
        elif figures.LIVE.search(cell["source"]):
            figures.note(cell["outputs"], binder(path.stem))
        cell["outputs"] = [one for one in (_without_data(output, folder) for output in cell["outputs"]) if one]
        tags = list(cell["metadata"].get("tags", []))
        tags += ["gd-result"] * (cell["id"] in answering) + ["gd-asks"] * bool(asks)
        cell["metadata"] = {"tags": tags}
    if tables:
        (folder / ANSWERS / f"{path.stem}.js").write_text(recorded.written(tables), encoding="utf-8", newline="\n")
    return notebook


def _markdown(source, path):
    """Return the text of a cell; the first one gets the links that its notebook needs."""
    if path is None:
        return source
    links = (
        f'<p class="gd-links"><a href="{NOTEBOOKS}/{path.name}" download>Download the notebook</a> '
        f'<a href="{binder(path.stem)}">Run it on Binder</a> '
        '<button type="button" class="gd-fold pst-js-only" hidden>Fold the code</button></p>'
    )
    return re.sub(r"^# .+$", lambda found: f"{found[0]}\n\n{links}", source, count=1, flags=re.MULTILINE)


def _html(text):
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": text}}


def _without_data(output, folder):
    """Return the output with its pictures as files, loaded when they come into view; None if it shows nothing."""
    data = output.get("data", {})
    if "text/html" not in data:
        return output
    text = PICTURE.sub(lambda found: _picture(found, folder), data["text/html"])
    return {**output, "data": {"text/html": text}} if text else None


def _picture(found, folder):
    alt, width, data = found.groups()
    content = base64.b64decode(data)
    name = f"{hashlib.sha256(content).hexdigest()[:16]}.png"
    (folder / PICTURES / name).write_bytes(content)
    pixels, high = struct.unpack(">II", content[16:24])  # the head of every PNG
    size = f'width="{width}" height="{round(int(width) * high / pixels)}" style="--gd-width: {width}px"'
    image = f'<img class="gd-picture" {alt} {size} loading="lazy" decoding="async" src="{PICTURES}/{name}">'
    return f'<span class="gd-frame" role="group" aria-label="picture">{image}</span>'


def _interactive(cell, tables):
    """Return the HTML that asks on the page what this cell asks, or None; its answers go into the tables."""
    try:
        tree = ast.parse(cell["source"])
    except SyntaxError:  # a magic
        return None
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any(pieces.called(mark) == "exercise" for mark in node.decorator_list):
            found.append(_exercise(catalogue.find(node.name)))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.value.args:
            call = node.value
            first = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
            if pieces.called(call.func) == "answer":
                question = catalogue.find(first)
                tables[question.name] = recorded.question(question)
                found.append(_question(question))
            elif pieces.called(call.func) == "predict":
                prediction = catalogue.prediction(first)
                tables[prediction.question] = recorded.prediction(prediction)
                found.append(_prediction(prediction))
    return "".join(found) or None


def _exercise(task):
    """Return what stands below a function to write: its hints and its solution; it is checked where Python runs."""
    note = f"<strong>… {task.name}: to write in the notebook,</strong> which checks it and names the mistake."
    code = recorded.highlighted(inspect.getsource(task.reference))
    solution = f"{_lines([f'A solution of {task.name}', task.why])}{code}"
    return f'<div class="gd-task">{note}{_hints(task)}{_fold(SOLUTION, solution)}</div>'


def _question(task):
    """Return what asks for work on paper: a field, what the check says, the hints and the sealed solution."""
    kind = "order" if task.lines else "numbers" if recorded.is_list(task) else "number"
    asked = {"order": "the numbers of the lines, in order", "numbers": "a list of numbers", "number": "a number"}[kind]
    lines = (html.escape(f"{number}  {line}") for number, line in enumerate(task.lines, start=1))
    shown = f'<pre class="gd-lines"><span>{"</span><span>".join(lines)}</span></pre>' if task.lines else ""
    accepted = f" {questions.accepted(task)}" if not task.lines and questions.accepted(task) else ""
    many = len(task.lines) or (np.size(task.value) if paper.are_codes(task) else 0)
    attributes = f'data-name="{task.name}" data-kind="{kind}" data-many="{many}"'
    sealed = html.escape(recorded.seal(task.name, recorded.solution(task)))
    solution = f'<div class="gd-sealed" data-sealed="{sealed}">{_elsewhere(task.name)}</div>'
    return (
        f'<form class="gd-ask gd-task" {attributes}>{shown}<p><label for="a-{task.name}">'
        f"<strong>… {task.name}:</strong> {asked}.{accepted}</label></p>"
        f'<p class="gd-line"><input id="a-{task.name}" autocomplete="off" '
        'autocapitalize="off" spellcheck="false"> <button>Check</button></p><div class="gd-said" role="status"></div>'
        f"{_hints(task)}{_fold(SOLUTION, solution)}</form>"
    )


def _elsewhere(name):
    return f'<noscript>It opens with JavaScript; in the notebook, <code>solution("{name}")</code> shows it.</noscript>'


def _prediction(task):
    """Return what asks for a guess: the question and its options; the result below says how the guess fared."""
    name = recorded.key(task.question)
    options = "".join(
        f'<label><input type="radio" name="p-{name}" value="{html.escape(option)}"> {report.marked(option)}</label>'
        for option in task.options
    )
    return (
        f'<form class="gd-predict gd-task" data-name="{html.escape(task.question)}"><fieldset>'
        f"<legend>{report.marked(task.question)}</legend>{options}</fieldset>"
        '<p class="gd-said" role="status"></p></form>'
    )


def _hints(task):
    """Return the hints, each inside the one before it, so that they open one at a time."""
    inside = ""
    for number in range(len(task.hints), 0, -1):
        hint = f"<p>{report.marked(task.hints[number - 1])}</p>"
        inside = _fold(HINT.format(number, len(task.hints)), hint + inside)
    return inside


def _fold(summary, inside):
    return f"<details><summary>{summary}</summary>{inside}</details>"


def _lines(lines):
    first, *rest = (report.marked(line) for line in lines if line)
    return f"<p><strong>{first}</strong>{''.join(f'<br>{line}' for line in rest)}</p>"


def written(notebook):
    """Return the page's notebook as a file's text."""
    return json.dumps(notebook, ensure_ascii=False)
