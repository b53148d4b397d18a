"""The exercises of lesson 5."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question
from gdcourse.exercises.lessons.lesson_03 import ravine_gradient, shifted_slope, tilted_gradient
from gdcourse.exercises.lessons.lesson_04 import samples, small

rng = np.random.default_rng(5)


def columns(n, d):
    """Return what `samples` gives, with the weights in a column."""
    X, y, w = samples(n, d)
    return X, y, w[:, None]


# Mend a broken one: a column against a flat array


def column_loss(X, y, W):
    """Return the mean squared error of the predictions X @ W; W is a column."""
    residual = (X @ W)[:, 0] - y
    return np.mean(residual**2)


def column_loss_broken(X, y, W):
    """Return the mean squared error of the predictions X @ W; W is a column."""
    residual = X @ W - y
    return np.mean(residual**2)


def column_loss_of_all_pairs(X, y, W):
    """Every prediction is still compared with every target, n times n. Which shapes are subtracted?"""
    residual = X @ W - y[None, :]
    return np.mean(residual**2)


def column_loss_of_all_pairs_by_n(X, y, W):
    """There are still n times n differences, and their squares are divided by n. Which shapes are subtracted?"""
    residual = X @ W - y
    return np.sum(residual**2) / len(y)


def column_loss_summed(X, y, W):
    """The shapes are right, and the squares are added up. What makes a mean of a sum?"""
    residual = (X @ W)[:, 0] - y
    return np.sum(residual**2)


def column_loss_mean_first(X, y, W):
    """The mean comes before the square, so errors of both signs cancel. Which comes first?"""
    residual = (X @ W)[:, 0] - y
    return np.mean(residual) ** 2


def column_loss_rows_first(X, y, W):
    """The n times n differences are averaged in each row, so each prediction meets the mean. Which shape is wrong?"""
    residual = np.mean(X @ W - y, axis=1)
    return np.mean(residual**2)


def column_loss_of_the_first(X, y, W):
    """The index takes the first row, so one prediction stands for all samples. Where does the 0 belong?"""
    residual = (X @ W)[0] - y
    return np.mean(residual**2)


def column_loss_of_the_first_target(X, y, W):
    """Here each prediction meets the first target alone. What should be flat before the minus?"""
    residual = (X @ W - y)[:, 0]
    return np.mean(residual**2)


def column_loss_not_squared(X, y, W):
    """The residuals lose their signs and are not squared. What does the name of this loss ask for?"""
    residual = (X @ W)[:, 0] - y
    return np.mean(np.abs(residual))


def column_loss_rooted(X, y, W):
    """That is the root of the loss, in the unit of the target. Which of the two was asked for?"""
    residual = (X @ W)[:, 0] - y
    return np.sqrt(np.mean(residual**2))


# Write it: one scale for old and new


def standardise(old, new):
    """Return old and new, both scaled by the column means and stds of old."""
    mean, std = old.mean(axis=0), old.std(axis=0)
    return (old - mean) / std, (new - mean) / std


def standardise_each_by_itself(old, new):
    """The new table is scaled by its own mean and std, so one length means two things. Whose scale do weights need?"""
    return (old - old.mean(axis=0)) / old.std(axis=0), (new - new.mean(axis=0)) / new.std(axis=0)


def standardise_together(old, new):
    """The mean and std come from both tables, so the new one has leaked into the scale. Which rows may it know?"""
    both = np.concatenate([old, new])
    mean, std = both.mean(axis=0), both.std(axis=0)
    return (old - mean) / std, (new - mean) / std


def standardise_by_the_new(old, new):
    """The mean and std are those of the new table. Which of the two was there when the weights were fitted?"""
    mean, std = new.mean(axis=0), new.std(axis=0)
    return (old - mean) / std, (new - mean) / std


def standardise_over_everything(old, new):
    """One mean and one std serve all columns, whatever their units. Along which axis does a column run?"""
    mean, std = old.mean(), old.std()
    return (old - mean) / std, (new - mean) / std


def standardise_rows(old, new):
    """Each row is scaled by itself, which mixes the features of one sample. Along which axis does a column run?"""

    def scaled(table):
        return (table - table.mean(axis=1, keepdims=True)) / table.std(axis=1, keepdims=True)

    return scaled(old), scaled(new)


def standardise_by_the_variance(old, new):
    """It divides by the variance, the square of the standard deviation. Which of the two has the feature's unit?"""
    mean, variance = old.mean(axis=0), old.var(axis=0)
    return (old - mean) / variance, (new - mean) / variance


def standardise_by_n_less_one(old, new):
    """This standard deviation divides by n - 1, as some tables do. By what does the one in the text divide?"""
    mean, std = old.mean(axis=0), old.std(axis=0, ddof=1)
    return (old - mean) / std, (new - mean) / std


def standardise_centre_only(old, new):
    """The mean is subtracted, and the spread stays as it was. By what is the difference divided?"""
    mean = old.mean(axis=0)
    return old - mean, new - mean


def standardise_spread_only(old, new):
    """The columns are divided and not centred. What is subtracted first?"""
    std = old.std(axis=0)
    return old / std, new / std


def standardise_without_brackets(old, new):
    """Here the mean alone is divided by the std, because a division goes first. Where do brackets belong?"""
    mean, std = old.mean(axis=0), old.std(axis=0)
    return old - mean / std, new - mean / std


def standardise_to_unit_range(old, new):
    """The columns now run from 0 to 1, which is another scaling. Which two numbers does standardising use?"""
    low, high = old.min(axis=0), old.max(axis=0)
    return (old - low) / (high - low), (new - low) / (high - low)


def standardise_by_the_range(old, new):
    """The difference is divided by the range, smallest to largest. Which measure of spread was asked for?"""
    mean, span = old.mean(axis=0), old.max(axis=0) - old.min(axis=0)
    return (old - mean) / span, (new - mean) / span


# Fill the gap: shares


def row_shares(table):
    """Return the table with each row divided by its own sum."""
    total = table.sum(axis=1, keepdims=True)
    return table / total


def row_shares_without_keepdims(table):
    """The sums lie flat, (n,), and meet the columns: row j's sum divides column j. How do they become a column?"""
    total = table.sum(axis=1)
    return table / total


def row_shares_down_the_columns(table):
    """Each column is divided by its own sum. Which axis must vanish to leave one number for each row?"""
    total = table.sum(axis=0)
    return table / total


def row_shares_of_everything(table):
    """Every entry is divided by one number, the sum of the whole table. To what must each row add up?"""
    total = table.sum()
    return table / total


def row_shares_by_the_first(table):
    """Every row is divided by the sum of the first one. How many sums do n rows have?"""
    total = table[0].sum()
    return table / total


def row_shares_by_the_mean(table):
    """Each row is divided by its mean, so it adds up to the number of columns. What must it add up to?"""
    total = table.mean(axis=1, keepdims=True)
    return table / total


def row_shares_by_the_largest(table):
    """Each row is divided by its largest entry. By what must it be divided to add up to 1?"""
    total = table.max(axis=1, keepdims=True)
    return table / total


def row_shares_by_the_length(table):
    """Each row is divided by its length, the root of its squares. What must a row of shares add up to?"""
    total = np.sqrt((table**2).sum(axis=1, keepdims=True))
    return table / total


def row_shares_by_the_count(table):
    """Each row is divided by the number of its entries. What must it add up to afterwards?"""
    return table / table.shape[1]


starts = rng.uniform(-3, 3, (4, 2)).round(2)


def slopes_of_three(w):
    """[2 * x, y, 4 * z]"""
    return np.array([2 * w[0], w[1], 4 * w[2]])


# Mend a broken one: integers, and rows that change afterwards


def record_path(start, gradient, learning_rate, steps):
    """Return the path: a row for the start and one for each step."""
    w = np.array(start, dtype=float)
    path = [w.copy()]
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w.copy())
    return np.array(path)


def record_path_broken(start, gradient, learning_rate, steps):
    """Return the path: a row for the start and one for each step."""
    w = np.array(start)
    path = [w]
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


def record_path_with_slices(start, gradient, learning_rate, steps):
    """All rows are still one array, and integers still cut the steps. Which line makes a new array of floats?"""
    w = np.array(start)
    path = [w[:]]
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w[:])
    return np.array(path)


def record_path_every_row_the_same(start, gradient, learning_rate, steps):
    """Every row of the path is the last point. What does changing w in place do to rows that are the same array?"""
    w = np.array(start, dtype=float)
    path = [w]
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w)
    return np.array(path)


def record_path_cutting_fractions(start, gradient, learning_rate, steps):
    """From a start of integers every step is cut to integers. Which dtype can hold a fraction?"""
    w = np.array(start)
    path = [w.copy()]
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w.copy())
    return np.array(path)


def record_path_losing_the_start(start, gradient, learning_rate, steps):
    """The first row is not the start any more. Which array do `w` and the first row share?"""
    w = np.array(start, dtype=float)
    path = [w]
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w.copy())
    return np.array(path)


def record_path_without_the_start(start, gradient, learning_rate, steps):
    """The start has no row, so the path begins after the first step. How many rows are asked for?"""
    return record_path(start, gradient, learning_rate, steps)[1:]


def record_path_with_two_faults(start, gradient, learning_rate, steps):
    """The later rows are copies now, but the start is overwritten and integers cut the steps. Where is w made?"""
    w = np.array(start)
    path = [w]
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w.copy())
    return np.array(path)


def record_path_forgetting_the_last(start, gradient, learning_rate, steps):
    """The start is there twice and the last point is missing. Should w be appended before the update or after it?"""
    w = np.array(start, dtype=float)
    path = [w.copy()]
    for step in range(steps):
        path.append(w.copy())
        w[:] = w - learning_rate * gradient(w)
    return np.array(path)


def record_path_uphill(start, gradient, learning_rate, steps):
    """The path climbs, because a sign is wrong now. Which way does the gradient point?"""
    w = np.array(start, dtype=float)
    path = [w.copy()]
    for step in range(steps):
        w[:] = w + learning_rate * gradient(w)
        path.append(w.copy())
    return np.array(path)


def record_path_one_by_one(start, gradient, learning_rate, steps):
    """The second slope already sees the new first weight. At which point must both slopes be taken?"""
    w = np.array(start, dtype=float)
    path = [w.copy()]
    for step in range(steps):
        w[0] = w[0] - learning_rate * gradient(w)[0]
        w[1] = w[1] - learning_rate * gradient(w)[1]
        path.append(w.copy())
    return np.array(path)


EXERCISES = [
    Question(
        "sizes_of_results",
        [20, 0, 20, 25],
        why="(5, 4) and (4,) fit at the right; (5,) meets a 4; a column fits beside its rows; last, both are repeated.",
        hints=[
            "Write the two shapes one above the other, aligned at the right. Which sizes meet?",
            "4 and 4 are equal; 4 and 5 are not, and neither is 1. A 1 is repeated, and so is what is missing.",
            "In the last one the column is repeated five times to the right, and the flat array five times downwards.",
        ],
        mistakes=[
            ([20, 20, 20, 25], "One of them is an error. Which sizes meet at the right in (5, 4) and (5,)?"),
            ([20, 0, 20, 0], "(5, 1) and (5,): where 1 meets 5, the 1 is repeated. What does the missing size do?"),
            (
                [2, 0, 2, 2],
                "These are the numbers of axes. How many entries does a table of 5 rows and 4 columns have?",
            ),
            ([20, 0, 0, 25], "A column of five fits beside five rows. Which sizes meet at the left, and at the right?"),
            (
                [20, 0, 5, 25],
                "The column is repeated, not the table shortened. How many numbers does the larger one have?",
            ),
            ([20, 0, 20, 5], "Both are repeated in the last one. How many columns does the result get from (5,)?"),
            ([20, 0, 20, 10], "5 and 5 are not added: each of the five rows gets five columns. How many is that?"),
            ([0, 20, 20, 25], "Shapes are aligned at the right, not at the left. Which of (4,) and (5,) meets the 4?"),
            ([24, 0, 25, 10], "The sizes are added. How many numbers does a table of 5 rows and 4 columns hold?"),
        ],
        tolerance=0.0,
    ),
    Exercise(
        column_loss,
        why="Both sides of the minus must have one shape: `[:, 0]` takes the flat array (n,) out of the column (n, 1).",
        hints=[
            "Which shapes do `X @ W` and `y` have? Align them at the right.",
            "Make the two shapes the same: a flat array out of the column, or a column out of `y`.",
            "`c[:, 0]` takes the flat array out of a column `c`; here the column is `X @ W`.",
        ],
        cases=[
            (*small, np.array([[2.0], [1.0]])),
            columns(5, 3),
            columns(4, 2),
            columns(1, 3),
            columns(6, 4),
        ],
        others=[  # no column of ones
            (np.array([[2.0, -1.5], [0.5, 3.0], [-4.0, 2.5]]), np.array([1.0, -2.0, 4.0]), np.array([[0.5], [2.0]])),
        ],
        mistakes=[
            column_loss_of_all_pairs,
            column_loss_of_all_pairs_by_n,
            column_loss_summed,
            column_loss_mean_first,
            column_loss_rows_first,
            column_loss_of_the_first,
            column_loss_of_the_first_target,
            column_loss_not_squared,
            column_loss_rooted,
        ],
        broken=column_loss_broken,
        batch=0,
    ),
    Question(
        "along_the_axes",
        [2, 5, 5, 9, 15],
        why="axis=0 makes the rows vanish: (1+3)/2, (2+8)/2, (6+4)/2. axis=1 leaves one sum a row: 9 and 15.",
        hints=[
            "The axis that you name vanishes. The table is (2, 3): which one has size 2, and which size 3?",
            "axis=0 has size 2, so it is the rows that vanish: one mean for each of the three columns.",
            "The second result has one sum for each of the two rows.",
        ],
        mistakes=[
            ([3, 5, 4, 10, 10], "The two axes are swapped. Which one vanishes with axis=0?"),
            ([4, 10, 10, 9, 15], "The first result is a sum. By how many rows is a mean divided?"),
            ([2, 5, 5, 3, 5], "The second result is a mean. What does `sum` leave out?"),
            ([4, 10, 10, 3, 5], "Sum and mean are swapped. Which of the two comes first?"),
            ([3, 5, 9, 15], "Both are taken along the rows. How many columns get a mean with axis=0?"),
            ([2, 5, 5, 4, 10, 10], "Both are taken down the columns. Which axis vanishes in the second one?"),
            ([9, 15, 2, 5, 5], "The two results are swapped. Which one is asked for first?"),
            ([4, 24], "Each result is one number here. Does naming an axis add up the whole table?"),
        ],
        tolerance=0.0,
    ),
    Exercise(
        row_shares,
        why="axis=1 sums along each row, and keepdims leaves the sums standing in a column beside their rows.",
        hints=[
            "The sum of each row: which axis vanishes?",
            "`table.sum(axis=1)` lies flat, (n,). It must be a column, (n, 1).",
            "`keepdims=True` keeps the axis that vanishes, with size 1. `[:, None]` does it, too.",
        ],
        cases=[
            (np.array([[6.0, 3, 1], [10, 20, 10], [1, 1, 2]]),),
            (rng.uniform(0.5, 4, (4, 4)),),
            (rng.uniform(2, 9, (5, 5)),),
            (rng.uniform(-4, 3, (4, 4)),),
            (np.array([[3, 1], [2, 6]]),),  # whole numbers, as counts are
        ],
        others=[(np.array([[3.0, 1], [2, 6], [1, 4]]),), (np.array([[3.0, 5, 2]]),)],
        mistakes=[
            row_shares_without_keepdims,
            row_shares_down_the_columns,
            row_shares_of_everything,
            row_shares_by_the_first,
            row_shares_by_the_mean,
            row_shares_by_the_largest,
            row_shares_by_the_length,
            row_shares_by_the_count,
        ],
    ),
    Exercise(
        record_path,
        why="Floats hold the fractions, and a copy in the path stays as it is when w changes.",
        hints=[
            "There are two faults. Look at the rows of the path: how many different ones are there?",
            "`w[:] = …` changes the array that is there, and the path holds that array again and again.",
            "The second fault shows from whole numbers: what does an integer array do to 0.6?",
            "Make w an array of floats, and keep a copy (`.copy()`) of it, for the start too.",
        ],
        cases=[
            ([8, 3], shifted_slope, 0.25, 2),
            ([4.5, 2.5], tilted_gradient, 0.2, 2),
            ([-2, 5], tilted_gradient, 0.15, 3),
            (np.array([7, 5]), tilted_gradient, 0.15, 2),
            *((start, tilted_gradient, 0.11, 4) for start in starts[:2]),
            *((start, ravine_gradient, 0.07, 5) for start in starts[2:]),
        ],
        others=[  # one step, a large rate, the bottom, more weights
            ([8, 3], shifted_slope, 0.25, 1),
            ([1.5, -2.0], shifted_slope, 0.75, 2),
            ([0, 0], ravine_gradient, 0.05, 2),
            ([3, -1, 2], slopes_of_three, 0.1, 3),
        ],
        mistakes=[
            record_path_with_slices,
            record_path_every_row_the_same,
            record_path_cutting_fractions,
            record_path_losing_the_start,
            record_path_without_the_start,
            record_path_with_two_faults,
            record_path_forgetting_the_last,
            record_path_uphill,
            record_path_one_by_one,
        ],
        broken=record_path_broken,
    ),
    Exercise(
        standardise,
        returns=("old", "new"),
        why="The old table gives one mean and one std for each column, and both tables are read on that scale.",
        hints=[
            "What do you need from `old` before you scale anything? One number of each kind for every column.",
            "`old.mean(axis=0)` has a mean for each column. Is there the same for the standard deviation?",
            "Subtract that mean and divide by that std, in both tables. Mind the brackets, and return two tables.",
        ],
        cases=[
            (
                np.array([[2.0, 10, -500], [6, 30, -100], [2, 30, -500], [6, 10, -100]]),
                np.array([[8.0, 50, -900], [3, 25, -200]]),
            ),
            (rng.uniform([30, 13, 170], [60, 22, 230], (6, 3)), rng.uniform([30, 13, 170], [60, 22, 230], (3, 3))),
            (rng.uniform(-9, 4, (5, 2)), rng.uniform(-12, 2, (4, 2))),
            (rng.uniform(200, 900, (7, 4)), rng.uniform(100, 800, (2, 4))),
        ],
        others=[  # one new row, and small stds; more new rows than old ones
            (np.array([[0.2, 5.0], [0.4, 9.0], [0.9, 4.0]]), np.array([[0.5, 7.0]])),
            (np.array([[20.0, 150], [50, 100], [30, 140]]), np.array([[10.0, 90], [20, 170], [60, 130], [40, 110]])),
        ],
        mistakes=[
            standardise_each_by_itself,
            standardise_together,
            standardise_by_the_new,
            standardise_over_everything,
            standardise_rows,
            standardise_by_the_variance,
            standardise_by_n_less_one,
            standardise_centre_only,
            standardise_spread_only,
            standardise_without_brackets,
            standardise_to_unit_range,
            standardise_by_the_range,
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "What is the mean of the squares of their differences?",
        ["0", "more than 0", "none: there is an error"],
        right="more than 0",
        counters={
            "0": "That would need two arrays of one shape; here the column's 1 meets a 3 and is repeated.",
            "none: there is an error": "A 1 fits any size, and so does a missing size.",
        },
    ),
    Prediction(
        "Which line does the wrong loss lead to?",
        ["still the best line", "a line twice as steep", "a flat line"],
        right="a flat line",
        counters={
            "still the best line": "There the wrong loss is 1,127,204 g²; the flat line has about 645,000.",
            "a line twice as steep": "A steeper line has its predictions even further from the mean of all masses.",
        },
    ),
    Prediction(
        "What does counts / counts.sum(axis=1) do with three boats and three species?",
        ["it divides each row by its own sum", "it raises an error", "it gives wrong numbers and no error"],
        right="it gives wrong numbers and no error",
        counters={
            "it divides each row by its own sum": "The rows add up to 0.92, 4 and 0.62, and not to 1.",
            "it raises an error": "(3, 3) and (3,) fit; with two boats it would raise one.",
        },
    ),
    Prediction(
        "What does the second run print?",
        ["int64 [3 2]", "int64 [0 0]", "an error"],
        right="int64 [0 0]",
        counters={
            "int64 [3 2]": "The first step computes [0.6, 0.4], and integers make [0, 0] of it.",
            "an error": "`v[:] = …` cuts the fractions off without a warning.",
        },
    ),
    Prediction(
        "How much lower is the RMSE on the unseen penguins with all three features?",
        ["hardly at all", "by about a third", "by more than half"],
        right="hardly at all",
        counters={
            "by about a third": "It goes from 322 g to 319 g.",
            "by more than half": "It goes from 322 g to 319 g.",
        },
    ),
]
