"""Lessons in a real browser: one JupyterLab for all tests, notebooks that run in it, and axe looking for barriers.

    def test_a_slider_has_a_name(lab):
        notebook = lab.notebook(["from ipywidgets import IntSlider", "IntSlider(description='step')"])
        notebook.output(1).get_by_role("slider").press("ArrowRight")
        assert notebook.axe(".jp-OutputArea") == ""

Nothing is written into the checkout: JupyterLab works on copies, in a folder that goes when the tests end. To load
JupyterLab takes longer than most tests, so one window takes every look and is used by one file of tests after the
other, and a second one only while two notebooks are open. A test that failed leaves none.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import matplotlib
import nbformat
import pytest

from gdcourse.commands import notebooks
from gdcourse.commands.chromium import find as find_browser

MISSING = (
    "No browser was found for the browser tests: install Chromium or Google Chrome, or name one in the environment "
    "variable GDCOURSE_BROWSER."
)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
SETTINGS = {
    # JupyterLab keeps cells outside the view out of the page or unpainted; axe and Playwright must see all of them.
    # An empty screen below the last cell would only be in the way.
    "notebook-extension:tracker": {"windowingMode": "none", "scrollPastEnd": False},
    # It would ask whether to fetch news, in a box above the notebook.
    "apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}
IDLE_SECONDS = 900  # a server that lost its tests (pytest was killed) ends itself after this
START_SECONDS, OPEN_SECONDS, RUN_SECONDS = 90, 90, 300
ARGUMENTS = ["--disable-gpu", "--disable-quic"]  # of the browser
WAIT_SECONDS = 25  # for what a test expects to see; a busy machine is slow

# What a page says of JupyterLab's current notebook.
CELLS = """() => Array.from(jupyterapp.shell.currentWidget.content.model.cells, cell => {
    const {cell_type, id, execution_count, outputs, metadata, source} = cell.toJSON();
    return {cell_type, id, execution_count, outputs, metadata, source: [source].flat().join("")};
})"""
# A kernel that starts again, or is being connected to: to close its notebook now would be an error in the console.
SETTLED = """() => !window.restarting && Array.from(jupyterapp.shell.widgets("main")).every(({sessionContext}) => {
    const kernel = sessionContext?.session?.kernel;
    return (sessionContext?.isReady ?? true)
        && !(kernel && (/starting/.test(kernel.status) || kernel.connectionStatus === "connecting"));
})"""
IDLE = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
READY = """path => window.jupyterapp && jupyterapp.shell.currentWidget?.context?.isReady
    && jupyterapp.shell.currentWidget.context.path === path && !document.getElementById('jupyterlab-splash')"""
# While a theme loads, JupyterLab lays a sheet over everything, which goes only after the theme is there.
THEMED = """light => document.body.dataset.jpThemeLight === light && !document.getElementById('jupyterlab-splash')"""
# What JupyterLab itself says of a notebook that was closed before its debugger or its kernel had answered: it can come
# while the next one is open in the window. And what it says only while a notebook closes.
LATE = ("Could not restore the debugger state", "Kernel connection is disposed")
CLOSING = ("Error: Canceled future for ", "Disposed")
# A window asks every ten seconds which kernels there are, and the server can't say it of one that was added in the same
# moment: it has no time of its last activity yet.
TOO_EARLY = re.compile(r"Failed to load resource: the server responded with a status of 500 .*/api/kernels(\?\d*)?$")
# What it says where a kernel no longer has a figure; sometimes only when the notebook has been taken out of its window.
LOST = (
    *("Error: widget model not found", "Comm not found for comm id", "Kernel connection disconnected"),
    "Error: Canceled future for ",
)
# The size is there, what is in the window has been laid out in it, and what lies at its foot can be seen.
SIZED = """([width, height, scale]) => innerWidth === width && innerHeight === height && devicePixelRatio === scale
    && document.elementFromPoint(width / 2, height - 1) !== null"""
LASTING = """(one, patience) => new Promise((found, lost) => {
    const began = performance.now(), read = READ;
    let before, same = 0;
    const look = () => {
        const now = JSON.stringify(read(one));
        same = now === before ? same + 1 : 0;
        before = now;
        if (same === 10) found(read(one));
        else if (performance.now() - began > patience) lost(new Error(`it changes all the time: ${now}`));
        else requestAnimationFrame(look);
    };
    look();
})"""
# What a finger did comes to the page in its order, and some frames later than the browser was told of it.
LIFTED = """() => {
    window.lifted = new Promise(done => {
        for (const end of ["touchend", "touchcancel"]) addEventListener(end, () => done(), {capture: true, once: true});
    });
}"""
# Without the question whether to save, and the newest one stays: without any, a launcher would open.
LEAVE_ONE = """() => {
    const newest = jupyterapp.shell.currentWidget;
    for (const one of Array.from(jupyterapp.shell.widgets("main"))) if (one !== newest) one.dispose();
}"""
# A figure sends its newest question when the one before is answered, and a sweep goes on from answer to answer; so when
# nothing came or went in two turns, Python knows all.
CAUGHT_UP = """async () => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    let quiet = 0;
    const hear = (_, { msg }) => { if (msg.header.msg_type === "comm_msg") quiet = -1 };
    kernel.anyMessage.connect(hear);
    while (quiet < 2) {
        await kernel.requestExecute({code: "", silent: true}).done;
        await new Promise(done => setTimeout(done));
        quiet += 1;
    }
    kernel.anyMessage.disconnect(hear);
}"""
# What a page has to say of a kernel that is gone, it says now, and not while the next notebook is open.
LEARN_OF_ENDS = """() => jupyterapp.serviceManager.sessions.refreshRunning()
    .then(() => new Promise(done => setTimeout(done)))"""
LEAVE_NONE = """() => { for (const one of Array.from(jupyterapp.shell.widgets("main"))) one.dispose() }"""
# What is typed goes to the notebook; a theme that loads, or another notebook that closes, may have taken the focus.
ACTIVATE = "() => jupyterapp.shell.activateById(jupyterapp.shell.currentWidget.id)"
FOCUSED = "() => jupyterapp.shell.currentWidget.content.node.contains(document.activeElement)"
# Pictures and widgets come after the kernel has gone idle.
SHOWN = """() => Array.from(document.images).every(image => image.complete)
    && !/Loading widget/.test(document.querySelector('.jp-Notebook')?.textContent)"""
# Left out is what JupyterLab and nbconvert do around everybody's cells: the prompts [1]:, half beneath another element,
# and links in Markdown, told from text by their colour alone.
AXE = """async ([selector, options, without]) => {
    const off = Object.fromEntries(["link-in-text-block", ...without].map(name => [name, {enabled: false}]));
    const found = await axe.run({include: [[selector]], exclude: [[".jp-OutputPrompt"]]}, {
        resultTypes: ["violations", "incomplete"], rules: off, ...options});
    const text = ({id, impact, help, nodes}) => nodes.map(node =>
        [`${id} (${impact}): ${help}`, node.html, ...node.any.map(why => why.message)].join("\\n    "));
    // Marks such as ● are no words: their contrast is not axe's to judge.
    const words = ({any}) => !any.some(({message}) => message.includes("only non-text characters"));
    const unseen = found.incomplete.filter(({id}) => id === "color-contrast")
        .map(rule => ({...rule, nodes: rule.nodes.filter(words)}));
    return [...found.violations, ...unseen].flatMap(text);
}"""
# To judge colours takes most of axe's time. Of words with the same elements around them, of the same classes and of one
# colour of their own, the first are enough. Takes the kinds that other pages had, empties all that is of a known kind,
# and returns all kinds. An editor would take that for typing: the text of a cell would be rendered anew without it.
UNSEEN = """known => {
    const seen = new Set(known);
    const kind = one => one === document.body ? "" : `${kind(one.parentElement)} ${one.tagName}.${one.className}`;
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const empty = [];
    while (words.nextNode()) {
        const one = words.currentNode;
        if (!one.data.trim() || one.parentElement.closest(".cm-editor")) continue;
        const {color, backgroundColor, fontSize, fontWeight} = getComputedStyle(one.parentElement);
        const key = [kind(one.parentElement), color, backgroundColor, fontSize, fontWeight].join("|");
        if (seen.has(key)) empty.push(one); else seen.add(key);
    }
    for (const one of empty) one.data = "";
    return [...seen];
}"""
COLOURS = ["color-contrast"]
# JupyterLab's body has no height and hides what goes beyond it. axe would take every word in it for hidden and not look
# at its colours; the browser doesn't hide it.
BODY = "body { overflow: visible !important }"
# JupyterLab writes alt="Image" into every picture that has no text.
NAMELESS = """() => document.querySelectorAll('img[alt="Image"]').forEach(image => image.removeAttribute("alt"))"""
# The height of a window, and the size of one that nobody looks at.
HEIGHT, SMALL = 3000, (640, 480)
PANEL = "document.querySelector('.jp-Notebook .jp-WindowedPanel-outer')"
# How much of the notebook is out of view, once that has not changed for two frames.
MISSING_HEIGHT = f"""() => new Promise(done => {{
    const look = (before, left) => {{
        const missing = {PANEL}.scrollHeight - {PANEL}.clientHeight;
        if (!left) done(missing);
        else requestAnimationFrame(() => look(missing, missing === before ? left - 1 : 2));
    }};
    look(-1, 2);
}})"""


# What every figure says whose kernel has restarted.
GONE = "The kernel has restarted; run this cell again."
# Note in the page what each figure says aloud, line by line.
LISTEN = """new MutationObserver(changes => {
    for (const { target } of changes) {
        if (target.className !== "gdcourse-aloud") continue;
        target.heard = [...(target.heard ?? []), ...target.textContent.split("\\n")];
    }
}).observe(document, { childList: true, subtree: true })"""
HEARD = """figure => {
    const aloud = figure.querySelector(":scope > .gdcourse-aloud") ?? figure.querySelector(".gdcourse-aloud");
    return aloud.previousElementSibling.textContent.split("\\n").every(line => aloud.heard?.includes(line));
}"""
# How many points of a canvas have one of the figure's colours, as they are in the present theme.
INKED = """([canvas, name]) => {
    const color = getComputedStyle(canvas).getPropertyValue(`--gdcourse-${name}`).trim();
    const rgb = [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) found += rgb.every((value, k) => data[i + k] === value);
    return found;
}"""


def browser_or_skip():
    """Return the browser's path; without one the test is skipped, and under CI it fails."""
    path = find_browser()
    if path is None:
        (pytest.fail if os.environ.get("CI", "") not in ("", "0", "false") else pytest.skip)(MISSING)
    return path


def axe(page, selector, rules=(), without=False):
    """Return what axe finds on the elements that the selector means, as text; "" if nothing is wrong with them.

    rules: the names of axe's rules to hold them to, or, without, to leave out; all if there are none. Colours that axe
    can't judge count too.
    """
    if not page.evaluate("'axe' in window"):
        folder = Path(find_spec("axe_playwright_python").origin).parent
        page.evaluate((folder / "axe.min.js").read_text(encoding="utf-8") + "; 0")
    options = {"runOnly": list(rules)} if rules and not without else {}
    return "\n".join(page.evaluate(AXE, [selector, options, list(rules) if without else []]))


def told(message):
    """Return what a page wrote into its console; of what it could not load, the address too."""
    address = message.location["url"] if message.text.startswith("Failed to load") else ""
    return f"{message.text} {address}".strip()


def fits(element):
    """Wait until nothing in an element is wider than it: what its width was changed for follows in the next frames."""
    element.page.wait_for_function(
        "one => one.scrollWidth <= one.clientWidth", arg=element.element_handle(), timeout=1000 * WAIT_SECONDS
    )


def lasting(element, read="one => one.value"):
    """Return what JavaScript reads in an element once it has been the same for ten frames.

    What a mouse or a finger did a moment ago arrives in the page with its next frames.
    """
    return element.evaluate(LASTING.replace("READ", read), 1000 * WAIT_SECONDS)


def at_rest(element):
    """Return {x, y, width, height} of an element on the page, in view, once it keeps its place.

    A place that is measured while a figure is laid out, or a notebook scrolls, is not where a press will land.
    """
    element.scroll_into_view_if_needed()
    lasting(element, "one => one.getBoundingClientRect()")
    return element.bounding_box()


def painted(canvas, read="one => one.toDataURL()"):
    """Return what JavaScript reads in a canvas in the frame after the next: what a figure says is painted by then."""
    return canvas.evaluate(
        f"one => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(({read})(one)))))"
    )


def heard(figure):
    """Wait until every line that stands in a figure's text has been said; one that stays is not said again."""
    figure.page.wait_for_function(HEARD, arg=figure.element_handle(), timeout=1000 * WAIT_SECONDS)


class Server:
    """A JupyterLab as a learner starts it, in folders of its own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.lessons = self.folder / "course" / "notebooks"
        self.data = self.folder / "progress"  # where gdcourse keeps what the learner has done
        self.log = self.folder / "server.log"
        for name in ("home", "config/labconfig", "course/notebooks"):
            (self.folder / name).mkdir(parents=True)
        for notebook in [*notebooks.lessons(), *notebooks.beside()]:
            shutil.copy(notebook, self.lessons)
        settings = {f"@jupyterlab/{name}": values for name, values in SETTINGS.items()}
        overrides = self.folder / "config" / "labconfig" / "default_setting_overrides.json"
        overrides.write_text(json.dumps(settings), encoding="utf-8")

    def environment(self):
        """Return the variables that keep JupyterLab and its kernels inside the folder."""
        own = {"HOME": "home", "USERPROFILE": "home", "IPYTHONDIR": "ipython", "GDCOURSE_DATA": "progress"}
        own |= {f"JUPYTER_{name}_DIR": name.lower() for name in ("CONFIG", "DATA", "RUNTIME")}
        own |= {f"JUPYTERLAB_{name}_DIR": name.lower() for name in ("SETTINGS", "WORKSPACES")}
        changes = {name: str(self.folder / place) for name, place in own.items()}
        # The list of fonts takes seconds to make, so it is shared.
        changes |= {"PYTHONPATH": str(notebooks.ROOT), "MPLCONFIGDIR": matplotlib.get_cachedir()}
        kept = notebooks.clean_environment(**notebooks.QUIET)
        changes |= {"JUPYTER_PATH": os.environ.get("JUPYTER_PATH", "")}  # where kernels start warm
        # Without GDCOURSE_UNATTENDED: somebody is at work here, and what they do is remembered.
        kept = {name: value for name, value in kept.items() if not name.startswith(("JUPYTER", "GDCOURSE"))}
        return kept | changes

    def start(self):
        """Start JupyterLab and wait until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]  # if another program takes it now, JupyterLab takes the next free one
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"),
            *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
            f"--ServerApp.root_dir={self.lessons.parent}",
            f"--ServerApp.shutdown_no_activity_timeout={IDLE_SECONDS}",
            *(f"--MappingKernelManager.cull_idle_timeout={IDLE_SECONDS}", "--MappingKernelManager.cull_connected=True"),
            "--KernelManager.shutdown_wait_time=0",  # a kernel that is ended has nothing left to do
        ]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, env=self.environment(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(StopIteration, OSError, ValueError):
                said = json.loads(next((self.folder / "runtime").glob("jpserver-*.json")).read_text(encoding="utf-8"))
                self.url, self.token = said["url"], said["token"]
                self.call("GET", "api/status")
                return
            time.sleep(0.05)  # nothing to wait for but the file and the answer
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text(errors='replace')}")

    def said(self):
        """Return the end of what the server wrote, where it tells of its own errors."""
        return "JupyterLab's server wrote at last:\n" + self.log.read_text(errors="replace")[-6000:]

    def call(self, method, place, body=None):
        """Ask the server's own interface; return its answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + place, data, {"Authorization": f"token {self.token}"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def end_kernels(self, names):
        """End the kernels of the notebooks with these names."""
        for session in [one for one in self.call("GET", "api/sessions") if Path(one["path"]).name in names]:
            with contextlib.suppress(urllib.error.HTTPError):
                self.call("DELETE", f"api/sessions/{session['id']}")

    def stop(self):
        """End JupyterLab and its kernels: asked first, then by force."""
        for end in (lambda: self.call("POST", "api/shutdown"), self.process.terminate, self.process.kill):
            with contextlib.suppress(OSError, AttributeError, subprocess.TimeoutExpired):
                end()
                self.process.wait(20)
                return


class Window:
    """One window of JupyterLab: `page` is Playwright's; what it looks like can be changed."""

    def __init__(self, page):
        self.page = page
        self._session = page.context.new_cdp_session(page)

    def look(self, width=1280, height=HEIGHT, scale=1, theme="light", has_touch=False, reduced_motion="reduce"):
        """Change the size, the points of the screen for each pixel, the fingers, and what the reader prefers.

        The side bar is there, as in a window that is new.
        """
        self.size(width, height, scale)
        self._session.send("Emulation.setTouchEmulationEnabled", {"enabled": has_touch})
        self.page.emulate_media(color_scheme=theme, reduced_motion=reduced_motion)
        self.page.evaluate("window.jupyterapp?.shell.expandLeft()")

    def size(self, width, height, scale=1):
        """Change the size, and wait until the page has it."""
        self._size = width, height, scale
        wanted = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        self._session.send("Emulation.setDeviceMetricsOverride", wanted)
        self.page.wait_for_function(SIZED, arg=self._size)

    @contextlib.contextmanager
    def whole(self):
        """Show the whole notebook meanwhile: axe can't tell what is behind words that lie beyond the window."""
        width, height, scale = self._size
        wanted = height
        while missing := self.page.evaluate(MISSING_HEIGHT):  # what is laid out anew may be higher
            wanted += missing
            self.size(width, wanted, scale)
        yield
        self.size(width, height, scale)


class Windows:
    """JupyterLab's windows in one browser, and the errors that their pages report."""

    def __init__(self, server, browser):
        self.server, self.browser = server, browser
        self.errors = []
        self._free = []

    def _new(self):
        """Return an empty window, whose errors count."""
        # Each look is given later; Playwright has fingers only where it is told of them at once.
        context = self.browser.new_context(no_viewport=True, has_touch=True)
        context.add_init_script(LISTEN)
        window = Window(context.new_page())
        context.on("console", lambda message: message.type == "error" and self._hear(window, told(message)))
        context.on("weberror", lambda problem: self._hear(window, str(problem.error)))
        context.on("request", self._look_outside)
        return window

    def _hear(self, window, error):
        if not error.startswith((*LATE, *LOST) if window in self._free else LATE) and not TOO_EARLY.match(error):
            self.errors.append(error)

    def _look_outside(self, request):
        if request.url.startswith(("http:", "https:")) and not request.url.startswith(self.server.url):
            self.errors.append(f"The page asked the network for {request.url}")

    def opened(self, name, theme="light", **look):
        """Return a window with this notebook alone."""
        path = f"notebooks/{name}"
        window = self._free.pop() if self._free else None
        if window:
            window.look(theme=theme, **look)
            window.page.keyboard.press("Shift")  # as in a new window, a focus is shown: the last test used a mouse
            window.page.evaluate("path => { jupyterapp.commands.execute('docmanager:open', {path}) }", path)
        else:
            raw = json.dumps({"theme": THEMES[theme]})
            self.server.call("PUT", "lab/api/settings/@jupyterlab/apputils-extension:themes", {"raw": raw})
            window = self._new()
            window.look(theme=theme, **look)
            # A workspace of its own: nothing of an earlier window is open in it, no launcher either.
            place = f"lab/workspaces/w{time.monotonic_ns()}/tree/notebooks/{quote(name)}?token={self.server.token}"
            window.page.goto(self.server.url + place)
        window.page.wait_for_function(READY, arg=path, timeout=OPEN_SECONDS * 1000)
        window.page.evaluate(LEAVE_ONE)
        window.page.wait_for_function(IDLE, timeout=OPEN_SECONDS * 1000)
        return window

    def give_back(self, window):
        """Take the notebook out of a window, and keep the window, small: nobody looks at it."""
        window.page.wait_for_function(SETTLED, timeout=OPEN_SECONDS * 1000)
        window.page.evaluate(LEAVE_NONE)
        window.size(*SMALL)
        self._free.append(window)

    def hear_of_ends(self, window):
        """Let a window that was given back learn that its kernel has ended."""
        window.page.evaluate(LEARN_OF_ENDS)


class Lab:
    """Opens notebooks in the browser; `errors` holds every error that a page reports."""

    def __init__(self, windows):
        self.windows, self.server, self.errors = windows, windows.server, windows.errors
        self._opened, self._names, self._forgotten, self._heard = [], [], (), []

    def loses_a_kernel(self):
        """From now on forget what JupyterLab itself writes into the console where a kernel no longer has a figure."""
        self._heard += self.errors
        self.errors.clear()
        self._forgotten = LOST

    def text(self, name, text, **look):
        """Open a notebook of this name and text; look: theme="light" or "dark", width, height, scale."""
        (self.server.lessons / name).write_text(text, encoding="utf-8")
        return self._open(name, **look)

    def notebook(self, sources, run=True, **look):
        """Open a notebook with these code cells, and run them; look as in `text`."""
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
        opened = self.text(f"made_{time.monotonic_ns()}.ipynb", nbformat.writes(made), **look)
        if run:
            opened.run_all()
        return opened

    def open_again(self):
        """End the kernels and open the newest notebook once more, in another window, as it was saved."""
        for window in self._opened:  # to end a kernel while it starts again is an error of the server's
            window.page.wait_for_function(SETTLED, timeout=OPEN_SECONDS * 1000)
        self.server.end_kernels(self._names)
        return self._open(self._names[-1])

    def _open(self, name, theme="light", **look):
        self._names.append(name)
        self._opened.append(self.windows.opened(name, theme, **look))
        notebook = Notebook(self._opened[-1])
        notebook.theme(theme)  # an earlier test may have changed it
        notebook.page.evaluate(ACTIVATE)
        notebook.page.wait_for_function(FOCUSED, timeout=OPEN_SECONDS * 1000)
        return notebook

    def close(self, keep=True):
        """Close every notebook and end their kernels; return the errors that the pages reported.

        keep: leave the windows for others, if there were no errors.
        """
        wrong = self._heard + self._not(self._forgotten)
        self.errors.clear()
        kept = self._opened if keep and not wrong else []
        for window in self._opened:
            if kept:
                self.windows.give_back(window)
            else:
                window.page.context.close()
        self.server.end_kernels(self._names)
        for window in kept:
            self.windows.hear_of_ends(window)
        wrong += self._not((*self._forgotten, *CLOSING))
        self.errors.clear()
        return wrong

    def _not(self, forgotten):
        """Return the errors that begin otherwise."""
        return [error for error in self.errors if not error.startswith(forgotten)]


class Notebook:
    """A notebook that is open in JupyterLab; `page` is Playwright's."""

    def __init__(self, window):
        self.window, self.page = window, window.page

    def restart_kernel(self):
        """Restart the kernel as another program does, without the question of JupyterLab's command."""
        self.page.evaluate(
            """() => {
                const ended = () => { window.restarting = false };
                window.restarting = true;
                jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(ended, ended);
            }"""
        )

    def command(self, name, seconds=RUN_SECONDS, **arguments):
        """Carry out one of JupyterLab's commands and wait until it has ended."""
        said = self.page.evaluate(
            """([name, given, most]) => Promise.race([
                jupyterapp.commands.execute(name, given).then(() => "well", String),
                new Promise(done => setTimeout(done, most, "not ended in time")),
            ])""",
            [name, arguments, seconds * 1000],
        )
        assert said == "well", f"{name}: {said}"

    def run_all(self, seconds=RUN_SECONDS):
        """Run all cells anew; wait until the kernel is idle, every cell has run and its outputs are there."""
        self.command("notebook:clear-all-cell-outputs")
        self.command("notebook:run-all-cells", seconds)
        self.wait_until_idle(seconds)
        self.refuse_errors(self.cells())

    def refuse_errors(self, cells):
        """Fail if one of these cells did not run, or ended with an error that it is not marked to show."""
        for cell in cells:
            if cell["cell_type"] != "code" or not cell["source"].strip():
                continue
            if "raises-exception" not in cell["metadata"].get("tags", ()):
                failed = [output for output in cell["outputs"] if output["output_type"] == "error"]
                assert not failed, f"{cell['source']}\n{failed[0]['ename']}: {failed[0]['evalue']}"
            assert cell["execution_count"], f"This cell did not run:\n{cell['source']}"

    def run(self, *numbers):
        """Run cells, counted from 0, one after the other; don't wait for what they show."""
        self.catch_up()
        self.choose(numbers[0])
        self.page.evaluate(
            """numbers => {
                const notebook = jupyterapp.shell.currentWidget.content;
                notebook.deselectAll();
                for (const number of numbers) notebook.select(notebook.widgets[number]);
            }""",
            numbers,
        )
        self.command("notebook:run-cell")

    def catch_up(self):
        """Wait until Python knows what the page's figures show, and has answered."""
        self.page.evaluate(CAUGHT_UP)

    def choose(self, number):
        """Make a cell the active one."""
        self.page.evaluate("n => { jupyterapp.shell.currentWidget.content.activeCellIndex = n }", number)

    def wait_until_idle(self, seconds=RUN_SECONDS):
        """Wait until the kernel has nothing to do and its pictures and widgets are shown."""
        self.page.wait_for_function(IDLE, timeout=seconds * 1000)
        self.page.wait_for_function(SHOWN, timeout=OPEN_SECONDS * 1000)

    def cells(self):
        """Return the cells as JupyterLab holds them now."""
        return self.page.evaluate(CELLS)

    def cell(self, number):
        """Return Playwright's locator of a cell, counted from 0, Markdown included."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def output(self, number):
        """Return Playwright's locator of a cell's output."""
        return self.cell(number).locator(".jp-Cell-outputArea")

    def theme(self, theme):
        """Change to the light or the dark theme and wait until it is there."""
        self.command("apputils:change-theme", theme=THEMES[theme])
        self.page.wait_for_function(THEMED, arg=str(theme == "light").lower())

    def axe(self, selector, rules=(), without=False):
        """Return what axe finds on the elements that the selector means; "" if nothing is wrong."""
        style = self.page.add_style_tag(content=BODY)
        self.page.evaluate(NAMELESS)
        try:
            with self.window.whole():
                return axe(self.page, selector, rules, without)
        finally:
            style.evaluate("style => style.remove()")

    def touch(self, places):
        """Put a finger down on the page at the first place, move it over the others, lift it; the page knows."""
        finger = self.page.context.new_cdp_session(self.page)
        self.page.evaluate(LIFTED)
        for kind, at in zip(["touchStart", *["touchMove"] * (len(places) - 1)], places):
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [dict(zip("xy", at))]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.evaluate("() => window.lifted")
        finger.detach()

    def swipe(self, place, across, along):
        """Move a finger over the page from a place, by pixels, as a reader who scrolls does."""
        self.touch([(place[0] + across * k / 40, place[1] + along * k / 40) for k in range(41)])

    def centre(self, element):
        """Scroll the notebook until an element is in its middle; return how far it is scrolled now."""
        element.evaluate("one => one.scrollIntoView({ block: 'center' })")
        return self.page.evaluate(f"{PANEL}.scrollTop")

    def wait_until_scrolled(self, before, by):
        """Wait until the notebook is scrolled by so many pixels, down or (below 0) up."""
        self.page.wait_for_function(
            f"([before, by]) => ({PANEL}.scrollTop - before) / by >= 1", arg=[before, by], timeout=1000 * WAIT_SECONDS
        )


@pytest.fixture(scope="session")
def jupyterlab():
    """The JupyterLab of this run of the tests."""
    browser_or_skip()
    with tempfile.TemporaryDirectory(prefix="gdcourse-", ignore_cleanup_errors=True) as folder:
        server = Server(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def chromium():
    """Yield the browser; not for the whole run, because Playwright keeps an asyncio loop running meanwhile."""
    path = browser_or_skip()
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * WAIT_SECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


browser = pytest.fixture(scope="module")(chromium)  # tests/live has one for all its files


@contextlib.contextmanager
def watched(windows, session):
    """Open notebooks in JupyterLab; an error in a page's console fails at the end."""
    lab, failed = Lab(windows), session.testsfailed
    yield lab
    errors = lab.close(keep=session.testsfailed == failed)
    assert not errors, "\n".join([*errors, windows.server.said()])


@pytest.fixture
def lab(windows, request):
    """Opens notebooks for one test."""
    with watched(windows, request.session) as lab:
        yield lab


@pytest.fixture(scope="module")
def shared_lab(windows, request):
    """Opens notebooks for all tests of a module: running one takes longer than most tests."""
    with watched(windows, request.session) as lab:
        yield lab
