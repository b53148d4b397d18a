"""The walk in fog in a real browser: hidden, told, walked by keys, pointer and finger, and lifted."""

import re

import pytest
from browser import GONE, INKED, at_rest, fits, heard
from playwright.sync_api import expect

CELLS = [
    "from gdcourse import functions, widgets\nfog = widgets.fog(functions.two_valleys)\nfog",
    "fog",
    "fog.answer['steps']",
]
# How wide the green is, thin as it is over the paper and in fog, from its first to its last column.
GREEN = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const columns = [];
    for (let i = 0; i < data.length; i += 4) {
        if (data[i + 1] > data[i] + 6 && data[i + 1] > data[i + 2] + 2) columns.push((i / 4) % canvas.width);
    }
    const [first, last] = columns.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [1e6, 0]);
    return (last - first) * canvas.clientWidth / canvas.width;
}"""
START = "You stand at w = 2, at the height 2.67. The slope is 8.00: uphill is to the right."


class Hill:
    """A walk in fog on a page."""

    def __init__(self, notebook, cell=0):
        self.page, self.root = notebook.page, notebook.output(cell).locator(".gdcourse-figure")
        self.canvas, self.text = self.root.locator("canvas"), self.root.locator(".gdcourse-text")
        self.trouble = self.root.locator(".gdcourse-trouble")
        self.length = self.root.get_by_label("length of a step", exact=True)
        self.exact = self.root.get_by_label("length of a step, exact", exact=True)

    def button(self, name):
        return self.root.get_by_role("button", name=name)

    def inked(self, color):
        return self.canvas.evaluate(f"(canvas, name) => ({INKED})([canvas, name])", color)

    def again(self):
        self.button("Begin again").click()
        expect(self.text).to_have_text(START)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with two views of one figure, as wide as JupyterLab is on a small screen with its side bar open."""
    return shared_lab.notebook(CELLS, width=1024, height=2400, has_touch=True)


def test_nothing_but_the_ground_at_the_feet_is_seen(notebook):
    hill = Hill(notebook)
    expect(hill.text).to_have_text(START)
    expect(hill.root.locator(".gdcourse-aloud")).to_have_text(START)
    assert hill.canvas.get_attribute("aria-label") == f"A hill, hidden in fog. {START}"
    assert hill.inked("blue") and not hill.inked("vermillion")
    assert 0 < hill.canvas.evaluate(GREEN) <= 2 * 34  # pixels, as far as the fog is thin
    expect(hill.root.get_by_text("gradient descent")).to_be_hidden()


def test_after_a_click_beside_all_controls_keys_are_the_figure_s(notebook):
    hill = Hill(notebook)
    hill.text.click()
    assert hill.page.evaluate("document.activeElement.className") == "gdcourse-figure"
    before = len(notebook.cells())
    hill.press("x")  # in the notebook it cuts the cell
    assert len(notebook.cells()) == before


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_in_both_themes_and_the_fog_lifts(notebook, theme):
    notebook.theme(theme)
    hill = Hill(notebook)
    hill.button("Step left").click()
    hill.button("Lift the fog").click()
    expect(hill.text).to_have_text(
        "After 1 step you stand at 1.5, at the height 0.14. Gradient descent took as many, and is at 1.2, at the "
        "height −0.35: it came lower. Both are in the valley at 1. Nobody ended in the deeper one, at −2, at "
        "the height −2.67."
    )
    hill.page.wait_for_function(f"canvas => ({INKED})([canvas, 'vermillion']) > 50", arg=hill.canvas.element_handle())
    assert hill.canvas.evaluate(GREEN) > 500
    expect(hill.root.get_by_text("gradient descent").first).to_be_visible()
    assert notebook.axe(".gdcourse-figure") == ""
    hill.again()


def test_keys_alone_walk_to_the_deeper_valley_and_the_other_view_shows_the_same(notebook):
    hill, other = Hill(notebook), Hill(notebook, 1)
    hill.length.focus()
    hill.press(*["ArrowRight"] * 40)
    expect(hill.exact).to_have_value("4")
    hill.press("Tab", "Tab", "Space")
    expect(hill.text).to_have_text(re.compile("^Step 1 leads to w = −2: lower.*the ground is level.$"))
    heard(hill.root)
    expect(other.text).to_have_text(hill.text.inner_text())
    hill.exact.fill("0.25")
    hill.exact.press("Enter")
    hill.press("Tab", "ArrowRight", "ArrowLeft")
    expect(hill.text).to_contain_text("Step 3 leads to w = −2: lower")
    expect(hill.root.get_by_text("steps: 3")).to_be_visible()
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("[-4.0, 0.25, -0.25]")
    hill.button("Lift the fog").focus()
    hill.press("Enter")
    expect(other.text).to_have_text(re.compile("^After 3 steps .* you came lower. You are in the deeper valley, at −2"))
    expect(hill.button("Step left")).to_have_attribute("aria-disabled", "true")
    hill.button("Step left").click(force=True)  # it takes no step
    expect(hill.root.get_by_text("steps: 3")).to_be_visible()
    other.again()
    expect(hill.text).to_have_text(START)


def test_a_bad_length_is_answered_in_the_figure(notebook):
    hill = Hill(notebook)
    hill.exact.fill("far")
    hill.exact.press("Enter")
    expect(hill.trouble).to_have_text("length of a step goes from 0.01 to 4; write a number.")
    hill.exact.fill("0.5")
    hill.exact.press("Enter")
    expect(hill.trouble).to_have_text("")


@pytest.mark.parametrize("with_finger", [False, True])
def test_a_click_or_a_tap_steps_there(notebook, with_finger):
    hill = Hill(notebook)
    box = at_rest(hill.canvas)
    place = {"x": round(0.4 * box["width"]), "y": round(0.3 * box["height"])}
    (hill.canvas.tap if with_finger else hill.canvas.click)(position=place)
    expect(hill.text).to_have_text(
        re.compile("^Step 1 leads to w = −1: lower|^Step 1 leads to w = −[01].[0-9]+: lower")
    )
    hill.again()


def test_a_finger_scrolls_the_page_from_the_hill(notebook):
    notebook.window.look(has_touch=True, width=1024, height=400)
    hill = Hill(notebook)
    before = notebook.centre(hill.canvas)
    box = at_rest(hill.canvas)
    notebook.swipe((box["x"] + box["width"] / 3, box["y"] + box["height"] / 2), 0, -100)
    notebook.wait_until_scrolled(before, 30)
    expect(hill.text).to_have_text(START)
    notebook.window.look(has_touch=True, width=1024, height=2400)


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    hill = Hill(notebook, 1)
    hill.root.evaluate(
        "(figure, width) => { figure.style.width = width + 'px'; figure.style.maxWidth = 'none' }", width
    )
    expect(hill.canvas).to_have_css("width", f"{width - 8}px")
    fits(hill.root)


def test_a_kernel_that_is_gone_is_told_and_the_picture_stays(notebook, shared_lab):
    hill = Hill(notebook)
    picture = notebook.output(0).locator(".gdcourse-stored img")
    expect(picture).to_be_hidden()
    assert picture.get_attribute("alt") == f"A hill, hidden in fog. {START}"
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(hill.trouble).to_have_text(GONE)
    hill.button("Step left").click(force=True)
    expect(hill.text).to_have_text(START)
