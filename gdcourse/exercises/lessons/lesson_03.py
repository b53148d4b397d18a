"""The exercises of notebook 3."""

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


starts = rng.uniform(-3, 3, (4, 2)).round(2)


# Write it: a gradient


def gradient_of_g(w):
    """Return the gradient of g at w."""
    x, y = w
    return np.array([2 * x - y, -x + 4 * y])


def arrow_in_space(w):
    """The third number is a height, as if the gradient were an arrow in space. In how many ways can w change?"""
    x, y = w
    return np.array([2 * x - y, -x + 4 * y, x**2 - x * y + 2 * y**2])


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
    """The two slopes are added into one number. How many entries has the gradient when w has two?"""
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
    """Both arrows are scaled, which leaves the cosine of the angle alone. Which of the two must keep its length?"""
    u = direction / np.linalg.norm(direction) / np.linalg.norm(gradient(w))
    return gradient(w) @ u


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


def work_of_gradient_by_hand(x=2.0, y=-1.0):
    """The slopes along x and along y."""
    return [2 * x * y, x**2 + 3]


def work_of_blind_spot(x=5.0):
    """Where 20y is x."""
    return x / 20


def work_of_largest_rate(factor_x=3.0, factor_y=50.0):
    """2 over the larger curvature."""
    curvature_x, curvature_y = 2 * factor_x, 2 * factor_y
    return 2 / max(curvature_x, curvature_y)


def work_of_share_of_x(factor_x=3.0, learning_rate=0.02):
    """One less the rate times the curvature."""
    curvature_x = 2 * factor_x
    return 1 - learning_rate * curvature_x


EXERCISES = [
    Question(
        "gradient_by_hand",
        [-4.0, 7.0],
        why="With y constant the slope is 2xy = -4; with x constant it is x² + 3 = 7.",
        hints=[
            "One weight at a time. For the first entry, treat y as a constant.",
            "Along x, x²y has the slope 2xy and 3y has none. Along y, x² is a constant factor.",
            "The first entry is 2 · 2 · (-1). The second is 2² and something from 3y.",
        ],
        work=work_of_gradient_by_hand,
        mistakes=[
            ([-4.0, 4.0], "The 3y is dropped in the second entry. With x constant, what is its slope?"),
            ([7.0, -4.0], "The entries are swapped. Which weight does the first one belong to?"),
            ([4.0, 7.0], "The sign of y is lost in the first entry. What is 2xy at (2, -1)?"),
            ([4.0, -7.0], "That is the negative of the gradient. Does the gradient point uphill or downhill?"),
            ([-1.0, 7.0], "The 3 of 3y has come into the first entry. With y constant, what is the slope of 3y?"),
            ([-4.0, 3.0], "The x²y is dropped in the second entry. With x constant, what is its slope along y?"),
            ([-7.0, 7.0], "3y itself is added in the first entry. With y constant, what is the slope of 3y along x?"),
            ([-4.0, -1.0], "The second entry keeps the y of x²y. With x constant, what is the slope of x²y along y?"),
            ([-4.0, 1.0], "The second entry takes 3y for its slope and gets -3. What is the derivative of 3y?"),
            ([4.0, 4.0], "The entries look like 2x and x², without y and without 3. What multiplies x² in g?"),
            ([3.0], "That is the sum of the two slopes, one number. How many entries has the gradient of two weights?"),
            ([-7.0], "That is the height there, not the gradient. How steep is it along x, and how steep along y?"),
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
        mistakes=[
            arrow_in_space,
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
            (20.0, "That is the factor of y. At which y is 20y equal to 5?"),
            (0.0, "At (5, 0) the entries are 5 and 0, so swapping them shows. At which y are they equal?"),
            (1.0, "At (5, 1) the entries are 5 and 20, so swapping them shows. At which y are they equal?"),
            (-0.25, "At (5, -0.25) the entries are 5 and -5, so swapping them shows. Which sign makes them equal?"),
        ],
    ),
    Question(
        "rate_lines",
        [3, 2, 1],
        why="A rate is the gradient dotted with a direction of length 1: here [1, 2] · [0.6, 0.8] = 2.2.",
        hints=[
            "Which two arrows does the dot product need? Make both ready first.",
            "One step changes a weight. Nothing moves here, so it does not belong.",
            "The dot product comes last; the two steps before it may stand in either order.",
        ],
        lines=[
            "Take the dot product of the gradient and the direction.",
            "Divide [3, 4] by its length, 5.",
            "Compute the gradient: [1, 2].",
            "Multiply by the learning rate.",
        ],
        also=[[2, 3, 1]],
        needs={
            (3, 1): "Which two arrows does the dot product need?",
            (2, 1): "How long must the direction be in the dot product?",
        },
        strange={4: "The learning rate belongs to the update rule: does anything move here?"},
        mistakes=[
            ([3, 1], "Without line 2 the answer is 11, five times too large. How long must the direction be?"),
            ([3, 1, 2], "Line 2 comes after the direction has been used. Which line needs the direction?"),
            ([3, 2, 1, 4], "The learning rate belongs to the update rule. Does anything move here?"),
            ([2, 3, 1, 4], "Line 4 makes a step, and the rate was there before it. Does anything move here?"),
            ([2, 1, 3], "The dot product comes before the gradient is known. Which two arrows does it need?"),
            ([2, 1], "The dot product has no gradient to work with. Which line computes it?"),
            ([3, 2], "Both arrows are ready, but they are not put together. Which line gives one number?"),
            ([3, 2, 4, 1], "The learning rate has no place in a rate of change. Which rule does line 4 come from?"),
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
        mistakes=[
            rate_not_scaled,
            rate_scaled_twice,
            rate_by_the_sum,
            rate_by_the_absolute_sum,
            rate_by_len,
            rate_by_the_largest,
            rate_by_the_other_length,
            rate_uphill,
            rate_to_the_gradients_own_length,
        ],
    ),
    Question(
        "largest_rate",
        0.02,
        why="The curvatures are 6 along x and 100 along y, and the larger one sets the threshold: 2/100.",
        hints=[
            "Differentiate: what is the slope along x, and how fast does it change? And along y?",
            "The slopes are 6x and 100y, so the factors are 1 - 6η and 1 - 100η. Which passes -1 first?",
            "Solve 1 - 100η = -1 for η.",
        ],
        work=work_of_largest_rate,
        mistakes=[
            (0.04, "That takes the curvature along y as 50. What is the slope of 50y², and how fast does it change?"),
            (0.01, "With that the factor for y is 0, and y lands in one step. Which value may a factor not pass?"),
            (1 / 3, "That is the limit for x alone. Which of the two weights has the smaller limit?"),
            (2 / 3, "That is the limit for x alone, with 3 for its curvature. Which weight has the smaller limit?"),
            (2 / 106, "That is the best rate for both weights. At which larger one does the factor for y reach -1?"),
            (0.1, "That is the limit of the ravine, with the curvature 20. What is the curvature along y here?"),
            (50.0, "That is the factor of y², or half the curvature. For which η is 1 - 100η equal to -1?"),
            (100.0, "That is the curvature along y. For which η is 1 - 100η equal to -1?"),
        ],
    ),
    Question(
        "share_of_x",
        0.88,
        why="The factor for x is 1 - 6η, and just below the limit that is about 1 - 6 · 0.02.",
        hints=[
            "What is the slope along x, and so the factor for x?",
            "It is 1 - 6η. Put in the limit that you have just found.",
        ],
        work=work_of_share_of_x,
        mixups={"learning_rate": [0.1, 0.04, 0.01]},
        mistakes=[
            (0.12, "That is the share that goes at each step. How much is left?"),
            (-1.0, "That is the factor for y at the limit. What is the factor for x?"),
            (0.98, "That uses 1 - η, the factor of the ravine. What is the slope of 3x²?"),
            (0.94, "That takes the curvature along x as 3, or the rate as 0.01. What are they here?"),
            (0.96, "That uses 1 - 2η, the factor of the parabola in notebook 1. What is the slope of 3x²?"),
            (0.76, "That is what the rate 0.04 leaves. Is y settled at that rate?"),
            (0.9, "That is what is left in the ravine, where the limit is 0.1. What is the limit here?"),
            (88.0, "That is the share in percent. What is it as a part of 1?"),
        ],
        tolerance=0.003,
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
        mistakes=[
            record_path_with_slices,
            record_path_every_row_the_same,
            record_path_cutting_fractions,
            record_path_losing_the_start,
            record_path_with_two_faults,
            record_path_forgetting_the_last,
            record_path_uphill,
            record_path_one_by_one,
        ],
        broken=record_path_broken,
    ),
]

PREDICTIONS = [
    Prediction(
        "Which weight does the next step change more?",
        ["x", "y", "both by the same"],
        right="y",
    ),
    Prediction(
        "At which angle does the gradient cross the contour line?",
        ["45°", "90°", "it depends on the point"],
        right="90°",
    ),
    Prediction(
        "As h gets smaller, what does the error do?",
        ["it keeps falling", "it falls, then rises", "it stays the same"],
        right="it falls, then rises",
    ),
    Prediction(
        "In how many directions is the rate zero?",
        ["none", "one", "two", "four"],
        right="two",
    ),
    Prediction(
        "Which rate ends nearer to the star after 25 steps?",
        ["0.02", "0.095", "both reach it"],
        right="0.095",
    ),
    Prediction(
        "From which starts does the path stay on the straight line to the star?",
        ["from none", "from those on the x axis or the y axis", "from all, if the rate is small"],
        right="from those on the x axis or the y axis",
    ),
    Prediction(
        "What does the second run print?",
        ["int64 [3 2]", "int64 [0 0]", "an error"],
        right="int64 [0 0]",
    ),
]
