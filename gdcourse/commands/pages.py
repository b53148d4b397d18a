"""What slides and handouts share: which lessons, their pieces as cells, the links between pages, and a page's files."""

import re
from pathlib import Path

from gdcourse.commands import notebooks, refresh, reset

FOLDER = Path(__file__).parent / "pages"  # what goes along: other people's scripts, and our style
LINK = re.compile(r"\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]\((\d\d_\w+|glossary|instructors)\.ipynb(#[^)\s]*)?\)")
NUMBERED = re.compile(r"^(\d+)\.")
FORMULAS = "tex-svg.js"
LICENCES = {FORMULAS: "LICENSE-MATHJAX.txt", "reveal.js": "LICENSE-REVEAL.txt"}


class Unknown(Exception):
    """A lesson that the course doesn't have; the message says which it has."""


def lessons(names):
    """Return the paths of the lessons that are meant, such as 03 or 3; all without a name."""
    there = notebooks.lessons()
    chosen = []
    for name in names:
        path = reset.find(name)
        if path not in there:
            has = ", ".join(lesson.stem for lesson in there)
            raise Unknown(f"{name}: the course has no such lesson; it has: {has}.")
        chosen.append(path)
    return sorted(set(chosen)) if chosen else there


def counted(paths):
    """Return in words how many lessons there are."""
    return "1 lesson" if len(paths) == 1 else f"{len(paths)} lessons"


def made_of(paths, make, what):
    """Return {name: bytes} of a page for each lesson and [(name, title)], and say as each is done that `what` is made.

    make: a function of a lesson's path and the names of the pages that there will be; it returns title and bytes.
    """
    names, made, entries = {path.stem for path in paths}, {}, []
    for path in paths:
        try:
            title, made[f"{path.stem}.html"] = make(path, names)
        except refresh.Refused as problem:
            raise refresh.Refused(f"{path.name}: {problem}. Nothing was written.") from None
        entries.append((f"{path.stem}.html", title))
        print(f"{path.name}: {what} made", flush=True)
    return made, entries


def linked(text, pages):
    """Return Markdown whose links lead to the pages that are there; the others become their words."""

    def leads(link):
        words, place, entry = link[1], link[2], link[3] or ""
        if place in pages:
            return f"[{words}]({place}.html{entry})"
        return NUMBERED.sub(r"\1\\.", words)  # else it would begin a list

    return LINK.sub(leads, text)


def markdown(text, kind):
    """Return a Markdown cell; `kind` becomes a class of it on the page."""
    return _cell("markdown", text, kind)


def source(cell, kind):
    """Return a cell with the code of another one, and without its outputs."""
    return _cell("code", cell["source"], kind)


def stub(piece):
    """Return the cells of an exercise: what is to be put in order, if it is that, and the cell as it came."""
    lines = [markdown(f"```\n{piece.lines}\n```", "keep")] if piece.lines else []
    return [*lines, source(piece.cell, "stub")]


def outputs(cell, kind):
    """Return a cell without code for each output of another one, so that a page may end between two of them."""
    shown = [output for output in cell["outputs"] if not _is_empty(output)]
    return [_cell("code", "", kind, outputs=[output], transient={"remove_source": True}) for output in shown]


def _cell(what, text, kind, outputs=(), **metadata):
    """Return a cell as nbformat makes it, without its random number: the same page comes out each time."""
    import nbformat

    cell = {"cell_type": what, "source": text, "metadata": {"tags": [kind], **metadata}}
    if what == "code":
        cell |= {"outputs": list(outputs), "execution_count": None}
    return nbformat.from_dict(cell)


def _is_empty(output):
    """Say whether an output shows nothing, as the one does that begins what answers a prediction."""
    data = output.get("data")
    return data is not None and not any(data.values())


def html(exporter, template, cells, title, **words):
    """Return a page of these cells by one of nbconvert's exporters and our template, as bytes."""
    import nbformat
    from traitlets.config import Config

    made = exporter(
        config=Config({"HTMLExporter": {"exclude_input_prompt": True, "exclude_output_prompt": True}}),
        raw_template=(FOLDER / template).read_text(encoding="utf-8"),
    )
    made.exclude_anchor_links = True
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    content = {"cells": cells, "metadata": {**refresh.METADATA, "title": title}, "nbformat": 4, "nbformat_minor": 5}
    notebook = nbformat.from_dict(content)
    body, _ = made.from_notebook_node(notebook, resources={"kit": words})
    return body.encode("utf-8")


def files(*names):
    """Return {name in the folder: bytes} of what the pages load, with the licences of what is other people's."""
    names = [*names, *(LICENCES[name] for name in names if name in LICENCES)]
    styles = {f"pages/{name}": content for name, content in _notebook_styles().items()}
    return {f"pages/{name}": (FOLDER / name).read_bytes() for name in names} | styles


def _notebook_styles():
    """Return the two style sheets of JupyterLab's cells that nbconvert carries, and would write into every page."""
    from nbconvert import HTMLExporter

    found = {}
    for name in ("index.css", "theme-light.css"):
        places = [Path(place, "static", name) for place in HTMLExporter().template_paths]
        found[name] = next(place for place in places if place.is_file()).read_bytes()
    return found


def contents(title, sentence, entries):
    """Return a first page that leads to the others: [(file, words), …]."""
    items = "\n".join(f'<li><a href="{name}">{words}</a></li>' for name, words in entries)
    page = (FOLDER / "contents.html").read_text(encoding="utf-8")
    for mark, text in {"TITLE": title, "SENTENCE": sentence, "ITEMS": items}.items():
        page = page.replace(f"<!--{mark}-->", text)
    return page.encode("utf-8")
