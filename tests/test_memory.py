"""What is remembered of the learner: in one small file of theirs, and nowhere else; a broken file breaks nothing."""

import json
import os
import types

import pytest

from gdcourse.commands import notebooks
from gdcourse.exercises import catalogue, memory
from gdcourse.exercises.definition import Exercise, Prediction, Question


def step(w):
    """Return the next w."""
    return w


LESSON = types.SimpleNamespace(
    EXERCISES=[
        Exercise(step, "why", ["a", "b"], [], []),
        Question("third_row", 5.0, "why", ["a", "b"], []),
        Question("last_row", 6.0, "why", ["a", "b"], []),
    ],
    PREDICTIONS=[Prediction("Up?", ["yes", "no"], "no"), Prediction("Down?", ["yes", "no"], "yes")],
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A data folder of the test's own, in a course of one lesson, with a person at work."""
    monkeypatch.setenv("GDCOURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("GDCOURSE_UNATTENDED", raising=False)
    monkeypatch.setattr(memory, "_unsaved", {})
    monkeypatch.setattr(catalogue, "lessons", lambda: {4: LESSON})
    return tmp_path / "data"


def outcome(name, kind="exercise"):
    return memory.recall().get(kind, {}).get(name, {}).get("outcome")


def stored(folder):
    return json.loads((folder / "progress.json").read_text(encoding="utf-8"))["done"]


def test_what_is_remembered_is_in_the_file(folder):
    memory.remember("exercise", "step", "wrong")
    memory.remember("prediction", "Größer?", "ja")
    assert [path.name for path in folder.iterdir()] == ["progress.json"]
    assert outcome("step") == stored(folder)["exercise"]["step"]["outcome"] == "wrong"
    assert "Größer?" in (folder / "progress.json").read_text(encoding="utf-8")  # readable by people
    assert memory._unsaved == {}


def test_what_is_done_stays_done(folder):
    for result in ("wrong", "right", "wrong"):
        memory.remember("exercise", "step", result)
    assert outcome("step") == "right"
    for guess in ("yes", "no"):
        memory.remember("prediction", "Up?", guess)
    assert outcome("Up?", "prediction") == "no"


def test_two_kernels_share_the_file(folder):
    memory.remember("exercise", "step", "right")
    done = {"exercise": {"third_row": {"outcome": "wrong", "when": "now"}}}
    (folder / "progress.json").write_text(json.dumps({"done": done}), encoding="utf-8")
    memory.remember("exercise", "last_row", "right")
    assert set(stored(folder)["exercise"]) == {"third_row", "last_row"}


def test_unattended_nothing_is_read_or_written(folder, monkeypatch, capsys):
    memory.remember("exercise", "step", "right")
    before = (folder / "progress.json").read_bytes()
    monkeypatch.setenv("GDCOURSE_UNATTENDED", "1")
    assert outcome("step") is None
    memory.remember("exercise", "third_row", "right")
    memory.progress()
    memory.progress(forget=True)
    assert (folder / "progress.json").read_bytes() == before
    assert str(folder) not in capsys.readouterr().out
    assert notebooks.QUIET["GDCOURSE_UNATTENDED"] == "1"


DAMAGED = ["", "{", "[]", '"x"', "{}", '{"done": 3}', '{"done": {"exercise": {"step": 1}}}', "[" * 100_000, "\0"]


@pytest.mark.parametrize("text", [*(text.encode() for text in DAMAGED), b"\xff\xfe"], ids=range(len(DAMAGED) + 1))
def test_a_damaged_file_is_kept_beside(folder, text):
    folder.mkdir()
    (folder / "progress.json").write_bytes(text)
    assert memory.recall() == {}
    assert (folder / "progress.json").read_bytes() == text  # reading changes nothing
    memory.remember("exercise", "step", "right")
    assert outcome("step") == stored(folder)["exercise"]["step"]["outcome"] == "right"
    (kept,) = folder.glob("*damaged*")
    assert kept.read_bytes() == text and len(list(folder.iterdir())) == 2


def test_a_folder_that_cant_be_made_changes_nothing_else(folder, capsys):
    folder.write_text("a file where the folder should be")
    memory.remember("exercise", "step", "right")
    memory.remember("exercise", "third_row", "wrong")
    assert (outcome("step"), outcome("third_row")) == ("right", "wrong")
    memory.progress()
    assert "✓ done   step" in (said := capsys.readouterr().out) and "can't be written" in said
    folder.unlink()  # the next call saves what was not saved
    memory.remember("exercise", "last_row", "right")
    assert set(stored(folder)["exercise"]) == {"step", "third_row", "last_row"}


def test_a_file_that_cant_be_read_is_not_overwritten(folder, monkeypatch):
    memory.remember("exercise", "step", "right")
    before = (folder / "progress.json").read_bytes()

    def locked():
        raise PermissionError

    monkeypatch.setattr(memory, "_read", locked)
    memory.remember("exercise", "third_row", "right")
    assert outcome("third_row") == "right" and (folder / "progress.json").read_bytes() == before


def test_an_interruption_leaves_the_old_file(folder, monkeypatch):
    memory.remember("exercise", "step", "right")
    before = (folder / "progress.json").read_bytes()

    def interrupted(*paths):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        memory.remember("exercise", "third_row", "right")
    assert [path.read_bytes() for path in folder.iterdir()] == [before]


def test_progress_in_words(folder, capsys):
    memory.remember("exercise", "step", "right")
    memory.remember("exercise", "third_row", "wrong")
    memory.remember("prediction", "Up?", "yes")
    memory.progress()
    assert capsys.readouterr().out.splitlines() == [
        "Lesson 4: 1 of 3 exercises done",
        "  ✓ done   step",
        "  ✗ tried  third_row",
        "  … left   last_row",
        "  Predictions: 1 of 2 made, 0 right",
        "",
        f"Kept in {folder / 'progress.json'}, and nowhere else; progress(forget=True) removes it.",
    ]


def test_forgetting_removes_everything(folder, capsys):
    folder.mkdir()
    (folder / "progress.json").write_text("damaged")
    memory.remember("exercise", "step", "right")
    (folder / "somebody else's").write_text("stays")
    assert memory.progress(forget=True) is None
    assert capsys.readouterr().out == f"Removed {folder / 'progress.json'}: nothing is kept any more.\n"
    assert [path.name for path in folder.iterdir()] == ["somebody else's"] and memory.recall() == {}
    memory.progress(forget=True)
    memory.progress()
    said = capsys.readouterr().out
    assert "Nothing was kept" in said and "Nothing is kept on this machine yet." in said


def test_without_the_variable_it_is_the_users_own_folder(monkeypatch):
    monkeypatch.delenv("GDCOURSE_DATA")
    assert memory.place().is_absolute() and memory.place().parts[-2:] == ("gdcourse", "progress.json")


def test_an_exercise_is_found_by_name_or_function(refuses):
    assert catalogue.find("step") is catalogue.find(step) is LESSON.EXERCISES[0]
    assert catalogue.prediction("Up?") is LESSON.PREDICTIONS[0]
    assert "did you mean 'third_row'?" in refuses("No exercise is named 'third_roe'", catalogue.find, "third_roe")
    refuses("No exercise is named 'quux'", catalogue.find, "quux")
    refuses("No exercise is named 3", catalogue.find, 3)
    refuses(r"No exercise is named \['step'\]", catalogue.find, ["step"])
    refuses("No exercise is named 'xxx", catalogue.find, "x" * 500)
    assert "'Down?'" in refuses(r"No lesson asks to predict 'Dow\?'", catalogue.prediction, "Dow?")
    refuses("No lesson asks to predict None", catalogue.prediction, None)
