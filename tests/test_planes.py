"""A plane through a network's weights: its loss and gradient are the network's own, and it says what lies off it."""

import numpy as np
import pytest
from test_training_figure import data

from gdcourse import planes, plots
from gdcourse.gradients import check_gradient
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, descend
from gdcourse.widgets import walk

SIZES = (6, 5, 4, 3)
POINTS = [(0.0, 0.0), (0.7, -0.4), (-1.2, 2.1), (3.0, 1.0)]


class Kept:
    """Keeps the weights of each epoch, the start first."""

    def set_model(self, model):
        self.model, self.weights = model, [model.w.copy()]

    def on_epoch_end(self, epoch, logs):
        self.weights.append(self.model.w.copy())


def trained(dtype=np.float64, **options):
    """Return a network that was trained, and its weights after each epoch."""
    net, kept = MLP(SIZES, dtype=dtype, **options), Kept()
    net.fit(*data(), epochs=6, batch_size=8, optimizer=SGD(0.2), callbacks=[kept])
    return net, np.array(kept.weights)


def plane_of(net, w, middle=2, **options):
    return planes.through(net, *data(), w[0], w[middle], w[-1], **options)


class Line:
    """A model of a reader's own: least squares, with a flat w and loss_and_gradient."""

    def __init__(self):
        self.w = np.array([0.5, -1.0, 2.0, 0.3, 0.1, -0.2])

    def loss_and_gradient(self, X, y):
        miss = X @ self.w - y
        return float(np.mean(miss**2)), 2 * X.T @ miss / len(y)


@pytest.mark.parametrize("point", POINTS)
def test_its_loss_and_its_gradient_are_the_network_s_own(point):
    net, w = trained()
    plane = plane_of(net, w)
    net.w = plane.weights_at(point)
    loss, gradient = net.loss_and_gradient(plane.X, plane.y)
    assert plane(point) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(plane.gradient(point), plane.directions @ gradient, rtol=1e-10, atol=1e-13)
    if any(point):  # at the start all biases are zero, and an image whose units are all dead lies on a kink
        assert check_gradient(plane, plane.gradient, np.array(point), verbose=False)


def test_in_float32_they_agree_as_far_as_float32_goes():
    net, w = trained(np.float32)
    plane = plane_of(net, w)
    for point in POINTS:
        net.w = plane.weights_at(point)
        assert plane(point) == pytest.approx(net.loss_and_gradient(plane.X, plane.y)[0], rel=1e-5)


def test_a_grid_is_every_point_for_itself():
    plane = plane_of(*trained())
    grid = np.array(np.meshgrid(np.linspace(-1, 3, 13), np.linspace(-2, 2, 11)))
    one_by_one = [[plane(grid[:, i, j]) for j in range(13)] for i in range(11)]
    np.testing.assert_allclose(plane(grid), one_by_one, rtol=1e-12)
    slopes = [[plane.gradient(grid[:, i, j]) for j in range(13)] for i in range(11)]
    np.testing.assert_allclose(plane.gradient(grid), np.moveaxis(slopes, -1, 0), rtol=1e-10, atol=1e-13)
    plane(grid)[:] = 0  # what it returns is the reader's to change
    np.testing.assert_allclose(plane(grid), one_by_one, rtol=1e-12)


def test_the_three_points_lie_in_it_and_the_directions_are_square():
    _, w = net_and_w = trained()
    plane = plane_of(*net_and_w)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-14)
    assert list(plane.named) == ["start", "best", "end"] and plane.named["start"] == (0, 0) == plane.start
    for number, (name, point) in zip((0, 2, -1), plane.named.items()):
        np.testing.assert_allclose(plane.weights_at(point), w[number], atol=1e-14)
        here, off = plane.place(w[number])
        np.testing.assert_allclose(here, point, atol=1e-14)
        assert off < 1e-13, name
        assert plane.inside([point])[0]
    assert plane.named["end"] == pytest.approx((np.linalg.norm(w[-1] - w[0]), 0), abs=1e-14)
    assert plane.named["best"][1] > 0


def test_the_place_of_other_weights_is_the_nearest_point():
    _, w = net_and_w = trained()
    plane = plane_of(*net_and_w, run=w)
    points, off = plane.place(w)
    np.testing.assert_allclose([plane.run, points], [points, points])
    np.testing.assert_allclose(plane.off, off)
    for one, point, distance in zip(w, points, off):
        assert np.linalg.norm(plane.weights_at(point) - one) == pytest.approx(distance, abs=1e-13)
        for aside in [(0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1)]:
            assert np.linalg.norm(plane.weights_at(point + np.array(aside)) - one) > distance
    assert off[[0, 2, -1]] == pytest.approx([0, 0, 0], abs=1e-13) and off[[1, 3, 4, 5]].min() > 0.01
    np.testing.assert_allclose(plane.weights_at(points)[3], plane.weights_at(points[3]))


def test_what_lies_off_the_plane_is_said():
    net, w = trained()
    plane = plane_of(net, w, run=w)
    far = int(plane.off.argmax())
    net.w = w[far]
    own = net.loss_and_gradient(plane.X, plane.y)[0]
    assert plane.losses[far] == pytest.approx(own) and abs(own - plane(plane.run[far])) > 1e-4
    said = f"Epoch {far} lies farthest off, {plane.off[far]:.2f} away: its loss is {own:.2f}, and where it is drawn "
    assert f"{said}{plane(plane.run[far]):.2f}." in plane.about()
    assert "epochs" not in plane_of(net, w).about()


def test_the_network_is_left_alone_and_may_learn_on():
    net, w = trained()
    net.w = w[3]
    plane = plane_of(net, w, run=w)
    before = plane((1.0, 1.0))
    assert (net.w == w[3]).all()
    net.w = np.zeros_like(net.w)
    assert plane((1.0, 1.0)) == before


def test_images_are_drawn_from_all_of_them():
    net, w = trained()
    X, y = data(600)
    order = np.argsort(y)
    plane = planes.through(net, X[order], y[order], w[0], w[2], w[-1], images=90)
    assert plane.X.shape == (90, 6) and np.bincount(plane.y, minlength=3).min() > 15
    assert planes.through(net, X, y, w[0], w[2], w[-1], images=9000).X.shape == (600, 6)


def test_a_model_of_the_reader_s_own_has_planes_too():
    model, kept = Line(), []
    X, y = data()
    for _ in range(5):
        kept.append(model.w.copy())
        model.w = model.w - 0.02 * model.loss_and_gradient(X, y)[1]
    before = model.w.copy()
    plane = planes.through(model, X, y, kept[0], kept[1], kept[-1], run=kept)
    for point in POINTS:
        w = plane.weights_at(point)
        assert plane(point) == pytest.approx(np.mean((plane.X @ w - plane.y) ** 2), rel=1e-12)
        assert check_gradient(plane, plane.gradient, np.array(point), verbose=False)
    assert walk(plane, learning_rate=0.02, steps=5).answer["runs"] and np.array_equal(model.w, before)


class Pulled(MLP):
    """A network with a loss of its own."""

    def loss_and_gradient(self, X, y):
        loss, gradient = super().loss_and_gradient(X, y)
        return loss + float(self.w @ self.w), gradient + 2 * self.w


def test_a_network_with_a_loss_of_its_own_keeps_it():
    _, w = trained()
    plane = plane_of(Pulled(SIZES, dtype=np.float64), w)
    net = Pulled(SIZES, dtype=np.float64)
    net.w = plane.weights_at((1.0, 0.5))
    assert plane((1.0, 0.5)) == pytest.approx(net.loss_and_gradient(plane.X, plane.y)[0])


def test_a_picture_is_computed_many_points_at_once_and_kept(monkeypatch):
    net, rng = MLP((784, 64, 32, 10), dtype=np.float64), np.random.default_rng(0)
    X, y = rng.random((50, 784)), rng.integers(0, 10, 50)
    w = [net.w + rng.normal(size=net.w.size) / 50 for _ in range(3)]
    plane = planes.through(net, X, y, *w)
    grid = np.array(np.meshgrid(*[np.linspace(*bound, 40) for bound in plane.bounds]))
    calls, several = [], planes._Layers._several

    def counted(self, shares, slopes):
        calls.append(len(shares))
        return several(self, shares, slopes)

    monkeypatch.setattr(planes._Layers, "_several", counted)
    first = plane(grid)
    assert sum(calls) == 1600 and len(calls) == 100
    np.testing.assert_array_equal(plane(grid), first)
    assert len(calls) == 100


def test_the_third_point_is_called_as_the_reader_says(refuses):
    net, w = trained()
    X, y = np.random.default_rng(0).normal(size=(20, net.sizes[0])), np.arange(20) % net.sizes[-1]
    plane = planes.through(net, X, y, w[0], w[1], w[-1], label="epoch 1")
    assert list(plane.named) == ["start", "epoch 1", "end"] and "towards epoch 1." in plane.about()
    refuses("start and epoch 1 are the same weights", planes.through, net, X, y, w[0], w[0], w[-1], label="epoch 1")
    for label in ("", "end", 3, None):
        refuses("label must be a name", planes.through, net, X, y, w[0], w[1], w[-1], label=label)


NET, W = trained()
NAN = np.where(np.arange(NET.w.size) == 7, np.nan, W[2])


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        ("start and end are the same weights", {"end": W[0]}),
        ("best and end are the same weights", {"best": W[-1]}),
        ("start and best are the same weights", {"best": W[0].tolist()}),
        ("start, best and end lie on one line", {"best": 0.3 * W[0] + 0.7 * W[-1]}),
        (r"best\[7\] is nan", {"best": NAN}),
        (r"end has shape \(17,\); this network has 74 weights", {"end": np.ones(17)}),
        (r"start has shape \(7, 74\); expected \(74,\): the weights of one epoch", {"start": W}),
        ("best is None", {"best": None}),
        ("run has shape", {"run": W[0]}),
        ("run has shape", {"run": W[:, :9]}),
        (r"run\[2, 7\] is nan", {"run": [W[0], W[1], NAN]}),
        ("X has shape", {"X": np.ones((50, 9))}),
        ("X has shape", {"X": np.ones((49, 6))}),
        ("X is None", {"X": None}),
        ("y holds the label 8", {"y": np.full(50, 8)}),
        ("images must be", {"images": 0}),
        ("net must be a model", {"net": W}),
        ("net must be a model", {"net": MLP}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, arguments):
    X, y = data()
    given = {"net": NET, "X": X, "y": y, "start": W[0], "best": W[2], "end": W[-1], **arguments}
    refuses(message, lambda: planes.through(**given))


def test_bad_points_and_weights_are_refused_in_a_sentence(refuses):
    plane = plane_of(NET, W)
    refuses("point has shape", plane.weights_at, [1.0, 2.0, 3.0])
    refuses("w has shape", plane.place, np.ones(5))
    refuses("w is None", plane.place, None)


def test_walk_descends_there_and_shows_the_network_s_own_run_beside_it():
    plane = plane_of(NET, W, run=W)
    figure = walk(plane, learning_rate=0.3, steps=30)
    path = descend(plane.gradient, plane.start, SGD(0.3), 30)
    table = np.frombuffer(figure.answer["runs"][0]["numbers"], np.float32).reshape(31, 5)
    np.testing.assert_allclose(table[:, :2], np.asarray(path), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(table[:, 2], [plane(point) for point in path], rtol=1e-5)
    shown = figure.scene["network"]
    np.testing.assert_allclose(np.frombuffer(shown["points"], np.float32).reshape(-1, 2), plane.run, atol=1e-6)
    assert [name for name, _ in shown["named"]] == ["start", "best", "end"] and shown["text"] == plane.about()
    assert len(figure.scene["landscape"]["shades"]) == plane.cells**2
    drawn, text = figure.drawn()
    assert plane.about() in text and "30 steps" in text
    assert any(np.array_equal(line.get_xydata(), plane.run) for line in drawn.axes[0].lines)
    assert np.frombuffer(walk(plane_of(NET, W), steps=3).scene["network"]["points"], np.float32).size == 0


def test_walk_begins_where_the_reader_wants():
    figure = walk(plane_of(NET, W), start=(1.0, -0.5), steps=3)
    answer = figure.answer
    assert answer["start"] == [1.0, -0.5] and not answer["trouble"]
    figure._heard(figure, {"number": 1, "start": [0.2, 0.4]}, [])
    assert figure.answer["start"] == [0.2, 0.4]


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("l2", [0.0, 0.03])
def test_every_kind_of_network_has_its_plane(activation, l2):
    net, w = trained(activation=activation, l2=l2, dropout=0.3)
    plane = plane_of(net, w)
    for point in POINTS:
        net.w = plane.weights_at(point)
        loss, gradient = net.loss_and_gradient(plane.X, plane.y)
        assert plane(point) == pytest.approx(loss, rel=1e-12)
        np.testing.assert_allclose(plane.gradient(point), plane.directions @ gradient, rtol=1e-10, atol=1e-13)


def test_its_picture_is_computed_once_for_the_live_figure_and_the_stored_one(monkeypatch):
    plane, grids, several = plane_of(NET, W, run=W), [], planes._Layers._several
    monkeypatch.setattr(planes._Layers, "_several", lambda self, shares, slopes: (
        grids.append(len(shares)) or several(self, shares, slopes)))  # fmt: skip
    figure = walk(plane, steps=5)
    figure.drawn()
    plots.contour(plane, plane.run)
    assert sum(size for size in grids if size > 1) == plane.cells**2
