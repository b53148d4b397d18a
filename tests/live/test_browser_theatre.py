"""The bug theatre and the plane of a network's weights in a real browser: seen, heard, moved by keyboard."""

import re

import pytest
from browser import GONE, INKED, fits, heard, painted
from playwright.sync_api import expect

TRAINED = """
import numpy as np
from gdcourse import planes, widgets
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
rng = np.random.default_rng(0)
y = rng.integers(0, 3, 300)
X = rng.normal(size=(3, 20))[y] + rng.normal(size=(300, 20))
net = MLP((20, 16, 3))
w = [net.w.copy()]
for epoch in range(6):
    net.fit(X, y, epochs=1, batch_size=16, optimizer=SGD(0.1), seed=epoch)
    w.append(net.w.copy())
plane = planes.through(net, X, y, w[0], w[2], w[-1], run=w)
def mine(dz, W, z, a):
    return None
"""
CELLS = [
    TRAINED,
    "stage = widgets.theatre()\nstage",
    "widgets.walk(plane, learning_rate=0.5)",
    "widgets.theatre(layer_below=mine)",
    "stage.answer['choice'], round(stage.answer['rate'], 3)",
    "widgets.walk(plane, steps=1)",
    "bare = planes.through(net, X, y, w[0], w[2], w[-1])\nwidgets.walk(bare, bounds=plane.bounds, steps=1)",
]


class Stage:
    """A theatre on a page."""

    def __init__(self, notebook, cell=1):
        self.page, self.output = notebook.page, notebook.output(cell)
        self.root = self.output.locator(".gdcourse-figure")
        self.text, self.key = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-key")
        self.trouble, self.canvas = self.root.locator(".gdcourse-trouble"), self.root.locator("canvas")
        self.mistake = self.root.get_by_label("mistake", exact=True)
        self.rate = self.root.get_by_label("learning rate η", exact=True)
        self.exact = self.root.get_by_label("learning rate η, exact", exact=True)

    def type(self, rate):
        self.exact.fill(rate)
        self.exact.press("Enter")


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with all figures, as wide as JupyterLab is on a small screen with its side bar open."""
    return shared_lab.notebook(CELLS, width=1024, height=4000)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_and_both_lines_have_the_theme_s_colours(notebook, theme):
    notebook.theme(theme)
    stage = Stage(notebook)
    assert notebook.page.locator("#jp-left-stack").is_visible()
    for name in ("blue", "vermillion"):
        notebook.page.wait_for_function(f"given => ({INKED})(given) > 50", arg=[stage.canvas.element_handle(), name])
    assert notebook.axe(".gdcourse-figure") == ""
    for number in (1, 2, 3):
        root = notebook.output(number).locator(".gdcourse-figure")
        fits(root)


def test_a_mistake_is_chosen_by_keyboard_alone_and_its_cost_is_told(notebook):
    stage = Stage(notebook)
    stage.type("0.2")
    expect(stage.text).to_contain_text("The slope passes every unit, also those whose ReLU gave zero.")
    expect(stage.text).to_contain_text("With η = 0.2 the right run has loss")
    picture, text = painted(stage.canvas), stage.text.inner_text()
    stage.mistake.focus()
    assert stage.mistake.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    stage.page.keyboard.press("ArrowDown")
    expect(stage.text).to_contain_text("The bracket looks at the sign of the slope that arrives.")
    expect(stage.text).to_contain_text("So the mistake costs, from each of these starts.")
    assert stage.text.inner_text() != text and painted(stage.canvas) != picture
    expect(stage.key).to_have_text(re.compile(r"^● right 0\.\d\d■ with the mistake 2\.\d\dthin: "))
    # The words reach a screen reader once the figure rests, and are the text of the picture.
    heard(stage.root)
    assert all(line in stage.canvas.get_attribute("aria-label") for line in stage.text.inner_text().split("\n"))
    # Tab goes on to the slider; a key there asks Python for another rate.
    stage.page.keyboard.press("Tab")
    stage.page.keyboard.press("ArrowRight")
    expect(stage.text).not_to_contain_text("With η = 0.2 the")
    value = stage.exact.input_value()
    expect(stage.text).to_contain_text(f"With η = {value} ")
    notebook.run(4)
    expect(notebook.output(4)).to_contain_text(f"(1, {value})")
    groups = stage.mistake.locator("optgroup").evaluate_all("all => all.map(one => one.label)")
    assert groups == ["Mistakes in layer_below", "Mistakes in two_layer_step"]


def test_a_run_that_diverges_and_one_that_stops_are_told(notebook):
    stage = Stage(notebook)
    stage.type("0.5")
    stage.mistake.select_option("The slope passes every unit, also those whose ReLU gave zero.")
    expect(stage.text).to_contain_text(
        re.compile(r"the run with the mistake diverges by step \d+ \(from 5 of 5 starts\)")
    )
    expect(stage.key).to_contain_text("with the mistake diverges")
    stage.mistake.select_option("db still has one row for each image.")
    expect(stage.text).to_contain_text("Stopped at step 1: db1 has shape (32, 32) and b1 has (32,)")
    expect(stage.key).to_contain_text("with the mistake stops")


def test_a_burst_of_keys_ends_at_the_last_rate(notebook):
    stage = Stage(notebook)
    stage.mistake.select_option("W1 comes out as it went in, so only the last layer learns.")
    stage.type("0.1")
    stage.rate.focus()
    for _ in range(8):
        stage.page.keyboard.press("ArrowRight")
    value = stage.exact.input_value()
    assert float(value) > 0.2
    expect(stage.text).to_contain_text(f"With η = {value} the right run")
    expect(stage.trouble).to_have_text("")


def test_a_rate_that_is_not_taken_is_answered_in_the_figure(notebook):
    stage = Stage(notebook)
    before = stage.exact.input_value()
    stage.type("7")
    expect(stage.trouble).to_have_text("learning rate η goes from 0.01 to 1.")
    assert stage.exact.input_value() == before
    stage.type("0.3")
    expect(stage.trouble).to_have_text("")


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    stage = Stage(notebook, 3)
    stage.root.evaluate(
        "(figure, width) => { figure.style.width = width + 'px'; figure.style.maxWidth = 'none' }", width
    )
    stage.page.wait_for_function(
        "([canvas, width]) => canvas.clientWidth <= width && canvas.clientWidth > 0.8 * width",
        arg=[stage.canvas.element_handle(), width],
    )
    fits(stage.root)


def test_a_function_of_the_reader_s_own_that_fails_leaves_a_sentence(notebook):
    stage = Stage(notebook, 3)
    expect(stage.mistake.locator("option").first).to_have_text("your layer_below")
    expect(stage.text).to_contain_text("layer_below must return dz, dW and db, 3 arrays; got None")


def test_a_walk_in_the_plane_shows_the_network_s_own_run(notebook):
    root = notebook.output(2).locator(".gdcourse-figure")
    map_, text = root.locator("canvas").first, root.locator(".gdcourse-text")
    expect(text).to_contain_text("Step 40 of 40: (u, v) = (")
    expect(root).to_contain_text("After each of its 6 epochs it is drawn where the plane is nearest to it.")
    expect(root.locator(".gdcourse-legend")).to_contain_text("the network's epochs")
    assert "The network's own run used all 387 weights." in map_.get_attribute("aria-label")
    field = root.get_by_label("start u, exact", exact=True)
    told, picture = text.inner_text(), painted(map_)
    field.fill("1")
    field.press("Enter")
    expect(text).not_to_have_text(told)
    assert painted(map_) != picture
    root.get_by_label("step", exact=True).fill("0")
    expect(text).to_contain_text("Step 0 of 40: (u, v) = (1, 0)")


def test_the_network_s_own_run_is_painted(notebook):
    dark = []
    for number in (5, 6):
        root = notebook.output(number).locator(".gdcourse-figure")
        expect(root.locator(".gdcourse-text")).to_contain_text("Step 1 of 1")
        dark.append(
            painted(
                root.locator("canvas").first,
                """one => { const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
                    let found = 0;
                    for (let i = 0; i < data.length; i += 4) found += data[i] + data[i + 1] + data[i + 2] < 200;
                    return found }""",
            )
        )
    assert dark[0] > dark[1] + 100, dark


def test_a_kernel_that_is_gone_is_told_and_the_picture_stays(lab):
    notebook = lab.notebook(CELLS[:2], width=1024)
    stage = Stage(notebook)
    expect(stage.text).to_contain_text("With η = 0.2")
    picture = notebook.page.locator(".gdcourse-stored img")
    expect(picture).to_be_hidden()
    assert "The slope passes every unit" in picture.get_attribute("alt")
    lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(stage.trouble).to_have_text(GONE)
    stage.type("0.9")
    expect(stage.exact).to_have_value("0.2")
    stage.mistake.select_option(index=3)
    expect(stage.mistake).to_have_value("0")
    notebook.command("docmanager:save")
    again = lab.open_again().page
    expect(again.locator(".gdcourse-stored img")).to_be_visible()
    error = again.get_by_text("Error displaying widget")
    expect(error).to_have_count(1)
    expect(error).to_be_hidden()
