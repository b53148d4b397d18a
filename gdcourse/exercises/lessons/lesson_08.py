"""The exercises of lesson 8."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

# Fill the gap: accuracy


def accuracy(p, y):
    """Return the share of images whose likeliest class is the right one."""
    guess = p.argmax(axis=1)
    return (guess == y).mean()


def accuracy_of_the_largest_value(p, y):
    """`max` says how likely the likeliest class is, and that is no label. Which function says where it stands?"""
    return (p.max(axis=1) == y).mean()


def accuracy_of_columns(p, y):
    """The likeliest image of each class is compared with the labels. Along which axis lie the classes of one image?"""
    return (p.argmax(axis=0) == y).mean()


def accuracy_of_one_place(p, y):
    """Without an axis, argmax gives one place in the whole table. How many guesses do n images need?"""
    return (p.argmax() == y).mean()


def accuracy_by_probability(p, y):
    """That is the mean probability of the right class. Is a right guess at 0.4 less right than one at 0.9?"""
    return p[np.arange(len(y)), y].mean()


def accuracy_above_a_half(p, y):
    """Only images whose right class has more than 0.5 count. Can a class win with less than that?"""
    return (p[np.arange(len(y)), y] > 0.5).mean()


def accuracy_of_rounded_values(p, y):
    """Every entry of p becomes 0 or 1, and that is compared with a label. How many guesses are there for one image?"""
    return (p.round() == y).mean()


def accuracy_of_the_worst(p, y):
    """The least likely class is taken for the guess. Which one does the model believe in most?"""
    return (p.argmin(axis=1) == y).mean()


def accuracy_as_a_count(p, y):
    """That counts the right guesses. What share of all images are they?"""
    return (p.argmax(axis=1) == y).sum()


def accuracy_as_error(p, y):
    """That is the share of wrong guesses. Which share is asked for?"""
    return (p.argmax(axis=1) != y).mean()


def accuracy_counting_from_one(p, y):
    """The guesses count from 1. From which number do the labels count?"""
    return (p.argmax(axis=1) + 1 == y).mean()


# Mend a broken one: the confusion matrix


def confusion_matrix(guess, y, classes):
    """Return the counts: a row for each true class, a column for each guessed one."""
    counts = np.zeros((classes, classes), dtype=int)
    for g, truth in zip(guess, y):
        counts[truth, g] += 1
    return counts


def confusion_matrix_broken(guess, y, classes):
    """Return the counts: a row for each true class, a column for each guessed one."""
    counts = np.zeros((classes, classes), dtype=int)
    counts[guess, y] += 1
    return counts


def confusion_matrix_transposed(guess, y, classes):
    """Every image is counted, but rows and columns are exchanged. Which of the two numbers chooses the row?"""
    counts = np.zeros((classes, classes), dtype=int)
    for g, truth in zip(guess, y):
        counts[g, truth] += 1
    return counts


def confusion_matrix_once(guess, y, classes):
    """A pair that comes often is counted only once. What should its place in the table do when the pair comes again?"""
    counts = np.zeros((classes, classes), dtype=int)
    counts[y, guess] += 1
    return counts


def confusion_matrix_once_and_transposed(guess, y, classes):
    """Both faults are still there: a pair counts once, and the guess chooses the row. How many images are counted?"""
    counts = np.zeros((classes, classes), dtype=int)
    counts[guess, y] = 1
    return counts


def confusion_matrix_all_in_each_turn(guess, y, classes):
    """Each turn of the loop adds 1 for all images, not for its own. Which guess and which label belong to one turn?"""
    counts = np.zeros((classes, classes), dtype=int)
    for _ in y:
        counts[y, guess] += 1
    return counts


def confusion_matrix_all_in_each_turn_transposed(guess, y, classes):
    """Each turn of the loop adds 1 for all images, and the guess chooses the row. What belongs to one turn?"""
    counts = np.zeros((classes, classes), dtype=int)
    for _ in y:
        counts[guess, y] += 1
    return counts


def confusion_matrix_of_all_pairs(guess, y, classes):
    """Every guess meets every label, of other images too. How many pairs does one image make?"""
    counts = np.zeros((classes, classes), dtype=int)
    for g in guess:
        for truth in y:
            counts[truth, g] += 1
    return counts


def confusion_matrix_in_every_row(guess, y, classes):
    """Each 1 counts in every row. Has each class a row of its own, and does the truth choose it?"""
    counts = [[0] * classes] * classes
    for g, truth in zip(guess, y):
        counts[truth][g] += 1
    return np.array(counts)


def confusion_matrix_in_a_copy(guess, y, classes):
    """`counts[y]` is a copy, so the 1 is added to something that is thrown away. Which table should change?"""
    counts = np.zeros((classes, classes), dtype=int)
    counts[y][:, guess] += 1
    return counts


def confusion_matrix_of_errors(guess, y, classes):
    """The right guesses are left out. Where in the table do they belong?"""
    counts = confusion_matrix(guess, y, classes)
    return counts - np.diag(np.diag(counts))


def confusion_matrix_of_hits(guess, y, classes):
    """Only the right guesses are counted. Where in the table does a mistaken one belong?"""
    return np.diag(np.diag(confusion_matrix(guess, y, classes)))


def confusion_matrix_as_shares(guess, y, classes):
    """The rows hold shares, not counts. What is to be counted?"""
    counts = confusion_matrix(guess, y, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _accuracy_case(seed, n, classes=None):
    """Return probabilities of n images, of as many classes if none are given, and labels: two of three as guessed."""
    classes = classes or n
    p = np.random.default_rng(seed).dirichlet(np.full(classes, 1.0), n)
    p = p[np.argsort(-p.max(axis=1))]
    return p, np.where(np.arange(n) % 3 < 2, p.argmax(axis=1), (p.argmax(axis=1) + 1) % classes)


def _confusion_case(seed, n, classes):
    """Return guesses and labels; more than half of the guesses are right."""
    rng = np.random.default_rng(seed)
    guess, y = rng.integers(0, classes, (2, n))
    return np.where(rng.random(n) < 0.5, y, guess), y, classes


# Write it: a reader that learns nothing


def nearest_mean(means, X):
    """Return for each row of X the number of the row of means that is nearest to it."""
    distances = [((X - mean) ** 2).sum(axis=1) for mean in means]  # a row for each mean
    return np.argmin(distances, axis=0)


def nearest_mean_farthest(means, X):
    """That is the mean that lies farthest away. Which distance is the best, the largest or the smallest?"""
    distances = [((X - mean) ** 2).sum(axis=1) for mean in means]
    return np.argmax(distances, axis=0)


def nearest_mean_without_squares(means, X):
    """The differences are added with their signs, and cancel. What is done to each before they are added?"""
    distances = [(X - mean).sum(axis=1) for mean in means]
    return np.argmin(distances, axis=0)


def nearest_mean_without_squares_turned(means, X):
    """The differences are added with their signs, and cancel each other. What is done to each before they are added?"""
    distances = [(mean - X).sum(axis=1) for mean in means]
    return np.argmin(distances, axis=0)


def nearest_mean_of_the_sum(means, X):
    """The differences are added with their signs, so they cancel. What must be done to each of them first?"""
    distances = [(X - mean).sum(axis=1) ** 2 for mean in means]
    return np.argmin(distances, axis=0)


def nearest_mean_by_likeness(means, X):
    """That is the largest product of pixels, and a mean with much ink wins too often. What is the distance?"""
    return (X @ means.T).argmax(axis=1)


def nearest_mean_as_distance(means, X):
    """That is how far the nearest one is. Which one is it: what gives the place of the smallest entry?"""
    distances = [((X - mean) ** 2).sum(axis=1) for mean in means]
    return np.min(distances, axis=0)


def nearest_mean_for_each_mean(means, X):
    """It names the nearest image for each mean. For what do you need the nearest one?"""
    distances = [((X - mean) ** 2).sum(axis=1) for mean in means]
    return np.argmin(distances, axis=1)


def nearest_mean_of_all(means, X):
    """One number comes for all images: without an axis, argmin takes the whole table. Where do the means lie?"""
    distances = [((X - mean) ** 2).sum(axis=1) for mean in means]
    return np.argmin(distances)


def nearest_mean_by_the_largest_difference(means, X):
    """The pixel with the largest difference decides. What is done with the squared differences of all pixels?"""
    distances = [((X - mean) ** 2).max(axis=1) for mean in means]
    return np.argmin(distances, axis=0)


def nearest_mean_by_absolute_differences(means, X):
    """The sizes of the differences are added, and not their squares. How is the distance defined above?"""
    distances = [np.abs(X - mean).sum(axis=1) for mean in means]
    return np.argmin(distances, axis=0)


def _means_case(seed, classes, n, pixels):
    """Return means of different ink, and images near them."""
    rng = np.random.default_rng(seed)
    means = rng.uniform(0, 1, (classes, pixels)) * rng.uniform(0.3, 1, (classes, 1))
    return means, means[rng.integers(0, classes, n)] + rng.normal(0, 0.45, (n, pixels))


def work_of_read_the_table(counts=np.array([[38.0, 2, 0], [5, 25, 10], [0, 6, 14]])):  # noqa: B008
    """The diagonal; what row 1 misses; what of column 2 is right."""
    right = counts.diagonal()
    return [right.sum() / counts.sum(), 1 - right[1] / counts[1].sum(), right[2] / counts[:, 2].sum()]


EXERCISES = [
    Exercise(
        nearest_mean,
        why="One distance to each mean, for every image; the smallest one's place is the answer.",
        hints=[
            "For one mean: `((X - mean) ** 2).sum(axis=1)` is the distance of every image from it.",
            "Make a list of these for all means: a row for each mean, a column for each image.",
            "`np.argmin` gives the place of the smallest entry. Along which axis do the means lie?",
        ],
        cases=[
            (
                np.array([[0.0, 0.0, 0.2, 0.1], [0.9, 0.8, 1.0, 0.7], [0.1, 0.9, 0.2, 0.6]]),
                np.array(
                    [
                        [0.8, 0.9, 0.7, 0.6],
                        [0.1, 0.2, 0.0, 0.3],
                        [0.2, 0.6, 0.4, 0.7],
                        [0.0, 0.7, 0.1, 0.1],
                        [0.6, 0.5, 0.9, 0.4],
                    ]
                ),
            ),
            _means_case(0, 4, 30, 6),
            _means_case(1, 10, 60, 25),
            _means_case(2, 5, 40, 9),
        ],
        others=[
            _means_case(3, 4, 1, 6),  # one image
            tuple(255 * one for one in _means_case(4, 3, 9, 30)),  # pixels from 0 to 255
        ],
        mistakes=[
            nearest_mean_farthest,
            nearest_mean_without_squares,
            nearest_mean_without_squares_turned,
            nearest_mean_of_the_sum,
            nearest_mean_by_likeness,
            nearest_mean_as_distance,
            nearest_mean_for_each_mean,
            nearest_mean_of_all,
            nearest_mean_by_the_largest_difference,
            nearest_mean_by_absolute_differences,
        ],
        tolerance=0.0,
    ),
    Exercise(
        accuracy,
        why="argmax along each row says which class is likeliest; the mean of True and False is the share of True.",
        hints=[
            "The guess is the number of a class, one for each row. How likely it is does not matter.",
            "`max` gives the largest value, `argmax` gives its place.",
            "The classes of one image lie along axis 1.",
        ],
        cases=[
            (
                np.array([[0.7, 0.1, 0.15, 0.05], [0.1, 0.2, 0.6, 0.1], [0.3, 0.4, 0.2, 0.1], [0.2, 0.45, 0.25, 0.1]]),
                np.array([0, 2, 2, 1]),
            ),
            _accuracy_case(0, 5),
            _accuracy_case(1, 10),
            _accuracy_case(2, 10),
        ],
        others=[
            _accuracy_case(3, 11, classes=4),
            (np.array([[0.5, 0.4, 0.1], [0.2, 0.3, 0.5]]), np.array([1, 1])),
            (np.array([[0.3, 0.7]]), np.array([1])),  # one image, two classes
        ],
        mistakes=[
            accuracy_of_the_largest_value,
            accuracy_of_columns,
            accuracy_of_one_place,
            accuracy_by_probability,
            accuracy_above_a_half,
            accuracy_of_rounded_values,
            accuracy_of_the_worst,
            accuracy_as_a_count,
            accuracy_as_error,
            accuracy_counting_from_one,
        ],
    ),
    Question(
        "read_the_table",
        [0.77, 0.375, 7 / 12],
        why="38 + 25 + 14 of 100 on the diagonal; 15 of 40 in row 1 are off it; 14 of 24 in column 2 are right.",
        hints=[
            "The right guesses stand on the diagonal.",
            "The images of class 1 are *row* 1, counted from 0. How many are there, and how many are off the diagonal?",
            "The guesses of class 2 are *column* 2: 0, 10 and 14.",
        ],
        work=work_of_read_the_table,
        mistakes=[
            ([0.77, 0.625, 7 / 12], "That share of class 1 is read right. Which share is missed?"),
            ([0.77, 0.375, 0.7], "That is row 2: the share of the images of class 2. Where do the *guesses* stand?"),
            ([0.77, 8 / 33, 7 / 12], "That is column 1. Where do the *images* of class 1 stand?"),
            ([0.77, 8 / 33, 0.7], "Rows and columns are swapped. Which of the two is the truth?"),
            ([77, 15, 14], "These are counts. A share of how many is asked for?"),
            ([77, 0.375, 7 / 12], "The first is a count. Which share of the hundred images is that?"),
            ([0.77, 0.05, 7 / 12], "That is class 0: classes are counted from 0. Which row is class 1?"),
            ([0.77, 0.15, 7 / 12], "15 of all hundred images. How many images of class 1 are there?"),
            ([0.77, 0.375, 0.14], "14 of all hundred images. How many guesses of class 2 are there?"),
            ([0.77, 0.375, 10 / 24], "That share of the guesses is wrong. Which share is right?"),
            ([0.23, 0.375, 7 / 12], "That share is wrong. Where do the right guesses stand?"),
        ],
    ),
    Exercise(
        confusion_matrix,
        why="The truth chooses the row, the guess the column, and every image adds 1.",
        hints=[
            "Add up the whole table. Is every image in it?",
            "`counts[rows, columns] += 1` reads all entries, then writes: a pair that comes often is counted once.",
            "A loop over the images, with zip, counts every one. `np.add.at(counts, (rows, columns), 1)` does too.",
            "And which number stands first in the brackets, the one for the row or the one for the column?",
        ],
        cases=[
            (np.array([2, 2, 0, 1, 2]), np.array([2, 0, 0, 1, 2]), 3),
            _confusion_case(0, 30, 4),
            _confusion_case(1, 200, 10),
            (np.array([0, 1, 1, 0]), np.array([0, 0, 1, 0]), 4),  # of the last classes there is none
        ],
        others=[
            (np.array([0, 2, 2, 0, 2]), np.array([2, 2, 0, 0, 2]), 3),  # none between the first class and the last
            (np.array([1]), np.array([0]), 2),
            _confusion_case(2, 1500, 2),
        ],
        mistakes=[
            confusion_matrix_transposed,
            confusion_matrix_once,
            confusion_matrix_once_and_transposed,
            confusion_matrix_all_in_each_turn,
            confusion_matrix_all_in_each_turn_transposed,
            confusion_matrix_of_all_pairs,
            confusion_matrix_in_every_row,
            confusion_matrix_in_a_copy,
            confusion_matrix_of_errors,
            confusion_matrix_of_hits,
            confusion_matrix_as_shares,
        ],
        broken=confusion_matrix_broken,
    ),
    Question(
        "honest_order",
        [4, 2, 6, 3, 1],
        why="The test images come last and decide nothing, so their accuracy is an honest forecast for new images.",
        hints=[
            "One line lets the test images choose. Leave it out.",
            "The sets are made before anything is trained, and the test set is opened after everything is chosen.",
            "Split, train, compare on validation, choose, test.",
        ],
        lines=[
            "report the accuracy of that model on the test images",
            "train one model with each learning rate on the training images",
            "take the model with the lowest validation loss",
            "split the images into training, validation and test",
            "take the model with the highest test accuracy",
            "compute the loss of each model on the validation images",
        ],
        needs={
            (4, 2): "On which images are the models trained?",
            (2, 6): "Which models are measured?",
            (6, 3): "By which numbers is the model chosen?",
            (3, 1): "Which model does the reported number belong to?",
        },
        strange={5: "The test images would choose the model and then praise it: which set is there for choosing?"},
        mistakes=[
            ([4, 2, 6, 5, 1], "The test images choose the model and then praise it. Which set is there for choosing?"),
            (
                [4, 2, 6, 3, 5, 1],
                "The test images choose a second time. What may happen to the model before it is tested?",
            ),
            (
                [4, 2, 5, 1],
                "The test images choose the model and then praise it, and validation plays no part. What is it for?",
            ),
            (
                [4, 2, 6, 1, 3],
                "The test set is opened before a model is chosen. Which model does the number belong to?",
            ),
            (
                [2, 4, 6, 3, 1],
                "The models are trained before the sets are made. On which images were they trained then?",
            ),
            ([2, 6, 4, 3, 1], "The split comes after validation. Which images were the losses computed on then?"),
            ([4, 6, 2, 3, 1], "The losses are computed before there are models. Which line makes the models?"),
            ([4, 2, 3, 6, 1], "A model is taken before the losses are known. Which line computes them?"),
            ([4, 2, 6, 3], "Nothing is reported. Which set has not been used yet?"),
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "After ten epochs, where is the training loss of the start at zero?",
        [
            "the highest of the three",
            "between those of the two random starts",
            "about as low as from the small random weights",
        ],
        right="about as low as from the small random weights",
        counters={
            "the highest of the three": "0.260, and the large random weights have 0.604.",
            "between those of the two random starts": "0.260, and the small random weights have 0.263.",
        },
    ),
    Prediction(
        "What colour is the middle of the picture for the digit 0?",
        ["red", "blue", "white"],
        right="blue",
        counters={
            "red": "Ink in the middle is a sign of a 1 or an 8, and a 0 has a hole there.",
            "white": "Other digits have ink in the middle, so it counts, and against a 0.",
        },
    ),
    Prediction(
        "A thousand models guess at random. How many of the 1,000 images does the best one get right?",
        ["100", "about 130", "about 500"],
        right="about 130",
        counters={
            "100": "That is the average one, and the best of a thousand lies above it.",
            "about 500": "Chance gives 100, give or take 19, and even the best of a thousand stays near that.",
        },
    ),
    Prediction(
        "How many of the validation images does the nearest average read right?",
        ["about 20%", "about 50%", "about 80%"],
        right="about 80%",
        counters={"about 20%": "It reads 821 of the 1,000 right.", "about 50%": "It reads 821 of the 1,000 right."},
    ),
    Prediction(
        "After ten epochs, on which of the two sets is the loss lower?",
        ["on the training set", "on the validation set", "on both the same"],
        right="on the training set",
        counters={
            "on the validation set": "Its images had no say in the weights: 0.312 to 0.260.",
            "on both the same": "The training images had a say in the weights: 0.260 to 0.312.",
        },
    ),
    Prediction(
        "Which rate has the lowest loss on the training set, and which on the validation set?",
        [
            "0.1 on both",
            "1 on both",
            "1 on the training set, 0.1 on the validation set",
            "0.1 on the training set, 1 on the validation set",
        ],
        right="1 on the training set, 0.1 on the validation set",
        counters={
            "0.1 on both": "On the training set 1 ends at 0.190, and 0.1 at 0.260.",
            "1 on both": "On the validation set 1 ends at 0.414, and 0.1 at 0.312.",
            "0.1 on the training set, 1 on the validation set": "The other way round: 1 ends at 0.190 in training.",
        },
    ),
    Prediction(
        "How many of its 100 pixels of ink must go before the layer reads a 2?",
        ["50 or more", "about 25", "fewer than 10"],
        right="fewer than 10",
        counters={
            "50 or more": "One spot of 3 × 3 pixels puts the 1 ahead by 5.2; the whole lead is 4.0.",
            "about 25": "One spot of 3 × 3 pixels puts the 1 ahead by 5.2; the whole lead is 4.0.",
        },
    ),
]
