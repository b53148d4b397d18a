"""The exercises of lesson 12."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question

# Write it: the rule of early stopping


def early_stopping(losses, patience):
    """Return the epoch to keep and the epoch after which to stop, both counted from 1."""
    keep = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[keep - 1]:
            keep = epoch
        if epoch - keep == patience:
            return keep, epoch
    return keep, len(losses)


def early_stopping_knowing_the_future(losses, patience):
    """The epoch to keep comes after the stop: nobody trained it. Which losses are known at the moment of the stop?"""
    keep = int(np.argmin(losses)) + 1
    return keep, early_stopping(losses, patience)[1]


def early_stopping_below_zero(losses, patience):
    """No loss is below 0, so none ever counts as better. With what must the lowest loss begin?"""
    return 0, min(patience, len(losses))


def early_stopping_first_as_worse(losses, patience):
    """The first epoch counts as one without a lower loss. With which epochs is it compared?"""
    keep, waited = 1, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[keep - 1]:
            keep, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return keep, epoch
    return keep, len(losses)


def early_stopping_after_the_lowest_of_all(losses, patience):
    """The best epoch is looked for in the whole list first. Which losses are known before a run has ended?"""
    keep = int(np.argmin(losses)) + 1
    return keep, min(keep + patience, len(losses))


def early_stopping_patience_after_the_lowest(losses, patience):
    """It stops `patience` epochs after the lowest loss of all, even after the last. What does a run know by then?"""
    keep = int(np.argmin(losses)) + 1
    return keep, keep + patience


def early_stopping_without_an_end(losses, patience):
    """Where the patience lasts, `stop` is never set. After which epoch does the run end then?"""
    keep, stop = early_stopping(losses, patience)
    return keep, stop if stop - keep == patience else 0


def early_stopping_against_the_epoch_before(losses, patience):
    """Each epoch is compared with the one before it. Which epoch's loss has to be beaten?"""
    keep, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        waited = 0 if losses[epoch - 1] < losses[epoch - 2] else waited + 1
        if losses[epoch - 1] < losses[keep - 1]:
            keep = epoch
        if waited == patience:
            return keep, epoch
    return keep, len(losses)


def early_stopping_keeping_what_fell_last(losses, patience):
    """Any fall from one epoch to the next counts as an improvement. Which loss has to be beaten?"""
    keep = 1
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[epoch - 2]:
            keep = epoch
        if epoch - keep == patience:
            return keep, epoch
    return keep, len(losses)


def early_stopping_never_starting_anew(losses, patience):
    """All epochs without improvement are counted, however far apart. What does a new best epoch do to the count?"""
    keep, waited = 1, 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < losses[keep - 1]:
            keep = epoch
        else:
            waited += 1
        if waited == patience:
            return keep, epoch
    return keep, len(losses)


def early_stopping_keeping_what_fell_last_never_anew(losses, patience):
    """Any fall from one epoch to the next is an improvement, and nothing sets the count back. What has to be beaten?"""
    keep, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        if losses[epoch - 1] < losses[epoch - 2]:
            keep = epoch
        else:
            waited += 1
        if waited == patience:
            return keep, epoch
    return keep, len(losses)


def early_stopping_one_late(losses, patience):
    """It waits one epoch more than `patience`. How many epochs after the best one may the run go on?"""
    return early_stopping(losses, patience + 1)


def early_stopping_one_early(losses, patience):
    """It stops one epoch before the patience is used up. How many epochs after the best one may the run go on?"""
    return early_stopping(losses, patience - 1) if patience > 1 else (1, 1)


def early_stopping_from_zero(losses, patience):
    """The epochs are counted from 0. From which number does the text count them?"""
    keep, stop = early_stopping(losses, patience)
    return keep - 1, stop - 1


def early_stopping_keep_from_zero(losses, patience):
    """The epoch to keep is counted from 0, the other one from 1. At which place of the list stands epoch 1?"""
    keep, stop = early_stopping(losses, patience)
    return keep - 1, stop


def early_stopping_at_the_first_rise(losses, patience):
    """It stops at the first epoch that is no better. What is the patience for?"""
    return early_stopping(losses, 1)


def early_stopping_keeping_the_last(losses, patience):
    """It keeps the epoch at which it stops, and that one is worse. Which epoch had the lowest loss?"""
    stop = early_stopping(losses, patience)[1]
    return stop, stop


def early_stopping_one_late_keeping_the_last(losses, patience):
    """It waits one epoch too long and keeps the one at which it stops. Which epoch had the lowest loss?"""
    stop = early_stopping(losses, patience + 1)[1]
    return stop, stop


def early_stopping_to_the_end(losses, patience):
    """The run never stops before the last epoch. What happens once the patience is used up?"""
    return early_stopping(losses, len(losses) + 1)


def early_stopping_as_losses(losses, patience):
    """These are losses. By which number is an epoch named?"""
    keep, stop = early_stopping(losses, patience)
    return losses[keep - 1], losses[stop - 1]


# Repair a broken one: the weights to keep


def keep_best(w, one_epoch, patience):
    """Return the weights of the best epoch. one_epoch(w) trains w, returns its loss."""
    w = w.copy()  # what comes in stays as it is
    best, lowest, waited = w.copy(), np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest, waited = w.copy(), loss, 0
        else:
            waited += 1
    return best


def keep_best_broken(w, one_epoch, patience):
    """Return the weights of the best epoch. one_epoch(w) trains w, returns its loss."""
    w = w.copy()  # what comes in stays as it is
    best, lowest, waited = w, np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest = w, loss
        else:
            waited += 1
    return best


def keep_best_by_reference(w, one_epoch, patience):
    """The last weights come back: `best` is a second name for w, and w goes on changing. What makes a copy?"""
    w = w.copy()
    waited, lowest = 0, np.inf
    while waited < patience:
        loss = one_epoch(w)
        lowest, waited = (loss, 0) if loss < lowest else (lowest, waited + 1)
    return w


def keep_best_by_reference_never_anew(w, one_epoch, patience):
    """Both faults are there: `best` is a second name for w, and nothing sets the count to 0. What should?"""
    return keep_best_broken(w, one_epoch, patience)


def _kept_before(w, one_epoch, patience, anew):
    """Return the weights from before the epoch with the lowest loss; anew: an improvement sets the count back."""
    w = w.copy()
    best, lowest, waited = w.copy(), np.inf, 0
    while waited < patience:
        before, loss = w.copy(), one_epoch(w)
        if loss < lowest:
            best, lowest, waited = before, loss, 0 if anew else waited
        else:
            waited += 1
    return best


def keep_best_from_before_the_epoch(w, one_epoch, patience):
    """The copy is taken before the epoch, so its weights are one epoch older than its loss. When is it to be made?"""
    return _kept_before(w, one_epoch, patience, anew=True)


def keep_best_from_before_the_epoch_never_anew(w, one_epoch, patience):
    """The copy is taken before the epoch, and an improvement doesn't set the count back. When is each to be done?"""
    return _kept_before(w, one_epoch, patience, anew=False)


def keep_best_counting_every_epoch(w, one_epoch, patience):
    """Every epoch uses the patience up, the improving ones too. Which epochs should be counted?"""
    w = w.copy()
    best, lowest = w.copy(), np.inf
    for _ in range(patience):
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest = w.copy(), loss
    return best


def keep_best_never_starting_anew(w, one_epoch, patience):
    """The count is never set back, so early epochs use the patience up. What should an improvement do to it?"""
    w = w.copy()
    best, lowest, waited = w.copy(), np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest = w.copy(), loss
        else:
            waited += 1
    return best


def keep_best_from_the_start(w, one_epoch, patience):
    """The weights from before the first epoch come back: only they were copied. When must a copy be made?"""
    return w.copy()


def keep_best_stopping_one_late(w, one_epoch, patience):
    """It waits one epoch too long, and finds a better one there. How many bad epochs end the run?"""
    return keep_best(w, one_epoch, patience + 1)


def keep_best_stopping_one_early(w, one_epoch, patience):
    """It stops one epoch too early, before a better one comes. How many bad epochs end the run?"""
    return keep_best(w, one_epoch, max(patience - 1, 1))


def keep_best_from_the_best(w, one_epoch, patience):
    """After a bad epoch it goes back to the best weights, and trains on from these. Where does the next epoch start?"""
    w = w.copy()
    best, lowest, waited = w.copy(), np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest, waited = w.copy(), loss, 0
        else:
            waited += 1
            w[:] = best
    return best


def keep_best_from_one(w, one_epoch, patience):
    """No loss counts as better before one is below 1. With what must `lowest` begin, so that the first one does?"""
    w = w.copy()
    best, lowest, waited = w.copy(), 1, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest, waited = w.copy(), loss, 0
        else:
            waited += 1
    return best


def keep_best_of_the_last_fall(w, one_epoch, patience):
    """Each epoch is compared with the one before it, not with the best. Which loss must stay the lowest one?"""
    w = w.copy()
    best, before, waited = w.copy(), np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < before:
            best, waited = w.copy(), 0
        else:
            waited += 1
        before = loss
    return best


# Write it: the slopes of the L2 penalty


def l2_gradients(weights, l2):
    """Return the slopes of the penalty: one array for each array in weights."""
    return [2 * l2 * array if array.ndim == 2 else np.zeros_like(array) for array in weights]


def l2_gradients_without_the_2(weights, l2):
    """Every slope is half of what it should be. What is the slope of the square of a number?"""
    return [l2 * array if array.ndim == 2 else np.zeros_like(array) for array in weights]


def l2_gradients_with_biases(weights, l2):
    """The slopes of the biases are not zero. Which arrays stand in the penalty?"""
    return [2 * l2 * array for array in weights]


def l2_gradients_and_the_biases(weights, l2):
    """The biases come back themselves, as if they were slopes. What is the slope of what the penalty leaves out?"""
    return [2 * l2 * array if array.ndim == 2 else array.copy() for array in weights]


def l2_gradients_with_biases_without_the_2(weights, l2):
    """The biases have slopes, and each slope is half of what it should be. What is in the penalty, and squared?"""
    return [l2 * array for array in weights]


def l2_gradients_of_the_mean(weights, l2):
    """The slopes are divided by the number of weights. Does the penalty take a mean or a sum?"""
    return [2 * l2 * array / array.size if array.ndim == 2 else np.zeros_like(array) for array in weights]


def l2_gradients_of_the_mean_over_rows(weights, l2):
    """The slopes are divided by the number of rows. Does the penalty take a mean or a sum?"""
    return [2 * l2 * array / len(array) if array.ndim == 2 else np.zeros_like(array) for array in weights]


def l2_gradients_as_squares(weights, l2):
    """These are the terms of the penalty itself. What is the slope of each of them?"""
    return [l2 * array**2 if array.ndim == 2 else np.zeros_like(array) for array in weights]


def l2_gradients_as_squares_of_all(weights, l2):
    """These are the terms of the penalty, for biases too. What is each one's slope, and which arrays are in it?"""
    return [l2 * array**2 for array in weights]


def l2_gradients_with_one_zero(weights, l2):
    """A bias array gets one single zero. How many slopes do ten biases get?"""
    return [2 * l2 * array if array.ndim == 2 else 0.0 for array in weights]


def l2_gradients_of_the_size(weights, l2):
    """Each slope has the same size, as if the penalty were the sum of absolute values. What is squared in it?"""
    return [l2 * np.sign(array) if array.ndim == 2 else np.zeros_like(array) for array in weights]


def l2_gradients_downhill(weights, l2):
    """That is the way downhill. Does the penalty rise or fall when a positive weight grows?"""
    return [-2 * l2 * array if array.ndim == 2 else np.zeros_like(array) for array in weights]


def l2_gradients_of_biases_only(weights, l2):
    """Matrices and biases are exchanged: the biases have slopes, the matrices none. Which arrays have two axes?"""
    return [2 * l2 * array if array.ndim == 1 else np.zeros_like(array) for array in weights]


def l2_gradients_of_matrices_alone(weights, l2):
    """The biases are left out of the list. What is the slope of something that is not in the penalty?"""
    return [2 * l2 * array for array in weights if array.ndim == 2]


def l2_gradients_added_up(weights, l2):
    """There is one number for each array. How many slopes does a matrix have?"""
    return [2 * l2 * array.sum() if array.ndim == 2 else 0.0 for array in weights]


def l2_gradients_as_penalty(weights, l2):
    """That is the penalty of each array, one number. Asked for is its slope: how many has a matrix?"""
    return [l2 * (array**2).sum() if array.ndim == 2 else 0.0 for array in weights]


def l2_gradients_of_l2_squared(weights, l2):
    """l2 is squared as well. What is the slope of l2 · W² for the weight alone?"""
    return [2 * l2**2 * array if array.ndim == 2 else np.zeros_like(array) for array in weights]


# Write it: dropout


def dropout(a, u, rate, training):
    """Return what the layer hands on."""
    if not training:
        return a
    return a * (u >= rate) / (1 - rate)


def dropout_without_scaling(a, u, rate, training):
    """What stays is not scaled, so the layer hands on less than in prediction. What makes up for the lost part?"""
    return a * (u >= rate) if training else a


def dropout_keeping_the_others(a, u, rate, training):
    """It keeps what should be dropped. Which outputs become zero, those with u below the rate or above?"""
    return a * (u < rate) / (1 - rate) if training else a


def dropout_at_the_rate_of_keeping(a, u, rate, training):
    """`rate` is taken for the share that stays. Which share does it name?"""
    return a * (u < rate) / rate if training else a


def dropout_divided_by_the_rate(a, u, rate, training):
    """It divides by the share that is dropped. Which share stays, and should add up to the whole?"""
    return a * (u >= rate) / rate if training else a


def dropout_made_smaller(a, u, rate, training):
    """It multiplies by the share that stays, so the outputs get smaller. Must they grow or shrink?"""
    return a * (u >= rate) * (1 - rate) if training else a


def dropout_scaled_at_prediction(a, u, rate, training):
    """It scales in prediction instead of in training. In which mode are all outputs there, and need no scaling?"""
    return a * (u >= rate) if training else a * (1 - rate)


def dropout_scaled_up_in_prediction_only(a, u, rate, training):
    """It scales up in prediction, where nothing is missing, and not in training. In which mode do outputs get lost?"""
    return np.where(u < rate, 0.0, a) if training else a / (1 - rate)


def dropout_scaled_twice(a, u, rate, training):
    """It scales in training, and in prediction once more. Which of the two needs it?"""
    return a * (u >= rate) / (1 - rate) if training else a * (1 - rate)


def dropout_scaled_up_at_prediction(a, u, rate, training):
    """Prediction scales as well. In which mode are all outputs there, and need no scaling?"""
    return a * (u >= rate) / (1 - rate) if training else a / (1 - rate)


def dropout_always(a, u, rate, training):
    """It drops in prediction too. Which mode should use every unit?"""
    return a * (u >= rate) / (1 - rate)


def dropout_in_prediction(a, u, rate, training):
    """The two modes are exchanged: it drops in prediction and not in training. What does `training` say?"""
    return a if training else a * (u >= rate) / (1 - rate)


def dropout_one_mask_for_all(a, u, rate, training):
    """One row of u decides for the whole batch. Does each image get a choice of its own?"""
    return a * (u[0] >= rate) / (1 - rate) if training else a


def dropout_of_whole_images(a, u, rate, training):
    """Whole rows are dropped: every output of an image, or none. What should each output have of its own?"""
    return a * (u[:, :1] >= rate) / (1 - rate) if training else a


def dropout_by_size(a, u, rate, training):
    """The outputs themselves are compared with the rate. Which array holds the random numbers?"""
    return a * (a >= rate) / (1 - rate) if training else a


def dropout_as_mask(a, u, rate, training):
    """That is the mask. What is to be multiplied with it?"""
    return (u >= rate) / (1 - rate) if training else a


def dropout_with_the_counted_share(a, u, rate, training):
    """It divides by the share that happened to stay. Which share stays in the mean, whatever the chance?"""
    return a * (u >= rate) / max((u >= rate).mean(), 0.01) if training else a


def _bumpy_epoch(bumps):
    def one_epoch(w):
        """Return the validation loss after one more epoch of training."""
        w += np.array([0.5, -0.25])[: len(w)]
        epoch = round(2 * float(w[0]))  # rounding a number of NumPy's takes ten times as long
        return bumps[epoch - 1] if epoch <= len(bumps) else 1.0 + 0.1 * epoch

    return one_epoch


def _named(name, bumps):
    """Return one_epoch for these validation losses. It moves w[0] by 0.5, and so knows which epoch it is."""
    function = _bumpy_epoch(bumps)
    function.__name__ = name
    return function


losses_with_one_bump = _named("losses_with_one_bump", [0.9, 0.7, 0.8, 0.6, 0.65, 0.72, 0.5])
losses_with_two_bumps = _named("losses_with_two_bumps", [0.8, 0.85, 0.7, 0.75, 0.6, 0.66, 0.64, 0.69, 0.3])
losses_with_a_tie = _named("losses_with_a_tie", [2.6, 2.2, 2.2, 2.4, 1.7, 1.7, 1.9, 1.6, 1.8, 1.9, 1.65, 1.5])
losses_that_rise = _named("losses_that_rise", [0.3, 0.5, 0.45, 0.6, 0.7])
losses_that_start_high = _named("losses_that_start_high", [742.0, 315.0, 330.0, 281.0, 294.0, 300.0])
losses_that_fall_for_long = _named("losses_that_fall_for_long", [0.9**epoch for epoch in range(150)])
losses_that_fall_and_rise = _named("losses_that_fall_and_rise", [0.9, 0.5, 0.55, 0.52, 0.51, 0.4, 0.6, 0.62, 0.58])


def _weights_case(seed, sizes, l2):
    """Return matrices and biases of a network of these sizes, and the strength."""
    rng = np.random.default_rng(seed)
    shapes = [shape for pair in zip(sizes, sizes[1:]) for shape in (pair, pair[1:])]
    return [rng.normal(0.3, 0.9, shape) for shape in shapes], l2


def _dropout_case(seed, n, units, rate, training=True):
    """Return outputs, random numbers, the rate and the mode."""
    rng = np.random.default_rng(seed)
    return rng.normal(0.4, 2, (n, units)), rng.random((n, units)), rate, training


EXERCISES = [
    Exercise(
        early_stopping,
        why="Only a new lowest loss moves `keep`, and the distance from it to the present epoch is the waiting.",
        hints=[
            "Walk through the losses once, as the run does. What must you remember on the way?",
            "Remember the epoch to keep. A loss that is lower than its loss makes this epoch the one to keep.",
            "The epochs since then are the waiting. When they are `patience`, return.",
            "If the loop ends without that, the last epoch is the one at which the run stops.",
        ],
        cases=[
            ([0.92, 0.61, 0.74, 0.69, 0.55, 0.58, 0.63, 0.57, 0.41, 0.5], 3),
            ([0.83, 0.72, 0.78, 0.75, 0.64, 0.66], 4),
            ([0.7, 0.8, 0.6, 0.65, 0.5, 0.55, 0.52, 0.4, 0.45, 0.44, 0.3], 2),
            ([0.9, 0.5, 0.5, 0.6, 0.45, 0.7, 0.2], 2),
            ([0.9, 0.95, 0.6, 0.8, 0.3, 0.7], 1),
            ([0.52, 0.61, 0.74, 0.58, 0.43], 3),
            ([0.83, 0.62, 0.71, 0.54], 3),
            ([0.71, 0.71, 0.94, 0.82, 0.63], 2),
            *((np.random.default_rng(seed).uniform(0.2, 0.9, 14).round(3).tolist(), 3) for seed in range(6)),
        ],
        others=[
            ([230.0, 190.0, 160.0, 140.0], 2),  # above 1
            ([0.5, 0.6, 0.6, 0.7], 2),
            ([0.8, 0.5, 0.4999999, 0.6, 0.55, 0.3], 2),  # lower, if only by a little
            ([0.8, 0.7], 3),  # fewer than the patience, and as many
            ([0.8, 0.6, 0.7], 3),
            ([0.8], 1),
        ],
        mistakes=[
            early_stopping_knowing_the_future,
            early_stopping_after_the_lowest_of_all,
            early_stopping_without_an_end,
            early_stopping_patience_after_the_lowest,
            early_stopping_against_the_epoch_before,
            early_stopping_keeping_what_fell_last,
            early_stopping_never_starting_anew,
            early_stopping_keeping_what_fell_last_never_anew,
            early_stopping_one_late,
            early_stopping_one_early,
            early_stopping_from_zero,
            early_stopping_keep_from_zero,
            early_stopping_at_the_first_rise,
            early_stopping_keeping_the_last,
            early_stopping_below_zero,
            early_stopping_first_as_worse,
            early_stopping_one_late_keeping_the_last,
            early_stopping_to_the_end,
            early_stopping_as_losses,
        ],
        tolerance=0.0,
        returns=("the epoch to keep", "the epoch after which to stop"),
    ),
    Exercise(
        keep_best,
        keeps=("w",),
        why="A copy holds what w was in the best epoch, and each improvement gives the run its whole patience again.",
        hints=[
            "How many arrays are there in the broken version? `best = w` makes no array: it gives one a second name.",
            "`w.copy()` makes an array of its own, at the moment when it is called.",
            "And the count: what do three bad epochs, long ago, say about a run that has improved since?",
            "A better loss sets `waited` back to 0.",
        ],
        cases=[
            (np.array([0.0, 1.0]), losses_with_one_bump, 2),
            (np.array([0.0, 2.5]), losses_with_two_bumps, 3),
            (np.array([0.0, -0.7]), losses_with_two_bumps, 4),
            (np.array([0.0, 0.4]), losses_that_fall_and_rise, 3),
            (np.array([0.0, 1.3]), losses_with_a_tie, 2),
            (np.array([0.0, 1.3]), losses_with_a_tie, 3),
            (np.array([0.0, 0.4]), losses_that_fall_and_rise, 4),
            (np.array([0.0, 0.4]), losses_that_rise, 2),
        ],
        others=[
            (np.array([0.0, 0.4]), losses_that_start_high, 2),
            (np.array([0.0]), losses_with_one_bump, 1),
            (np.array([0.0, 0.4]), losses_that_fall_for_long, 5),
        ],
        mistakes=[
            keep_best_by_reference,
            keep_best_by_reference_never_anew,
            keep_best_from_before_the_epoch,
            keep_best_from_before_the_epoch_never_anew,
            keep_best_never_starting_anew,
            keep_best_counting_every_epoch,
            keep_best_from_the_start,
            keep_best_stopping_one_late,
            keep_best_stopping_one_early,
            keep_best_from_the_best,
            keep_best_of_the_last_fall,
            keep_best_from_one,
        ],
        broken=keep_best_broken,
    ),
    Exercise(
        l2_gradients,
        why="The slope of l2 · W² is 2 · l2 · W, entry by entry; a bias is not in the penalty, so its slope is zero.",
        hints=[
            "Each weight has its own term in the sum. What is the slope of l2 · W² with respect to that one W?",
            "`array.ndim` is 2 for a matrix and 1 for biases.",
            "A slope for everything: `np.zeros_like(array)` for what is not in the penalty.",
        ],
        cases=[
            ([np.array([[0.5, -2.0, 3.0], [1.5, 4.0, -0.3]]), np.array([0.7, -1.2, 2.0])], 0.3),
            _weights_case(0, (4, 3, 2), 0.01),
            _weights_case(1, (5, 4, 3, 2), 0.2),
        ],
        others=[_weights_case(2, (3, 2), 0.0)],
        mistakes=[
            l2_gradients_without_the_2,
            l2_gradients_with_biases,
            l2_gradients_and_the_biases,
            l2_gradients_with_biases_without_the_2,
            l2_gradients_of_the_mean,
            l2_gradients_of_the_mean_over_rows,
            l2_gradients_as_squares,
            l2_gradients_as_squares_of_all,
            l2_gradients_with_one_zero,
            l2_gradients_of_the_size,
            l2_gradients_downhill,
            l2_gradients_of_biases_only,
            l2_gradients_of_matrices_alone,
            l2_gradients_added_up,
            l2_gradients_as_penalty,
            l2_gradients_of_l2_squared,
        ],
    ),
    Exercise(
        dropout,
        why="Training drops the entries with u below the rate and divides the others by the share that stays.",
        hints=[
            "`u >= rate` is True where an output stays. Multiplied with numbers, True counts as 1 and False as 0.",
            "Of all outputs the share 1 − rate stays. By what must they be divided, so that the mean is as before?",
            "In prediction nothing is dropped, so nothing has to be made up for.",
        ],
        cases=[
            (np.array([[2.0, 3.0, 0.5], [4.0, 1.5, 6.0]]), np.array([[0.1, 0.9, 0.3], [0.6, 0.2, 0.7]]), 0.25, True),
            (np.array([[2.0, -3.0, 0.5], [4.0, 1.5, -6.0]]), np.array([[0.1, 0.9, 0.3], [0.6, 0.2, 0.7]]), 0.25, False),
            _dropout_case(0, 5, 4, 0.2),
            _dropout_case(1, 6, 8, 0.6),
            _dropout_case(2, 4, 3, 0.6, training=False),
            (np.array([[2.0, 3.0, 5.0]]), np.array([[0.25, 0.2, 0.3]]), 0.25, True),  # at the rate, not below it
        ],
        others=[_dropout_case(3, 3, 2, 0.0)],
        mistakes=[
            dropout_without_scaling,
            dropout_keeping_the_others,
            dropout_at_the_rate_of_keeping,
            dropout_divided_by_the_rate,
            dropout_made_smaller,
            dropout_scaled_at_prediction,
            dropout_scaled_up_in_prediction_only,
            dropout_scaled_twice,
            dropout_scaled_up_at_prediction,
            dropout_always,
            dropout_in_prediction,
            dropout_one_mask_for_all,
            dropout_of_whole_images,
            dropout_by_size,
            dropout_as_mask,
            dropout_with_the_counted_share,
        ],
    ),
    Question(
        "read_five_runs",
        [2, 1, 5, 3, 4],
        why="A gap that grows is overfitting, two falling curves are not done, and two high flat ones fit too little.",
        hints=[
            "First look at the two losses at the end: is there a gap? Then: do they still move?",
            "Run D has dropout. With which units was its training loss measured, and with which its validation loss?",
            "New images are the judge. In which run do they disagree with the validation images?",
        ],
        mistakes=[
            ([2, 5, 1, 3, 4], "B and C are exchanged. Which of the two still falls, and would gain by more epochs?"),
            ([2, 1, 5, 4, 3], "D and E are exchanged. In which run do new images contradict the validation images?"),
            ([4, 1, 5, 3, 2], "A and E are exchanged. In which run does the validation loss rise?"),
            ([3, 1, 5, 2, 4], "A and D are exchanged. In which run does the validation loss rise?"),
            ([5, 1, 2, 3, 4], "A and C are exchanged. In which run is there a large gap between the two losses?"),
            ([1, 2, 5, 3, 4], "A and B are exchanged. In which run does the validation loss rise?"),
            ([2, 3, 5, 1, 4], "B and D are exchanged. Which of the two still falls?"),
            ([2, 1, 3, 5, 4], "C and D are exchanged. Do the losses of C still move, and are they low?"),
            ([2, 4, 5, 3, 1], "B and E are exchanged. In which run do new images contradict the validation images?"),
            ([2, 1, 4, 3, 5], "C and E are exchanged. In which run do new images contradict the validation images?"),
            ([2, 1, 5, 1, 4], "D is taken for a run that is not done. What does dropout do to its training loss?"),
            ([2, 1, 5, 5, 4], "D is taken for a weak network. What does dropout do to its training loss?"),
            ([2, 1, 5, 4, 4], "D is suspected of a leak. What do its new images say about its validation images?"),
            ([2, 1, 5, 3, 3], "E looks fine only until new images come. What do these say?"),
            (
                [2, 1, 5, 3, 2],
                "E overfits, perhaps, but its validation loss doesn't show it. What should that tell you?",
            ),
            (
                [2, 1, 5, 4, 2],
                "D is suspected of a leak, and E of overfitting. In which run do new images contradict validation?",
            ),
            (
                [2, 5, 1, 4, 3],
                "B and C are exchanged, and D and E. Which run still falls, and which one do new images contradict?",
            ),
            ([2, 5, 5, 3, 4], "B is taken for too weak a network. Do its losses still move?"),
            ([2, 1, 1, 3, 4], "C is said not to be done. Do its losses still move?"),
            ([2, 1, 3, 3, 4], "C is said to be fine. Is its loss low, and does it still fall?"),
            ([2, 1, 4, 5, 3], "For each reading you give a run. For each run its reading is asked: what does C show?"),
            ([1, 0, 4, 2, 3], "The readings are counted from 0. Which number does the list of readings begin with?"),
        ],
        tolerance=0.0,
    ),
    Question(
        "order_with_early_stopping",
        [5, 2, 7, 4, 1, 6],
        why="Images that helped to compute or choose something can't judge it any more; so each set waits its turn.",
        hints=[
            "Two lines don't belong: each lets images decide that should only judge.",
            "Everything that is *computed* from images, means too, is computed from the training images alone.",
            "Split, measure, standardise, train, choose, test.",
        ],
        lines=[
            "take the strength of L2 with the lowest validation loss, measured without the penalty",
            "compute the mean and the spread of all pixels of the training images",
            "compute the mean and the spread of all pixels of all images",
            "train with each strength of L2, and stop each run by the validation loss",
            "split the images into training, validation and test",
            "report the loss of the chosen run on the test images",
            "standardise all three sets with these numbers",
            "take the epoch with the lowest test loss",
        ],
        needs={
            (5, 2): "Which images are the training images?",
            (2, 7): "With which numbers are the sets standardised?",
            (7, 4): "On which numbers do the runs train?",
            (4, 1): "Which validation losses are compared?",
            (1, 6): "Which run do the test images judge?",
        },
        strange={
            3: "The mean of all images has seen the test images too: what did they tell the training?",
            8: "The test images would choose the epoch and then judge it: which images stop a run?",
        },
        mistakes=[
            (
                [5, 3, 7, 4, 1, 6],
                "The mean of all images is a leak. Which images may decide how pixels are scaled?",
            ),
            (
                [3, 7, 5, 4, 1, 6],
                "All images are scaled before the split, so the test images change the scale. What should come first?",
            ),
            (
                [2, 7, 5, 4, 1, 6],
                "The split comes after the scaling. Which images are training images before there is a split?",
            ),
            (
                [5, 2, 7, 4, 8, 6],
                "The test images choose the epoch and then judge it. Which images stop a run?",
            ),
            (
                [5, 2, 7, 4, 1, 8, 6],
                "The test images choose the epoch, after the validation images have. What is left to judge with?",
            ),
            (
                [5, 2, 7, 4, 6, 1],
                "The test images are used before a run is chosen. Which run does the number belong to?",
            ),
            ([5, 2, 4, 7, 1, 6], "The runs train on pixels that are not standardised yet. Which line makes them?"),
            ([5, 7, 2, 4, 1, 6], "The sets are standardised before the numbers are known. Which line computes them?"),
            ([5, 2, 7, 1, 4, 6], "A strength is chosen before the runs are trained. Whose losses are compared?"),
            ([5, 2, 7, 4, 6], "No strength is chosen. Which of the runs is reported?"),
            ([5, 2, 7, 4, 1], "Nothing is reported. Which images have not been used yet?"),
            ([5, 4, 1, 6], "The pixels are never standardised. Which lines do that?"),
        ],
    ),
]

PREDICTIONS = [
    Prediction(
        "What is left of these 64 weights after 960 steps with the penalty?",
        ["nearly all", "about half", "next to nothing"],
        right="about half",
        counters={
            "nearly all": "Each step leaves 0.99922 of a weight, and 960 steps leave 0.47.",
            "next to nothing": "Each step takes 0.00078 of what is there, and not of what was there at the start.",
        },
    ),
    Prediction(
        "With dropout, which of the two losses that fit reports is lower at the end?",
        ["the training loss", "the validation loss", "both are about the same"],
        right="the validation loss",
    ),
    Prediction(
        "How does the validation loss compare with the loss on new images?",
        ["about the same", "clearly lower", "clearly higher"],
        right="clearly lower",
    ),
    Prediction(
        "Which raises the accuracy on new images most?",
        ["early stopping", "L2", "dropout", "twice as many images"],
        right="twice as many images",
    ),
]
