"""The exercises of lesson 20."""

import itertools

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

# Repair a broken one: gaps and scales


def fill_and_scale(X, train, val):
    """Return X[train] and X[val], with gaps filled and columns scaled."""
    mean = np.nanmean(X[train], axis=0)
    X = np.where(np.isnan(X), mean, X)
    spread = X[train].std(axis=0)
    spread = np.where(spread > 0, spread, 1)
    X = (X - mean) / spread
    return X[train], X[val]


def fill_and_scale_broken(X, train, val):
    """Return X[train] and X[val], with gaps filled and columns scaled."""
    mean = np.nanmean(X, axis=0)
    X = np.where(np.isnan(X), mean, X)
    spread = X.std(axis=0)
    X = (X - mean) / spread
    return X[train], X[val]


def _prepared(
    X, train, val, mean_rows, spread_rows, fill_rows=None, flat=lambda spread: np.where(spread > 0, spread, 1)
):
    """Return the two sets, with mean, spread and filling from these rows."""
    mean, filling = np.nanmean(X[mean_rows], axis=0), np.nanmean(X[fill_rows or mean_rows], axis=0)
    X = np.where(np.isnan(X), filling, X)
    X = (X - mean) / flat(X[spread_rows].std(axis=0))
    return X[train], X[val]


def fill_and_scale_with_all_rows(X, train, val):
    """Mean and spread still come from all rows, the validation rows too. Which rows may decide how X is scaled?"""
    return _prepared(X, train, val, slice(None), slice(None))


def fill_and_scale_without_the_flat_column(X, train, val):
    """A column that never changes is still divided by its spread of zero. What should it be divided by?"""
    return _prepared(X, train, val, train, train, flat=lambda spread: spread)


def fill_and_scale_with_spread_of_all(X, train, val):
    """The mean comes from the training rows, the spread from all rows. Who may decide the spread?"""
    return _prepared(X, train, val, train, slice(None))


def fill_and_scale_with_mean_of_all(X, train, val):
    """The spread comes from the training rows, the mean from all rows. Who may decide the mean?"""
    return _prepared(X, train, val, slice(None), train)


def fill_and_scale_filled_from_all(X, train, val):
    """Gaps are filled with the mean of all rows. Which rows may say what stands in a gap?"""
    return _prepared(X, train, val, train, train, fill_rows=slice(None))


def fill_and_scale_each_by_its_own(X, train, val):
    """The validation rows are scaled with their own numbers. In which scale did the network learn?"""
    return _prepared(X, train, val, train, train)[0], _prepared(X, train, val, val, val)[1]


def fill_and_scale_filled_with_zero(X, train, val):
    """Gaps become 0 before the columns are scaled, so a gap counts as a measurement of 0. What should fill it?"""
    mean, spread = np.nanmean(X[train], axis=0), np.nan_to_num(X)[train].std(axis=0)
    X = (np.nan_to_num(X) - mean) / np.where(spread > 0, spread, 1)
    return X[train], X[val]


def fill_and_scale_spread_before_filling(X, train, val):
    """The spread is that of the known entries alone. In the code as it stood, were gaps filled before the spread?"""
    mean, spread = np.nanmean(X[train], axis=0), np.nanstd(X[train], axis=0)
    X = (np.where(np.isnan(X), mean, X) - mean) / np.where(spread > 0, spread, 1)
    return X[train], X[val]


def fill_and_scale_adding_one(X, train, val):
    """1 is added to every spread, so all columns are scaled by too much. Which spreads should become 1?"""
    return _prepared(X, train, val, train, train, flat=lambda spread: spread + 1)


def fill_and_scale_with_a_floor_of_one(X, train, val):
    """Every spread below 1 becomes 1, not only that of a column that never changes. Which spreads should be left?"""
    return _prepared(X, train, val, train, train, flat=lambda spread: np.maximum(spread, 1))


def fill_and_scale_all_by_one(X, train, val):
    """All columns are divided by 1, not only the one that never changes. Which spreads should stay as they are?"""
    return _prepared(X, train, val, train, train, flat=np.ones_like)


def fill_and_scale_with_exchanged_branches(X, train, val):
    """Where the spread is 0 it is kept, and elsewhere it becomes 1. Which of the two belongs where?"""
    return _prepared(X, train, val, train, train, flat=lambda spread: np.where(spread > 0, 1, spread))


def fill_and_scale_by_one_less(X, train, val):
    """The spread divides by n - 1 (`ddof=1`), and `.std()` as it stood divides by n. Did that need a repair?"""
    mean = np.nanmean(X[train], axis=0)
    X = np.where(np.isnan(X), mean, X)
    spread = X[train].std(axis=0, ddof=1)
    X = (X - mean) / np.where(spread > 0, spread, 1)
    return X[train], X[val]


def fill_and_scale_with_a_mean_of_gaps(X, train, val):
    """A mean of numbers and gaps is a gap, so gaps stay. What does `np.nanmean` do that `np.mean` doesn't?"""
    mean = X[train].mean(axis=0)
    X = np.where(np.isnan(X), mean, X)
    spread = X[train].std(axis=0)
    spread = np.where(spread > 0, spread, 1)
    return (X[train] - mean) / spread, (X[val] - mean) / spread


def fill_and_scale_with_gaps_left(X, train, val):
    """Gaps stay gaps. Is a gap equal to anything, even to itself, and which function finds it?"""
    mean, spread = np.nanmean(X[train], axis=0), X[train].std(axis=0)
    X = (X - mean) / np.where(spread > 0, spread, 1)
    return X[train], X[val]


def _with_a_tiny_spread(tiny):
    """Return the mistake of this number that is added to each spread."""

    def fill_and_scale_with_a_tiny_spread(X, train, val):
        return _prepared(X, train, val, train, train, flat=lambda spread: spread + tiny)

    told = "so what is divided by it becomes far too large. What should it become?"
    fill_and_scale_with_a_tiny_spread.__doc__ = f"A spread of 0 becomes {tiny:g}, not 1, {told}"
    return fill_and_scale_with_a_tiny_spread


def fill_and_scale_flat_to_zero(X, train, val):
    """The flat column is set to zero in both sets: what the validation rows say in it is lost. Divide by what?"""
    first, second = _prepared(X, train, val, train, train)
    flat = np.nanstd(X[train], axis=0) == 0
    return np.where(flat, 0, first), np.where(flat, 0, second)


def fill_and_scale_without_the_mean(X, train, val):
    """Nothing is subtracted, so the columns don't have mean 0. What should happen before the division?"""
    mean = np.nanmean(X[train], axis=0)
    X = np.where(np.isnan(X), mean, X)
    spread = X[train].std(axis=0)
    X = X / np.where(spread > 0, spread, 1)
    return X[train], X[val]


def fill_and_scale_without_axes(X, train, val):
    """One mean and one spread serve for the whole table. What does `axis=0` do?"""
    mean = np.nanmean(X[train])
    X = np.where(np.isnan(X), mean, X)
    X = (X - mean) / X[train].std()
    return X[train], X[val]


def _table(seed, rows, columns, training, gaps):
    """Return a table with gaps and a column that never changes in the training rows, and both lists of rows."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, columns)) * np.resize([0.3, 1, 4], columns) + np.resize([-2, 3, 5, -7], columns)
    order = rng.permutation(rows)
    X[order[:training], 1] = 4.5
    X[rng.integers(0, rows, gaps), rng.choice([0, 2], gaps)] = np.nan
    return X, order[:training], order[training:]


# Fill the gap: how many samples


def samples_needed(accuracy, margin):
    """Return the number of samples that leave an accuracy uncertain by margin."""
    return 4 * accuracy * (1 - accuracy) / margin**2


def samples_needed_with_one_standard_error(accuracy, margin):
    """That is for one standard error. How many of them is the margin?"""
    return accuracy * (1 - accuracy) / margin**2


def samples_needed_with_a_2(accuracy, margin):
    """The 2 before the root wasn't squared. What becomes of 2 when both sides are squared?"""
    return 2 * accuracy * (1 - accuracy) / margin**2


def samples_needed_without_the_square(accuracy, margin):
    """The margin wasn't squared. What must be done to both sides to get n out of the root?"""
    return 4 * accuracy * (1 - accuracy) / margin


def samples_needed_without_any_square(accuracy, margin):
    """Neither 2 nor the margin was squared. What must be done to both sides to get n out of the root?"""
    return 2 * accuracy * (1 - accuracy) / margin


def samples_needed_with_the_2_below(accuracy, margin):
    """The 2 went below the line with the margin. On which side of the root does it stand at first?"""
    return accuracy * (1 - accuracy) / (2 * margin) ** 2


def samples_needed_without_its_root(accuracy, margin):
    """The accuracy and the rest of 1 are squared, and they stood under the root. What does squaring make of a root?"""
    return (2 * accuracy * (1 - accuracy) / margin) ** 2


def samples_needed_root(accuracy, margin):
    """There is still a root. Square both sides first; what is n then?"""
    return 2 * np.sqrt(accuracy * (1 - accuracy)) / margin


def samples_needed_of_accuracy_alone(accuracy, margin):
    """Only the share that is right is in it. Where is the share that is wrong, 1 - accuracy?"""
    return 4 * accuracy / margin**2


def samples_needed_of_errors_alone(accuracy, margin):
    """Only the share that is wrong is in it. Where is the share that is right?"""
    return 4 * (1 - accuracy) / margin**2


def samples_needed_the_worst(accuracy, margin):
    """That holds for an accuracy of one half, where chance moves most. Where does the accuracy come in?"""
    return 1 / margin**2


def samples_needed_upside_down(accuracy, margin):
    """That is one divided by the answer. Should a smaller margin need more samples or fewer?"""
    return margin**2 / (4 * accuracy * (1 - accuracy))


def samples_needed_as_margin(accuracy, margin):
    """The margin was put in the place of n: that gives a margin. Which letter is asked for?"""
    return 2 * np.sqrt(accuracy * (1 - accuracy) / margin)


def samples_needed_without_brackets(accuracy, margin):
    """It multiplies and divides before it subtracts. Where do brackets belong?"""
    return 4 * accuracy * 1 - accuracy / margin**2


def samples_needed_rounded(accuracy, margin):
    """The number is rounded. What did the text say of rounding?"""
    return np.ceil(samples_needed(accuracy, margin) - 1e-9)


# Fill the gap: a split by groups


def split_by_groups(groups, order, least):
    """Return the rows for training and those for validation: no group is in both."""
    chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        if chosen.sum() >= least:
            break
        chosen = chosen | (groups == group)
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def _groups_taken(groups, order, number):
    """Return both lists of rows when the first so many groups of the order are for validation."""
    chosen = np.isin(groups, order[:number])
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def _number_of_groups(groups, order, enough):
    """Return how many groups are taken until `enough`, a function of the number of rows, says so."""
    taken, rows = 0, 0
    while taken < len(order) and not enough(rows):
        rows += np.count_nonzero(groups == order[taken])
        taken += 1
    return taken


def split_by_groups_exchanged(groups, order, least):
    """The two are exchanged: validation rows come first. In which order does the text ask for them?"""
    return split_by_groups(groups, order, least)[::-1]


def split_by_groups_one_more(groups, order, least):
    """Where there are exactly `least` rows, one more group is taken. Is `least` enough, or is more needed?"""
    return split_by_groups(groups, order, least + 1)


def split_by_groups_one_too_few(groups, order, least):
    """The last group is left out, so validation has too few rows. When is the number compared, before or after?"""
    return _groups_taken(groups, order, _number_of_groups(groups, order, lambda rows: rows >= least) - 1)


def split_by_groups_counting_groups(groups, order, least):
    """It takes `least` groups, not `least` rows. What does `least` count?"""
    return _groups_taken(groups, order, least)


def split_by_groups_only_the_first(groups, order, least):
    """Only the first group is taken, however small. Until when should groups be added?"""
    return _groups_taken(groups, order, 1)


def split_by_groups_the_last(groups, order, least):
    """Only the last group that was taken is for validation. What happened to those before it?"""
    number = _number_of_groups(groups, order, lambda rows: rows >= least)
    chosen = groups == order[number - 1]
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def split_by_groups_from_the_end(groups, order, least):
    """The groups are taken from the end of the order. Where should it begin?"""
    return split_by_groups(groups, order[::-1], least)


def split_by_groups_in_their_own_order(groups, order, least):
    """The groups are taken as they come, or sorted, and not in `order`. Who says which comes first?"""
    return split_by_groups(groups, np.unique(groups), least)


def split_by_groups_as_they_come(groups, order, least):
    """The groups are taken as they come in the rows, and not in `order`. Who says which comes first?"""
    return split_by_groups(groups, list(dict.fromkeys(groups.tolist())), least)


def split_by_groups_cut_off(groups, order, least):
    """Exactly `least` rows are taken, so the last group is torn in two. What must not be in both sets?"""
    rows = np.concatenate([np.flatnonzero(groups == group) for group in order])
    return np.sort(rows[least:]), np.sort(rows[:least])


def split_by_groups_unsorted(groups, order, least):
    """The rows stand group by group, and not in rising order. What puts them in order?"""
    number = _number_of_groups(groups, order, lambda rows: rows >= least)
    val = np.concatenate([np.flatnonzero(groups == group) for group in order[:number]])
    return np.setdiff1d(np.arange(len(groups)), val), val


def split_by_groups_both_unsorted(groups, order, least):
    """The rows of both sets stand group by group, and not in rising order. What puts them in order?"""
    number = _number_of_groups(groups, order, lambda rows: rows >= least)
    rows = [np.flatnonzero(groups == group) for group in order]
    none = np.array([], dtype=int)
    return np.concatenate([none, *rows[number:]]), np.concatenate(rows[:number])


def split_by_groups_names(groups, order, least):
    """These are the names of groups, not numbers of rows. Which rows belong to them?"""
    number = _number_of_groups(groups, order, lambda rows: rows >= least)
    return np.array(order[number:]), np.array(order[:number])


def split_by_groups_labels(groups, order, least):
    """These are the groups of the rows, not the numbers of the rows. What does `np.flatnonzero` give?"""
    train, val = split_by_groups(groups, order, least)
    return groups[train], groups[val]


def split_by_groups_masks(groups, order, least):
    """These are True and False for each row. What gives the numbers of the rows that are True?"""
    train, val = split_by_groups(groups, order, least)
    rows = np.arange(len(groups))
    return np.isin(rows, train), np.isin(rows, val)


def split_by_groups_from_one(groups, order, least):
    """The rows are counted from 1. What is the number of the first row of an array?"""
    return tuple(rows + 1 for rows in split_by_groups(groups, order, least))


def split_by_rows(groups, order, least):
    """The first rows are taken, whatever their groups. How does a row get into validation?"""
    return np.arange(least, len(groups)), np.arange(least)


def split_by_groups_stopping_too_late(groups, order, least):
    """Groups are added until the training set is small enough. Whose rows does `least` count?"""
    return _groups_taken(groups, order, _number_of_groups(groups, order, lambda rows: len(groups) - rows <= least))


def _groups_case(seed, rows, many, least):
    rng = np.random.default_rng(seed)
    return rng.integers(0, many, rows) + 3, rng.permutation(many) + 3, least


def split_by_groups_all(groups, order, least):
    """Every group of the order is taken, so no row is left for training. When are there enough?"""
    return _groups_taken(groups, order, len(order))


def split_by_groups_none(groups, order, least):
    """No row is chosen, ever. Which of `&` and `|` adds rows, and what counts those chosen so far: `len` or `sum`?"""
    return _groups_taken(groups, order, 0)


def split_by_groups_without_brackets(groups, order, least):
    """`|` binds closer than `==`: `a | b == c` means `(a | b) == c`. Which part belongs in brackets?"""
    chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        if chosen.sum() < least:
            chosen = (chosen | groups) == group
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def split_by_groups_without_brackets_or_stop(groups, order, least):
    """`|` binds closer than `==`, and nothing stops it. Where do brackets belong, and when is it enough?"""
    chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        chosen = (chosen | groups) == group
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def split_by_groups_overwritten(groups, order, least):
    """Each group takes the place of those before it. What keeps them, too?"""
    chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        if chosen.sum() < least:
            chosen = groups == group
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def split_by_groups_not_over(groups, order, least):
    """It stops before it would have more than `least` rows. Is `least` asked for at least, or at most?"""
    sizes = np.cumsum([np.count_nonzero(groups == group) for group in order])
    return _groups_taken(groups, order, np.count_nonzero(sizes <= least))


def split_by_groups_what_fits(groups, order, least):
    """A group that would bring it above `least` is passed over. Is `least` asked for at least, or at most?"""
    chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        if chosen.sum() + np.count_nonzero(groups == group) <= least:
            chosen = chosen | (groups == group)
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def split_by_groups_name_as_row(groups, order, least):
    """`group` is the name of a group, not the number of a row. Which rows belong to that group?"""
    chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        if chosen.sum() >= least:
            break
        chosen[group] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def split_by_groups_name_as_row_without_stop(groups, order, least):
    """`group` is the name of a group, not the number of a row. Which rows belong to it, and when is it enough?"""
    chosen = np.zeros(len(groups), dtype=bool)
    chosen[order] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


# What the table of the lesson asks for, a number for each row

LEAKS = {
    "A": (2, "Can photographs of one plant stand in both sets?"),
    "B": (4, "When were the mean and the spread computed, before or after the split?"),
    "C": (1, "By which accuracy was one of the twelve chosen?"),
    "D": (5, "A patient comes in today: does anybody know yet how long the stay will be?"),
    "E": (6, "Which days stand in the training set of a day, only those before it?"),
    "F": (3, "Which rule is broken, if the means are those of training and validation chooses?"),
}
REMARKS = [
    "the test set has chosen",
    "one source stands in two sets",
    "nothing is wrong",
    "the scale has seen every set",
    "the column isn't known in time",
    "it learns from what comes later",
]


def _wrong():
    """Return a mistake for each exchanged pair of projects, wrong remark, the inverted list and counting from 0."""
    right = [number for number, _ in LEAKS.values()]
    found = []
    for (i, one), (j, other) in itertools.combinations(enumerate(LEAKS), 2):
        swapped = list(right)
        swapped[i], swapped[j] = swapped[j], swapped[i]
        found.append((swapped, f"{one} and {other} are exchanged. {LEAKS[one][1]}"))
    for (i, (letter, (_, question))), number in itertools.product(enumerate(LEAKS.items()), range(1, 7)):
        if number != right[i]:
            changed = [*right[:i], number, *right[i + 1 :]]
            found.append((changed, f"Of {letter} you say: {REMARKS[number - 1]}. {question}"))
    inverse = [right.index(number) + 1 for number in range(1, 7)]
    found.append((inverse, "For each remark you give a project. For each project its remark is asked: what is A's?"))
    found.append(([number - 1 for number in right], "You count from 0. Which number does the list begin with?"))
    return found


EXERCISES = [
    Question(
        "spot_the_leak",
        [number for number, _ in LEAKS.values()],
        tolerance=0,
        why="Each set must be new to what was computed before, as the rows will be when the model is used.",
        hints=[
            "Ask of each: what does the model, or whoever chose it, know that it will not know when it is used?",
            "Two of them split at random although rows belong together: by their source, and by their time.",
            "In one of them everything is in order: look for the one that fits each thing on the training set.",
        ],
        mistakes=_wrong(),
    ),
    Exercise(
        fill_and_scale,
        why="Mean and spread come from the training rows alone, and a spread of zero is replaced by 1.",
        hints=[
            "Which two lines compute something from rows? Whose rows may it be?",
            "`X[train]` holds the training rows. Put it where a mean and a spread are computed.",
            "`np.where(spread > 0, spread, 1)` is 1 where the spread is zero, and the spread elsewhere.",
        ],
        cases=[
            (
                np.array([[1.0, 4.0], [3.0, 4.0], [8.0, 4.0], [np.nan, 4.0], [10.0, 6.0]]),
                np.array([0, 1, 2]),
                np.array([3, 4]),
            ),
            _table(0, 9, 3, 5, 3),
            _table(1, 12, 4, 8, 6),
            _table(2, 30, 3, 20, 9),
            _table(3, 14, 3, 7, 5),
        ],
        others=[_table(4, 8, 3, 5, 0), _table(5, 6, 3, 5, 3)],
        mistakes=[
            fill_and_scale_with_all_rows,
            fill_and_scale_without_the_flat_column,
            fill_and_scale_with_spread_of_all,
            fill_and_scale_with_mean_of_all,
            fill_and_scale_filled_from_all,
            fill_and_scale_each_by_its_own,
            fill_and_scale_filled_with_zero,
            fill_and_scale_spread_before_filling,
            fill_and_scale_adding_one,
            fill_and_scale_with_a_floor_of_one,
            fill_and_scale_all_by_one,
            fill_and_scale_flat_to_zero,
            fill_and_scale_with_exchanged_branches,
            fill_and_scale_by_one_less,
            fill_and_scale_with_gaps_left,
            fill_and_scale_with_a_mean_of_gaps,
            *map(_with_a_tiny_spread, (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)),
            fill_and_scale_without_the_mean,
            fill_and_scale_without_axes,
        ],
        broken=fill_and_scale_broken,
        returns=("X[train]", "X[val]"),
    ),
    Exercise(
        samples_needed,
        why="Squared, the margin is 4 p (1 - p) / n, and that is solved for n.",
        hints=[
            "The margin is 2 · √(p (1 − p) / n). Which operation takes the root away, on both sides?",
            "Squared: margin² = 4 · p (1 − p) / n. Now n and the square of the margin change places.",
        ],
        cases=[(0.9, 0.06), (0.8, 0.05), (0.97, 0.013), (0.6, 0.11), (0.35, 0.021)],
        mistakes=[
            samples_needed_with_one_standard_error,
            samples_needed_with_a_2,
            samples_needed_without_the_square,
            samples_needed_without_any_square,
            samples_needed_with_the_2_below,
            samples_needed_without_its_root,
            samples_needed_root,
            samples_needed_of_accuracy_alone,
            samples_needed_of_errors_alone,
            samples_needed_the_worst,
            samples_needed_upside_down,
            samples_needed_as_margin,
            samples_needed_without_brackets,
            samples_needed_rounded,
        ],
    ),
    Question(
        "order_of_a_project",
        [7, 4, 8, 5, 1, 3, 6],
        why="Each step uses only what the steps before it allow, and the test rows speak once, last.",
        hints=[
            "Two lines don't belong: in each, rows that should judge are used before.",
            "Everything that is computed from rows comes after the split, even a mean.",
            "Split, scale, ten samples, simplest model, changes, test, card.",
        ],
        lines=[
            "choose among the changes by the validation rows",
            "compute means and spreads of all rows",
            "judge the chosen model on the test rows",
            "scale with the means and spreads of the training rows",
            "train the simplest model, and look at its curves",
            "write the card, with the test result",
            "split the rows",
            "let a small network learn ten scaled samples by heart",
            "try changes until the test result is good",
        ],
        needs={
            (7, 4): "Which rows are the training rows?",
            (4, 8): "On which scale are the ten samples?",
            (8, 5): "Which run is over in a second, and shows whether the code works at all?",
            (5, 1): "What do the changes have to beat?",
            (1, 3): "Which model do the test rows judge?",
            (3, 6): "Which result stands on the card?",
        },
        strange={
            2: "Means of all rows have seen the rows that judge. Whose means may scale?",
            9: "Here the test rows choose, and then judge their own choice. Which rows may choose?",
        },
        mistakes=[
            ([2, 7, 4, 8, 5, 1, 3, 6], "Means of all rows are computed before the split. What do they let through?"),
            ([7, 2, 8, 5, 1, 3, 6], "Means of all rows scale here. Whose means may scale?"),
            ([4, 7, 8, 5, 1, 3, 6], "The split comes after the scaling. Which rows are the training rows before it?"),
            ([7, 4, 8, 5, 9, 3, 6], "The test rows choose among the changes. Which rows are there for choosing?"),
            ([7, 4, 8, 5, 1, 9, 6], "After the choice, changes are tried until the test is good. Who chooses then?"),
            (
                [7, 4, 5, 8, 1, 3, 6],
                "The whole run comes before the ten samples. Which of the two finds a fault sooner?",
            ),
            ([7, 8, 4, 5, 1, 3, 6], "The ten samples aren't scaled yet. Which line scales them?"),
            ([7, 4, 8, 5, 3, 1, 6], "The test rows are used before a change is chosen. Whose result is on the card?"),
            ([7, 4, 8, 5, 1, 6, 3], "The card is written before the test. Where does its result come from?"),
            ([7, 4, 8, 1, 5, 3, 6], "The changes come before the simplest model. What do they have to beat?"),
            ([7, 4, 5, 1, 3, 6], "The ten samples are missing. Which run shows in a second whether the code works?"),
            ([7, 4, 8, 5, 3, 6], "Nothing chooses among the changes. Which rows may?"),
            ([7, 4, 8, 5, 1, 3], "The card is missing. Who tells those who use the model what it can't do?"),
        ],
    ),
    Exercise(
        split_by_groups,
        why="Whole groups are added until there are enough rows; a mask keeps the rows in rising order.",
        hints=[
            "`groups == group` is True for the rows of one group, and `chosen.sum()` counts the rows chosen so far.",
            "Before you add a group, ask whether validation has `least` rows already. If so, `break`.",
            "`chosen = chosen | (groups == group)` adds the rows of the group, and keeps those before.",
        ],
        cases=[
            (np.array([2, 4, 2, 6, 4, 6, 6]), np.array([6, 2, 4]), 4),
            (np.array([2, 4, 2, 6, 4, 6, 6]), np.array([4, 6, 2]), 2),
            (np.array([2, 2, 4, 5, 4, 2]), np.array([5, 4, 2]), 5),
            (np.array([2, 2, 4, 5, 4, 2]), np.array([2, 4, 5]), 4),
            _groups_case(0, 14, 4, 5),
            _groups_case(1, 20, 5, 8),
            _groups_case(2, 25, 6, 9),
            _groups_case(3, 18, 7, 4),
        ],
        others=[
            (np.array([0, 1, 0, 2, 1, 0]), np.array([0, 2, 1]), 2),
            (np.array([0, 1, 1]), np.array([1, 0]), 1),
        ],
        mistakes=[
            split_by_groups_exchanged,
            split_by_groups_one_more,
            split_by_groups_one_too_few,
            split_by_groups_counting_groups,
            split_by_groups_only_the_first,
            split_by_groups_the_last,
            split_by_groups_from_the_end,
            split_by_groups_in_their_own_order,
            split_by_groups_as_they_come,
            split_by_groups_cut_off,
            split_by_groups_unsorted,
            split_by_groups_both_unsorted,
            split_by_groups_names,
            split_by_groups_labels,
            split_by_groups_masks,
            split_by_groups_from_one,
            split_by_rows,
            split_by_groups_all,
            split_by_groups_none,
            split_by_groups_without_brackets,
            split_by_groups_overwritten,
            split_by_groups_not_over,
            split_by_groups_what_fits,
            split_by_groups_name_as_row,
            split_by_groups_name_as_row_without_stop,
            split_by_groups_without_brackets_or_stop,
            split_by_groups_stopping_too_late,
        ],
        returns=("the rows for training", "the rows for validation"),
    ),
]

PREDICTIONS = [
    Prediction(
        "Does the loss go to nearly zero with the mixed labels, too?",
        ["no, it hardly falls", "no, it stops halfway", "yes"],
        right="yes",
    ),
    Prediction(
        "Is the network that knows the species better or worse in most of them?",
        ["worse in most", "about as often better as worse", "better in most"],
        right="better in most",
        counters={
            "worse in most": "The one split that came first was no typical one.",
            "about as often better as worse": "The gain is small, and it comes in most of the splits.",
        },
    ),
    Prediction(
        "And a layer that never met one?",
        ["about nine in ten", "about three in four", "about half, as by guessing"],
        right="about half, as by guessing",
        counters={
            "about nine in ten": "Adelies have other proportions than the birds that it learned from.",
            "about three in four": "Their short bills mislead it: the bills of other species tell another story.",
        },
    ),
    Prediction(
        "What does it get right of the 100 others, and what of the future?",
        ["about the same of both", "far more of the 100", "far more of the future"],
        right="far more of the 100",
    ),
]
