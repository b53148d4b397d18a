"""Slides: what asks stands before what answers, no solution on any, and a folder that works by itself."""

import copy
import html
import json
import re

import leaks
import pytest
from test_handout import Page

from gdcourse.commands import dispatch, folders, notebooks, notes, pages, pieces, refresh, slides

ALL = notebooks.lessons()
FIRST = ALL[1]  # lesson 1, which goes through the real exporter
NEW_PAGE = ("slide", "subslide")


def deck(path, said=""):
    """Return the cells of a lesson's slides."""
    return slides.deck(pieces.of(refresh.normal_form(refresh.read(path))), {one.stem for one in ALL}, said)


def begins(cell):
    return cell["metadata"]["slideshow"]["slide_type"]


def numbered(cells):
    """Return [(page, cell), …]."""
    page, found = 0, []
    for cell in cells:
        page += begins(cell) in NEW_PAGE
        found.append((page, cell))
    return found


def code(cells):
    return [cell["source"] for cell in cells if cell["cell_type"] == "code"]


def page_of(cells, question):
    """Return the page on which the question of a prediction stands with its options, or the empty axes to draw on."""
    return next(page for page, cell in numbered(cells) if question in (shown_as_list(cell) or shown(cell)))


def complaints(path, cells):
    """Return what these slides show too early, or at all though they must not."""
    truth, found, pages_of = leaks.Lesson(path), [], numbered(cells)
    for prediction in truth.predictions:
        asked = page_of(cells, prediction.question)
        for page, cell in pages_of:
            early = page <= asked
            if early and any(text in shown for shown in leaks.texts(cell) for text in prediction.shown):
                found.append(f"the result of {prediction.question!r} on page {page} of {asked}")
            if early and any(sentence in leaks.plain(cell["source"]) for sentence in prediction.answer):
                found.append(f"the answer to {prediction.question!r} on page {page} of {asked}")
    for question, answer in truth.warm_up:
        places = [place for place, cell in enumerate(cells) if question in leaks.plain(cell["source"])]
        for place, cell in enumerate(cells):
            if any(sentence in leaks.plain(cell["source"]) for sentence in answer):
                if not places or place <= places[0] or not steps_between(cells, places[0], place):
                    found.append(f"the answer to the warm-up {question!r}")
    found += [f"the solution of {name}" for name in truth.solutions_in(code(cells))]
    said = "\n".join(leaks.plain(cell["source"]) for cell in cells)
    found += [f"the last hint: {hint}" for hint in truth.hints if hint in said]
    return found


def shown(cell):
    return "".join(map(leaks_html, cell.get("outputs", ())))


def shown_as_list(cell):
    return "".join(leaks_html(output) for output in cell.get("outputs", ()) if "<ul>" in leaks_html(output))


def leaks_html(output):
    return html.unescape("".join(output.get("data", {}).get("text/html", "")))


def steps_between(cells, first, second):
    return any(begins(cell) in ("fragment", *NEW_PAGE) for cell in cells[first + 1 : second + 1])


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_nothing_answers_before_its_question(path):
    cells = deck(path)
    assert complaints(path, cells) == []
    truth = leaks.Lesson(path)
    stubs = [name for source in code(cells) for name in pieces.exercises(source)]
    assert truth.lines_missing([cell["source"] for cell in cells]) == []
    assert stubs == truth.names  # every exercise is asked, in the order of the lesson
    for (page, cell), (after, following) in zip(numbered(cells), numbered(cells)[1:]):
        if pieces.exercises(cell["source"]) and cell["cell_type"] == "code":
            assert after > page or pieces.exercises(following["source"]), "an exercise ends its page"


def sabotaged(cells, way):
    """Return slides as a careless program would make them."""
    cells = copy.deepcopy(cells)
    if way == "the result beside its question":
        for cell in cells:
            if "result" in cell["metadata"]["tags"] or "keep" in cell["metadata"]["tags"]:
                cell["metadata"]["slideshow"]["slide_type"] = "-"
    elif way == "no steps":
        for cell in cells:
            if begins(cell) == "fragment":
                cell["metadata"]["slideshow"]["slide_type"] = "-"
    elif way == "answers first":
        cells = [cell for cell in cells if "answer" in cell["metadata"]["tags"]] + cells
    elif way == "a solution":
        for cell in cells:
            cell["source"] = cell["source"].replace("...  # your code here", "return w - learning_rate * gradient(w)")
    elif way == "a hint":
        cells[3]["source"] += "\n\n" + leaks_hint()
    return cells


def leaks_hint():
    from gdcourse.exercises import catalogue

    return catalogue.find("one_step").hints[-1]


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("the result beside its question", "the result of "),
        ("no steps", "the answer to the warm-up"),
        ("answers first", "the answer to 'One weight of 52,650"),
        ("a solution", "the solution of one_step"),
        ("a hint", "the last hint"),
    ],
)
def test_the_test_finds_a_leak(way, said):
    found = complaints(FIRST, sabotaged(deck(FIRST), way))
    assert any(complaint.startswith(said) for complaint in found), found


def test_all_of_the_lesson_is_there():
    """Each cell's code and each word of the prose, once: nothing is lost on the way."""
    cells = deck(FIRST)
    stored = json.loads(FIRST.read_text(encoding="utf-8"))["cells"]
    wanted = ["".join(cell["source"]) for cell in stored if cell["cell_type"] == "code"]
    assert [source for source in code(cells) if source] == [one for one in wanted if not one.startswith("predict(")]
    prose = " ".join("".join(cell["source"]) for cell in stored if cell["cell_type"] == "markdown")
    prose = prose.replace("<summary>Answer</summary>", "")
    said = " ".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    assert sorted(leaks.plain(prose).split()) == sorted(leaks.plain(said).split())


NOTES = """# Lesson by lesson

## 1. Follow the slope

**Say first**: a $w$ that is wrong.

| part | of 45 | what you do |
|---|---|---|
| Warm-up | 2–4 | Question 2 by hands. |
| The update rule | 11–20 | The table on the board. |

- Exercise 1 for everybody.
- Exercise 3 for those ahead.

### Late?

Leave out the last figure.

## 11. Another lesson

Not this."""


@pytest.fixture
def instructors(tmp_path, monkeypatch):
    """A notebook of the instructors' with notes for lesson 1."""
    path = tmp_path / "instructors.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": NOTES.splitlines(True)}]}), "utf-8")
    monkeypatch.setattr(notes, "NAME", str(path))


def test_a_folder_of_slides_for_one_lesson(tmp_path, capsys, instructors):
    folder = tmp_path / "new" / "slides"
    assert slides.main([str(folder), "1", "01"]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert ": 1 lesson. Open" in said and "1 of them has notes for the speaker" in said
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    text = (folder / f"{FIRST.stem}.html").read_text(encoding="utf-8")
    page = Page(folder / f"{FIRST.stem}.html")
    loads = [source for source in page.loads if not source.startswith("data:")]
    assert set(loads) <= names and "pages/reveal.js" in loads and "pages/tex-svg.js" in loads
    assert {"pages/LICENSE-REVEAL.txt", "pages/LICENSE-MATHJAX.txt"} <= names
    assert [
        link for link in page.leads if not link.startswith(("https://", "#"))
    ] == []  # the other lessons are not there
    assert len(re.findall('class="fragment"', text)) > 20
    asides = re.findall(r'<aside class="notes">(.*?)</aside>', text, re.DOTALL)
    said = [leaks.plain(aside) for aside in asides]
    assert said[0].startswith("say first a w that is wrong part of 45") and "leave out the last figure" in said[0]
    assert said[1] == "part warm up of 45 2 4 what you do question 2 by hands"
    assert [text for text in said if "exercise 1 for everybody" in text][1:] == ["exercise 1 for everybody"]
    assert "not this" not in " ".join(said)
    assert Page(folder / "index.html").leads == [f"{FIRST.stem}.html"]


def test_notes_can_be_left_out(instructors, monkeypatch):
    monkeypatch.setattr(pages, "html", lambda exporter, template, cells, title: cells)
    for chosen in (True, False):
        title, cells, noted = slides.page(FIRST, {FIRST.stem}, chosen)
        assert (title, noted) == ("1. Follow the slope", chosen)
        assert any("Say first" in cell["source"] for cell in cells) is chosen


VOTE = re.compile(r"^\d\. Prediction \*(.+)\*\n(?: +\(.+\n)? +- (.+)$", re.MULTILINE)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_where_the_room_is_asked_the_speaker_has_notes(path):
    lesson = pieces.of(refresh.normal_form(refresh.read(path)))
    said = pages.linked(notes.of_lesson(int(path.name[:2]), lesson[0].text.partition(". ")[2]), ())
    cells, there = deck(path, said), {}
    for page, cell in numbered(cells):
        if begins(cell) == "notes":
            there[page] = there.get(page, "") + cell["source"]
    for prediction in leaks.Lesson(path).predictions:
        asked = there[page_of(cells, prediction.question)]
        if "to be drawn" in prediction.question:
            assert re.search(r"t starts at (\(.+?\)|\d\S*\d)", prediction.question)[0] in asked
    votes = VOTE.findall(said)
    assert votes
    for question, option in votes:
        assert option in there[page_of(cells, question.replace("`", ""))]


def test_notes_name_a_section_by_its_name_and_not_by_a_word_of_it():
    text = "- First more images.\n- Exercise 4, `dropout`.\n- Leave out *More images*, then *Dropout*."
    assert notes.about(text, "More images") == notes.about(text, "Dropout") == text.splitlines()[-1]


@pytest.mark.parametrize(
    ("heading", "number", "title", "found"),
    [
        ("## 3. Point uphill", 3, "Point uphill", True),
        ("## Lesson 3: up there", 3, "Point uphill", True),
        ("### [Lesson 03](03_point_uphill.ipynb) – Point uphill", 3, "Point uphill", True),
        ("# **Lesson 3.** Point uphill", 3, "Point uphill", True),
        ("## 3 hours", 3, "Point uphill", False),
        ("## 13. Tune the run", 3, "Tune the run", False),
        ("## Point uphill", 3, "Point uphill", False),
    ],
)
def test_notes_are_found_under_headings_of_several_forms(tmp_path, monkeypatch, heading, number, title, found):
    path = tmp_path / "notes.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": f"{heading}\n\nSay this."}]}), "utf-8")
    monkeypatch.setattr(notes, "NAME", str(path))
    assert notes.of_lesson(number, title) == ("Say this." if found else "")


@pytest.mark.parametrize("content", [None, "", "[]", '{"cells": [{}]}', '{"cells": 3}'])
def test_without_readable_notes_there_are_none(tmp_path, monkeypatch, content):
    path = tmp_path / "notes.ipynb"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr(notes, "NAME", str(path))
    assert notes.of_lesson(1, "Follow the slope") == ""


@pytest.mark.parametrize("way", ["solved on paper", "solved in code", "tried"])
def test_a_lesson_with_an_answer_in_it_is_refused(tmp_path, monkeypatch, capsys, way):
    notebook = json.loads(FIRST.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if way == "solved on paper" and source == 'answer("third_row", ...)':
            cell["source"] = 'answer("third_row", 5.048)'
        if way == "solved in code" and "def one_step" in source:
            cell["source"] = source.replace("...  # your code here", "return w - learning_rate * gradient(w)")
        if way == "tried" and "def walk" in source:
            cell["outputs"][0]["data"] = {"text/plain": "✗ walk: a sign is wrong"}
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    (tmp_path / FIRST.name).write_text(json.dumps(notebook), encoding="utf-8")
    assert slides.main([str(tmp_path / "slides")]) == 1
    said = capsys.readouterr().err
    assert "is no longer open: an answer stands in it" in said and said.count("\n") == 1
    assert not any((tmp_path / "slides").iterdir())


def test_bad_input_gets_one_sentence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(slides, "page", lambda *_: pytest.fail("it ran"))
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    for arguments, said in [
        ([str(full)], "is not empty: name a folder that doesn't exist yet."),
        ([str(full / "mine.txt")], "can't be used"),
        ([str(tmp_path / "new"), "77"], "77: the course has no such lesson; it has: 00_start_here"),
    ]:
        assert slides.main(arguments) == 1
        sentence = capsys.readouterr().err
        assert said in sentence and sentence.count("\n") == 1
    assert [path.name for path in full.iterdir()] == ["mine.txt"] and not (tmp_path / "new").exists()


def test_a_folder_of_somebody_else_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(folders.os, "access", lambda *_: False)
    with pytest.raises(folders.Unusable, match=r"can't be written to: name a folder of yours\.$"):
        folders.make(tmp_path / "theirs")


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    write = type(tmp_path).write_bytes

    def full(path, content):
        if path.name == "second":
            raise OSError(28, "No space left on device")
        return write(path, content)

    monkeypatch.setattr(type(tmp_path), "write_bytes", full)
    with pytest.raises(folders.Unusable, match=r"^The disk is full: .* needs 3 MB; nothing was written.$"):
        folders.fill(tmp_path, {"first": b"1" * 3_000_000, "inside/second": b"2"})
    assert list(tmp_path.iterdir()) == []


def test_it_runs_in_the_environment(monkeypatch):
    calls = []
    monkeypatch.setattr(dispatch, "run_in_environment", lambda *call: calls.append(call))
    dispatch.main(["slides", "nowhere"])
    dispatch.main(["handout", "nowhere", "03"])
    assert calls == [("slides", ["nowhere"]), ("handout", ["nowhere", "03"])]


def test_other_peoples_scripts_are_as_the_tool_fetched_them():
    import hashlib

    import build_pages

    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in pages.FOLDER.iterdir()}
    assert {name: found[name] for name in build_pages.SHA256} == build_pages.SHA256


def test_links_lead_to_pages_that_are_there():
    text = "[**loss**](glossary.ipynb#loss), [3. Point uphill](03_point_uphill.ipynb), [d2l](https://d2l.ai)"
    assert pages.linked(text, ()) == "**loss**, 3\\. Point uphill, [d2l](https://d2l.ai)"
    assert pages.linked("[The page](instructors.ipynb)", {"00_start_here", "glossary"}) == "The page"
    assert "](03_point_uphill.html)" in pages.linked(text, {"03_point_uphill"})
    assert "](glossary.html#loss)" in pages.linked(text, {"glossary"})


def test_markdown_is_parted_at_blank_lines_alone():
    fold = "<details><summary>S</summary>\n\nz\n</details>"
    text = f"# A\ntext\n\n1. one\n\n   more\n2. two\n\n```\na\n\nb\n```\n\n$$x\n\ny$$\n{fold}\nafter"
    assert list(pieces.blocks(text)) == [
        "# A",
        "text",
        "1. one\n\n   more\n2. two",
        "```\na\n\nb\n```",
        "$$x\n\ny$$",
        fold,
        "after",
    ]
