"""Measure how fast every live figure answers, beside @interact: python tests/benchmarks/figure_speed.py [NAME …]

Drives a real JupyterLab in a headless browser, all figures in one notebook and one run. Before each figure `@interact`
takes its turn with the figure that `walk` draws, so that what counts, the ratio, holds on a busy machine too. Needs
what the tests need: python3 -m gdcourse test --co

A new figure is one more entry in FIGURES: the cell that prepares it, the line that shows it, what takes the keys (a CSS
selector inside the figure, or two that are pressed in turn), and the keys, there and back. Each key must change the
figure's text, which is what is waited for; at the end of a slider none does. `plays` names the button that begins a
film, if there is one. The first entry computes nothing and paints nothing but one number: what it takes, the way from
the browser to Python and back takes.
"""

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from browser import ARGUMENTS, Lab, Server, Windows, find_browser  # noqa: E402

ROUNDS, KEYS, OTHERS = 4, 10, 5  # rounds of so many keys on each figure; keys on @interact before each
FIRSTS, SECONDS = 5, 4  # first paints; of film
FRAME = 16.7  # ms: the goals are one for the median, two for 90%
SLIDER = ".gdcourse-controls input[type=range]"
ARROWS = ("ArrowRight", "ArrowLeft")


@dataclass
class Figure:
    """One figure, and how it is moved."""

    prepare: str
    show: str
    press: str | tuple = SLIDER
    keys: tuple = ARROWS
    plays: str = ""


DIGITS = """from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
(x, y), _ = load_mnist()
X = (x.reshape(len(x), -1) / 255).astype("float32")
"""
NOTHING = """from gdcourse.widgets.figure import Figure, LIVE, module
from IPython.display import display

class Echo(Figure):
    _esm = module() + '''
      function render({ model, el }) {
        const root = figureIn(el, "a number");
        const range = make("input", { type: "range" });
        const text = make("p", { class: "gdcourse-text" }, "50");
        root.append(make("div", { class: "gdcourse-controls" }, range), text);
        const question = asker(model, () => {});
        range.addEventListener("input", () => question.ask({ value: range.value }));
        model.on("change:answer", () => {
          question.heard(model.get("answer"));
          text.textContent = model.get("answer").value;
        });
      }
      export default { render };'''

    def answered(self, question):
        return {"value": question["value"]}

    def _ipython_display_(self):
        display(self.live(), raw=True)"""
FIGURES = {
    "a number there and back": Figure(NOTHING, 'Echo(scene={}, answer={"value": "50"})'),
    "walk": Figure(
        "from gdcourse.functions import parabola",
        "widgets.walk(parabola, learning_rate=0.1, steps=40)",
        plays="Play",
    ),
    "walk, swept": Figure(  # with all its ends on the picture
        "from gdcourse.functions import two_valleys",
        "widgets.walk(two_valleys, start=-2.1, learning_rate=0.3, rates=(0.1, 1.0), steps=60)",
        plays="Play",
    ),
    "walk, a landscape": Figure(
        "from gdcourse.functions import himmelblau",
        "widgets.walk(himmelblau, learning_rate=0.01, steps=40)",
        plays="Play",
    ),
    "draw": Figure(
        DIGITS + "read = MLP()\nhistory = read.fit(X[:2000], y[:2000], epochs=2)",
        "widgets.draw(read)",
        press=("button:text-is('3')", "button:text-is('7')"),
        keys=("Enter", "Enter"),
    ),
    "rewind": Figure(
        DIGITS
        + """import os
net, watcher = MLP(), widgets.watch(keep_weights=True)
os.environ["GDCOURSE_UNATTENDED"] = "1"  # the training's own figure is not what is measured
history = net.fit(X[:1000], y[:1000], epochs=60, callbacks=[watcher])
del os.environ["GDCOURSE_UNATTENDED"]""",
        "widgets.rewind(net, watcher, X[:500], y[:500])",
        press="input[type=range]",
        keys=("ArrowLeft", "ArrowRight"),  # it begins at the last epoch
        plays="Play",
    ),
    "theatre": Figure("", "widgets.theatre()"),
    "step_time": Figure(
        "def seconds(processes, batch, numbers):\n    return -(-batch // processes) * 1e-3, (processes - 1) * 1e-3",
        "widgets.step_time(seconds, batch=64, numbers=1000)",
    ),
    "find": Figure(
        DIGITS
        + """from gdcourse import detection
small = detection.half_size(x[:700])
detector = detection.Detector(10, filters=8)
history = detector.fit(*detection.cut(detection.scenes(small, y[:700], 100, seed=1)), epochs=1)""",
        "widgets.find(detector, detection.scenes(small, y[:700], 2, seed=2)[1], small[3], threshold=0.2)",
        press="[role=application]",
    ),
    "threshold": Figure(
        """import numpy as np
from gdcourse import faces
class Pixels:
    margin = 8.0
    def distances(self, X):
        return np.linalg.norm(X[:, 0] - X[:, 1], axis=1)""",
        "widgets.threshold(Pixels(), faces.people(12))",
    ),
    "weigh": Figure(
        """import numpy as np
from gdcourse.bags import MeanEmbedding
bags = MeanEmbedding(6, 1, dtype=np.float64)
bags.w = np.array([0, -3, 18, 5, -20, -18, 1, 0.5])""",
        'widgets.weigh(bags, ["", "[UNK]", "great", "coffee", "but", "stale"], ["Great coffee, but stale"])',
        press=".gdcourse-scales button",
        keys=("Space", "Space"),
    ),
    "fog": Figure(
        "from gdcourse.functions import two_valleys",
        "widgets.fog(two_valleys)",
        press=("button:has-text('Step left')", "button:has-text('Step right')"),
        keys=("Enter", "Enter"),
    ),
    "sketch": Figure(
        "",
        "widgets.sketch([4, 3, 2, 1.5, 1.2, 1.1, 1], ylim=(0, 5))",
        press=("button:text-is('Show the run')", "button:text-is('Begin again')"),
        keys=("Enter", "Enter"),
    ),
    "noise": Figure(
        """import numpy as np
rng = np.random.default_rng(0)
z = rng.normal(size=200)
Z, grams = np.column_stack([z, np.ones(200)]), 700 * z + 4200 + rng.normal(0, 400, 200)
def batches(order, batch_size):
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]""",
        "widgets.noise(Z, grams, batches, learning_rate=0.04, batch_size=4)",
    ),
    "why": Figure(
        DIGITS + "lone = MLP((784, 10))\nhistory = lone.fit(X[:2000], y[:2000], epochs=2)",
        "widgets.why(lone, X[2000:2014], y[2000:2014])",
        press="select",
        keys=("ArrowDown", "ArrowUp"),
    ),
    "backprop": Figure(
        DIGITS
        + """import numpy as np
deep = MLP((784, 64, 32, 10), dtype=np.float64)""",
        "widgets.backprop(deep, X[:5], y[:5])",
        press=("button[aria-label^='image 1,']", "button[aria-label^='image 0,']"),
        keys=("Enter", "Enter"),
    ),
    "attend": Figure(
        "import numpy as np\nfrom gdcourse.attention import Translator",
        "widgets.attend(Translator(seed=77, dtype=np.float64))",
    ),
}
INTERACT = """import matplotlib.pyplot as plt
from gdcourse import plots
from gdcourse.functions import parabola
from gdcourse.optimizers import SGD, descend
from ipywidgets import FloatLogSlider, interact

def draw(learning_rate):
    path = descend(parabola.gradient, 8.0, SGD(learning_rate), 40)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8))
    plots.curve(parabola, path, ax=left)
    plots.losses(parabola(path[:, 0]), ax=right)
    plt.show()

interact(draw, learning_rate=FloatLogSlider(value=0.1, min=-3, max=1, step=0.02));"""
# Note when a key went down and when a picture, told by the figure's text or by an image, was there.
WATCH = """() => {
    window.shown = [];
    addEventListener("keydown", () => { window.pressed = performance.now() }, true);
    const seen = () => window.shown.push(performance.now());
    window.look = root => {
        window.looking?.disconnect();
        let last = root.querySelector("img")?.src;
        const figure = root.querySelector(".gdcourse-figure");
        window.looking = new MutationObserver(changes => {
            if (figure) return changes.some(({target}) => target.closest?.(".gdcourse-text")) && seen();
            const image = root.querySelector("img");
            if (!image || image.src === last) return;
            last = image.src;
            image.decode().then(seen);
        });
        window.looking.observe(root, {childList: true, subtree: true, attributes: !figure});
    };
}"""
FRAMES = """seconds => new Promise(done => {
    const times = [];
    const frame = now => {
        times.push(now);
        if (now - times[0] < 1000 * seconds) requestAnimationFrame(frame); else done(times);
    };
    requestAnimationFrame(frame);
})"""
FIRST = """number => {
    const notebook = jupyterapp.shell.currentWidget.content, cell = notebook.widgets[number].node;
    notebook.activeCellIndex = number;
    notebook.deselectAll();
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


def high(values):
    """Return the 90th percentile."""
    return statistics.quantiles(values, n=10)[-1]


class Bench:
    """A notebook with all figures, and what it measures."""

    def __init__(self, lab, chosen):
        self.chosen = chosen
        cells = ["from gdcourse import widgets", INTERACT]
        self.numbers = {}
        for name, figure in chosen.items():
            self.numbers[name] = len(cells) + 1
            cells += [figure.prepare or "0", figure.show]
        self.notebook = lab.notebook(cells, height=1200 * len(cells), reduced_motion="no-preference")
        self.page, self.received = self.notebook.page, []
        client = self.page.context.new_cdp_session(self.page)
        client.send("Network.enable")
        client.on("Network.webSocketFrameReceived", self._count)
        self.page.wait_for_selector(".noUi-handle")
        self.page.evaluate(WATCH)

    def _count(self, event):
        frame = event["response"]
        letters = len(frame["payloadData"])
        self.received.append(letters if frame["opcode"] == 1 else letters * 3 // 4)  # what isn't text comes as base64

    def press(self, target, key):
        """Press a key until the picture has changed; return the milliseconds and the bytes it took."""
        target.focus()
        self.page.evaluate("() => { shown = [] }")
        self.received.clear()
        self.page.keyboard.press(key)
        self.page.wait_for_function("() => shown.length", polling=5)
        took = self.page.evaluate("() => shown[0] - pressed")
        time.sleep(0.15)  # what comes late belongs to this key
        return took, sum(self.received)

    def look_at(self, number):
        """Watch the output of a cell, which is seen whole."""
        output = self.notebook.output(number)
        output.scroll_into_view_if_needed()
        self.page.evaluate("root => look(root)", output.element_handle())
        self.page.wait_for_timeout(300)
        return output

    def interact(self, key):
        """Return the milliseconds and the bytes of some keys on @interact."""
        handle = self.look_at(1).locator(".noUi-handle").first
        return [self.press(handle, key) for _ in range(OTHERS)]

    def measure(self, name, figure):
        """Return what is told of one figure: milliseconds, bytes, frames a second, first paint; and @interact's."""
        number, own, others = self.numbers[name], [], []
        if name == "walk, swept":
            self.sweep(number)
        for turn in range(ROUNDS):
            key = figure.keys[turn % 2]
            others += self.interact(ARROWS[turn % 2])
            root = self.look_at(number).locator(".gdcourse-figure")
            targets = [
                root.locator(one).first for one in ([figure.press] if isinstance(figure.press, str) else figure.press)
            ]
            own += [self.press(targets[k % len(targets)], key) for k in range(KEYS)]
        speed = self.film(number, figure.plays) if figure.plays else None
        firsts = [self.first_paint(number) for _ in range(FIRSTS)]
        return own, others, speed, firsts

    def sweep(self, number):
        """Fill in the sweep, and print how long that took."""
        root = self.look_at(number).locator(".gdcourse-figure")
        self.received.clear()
        began = time.perf_counter()
        root.locator(SLIDER).first.press("Enter")
        root.get_by_text("from this start the run").wait_for()
        print(f"the sweep of 400 rates in full: {time.perf_counter() - began:.2f} s, {sum(self.received):,} bytes")

    def film(self, number, button):
        """Return the frames a second while a film plays."""
        self.notebook.output(number).get_by_role("button", name=button).click()
        moments = self.page.evaluate(FRAMES, SECONDS)
        return (len(moments) - 1) / (moments[-1] - moments[0]) * 1000

    def first_paint(self, number):
        """Run a cell anew; return the milliseconds from its end, and from its beginning, to the figure."""
        self.page.evaluate(FIRST, number)
        return self.page.wait_for_function("() => window.first", timeout=60000).json_value()


def report(bench):
    """Measure all and print the table."""
    heads = "median", "90%", "/ interact", "bytes", "frames/s", "paint", "of cell"
    print(f"{'key to changed picture, ms':26}" + "".join(f"{head:>11}" for head in heads))
    everything, missed = [], []
    for name, figure in bench.chosen.items():
        own, others, speed, firsts = bench.measure(name, figure)
        everything += others
        times, other = [took for took, _ in own], statistics.median(took for took, _ in others)
        median, size = statistics.median(times), statistics.median(size for _, size in own)
        paint, whole = (statistics.median(one[k] for one in firsts) for k in range(2))
        told = [f"{median:.0f}", f"{high(times):.0f}", f"{median / other:.2f}", f"{size:,.0f}",
                "" if speed is None else f"{speed:.0f}", f"{paint:.0f}", f"{whole:.0f}"]  # fmt: skip
        print(f"{name:26}" + "".join(f"{one:>11}" for one in told), flush=True)
        goals = {"median": median > FRAME, "90%": high(times) > 2 * FRAME, "bytes": size > 4000, "paint": paint > 50}
        if any(goals.values()):
            missed.append(f"  {name}: {', '.join(goal for goal, miss in goals.items() if miss)}")
    times, sizes = zip(*everything)
    print(
        f"{'@interact':26}{statistics.median(times):>11.0f}{high(times):>11.0f}{1:>11.2f}{statistics.median(sizes):>11,.0f}"
    )
    print("goals: one frame of 16.7 ms, two at 90%, 4,000 bytes, first paint 50 ms after the cell's end. Missed by:")
    print("\n".join(missed) or "  none")


def main():
    chosen = {name: FIGURES[name] for name in sys.argv[1:]} or FIGURES
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "lab")
        server.start()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        lab = Lab(Windows(server, browser))
        try:
            report(Bench(lab, chosen))
        finally:
            lab.close()
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()
