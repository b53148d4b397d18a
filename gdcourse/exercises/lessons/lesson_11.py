"""The exercises of lesson 11."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

ROUND_ONE = [3, 5, 1, 4, 2, 6]
ROUND_TWO = [4, 6, 2, 3, 1, 5]


def exchanged(right, said):
    """Return (answer, diagnosis) for each pair of cases whose faults may be taken for each other's."""
    found = []
    for (one, other), text in said.items():
        wrong = list(right)
        wrong[one], wrong[other] = wrong[other], wrong[one]
        found.append((wrong, text))
    return found


def dead_shares(outputs):
    """Return a list: for each layer the share of its units that are dead."""
    return [(a == 0).all(axis=0).mean() for a in outputs]


def dead_shares_by_image(outputs):
    """It counts images for which every unit of a layer is silent. A unit is a column: over which axis must `all` go?"""
    return [(a == 0).all(axis=1).mean() for a in outputs]


def dead_shares_any(outputs):
    """A unit counts as dead as soon as any one image gets 0. How many of the images must get 0?"""
    return [(a == 0).any(axis=0).mean() for a in outputs]


def dead_shares_of_the_first_image(outputs):
    """It looks at the first image alone. For which of the images is a dead unit silent?"""
    return [(a[0] == 0).mean() for a in outputs]


def dead_shares_of_zeros(outputs):
    """It is the share of zeros among all outputs, not of dead units. Is a unit that is silent for one image dead?"""
    return [(a == 0).mean() for a in outputs]


def dead_shares_counted(outputs):
    """It counts the dead units. Which share of the units of the layer is that?"""
    return [(a == 0).all(axis=0).sum() for a in outputs]


def dead_shares_alive(outputs):
    """It is the share of living units. What is 1 minus that?"""
    return [(a > 0).any(axis=0).mean() for a in outputs]


def dead_shares_of_the_last_layer(outputs):
    """It is the share of the last layer alone. Which layers should have one?"""
    return [(outputs[-1] == 0).all(axis=0).mean()]


def dead_shares_together(outputs):
    """It is one share for all layers together. Where would one see which layer is dead?"""
    dead = np.concatenate([(a == 0).all(axis=0) for a in outputs])
    return dead.mean()


def dead_shares_by_sum(outputs):
    """The dead units are divided by the number of images. Of what is it a share: of the images, or of the units?"""
    return [(a == 0).all(axis=0).sum() / len(a) for a in outputs]


def smallest_loss(classes):
    """Return the loss that a double softmax can come near, and never below."""
    return -np.log(np.e / (np.e + classes - 1))


def smallest_loss_of_a_guess(classes):
    """That is the loss of knowing nothing, of equal scores. Which scores make the surest answer?"""
    return np.log(classes)


def smallest_loss_nothing_for_zeros(classes):
    """It is 0, as if the other classes added nothing to the sum. How much is e to the power 0?"""
    return 0.0


def smallest_loss_right_class_twice(classes):
    """The sum counts the right class twice, once with e and once with 1. How many classes have the score 0?"""
    return -np.log(np.e / (np.e + classes))


def smallest_loss_probability(classes):
    """That is the probability of the right class. Which loss does it cost?"""
    return np.e / (np.e + classes - 1)


def smallest_loss_rest_of_one(classes):
    """That is 1 minus the probability of the right class, and no loss yet. Which function makes a loss of it?"""
    return 1 - np.e / (np.e + classes - 1)


def smallest_loss_one_wrong_class(classes):
    """Only one wrong class is in the sum. How many are there?"""
    return -np.log(np.e / (np.e + 1))


def train_in_batches(w, batches, slopes, learning_rate):
    """Return w after one step for each batch."""
    for batch in batches:
        w = w - learning_rate * slopes(w, batch) / len(batch)
    return w


def train_in_batches_broken(w, batches, slopes, learning_rate):
    """Return w after one step for each batch."""
    total = np.zeros(len(w))
    for batch in batches:
        total = total + slopes(w, batch)
        w = w - learning_rate * total
    return w


def train_in_batches_summed(w, batches, slopes, learning_rate):
    """The slopes are summed over the batch, and the rate is meant for their mean. What is missing in the step?"""
    for batch in batches:
        w = w - learning_rate * slopes(w, batch)
    return w


def train_in_batches_piled_up(w, batches, slopes, learning_rate):
    """The slopes of earlier batches are still in the total: it is never emptied. Which slopes belong to this step?"""
    total = np.zeros(len(w))
    for batch in batches:
        total = total + slopes(w, batch)
        w = w - learning_rate * total / len(batch)
    return w


def train_in_batches_one_step(w, batches, slopes, learning_rate):
    """All slopes are taken at the first w, and one step comes at the end. When does w change, how often?"""
    return w - learning_rate * sum(slopes(w, batch) / len(batch) for batch in batches)


def train_in_batches_by_count(w, batches, slopes, learning_rate):
    """The sum is divided by the number of batches. Over how many samples of the batch was it summed?"""
    for batch in batches:
        w = w - learning_rate * slopes(w, batch) / len(batches)
    return w


def train_in_batches_by_weights(w, batches, slopes, learning_rate):
    """The sum is divided by the number of weights. Over what were the slopes summed, weights or samples?"""
    for batch in batches:
        w = w - learning_rate * slopes(w, batch) / len(w)
    return w


def train_in_batches_mean_of_slopes(w, batches, slopes, learning_rate):
    """The mean is taken over the weights, so each gets the same step. Over what is the mean: samples or weights?"""
    for batch in batches:
        w = w - learning_rate * np.mean(slopes(w, batch))
    return w


def start_spread(inputs, kept):
    """Return the spread of the weights that keeps the mean square from layer to layer."""
    return np.sqrt(1 / (inputs * kept))


def start_spread_variance(inputs, kept):
    """That is the variance. What is the spread, the standard deviation, of a variance?"""
    return 1 / (inputs * kept)


def start_spread_times_kept(inputs, kept):
    """Where less is kept, the weights get smaller. Must they make up for what is lost, or add to it?"""
    return np.sqrt(kept / inputs)


def start_spread_without_kept(inputs, kept):
    """What the activation loses is left out. With kept = 0.5, by what must the variance grow?"""
    return np.sqrt(1 / inputs)


def start_spread_always_he(inputs, kept):
    """It is always He's rule, whatever is kept. What if the activation keeps all?"""
    return np.sqrt(2 / inputs)


def start_spread_kept_outside(inputs, kept):
    """The share is of the mean square, so it belongs under the root. Is kept a share of squares or of sizes?"""
    return np.sqrt(1 / inputs) / kept


def start_spread_of_glorot(inputs, kept):
    """`kept` is added, as Glorot's rule adds the number of outputs. Is it a number of units, or a share?"""
    return np.sqrt(2 / (inputs + kept))


def start_spread_growing(inputs, kept):
    """It grows with the number of inputs. With more inputs more terms add up: larger weights or smaller ones?"""
    return np.sqrt(inputs / kept)


def frozen_step(w, gradient, learning_rate, frozen):
    """Return w after a step that leaves the frozen weights as they are."""
    return np.where(frozen, w, w - learning_rate * gradient)


def frozen_step_turned(w, gradient, learning_rate, frozen):
    """It is turned round: the frozen weights move, and the others stay. What does True say of a weight?"""
    return np.where(frozen, w - learning_rate * gradient, w)


def frozen_step_to_zero(w, gradient, learning_rate, frozen):
    """The frozen weights become 0, and what they had learned is gone. What is the value of a weight that stays?"""
    return np.where(frozen, 0.0, w - learning_rate * gradient)


def frozen_step_of_all(w, gradient, learning_rate, frozen):
    """Every weight takes its step, and frozen has no say in it. Which weights are to stay?"""
    return w - learning_rate * gradient


def frozen_step_of_none(w, gradient, learning_rate, frozen):
    """No weight moves. Which of them are not frozen?"""
    return w


def frozen_step_learners_only(w, gradient, learning_rate, frozen):
    """Only the weights that learn come back. How many numbers must the new w have?"""
    return w[~frozen] - learning_rate * gradient[~frozen]


def frozen_step_change(w, gradient, learning_rate, frozen):
    """That is the change alone, without w. What is it subtracted from?"""
    return np.where(frozen, 0.0, learning_rate * gradient)


def frozen_step_without_rate(w, gradient, learning_rate, frozen):
    """The step is the whole gradient: the rate is missing. How long is a step?"""
    return np.where(frozen, w, w - gradient)


def frozen_step_uphill(w, gradient, learning_rate, frozen):
    """The step goes uphill. Which way does the gradient point?"""
    return np.where(frozen, w, w + learning_rate * gradient)


def frozen_step_slopes_kept(w, gradient, learning_rate, frozen):
    """The frozen weights become their slopes. What is the value of a weight that stays?"""
    return np.where(frozen, gradient, w - learning_rate * gradient)


def _slopes(w, batch):
    """Return the summed slopes of the squared error of a line through the samples (x, y) of a batch."""
    batch = np.asarray(batch, float)
    X, y = batch[:, :-1], batch[:, -1]
    return 2 * X.T @ (X @ w - y)


def _batches(seed, inputs, sizes):
    rng = np.random.default_rng(seed)
    return rng.normal(size=inputs), [rng.normal(size=(size, inputs + 1)) for size in sizes]


def _masked(seed, *shape):
    rng = np.random.default_rng(seed)
    w, gradient = rng.choice([-1, 1], (2, *shape)) * rng.uniform(0.4, 3, (2, *shape))
    return w, gradient, rng.uniform(0.1, 0.7), rng.permutation(np.arange(w.size) % 3 == 0).reshape(shape)


def _outputs(seed, n, units):
    rng = np.random.default_rng(seed)
    layers = [np.maximum(rng.normal(size=(n, size)), 0) for size in units]
    for i, a in enumerate(layers):
        if i == 2:
            a[1] += 0.25  # an image to which every unit answers
            continue
        dead = rng.permutation(a.shape[1])
        a[:, dead[: a.shape[1] // 3]] = 0.0
        if i == 0:
            a[:, dead[-1]] += 0.25  # a unit that answers to every image
        else:
            a[1] = 0.0
    return layers


FIRST = [
    np.array([[0.0, 2.0, 0.0, 3.0, 0.0], [0.0, 0.0, 0.0, 5.0, 0.0], [0.0, 4.0, 0.0, 2.5, 1.5]]),
    np.array([[0.0, 0.7, 1.2, 0.0], [0.0, 0.0, 2.0, 3.0], [0.0, 0.0, 0.0, 2.5]]),
]

EXERCISES = [
    Question(
        "round_one",
        ROUND_ONE,
        why="A jumps; B's matrices have no slopes; C has slopes and stands still; D starts far too high; E creeps; F "
        "learns its list by heart.",
        hints=[
            "Begin with the sure ones. One first loss is far above 2.3, and one case has matrices without slopes.",
            "Of the three whose slopes stay healthy and whose loss hardly falls, compare training with validation.",
            "C's loss doesn't fall at all. E's does, and its accuracy is 0.23 on both sets. F's is 0.35 and 0.09.",
        ],
        mistakes=exchanged(
            ROUND_ONE,
            {
                (0, 1): "A jumps, and B never moves. Which of the two has slopes?",
                (0, 2): "A's loss jumps, so its weights do change. Which loss neither falls nor jumps?",
                (0, 3): "A begins near 2.3. Whose first loss is far above it, before any step was taken?",
                (0, 4): "A jumps: its steps are anything but short. Which one creeps?",
                (
                    0,
                    5,
                ): "A reads four in ten of the validation images, so its labels fit. Whose validation stays at chance?",
                (1, 2): "Look at the slopes of B and C: which has none from the first step on?",
                (1, 3): "Both end without slopes. Which had none in the first step, and which had large ones?",
                (1, 4): "B's matrices have no slopes. What could a higher rate change there?",
                (1, 5): "B's matrices have no slopes in the first step. Could shuffled labels do that?",
                (2, 3): "C begins near 2.3 and keeps its slopes. Whose first loss is far above?",
                (2, 4): "C and E both look flat. Which of them has fallen a little, with an accuracy of 0.23?",
                (2, 5): "C and F: which of them lowers its training loss, and so must be changing its weights?",
                (3, 4): "D's first loss is far above 2.3, before any step. Does the rate play a part in it?",
                (3, 5): "D's first loss is far above 2.3. Can labels that don't fit do that, or the inputs?",
                (
                    4,
                    5,
                ): "E and F both creep. Which is at chance in validation, and better in training?",
            },
        ),
        tolerance=0.0,
    ),
    Exercise(
        dead_shares,
        why="all over the images says which units are dead; their mean is the share.",
        hints=[
            "Take one layer first: a == 0 says where it is silent. For which columns is that so in every row?",
            "all(axis=0) gives True for each dead unit, and the mean of True and False is a share.",
            "Do that for each a in outputs, and put the results in a list.",
        ],
        cases=[(FIRST,), (_outputs(0, 7, (9, 6)),), (_outputs(1, 5, (4, 10, 7)),)],
        others=[
            ([a / 1000 for a in _outputs(2, 5, (4, 6))],),  # small is not 0
            ([np.array([[0.0, 2.0, 0.0]])],),  # one layer, one image
            ([np.zeros((3, 2)), FIRST[1]],),
        ],
        mistakes=[
            dead_shares_by_image,
            dead_shares_any,
            dead_shares_of_the_first_image,
            dead_shares_of_zeros,
            dead_shares_counted,
            dead_shares_alive,
            dead_shares_together,
            dead_shares_of_the_last_layer,
            dead_shares_by_sum,
        ],
    ),
    Question(
        "round_two",
        ROUND_TWO,
        why="G's first loss is 32 ln 10; H has seven layers and flat units; I is calm and reads well; J starts at 289; "
        "K swings; L starts at 2.3 and loses its slopes.",
        hints=[
            "One of them speaks of flat units, and one swings up and down for all of its 300 steps.",
            "G and L both end with dead units. Look at where their losses stand: 2.3, or 32 times as much?",
            "J's first loss is 289, with large slopes. I's is 2.3, and its slopes begin ten times smaller than usual.",
        ],
        mistakes=exchanged(
            ROUND_TWO,
            {
                (0, 1): "H has flat units: which activation can be flat at both ends?",
                (0, 2): "G's loss stands near 74, I's near 2. Which of the two has been multiplied by 32?",
                (0, 3): "Both first losses are too high. Which is 32 ln 10 = 74, and stays there?",
                (0, 4): "K swings for all of its steps. What comes again and again in its data?",
                (0, 5): "Both end with dead units. Whose loss stands at 2.3, and whose at 32 times as much?",
                (1, 2): "H has flat units. Which activation is flat near 0 and 1?",
                (1, 3): "H has flat units, and J none. Which fault belongs to sigmoids?",
                (1, 4): "H has flat units. Which of the two swings with the order of its data?",
                (1, 5): "Flat is said of sigmoids, dead of ReLUs. Which of the two is H?",
                (2, 3): "I begins at 2.3 and J at 289. Which start is too sure of wrong answers?",
                (2, 4): "K swings and I is calm. Which of them sees one digit after the other?",
                (2, 5): "I has no dead units, and L has hardly any living ones. Which one died?",
                (3, 4): "J begins at 289 and then calms down; K swings to the end. Which sees sorted digits?",
                (3, 5): "J begins at 289. L begins at 2.3 and jumps later. Which was wrong before the first step?",
                (4, 5): "L loses its slopes for good, K keeps them and swings. Which one died?",
            },
        ),
        tolerance=0.0,
    ),
    Exercise(
        smallest_loss,
        why="The right class adds e to the sum and each other one adds 1; the loss is -ln of the share that e has.",
        hints=[
            "The second softmax gets one score of 1, and 0 for all others. What is e to the power of each?",
            "The sum is e for the right class, and 1 for each of the others. How many others are there?",
            "The probability is e over that sum, and the loss is minus its logarithm, np.log.",
        ],
        cases=[(4,), (7,), (26,), (300,)],
        others=[(2,)],
        mistakes=[
            smallest_loss_of_a_guess,
            smallest_loss_nothing_for_zeros,
            smallest_loss_right_class_twice,
            smallest_loss_probability,
            smallest_loss_rest_of_one,
            smallest_loss_one_wrong_class,
        ],
    ),
    Exercise(
        train_in_batches,
        why="Each step uses the slopes of its own batch alone, divided by its size.",
        hints=[
            "What does total hold in the second turn of the loop? Which slopes should the second step use?",
            "And how many samples are in the sum that slopes returns?",
            "A step: w minus learning_rate times slopes(w, batch), divided by len(batch).",
        ],
        cases=[
            (
                np.array([0.5, -2.0]),
                [[[2.0, 3.0, 1.5], [0.5, -4.0, 2.0], [1.5, 0.6, -3.0]], [[-2.5, 2.0, 3.0], [3.0, 1.5, 0.5]]],
                _slopes,
                0.05,
            ),
            (*_batches(0, 3, (5, 4, 2)), _slopes, 0.06),
            (*_batches(1, 2, (3, 4, 5, 3, 6)), _slopes, 0.04),
        ],
        others=[
            (*_batches(2, 2, (3,)), _slopes, 0.05),
            (*_batches(3, 2, (4, 1)), _slopes, 0.05),  # a batch of one sample
        ],
        mistakes=[
            train_in_batches_piled_up,
            train_in_batches_summed,
            train_in_batches_one_step,
            train_in_batches_by_count,
            train_in_batches_by_weights,
            train_in_batches_mean_of_slopes,
        ],
        broken=train_in_batches_broken,
    ),
    Exercise(
        start_spread,
        why="A layer multiplies the mean square by inputs · v · kept, and that must be 1; the spread is the root of v.",
        hints=[
            "A layer multiplies the mean square by inputs times v, and the activation leaves the share kept of it.",
            "So inputs · v · kept = 1. Solve for v.",
            "The spread is the root of the variance.",
        ],
        cases=[(50, 0.5), (12, 0.3), (700, 0.9), (7, 0.65)],
        others=[(40, 1), (1, 0.5)],
        mistakes=[
            start_spread_variance,
            start_spread_times_kept,
            start_spread_without_kept,
            start_spread_always_he,
            start_spread_kept_outside,
            start_spread_of_glorot,
            start_spread_growing,
        ],
    ),
    Exercise(
        frozen_step,
        why="Where frozen is True the weight stays; everywhere else it takes the step of plain SGD.",
        hints=[
            "First the step that all weights would take. Then say which weights take it.",
            "np.where(mask, a, b) takes from a where the mask is True, and from b where it is False.",
            "np.where(frozen, …, …): first what a frozen weight is, then what another one becomes.",
        ],
        cases=[
            (np.array([5.0, -2.0, 3.0]), np.array([4.0, 6.0, -7.0]), 0.25, np.array([True, False, False])),
            _masked(0, 6),
            _masked(1, 9),
        ],
        others=[(*_masked(2, 4)[:3], np.zeros(4, bool)), (*_masked(2, 4)[:3], np.ones(4, bool))],  # none, and all
        mistakes=[
            frozen_step_turned,
            frozen_step_to_zero,
            frozen_step_of_all,
            frozen_step_of_none,
            frozen_step_learners_only,
            frozen_step_change,
            frozen_step_without_rate,
            frozen_step_uphill,
            frozen_step_slopes_kept,
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "With both starts: how large are the first layer's slopes, compared with the last's?",
        ["larger", "about as large", "at least ten times smaller"],
        right="at least ten times smaller",
        counters={
            "larger": "Each layer on the way back multiplies them by its weights, and by at most 1/4.",
            "about as large": "On the way back they pass six layers, each with a slope of at most 1/4.",
        },
    ),
    Prediction(
        "What does the largest curvature do in the first 20 steps?",
        ["it shrinks with the loss", "it stays about as large", "it grows to three times as much, or more"],
        right="it grows to three times as much, or more",
        counters={
            "it shrinks with the loss": "It shrinks later. First the run goes to where the loss bends more.",
            "it stays about as large": "So it would on a parabola, and a network's loss is none.",
        },
    ),
    Prediction(
        "Which part of the signal is left after twenty such layers?",
        ["about a third", "about a hundredth", "less than a millionth"],
        right="less than a millionth",
        counters={
            "about a third": "That is one layer.",
            "about a hundredth": "A third of a third of a third, and so on, nineteen times.",
        },
    ),
    Prediction(
        "Where is the pre-trained start better than the random one?",
        [
            "in both cases",
            "in the run of 20 steps only",
            "in the run on 50 images only",
            "in neither of the two",
        ],
        right="in neither of the two",
        counters={
            "in both cases": "The rows overlap: no row's worst seed is above the best of another.",
            "in the run of 20 steps only": "The rows overlap: no row's worst seed is above the best of another.",
            "in the run on 50 images only": "The rows overlap: no row's worst seed is above the best of another.",
        },
    ),
    Prediction(
        "How many of its old digits does it read after five epochs of the new ones?",
        ["nearly all", "about eight of ten", "less than six of ten"],
        right="less than six of ten",
        counters={
            "nearly all": "Nothing in the new loss asks for the old digits.",
            "about eight of ten": "Nothing in the new loss asks for the old digits.",
        },
    ),
    Prediction(
        "Does a rate of 2 train the network?",
        ["yes, as in the plane", "yes, but more slowly", "no, its loss is high after 60 steps"],
        right="no, its loss is high after 60 steps",
        counters={
            "yes, as in the plane": "It sticks near 2, and most of its units are dead.",
            "yes, but more slowly": "It sticks near 2, and most of its units are dead.",
        },
    ),
]
