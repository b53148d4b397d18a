"""What is recorded of figures for the web edition: the cells that are needed, and answers that are the figure's own."""

import json
import struct
import zlib

import numpy as np
import pytest

from gdcourse import attention, faces, functions, numerals
from gdcourse.commands import notebooks, refresh
from gdcourse.commands.web import figures, recordings, slices
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.widgets import attend, rewind, step_time, threshold, walk, watch

CELLS = [
    "import numpy as np\nfrom gdcourse import widgets",
    "x = np.arange(3.0)",
    "y = 2 * x",
    "x[0] = 5",
    "net = make(x)",
    "history = net.fit(x, y)",
    "print(y.sum())",
    "def slope(w):\n    return 2 * w + shift",
    "shift = 1",
    "%matplotlib inline",
    "y = y + 1",
    "shift += 1",
]


@pytest.mark.parametrize(
    "last, expected",
    [
        ("widgets.walk(f, x)", [0, 1, 3]),  # an item that is set counts
        ("widgets.rewind(net)", [0, 1, 2, 3, 4, 5]),  # a method may change its object; y stands as it was there
        ("widgets.walk(slope)", [0, 7, 8, 11]),  # what a function uses counts when it is called
        ("widgets.walk(y)", [0, 1, 2, 6, 10]),
        ("widgets.walk(len)", [0]),
    ],
    ids=["item", "method", "function", "again", "builtin"],
)
def test_the_cells_that_a_figure_needs(last, expected):
    assert slices.needed([*CELLS, last], len(CELLS)) == [*expected, len(CELLS)]


def test_what_cells_import_and_none_of_them_uses_is_left_out():
    cells = ["import keras\nimport os.path as path, sys\nfrom a import b, c", "sys.exit", "def f():\n    return c"]
    assert slices.without_idle_imports(cells) == ["import os.path as path, sys\nfrom a import b, c", *cells[1:]]
    assert slices.without_idle_imports(["import os.path", "path = keras"]) == ["", "path = keras"]


def test_the_figures_of_every_lesson_are_found_with_what_they_need():
    found = {}
    for path in notebooks.lessons():
        sources = [cell["source"] for cell in refresh.read(path)["cells"] if cell["cell_type"] == "code"]
        for place in (i for i, source in enumerate(sources) if figures.RECORDED.search(source)):
            found.setdefault(path.stem[:2], []).append(slices.needed(sources, place))
    assert {"01", "02", "03", "09", "11", "12", "18"} <= found.keys()
    assert all(len(cells) > 1 for all_of in found.values() for cells in all_of)
    assert all(len(cells) < 5 for cells in [*found["01"], *found["02"], *found["03"]])


def unpacked(data):
    """Return what was packed, by the format's own description."""
    content = zlib.decompress(data)
    (length,) = struct.unpack_from("<I", content)
    pieces = content[4 + length :]

    def views(value):
        return pieces[value["$"][0] :][: value["$"][1]] if "$" in value else value

    return json.loads(content[4 : 4 + length], object_hook=views)


def test_what_is_packed_is_there_again_and_bytes_once():
    value = {"a": [1, 2.5, "ä", None, True], "b": {"c": b"12345678", "d": b"123"}, "e": b"12345678", "f": b""}
    assert unpacked(recordings.packed(value)) == value
    noise = np.random.default_rng(0).bytes(5000)
    assert len(recordings.packed({"a": noise, "b": [noise, noise]})) < 5500


def answer_to(recording, asked):
    """Return what the recording has for values that are on its axes: {path: value}."""
    grid, place = recording["grid"], 0
    for path, values in grid["axes"]:
        place = place * len(values) + values.index(asked[".".join(path)])
    return grid["answers"][grid["table"][place]]["answer"]


def axis(recording, name):
    return dict((".".join(path), values) for path, values in recording["grid"]["axes"])[name]


@pytest.mark.parametrize("function", [functions.two_valleys, functions.ravine], ids=["curve", "landscape"])
def test_a_recorded_walk_is_the_run_itself(function):
    figure = walk(function, learning_rate=0.05, rates=(0.005, 0.6), steps=20)
    recording = unpacked(recordings.record(figure)[0])
    rates = axis(recording, "settings.0.learning_rate")
    starts = [axis(recording, f"start.{i}") for i in range(function.dimensions)]
    assert 0.05 in rates and all(at in values for at, values in zip(function.start, starts))
    assert recording["traits"]["scene"]["stops"] == starts
    start = [values[1] for values in starts]
    asked = {"settings.0.learning_rate": rates[7], **{f"start.{i}": at for i, at in enumerate(start)}}
    (run,) = answer_to(recording, asked)["runs"]
    w = start if len(start) > 1 else start[0]
    path = [np.array(w, float)]
    for _ in range(20):  # the rule itself
        path.append(path[-1] - rates[7] * np.asarray(function.gradient(path[-1])))
    kind = np.float32 if len(run["numbers"]) == 21 * 4 * (2 * len(start) + 1) else np.float64
    rows = np.frombuffer(run["numbers"], kind).reshape(21, -1)
    np.testing.assert_allclose(rows[:, : len(start)], np.array(path).reshape(21, -1), rtol=1e-5, atol=1e-6)
    assert len(recording["sweeps"]) == np.prod([len(values) for values in starts])
    assert all(sweep["complete"] and len(sweep["rates"]) >= 4 * 400 for sweep in recording["sweeps"])
    first = answer_to(
        recording, {"settings.0.learning_rate": 0.05, **dict(zip(("start.0", "start.1"), function.start))}
    )
    assert recording["traits"]["answer"]["runs"] == first["runs"]


def test_pinned_values_take_the_place_of_the_nearest_between_the_ends():
    assert recordings._stops(0, 10, 6, [2, 5.5, 6.1]) == [0, 2, 4, 5.5, 6.1, 10]
    assert recordings._stops(-2.5, 2.5, 3, [1, 0]) == [-2.5, 0, 1, 2.5]  # more where no place is left
    assert recordings._stops(1, 100, 3, [1, 99], log=True, whole=True) == [1, 99, 100]


def test_the_values_that_a_lesson_names_are_recorded():
    figure = walk(functions.ravine, learning_rate=0.05, start=[4, 1], rates=(0.005, 0.2), steps=5)
    pinned = recordings.PINNED["03-7430d7cf"]
    recording = unpacked(recordings.record(figure, pinned)[0])
    for name, values in pinned.items():
        assert set(values) <= set(axis(recording, name)), name
    rates, starts = axis(recording, recordings.RATE), axis(recording, "start.1")
    assert rates[0] == 0.005 and rates[-1] == 0.2 and starts[0] == -2.5 and starts[-1] == 2.5
    assert len(recording["sweeps"]) == len(starts) * len(axis(recording, "start.0"))


def test_values_are_pinned_for_figures_that_are_there():
    cells = {
        f"{path.stem[:2]}-{cell['id']}": cell["source"]
        for path in notebooks.lessons()
        for cell in refresh.read(path)["cells"]
    }
    assert all(figures.RECORDED.search(cells[name]) for name in recordings.PINNED)


def test_of_a_race_only_what_is_pinned_can_be_moved():
    racers = {"heavy": SGD(0.1, momentum=0.9), "plain": SGD(0.05)}
    figure = walk(functions.ravine, optimizer=racers, steps=3)
    data, words = recordings.record(figure, {"settings.0.momentum": [0, 0.5, 0.9]})
    recording = unpacked(data)
    assert axis(recording, "settings.0.momentum") == [0, 0.5, 0.9]
    (momentum,) = recording["traits"]["scene"]["runs"][0]["controls"]
    assert momentum["stops"] == [0, 0.5, 0.9] and recording["traits"]["scene"]["runs"][1]["controls"] == []
    assert words == "3 values of momentum, each from 15 starts, but no other hyperparameter can be moved"
    start = dict(zip(("start.0", "start.1"), functions.ravine.start))
    heavy, plain = answer_to(recording, {**start, "settings.0.momentum": 0})["runs"]
    path = np.frombuffer(heavy["numbers"], np.float32).reshape(4, 5)[:, :2]
    np.testing.assert_allclose(path[3], np.multiply(functions.ravine.start, [0.9**3, -1]), rtol=1e-5)


def test_a_race_is_recorded_from_each_start_and_asks_for_no_rate():
    figure = walk(functions.ravine, optimizer={"one": SGD(0.05), "other": SGD(0.05, momentum=0.9)}, steps=5)
    data, words = recordings.record(figure)
    recording = unpacked(data)
    assert words == "15 starts, but no hyperparameter can be moved"
    assert [path for path, _ in recording["grid"]["axes"]] == [["start", "0"], ["start", "1"]]
    assert [run["controls"] for run in recording["traits"]["scene"]["runs"]] == [[], []] and not recording["sweeps"]
    answer = answer_to(recording, dict(zip(("start.0", "start.1"), functions.ravine.start)))
    plain, heavy = (np.frombuffer(run["numbers"], np.float32).reshape(6, 5)[:, :2] for run in answer["runs"])
    np.testing.assert_allclose(plain[:2], heavy[:2], rtol=1e-6)  # the first steps are alike, the next are not
    assert np.abs(plain[2:] - heavy[2:]).max() > 0.1


def test_on_noisy_slopes_the_recorded_run_is_the_one_that_the_lesson_shows():
    rng = np.random.default_rng(2)
    racers = {"one": SGD(0.3), "other": SGD(0.03)}
    figure = walk(functions.bowl, lambda w: functions.bowl.gradient(w) + rng.normal(0, 3, 2), optimizer=racers, steps=9)
    shown = [run["numbers"] for run in figure.answer["runs"]]
    recording = unpacked(recordings.record(figure, {recordings.RATE: [0.03, 0.3]})[0])
    asked = {recordings.RATE: 0.3, **dict(zip(("start.0", "start.1"), functions.bowl.start))}
    for answer in (recording["traits"]["answer"], answer_to(recording, asked)):
        assert [run["numbers"] for run in answer["runs"]] == shown
    assert answer_to(recording, {**asked, recordings.RATE: 0.03})["runs"][0]["numbers"] != shown[0]


@pytest.fixture(scope="module")
def trained():
    """A small network of images and what watched its training."""
    rng = np.random.default_rng(0)
    X, y = rng.random((40, 784)), np.arange(40) % 10
    net, watcher = MLP((784, 20, 10), seed=0, dtype=np.float64), watch(keep_weights=True)
    net.fit(X, y, epochs=3, batch_size=8, optimizer=SGD(0.1), callbacks=[watcher])
    return net, watcher, X, y


def test_a_time_machine_is_recorded_epoch_by_epoch_without_its_pad(trained):
    net, watcher, X, y = trained
    recording = unpacked(recordings.record(rewind(net, watcher, X, y))[0])
    assert axis(recording, "epoch") == [0, 1, 2, 3] and recording["traits"]["scene"]["pad"] is None
    table, answers = recording["grid"]["table"], recording["grid"]["answers"]
    nets = [MLP((784, 20, 10), seed=0, dtype=np.float64) for _ in range(4)]
    for epoch, free in enumerate(nets):
        free.w = watcher.weights[epoch]
    weights = [free.W[0].T.ravel() for free in nets]  # of one unit after the other
    for epoch, free in enumerate(nets):
        loss, _ = free.loss_and_gradient(X, y)
        answer = answers[table[epoch]]
        assert f"loss {loss:.2f}; gradient length" in answer["answer"]["text"]
        shown = np.frombuffer(answer["pictures"], np.int8)
        assert np.argmax([np.corrcoef(shown, one)[0, 1] for one in weights]) == epoch


def test_a_training_is_recorded_epoch_by_epoch(trained):
    _, watcher, _, _ = trained
    recording, words = recordings.record(recordings.training.Training(watcher.run))
    recording = unpacked(recording)
    assert words.startswith("a training of 3 epochs") and "“Stop training”" in words  # lessons 9 and 10 speak of it
    frames = [frame["answer"] for frame in recording["frames"]]
    counts = [len(frame["panels"][0]["lines"][0]) // 8 for frame in frames]
    assert counts == [0, 1, 2, 3] and [bool(frame["end"]) for frame in frames] == [False, False, False, True]
    assert recording["traits"]["scene"]["recorded"] is True


def test_a_translator_is_recorded_for_many_numbers_and_each_word():
    words = len(numerals.vocabulary("English")), len(numerals.vocabulary("German"))
    figure = attend(attention.Translator(*words, seed=0))
    recording = unpacked(recordings.record(figure)[0])
    fresh = attend(attention.Translator(*words, seed=0))
    for number, step in ((131, 1), (7, 0), (999, 3)):
        assert answer_to(recording, {"phrase": number, "step": step}) == json.loads(
            json.dumps(fresh.answered({"phrase": number, "step": step}))
        )


def test_a_step_s_time_is_recorded_on_a_grid_with_the_lesson_s_own_values():
    figure = step_time(lambda P, batch, numbers: (batch / P / 1e4, 1e-4 * P + numbers / 1e9), batch=1000, numbers=50000)
    recording = unpacked(recordings.record(figure)[0])
    assert 1000 in axis(recording, "batch") and 50000 in axis(recording, "numbers")
    answer = answer_to(recording, {"batch": 1000, "numbers": 50000})
    assert answer["computing"][0] == pytest.approx(100 * 0.1 / (0.1 + 1e-4 + 5e-5))
    recording = unpacked(recordings.record(figure, recordings.PINNED["19-8a257fac"])[0])
    assert {1000, 2560, 4096} <= {*axis(recording, "batch")} and 100_000_000 in axis(recording, "numbers")


def test_a_threshold_is_recorded_where_its_lesson_sends_the_reader():
    class Pixels:
        def distances(self, X):
            return np.linalg.norm(X[:, 0] - X[:, 1], axis=1)

    figure = threshold(Pixels(), faces.people(12, seed=3))
    recording = unpacked(recordings.record(figure, recordings.PINNED["16-22e3a608"])[0])
    assert {0.2, 0.475} <= {*axis(recording, "threshold")}


def test_what_is_printed_of_a_figure_may_come_in_pieces():
    parts = [("stdout", '{"kind": "wa'), ("stderr", "a warning"), ("stdout", 'lk"}'), ("stdout", "\n")]
    outputs = [{"output_type": "stream", "name": name, "text": text} for name, text in parts]
    assert figures._said({"outputs": outputs}) == {"kind": "walk"}


def test_a_figure_that_is_not_the_stored_one_is_refused():
    about = {"kind": "walk", "name": "01-a", "words": "9 starts", "text": "A run < and its end"}
    picture = {"data": {"text/html": '<img alt="A run &lt; and its end" style="width:900px" src="data:,">'}}
    printed = {"output_type": "stream", "text": "3"}
    outputs = [printed, picture]
    figures.place(outputs, about, "https://elsewhere")
    assert 'data-figure="01-a"' in picture["data"]["text/html"] and '<img alt="A run' in picture["data"]["text/html"]
    with pytest.raises(refresh.Refused, match="A run < and its end"):
        figures.place([printed, {"data": {"text/html": '<img alt="Another" src="data:,">'}}], about, "")


def test_a_cell_that_fails_is_refused_with_its_lesson(tmp_path):
    source = ["from gdcourse import widgets, functions\n", "widgets.walk(functions.nothing)"]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    path = tmp_path / "01_broken.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    with pytest.raises(refresh.Refused, match="01_broken.ipynb, while its figures are recorded: .*nothing"):
        figures.record(path, tmp_path)
