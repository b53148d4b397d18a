"""The lessons as a learner meets them: live in JupyterLab, by keyboard alone, in both themes, and as exported pages."""

import json
from importlib.util import find_spec

import browser as harness
import cells as reading
import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import expect

from gdcourse.commands import chromium, notebooks, refresh, solved
from gdcourse.exercises import catalogue, predictions

LESSONS = notebooks.lessons()
(MIXED,) = (path for path in LESSONS if path.name.startswith("19"))  # it has one of each kind:
KINDS = ["table", "details", "pre code", "a[href]", "img", ".jp-RenderedText pre", ".jp-RenderedMarkdown ol"]
CONTENT = ".jp-OutputArea, .jp-RenderedMarkdown"
PICTURES = "images => images.map(image => ({alt: image.alt.trim(), painted: image.naturalWidth > 0}))"
NO_TEXT = ("", "Image")  # JupyterLab writes the second where there is none
TO_DO = {"exercise", "answer", "predict", "widgets"}  # what a cell calls in which a learner does something


def figures(cells):
    """Return how many pictures the cells' outputs hold."""
    outputs = [output for cell in cells for output in cell.get("outputs") or ()]
    return sum("".join(output.get("data", {}).get("text/html", "")).count("<img") for output in outputs)


def first_cell(start):
    """Return the first code cell of lesson 1 that begins so, as it stands there."""
    (path,) = (path for path in LESSONS if path.name.startswith("01"))
    cells = nbformat.read(path, 4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code" and cell.source.startswith(start))


@pytest.fixture(scope="module")
def kinds():
    """The kinds of words whose colours a lesson before has shown to axe."""
    return []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_solved_lesson_says_right_in_jupyterlab_and_has_no_barriers(lab, kinds, path):
    """Open it as it is stored, all unfolded, and run what a learner has to do with; nbval has run it as a whole."""
    if notebooks.needs_tensorflow(path) and not find_spec("tensorflow"):
        pytest.skip("TensorFlow is not installed here.")
    lesson = refresh.read(path)
    checks = solved.solve(lesson)
    for cell in lesson["cells"]:
        cell["metadata"].pop("jupyter", None)
        if cell["cell_type"] == "markdown":
            cell["source"] = cell["source"].replace("<details>", "<details open>")
    chosen = reading.with_calls(lesson["cells"], TO_DO)
    sources = [lesson["cells"][number]["source"] for number in chosen]
    if not any("keras." in source for source in sources):  # it takes seconds to import
        lesson["cells"][chosen[0]]["source"] = sources[0].replace("import keras\n", "")
    notebook = lab.text(path.name, refresh.text_of(lesson))
    notebook.run(*chosen)
    notebook.wait_until_idle()
    cells = notebook.cells()
    notebook.refuse_errors([cells[number] for number in chosen])
    solved.refuse_unless_right({"cells": cells}, checks)
    pictures = notebook.page.locator(".jp-OutputArea img").evaluate_all(PICTURES)
    stored = notebook.page.locator(".gdcourse-stored img")
    live = notebook.page.locator(".gdcourse-figure:not(.gdcourse-figure *)")  # the time machine has a pad inside
    expect(live).to_have_count(stored.count())  # each stands in for its picture
    expect(stored.filter(visible=True)).to_have_count(0)
    assert figures(cells) == len(pictures) > 0
    assert [picture for picture in pictures if picture["alt"] in NO_TEXT or not picture["painted"]] == []
    with notebook.window.whole():
        assert notebook.axe(CONTENT, harness.COLOURS, without=True) == ""
        kinds[:] = notebook.page.evaluate(harness.UNSEEN, [] if path == MIXED else kinds)
        assert notebook.axe(CONTENT, harness.COLOURS) == ""
    if path == MIXED:  # the figures' own tests look at them in both themes
        assert [kind for kind in [*KINDS, "mjx-container", "button"] if not notebook.page.locator(kind).count()] == []
        notebook.theme("dark")
        assert notebook.axe(CONTENT, harness.COLOURS) == ""


def test_an_answer_is_out_of_sight_until_its_cell_is_run_and_its_fold_opened(lab):
    path = LESSONS[1]
    lesson = refresh.read(path)
    sources = [cell["source"] for cell in lesson["cells"]]
    asks = next(number for number, source in enumerate(sources) if predictions.ASKS.search(source))
    answers, told = asks + 1, asks + 2
    assert lesson["cells"][answers] in refresh.answering(lesson["cells"]) and refresh.ANSWER in sources[told]
    notebook = lab.text(path.name, refresh.text_of(lesson))
    page, keyboard = notebook.page, notebook.page.keyboard
    result = notebook.cell(answers).get_by_text("read wrong: 189 of 1000")
    answer = notebook.cell(told).locator(".jp-RenderedMarkdown").get_by_text("nearly one in five")
    summary = notebook.cell(told).locator("summary")
    summary.wait_for()
    expect(result).not_to_be_visible()
    expect(answer).not_to_be_visible()
    notebook.run(*(number for number in range(answers) if lesson["cells"][number]["cell_type"] == "code"))
    notebook.choose(answers)
    notebook.cell(answers).focus()
    keyboard.press("Shift+Enter")
    expect(result).to_be_visible()
    expect(answer).not_to_be_visible()
    for _ in range(5):
        keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    expect(summary).to_be_focused()
    keyboard.press("Enter")
    expect(answer).to_be_visible()
    assert not notebook.cell(told).locator(".cm-editor").is_visible()


def guess_by_keyboard(notebook, number, option):
    """From the cell below the one that asks, choose with Tab and Space; then go down again."""
    keyboard = notebook.page.keyboard
    buttons = notebook.output(number).get_by_role("button")
    buttons.first.wait_for()
    for _ in range(buttons.count()):
        keyboard.press("Shift+Tab")
        if (reached := notebook.page.evaluate("document.activeElement.innerText")) == option:
            break
    assert reached == option, f"Tab does not reach {option!r}"
    keyboard.press("Space")
    expect(notebook.output(number).get_by_role("alert")).to_have_text(f"Your guess: {option}")  # it is heard
    keyboard.press("ArrowDown")


def test_a_prediction_and_an_exercise_need_only_the_keyboard(lab):
    predict, exercise = first_cell("predict("), first_cell("@exercise\ndef one_step")
    notebook = lab.notebook([first_cell("import"), predict, "print('result')", exercise], run=False, theme="dark")
    asked = next(
        one for module in catalogue.lessons().values() for one in module.PREDICTIONS if one.question in predict
    )
    wrong = next(option for option in asked.options if option != asked.right)
    keyboard = notebook.page.keyboard
    for _ in range(2):
        keyboard.press("Shift+Enter")
    guess_by_keyboard(notebook, 1, asked.right)
    guess_by_keyboard(notebook, 1, wrong)
    assert notebook.axe(".jp-OutputArea") == ""  # the colours of a chosen button too
    keyboard.press("Shift+Enter")
    notebook.output(2).get_by_text(f"You predicted: {wrong}. The result says: {asked.right}.").wait_for()

    keyboard.press("Enter")
    keyboard.press("ControlOrMeta+End")
    keyboard.press("Shift+Home")
    keyboard.type("return w - learning_rate * gradient(w)")
    keyboard.press("Shift+Enter")
    notebook.output(3).get_by_text("✓ one_step is right.").wait_for()
    assert notebook.axe(".jp-OutputArea") == ""

    done = json.loads((lab.server.data / "progress.json").read_text(encoding="utf-8"))["done"]
    assert done["prediction"][asked.question]["outcome"] == wrong
    assert done["exercise"]["one_step"]["outcome"] == "right"


def test_what_is_wrong_is_found(lab):
    faults = [
        "HTML('<img width=20 src=\"data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=\">')",
        "HTML('<button></button>')",
        "print('\\n' * 100)",
        "HTML('<p style=\"color: #ccc; background: white\">pale words, far below</p>')",
        'HTML(\'<script>console.error("said"); setTimeout(() => { throw new Error("thrown") })</script>\')',
        'HTML(\'<script>fetch("http://127.0.0.1:9/elsewhere").catch(() => document.body.id = "refused")</script>\')',
    ]
    locked = "from gdcourse.exercises import predictions\nfor choice in predictions._choices.values():\n"
    locked += "    choice.children[1].disabled = True"
    twice = "count = globals().get('count', 0) + 1\nassert count < 2, 'run twice'"
    start = f"from IPython.display import HTML\n{first_cell('import')}"
    notebook = lab.notebook([start, first_cell("predict("), locked, twice, *faults])
    found = notebook.axe(".jp-OutputArea")
    assert [line.split()[0] for line in found.splitlines() if line[0] != " "] == [
        "button-name", "color-contrast", "image-alt",
    ]  # fmt: skip
    assert 'src="data:image' in found and "contrast of 1.6" in found
    with pytest.raises(Exception, match="No elements found"):
        notebook.axe(".nothing-of-this-kind")
    notebook.page.wait_for_selector("#refused", state="attached")
    heard = sorted(lab.errors)
    lab.errors.clear()
    assert [error.split()[0] for error in heard] == ["Failed", "The", "said", "thrown"], heard
    notebook.cell(2).focus()
    option = notebook.output(1).get_by_role("button").first.inner_text()
    with pytest.raises(AssertionError, match=f"Tab does not reach '{option}'"):
        guess_by_keyboard(notebook, 1, option)
    with pytest.raises(AssertionError, match="run twice"):
        notebook.run_all()


def test_exported_pages_have_every_figure_and_no_barriers_without_a_network(browser, tmp_path):
    # What nbconvert's own page does around outputs and text (the prompts' pale colours) is not ours.
    context = browser.new_context(offline=True)
    page, exported = context.new_page(), tmp_path / "exported.html"
    for paths in ([MIXED], [path for path in LESSONS if path != MIXED]):  # a page for each would take longer
        lessons = [nbformat.read(path, 4) for path in paths]
        assert all(figures(lesson.cells) > 0 for lesson in lessons)
        lesson = lessons[0]
        lesson.cells = [cell for one in lessons for cell in one.cells]
        for number, cell in enumerate(lesson.cells):
            cell.id = f"cell-{number}"
            if MIXED not in paths and cell.cell_type == "code":  # to colour it takes half of the time
                cell.source = ""  # and no figure stands in it
        exported.write_text(HTMLExporter().from_notebook_node(lesson)[0], encoding="utf-8")
        page.goto(exported.as_uri())
        pictures = page.locator("img").evaluate_all(PICTURES)
        assert len(pictures) == figures(lesson.cells)
        assert all(picture["alt"] and picture["painted"] for picture in pictures)
        if MIXED in paths:  # JupyterLab's tests look at all of them
            assert [kind for kind in KINDS if not page.locator(kind).count()] == []
            assert harness.axe(page, CONTENT) == ""
    context.close()


def test_the_browser_is_the_one_that_is_named(monkeypatch):
    monkeypatch.setenv("GDCOURSE_BROWSER", "/opt/my/browser")
    assert chromium.find() == "/opt/my/browser"


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_a_browser_the_tests_are_skipped_and_under_ci_they_fail(monkeypatch, tmp_path, ci, outcome):
    monkeypatch.delenv("GDCOURSE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "PLACES", ["{NO_SUCH_VARIABLE}/chrome.exe"])
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="install Chromium or Google Chrome"):
        harness.browser_or_skip()


def test_of_a_server_s_errors_one_is_forgotten(lab):
    """It can't say which kernels there are in the moment when it adds one; every other 500 counts."""
    page = lab.notebook([], run=False).page
    page.route("**/api/*?1", lambda route: route.fulfill(status=500))
    with page.expect_console_message(lambda said: "kernelspecs" in said.location["url"]):
        for name in ("kernels", "sessions", "kernelspecs"):
            page.evaluate("name => fetch(`/api/${name}?1`)", name)
    told, start = list(lab.errors), "Failed to load resource: the server responded with a status of 500"
    lab.errors.clear()
    assert [error.startswith(start) and error.split("/")[-1] for error in told] == ["sessions?1", "kernelspecs?1"]
