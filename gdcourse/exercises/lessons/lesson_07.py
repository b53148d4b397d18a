"""The exercises of lesson 7."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

BEYOND = 20_000.0  # e to the power of this is too large for every float there is, long doubles too

# Write it: softmax, a row for each image


def softmax(z):
    """Return the probabilities of each row's classes."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_without_shift(z):
    """Scores of a thousand overflow, and inf / inf is nan. What can you subtract from a row without changing p?"""
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


def softmax_shifted_by_the_batch(z):
    """The largest score of the batch is subtracted, so other rows become 0 / 0. What does a row of p depend on?"""
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
    """Without keepdims, the maxima and sums of the rows lie flat and meet the columns. Which shape fits the rows?"""
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1)


def softmax_sum_without_keepdims(z):
    """The sums have lost their axis, so column j is divided by the sum of row j. What keeps them in a column?"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


def softmax_maximum_without_keepdims(z):
    """The maxima have lost their axis, so column j loses the maximum of row j. What keeps them in a column?"""
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
    """The likeliest class of each row gets exactly 1, and the others get more than 0. What should one row add up to?"""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.max(axis=1, keepdims=True)


def softmax_without_exponentials(z):
    """The scores themselves are divided by their sum, and a score may be negative. What makes each one positive?"""
    return z / z.sum(axis=1, keepdims=True)


def softmax_as_a_sigmoid(z):
    """Each score goes through a sigmoid by itself, so a row does not add up to 1. By what is a share divided?"""
    return 1 / (1 + np.exp(-z))


def softmax_as_a_sigmoid_of_the_shifted(z):
    """It is a sigmoid of each score minus the largest, and the rows don't add up to 1. By what is a share divided?"""
    return 1 / (1 + np.exp(z.max(axis=1, keepdims=True) - z))


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


def cross_entropy_of_the_product(p, y):
    """The probabilities are multiplied first, and the product of many images is 0. What adds up in its place?"""
    return -np.log(np.prod(p[np.arange(len(y)), y])) / len(y)


def cross_entropy_without_logarithm(p, y):
    """That is 1 - p on average, which is never above 1. Which function of p grows without limit near p = 0?"""
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


def layer_gradient_less_a_whole_one(X, p, y):
    """The probabilities are divided by n, and a whole 1 is taken from them. Which of the two must come first?"""
    dz = p / len(y) - np.eye(p.shape[1])[y]
    return X.T @ dz, dz.sum(axis=0)


def layer_gradient_bias_not_summed(X, p, y):
    """db still has one row for each image. How many slopes does one bias have, and which rows add to it?"""
    dz = _dz(p, y) / len(y)
    return X.T @ dz, dz


def layer_gradient_bias_across(X, p, y):
    """db sums along the rows, and each row of p - onehot(y) adds up to 0. Which shape does b have?"""
    dz = _dz(p, y) / len(y)
    return X.T @ dz, dz.sum(axis=1)


def layer_gradient_bias_averaged(X, p, y):
    """db is divided by n twice, once in dz and once by its mean. Where has the division been done already?"""
    dW, db = layer_gradient(X, p, y)
    return dW, db / len(y)


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


def work_of_probabilities_by_hand(z=np.log([1.0, 3.0, 4.0])):  # noqa: B008
    """Exponentials over their sum."""
    e = np.exp(z)
    return e / e.sum()


def work_of_slopes_of_one_image(x=np.array([2.0, 4]), p=np.array([0.2, 0.5, 0.3]), label=2):  # noqa: B008
    """p less one-hot; pixel times slope of the score."""
    dz = p - np.eye(3)[int(label)]
    return [*dz, x[1] * dz[0], x[0] * dz[2]]


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
            (
                [0.0351, 0.2595, 0.7054],
                "The exponential is taken twice. Are 1, 3 and 4 scores, or exponentials already?",
            ),
            ([0.0, 3 / 7, 4 / 7], "The first class gets nothing. What is e to the power of 0?"),
        ],
    ),
    Exercise(
        softmax,
        why="Each row is shifted by its own maximum and divided by its own sum, both kept as columns.",
        hints=[
            "Begin with the two lines for one image. What in them must now happen row by row?",
            "Both the maximum and the sum must run along each row: `axis=1`.",
            "`z.max(axis=1)` lies flat, `(n,)`, and would meet the columns. A column `(n, 1)` fits: `keepdims=True`.",
            "The same two words belong in the sum of the exponentials.",
        ],
        cases=[
            (np.array([[2.0, 0.5, -1.5], [0.3, 1.2, 3.0], [1.5, -0.5, 0.7]]),),
            (np.array([[1000.0, 998.5, 999.0], [-1001.5, -1000.0, -1003.0], [2.5, 0.5, 1.5]]),),
            (np.array([[1.5, -0.5, 2.0]]),),
            (np.array([[BEYOND, BEYOND - 1.5, BEYOND - 2], [0.5, 3 * BEYOND, -1.5], [-BEYOND, 1 - BEYOND, -BEYOND]]),),
            (_scores(0, 5, scale=2),),
            (_scores(1, 10, scale=4),),
            (np.array([[2, 0, 1], [1, 3, 0], [0, 2, 2]]),),
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
            softmax_as_a_sigmoid,
            softmax_as_a_sigmoid_of_the_shifted,
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
            _surprise_case(2, 700, 10),  # the product of so many probabilities is 0
            (np.array([[1e-12, 0.5, 0.5], [0.25, 0.5, 0.25]]), np.array([0, 1])),
        ],
        others=[
            (np.array([[0.3, 0.7]]), np.array([0])),  # one image, two classes
        ],
        later=[
            (
                np.array([[0.25, 0.5, 0.25], [0.0, 0.4, 0.6]]),
                np.array([1, 0]),
            ),  # an infinite surprise: `math.log` has none
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
            cross_entropy_of_the_product,
            cross_entropy_without_logarithm,
            cross_entropy_weighted,
            cross_entropy_in_tens,
            cross_entropy_in_bits,
        ],
    ),
    Question(
        "slopes_of_one_image",
        [0.2, 0.5, -0.7, 0.8, -1.4],
        why="dz = (0.2, 0.5, 0.3) - (0, 0, 1); then pixel 4 times dz of class 0, and pixel 2 times dz of class 2.",
        hints=[
            "The one-hot row of label 2 is (0, 0, 1): labels count from 0.",
            "The slope of a weight is its pixel times the slope of its class's score.",
            "For the weight from the second pixel to class 0 that is 4 · 0.2.",
        ],
        work=work_of_slopes_of_one_image,
        mistakes=[
            ([0.2, -0.5, 0.3, 0.8, 0.6], "The 1 was taken from class 1. From where do labels count?"),
            ([-0.2, -0.5, 0.7, -0.8, 1.4], "The signs are turned round. Which is subtracted from which?"),
            ([0.2, 0.5, 0.3, 0.8, 0.6], "Nothing was subtracted for the label. What was true of this image?"),
            ([-1.8, -1.5, -1.7, -7.2, -3.4], "The label itself, 2, was subtracted. Is it an amount?"),
            ([0.2, 0.5, -1.7, 0.8, -3.4], "The label itself, 2, was subtracted. What stands there in its one-hot row?"),
            (
                [0.2, 0.5, -0.7, 0.4, -2.8],
                "The pixels are swapped: 2 is the first. Which pixel does each weight belong to?",
            ),
            ([0, 0, -0.7, 0, -1.4], "Only the right class gets a slope. What becomes of the others' probabilities?"),
            ([0.2, 0.5, -0.7, 4.2, 1.3], "Pixel and slope are added. What is the factor of the weight in its score?"),
            ([0.2, 0.5, -0.7, 2.0, 1.0], "Both are slopes of weights of class 1. Which classes are asked for?"),
            ([0.2, 0.5, -0.7], "The slopes of the two weights are missing. By what is dz multiplied?"),
            (
                [0.2 / 3, 0.5 / 3, -0.7 / 3, 0.8 / 3, -1.4 / 3],
                "It is divided by the number of classes. Over how many images is the mean of one image?",
            ),
        ],
    ),
    Exercise(
        layer_gradient,
        keeps=("p",),
        returns=("dW", "db"),
        why="dz is (p - onehot) / n; X, transposed, turns it into dW, and its sum over the images is db.",
        hints=[
            "First dz, of the shape of p: subtract 1 at each right label, then divide by the number of images.",
            "A one-hot row for every label at once: `np.eye(p.shape[1])[y]`.",
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
            (*_layer_case(2, 4, 3, 5)[:2], np.array([0, 2, 1, 2])),  # no image of the last class
        ],
        others=[
            (np.array([[2.0, -3.0, 0.5]]), np.array([[0.3, 0.7]]), np.array([1])),  # one image, two classes
            _layer_case(3, 4, 1, 3),
        ],
        mistakes=[
            layer_gradient_of_the_sum,
            layer_gradient_turned,
            layer_gradient_without_labels,
            layer_gradient_less_the_digit,
            layer_gradient_less_a_whole_one,
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
]

PREDICTIONS = [
    Prediction(
        "Somebody adds 100 to all three scores. What do the probabilities do?",
        ["nothing", "all three grow", "the largest grows, the others shrink"],
        right="nothing",
        counters={
            "all three grow": "They add up to 1, so they can't all grow.",
            "the largest grows, the others shrink": "Only the differences count, and they stay.",
        },
    ),
    Prediction(
        "What does the same code give for the scores 1000, 999 and 998?",
        ["the same as for 2, 1 and 0", "an error that stops the cell", "nan, not a number"],
        right="nan, not a number",
        counters={
            "the same as for 2, 1 and 0": "It should; but e to the 1000 is larger than the largest float.",
            "an error that stops the cell": "NumPy goes on, with inf and then nan.",
        },
    ),
    Prediction(
        "How large is the surprise at p = 0.01, compared with p = 0.1?",
        ["a little larger", "twice as large", "ten times as large"],
        right="twice as large",
        counters={
            "a little larger": "2.303 and 4.605.",
            "ten times as large": "Ten times 2.303 is the surprise of p = 0.0000000001.",
        },
    ),
    Prediction(
        "What do the entries of p - onehot(y) add up to?",
        ["0", "1", "that depends on p"],
        right="0",
        counters={
            "1": "p adds up to 1, and a row that adds up to 1 is subtracted.",
            "that depends on p": "Every p adds up to 1, and a row that adds up to 1 is subtracted.",
        },
    ),
    Prediction(
        "Which loss does the code give for the scores 0 and 800, if the label is 0?",
        ["800", "inf, infinity", "nan, not a number", "0"],
        right="inf, infinity",
        counters={
            "800": "It should; but the code first computes p, and that is too small for a float.",
            "nan, not a number": "0 / 1 is plain 0; it is -ln 0 that is infinite.",
            "0": "That would be the loss if the label were 1.",
        },
    ),
]
