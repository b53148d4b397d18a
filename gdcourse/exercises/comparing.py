"""Say whether two values are the same to a learner's eye, and if not, how they differ."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

LARGEST = 1_000_000  # numbers in one answer
ROUNDED = 1e12  # the largest number that is rounded: Decimal reckons with 28 digits
PLAIN = (int, float)  # Python's own numbers; bool is another type
FLOATS = (float, np.float64)
USUAL = {*PLAIN, *FLOATS, bool, str, type(None), np.ndarray}  # in a list, NumPy takes them as they are
SHORT = 50  # numbers that are sooner compared one by one
FACTORS = [*range(2, 11), 100, 255, 1000]  # worth telling


def same(expected, got, tolerance=1e-6):
    """Say whether got is right: lists, tuples, arrays and NumPy's numbers may stand for one another.

    Numbers may differ by `tolerance` of the largest expected one, or by the rounding of float32 where got is that.
    """
    for quick in (PLAIN, FLOATS):  # most are
        if type(expected) in quick and type(got) in quick:
            return _all_close([expected], [got], tolerance)
    if type(expected) is list and type(got) is list and expected and all(type(one) in PLAIN for one in expected + got):
        return len(expected) == len(got) and _all_close(expected, got, tolerance)
    try:
        return _same(plain(expected), plain(got), tolerance)
    except RecursionError:  # a list that contains itself
        return False


def _all_close(expected, got, tolerance):
    """Say what _same says of Python's own numbers: near by a part of the largest one, or both no number."""
    try:
        room = tolerance * max((abs(one) for one in expected if abs(one) < float("inf")), default=0)
        return all(a == b or abs(a - b) <= room or (a != a and b != b) for a, b in zip(expected, got))
    except OverflowError:  # a whole number beyond all floats
        return list(expected) == list(got)


def roundings(value, decimals):
    """Return a number rounded to so many decimals, as people do it and as Python does."""
    step, exact = Decimal(1).scaleb(-decimals), Decimal(repr(round(float(value), 12)))
    return {exact.quantize(step, how) for how in (ROUND_HALF_UP, ROUND_HALF_EVEN)}


def is_rounded(right, given):
    """Say whether given is right, rounded where its own digits end, at the second decimal or after."""
    given = Decimal(repr(given))
    decimals = -given.as_tuple().exponent
    if given == Decimal(repr(right)):
        return True
    if decimals < 2 or not abs(right) < ROUNDED:
        return False
    return given in roundings(right, min(decimals, 15)) or given == Decimal(repr(round(right, 12)))


def is_as_written(value, given, exact=0.02):
    """Say whether given is the value as far as its decimals go, if these tell it as exactly."""
    decimals = len(f"{given:.12g}".partition(".")[2]) if given != int(given) else 0
    room = 0.51 * 10.0**-decimals if decimals else 0
    return abs(value - given) <= max(room if room <= exact * abs(given) else 0, 1e-6 * abs(given))


def near(right, given, tolerance):
    """Say whether each number is near its own one: by the tolerance of that, or of a hundredth of the largest."""
    if isinstance(right, list) and isinstance(given, list):  # short ones, and it is quicker
        least = max(map(abs, right), default=0) / 100
        pairs = zip(right, given)
        try:
            return len(right) == len(given) and all(abs(a - b) <= tolerance * max(abs(a), least) for a, b in pairs)
        except OverflowError:
            return False
    right, given = np.ravel(right), np.ravel(given)
    if right.size != given.size:
        return False
    sizes = np.abs(right)
    return bool(np.all(np.abs(right - given) <= tolerance * np.maximum(sizes, sizes.max(initial=0) / 100)))


def _same(expected, got, tolerance):
    right = _array_of(expected)
    if isinstance(expected, tuple | list) and right is None:
        return (
            isinstance(got, tuple | list)
            and len(got) == len(expected)
            and all(same(one, other, tolerance) for one, other in zip(expected, got))
        )
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and got.keys() == expected.keys()
            and all(same(expected[key], got[key], tolerance) for key in expected)
        )
    if right is None:
        if type(expected) is not type(got):
            return False
        if hasattr(expected, "inside"):  # neither a number nor a text: running.Thing
            return expected.text == got.text and _same(plain(expected.inside), plain(got.inside), tolerance)
        return bool(np.array_equal(expected, got))
    got = _array_of(got)
    if got is None or got.shape != right.shape or (right.dtype == bool) != (got.dtype == bool):
        return False
    if got.dtype in (np.float32, np.float16):
        tolerance = max(tolerance, 1e-5)
    expected, got = right.astype(float, copy=False), got.astype(float, copy=False)
    if got.size <= SHORT:
        return _all_close(expected.ravel().tolist(), got.ravel().tolist(), tolerance)
    room = tolerance * np.max(np.abs(expected), initial=0, where=np.isfinite(expected))
    with np.errstate(invalid="ignore"):
        close = (np.abs(expected - got) <= room) | (expected == got)  # infinity less infinity is not a number
        return bool(np.all(close | (np.isnan(expected) & np.isnan(got))))


def plain(value):
    """Return a value as NumPy's own arrays and Python's own numbers: fractions, decimals, matrices, unmasked arrays."""
    if type(value) in FLOATS or (type(value) is np.ndarray and value.dtype != object):
        return value
    if isinstance(value, np.ma.MaskedArray):
        return value if np.ma.is_masked(value) else value.data
    if isinstance(value, np.ndarray) and value.dtype != object:
        return np.asarray(value)
    if isinstance(value, Fraction | Decimal):
        try:
            return float(value)
        except (ArithmeticError, ValueError):
            return value
    if isinstance(value, np.ndarray):
        numbers = [plain(one) for one in value.ravel()[:LARGEST]]
        usual = all(isinstance(one, bool | int | float | np.number) for one in numbers)
        return np.array(numbers, dtype=float).reshape(value.shape) if usual and len(numbers) == value.size else value
    if isinstance(value, tuple | list):
        return (
            type(value)(plain(one) for one in value) if type(value) in (tuple, list) and _holds_others(value) else value
        )
    return value


def _holds_others(value):
    """Say whether a list holds numbers that NumPy does not count among its own, at any depth."""
    return any(
        isinstance(one, Fraction | Decimal | np.ma.MaskedArray)
        or (isinstance(one, tuple | list) and one is not value and _holds_others(one))
        for one in value
        if type(one) not in USUAL
    )


def alike(expected, got):
    """Say whether a right value may stand in for the expected one: an array for an array of its dtype, and so on."""
    if isinstance(expected, np.ndarray):
        return type(got) is np.ndarray and got.dtype == expected.dtype
    if isinstance(expected, tuple | list) and isinstance(got, tuple | list):
        return all(alike(one, other) for one, other in zip(expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return all(alike(expected[key], got[key]) for key in expected)
    return isinstance(got, bool | int | float | np.bool_ | np.integer | str) or got is None or expected is got


def unchanged(before, after):
    """Say whether a value is still what it was; a function always is."""
    return callable(before) or same(before, after, 0)


def others(value):
    """Return other values of the same kind and shape, for an argument."""
    if callable(value):
        larger = lambda *given: np.multiply(value(*given), 1.37) + 0.61  # noqa: E731
        return [larger, lambda *given: np.multiply(value(*given), -0.73)]  # the first would choose the same of several
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        rolled = [np.roll(value.ravel(), k).reshape(value.shape) for k in (1, 2)]
        return [*rolled, value[::-1].copy(), np.full_like(value, value.flat[0])]
    if isinstance(value, np.ndarray):
        shuffled = np.random.default_rng(0).permutation(value.ravel()).reshape(value.shape)
        return [value * 1.37 + 0.61, value[::-1] * 0.73 - 0.11, shuffled]
    if isinstance(value, list):
        return [[others(one)[k] for one in value] for k in (0, -1)] if all(map(others, value)) else []
    if isinstance(value, int):
        return [value + 1, max(value - 1, 1)]
    return [value * 1.37 + 0.061, -value, value * 0.73] if isinstance(value, float) else []


def is_numbers(value):
    """Say whether the value is a number or a rectangle of them, not too large, with none of them masked."""
    try:
        return _array_of(plain(value)) is not None
    except Exception:  # whatever a learner's own class does when Python looks at it
        return False


def arrays_in(value):
    """Return all numbers in a value as arrays: of several values, and of a list, one by one; None of anything else."""
    if is_numbers(value):
        return [np.asarray(plain(value), float)]
    if not isinstance(value, tuple | list):
        return None
    try:
        parts = [arrays_in(one) for one in value]
    except RecursionError:  # a list that contains itself
        return None
    return None if any(part is None for part in parts) else [array for part in parts for array in part]


def arrays_in_all(values):
    """Return the arrays in all of these values that hold nothing but numbers."""
    return [array for value in values for array in arrays_in(value) or ()]


def _array_of(value):
    """Return a number or a rectangle of them as an array; None of anything else, of too many, of masked ones."""
    if type(value) in (tuple, list) and all(type(one) is np.ndarray for one in value):
        if len({one.shape for one in value}) > 1:
            return None  # NumPy would say so as well, but slowly
    try:
        array = np.asarray(value)
    except Exception:  # whatever a learner's own class does when NumPy looks at it
        return None
    if array.dtype.kind not in "fiub" or array.size > LARGEST:
        return None
    return None if type(value) is not np.ndarray and np.ma.is_masked(value) else array


def how_it_differs(expected, got):
    """Return half a sentence on how got differs from expected, or nothing."""
    if np.ma.is_masked(got):
        return f"{np.ma.count_masked(got)} of its entries are masked, and a masked entry is no number"
    expected, got = plain(expected), plain(got)
    if isinstance(expected, tuple | list) and not (is_numbers(expected) and _is_or_wants_numbers(expected, got)):
        if (inside := getattr(got, "inside", None)) is not None:
            right = "the values in it are right, but " if same(expected, inside) else ""
            return f"{right}{got.text} is no list yet, and list(…) makes one of it"
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            return f"{len(expected)} values are expected"
        wrong = [i for i, (one, other) in enumerate(zip(expected, got)) if not same(one, other)]
        parts = [f"value {i + 1} of {len(got)}: {how_it_differs(expected[i], got[i]) or 'it differs'}" for i in wrong]
        return parts[0] if parts else ""
    if not is_numbers(expected):
        return ""
    alike = is_numbers(got) and np.shape(got) == np.shape(expected)
    if isinstance(got, tuple) and not isinstance(expected, tuple) and not alike:
        return f"{len(got)} values come back where one is expected"
    if not is_numbers(got):
        size = getattr(got, "size", 0)
        if size > LARGEST:
            return f"{size:,} numbers are too many"
        if (inside := getattr(got, "inside", None)) is not None:
            if got.text == "a generator":
                return "a generator is no number and no array: `return` hands a value back, and `yield` does not"
            if same(expected, inside):
                return f"the values in it are right, but {got.text} is no list yet, and list(…) makes one of it"
            return f"{got.text} is no number and no array"
        return "that is no number or array of numbers"
    expected, got = np.asarray(expected), np.asarray(got)
    if expected.shape != got.shape:
        if expected.ndim == 0:
            return f"{got.size} numbers come back where one is expected" if got.size > 1 else "the number is in a list"
        shapes = f"the shape is {got.shape} instead of {expected.shape}"
        if expected.size == got.size and same(expected.ravel(), got.ravel()):
            return f"the numbers are right, but {shapes}"
        if expected.ndim == 1 and got.shape == expected.shape * 2:
            return f"{shapes}, as when a row and a column are combined: look at the shapes before the operation"
        return f"transposed, so {shapes}" if expected.T.shape == got.shape and same(expected.T, got) else shapes
    return _how_numbers_differ(expected, got)


def _is_or_wants_numbers(expected, got):
    """Say whether several arrays of one shape may be told as one: what came is one as well, or not several."""
    several = isinstance(expected, tuple) or all(isinstance(one, np.ndarray) for one in expected)
    return is_numbers(got) or not several or not isinstance(got, tuple | list)


def _how_numbers_differ(expected, got):
    if (expected.dtype == bool) != (got.dtype == bool):
        return "truth values stand where numbers are expected" if got.dtype == bool else "truth values are expected"
    counts = expected.ndim == 0 and expected.dtype.kind in "iu"
    expected, got = expected.astype(float), got.astype(float)
    if not np.isfinite(expected).all():
        return ""
    if not np.isfinite(got).all():
        return "some of it is not a finite number"
    if same(expected, -got):
        return "the sign is turned round"
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1] and same(expected.T, got):
        return "it is transposed"
    if _is_cut_off(expected, got):
        return "the fractions are cut off"
    steps = expected.ndim >= 1 and len(expected) > 2 and not same(np.sort(expected, axis=0), np.sort(got, axis=0))
    if steps and same(expected[:-1], got[1:]):
        return "it is one step late"
    if steps and same(expected[1:], got[:-1]):
        return "it is one step early"
    ratios = got[expected != 0] / expected[expected != 0]
    if ratios.size and not counts and same(expected * ratios.flat[0], got) and _is_a_factor(ratios.flat[0], got.size):
        return f"it is {ratios.flat[0]:.4g} times what is expected"
    if expected.size > 1:
        at = np.unravel_index(np.argmax(np.abs(expected - got)), expected.shape)
        return f"the largest difference is at [{', '.join(map(str, at))}]: {got[at]:.5g} instead of {expected[at]:.5g}"
    return ""


def are_cut_off(expected, got):
    """Say whether each value is the expected one without its fractions."""
    if not all(is_numbers(one) and np.shape(one) == np.shape(other) for one, other in zip(got, expected)):
        return False
    return _is_cut_off(*(np.concatenate([np.ravel(one).astype(float) for one in values]) for values in (expected, got)))


def _is_cut_off(expected, got):
    """Say whether got is expected without its fractions, in two entries or more: one number is soon whole by chance."""
    whole = np.trunc(expected)
    return same(whole, got) and np.count_nonzero((whole != 0) & ~np.isclose(whole, expected)) > 1


def _is_a_factor(ratio, numbers):
    """Say whether a ratio tells something: a small whole number or 1 over it; for a single number, 2 or 1/2."""
    if ratio == 0:
        return False
    whole = max(abs(ratio), 1 / abs(ratio))
    return bool(np.isclose(whole, FACTORS).any()) and (numbers > 1 or round(whole) == 2)
