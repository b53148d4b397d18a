"""What `instructors.ipynb` says of a lesson, for the speaker's notes of its slides."""

import json
import re

from gdcourse.commands import notebooks, pieces

NAME = "instructors.ipynb"
LESSON = re.compile(r"(#{1,6})\s+\W*(?:lesson\s+)?0*(\d{1,2})\b", re.IGNORECASE)
MARKS = re.compile(r"[*_`]|\]\([^)]*\)|[\[\]]")
ITEM = re.compile(r"[-*+] |\d+[.)] ")


def of_lesson(number, title):
    """Return the Markdown under the heading of that lesson, "" where there is no such file or heading.

    The heading has the lesson's number, and its title or the word Lesson: `## 3. Point uphill`, `## Lesson 3: …`. What
    it heads ends at the next heading of its depth or above.
    """
    found, depth = [], None
    for block in _blocks():
        heading = pieces.HEADING.match(block)
        if heading and depth and len(heading[1]) <= depth:
            depth = None
        lesson = LESSON.match(block) if heading else None
        if lesson and int(lesson[2]) == number and not depth and _is_one(block, title):
            depth = len(lesson[1])
        elif depth:
            found.append(block)
    return "\n\n".join(found)


def _is_one(heading, title):
    """Say whether a heading with the lesson's number is about it: `## 12 weeks` is not."""
    said = _plain(heading).casefold()
    return "lesson" in said or title.casefold() in said


def _blocks():
    """Yield the blocks of the instructors' notebook; none if it can't be read."""
    try:
        cells = json.loads((notebooks.FOLDER / NAME).read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for source in sources:
        yield from pieces.blocks(source)


def about(text, name):
    """Return the parts of a lesson's notes that name a section or an exercise: rows of tables, items and paragraphs."""
    wanted = re.compile(rf"(?<!\w){re.escape(_plain(name))}(?!\w)")
    found = []
    for block in pieces.blocks(text):
        if pieces.HEADING.match(block):
            continue
        lines = block.splitlines()
        if lines[0].startswith("|"):
            found += _rows(lines, wanted)
        else:
            found += [part for part in _items(lines) if wanted.search(_plain(part))]
    return "\n\n".join(found)


def _rows(lines, wanted):
    """Return the rows of a table that name it, each as a list with the words of the table's head."""
    head, *rows = ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines)
    return [
        "\n".join(f"- {word}: {cell}" for word, cell in zip(head, row))
        for row in rows
        if any(wanted.search(_plain(cell)) for cell in row)
    ]


def _items(lines):
    """Return the items of a list, each with the lines that belong to it; a paragraph is one."""
    items = []
    for line in lines:
        if ITEM.match(line) or not items:
            items.append(line)
        else:
            items[-1] += f"\n{line}"
    return items


def _plain(text):
    """Return the words without Markdown's marks."""
    return " ".join(MARKS.sub("", text).split())
