"""What `check` was given, brought into one form: the sets as arrays, the history as lists of numbers.

Whatever can't be brought into it is said in a sentence and left out, so that the other questions can still be asked.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from gdcourse import checks
from gdcourse.project.keeping import Pipeline
from gdcourse.project.sealing import Sealed

MEASURES = ("loss", "val_loss", "accuracy", "val_accuracy")
LARGEST = 1e100  # of what a set may hold, so that its square is finite


@dataclass
class Set:
    """One of the three sets. X: (n, features) floats, every number finite. y: (n,) whole numbers, or None."""

    name: str
    X: np.ndarray | None = None
    y: np.ndarray | None = None

    @property
    def n(self):
        """How many samples there are."""
        return len(self.X if self.X is not None else self.y)

    @cached_property
    def mean(self):
        """The mean of each column."""
        return self.X.mean(axis=0)

    @cached_property
    def spread(self):
        """The standard deviation of each column."""
        return self.X.std(axis=0)

    @cached_property
    def low(self):
        """The least number of each column."""
        return self.X.min(axis=0)

    @cached_property
    def high(self):
        """The largest number of each column."""
        return self.X.max(axis=0)

    @cached_property
    def rows(self):
        """A number for each row, equal only for rows that are."""
        return np.array([hash(row.tobytes()) for row in self.X])


@dataclass
class Facts:
    """All that the questions look at."""

    sets: dict = field(default_factory=dict)  #: {name: Set}, those that were given
    series: dict = field(default_factory=dict)  #: {measure: array of a number an epoch}
    message: str = ""  #: how the run ended
    model: object = None
    baseline: float | None = None  #: accuracy of what learns nothing
    runs: dict = field(default_factory=dict)  #: {name: validation accuracy}
    sealed: Sealed | None = None
    problems: list = field(default_factory=list)  #: sentences about what could not be read

    @property
    def train(self):
        """The training set, or None."""
        return self.sets.get("training")

    @property
    def validation(self):
        """The validation set, or None."""
        return self.sets.get("validation")

    @property
    def shares(self):
        """The share of each class among the training labels, or None."""
        return None if self.train is None or self.train.y is None else np.bincount(self.train.y) / len(self.train.y)


def gather(train, validation, test, history, model, baseline, runs):
    """Return the Facts, with a sentence in `problems` for all that is not as it should be."""
    facts = Facts(model=model, sealed=test if isinstance(test, Sealed) else None)
    for name, given in {"training": train, "validation": validation, "test": test}.items():
        if given is not None:
            facts.sets[name] = _read(name, given, facts.problems)
    _agree_on_features(facts)
    if isinstance(model, Pipeline):
        _scale(facts, model)
    _number_classes(facts)
    facts.sets = {name: one for name, one in facts.sets.items() if one.X is not None or one.y is not None}
    _read_history(facts, history)
    facts.baseline = _share("baseline", baseline, facts.problems)
    if runs is not None and not isinstance(runs, dict):
        facts.problems.append(
            f"runs must be a dictionary of validation accuracies, such as {{'layer': 0.91}}; got {checks.shown(runs)}."
        )
        runs = None
    read = {str(name): _share(f"runs[{name!r}]", value, facts.problems) for name, value in (runs or {}).items()}
    facts.runs = {name: value for name, value in read.items() if value is not None}
    return facts


def _share(name, value, problems):
    try:
        return None if value is None else checks.number(name, value, least=0, most=1)
    except (TypeError, ValueError) as error:
        problems.append(str(error))
    return None


def _read(name, given, problems):
    """Return a Set of what was given for one, with None for what can't be read."""
    if isinstance(given, Sealed):
        given = given.X, given.y
    if not isinstance(given, tuple | list) or len(given) != 2:
        problems.append(f"The {name} set must be a pair (X, y); got {checks.shown(given)}.")
        return Set(name)
    X, y = (_array(what, one, name, problems) for what, one in zip("Xy", given))
    X, y = _features(X, name, problems), _labels(y, name, problems)
    if X is not None and y is not None and len(X) != len(y):
        problems.append(f"The {name} set has {len(X)} rows in X and {len(y)} labels; which rows do they belong to?")
        y = None
    return Set(name, X, y)


def _array(what, value, name, problems):
    try:
        array = np.asarray(value) if what == "y" else None
        if array is None or array.dtype.kind != "O" or not all(isinstance(one, str) for one in array.flat):
            array = checks.array(what, value)
        else:
            array = array.astype(str)  # words, as a table of another library holds them
    except Exception as error:  # whatever an object of the reader's raises when NumPy asks it for numbers
        said = str(error) if isinstance(error, TypeError | ValueError) else f"{what} can't be read."
        problems.append(f"In the {name} set, {said}")
        return None
    if array.ndim == 0 or array.size == 0:
        problems.append(f"In the {name} set, {what} has shape {array.shape}; expected a row for each sample.")
        return None
    return array


def _features(X, name, problems):
    """Return X as finite floats with a row for each sample, or None."""
    if X is None:
        return None
    if X.dtype.kind not in "fiub":
        problems.append(
            f"X of the {name} set holds {X.dtype} values; make numbers of them, such as a column of 0 and 1 for each "
            "word."
        )
        return None
    if X.ndim == 1:
        problems.append(f"X of the {name} set has shape {X.shape}; make it one row a sample: X[:, None].")
    X = X.reshape(len(X), -1).astype(float)
    if not (finite := np.isfinite(X)).all():
        row, column = np.argwhere(~finite)[0]
        rows, columns = (~finite).any(axis=1).sum(), (~finite).any(axis=0).sum()
        problems.append(
            f"X of the {name} set is not finite at {checks.counted((~finite).sum(), 'place')}, in {rows:,} of "
            f"{checks.counted(len(X), 'row')} and {checks.counted(columns, 'column')}, the first at X[{row}, "
            f"{column}]; leave those rows out, or fill in the mean of the training set."
        )
        known = np.where(finite, X, 0.0)
        X = np.where(finite, X, known.sum(axis=0) / np.maximum(finite.sum(axis=0), 1))
    X = np.ascontiguousarray(np.clip(X, -LARGEST, LARGEST, out=X))  # squares stay finite
    X += 0.0  # -0.0 becomes 0.0
    return X


def _labels(y, name, problems):
    """Return y as an array of n whole numbers or words, or None."""
    if y is None:
        return None
    if y.ndim == 2 and y.shape[1] == 1:
        problems.append(f"y of the {name} set has shape {y.shape}; make it flat: y.ravel().")
        y = y.ravel()
    if y.ndim == 2 and y.dtype.kind in "fiub" and ((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all():
        y = y.argmax(axis=1)  # one-hot, as Keras's categorical loss takes them
    if y.ndim != 1:
        problems.append(f"y of the {name} set has shape {y.shape}; expected one label for each sample.")
        return None
    if y.dtype.kind == "f":
        if not (finite := np.isfinite(y)).all():
            problems.append(f"{(~finite).sum()} labels of the {name} set are not finite; leave those samples out.")
            return None
        if (y != np.round(y)).any() or np.abs(y).max() > 2**53:
            odd = y[(y != np.round(y)) | (np.abs(y) > 2**53)][0]
            problems.append(
                f"y of the {name} set holds {odd:.4g}, which is no number of a class; the questions about classes "
                "are left out."
            )
            return None
    if y.dtype.kind in "fb":
        problems.append(f"y of the {name} set holds {y.dtype} values; networks want class numbers: y.astype(int).")
        y = y.astype(np.int64)
    if y.dtype.kind not in "iuU":
        problems.append(f"y of the {name} set holds {y.dtype} values; number the classes: 0, 1, 2 and so on.")
        return None
    return y


def _agree_on_features(facts):
    """Leave out X of the sets that have other features than the training set."""
    known = [one for one in facts.sets.values() if one.X is not None]
    for one in known[1:]:
        if one.X.shape[1] != known[0].X.shape[1]:
            facts.problems.append(
                f"X has {known[0].X.shape[1]} columns in the {known[0].name} set and {one.X.shape[1]} in the "
                f"{one.name} set; make both in the same way."
            )
            one.X = None


def _scale(facts, pipeline):
    """Look at what goes into the pipeline's network."""
    facts.model = pipeline.net
    for one in facts.sets.values():
        if one.X is None:
            continue
        if one.X.shape[1] != len(pipeline.features):
            facts.problems.append(
                f"X of the {one.name} set has {one.X.shape[1]} columns, and the pipeline takes "
                f"{len(pipeline.features)}; give it the rows as they were measured."
            )
            one.X = None
        else:
            one.X = np.clip(pipeline.scale(one.X), -LARGEST, LARGEST)


def _number_classes(facts):
    """Number the classes from 0 in all sets, and say what is wrong with the numbers that were given."""
    labelled = [one for one in facts.sets.values() if one.y is not None]
    words = [one for one in labelled if one.y.dtype.kind == "U"]
    if words and len(words) < len(labelled):
        facts.problems.append("Some labels are words and others numbers; number all in the same way.")
    if words:
        facts.problems.append(
            f"The labels are words, such as {checks.shown(str(words[0].y[0]))}; number them: "
            "classes, y = np.unique(y, return_inverse=True)."
        )
    if not labelled:
        return
    together = np.concatenate([one.y.astype(str if words else np.int64) for one in labelled])
    values, numbers = np.unique(together, return_inverse=True)
    if len(values) > 20 and len(values) > len(together) / 4:
        facts.problems.append(
            f"y has {len(values)} different values among {len(together)} labels; are these classes, or amounts?"
        )
        for one in labelled:
            one.y = None
        return
    if not words:
        _say_numbering(values, facts.problems)
    if not words and values[0] == 0 and values[-1] < 1000:
        numbers = together  # gaps stay, so that sentences name the reader's own classes
    for one in labelled:
        one.y, numbers = numbers[: len(one.y)], numbers[len(one.y) :]


def _say_numbering(values, problems):
    low, high, many = int(values[0]), int(values[-1]), len(values)
    if low == 1 and high == many:
        problems.append(f"The labels run from 1 to {high}; networks number classes from 0: y - 1.")
    elif low != 0:
        problems.append(f"The labels begin at {low}; networks number classes from 0: np.unique with return_inverse.")
    elif high != many - 1:
        gap = int(np.setdiff1d(np.arange(min(high, 10**6)), values)[0])
        problems.append(
            f"The labels reach {high}, but no sample is of class {gap}; is it missing, or are the classes misnumbered?"
        )


def _read_history(facts, history):
    if history is None:
        return
    recorded = getattr(history, "history", history)
    if not isinstance(recorded, dict):
        facts.problems.append(f"history must be what fit returned; got {checks.shown(history)}.")
        return
    message = getattr(history, "message", "")
    facts.message = message if isinstance(message, str) else ""
    for name in MEASURES:
        if name not in recorded:
            continue
        try:
            values = np.asarray(recorded[name], dtype=float)
        except Exception:  # what an object of the reader's raises
            values = np.empty((0, 0))
        if values.ndim != 1:
            facts.problems.append(f"history[{name!r}] must hold a number for each epoch; got something else.")
        elif len(values):
            facts.series[name] = values
    if not facts.series:
        facts.problems.append("history has no epochs in it; did fit stop in the first?")
