"""The exercises of lesson 17."""

from collections import Counter

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

# Fill the gap: a text as shares of pairs


def shares(text, vocabulary):
    """Return an array: each vocabulary pair's share of all pairs of the text."""
    pairs = [first + second for first, second in zip(text, text[1:])]
    counts = Counter(pairs)
    return np.array([counts[pair] for pair in vocabulary]) / len(pairs)


def shares_as_counts(text, vocabulary):
    """That is how often each pair comes. What share of all pairs of the text is it?"""
    counts = Counter(first + second for first, second in zip(text, text[1:]))
    return np.array([counts[pair] for pair in vocabulary])


def shares_of_letters(text, vocabulary):
    """It divides by the number of letters. How many pairs does a text of six letters have?"""
    return shares(text, vocabulary) * (len(text) - 1) / len(text)


def shares_without_overlaps(text, vocabulary):
    """`count` passes over a pair that begins inside the one before it. How often does *aa* stand in *aaa*?"""
    return np.array([text.count(pair) for pair in vocabulary]) / (len(text) - 1)


def shares_of_the_vocabulary(text, vocabulary):
    """It divides by the size of the vocabulary. Of what is it a share?"""
    return shares_as_counts(text, vocabulary) / len(vocabulary)


def shares_of_different_pairs(text, vocabulary):
    """It divides by how many different pairs there are. How often does each of them count?"""
    counts = Counter(first + second for first, second in zip(text, text[1:]))
    return np.array([counts[pair] for pair in vocabulary]) / len(counts)


def shares_of_the_known(text, vocabulary):
    """They add up to 1: pairs that the vocabulary lacks were left out of the sum. What are *all* pairs of the text?"""
    counted = shares_as_counts(text, vocabulary)
    return counted / max(counted.sum(), 1)


def shares_of_what_is_there(text, vocabulary):
    """It says only whether a pair is there. And if it comes twice?"""
    pairs = [first + second for first, second in zip(text, text[1:])]
    counts = Counter(pairs)
    return np.array([pair in counts for pair in vocabulary]) / len(pairs)


def shares_of_the_text(text, vocabulary):
    """It has a number for each pair of the text, in the order of the text. Which pairs have a column?"""
    pairs = [first + second for first, second in zip(text, text[1:])]
    counts = Counter(pairs)
    return np.array([counts[pair] for pair in pairs]) / len(pairs)


def shares_of_the_counted(text, vocabulary):
    """It has a number for each different pair of the text. Which pairs have a column, and in which order?"""
    counts = Counter(first + second for first, second in zip(text, text[1:]))
    return np.array(list(counts.values())) / (len(text) - 1)


# Fill the gap: the score of one text


def text_score(numbers, E, v, b):
    """Return the score of one text: the mean of its words' rows, times v, plus b."""
    mean = E[numbers[numbers > 0]].mean(axis=0)
    return mean @ v + b


def text_score_with_padding(numbers, E, v, b):
    """The zeros count as words. Which of the numbers are words?"""
    return E[numbers].mean(axis=0) @ v + b


def text_score_as_a_sum(numbers, E, v, b):
    """That is the sum of the rows. By what must it be divided?"""
    return E[numbers[numbers > 0]].sum(axis=0) @ v + b


def text_score_of_once(numbers, E, v, b):
    """A word that stands twice counts once. How often is it in the mean?"""
    return E[np.unique(numbers[numbers > 0])].mean(axis=0) @ v + b


def text_score_of_the_length(numbers, E, v, b):
    """The sum of the words' rows is divided by the length with the zeros. How many words does the text have?"""
    return E[numbers[numbers > 0]].sum(axis=0) / len(numbers) @ v + b


def text_score_of_one_number(numbers, E, v, b):
    """All numbers of the rows have become one. Along which axis lie the words?"""
    return np.full(len(v), E[numbers[numbers > 0]].mean()) @ v + b


def text_score_of_the_table(numbers, E, v, b):
    """That is the mean of the whole table. Which rows belong to this text?"""
    return E.mean(axis=0) @ v + b


def text_score_with_the_row_of_no_word(numbers, E, v, b):
    """Row 0 is added for each zero, though only the words are counted. Which rows belong to words?"""
    return E[numbers].sum(axis=0) / np.count_nonzero(numbers) @ v + b


def text_score_of_first_rows(numbers, E, v, b):
    """It takes the first rows of the table, as many as the text has words. Which rows are those of its words?"""
    return E[: np.count_nonzero(numbers)].mean(axis=0) @ v + b


def text_score_of_the_numbers(numbers, E, v, b):
    """It takes the mean of the numbers of the words, not of their rows. What does E[numbers] give?"""
    return E[int(numbers[numbers > 0].mean())] @ v + b


def text_score_counting_from_one(numbers, E, v, b):
    """It takes the row before each word's own. From which number do rows count?"""
    return E[numbers[numbers > 0] - 1].mean(axis=0) @ v + b


# Repair a broken one: the gradient of an embedding


def embedding_gradient(X, dz, v, words):
    """Return dE, a row for each word. X holds the numbers of each text's words."""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        known = numbers[numbers > 0]
        np.add.at(dE, known, d * v / len(known))
    return dE


def embedding_gradient_broken(X, dz, v, words):
    """Return dE, a row for each word. X holds the numbers of each text's words."""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        known = numbers[numbers > 0]
        dE[known] += d * v / len(known)
    return dE


def embedding_gradient_once(X, dz, v, words):
    """A word that stands twice in a text is counted once. What does `+=` do with a place that comes twice?"""
    return embedding_gradient_broken(X, dz, v, words)


def embedding_gradient_of_unique(X, dz, v, words):
    """A word counts once, and the text has fewer words than before. How often does a word that stands twice add da?"""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        known = np.unique(numbers[numbers > 0])
        dE[known] += d * v / len(known)
    return dE


def embedding_gradient_overwritten(X, dz, v, words):
    """A row is set, not added to, so it keeps only what came last. What should it do when the word comes again?"""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        known = numbers[numbers > 0]
        dE[known] = d * v / len(known)
    return dE


def embedding_gradient_with_padding(X, dz, v, words):
    """The zeros count as words: row 0 moves, and the others get too little. Which numbers are words?"""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        np.add.at(dE, numbers, d * v / len(numbers))
    return dE


def embedding_gradient_of_the_length(X, dz, v, words):
    """It divides by the length of the row, zeros included. How many words does the text have?"""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        np.add.at(dE, numbers[numbers > 0], d * v / len(numbers))
    return dE


def embedding_gradient_undivided(X, dz, v, words):
    """Each word gets all of da, as if the rows were added up. By what does the mean divide?"""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        np.add.at(dE, numbers[numbers > 0], d * v)
    return dE


def embedding_gradient_of_the_batch(X, dz, v, words):
    """It divides by the number of texts. That is in dz already: by what does the mean over a text's words divide?"""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        np.add.at(dE, numbers[numbers > 0], d * v / len(X))
    return dE


def embedding_gradient_squared(X, dz, v, words):
    """A word that stands twice gets four times as much: each place adds for both. How much should one place add?"""
    dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        known = numbers[numbers > 0]
        for word in known:
            dE[word] += d * v * np.count_nonzero(known == word) / len(known)
    return dE


def _texts_case(seed, texts, length, words, size):
    """Return rows of numbers of words, some twice and filled with zeros, and slopes for each text, and v."""
    rng = np.random.default_rng(seed)
    X = rng.integers(1, words, (texts, length))
    X[:, 2] = X[:, 0]  # a word that stands twice
    for row, kept in zip(X, rng.integers(3, length, texts)):
        row[kept:] = 0
    return X, rng.choice([-1, 1], texts) * rng.uniform(0.1, 0.9, texts), rng.normal(0, 1.5, size)


def _score_case(seed, length, kept, words, size):
    """Return the numbers of a text, one of them twice, an embedding, v and b."""
    rng = np.random.default_rng(seed)
    numbers = np.zeros(length, int)
    numbers[:kept] = rng.integers(1, words, kept)
    numbers[kept - 1] = numbers[0]
    return numbers, rng.normal(0, 1, (words, size)), rng.normal(0, 1.5, size), float(rng.normal())


def work_of_two_scores(great=18.0, coffee=5.0, but=-20.0, stale=-18.0):
    """The mean of all four, and of the three that are left."""
    return [(great + coffee + but + stale) / 4, (great + coffee + stale) / 3]


# Fill the gap: pairs of words


def with_pairs(text):
    """Return the words of the text, then its pairs of neighbours, with spaces between."""
    single = text.split()
    pairs = [first + "'" + second for first, second in zip(single, single[1:])]
    return " ".join(single + pairs)


def with_pairs_without_apostrophe(text):
    """Two words run into one without the apostrophe. What stands between them in *not'bad*?"""
    single = text.split()
    return " ".join(single + [first + second for first, second in zip(single, single[1:])])


def with_pairs_with_a_line(text):
    """An underscore joins the two words of a pair. What stands between them in *not'bad*?"""
    return with_pairs(text).replace("'", "_")


def with_pairs_with_spaces(text):
    """The two words of a pair stay apart, so each word only comes more often. What joins them?"""
    single = text.split()
    return " ".join(single + [first + " " + second for first, second in zip(single, single[1:])])


def with_pairs_of_letters(text):
    """These are pairs of letters. Of what list are the neighbours?"""
    return " ".join(text.split() + [first + "'" + second for first, second in zip(text, text[1:])])


def with_pairs_of_itself(text):
    """Each word is paired with itself. Which list begins with the second word?"""
    single = text.split()
    return " ".join(single + [word + "'" + word for word in single])


def with_pairs_backwards(text):
    """The words of each pair have changed places. Which one stands first in the text?"""
    words = with_pairs(text).split()
    return " ".join("'".join(word.split("'")[::-1]) for word in words)


def with_pairs_apart(text):
    """Every word is in one pair only. Is *bad* in *very bad taste* a neighbour of one word, or of two?"""
    single = text.split()
    return " ".join(single + [first + "'" + second for first, second in zip(single[::2], single[1::2])])


def with_pairs_around_the_end(text):
    """The first word is paired with the last one, for index -1 is the end of a list. Who has no neighbour before it?"""
    single = text.split()
    return " ".join(single + [f"{single[i - 1]}'{single[i]}" for i in range(len(single))])


def with_pairs_around_the_end_backwards(text):
    """Each word stands before the one that precedes it, and the first before the last. Which word follows which?"""
    single = text.split()
    return " ".join(single + [f"{single[i]}'{single[i - 1]}" for i in range(len(single))])


def with_pairs_far_apart(text):
    """These pairs leave out the word between. Which words are neighbours?"""
    single = text.split()
    return " ".join(single + [first + "'" + second for first, second in zip(single, single[2:])])


def with_pairs_of_all(text):
    """Every two words are paired, however far apart. Which are neighbours?"""
    single = text.split()
    every = [first + "'" + second for i, first in enumerate(single) for second in single[i + 1 :]]
    return " ".join(single + every)


def with_pairs_of_any(text):
    """Every two different words are paired, in both orders, however far apart. Which are neighbours?"""
    single = text.split()
    every = [first + "'" + second for first in single for second in single if first != second]
    return " ".join(single + every)


def with_pairs_of_any_and_itself(text):
    """Every word is paired with all words, itself among them. Which are neighbours?"""
    single = text.split()
    return " ".join(single + [first + "'" + second for first in single for second in single])


def with_pairs_in_one(text):
    """The whole text has become one entry. How many words does a pair have?"""
    single = text.split()
    return " ".join([*single, "'".join(single)])


EXERCISES = [
    Exercise(
        shares,
        why="One number for each pair of the vocabulary, divided by how many pairs the text has.",
        hints=[
            "Which pairs have a column? Go through them, one after the other.",
            "`[counts[pair] for pair in vocabulary]` is how often each of them comes.",
            "Make an array of that list, and divide it by `len(pairs)`.",
        ],
        cases=[
            ("banana", ["an", "na", "ba", "nn"]),
            ("all human beings", ["al", "ll", "n ", "zz", "l "]),
            ("in a manner in a manor", ["in", " m", "an", "n ", "qu", " a"]),
            ("aaah, zooooo", ["aa", "zo", "oo", "h,", "ha"]),
        ],
        others=[
            (" in the end ", [" i", "d ", "e ", "en"]),
            ("An Anna an", ["An", "an", "nn"]),
            ("an", ["na", "an"]),
        ],
        mistakes=[
            shares_as_counts,
            shares_of_letters,
            shares_without_overlaps,
            shares_of_the_vocabulary,
            shares_of_different_pairs,
            shares_of_the_known,
            shares_of_what_is_there,
            shares_of_the_text,
            shares_of_the_counted,
        ],
    ),
    Exercise(
        text_score,
        why="The rows of the words, without the zeros; the mean over the words is along axis 0.",
        hints=[
            "Which of the numbers are words? `numbers[numbers > 0]` leaves the zeros out.",
            "`E[those]` gives a row for each word. Along which axis is the mean of the words?",
            "`E[numbers[numbers > 0]].mean(axis=0)`.",
        ],
        cases=[
            (
                np.array([3, 1, 3, 0, 0]),
                np.array([[9.0, 7.0], [3.0, -2.0], [5.0, 4.0], [6.0, 2.0]]),
                np.array([-2.0, 3.0]),
                -0.5,
            ),
            _score_case(0, 8, 5, 9, 3),
            _score_case(1, 6, 4, 12, 2),
        ],
        others=[_score_case(2, 4, 4, 9, 3), (np.array([2]), *_score_case(3, 4, 4, 9, 2)[1:])],
        mistakes=[
            text_score_with_padding,
            text_score_as_a_sum,
            text_score_of_once,
            text_score_of_the_length,
            text_score_of_one_number,
            text_score_of_the_table,
            text_score_of_first_rows,
            text_score_with_the_row_of_no_word,
            text_score_of_the_numbers,
            text_score_counting_from_one,
        ],
    ),
    Exercise(
        embedding_gradient,
        why="`np.add.at` adds at every place, also where one comes twice.",
        hints=[
            "Word 3 stands twice in the text. How often does the function add to its row?",
            "`dE[known] += …` reads all places before it writes one. Which statement adds for one word alone?",
            "A loop over `known` adds at every place; so does `np.add.at(dE, known, …)`.",
        ],
        cases=[
            (np.array([[3, 5, 3, 0]]), np.array([0.3]), np.array([2.0, 1.0]), 6),
            (np.array([[3, 5, 3, 0], [7, 3, 0, 0]]), np.array([0.3, -0.2]), np.array([2.0, 1.0]), 8),
            (*_texts_case(0, 3, 6, 7, 3), 7),
            (*_texts_case(1, 5, 8, 11, 2), 11),
            (*_texts_case(2, 9, 5, 6, 2), 6),
        ],
        others=[(np.array([[3, 5, 3, 0]]), np.array([0.3]), np.array([2.0, 1.0]), 9)],  # some words stand in no text
        mistakes=[
            embedding_gradient_once,
            embedding_gradient_of_unique,
            embedding_gradient_overwritten,
            embedding_gradient_with_padding,
            embedding_gradient_of_the_length,
            embedding_gradient_undivided,
            embedding_gradient_of_the_batch,
            embedding_gradient_squared,
        ],
        broken=embedding_gradient_broken,
    ),
    Question(
        "two_scores",
        [-3.75, 5 / 3],
        why="All four add up to −15, and −15 / 4 = −3.75; without *but* 5 is left for three words, and 5 / 3 = 1.67.",
        hints=[
            "The score is the mean of what the words say, plus b.",
            "All four words add up to −15. And how many words are left without *but*?",
            "−15 / 4, and then (18 + 5 − 18) / 3.",
        ],
        work=work_of_two_scores,
        mistakes=[
            ([-15.0, 5.0], "These are the sums. By what does a mean divide?"),
            ([-3.75, 1.25], "Without *but* only three words are left. By how many is their sum divided?"),
            ([-3.75, 1.0], "*Stale* was switched off, not *but*. Which three words are left without *but*?"),
            ([-3.75, 0.75], "*Stale* was switched off, not *but*, and four words are counted. Which three are left?"),
            ([-3.75, 5.0], "The second one is a sum still. How many words are left?"),
            ([-15.0, 5 / 3], "The first one is a sum still. How many words are there?"),
            ([-5.0, 5 / 3], "The first one was divided by three, too. How many words are in it, with *coffee*?"),
            ([21.0, 41.0], "*Stale* counts against, and these are sums. What is the mean of four words, and of three?"),
            ([0.02, 0.84], "These are the probabilities p. What are the scores z, before the sigmoid?"),
            ([5 / 3, -3.75], "The two scores have changed places. Which one was asked for first?"),
            ([-3.75, -2 / 3], "Something else was switched off. What do *great*, *coffee* and *stale* add up to?"),
            (
                [-3.75, 23 / 3],
                "*Stale* was switched off with it. Which three words are left without *but*?",
            ),
            (
                [-3.75, -35 / 3],
                "*But* counts twice there: −20 comes once more. What is left when it goes?",
            ),
            ([-3.75, 11.5], "*Stale* was left out, too. Which three words are left?"),
        ],
    ),
    Exercise(
        with_pairs,
        why="Each word with its right neighbour, joined by an apostrophe: `zip` ends with the shorter list.",
        hints=[
            "It is as with the letters of *banana*. What are the neighbours here?",
            "`zip(single, single[1:])` gives each word with the one after it.",
            '`[first + "\'" + second for first, second in zip(single, single[1:])]`.',
        ],
        cases=[("not bad",), ("not at all bad",), ("the tea is not too sweet",)],
        others=[
            ("the tea and the cake",),  # words that come again
            ("so good so bad",),
            ("very very very bad",),
            ("bad",),
            ("not  bad",),
            ("Not Bad",),
        ],
        mistakes=[
            with_pairs_without_apostrophe,
            with_pairs_with_a_line,
            with_pairs_with_spaces,
            with_pairs_of_letters,
            with_pairs_of_itself,
            with_pairs_backwards,
            with_pairs_apart,
            with_pairs_far_apart,
            with_pairs_around_the_end,
            with_pairs_around_the_end_backwards,
            with_pairs_of_all,
            with_pairs_of_any,
            with_pairs_of_any_and_itself,
            with_pairs_in_one,
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "Which two languages are taken for one another most often?",
        ["Danish and Norwegian", "Spanish and Portuguese", "Finnish and Estonian"],
        right="Danish and Norwegian",
        counters={"Spanish and Portuguese": "They come second."},
    ),
    Prediction(
        'What does the word "good" say?',
        ['nearly as much for five stars as "great"', "next to nothing", "it counts against five stars"],
        right="next to nothing",
        counters={'nearly as much for five stars as "great"': "Compare the two numbers."},
    ),
    Prediction(
        "How do the points lie after the training?",
        ["in groups: food with food, feelings with feelings", "along a line", "in a cloud, as before"],
        right="along a line",
        counters={
            "in groups: food with food, feelings with feelings": "Only the stars are asked for, not the meaning."
        },
    ),
    Prediction(
        "Which of the two gets the higher probability of five stars?",
        ['"great, not bitter"', '"bitter, not great"', "both the same"],
        right="both the same",
        counters={
            '"great, not bitter"': "They have the same words, so the same mean.",
            '"bitter, not great"': "They have the same words, so the same mean.",
        },
    ),
]
