"""What a wrong value is, whatever the exercise: an argument, a constant, the right value changed, a step on the way."""

import ast
import copy
import itertools

import numpy as np

from gdcourse.exercises import comparing, report
from gdcourse.exercises.slips import trees

RIGHT = "the right value"


def _numbers(value):
    return np.asarray(value, dtype=float)


def _whole(value):
    """Return an array of whole numbers as it is; others are not counted."""
    if (value != np.trunc(value)).any():
        raise ValueError
    return value


def _rounded_up(value):
    """Return an array rounded up; of shares, which become 0 or 1, a count may be the same by chance."""
    if np.abs(value).max(initial=0) <= 1:
        raise ValueError
    return np.ceil(value)


def _digits(number):
    return f"{number} digit{'s' * (number > 1)}"


def _each(change):
    """Return a change that goes into tuples and lists of arrays."""

    def changed(value):
        if isinstance(value, tuple | list) and not comparing.is_numbers(value):
            return type(value)(changed(one) for one in value)
        return change(_numbers(value))

    return changed


# What may be done to a value as a whole, and what is said then; cost as in `slips`.
CHANGES = [
    (_each(np.negative), "The sign of {what} is turned round. Which sign belongs there?", 1),
    (_each(np.abs), "The sign is lost: it is the size of {what}, as `abs` gives it. When is it negative?", 1),
    (_each(lambda x: 2 * x), "It is twice {what}: a factor 2 too many. Where does it come from?", 2),
    (_each(lambda x: x / 2), "It is half of {what}: a factor 2 is missing. Where does it belong?", 2),
    (_each(np.square), "It is the square of {what}. Which power is asked for?", 2),
    (_each(lambda x: np.sqrt(np.abs(x))), "It is the root of {what}. Which of the two is asked for?", 2),
    (_each(lambda x: 100 * x), "It is {what} in percent, 100 times as much. What is 1 as a share?", 2),
    (_each(lambda x: x / 100), "It is a hundredth of {what}. Where does the 100 come from?", 2),
    (_each(lambda x: 10 * x), "It is ten times {what}. Where does the factor 10 come from?", 2),
    (_each(lambda x: x / 10), "It is a tenth of {what}. Where does the factor 10 get lost?", 2),
    (_each(lambda x: 1 / x), "It is 1 over {what}: the fraction is upside down. Which is divided by which?", 2),
    (_each(lambda x: 1 - x), "It is 1 minus {what}. Which of the two shares is asked for?", 2),
    (_each(lambda x: _whole(x) + 1), "It is {what} and 1 more: off by one. From where does the count begin?", 2),
    (_each(lambda x: _whole(x) - 1), "It is {what} less 1: off by one. From where does the count begin?", 2),
    (_each(lambda x: x + 1), "It is {what} and 1 more. Where does the 1 come from?", 2),
    (_each(lambda x: x - 1), "It is {what} less 1. What is taken away there?", 2),
    (_each(np.round), "It is {what} rounded to a whole number. What happens to the fractions?", 1),
    (_each(_rounded_up), "It is {what} rounded up to a whole number. What happens to the fractions?", 1),
    (_each(np.trunc), "The fractions of {what} are cut off, as `int` or `//` would do it. What keeps them?", 1),
    (_each(np.floor), "The fractions of {what} are cut off, as `//` would do it. What keeps them?", 1),
    *(
        (
            _each(lambda x, k=k: np.round(x, k)),
            f"It is {{what}} rounded to {_digits(k)}. Who needs the others?",
            1,
        )
        for k in (1, 2, 3, 4, 5)
    ),
    (
        lambda v: _numbers(v).sum(),
        "All of it is added up into one number, the sum of {what}. How many are asked for?",
        1,
    ),
    (lambda v: _numbers(v).mean(), "It is one number, the mean of {what}. How many are asked for?", 1),
    (lambda v: _numbers(v).max(), "It is the largest entry of {what} alone. How many are asked for?", 2),
    (lambda v: _numbers(v).sum(axis=0), "It adds up the rows of {what}. How many rows are asked for?", 2),
    (lambda v: _numbers(v).sum(axis=1), "It adds up along the rows of {what}. How many columns are asked for?", 2),
    (lambda v: _numbers(v).mean(axis=0), "It is the mean over the rows of {what}. How many rows are asked for?", 2),
    (lambda v: _numbers(v)[-1], "It is only the last one of {what}. How many are asked for?", 1),
    (lambda v: _numbers(v)[-1:], "It is only the last one of {what}. How many are asked for?", 1),
    (lambda v: v[-1], "It is only the last part of {what}. How many values are asked for?", 1),
    (lambda v: v[0], "It is only the first part of {what}. How many values are asked for?", 1),
    (lambda v: v[1:], "Of {what} the first one is missing. How many are asked for?", 1),
    (lambda v: v[:-1], "Of {what} the last one is missing. How many are asked for?", 1),
    (lambda v: v[::-1], "The order of {what} is reversed. Which comes first?", 1),
    (lambda v: _numbers(v).T, "It is {what} transposed: rows and columns are exchanged. Which shape is asked for?", 1),
    (lambda v: np.stack([*_numbers(v)])[..., None], "It is {what} as a column. Which shape is asked for?", 2),
    (lambda v: _numbers(v)[None], "It is {what} in one more pair of brackets. Which shape is asked for?", 1),
    (lambda v: _numbers(v).ravel(), "All rows of {what} stand in one line. Which shape is asked for?", 1),
    (lambda v: np.eye(len(v)) * _numbers(v), "{what} stands on a diagonal. Which shape is asked for?", 3),
    (lambda v: np.exp(_numbers(v)), "It is the exponential of {what}. What undoes it?", 3),
    (lambda v: np.log(_numbers(v)), "It is the logarithm of {what}. What undoes it?", 3),
]


def plainly(answer, expected, arguments, names):
    """Return what a wrong value is by itself: degenerate, an argument, a constant, right but in another order."""
    values = answer
    if all(comparing.arrays_in(value) is not None for value in values):
        arrays = comparing.arrays_in_all(values)
        if not any(one.size for one in arrays) and any(one.size for one in comparing.arrays_in_all(expected)):
            return "There is nothing in it, in every case. Follow one of them: what leaves everything out?"
        if all(one.size and np.isnan(one).all() for one in arrays):
            return "Nothing in it is a number: all of it is nan. Which operation has no answer: 0/0, inf - inf, a log?"
        if _are_zero(arrays) and not _are_zero(comparing.arrays_in_all(expected)):
            if all(isinstance(value, bool | np.bool_) for value in values):
                return "It is False in each case that was tried. Follow one of them: what is compared there?"
            return "It is zero in each case that was tried. Follow one of them: which line makes it zero?"
    for i, name in enumerate(names):
        given = [case[i] for case in arguments]
        if not callable(given[0]) and all(map(_same, given, values)):
            return f"It returns `{name}` unchanged, as it came in. What is to be done with it?"
    if all(comparing.is_numbers(value) and np.size(value) for value in values):
        first = _numbers(values[0])
        if len(values) > 2 and all(_same(first.flat[0], one) for value in values for one in _numbers(value).ravel()):
            shown = f"{first.flat[0]:.5g}"
            return (
                f"It is {shown} in every case, a constant, whatever comes in. Which argument should make a difference?"
            )
    if all(_is_shuffled(value, got) for value, got in zip(expected, values)):
        if all(comparing.same(np.abs(_numbers(value)), np.abs(_numbers(got))) for value, got in zip(expected, values)):
            return "The sizes are right, and signs are not. Which of them are negative?"
        return "The right values are there, in another order. Which of them comes first?"
    return ""


def _are_zero(arrays):
    return all(one.size and (one == 0).all() for one in arrays)


def _same(one, other):
    return comparing.same(one, other, 1e-9)


def _is_shuffled(value, got):
    """Say whether the same numbers, more than one, come in another order."""
    if not (comparing.is_numbers(value) and comparing.is_numbers(got)) or np.shape(value) != np.shape(got):
        return False
    if np.size(value) < 2 or comparing.same(value, got):
        return False
    return comparing.same(np.sort(np.ravel(value)), np.sort(np.ravel(got)))


def changes(values, first=0, is_like=lambda value: True):
    """Yield (changed values, sentence, cost) for each change that can be made to all the values.

    is_like says whether value number `first`, once changed, is worth changing the others.
    """
    with np.errstate(all="ignore"):
        for change, said, cost in CHANGES:
            try:
                if is_like(change(values[first])):
                    yield [change(value) for value in values], said, cost
            except (ValueError, TypeError, IndexError, KeyError, np.exceptions.AxisError):
                continue


def quantities(task):
    """Return {text: its value in each case} for everything that the reference computes on its way, in that order."""
    tree = trees.Tree(task.reference, task.cases[0])
    texts, seen = {}, {}

    def look(number, value):
        seen.setdefault(number, []).append(value)
        return value

    tree.globals["_seen"] = look
    slips = []
    for place, node in list(trees.places(tree.definition)):
        if trees.is_value(place, node) and isinstance(
            node, ast.BinOp | ast.Call | ast.Subscript | ast.UnaryOp | ast.Compare | ast.Attribute
        ):
            texts[len(texts)] = ast.unparse(node)
            wrapped = ast.Call(ast.Name("_seen", ast.Load()), [ast.Constant(len(texts) - 1), node], [])
            slips.append(trees.Slip(((place, wrapped),), ""))
    watched = tree.function(*slips)
    if watched is None:
        return {}
    found = {number: ([], []) for number in texts}
    for case in task.cases:
        seen.clear()
        tree.turns.left = trees.TURNS
        with np.errstate(all="ignore"):
            watched(*copy.deepcopy(case))
        for number, (firsts, lasts) in found.items():
            values = seen.get(number, [None])
            firsts.append(copy.copy(values[0]))
            lasts.append(copy.copy(values[-1]))
    result = {}
    for number, (firsts, lasts) in found.items():
        result.setdefault(texts[number], lasts)
        result.setdefault(f"{texts[number]} ", firsts)  # of the first turn of a loop
    return {text: values for text, values in result.items() if all(map(comparing.is_numbers, values))}


PAIRS = [
    (np.add, "`{one}` plus `{other}`"),
    (np.subtract, "`{one}` minus `{other}`"),
    (np.multiply, "`{one}` times `{other}`"),
    (np.divide, "`{one}` divided by `{other}`"),
]


def on_the_way(values, known, expected, silent):
    """Yield sentences that say how the values come from one of the known quantities.

    silent: the names of the arguments that have no influence.
    """
    names = [f"`{name}`" for name in silent]
    left_out = f": {report.listed(names)} {'have' if names[1:] else 'has'} no influence" if names else ""
    one_number = all(comparing.is_numbers(value) and np.size(value) == 1 for value in expected)
    known = {text: list(map(_numbers, held)) for text, held in known.items()}
    for text, held in known.items():
        if all(map(_same, held, values)):
            step = f"That is `{text.strip()}`, a step on the way and not yet the answer"
            yield f"{step}{left_out}. What is still to be done?"
    for text, held in known.items():
        for changed, said, cost in changes(held, is_like=lambda value: _same(value, values[0])):
            if one_number and said.endswith("are asked for?"):  # one is, and one it is
                continue
            if cost < 3 and all(map(_same, changed, values)):
                yield said.format(what=f"`{text.strip()}`")


def of_two_on_the_way(values, known):
    """Yield sentences that say how the values come from two of the known quantities."""
    known = {text: list(map(_numbers, held)) for text, held in known.items()}
    small = [(text, held) for text, held in known.items() if held[0].size <= 1000][:16]
    first = _numbers(values[0])
    for (one, a), (other, b) in itertools.permutations(small, 2):
        for operate, said in PAIRS:
            with np.errstate(all="ignore"):
                try:
                    if _same(operate(a[0], b[0]), first) and all(
                        _same(operate(x, y), value) for x, y, value in zip(a, b, values)
                    ):
                        told = said.format(one=one.strip(), other=other.strip())
                        yield f"That is {told}. Which of the two is asked for, or what else is done with them?"
                except ValueError:
                    break
