"""A reader who works a lesson on a hub as people do: reads, guesses, answers wrong and then right, saves.

How long somebody thinks before a cell comes from the text above it and the kind of exercise, with the constants of
tests/test_minutes.py; a reader's own pace and each single pause scatter about that. The answers come from tests/bank,
where an exercise has none from its reference. Nothing here waits for the browser: nothing is painted.
"""

import ast
import configparser
import inspect
import json
import math
import re
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import websocket

sys.path.insert(0, str(Path(__file__).parents[1]))
import bank  # noqa: E402
import test_minutes as minutes  # noqa: E402
from hub import Learner, expect  # noqa: E402

from gdcourse.commands import notebooks  # noqa: E402
from gdcourse.exercises import catalogue  # noqa: E402
from gdcourse.exercises.definition import Exercise  # noqa: E402

_config = configparser.ConfigParser(interpolation=None)
_config.read(Path(__file__).parents[1] / "nbval.cfg", encoding="utf-8")
RULES = [_config[name] for name in _config.sections()]
KINDS = ("wrong", "right")
EACH = 2  # so many wrong and so many right answers of an exercise are in use: each is timed alone, too
WRONG_FIRST, GUESS_RIGHT = 0.6, 0.5  # how often
PACE, PAUSE = 0.25, 0.4  # scatter of a reader's pace and of a single pause: the logarithm's standard deviation
AUTOSAVE = 120  # seconds: JupyterLab's own


@dataclass
class Step:
    """A code cell of a lesson, and what a reader does in it."""

    cell: str  #: its id
    source: str
    minutes: float  #: of reading and thinking before it is run
    stored: str  #: what it prints
    question: str = ""  #: of a prediction
    exercise: str = ""
    wrong: list = field(default_factory=list)  #: sources
    right: list = field(default_factory=list)
    options: tuple = ()
    truth: str = ""


def path_of(number):
    """Return the path of the lesson with that number."""
    return next(path for path in notebooks.lessons() if path.name[:2] == f"{int(number):02}")


def plan(number):
    """Return the steps of a lesson."""
    steps, text, kind = [], "", ""
    for cell in nbformat.read(path_of(number), 4).cells:
        if cell.cell_type == "markdown":
            text += cell.source + "\n\n"
            kind = (re.findall(r"^### Exercise \d+: (.+)$", cell.source, re.MULTILINE) or [kind])[-1]
            continue
        stored = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        step = Step(cell.id, cell.source, _minutes(text, cell.source), stored)
        _fill(step)
        if step.exercise:
            step.minutes += minutes.EXERCISES.get(kind, 3)
        steps.append(step)
        text = ""
    return steps


def _minutes(text, source):
    """Return the minutes that somebody reads before a cell, and looks at what the one before it gave."""
    if "## On your own" in text:
        text = text.split("## On your own")[0]
    taken = len(text.split()) / minutes.WORDS_A_MINUTE + text.count("$$") / 2 * minutes.FORMULA
    if source.startswith("predict("):
        return taken + minutes.PREDICTION
    if source.startswith(("@exercise", "answer(")):
        return taken
    return taken + minutes.CELL + minutes.LINE * len(source.splitlines())


def _fill(step):
    """Put into a step what is asked there."""
    if step.source.startswith("predict("):
        step.question = ast.literal_eval(ast.parse(step.source).body[0].value.args[0])
        prediction = catalogue.prediction(step.question)
        step.options, step.truth = tuple(prediction.options), prediction.right
    elif named := re.match(r'@exercise\s+def (\w+)|answer\("(\w+)"', step.source):
        step.exercise = named[1] or named[2]
        task = catalogue.find(step.exercise)
        written = [one for _, one in bank.entries(names=[step.exercise])]
        wrong, right = ([one["answer"] for some in written for one in some.get(kind, ())] for kind in KINDS)
        if not right:
            function = isinstance(task, Exercise)
            right = [textwrap.dedent(inspect.getsource(task.reference)) if function else repr(task.value)]
        step.wrong, step.right = ([_cell(task, one) for one in some[:EACH]] for some in (wrong, right))


def _cell(task, answer):
    """Return the source of a cell with this answer."""
    answer = answer.strip()
    return f"@exercise\n{answer}" if isinstance(task, Exercise) else f'answer("{task.name}", {answer})'


def alike(text):
    """Return a text without what may differ from machine to machine, as the check of the notebooks reads it."""
    text = re.sub(r"[^\n]*\r", "", text)  # what a bar of a slow training has written over
    for rule in RULES:
        text = re.sub(rule["regex"], rule["replace"], text)
    return text


class Reader(Learner):
    """Somebody who works a lesson; `took` gets (key, seconds) of all that they waited for."""

    def __init__(self, hub, name, rng, hurry=1.0):
        super().__init__(hub, name)
        self.rng, self.hurry, self.pace = rng, hurry, math.exp(PACE * rng.standard_normal())
        self.took, self.wrong, self.cut = [], [], 0  # seconds by key, what went wrong, connections lost
        self.guessed, self.solved, self.typed = {}, {}, {}  # what they have given: it must be there at the end
        self.comms, self.choice = {}, None

    def take(self, number):
        """Open a lesson of the course in one's own folder."""
        self.lesson, self.path = number, f"gdcourse/notebooks/{path_of(number).name}"
        self.tab = self.call("GET", f"api/contents/{self.path}").json()["content"]  # what the browser's tab holds
        self.cells = {cell["id"]: cell for cell in self.tab["cells"]}
        self.saved = time.monotonic()
        self.open(self.path)
        self.timed("first", "pass")

    def think(self, typical):
        """Do nothing for about so many minutes, as a tab that listens does."""
        scatter = math.exp(PAUSE * self.rng.standard_normal() - PAUSE**2 / 2)
        self.listen(60 * typical * self.pace * scatter / self.hurry)

    def listen(self, seconds):
        """Do nothing for so many seconds; a tab that doesn't answer the server's pings is cut off."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(min(left, 20))
            try:
                self.socket.recv()
            except websocket.WebSocketTimeoutException:
                pass
            except (websocket.WebSocketException, OSError):
                self.lost_connection()
        self.socket.settimeout(120)

    def lost_connection(self):
        """Count it and connect again."""
        self.cut += 1
        self.connect()

    def follow(self, number):
        """Return a message's outputs, as a notebook stores them; remember the buttons that came."""
        outputs = []
        for said in self.received(number):
            kind, content = said["header"]["msg_type"], said["content"]
            state = content.get("data", {}).get("state", {}) if kind == "comm_open" else {}
            if state.get("_model_name") == "ToggleButtonsModel":
                self.comms[tuple(state["_options_labels"])] = content["comm_id"]
            if kind in ("stream", "display_data", "execute_result", "error"):
                outputs.append(nbformat.v4.output_from_msg(said))
        return outputs

    def timed(self, what, source, cell=None):
        """Run a source, put it and its outputs into the tab, note how long it took, and return the outputs."""
        since = time.monotonic()
        outputs = self.follow(self.execute(source))
        self.took.append(((self.lesson, what, cell or ""), time.monotonic() - since))
        if cell:
            self.cells[cell].update(source=source, outputs=outputs)
            self.typed[self.lesson, cell] = source
        self.wrong += [f"{cell}: {one['ename']}: {one['evalue']}" for one in outputs if one["output_type"] == "error"]
        return outputs

    def step(self, step):
        """Do what is to be done in a cell."""
        if not step.exercise:
            self.think(step.minutes)
            outputs = self.timed("predict" if step.question else "run", step.source, step.cell)
            self.compare(step, outputs)
            if step.question:
                self.guess(step)
        else:
            slips = step.wrong and (self.choice is not None or self.rng.random() < WRONG_FIRST)
            if slips:
                self.think(step.minutes / 2)
                self.answer(step, "wrong", "✗")
            self.think(step.minutes / (2 if slips else 1))
            self.answer(step, "right", "✓")
        if time.monotonic() - self.saved > AUTOSAVE / self.hurry:
            self.save()

    def compare(self, step, outputs):
        """Note what a cell prints and should not; the line about one's own guess is one's own."""
        printed = "".join(one["text"] for one in outputs if one["output_type"] == "stream")
        printed = re.sub(r"^You predicted: .*\n", "", printed, flags=re.MULTILINE)
        if alike(printed) != alike(step.stored):
            self.wrong.append(f"{step.cell}: printed {printed[-200:]!r}, stored is {step.stored[-200:]!r}")

    def guess(self, step):
        """Press one of a prediction's buttons."""
        right = step.options.index(step.truth)
        others = [one for one in range(len(step.options)) if one != right]
        chosen = right if self.rng.random() < GUESS_RIGHT else int(self.rng.choice(others))
        if step.options not in self.comms:
            self.wrong.append(f"{step.cell}: no buttons came")
            return
        state = {"method": "update", "state": {"index": chosen}, "buffer_paths": []}
        since = time.monotonic()
        self.follow(self.send("comm_msg", {"comm_id": self.comms[step.options], "data": state}))
        self.took.append(((self.lesson, "press", step.cell), time.monotonic() - since))
        self.guessed[step.question] = step.options[chosen]

    def answer(self, step, kind, sign):
        """Give one of the answers of a kind, and note if it is not judged as it is."""
        some = getattr(step, kind)
        one = int(self.rng.integers(len(some))) if self.choice is None else self.choice % len(some)
        outputs = self.timed(f"{kind} {one}", some[one], step.cell)
        told = [output["data"].get("text/plain", "") for output in outputs if "data" in output]
        if not any(text.startswith(sign) for text in told):
            self.wrong.append(f"{step.cell}: {step.exercise}, {kind} {one}, is told {told}")
        elif kind == "right":
            self.solved[step.exercise] = "right"

    def save(self):
        """Save the notebook as JupyterLab does."""
        since = time.monotonic()
        answer = self.call("PUT", f"api/contents/{self.path}", json={"type": "notebook", "content": self.tab})
        expect(answer.ok, f"the notebook was not saved: {answer.status_code} {answer.text[:200]}")
        self.took.append(((self.lesson, "save", ""), time.monotonic() - since))
        self.saved = time.monotonic()

    def work(self, steps):
        """Work a lesson, or a part of it."""
        for step in steps:
            try:
                self.step(step)
            except (websocket.WebSocketException, OSError) as problem:
                self.wrong.append(f"{step.cell}: {type(problem).__name__}: {problem}")
                self.lost_connection()

    def given(self):
        """Return how many answers were given: guesses, exercises, and cells that hold what was typed."""
        return len(self.guessed) + len(self.solved) + len(self.typed)

    def lost(self):
        """Return what was given and is not there for somebody who logs in afresh."""
        home = self.hub.homes / self.name
        kept = home / ".local" / "share" / "gdcourse" / "progress.json"
        done = json.loads(kept.read_text(encoding="utf-8"))["done"] if kept.exists() else {}
        gone = []
        for kind, given in {"prediction": self.guessed, "exercise": self.solved}.items():
            there = {name: entry["outcome"] for name, entry in done.get(kind, {}).items()}
            gone += [name for name, outcome in given.items() if there.get(name) != outcome]
        for lesson in {lesson for lesson, _ in self.typed}:
            content = json.loads((home / "gdcourse" / "notebooks" / path_of(lesson).name).read_text(encoding="utf-8"))
            there = {cell["id"]: "".join(cell["source"]) for cell in content["cells"]}
            gone += [cell for (one, cell), source in self.typed.items() if one == lesson and there.get(cell) != source]
        return gone
