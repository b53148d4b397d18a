"""Bad input gets one clear sentence: the checks that the other modules share."""

import inspect
import math
import numbers
import reprlib
import textwrap
from decimal import Decimal
from pathlib import Path

import numpy as np

# The decorator of what computes: the reader's `np.seterr` is for the reader's own code. A number may round to zero or
# leave the finite ones in silence; where that matters, `finite` says so in a sentence.
arithmetic = np.errstate(all="ignore")
# The decorator of what runs the learner's code: where that leaves the finite numbers or rounds to zero, the run's
# message is all that need be said; a division by zero is for the learner's own settings.
divergence = np.errstate(over="ignore", invalid="ignore", under="ignore")

# The decorator of what writes arrays: as NumPy comes, whatever the reader's `np.set_printoptions` says.
printing = np.printoptions(
    precision=8, threshold=1000, edgeitems=3, linewidth=75, suppress=False, nanstr="nan", infstr="inf", formatter=None,
    sign="-", floatmode="maxprec", legacy=False,
)  # fmt: skip

LINE = 107  # letters in a line of JupyterLab's, in a window 1,280 pixels wide; it breaks a longer one within a word
WIDTH = 88  # letters in a line of a message that is longer

_short = reprlib.Repr()
_short.maxstring = _short.maxother = 60


class NotFinite(ValueError):
    """A number is NaN or infinite where a finite one is needed."""


def array(name, value):
    """Return `value` as an array, refusing None, masked and ragged data, and what is no array at all."""
    if value is None:
        raise TypeError(f"{name} is None; give it numbers. (Does the function that made it end with `return`?)")
    if _masked(value):
        example = f", as with {name}.filled(0)" if name.isidentifier() else ""
        raise TypeError(f"{name} holds masked values; leave those rows out, or fill them in{example}.")
    try:
        result = np.asarray(value)
    except Exception:
        if isinstance(value, list | tuple):
            message = f"{name} has rows of different lengths; every row must be as long as the others."
            raise ValueError(message) from None
        raise TypeError(f"{name} must hold numbers; got {shown(value)}, which NumPy can't make an array of.") from None
    return _numbers(name, result) if result.dtype.kind == "O" else result


def _masked(value, depth=8):
    """Say whether an entry is masked, in an array or in lists of them."""
    if isinstance(value, list | tuple):
        nested = (one for one in value if isinstance(one, list | tuple | np.ma.MaskedArray))
        return depth > 0 and any(_masked(one, depth - 1) for one in nested)
    return hasattr(value, "_mask") and np.ma.is_masked(value)


def _numbers(name, objects):
    """Return an array of Python's numbers, such as fractions, as floats; refuse one of other objects."""
    for where, one in np.ndenumerate(objects):
        if not _is_real(one):
            got = f"{name}{_place(where)} is {shown(one)}" if where else f"got a {type(one).__name__}"
            advice = (
                f" Make it a list: list({name})."
                if name.isidentifier() and hasattr(one, "__next__") and not where
                else ""
            )
            raise TypeError(f"{name} must hold real numbers; {got}.{advice}")
    try:
        return objects.astype(float)
    except (OverflowError, ValueError):
        raise ValueError(f"{name} holds a number too large for a float.") from None


def _is_real(value):
    return isinstance(value, numbers.Real | Decimal) and not isinstance(value, bool)


def floats(name, value):
    """Return `value` as a float array, refusing None, text, complex numbers, masked, empty and ragged data.

    Floats keep their dtype. Integers become float64, so that no fraction is ever cut off.
    """
    value = array(name, value)
    if value.dtype.kind not in "fiu":
        raise TypeError(f"{name} must hold real numbers; got {shown(value.dtype)} values.")
    if value.size == 0:
        raise ValueError(f"{name} is empty (shape {value.shape}); give it at least one number.")
    return value if value.dtype.kind == "f" else value.astype(float)


def finite(name, array, advice="Look at where it was computed."):
    """Raise NotFinite if a float array holds NaN or infinity, and say where the first one is."""
    if all_finite(array):
        return
    where = np.unravel_index(np.argmin(np.isfinite(array)), array.shape)
    raise NotFinite(f"{name}{_place(where)} is {array[where]}; every number must be finite. {advice}")


def _place(where):
    return f"[{', '.join(map(str, where))}]" if where else ""


def all_finite(array):
    """Say whether no number in the array is NaN or infinite, without a temporary of its size."""
    return math.isfinite(np.vdot(array, array)) or bool(np.isfinite(array).all())


def number(name, value, *, above=None, least=None, below=None, most=None):
    """Return `value` as a float, refusing what is not one real number within the limits.

    `above` and `below` are excluded from the range, `least` and `most` belong to it.
    """
    value = _alone(value)
    if not _is_real(value):
        raise TypeError(f"{name} must be a number; got {shown(value)}.")
    try:
        given = float(value)
    except (OverflowError, ValueError):  # too large a whole number; a decimal that signals
        given = np.nan
    limits = {
        f"above {above}": above is None or given > above,
        f"at least {least}": least is None or given >= least,
        f"below {below}": below is None or given < below,
        f"at most {most}": most is None or given <= most,
    }
    if not np.isfinite(given) or not all(limits.values()):
        asked = " and ".join(text for text in limits if not text.endswith("None"))
        raise ValueError(f"{name} must be a finite number{' ' * bool(asked)}{asked}; got {shown(value)}.")
    return given


def count(name, value, least=1):
    """Return `value` as an int, refusing what is not a whole number of at least `least`."""
    value = _alone(value)
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number; got {shown(value)}.")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {shown(value)}.")
    return int(value)


def counts(name, value, fewest=1):
    """Return `value` as a tuple of whole numbers of at least 1, in their order, refusing what has none."""
    if not np.iterable(value) or isinstance(value, set | frozenset | dict):
        raise TypeError(f"{name} must be a row of whole numbers, such as (784, 64, 10); got {shown(value)}.")
    row = tuple(count(f"{name}[{i}]", one) for i, one in enumerate(value))
    if len(row) < fewest:
        raise ValueError(f"{name} needs at least {fewest} numbers, such as (784, 64, 10); got {shown(row)}.")
    return row


def positions(name, value, size):
    """Return flat positions in an array of `size` numbers as a list of ints; negative ones count from the end."""
    if not np.iterable(value):
        raise TypeError(f"{name} must be a list of flat positions, such as [0, 3]; got {shown(value)}.")
    found = [count(f"{name}[{k}]", one, least=-size) for k, one in enumerate(value)]
    for one in found:
        if one >= size:
            raise ValueError(f"{name} holds {one}, but w has {size} numbers: 0 to {size - 1}.")
    return found


def flag(name, value):
    """Return `value` as a bool, refusing what is neither True nor False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False; got {shown(value)}.")
    return bool(value)


def one_of(name, value, known, otherwise=""):
    """Return `value` if it is one of the known names."""
    if not isinstance(value, str) or value not in known:
        names = ", ".join(f'"{one}"' for one in known)
        raise ValueError(f"{name} must be one of {names}{f', {otherwise}' * bool(otherwise)}; got {shown(value)}.")
    return value


def float_type(name, dtype):
    """Return a dtype by any of its names, refusing all but the two that the course computes in."""
    for known in np.dtype(np.float32), np.dtype(np.float64):
        try:
            if dtype is not None and np.dtype(dtype) == known:
                return known
        except Exception:  # what NumPy says depends on what it was given
            break
    raise TypeError(f"{name} must be float32 or float64; got {shown(dtype)}.")


def samples(name, X, features):
    """Return X as a float array with a row of so many features for each sample, every number finite."""
    X = array(name, X)
    if X.dtype.kind in "iu":
        raise TypeError(f"{name} holds integers ({X.dtype}); the network needs fractions: for pixels, X / 255.")
    X = floats(name, X)
    if X.ndim != 2 or X.shape[1] != features:
        advice = "flatten each image: X.reshape(len(X), -1)." if X.ndim > 2 else "one row a sample."
        raise ValueError(f"{name} has shape {X.shape}; expected (n, {features}): {advice}")
    finite(name, X)
    return X


def rows(name, value, columns):
    """Return `value` as an array of rows of so many numbers; it may have no row."""
    value = array(name, value)
    if value.dtype.kind not in "fiu" or value.ndim != 2 or value.shape[1] != columns:
        raise ValueError(f"{name} must hold rows of {columns} numbers; got {value.dtype} of shape {value.shape}.")
    return value


def labels(name, y, n, classes):
    """Return y as an array of n class numbers, from 0 to classes − 1."""
    y = array(name, y)
    if y.ndim == 2 and y.shape[1] == classes:
        raise ValueError(f"{name} has shape {y.shape}, so it looks one-hot; give class numbers: y.argmax(axis=1).")
    if y.shape != (n,):
        raise ValueError(f"{name} has shape {y.shape}; expected ({n},): one label for each row of X.")
    if n == 0:
        raise ValueError(f"{name} is empty; give it at least one label.")
    if y.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold whole numbers, the classes 0 to {classes - 1}; got {y.dtype} values.")
    if y.min() < 0 or y.max() >= classes:
        wrong = y[(y < 0) | (y >= classes)][0]
        raise ValueError(f"{name} holds the label {wrong}; this network knows the classes 0 to {classes - 1}.")
    return y


def generator(name, seed):
    """Return the random numbers that follow from a seed, as `np.random.default_rng` makes them."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a whole number of at least 0; got {shown(seed)}.") from None


def path(what, value, example):
    """Return `value` as a Path, refusing what is none; what: whose path it is."""
    if not isinstance(value, str | Path):
        raise TypeError(f"give the path of {what}, such as {example!r}; got {shown(value)}.")
    return Path(value)


def function(name, value, of="w", alone=True):
    """Raise unless `value` can be called, with one argument if it is a function of that alone."""
    if not callable(value):
        kind = type(value).__name__
        raise TypeError(f"{name} must be a function of {of}; got {kind}. Leave out the parentheses?")
    if not alone:
        return
    try:
        taken = inspect.signature(value)
        taken.bind(None)
    except TypeError:
        raise TypeError(f"{name} must be a function of {of} alone; this one takes {taken}.") from None
    except ValueError:  # some of NumPy's own say nothing of their arguments
        pass


@printing
def shown(value):
    """Return a value in one short line, for a message."""
    text = " ".join(_short.repr(value).split())
    return text if len(text) <= 90 else f"{text[:87]}..."


def counted(n, what, several=""):
    """Return a number of things in words: "1 step", "1,200 steps"; several: their name where an s is not enough."""
    return f"{n:,} {what if n == 1 else several or f'{what}s'}"


def are(n):
    """Return the verb that goes with so many things."""
    return "is" if n == 1 else "are"


def percent(share, decimals=0):
    """Return a share in percent, which is never 0% or 100% of what is only nearly so."""
    none, told, whole = (f"{100 * one:.{decimals}f}" for one in (0, share, 1))
    unit = 10.0**-decimals
    if share > 0 and told == none:
        return f"less than {unit:g}%"
    return f"more than {100 - unit:g}%" if share < 1 and told == whole else f"{told}%"


def _alone(value):
    """Return the number in an array without dimensions; everything else as it is."""
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value


def same_shape(name, array, like_name, like):
    """Raise if two arrays differ in shape."""
    if array.shape != like.shape:
        raise ValueError(
            f"{name} has shape {array.shape}, but {like_name} has shape {like.shape}; they must be the same."
        )


def tell(message):
    """Print a message; a line that is too long for a page is broken between words."""
    for line in str(message).splitlines():
        print(line if len(line) <= LINE else textwrap.fill(line, WIDTH, break_on_hyphens=False))
