"""The cloud of noisy runs: each is the lesson's `train`; both claims hold where the figure says so, for any seeds."""

import math
import re

import numpy as np
import pytest
from figures import asked

from gdcourse import plots, widgets
from gdcourse.datasets import load_penguins
from gdcourse.widgets.clouds import Problem

SAMPLES = 300


@pytest.fixture(scope="module")
def data():
    """The penguins of lesson 6, as its cells prepare them."""
    penguins = load_penguins()
    known = np.random.default_rng(0).permutation(342)[:SAMPLES]
    x, y = penguins["flipper_length_mm"][known], penguins["body_mass_g"][known]
    return np.column_stack([(x - x.mean()) / x.std(), np.ones(SAMPLES)]), y


@pytest.fixture(scope="module")
def others(data):
    """The problem with orders that neither the lesson nor the figure uses: theirs begin at seed 0."""
    return Problem(*data, batches, seed=5000)


def batches(order, batch_size):
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]


def train(Z, y, batch_size, epochs, learning_rate, seed):
    """Return the path of the lesson's own loop, one batch after the other."""
    rng, w = np.random.default_rng(seed), np.zeros(2)
    path = [w]
    for _ in range(epochs):
        for batch in batches(rng.permutation(len(Z)), batch_size):
            w = w - learning_rate * 2 * Z[batch].T @ (Z[batch] @ w - y[batch]) / len(batch)
            path.append(w)
    return np.array(path)


def figure(data, **options):
    return widgets.noise(*data, batches, **options)


# The runs.


@pytest.mark.parametrize(("size", "rate", "run"), [(1, 0.02, 3), (7, 0.1, 0), (32, 0.3, 5), (300, 0.2, 0)])
def test_a_run_is_the_lesson_s_train_number_by_number(data, size, rate, run):
    cloud = Problem(*data, batches).cloud(rate, size)
    steps = len(cloud.paths) - 1
    path = train(*data, size, -(-steps // math.ceil(SAMPLES / size)), rate, run)
    np.testing.assert_allclose(cloud.paths[:, run], path[: steps + 1], rtol=0, atol=1e-8)
    late = np.linalg.norm(path[cloud.first : steps + 1] - np.linalg.lstsq(*data)[0], axis=1)
    assert np.sqrt(np.mean(late**2)) == pytest.approx(
        np.sqrt(np.mean(cloud.distances[cloud.first :, run] ** 2)), abs=1e-8
    )


def test_a_shorter_walk_asked_for_later_and_a_longer_one_are_the_same_runs(data):
    one, other = Problem(*data, batches), Problem(*data, batches)
    one.cloud(0.3, 4)
    np.testing.assert_array_equal(one.cloud(0.01, 4).paths, other.cloud(0.01, 4).paths)
    np.testing.assert_array_equal(one.cloud(0.3, 4).paths, other.cloud(0.3, 4).paths)


def test_the_reader_s_own_function_cuts_the_epochs(data):
    def without_the_last(order, batch_size):
        return batches(order, batch_size)[:-1]

    ours, theirs = Problem(*data, batches).cloud(0.1, 40), Problem(*data, without_the_last).cloud(0.1, 40)
    np.testing.assert_allclose(ours.paths[:8, 0], theirs.paths[:8, 0])  # seven batches of 40, then one of 20
    assert not np.allclose(ours.paths[8, 0], theirs.paths[8, 0])


# The two claims, over orders that the lesson does not use.


@pytest.mark.parametrize("quotient", [0.01, 0.02, 0.04])
def test_equal_quotients_make_equal_clouds_up_to_a_tenth_of_the_threshold(others, quotient):
    places = [(size * quotient, size) for size in (1, 2, 4, 8) if size * quotient <= 0.1]
    widths = [others.cloud(*place).width for place in places]
    assert len(widths) > 1 and max(widths) < 1.15 * min(widths)
    assert others.cloud(2 * quotient, 1).width > 1.3 * max(widths)  # which another quotient does not


def test_the_quotient_alone_does_not_say_it_where_the_rate_nears_the_threshold(others):
    widths = [others.cloud(size * 0.01, size).width for size in (1, 30, 50, 90)]
    assert widths == sorted(widths) and widths[2] > 1.3 * widths[0] and widths[3] > 3 * widths[0]


@pytest.mark.parametrize("rate", [0.01, 0.03, 0.1])
def test_the_pace_is_the_rate_s_whatever_the_batch(others, rate):
    expected = math.log(10) / -math.log(1 - 2 * rate)  # every step leaves the share 1 - 2η of the distance
    for size in (1, 4, 30, 150, 300):
        assert others.cloud(rate, size).near == pytest.approx(math.ceil(expected), abs=1 + 0.02 * expected)
    assert others.pace(rate) == math.ceil(expected)


def test_where_one_direction_is_flatter_the_smallest_rate_gets_the_time_that_it_takes(data):
    Z, y = data[0] * [1.95, 1], data[1]
    problem = Problem(Z, y, batches)
    rate, far = 0.01 * problem.limit, np.linalg.norm(problem.star)
    left = np.linalg.norm(train(Z, y, SAMPLES, 3000, rate, 0) - problem.star, axis=1) / far
    full = problem.cloud(rate, SAMPLES)
    assert problem.pace(rate) == full.near == np.flatnonzero(left <= 0.1)[0] > 400
    assert left[full.first] == pytest.approx(1e-4, rel=0.02)
    answer = asked(widgets.noise(Z, y, batches, learning_rate=0.1), rate=widgets.noise(Z, y, batches).scene["rates"][0])
    assert answer["trouble"] == "" and f"near the star after {answer['near']} steps" in answer["words"]


def test_runs_may_come_near_where_the_full_batch_never_does():
    angles, sizes = np.linspace(0, 20, 200), np.where(np.arange(200) % 20, 1, 8)  # few samples are far out
    X = np.column_stack([np.cos(angles), np.sin(angles)]) * sizes[:, None]
    rate = 1.05 * Problem(X, X @ [3.0, 4.0], batches).limit
    shown = widgets.noise(X, X @ [3.0, 4.0], batches, learning_rate=rate, kept=(rate / 2, 1))
    now = np.linalg.norm(train(X, X @ [3.0, 4.0], 200, 300, rate, 0) - [3, 4], axis=1)
    assert now.min() > 0.5 and shown.answer["near"]
    assert "the way takes" in shown.answer["words"]


def test_a_cloud_wider_than_near_hides_the_pace(others):
    wide = others.cloud(0.3, 1)
    assert wide.width > 0.1 * others.far and wide.near > 2 * others.pace(0.3) == 2 * math.ceil(2.303 / 0.916)


def test_beyond_the_threshold_every_run_diverges_and_batches_of_one_do_so_before_it(others):
    assert others.limit == pytest.approx(1) and others.pace(1.05) is None
    for rate, size in [(1.05, 300), (1.05, 30), (0.6, 1)]:
        cloud = others.cloud(rate, size)
        assert cloud.width == np.inf and cloud.near is None and cloud.lost == cloud.distances.shape[1]
    assert others.cloud(0.6, 30).lost == 0


def test_the_lesson_s_numbers(data):
    ours = Problem(*data, batches)
    assert [ours.cloud(*place).near for place in [(0.01, 1), (0.04, 4)]] == [116, 28]
    found = {size: ours.cloud(0.09, size) for size in (6, 8)}
    assert found[8].near <= 12 and found[8].width <= 60 < found[6].width and ours.pace(0.085) > 12
    assert 32 < ours.cloud(0.15, 30).width < ours.cloud(0.25, 50).width < 1.15 * 32


# The figure.


def test_it_says_what_is_so_here_and_at_the_kept_place(data):
    answer = asked(figure(data), rate=0.04, batch=4)
    now, kept, compared = answer["words"].split("\n")
    assert now.startswith("η = 0.04, batch size 4, so η / batch size = 0.01: the cloud is 50 g wide; half of the runs")
    assert now.endswith("after 28 steps.")
    assert kept.startswith("Kept: η = 0.01, batch size 1, so η / batch size = 0.01: the cloud is 46 g wide")
    assert compared == (
        "η / batch size is the same, and the clouds are about equally wide (1.1 times). "
        "η is 4 times the kept one, and the way takes 0.24 times as many steps."
    )
    assert "η is the same, and so is the pace." in asked(figure(data), rate=0.01, batch=20)["words"]


@pytest.mark.parametrize(
    ("rate", "size", "kept", "said"),
    [
        (0.04, 1, (0.01, 1), "η / batch size is 4 times the kept one, and the cloud is 2.4 times as wide."),
        (0.0402, 4, (0.01, 1), "η / batch size is nearly the same, and the clouds are about equally wide"),
        (0.5, 50, (0.01, 1), "is the same, but the cloud is 1.6 times as wide: η = 0.5 is not small beside 2/c = 1."),
        (0.05, 299, (0.05 * 298 / 299, 298), "with 299 for a batch, the last one of an epoch has only 1."),
        (0.3, 1, (0.01, 1), "(With η = 0.3, the full batch takes 3 steps: a cloud that wide throws runs out again"),
        (0.3, 1, (0.3, 30), "η is the same, but not the pace: a cloud that wide"),
        (0.6, 1, (0.01, 1), "from step 50 on, all 48 runs are further away"),
        (0.9, 8, (0.01, 1), "near the star at no step. From step 50 on, 4 of 48 runs are further away"),
        (1.05, 300, (0.01, 1), "the run diverges; there is no cloud."),
        (0.1, 300, (0.01, 1), "no cloud, for every batch holds all samples; the run is near the star after 11 steps."),
    ],
)
def test_it_says_where_the_claims_do_not_hold(data, rate, size, kept, said):
    answer = figure(data, learning_rate=rate, batch_size=size, kept=kept).answer
    assert said in answer["words"] and len(answer["words"].split("\n")) == 3


@pytest.mark.parametrize(("rate", "size"), [(0.5, 1), (0.45, 1), (0.9, 8)])
def test_what_is_counted_as_further_away_is_said(data, rate, size):
    told = figure(data, learning_rate=rate, batch_size=size).answer["words"]
    first, number = re.search(
        r"rom step (\d+) on, (all 48|\d+ of 48) runs (?:are|is) further away from the star than at the start, "
        "in the mean of the squared distances",
        told,
    ).groups()
    problem = Problem(*data, batches)
    late = np.linalg.norm(problem.cloud(rate, size).paths[int(first) :] - problem.star, axis=2)
    further = int(np.sum(np.mean(late**2, axis=0) > problem.star @ problem.star))
    assert number == ("all 48" if further == 48 else f"{further} of 48")


def test_points_and_curves_are_the_runs(data):
    shown = figure(data, learning_rate=0.04, batch_size=4)
    cloud, answer = Problem(*data, batches).cloud(0.04, 4), shown.answer
    points = np.frombuffer(answer["points"], np.float32).reshape(-1, 2)
    assert 250 < len(points) <= 320
    late = cloud.paths[cloud.first :].reshape(-1, 2)
    assert all(np.abs(late - point).max(axis=1).min() < 1e-3 for point in points[::20])
    rms = np.sqrt(np.mean(np.sum((points - shown.scene["star"]) ** 2, axis=1)))
    assert rms == pytest.approx(answer["width"], rel=0.15)
    steps = shown.scene["steps"]
    median = np.median([[np.linalg.norm(path[step] - shown.scene["star"]) for step in steps] for path in
                        cloud.paths.transpose(1, 0, 2)], axis=0)  # fmt: skip
    np.testing.assert_allclose(np.frombuffer(answer["median"], np.float32), median, rtol=1e-5)
    assert sum(len(part) for part in answer.values() if isinstance(part, bytes)) < 4100


def test_a_full_batch_and_a_diverging_run_have_no_cloud_to_draw(data):
    assert asked(figure(data), rate=0.1, batch=300)["width"] is None
    answer = asked(figure(data), rate=1.05, batch=300)
    assert answer["width"] is None and answer["kept_width"] > 0 and answer["near"] is None


@pytest.mark.parametrize(
    "question",
    [{"rate": 0}, {"rate": 2}, {"rate": "x"}, {"batch": 0}, {"batch": 301}, {"batch": 1.5}, {"kept": 3}, {"kept": [1]},
     {"kept": [0.01, 900]}],
    ids=str,
)  # fmt: skip
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(data, question):
    shown = figure(data)
    before = shown.answer
    answer = asked(shown, number=5, **question)
    assert answer["trouble"] and answer["number"] == 5
    assert {**answer, "trouble": "", "number": 0} == before
    assert asked(shown)["trouble"] == "" and shown.answer["batch"] == 1


def test_a_fault_in_the_reader_s_function_is_told_in_the_figure(data):
    def faulty(order, batch_size):
        return batches(order, batch_size) if batch_size == 1 else [[0.5]]

    shown = widgets.noise(*data, faulty)
    assert asked(shown, batch=2)["trouble"].startswith("batches must return a list of arrays") and shown._now[1] == 1


def test_the_stored_form_is_a_picture_with_its_text(data):
    shown = figure(data, learning_rate=0.04, batch_size=4, kept=(0.01, 1))
    stored, _ = shown._repr_mimebundle_()
    assert set(stored) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert shown.answer["words"] in stored["text/plain"] and "<img alt=" in stored["text/html"]
    assert not plots.plt.get_fignums()


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("X has shape", {"X": np.ones((300, 3))}),
        ("X has directions of very different curvature", {"X": np.column_stack([np.arange(300.0), np.ones(300)])}),
        ("y has shape", {"y": np.ones(4)}),
        (r"y\[2\] is nan", {"y": [1, 2, np.nan, *range(297)]}),
        ("y has nothing to fit", {"y": np.zeros(300)}),
        ("batches must be a function", {"batches": 3}),
        ("batches must return a list", {"batches": lambda order, size: None}),
        ("batches must return a list", {"batches": lambda order, size: [order + 1]}),
        ("learning_rate must be a finite number", {"learning_rate": 5}),
        ("batch_size must be at most 300", {"batch_size": 301}),
        ("kept must be a pair", {"kept": 3}),
        ("kept must be a pair", {"kept": (0.1, 2, 3)}),
        ("batch_size must be at least 1", {"kept": (0.1, 0)}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(data, refuses, message, arguments):
    refuses(message, widgets.noise, **{"X": data[0], "y": data[1], "batches": batches, **arguments})
