"""Every exercise, question and prediction of the course, found by its name."""

import difflib
import functools
import importlib
import pkgutil
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "lessons"
LESSON = re.compile(r"lesson_(\d+)")


@functools.cache
def lessons():
    """Return {lesson number: its module} for every lesson that has exercises, the first lesson first."""
    found = {}
    for module in pkgutil.iter_modules([str(FOLDER)]):
        if name := LESSON.fullmatch(module.name):
            found[int(name[1])] = importlib.import_module(f"gdcourse.exercises.lessons.{module.name}")
    return dict(sorted(found.items()))


def find(name):
    """Return the Exercise or Question of that name; a function stands for its own name."""
    name = getattr(name, "__name__", name)
    known = {exercise.name: exercise for module in lessons().values() for exercise in module.EXERCISES}
    return _look_up(known, name, f"No exercise is named {_short(name)}", "progress() prints their names")


def prediction(question):
    """Return the Prediction that asks this question."""
    known = {item.question: item for module in lessons().values() for item in getattr(module, "PREDICTIONS", ())}
    return _look_up(known, question, f"No lesson asks to predict {_short(question)}", "copy the question as it stands")


def _look_up(known, name, complaint, advice):
    """Return known[name], or complain in one sentence that names what comes near."""
    if isinstance(name, str) and name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=2) if isinstance(name, str) else []
    raise ValueError(
        f"{complaint}; did you mean {' or '.join(map(_short, near))}?" if near else f"{complaint}; {advice}."
    )


def _short(name):
    """Return how a message quotes the name, cut where it is long."""
    try:
        text = " ".join(repr(name).split())
    except Exception:  # a __repr__ of the learner's own that fails
        text = f"a {type(name).__name__}"
    return text if len(text) <= 50 else f"{text[:46]}...{text[0]}"
