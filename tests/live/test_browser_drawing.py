"""Draw a digit in a real browser: with the mouse, a finger and the keyboard; what is seen, read and said follows."""

import json
import re

import numpy as np
import pytest
from browser import at_rest, fits, painted
from playwright.sync_api import expect
from strokes import DIGITS

IMPORTS = """import numpy as np
from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.widgets import draw
(x, y), _ = load_mnist()
net = MLP()
trained = net.fit(x.reshape(-1, 784) / np.float32(255), y, epochs=3, batch_size=32, optimizer=SGD(0.1))"""
HOLD = "hold"  # while a file of this name lies beside the notebook, the slow model is computing
DRAW = "figure = draw(net)\nfigure"
SLOW = f"""import os, time

class Slow:
    def predict(self, X):
        while os.path.exists("{HOLD}"):
            time.sleep(0.01)
        return net.predict(X)

slow = draw(Slow())
slow"""
BROKEN = "broken = MLP()\nbroken.W[0][:] = np.nan\ndraw(broken)"
# One letter for each point: half a million numbers would take a second to travel.
INK = """canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const letters = new Uint8Array(data.length / 4);
    let most = 0;
    for (let i = 3; i < data.length; i += 4) most = Math.max(most, data[i]);
    const least = Math.max(most / 2, 1);
    for (let i = 0; i < letters.length; i++) letters[i] = data[4 * i + 3] > least ? 49 : 48; // 1 or 0
    return new TextDecoder().decode(letters);
}"""

LIGHT_INK = """() => Array.from(document.querySelectorAll(".gdcourse-figure canvas")).every(canvas => {
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.every((value, i) => i % 4 || data[i + 3] < 255 || value > 200);
})"""


class Draws:
    """Somebody who draws in the figure of a cell."""

    def __init__(self, notebook, cell=1):
        self.notebook, self.page = notebook, notebook.page
        self.figure = notebook.output(cell).locator(".gdcourse-figure")
        self.pad = self.figure.get_by_role("application")
        self.pad.wait_for()
        if self.page.evaluate("innerWidth") < 400 and self.page.locator("#jp-left-stack").is_visible():
            self.notebook.command("application:toggle-left-area")  # it would leave the notebook no room

    def places(self, stroke):
        """Return where on the page the points of a stroke are."""
        box = at_rest(self.pad)
        return [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in stroke]

    def draw(self, strokes):
        """Draw with the mouse."""
        for stroke in strokes:
            first, *others = self.places(stroke)
            self.page.mouse.move(*first)
            self.page.mouse.down()
            for place in others:
                self.page.mouse.move(*place)
            self.page.mouse.up()

    def says(self, text):
        """Wait until the text begins so, on the page and for a screen reader."""
        begins = re.compile(f"^{text}")
        for shown in (self.figure.locator(".gdcourse-text"), self.figure.locator(".gdcourse-aloud")):
            shown.filter(has_text=begins).wait_for(state="attached")

    def press(self, name):
        self.figure.get_by_role("button", name=name, exact=True).click()

    def ink(self, name):
        """Return where the pad (0) or the picture of 28 x 28 pixels (1) holds ink, at least half of the darkest."""
        canvas = self.figure.locator("canvas").nth(name)
        side = int(canvas.get_attribute("width"))
        return np.frombuffer(painted(canvas, INK).encode(), np.uint8).reshape(side, side) == ord("1")

    def asked(self, expression):
        """Return what Python makes of an expression, in a new cell below all others."""
        self.notebook.catch_up()
        self.notebook.choose(len(self.notebook.cells()) - 1)
        self.notebook.command("notebook:insert-cell-below")
        self.page.evaluate(
            "source => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource(source)",
            f"print({expression})",
        )
        self.notebook.command("notebook:run-cell")
        self.notebook.wait_until_idle()
        (output,) = self.notebook.cells()[-1]["outputs"]
        return "".join(output["text"]).strip()


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """A notebook that several tests draw in, one after the other; each clears what it drew."""
    return shared_lab.notebook([IMPORTS, DRAW, SLOW, BROKEN])


def test_a_3_drawn_with_the_mouse_is_seen_as_pixels_and_read(notebook):
    reader = Draws(notebook)
    reader.says("Draw a digit from 0 to 9")
    assert not reader.ink(0).any() and not reader.ink(1).any()
    reader.draw(DIGITS[3])
    reader.says(r"The network reads a 3 \(probability")
    in_python = np.array(json.loads(reader.asked("[*figure.answer['picture']]"))).reshape(28, 28)
    pad, seen = reader.ink(0), reader.ink(1)
    for x, y in DIGITS[3][0]:
        assert pad[round(y * len(pad)), round(x * len(pad))]
    assert 60 < seen.sum() < 200
    assert np.count_nonzero((in_python > 127) != seen) <= 3  # a grey just half as dark may be rounded
    likeliest = reader.figure.locator(".gdcourse-most")
    assert likeliest.count() == 1 and likeliest.inner_text().startswith("3:")
    assert reader.notebook.axe(".gdcourse-figure") == ""
    reader.notebook.theme("dark")
    reader.page.wait_for_function(LIGHT_INK)
    reader.notebook.theme("light")
    reader.press("Begin again")


def test_undo_clear_and_ready_digits(notebook):
    reader = Draws(notebook)
    undo = reader.figure.get_by_role("button", name="Undo")
    assert undo.get_attribute("aria-disabled") == "true"
    reader.draw(DIGITS[4])
    reader.says("The network reads a 4")
    hint = reader.figure.locator(".gdcourse-pad").get_by_role("status")
    assert hint.inner_text() == "Draw here"  # who draws by pointer is told of no place
    whole = reader.ink(0).sum()
    reader.press("Undo")
    reader.says(r"The network reads (?!a 4)")
    assert 0 < reader.ink(0).sum() < whole
    reader.press("Begin again")
    reader.says("Draw a digit from 0 to 9")
    assert not reader.ink(0).any() and not reader.ink(1).any()
    expect(undo).to_have_attribute("aria-disabled", "true")
    for number in (1, 2):
        reader.press("8")
        reader.says(rf"An 8 from MNIST's test images \({number} of 5\). The network reads ")
    assert reader.ink(1).any() and not reader.ink(0).any()
    reader.draw(DIGITS[1])
    reader.says("The network reads a 1")
    reader.press("Begin again")


def test_drawing_needs_only_the_keyboard(notebook):
    notebook.theme("dark")
    reader = Draws(notebook)
    keyboard = reader.page.keyboard
    reader.figure.get_by_role("button", name="Begin again").focus()
    keyboard.press("Shift+Tab")
    keyboard.press("Space")  # Undo has nothing to take back, and keeps the focus
    assert reader.page.evaluate("document.activeElement.textContent") == "Undo"
    keyboard.press("Shift+Tab")
    assert reader.page.evaluate("document.activeElement.getAttribute('role')") == "application"
    hint = reader.figure.locator(".gdcourse-pad").get_by_role("status")
    expect(hint).to_have_text("Pen up: arrows move, Space lowers it")
    one_line = hint.bounding_box()["height"]
    for _ in range(8):
        keyboard.press("ArrowUp")
    keyboard.press("Space")
    expect(hint).to_have_text("Pen down: row 6, column 14")
    for _ in range(17):
        keyboard.press("ArrowDown")
    expect(hint).to_have_text("Pen down: row 23, column 14")
    assert hint.bounding_box()["height"] == one_line < 30  # the pad stays where it is
    keyboard.press("Space")
    expect(hint).to_have_text("Pen up: row 23, column 14")
    keyboard.press("ArrowRight")  # without ink
    reader.says("The network reads a 1")
    notebook.catch_up()  # Python may know half of the stroke
    columns = np.flatnonzero(reader.ink(1).any(axis=0))
    assert len(columns) <= 4
    keyboard.press("Control+z")
    reader.says("Draw a digit from 0 to 9")
    keyboard.press("Space")
    keyboard.down("ArrowLeft")
    keyboard.down("ArrowDown")  # slantwise
    for _ in range(6):
        keyboard.down("ArrowDown")
    keyboard.up("ArrowLeft")
    keyboard.up("ArrowDown")
    reader.says("The network reads")
    notebook.catch_up()
    assert np.ptp(np.flatnonzero(reader.ink(1).any(axis=0))) > 14
    keyboard.press("Delete")
    reader.says("Draw a digit from 0 to 9")
    assert notebook.axe(".gdcourse-figure") == ""
    notebook.theme("light")


def test_a_finger_draws_and_does_not_scroll_the_page(lab):
    reader = Draws(lab.notebook([IMPORTS, DRAW], has_touch=True, width=320, height=700, scale=2))
    places = reader.places(DIGITS[1][0])
    before = reader.pad.bounding_box()
    reader.notebook.touch(places)
    reader.says("The network reads a 1")
    assert reader.pad.bounding_box() == before
    fits(reader.figure)
    reader.press("Begin again")
    reader.says("Draw a digit")
    reader.notebook.touch(places[:1])
    reader.says("The network reads")
    assert reader.ink(1).sum() == pytest.approx(np.pi * 10**2, rel=0.1)  # a dot fills the box


def test_a_slow_model_does_not_stop_the_pen(notebook, jupyterlab):
    reader = Draws(notebook, 2)
    hold = jupyterlab.lessons / HOLD
    hold.touch()
    reader.draw([[(0.3, 0.2), (0.7, 0.2)]])
    reader.draw([[(0.7, 0.2), (0.45, 0.85)]])
    assert reader.ink(0).any(axis=1).sum() > 0.6 * len(reader.ink(0))  # painted before any answer
    reader.figure.get_by_text("Python is still computing; you can go on drawing.").wait_for()
    hold.unlink()
    reader.says("The network reads a 7")  # the newest state, not one after the other
    assert int(reader.asked("slow.answer['number']")) <= 3


def test_a_model_that_fails_says_so_in_the_figure(notebook):
    reader = Draws(notebook, 3)
    reader.press("3")
    reader.figure.get_by_text("The network could not read it: the model's answer[0, 0] is nan").wait_for()
    assert reader.ink(1).any()
    assert reader.notebook.axe(".gdcourse-figure") == ""


def test_another_view_shows_the_same_drawing(notebook):
    reader = Draws(notebook)
    reader.draw(DIGITS[7])
    reader.says("The network reads a 7")
    reader.notebook.cell(1).locator(".jp-Cell-outputArea").click(position={"x": 5, "y": 5})
    reader.notebook.command("notebook:create-output-view")
    other = reader.page.locator(".jp-LinkedOutputView .gdcourse-figure")
    other.get_by_text("The network reads a 7").first.wait_for()
    inked = "pad => pad.getContext('2d').getImageData(0, 0, 999, 999).data.some(Boolean)"
    pad = other.locator("canvas").first.element_handle()
    reader.page.wait_for_function(inked, arg=pad)
    other.get_by_role("button", name="Begin again").click()
    reader.says("Draw a digit")
    assert not reader.ink(0).any()
    reader.page.wait_for_function(f"pad => !({inked})(pad)", arg=pad)
