"""The solved course: every stub replaced, every fold opened, every check ✓, or nothing is written."""

import ast
import importlib.util
import json
import types

import browser as harness
import numpy as np
import pytest

from gdcourse.commands import dispatch, notebooks, refresh, solved
from gdcourse.exercises import catalogue
from gdcourse.exercises.definition import Exercise, Question


def step(w, slope):
    """Return the next w, in größe."""
    # the slope points uphill
    return w - 0.25 * slope


LESSON = types.SimpleNamespace(
    EXERCISES=[
        Exercise(step, "why", ["a", "b"], [(8.0, 2.0)], []),
        Question("third_row", np.float64(5.048), "why", ["a", "b"], []),
        Question("in_order", [2, 1, 3], "why", ["a", "b"], [], lines=["b", "a", "c"]),
    ]
)
STUB = '@exercise\ndef step(w, slope):\n    """Return the next w."""\n    ...  # your code here\n    # and here'
RIGHT = """@exercise
def step(w, slope):
    \"\"\"Return the next w, in größe.\"\"\"
    # the slope points uphill
    return w - 0.25 * slope"""
# A course in little: what is right says ✓, and the rest as the real one does.
ENGINE = """
def say(sign): get_ipython().display_pub.publish({"text/plain": sign, "text/html": sign})
def exercise(function):
    say("✓ right" if function(8.0, 2.0) == 7.5 else "… not attempted yet")
    return function
def answer(name, value): say("✓ right" if value is not ... else "… not attempted yet")
"""


def code(source):
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "source": source, "outputs": []}


def text(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Return a function that makes a course of one lesson with these cells, and tells where to solve it to."""
    monkeypatch.setattr(catalogue, "lessons", lambda: {1: LESSON})
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()

    def make(*cells, name="01_lesson.ipynb"):
        notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (notebooks.FOLDER / name).write_text(json.dumps(notebook), encoding="utf-8")
        return tmp_path / "solved"

    return make


def test_the_solved_course(course, capsys):
    folder = course(
        code(ENGINE),
        text("<details><summary>Answer</summary>\n\n5\n\n</details>\n<details open>as it is</details>"),
        code(STUB),
        code('answer("third_row", ...)'),
        code("answer('in_order', ...)  # ü"),
        code("print('✗ on purpose', step(4.0, 2.0))"),
    )
    before = (notebooks.FOLDER / "01_lesson.ipynb").read_bytes()
    for name in ("glossary.ipynb", "instructors.ipynb"):
        (notebooks.FOLDER / name).write_text(f"what the lessons link to: {name}", encoding="utf-8")
    assert solved.main([str(folder)]) == 0, capsys.readouterr().err
    for name in ("glossary.ipynb", "instructors.ipynb"):
        assert (folder / name).read_text(encoding="utf-8") == f"what the lessons link to: {name}"
    cells = refresh.read(folder / "01_lesson.ipynb")["cells"]
    assert [cell["source"] for cell in cells[2:5]] == [
        RIGHT,
        'answer("third_row", 5.048)',
        'answer("in_order", [2, 1, 3])  # ü',
    ]
    assert cells[1]["source"].count("<details open>") == 2
    assert [cell["outputs"][0]["data"]["text/plain"] for cell in cells[2:5]] == ["✓ right"] * 3
    assert cells[5]["outputs"][0]["text"] == "✗ on purpose 3.5\n"
    assert (notebooks.FOLDER / "01_lesson.ipynb").read_bytes() == before
    assert refresh.text_of(refresh.normal_form({"cells": cells})) == (folder / "01_lesson.ipynb").read_text("utf-8")


def test_code_around_a_check_stays():
    from unittest import mock

    with mock.patch.object(catalogue, "lessons", lambda: {1: LESSON}):
        source = f'ä = "é"; answer("third_row", ...)\n{STUB}\n\nprint("ö", answer("in_order"))'
        result, count = solved.solved_source(source)
    assert result == f'ä = "é"; answer("third_row", 5.048)\n{RIGHT}\n\nprint("ö", answer("in_order", [2, 1, 3]))'
    assert count == 3 and ast.parse(result)
    assert solved.solved_source("%matplotlib inline") == ("%matplotlib inline", 0)


@pytest.mark.parametrize(
    "cells, complaint",
    [
        (
            [code("def exercise(function): return function"), code(STUB)],
            "code cell 2 (@exercise) says ✓ 0 times, not 1",
        ),
        ([code(ENGINE), code(STUB.replace("step", "stop"))], "code cell 2 (@exercise): No exercise is named 'stop'"),
        (
            [code(ENGINE), code('say("✗ step: a sign is wrong")')],
            'code cell 2 (say("✗ step: a sign is wrong")) says: ✗',
        ),
        (
            [code(ENGINE), code(""), code("say('… open')")],
            "code cell 2 (say('… open')) says: … open",
        ),
        ([code(ENGINE), code("1 / 0")], "code cell 2 (1 / 0), line 1: ZeroDivisionError"),
    ],
)
def test_what_is_not_right_is_refused_with_its_cell(course, capsys, cells, complaint):
    folder = course(*cells)
    course(code("print(1)"), name="02_fine.ipynb")
    assert solved.main([str(folder)]) == 1
    said = capsys.readouterr().err
    assert f"01_lesson.ipynb: not solved; {complaint}" in said and "Nothing was written." in said
    assert not any(folder.iterdir())


def test_a_folder_that_is_not_empty_is_refused(course, capsys, monkeypatch):
    monkeypatch.setattr(solved, "solved", lambda path: pytest.fail("it ran"))
    folder = course(code("1"))
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    assert solved.main([str(folder)]) == 1
    assert solved.main([str(folder / "mine.txt")]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "is not empty" in first and "can't be used" in second
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_without_tensorflow_its_lessons_are_left_out(course, capsys, monkeypatch):
    monkeypatch.setattr(solved, "find_spec", lambda name: None)
    folder = course(code("import keras"), name="02_keras.ipynb")
    course(code("print(1)"))
    assert solved.main([str(folder)]) == 0
    assert "02_keras.ipynb: left out, because TensorFlow is not installed here" in capsys.readouterr().out
    assert [path.name for path in folder.iterdir()] == ["01_lesson.ipynb"]


def test_it_runs_in_the_environment(monkeypatch):
    calls = []
    monkeypatch.setattr(dispatch, "run_in_environment", lambda *call: calls.append(call))
    dispatch.main(["solved", "nowhere"])
    assert calls == [("solved", ["nowhere"])]


# There each exercise is solved, and run with the cells that it needs; all other cells nbval alone runs.
@pytest.mark.skipif(harness.find_browser() is not None, reason="test_browser.py solves each exercise in JupyterLab")
@pytest.mark.parametrize("path", notebooks.lessons(), ids=lambda path: path.stem)
def test_every_lesson_solved_says_right(path):
    if importlib.util.find_spec("tensorflow") is None and notebooks.needs_tensorflow(path):
        pytest.skip("TensorFlow is not installed")
    assert "✓" in solved.solved(path)


@pytest.mark.parametrize("path", notebooks.lessons(), ids=lambda path: path.stem)
def test_every_gap_of_a_lesson_is_filled(path):
    notebook = refresh.normal_form(refresh.read(path))
    checks = solved.solve(notebook)
    assert checks and all("..." not in cell["source"] for cell in notebook["cells"] if cell["id"] in checks)
