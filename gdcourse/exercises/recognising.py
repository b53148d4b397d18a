"""Name the mistake that a wrong answer behaves like: one the authors wrote, a general one, a slip, or two slips."""

import ast
import contextlib
import contextvars
import copy
import difflib
import functools
import inspect
import itertools
import re
import time
import types
import warnings
from dataclasses import dataclass

import numpy as np

from gdcourse.exercises import apart, comparing, probes, running, steps
from gdcourse.exercises.slips import calling, computing, statements, trees
from gdcourse.exercises.slips.repairs import FIRST, PAIRED, REPAIRS
from gdcourse.exercises.slips.rules import RULES
from gdcourse.exercises.slips.words import CALLS
from gdcourse.exercises.sources import OF_COMPARISONS, Source
from gdcourse.limits import TooLong, limited

PATIENCE = 2.5  # seconds for the search of two slips
RESULT = "that result"
AN_AXIS = r"\b(axis|rows?|columns?|keepdims)\b"
TURNS_A_SIGN = r"\b([Ss]igns? .*turned|added instead of subtracted|minus .*lost)\b"
SAYS_A_SIGN = r"\b(is subtracted|minus the|uphill)\b"
# True of that one mistake, and not where there is a second slip.
CALLS_A_PART_RIGHT = r"\b(is|are) right\b[^?]*\.|\bnow, but\b"
OF_SEVERAL = "Both|They|These|Those|All"  # a sentence that begins so speaks of several values
SPEAKS_OF_ALL = rf"({OF_SEVERAL}|The two)\b"
SHOWS_LATE = r"^Equal counts|raising to that power"  # a slip that changes nothing in many a case
LIKE_A_MISTAKE, LIKE_A_SLIP = 0.75, 0.95  # from 0 to 1, in writing, where the values tell nothing
MOSTLY = 0.75  # of the cases in which two slips are right, the one alone is right too; in others they cancel out
ONCE_TOO_OFTEN, NOT_DIVIDED = (
    r"once too often|a factor too many|a factor `2` too many",
    r"not divided|nothing (is divided|divides)|is missing|\bcounts the\b|\bhalf\b",
)
USES = r"It uses `(\w+)` where `(\w+)` belongs"
SPARE = 0.3  # seconds before its end, in which it says what it has

TURNED = "The difference is turned round"  # nobody turns one on paper where adding for subtracting gives the same
FINE = 1e-6  # relative; what whole numbers may differ by
FLOATS = 1e-9  # relative; what a sum in another order may differ by, where only whole numbers are right
SIMPLE = (int, float, types.FunctionType)  # what no call can change
OF_CODE = (statements.silent_arguments, calling.another_order)  # slips that nobody makes on paper

_one_slip = contextvars.ContextVar("one_slip", default=False)


@dataclass(frozen=True)
class Way:
    """One way to go wrong: the sentences of its slips, its values in all cases, and how unlikely it is."""

    sentences: tuple
    values: list
    cost: float
    written: str = ""


class Answer:
    """A wrong answer: what it gave for each case, what was expected, and how it is written."""

    def __init__(self, function, task, trial, expected, deadline=float("inf")):
        self.task, self.expected, self.deaf = task, expected, trial.deaf
        arguments = list(inspect.signature(task.reference).parameters)
        self.heard = [arguments[i] for i in trial.heard]
        self.function = function
        self.deadline = min(deadline, time.monotonic() + PATIENCE)
        self.tolerance = max(task.tolerance, FLOATS)
        self.outcomes = trial.outcomes
        self.values = [outcome.value for outcome in trial.outcomes]
        self.source = Source(function, Source(task.reference))
        self.others = set()  #: the code of what behaves otherwise
        self.still_wrong = set()  #: its own code, changed, and not right yet
        self.wrong = [
            i for i, pair in enumerate(zip(expected, self.values)) if not comparing.same(*pair, task.tolerance)
        ]

    def rules(self, calls=False):
        """Return the rules that come from its own text: the numbers and the functions in it."""
        own = Source(self.task.reference)
        rules = [computing.written_in([one for one in self.source.numbers() if one not in own.numbers()][:6])]
        if calls:
            rules.append(calling.called_instead([one for one in self.source.calls() if one not in own.calls()][:6]))
        return rules

    def pair_rules(self):
        """Return the rules of which two may come together."""
        return [*RULES, *self.rules()]

    def may_be_told(self, sentence):
        """Say whether a sentence agrees with its text, and denies no argument an influence that it has."""
        silent = re.findall(r"`(\w+)`(?:, which)? has no influence(?! on)", sentence)
        return not set(silent) & set(self.heard) and self.source.may_be_told(sentence)

    def is_like(self, values):
        """Say whether a wrong function with these values behaves as the answer does."""
        return self.begins_like(values[self.wrong[0]]) and all(
            comparing.same(one, other, self.tolerance) for one, other in zip(values, self.values)
        )

    def begins_like(self, value):
        """Say whether the answer gives this value in its first wrong case."""
        return comparing.same(value, self.values[self.wrong[0]], self.tolerance)

    @functools.cached_property
    def tree(self):
        """Return the tree of its own code, or None if it is not to be had or needs more than its arguments."""
        function = running.inner(self.function)
        try:
            if running.code_of(function).co_freevars:
                return None
            tree = trees.Tree(function, self.task.cases[0])
            right = trees.Tree(self.task.reference, self.task.cases[0])
            returns = trees.nodes(right.definition, ast.Return)
            tree.pieces = right.of_arguments()
            tree.called = {trees.quote(one.func).split(".")[-1] for one in trees.nodes(right.definition, ast.Call)}
            tree.returned = {trees.quote(one.value) for one in returns if isinstance(one.value, ast.Name)}
            tree.silent = [tree.arguments[i] for i in self.deaf]
            tree.texts = list(dict.fromkeys(map(trees.text_of, trees.nodes(right.definition, ast.Constant))))
            return tree
        except (OSError, TypeError, SyntaxError, ValueError, AttributeError):
            return None

    def repaired(self, rules=REPAIRS):
        """Yield (repair, its value in the first wrong case) for each change of its own code, likely ones first."""
        for repair, rule, value in self._changes if self.tree else ():
            if time.monotonic() > self.deadline:
                return
            if rule in rules and not isinstance(value(), Exception):
                yield repair, value()

    @functools.cached_property
    def _changes(self):
        """Return (repair, its rule, what gives its value in the first wrong case, worked out once) for each repair."""
        case = self.task.cases[self.wrong[0]]

        def value_of(repair):
            if (function := self.tree.function(repair)) is None:
                return SyntaxError()
            self.tree.turns.left = trees.TURNS
            return _value(function, case)

        found = sorted(self.tree.found(REPAIRS), key=lambda found: found[0].cost)
        return [(repair, rule, functools.cache(functools.partial(value_of, repair))) for repair, rule in found]

    def is_right(self, repair, values=None):
        """Say whether its code is right after a repair, or has these values."""
        function = self.tree.function(repair)
        if function is None or (not values and function.__code__ in self.still_wrong):
            return False
        for case, value in zip(self.task.cases, values or self.expected):
            self.tree.turns.left = trees.TURNS
            got = _value(function, case)
            if isinstance(got, Exception) or not comparing.same(value, got, self.tolerance):
                if not values:
                    self.still_wrong.add(function.__code__)
                return False
        return True

    def was_right_where(self, values, share=1.0):
        """Say whether the values are right in this share of the cases in which the answer is."""
        right = [i for i in range(len(self.values)) if i not in self.wrong]
        kept = sum(comparing.same(self.expected[i], values[i], self.tolerance) for i in right)
        return kept >= share * len(right)

    def is_coarse(self):
        """Say whether its values are whole numbers or shares of a few, one a case: others are the same by chance."""
        return all(map(_is_coarse, self.expected))

    def is_degenerate(self):
        """Say whether the values tell nothing: all zero, or none of them a number."""
        return _is_degenerate(self.values)


def _is_coarse(value):
    """Say whether it is a count, a yes or no, or a share of at most a dozen."""
    if isinstance(value, int | np.integer | bool | np.bool_):
        return True
    share = isinstance(value, float) and 0 <= value <= 1
    return share and any(abs(value * many - round(value * many)) < 1e-9 for many in range(1, 13))


def _is_degenerate(values):
    arrays = [np.asarray(value, float) for value in values if comparing.is_numbers(value)]
    return bool(arrays) and (all((one == 0).all() for one in arrays) or all(np.isnan(one).all() for one in arrays))


def _has_an_empty_part(values):
    """Say whether one of several values is nan in some case: then any other that is nan is the same by chance."""
    parts = [part for value in values if isinstance(value, tuple) for part in value]
    return any(comparing.is_numbers(part) and np.size(part) and np.isnan(part).all() for part in parts)


def _is_shorter(value, answer, case):
    """Say whether a row has fewer entries than the right one and the answer's own: a change can end a loop at once."""
    many = [np.size(one) for one in (value, answer.expected[case], answer.values[case]) if comparing.is_numbers(one)]
    return len(many) == 3 and many[0] < min(many[1:])


def _is_constant(values):
    """Say whether it is one and the same number in each case, however many there are, or stand in a list."""
    if len(values) < 3 or not all(comparing.is_numbers(one) and np.size(one) for one in values):
        return False
    first = np.ravel(values[0])[0]
    return all(comparing.same(float(first), float(one)) for value in values for one in np.ravel(value))


def _is_an_argument(values, task):
    """Say whether they are an argument as it came in, in each case."""
    given = zip(*task.cases)
    return any(all(map(comparing.same, of_cases, values)) for of_cases in given if not callable(of_cases[0]))


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


def patiently(find, deadline):
    """Return what find() returns, or nothing if it is late: it runs apart, since some slip may never end."""
    left = max(deadline - time.monotonic(), 0.1)
    try:
        if apart.possible:
            return next(iter(list(apart.messages(lambda send: send(find()), left))), "")
        with limited(left):
            return find()
    except (apart.Late, apart.Died, TooLong):
        return ""


def _by_the_authors(answer):
    """The exercise's own mistakes."""
    found = [way for way in known(answer.task).mistakes if answer.is_like(way.values)]
    if answer.is_degenerate():  # so many behave alike that it must be written alike too
        found += [way for way in known(answer.task).slips if answer.is_like(way.values)]
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


def _by_what_is_written_in(answer):
    """A number or a function of the answer's own in a place of the right answer."""
    task = answer.task
    tree = trees.Tree(task.reference, task.cases[0])
    ways = []
    for slip in tree.slips(answer.rules(calls=True)):
        if (values := _values(tree, (slip,), task, answer)) is not None:
            ways.append(Way((slip.sentence,), values, slip.cost))
    for way in sorted(ways, key=lambda way: way.cost):
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
    for way in _likely_first([way for way in known(answer.task).slips if answer.is_like(way.values)], answer):
        yield from way.sentences


def _by_a_repair(answer):
    """One change of the answer's own code that makes it right."""
    expected, tolerance = answer.expected[answer.wrong[0]], answer.task.tolerance
    for repair, value in itertools.chain(answer.repaired(FIRST), answer.repaired()):
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
    ways = {}
    known_ways = [*known(task).mistakes, *known(task).slips]
    known_ways += [
        Way((said.format(what=RESULT),), values, cost) for values, said, cost in probes.changes(answer.expected)
    ]
    known_ways = [way for way in known_ways if answer.was_right_where(way.values, 1 if way.cost else MOSTLY)]
    for way in known_ways:
        empty = _is_degenerate(way.values) or _is_constant(way.values) or _is_an_argument(way.values, task)
        empty = empty or _has_an_empty_part(way.values) or _is_shorter(way.values[first], answer, first)
        if way.cost < 3 and "faults" not in _told(way) and not empty:
            ways.setdefault(_print(way.values[first]), []).append(way)
    for repair, value in answer.repaired(PAIRED):
        unchanged = comparing.same(answer.values[first], value, answer.tolerance)
        if unchanged and (answer.is_coarse() or not re.search(SHOWS_LATE, repair.sentence)):
            continue
        for way in ways.get(_print(value), ()):
            if repair.cost < 2 and _may_be_both(repair.sentence, way) and answer.is_right(repair, way.values):
                yield _both((repair.sentence, *way.sentences))


def _may_be_both(sentence, way):
    """Say whether a slip may come with a way.

    Not if both speak of an axis, a sign or a comparison, if that calls a part right, or if one undoes the other.
    """
    if re.search(CALLS_A_PART_RIGHT, _told(way)) or _undo_each_other(sentence, _told(way)):
        return False
    pairs = ((AN_AXIS, AN_AXIS), (TURNS_A_SIGN, SAYS_A_SIGN), (OF_COMPARISONS, OF_COMPARISONS))
    said, also = (re.sub(r"`[^`]*`", "", text) for text in (sentence, _told(way)))  # code speaks of nothing
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
                    yield _both((repair.sentence, second.sentence))


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


def _likely_first(ways, answer):
    """Return ways in order of their cost, those first that quote the answer's own text and are written much like it."""

    def key(way):
        return way.cost, sum(map(answer.source.quoted_of_others, way.sentences)), -_likeness(way.written, answer)

    return sorted(ways, key=key)


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
        yield from probes.on_the_way(answer.values, known(answer.task).quantities, answer.expected, silent)


@_telling
def _of_two_on_the_way(answer):
    if all(map(comparing.is_numbers, answer.values)):
        yield from probes.of_two_on_the_way(answer.values, known(answer.task).quantities)


@_telling
def _by_a_slip_and_a_change(answer):
    """A mistake of the authors or a slip, and something done to all of its value."""
    for way in [*known(answer.task).mistakes, *known(answer.task).slips]:
        for values, said, cost in probes.changes(way.values, answer.wrong[0], answer.begins_like):
            if cost < 3 and answer.is_like(values):
                yield _both((*way.sentences, said.format(what=RESULT)))


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
            said, also = (Way((" ".join(inspect.getdoc(one).split()),), [], 0) for one in (outer, inner))
            fit = inner is not outer and "faults" not in _told(also) and _may_be_both(_told(said), also)
            if fit and not re.search(CALLS_A_PART_RIGHT, _told(said)) and _behaves_like(both, answer):
                yield _both((*also.sentences, *said.sentences))


def _behaves_like(function, answer):
    """Say whether a function gives the answer's values, the first wrong one looked at first."""
    order = sorted(range(len(answer.values)), key=lambda i: i != answer.wrong[0])
    cases = answer.task.cases
    return all(comparing.same(_value(function, cases[i]), answer.values[i], answer.tolerance) for i in order)


@_telling
def _by_two_slips(answer):
    """A mistake of the authors or a slip, and one more."""
    deadline = answer.deadline - SPARE
    right = Source(answer.task.reference).text
    mistakes = [one for one in answer.task.mistakes if "faults" not in inspect.getdoc(one)]  # two are enough
    for mistake in sorted(mistakes, key=lambda one: -_likeness(Source(one).text, answer)):
        ways = _ways(mistake, answer.task, [inspect.getdoc(mistake)], deadline, answer, common=right)
        for way in sorted(ways, key=lambda way: way.cost):
            if _may_be_both(way.sentences[1], Way(way.sentences[:1], [], 0)):
                yield _both(way.sentences)
    for way in _pairs(answer, deadline):
        yield _both(way.sentences)


def holds_a_mistake(sentence, task):
    """Say whether one of the authors' own diagnoses is in a sentence."""
    return any(one in sentence for one in _diagnoses(task))


def _diagnoses(task):
    """Return what the authors say of each mistake, in a line."""
    return tuple(" ".join(inspect.getdoc(one).split()) for one in task.mistakes)


def _told(way):
    return " ".join(way.sentences)


def _both(sentences):
    return " And: ".join(dict.fromkeys(" ".join(one.split()) for one in sentences if one))


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
            [way for way in ways if _are_alike_in(k, way.values, answer)]
            for ways in (known(answer.task).mistakes, known(answer.task).slips)
        )
        mistakes = sorted(mistakes, key=lambda way: not _is_wrong_alike(way, answer))
        told = map(_told, [*(way for way in mistakes if _is_so_of_parts(way, answer)), *_likely_first(slips, answer)])
        found = [sentence for sentence in told if answer.may_be_told(sentence)][:1]
        said += found
        unknown += [] if found else [k]
    if said and bool(unknown) == some:
        yield _both([*list(dict.fromkeys(said))[:2], *(_silent_in(k, answer) for k in unknown[:1] if not said[1:])])


def _silent_in(k, answer):
    """Say that an argument has no influence on value number k of several, where it should have one; or nothing."""

    def part(function, case):
        value = _value(function, case)
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
        yield _both((said, more))


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
    if re.match(SPEAKS_OF_ALL, _told(way)):
        return _is_wrong_alike(way, answer)
    told = " ".join(one[0] for one in re.finditer(rf"^{listed}|\b(?:missing|lost|left out) in {listed}", _told(way)))
    named = [k for k, name in enumerate(names) if re.search(rf"\b{name}\b", told)]
    return all(_are_alike_in(k, way.values, answer) for k in named)


def _are_alike_in(k, others, answer):
    """Say whether value number k of several is the same in each case."""
    others = [one[k] if isinstance(one, tuple | list) and len(one) > k else None for one in others]
    return all(comparing.same(one, value[k], answer.tolerance) for one, value in zip(others, answer.values))


class Known:
    """What is known of an exercise's wrong answers; worked out when it is first needed."""

    def __init__(self, task):
        self.task = task

    @functools.cached_property
    def mistakes(self):
        """Return a Way for each mistake of the authors."""
        return [
            Way(
                (" ".join(inspect.getdoc(one).split()),),
                [_value(one, case) for case in self.task.cases],
                0,
                Source(one).text,
            )
            for one in self.task.mistakes
        ]

    @functools.cached_property
    def slips(self):
        """Return a Way for each slip that gives something else than the right values, the likely ones first."""
        right = [_value(self.task.reference, case) for case in self.task.cases]
        return _differing(_ways(self.task.reference, self.task, []), right, self.task.tolerance)

    @functools.cached_property
    def quantities(self):
        """Return what the reference computes on its way."""
        return probes.quantities(self.task)


_known = {}  # by the id of the exercise, which the entry keeps alive


def known(task):
    """Return what is known of the exercise."""
    return _known.setdefault(id(task), Known(task))


def _differing(ways, expected, tolerance):
    kept = []
    for way in sorted(ways, key=lambda way: way.cost):
        if not all(comparing.same(one, other, tolerance) for one, other in zip(expected, way.values)):
            kept.append(way)
    return kept


def _ways(function, task, sentences, deadline=None, answer=None, common=None):
    """Return a Way for each slip in the function; with an answer, only those that behave like it.

    common: the text of the right answer, if a slip may only change what stands in that, too.
    """
    tree, ways = trees.Tree(function, task.cases[0]), []
    for slip in tree.slips(RULES):
        if deadline and time.monotonic() > deadline:
            break
        if common is not None and not slip.is_within(common):
            continue
        if (values := _values(tree, (slip,), task, answer)) is not None:
            ways.append(Way((*sentences, slip.sentence), values, slip.cost, "" if answer else tree.written(slip)))
    return ways


def _values(tree, slips, task, answer=None):
    """Return what the slips make of all cases; None if it fails, or as soon as it differs from the answer."""
    function = tree.function(*slips)
    if function is None or (answer and function.__code__ in answer.others):
        return None
    values = [None] * len(task.cases)
    order = (
        [answer.wrong[0], *(i for i in range(len(values)) if i != answer.wrong[0])] if answer else range(len(values))
    )
    for i in order:
        tree.turns.left = trees.TURNS
        values[i] = _value(function, task.cases[i])
        failed = isinstance(values[i], Exception)
        if failed or (answer and not comparing.same(values[i], answer.values[i], answer.tolerance)):
            if answer:
                answer.others.add(function.__code__)
            return None
    return values


def _value(function, case):
    try:
        return function(*map(_fresh, case))
    except Exception as error:
        return error


def _fresh(argument):
    """Return a copy of an argument; most of them need no search for what is in them."""
    if type(argument) in SIMPLE:
        return argument
    return argument.__deepcopy__({}) if type(argument) is np.ndarray else copy.deepcopy(argument)


def _pairs(answer, deadline):
    """Yield a Way for each pair of slips that behaves like the answer, the likely pairs first."""
    task = answer.task
    tree = trees.Tree(task.reference, task.cases[0])
    rules = answer.pair_rules()
    cost = _cost_on_paper if isinstance(answer, OnPaper) else lambda slip: slip.cost
    firsts = sorted((slip for slip in tree.slips(rules) if slip.cost < 3), key=cost)
    seen = set()
    for first in firsts:
        with tree.kept(first):
            if (written := tree.written()) in seen:
                continue
            seen.add(written)
            seconds = sorted(tree.slips(rules), key=cost) if isinstance(answer, OnPaper) else tree.slips(rules)
            for second in seconds:
                if time.monotonic() > deadline:
                    return
                if second.cost < 3 and (values := _values(tree, (second,), task, answer)) is not None:
                    yield Way((first.sentence, second.sentence), values, first.cost + second.cost)


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
    case = answer.task.cases[answer.wrong[0]]
    yield steps.parting(answer.function, answer.task.reference, case, answer.task.tolerance)


BY_THE_AUTHORS = (_by_the_authors,)
ONE_SLIP = (_by_the_source, _by_the_authors, _plainly, _by_what_is_written_in, _by_one_slip, _by_a_change)
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


class OnPaper:
    """A wrong answer on paper, as the calculation's slips see it."""

    def __init__(self, question, given):
        values = tuple(parameter.default for parameter in inspect.signature(question.work).parameters.values())
        self.task = _Calculation(question.work, [values], _nearness(given))
        self.values, self.wrong, self.tolerance, self._mixups = [given], [0], self.task.tolerance, question.mixups
        self.others = set()
        right, got = np.ravel(question.value), np.ravel(given)
        wrong = [not comparing.same(*pair, self.tolerance) for pair in zip(right, got)]
        self.is_many = np.size(got) > 2 and (len(right) != len(got) or sum(wrong) > 1)
        self.is_one_of_several = len(right) == len(got) > 1 == sum(wrong)

    def rules(self):
        """Return the rule that takes other numbers of the text."""
        return [computing.mixed_up(self._mixups)]

    def pair_rules(self):
        """Return the rules of which two may come together by more than chance: few where few numbers are wrong."""
        if self.is_many:
            left_out = (computing.other_numbers, *OF_CODE)
            return [*(rule for rule in RULES if rule not in left_out), *self.rules()]
        few = [computing.exchanged_operators, computing.lost_operands, computing.brackets, _one_step_too_few]
        return [*few, *self.rules()]


def _one_step_too_few(tree, place, node):
    """The last turn of a loop left out; on paper nobody has a loop."""
    for slip in statements.other_ranges(tree, place, node):
        if slip.sentence.startswith("The last turn"):
            yield trees.Slip(slip.settings, "The last step is missing: one too few. How many are asked for?", slip.cost)


@dataclass(frozen=True)
class _Calculation:
    """What the search needs of an exercise."""

    reference: object
    cases: list
    tolerance: float


def _nearness(given):
    """Return the relative tolerance that the digits of the given numbers allow."""
    largest, finest = 0.0, 0.0
    for one in np.ravel(given).tolist():
        decimals = len(f"{one:.12g}".partition(".")[2]) if one != int(one) else 0
        largest, finest = max(largest, abs(one)), max(finest, 0.0 if decimals == 0 else 0.51 * 10.0**-decimals)
    return min(max(finest / largest, FINE), 0.003) if largest else 1e-9


def _cost_on_paper(slip):
    return slip.cost + slip.sentence.startswith(TURNED) / 2


def _is_flat(value):
    """Say whether a value is a number or holds numbers alone; a slip may put a list into itself."""
    parts = value if isinstance(value, list | tuple) else np.ravel(value) if isinstance(value, np.ndarray) else [value]
    return len(parts) < 100 and all(isinstance(one, int | float | np.number) for one in parts)


def _is_near(value, wanted, tolerance):
    """Say whether two arrays of one shape differ by no more than a part of the largest number in the first one."""
    return bool((np.abs(value - wanted) <= tolerance * np.abs(value).max(initial=0)).all())


@contextlib.contextmanager
def one_slip_on_paper():
    """Let a wrong answer on paper be looked for among single slips alone, each worked out once for many answers."""
    token = _one_slip.set(True)
    try:
        yield
    finally:
        _one_slip.reset(token)


_on_paper_known = {}  # by the id of the question, which the entry keeps alive


def slips_on_paper(question):
    """Return (array, sentence) for each single slip in the calculation of a question, the likely ones first."""
    if id(question) not in _on_paper_known:
        answer = OnPaper(question, question.value)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            tree = trees.Tree(answer.task.reference, answer.task.cases[0])
            rules = [*(rule for rule in RULES if rule not in OF_CODE), *answer.rules()]
            slips = sorted((slip for slip in tree.slips(rules) if slip.cost < 3), key=_cost_on_paper)
            values = ((_values(tree, (slip,), answer.task), slip.sentence) for slip in slips)
            found = [(np.asarray(value[0], float), said) for value, said in values if value and _is_flat(value[0])]
        _on_paper_known[id(question)] = question, found
    return _on_paper_known[id(question)][1]


def on_paper(question, given):
    """Return what happens in the calculation when it gives this wrong answer, by one slip or by two; or nothing."""
    if _one_slip.get():
        wanted, near = np.asarray(given, float), _nearness(given)
        slips = [(value, told) for value, told in slips_on_paper(question) if value.shape == wanted.shape]
        return next((told for value, told in slips if _is_near(value, wanted, near)), "")
    deadline = time.monotonic() + PATIENCE
    return patiently(lambda: _on_paper(question, given, deadline - SPARE), deadline)


def _gives(values, given):
    """Say whether the calculation gave values, and each number of them is near its own one of the answer."""
    if values is None or np.shape(values[0]) != np.shape(given):
        return False
    value, given = np.ravel(values[0]).astype(float), np.ravel(given).astype(float)
    own = [_nearness([one]) for one in given.tolist()]
    return bool((np.abs(value - given) <= np.maximum(own * np.abs(given), FINE * np.abs(value))).all())


def _on_paper(question, given, deadline):
    answer = OnPaper(question, given)
    task = answer.task
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        tree = trees.Tree(task.reference, task.cases[0])
        counted = np.size(given) > 1 and not answer.is_many and all(float(one).is_integer() for one in np.ravel(given))
        by_chance = (statements.other_names,) if counted else ()  # one whole number is soon the same as another
        by_chance += (computing.other_numbers,) if answer.is_one_of_several else ()  # which number, it can't say
        rules = [*(rule for rule in RULES if rule not in (*OF_CODE, *by_chance)), *answer.rules()]
        likely = [slip for slip in tree.slips(rules) if slip.cost < 3]
        found = [slip for slip in likely if _gives(_values(tree, (slip,), task, answer), given)]
        if found:
            return min(found, key=_cost_on_paper).sentence
        if answer.is_one_of_several:  # two slips may give any number
            return ""
        way = next((way for way in _pairs(answer, deadline) if _gives(way.values, given)), None)
        return _both(way.sentences) if way else ""
