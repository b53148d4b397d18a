"""Finite differences, and the check that must refuse wrong gradients and say where they are wrong."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from gdcourse import datasets, functions, mlp
from gdcourse.gradients import check_gradient, numerical_gradient

# A loss with another slope in every direction, and its gradient: Σ cᵢ(wᵢ³ + sin wᵢ), cᵢ = 1, 2, …


def loss(w):
    c = 1 + np.arange(np.size(w)).reshape(np.shape(w))
    return np.sum(c * (w**3 + np.sin(w)))


def gradient(w):
    c = 1 + np.arange(np.size(w)).reshape(np.shape(w))
    return c * (3 * w**2 + np.cos(w))


def drawn(shape=(3, 4), seed=0, dtype=np.float64):
    return np.random.default_rng(seed).uniform(0.5, 2, shape).astype(dtype)


@pytest.mark.parametrize(
    "function, derivative",
    [(np.sin, np.cos), (np.exp, np.exp), (np.square, lambda w: 2 * w), (np.tanh, lambda w: 1 / np.cosh(w) ** 2)],
)
@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-9), (np.float32, 5e-4)])
@pytest.mark.parametrize("w", [-2.0, 0.0, 1e-3, 1.7])
def test_known_derivatives(function, derivative, dtype, tolerance, w):
    result = numerical_gradient(function, dtype(w))
    assert np.shape(result) == ()
    assert abs(result - derivative(w)) <= tolerance * max(1, abs(derivative(w)))


@settings(max_examples=30, deadline=None)
@given(shape=array_shapes(max_dims=3, max_side=4), seed=st.integers(0, 999))
def test_any_shape(shape, seed):
    w = drawn(shape, seed)
    before = w.copy()
    np.testing.assert_allclose(numerical_gradient(loss, w), gradient(w), rtol=1e-6)
    np.testing.assert_array_equal(w, before)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("w", [0.3, -500.0])
@pytest.mark.parametrize("widen", [1, 2])
def test_step_is_the_documented_one_on_both_sides(dtype, w, widen):
    asked = []
    numerical_gradient(lambda w: asked.append(float(w)) or float(w), dtype(w), widen=widen)
    h = widen * np.finfo(dtype).eps ** (1 / 3) * max(1, abs(w))
    rounding = np.finfo(dtype).eps * max(1, abs(w))
    np.testing.assert_allclose(asked, [w, w + h, w - h], rtol=0, atol=2 * rounding)


def test_only_the_asked_positions_are_computed():
    w = drawn((2, 3))
    result = numerical_gradient(loss, w, indices=[1, 4])
    np.testing.assert_array_equal(np.isnan(result), [[True, False, True], [True, False, True]])
    np.testing.assert_allclose(result.flat[[1, 4]], gradient(w).flat[[1, 4]], rtol=1e-8)


def test_integers_are_taken_as_floats():
    w = np.array([1, 2, 3])
    np.testing.assert_allclose(numerical_gradient(loss, w), gradient(w.astype(float)), rtol=1e-8)
    assert check_gradient(loss, gradient, w, verbose=False)
    assert w.dtype.kind == "i"


@pytest.mark.parametrize("exact", [Fraction, Decimal])
def test_a_loss_may_be_a_number_of_python_s(exact):
    assert numerical_gradient(lambda w: exact(float(w)) ** 3, 2.0) == pytest.approx(12, rel=1e-9)
    assert check_gradient(lambda w: exact(float(w)) ** 3, lambda w: 3 * w**2, 2.0, verbose=False)
    assert not check_gradient(lambda w: exact(float(w)) ** 3, lambda w: 3 * w, 2.0, verbose=False)


def test_loss_that_changes_its_argument_does_no_harm():
    def careless(w):
        value = loss(w)
        w *= 0
        return value

    w = drawn()
    np.testing.assert_allclose(numerical_gradient(careless, w), gradient(w), rtol=1e-8)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", [(), (1,), (7,), (3, 4), (2, 3, 2)])
def test_right_gradient_is_accepted(dtype, shape, capsys):
    w = drawn(shape, dtype=dtype)
    for right in gradient, gradient(w):
        result = check_gradient(loss, right, w)
        assert result and result.right is True
        assert result.checked == w.size
        assert capsys.readouterr().out == f"{result}\n"
        assert str(result).startswith(f"✓ right, {w.size} compared; ")


@pytest.mark.parametrize("f", functions.curves + functions.surfaces, ids=lambda f: f.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_gradient_is_accepted_on_every_landscape_and_at_its_minima(f, dtype):
    rng = np.random.default_rng(0)
    points = [*f.minima, f.start, *([rng.uniform(*bound) for bound in f.bounds] for _ in range(50))]
    for point in points:
        w = np.array(point, dtype) if f.dimensions == 2 else dtype(point[0])
        result = check_gradient(f, f.gradient, w, verbose=False)
        assert result, f"{w}: {result}"


WRONG = {
    "sign": lambda right: -right,
    "factor 2": lambda right: 2 * right,
    "some components off by one": lambda right: right + np.eye(*right.shape, k=1),
    "one component zero": lambda right: right * (right != right.max()),
    "mean for sum": lambda right: right / right.size,
    "other order": lambda right: right.T.reshape(right.shape),
    "one over the other's place": lambda right: right[::-1],
    "all zero": lambda right: 0 * right,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_wrong_gradient_is_refused(wrong, dtype):
    w = drawn(dtype=dtype)
    result = check_gradient(loss, lambda w: wrong(gradient(w)), w, verbose=False)
    assert not result and result.right is False
    assert str(result).startswith("✗ wrong, 12 compared; ")


def test_a_thousandth_off_is_refused():
    w = drawn()
    assert not check_gradient(loss, 1.001 * gradient(w), w, verbose=False)


@pytest.mark.parametrize("index", [(0, 0), (1, 2), (2, 3)])
def test_report_names_the_place_and_both_values(index, capsys):
    w = drawn()
    given_ = gradient(w)
    given_[index] = 123.456
    result = check_gradient(loss, given_, w)
    assert result.index == index
    assert result.given == 123.456
    assert result.numerical == pytest.approx(gradient(w)[index], rel=1e-8)
    assert result.error == pytest.approx((123.456 - gradient(w)[index]) / 123.456, rel=1e-8)
    printed = re.fullmatch(
        r"✗ wrong, 12 compared; farthest off at \[(\d), (\d)\], relative error (\S+): "
        r"yours (\S+), nudged (\S+)\.\n",
        capsys.readouterr().out,
    )
    assert (int(printed[1]), int(printed[2])) == index
    assert float(printed[3]) == pytest.approx(result.error, rel=0.1)
    assert float(printed[4]) == 123.456
    assert float(printed[5]) == pytest.approx(gradient(w)[index], rel=1e-5)


def test_the_relative_error_is_said_of_the_place_and_not_of_all():
    """Where a slope is small, its error may be larger, relative to it, than the one that is farthest off."""
    steep_and_flat = np.array([1010.0, -0.001])  # of the truth 1,000 and 0.001
    result = check_gradient(lambda w: 500 * w[0] ** 2 + 0.0005 * w[1] ** 2, steep_and_flat, np.ones(2), verbose=False)
    assert str(result) == "✗ wrong, 2 compared; farthest off at [0], relative error 1e-02: yours 1010, nudged 1000."
    alone = check_gradient(lambda w: w**2, 2.2, 1.0, verbose=False)
    assert str(alone) == "✗ wrong, 1 compared; relative error 9e-02: yours 2.2, nudged 2."


def test_quiet_on_request(capsys):
    check_gradient(loss, gradient, 1.0, verbose=False)
    assert capsys.readouterr().out == ""


def test_sample_compares_so_many_positions_and_still_finds_a_wrong_gradient():
    w = drawn((20, 30))
    result = check_gradient(loss, gradient, w, sample=17, verbose=False)
    assert result and result.checked == 17
    assert check_gradient(loss, gradient, w, sample=10**6, verbose=False).checked == 600
    wrong = check_gradient(loss, -gradient(w), w, sample=17, verbose=False)
    assert not wrong and wrong.given == -gradient(w)[wrong.index]
    places = {check_gradient(loss, -gradient(w), w, sample=3, seed=seed, verbose=False).index for seed in range(9)}
    assert len(places) > 1


def test_w_is_not_changed_by_a_gradient_that_works_in_place():
    def careless(w):
        w **= 2
        return w

    w = drawn()
    before = w.copy()
    check_gradient(lambda w: np.sum(w**3) / 3, careless, w, verbose=False)
    np.testing.assert_array_equal(w, before)


def test_network_passes_and_a_network_without_a_bias_gradient_does_not():
    net = mlp.MLP((5, 4, 3), dtype=np.float64)
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 5)), rng.integers(0, 3, 20)

    def network_loss(w):
        net.w = w
        return net.loss_and_gradient(X, y)[0]

    _, right = net.loss_and_gradient(X, y)
    assert check_gradient(network_loss, right, net.w.copy(), verbose=False)
    right[20:24] = 0  # b of the first layer
    result = check_gradient(network_loss, right, net.w.copy(), verbose=False)
    assert not result and result.index[0] in range(20, 24)


def test_check_of_a_network_s_own_w_leaves_it_as_it_was():
    net = mlp.MLP((4, 3, 2), dtype=np.float64)
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(9, 4)), rng.integers(0, 2, 9)
    before = net.w.copy()

    def network_loss(w):
        net.w = w
        return net.loss_and_gradient(X, y)[0]

    def network_gradient(w):
        net.w = w
        return net.loss_and_gradient(X, y)[1]

    assert check_gradient(network_loss, network_gradient, net.w, verbose=False)
    np.testing.assert_array_equal(net.w, before)
    right = network_gradient(before)
    np.testing.assert_allclose(numerical_gradient(network_loss, net.w), right, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    "wrong, said",
    [
        (lambda w: w, "loss(w) must return one number; got an array of shape (3, 4)."),
        (lambda w: None, "loss(w) must return one number; got None."),
        (lambda w: "much", "loss(w) must return one number; got 'much'."),
        (lambda w: 1j, "loss(w) must return one number; got 1j."),
        (lambda w: np.nan, "loss(w) is nan near this w;"),
        (lambda w: np.inf, "loss(w) is inf near this w;"),
        (lambda w: np.ma.masked, "loss(w) holds masked values; leave those rows out, or fill them in."),
        (lambda w: np.ma.array(3.0, mask=True), "loss(w) holds masked values;"),
        (0.5, "loss must be a function of w; got float."),
    ],
)
def test_loss_that_is_none_is_refused(wrong, said, refuses):
    refuses(re.escape(said), numerical_gradient, wrong, drawn())
    refuses(re.escape(said), check_gradient, wrong, gradient, drawn())


@pytest.mark.parametrize("w", [None, "text", [], [[1.0], [1.0, 2.0]], [np.nan, 1.0], [1.0, -np.inf], [1j]])
def test_w_that_is_no_finite_array_is_refused(w, refuses):
    refuses(r"w(\[\d\])? ", numerical_gradient, loss, w)
    refuses(r"w(\[\d\])? ", check_gradient, loss, lambda w: np.ones(2), w)


@pytest.mark.parametrize(
    "wrong", [None, "text", np.ones(12), np.ones((4, 3)), np.float64(1), np.full((3, 4), np.nan), []]
)
def test_gradient_that_is_none_or_of_another_shape_is_refused(wrong, refuses):
    refuses(r"gradient(\[0, 0\])? ", check_gradient, loss, wrong, drawn())
    refuses(r"gradient(\[0, 0\])? ", check_gradient, loss, lambda w: wrong, drawn())


@pytest.mark.parametrize("widen", [None, 0, -1.0, np.nan, "wide", True, [1.0], 1e-30])
def test_widening_that_is_no_number_above_zero_is_refused(widen, refuses):
    refuses("widen ", numerical_gradient, loss, drawn(), widen=widen)


@pytest.mark.parametrize("indices", [True, 3, 1.5, "all", [1.5], [True], [12], [-13], [None], np.array(2), ["0"]])
def test_indices_that_are_no_positions_are_refused(indices, refuses):
    refuses("indices", numerical_gradient, loss, drawn(), indices=indices)


COARSE = {
    "int": lambda w: float(int(np.sum(w**2))),
    "each an int": lambda w: np.sum(w.astype(int) ** 2),
    "rounded": lambda w: np.sum(np.round(w)),
    "integer type": lambda w: np.sum(w**2).astype(int),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("coarse", COARSE.values(), ids=COARSE)
@pytest.mark.parametrize("w", [[1.0, 2.0], [0.3, -7.7], [0.1], 2.5])
def test_a_loss_that_casts_to_whole_numbers_or_rounds_is_refused(coarse, w, dtype, refuses):
    refuses(re.escape("loss(w) changes in jumps"), numerical_gradient, coarse, np.array(w, dtype))


@pytest.mark.parametrize("w", [[1.0, 2.0], [0.3, -7.7], [0.1], 2.5])
def test_a_loss_of_one_decimal_is_refused(w, refuses):
    refuses("loss", numerical_gradient, lambda w: np.round(np.sum(w**2), 1), np.array(w))


@pytest.mark.parametrize(
    "flat",
    [
        lambda w: 3.0,
        lambda w: 0,
        lambda w: np.sum(np.maximum(0, w - 3)),  # a unit that is dead here
        lambda w: np.sum(np.maximum(0, w - 3) ** 2) + 7,
    ],
)
def test_a_plateau_has_the_slope_zero(flat):
    np.testing.assert_array_equal(numerical_gradient(flat, np.array([1.0, 2.0])), [0, 0])


def test_a_loss_that_happens_to_be_whole_numbers_is_none_that_rounds():
    assert numerical_gradient(lambda w: abs(w) * 2.0**40, 2.0) == pytest.approx(2.0**40)


@pytest.mark.parametrize("sample", [0, -1, 2.5, "all"])
def test_sample_that_is_no_count_is_refused(sample, refuses):
    refuses("sample ", check_gradient, loss, gradient, drawn(), sample=sample)


# Any smooth loss: Σ a sin(bw + c) + ½ wᵀMw + d, with its gradient


@st.composite
def smooth(draw):
    n, seed = draw(st.integers(1, 6)), draw(st.integers(0, 10**6))
    scale, offset = 10.0 ** draw(st.integers(-6, 6)), draw(st.sampled_from([0.0, 1.0, -1e3, 1e6, 1e12]))
    rng = np.random.default_rng(seed)
    a, c, M = rng.normal(size=n), rng.normal(size=n), rng.normal(size=(n, n))
    b = rng.uniform(0.1, 5, n)
    M += M.T
    w = rng.normal(size=n) * 10.0 ** draw(st.integers(-3, 2))
    dtype = draw(st.sampled_from([np.float64, np.float32]))
    return (
        lambda w: scale * (np.sum(a * np.sin(b * w + c)) + w @ M @ w / 2) + offset,
        lambda w: scale * (a * b * np.cos(b * w + c) + M @ w),
        w.astype(dtype),
    )


def some_component_missing(gradient):
    return gradient * (np.arange(gradient.size) != np.abs(gradient).argmax())


@settings(max_examples=150, deadline=None, derandomize=True)
@given(smooth())
def test_right_gradient_of_any_smooth_loss_is_never_wrong(drawn):
    loss, gradient, w = drawn
    assert check_gradient(loss, gradient, w, verbose=False).right is not False


@pytest.mark.parametrize(
    "wrong",
    [lambda g: -g, lambda g: 2 * g, lambda g: g / 2, lambda g: 1.01 * g, lambda g: 0 * g, some_component_missing],
)
@settings(max_examples=100, deadline=None, derandomize=True)
@given(drawn=smooth())
def test_wrong_gradient_of_any_smooth_loss_is_never_right(wrong, drawn):
    loss, gradient, w = drawn
    result = check_gradient(loss, lambda w: wrong(gradient(w)), w, verbose=False)
    assert result.right is not True and not str(result).startswith("✓")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(drawn=smooth())
def test_most_of_it_can_be_told(drawn):
    loss, gradient, w = drawn
    offset = abs(loss(w))
    if np.finfo(float).eps * offset < 1e-12 * np.abs(gradient(w)).max():
        assert check_gradient(loss, gradient, w, verbose=False).right is True


# What finite differences can't tell

W12 = np.array([1.0, 2.0])


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6, 1e9, 1e12, 1e15, 1e20])
@pytest.mark.parametrize("wrong", [lambda g: -g, lambda g: 0 * g, lambda g: 2 * g, lambda g: g * [1, 0]])
def test_wrong_gradient_is_never_right_whatever_is_added_to_the_loss(offset, wrong):
    result = check_gradient(lambda w: offset + np.sum(w**2), wrong(2 * W12), W12, verbose=False)
    assert not result and not str(result).startswith("✓")


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6, 1e9, 1e12, 1e15, 1e20])
def test_right_gradient_is_never_wrong_whatever_is_added_to_the_loss(offset):
    result = check_gradient(lambda w: offset + np.sum(w**2), 2 * W12, W12, verbose=False)
    assert result.right is (True if offset < 1e7 else result.right) and result.right is not False


@pytest.mark.parametrize(
    "coarse",
    [
        lambda w: float(int(np.sum(w**2))),
        lambda w: np.sum(w.astype(int) ** 2),
        lambda w: np.sum(np.round(w)),
        lambda w: 1e20 + np.sum(w**2),
    ],
)
def test_zero_gradient_of_a_loss_that_rounds_is_not_right(coarse):
    result = check_gradient(coarse, lambda w: 0 * w, W12, verbose=False)
    assert result.right is None and not result
    assert str(result).startswith("? can't tell, 2 compared; ") and result.why.endswith((".", "?"))


@pytest.mark.parametrize("constant", [0.0, 3, -17.5, 1e5])
@pytest.mark.parametrize("w", [W12, 0.0, drawn()])
def test_zero_gradient_of_a_constant_loss_is_right_and_another_is_wrong(constant, w):
    assert check_gradient(lambda w: constant, lambda w: 0 * w, w, verbose=False).right is True
    for off in 1.0, -1e-3, 1e-9:
        assert check_gradient(lambda w: constant, 0 * w + off, w, verbose=False).right is False


def test_random_loss_is_said_to_be_random():
    rng = np.random.default_rng(0)
    result = check_gradient(lambda w: np.sum(w**2) + rng.normal(), 2 * W12, W12, verbose=False)
    assert not result and "another number each time" in str(result)


@pytest.fixture(scope="module")
def float32_network():
    """A default network's loss of 64 digits, the gradient in float64, and the weights."""
    net, exact = mlp.MLP(), mlp.MLP(dtype=np.float64)
    X, y = (array[:64] for array in datasets.load_mnist()[0])
    X, exact.w = X.reshape(64, -1) / 255, net.w

    def network_loss(w):
        net.w = w
        return net.evaluate(X, y)[0]

    return network_loss, exact.loss_and_gradient(X, y)[1].astype(np.float32), net.w.copy()


@pytest.mark.parametrize("seed", range(25))
def test_right_gradient_of_a_float32_network_is_not_wrong_over_its_kinks(seed, float32_network):
    loss, right, w = float32_network
    assert check_gradient(loss, right, w, sample=10, seed=seed, verbose=False).right is not False


@pytest.mark.parametrize("seed", [1, 7, 13])
def test_negated_gradient_of_a_float32_network_is_not_right_with_a_small_sample(seed, float32_network):
    loss, right, w = float32_network
    assert check_gradient(loss, -right, w, sample=5, seed=seed, verbose=False).right is not True


def test_negated_gradient_of_a_float32_network_is_wrong(float32_network):
    loss, right, w = float32_network
    assert check_gradient(loss, -right, w, sample=50, verbose=False).right is False
