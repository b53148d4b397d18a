"""Landscapes to walk on: curves of one weight and surfaces over two, each with its gradient."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gdcourse import checks


@dataclass(frozen=True, eq=False)
class Function:
    """A loss to walk on. Call it for its height; `gradient` gives the slope.

    With one weight, w is a number or an array of any shape, taken one by one. With two, w is a point of shape
    (2,) or a grid of shape (2, …), x first. The gradient has the shape of w. Far out, where the height leaves the
    finite numbers, it is infinite or NaN.
    """

    name: str
    formula: str  #: in LaTeX
    height: Callable
    slope: Callable
    bounds: tuple  #: (low, high) for each weight: the part worth drawing
    start: tuple  #: a good place to begin
    minima: tuple  #: all lowest points; empty if the function has none
    weights: tuple = ()  #: what the weights are called; w, or x and y, if empty
    cells: int = 200  #: points across a picture of a landscape; fewer where a height takes long to compute

    @property
    def dimensions(self):
        """The number of weights: 1 or 2."""
        return len(self.bounds)

    @property
    def names(self):
        """What the weights are called, one name for each."""
        return self.weights or (("w",) if self.dimensions == 1 else ("x", "y"))

    @property
    def minimum(self):
        """The lowest point, the first one if there are several, or None."""
        return self.minima[0] if self.minima else None

    def inside(self, points):
        """Say of each point, (n, dimensions), whether it lies within the bounds."""
        points = checks.array("points", points)
        points = checks.floats("points", points) if points.size else points  # a run may end where it begins
        if points.ndim != 2 or points.shape[1] != self.dimensions:
            raise ValueError(f"points has shape {points.shape}; expected (n, {self.dimensions}), a row for each point.")
        low, high = np.array(self.bounds).T
        return np.all((points >= low) & (points <= high), axis=1)

    @checks.arithmetic
    def __call__(self, w):
        return self.height(*self._split(w))[()]

    @checks.arithmetic
    def gradient(self, w):
        """Return the gradient at w, an array of the shape of w."""
        slopes = self.slope(*self._split(w))
        return np.array(slopes) if self.dimensions == 2 else slopes[()]

    def _split(self, w):
        w = checks.floats("w", w)
        if self.dimensions == 2 and (w.ndim == 0 or len(w) != 2):
            raise ValueError(f"{self.name} takes a point (x, y), of shape (2,), or a grid (2, …); got shape {w.shape}.")
        return w if self.dimensions == 2 else (w,)


parabola = Function(
    name="Parabola",
    formula=r"L(w) = (w - 3)^2 + 1",
    height=lambda w: (w - 3) ** 2 + 1,
    slope=lambda w: 2 * (w - 3),
    bounds=((-3, 9),),
    start=(8.0,),
    minima=((3.0,),),
)

quartic = Function(
    name="Quartic",
    formula=r"L(w) = w^4",
    height=lambda w: w**4,
    slope=lambda w: 4 * w**3,
    bounds=((-2, 2),),
    start=(1.5,),
    minima=((0.0,),),
)

two_valleys = Function(
    name="Two valleys",
    formula=r"L(w) = \frac{w^4}{4} + \frac{w^3}{3} - w^2",
    height=lambda w: w**4 / 4 + w**3 / 3 - w**2,
    slope=lambda w: (w + 2) * w * (w - 1),
    bounds=((-3.2, 2.2),),
    start=(2.0,),
    minima=((-2.0,),),
)

plateau = Function(
    name="Plateau",
    formula=r"L(w) = \frac{w^2}{1 + w^2}",
    height=lambda w: w**2 / (1 + w**2),
    slope=lambda w: 2 * w / (1 + w**2) ** 2,
    bounds=((-6, 6),),
    start=(5.0,),
    minima=((0.0,),),
)

bowl = Function(
    name="Bowl",
    formula=r"f(x, y) = x^2 + y^2",
    height=lambda x, y: x**2 + y**2,
    slope=lambda x, y: (2 * x, 2 * y),
    bounds=((-4, 4), (-4, 4)),
    start=(3.0, 2.0),
    minima=((0.0, 0.0),),
)

ravine = Function(
    name="Ravine",
    formula=r"f(x, y) = \frac{x^2 + 20 y^2}{2}",
    height=lambda x, y: (x**2 + 20 * y**2) / 2,
    slope=lambda x, y: (x, 20 * y),
    bounds=((-5, 5), (-2.5, 2.5)),
    start=(4.0, 1.0),
    minima=((0.0, 0.0),),
)

saddle = Function(
    name="Saddle",
    formula=r"f(x, y) = x^2 - y^2",
    height=lambda x, y: x**2 - y**2,
    slope=lambda x, y: (2 * x, -2 * y),
    bounds=((-3, 3), (-3, 3)),
    start=(2.5, 0.01),
    minima=(),
)

rosenbrock = Function(
    name="Rosenbrock",
    formula=r"f(x, y) = (1 - x)^2 + 100 (y - x^2)^2",
    height=lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    slope=lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
    bounds=((-2, 2), (-1, 3)),
    start=(-1.2, 1.0),
    minima=((1.0, 1.0),),
)

beale = Function(
    name="Beale",
    formula=r"f(x, y) = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2",
    height=lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    slope=lambda x, y: (
        2 * (1.5 - x + x * y) * (y - 1)
        + 2 * (2.25 - x + x * y**2) * (y**2 - 1)
        + 2 * (2.625 - x + x * y**3) * (y**3 - 1),
        2 * (1.5 - x + x * y) * x + 2 * (2.25 - x + x * y**2) * 2 * x * y + 2 * (2.625 - x + x * y**3) * 3 * x * y**2,
    ),
    bounds=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.5),
    minima=((3.0, 0.5),),
)

himmelblau = Function(
    name="Himmelblau",
    formula=r"f(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    height=lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    slope=lambda x, y: (
        4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7),
        2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7),
    ),
    bounds=((-5, 5), (-5, 5)),
    start=(0.0, 0.0),
    minima=(
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    ),
)


hill = two_valleys  # of lesson 0, where its other name would tell what lies in the fog
curves = (parabola, quartic, two_valleys, plateau)
surfaces = (bowl, ravine, saddle, rosenbrock, beale, himmelblau)
