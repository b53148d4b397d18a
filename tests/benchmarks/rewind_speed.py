"""Measure how fast the time machine answers a key: python tests/benchmarks/rewind_speed.py

As figure_speed.py does, with a network of 784-64-32-10 that was watched for sixty epochs and a digit that it reads.
"""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from browser import ARGUMENTS, Lab, Server, Windows, find_browser  # noqa: E402
from figure_speed import BURST, KEYS, ROUNDS, SLIDERS, WATCH, burst, press, told  # noqa: E402

MACHINE = """import os, time
from gdcourse import widgets
from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
(x, y), _ = load_mnist()
X = (x.reshape(len(x), -1) / 255).astype("float32")
net, watcher = MLP(), widgets.watch(keep_weights=True)
os.environ["GDCOURSE_UNATTENDED"] = "1"  # the training's own figure is not what is measured
history = net.fit(X[:1000], y[:1000], 60, callbacks=[watcher])
del os.environ["GDCOURSE_UNATTENDED"]
began = time.perf_counter()
figure = widgets.rewind(net, watcher, X[:500], y[:500])
print(f"{1000 * (time.perf_counter() - began):.0f}")
figure"""


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
    """Open a notebook with the figure and measure it."""
    notebook = lab.notebook([MACHINE, "1"], height=1600, reduced_motion="no-preference")
    page, received = notebook.page, []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.webSocketFrameReceived", lambda event: received.append(len(event["response"]["payloadData"])))
    page.wait_for_selector(".gdcourse-text:not(:empty)")
    page.get_by_role("button", name="3", exact=True).click()
    page.evaluate(WATCH)
    measured, pictures = [], []
    for number in range(ROUNDS):
        page.locator(SLIDERS["live"]).first.focus()
        time.sleep(0.3)
        measured += [press(page, "live", "ArrowRight" if number % 2 else "ArrowLeft", received) for _ in range(KEYS)]
    for number in range(4):
        pictures.append(burst(page, "live", "ArrowLeft" if number % 2 == 0 else "ArrowRight"))
    print(f"{'':44} {'median':>8} {'90%':>8}")
    told("slider key to changed picture", [took for took, _ in measured], "ms")
    told("bytes received for a picture", [size for _, size in measured], "bytes")
    told(f"pictures in a burst of {BURST} keys", pictures, "pictures")
    outputs = notebook.cells()[0]["outputs"]
    took = next("".join(one["text"]).strip() for one in outputs if one["output_type"] == "stream")
    print(f"all 61 epochs measured in {took} ms, before the figure appeared")


if __name__ == "__main__":
    main()
