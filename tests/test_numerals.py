"""Numbers in words: the rules say what num2words says, and the samples hold what a translator may know."""

import hash_numerals
import numpy as np
import pytest

from gdcourse import numerals

# Of num2words 0.5.14, by tests/tools/hash_numerals.py.
DIGESTS = {
    "English": "de97db28281a006eb9efd2d47e53ab460d84964dbc921d8456a4e3b52ed9f6e0",
    "German": "4861edde14877493b292badba6d98aeb9829d79c23326ca80b95409461bf2b3e",
    "French": "9600d98bc824be751f01d16e107d04ccab121dd607efde3fc57d062222c20ad7",
}


@pytest.mark.parametrize("language", DIGESTS)
def test_every_number_is_spelled_as_num2words_does(language):
    between = "" if language == "German" else " "
    texts = [between.join(numerals.LANGUAGES[language](number)) for number in range(10_000)]
    assert hash_numerals.digest(texts) == DIGESTS[language]


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("English", 131, "one hundred and thirty one"),
        ("English", 1000, "one thousand"),
        ("English", 4097, "four thousand and ninety seven"),
        ("German", 131, "ein hundert ein und dreißig"),
        ("German", 101, "ein hundert eins"),
        ("German", 2017, "zwei tausend siebzehn"),
        ("French", 97, "quatre vingt dix sept"),
        ("French", 71, "soixante et onze"),
        ("French", 280, "deux cent quatre vingts"),
        ("French", 1200, "mille deux cents"),
    ],
)
def test_some_numbers_that_a_reader_can_judge(language, number, said):
    assert " ".join(numerals.LANGUAGES[language](number)) == said
    row = numerals.encode([number], language)[0]
    assert numerals.decode(row, language) == said


@pytest.mark.parametrize("language", numerals.LANGUAGES)
def test_a_vocabulary_begins_with_the_end_and_has_no_word_twice(language):
    words = numerals.vocabulary(language)
    assert words[0] == numerals.END and len(set(words)) == len(words)
    words.append("changed")
    assert numerals.vocabulary(language)[-1] != "changed"


def test_a_sample_holds_the_source_and_the_last_two_words_and_nothing_of_what_follows():
    X, y = numerals.samples([131, 7])
    english, german = numerals.vocabulary("English"), numerals.vocabulary("German")
    assert X.shape == (8, 9) and y.shape == (8,) and X.dtype.kind == "i"
    assert [[german[i] for i in row[7:]] for row in X[:6]] == [
        [".", "."], [".", "ein"], ["ein", "hundert"], ["hundert", "ein"], ["ein", "und"], ["und", "dreißig"],
    ]  # fmt: skip
    assert [german[i] for i in y] == ["ein", "hundert", "ein", "und", "dreißig", ".", "sieben", "."]
    assert [english[i] for i in X[6, :7]] == ["seven", *"......"]
    french, _ = numerals.samples([97], "German", "French")
    assert french.shape == (5, 9)


def test_the_share_of_right_numbers_counts_numbers_not_words():
    X, y = numerals.samples([131, 7, 12])
    p = np.eye(33)[y]
    assert numerals.share_right(p, X, y) == 1
    p[2] = np.roll(p[2], 1)  # one word of 131
    assert numerals.share_right(p, X, y) == pytest.approx(2 / 3)


@pytest.mark.parametrize("number", [-1, 10_000, pytest.param(10**400, id="huge"), 2.5, "131", None, True])
def test_other_numbers_are_refused(refuses, number):
    refuses("number must be", numerals.english, number)


def test_other_languages_are_refused(refuses):
    refuses('language must be one of "English", "German", "French"', numerals.vocabulary, "Latin")
    refuses('language must be one of "English", "German", "French"', numerals.samples, [1], target="german")


def test_the_tool_knows_how_a_number_is_written_without_commas_and_hyphens():
    assert hash_numerals.plain("one thousand, two hundred and thirty-one", "English") == (
        "one thousand two hundred and thirty one"
    )
    assert hash_numerals.plain("ein tausend", "German") == "eintausend"
