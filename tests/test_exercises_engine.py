"""The engine names what anybody can get wrong anywhere, and survives whatever a learner writes."""

import ast
import itertools
import linecache
import sys
import textwrap
from collections import deque, namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from gdcourse import checks
from gdcourse.exercises import apart, catalogue, checking, comparing, paper, questions, reading, report, running, ways
from gdcourse.exercises.definition import Exercise, Question
from gdcourse.exercises.slips import trees
from gdcourse.exercises.slips.repairs import REPAIRS
from gdcourse.exercises.slips.rules import RULES

EXERCISES = [one for module in catalogue.lessons().values() for one in module.EXERCISES if isinstance(one, Exercise)]
numbered = itertools.count()
ARRAYS = [np.array([1.5, 2.5]), np.array([3.5])]


def written(source, name="", **notebook):
    """Define a function as a notebook's cell does, so that its source can be found again."""
    source, file = textwrap.dedent(source).strip() + "\n", f"<cell {next(numbered)}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    names = {"np": np, **notebook}
    exec(compile(source, file, "exec"), names)
    first = [line for line in source.splitlines() if line.startswith("def ")][0].split("(")[0][4:]
    return names.get(name) or names[first]


def tried_together(task, functions):
    """Return {function: its Trial}, all from one process apart: to make one for each takes most of the time."""
    expected, trials = checking.answers(task), [running.Trial([]) for _ in functions]
    if not apart.possible:
        return {function: running.tried(function, task, expected) for function in functions}

    def work(send):
        for number, function in enumerate(functions):
            for message in running._examined(function, task, expected):
                send((number, *message))

    for number, *message in apart.messages(work, running.SECONDS * len(functions)):
        running._take(trials[number], *message)
    return dict(zip(functions, trials))


def take_as_tried(monkeypatch, task, trials):
    """Let a check of this exercise find these trials, {function: its Trial}; others are made as ever."""
    really = running.tried

    def tried(function, of, expected):
        return trials[function] if of is task else really(function, of, expected)

    monkeypatch.setattr(running, "tried", tried)


def slope(w):
    """4 * (w - 3)"""
    return 4 * (w - 3)


def walk(w, gradient, rate):
    """Return the next w."""
    return w - rate * gradient(w)


def walk_uphill(w, gradient, rate):
    """The step goes uphill. Which way does the gradient point?"""
    return w + rate * gradient(w)


def walk_broken(w, gradient, rate):
    """Return the next w."""
    w =- rate * gradient(w)  # fmt: skip
    return w


WALK = Exercise(
    walk,
    why="The rule.",
    hints=["First.", "Second."],
    cases=[(5.0, slope, 0.1), (np.array([[2.0, 7.0, 4.5]]), slope, 0.3)],
    mistakes=[walk_uphill],
    broken=walk_broken,
)


def column_means(X):
    """Return the mean of each column."""
    return X.mean(axis=0)


MEANS = Exercise(
    column_means,
    why="Means.",
    hints=["First.", "Second."],
    cases=[(np.array([[2.0, 5.0]]),), (np.array([[2.0, 5.0], [4.0, 9.0], [3.5, 2.0]]),)],
    mistakes=[],
    batch=0,
)


def judged(source, task=WALK, **notebook):
    kind, lines, _ = checking.judge(written(source, **notebook), task)
    return kind, "\n".join(line for line in lines if line)


@pytest.mark.parametrize(
    "body",
    [
        "return w - rate * gradient(w)",
        "return np.subtract(w, np.multiply(gradient(w), rate))",
        "w = np.array(w)\n    w -= rate * gradient(w)\n    return w",
        "return (w - rate * gradient(w)) if np.ndim(w) == 0 else (w - rate * gradient(w)).tolist()",
        "return np.float32(1) * np.asarray(w - rate * gradient(w), dtype=np.float32)",
        "return np.asarray(-rate * gradient(w) + w)",
    ],
)
def test_right_answers_pass_however_they_are_written(body):
    assert judged(f"def walk(w, gradient, rate):\n    {body}") == ("right", "")


def test_extra_defaults_and_other_argument_names_pass():
    assert judged("def walk(weight, slope, eta, digits=3):\n    return weight - eta * slope(weight)")[0] == "right"


@pytest.mark.parametrize(
    "source",
    [
        'def walk(w, gradient, rate):\n    """Return the next w."""\n    ...  # your code here',
        "def walk(w, gradient, rate):\n    pass",
        "def walk(w, gradient, rate):\n    return ...",
        "def walk(w, gradient, rate):\n    while ...:\n        w = 1",
        "def walk(w, gradient, rate):\n    w =- rate * gradient(w)\n    return w",
    ],
)
def test_a_stub_is_not_attempted(source):
    assert judged(source) == ("open", "")


def test_dots_in_an_index_are_no_stub():
    assert judged("def walk(w, gradient, rate):\n    return np.asarray(w)[...] - rate * gradient(w)")[0] == "right"


def test_a_known_mistake_is_named_with_the_case_and_the_difference():
    kind, text = judged("def walk(w, gradient, rate):\n    return w + rate * gradient(w)")
    assert kind == "wrong"
    assert "With w = 5, gradient = slope, which is 4 * (w - 3), rate = 0.1" in text
    assert "expected 4.2, got 5.8" in text
    assert "The step goes uphill. Which way does the gradient point?" in text


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("w - rate * gradient(w)", "returns nothing"),
        ("print(w - rate * gradient(w))", "prints its answer and returns nothing"),
        ("return [w - rate * gradient(w)]", "the number is in a list"),
        ("return -(w - rate * gradient(w))", "the sign is turned round"),
        ("return 2 * (w - rate * gradient(w))", "2 times what is expected"),
        ("return np.ones(3) + np.ones(2)", "Look at the two shapes"),
        ("return max(np.ones((2, 2)))", "which line should have made one number"),
        ("return w - rate * gradient(w), 2.0", "2 values come back where one is expected"),
        ("w = np.array([3, 4])\n    w -= 0.5\n    return w", "which dtype can hold a fraction"),
        ("return w - rate * gradient", "at which point"),
        ("return 2.5 ^ w", "how is a square written"),
        ("return [w][1]", "which is the last one there"),
        ("return np.array([w])[2]", "which is the last one there"),
        ("return np.ones(7).reshape(-1, 3)", "has each of them as many entries"),
        ("return np.split(np.ones(7), 3)", "has each of them as many entries"),
        ("return (w * 1.0).mean_of_all", "which step expects an array there"),
        ("return str(w - rate * gradient(w))", "no number"),
        ("return np.trunc(w - rate * gradient(w))", "fractions are cut off"),
        ("return w - 0.1 * gradent(w)", "in line 2 of the cell: return w - 0.1 * gradent(w)"),
        ("return w / 0 - rate", "ZeroDivisionError"),
        ("while True:\n        pass", "did not end within"),
        (
            "while True:\n        try:\n            w = 2\n        except BaseException:\n            pass",
            "did not end",
        ),
        ("return walk(w, gradient, rate)", "more often than Python allows"),
        ("import time\n    time.sleep(60)", "did not end within"),
        ("raise SystemExit", "SystemExit"),
        ("return np.zeros((10**7, 10**7))", "more memory"),
        ("return np.zeros((3000, 3000))", "too many"),
        ("return w - lr * gradient(w)", "It uses lr from the notebook"),
        ("return float('nan')", "not a finite number"),
        ("return 10**400", "expected 4.2"),
    ],
)
def test_what_can_go_wrong_anywhere_is_named(body, named, monkeypatch):
    # What ends for its time does so soon; nothing else does, however busy the machine is.
    monkeypatch.setattr(running, "SECONDS", 0.5 if "did not end" in named else 60)
    monkeypatch.setattr(checking, "AT_MOST", 2 if "did not end" in named else 20)
    kind, text = judged(f"def walk(w, gradient, rate):\n    {body}", lr=0.7)
    assert kind == "wrong" and named in text


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("w, rate, gradient", "It is called as walk(w, gradient, rate), and yours has these names in another order."),
        ("w, gradient", "It is called as walk(w, gradient, rate), and yours takes other arguments."),
    ],
)
def test_arguments_that_come_otherwise_than_it_is_called_are_told(head, said):
    kind, text = judged(f"def walk({head}):\n    rate = 0.1\n    return w - rate * gradient(w)")
    assert kind == "wrong" and said in text


def test_names_of_the_reader_s_own_are_fine():
    assert judged("def walk(x, slope_at, step):\n    return x - step * slope_at(x)")[0] == "right"


def test_in_place_changes_are_said_and_do_no_harm():
    before = WALK.cases[1][0].copy()
    kind, text = judged("def walk(w, gradient, rate):\n    w -= rate * gradient(w)\n    return w")
    assert kind == "right" and "changes w in place" in text
    assert np.array_equal(WALK.cases[1][0], before)
    kind, text = judged("def walk(w, gradient, rate):\n    w -= gradient(w)\n    return w")
    assert kind == "wrong" and "changes w in place" in text


def test_memory_between_calls_is_found():
    kind, text = judged(
        """
        def walk(w, gradient, rate, calls=[]):
            calls.append(w)
            return w - rate * gradient(w) + (len(calls) > 2)
        """
    )
    assert kind == "wrong" and "gives two answers" in text and "made once and shared" in text


def test_right_for_one_sample_wrong_for_several():
    kind, text = judged("def column_means(X):\n    return X[0]", MEANS)
    assert kind == "wrong" and "right for one sample and wrong for several" in text
    assert judged("def column_means(X):\n    return sum(X) / len(X)", MEANS)[0] == "right"


def test_a_softmax_that_looks_at_the_first_image_only_is_named():
    source = "def softmax(z):\n    e = np.exp(z - z[0].max())\n    return e / e[0].sum()"
    kind, text = judged(source, catalogue.find("softmax"))
    assert kind == "wrong" and "right for one sample and wrong for several" in text


def with_one_more(task, parameter):
    """Return a wrong answer to an exercise, with one more parameter that no case fills and that is read in it."""
    tree = trees.Tree(task.reference, task.cases[0])
    right = checking.answers(task)[0]
    for slip in tree.slips(RULES):
        text, function = tree.written(slip), tree.function(slip)
        got = function and ways.value_of(function, task.cases[0])
        if "_again" in text or function is None or isinstance(got, Exception) or comparing.same(right, got):
            continue
        (definition,) = ast.parse(text).body
        head = ast.unparse(definition.args)
        body = textwrap.indent(ast.unparse(ast.Module(definition.body, [])), "    ")
        own = {name: value for name, value in task.reference.__globals__.items() if not name.startswith("__")}
        source = f"def {task.name}({head}, {parameter}):\n    more = more\n    also = more\n{body}"
        return written(source, task.name, **own)


@pytest.mark.parametrize("task", EXERCISES, ids=lambda task: task.name)
def test_a_wrong_answer_with_one_more_argument_gets_a_verdict(task, monkeypatch):
    monkeypatch.setattr(checking, "AT_MOST", 0.5)
    for parameter in ("more=1.96", "more=(1, 2)", "*, more=None"):
        function = with_one_more(task, parameter)
        tree = trees.Tree(function, task.cases[0])
        assert comparing.same(*(ways.value_of(one, task.cases[0]) for one in (function, tree.function())))
        assert set(tree.kinds) == set(tree.arguments) > {"more"}
        assert tree.slips([*RULES, *REPAIRS])
    assert checking.judge(function, task).kind == "wrong"


def test_wrong_number_of_arguments():
    kind, text = judged("def walk(w):\n    return w")
    assert kind == "wrong" and "called as walk(w, gradient, rate)" in text


def test_floods_are_cut_and_warnings_quoted():
    kind, text = judged(
        """
        def walk(w, gradient, rate):
            print("x" * 10**6)
            np.log(np.float64(-1))
            return w - rate * gradient(w)
        """
    )
    assert kind == "right" and len(text) < 900 and "more characters" in text and "RuntimeWarning: invalid value" in text


def test_tracing_is_put_back(monkeypatch):
    monkeypatch.setattr(apart, "possible", False)  # in a process apart there is nothing to put back
    before = sys.gettrace()
    judged("def walk(w, gradient, rate):\n    return w")
    assert sys.gettrace() is before


@pytest.fixture
def course(monkeypatch, capsys, tmp_path):
    """Stand in for the catalogue with four tasks of our own; the learner's file is a throw-away."""
    order = Question(
        "order", [2, 3, 1], why="So.", hints=["a", "b"], lines=["third", "first", "second"], also=[[3, 2, 1]],
        mistakes=[([1, 2, 3], "That is the order as shown. Which comes first?")],
    )  # fmt: skip
    number = Question("mean", 2.5, why="A mean.", hints=["a", "b"], mistakes=[(10.0, "That is the sum. Of how many?")])
    found = {task.name: task for task in (WALK, MEANS, order, number)}

    def find(name):
        if name not in found:
            raise ValueError(f"No exercise is named {name}.")
        return found[name]

    monkeypatch.setattr(catalogue, "find", find)
    monkeypatch.setenv("GDCOURSE_DATA", str(tmp_path))
    return capsys


@pytest.mark.parametrize(
    "value",
    [
        2.5,
        "2.5",
        "5/2",
        "2.5 m",
        np.float32(2.5),
        np.array(2.5),
        "2.501",
        2.51,
        [2.5],
        (2.5,),
        np.array([2.5]),
        "2½",
        "y = 2.5",
        "≈ 2.5",
        Decimal("2.5"),
        Fraction(5, 2),
        "2,5",
        "+2.5",
        "2.50",
        "2.5.",
        "1 + 1.5",
        "10/4",
        "about 2.5",
        "250%",
        "2.5e0",
    ],
)
def test_right_numbers_are_accepted_in_any_dress(value, course):
    questions.answer("mean", value)
    assert course.readouterr().out.startswith("✓ mean: 2.5")


# What is typed, and the number that it says, or None: the notebook's half and the pages' are held to it.
TYPED = [
    *((text, 100.0) for text in ("10^2", "10²", "10**2", "5 · 20", "10^2.", "y = 10²", "10² m", "(10)^2", "10⁴^½")),
    *((text, 0.001) for text in ("10^-3", "10⁻³", "10^(-3)", "1/10³", "10^-1%", "½ × 2 · 10⁻³")),
    *((text, -4.0) for text in ("-2^2", "−2²", "-(2²)", "-½^-2")),
    *((text, 512.0) for text in ("2^3^2", "2^(3^2)", "2^3²", "2^3·2³·2³", "(2³)³")),
    *((text, 2.5) for text in ("(2.5)", "(1 + 4)/2", "２．５", "[2.5]", "`2.5`", "2½", "5⁄2")),
    *((text, 8.05) for text in ("1.61 / 0.2 = 8.05", "y = 1.61/0.2 = 8.05", "√64.8 ≈ 8.05", "16.1/2 = 161/20 = 8.05")),
    *((text, 8.05) for text in ("W1: 8.05", "w_4 = 8.05", "x2=16.1/2=8.05", "8.05 (rounded)", "y = 8.05 (two digits)")),
    *((text, 52650.0) for text in ("52’650", "52'650", "784 x 67 + 122", "784X67+122", "784 x 64 + 64 x 32 + 426")),
    *((text, None) for text in ("5/2 = 8.05", "2 =", "2 == 2", "x = y", "1: 2", "8.05 (in %)", "8.05(rounded)")),
    *((text, 8.05) for text in ("8 1/20", "+8  1/20", "y = 8 1/20", "8 1/20 m", "8 1⁄20")),
    *((text, -2.5) for text in ("-2 1/2", "-2 ½", "−2½")),
    *((text, None) for text in ("2 1/2 1/2", "2 1", "2.5 1/2", "1/2 1/2", "1/2 ½", "2 1/0", "3 140 1/8", "3 1/8 280")),
    *((text, 0.2) for text in ("0.1/√0.25", "0.1 / √(0.2 + 0.05)", "0.1/sqrt(0.25)", "y = 0.4 · √¼", "1.2 - √√1")),
    *((text, None) for text in ("√-4", "√", "2√", "2√4", "2~4", "1/~4", "sqrt", "sqrt(-4)", "0.1/sqrt")),
    *((text, None) for text in ("2#3", "#2", "2^", "^2", "²", "²2", "2²2", "2^^3", "2#", "2＃3", "10₂", "0x10", "1_0")),
    *((text, None) for text in ("(-8)^0.5", "0^-1", "10^400", "10^10^10", "1/0", "2(3)", "(2", "2)", "2 3", "x", "")),
]


# Lists that are typed, held to the same on both sides.
LISTED = [
    *((text, [3, -10, -2]) for text in ("3 -10 -2", "3  -10  -2", "3\n-10\n-2", "3 –10 –2", "3, -10 and -2")),
    *((text, [3, -10, -2]) for text in ("3,-10 and -2", "3, -10, and -2", "3; -10 and -2", "3 -10 and -2")),
    *((text, [7, 42, 140, 280]) for text in ("7, 42, 140 and 280", "7,42,140 and 280", "7 42 140 and 280")),
    ("3 and -10 and -2", [3, -10, -2]),
    *((text, [7, 42, 140, 280]) for text in ("7 and 42 and 140 and 280", "7; 42; 140 and 280")),
    *((text, [50240, 52288]) for text in ("50,240 and 52,288", "50,240, and 52,288", "50240 and 52,288")),
    *((text, [2, 5, 5, 9, 15]) for text in ("2, 5, 5 and 9, 15", "2,5,5 and 9,15", "2, 5 and 5, 9 and 15")),
    *((text, [0.5, 0.25]) for text in ("0,5 and 0,25", "0,5; 0,25", "½ and ¼", "1/2 and 25%")),
    *((text, [14, 32]) for text in ("c = [14, 32]", "c=[14,32]", "c = (14, 32)", "c=(14,32)", "{14, 32}")),
    *((text, [0.64, -0.96, 1.28]) for text in ("(0.64, (-0.96, 1.28))", "loss = 0.64, slopes = (-0.96, 1.28)")),
    *((text, [2, 5, 5, 9, 15]) for text in ("([2,5,5],[9,15])", "((2,5,5),(9,15))", '{"mean":[2,5,5],"sum":[9,15]}')),
    *((text, [8.05, -2.5]) for text in ("8 1/20, -2 1/2", "[8 1/20; -2 ½]")),
    *((text, [8.05, -2.5]) for text in ("8 1/20 and -2.5", "2.5 + 5.55 and -2 1/2")),
    *((text, [-8, 19]) for text in ("[-8, 19].", "(-8, 19);", "[-8, 19] .")),
    *((text, [2, 3, 0.25]) for text in ("(2, (1 + 2), 1/4)", "y = (1 + 1), x = 3, (1/4)")),
    *((text, None) for text in ("1) 3 2) -10", "-(1, 3)", "2*(1, 3)", "1, (2, 3/(1+1))")),
    *((text, [1, 1, 10]) for text in ("W1: 1, W3: 1, b3: 10", "W1 = 1; W3 = 2/2 = 1; b3 = 10")),
    *((text, [1, 1, 10]) for text in ("1, 1 and 10", "1,1 and 10")),
    *((text, [189, 64]) for text in ("189 steps and 64 images", "3 * 63 = 189 and 64", "189 | 64")),
    *((text, [0.125, 0.375, 0.5]) for text in ("0,125 0,375 0,5", "0,125 | 0,375 | 0,5", "p: 0.125, 0.375; 0.5")),
    *((text, [-0.5, 0.25]) for text in ("-0,5 0,25", "−0,5  0,25")),
    ("W2 at 50240, b2 at 52288", [50240, 52288]),
    *((text, None) for text in ("A 2, B 1", "0,5 0,25 and", "189 steps or 64 images", "2 | x")),
    *((text, [2, 4, 1]) for text in ("2-4-1", "2 - 4 - 1", "2- 4- 1", "2–4–1", "2 → 4 → 1", "2->4->1", "2 ->4 ->1")),
]  # fmt: skip


# The same where five numbers stand for descriptions.
CODED = [
    *((text, [2, 1, 5, 3, 4]) for text in ("A 2, B 1, C 5, D 3, E 4", "A 2; B 1; C 5; D 3; E 4", "A2 B1 C5 D3 E4")),
    *((text, [2, 1, 5, 3, 4]) for text in ("A: 2 B: 1 C: 5 D: 3 E: 4", "A-2, B-1, C-5, D-3, E-4", "a2b1c5d3e4")),
    *((text, [2, 1, 5, 3, 4]) for text in ("A → 2, B → 1, C → 5, D → 3, E → 4", "[A=2, B=1, C=5, D=3 and E=4]")),
    *(
        (text, None)
        for text in ("A 2, C 1, B 5, D 3, E 4", "A 2, B 1, C 5, D 3", "A2 B1 C5 D3 E4 F6", "A2 B1 C5 D3 Ex")
    ),
]


@pytest.mark.parametrize(("text", "values"), LISTED)
def test_what_is_typed_as_a_list_is_parted_where_it_is_meant_to_be(text, values):
    if values is not None:
        assert reading.numbers(text) == pytest.approx(values, rel=1e-12)
    else:
        assert questions.judge(catalogue.find("loss_and_slopes"), text)[2] is False


@pytest.mark.parametrize(
    "value",
    [
        [0.64, [-0.96, 1.28]],
        (0.64, (-0.96, 1.28)),
        (0.64, np.array([-0.96, 1.28])),
        [[0.64, -0.96], 1.28],
        {"loss": 0.64, "slopes": [-0.96, 1.28]},
        [["0.64"], ["-0.96", "1.28"]],
    ],
)
def test_lists_in_a_list_may_differ_in_length(value):
    assert reading.numbers(value) == [0.64, -0.96, 1.28]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("look_up_by_hand", "c = [14, 32]"),
        ("loss_and_slopes", "3 -10 -2"),
        ("slopes_of_each", "-4, 2, -4 and -2"),
        ("count_iterations", "7, 42, 140 and 280"),
        ("network_ravine", "19.0, 10.3 and 0.918"),
        ("pair_by_hand", "0.64, -0.96 and 1.28"),
    ],
)
def test_a_right_list_is_right_as_it_is_written_in_a_sentence(name, text):
    assert questions.judge(catalogue.find(name), text)[0] == "right"


@pytest.mark.parametrize(("text", "value"), TYPED)
def test_what_is_typed_is_read_as_it_is_meant_or_not_at_all(text, value, course):
    if value is not None:
        assert reading.number(text) == pytest.approx(value, rel=1e-12)
        assert reading.numbers(f"2^2; {text}; 3²") == pytest.approx([4, value, 9], rel=1e-12)
    else:
        questions.answer("mean", text)
        assert course.readouterr().out == f"✗ mean: expected a number, such as 2.5 or 5/2; got {text!r}.\n"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("mean", 10, "That is the sum."),
        ("mean", 2.53, "within 0.50%"),
        ("mean", "2,500", "decimal sign is a point"),
        ("mean", "2,500,000", "hint("),
        ("mean", 9, "hint("),
        ("mean", "two", "expected a number"),
        ("mean", [2.5, 2.5], "expected a number"),
        ("mean", float("nan"), "expected a number"),
        ("mean", True, "expected a number"),
        ("order", [1, 2, 3], "as shown"),
        ("order", [2, 3], "Line 1, `third`, is missing"),
        ("order", [1, 3, 2], "right order reversed"),
        ("order", [3, 1, 2], "place of each line"),
        ("order", [1, 2, 0], "counted from zero"),
        ("mean", "-2.5", "sign is wrong"),
        ("mean", 25, "Has the decimal point slipped, or is a factor too many"),
        ("mean", 0.4, "upside down"),
        ("mean", "250", "percent"),
        ("order", [2, 3, 3], "stands in it twice"),
        ("order", [2, 3, 4], "numbered from 1 to 3"),
        ("order", 2, "hint("),
        ("order", "two", "expected a list"),
    ],
)
def test_wrong_answers_on_paper_are_refused_by_name(name, value, said, course):
    questions.answer(name, value)
    out = course.readouterr().out
    assert out.startswith("✗") and said in out


def test_orders(course):
    for value in (
        [2, 3, 1],
        (2, 3, 1),
        "2 3 1",
        "2, 3, 1",
        np.array([3, 2, 1]),
        "2-3-1",
        "231",
        231,
        "2 → 3 → 1",
        "[2, 3, 1]",
        ["first", "second", "third"],
        ["2", "3", "1"],
        "2, then 3, then 1",
    ):
        questions.answer("order", value)
        assert course.readouterr().out.startswith("✓")
    questions.answer("order", ...)
    out = course.readouterr().out
    assert out.startswith("… order: not attempted yet") and "1  third\n2  first\n3  second" in out


def test_the_name_stands_for_the_right_function(course):
    right = written("def walk(w, gradient, rate):\n    return -rate * gradient(w) + w")
    wrong = written("def walk(w, gradient, rate):\n    return w")
    assert checking.exercise(right) is right
    assert "is right. From here on it is yours" in course.readouterr().out
    assert checking.exercise(wrong) is walk
    assert "The course's own walk is used" in course.readouterr().out


def test_a_right_one_in_another_form_leaves_later_cells_the_course_s_own(course):
    listed = written("def column_means(X):\n    return X.mean(axis=0).tolist()")
    halved = written("def column_means(X):\n    return X.mean(axis=0).astype(np.float32)")
    for function in (listed, halved):
        assert checking.exercise(function) is column_means
        out = course.readouterr().out
        assert out.startswith("✓ column_means is right.") and "Later cells use the course's own column_means" in out


def test_a_right_one_that_changes_its_argument_does_not_take_the_course_s_place(course):
    mine = written("def column_means(X):\n    X /= len(X)\n    return X.sum(axis=0)")
    assert checking.exercise(mine) is column_means
    assert "It changes X in place" in course.readouterr().out


def test_a_right_one_that_fails_in_later_cells_does_not_take_the_course_s_place(course, monkeypatch):
    (task,) = (one for one in EXERCISES if one.name == "momentum_step")
    monkeypatch.setattr(catalogue, "find", lambda name: task)
    guarded = """
    def momentum_step(w, velocity, gradient, learning_rate, momentum):
        if learning_rate < 0:
            raise ValueError("downhill only")
        velocity = momentum * velocity - learning_rate * gradient
        return w + velocity, velocity
    """
    assert checking.exercise(written(guarded)) is task.reference
    out = " ".join(course.readouterr().out.split())
    assert out.startswith("✓ momentum_step is right.") and "yours is not right for what they hand over" in out
    mine = written(guarded.replace("learning_rate < 0", "np.min(learning_rate) < 0"))
    assert checking.exercise(mine) is mine


@pytest.mark.parametrize("task", [task for task in EXERCISES if task.later], ids=lambda task: task.name)
def test_what_later_cells_hand_over_is_nothing_new_to_the_course(task):
    assert checking.judge(task.reference, task).usable


def test_a_function_that_calls_its_own_name_calls_itself(course):
    source = "def column_means(X):\n    return column_means(X)"
    assert checking.exercise(written(source, column_means=column_means)) is column_means
    assert "more often than Python allows" in course.readouterr().out


def test_an_unknown_name_is_said_without_a_traceback(course):
    mine = written("def wlak(w):\n    return w")
    assert checking.exercise(mine) is mine
    assert "No exercise is named wlak" in course.readouterr().out


@pytest.mark.parametrize(
    ("expected", "got", "equal"),
    [
        (np.array([1.5, 2.5]), [1.5, 2.5], True),
        (np.array([1.5, 2.5]), (1.5, 2.5), True),
        (np.array([1.5, 2.5]), np.array([[1.5, 2.5]]), False),
        ((1.5, np.array([2.5, 3.5])), [1.5, [2.5, 3.5]], True),
        ((1.5, np.array([2.5, 3.5])), (1.5,), False),
        (1000.0, 1000.0009, True),
        (1000.0, 1000.01, False),
        (np.float64(0.3), np.float32(0.3), True),
        (np.array([True, False]), [True, False], True),
        (np.array([True, False]), [1, 0], False),
        ({"W": 2.5}, {"W": 2.5}, True),
        ({"W": 2.5}, {"b": 2.5}, False),
        ("sgd", "sgd", True),
        (2.5, None, False),
        (2.5, "2.5", False),
        (np.array([np.inf, np.nan, 2.5]), np.array([np.inf, np.nan, 2.5]), True),
        (np.array([np.inf, 2.5]), np.array([np.inf, 3.5]), False),
        (np.array([np.inf, 2.5]), np.array([-np.inf, 2.5]), False),
        (np.array([2.5, 3.5]), np.array([2.5, np.nan]), False),
    ],
)
def test_sameness(expected, got, equal):
    assert comparing.same(expected, got) is equal


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        (np.arange(6.0).reshape(2, 3), np.arange(6.0).reshape(2, 3).T, "transposed"),
        (np.array([[1.5, 2], [3, 4]]), np.array([[1.5, 3], [2, 4]]), "transposed"),
        (np.array([1.5, 2, 4, 8]), np.array([0.5, 1.5, 2, 4]), "one step late"),
        (np.array([1.5, 2, 4, 8]), np.array([2, 4, 8, 16.0]), "one step early"),
        (np.array([1.5, 2, 4]), np.array([1.5, 3, 4]), "largest difference is at [1]: 3 instead of 2"),
        (np.array([1.5, 2]), np.array([[1.5], [2]]), "numbers are right, but the shape is (2, 1)"),
        (np.array([1.5, 2, 4]), np.ones((3, 3)), "a row and a column are combined"),
        ((1.5, np.array([2.5, 3.5])), (1.5, np.array([5.0, 7.0])), "value 2 of 2: it is 2 times"),
        ((1.5, np.array([2.5, 3.5])), running.carried(map(float, "12")), "a map is no list yet"),
        ([1.5, 2.5], running.carried(map(float, [1.5, 2.5])), "are right, but a map is no list yet"),
        (np.array([1.5, 2.5]), running.carried(one for one in (1.5, 2.5)), "a generator expression is no list yet"),
        (1.5, running.carried(one for one in (2.5,)), "a generator expression is no number"),
        (ARRAYS, running.carried(dict(enumerate(ARRAYS)).values()), "are right, but a dict_values is no list yet"),
        (ARRAYS, running.carried(deque(ARRAYS)), "are right, but a deque is no list yet"),
        (ARRAYS, running.carried(np.array(ARRAYS, dtype=object)), "right, but an array of objects is no list yet"),
        ((1.5, np.array([2.5, 3.5])), 1.5, "2 values are expected"),
    ],
)
def test_differences_are_put_into_words(expected, got, said):
    assert said in comparing.how_it_differs(expected, got)


def test_beside_an_infinite_number_nothing_is_compared_by_its_size(recwarn):
    assert comparing.how_it_differs(np.array([np.inf, 2.5]), np.array([0.0, 2.5])) == ""
    assert not recwarn


def test_a_named_tuple_is_the_values_in_it():
    source = """
        def layer_gradient(X, p, y):
            dz = (p - np.eye(p.shape[1])[y]) / len(y)
            return Gradients({}, dz.sum(axis=0))
    """
    task, gradients = catalogue.find("layer_gradient"), namedtuple("Gradients", "dW db")
    assert judged(source.format("X.T @ dz"), task, Gradients=gradients)[0] == "right"
    kind, text = judged(source.format("dz.T @ X"), task, Gradients=gradients)
    assert kind == "wrong" and "values are expected" not in text and "db is right; dW: " in text


def test_an_exception_that_can_not_be_told_is_still_named():
    body = "class Odd(Exception):\n        def __str__(self):\n            raise ValueError\n    raise Odd"
    kind, text = judged(f"def walk(w, gradient, rate):\n    {body}")
    assert kind == "wrong" and "It stopped with Odd" in text


def test_of_two_numbers_the_values_say_enough():
    assert comparing.how_it_differs(4, 8) == ""


@pytest.mark.parametrize("shown", [report.shown, checks.shown])
def test_reader_s_own_printing_of_arrays_changes_no_message(shown):
    values = [np.arange(4.0) / 3, [1.5, np.array([1e9, -2, 3])], {"a": np.arange(5)}, np.eye(2) > 0]
    usual = [shown(value) for value in values]
    with np.printoptions(threshold=2, edgeitems=1, precision=1, sign="+", formatter={"float": "F".format}):
        before = np.get_printoptions()
        assert [shown(value) for value in values] == usual
        assert np.get_printoptions() == before


# Texts with signs of Markdown, and what they are as HTML: the notebook's half and the pages' are held to it.
MARKED = [
    ("`max` of each *row*.", "<code>max</code> of each <em>row</em>."),
    ("*Stale* (*one-hot*, *for each 1 of it*)", "<em>Stale</em> (<em>one-hot</em>, <em>for each 1 of it</em>)"),
    ("`a < b` & `2 *w* 3`", "<code>a &lt; b</code> &amp; <code>2 *w* 3</code>"),
    ("2 * (w - 3) and 4 * w", "2 * (w - 3) and 4 * w"),
    ("w*x + b*y", "w*x + b*y"),
    ("2 *w - 3* x, 2 *w + 3* x, 2 *w-3* x", "2 *w - 3* x, 2 *w + 3* x, 2 *w-3* x"),
    ("2 *w and 3 *x", "2 *w and 3 *x"),
    ("w **2 and x **2, (**2 x**)", "w **2 and x **2, (**2 x**)"),
    ("`w`*x*`y`, 2*w* x", "<code>w</code>*x*<code>y</code>, 2*w* x"),
    ("a `tick alone and *args, **kwargs", "a `tick alone and *args, **kwargs"),
    ("*<b>* `<b>`", "*&lt;b&gt;* <code>&lt;b&gt;</code>"),
]


def test_html_is_escaped(monkeypatch):
    shown = []
    shell = pytest.importorskip("IPython")
    monkeypatch.setattr(shell, "get_ipython", lambda: object())
    monkeypatch.setattr(shell.display, "display", lambda bundle, raw: shown.append(bundle))
    report.say("wrong", ["a < b", "c & d"], code="<e>")
    assert "a &lt; b" in shown[0]["text/html"] and "&lt;e&gt;" in shown[0]["text/html"]
    assert shown[0]["text/plain"] == "✗ a < b\n  c & d\n<e>"


@pytest.mark.parametrize("text, expected", MARKED)
def test_code_and_emphasis_are_elements_and_products_are_not(text, expected):
    assert report.marked(text) == expected


def test_a_check_shows_code_and_emphasis_where_a_notebook_shows_html(monkeypatch):
    shown = []
    shell = pytest.importorskip("IPython")
    monkeypatch.setattr(shell, "get_ipython", lambda: object())
    monkeypatch.setattr(shell.display, "display", lambda bundle, raw: shown.append(bundle))
    report.say("note", ["`max` of a *row*", "2 * (w - 3)"])
    assert "<code>max</code> of a <em>row</em></strong><br>2 * (w - 3)<" in shown[0]["text/html"]
    assert shown[0]["text/plain"] == "• `max` of a *row*\n  2 * (w - 3)"


def test_of_several_values_the_wrong_one_is_shown_by_its_name():
    source = """
    def layer_gradient(X, p, y):
        dz = p.copy()
        dz[np.arange(len(y)), y] -= 1
        dz /= len(y)
        return X.T @ dz, 1.3 * dz.sum(axis=0)
    """
    _, lines, _ = checking.judge(written(source), catalogue.find("layer_gradient"))
    (told,) = (line for line in lines if "expected" in line)
    assert told.startswith("dW is right; db: expected [-0.1") and "[[" not in told
    _, lines, _ = checking.judge(written(source.replace("X.T @ dz", "X.T @ p")), catalogue.find("layer_gradient"))
    (told,) = (line for line in lines if "expected" in line)
    assert told.startswith("expected ([[")


def test_how_many_numbers_were_given_and_are_asked_for_is_said():
    task = catalogue.find("three_errors")
    assert questions.judge(task, [7.1])[1][1] == "You gave 1 number, and 3 are asked for."
    said = questions.judge(task, task.value[:2])[1][1]
    assert said == "Number 3 is missing, and the others are right. You gave 2 numbers, and 3 are asked for."


def test_each_number_of_a_list_is_judged_by_its_own_size():
    task = Question("three", [19.0, 10.3, 0.92], "why", ["hint", "hint"], [])
    assert "right ones" not in paper.of_numbers(task, [19.0, 10.3, 1.08])
    assert "right ones" in paper.of_numbers(task, [10.3, 19.0, 0.92])


def test_a_whole_number_beyond_all_floats_is_only_wrong():
    huge = 10**400
    assert not comparing.same(2.5, huge) and not comparing.same([2.5, 1.0], [2.5, huge])
    assert not comparing.near([2.5], [huge], 0.01) and not comparing.same(np.array([2.5]), huge)


@pytest.mark.parametrize(
    ("name", "value", "said", "unsaid"),
    [
        (
            "along_the_axes",
            [4 / 3, 10 / 3, 10 / 3, 9, 15],
            "Numbers 1, 2 and 3 are each 2/3 of what they",
            "differently",
        ),
        ("sizes_of_results", [20, 20, 20, 5], "Which sizes meet", "root"),
        ("loss_curves", "43120", "You gave 1 number, and 4 are", "right."),
        ("three_errors", [-3, -1.8, -1.08], "The size of number 2 is right", "all signs"),
        ("slopes_of_one_image", [-0.2, -0.5, 0.7, 0.8, -1.4], "", "number 1, 2 and 3 is"),
        ("steps_of_the_run", [186, 128], "left out", "the others are"),
        ("three_errors", "123", "You gave 1 number, and 3 are", "differently"),
        ("steps_of_the_run", [62, 64], "one epoch. How many epochs does the run have? And: Only full", "differently"),
        ("steps_of_the_run", [187.5, 128], "And: The last batch of an epoch is taken for a full one", "factor 2"),
        ("sizes_of_results", [20, 20, 0, 25], "One of them is an error", "swapped"),
        ("along_the_axes", [9, 15, 4, 10, 10], "The two results are swapped. Which one is asked for", "differently"),
        ("place_of_w2", [50177, 52225], "lie between W1 and W2. Where does W2 begin with them? And: Places", "differ"),
        ("network_threshold", [0.0194, 51.5], "over which distance", "decimal point"),
        ("network_threshold", [20.6, 0.097], "divided by 0.2", "0.05"),
        ("gradient_by_hand", [16, -8], "The 3y is dropped", "3y itself is added"),
        ("loss_and_slopes", [3**0.5, -10, -2], "Number 1 is the root of the right one", "differently"),
        ("loss_curves", [4, 2, 3, 1], "number 1 stands right, and the others do not", "swapped"),
        ("first_slope", (1.93 - 3.54) / 0.1, "That divides by 0.1", "`left`"),
        ("two_steps", 2 - 0.697, "The last step is missing", "loop"),
        ("two_steps", 0.38, "There is one step too many. How many", "loop"),
        ("two_steps", 2.493, "is not right yet", "how far both steps go"),
        ("read_the_table", [0.77, 0.125, 0.58], "Number 2 is not right, and the others are", "rounded"),
        ("read_the_table", [0.77, 0.25, 0.58], "Number 2 is not right, and the others are", "rounded"),
        ("read_the_table", [0.77, 0.38, 0.59], "Number 3 is not right, and the others are", "rounded"),
        ("probabilities_by_hand", [0.1, 0.4, 0.5], "Number 1 is right, but rounded too far", "differently"),
        ("probabilities_by_hand", [0.5, 0.38, 0.13], "The order is turned round", "one more way"),
        ("probabilities_by_hand", [0.14, 0.43, 0.57], "", "gets nothing"),
        ("probabilities_by_hand", [1 / 12, 3 / 12, 4 / 12], "are each 2/3 of what they", "add up to 2"),
        ("place_of_w2", [50241, 52288], "Number 1 is 1 too large", "last place"),
        ("network_weights", 52586, "64 too few", "subtracted"),
    ],
)
def test_a_list_on_paper_is_told_what_is_so(name, value, said, unsaid):
    _, lines, _ = questions.judge(catalogue.find(name), value)
    text = " ".join(lines)
    assert said.lower() in text.lower() and (not unsaid or unsaid not in text), lines


@pytest.mark.parametrize(
    ("name", "order", "said", "unsaid"),
    [
        (
            "descent_lines",
            [1, 4, 2, 3],
            ["Where does the walk begin?", "With which slope is the step taken?"],
            "missing",
        ),
        ("descent_lines", [2, 4, 1, 3], ["too early"], "Where does the walk begin"),
        ("epoch_lines", [1, 3, 4, 2], ["It looks at all penguins", "What is cut into batches?"], "is missing"),
        ("epoch_lines", [3, 1, 4, 2], ["It looks at all penguins", "is missing"], "too early"),
    ],
)
def test_an_order_with_two_faults_is_told_both(name, order, said, unsaid):
    _, lines, _ = questions.judge(catalogue.find(name), order)
    text = " ".join(lines)
    assert all(one in text for one in said) and unsaid not in text, lines


@pytest.mark.parametrize(("text", "codes"), CODED)
def test_the_letters_of_what_is_described_may_stand_before_its_codes(text, codes):
    if codes:
        assert reading.numbers(text, many=5) == codes
    else:
        assert questions.judge(catalogue.find("read_five_runs"), text)[2] is False


def test_pairs_of_a_name_and_its_number_are_the_numbers():
    assert reading.numbers([("A", 3), ("B", 5)]) == [3, 5]
    assert reading.numbers([("1", 3), ("2", 5)]) == [1, 3, 2, 5]


def test_the_numbers_of_descriptions_may_be_written_without_commas():
    task = catalogue.find("loss_curves")
    digits = "".join(str(int(one)) for one in task.value)
    assert questions.judge(task, digits)[0] == questions.judge(task, int(digits))[0] == "right"
    assert questions.judge(task, digits[::-1])[0] == "wrong"
