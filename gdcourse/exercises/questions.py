"""`answer`: a number, a list of numbers, or an order of lines that was worked out on paper."""

import re

import numpy as np

from gdcourse.exercises import comparing, memory, paper, reading, report
from gdcourse.exercises.definition import Question
from gdcourse.exercises.helping import find


def answer(name=None, *values):
    """Check an answer worked out on paper; with `...`, say what is asked. It is read as people write numbers."""
    if name is None:
        report.say("wrong", ['Which one? Give its name and your answer, such as answer("third_row", 5).'])
        return
    if (task := find(name)) is None:
        return
    if not isinstance(task, Question):
        report.say("wrong", [f"{task.name} is a function to write, in its own cell with @exercise above it."])
        return
    value = (values[0] if values else ...) if len(values) < 2 else list(values)
    kind, lines, read = judge(task, value)
    if read:
        memory.remember("exercise", task.name, kind)
    numbered = "\n".join(f"{number}  {line}" for number, line in enumerate(task.lines, start=1))
    report.say(kind, lines, code="" if kind == "right" else numbered)


def judge(task, value):
    """Return "open", "right" or "wrong", the lines that go with it, and whether the value could be read."""
    name = task.name
    if value is ...:
        how = "Give the numbers of the lines in order, such as [2, 1]." if task.lines else accepted(task)
        return "open", [f"{name}: not attempted yet.", how], False
    try:
        given = read(task, value)
    except Exception:  # whatever the value does when it is read: it is no answer
        if task.lines:
            how = f"give the numbers of the lines, from 1 to {len(task.lines)}, in order; got {report.shown(value)}."
            return "wrong", [f"{name}: expected a list: {how}"], False
        asked = "a number, such as 2.5 or 5/2" if np.ndim(task.value) == 0 else "a list of numbers, such as [2, 1]"
        return "wrong", [f"{name}: expected {asked}; got {report.shown(value)}."], False
    if any(is_met(task, one, given) for one in (task.value, *task.also)):
        return "right", [f"{name}: {report.shown(given)} is right.", task.why], True
    helps = f'hint("{name}") helps.'
    return "wrong", [f"{name}: {report.shown(given)} is not right yet.", *amiss(task, given, value), helps], True


def read(task, value):
    """Return the value as a number, a list of numbers, or an order of lines."""
    if task.lines:
        return reading.order(value, task.lines)
    if np.ndim(task.value) == 0:
        return reading.number(value)
    return reading.numbers(value, np.size(task.value) if paper.are_codes(task) else 0)


def is_met(task, right, given):
    """Say whether the answer is near enough, or the right one rounded to two decimals or more."""
    if task.lines or not task.tolerance or np.shape(right) != np.shape(given):
        return comparing.same(right, given, 0)
    if comparing.near(right, given, task.tolerance):
        return True
    if any(comparing.same(wrong, given, 1e-9) for wrong, _ in task.mistakes):
        return False
    return all(map(comparing.is_rounded, np.ravel(right).tolist(), np.ravel(given).tolist()))


def _is_a_known_mistake(task, wrong, given, tolerance):
    """Say whether each number is near that of a mistake, or one of the two is the other one, rounded."""
    if not tolerance or np.shape(wrong) != np.shape(given):
        return comparing.same(wrong, given, tolerance)
    pairs = list(zip(np.ravel(wrong).tolist(), np.ravel(given).tolist()))
    whole = [float(one).is_integer() for one in np.ravel(task.value)]
    if any(right and b.is_integer() and not float(a).is_integer() for right, (a, b) in zip(whole, pairs)):
        return False  # where whole numbers are asked for, one that is given has no parts
    if comparing.near(wrong, given, tolerance):
        return True
    several = len(pairs) > 1  # one number alone is soon another one, rounded
    return all(
        abs(a - b) <= tolerance * abs(a)
        or comparing.is_rounded(b, float(a))
        or (several and (comparing.is_as_written(a, b) or comparing.is_rounded(float(a), b)))
        for a, b in pairs
    )


def accepted(task):
    """Say how near an answer must come, or nothing where codes or small counts are asked for, met or missed."""
    values = np.abs(np.ravel(task.value))
    counts = all(value == int(value) and value * task.tolerance < 0.5 for value in values)
    return f"Answers within {task.tolerance:.2%} are accepted." if task.tolerance and not counts else ""


def amiss(task, given, value):
    """Say what is wrong: in the authors' words, as a usual slip, or that it is near."""
    tolerance = 0 if task.lines else task.tolerance
    found = [text for wrong, text in task.mistakes if _is_a_known_mistake(task, wrong, given, tolerance)]
    if found:
        return found[:1]
    if task.lines:
        return [paper.of_an_order(task, given)]
    comma = isinstance(value, str) and re.search(r"\d,\d", value) and np.ndim(given) == 0
    if comma and comparing.same(task.value, _with_points(value), task.tolerance):
        return ["A comma separates thousands here; the decimal sign is a point."]
    near = comparing.near(task.value, given, 0.05)
    told = paper.of_numbers(task, given) if np.ndim(task.value) else paper.of_a_number(task, given)
    return [told, accepted(task) if near else ""]


def _with_points(value):
    """Return what a text says if its commas are decimal points, or NaN if it then says no number."""
    try:
        return reading.number(value.replace(",", "."))
    except Exception:  # as in 2.500.000
        return np.nan
