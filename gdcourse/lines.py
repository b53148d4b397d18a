"""The loss of fitting a line to data, as a landscape over its two weights."""

import numpy as np

from gdcourse import checks
from gdcourse.functions import Function


@checks.arithmetic
def mean_squared_error(x, y, bounds, start):
    """Return the loss of fitting a line to data, as a landscape over its weight a and its bias b.

    x, y: the data, each of shape (n,). bounds, start: for (a, b), in the units of the data.
    Where all x are the same, every line through their mean y is best: a valley of lowest points, and `minima` is empty.
    """
    x, y = checks.floats("x", x), checks.floats("y", y)
    checks.same_shape("y", y, "x", x)
    checks.finite("x", x)
    checks.finite("y", y)
    bounds, start = _pairs("bounds", bounds, (2, 2)), _pairs("start", start, (2,))
    if not all(low < high for low, high in bounds):
        raise ValueError(f"bounds must have low below high, for a and for b; got {checks.shown(bounds)}.")
    middle_x, middle_y = x.mean(dtype=float), y.mean(dtype=float)
    # From moments about the middle: a grid of points costs no more than one, and no large numbers cancel.
    xx, xy, yy = (np.mean(one) for one in ((x - middle_x) ** 2, (x - middle_x) * (y - middle_y), (y - middle_y) ** 2))
    checks.finite("the mean square of x and y", np.array([xx, xy, yy, middle_x]), "Look at the scale of the data.")

    def miss(a, b):
        return a * middle_x + b - middle_y

    def lowest():
        if np.ptp(x) == 0 or xx == 0:
            return ()
        slope = float(xy / xx)
        return ((slope, float(middle_y - slope * middle_x)),)

    return Function(
        name="Mean squared error",
        formula=r"L(a, b) = \frac{1}{n} \sum_i (a x_i + b - y_i)^2",
        height=lambda a, b: miss(a, b) ** 2 + a**2 * xx - 2 * a * xy + yy,
        slope=lambda a, b: (2 * (miss(a, b) * middle_x + a * xx - xy), 2 * miss(a, b)),
        bounds=bounds,
        start=start,
        minima=lowest(),
        weights=("a", "b"),
    )


def _pairs(name, value, shape):
    """Return numbers of this shape as tuples."""
    value = checks.floats(name, value)
    if value.shape != shape:
        raise ValueError(f"{name} has shape {value.shape}; expected {shape}, numbers for a and for b.")
    checks.finite(name, value)
    return tuple(tuple(one) if shape == (2, 2) else one for one in value.tolist())
