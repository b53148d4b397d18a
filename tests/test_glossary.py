"""The glossary has every term of the lessons, once, and each term leads to it where it is first used."""

import functools
import re

import nbformat
import pytest
from nbconvert import HTMLExporter

from gdcourse.commands import notebooks, refresh

GLOSSARY = notebooks.FOLDER / "glossary.ipynb"
ENTRY = re.compile(r"^## (.+)\n\n(.+) \[([^\]]+)\]\((\d\d_\w+)\.ipynb\)$", re.MULTILINE)
TERM = re.compile(r"\[\*\*([^*\]]+)\*\*\]\(glossary\.ipynb#([^)]+)\)")
LINK = re.compile(r"\]\(glossary\.ipynb(?:#([^)]*))?\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
NO_TERMS = {"Predict", "Time", "What you'll do", "What you'll learn", "What you'll need"}
MENTION = re.compile(r"\[([Ll]esson \d+)\]\(\d\d_\w+\.ipynb\)")
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n")
# What is no prose: code, formulas, headings, and the titles of lessons and of other people's works.
NO_PROSE = re.compile(
    r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$|^#.*?$|\[[^\]]+\]\((?:\d\d_\w+\.ipynb|http[^)]*)\)",
    re.MULTILINE | re.DOTALL,
)


@functools.cache
def read(path):
    return nbformat.read(path, 4)


def markdown(path):
    """Return the sources of a notebook's Markdown cells."""
    return [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]


def course():
    """Return {lesson: its Markdown} without the first lesson's overview, which introduces nothing."""
    return {path.stem: markdown(path) for path in notebooks.lessons() if not path.stem.startswith("00")}


def body(cells):
    """Return what introduces terms: all after the opening lists and the warm-up, up to the further reading."""
    return "\n\n".join(cells[2:]).split("## Further reading")[0]


def prose(text):
    """Return the text without what is no prose; a linked term stays as its word."""
    return NO_PROSE.sub(" ", MENTION.sub(r"\1", LINK.sub("]", text)))


def announced(sentence, lesson):
    """Say whether the sentence points to a lesson that is still to come."""
    return any(int(number) > int(lesson[:2]) for number in re.findall(r"[Ll]esson (\d+)", sentence))


def word(forms):
    """Return the pattern of one of the forms of a term as a word."""
    words = "|".join(re.escape(form) for form in forms)
    return re.compile(rf"(?<![\w-])(?:{words})(?:s|es)?(?!\w)", re.IGNORECASE)


def complaints(glossary, lessons):
    """Return what is wrong with the glossary's text, or with its links in {lesson: its Markdown}."""
    entries, found = ENTRY.findall(glossary), []
    names = [name for name, _, _, _ in entries]
    if len(entries) != glossary.count("\n## "):
        found.append("an entry without a sentence and a lesson")
    found += [f"{name}: twice" for name in set(names) if names.count(name) > 1]
    if names != sorted(names, key=str.casefold):
        found.append("not in alphabetical order")
    slugs = {name.replace(" ", "-"): name for name in names}
    linked, whole = {name: [] for name in names}, {lesson: prose(body(cells)) for lesson, cells in lessons.items()}
    for lesson, cells in lessons.items():
        text = "\n\n".join(cells)
        if "(glossary.ipynb)" not in text:
            found.append(f"{lesson}: no link to the glossary")
        found += [f"{lesson}: no entry {slug}" for slug in LINK.findall(text) if slug and slug not in slugs]
        for form, slug in TERM.findall(text):
            if slug in slugs:
                linked[slugs[slug]].append((lesson, form))
        for bold in BOLD.findall(TERM.sub("", text)):
            if len(bold.split()) <= 3 and bold[-1] not in ".:!?" and bold not in NO_TERMS:
                found.append(f"{lesson}: {bold} is bold and has no entry")
    for name, _, title, home in entries:
        places = [lesson for lesson, _ in linked[name]]
        if places != [home]:
            found.append(f"{name}: bold in {places}, not once in {home}")
            continue
        if not title.startswith(f"{int(home[:2])}. "):
            found.append(f"{name}: {title} is not {home}")
        used = word({name, linked[name][0][1]})
        for lesson, cells in lessons.items():
            if lesson < home:
                text = whole[lesson]
            elif lesson == home:
                text = prose(body(cells).split(f"[**{linked[name][0][1]}**]")[0])
            else:
                continue
            sentences = SENTENCE.split(text) if used.search(text) else []
            early = [s for s in sentences if used.search(s) and not announced(s, lesson)]
            found += [f"{name}: used in {lesson} before it is explained: {sentence.strip()}" for sentence in early]
    return found


def test_the_glossary_is_complete_in_both_directions():
    assert complaints("\n\n".join(markdown(GLOSSARY)), course()) == []


def replaced(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda g, c: (re.sub(r"## batch\n\n.+\n", "", g), c), "no entry batch"),
        (lambda g, c: (replaced(g, "## bias\n", "## abias\n"), c), "not in alphabetical order"),
        (lambda g, c: (g + "\n\n" + ENTRY.search(g)[0], c), "accuracy: twice"),
        (lambda g, c: (replaced(g, "04_fit_a_line", "03_point_uphill"), c), "not once in 03_point_uphill"),
        (lambda g, c: (replaced(g, "[4. Fit a line]", "[7. Measure surprise]"), c), "is not 04_fit_a_line"),
        (lambda g, c: (g + "\n\n## zzz\n\nNothing.", c), "an entry without"),
        (lambda g, c: (g, c["01"].append("A **new word** here.")), "new word is bold and has no entry"),
        (lambda g, c: (g, c["01"].append("Each epoch counts.")), "epoch: used in 01_follow_the_slope before"),
        (lambda g, c: (g, c["07"].insert(2, "Its accuracy.")), "accuracy: used in 07_measure_surprise before"),
        (lambda g, c: (g, c["02"].append("[**loss**](glossary.ipynb#loss)")), "loss: bold in"),
        (lambda g, c: (g, c["09"].__setitem__(0, "# 9.")), "09_build_an_mlp: no link to the glossary"),
    ],
)
def test_what_is_wrong_with_a_glossary_is_said(change, complaint):
    lessons = course()
    by_number = {name[:2]: cells for name, cells in lessons.items()}
    for cells in lessons.values():
        cells[-1] = cells[-1].split("## Further reading")[0]  # so that what is added counts as the lesson's own
    glossary, _ = change("\n\n".join(markdown(GLOSSARY)), by_number)
    assert any(complaint in one for one in complaints(glossary, lessons))


def test_an_announcement_and_a_formula_are_no_use_of_a_term():
    lessons = course()
    text = "Softmax comes in [lesson 7](07_measure_surprise.ipynb).\n\n`softmax` and $\\text{softmax}$, presoftmax."
    lessons["01_follow_the_slope"].insert(2, text)
    assert complaints("\n\n".join(markdown(GLOSSARY)), lessons) == []


def test_it_is_no_lesson_and_stands_in_the_normal_form():
    assert GLOSSARY not in notebooks.lessons()
    stored = refresh.read(GLOSSARY)
    assert refresh.text_of(refresh.normal_form(stored)).encode() == GLOSSARY.read_bytes()
    assert [cell["cell_type"] for cell in stored["cells"]] == ["markdown"]  # links into a second cell would miss


def test_every_lesson_leads_to_it():
    assert [path.stem for path in notebooks.lessons() if "(glossary.ipynb)" not in "".join(markdown(path))] == []


def test_every_link_has_its_anchor_in_an_exported_page():
    page = HTMLExporter().from_filename(str(GLOSSARY))[0]
    anchors = set(re.findall(r'<h2 id="([^"]+)"', page))
    slugs = {slug for cells in course().values() for text in cells for slug in LINK.findall(text) if slug}
    assert slugs and slugs <= anchors
