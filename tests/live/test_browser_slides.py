"""Slides and handouts in a real browser: all fits on a slide, steps hide what answers, PDFs are whole."""

import html
import json
import re

import browser as harness
import pytest

from gdcourse.commands import chromium, handout, notebooks, notes, slides

LESSON = notebooks.lessons()[3]  # long formulas, tall figures
SIZE = {"width": 1280, "height": 720}
NOTES = (
    "## 3. Point uphill\n\n**Say first**: which way is $w$ up?\n\n- Exercise 1 for everybody.\n\n"
    "1. Prediction *At which angle does the gradient cross the contour line?*\n   - *90°*: it is steepest there."
)
# What of the slide in view goes beyond it, and what of it is to be seen.
SEEN = """() => {
    const page = Reveal.getCurrentSlide(), place = page.getBoundingClientRect(), scale = Reveal.getScale();
    const cells = Array.from(page.querySelectorAll(".jp-Cell"));
    const parts = cells.flatMap(cell => [cell, ...cell.querySelectorAll("pre, img, table, mjx-container")]);
    const beyond = parts.filter(part => {
        const box = part.getBoundingClientRect();
        return box.bottom > place.top + 720 * scale + 1 || box.right > place.left + 1280 * scale + 1;
    });
    const shown = cells.filter(cell => !cell.closest(".fragment:not(.visible)"));
    return {
        beyond: beyond.map(part => part.textContent.slice(0, 60)),
        scrolls: page.querySelectorAll(".scrolls").length,
        pictures: shown.flatMap(cell => Array.from(cell.querySelectorAll("img"), image => image.alt)),
        text: shown.map(cell => cell.textContent).join(" "),
    };
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The slides and the handout of one lesson, with notes for the speaker."""
    place = tmp_path_factory.mktemp("pages")
    stored = {"cells": [{"cell_type": "markdown", "source": NOTES}]}
    (place / "instructors.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notes, "NAME", str(place / "instructors.ipynb"))
        assert slides.main([str(place / "slides"), "3"]) == 0
    assert handout.main([str(place / "handout"), "3", "--no-pdf"]) == 0
    return place


@pytest.fixture
def open_page(browser):
    """Return a function that opens a file, and the addresses that it asked for; none but the disk answers."""
    context = browser.new_context(viewport=SIZE, offline=True)
    asked, wrong = [], []

    def visit(path):
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield visit
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    assert wrong == []
    context.close()


def test_all_slides_of_a_lesson(folder, open_page):
    page = open_page(folder / "slides" / f"{LESSON.stem}.html")
    page.wait_for_selector("body.laid-out", timeout=1000 * harness.WAIT_SECONDS)
    assert page.locator("mjx-container").count() > 50 and "$" not in page.inner_text(".slides")
    seen = [page.evaluate(SEEN)]
    while not page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
        page.keyboard.press("Space")
        seen.append(page.evaluate(SEEN))
    assert [one["beyond"] for one in seen if one["beyond"]] == [] and sum(one["scrolls"] for one in seen) == 0
    cells = json.loads(LESSON.read_text(encoding="utf-8"))["cells"]
    assert {text for one in seen for text in one["pictures"]} == stored_pictures(cells)
    # In the order of the presses: the question, then what it shows, then why.
    steps = [one["text"] for one in seen]
    asked = first(steps, "At which angle does the gradient cross the contour line?")
    ran = first(steps, 'show("ravine_contours")')
    drawn = next(number for number, one in enumerate(seen) if "A bold line goes" in " ".join(one["pictures"]))
    assert asked < ran < drawn < first(steps, "The arrow crosses the contour line at a right angle.")
    page.add_style_tag(
        content=".reveal > :not(.slides) { display: none }"
    )  # reveal's arrows lie over the slide for axe
    assert harness.axe(page, ".present .present") == ""


def stored_pictures(cells):
    """Return the texts of all pictures that the notebook stores."""
    shown = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell.get("outputs", ())]
    return {html.unescape(text) for one in shown for text in re.findall('<img alt="([^"]*)"', "".join(one))}


def first(steps, words):
    """Return the number of the first step that shows the words."""
    return next(number for number, text in enumerate(steps) if words in text)


def test_the_speaker_sees_notes_in_a_window_of_its_own(folder, open_page):
    page = open_page(folder / "slides" / f"{LESSON.stem}.html")
    page.wait_for_selector("body.laid-out", timeout=1000 * harness.WAIT_SECONDS)
    assert not page.locator("aside.notes").first.is_visible()
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    said = opened.value.locator(".speaker-controls-notes")
    said.get_by_text("which way is").wait_for(timeout=1000 * harness.WAIT_SECONDS)
    assert said.locator("mjx-container").count() == 1
    assert said.locator("mjx-assistive-mml").bounding_box()["width"] <= 1  # else the formula is seen twice


def test_the_speaker_sees_notes_of_a_vote(folder, open_page):
    page = open_page(folder / "slides" / f"{LESSON.stem}.html")
    page.wait_for_selector("body.laid-out", timeout=1000 * harness.WAIT_SECONDS)
    while "At which angle" not in page.evaluate("Reveal.getCurrentSlide().innerText"):
        assert not page.evaluate("Reveal.isLastSlide()")
        page.keyboard.press("Space")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    said = opened.value.locator(".speaker-controls-notes")
    said.get_by_text("it is steepest there").wait_for(timeout=1000 * harness.WAIT_SECONDS)


def test_a_handout_on_paper(folder, open_page):
    page = open_page(folder / "handout" / f"{LESSON.stem}.html")
    page.wait_for_function("() => document.querySelectorAll('mjx-container').length > 40")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 665, "height": 940})  # what A4 leaves between its margins
    wide = "() => document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= 665
    assert harness.axe(page, "html") == ""
    (done,) = chromium.print_pdfs(chromium.find(), [folder / "handout" / "glossary.html"])
    assert done[1] is None
    pdf = (folder / "handout" / "glossary.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2  # one sheet, both sides
