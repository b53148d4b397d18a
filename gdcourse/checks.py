"""Bad input gets one clear sentence: the checks that the other modules share."""

import numbers

import numpy as np


class NotFinite(ValueError):
    """A number is NaN or infinite where a finite one is needed."""


def array(name, value):
    """Return `value` as an array, refusing None and ragged data."""
    if value is None:
        raise TypeError(f"{name} is None; give it numbers. (Does the function that made it end with `return`?)")
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; every row must be as long as the others.") from None


def floats(name, value):
    """Return `value` as a float array, refusing None, text, complex numbers, empty and ragged data.

    Floats keep their dtype. Integers become float64, so that no fraction is ever cut off.
    """
    value = array(name, value)
    if value.dtype.kind not in "fiu":
        raise TypeError(f"{name} must hold real numbers; got {value.dtype} values.")
    if value.size == 0:
        raise ValueError(f"{name} is empty (shape {value.shape}); give it at least one number.")
    return value if value.dtype.kind == "f" else value.astype(float)


def finite(name, array):
    """Raise NotFinite if a float array holds NaN or infinity, and say where the first one is."""
    if all_finite(array):
        return
    where = np.unravel_index(np.argmin(np.isfinite(array)), array.shape)
    place = f"[{', '.join(map(str, where))}]" if array.ndim else ""
    raise NotFinite(f"{name}{place} is {array[where]}; every number must be finite. Look at where it was computed.")


def all_finite(array):
    """Say whether no number in the array is NaN or infinite, without a temporary of its size."""
    return bool(np.isfinite(np.vdot(array, array)) or np.isfinite(array).all())


def number(name, value, *, above=None, least=None, below=None, most=None):
    """Return `value` as a float, refusing what is not one real number within the limits.

    `above` and `below` are excluded from the range, `least` and `most` belong to it.
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number; got {value!r}.")
    value = float(value)
    limits = {
        f"above {above}": above is None or value > above,
        f"at least {least}": least is None or value >= least,
        f"below {below}": below is None or value < below,
        f"at most {most}": most is None or value <= most,
    }
    if not np.isfinite(value) or not all(limits.values()):
        asked = " and ".join(text for text in limits if not text.endswith("None"))
        raise ValueError(f"{name} must be a finite number{' ' * bool(asked)}{asked}; got {value}.")
    return value


def count(name, value, least=1):
    """Return `value` as an int, refusing what is not a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number; got {value!r}.")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value}.")
    return int(value)


def same_shape(name, array, like_name, like):
    """Raise if two arrays differ in shape."""
    if array.shape != like.shape:
        raise ValueError(
            f"{name} has shape {array.shape}, but {like_name} has shape {like.shape}; they must be the same."
        )
