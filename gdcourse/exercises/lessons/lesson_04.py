"""The exercises of lesson 4."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

rng = np.random.default_rng(4)


def samples(n, d):
    """Return a random X with a last column of ones, y and w, with n samples and d weights."""
    X = np.column_stack([rng.uniform(-2, 3, (n, d - 1)), np.ones(n)])
    return X, rng.uniform(-7, 9, n), rng.uniform(-2, 2, d)


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
    """The slopes are averaged into one number. How many slopes does a loss over this w have?"""
    return np.mean(2 * X.T @ (X @ w - y) / len(y))


def gradient_as_one_mean(X, y, w):
    """The mean is taken over the weights, and one number is left. Over what should it be taken?"""
    return 2 * np.mean(X.T @ (X @ w - y))


def gradient_of_all_pairs(X, y, w):
    """A column minus a flat array gives n times n differences. Which shapes do the predictions and y have?"""
    return 2 * X.T @ (X @ w[:, None] - y) / len(y)


def gradient_of_each_sample(X, y, w):
    """There is a column for each sample, and nothing is averaged yet. Which product also adds up?"""
    return 2 * X.T * (X @ w - y)


def gradient_without_features(X, y, w):
    """Each slope is the mean of the residuals, as for the bias. By what is a residual multiplied before the mean?"""
    return np.full(len(w), 2 * np.mean(X @ w - y))


small = np.array([[2.0, 1.0], [3.0, 1.0], [7.0, 1.0]]), np.array([7.0, 6.0, 17.0])


def work_of_loss_and_slopes(x=np.array([2.0, 3, 7]), y=np.array([7.0, 6, 17]), a=2.0, b=1.0):  # noqa: B008
    """The mean of the squares, and twice the means of r·x and r."""
    r = a * x + b - y
    return [np.mean(r**2), 2 * np.mean(r * x), 2 * np.mean(r)]


# Write it: standardise one feature


def z_scores(x):
    """Return x in standard deviations above its mean."""
    return (x - np.mean(x)) / np.std(x)


def z_scores_by_the_variance(x):
    """It divides by the variance. What is the root of the mean squared distance from the mean?"""
    return (x - np.mean(x)) / np.var(x)


def z_scores_without_brackets(x):
    """Only the mean is divided, as no brackets hold the difference together. What comes first, minus or divided by?"""
    return x - np.mean(x) / np.std(x)


def z_scores_exchanged(x):
    """The standard deviation is subtracted, and the mean divides: they are exchanged. Which is the average length?"""
    return (x - np.std(x)) / np.mean(x)


def z_scores_centre_only(x):
    """The mean is subtracted, and the spread stays as it was. By what is the difference divided?"""
    return x - np.mean(x)


def z_scores_spread_only(x):
    """It is divided by the standard deviation, and the mean is still there. What is subtracted first?"""
    return x / np.std(x)


def z_scores_turned(x):
    """x is taken from the mean, so longer ones come out negative. Which of the two is subtracted?"""
    return (np.mean(x) - x) / np.std(x)


def z_scores_to_unit_range(x):
    """That goes from 0 to 1, from the smallest to the largest. What are the mean and the spread of z?"""
    return (x - np.min(x)) / (np.max(x) - np.min(x))


def z_scores_by_n_less_one(x):
    """It divides by n - 1 before the root. By what does the definition above divide?"""
    return (x - np.mean(x)) / np.std(x, ddof=1)


# Write it: predict with the model's own scale


def predict_mass(flipper, a, b, mean, std):
    """Return the mass in grams that the line predicts for a flipper in millimetres."""
    return a * (flipper - mean) / std + b


def predict_mass_unscaled(flipper, a, b, mean, std):
    """The length in mm goes into the line as it is, and a was fitted to z-scores. What is this flipper's z?"""
    return a * flipper + b


def predict_mass_centred(flipper, a, b, mean, std):
    """The mean is subtracted, and nothing divides by the standard deviation. What is a z-score?"""
    return a * (flipper - mean) + b


def predict_mass_uncentred(flipper, a, b, mean, std):
    """It divides by the standard deviation, and the mean is still in it. What is a z-score?"""
    return a * flipper / std + b


def predict_mass_without_brackets(flipper, a, b, mean, std):
    """Only the mean is divided, as no brackets hold the difference together. What comes first, minus or divided by?"""
    return a * (flipper - mean / std) + b


def predict_mass_line_first(flipper, a, b, mean, std):
    """The line is applied first, and its mass is then scaled like a flipper. What is scaled before the line sees it?"""
    return (a * flipper + b - mean) / std


def predict_mass_slope_first(flipper, a, b, mean, std):
    """The slope multiplies the length before the mean is subtracted. What does it multiply in the line?"""
    return (a * flipper - mean) / std + b


def predict_mass_quotient_first(flipper, a, b, mean, std):
    """Slope and division come before the mean is subtracted. Where do brackets hold the z-score together?"""
    return a * flipper / std - mean + b


def predict_mass_mean_alone(flipper, a, b, mean, std):
    """Only the mean is divided, and the slope multiplies the length alone. Where do brackets hold the z-score?"""
    return a * flipper - mean / std + b


def predict_mass_without_bias(flipper, a, b, mean, std):
    """The bias is missing. What does the line say for a flipper of average length?"""
    return a * (flipper - mean) / std


def predict_mass_on_its_own_scale(flipper, a, b, mean, std):
    """The flipper is scaled by its own mean and spread, and one number has none. Which scale does the line need?"""
    return a * (flipper - np.mean(flipper)) / np.std(flipper) + b


def predict_mass_in_spreads(flipper, a, b, mean, std):
    """The result is scaled back by mean and std, which belong to the flipper. In which unit are a and b?"""
    return (a * (flipper - mean) / std + b) * std + mean


def work_of_curvatures_by_hand(x=np.array([2.0, 3, 7])):  # noqa: B008
    """Residual i grows by x, or by 1; twice the mean of that times x, or times 1."""
    return [2 * np.mean(x * x), 2.0]


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
            (
                [1, -10, -2],
                "The mean of the residuals is squared, and signs cancel in it. What is to be squared first?",
            ),
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
            "First the residual: the prediction for each sample, minus its target.",
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
        others=[  # no column of ones
            (np.array([[2.0, -1.5], [0.5, 3.0], [-4.0, 2.5]]), np.array([1.0, -2.0, 4.0]), np.array([0.5, 2.0])),
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
    Question(
        "curvatures_by_hand",
        [2 * 62 / 3, 2.0],
        why="Along a, residual i grows by x, so the slope 2 · mean(r·x) grows by 2 · 62/3; along b it is 2 · 1.",
        hints=[
            "The slope along a is 2 · mean(r·x). If a grows by 1, which residual grows by how much?",
            "Residual i grows by x, so r·x grows by x². What is the mean of 4, 9 and 49?",
            "Twice that mean is the first number. For b every residual grows by 1, and so does their mean.",
        ],
        work=work_of_curvatures_by_hand,
        mistakes=[
            ([2 * 62, 6], "These are sums over the three points. By what is a mean divided?"),
            ([2 * 62, 2], "The first is a sum over the three points. By what is a mean divided?"),
            ([62 / 3, 1], "The factor 2 is missing. What stands before the mean in the slope?"),
            ([2 * 16, 2], "That squares the mean of x. What is the mean of the squares?"),
            ([2 * 4, 2], "Residual i grows by x, and it is multiplied by x once more. What is the mean of x²?"),
            ([2 * 4, 1], "In the slope along a each residual is multiplied by its own x. By how much does r·x grow?"),
            ([2, 2 * 62 / 3], "The two are swapped. Which of the slopes multiplies each residual by x?"),
            ([-10, -2], "These are the slopes themselves, from Exercise 1. By how much do they grow?"),
            ([-10 + 2 * 62 / 3, 0], "That is the slope afterwards. By how much has it grown?"),
        ],
    ),
    Exercise(
        z_scores,
        why="The mean goes first, then each distance is divided by the standard deviation.",
        hints=[
            "Two numbers are needed, `np.mean(x)` and `np.std(x)`. Which one is subtracted, which one divides?",
            "The formula above, for all entries at once. Mind the brackets.",
        ],
        cases=[
            (np.array([180.0, 200.0, 190.0, 230.0]),),
            (rng.uniform(170, 230, 9),),
            (rng.uniform(-9, 4, 6),),
            (rng.uniform(0.1, 0.4, 5),),
        ],
        others=[(np.append(np.linspace(170.0, 230.0, 40), 900.0),)],  # one lies far out
        mistakes=[
            z_scores_by_the_variance,
            z_scores_without_brackets,
            z_scores_exchanged,
            z_scores_centre_only,
            z_scores_spread_only,
            z_scores_turned,
            z_scores_to_unit_range,
            z_scores_by_n_less_one,
        ],
    ),
    Exercise(
        predict_mass,
        why="The flipper becomes a z-score on the scale of the fit; then the line says a·z + b, in grams.",
        hints=[
            "a and b belong to z. What is the z-score of this flipper?",
            "Subtract the mean of the 300, divide by their standard deviation, and only then use the line.",
        ],
        cases=[
            (210.0, 700.0, 4200.0, 200.0, 14.0),
            (181.5, 655.0, 4010.0, 203.5, 12.5),
            (231.0, 710.0, 4105.0, 201.0, 15.5),
            (-3.5, -2.0, -7.0, -1.5, 2.5),
        ],
        others=[(1.2, 3.0, 5.0, 0.8, 0.5), (200.0, 700.0, 4200.0, 200.0, 14.0), (270.0, 700.0, 4200.0, 200.0, 14.0)],
        mistakes=[
            predict_mass_unscaled,
            predict_mass_centred,
            predict_mass_uncentred,
            predict_mass_without_brackets,
            predict_mass_line_first,
            predict_mass_slope_first,
            predict_mass_quotient_first,
            predict_mass_mean_alone,
            predict_mass_without_bias,
            predict_mass_on_its_own_scale,
            predict_mass_in_spreads,
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "How much heavier is a penguin whose flipper is 1 mm longer?",
        ["about 5 g", "about 50 g", "about 500 g"],
        right="about 50 g",
        counters={
            "about 5 g": "At 5 g/mm, 41 mm would make 206 g more, and it is 2,036 g.",
            "about 500 g": "At 500 g/mm, 41 mm would make 20,600 g more; the heaviest penguin has 6,300 g.",
        },
    ),
    Prediction(
        "How much lower than 564.6 g is the RMSE of the best line?",
        ["not at all", "by a few grams", "by more than 100 g"],
        right="by more than 100 g",
        counters={"not at all": "It is 402.4 g.", "by a few grams": "It is 402.4 g."},
    ),
    Prediction(
        "Which shape do the contour lines have after standardising?",
        ["long ellipses, as before", "ellipses, about 14 times as long as wide", "circles"],
        right="circles",
        counters={
            "long ellipses, as before": "Both curvatures are 2 now.",
            "ellipses, about 14 times as long as wide": "Subtracting the mean alone gives these: curvatures 2 and 402.",
        },
    ),
    Prediction(
        "Which rate brings the raw run to the star in 30 steps?",
        ["one near 0.00002", "one near 0.0001", "none"],
        right="none",
        counters={
            "one near 0.00002": "It reaches the floor of the valley, and there 30 steps move b by less than a gram.",
            "one near 0.0001": "It is four times as large as the threshold, and the run flies off.",
        },
    ),
]
