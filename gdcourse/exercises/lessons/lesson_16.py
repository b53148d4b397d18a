"""The exercises of lesson 16."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

# Fill the gap: the two errors


def two_errors(distances, same, threshold):
    """Return the share of false accepts and the share of false rejects."""
    accepted = distances < threshold
    false_accepts = accepted[same == 0].mean()
    false_rejects = 1 - accepted[same == 1].mean()
    return false_accepts, false_rejects


def two_errors_of_all_pairs(distances, same, threshold):
    """Both are shares of all pairs. In which pairs can a false accept happen at all?"""
    accepted = distances < threshold
    return (accepted & (same == 0)).mean(), (~accepted & (same == 1)).mean()


def two_errors_accepts_of_all_pairs(distances, same, threshold):
    """false_accepts is a share of all pairs. In which pairs can a false accept happen at all?"""
    accepts, rejects = two_errors(distances, same, threshold)
    return accepts * (same == 0).mean(), rejects


def two_errors_rejects_of_all_pairs(distances, same, threshold):
    """false_rejects is a share of all pairs. In which pairs can a false reject happen at all?"""
    accepts, rejects = two_errors(distances, same, threshold)
    return accepts, rejects * (same == 1).mean()


def two_errors_accepts_of_the_accepted(distances, same, threshold):
    """false_accepts is a share of the accepted pairs. Of which pairs should it be a share?"""
    accepted = distances < threshold
    return (same[accepted] == 0).mean(), 1 - accepted[same == 1].mean()


def two_errors_of_what_was_decided(distances, same, threshold):
    """They are shares of the accepted and of the refused pairs. Of which pairs should they be shares?"""
    accepted = distances < threshold
    return (same[accepted] == 0).mean(), (same[~accepted] == 1).mean()


def two_errors_counted(distances, same, threshold):
    """Those are numbers of pairs. What share of their kind are they?"""
    accepts, rejects = two_errors(distances, same, threshold)
    return accepts * np.count_nonzero(same == 0), rejects * np.count_nonzero(same == 1)


def two_errors_exchanged(distances, same, threshold):
    """The two have changed places. Which one happens to pairs of two people?"""
    return two_errors(distances, same, threshold)[::-1]


def two_errors_right_accepts(distances, same, threshold):
    """The first is the share of the same person's pairs that are accepted: no error. Who is accepted falsely?"""
    accepted = distances < threshold
    return accepted[same == 1].mean(), 1 - accepted[same == 1].mean()


def two_errors_right_rejects(distances, same, threshold):
    """The second is the share of two people's pairs that are refused, which is no error. Who is refused falsely?"""
    accepted = distances < threshold
    return accepted[same == 0].mean(), 1 - accepted[same == 0].mean()


def two_errors_kinds_exchanged(distances, same, threshold):
    """The pairs that are the same and those that are not have changed places. Which ones are falsely accepted?"""
    accepted = distances < threshold
    return accepted[same == 1].mean(), 1 - accepted[same == 0].mean()


def two_errors_accepts_of_both(distances, same, threshold):
    """Both are shares of accepted pairs. What happens to a pair of the same person that is falsely rejected?"""
    accepted = distances < threshold
    return accepted[same == 0].mean(), accepted[same == 1].mean()


def two_errors_rejects_of_both(distances, same, threshold):
    """Both are shares of refused pairs. What happens to a pair of two people that is falsely accepted?"""
    accepted = distances < threshold
    return 1 - accepted[same == 0].mean(), 1 - accepted[same == 1].mean()


def two_errors_all_accepted(distances, same, threshold):
    """That asks how many of all pairs are accepted, whoever they show. Which pairs should not have been?"""
    accepted = distances < threshold
    return accepted.mean(), 1 - accepted.mean()


def two_errors_by_place(distances, same, threshold):
    """`same` holds 0 and 1, so as an index it means places, and ~1 is -2. How do you ask where it equals 0, and 1?"""
    accepted = distances < threshold
    return accepted[~same].mean(), (~accepted)[same].mean()


def two_errors_rejects_by_place(distances, same, threshold):
    """In the second, `same` is an index of 0 and 1: the first two pairs, again and again. Where does it equal 1?"""
    accepted = distances < threshold
    return accepted[same == 0].mean(), (~accepted)[same].mean()


def two_errors_accepts_by_place(distances, same, threshold):
    """In the first, ~ makes -1 and -2 of 0 and 1: the last two pairs, again and again. Where is `same` equal to 0?"""
    accepted = distances < threshold
    return accepted[~same].mean(), 1 - accepted[same == 1].mean()


def two_errors_in_percent(distances, same, threshold):
    """Both are right, but in percent. Between which two numbers does a share lie?"""
    return tuple(100 * np.array(two_errors(distances, same, threshold)))


# Write it: the slopes of the pairs


def pair_slopes(places, same, margin):
    """Return the slopes of the mean contrastive loss with respect to the places."""
    difference = places[:, 0] - places[:, 1]
    distance = np.sqrt((difference**2).sum(axis=1))
    apart = -2 * np.maximum(margin - distance, 0) / distance
    slope = np.where(same == 1, 2.0, apart)[:, None] * difference / len(places)
    return np.stack([slope, -slope], axis=1)


def _slopes(places, same, margin, together, apart, second=-1.0, n=None):
    """Return slopes of A that are `together` or `apart` of the distance, times the difference, and those of B."""
    difference = places[:, 0] - places[:, 1]
    distance = np.sqrt((difference**2).sum(axis=1))
    factor = np.where(same == 1, together(distance), apart(distance, np.maximum(margin - distance, 0)))
    slope = factor[:, None] * difference / (n or len(places))
    return np.stack([slope, second * slope], axis=1)


def _two(distance):
    return 2.0


def _apart(distance, short):
    return -2 * short / distance


def pair_slopes_without_mean(places, same, margin):
    """Those are the slopes of each pair's own loss. By what does a mean over n pairs divide?"""
    return pair_slopes(places, same, margin) * len(places)


def pair_slopes_of_all_numbers(places, same, margin):
    """That divides by the numbers in `places`, not by the pairs. Of how many losses is it the mean?"""
    return _slopes(places, same, margin, _two, _apart, n=places.size)


def pair_slopes_of_pictures(places, same, margin):
    """All is half as large as it should be: the 2 of the square is lost, or pictures are counted, not pairs. Which?"""
    return _slopes(places, same, margin, _two, _apart, n=2 * len(places))


def pair_slopes_both_alike(places, same, margin):
    """Both pictures get the same slope, so a pair moves together and stays as far apart. What is the sign of B's?"""
    slope = pair_slopes(places, same, margin)[:, 0]
    return np.stack([slope, slope], axis=1)


def pair_slopes_first_only(places, same, margin):
    """The second picture of each pair gets no slope. What does the formula say for B?"""
    return _slopes(places, same, margin, _two, _apart, second=0.0)


def pair_slopes_same_within_the_margin(places, same, margin):
    """Beyond the margin the same person's pairs are left alone, too. For which pairs does the loss have a margin?"""
    difference = places[:, 0] - places[:, 1]
    near = np.sqrt((difference**2).sum(axis=1)) < margin
    return pair_slopes(places, same, margin) * near[:, None, None]


def pair_slopes_sum_of_sizes(places, same, margin):
    """The distance is the sum of the sizes, not the length of the arrow. How long is the arrow [3, 4]?"""
    difference = places[:, 0] - places[:, 1]
    distance = np.abs(difference).sum(axis=1)
    factor = np.where(same == 1, 2.0, -2 * np.maximum(margin - distance, 0) / distance)
    slope = factor[:, None] * difference / len(places)
    return np.stack([slope, -slope], axis=1)


def pair_slopes_without_max(places, same, margin):
    """Pairs of two people beyond the margin are pulled back. When does the loss leave them alone?"""
    return _slopes(places, same, margin, _two, lambda d, short: -2 * (margin - d) / d)


def pair_slopes_not_divided(places, same, margin):
    """For two people the difference is not divided by the distance. How long should the direction from B to A be?"""
    difference = places[:, 0] - places[:, 1]
    distance = np.sqrt((difference**2).sum(axis=1))
    apart = -2 * np.maximum(margin - distance, 0)
    slope = np.where(same == 1, 2.0, apart)[:, None] * difference / len(places)
    return np.stack([slope, -slope], axis=1)


def pair_slopes_unit_for_both(places, same, margin):
    """The same person's pairs are divided by the distance, too. What is the slope of δ² with respect to A?"""
    return _slopes(places, same, margin, lambda d: 2 / d, _apart)


def pair_slopes_attracting(places, same, margin):
    """Two people get the sign of a pair that is pulled together. Which way should their distance change?"""
    return _slopes(places, same, margin, _two, lambda d, short: 2 * short / d)


def pair_slopes_turned(places, same, margin):
    """The signs are wrong: one person's places move apart. Does the loss of such a pair grow or fall as A leaves B?"""
    return -pair_slopes(places, same, margin)


def pair_slopes_exchanged(places, same, margin):
    """The two kinds have changed places: two people are pulled together. What does same == 1 mean?"""
    return pair_slopes(places, 1 - same, margin)


def pair_slopes_bracket(places, same, margin):
    """Two people's slopes lost their factor M − δ: all are equally long. How does the push change near the margin?"""
    return _slopes(places, same, margin, _two, lambda d, short: -2 * (short > 0) / d)


def pair_slopes_square_kept(places, same, margin):
    """For two people the square stayed in the slope. What is the slope of (M − δ)² with respect to δ?"""
    return _slopes(places, same, margin, _two, lambda d, short: -2 * short**2 / d)


def pair_slopes_squared_distance(places, same, margin):
    """The root of the distance is missing. What stands under the root of δ, and is that a length?"""
    difference = places[:, 0] - places[:, 1]
    squared = (difference**2).sum(axis=1)
    factor = np.where(same == 1, 2.0, -2 * np.maximum(margin - squared, 0) / squared)
    slope = factor[:, None] * difference / len(places)
    return np.stack([slope, -slope], axis=1)


def pair_slopes_without_a_push(places, same, margin):
    """Two people get no slope, however near they are. What does the loss do with them within the margin?"""
    return _slopes(places, same, margin, _two, lambda d, short: 0 * d)


def pair_slopes_one_distance(places, same, margin):
    """One distance was taken for the whole batch. Along which axis lie the numbers of one place?"""
    difference = places[:, 0] - places[:, 1]
    distance = np.linalg.norm(difference)
    factor = np.where(same == 1, 2.0, -2 * np.maximum(margin - distance, 0) / distance)
    slope = factor[:, None] * difference / len(places)
    return np.stack([slope, -slope], axis=1)


def pair_slopes_of_a_alone(places, same, margin):
    """Only the slopes of the first pictures come back. What is the shape of `places`?"""
    return pair_slopes(places, same, margin)[:, 0]


def pair_slopes_first_axis(places, same, margin):
    """np.stack put all A before all B, along axis 0. Along which axis does `places` have the two of a pair?"""
    return np.moveaxis(pair_slopes(places, same, margin), 1, 0)


# Fill the gap: held out by person


def split_people(who, tested):
    """Return the rows to train on and the rows to test on, with nobody in both."""
    people, rows = np.unique(who), np.arange(len(who))  # each person once, in order
    test = np.isin(who, people[-tested:])
    return rows[~test], rows[test]


def split_people_broken(who, tested):
    """Return the rows to train on and the rows to test on, with nobody in both."""
    people, rows = np.unique(who), np.arange(len(who))  # each person once, in order
    share = tested / len(people)
    test = rows >= (1 - share) * len(who)
    return rows[~test], rows[test]


def split_people_by_pictures(who, tested):
    """The pictures are split, and a person can be in both parts. Whose pictures are the test's?"""
    people, rows = np.unique(who), np.arange(len(who))
    test = rows >= len(rows) * (len(people) - tested) // len(people)
    return rows[~test], rows[test]


def split_people_last_pictures(who, tested):
    """That holds out as many pictures as there should be people. Whose pictures are they, and how many has each?"""
    test = np.arange(len(who)) >= len(who) - tested
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_last_share(who, tested):
    """The last rows are held out, whoever they show, so one person is in both sets. Who is in each row?"""
    rows = np.arange(len(who))
    test = rows > (1 - tested / len(np.unique(who))) * len(who)
    return rows[~test], rows[test]


def split_people_cut_in_order(who, tested):
    """The pictures are put in order of people and cut at a share of the rows. Does the cut fall between two people?"""
    return tuple(np.sort(rows) for rows in split_people_cut_unsorted(who, tested))


def split_people_cut_unsorted(who, tested):
    """In order of people the rows are cut at a share of them, and stay so. Does the cut fall between two people?"""
    cut = round((1 - tested / len(np.unique(who))) * len(who))
    rows = np.argsort(who, kind="stable")
    return rows[:cut], rows[cut:]


def split_people_unsorted(who, tested):
    """The rows are the right ones and stand person by person, not in rising order. What puts them in order?"""
    people = np.unique(who)
    rows = [np.flatnonzero(who == person) for person in people]
    return np.concatenate(rows[:-tested]), np.concatenate(rows[-tested:])


def split_people_smallest(who, tested):
    """The people with the smallest numbers are held out. Which ones were asked for?"""
    test = np.isin(who, np.unique(who)[:tested])
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_others_tested(who, tested):
    """The two parts have changed places: `tested` people are left to train on. Which rows come first?"""
    test = np.isin(who, np.unique(who)[-tested:])
    return np.flatnonzero(test), np.flatnonzero(~test)


def split_people_number_above(who, tested):
    """That compares a person's number with how many are tested. What is the number of the first tested one?"""
    test = who >= tested
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_one_more(who, tested):
    """One person too many is held out. How many numbers lie from the largest down to your first?"""
    test = np.isin(who, np.unique(who)[-tested - 1 :])
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_one_less(who, tested):
    """One person too few is held out. Does your comparison leave the first of them out?"""
    test = np.isin(who, np.unique(who)[len(np.unique(who)) - tested + 1 :])
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_one_person(who, tested):
    """Only one person is held out. How many should be?"""
    test = who == np.unique(who)[-tested]
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_the_largest_alone(who, tested):
    """Only the person with the largest number is held out, however many should be. What does `tested` say?"""
    test = who == who.max()
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_without_gaps(who, tested):
    """That counts as if no number were missing. Which people are there, and which of them have the largest numbers?"""
    test = who > who.max() - tested
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_as_people(who, tested):
    """Those are the people of the rows, not the rows. What is asked for of each picture?"""
    train, test = split_people(who, tested)
    return who[train], who[test]


def split_people_as_many_as_people(who, tested):
    """That counts the people and takes it for their numbers. Which of the people have the largest numbers?"""
    test = who >= len(np.unique(who)) - tested
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_above_as_many(who, tested):
    """It compares with how many people there are. Numbers are missing in between: who has the largest ones?"""
    test = who > len(np.unique(who)) - tested
    return np.flatnonzero(~test), np.flatnonzero(test)


def split_people_numbers_as_rows(who, tested):
    """`test` holds the numbers of people, not True or False for each picture. Which pictures show these people?"""
    rows, test = np.arange(len(who)), np.unique(who)[-tested:]
    return rows[~test], rows[test]


def work_of_pair_by_hand(A=(0.5, 0.2), B=(0.38, 0.36), M=1):
    """The loss, and the slopes of the first place."""
    distance = np.sqrt((A[0] - B[0]) ** 2 + (A[1] - B[1]) ** 2)
    first = -2 * (M - distance) * (A[0] - B[0]) / distance
    second = -2 * (M - distance) * (A[1] - B[1]) / distance
    return [(M - distance) ** 2, first, second]


def work_of_alarms(passers_by=10_000, wanted=50, false_accepts=0.0002, wanted_who_come=4, false_rejects=0.25):
    """False alarms, and how many of 1,000 alarms are right."""
    false_alarms = passers_by * wanted * false_accepts
    true_alarms = wanted_who_come * (1 - false_rejects)
    return [false_alarms, 1000 * true_alarms / (true_alarms + false_alarms)]


def _errors_case(seed, n, threshold):
    """Return distances, kinds in no order, more of the one, and a threshold."""
    rng = np.random.default_rng(seed)
    same = rng.permutation(np.arange(n) % 3 == 0).astype(int)
    return np.round(rng.uniform(0.1, 1.2, n) + 0.3 * (1 - same), 2), same, threshold


def _slopes_case(seed, n, size, margin):
    """Return places of which some pairs are nearer than the margin and some further, and their kinds."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.6, (n, 2, size)), rng.permutation(np.arange(n) % 2), margin


def _people_case(seed, people, each, tested):
    rng = np.random.default_rng(seed)
    return rng.permutation(np.repeat(people, each)), tested


EXERCISES = [
    Exercise(
        two_errors,
        gaps=2,
        returns=("false_accepts", "false_rejects"),
        why="Each is counted among the pairs in which it can happen: two people accepted, one person not accepted.",
        hints=[
            "`accepted[same == 0]` holds True or False for each pair of two people.",
            "The mean of True and False is the share of True. What is the share of False?",
            "accepted[same == 0].mean() is the first; for the second take 1 - the mean over same == 1.",
        ],
        cases=[
            (
                np.array([0.2, 0.3, 0.4, 0.6, 0.9, 0.8, 0.7, 1.1]),  # the first two are accepted, the last two not
                np.array([1, 1, 0, 1, 1, 0, 1, 0]),
                0.55,
            ),
            _errors_case(0, 22, 0.7),
            _errors_case(1, 31, 0.6),
        ],
        others=[
            (np.array([0.2, 0.4, 0.7, 0.9]), np.array([1, 0, 1, 0]), 0.1),  # none is accepted
            (np.array([0.2, 0.4, 0.7, 0.9]), np.array([1, 0, 1, 0]), 1.2),  # all are
            (np.array([0.2, 0.4, 0.7, 0.9]), np.array([1, 0, 1, 0]), 0.4),  # the one that lies on it is not
            (np.array([0.2, 0.4, 0.7, 0.9]), np.array([1, 0, 1, 0]), 0.7),
        ],
        mistakes=[
            two_errors_of_all_pairs,
            two_errors_accepts_of_all_pairs,
            two_errors_rejects_of_all_pairs,
            two_errors_accepts_of_the_accepted,
            two_errors_of_what_was_decided,
            two_errors_counted,
            two_errors_exchanged,
            two_errors_right_accepts,
            two_errors_right_rejects,
            two_errors_kinds_exchanged,
            two_errors_accepts_of_both,
            two_errors_rejects_of_both,
            two_errors_all_accepted,
            two_errors_by_place,
            two_errors_rejects_by_place,
            two_errors_accepts_by_place,
            two_errors_in_percent,
        ],
    ),
    Question(
        "pair_by_hand",
        [0.64, -0.96, 1.28],
        why="A − B = [0.12, −0.16] is 0.2 long, so 0.8 are missing: 0.8² = 0.64, and −2 · 0.8 · [0.6, −0.8].",
        hints=[
            "First A − B, then its length δ: a right triangle with the sides 0.12 and 0.16.",
            "δ = 0.2, so M − δ = 0.8. The loss is its square.",
            "(A − B)/δ = [0.6, −0.8]. Multiply both by −2 · 0.8.",
        ],
        work=work_of_pair_by_hand,
        mistakes=[
            ([0.04, 0.24, -0.32], "That is for two pictures of the same person. Who are these two?"),
            (
                [0.64, 0.96, -1.28],
                "The slopes have the other sign. Does the loss grow or fall when A moves away from B?",
            ),
            ([0.64, -0.192, 0.256], "The difference is not divided by δ. How long is the direction from B to A?"),
            ([0.64, -0.48, 0.64], "The 2 of the square's slope is missing. What is the slope of a square?"),
            ([0.8, -0.96, 1.28], "The loss isn't squared yet. What stands above the bracket's end?"),
            ([0.04, -0.96, 1.28], "The loss is that of the same person. Who are these two?"),
            (
                [0.64, 1.28, -0.96],
                "The two slopes have changed places. Which number of A is the first?",
            ),
            (
                [0.64, 1.28, 0.96],
                "Look at the two numbers of A − B again: which one is negative, and which is the larger?",
            ),
            ([0.64, -0.768, 1.024], "The square of the loss stayed in the slope. What is the slope of (M − δ)²?"),
            ([0.9216, -5.76, 7.68], "The root of the distance is missing. What is the root of 0.04?"),
            ([0.64, -0.96, -1.28], "A − B is negative in its second number. What is −2 · 0.8 · (−0.8)?"),
            ([0.64, 0.96, 1.28], "A − B is positive in its first number. What is −2 · 0.8 · 0.6?"),
            (
                [0.64, 0.24, -0.32],
                "The loss is right, and the slopes are those of the same person. Which line has these two?",
            ),
            ([0.64, -1.6, 1.6], "The direction has lost its lengths and kept its signs. What is (A − B)/δ?"),
            ([0.64, -1.6, -1.6], "The direction is missing, so both slopes are the same. What is (A − B)/δ?"),
            ([0.64, -0.6, 0.8], "The slopes are the direction alone, turned. By what is it multiplied?"),
            ([0.64, -0.24, 0.32], "The slopes are −2(A − B). By what is A − B multiplied for two people?"),
        ],
    ),
    Exercise(
        pair_slopes,
        why="2(A − B) for the same person, −2 max(M − δ, 0)(A − B)/δ for two people, minus that for B, divided by n.",
        hints=[
            "`places[:, 0] - places[:, 1]` is A − B of all pairs. Its length needs a sum over axis 1 and a root.",
            "Each pair has one factor before A − B: 2, or -2 * np.maximum(margin - distance, 0) / distance.",
            "A factor a pair is `(n,)`, and A − B is `(n, k)`: factor[:, None] makes a column. Then divide by n.",
            "np.stack([slope, -slope], axis=1) has the shape of `places`.",
        ],
        cases=[
            (
                np.array([[[0.7, 0.2], [0.4, 0.6]], [[0.5, 0.2], [0.38, 0.36]], [[1.4, -0.5], [0.2, 0.4]]]),
                np.array([1, 0, 0]),
                1,
            ),
            _slopes_case(0, 8, 3, 1.4),
            _slopes_case(1, 7, 5, 1.7),
            _slopes_case(2, 3, 2, 9.0),  # longer than all distances together
        ],
        others=[
            (np.array([[[0.7, 0.2], [0.4, 0.6]]]), np.array([1]), 1),
            (np.array([[[0.5, 0.2], [0.38, 0.36]]]), np.array([0]), 0.4),
            (np.array([[[0.7, 0.2], [0.4, 0.6]], [[1.4, -0.5], [0.2, 0.4]]]), np.array([1, 1]), 1),
        ],
        mistakes=[
            pair_slopes_without_mean,
            pair_slopes_of_all_numbers,
            pair_slopes_of_pictures,
            pair_slopes_both_alike,
            pair_slopes_first_only,
            pair_slopes_without_max,
            pair_slopes_same_within_the_margin,
            pair_slopes_sum_of_sizes,
            pair_slopes_not_divided,
            pair_slopes_unit_for_both,
            pair_slopes_attracting,
            pair_slopes_turned,
            pair_slopes_exchanged,
            pair_slopes_bracket,
            pair_slopes_square_kept,
            pair_slopes_squared_distance,
            pair_slopes_without_a_push,
            pair_slopes_one_distance,
            pair_slopes_of_a_alone,
            pair_slopes_first_axis,
        ],
    ),
    Exercise(
        split_people,
        returns=("train", "test"),
        why="A picture is for the test if its person is one of the last; so all pictures of a person are in one part.",
        hints=[
            "`people` holds each person once, in order. Which of them are the last `tested`?",
            "`who` has the person of each picture. `in` asks once for all; `np.isin` or >= for each picture.",
            "who >= people[-tested] is true for each picture of the last `tested` people.",
        ],
        cases=[
            (np.array([2, 7, 3, 2, 5, 7, 3, 5, 2, 9, 9]), 2),
            _people_case(0, [1, 4, 6, 7, 8, 12, 15], 4, 3),
            _people_case(1, [3, 5, 6, 9, 11, 20, 29, 30], [5, 3, 4, 2, 6, 3, 7, 2], 4),
        ],
        others=[
            (np.array([0, 1, 2, 3, 4, 0, 1, 2, 3, 4]), 2),
            (np.array([1, 0, 2, 1, 2, 0, 0]), 1),
            (np.array([1, 0, 1, 0, 0]), 1),
        ],
        mistakes=[
            split_people_by_pictures,
            split_people_last_pictures,
            split_people_last_share,
            split_people_cut_in_order,
            split_people_cut_unsorted,
            split_people_unsorted,
            split_people_smallest,
            split_people_others_tested,
            split_people_number_above,
            split_people_one_more,
            split_people_one_less,
            split_people_one_person,
            split_people_the_largest_alone,
            split_people_without_gaps,
            split_people_as_people,
            split_people_as_many_as_people,
            split_people_above_as_many,
            split_people_numbers_as_rows,
        ],
        broken=split_people_broken,
    ),
    Question(
        "alarms_at_the_station",
        [100, 3000 / 103],
        why="500,000 comparisons give 100 false alarms; 3 of the 4 are found: 3 right ones of 103 are 29 of 1,000.",
        hints=[
            "How many comparisons are made in all? Each passer-by is compared with each of the wanted.",
            "500,000 times 0.0002 are the false alarms. Of the four wanted, a quarter is missed.",
            "Three right alarms and the false ones are all alarms. How many of 1,000 are that?",
        ],
        work=work_of_alarms,
        mistakes=[
            ([2, 600], "Each passer-by is compared with 50 people. How many comparisons are that?"),
            ([103, 3000 / 103], "Your first number is all alarms, the right ones too. How many are false?"),
            ([100, 30], "That is right alarms for 1,000 false ones. How many alarms are there in all?"),
            ([100, 4000 / 104], "One of the four is missed. How many right alarms are there?"),
            ([100, 1000 / 101], "A quarter is missed, not found. How many of the four are found?"),
            ([100, 750], "That many of 1,000 wanted people are found. Of 1,000 alarms, how many are right?"),
            ([100, 100_000 / 103], "That many of 1,000 alarms are false. Which ones were asked for?"),
            (
                [100, 100_000 / 104],
                "That many are false if all four are found. Which ones count, and is nobody missed?",
            ),
            ([100, 3], "There are three right alarms in all. How many would it be of 1,000 alarms?"),
            ([100, 3 / 103], "That is the share of right alarms. How many of 1,000 are that?"),
            ([100, 999.8], "That many of 1,000 comparisons are right. Of 1,000 alarms, how many are right?"),
            ([0.01, 3000 / 3.01], "That counts 50 comparisons in all. How many people pass?"),
            ([1000, 3000 / 1003], "A factor of ten got lost. What is 500,000 times 0.0002?"),
            ([200, 3000 / 203], "A factor 2 came in with the false alarms. What is 500,000 times 0.0002?"),
            ([50, 3000 / 53], "A factor 2 got lost with the false alarms. What is 500,000 times 0.0002?"),
            ([10, 3000 / 13], "A zero got lost. How many comparisons are 10,000 times 50, and what is 0.0002 of them?"),
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "The threshold goes up. Which error becomes smaller?",
        ["false accepts", "false rejects", "both"],
        right="false rejects",
        counters={
            "false accepts": "More pairs are accepted, so more of the wrong ones.",
            "both": "More pairs are accepted, so more of the wrong ones too.",
        },
    ),
    Prediction(
        "With margin 1 and half of the pairs the same, what does that cost?",
        ["0", "0.25", "0.5", "1"],
        right="0.5",
        counters={
            "0": "Pairs of two people want a distance, and have none.",
            "0.25": "Each pair of two people costs 1.",
            "1": "Pairs of the same person cost nothing here.",
        },
    ),
    Prediction(
        "How well does the network judge strangers?",
        [
            "as the pixels do: it knows its own people only",
            "better than the pixels, but much worse than its own people",
            "about as well as its own people",
        ],
        right="about as well as its own people",
    ),
    Prediction(
        "What is the equal error of this network in front of plain walls?",
        ["as low as at home", "about 0.15", "about 0.5"],
        right="about 0.5",
        counters={
            "as low as at home": "At home the wall gave each pair away.",
            "about 0.15": "It would have that if it had looked at the faces.",
        },
    ),
]
