"""A slip is found in the learner's own code: the change that makes it right says where it stands."""

import pytest
from test_exercises import EXERCISES, named
from test_exercises_engine import written

from gdcourse.exercises import catalogue, checking
from gdcourse.exercises.slips import trees
from gdcourse.exercises.slips.repairs import REPAIRS


def told(name, body, **notebook):
    """Return what is said of an answer to this exercise, with the reference's own arguments."""
    task = catalogue.find(name)
    arguments = ", ".join(task.reference.__code__.co_varnames[: task.reference.__code__.co_argcount])
    source = f"def {name}({arguments}):\n    " + body.replace("\n", "\n    ")
    kind, lines, _ = checking.judge(written(source, **notebook), task)
    assert kind == "wrong"
    return " ".join(lines)


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
    ],
)  # fmt: skip
def test_the_slip_is_named_where_it_stands(name, body, said, unsaid):
    text = told(name, body)
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
