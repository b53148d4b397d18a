"""What the learner has done, in a small file of their own on their own machine; it is never sent anywhere."""

import json
import os
from datetime import datetime
from pathlib import Path

from gdcourse import files
from gdcourse.exercises import catalogue, luggage

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
    if not unattended():
        _save()


def _save():
    """Write what the file doesn't hold yet; if that fails, this session remembers, and the next call tries again."""
    try:
        _write(_joined(_read_or_set_aside(), _unsaved))
    except OSError:
        return
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
    """Print what is done and what is left, and where that is kept; with forget=True, remove it.

    On a machine that keeps nothing, such as Binder's, one file to take along is offered: my_gdcourse.zip. Where it lies
    beside the lessons on another day or another machine, what was done is taken back from it, and the lessons in it
    are put beside those that are there.
    """
    if forget:
        return print(_forget())
    if unattended():
        return print("\n".join([*_lines(recall()), _where()]))
    try:
        taken, sound = _taken_back(Path.cwd()), True
    except luggage.Damaged as problem:
        taken, sound = str(problem), False
    print("\n".join([*_lines(recall()), *filter(None, [taken, _where()])]))
    if sound and luggage.is_passing():
        _offer(Path.cwd())


def _taken_back(folder):
    """Take back what another machine has packed, and say so; "" if there is nothing."""
    try:
        packed = luggage.from_elsewhere(folder)
        if not packed:
            return ""
        _join(_parsed(packed.done))
        names = packed.unpack(folder)
        os.replace(folder / luggage.FILE, folder / luggage.taken(packed))
    except Damaged:
        raise luggage.Damaged from None
    except OSError as problem:
        return f"{luggage.FILE} can't be taken back ({problem.strerror}) and stays: run progress() again later."
    _save()
    beside = f" Beside the lessons are now {', '.join(names)}." if names else ""
    return f"Taken back from {luggage.FILE}, packed {packed.when}: what was done.{beside}"


def _join(done):
    """Take over what was done elsewhere and is not known here; an exercise that was done there is done."""
    here = recall()
    for kind, entries in done.items():
        for name, entry in entries.items():
            known = here.get(kind, {}).get(name)
            if known is None or (kind == "exercise" and "right" == entry["outcome"] != known["outcome"]):
                _unsaved.setdefault(kind, {})[name] = entry


def _offer(folder):
    """Pack the file to take along, and show a link to it."""
    from IPython.display import display

    try:
        luggage.pack(folder, _text(recall()))
    except OSError as problem:
        return print(f"{luggage.FILE} can't be written ({problem.strerror}): download your notebooks one by one.")
    words = (
        "This machine keeps nothing: after ten idle minutes all is gone. Save your notebooks (Ctrl+S), run progress() "
        "again, and download the file. On another day, put it beside the lessons and run progress()."
    )
    link = f'<a href="{luggage.FILE}" download>Download {luggage.FILE}</a>'
    display({"text/plain": f"{words} It is {luggage.FILE}.", "text/html": f"<p>{words}</p><p>{link}</p>"}, raw=True)


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
        return _parsed(place().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise Damaged from None


def _parsed(text):
    """Return what was done, from the text of a file; raise Damaged where it is not what was written."""
    try:
        done = json.loads(text)["done"]
        sound = all(isinstance(entry["outcome"], str) for kind in done.values() for entry in kind.values())
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise Damaged
    return done


def _text(done):
    """Return what was done as the text of a file."""
    return json.dumps({"about": ABOUT, "done": done}, indent=1, ensure_ascii=False) + "\n"


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
    files.replace(path, _text(done).encode(), mode=0o600)
