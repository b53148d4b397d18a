"""The exercises of lesson 9."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question


def layer_below(dz, W, z, a):
    """Return dz, dW and db of the layer below."""
    dz_below = (dz @ W.T) * (z > 0)
    return dz_below, a.T @ dz_below, dz_below.sum(axis=0)


def layer_below_without_relu(dz, W, z, a):
    """The slope passes every unit, also those whose ReLU gave zero. What is the slope of max(z, 0) for a negative z?"""
    da = dz @ W.T
    return da, a.T @ da, da.sum(axis=0)


def layer_below_bracket_of_slope(dz, W, z, a):
    """The bracket looks at the sign of the slope that arrives. Whose sign decides whether a ReLU passes anything on?"""
    da = dz @ W.T
    dz_below = da * (da > 0)
    return dz_below, a.T @ dz_below, dz_below.sum(axis=0)


def layer_below_relu_itself(dz, W, z, a):
    """The slope is multiplied by the ReLU's output instead of by its slope. How steep is max(z, 0) where z is 3?"""
    dz_below = (dz @ W.T) * np.maximum(z, 0)
    return dz_below, a.T @ dz_below, dz_below.sum(axis=0)


def layer_below_weights_before_relu(dz, W, z, a):
    """dW and db are computed before the ReLU's bracket is applied. Which of da and dz makes the weights' slopes?"""
    da = dz @ W.T
    return da * (z > 0), a.T @ da, da.sum(axis=0)


def layer_below_weights_alone_before_relu(dz, W, z, a):
    """dW is computed before the ReLU's bracket is applied. Which of da and dz makes the weights' slopes?"""
    da = dz @ W.T
    dz_below = da * (z > 0)
    return dz_below, a.T @ da, dz_below.sum(axis=0)


def layer_below_mean_of_biases(dz, W, z, a):
    """db averages over the batch, which divides by n a second time. Where has the division by n been done already?"""
    dz_below, dW, db = layer_below(dz, W, z, a)
    return dz_below, dW, db / len(a)


def layer_below_divided_again(dz, W, z, a):
    """dW and db are divided by the batch size, and dz was already. At which station did the 1/n of the mean enter?"""
    dz_below, dW, db = layer_below(dz, W, z, a)
    return dz_below, dW / len(a), db / len(a)


def layer_below_from_above(dz, W, z, a):
    """dW and db are made from the slope of the layer above. Which dz belongs to the layer below?"""
    dz_below = (dz @ W.T) * (z > 0)
    return dz_below, a.T @ dz, dz.sum(axis=0)


def layer_below_bias_not_summed(dz, W, z, a):
    """db still has one row for each image. How many slopes does one bias have, and which rows add to it?"""
    dz_below = (dz @ W.T) * (z > 0)
    return dz_below, a.T @ dz_below, dz_below


def layer_below_bias_across(dz, W, z, a):
    """db sums over the units, so it has one number for each image. Which shape does the bias have?"""
    dz_below = (dz @ W.T) * (z > 0)
    return dz_below, a.T @ dz_below, dz_below.sum(axis=1)


def two_layer_step(X, W1, W2, dz2, learning_rate):
    """Return W1 and W2 after one step. The network has no biases."""
    z1 = X @ W1
    a1 = np.maximum(z1, 0)
    dz1 = (dz2 @ W2.T) * (z1 > 0)
    W2 = W2 - learning_rate * a1.T @ dz2
    W1 = W1 - learning_rate * X.T @ dz1
    return W1, W2


def two_layer_step_broken(X, W1, W2, dz2, learning_rate):
    """Return W1 and W2 after one step. The network has no biases."""
    z1 = X @ W1
    a1 = np.maximum(z1, 0)
    W2 = W2 - learning_rate * a1.T @ dz2
    dz1 = (dz2 @ W2.T) * (z1 > 0)
    W1 = W1 - learning_rate * X.T @ dz1
    return W1, W2


def two_layer_step_new_last_layer(X, W1, W2, dz2, learning_rate):
    """The slope walks back through the new W2, not through the one that made the loss. When may a W change?"""
    z1 = X @ W1
    new_W2 = W2 - learning_rate * np.maximum(z1, 0).T @ dz2
    dz1 = (dz2 @ new_W2.T) * (z1 > 0)
    return W1 - learning_rate * X.T @ dz1, new_W2


def two_layer_step_new_first_layer(X, W1, W2, dz2, learning_rate):
    """W1 is updated first, and a1 is then computed with the new W1. Which forward pass does dz2 belong to?"""
    dz1 = (dz2 @ W2.T) * (X @ W1 > 0)
    new_W1 = W1 - learning_rate * X.T @ dz1
    return new_W1, W2 - learning_rate * np.maximum(X @ new_W1, 0).T @ dz2


def two_layer_step_uphill(X, W1, W2, dz2, learning_rate):
    """The step is taken uphill: it adds what the rule subtracts. Which way does a gradient point?"""
    z1 = X @ W1
    dz1 = (dz2 @ W2.T) * (z1 > 0)
    return W1 + learning_rate * X.T @ dz1, W2 + learning_rate * np.maximum(z1, 0).T @ dz2


def two_layer_step_without_relu(X, W1, W2, dz2, learning_rate):
    """The bracket of the ReLU got lost on the way to the first layer. Which units pass no slope on?"""
    z1 = X @ W1
    dz1 = dz2 @ W2.T
    return W1 - learning_rate * X.T @ dz1, W2 - learning_rate * np.maximum(z1, 0).T @ dz2


def two_layer_step_relu_itself(X, W1, W2, dz2, learning_rate):
    """The slope is multiplied by the ReLU's output instead of by its slope. How steep is max(z, 0) where z is 3?"""
    a1 = np.maximum(X @ W1, 0)
    dz1 = (dz2 @ W2.T) * a1
    return W1 - learning_rate * X.T @ dz1, W2 - learning_rate * a1.T @ dz2


def two_layer_step_bracket_of_slope(X, W1, W2, dz2, learning_rate):
    """The bracket, or something like it, asks for the sign of the slope. Whose sign decides what a ReLU passes on?"""
    da1 = dz2 @ W2.T
    dz1 = da1 * (da1 > 0)
    return W1 - learning_rate * X.T @ dz1, W2 - learning_rate * np.maximum(X @ W1, 0).T @ dz2


def two_layer_step_divided_again(X, W1, W2, dz2, learning_rate):
    """The steps are divided by the number of images, and dz2 was already. Where did the 1/n of the mean enter?"""
    return two_layer_step(X, W1, W2, dz2 / len(X), learning_rate)


def two_layer_step_last_layer_only(X, W1, W2, dz2, learning_rate):
    """W1 comes out as it went in, so only the last layer learns. What should the slope of W1 change?"""
    return W1 + 0.0, W2 - learning_rate * np.maximum(X @ W1, 0).T @ dz2


def _layer_below_case(seed, n, above, units, inputs):
    """Return random dz, W, z and a: n images, `above` units above, `units` in this layer, and its inputs."""
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(size=shape) for shape in [(n, above), (units, above), (n, units), (n, inputs)])


def _step_case(seed, n, inputs, units, outputs, learning_rate):
    """Return a random batch, two matrices, dz2 and a rate."""
    rng = np.random.default_rng(seed)
    shapes = [(n, inputs), (inputs, units), (units, outputs), (n, outputs)]
    return *(rng.normal(size=shape) for shape in shapes), learning_rate


def work_of_network_weights(inputs=784, first=64, second=32, outputs=10):
    """The matrices of all layers, and their biases."""
    matrices = inputs * first + first * second + second * outputs
    biases = first + second + outputs
    return matrices + biases


def work_of_place_of_w2(inputs=784, first=64, second=32):
    """What lies before W2, and that and W2."""
    begin = inputs * first + first
    return [begin, begin + first * second]


EXERCISES = [
    Question(
        "network_weights",
        52650,
        why="784 · 64 + 64 = 50,240, then 64 · 32 + 32 = 2,080, then 32 · 10 + 10 = 330: 52,650 together.",
        hints=[
            "Count one layer after the other. A layer has a matrix W and a vector b.",
            "W1 has the shape (784, 64), so it holds 784 · 64 numbers. How many does b1 hold?",
            "The three layers hold 50,240, 2,080 and some more. Count the last one and add.",
        ],
        work=work_of_network_weights,
        mixups={"inputs": [28]},
        mistakes=[
            (52544, "These are the matrices without the biases. Which vectors does each layer add?"),
            (52640, "The biases of the last layer are missing. Do the ten outputs add a b?"),
            (52586, "It is 64 too few, as many as the first layer has units. Which vector of it was forgotten?"),
            (
                1092,
                "Inputs and units are added. How many numbers does each unit take in, "
                "and so how many weights has a whole layer?",
            ),
            (52547, "Each layer got one bias. How many units does it have, and which of them add a b?"),
            (53434, "The inputs got biases too, and they are given, not computed. Which columns of circles add a b?"),
            (53424, "A layer gets as many biases as it has inputs. Which of its circles add a b?"),
            (
                53072,
                "A layer gets as many biases as it has inputs, and the last layer is missing. Which circles add a b?",
            ),
            (50570, "The second layer is missing. Which matrix leads from 64 units to 32?"),
            (50240, "That is the first layer alone. How many layers of weights does the figure have?"),
            (
                52224,
                "The biases are missing, and the last layer too. What does a unit add, and how many layers are there?",
            ),
            (
                53104,
                "The inputs got biases, and the last layer is missing. Which columns of circles add a b?",
            ),
            (52320, "The last layer is missing. How many circles does the last column have?"),
            (890, "These are the circles of the figure, not its weights. How many numbers does one unit take in?"),
        ],
        tolerance=0.0,
    ),
    Exercise(
        layer_below,
        returns=("dz", "dW", "db"),
        why="The slope goes back through W, the ReLU stops it where z was not positive, and dW and db follow from dz.",
        hints=[
            "Station 3 does this for the second layer, in four lines. Read them with the new names.",
            "First da, the slope that arrives at this layer's outputs: `dz @ W.T`. Then the bracket.",
            "The new dz has the shape of z. The input a turns it into dW: one of the two must be transposed.",
            "db has one number for each unit: sum the new dz over the images, which are its rows.",
        ],
        cases=[
            (
                np.array([[0.5, -0.2], [0.3, 0.4], [-0.6, 0.1]]),
                np.array([[2.0, 3.0], [-1.5, 0.5], [4.0, -2.0], [0.5, 1.5]]),
                np.array([[0.7, 2.0, -3.0, 0.4], [-0.4, 1.5, 0.6, 3.0], [2.5, -0.8, 1.2, -0.6]]),
                np.array([[2.0, 5.0, -1.0, 0.5, 3.0], [3.0, -4.0, 1.5, 2.0, 0.4], [-2.0, 0.6, 4.0, -0.5, 1.5]]),
            ),
            _layer_below_case(0, 5, 2, 4, 3),
            _layer_below_case(1, 3, 6, 5, 7),
            (
                np.array([[0.5, -0.2], [0.3, 0.4]]),
                np.array([[2.0, 3.0], [-1.5, 0.5], [4.0, -2.0]]),
                np.array([[0.0, 2.0, -3.0], [1.5, 0.0, 0.6]]),  # at exactly 0 the gate is shut
                np.array([[2.0, 5.0], [3.0, -4.0]]),
            ),
        ],
        others=[_layer_below_case(2, 1, 2, 3, 4), _layer_below_case(3, 4, 3, 1, 1)],  # one image, one unit
        mistakes=[
            layer_below_without_relu,
            layer_below_bracket_of_slope,
            layer_below_relu_itself,
            layer_below_weights_before_relu,
            layer_below_weights_alone_before_relu,
            layer_below_mean_of_biases,
            layer_below_divided_again,
            layer_below_from_above,
            layer_below_bias_not_summed,
            layer_below_bias_across,
        ],
    ),
    Exercise(
        two_layer_step,
        returns=("W1", "W2"),
        why="dz1 needs the W2 of the forward pass, so both gradients come first and both updates after them.",
        hints=[
            "Every slope must be a slope of the same loss, the one of the forward pass.",
            "Read the lines in order. Which one uses a matrix that the line above has just changed?",
            "No line is wrong in itself. What if two of them change places?",
        ],
        cases=[
            (
                np.array([[2.0, 3.0, -1.0, 0.5], [-2.0, 0.5, 1.5, 4.0], [0.5, -3.0, 2.0, 1.5]]),
                np.array([[0.5, -0.6], [0.4, 0.7], [-0.3, 0.2], [0.6, -0.5]]),
                np.array([[2.0, -3.0, 0.5, 1.5, -0.5], [0.5, 4.0, -2.0, 3.0, 0.7]]),
                np.array([[0.5, -0.2, 0.3, -0.4, 0.6], [0.3, 0.4, -0.5, 0.2, -0.6], [-0.7, 0.6, 0.4, -0.3, 0.2]]),
                0.1,
            ),
            _step_case(0, 5, 3, 4, 2, 0.25),
            _step_case(1, 4, 6, 5, 3, 0.05),
            (
                np.array([[1.0, 1.0], [2.0, 1.0]]),
                np.array([[0.5, 0.75], [-0.5, 0.25]]),  # with the first image: exactly 0
                np.array([[2.0, -3.0], [0.5, 4.0]]),
                np.array([[0.5, -0.2], [0.3, 0.4]]),
                0.1,
            ),
        ],
        others=[_step_case(2, 1, 3, 4, 2, 0.1), _step_case(3, 4, 1, 3, 2, 0.1)],  # one image, one input
        mistakes=[
            two_layer_step_new_last_layer,
            two_layer_step_new_first_layer,
            two_layer_step_uphill,
            two_layer_step_without_relu,
            two_layer_step_relu_itself,
            two_layer_step_bracket_of_slope,
            two_layer_step_divided_again,
            two_layer_step_last_layer_only,
        ],
        broken=two_layer_step_broken,
    ),
    Question(
        "place_of_w2",
        [50240, 52288],
        why="784 · 64 + 64 = 50,240 numbers lie before W2, and W2 has 64 · 32 = 2,048.",
        hints=[
            "Before W2 lie W1 and b1. How many numbers are they?",
            "W1 has 784 · 64 = 50,176, and b1 has 64.",
            "W2 has 64 · 32 numbers; the first place behind it is so much further.",
        ],
        work=work_of_place_of_w2,
        mistakes=[
            ([50176, 52224], "The 64 biases b1 lie between W1 and W2. Where does W2 begin with them?"),
            ([50240, 52287], "That is the last place of W2. Which is the first one behind it?"),
            ([0, 2048], "These places are counted within W2. How many numbers lie before it?"),
            ([2, 3], "These are places in a list of arrays. How many numbers lie in the flat array before W2?"),
            ([50240, 2048], "The second is how many numbers W2 has. At which place does it end?"),
            ([50240, 52320], "That includes b2. Where does W2 alone end?"),
            ([50241, 52289], "Places count from 0. What is the place of the first number after 50,240 others?"),
            ([50240, 50304], "That is 64 further. How many numbers does a matrix of shape (64, 32) have?"),
            ([50240, 52338], "Something was added up wrongly. How much is 64 · 32?"),
        ],
        tolerance=0.0,
    ),
    Question(
        "still_equal",
        [1, 1, 10],
        why="Units that start equal stay equal, in columns and in rows; the labels tell the ten outputs apart.",
        hints=[
            "Column k of W1 belongs to unit k of the first layer. In what do two of these units differ at the start?",
            "Row j of W3 belongs to unit j of the second layer, and these units are equal, too.",
            "The ten outputs have labels of their own, so their slopes differ from the first step on.",
        ],
        mistakes=[
            ([64, 32, 10], "Units that start equal get equal gradients. What could make two of them differ?"),
            ([1, 32, 10], "A row of W3 belongs to a unit of the second layer. In what do these units differ?"),
            ([64, 1, 10], "A column of W1 belongs to a unit of the first layer. In what do these units differ?"),
            ([1, 1, 1], "The outputs are told apart by the labels. How many labels are there?"),
            ([1, 10, 10], "The ten columns of W3 differ. What does a row belong to?"),
            ([1, 1, 2], "Each output has a label of its own. How many labels are there?"),
            ([784, 1, 10], "That counts rows, one for each pixel. To what does a column of W1 belong?"),
            (
                [0, 0, 10],
                "A column or row that all units share still counts as one. How many are there if all are equal?",
            ),
        ],
        tolerance=0.0,
    ),
]

PREDICTIONS = [
    Prediction(
        "Where will the checks show that the bracket is missing?",
        ["at W3 and b3, nearer to the output", "at W2 and b2, nearer to the input", "nowhere"],
        right="at W2 and b2, nearer to the input",
        counters={
            "at W3 and b3, nearer to the output": "Their slopes are computed before the bracket comes.",
            "nowhere": "The first line says ✗.",
        },
    ),
    Prediction(
        "How many of the five shares of dW1[435, 36] are not zero?",
        ["none", "two", "five"],
        right="two",
        counters={
            "none": "Two gates are open, and the pixel has ink.",
            "five": "Three gates are shut, and no slope passes there.",
        },
    ),
    Prediction(
        "How large is the gap of the network after ten epochs?",
        ["smaller", "about the same", "larger"],
        right="larger",
        counters={"smaller": "It is about 0.16.", "about the same": "It is about 0.16."},
    ),
    Prediction(
        "What will the units of the first layer look like?",
        ["whole digits", "blobs and bits of strokes, in noise", "noise only"],
        right="blobs and bits of strokes, in noise",
    ),
    Prediction(
        "All weights and biases start at zero. Which gradients are zero too?",
        ["none of them", "all but that of the last bias", "all six"],
        right="all but that of the last bias",
        counters={
            "none of them": "All a are 0 and all W are 0, and nearly every slope has one of them as a factor.",
            "all six": "The slope of the last bias is p - onehot(y), added up, and that is not zero.",
        },
    ),
    Prediction(
        "How high is the training loss halfway between net and its twin?",
        ["as high as in both", "lower than in both", "several times as high"],
        right="several times as high",
        counters={
            "as high as in both": "Their answers are the same, but each mean is of two different units.",
            "lower than in both": "A mean of guesses may help. This is a mean of the weights of different units.",
        },
    ),
]
