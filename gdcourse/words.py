"""Texts as numbers: words, the vocabulary of the most frequent ones, and for each text the numbers of its words.

Numbers and vocabulary are those of Keras's `TextVectorization`: 0 fills up short texts, 1 stands for every word that
the vocabulary lacks. Only the words are split otherwise: Keras deletes marks such as . and ' and cuts at spaces, so it
makes one word of "good...bad", "dont" of "don't", and words of digits. Here these are "good" and "bad", "don't", none.
"""

import re
from collections import Counter

import numpy as np

from gdcourse import checks

PADDING, UNKNOWN = "", "[UNK]"  # the first two words of every vocabulary, as in Keras
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def split(text):
    """Return the words of a text in lower case: letters, and apostrophes between them, as in *don't*."""
    if not isinstance(text, str):
        raise TypeError(f"a text must be a str; got {checks.shown(text)}.")
    return WORD.findall(text.lower().replace("’", "'"))


def vocabulary(texts, most=2000):
    """Return a list of so many words at most: "", "[UNK]", then the words of the texts, the most frequent first.

    Words that are as frequent stand in reverse alphabetical order, as in Keras.
    """
    counts = Counter(word for text in _texts(texts) for word in split(text))
    words = sorted(counts, key=lambda word: (counts[word], word), reverse=True)
    return [PADDING, UNKNOWN, *words[: checks.count("most", most, least=3) - 2]]


def vectorize(texts, vocabulary, length=200):
    """Return the numbers of the words, (n, length): a row for each text, cut off at this length or filled with 0.

    A word's number is its place in the vocabulary; 1 if it isn't there.
    """
    if not isinstance(vocabulary, list | tuple) or not all(isinstance(word, str) for word in vocabulary):
        raise TypeError(
            f"vocabulary must be a list of words, such as ['', '[UNK]', 'good']; got {checks.shown(vocabulary)}."
        )
    numbers = {word: number for number, word in enumerate(vocabulary)}
    X = np.zeros((len(texts := _texts(texts)), checks.count("length", length)), int)
    for row, text in zip(X, texts):
        known = [numbers.get(word, 1) for word in split(text)[:length]]
        row[: len(known)] = known
    return X


def _texts(texts):
    """Return a list of the texts, refusing a single one, whose letters would be taken for texts."""
    if isinstance(texts, str) or not np.iterable(texts):
        raise TypeError(f"texts must be a list of str, such as ['good', 'not bad']; got {checks.shown(texts)}.")
    return list(texts)
