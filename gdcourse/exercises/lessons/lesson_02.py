"""The exercises of lesson 2."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

rng = np.random.default_rng(2)


def cube(w):
    """w**3"""
    return w**3


def straight_slope(w):
    """6 * (w - 3)"""
    return 6 * (w - 3)


def valley_slope(w):
    """(w + 2) * w * (w - 1)"""
    return (w + 2) * w * (w - 1)


def valley_loss(w):
    """w**4 / 4 + w**3 / 3 - w**2"""
    return w**4 / 4 + w**3 / 3 - w**2


def parabola_loss(w):
    """(w - 3)**2"""
    return (w - 3) ** 2


def parabola_slope(w):
    """2 * (w - 3)"""
    return 2 * (w - 3)


def plateau_loss(w):
    """w**2 / (1 + w**2)"""
    return w**2 / (1 + w**2)


def plateau_slope(w):
    """2 * w / (1 + w**2)**2"""
    return 2 * w / (1 + w**2) ** 2


# Write it: the curvature


def curvature(gradient, w, h):
    """Return how fast the slope changes at w, measured h to each side."""
    return (gradient(w + h) - gradient(w - h)) / (2 * h)


def curvature_by_h(gradient, w, h):
    """The change is divided by h, so it comes out twice too large. How far apart are the two places?"""
    return (gradient(w + h) - gradient(w - h)) / h


def curvature_undivided(gradient, w, h):
    """That is how much the slope changes in all, not how fast. Over which distance does it change?"""
    return gradient(w + h) - gradient(w - h)


def curvature_dividing_one_slope(gradient, w, h):
    """Only the second slope is divided, because division comes before subtraction. Where do brackets belong?"""
    return gradient(w + h) - gradient(w - h) / (2 * h)


def curvature_times_h(gradient, w, h):
    """`/ 2 * h` divides by 2 and then multiplies by h. Which brackets make it one division by 2h?"""
    return (gradient(w + h) - gradient(w - h)) / 2 * h


def curvature_to_the_right(gradient, w, h):
    """It looks at w and to the right of it only. Which two slopes does the formula compare?"""
    return (gradient(w + h) - gradient(w)) / h


def curvature_to_the_left(gradient, w, h):
    """It looks at w and to the left of it only. Which two slopes does the formula compare?"""
    return (gradient(w) - gradient(w - h)) / h


def curvature_to_the_right_by_two(gradient, w, h):
    """It looks to one side of w only, and divides by 2h, the distance of both sides. How far apart are w and w + h?"""
    return (gradient(w + h) - gradient(w)) / (2 * h)


def curvature_turned_round(gradient, w, h):
    """Left and right are exchanged, which turns the sign. Which slope is taken from which?"""
    return (gradient(w - h) - gradient(w + h)) / (2 * h)


def curvature_of_heights(gradient, w, h):
    """That formula takes three heights of a loss, and here are slopes. How many slopes does it need?"""
    return (gradient(w + h) - 2 * gradient(w) + gradient(w - h)) / h**2


def curvature_with_a_nudge_of_its_own(gradient, w, h):
    """It measures with a distance of its own, whatever h is. Which argument does not appear in your answer yet?"""
    return (gradient(w + 1e-5) - gradient(w - 1e-5)) / 2e-5


def curvature_as_mean(gradient, w, h):
    """The two slopes are added, so that is their mean. What tells how much they differ?"""
    return (gradient(w + h) + gradient(w - h)) / 2


def curvature_as_slope(gradient, w, h):
    """That is the slope at w, not how fast it changes. What is the slope a little further on?"""
    return gradient(w)


# Mend a broken one: the watchman


def first_rise(loss, gradient, w, learning_rate, steps):
    """Return the number of the first step that raises the loss, or 0 if none does."""
    for step in range(1, steps + 1):
        w_next = w - learning_rate * gradient(w)
        if loss(w_next) > loss(w):
            return step
        w = w_next
    return 0


def first_rise_broken(loss, gradient, w, learning_rate, steps):
    """Return the number of the first step that raises the loss, or 0 if none does."""
    for step in range(1, steps + 1):
        w_next = w - learning_rate * gradient(w)
        if abs(gradient(w_next)) > abs(gradient(w)):
            return step
        w = w_next
    return 0


def first_when(alarm, loss, gradient, w, learning_rate, steps):
    """Return the first step after which alarm(w, w_next) is true, or 0."""
    for step in range(1, steps + 1):
        w_next = w - learning_rate * gradient(w)
        if alarm(w, w_next):
            return step
        w = w_next
    return 0


def rise_of_the_steepness(loss, gradient, w, learning_rate, steps):
    """It still watches how steep the curve is, and that may grow on the way down. What should not grow?"""
    return first_when(lambda a, b: abs(gradient(b)) > abs(gradient(a)), loss, gradient, w, learning_rate, steps)


def rise_of_the_slope(loss, gradient, w, learning_rate, steps):
    """It watches the slope with its sign, which grows whenever w moves right in a valley. What should not grow?"""
    return first_when(lambda a, b: gradient(b) > gradient(a), loss, gradient, w, learning_rate, steps)


def rise_of_the_weight(loss, gradient, w, learning_rate, steps):
    """It watches w, and w may grow on its way to the minimum. Which of the arguments measures how bad w is?"""
    return first_when(lambda a, b: b > a, loss, gradient, w, learning_rate, steps)


def rise_of_the_weights_size(loss, gradient, w, learning_rate, steps):
    """It watches the size of w, as if every minimum were at 0. Which of the arguments measures how bad w is?"""
    return first_when(lambda a, b: abs(b) > abs(a), loss, gradient, w, learning_rate, steps)


def rise_of_the_size_of_the_loss(loss, gradient, w, learning_rate, steps):
    """It compares the sizes of the losses, and a loss may be negative. Which of -3 and -2 is the higher one?"""
    return first_when(lambda a, b: abs(loss(b)) > abs(loss(a)), loss, gradient, w, learning_rate, steps)


def rise_of_both(loss, gradient, w, learning_rate, steps):
    """The loss must rise and the slope must grow, and a bad step can end on flatter ground. Which one is enough?"""
    worse = lambda a, b: loss(b) > loss(a) and abs(gradient(b)) > abs(gradient(a))  # noqa: E731
    return first_when(worse, loss, gradient, w, learning_rate, steps)


def rise_across(loss, gradient, w, learning_rate, steps):
    """The loss must rise and the slope must turn, and a bad step can stay on its side. Which one is enough?"""
    worse = lambda a, b: loss(b) > loss(a) and gradient(a) * gradient(b) < 0  # noqa: E731
    return first_when(worse, loss, gradient, w, learning_rate, steps)


def change_of_side(loss, gradient, w, learning_rate, steps):
    """It reports the first jump to the other side, and such a run may still converge. What rises if it doesn't?"""
    return first_when(lambda a, b: gradient(a) * gradient(b) < 0, loss, gradient, w, learning_rate, steps)


def rise_or_none(loss, gradient, w, learning_rate, steps):
    """It also reports a step that leaves the loss exactly as it was. Is that a rise?"""
    return first_when(lambda a, b: loss(b) >= loss(a), loss, gradient, w, learning_rate, steps)


def rise_above_the_start(loss, gradient, w, learning_rate, steps):
    """Each loss is compared with the one at the start. With which loss must the one after a step be compared?"""
    start = loss(w)
    return first_when(lambda a, b: loss(b) > start, loss, gradient, w, learning_rate, steps)


def first_fall(loss, gradient, w, learning_rate, steps):
    """It reports the first step that lowers the loss. Which of the two losses must be the larger one?"""
    return first_when(lambda a, b: loss(b) < loss(a), loss, gradient, w, learning_rate, steps)


def rise_counted_from_zero(loss, gradient, w, learning_rate, steps):
    """The step is counted from 0, so a rise in step 1 looks like no rise. From which number does range count?"""
    return max(first_rise(loss, gradient, w, learning_rate, steps) - 1, 0)


def rise_at_the_end(loss, gradient, w, learning_rate, steps):
    """Where no step raises the loss, it gives the number of all steps. What is asked for there?"""
    return first_rise(loss, gradient, w, learning_rate, steps) or steps


def rise_in_any_case(loss, gradient, w, learning_rate, steps):
    """Where no step raises the loss, it gives 1, as if the first one did. What is asked for there?"""
    return first_rise(loss, gradient, w, learning_rate, steps) or 1


def work_of_three_errors(error=5.0, learning_rate=0.4, c=4.0):
    """Each error is the one before, times the factor."""
    errors = []
    for step in range(3):
        error = (1 - learning_rate * c) * error
        errors.append(error)
    return errors


def work_of_network_threshold(w=(0.25, 0.35), slopes=(-0.0101, 0.0093)):
    """The change of the slope over the distance, and 2 over it."""
    curvature = (slopes[1] - slopes[0]) / (w[1] - w[0])
    return [curvature, 2 / curvature]


EXERCISES = [
    Question(
        "three_errors",
        [-3.0, 1.8, -1.08],
        why="The factor is 1 - 0.4 · 4 = -0.6: from 5 to -3, to 1.8, to -1.08, each time on the other side.",
        hints=[
            "First the factor: what is one minus η times c?",
            "It is negative here. What does a negative factor do to the sign of the error?",
            "Multiply 5 by -0.6, then the result by -0.6 again, and once more.",
        ],
        work=work_of_three_errors,
        mixups={"error": [8.0, 3.0], "learning_rate": [0.2]},
        mistakes=[
            ([3.0, 1.8, 1.08], "The sizes are right and the signs are lost. On which side is the run after one step?"),
            ([8.0, 12.8, 20.48], "Each error is multiplied by ηc. What is left when you take that from 1?"),
            ([-3.0, -11.0, -19.0], "Each step subtracts 8, as the first one does. What is the slope at the error -3?"),
            ([13.0, 33.8, 87.88], "The factor is taken as 1 + ηc, which is uphill. Which sign stands before ηc?"),
            ([0.0, 4.8, 1.92], "These are the weights w. What is left when you take 3 from each?"),
            ([1.0, 0.2, 0.04], "That is the factor 0.2 of the cell above. What is it with η = 0.4?"),
            ([-0.6, 0.36, -0.216], "These are the powers of the factor alone. Which error does the run start with?"),
            ([5.0, -3.0, 1.8], "The start is in the list and the third step is missing. What is left after it?"),
            ([-3.0, -3.0, -3.0], "Each step begins with 5 again. From which error does the second step start?"),
            (
                [-8.0, 12.8, -20.48],
                "Each error is multiplied by -ηc, without the 1. What becomes of the old w in a step?",
            ),
            ([2.0, 0.8, 0.32], "The factor is taken as η, so 0.4 is left each time. What does ηc have to do with it?"),
        ],
    ),
    Exercise(
        curvature,
        why="The change of the slope, right minus left, divided by the distance between the two places, 2h.",
        hints=[
            "`gradient` is a function. Call it at two places: w - h and w + h.",
            "How much does the slope change from the left place to the right one?",
            "How far apart are w - h and w + h? Divide by that, and mind the brackets.",
        ],
        cases=[
            (cube, 3.0, 2.0),
            (straight_slope, 1.5, 0.1),
            (valley_slope, -2.0, 0.01),
            *((valley_slope, float(w), float(h)) for w, h in rng.uniform([-3, 0.05], [2, 0.3], (3, 2)).round(3)),
            *((cube, float(w), float(h)) for w, h in rng.uniform([0.5, 0.05], [3, 0.3], (3, 2)).round(3)),
            (plateau_slope, 0.6, 0.5),
        ],
        mistakes=[
            curvature_by_h,
            curvature_undivided,
            curvature_dividing_one_slope,
            curvature_times_h,
            curvature_to_the_right,
            curvature_to_the_left,
            curvature_to_the_right_by_two,
            curvature_turned_round,
            curvature_of_heights,
            curvature_with_a_nudge_of_its_own,
            curvature_as_mean,
            curvature_as_slope,
        ],
    ),
    Question(
        "network_threshold",
        [0.194, 2 / 0.194],
        why="The slope rises by 0.0093 + 0.0101 = 0.0194 over a distance of 0.1: c = 0.194, and 2/c = 10.3.",
        hints=[
            "By how much does the slope rise from the left place to the right one? Mind the minus sign.",
            "It rises by 0.0194. Over which distance?",
            "The curvature is 0.0194 / 0.1. The threshold is 2 over that.",
        ],
        work=work_of_network_threshold,
        mistakes=[
            ([0.0194, 2 / 0.0194], "That is the whole change of the slope. Over which distance does it change?"),
            (
                [-0.194, -2 / 0.194],
                "That is the left slope minus the right slope. Which of the two is taken from the other?",
            ),
            ([-0.008, -250.0], "The minus of −0.0101 is lost. By how much does the slope rise from −0.0101 to 0.0093?"),
            ([0.008, 250.0], "The slopes are taken without their signs. How far is it from −0.0101 up to 0.0093?"),
            ([0.194, 1 / 0.194], "That is 1/c, the best rate. Up to which rate does a run settle?"),
            ([0.194, 0.097], "That is c/2. Which of the two is divided by the other?"),
            ([0.097, 2 / 0.097], "The change is divided by 0.2. How far apart are 0.25 and 0.35?"),
            ([0.388, 2 / 0.388], "The change is divided by 0.05. How far apart are 0.25 and 0.35?"),
            (
                [0.00194, 2 / 0.00194],
                "The change is multiplied by the distance. What does the formula do with the two?",
            ),
            ([2 / 0.194, 0.194], "The two numbers have changed their places. Which one is asked for first?"),
            (
                [-0.0004, -5000.0],
                "That is the mean of the slopes. How fast do they change from one place to the other?",
            ),
        ],
        tolerance=0.015,
    ),
    Question(
        "loss_curves",
        [4, 3, 1, 2],
        why="A climbs out of the picture, B goes up and down below its start, C still falls slowly, D is down early.",
        hints=[
            "Look for a loss that rises. In which pictures does it, and does it come back?",
            "Two pictures never rise. Which of them is level at the end, and which still falls?",
            "The one that leaves the picture diverges, and the one that goes up and down bounces.",
        ],
        mistakes=[
            ([3, 4, 1, 2], "Diverging and bouncing are exchanged. Which loss leaves the picture for good?"),
            ([4, 3, 2, 1], "Crawling and healthy are exchanged. Which of the two is down after a few steps?"),
            ([4, 2, 1, 2], "B is taken for healthy, like D. Which of the two never rises?"),
            ([4, 4, 1, 2], "B is taken for one that diverges, like A. Which of the two comes down again?"),
            ([4, 3, 2, 2], "C is taken for healthy, like D. Which of the two is down after a few steps?"),
            ([4, 3, 1, 1], "D is taken for one that crawls, like C. Which of the two still falls at the end?"),
            ([4, 2, 1, 3], "B is taken for healthy, and it rises again and again. Which loss only falls?"),
            ([4, 1, 3, 2], "C is taken for one that bounces, and it never rises. Which loss goes up and down?"),
            ([1, 3, 4, 2], "A is taken for one that crawls. In which direction does its loss leave the picture?"),
            ([2, 3, 1, 4], "D is taken for one that diverges, and it ends lowest. Which loss leaves the picture?"),
            ([3, 3, 1, 2], "A is taken for one that bounces, like B. Which of the two comes down again?"),
            ([3, 4, 2, 1], "Both pairs are exchanged. Which loss leaves the picture, and which is level in the end?"),
        ],
        tolerance=0.0,
    ),
    Exercise(
        first_rise,
        why="A step is bad when the loss is higher after it than before; slopes and weights may grow on the way down.",
        hints=[
            "Only one line asks whether something has grown. What is compared in it?",
            "At the edge of a plateau the slope grows while the loss falls. Which argument is never used yet?",
            "Compare the loss at w_next with the loss at w. Does that need `abs`?",
        ],
        cases=[
            (parabola_loss, parabola_slope, 5.0, 1.25, 2),
            (plateau_loss, plateau_slope, 5.0, 0.5, 10),
            (parabola_loss, parabola_slope, 5.0, 1.0, 3),
            (parabola_loss, parabola_slope, -2.0, 0.3, 5),
            (parabola_loss, parabola_slope, 7.0, 0.8, 5),
            (valley_loss, valley_slope, -0.7, 0.4, 12),
            (valley_loss, valley_slope, -2.6, 0.2, 8),
            (valley_loss, valley_slope, 1.7, 0.7, 2),
            (valley_loss, valley_slope, 0.4, 0.7, 2),
            (valley_loss, valley_slope, 0.3, 0.1, 9),
            (valley_loss, valley_slope, -3.8, 0.02, 8),
            (plateau_loss, plateau_slope, 0.5, 3.0, 4),  # higher, and flatter
            (valley_loss, valley_slope, -2.5, 0.6, 4),  # higher, on the same side
        ],
        others=[(parabola_loss, parabola_slope, 3.005, 1.25, 3)],  # a small rise, close to the bottom
        mistakes=[
            rise_of_the_steepness,
            rise_of_the_slope,
            rise_of_the_weight,
            rise_of_the_weights_size,
            rise_of_the_size_of_the_loss,
            rise_of_both,
            rise_across,
            change_of_side,
            rise_or_none,
            rise_above_the_start,
            first_fall,
            rise_counted_from_zero,
            rise_at_the_end,
            rise_in_any_case,
        ],
        broken=first_rise_broken,
    ),
]

PREDICTIONS = [
    Prediction(
        "On a curve of curvature 4, which of these is the largest rate that converges?",
        ["0.1", "0.25", "0.45", "0.55"],
        right="0.45",
        counters={
            "0.1": "0.45 converges, too: its factor is −0.8.",
            "0.25": "0.45 converges, too: its factor is −0.8.",
            "0.55": "Its factor is 1 − 0.55 · 4 = −1.2, so the error grows.",
        },
    ),
    Prediction(
        "Where does the run with η = 0.6 end?",
        ["at −2", "at 1", "nowhere: it bounces for ever", "nowhere: it flies away"],
        right="at 1",
        counters={
            "at −2": "There the curvature is 6 and the threshold 1/3, and 0.6 is above it.",
            "nowhere: it bounces for ever": "One of its jumps is long enough to leave the valley.",
            "nowhere: it flies away": "Its jumps stay between the outer walls; from w = 2 it would fly away.",
        },
    ),
    Prediction(
        "At which rate does the run first leave the left valley?",
        ["at about 0.38", "at about 0.45", "at about 0.55"],
        right="at about 0.55",
        counters={
            "at about 0.38": "There it bounces between two places, and both are in the left valley.",
            "at about 0.45": "There the jumps look like chance, and they are still too short to leave.",
        },
    ),
    Prediction(
        "What becomes of the run with η = 11?",
        [
            "it bounces close to the bottom for ever",
            "it is thrown far out, again and again",
            "it flies away, as on a parabola",
        ],
        right="it is thrown far out, again and again",
        counters={
            "it bounces close to the bottom for ever": "Its jumps grow: after fifteen of them w is −8.4.",
            "it flies away, as on a parabola": "There the slope grows without end. Here it is never above 2.05.",
        },
    ),
    Prediction(
        "For which of the two runs does half the rate give a lower loss?",
        ["both", "only that of η = 0.1", "only that of η = 0.9"],
        right="only that of η = 0.9",
        counters={
            "both": "0.05 has the factor 0.9, and 0.1 had 0.8: that is slower.",
            "only that of η = 0.1": "0.05 has the factor 0.9, and 0.1 had 0.8: that is slower.",
        },
    ),
]
