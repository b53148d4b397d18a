"""What a live figure answers, recorded in the lesson's own kernel for a page on which no Python runs.

The figure that the lesson's cell made is asked here what a reader may ask it: each epoch, each word of many numbers,
and of what can be set freely a grid. On the page `figures.js` gives these answers to the very module that paints the
figure in JupyterLab. A figure that no list of answers can stand for, such as a pad to draw on, has none here.
"""

import base64
import itertools
import json
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from gdcourse.planes import Plane
from gdcourse.widgets import figure, training
from gdcourse.widgets.attend import LONGEST, Attend
from gdcourse.widgets.rewind import Rewind
from gdcourse.widgets.step_time import BATCHES, NETWORKS, StepTime
from gdcourse.widgets.threshold import Threshold
from gdcourse.widgets.walk import Walk

MOST = 250_000  # bytes of a recording's file
ROOM = 140_000  # bytes for what a grid answers, compressed
STARTS, FEW = {1: (9,), 2: (5, 3)}, (3, 3)  # of a walk, along each weight; of a walk through a network
RATES = 41, 31, 21, 15, 9  # of a walk, as many as there is room for
RATE = "settings.0.learning_rate"
PINNED = {  # by the recording: what the lesson tells its readers to set, or what a race lets them move
    "00-bcc77e4d": {"start.0": [-2, 0, 0.01, 1]},
    "01-7f482f12": {RATE: [0.02, 0.1, 0.45, 0.5, 0.95, 1, 1.05]},
    "02-d1c01769": {"start.0": [0.95, 2], RATE: [0.3, 1 / 3, 0.36, 0.55, 0.6]},  # 0.95: at 1 itself nothing splits
    "03-7430d7cf": {"start.0": [4], "start.1": [0, 1], RATE: [0.05, 0.09, 0.095, 0.1, 0.105]},
    "13-6854517a": {RATE: [0.03, 0.07, 0.1, 0.2, 0.3]},
    "14-f20ee479": {"settings.0.momentum": [0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]},
    "14-497dd618": {"start.1": [0.01, 1]},
    "16-22e3a608": {"threshold": [0.2, 0.475]},
    "19-8a257fac": {"batch": [2560, 4096]},
}
UNITS, SHADES = (128, 64, 32, 16), 7  # of the pictures of weights, as many as there is room for; up and down
NUMBERS = [*range(21), *range(21, 100, 6), 100, 101, 110, 111, 117, 121, 131, *range(145, 999, 36), 700, 770, 777, 999]
THRESHOLDS, SIZES = 40, 19  # of a slider, recorded


def newest():
    """Return the figure that the last cell made, or the last one before that can be recorded."""
    made = [one for figures in figure._alive.values() for one in figures]
    return next(one for one in reversed(made) if isinstance(one, tuple(RECORDERS)))


def save(folder, name):
    """Write the newest figure's recording, and what paints it, to a folder; print what a page must know of it."""
    shown = newest()
    _, text = shown.drawn()
    recording, words = record(shown, PINNED.get(name))
    file = written(name, recording)
    if len(file) > MOST:
        raise ValueError(f"the recording of {name} takes {len(file):,} bytes; expected at most {MOST:,}.")
    Path(folder, f"{name}.js").write_text(file, encoding="utf-8", newline="\n")
    Path(folder, f"{kind(shown)}.js").write_text(painter(shown), encoding="utf-8", newline="\n")
    print(json.dumps({"kind": kind(shown), "text": text, "words": words}))


def record(shown, pinned=None):
    """Return (the recording as bytes, what was recorded in words) of a figure; pinned: values that it must have."""
    recorder = next(one for known, one in RECORDERS.items() if isinstance(shown, known))
    parts, words = recorder(shown, pinned) if pinned else recorder(shown)
    traits = {name: getattr(shown, name) for name in ("scene", "answer", "sweep", "pace", "pictures", "progress")
              if shown.has_trait(name)}  # fmt: skip
    return packed({"traits": traits, **parts}), words


def packed(value):
    """Return numbers, texts, lists and bytes as one compressed piece: the length of its JSON, the JSON, the bytes.

    In the JSON, bytes are {"$": [where they begin, how many]}; what is the same is there once.
    """
    pieces, places = [], {}

    def plain(one):
        if isinstance(one, bytes):
            if one not in places:
                places[one] = [sum(map(len, pieces)), len(one)]
                pieces.append(one + bytes(-len(one) % 8))  # each begins where a number may
            return {"$": places[one]}
        if isinstance(one, dict):
            return {str(key): plain(part) for key, part in one.items()}
        if isinstance(one, list | tuple):
            return [plain(part) for part in one]
        return one.item() if isinstance(one, np.generic) else one

    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return zlib.compress(struct.pack("<I", len(text)) + text + b"".join(pieces), 9)


def written(name, recording):
    """Return the file of a recording: a script, so that it also loads where pages are opened from a disk."""
    return f'gdfigures.recording("{name}", "{base64.b64encode(recording).decode()}");\n'


def kind(shown):
    """Return the name of a figure's module."""
    return type(shown).__module__.rpartition(".")[2]


def painter(shown):
    """Return the file with what paints a figure: its own style sheet and its own module, as a script."""
    before, behind = shown._esm.split("export default { render };")
    sheet = json.dumps(shown._css, ensure_ascii=False)
    return f'gdfigures.kind("{kind(shown)}", {sheet}, () => {{\n{before}{behind}return {{ render }};\n}});\n'


def _grid(axes, answered):
    """Return answers to all questions that these axes span, each different one once.

    axes: {name: values} of what can be asked. answered: returns the traits that a question, {name: value}, changes.
    """
    answers, table, known = [], [], {}
    for values in itertools.product(*axes.values()):
        answer = answered(dict(zip(axes, values)))
        place = known.setdefault(repr(answer), len(answers))
        if place == len(answers):
            answers.append(answer)
        table.append(place)
    return {
        "axes": [[name.split("."), list(values)] for name, values in axes.items()],
        "table": table,
        "answers": answers,
    }


def _asked(shown, axes):
    """Return the grid of a figure that is asked for these names and takes any value."""
    return _grid(axes, lambda question: {"answer": shown.answered(question)})


def _stops(low, high, count, pinned, log=False, whole=False):
    """Return values from low to high, evenly spread, with each pinned one in the place of the nearest between the ends.

    There are so many values, or more where no place is left.
    """
    values = np.geomspace(low, high, count) if log else np.linspace(low, high, count)
    first, *between, last = (float(f"{value:.3g}") for value in values)
    for one in sorted({*pinned} - {first, last}):
        free = [value for value in between if value not in pinned]
        if free and one not in between:
            between.remove(min(free, key=lambda value: abs(value - one)))
        between.append(one)
    values = {first, *between, last}
    return sorted({round(value) for value in values} if whole else values)


# ------------------------------------------------------------------------------------------------- the figures


def _walk(shown, pinned=None):
    """Record a walk: its runs from a grid of starts; of one optimizer for a grid of rates, too, and the sweeps.

    pinned: {name of an axis: values that it must have}; of a race, the hyperparameters to record, with their values.
    """
    scene, own, pinned = shown.scene, list(shown._start), pinned or {}
    first = {name: part for name, part in shown.answer.items() if name not in ("tried", "number")}
    cheap = not isinstance(shown._function, Plane)
    counts = STARTS[len(own)] if cheap else FEW
    axes = {}
    for name, bounds, count, at in zip(("start.0", "start.1"), scene["bounds"], counts, own):
        axes[name] = _stops(*bounds, count, [at, *pinned.get(name, ())])
    starts = list(axes.values())
    settings = [{control["name"]: control["value"] for control in run["controls"]} for run in scene["runs"]]
    controls = [{**run, "controls": []} for run in scene["runs"]]

    def answered(question):
        changed = [{**one} for one in settings]
        for name, value in question.items():
            part, i, *hyperparameter = name.split(".")
            if part == "settings":
                changed[int(i)][hyperparameter[0]] = value
        start = [question[f"start.{i}"] for i in range(len(own))]
        if start == own and changed == settings:
            return {"answer": first}  # on noisy slopes another run than the lesson's would be asked for
        answer = shown.answered({"start": start, "settings": changed})
        return {"answer": {name: part for name, part in answer.items() if name != "tried"}}

    def rated(count):
        known = [rate["value"], *pinned.get(RATE, ())]
        return {RATE: _stops(rate["low"], rate["high"], count, known, log=rate["log"])}

    words, sweeps = f"{math.prod(map(len, starts))} starts", []
    if "rates" in scene:
        (rate,) = (one for one in scene["runs"][0]["controls"] if one["name"] == "learning_rate")
        count = RATES[0 if cheap else -1]
        grid = _grid({**axes, **rated(count)}, answered)
        if (size := len(packed(grid))) > ROOM:
            count = next((few for few in RATES if few * size < count * ROOM), RATES[-1])
            grid = _grid({**axes, **rated(count)}, answered)
        stops = rated(count)[RATE]
        controls[0]["controls"] = [{**rate, "stops": stops}]
        words = f"{len(stops)} learning rates, each from {words}"
        if cheap:
            sweeps = [_swept(shown, list(start), own) for start in itertools.product(*starts)]
    else:
        moved = {name: values for name, values in pinned.items() if name.startswith("settings.")}
        grid = _grid({**axes, **moved}, answered)
        others = "other " if moved else ""
        for name, stops in moved.items():
            _, i, hyperparameter = name.split(".")
            (control,) = (one for one in scene["runs"][int(i)]["controls"] if one["name"] == hyperparameter)
            controls[int(i)]["controls"].append({**control, "stops": stops})
            words = f"{len(stops)} values of {control['label']}, each from {words}"
        words += f", but no {others}hyperparameter can be moved"
    shown.answer = {**shown.answered({"start": own, "settings": settings}), **first, "number": 0}
    shown.sweep, shown.pace = {}, {}
    strip = {} if sweeps else {"rates": None, "ends": None}  # where no sweep is recorded, none can be asked for
    shown.scene = {**scene, **strip, "runs": controls, "stops": starts}
    return {"grid": grid, "sweeps": sweeps}, words


def _swept(shown, start, own):
    """Return the whole sweep of a walk from a start; None where it takes long, unless it is the lesson's own start."""
    shown.answered({"start": start})
    shown._sweep.fill_if_quick()
    if start == own:
        shown._sweep.fill()
        shown._sweep.go_on(np.inf)
    return shown._sweep.sent() if shown._sweep.complete else None


def _training(shown):
    """Record a training: what the figure shows after each epoch."""
    frames, run = [], shown.run
    for epochs in range(len(run.measured) + 1):
        partial = training.Run(run.epochs)
        for epoch, numbers in list(run.measured.items())[:epochs]:
            partial.epoch = epoch
            partial.add(epoch, numbers)
        partial.end = run.end if epochs == len(run.measured) else ""
        frames.append({"answer": training.Training(partial)._answer()})
    shown.scene = {**shown.scene, "recorded": True}
    played = f"a training of {len(run.measured)} epochs"
    return {"frames": frames}, f"{played}; the button “Stop training” stands only where one really runs"


def _rewind(shown):
    """Record a time machine: each epoch; not what it reads in a drawing, which only the network itself can say."""
    scene, place = shown.scene, shown.answer["epoch"]
    shown._pads = False

    def answered(question):
        answer = shown.answered(question)
        return {"answer": answer, "pictures": _coarse(shown.pictures)}

    for shown._most in UNITS:
        grid = _grid({"epoch": range(scene["first"], scene["last"] + 1)}, answered)
        if len(packed(grid)) < ROOM:
            break
    (now,) = (one for one in grid["answers"] if one["answer"]["epoch"] == place)
    shown.answer, shown.pictures = {**now["answer"], "number": 0}, now["pictures"]
    shown.scene = {**scene, "tile": shown._tile(), "about": shown._about_pictures(), "pad": None}
    return {"grid": grid}, f"all {scene['last'] - scene['first']} epochs, but no digit can be drawn"


def _coarse(pictures):
    """Return pictures with few shades, as bytes: smaller, and they look the same."""
    values = np.frombuffer(pictures, np.int8).astype(float)
    return (127 * np.round(values * SHADES / 127) / SHADES).round().astype(np.int8).tobytes()


def _attend(shown):
    numbers = sorted({*NUMBERS, shown.answer["phrase"]})
    grid = _asked(shown, {"phrase": numbers, "step": range(LONGEST)})
    shown.scene = {**shown.scene, "stops": numbers}
    return {"grid": grid}, f"{len(numbers)} numbers, word by word"


def _threshold(shown, pinned=None):
    known = [shown.answer["threshold"], *(pinned or {}).get("threshold", ())]
    stops = _stops(0, shown.scene["most"], THRESHOLDS, known)
    stops[-1] = min(stops[-1], shown.scene["most"])
    grid = _asked(shown, {"threshold": stops})
    shown.scene = {**shown.scene, "stops": stops}
    return {"grid": grid}, f"{len(stops)} thresholds"


def _step_time(shown, pinned=None):
    names, stops = ("batch", "numbers"), {}
    for name, limits in zip(names, (BATCHES, NETWORKS)):
        known = [shown.answer[name], *(pinned or {}).get(name, ())]
        stops[name] = _stops(*limits, SIZES, known, log=True, whole=True)
    grid = _asked(shown, stops)
    shown.scene = {**shown.scene, "stops": stops}
    return {"grid": grid}, f"{len(stops['batch'])} sizes of the batch, each with {len(stops['numbers'])} networks"


RECORDERS = {
    Walk: _walk,
    training.Training: _training,
    Rewind: _rewind,
    Attend: _attend,
    Threshold: _threshold,
    StepTime: _step_time,
}
