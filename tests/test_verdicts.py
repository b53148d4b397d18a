"""What a figure says of a whole run, held against the factors of quadratics and runs a hundred times as long."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcourse import checks, functions
from gdcourse.functions import Function
from gdcourse.optimizers import SGD, Adam, RMSprop, descend, fresh
from gdcourse.widgets import runs, verdicts, walk
from gdcourse.widgets.verdicts import NEAR, REGIMES

PARABOLA, VALLEYS, RAVINE = functions.parabola, functions.two_valleys, functions.ravine


def judged(function, optimizer, start, steps, gradient=None):
    """Return the Run, with a learning rate or an optimizer."""
    optimizer = SGD(optimizer) if isinstance(optimizer, float) else optimizer
    return runs.run(function, gradient or function.gradient, optimizer, np.atleast_1d(start), steps)


def name(run):
    return REGIMES[run.regime]["name"]


@checks.arithmetic
def long_path(function, optimizer, start, steps):
    """Return the path of `descend`, (points, n), by the bare arithmetic: it is to be a hundred times as long."""
    optimizer, points = fresh(optimizer), [np.atleast_1d(np.array(start, float))]
    while len(points) <= steps:
        w = points[-1] + optimizer.next_change(points[-1], np.array(function.slope(*points[-1])).reshape(-1))
        if not np.isfinite(w).all():
            break
        points.append(w)
    return np.array(points)


def test_a_long_path_is_that_of_descend():
    for function, optimizer, start in [(VALLEYS, SGD(0.4), -2.1), (RAVINE, Adam(0.1), [4.0, 1.0]),
                                       (functions.quartic, SGD(0.9), 3.0)]:  # fmt: skip
        path = np.asarray(descend(function.gradient, start, optimizer, 60))
        np.testing.assert_array_equal(long_path(function, optimizer, start, 60), path)


# The quadratics: 1 − ηc is the factor by which each step changes a weight.


def quadratic(curvatures):
    """Return (c₁ x₁² + …) / 2, drawn from −1 to 1."""
    d = len(curvatures)
    return Function(
        name="Quadratic",
        formula="",
        height=lambda *w: sum(c * x**2 for c, x in zip(curvatures, w)) / 2,
        slope=lambda *w: tuple(c * x for c, x in zip(curvatures, w)) if d > 1 else curvatures[0] * w[0],
        bounds=((-1.0, 1.0),) * d,
        start=(0.5,) * d,
        minima=((0.0,) * d,),
    )


FACTORS = st.one_of(st.floats(-1.2, 0.999).filter(lambda f: not 0 < abs(abs(f) - 1) < 1e-3), st.just(-1.0))
STARTS = st.floats(0.2, 1).flatmap(lambda x: st.sampled_from([x, -x]))


def expected(factor, start, steps):
    """Return how a weight moves that each step multiplies by this factor; None where it is a matter of taste."""
    left = abs(start * factor**steps) / 2  # in widths of the picture
    if abs(factor) >= 1:
        return verdicts.GROWS if factor < -1 else verdicts.REPEATS
    if left > 1.01 * NEAR:
        return verdicts.COMES if factor > 0 else verdicts.NEARS
    # Two points are looked at.
    return verdicts.STILL if left / max(abs(factor), 1e-9) < 0.99 * NEAR else None


@settings(deadline=None, max_examples=100)
@given(FACTORS, STARTS, st.integers(8, 80))
def test_the_factor_says_what_one_weight_does(factor, start, steps):
    run = judged(quadratic([1 - factor]), 1.0, start, steps)
    truth = expected(factor, start, steps)
    if truth == verdicts.STILL:
        assert name(run) in ("lands", "jumps across, ever closer")
        assert "rest at the lowest point" in run.words
        assert factor >= -0.01 or name(run) == "jumps across, ever closer"
        assert factor < 0 or name(run) == "lands"
    elif truth is not None:
        assert run.regime == verdicts.BY_MOVE[truth] and "rest" not in run.words


@settings(deadline=None, max_examples=100)
@given(FACTORS, FACTORS, STARTS, STARTS, st.integers(8, 80))
def test_the_factors_say_what_two_weights_do(first, second, x, y, steps):
    run = judged(quadratic([1 - first, 1 - second]), 1.0, [x, y], steps)
    truths = [expected(first, x, steps), expected(second, y, steps)]
    if None in truths:
        return
    if truths == [verdicts.STILL] * 2:
        assert name(run) in ("lands", "jumps across, ever closer") and "rest at the lowest point" in run.words
        return
    assert run.regime == verdicts.BY_MOVE[max(truths)]
    for weight, truth in zip("xy", truths):
        if f"{weight} has come to rest" in run.words:
            assert truth == verdicts.STILL
        if f"{weight} is still on its way" in run.words:
            assert truth in (verdicts.COMES, verdicts.STILL)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.05, 1.5), st.floats(0.05, 6), STARTS, st.sampled_from([0.3, 0.5, 0.9]))
def test_momentum_is_judged_by_its_factors(rate, curvature, start, momentum):
    """The step is multiplied by the roots of f² − (1 + β − ηc) f + β."""
    run = judged(quadratic([curvature]), SGD(rate, momentum=momentum), start, 80)
    factor = np.abs(np.roots([1, -(1 + momentum - rate * curvature), momentum])).max()
    if factor > 1.02:
        assert name(run) == "diverges"
    elif factor < 0.98:
        assert name(run) in ("lands", "jumps across, ever closer", "still on its way")
        assert ("has come to rest" in run.words) == (abs(run.points[-8:]).max() < 2 * NEAR) or factor > 0.9


# Where a lesson says that something changes, the verdict changes, and the mark.


@pytest.mark.parametrize(
    ("function", "start", "steps", "below", "at", "above"),
    [
        (PARABOLA, 8.0, 60, (0.49, "lands"), (0.5, "lands"), (0.51, "jumps across, ever closer")),
        (PARABOLA, 8.0, 30, (0.99, "jumps across, ever closer"), (1.0, "jumps across, no closer"), (1.01, "diverges")),
        (VALLEYS, -2.1, 60, (0.16, "lands"), (0.17, "jumps across, ever closer"), (0.33, "jumps across, ever closer")),
        (VALLEYS, -2.1, 60, (0.33, "jumps across, ever closer"), (0.34, "jumps across, no closer"),
         (0.44, "jumps across, no closer")),
        (VALLEYS, 1.1, 60, (0.66, "rests elsewhere"), (2 / 3, "jumps across, no closer"),
         (0.75, "jumps across, no closer")),
        (RAVINE, [4.0, 1.0], 25, (0.099, "jumps across, ever closer"), (0.1, "jumps across, no closer"),
         (0.101, "diverges")),
        (RAVINE, [2.0, 2.0], 25, (0.05, "still on its way"), (0.1, "jumps across, no closer"), (0.101, "diverges")),
        (RAVINE, [4.0, 0.0], 25, (0.05, "still on its way"), (0.1, "still on its way"), (0.2, "lands")),
    ],
)  # fmt: skip
def test_the_verdict_changes_where_the_lesson_says(function, start, steps, below, at, above):
    for rate, regime in (below, at, above):
        assert name(judged(function, rate, start, steps)) == regime, rate


def test_every_verdict_has_a_mark_of_its_own():
    marks = [(regime["shape"], regime["color"]) for regime in REGIMES if regime["name"]]
    assert len(set(marks)) == len({shape for shape, _ in marks}) == 7
    assert ("circle", "blue") not in marks  # so are the points of the run


@pytest.mark.parametrize(
    "rate", [0.34, 0.36, 0.38, 0.4, 0.44, 0.45, 0.47, 0.485, 0.49, 0.5, 0.515, *np.arange(0.345, 0.53, 0.0075)]
)
def test_a_run_that_bounces_inside_the_picture_comes_no_closer(rate):
    run = judged(VALLEYS, float(rate), -2.1, 60)
    later = long_path(VALLEYS, SGD(float(rate)), -2.1, 6000)[-10:, 0]
    bounces = np.ptp(later) > 0.1
    assert (name(run) == "jumps across, no closer") == bounces, run.words


@pytest.mark.parametrize("function, start, rate", [
    (PARABOLA, 8.0, 1.0), *((VALLEYS, -2.1, rate) for rate in (0.36, 0.4, 0.42, 0.44, 0.45, 0.47, 0.49)),
])  # fmt: skip
def test_a_cycle_is_told_from_jumps_without_one(function, start, rate):
    run = judged(function, rate, start, 60)
    late = long_path(function, SGD(rate), start, 6000)[-64:, 0]
    cycle = any(np.ptp(np.abs(late[period:] - late[:-period])) < 1e-9 > np.abs(late[period:] - late[:-period]).max()
                for period in verdicts.PERIODS)  # fmt: skip
    assert "jumps from side to side" in run.words and ("repeats the same points" in run.words) == cycle


def test_the_other_valley_is_named():
    for rate in (0.55, 0.6):
        assert judged(VALLEYS, rate, -2.1, 60).words == (
            "The run has come to rest in another valley, which is less deep."
        )


def test_a_crawl_along_the_floor_is_no_arrival():
    run = judged(RAVINE, 0.05, [1.0, 2.0], 25)
    assert run.words == "x is still on its way; y has come to rest."
    assert "rest" not in judged(RAVINE, 0.01, [1.0, 2.0], 25).words
    floor = judged(functions.rosenbrock, 1e-4, [-1.2, 1.0], 40)
    assert floor.words == "The run is still on its way, in very small steps."
    assert "y jumps from side to side" in judged(RAVINE, 0.1, [4.0, 1.0], 25).words


@pytest.mark.parametrize(
    ("function", "start", "said"),
    [
        (functions.saddle, [2.5, 0.0], "at a saddle"),
        (functions.saddle, [0.0, 0.0], "at a saddle"),
        (VALLEYS, 0.0, "on a hilltop"),
        (functions.plateau, 5.0, "on its way, in steps that grow"),
    ],
)
def test_where_a_run_rests_is_said(function, start, said):
    assert said in judged(function, 0.1, start, 90).words


def test_level_ground_is_no_lowest_point():
    step = Function("Shelf", "", lambda w: np.maximum(w, 0.0), lambda w: np.where(w > 0, 1.0, 0.0), ((-4, 4),), (3.0,),
                    ((-9.0,),))  # fmt: skip
    run = judged(step, 0.3, 3.0, 40)
    assert name(run) == "rests elsewhere" and "where the loss is level" in run.words


def test_a_wrong_gradient_is_seen_by_what_it_does():
    wrong_sign = judged(PARABOLA, 0.1, 8.0, 30, lambda w: -2 * (w - 3))
    assert name(wrong_sign) == "climbs on one side"
    wrong_sign = judged(PARABOLA, 9.0, 8.0, 600, lambda w: -2 * (w - 3))
    assert name(wrong_sign) == "climbs on one side" and "Stopped after" in wrong_sign.note
    to_the_top = judged(VALLEYS, 0.1, -0.5, 60, lambda w: -VALLEYS.gradient(w))
    assert name(to_the_top) == "climbs on one side" and "on a hilltop" in to_the_top.words
    elsewhere = judged(PARABOLA, 0.1, 8.0, 90, lambda w: 2 * w - 3)
    assert "not level: look at the gradient, the rule and the rate" in elsewhere.words


HIMMELBLAU, PLATEAU = functions.himmelblau, functions.plateau


@pytest.mark.parametrize(
    ("function", "optimizer", "start", "steps"),
    [
        (PLATEAU, SGD(10.0), PLATEAU.start, 40),
        (VALLEYS, SGD(0.0089, momentum=0.9), VALLEYS.start, 40),
        (PARABOLA, RMSprop(1.31), PARABOLA.start, 40),
        (HIMMELBLAU, SGD(0.0016, momentum=0.9), HIMMELBLAU.start, 40),
    ],
)
def test_a_run_that_stays_in_the_picture_is_not_said_to_diverge(function, optimizer, start, steps):
    path = long_path(function, optimizer, start, 100 * steps)
    low, high = np.array(function.bounds).T
    assert len(path) > 100 * steps and (np.abs((path - low) / (high - low) - 0.5) < 1).all()
    run = judged(function, optimizer, start, steps)
    assert name(run) != "diverges" and "diverge" not in run.words


@pytest.mark.parametrize(
    ("function", "rate", "steps"),
    [(HIMMELBLAU, 0.0028, 40), (functions.beale, 0.008, 40), (functions.rosenbrock, 0.002, 400)],
)
def test_a_weight_that_turns_once_does_not_swing_across(function, rate, steps):
    path = long_path(function, SGD(rate), function.start, steps)
    late = np.diff(path[steps // 2 :], axis=0)
    turns = (late[1:] * late[:-1] < 0).sum(axis=0)
    run = judged(function, rate, function.start, steps)
    assert max(turns) == 1 and "swings" not in run.words and name(run) == "still on its way"


@pytest.mark.parametrize("steps", [2, 3, 4])
@pytest.mark.parametrize("rate", [1.0, 1.1])
def test_few_jumps_come_closer_only_where_they_get_shorter(rate, steps):
    run = judged(PARABOLA, rate, 8.0, steps)
    assert "closer each time" not in run.words and name(run) in ("jumps across, no closer", "diverges")
    assert name(judged(PARABOLA, 0.9, 8.0, steps)) == "jumps across, ever closer"


def test_at_the_threshold_each_step_is_as_high_as_the_one_before():
    said = "on the other side of the valley, as high as before"
    assert {runs.PHRASES[code] for code in judged(PARABOLA, 1.0, 8.0, 20).phrases[1:]} == {said}


def test_a_step_too_far_onto_level_ground_is_not_taken_for_a_wrong_sign():
    dent = lambda w: 1 - np.exp(-w * w)  # noqa: E731
    figure = walk(dent, bounds=(-6, 6), start=1.0, learning_rate=20.0)
    assert "look at the sign" not in figure.answer["runs"][0]["words"]
    figure = walk(dent, gradient=lambda w: -2 * w * np.exp(-w * w), bounds=(-6, 6), start=1.0, learning_rate=0.5)
    assert "look at the sign" in figure.answer["runs"][0]["words"]


def test_a_swing_that_shrinks_is_not_a_cycle():
    run = judged(PARABOLA, SGD(0.975, momentum=0.9), 8.0, 20)
    assert abs(long_path(PARABOLA, SGD(0.975, momentum=0.9), 8.0, 2000)[-1, 0] - 3) < 0.01
    assert "repeats the same points" not in run.words


def test_level_ground_of_a_loss_whose_lowest_point_nobody_knows():
    figure = walk(lambda w: max(0.0, abs(w) - 1) ** 2, bounds=(-4, 4), start=3.0, learning_rate=0.6)
    assert "where the loss is level." in figure.answer["runs"][0]["words"]


@pytest.mark.parametrize("rate", [0.0945, 0.095])
def test_a_weight_that_jumps_a_little_is_not_said_to_be_on_its_way(rate):
    run = judged(RAVINE, rate, [4.0, 1.0], 40)
    assert runs.PHRASES[run.phrases[-1]] == "on the other side of the valley, and lower"
    assert run.words == "x is still on its way; y jumps across the valley, closer each time."
    assert name(run) == "still on its way"


def test_what_the_learner_s_code_ended_is_not_judged():
    def raising(w):
        if w < 5:
            raise ValueError("no less than 5")
        return 2 * (w - 3)

    run = judged(PARABOLA, 0.1, 8.0, 30, raising)
    assert run.words == "" and name(run) == "" and run.note == "Stopped at step 5: no less than 5."


OTHERS = [SGD(0.01, momentum=0.9), SGD(0.05, 0.9, True), Adam(0.1), Adam(0.5), RMSprop(0.05)]
LANDSCAPES = [PARABOLA, functions.quartic, VALLEYS, PLATEAU, functions.bowl, RAVINE, functions.saddle,
              functions.rosenbrock, functions.beale, HIMMELBLAU]  # fmt: skip


@pytest.mark.parametrize("function", LANDSCAPES, ids=lambda function: function.name)
def test_a_verdict_holds_for_a_run_a_hundred_times_as_long(function):
    """What has come to rest stays there; what goes on or jumps doesn't; what diverges leaves the picture."""
    wide = np.ptp(function.bounds, axis=1)
    rng = np.random.default_rng(0)
    low, high = np.array(function.bounds).T
    start = function.start if function.dimensions == 2 else function.start[0]
    curvature = 20.0 / np.linalg.norm(np.atleast_1d(function.gradient(np.array(start))))
    for optimizer in [*(SGD(float(rate)) for rate in curvature * 10 ** rng.uniform(-4, 0, 12)), *OTHERS]:
        begin = low + (high - low) * rng.uniform(0.1, 0.9, function.dimensions)
        run = judged(function, optimizer, begin, 40)
        path = long_path(function, optimizer, begin, 4000)
        moved = np.abs((path[40:] - path[min(40, len(path) - 1)]) / wide)
        if run.regime in (verdicts.LANDS, verdicts.ELSEWHERE) or "closer each time, and has come to rest" in run.words:
            assert len(path) > 40 and moved.max() < 4 * NEAR, (optimizer, begin, run.words)
        elif name(run) in ("jumps across, no closer", "still on its way"):
            assert moved.max(initial=1) > NEAR / 2, (optimizer, begin, run.words)
        elif name(run) == "jumps across, ever closer":
            early, late = (np.ptp(part, axis=0) / wide for part in (path[32:41], path[-9:]))
            assert len(path) == 4001 and (late < early + NEAR).all(), (optimizer, begin, run.words)
        elif name(run) == "diverges":
            outside = ~function.inside(path)
            assert len(path) < 4001 or outside.any(), (optimizer, begin, run.words)


def test_a_crawl_along_a_bent_floor_is_not_taken_for_another_valley():
    run = judged(functions.rosenbrock, 7.606113314255409e-05, [0.76108092, 2.46005522], 40)
    assert name(run) == "still on its way" and "rest" not in run.words.replace("has come to rest.", "")


def test_a_small_jump_that_goes_on_is_not_on_its_way():
    rate, start = 0.0023635272, [0.5145729, 3.4131472]
    run = judged(functions.beale, rate, start, 40)
    late = np.diff(long_path(functions.beale, SGD(rate), start, 4000)[-20:, 1])
    assert (late[1:] * late[:-1] < 0).all() and np.abs(late).min() > 0.04
    assert "y jumps" in run.words and "The run is still on its way" not in run.words


@pytest.mark.parametrize(
    "optimizer", [SGD(0.95), SGD(0.97), SGD(0.1, momentum=0.9), SGD(0.05, momentum=0.9, nesterov=True)]
)
def test_a_run_that_leaves_on_one_side_has_no_mark_of_coming_closer(optimizer):
    run = judged(functions.saddle, optimizer, [2.5, 0.01], 40)
    assert not functions.saddle.inside(run.points[-1:])[0] and runs.PHRASES[run.phrases[-1]] == "outside the picture"
    assert name(run) == "still on its way" and run.words.startswith("y is still on its way, in steps that grow; x ")


@pytest.mark.parametrize("function, rates", [
    (PARABOLA, [0.001, 0.05, 0.3, 0.5, 0.7, *np.arange(0.9, 1.01, 0.004), 1.2, 9.0]),
    (VALLEYS, [*np.arange(0.1, 1.0, 0.015), 0.33, 0.661, 0.662]),
], ids=["parabola", "two valleys"])  # fmt: skip
@pytest.mark.parametrize("steps", [30, 40, 60])
def test_the_sentence_and_the_last_step_say_the_same_at_every_rate(function, rates, steps):
    for rate in rates:
        run = judged(function, float(rate), function.start[0], steps)
        last = runs.PHRASES[run.phrases[-1]]
        assert ("come to rest" in run.words) == (last == "hardly moving"), (rate, last, run.words)


@pytest.mark.parametrize("rate", [0.001, 0.05, 0.3, 0.5, 0.7, 0.96, 0.99, 1.0, 1.2, 9.0])
def test_strip_sentence_picture_and_steps_say_the_same(rate):
    figure = walk(PARABOLA, learning_rate=rate, steps=60)
    (run,) = figure._runs
    assert figure.answer["runs"][0]["words"] == run.words and figure.answer["tried"][-1] == run.regime
    text = figure.drawn()[1]
    assert run.words in text
    last = runs.PHRASES[run.phrases[-1]]
    assert ("come to rest" in text) == (last == "hardly moving")
    assert not re.search("come to rest.*come to rest", text)


def test_a_run_on_noisy_slopes_is_not_said_to_come_closer():
    rng = np.random.default_rng(0)
    noisy = runs.run(functions.bowl, lambda w: functions.bowl.gradient(w) + rng.normal(0, 3, 2), SGD(0.3), (3, 2), 70)
    low, high = re.fullmatch(
        r"The slopes are noisy: in the last quarter of the run the loss lies between (\S+) and (\S+)\.", noisy.words
    ).groups()
    assert float(low) == pytest.approx(noisy.losses[-18:].min(), rel=0.005)
    assert float(high) == pytest.approx(noisy.losses[-18:].max(), rel=0.005)
    assert REGIMES[noisy.regime]["name"] == ""
    assert " lies between 2.62·10⁻⁵ and 0.0015." in runs._on_noise(np.array([3, 1, 0.0015, 2.62e-5])).words
    quiet = runs.run(functions.bowl, lambda w: functions.bowl.gradient(w) + 0, SGD(0.3), (3, 2), 70)
    assert "noisy" not in quiet.words
