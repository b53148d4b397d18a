"""A trained network together with what its answers need: scaling, names of features and classes; kept in one file."""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np

from gdcourse import checks, files
from gdcourse.mlp import MLP

ARRAYS = ("w", "sizes", "activation", "mean", "spread", "features", "classes")
OPTIONS = ("l2", "dropout")  # of the network; files of long ago lack them


class Pipeline:
    """From rows as they were measured to names of classes: scale as in training, ask the network, name the answer.

    net: a trained MLP. mean, spread: of each feature in the training set; (X - mean) / spread went into training.
    features, classes: their names, in the order of X's columns and of y's numbers.
    """

    def __init__(self, net, mean, spread, features, classes):
        if not isinstance(net, MLP):
            raise TypeError(f"net must be a trained MLP; got {checks.shown(net)}.")
        inputs, outputs = net.sizes[0], net.sizes[-1]
        self.net, self.features = net, _names("features", features, inputs, "feature")
        self.classes = _names("classes", classes, outputs, "class")
        self.mean, self.spread = (_row(*pair, inputs) for pair in (("mean", mean), ("spread", spread)))
        if not (self.spread > 0).all():
            name = self.features[int(np.argmin(self.spread > 0))]
            raise ValueError(f"spread of {name} is not above 0; X can't be divided by it: put a 1 there.")

    def __repr__(self):
        return f"Pipeline from {', '.join(self.features)} to {', '.join(self.classes)}"

    @checks.arithmetic
    def scale(self, X):
        """Return rows as the network wants them, from rows as they were measured."""
        X = checks.floats("X", X)
        if X.ndim != 2 or X.shape[1] != len(self.features):
            one = " For one sample give a list with one row: [[...]]." if X.shape == (len(self.features),) else ""
            raise ValueError(f"X has shape {X.shape}; expected (n, {len(self.features)}): {_few(self.features)}.{one}")
        checks.finite("X", X, "What isn't known must be left out, or filled in as in training.")
        return (X - self.mean) / self.spread

    def predict(self, X):
        """Return the probabilities of the classes, (n, classes), for rows as they were measured."""
        return self.net.predict(self.scale(X))

    def evaluate(self, X, y):
        """Return the loss and the accuracy for rows as they were measured and their classes."""
        return self.net.evaluate(self.scale(X), y)

    def classify(self, X):
        """Return the name of the likeliest class for each row, a list of n strings."""
        return [self.classes[number] for number in self.predict(X).argmax(axis=1)]

    def save(self, path):
        """Write all of it to one .npz file, which holds arrays only; an old file is replaced at once or not at all.

        Errors: OSError.
        """
        kept = {"w": self.net.w, "sizes": self.net.sizes, "activation": self.net.activation, "mean": self.mean}
        kept |= {"spread": self.spread, "features": self.features, "classes": self.classes}
        kept |= {name: getattr(self.net, name) for name in OPTIONS}
        packed = io.BytesIO()
        np.savez_compressed(packed, **{name: np.array(one) for name, one in kept.items()})
        files.replace(_path(path), packed.getvalue())


def load_model(path):
    """Return the `Pipeline` that `save` wrote to this file; nothing in the file is ever run.

    Errors: FileNotFoundError, ValueError (the file is damaged, or of another kind; it is named).
    """
    path = _path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there; `save` writes it.")
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as npz:
            kept = {name: npz[name] for name in ARRAYS}
            options = {name: float(npz[name]) for name in OPTIONS if name in npz}
        net = MLP(kept["sizes"].tolist(), 0, kept["w"].dtype, str(kept["activation"]), "zeros", **options)
        net.w = kept["w"]
        checks.finite("w", net.w)
        return Pipeline(net, *(kept[name] for name in ARRAYS[3:]))
    # KeyError: an array is missing; AttributeError: np.load gives no .npz; the rest is what zip and NumPy say.
    except _DAMAGES as error:
        kind = "lacks a part" if isinstance(error, KeyError) else "is damaged, or no saved model"
        raise ValueError(f"{path.name} {kind}; save the model again, or take a copy of the file.") from None


_DAMAGES = (KeyError, AttributeError, ValueError, TypeError, EOFError, OSError, NotImplementedError, RuntimeError)
_DAMAGES += (zipfile.BadZipFile, zlib.error, MemoryError, OverflowError, SyntaxError)


def _path(path):
    if not isinstance(path, str | Path):
        raise TypeError(f"path must name a file, such as 'model.npz'; got {checks.shown(path)}.")
    return Path(path) if Path(path).suffix == ".npz" else Path(f"{path}.npz")


def _names(name, values, expected, what):
    values = values.tolist() if isinstance(values, np.ndarray) else values
    if isinstance(values, str) or not np.iterable(values) or not all(isinstance(one, str) for one in values):
        raise TypeError(f"{name} must be a list of names; got {checks.shown(values)}.")
    values = [str(one) for one in values]
    if len(values) != expected:
        raise ValueError(f"{name} has {len(values)} names; the network has {expected}: one name for each {what}.")
    return values


def _row(name, values, expected):
    values = checks.floats(name, values).astype(float)
    if values.shape != (expected,):
        raise ValueError(f"{name} has shape {values.shape}; expected ({expected},): one number for each feature.")
    checks.finite(name, values)
    return values


def _few(names):
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:3])}, ..., {names[-1]}"
