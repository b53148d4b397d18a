"""Handouts: pages to print without an answer, and the symbols and terms on one sheet."""

import copy
import re
import subprocess
from html.parser import HTMLParser

import leaks
import pytest

from gdcourse.commands import chromium, handout, notebooks, pieces, refresh

ALL = notebooks.lessons()
FIRST = ALL[1]
GLOSSARY = notebooks.FOLDER / "glossary.ipynb"


def sheet(path):
    """Return the cells of a lesson's page."""
    return handout.sheet(pieces.of(refresh.normal_form(refresh.read(path))), {one.stem for one in ALL})


def complaints(path, cells):
    """Return the answers on a page."""
    truth = leaks.Lesson(path)
    said = "\n".join(leaks.plain(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    shown = [text for cell in cells for text in leaks.texts(cell)]
    found = [f"a folded text: {sentence}" for sentence in truth.folded if sentence in said]
    for prediction in truth.predictions:
        found += [f"the result of {prediction.question!r}" for text in prediction.shown if text in shown]
    found += [f"what an exercise asks for: {text[:60]}" for text in truth.told if text in shown]
    found += [f"the solution of {name}" for name in truth.solutions_in([cell["source"] for cell in cells])]
    return found + [f"the last hint: {hint}" for hint in truth.hints if hint in said]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_no_page_holds_an_answer(path):
    cells, truth = sheet(path), leaks.Lesson(path)
    assert complaints(path, cells) == []
    stubs = [name for cell in cells if cell["cell_type"] == "code" for name in pieces.exercises(cell["source"])]
    assert truth.lines_missing([cell["source"] for cell in cells]) == []
    assert stubs == truth.names
    asked = [output["data"]["text/html"] for cell in cells for output in of_options(cell)]
    axes, options = [text for text in asked if "<img" in text], [text for text in asked if "<img" not in text]
    assert len(asked) == len(truth.predictions)
    assert len(axes) == sum("to be drawn" in prediction.question for prediction in truth.predictions)
    assert all(option.count('<li class="option">') == option.count("<li") > 1 for option in options)


def test_there_is_room_for_all_that_is_to_be_written():
    cells = sheet(ALL[12])
    rooms = {}
    for cell, following in zip(cells, cells[1:]):
        if "stub" in cell["metadata"]["tags"]:
            (name,) = pieces.exercises(cell["source"])
            rooms[name] = int((re.findall(r"min-height: (\d+)mm", following["source"]) or [20])[0])
    assert rooms["early_stopping"] >= 7 * 8  # mm: seven lines by hand
    assert rooms["dropout"] >= 3 * 8
    assert rooms["l2_gradients"] == rooms["keep_best"] == rooms["read_five_runs"] == 20  # the style sheet's


def test_what_the_page_leaves_out_is_said(capsys):
    (page,) = (cell["source"] for cell in refresh.read(notebooks.FOLDER / "instructors.ipynb")["cells"][:1])
    with pytest.raises(SystemExit):
        handout.main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "is folded" in said and "what its text says after a question stays" in said
    assert "without what is folded" in page and "what the text says after a question stays" in page
    assert "without answers" not in said + page


def of_options(cell):
    return cell["outputs"] if "options" in cell["metadata"]["tags"] else ()


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("a fold stays", "a folded text: about 200"),
        ("a result stays", "the result of 'One weight"),
        ("an output stays", "what an exercise asks for: from 8.0: 42 steps"),
        ("a solution", "the solution of one_step"),
        ("a hint", "the last hint"),
    ],
)
def test_the_test_finds_an_answer(way, said):
    lesson = pieces.of(refresh.normal_form(refresh.read(FIRST)))
    for piece in lesson:
        if way == "a fold stays" and piece.kind == "fold":
            piece.kind = "text"
        elif way == "a result stays" and piece.kind == "result":
            piece.kind = "code"
            piece.tells = False
        elif way == "an output stays":
            piece.tells = False
    cells = copy.deepcopy(handout.sheet(lesson, ()))
    for cell in cells:
        if way == "a solution":
            cell["source"] = cell["source"].replace("...  # your code here", "return w - learning_rate * gradient(w)")
    if way == "a hint":
        from gdcourse.exercises import catalogue

        cells[2]["source"] += "\n\n" + catalogue.find("walk").hints[-1]
    found = complaints(FIRST, cells)
    assert any(complaint.startswith(said) for complaint in found), found


class Page(HTMLParser):
    """Collects what a page loads, where its links lead, and the places in it."""

    def __init__(self, path):
        super().__init__()
        self.loads, self.leads, self.ids = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        if tag == "a" and attributes.get("href"):
            self.leads.append(attributes["href"])
        elif source := attributes.get("src") or attributes.get("href"):
            self.loads.append(source)


def test_a_folder_of_handouts(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(chromium, "find", lambda: None)
    folder = tmp_path / "print"
    assert handout.main([str(folder), "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == handout.NO_BROWSER
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    page, terms = Page(folder / f"{FIRST.stem}.html"), Page(folder / "glossary.html")
    for one in (page, terms):
        assert {source for source in one.loads if not source.startswith("data:")} <= names
    inside = [link for link in page.leads if not link.startswith("https://")]
    assert inside and all(link.split("#")[0] in names for link in inside)
    entries = {link.split("#")[1] for link in inside if "#" in link}
    assert "loss" in entries and entries <= terms.ids  # each term leads to its line on the sheet
    assert Page(folder / "index.html").leads == [f"{FIRST.stem}.html", "glossary.html"]


def test_the_sheet_has_every_symbol_and_every_term():
    source = "".join(cell["source"] for cell in refresh.read(GLOSSARY)["cells"])
    terms, symbols = source.split("\n# Symbols\n")
    text = handout.glossary(GLOSSARY).decode("utf-8")
    names = re.findall("^## (.+)$", terms, re.MULTILINE)
    assert len(names) > 100
    assert all(f"<strong>{name}</strong>" in text.replace("&#39;", "'") for name in names if "$" not in name)
    assert text.count("<tr>") == len(re.findall(r"^\|", symbols, re.MULTILINE)) - 1  # but the line under the head
    assert ".ipynb" not in text


def test_pdfs_are_printed_by_the_browser_that_is_there(tmp_path, capsys, monkeypatch):
    asked = []

    def run(command, **options):
        asked.append(command)
        target = next(part for part in command if part.startswith("--print-to-pdf=")).split("=", 1)[1]
        with open(target, "wb") as file:
            file.write(b"%PDF-1.4 a page" if "glossary" not in target else b"")
        return subprocess.CompletedProcess(command, 0, "", "out of ink")

    monkeypatch.setattr(handout, "made_of", lambda paths: {"a.html": b"a", "index.html": b"i", "glossary.html": b"g"})
    monkeypatch.setattr(chromium, "find", lambda: "/usr/bin/browser")
    monkeypatch.setattr(chromium.subprocess, "run", run)
    assert handout.main([str(tmp_path / "print")]) == 1
    said = capsys.readouterr()
    assert "a.pdf: printed" in said.out
    assert said.err == (
        "glossary.html: no PDF by /usr/bin/browser: out of ink. Open the pages in a browser and print them there.\n"
    )
    assert [command[-1].rsplit("/", 1)[1] for command in asked] == ["a.html", "glossary.html"]
    assert all("--host-resolver-rules=MAP * ~NOTFOUND" in command for command in asked)
    asked.clear()
    assert handout.main([str(tmp_path / "plain"), "--no-pdf"]) == 0 and asked == []


def test_bad_input_gets_one_sentence(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    for arguments, said in [([str(tmp_path)], "is not empty"), ([str(tmp_path / "new"), "Lesson 3"], "no such lesson")]:
        assert handout.main(arguments) == 1
        sentence = capsys.readouterr().err
        assert said in sentence and sentence.count("\n") == 1


def test_a_browser_that_does_not_start_is_said(tmp_path):
    page = tmp_path / "a.html"
    page.write_text("a")
    assert list(chromium.print_pdfs(str(tmp_path / "nowhere"), [page])) == [(page, "No such file or directory")]
