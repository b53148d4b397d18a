"""The live walk, as far as Python makes it: runs, verdicts, controls, answers and pictures."""

import gc
import inspect
import threading
import time
import types

import numpy as np
import pytest
from figures import asked
from IPython.core.interactiveshell import InteractiveShell

from gdcourse import functions, plots, schedules
from gdcourse.lines import mean_squared_error
from gdcourse.optimizers import SGD, Adagrad, Adam, RMSprop, descend
from gdcourse.widgets import figure as figures
from gdcourse.widgets import hyperparameters, runs, walk

PARABOLA = functions.parabola
OPTIMIZERS = [SGD(0.01), SGD(0.01, momentum=0.9), SGD(0.01, 0.9, True), Adagrad(0.5), RMSprop(0.05), Adam(0.1)]


def sent(figure, number=0):
    """Return what the browser gets of a run: points, losses, gradients."""
    run, d = figure.answer["runs"][number], figure.scene["dimensions"]
    rows = len(run["phrases"])
    kind = {4: np.float32, 8: np.float64}[len(run["numbers"]) // (rows * (2 * d + 1))]
    table = np.frombuffer(run["numbers"], kind).reshape(rows, 2 * d + 1)
    return table[:, :d], table[:, d], table[:, d + 1 :]


@pytest.mark.parametrize("function", [*functions.curves, *functions.surfaces], ids=lambda f: f.name)
def test_the_browser_gets_the_path_that_descend_gives(function):
    figure = walk(function, learning_rate=0.001, steps=25)
    start = function.start if function.dimensions == 2 else function.start[0]
    path = np.asarray(descend(function.gradient, start, SGD(0.001), 25))
    points, losses, gradients = sent(figure)
    np.testing.assert_allclose(points, path, rtol=1e-6, atol=1e-6)
    single = path if function.dimensions == 2 else path[:, 0]
    np.testing.assert_allclose(losses, [function(w) for w in single], rtol=1e-5, atol=1e-5)
    slopes = np.reshape([function.gradient(w) for w in single], path.shape)
    np.testing.assert_allclose(gradients, slopes, rtol=1e-5, atol=1e-5)


def test_it_walks_on_the_gradient_of_the_learner():
    figure = walk(PARABOLA, lambda w: 3 * (w - 3), learning_rate=0.1, steps=3)
    np.testing.assert_allclose(sent(figure)[0][:, 0], [8, 6.5, 5.45, 4.715], rtol=1e-6)  # 70% of the distance is kept


def test_an_update_rule_of_the_learner_takes_the_place_of_the_optimizer():
    def halfway(w, gradient, learning_rate):
        return w - learning_rate * gradient(w) / 2

    figure = walk(PARABOLA, update=halfway, learning_rate=0.2, steps=2)
    np.testing.assert_allclose(sent(figure)[0][:, 0], [8, 7, 6.2], rtol=1e-6)
    answer = asked(figure, settings=[{"learning_rate": 1.0}], start=[8.0])
    assert answer["settings"] == [{"learning_rate": 1.0}]
    np.testing.assert_allclose(sent(figure)[0][:, 0], [8, 3, 3], rtol=1e-6)


def test_a_race_runs_every_optimizer_from_the_same_start():
    figure = walk(functions.ravine, optimizer=OPTIMIZERS[:5], steps=15)
    names = [run["name"] for run in figure.scene["runs"]]
    assert names == ["SGD", "SGD, momentum 0.9", "SGD, momentum 0.9, nesterov", "Adagrad", "RMSprop"]
    for number, optimizer in enumerate(OPTIMIZERS[:5]):
        path = descend(functions.ravine.gradient, functions.ravine.start, optimizer, 15)
        np.testing.assert_allclose(sent(figure, number)[0], np.asarray(path), rtol=1e-5, atol=1e-6)


def test_names_of_a_race_can_be_chosen_and_never_repeat():
    figure = walk(functions.bowl, optimizer={"slow": SGD(0.01), "fast": SGD(0.3)})
    assert [run["name"] for run in figure.scene["runs"]] == ["slow", "fast"]
    figure = walk(functions.bowl, optimizer=[SGD(0.01), SGD(0.3)])
    assert [run["name"] for run in figure.scene["runs"]] == ["SGD", "SGD 2"]


def test_each_step_has_a_phrase():
    rate = 0.9  # every step jumps across and comes closer
    run = runs.run(PARABOLA, PARABOLA.gradient, SGD(rate), [4.0], 3)
    assert [runs.PHRASES[code] for code in run.phrases] == [
        "the start",
        *["on the other side of the valley, and lower"] * 3,
    ]
    run = runs.run(PARABOLA, PARABOLA.gradient, SGD(1.1), [4.0], 2)
    assert runs.PHRASES[run.phrases[1]] == "on the other side of the valley, and higher"
    run = runs.run(PARABOLA, PARABOLA.gradient, SGD(0.1), [8.0], 1)
    assert runs.PHRASES[run.phrases[1]] == "still falling"
    run = runs.run(PARABOLA, lambda w: -1.0, SGD(0.1), [8.0], 1)
    assert runs.PHRASES[run.phrases[1]] == "rising"
    run = runs.run(PARABOLA, lambda w: -1.0, SGD(5.0), [8.0], 1)
    assert runs.PHRASES[run.phrases[1]] == "outside the picture"
    run = runs.run(PARABOLA, PARABOLA.gradient, SGD(0.1), [3.0], 1)
    assert runs.PHRASES[run.phrases[1]] == "hardly moving"


def test_numbers_too_large_for_four_bytes_are_sent_in_eight():
    figure = walk(PARABOLA, learning_rate=100.0, steps=60)
    points = sent(figure)[0]
    assert np.isfinite(points).all() and abs(points[-1, 0]) > 1e100


def raising(w):
    if w < 5:
        raise ValueError("no less than 5")
    return 2 * (w - 3)


def forever(w):
    while True:
        pass


@pytest.mark.parametrize(
    ("gradient", "steps", "said"),
    [
        (lambda w: 1 / 0, 0, "ZeroDivisionError: division by zero."),
        (raising, 5, "Stopped at step 5: no less than 5."),
        (lambda w: None, 0, "gradient(w) is None"),
        (lambda w: np.ones(3), 0, "gradient(w) has shape (3,)"),
        (lambda w: "two", 0, "gradient(w) must hold real numbers"),
        (lambda w: float("nan"), 0, "Look at gradient(start)"),
        (forever, 0, "Stopped: the function takes longer than 0.1 seconds"),
    ],
    ids=["raises", "raises later", "nothing", "shape", "text", "NaN", "without end"],
)
def test_a_gradient_that_fails_leaves_a_sentence_and_the_steps_before(gradient, steps, said, monkeypatch):
    if gradient is forever:
        monkeypatch.setattr(runs, "SECONDS", 0.1)  # any number is said as it is
    figure = walk(PARABOLA, gradient)
    (run,) = figure.answer["runs"]
    assert said in run["note"] and len(run["phrases"]) == steps + 1
    assert sent(figure)[0][0, 0] == 8
    assert run["note"] in figure.drawn()[1]


def test_a_gradient_that_waits_shows_its_steps_till_then(monkeypatch):
    monkeypatch.setattr(runs, "SECONDS", 0.5)  # three times as long by the clock
    figure = walk(PARABOLA, lambda w: time.sleep(0.3) or 2 * (w - 3))
    (run,) = figure.answer["runs"]
    assert "takes longer than 0.5 seconds" in run["note"] and 2 <= len(run["phrases"]) <= 7


def test_a_loop_without_end_stops_in_another_thread_too(monkeypatch):
    from threading import Thread

    monkeypatch.setattr(runs, "SECONDS", 0.1)
    made = []
    thread = Thread(target=lambda: made.append(runs.run(PARABOLA, forever, SGD(0.1), [8.0], 5)), daemon=True)
    thread.start()
    thread.join(10)
    assert made and "takes longer than 0.1 seconds" in made[0].note


def test_a_rule_that_fails_leaves_a_sentence():
    figure = walk(PARABOLA, update=lambda w, gradient, learning_rate: None)
    assert "the next w is None" in figure.answer["runs"][0]["note"]


def test_a_loss_of_the_learner_needs_only_its_bounds():
    figure = walk(lambda w: (w - 1) ** 2, bounds=(-2, 4), start=3.0, learning_rate=0.1, steps=2)
    np.testing.assert_allclose(sent(figure)[0][:, 0], [3, 2.6, 2.28], rtol=1e-5)

    def long_valley(w):
        return w[0] ** 2 + 3 * w[1] ** 2

    figure = walk(long_valley, bounds=((-3, 4), (-2, 2)), start=(2.0, 1.0), learning_rate=0.1, steps=1)
    np.testing.assert_allclose(sent(figure)[0], [[2, 1], [1.6, 0.4]], atol=1e-5)
    assert figure.scene["name"].endswith("long_valley")


def test_a_loss_that_forgets_return_on_one_path_is_told():
    def one_sided(w):
        if np.sum(w) > 2:
            return np.sum((w - 1) ** 2)

    def slope(w):
        return 2 * (w - 1)

    figure = walk(one_sided, slope, bounds=(-3, 4), start=3.0, steps=2)
    told = "one_sided gives None at −3. Does it forget `return` on one of its paths?"
    assert figure.answer["trouble"] == told and told in figure.drawn()[1]
    figure = walk(one_sided, slope, bounds=((-4, 4), (-2, 2)), start=(3.0, 1.0), steps=2)
    assert "one_sided gives None at (−4, −2). Does it forget" in figure.answer["trouble"]
    assert not walk(lambda w: np.sqrt(w) if w > 0 else np.nan, slope, bounds=(-3, 4), steps=2).answer["trouble"]


def test_a_loss_without_any_number_leaves_a_sentence():
    figure = walk(lambda w: 1 / 0, lambda w: 2 * w, bounds=(-3, 4))
    assert "gives no finite number" in figure.answer["trouble"]
    assert "gives no finite number" in figure.drawn()[1]


LINES = np.ma.masked_equal(np.arange(90.0).reshape(9, 10), 3)  # which Python writes in several lines


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("function must be a loss", {"function": 3}),
        (
            r"the loss gives None at 4\.8; expected a number\. Does it forget `return`\?",
            {"function": lambda w: None, "bounds": (0, 6)},
        ),
        (
            r"the loss gives None at \(2\.4, 1\.6\); expected a number\. Does it forget `return`\?",
            {"function": lambda w: None, "bounds": ((-4, 4), (-4, 3))},
        ),
        (r"the loss gives an array of shape \(2,\)", {"function": lambda w: [w, w], "bounds": (0, 6)}),
        ("what the loss gives at", {"function": lambda w: "high", "bounds": (0, 6)}),
        ("walk needs bounds", {"function": lambda w: w}),
        ("gradient must be a function", {"gradient": 2.0}),
        ("gradient must be a function", {"gradient": LINES}),
        ("function must be a loss", {"function": LINES}),
        ("update must be a function", {"update": LINES}),
        ("optimizer must be an object", {"optimizer": SGD}),
        ("optimizer must be an object", {"optimizer": [SGD(0.1), "Adam"]}),
        ("walk shows 1 to 5", {"optimizer": [SGD(0.1)] * 6}),
        ("walk shows 1 to 5", {"optimizer": []}),
        ("give walk an optimizer or an update", {"optimizer": SGD(0.1), "update": lambda w, g, r: w}),
        ("update must be a function", {"update": 1}),
        ("learning_rate must be", {"learning_rate": 0}),
        ("learning_rate must be", {"learning_rate": -1, "update": lambda w, g, r: w}),
        ("steps must be", {"steps": 0}),
        ("steps must be", {"steps": 2.5}),
        ("start has 2 numbers; Parabola has 1 weight", {"start": [1.0, 2.0]}),
        ("bounds are those of 2 weights; Parabola has 1 weight", {"bounds": ((-4, 4), (-2, 2))}),
        (r"start\[0\] is nan", {"start": [float("nan")]}),
        ("bounds has shape", {"bounds": (1, 2, 3)}),
        ("bounds must be finite, low below high", {"bounds": (3, 1)}),
        ("rates must be", {"rates": (1.0, 0.1)}),
        ("rates must be", {"rates": (0.0, 0.1)}),
        ("rates must be", {"rates": 0.1}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, arguments):
    refuses(message, walk, **{"function": PARABOLA, **arguments})


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=hyperparameters.named)
def test_every_control_works_at_its_ends_and_its_default(optimizer):
    figure = walk(functions.ravine, optimizer=optimizer, steps=5)
    controls = figure.scene["runs"][0]["controls"]
    assert [control["name"] for control in controls][0] == "learning_rate"
    for control in controls:
        values = [True, False] if control["kind"] == "switch" else [control["low"], control["value"], control["high"]]
        for value in values:
            answer = asked(figure, settings=[{control["name"]: value}], start=[1.0, 1.0])
            assert not answer["trouble"] and len(answer["runs"]) == 1
            expected = type(optimizer)(**{**plain(optimizer), control["name"]: value})
            path = descend(functions.ravine.gradient, [1.0, 1.0], expected, 5)
            with np.errstate(over="ignore"):
                np.testing.assert_allclose(sent(figure)[0], np.asarray(path), rtol=1e-5, atol=1e-6)


def plain(optimizer):
    return {name: getattr(optimizer, name) for name in inspect.signature(type(optimizer)).parameters}


@pytest.mark.parametrize("corner", [(-5.0, -2.5), (5.0, 2.5), (0.0, 0.0), (1e300, 0.0)])
def test_every_start_has_an_answer(corner):
    figure = walk(functions.ravine, learning_rate=0.05)
    answer = asked(figure, start=list(corner))
    assert not answer["trouble"] and sent(figure)[0][0].tolist() == pytest.approx(corner)


@pytest.mark.parametrize(
    "question",
    [
        {"settings": [{"learning_rate": 0}]},
        {"settings": [{"learning_rate": "much"}]},
        {"settings": [{"learning_rate": None}]},
        {"settings": [{"unknown": 1}]},
        {"settings": "all"},
        {"start": ["here"]},
        {"start": None},
    ],
    ids=str,
)
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(question):
    figure = walk(PARABOLA)
    before = figure.answer["runs"]
    answer = asked(figure, **question)
    assert answer["trouble"] and answer["runs"] == before and answer["number"] == 1


def test_the_learning_rate_alone_is_offered_unless_an_optimizer_is_given():
    assert len(walk(PARABOLA).scene["runs"][0]["controls"]) == 1
    assert len(walk(PARABOLA, optimizer=SGD(0.1)).scene["runs"][0]["controls"]) == 3


def test_an_optimizer_of_the_learner_brings_its_own_hyperparameters():
    class Damped:
        def __init__(self, learning_rate=0.1, damping=0.5):
            self.learning_rate, self.damping = learning_rate, damping

        def step(self, w, gradient):
            return w - self.learning_rate * self.damping * gradient

    figure = walk(PARABOLA, optimizer=Damped(), steps=1)
    assert [control["name"] for control in figure.scene["runs"][0]["controls"]] == ["learning_rate", "damping"]
    asked(figure, settings=[{"damping": 1.0}], start=[8.0])
    assert sent(figure)[0][1, 0] == pytest.approx(7.0)


class Mine:
    """An optimizer as a reader writes one."""

    def __init__(self, learning_rate=0.1):
        self.learning_rate = learning_rate

    def step(self, w, gradient):
        return w - (self.learning_rate(0) if callable(self.learning_rate) else self.learning_rate) * gradient


@pytest.mark.parametrize("rate", ["0.1", "much", b"1", -0.1, 0, True, np.float64(-1), float("nan"), float("inf")])
@pytest.mark.parametrize("race", [False, True])
def test_a_rate_of_a_reader_s_optimizer_that_is_none_is_refused(refuses, rate, race):
    given = {"first": SGD(0.1), "mine": Mine(rate)} if race else Mine(rate)
    refuses("learning_rate of Mine must be a", walk, PARABOLA, optimizer=given)


class Keeping(Mine):
    """It has a velocity, and keeps what can't be copied."""

    def __init__(self, kept):
        super().__init__()
        self.kept, self.velocity = kept, np.zeros(2)

    def step(self, w, gradient):
        self.velocity -= 0.1 * gradient
        return w + self.velocity


def test_a_reader_s_optimizer_that_keeps_a_lock_or_a_file_walks_the_same_path_each_time(tmp_path):
    expected = descend(functions.bowl.gradient, functions.bowl.start, SGD(0.1, momentum=1), 5)
    with open(tmp_path / "log", "w") as file:
        for kept in threading.Lock(), file:
            figure = walk(functions.bowl, optimizer=Keeping(kept), steps=5)
            for number in (1, 2):
                np.testing.assert_allclose(sent(figure)[0], expected, rtol=1e-5)
                asked(figure, number)


def test_a_reader_s_optimizer_that_would_go_on_where_it_stopped_is_refused(refuses):
    said = "Keeping: this Keeping can't start anew: its kept is a generator"
    refuses(said, walk, functions.bowl, optimizer=Keeping(rate for rate in (0.1, 0.2)))


@pytest.mark.parametrize("rate", [0.1, 1, np.float32(0.1), np.array([0.1, 0.2]), lambda step: 0.1, None])
def test_a_rate_of_a_reader_s_optimizer_may_be_what_its_step_understands(rate):
    figure = walk(functions.bowl, optimizer=Mine(rate), steps=3)
    assert figure.drawn()[1]
    assert bool(figure.answer["runs"][0]["note"]) == (rate is None)  # its own step fails, and the figure says so


def test_an_optimizer_that_leaves_python_s_numbers_diverges():
    figure = walk(PARABOLA, optimizer=types.SimpleNamespace(step=lambda w, gradient: float(w) ** 9), steps=60)
    assert "leaves the finite numbers. The run diverges" in figure.answer["runs"][0]["note"]


@pytest.mark.parametrize("function", [PARABOLA, functions.saddle, functions.himmelblau], ids=lambda f: f.name)
def test_the_stored_form_is_a_picture_with_its_text_beside_the_live_figure(function):
    figure = walk(function, learning_rate=0.01)
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert function.name in data["text/plain"] and "40 steps" in data["text/plain"]
    assert f'alt="{data["text/plain"]}"' in data["text/html"] and "data:image/png;base64," in data["text/html"]
    assert not plots.plt.get_fignums()


def test_weights_of_unlike_size_are_drawn_to_scales_of_their_own():
    x = np.array([180.0, 200.0, 220.0])
    line = mean_squared_error(x, 50 * x - 5000, bounds=((0, 100), (-16_000, 5_000)), start=(0, 0))
    figure = walk(line, learning_rate=1e-5)
    assert figure.scene["map"]["equal"] is False and figure.scene["names"] == ("a", "b")
    drawn = figure.drawn()[0]
    assert drawn.axes[0].get_aspect() == "auto"
    drawn.canvas.draw()
    assert all(ax.yaxis.label.get_window_extent().x0 >= 0 for ax in drawn.axes)  # long numbers push out no name
    assert walk(functions.ravine).scene["map"]["equal"] is True


def test_running_a_cell_again_leaves_nothing_of_its_old_figure(monkeypatch):
    shell = InteractiveShell.instance()
    shell.kernel, cell = object(), {"metadata": {"cellId": "one"}}
    monkeypatch.setattr(shell, "get_parent", lambda: cell, raising=False)
    monkeypatch.setattr(figures, "get_ipython", lambda: shell)
    try:
        first, other = walk(PARABOLA), None
        cell["metadata"]["cellId"] = "two"
        other = walk(PARABOLA)
        shell.events.trigger("pre_run_cell", types.SimpleNamespace(cell_id="one"))
        assert first.answer == {} and first.scene == {}
        assert other.answer["runs"]
        shell.events.trigger("pre_run_cell", types.SimpleNamespace(cell_id=None))
        assert other.answer["runs"]
    finally:
        shell.events.unregister("pre_run_cell", figures._clear)
        figures._alive.clear()
        InteractiveShell.clear_instance()


def test_start_settings_and_tried_rates_are_part_of_the_answer():
    figure = walk(functions.ravine, optimizer=SGD(0.05, momentum=0.5), steps=25)
    answer = asked(figure, settings=[{"learning_rate": 0.07}], start=[4.0, 1.0])
    assert answer["start"] == [4.0, 1.0]
    assert answer["settings"] == [{"learning_rate": 0.07, "momentum": 0.5, "nesterov": False}]
    assert len(answer["tried"]) == 2 * 5  # a rate in four bytes, what it did in one
    assert len(asked(figure, settings=[{"learning_rate": 0.07}], start=[3.0, 1.0])["tried"]) == 5  # begun anew
    refused = asked(figure, settings=[{"learning_rate": -1.0}], start=[1.0, 1.0])
    assert refused["trouble"] and refused["start"] == [3.0, 1.0]
    assert refused["settings"][0]["learning_rate"] == 0.07


@pytest.mark.parametrize("rate", [0.1, 0.36, 0.45, 9.0])
def test_the_loss_panel_shows_the_losses_that_there_are(rate):
    figure = walk(functions.two_valleys, start=-2.1, learning_rate=rate, steps=60)
    axis, losses = figure.answer["loss"], figure._runs[0].losses
    seen = losses[np.isfinite(losses)] - axis["base"]
    low, high = axis["y"]
    assert 0 < np.ptp(seen) / (high - low) <= 1 and seen.max() <= high
    assert axis["ylog"] == (rate in (0.1, 9.0))
    assert axis["ylog"] or seen.min() >= low


def test_runs_of_a_race_are_told_apart_where_both_are_low():
    apart = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        noisy = lambda w, rng=rng: functions.bowl.gradient(w) + rng.normal(0, 1, 2)  # noqa: E731
        rules = {"constant": SGD(0.3), "cosine": SGD(schedules.CosineDecay(0.3, decay_steps=30))}
        figure = walk(functions.bowl, noisy, optimizer=rules, steps=30)
        axis = figure.answer["loss"]
        place = np.log if axis["ylog"] else np.asarray
        constant, cosine = (np.median(place(run.losses[-8:])) for run in figure._runs)
        apart.append((constant - cosine) / np.ptp(place(axis["y"])))
    assert np.median(apart) > 0.1


def test_small_losses_above_a_minimum_that_is_not_zero_are_sent_as_they_are():
    figure = walk(functions.two_valleys, start=-2.1, learning_rate=0.3, steps=60)
    above = np.frombuffer(figure.answer["runs"][0]["above"], np.float32)
    truth = figure._runs[0].losses - functions.two_valleys(-2.0)
    np.testing.assert_allclose(above, truth, rtol=1e-6)
    assert 0 < above[45] < 1e-9 < abs(float(np.float32(figure._runs[0].losses[45])) + 8 / 3 - above[45])
    assert "above" not in walk(functions.himmelblau).answer["runs"][0]


def test_memory_does_not_grow_with_use():
    figure = walk(functions.himmelblau, learning_rate=0.01)

    def use():
        for i in range(60):
            asked(figure, number=i, settings=[{"learning_rate": 0.001 + i / 1e5}], start=[i / 20, -1.0])
        gc.collect()
        return len(gc.get_objects())

    use()
    before = use()
    assert use() - before < 50  # an object for each answer would be 60


def test_an_answer_is_small():
    answer = asked(walk(functions.ravine, optimizer=Adam(0.1)), settings=[{}], start=[4.0, 1.0])
    (run,) = answer["runs"]
    assert len(run["numbers"]) + len(run["phrases"]) + len(answer["tried"]) < 1000


@pytest.mark.parametrize("rate", [0.1, 1.3])
def test_dots_on_the_frame_are_whole_and_what_leaves_it_is_cut(rate):
    figure = walk(functions.parabola, start=9.0, learning_rate=rate).drawn()[0]
    (run,), (losses,) = ([line for line in ax.lines if line.get_marker() == "o"] for ax in figure.axes[:2])
    assert run.get_xdata()[0] == figure.axes[0].get_xlim()[1] and losses.get_xdata()[0] == figure.axes[1].get_xlim()[0]
    assert not run.get_clip_on() and losses.get_clip_on() != (losses.get_ydata().max() <= figure.axes[1].get_ylim()[1])
