"""The exercises of lesson 6."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question
from gdcourse.exercises.lessons.lesson_04 import gradient_of_the_sum, mse_gradient, rng, samples, small


def epoch(n, d, batch_size, learning_rate):
    """Return what `samples` gives, and an order, a batch size that leaves a shorter last batch, and a learning rate."""
    return *samples(n, d), rng.permutation(n), batch_size, learning_rate


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
    """Each step looks at all samples, whatever the batch. Which rows should the gradient see?"""
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


def one_epoch_sample_by_sample(X, y, w, order, batch_size, learning_rate):
    """Each sample of a batch gets a step of its own. How many steps does one batch make?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        for i in order[first : first + batch_size]:
            w = w - learning_rate * mse_gradient(X[[i]], y[[i]], w)
        path.append(w)
    return np.array(path)


def one_epoch_by_the_batch_size(X, y, w, order, batch_size, learning_rate):
    """The last, shorter batch is divided by the whole batch size. How many samples are in it?"""
    path = [w]
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]
        w = w - learning_rate * gradient_of_the_sum(X[batch], y[batch], w) / batch_size
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


def work_of_count_iterations(penguins=342, batch_size=50, epochs=20, runs=2):
    """Batches in an epoch, what is left for the last one, and the steps of one run and of both."""
    batches = int(np.ceil(penguins / batch_size))
    last = penguins - batch_size * (batches - 1)
    return [batches, last, epochs * batches, runs * epochs * batches]


# Write it: batches


def batches(order, batch_size):
    """Return a list of arrays: the first batch_size places, the next ones, and so on."""
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]


def batches_without_the_rest(order, batch_size):
    """The places that fill no whole batch are left out. In how many batches is each sample of an epoch?"""
    whole = len(order) - len(order) % batch_size
    return [order[first : first + batch_size] for first in range(0, whole, batch_size)]


def batches_with_an_empty_one(order, batch_size):
    """Where the order divides evenly, there is one batch more, and it is empty. When is a rest left over?"""
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(len(order) // batch_size + 1)]


def batches_overlapping(order, batch_size):
    """Each batch begins one place after the one before, so they share samples. How far is it to the next batch?"""
    return [order[first : first + batch_size] for first in range(len(order))]


def batches_of_numbers(order, batch_size):
    """The places are counted again from 0, and the order is lost. What must be cut into pieces?"""
    return [np.arange(len(order))[first : first + batch_size] for first in range(0, len(order), batch_size)]


def batches_of_that_number(order, batch_size):
    """There are batch_size batches. How many places does each one have?"""
    return np.array_split(order, batch_size)


def batches_of_even_size(order, batch_size):
    """The batches are made equally long, so those before the last are too short. What is left for the last one?"""
    return np.array_split(order, -(-len(order) // batch_size))


def batches_without_a_short_one(order, batch_size):
    """The rest is spread over the whole batches, so some are longer than batch_size. How long is each but the last?"""
    return np.array_split(order, max(len(order) // batch_size, 1))


def batches_dealt(order, batch_size):
    """The places are dealt out like cards. Which places of the order stand side by side in the first batch?"""
    return [order[i::batch_size] for i in range(batch_size)]


def batches_dealt_to_as_many(order, batch_size):
    """The places are dealt out like cards, one to each batch in turn. Which of them belong in the first batch?"""
    many = -(-len(order) // batch_size)
    return [order[i::many] for i in range(many)]


def batches_the_first_only(order, batch_size):
    """That is the first batch alone. How many batches are there until every place was in one?"""
    return [order[:batch_size]]


def batches_one_short(order, batch_size):
    """Each batch ends one place early. Does the end of a slice belong to it?"""
    return [order[first : first + batch_size - 1] for first in range(0, len(order), batch_size)]


def work_of_slopes_of_each(x=np.array([2.0, 3, 7]), y=np.array([7.0, 6, 17]), a=2.0, b=1.0):  # noqa: B008
    """Twice the residual of each point, then the mean of the three."""
    slopes = 2 * (a * x + b - y)
    return [*slopes, np.mean(slopes)]


def work_of_rate_for_batch(rate=0.15, batch_size=30, larger_batch_size=50):
    """The rate grows with the batch size."""
    return rate * larger_batch_size / batch_size


EXERCISES = [
    Question(
        "slopes_of_each",
        [-4, 2, -4, -2],
        why="The residuals are -2, 1 and -2; twice each is that point's slope, and the mean of -4, 2, -4 is -2.",
        hints=[
            "Begin with the three predictions 2x + 1, then take y from each.",
            "The residuals are -2, 1 and -2. A single point's slope along b is twice its residual.",
            "The slope of all three is the mean of their slopes.",
        ],
        work=work_of_slopes_of_each,
        mistakes=[
            ([-4, 2, -4, -6], "The last one is the sum of the three. By what is a mean divided?"),
            ([-2, 1, -2, -1], "The factor 2 is missing. What is the derivative of r²?"),
            ([4, -2, 4, 2], "The signs are turned round. Is the residual ŷ - y, or y - ŷ?"),
            (
                [-4, 2, -4, 3],
                "The last one is the loss, the mean of squared residuals. What is the slope of all three?",
            ),
            (
                [-8, 6, -28, -10],
                "That is the slope along a, with each residual times x. Which one is asked for?",
            ),
            ([4, 1, 4, 3], "These are the squared residuals, the loss. What is the slope along b?"),
            ([-4, 2, -4], "The slope of all three together is missing. How does it come from those of the points?"),
        ],
        tolerance=0.0,
    ),
    Exercise(
        batches,
        why="Slices that begin at 0, batch_size, 2 · batch_size, …; a slice past the end is simply shorter.",
        hints=[
            "Where does each batch begin? `range(0, len(order), batch_size)` counts these places.",
            "`order[first : first + batch_size]` is the batch that begins at `first`.",
            "A slice that reaches past the end is shorter, and raises no error: the last batch takes care of itself.",
        ],
        cases=[
            (np.array([4, 0, 6, 3, 1, 5, 2]), 3),
            (rng.permutation(12), 4),
            (rng.permutation(11), 4),
            (rng.permutation(5), 7),
            (np.array([17, 4, 30, 9, 12]), 2),  # some of more penguins
        ],
        others=[  # many, with a small rest; one at a time; all at once
            (np.arange(41)[::-1], 8),
            (np.array([2, 0, 1]), 1),
            (np.array([3, 1, 0, 2]), 4),
        ],
        mistakes=[
            batches_without_the_rest,
            batches_with_an_empty_one,
            batches_overlapping,
            batches_of_numbers,
            batches_of_that_number,
            batches_of_even_size,
            batches_without_a_short_one,
            batches_dealt,
            batches_dealt_to_as_many,
            batches_the_first_only,
            batches_one_short,
        ],
    ),
    Question(
        "count_iterations",
        [7, 42, 140, 280],
        why="6 full batches and one of 342 - 300 = 42 make 7; 20 · 7 = 140; w is not reset, so twice as many.",
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
            ([7, 42, 140, 140], "The second run goes on from the w of the first. What resets w to its start?"),
            ([7, 8, 140, 280], "8 places of the last batch stay empty. How many penguins are in it?"),
            ([7, 42, 20, 40], "Epochs are counted as iterations here. How many iterations does each epoch have?"),
            ([7, 42, 140, 420], "That counts three runs. How often is the cell that trains run?"),
            ([7, 42, 141, 282], "A run has one iteration too many, as if the start were one. From where do you count?"),
            ([6, 0, 120, 240], "Six full batches leave some penguins over. How many of the 342 are in none of them?"),
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
    Question(
        "epoch_lines",
        [3, 1, 5, 2],
        why="The order is drawn once an epoch; each batch gets its gradient at the w of that moment, then its step.",
        hints=[
            "Two of the lines belong in the inner loop: the gradient of the batch, and the step.",
            "The order is drawn before the batches are cut. Where is the gradient of *all* penguins needed?",
            "Shuffle, loop over the batches, gradient of the batch, step.",
        ],
        lines=[
            "for batch in batches(order, 30):",
            "    w = w - learning_rate * slope",
            "order = rng.permutation(300)",
            "    slope = mse_gradient(Z, y, w)",
            "    slope = mse_gradient(Z[batch], y[batch], w)",
        ],
        needs={
            (3, 1): "What is cut into batches?",
            (1, 5): "Which batch is it the gradient of?",
            (5, 2): "Which slope does the step use?",
        },
        strange={4: "It looks at all penguins. Which ones does one step look at here?"},
        mistakes=[
            ([3, 4, 1, 2], "One gradient of all penguins is used for every step. Which ones does a step look at?"),
            ([1, 3, 5, 2], "The loop over the batches begins before there is an order. What is cut into batches?"),
            ([3, 1, 2, 5], "The step stands before the gradient that it needs. Which slope would the first one use?"),
        ],
    ),
    Question(
        "rate_for_batch",
        0.25,
        why="The noise stays the same if the rate divided by the batch size does: 0.15/30 = 0.005, and 50 · 0.005.",
        hints=[
            "Which quotient of the two sets the width of the cloud?",
            "0.15 / 30 must be the same as the new rate / 50.",
        ],
        work=work_of_rate_for_batch,
        mistakes=[
            (0.15, "The batch alone has grown, so the noise gets less. What must stay the same?"),
            (0.09, "The rate got smaller as the batch grew. Which of the two makes noise, and which takes it away?"),
            (0.15 * np.sqrt(50 / 30), "The root belongs to the scatter of one gradient. What sets the cloud's width?"),
            (0.15 * (50 / 30) ** 2, "The quotient of the batch sizes counts twice here. How often does it count?"),
            (
                0.15 * np.sqrt(30 / 50),
                "It is a root, and its fraction is upside down. Which quotient stays the same?",
            ),
            (0.15 * (30 / 50) ** 2, "The fraction is upside down, and it counts twice. Which quotient stays the same?"),
            (0.005, "That is the rate for each penguin of the batch. How many are in the new one?"),
            (0.003, "The rate is divided by the new batch size. For which batch size was it right?"),
            (0.10, "That goes the other way, down by a third. Is there more or less noise with 50?"),
            (7.5, "That is rate times batch size. By which of the two is the noise divided?"),
        ],
    ),
    Exercise(
        one_epoch,
        why="Each step takes the slope of its own batch, at the w of that moment, and `w = w - …` makes a new array.",
        hints=[
            "Look at the rows of the path. How many different ones are there?",
            "`w -= …` changes the array that the path holds. `w = w - …` makes a new one.",
            "The second fault: which line picks the batch, and which one uses it? At which w is the slope taken?",
            "The gradient belongs in the loop, of `X[batch]` and `y[batch]`, at the w of that moment.",
        ],
        cases=[
            (*small, np.array([2.0, 1.0]), np.array([2, 0, 1]), 2, 0.01),
            epoch(5, 2, 3, 0.05),
            epoch(7, 3, 3, 0.04),
            epoch(6, 2, 2, 0.07),  # no batch is shorter
        ],
        others=[  # all at once, a batch that is not filled, one at a time, a larger rate
            (*small, np.array([2.0, 1.0]), np.array([2, 0, 1]), 3, 0.01),
            (*small, np.array([2.0, 1.0]), np.array([1, 2, 0]), 5, 0.01),
            (*small, np.array([2.0, 1.0]), np.array([0, 2, 1]), 1, 0.01),
            (*small, np.array([2.0, 1.0]), np.array([2, 0, 1]), 2, 0.2),
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
            one_epoch_by_the_batch_size,
            one_epoch_sample_by_sample,
            one_epoch_uphill,
            one_epoch_forgetting_the_last,
        ],
        broken=one_epoch_broken,
    ),
]

PREDICTIONS = [
    Prediction(
        "With how many penguins does the run on the summed loss diverge?",
        ["with none of the three", "with 300", "with 30 and with 300", "with all three"],
        right="with 300",
        counters={
            "with none of the three": "For 300 the curvature is 600, and 0.01 is above 2/600.",
            "with 30 and with 300": "For 30 the largest curvature is 62, and 0.01 is below 2/62.",
            "with all three": "For 3 the largest curvature is 8, and 0.01 is far below 2/8.",
        },
    ),
    Prediction(
        "After three epochs, which batch size is nearest to the best line?",
        ["300", "30", "1"],
        right="1",
        counters={
            "300": "Its three steps keep 0.9³, which is 73% of the way.",
            "30": "Its thirty steps keep 0.9³⁰, which is 4% of the way; batch size 1 takes 900 steps.",
        },
    ),
    Prediction(
        "With a batch four times as large, the scatter of the gradient is about",
        ["a quarter", "a half", "the same"],
        right="a half",
        counters={
            "a quarter": "From 1 to 4 it goes from 800 g to 402 g; a quarter needs a batch sixteen times as large.",
            "the same": "From 1 to 4 it goes from 800 g to 402 g.",
        },
    ),
    Prediction(
        "Counted in iterations, which batch size comes down fastest?",
        ["300", "30", "1", "all about equally fast"],
        right="all about equally fast",
        counters={
            "300": "At the same iteration, 30 is as low.",
            "30": "At the same iteration, 300 is as low.",
            "1": "It is fastest counted in epochs; at the same iteration, 300 is as low.",
        },
    ),
    Prediction(
        "Batches of 4: which rate makes the cloud as wide as batch size 1 with 0.01?",
        ["0.01", "0.02", "0.04", "0.16"],
        right="0.04",
        counters={
            "0.01": "It makes a cloud about a third as wide.",
            "0.02": "Its random steps are as long, but each step pulls back twice as strongly: 29 g, not 46 g.",
            "0.16": "It makes a cloud of 119 g, and 46 g are wanted: it is the rate for batches of 16.",
        },
    ),
    Prediction(
        "Of the steps of the last epoch, how many are wrong?",
        ["hardly any", "about half", "nearly all"],
        right="about half",
        counters={
            "hardly any": "That holds far away from the star. Near it, half of them make the line worse for all.",
            "nearly all": "Then the run would leave the star again. Half of them help, and half of them don't.",
        },
    ),
    Prediction(
        "Where does batch size 1 end with these masses?",
        ["in a cloud of the same size", "in a smaller cloud", "at the star"],
        right="at the star",
        counters={
            "in a cloud of the same size": "At the star the line fits each penguin, so each gradient is zero there.",
            "in a smaller cloud": "There is no cloud left: at the star each gradient is zero.",
        },
    ),
    Prediction(
        "After how many steps are batches of 4 with the rate 0.04 near the star?",
        ["about 116", "about 58", "about 29"],
        right="about 29",
        counters={
            "about 116": "Each step goes four times as far: it keeps 0.92 of the distance, not 0.98.",
            "about 58": "After 58 steps 0.92⁵⁸ of the distance is left, less than one in a hundred.",
        },
    ),
]
