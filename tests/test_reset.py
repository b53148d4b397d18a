"""A lesson as new, with nothing of the reader's lost."""

import datetime
import json
import os
import subprocess

import pytest

from gdcourse import files
from gdcourse.commands import checkout as history
from gdcourse.commands import dispatch, environment, notebooks, reset

NAME = "01_follow.ipynb"


def notebook(text):
    return json.dumps({"cells": [], "metadata": {"text": text}, "nbformat": 4, "nbformat_minor": 5}) + "\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two lessons, without git."""
    root = tmp_path / "my course"
    (root / "notebooks").mkdir(parents=True)
    for name in (NAME, "02_choose.ipynb"):
        (root / "notebooks" / name).write_text(notebook("new"), encoding="utf-8")
    monkeypatch.setattr(notebooks, "ROOT", root)
    monkeypatch.setattr(notebooks, "FOLDER", root / "notebooks")
    monkeypatch.setattr(reset, "KEPT", root / ".as_new")
    monkeypatch.setattr(reset, "KEPT_BEFORE", root / ".venv" / "as_new")
    monkeypatch.setattr(reset, "AS_NEW", root / ".as_new" / "1.0")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))

    class Then(datetime.datetime):
        @classmethod
        def now(cls):
            return cls(2026, 11, 23, 18, 4)

    monkeypatch.setattr(files, "datetime", Then)
    return root / "notebooks"


@pytest.fixture
def checkout(course):
    """The same course, committed by those who make it."""
    (course.parent / "README.md").write_text("as committed")
    subprocess.run(["git", "init", "-q"], cwd=course.parent, check=True)
    commit(course, "makers@course")
    return course


@pytest.fixture
def clone(checkout, tmp_path, monkeypatch):
    """The same course, cloned by a reader."""
    subprocess.run(["git", "clone", "-q", checkout.parent, tmp_path / "cloned"], check=True)
    monkeypatch.setattr(notebooks, "ROOT", tmp_path / "cloned")
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path / "cloned" / "notebooks")
    return notebooks.FOLDER


def commit(course, email):
    git = ["git", "-c", "user.name=a", "-c", f"user.email={email}", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "add", "."], cwd=course.parent, check=True)
    subprocess.run([*git, "commit", "-qm", "x"], cwd=course.parent, check=True)


def texts(folder):
    return {path.name: json.loads(path.read_text("utf-8"))["metadata"]["text"] for path in folder.iterdir()}


@pytest.mark.parametrize("way", ["path", "name", "stem", "beginning", "number"])
@pytest.mark.parametrize("place", [".", "notebooks"])
def test_from_git(checkout, capsys, monkeypatch, place, way):
    monkeypatch.chdir(checkout.parent / place)
    (checkout / NAME).write_text(notebook("mine"), encoding="utf-8")
    given = {"path": str(checkout / NAME), "name": NAME, "stem": NAME[:-6], "beginning": "01", "number": "1"}[way]
    assert dispatch.main(["reset", given]) == 0
    mine = "01_follow (mine 2026-11-23 18.04).ipynb"
    assert texts(checkout) == {NAME: "new", mine: "mine", "02_choose.ipynb": "new"}
    assert mine in capsys.readouterr().out
    assert [path.name for path in notebooks.lessons()] == [NAME, "02_choose.ipynb"]


def test_nothing_is_ever_overwritten(checkout):
    for text in ("first", "second", "third"):
        (checkout / NAME).write_text(notebook(text), encoding="utf-8")
        assert reset.main([NAME]) == 0
    kept = texts(checkout)
    assert (kept[NAME], kept["01_follow (mine 2026-11-23 18.04).ipynb"]) == ("new", "first")
    assert kept["01_follow (mine 2026-11-23 18.04 2).ipynb"] == "second"
    assert kept["01_follow (mine 2026-11-23 18.04 3).ipynb"] == "third"


def written(lesson, text):
    lesson.write_text(notebook(text), encoding="utf-8")


@pytest.mark.parametrize("branch", ["the same", "another"])
def test_own_commits_don_t_count_as_new(clone, capsys, branch):
    if branch == "another":
        subprocess.run(["git", "checkout", "-qb", "mine"], cwd=clone.parent, check=True)
    for text in ("first", "second"):
        written(clone / NAME, text)
        commit(clone, "reader@home")
    assert reset.main(["1"]) == 0
    assert texts(clone)[NAME] == "new" and "second" in texts(clone).values()
    assert "of your own" not in capsys.readouterr().out


def test_as_new_is_what_was_pulled_last(checkout, clone):
    written(clone / "02_choose.ipynb", "mine")
    commit(clone, "reader@home")
    written(checkout / NAME, "newer")
    commit(checkout, "makers@course")
    identity = ["-c", "user.name=a", "-c", "user.email=reader@home"]
    subprocess.run(["git", *identity, "pull", "-q", "--no-rebase", "--no-edit"], cwd=clone.parent, check=True)
    written(checkout / NAME, "not pulled yet")
    commit(checkout, "makers@course")
    written(clone / NAME, "mine too")
    assert reset.main(["1", "2"]) == 0
    assert (texts(clone)[NAME], texts(clone)["02_choose.ipynb"]) == ("newer", "new")


def test_a_fork_s_origin_is_not_where_the_course_came_from(checkout, clone):
    written(clone / NAME, "mine")
    commit(clone, "reader@home")
    for command in (["remote", "rename", "origin", "upstream"], ["update-ref", "refs/remotes/origin/HEAD", "HEAD"]):
        subprocess.run(["git", *command], cwd=clone.parent, check=True)
    assert reset.main(["1"]) == 0
    assert texts(clone)[NAME] == "new"


@pytest.mark.parametrize("email", ["reader@home", "makers@course"])
def test_where_no_branch_tells_a_commit_of_the_reader_s_own_is_said(checkout, capsys, email):
    subprocess.run(["git", "config", "user.email", "reader@home"], cwd=checkout.parent, check=True)
    subprocess.run(["git", "config", "user.name", "b"], cwd=checkout.parent, check=True)
    written(checkout / NAME, "committed")
    commit(checkout, email)
    written(checkout / NAME, "later")
    assert reset.main(["1"]) == 0
    assert texts(checkout)[NAME] == "committed"
    assert ("What git has is a commit of your own" in capsys.readouterr().out) == (email == "reader@home")


@pytest.mark.parametrize("committed", [False, True])
def test_a_deleted_lesson_is_found_by_its_number(clone, capsys, committed):
    (clone / NAME).unlink()
    if committed:
        commit(clone, "reader@home")
    assert reset.main(["1"]) == 0
    assert texts(clone)[NAME] == "new"
    assert "was missing, and is back as new" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="git tells it there by another way than the user's number")
def test_from_git_where_another_user_owns_it(checkout, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    refused = subprocess.run(["git", "status"], cwd=checkout, capture_output=True, text=True)
    assert "dubious ownership" in refused.stderr
    (checkout / NAME).write_text(notebook("mine"), encoding="utf-8")
    assert reset.main([NAME]) == 0
    assert texts(checkout)[NAME] == "new" and "mine" in texts(checkout).values()


def test_reading_out_of_another_s_folder_starts_nothing_that_its_settings_name(checkout, tmp_path):
    started, program = tmp_path / "started", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{started}'\n")
    program.chmod(0o755)
    for setting in (
        *("core.repositoryformatversion=1", "extensions.partialclone=origin", "remote.origin.promisor=true"),
        *("log.showSignature=true", f"gpg.program={program}"),
        *(f"remote.origin.url={checkout}", f"remote.origin.uploadpack={program}", f"core.fsmonitor={program}"),
    ):
        subprocess.run(["git", "config", *setting.split("=", 1)], cwd=checkout, check=True)
    blob = subprocess.check_output(["git", "rev-parse", f"HEAD:./{NAME}"], cwd=checkout, text=True).strip()
    (checkout.parent / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(history.Silent):
        history.lesson(checkout / NAME)
    assert not started.exists()


def test_a_lesson_that_is_as_new_stays(checkout, capsys):
    (checkout / NAME).write_text(notebook("new"), encoding="utf-8", newline="\r\n")
    before = (checkout / NAME).read_bytes()
    assert reset.main([NAME]) == 0
    assert (checkout / NAME).read_bytes() == before and len(texts(checkout)) == 2
    assert "is as new already" in capsys.readouterr().out


def test_a_deleted_or_damaged_lesson_comes_back(checkout):
    (checkout / NAME).unlink()
    (checkout / "02_choose.ipynb").write_bytes(b"\xff{")
    assert reset.main([NAME, "02"]) == 0
    assert (checkout / "02_choose (mine 2026-11-23 18.04).ipynb").read_bytes() == b"\xff{"
    (checkout / "02_choose (mine 2026-11-23 18.04).ipynb").unlink()
    assert texts(checkout) == {NAME: "new", "02_choose.ipynb": "new"}


def test_without_git_from_the_copy_that_lab_kept(course, monkeypatch):
    monkeypatch.setenv("PATH", "")
    reset.keep_as_new()
    (course / NAME).write_text(notebook("mine"), encoding="utf-8")
    reset.keep_as_new()  # the next start of lab: the copy stays as it was
    assert reset.main([NAME]) == 0
    assert texts(course)[NAME] == "new" and "mine" in texts(course).values()


def test_the_kept_copies_outlive_the_environment():
    assert reset.AS_NEW.is_relative_to(notebooks.ROOT)
    assert not reset.AS_NEW.is_relative_to(environment.VENV)
    ignored = (notebooks.ROOT / ".gitignore").read_text().splitlines()
    assert f"{reset.AS_NEW.relative_to(notebooks.ROOT).parts[0]}/" in ignored


def test_a_copy_that_an_older_version_kept_in_the_environment_is_moved(course, monkeypatch):
    monkeypatch.setenv("PATH", "")
    old = course.parent / ".venv" / "as_new"
    for version in ("0.9", "1.0"):
        (old / version).mkdir(parents=True)
        (old / version / NAME).write_text(notebook(version), encoding="utf-8")
    (course.parent / ".as_new" / "0.9").mkdir(parents=True)
    (course.parent / ".as_new" / "0.9" / NAME).write_text(notebook("kept since"), encoding="utf-8")
    (course / NAME).write_text(notebook("mine"), encoding="utf-8")
    assert dispatch.main(["reset", "1"]) == 0
    assert texts(course)[NAME] == "1.0" and not (old / "1.0" / NAME).exists()
    assert texts(course.parent / ".as_new" / "0.9") == {NAME: "kept since"} and texts(old / "0.9") == {NAME: "0.9"}


def test_in_a_checkout_no_copy_is_kept(checkout):
    reset.keep_as_new()
    assert not reset.AS_NEW.exists()


def no_git(course, monkeypatch):
    monkeypatch.setenv("PATH", "")


def no_checkout(course, monkeypatch):
    pass


def no_commit(course, monkeypatch):
    subprocess.run(["git", "init", "-q"], cwd=course.parent, check=True)


def damaged(course, monkeypatch):
    subprocess.run(["git", "init", "-q"], cwd=course.parent, check=True)
    (course.parent / ".git" / "config").write_text("[core\n")


@pytest.mark.parametrize(
    ("lacks", "reason"),
    [
        (no_git, "git is not installed."),
        (no_checkout, "This folder is not a git checkout."),
        (no_commit, "git says: fatal: "),
        (damaged, "git says: fatal: bad config line 1"),
    ],
)
def test_without_git_and_copy_it_says_why_and_what_to_do(course, capsys, monkeypatch, lacks, reason):
    lacks(course, monkeypatch)
    (course / NAME).write_text(notebook("mine"), encoding="utf-8")
    assert reset.main([NAME]) == 1
    said = capsys.readouterr().err
    assert f"nothing was changed. {reason}" in said and "download the course again" in said
    assert texts(course) == {NAME: "mine", "02_choose.ipynb": "new"}


@pytest.mark.parametrize("name", ["09", "nothing.ipynb", "0", "/etc/hosts", "README.md"])
def test_what_is_no_lesson_is_said(checkout, capsys, name):
    (checkout.parent / "README.md").write_text("mine")
    name = str(checkout.parent / name) if name == "README.md" else name
    assert reset.main([name]) == 1
    assert "The course has no such lesson; it has: 01_follow, 02_choose." in capsys.readouterr().err
    assert len(texts(checkout)) == 2 and (checkout.parent / "README.md").read_text() == "mine"


@pytest.mark.parametrize("moment", ["replace", "open"])
def test_an_interruption_loses_nothing(checkout, monkeypatch, moment):
    (checkout / NAME).write_text(notebook("mine"), encoding="utf-8")

    def interrupted(*arguments, **options):
        raise OSError(28, "No space left on device")

    if moment == "replace":
        monkeypatch.setattr(os, "replace", interrupted)
    else:
        monkeypatch.setattr(reset, "open", interrupted, raising=False)
    assert reset.main([NAME]) == 1
    assert texts(checkout)[NAME] == "mine" and not list(checkout.glob("*.tmp"))
    assert not list(checkout.glob(".*"))


# Solved, for whoever catches up.


@pytest.fixture
def solvable(checkout, monkeypatch):
    """The course with a lesson of three exercises, the second on paper, and what the catalogue knows of them."""
    from gdcourse.exercises import catalogue
    from gdcourse.exercises.definition import Exercise, Question

    def double(w):
        """Return twice w."""
        return 2 * w

    def half(w):
        """Return half of w."""
        return w / 2

    known = [Exercise(double, "", [], [], []), Question("row", [1, 2], "", [], []), Exercise(half, "", [], [], [])]
    monkeypatch.setattr(catalogue, "find", lambda name: next(one for one in known if one.name == name))
    said = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "… not attempted yet."}}
    sources = [STUB.format("double"), 'answer("row", ...)', "print(double(4))", STUB.format("half")]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": n, "outputs": [said], "source": source}
        for n, source in enumerate(sources, 1)
    ]
    new = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (checkout / NAME).write_text(json.dumps(new), encoding="utf-8")
    commit(checkout, "makers@course")
    written(checkout / NAME, "mine")
    return checkout


STUB = "@exercise\ndef {}(w):\n    ...  # your code here"
DOUBLE = '@exercise\ndef double(w):\n    """Return twice w."""\n    return 2 * w'
HALF = '@exercise\ndef half(w):\n    """Return half of w."""\n    return w / 2'


@pytest.mark.parametrize(
    ("options", "solved", "said"),
    [
        (["--solved"], [DOUBLE, 'answer("row", [1, 2])', HALF], "solved (all 3)"),
        (
            ["--solved", "--until", "half"],
            [DOUBLE, 'answer("row", [1, 2])', None],
            "solved (those before half: 2 of 3)",
        ),
        (["--until=row"], [DOUBLE, None, None], "solved (those before row: 1 of 3)"),
        (["--until", "double"], [None, None, None], "solved (those before double: 0 of 3)"),
    ],
)
def test_a_lesson_comes_back_solved_up_to_an_exercise(solvable, capsys, options, solved, said):
    assert reset.main(["1", *options]) == 0
    cells = json.loads((solvable / NAME).read_text(encoding="utf-8"))["cells"]
    stubs = [cells[0], cells[1], cells[3]]
    new = [STUB.format("double"), 'answer("row", ...)', STUB.format("half")]
    assert ["".join(cell["source"]) for cell in stubs] == [right or stub for right, stub in zip(solved, new)]
    # What is solved has not run yet, and says nothing of an attempt; what is open is as it came.
    assert [bool(cell["outputs"]) for cell in stubs] == [right is None for right in solved]
    assert cells[2]["outputs"] and "".join(cells[2]["source"]) == "print(double(4))"
    kept = json.loads((solvable / "01_follow (mine 2026-11-23 18.04).ipynb").read_text(encoding="utf-8"))
    assert kept["metadata"]["text"] == "mine"
    printed = capsys.readouterr().out
    assert f"{NAME}: {said}. Your version is kept as 01_follow (mine" in printed
    assert reset.main(["1", *options]) == 0
    assert f"{NAME}: is {said} already." in capsys.readouterr().out
    assert len(list(solvable.iterdir())) == 3


def test_an_exercise_that_the_lesson_lacks_is_said(solvable, capsys):
    assert reset.main(["1", "--until", "third"]) == 1
    said = "nothing was changed. It has no exercise third; it has: double, row, half."
    assert capsys.readouterr().err == f"{NAME}: {said}\n"
    assert reset.main(["77", "--solved"]) == 1 and "The course has no such lesson" in capsys.readouterr().err
    assert texts(solvable)[NAME] == "mine" and len(list(solvable.iterdir())) == 2


@pytest.mark.parametrize("arguments", [["--solved", "03"], ["03", "--until", "x"], ["--until=x", "03"], ["03"]])
def test_solved_lessons_need_the_environment_and_new_ones_none(monkeypatch, arguments):
    calls = []
    monkeypatch.setattr(dispatch, "run_in_environment", lambda *call: calls.append(call))
    monkeypatch.setattr(reset, "main", lambda given: calls.append(("here", given)))
    dispatch.main(["reset", *arguments])
    assert calls == [("here" if arguments == ["03"] else "reset", arguments)]
