"""The questions about a training run and its results: did it learn, when should it stop, and who was the judge?

Each takes the Facts and returns a list of sentences, empty where all is well.
"""

from statistics import NormalDist

import numpy as np

from gdcourse.project.gathering import Facts
from gdcourse.project.sealing import evaluated
from gdcourse.project.telling import apart

FLAT = 0.02  # a change or a difference that is this share of the loss is none
SURELY = 1.5  # times two standard errors: chance goes as far once in seven hundred honest projects
ENOUGH = 0.05  # a judgement that is uncertain by less needs no word


def _last(facts, measure):
    return float(facts.series[measure][-1]) if measure in facts.series else None


def _margin(share, n):
    """Return two standard errors of an accuracy: how far chance alone moves it."""
    return 2 * float(np.sqrt(max(share * (1 - share), 0) / n))


def _margin_of_the_best(share, n, runs):
    """Return how far chance moves the best of so many accuracies, as seldom passed as the margin of one."""
    one = NormalDist()
    return _margin(share, n) * one.inv_cdf(one.cdf(2) ** (1 / runs)) / 2


def _entropies(facts):
    """Return {what it means: loss} of answers that ignore X."""
    if facts.shares is None or np.count_nonzero(facts.shares) < 2:
        return {}
    shares = facts.shares[facts.shares > 0]
    uniform, often = float(np.log(len(shares))), float(-(shares * np.log(shares)).sum())
    return {
        f"ln {len(shares)}: every class gets the same probability": uniform,
        "what the shares of the classes alone give": often,
    }


def numbers_that_are_not_finite(facts: Facts):
    """A run that left the finite numbers."""
    for name, values in facts.series.items():
        if not np.isfinite(values).all():
            epoch = int(np.argmin(np.isfinite(values))) + 1
            return [f"{name} is {values[epoch - 1]} in epoch {epoch}; try a tenth of the learning rate, and scale X."]
    if "no longer finite" in facts.message:
        return ["The run stopped when its numbers were no longer finite; try a tenth of the learning rate."]
    if "is not finite" in facts.message:
        return ["The run could not begin, since its first numbers were not finite; look at X and at the loss."]
    return []


def training_loss_that_does_not_fall(facts):
    """A training loss that stays, at ln of the classes or elsewhere, or that climbs."""
    loss = facts.series.get("loss", np.empty(0))
    if len(loss) < 3 or not np.isfinite(loss).all():
        return []
    first, lowest, last = loss[0], loss.min(), loss[-1]
    known = sorted(_entropies(facts).items(), key=lambda one: abs(last - one[1]))
    for meaning, value in known[:1]:
        if abs(last - value) <= FLAT * value:
            return [
                f"The training loss ends at {last:.3f}, {meaning}; look at the labels, the scale of X, the rate and "
                "the first layer's gradient."
            ]
    if last > 1.5 * lowest and last > 0.1 * first and last > lowest + 0.05:
        return [
            f"The training loss climbed from {lowest:.3g} in epoch {loss.argmin() + 1} to {last:.3g}; lower the "
            "learning rate."
        ]
    if last > (1 - FLAT) * first and last > (0.5 * known[0][1] if known else 0.1):  # else it has learned before
        return [
            f"The training loss went from {first:.3f} to {last:.3f} in {len(loss)} epochs; can the network learn ten "
            "samples by heart? Try it."
        ]
    return []


def first_loss_that_is_too_high(facts):
    """A first epoch far above what guessing gives."""
    loss, known = facts.series.get("loss", np.empty(0)), list(_entropies(facts).values())
    if known and len(loss) and np.isfinite(loss[0]) and loss[0] > 3 * known[0]:
        return [
            f"The first epoch's loss is {loss[0]:.3g}, and guessing gives {known[0]:.3g}; scale X, start with "
            "smaller weights, or lower the learning rate."
        ]
    return []


def run_that_is_not_done(facts):
    """A loss that was still falling when the run ended."""
    name = "val_loss" if "val_loss" in facts.series else "loss"
    loss = facts.series.get(name, np.empty(0))
    if len(loss) < 5 or not np.isfinite(loss).all():
        return []
    before = loss[-1 - max(1, len(loss) // 5)]
    if loss.argmin() == len(loss) - 1 and loss[-1] < 0.95 * before and loss[-1] > 0.01:
        return [
            f"{name} still fell in the last fifth of the epochs, from {before:.3f} to {loss[-1]:.3f}; train longer."
        ]
    return []


def gap_between_training_and_validation(facts):
    """Overfitting, by the losses or by the accuracies."""
    loss, val_loss = (facts.series.get(name, np.empty(0)) for name in ("loss", "val_loss"))
    if len(loss) == len(val_loss) >= 5 and np.isfinite([loss, val_loss]).all():
        best = int(val_loss.argmin())
        falls = loss[-1] < loss[best] and loss[-1] < 1.2 * loss.min() + 0.01
        if falls and best < 0.75 * len(loss) and val_loss[-1] > 1.1 * val_loss[best]:
            return [
                f"val_loss was lowest in epoch {best + 1}, {val_loss[best]:#.3g}, and rose to {val_loss[-1]:#.3g}, "
                "while the training loss fell; stop there, or get more samples."
            ]
    right, val_right = _last(facts, "accuracy"), _last(facts, "val_accuracy")
    if right is None or val_right is None or facts.validation is None:
        return []
    if right - val_right > max(0.1, _margin(val_right, facts.validation.n)):
        return [
            f"The accuracy is {right:.2f} in training and {val_right:.2f} in validation; that gap is overfitting, or "
            "the sets differ: more samples, L2, dropout."
        ]
    if val_right - right > max(ENOUGH, SURELY * _margin(right, facts.validation.n)):
        return [
            f"The accuracy is {val_right:.2f} in validation and only {right:.2f} in training; measure both with "
            "evaluate, and if it stays, look for a leak."
        ]
    return []


def nothing_better_than_the_baseline(facts):
    """A validation accuracy that what learns nothing has, too."""
    reached = [_last(facts, "val_accuracy"), *facts.runs.values()]
    reached = [value for value in reached if value is not None and np.isfinite(value)]
    if facts.validation is None or facts.validation.y is None or not reached:
        return []
    base, name = facts.baseline, "the baseline"
    if base is None:
        if facts.shares is None:
            return []
        often = int(np.argmax(facts.shares))
        base, name = float((facts.validation.y == often).mean()), f"always saying class {often}"
    best, runs = max(reached), max(len(facts.runs), 1)
    margin = _margin_of_the_best(base, facts.validation.n, runs)
    if best - base < margin or best <= base:
        reached, guessed = apart(best, base)
        moved = f"the best of {runs}" if runs > 1 else "that"
        return [
            f"The validation accuracy is {reached}, and {name} gets {guessed}; on {facts.validation.n} samples "
            f"chance moves {moved} by {margin:.1g}: is there anything to learn in X?"
        ]
    return []


def too_few_samples_to_choose_by(facts):
    """A validation set too small for the choice that it should make."""
    if facts.validation is None:
        return []
    n, runs = facts.validation.n, sorted(facts.runs.items(), key=lambda run: -run[1])
    if len(runs) > 1:
        (best, a), *others = runs
        margins = {name: float(np.hypot(_margin(a, n), _margin(b, n))) for name, b in others}
        near = [(name, b) for name, b in others if a - b < margins[name]]
        if near and max(margins[name] for name, _ in near) > 0.01:
            listed = ", ".join(f"{name} {b:.3f}" for name, b in near[:3]) + ", ..." * (len(near) > 3)
            return [
                f"{best} gets {a:.3f}, and {listed} of {n} validation samples, closer than chance "
                f"({margins[near[0][0]]:.2f}); take the simplest, or compare in pairs, sample by sample."
            ]
        return []
    share = _last(facts, "val_accuracy")
    share = 0.9 if share is None or not 0 < share < 1 else share
    one = _margin(share, n)
    if one > ENOUGH:
        return [
            f"{n} validation samples leave an accuracy of {share:.2f} uncertain by {one:.2f}, and the difference of "
            f"two by {np.hypot(one, one):.2f}; don't choose by less."
        ]
    return []


def test_set_opened_twice(facts):
    """A test set that judged several models."""
    judged = facts.sealed.judged if facts.sealed is not None else []
    if len(judged) > 1:
        values = ", ".join(f"{result[:2][-1]:.3f}" for result in judged[:5]) + ", ..." * (len(judged) > 5)
        return [
            f"The test set has judged {len(judged)} models ({values}); the best of these is chosen by it: report the "
            "one that validation chose, and how often it was opened."
        ]
    return []


def test_far_below_validation(facts):
    """A test result that validation did not foretell."""
    validated = [_last(facts, "val_accuracy"), *facts.runs.values()]
    validated = [value for value in validated if value is not None and np.isfinite(value)]
    if facts.sealed is None or len(facts.sealed.judged) != 1 or not validated or facts.validation is None:
        return []
    _, *measured = facts.sealed.judged[0]  # after the loss the accuracy, if the network measures it
    if not measured:
        return []
    best, test = max(validated), float(measured[0])
    if best - test > SURELY * np.hypot(_margin(best, facts.validation.n), _margin(test, facts.sets["test"].n)):
        found, promised = apart(test, best)
        return [
            f"The test accuracy is {found} and validation promised {promised}, more apart than chance; did "
            "validation choose among many, or do the sets differ?"
        ]
    return []


def validation_by_another_set(facts):
    """A run whose validation losses are those of the test set, or of the training set."""
    val_loss = facts.series.get("val_loss", np.empty(0))
    losses = {name: _loss_on(facts.model, one) for name, one in facts.sets.items()}
    if not len(val_loss) or facts.validation is None or losses.get("validation") is None:
        return []

    def found(loss):
        return loss is not None and np.isclose(val_loss, loss, rtol=1e-5, atol=1e-9).any()

    for name in ("test", "training"):
        if name in losses and found(losses[name]) and not found(losses["validation"]):
            return [
                f"val_loss is the loss on the {name} set, {losses[name]:.4f}; fit again with "
                "validation_data=(X_val, y_val)."
            ]
    return []


def _loss_on(model, one):
    """Return a model's loss on a set, or None where it can't be asked."""
    if one.X is None or one.y is None or not callable(getattr(model, "evaluate", None)):
        return None
    try:
        return float(evaluated(model, one.X, one.y)[0])
    except Exception:  # a model of the reader's own, that wants other arrays
        return None


QUESTIONS = (
    numbers_that_are_not_finite,
    first_loss_that_is_too_high,
    training_loss_that_does_not_fall,
    run_that_is_not_done,
    gap_between_training_and_validation,
    nothing_better_than_the_baseline,
    too_few_samples_to_choose_by,
    validation_by_another_set,
    test_set_opened_twice,
    test_far_below_validation,
)
