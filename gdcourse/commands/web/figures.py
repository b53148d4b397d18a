"""Figures that move on a page, where no kernel runs: what they answer is recorded when the site is built.

Of each lesson the cells that its figures need are run, as `refresh` runs them; `recordings` then asks each figure.
"""

import concurrent.futures
import html
import json
import os
import re

from gdcourse.commands import refresh
from gdcourse.commands.web import slices

FOLDER = "_figures"
MOST = 4  # kernels at once: some take a gigabyte
RECORDED = re.compile(r"\bwidgets\.(walk|watch|rewind|attend|threshold|step_time)\(")
SAVE = "import gdcourse.commands.web.recordings\ngdcourse.commands.web.recordings.save({!r}, {!r})"
LIVE = re.compile(r"\bwidgets\.\w+\(")
ALONE = re.compile(r'<img alt="([^"]*)"[^>]*>')


def record_all(folder, paths):
    """Record the figures of these lessons to a folder, several at a time; return {path: what `record` says}."""
    with concurrent.futures.ThreadPoolExecutor(min(MOST, os.cpu_count())) as pool:
        return dict(zip(paths, pool.map(lambda path: record(path, folder), paths)))


def record(path, folder):
    """Record the figures of a lesson to a folder; return {id of the cell: what a page must know of its figure}."""
    import nbformat

    cells = [cell for cell in refresh.read(path)["cells"] if cell["cell_type"] == "code"]
    sources = [cell["source"] for cell in cells]
    shown = [place for place, source in enumerate(sources) if RECORDED.search(source)]
    if not shown:
        return {}
    names = {place: f"{path.stem[:2]}-{cells[place]['id']}" for place in shown}
    run, saving = [], {}
    places = sorted({one for figure in shown for one in slices.needed(sources, figure)})
    for place, source in zip(places, slices.without_idle_imports([sources[place] for place in places])):
        run.append(nbformat.v4.new_code_cell(source))
        if place in names:
            saving[place] = nbformat.v4.new_code_cell(SAVE.format(str(folder), names[place]))
            run.append(saving[place])
    notebook = nbformat.v4.new_notebook(cells=run, metadata=refresh.METADATA)
    try:
        refresh.execute(notebook, path.parent)
    except refresh.Refused as problem:
        raise refresh.Refused(f"{path.name}, while its figures are recorded: {problem}") from None
    return {cells[place]["id"]: {"name": names[place], **_said(cell)} for place, cell in saving.items()}


def _said(cell):
    """Return what `save` printed: it may come in several pieces, and a library may warn between them."""
    printed = [one["text"] for one in cell["outputs"] if one["output_type"] == "stream" and one["name"] == "stdout"]
    return json.loads("".join(printed))


def place(outputs, about, free):
    """Put the recorded figure around its picture among the outputs of its cell; the picture stays where none moves.

    about: what `record` says of the figure. free: the address where it runs freely. Raise Refused where no output is
    the picture of this figure: then the cells that were run are not the lesson.
    """
    for output in outputs:
        text = output.get("data", {}).get("text/html", "")
        picture = ALONE.search(text)
        if picture and html.unescape(picture[1]) == about["text"]:
            output["data"] = {"text/html": _shown(text, about, free)}
            return
    raise refresh.Refused(f"no picture that it stores is the figure that was recorded: {about['text'][:200]}")


def note(outputs, free):
    """Say below the picture of a live figure that it is one; free: the address where the figure moves."""
    for output in outputs:
        data = output.get("data", {})
        if ALONE.search(data.get("text/html", "")):
            said = f'Here a picture; <a href="{html.escape(free)}">in the notebook</a> the figure moves and answers.'
            output["data"] = {"text/html": f'{data["text/html"]}<p class="gd-note">{said}</p>'}


def _shown(picture, about, free):
    note = (
        f'Recorded: {html.escape(about["words"])}. <a href="{html.escape(free)}">In the notebook</a> the figure is '
        "free, and runs your own code."
    )
    return (
        f'<div class="gd-recorded" data-kind="{about["kind"]}" data-figure="{about["name"]}">'
        f'<div class="gd-still">{picture}</div><p class="gd-note" hidden>{note}</p></div>'
    )
