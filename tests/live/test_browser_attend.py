"""The figure of a translator's attention in a real browser: seen, heard, moved by keyboard, two views alike."""

import pytest
from browser import GONE, fits, heard
from playwright.sync_api import expect

TRAINED = """
import numpy as np
from gdcourse import numerals, widgets
from gdcourse.attention import Translator
from gdcourse.optimizers import Adam
net = Translator(seed=77, dtype=np.float64)
order = np.random.default_rng(77).permutation(10_000)
history = net.fit(*numerals.samples(order[:1000]), epochs=4, batch_size=64, optimizer=Adam(0.01), seed=77)
"""
CELLS = [TRAINED, "looks = widgets.attend(net)\nlooks", "looks", "looks.answer['phrase'], looks.answer['step']"]


class Look:
    """A figure of attention on a page."""

    def __init__(self, notebook, cell=1):
        self.page, self.output = notebook.page, notebook.output(cell)
        self.root = self.output.locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.number = self.root.get_by_label("number", exact=True)
        self.exact = self.root.get_by_label("number, exact", exact=True)
        self.said = self.root.get_by_role("group", name="words said, in German")
        self.looks, self.says = self.root.locator(".gdcourse-words").all()
        self.on = self.root.get_by_role("button", name="Word on")

    def type(self, number):
        self.exact.fill(number)
        self.exact.press("Enter")

    def pressed(self):
        return self.said.locator("[aria-pressed=true]")


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with two views of a figure, as wide as JupyterLab is on a small screen with its side bar open."""
    return shared_lab.notebook(CELLS, width=1024, height=3000)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_in_either_theme(notebook, theme):
    notebook.theme(theme)
    expect(Look(notebook).text).to_contain_text("one hundred and thirty one")
    assert notebook.axe(".gdcourse-figure") == ""


def test_words_are_stepped_through_by_keyboard_alone_and_told(notebook):
    look = Look(notebook)
    aloud = look.root.locator(".gdcourse-aloud")
    look.type("131")
    heard(look.root)
    expect(look.said).to_have_text("einhunderteinunddreißig(end)")
    expect(look.pressed()).to_have_text("ein")
    look.on.focus()
    for _ in range(4):
        look.page.keyboard.press("Enter")
    expect(look.pressed()).to_have_text("dreißig")
    expect(look.looks.locator(".gdcourse-most")).to_contain_text("thirty")
    expect(look.says.locator(".gdcourse-most")).to_contain_text("dreißig")
    expect(look.text).to_contain_text("Word 5 of 6: after ein und it says dreißig")
    expect(aloud).to_have_text(look.text.inner_text().split("\n")[1])  # the other line is as it was
    look.page.keyboard.press("Space")
    expect(look.pressed()).to_have_text("(end)")
    expect(look.on).to_have_attribute("aria-disabled", "true")
    look.page.keyboard.press("Space")
    expect(look.on).to_be_focused()
    notebook.run(3)
    expect(notebook.output(3)).to_contain_text("(131, 5)")
    # The other view shows the same, and a word chosen there is chosen here.
    other = Look(notebook, 2)
    expect(other.pressed()).to_have_text("(end)")
    other.said.get_by_role("button").nth(1).click()
    expect(look.pressed()).to_have_text("hundert")
    expect(look.text).to_have_text(other.text.inner_text())


def test_a_burst_of_keys_on_the_slider_ends_at_the_last_number(notebook):
    look = Look(notebook)
    look.type("4097")
    expect(look.said).to_contain_text("neunzig")
    look.number.focus()
    for _ in range(8):
        look.page.keyboard.press("ArrowRight")
    value = look.exact.input_value()
    assert int(value) > 4097
    expect(look.text).to_contain_text(f"{value}, four thousand")
    expect(look.trouble).to_have_text("")


def test_a_number_that_is_not_taken_is_answered_in_the_figure(notebook):
    look = Look(notebook)
    look.type("12345")
    expect(look.trouble).to_have_text("number goes from 0 to 9999.")
    look.type("131")
    expect(look.trouble).to_have_text("")


def test_nothing_is_cut_off_in_a_narrow_pane(notebook):
    look = Look(notebook)
    look.type("7777")
    expect(look.said).to_contain_text("siebzig")
    look.root.evaluate("figure => { figure.style.width = '330px' }")
    fits(look.root)
    look.root.evaluate("figure => { figure.style.width = '' }")


def test_a_figure_whose_kernel_is_gone_says_so(notebook, shared_lab):
    notebook.run(1)  # a new figure
    look = Look(notebook)
    expect(look.text).to_contain_text("one hundred and thirty one")
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(look.trouble).to_have_text(GONE)
    look.on.click()
    expect(look.trouble).to_have_text(GONE)
