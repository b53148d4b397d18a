"""Name what is wrong with an answer worked out on paper: the usual slips of a calculation, and of an order of lines."""

import contextlib
import difflib
import itertools
import math
import re
import string
from decimal import Decimal
from fractions import Fraction

import numpy as np

from gdcourse.exercises import calculations, comparing, recognising, report, sources

ALIKE = 0.7  # two lines, from 0 to 1
COUNTED, MANY = 20, 1000  # whole numbers up to this are counted, not reckoned; rather counted than squared

ROUNDED = "is right, but rounded too far"
ROUGHLY = 0.25  # how near one of several numbers is that was rounded so far
# What happens to a number on paper, and what is said then; {it} says which number.
SLIPS = [
    (lambda x: -x, "The size of {it} is right, and its sign is wrong, turned round. Which sign is it?"),
    (lambda x: 2 * x, "{It} is twice too large: a factor 2 too many. Where does it come from?"),
    (lambda x: x / 2, "{It} is half of what it should be: a factor 2 is missing. Where does it belong?"),
    (lambda x: 100 * x, "{It} is 100 times too large, as in percent. What is it as a part of 1?"),
    (lambda x: x / 100, "{It} is 100 times too small. Has the decimal point slipped, or is a factor lost?"),
    (lambda x: 10 * x, "{It} is ten times too large. Has the decimal point slipped, or is a factor too many?"),
    (lambda x: x / 10, "{It} is ten times too small. Has the decimal point slipped, or is a factor lost?"),
    (lambda x: 1000 * x, "{It} is 1000 times too large. Has the decimal point slipped, or is a factor too many?"),
    (lambda x: x / 1000, "{It} is 1000 times too small. Has the decimal point slipped, or is a factor lost?"),
    (lambda x: 1 / x, "{It} is upside down: 1 over the right one, its reciprocal. Which is divided by which?"),
    (lambda x: 1 - x, "{It} is 1 minus the right one. Which of the two is asked for?"),
    (lambda x: x * x, "{It} is the square of the right one. Which power is asked for?"),
    (lambda x: math.sqrt(abs(x)), "{It} is the root of the right one. Which power is asked for?"),
    (lambda x: x + 1, "{It} is 1 too large. Where could a 1 come from?"),
    (lambda x: x - 1, "{It} is 1 too small. Where could a 1 get lost?"),
    (lambda x: 3 * x, "{It} is three times too large. Where does the factor 3 come from?"),
    (lambda x: x / 3, "{It} is a third of what it should be. Where does the factor 3 get lost?"),
    (lambda x: 4 * x, "{It} is four times too large. Where does the factor 4 come from?"),
    (lambda x: x / 4, "{It} is a quarter of what it should be. Where does the factor 4 get lost?"),
]


SPEAKS_OF_ALL = rf"^({recognising.OF_SEVERAL}|Each|Every)\b|\bboth\b"
NO_PLACE = r"(?i)sign|subtract|how far|the length|start is missing"  # of such there is no other side of a start
ADDED = r"\b(adds|added)\b.*\bWhich sign\b"
SAYS_A_SUM = r"(?<!n't )(?<!not )\badds? up to \d"  # true of that mistake alone, and not of its double
ORDINALS = ["first", "second", "third", "fourth", "fifth"]
LIKE_THAT = "This comes out of the following {slip}:"


def of_a_number(task, given):
    """Return what is wrong with one number, or nothing."""
    if told := next(_slips(task.value, given, task.tolerance, "it"), ""):
        return told
    with calculations.one_slip_on_paper():
        told = _in_the_work(task, given)
    return told or _mistake_and_sign(task, given) or _two_numbers(task, given) or _in_the_work(task, given)


def _mistake_and_sign(task, given):
    """Say that the number is a known mistake with the other sign, or nothing."""
    tolerance = min(max(task.tolerance, 1e-9), 0.005)
    for value, text in task.mistakes:
        if value and comparing.same(-value, given, tolerance) and "sign" not in text.lower():
            return f"{text} And: The sign is turned round. Which sign belongs there?"
    return ""


def _two_numbers(task, given):
    """Say which two known mistakes give a number together, or nothing.

    A step that is added ends as far on the other side of its start, whatever its length is; and what two mistakes
    leave out of a large count, or put in, adds up.
    """
    known = [(value, text) for value, text in task.mistakes if np.ndim(value) == 0]
    tolerance = min(max(task.tolerance, 1e-9), 0.005)
    for added, sign in known:
        for value, text in known if re.search(ADDED, sign) else ():
            other = added + task.value - value
            is_no_place = re.search(NO_PLACE, text)  # or it says itself what is added
            if not is_no_place and comparing.same(other, given, tolerance):
                return f"{text} And: {sign}"
    if task.tolerance == 0 and abs(task.value) > MANY:
        for (one, said), (other, also) in itertools.combinations(known, 2):
            if one + other - task.value == given:
                return f"{said} And: {also}"
    return ""


def _in_the_work(task, given):
    """Return the slips of the calculation that give this answer, or nothing."""
    if task.work is None or _is_too_coarse(task, given):
        return ""
    told = sources.on_paper(calculations.on_paper(task, given))
    return f"{LIKE_THAT.format(slip='slips' if ' And: ' in told else 'slip')} {told}" if told else ""


def _is_too_coarse(task, given):
    """Say whether a number is near the right one, and differs from it by less than a step of its last decimal."""
    if np.ndim(given) or float(given).is_integer() or not comparing.near(task.value, given, 0.05):
        return False
    return Decimal(repr(float(abs(given - task.value)))) < Decimal(1).scaleb(Decimal(repr(given)).as_tuple().exponent)


def _slips(value, given, tolerance, it, near=0.1):
    for change, said in SLIPS:
        if _is_so(change, said, value, given, max(tolerance, 1e-9)):
            yield said.format(it=it, It=it[0].upper() + it[1:])
    rounded = comparing.same(value, given, near) and Decimal(repr(float(given)))
    if rounded and any(rounded in comparing.roundings(value, decimals) for decimals in range(4)):
        yield f"{it[0].upper() + it[1:]} {ROUNDED}. How many digits are needed?"


def _is_so(change, said, value, given, tolerance):
    """Say whether this slip makes the given number of the right one, and can be meant of such a number."""
    whole = float(value).is_integer()
    if whole and abs(value) <= COUNTED and "decimal point" in said:
        return False  # whoever counts writes no point
    if "1 minus" in said and (whole or not 0 <= value <= 1):
        return False  # no share
    counted = whole and abs(value) <= MANY and float(given).is_integer()
    if counted and ("root" in said or "square" in said):
        return False  # one count is soon the root of another
    try:
        other = change(value)
    except ZeroDivisionError:
        return False
    return not comparing.same(other, value, 1e-9) and comparing.same(other, given, tolerance)


def of_numbers(task, given):
    """Return what is wrong with a list of numbers, or nothing."""
    right, tolerance = list(task.value), max(task.tolerance, 1e-9)

    def like(values):
        return comparing.near(values, given, tolerance)

    codes = are_codes(task)
    if codes and any(one != int(one) for one in given):
        return "Asked for are the numbers 1, 2, … in front of the descriptions, not values. Which description fits?"
    if len(given) != len(right):
        return _of_another_length(right, given, tolerance)
    if task.tolerance:  # what would be accepted by itself is no mistake
        given = [one if comparing.is_rounded(float(one), float(got)) else got for one, got in zip(right, given)]
    if task.tolerance == 0 and like([one - 1 for one in right]):
        zero = ", as if the count began at zero" if codes else ""
        return f"Each of them is 1 too small{zero}. From which number do you count?"
    if task.tolerance == 0 and like([one + 1 for one in right]):
        return "Each of them is 1 too large. From which number do you count?"
    if like([-one for one in right]):
        return "The sizes are right, and all signs are turned round. Which sign has each of them?"
    if like(right[::-1]) and not codes:
        return "The numbers are right, in reversed order. Which of them comes first?"
    if _is_an_order(right) and _is_an_order(given) and like(_places([int(one) for one in right])):
        return "It gives for each description its place, the inverse. Which description fits the first one?"
    if _are_plain(task, given, tolerance):
        return _entry_by_entry(task, given, tolerance)
    if two := _two_mistakes(task, given, tolerance):
        return two
    if comparing.near(sorted(right), sorted(given), tolerance):
        places = [i + 1 for i in range(len(right)) if not comparing.same(right[i], given[i], tolerance)]
        if codes and (
            said := _two_exchanges(task, right, given) or _both_by_themselves(task, given, places, tolerance)
        ):
            return said
        said = f"Entries {places[0]} and {places[1]} are swapped" if len(places) == 2 else "The order is another one"
        if len(places) > 2 and (kept := [str(i + 1) for i in range(len(right)) if i + 1 not in places]):
            stand = f"numbers {report.listed(kept)} stand" if kept[1:] else f"number {kept[0]} stands"
            said = f"The order is another one: {stand} right, and the others do not"
        return f"The numbers are the right ones. {said}. Which of them belongs where?"
    if like([abs(one) for one in right]):
        return "The sizes are right, and the signs are lost. Which of them are negative?"
    for change, said in SLIPS[1:9]:
        if like([change(one) for one in right]):
            return said.format(It="Every one of them", it="each of them")
    if whole := _whole(task, given, like):
        return whole
    with calculations.one_slip_on_paper() if _is_one_slip(task, given, tolerance) else contextlib.nullcontext():
        told = _in_the_work(task, given)
    return told or _entry_by_entry(task, given, tolerance)


def _are_plain(task, given, tolerance):
    """Say whether each wrong number is the right one with the other sign, or rounded too far: that needs no search."""
    wrong = [pair for pair in zip(task.value, given) if not comparing.same(*pair, tolerance)]
    plain = [next(_slips(*pair, tolerance, "it", ROUGHLY), "") for pair in wrong]
    return not are_codes(task) and all("turned round" in said or ROUNDED in said for said in plain)


def _is_one_slip(task, given, tolerance):
    """Say whether the same usual slip makes all wrong numbers, three or more: two of the work would be too many."""
    wrong = [pair for pair in zip(task.value, given) if not comparing.same(*pair, tolerance)]
    return len(wrong) > 2 and any(all(_is_so(*slip, *pair, tolerance) for pair in wrong) for slip in SLIPS)


def _two_mistakes(task, given, tolerance):
    """Say which two known mistakes the list holds at once, or nothing."""
    if are_codes(task):
        return ""
    right = list(task.value)
    known = [(list(value), text) for value, text in task.mistakes if np.shape(value) == np.shape(right)]
    known = [(value, text) for value, text in known if not re.search(recognising.CALLS_A_PART_RIGHT, text)]
    moved = [(value, text) for value, text in known if sorted(value) == sorted(right)]
    others = [(value, text) for value, text in known if sorted(value) != sorted(right)]
    for value, said in moved:
        places = list(range(len(right)))
        places = [places.pop(next(k for k, j in enumerate(places) if right[j] == one)) for one in value]
        for other, also in others:
            if comparing.near([other[j] for j in places], given, tolerance):
                return f"{said} And: {also}"
    placed = [_placed(value, right, given, tolerance) for value, _ in others]
    for hidden in (False, True):
        for i, j in itertools.combinations(range(len(others)), 2):
            if _is_both(placed[i], placed[j], right, given, tolerance, hidden):
                return f"{others[i][1]} And: {others[j][1]}"
    return ""


def _placed(mistake, right, given, tolerance):
    """Return (the list with a mistake, where it is not right, where it is as given)."""
    differs = [not comparing.same(was, value, tolerance) for was, value in zip(right, mistake)]
    return mistake, differs, [comparing.same(value, got, tolerance) for value, got in zip(mistake, given)]


def _is_both(first, second, right, given, tolerance, hidden):
    """Say whether a list has two mistakes at once: each where it alone changes a number, both where both do.

    first, second: the mistakes, as `_placed` returns them. hidden: whether one that changes a single number may stand
    there alone, in the place of the other.
    """
    (one, *_), (other, *_) = first, second
    hiding = [hidden and sum(differs) == 1 for _, differs, _ in (first, second)]
    alone, shared, product = [False, False], 0, False
    for i, (a, b, was, got) in enumerate(zip(one, other, right, given)):
        differ, fits = (first[1][i], second[1][i]), (first[2][i], second[2][i])
        if all(differ) and comparing.same(was, got, tolerance) and comparing.same(a + b - was, got, 1e-9):
            return False  # one would have to take away what the other adds
        if all(differ) and (hiding[0] and fits[0] or hiding[1] and fits[1]):
            alone[fits.index(True)] = True
        elif all(differ):
            product = bool(was and a and b) and comparing.same(a * b / was, got, tolerance)
            counted = (tolerance < 1e-6 or _are_counts(one, other, right)) and comparing.same(
                a + b - was, got, tolerance
            )
            if not product and not counted:
                return False
            shared += 1
        elif not fits[not differ[0]]:
            return False
        else:
            alone = [before or now for before, now in zip(alone, differ)]
    return all(alone) or shared + sum(alone) > 1 and shared > 0 or tolerance < 1e-6 and product


def _are_counts(*lists):
    """Say whether lists of three numbers or more hold whole numbers alone: in fewer, a sum is soon right by chance."""
    return len(lists[0]) > 2 and all(float(one).is_integer() for numbers in lists for one in numbers)


def _two_exchanges(task, right, given):
    """Say which codes are exchanged, two by two, where each of them is meant for one place only; or nothing."""
    pairs = [(i, right.index(one)) for i, one in enumerate(given) if one != right[i] and one in right]
    if len(set(right)) < len(right) or len(pairs) != 4 or any((j, i) not in pairs for i, j in pairs):
        return ""
    return " And: ".join(
        _known_exchange(task, i, j) or f"Entries {i + 1} and {j + 1} are swapped. Which of them belongs where?"
        for i, j in pairs
        if i < j
    )


def _both_by_themselves(task, given, places, tolerance):
    """Return what the authors say of each of two wrong codes, if they know both but not the two exchanged."""
    texts = [
        next((text for mistake, text in task.mistakes if _has_at(mistake, i - 1, given[i - 1], task, tolerance)), "")
        for i in places
    ]
    if len(places) != 2 or not all(texts) or _known_exchange(task, *(i - 1 for i in places)):
        return ""
    return " ".join(f"Number {i}: {text}" for i, text in zip(places, texts))


def _known_exchange(task, i, j):
    """Return what the authors say of these two codes exchanged, or nothing."""
    once = list(task.value)
    once[i], once[j] = once[j], once[i]
    return next((text for wrong, text in task.mistakes if list(wrong) == once), "")


def _said_twice(task, given, wrong):
    """Ask of the place where a code stands for the second time, if each is meant for one place only; or nothing."""
    right = list(task.value)
    if len(wrong) != 1 or len(set(right)) < len(right) or given[wrong[0]] not in right:
        return ""
    i, j = wrong[0], right.index(given[wrong[0]])
    of_two = rf"^([^.?]*\bexchanged\b|(?!{string.ascii_uppercase[i]})[A-Z] is taken for\b)[^.?]*\. "
    asked = re.sub(of_two, "", _known_exchange(task, i, j)) or "Which of the two places is meant?"
    return f"{given[i]:g} stands in it twice, here and at place {j + 1}. {asked}"


WHOLE = [  # what happens to all numbers of a list
    (lambda v: v[::-1], "The order is reversed. Which comes first?"),
    (lambda v: [100 * one for one in v], "Each is 100 times too large, as in percent. What is it as a part of 1?"),
    (lambda v: [abs(one) for one in v], "The signs are lost. Which of them are negative?"),
    (lambda v: [-one for one in v], "All signs are turned round. Which sign has each?"),
    (lambda v: [one / 2 for one in v], "Each is halved. Where does a factor 2 belong?"),
    (lambda v: [one / 3 for one in v], "Each is divided by 3. What is the 3?"),
]


def _whole(task, given, like):
    """Say what happened to the whole list: two things of these, or a known mistake and one of these."""
    if are_codes(task):
        return ""
    known = [(list(value), text) for value, text in task.mistakes if np.ndim(value) == 1]
    if said := _no_shares(task, given, known):
        return said
    once = [(change(list(task.value)), said) for change, said in WHOLE]
    whole = [*WHOLE, *_orders(list(task.value), known), *_shifts(list(task.value), known)]
    for value, text in [*known, *once]:
        for change, said in [] if re.search(SAYS_A_SUM, text) else whole:
            if said == text or ("sign" in text and "sign" in said) or not like(changed := change(value)):
                continue
            if comparing.near(changed, value, task.tolerance):
                continue  # nothing happened to it
            if "halved" in said and all(float(one).is_integer() for one in (*task.value, *given)):
                continue  # counts, which meet by chance
            if not _makes_some_right(list(task.value), value, changed, task.tolerance):
                return f"{text} And: {said}"
    return ""


def _makes_some_right(right, before, now, tolerance):
    """Say whether some number is right now and was not before: two mistakes that meet so meet by chance."""
    return any(
        comparing.same(one, new, tolerance) and not comparing.same(one, old, tolerance)
        for one, old, new in zip(right, before, now)
    )


def _no_shares(task, given, known):
    """Say that numbers which should add up to 1 don't, where as shares they are a known mistake; or nothing."""
    right, total = list(task.value), sum(given)
    if (
        not math.isclose(sum(right), 1, rel_tol=1e-6)
        or min(given) < 0
        or total == 0
        or math.isclose(total, 1, rel_tol=0.01)
    ):
        return ""
    shares = [one / total for one in given]
    text = next((text for value, text in known if comparing.near(value, shares, max(task.tolerance, 1e-9))), "")
    if "divided" in text:  # they are not yet
        question = re.split(r"(?<=[.:]) ", text)[-1]
        return f"They add up to {total:.4g}, not to 1, and to divide each by that would not be enough. {question}"
    return text and f"{text} And: They add up to {total:.4g}, not to 1. By what must each be divided?"


def _orders(right, known):
    """Return the known mistakes that have the right numbers in another order, each as what it makes of any list."""
    found = []
    for value, text in known:
        if len(set(right)) == len(right) == len(value) and sorted(value) == sorted(right) and value != right:
            places = [right.index(one) for one in value]
            found.append((lambda v, places=places: [v[k] for k in places] if len(v) == len(places) else v, text))
    return found


def _shifts(right, known):
    """Return the known mistakes that begin too early or differ by one and the same, as what they make of any list."""
    found = []
    for value, text in known:
        if len(value) != len(right) or len(right) < 3:
            continue
        more = value[0] - right[0]
        if value[1:] == right[:-1] and value[0] not in right:
            found.append((lambda v, first=value[0]: [first, *v[:-1]], text))
        elif more and all(math.isclose(one - other, more, abs_tol=1e-9) for one, other in zip(value, right)):
            found.append((lambda v, more=more: [one + more for one in v], text))
    return found


def are_codes(task):
    """Say whether the numbers stand for descriptions, so that none of them is more or less than another."""
    return task.tolerance == 0 and np.ndim(task.value) == 1 and set(task.value) <= set(range(10))


def _is_an_order(numbers):
    return sorted(numbers) == list(range(1, len(numbers) + 1))


def _of_another_length(right, given, tolerance):
    numbers = f"{len(given)} number{'s' * (len(given) != 1)}"
    asked = f"You gave {numbers}, and {len(right)} {'are' if len(right) > 1 else 'is'} asked for."
    for i in range(len(right)):
        if comparing.same(right[:i] + right[i + 1 :], given, tolerance):
            return f"Number {i + 1} is missing, and the others are right. {asked}"
    for i in range(len(given)):
        if comparing.same(right, given[:i] + given[i + 1 :], tolerance):
            return f"Number {i + 1} is one too many, and the others are right. {asked}"
    return asked


def _entry_by_entry(task, given, tolerance):
    """Say which entries are wrong and, where it is a usual slip or a known mistake, in which way."""
    wrong = [i for i, pair in enumerate(zip(task.value, given)) if not comparing.same(*pair, tolerance)]
    told = []
    for i in wrong:
        it = f"number {i + 1}"
        known = next((text for mistake, text in task.mistakes if _has_at(mistake, i, given[i], task, tolerance)), "")
        slip = "" if are_codes(task) else next(_slips(task.value[i], given[i], tolerance, it, ROUGHLY), "")
        told.append(f"{it.capitalize()}: {known}" if known and wrong[1:] else known or slip)
    if len(wrong) > 2 and not are_codes(task) and (grouped := _in_groups(task, given, wrong, tolerance)):
        return grouped
    which = report.listed([str(i + 1) for i in wrong])
    if not any(told) and not are_codes(task) and (ratio := _one_ratio(task, given, wrong)):
        return f"Numbers {which} are each {ratio} of what they should be. By what was divided, or multiplied?"
    said = " ".join(dict.fromkeys(text for text in told if text)) if len(wrong) < 3 else ""
    said = said or _mistake_but_one(task, given, wrong, tolerance)
    if are_codes(task):
        said = said or _said_twice(task, given, wrong)
    if len(wrong) == len(given) or ROUNDED in said:  # "is not right, is right but rounded" would contradict itself
        return said
    numbers = f"Number {which} is" if len(wrong) == 1 else f"Numbers {which} are"
    right = [i for i in range(len(given)) if i not in wrong]
    others = "the others are" if right[1:] else f"number {right[0] + 1} is"
    return f"{numbers} not right, and {others}. {said or 'What is done differently there?'}"


def _mistake_but_one(task, given, wrong, tolerance):
    """Say which known mistake the list holds in all its numbers but one, where this is neither that nor right."""
    if are_codes(task):
        return ""
    for mistake, text in task.mistakes:
        if np.ndim(mistake) != 1 or len(mistake) != len(given) or re.search(SPEAKS_OF_ALL, text):
            continue
        same = [comparing.same(*pair, tolerance) or comparing.is_as_written(*pair) for pair in zip(mistake, given)]
        other = [i for i in range(len(given)) if not same[i]]
        if any(ORDINALS[i] in text.lower().split() for i in other[:1] if i < len(ORDINALS)):
            continue  # it speaks of just that number
        changed = [i for i in wrong if not comparing.same(mistake[i], task.value[i], tolerance)]
        if len(other) == 1 and other[0] in changed and changed[1:]:
            return f"{text} And number {other[0] + 1} goes wrong in one more way."
    return ""


def _one_ratio(task, given, wrong):
    """Return the simple fraction that all wrong entries are of the right ones, or nothing."""
    if len(wrong) < 2 or any(task.value[i] == 0 for i in wrong):
        return ""
    largest = max(wrong, key=lambda i: abs(given[i]))
    simple = Fraction(given[largest] / task.value[largest]).limit_denominator(12)
    alike = all(comparing.is_as_written(float(simple * Fraction(task.value[i])), given[i], 0.005) for i in wrong)
    return str(simple) if alike and 0 < simple.numerator <= 12 and simple.denominator > 1 else ""


def _in_groups(task, given, wrong, tolerance):
    """Say it once for all entries with the same slip, if one slip or two are all that is wrong."""
    told, left = [], list(wrong)
    for change, said in SLIPS:
        same = [i for i in left if _is_so(change, said, task.value[i], given[i], tolerance)]
        if same:
            one = f"number {same[0] + 1}"
            each = f"Numbers {report.listed([str(i + 1) for i in same])}: " + said.format(it="each", It="Each")
            told.append(each if same[1:] else said.format(it=one, It=one.capitalize()))
            left = [i for i in left if i not in same]
    return " ".join(told) if not left and len(told) < 3 else ""


def _has_at(mistake, i, given, task, tolerance):
    """Say whether a known mistake has this number at this place, and the right numbers at all others."""
    if np.ndim(mistake) != 1 or len(mistake) != len(task.value) or comparing.same(mistake[i], task.value[i], tolerance):
        return False
    alone = sum(not comparing.same(*pair, tolerance) for pair in zip(mistake, task.value)) == 1
    written = any(comparing.is_as_written(*pair, 1) for pair in ((mistake[i], given), (given, mistake[i])))
    return alone and written and comparing.same(mistake[i], given, tolerance)


def of_an_order(task, given):
    """Return the first thing that is wrong with an order of lines."""
    right, every = list(task.value), range(1, len(task.lines) + 1)
    orders = [right, *map(list, task.also)]
    if any(given in _ranks(one, len(task.lines)) for one in orders):
        return "It gives the place of each line. Asked for are the lines, from first to last: which line comes first?"
    if outside := sorted(set(given) - set(every)):
        zero = " Yours begin at 0." if 0 in outside else ""
        shifted = [one + 1 for one in given] in orders
        if shifted:
            return f"The order is right, and counted from zero: the lines are numbered from 1 to {len(task.lines)}."
        return f"The lines are numbered from 1 to {len(task.lines)}.{zero} Which lines do you mean?"
    if twice := sorted({one for one in given if given.count(one) > 1}):
        return f"Line {twice[0]} stands in it twice. Where does it belong?"
    if given == list(every):
        return "That is the order in which they are shown. Which line must come first?"
    if any(given == one[::-1] for one in orders):
        return "That is the right order reversed, from last to first. Which line must come first?"
    return _first_broken_rule(task, given, orders)


def _ranks(order, lines):
    """Return the ways to write for each line its place: with and without the lines that have none."""
    every = [order.index(line) + 1 if line in order else 0 for line in range(1, lines + 1)]
    return [_places(order), every]


def _places(order):
    """Return the inverse permutation: the place of line 1, of line 2, and so on."""
    return [order.index(line) + 1 for line in sorted(order)]


def _first_broken_rule(task, given, orders):
    """Say which line does not belong, which is missing, or which stands before one that it needs."""
    right = orders[0]
    strange = [line for line in given if all(line not in one for one in orders)]
    missing = [line for line in right if line not in given]
    told = []
    broken = _broken_pairs(task, given, orders)
    if strange:
        why = task.strange.get(strange[0], "What would it change?")
        told.append(f"Line {strange[0]}, {_quoted(task, strange[0])}, does not belong. {why}")
    if len(strange) == len(missing) == 1 and not broken and _are_alike(task, strange[0], missing[0]):
        meant = [missing[0] if line == strange[0] else line for line in given]
        for first, then in _broken_pairs(task, meant, orders)[:1]:
            shown = [strange[0] if line == missing[0] else line for line in (first, then)]
            why = task.needs.get((first, then)) or "Which of the two needs the other?"
            return f"{told[0]} {_quoted(task, shown[1])} comes before {_quoted(task, shown[0])}, too early. {why}"
    if missing and not (strange and broken):  # what stands for it tells more
        told.append(f"Line {missing[0]}, {_quoted(task, missing[0])}, is missing. Where does it belong?")
    for first, then in broken[: 2 - len(told)]:
        why = task.needs.get((first, then)) or "Which of the two needs the other?"
        told.append(f"{_quoted(task, then)} comes before {_quoted(task, first)}, too early. {why}")
    return " ".join(told[:2])


def _broken_pairs(task, given, orders):
    """Return (before, after) that every right order keeps and this one breaks, one for each line that comes too early.

    The authors' rules come first.
    """
    kept = [line for line in given if line in orders[0]]
    pairs = [(a, b) for i, a in enumerate(orders[0]) for b in orders[0][i + 1 :]]
    always = [(a, b) for a, b in pairs if all(one.index(a) < one.index(b) for one in orders)]
    broken = [(a, b) for a, b in always if a in kept and b in kept and kept.index(b) < kept.index(a)]
    found = []
    for pair in sorted(broken, key=lambda pair: pair not in task.needs):
        if not any(set(pair) & set(one) for one in found):
            found.append(pair)
    if len(found) == 1 and (more := _broken_after(kept, *found[0], broken)):
        found.append(min(more, key=lambda pair: pair not in task.needs))
    return found


def _broken_after(kept, first, then, broken):
    """Return those of the broken pairs that stay so when one of these two lines moves, whichever it is."""
    rest = [[line for line in kept if line != moved] for moved in (first, then)]
    earlier, later = rest[0].index(then), rest[1].index(first) + 1
    moved = [
        [*rest[0][:earlier], first, *rest[0][earlier:]],
        [*rest[1][:later], then, *rest[1][later:]],
    ]
    return [(a, b) for a, b in broken if all(one.index(b) < one.index(a) for one in moved)]


def _are_alike(task, one, other):
    """Say whether a line looks as if it stood for another one."""
    return difflib.SequenceMatcher(None, task.lines[one - 1], task.lines[other - 1]).ratio() > ALIKE


def _quoted(task, line):
    return f"`{report.shown_line(task.lines[line - 1])}`"
