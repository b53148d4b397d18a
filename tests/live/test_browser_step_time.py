"""Where the time of a shared step goes, in a real browser: seen, heard, moved by keyboard."""

import pytest
from browser import GONE, INKED, fits, heard, painted
from playwright.sync_api import expect

SECONDS = """
from gdcourse import widgets
def seconds(processes, batch, numbers):
    return -(-batch // processes) * 1e-3, (processes - 1) * 1e-3
"""
# Keep where the last eleven numbers of times as fast were painted: text, left, right, height and how wide a picture.
KEEP = """() => {
    const paint = (window.paint ??= CanvasRenderingContext2D.prototype.fillText);
    window.painted = [];
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...more) {
        const half = this.measureText(text).width / 2;
        const wide = this.canvas.width / (window.devicePixelRatio || 1);
        if (text.endsWith("×")) window.painted = [...window.painted, [text, x - half, x + half, y, wide]].slice(-11);
        return paint.call(this, text, x, y, ...more);
    };
}"""
CELLS = [SECONDS, "figure = widgets.step_time(seconds, batch=64, numbers=1000)\nfigure", "figure.answer['batch']"]


class Bars:
    """The figure on a page."""

    def __init__(self, notebook):
        self.page, self.root = notebook.page, notebook.output(1).locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.canvas = self.root.locator("canvas")
        self.batch = self.root.get_by_label("images in a batch", exact=True)
        self.exact = self.root.get_by_label("images in a batch, exact", exact=True)

    def type(self, batch):
        self.exact.fill(batch)
        self.exact.press("Enter")


@pytest.fixture(scope="module")
def notebook(shared_lab):
    return shared_lab.notebook(CELLS, width=1024, height=2000)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_and_both_parts_have_the_theme_s_colours(notebook, theme):
    notebook.theme(theme)
    bars = Bars(notebook)
    for name in ("blue", "vermillion"):
        notebook.page.wait_for_function(f"given => ({INKED})(given) > 500", arg=[bars.canvas.element_handle(), name])
    assert notebook.axe(".gdcourse-figure") == ""


def test_keys_alone_change_the_batch_and_what_is_told(notebook):
    bars = Bars(notebook)
    bars.type("64")
    expect(bars.text).to_contain_text("With a batch of 64 and 1,000 weights")
    picture = painted(bars.canvas)
    bars.batch.focus()
    for _ in range(5):
        bars.page.keyboard.press("ArrowRight")
    value = bars.exact.input_value()
    assert int(value) > 200
    expect(bars.text).to_contain_text(f"With a batch of {value} ")
    assert painted(bars.canvas) != picture
    heard(bars.root)
    assert "Computing, by processes: 1: 100%, 2: " in bars.root.get_by_role("img").get_attribute("aria-label")
    assert bars.text.inner_text() in bars.canvas.get_attribute("aria-label")
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text(value)
    bars.page.keyboard.press("Tab")
    bars.type("0")
    expect(bars.trouble).to_contain_text("images in a batch goes from 1 to 10⁶.")
    bars.type("64")
    expect(bars.trouble).to_have_text("")


def test_the_field_has_room_for_the_largest_number(notebook):
    field = Bars(notebook).root.locator("input[type=text]").last
    field.fill("1000000000")
    assert field.evaluate("one => one.scrollWidth <= one.clientWidth")
    field.press("Escape")
    field.fill("1000")
    field.press("Enter")


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    bars = Bars(notebook)
    bars.root.evaluate("(one, width) => { one.style.width = width + 'px'; one.style.maxWidth = 'none' }", width)
    bars.page.wait_for_function(
        "([canvas, width]) => canvas.clientWidth <= width && canvas.clientWidth > 0.8 * width",
        arg=[bars.canvas.element_handle(), width],
    )
    fits(bars.root)


@pytest.mark.parametrize("width", [320, 360, 800])
def test_each_bar_has_its_number_and_none_overprints_another(notebook, width):
    bars = Bars(notebook)
    bars.root.evaluate("one => { one.style.width = '500px' }")
    bars.page.evaluate(KEEP)
    bars.root.evaluate("(one, width) => { one.style.width = width + 'px' }", width)
    bars.page.wait_for_function(
        "width => window.painted.length === 11 && window.painted.every((one) => Math.abs(one[4] - width) < 12)",
        arg=width,
    )
    painted = bars.page.evaluate("window.painted")
    assert painted[0][0] == "1×" and {"0.031×", "0.25×"} & {one[0] for one in painted}
    bars.page.evaluate("() => { CanvasRenderingContext2D.prototype.fillText = window.paint }")
    for k, (_, left, right, height, _) in enumerate(painted):
        assert 0 < left and right < width
        assert all(right < other[1] or abs(height - other[3]) > 12 for other in painted[k + 1 :])


def test_a_kernel_that_is_gone_is_told_and_the_picture_stays(notebook, shared_lab):
    notebook.run(1)  # a new figure
    bars = Bars(notebook)
    expect(bars.text).to_contain_text("With a batch of 64")
    expect(notebook.output(1).locator(".gdcourse-stored img")).to_be_hidden()
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(bars.trouble).to_have_text(GONE)
    bars.type("100")
    expect(bars.exact).to_have_value("64")
