"""The cloud of a noisy run in a real browser: seen, heard, moved by keys, pointer and finger; two views are alike."""

import numpy as np
import pytest
from browser import GONE, INKED, fits, heard, painted
from playwright.sync_api import expect

DATA = """
import numpy as np
from gdcourse import widgets
rng = np.random.default_rng(0)
z = rng.normal(size=40)
z = (z - z.mean()) / z.std()
X, y = np.column_stack([z, np.ones(40)]), 3 * z + 10 + rng.normal(size=40)
def batches(order, size):
    return [order[first : first + size] for first in range(0, len(order), size)]
"""
CELLS = [
    DATA,
    "cloud = widgets.noise(X, y, batches, learning_rate=0.02, batch_size=1)\ncloud",
    "cloud.answer['rate'], cloud.answer['batch'], cloud.answer['kept']",
    "cloud",
]
# The places [x, y] in pixels of the page where a canvas has a theme's colour.
PLACES = """([canvas, name]) => {
    const wanted = getComputedStyle(canvas.closest(".gdcourse-figure")).getPropertyValue("--gdcourse-" + name).trim();
    const rgb = [1, 3, 5].map(i => parseInt(wanted.slice(i, i + 2), 16));
    const {data, width} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const inked = i => data[i + 3] > 250 && rgb.every((value, k) => Math.abs(value - data[i + k]) < 24);
    const found = [];
    for (let i = 0; i < data.length; i += 4) if (inked(i)) found.push([i / 4 % width, Math.floor(i / 4 / width)]);
    return found;
}"""


class Clouds:
    """The figure on a page."""

    def __init__(self, notebook, cell=1):
        self.page, self.root = notebook.page, notebook.output(cell).locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.map, self.way = self.root.locator("canvas").nth(0), self.root.locator("canvas").nth(1)
        self.rate = self.root.get_by_label("learning rate η", exact=True)
        self.exact = self.root.get_by_label("learning rate η, exact", exact=True)
        self.batch = self.root.get_by_label("batch size", exact=True)
        self.keep = self.root.get_by_role("button", name="Keep this cloud to compare")

    def type(self, rate):
        self.exact.fill(rate)
        self.exact.press("Enter")

    def ring(self, color):
        """Return half of how wide the marks of a colour spread on the map, as a share of the whole picture's width."""
        places = np.array(self.page.evaluate(PLACES, [self.map.element_handle(), color]))
        return np.ptp(places[:, 0]) / 2 / self.map.evaluate("canvas => canvas.width")


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with two views of one figure."""
    return shared_lab.notebook(CELLS, width=1024, height=3000)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_and_both_places_have_the_theme_s_colours(notebook, theme):
    notebook.theme(theme)
    clouds = Clouds(notebook)
    clouds.type("0.1")
    for name in ("blue", "vermillion"):
        for canvas in (clouds.map, clouds.way):
            notebook.page.wait_for_function(f"given => ({INKED})(given) > 50", arg=[canvas.element_handle(), name])
    assert notebook.axe(".gdcourse-figure") == ""
    clouds.type("0.02")


def test_keys_alone_move_both_sliders_and_keep_a_cloud(notebook):
    clouds = Clouds(notebook)
    expect(clouds.text).to_contain_text("Move a slider: this place stays, for comparison.")
    picture = painted(clouds.map)
    clouds.rate.focus()
    for _ in range(8):  # twice the rate
        clouds.page.keyboard.press("ArrowRight")
    expect(clouds.text).to_contain_text("η is 2 times the kept one")
    expect(clouds.root.locator(".gdcourse-aloud")).to_contain_text("Kept: η = 0.02, batch size 1")
    for key in ("Tab", "Tab", "ArrowRight"):
        clouds.page.keyboard.press(key)
    expect(clouds.text).to_contain_text("η = 0.04, batch size 2, so η / batch size = 0.02: the cloud is ")
    expect(clouds.text).to_contain_text("Kept: η = 0.02, batch size 1, so η / batch size = 0.02: ")
    expect(clouds.text).to_contain_text("η / batch size is the same, and the clouds are about equally wide")
    assert painted(clouds.map) != picture
    said = clouds.text.inner_text()
    heard(clouds.root)
    expect(clouds.root.locator(".gdcourse-aloud")).not_to_contain_text("Kept")  # it is as it was
    for canvas in (clouds.map, clouds.way):
        assert said in canvas.get_attribute("aria-label")
    expect(Clouds(notebook, 3).text).to_have_text(said)  # the other view
    expect(Clouds(notebook, 3).exact).to_have_value("0.04")
    for key in ("Tab", "Tab", "Enter"):
        clouds.page.keyboard.press(key)
    expect(clouds.text).to_contain_text("Move a slider")
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("(0.04, 2, [0.04, 2])")


def test_the_rings_are_as_wide_as_the_clouds(notebook):
    clouds = Clouds(notebook)
    clouds.type("0.02")
    clouds.keep.click()
    clouds.type("0.08")
    expect(clouds.text).to_contain_text("η is 4 times the kept one")
    now, kept = (float(part.split()[0]) for part in clouds.text.inner_text().split("the cloud is ")[1:3])
    inner = (clouds.map.evaluate("one => one.clientWidth") - 58 - 18) / clouds.map.evaluate("one => one.clientWidth")
    star = float(np.hypot(3, 10))  # how far the star is from the start, within some percent
    assert clouds.ring("vermillion") == pytest.approx(inner * kept / (2 * 0.07 * star), rel=0.12)
    assert clouds.ring("blue") > 1.3 * clouds.ring("vermillion") and now > 1.3 * kept


def test_a_value_out_of_range_is_told_and_a_diverging_run_has_its_sentence(notebook):
    clouds = Clouds(notebook)
    clouds.type("7")
    expect(clouds.trouble).to_contain_text("learning rate η goes from 0.01 to 1.28.")
    clouds.type("1.2")
    expect(clouds.trouble).to_have_text("")
    expect(clouds.text).to_contain_text("in the mean of the squared distances; there is no cloud.")
    expect(clouds.root.locator(".gdcourse-key")).to_contain_text("now: no cloud")
    clouds.batch.focus()
    clouds.page.keyboard.press("End")
    expect(clouds.text).to_contain_text("batch size 40, so η / batch size = 0.03: the run diverges; there is no cloud.")
    clouds.page.keyboard.press("Home")
    clouds.type("0.02")


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    clouds = Clouds(notebook, 3)
    clouds.root.evaluate("(one, width) => { one.style.width = width + 'px'; one.style.maxWidth = 'none' }", width)
    clouds.page.wait_for_function(
        "([canvas, width]) => canvas.clientWidth <= width && canvas.clientWidth > 0.45 * width",
        arg=[clouds.map.element_handle(), width],
    )
    fits(clouds.root)
    clouds.page.wait_for_function(  # a canvas gets its height after its width
        "([one, other, beside]) => (one.getBoundingClientRect().top === other.getBoundingClientRect().top) === beside",
        arg=[clouds.map.element_handle(), clouds.way.element_handle(), width > 600],
    )


def test_a_finger_moves_a_slider_and_keeps_a_cloud_and_a_kernel_that_is_gone_is_told(notebook, shared_lab):
    notebook.window.look(has_touch=True, width=1024)
    notebook.run(1)  # a new figure
    clouds = Clouds(notebook)
    expect(clouds.text).to_contain_text("η = 0.02, batch size 1")
    expect(notebook.output(1).locator(".gdcourse-stored img")).to_be_hidden()
    clouds.rate.tap()  # in its middle
    expect(clouds.text).to_contain_text("η = 0.113, batch size 1")
    clouds.keep.tap()
    expect(clouds.text).to_contain_text("Move a slider")
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(clouds.trouble).to_have_text(GONE)
    clouds.type("0.5")
    expect(clouds.exact).to_have_value("0.113")
