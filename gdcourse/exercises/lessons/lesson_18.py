"""The exercises of lesson 18."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question


def attend(q, K, V):
    """Return c, what the query finds, and the weights a."""
    z = K @ q / np.sqrt(len(q))
    e = np.exp(z - z.max())
    a = e / e.sum()
    c = a @ V
    return c, a


def _softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def attend_without_root(q, K, V):
    """The scores are not divided by the root of d. What becomes of dot products when vectors get longer?"""
    a = _softmax(K @ q)
    return a @ V, a


def attend_divided_by_d(q, K, V):
    """The scores are divided by d itself. By what does the formula divide them?"""
    a = _softmax(K @ q / len(q))
    return a @ V, a


def attend_root_of_places(q, K, V):
    """The root is that of the number of words. How many entries does the query have?"""
    a = _softmax(K @ q / np.sqrt(len(K)))
    return a @ V, a


def attend_not_shared(q, K, V):
    """The weights don't add up to 1. By what is each e divided?"""
    z = K @ q / np.sqrt(len(q))
    e = np.exp(z - z.max())
    return e @ V, e


def attend_finds_keys(q, K, V):
    """It mixes the keys, which were there to be compared. What does a look-up give, once it knows where?"""
    a = _softmax(K @ q / np.sqrt(len(q)))
    return a @ K, a


def attend_compares_values(q, K, V):
    """The query is compared with the values. By what is a word found?"""
    a = _softmax(V @ q / np.sqrt(len(q)))
    return a @ V, a


def attend_other_numerator(q, K, V):
    """Above the line stands exp(z), below it the sum of e, and z.max() is in e alone. What is each e divided by?"""
    z = K @ q / np.sqrt(len(q))
    a = np.exp(z) / np.exp(z - z.max()).sum()
    return a @ V, a


def attend_takes_the_best(q, K, V):
    """It takes the value of the best key alone, which is the hard look-up. What share do the other words have?"""
    a = _softmax(K @ q / np.sqrt(len(q)))
    return V[a.argmax()], a


def attend_plain_sum(q, K, V):
    """All values are added up whole in c. Which share of each does a look-up take?"""
    return V.sum(axis=0), attend(q, K, V)[1]


def attend_plain_mean(q, K, V):
    """All words count alike in c. Which of them should count more?"""
    return V.mean(axis=0), _softmax(K @ q / np.sqrt(len(q)))


def attend_gradient(dc, q, K, V, a):
    """Return dq, dK and dV."""
    dV = np.outer(a, dc)
    da = V @ dc
    dz = a * (da - a @ da)
    dK = np.outer(dz, q) / np.sqrt(len(q))
    dq = dz @ K / np.sqrt(len(q))
    return dq, dK, dV


def _back(dz, dc, q, K, a):
    """Return dq, dK and dV from the slopes of the scores."""
    root = np.sqrt(len(q))
    return dz @ K / root, np.outer(dz, q) / root, np.outer(a, dc)


def attend_gradient_own_weight_only(dc, q, K, V, a):
    """The slope of a score is a · da, as if each score changed its own weight alone. What do the other weights do?"""
    return _back(a * (V @ dc), dc, q, K, a)


def attend_gradient_no_softmax(dc, q, K, V, a):
    """The slopes of the weights are handed on as those of the scores. Which station lies between a and z?"""
    return _back(V @ dc, dc, q, K, a)


def attend_gradient_plain_mean(dc, q, K, V, a):
    """It subtracts the plain mean of da. With what is each da weighted in the sum?"""
    da = V @ dc
    return _back(a * (da - da.mean()), dc, q, K, a)


def attend_gradient_plain_sum(dc, q, K, V, a):
    """It subtracts the plain sum of da. With what is each da weighted in it?"""
    da = V @ dc
    return _back(a * (da - da.sum()), dc, q, K, a)


def attend_gradient_sigmoid(dc, q, K, V, a):
    """It multiplies by a · (1 − a), the slope of a weight by its own score. How do the other scores change it?"""
    return _back(a * (1 - a) * (V @ dc), dc, q, K, a)


def attend_gradient_of_keys(dc, q, K, V, a):
    """The slopes of the weights come from the keys. What did c mix, keys or values?"""
    da = K @ dc
    return _back(a * (da - a @ da), dc, q, K, a)


def attend_gradient_without_root(dc, q, K, V, a):
    """The root of d is missing in dq and dK. By what were the scores divided?"""
    dq, dK, dV = attend_gradient(dc, q, K, V, a)
    return dq * np.sqrt(len(q)), dK * np.sqrt(len(q)), dV


def attend_gradient_without_weight(dc, q, K, V, a):
    """The slope of a score lacks the factor a_j. What stands before the bracket of station 2?"""
    da = V @ dc
    return _back(da - a @ da, dc, q, K, a)


def attend_gradient_root_of_places(dc, q, K, V, a):
    """The root is that of the number of words. How many entries does the query have?"""
    da = V @ dc
    dz = a * (da - a @ da) / np.sqrt(len(a))
    return dz @ K, np.outer(dz, q), np.outer(a, dc)


def attend_gradient_keys_like_values(dc, q, K, V, a):
    """The slopes of the keys are made from the weights. Which slopes arrive at the keys, those of which station?"""
    dq, _, dV = attend_gradient(dc, q, K, V, a)
    return dq, np.outer(a, q) / np.sqrt(len(q)), dV


def attend_gradient_values_from_scores(dc, q, K, V, a):
    """The slopes of the values are made from dz. With which factor did a value go into c?"""
    dq, dK, _ = attend_gradient(dc, q, K, V, a)
    da = V @ dc
    return dq, dK, np.outer(a * (da - a @ da), dc)


def translate(source, next_word, longest):
    """Return the words that next_word says, one after the other, up to the end (0)."""
    said = [0, 0]
    for _ in range(longest):
        word = next_word(source, said[-2], said[-1])
        if word == 0:
            break
        said.append(word)
    return said[2:]


def translate_broken(source, next_word, longest):
    """Return the words that next_word says, one after the other, up to the end (0)."""
    said = [0, 0]
    for _ in range(longest):
        word = next_word(source, said[0], said[1])
        said.append(word)
        if word == 0:
            break
    return said[2:]


def _say(source, next_word, longest, pick):
    """Return what is said when `pick` takes two words from those said so far."""
    said = [0, 0]
    for _ in range(longest):
        word = next_word(source, *pick(said))
        if word == 0:
            break
        said.append(word)
    return said[2:]


def translate_first_words(source, next_word, longest):
    """It always hands over the two words at the beginning, so nothing ever changes. Which two were said last?"""
    return translate(source, lambda source, before, last: next_word(source, 0, 0), longest)


def translate_without_the_last(source, next_word, longest):
    """Where no end comes, the last word is missing. Is it cut off, or is there a turn too few?"""
    said = [0, 0]
    for _ in range(longest):
        word = next_word(source, said[-2], said[-1])
        said.append(word)
        if word == 0:
            break
    return said[2:-1]


def translate_swapped(source, next_word, longest):
    """The last word stands where the one before it belongs. In which order do the samples have them?"""
    return translate(source, lambda source, before, last: next_word(source, last, before), longest)


def translate_last_twice(source, next_word, longest):
    """It hands over the last word twice. Which two words does a sample have?"""
    return translate(source, lambda source, before, last: next_word(source, last, last), longest)


def translate_first_and_last(source, next_word, longest):
    """One of the two words is still one from the beginning. Which two were said last?"""
    return _say(source, next_word, longest, lambda said: (said[0], said[-1]))


def translate_one_behind(source, next_word, longest):
    """It never hands over the word that was just said. Which are the last two?"""
    return _say([*source], next_word, longest, lambda said: ([0, *said][-3], said[-2]))


def translate_with_the_zeros_without_an_end(source, next_word, longest):
    """Where no end comes, the two zeros at the beginning come back, too. Which of them are words?"""
    said = translate(source, next_word, longest)
    return [0, 0, *said] if len(said) == longest else said


def translate_with_end(source, next_word, longest):
    """The end (0) stands among the words. Is it looked at before or after the word is kept?"""
    said = [0, 0]
    for _ in range(longest):
        said.append(next_word(source, said[-2], said[-1]))
        if said[-1] == 0:
            break
    return said[2:]


def translate_two_too_few(source, next_word, longest):
    """Where no end comes, two words are missing. What does `longest` count, and what stands in `said` at first?"""
    return translate(source, next_word, longest - 2)


def translate_end_too(source, next_word, longest):
    """The end (0) comes back too, behind the words. Is it a word of the translation?"""
    return [*translate(source, next_word, longest), 0]


def translate_one_word(source, next_word, longest):
    """One word comes back, the one that was asked for last. How many belong to the translation?"""
    said = [0, 0]
    for _ in range(longest):
        word = next_word(source, said[-2], said[-1])
        if word == 0:
            break
        said.append(word)
    return word


def translate_with_beginning(source, next_word, longest):
    """The two zeros from before the first word come back too. From which place on are the words its own?"""
    return [0, 0] + translate(source, next_word, longest)


def translate_never_ends(source, next_word, longest):
    """It leaves out the end (0) and goes on behind it. What should it do when the end comes?"""
    said = [0, 0]
    for _ in range(longest):
        said.append(next_word(source, said[-2], said[-1]))
    return [word for word in said[2:] if word]


def _phrase(source, before, last):
    """Say 4, 7, 3, 7, 5 and the end; something else after any other two words."""
    known = {(0, 0): 4, (0, 4): 7, (4, 7): 3, (7, 3): 7, (3, 7): 5, (7, 5): 0}
    return known.get((before, last), 8 + (3 * before + last) % 5)


def _from_source(source, before, last):
    """Say the words of the source, each moved by 20, in its order; then the end."""
    words = [word + 20 for word in source]
    following = {(0, 0): words[0], (0, words[0]): words[1], **dict(zip(zip(words, words[1:]), [*words[2:], 0]))}
    return following.get((before, last), 6 + (5 * before + last) % 7)


def _counting(source, before, last):
    """Say numbers that grow, and no end."""
    return 2 * before + last + source[0]


def _stuttering(source, before, last):
    """Say 6, 6, 2 and the end; something else after any other two words."""
    known = {(0, 0): 6, (0, 6): 6, (6, 6): 2, (6, 2): 0}
    return known.get((before, last), 9 + (before + last) % 4)


def _silent(source, before, last):
    """Say that the phrase has ended, before any word."""
    return 0


def _look_up_case(seed, places, d):
    """Return a random query, keys and values."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=d), rng.normal(size=(places, d)), rng.normal(size=(places, d))


def _back_case(seed, places, d):
    """Return random slopes of c, and a query, keys, values and weights that fit each other."""
    q, K, V = _look_up_case(seed, places, d)
    return np.random.default_rng(seed + 10).normal(size=d), q, K, V, attend(q, K, V)[1]


SMALL_Q = np.array([2.0, 0.5, 3.0, -1.5])
SMALL_K = np.array([[0.5, 2.0, 0.7, 1.5], [1.5, -0.6, 0.4, 3.0], [-0.3, 4.0, 0.9, -0.8]])
SMALL_V = np.array([[3.0, 0.5, -2.0, 6.0], [4.0, 1.5, 5.0, -3.0], [-2.0, 7.0, 0.4, 2.5]])


def work_of_scores_of_a_text(layers=24, look_ups=16, words=1000):
    """Each word looks at every word, in every look-up of every layer."""
    return [layers * look_ups * words * words / 1e6, (2 * words) ** 2 / words**2]


EXERCISES = [
    Question(
        "look_up_by_hand",
        [14, 32],
        why="The weights are 0.2, 0.3 and 0.5: e to the scores is 2, 3 and 5, and the sum is 10.",
        hints=[
            "Softmax first: e to the power of ln 2 is 2.",
            "The three e are 2, 3 and 5. Divide each by their sum.",
            "The first entry of c is 0.2 · 10 + 0.3 · 40 + 0.5 · 0. The second goes the same way.",
        ],
        mistakes=[
            ([50 / 3, 80 / 3], "All three words count alike here. Which weights does softmax give them?"),
            ([0, 50], "This is the value of the best word alone. What share do the other two have?"),
            ([140, 320], "The weights add up to 10. By what does softmax divide?"),
            ([140 / 3, 320 / 3], "The sum is divided by the number of words. By what does softmax divide each e?"),
            (
                [4.98791, 44.17189],
                "2, 3 and 5 are taken for the scores, and e is raised to them. What is e to the power of ln 2?",
            ),
            ([14.9582, 30.9658], "The scores themselves are the weights here. What does softmax make of ln 2 first?"),
            (
                [50.876, 105.3208],
                "The scores themselves are the weights, and don't add up to 1. What does softmax make of ln 2 first?",
            ),
            ([17, 23], "The weights stand in the other order. Which word has the largest score?"),
            ([14, 23], "In the second entry the weights stand in the other order. Which word has the largest score?"),
            (
                [14.9122, 30.3748],
                "These scores are divided by √d once more. What does softmax make of ln 2 itself?",
            ),
            ([39, 7], "The value of the third word is read the other way round. Which of its numbers comes first?"),
            ([32, 14], "The two entries stand in the other order. Which column of V comes first?"),
        ],
    ),
    Exercise(
        attend,
        gaps=3,
        returns=("c", "a"),
        why="Scores from the keys, softmax, and the mean of the values with these weights.",
        hints=[
            "z has one entry for each word: the dot product of its key with q. Each row of K is a key.",
            "`K @ q` has the dot products. d is `len(q)`.",
            "a is each e as a share of their sum, and c is the row a times the matrix V.",
        ],
        cases=[(SMALL_Q, SMALL_K, SMALL_V), _look_up_case(0, 5, 3), _look_up_case(1, 4, 6)],
        mistakes=[
            attend_without_root,
            attend_divided_by_d,
            attend_root_of_places,
            attend_not_shared,
            attend_other_numerator,
            attend_finds_keys,
            attend_compares_values,
            attend_takes_the_best,
            attend_plain_mean,
            attend_plain_sum,
        ],
    ),
    Exercise(
        attend_gradient,
        returns=("dq", "dK", "dV"),
        why="Three stations, last one first: the mean gives dV and da, softmax dz, the scores dq and dK.",
        hints=[
            "The text has a formula for each: da and dV, then dz, then dq and dK. One line each.",
            "`np.outer(a, dc)` has a_j · dc_k in row j and column k.",
            "dz is a times (da minus a mean), and that is the mean of da with the weights a: `a @ da`.",
            "dq is `dz @ K`, and dK is the outer product of dz and q; both are divided by the root of `len(q)`.",
        ],
        cases=[
            (np.array([0.5, -2.0, 1.5, 0.7]), SMALL_Q, SMALL_K, SMALL_V, attend(SMALL_Q, SMALL_K, SMALL_V)[1]),
            _back_case(2, 5, 3),
            _back_case(3, 4, 6),
        ],
        mistakes=[
            attend_gradient_own_weight_only,
            attend_gradient_no_softmax,
            attend_gradient_plain_mean,
            attend_gradient_plain_sum,
            attend_gradient_sigmoid,
            attend_gradient_of_keys,
            attend_gradient_without_root,
            attend_gradient_without_weight,
            attend_gradient_root_of_places,
            attend_gradient_keys_like_values,
            attend_gradient_values_from_scores,
        ],
    ),
    Exercise(
        translate,
        why="The last two words move on with every word that is said: said[-2] and said[-1].",
        hints=[
            "`said` grows at its end. Where do the last two words stand?",
            "Places counted from the end are negative: said[-1] is the last word.",
            "The index 0 says that the phrase has ended, and is no word. Which of the last lines must come first?",
        ],
        cases=[([3, 6], _phrase, 9), ([5, 9, 2, 8, 7], _from_source, 8), ([2, 3], _counting, 4)],
        others=[([3, 6], _silent, 9), ([5, 9, 2], _stuttering, 8), ([2, 3], _counting, 1)],
        mistakes=[
            translate_first_words,
            translate_without_the_last,
            translate_swapped,
            translate_last_twice,
            translate_first_and_last,
            translate_one_behind,
            translate_with_end,
            translate_with_the_zeros_without_an_end,
            translate_two_too_few,
            translate_end_too,
            translate_one_word,
            translate_with_beginning,
            translate_never_ends,
        ],
        broken=translate_broken,
    ),
    Question(
        "scores_of_a_text",
        [384, 4],
        why="24 · 16 · 1,000 · 1,000 = 384 million. Twice as many words have twice as many places to look at: 2 · 2.",
        hints=[
            "In one look-up, one word compares its query with 1,000 keys.",
            "All 1,000 words do that: 1,000 · 1,000 scores. How many look-ups are there in all layers?",
            "With 2,000 words there are twice as many queries, and each meets twice as many keys.",
        ],
        work=work_of_scores_of_a_text,
        mistakes=[
            ([0.384, 2], "That is what one word computes. How many words have a query?"),
            ([0.384, 4], "That is what one word alone computes. How many words have a query?"),
            ([384, 2], "Twice as many words make twice as many queries. How many keys does each of them meet?"),
            ([192, 4], "Each pair of words counts once there. Of two words, whose query meets whose key?"),
            (
                [192.192, 4],
                "Each pair of words counts once there, and with itself. Of two words, whose query meets whose key?",
            ),
            ([191.808, 4], "Each pair of two places counts once there. Of two words, whose query meets whose key?"),
            ([383.616, 4], "The word's own key is left out. Does a word compare its query with that as well?"),
            ([768, 4], "In 1,000 · 1,000 each pair stands in both orders already. What is counted twice?"),
            ([384, 1536], "The second counts the scores themselves, for 2,000 words. How many times as many is it?"),
            ([384e6, 4], "The first is right except for its unit. How many millions is it?"),
            ([24, 4], "That is one look-up in each layer. How many does a layer have?"),
            ([16, 4], "That is one layer. How many layers are there?"),
            ([40, 4], "The layers and the look-ups are added. How many look-ups are there in all?"),
            ([1, 4], "That is one look-up. How many are there in all layers together?"),
        ],
        tolerance=0.0,
    ),
]

PREDICTIONS = [
    Prediction(
        "Of 100 new numbers, how many come out right when it translates alone?",
        ["more than 95", "75 to 90", "about half"],
        right="75 to 90",
        counters={
            "more than 95": "A number has seven choices, and all of them must be right.",
            "about half": "0.977 to the power of 7 is 0.85.",
        },
    ),
    Prediction(
        'It has said "ein hundert" and says "ein" next. Where does it look?',
        ['at the last "one" alone', 'at "thirty" and the last "one"', 'at the first "one"'],
        right='at "thirty" and the last "one"',
        counters={
            'at the last "one" alone': 'Much of the weight lies on "thirty", too.',
            'at the first "one"': "That one belongs to the hundred, and has been said.",
        },
    ),
    Prediction(
        "Both have the 100 right. Who translates more of the new ones?",
        ["the translator", "the network without attention", "neither: new numbers are not among the 100"],
        right="the translator",
    ),
    Prediction(
        "Every word is known, but no number was so long. How many of 100 are right?",
        ["more than 90", "about half", "fewer than 20"],
        right="fewer than 20",
    ),
]
