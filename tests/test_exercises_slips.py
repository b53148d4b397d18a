"""Which slips the checks let through, and right answers in an unusual dress."""

import copy
import functools
import re
from decimal import Decimal
from fractions import Fraction

import mutation_run
import numpy as np
import pytest
from test_exercises import EXERCISES, named
from test_exercises_engine import written

from gdcourse.exercises import catalogue, checking, comparing, memory
from gdcourse.exercises.helping import hint, solution
from gdcourse.exercises.predictions import predict
from gdcourse.exercises.questions import answer
from gdcourse.exercises.slips import trees
from gdcourse.exercises.slips.rules import RULES


@functools.cache
def mutants(name):
    return list(mutation_run.mutants(catalogue.find(name)))


@pytest.mark.parametrize("task", EXERCISES, ids=named)
def test_a_slip_is_taken_for_right_exactly_where_a_reason_says_so(task):
    """A reason that fits what the cases refuse would hide that weaker cases accept it."""
    told = [(new, slip.sentence, mutation_run.reason(new), accepted) for slip, new, accepted in mutants(task.name)]
    assert not [one for one in told if bool(one[2]) != one[3]]


def test_every_reason_is_needed():
    alive = [new for task in EXERCISES for _, new, accepted in mutants(task.name) if accepted]
    patterns = [pattern for pattern, _ in mutation_run.RIGHT]
    first = {next(i for i, pattern in enumerate(patterns) if re.fullmatch(pattern, new)) for new in alive}
    assert first == set(range(len(patterns)))


def test_mutants_are_many_and_say_one_thing_each():
    for task in EXERCISES:
        made = list(trees.Tree(task.reference, task.cases[0]).slips(RULES))
        assert len(made) > 25, task.name
        for slip in made:
            assert slip.sentence.count("?") == 1 and slip.sentence.endswith("?"), slip.sentence


def test_a_tree_is_as_before_after_its_mutants():
    task = catalogue.find("one_epoch")
    tree = trees.Tree(task.reference, task.cases[0])
    before = tree.written()
    for slip in tree.slips(RULES):
        tree.function(slip)
    assert tree.written() == before
    assert comparing.same(task.reference(*copy.deepcopy(task.cases[1])), tree.function()(*copy.deepcopy(task.cases[1])))


def test_a_mutant_that_never_ends_is_ended():
    task = catalogue.find("steps_until_flat")
    tree = trees.Tree(task.reference, task.cases[0])
    endless = [slip for slip in tree.slips(RULES) if "`w = w - 0.1 * gradient(w)` is missing" in slip.sentence]
    assert isinstance(mutation_run.value_of(tree, tree.function(*endless), task.cases[0]), trees.Endless)


@pytest.mark.parametrize("dtype", ["float64", "longdouble"])
@pytest.mark.parametrize(
    ("shift", "named"),
    [
        ("0", "overflow"),
        ("z.mean(axis=1, keepdims=True)", ""),
        ("z.min(axis=1, keepdims=True)", ""),
        ("z.max(axis=1, keepdims=True) / 2", ""),
    ],
)
def test_softmax_needs_the_maximum_in_every_float_there_is(dtype, shift, named):
    source = f"""
    def softmax(z):
        z = z.astype(np.{dtype})
        e = np.exp(z - {shift})
        return e / e.sum(axis=1, keepdims=True)
    """
    kind, lines, _ = checking.judge(written(source), catalogue.find("softmax"))
    assert kind == "wrong" and named in " ".join(lines)


DRESSES = [
    "np.asmatrix(value)", "np.ma.masked_array(value)", "value.astype(np.float32)", "value.astype(np.longdouble)",
    "[[Fraction(one) for one in row] for row in value]", "np.array([[Decimal(one) for one in row] for row in value])",
    "value.tolist()", "np.ma.masked_array(value, mask=np.zeros_like(value, dtype=bool))",
]  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
def test_a_right_answer_in_another_dress_is_right_and_later_cells_get_the_course_s(dress):
    source = f"""
    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        value = e / e.sum(axis=1, keepdims=True)
        return {dress}
    """
    verdict = checking.judge(written(source, Fraction=Fraction, Decimal=Decimal), catalogue.find("softmax"))
    assert verdict.kind == "right" and not verdict.usable, verdict


@pytest.mark.parametrize("dress", ["np.float32", "np.longdouble", "Fraction", "Decimal", "np.array", "np.ma.array"])
def test_a_right_number_in_another_dress_is_right_and_later_cells_get_the_course_s(dress):
    source = f"def step_down(w, slope):\n    return {dress}(w - 0.1 * slope)"
    verdict = checking.judge(written(source, Fraction=Fraction, Decimal=Decimal), catalogue.find("step_down"))
    assert verdict.kind == "right" and not verdict.usable, verdict


@pytest.mark.parametrize("number", ["float", "np.float64"])
def test_usual_numbers_go_on_with_the_learner_s_own(number):
    source = f"def step_down(w, slope):\n    return {number}(w - 0.1 * slope)"
    assert checking.judge(written(source), catalogue.find("step_down")).usable


def test_masked_entries_are_no_numbers():
    source = "def step_down(w, slope):\n    return np.ma.array(w - 0.1 * slope, mask=True)"
    kind, lines, _ = checking.judge(written(source), catalogue.find("step_down"))
    assert kind == "wrong" and "masked" in " ".join(lines)


def test_what_a_value_does_when_it_is_read_breaks_no_check():
    for value in ("R()", "inside", "[R()]"):
        source = f"""
        class R:
            def __repr__(self): raise RuntimeError
            def __array__(self, *a, **k): raise SystemError
        def step_down(w, slope):
            inside = [w]
            inside.append(inside)
            return {value}
        """
        names = {}
        exec("\n".join(line[8:] for line in source.splitlines()), names)
        assert checking.judge(names["step_down"], catalogue.find("step_down")).kind == "wrong"


def step_down(w, slope):
    return w - 0.1 * slope


async def later(w, slope):
    return w


def counted(function):
    """Decorate a function as a learner's own decorator does."""

    @functools.wraps(function)
    def around(*given):
        return function(*given)

    return around


class Callable:
    def __call__(self, w, slope):
        return w - 0.1 * slope

    def method(self, w, slope):
        return w - 0.1 * slope


class Silent:
    """An object of which nothing can be asked."""

    def __getattr__(self, name):
        raise RuntimeError(name)


class Called(Silent):
    __call__ = Callable.method


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (Silent(), "This is a Silent"),
        (Called(), "This is a Called"),
        (functools.partial(step_down, 2.0), "A partial has no name"),
        (lambda w, slope: w, "A lambda has no name"),
        (Callable, "Callable is a class"),
        (Callable(), "stands above a function"),
        (later, "`async def` makes later"),
        (classmethod(step_down), "classmethod belongs in a class"),
        (property(step_down), "property belongs in a class"),
        (max, "No exercise is named 'max'"),
        (np.exp, "No exercise is named 'exp'"),
        (Callable().method, "No exercise is named 'method'"),
        (3, "This is an int"),
        ([step_down], "This is a list"),
        (print, "No exercise is named 'print'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_exercise_above_something_else_says_so_in_a_sentence(thing, said, capsys):
    assert checking.exercise(thing) is thing
    out = capsys.readouterr().out
    assert said in out and out.startswith("✗") and out.count("\n") == 1


@pytest.mark.parametrize(
    "wrapped",
    [
        np.vectorize(step_down), functools.lru_cache(step_down), staticmethod(step_down), functools.cache(step_down),
        counted(step_down),
    ],
    ids=lambda wrapped: type(wrapped).__name__,
)  # fmt: skip
def test_a_wrapped_function_is_judged_by_what_it_does(wrapped, capsys):
    checking.exercise(wrapped)
    assert capsys.readouterr().out.startswith("✓ step_down is right.")


def test_a_function_whose_name_was_changed_is_judged_as_ever(capsys):
    renamed = written("def mine(w, gradient, learning_rate):\n    return w + 1")
    renamed.__name__ = "one_step"
    assert checking.exercise(renamed) is catalogue.find("one_step").reference
    assert capsys.readouterr().out.startswith("✗ one_step is not right yet.")


def test_a_single_number_ends_a_sentence_with_one_full_stop(capsys):
    checking.exercise(np.vectorize(written("def step_down(w, slope):\n    return w + 3.0")))
    told = capsys.readouterr().out
    assert "got 8.\n" in told and ".." not in told


def test_exercise_with_brackets_checks_all_the_same(capsys):
    assert checking.exercise()(step_down) is step_down
    assert checking.exercise("step_down")(step_down) is step_down
    out = capsys.readouterr().out
    assert out.count("✓ step_down is right.") == 2 and "stands alone, without brackets" in out


class Loud:
    def __repr__(self):
        raise RuntimeError

    def __array__(self, *given, **named):
        raise RuntimeError


@pytest.mark.parametrize(
    "value",
    [
        "1/0", "1e999", 10**400, "9" * 50_000, "3 + 4j", 3j, b"5", {}, {"a": 1}, set(), Loud(), print, type(...), [[]],
        (), None, "", " ", Decimal("NaN"), Fraction(10**400), np.ma.masked, "\0",
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
@pytest.mark.parametrize("name", ["third_row", "three_errors", "descent_lines"])
def test_an_answer_that_is_none_gets_a_sentence(name, value, capsys):
    answer(name, value)
    assert capsys.readouterr().out.startswith(f"✗ {name}")


def test_without_a_name_hint_takes_the_exercise_tried_last(capsys, monkeypatch):
    monkeypatch.setattr(memory, "_tried", [])
    hint()
    assert "Which one? Give its name" in capsys.readouterr().out
    answer("third_row", 4)
    hint()
    assert "Hint 1 of 3 for third_row" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", [None, 3, Loud(), ["one_step"], "one step", max, 2.5, b"x", {}], ids=lambda one: type(one).__name__
)
@pytest.mark.parametrize("ask", [hint, solution, answer])
def test_a_name_that_is_none_gets_a_sentence(ask, name, capsys, monkeypatch):
    monkeypatch.setattr(memory, "_tried", [])
    ask(name)
    out = capsys.readouterr().out
    assert out.startswith("✗ ") and out.count("\n") == 1


@pytest.mark.parametrize(
    "given", [(), (None, None), (3, 4), (Loud(), [Loud()]), ("What comes out of softmax?", Loud())], ids=len
)
def test_a_prediction_that_is_none_gets_a_sentence(given, refuses):
    refuses("No lesson asks to predict|The options of this prediction are", predict, *given)
