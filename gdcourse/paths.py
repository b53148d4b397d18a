"""The points of a run."""

import numpy as np


class Path(np.ndarray):
    """The points of a run, one row a step, the start in row 0; `message` says how the run ended.

    path[…], arithmetic, sums, means and differences are ordinary arrays and numbers. A copy, or path.T, is a `Path`.
    """

    message = ""

    def __array_finalize__(self, other):
        self.message = getattr(other, "message", "")

    def __array_wrap__(self, array, context=None, return_scalar=False):
        return array[()] if return_scalar else np.asarray(array)

    def __getitem__(self, key):
        return np.asarray(self)[key]

    def __reduce_ex__(self, protocol):
        return ended, (np.asarray(self), self.message)


def ended(points, message):
    """Return points as a `Path` that ended so."""
    path = points.view(Path)
    path.message = message
    return path
