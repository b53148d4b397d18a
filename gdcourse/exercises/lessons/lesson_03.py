"""The exercises of lesson 3."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

rng = np.random.default_rng(3)


def ravine_gradient(w):
    """[x, 20 * y]"""
    return np.array([w[0], 20 * w[1]])


def bowl_gradient(w):
    """[2 * x, 2 * y]"""
    return 2 * np.array([w[0], w[1]])


def shifted_slope(w):
    """[2 * (x - 3), 4 * (y - 2)]"""
    return np.array([2 * (w[0] - 3), 4 * (w[1] - 2)])


def tilted_gradient(w):
    """[2 * x - y, 4 * y - x]"""
    return np.array([2 * w[0] - w[1], 4 * w[1] - w[0]])


def pairs():
    """Return three points, each with a direction."""
    return rng.uniform(-3, 3, (3, 2, 2)).round(2)


# Write it: a gradient


def gradient_of_g(w):
    """Return the gradient of g at w."""
    x, y = w
    return np.array([2 * x - y, -x + 4 * y])


def arrow_in_space(w):
    """The third number is a height, as if the gradient were an arrow in space. In how many ways can w change?"""
    x, y = w
    return np.array([2 * x - y, -x + 4 * y, x**2 - x * y + 2 * y**2])


def g_itself(w):
    """That is the height g itself, one number. How does it change when only the first weight moves?"""
    x, y = w
    return x**2 - x * y + 2 * y**2


def g_gradient_swapped(w):
    """The two entries are swapped. Which weight does the first entry belong to?"""
    x, y = w
    return np.array([-x + 4 * y, 2 * x - y])


def g_gradient_without_product(w):
    """The product -xy has left no trace. With y held still, what is its slope along x?"""
    x, y = w
    return np.array([2 * x, 4 * y])


def g_gradient_product_in_x_only(w):
    """The product -xy is missing in the second entry. With x held still, what is its slope along y?"""
    x, y = w
    return np.array([2 * x - y, 4 * y])


def g_gradient_product_of_slopes(w):
    """The slope of -xy is taken as -1 in both entries. With y held still, what multiplies x?"""
    x, y = w
    return np.array([2 * x - 1, 4 * y - 1])


def g_gradient_product_by_itself(w):
    """The weights in the slopes of -xy are exchanged. With y held still, which letter is left of -xy?"""
    x, y = w
    return np.array([2 * x - x, -y + 4 * y])


def g_gradient_product_plus(w):
    """The minus before the product is lost. What is the slope of -xy along x?"""
    x, y = w
    return np.array([2 * x + y, x + 4 * y])


def g_gradient_factor_lost(w):
    """The slope of 2y² is taken as 2y. What is the derivative of y², and what does the 2 before it do?"""
    x, y = w
    return np.array([2 * x - y, -x + 2 * y])


def g_gradient_downhill(w):
    """That is the negative of the gradient. Does the gradient point uphill or downhill?"""
    x, y = w
    return np.array([-2 * x + y, x - 4 * y])


def g_gradient_summed(w):
    """The two slopes are added into one number. How many entries does the gradient have when w has two?"""
    x, y = w
    return 2 * x - y - x + 4 * y


# Fill the gap: the rate along any direction


def rate_along(gradient, w, direction):
    """Return how fast the height changes at w in this direction."""
    u = direction / np.linalg.norm(direction)
    return gradient(w) @ u


def rate_not_scaled(gradient, w, direction):
    """The direction keeps its own length, so the rate is that many times too large. How long must u be?"""
    u = direction
    return gradient(w) @ u


def rate_scaled_twice(gradient, w, direction):
    """The direction is divided by its length twice, so u has another length than 1. How long is u then?"""
    u = direction / (direction @ direction)
    return gradient(w) @ u


def rate_by_the_sum(gradient, w, direction):
    """The direction is divided by the sum of its entries. Is that the length of an arrow?"""
    u = direction / np.sum(direction)
    return gradient(w) @ u


def rate_by_the_absolute_sum(gradient, w, direction):
    """The direction is divided by the way along the axes. How long is the straight line?"""
    u = direction / np.sum(np.abs(direction))
    return gradient(w) @ u


def rate_by_len(gradient, w, direction):
    """`len` counts the entries, two. Which function gives the length of an arrow?"""
    u = direction / len(direction)
    return gradient(w) @ u


def rate_by_the_signs(gradient, w, direction):
    """`abs` takes the sign of each entry away, and u keeps nothing but signs. What gives the length of an arrow?"""
    u = direction / np.abs(direction)
    return gradient(w) @ u


def rate_by_the_largest(gradient, w, direction):
    """The direction is divided by its largest entry. Does that make an arrow of length 1?"""
    u = direction / np.max(np.abs(direction))
    return gradient(w) @ u


def rate_by_the_other_length(gradient, w, direction):
    """The direction is divided by the length of the gradient. Which of the two arrows must get the length 1?"""
    u = direction / np.linalg.norm(gradient(w))
    return gradient(w) @ u


def rate_uphill(gradient, w, direction):
    """That is the rate in the steepest direction, whatever the direction asked for. Which argument must u come from?"""
    u = gradient(w) / np.linalg.norm(gradient(w))
    return gradient(w) @ u


def rate_to_the_gradients_own_length(gradient, w, direction):
    """Both arrows are scaled, which leaves only the cosine of the angle. Which of the two must keep its length?"""
    u = direction / np.linalg.norm(direction) / np.linalg.norm(gradient(w))
    return gradient(w) @ u


def work_of_gradient_by_hand(x=4.0, y=-1.0):
    """The slopes along x and along y."""
    return [2 * x * y, x**2 + 3]


def work_of_blind_spot(x=5.0):
    """Where 20y is x."""
    return x / 20


def work_of_network_ravine(curvatures=(0.0102, 0.1935), learning_rate=8.0):
    """The larger curvature over the smaller, 2 over the larger, and the factor of the flat weight."""
    flat, steep = curvatures
    return [steep / flat, 2 / steep, 1 - learning_rate * flat]


# Fill the gap: one rate for several weights


def shared_limit(curvatures):
    """Return the learning rate below which every weight settles."""
    return 2 / max(curvatures)


def limit_of_the_second(curvatures):
    """It takes the curvature at place 1, whatever it is. Which of them decides, wherever it stands?"""
    return 2 / curvatures[1]


def limit_of_the_flattest(curvatures):
    """That is the limit of the flattest weight. What does the steepest one do at this rate?"""
    return 2 / min(curvatures)


def limit_of_the_sum(curvatures):
    """The curvatures are added, as if there were one weight. What is the limit of each weight by itself?"""
    return 2 / sum(curvatures)


def limit_of_the_mean(curvatures):
    """That is the limit of an average weight. What does a weight with more curvature than that do?"""
    return 2 / (sum(curvatures) / len(curvatures))


def limit_of_the_first(curvatures):
    """Only the first weight is looked at. Which of them all has the smallest limit?"""
    return 2 / curvatures[0]


def limit_by_the_count(curvatures):
    """That divides by the number of weights, whatever their curvatures are. Which of their curvatures decides?"""
    return 2 / len(curvatures)


def limit_of_the_best_rate(curvatures):
    """That is where flattest and steepest shrink equally fast: the best rate. Where does the steepest one diverge?"""
    return 2 / (min(curvatures) + max(curvatures))


def limit_by_the_condition_number(curvatures):
    """That divides by the condition number, largest over smallest. Which weight has the lowest limit?"""
    return 2 / (max(curvatures) / min(curvatures))


def limit_half(curvatures):
    """That is 1 / curvature, where the steepest weight lands in one step. How far can the rate go from there?"""
    return 1 / max(curvatures)


EXERCISES = [
    Question(
        "gradient_by_hand",
        [-8.0, 19.0],
        why="With y constant the slope is 2xy = -8; with x constant it is x² + 3 = 19.",
        hints=[
            "One weight at a time. For the first entry, treat y as a constant.",
            "Along x, x²y has the slope 2xy and 3y has none. Along y, x² is a constant factor.",
            "The first entry is 2 · 4 · (-1). The second is 4² and something from 3y.",
        ],
        work=work_of_gradient_by_hand,
        mistakes=[
            ([-8.0, 16.0], "The 3y is dropped in the second entry. With x constant, what is its slope?"),
            ([19.0, -8.0], "The entries are swapped. Which weight does the first one belong to?"),
            ([8.0, 19.0], "The sign of y is lost in the first entry. What is 2xy at (4, -1)?"),
            ([8.0, -19.0], "That is the negative of the gradient. Does the gradient point uphill or downhill?"),
            ([-5.0, 19.0], "The 3 of 3y has come into the first entry. With y constant, what is the slope of 3y?"),
            ([-8.0, 3.0], "The x²y is dropped in the second entry. With x constant, what is its slope along y?"),
            ([-11.0, 19.0], "3y itself is added in the first entry. With y constant, what is the slope of 3y along x?"),
            ([-8.0, -13.0], "The second entry keeps the y of x²y. With x constant, what is the slope of x²y along y?"),
            ([-8.0, 13.0], "The second entry takes 3y for its slope and gets -3. What is the derivative of 3y?"),
            ([8.0, 16.0], "The entries look like 2x and x², without y and without 3. What multiplies x² in x²y?"),
            (
                [-8.0, 11.0],
                "The second entry takes 2x for x². Along y, is x² a factor that stays, or a square to differentiate?",
            ),
            (
                [11.0],
                "That is the sum of the two slopes, one number. How many entries does this gradient have?",
            ),
            ([-19.0], "That is the height there, not the gradient. How steep is it along x, and how steep along y?"),
        ],
    ),
    Exercise(
        gradient_of_g,
        why="The product -xy has the slope -y along x and -x along y; the squares give 2x and 4y.",
        hints=[
            "First entry: treat y as a constant. Second entry: treat x as a constant.",
            "Along x, the 2y² drops out. What is the slope of x², and what that of -xy?",
            "Along y, the x² drops out, -xy has the slope -x, and 2y² is left to you.",
        ],
        cases=[
            (np.array([3.0, 2.0]),),
            (np.array([1.5, -0.7]),),
            (np.array([-0.4, 2.5]),),
            *((point,) for point in rng.uniform(-3, 3, (5, 2))),
        ],
        others=[(np.array([2.0, 0.0]),), (np.array([0.0, -3.0]),)],
        mistakes=[
            arrow_in_space,
            g_itself,
            g_gradient_swapped,
            g_gradient_without_product,
            g_gradient_product_in_x_only,
            g_gradient_product_of_slopes,
            g_gradient_product_by_itself,
            g_gradient_product_plus,
            g_gradient_factor_lost,
            g_gradient_downhill,
            g_gradient_summed,
        ],
    ),
    Question(
        "blind_spot",
        0.25,
        why="At (5, 0.25) both entries are 5, so swapping them changes nothing; check where the entries differ.",
        hints=[
            "What does the wrong gradient get at (5, y), and what does the right one get?",
            "The right one is [5, 20y]. The wrong one holds the same two numbers the other way round.",
            "They agree where 20y equals 5.",
        ],
        work=work_of_blind_spot,
        mixups={"x": [4.0, 1.0]},
        mistakes=[
            (5.0, "At (5, 5) the weights are equal, the entries are 5 and 100. Which two must be equal?"),
            (100.0, "That multiplies 5 by 20. At which y is 20y equal to 5?"),
            (4.0, "That divides 20 by 5. At which y is 20y equal to 5?"),
            (1.25, "That divides 25, the square of 5, by 20. Which entry of a gradient holds x, and with which power?"),
            (1.118, "That makes the two parts of the height equal. What are the entries of the gradient there?"),
            (20.0, "That is the factor of y. At which y is 20y equal to 5?"),
            (0.0, "At (5, 0) the entries are 5 and 0, so swapping them shows. At which y are they equal?"),
            (1.0, "At (5, 1) the entries are 5 and 20, so swapping them shows. At which y are they equal?"),
            (-0.25, "At (5, -0.25) the entries are 5 and -5, so swapping them shows. Which sign makes them equal?"),
        ],
    ),
    Exercise(
        rate_along,
        why="Dividing by the length keeps the direction and makes the length 1, as the directional derivative needs.",
        hints=[
            "The rate is the gradient dotted with an arrow of length 1. How long is `direction`?",
            "Divide every entry by the length. [3, 4] has the length 5.",
            "`np.linalg.norm` gives the length of an arrow. Divide the direction by its own.",
        ],
        cases=[
            (ravine_gradient, np.array([2.0, 0.2]), np.array([3.0, 4.0])),
            (bowl_gradient, np.array([3.0, -2.0]), np.array([-4.0, 3.0])),
            (ravine_gradient, np.array([-3.0, 0.5]), np.array([0.6, 1.2])),
            (ravine_gradient, np.array([1.5, 0.2]), np.array([6, 8])),
            *((ravine_gradient, w, direction) for w, direction in pairs()),
            *((shifted_slope, w, direction) for w, direction in pairs()),
        ],
        others=[  # to the right and down, left and down, straight up
            (ravine_gradient, np.array([1.0, 0.3]), np.array([3.0, -4.0])),
            (ravine_gradient, np.array([1.0, 0.3]), np.array([-5.0, -2.0])),
            (bowl_gradient, np.array([2.0, 1.5]), np.array([0.0, 2.0])),
        ],
        mistakes=[
            rate_not_scaled,
            rate_scaled_twice,
            rate_by_the_sum,
            rate_by_the_absolute_sum,
            rate_by_len,
            rate_by_the_signs,
            rate_by_the_largest,
            rate_by_the_other_length,
            rate_uphill,
            rate_to_the_gradients_own_length,
        ],
    ),
    Exercise(
        shared_limit,
        why="Each weight has its own limit, 2 over its curvature; the largest curvature has the smallest one.",
        hints=[
            "Write down the limit of each weight by itself, for the curvatures 1 and 20.",
            "The rate must be below all of these limits. Which one is the smallest?",
            "Which curvature has the smallest limit? Python has a function that finds it in a list.",
        ],
        cases=[
            ([4.0, 10.0, 0.5],),
            ([8.0, 0.2],),
            ([0.3, 2.5, 0.7, 1.6],),
            *((curvatures.tolist(),) for curvatures in rng.uniform(0.1, 30, (3, 5)).round(2)),
        ],
        others=[([0.01, 0.19],), ([5.0],)],
        mistakes=[
            limit_of_the_flattest,
            limit_of_the_second,
            limit_of_the_sum,
            limit_of_the_mean,
            limit_of_the_first,
            limit_by_the_count,
            limit_of_the_best_rate,
            limit_by_the_condition_number,
            limit_half,
        ],
    ),
    Question(
        "network_ravine",
        [0.1935 / 0.0102, 2 / 0.1935, 1 - 8 * 0.0102],
        why="0.1935 / 0.0102 = 19.0, 2 / 0.1935 = 10.3, and x keeps 1 - 8 · 0.0102 = 0.918 of its error.",
        hints=[
            "The condition number is the largest curvature divided by the smallest.",
            "The limit is 2 over a curvature. Which of the two weights has the lower limit?",
            "A step multiplies the error of x by 1 - ηc, with the curvature along x.",
        ],
        work=work_of_network_ravine,
        mistakes=[
            ([0.0102 / 0.1935, 2 / 0.1935, 0.9184], "The first is upside down. Which curvature is divided by which?"),
            ([0.1935 / 0.0102, 2 / 0.0102, 0.9184], "The second is the limit of x alone. What does y do at this rate?"),
            ([0.1935 / 0.0102, 1 / 0.1935, 0.9184], "The second is 1/c. Up to which rate does y settle?"),
            (
                [0.1935 / 0.0102, 2 / 0.1935, 1 - 8 * 0.1935],
                "The third is the factor of y. Which curvature belongs to x?",
            ),
            ([0.1935 / 0.0102, 2 / 0.1935, 8 * 0.0102], "The third is what a step takes away. What does it leave?"),
            ([0.1935 / 0.0102, 2 / 0.1935, 8 * 0.1935], "The third is ηc of y. What does a step leave of x's error?"),
            ([0.1935 / 0.0102, 0.1935 / 2, 0.9184], "The second is c/2. Which of the two is divided by the other?"),
            ([0.1935 / 0.0102, 2 / 0.2037, 0.9184], "The curvatures are added. Which of them alone sets the limit?"),
            (
                [0.1935 / 0.0102, 2 / 0.1935, 1.0816],
                "The third is 1 + ηc, so x's error would grow. Which sign stands there?",
            ),
            ([0.1833, 2 / 0.1935, 0.9184], "The first is a difference. What is done with the two curvatures?"),
        ],
        tolerance=0.01,
    ),
]

PREDICTIONS = [
    Prediction(
        "Which weight does the next step change more?",
        ["x", "y", "both by the same"],
        right="y",
        counters={
            "x": "The slope along x is 4, the one along y is 20.",
            "both by the same": "The slope along x is 4, the one along y is 20.",
        },
    ),
    Prediction(
        "At which angle does the gradient cross the contour line?",
        ["45°", "90°", "it depends on the point"],
        right="90°",
        counters={
            "45°": "At 45° to the arrow it still climbs, and along a contour line nothing climbs.",
            "it depends on the point": "Along a contour line the height stays, and that fixes the angle everywhere.",
        },
    ),
    Prediction(
        "As h gets smaller, what does the error do?",
        ["it keeps falling", "it falls, then rises", "it stays the same"],
        right="it falls, then rises",
        counters={
            "it keeps falling": "At the smallest nudges it is again as large as at the largest ones.",
            "it stays the same": "From h = 0.1 to 0.01 it falls a hundredfold.",
        },
    ),
    Prediction(
        "In how many directions is the rate of change zero?",
        ["none", "one", "two", "four"],
        right="two",
        counters={
            "none": "On the way from the steepest up to the steepest down it must pass zero.",
            "one": "It passes zero on the way down, and once more on the way up again.",
            "four": "It passes zero once on the way down and once on the way up.",
        },
    ),
    Prediction(
        "Which rate ends nearer to the star after 25 steps?",
        ["0.02", "0.095", "both reach it"],
        right="0.095",
        counters={
            "0.02": "It ends at x = 2.41, the other one at x = 0.33.",
            "both reach it": "They end at x = 2.41 and at x = 0.33.",
        },
    ),
    Prediction(
        "From which starts does the path stay on the straight line to the star?",
        ["from none", "from those on the x axis or the y axis", "from all, if the rate is small"],
        right="from those on the x axis or the y axis",
        counters={
            "from none": "From (4, 0) it does: y has no slope there, and stays 0.",
            "from all, if the rate is small": "At (4, 1) the step goes five times as far along y, whatever the rate.",
        },
    ),
    Prediction(
        "How much of the promised fall comes?",
        ["nearly all", "about half", "nothing: the loss rises"],
        right="about half",
        counters={
            "nearly all": "13.25 were promised, and 6.84 come. That of 0.001 keeps nearly all.",
            "nothing: the loss rises": "The loss falls by 6.84. It rises with 0.105, above the threshold.",
        },
    ),
]
