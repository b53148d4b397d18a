"""The exercises of lesson 10."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question


def largest_difference(ours, theirs):
    """Return the largest difference between two lists of arrays, whatever its sign."""
    differences = [np.abs(a - b).max() for a, b in zip(ours, theirs)]
    return max(differences)


def largest_difference_with_sign(ours, theirs):
    """A negative difference counts as small here, however large it is. What must be removed before the maximum?"""
    return max((a - b).max() for a, b in zip(ours, theirs))


def largest_difference_sign_too_late(ours, theirs):
    """The sign is dropped only after the maximum was taken. Which entry does max choose from -5 and 2?"""
    return max(np.abs((a - b).max()) for a, b in zip(ours, theirs))


def largest_difference_of_maxima(ours, theirs):
    """This compares the largest entry of one array with that of the other. Do the two stand at the same place?"""
    return max(np.abs(a.max() - b.max()) for a, b in zip(ours, theirs))


def largest_difference_mean(ours, theirs):
    """This is the mean difference of an array, and one wrong weight hides in a mean. Which entry must not get away?"""
    return max(np.abs(a - b).mean() for a, b in zip(ours, theirs))


def largest_difference_sum(ours, theirs):
    """The differences of an array are added up, so a large array looks worse. How many of them are asked for?"""
    return max(np.abs(a - b).sum() for a, b in zip(ours, theirs))


def largest_difference_smallest(ours, theirs):
    """This is the smallest difference, and equal weights prove little. Which entry of an array is the worst?"""
    return max(np.abs(a - b).min() for a, b in zip(ours, theirs))


def largest_difference_last_array(ours, theirs):
    """Only the last pair of arrays counts. What happens to the differences of the pairs before it?"""
    return np.abs(ours[-1] - theirs[-1]).max()


def apply_gradients(variables, gradients, learning_rate):
    """Return the list of the new variables."""
    pairs = zip(variables, gradients)
    return [variable - learning_rate * gradient for variable, gradient in pairs]


def apply_gradients_uphill(variables, gradients, learning_rate):
    """The step goes uphill: it adds what the rule subtracts. Which way does the gradient point?"""
    return [variable + learning_rate * gradient for variable, gradient in zip(variables, gradients)]


def apply_gradients_without_rate(variables, gradients, learning_rate):
    """The whole gradient is the step, and the learning rate has no say. What stands before the slope in the rule?"""
    return [variable - gradient for variable, gradient in zip(variables, gradients)]


def apply_gradients_minus_the_step(variables, gradients, learning_rate):
    """The old variable is lost, and minus the step alone is left. From what should the step be subtracted?"""
    return [-learning_rate * gradient for _, gradient in zip(variables, gradients)]


def apply_gradients_to_a_name(variables, gradients, learning_rate):
    """The list comes back as it was, unchanged: the new arrays are not kept. What should go into the result?"""
    for variable, gradient in zip(variables, gradients):
        variable = variable - learning_rate * gradient
    return [*variables]


def apply_gradients_to_the_first(variables, gradients, learning_rate):
    """Only the first variable is updated. Does the loop go on after its first turn?"""
    return [variables[0] - learning_rate * gradients[0], *variables[1:]]


def apply_gradients_to_the_last(variables, gradients, learning_rate):
    """Only the last variable comes back. What happens to the results of the turns before?"""
    return [variables[-1] - learning_rate * gradients[-1]]


def apply_gradients_steps_only(variables, gradients, learning_rate):
    """These are the steps, not the places that they lead to. From what is a step subtracted?"""
    return [learning_rate * gradient for gradient in gradients]


def dead_units(X, W1, b1):
    """Return how many units of the first layer give zero for every image of X."""
    silent = X @ W1 + b1 <= 0
    return silent.all(axis=0).sum()


def dead_units_alive(X, W1, b1):
    """These are the units that answer to some image: the live ones. How many are left?"""
    return (X @ W1 + b1 > 0).any(axis=0).sum()


def dead_units_once_silent(X, W1, b1):
    """A unit counts here as soon as it is silent for one image. For how many images is a dead unit silent?"""
    return (X @ W1 + b1 <= 0).any(axis=0).sum()


def dead_units_images(X, W1, b1):
    """These are images to which no unit answers. Along which axis do the images lie?"""
    return (X @ W1 + b1 <= 0).all(axis=1).sum()


def dead_units_zeros(X, W1, b1):
    """These are all zeros of the layer's output, counted one by one. How many zeros does one dead unit make?"""
    return (X @ W1 + b1 <= 0).sum()


def dead_units_below_zero(X, W1, b1):
    """A unit that gets exactly 0 is left out, and it gives zero as well. What is the ReLU of 0?"""
    return (X @ W1 + b1 < 0).all(axis=0).sum()


def dead_units_without_bias(X, W1, b1):
    """The bias is missing, and it alone can silence a unit. What does a unit compute before its ReLU?"""
    return (X @ W1 <= 0).all(axis=0).sum()


def dead_units_bias_after_the_relu(X, W1, b1):
    """The bias is added after the ReLU, and then a unit can give less than 0. On what does the ReLU act?"""
    return (np.maximum(X @ W1, 0) + b1 <= 0).all(axis=0).sum()


def dead_units_on_average(X, W1, b1):
    """A unit counts here if its mean is negative, though some image may wake it. Is it dead if one image does?"""
    return ((X @ W1 + b1).mean(axis=0) <= 0).sum()


def dead_units_share(X, W1, b1):
    """This is a share of the units, not their number. How many units are there in all?"""
    return (X @ W1 + b1 <= 0).all(axis=0).mean()


def prepare(images, labels):
    """Return what fit needs: a row of numbers from 0 to 1 for each image, and labels."""
    rows = images.reshape(len(images), -1)
    return rows / 255, labels


def prepare_broken(images, labels):
    """Return what fit needs: a row of numbers from 0 to 1 for each image, and labels."""
    rows = images.reshape(len(images), -1)
    return rows, None


def prepare_unchanged(images, labels):
    """Raw pixels and no labels come out, as before. What was missing, and what killed the units?"""
    return images.reshape(len(images), -1), None


def prepare_raw_pixels(images, labels):
    """The labels are there, and the pixels still go up to 255. What kills the units of the first layer?"""
    return images.reshape(len(images), -1), labels


def prepare_without_labels(images, labels):
    """The labels are left out, so fit still gets none. With what should it compare its answers?"""
    return images.reshape(len(images), -1) / 255, None


def prepare_whole_numbers(images, labels):
    """Whole numbers are left, so every grey becomes 0, paper. Which step cuts the fractions off?"""
    return images.reshape(len(images), -1) // 255, labels


def prepare_by_each_image(images, labels):
    """Each image is divided by its own largest pixel, so faint ones look strong. What is 1 for all of them?"""
    rows = images.reshape(len(images), -1)
    return rows / rows.max(axis=1, keepdims=True), labels


def prepare_by_the_brightest(images, labels):
    """This divides by the largest pixel of these images, and others may differ. What is the largest possible pixel?"""
    rows = images.reshape(len(images), -1)
    return rows / rows.max(), labels


def prepare_by_256(images, labels):
    """It is divided by 256, the number of greys, so full ink comes out below 1. How large is the largest pixel?"""
    return images.reshape(len(images), -1) / 256, labels


def prepare_standardised(images, labels):
    """The pixels get a mean of 0 and a spread of 1. Between which two numbers should each of them lie?"""
    rows, numbers = prepare(images, labels)
    return (rows - rows.mean()) / rows.std(), numbers


def prepare_one_hot(images, labels):
    """The labels are one-hot rows now, and the script's loss asks for numbers. What does *sparse* mean in its name?"""
    return images.reshape(len(images), -1) / 255, np.eye(10)[labels]


def prepare_labels_too(images, labels):
    """The labels were divided as well, and 7 / 255 names no digit. Which of the two is a measurement?"""
    return images.reshape(len(images), -1) / 255, labels / 255


def prepare_twice(images, labels):
    """The pixels are divided by 255 twice, so they hardly differ from zero. How often is enough?"""
    return images.reshape(len(images), -1) / 255 / 255, labels


def _lists(seed, *shapes):
    """Return two lists of random arrays of these shapes."""
    rng = np.random.default_rng(seed)
    return tuple([rng.normal(size=shape) for shape in shapes] for _ in range(2))


def _layer(seed, n, inputs, units):
    """Return n random images, a matrix and biases so low that some units answer to none of the images."""
    rng = np.random.default_rng(seed)
    X, W1 = rng.uniform(0.1, 0.9, (n, inputs)), rng.normal(size=(inputs, units))
    return X, W1, rng.uniform(-2.5, 0.5, units)


def _awake_once(n):
    """Return n images, a matrix and biases: of three units one is dead, and one answers to one image, by a little."""
    X = np.column_stack([np.linspace(0.1, 0.9, n), np.linspace(0.8, 0.2, n)])
    return X, np.array([[1.0, -1.0, 2.0], [0.0, -1.0, 1.0]]), np.array([0.002 - X[:, 0].max(), 0.2, -0.5])


def _images(seed, n, height, width, brightest):
    """Return n random images, and labels from 2 to 9."""
    rng = np.random.default_rng(seed)
    images = rng.integers(3, brightest, (n, height, width), dtype=np.uint8, endpoint=True)
    return images, rng.integers(2, 10, n)


def work_of_steps_of_the_run(images=8000, batch_size=128, epochs=3):
    """Steps of an epoch, times the epochs; and what the full batches leave."""
    steps = int(np.ceil(images / batch_size))
    return [epochs * steps, images - batch_size * (steps - 1)]


EXERCISES = [
    Question(
        "steps_of_the_run",
        [189, 64],
        why="8000 / 128 = 62.5 makes 63 steps an epoch, 189 in three; the last batch has 8000 - 62 · 128 = 64 images.",
        hints=[
            "Begin with one epoch: how many batches of 128 does it take to hand out 8,000 images?",
            "8000 / 128 is 62.5. The half is a batch as well, a short one.",
            "Count 62 full batches and one short one, three times. How many images are left for the short one?",
        ],
        work=work_of_steps_of_the_run,
        mixups={"images": [7000, 10000], "batch_size": [32, 64]},
        mistakes=[
            ([186, 128], "The images that fill no whole batch were left out. Does an epoch skip any image?"),
            ([63, 64], "This is one epoch. How many epochs does the run have?"),
            ([186, 64], "Only full batches are counted as steps. How many steps does the short one add to each epoch?"),
            ([188, 64], "The batches run on from one epoch into the next. Where does an epoch end?"),
            ([187.5, 64], "There is no half step. What does fit do with a batch that is only half full?"),
            ([189, 128], "The last batch of an epoch is taken for a full one. How many images do 62 batches leave?"),
            ([24000, 64], "Every image of every epoch counts as a step here. How many images share one step?"),
        ],
        tolerance=0.0,
    ),
    Exercise(
        largest_difference,
        why="First subtract, then drop the sign, then take the largest entry; max takes the worst of the arrays.",
        hints=[
            "The list `differences` holds one number for each pair of arrays.",
            "Three things happen to a pair, in this order: subtract, drop the sign, take the largest.",
            "`np.abs` drops the signs of a whole array. An array finds its largest entry with `.max()`.",
        ],
        cases=[
            ([np.array([2.0, 3.0]), np.array([1.5])], [np.array([2.5, 7.0]), np.array([1.75])]),
            ([np.array([[5.0, 2.0]]), np.array([4.0, 6.0])], [np.array([[2.0, 6.0]]), np.array([4.5, 6.25])]),
            _lists(0, (4, 3), (3,), (3, 2), (2,)),
            _lists(1, (2, 5), (5,), (5, 3), (3,)),
            _lists(2, (3, 4), (4,)),
        ],
        others=[
            _lists(3, (3, 2)),
            (  # an odd number, and two of one shape
                [np.array([2.0, 3.0]), np.array([7.0, 5.0]), np.array([1.5])],
                [np.array([2.5, 3.0]), np.array([7.0, 5.25]), np.array([1.75])],
            ),
        ],
        mistakes=[
            largest_difference_with_sign,
            largest_difference_sign_too_late,
            largest_difference_of_maxima,
            largest_difference_mean,
            largest_difference_sum,
            largest_difference_smallest,
            largest_difference_last_array,
        ],
    ),
    Exercise(
        apply_gradients,
        keeps=("variables",),
        why="It is the update rule, once for each array; the new arrays go into a new list.",
        hints=[
            "It is the rule of lesson 1, for several arrays instead of one.",
            "`zip(variables, gradients)` gives the pairs that belong together.",
            "Collect what the rule gives for each pair: a list comprehension, or append in a loop.",
        ],
        cases=[
            ([np.array([2.0, -3.0]), np.array([5.0])], [np.array([4.0, 0.5]), np.array([-2.0])], 0.25),
            *((*_lists(seed, (4, 3), (3,), (3, 2), (2,)), rate) for seed, rate in [(0, 0.1), (1, 0.03)]),
        ],
        others=[(*_lists(3, (3, 2)), 0.2), (*_lists(4, (2,), (2,), (2,)), 0.3)],  # an odd number, one shape
        mistakes=[
            apply_gradients_uphill,
            apply_gradients_without_rate,
            apply_gradients_minus_the_step,
            apply_gradients_to_a_name,
            apply_gradients_to_the_first,
            apply_gradients_to_the_last,
            apply_gradients_steps_only,
        ],
    ),
    Question(
        "keras_training_order",
        [5, 6, 1, 4, 2],
        why="The model stands before compile; both of them and the pixels are ready before fit; the test comes last.",
        hints=[
            "What must exist before `compile` can be called? And what before `fit`?",
            "There are two lines with `fit`. Only one of them keeps the test images for the end.",
            "The pixels can be scaled at any time before `fit`. The test images come at the very end.",
        ],
        lines=[
            'model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")',
            "model.evaluate(X_test, y_test)",
            "model.fit(X_test, y_test, epochs=10)",
            "model.fit(X, y, epochs=10, validation_data=(X_val, y_val))",
            "X = x_train[:7000].reshape(-1, 784) / 255",
            "model = keras.Sequential([…])",
        ],
        also=[[6, 5, 1, 4, 2], [6, 1, 5, 4, 2]],
        needs={
            (6, 1): "Which line makes the model that is compiled?",
            (5, 4): "On which X does fit train?",
            (1, 4): "From where would fit know its loss and its algorithm?",
            (4, 2): "Which weights does the test measure?",
        },
        strange={3: "This fit trains on the test images: what could they still judge afterwards?"},
        mistakes=[
            ([5, 6, 1, 3, 2], "This fit trains on the test images. What could they still judge afterwards?"),
            (
                [6, 5, 1, 3, 2],
                "Here the test images train the network, and then judge it. Which are there to train on?",
            ),
            ([5, 6, 4, 1, 2], "fit runs before compile. From where would it know its loss and its algorithm?"),
            ([6, 1, 4, 5, 2], "The pixels are scaled after the training. On which X does fit train?"),
            ([5, 6, 1, 2, 4], "The test comes before the training. Which weights does it measure there?"),
            ([5, 1, 6, 4, 2], "compile is called on a model that doesn't exist yet. Which line makes it?"),
            ([5, 6, 1, 3, 4, 2], "Both lines with fit are used. Does each of them train on training images?"),
        ],
    ),
    Exercise(
        dead_units,
        why="A unit is one column of X @ W1 + b1, and it is dead where the whole column is at most zero.",
        hints=[
            "First compute what the units get before their ReLU: one row for each image, one column for each unit.",
            "When is the ReLU's answer zero? Compare the array with 0: that gives True and False.",
            "A column must be True all the way down. Arrays have a method `all(axis=…)`; a sum counts what is True.",
        ],
        cases=[
            (
                np.array([[0.5, 0.2, 0.4], [0.3, 0.8, 0.6], [0.6, 0.4, 0.9], [0.7, 0.5, 0.3]]),
                np.array([[2.0, -3.0, 4.0, 0.5, 0], [5.0, -2.0, -7.0, 0.25, 0], [0.5, -0.25, 1.5, 0.75, 0]]),
                np.array([-0.5, 0.3, -0.25, -2.0, 0]),
            ),
            _layer(0, 6, 5, 9),
            _layer(1, 20, 4, 7),
            _layer(2, 4, 3, 12),
            _awake_once(250),
        ],
        others=[(_awake_once(4)[0][::-1], *_awake_once(4)[1:]), (np.array([[0.2, 0.7]]), *_awake_once(4)[1:])],
        mistakes=[
            dead_units_alive,
            dead_units_once_silent,
            dead_units_images,
            dead_units_zeros,
            dead_units_below_zero,
            dead_units_without_bias,
            dead_units_on_average,
            dead_units_bias_after_the_relu,
            dead_units_share,
        ],
    ),
    Exercise(
        prepare,
        returns=("rows", "labels"),
        why="255 is the largest pixel that there can be, in any image; the labels go through untouched.",
        hints=[
            "There are two faults, and both stand in the last line.",
            "The second part of what is returned is fault 1: what did `fit` not get?",
            "The first part is fault 3: which number turns 0 to 255 into 0 to 1?",
        ],
        cases=[
            (
                np.array([[[51, 204], [0, 102]], [[102, 153], [51, 0]], [[153, 51], [204, 102]]], dtype=np.uint8),
                np.array([7, 3, 9]),
            ),
            _images(0, 3, 4, 5, 240),
            _images(1, 5, 3, 2, 255),
        ],
        others=[(np.array([[[0, 1], [1, 0]]], dtype=np.uint8), np.array([4]))],  # one image, and a dark one
        mistakes=[
            prepare_without_labels,
            prepare_unchanged,
            prepare_raw_pixels,
            prepare_by_256,
            prepare_whole_numbers,
            prepare_by_each_image,
            prepare_by_the_brightest,
            prepare_standardised,
            prepare_one_hot,
            prepare_labels_too,
            prepare_twice,
        ],
        broken=prepare_broken,
    ),
]

PREDICTIONS = [
    Prediction(
        "In which decimal do the two losses first differ after ten epochs?",
        ["the third", "the sixth", "the twelfth", "in none of the twelve shown"],
        right="in none of the twelve shown",
        counters={
            "the third": "All twelve decimals agree.",
            "the sixth": "All twelve decimals agree.",
            "the twelfth": "All twelve decimals agree.",
        },
    ),
    Prediction(
        "In 32 bits, how large is the largest difference after three epochs?",
        ["about a hundred-millionth", "about a millionth", "about a hundredth"],
        right="about a millionth",
    ),
    Prediction(
        "Which weights does the model have then?",
        [
            "those of its random start",
            "those at the end of the second epoch",
            "those after the last finished batch",
        ],
        right="those after the last finished batch",
        counters={
            "those of its random start": "Nothing is rolled back.",
            "those at the end of the second epoch": "Nothing is rolled back: the third epoch's batches count.",
        },
    ),
    Prediction(
        "What happens when the script runs with this call?",
        ["it stops with an error", "it warns, and trains", "it trains and says nothing"],
        right="it stops with an error",
        counters={
            "it warns, and trains": "The warning comes, and after it an error: fit got no labels.",
            "it trains and says nothing": "It warns of `input_shape`, and then fit stops without the labels.",
        },
    ),
    Prediction(
        "Which accuracy does the script reach on its own training images?",
        ["about 0.1", "about 0.5", "about 0.9"],
        right="about 0.1",
    ),
    Prediction(
        "Raw pixels and a smaller learning rate: does that help?",
        ["no", "yes, but less than scaling", "yes, as much as scaling"],
        right="yes, but less than scaling",
        counters={
            "no": "The units stay alive, and the network learns.",
            "yes, as much as scaling": "Each of these rates stays below the scaled run's accuracy.",
        },
    ),
    Prediction(
        "Which slope does the weight get with = in place of +=?",
        ["−8 again", "−4", "0"],
        right="−4",
        counters={
            "−8 again": "It would, if each number went into one operation only. The residual goes in twice.",
            "0": "A slope still comes back, by one way of two.",
        },
    ),
]
