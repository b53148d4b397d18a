"""The sweep of `walk`: where runs end, held against the factors of quadratics, plain Python, and longer runs."""

import re
import time

import numpy as np
import pytest
from figures import asked
from hypothesis import given, settings
from hypothesis import strategies as st
from test_verdicts import quadratic

from gdcourse import functions
from gdcourse.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop, descend
from gdcourse.widgets import sweeps, verdicts, walk
from gdcourse.widgets.sweeps import BOUNCES, FAILS, LEAVES, ON_ITS_WAY, SETTLES, WANDERS, Sweep

VALLEYS, RAVINE = functions.two_valleys, functions.ravine


def swept(function, start, rates, steps=60, gradient=None):
    """Return the sweep in full."""
    sweep = Sweep(function, gradient or function.gradient, SGD, np.atleast_1d(start), steps, rates)
    sweep.fill()
    sweep.go_on(60)
    assert sweep.complete and not sweep.going
    return sweep


@np.errstate(all="ignore")
def far(function, rate, start, steps):
    """Return the last sixty points of a run in plain Python; none if it leaves the finite numbers."""
    w, last = [float(x) for x in np.atleast_1d(start)], []
    for k in range(steps):
        try:  # an overflow of Python's floats
            slopes = function.slope(*w)
        except OverflowError:
            return np.empty((0, len(w)))
        w = [x - rate * slope for x, slope in zip(w, slopes if len(w) > 1 else [slopes])]
        if k >= steps - 60:
            last.append(w)
    last = np.array(last)
    return last if np.isfinite(last).all() and np.abs(last).max() < 1e9 else last[:0]


# A quadratic, where the factor 1 − ηc is the truth.


@settings(deadline=None, max_examples=6)
@given(st.floats(0.05, 40), st.floats(0.2, 1).flatmap(lambda x: st.sampled_from([x, -x])))
def test_on_a_quadratic_the_sweep_breaks_at_two_over_the_curvature(curvature, start):
    sweep = swept(quadratic([curvature]), start, (0.2 / curvature, 5 / curvature))
    for rate, column in sweep.columns.items():
        factor = 1 - rate * curvature
        if abs(abs(factor) - 1) > 1e-3:
            assert column.kind == (SETTLES if abs(factor) < 1 else LEAVES), factor
    said = re.fullmatch(r"In 6,000 steps from this start the run settles at 0 up to η = (\S+?),.* flies away above\.",
                        sweep.words())  # fmt: skip
    assert said and float(said[1].replace("e−", "e-")) == pytest.approx(2 / curvature, rel=0.006)


@settings(deadline=None, max_examples=6)
@given(st.floats(0.05, 20), st.floats(0.05, 20), st.floats(0.2, 1), st.floats(0.2, 1))
def test_of_two_weights_the_steeper_one_is_shown_and_breaks_the_run(first, second, x, y):
    steep = max(first, second)
    sweep = swept(quadratic([first, second]), [x, y], (0.5 / steep, 4 / steep), steps=25)
    assert sweep.axis == (second > first)
    for rate, column in sweep.columns.items():
        factors = [1 - rate * first, 1 - rate * second]
        if max(map(abs, factors)) < 0.99:
            assert column.kind == SETTLES
        if max(map(abs, factors)) > 1.001:
            assert column.kind == LEAVES


def test_at_the_threshold_itself_the_run_goes_between_two_values_for_ever():
    sweep = Sweep(RAVINE, RAVINE.gradient, SGD, [4.0, 1.0], 25, (0.005, 0.2))
    sweep.explore(0.1)
    sweep.go_on(5)
    assert (sweep.columns[0.1].kind, sweep.columns[0.1].period) == (BOUNCES, 2)
    np.testing.assert_allclose(np.unique(sweep.columns[0.1].last.round(9)), [-1, 1])


# The curves of the lessons.


@pytest.mark.parametrize(
    ("function", "start", "rates", "steps", "said"),
    [
        (VALLEYS, -2.1, (0.1, 1.0), 60, "settles at −2 up to η = 0.333, bounces between two values up to"),
        (VALLEYS, 1.1, (0.1, 1.0), 60, "settles at 1 up to η = 0.667, bounces between two values up to"),
        (RAVINE, [4.0, 1.0], (0.005, 0.2), 25, "settles with y at 0 up to η = 0.1, flies away above."),
        (RAVINE, [4.0, 0.0], (0.005, 0.2), 25, "settles with y at 0 at all these rates."),
        (functions.parabola, 8.0, (0.01, 1.5), 30, "settles at 3 up to η = 1, flies away above."),
    ],
)
def test_the_thresholds_of_the_lessons_are_told(function, start, rates, steps, said):
    sweep = swept(function, start, rates, steps)
    assert sweep.words().startswith(f"In {sweep.steps:,} steps from this start the run {said}")


def test_in_lesson_2_the_run_settles_bounces_loses_all_order_changes_the_valley_and_flies_away():
    words = swept(VALLEYS, -2.1, (0.1, 1.0)).words()
    order = ["settles at −2", "bounces between two", "between four", "between many", "settles at 1", "flies away above"]
    assert sorted(order, key=words.index) == order


CURVES = [
    (VALLEYS, [-2.1], (0.1, 1.0)),
    (VALLEYS, [1.1], (0.1, 1.0)),
    (functions.plateau, [5.0], (0.05, 4.0)),
    (functions.quartic, [1.5], (0.001, 1.0)),
    (functions.himmelblau, [0.0, 0.0], (0.002, 0.1)),
]


@pytest.mark.parametrize(("function", "start", "rates"), CURVES, ids=lambda one: getattr(one, "name", ""))
def test_what_is_said_of_a_region_holds_for_other_rates_and_a_run_ten_times_as_long(function, start, rates):
    """At rates between those that were computed; a run that leaves some disorder later is let pass once in ten."""
    sweep = swept(function, start, rates, steps=40)
    near = verdicts.NEAR * (sweep.high - sweep.low)[sweep.axis]
    rng, wrong, looked = np.random.default_rng(0), [], 0
    for region in sweep.regions():
        end = region.ends[0]
        span = np.log(region.high / region.low)
        if not region.clear and not end.many() or span < 0.03:
            continue
        for share in rng.uniform(0.1, 0.9, 3):
            last = far(function, region.low * np.exp(span * share), start, 40_000)
            looked += 1
            x = np.sort(last[:, sweep.axis])
            values = 1 + np.count_nonzero(np.diff(x) > near)
            right = {
                SETTLES: len(x) > 0
                and np.abs(x - end.place).max() < verdicts.REACH * np.ptp(function.bounds[sweep.axis]),
                BOUNCES: values == end.period or end.many() and values > 2,
                WANDERS: values > 2,
                ON_ITS_WAY: len(x) and values == 1,
                LEAVES: not len(x),
            }[end.kind]
            if not right:
                wrong.append((region, end, x))
    assert looked >= 9 and len(wrong) <= looked / 10, wrong


@pytest.mark.parametrize(("function", "start", "rates"), CURVES[:2], ids=lambda one: getattr(one, "name", ""))
def test_the_marks_below_the_ends_agree_with_them(function, start, rates):
    """What has landed or flown away in the first steps ends so."""
    figure = walk(function, start=start, rates=rates, steps=60)
    sweep = swept(function, start, rates)
    seen = set()
    for rate in list(sweep.columns)[::9]:
        figure.answered({"settings": [{"learning_rate": rate}]})
        run, kind = figure._runs[0], sweep.columns[rate].kind
        seen.add(run.regime)
        if run.regime in (verdicts.LANDS, verdicts.ELSEWHERE, verdicts.CLOSER):
            assert kind == SETTLES, (rate, run.words)
        if "leaves the finite numbers" in run.note:
            assert kind == LEAVES
        if kind in (BOUNCES, WANDERS):
            assert run.regime == verdicts.NO_CLOSER, (rate, run.words)
    assert len(seen) >= 2


# How it is computed: all at once, one after the other, with the learner's own code, in slices.


@pytest.mark.parametrize("kind", [SGD, Adagrad, RMSprop, Adam, AdamW])
def test_all_rates_at_once_end_where_descend_ends(kind):
    sweep = Sweep(RAVINE, RAVINE.gradient, lambda rate: kind(rate), [2.0, 1.0], 2, (0.01, 0.09))
    sweep.fill()
    while len(sweep.columns) < 60:
        sweep.go_on(0.001)
    for rate, column in list(sweep.columns.items())[:60:20]:
        path = descend(RAVINE.gradient, [2.0, 1.0], kind(rate), sweep.steps)
        np.testing.assert_allclose(column.last[:5], path[-30:-25, 1], rtol=1e-6, atol=1e-9)


def test_the_gradient_of_the_learner_is_what_runs():
    def half(w):
        x, y = w
        return np.array([x, 10 * y])

    whole = swept(RAVINE, [4.0, 1.0], (0.005, 0.4), 25, half)
    assert whole.quick and "settles with y at 0 up to η = 0.2, flies away above." in whole.words()

    def one_point(w):
        return np.array([float(w[0]), 10 * float(w[1])])  # takes no arrays

    alone = Sweep(RAVINE, one_point, SGD, [4.0, 1.0], 5, (0.1, 0.4))
    for rate in (0.15, 0.2, 0.3):
        alone.explore(rate)
    alone.go_on(5)
    assert not alone.quick and alone.steps == 100
    assert [column.kind for column in alone.columns.values()] == [SETTLES, BOUNCES, LEAVES]


def test_a_gradient_that_mixes_the_points_of_an_array_runs_one_by_one():
    def clipped(w):
        slope = np.array([w[0], 20 * w[1]])
        return slope / max(1.0, np.linalg.norm(slope) / 5)

    sweep = Sweep(RAVINE, clipped, SGD, [4.0, 1.0], 5, (0.01, 0.4))
    sweep.explore(0.4)
    sweep.go_on(5)
    path = descend(clipped, [4.0, 1.0], SGD(0.4), sweep.steps)
    np.testing.assert_allclose(sweep.columns[0.4].last, path[-30:, 1])


def test_a_gradient_that_takes_small_arrays_only_is_found_out():
    def tricky(w):  # for more than 24 points it is another one
        return np.array([w[0], (20 if np.size(w) < 50 else 10) * w[1]])

    sweep = Sweep(RAVINE, tricky, SGD, [4.0, 1.0], 1, (0.05, 0.2))
    sweep.fill()
    sweep.go_on(0.01)
    assert not sweep.quick


def test_a_gradient_that_differs_where_the_run_ends_is_found_out():
    def tricky(w):
        return np.array([w[0], 20 * w[1] + (np.ndim(w[1]) > 0) * 9 * (np.abs(w[0]) < 1e-3)])

    sweep = Sweep(RAVINE, tricky, SGD, [4.0, 0.0], 1, (0.05, 0.2))
    sweep.explore(0.09)
    sweep.go_on(5)
    assert not sweep.quick and sweep.columns[0.09].last[-1] == 0


def test_an_update_rule_of_the_learner_is_swept_too():
    def half(w, gradient, learning_rate):
        return w - learning_rate * gradient(w) / 2

    figure = walk(functions.parabola, update=half, rates=(0.5, 4.0), learning_rate=0.5, steps=5)
    for rate in (1.9, 2.0, 2.1):
        figure._sweep.explore(rate)
    figure._sweep.go_on(30)
    assert [figure._sweep.columns[rate].kind for rate in (1.9, 2.0, 2.1)] == [SETTLES, BOUNCES, LEAVES]


@pytest.mark.parametrize("gradient", [lambda w: 1 / 0, lambda w: None, lambda w: "two", lambda w: np.ones(3)])
def test_code_that_fails_is_told(gradient):
    sweep = swept(functions.parabola, 8.0, (0.1, 1.0), 2, gradient)
    assert {column.kind for column in sweep.columns.values()} == {FAILS}
    assert "ends with an error at all these rates" in sweep.words()


def test_a_loop_without_end_ends_the_sweep(monkeypatch):
    def endless(w):
        while True:
            pass

    assert sweeps.SECONDS == 1  # of computing; by the clock it is more where others want the core
    monkeypatch.setattr(sweeps, "SECONDS", 0.2)
    sweep = Sweep(functions.parabola, endless, SGD, [8.0], 5, (0.1, 1.0))
    sweep.fill()
    began = time.thread_time()
    sweep.go_on(0.05)
    assert time.thread_time() - began < 0.8 and not sweep.going and not sweep.complete  # of two deadlines


def test_what_the_learner_s_code_prints_floods_no_page(capsys):
    def talking(w):
        print(w)
        return 2 * (w - 3)

    sweep = Sweep(functions.parabola, talking, SGD, [8.0], 1, (0.5, 1.5))
    sweep.explore(0.6)
    sweep.go_on(5)
    assert sweep.columns[0.6].kind == SETTLES
    assert capsys.readouterr().out == ""


def test_noise_is_no_order():
    rng = np.random.default_rng(0)
    noisy = Sweep(
        functions.bowl, lambda w: functions.bowl.gradient(w) + rng.normal(0, 3, 2), SGD, [3.0, 2.0], 70, (0.1, 1)
    )
    noisy.explore(0.3)
    noisy.go_on(5)
    assert noisy.columns[0.3].kind == WANDERS


# As the figure uses it.


@pytest.fixture
def figure():
    return walk(VALLEYS, start=-2.1, learning_rate=0.3, rates=(0.1, 1.0), steps=60)


def filled(figure):
    """Fill the sweep as the browser does, and return how many slices that took."""
    asked(figure, sweep="fill")
    slices = 0
    while figure.pace["going"]:
        asked(figure, sweep="on", slice=figure.pace["slice"])
        slices += 1
    return slices


def unpacked(sweep):
    """Return {rate: heights} as the browser reads them."""
    sizes, heights = list(sweep["sizes"]), np.frombuffer(sweep["heights"], np.uint8)
    ends = np.cumsum([0, *sizes])
    return {rate: heights[a:b] for rate, a, b in zip(np.frombuffer(sweep["rates"], np.float32), ends, ends[1:])}


def test_the_browser_gets_the_last_points_in_few_bytes(figure):
    began = time.process_time()
    slices = filled(figure)
    assert time.process_time() - began < 1.5  # half a second on a quiet core
    assert slices < 30
    assert sum(len(part) for part in figure.sweep.values() if isinstance(part, bytes | str)) < 6000
    found = unpacked(figure.sweep)
    assert len(found) >= sweeps.RATES and list(found) == sorted(found)
    low, high = VALLEYS.bounds[0]
    for rate in list(found)[::40]:
        exact = min(figure._sweep.columns, key=lambda one: abs(one - rate))
        heights = low + (found[rate].astype(float) - 1) / 253 * (high - low)
        last = figure._sweep.columns[exact].last
        assert all(np.abs(heights - w).min() < (high - low) / 253 for w in last)
        assert len(heights) or figure._sweep.columns[exact].kind == LEAVES


def test_rates_that_the_reader_tries_fill_it_in(figure):
    for rate in (0.35, 0.5, 0.9, 0.35):
        asked(figure, settings=[{"learning_rate": rate}], start=[-2.1])
    while figure.pace["going"]:
        asked(figure, sweep="on", slice=figure.pace["slice"])
    found = unpacked(figure.sweep)
    assert [round(float(rate), 3) for rate in found] == [0.3, 0.35, 0.5, 0.9]
    assert [len(heights) for heights in found.values()][:2] == [1, 2] and len(found[np.float32(0.9)]) == 0
    assert figure.sweep["words"] == "" and not figure.sweep["complete"]


def test_another_start_or_momentum_begins_anew():
    figure = walk(VALLEYS, optimizer=SGD(0.3), start=-2.1, rates=(0.1, 1.0))
    filled(figure)
    asked(figure, settings=[{"learning_rate": 0.3}], start=[1.1])
    assert not figure.sweep["complete"] and len(unpacked(figure.sweep)) <= 1
    filled(figure)
    assert "settles at 1 up to η = 0.667" in figure.sweep["words"]
    asked(figure, settings=[{"learning_rate": 0.3, "momentum": 0.9}], start=[1.1])
    assert not figure.sweep["complete"]
    filled(figure)
    assert "settles at 1 up to η = 0.667" not in figure.sweep["words"]


def test_it_can_be_stopped_and_a_second_view_s_slice_is_not_computed_twice(figure):
    asked(figure, sweep="fill")
    first = figure.pace["slice"]
    asked(figure, sweep="on", slice=first)
    done = figure.pace
    asked(figure, sweep="on", slice=first)
    assert figure.pace == done
    asked(figure, sweep="stop")
    assert not figure.pace["going"] and not figure.pace["full"] and not figure.sweep["complete"]
    kept = len(unpacked(figure.sweep))
    assert filled(figure) and len(unpacked(figure.sweep)) > kept


def test_a_race_has_no_sweep_and_a_closed_figure_lets_it_go():
    race = walk(RAVINE, optimizer=[SGD(0.01), SGD(0.02)])
    asked(race, sweep="fill")
    assert race.sweep == {} and "rates" not in race.scene
    figure = walk(VALLEYS, learning_rate=0.1)
    figure.close()
    asked(figure, sweep="fill")
    assert figure.sweep == {} and figure._sweep is None
