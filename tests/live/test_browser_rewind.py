"""The time machine in a real browser: one scrubber that moves all its parts, by keyboard; seen, heard, drawn into."""

import re

import pytest
from browser import GONE, fits, heard, lasting, painted
from playwright.sync_api import expect
from strokes import DIGITS

from live.test_browser_drawing import Draws

DATA = """import numpy as np
from gdcourse import widgets
from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
(x, y), _ = load_mnist()
X = (x.reshape(len(x), -1) / 255).astype(np.float32)
net, watcher = MLP(), widgets.watch(keep_weights=True)
net.b[0][:3] = -100
how = {"epochs": 8, "batch_size": 16, "optimizer": SGD(0.1), "validation_data": (X[1000:1200], y[1000:1200])}
history = net.fit(X[:1000], y[:1000], **how, callbacks=[watcher])
small, other, kept, wild = X[:40, 300:306], MLP((6, 5, 3)), widgets.watch(True), widgets.watch(True)
other.fit(small, y[:40] % 3, epochs=2, callbacks=[kept])
MLP((6, 5, 3)).fit(small, y[:40] % 3, epochs=2, optimizer=SGD(1e200), callbacks=[wild])"""
MACHINE = "machine = widgets.rewind(net, watcher, X[:200], y[:200])\nmachine"
ANSWERED = "machine.answer['epoch'], machine.answer['number'] > 3"
OTHER = "widgets.rewind(other, kept, small, y[:40] % 3)"
ALIVE = "from gdcourse.widgets import figure\n[len(cell) for cell in figure._alive.values() if machine in cell]"
DIVERGED = "widgets.rewind(other, wild, small, y[:40] % 3)"
CELLS = [DATA, MACHINE, ANSWERED, OTHER, ALIVE, DIVERGED, "widgets.draw(net)"]
LAST = 8
# Say whether the loss and the first layer are painted in the blue of the present theme.
INKED = """figure => {
    const blue = getComputedStyle(figure).getPropertyValue("--gdcourse-blue").trim();
    const rgb = [1, 3, 5].map(i => parseInt(blue.slice(i, i + 2), 16));
    return [0, 2].every(number => {
        const canvas = figure.querySelectorAll("canvas")[number];
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const near = i => rgb.every((value, k) => Math.abs(data[i + k] - value) < 9) && data[i + 3] > 100;
        return data.some((_, i) => i % 4 === 0 && near(i));
    });
}"""


class Machine(Draws):
    """A time machine on a page, and somebody who draws on its pad."""

    def __init__(self, notebook, cell=1):
        self.notebook, self.page = notebook, notebook.page
        self.output = notebook.output(cell)
        self.root = self.output.locator(".gdcourse-figure").first
        self.text = self.root.locator("> .gdcourse-text")
        self.trouble = self.root.locator("> .gdcourse-trouble")
        self.pad = self.root.get_by_role("application")
        self.scrub, self.exact = (self.root.get_by_label(name, exact=True) for name in ("epoch", "epoch, exact"))
        self.dead = self.root.get_by_role("list", name="Dead units")
        self.read = self.root.get_by_role("list", name="Probability of each digit")
        expect(self.text).to_contain_text("On the")

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def canvases(self):
        """Return the loss, the gradients and the first layer as they are painted now, and their texts."""
        read = "one => [one.toDataURL(), one.getAttribute('aria-label')]"
        return [painted(canvas, read) for canvas in self.root.locator("canvas").all()[:3]]

    def go(self, epoch):
        """Write an epoch beside the scrubber, and wait until it is shown."""
        self.exact.fill(str(epoch))
        self.exact.press("Enter")
        expect(self.text).to_contain_text(re.compile(f"^Epoch {epoch} of" if epoch else "^The start"))


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with the time machines of all tests that need no page of their own."""
    return shared_lab.notebook(CELLS, height=6000, scale=2)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_and_the_colours_are_the_theme_s(notebook, theme):
    notebook.theme(theme)
    for number in (1, 3, 5):
        Machine(notebook, number)
    notebook.page.wait_for_function(INKED, arg=Machine(notebook).root.element_handle())
    assert notebook.axe(".gdcourse-figure") == ""


def test_a_key_on_the_scrubber_moves_every_part(notebook):
    machine = Machine(notebook)
    machine.button("3").click()
    expect(machine.read.locator(".gdcourse-most")).to_contain_text("3:")
    ends, reading, dead, text = (
        machine.canvases(), machine.read.inner_text(), machine.dead.inner_text(), machine.text.inner_text(),
    )  # fmt: skip
    machine.scrub.focus()
    machine.page.keyboard.press("Home")
    expect(machine.text).to_contain_text("The start, before epoch 1. On the 200 samples: loss ")
    for (before, words), (after, said) in zip(ends, machine.canvases(), strict=True):
        assert before != after and words != said
    assert machine.scrub.get_attribute("aria-valuetext") == "0" and machine.exact.input_value() == "0"
    assert machine.read.inner_text() != reading and dead.startswith("layer 1:\n3 of 64\n")
    machine.page.keyboard.press("ArrowRight")
    expect(machine.text).to_contain_text(f"Epoch 1 of {LAST}: training loss ")
    labels = [said for _, said in machine.canvases()]
    assert (
        "a mark at epoch 1." in labels[0]
        and "layer 3: " in labels[1]
        and "Crossed, since dead, counted from 0: 0, 1, 2" in labels[2]
    )
    # A screen reader hears the new text, and what the network reads.
    heard(machine.root)
    machine.page.keyboard.press("End")
    expect(machine.text).to_have_text(text)
    assert machine.canvases() == ends and machine.read.inner_text() == reading
    # Letters are typed into no command of JupyterLab.
    machine.page.keyboard.press("d")
    machine.page.keyboard.press("d")
    assert len(notebook.cells()) == len(CELLS)


def test_every_control_is_reached_by_tab(notebook):
    machine = Machine(notebook)
    machine.go(4)
    machine.button("Epoch back").focus()
    seen = []
    names = [
        "Epoch back",
        "Play",
        "Epoch on",
        "epoch",
        "epoch, exact",
        "Drawing pad.",
        "Undo",
        "Begin again",
        *"0123456789",
    ]
    for _ in names:
        seen.append(machine.page.evaluate(
            """() => { const one = document.activeElement; return [
                one.textContent || one.getAttribute("aria-label") || one.labels[0].textContent,
                getComputedStyle(one).outlineStyle]; }"""
        ))  # fmt: skip
        machine.page.keyboard.press("Tab")
    seen[5][0] = seen[5][0][: len(names[5])]  # and how it is used
    assert seen == [[name, "solid"] for name in names]
    assert not machine.root.evaluate("figure => figure.contains(document.activeElement)")
    machine.button("Epoch back").press("Space")
    expect(machine.text).to_contain_text(f"Epoch 3 of {LAST}")
    machine.button("Epoch on").press("Enter")
    expect(machine.text).to_contain_text(f"Epoch 4 of {LAST}")
    machine.go(0)
    machine.button("Epoch back").press("Space")  # does nothing, and keeps the focus
    assert machine.page.evaluate("document.activeElement.textContent") == "Epoch back"
    assert machine.button("Epoch back").get_attribute("aria-disabled") == "true"


def test_a_drawing_stays_while_the_epochs_pass(notebook):
    machine = Machine(notebook)
    machine.go(LAST)
    machine.button("Begin again").click()
    machine.draw(DIGITS[1])
    said = machine.root.locator(".gdcourse-figure .gdcourse-text")
    machine.notebook.catch_up()  # half a stroke may be read as a 1, too
    expect(said).to_contain_text("The network reads a 1")
    paper = "one => one.toDataURL()"
    drawn = machine.pad.evaluate(paper)
    last = machine.read.inner_text()
    machine.go(0)
    expect(machine.read).not_to_contain_text(last.split("\n")[3])
    assert machine.pad.evaluate(paper) == drawn
    machine.draw(DIGITS[7])  # a stroke more is read at the epoch that is shown
    expect(machine.read).not_to_have_text(last)
    assert machine.text.inner_text().startswith("The start")
    machine.button("Undo").click()
    machine.go(LAST)
    expect(said).to_contain_text("The network reads a 1")
    expect(machine.read).to_have_text(last, use_inner_text=True)
    machine.button("Begin again").click()
    expect(said).to_contain_text("Draw a digit")


@pytest.mark.parametrize(
    ("typed", "more"), [("9", "."), ("much", "; write a number."), ("2,5", "; write 2.5, with a point.")]
)
def test_an_epoch_that_there_is_not_is_answered_in_the_figure(notebook, typed, more):
    machine = Machine(notebook)
    machine.go(2)
    machine.exact.fill(typed)
    machine.exact.press("Enter")
    expect(machine.trouble).to_have_text(f"epoch goes from 0 to {LAST}{more}")
    expect(machine.exact).to_have_value("2")
    machine.go(3)
    expect(machine.trouble).to_have_text("")


def test_playing_goes_through_the_epochs_and_pauses(notebook):
    machine = Machine(notebook)
    machine.go(LAST)
    machine.button("Play").click()  # from the end it begins anew
    machine.page.wait_for_function(
        "text => /^Epoch [1-5] of/.test(text.textContent)", arg=machine.text.element_handle()
    )
    machine.button("Pause").click()
    expect(machine.button("Play")).to_be_visible()
    machine.notebook.catch_up()  # the epoch that was asked for before the press may still come
    paused = lasting(machine.text, "one => one.innerText")
    machine.button("Play").click()
    expect(machine.text).to_contain_text(f"Epoch {LAST} of {LAST}")
    expect(machine.button("Play")).to_be_visible()  # the end stops it
    assert not machine.text.inner_text().startswith(paused[:10])


def test_a_burst_of_keys_ends_at_the_last_state(notebook):
    machine = Machine(notebook)
    machine.go(0)
    machine.scrub.focus()
    for key in ["ArrowRight"] * 7 + ["ArrowLeft"] * 5 + ["ArrowRight"] * 3:
        machine.page.keyboard.press(key)
    expect(machine.text).to_contain_text(f"Epoch 5 of {LAST}")
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("(5, True)")
    expect(machine.exact).to_have_value("5")


def test_a_network_of_another_shape_and_a_run_that_diverged_at_once(notebook):
    other = Machine(notebook, 3)
    assert other.pad.count() == 0
    assert "each of its 5 units, as columns" in other.canvases()[2][1]
    wide, high = other.root.locator("canvas").nth(2).evaluate("one => [one.clientWidth, one.clientHeight]")
    assert high == pytest.approx(wide * 6 / 5, abs=2)
    other.scrub.press("Home")
    expect(other.text).to_contain_text("The start")
    alone = Machine(notebook, 5)
    expect(alone.text).to_contain_text("The start, before epoch 1.")
    assert alone.scrub.count() == 0


def test_running_the_cell_again_leaves_one_figure(notebook):
    machine = Machine(notebook)
    for _ in range(2):
        notebook.run(1)
    notebook.wait_until_idle()
    notebook.run(4)
    expect(notebook.output(4)).to_contain_text("[1]")
    assert machine.output.locator(".gdcourse-figure").count() == 2  # it, and the pad in it


def test_a_pad_of_its_own_beside_it_stays_as_large_as_it_is(notebook):
    """All figures of a window share its style sheets."""
    Machine(notebook)
    picture = notebook.output(6).locator("canvas.gdcourse-pixels")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => [one.offsetWidth, one.offsetHeight]") == [170, 170]


def test_it_fits_a_phone(notebook):
    machine = Machine(notebook)
    machine.root.evaluate("figure => { figure.style.width = '320px' }")
    machine.page.wait_for_function(
        "one => one.clientWidth <= 320", arg=machine.root.locator("canvas").first.element_handle()
    )
    fits(machine.root)
    pictures = machine.root.locator("canvas").nth(2).element_handle()  # eight in a row, not sixteen, so in eight rows
    machine.page.wait_for_function("one => Math.abs(one.clientWidth - one.clientHeight) <= 1", arg=pictures)
    assert pictures.evaluate("one => one.clientWidth") > 8 * 28
    machine.root.evaluate("figure => { figure.style.width = '' }")


TO_THE_NOTEBOOK = """() => { for (const one of jupyterapp.shell.widgets("main"))
    if (one.content?.model?.cells) jupyterapp.shell.activateById(one.id) }"""


def test_beside_the_side_bar_two_views_and_a_kernel_that_is_gone(lab):
    notebook = lab.notebook(CELLS[:2], width=1024, height=768)
    machine = Machine(notebook)
    page = machine.page
    assert page.locator("#jp-left-stack").is_visible()
    room = page.locator(".jp-WindowedPanel-outer").bounding_box()["height"]
    box = machine.root.bounding_box()
    fits(machine.root)
    slider, bars = machine.scrub.bounding_box(), machine.read.bounding_box()
    assert slider["y"] + slider["height"] - box["y"] < room  # with all that is painted above it
    assert bars["y"] + bars["height"] - slider["y"] < room  # and with what the network reads

    machine.go(3)
    notebook.choose(1)
    notebook.output(1).click(position={"x": 5, "y": 5})
    notebook.command("notebook:create-output-view")
    other = page.locator(".jp-LinkedOutputView .gdcourse-figure").first
    expect(other.locator("> .gdcourse-text")).to_have_text(machine.text.inner_text())
    other.get_by_label("epoch, exact").fill("6")
    other.get_by_label("epoch, exact").press("Enter")
    expect(machine.text).to_contain_text(f"Epoch 6 of {LAST}")
    expect(machine.exact).to_have_value("6")

    page.evaluate(TO_THE_NOTEBOOK)
    lab.loses_a_kernel()
    picture = page.locator(".jp-Notebook .gdcourse-stored img").last
    expect(picture).to_be_hidden()
    notebook.restart_kernel()
    expect(machine.trouble).to_have_text(GONE)
    assert machine.output.get_by_text(GONE).locator("visible=true").count() == 1
    text = machine.text.inner_text()
    machine.scrub.press("Home")
    expect(machine.exact).to_have_value("6")
    assert machine.text.inner_text() == text
    for name in ("Epoch back", "Play", "Begin again", "3"):
        assert machine.button(name).get_attribute("aria-disabled") == "true"
    machine.button("Play").press("Enter")
    assert machine.button("Play").count() == 1
    # Saved so, and opened where no kernel has the figure: the picture shows, not JupyterLab's error.
    notebook.command("docmanager:save")
    again = lab.open_again().page
    expect(again.get_by_text("Error displaying widget")).to_have_count(4)
    expect(again.locator(".gdcourse-stored img").last).to_be_visible()
    expect(again.get_by_text("Error displaying widget").last).to_be_hidden()
