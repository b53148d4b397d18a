"""The exercises of notebook 5."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

BEYOND = 20_000.0  # e to the power of this is too large for every float there is, long doubles too

# Write it: softmax, a row for each image


def softmax(z):
    """Return the probabilities of each row's classes."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_without_shift(z):
    """Scores of a thousand overflow, and inf / inf is nan. What can you subtract from a row and change nothing else?"""
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def softmax_shifted_by_the_batch(z):
    """The largest score of the whole batch is subtracted, so other rows become 0 / 0. Which row has its say in p?"""
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


def softmax_shifted_the_wrong_way(z):
    """The scores are subtracted from the largest, so the worst class gets the most. Which of the two is subtracted?"""
    e = np.exp(z.max(axis=1, keepdims=True) - z)
    return e / e.sum(axis=1, keepdims=True)


def softmax_shifted_above_only(z):
    """The numerator has the largest score subtracted and the denominator has not. Which exponentials must be summed?"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / np.exp(z).sum(axis=1, keepdims=True)


def softmax_down_the_columns(z):
    """Maximum and sum run down the columns, over the images. Along which axis lie the classes of one image?"""
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def softmax_down_the_columns_unshifted(z):
    """The sum runs down each column, and nothing is subtracted before np.exp. Which axis holds one image's classes?"""
    e = np.exp(z)
    return e / e.sum(axis=0)


def softmax_sum_down_the_columns(z):
    """The maximum belongs to a row, but the sum to a column. Which direction holds the classes of one image?"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)


def softmax_without_keepdims(z):
    """Without keepdims, the maxima and sums of the rows lie flat and meet the columns. Which shape fits under a row?"""
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1)


def softmax_sum_without_keepdims(z):
    """The sums have lost their axis, so column j is divided by the sum of row j. What keeps them standing?"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


def softmax_maximum_without_keepdims(z):
    """The maxima have lost their axis, so column j loses the maximum of row j. What keeps them standing?"""
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


def softmax_without_keepdims_or_shift(z):
    """The sums have lost their axis, and nothing is subtracted before np.exp. By which sum is column 0 divided?"""
    e = np.exp(z)
    return e / e.sum(axis=1)


def softmax_over_the_batch(z):
    """That is the code for one image: a single sum divides the whole batch. What must each row add up to on its own?"""
    e = np.exp(z - z.max())
    return e / e.sum()


def softmax_over_the_batch_by_rows(z):
    """Each row has its own maximum, but one sum over the batch divides them all. What must a row add up to?"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()


def softmax_over_the_batch_unshifted(z):
    """One sum over the whole batch divides every row, and large scores overflow. How many sums do n images need?"""
    e = np.exp(z)
    return e / e.sum()


def softmax_by_the_largest(z):
    """The likeliest class of each row gets exactly 1, and the rest comes on top. What should one row add up to?"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.max(axis=1, keepdims=True)


def softmax_without_exponentials(z):
    """The scores themselves are divided by their sum, and a score may be negative. What makes each one positive?"""
    return z / z.sum(axis=1, keepdims=True)


# Write it: the mean surprise


def cross_entropy(p, y):
    """Return the mean surprise at the right labels."""
    return -np.log(p[np.arange(len(y)), y]).mean()


def cross_entropy_summed(p, y):
    """That is the sum of the surprises, which grows with the number of images. What makes a mean of it?"""
    return -np.log(p[np.arange(len(y)), y]).sum()


def cross_entropy_of_each(p, y):
    """That is one surprise for each image. Which single number is the loss of the batch?"""
    return -np.log(p[np.arange(len(y)), y])


def cross_entropy_negative(p, y):
    """The sign is missing, and the logarithm of a probability is never positive. What is the surprise at p = 0.5?"""
    return np.log(p[np.arange(len(y)), y]).mean()


def cross_entropy_of_all_classes(p, y):
    """The logarithms of all classes are averaged, the wrong ones too. Which entry of each row belongs to the label?"""
    return -np.log(p).mean()


def cross_entropy_over_all_entries(p, y):
    """The sum is right, but it is divided by the number of entries, the zeros too. Over what does the loss average?"""
    return -(np.eye(p.shape[1])[y] * np.log(p)).mean()


def cross_entropy_of_all_labels(p, y):
    """`p[:, y]` takes the labels of all images from every row. What picks one entry from each row?"""
    return -np.log(p[:, y]).mean()


def cross_entropy_of_the_likeliest(p, y):
    """That is the surprise at the likeliest class, so the labels play no part. Which entry does the label pick?"""
    return -np.log(p.max(axis=1)).mean()


def cross_entropy_of_the_neighbour(p, y):
    """The entry beside the right one is taken. From which number do the labels count?"""
    return -np.log(p[np.arange(len(y)), y - 1]).mean()


def cross_entropy_of_the_rest(p, y):
    """That is the surprise at everything but the label. Whose probability should be near 1 when the loss is near 0?"""
    return -np.log(1 - p[np.arange(len(y)), y]).mean()


def cross_entropy_of_the_mean(p, y):
    """The probabilities are averaged before the logarithm. Is the mean of surprises the surprise at a mean?"""
    return -np.log(p[np.arange(len(y)), y].mean())


def cross_entropy_without_logarithm(p, y):
    """That is 1 - p on average, which is never above 1. Which function of p makes sure-and-wrong cost without end?"""
    return (1 - p[np.arange(len(y)), y]).mean()


def cross_entropy_weighted(p, y):
    """Each surprise is multiplied by p, as if p had made the label. With how much weight did the label really come?"""
    return -(p * np.log(p)).sum(axis=1).mean()


def cross_entropy_in_tens(p, y):
    """That is the logarithm to base 10. Which logarithm has the derivative 1/x?"""
    return -np.log10(p[np.arange(len(y)), y]).mean()


def cross_entropy_in_bits(p, y):
    """That is the logarithm to base 2, which counts in bits. Which logarithm has the derivative 1/x?"""
    return -np.log2(p[np.arange(len(y)), y]).mean()


# Write it: from p to the gradient of W and b


def layer_gradient(X, p, y):
    """Return dW and db of the mean cross-entropy."""
    dz = p.copy()
    dz[np.arange(len(y)), y] -= 1
    dz /= len(y)
    return X.T @ dz, dz.sum(axis=0)


def _dz(p, y):
    """Return p - onehot(y)."""
    return p - np.eye(p.shape[1])[y]


def layer_gradient_of_the_sum(X, p, y):
    """That is the gradient of the summed loss, n times too long. By what does a mean divide?"""
    dz = _dz(p, y)
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_turned(X, p, y):
    """All signs are turned: that is onehot(y) - p. Which of the two is subtracted?"""
    dz = -_dz(p, y) / len(y)
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_without_labels(X, p, y):
    """Nothing is subtracted from p, so the labels play no part. What happens at the entry of the label?"""
    dz = p / len(y)
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_less_the_digit(X, p, y):
    """The digit itself, such as 7, is subtracted from each probability of its row. From which entry is 1 taken?"""
    dz = (p - y[:, None]) / len(y)
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_without_p(X, p, y):
    """Only the labels are in it, not what the model said. What is the one-hot row subtracted from?"""
    dz = -np.eye(p.shape[1])[y] / len(y)
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_for_each_entry(X, p, y):
    """It divides by the number of entries of p. Over what does the loss average: images, or images times classes?"""
    dz = _dz(p, y) / p.size
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_for_each_class(X, p, y):
    """It divides by the number of classes. Over what does the loss average?"""
    dz = _dz(p, y) / p.shape[1]
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_bias_not_summed(X, p, y):
    """db still has one row for each image. How many slopes does one bias have, and who has a say in it?"""
    dz = _dz(p, y) / len(y)
    return X.T @ dz, dz


def layer_gradient_bias_across(X, p, y):
    """db sums along the rows, and each row of p - onehot(y) adds up to 0. Which shape does b have?"""
    dz = _dz(p, y) / len(y)
    return X.T @ dz, dz.sum(axis=1)


def layer_gradient_bias_averaged(X, p, y):
    """db is divided by n twice, once in dz and once by its mean. Where has the division been done already?"""
    dz = _dz(p, y) / len(y)
    return X.T @ dz, dz.mean(axis=0)


def layer_gradient_bias_alone_summed(X, p, y):
    """dW is a mean and db is a sum. Do both belong to the same loss?"""
    dz = _dz(p, y)
    return X.T @ dz / len(y), dz.sum(axis=0)


def layer_gradient_weights_alone_summed(X, p, y):
    """dW is a sum and db is a mean. Do both belong to the same loss?"""
    dz = _dz(p, y)
    return X.T @ dz, dz.mean(axis=0)


def layer_gradient_transposed(X, p, y):
    """dW has a row for each class and a column for each input. Which shape does W have?"""
    dz = _dz(p, y) / len(y)
    return dz.T @ X, dz.sum(axis=0)


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
    """Both faults are still there: a pair counts once, and the guess chooses the row. How many images are in it?"""
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


def _scores(seed, n, scale):
    """Return scores of n images and as many classes, so that a lost axis gives wrong numbers and no error."""
    return np.random.default_rng(seed).normal(loc=1, scale=scale, size=(n, n))


def _surprise_case(seed, n, classes):
    """Return random probabilities of n images, and labels."""
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(classes, 2.0), n), rng.integers(0, classes, n)


def _layer_case(seed, n, inputs, classes):
    """Return a random batch with its probabilities and labels."""
    return np.random.default_rng(seed).normal(size=(n, inputs)), *_surprise_case(seed, n, classes)


def _accuracy_case(seed, n):
    """Return probabilities of n images and as many classes, for that reason, and labels, two of three as guessed."""
    p = np.random.default_rng(seed).dirichlet(np.full(n, 1.0), n)
    p = p[np.argsort(-p.max(axis=1))]
    return p, np.where(np.arange(n) % 3 < 2, p.argmax(axis=1), (p.argmax(axis=1) + 1) % n)


def _confusion_case(seed, n, classes):
    """Return guesses and labels; about half of the guesses are right."""
    rng = np.random.default_rng(seed)
    guess, y = rng.integers(0, classes, (2, n))
    return np.where(rng.random(n) < 0.5, y, guess), y, classes


def work_of_probabilities_by_hand(z=np.log([1.0, 3.0, 4.0])):  # noqa: B008
    """Exponentials over their sum."""
    e = np.exp(z)
    return e / e.sum()


EXERCISES = [
    Question(
        "probabilities_by_hand",
        [0.125, 0.375, 0.5],
        why="The exponentials are 1, 3 and 4; they add up to 8, and each is divided by that.",
        hints=[
            "First the exponentials. What is e to the power of ln 3? And e to the power of 0?",
            "They are 1, 3 and 4. What must they be divided by to add up to 1?",
            "Each is divided by their sum, 8.",
        ],
        work=work_of_probabilities_by_hand,
        mistakes=[
            ([1.0, 3.0, 4.0], "These are the exponentials. What makes probabilities of them?"),
            ([0.25, 0.75, 1.0], "They are divided by the largest, so they add up to 2. Which number makes it 1?"),
            ([0.0, 0.4421, 0.5579], "The scores themselves are divided by their sum. What is done to them first?"),
            ([1 / 3, 1 / 3, 1 / 3], "That gives every class the same. Which class has the largest score?"),
            ([0.0, 0.0, 1.0], "That is the hard choice, all for the largest. How much is left for the others?"),
            ([12.5, 37.5, 50.0], "These are percentages. What do probabilities add up to?"),
            ([0.5, 0.375, 0.125], "The order is turned round. Which score is the largest?"),
            ([0.0, 3 / 7, 4 / 7], "The first class gets nothing. What is e to the power of 0?"),
        ],
    ),
    Exercise(
        softmax,
        why="Each row is shifted by its own maximum and divided by its own sum, both kept as columns.",
        hints=[
            "Begin with the two lines for one image. What in them must now happen row by row?",
            "Both the maximum and the sum must run along each row: axis=1.",
            "z.max(axis=1) lies flat, (n,), and would meet the columns. A column (n, 1) fits: keepdims=True.",
            "The same two words belong into the sum of the exponentials.",
        ],
        cases=[
            (np.array([[2.0, 0.5, -1.5], [0.3, 1.2, 3.0], [1.5, -0.5, 0.7]]),),
            (np.array([[1000.0, 998.5, 999.0], [-1001.5, -1000.0, -1003.0], [2.5, 0.5, 1.5]]),),
            (np.array([[1.5, -0.5, 2.0]]),),
            (np.array([[BEYOND, BEYOND - 1.5, BEYOND - 2], [0.5, 3 * BEYOND, -1.5], [-BEYOND, 1 - BEYOND, -BEYOND]]),),
            (_scores(0, 5, scale=2),),
            (_scores(1, 10, scale=4),),
        ],
        batch=0,
        mistakes=[
            softmax_without_shift,
            softmax_shifted_by_the_batch,
            softmax_shifted_the_wrong_way,
            softmax_shifted_above_only,
            softmax_down_the_columns,
            softmax_down_the_columns_unshifted,
            softmax_sum_down_the_columns,
            softmax_without_keepdims,
            softmax_sum_without_keepdims,
            softmax_maximum_without_keepdims,
            softmax_without_keepdims_or_shift,
            softmax_over_the_batch,
            softmax_over_the_batch_by_rows,
            softmax_over_the_batch_unshifted,
            softmax_by_the_largest,
            softmax_without_exponentials,
        ],
    ),
    Exercise(
        cross_entropy,
        why="Pick the right label's probability from each row, take -ln of each, then the mean.",
        hints=[
            "Three steps: pick one probability from each row, turn each into a surprise, average.",
            "The cell above picks them, with `np.arange` for the rows. How many rows are there here?",
            "`np.log` is the natural logarithm. The surprise is minus that; `.mean()` comes last.",
        ],
        cases=[
            (
                np.array([[0.5, 0.25, 0.15, 0.1], [0.15, 0.3, 0.35, 0.2], [0.05, 0.1, 0.25, 0.6]]),
                np.array([0, 2, 1]),
            ),
            (np.array([[0.7, 0.1, 0.2], [0.25, 0.35, 0.4], [0.05, 0.15, 0.8]]), np.array([1, 2, 2])),
            _surprise_case(0, 5, 4),
            _surprise_case(1, 8, 10),
        ],
        mistakes=[
            cross_entropy_summed,
            cross_entropy_of_each,
            cross_entropy_negative,
            cross_entropy_of_all_classes,
            cross_entropy_over_all_entries,
            cross_entropy_of_all_labels,
            cross_entropy_of_the_likeliest,
            cross_entropy_of_the_neighbour,
            cross_entropy_of_the_rest,
            cross_entropy_of_the_mean,
            cross_entropy_without_logarithm,
            cross_entropy_weighted,
            cross_entropy_in_tens,
            cross_entropy_in_bits,
        ],
    ),
    Exercise(
        layer_gradient,
        why="dz is (p - onehot) / n; X, transposed, turns it into dW, and its sum over the images is db.",
        hints=[
            "First dz, of the shape of p: subtract 1 at each right label, then divide by the number of images.",
            "A one-hot row for every label at once: np.eye(p.shape[1])[y].",
            "dW has the shape (inputs, classes). Which of X and dz, (n, inputs) and (n, classes), must be transposed?",
            "db has one number for each class: sum dz over the images, which are its rows.",
        ],
        cases=[
            (
                np.array([[2.0, 3.0, -1.0, 0.5], [4.0, 0.5, 1.5, -2.0], [-3.0, 2.5, 0.5, 1.5]]),
                np.array([[0.2, 0.3, 0.25, 0.1, 0.15], [0.4, 0.1, 0.2, 0.25, 0.05], [0.1, 0.15, 0.3, 0.2, 0.25]]),
                np.array([2, 0, 4]),
            ),
            _layer_case(0, 5, 4, 3),
            _layer_case(1, 7, 3, 10),
        ],
        mistakes=[
            layer_gradient_of_the_sum,
            layer_gradient_turned,
            layer_gradient_without_labels,
            layer_gradient_less_the_digit,
            layer_gradient_without_p,
            layer_gradient_for_each_entry,
            layer_gradient_for_each_class,
            layer_gradient_bias_not_summed,
            layer_gradient_bias_across,
            layer_gradient_bias_averaged,
            layer_gradient_bias_alone_summed,
            layer_gradient_weights_alone_summed,
            layer_gradient_transposed,
        ],
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
        ],
        mistakes=[
            confusion_matrix_transposed,
            confusion_matrix_once,
            confusion_matrix_once_and_transposed,
            confusion_matrix_all_in_each_turn,
            confusion_matrix_all_in_each_turn_transposed,
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
            "The piles are made before anything is trained, and the test pile is opened after everything is chosen.",
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
        strange={5: "The test images would choose the model and then praise it: which pile is there for choosing?"},
        mistakes=[
            ([4, 2, 6, 5, 1], "The test images choose the model and then praise it. Which pile is there for choosing?"),
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
                "The test pile is opened before a model is chosen. Which model does the number belong to?",
            ),
            (
                [2, 4, 6, 3, 1],
                "The models are trained before the piles are made. On which images were they trained then?",
            ),
            ([2, 6, 4, 3, 1], "The split comes after validation. Which images were the losses computed on then?"),
            ([4, 6, 2, 3, 1], "The losses are computed before there are models. Which line makes the models?"),
            ([4, 2, 3, 6, 1], "A model is taken before the losses are known. Which line computes them?"),
            ([4, 2, 6, 3], "Nothing is reported. Which pile has not been used yet?"),
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "Somebody adds 100 to all three scores. What do the probabilities do?",
        ["nothing", "all three grow", "the largest grows, the others shrink"],
        right="nothing",
    ),
    Prediction(
        "What does the same code give for the scores 1000, 999 and 998?",
        ["the same as for 2, 1 and 0", "an error that stops the cell", "nan, not a number"],
        right="nan, not a number",
    ),
    Prediction(
        "What does e / e.sum(axis=1) do with three images and three classes?",
        ["it divides each row by its own sum", "it raises an error", "it gives wrong numbers and no error"],
        right="it gives wrong numbers and no error",
    ),
    Prediction(
        "How much more of a surprise is p = 0.01 than p = 0.1?",
        ["a little more", "twice as much", "ten times as much"],
        right="twice as much",
    ),
    Prediction(
        "What do the entries of p - onehot(y) add up to?",
        ["0", "1", "that depends on p"],
        right="0",
    ),
    Prediction(
        "All 7,850 weights start at zero. Does the layer learn?",
        ["no, it stands still", "yes, but worse than from a random start", "yes, no worse than from a random start"],
        right="yes, no worse than from a random start",
    ),
    Prediction(
        "Which colour has the middle of the picture for the digit 0?",
        ["red", "blue", "white"],
        right="blue",
    ),
    Prediction(
        "Which of these digits does it miss most often?",
        ["1", "5", "7"],
        right="5",
    ),
    Prediction(
        "A thousand models guess at random. How many of the 1,000 images does the best one get right?",
        ["100", "about 130", "about 500"],
        right="about 130",
    ),
]
