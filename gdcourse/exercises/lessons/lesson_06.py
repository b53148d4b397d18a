"""The exercises of notebook 6."""

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


def layer_below_mean_of_biases(dz, W, z, a):
    """db averages over the batch, which divides by n a second time. Where has the division by n been done already?"""
    dz_below = (dz @ W.T) * (z > 0)
    return dz_below, a.T @ dz_below, dz_below.mean(axis=0)


def layer_below_divided_again(dz, W, z, a):
    """dW and db are divided by the batch size, and dz was already. At which station did the 1/n of the mean enter?"""
    dz_below = (dz @ W.T) * (z > 0)
    return dz_below, a.T @ dz_below / len(a), dz_below.sum(axis=0) / len(a)


def layer_below_from_above(dz, W, z, a):
    """dW and db are made from the slope of the layer above. Which dz belongs to the layer below?"""
    dz_below = (dz @ W.T) * (z > 0)
    return dz_below, a.T @ dz, dz.sum(axis=0)


def layer_below_bias_not_summed(dz, W, z, a):
    """db still has one row for each image. How many slopes does one bias have, and who has a say in it?"""
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
    """A matrix and its biases for each layer."""
    return inputs * first + first + (first * second + second) + (second * outputs + outputs)


def work_of_logit_slopes(p=np.array([0.2, 0.5, 0.3]), label=2, n=4):  # noqa: B008
    """The probabilities less the one-hot row, over n."""
    onehot = np.eye(3)[label]
    return (p - onehot) / n


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
            (52547, "Each layer got one bias. How many units does it have, and which of them add a b?"),
            (53434, "The inputs got biases too, and they are given, not computed. Which columns of circles add a b?"),
            (52320, "The last layer is missing. How many circles does the last column have?"),
            (890, "These are the circles of the figure, not its weights. How many arrows lead into one unit?"),
        ],
        tolerance=0.0,
    ),
    Question(
        "logit_slopes",
        [0.05, 0.125, -0.175],
        why="(0.2, 0.5, 0.3 - 1) / 4: the right class gets a negative slope, so a step raises its logit.",
        hints=[
            "The formula of station 1 has three parts: p, a row with a single 1, and 1/n.",
            "Labels count from 0. Which of the three entries has label 2?",
            "p - onehot(y) is 0.2, 0.5 and a negative number. What is n here?",
        ],
        work=work_of_logit_slopes,
        mixups={"n": [3]},
        mistakes=[
            ([0.2, 0.5, -0.7], "The division by n is missing, and the loss is a mean. How many images share it?"),
            ([-0.05, -0.125, 0.175], "All signs are turned: this is onehot(y) - p. Which of the two is subtracted?"),
            ([0.05, -0.125, 0.075], "The 1 is subtracted at the second entry. From which number do labels count?"),
            ([0.2 / 3, 0.5 / 3, -0.7 / 3], "You divided by the number of classes. Over what does the loss average?"),
            ([0.05, 0.125, 0.075], "This is p / n, and nothing says which class is right. What happens at the label?"),
        ],
    ),
    Exercise(
        layer_below,
        why="The slope goes back through W, the ReLU stops it where z was not positive, and dW and db follow from dz.",
        hints=[
            "Station 3 does this for the second layer, in four lines. Read them with the new names.",
            "First da, the slope that arrives at this layer's outputs: dz @ W.T. Then the bracket.",
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
        ],
        mistakes=[
            layer_below_without_relu,
            layer_below_bracket_of_slope,
            layer_below_relu_itself,
            layer_below_weights_before_relu,
            layer_below_mean_of_biases,
            layer_below_divided_again,
            layer_below_from_above,
            layer_below_bias_not_summed,
            layer_below_bias_across,
        ],
    ),
    Exercise(
        two_layer_step,
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
        ],
        mistakes=[
            two_layer_step_new_last_layer,
            two_layer_step_new_first_layer,
            two_layer_step_uphill,
            two_layer_step_without_relu,
            two_layer_step_last_layer_only,
        ],
        broken=two_layer_step_broken,
    ),
    Question(
        "training_step_order",
        [3, 2, 6, 5, 1],
        why="Batch, forward, dz3, backward, update. Validation belongs after an epoch: it never changes a weight.",
        hints=[
            "A step begins with images and ends with changed weights.",
            "Each line uses what another has made. dz3 needs probabilities, and those need a forward pass.",
            "The line that doesn't belong measures something, and no other line uses what it finds.",
        ],
        lines=[
            "subtract the learning rate times each gradient from its weights",
            "run the batch forward",
            "pick the next batch",
            "run the validation images forward",
            "walk backward from the last layer to the first",
            "compute dz3 from the probabilities and the labels",
        ],
        needs={
            (3, 2): "On what does the forward pass run?",
            (2, 6): "From where do the probabilities come?",
            (6, 5): "What does the walk back carry?",
            (5, 1): "Which slopes does the update use?",
        },
        strange={4: "Validation changes no weight, and no line needs its result: when is it run?"},
        mistakes=[
            ([3, 2, 6, 1, 5], "The weights are updated before the slopes are known. Which line finds them?"),
            ([3, 2, 5, 6, 1], "The walk back begins before it has a dz3 to carry. Where does the walk start?"),
            ([2, 3, 6, 5, 1], "The forward pass runs before there is a batch. What does it run on?"),
            ([3, 2, 6, 5, 1, 4], "Validation runs after every step here. Which line of the step needs its result?"),
            ([3, 2, 6, 5, 4, 1], "Validation stands before the update. Does the update need its result?"),
            ([3, 4, 2, 6, 5, 1], "Validation runs before the batch does. Which line of the step needs its result?"),
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "What comes out of softmax?",
        ["(5, 10), each row adds up to 1", "(5, 10), each column adds up to 1", "(5,), one digit for each image"],
        right="(5, 10), each row adds up to 1",
    ),
    Prediction("Will the check of dW2 notice that the bracket is missing?", ["yes", "no"], right="yes"),
    Prediction(
        "How many steps does an epoch have, and how large is the last batch?",
        ["218 steps, the last with 32 images", "219 steps, the last with 32", "219 steps, the last with 24"],
        right="219 steps, the last with 24",
    ),
    Prediction(
        "How far apart will the weights of the two networks be after two epochs?",
        ["equal but for rounding", "alike in two or three digits", "unlike"],
        right="equal but for rounding",
    ),
    Prediction(
        "Which loss is lower after ten epochs?",
        ["the training loss", "the validation loss", "about equal"],
        right="the training loss",
    ),
    Prediction(
        "Where does the loss of the first new epoch begin?",
        ["near 2.3, as a new network does", "where the last run ended", "halfway between the two"],
        right="where the last run ended",
    ),
    Prediction(
        "What will the units of the first layer look like?",
        ["digits", "parts of strokes", "nothing but noise"],
        right="parts of strokes",
    ),
    Prediction(
        "What does the network see of the small 3 in the corner?",
        ["a small 3 in a corner", "nearly the same as of the large one", "a blank picture"],
        right="nearly the same as of the large one",
    ),
    Prediction(
        "All weights and biases start at zero. Which gradients are zero too?",
        ["none of them", "all but that of the last bias", "all six"],
        right="all but that of the last bias",
    ),
]
