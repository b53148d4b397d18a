"""The exercises of lesson 0."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

rng = np.random.default_rng(0)


def ramp(w):
    """3 * w"""
    return 3 * w


def dip(w):
    """(w - 3)**2"""
    return (w - 3) ** 2


def hump(w):
    """5 - w**2"""
    return 5 - w**2


def wave(w):
    """w**3 - w"""
    return w**3 - w


# Mend a broken one: the slope between two places


def slope_between(height, left, right):
    """Return the rise from left to right for each 1 of the distance."""
    return (height(right) - height(left)) / (right - left)


def slope_of_the_distance(height, left, right):
    """That is the height of the distance, one place, over the distance. At which two places are heights needed?"""
    return height(right - left) / (right - left)


def slope_between_broken(height, left, right):
    """Return the rise from left to right for each 1 of the distance."""
    return (height(right) - height(left)) / (right + left)


def slope_turned(height, left, right):
    """Up and down are exchanged. Do both differences begin on the same side?"""
    return (height(left) - height(right)) / (right - left)


def slope_undivided(height, left, right):
    """That is the rise alone. What is it divided by?"""
    return height(right) - height(left)


def slope_upside_down(height, left, right):
    """The distance is divided by the rise. Which of the two should be divided by the other?"""
    return (right - left) / (height(right) - height(left))


def slope_multiplied(height, left, right):
    """The rise is multiplied by the distance. What does *for each 1 of the distance* ask for?"""
    return (height(right) - height(left)) * (right - left)


def slope_of_places(height, left, right):
    """It adds up the heights. How much does the height rise on the way?"""
    return (height(right) + height(left)) / (right - left)


# Fill the gap: one step


def step_down(w, slope):
    """Return the place after a step downhill of a tenth of the slope."""
    return w - 0.1 * slope


def step_up(w, slope):
    """The step goes uphill. Which sign leads against the slope?"""
    return w + 0.1 * slope


def step_too_long(w, slope):
    """The whole slope is the step. How much of it should it be?"""
    return w - slope


def step_alone(w, slope):
    """That is how far you go, not where you are then. From where do you start?"""
    return -0.1 * slope


def step_tenth(w, slope):
    """That is a tenth of the slope, not a place. From what is it taken away?"""
    return 0.1 * slope


def step_of_a_tenth(w, slope):
    """Every step has the same length, whatever the slope. A tenth of what should the step be?"""
    return w - 0.1


def step_by_the_sign(w, slope):
    """Only the sign of the slope counts, so every step has the same length. A tenth of what should the step be?"""
    return w - 0.1 * np.sign(slope)


def step_always_left(w, slope):
    """The sign of the slope is lost, so every step goes left. Where does a negative slope lead?"""
    return w - 0.1 * abs(slope)


def step_always_left_and_too_long(w, slope):
    """The sign of the slope is lost, and the whole slope is the step. How long is it, and which way does it go?"""
    return w - abs(slope)


def step_in_brackets(w, slope):
    """The subtraction comes before the multiplication. Which two belong together?"""
    return (w - 0.1) * slope


def work_of_first_slope(left=1.9, right=2.1, height_left=1.93, height_right=3.54):
    """The rise over the distance."""
    return (height_right - height_left) / (right - left)


EXERCISES = [
    Question(
        "first_slope",
        8.05,
        why="The height rises by 3.54 - 1.93 = 1.61 over a distance of 0.2, and 1.61 / 0.2 = 8.05.",
        hints=[
            "How much does the height rise from the first place to the last? And how far apart are the two?",
            "The rise is 1.61, the distance 0.2. Divide the first by the second.",
        ],
        work=work_of_first_slope,
        mixups={"left": [2.0], "right": [2.0], "height_left": [2.67], "height_right": [2.67]},
        mistakes=[
            (1.61, "That is the rise alone, 3.54 - 1.93. What distance is it divided by?"),
            (16.1, "That divides by 0.1. How far is it from 1.9 to 2.1?"),
            (0.322, "That multiplies by the distance. What does *for each 1 of the distance* ask for?"),
            (-8.05, "The size is right. Does the height rise or fall from 1.9 to 2.1?"),
            (82.92, "That is the angle of the slope in degrees. How much does the height rise on a distance of 1?"),
            (8.0, "That is what the figure said at 2. Which slope do the two printed heights give?"),
            (7.4, "That is the slope from 1.9 to 2.0. Which two places does the question name?"),
            (8.7, "That is the slope from 2.0 to 2.1. Which two places does the question name?"),
            (0.1242, "That is the distance over the rise. Which of the two should be divided by the other?"),
        ],
    ),
    Exercise(
        slope_between,
        why="The rise over the distance, and both count from left to right.",
        hints=[
            "The rise is right. By what is it divided?",
            "How far is it from left to right? With 2 and 5, is it 7 or 3?",
        ],
        cases=[
            (ramp, 2.0, 5.0),
            (dip, 4.0, 6.5),
            (hump, 1.5, 3.5),
            *((dip, float(left), float(left + way)) for left, way in rng.uniform([-4, 0.3], [4, 0.8], (3, 2))),
            *((hump, float(left), float(left + way)) for left, way in rng.uniform([-4, 0.3], [4, 0.8], (3, 2))),
        ],
        others=[(wave, -1.0, 2.5)],  # the slope is not that in the middle
        mistakes=[
            slope_turned,
            slope_undivided,
            slope_upside_down,
            slope_multiplied,
            slope_of_places,
            slope_of_the_distance,
        ],
        broken=slope_between_broken,
    ),
    Exercise(
        step_down,
        why="A positive slope means uphill to the right, so the minus leads left; a negative one leads right.",
        hints=[
            "A tenth of the slope is 0.1 * slope. With which sign does it lead downhill?",
            "Take a tenth of the slope away from w.",
        ],
        cases=[
            (5.0, 20.0),
            (5.0, -20.0),
            (-3.0, 4.0),
            *((float(w), float(slope)) for w, slope in rng.uniform(-9, 9, (5, 2))),
        ],
        others=[(4.0, 0.0), (8.0, -1.0), (-3.0, -2.0), (2.0, 150.0)],
        mistakes=[
            step_up,
            step_too_long,
            step_alone,
            step_tenth,
            step_of_a_tenth,
            step_by_the_sign,
            step_always_left,
            step_always_left_and_too_long,
            step_in_brackets,
        ],
    ),
    Question(
        "descent_lines",
        [4, 1, 3, 2],
        why="Begin somewhere; then, again and again, feel the slope and take one step against it.",
        hints=[
            "The two indented lines belong to the loop. Which line stands above them?",
            "Before the loop there must be a place to start from. In the loop, what must be known before the step?",
        ],
        lines=[
            "for step in range(20):",
            "    w = step_down(w, slope)",
            "    slope = slope_between(hill, w - 0.1, w + 0.1)",
            "w = 2.0",
        ],
        needs={
            (4, 1): "Where does the walk begin?",
            (4, 3): "From which place is the slope felt?",
            (1, 3): "Which line must stand above the two indented ones?",
            (1, 2): "Which line must stand above the two indented ones?",
            (3, 2): "With which slope is the step taken?",
        },
        mistakes=[
            (
                [4, 1, 2, 3],
                "The first step is taken with a slope that nobody has felt yet. Which line must be earlier?",
            ),
            ([1, 4, 3, 2], "The loop has no body, because `w = 2.0` is not indented. Where does the walk begin?"),
            ([1, 3, 2, 4], "The loop uses w before it has a value. Which line gives w its first one?"),
            ([4, 3, 1, 2], "The slope is felt outside of the loop. Which line must stand above the two indented ones?"),
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "At which of the three places is the ground lowest?",
        ["1.9", "2.0", "2.1"],
        right="1.9",
        counters={
            "2.0": "At 2.0 the height is 2.67, at 1.9 only 1.93.",
            "2.1": "At 2.1 the height is 3.54: that is uphill.",
        },
    ),
    Prediction(
        "From w = −3, where the slope is about −12, where does one step lead?",
        ["−4.2", "−3.12", "−1.8"],
        right="−1.8",
        counters={
            "−4.2": "The slope is negative there, so −4.2 lies uphill.",
            "−3.12": "The slope is negative there, so −3.12 lies uphill. And a tenth of 12 is 1.2, not 0.12.",
        },
    ),
    Prediction(
        "Which starts lead to the deep valley?",
        ["all of them", "those nearer to −2 than to 1", "those left of the hilltop"],
        right="those left of the hilltop",
        counters={
            "all of them": "A walk from 2 ends at 1, in the other one.",
            "those nearer to −2 than to 1": "−0.3 is nearer to 1, and its walk ends at −2.",
        },
    ),
]
