"""A slip is found in the learner's own code: the change that makes it right says where it stands."""

import dataclasses

import numpy as np
import pytest
from test_exercises import EXERCISES, named
from test_exercises_claims import told

from gdcourse.exercises import catalogue
from gdcourse.exercises.lessons.lesson_04 import mse_gradient
from gdcourse.exercises.slips import trees
from gdcourse.exercises.slips.computing import other_numbers
from gdcourse.exercises.slips.repairs import REPAIRS


@pytest.mark.parametrize(
    ("name", "body", "said", "unsaid"),
    [
        (
            "first_rise",
            "for step in range(1, steps + 1):\n    w_next = w - learning_rate * gradient(w)\n    w = w_next\n"
            "    if loss(w_next) > loss(w):\n        return step\nreturn 0",
            "`w = w_next` comes too early, before `if loss(w_next) > loss(w):`",
            "runs once",
        ),
        (
            "standardise",
            "old = (old - old.mean(axis=0)) / old.std(axis=0)\nnew = (new - old.mean(axis=0)) / old.std(axis=0)\n"
            "return old, new",
            "comes too early, before `new = ",
            "is not divided",
        ),
        (
            "accuracy",
            "guess = p.argmax(axis=1, keepdims=True)\nreturn (guess == y).mean()",
            "With keepdims `p.argmax` stays a column",
            "nan",
        ),
        (
            "accuracy",
            "return (p.argmax(axis=1) == y).sum() / len(y[::2])",
            "`len(y[::2])` counts only a part of `y`",
            "takes only",
        ),
        (
            "two_errors",
            "accepted = distances < threshold\nfalse = np.sum(accepted & same == 0) / np.sum(same == 0)\n"
            "return false, np.sum(~accepted & (same == 1)) / np.sum(same == 1)",
            "Without brackets `&` comes first, so `accepted & same` is compared",
            "divide",
        ),
        # what is done again, once is enough
        (
            "two_layer_step",
            "z1 = X @ W1\na1 = np.maximum(z1, 0)\ndz1 = (dz2 @ W2.T) * (z1 > 0)\n"
            "W2 = W2 - learning_rate * a1.T @ dz2\nW1 = W1 - learning_rate * X.T @ dz1\n"
            "W2 = W2 - learning_rate * a1.T @ dz2\nreturn W1, W2",
            "`W2 = W2 - learning_rate * a1.T @ dz2` stands twice",
            "is doubled",
        ),
        (
            "two_layer_step",
            "z1 = X @ W1\na1 = np.maximum(z1, 0)\ndz1 = (dz2 @ W2.T) * (z1 > 0)\n"
            "W1 = W1 - learning_rate * X.T @ dz1\nW2 = W2 - learning_rate * a1.T @ dz2\n"
            "W1 = W1 - learning_rate * X.T @ dz1\nreturn W1, W2",
            "`W1 = W1 - learning_rate * X.T @ dz1` stands twice",
            "is doubled",
        ),
        (
            "layer_gradient",
            "dz = p.copy()\nfor i in range(len(y)):\n    dz[np.arange(len(y)), y] -= 1\ndz /= len(y)\n"
            "return X.T @ dz, dz.sum(axis=0)",
            "`for i in range(len(y)):` does one and the same thing again",
            "divided by n",
        ),
        # a summand of which another change makes nothing, or the other one
        (
            "cross_entropy",
            "onehot = np.eye(p.shape[1])[y]\n"
            "return -(onehot * np.log(p) + (1 - onehot) * np.log(1 - p)).sum(axis=1).mean()",
            "`(1 - onehot) * np.log(1 - p)` is added, and that is too much",
            "brackets",
        ),
        (
            "cross_entropy",
            "t = np.eye(p.shape[1])[y]\nreturn np.mean(np.sum(-t * np.log(p) - (1 - t) * np.log(1 - p), axis=1))",
            "`(1 - t) * np.log(1 - p)` is subtracted, and that is too much",
            "brackets",
        ),
        (
            "slope_between",
            "middle = (left + right) / 2\nreturn (height(middle) - height(left)) / (middle - left)",
            "expected",
            "It uses `left`",
        ),
        (
            "first_rise",
            "for step in range(1, steps + 1):\n    w_next = w - learning_rate * gradient(w)\n"
            "    if loss(w_next) > loss(w):\n        return step\n    w = w_next\nreturn steps",
            "Where no step raises the loss, it gives the number of all steps",
            "is not subtracted",
        ),
        (
            "first_rise",
            "losses = [loss(w)]\nfor _ in range(steps):\n    w = w - learning_rate * gradient(w)\n"
            "    losses.append(loss(w))\nreturn int((np.diff(losses) > 0).argmax()) + 1",
            "Where no step raises the loss, it gives 1",
            "another number",
        ),
        (
            "accuracy",
            "right = 0\nfor row, label in zip(p, y):\n    if row.argmax() == label:\n        right += 1\n"
            "    else:\n        right -= 1\nreturn right / len(y)",
            "`right -= 1` is too much",
            "off by one",
        ),
        # all that comes of what is overwritten
        (
            "standardise",
            "old -= old.mean(axis=0)\nold /= old.std(axis=0)\nnew -= old.mean(axis=0)\nnew /= old.std(axis=0)\n"
            "return old, new",
            "`old` is overwritten, and `new -= old.mean(axis=0)` already uses the new one",
            "A division is missing",
        ),
        # a sign that a minus before brackets turns
        (
            "walk",
            "for _ in range(steps):\n    w =- (learning_rate + gradient(w))\nreturn w",
            "The sign of `gradient(w)` is turned by the minus",
            "added instead",
        ),
        ("samples_needed", "return (2 / margin) ** 2 * accuracy * 1 - accuracy", "for it has no brackets", "too much"),
        (
            "cosine_rate",
            "if step >= steps:\n    return floor\n"
            "return floor + (peak - floor) * (1 + np.cos(np.pi * step / steps) / 2)",
            "In `1 + np.cos(np.pi * step / steps) / 2` the division is done first",
            "another number",
        ),
        (
            "add_up",
            "total = gradients[0] * sizes[0]\nfor gradient, size in zip(gradients, sizes):\n"
            "    total = total + gradient * size\nreturn total / sum(sizes)",
            "The first share is in the sum twice",
            "place of the largest",
        ),
        (
            "embedding_gradient",
            "dE = np.zeros((words, len(v)))\nfor numbers, d in zip(X, dz):\n    for word in numbers:\n"
            "        dE[word] += d * v\nreturn dE",
            "`numbers` is taken whole",
            "It uses `words`",
        ),
        (
            "dropout",
            "if training:\n    return a * (u >= rate) / 1 - rate\nreturn a",
            "Where do brackets belong",
            "share that is dropped",
        ),
        (
            "dropout",
            "if training:\n    return a * (u >= rate) / rate\nreturn a * (1 - rate)",
            "scales in training, and in prediction once more",
            "multiplied by",
        ),
        (
            "translate",
            "said = [0, 0]\nfor _ in range(longest):\n    word = next_word(source, said[-2], said[-1])\n"
            "    said.append(word)\n    if word == 0:\n        break\nreturn said[2:-1]",
            "Where no end comes, the last word is missing",
            "turn of the loop",
        ),
        (
            "fair_comparison",
            "error = (a.std(ddof=1) + b.std(ddof=1)) / np.sqrt(len(a))\nreturn (b - a).mean(), error",
            "difference is right",
            "added instead",
        ),
        (
            "cross_entropy",
            "return -np.sum(p[np.arange(len(y)), y])",
            "The logarithm is left out",
            "where `log` is asked for",
        ),
        ("cross_entropy", "return -np.log(p[0, y]).mean()", "where something made of `y` belongs", "arange"),
        (
            "attend_gradient",
            "dV = np.outer(a, dc)\nda = V @ dc\ndz = a * (da - da.sum())\ndK = np.outer(dz, q) / np.sqrt(len(q))\n"
            "dq = K.T @ dz / np.sqrt(len(q))\nreturn dq, dK, dV",
            "the plain sum of da",
            "mean is asked for",
        ),
        (
            "layer_gradient",
            "dz = p\ndz[np.arange(len(y)), y] -= 1\ndz = dz / len(y)\nreturn X.T @ dz, dz.sum(axis=0)",
            "`p` is changed in place, and it should stay as it comes in",
            "so what the caller holds",
        ),
        ("shared_limit", "return 2 / curvatures[1]", "at place 1, whatever it is", "the first weight"),
        (
            "keep_best",
            "w = w.copy()\nbest, lowest, waited = w, np.inf, 0\nwhile waited < patience:\n    before = w.copy()\n"
            "    loss = one_epoch(w)\n    if loss < lowest:\n        best, lowest = before, loss\n"
            "    else:\n        waited += 1\nreturn best",
            "The copy is taken before the epoch",
            "swapped",
        ),
        (
            "choose_rate",
            "losses = []\nfor i, rate in enumerate(rates):\n    w = train(start(seed), rate, seed + i)\n"
            "losses.append(validation_loss(w))\nreturn rates[np.argmin(losses)], losses",
            "value 1 of 2",
            "Only the first turn",
        ),
        (
            "keep_best",
            "best, lowest, waited = w.copy(), np.inf, 0\nwhile waited < patience:\n    loss = one_epoch(w)\n"
            "    if loss < lowest:\n        best, lowest, waited = w.copy(), loss, 0\n"
            "    else:\n        waited += 1\nreturn best",
            "`w` is changed in place, and it should stay as it comes in",
            "so what the caller holds",
        ),
        (
            "layer_below",
            "below = dz @ W.T * z > 0\nreturn below, a.T @ below, below.sum(axis=0)",
            "Without brackets `>` comes last, so `dz @ W.T * z` is compared",
            "different",
        ),
        (
            "accuracy",
            "guess = (p > 0.5).argmax(axis=1)\nreturn (guess == y).mean()",
            "`p > 0.5` makes True and False of `p`",
            "mean is asked for",
        ),
        (
            "apply_gradients",
            "return [v + learning_rate * g / len(g) for v, g in zip(variables, gradients)]",
            "It is divided by `len(g)`, once too often",
            "is subtracted",
        ),
        (
            "layer_below",
            "below = (dz @ W.T) * (z > 0)\nreturn below, a.T @ below / len(a), below.sum()",
            "It is divided by `len(a)`, once too often",
            "db are divided",
        ),
        (
            "softmax",
            "e = np.exp(z - z.max(axis=0))\nreturn e / np.sum(e)",
            "It takes everything together, without an axis",
            "each column by itself",
        ),
        (
            "row_shares",
            "return table / table.max(axis=0, keepdims=True)",
            "`table.max` runs down the columns",
            "Each row is divided",
        ),
        (
            "prepare",
            "return images.reshape(len(images), -1) // 255, None",
            "Whole numbers are left",
            "are right",
        ),
        (
            "fair_comparison",
            "error = (a.std(ddof=1) + b.std(ddof=1)) / np.sqrt(len(a))\nreturn (a - b).mean(), error",
            "expected",
            "difference is right",
        ),
        (
            "column_loss",
            "return np.sum((X @ W - y.T) ** 2)",
            "`np.sum` gives a sum where a mean is asked for",
            "right for one sample",
        ),
        (
            "column_loss",
            "return np.mean(((X @ W - y)[:, 0]) ** 2)",
            "each prediction meets the first target",
            "swapped",
        ),
        (
            "largest_difference",
            "return max([(a - b).mean() for a, b in zip(ours, theirs)])",
            "It is the mean where the largest is asked for",
            "How many are asked for",
        ),
        (
            "step_down",
            "if slope > 0:\n    return w - slope / 10\nreturn w + slope / 10",
            "The sign of the slope is lost",
            "`0.1 * slope`",
        ),
        (
            "step_down",
            "if slope > 0:\n    return w - 0.1\nreturn w + 0.1",
            "Only the sign of the slope counts",
            "no influence",
        ),
        (
            "one_step",
            "return w + gradient(w)",
            "added instead of subtracted",
            "is subtracted",
        ),
        (
            "gradient_of_g",
            "x, y = w\nreturn np.array(2 * x - y, 4 * y - x)",
            "`4 * y - x` stands beside it, as its dtype",
            "first part",
        ),
        (
            "gradient_of_g",
            "x, y = w\nreturn np.array([2 * x - y, x - 4 * y], 'float64')",
            "expected",
            "dtype",
        ),
        (
            "batches",
            "return np.array_split(order, len(order) // batch_size)",
            "some are longer than batch_size",
            "no influence",
        ),
        (
            "batches",
            "out = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]\n"
            "out[-1] = order[-batch_size:]\nreturn out",
            "`out[-1] = order[-batch_size:]` is too much",
            "missing",
        ),
        (
            "confusion_matrix",
            "counts = np.zeros((classes, classes), dtype=int)\nfor t, g in zip(y, guess):\n"
            "    counts[t, g] += 1\n    counts[g, t] += 1\nreturn counts",
            "`counts[g, t] += 1` is too much",
            "is not divided",
        ),
        (
            "confusion_matrix",
            "counts = [[0] * classes] * classes\nfor i in range(len(y)):\n    counts[y[i]][guess[i]] += 1\n"
            "return np.array(counts)",
            "Each 1 counts in every row",
            "`abs`",
        ),
        (
            "one_epoch",
            "path = [w]\norder = np.random.default_rng(0).permutation(len(X))\n"
            "for first in range(0, len(X), batch_size):\n    batch = order[first : first + batch_size]\n"
            "    w = w - learning_rate * mse_gradient(X[batch], y[batch], w)\n    path.append(w)\n"
            "return np.array(path)",
            "`order` is overwritten",
            "comes too early",  # later it would do nothing
        ),
        (
            "one_epoch",
            "path = []\nfor first in range(0, len(X), batch_size):\n    batch = order[first : first + batch_size]\n"
            "    path.append(w)\n    w = w - learning_rate * mse_gradient(X[batch], y[batch], w)\n"
            "return np.array(path)",
            "the last one is missing",
            "shorter batch",
        ),
        (
            "batches",
            "rest = len(order) % batch_size\nout = [order[:rest]] if rest else []\n"
            "for i in range(rest, len(order), batch_size):\n    out.append(order[i : i + batch_size])\nreturn out",
            "expected",
            "is missing at",  # the rest of a multiple is 0
        ),
        (
            "layer_gradient",
            "dz = p / len(y)\ndz[np.arange(len(y)), y] -= 1\nreturn X.T @ dz, dz.sum(axis=0)",
            "a whole 1 is taken from them",
            "no influence",
        ),
        (
            "layer_gradient",
            "dz = p.copy()\ndz[np.arange(len(y)), y] = -1\ndz /= len(y)\nreturn X.T @ dz, dz.sum(axis=0)",
            "`dz[np.arange(len(y)), y]` is set with `=`, so what was there is lost",
            "overwritten",  # a name in the brackets is read
        ),
        (
            "steps_until_flat",
            "steps = 0\nwhile gradient(w) > flat and gradient(w) < -flat:\n    w = w - 0.1 * gradient(w)\n"
            "    steps += 1\nreturn steps",
            "asks for both at once, and no number is both",
            "It counts no step",
        ),
        (
            "steps_until_flat",
            "path = [w]\nwhile abs(gradient(w)) >= flat:\n    w = w - 0.1 * gradient(w)\n    path.append(w)\n"
            "return len(path)",
            "It counts one step too many",
            "the loop",  # which is right
        ),
        (
            "layer_gradient",
            "dz = (p - y[:, None]) / len(y)\nreturn X.T @ dz, dz.mean(axis=0)",
            "db is divided by n twice, once in dz and once by its mean",
            "It is a mean",
        ),
        (
            "walk",
            "for _ in range(steps):\n    w =+ learning_rate * gradient(w)\nreturn w",
            "`=+` makes `w` the step alone: its old value is lost, and the sign",
            "minus the step alone",
        ),
        (
            "rows_of",
            "order = np.random.default_rng(seed).permutation(n)\n"
            "batches = [order[start : start + batch_size] for start in range(0, n - batch_size + 1, batch_size)]\n"
            "return [batch[rank::processes] for batch in batches]",
            "expected",
            "loop over `batches`",
        ),
        (
            "rmsprop_step",
            "mean_square = rho * mean_square + (1 - rho) * np.abs(gradient)\n"
            "w = w + learning_rate * gradient / np.sqrt(mean_square + epsilon)\nreturn w, mean_square",
            "added instead of subtracted. Which sign belongs before it? And: `gradient` loses its sign",
            "is subtracted",
        ),
        (
            "curvature",
            "return (gradient(w - h) - gradient(w + h)) / 2 * h",
            "And: The sign of that result is turned round",
            "of that is",
        ),
        (
            "first_rise",
            "for step in range(steps):\n    w_next = w - learning_rate * gradient(w)\n"
            "    if abs(loss(w_next)) > abs(loss(w)):\n        return step\n    w = w_next\nreturn 0",
            "expected",
            "whatever comes in",
        ),
        (
            "cross_entropy",
            "return -np.log(np.prod(p[np.arange(len(y)), y])) / len(y)",
            "The probabilities are multiplied first",
            "no influence",
        ),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("patience")
def test_the_slip_is_named_where_it_stands(name, body, said, unsaid):
    text = told(name, body.replace("\n", "\n    "), mse_gradient=mse_gradient)
    assert said in text and unsaid not in text, text


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_every_repair_has_one_sentence_with_one_question_and_leaves_the_tree_as_it_was(task):
    tree = trees.Tree(task.reference, task.cases[0])
    before = tree.written()
    made = list(tree.slips(REPAIRS))
    assert len(made) > 20
    for repair in made:
        assert repair.sentence.count("?") == 1 and repair.sentence.endswith("?"), repair.sentence
        tree.function(repair)
    assert tree.written() == before


def test_a_claim_on_the_place_of_code_is_not_made_against_the_text():
    from gdcourse.exercises.sources import Source

    def looping(w):
        for _ in range(3):
            w = w - 1
        return w

    source = Source(looping)
    assert not source.may_be_told("`w = w - 1` runs once, before the loop, not in each turn. Where does it belong?")
    assert not source.may_be_told("`w = w - 1` is missing or does nothing. What should it change?")
    assert not source.may_be_told("`w` is halved: a factor 2 is missing. Where should it come from?")
    assert source.may_be_told("`2 * w` is not subtracted. What has to be taken from `w`?")
    assert source.may_be_told("`1` is not subtracted. What has to be taken from `w`?")

    def kept(w, rate, slope):
        new = w - rate * slope
        return w, new

    assert not Source(kept).may_be_told("`rate * slope` is not subtracted. What has to be taken from `w`?")


@pytest.mark.parametrize(
    ("name", "mistake", "body", "lacks"),
    [
        (
            "confusion_matrix",
            "Each 1 counts in every row",
            "counts = [[0] * classes] * classes\nfor i in range(len(y)):\n    counts[y[i]][guess[i]] += 1\n"
            "return np.array(counts)",
            "is missing",  # a function around the list would copy it
        ),
        (
            "one_epoch",
            "The last, shorter batch is divided by the whole batch size",
            "path = [w]\nfor first in range(0, len(X), batch_size):\n    b = order[first : first + batch_size]\n"
            "    slope = 2 * X[b].T @ (X[b] @ w - y[b]) / batch_size\n    w = w - learning_rate * slope\n"
            "    path.append(w)\nreturn np.array(path)",
            "comes too early",  # one slip of the two would make wrong what is right
        ),
        (
            "one_epoch",
            "Each sample of a batch gets a step of its own",
            "path = [w]\nfor first in range(0, len(X), batch_size):\n"
            "    for i in order[first : first + batch_size]:\n"
            "        w = w - learning_rate * mse_gradient(X[[i]], y[[i]], w)\n    path.append(w)\n"
            "return np.array(path)",
            "is added",  # without that no step is left, in any other answer either
        ),
    ],
)
@pytest.mark.usefixtures("patience")
def test_a_mistake_is_named_and_without_its_name_nothing_else_is_said(name, mistake, body, lacks):
    task, body = catalogue.find(name), body.replace("\n", "\n    ")
    assert mistake in told(task, body, mse_gradient=mse_gradient)
    others = [one for one in task.mistakes if mistake not in one.__doc__]
    assert lacks not in told(dataclasses.replace(task, mistakes=others), body, mse_gradient=mse_gradient)


def test_a_number_that_comes_back_is_told_with_its_return_and_a_loop_s_counter_is_not_taken_from_its_turns():
    def nothing(steps):
        return 0

    told = [slip.sentence for slip in trees.Tree(nothing, (3,)).slips([other_numbers])]
    assert "There is 1 where another number belongs, in `return 1`. Which number should it be?" in told

    def every_turn(steps):
        for step in range(1, steps + 1):
            pass
        return steps

    tree = trees.Tree(every_turn, (3,))
    returned = [slip for slip in tree.slips(REPAIRS) if slip.settings[0][0].owner is tree.definition.body[-1]]
    told = " ".join(slip.sentence for slip in returned)
    assert "`step` is not subtracted" not in told and "`step` is missing at `steps`: nothing is divided" in told


def test_a_name_is_not_said_to_stand_in_the_wrong_place_where_it_stands_as_in_the_right_answer():
    from gdcourse.exercises.sources import Source

    def right(a, b):
        total = np.zeros(b)
        return total + a

    def other(a, b):
        total = np.zeros(b)
        return total - 2 * a

    def mixed(a, b):
        total = np.zeros(b)
        return total + b

    told = "It uses `b` where `a` belongs. Which of the two is meant?"
    assert not Source(other, Source(right)).may_be_told(told)
    assert Source(mixed, Source(right)).may_be_told(told) and Source(other).may_be_told(told)
    turned = "The comparison is turned round. Which of `a` and `b` must be the larger one?"
    assert not Source(mixed).may_be_told(turned)


def test_a_return_that_stands_last_is_not_said_to_come_too_early():
    from gdcourse.exercises.sources import Source

    def last(order):
        total = 0
        for one in order:
            total += one
        return total

    def early(order):
        total = 0
        return total
        for one in order:
            total += one

    told = "`return total` comes too early, before `for one in order:`. Which of them needs the other?"
    assert Source(early).may_be_told(told) and not Source(last).may_be_told(told)
    assert not Source(last).may_be_told(f"The comparison is turned round. Which is the larger one? And: {told}")
