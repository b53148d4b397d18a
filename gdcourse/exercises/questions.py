"""`answer`: a number, a list of numbers, or an order of lines that was worked out on paper."""

import re
from decimal import Decimal
from fractions import Fraction
from numbers import Real

import numpy as np

from gdcourse.exercises import comparing, memory, report
from gdcourse.exercises.definition import Question
from gdcourse.exercises.helping import find

NUMBER = re.compile(
    r"([-+−]?\d[\d,_ ]*\.?\d*(?:e[-+]?\d+)?|[-+−]?\.\d+)\s*(?:/\s*(\d+\.?\d*))?\s*[^\d.]*", re.IGNORECASE
)


def answer(name=None, *values):
    """Check an answer worked out on paper; with `...`, say what is asked. Fractions and units are accepted."""
    if name is None:
        report.say("wrong", ['Which one? Give its name and your answer, such as answer("third_row", 5).'])
        return
    if (task := find(name)) is None:
        return
    name = task.name
    if not isinstance(task, Question):
        report.say("wrong", [f"{name} is a function to write, in its own cell with @exercise above it."])
        return
    value = (values[0] if values else ...) if len(values) < 2 else list(values)
    numbered = "\n".join(f"{number}  {line}" for number, line in enumerate(task.lines, start=1))
    if value is ...:
        how = "Give the numbers of the lines in order, such as [2, 1]." if task.lines else accepted(task)
        report.say("open", [f"{name}: not attempted yet.", how], code=numbered)
        return
    try:
        given = parsed(value, task.value)
    except ValueError as problem:
        report.say("wrong", [f"{name}: {problem}"], code=numbered)
        return
    tolerance = 0 if task.lines else task.tolerance
    kind = "right" if any(comparing.same(one, given, tolerance) for one in (task.value, *task.also)) else "wrong"
    memory.remember("exercise", name, kind)
    if kind == "right":
        report.say(kind, [f"{name}: {report.shown(given)} is right.", task.why])
        return
    found = [text for wrong, text in task.mistakes if comparing.same(wrong, given, tolerance)]
    near = not task.lines and comparing.same(task.value, given, 0.05)
    within = accepted(task) if near else ""
    comma = (
        "A comma separates thousands here; the decimal sign is a point."
        if isinstance(value, str) and "," in value and not np.ndim(given)
        else ""
    )
    told = found[:1] or [amiss(given, task), within, comma]
    report.say(
        kind, [f"{name}: {report.shown(given)} is not right yet.", *told, f'hint("{name}") helps.'], code=numbered
    )


def accepted(task):
    """Say how near an answer must come."""
    return f"Answers within {task.tolerance:.2%} are accepted." if task.tolerance else ""


def amiss(given, task):
    """Say what is wrong with the form of an answer, if it is that."""
    if not task.lines:
        counts = np.size(given), np.size(task.value)
        return (
            "" if counts[0] == counts[1] else f"How many numbers are asked for? Yours are {counts[0]}, not {counts[1]}."
        )
    if not set(given) <= set(range(1, len(task.lines) + 1)):
        return f"The lines are numbered from 1 to {len(task.lines)}."
    if len(set(given)) < len(given):
        return "A line stands in it twice."
    if len(given) != len(task.value):
        return f"It has {len(given)} lines; the answer has {len(task.value)}."
    return "The right lines are there, in another order." if set(given) == set(task.value) else "One line is wrong."


def parsed(value, like):
    """Return the value as a number or a list of numbers, or say what is expected instead."""
    asked = "a number, such as 2.5 or 5/2" if np.ndim(like) == 0 else "a list of numbers, such as [2, 1]"
    try:
        if np.ndim(like):
            if isinstance(value, str):
                value = re.findall(r"[^\s,;\[\]()]+", value)
            return [number(one) for one in np.ravel(np.asarray(value, dtype=object)).tolist()]
        return number(value)
    except Exception:  # whatever the value does when it is read: it is no answer
        raise ValueError(f"expected {asked}; got {report.shown(value)}.") from None


def number(value):
    """Return one number from a number, a fraction, or a text with a unit."""
    if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, Real | Decimal | str):
        raise TypeError
    if isinstance(value, str):
        match = NUMBER.fullmatch(value.strip()) if len(value) < 100 else None
        if not match:
            raise ValueError
        value = float(re.sub(r"[,_ ]", "", match[1]).replace("−", "-")) / float(match[2] or 1)
        value /= 100 if "%" in match[0] else 1
    result = float(Fraction(value)) if isinstance(value, Fraction) else float(value)
    if not np.isfinite(result):
        raise ValueError
    return result
