"""`hint` and `solution`: a way out, one step at a time."""

import inspect

from gdcourse.exercises import catalogue, memory, report, running

_given = {}


def hint(name=None):
    """Show the next hint for an exercise, from a nudge to nearly the answer; without a name, for the last one tried."""
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


def solution(name=None):
    """Show the course's answer, and one line on why."""
    if name is None:
        report.say("wrong", ['Which one? Give its name, such as solution("third_row").'])
        return
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
    name = memory.last() if name is None else running.inner(name)
    if name is None:
        report.say("wrong", ['Which one? Give its name, such as hint("third_row"); progress() prints all names.'])
        return None
    try:
        return catalogue.find(name)
    except ValueError as problem:
        report.say("wrong", [str(problem.args[0])])
        return None
