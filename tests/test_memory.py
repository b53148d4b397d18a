"""What is remembered of the learner: in one small file of theirs, and nowhere else; a broken file breaks nothing."""

import io
import json
import os
import shutil
import types
import zipfile

import pytest

from gdcourse.commands import notebooks
from gdcourse.exercises import catalogue, luggage, memory
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


# ------------------------------------------------------------------------------------- a machine that keeps nothing


@pytest.fixture
def binder(tmp_path, monkeypatch):
    """The folder of the lessons on a machine of Binder's, with one that was changed and one that wasn't."""
    lessons = tmp_path / "notebooks"
    lessons.mkdir()
    for name in ("01_changed", "02_as_new", "03_copy (mine 2026-01-01 10.00)", "notes"):
        (lessons / f"{name}.ipynb").write_text(name, encoding="utf-8")
    os.utime(lessons / "02_as_new.ipynb", (1, 1))
    monkeypatch.chdir(lessons)
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://binder")
    monkeypatch.setattr(luggage.platform, "node", lambda: "monday")
    monkeypatch.setattr(luggage, "LATER", -1e6)  # the package may be newer than what this test writes
    return lessons


def test_on_binder_one_file_is_offered_with_what_was_done_and_changed(binder, folder, capsys):
    memory.remember("exercise", "step", "right")
    memory.progress()
    said = capsys.readouterr().out
    assert "It is my_gdcourse.zip" in said or "Download my_gdcourse.zip" in said
    with zipfile.ZipFile(binder / "my_gdcourse.zip") as packed:
        assert sorted(packed.namelist()) == ["01_changed.ipynb", "about.json", "progress.json"]
        assert json.loads(packed.read("progress.json"))["done"]["exercise"]["step"]["outcome"] == "right"
    memory.progress()  # its own file is no luggage from elsewhere
    assert "Taken back" not in capsys.readouterr().out


def test_on_another_day_all_of_it_is_back(binder, folder, monkeypatch, capsys):
    memory.remember("exercise", "step", "right")
    memory.remember("exercise", "third_row", "wrong")
    memory.remember("prediction", "Up?", "yes")
    memory.progress()
    shutil.rmtree(folder)  # the next machine
    monkeypatch.setattr(luggage.platform, "node", lambda: "tuesday")
    (binder / "01_changed.ipynb").write_text("as new", encoding="utf-8")
    os.utime(binder / "01_changed.ipynb", (1, 1))
    memory.remember("exercise", "step", "wrong")
    memory.remember("exercise", "third_row", "right")
    capsys.readouterr()
    memory.progress()
    said = capsys.readouterr().out
    (mine,) = binder.glob("01_changed (mine *).ipynb")
    assert mine.read_text(encoding="utf-8") == "01_changed" and mine.name in said
    assert (binder / "01_changed.ipynb").read_text(encoding="utf-8") == "as new"
    assert [outcome("step"), outcome("third_row"), outcome("Up?", "prediction")] == ["right", "right", "yes"]
    assert stored(folder)["exercise"]["step"]["outcome"] == "right"
    assert len(list(binder.glob("my_gdcourse*.zip"))) == 2  # what was taken back, and today's
    memory.progress()
    assert "Taken back" not in capsys.readouterr().out


def test_the_file_is_taken_back_at_home_too_where_none_is_offered(binder, folder, monkeypatch, capsys):
    memory.remember("exercise", "step", "right")
    memory.progress()
    shutil.rmtree(folder)
    monkeypatch.delenv("BINDER_LAUNCH_HOST")
    monkeypatch.setattr(luggage.platform, "node", lambda: "home")
    capsys.readouterr()
    memory.progress()
    said = capsys.readouterr().out
    assert "Taken back" in said and "Download" not in said and outcome("step") == "right"
    assert not (binder / "my_gdcourse.zip").exists()


def broken(name):
    """Return a packed file with one kind of damage."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("about.json", "[]" if name == "about" else '{"machine": "x", "when": "../../y"}')
        if name != "nothing done":
            packed.writestr(
                "progress.json", '{"done": {"exercise": {"step": 3}}}' if name == "done" else '{"done": {}}'
            )
        packed.writestr("../01_evil.ipynb", "evil")
        packed.writestr("notes.txt", "notes")
        packed.writestr("02_as_new.ipynb", "changed elsewhere")
    return content.getvalue()[: 40 if name == "cut" else None] if name != "empty" else b""


@pytest.mark.parametrize("name", ["empty", "cut", "about", "done", "nothing done"])
def test_a_damaged_file_is_said_and_stays(binder, capsys, name):
    (binder / "my_gdcourse.zip").write_bytes(broken(name))
    memory.progress()
    said = capsys.readouterr().out
    assert "my_gdcourse.zip is damaged or not complete: put it here again, or delete it." in said
    assert (binder / "my_gdcourse.zip").read_bytes() == broken(name)


def test_nothing_but_lessons_comes_out_of_a_file(binder, tmp_path):
    (binder / "my_gdcourse.zip").write_bytes(broken("only its names are strange"))
    before = set(tmp_path.rglob("*"))
    memory.progress()
    new = set(tmp_path.rglob("*")) - before
    beside = "02_as_new (mine ....).ipynb", "my_gdcourse (taken back, packed ....).zip"
    data = tmp_path / "data"
    assert new == {data, data / "progress.json", *(binder / name for name in beside)}
    assert (binder / beside[0]).read_text(encoding="utf-8") == "changed elsewhere"


def test_a_full_disk_is_said(binder, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(luggage.files, "replace", full)
    memory.progress()
    assert "my_gdcourse.zip can't be written (No space left on device)" in capsys.readouterr().out
