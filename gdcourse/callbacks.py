"""`EarlyStopping`: end a run of `fit`, ours or Keras's, when it gets no better. Name and meaning are Keras's."""

from gdcourse import checks


class EarlyStopping:
    """End the training when `monitor` has not improved for `patience` epochs; on request, give the best weights back.

    monitor: a name in the history. One with "loss" in it improves as it falls, one with "acc" as it rises.
    min_delta: what is no more than this counts as no improvement. restore_best_weights: when the run ends, by an
    interrupt or divergence of our `fit` too but not by another error, the model gets the weights of its best epoch,
    `best_epoch`, counted from 0 as in Keras.
    Source: Keras 3, keras/src/callbacks/early_stopping.py.
    """

    def __init__(self, monitor="val_loss", min_delta=0.0, patience=0, *, restore_best_weights=False):
        if not isinstance(monitor, str) or not ("loss" in monitor or "acc" in monitor):
            raise ValueError(
                f'monitor must name a loss or an accuracy, such as "val_loss"; got {checks.shown(monitor)}.'
            )
        self.monitor, self.sign = monitor, 1 if "loss" in monitor else -1
        self.min_delta = checks.number("min_delta", min_delta, least=0)
        self.patience = checks.count("patience", patience, least=0)
        self.restore_best_weights = checks.flag("restore_best_weights", restore_best_weights)
        self.on_train_begin()

    def set_model(self, model):
        """Take over what is trained."""
        self.model = model

    def on_train_begin(self, logs=None):
        """Begin anew: each `fit` has a best epoch of its own."""
        self.best, self.best_epoch, self.best_weights, self.stopped_epoch = None, 0, None, 0

    def on_epoch_end(self, epoch, logs=None):
        """Note the best epoch; end the training if it lies too far back."""
        if self.monitor not in (logs := logs or {}):
            missing = self.monitor.startswith("val_") and not any(name.startswith("val_") for name in logs)
            advice = " Give fit validation_data." if missing else ""
            raise ValueError(
                f"EarlyStopping watches {self.monitor}, but measured are {', '.join(logs) or 'no numbers'}.{advice}"
            )
        current = self.sign * float(logs[self.monitor])
        if self.best is None or current + self.min_delta < self.best:
            self.best, self.best_epoch = current, epoch
            if self.restore_best_weights:
                self.best_weights = [array.copy() for array in self.model.get_weights()]
        elif epoch - self.best_epoch >= self.patience:
            self.stopped_epoch, self.model.stop_training = epoch, True

    def on_train_end(self, logs=None):
        """Give the best weights back."""
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)

    def _nothing(self, *args, **kwargs):
        """Keras calls every method of a callback."""

    set_params = on_epoch_begin = on_batch_begin = on_batch_end = _nothing
    on_train_batch_begin = on_train_batch_end = on_test_begin = on_test_end = _nothing
    on_test_batch_begin = on_test_batch_end = on_predict_begin = on_predict_end = _nothing
    on_predict_batch_begin = on_predict_batch_end = _nothing
