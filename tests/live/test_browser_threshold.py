"""The figure of lesson 16's threshold in a real browser: seen, heard, moved by keyboard."""

import re

import pytest
from browser import INKED, fits, heard, painted
from playwright.sync_api import expect

CELLS = [
    "import numpy as np\nfrom gdcourse import faces, widgets\n"
    "class Pixels:\n    margin = 8.0\n"
    "    def distances(self, X):\n        return np.linalg.norm(X[:, 0] - X[:, 1], axis=1)\n",
    "figure = widgets.threshold(Pixels(), faces.people(12))\nfigure",
    "round(figure.answer['threshold'], 3)",
    "figure",
]


class Judge:
    """A figure of a threshold on a page."""

    def __init__(self, notebook):
        self.page, self.output = notebook.page, notebook.output(1)
        self.root = self.output.locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.canvases = self.root.locator(".gdcourse-panels canvas")
        self.examples = self.root.locator(".gdcourse-drawing canvas")
        self.slider = self.root.get_by_label("threshold", exact=True)
        self.exact = self.root.get_by_label("threshold, exact", exact=True)

    def type(self, value):
        self.exact.fill(value)
        self.exact.press("Enter")


@pytest.fixture(scope="module")
def notebook(shared_lab):
    return shared_lab.notebook(CELLS, width=1024, height=2000)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_and_both_kinds_have_the_theme_s_colours(notebook, theme):
    notebook.theme(theme)
    judge = Judge(notebook)
    for name in ("blue", "vermillion"):
        given = [judge.canvases.nth(0).element_handle(), name]
        notebook.page.wait_for_function(f"given => ({INKED})(given) > 50", arg=given)
    assert notebook.axe(".gdcourse-figure") == ""
    fits(judge.root)


def test_the_threshold_is_moved_by_keys_alone_and_python_knows_it(notebook):
    judge = Judge(notebook)
    judge.type("4")
    expect(judge.text).to_contain_text("Threshold 4: of 2,000 pairs of two people")
    pictures = [painted(canvas) for canvas in judge.canvases.all()]
    judge.slider.focus()
    assert judge.slider.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    for _ in range(6):
        judge.page.keyboard.press("ArrowRight")
    value = judge.exact.input_value()
    assert float(value) > 4
    expect(judge.text).to_contain_text(f"Threshold {float(value):.3g}: of 2,000")
    assert all(painted(a) != b for a, b in zip(judge.canvases.all(), pictures))
    # The words reach a screen reader once the figure rests, and are the text of the picture.
    heard(judge.root)
    assert judge.text.inner_text() in judge.canvases.nth(0).get_attribute("aria-label")
    accepts, rejects = re.findall(r", ([^,]+%): false", judge.text.inner_text())
    here = f"The curve of both errors: here {accepts} false accepts and {rejects} false rejects."
    expect(judge.canvases.nth(1)).to_have_attribute("aria-label", here)
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text(value)


def test_examples_have_a_caption_and_none_where_there_is_none(notebook):
    judge = Judge(notebook)
    judge.type("4.5")
    expect(judge.text).to_contain_text("Threshold 4.5:")
    captions = judge.root.locator(".gdcourse-drawing p").all_inner_texts()
    assert [("FALSE" in caption) for caption in captions] == [False, True, True, False]
    for canvas in judge.examples.all():
        assert re.match(r"Two pictures at the distance 4\.\d+: ", canvas.get_attribute("aria-label"))
        shades = "one => new Set(one.getContext('2d').getImageData(0, 0, one.width, one.height).data).size"
        assert painted(canvas, shades) > 20
    judge.type("0")
    expect(judge.root.locator(".gdcourse-drawing p").first).to_have_text("accepted, the same person: none")
    judge.type("4.5")
    expect(judge.root.locator(".gdcourse-drawing p").first).to_have_text("accepted, the same person")


def test_what_is_not_taken_is_answered_in_the_figure(notebook):
    judge = Judge(notebook)
    judge.type("77")
    expect(judge.trouble).to_contain_text("threshold goes from 0 to ")
    judge.type("5")
    expect(judge.trouble).to_have_text("")


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    judge = Judge(notebook)
    judge.root.evaluate("(figure, width) => { figure.style.width = `${width}px`; }", width)
    notebook.page.wait_for_function(
        "figure => figure.querySelector('canvas').clientWidth <= figure.clientWidth", arg=judge.root.element_handle()
    )
    fits(judge.root)
    judge.root.evaluate("figure => { figure.style.width = ''; }")


def test_a_second_view_follows_the_first(notebook):
    first = Judge(notebook)
    first.type("3.5")
    expect(notebook.output(3).locator(".gdcourse-text")).to_contain_text("Threshold 3.5:")
    expect(notebook.output(3).get_by_label("threshold, exact", exact=True)).to_have_value("3.5")
    notebook.wait_until_idle()  # else the kernel ends while a page still waits for its last message
