"""Both passes in a real browser: stepped through, heard, weights chosen by keys, mouse and finger, a digit drawn."""

import re

import pytest
from browser import GONE, at_rest, fits
from playwright.sync_api import expect
from strokes import DIGITS

NETWORK = """
import numpy as np
from gdcourse import datasets, widgets
from gdcourse.exercises import exercise
from gdcourse.mlp import MLP
(x, y), _ = datasets.load_mnist()
X5, y5 = x[:5].reshape(-1, 784) / 255, y[:5].astype(int)
net = MLP(seed=0, dtype=np.float64)
"""
MINE = """
@exercise
def layer_below(dz, W, z, a):
    dz_below = dz @ W.T
    return dz_below, a.T @ dz_below, dz_below.sum(axis=0)
"""
CELLS = [
    NETWORK,
    'figure = widgets.backprop(net, X5, y5, weight=("W1", 435, 36))\nfigure',
    "figure.answer['weight'], figure.answer['stage'], figure.answer['image'], figure.answer['label']",
    "figure",
    MINE,
    "widgets.backprop(net, X5, y5)",
]
# How many points of a part of a canvas have one of the figure's colours, as they are in the present theme. Ink may be
# translucent: there the light theme's dark points count.
INKED = """([canvas, name, [left, top, wide, high]]) => {
    const color = getComputedStyle(canvas).getPropertyValue(`--gdcourse-${name}`).trim();
    const rgb = [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));
    const ratio = canvas.width / canvas.clientWidth;
    const { data } = canvas.getContext("2d").getImageData(left * ratio, top * ratio, wide * ratio, high * ratio);
    let found = 0;
    const inked = i => data[i + 3] > 150 && data[i] + data[i + 1] + data[i + 2] < 150;
    const one = name === "ink" ? inked : i => rgb.every((value, k) => data[i + k] === value);
    for (let i = 0; i < data.length; i += 4) found += one(i);
    return found;
}"""


class Passes:
    """The two passes on a page."""

    def __init__(self, notebook, cell=1):
        self.page, self.root = notebook.page, notebook.output(cell).locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.canvas, self.table = self.root.locator(".gdcourse-field canvas"), self.root.locator("table")
        self.step, self.exact = (self.root.get_by_label(f"step{more}", exact=True) for more in ("", ", exact"))
        self.way, self.layer = (self.root.get_by_label(name, exact=True) for name in ("back by", "weight of"))
        self.pad = self.root.get_by_role("application")

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def unit(self, column, number, back=False):
        """Return the box of a unit on the canvas: left, top, width and height. column: 0 for the pixels."""
        width = self.canvas.evaluate("one => one.clientWidth")
        gap, values = (12, 0) if width < 480 else (30, 42)
        unit = min(24, (width - 3 * gap - 18 - values) / (8 + 8 + 4 + 3.2))
        top = 40 + back * (40 + 8 * unit + 8)
        left = 1 + (0, 8 * unit + gap, 16 * unit + 2 * gap, 20 * unit + 3 * gap)[column]
        if column == 0:
            return [left + number % 28 * unit * 2 / 7, top + number // 28 * unit * 2 / 7, unit * 2 / 7, unit * 2 / 7]
        if column == 3:
            return [left + 16, top + number * 0.8 * unit, 0.8 * unit, 0.8 * unit]
        across = (8, 4)[column - 1]
        return [left + number % across * unit, top + number // across * unit, unit, unit]

    def middle(self, *unit):
        left, top, wide, high = self.unit(*unit)
        return {"x": left + wide / 2, "y": top + high / 2}

    def inked(self, name, box):
        return self.page.evaluate(INKED, [self.canvas.element_handle(), name, box])

    def inks(self, name, box, least=0, most=10**7):
        """Wait until a part of the canvas holds so many points of a colour."""
        given = [self.canvas.element_handle(), name, box]
        self.page.wait_for_function(
            f"([given, least, most]) => {{ const n = ({INKED})(given); return n >= least && n <= most }}",
            arg=[given, least, most],
        )


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with two views of one figure and one of the reader's function, on a screen that takes fingers."""
    notebook = shared_lab.notebook(CELLS, width=1024, height=5000, has_touch=True)
    assert notebook.page.locator("#jp-left-stack").is_visible()
    return notebook


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_and_slopes_have_the_theme_s_colours(notebook, theme):
    notebook.theme(theme)
    passes = Passes(notebook)
    passes.button("Your own digit").click()
    expect(passes.pad).to_be_visible()
    assert notebook.axe(".gdcourse-figure") == ""
    passes.button("image 0, label 1").click()
    expect(passes.pad).to_be_hidden()
    for name in ("blue", "vermillion"):
        passes.inks(name, [0, 0, 2000, 2000], least=300)
    assert notebook.axe(".gdcourse-figure") == ""


def test_the_steps_go_forward_and_back_by_keys_alone_and_are_heard(notebook):
    passes = Passes(notebook)
    whole = [0, 0, 2000, 2000]
    passes.button("image 4, label 9").focus()
    for _ in range(2):
        passes.page.keyboard.press("Tab")
    expect(passes.step).to_be_focused()
    passes.page.keyboard.press("Home")
    expect(passes.text).to_contain_text("Image 0, a 1. Its 784 pixels go in.")
    expect(passes.text).to_contain_text(
        "W1[435, 36] (from the pixel in row 15, column 15, counted from 0): its slope comes with step 6."
    )
    passes.inks("blue", whole, most=0)
    passes.page.keyboard.press("ArrowRight")
    expect(passes.text).to_contain_text("Forward, layer 1: 37 of 64 gates are open; a shut one sends 0 on.")
    for _ in range(3):
        passes.page.keyboard.press("ArrowRight")
    expect(passes.text).to_contain_text("Back, layer 3: dz3 is p − onehot(y), divided by 5.")
    passes.inks("blue", passes.unit(3, 1, True), least=20)  # the label's slope alone is negative
    assert passes.inked("blue", whole) == passes.inked("blue", passes.unit(3, 1, True))
    assert passes.inked("vermillion", passes.unit(3, 7, True)) and not passes.inked(
        "vermillion", passes.unit(3, 1, True)
    )
    for name in ("Step on", "Step on"):
        passes.button(name).focus()
        passes.page.keyboard.press("Enter")
    expect(passes.text).to_contain_text("is the sum of 5 shares, 2 of them not 0; nudged, it is −0.0727. ✓ They agree.")
    expect(passes.button("Step on")).to_have_attribute("aria-disabled", "true")
    expect(passes.root.locator(".gdcourse-aloud")).to_contain_text(passes.text.inner_text().split("\n")[1])
    assert passes.text.inner_text().split("\n")[1] in passes.canvas.get_attribute("aria-label")
    expect(passes.table).to_contain_text("nudged ✓ agrees−0.0727")
    shares = passes.table.locator("tbody tr").all_inner_texts()
    assert [row.split()[-1] for row in shares] == ["0", "−0.0364", "−0.0363", "0", "0"]


def test_a_mistake_lights_the_shut_units_and_the_nudge_shows_it(notebook):
    passes = Passes(notebook)
    outline = [passes.unit(2, k, True) for k in range(32)]
    assert not any(passes.inked("purple", box) for box in outline)
    passes.way.focus()
    passes.page.keyboard.press("ArrowDown")  # the course's own stands first
    expect(passes.text).to_contain_text("With a mistake: The slope passes every unit, also those whose ReLU gave zero.")
    expect(passes.text).to_contain_text(
        "Layer 2 is off: dz2 at 20 of 32 units (0, 2, 3, 4, 5, 8, …), all of them shut; dW2 at 1,365 of 2,048 weights"
    )
    passes.inks("purple", outline[0], least=20)
    lit = [k for k, box in enumerate(outline) if passes.inked("purple", [box[0] + 5, box[1] + 0.5, box[2] - 10, 2]) > 4]
    assert len(lit) == 20 and lit[:6] == [0, 2, 3, 4, 5, 8]
    expect(passes.table).to_contain_text("✗ differs")
    expect(passes.text).to_contain_text("✗ The slope is off.")
    passes.page.keyboard.press("ArrowUp")
    expect(passes.text).to_contain_text("Its slopes agree with the right ones.")
    passes.inks("purple", outline[0], most=0)


def test_buttons_begin_with_a_capital_as_in_all_figures(notebook):
    names = [name.strip("◀ ") for name in Passes(notebook).root.get_by_role("button").all_inner_texts()]
    assert len(names) > 5 and [name for name in names if name[:1].islower()] == []


def test_a_weight_is_chosen_by_keys_alone(notebook):
    passes = Passes(notebook)
    passes.layer.focus()
    passes.page.keyboard.press("ArrowDown")
    passes.page.keyboard.press("ArrowDown")
    expect(passes.layer).to_have_value("W2")
    source, target = (
        passes.root.get_by_label(f"{name}, exact") for name in ("from unit of layer 1", "to unit of layer 2")
    )
    expect(source).to_be_visible()
    expect(source).to_have_value("36")  # the unit that W1 led to
    slider = passes.root.get_by_label("from unit of layer 1", exact=True)
    slider.focus()
    for _ in range(3):
        passes.page.keyboard.press("ArrowRight")
    expect(passes.text).to_contain_text("W2[39, 0]: the slope")
    target.fill("9")
    target.press("Enter")
    expect(passes.text).to_contain_text("W2[39, 9]: the slope")
    target.fill("32")
    target.press("Enter")
    expect(passes.trouble).to_have_text("to unit of layer 2 goes from 0 to 31.")
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("([2, 39, 9], 6, 0, 0)")
    passes.layer.focus()
    passes.page.keyboard.press("ArrowDown")
    expect(passes.layer).to_have_value("b2")
    expect(passes.text).to_contain_text("b2[9]: the slope")
    expect(source).to_be_hidden()
    passes.page.keyboard.press("ArrowDown")
    expect(passes.layer).to_have_value("W3")
    passes.button("The steepest").press("Enter")
    expect(passes.text).to_contain_text(re.compile(r"W3\[\d+, \d\]: the slope −?0\.\d+ is the sum of 5 shares"))
    # The other view shows the same.
    expect(Passes(notebook, 3).layer).to_have_value("W3")


def test_a_weight_is_chosen_by_mouse_and_by_a_finger(notebook):
    passes = Passes(notebook)
    passes.canvas.click(position=passes.middle(1, 20))
    passes.canvas.click(position=passes.middle(0, 14 * 28 + 13, True))
    expect(passes.text).to_contain_text("W1[405, 20] (from the pixel in row 14, column 13, counted from 0): the slope")
    left, top, wide, _ = passes.unit(1, 20)
    passes.inks("ink", [left + 2, top - 2, wide - 4, 4], least=8)  # its frame
    passes.canvas.tap(position=passes.middle(2, 17, True))
    expect(passes.text).to_contain_text("W2[20, 17]: the slope")
    passes.canvas.tap(position=passes.middle(1, 63))
    expect(passes.text).to_contain_text("W2[63, 17]: the slope")
    passes.canvas.tap(position=passes.middle(3, 9))
    expect(passes.text).to_contain_text("W3[17, 9]: the slope")
    passes.canvas.tap(position={"x": 5, "y": 5})  # beside all units
    expect(passes.text).to_contain_text("W3[17, 9]: the slope")


def test_the_one_that_is_off_is_found(notebook):
    passes = Passes(notebook)
    off = passes.button("One that is off")
    passes.layer.select_option("W2")
    expect(off).to_have_attribute("aria-disabled", "true")
    passes.way.select_option("db averages over the batch, which divides by n a second time.")
    expect(off).to_have_attribute("aria-disabled", "false")
    off.click()
    expect(passes.text).to_contain_text(re.compile(r"b2\[\d+\]: the slope .* is not a sum of shares"))
    passes.way.select_option("the course's layer_below")
    expect(passes.text).to_contain_text("Its slopes agree")


def test_a_digit_is_drawn_by_a_finger_and_labelled(notebook):
    passes = Passes(notebook)
    passes.button("Your own digit").click()
    expect(passes.text).to_contain_text("Nothing is drawn yet: all pixels are 0. 0 of 64")
    box = at_rest(passes.pad)
    for stroke in DIGITS[7]:
        notebook.touch([(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in stroke])
    expect(passes.text).to_contain_text("Your drawing, labelled 0.")
    passes.root.get_by_label("it is a", exact=True).select_option("7")
    expect(passes.text).to_contain_text("Your drawing, labelled 7.")
    expect(passes.table.locator("tbody tr")).to_have_count(1)
    expect(passes.table).to_contain_text("your 7")
    passes.inks("ink", passes.unit(0, 0)[:2] + [190, 190], least=2000)
    # The other view has the strokes, too; another weight leaves them.
    other = Passes(notebook, 3)
    drawn = "pad => pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data.some(Boolean)"
    notebook.page.wait_for_function(drawn, arg=other.pad.element_handle())
    other.layer.select_option("W2")
    expect(passes.layer).to_have_value("W2")
    expect(passes.text).to_contain_text("Your drawing, labelled 7.")
    for number in (1, 2):
        passes.button("3").click()
        expect(passes.text).to_contain_text(f"A 3 from MNIST's test images ({number} of 5). ")
    assert not passes.pad.evaluate(drawn)
    passes.button("image 0, label 1").click()
    expect(passes.text).to_contain_text("Image 0, a 1.")


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    passes = Passes(notebook, 3)
    passes.root.evaluate(
        "(figure, width) => { figure.style.width = width + 'px'; figure.style.maxWidth = 'none' }", width
    )
    passes.page.wait_for_function(
        "([canvas, width]) => canvas.clientWidth <= width && canvas.clientWidth > 0.5 * width",
        arg=[passes.canvas.element_handle(), width],
    )
    fits(passes.root)
    passes.layer.select_option("b2")
    expect(passes.text).to_contain_text("b2[")  # the words change their height, and the canvas its place
    passes.canvas.click(position=passes.middle(2, 30))
    expect(passes.text).to_contain_text("b2[30]: the slope")
    fits(passes.root)
    share = passes.root.locator(".gdcourse-share")
    fits(share)
    assert notebook.axe(".gdcourse-figure") == ""


def test_a_wrong_function_of_the_reader_s_own_walks_back(notebook):
    passes = Passes(notebook, 5)
    expect(passes.way.locator("option").first).to_have_text("your layer_below")
    expect(passes.text).to_contain_text("Your layer_below. Layer 2 is off: dz2 at 20 of 32 units")


def test_a_kernel_that_is_gone_is_told_and_the_picture_stays(notebook, shared_lab):
    passes = Passes(notebook)
    passes.step.fill("6")
    passes.button("image 0, label 1").click()
    expect(passes.text).to_contain_text("Image 0, a 1. 37 of 64")
    picture = notebook.output(1).locator(".gdcourse-stored img")
    expect(picture).to_be_hidden()
    assert "is the sum of 5 shares, 2 of them not 0; nudged, it is −0.0727. ✓" in picture.get_attribute("alt")
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(passes.trouble).to_have_text(GONE)
    passes.button("image 2, label 6").click()
    passes.button("Step back").click()
    way = passes.way.input_value()
    passes.way.select_option(index=2)
    expect(passes.way).to_have_value(way)
    expect(passes.exact).to_have_value("6")
    expect(passes.button("image 0, label 1")).to_have_attribute("aria-pressed", "true")
