"""The landscapes: gradients, minima, printed formulas, and what they refuse."""

import numpy as np
import pytest
from formulas import evaluate
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from gdcourse import functions, lines, plots
from gdcourse.functions import Function
from gdcourse.optimizers import SGD, descend

ALL = functions.curves + functions.surfaces
every_function = pytest.mark.parametrize("f", ALL, ids=lambda f: f.name)


def drawn(f, seed, shape=()):
    """Return points within the bounds: an array of this shape for a curve, of (2, *shape) for a surface."""
    rng = np.random.default_rng(seed)
    points = np.array([rng.uniform(low, high, shape) for low, high in f.bounds])
    return points if f.dimensions == 2 else points[0]


def test_curves_and_surfaces_hold_every_function_of_the_module():
    assert {id(f) for f in ALL} == {id(f) for f in vars(functions).values() if isinstance(f, Function)}
    assert all(f.dimensions == 1 for f in functions.curves)
    assert all(f.dimensions == 2 for f in functions.surfaces)


@every_function
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), shape=st.just(()) | array_shapes(max_dims=2, max_side=4))
def test_gradient_equals_central_differences(f, seed, shape):
    w, h = drawn(f, seed, shape), 1e-5
    gradient = f.gradient(w)
    assert np.shape(gradient) == np.shape(w)
    if f.dimensions == 1:
        expected = (f(w + h) - f(w - h)) / (2 * h)
    else:
        ways = np.eye(2).reshape((2, 2) + (1,) * len(shape)) * h
        expected = np.array([(f(w + way) - f(w - way)) / (2 * h) for way in ways])
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-5)


@every_function
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), shape=st.just(()) | array_shapes(max_dims=2, max_side=4))
def test_printed_formula_is_the_code(f, seed, shape):
    w = drawn(f, seed, shape)
    left, right = f.formula.split(" = ")
    assert left == ("L(w)" if f.dimensions == 1 else "f(x, y)")
    values = {"w": w} if f.dimensions == 1 else dict(zip("xy", w))
    np.testing.assert_allclose(f(w), evaluate(right, **values), rtol=1e-12, atol=1e-12)


@every_function
def test_minima_are_flat_and_lowest_in_the_picture(f):
    grid = [np.linspace(low, high, 401) for low, high in f.bounds]
    lowest = f(grid[0] if f.dimensions == 1 else np.array(np.meshgrid(*grid))).min()
    for minimum in f.minima:
        assert len(minimum) == f.dimensions
        assert all(low < number < high for number, (low, high) in zip(minimum, f.bounds))
        w = np.array(minimum) if f.dimensions == 2 else minimum[0]
        np.testing.assert_allclose(f.gradient(w), 0, atol=1e-12)
        assert f(w) <= lowest + 1e-12
        near = np.random.default_rng(0).normal(scale=1e-3, size=(200, f.dimensions))
        assert all(f(w + (step if f.dimensions == 2 else step[0])) > f(w) for step in near)
    assert f.minimum == (f.minima[0] if f.minima else None)


def test_only_the_saddle_has_no_minimum_and_himmelblau_has_four():
    assert [f.name for f in ALL if not f.minima] == ["Saddle"]
    x, y = np.array(functions.himmelblau.minima).T
    assert len(x) == len(set(zip(np.sign(x), np.sign(y)))) == 4


@every_function
def test_start_is_in_the_picture_and_not_flat(f):
    assert all(low < number < high for number, (low, high) in zip(f.start, f.bounds))
    w = np.array(f.start) if f.dimensions == 2 else f.start[0]
    assert np.linalg.norm(f.gradient(w)) > 1e-3


@every_function
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(f, dtype):
    w = np.asarray(f.start, dtype) if f.dimensions == 2 else np.asarray(f.start, dtype)[0]
    assert f(w).dtype == dtype
    assert f.gradient(w).dtype == dtype


@every_function
def test_lists_and_integers_mean_the_same_as_floats(f):
    numbers = [2, 1] if f.dimensions == 2 else [2, 1, 0]
    np.testing.assert_array_equal(f(numbers), f(np.array(numbers, float)))
    np.testing.assert_array_equal(f.gradient(np.array(numbers)), f.gradient(np.array(numbers, float)))


@every_function
def test_w_is_not_changed(f):
    w = drawn(f, 0, (3,))
    before = w.copy()
    f(w), f.gradient(w)
    np.testing.assert_array_equal(w, before)


@every_function
@pytest.mark.parametrize("ask", [Function.__call__, Function.gradient], ids=["height", "gradient"])
@pytest.mark.parametrize(
    "w", [None, "text", [], [[1.0], [2.0, 3.0]], [1j, 2], [None, 1.0], [True, False]], ids=lambda w: repr(w)
)
def test_what_is_no_number_is_refused(f, ask, w, refuses):
    refuses("w ", ask, f, w)


@pytest.mark.parametrize("f", functions.surfaces, ids=lambda f: f.name)
@pytest.mark.parametrize("w", [1.0, [1.0], [1.0, 2.0, 3.0], np.ones((3, 2))], ids=["number", "(1,)", "(3,)", "(3, 2)"])
def test_surface_refuses_what_is_no_point_of_two_numbers(f, w, refuses):
    assert str(np.shape(w)) in refuses(f"{f.name} takes", f, w)
    refuses(f"{f.name} takes", f.gradient, w)


def test_mean_squared_error_is_the_mean_over_the_data():
    """On one point and on a grid; its gradient is held by the formula, its minimum by least squares."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(200, 14, 30), rng.normal(4200, 800, 30)
    f = lines.mean_squared_error(x, y, bounds=((0, 100), (-9000, 9000)), start=(0, 0))
    for point in rng.uniform([0, -9000], [100, 9000], (5, 2)):
        a, b = point
        assert f(point) == pytest.approx(np.mean((a * x + b - y) ** 2))
        assert f.gradient(point) == pytest.approx([2 * np.mean((a * x + b - y) * x), 2 * np.mean(a * x + b - y)])
        assert f(np.full((2, 3, 4), point[:, None, None])) == pytest.approx(f(point))
    assert f.minimum == pytest.approx(np.linalg.lstsq(np.column_stack([x, np.ones(30)]), y)[0])
    assert (f.dimensions, f.start, f.bounds) == (2, (0, 0), ((0, 100), (-9000, 9000)))


def test_mean_squared_error_wants_as_many_x_as_y():
    with pytest.raises(ValueError, match=r"y has shape \(3, 1\), but x has shape \(3,\)"):
        lines.mean_squared_error([1, 2, 3], [[1], [2], [3]], ((0, 1), (0, 1)), (0, 0))


DATA = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
PLANE = ((-1, 1), (-2, 2)), (0, 0)


@pytest.mark.parametrize(
    "x, y, bounds, start, said",
    [
        ([1, np.nan, 3], DATA[1], *PLANE, r"x\[1\] is nan"),
        (DATA[0], [1, np.inf, 3], *PLANE, r"y\[1\] is inf"),
        (np.ma.array([1, 2, 3], mask=[0, 1, 0]), DATA[1], *PLANE, "x holds masked values"),
        (DATA[0], [1, np.ma.masked, 3], *PLANE, "y holds masked values"),
        ([1e200, 2e200, 3e200], DATA[1], *PLANE, r"the mean square of x and y\[0\] is inf"),
        (DATA[0], DATA[1], (-1, 1), (0, 0), r"bounds has shape \(2,\)"),
        (DATA[0], DATA[1], ((1, -1), (-2, 2)), (0, 0), "bounds must have low below high"),
        (DATA[0], DATA[1], None, (0, 0), "bounds is None"),
        (DATA[0], DATA[1], PLANE[0], (0, np.nan), r"start\[1\] is nan"),
        (DATA[0], DATA[1], PLANE[0], 3, r"start has shape \(\)"),
    ],
)
def test_mean_squared_error_refuses_what_makes_no_landscape(x, y, bounds, start, said, refuses):
    refuses(said, lines.mean_squared_error, x, y, bounds, start)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("x", [[2.0], [2.0, 2.0, 2.0], [0.1] * 3])
def test_mean_squared_error_of_one_place_has_no_single_lowest_point_and_can_be_drawn(x):
    f = lines.mean_squared_error(x, np.arange(1.0, len(x) + 1), *PLANE)
    assert f.minima == () and f.minimum is None
    path = descend(f.gradient, f.start, SGD(0.05), 200)
    assert np.isfinite(path).all() and f(path[-1]) == pytest.approx(np.var(np.arange(len(x))), abs=1e-3)
    plots.contour(f, path)
    plots.plt.close("all")


def test_a_landscape_s_minimum_is_plain_numbers():
    f = lines.mean_squared_error(*DATA, *PLANE)
    assert f.minimum == pytest.approx((2, 0)) and all(type(one) is float for one in f.minimum)


def test_points_inside_are_rows_of_numbers(refuses):
    assert functions.bowl.inside([[1, 1], [9, 0]]).tolist() == [True, False]
    assert functions.bowl.inside(np.empty((0, 2))).tolist() == []
    for wrong in (1.0, [1.0, 1.0], [[1.0]], None, "text"):
        refuses("points", functions.bowl.inside, wrong)


@pytest.mark.filterwarnings("error")
@every_function
def test_reader_s_settings_for_arithmetic_change_nothing(f):
    w = np.array(f.start * 3).reshape(3, -1).T * [1e-200, 1, 1e200]
    w = w if f.dimensions == 2 else w[0]
    height, slope = f(w), f.gradient(w)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(f(w), height)
        np.testing.assert_array_equal(f.gradient(w), slope)
