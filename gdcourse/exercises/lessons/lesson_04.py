"""The exercises of notebook 4."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

rng = np.random.default_rng(4)


def samples(n, d):
    """Return a random X with a last column of ones, y and w, with n samples and d weights."""
    X = np.column_stack([rng.uniform(-2, 3, (n, d - 1)), np.ones(n)])
    return X, rng.uniform(-7, 9, n), rng.uniform(-2, 2, d)


def columns(n, d):
    """The same, with the weights in a column."""
    X, y, w = samples(n, d)
    return X, y, w[:, None]


def epoch(n, d, batch_size, learning_rate):
    """The same, with an order, a batch size that leaves a shorter last batch, and a learning rate."""
    return *samples(n, d), rng.permutation(n), batch_size, learning_rate


# Write it: the gradient in matrix form


def mse_gradient(X, y, w):
    """Return the gradient of the mean squared error at w."""
    return 2 * X.T @ (X @ w - y) / len(y)


def gradient_of_the_sum(X, y, w):
    """That is the gradient of the sum, n times as long as that of the mean. By what is a mean divided?"""
    return 2 * X.T @ (X @ w - y)


def gradient_without_two(X, y, w):
    """The factor 2 is missing. What is the derivative of a square?"""
    return X.T @ (X @ w - y) / len(y)


def gradient_downhill(X, y, w):
    """Every sign is turned round, because the residual is y minus the prediction. Which one is subtracted?"""
    return 2 * X.T @ (y - X @ w) / len(y)


def gradient_by_the_weights(X, y, w):
    """It divides by the number of weights. Over what is the mean taken?"""
    return 2 * X.T @ (X @ w - y) / len(w)


def gradient_by_all_entries(X, y, w):
    """It divides by the number of entries of X. Over how many samples is the mean taken?"""
    return 2 * X.T @ (X @ w - y) / X.size


def gradient_of_the_predictions(X, y, w):
    """The targets don't appear in it. What is the residual?"""
    return 2 * X.T @ (X @ w) / len(y)


def gradient_of_squares(X, y, w):
    """The residual is still squared. What does the derivative make of the square?"""
    return 2 * X.T @ (X @ w - y) ** 2 / len(y)


def gradient_for_one_feature(X, y, w):
    """There is a slope for the first column and one for a bias. How many columns may X have?"""
    residual = X @ w - y
    return np.array([2 * np.mean(residual * X[:, 0]), 2 * np.mean(residual)])


def loss_for_the_gradient(X, y, w):
    """That is the loss, one number. How does the loss change when one of the weights is nudged?"""
    return np.mean((X @ w - y) ** 2)


def gradient_as_one_number(X, y, w):
    """The slopes are averaged into one number. How many slopes has a loss over this w?"""
    return np.mean(2 * X.T @ (X @ w - y) / len(y))


def gradient_as_one_mean(X, y, w):
    """The mean is taken over the weights, and one number is left. Over what should it be taken?"""
    return 2 * np.mean(X.T @ (X @ w - y))


def gradient_of_all_pairs(X, y, w):
    """A column less a flat array gives n times n differences. Which shapes do the predictions and y have?"""
    return 2 * X.T @ (X @ w[:, None] - y) / len(y)


def gradient_of_each_sample(X, y, w):
    """There is a column for each sample, and nothing is averaged yet. Which product also adds up?"""
    return 2 * X.T * (X @ w - y)


def gradient_without_features(X, y, w):
    """Each slope is the mean of the residuals, as for the bias. By what is a residual multiplied before the mean?"""
    return np.full(len(w), 2 * np.mean(X @ w - y))


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
    """The mean is taken off, and the spread stays as it was. By what is the difference divided?"""
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
    """The difference is divided by the range, from the least to the largest. Which measure of spread was asked for?"""
    mean, span = old.mean(axis=0), old.max(axis=0) - old.min(axis=0)
    return (old - mean) / span, (new - mean) / span


# Mend a broken one: an epoch


def one_epoch(X, y, w, order, batch_size, learning_rate):
    """Return the path of one epoch: a row for w and one for each iteration."""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w = w - learning_rate * mse_gradient(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def one_epoch_broken(X, y, w, order, batch_size, learning_rate):
    """Return the path of one epoch: a row for w and one for each iteration."""
    path = [w]
    slope = mse_gradient(X, y, w)
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]  # noqa: F841, which is the fault
        w -= learning_rate * slope
        path.append(w)
    return np.array(path)


def one_epoch_every_row_the_same(X, y, w, order, batch_size, learning_rate):
    """Every row is the same array, changed in place, so the path is one point. What does `-=` do to what path holds?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w -= learning_rate * mse_gradient(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def one_epoch_full_gradient_in_place(X, y, w, order, batch_size, learning_rate):
    """Each step looks at all samples, and all rows are one array. What is `batch` for, and what does `-=` change?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        w -= learning_rate * mse_gradient(X, y, w)
        path.append(w)
    return np.array(path)


def one_epoch_start_overwritten(X, y, w, order, batch_size, learning_rate):
    """The later rows are copies, but `-=` still overwrites the start. Which array does the first row hold?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w -= learning_rate * mse_gradient(X[batch], y[batch], w)
        path.append(w.copy())
    return np.array(path)


def one_epoch_straight_start_overwritten(X, y, w, order, batch_size, learning_rate):
    """The start is overwritten, and every step is the same. How often is the gradient computed here?"""
    path = [w]
    slope = mse_gradient(X, y, w)
    for first in range(0, len(X), batch_size):
        w -= learning_rate * slope
        path.append(w.copy())
    return np.array(path)


def one_epoch_straight(X, y, w, order, batch_size, learning_rate):
    """Every step is the same, since the gradient is computed once, before the loop. Where does it belong?"""
    path = [w]
    slope = mse_gradient(X, y, w)
    for first in range(0, len(X), batch_size):
        w = w - learning_rate * slope
        path.append(w)
    return np.array(path)


def one_epoch_full_gradient(X, y, w, order, batch_size, learning_rate):
    """Each step looks at all samples: the batch is picked and not used. Which rows should the gradient see?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        w = w - learning_rate * mse_gradient(X, y, w)
        path.append(w)
    return np.array(path)


def one_epoch_slopes_at_the_start(X, y, w, order, batch_size, learning_rate):
    """Each batch takes its slope where the epoch began. At which w should a step look at its slope?"""
    start, path = w, [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w = w - learning_rate * mse_gradient(X[batch], y[batch], start)
        path.append(w)
    return np.array(path)


def one_epoch_unshuffled(X, y, w, order, batch_size, learning_rate):
    """The samples are taken as they stand, and the order is not used. Which places make up a batch?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = slice(first, first + batch_size)
        w = w - learning_rate * mse_gradient(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def one_epoch_with_targets_of_others(X, y, w, order, batch_size, learning_rate):
    """The rows of X are shuffled and those of y are not. Whose target does each row of the batch meet?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w = w - learning_rate * mse_gradient(X[batch], y[first : first + batch_size], w)
        path.append(w)
    return np.array(path)


def one_epoch_without_the_rest(X, y, w, order, batch_size, learning_rate):
    """The last, shorter batch is left out. How often should an epoch see each sample?"""
    path = [w]
    for first in range(0, len(X) - batch_size + 1, batch_size):
        batch = order[first : first + batch_size]
        w = w - learning_rate * mse_gradient(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def one_epoch_of_sums(X, y, w, order, batch_size, learning_rate):
    """The gradient is the sum over the batch. By what should it be divided?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w = w - learning_rate * gradient_of_the_sum(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def one_epoch_shares_of_the_whole(X, y, w, order, batch_size, learning_rate):
    """The gradient of a batch is divided by the number of all samples. How many samples does the batch hold?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w = w - learning_rate * gradient_of_the_sum(X[batch], y[batch], w) / len(X)
        path.append(w)
    return np.array(path)


def one_epoch_uphill(X, y, w, order, batch_size, learning_rate):
    """The path climbs, because a sign is wrong now. Which way does the gradient point?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w = w + learning_rate * mse_gradient(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)


def one_epoch_forgetting_the_last(X, y, w, order, batch_size, learning_rate):
    """The start is there twice and the last point is missing. Should w be appended before the update or after it?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        path.append(w)
        w = w - learning_rate * mse_gradient(X[batch], y[batch], w)
    return np.array(path)


small = np.array([[2.0, 1.0], [3.0, 1.0], [7.0, 1.0]]), np.array([7.0, 6.0, 17.0])


def work_of_loss_and_slopes(x=np.array([2.0, 3, 7]), y=np.array([7.0, 6, 17]), a=2.0, b=1.0):  # noqa: B008
    """The mean of the squares, and twice the means of r·x and r."""
    r = a * x + b - y
    return [np.mean(r**2), 2 * np.mean(r * x), 2 * np.mean(r)]


def work_of_count_iterations(penguins=342, batch_size=50, epochs=20, runs=2):
    """Batches in an epoch, what is left for the last one, and the steps of one run and of both."""
    batches = int(np.ceil(penguins / batch_size))
    last = penguins - batch_size * (batches - 1)
    return [batches, last, epochs * batches, runs * epochs * batches]


EXERCISES = [
    Question(
        "loss_and_slopes",
        [3.0, -10.0, -2.0],
        why="The residuals are -2, 1, -2: L = (4 + 1 + 4)/3, along a 2/3 · (-4 + 3 - 14), along b 2/3 · (-3).",
        hints=[
            "Begin with the three predictions 2x + 1, then take y from each.",
            "The residuals are -2, 1 and -2. The loss is the mean of their squares.",
            "For the slope along a, multiply each residual by its own x, add up, and take 2/3 of it.",
        ],
        work=work_of_loss_and_slopes,
        mistakes=[
            ([9, -30, -6], "These are sums over the three points. By what is a mean divided?"),
            ([9, -10, -2], "The loss is the sum of the squares. By what is a mean divided?"),
            ([3, -30, -6], "The slopes are sums over the three points. What stands before the sum in the formulas?"),
            ([3, -5, -1], "The factor 2 of the slopes is missing. What is the derivative of r²?"),
            ([3, 10, 2], "The signs of the slopes are turned round. Is the residual ŷ - y, or y - ŷ?"),
            ([3, -2, -10], "The slopes are swapped. Which of the two multiplies each residual by x?"),
            ([3, -2, -2], "The slope along a leaves out x. By what is each residual multiplied before the mean?"),
            ([3, -8, -2], "The means were multiplied, -1 by 4. What is the mean of the products r·x?"),
            ([-1, -10, -2], "A mean of residuals is no loss, as signs cancel. What is done to each one first?"),
            ([5 / 3, -10, -2], "That is the mean size of the residuals. What is done to each one before the mean?"),
            ([4, -8, -4], "That is the first point alone. Over how many points are the means taken?"),
            ([3, -10], "The slope along b is missing. How many numbers are asked for?"),
            ([-10, -2], "The loss itself is missing. How many numbers are asked for?"),
        ],
    ),
    Exercise(
        mse_gradient,
        why="Row j of X.T is column j of X, so the product adds up X[i, j] times residual i; 2 and n make the mean.",
        hints=[
            "First the residual: the prediction for each sample, less its target.",
            "The formula, from left to right: 2, X transposed, the residual; divide by the number of samples.",
            "`X.T @ residual` makes all the sums at once. `len(y)` is the number of samples.",
        ],
        cases=[
            (*small, np.array([2.0, 1.0])),
            samples(5, 3),
            samples(4, 2),
            samples(1, 3),
            samples(7, 4),
        ],
        mistakes=[
            gradient_of_the_sum,
            gradient_without_two,
            gradient_downhill,
            gradient_by_the_weights,
            gradient_by_all_entries,
            gradient_of_the_predictions,
            gradient_of_squares,
            gradient_for_one_feature,
            loss_for_the_gradient,
            gradient_as_one_number,
            gradient_as_one_mean,
            gradient_of_all_pairs,
            gradient_of_each_sample,
            gradient_without_features,
        ],
        batch=0,
    ),
    Exercise(
        column_loss,
        why="Both sides of the minus must be flat: `[:, 0]` takes the flat array (n,) out of the column (n, 1).",
        hints=[
            "Which shape has `X @ W`, and which has `y`? Align them at the right.",
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
        mistakes=[
            column_loss_of_all_pairs,
            column_loss_of_all_pairs_by_n,
            column_loss_summed,
            column_loss_mean_first,
            column_loss_rows_first,
            column_loss_of_the_first,
            column_loss_not_squared,
            column_loss_rooted,
        ],
        broken=column_loss_broken,
        batch=0,
    ),
    Exercise(
        standardise,
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
    Question(
        "count_iterations",
        [7, 42, 140, 280],
        why="6 full batches and one of 342 - 300 = 42 make 7; 20 · 7 = 140; w is not set back, so twice as many.",
        hints=[
            "How many batches does it take to hand out 342 penguins, 50 at a time? Each batch is one iteration.",
            "Six batches hold 300 penguins. The others make a batch of their own.",
            "Twenty epochs have twenty times the iterations of one. And with which w does the second run start?",
        ],
        work=work_of_count_iterations,
        mixups={"penguins": [300]},
        mistakes=[
            ([6, 50, 120, 240], "The penguins that fill no whole batch were left out. Does an epoch skip anyone?"),
            ([6, 42, 120, 240], "The 42 are a batch as well, a short one. How many batches are there with it?"),
            ([7, 50, 140, 280], "The last batch of an epoch is taken for a full one. How many penguins do six leave?"),
            ([7, 42, 140, 140], "The second run goes on from the w of the first. What sets w back to its start?"),
            ([7, 42, 20, 40], "Epochs are counted as iterations here. How many iterations does each epoch have?"),
            ([7, 42, 7, 14], "That is one epoch. How many epochs does a run have?"),
            ([342, 42, 6840, 13680], "Each penguin counts as an iteration. How many share one?"),
            ([342, 1, 6840, 13680], "Each penguin counts as an iteration, as with batch size 1. How many share one?"),
            ([50, 7, 1000, 2000], "The batch size is taken for the number of batches. Which of the two is 50?"),
            ([7, 42, 137, 274], "The batches run on from one epoch into the next. Where does an epoch end?"),
            ([6.84, 42, 136.8, 273.6], "A batch that is not full is an iteration too. Is there a part of an update?"),
            ([1, 342, 20, 40], "That is the full batch. How many penguins does one iteration look at here?"),
        ],
        tolerance=0.0,
    ),
    Exercise(
        one_epoch,
        why="Each step takes the slope of its own batch, at the w of that moment, and `w = w - …` makes a new array.",
        hints=[
            "Look at the rows of the path. How many different ones are there?",
            "`w -= …` changes the array that the path holds. `w = w - …` makes a new one.",
            "The second fault: which line picks the batch, and which one uses it? At which w is the slope taken?",
            "The gradient belongs into the loop, of `X[batch]` and `y[batch]`, at the w of that moment.",
        ],
        cases=[
            (*small, np.array([2.0, 1.0]), np.array([2, 0, 1]), 2, 0.01),
            epoch(5, 2, 2, 0.05),
            epoch(7, 3, 3, 0.04),
            epoch(6, 2, 4, 0.07),
        ],
        mistakes=[
            one_epoch_every_row_the_same,
            one_epoch_full_gradient_in_place,
            one_epoch_start_overwritten,
            one_epoch_straight_start_overwritten,
            one_epoch_straight,
            one_epoch_full_gradient,
            one_epoch_slopes_at_the_start,
            one_epoch_unshuffled,
            one_epoch_with_targets_of_others,
            one_epoch_without_the_rest,
            one_epoch_of_sums,
            one_epoch_shares_of_the_whole,
            one_epoch_uphill,
            one_epoch_forgetting_the_last,
        ],
        broken=one_epoch_broken,
    ),
]

PREDICTIONS = [
    Prediction(
        "How much heavier is a penguin whose flipper is 1 mm longer?",
        ["about 5 g", "about 50 g", "about 500 g"],
        right="about 50 g",
    ),
    Prediction(
        "How much lower than 564.6 g is the RMSE of the best line?",
        ["not at all", "by a few grams", "by more than 100 g"],
        right="by more than 100 g",
    ),
    Prediction(
        "Which shape do the contour lines have after standardising?",
        ["long ellipses, as before", "ellipses, about 200 times as long as wide", "circles"],
        right="circles",
    ),
    Prediction(
        "Which rate brings the raw run to the star in 30 steps?",
        ["one near 0.00002", "one near 0.0001", "none"],
        right="none",
    ),
    Prediction(
        "What is the shape of (3, 1) minus (3,)?",
        ["(3,)", "(3, 1)", "(3, 3)", "an error"],
        right="(3, 3)",
    ),
    Prediction(
        "Which line does the wrong loss lead to?",
        ["the best line all the same", "a line twice too steep", "a flat line"],
        right="a flat line",
    ),
    Prediction(
        "For how many penguins does the summed loss diverge?",
        ["for none", "for 300", "for 30 and 300", "for all three"],
        right="for 300",
    ),
    Prediction(
        "After three epochs, which batch size is nearest to the best line?",
        ["300", "30", "1"],
        right="1",
    ),
    Prediction(
        "As the batch gets bigger, how does the curve of the loss change?",
        ["it gets smoother", "it gets jumpier", "it stays as it is"],
        right="it gets smoother",
    ),
    Prediction(
        "With a batch four times as large, the scatter of the gradient is about",
        ["a quarter", "a half", "the same"],
        right="a half",
    ),
]
