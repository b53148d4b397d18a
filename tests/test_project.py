"""A project of the reader's own: files become arrays, `check` asks what is wrong and nothing else, models are kept."""

import math
import re
import types
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from gdcourse import project
from gdcourse.datasets import load_mnist, penguins_csv
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD
from gdcourse.project import about_data, about_runs, telling
from gdcourse.project.gathering import gather

CENTRES = np.array([[1.2, 0.4, -0.3, 0.8], [-1.0, 0.9, 0.5, -0.7], [-0.2, -1.3, -0.2, 0.1]])


def samples(n=2400, seed=0, noise=0.8):
    """Return n rows of three overlapping classes, and their labels."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, n)
    return CENTRES[y] + rng.normal(0, noise, (n, 4)), y


def sets(X=None, y=None, parts=(1200, 600, 600), scale=True):
    """Return three pairs (X, y), scaled as they should be."""
    X, y = samples(sum(parts)) if X is None else (X, y)
    if scale:
        X = (X - X[: parts[0]].mean(axis=0)) / X[: parts[0]].std(axis=0)
    ends = np.cumsum(parts)
    return [(X[end - n : end].copy(), y[end - n : end].copy()) for n, end in zip(parts, ends)]


GOOD = {
    "loss": [0.9, 0.6, 0.45, 0.4, 0.38, 0.375, 0.372, 0.371, 0.371, 0.370],
    "accuracy": [0.7, 0.8, 0.84, 0.85, 0.86, 0.86, 0.86, 0.86, 0.86, 0.86],
    "val_loss": [0.8, 0.55, 0.45, 0.41, 0.4, 0.39, 0.389, 0.388, 0.388, 0.388],
    "val_accuracy": [0.75, 0.82, 0.84, 0.85, 0.85, 0.85, 0.86, 0.85, 0.85, 0.85],
}


def run(**changed):
    return {**GOOD, **changed}


def said(*given, **more):
    """Return the sentences of a check, each held to the form of one."""
    report = project.check(*given, **more)
    for sentence in report:
        assert "\n" not in sentence and len(sentence) < 330, sentence
        assert not sentence[0].islower() or re.match(
            r"(y|history|runs|baseline|val_\w+|loss|accuracy|\w+ gets) ?", sentence
        ), sentence
        assert sentence.endswith((".", "?", ")")), sentence
    assert repr(report).count("\n") >= len(report)
    return list(report)


def test_nothing_is_said_where_all_is_well():
    train, val, test = sets()
    exam = project.Sealed(*test)
    assert said(train, val, test) == said(train, val, exam, history=run(), runs={"layer": 0.85, "deep": 0.92}) == []
    assert repr(project.check(train, val)) == "Seen: training 1,200, validation 600: nothing to ask."


def test_nothing_is_said_of_a_right_run_of_the_course_s_own():
    (x, y), _ = load_mnist()
    X, y = x[:3000].reshape(3000, -1) / 255, y[:3000].astype(int)
    net = MLP((784, 10))
    history = net.fit(
        X[:1600],
        y[:1600],
        epochs=12,
        batch_size=32,
        optimizer=SGD(0.1),
        validation_data=(X[1600:2600], y[1600:2600]),
        callbacks=[],
    )
    parts = [(X[rows], y[rows]) for rows in (slice(1600), slice(1600, 2600), slice(2600, 3000))]
    assert said(*parts, history=history, model=net) == []


# Each fault with its sentence, and beside it a neighbour that is right: there nothing is said.


def with_copies(many, noise=0.0):
    """The validation set holds rows of the training set."""
    (X, y), (X_val, y_val), test = sets()
    rng = np.random.default_rng(1)
    rows = rng.permutation(len(X))[:many]
    X_val[:many], y_val[:many] = X[rows] + rng.normal(0, noise, (many, 4)), y[rows]
    order = rng.permutation(len(X_val))
    return (X, y), (X_val[order], y_val[order]), test


def labelled(change):
    """The labels of all sets, changed."""
    return [(X, change(y)) for X, y in sets()]


def one_set(which, X=lambda X: X, y=lambda y: y):
    given = sets()
    given[which] = X(given[which][0]), y(given[which][1])
    return given


def without(which, classes):
    """One set lacks classes."""
    given = sets()
    X, y = given[which]
    given[which] = X[~np.isin(y, classes)], y[~np.isin(y, classes)]
    return given


def fewer(k, left):
    """Only so many training samples of class k are left; the other sets lose as large a share of it."""
    given = []
    for X, y in sets():
        keep = np.ones(len(y), bool)
        keep[np.flatnonzero(y == k)[max(1, math.ceil(left * len(y) / 1200)) :]] = False
        given.append((X[keep], y[keep]))
    return given


def scaled(*rows):
    """All sets scaled by the mean and the spread of these rows."""
    X, y = samples()
    X = X * 3 + 5
    known = X[np.r_[rows]]
    return sets((X - known.mean(axis=0)) / known.std(axis=0, ddof=1), y, scale=False)


def between_0_and_1(end):
    X, y = samples()
    low, high = X[:end].min(axis=0), X[:end].max(axis=0)
    return sets((X - low) / (high - low), y, scale=False)


def each_by_its_own():
    X, y = samples()
    return [((X - X.mean(axis=0)) / X.std(axis=0), y) for X, y in sets(X, y, scale=False)]


def signs(X):
    """In two columns as many ones as there are minus ones, in each set."""
    return np.column_stack([np.where(np.arange(len(X)) % n < n / 2, 1.0, -1.0) for n in (2, 4)] + [X[:, 2:]])


def times(*factors):
    return [(X * factors, y) for X, y in sets()]


def unshuffled(disorder):
    """The samples lie sorted by class, with some disorder."""
    X, y = samples()
    order = np.argsort(y + disorder * np.random.default_rng(1).normal(size=len(y)))
    return sets(X[order], y[order])


def gives_away(share):
    """The last column is the label for a share of the samples, and noise for the others."""
    X, y = samples()
    rng = np.random.default_rng(0)
    X[:, 3] = np.where(rng.random(len(y)) < share, y, rng.permutation(y)) + rng.uniform(-0.2, 0.2, len(y))
    return sets(X, y)


def coarse(decimals):
    return [(X.round(decimals), y) for X, y in sets()]


def twice_with_other_labels(other):
    given = sets()
    X, y = given[0]
    given[0] = np.concatenate([X, X[:3]]), np.concatenate([y, (y[:3] + other) % 3])
    return given


DATA = {
    "copies": (with_copies(12), r"^12 of the 600 rows of the validation set stand in the training set", with_copies(0)),
    "all the same": (
        [sets()[0], sets()[1], sets()[1]],
        r"^All 600 rows of the test set are rows of the validation set",
        sets(),
    ),
    "nearly the same": (
        with_copies(60, 0.002),
        r"^\d\d of 500 rows of the validation set are nearly a row of the training set",
        with_copies(60, 0.5),
    ),
    "repeated": (coarse(0), r"^Only \d+ of the 1,200 training rows differ", coarse(4)),
    "other labels": (twice_with_other_labels(1), r"^3 training rows came again", twice_with_other_labels(0)),
    "missing in validation": (without(1, [2]), r"^The validation set has no sample of class 2", sets()),
    "missing in training": (
        without(0, [0]),
        r"^The training set has no sample of class 0; it can't be learned",
        sets(),
    ),
    "one class": (labelled(lambda y: 0 * y), "^All labels are of one class", sets()),
    "few": (fewer(1, 6), "^Class 1 has only 6 training samples", fewer(1, 150)),
    "sorted": (unshuffled(2), r"^Class \d has a share of 0\.\d\d in the training set and", unshuffled(100)),
    "unbalanced": (fewer(1, 80), r"^Class \d has 4\d\d of the 877 training samples and class 1 80;", fewer(1, 250)),
    "gives it away": (gives_away(1.0), "^Column 3 alone tells all classes", gives_away(0.9)),
    "scaled before": (
        scaled(range(2400)),
        "^Taken together, training and validation and test have",
        scaled(range(1200)),
    ),
    "scaled by two": (scaled(range(1800)), "^Taken together, training and validation have exactly mean 0", sets()),
    "0 and 1 before": (
        between_0_and_1(2400),
        "together, .* exactly the least 0 and the largest 1",
        between_0_and_1(1200),
    ),
    "1 and -1": (scaled(range(1800)), "have exactly mean 0", [(signs(X), y) for X, y in sets()]),
    "each by its own": (each_by_its_own(), "^The validation set has exactly mean 0 and spread 1", sets()),
    "one not scaled": (
        one_set(1, lambda X: X * 40),
        "^The validation set lies far from",
        one_set(1, lambda X: X * 1.5),
    ),
    "scales": (times(1, 200, 1, 1), r"^Column 1 varies 200 times as much as column \d", times(1, 3, 1, 1)),
    "large": (times(100, 100, 100, 100), r"^X reaches \d\d\d.*; rates such as 0.1", times(2, 2, 2, 2)),
    "NaN": (
        one_set(0, lambda X: np.where(np.arange(4) + 0 * X + np.arange(len(X))[:, None] == 7, np.nan, X)),
        r"^X of the training set is not finite at 4 places, in 4 of 1,200 rows and 4 columns, the first at X\[4, 3\]",
        sets(),
    ),
    "from 1": (labelled(lambda y: y + 1), "^The labels run from 1 to 3; .* y - 1", sets()),
    "from 7": (labelled(lambda y: y + 7), "^The labels begin at 7", sets()),
    "a gap": (labelled(lambda y: np.where(y == 2, 3, y)), "^The labels reach 3, but no sample is of class 2", sets()),
    "words": (labelled(lambda y: np.array(["a", "b", "c"])[y]), "^The labels are words, such as '[abc]'", sets()),
    "objects": (labelled(lambda y: np.array(["a", "b", "c"], object)[y]), "^The labels are words", sets()),
    "floats": (labelled(lambda y: y.astype(float)), "^y of the training set holds float64 values", sets()),
    "fractions": (
        labelled(lambda y: y / 2),
        r"^y of the training set holds 0\.5, which is no number of a class",
        sets(),
    ),
    "amounts": (
        labelled(lambda y: np.random.default_rng(0).integers(0, 4000, len(y))),
        r"^y has \d,?\d+ different values|^y has \d+ different values",
        sets(),
    ),
    "a column of labels": (labelled(lambda y: y[:, None]), r"^y of the training set has shape \(1200, 1\)", sets()),
    "lost a label": (one_set(0, y=lambda y: y[1:]), "^The training set has 1200 rows in X and 1199 labels", sets()),
    "other columns": (
        one_set(1, lambda X: X[:, 1:]),
        "^X has 4 columns in the training set and 3 in the valid",
        sets(),
    ),
}


@pytest.mark.parametrize("name", DATA)
def test_a_fault_of_the_data_is_named_and_its_neighbour_is_not(name):
    faulty, sentence, right = DATA[name]
    assert [one for one in said(*faulty) if re.search(sentence, one)], said(*faulty)
    assert said(*right) == []


def fitted(rate, times=1.0):
    """Return what fit records and says where the first weights are so many times as large."""
    net = MLP((4, 8, 3), dtype=np.float64)
    net.w = times * net.w
    return net.fit(*sets()[0], epochs=20, batch_size=32, optimizer=SGD(rate), callbacks=[])


NEARLY_ALL = [0.955] * 10
RUNS = {
    "NaN": (run(loss=[0.9, math.nan, math.nan]), "^loss is nan in epoch 2", run()),
    "ln of the classes": (
        run(loss=[1.12, 1.1, 1.099, 1.0987, 1.0986]),
        r"^The training loss ends at 1\.099, ln 3: every class gets the same",
        run(loss=[1.12, 1.0, 0.9, 0.85, 0.849]),
    ),
    "did not fall": (run(loss=[0.8, 0.79, 0.8, 0.795]), r"^The training loss went from 0\.800 to 0\.795 in 4", run()),
    "climbed": (
        run(loss=[0.8, 0.5, 0.6, 0.9]),
        r"climbed from 0\.5 in epoch 2 to 0\.9",
        run(loss=[0.8, 0.5, 0.49]),
    ),
    "high at first": (
        run(loss=[14.0, *GOOD["loss"]]),
        r"^The first epoch's loss is 14, and guessing gives 1\.1",
        run(),
    ),
    "not done": (
        run(val_loss=[1.0, 0.9, 0.8, 0.7, 0.6, 0.52, 0.45, 0.4, 0.36, 0.33]),
        r"^val_loss still fell in the last fifth of the epochs, from 0\.400 to 0\.330",
        run(),
    ),
    "overfitted": (
        run(val_loss=[0.8, 0.5, 0.4, 0.42, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7]),
        r"^val_loss was lowest in epoch 3, 0\.400, and rose to 0\.700",
        run(val_loss=[0.8, 0.5, 0.4, 0.41, 0.41, 0.42, 0.41, 0.42, 0.42, 0.42]),
    ),
    "gap": (
        run(accuracy=[1.0] * 10),
        r"^The accuracy is 1\.00 in training and 0\.85 in validation",
        run(accuracy=[0.9] * 10),
    ),
    "better unseen": (
        run(val_accuracy=NEARLY_ALL),
        r"^The accuracy is 0\.95 in val|0\.96 in validation and only 0\.86",
        run(),
    ),
    "baseline": (
        run(accuracy=[0.37] * 10, val_accuracy=[0.36] * 10),
        r"^The validation accuracy is 0\.36, and always saying class \d gets 0\.3",
        run(accuracy=[0.5] * 10, val_accuracy=[0.48] * 10),
    ),
    "no epochs": ({}, "^history has no epochs", run()),
    "no history": ("fitted", "^history must be what fit returned; got 'fitted'", run()),
    "no numbers": (run(loss=["a", "b"]), r"^history\['loss'\] must hold a number", run()),
    "diverged": (fitted(1e100), "^The run stopped when its numbers were no longer finite", fitted(0.1)),
    "began too large": (fitted(0.1, 1e200), "^The run could not begin", run()),
}
OF_THEIR_OWN = {  # questions for which nothing in the tables is a case: tests of their own ask them
    about_runs.too_few_samples_to_choose_by,
    about_runs.validation_by_another_set,
    about_runs.test_set_opened_twice,
    about_runs.test_far_below_validation,
}


@pytest.mark.parametrize("name", RUNS)
def test_a_fault_of_a_run_is_named_and_its_neighbour_is_not(name):
    history, sentence, right = RUNS[name]
    found = said(*sets(), history=history)
    assert [one for one in found if re.search(sentence, one)], found
    # 600 samples leave an accuracy near one half uncertain by 0.04 only.
    assert said(*sets(), history=right) == []


def test_a_run_that_goes_on_from_a_trained_network_need_not_fall():
    assert said(*sets(), history=run(loss=[0.244, 0.243, 0.242, 0.242, 0.242])) == []


def test_a_network_in_the_manner_of_keras_is_judged_in_silence():
    train, val, test = sets()
    net = MLP((4, 3), dtype=np.float64)
    kept = types.SimpleNamespace(
        history=dict(
            net.fit(*train, epochs=20, batch_size=32, optimizer=SGD(0.1), validation_data=test, callbacks=[]).history
        )
    )

    class Model:
        """Has Keras's names; `evaluate` talks unless it is told not to, and gives a list."""

        compile = None

        def evaluate(self, X, y, verbose=1):
            assert verbose == 0
            return list(net.evaluate(X, y))

        def get_weights(self):
            return net.get_weights()

    exam = project.Sealed(*test)
    assert exam.evaluate(Model()) == exam.evaluate(Model()) == net.evaluate(*test) and len(exam.judged) == 1
    (sentence,) = said(train, val, exam, history=kept, model=Model())
    assert sentence.startswith("val_loss is the loss on the test set")


def test_a_given_baseline_counts_instead_of_the_most_frequent_class():
    (sentence,) = said(*sets(), history=run(), baseline=0.84)
    assert sentence.startswith("The validation accuracy is 0.85, and the baseline gets 0.84; on 600 samples")
    assert said(*sets(), history=run(), baseline=0.7) == []


def test_the_best_of_many_coin_tossers_has_nothing_learned():
    """Of twenty on 66 samples the best is beyond the margin of one in a third of all projects."""
    rng, train, y = np.random.default_rng(11), (np.zeros((200, 1)), np.tile([0, 1], 100)), np.tile([0, 1], 33)
    train[0][:, 0], X, silent = rng.normal(size=200), rng.normal(size=(66, 1)), []
    for _ in range(100):
        tossed = {f"coin {k}": np.mean(rng.integers(0, 2, 66) == y) for k in range(20)}
        found = " ".join(project.check(train, (X, y), runs=tossed))
        silent.append("chance moves the best of 20 by 0.2: is there anything to learn in X?" not in found)
    assert np.sum(silent) <= 6  # by the binomial 1.8 of 100
    assert not any("anything" in one for one in project.check(train, (X, y), runs={"a": 0.6, "b": 0.75}))


def test_shares_are_told_with_the_digits_that_tell_them_apart():
    assert telling.apart(0.85, 0.84) == ["0.85", "0.84"] and telling.apart(0.5, 0.5) == ["0.50", "0.50"]
    assert telling.apart(0.998, 0.997) == ["0.998", "0.997"] and telling.apart(0.001, 0.004) == ["0.001", "0.004"]
    assert telling.apart(1, 0.9996) == ["1.0000", "0.9996"] and telling.apart(0.0, 1.0) == ["0.00", "1.00"]
    (sentence,) = said(*sets(), history=run(val_accuracy=[0.998] * 10), baseline=0.997)[-1:]
    assert sentence.startswith("The validation accuracy is 0.998, and the baseline gets 0.997; on 600 samples")


def test_a_test_set_that_gave_a_loss_alone_or_more_than_an_accuracy():
    train, val, test = sets()

    def judged_by(*measured):
        exam = project.Sealed(*test)
        exam.evaluate(types.SimpleNamespace(evaluate=lambda X, y: measured, get_weights=lambda: [np.ones(1)]))
        return said(train, val, exam, history=run())

    assert judged_by(0.35) == judged_by(0.35, 0.85, 0.04) == []
    assert judged_by(0.35, 0.5)[0].startswith("The test accuracy is 0.50 and validation promised 0.85")


def test_shares_of_the_classes_alone_are_seen_in_a_loss():
    given = fewer(1, 250)
    shares = np.bincount(given[0][1]) / len(given[0][1])
    loss = -(shares * np.log(shares)).sum()
    assert "what the shares of the classes alone give" in said(*given, history=run(loss=[1.2, loss, loss]))[0]
    assert said(*given, history=run(loss=[1.2, 0.8 * loss, 0.8 * loss])) == []


def test_too_few_samples_to_choose_by():
    few = sets(parts=(1200, 60, 60))
    (sentence,) = said(*few[:2], history=run())
    assert sentence.startswith(
        "60 validation samples leave an accuracy of 0.85 uncertain by 0.09, and the difference of two by 0.13"
    )
    (sentence,) = said(*few[:2], runs={"layer": 0.85, "deep": 0.87, "wide": 0.6})
    assert sentence.startswith("deep gets 0.870, and layer 0.850 of 60 validation samples, closer than chance (0.13)")
    assert said(*few[:2], runs={"layer": 0.7, "deep": 0.95}) == []


def test_a_test_set_that_was_opened_twice():
    train, val, test = sets()
    exam, net = project.Sealed(*test), MLP((4, 3), dtype=np.float64)
    assert repr(exam) == "Test set of 600 samples, not opened yet"
    history = net.fit(*train, epochs=20, batch_size=32, optimizer=SGD(0.1), validation_data=val, callbacks=[])
    first = exam.evaluate(net)
    assert first == exam.evaluate(net) == net.evaluate(*test) and exam.judged == [first]  # a cell that is run again
    assert said(train, val, exam, history=history, model=net) == []
    other = MLP((4, 3), seed=1, dtype=np.float64)
    exam.evaluate(other)
    assert repr(exam) == "Test set of 600 samples, opened for 2 models"
    (sentence,) = said(train, val, exam, history=history)
    assert sentence.startswith(f"The test set has judged 2 models ({first[1]:.3f}, ")


@pytest.mark.parametrize("scaling", [(1.0, 1.0), (0.0, 2.0)])
def test_a_test_set_that_judged_another_scaling(scaling):
    exam, net = project.Sealed(*sets()[2]), MLP((4, 3), dtype=np.float64)
    for mean, spread in [(0.0, 1.0), (0.0, 1.0), scaling]:
        exam.evaluate(project.Pipeline(net, [mean] * 4, [spread] * 4, list("abcd"), list("rst")))
    assert len(exam.judged) == 2


def test_a_test_that_validation_did_not_foretell():
    train, val, test = sets()
    net = MLP((4, 3), dtype=np.float64)
    net.fit(*train, epochs=20, batch_size=32, optimizer=SGD(0.1), callbacks=[])
    exam = project.Sealed(test[0], np.random.default_rng(0).permutation(test[1]))
    exam.evaluate(net)
    (sentence,) = said(train, val, exam, runs={"chosen": 0.9})
    assert re.match(r"The test accuracy is 0\.3\d and validation promised 0\.90", sentence)


@pytest.mark.parametrize(("which", "name"), [(2, "test"), (0, "training")])
def test_a_run_that_another_set_validated(which, name):
    given = sets()
    net = MLP((4, 3), dtype=np.float64)
    history = net.fit(
        *given[0], epochs=20, batch_size=32, optimizer=SGD(0.1), validation_data=given[which], callbacks=[]
    )
    (sentence,) = said(*given, history=history, model=net)
    assert sentence.startswith(f"val_loss is the loss on the {name} set, {net.evaluate(*given[which])[0]:.4f}")
    history = (net := MLP((4, 3), dtype=np.float64)).fit(
        *given[0], epochs=20, batch_size=32, optimizer=SGD(0.1), validation_data=given[1], callbacks=[]
    )
    assert said(*given, history=history, model=net) == []


def test_images_of_any_shape_and_one_hot_labels_are_read():
    train, val, test = sets()
    folded = [(X.reshape(-1, 2, 2), np.eye(3)[y]) for X, y in (train, val, test)]
    assert said(*folded) == []


def twins_of(A, B):
    return about_data.same_sample_in_two_sets(gather((A, None), (B, None), None, None, None, None, None))


def test_points_that_lie_anyhow_are_no_twins():
    for seed in range(15):
        rng = np.random.default_rng(seed)
        for n, d, columns in [
            (50, 1, 1),
            (200, 2, 2),
            (800, 2, 10),
            (300, 3, 3),
            (300, 3, 60),
            (500, 10, 10),
            (300, 99, 99),
        ]:
            onto = rng.normal(size=(d, columns))  # with fewer dimensions than columns, they lie on a surface
            assert twins_of(*(rng.normal(size=(n, d)) @ onto for _ in range(2))) == []


@pytest.mark.parametrize("noise", [0.003, 0.02])
def test_images_that_were_saved_with_a_loss_are_twins(noise):
    images = load_mnist()[0][0][:700].reshape(700, -1) / 255
    copies = images[:40] + np.random.default_rng(0).normal(0, noise, (40, 784))
    (sentence,) = twins_of(images[:500], np.concatenate([copies, images[500:]]))
    many = int(re.match(r"(\d+) of 240 rows of the validation set are nearly a row of the training set", sentence)[1])
    assert 37 <= many <= 43
    assert twins_of(images[:500], images[500:]) == []


def test_rows_that_come_again_and_again_anyhow_are_not_taken_for_a_leak():
    coarse = np.random.default_rng(0).integers(0, 3, (900, 2)).astype(float)
    assert twins_of(coarse[:500], coarse[500:]) == []
    assert twins_of(coarse[:500], coarse[:500])[0].startswith("All 500 rows")


def test_shares_that_chance_alone_makes_are_not_told():
    for seed in range(300):
        y = np.random.default_rng(seed).integers(0, 10, 900)
        facts = gather(*((np.eye(10)[part], part) for part in np.split(y, [500, 700])), None, None, None, None)
        assert about_data.classes_in_other_shares(facts) == []


def test_every_question_is_tried():
    tried = [gather(*(*faulty, None)[:3], None, None, None, None) for faulty, *_ in DATA.values()]
    tried += [gather(*sets(), history, None, None, None) for history, *_ in RUNS.values()]
    silent = {one for one in (*about_data.QUESTIONS, *about_runs.QUESTIONS) if not any(map(one, tried))}
    assert silent == OF_THEIR_OWN


STRANGE = st.one_of(
    st.none(),
    st.sampled_from([0, "text", [], (), {}, object(), np.ones(3), [[1], [2, 3]], math.nan, b"x", 1j, set(), len, "ab"]),
    st.builds(lambda n: (np.ones((n, 2)), np.arange(n)), st.integers(0, 60)),
    st.builds(lambda: types.SimpleNamespace(history={"loss": [1.0, 2.0]})),
    st.tuples(
        arrays.arrays(
            st.sampled_from([float, np.float32, int, np.uint8, bool, complex, "U2", object]),
            arrays.array_shapes(max_dims=3, max_side=6),
        ),
        arrays.arrays(
            st.sampled_from([float, int, np.uint64, bool, "U2"]), arrays.array_shapes(max_dims=2, max_side=6)
        ),
    ),
    st.integers(2, 40).flatmap(
        lambda n: st.tuples(
            arrays.arrays(float, (n, 3), elements=st.floats(width=64)),
            arrays.arrays(int, n, elements=st.integers(-2, 4)),
        )
    ),
)
SERIES = st.one_of(st.lists(st.floats(), max_size=12), st.just("abc"), st.lists(st.text(), max_size=3), st.none())
HISTORY = st.one_of(STRANGE, st.dictionaries(st.sampled_from(list(GOOD)), SERIES), st.builds(object))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(train=STRANGE, val=STRANGE, test=STRANGE, history=HISTORY, runs=STRANGE, model=STRANGE, baseline=STRANGE)
def test_strange_input_gives_sentences_and_never_an_error(train, val, test, history, runs, model, baseline):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = project.check(train, val, test, history=history, runs=runs, model=model, baseline=baseline)
    assert all(isinstance(sentence, str) and sentence for sentence in report) and repr(report)


# Files become arrays


def put(folder, name, content):
    """Write a file of text, or of bytes; return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_table_of_penguins_is_read_as_it_stands():
    table = project.read_table(penguins_csv())
    assert list(table) == [
        *("species", "island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex", "year")
    ]
    assert all(len(column) == 344 for column in table.values())
    assert table["body_mass_g"][:2].tolist() == [3750, 3800] and np.isnan(table["body_mass_g"]).sum() == 2
    assert (table["sex"] == "").sum() == 11 and table["species"][-1] == "Chinstrap" and table["year"].dtype == float


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,x\n2.5,y\n\n",
        "a;b\r\n1;x\r\n2,5;y\r\n",
        "a\tb\n1\tx\n2,5\ty",
        '\ufeffa,b\n"1",x\n 2.5 , y \n',
        "a,b\n1,x\n2.5,y\n".encode("utf-16"),
    ],
    ids=["commas", "semicolons and decimal commas", "tabs", "quotes and spaces", "UTF-16"],
)
def test_tables_are_read_as_programs_write_them(tmp_path, content):
    table = project.read_table(put(tmp_path, "t.csv", content))
    assert table["a"].tolist() == [1, 2.5] and table["b"].tolist() == ["x", "y"]


def test_what_means_missing_can_be_said(tmp_path):
    path = put(tmp_path, "t.csv", "a,b\n1,\n-,z\nNA,z\n")
    assert project.read_table(path)["a"].tolist() == ["1", "-", ""]
    a, b = project.read_table(path, missing=("", "-", "NA")).values()
    np.testing.assert_array_equal(a, [1, np.nan, np.nan])
    assert b.tolist() == ["", "z", "z"]


def test_one_word_or_a_number_may_mean_missing(tmp_path):
    path = put(tmp_path, "t.csv", "a,b\n1,N\n-999,A\nNA,NA\n")
    a, b = project.read_table(path, missing="NA").values()
    np.testing.assert_array_equal(a, [1, -999, np.nan])
    assert b.tolist() == ["N", "A", ""]
    for missing in [(-999, "NA"), [np.int64(-999), "NA"]]:
        np.testing.assert_array_equal(project.read_table(path, missing=missing)["a"], [1, np.nan, np.nan])
    assert project.read_table(path, missing=-999)["a"].tolist() == ["1", "", "NA"]


def test_a_column_of_numbers_with_a_word_in_it_is_said(tmp_path):
    path = put(tmp_path, "t.csv", "a\n" + "1\n" * 20 + "unknown\n")
    with pytest.warns(UserWarning, match="column a is read as text: 20 of its entries .* in line 22: 'unknown'"):
        assert project.read_table(path)["a"].dtype.kind == "U"


def test_letters_of_windows_are_read_with_a_warning(tmp_path):
    path = put(tmp_path, "t.csv", "a,b\n1,Köln\n".encode("cp1252"))
    with pytest.warns(UserWarning, match=r"t\.csv is not in UTF-8 \(line 2\)"):
        assert project.read_table(path)["b"].tolist() == ["Köln"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", r"t\.csv is empty"),
        ("\n \n", r"t\.csv is empty"),
        ("a,b\n", r"t\.csv has a line of names and no other"),
        ("a,b\n1,2\n3\n", r"t\.csv, line 3, has 1 entry and the line of names 2; look for a separator \(a comma\)"),
        ("a,a\n1,2\n", "two columns are named a"),
        ("a,\n1,2\n", "column 2 has no name"),
        ("5.1,3.5\n4.9,3.0\n", r"the first line holds numbers \(5\.1, 3\.5\)"),
        (b"PK\x03\x04abc", r"t\.csv is a zip archive: unpack it"),
        (b"a,b\n1,\x00\n", "is no text"),
        (b"\xff\xfea", "is no text"),
        ("a,b\n" + "x" * 200_000 + ",1\n", r"line 2, can't be read as a table: field larger"),
    ],
)
def test_a_table_that_is_none_is_refused_in_a_sentence(tmp_path, content, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        project.read_table(put(tmp_path, "t.csv", content))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    put(tmp_path, "mine.csv", "a\n1\n")
    for path, advice in [
        (tmp_path / "mime.csv", r"did you mean mine\.csv\?$"),
        (tmp_path / "x.txt", r"look where the notebook runs: Path\.cwd\(\)\.$"),
        (tmp_path / "no" / "x.csv", r"there is no folder .*no\.$"),
    ]:
        for read in (project.read_table, project.read_lines, project.read_images, project.load_model):
            with pytest.raises(FileNotFoundError, match=advice if read is not project.load_model else "not there"):
                read(path)
    with pytest.raises(ValueError, match="is a folder"):
        project.read_table(tmp_path)
    for strange in (None, 3, ["a.csv"], b"a.csv"):
        for read in (project.read_table, project.read_lines, project.read_images, project.load_model):
            with pytest.raises(TypeError, match="path"):
                read(strange)


@pytest.fixture
def pictures(tmp_path):
    """A folder of images: two classes, several kinds of file."""
    grey = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5
    for name, mode in {"cats/b.png": "L", "cats/a.png": "RGBA", "dogs/c.PNG": "P", "dogs/d.bmp": "RGB"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(grey).convert(mode).save(tmp_path / name)
    put(tmp_path, "cats/.DS_Store", "x")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    return tmp_path, grey


def test_a_folder_of_images_becomes_arrays(pictures):
    folder, grey = pictures
    images, y, classes = project.read_images(folder)
    assert images.shape == (4, 6, 8) and images.dtype == np.uint8 and classes == ["cats", "dogs"]
    assert y.tolist() == [0, 0, 1, 1]
    assert all(np.abs(image.astype(int) - grey).max() <= 1 for image in images)
    small, *_ = project.read_images(folder, size=(3, 4))
    assert small.shape == (4, 3, 4) and abs(small.mean() - grey.mean()) < 1


def test_a_picture_lies_on_white(tmp_path):
    ink, alpha = np.array([[0, 0, 0, 200]], np.uint8), np.array([[0, 51, 255, 255]], np.uint8)
    half = Image.merge("LA", (Image.fromarray(ink), Image.fromarray(alpha)))
    palette = Image.fromarray(np.array([[1, 0, 0, 2]], np.uint8), "P")
    palette.putpalette([0, 0, 0, 90, 90, 90, 200, 200, 200])
    (tmp_path / "a").mkdir()
    half.save(tmp_path / "a" / "1.png")
    half.convert("RGBA").save(tmp_path / "a" / "2.png")
    palette.save(tmp_path / "a" / "3.png", transparency=1)
    images = project.read_images(tmp_path)[0][:, 0].astype(int)
    # 51 of 255: a fifth is black, and four fifths are white
    np.testing.assert_allclose(images, [[255, 204, 0, 200], [255, 204, 0, 200], [255, 0, 0, 200]], atol=1)


@pytest.mark.parametrize(("name", "kind"), [("b.png", np.uint16), ("b.pgm", np.uint16), ("b.tif", np.float32)])
def test_more_than_256_greys_are_refused(tmp_path, name, kind):
    path = tmp_path / "a" / name
    path.parent.mkdir()
    Image.fromarray(np.arange(0, 60_000, 5000).reshape(3, 4).astype(kind)).save(path)
    with pytest.raises(ValueError, match=rf"^a/{name} can't be read: it has more than 256 greys; save it with 8 bits"):
        project.read_images(tmp_path)


def test_what_is_no_image_is_said_by_name(pictures):
    folder, grey = pictures
    put(folder, "dogs/notes.txt", "x")
    with pytest.warns(UserWarning, match=r"names are not those of images: notes\.txt"):
        assert len(project.read_images(folder)[0]) == 4
    (folder / "dogs/notes.txt").unlink()
    content = (folder / "cats/b.png").read_bytes()
    for bad in (b"", b"text", content[:50]):
        put(folder, "cats/b.png", bad)
        with pytest.raises(ValueError, match=r"^cats/b\.png can't be read: .*\.$"):
            project.read_images(folder)
    plt.imsave(folder / "cats/b.png", grey[1:])
    with pytest.raises(ValueError, match=r"a\.png has 6 × 8 pixels and b\.png has 5 × 8 pixels; .* size=\(28, 28\)"):
        project.read_images(folder)
    put(folder, "fish/.hidden", "")
    with pytest.raises(ValueError, match="folder fish has no images"):
        project.read_images(folder, size=(6, 8))
    with pytest.raises(ValueError, match="has no folders in it"):
        project.read_images(folder / "cats")
    with pytest.raises(ValueError, match="is a file"):
        project.read_images(folder / "cats" / "a.png")
    for size in [(0, 3), 8, (8,), (2, 3, 4), "ab"]:
        with pytest.raises((TypeError, ValueError), match="size"):
            project.read_images(folder, size=size)


def test_lines_of_text_become_texts_and_numbers(tmp_path):
    path = put(tmp_path, "t.tsv", "spam\tBuy now!\nham\t See you\tlater. \n\nspam\tÜber\n")
    texts, y, classes = project.read_lines(path)
    assert texts == ["Buy now!", "See you\tlater.", "Über"] and y.tolist() == [1, 0, 1] and classes == ["ham", "spam"]
    assert project.read_lines(put(tmp_path, "t.txt", "a: b"), ":")[0] == ["b"]


@pytest.mark.parametrize("letter", ["\u2028", "\x0c", "\x85", "\x1e"])
def test_a_line_ends_where_editors_end_it(tmp_path, letter):
    path = put(tmp_path, "t.tsv", f"spam\tBuy{letter}now!\rham\tSee you.\r\nham\tLater.\n")
    assert project.read_lines(path)[0] == [f"Buy{letter}now!", "See you.", "Later."]
    table = project.read_table(put(tmp_path, "t.csv", f"a,b{letter}c;d;e,f\n1,2,3\n"))
    assert list(table) == ["a", f"b{letter}c;d;e", "f"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        ("a\tb\nc d\n", r"t\.txt, line 2, is 'c d'; expected a class, a tab and a text"),
        ("a\tb\nc\t\n", "line 2"),
        ("\tb\n", "line 1"),
    ],
)
def test_lines_that_are_not_as_the_others_are_named(tmp_path, content, sentence):
    with pytest.raises(ValueError, match=sentence):
        project.read_lines(put(tmp_path, "t.txt", content))
    for separator in ("", None, 3):
        with pytest.raises(ValueError, match="separator must be"):
            project.read_lines(tmp_path / "t.txt", separator)


# Models are kept


@pytest.fixture(scope="module")
def pipeline():
    """A small trained model with its scaling and its names."""
    rng = np.random.default_rng(0)
    net = MLP((2, 3, 2), activation="tanh", dtype=np.float64)
    net.w = rng.normal(size=net.w.size)
    return project.Pipeline(net, [5.0, 2000.0], np.array([2.0, 300.0]), ["length", "mass"], np.array(["female", "♂"]))


NEW = [[4.0, 1800.0], [7.0, 2600.0], [5.5, 2100.0]]


def test_a_pipeline_scales_asks_and_names(pipeline):
    p = pipeline.net.predict((np.array(NEW) - [5, 2000]) / [2, 300])
    np.testing.assert_array_equal(pipeline.predict(NEW), p)
    assert pipeline.classify(NEW) == [["female", "♂"][k] for k in p.argmax(axis=1)]
    assert repr(pipeline) == "Pipeline from length, mass to female, ♂"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_saved_and_loaded_gives_the_same(tmp_path, dtype):
    net = MLP((2, 3, 2), seed=4, dtype=dtype, activation="leaky_relu", l2=0.1, dropout=0.25)
    kept = project.Pipeline(net, [0.5, 2], [1, 3], ["a", "b"], ["no", "yes"])
    kept.save(tmp_path / "model")
    again = project.load_model(str(tmp_path / "model.npz"))
    np.testing.assert_array_equal(again.predict(NEW), kept.predict(NEW))
    assert again.evaluate(NEW, [0] * len(NEW)) == kept.evaluate(NEW, [0] * len(NEW)) and again.net.dropout == 0.25
    assert again.predict(NEW).dtype == dtype and repr(again) == repr(kept)
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]
    with np.load(tmp_path / "model.npz", allow_pickle=False) as npz:
        assert all(npz[name].dtype.kind in "fiU" for name in npz)


def test_a_damaged_model_is_refused_by_name_whichever_ninth_byte_is_wrong(pipeline, tmp_path):
    pipeline.save(tmp_path / "model.npz")
    content = (tmp_path / "model.npz").read_bytes()
    refused = 0
    for place in range(0, len(content), 9):
        bad = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        try:
            again = project.load_model(put(tmp_path, "bad.npz", bad))
        except ValueError as error:
            assert re.match(r"bad\.npz (is damaged, or no saved model|lacks a part); ", str(error)), error
            refused += 1
        else:  # a byte that says nothing, such as the hour at which a part was written
            np.testing.assert_array_equal(again.predict(NEW), pipeline.predict(NEW))
            assert repr(again) == repr(pipeline)
    assert refused > 0.6 * len(content) / 9
    for bad in (b"", content[:-30], content[:200], b"text"):
        with pytest.raises(ValueError, match=r"^bad\.npz is damaged"):
            project.load_model(put(tmp_path, "bad.npz", bad))


def test_a_file_of_another_kind_and_a_pickle_are_refused(pipeline, tmp_path):
    np.savez(tmp_path / "other.npz", X=np.ones(3))
    with pytest.raises(ValueError, match=r"^other\.npz lacks a part"):
        project.load_model(tmp_path / "other.npz")
    pipeline.save(tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as npz:
        kept = dict(npz)
    changes = [{"w": np.array([{"a": 1}], object)}, {"w": kept["w"][1:]}, {"w": kept["w"] * np.nan}]
    changes += [{"sizes": np.array([2.5])}, {"activation": np.array("exp")}, {"classes": np.array(["one"])}]
    changes += [{"spread": np.zeros(2)}, {"mean": np.array(["a", "b"])}, {"sizes": np.array([2, 10**12, 2])}]
    for change in changes:
        np.savez(tmp_path / "model.npz", **{**kept, **change})
        with pytest.raises(ValueError, match=r"^model\.npz is damaged, or no saved model"):
            project.load_model(tmp_path / "model.npz")


def test_what_can_t_make_a_pipeline_is_said(pipeline, refuses):
    net = MLP((2, 2))
    good = dict(net=net, mean=[0, 0], spread=[1, 1], features=["a", "b"], classes=["c", "d"])
    for change, names in [
        ({"net": None}, "net must be a trained MLP"),
        ({"mean": [0]}, r"mean has shape \(1,\)"),
        ({"mean": [0, np.nan]}, r"mean\[1\] is nan"),
        ({"spread": [1, 0]}, "spread of b is not above 0"),
        ({"features": ["a"]}, "features has 1 names; the network has 2"),
        ({"features": "ab"}, "features must be a list of names"),
        ({"classes": [0, 1]}, "classes must be a list of names"),
        ({"classes": None}, "classes must be a list of names"),
    ]:
        refuses(names, project.Pipeline, **{**good, **change})
    refuses(r"X has shape \(2,\).* \[\[\.\.\.\]\]", pipeline.predict, [1.0, 2.0])
    refuses(r"X has shape \(1, 3\); expected \(n, 2\): length, mass", pipeline.classify, [[1.0, 2.0, 3.0]])
    refuses(r"X\[0, 1\] is nan", pipeline.classify, [[1.0, np.nan]])
    refuses("path must name a file", pipeline.save, None)


@pytest.mark.parametrize("bad", [(None, [1]), ([], []), ([1], [1, 2]), (np.ones(3), 5)])
def test_what_can_t_be_sealed_is_said(bad, refuses):
    refuses("X ", project.Sealed, *bad)
    refuses("net must be a trained network", project.Sealed([[1.0]], [0]).evaluate, bad)


def test_a_pipeline_is_judged_and_looked_over_with_rows_as_they_were_measured():
    (X, y), val, test = [(X * [1, 10, 100, 1000] + 50, y) for X, y in sets()]
    assert len(said((X, y), val, test)) == 1  # the columns' scales
    net = MLP((4, 3), dtype=np.float64)
    kept = project.Pipeline(net, X.mean(axis=0), X.std(axis=0), list("abcd"), list("rst"))
    how = {"epochs": 20, "batch_size": 32, "optimizer": SGD(0.1), "callbacks": []}
    history = net.fit(kept.scale(X), y, validation_data=(kept.scale(val[0]), val[1]), **how)
    exam = project.Sealed(*test)
    assert exam.evaluate(kept) == kept.evaluate(*test) == net.evaluate(kept.scale(test[0]), test[1])
    assert said((X, y), val, exam, history=history, model=kept) == []
    everything = np.concatenate([X, val[0], test[0]])
    leaky = project.Pipeline(net, everything.mean(axis=0), everything.std(axis=0), list("abcd"), list("rst"))
    assert said((X, y), val, exam, model=leaky)[0].startswith("Taken together, training and validation and test")
    net = MLP((4, 3), dtype=np.float64)
    history = net.fit(kept.scale(X), y, validation_data=(kept.scale(test[0]), test[1]), **how)
    kept.net = net
    assert said((X, y), val, test, history=history, model=kept)[0].startswith("val_loss is the loss on the test set")
    assert said((X[:, :3], y), model=kept)[0].startswith(
        "X of the training set has 3 columns, and the pipeline takes 4"
    )
