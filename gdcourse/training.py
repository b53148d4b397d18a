"""`fit`: one training loop for every model that has its weights in one flat array.

A model has
    w                          its weights, a flat float array; `fit` assigns to it after each step
    loss_and_gradient(X, y)    the mean loss of these samples at w, and its gradient, of the shape of w
and, where it likes,
    evaluate(X, y)             the mean loss and the accuracy, for validation_data; else the loss alone is measured
    train_batch(X, y, rng)     loss, gradient and number of right answers as training sees them, quicker: what comes in
                               was checked, and the gradient may be one array that is used again. rng: for dropout
    checked(X, y, of)          X and y as arrays that train_batch takes, or a sentence that says what is wrong with them
X and y hold one row a sample.
"""

import numpy as np
from tqdm import tqdm

import gdcourse.blas  # noqa: F401  models bring the large products
from gdcourse import checks
from gdcourse.optimizers import SGD, Optimizer, check_optimizer, fresh

KEPT = "The network keeps what it has learned so far"
PUT_BACK = "The network has the weights that a callback has put back"
FINITE = "The network keeps its last finite weights"
DIVERGED = (
    "the numbers are no longer finite, so the run diverges. Try a smaller learning rate, or look at the scale of X."
)
AT_THE_START = (
    "Stopped at the start: the first loss, gradient or step is not finite. Look at X, at how the loss is computed, and "
    "at the learning rate."
)


@checks.divergence
def fit(
    model, X, y, *, epochs=10, batch_size=128, optimizer=SGD(), validation_data=None, shuffle=True, seed=0,
    callbacks=(),
):  # fmt: skip
    """Train a model from its weights as they are, with a fresh copy of the optimizer; return a `History`.

    So a second `fit` begins velocity, means, count of steps and schedule anew; that of Keras goes on with them.
    shuffle: each epoch in a new order, the next `permutation(n)` of `np.random.default_rng(seed)`.
    The last batch may be short; it is averaged over its own size. loss and accuracy are means over the epoch's
    samples, measured while the weights change, as in Keras. validation_data: (X, y), evaluated after each epoch.
    callbacks: a list of objects with some of the methods of Keras's callbacks. Keras's own work where they need no
    more of the model than it has: EarlyStopping, CSVLogger, TerminateOnNaN, but not ReduceLROnPlateau, which needs its
    optimizer, nor ModelCheckpoint. One of them may end the run by `stop_training = True`, which counts after each batch
    and, as in Keras, still measures the epoch so far.
    A long run without callbacks shows its progress. When interrupted, or when the numbers are no longer finite, it
    stops, keeps the weights of the last good step, says so, and returns the finished epochs.
    """
    check_model(model)
    X, y = _checked(model, X, y)
    X = np.ascontiguousarray(X)  # np.take would copy the whole of another X for each batch
    epochs, batch_size = checks.count("epochs", epochs), checks.count("batch_size", batch_size)
    check_optimizer(optimizer)
    shuffle = checks.flag("shuffle", shuffle)
    if validation_data is not None:
        if not isinstance(validation_data, tuple | list) or len(validation_data) != 2:
            raise TypeError("validation_data must be a pair (X, y).")
        validation_data = _checked(model, *validation_data, of="validation_data: ")
    callbacks = _Callbacks(callbacks, model)
    optimizer, history, rng, epoch, measured = fresh(optimizer), History(), checks.generator("seed", seed), 1, {}
    silent = {"disable": True} if callbacks.all else {}  # else as the environment says
    progress = tqdm(total=epochs * len(X), unit=" samples", unit_scale=True, delay=2, leave=False, **silent)
    model.stop_training = False  # a callback sets it to True
    callbacks.tell("set_params", {"epochs": epochs, "steps": -(-len(X) // batch_size), "verbose": 0})
    callbacks.tell("set_model", model)
    early, kept, recorded, start = "", KEPT, None, model.w.copy()
    room, aside = np.empty((min(batch_size, len(X)), *X.shape[1:]), X.dtype), _aside(rng)
    try:
        with progress:
            callbacks.tell("on_train_begin", {})
            for epoch in range(1, epochs + 1):
                callbacks.tell("on_epoch_begin", epoch - 1, {})
                order = rng.permutation(len(X)) if shuffle else np.arange(len(X))
                seen, measured = _train(model, _batches(X, y, order, room), optimizer, aside, progress, callbacks)
                if validation_data:
                    validated = _evaluated(model, *validation_data)
                    measured = measured | {f"val_{name}": value for name, value in validated.items()}
                history.append(**measured)
                callbacks.tell("on_epoch_end", epoch - 1, dict(measured))
                if model.stop_training:
                    break
        if epoch < epochs or seen < len(X):
            part = "" if seen == len(X) else f", the last after {seen} of its {len(X)} samples"
            early, recorded = f"Stopped by a callback in epoch {epoch} of {epochs}.", f"{epoch}{part}"
    except KeyboardInterrupt:
        early = f"Interrupted in epoch {epoch} of {epochs}."
    except checks.NotFinite:
        early, kept, measured = f"Stopped in epoch {epoch} of {epochs}: {DIVERGED}", FINITE, {"loss": np.nan}
        if epoch == 1 and np.array_equal(model.w, start):
            early = AT_THE_START
    last = model.w.copy()
    callbacks.tell("on_train_end", dict(measured))  # one may put earlier weights back
    history.message = f"{checks.counted(epochs, 'epoch')} done."
    if early:
        history.stopped(f"{early} {kept if np.array_equal(model.w, last) else PUT_BACK}", recorded)
    return history


def check_model(model):
    """Raise unless `model` has what `fit` needs: see the module's docstring."""
    if isinstance(model, type) or not callable(getattr(model, "loss_and_gradient", None)) or not hasattr(model, "w"):
        raise TypeError(
            "fit needs a model with a flat array w and a method loss_and_gradient(X, y), such as MLP(); "
            f"got {checks.shown(model)}."
        )
    if not isinstance(model.w, np.ndarray) or model.w.ndim != 1 or model.w.dtype.kind != "f":
        raise TypeError(f"the model's w must be a flat array of floats, such as np.zeros(3); got {_kind(model.w)}.")


def _kind(value):
    return f"{value.dtype} of shape {value.shape}" if isinstance(value, np.ndarray) else checks.shown(value)


def _checked(model, X, y, of=""):
    """Return X and y as arrays with as many rows, each number finite, or as the model checks them itself."""
    if hasattr(model, "checked"):
        return model.checked(X, y, of)
    X, y = checks.array(f"{of}X", X), checks.array(f"{of}y", y)
    for name, array in {"X": X, "y": y}.items():
        if array.ndim == 0 or len(array) == 0:
            raise ValueError(f"{of}{name} has shape {array.shape}; expected a row for each sample, one at least.")
        if array.dtype.kind == "f":
            checks.finite(f"{of}{name}", array)
    if len(X) != len(y):
        raise ValueError(f"{of}X has {len(X)} rows and y has {len(y)}; expected one row of y for each row of X.")
    return X, y


def _evaluated(model, X, y):
    """Return the loss, and the accuracy if the model measures one, by name."""
    if hasattr(model, "evaluate"):
        measured = np.atleast_1d(checks.floats("what evaluate(X, y) returns", model.evaluate(X, y)))
        if measured.shape not in [(1,), (2,)]:
            raise ValueError(f"evaluate(X, y) must return loss and accuracy; got an array of shape {measured.shape}.")
        return dict(zip(("loss", "accuracy"), measured.tolist()))
    return {"loss": float(model.loss_and_gradient(X, y)[0])}


def _aside(rng):
    """Return random numbers for dropout, so that the order of the batches is the same with and without it."""
    try:
        return rng.spawn(1)[0]
    except TypeError:  # made from a RandomState, which can't
        return rng


def _batches(X, y, order, room):
    """Yield X and y of each batch in this order, X in room made once."""
    for start in range(0, len(order), len(room)):
        rows = order[start : start + len(room)]
        yield np.take(X, rows, axis=0, out=room[: len(rows)], mode="clip"), y[rows]  # "clip": without a detour


def _train(model, batches, optimizer, rng, progress, callbacks):
    """Take one step a batch; return how many samples there were, and what they gave."""
    loss = right = seen = 0
    for number, (X, y) in enumerate(batches):
        mean, gradient, hits = _passes(model, X, y, rng)
        checks.finite("the loss", np.asarray(mean))
        if isinstance(optimizer, Optimizer):
            model.w += _change(optimizer, model.w, gradient)
        else:  # the learner's own, which may keep or change what it is given
            model.w = _stepped(optimizer, model.w, gradient)
        loss += mean * len(X)
        right = None if hits is None else right + hits
        seen += len(X)
        progress.update(len(X))
        measured = {"loss": loss / seen} | ({} if hits is None else {"accuracy": float(right / seen)})
        callbacks.tell("on_train_batch_end", number, measured)
        if model.stop_training:
            break
    return seen, measured


def _passes(model, X, y, rng):
    """Return a batch's mean loss, its gradient, and how many answers are right, None if the model doesn't say."""
    if hasattr(model, "train_batch"):
        return model.train_batch(X, y, rng)
    try:
        found = model.loss_and_gradient(X.copy(), y)
    except OverflowError:  # where NumPy's functions give infinity
        raise checks.NotFinite("the loss is too large for a float.") from None
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise TypeError(
            f"loss_and_gradient(X, y) must return two things, loss and gradient; got {checks.shown(found)}."
        )
    loss, gradient = found
    loss, gradient = checks.floats("the loss", loss), checks.floats("the gradient", gradient)
    if loss.size != 1:
        raise ValueError(f"the loss has shape {loss.shape}; expected one number, the mean over the samples.")
    checks.same_shape("the gradient", gradient, "the model's w", model.w)
    return float(loss.item()), gradient.astype(model.w.dtype, copy=False), None


@checks.arithmetic
def _change(optimizer, w, gradient):
    """Return a step of the optimizer, without the copies and checks of its own `step`."""
    change = optimizer.next_change(w, gradient)
    checks.finite("the step", change)
    return change


def _stepped(optimizer, w, gradient):
    """Return the next w of the learner's own optimizer, which may compute with Python's numbers."""
    try:
        moved = checks.floats("w", optimizer.step(w.copy(), gradient.copy()))
    except OverflowError:
        raise checks.NotFinite("the next w is too large for a float.") from None
    checks.same_shape("w", moved, "the model's own", w)
    checks.finite("w", moved := moved.astype(w.dtype))
    return moved


class _Callbacks:
    """Calls of each callback what it defines, in Keras's order and with Keras's names."""

    METHODS = (
        "set_params",
        "set_model",
        "on_train_begin",
        "on_epoch_begin",
        "on_train_batch_end",
        "on_epoch_end",
        "on_train_end",
    )

    def __init__(self, callbacks, model):
        self.model = model
        self.all = list(callbacks) if isinstance(callbacks, list | tuple) else [callbacks] * (callbacks is not None)
        for i, callback in enumerate(self.all):
            if isinstance(callback, type) or not any(hasattr(callback, name) for name in self.METHODS[2:]):
                name = getattr(callback, "__name__", "")
                advice = f" Did you mean {name}()?" if name.isidentifier() else ""
                raise TypeError(
                    f"callbacks[{i}] has none of Keras's methods, such as on_epoch_end: "
                    f"{checks.shown(callback)}.{advice}"
                )
        self.methods = {
            name: [getattr(callback, name) for callback in self.all if hasattr(callback, name)] for name in self.METHODS
        }

    def tell(self, name, *arguments):
        for method in self.methods[name]:
            try:
                method(*arguments)
            except AttributeError as error:
                if error.obj is not self.model:
                    raise
                needs = f"a callback needs the model's {error.name}, and {type(self.model).__name__} has none"
                raise TypeError(f"{needs}: the help of fit says which callbacks work.") from error


class History:
    """What `fit` recorded: `history["loss"]` and the like, one number an epoch; `message` says how it ended."""

    def __init__(self):
        self.history, self.message = {}, ""

    def __repr__(self):
        return f"History of {', '.join(self.history) or 'nothing'}. {self.message}"

    def append(self, **measured):
        """Add one epoch's numbers."""
        for name, value in measured.items():
            self.history.setdefault(name, []).append(value)

    def stopped(self, reason, epochs):
        """Say why the run ended early, and how much of it is recorded: epochs, or, for None, the finished ones."""
        kind, epochs = ("epochs", epochs) if epochs else ("finished epochs", len(self.history.get("loss", [])))
        self.message = f"{reason}; {kind} in the history: {epochs}."
        checks.tell(self.message)
