"""Every exercise found in the notebooks: its stub, its reference, its mistakes, its hints, and what must not leak."""

import ast
import builtins
import functools
import html
import inspect
import itertools
import re
import textwrap

import nbformat
import numpy as np
import pytest
from alternatives import ALTERNATIVES
from test_exercises_engine import take_as_tried, tried_together, written

from gdcourse import clinic, convolution, digits, functions, losses, mlp, optimizers
from gdcourse.bags import MeanEmbedding
from gdcourse.commands import notebooks
from gdcourse.exercises import catalogue, checking, comparing, gaps, questions, running, ways
from gdcourse.exercises.definition import Exercise
from gdcourse.gradients import numerical_gradient
from gdcourse.optimizers import SGD, descend

TASKS = [(number, task) for number, module in catalogue.lessons().items() for task in module.EXERCISES]
EXERCISES = [task for _, task in TASKS if isinstance(task, Exercise)]
QUESTIONS = [task for _, task in TASKS if not isinstance(task, Exercise)]
PREDICTIONS = [item for module in catalogue.lessons().values() for item in getattr(module, "PREDICTIONS", ())]
MISTAKES = [(task, mistake) for task in EXERCISES for mistake in task.mistakes]


def named(thing):
    return getattr(thing, "name", None) or getattr(thing, "__name__", str(thing))


@functools.cache
def cells_of(number, kind="code"):
    (path,) = (path for path in notebooks.lessons() if int(path.name[:2]) == number)
    return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def stubs():
    """Yield (lesson, source of the stub without its decorator) for each `@exercise` in the notebooks."""
    for path in notebooks.lessons():
        for source in cells_of(int(path.name[:2])):
            if source.startswith("@exercise\n"):
                yield int(path.name[:2]), source.removeprefix("@exercise\n")


@functools.cache
def calls(function):
    """Return (lesson, call) for each call of `answer` or `predict` in the notebooks."""
    found = []
    for path in notebooks.lessons():
        for source in cells_of(int(path.name[:2])):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function:
                    found.append((int(path.name[:2]), node))
    return found


def test_the_notebooks_and_the_modules_hold_the_same_exercises():
    written_stubs = [(lesson, re.match(r"def (\w+)", source)[1]) for lesson, source in stubs()]
    answers = [(lesson, call.args[0].value) for lesson, call in calls("answer")]
    assert sorted(written_stubs + answers) == sorted((number, task.name) for number, task in TASKS)
    names = [task.name for _, task in TASKS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("number, task", [(number, task) for number, task in TASKS if getattr(task, "work", None)])
def test_what_a_sentence_on_paper_calls_by_name_is_called_so_in_the_lesson(number, task):
    work = ast.parse(textwrap.dedent(inspect.getsource(task.work)))
    known = {node.id for node in ast.walk(work) if isinstance(node, ast.Name)} - {"np", *dir(builtins)}
    named_there = known | {node.arg for node in ast.walk(work) if isinstance(node, ast.arg)}
    lesson = "\n".join(cells_of(number, "markdown") + cells_of(number))
    parts = {part for name in named_there for part in name.split("_")}
    assert parts and not {part for part in parts if not re.search(rf"(?<![a-z]){part}", lesson, re.IGNORECASE)}


def test_every_lesson_has_at_least_four_and_three_predictions():
    for path in notebooks.lessons():
        number = int(path.name[:2])
        assert sum(lesson == number for lesson, _ in TASKS) >= 4
        assert sum(lesson == number for lesson, _ in calls("predict")) >= 3


@pytest.mark.parametrize(
    ("lesson", "source"), list(stubs()), ids=lambda value: value if isinstance(value, int) else value[4:30]
)
def test_the_stub_is_not_attempted_and_agrees_with_the_reference(lesson, source):
    stub = written(source)
    task = catalogue.find(stub.__name__)
    assert checking.judge(stub, task)[:2] == ("open", []) and not gaps.begun(stub, task)
    if not task.broken:  # somebody has begun
        more = written(re.sub(r"^(    .*\"\"\"\n)", r"\1    more = 7\n", source, count=1, flags=re.MULTILINE))
        fewer = written(source.replace("...", "7", 1))
        assert gaps.begun(more, task) and gaps.begun(fewer, task) == (task.gaps > 1)
    assert list(inspect.signature(stub).parameters) == list(inspect.signature(task.reference).parameters)
    assert inspect.getdoc(stub) and inspect.getdoc(stub) == inspect.getdoc(task.reference)


def test_a_gap_that_is_left_is_told(capsys):
    (source,) = (source for _, source in stubs() if source.startswith("def steps_until_flat"))
    for answer, told in [
        (source, "not attempted yet."),
        (source.replace("steps += 1", "steps = steps + 1"), "a `...` still stands in it. Put your code in its place."),
    ]:
        checking.exercise(written(answer))
        assert capsys.readouterr().out.startswith(f"… steps_until_flat: {told}\n")


def test_unattempted_answers_stand_in_the_notebooks():
    for _, call in calls("answer"):
        assert isinstance(call.args[1], ast.Constant) and call.args[1].value is ...


@functools.cache
def trials(name):
    """Return {function: its Trial} of an exercise's reference, its mistakes, and other answers, right or not."""
    task = catalogue.find(name)
    return tried_together(task, [task.reference, *task.mistakes, *alternatives(name), nearly_right(name)])


@pytest.fixture
def tried_before(task, monkeypatch):
    """Take what `trials` has found."""
    monkeypatch.setattr(running, "SEARCH", 0.1)  # which arguments have a say is not asked in these tests
    take_as_tried(monkeypatch, task, trials(task.name))


@functools.cache
def alternatives(name):
    """Return the right answers that are written differently."""
    return [written(textwrap.dedent(source)) for source in ALTERNATIVES[name]]


@functools.cache
def nearly_right(name):
    """Return an answer that is off by a thousandth."""

    def off(value):
        if isinstance(value, tuple | list) and not comparing.is_numbers(value):
            return type(value)(off(one) for one in value)
        if isinstance(value, dict):
            return {key: off(one) for key, one in value.items()}
        whole = np.asarray(value).dtype.kind in "iub"
        return np.asarray(value) + 1 if whole else np.asarray(value) * 1.001

    def nearly(*arguments):
        return off(catalogue.find(name).reference(*arguments))

    return nearly


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_the_reference_is_right(task, tried_before):
    kind, lines, _ = checking.judge(task.reference, task)
    assert kind == "right" and not any(lines)


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_the_reader_s_own_settings_of_numpy_decide_no_verdict_and_stay_as_they_are(task):
    with np.errstate(all="raise"):
        before = np.geterr()
        kind, lines, _ = checking.judge(task.reference, task)
        assert kind == "right" and not any(lines)
        assert np.geterr() == before


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_right_answers_written_differently_are_right(task, tried_before):
    answers = alternatives(task.name)
    assert len(answers) >= 2
    for source, answer in zip(ALTERNATIVES[task.name], answers):
        kind, lines, _ = checking.judge(answer, task)
        assert kind == "right", (source, lines)


@pytest.mark.parametrize(("task", "mistake"), MISTAKES, ids=named)
def test_every_mistake_gets_its_own_diagnosis_and_no_other(task, mistake, tried_before):
    kind, lines, _ = checking.judge(mistake, task)
    own = " ".join(inspect.getdoc(mistake).split())
    others = {" ".join(inspect.getdoc(other).split()) for other in task.mistakes if other is not mistake}
    assert kind == "wrong" and own in lines
    assert not others & set(lines)


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_the_cases_tell_all_mistakes_apart(task):
    answers = {
        function.__name__: [running.run(function, case) for case in task.cases]
        for function in (task.reference, *task.mistakes)
    }
    assert len(task.mistakes) >= 3
    for name, outcomes in answers.items():
        assert not any(outcome.trouble for outcome in outcomes), name
    for one, other in itertools.combinations(answers, 2):
        pairs = zip(answers[one], answers[other])
        assert not all(comparing.same(a.value, b.value, 1e-3) for a, b in pairs), f"{one} and {other} look alike"


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_an_answer_off_by_a_thousandth_is_refused(task, tried_before, monkeypatch):
    monkeypatch.setattr(checking, "diagnosis", lambda *_: [])  # why it is wrong is not asked here, and takes longer
    kind, _, _ = checking.judge(nearly_right(task.name), task)
    assert kind == "wrong"


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_the_first_case_can_be_worked_by_hand(task):
    arrays = [np.asarray(value) for value in task.cases[0] if comparing.is_numbers(value)]
    assert sum(array.size for array in arrays) <= 46
    assert len(task.cases) >= 3


@pytest.mark.parametrize("task", [task for _, task in TASKS], ids=named)
def test_there_are_two_to_four_hints_and_a_short_why(task):
    assert 2 <= len(task.hints) <= 4
    assert len(set(task.hints)) == len(task.hints)
    assert "\n" not in task.why and 10 < len(task.why) < 250


@pytest.mark.parametrize("task", [task for _, task in TASKS], ids=named)
def test_a_diagnosis_names_the_mistake_and_asks_one_question(task):
    texts = [inspect.getdoc(m) for m in task.mistakes] if isinstance(task, Exercise) else [t for _, t in task.mistakes]
    assert len(texts) >= 3 and len(set(texts)) == len(texts)
    for text in texts:
        assert " ".join(text.split()).endswith("?") and text.count("?") == 1, text


def size_or_zero(*shapes):
    """Return how many numbers the sum of arrays of these shapes has, 0 where NumPy refuses it."""
    try:
        return sum(np.zeros(shape) for shape in shapes).size
    except ValueError:
        return 0


def slopes_of_one_image(x=(2.0, 4.0), p=(0.2, 0.5, 0.3), label=2):
    """Return the slopes of the scores, of the weight (1, 0) and of (0, 2), by nudging weights that give these p."""
    W = np.random.default_rng(0).normal(size=(2, 3))
    b = np.log(p) - np.array(x) @ W

    def loss(W, b):
        return -losses.log_softmax((np.array(x) @ W + b)[None])[0, label]

    of_W = numerical_gradient(lambda V: loss(V, b), W)
    return [*numerical_gradient(lambda v: loss(W, v), b), of_W[1, 0], of_W[0, 2]]


def places_of_w2():
    """Return where W[1] lies in a network's flat array, found by writing into it."""
    net = mlp.MLP((784, 64, 32, 10))
    net.w = np.zeros_like(net.w)
    net.W[1][:] = 1
    (places,) = np.nonzero(net.w)
    return [places[0], places[-1] + 1]


def still_equal():
    """Return how many columns of the first matrix, rows of the last and last biases differ, after a training."""
    rng = np.random.default_rng(0)
    net = mlp.MLP((784, 64, 32, 10), dtype=np.float64)
    net.w = np.full_like(net.w, 0.01)
    net.fit(rng.uniform(size=(200, 784)), rng.integers(0, 10, 200), epochs=3, batch_size=20, optimizer=SGD(0.5))
    counted = [net.W[0].T, net.W[2], net.b[2][:, None]]
    return [len(np.unique(rows.round(9), axis=0)) for rows in counted]


# A word of each fault in the clinic, in the order of the two tables of lesson 11.
FAULTS = {
    "ABCDEF": ["not updated", "too low", "too high", "not scaled", "zero", "labels"],
    "GHIJKL": ["shuffled", "twice", "too large", "sum", "first steps", "in many layers"],
}

ROWS = {"not scaled": "not divided by 255"}  # where the table says it otherwise


def faults_of(letters):
    """Return the number of the fault of each case in its table, and hold the table to the one that is printed."""
    rows = [line for source in cells_of(11, "markdown") for line in source.splitlines() if re.match(r"\| \d \|", line)]
    table = rows[:6] if letters == "ABCDEF" else rows[6:]
    for number, (row, word) in enumerate(zip(table, FAULTS[letters], strict=True), start=1):
        assert row.startswith(f"| {number} |") and ROWS.get(word, word) in row
    return [
        next(n for n, word in enumerate(FAULTS[letters], start=1) if word in clinic.CASES[letter].fault)
        for letter in letters
    ]


# The numbers asked for on paper, worked out here.
def best_for_ravine():
    """Return the rate and the momentum with the smallest largest eigenvalue, for curvatures 4 and 100: a search."""
    middle, width = np.array([0.05, 0.5]), np.array([0.045, 0.45])
    for _ in range(60):  # closer and closer around the best of a grid
        grid = [middle + width * np.array(place) / 5 for place in itertools.product(range(-5, 6), repeat=2)]
        steps = np.array([[[[1 - rate * c, mu], [-rate * c, mu]] for c in (4, 100)] for rate, mu in grid])
        middle = grid[np.argmin(np.abs(np.linalg.eigvals(steps)).max(axis=(1, 2)))]
        width = width * 0.7
    return middle


def slope_as_printed(w, decimals):
    """Return the slope of the network's own curve, rounded as lessons 1 and 2 print it."""
    return round(float(digits.one_weight().gradient(w)), decimals)


def curvature_at_the_star(i):
    """Return the curvature of the network's loss along one of two weights, as lesson 3 prints it."""
    network, nudge = digits.two_weights(), 0.01 * np.eye(2)[i]
    slopes = [network.gradient(np.array(network.minimum) + sign * nudge)[i] for sign in (1, -1)]
    return round(float(slopes[0] - slopes[1]) / 0.02, 4)


def two_scores():
    """Return the scores that a model with these words gives to both texts, from its probabilities."""
    net = MeanEmbedding(words=6, size=1, dtype=np.float64)
    net.w = np.array([0, 0, 1.8, 0.5, -2.0, -1.8, 1, 0])  # a tenth, so that no probability rounds to 0 or 1
    p = net.predict([[2, 3, 4, 5], [2, 3, 5, 0]])
    return 10 * np.log(p / (1 - p))


TRUTHS = {
    "first_slope": lambda: (round(functions.two_valleys(2.1), 2) - round(functions.two_valleys(1.9), 2)) / 0.2,
    "third_row": lambda: descend(functions.parabola.gradient, 8.0, SGD(0.1), 4)[4, 0],
    "three_runs": lambda: [verdict_on(run) for run in RUNS_TO_READ],
    "two_steps": lambda: (w := 2 - 2 * slope_as_printed(2.0, 3)) - 2 * slope_as_printed(w, 4),
    "three_errors": lambda: descend(lambda w: 4 * (w - 3), 8.0, SGD(0.4), 3)[1:, 0] - 3,
    "loss_curves": lambda: [verdict_on_losses(rate) for rate in rates_to_read()],
    "gradient_by_hand": lambda: numerical_gradient(lambda w: w[0] ** 2 * w[1] + 3 * w[1], np.array([4.0, -1.0])),
    "blind_spot": lambda: 5 / 20,  # where y gives x's slope: 20 y = x = 5
    "network_ravine": lambda: [
        (steep := curvature_at_the_star(1)) / (flat := curvature_at_the_star(0)),
        2 / steep,
        1 - 8 * flat,
    ],
    "network_threshold": lambda: [
        (bend := (slope_as_printed(0.35, 4) - slope_as_printed(0.25, 4)) / 0.1),
        2 / bend,
    ],
    "curvatures_by_hand": lambda: [
        loss_and_slopes([2, 3, 7], [7, 6, 17], np.array([2.0, 1.0]) + np.eye(2)[i])[1 + i]
        - loss_and_slopes([2, 3, 7], [7, 6, 17], np.array([2.0, 1.0]))[1 + i]
        for i in range(2)
    ],
    "sizes_of_results": lambda: [
        np.zeros((5, 4)).size,
        size_or_zero((5, 4), (5,)),
        size_or_zero((5, 4), (5, 1)),
        size_or_zero((5, 1), (5,)),
    ],
    "along_the_axes": lambda: [*(table := np.array([[1, 2, 6], [3, 8, 4]])).mean(axis=0), *table.sum(axis=1)],
    "slopes_of_each": lambda: [
        loss_and_slopes([x], [y], np.array([2.0, 1.0]))[2] for x, y in zip([2, 3, 7, [2, 3, 7]], [7, 6, 17, [7, 6, 17]])
    ],
    "rate_for_batch": lambda: 0.15 / 30 * 50,
    "slopes_of_one_image": slopes_of_one_image,
    "read_the_table": lambda: [77 / 100, (5 + 10) / (5 + 25 + 10), 14 / (10 + 14)],
    "place_of_w2": places_of_w2,
    "still_equal": still_equal,
    "loss_and_slopes": lambda: loss_and_slopes([2, 3, 7], [7, 6, 17], np.array([2.0, 1.0])),
    "count_iterations": lambda: [(n := len(range(0, 342, 50))), 342 - 50 * (n - 1), 20 * n, 2 * 20 * n],
    "probabilities_by_hand": lambda: np.exp(losses.log_softmax(np.log([[1.0, 3.0, 4.0]])))[0],
    "network_weights": lambda: mlp.MLP((784, 64, 32, 10)).w.size,
    "read_five_runs": lambda: [what_it_shows(*numbers) for numbers in runs_of_lesson_12()],
    "same_steps": lambda: [(steps := 6 * len(range(0, 1000, 64))), (n := steps / len(range(0, 1000, 300))), n / 6],
    "round_one": lambda: faults_of("ABCDEF"),
    "round_two": lambda: faults_of("GHIJKL"),
    "steps_of_the_run": lambda: [3 * len(range(0, 8000, 128)), len(range(8000)[8000 - 8000 % 128 :])],
    "best_for_ravine": best_for_ravine,
    "first_steps": lambda: [
        -method.step(np.zeros(1), np.array([0.02]))[0]
        for method in (
            SGD(0.1),
            optimizers.Adagrad(0.1, initial_accumulator_value=0.0, epsilon=1e-15),
            optimizers.RMSprop(0.1, rho=0.75, epsilon=1e-15),
            optimizers.Adam(0.1, epsilon=1e-15),
        )
    ],
    "last_shares": lambda: [len(np.arange(7000)[7000 - 7000 % 128 :][rank::3]) for rank in range(3)],
    "by_hand": lambda: np.sum(
        convolution.windows(np.array([[[2, 1, 0], [3, 5, 1], [0, 4, 2]]]), 2) * [[1, -1], [2, 0]], axis=(3, 4)
    ).ravel(),
    "pair_by_hand": lambda: [
        (apart := lambda A: (1 - np.linalg.norm(A - [0.38, 0.36])) ** 2)(np.array([0.5, 0.2])),
        *numerical_gradient(apart, np.array([0.5, 0.2])),
    ],
    "alarms_at_the_station": lambda: [
        (false := 10_000 * 50 * 2 // 10_000),
        1000 * (found := 4 - 4 // 4) / (found + false),
    ],
    "two_scores": two_scores,
    "look_up_by_hand": lambda: np.exp(losses.log_softmax(np.log([[2.0, 3.0, 5.0]])))[0] @ [[10, 20], [40, 10], [0, 50]],
    "scores_of_a_text": lambda: [24 * 16 * np.ones((1000, 1000)).sum() / 1e6, np.zeros((2000, 2000)).size / 1e6],
    "spot_the_leak": lambda: remarks_of_lesson_20(),
}


# As lesson 1 prints them, from what each was made by: the rate, and the sign of the step.
RUNS_TO_READ = [([6, 6.3, 6.63, 6.993], 0.05, 1), ([6, -0.3, 6.63, -0.993], 1.05, -1), ([6, 4.8, 4.08, 3.648], 0.2, -1)]


def verdict_on(run):
    """Return 2 for a wrong sign and 3 for a rate beyond 2 / curvature, after making the run again."""
    points, rate, sign = run
    for before, after in itertools.pairwise(points):
        assert np.isclose(after, before + sign * rate * functions.parabola.gradient(before))
    return 2 if sign > 0 else 3 if rate > 2 / 2 else 1


def runs_of_lesson_12():
    """Return (training, training, validation, validation, new) for each run in the lesson's table, in its order."""
    rows = re.findall(
        r"^\| [A-E] \| (.*?), (.*?) \| (.*?), (.*?) \| (.*?) \|$", "\n".join(cells_of(12, "markdown")), re.MULTILINE
    )
    return [tuple(map(float, row)) for row in rows]


def remarks_of_lesson_20():
    """Return the number of the remark on each project of lesson 20's table, by a word of each that names the fault."""
    section = "\n".join(cells_of(20, "markdown")).split("### Exercise 1")[1].split("## A baseline")[0]
    told = re.findall(r"^\| [A-F] \| (.*?) \|$", section, re.MULTILINE)
    remarks = re.findall(r"^\d\. (.*)$", section, re.MULTILINE)
    faults = {
        "photographed": "one source",
        "Then they are split": "scale",
        "best test accuracy": "test set has chosen",
        "length|how long": "known",
        "days of ten years": "later",
        "training set's means": "Nothing",
    }
    found = []
    for one in told:
        (fault,) = (fault for sign, fault in faults.items() if re.search(sign, one))
        (number,) = (number for number, remark in enumerate(remarks, start=1) if fault in remark)
        found.append(number)
    return found


def what_it_shows(train_10, train_40, val_10, val_40, new):
    """Return the number of lesson 12's reading for a run: what its losses say after 10 and after 40 epochs."""
    if new > 2 * val_40:
        return 4
    if val_40 > val_10:
        return 2
    if train_40 > 1.1 * val_40:
        return 3
    return 5 if val_10 - val_40 < 0.05 else 1


def rates_to_read():
    """Return the rates of lesson 2's four loss curves, shuffled as its cell does it."""
    (line,) = (line for source in cells_of(2) for line in source.splitlines() if line.startswith("rates = np.random"))
    return eval(line.removeprefix("rates = "), {"np": np})


def verdict_on_losses(rate):
    """Return 4 for a run of lesson 2 that diverges, 3 for one that bounces, 2 for one that arrives, 1 otherwise."""
    run = descend(functions.two_valleys.gradient, -1.0, SGD(rate), 20)
    if "diverges" in run.message:
        return 4
    losses = functions.two_valleys(run[:, 0])
    if (np.diff(losses) > 1e-9).any():
        return 3
    return 2 if losses[10] - functions.two_valleys(-2.0) < 1e-3 else 1


def loss_and_slopes(x, y, w):
    """Return the mean squared error of the line w and its slopes, found by nudging."""

    def loss(w):
        return np.mean((w[0] * np.array(x) + w[1] - np.array(y)) ** 2)

    return [loss(w), *numerical_gradient(loss, w)]


@pytest.mark.parametrize("task", [task for task in QUESTIONS if not task.lines], ids=named)
def test_numbers_asked_for_on_paper_are_true(task):
    assert np.allclose(task.value, TRUTHS[task.name](), rtol=1e-6)


@pytest.mark.parametrize("task", [task for task in QUESTIONS if task.lines], ids=named)
def test_the_places_of_the_lines_are_no_right_order(task):
    rights = [list(order) for order in (task.value, *task.also)]
    for order in rights:
        assert [order.index(line) + 1 for line in sorted(order)] not in rights


@pytest.mark.parametrize("task", QUESTIONS, ids=named)
def test_questions_tell_right_from_wrong(task, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("GDCOURSE_DATA", str(tmp_path))
    monkeypatch.setattr(ways, "PATIENCE", 0.4)  # no question needs two slips to be looked for long

    def said(value):
        questions.answer(task.name, value)
        return capsys.readouterr().out

    for right in (task.value, *task.also):
        assert said(right).startswith("✓")
    for wrong, diagnosis in task.mistakes:
        out = said(wrong)
        assert out.startswith("✗") and diagnosis in out
        assert not [other for _, other in task.mistakes if other != diagnosis and other in out]
    assert said(...).startswith("…")
    if not task.lines:
        for off in (np.asarray(task.value, float) * 1.02, np.full(np.shape(task.value), 1e30)):
            assert said(off.tolist()).startswith("✗")


@pytest.mark.parametrize("item", PREDICTIONS, ids=lambda item: item.question[:30])
def test_predictions_are_asked_in_a_notebook_as_they_stand(item):
    assert item.right in item.options and len(set(item.options)) == len(item.options) >= 2
    assert item.counters.keys() <= set(item.options) - {item.right}
    assert all(against.endswith(".") and "?" not in against for against in item.counters.values())
    asked = [[ast.literal_eval(arg) for arg in call.args] for _, call in calls("predict")]
    assert [item.question, list(item.options)] in asked


def test_every_prediction_in_a_notebook_is_known():
    assert len(calls("predict")) == len(PREDICTIONS) == len({item.question for item in PREDICTIONS})


def secrets():
    """Yield every line of an answer that no notebook may give away: of the references, and of hints and whys."""
    shown = {line.strip() for _, source in stubs() for line in source.splitlines()}
    for number, task in TASKS:
        if isinstance(task, Exercise):
            for line in inspect.getsource(task.reference).splitlines()[2:]:
                line = line.strip()
                if len(line) > 18 and line not in shown and not line.startswith(("def ", "for ", '"""')):
                    yield number, task.name, line
        for line in (*task.hints, task.why):
            yield number, task.name, line


@pytest.mark.parametrize("path", notebooks.lessons(), ids=lambda path: path.stem)
def test_no_answer_leaks_into_a_learners_notebook_or_its_web_page(path):
    text = "\n".join(texts(nbformat.read(path, 4)))
    shown = html.unescape(re.sub(r"<[^>]+>", "", text))  # as a page made of it shows it
    own = [(name, line) for number, name, line in secrets() if number == int(path.name[:2])]
    assert own
    assert not [(name, line) for name, line in own if line in text or line in shown]


def texts(part):
    """Yield every text in a notebook: sources, outputs of every kind, and what nobody sees."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for one in part.values() if isinstance(part, dict) else part:
            yield from texts(one)


def test_a_leak_is_found_wherever_it_is():
    hidden = {
        "cells": [{"outputs": [{"data": {"text/html": "<b>a</b> &lt; b", "text/plain": ["c"]}}]}],
        "d": {"e": "f"},
    }
    assert "\n".join(texts(hidden)) == "<b>a</b> &lt; b\nc\nf"
