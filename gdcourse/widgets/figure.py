"""What every live figure is: a widget, a picture with its text, and nothing left behind when its cell runs again.

An output holds the picture first, then the live figure. The picture brings a style sheet: where the live one is shown
the picture is hidden, and where there is none, since no kernel runs, JupyterLab's error in its place is hidden.
"""

from pathlib import Path

import anywidget
import numpy as np
from IPython import get_ipython
from IPython.display import display
from traitlets import Dict

from gdcourse import plots
from gdcourse.exercises import report
from gdcourse.exercises.memory import unattended

HERE = Path(__file__).parent
DPI = 120  # of the picture: the live figure must not wait for a finer one
LIVE = "application/vnd.jupyter.widget-view+json"
_alive = {}  # the figures of each cell, by the id of the cell


def module(*names):
    """Return the ES module of a figure: what all share, then its own parts."""
    return "".join((HERE / part).read_text(encoding="utf-8") for part in ("paint.js", *names))


def packed(values):
    """Return numbers as the browser reads them, four bytes each."""
    with np.errstate(over="ignore"):
        return np.asarray(values, np.float32).tobytes()


class Figure(anywidget.AnyWidget):
    """A figure that the browser paints from numbers. A subclass says what it shows, and answers what the browser asks.

    The browser asks one question at a time and keeps only its newest one, so no stale answer is ever painted.
    """

    _css = (HERE / "figure.css").read_text(encoding="utf-8")
    _chosen = ()  # the attributes with what the reader has chosen, taken back where it can't be shown
    scene = Dict(help="what stays: axes, names, controls").tag(sync=True)
    answer = Dict(help="what the last question gave").tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.on_msg(self._heard)
        _keep(self)

    def drawn(self):
        """Return a Matplotlib figure of the present state, and the text that says what it shows."""
        raise NotImplementedError("a subclass of Figure draws here what is shown without a kernel")

    def answered(self, question):
        """Return the answer to a question of the browser's; raise where there is none, and the last one stays."""
        raise NotImplementedError("a subclass of Figure answers here what the browser asks")

    def __repr__(self):
        return self.scene.get("text", type(self).__name__)

    def _repr_mimebundle_(self, **kwargs):
        return {**self.live(), **self.stored()}, {}

    def _ipython_display_(self):
        if unattended() or getattr(get_ipython(), "kernel", None) is None:
            raise NotImplementedError  # IPython then takes the MIME bundle
        display(beside(self.stored()), raw=True)
        display(self.live(), raw=True)

    def stored(self):
        """Return the picture of the present state, and its text, as a notebook stores them."""
        figure, text = self.drawn()
        return plots.picture(text, figure, dpi=DPI)

    def live(self):
        """Return what shows the live figure where a kernel runs."""
        return {LIVE: {"version_major": 2, "version_minor": 0, "model_id": self.model_id}}

    def _heard(self, _, question, buffers):
        before = {name: getattr(self, name) for name in self._chosen}
        try:
            answer = self.answered(question)
        except (Exception, KeyboardInterrupt) as error:  # it must not leave the figure without an answer
            vars(self).update(before)
            answer = {**self.answer, "trouble": complaint(error)}
        if self.comm:
            self.answer = {**answer, "number": question.get("number", 0)}

    def close(self):
        """Remove the figure from the page and from memory."""
        super().close()
        self.scene = self.answer = {}  # IPython's Out may hold on to the figure


def beside(picture):
    """Return a picture as the output before a live figure, which takes its place while there is one."""
    return {**picture, "text/html": report.before("gdcourse-figure", "gdcourse-stored", picture["text/html"])}


def _keep(figure):
    """Close the figure when its cell runs again."""
    shell = get_ipython()
    if getattr(shell, "kernel", None) is None:
        return
    if _clear not in shell.events.callbacks["pre_run_cell"]:
        shell.events.register("pre_run_cell", _clear)
    cell = shell.get_parent().get("metadata", {}).get("cellId")
    _alive.setdefault(cell, []).append(figure)


def _clear(info):
    """Close the figures that a cell made before."""
    for figure in _alive.pop(info.cell_id, []) if info.cell_id else []:
        figure.close()


def complaint(error):
    """Return an exception as the end of a sentence."""
    if isinstance(error, KeyboardInterrupt):
        return "the answer was interrupted."
    words = " ".join(str(error).split()) or "it gave no reason"
    kind = "" if isinstance(error, ValueError | TypeError) else f"{type(error).__name__}: "
    return f"{kind}{words[:200]}{'' if words.endswith(('.', '?', ')')) else '.'}"
