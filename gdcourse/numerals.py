"""Whole numbers in words: English, German and French, from 0 to 9,999, and the samples that a translator learns from.

German writes a number as one word; here it is given in its parts, for a translator to put one after the other. The
words are those of num2words 0.5.14 (tests/tools/hash_numerals.py), without its commas and hyphens.
"""

import functools

import numpy as np

from gdcourse import checks

LIMIT = 10_000  # numbers below it have words
ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
GERMAN = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn"
).split()
GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
FRENCH = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
FRENCH_TENS = "vingt trente quarante cinquante soixante soixante quatre quatre".split()  # 70 is 60 + 10, 80 is 4 · 20


def english(number):
    """Return the English words of a whole number from 0 to 9,999: 131 is one hundred and thirty one."""
    number = _checked(number)
    thousands, hundreds, rest = number // 1000, number // 100 % 10, number % 100
    words = [ENGLISH[thousands], "thousand"] if thousands else []
    words += [ENGLISH[hundreds], "hundred"] if hundreds else []
    if not rest and words:
        return words
    words += ["and"] if words else []
    if rest < 20:
        return [*words, ENGLISH[rest]]
    return [*words, ENGLISH_TENS[rest // 10 - 2]] + ([ENGLISH[rest % 10]] if rest % 10 else [])


def german(number):
    """Return the German words of a whole number from 0 to 9,999: 131 is ein hundert ein und dreißig."""
    number = _checked(number)
    thousands, hundreds, rest = number // 1000, number // 100 % 10, number % 100
    words = [GERMAN[thousands], "tausend"] if thousands else []
    words += [GERMAN[hundreds], "hundert"] if hundreds else []
    if not rest and words:
        return words
    if rest < 20:
        return [*words, "eins" if rest == 1 else GERMAN[rest]]
    return words + ([GERMAN[rest % 10], "und"] if rest % 10 else []) + [GERMAN_TENS[rest // 10 - 2]]


def french(number):
    """Return the French words of a whole number from 0 to 9,999: 97 is quatre vingt dix sept, four twenty ten seven."""
    number = _checked(number)
    thousands, hundreds, rest = number // 1000, number // 100 % 10, number % 100
    words = [FRENCH[thousands]] if thousands > 1 else []
    words += ["mille"] if thousands else []
    words += [FRENCH[hundreds]] if hundreds > 1 else []
    words += ["cents" if hundreds > 1 and not rest else "cent"] if hundreds else []
    return words + _french_below_100(rest) if rest or not words else words


def _french_below_100(number):
    if number < 20:
        return [FRENCH[number]] if number <= 16 else ["dix", FRENCH[number - 10]]
    tens, ones = number // 10, number % 10
    if tens in (7, 9):  # soixante dix, quatre vingt dix: they count on to nineteen
        tens, ones = tens - 1, ones + 10
    words = [FRENCH_TENS[tens - 2]]
    if tens == 8:
        words += ["vingt" if ones else "vingts"]
    elif ones in (1, 11):
        words += ["et"]
    return words + (_french_below_100(ones) if ones else [])


LANGUAGES = {"English": english, "German": german, "French": french}
END = "."  # word 0 of every language: it ends a number, stands before its first word, and fills empty places
SAID = 2  # of the words said so far, so many come into a sample


def _words(language):
    """Return the words of a language, END first, and how many the longest number has."""
    return _spelled(checks.one_of("language", language, LANGUAGES))


@functools.cache
def _spelled(language):
    spell = LANGUAGES[language]
    spelled = [spell(number) for number in range(LIMIT)]
    return (END, *dict.fromkeys(word for words in spelled for word in words)), max(map(len, spelled))


def vocabulary(language):
    """Return the list of all words of a language. A word's place in it is its index; END has the index 0."""
    return list(_words(language)[0])


def encode(numbers, language):
    """Return the numbers as rows of indices of words, (n, places) whole numbers; empty places hold 0.

    numbers: whole numbers from 0 to 9,999. places: how many words the longest number has, 7 in English and German.
    """
    known, places = _words(language)
    if not np.iterable(numbers):
        raise TypeError(f"numbers must be a list of whole numbers, such as [7, 131]; got {checks.shown(numbers)}.")
    index_of = {word: i for i, word in enumerate(known)}
    rows = [[index_of[word] for word in LANGUAGES[language](number)] for number in numbers]
    return np.array([row + [0] * (places - len(row)) for row in rows], int).reshape(-1, places)


def decode(row, language):
    """Return a row of indices of words as text, up to the first END."""
    known, row = _words(language)[0], checks.array("row", row)
    if row.ndim != 1 or row.dtype.kind not in "iu" or (row < 0).any() or (row >= len(known)).any():
        raise ValueError(f"row must hold indices of words, whole numbers from 0 to {len(known) - 1}.")
    words = [known[i] for i in row]
    return " ".join(words[: words.index(END)] if END in words else words)


def samples(numbers, source="English", target="German"):
    """Return X and y with one row for each word to be said: what is known before it, and the word.

    X: (n, places + 2) whole numbers: the words of the source, and the last two words said, END before the first one.
    y: (n,) the next word, END after the last. The rows of a number stand together, in the order of its words.
    """
    X, y = [], []
    for row, words in zip(encode(numbers, source), encode(numbers, target)):
        said = [*[0] * SAID, *words[words > 0], 0]
        X += [[*row, *said[i : i + SAID]] for i in range(len(said) - SAID)]
        y += said[SAID:]
    return np.array(X, int), np.array(y, int)


def share_right(p, X, y):
    """Return the share of numbers all of whose words are right: as many as are right when a model translates alone.

    p: (n, words) the probabilities of the next word for each row of X. X and y: as `samples` gives them.
    """
    starts = np.flatnonzero((X[:, -SAID:] == 0).all(axis=1))
    return float(np.logical_and.reduceat(p.argmax(axis=1) == y, starts).mean())


def _checked(number):
    number = checks.count("number", number, least=0)
    if number >= LIMIT:
        raise ValueError(f"number must be below {LIMIT:,}; got {checks.shown(number)}.")
    return number
