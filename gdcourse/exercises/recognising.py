"""Name the mistake that a wrong answer behaves like: one the authors wrote, a general one, a slip, or two slips."""

import ast
import copy
import difflib
import functools
import inspect
import itertools
import re
import time
import types
import warnings

import numpy as np

from gdcourse.exercises import comparing, probes, steps, ways, wrong_answers
from gdcourse.exercises.slips import trees
from gdcourse.exercises.slips.repairs import FIRST, PAIRED, repeated, skipped
from gdcourse.exercises.slips.words import CALLS, DROPPED
from gdcourse.exercises.sources import OF_COMPARISONS, Source

RESULT = "that result"
AN_AXIS = r"\b(axis|rows?|columns?|keepdims)\b"
TURNS_A_SIGN = r"\b([Ss]igns? .*turned|added instead of subtracted|minus .*lost)\b"
SAYS_A_SIGN = r"\b(is subtracted|minus the|uphill)\b"
# True of that one mistake, and not where there is a second slip.
CALLS_A_PART_RIGHT = r"\b(is|are) right\b[^?]*\.|\bnow, but\b|\bexactly 1\b"
OF_SEVERAL = "Both|They|These|Those|All"  # a sentence that begins so speaks of several values
SPEAKS_OF_ALL = rf"({OF_SEVERAL}|The two)\b"
SHOWS_LATE = r"^Equal counts|raising to that power"  # a slip that changes nothing in many a case
LIKE_A_MISTAKE, LIKE_A_SLIP = 0.75, 0.95  # from 0 to 1, in writing, where the values tell nothing
ONCE_TOO_OFTEN, NOT_DIVIDED = (
    r"once too often|a factor too many|a factor `[^`]*` too many",
    r"not divided|nothing (is divided|divides)|is missing|\bcounts the\b|\bhalf\b",
)
TAKEN_AWAY = r"^`(\w+)` (?:loses|is too much|rounds|cuts)\b"
A_PICK = r"^(?:It is only the|Of \{what\} the) (?:first|last)\b"
OF_MANY = {DROPPED[name] for name in ("sum", "mean", "max")}
USES = r"It uses `(\w+)` where `(\w+)` belongs"


def named(answer, finders):
    """Return one or two sentences on what the answer does instead of the right thing, or nothing."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for find in finders:
            for sentence in find(answer):
                if sentence and answer.may_be_told(sentence) and (told := _fitted(sentence, answer)):
                    return told
    return ""


def _fitted(sentence, answer):
    """Return the sentence as it fits the answer's text; what the authors wrote stays as it is."""
    parts, authors = sentence.split(" And: "), _diagnoses(answer.task)
    fitted = [part if part.startswith(authors) else answer.source.fitted(part) for part in parts]
    return " And: ".join(fitted) if all(fitted) else ""


def _by_the_authors(answer):
    """The exercise's own mistakes."""
    found = [way for way in ways.known(answer.task).mistakes if answer.is_like(way.values)]
    if answer.is_degenerate():  # so many behave alike that it must be written alike too
        found += [way for way in ways.known(answer.task).slips if answer.is_like(way.values)]
        likely = [(_likeness(way.written, answer), way) for way in found]
        likely = [(like, way) for like, way in likely if like > (LIKE_A_SLIP if way.cost else LIKE_A_MISTAKE)]
        found = [way for _, way in sorted(likely, key=lambda pair: -pair[0])]
    for way in found:
        yield from way.sentences


def _by_the_source(answer):
    """What can be seen in the text, whatever it computes."""
    if answer.source.returns_in_its_first_turn():
        yield "The `return` stands inside the loop, so the loop ends in its first turn. How far in should it stand?"
    if condition := answer.source.never_both():
        yield f"`{condition}` asks for both at once, and no number is both. For how many of them must it hold?"
    if second := answer.source.array_of_two():
        said = f"np.array takes one list, and `{second}` stands beside it, as its dtype."
        yield f"{said} Where do square brackets belong?"


def _by_what_is_repeated(answer):
    """What its text does again and again, where once makes it right: its values may be those of something else."""
    for repair in answer.tree.slips([repeated, skipped]) if answer.tree else ():
        if answer.is_right(repair):
            yield repair.sentence


def _by_what_is_written_in(answer):
    """A number or a function of the answer's own in a place of the right answer."""
    task = answer.task
    tree = trees.Tree(task.reference, task.cases[0])
    found = []
    for slip in tree.slips(answer.rules(calls=True)):
        if (values := ways.values_of(tree, (slip,), task, answer)) is not None:
            found.append(ways.Way((slip.sentence,), values, slip.cost))
    for way in sorted(found, key=lambda way: way.cost):
        yield from way.sentences


def _plainly(answer):
    names = list(inspect.signature(answer.task.reference).parameters)
    yield probes.plainly(answer.values, answer.expected, answer.task.cases, names)


def _by_one_slip(answer):
    """One slip in the reference, where values are fine enough to tell slips apart."""
    if not (answer.is_coarse() and answer.tree):
        yield from _by_any_slip(answer)


def _by_any_slip(answer):
    """One slip in the reference."""
    if answer.is_degenerate():
        return
    found = [way for way in ways.known(answer.task).slips if answer.is_like(way.values)]
    for way in _likely_first([way for way in found if not _stands_right(way, answer)], answer):
        yield from way.sentences


def _stands_right(way, answer):
    """Say whether all lines that a slip would have changed stand in the answer as in the right one."""
    right, slipped, own = (
        {line.strip() for line in text.splitlines()}
        for text in (answer.source.right.text, way.written, answer.source.text)
    )
    changed = right - slipped
    loses_turns = any(line.endswith(":") for line in changed)  # of a loop: its body may do so, too
    return bool(way.written and changed) and changed <= own and not loses_turns


def _by_a_repair(answer):
    """One change of the answer's own code that makes it right."""
    expected, tolerance = answer.expected[answer.wrong[0]], answer.task.tolerance
    alone = all(comparing.is_numbers(one) and np.ndim(one) > 0 and np.size(one) == 1 for one in answer.values)
    for repair, value in itertools.chain(answer.repaired(FIRST), answer.repaired()):
        if alone and repair.sentence in OF_MANY:  # a number that stands in a list is taken out by anything
            continue
        if comparing.same(expected, value, tolerance) and answer.is_right(repair):
            yield repair.sentence


def _by_a_repair_and_more(answer):
    """One change of the answer's own code that leaves something known; few values tell less than two that mend it."""
    if answer.is_coarse():
        yield from _by_two_repairs(answer)
    yield from _leaving_something_known(answer)


def _leaving_something_known(answer):
    """One change of the answer's own code after which it behaves as something known."""
    task, first = answer.task, answer.wrong[0]
    by_print = {}
    known_ways = [*ways.known(task).mistakes, *ways.known(task).slips]
    known_ways += [
        ways.Way((said.format(what=RESULT),), values, cost) for values, said, cost in probes.changes(answer.expected)
    ]
    known_ways = [way for way in known_ways if answer.was_right_where(way)]
    for way in known_ways:
        empty = wrong_answers.is_empty(way.values, answer)
        if way.cost < 3 and "faults" not in ways.told(way) and not empty:
            by_print.setdefault(_print(way.values[first]), []).append(way)
    for repair, value in answer.repaired(PAIRED):
        unchanged = comparing.same(answer.values[first], value, answer.tolerance)
        if unchanged and (answer.is_coarse() or not re.search(SHOWS_LATE, repair.sentence)):
            continue
        for way in by_print.get(_print(value), ()):
            fit = repair.cost < 2 and _may_be_both(repair.sentence, way) and not _is_one_lack(repair, way, task)
            if fit and answer.is_right(repair, way.values):
                yield ways.both((repair.sentence, *way.sentences))


def _is_one_lack(repair, way, task):
    """Say whether a change takes the function away that makes the way a wrong one: the answer may well have it."""
    right = Source(task.reference)
    if way.written and re.search(ONCE_TOO_OFTEN, repair.sentence) and _lacks_a_factor(way.written, right):
        return True  # one factor stands in another's place
    gone = re.match(TAKEN_AWAY, repair.sentence)
    return bool(gone and way.written) and gone[1] in right.calls() and f"{gone[1]}(" not in way.written


def _lacks_a_factor(written, right):
    """Say whether a wrong function, which calls nothing of its own, has fewer products and quotients than the right."""
    mistaken, fine = (list(ast.walk(ast.parse(text))) for text in (written, right.text))
    many = (
        [isinstance(getattr(one, "op", None), ast.Mult | ast.Div) for one in found].count(True)
        for found in (mistaken, fine)
    )
    return {trees.called(one) for one in mistaken} <= {trees.called(one) for one in fine} and next(many) < next(many)


def _may_be_both(sentence, way):
    """Say whether a slip may come with a way.

    Not if both speak of an axis, a sign or a comparison, if that calls a part right, or if one undoes the other.
    """
    if re.search(CALLS_A_PART_RIGHT, ways.told(way)) or _undo_each_other(sentence, ways.told(way)):
        return False
    pairs = ((AN_AXIS, AN_AXIS), (TURNS_A_SIGN, SAYS_A_SIGN), (OF_COMPARISONS, OF_COMPARISONS))
    said, also = (re.sub(r"`[^`]*`", "", text) for text in (sentence, ways.told(way)))  # code speaks of nothing
    return not any(re.search(one, said) and re.search(other, also) for one, other in pairs)


def _undo_each_other(one, other):
    """Say whether two slips take away and miss a factor, or put a name or a function in another's place and back."""
    pair = (one, other) if re.search(ONCE_TOO_OFTEN, one) else (other, one)
    if re.search(ONCE_TOO_OFTEN, pair[0]) and re.search(NOT_DIVIDED, pair[1]):
        return True
    names = re.findall(USES, one)
    if any((then, now) in names for now, then in re.findall(USES, other)):
        return True
    exchanged = [
        {(meant, written) for meant, written, _, said in CALLS if _ends_as(text, said)} for text in (one, other)
    ]
    return any((written, meant) in exchanged[1] for meant, written in exchanged[0])


def _ends_as(sentence, said):
    """Say whether a sentence has the end of another, from its ` where ` on."""
    _, where, end = said.partition(" where ")
    return bool(where) and sentence.endswith(where + end)


def _by_two_repairs(answer):
    """Two changes of the answer's own code that make it right."""
    deadline = time.monotonic() + (answer.deadline - time.monotonic()) / 3
    for repair in [one for one, _ in answer.repaired(PAIRED) if one.cost < 2]:
        with answer.tree.kept(repair):
            for second in answer.tree.slips(PAIRED):
                if time.monotonic() > deadline:
                    return
                undone = _undo_each_other(repair.sentence, second.sentence)
                told = second.cost < 2 and not undone and answer.source.quotes_only(second.sentence)
                if told and answer.is_right(second):
                    yield ways.both((repair.sentence, second.sentence))


def _by_two_repairs_at_last(answer):
    """The same, where it was not looked for earlier."""
    if not (answer.is_coarse() or answer.is_degenerate()):
        yield from _by_two_repairs(answer)


def _by_its_repairs(answer):
    """What makes it right, where its values tell nothing: the authors name one change better, if one is enough."""
    if single := list(_by_a_repair(answer)):
        yield from _by_the_authors(answer)
        yield from single
    else:
        yield from _by_two_repairs(answer)
        yield from _by_the_authors(answer)
        yield from _leaving_something_known(answer)


def _print(value):
    """Return what like values have in common, to find them quickly: their shape and rounded sum."""
    try:
        return _printed(value)
    except RecursionError:  # a change of the code may put a list into itself
        return ""


def _printed(value):
    if not comparing.is_numbers(value):
        return (len(value), *map(_printed, value)) if isinstance(value, tuple | list) else str(type(value))
    array = np.asarray(comparing.plain(value), float)
    return (
        array.shape,
        float(f"{array.sum():.6g}"),
        float(f"{(array.ravel() * np.arange(1, array.size + 1)).sum():.6g}"),
    )


def _likeness(written, answer):
    """Say how much the text of a wrong function looks like the answer, from 0 to 1."""
    return difflib.SequenceMatcher(None, written, answer.source.text).ratio()


def _likely_first(found, answer):
    """Return ways in order of their cost, those first that quote the answer's own text and are written much like it."""

    def key(way):
        return way.cost, sum(map(answer.source.quoted_of_others, way.sentences)), -_likeness(way.written, answer)

    return sorted(found, key=key)


def _by_a_change(answer):
    for values, said, _ in probes.changes(answer.expected, answer.wrong[0], answer.begins_like):
        if answer.is_like(values):
            yield said.format(what=probes.RIGHT)


def _telling(find):
    """Let what compares values alone speak only where they tell slips apart: not all zero, no bare counts."""

    @functools.wraps(find)
    def telling(answer):
        if not answer.is_degenerate() and not (answer.is_coarse() and answer.tree):
            yield from find(answer)

    return telling


@_telling
def _on_the_way(answer):
    if all(map(comparing.is_numbers, answer.values)):
        names = list(inspect.signature(answer.task.reference).parameters)
        silent = [names[i] for i in answer.deaf]
        yield from probes.on_the_way(answer.values, ways.known(answer.task).quantities, answer.expected, silent)


@_telling
def _of_two_on_the_way(answer):
    if all(map(comparing.is_numbers, answer.values)):
        yield from probes.of_two_on_the_way(answer.values, ways.known(answer.task).quantities)


@_telling
def _by_a_slip_and_a_change(answer):
    """A mistake of the authors or a slip, and something done to all of its value."""
    for way in [*ways.known(answer.task).mistakes, *ways.known(answer.task).slips]:
        for values, said, cost in probes.changes(way.values, answer.wrong[0], answer.begins_like):
            fit = not (re.match(A_PICK, said) and _is_of_another_shape(way, answer))
            if cost < 3 and fit and answer.is_like(values):
                yield ways.both((*way.sentences, said.format(what=RESULT)))


def _is_of_another_shape(way, answer):
    """Say whether a way gives more or fewer numbers than are right: of those a part tells nothing of the rest."""
    value, right = way.values[answer.wrong[0]], answer.expected[answer.wrong[0]]
    return comparing.is_numbers(value) and comparing.is_numbers(right) and np.shape(value) != np.shape(right)


@_telling
def _by_two_mistakes(answer):
    """A mistake of the authors that calls the course's own answer, with another mistake in the place of that."""
    task = answer.task
    for outer in task.mistakes:
        if task.reference.__name__ not in outer.__code__.co_names or "faults" in inspect.getdoc(outer):
            continue
        for inner in task.mistakes:
            names = {**outer.__globals__, task.reference.__name__: inner}
            both = types.FunctionType(outer.__code__, names, outer.__name__)
            said, also = (ways.Way((" ".join(inspect.getdoc(one).split()),), [], 0) for one in (outer, inner))
            fit = inner is not outer and "faults" not in ways.told(also) and _may_be_both(ways.told(said), also)
            if fit and not re.search(CALLS_A_PART_RIGHT, ways.told(said)) and _behaves_like(both, answer):
                yield ways.both((*also.sentences, *said.sentences))


def _behaves_like(function, answer):
    """Say whether a function gives the answer's values, the first wrong one looked at first."""
    order = sorted(range(len(answer.values)), key=lambda i: i != answer.wrong[0])
    cases = answer.task.cases
    return all(comparing.same(ways.value_of(function, cases[i]), answer.values[i], answer.tolerance) for i in order)


@_telling
def _by_two_slips(answer):
    """A mistake of the authors or a slip, and one more."""
    deadline = answer.deadline - ways.SPARE
    right = Source(answer.task.reference).text
    mistakes = [one for one in answer.task.mistakes if "faults" not in inspect.getdoc(one)]  # two are enough
    for mistake in sorted(mistakes, key=lambda one: -_likeness(Source(one).text, answer)):
        found = ways.of_one_slip(mistake, answer.task, [inspect.getdoc(mistake)], deadline, answer, common=right)
        for way in sorted(found, key=lambda way: way.cost):
            if _may_be_both(way.sentences[1], ways.Way(way.sentences[:1], [], 0)):
                yield ways.both(way.sentences)
    for way in ways.of_two_slips(answer, deadline):
        yield ways.both(way.sentences)


def holds_a_mistake(sentence, task):
    """Say whether one of the authors' own diagnoses is in a sentence."""
    return any(one in sentence for one in _diagnoses(task))


def _diagnoses(task):
    """Return what the authors say of each mistake, in a line."""
    return tuple(" ".join(inspect.getdoc(one).split()) for one in task.mistakes)


def _of_parts(answer, some):
    """Of several values, each wrong one by itself; or some of them, where others stay unknown."""
    first = answer.wrong[0]
    parts = answer.expected[first]
    got = answer.values[first]
    if not isinstance(parts, tuple) or not isinstance(got, tuple | list) or len(parts) != len(got):
        return
    said, unknown = [], []
    arguments = [np.ravel(np.asarray(one)) for one in answer.task.cases[first] if comparing.is_numbers(one)]
    for k in range(len(parts)):
        if _are_alike_in(k, answer.expected, answer):
            continue
        if np.ndim(parts[k]) == 0 and any(np.isin(parts[k], one) for one in arguments):
            continue  # one that was chosen among few: another slip may choose the same
        mistakes, slips = (
            [way for way in some_ways if _are_alike_in(k, way.values, answer)]
            for some_ways in (ways.known(answer.task).mistakes, ways.known(answer.task).slips)
        )
        slips = [way for way in slips if not _stands_right(way, answer)]
        mistakes = sorted(mistakes, key=lambda way: not _is_wrong_alike(way, answer))
        told = map(
            ways.told, [*(way for way in mistakes if _is_so_of_parts(way, answer)), *_likely_first(slips, answer)]
        )
        found = [sentence for sentence in told if answer.may_be_told(sentence)][:1]
        said += found
        unknown += [] if found else [k]
    if said and bool(unknown) == some:
        yield ways.both([*list(dict.fromkeys(said))[:2], *(_silent_in(k, answer) for k in unknown[:1] if not said[1:])])


def _silent_in(k, answer):
    """Say that an argument has no influence on value number k of several, where it should have one; or nothing."""

    def part(function, case):
        value = ways.value_of(function, case)
        return value[k] if isinstance(value, tuple | list) and len(value) > k else None

    task = answer.task
    for i, name in enumerate(inspect.signature(task.reference).parameters):
        changes = {task.reference: False, answer.function: False}
        for case in (case for case in task.cases if not callable(case[i])):
            for other in comparing.others(case[i]):
                for function in changes:
                    now, then = part(function, case), part(function, (*case[:i], other, *case[i + 1 :]))
                    changes[function] |= not comparing.same(now, then)
        if changes[task.reference] and not changes[answer.function]:
            where = task.returns[k] if task.returns else f"value {k + 1}"
            return f"`{name}` has no influence on {where}: another one changes nothing there. What is it for?"
    return ""


@_telling
def _by_exchanged_values(answer):
    """Two of several values in each other's place, and one of them not right or both."""
    if not all(isinstance(one, tuple | list) for one in answer.values) or answer.is_like(answer.expected):
        return
    many = len(answer.expected[0]) if isinstance(answer.expected[0], tuple) else 0
    if not all(len(one) == many for one in answer.values):
        return
    for i, j in itertools.combinations(range(many), 2):
        order = list(range(many))
        order[i], order[j] = j, i
        turned = [tuple(value[k] for k in order) for value in answer.values]
        there = [k for k in (i, j) if _are_right_in(k, turned, answer) and not _are_right_in(k, answer.values, answer)]
        if len(there) != 1 or _are_right_in(i + j - there[0], answer.values, answer):
            continue
        name, other = (answer.task.returns or [f"value {k + 1}" for k in range(many)])[there[0]], i + j - there[0]
        at = ("first", "second", "third", "fourth")[other : other + 1] or ("in another place",)
        said = f"`{name}` comes {at[0]}, and the two are in the other order. Which one is asked for first?"
        shadow = copy.copy(answer)
        shadow.values, shadow.others = turned, set()
        more = next((one for one in _of_parts(shadow, some=False)), "")
        yield ways.both((said, more))


@_telling
def _by_parts(answer):
    """Of several values, each wrong one by itself."""
    yield from _of_parts(answer, some=False)


@_telling
def _by_some_parts(answer):
    """Of several values, those wrong ones of which a slip is known."""
    yield from _of_parts(answer, some=True)


def _is_wrong_alike(way, answer):
    """Say whether the answer is like a mistake in all values that this gets wrong, of which its sentence may speak."""
    many = range(len(answer.expected[answer.wrong[0]]))
    return all(_are_alike_in(k, way.values, answer) or _are_right_in(k, way.values, answer) for k in many)


def _are_right_in(k, others, answer):
    """Say whether value number k of several is right in each case."""
    others = [one[k] if isinstance(one, tuple | list) and len(one) > k else None for one in others]
    return all(comparing.same(right[k], one, answer.task.tolerance) for right, one in zip(answer.expected, others))


def _is_so_of_parts(way, answer):
    """Say whether the answer is like a mistake in all values that it names: dW and db are …, … is missing in dW."""
    names = getattr(answer.task, "returns", ())
    listed = rf"(?:(?:{'|'.join(names) or '-'})\b(?:, | and )?)+"
    told = ways.told(way)
    if re.match(SPEAKS_OF_ALL, told):
        return _is_wrong_alike(way, answer)
    of_parts = " ".join(one[0] for one in re.finditer(rf"^{listed}|\b(?:missing|lost|left out) in {listed}", told))
    named = [k for k, name in enumerate(names) if re.search(rf"\b{name}\b", of_parts)]
    return all(_are_alike_in(k, way.values, answer) for k in named)


def _are_alike_in(k, others, answer):
    """Say whether value number k of several is the same in each case."""
    others = [one[k] if isinstance(one, tuple | list) and len(one) > k else None for one in others]
    return all(comparing.same(one, value[k], answer.tolerance) for one, value in zip(others, answer.values))


def _by_what_may_be_wrong(answer):
    """What stands in the text and not in the right answer, as a question."""
    names = list(inspect.signature(answer.task.reference).parameters)
    right = Source(answer.task.reference)
    usual = {0, 1, 2, -1, 0.5, *right.numbers()}
    if fixed := [one for one in answer.source.numbers() if one not in usual]:
        yield f"{fixed[0]:g} is written in, a fixed number. Does the text have it, or should it depend on an argument?"
    own = set(right.overwritten(names))  # names that the right answer overwrites, too
    if overwritten := [name for name in answer.source.overwritten(names) if name not in own]:
        yield f"`{overwritten[0]}` is overwritten, and used again after that. Is the new one meant there?"


def _by_the_steps(answer):
    """Where its values leave the course's own way."""
    first, task = answer.wrong[0], answer.task
    several = isinstance(answer.values[first], tuple | list)
    wrong = [one for k, one in enumerate(task.returns) if several and not _are_right_in(k, answer.values, answer)]
    yield steps.parting(answer.function, task.reference, task.cases[first], task.tolerance, wrong)


ONE_SLIP = (
    _by_the_source,
    _by_what_is_repeated,
    _by_the_authors,
    _plainly,
    _by_what_is_written_in,
    _by_one_slip,
    _by_a_change,
)
TWO_SLIPS = (
    _by_a_repair,
    _by_two_mistakes,
    _by_exchanged_values,
    _by_parts,
    _by_a_slip_and_a_change,
    _by_a_repair_and_more,
    _on_the_way,
    _by_two_repairs_at_last,
    _by_any_slip,
    _by_two_slips,
    _by_some_parts,
    _of_two_on_the_way,
)
UNKNOWN = (_by_what_may_be_wrong, _by_the_steps)
DEGENERATE = (_by_the_source, _by_its_repairs)  # where the values tell nothing, the text may
REPAIRED = (_by_a_repair, _by_a_repair_and_more)
