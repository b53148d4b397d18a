"""The digit to be moved, in a real browser: by pointer and keyboard, seen and heard, in both themes and any width."""

import re

import pytest
from browser import GONE, at_rest, fits, painted
from playwright.sync_api import expect

TRAINED = """
import numpy as np
from gdcourse import datasets, detection, widgets
from gdcourse.optimizers import Adam
(x, y), _ = datasets.load_mnist()
small = detection.half_size(x[:700])
made = detection.scenes(small, y[:700], 300, seed=1)
net = detection.Detector(10, filters=8)
history = net.fit(*detection.cut(made), epochs=4, batch_size=64, optimizer=Adam(0.01))
scene = detection.scenes(small, y[:700], 2, seed=2)[1]
"""
CELLS = [
    TRAINED,
    "finder = widgets.find(net, scene, small[3], threshold=0.2)\nfinder",
    "widgets.find(net, scene, small[3])",
]
CELLS += ["finder.answer['own'][:2], finder.answer['threshold'], finder.answer['suppress']"]


class Finder:
    """A figure on a page."""

    def __init__(self, notebook, cell=1):
        self.page, self.output = notebook.page, notebook.output(cell)
        self.root = self.output.locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.pad = self.root.get_by_role("application")
        self.exact = self.root.get_by_label("boxes surer than, exact", exact=True)
        self.button = self.root.get_by_role("button", name="Suppression")

    def others(self):
        """Return how many other boxes the text tells of."""
        return int(re.search(r"Other boxes: (\d+)", self.text.inner_text())[1])

    def place(self):
        """Return row and column where the digit's box begins, as the words say."""
        return tuple(map(int, re.search(r"row (\d+), column (\d+)", self.text.inner_text()).groups()))

    def at(self, row, column):
        """Return the point of the page in the middle of a pixel of the picture."""
        box = at_rest(self.pad)
        return (
            box["x"] + 1 + (box["width"] - 2) * (column + 0.5) / 40,
            box["y"] + 1 + (box["height"] - 2) * (row + 0.5) / 40,
        )


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with all figures, as wide as JupyterLab is on a small screen with its side bar open."""
    return shared_lab.notebook(CELLS, width=1024, height=3000)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier(notebook, theme):
    notebook.theme(theme)
    expect(Finder(notebook).text).to_contain_text("The digit's box begins at row")
    assert notebook.axe(".gdcourse-figure") == ""


def test_arrow_keys_move_the_digit_and_what_is_found_is_told(notebook):
    finder = Finder(notebook)
    row, column = finder.place()
    picture = painted(finder.pad)
    finder.pad.focus()
    assert finder.pad.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    finder.page.keyboard.press("ArrowDown")
    finder.page.keyboard.press("ArrowLeft")
    expect(finder.text).to_contain_text(f"row {row + 1}, column {column - 1}, counted")
    assert painted(finder.pad) != picture
    expect(finder.root.locator(".gdcourse-aloud")).to_contain_text(finder.text.inner_text().split("\n")[0])
    assert "A true " in finder.pad.get_attribute("aria-label")
    assert finder.text.inner_text() in finder.pad.get_attribute("aria-label")
    for _ in range(9):
        finder.page.keyboard.press("Shift+ArrowUp")
    expect(finder.text).to_contain_text(f"row 0, column {column - 1}, counted")  # it stops at the edge


def test_a_pointer_takes_the_digit_along(notebook):
    finder = Finder(notebook)
    row, column = finder.place()
    mouse = finder.page.mouse
    mouse.move(*finder.at(row + 4, column + 3))
    mouse.down()
    mouse.move(*finder.at(row + 20, column - 2), steps=5)
    mouse.up()
    expect(finder.text).to_contain_text(f"row {row + 16}, column {column - 5}, counted")
    mouse.move(*finder.at(2, 2))  # without a button nothing moves
    assert finder.place() == (row + 16, column - 5)
    mouse.move(*finder.at(20, 20))
    mouse.down()  # a press beside the digit brings it there
    mouse.up()
    expect(finder.text).not_to_contain_text(f"row {row + 16}, column {column - 5}, counted")
    there = finder.place()
    assert 12 <= there[0] <= 18 and 12 <= there[1] <= 20


def test_the_threshold_and_the_suppression_reach_python(notebook):
    finder = Finder(notebook)
    expect(finder.button).to_have_attribute("aria-pressed", "true")
    boxes = [finder.others()]
    for press in (finder.button, finder.exact):  # one after the other: Python has answered when the count is another
        if press is finder.exact:
            press.fill("0.06")
        press.press("Enter")
        expect(finder.text).not_to_contain_text(re.compile(rf"Other boxes: {boxes[-1]}\b"))
        boxes.append(finder.others())
    expect(finder.button).to_have_attribute("aria-pressed", "false")
    assert boxes == sorted(boxes)
    notebook.run(3)
    place = finder.place()
    expect(notebook.output(3)).to_contain_text(f"([{place[0]}, {place[1]}], 0.06, False)")
    finder.exact.fill("7")
    finder.exact.press("Enter")
    expect(finder.trouble).to_have_text("boxes surer than goes from 0.05 to 0.99.")


SAID = """canvas => {
    // What is written on the picture from its next painting on, each with its place and its width.
    const pen = canvas.getContext("2d"), write = pen.fillText.bind(pen), scale = pen.scale.bind(pen);
    pen.scale = (...by) => { window.said = []; scale(...by); };
    pen.fillText = (text, x, y) => { window.said.push([text, x, y, pen.measureText(text).width]); write(text, x, y); };
}"""


def test_no_label_covers_another_without_suppression(notebook):
    finder = Finder(notebook, 2)
    finder.exact.fill("0.05")
    finder.exact.press("Enter")
    expect(finder.text).to_contain_text("Other boxes:")
    finder.pad.evaluate(SAID)
    if finder.button.get_attribute("aria-pressed") == "true":
        finder.button.click()
    expect(finder.button).to_have_attribute("aria-pressed", "false")
    finder.pad.press("ArrowLeft")
    finder.page.wait_for_function("window.said?.length")
    key = finder.root.locator(".gdcourse-key")
    expect(key).to_contain_text("no room for the words of")
    said = finder.page.evaluate("window.said")
    for i, (text, x, y, wide) in enumerate(said):
        for other, left, line, room in said[:i]:
            assert x >= left + room or left >= x + wide or abs(y - line) >= 16, f"{text} on {other}"
    left_out = int(re.search(r"no room for the words of (\d+)", key.inner_text())[1])
    assert len(said) > 3 and len(said) + left_out > 12


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    finder = Finder(notebook, 2)
    finder.root.evaluate(
        "(figure, width) => { figure.style.width = width + 'px'; figure.style.maxWidth = 'none' }", width
    )
    finder.page.wait_for_function(
        "([pad, width]) => pad.clientWidth <= width && pad.clientWidth > Math.min(390, 0.8 * width)",
        arg=[finder.pad.element_handle(), width],
    )
    fits(finder.root)


def test_a_kernel_that_is_gone_is_told_and_the_picture_stays(notebook, shared_lab):
    notebook.run(1)  # a new figure
    finder = Finder(notebook)
    expect(finder.text).to_contain_text("The digit's box begins")
    place = finder.place()
    picture = notebook.output(1).locator(".gdcourse-stored img")
    expect(picture).to_be_hidden()
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(finder.trouble).to_have_text(GONE)
    finder.pad.focus()
    finder.page.keyboard.press("ArrowDown")
    assert finder.place() == place
