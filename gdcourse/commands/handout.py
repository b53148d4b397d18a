"""Each lesson as a page to print, without what is folded in it, and the symbols and the glossary on a sheet."""

import argparse
import html
import re
import sys
from pathlib import Path

from gdcourse.commands import chromium, folders, notebooks, pages, pieces, refresh

INDEX = "index.html"
GLOSSARY = "glossary"
SYMBOLS = "\n# Symbols"
ENTRY = re.compile(r"^## (.+)$", re.MULTILINE)
OPTION = re.compile(r"<li>")
LESSON = re.compile(r"\s*\[(\d+)\. [^\]]+\]\(\d\d_\w+\.ipynb\)\s*$")  # where a term is introduced
ROOM = '<div class="room" role="note"{style}>{words}</div>'
LINE = 8  # mm: a line by hand
NO_BROWSER = (
    "No Chromium, Chrome or Edge is installed here, so there are no PDFs: open a page in any browser and print it."
)


def sheet(lesson, pages_there):
    """Return the cells of a lesson's page: questions with boxes, stubs, and room to write where an answer stood."""
    cells = []
    for piece in lesson:
        text = pages.linked(piece.text, pages_there)
        if piece.kind == "ask":
            cells += _options(piece.cell)
        elif piece.kind == "result":
            cells += [pages.source(piece.cell, "code"), _room("Run it. What does it show?")]
        elif piece.kind == "fold":
            if piece.summary != "Answer":
                cells += [pages.markdown(f'<p class="summary">{piece.summary}</p>', "keep"), _room("")]
        elif piece.kind == "stub":
            cells += [*pages.stub(piece), _room("", lines=pieces.to_write(piece) + 1)]
        elif piece.kind == "code":
            shown = [] if piece.tells else pages.outputs(piece.cell, "shown")
            cells += [pages.source(piece.cell, "keep" if shown else "code"), *shown]
        else:
            cells.append(pages.markdown(text, "keep" if text.endswith(":") else piece.kind))
    return cells


def _options(cell):
    """Return a prediction's question with a box before each option."""
    shown = pages.outputs(cell, "options")
    for part in shown:
        for output in part["outputs"]:
            output["data"]["text/html"] = OPTION.sub('<li class="option">', output["data"]["text/html"])
    return shown


def _room(words, lines=1):
    """Return a cell that is left free to write in, so many lines at least; the style sheet has the least of all."""
    style = f' style="min-height: {LINE * lines}mm"' if lines > 2 else ""
    return pages.markdown(ROOM.format(words=words, style=style), "free")


def page(path, pages_there):
    """Return one lesson's title and its page, as bytes."""
    from nbconvert import HTMLExporter

    lesson = pieces.of(refresh.normal_form(refresh.read(path)))
    title = pieces.HEADING.match(lesson[0].text)[2]
    return title, pages.html(HTMLExporter, "handout.html.j2", sheet(lesson, pages_there), title, kind="lesson")


def glossary(path):
    """Return the symbols and the terms on one page, small and in columns, as bytes."""
    from nbconvert import HTMLExporter

    source = "\n\n".join(cell["source"] for cell in refresh.read(path)["cells"] if cell["cell_type"] == "markdown")
    terms, _, symbols = source.partition(SYMBOLS)
    entries = []
    for part in ENTRY.split(terms)[1:]:
        entries.append(part.strip())
    said = []
    for term, meaning in zip(entries[::2], entries[1::2]):
        lesson = LESSON.search(meaning)
        words = pages.linked(LESSON.sub("", meaning), ())
        place = f" <small>{lesson[1]}</small>" if lesson else ""
        said.append(f'<span id="{html.escape(term.replace(" ", "-"))}"></span>**{term}** {words}{place}')
    cells = [
        pages.markdown("# Symbols and terms\n\nThe number after each is the lesson that introduces it.", "title"),
        pages.markdown(f"## Symbols\n\n{pages.linked(symbols.strip(), ())}", "symbols"),
        pages.markdown("## Terms", "section"),
        pages.markdown("\n\n".join(said), "terms"),
    ]
    return pages.html(HTMLExporter, "handout.html.j2", cells, "Symbols and terms", kind="sheet")


def main(arguments=None):
    """Write the pages to the folder named on the command line, all of them or nothing; print them where one can."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse handout",
        description="Write each lesson as a page to print to a new folder, and the symbols and terms as one sheet. "
        "What is folded in a lesson is left out; what its text says after a question stays. With Chromium, Chrome or "
        "Edge, each page is made a PDF too.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that doesn't exist yet, or is empty")
    parser.add_argument("lessons", metavar="LESSON", nargs="*", help="only these, such as 03 (default: all)")
    parser.add_argument("--no-pdf", action="store_true", help="write no PDFs, also where a browser could")
    chosen = parser.parse_args(arguments)
    try:
        paths = pages.lessons(chosen.lessons)
        folders.make(chosen.folder)
        made = made_of(paths)
        folders.fill(chosen.folder, made)
        browser = None if chosen.no_pdf else chromium.find()
        print(f"Written to {chosen.folder}: {pages.counted(paths)}, and the symbols and terms.", flush=True)
        if browser:
            return print_all(
                browser, chosen.folder, [name for name in made if name.endswith(".html") and name != INDEX]
            )
    except (refresh.Refused, folders.Unusable, pages.Unknown) as problem:
        print(problem, file=sys.stderr)
        return 1
    if not chosen.no_pdf:
        print(NO_BROWSER)
    return 0


def made_of(paths):
    """Return {name: bytes} of all that the folder gets, but for the PDFs."""
    made, entries = pages.made_of(paths, lambda path, names: page(path, names | {GLOSSARY}), "page")
    made[f"{GLOSSARY}.html"] = glossary(notebooks.FOLDER / f"{GLOSSARY}.ipynb")
    entries.append((f"{GLOSSARY}.html", "Symbols and terms"))
    made |= pages.files("handout.css", "handout.js", pages.FORMULAS)
    made[INDEX] = pages.contents("Pages to print", "A4 or Letter, in black and white too.", entries)
    return made


def print_all(browser, folder, names):
    """Print each page to a PDF beside it; return 1 at the first that can't be, and say why."""
    for page, trouble in chromium.print_pdfs(browser, [folder / name for name in names]):
        if trouble:
            said = f"no PDF by {browser}: {trouble}. Open the pages in a browser and print them there."
            print(f"{page.name}: {said}", file=sys.stderr)
            return 1
        print(f"{page.stem}.pdf: printed", flush=True)
    print(f"{len(names)} PDFs beside them.")
    return 0


if __name__ == "__main__":
    notebooks.quieten()
    sys.exit(main())
