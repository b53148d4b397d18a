"""The exercises of lesson 1."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

rng = np.random.default_rng(1)


def slope(w):
    """2 * (w - 3)"""
    return 2 * (w - 3)


def gentle_slope(w):
    """0.5 * (w - 3)"""
    return 0.5 * (w - 3)


def steep_slope(w):
    """6 * (w - 3)"""
    return 6 * (w - 3)


def cubic_slope(w):
    """4 * w**3"""
    return 4 * w**3


# Fill the gap: go on until the slope is flat


def steps_until_flat(w, gradient, flat):
    """Count the steps until the gradient is closer to zero than flat."""
    steps = 0
    while abs(gradient(w)) >= flat:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps


def flat_only_from_the_right(w, gradient, flat):
    """A negative gradient counts as flat here. Left of the minimum, how far from zero is the slope?"""
    steps = 0
    while gradient(w) >= flat:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps


def flat_upside_down(w, gradient, flat):
    """It counts no step at all. Does the condition say when to go on, and does the loop count?"""
    steps = 0
    while abs(gradient(w)) < flat and steps < 1000:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps


def flat_by_the_step(w, gradient, flat):
    """The condition measures the step, 0.1 times the gradient. Which of the two must be nearly zero?"""
    steps = 0
    while abs(0.1 * gradient(w)) >= flat:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps


def flat_by_the_distance(w, gradient, flat):
    """The condition measures the distance from 3. What could you look at if you did not know where the bottom is?"""
    steps = 0
    while abs(w - 3) >= flat:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps


def flat_one_step_more(w, gradient, flat):
    """It counts one step too many. With what does the count begin, and which comes first: the test or the step?"""
    steps = 0
    while True:
        slope_here = gradient(w)
        w = w - 0.1 * slope_here
        steps += 1
        if abs(slope_here) < flat:
            return steps


def flat_with_the_size_in_the_step(w, gradient, flat):
    """The step takes the size of the gradient, so from the left w runs away. What sign does the gradient have there?"""
    steps = 0
    while abs(gradient(w)) >= flat and steps < 1000:
        w = w - 0.1 * abs(gradient(w))
        steps += 1
    return steps


# Mend a broken one: the loop


def walk(w, gradient, learning_rate, steps):
    """Return the number w after so many steps."""
    for _ in range(steps):
        w -= learning_rate * gradient(w)
    return w


# fmt: off
def walk_broken(w, gradient, learning_rate, steps):
    """Return the number w after so many steps."""
    for _ in range(steps):
        w =- learning_rate + gradient(w)
    return w
# fmt: on


def walk_with_both_faults(w, gradient, learning_rate, steps):
    """The old w is still lost and the learning rate still stands alone. What does the rule subtract, and from what?"""
    for _ in range(steps):
        w = gradient(w) - learning_rate
    return w


def walk_with_minus_sign_astray(w, gradient, learning_rate, steps):
    """The old w is lost, and w becomes minus the step alone. From what does the rule subtract the step?"""
    for _ in range(steps):
        w = -learning_rate * gradient(w)
    return w


def walk_adding_the_rate(w, gradient, learning_rate, steps):
    """The learning rate is added to the gradient here. What does the rule do with the two?"""
    for _ in range(steps):
        w -= learning_rate + gradient(w)
    return w


def walk_less_rate_plus_gradient(w, gradient, learning_rate, steps):
    """The learning rate is subtracted and the gradient added, each by itself. What does the rule do with the two?"""
    for _ in range(steps):
        w = w - learning_rate + gradient(w)
    return w


def walk_uphill(w, gradient, learning_rate, steps):
    """The loss climbs from the first step while w stays on its side. Which way does the gradient point?"""
    for _ in range(steps):
        w += learning_rate * gradient(w)
    return w


def walk_straight(w, gradient, learning_rate, steps):
    """Every step has the same length, because the gradient is computed once. Where does it belong?"""
    gradient_at_the_start = gradient(w)
    for _ in range(steps):
        w -= learning_rate * gradient_at_the_start
    return w


def walk_one_step(w, gradient, learning_rate, steps):
    """That is w after one step only. Does the loop end too early, or does w never change in it?"""
    return w - learning_rate * gradient(w)


# Write it: one step


def one_step(w, gradient, learning_rate):
    """Return the next w."""
    return w - learning_rate * gradient(w)


def step_uphill(w, gradient, learning_rate):
    """The step goes uphill, because it adds what the rule subtracts. Which way does the gradient point?"""
    return w + learning_rate * gradient(w)


def step_from_nowhere(w, gradient, learning_rate):
    """That is minus the step, and the old w is missing. From where does the rule subtract the step?"""
    return -learning_rate * gradient(w)


def step_alone(w, gradient, learning_rate):
    """That is what the rule subtracts, not the next w. What is left when you take it from w?"""
    return learning_rate * gradient(w)


def step_unscaled(w, gradient, learning_rate):
    """The whole gradient is subtracted. By what does the rule multiply it first?"""
    return w - gradient(w)


def step_without_the_gradient(w, gradient, learning_rate):
    """The learning rate is subtracted by itself. What does the rule multiply it by?"""
    return w - learning_rate


def step_in_brackets(w, gradient, learning_rate):
    """The subtraction comes before the multiplication here. Which two of the three does the rule multiply?"""
    return (w - learning_rate) * gradient(w)


def step_at_the_scaled_place(w, gradient, learning_rate):
    """The learning rate scales the place, and the slope is felt there. What is the rate multiplied by?"""
    return w - gradient(learning_rate * w)


def step_scaling_all(w, gradient, learning_rate):
    """The learning rate shrinks w too. What does the rule scale, and what does it leave alone?"""
    return learning_rate * (w - gradient(w))


def work_of_third_row(w=5.56, learning_rate=0.1):
    """One step of the rule."""
    gradient = 2 * (w - 3)
    return w - learning_rate * gradient


def work_of_two_steps(w=2.0, slopes=(0.697, 0.0565), learning_rate=2.0):
    """Two steps of the rule, each with the slope of its own place."""
    for slope in slopes:
        w = w - learning_rate * slope
    return w


EXERCISES = [
    Question(
        "third_row",
        5.048,
        why="The gradient is 2 · (5.56 - 3) = 5.12, times 0.1 that is 0.512, and 5.56 - 0.512 = 5.048.",
        hints=[
            "Work the row from left to right: first the gradient at w = 5.56, then 0.1 times it.",
            "The gradient is 2 · (5.56 - 3) = 5.12. What is 0.1 times that?",
            "Take 0.512 from the w of this row.",
        ],
        work=work_of_third_row,
        mixups={"w": [8.0, 7.0, 6.2]},
        mistakes=[
            (6.072, "That adds the step. Which sign stands before η in the rule?"),
            (5.56, "That is the old w. What does the rule take from it?"),
            (4.92, "That takes 0.64 from w, with the gradient of the row above. What is the gradient at 5.56?"),
            (4.6384, "That is one row further. What is w after row 3?"),
            (2.56, "That is w - 3. What is the gradient, and what is done with it?"),
            (5.12, "That is the gradient of the row. What do the last two columns do with it?"),
            (0.512, "That is η times the gradient, the fourth column. What does the rule do with it?"),
            (0.44, "That subtracts the whole gradient. What is it multiplied by first?"),
            (5.304, "That takes the gradient as w - 3, half of what it is. What is the derivative of (w - 3)²?"),
            (4.448, "That takes the gradient as 2w and leaves out the 3. What is w - 3 in this row?"),
            (5.08, "That goes on with 0.8 and 0.64 by a pattern of differences. What does the rule take from this w?"),
            (5.06, "That subtracts 0.5, so the step was rounded too early. What is 0.1 · 5.12?"),
            (5.688, "That starts from the w of the row above. Which w stands in row 3?"),
        ],
        tolerance=0.0005,
    ),
    Exercise(
        steps_until_flat,
        why="`while` says when to go on: until the gradient, whatever its sign, is closer to zero than flat.",
        hints=[
            "`while` needs the condition to go on: the opposite of the condition to stop.",
            "Stop when the gradient is closer to zero than flat. Left of the minimum the gradient is negative.",
            "`abs(…)` gives the distance from zero. Compare this distance of gradient(w) with flat.",
        ],
        cases=[
            (5.0, slope, 2.5),
            (2.0, slope, 1.5),
            (8.0, slope, 0.001),
            (-3.0, gentle_slope, 0.3),
            (4.5, steep_slope, 0.02),
            *((float(w), slope, float(flat)) for w, flat in rng.uniform([-9, 0.01], [2, 0.2], (3, 2))),
            *((float(w), gentle_slope, float(flat)) for w, flat in rng.uniform([4, 0.01], [9, 0.2], (3, 2))),
        ],
        others=[(3.1, slope, 0.5), (-3.0, gentle_slope, 0.001)],  # flat at once; many steps
        mistakes=[
            flat_only_from_the_right,
            flat_upside_down,
            flat_by_the_step,
            flat_by_the_distance,
            flat_one_step_more,
            flat_with_the_size_in_the_step,
        ],
    ),
    Exercise(
        one_step,
        why="It is the rule, in the same order: the old w, minus the learning rate times the gradient at w.",
        hints=[
            "Say the rule in words: take the gradient, scale it, subtract it.",
            "`gradient` is a function: call it at w to get the slope there.",
            "Multiply the slope at w by the learning rate. What do you subtract that from?",
        ],
        cases=[
            (8.0, slope, 0.25),
            (2.0, slope, 0.3),
            (1.5, cubic_slope, 0.01),
            (-4.0, gentle_slope, 0.6),
            *((float(w), slope, float(rate)) for w, rate in rng.uniform([-9, 0.02], [9, 0.4], (4, 2))),
            *((float(w), cubic_slope, float(rate)) for w, rate in rng.uniform([-2.5, 0.02], [2.5, 0.4], (4, 2))),
        ],
        others=[(3.0, slope, 0.2), (4.0, gentle_slope, 2.5), (3.5, slope, 1.5)],  # level; large rates
        mistakes=[
            step_uphill,
            step_from_nowhere,
            step_alone,
            step_unscaled,
            step_without_the_gradient,
            step_in_brackets,
            step_scaling_all,
            step_at_the_scaled_place,
        ],
    ),
    Exercise(
        walk,
        why="`w -= …` is short for `w = w - …`, and the learning rate multiplies the gradient; `w =- …` is `w = (-…)`.",
        hints=[
            "Both faults stand in one line. Write the rule beside it and compare, sign by sign.",
            "Python reads `w =- a` as `w = (-a)`. Is anything subtracted from the old w?",
            "And what stands between the learning rate and the gradient in the rule?",
        ],
        cases=[
            (6.0, slope, 0.1, 3),
            (2.5, slope, 0.2, 3),
            (-6.0, gentle_slope, 0.2, 3),
            *((float(w), slope, float(rate), 5) for w, rate in rng.uniform([-9, 0.02], [9, 0.4], (3, 2))),
            *((float(w), cubic_slope, float(rate), 4) for w, rate in rng.uniform([0.4, 0.02], [1.5, 0.08], (3, 2))),
        ],
        others=[  # one step, many; large rates, across the bottom, uphill in the end
            (6.0, slope, 0.3, 1),
            (9.0, gentle_slope, 0.3, 12),
            (5.0, slope, 1.25, 3),
            (-2.0, gentle_slope, 3.0, 4),
        ],
        mistakes=[
            walk_with_both_faults,
            walk_with_minus_sign_astray,
            walk_adding_the_rate,
            walk_less_rate_plus_gradient,
            walk_uphill,
            walk_straight,
            walk_one_step,
        ],
        broken=walk_broken,
    ),
    Question(
        "three_runs",
        [2, 3, 1],
        why="A climbs on its side: a plus for the minus. B jumps from side to side, further out: too large a rate.",
        hints=[
            "For each run, look at the distance from 3: does it grow or shrink? And on which side of 3 is each w?",
            "Two runs get worse. One stays on its side of 3, the other changes sides at every step.",
            "With a rate that is too large the run overshoots. Can a run that overshoots stay on one side?",
        ],
        mistakes=[
            ([3, 2, 1], "You take a diverging run for a bug, and a bug for divergence. Which of the two overshoots?"),
            ([2, 2, 1], "You take run B for one with a wrong sign. What makes a run jump from side to side?"),
            ([3, 3, 1], "You take run A for a diverging one. Which run never changes its side?"),
            ([1, 3, 1], "You call run A a good one. Does it come nearer to 3?"),
            ([2, 1, 1], "You call run B a good one. Does it come nearer to 3?"),
            ([2, 3, 3], "You take run C for a diverging one. How far from 3 is each of its numbers?"),
            ([2, 3, 2], "You take run C for one with a wrong sign. How far from 3 is each of its numbers?"),
        ],
        tolerance=0.0,
    ),
    Question(
        "two_steps",
        0.493,
        why="2 - 2 · 0.697 = 0.606 after the first step, and 0.606 - 2 · 0.0565 = 0.493 after the second.",
        hints=[
            "The first step: what is η times 0.697, and what is left when you take that from 2?",
            "The first step leads to 2 - 1.394 = 0.606, which is the w of row 1.",
            "Take 2 · 0.0565 = 0.113 from 0.606.",
        ],
        work=work_of_two_steps,
        mistakes=[
            (0.606, "That is w after the first step. Where does the second one lead from there?"),
            (3.507, "Both steps are added. Which sign stands before η in the rule?"),
            (1.2465, "Both gradients are subtracted whole. What is each of them multiplied by?"),
            (1.507, "That is how far both steps go together. From where do they start?"),
            (-1.507, "That is minus both steps, and the start is missing. From where do they begin?"),
            (-0.788, "The slope of the start is used twice. What is the slope at the second place?"),
            (1.887, "The second step begins at 2 again. From which w does it start?"),
            (0.719, "The second step is added. Which sign stands before η in the rule?"),
            (0.5495, "The second gradient is subtracted whole. What is it multiplied by first?"),
            (1.19, "The first gradient is subtracted whole. What is it multiplied by first?"),
            (0.113, "That is the length of the second step. What is it taken from?"),
            (1.9246, "The rate is taken as 0.1, that of the parabola. Which η stands in this exercise?"),
            (3.394, "That is the first step alone, and it is added. Which sign stands before η in the rule?"),
            (-0.524, "The second slope is read as 0.565. How many zeros stand behind its point?"),
        ],
        tolerance=0.004,
    ),
]

PREDICTIONS = [
    Prediction(
        "One weight of 52,650 is wrong. How many of the 1,000 images are read wrong?",
        ["about 20", "about 200", "about 900"],
        right="about 200",
        counters={
            "about 20": "It reads 274 images as a 3, and only 97 of the 1,000 show one.",
            "about 900": "The weight moves the score of one digit alone, and 811 images are still read right.",
        },
    ),
    Prediction(
        "What sign does the gradient have at w = 8, and at w = 1?",
        ["positive at both", "positive at 8, negative at 1", "negative at 8, positive at 1", "negative at both"],
        right="positive at 8, negative at 1",
        counters={
            "positive at both": "At 1 the curve falls to the right: 2(1 − 3) = −4.",
            "negative at 8, positive at 1": "Right of the minimum the curve rises: 2(8 − 3) = 10.",
            "negative at both": "At 8 the curve rises: 2(8 − 3) = 10.",
        },
    ),
    Prediction(
        "By how much is each step shorter than the one before?",
        ["by the same amount", "by the same factor", "by less and less, without a rule"],
        right="by the same factor",
        counters={
            "by the same amount": "From 1 to 0.8 it is 0.2, from 0.8 to 0.64 only 0.16.",
            "by less and less, without a rule": "0.8 / 1, 0.64 / 0.8 and 0.512 / 0.64 are the same.",
        },
    ),
    Prediction(
        "Which learning rate gets closest to 3 in 15 steps?",
        ["0.02", "0.45", "0.95", "1.05"],
        right="0.45",
        counters={
            "0.02": "It keeps 96% of the distance at each step, and 1.63 after fifteen.",
            "0.95": "It jumps across and keeps 90% of the distance each time, 0.62 after fifteen.",
            "1.05": "It jumps across, further each time, and is 12.5 away after fifteen.",
        },
    ),
    Prediction(
        "Where are these two rates, on this parabola?",
        ["at 0.25 and 0.5", "at 0.5 and 1", "at 1 and 2", "that depends on the start"],
        right="at 0.5 and 1",
        counters={
            "at 0.25 and 0.5": "At 0.3 the factor is 1 − 0.6 = 0.4: no jump across yet.",
            "at 1 and 2": "At 0.6 the factor is 1 − 1.2 = −0.2: it jumps across already.",
            "that depends on the start": "The factor is 1 − 2η, and the start doesn't occur in it.",
        },
    ),
    Prediction(
        "What happens after the first step?",
        ["it comes back and reaches the bottom", "it stays on one side", "it flies away"],
        right="it flies away",
        counters={
            "it comes back and reaches the bottom": "The first step leads from 1.5 to −2.55: further out.",
            "it stays on one side": "The first step leads from 1.5 to −2.55, to the other side.",
        },
    ),
    Prediction(
        "How many of the 1,000 images are read wrong at the bottom of the curve?",
        ["none", "about 25", "about 95"],
        right="about 25",
        counters={
            "none": "At the bottom 26 are still read wrong: a right weight does not make a perfect network.",
            "about 95": "That would be half of the 189. At the bottom it is 26.",
        },
    ),
]
