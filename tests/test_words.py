"""Texts as numbers: the words of a text, the vocabulary, and the same numbers as Keras's TextVectorization."""

import numpy as np
import pytest

from gdcourse import words
from gdcourse.datasets import load_reviews


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Good, NOT bad!", ["good", "not", "bad"]),
        ("I don't; the dogs' can't…", ["i", "don't", "the", "dogs", "can't"]),
        ("it’s good...bad 24 x 7", ["it's", "good", "bad", "x"]),
        ("'quoted' well-made", ["quoted", "well", "made"]),
        ("not'bad jalapeño snake_case", ["not'bad", "jalapeño", "snake", "case"]),
        ("", []),
        ("<br /> 12", ["br"]),
    ],
)
def test_words_are_letters_and_apostrophes_between_them(text, expected):
    assert words.split(text) == expected


def test_the_vocabulary_has_the_most_frequent_words_first():
    texts = ["a tea is a tea", "A coffee", "no tea, bad tea"]
    assert words.vocabulary(texts, 6) == ["", "[UNK]", "tea", "a", "no", "is"]
    assert words.vocabulary(texts) == ["", "[UNK]", "tea", "a", "no", "is", "coffee", "bad"]
    assert words.vocabulary([], 3) == ["", "[UNK]"]


def test_texts_become_rows_that_are_cut_or_filled():
    known = ["", "[UNK]", "tea", "good"]
    X = words.vectorize(["Good tea!", "no good tea at all", ""], known, length=4)
    assert X.tolist() == [[3, 2, 0, 0], [1, 3, 2, 1], [0, 0, 0, 0]] and X.dtype == int


def test_numbers_and_vocabulary_are_keras_s(keras):
    (reviews, _), _ = load_reviews()
    plain = [" ".join(words.split(text)) for text in reviews[:1000]]
    layer = keras.layers.TextVectorization(
        max_tokens=500, output_sequence_length=60, standardize=None, split="whitespace"
    )
    layer.adapt(plain[:700])
    vocabulary = words.vocabulary(reviews[:700], 500)
    assert layer.get_vocabulary() == vocabulary
    assert (np.array(layer(plain)) == words.vectorize(reviews[:1000], vocabulary, 60)).all()


@pytest.mark.parametrize(
    ("text", "ours", "theirs"),
    [
        ("good...bad", ["good", "bad"], ["goodbad"]),
        ("I don't", ["i", "don't"], ["i", "dont"]),
        ("24 x 7", ["x"], ["24", "x", "7"]),
    ],
)
def test_keras_splits_words_otherwise(text, ours, theirs, keras):
    """What the head of the module says of punctuation, apostrophes and digits."""
    layer = keras.layers.TextVectorization()
    layer.adapt([text])
    assert words.split(text) == ours
    assert set(layer.get_vocabulary()[2:]) == set(theirs)


@pytest.mark.parametrize(
    ("message", "run"),
    [
        ("a text must be a str; got 3", lambda: words.split(3)),
        ("texts must be a list of str", lambda: words.vocabulary("one text")),
        ("texts must be a list of str", lambda: words.vectorize("one text", ["", "[UNK]"])),
        ("texts must be a list of str", lambda: words.vectorize(None, ["", "[UNK]"])),
        ("a text must be a str; got None", lambda: words.vectorize(["a", None], ["", "[UNK]"])),
        ("most must be at least 3", lambda: words.vocabulary(["a"], 2)),
        ("length must be at least 1", lambda: words.vectorize(["a"], ["", "[UNK]"], 0)),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, run):
    refuses(message, run)
