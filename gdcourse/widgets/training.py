"""`watch`: loss and accuracy drawn while a network trains, ours or Keras's, with a button that ends the training."""

import time

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from traitlets import Bytes

from gdcourse import checks, plots
from gdcourse.training import History
from gdcourse.widgets.figure import Figure, beside, module, packed, unattended
from gdcourse.widgets.runs import number_in_words

PAUSE, SHARE = 0.2, 0.02  # seconds between two messages to the browser; of the time, what sending them may take
POINTS = 500  # of a line; a screen shows no more
DONE = "Done."
DIVERGED = "The run diverges: try a smaller learning rate, or look at the scale of X."


def watch(keep_weights=False):
    """Return a callback that draws the training while it runs: `fit(X, y, callbacks=[watch()])`, ours or Keras's.

    The figure stands below the cell, with a button that ends the training and keeps what was learned. Give Keras
    verbose=0, or its own progress is printed as well. Where no notebook runs, nothing is drawn.
    keep_weights: keep the weights of each epoch for `rewind`; the callback has them as `weights`, (epochs + 1, n), the
    start first, however the run ends. Memory: n numbers an epoch, 0.2 MB for 52,650 weights in float32.
    """
    return Watch(keep_weights)


class Watch:
    """A callback of `fit`, made by `watch`. Each `fit` starts a figure of its own."""

    # Keras may call it from other threads, as it does its own progress bar: nothing then waits for a batch's numbers.
    async_safe = True

    def __init__(self, keep_weights=False):
        self.params, self.model = {}, None
        self._keeps, self._kept = checks.flag("keep_weights", keep_weights), []
        self._run = self._figure = self._place = None
        self._draws = False  # whether a notebook runs

    @property
    def weights(self):
        """The weights at the start of the last `fit` and after each of its epochs, (epochs + 1, n)."""
        if not self._keeps:
            raise ValueError("this watcher keeps no weights; make it with watch(keep_weights=True) and train again.")
        if not self._kept:
            raise ValueError("this watcher has seen no training yet; give it to fit: callbacks=[watcher].")
        return np.array(self._kept)

    @property
    def run(self):
        """What the last `fit` measured, a `Run`; None if nothing was drawn or kept."""
        return self._run

    def set_params(self, params):
        """Take over {"epochs": …, "steps": …}."""
        self.params = params

    def set_model(self, model):
        """Take over what is trained."""
        self.model = model

    def on_train_begin(self, logs=None):
        """Show an empty figure, with the button."""
        self._settle()
        shell = get_ipython()
        self._run = self._figure = None
        self._kept = [_flat(self.model)] if self._keeps else []
        self._draws = getattr(shell, "kernel", None) is not None
        if self._draws or self._keeps:
            self._run = Run(self.params.get("epochs") or 1)
        if self._draws and not unattended():
            self._figure = Training(self._run)
            # The picture comes into its place when the cell has run.
            self._place = display(beside({"text/html": "", "text/plain": ""}), display_id=True, raw=True)
            display(self._figure.live(), raw=True)
            shell.events.register("post_run_cell", self._settle)

    def on_epoch_begin(self, epoch, logs=None):
        """Note which epoch it is, counted from 0."""
        if self._run:
            self._run.epoch = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        """Send the numbers so far, if the last ones were sent a while ago; end the training if the button says so."""
        if self._figure:
            if self._figure.stopping:
                self.model.stop_training = True
            self._figure.told_batch(batch + 1, self.params.get("steps") or 0, logs or {})

    def on_epoch_end(self, epoch, logs=None):
        """Add a point to each line."""
        if self._keeps:
            self._kept.append(_flat(self.model))
        if self._run:
            self._run.add(epoch + 1, logs or {})
        if self._figure:
            if self._figure.stopping:
                self.model.stop_training = True
            self._figure.told_epoch()

    def on_train_end(self, logs=None):
        """Say how the training ended; the picture for the stored notebook is made when the cell has run."""
        if not self._run:
            return
        if self._run.diverged({**(logs or {})}) and not self._run.diverged():
            self._run.add(self._run.epoch, {"loss": np.nan})
        self._run.ended(self._figure and self._figure.stopping, getattr(self.model, "stop_training", False))
        if self._figure:
            self._figure.told_epoch(at_once=True)
        elif self._draws:
            figure, text = Training(self._run).drawn()  # of a figure, so that the web edition can record it
            display(plots.picture(text, figure), raw=True)

    def _settle(self, result=None):
        """When the cell has run: put the picture into the output, before the live figure."""
        if not self._place:
            return
        if self._settle in (shell := get_ipython()).events.callbacks["post_run_cell"]:
            shell.events.unregister("post_run_cell", self._settle)
        place, self._place = self._place, None
        if not self._run.end:  # an exception or an interruption ended it, of which Keras tells nobody
            self._run.ended(False, False)
            self._figure.told_epoch(at_once=True)
        place.update(beside(self._figure.stored()), raw=True)

    def _nothing(self, *args, **kwargs):
        """Keras calls every method of a callback; for these there is nothing to draw."""

    on_batch_begin = on_batch_end = on_train_batch_begin = _nothing
    on_test_begin = on_test_end = on_test_batch_begin = on_test_batch_end = _nothing
    on_predict_begin = on_predict_end = on_predict_batch_begin = on_predict_batch_end = _nothing


class Run:
    """What a training run has measured so far, in numbers, in words and as a picture."""

    def __init__(self, epochs):
        self.epochs, self.epoch = epochs, 0
        self.measured = {}  # {epoch: {name: number}}
        self.metric = "accuracy"  # beside the loss; "" if only the loss is measured
        self.end = ""  # how it ended, in a sentence

    def add(self, epoch, logs):
        """Add the numbers of an epoch, counted from 1."""
        if not self.measured:
            self.metric = _metric(logs)
        names = [kind + name for kind in ("", "val_") for name in filter(None, ["loss", self.metric])]
        self.measured[epoch] = {name: float(logs[name]) for name in names if _is_number(logs.get(name))}

    def diverged(self, numbers=None):
        """Say whether the loss is no longer a number, in these numbers or in the last epoch."""
        last = next(reversed(self.measured.values()), {}) if numbers is None else numbers
        return not np.isfinite(last.get("loss", 0.0))

    def ended(self, by_button, by_callback):
        """Say how the training ended."""
        where = f"in epoch {self.epoch} of {self.epochs}"
        if self.diverged():
            self.end = DIVERGED
        elif by_button:
            self.end = f"Stopped {where}; what was learned is kept."
        elif self.epochs in self.measured:
            self.end = DONE
        elif by_callback:
            self.end = f"Stopped by another callback {where}."  # which may put earlier weights back
        else:
            self.end = f"Interrupted {where}; what was learned is kept."

    def line(self, name):
        """Return the epochs in which a number was measured, and the numbers."""
        pairs = [(epoch, numbers[name]) for epoch, numbers in self.measured.items() if name in numbers]
        return np.array(pairs, float).reshape(-1, 2).T

    def text(self):
        """Return the last epoch in words."""
        if not self.measured:
            return "No epoch is finished yet."
        epoch, numbers = next(reversed(self.measured.items()))
        if self.diverged():
            told = "the loss is no longer a number"
        else:
            told = ", ".join(f"{_words(name)} {rounded(value)}" for name, value in numbers.items())
        return f"Epoch {epoch} of {self.epochs}: {told}{self._trend()}."

    def _trend(self):
        name = "val_loss" if self.line("val_loss").size else "loss"
        epochs, values = self.line(name)
        if len(values) < 2 or not np.isfinite(values).all() or self.diverged():
            return ""
        lowest = int(epochs[values.argmin()])
        if lowest == epochs[-1]:
            return f"; the {_words(name)} is still falling"
        return f"; {_words(name)} lowest in epoch {lowest}"

    @plots.in_style
    def drawn(self):
        """Return the run as a Matplotlib figure, and the text that says what it shows."""
        panels = list(filter(None, ["loss", self.metric]))
        figure, axes = plt.subplots(1, len(panels), figsize=(9, 3.4), squeeze=False, layout="none")
        figure.subplots_adjust(left=0.08, right=0.98, bottom=0.16, top=0.96, wspace=0.25)
        record = History()
        for epoch in range(1, max(self.measured, default=0) + 1):
            numbers = self.measured.get(epoch, {})
            record.append(**{name: numbers.get(name, np.nan) for name in self._names()})
        for name, ax in zip(panels, axes[0]):
            plots.history(record, name, ax=ax)
            ax.set_ylabel(_words(name))
        end = "" if self.end == DONE else self.end
        return figure, f"{' and '.join(map(_words, panels)).capitalize()} after each epoch. {self.text()} {end}".strip()

    def _names(self):
        """Return every name that was measured, the training's own first."""
        return list(dict.fromkeys(name for numbers in self.measured.values() for name in numbers))


class Training(Figure):
    """The live figure of a `Run`."""

    _esm = module("training.js")
    progress = Bytes(help="within an epoch: its number, the batch, the batches, loss and metric").tag(sync=True)

    def __init__(self, run):
        self.run, self.stopping = run, False
        self._next, self._new = 0.0, False
        super().__init__(scene={"name": "Training", "epochs": run.epochs, "text": "Training"}, answer=self._answer())
        # JupyterLab sends the button's message to a thread that is free while the cell trains. ipykernel 7.4 would take
        # it back to the thread that this figure was made in, where it waits for the end of the training.
        self.comm._reply_subshell_for = None

    def __repr__(self):
        return self.run.text()

    def drawn(self):
        """Return the run as a Matplotlib figure, and the text that says what it shows."""
        return self.run.drawn()

    def _heard(self, _, message, buffers):
        """Note that the button was pressed. It comes in a thread of its own, while the cell trains."""
        self.stopping = True

    def told_batch(self, batch, batches, logs):
        """Send how far the epoch is, at most five times a second."""
        start = time.monotonic()
        if start < self._next:
            return
        metric = self.run.metric if self.run.measured else _metric(logs)
        numbers = [logs[name] if _is_number(logs.get(name)) else np.nan for name in ("loss", metric)]
        with self.hold_sync(), np.errstate(over="ignore"):  # one message for both
            if self._new:
                self.answer, self._new = self._answer(), False
            self.progress = np.array([self.run.epoch, batch, batches, *numbers], np.float32).tobytes()
        self._rest(start)

    def told_epoch(self, at_once=False):
        """Send the lines, at once or when the next message is due."""
        self._new = True
        start = time.monotonic()
        if start >= self._next or at_once:
            self.answer, self._new = self._answer(), False
            self._rest(start)

    def _rest(self, start):
        """Send nothing for a while: the longer, the longer sending took."""
        now = time.monotonic()
        self._next = now + max(PAUSE, (now - start) / SHARE)

    def _answer(self):
        run = self.run
        panels = [
            {"label": _words(name), "lines": [_packed(run.line(kind + name)) for kind in ("", "val_")]}
            for name in filter(None, ["loss", run.metric])
        ]
        trouble = f"The loss is no longer a number. {DIVERGED}" if run.diverged() and not run.end else ""
        return {"panels": panels, "text": run.text(), "end": run.end, "trouble": trouble}


def _flat(model):
    """Return a copy of all weights of a network, ours or Keras's, in one array: W and b of each layer in turn."""
    if hasattr(model, "w"):
        return np.array(model.w)
    if not model.get_weights():
        raise ValueError(
            "the model has no weights before its first step, so none can be kept; begin it with keras.Input(shape)."
        )
    return np.concatenate([np.ravel(array) for array in model.get_weights()])


def _metric(logs):
    """Return the name of what is drawn beside the loss: an accuracy if there is one; "" without any."""
    names = [name for name, value in logs.items() if name not in ("loss", "learning_rate") and _is_number(value)]
    own = [name for name in names if not name.startswith("val_")]
    return next((name for name in own if "acc" in name), own[0] if own else "")


def _is_number(value):
    return np.ndim(value) == 0 and np.issubdtype(np.asarray(value).dtype, np.number)


def rounded(value):
    """Return a number to two decimals, a smaller one to one digit: two machines agree on them."""
    size = abs(value)
    if 0.01 <= size < 1000 or size == 0:
        return f"{value:.2f}".replace("-", "−")
    return number_in_words(value, 1 if size < 1 else 3)


def _words(name):
    """Return a name of Keras's as a reader says it: val_loss is the validation loss."""
    kind, name = ("validation ", name.removeprefix("val_")) if name.startswith("val_") else ("", name)
    return kind + name.replace("_", " ")


def _packed(line):
    """Return epochs and numbers as the browser reads them; of a long run some, the last one always."""
    points = line.T[:: -(1 + line.shape[1] // POINTS)][::-1]
    return packed(points)
