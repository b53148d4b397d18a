"""The figures: each draws what it is given on the axes it is given, can be read by everybody, and refuses the rest."""

import base64
import html
import importlib
import inspect
import io
import itertools
import pkgutil
import re
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from cycler import cycler
from matplotlib.colors import to_rgb
from PIL import Image

from gdcourse import clinic, functions, labels, optimizers, plots, widgets
from gdcourse.commands import notebooks, refresh
from gdcourse.commands.web import slices
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, descend
from gdcourse.widgets.figure import Figure
from gdcourse.widgets.training import Training

every_curve = pytest.mark.parametrize("f", functions.curves, ids=lambda f: f.name)
every_surface = pytest.mark.parametrize("f", functions.surfaces, ids=lambda f: f.name)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def run_on(f):
    return descend(f.gradient, f.start, SGD(1e-4), 5)


# Each figure draws


@every_curve
def test_curve_draws_the_loss_and_the_run_on_it(f):
    ax = plt.subplots()[1]
    path = run_on(f)
    assert plots.curve(f, path, tangents=[0, 3], label="run", ax=ax) is ax
    loss, run, *tangents = ax.lines
    w, heights = loss.get_data()
    np.testing.assert_array_equal(heights, f(w))
    assert (w[0], w[-1]) == f.bounds[0] == ax.get_xlim()
    np.testing.assert_array_equal(run.get_xdata(), path[:, 0])
    np.testing.assert_array_equal(run.get_ydata(), f(path[:, 0]))
    assert run.get_label() == "run" and len(tangents) == 2
    for line, point in zip(tangents, path[[0, 3], 0]):
        (left, right), (low, high) = line.get_data()
        assert (high - low) / (right - left) == pytest.approx(f.gradient(point))
        assert np.interp(point, [left, right], [low, high]) == pytest.approx(f(point))
    assert "start" in texts(ax)


@every_surface
def test_contour_draws_the_heights_the_minima_and_the_run(f):
    ax = plt.subplots()[1]
    path = run_on(f)
    assert plots.contour(f, path, label="run", ax=ax) is ax
    *minima, run = ax.lines
    assert [tuple(line.get_xydata()[0]) for line in minima] == list(f.minima)
    np.testing.assert_array_equal(run.get_xydata(), path)
    assert all(star.get_zorder() > run.get_zorder() for star in minima), "a run that comes there covers no star"
    assert (ax.get_xlim(), ax.get_ylim()) == f.bounds and ax.get_aspect() == 1
    filled, lines = ax.collections
    levels = lines.levels
    assert len(levels) > 8 and np.all(np.diff(levels) > 0)
    checked = 0
    for level, drawn in zip(levels, lines.get_paths()):
        if len(drawn.vertices):
            # Between two points of the grid the line may be off by as much as the surface rises there.
            rise = np.abs(f.gradient(drawn.vertices.T)).T @ [np.ptp(bound) / 199 for bound in f.bounds]
            assert np.all(np.abs(f(drawn.vertices.T) - level) <= rise + 1e-3 * np.ptp(levels))
            checked += len(drawn.vertices)
    assert checked > 100
    shade = [np.mean(filled.cmap(filled.norm(level))[:3]) for level in levels[:-1]]
    assert shade[0] < shade[-1], "darker is lower"


@pytest.mark.parametrize("later", [False, True])
def test_contour_draws_the_line_through_a_point(later):
    f, point = functions.ravine, (2.0, 1.0)
    ax = plots.contour(f) if later else None
    *_, line = plots.contour(f, through=point, ax=ax).collections
    drawn = line.get_paths()[0].vertices
    np.testing.assert_allclose(f(drawn.T), f(point), rtol=0.01)
    assert np.abs(drawn - point).sum(axis=1).min() < 0.1


def test_a_second_run_is_added_to_the_same_picture_in_another_style():
    for draw, f in [(plots.curve, functions.parabola), (plots.contour, functions.ravine)]:
        ax = draw(f)
        before = len(ax.lines), len(ax.collections)
        draw(f, run_on(f), label="one", ax=ax)
        draw(f, run_on(f), label="two", ax=ax)
        assert (len(ax.lines), len(ax.collections)) == (before[0] + 2, before[1])
        one, two = ax.lines[-2:]
        assert one.get_color() != two.get_color() and one.get_linestyle() != two.get_linestyle()


def test_without_axes_a_new_figure_is_made():
    makers = [
        lambda: plots.curve(functions.parabola),
        lambda: plots.contour(functions.bowl),
        lambda: plots.history({"run": [3.0, 2.0]}),
        lambda: plots.network((784, 64, 10)),
        lambda: plots.digits(np.zeros((3, 28, 28)))[0, 0],
    ]
    figures = [make().figure for make in makers]
    assert len(set(figures)) == len(makers) == len(plt.get_fignums())


@pytest.mark.parametrize("draw, f", [(plots.curve, functions.quartic), (plots.contour, functions.bowl)])
@pytest.mark.parametrize("leaving", [0, 1, 3])
def test_run_that_leaves_the_picture_is_drawn_as_far_as_it_is_inside_and_said(draw, f, leaving):
    path = np.ones((6, f.dimensions))
    path[leaving:] = 100
    path[-1] = 1  # coming back makes no difference
    ax = draw(f, path)
    assert f"step {leaving} leaves the picture" in texts(ax)
    assert f"mine:\nstep {leaving} leaves the picture" in texts(draw(f, path, label="mine"))
    assert len(ax.lines[-1].get_xdata()) == leaving
    assert ("start" in texts(ax)) == (leaving > 0)
    ax.figure.canvas.draw()


@pytest.mark.parametrize("draw, f", [(plots.curve, functions.quartic), (plots.contour, functions.bowl)])
def test_run_that_stays_is_not_said_to_leave(draw, f):
    assert texts(draw(f, np.ones((6, f.dimensions)))) == ["start"]


def inside_frame(ax):
    """Say whether the word "start" lies inside the axes and does not touch the start's dot."""
    ax.figure.draw_without_rendering()
    [word] = [text for text in ax.texts if text.get_text() == "start"]
    frame, box = ax.get_window_extent(), word.get_window_extent()
    dot = ax.transData.transform(word.xy)
    return (
        frame.x0 <= box.x0
        and box.x1 <= frame.x1
        and frame.y0 <= box.y0
        and box.y1 <= frame.y1
        and not box.contains(*dot)
    )


CORNERS = [(x, y) for x in (0.0, 0.02, 0.5, 0.9, 1.0) for y in (0.0, 0.03, 0.5, 1.0)]
PLACES = [(functions.bowl, corner) for corner in CORNERS]
PLACES += [(f, corner) for f in (functions.ravine, functions.himmelblau) for corner in [(0, 0), (0.02, 0.5), (1, 1)]]


@pytest.mark.parametrize(("f", "corner"), PLACES, ids=lambda part: getattr(part, "name", None))
def test_the_start_is_named_inside_the_frame_of_a_landscape(f, corner):
    start = [low + share * (high - low) for share, (low, high) in zip(corner, f.bounds)]
    assert inside_frame(plots.contour(f, np.array([start, start])))
    figure, _ = widgets.walk(f, start=start, learning_rate=1e-3).drawn()
    assert inside_frame(figure.axes[0])


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.9, 1.0])
@every_curve
def test_the_start_is_named_inside_the_frame_of_a_curve(f, share):
    start = f.bounds[0][0] + share * np.ptp(f.bounds[0])
    assert inside_frame(plots.curve(f, np.array([[start], [start]])))
    assert inside_frame(widgets.walk(f, start=start, learning_rate=1e-3).drawn()[0].axes[0])


def test_arrow_ends_where_point_and_vector_say():
    ax = plt.subplots()[1]
    assert plots.arrow((1, 2), (3, -1), "∇f", ax=ax) is ax
    pointer, label = ax.texts
    assert tuple(pointer.xy) == (4, 1) and label.get_text() == "∇f" and tuple(label.xy) == (4, 1)
    assert ax.lines[0].get_xydata().tolist() == [[1, 2]]


def test_history_draws_each_run_and_its_validation():
    X, y = np.random.default_rng(0).normal(size=(20, 4)), np.arange(20) % 2
    run = MLP((4, 2)).fit(X, y, epochs=3, validation_data=(X, y))
    for metric in "loss", "accuracy":
        ax = plt.subplots()[1]
        assert plots.history({"ours": run, "by hand": [1.0, 0.5]}, metric=metric, ax=ax) is ax
        drawn = {line.get_label(): line.get_xydata().tolist() for line in ax.lines}
        assert drawn == {
            "ours, training": [[i, value] for i, value in enumerate(run.history[metric], 1)],
            "ours, validation": [[i, value] for i, value in enumerate(run.history[f"val_{metric}"], 1)],
            "by hand": [[1, 1.0], [2, 0.5]],
        }
        assert {text.get_text() for text in ax.get_legend().get_texts()} == set(drawn)
        assert ax.get_xlabel() == "epoch" and ax.get_ylabel() == metric
    alone = {line.get_label(): line.get_ydata().tolist() for line in plots.history(run).lines}
    assert alone == {"training": run.history["loss"], "validation": run.history["val_loss"]}
    assert plots.history({"run": [1.0, 0.1]}, log=True).get_yscale() == "log"
    assert plots.history({"run": [1.0, 0.1]}).get_legend() is None


@pytest.mark.parametrize("n, columns, grid", [(1, 10, (1, 1)), (10, 10, (1, 10)), (11, 5, (3, 5))])
@pytest.mark.parametrize("flat", [False, True])
def test_digits_are_drawn_in_order_dark_on_white(n, columns, grid, flat):
    images = np.random.default_rng(0).integers(0, 256, (n, 28, 28)).astype(np.uint8)
    given = images.reshape(n, 784) if flat else images
    axes = plots.digits(given, titles=range(n), columns=columns)
    assert axes.shape == grid
    for i, ax in enumerate(axes.flat):
        assert not ax.axison
        assert len(ax.images) == (i < n)
        if i < n:
            np.testing.assert_array_equal(ax.images[0].get_array(), images[i])
            assert ax.get_title() == str(i)
            assert ax.images[0].cmap(0.0)[:3] == (1, 1, 1) and ax.images[0].cmap(1.0)[:3] == (0, 0, 0)


def test_weights_are_drawn_unit_by_unit_with_zero_in_the_middle():
    W = np.random.default_rng(0).normal(size=(784, 20))
    axes = plots.weights(W, columns=8)
    assert axes.shape == (3, 8)
    for column, ax in zip(W.T, axes.flat):
        image = ax.images[0]
        np.testing.assert_array_equal(image.get_array(), column.reshape(28, 28))
        assert image.norm.vmin == -image.norm.vmax == -np.abs(W).max()
        red, _, blue, _ = image.cmap(image.norm(np.abs(W).max()))
        assert red > blue
        dotted = np.zeros((28, 28), bool)  # in grey, red and blue are the same
        for dots in ax.lines:
            dotted[dots.get_ydata(), dots.get_xdata()] = True
        np.testing.assert_array_equal(dotted, column.reshape(28, 28) < -np.abs(W).max() / 5)


def test_confusion_writes_every_count_and_shades_errors_alone():
    counts = np.array([[90, 0, 7], [2, 80, 0], [0, 3, 0]])
    ax = plots.confusion(counts)
    written = {text.get_position()[::-1]: text.get_text() for text in ax.texts}
    assert written == {(i, j): str(counts[i, j]) if counts[i, j] or i == j else "·" for i, j in np.ndindex(3, 3)}
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("truth", "guess")
    image = ax.images[0]
    np.testing.assert_array_equal(image.get_array(), [[0, 0, 7], [2, 0, 0], [0, 3, 0]])
    darkest = image.cmap(image.norm(7))[:3]
    assert contrast_on_white(plots.INK) / contrast_on_white(darkest) >= 4.5
    assert contrast_on_white(image.cmap(image.norm(0))[:3]) < 1.2
    assert [frame.get_xy() for frame in ax.patches] == [(i - 0.46, i - 0.46) for i in range(3)]
    other = plt.subplots()[1]
    assert plots.confusion(np.diag([3, 4]), ax=other) is other


def test_embedding_has_a_point_for_each_word_and_writes_the_named_ones():
    before, after = np.random.default_rng(0).normal(size=(2, 5, 2))
    axes = plots.embedding({"before": before, "after": after}, ["", "a", "b", "c", "d"], ["b", "d"])
    for ax, E, title in zip(axes.flat, (before, after), ("before", "after"), strict=True):
        np.testing.assert_array_equal(ax.collections[0].get_offsets(), E)
        assert ax.get_title() == title and ax.get_aspect() == 1
        assert {text.get_text(): text.xy for text in ax.texts} == {"b": tuple(E[2]), "d": tuple(E[4])}


@pytest.mark.parametrize(
    ("planes", "named", "message"),
    [
        ({"x": np.ones((2, 2))}, ["a"], r"planes\['x'\] has shape"),
        ({"x": np.full((3, 2), np.nan)}, ["a"], r"planes\['x'\]"),
        ({"x": np.ones((3, 2))}, ["z"], "named holds 'z', which is not in the vocabulary"),
    ],
)
def test_embedding_refuses_other_planes_and_words(planes, named, message, refuses):
    refuses(message, plots.embedding, planes, ["", "a", "b"], named)


def test_network_writes_the_shapes_of_the_real_network():
    sizes = (784, 64, 32, 10)
    ax = plt.subplots()[1]
    assert plots.network(sizes, ax=ax) is ax
    net, written = MLP(sizes), "\n".join(texts(ax))
    for l, (W, b) in enumerate(zip(net.W, net.b), start=1):
        assert f"W{l} {W.shape}\nb{l} {b.shape}" in written
    for text in "784\ninputs", "64\nReLU", "32\nReLU", "10\nsoftmax":
        assert text in texts(ax)
    assert "8\nsigmoid" in texts(plots.network(MLP((784, 8, 10), activation="sigmoid")))


# show


@pytest.fixture
def shown(monkeypatch):
    """What show hands to the notebook, one bundle a call."""
    bundles = []

    def display(bundle, raw):
        assert raw is True
        bundles.append(bundle)

    monkeypatch.setattr(plots, "display", display)
    return bundles


@pytest.mark.parametrize("text", ["A loss that falls.", "a < b & \"c\" 'd' > ∇L\nsecond line"])
def test_show_gives_the_picture_with_its_text_and_closes_it(text, shown):
    figure = plots.curve(functions.parabola, run_on(functions.parabola)).figure
    width, height = figure.get_size_inches()
    assert plots.show(text) is None
    assert not plt.get_fignums()
    (bundle,) = shown
    assert set(bundle) == {"text/html", "text/plain"} and bundle["text/plain"] == text
    found = re.fullmatch(
        r'<img alt="([^"<>]*)" style="([^"<>]*)" src="data:image/png;base64,([A-Za-z0-9+/=]+)">', bundle["text/html"]
    )
    assert html.unescape(found[1]) == text and "max-width:100%" in found[2]
    picture = Image.open(io.BytesIO(base64.b64decode(found[3])))
    assert picture.size == (round(180 * width), round(180 * height))
    picture = np.asarray(picture.convert("RGB"))
    assert (picture[0, 0] == 255).all(), "an opaque white page, for dark themes too"
    assert picture.min() < 100


def test_show_takes_the_figure_it_is_given(shown):
    first = plots.curve(functions.parabola).figure
    second = plots.contour(functions.bowl).figure
    plots.show("The first.", first)
    assert plt.get_fignums() == [second.number]


@pytest.mark.parametrize("text", ["", "  \n", None, 3, ["text"]])
def test_show_refuses_to_show_without_a_text(text, shown, refuses):
    plt.figure()
    refuses("show needs a text", plots.show, text)
    assert not shown


def test_show_refuses_when_there_is_no_figure(shown, refuses):
    refuses("there is no figure to show", plots.show, "A text.")
    assert not shown


# Colours


def luminance(colour):
    """Return the relative luminance of WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast_on_white(colour):
    return 1.05 / (luminance(colour) + 0.05)


def test_contrast_formula_on_known_colours():
    assert contrast_on_white("black") == pytest.approx(21)
    assert contrast_on_white("white") == pytest.approx(1)
    assert contrast_on_white("#767676") == pytest.approx(4.54, abs=0.01)


def test_lines_can_be_seen_on_white_and_words_read():
    style = plt.rcParams
    lines = [*style["axes.prop_cycle"].by_key()["color"], plots.GREY]
    assert all(contrast_on_white(colour) >= 3 for colour in lines)
    words = [style[name] for name in ("text.color", "axes.labelcolor", "xtick.color", "ytick.color")]
    assert all(contrast_on_white(colour) >= 4.5 for colour in words)
    assert all(to_rgb(style[name]) == (1, 1, 1) for name in ("figure.facecolor", "axes.facecolor", "savefig.facecolor"))


def test_no_two_lines_have_the_same_colour_or_style():
    cycle = plt.rcParams["axes.prop_cycle"].by_key()
    assert len(set(cycle["color"])) == len(cycle["color"]) >= 5
    assert len(set(map(str, cycle["linestyle"]))) == len(cycle["linestyle"]) == len(cycle["color"])


# What readers see who lack one kind of cone, in linear RGB: the matrices of severity 1 of G. M. Machado, M. M. Oliveira
# and L. A. F. Fernandes, A physiologically-based model for simulation of color vision deficiency (IEEE TVCG 15, 2009).
SEEN = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ],
}  # fmt: skip


def lab(colour, seen):
    """Return a colour in CIELAB, as somebody sees it."""
    rgb = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = to_xyz @ np.clip(np.array(seen) @ rgb, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_distance_of_colours_on_known_ones():
    assert lab("white", SEEN["all cones"]) == pytest.approx([100, 0, 0], abs=0.1)
    assert lab("red", SEEN["all cones"]) == pytest.approx([53.2, 80.1, 67.2], abs=0.2)
    greys = [lab("#777777", seen) for seen in SEEN.values()]  # which everybody sees alike
    assert greys[1] == pytest.approx(greys[0], abs=0.1) and greys[2] == pytest.approx(greys[0], abs=0.1)


@pytest.mark.parametrize("seen", SEEN)
def test_no_two_colours_look_alike_to_anybody_in_either_theme(seen):
    css = re.findall(r"--gdcourse-(blue|vermillion|green|purple|brown): (#\w{6})", Figure._css)
    light, dark = dict(css[:5]), dict(css[5:])
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [colour.lower() for colour in cycle] == list(light.values()) and list(dark) == list(light)
    for colours in (light, dark):
        places = {name: lab(colour, SEEN[seen]) for name, colour in colours.items()}
        apart = {(a, b): np.linalg.norm(places[a] - places[b]) for a, b in itertools.combinations(places, 2)}
        assert min(apart.values()) > 20, apart


# What is refused


@pytest.mark.parametrize("wrong", [functions.bowl, np.sin, None, "parabola", 3])
def test_curve_refuses_what_is_no_curve(wrong, refuses):
    refuses(r"curve draws one of functions\.curves; got ", plots.curve, wrong)
    assert not plt.get_fignums()


@pytest.mark.parametrize("wrong", [functions.parabola, np.sin, None, "bowl", 3])
def test_contour_refuses_what_is_no_surface(wrong, refuses):
    refuses(r"contour draws one of functions\.surfaces; got ", plots.contour, wrong)
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    "path", ["text", [], 3.0, np.ones(4), np.ones((4, 3)), np.ones((4, 2, 1)), [[1], [1, 2]], [[1j]]]
)
def test_wrong_path_is_refused(path, refuses):
    refuses("path ", plots.curve, functions.parabola, path)
    refuses("path ", plots.contour, functions.bowl, path)


WRONG = {
    "digits in no columns": (lambda: plots.digits(np.ones((3, 784)), columns=0), "columns must be at least 1"),
    "columns in parts": (lambda: plots.weights(np.ones((784, 3)), columns=2.5), "columns must be a whole number"),
    "no scenes": (lambda: plots.scenes([]), "made must be a list of pairs"),
    "a picture without its truth": (lambda: plots.scenes([np.zeros((40, 40))]), "made must be a list of pairs"),
    "titles as text": (lambda: plots.digits(np.ones((3, 784)), titles="012"), "titles must be a list"),
    "a title alone": (lambda: plots.digits(np.ones((3, 784)), titles=3), "titles must be a list"),
    "masked images": (lambda: plots.digits(np.ma.masked_equal(np.eye(784), 1)), "images holds masked values"),
    "masked weights": (lambda: plots.weights(np.ma.masked_equal(np.eye(784), 1)), "W holds masked values"),
    "no sizes": (lambda: plots.network(3), "sizes must be a row of whole numbers"),
    "one size": (lambda: plots.network([3]), "sizes needs at least 2 numbers"),
    "half a unit": (lambda: plots.network([3, 2.5]), r"sizes\[1\] must be a whole number"),
    "all axes": (lambda: plots.losses([1], ax=plt.subplots(2)[1]), "ax must be one axes"),
    "a figure for axes": (lambda: plots.curve(functions.parabola, ax=plt.figure()), "ax must be one axes"),
    "axes for a figure": (lambda: plots.show("A text.", plt.gca()), "figure must be a figure"),
    "a step too far": (lambda: plots.curve(functions.parabola, [[1], [2]], tangents=[2]), "tangents holds step 2"),
    "a step in parts": (lambda: plots.curve(functions.parabola, [[1]], tangents=[0.5]), "tangents must be a whole"),
    "a step alone": (lambda: plots.curve(functions.parabola, [[1]], tangents=0), "tangents must be a list"),
    "through a number": (lambda: plots.contour(functions.bowl, through=3), r"through has shape \(\)"),
    "arrow from three": (lambda: plots.arrow((1, 2, 3), (1, 2), "v"), r"point has shape \(3,\)"),
    "arrow of NaN": (lambda: plots.arrow((1, 2), (1, np.nan), "v"), r"vector\[1\] is nan"),
    "log as text": (lambda: plots.losses([1, 2], log="yes"), "log must be True or False"),
    "history of a list": (lambda: plots.history(type("Run", (), {"history": [1, 2]})()), "runs must be what fit"),
    "shares": (lambda: plots.confusion([[0.5, 0.5], [0, 1]]), "counts must hold whole numbers"),
    "below zero": (lambda: plots.confusion([[1, -1], [0, 1]]), "counts must hold whole numbers"),
    "unknown counts": (lambda: plots.confusion([[1, np.nan], [0, 1]]), r"counts\[0, 1\] is nan"),
}


@pytest.mark.parametrize("draw, said", WRONG.values(), ids=WRONG)
def test_what_no_figure_can_show_is_refused(draw, said, refuses):
    refuses(said, draw)


@pytest.mark.parametrize("runs", [None, "text", 3.0, [], [[1.0, 0.5]], {"run": None}, {"run": "text"}, {"run": 3.0}])
def test_history_refuses_what_is_no_run(runs, refuses):
    refuses("runs ", plots.history, runs)


def test_history_draws_nothing_for_a_run_that_ended_in_its_first_epoch():
    run = MLP((2, 2)).fit(np.ones((2, 2)), [0, 1], epochs=1)
    run.history.clear()
    assert len(plots.history({"stopped": run}).lines) == 0


def test_history_names_what_was_recorded_when_asked_for_something_else(refuses):
    run = MLP((2, 2)).fit(np.ones((2, 2)), [0, 1], epochs=1)
    refuses("no 'los' was recorded; there is loss, accuracy", plots.history, {"ours": run}, metric="los")


@pytest.mark.parametrize("images", [None, "text", [], np.ones(784), np.ones((3, 27, 28)), np.ones((3, 1, 28, 28)), 3])
def test_digits_refuses_what_is_no_row_of_images(images, refuses):
    refuses("images ", plots.digits, images)
    assert not plt.get_fignums()


@pytest.mark.parametrize("counts", [[1, 2, 3], np.ones((2, 3)), np.ones((2, 2, 2))], ids=lambda c: str(np.shape(c)))
def test_confusion_refuses_what_is_no_square_table(counts, refuses):
    refuses("counts", plots.confusion, counts)


@pytest.mark.parametrize("W", [None, "text", np.ones((64, 784)), np.ones(784)])
def test_weights_refuses_what_is_no_first_layer(W, refuses):
    refuses("images |W ", plots.weights, W)


# The reader's settings

DRAWN = {
    "curve": lambda: plots.curve(functions.two_valleys, run_on(functions.two_valleys), tangents=[0, -1]),
    "contour": lambda: plots.contour(functions.ravine, run_on(functions.ravine), through=(4, 1)),
    "contour through a point far away": lambda: plots.contour(functions.bowl, through=(99, 1)),
    "losses": lambda: plots.losses([1.0, 0.5, 1e308, -1e308]),
    "losses of zero": lambda: plots.losses([0.0, 0.0], log=True),
    "arrow of no length": lambda: plots.arrow((1, 2), (0, 0), "∇L", ax=plots.losses([1.0])),
    "history": lambda: plots.history({"ours": [1.0, 0.5, np.nan]}, log=True),
    "digits": lambda: plots.digits(np.tri(784)[[99, 500, 700]], titles=["−1", 2, 3]),
    "weights": lambda: plots.weights(np.tri(784)[:, :3] - 0.5),
    "confusion": lambda: plots.confusion([[3, 1], [0, 4]]),
    "embedding": lambda: plots.embedding({"": np.tri(4)[:, :2]}, list("abcd"), ["b"]),
    "network": lambda: plots.network(MLP((784, 3, 2))),
    "walk": lambda: widgets.walk(functions.bowl).drawn(),
    "draw": lambda: widgets.draw(SimpleNamespace(predict=lambda X: np.full((len(X), 10), 0.1))).drawn(),
}
SETTINGS = {
    "text.usetex": True,
    "font.family": "No Such Font",
    "font.size": 30,
    "axes.unicode_minus": False,
    "axes.facecolor": "black",
    "axes.prop_cycle": cycler(color="yk"),
    "axes.spines.top": True,
    "figure.constrained_layout.use": False,
    "figure.autolayout": True,
    "figure.figsize": (1, 1),
    "figure.dpi": 30,
    "figure.max_open_warning": 1,
    "savefig.bbox": "tight",
    "savefig.dpi": 20,
    "savefig.format": "pdf",
    "savefig.transparent": True,
    "image.origin": "lower",
    "lines.marker": "x",
    "path.sketch": (5, 100, 2),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
def test_reader_s_settings_change_no_picture_and_stay(draw):
    def drawn():
        plt.close("all")
        plt.figure()
        draw()
        return plots.png(plt.gcf(), dpi=60)

    usual = drawn()
    with matplotlib.rc_context(SETTINGS), np.errstate(all="raise"):
        before = dict(plt.rcParams)
        assert drawn() == usual
        assert dict(plt.rcParams) == before and set(np.geterr().values()) == {"raise"}


def made_of(function):
    """Return the code of each function around a function, from outside to inside."""
    codes = []
    while hasattr(function, "__wrapped__"):
        codes.append(function.__code__)
        function = function.__wrapped__
    return codes


def test_whatever_draws_does_so_in_the_style_of_the_course():
    helpers = {"in_style", "show", "texts", "picture", "levels", "drawable", "dot_below"}
    drawing = [clinic.chart]
    for name, function in inspect.getmembers(plots, inspect.isfunction):
        if function.__module__ == plots.__name__ and name not in helpers and not name.startswith("_"):
            drawing.append(function)
    modules = [
        importlib.import_module(f"{widgets.__name__}.{one.name}") for one in pkgutil.iter_modules(widgets.__path__)
    ]
    classes = {one for module in modules for _, one in inspect.getmembers(module, inspect.isclass)}
    classes -= {Figure, Training}  # one draws nothing itself, the other hands on what `Run` draws
    drawing += [vars(one)["drawn"] for one in classes if "drawn" in vars(one)]
    assert len(drawing) > 30
    for function in drawing:
        assert made_of(function) == made_of(plots.in_style(lambda: None)), function.__qualname__


def test_reader_s_own_figure_keeps_its_page():
    with plt.style.context("dark_background"):
        figure = plt.subplots()[0]
    assert Image.open(io.BytesIO(plots.png(figure))).convert("RGB").getpixel((0, 0)) == (0, 0, 0)


def test_two_runs_from_one_place_have_one_start():
    path = np.array([[3.0, 2.0], [1.0, 1.0]])
    ax = plots.contour(functions.bowl, path)
    plots.contour(functions.bowl, path / [1, 2] + [0, 1], ax=ax)
    assert [text.get_text() for text in ax.texts].count("start") == 1
    plots.contour(functions.bowl, -path, ax=ax)
    assert [text.get_text() for text in ax.texts].count("start") == 2


def test_scenes_have_dashed_true_boxes_and_solid_found_ones():
    picture, truth = np.zeros((40, 40)), np.array([[7.0, 3, 5, 13, 14]])
    found = np.array([[1.0, 3, 5, 12, 15, 0.876]])
    (ax,) = plots.scenes([(picture, truth)])
    (true,) = ax.patches
    assert (true.get_xy(), true.get_height(), true.get_width()) == ((4.5, 2.5), 10, 9) and texts(ax) == ["7"]
    (ax, other) = plots.scenes([(picture, truth), (picture, truth)], [found, found[:0]])
    true, box = ax.patches
    assert true.get_linestyle() != box.get_linestyle() == "solid" and true.get_edgecolor() != box.get_edgecolor()
    assert texts(ax) == ["1: 0.88"] and len(other.patches) == 1
    beside = np.array(
        [[0.0, 5, 18, 14, 28, 0.77], [3.0, 5, 26, 14, 30, 0.6], [5.0, 0, 0, 9, 11, 0.9], [8.0, 31, 36, 40, 40, 0.5]]
    )
    (ax,) = plots.scenes([(picture, truth)], [beside])
    ax.figure.canvas.draw()
    frames = [label.get_window_extent() for label in ax.texts]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(frames, 2)) and len(frames) == 4
    inside = ax.transData.transform([[-0.5, 39.5], [39.5, -0.5]])  # the picture's corners
    assert all(frame.x0 > inside[0, 0] - 2 and frame.x1 < inside[1, 0] + 2 for frame in frames)
    assert all(frame.y0 > inside[0, 1] - 2 and frame.y1 < inside[1, 1] + 2 for frame in frames)
    (crowded,) = plots.scenes([(picture, truth)], [np.repeat(found, 9, axis=0)])
    assert texts(crowded) == [] and len(crowded.patches) == 10  # so many labels would cover each other


# Labels


def labelled(figure):
    """Draw a figure; return for each of its axes the boxes of the words on it that are drawn, by their text."""
    figure.canvas.draw()
    shown = [[text for text in ax.texts if text.get_text() and text.get_position() != (0, 0)] for ax in figure.axes]
    return [[(text.get_text(), text.get_window_extent()) for text in texts] for texts in shown]


def test_labels_of_a_race_cover_neither_each_other_nor_a_start():
    rules = [optimizers.SGD(0.1), optimizers.SGD(0.1, momentum=0.9), optimizers.Adagrad(0.1), optimizers.RMSprop(0.1)]
    figure, _ = widgets.walk(functions.saddle, steps=15, optimizer=rules).drawn()
    names, _ = labelled(figure)
    assert [name for name, _ in names] == ["start", "RMSprop:\nstep 14 leaves the picture"]
    assert not names[0][1].overlaps(names[1][1])
    map_, loss = figure.axes
    dots = np.concatenate([line.get_transform().transform(line.get_xydata()) for line in map_.lines])
    assert not any(names[0][1].contains(*dot) for dot in dots)
    (legend,) = figure.legends  # below both, and over no run
    frame = legend.get_window_extent()
    assert frame.y1 < loss.bbox.y0 and not frame.overlaps(loss.bbox) and loss.get_legend() is None


def test_true_digits_of_a_scene_stand_beside_their_boxes_and_on_nothing():
    picture, truth = np.zeros((40, 40)), np.array([[7.0, 10, 8, 20, 16], [5.0, 21, 8, 31, 17], [5.0, 14, 21, 20, 31]])
    picture[6:10, 6:18] = 1.0  # ink where the first label would stand
    (ax,) = plots.scenes([(picture, truth)])
    [names] = labelled(ax.figure)
    frames = [patch.get_window_extent() for patch in ax.patches]
    assert [name for name, _ in names] == ["7", "5", "5"]
    assert not any(label.overlaps(frame) for _, label in names for frame in frames)
    ink = ax.transData.transform(np.argwhere(picture)[:, ::-1])
    assert not any(label.contains(*pixel) for _, label in names for pixel in ink)


@pytest.mark.parametrize(("low", "said"), [(0.1, ["flies away"]), (0.19, [])])
def test_a_hatched_part_of_the_sweep_is_named_inside_it_or_not_at_all(low, said):
    ax = plt.subplots(figsize=(9, 2.2))[1]
    ax.set(xscale="log", xlim=(0.005, 0.2), ylim=(-2, 2))
    labels.Label(ax, "flies away", [(low, -2), (0.2, 2)], within=True)
    [names] = labelled(ax.figure)
    left, right = ax.transData.transform([(low, 0), (0.2, 0)])[:, 0]
    assert [name for name, _ in names] == said
    assert all(left <= box.x0 and box.x1 <= right for _, box in names)


def test_a_label_far_from_what_it_names_has_a_line_to_it():
    def ink(crowded):
        ax = plt.subplots(figsize=(3, 3))[1]
        ax.set(xlim=(0, 1), ylim=(0, 1))
        label = labels.Label(ax, "here", (0.5, 0.5), color="red")
        if crowded:
            ax.plot(*np.mgrid[0.3:0.7:20j, 0.4:0.6:20j].reshape(2, -1), ".", color="white", linestyle="none")
        ax.figure.canvas.draw()
        image = np.asarray(ax.figure.canvas.buffer_rgba())[:, :, :3].astype(int)
        rows, columns = np.nonzero((image[:, :, 0] > 200) & (image[:, :, 1] < 150))
        box, height = label.get_window_extent(), image.shape[0]
        return np.sum((height - rows > box.y1 + 1) | (height - rows < box.y0 - 1))

    assert ink(crowded=False) == 0 < ink(crowded=True)


def test_a_figure_that_cannot_be_drawn_keeps_its_canvas_and_its_resolution():
    figure, ax = plt.subplots()
    canvas, resolution = figure.canvas, figure.dpi
    ax.set_title("$\\frac{1}{$")
    with pytest.raises(ValueError):
        plots.png(figure, dpi=7)
    assert figure.canvas is canvas and figure.dpi == resolution
    plt.close(figure)


@pytest.mark.parametrize(("lesson", "name"), [("04", "two_lines"), ("05", "line_of_the_wrong_loss")])
def test_dashed_lines_of_a_lesson_go_one_way(lesson, name, monkeypatch):
    """What goes to and fro over its own dashes fills the gaps of them."""
    (path,) = (path for path in notebooks.lessons() if path.stem.startswith(lesson))
    sources = [cell["source"] for cell in refresh.read(path)["cells"] if cell["cell_type"] == "code"]
    place = next(i for i, source in enumerate(sources) if f'show("{name}"' in source)
    names = {}
    monkeypatch.setattr(plots, "show", lambda *_: None)
    for source in slices.without_idle_imports([sources[i] for i in slices.needed(sources, place)]):
        exec(source, names)
    lines = [line for line in names["ax"].lines if line.get_linestyle() not in ("None", "-")]
    assert len(lines) >= 2 and all((np.diff(line.get_xdata()) > 0).all() for line in lines)


def test_lesson_1_names_where_its_runs_fly_away():
    source = next(path for path in notebooks.lessons() if path.stem.startswith("01")).read_text(encoding="utf-8")
    ((low, high),) = re.findall(r"widgets\.walk\(parabola, gradient, .*rates=\((.+), (.+)\), steps=30", source)
    walk = widgets.walk(functions.parabola, learning_rate=0.1, rates=(float(low), float(high)), steps=30)
    walk._sweep.fill()
    walk._sweep.go_on(60)
    names = labelled(walk.drawn()[0])[2]
    assert [name for name, _ in names] == ["flies away"]


WIDGETS = Path(widgets.__file__).parent


@pytest.mark.parametrize("path", sorted(WIDGETS.glob("*.js")), ids=lambda path: path.name)
def test_lines_that_say_something_are_not_as_faint_as_a_frame(path):
    module = path.read_text(encoding="utf-8")
    assert not re.findall(r"\.(?:line|mark|arrow|write)\(.*faint|keyPart\(.faint", module)
    samples = re.findall(r'keyPart\([^"(]*"\w+", "([━╍┅┈╌]+)"', module)  # of one letter, dashed and solid look alike
    assert all(len(sample) > 1 for sample in samples)
