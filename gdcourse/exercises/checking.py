"""`exercise`: judge the learner's function by what it does, and name the mistake it behaves like."""

import ast
import dataclasses
import functools
import inspect
import time
from typing import NamedTuple

import numpy as np

from gdcourse.exercises import (
    catalogue,
    comparing,
    gaps,
    memory,
    recognising,
    report,
    running,
    sources,
    ways,
    wrong_answers,
)
from gdcourse.exercises.definition import Exercise

AT_MOST = 5.0  # seconds to a sentence
LATER = "A later cell hands over the like, and there it is not right."

_with_fewer_cases = {}  # (exercise, the same with its first cases alone) by id and number: what is known of it is kept


class Verdict(NamedTuple):
    """What was found: "open", "right" or "wrong", the sentences that go with it, and whether later cells may use it."""

    kind: str
    lines: list
    usable: bool = False


def exercise(function=None):
    """Check the function below, say what is right or wrong, and return the one that the notebook goes on with.

    That is the learner's own if it is right, otherwise the course's. One that gives lists for arrays or float32 for
    float64, or, where the exercise allows it, changes its arguments in place, is right too; but later cells may suffer
    from that, so they get the course's.
    """
    if function is None or isinstance(function, str):  # @exercise() and @exercise("name") do as @exercise does
        if function is not None:
            report.say("wrong", ["`@exercise` stands alone, without brackets, in the line above `def`."])
        return exercise
    if unfit := no_function(function):
        report.say("wrong", [unfit])
        return function
    function = getattr(function, "__func__", function) if isinstance(function, staticmethod) else function
    inner = running.inner(function)
    try:
        task = catalogue.find(inner.__name__)
        unknown = "" if isinstance(task, Exercise) else f"{task.name} is a question: answer it with answer(…)."
    except ValueError as problem:
        unknown = str(problem)
    if unknown:
        report.say("wrong", [unknown])
        return function
    getattr(inner, "__globals__", {})[task.name] = function  # a call of its own name must not reach the course's
    kind, lines, usable = judge(function, task)
    memory.keep(task.name, None if kind == "open" else function)
    if kind == "open":
        begun = "a `...` still stands in it. Put your code in its place." if gaps.begun(function, task) else ""
        until = f"Until then the course's own {task.name} is used."
        report.say(kind, [f"{task.name}: {begun or 'not attempted yet.'}", until])
        return task.reference
    memory.remember("exercise", task.name, kind)
    if usable:
        report.say(kind, [f"{task.name} is right. From here on it is yours that is used.", *lines])
        return function
    if kind == "right":
        changes = any("in place" in line for line in lines)
        other = "gives a list, or another kind of array: np.array(…) makes an array"
        other = "is not right for what they hand over" if LATER in lines else other
        why = f"because yours {'changes what it is given' if changes else other}"
        closing = f"Later cells use the course's own {task.name}, {why}."
        report.say(kind, [f"{task.name} is right.", *lines, closing])
        return task.reference
    closing = f'The course\'s own {task.name} is used from here on. hint("{task.name}") helps.'
    report.say(kind, [f"{task.name} is not right yet.", *lines, closing])
    return task.reference


def no_function(thing):
    """Say what stands below `@exercise` where a function with a name should stand, or nothing."""
    inner = running.inner(thing)
    try:
        name = getattr(inner, "__name__", None)
    except Exception:  # an object that answers no question
        name = None
    if isinstance(thing, functools.partial):
        return "A partial has no name of its own, so nobody knows which exercise it answers. Write it as `def`."
    if isinstance(thing, type):
        return f"{thing.__name__} is a class. `@exercise` stands above a function: above `def`."
    if name == "<lambda>":
        return "A lambda has no name, so nobody knows which exercise it answers. Write it as `def`."
    if isinstance(thing, property | classmethod):
        return f"A {type(thing).__name__} belongs in a class. `@exercise` stands above a plain function."
    if not callable(thing) or not isinstance(name, str):
        return f"`@exercise` stands above a function: above `def`. This is {report.shown_type(thing)}."
    if inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner):
        return f"`async def` makes {name} something to wait for. Write `def` alone."
    return ""


@np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")  # as NumPy comes: others decide no verdict
def judge(function, task):
    """Run the function on all cases and return the Verdict."""
    if untouched(function, task):
        return Verdict("open", [])
    asked = list(inspect.signature(task.reference).parameters)
    called = f"It is called as {task.name}({', '.join(asked)}), and yours"
    try:
        own = inspect.signature(running.inner(function))
        own.bind(*task.cases[0])
    except (TypeError, ValueError):
        return Verdict("wrong", [f"{called} takes other arguments."])
    deadline = time.monotonic() + AT_MOST
    expected = answers(task)
    trial = running.tried(function, task, expected)
    outcomes = trial.outcomes
    right = [
        not outcome.trouble and comparing.same(value, outcome.value, task.tolerance)
        for value, outcome in zip(expected, outcomes)
    ]
    repeated = trial.repeated or outcomes[-1]
    steady = bool(repeated.trouble) or comparing.same(outcomes[0].value, repeated.value)
    if all(right) and len(right) == len(expected) and steady:
        changed = changed_arguments(task, outcomes)
        if kept := [name for name in task.keeps if name in changed.split(", ")]:
            told = f"What comes back is right, but `{kept[0]}` is changed in place, and it should stay as it comes in."
            return Verdict("wrong", [f"{told} Which line makes a copy?"])
        if elsewhere := wrong_in(task.others, function, task):
            return Verdict("wrong", [*elsewhere, "In other cases it is right. What is different here?"])
        alike = task.any_kind or all(
            comparing.alike(value, outcome.value) for value, outcome in zip(expected, outcomes)
        )
        usable = alike and not changed
        if usable and (later := wrong_in(task.later, function, task)):
            return Verdict("right", [*remarks(changed, outcomes[0]), *later, LATER])
        return Verdict("right", remarks(changed, outcomes[0]), usable)
    if not steady and not outcomes[0].trouble:
        twice = "Called twice with the same arguments, it gives two answers, so something else decides, too."
        asked = "What does it remember, and where?" if right[0] else "What is drawn by chance, or remembered?"
        lines = [] if right[0] else failing_case(task, task.cases[0], expected[0], outcomes[0])
        return Verdict("wrong", [*lines, twice, default_changed(trial) or asked])
    first = right.index(False)
    lines = failing_case(task, task.cases[first], expected[first], outcomes[first])
    if lines[-1].endswith(".") and "?" not in lines[-1] and _are_cut_off(expected, outcomes):
        lines[-1] = lines[-1].removesuffix(".") + ": the fractions are cut off."
    if list(own.parameters) != asked and sorted(own.parameters) == sorted(asked):
        return Verdict("wrong", [*lines, f"{called} has these names in another order. Which stands where?"])
    named = diagnosis(function, task, trial, expected, right, deadline)
    return Verdict("wrong", [*lines, *named, *spoken(outcomes[first])])


def wrong_in(cases, function, task):
    """Say in which of these cases a function is not right that was right in all others; nothing if there is none."""
    if not cases:
        return []
    more = dataclasses.replace(task, cases=cases, others=())
    expected = answers(more)
    for case, value, outcome in zip(more.cases, expected, running.tried(function, more, expected).outcomes):
        if outcome.trouble or not comparing.same(value, outcome.value, task.tolerance):
            return failing_case(task, case, value, outcome)
    return []


def _are_cut_off(expected, outcomes):
    """Say whether the fractions of all values are cut off, where the one that is shown is a single number."""
    if outcomes[-1].trouble or not isinstance(expected[0], float | np.floating):
        return False
    return comparing.are_cut_off(expected, [outcome.value for outcome in outcomes])


def answers(task):
    """Return the right value for each case."""
    return [running.run(task.reference, case).value for case in task.cases]


def untouched(function, task):
    """Say whether the function is still the stub: a `...` in it, nothing in it, or the broken one as printed."""
    body = sources.tree(function)
    if body is None:
        return False
    broken = sources.tree(task.broken) if task.broken else None
    if broken is not None and [ast.dump(one) for one in body] == [ast.dump(one) for one in broken]:
        return True
    return bool(gaps.left(body)) or all(isinstance(one, ast.Pass) for one in body)


def failing_case(task, case, expected, outcome):
    """Say what went in, what was expected, and what came out."""
    names = inspect.signature(task.reference).parameters
    lines = ["With " + ", ".join(f"{name} = {report.shown(value)}" for name, value in zip(names, case))]
    if outcome.trouble:
        return [*lines, outcome.trouble[0].upper() + outcome.trouble[1:]]
    told, expected, got = first_wrong_value(task, expected, outcome.value)
    how = comparing.how_it_differs(expected, got) if got is not None else ""
    if not how and isinstance(expected, int | float) and report.shown(expected) == report.shown(got):
        how = f"the difference is {abs(expected - got):.2g}"
    told += f"expected {report.shown(expected)}, got {report.shown(got)}"
    return [*lines, f"{told}: {how}." if how else f"{told}."]


def first_wrong_value(task, expected, got):
    """Return ("", expected, got), or, of several values of which some are right, the first wrong one by its name."""
    if not task.returns or not isinstance(got, tuple | list) or len(got) != len(task.returns):
        return "", expected, got
    right = [comparing.same(*pair, task.tolerance) for pair in zip(expected, got)]
    if not any(right) or all(right):
        return "", expected, got
    first = right.index(False)
    correct = [name for name, is_right in zip(task.returns, right) if is_right]
    told = f"{' and '.join(correct)} {'are' if len(correct) > 1 else 'is'} right; {task.returns[first]}: "
    return told, expected[first], got[first]


def diagnosis(function, task, trial, expected, right, deadline):
    """Name what went wrong, in a sentence or two: how it was done, or what was done instead."""
    outcomes = trial.outcomes
    if outcomes[-1].trouble:
        return _before_the_trouble(function, task, trial, expected, right, deadline)
    if all(outcome.value is None for outcome in outcomes):
        if any(outcome.printed for outcome in outcomes):
            return ["It prints its answer and returns nothing. Which statement hands a value back?"]
        return ["It returns nothing. Does it end with `return`?"]
    if not all(right) and any(outcome.value is None for outcome in outcomes):
        return ["On one path it returns nothing: here it reached its end without a `return`. Which path is that?"]
    changed = changed_arguments(task, outcomes)
    in_place = f"It changes {changed} in place. What does the next line, or the next call, then see?" if changed else ""
    answer = wrong_answers.Answer(function, task, trial, expected, deadline)
    named = ""
    if answer.is_degenerate():
        named = ways.patiently(lambda: recognising.named(answer, recognising.DEGENERATE), answer.deadline)
    if named := named or recognising.named(answer, recognising.ONE_SLIP):
        return [named, "" if "in place" in named else in_place]
    if default_changed(trial):
        return [default_changed(trial)]
    named = ways.patiently(lambda: recognising.named(answer, recognising.TWO_SLIPS), answer.deadline)
    if task.batch is not None and only_batches_fail(task, right) and not recognising.holds_a_mistake(named, task):
        return ["It is right for one sample and wrong for several. Does every sample get a say of its own?", in_place]
    if named:
        return [named, "" if "in place" in named else in_place]
    unknown = ways.patiently(lambda: recognising.named(answer, recognising.UNKNOWN), deadline)
    return [foreign_values(function, task, trial), in_place or unknown]


def _before_the_trouble(function, task, trial, expected, right, deadline):
    """Name what went wrong in the cases before the one in which it stopped, if there are two; and that it stopped."""
    many = len(trial.outcomes) - 1
    found = []
    if many > 1 and not all(right[:many]):
        _, fewer = _with_fewer_cases.setdefault(
            (id(task), many), (task, dataclasses.replace(task, cases=task.cases[:many]))
        )
        before = running.Trial(trial.outcomes[:many])
        found = diagnosis(function, fewer, before, expected[:many], right[:many], deadline)
    trouble = trial.outcomes[-1].trouble
    if not any(found) and trouble == running.ENDLESS.format(running.SECONDS):
        late = [running.Outcome((), trouble=trouble)] * (len(expected) - len(trial.outcomes))
        answer = wrong_answers.Answer(function, task, running.Trial([*trial.outcomes, *late]), expected, deadline)
        found = [ways.patiently(lambda: recognising.named(answer, recognising.REPAIRED), deadline)]
    return found if all(right[:many]) else [*found, f"In another case {trouble}"]


def only_batches_fail(task, right):
    """Say whether exactly the cases with more than one sample fail."""
    single = [len(case[task.batch]) == 1 for case in task.cases]
    return any(single) and not all(single) and right == single


def changed_arguments(task, outcomes):
    """Return the names of the arguments that a call changed."""
    names = list(inspect.signature(task.reference).parameters)
    changed = {
        names[i]
        for case, outcome in zip(task.cases, outcomes)
        for i, (before, after) in enumerate(zip(case, outcome.arguments))
        if not callable(before) and not comparing.same(before, after, 0)
    }
    return ", ".join(name for name in names if name in changed)


def default_changed(trial):
    """Say that a default argument was changed by the calls, if one was."""
    if not trial.defaults_changed:
        return ""
    return "A default argument such as `[]` is made once and shared by all calls. Where should it be made instead?"


def foreign_values(function, task, trial):
    """Say that a value of the notebook stands where an argument has no influence."""
    names = list(inspect.signature(task.reference).parameters)
    unused = report.listed([f"`{names[i]}`" for i in trial.deaf])
    values, has = running.loaded_globals(function), "has" if len(trial.deaf) == 1 else "have"
    if not unused:
        return ""
    if values:
        return (
            f"It uses {', '.join(values)} from the notebook, and {unused} {has} no influence. Which of them is meant?"
        )
    where = "does it belong" if len(trial.deaf) == 1 else "do they belong"
    return f"{unused} {has} no influence: another value changes nothing. Where {where}?"


def remarks(changed, outcome):
    """Say what is worth knowing about a right answer."""
    lines = [f"It changes {changed} in place, so what the caller holds changes too." if changed else ""]
    return [*lines, *spoken(outcome)]


def spoken(outcome):
    """Quote what a call printed and what it was warned of."""
    printed = " / ".join(line for line in outcome.printed.splitlines() if line.strip())
    warned = outcome.warned[0][:200] if outcome.warned else ""
    return [f"It printed: {printed}" if printed else "", f"Python warned: {warned}" if warned else ""]
