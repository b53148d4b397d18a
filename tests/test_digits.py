"""The frozen network: its loss, its slopes and its readings are those of the network itself."""

import copy
import dataclasses
import time

import numpy as np
import pytest

from gdcourse import digits, plots
from gdcourse.datasets import load_mnist
from gdcourse.gradients import check_gradient, numerical_gradient
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD, descend
from gdcourse.widgets import walk

PLACES = {
    "one": [(16, 3)],
    "in one column": [(16, 3), (12, 3)],
    "in two columns": [(12, 5), (16, 3)],
    "of one unit": [(7, 0), (7, 9)],
}
POINTS = [(0.3, 0.3), (-2.0, 1.7), (4.0, -3.0), (0.0, 0.0)]


@pytest.fixture(scope="module")
def trained():
    """Return the trained network, and 200 images that it was not trained on with their labels."""
    (x, y), _ = load_mnist()
    return digits.network(), x[7000:7200].reshape(200, -1) / 255, y[7000:7200]


def frozen(trained, free):
    box = ((-3, 3),) * len(free)
    return digits.freeze(*trained, free=free, bounds=box, start=(1.0,) * len(free))


def at(trained, free, point):
    """Return the network itself with these weights, and the place of each in its flat array."""
    net = copy.deepcopy(trained[0])
    for (j, k), value in zip(free, point):
        net.W[-1][j, k] = value
    flat = net.w.size - 10 - 320 + np.array([10 * j + k for j, k in free])
    return net, flat


@pytest.mark.parametrize("free", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_loss_slopes_and_readings_are_the_network_s_own(trained, free, point):
    function, point = frozen(trained, free), np.array(point[: len(free)])
    net, flat = at(trained, free, point)
    loss, gradient = net.loss_and_gradient(*trained[1:])
    w = point if len(free) == 2 else point[0]
    assert function(w) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(np.ravel(function.gradient(w)), gradient[flat], rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(function.reads(w), net.predict(trained[1]).argmax(axis=1))
    nudged = numerical_gradient(function, np.array(w, float))
    np.testing.assert_allclose(function.gradient(w), nudged, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("free", PLACES.values(), ids=PLACES)
def test_a_grid_is_every_point_for_itself(trained, free):
    function = frozen(trained, free)
    grid = np.random.default_rng(0).uniform(-3, 3, (2, 5, 7) if len(free) == 2 else (5, 7))
    points = np.moveaxis(grid, 0, -1) if len(free) == 2 else grid
    one_by_one = [[function(points[i, j]) for j in range(7)] for i in range(5)]
    np.testing.assert_allclose(function(grid), one_by_one, rtol=1e-12)
    slopes = np.array([[function.gradient(points[i, j]) for j in range(7)] for i in range(5)])
    np.testing.assert_allclose(function.gradient(grid), np.moveaxis(slopes, -1, 0) if len(free) == 2 else slopes)


def test_the_network_is_left_alone_and_may_learn_on(trained):
    net = copy.deepcopy(trained[0])
    before = net.w.copy()
    function = digits.freeze(net, *trained[1:], free=[(16, 3)], bounds=((-3, 3),), start=(1.0,))
    height = function(1.0)
    assert (net.w == before).all()
    net.w = np.zeros_like(net.w)
    assert function(1.0) == height


def test_what_is_written_into_the_images_of_a_landscape_stays_there():
    first = digits.one_weight()
    images, labels = first.images.copy(), first.labels.copy()
    first.images[:], first.labels[:] = 0, 0
    again = digits.one_weight()
    np.testing.assert_array_equal(again.images, images)
    np.testing.assert_array_equal(again.labels, labels)


def test_any_mlp_can_be_frozen():
    rng = np.random.default_rng(1)
    net, X, y = MLP((6, 5, 4, 3), dtype=np.float32, activation="tanh"), rng.normal(size=(30, 6)), rng.integers(0, 3, 30)
    function = digits.freeze(net, X, y, free=[(2, 1)], bounds=((-1, 1),), start=(0.5,))
    assert function(float(net.W[-1][2, 1])) == pytest.approx(net.loss_and_gradient(X, y)[0], rel=1e-6)
    assert check_gradient(lambda w: function(w[0]), lambda w: np.array([function.gradient(w[0])]), np.array([0.4]))


@pytest.mark.parametrize("make", [digits.one_weight, digits.two_weights])
def test_the_landscapes_of_the_lessons(make):
    function = make()
    assert len(function.labels) == len(function.images) == 1000
    low, high = np.array(function.bounds).T
    for place in (function.start, function.minimum):
        assert (low < place).all() and (place < high).all()
    star = np.array(function.minimum) if function.dimensions == 2 else function.minimum[0]
    assert np.abs(function.gradient(star)).max() < 1e-6
    around = np.random.default_rng(0).uniform(low, high, (300, function.dimensions)).T
    assert function(star) < function(around if function.dimensions == 2 else around[0]).min()
    assert "1,000 images" in repr(function)


def test_y_of_the_two_is_the_weight_of_the_one():
    one, two = digits.one_weight(), digits.two_weights()
    x = digits.network().W[-1][12, 5]
    assert two((x, 0.7)) == pytest.approx(one(0.7), rel=1e-12)


def test_far_out_the_loss_is_finite_and_straight(trained):
    function = frozen(trained, [(16, 3)])
    assert np.isfinite(function(np.array([-1e6, 1e6]))).all()
    assert function.gradient(1e3) == pytest.approx(function.gradient(1e6))


def test_a_reading_wants_as_many_weights_as_are_free():
    with pytest.raises(ValueError, match="w has 1 numbers; Two weights of a network has 2 of its weights free"):
        digits.two_weights().reads(0.5)


def test_walks_and_pictures_take_them():
    one, two = digits.one_weight(), digits.two_weights()
    figure = walk(one, learning_rate=2, rates=(0.1, 20), steps=20)
    assert "lowest point" in figure._runs[0].words
    plots.curve(one, descend(one.gradient, one.start, SGD(2), 10))
    begun = time.process_time()
    walk(two, learning_rate=5, rates=(0.1, 20), steps=40)
    plots.contour(two, descend(two.gradient, two.start, SGD(5), 10))
    assert time.process_time() - begun < 3
    assert dataclasses.replace(one, start=(0.4,)).reads(0.4).shape == (1000,)
