"""Measure how fast the live walk answers, beside @interact on the same figure: python tests/benchmarks/figure_speed.py

Drives a real JupyterLab in a headless browser. The two figures take turns, in one notebook and one run; what counts is
their ratio. Prints medians and 90th percentiles. Needs what the tests need: python3 -m gdcourse test --co
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from browser import ARGUMENTS, Lab, Server, Windows, find_browser  # noqa: E402

ROUNDS, KEYS, BURST, GAP = 6, 10, 30, 0.035  # seconds between the keys of a burst: what a held key does
LIVE = """from gdcourse import widgets
from gdcourse.functions import parabola
widgets.walk(parabola, learning_rate=0.1, steps=40)"""
INTERACT = """import matplotlib.pyplot as plt
from gdcourse import plots
from gdcourse.optimizers import SGD, descend
from ipywidgets import FloatLogSlider, interact

def draw(learning_rate):
    path = descend(parabola.gradient, 8.0, SGD(learning_rate), 40)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
    plots.curve(parabola, path, ax=left)
    plots.losses(parabola(path[:, 0]), ax=right)
    plt.show()

interact(draw, learning_rate=FloatLogSlider(value=0.1, min=-3, max=1, step=0.02));"""
WATCH = """() => {
    window.shown = {live: [], interact: []};
    addEventListener("keydown", () => { window.pressed = performance.now() }, true);
    const seen = kind => window.shown[kind].push(performance.now());
    const text = document.querySelector(".gdcourse-text");
    new MutationObserver(() => seen("live")).observe(text, {childList: true});
    const area = document.querySelector(".widget-interact, .jp-OutputArea .widget-output")
        || document.querySelectorAll(".jp-Cell")[1];
    let last = null;
    new MutationObserver(() => {
        const image = area.querySelector("img");
        if (!image || image.src === last) return;
        last = image.src;
        image.decode().then(() => seen("interact"));
    }).observe(area, {childList: true, subtree: true, attributes: true});
}"""
FRAMES = """seconds => new Promise(done => {
    const times = [];
    const frame = now => {
        times.push(now);
        if (now - times[0] < 1000 * seconds) requestAnimationFrame(frame); else done(times);
    };
    requestAnimationFrame(frame);
})"""
SLIDERS = {"live": ".gdcourse-controls input[type=range]", "interact": ".noUi-handle"}


def press(page, kind, key, received):
    """Press a key on the slider until the picture has changed; return the milliseconds and the bytes it took."""
    page.evaluate("kind => { shown[kind] = [] }", kind)
    received.clear()
    page.keyboard.press(key)
    page.wait_for_function("kind => shown[kind].length", arg=kind, polling=5)
    took = page.evaluate("kind => shown[kind][0] - pressed", kind)
    time.sleep(0.15)  # what comes late belongs to this key
    return took, sum(received)


def burst(page, kind, key):
    """Press thirty keys as a held key does, and return how many pictures were shown."""
    page.evaluate("kind => { shown[kind] = [] }", kind)
    for _ in range(BURST):
        page.keyboard.press(key)
        time.sleep(GAP)
    time.sleep(2)
    return page.evaluate("kind => shown[kind].length", kind)


def told(name, values, unit):
    """Print the median and the 90th percentile of some values."""
    median, high = statistics.median(values), statistics.quantiles(values, n=10)[-1]
    print(f"{name:44} {median:8.1f} {high:8.1f}  {unit}")
    return median


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "lab")
        server.start()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        lab = Lab(Windows(server, browser))
        try:
            measure(lab)
        finally:
            lab.close()
            browser.close()
            server.stop()


def measure(lab):
    """Open the notebook with both figures and measure all."""
    notebook = lab.notebook([LIVE, INTERACT], height=1600, reduced_motion="no-preference")
    page, received = notebook.page, []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"])))
    page.wait_for_selector(".gdcourse-text:not(:empty)")
    page.wait_for_selector(SLIDERS["interact"])
    page.evaluate(WATCH)
    times, sizes = ({"live": [], "interact": []} for _ in range(2))
    for number in range(ROUNDS):
        key = "ArrowRight" if number % 2 else "ArrowLeft"
        for kind, slider in SLIDERS.items():
            page.locator(slider).first.focus()
            page.wait_for_timeout(300)
            measured = [press(page, kind, key, received) for _ in range(KEYS)]
            times[kind] += [took for took, _ in measured]
            sizes[kind] += [size for _, size in measured]
    print(f"{'':44} {'median':>8} {'90%':>8}")
    live, other = (told(f"slider key to changed picture, {kind}", times[kind], "ms") for kind in times)
    print(f"{'  live / interact':44} {live / other:8.2f}")
    for kind in sizes:
        told(f"bytes received for a picture, {kind}", sizes[kind], "bytes")
    pictures = {"live": [], "interact": []}
    for number in range(4):
        key = "ArrowRight" if number % 2 else "ArrowLeft"
        for kind, slider in SLIDERS.items():
            page.locator(slider).first.focus()
            page.wait_for_timeout(300)
            pictures[kind].append(burst(page, kind, key))
    for kind in pictures:
        told(f"pictures in a burst of {BURST} keys, {kind}", pictures[kind], "pictures")
    page.get_by_role("button", name="Play").click()
    moments = page.evaluate(FRAMES, 6)
    gaps = [after - before for before, after in zip(moments, moments[1:])]
    told("while playing, between two frames", gaps, f"ms: {1000 / statistics.mean(gaps):.0f} frames a second")
    seconds = [sum(1 for moment in moments if i <= (moment - moments[0]) / 1000 < i + 1) for i in range(6)]
    print(f"{'  fewest frames in one of six seconds':44} {min(seconds):8}")
    page.wait_for_timeout(1000)
    firsts = [first_paint(notebook) for _ in range(6)]
    told("from the end of the cell to the first paint", [first[0] for first in firsts], "ms")
    told("from running the cell to the first paint", [first[1] for first in firsts], "ms")


def first_paint(notebook):
    """Run the first cell anew; return the milliseconds from its end, and from its beginning, to the figure."""
    page = notebook.page
    page.evaluate(
        """() => {
        const notebook = jupyterapp.shell.currentWidget.content, cell = notebook.widgets[0].node;
        notebook.activeCellIndex = 0;
        const old = cell.querySelector(".gdcourse-figure"), began = performance.now();
        window.first = null;
        let ran = 0;
        jupyterapp.commands.execute("notebook:run-cell").then(() => { ran = performance.now() });
        const look = () => {
            const figure = cell.querySelector(".gdcourse-figure");
            const painted = figure && figure !== old && figure.querySelector(".gdcourse-text")?.textContent;
            if (painted && ran) window.first = [Math.max(0, performance.now() - ran), performance.now() - began];
            else requestAnimationFrame(look);
        };
        look();
    }"""
    )
    return page.wait_for_function("() => window.first", timeout=20000).json_value()


if __name__ == "__main__":
    main()
