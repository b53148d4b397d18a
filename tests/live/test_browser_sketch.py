"""A sketch in a real browser: drawn by pointer, finger and keys; the run comes when it is asked for."""

import re

import pytest
from browser import GONE, INKED, at_rest, fits
from playwright.sync_api import expect

CELLS = [
    "import numpy as np\nfrom gdcourse import functions, widgets\n"
    "losses = widgets.sketch(np.where(np.arange(101) < 60, 1, 0.2), ylim=(0, 1.25))\nlosses",
    "losses",
    "path = widgets.sketch(np.array([[-3, 1], [-2, -1], [-1, 1], [0, -1], [0, 0]]), on=functions.bowl)\npath",
    "len(losses.answer['drawn']), len(path.answer['drawn'])",
]
LEVEL = "Yours stays level; the run stays level until step 59, then falls."


class Draws:
    """A sketch on a page."""

    def __init__(self, notebook, cell=0):
        self.notebook, self.page = notebook, notebook.page
        self.root = notebook.output(cell).locator(".gdcourse-figure")
        self.canvas, self.text = self.root.locator("canvas"), self.root.locator(".gdcourse-text")
        self.trouble, self.points = self.root.locator(".gdcourse-trouble"), self.root.get_by_role("slider")

    def button(self, name):
        return self.root.get_by_role("button", name=name)

    def places(self, *shares):
        """Return places on the page from shares of the frame; its margins are those of paint.js."""
        box = at_rest(self.canvas)
        wide, high = box["width"] - 58 - 18, box["height"] - 12 - 44
        return [(box["x"] + 58 + x * wide, box["y"] + 12 + y * high) for x, y in shares]

    def draw(self, *shares):
        (first, *others) = self.places(*shares)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in others:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()

    def touch(self, *shares):
        self.notebook.touch(self.places(*shares))

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def inked(self, color):
        return self.canvas.evaluate(f"(canvas, name) => ({INKED})([canvas, name])", color)

    def show(self, said):
        self.button("Show the run").click()
        expect(self.text).to_have_text(said)
        self.page.wait_for_function(
            f"canvas => ({INKED})([canvas, 'vermillion']) > 50", arg=self.canvas.element_handle()
        )

    def again(self):
        self.button("Begin again").click()
        expect(self.text).to_have_text(re.compile("^Draw what you expect"))


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with two views of a curve, and a path, as wide as JupyterLab is with its side bar open."""
    return shared_lab.notebook(CELLS, width=1024, height=3000, has_touch=True)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_pointer_draws_and_axe_finds_no_barrier_in_both_themes(notebook, theme):
    notebook.theme(theme)
    curve, path = Draws(notebook), Draws(notebook, 2)
    assert not curve.inked("vermillion")
    curve.draw((0.1, 0.2), (1, 0.2))
    expect(curve.text).to_have_text("Drawn up to step 100. Show the run when you like.")
    assert curve.inked("blue") > 500 and not curve.inked("vermillion")
    curve.show(LEVEL)
    expect(curve.root.locator(".gdcourse-aloud")).to_have_text(LEVEL)
    curve.draw((0.1, 0.9), (1, 0.9))  # what was expected stays
    expect(curve.text).to_have_text(LEVEL)
    path.draw((0.3, 0.45), (0.5, 0.5))
    path.show("No bounce: in y yours never turns back, the run 3 times.")
    assert notebook.axe(".gdcourse-figure") == ""
    curve.again()
    path.again()
    assert not curve.inked("vermillion")


def test_a_finger_draws_a_curve_and_a_path_and_does_not_scroll_the_page(notebook):
    curve, path = Draws(notebook), Draws(notebook, 2)
    notebook.window.look(has_touch=True, width=1024, height=600)
    notebook.centre(curve.canvas)
    before = at_rest(curve.canvas)
    curve.touch((0.05, 0.3), (0.2, 0.84), (0.5, 0.84))
    expect(curve.text).to_have_text("Drawn up to step 50. Show the run when you like.")
    assert curve.canvas.bounding_box() == before
    notebook.centre(path.canvas)
    path.touch((0.3, 0.45), (0.4, 0.48), (0.5, 0.5))
    expect(path.text).to_have_text("Drawn; it ends at the star. Show the run when you like.")
    curve.show("Yours falls; the run stays level. (You drew up to step 50.)")
    curve.again()
    path.again()
    notebook.window.look(has_touch=True, width=1024, height=3000)


def test_keys_alone_draw_a_curve_point_by_point_and_the_other_view_shows_the_same(notebook):
    curve, other = Draws(notebook), Draws(notebook, 1)
    point = curve.points.first
    point.focus()
    expect(point).to_have_attribute("aria-label", "loss at step 12")
    expect(point).to_have_attribute("aria-valuetext", "not drawn")
    curve.press("ArrowDown", "PageDown")
    expect(point).to_have_attribute("aria-valuetext", "0.85")
    assert point.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    curve.press("ArrowRight", "ArrowRight", "Enter")
    expect(curve.text).to_have_text("Drawn up to step 37. Show the run when you like.")
    expect(curve.points.nth(2)).to_be_focused()
    expect(curve.points.nth(2)).to_have_attribute("aria-label", "loss at step 37")
    expect(curve.points.nth(1)).to_have_attribute("aria-valuetext", "0.85")
    expect(other.points.nth(2)).to_have_attribute("aria-valuetext", "0.85")
    curve.press("End", "PageDown", "ArrowUp", "Home", "ArrowUp")
    expect(curve.points.last).to_have_attribute("aria-valuetext", "0.75")
    expect(point).to_have_attribute("aria-valuetext", "0.875")
    curve.press("Tab", "Space")
    expect(other.text).to_have_text(re.compile("^Too early: yours has begun to fall by step"))
    curve.press("Tab", "Enter")
    expect(other.text).to_have_text(re.compile("^Draw what you expect"))


def test_keys_alone_draw_a_path(notebook):
    path = Draws(notebook, 2)
    path.canvas.focus()
    path.press("ArrowRight", "ArrowRight", "ArrowDown", "Space", "ArrowRight", "Enter", "ArrowUp", "Enter", "Backspace")
    expect(path.text).to_have_text("Drawn; it ends at (−2.04, 0.68). Show the run when you like.")
    notebook.run(3)
    expect(notebook.output(3)).to_contain_text("(0, 4)")
    path.canvas.focus()
    path.press("Tab", "Space")
    expect(path.text).to_have_text("No bounce: in y yours never turns back, the run 3 times.")
    path.again()


def test_the_run_comes_without_a_sketch_too(notebook):
    curve = Draws(notebook)
    curve.show("You have drawn nothing. The run stays level until step 59, then falls, and is level from step 60 on.")
    curve.again()


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    for cell in 1, 2:
        one = Draws(notebook, cell)
        one.root.evaluate(
            "(figure, width) => { figure.style.width = width + 'px'; figure.style.maxWidth = 'none' }", width
        )
        expect(one.canvas).to_have_css("width", f"{width - 8}px")
        fits(one.root)


def test_a_kernel_that_is_gone_is_told_and_the_picture_stays(notebook, shared_lab):
    curve = Draws(notebook)
    picture = notebook.output(0).locator(".gdcourse-stored img")
    expect(picture).to_be_hidden()
    assert picture.get_attribute("alt").startswith("The loss against the step, to be drawn; it starts at 1.")
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(curve.trouble).to_have_text(GONE)
    curve.draw((0.1, 0.2), (1, 0.2))
    curve.button("Show the run").click(force=True)
    expect(curve.text).to_have_text(re.compile("^Draw what you expect"))
    assert not curve.inked("vermillion")
