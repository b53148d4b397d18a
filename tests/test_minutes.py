"""The minutes that a lesson claims come near an estimate of reading, running, predicting and solving.

The constants are plain assumptions about a careful reader who works alone. Nobody was timed. Plain prose is read at 200
to 250 words a minute; this is read with a pencil, so 150. A formula of its own line, a line of code and an output take
a pause each. An exercise counts by its kind: hints and a second try are in it, *On your own* is not. What six readers
said of the time that they would need lies 0 to 40% above these estimates.
"""

import re

import nbformat
import pytest

from gdcourse.commands import notebooks

WORDS_A_MINUTE = 150
FORMULA, CELL, LINE, PREDICTION = 0.5, 0.4, 0.05, 0.8  # minutes each; CELL is to run it and to look at what comes out
EXERCISES = {
    "trace it": 4, "put it in order": 3, "fill the gap": 3, "write it": 6, "repair a broken one": 7,
    "predict, then check": 3, "read": 3,
}  # fmt: skip
NEAR = 0.25
SMALL = 0.75  # of an exercise in lesson 0: one sign, one number or one line is asked, by checks that are new
LOOKED_UP = re.compile(r"^## (When something breaks|The lessons)\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
LESSONS = notebooks.lessons()


def estimate(cells):
    """Return the minutes that the cells of a lesson take."""
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    text = re.sub(r"\]\([^)]*\)", "]", LOOKED_UP.sub("", text.split("## On your own")[0]))
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    shown = [source for source in code if not re.match(r"@exercise|answer\(|predict\(", source)]
    prose = re.sub(r"`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$", "word", text, flags=re.DOTALL)
    minutes = len(prose.split()) / WORDS_A_MINUTE + text.count("$$") / 2 * FORMULA
    minutes += CELL * len(shown) + LINE * sum(len(source.splitlines()) for source in shown)
    minutes += PREDICTION * text.count("**Predict**")
    for kind in re.findall(r"^### Exercise \d+: (.+)$", text, re.MULTILINE):
        share = SMALL if text.startswith("# 0.") else 1
        minutes += share * EXERCISES["read" if kind.startswith("read") else kind]
    return minutes


def claim(cells):
    """Return the minutes that the lesson's first cell claims."""
    return int(re.search(r"\*\*Time\*\*: (\d+) minutes", cells[0].source)[1])


def near(cells):
    """Say whether claim and estimate agree."""
    return abs(claim(cells) - estimate(cells)) <= NEAR * estimate(cells)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_claimed_minutes_come_near_the_estimate(path):
    cells = nbformat.read(path, 4).cells
    assert near(cells), f"claimed {claim(cells)}, estimated {estimate(cells):.0f} minutes"


def twice(cells):
    """Return a lesson with all that is read and done in it twice."""
    return cells[:1] + 2 * [cell for cell in cells[1:] if "## On your own" not in cell.source]


@pytest.mark.parametrize("change", [twice, lambda cells: cells[: len(cells) // 2]])
def test_a_lesson_that_grows_or_shrinks_is_noticed(change):
    for path in LESSONS:
        assert not near(change(nbformat.read(path, 4).cells))
