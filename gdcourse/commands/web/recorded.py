"""What the checks of work on paper and the predictions say, recorded for a page on which no Python runs.

The engine is asked here, once, what it says to each answer that people give: the right one and what is near enough, the
named mistakes, the slips of the calculation, entries swapped, left out or one too many. A page then looks an answer up.
Nothing stands in it in plain text: an answer is looked up by a hash, and what is said to it is scrambled with a word
that the answer itself unlocks. So neither the page nor what it says to a wrong answer gives the right one away; who
tries all answers finds it, as anywhere. `site.js` holds the other half of `mix`, `stream` and `spot`.
"""

import base64
import html
import itertools
import json
import math

import numpy as np

from gdcourse.exercises import calculations, paper, predictions, questions, report

GRID = 1e-3  # numbers nearer than this, relative, are one spot where an answer may be that far off
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
UNKNOWN = "?"
LONGEST = 9  # entries of a list that get a sentence about their number
MASK = 0xFFFFFFFF

_asked = {}  # by the id of the question, which the entry keeps alive: to ask the engine takes long


def mix(text):
    """Return two numbers of 32 bits that a text is mixed to (cyrb53 by bryc, public domain)."""
    one, two = 0xDEADBEEF, 0x41C6CE57
    for letter in text.encode("utf-16-le")[::2] if text.isascii() else map(ord, text):
        one = (one ^ letter) * 2654435761 & MASK
        two = (two ^ letter) * 1597334677 & MASK
    one = ((one ^ one >> 16) * 2246822507 ^ (two ^ two >> 13) * 3266489909) & MASK
    two = ((two ^ two >> 16) * 2246822507 ^ (one ^ one >> 13) * 3266489909) & MASK
    return one, two


def word(text):
    """Return six letters that stand for a text."""
    one, two = mix(text)
    return "".join(DIGITS[one >> shift & 63] for shift in (0, 6, 12, 18, 24)) + DIGITS[two & 63]


def stream(seed, length):
    """Return so many bytes that follow from a seed."""
    blocks = (b"".join(part.to_bytes(4, "little") for part in mix(f"{i}|{seed}")) for i in range(length // 8 + 1))
    return b"".join(blocks)[:length]


def seal(seed, text):
    """Return the text scrambled with the seed."""
    data = text.encode()
    return base64.b64encode(bytes(a ^ b for a, b in zip(data, stream(seed, len(data))))).decode()


def crossed(one, other):
    """Return one word locked with another, or unlocked again."""
    return "".join(DIGITS[DIGITS.index(a) ^ DIGITS.index(b)] for a, b in zip(one, other))


def key(text):
    """Return a name for something that is asked, fit for an attribute."""
    return word(f"name|{text}")


class Table:
    """What is said to one question: words that answers unlock, and sentences that these words unlock."""

    def __init__(self, name):
        self.name, self.words, self.said, self.spoken = name, {}, {}, []

    def put(self, part, secret):
        """Let a part of an answer unlock a word; the first one stays."""
        place = f"{self.name}|{part}"
        self.words.setdefault(word(place), crossed(secret, word(f"lock|{place}")))

    def say(self, part, what):
        """Let a part of an answer unlock something to say."""
        self.spoken.append(what)
        text = json.dumps(what, ensure_ascii=False)
        secret = word(f"{self.name}|say|{text}")
        self.said[word(f"said|{secret}")] = seal(secret, text)
        self.put(part, secret)

    def __contains__(self, part):
        return word(f"{self.name}|{part}") in self.words

    def form(self):
        """Return what is written to the page's file: the words in their own order, which tells nothing."""
        return {
            "words": "".join(key + self.words[key] for key in sorted(self.words)),
            "said": dict(sorted(self.said.items())),
        }


def written(tables):
    """Return the file of a page's answers: a script, so that it also loads where pages are opened from a disk."""
    return f"gdcourse({json.dumps({name: table.form() for name, table in tables.items()}, ensure_ascii=False)});\n"


def prediction(task):
    """Return what the result says to each option."""
    table = Table(task.question)
    for option in task.options:
        table.say(f"option|{option}", predictions.verdict(option, task))
    return table


def question(task):
    """Return what the check says to the answers that people give."""
    if id(task) in _asked:
        return _asked[id(task)][1]
    table = Table(task.name)
    with calculations.one_slip_on_paper():
        (_order if task.lines else _numbers)(task, table)
    _asked[id(task)] = task, table
    return table


def is_list(task):
    """Say whether a question asks for several numbers."""
    return np.ndim(task.value) > 0


def told(task, value):
    """Return what the engine says to one answer: whether it is right, and the lines below the first."""
    kind, lines, _ = questions.judge(task, value)
    helps = f'hint("{task.name}") helps.'
    return {"kind": kind, "lines": [line for line in lines[1:] if line and line != helps]}


def spot(number, exact):
    """Return where a number stands, as a text: the same for numbers that are not told apart."""
    if exact or number == 0:
        return f"={math.floor(number * 1e6 + 0.5)}"
    return f"{'-' if number < 0 else ''}{math.floor(math.log(abs(number)) / GRID + 0.5)}"


# ------------------------------------------------------------------------------------------------------ numbers


def _numbers(task, table):
    right = [float(one) for one in np.ravel(task.value)]
    exact = task.tolerance == 0
    unknown = 7919.0 if exact else 7919.357
    answers = [answer for answer in _answers(task, right) if all(map(math.isfinite, answer))]
    tokens = _spots(task, right, [*map(list, answers)], table, exact)

    def put(answer, part=None):
        if part is None:
            part = "l|" + ",".join(tokens.get(spot(one, exact), UNKNOWN) for one in answer)
        if part not in table:
            table.say(part, told(task, answer if is_list(task) else answer[0]))

    put(right)
    for answer in answers:
        put(answer)
    if is_list(task):
        for i in range(len(right) + 1):
            put([*right[:i], unknown, *right[i:]])
    for i, one in enumerate(right):
        table.put(f"p|{i}|{tokens[spot(one, exact)]}", word("right"))
    for length in range(1, LONGEST + 1):
        if length != len(right):
            put([unknown] * length, f"n|{length}")
    names = sorted(tokens[spot(one, exact)] for one in right)
    if len(right) > 2:
        put([*right[1:], right[0]], "m|" + ",".join(names))
    for wrong in itertools.product([False, True], repeat=len(right)):
        if any(wrong):
            places = ",".join(str(i) for i, one in enumerate(wrong) if one)
            put([unknown if bad else one for bad, one in zip(wrong, right)], f"w|{places}")


def _answers(task, right):
    """Yield the answers to record, as lists: what the engine knows first, then what may be done to the right one."""
    shape = np.shape(task.value)
    for wrong, _ in task.mistakes:
        if np.ndim(wrong) < 2:
            yield [float(one) for one in np.ravel(wrong)]
    changes = [change for change, _ in paper.SLIPS]
    for change in changes:
        yield from _changed(right, change, [range(len(right))])
    if task.work is not None:
        for value, _ in calculations.slips_on_paper(task):
            if value.shape == shape:
                yield [float(one) for one in np.ravel(value)]
    if not shape:
        for digits in range(4):
            yield [round(right[0], digits)]
        return
    yield from ([one + by for one in right] for by in (-1, 1))
    yield right[::-1]
    yield [abs(one) for one in right]
    if len(right) < 5:
        yield from map(list, itertools.permutations(right))
    for i, j in itertools.combinations(range(len(right)), 2):
        swapped = list(right)
        swapped[i], swapped[j] = right[j], right[i]
        yield swapped
    for i in range(len(right)):
        yield right[:i] + right[i + 1 :]
    for change in changes:
        yield from _changed(right, change, [[i] for i in range(len(right))])
    for wrong, _ in task.mistakes:
        if np.shape(wrong) == shape:
            yield from ([*right[:i], float(wrong[i]), *right[i + 1 :]] for i in range(len(right)))
    for i, digits in itertools.product(range(len(right)), range(4)):
        yield [*right[:i], round(right[i], digits), *right[i + 1 :]]


def _changed(right, change, groups):
    for group in groups:
        try:
            yield [change(one) if i in group else one for i, one in enumerate(right)]
        except ZeroDivisionError:
            continue


def _spots(task, right, answers, table, exact):
    """Give each spot its word: what is taken for a right number first, then every other number that is recorded."""
    tokens = {}

    def claim(number, at):
        place = spot(at, exact)
        if place not in tokens:
            tokens[place] = word(f"{task.name}|number|{number:.12g}")
            table.put(f"c|{place}", tokens[place])

    def accepted(i, at):
        answer = [*right[:i], at, *right[i + 1 :]]
        return questions.is_met(task, task.value, answer if is_list(task) else at)

    for one in right:
        claim(one, one)
    numbers = dict.fromkeys(one for answer in answers for one in answer)
    if exact:
        for one in numbers:
            claim(one, one)
        return tokens
    reach = math.ceil(task.tolerance / GRID) + 1
    for i, one in enumerate(right):
        around = [one * math.exp(GRID * step) for step in range(-reach, reach + 1)]
        for at in [*around, *(round(one, digits) for digits in range(2, 6))]:
            if accepted(i, at):
                claim(one, at)
    for one in numbers:
        claim(one, one)
    for one in numbers:
        for step in range(-reach + 2, reach - 1):
            claim(one, one * math.exp(GRID * step))
        for digits in range(1, 5):
            claim(one, round(one, digits))
    return tokens


# -------------------------------------------------------------------------------------------------------- orders


def _order(task, table):
    """Record an order of lines: known answers as a whole, all others by the first thing that is wrong with them."""
    lines, right = range(1, len(task.lines) + 1), list(task.value)
    orders = [right, *map(list, task.also)]
    known = [*orders, *(list(wrong) for wrong, _ in task.mistakes), list(lines)]
    known += [one[::-1] for one in orders] + [[line - 1 for line in one] for one in orders]
    known += [rank for one in orders for rank in paper._ranks(one, len(task.lines))]
    for answer in known:
        table.say("l|" + ",".join(map(str, answer)), told(task, answer))
    table.say("outside", told(task, [len(lines) + 1]))
    table.say("outside0", told(task, [0, 0]))
    for line in lines:
        table.say(f"twice|{line}", told(task, [line, line]))
    strange = [line for line in lines if all(line not in one for one in orders)]
    for line in strange:
        table.say(f"strange|{line}", _part(task, [*right, line]))
    for length in range(len(right)):
        for kept in itertools.combinations(sorted(right), length):
            table.say("missing|" + ",".join(map(str, kept)), _part(task, [line for line in right if line in kept]))
    pairs = [(a, b) for i, a in enumerate(right) for b in right[i + 1 :]]
    always = [pair for pair in pairs if all(one.index(pair[0]) < one.index(pair[1]) for one in orders)]
    for place, (first, then) in enumerate(sorted(always, key=lambda pair: pair not in task.needs)):
        sentence = paper._first_broken_rule(task, [then, first], [[first, then]])
        table.say(f"pair|{then}|{first}", [place, sentence])


def _part(task, given):
    """Return the one sentence about an order that is right but for a line too many or lines left out."""
    return paper._first_broken_rule(task, given, [list(task.value), *map(list, task.also)])


# ----------------------------------------------------------------------------------------------------- solutions


def solution(task):
    """Return what `solution` shows for work on paper, as HTML."""
    first = f"<p><strong>The answer to {task.name}: {html.escape(report.shown(task.value))}</strong>"
    lines = "\n".join(task.lines[number - 1] for number in task.value) if task.lines else ""
    return f"{first}<br>{report.marked(task.why)}</p>" + (f"<pre>{html.escape(lines)}</pre>" if lines else "")


def highlighted(code):
    """Return Python as HTML, coloured as the pages' code is."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    return (
        f'<div class="highlight-ipython3 notranslate">{highlight(code.strip(), PythonLexer(), HtmlFormatter())}</div>'
    )
