"""A test set in an envelope: it can be compared with the other sets, and counts the models that it has judged."""

import hashlib

from gdcourse import checks
from gdcourse.project.keeping import Pipeline


class Sealed:
    """The test set, to be opened once: `evaluate` judges a model with it and notes which one.

    X, y: the samples, as a network takes them or, for a `Pipeline`, as they were measured. The same network with the
    same weights and scaling, judged again, counts once. `judged` holds what each opening gave, in their order: (loss,
    accuracy).
    """

    def __init__(self, X, y):
        self.X, self.y = checks.array("X", X), checks.array("y", y)
        if self.X.ndim == 0 or len(self.X) == 0 or self.y.ndim == 0 or len(self.X) != len(self.y):
            raise ValueError(
                f"X has shape {self.X.shape} and y {self.y.shape}; expected a row and a label for each sample."
            )
        self._seen = {}

    def __repr__(self):
        times = len(self._seen)
        opened = "not opened yet" if not times else f"opened for {checks.counted(times, 'model')}"
        return f"Test set of {checks.counted(len(self.y), 'sample')}, {opened}"

    @property
    def judged(self):
        """The (loss, accuracy) that each model got, in the order in which they came."""
        return list(self._seen.values())

    def evaluate(self, net):
        """Return the loss and the accuracy of a model on the test set, and note that it was opened."""
        if not callable(getattr(net, "evaluate", None)):
            raise TypeError(f"net must be a trained network, such as an MLP; got {checks.shown(net)}.")
        result = evaluated(net, self.X, self.y)
        self._seen[fingerprint(net)] = result
        return result


def evaluated(net, X, y):
    """Return what a network, ours or Keras's, measures on a set: the loss first, then the accuracy."""
    quiet = {"verbose": 0} if hasattr(net, "compile") else {}  # Keras's networks talk
    result = net.evaluate(X, y, **quiet)
    return tuple(result) if isinstance(result, tuple | list) else (result,)


def fingerprint(net):
    """Return bytes that two models share only if their weights are the same and, in a `Pipeline`, their scaling."""
    if isinstance(net, Pipeline):
        return hashlib.sha256(fingerprint(net.net) + net.mean.tobytes() + net.spread.tobytes()).digest()
    w = getattr(net, "w", None)
    if w is None:
        w = b"".join(array.tobytes() for array in net.get_weights()) if hasattr(net, "get_weights") else repr(id(net))
    return hashlib.sha256(w if isinstance(w, bytes) else getattr(w, "tobytes", repr(w).encode)()).digest()
