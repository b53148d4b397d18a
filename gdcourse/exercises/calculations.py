"""Name the slip, or two, with which a calculation on paper gives a wrong answer."""

import ast
import contextlib
import contextvars
import functools
import inspect
import re
import time
import warnings
from dataclasses import dataclass

import numpy as np

from gdcourse.exercises import comparing, ways
from gdcourse.exercises.slips import calling, computing, statements, trees
from gdcourse.exercises.slips.rules import RULES

TURNED = "The difference is turned round"  # nobody turns one on paper where adding for subtracting gives the same
FINE = 1e-6  # relative; what whole numbers may differ by
FACTORS = {
    2: "A factor is twice too large",
    0.5: "A factor is half of what it should be",
    10: "A factor is ten times too large",
    0.1: "A factor is ten times too small",
}
LOOPS = ast.For | ast.comprehension  # on paper nobody has one
WITHOUT_A_LOOP = [
    (r"There is one turn too many: the loop over `[^`]*` takes one step more", "There is one step too many"),
    (
        r"The loop makes only `(\w+)` turns and not those of `[^`]*`. Over what should it run",
        "How many steps are there",
    ),
    (r" of the loop over `[^`]*`", ""),
    (r": one step too few", ""),
    (r"the loop go on", "it go on"),
    (r"\bturn(s?)\b", r"step\1"),
]
OF_CODE = (statements.silent_arguments, calling.another_order)  # slips that nobody makes on paper

_one_slip = contextvars.ContextVar("one_slip", default=False)


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

    @staticmethod
    def cost(slip):
        """Return how unlikely a slip is on paper."""
        return slip.cost + slip.sentence.startswith(TURNED) / 2

    def in_turn(self, slips):
        """Return slips in the order in which they are tried beside another one: the likely ones first."""
        return sorted(slips, key=self.cost)

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


def _said(slip):
    """Return a slip's sentence as it is on paper; a number that is a factor may stand for any other of its product."""
    (place, new), *more = slip.settings
    if isinstance(place.owner, LOOPS):
        return functools.reduce(lambda said, pair: re.sub(*pair, said), WITHOUT_A_LOOP, slip.sentence)
    owner = place.owner
    is_product = isinstance(owner, ast.BinOp) and isinstance(owner.op, ast.Mult)
    if more or not is_product or not slip.sentence.startswith("There is "):
        return slip.sentence
    ratio = new.value / getattr(owner, place.field).value
    return f"{FACTORS[ratio]}. Which one is it?" if ratio in FACTORS else slip.sentence


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
            slips = sorted((slip for slip in tree.slips(rules) if slip.cost < 3), key=OnPaper.cost)
            values = ((ways.values_of(tree, (slip,), answer.task), _said(slip)) for slip in slips)
            found = [(np.asarray(value[0], float), said) for value, said in values if value and _is_flat(value[0])]
        _on_paper_known[id(question)] = question, found
    return _on_paper_known[id(question)][1]


def on_paper(question, given):
    """Return what happens in the calculation when it gives this wrong answer, by one slip or by two; or nothing."""
    if _one_slip.get():
        wanted, near = np.asarray(given, float), _nearness(given)
        slips = [(value, told) for value, told in slips_on_paper(question) if value.shape == wanted.shape]
        return next((told for value, told in slips if _is_near(value, wanted, near)), "")
    deadline = time.monotonic() + ways.PATIENCE
    return ways.patiently(lambda: _on_paper(question, given, deadline - ways.SPARE), deadline)


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
        found = [slip for slip in likely if _gives(ways.values_of(tree, (slip,), task, answer), given)]
        if found:
            return _said(min(found, key=OnPaper.cost))
        if answer.is_one_of_several:  # two slips may give any number
            return ""
        way = next((way for way in ways.of_two_slips(answer, deadline) if _gives(way.values, given)), None)
        return ways.both(way.sentences) if way else ""
