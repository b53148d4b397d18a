"""Each lesson as slides, from the same notebook: what asks comes first, what answers on a later slide or step."""

import argparse
import re
import sys
from pathlib import Path

from gdcourse.commands import folders, notebooks, notes, pages, pieces, refresh

DEBRIEF = ("When you", "When it")  # how the summary of a fold begins that follows an exercise
INDEX = "index.html"
START = re.compile(r"it starts at (\(.+?\)|[\d.]+\d)")  # what the text of empty axes says of the curve to be drawn


class Deck:
    """The cells of one deck, in the order in which they are shown; each says whether a slide or a step begins with it.

    A slide goes to the right, a page of it below. A step is what the next press shows on the same page.
    """

    def __init__(self):
        self.cells, self.in_step, self._asked = [], False, False

    def add(self, cell, begins="-"):
        """Add a cell that begins a "slide", a page ("subslide"), a step ("fragment"), or nothing ("-").

        What would follow an exercise on its page begins one: it may tell what the exercise asks for. "+" begins nothing
        anywhere, for the cell belongs to the one before.
        """
        if begins == "-" and (self._asked and "stub" not in cell["metadata"]["tags"]):
            begins = "subslide"
        elif begins == "-" and self.in_step:
            begins = "fragment"  # in nbconvert's slides a step goes on until another one begins, or a page
        self.in_step = begins == "fragment" or (self.in_step and begins == "+")
        self._asked = "stub" in cell["metadata"]["tags"]
        cell["metadata"]["slideshow"] = {"slide_type": begins.replace("+", "-")}
        self.cells.append(cell)

    def add_all(self, cells, begins):
        """Add cells that belong together: what begins, begins with the first."""
        for cell in cells:
            self.add(cell, begins)
            begins = "+"

    def say(self, text):
        """Add what only the speaker sees, to the page that has just begun."""
        if text.strip():
            cell = pages.markdown(text, "said")
            cell["metadata"]["slideshow"] = {"slide_type": "notes"}
            self.cells.append(cell)


def deck(lesson, pages_there, said=""):
    """Return the cells of a lesson's slides; `said` is what the instructors' notebook says of it."""
    cards, before, section = Deck(), None, ""
    for piece in lesson:
        text = pages.linked(piece.text, pages_there)
        if piece.kind in ("title", "section", "exercise", "heading"):
            begins = "slide" if piece.kind in ("title", "section") else "subslide"
            cards.add(pages.markdown(text, "keep"), begins)
            cards.say(said if piece.kind == "title" else notes.about(said, _named(piece)))
            section = _named(piece) if piece.kind == "section" else section
        elif piece.kind == "predict":
            first = piece.text.startswith(pieces.PREDICT)
            cards.add(pages.markdown(text, "asks"), "subslide" if first else "-")
        elif piece.kind == "ask":
            cards.add_all(pages.outputs(piece.cell, "options"), "-")
            cards.say(notes.about(said, _asked(piece)) or notes.about(said, section))
        elif piece.kind == "result":
            cards.add(pages.source(piece.cell, "keep"), "subslide")
            cards.add_all(pages.outputs(piece.cell, "result"), "fragment")
        elif piece.kind == "fold":
            _fold(cards, piece, text)
        elif piece.kind == "stub":
            cards.add_all(pages.stub(piece), "-")
        elif piece.kind == "code":
            shown = pages.outputs(piece.cell, "shown")
            cards.add(pages.source(piece.cell, "keep" if shown else "code"))
            cards.add_all(shown, "+")
        else:
            cards.add(pages.markdown(text, "keep" if text.endswith(":") else "text"), "+" if before == "text" else "-")
        before = piece.kind
    return cards.cells


def _fold(cards, piece, text):
    """Add what is folded in the notebook: its summary, unless that says no more than Answer, and its text as a step."""
    if piece.summary != "Answer":
        begins = "subslide" if piece.summary.startswith(DEBRIEF) else "-"
        cards.add(pages.markdown(f'<p class="summary">{piece.summary}</p>', "keep"), begins)
    for number, block in enumerate(pieces.blocks(text)):
        cards.add(pages.markdown(block, "answer"), "+" if number else "fragment")


def _named(piece):
    """Return how notes call a section or an exercise: its heading, or Exercise and its number."""
    heading = pieces.HEADING.match(piece.text)[2]
    return heading.split(":")[0] if piece.kind == "exercise" else heading


def _asked(piece):
    """Return the words by which notes know a vote or a drawing: its question, or where the curve starts."""
    text = "\n".join(output.get("data", {}).get("text/plain", "") for output in piece.cell["outputs"])
    start = START.search(text)
    return f"It starts at {start[1]}" if start else text.strip().split("\n")[0]


def page(path, pages_there, with_notes=True):
    """Return one lesson's title, its slides as bytes, and whether they have notes."""
    from nbconvert import SlidesExporter

    lesson = pieces.of(refresh.normal_form(refresh.read(path)))
    title = pieces.HEADING.match(lesson[0].text)[2]
    number, _, name = title.partition(". ")
    said = pages.linked(notes.of_lesson(int(number), name), ()) if with_notes else ""
    return title, pages.html(SlidesExporter, "slides.html.j2", deck(lesson, pages_there, said), title), bool(said)


def main(arguments=None):
    """Write the slides to the folder named on the command line, all of them or nothing."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse slides",
        description="Write each lesson as slides to a new folder; they need no network. Open index.html there. On a "
        "slide, S opens the speaker's notes, Esc shows all slides, and F fills the screen. The notes are those of "
        "notebooks/instructors.ipynb, which give answers away.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that doesn't exist yet, or is empty")
    parser.add_argument("lessons", metavar="LESSON", nargs="*", help="only these, such as 03 (default: all)")
    parser.add_argument("--no-notes", action="store_true", help="without the speaker's notes, to hand the slides out")
    chosen = parser.parse_args(arguments)
    try:
        paths = pages.lessons(chosen.lessons)
        folders.make(chosen.folder)
        noted = []

        def make(path, names):
            *made, has_notes = page(path, names, not chosen.no_notes)
            noted.append(has_notes)
            return made

        made, entries = pages.made_of(paths, make, "slides")
        made |= pages.files("reveal.js", "reveal.css", "notes.js", "slides.js", "slides.css", pages.FORMULAS)
        made[INDEX] = pages.contents("Slides", "Space goes on, S opens the speaker's notes, Esc shows all.", entries)
        folders.fill(chosen.folder, made)
    except (refresh.Refused, folders.Unusable, pages.Unknown) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Written to {chosen.folder}: {pages.counted(paths)}. Open {chosen.folder / INDEX} in a browser.")
    if any(noted):
        have = "1 of them has" if sum(noted) == 1 else f"{sum(noted)} of them have"
        print(f"{have} notes for the speaker, which give answers away; --no-notes leaves them out.")
    return 0


if __name__ == "__main__":
    notebooks.quieten()
    sys.exit(main())
