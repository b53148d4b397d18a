"""Why this digit, in a real browser: drawn, compared, heard, rubbed out by pointer, finger and keys."""

import re

import pytest
from browser import GONE, INKED, fits, heard
from playwright.sync_api import expect
from strokes import DIGITS

from live.test_browser_drawing import Draws

# A layer whose answer is known: 3 is ink in the left half, 5 is ink in the right half, and no other digit is anything.
LAYER = """
import numpy as np
from gdcourse import widgets
from gdcourse.mlp import MLP
net = MLP((784, 10), dtype=np.float64)
W = np.zeros((28, 28, 10))
W[:, :14, 3], W[:, 14:, 3], W[:, 14:, 5], W[:, :14, 5] = 1, -0.5, 0.9, -0.25
net.W[0][:], net.b[0][:] = W.reshape(784, 10), 0
net.b[0][5] = 1
images = np.zeros((2, 28, 28))
images[0, 8:20, 12], images[0, 8:20, 16] = 1, 1
images[1, 8:20, 16] = 1
"""
CELLS = [
    LAYER,
    "why = widgets.why(net, images, [5, 5])\nwhy",
    "why.answer['pair'], why._which, len(why._rubs), round(why.answer['rows'][0]['score'], 2)",
    "why",
]
TOLD = "A 5 is read as a 5 (probability "
# 12 pixels on each side: 3 has 12 − 6 = 6; 5 has 12 · 0.9 − 3 + 1 = 8.8.


class Reasons(Draws):
    """The figure on a page, and somebody who draws in it."""

    def __init__(self, notebook, cell=1):
        self.notebook, self.page = notebook, notebook.page
        self.root = self.figure = notebook.output(cell).locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.eraser = self.root.get_by_role("application", name=re.compile("^Eraser"))
        self.pad = self.eraser
        self.maps = self.root.locator("canvas.gdcourse-map")
        self.rows = self.root.locator("tbody tr")
        self.picture = self.root.get_by_label("image", exact=True)
        self.one, self.other = self.root.get_by_label("compare", exact=True), self.root.get_by_label("with", exact=True)
        self.back = self.root.get_by_role("button", name="Bring all ink back")

    def pixel(self, row, column):
        return (column + 0.5) / 28, (row + 0.5) / 28


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with two views of one figure."""
    return shared_lab.notebook(CELLS, width=1280, height=3600)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_and_both_signs_have_the_theme_s_colours(notebook, theme):
    notebook.theme(theme)
    reasons = Reasons(notebook)
    expect(reasons.maps).to_have_count(2)
    for k in range(2):
        for name in ("blue", "vermillion"):
            notebook.page.wait_for_function(
                f"given => ({INKED})(given) > 50", arg=[reasons.maps.nth(k).element_handle(), name]
            )
    assert notebook.axe(".gdcourse-figure") == ""


def test_the_two_sums_stand_there_and_are_heard(notebook):
    reasons = Reasons(notebook)
    expect(reasons.text).to_contain_text(TOLD)
    expect(reasons.rows).to_have_text(
        [re.compile(r"5 ◀ read\+10\.80−3\.00\+1\.00\+8\.80"), re.compile(r"3\+12\.00−6\.00\+0\.00\+6\.00")]
    )
    heard(reasons.root)
    expect(reasons.root.locator(".gdcourse-key")).to_contain_text("orange: ink speaks for the class")
    expect(reasons.root.locator(".gdcourse-key")).to_contain_text("does most for the one of the two that leads")
    expect(reasons.root.locator("th").nth(1)).to_have_text("orange +")
    expect(reasons.maps.nth(1)).to_have_attribute(
        "aria-label", "Ink times weight for 3: orange +12.00, blue −6.00, b +0.00, score +6.00."
    )


def test_keys_alone_rub_out_what_decided_and_take_it_back(notebook):
    reasons, keyboard = Reasons(notebook), notebook.page.keyboard
    reasons.other.focus()
    keyboard.press("Tab")
    expect(reasons.eraser).to_be_focused()
    expect(reasons.root).to_contain_text("Lifted: row 9, column 15, no ink")  # the middle of the spot that decides
    keyboard.press("Space")
    expect(reasons.root).to_contain_text("Rubbing: row 9, column 15, no ink")
    expect(reasons.text).to_contain_text("without 3 of its 24 pixels of ink, is read as a 3 (probability ")
    expect(reasons.rows.nth(1)).to_contain_text("3 ◀ read")
    keyboard.press("ArrowDown")
    expect(reasons.text).to_contain_text("without 4 of its 24")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    expect(reasons.root).to_contain_text("Lifted: row 11, column 15, no ink")
    expect(Reasons(notebook, 3).text).to_have_text(reasons.text.inner_text())  # the other view
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("([5, 3], 0, 1, 5.2)")  # 8 · 0.9 − 3 + 1
    reasons.eraser.focus()
    keyboard.press("Control+z")
    expect(reasons.text).to_contain_text(TOLD)


def test_the_pointer_rubs_out_and_the_button_brings_all_back(notebook):
    reasons = Reasons(notebook)
    reasons.draw([[reasons.pixel(7, 16), reasons.pixel(20, 16)]])
    expect(reasons.text).to_contain_text("without 12 of its 24 pixels of ink, is read as a 3")
    expect(reasons.rows.nth(0)).to_have_text(re.compile(r"5\+0\.00−3\.00\+1\.00−2\.00"))
    reasons.back.click()
    expect(reasons.text).to_contain_text(TOLD)


def test_another_picture_and_another_class(notebook):
    reasons = Reasons(notebook)
    reasons.draw([[reasons.pixel(9, 16)]])
    expect(reasons.text).to_contain_text("without 3 of its 24")
    reasons.picture.select_option(index=1)
    expect(reasons.text).to_contain_text("A 5 is read as a 5")
    expect(reasons.rows.nth(0)).to_have_text(re.compile(r"5 ◀ read\+10\.80.0\.00\+1\.00\+11\.80"))
    reasons.other.select_option("3")
    expect(reasons.rows.nth(1)).to_have_text(re.compile(r"3\+0\.00−6\.00\+0\.00−6\.00"))
    reasons.one.select_option("3")  # the same twice is no comparison: the two change places
    expect(reasons.one).to_have_value("3")
    expect(reasons.other).to_have_value("5")
    reasons.picture.select_option(index=0)
    expect(reasons.one).to_have_value("5")


def test_a_drawing_of_one_s_own_is_read_and_rubbed_out(notebook):
    reasons = Reasons(notebook)
    drawing = reasons.root.get_by_role("application", name=re.compile("^Drawing pad"))
    expect(drawing).to_be_hidden()
    reasons.picture.select_option(label="your own drawing")
    expect(reasons.text).to_contain_text("Draw a digit: the layer reads it as you draw.")
    reasons.pad = drawing
    reasons.draw(DIGITS[3])
    expect(reasons.text).to_contain_text("Your drawing is read as a")
    reasons.pad = reasons.eraser
    reasons.draw([[reasons.pixel(2, 14), reasons.pixel(26, 14)]])
    expect(reasons.text).to_contain_text(re.compile("Your drawing, without [1-9].* pixels of ink, is read as a"))
    reasons.pad = drawing
    reasons.draw(DIGITS[1])  # more ink is another picture, and what was rubbed out is there again
    expect(reasons.text).to_contain_text("Your drawing is read as a")
    notebook.page.keyboard.press("Delete")
    expect(reasons.text).to_contain_text("Draw a digit")
    assert notebook.axe(".gdcourse-figure") == ""
    reasons.picture.select_option(index=0)
    expect(drawing).to_be_hidden()


@pytest.mark.parametrize("width", [272, 320, 360, 656, 800, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    reasons = Reasons(notebook, 3)
    reasons.root.evaluate("(one, width) => { one.style.width = width + 'px'; one.style.maxWidth = 'none' }", width)
    notebook.page.wait_for_function(
        "([canvas, width]) => canvas.clientWidth <= width && canvas.width >= canvas.clientWidth - 2",
        arg=[reasons.maps.nth(0).element_handle(), width],
    )
    fits(reasons.root)
    fits(reasons.root.locator(".gdcourse-sums"))
    tops = {one.bounding_box()["y"] for one in (reasons.eraser, *reasons.maps.all())}
    assert len(tops) == (1 if width > 600 else 3)  # all beside each other, or all below
    expect(reasons.root.get_by_role("columnheader", name="probability", exact=True)).to_have_text("p")


def test_where_the_sums_do_not_fit_the_keyboard_scrolls_them(notebook):
    reasons = Reasons(notebook, 3)
    sums = reasons.root.locator(".gdcourse-sums")
    reasons.root.evaluate("one => { one.style.width = '200px' }")
    expect(sums).to_have_attribute("tabindex", "0")
    assert sums.evaluate("one => one.scrollWidth > one.clientWidth") and notebook.axe(".gdcourse-sums") == ""
    reasons.root.evaluate("one => { one.style.width = '800px' }")
    expect(sums).not_to_have_attribute("tabindex", "0")


def test_a_finger_rubs_out_and_a_kernel_that_is_gone_is_told(notebook, shared_lab):
    notebook.window.look(has_touch=True, width=1024, scale=2)
    notebook.run(1)  # a new figure
    reasons = Reasons(notebook)
    expect(reasons.text).to_contain_text(TOLD)
    expect(notebook.output(1).locator(".gdcourse-stored img")).to_be_hidden()
    finger = notebook.page.context.new_cdp_session(notebook.page)
    before = reasons.eraser.bounding_box()
    for kind, places in (("touchStart", [(7, 16)]), ("touchMove", [(14, 16)]), ("touchEnd", [])):
        points = [dict(zip("xy", place)) for place in reasons.places([reasons.pixel(*one) for one in places])]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(reasons.text).to_contain_text("without 8 of its 24 pixels of ink, is read as a 3")
    assert reasons.eraser.bounding_box() == before
    reasons.root.get_by_role("button", name="Undo").tap()
    expect(reasons.text).to_contain_text(TOLD)
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(reasons.trouble).to_have_text(GONE)
    reasons.picture.select_option(index=1)
    expect(reasons.picture).to_have_value("0")
    reasons.draw([[reasons.pixel(9, 16)]])
    expect(reasons.text).to_contain_text(TOLD)
