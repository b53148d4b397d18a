"""The scales in a real browser: seen, heard, words switched off by keys and by pointer, a text of the reader's own."""

import re

import pytest
from browser import GONE, fits, heard
from playwright.sync_api import expect

MODEL = """
import numpy as np
from gdcourse import widgets
from gdcourse.bags import MeanEmbedding
vocabulary = ["", "[UNK]", "great", "coffee", "but", "stale"]
net = MeanEmbedding(6, 1, dtype=np.float64)
net.w = np.array([0, -3, 18, 5, -20, -18, 1, 0.5])
texts = ["Great coffee, but stale", "great " * 12 + "but not so very wonderfully cheap " * 4]
"""
CELLS = [
    MODEL,
    "scales = widgets.weigh(net, vocabulary, texts)\nscales",
    "scales.answer['text'], scales.answer['score']",
    "scales",
]
TOLD = (
    "The 4 words add −3.8, and b +0.5: the score is −3.2 (all rounded). Probability of five stars 0.04: not five stars."
)


class Scales:
    """Scales on a page."""

    def __init__(self, notebook, cell=1):
        self.page, self.root = notebook.page, notebook.output(cell).locator(".gdcourse-figure")
        self.words = self.root.locator(".gdcourse-scales button")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.choice = self.root.get_by_label("text", exact=True)
        self.own = self.root.get_by_label("or write one", exact=True)

    def word(self, name):
        return self.root.get_by_role("button", name=re.compile(f"^{name}, "))

    def bar(self, name):
        """Return the height of a word's bar and whether it hangs down."""
        return self.word(name).locator(".gdcourse-scale").evaluate(
            "scale => [parseFloat(getComputedStyle(scale, '::before').height), scale.matches('.gdcourse-against')]"
        )  # fmt: skip


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with two views of one figure, as wide as JupyterLab is on a small screen with its side bar open."""
    return shared_lab.notebook(CELLS, width=1024, height=3000)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier_in_both_themes(notebook, theme):
    notebook.theme(theme)
    expect(Scales(notebook).words).to_have_count(4)
    assert notebook.axe(".gdcourse-figure") == ""


def test_bars_stand_up_or_hang_down_as_the_numbers_say(notebook):
    scales = Scales(notebook)
    expect(scales.text).to_have_text(TOLD)
    expect(scales.words).to_have_text([re.compile(r"great\s*\+4\.5"), "coffee+1.3", "but−5.0", "stale−4.5"])
    (but, down), (great, up) = scales.bar("but"), scales.bar("great")
    assert down and not up and great / but == pytest.approx(0.9, abs=0.03)
    expect(scales.word("but")).to_have_attribute("aria-label", "but, minus 5.0")


def test_words_are_switched_off_by_keys_alone_and_the_verdict_is_heard(notebook):
    scales = Scales(notebook)
    scales.own.focus()
    scales.page.keyboard.press("Tab")
    expect(scales.word("great")).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        scales.page.keyboard.press(key)
    expect(scales.word("but")).to_be_focused()
    assert scales.word("but").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    scales.page.keyboard.press("Space")
    expect(scales.text).to_contain_text("The 3 words add +1.7")
    expect(scales.word("but")).to_have_attribute("aria-pressed", "false")
    expect(scales.word("but")).to_be_focused()
    expect(scales.word("but")).to_have_text("butoff")
    heard(scales.root)
    assert "five stars." in scales.text.inner_text() and "not five stars" not in scales.text.inner_text()
    # The other view shows the same.
    expect(Scales(notebook, 3).word("but")).to_have_attribute("aria-pressed", "false")
    scales.page.keyboard.press("Enter")
    expect(scales.text).to_have_text(TOLD)


def test_bars_grow_when_a_word_is_switched_off(notebook):
    scales = Scales(notebook)
    before = [scales.bar(name)[0] for name in ("great", "coffee", "stale")]
    scales.word("but").click()
    expect(scales.word("great")).to_have_text("great+6.0")
    after = [scales.bar(name)[0] for name in ("great", "coffee", "stale")]
    assert [b / a for a, b in zip(before, after)] == pytest.approx([4 / 3] * 3, abs=0.05)
    scales.word("but").click()
    expect(scales.text).to_have_text(TOLD)


def test_words_are_switched_off_by_pointer_and_all_on_again(notebook):
    scales = Scales(notebook)
    scales.word("stale").click()
    scales.word("great").click()
    expect(scales.text).to_contain_text("The 2 words add −7.5")
    scales.root.get_by_role("button", name="All words on").click()
    expect(scales.text).to_have_text(TOLD)


def test_another_text_and_one_of_the_reader_s_own(notebook):
    scales = Scales(notebook)
    scales.choice.select_option(index=2)
    expect(scales.words).to_have_count(36)
    expect(scales.own).to_have_value(re.compile("^great great"))
    scales.own.fill("Horrid coffee!")
    scales.own.press("Enter")
    expect(scales.words).to_have_count(2)
    expect(scales.word("horrid")).to_have_attribute("aria-label", "horrid, not in the vocabulary, minus 1.5")
    notebook.run(2)
    expect(notebook.output(2)).to_contain_text("('Horrid coffee!', 1.5)")
    scales.choice.select_option(index=1)
    expect(scales.text).to_have_text(TOLD)


@pytest.mark.parametrize("width", [320, 1100])
def test_it_fits_a_phone_and_a_projector(notebook, width):
    scales = Scales(notebook, 3)
    scales.choice.select_option(index=2)
    expect(scales.words).to_have_count(36)
    scales.root.evaluate(
        "(figure, width) => { figure.style.width = width + 'px'; figure.style.maxWidth = 'none' }", width
    )
    fits(scales.root)
    scales.choice.select_option(index=1)
    expect(scales.words).to_have_count(4)


def test_a_kernel_that_is_gone_is_told_and_the_picture_stays(notebook, shared_lab):
    notebook.run(1)  # a new figure
    scales = Scales(notebook)
    expect(scales.text).to_have_text(TOLD)
    picture = notebook.output(1).locator(".gdcourse-stored img")
    expect(picture).to_be_hidden()
    assert "great +4.5" in picture.get_attribute("alt")
    shared_lab.loses_a_kernel()
    notebook.restart_kernel()
    expect(scales.trouble).to_have_text(GONE)
    scales.word("but").click()
    expect(scales.word("but")).to_have_attribute("aria-pressed", "true")
    scales.choice.select_option(index=2)
    expect(scales.choice).to_have_value("0")
