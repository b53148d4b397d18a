"""What is said of an answer is true of it: no cause that isn't one, no code that the answer lacks."""

import numpy as np
import pytest
from test_exercises import EXERCISES, TASKS, named
from test_exercises_engine import written

from gdcourse.exercises import catalogue, checking, comparing, questions, recognising, running, ways
from gdcourse.exercises.definition import Exercise, Question

pytestmark = pytest.mark.usefixtures("patience")
MANY = {"share", "start"}  # one number or a row of them: the lesson asks for both


def judged(name, body, **notebook):
    """Return the Verdict on a function with the exercise's arguments and this body."""
    task = name if isinstance(name, Exercise) else catalogue.find(name)
    code = task.reference.__code__
    head = f"def {task.name}({', '.join(code.co_varnames[: code.co_argcount])}):\n    "
    return checking.judge(written(head + body.strip(), **notebook), task)


def told(name, body, **notebook):
    """Return what a function with this body, which is wrong, is told."""
    kind, lines, _ = judged(name, body, **notebook)
    assert kind == "wrong"
    return " ".join(lines)


def said_of(task, given):
    task = task if isinstance(task, Question) else catalogue.find(task)
    kind, lines, _ = questions.judge(task, given)
    assert kind == "wrong"
    return " ".join(lines)


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_an_argument_is_a_number_in_all_cases_or_an_array_in_all(task):
    names = task.reference.__code__.co_varnames
    for name, given in zip(names, zip(*task.cases)):
        assert name in MANY or len({isinstance(one, int | float) for one in given if not callable(one)}) <= 1, name


def test_a_loop_over_the_weights_is_right():
    source = """
    def adamw_step(w, w_adam, learning_rate, weight_decay):
        new = np.array(w_adam, dtype=float)
        for i, one in enumerate(w):
            new[i] = new[i] - one * weight_decay * learning_rate
        return new
    """
    assert checking.judge(written(source), catalogue.find("adamw_step")).kind == "right"


def test_a_list_that_holds_itself_stops_no_check():
    itself = [1.0, 2.0]
    itself.append(itself)
    assert recognising._print(itself) == "" != recognising._print([[1.0], 2.0])


def test_one_number_that_comes_out_whole_has_lost_no_fractions():
    assert "cut off" not in comparing.how_it_differs(5.6, 5.0)
    assert "cut off" not in comparing.how_it_differs(np.array([5.6, 0.3]), np.array([5.0, 0.0]))
    assert "cut off" in comparing.how_it_differs(np.array([5.6, -1.75]), np.array([5.0, -1.0]))


def third(x):
    """Return a third of x."""
    return x / 3


def logarithm(classes):
    """Return the logarithm."""
    return np.log(classes) + 3 * classes


def counted(losses):
    """Return the number of losses, and the place of the lowest, from 1."""
    return len(losses) * 2, int(np.argmin(losses)) + 1


def exercise(reference, cases):
    return Exercise(reference, why="So.", hints=["First.", "Second."], cases=cases, mistakes=[])


def test_the_fractions_of_a_number_are_cut_off_where_it_is_so_in_all_cases():
    cases = [(4.0,), (8.5,), (20.0,)]
    assert "cut off" in told(exercise(third, cases), "return x // 3")
    assert "cut off" not in told(exercise(third, cases), "return x - 3 if x < 5 else x / 4")


def test_only_what_is_counted_is_off_by_one():
    assert "off by one" not in told(exercise(logarithm, [(4,), (7,)]), "return np.log(classes) + 3 * classes - 1")
    assert "off by one" in told(
        exercise(counted, [(np.array([2.0, 1.0, 3.0]),), (np.array([4.0, 5.0, 1.0, 0.5]),)]),
        "where = list(losses).index(min(losses))\n    return 2 * len(losses) - 1, where",
    )


@pytest.mark.parametrize(
    ("name", "body", "lacks"),
    [  # names and code of the course's own answer
        ("early_stopping", """keep, lowest, waited = 1, losses[0], 0
    for epoch, loss in enumerate(losses[1:], 2):
        if loss <= lowest:
            keep, lowest = epoch, loss
        else:
            waited += 1
        if waited == patience:
            break
    return keep, min(epoch, len(losses))""", "losses[keep - 1]"),
        ("embedding_gradient", """dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        for word in numbers[numbers > 0]:
            dE[word] = d * v
    return dE""", "known"),
        ("rows_of", """order = np.random.default_rng(seed).permutation(n)
    batches = order[: n // batch_size * batch_size].reshape(-1, batch_size)
    return [batch[rank::processes] for batch in batches]""", "range("),
        # a number or a function that stands in the right answer, too, is no sign of a slip there
        ("l2_gradients", """return [np.zeros_like(array) if i % 2 == 0 else 2 * l2 * array**2
            for i, array in enumerate(weights)]""", "There is 0"),
        ("fill_and_scale", """mean = np.nanmean(X[train], axis=0)
    X = np.where(np.isnan(X), mean, X)
    spread = X[train].std(axis=0)
    if np.any(spread == 0):
        spread = 1
    X = (X - mean) / spread
    return X[train], X[val]""", "any"),
        # a division too many is no division that is missing
        ("embedding_gradient", """dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        known = numbers[numbers > 0]
        np.add.at(dE, known, d * v / len(known))
    return dE / len(X)""", "is not divided"),
        ("kernel_gradient", """rows = windows.reshape(-1, windows.shape[-2] * windows.shape[-1])
    slopes = dZ.reshape(-1, dZ.shape[-1])
    return rows.T @ slopes / len(rows), slopes.sum(axis=0)""", "is not divided"),
        # the step of a slice has no sign that is turned
        ("suppress", """kept = []
    order = np.argsort(scores[::-1])
    for k in order:
        if all(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept):
            kept.append(k)
    return kept""", "turns the sign"),
        ("steps_until_flat", """steps = 0
    while gradient(abs(w)) > flat:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps""", "is not asked"),
        ("adamw_step", "return w_adam + 2 * learning_rate * weight_decay * w", "another number"),
        ("keep_best", """w = w.copy()
    best, lowest, waited = w.copy(), np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest, waited = w, loss, max(waited - 1, 0)
        else:
            waited += 1
    return best""", "goes on"),
        # what a largest entry of 1 hides is no difference that was taken
        ("attend", """z = K @ q
    e = np.exp(z - z.max())
    a = e / e.max()
    return a @ V, a""", "is subtracted"),
        # two ways to nan are alike by chance
        ("adam_step", """mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    t = t + 1
    rate = learning_rate * np.sqrt(1 - beta_1**t) / (1 - beta_2**t)
    return w - rate * gradient / (np.sqrt(mean_square) + epsilon), mean, mean_square, t""", "wrong way round"),
        # one value is that of a mistake which speaks of the other, too
        ("prepare", "return images.reshape(len(images), -1) / images.max(), None", "Raw pixels"),
        ("prepare", "return images.reshape(len(images), -1) / 256, None", "Raw pixels"),
        ("dead_shares", "return [(a == 0).all(axis=1).sum() for a in outputs]", "rounded up"),
        ("suppress", """kept = []
    for k in np.argsort(scores)[::-1]:
        if all(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept):
            kept.append(k)
        else:
            break
    return kept""", "All boxes stay"),
        ("suppress", """kept = []
    for k in np.argsort(scores)[::-1]:
        if not kept or intersection_over_union(boxes[k], boxes[kept[-1]]) <= overlap:
            kept.append(k)
    return kept""", "loop over `kept`"),
        ("cosine_rate", "return floor + (peak - floor) * (1 + np.cos(2 * np.pi * step / steps)) / 2", "climbs"),
        # nobody multiplies a condition
        ("steps_until_flat", """steps = 0
    while 0.1 * gradient(w) >= flat:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps""", "Without brackets"),
        # of few shares one change that leaves a known mistake is soon found by chance
        ("accuracy", """guess = p.max(axis=1) > 0.5
    return (guess == y).mean()""", "is turned round"),
        ("step_down", "return w - abs(slope) / 10", "`0.1 * slope`"),
        ("accuracy", """guess = p[np.arange(len(y)), y]
    return (guess == y).mean()""", "True and False"),
        ("accuracy", """guess = p.argmin(axis=0)
    return (guess == y).mean()""", "p.argmax"),  # what another change makes of its code
        # dz is right, so nothing passes the ReLU there
        ("layer_below", """da = dz @ W.T
    dz = da * (z > 0)
    return dz, a.T @ da, dz.sum(axis=1)""", "passes every unit"),
        # all turns of the loop are alike, and none runs backwards
        ("walk", """while steps > 1:
        w -= learning_rate * gradient(w)
        steps -= 1
    return w""", "first turn"),
        ("record_path", """w = np.array(start, dtype=float)
    path = [w.copy()]
    while steps > 1:
        w = w - learning_rate * gradient(w)
        path.append(w.copy())
        steps -= 1
    return np.array(path)""", "first turn"),
        ("batches", """out = []
    for i in range(0, len(order), batch_size):
        out.insert(0, order[i:i + batch_size])
    return out""", "runs backwards"),
        # what takes a part away, or a function, undoes what a mistake does
        ("one_step", """return w - gradient(learning_rate)""", "does not appear"),
        ("gradient_of_g", """x, y = w
    return x**2 - x*y + 2*y**2""", "third number"),
        ("record_path", """w = np.array(start, dtype=float)
    for step in range(steps):
        w = w - learning_rate * gradient(w)
    path = [w.copy()]
    return np.array(path)""", "runs once"),
        ("steps_until_flat", """steps = 0
    slope = abs(gradient(w))
    while slope >= flat:
        w = w - 0.1 * slope
        slope = abs(gradient(w))
        steps += 1
        if steps > 999: break
    return steps""", "A negative gradient counts as flat"),
        ("softmax", """s = z - z.max(axis=1, keepdims=True)
    return 1 / (1 + np.exp(-s))""", "exactly 1"),
        ("column_loss", """residual = X @ W - y[0]
    return np.mean(residual**2)""", "[:, 0]"),
        ("batches", """n = len(order) // batch_size + 1
    return [order[k * batch_size:(k + 1) * batch_size] for k in range(n)]""", "no number or array"),
        # nothing is squared where no square stands
        ("on_a_log_scale", "return high * (high / low) * share", "is squared"),
        ("adagrad_step", """accumulator = accumulator + np.sum(gradient**2)
    return w - learning_rate * gradient / (accumulator + epsilon), accumulator""", "is squared"),
        # several arrays of one shape are still several
        ("adagrad_step", """accumulator = np.sum(gradient**2)
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator""", "no number or array"),
        # an argument that has an influence is not said to have none
        ("two_errors", """accepted = distances < threshold
    false_accepts = (same[accepted] == 0).mean()
    return false_accepts, 1 - false_accepts""", "no influence"),
        ("two_errors", """accepted = distances < threshold
    false_accepts = (same[accepted] == 0).mean()
    return false_accepts, 1 - false_accepts""", "They are shares"),
        ("prepare", """rows = images.reshape(len(images), -1)
    return (rows - rows.mean()) / rows.std(), None""", "Raw pixels"),
        # what speaks of several values is so of all of them
        ("attend_gradient", """da = V @ dc
    dz = a * (da - a @ da)
    return K.T @ dz, np.outer(dz, q) / np.sqrt(len(q)), np.outer(dz, dc)""", "in dq and dK"),
        # two changes of one comparison, or of one function, undo each other
        ("embedding_gradient", """dE = np.zeros((words, len(v)))
    for numbers, d in zip(X, dz):
        for word in set(numbers[numbers > 0].tolist()):
            dE[word] += d * v
    return dE""", "comparison"),
        ("text_score", "return E[sorted({int(k) for k in numbers if k > 1})].mean(axis=0) @ v + b", "the largest"),
        ("dead_units", "return np.sum((X @ W1 + b1 == 0).any(axis=0))", "subtracted"),
        # who divides does not multiply instead
        ("sent_by_each", "return 2 * processes * processes * (numbers / processes)", "instead of dividing"),
        ("smallest_loss", "return 1 - np.e / (np.e + classes)", "Without brackets"),
        # no `return` in a loop, and no end in its first turn
        ("translate", """said = [0, 0]
    while len(said) < longest:
        word = next_word(source, said[-2], said[-1])
        said.append(word)
        if word == 0:
            break
    return said[2:]""", "first turn"),
        ("momentum_step", """velocity = momentum * velocity - learning_rate * gradient
    w = w + momentum * velocity
    return velocity, w""", "`w` is missing"),
        ("keep_best", """w = w.copy()
    best, lowest, waited = w.copy(), np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest, waited = w.copy(), loss, 0
        else:
            waited += 1
            w[:] = best
    return best""", "0.5 were written in"),
        # along an axis, a mean makes more than one number
        ("l2_gradients", "return [2 * l2 * a.mean(axis=0) if a.ndim == 2 else np.zeros_like(a) for a in weights]",
         "one number of"),
        # one number has its mean, or its sum
        ("dead_units", "return ((X.sum(axis=0) @ W1 + b1) <= 0).sum()", "one value for each"),
        # a row of a table, and what a loop over its rows gives out, count nothing
        ("dead_units", """dead = 0
    for j in range(W1.shape[1]):
        if X[0] @ W1[:, j] + b1[j] <= 0:
            dead += 1
    return dead""", "off by one"),
        ("dead_units", """count = 0
    for j in range(len(b1)):
        for x in X:
            if x @ W1[:, j] + b1[j] > 0:
                break
            else:
                count += 1
                break
    return count""", "off by one"),
        # nothing is squared there
        ("nearest_mean", "return np.array([np.argmin([abs(np.sum(x - m)) for m in means]) for x in X])", "squared"),
        # a count and an empty table are no sums
        ("layer_below", """dz /= len(dz)
    d = dz @ W.T * (z > 0)
    return d, a.T @ d, d.sum(axis=0)""", "no mean"),
        # a factor before a bound decides as another bound would
        ("dead_shares", "return [(a.mean(axis=0) < 0.1).mean() for a in outputs]", "factor 2"),
        # what a comprehension runs over is none of the answer's steps
        ("train_in_batches", """n = sum(len(batch) for batch in batches)
    for batch in batches:
        w = w - learning_rate * slopes(w, batch) / n
    return w""", "`batch` is right"),
        # `best` is a copy there
        ("keep_best", """w = w.copy()
    best, lowest, waited = w.copy(), np.inf, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest, waited = w.copy(), loss, 0
        else:
            waited += 1
    return w""", "second name"),
        # there the sign is the right one, and the array cuts
        ("prepare", """rows = np.zeros((len(images), images[0].size), dtype=int)
    for i in range(len(images)):
        rows[i] = images[i].ravel() / 255
    return rows, labels""", "Which sign"),
    ],
)  # fmt: skip
def test_it_is_not_told(name, body, lacks, monkeypatch):
    monkeypatch.setattr(ways, "PATIENCE", 5)  # twice a reader's; where nothing is found, all of it is waited
    notebook = {"intersection_over_union": catalogue.find("intersection_over_union").reference}
    assert lacks not in told(name, body, **notebook)


@pytest.mark.parametrize(
    ("name", "body", "says", "lacks"),
    [  # a change after which a condition or a limit decides nothing has not mended it
        ("step_down", """if slope > 0:
        return w - slope * 0.1
    return w""", "is done only where `slope > 0`", "squared"),
        ("step_down", """new = w - 0.1 * slope
    return max(new, 0)""", "`max(new, 0)` is `0` where `new` is smaller", "written in"),
        ("walk", """for _ in range(steps):
        if gradient(w) > 0:
            w -= learning_rate * gradient(w)
    return w""", "is done only where `gradient(w) > 0`", "squared"),
        ("walk", """for _ in range(min(steps, 3)):
        w = w - learning_rate * gradient(w)
    return w""", "`min(steps, 3)` is `3` where `steps` is larger", "the largest is asked for"),
        ("walk", """while steps > 0 and abs(w - 3) > 1:
        w = w - learning_rate * gradient(w)
        steps -= 1
    return w""", "`abs(w - 3) > 1` is asked for, too", "instead of added"),
        ("steps_until_flat", """steps = 0
    while abs(gradient(w)) >= flat and steps < 20:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps""", "`steps < 20` is asked for, too", "is missing"),
        ("steps_until_flat", """steps = 0
    while abs(gradient(w)) >= flat:
        w = w - 0.1 * gradient(w)
        steps += 1
        if steps == 30:
            break
    return steps""", "`if steps == 30:` is too much", "is missing"),
        ("first_rise", """for step in range(1, steps + 1):
        w_next = w - learning_rate * gradient(w)
        if loss(w_next) - loss(w) > 0.1:
            return step
        w = w_next
    return 0""", "0.1", "nothing is multiplied"),
        ("first_rise", """for step in range(1, steps + 1):
        w_next = w - learning_rate * gradient(w)
        if loss(w_next) > loss(w) and abs(w_next) > abs(w):
            return step
        w = w_next
    return 0""", "`abs(w_next) > abs(w)` is asked for, too", "turned round"),
        ("one_step", """new = w - learning_rate * gradient(w)
    if abs(gradient(new)) > abs(gradient(w)):
        return w
    return new""", "is too much: without it the rest is right", "loses the sign"),
        ("one_step", """step = learning_rate * gradient(w)
    if step > 10:
        step = 10
    return w - step""", "`if step > 10:` is too much", "is missing"),
        ("predict_mass", """z = 0.0
    if flipper > mean:
        z = (flipper - mean) / std
    return a * z + b""", "is done only where `flipper > mean`", "is missing"),
        ("predict_mass", """if flipper > 230:
        flipper = 230
    return a * (flipper - mean) / std + b""", "`if flipper > 230:` is too much", "off by one"),
        ("slope_between", """rise = height(right) - height(left)
    return rise / max(right - left, 1)""", "is `1` where `right - left` is smaller", "off by one"),
        ("batches", """if batch_size >= len(order):
        return order
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]""", "is too much", "is missing"),
        ("batches", """out = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    return out[0] if len(out) == 1 else out""", "Where `len(out) == 1` holds, it is `out[0]`", "is missing"),
        ("one_epoch", """path = [w]
    for first in range(0, len(X), min(batch_size, 2)):
        batch = order[first : first + min(batch_size, 2)]
        w = w - learning_rate * mse_gradient(X[batch], y[batch], w)
        path.append(w)
    return np.array(path)""", "With X", "the largest is asked for"),
        ("row_shares", """total = table.sum(axis=1, keepdims=True)
    if total.min() > 0:
        return table / total
    return table""", "is done only where `total.min() > 0`", "the largest is asked for"),
        ("rate_along", """length = np.linalg.norm(direction)
    u = direction / length if length > 1 else direction
    return gradient(w) @ u""", "Where `length > 1` does not hold, it is `direction`", "factor 2"),
        ("z_scores", """z = (x - np.mean(x)) / np.std(x)
    return np.where(z > 0, z, 0)""", "Where `z > 0` does not hold, it is `0`", "only the size counts"),
        ("curvature", "return max(0.0, (gradient(w + h) - gradient(w - h)) / (2 * h))", "is `0.0` where", "the size"),
        ("gradient_of_g", """x, y = w
    return np.clip(np.array([2 * x - y, 4 * y - x]), -5, 5)""", "off at its limits", "written in"),
        # what is right in the cases by chance is not right elsewhere
        ("step_down", """if slope >= 0:
        w -= 0.1 * slope
    if slope <= -10:
        w -= 0.1 * slope
    return w""", "With w", "written in"),
        ("rate_along", """angle = np.arctan(direction[1] / direction[0])
    u = np.array([np.cos(angle), np.sin(angle)])
    return gradient(w) @ u""", "turned round", "upside down"),
        ("batches", """n = round(len(order) / batch_size)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n)]""", "With order", "one too small"),
        ("curvature", """D = lambda h: (gradient(w + h) - gradient(w - h)) / (2 * h)
    return (4 * D(h / 2) - D(h)) / 3""", "With gradient", "a distance of its own"),
        # nobody doubles a list, and one number in a list is not one of many
        ("shared_limit", """first, *rest = curvatures
    return 2 / max(rest)""", "With curvatures", "factor 2"),
        ("column_loss", """residual = X @ W - y[:, None]
    return residual.T @ residual / len(y)""", "the number is in a list", "Nothing is added up"),
        # what is sorted is not counted again; where no batch is picked, none is left unused
        ("batches", """order = np.sort(order)
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]""", "With order", "counted again"),
        ("one_epoch", """path = [w]
    for first in range(0, len(X), batch_size):
        w = w - learning_rate * mse_gradient(X, y, w)
        path.append(w)
    return np.array(path)""", "looks at all samples, whatever the batch", "picked"),
        # one factor in another's place
        ("step_down", "return w - slope / 100", "With w", "The whole slope"),
    ],
)  # fmt: skip
def test_what_makes_it_right_by_chance_is_not_told(name, body, says, lacks, monkeypatch):
    monkeypatch.setattr(ways, "PATIENCE", 5)
    said = told(name, body, mse_gradient=catalogue.find("mse_gradient").reference)
    assert says in said and lacks not in said


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("rmsprop_step", """mean_square = (1 - rho) * mean_square + rho * np.mean(gradient**2)
    w = w - learning_rate * gradient / np.sqrt(mean_square + epsilon)
    return w, mean_square""", "`1 - rho` and `rho` are exchanged"),
        # it stops in a later case
        ("adagrad_step", """accumulator = accumulator + gradient @ gradient
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator""", "The squares of all weights"),
        ("adagrad_step", """accumulator = accumulator + gradient @ gradient
    return w - learning_rate * gradient / np.sqrt(accumulator + epsilon), accumulator""", "In another case it stopped"),
        ("fair_comparison", """difference = b - a
    return difference.mean(), difference.var() / np.sqrt(len(difference))""", "the variance, the square of"),
        ("attend", """z = K @ q / len(q)
    e = np.exp(z - z.max())
    a = e / len(e)
    return a @ V, a""", "The number of entries of `e` is taken where their sum is asked for"),
        ("fill_and_scale", """mean = np.nanmean(X[train], axis=0)
    X = (np.where(np.isnan(X), mean, X) - mean)
    return X[train], X[val]""", "All columns are divided by 1"),
        ("adagrad_step", """accumulator = accumulator + np.sum(gradient**2)
    return w - learning_rate * gradient / (accumulator + epsilon), accumulator""", "The root is missing"),
        ("two_layer_step", """z1 = X @ W1
    a1 = np.maximum(z1, 0)
    new_W2 = W2 - learning_rate * a1.T @ dz2
    dz1 = (dz2 @ W2.T) * (z1 > 0)
    W1 = W1 - learning_rate * X.T @ dz1
    return W1, W2""", "It uses `W2` where `new_W2` belongs"),
        ("cosine_rate", """if step >= steps:
        return floor
    return floor + (peak - floor) * 1 + np.cos(np.pi * step / steps) / 2""", "the sum is taken last"),
        ("on_a_log_scale", "return share ** (high / low)", "base and exponent are exchanged"),
        ("samples_needed", "return np.ceil(2 * accuracy * (1 - accuracy) / margin**2)", "The number is rounded"),
        ("dead_shares", "return [np.any(a == 0, axis=1).mean() for a in outputs]", "runs along the rows"),
        # what each is that no change of the course's own code gives
        ("gradient_of_g", """x, y = w
    return x**2 - x*y + 2*y**2""", "That is the height g itself"),
        ("record_path", """w = np.array(start, dtype=float)
    for step in range(steps):
        w = w - learning_rate * gradient(w)
    path = [w.copy()]
    return np.array(path)""", "It is only the last one of the right value"),
        ("steps_until_flat", """steps = 0
    slope = abs(gradient(w))
    while slope >= flat:
        w = w - 0.1 * slope
        slope = abs(gradient(w))
        steps += 1
        if steps > 999: break
    return steps""", "The step takes the size of the gradient"),
        ("softmax", """s = z - z.max(axis=1, keepdims=True)
    return 1 / (1 + np.exp(-s))""", "a sigmoid of each score minus the largest"),
        ("softmax", """return 1 / (1 + np.exp(-z))""", "Each score goes through a sigmoid by itself"),
        ("column_loss", """residual = X @ W - y[0]
    return np.mean(residual**2)""", "each prediction meets the first target alone"),
        # one mistake in the place of what another one calls
        ("rows_of", """order = np.random.default_rng(seed + rank).permutation(n)
    mine, size = order[rank::processes], batch_size // processes
    return [mine[start : start + size] for start in range(0, len(mine), size)]""", "an order of its own"),
        ("rows_of", """order = np.random.default_rng(seed + rank).permutation(n)
    mine, size = order[rank::processes], batch_size // processes
    return [mine[start : start + size] for start in range(0, len(mine), size)]""", "Rounded down"),
        ("pair_slopes", """difference = places[:, 0] - places[:, 1]
    delta = np.linalg.norm(difference, axis=1)
    factor = np.where(same == 1, 2, -2 * np.maximum(margin - delta, 0) / delta)
    dA = factor[:, None] * difference
    return np.stack([dA, dA], axis=1)""", "Both pictures get the same slope"),
        ("momentum_step", """velocity = momentum * velocity - learning_rate * gradient
    w = w + momentum * velocity
    return velocity, w""", "`velocity` comes first, and the two are in the other order"),
        ("shares", "return np.array([text.count(pair) for pair in vocabulary]) / (len(text) - 1)", "begins inside"),
        ("apply_gradients", """for v, g in zip(variables, gradients):
        v -= learning_rate * g
    return variables""", "`variables` is changed in place"),
        ("choose_rate", """losses = [validation_loss(train(start(seed), rate, seed)) for rate in rates]
    return int(np.argmin(losses)), losses""", "It is a place in `rates`, and not what stands there"),
        # a slip in a piece that a mistake and the right answer share
        ("text_score", "return E[np.unique(numbers)].mean(axis=0) @ v + b", "`numbers` is taken whole"),
        ("rows_of", """order = np.random.default_rng().permutation(n)
    batches = range(0, n, batch_size)
    return [order[start : start + batch_size][rank::processes] for start in batches]""", "drawn by chance"),
        ("confusion_matrix", """counts = np.zeros((classes, classes), dtype=bool)
    for t, g in zip(y, guess):
        counts[t, g] += 1
    return counts""", "`dtype=bool` holds only True and False"),
    ],
)  # fmt: skip
def test_it_is_told(name, body, says):
    assert says in told(name, body)


@pytest.mark.parametrize(
    ("name", "body", "says", "lacks"),
    [  # two slips, and both are named
        ("steps_until_flat", """steps = 1
    while gradient(w) >= flat:
        w = w - 0.1 * gradient(w)
        steps += 1
    return steps""", "1 is one too large: off by one. From where does it count? And: A negative gradient", "_turns"),
        ("first_rise", """for step in range(1, steps + 1):
        w_next = w - learning_rate * gradient(w)
        if abs(loss(w_next)) > abs(loss(w)):
            return step + 1
        w = w_next
    return 0""", "It compares the sizes of the losses", "are right"),
        ("first_rise", """for step in range(1, steps + 1):
        w_next = w - learning_rate * gradient(w)
        if loss(w_next) < loss(w):
            return w_next
        w = w_next
    return 0""", "It uses `w_next` where `step` belongs", "are right"),
        ("first_rise", """for step in range(steps):
        w_next = w - learning_rate * gradient(w)
        if loss(w_next) < loss(w):
            return step
        w = w_next
    return 0""", "`range(steps)` counts from 0", "`steps` is missing"),
        ("accuracy", """guess = p.max(axis=0)
    return (guess == y).mean()""", "`p.max` runs down the columns", "It is zero"),
        ("softmax", """e = np.exp(z.max(axis=0) - z)
    return e / e.sum(axis=0)""", "In `z.max(axis=0) - z` the two are the wrong way round", "!"),
        ("nearest_mean", """return np.array([min(np.abs(x - m).sum() for m in means) for x in X])""",
         "It is the smallest value, not its place", "!"),
        ("batches", "return [order[i : i + batch_size] for i in range(len(order) - batch_size)]",
         "ends too early: `batch_size` is taken from its end", "!"),
        ("predict_mass", "return a * (flipper / std + b)", "`b` is multiplied by `a` as well", "!"),
        ("predict_mass", "return a * (flipper - mean)", "not yet the answer: `b` and `std` have no influence", "!"),
        ("standardise", """return (old - old.mean()) / old.std(), (new - new.mean()) / new.std()""",
         "`old` has no influence on new", "!"),
        ("accuracy", """guess = p.max(axis=1) > 0.5
    return (guess == y).mean()""", "gives the largest value, not its place", "Only images"),
        ("accuracy", """guess = np.argsort(p, axis=1)[:, 0]
    return (guess == y).sum()""", "`argsort` sorts upwards, so the first place is that of the smallest", "It is zero"),
        ("first_rise", """start = loss(w)
    for step in range(steps):
        w = w - learning_rate * gradient(w)
        if loss(w) > start:
            return step
    return 0""", "Each loss is compared with the one at the start", "It is zero"),
        ("one_epoch", """path = [w]
    for first in range(0, len(X), batch_size):
        path.append(w)
        last = first + batch_size
        slope = mse_gradient(X[first:last], y[first:last], w)
        w = w - learning_rate * slope
    return np.array(path)""", "`path.append(w)` comes too early, before `w = w", "no influence"),
        ("two_layer_step", """z1 = X @ W1
    a1 = np.maximum(z1, 0)
    W2 = W2 - learning_rate * a1.T @ dz2
    dz1 = (dz2 @ W2.T) * a1
    W1 = W1 - learning_rate * X.T @ dz1
    return W1, W2""", "The slope is multiplied by the ReLU's output", "is overwritten"),
        ("layer_below", """dz = np.maximum(dz @ W.T, 0)
    return dz, a.T @ dz / len(a), dz.sum(axis=0) / len(a)""", "dW and db are divided by the batch size", "influence"),
        # a list that would be put into itself ended the search
        ("record_path", """w = np.array(start, dtype=float)
    path = []
    for step in range(steps):
        w[:] = w - learning_rate * gradient(w)
        path.append(w)
    return np.array(path)""", "Of that result the first one is missing", "first that differs"),
        ("shares", """pairs = [first + second for first, second in zip(text, text[1:])]
    return np.array([pair in pairs for pair in vocabulary]) / len(vocabulary)""",
         "It counts `vocabulary` instead of `pairs`", "!"),
        ("adam_step", """mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    t = t + 1
    rate = learning_rate * (1 - beta_1**t) / np.sqrt(1 - beta_2**t)
    return w - rate * gradient / (np.sqrt(mean_square) + epsilon), mean, mean_square, t""",
         "the fraction is upside down", "!"),
        ("adam_step", """mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    t = t + 1
    rate = learning_rate * np.sqrt(1 - beta_2 * t) / (1 - beta_1 * t)
    return w - rate * mean / (mean_square + epsilon), mean, mean_square, t""",
         "It multiplies by `t` instead of raising to that power", "!"),
        ("fair_comparison", """difference = b - a
    return difference.mean(), difference.var(ddof=1) / np.sqrt(len(a) + len(b))""", "`len(b)` is added", "!"),
        ("with_pairs", """single = text.split()
    pairs = ["-".join(single[k : k + 2]) for k in range(0, len(single) - 1, 2)]
    return " ".join(single + pairs)""", "where another text belongs. Which one", "`single`"),
        ("nesterov_step", """velocity = momentum * velocity - learning_rate * gradient
    return w + momentum * velocity - (1 - momentum) * gradient, velocity""", "`1 - momentum` stands where", "!"),
        ("largest_difference", "return max(a.max() - b.max() for a, b in zip(ours, theirs))", "`abs` is missing", "!"),
        ("split_by_groups", """chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        if len(np.unique(groups[chosen])) <= least:
            chosen = chosen | (groups == group)
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)""", "It takes `least` groups", "!"),
    ],
)  # fmt: skip
def test_both_are_told(name, body, says, lacks):
    text = told(name, body, mse_gradient=catalogue.find("mse_gradient").reference)
    assert says in text and lacks not in text, text


@pytest.mark.parametrize(
    ("name", "body", "says", "lacks"),
    [  # what the values alone suggest is not so
        ("suppress", """kept = []
    return kept""", "There is nothing in it", "nan"),
        ("rows_of", """order = np.random.default_rng(seed).permutation(n)
    batches = [order[start : start + batch_size] for start in range(n, 0, batch_size)]
    return [batch[rank::processes] for batch in batches]""", "There is nothing in it", "nan"),
        ("l2_gradients", "return [np.zeros_like(array) for array in weights]", "It is zero in each case", "rounded"),
        ("l2_gradients", "return [array * np.nan for array in weights]", "all of it is nan", "zero"),
        ("dead_units", "return (np.maximum(X @ W1 + b1, 0).sum(axis=0) < 0.01).sum()", "0.01 is written in", "root"),
        ("dead_units", """a = np.round(np.maximum(X @ W1 + b1, 0), 2)
    return (a == 0).all(axis=0).sum()""", "`round` rounds `np.maximum(X @ W1 + b1, 0)`", "root"),
        ("dead_units", """a = np.maximum(X @ W1 + b1, 0)
    return (a.mean(axis=0) < 1e-3).sum()""", "0.001 is written in", "where a sum is asked for"),
        # a slip is not said to stand in a line that stands in the right answer, too
        ("adam_step", """mean = beta_1 * mean + (1 - beta_1) * gradient
    mean_square = beta_2 * mean_square + (1 - beta_2) * gradient**2
    t = t + 1
    rate = learning_rate * np.sqrt(1 - beta_2) / (1 - beta_1)
    w = w - rate * mean / (np.sqrt(mean_square) + epsilon)
    return w, mean, mean_square, t""", "corrections are those of the first step", "`t` is missing"),
        ("attend", """z = K @ q / np.sqrt(len(q))
    e = np.exp(z - z.max())
    a = e / e.sum()
    c = V.sum(axis=0)
    return c, a""", "All values are added up whole", "Nothing is added up"),
        ("split_by_groups", """chosen = np.zeros(len(groups), dtype=bool)
    for group in order:
        chosen = groups == group
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)""", "Only the last turn of the loop", "anew"),
        ("pair_slopes", """difference = places[:, 0] - places[:, 1]
    distance = np.sqrt((difference**2).sum(axis=1))
    factor = np.where(same == 1, 2.0, -2 * (margin - distance) / distance)
    factor[distance > margin] = 0
    slope = factor[:, None] * difference / len(places)
    return np.stack([slope, -slope], axis=1)""", "the same person's pairs are left alone, too", "divided by it"),
        ("pair_slopes", """difference = places[:, 0] - places[:, 1]
    distance = np.abs(difference).sum(axis=1)
    apart = -2 * np.maximum(margin - distance, 0) / distance
    slope = np.where(same == 1, 2.0, apart)[:, None] * difference / len(places)
    return np.stack([slope, -slope], axis=1)""", "The distance is the sum of the sizes", "comes after"),
        # a count that begins with a number is no value that was computed, and a bound to begin with no argument
        ("early_stopping", """best, keep, waited = losses[0], 1, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, keep, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return keep, epoch""", "The first epoch counts as one without a lower loss", "swapped"),
        ("early_stopping", """best, keep, waited = 0, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, keep, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return keep, epoch""", "No loss is below 0", "`patience` belongs"),
        ("keep_best", """w = w.copy()
    best, lowest, waited = w.copy(), 1, 0
    while waited < patience:
        loss = one_epoch(w)
        if loss < lowest:
            best, lowest, waited = w.copy(), loss, 0
        else:
            waited += 1
    return best""", "before one is below 1", "`patience` is not subtracted"),
        ("dead_units", """a = np.maximum(X @ W1, 0) + b1
    return (a <= 0).all(axis=0).sum()""", "The bias is added after the ReLU", "written in"),
        # places for what stands there, an order for a part, the end of a loop for that of a turn
        ("split_by_groups", """chosen = np.zeros(len(groups), dtype=bool)
    for group in range(len(order)):
        if chosen.sum() >= least:
            break
        chosen = chosen | (groups == group)
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)""", "`group` is a place in `order`", "It counts"),
        ("split_people", """people, counts = np.unique(who, return_counts=True)
    rows = np.arange(len(who))
    test = np.isin(who, people[np.argsort(counts)][-tested:])
    return rows[~test], rows[test]""", "`people[np.argsort(counts)]` is `people` in another order", "multiplied"),
        ("frozen_step", """w = w.copy()
    for i in range(len(w)):
        if frozen[i]:
            break
        w[i] = w[i] - learning_rate * gradient[i]
    return w""", "`break` ends the loop", "is overwritten"),
        ("shares", """text = text.replace(" ", "")
    pairs = [first + second for first, second in zip(text, text[1:])]
    counts = [pairs.count(pair) for pair in vocabulary]
    return np.array(counts) / len(pairs)""", "`text` is overwritten", "comes too early"),
        ("rows_of", """order = np.random.default_rng(seed).permutation(n)
    batches = [order[start : start + batch_size] for start in range(0, n, batch_size)]
    return [batch[rank] for batch in batches]""", "It is one row of each batch", "adds up"),
        ("translate", """said = [0, 0]
    for _ in range(longest):
        said.append(next_word(source, said[-2], said[-1]))
        if said[-1] == 0:
            break
    return said[2:-1] if said[-1] == 0 else said""", "the two zeros at the beginning come back", "one turn"),
        ("samples_needed", "return accuracy * (1 - accuracy) / (2 * margin) ** 2", "The 2 went below", "upside down"),
        ("samples_needed", "return (2 * accuracy * (1 - accuracy) / margin) ** 2", "stood under the root", "Neither"),
        ("dead_shares", """a = outputs[-1]
    return [(a == 0).all(axis=0).mean()]""", "the last layer alone", "column"),
        ("sent_by_each", """piece = numbers / (processes - 1)
    return 2 * (processes - 1) * piece""", "as many turns as pieces", "as there are processes"),
        ("sent_by_each", "return round(2 * (processes - 1) * numbers / processes)", "difference is 0.", "got 105195."),
        ("suppress", """kept = []
    for k in np.argsort(-scores):
        if all(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept):
            kept.append(k)
    return sorted(kept)""", "`sorted` of `kept`", "one step late"),
        ("add_up", "return sum(g * n for g, n in zip(gradients, sizes)) / sizes[-1]", "How do all", "in any order"),
        # the 0 of np.max(x, 0) is an axis, and no value that a limit would give
        ("apply_gradients", "return [np.max(v - learning_rate * g, 0) for v, g in zip(variables, gradients)]", "",
         "is `0` where"),
        ("l2_gradients", "return [2 * l2 * np.max(a, 0) if a.ndim == 2 else 0 * a for a in weights]", "",
         "is `0` where"),
        # code of the course's own, which stands nowhere in the answer
        ("confusion_matrix", """counts = np.zeros((classes, classes), dtype=int)
    for i in range(classes):
        counts[y[i], guess[i]] += 1
    return counts""", "makes only `classes` turns. Over what", "zip"),
        ("l2_gradients", "return [2 * l2 * np.abs(array) if array.ndim == 2 else 0 * array for array in weights]",
         "`abs` of something", "2 * l2 * array`"),
        ("dropout", """if training:
        return np.where(u < rate, 0, a) / 1 - rate
    return a""", "Where do brackets belong", "(u >= rate)"),
        ("largest_difference", "return max(np.allclose(a, b) for a, b in zip(ours, theirs))", "It is False in", "zero"),
        # a list that loses some while a loop goes over it, a bound, an order that isn't there, a value of the notebook
        ("suppress", """order, kept = list(np.argsort(-scores)), []
    while order:
        best = order.pop(0)
        kept.append(best)
        for i in order:
            if intersection_over_union(boxes[best], boxes[i]) > overlap:
                order.remove(i)
    return kept""", "The loop goes over `order`, which loses some in it", "`abs` is missing"),
        ("text_score", """numbers = list(numbers)
    for n in numbers:
        if n == 0:
            numbers.remove(n)
    return E[numbers].mean(axis=0) @ v + b""", "The loop goes over `numbers`", "before the loop"),
        ("on_a_log_scale", "return np.minimum(low * (high / low) ** share, 1)",
         "is `1` where `low * (high / low) ** share` is larger", "off by one"),
        ("samples_needed", "return max(100, 4 * accuracy * (1 - accuracy) / margin**2)",
         "is `100` where `4 * accuracy * (1 - accuracy) / margin ** 2` is smaller", "where `accuracy` belongs"),
        ("split_people", """who.sort()
    people, rows = np.unique(who), np.arange(len(who))
    test = np.isin(who, people[-tested:])
    return rows[~test], rows[test]""", "It changes who in place", "np.isin"),
        ("two_errors", """accepted = distances < limit
    return accepted[same == 0].mean(), (~accepted[same == 1]).mean()""", "It uses limit from the notebook", "as if"),
        ("on_a_log_scale", "return low * np.exp(share * np.log10(high / low))", "Which one does `exp` undo?", "1/x"),
        ("split_people", """held = np.isin(who, np.unique(who)[-tested:])
    return np.flatnonzero(held), np.flatnonzero(~held)""", "Which rows come first?", "`test`"),
        ("on_a_log_scale", """if not 0 < share < 1:
        raise ValueError
    return low * (high / low) ** share""", "entry by entry", "number of it?"),
        ("two_errors", """accepted = distances < threshold
    return 1 - accepted[same == 0].mean(), accepted[same == 1].mean()""", "", "is right"),
    ],
)  # fmt: skip
def test_this_is_told_and_not_that(name, body, says, lacks):
    overlap = catalogue.find("intersection_over_union").reference
    text = told(name, body, intersection_over_union=overlap, limit=0.475)
    assert says in text and lacks not in text, text


@pytest.mark.parametrize(
    ("condition", "says", "lacks"),
    [
        ("gradient(w) < flat", "The comparison is turned round", "_turns"),  # it never ends from the left
        ("w > flat", "`w` itself stands there, and `gradient` is not asked", "`flat` itself"),
    ],
)
def test_what_never_ends_is_told(condition, says, lacks, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 1)  # nobody needs to wait longer for it
    loop = f"while {condition}:\n        w = w - 0.1 * gradient(w)\n        steps += 1"
    text = told("steps_until_flat", f"steps = 0\n    {loop}\n    return steps")
    assert says in text and lacks not in text, text


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("predict_mass", "return np.array([(flipper - mean) / std, 1.0]) @ np.array([a, b])"),
    ],
)
def test_one_number_is_enough_where_the_lesson_gives_one(name, body):
    assert judged(name, body).kind == "right"


@pytest.mark.parametrize(
    ("name", "given", "says", "lacks"),
    [
        ("third_row", 10.68, "`learning_rate * gradient` is added instead of subtracted", "turned round"),
        ("third_row", 5.816, "What is the derivative of (w - 3)²? And: That adds the step", "turned round"),
        ("two_steps", 2.7535, "is added instead of subtracted", "subtracted whole"),
        ("descent_lines", [3, 1, 4, 2], "From which place is the slope felt?", "!"),
        ("epoch_lines", [3, 1, 2, 4], "`slope = mse_gradient(Z, y, w)`, too early. Which slope", "is missing"),
        ("probabilities_by_hand", [0, 3, 4], "They add up to 7, not to 1", "!"),
        ("network_weights", 28 * 64 + 64 * 32 + 32 * 10, "`biases` is missing", "!"),
        ("descent_lines", [2, 4, 1, 3], "With which slope is the step taken?", "Where does the walk begin"),
        ("first_steps", [0.002, 0.1, 0.4, 0.316], "Adam without its correction", "the root of the right one"),
        ("pair_by_hand", [0.64, -0.096, 0.128], "The 2 of the square's slope is missing", "has slipped"),
        ("scores_of_a_text", [384_000_000, 2], "", "This comes out of"),
        ("same_steps", [16, 16 / 3, 16 / 18], "", "`ceil` comes after"),
        ("same_steps", [16, 16 / 3, 16 / 18], "", "np.ceil"),
        ("round_one", [4, 5, 1, 3, 6, 2], "E and F both creep", "The order is another one"),
        ("round_one", [3, 5, 2, 4, 2, 6], "2 stands in it twice, here and at place 5. C and E", "differently there"),
        ("read_five_runs", [4, 1, 5, 3, 2], "A and E", "another one"),
        ("by_hand", [9, 8, 11, 14], "The minus of the −1 got lost", "!"),
        ("honest_tuning", [5, 1, 2, 3, 6, 4], "Which means are compared?", "!"),
        ("order_of_a_project", [7, 2, 8, 5, 1, 6, 3], "Which result stands on the card?", "is missing"),
        ("same_steps", [90, 30, 300 / 64], "the ratio of the batch sizes", "!"),
        ("place_of_w2", [50176, 2048], "The second is how many numbers W2 has", "`"),
        ("by_hand", [1, -4, 13, 3], "The kernel was transposed", "!"),
        ("two_scores", [0.0229774, 0.8411309], "These are the probabilities", "!"),
        ("two_scores", [-15, 23], "*Stale* was switched off with it", "divided by three"),
        ("last_shares", [22, 22, 20], "the last batch of 8,000 images", "differently there"),
        ("scores_of_a_text", [192.192, 4], "Each pair of words counts once", "!"),
        ("look_up_by_hand", [390, 70], "the other way round", "!"),
        ("same_steps", [96, 32, 26], "The second run's short batches were left out", "differently there"),
        ("same_steps", [96, 32, 26], "And number 3 goes wrong in one more way", "!"),
        # the second mistake makes right what the first one got wrong, or a single number is explained by two slips
        ("loss_and_slopes", [1, -10, -2], "The mean of the residuals is squared", "The slopes are sums"),
        ("loss_and_slopes", [3, -10, -2 / 3], "Number 3", "The slopes are sums"),
        ("slopes_of_each", [-4, 2, -4, 7], "Number 4 is not right", "following slips"),
        ("slopes_of_each", [-4, 2, -4, 10], "Number 4 is not right", "where `slopes` belongs"),
        ("slopes_of_each", [-4, -1, -4, -2], "Number 2 is not right", "1 minus"),  # these are no shares
        ("slopes_of_one_image", [1.2, 0.5, -0.7, 0.8, -1.4], "Number 1 is 1 too large", "count"),  # nor is that a count
        ("slopes_of_one_image", [0.2, 0.5, -0.7, 0.8, 0.6], "It uses `p` where `dz` belongs", "!"),
        # a step that is added, a start that is in the list, places for errors, and what a count leaves out
        ("two_steps", 2.07535, "The rate is taken as 0.1, that of the parabola. Which η stands", "turned round"),
        ("two_steps", 2.113, "The second step begins at 2 again. From which w does it start? And: Both steps are", "!"),
        ("three_errors", [5, 1, 0.2], "What is it with η = 0.4? And: The start is in the list", "!"),
        ("three_errors", [5, 8, 12.8], "What is left when you take that from 1? And: The start is in the list", "!"),
        ("three_errors", [4, 3.2, 3.04], "What is it with η = 0.4? And: These are the weights w", "!"),
        ("network_weights", 986, "Which vectors does each layer add? And: Inputs and units are added", "!"),
        ("three_runs", [2, 1, 3], "Number 2: You call run B a good one", "swapped"),
        ("three_runs", [3, 1, 1], "Number 1: You take run A for a diverging one", "both"),
        ("three_runs", [3, 1, 2], "for each description its place, the inverse", "comes first"),
        ("loss_curves", [4, 3, 1, 3], "here and at place 2. Which loss only falls?", "B is"),
        ("loss_curves", [4, 1, 1, 2], "here and at place 3. Which loss goes up and down?", "C is"),
        ("loss_curves", [2, 3, 1, 2], "here and at place 4. Which loss leaves the picture?", "D is"),
        ("loss_curves", [4, 3, 1, 4], "D is taken for one that diverges", "exchanged"),
        # digits that were rounded away, and digits that say that it is something else
        ("probabilities_by_hand", [0.143, 0.429, 0.571], "are each 8/7 of", "gets nothing"),
        ("slopes_of_one_image", [0.067, 0.167, -0.233, 0.267, -0.467], "the number of classes", "one more way"),
        ("slopes_of_one_image", [0.067, 0.167, -0.233, 0.267, -0.9], "the number of classes", "number 1"),
        ("same_steps", [96, 28, 4.67], "each 7/6 of what they should be", "ratio of the batch sizes"),
        ("same_steps", [96, 24, 4.69], "ratio of the batch sizes", "7/6"),
        ("same_steps", [94, 28, 28 / 6], "rounded only at the end", "no parts"),
        ("same_steps", [94, 28, 4.67], "rounded only at the end", "no parts"),
        ("same_steps", [94, 28, 4.7], "rounded only at the end", "ratio"),
        ("rate_for_batch", 0.01, "", "for each penguin"),
        # whatever comes out of a calculation as well: another factor of a product, two slips for a plain one, chance
        ("third_row", 5.5088, "A factor is ten times too small", "another number"),
        ("third_row", 4.536, "A factor is twice too large", "another number"),
        ("third_row", 5.1, "", "This comes out of"),
        ("third_row", 5.1, "", "That is the gradient"),
        ("blind_spot", 4 / 20, "4 is taken for `x`", "!"),
        ("slopes_of_each", [-2, 1, -2, -2], "Numbers 1, 2 and 3: Each is half", "This comes out of"),
        ("place_of_w2", [0, 2048], "counted within W2", "`"),
        ("count_iterations", [6, 0, 120, 240], "Six full batches leave some", "`"),
        ("first_steps", [0.2, 0.1, 0.2, 0.1], "divided by the rate", "`"),
        ("alarms_at_the_station", [200, 14.78], "A factor 2 came in", "`"),
        ("alarms_at_the_station", [50, 56.6], "A factor 2 got lost", "`"),
        ("pair_by_hand", [0.64, -1.6, 1.6], "The direction has lost its lengths", "`"),
        ("pair_by_hand", [0.64, -1.6, -1.6], "The direction is missing", "`"),
        # two that contradict each other, and a second one that changes nothing
        ("scores_of_a_text", [383.616, 4], "own key is left out", "twice"),
        ("last_shares", [22, 22, 22], "the last batch of 8,000 images", "90"),
        ("last_shares", [15, 15, 14], "", "differ by more than one"),
        ("same_steps", [94, 28.125, 4.6875], "", "The signs are lost"),
        # no share, no count, and a count is soon the root of another, however many are wrong
        ("rate_for_batch", 0.75, "1 minus the right one", "the whole"),
        ("sizes_of_results", [20, 1, 20, 25], "Number 2 is 1 too large", "1 minus"),
        ("sizes_of_results", [5, 0, 5, 5], "Numbers 1, 3 and 4", "root"),
        ("along_the_axes", [3, 5, 5, 9, 15], "Number 1 is 1 too large", "count"),
        ("along_the_axes", [2, 5, 4, 9, 15], "Number 3 is 1 too small", "count"),
        ("by_hand", [6, 11, -2, 12], "Number 1 is 1 too small", "count"),
        ("count_iterations", [7, 42, 141, 282], "From where do you count?", "off by one"),
    ],
)
def test_on_paper(name, given, says, lacks):
    text = said_of(name, given)
    assert says in text and lacks not in text


def test_how_near_an_answer_must_come_is_said_only_where_it_can_be_near():
    said = {task.name: questions.accepted(task) for _, task in TASKS if isinstance(task, Question)}
    assert said["third_row"] == "Answers within 0.05% are accepted." and "0.50%" in said["best_for_ravine"]
    assert [name for name in ("read_five_runs", "same_steps", "last_shares", "loss_curves") if said[name]] == []
