"""The questions about the sets: is each sample in one alone, and are features and classes as training needs them?

Each takes the Facts and returns a list of sentences, empty where all is well.
"""

import itertools

import numpy as np

from gdcourse import checks
from gdcourse.project.gathering import Facts
from gdcourse.project.telling import apart

CLOSE = 0.3  # a twin is at most this share of the way to the tenth nearest sample
MANY = 32  # columns
AT_MOST = 500, 5000  # samples looked at for twins in the one set, and in the other
UNLIKE, LARGE = 10, 20  # times; a number
RARE, LOPSIDED = 10, 4  # samples of a class; times
SURPRISING = 5  # standard errors, for questions that are asked of every class


def _pairs(facts):
    """Yield the pairs of sets that share their features."""
    known = [one for one in facts.sets.values() if one.X is not None]
    yield from itertools.combinations(known, 2)


def same_sample_in_two_sets(facts: Facts):
    """Rows that stand in two sets, in whatever order, or all but."""
    said = []
    for one, other in _pairs(facts):
        same = np.isin(other.rows, one.rows)
        if same.any() and len(np.unique(one.rows)) < one.n / 2 and not np.array_equal(one.X, other.X):
            continue  # where most rows come again and again anyway, another question is due
        if same.all():
            said.append(
                f"All {other.n:,} rows of the {other.name} set are rows of the {one.name} set; a set that judges needs "
                "samples of its own."
            )
        elif same.any():
            stand, copies = ("stands", "is it a copy") if same.sum() == 1 else ("stand", "are they copies")
            said.append(
                f"{same.sum():,} of the {other.n:,} rows of the {other.name} set {stand} in the {one.name} set, too; "
                f"{copies}? Keep one of each, or keep them together in one set."
            )
        elif (near := _twins(one, other.X)) is not None:
            many, looked = near
            said.append(
                f"{many:,} of {looked:,} rows of the {other.name} set are nearly a row of the {one.name} set; are "
                "they copies, or from one source? Then split by source."
            )
    return said


def _twins(one, B):
    """Return how many rows of B lie much nearer to one row of a set than to others, and of how many; None if few.

    Of points that lie anyhow in d dimensions, the nearest is t times as far as the tenth nearest with probability
    9 t^d, nearly: a t is taken that keeps this below a thousandth. d is that of the points themselves, which may lie
    on a line or on a surface: see `_dimension`.
    """
    A, mean, spread = one.X, one.mean, one.spread
    if len(A) < 20:
        return None
    if len(spread) > MANY:  # so that a pixel that hardly ever changes doesn't outweigh the others
        spread = np.maximum(spread, np.quantile(spread, 0.9))
    rows = [np.linspace(0, len(X) - 1, min(len(X), most)).astype(int) for X, most in zip((B, A), AT_MOST)]
    B, A = (np.clip((X[r] - mean) / np.where(spread > 0, spread, 1), -1e6, 1e6) for X, r in zip((B, A), rows))
    if A.shape[1] > MANY:  # distances stay nearly as they are, and take a fraction of the time
        thrown = np.random.default_rng(0).normal(size=(A.shape[1], MANY))
        A, B = A @ thrown, B @ thrown
    apart, own = _nearest(B, A)[:, :10], _nearest(A[:: -(-len(A) // 200)], A)[:, 1:11]  # each is nearest to itself
    near = min(CLOSE, 1e-4 ** (1 / _dimension(own)))
    twins = np.count_nonzero((apart[:, 0] <= near * apart[:, 9]) & (apart[:, 9] > 0))
    return (twins, len(B)) if twins >= max(3, 0.03 * len(B)) else None


def _nearest(B, A):
    """Return the distances of each row of B to the eleven nearest rows of A, the smallest first."""
    squares, found = (A**2).sum(axis=1), []
    for start in range(0, len(B), 100):
        b = B[start : start + 100]
        nearest = np.argpartition((b**2).sum(axis=1)[:, None] + squares - 2 * b @ A.T, 11, axis=1)[:, :11]
        found.append(np.sort(np.sqrt(((A[nearest] - b[:, None]) ** 2).sum(axis=2)), axis=1))
    return np.concatenate(found)


def _dimension(apart):
    """Return the dimension that points seem to fill, at least 1, from the distances to the ten nearest of each.

    Source: E. Levina and P. J. Bickel, Maximum likelihood estimation of intrinsic dimension, NIPS 17 (2004).
    """
    apart = apart[apart[:, 0] > 0]
    if not len(apart):
        return 1.0
    steps = np.log(apart[:, 9:] / apart[:, :9]).mean(axis=1)
    return max(1.0, 1 / max(float(np.median(steps)), 1e-3))


def repeated_rows(facts):
    """Rows that come again within the training set, or come again with another label."""
    if facts.train is None or facts.train.X is None:
        return []
    rows, n = facts.train.rows, facts.train.n
    if (different := len(np.unique(rows))) < n / 2:
        return [
            f"Only {different:,} of the {n:,} training rows differ; are samples repeated, or do the features say too "
            "little?"
        ]
    if facts.train.y is None:
        return []
    both = len(np.unique(np.stack([rows, facts.train.y]), axis=1).T)
    if both > different:
        rows = checks.counted(both - different, "training row")
        return [f"{rows} came again with another label; which of the two is right?"]
    return []


def classes_that_are_missing(facts):
    """A class that one set has and another lacks, or hardly has."""
    labelled = {name: one for name, one in facts.sets.items() if one.y is not None}
    if facts.shares is None:
        return []
    many, said = max(one.y.max() for one in labelled.values()) + 1, []
    counts = {name: np.bincount(one.y, minlength=many) for name, one in labelled.items()}
    everywhere = sum(counts.values()) > 0
    if everywhere.sum() == 1:
        return ["All labels are of one class; what should the network learn to tell apart?"]
    for name, count in counts.items():
        for k in np.flatnonzero(everywhere & (count == 0))[:3]:
            advice = "it can't be learned" if name == "training" else f"nothing is said about it by the {name} set"
            said.append(f"The {name} set has no sample of class {k}; {advice}: shuffle, then split again.")
    few = [k for k in np.flatnonzero(everywhere) if 0 < counts["training"][k] < RARE]
    if few and not said:
        n = counts["training"][few[0]]
        samples = checks.counted(n, "training sample")
        said.append(f"Class {few[0]} has only {samples}; collect more, or leave the class out.")
    return said


def classes_in_other_shares(facts):
    """A class that is far more frequent in one set than in another, as after a split of a sorted file."""
    labelled = [one for one in facts.sets.values() if one.y is not None]
    for one, other in itertools.combinations(labelled, 2):
        many = max(one.y.max(), other.y.max()) + 1
        p, q = (np.bincount(each.y, minlength=many) / len(each.y) for each in (one, other))
        if ((p == 0) ^ (q == 0)).any():
            continue  # a class that is missing is said elsewhere
        both = (p * one.n + q * other.n) / (one.n + other.n)
        error = np.sqrt(both * (1 - both) * (1 / one.n + 1 / other.n))
        worst = int(np.argmax(np.abs(p - q) - SURPRISING * error))
        if abs(p[worst] - q[worst]) > SURPRISING * error[worst]:
            mine, its = apart(p[worst], q[worst])
            return [
                f"Class {worst} has a share of {mine} in the {one.name} set and {its} in the {other.name} set, more "
                "apart than chance; was the file sorted? Shuffle before you split."
            ]
    return []


def classes_out_of_balance(facts):
    """A class that is so frequent that accuracy says little."""
    if facts.shares is None:
        return []
    shares = facts.shares[facts.shares > 0]
    if len(shares) > 1 and shares.max() >= LOPSIDED * shares.min():
        often, seldom = int(np.argmax(facts.shares)), int(np.argmin(np.where(facts.shares > 0, facts.shares, 2)))
        has = np.bincount(facts.train.y)
        return [
            f"Class {often} has {has[often]:,} of the {facts.train.n:,} training samples and class {seldom} "
            f"{has[seldom]:,}; report the accuracy of each class, not only of all."
        ]
    return []


def features_on_different_scales(facts):
    """Columns whose spreads differ by a factor, or numbers that are large altogether."""
    if facts.train is None or facts.train.X is None:
        return []
    X, spread = facts.train.X, facts.train.spread
    largest = np.maximum(np.abs(facts.train.low), np.abs(facts.train.high))
    dense = np.count_nonzero(X, axis=0) > len(X) / 2
    seen = np.flatnonzero(dense & (spread > 1e-12 * largest))
    if len(seen) > 1 and spread[seen].max() >= UNLIKE * spread[seen].min():
        low, high = seen[spread[seen].argmin()], seen[spread[seen].argmax()]
        return [
            f"Column {high} varies {spread[high] / spread[low]:,.0f} times as much as column {low}; subtract each "
            "column's mean and divide by its spread, both of the training set."
        ]
    if np.quantile(np.abs(X[:: -(-len(X) // 1000)]), 0.99) > LARGE:
        return [
            f"X reaches {largest.max():,.4g}; rates such as 0.1 are made for numbers near 1: scale X, pixels by / 255."
        ]
    return []


def scaling_that_saw_more_than_training(facts):
    """A scaling that was fitted before the split, or anew on each set."""
    train, *others = [one for one in facts.sets.values() if one.X is not None] or [None]
    if train is None or train.name != "training":
        return []
    for more in [*itertools.combinations(others, 1), *itertools.combinations(others, 2)]:
        sets = train, *more
        if (_standard(*sets) & ~_standard(train)).any():
            what = "mean 0 and spread 1"
        elif _fills(train, *sets) and not _fills(train, train):
            what = "the least 0 and the largest 1"
        else:
            continue
        names = " and ".join(one.name for one in sets)
        return [
            f"Taken together, {names} have exactly {what}, and training alone has not; fit the scaling after the "
            "split, on training alone."
        ]
    for one in others:
        if one.n > 4 and (_standard(one) & (train.low < train.high)).any() and not np.array_equal(one.X, train.X):
            return [f"The {one.name} set has exactly mean 0 and spread 1; use the training set's mean and spread."]
    return []


def _standard(*sets):
    """Say for each column whether its mean over these sets is 0 and its spread 1, with either way to count n.

    A column of 1 and -1 alone is left out: it may have them by nature.
    """
    n = sum(one.n for one in sets)
    mean = sum(one.n * one.mean for one in sets) / n
    spread = np.sqrt(sum(one.n * (one.spread**2 + (one.mean - mean) ** 2) for one in sets) / n)
    one = (np.abs(spread - 1) < 1e-4) | (np.abs(spread * np.sqrt(n / max(n - 1, 1)) - 1) < 1e-4)
    reach = np.max([np.maximum(np.abs(each.low), np.abs(each.high)) for each in sets], axis=0)
    return one & (np.abs(mean) < 1e-5) & (reach > 1 + 1e-3)


def _fills(train, *sets):
    """Say whether over these sets each column with numbers in between reaches from exactly 0 to exactly 1."""
    low, high = np.min([one.low for one in sets], axis=0), np.max([one.high for one in sets], axis=0)
    if low.min() != 0 or high.max() != 1:
        return False
    inside = ((train.X != 0) & (train.X != 1)).any(axis=0)
    return bool(inside.any() and (low[inside] == 0).all() and (high[inside] == 1).all())


def sets_on_other_scales(facts):
    """A set that was not scaled as the training set was."""
    for one, other in _pairs(facts):
        spread = np.where(one.spread > 0, one.spread, np.inf)
        far = np.abs(other.mean - one.mean) > UNLIKE * spread
        wide = other.spread > UNLIKE * spread
        if one.n > RARE and (far | wide).sum() > 0.5 * np.isfinite(spread).sum():
            return [
                f"The {other.name} set lies far from the {one.name} set in {(far | wide).sum()} of {len(far)} "
                "columns; scale both with the same numbers."
            ]
    return []


def column_that_tells_the_class(facts):
    """A column that alone tells all classes of the training set apart."""
    train = facts.train
    if train is None or train.X is None or train.y is None or train.X.shape[1] > 200 or len(train.y) < 50:
        return []
    counts = np.bincount(train.y)
    if (counts > 0).sum() < 2 or counts[counts > 0].min() < 5:
        return []
    for column, x in enumerate(train.X.T):
        order = np.lexsort([train.y, x])
        x, y = x[order], train.y[order]
        steps = y[1:] != y[:-1]
        if steps.sum() == (counts > 0).sum() - 1 and (x[1:] > x[:-1])[steps].all():
            return [
                f"Column {column} alone tells all classes of the training set apart; will it be known before the "
                "answer is?"
            ]
    return []


QUESTIONS = (
    same_sample_in_two_sets,
    repeated_rows,
    classes_that_are_missing,
    classes_in_other_shares,
    classes_out_of_balance,
    column_that_tells_the_class,
    scaling_that_saw_more_than_training,
    sets_on_other_scales,
    features_on_different_scales,
)
