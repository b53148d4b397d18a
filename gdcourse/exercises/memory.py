"""What the learner has done, in a small file of their own on their own machine; it is never sent anywhere."""

import json
import os
from datetime import datetime
from pathlib import Path

from gdcourse import files
from gdcourse.exercises import catalogue

FILE = "progress.json"
ABOUT = "What you have done in the course gdcourse; delete this file whenever you like."
DONE, TRIED, LEFT = "✓ done ", "✗ tried", "… left "

_tried = []  # the names of the exercises that were tried in this session, the last one last
_functions = {}  # the learner's functions as they were last tried in this session, right or wrong
_unsaved = {}  # what the file doesn't hold: everything, if it can't be written


class Damaged(Exception):
    """The file is there and is not what was written."""


def unattended():
    """Say whether a test or a command runs the notebook, not a person."""
    return os.environ.get("GDCOURSE_UNATTENDED", "") not in ("", "0")


def place():
    """Return the file's path: in the folder GDCOURSE_DATA if that is set, else in the user's own data folder."""
    folder = os.environ.get("GDCOURSE_DATA")
    if not folder:
        import platformdirs

        folder = platformdirs.user_data_dir("gdcourse", appauthor=False)
    return Path(os.path.abspath(os.path.expanduser(folder))) / FILE


def remember(kind, name, outcome):
    """Remember how an exercise or a prediction went; an exercise that is done stays done."""
    if kind == "exercise":
        _tried.append(name)
    before = recall().get(kind, {}).get(name, {}).get("outcome")
    if kind == "exercise" and before == "right":
        return
    entry = {"outcome": str(outcome), "when": datetime.now().strftime("%Y-%m-%d %H:%M")}
    _unsaved.setdefault(kind, {})[name] = entry
    if unattended():
        return
    try:
        _write(_joined(_read_or_set_aside(), _unsaved))
    except OSError:
        return  # this session remembers, and the next call tries again
    _unsaved.clear()


def last():
    """Return the name of the exercise that was tried last in this session, or None."""
    return _tried[-1] if _tried else None


def keep(name, function):
    """Keep the learner's function for this session, as a live figure may run it; of the stub, None."""
    _functions[name] = function


def attempt(name):
    """Return the learner's function as the exercise of that name last saw it, right or wrong; None if there is none."""
    return _functions.get(name)


def recall():
    """Return {kind: {name: {"outcome": …, "when": …}}} of all that was done; nothing if the file can't be read."""
    try:
        stored = {} if unattended() else _read()
    except (OSError, Damaged):
        stored = {}
    return _joined(stored, _unsaved)


def progress(forget=False):
    """Print what is done and what is left, and where that is kept; with forget=True, remove it."""
    print(_forget() if forget else "\n".join([*_lines(recall()), _where()]))


def _lines(done):
    """Return the lines of every lesson."""
    outcomes, guesses = (
        {name: entry["outcome"] for name, entry in done.get(kind, {}).items()} for kind in ("exercise", "prediction")
    )
    for number, module in catalogue.lessons().items():
        names = [exercise.name for exercise in module.EXERCISES]
        right = sum(outcomes.get(name) == "right" for name in names)
        yield f"Lesson {number}: {right} of {len(names)} exercises done"
        for name in names:
            sign = {"right": DONE, None: LEFT}.get(outcomes.get(name), TRIED)
            yield f"  {sign}  {name}"
        if asked := getattr(module, "PREDICTIONS", ()):
            made = [guesses.get(prediction.question) for prediction in asked]
            hits = sum(guess == prediction.right for guess, prediction in zip(made, asked))
            yield f"  Predictions: {len(made) - made.count(None)} of {len(asked)} made, {hits} right"
        yield ""


def _where():
    """Say where the file is; unattended, the same on every machine."""
    if unattended():
        return "Your own progress is kept in a file on your machine, and nowhere else."
    path = place()
    if _unsaved:
        return f"{path} can't be written, so this is kept only until the kernel stops."
    if not path.exists():
        return "Nothing is kept on this machine yet."
    return f"Kept in {path}, and nowhere else; progress(forget=True) removes it."


def _forget():
    """Remove the file and what was set aside beside it, and say so."""
    _unsaved.clear()
    if unattended():
        return "Nothing was kept, so nothing is removed."
    path = place()
    try:
        patterns = [path.name, f"{path.stem} (damaged *{path.suffix}", f".{path.stem}-*.tmp"]
        found = [file for pattern in patterns for file in path.parent.glob(pattern)]
        for file in found:
            file.unlink()
    except OSError as problem:
        return f"{path} can't be removed ({problem.strerror}): delete it by hand."
    return f"Removed {path}: nothing is kept any more." if found else "Nothing was kept, so nothing is removed."


def _joined(*memories):
    """Return memories as one, the later ones winning."""
    kinds = {kind: {} for memory in memories for kind in memory}
    return {
        kind: {name: entry for memory in memories for name, entry in memory.get(kind, {}).items()} for kind in kinds
    }


def _read():
    """Return what the file holds; nothing if there is no file."""
    try:
        stored = json.loads(place().read_text(encoding="utf-8"))
        done = stored["done"]
        sound = all(isinstance(entry["outcome"], str) for kind in done.values() for entry in kind.values())
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise Damaged
    return done


def _read_or_set_aside():
    """Return what the file holds; a damaged one is kept beside under another name."""
    try:
        return _read()
    except Damaged:
        path = place()
        now = datetime.now().strftime("%Y-%m-%d %H.%M.%S.%f")
        os.rename(path, path.with_name(f"{path.stem} (damaged {now}){path.suffix}"))
        return {}


def _write(done):
    """Replace the file at once, so that an interruption leaves the old one or the new one."""
    path = place()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"about": ABOUT, "done": done}, indent=1, ensure_ascii=False) + "\n"
    files.replace(path, text.encode(), mode=0o600)
