"""A wrong answer to an exercise in code: what it gives, how it is written, and what its own code gives when changed."""

import ast
import functools
import inspect
import re
import time

import numpy as np

from gdcourse.exercises import comparing, running, ways
from gdcourse.exercises.slips import calling, computing, decisions, trees
from gdcourse.exercises.slips.repairs import REPAIRS
from gdcourse.exercises.slips.rules import RULES
from gdcourse.exercises.sources import Source

MOSTLY = 0.75  # of what is right with two slips, the one alone has right too; otherwise the two cancel out
FLOATS = 1e-9  # relative; what a sum in another order may differ by, where only whole numbers are right


class Answer:
    """A wrong answer: what it gave for each case, what was expected, and how it is written."""

    def __init__(self, function, task, trial, expected, deadline):
        self.task, self.expected, self.deaf = task, expected, trial.deaf
        arguments = list(inspect.signature(task.reference).parameters)
        self.heard = [arguments[i] for i in trial.heard]
        self.function = function
        self.deadline = min(deadline, time.monotonic() + ways.PATIENCE)
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

    @staticmethod
    def cost(slip):
        """Return how unlikely a slip is."""
        return slip.cost

    @staticmethod
    def in_turn(slips):
        """Return slips in the order in which they are tried beside another one."""
        return slips

    def may_be_told(self, sentence):
        """Say whether a sentence agrees with its text, and denies no argument an influence that it has."""
        several = any(isinstance(value, np.ndarray | tuple | list) for value in self.values)
        if "so there is one value for each" in sentence and not several:
            return False
        silent = re.findall(r"`(\w+)`(?:, which)? has no influence(?! on)", sentence)
        if "as if" in sentence and running.loaded_globals(self.function):  # these are no number that is written in
            return False
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
            return ways.value_of(function, case)

        found = sorted(self.tree.found(REPAIRS), key=lambda found: found[0].cost)
        return [(repair, rule, functools.cache(functools.partial(value_of, repair))) for repair, rule in found]

    def is_right(self, repair, values=None):
        """Say whether its code is right after a repair, or has these values."""
        function = self.tree.function(repair)
        if function is None or (not values and function.__code__ in self.still_wrong):
            return False
        tried = zip(self.task.cases, values) if values else [*zip(self.task.cases, self.expected), *self._elsewhere]
        for case, value in tried:
            got = self._carried_out(function, case)
            if isinstance(got, Exception) or not comparing.same(value, got, self.tolerance):
                if not values:
                    self.still_wrong.add(function.__code__)
                return False
        return not decisions.is_switched_off(self.tree, repair, self._carry_out_all)

    @functools.cached_property
    def _elsewhere(self):
        """Return (case, what is right there) for each of the exercise's other cases."""
        return [(case, ways.value_of(self.task.reference, case)) for case in self.task.others]

    def _carried_out(self, function, case):
        """Return what its own code, changed, gives for a case."""
        self.tree.turns.left = trees.TURNS
        return ways.value_of(function, case)

    def _carry_out_all(self, function):
        """Call its own code, changed, in all cases."""
        for case in (*self.task.cases, *self.task.others):
            self._carried_out(function, case)

    def was_right_where(self, way):
        """Say whether a way is right where the answer is: a slip in all of those cases, a mistake in most."""
        right = [i for i in range(len(self.values)) if i not in self.wrong]
        kept = sum(comparing.same(self.expected[i], way.values[i], self.tolerance) for i in right)
        enough = kept >= (1 if way.cost else MOSTLY) * len(right)
        return enough and all(self._is_mostly_right_in(rows, way.values[i], i) for i, rows in self._right_rows.items())

    @functools.cached_property
    def _right_rows(self):
        """Return the rows that are right in each table which is wrong and has its shape, {case: [number, …]}."""
        found = {}
        for i in self.wrong:
            expected, got = self.expected[i], self.values[i]
            if _is_a_table(expected) and _is_a_table(got) and np.shape(expected) == np.shape(got):
                found[i] = [k for k, row in enumerate(expected) if comparing.same(row, got[k], self.tolerance)]
        return found

    def _is_mostly_right_in(self, rows, value, case):
        """Say whether most of these rows are right in a value; of another shape, yes."""
        expected = self.expected[case]
        if not rows or not _is_a_table(value) or np.shape(value) != np.shape(expected):
            return True
        kept = sum(comparing.same(expected[k], value[k], self.tolerance) for k in rows)
        return kept >= MOSTLY * len(rows)

    def is_coarse(self):
        """Say whether its values are whole numbers or shares of a few, one a case: others are the same by chance."""
        return all(map(_is_coarse, self.expected))

    def is_degenerate(self):
        """Say whether the values tell nothing: all zero, or none of them a number."""
        return is_degenerate(self.values)


def _is_coarse(value):
    """Say whether it is a count, a yes or no, or a share of at most a dozen."""
    if isinstance(value, int | np.integer | bool | np.bool_):
        return True
    share = isinstance(value, float) and 0 <= value <= 1
    return share and any(abs(value * many - round(value * many)) < 1e-9 for many in range(1, 13))


def is_degenerate(values):
    """Say whether values tell nothing: all zero, none of them a number, or none at all."""
    arrays = comparing.arrays_in_all(values)
    return bool(arrays) and (all((one == 0).all() for one in arrays) or all(np.isnan(one).all() for one in arrays))


def is_empty(values, answer):
    """Say whether values hold next to nothing: another wrong answer may give them by chance."""
    first = answer.wrong[0]
    nothing = is_degenerate(values) or _is_constant(values) or _is_an_argument(values, answer.task)
    return nothing or _has_an_empty_part(values) or _is_shorter(values[first], answer, first)


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
    """Say whether they are an argument as it came in, in each case, or tables that have it in each row."""
    given = zip(*task.cases)
    return any(all(map(_is_that_alone, of_cases, values)) for of_cases in given if not callable(of_cases[0]))


def _is_that_alone(argument, value):
    """Say whether a value is an argument, or a table that has it in each row."""
    return comparing.same(argument, value) or (
        _is_a_table(value) and all(comparing.same(argument, row) for row in value)
    )


def _is_a_table(value):
    """Say whether a value has rows and columns of numbers."""
    return comparing.is_numbers(value) and np.ndim(value) == 2
