"""`hint` and `solution`: a way out, one step at a time."""

import inspect

from gdcourse.exercises import catalogue, memory, report

_given = {}


def hint(name):
    """Show the next hint for an exercise, from a nudge to nearly the answer."""
    if (task := find(name)) is None:
        return
    name = task.name
    number = _given[name] = _given.get(name, 0) + 1
    if number > len(task.hints):
        report.say("note", [f'That was the last hint. solution("{name}") shows the answer.'])
        return
    first_try = number == 1 and name not in memory.recall().get("exercise", {})
    kindly = "You have not tried it yet. A guess first helps more; here is a hint all the same." if first_try else ""
    report.say("note", [f"Hint {number} of {len(task.hints)} for {name}", task.hints[number - 1], kindly])


def solution(name):
    """Show the course's answer, and one line on why."""
    if (task := find(name)) is None:
        return
    name = task.name
    tried = name in memory.recall().get("exercise", {})
    kindly = "" if tried else "You have not tried it yet. Close this, guess, and come back: it stays here."
    if hasattr(task, "reference"):
        report.say("note", [f"A solution of {name}", task.why, kindly], code=inspect.getsource(task.reference))
        return
    lines = "\n".join(task.lines[number - 1] for number in task.value) if task.lines else ""
    report.say("note", [f"The answer to {name}: {report.shown(task.value)}", task.why, kindly], code=lines)


def find(name):
    """Return the exercise or question of this name, or say that there is none."""
    try:
        return catalogue.find(name if isinstance(name, str) else getattr(name, "__name__", repr(name)))
    except (LookupError, ValueError) as problem:
        report.say("wrong", [str(problem.args[0])])
        return None
