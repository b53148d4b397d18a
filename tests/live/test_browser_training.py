"""Training watched in a real browser: drawn while it runs, stopped by the button, left as a picture with its text."""

import re
from importlib.util import find_spec

import pytest
from browser import GONE, heard
from playwright.sync_api import expect

from gdcourse.widgets import figure, training

DATA = """
import numpy as np
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.widgets import watch
rng = np.random.default_rng(0)
y = rng.integers(0, 3, 2000)
X = rng.normal(size=(3, 20))[y] + rng.normal(size=(2000, 20))
validation = X[:500] + rng.normal(size=(500, 20)), y[:500]
net = MLP((20, 16, 3))
"""
LONG = "net.fit(X, y, epochs=100000, batch_size=8, validation_data=validation, callbacks=[watch()]).message"
SHORT = "callback = watch()\nhistory = net.fit(X, y, epochs=6, validation_data=validation, callbacks=[callback])"
DIVERGING = "history = net.fit(X, y, epochs=6, optimizer=SGD(1e200), callbacks=[watch()])"
KERAS = """
import keras
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(3, "softmax")])
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(X, y, epochs=100000, batch_size=8, verbose=0, callbacks=[watch()])
"""
ALIVE = "from gdcourse.widgets import figure\nsorted(map(len, figure._alive.values()))"
# Look at the page after each time that it was painted: how many figures there are, how high, and what has the focus.
FRAMES = """() => {
    window.frames_ = [];
    const look = () => {
        const figures = document.querySelectorAll(".gdcourse-figure");
        const seen = [figures.length, figures[0]?.clientHeight, document.activeElement.textContent.slice(0, 20)].join();
        if (window.frames_.at(-1) !== seen) window.frames_.push(seen);
    };
    // Before any other task: a change of the page that was not painted yet is nothing that anybody saw.
    const next = () => { scheduler.postTask(look, {priority: "user-blocking"}); requestAnimationFrame(next); };
    next();
}"""


# Say whether the first canvas has points in the figure's blue, as it is in the present theme.
INKED = """() => {
    const canvas = document.querySelector(".gdcourse-figure canvas");
    const blue = getComputedStyle(canvas).getPropertyValue("--gdcourse-blue").trim();
    const rgb = [1, 3, 5].map(i => parseInt(blue.slice(i, i + 2), 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) if (rgb.every((value, k) => data[i + k] === value)) return true;
    return false;
}"""


class Training:
    """A training on a page."""

    def __init__(self, notebook, cell=1):
        self.notebook, self.page, self.output = notebook, notebook.page, notebook.output(cell)
        self.root = self.output.locator(".gdcourse-figure")
        self.text, self.trouble = self.root.locator(".gdcourse-text"), self.root.locator(".gdcourse-trouble")
        self.progress = self.root.locator(".gdcourse-buttons span")
        self.button = self.root.get_by_role("button")
        self.canvases = self.root.locator("canvas")

    def epoch(self):
        """Return the last epoch that the text tells of, 0 before the first."""
        found = re.search(r"Epoch (\d+) of", self.text.inner_text())
        return int(found[1]) if found else 0


def begun(lab, *cells, **look):
    """Open a notebook with these cells, begin to run it and don't wait for its end."""
    notebook = lab.notebook([DATA, *cells], run=False, **look)
    notebook.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
    training = Training(notebook)
    expect(training.button).to_have_text("Stop training", timeout=60_000)
    return training


def test_it_draws_while_it_trains_and_the_button_stops_it(lab):
    training = begun(lab, LONG, "'the next cell'")
    expect(training.text).to_contain_text("validation accuracy")
    epoch = training.epoch()
    pictures = [canvas.evaluate("one => one.toDataURL()") for canvas in training.canvases.all()]
    expect(training.progress).to_have_text(re.compile(r"Epoch \d+ of 100000, batch \d+ of 250, loss so far 0\.\d+"))
    training.page.wait_for_function(
        "before => document.querySelector('.gdcourse-figure canvas').toDataURL() !== before", arg=pictures[0]
    )
    expect(training.text).not_to_contain_text(f"Epoch {epoch} of")
    assert len(pictures) == 2 and training.epoch() > epoch
    expect(training.root.locator(".gdcourse-aloud")).to_contain_text("Epoch")  # told while it runs
    assert training.notebook.axe(".gdcourse-figure") == ""

    training.page.evaluate(FRAMES)
    training.button.focus()
    assert training.button.evaluate("one => getComputedStyle(one).outlineStyle") != "none"
    training.page.keyboard.press("Enter")
    expect(training.button).to_have_text("Stopped")
    expect(training.output.get_by_text("Stopped by a callback").first).to_be_visible()
    expect(training.notebook.output(2)).to_contain_text("the next cell")
    training.notebook.wait_until_idle()
    shown = training.notebook.cells()[1]["outputs"][0]["data"]  # the picture, before the live figure
    assert "<img alt=" in "".join(shown["text/html"]) and "Stopped in epoch" in shown["text/plain"]
    heard(training.root)
    # The picture has joined the output: one figure, which never went, and the focus stays where it was.
    frames = [frame.split(",") for frame in training.page.evaluate("window.frames_")]
    assert {count for count, _, _ in frames} == {"1"}
    heights = [int(height) for _, height, _ in frames]
    assert max(heights) - min(heights) < 60, frames  # a line of text more or less
    assert frames[-1][2] == "Stopped", frames
    assert training.button.get_attribute("aria-disabled") == "true"
    assert "Stopped in epoch" in training.text.inner_text() and "what was learned is kept" in training.text.inner_text()
    training.page.keyboard.press("Enter")  # pressing it again does nothing
    for theme in ("dark", "light"):
        training.notebook.theme(theme)
        training.page.wait_for_function(INKED)  # the lines have the colour of the theme
        assert training.notebook.axe(".gdcourse-figure") == ""


def test_the_output_keeps_a_picture_and_running_again_leaves_one_figure(lab):
    notebook = lab.notebook([DATA, SHORT, ALIVE, DIVERGING], width=400)
    training = Training(notebook)
    expect(training.button).to_have_text("Done")
    expect(training.text).to_contain_text(re.compile("Epoch 6 of 6: loss .*, validation accuracy .*Done"))
    box = training.root.bounding_box()
    assert all(one.bounding_box()["width"] <= box["width"] for one in training.canvases.all())
    shown = notebook.cells()[1]["outputs"]
    assert len(shown) == 2 and shown[0]["data"]["text/plain"].startswith("Loss and accuracy after each epoch. Epoch 6")
    assert "<img alt=" in "".join(shown[0]["data"]["text/html"])
    for _ in range(2):
        notebook.run(1)
        notebook.run(2)
        notebook.wait_until_idle()
        expect(training.root).to_have_count(1)
        assert notebook.cells()[2]["outputs"][0]["data"]["text/plain"] == "[1, 1]"
    diverged = Training(notebook, 3)
    expect(diverged.button).to_have_text("Diverged")
    expect(diverged.text).to_contain_text("no longer a number")


def test_the_button_stops_keras(lab):
    if not find_spec("tensorflow"):
        pytest.skip("TensorFlow is not installed here.")
    training = begun(lab, KERAS, "len(history.history['loss']) == len(history.epoch) > 0")
    expect(training.text).to_contain_text("accuracy", timeout=60_000)
    training.button.click()
    expect(training.button).to_have_text("Stopped", timeout=20_000)
    expect(training.notebook.output(2)).to_contain_text("True")
    training.notebook.wait_until_idle()


def test_a_kernel_that_is_gone_is_told_and_the_button_says_so(lab):
    lab.loses_a_kernel()
    training = begun(lab, LONG)
    expect(training.text).to_contain_text("accuracy")
    training.notebook.restart_kernel()
    expect(training.trouble).to_have_text(GONE, timeout=60_000)
    expect(training.button).to_have_text("Kernel gone")
    expect(training.progress).to_have_text("")
    assert training.button.get_attribute("aria-disabled") == "true"
    assert training.epoch() > 0 and training.root.locator("canvas").count() == 2  # what was drawn stays
    training.button.press("Enter")  # does nothing
    expect(training.button).to_have_text("Kernel gone")
    assert training.notebook.axe(".gdcourse-figure") == ""


# A training figure on a page of its own, told by hand; what a screen reader would say is noted with its second.
ALONE = """async source => {
    const { default: figure } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    const scene = { name: "Training", epochs: 100, text: "Training" };
    const answer = { panels: [], text: "No epoch is finished yet.", end: "", trouble: "" };
    const [state, heard] = [{ scene, answer, progress: new DataView(new ArrayBuffer(0)) }, {}];
    const model = { get: name => state[name], on: (name, told) => (heard[name] = told), off() {}, send() {} };
    window.tell = (text, end = "") => { state.answer = { ...answer, text, end }; heard["change:answer"](); };
    window.spoken = [];
    figure.render({ model, el: document.body, signal: new AbortController().signal });
    const aloud = document.querySelector(".gdcourse-aloud");
    window.polite = aloud.getAttribute("aria-live");
    const note = () => window.spoken.push([Math.round(performance.now()), aloud.textContent]);
    new MutationObserver(note).observe(aloud, { childList: true, characterData: true, subtree: true });
}"""


def test_a_training_is_spoken_about_once_in_ten_seconds_and_at_its_end(browser):
    page = browser.new_page()
    page.clock.install(time=0)
    page.set_content("<body></body>")
    page.clock.pause_at(1000)
    page.evaluate(ALONE, figure.module("training.js"))
    assert page.evaluate("polite") == "polite"
    for half in range(1, 71):  # 35 seconds, an epoch in each half
        page.evaluate(f"tell('Epoch {half}')")
        page.clock.run_for(500)
        assert page.locator(".gdcourse-text").inner_text() == f"Epoch {half}"  # seen at once
    spoken = page.evaluate("spoken")
    apart = [after - before for (before, _), (after, _) in zip(spoken, spoken[1:])]
    assert len(spoken) == 4 and all(10_000 <= one <= 10_500 for one in apart), spoken
    assert all(re.fullmatch(r"Epoch \d+", text) for _, text in spoken)
    page.evaluate("tell('Epoch 71', 'Done.')")
    page.clock.run_for(500)
    assert page.evaluate("spoken").pop()[1] == "Epoch 71 Done."
    page.clock.run_for(60_000)
    assert len(page.evaluate("spoken")) == 5  # nothing more after the end
    page.close()


# Of a whole axis, and of one whose ends differ by one unit in the last place.
TICKS = """async source => {
    source += "export { ticks };";
    const { ticks } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    const narrow = [[1, 1 + 2 ** -52, 6], [-0.1 - 2 ** -56, -0.1, 6]];
    return [[0, 1, 5], [-3, 8, 6], [2, 2, 6], ...narrow].map(axis => ticks(...axis));
}"""


def test_an_axis_has_its_ticks_however_near_its_ends_are(browser):
    page = browser.new_page()
    unit, two, none, *narrow = page.evaluate(TICKS, figure.module())
    page.close()
    assert unit == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1]) and two == [-2, 0, 2, 4, 6, 8] and none == []
    for found, end in zip(narrow, [1, -0.1]):
        assert 0 < len(found) < 10 and found == pytest.approx([end] * len(found), abs=1e-15)


# The numbers of logarithmic axes, and what is written below axes of all widths: [text, place, width] of each number.
NUMBERS = """async ([source, axes, widths, ranges]) => {
    source += "export { Axes, powers };";
    const { Axes, powers } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    document.body.innerHTML = "<div><canvas></canvas></div>";
    const canvas = document.querySelector("canvas"), theme = { ink: "#000", faint: "#888", font: "sans-serif" };
    const write = CanvasRenderingContext2D.prototype.fillText;
    const written = widths.flatMap(width => ranges.map(([low, high, xlog]) => {
        canvas.parentElement.style.width = `${width}px`;
        const one = new Axes(canvas, { x: [low, high], y: [0, 1], xlog, xlabel: "x" }), said = [];
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
            if (text !== "x") said.push([text, x, this.measureText(text).width]);
        };
        one.layout(theme);
        return { width, low, high, said };
    }));
    CanvasRenderingContext2D.prototype.fillText = write;
    return [axes.map(axis => powers(...axis)), written];
}"""


def test_a_logarithmic_axis_has_more_numbers_than_powers_of_ten_and_none_touches_another(browser):
    axes = {
        (0.01, 3, 8): [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
        (0.01, 3, 6): [0.01, 0.03, 0.1, 0.3, 1, 3],
        (0.01, 3, 3): [0.01, 0.1, 1],
        (0.01, 3, 2): [0.01, 1],
        (1e-6, 1e-4, 8): [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4],
        (0.001, 10, 8): [0.001, 0.01, 0.1, 1, 10],
        (5, 14, 8): [6, 8, 10, 12, 14],
        (6, 9, 8): [6, 6.5, 7, 7.5, 8, 8.5, 9],
        (5.1, 9.9, 2): [],
        (1, 1 + 2**-52, 8): [],
    }
    ranges = [(*ends, True) for *ends, _ in axes if ends[1] > 1.1 * ends[0]] + [
        (-1500, 2500, False),
        (0, 12345, False),
        (5.1, 9.9, False),
    ]
    ranges += [(-0.003, 0.0021, False), (-16_000, 5_000, False), (0.005, 0.2, True), (1e-9, 3e7, True), (0.1, 1, True)]
    page = browser.new_page()
    found, written = page.evaluate(NUMBERS, [figure.module(), list(axes), [200, *range(280, 1281, 40)], ranges])
    page.close()
    for (low, high, count), numbers in zip(axes, found):
        expected = axes[low, high, count]
        assert numbers and all(low <= one * (1 + 1e-9) and one <= high * (1 + 1e-9) for one in numbers)
        assert not expected or numbers == pytest.approx(expected)
    for axis in written:
        assert axis["said"], axis
        for (_, before, wide), (_, here, width) in zip(axis["said"], axis["said"][1:]):
            assert here - before >= (wide + width) / 2 + 4, axis


ROUNDED = """async ([source, numbers]) => {
    source += "export { rounded };";
    const { rounded } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    return numbers.map(rounded);
}"""


def test_the_key_has_the_numbers_of_the_sentence_below_it(browser):
    numbers = [0, 0.0052, 0.00518, 0.0099, 0.01, 0.0149, 0.999, 1, -0.004, -12.34, 0.00012, 2e-7, 2345.6, 123456, 3e17]
    page = browser.new_page()
    found = page.evaluate(ROUNDED, [figure.module("training.js"), numbers])
    page.close()
    assert found == [training.rounded(number) for number in numbers]
