"""The bank of readers' answers is sound; what is right in it is right, and what is wrong is refused."""

import re

import bank
import pytest
from test_exercises import TASKS, named
from test_exercises_engine import take_as_tried, tried_together

from gdcourse.exercises import apart, checking, comparing, questions, running
from gdcourse.exercises.definition import Exercise

BANK = [(task, found) for task, found in bank.entries()]


def test_there_is_a_file_for_every_exercise():
    assert sorted(task.name for task, _ in BANK) == sorted(task.name for _, task in TASKS)


@pytest.mark.parametrize(("task", "found"), BANK, ids=lambda one: named(one) if hasattr(one, "name") else "")
def test_an_exercise_has_ten_wrong_answers_and_five_right_ones(task, found):
    assert len(found["wrong"]) >= 10 and len(found["right"]) >= 5
    for entry in found["wrong"]:
        assert entry["says"] and all(map(re.compile, entry["says"])) and entry["slips"] in (1, 2)


@pytest.mark.parametrize(("task", "found"), BANK, ids=lambda one: named(one) if hasattr(one, "name") else "")
def test_right_answers_in_other_styles_are_right(task, found, monkeypatch):
    answers = [bank.given(task, entry["answer"]) for entry in found["right"]]
    if isinstance(task, Exercise):
        take_as_tried(monkeypatch, task, tried_together(task, answers))
    for entry, answer in zip(found["right"], answers):
        kind, lines = bank.verdict(task, answer)
        assert kind == "right", (entry["answer"], lines)


@pytest.mark.parametrize(("task", "found"), BANK, ids=lambda one: named(one) if hasattr(one, "name") else "")
def test_wrong_answers_are_refused(task, found, monkeypatch):
    # What they did is not asked here, which takes most of the time; nor need they run apart, for all of them are known.
    monkeypatch.setattr(checking, "diagnosis", lambda *given: [])
    monkeypatch.setattr(questions, "amiss", lambda *given: [])
    monkeypatch.setattr(comparing, "others", lambda value: ())
    monkeypatch.setattr(apart, "possible", False)
    monkeypatch.setattr(running, "SECONDS", 0.2)  # some never end: they are refused, too
    assert not [entry["answer"] for entry in found["wrong"] if bank.judged(task, entry["answer"])[0] != "wrong"]


ELSEWHERE = "In other cases it is right. What is different here?"
WITH_OTHERS = [(task, found) for task, found in BANK if getattr(task, "others", ())]


@pytest.mark.parametrize(("task", "found"), WITH_OTHERS, ids=lambda one: named(one) if hasattr(one, "name") else "")
def test_what_is_wrong_in_another_case_alone_is_told_that_case(task, found):
    entries = [entry for entry in found["wrong"] if ELSEWHERE.startswith(entry["says"][0])]
    assert entries
    for entry in entries:
        kind, lines = bank.judged(task, entry["answer"])
        assert (kind, lines[-1]) == ("wrong", ELSEWHERE), entry["answer"]
