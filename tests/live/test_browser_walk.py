"""The live walk in a real browser: seen, heard, moved by mouse and keyboard, played, swept, and never stale."""

import math
import re

import pytest
from browser import GONE, at_rest, fits, heard, lasting, painted
from playwright.sync_api import expect

from gdcourse.exercises import catalogue
from gdcourse.widgets.verdicts import REGIMES
from live.test_browser_drawing import HOLD

CELLS = [
    "import os, time\nfrom gdcourse import widgets\n"
    "from gdcourse.functions import *\nfrom gdcourse.optimizers import *",
    "widgets.walk(parabola, learning_rate=0.1, rates=(0.01, 2), steps=15)",
    "widgets.walk(ravine, optimizer=[SGD(0.05), SGD(0.05, momentum=0.9), Adam(0.1)], steps=30)",
    "widgets.walk(parabola, lambda w: 1 / 0)",
    f"""def slow(w):
    while os.path.exists("{HOLD}"):
        time.sleep(0.01)
    return 2 * (w - 3)

widgets.walk(parabola, slow, steps=4)""",
    "burst = widgets.walk(parabola, learning_rate=0.1)\nburst",
    "burst.answer['settings'][0]['learning_rate']",
    "from gdcourse.widgets import figure\n[len(cell) for cell in figure._alive.values() if burst in cell]",
    "widgets.walk(himmelblau, learning_rate=0.01)",
    "widgets.walk(bowl, optimizer=[SGD(0.1), Adam(0.1)])",
    "widgets.walk(two_valleys, start=-2.1, learning_rate=0.3, rates=(0.1, 1.0), steps=60)",
    "widgets.walk(ravine, learning_rate=0.2, start=[4, 1], rates=(0.005, 0.2), steps=25)",
]
LOOK = {"height": 6000, "scale": 2, "reduced_motion": "no-preference"}
STEP = re.compile(r"Step (\d+) of (\d+)")


class Walk:
    """A live walk on a page."""

    def __init__(self, notebook, cell=1):
        self.page = notebook.page
        self.root = notebook.output(cell).locator(".gdcourse-figure")
        self.text = self.root.locator(".gdcourse-text")
        self.map, self.loss = (self.root.locator("canvas").nth(i) for i in range(2))
        expect(self.text).to_contain_text("Step")

    def step(self):
        """Return the step that the text names."""
        return int(STEP.search(self.text.inner_text())[1])

    def control(self, name):
        return self.root.get_by_label(name, exact=True)

    def button(self, name):
        return self.root.get_by_role("button", name=name)

    def type(self, name, value):
        """Write an exact value beside a slider."""
        field = self.control(f"{name}, exact")
        field.fill(value)
        field.press("Enter")

    @property
    def sweep(self):
        return self.root.locator("canvas").nth(2)

    def column(self, rate, low, high):
        """Return the place on the page of a rate in the sweep, whose axis leaves 58 and 18 pixels free beside it."""
        box = at_rest(self.sweep)
        share = math.log(rate / low) / math.log(high / low)
        return box["x"] + 58 + share * (box["width"] - 76), box["y"] + box["height"] / 2

    def picture(self, canvas):
        return painted(canvas)


@pytest.fixture(scope="module")
def notebook(shared_lab):
    """One notebook with a walk in each of its cells."""
    return shared_lab.notebook(CELLS, **LOOK)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_barrier(notebook, theme):
    notebook.theme(theme)
    for number in range(1, 6):
        Walk(notebook, number)
    assert notebook.axe(".gdcourse-figure") == ""


SAID = """canvas => {
    // What is written on a canvas from now on, each with its place and its width.
    const pen = canvas.getContext("2d"), write = pen.fillText.bind(pen), wipe = pen.clearRect.bind(pen);
    if (Object.hasOwn(pen, "fillText")) return; // it is heard already
    window.said = [];
    pen.clearRect = (...box) => { window.said = []; wipe(...box); };
    pen.fillText = (text, x, y) => { window.said.push([text, x, y, pen.measureText(text).width]); write(text, x, y); };
}"""


DOTS = """canvas => {
    // Where circles as large as that of the present step are painted from now on.
    const pen = canvas.getContext("2d"), arc = pen.arc.bind(pen), wipe = pen.clearRect.bind(pen);
    window.dots = [];
    pen.clearRect = (...box) => { window.dots = []; wipe(...box); };
    pen.arc = (x, y, radius, ...rest) => { if (radius === 6) window.dots.push([x, y]); arc(x, y, radius, ...rest); };
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_names_of_a_race_never_overprint_each_other(notebook, width):
    notebook.window.size(width, LOOK["height"], LOOK["scale"])
    walk = Walk(notebook, 2)
    walk.map.evaluate(SAID)
    for step in range(0, 31, 3):
        walk.type("step", str(step))
        expect(walk.text).to_contain_text(f"Step {step} of 30")
        said = walk.page.evaluate("window.said")
        assert any(text == "∇f" for text, *_ in said) and len(said) >= 2
        for i, (text, x, y, wide) in enumerate(said):
            for other, left, line, room in said[:i]:
                apart = x >= left + room or left >= x + wide or abs(y - line) >= 16
                assert apart, f"step {step}: {text} on {other}"
    notebook.window.size(1280, LOOK["height"], LOOK["scale"])


def test_a_walk_on_a_curve_by_keyboard_alone(notebook):
    walk = Walk(notebook)
    # Every control is reached by Tab, and the focus can be seen.
    walk.button("Step back").focus()
    seen = []
    for _ in range(9):
        seen.append(
            walk.page.evaluate(
                """() => { const one = document.activeElement; return [
                    one.textContent || one.getAttribute("aria-label") || one.labels[0].textContent,
                    getComputedStyle(one).outlineStyle]; }"""
            )
        )
        walk.page.keyboard.press("Tab")
    names = [
        "Step back",
        "Play",
        "Step on",
        *(f"{name}{kind}" for name in ("step", "learning rate η", "start w") for kind in ("", ", exact")),
    ]
    assert seen == [[name, "solid"] for name in names]
    # A key on the slider changes the picture and the text; the end of the run stays in view.
    rate = walk.control("learning rate η")
    before, text = walk.picture(walk.map), walk.text.inner_text()
    rate.focus()
    walk.page.keyboard.press("ArrowRight")
    expect(walk.text).not_to_have_text(text)
    assert walk.picture(walk.map) != before
    assert rate.get_attribute("aria-valuetext") == "0.103" and walk.step() == 15
    # The words reach a screen reader, once the figure rests.
    heard(walk.root)
    assert walk.text.inner_text() in walk.map.get_attribute("aria-label")
    # Letters are typed into no command of JupyterLab.
    walk.page.keyboard.press("d")
    walk.page.keyboard.press("d")
    assert len(notebook.cells()) == len(CELLS)


def test_exact_values_decide_what_the_run_does(notebook):
    walk = Walk(notebook)
    walk.type("learning rate η", "0.5")
    expect(walk.text).to_contain_text("slope 0; hardly moving. The run lands: it has come to rest at the lowest point.")
    walk.type("learning rate η", "0.95")
    expect(walk.text).to_contain_text("The run jumps across the valley, closer each time.")
    walk.type("learning rate η", "1.2")
    expect(walk.text).to_contain_text("The run diverges")
    walk.button("Step back").click()
    expect(walk.text).to_contain_text("outside the picture")
    tried = walk.root.locator("canvas").nth(2).get_attribute("aria-label")
    assert "0.5 lands" in tried and "1.2 diverges" in tried
    legend = walk.root.locator(".gdcourse-legend li").all_inner_texts()
    shown = [entry.split(" ", 1) for entry in legend]
    assert [name for _, name in shown] == [regime["name"] for regime in REGIMES if regime["name"]]
    assert len({glyph for glyph, _ in shown}) == len(shown) and all(len(glyph) == 1 for glyph, _ in shown)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("7", "."), ("0,3", "; write 0.3, with a point."), ("much", "; write a number."), ("", "; write a number.")],
)
def test_a_value_that_is_not_taken_is_answered_in_the_figure(notebook, typed, said):
    walk = Walk(notebook)
    walk.type("learning rate η", "0.1")
    expect(walk.control("learning rate η")).to_have_attribute("aria-valuetext", "0.1")
    walk.type("learning rate η", typed)
    trouble = walk.root.locator(".gdcourse-trouble")
    expect(trouble).to_contain_text(f"learning rate η goes from 0.01 to 2{said}")
    expect(walk.control("learning rate η, exact")).to_have_value("0.1")
    walk.type("learning rate η", "0.11")
    expect(trouble).to_have_text("")


def test_only_the_main_button_moves_the_start(notebook):
    walk = Walk(notebook)
    start = walk.control("start w, exact").input_value()
    event = {"button": 2, "isPrimary": True, "pointerId": 1, "clientX": 500, "clientY": 200}
    walk.map.dispatch_event("pointerdown", event)
    assert walk.control("start w, exact").input_value() == start


def test_the_start_is_dragged_and_the_slider_too(notebook):
    walk = Walk(notebook)
    walk.type("learning rate η", "0.1")
    box = at_rest(walk.map)
    middle = box["y"] + box["height"] / 2
    walk.page.mouse.move(box["x"] + box["width"] * 0.9, middle)
    walk.page.mouse.down()
    walk.page.mouse.move(box["x"] + box["width"] * 0.3, middle, steps=6)
    walk.page.mouse.up()
    start = float(lasting(walk.control("start w, exact")))
    assert -1.5 < start < 0.5
    walk.control("step").fill("0")
    expect(walk.text).to_contain_text(f"Step 0 of 15: w = {start:.3g}".replace("-", "−"))
    rate = walk.control("learning rate η")
    box = at_rest(rate)
    walk.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    walk.page.mouse.down()
    walk.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=8)
    walk.page.mouse.up()
    walk.control("step").fill("15")
    expect(walk.text).to_contain_text("The run diverges")


def test_play_pause_and_steps_need_no_kernel(notebook):
    walk = Walk(notebook)
    walk.control("step").press("End")
    walk.type("learning rate η", "1.5")
    expect(walk.text).to_contain_text("The run diverges")
    walk.type("learning rate η", "0.1")
    expect(walk.text).not_to_contain_text("The run diverges")
    notebook.catch_up()  # what was typed may have been asked twice
    walk.page.evaluate(
        """() => { const send = WebSocket.prototype.send; window.sent = [];
            const text = data => typeof data === "string" ? data : new TextDecoder().decode(data);
            const kind = data => /"msg_type":"(.*?)"/.exec(text(data))?.[1];
            WebSocket.prototype.send = function (data) { window.sent.push(kind(data)); return send.call(this, data); }
        }"""
    )
    under_way = "text => { const step = /Step (\\d+)/.exec(text.textContent)[1]; return step > 0 && step < 12 }"
    walk.button("Play").click()
    walk.page.wait_for_function(under_way, arg=walk.text.element_handle())
    between = walk.picture(walk.map)
    walk.page.wait_for_function("before => document.querySelector('canvas').toDataURL() !== before", arg=between)
    walk.button("Pause").click()
    paused = walk.step()
    expect(walk.button("Play")).to_be_visible()
    walk.button("Step on").click()
    assert walk.step() == paused + 1
    walk.button("Step back").press("Space")
    assert walk.step() == paused
    walk.control("step").focus()
    walk.page.keyboard.press("Home")
    assert walk.step() == 0 and walk.button("Step back").get_attribute("aria-disabled") == "true"
    walk.page.keyboard.press("End")
    assert walk.step() == 15 and walk.button("Step on").get_attribute("aria-disabled") == "true"
    walk.button("Step on").press("Space")  # does nothing, and keeps the focus
    assert walk.step() == 15
    assert walk.page.evaluate("() => document.activeElement.textContent") == "Step on"
    assert walk.page.evaluate("() => window.sent") == []


def test_who_wants_less_motion_gets_whole_steps(notebook):
    walk = Walk(notebook)
    notebook.page.emulate_media(reduced_motion="reduce")
    walk.button("Play").click()
    # It plays, and goes on for two seconds at least.
    walk.page.wait_for_function("text => /Step [1-9] of 15/.test(text.textContent)", arg=walk.text.element_handle())
    pictures = walk.page.evaluate(
        """() => new Promise(done => {
            const canvas = document.querySelector(".gdcourse-figure canvas"), seen = new Set();
            const began = performance.now();
            const look = () => {
                seen.add(canvas.toDataURL());
                if (performance.now() - began < 1200) requestAnimationFrame(look); else done(seen.size);
            };
            look();
        })"""
    )
    walk.button("Pause").click()
    notebook.page.emulate_media(reduced_motion="no-preference")
    assert 2 <= pictures <= 4  # two steps a second


def test_the_dot_of_the_step_lies_on_the_floor_where_the_loss_has_left_the_panel(notebook):
    walk = Walk(notebook, 10)
    walk.loss.evaluate(DOTS)
    height = walk.loss.evaluate("canvas => canvas.clientHeight")
    for step in range(61):
        walk.type("step", str(step))
        expect(walk.text).to_contain_text(f"Step {step} of 60")
        dots = walk.page.evaluate("window.dots")
        ((_, y),) = dots
        assert 0 < y <= height - 44 + 1
    assert y == pytest.approx(height - 44, abs=1)  # what is below the frame takes 44 pixels


def test_the_gradient_is_drawn_only_where_its_point_is(notebook):
    walk = Walk(notebook, 11)
    walk.map.evaluate(SAID)
    for step, there in [(0, True), (3, False), (4, False)]:
        walk.type("step", str(step))
        expect(walk.text).to_contain_text(f"Step {step} of 25")
        assert ("outside the picture" in walk.text.inner_text()) != there
        assert any(text == "∇f" for text, *_ in walk.page.evaluate("window.said")) == there


def test_a_race_on_a_landscape(notebook):
    walk = Walk(notebook, 2)
    lines = walk.text.inner_text().split("\n")
    assert [line.split(": ")[0] for line in lines] == ["SGD", "SGD, momentum 0.9", "Adam"]
    assert re.sub(r"\s+", " ", walk.root.locator(".gdcourse-legend").inner_text()) == "● SGD ■ SGD, momentum 0.9 ▲ Adam"
    walk.control("hyperparameters of").select_option("Adam")
    assert walk.control("beta_1").count() == 1
    walk.type("beta_1", "0.5")
    expect(walk.text).not_to_contain_text(lines[2])
    expect(walk.text).to_contain_text(lines[0])
    walk.control("hyperparameters of").select_option("SGD, momentum 0.9")
    walk.control("nesterov").check()
    expect(walk.text).not_to_contain_text(lines[1])
    # A press on the map puts the start there.
    walk.control("step").fill("0")
    box = at_rest(walk.map)
    walk.page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    x, y = (float(lasting(walk.control(f"start {name}, exact"))) for name in "xy")
    assert -4 < x < -2 and 0.5 < y < 2
    expect(walk.text).to_contain_text(f"(x, y) = ({x:.3g}, {y:.3g})".replace("-", "−"))


def test_what_lies_below_the_text_of_a_race_does_not_jump(notebook):
    walk = Walk(notebook, 2)
    step, height = walk.control("step"), "one => one.offsetHeight"
    walk.root.evaluate("figure => { figure.style.width = '360px' }")
    walk.page.wait_for_function("map => map.clientWidth < 360", arg=walk.map.element_handle())
    step.press("End")
    heights = [walk.text.evaluate(height)]
    for _ in range(30):
        step.press("ArrowLeft")
        heights.append(walk.text.evaluate(height))
    assert walk.step() == 0 and heights == sorted(heights)
    # Another width, and another run, take what they need.
    walk.root.evaluate("figure => { figure.style.width = '' }")
    walk.page.wait_for_function(
        "([one, most]) => one.offsetHeight < most", arg=[walk.text.element_handle(), heights[-1]]
    )
    walk.text.evaluate("one => { one.style.minHeight = '999px' }")
    walk.type("start x", "-3")
    expect(walk.text).to_contain_text("(x, y) = (−3, ")
    assert walk.text.evaluate(height) < 999


def test_a_gradient_that_fails_leaves_a_sentence(notebook):
    said = Walk(notebook, 3).root.locator(".gdcourse-trouble")
    expect(said).to_have_text("Stopped at step 0: ZeroDivisionError: division by zero.")


def test_while_a_slow_gradient_computes_the_last_answer_stays(notebook, jupyterlab):
    walk, hold = Walk(notebook, 4), jupyterlab.lessons / HOLD
    text = walk.text.inner_text()
    hold.touch()
    walk.type("learning rate η", "0.2")
    notice = walk.root.locator(".gdcourse-trouble")
    expect(notice).to_have_text("Python is still computing; the figure shows the last answer.")
    assert walk.text.inner_text() == text  # the last picture stays
    walk.button("Step back").click()  # and can be used
    assert walk.step() == 3
    hold.unlink()
    expect(notice).to_have_text("")
    expect(walk.text).not_to_have_text(text)


def test_a_burst_of_keys_ends_at_the_last_state(notebook):
    walk = Walk(notebook, 5)
    walk.control("learning rate η").focus()
    for _ in range(30):
        walk.page.keyboard.press("ArrowRight")
    value = walk.control("learning rate η, exact").input_value()
    assert float(value) > 0.35
    expect(walk.text).to_contain_text("w = 3, loss 1")
    # The newest mark on the strip is that of the last key: Python has answered it.
    expect(walk.root.locator("canvas").nth(2)).to_have_attribute("aria-label", re.compile(f"; {value} [^;]*$"))
    notebook.run(6)
    expect(notebook.output(6)).to_contain_text(value)


def test_running_a_cell_again_leaves_one_figure(notebook):
    for _ in range(3):
        notebook.run(5)
    walk = Walk(notebook, 5)
    assert walk.root.count() == 1
    notebook.run(7)
    expect(notebook.output(7)).to_contain_text("[1]")


@pytest.mark.parametrize("width", [320, 1900])
def test_it_fits_a_phone_and_a_projector_and_is_sharp(notebook, width):
    walk = Walk(notebook, 2)
    walk.root.evaluate(
        "(figure, width) => { figure.style.width = width + 'px'; figure.style.maxWidth = 'none' }", width
    )
    expect(walk.map).to_be_visible()
    walk.page.wait_for_function("([map, width]) => map.clientWidth <= width", arg=[walk.map.element_handle(), width])
    fits(walk.root)
    for canvas in (walk.map, walk.loss):
        pixels, shown, ratio = canvas.evaluate("canvas => [canvas.width, canvas.clientWidth, devicePixelRatio]")
        assert 200 < shown <= width and ratio == 2 and pixels == pytest.approx(shown * ratio, abs=2)


SPLITS = "In 1,500 steps from this start the run settles at 3 up to η = 1, flies away above."


def test_the_sweep_by_keys_alone(notebook):
    """The rate's slider is the sweep's: it moves from column to column, and Enter fills in all of them."""
    walk = Walk(notebook)
    walk.type("start w", "8")
    walk.type("learning rate η", "0.4")
    expect(walk.sweep).to_have_attribute("aria-label", re.compile(r"^Where a run from this start ends.*0\.4 lands\.$"))
    before = walk.picture(walk.sweep)
    rate = walk.control("learning rate η")
    rate.focus()
    walk.page.keyboard.press("ArrowRight")
    walk.page.wait_for_function(
        "([one, before]) => one.toDataURL() !== before", arg=[walk.sweep.element_handle(), before]
    )
    walk.page.keyboard.press("Enter")
    told = walk.root.get_by_text(SPLITS)
    expect(told).to_have_attribute("role", "status")  # it is heard
    expect(walk.sweep).to_have_attribute("aria-label", re.compile(re.escape(SPLITS)))
    button = walk.button("Sweep all rates")
    assert button.get_attribute("aria-disabled") == "true"
    expect(rate).to_be_focused()
    # Another start empties it.
    walk.type("start w", "7")
    expect(told).to_have_count(0)
    assert button.get_attribute("aria-disabled") == "false"
    button.press("Space")
    expect(told).to_be_visible()
    expect(button).to_be_focused()


def test_a_press_on_a_point_of_the_sweep_shows_its_run(notebook):
    walk = Walk(notebook)
    walk.control("step").press("End")  # the whole run is told, not a step
    walk.page.mouse.click(*walk.column(0.9, 0.01, 2))
    expect(walk.text).to_contain_text("jumps across the valley, closer each time")
    assert float(lasting(walk.control("learning rate η, exact"))) == pytest.approx(0.9, rel=0.03)
    walk.page.mouse.move(*walk.column(0.9, 0.01, 2))
    walk.page.mouse.down()
    walk.page.mouse.move(*walk.column(1.5, 0.01, 2), steps=4)
    walk.page.mouse.up()
    expect(walk.text).to_contain_text("The run diverges")
    assert float(lasting(walk.control("learning rate η, exact"))) == pytest.approx(1.5, rel=0.03)


def on_a_phone(notebook, height):
    """Return a new figure on a narrow page with fingers, without JupyterLab's side bar."""
    notebook.window.look(has_touch=True, width=320, height=height, scale=2)
    notebook.run(1)
    walk = Walk(notebook)
    if walk.page.locator("#jp-left-stack").is_visible():
        notebook.command("application:toggle-left-area")  # it would leave the notebook no room
    return walk


def test_the_sweep_by_finger_on_a_narrow_page(notebook):
    walk = on_a_phone(notebook, height=1400)
    button = walk.button("Sweep all rates")
    button.scroll_into_view_if_needed()
    button.tap()
    expect(walk.root.get_by_text("settles at 3 up to η = 1")).to_be_visible()
    walk.page.touchscreen.tap(*walk.column(1.2, 0.01, 2))
    expect(walk.text).to_contain_text("The run diverges")
    fits(walk.root)
    notebook.window.look(**LOOK)


def test_a_finger_that_scrolls_the_page_from_the_sweep_chooses_no_rate(notebook):
    walk = on_a_phone(notebook, height=700)
    exact = walk.control("learning rate η, exact")
    expect(exact).to_have_value("0.1")
    for across, along in (0, -120), (20, 120):
        before = notebook.centre(walk.sweep)
        notebook.swipe(walk.column(0.9, 0.01, 2), across, along)
        notebook.wait_until_scrolled(before, -along / 4)
    walk.control("step").press("End")
    expect(walk.text).to_contain_text("Step 15 of 15")
    expect(exact).to_have_value("0.1")
    notebook.centre(walk.sweep)
    (x, y), (end, _) = (walk.column(rate, 0.01, 2) for rate in (0.3, 1.5))
    notebook.swipe((x, y), end - x, 6)
    expect(walk.text).to_contain_text("The run diverges")
    assert float(lasting(exact)) == pytest.approx(1.5, rel=0.03)
    notebook.window.look(**LOOK)


def test_another_view_shows_the_start_and_the_settings_of_the_run(lab):
    notebook = lab.notebook(CELLS[:2])
    walk = Walk(notebook)
    walk.type("start w", "7.5")
    walk.type("learning rate η", "0.7")
    expect(walk.text).to_contain_text("jumps across")
    notebook.choose(1)
    notebook.output(1).click(position={"x": 5, "y": 5})
    notebook.command("notebook:create-output-view")
    other = notebook.page.locator(".jp-LinkedOutputView .gdcourse-figure")
    field = other.get_by_label("learning rate η, exact")
    expect(field).to_have_value("0.7")
    expect(other.get_by_label("start w, exact")).to_have_value("7.5")
    field.fill("0.2")
    field.press("Enter")
    expect(walk.control("learning rate η, exact")).to_have_value("0.2")
    strips = [figure.locator("canvas").nth(2) for figure in (walk.root, other)]
    for strip in strips:
        expect(strip).to_have_attribute("aria-label", re.compile("0.7 jumps across, ever closer; 0.2 lands"))
    other.get_by_role("button", name="Sweep all rates").click()
    for figure in (walk.root, other):
        expect(figure.get_by_text(SPLITS)).to_be_visible()
        assert figure.get_by_role("button", name="Sweep all rates").get_attribute("aria-disabled") == "true"


def test_a_kernel_that_is_gone_is_told_in_every_figure_and_the_picture_stays(lab):
    slow = "widgets.walk(parabola, lambda w: time.sleep(0.1) or 2 * (w - 3), rates=(0.01, 2), steps=4)"
    notebook = lab.notebook([CELLS[0], CELLS[1], "from gdcourse.mlp import MLP\nwidgets.draw(MLP())", slow])
    walk, swept = Walk(notebook), Walk(notebook, 3)
    pictures = notebook.page.locator(".gdcourse-stored img")
    expect(pictures).to_have_count(3)
    expect(pictures.first).to_be_hidden()
    swept.button("Sweep all rates").click()
    expect(swept.button("Stop")).to_be_visible()
    swept.type("learning rate η", "0.5")  # what Python is still to answer
    lab.loses_a_kernel()
    notebook.restart_kernel()
    for number in (1, 2, 3):
        expect(notebook.output(number).locator(".gdcourse-trouble")).to_have_text(GONE)
    for one in (walk, swept):
        expect(one.button("Sweep all rates")).to_have_attribute("aria-disabled", "true")
    rate = walk.control("learning rate η, exact").input_value()
    walk.type("learning rate η", "0.9")
    expect(walk.control("learning rate η, exact")).to_have_value(rate)
    digit = notebook.output(2).get_by_role("button", name="3", exact=True)
    assert digit.get_attribute("aria-disabled") == "true"
    # Saved so, and opened where no kernel has the figures: the pictures show, not JupyterLab's error.
    notebook.command("docmanager:save")
    again = lab.open_again().page
    errors = again.get_by_text("Error displaying widget")
    expect(errors).to_have_count(3)
    for number in (0, 1, 2):
        expect(again.locator(".gdcourse-stored img").nth(number)).to_be_visible()
        expect(errors.nth(number)).to_be_hidden()


def test_what_was_opened_without_its_kernel_comes_alive_when_its_cell_runs(lab):
    prediction = next(iter(catalogue.lessons().values())).PREDICTIONS[0]
    ask = f"from gdcourse.exercises import predict\npredict({prediction.question!r}, {prediction.options!r})"
    notebook = lab.notebook([*CELLS[:2], ask])
    live, stored = ".gdcourse-figure, .gdcourse-choice", ".gdcourse-stored, .gdcourse-asked"
    expect(notebook.page.locator(live).filter(visible=True)).to_have_count(2)
    expect(notebook.page.locator(stored).filter(visible=True)).to_have_count(0)
    notebook.command("docmanager:save")
    lab.loses_a_kernel()
    again = lab.open_again()
    expect(again.page.locator(stored).filter(visible=True)).to_have_count(2)
    assert again.output(2).locator(".gdcourse-asked li").all_inner_texts() == list(prediction.options)
    errors = again.page.get_by_text("Error displaying widget")
    expect(errors).to_have_count(2)
    expect(errors.filter(visible=True)).to_have_count(0)
    again.run_all()
    expect(again.page.locator(live).filter(visible=True)).to_have_count(2)
    expect(again.page.locator(stored).filter(visible=True)).to_have_count(0)
    again.command("notebook:shutdown-kernel")
    expect(Walk(again).root.locator(".gdcourse-trouble")).to_have_text(GONE.replace("restarted", "ended"))
    again.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.changeKernel({name: 'python3'})")


@pytest.mark.parametrize("cell", [1, 8, 9], ids=["curve", "square", "race"])
def test_picture_and_sliders_are_in_view_together(notebook, cell):
    notebook.window.look(width=1024, height=768)
    notebook.run(cell)  # a new figure
    walk = Walk(notebook, cell)
    assert walk.page.locator("#jp-left-stack").is_visible()
    panel = walk.page.locator(".jp-WindowedPanel-outer").bounding_box()
    top = walk.map.bounding_box()["y"]
    sliders = walk.root.locator(".gdcourse-controls").bounding_box()
    assert sliders["y"] + sliders["height"] - top < panel["height"]
