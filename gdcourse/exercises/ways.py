"""The ways to go wrong in an exercise, and what each gives: the authors' mistakes, and slips in the reference."""

import copy
import functools
import inspect
import time
import types
from dataclasses import dataclass

import numpy as np

from gdcourse.exercises import apart, comparing, probes
from gdcourse.exercises.slips import trees
from gdcourse.exercises.slips.rules import RULES
from gdcourse.exercises.sources import Source
from gdcourse.limits import TooLong, limited

PATIENCE = 2.5  # seconds for the search of two slips
SPARE = 0.3  # seconds before its end, in which it says what it has
SIMPLE = (int, float, types.FunctionType)  # what no call can change


@dataclass(frozen=True)
class Way:
    """One way to go wrong: the sentences of its slips, its values in all cases, and how unlikely it is."""

    sentences: tuple
    values: list
    cost: float
    written: str = ""


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
                [value_of(one, case) for case in self.task.cases],
                0,
                Source(one).text,
            )
            for one in self.task.mistakes
        ]

    @functools.cached_property
    def slips(self):
        """Return a Way for each slip that gives something else than the right values, the likely ones first."""
        right = [value_of(self.task.reference, case) for case in self.task.cases]
        return _differing(of_one_slip(self.task.reference, self.task, []), right, self.task.tolerance)

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


def of_one_slip(function, task, sentences, deadline=None, answer=None, common=None):
    """Return a Way for each slip in the function; with an answer, only those that behave like it.

    common: the text of the right answer, if a slip may only change what stands in that, too.
    """
    tree, ways = trees.Tree(function, task.cases[0]), []
    for slip in tree.slips(RULES):
        if deadline and time.monotonic() > deadline:
            break
        if common is not None and not slip.is_within(common):
            continue
        if (values := values_of(tree, (slip,), task, answer)) is not None:
            ways.append(Way((*sentences, slip.sentence), values, slip.cost, "" if answer else tree.written(slip)))
    return ways


def values_of(tree, slips, task, answer=None):
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
        values[i] = value_of(function, task.cases[i])
        failed = isinstance(values[i], Exception)
        if failed or (answer and not comparing.same(values[i], answer.values[i], answer.tolerance)):
            if answer:
                answer.others.add(function.__code__)
            return None
    return values


def value_of(function, case):
    """Return what the function gives for copies of a case's arguments, or the error that it raises."""
    try:
        return function(*map(_fresh, case))
    except Exception as error:
        return error


def _fresh(argument):
    """Return a copy of an argument; most of them need no search for what is in them."""
    if type(argument) in SIMPLE:
        return argument
    return argument.__deepcopy__({}) if type(argument) is np.ndarray else copy.deepcopy(argument)


def of_two_slips(answer, deadline):
    """Yield a Way for each pair of slips that behaves like the answer, the likely pairs first."""
    task = answer.task
    tree = trees.Tree(task.reference, task.cases[0])
    rules = answer.pair_rules()
    firsts = sorted((slip for slip in tree.slips(rules) if slip.cost < 3), key=answer.cost)
    seen = set()
    for first in firsts:
        with tree.kept(first):
            if (written := tree.written()) in seen:
                continue
            seen.add(written)
            for second in answer.in_turn(tree.slips(rules)):
                if time.monotonic() > deadline:
                    return
                if second.cost < 3 and (values := values_of(tree, (second,), task, answer)) is not None:
                    yield Way((first.sentence, second.sentence), values, first.cost + second.cost)


def told(way):
    """Return what is said of a way, in a line."""
    return " ".join(way.sentences)


def both(sentences):
    """Return several sentences on one answer as one text, each once."""
    return " And: ".join(dict.fromkeys(" ".join(one.split()) for one in sentences if one))
