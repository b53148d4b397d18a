"""Predictions: a choice that never blocks a run, and one line below the next cell, only for who chose."""

import json
import subprocess
import sys
import types

import nbformat
import pytest

from gdcourse.commands import notebooks, refresh
from gdcourse.exercises import catalogue, memory, predictions
from gdcourse.exercises.definition import Prediction

QUESTION, OPTIONS = "Is 2 < 3 & so on?", ["yes", "no", "<both>"]
SETUP = f"""
import types
from gdcourse.exercises import catalogue, predictions
from gdcourse.exercises.definition import Prediction
from gdcourse.exercises.predictions import predict
asked = [Prediction({QUESTION!r}, {OPTIONS!r}, "no"), Prediction("And now?", ["up", "down"], "up")]
lesson = types.SimpleNamespace(EXERCISES=[], PREDICTIONS=asked)
catalogue.lessons = lambda: {{1: lesson}}
def choose(option, question={QUESTION!r}): predictions._choices[question].children[1].value = option
"""
ASK = f"predict({QUESTION!r}, {OPTIONS!r})"


def run(monkeypatch, tmp_path, *sources):
    """Run the sources as cells of one notebook; return the notebook."""
    monkeypatch.setenv("GDCOURSE_DATA", str(tmp_path / "data"))
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *sources)]
    for source, cell in zip(sources, cells[1:]):
        if "1 / 0" in source:
            cell.metadata["tags"] = ["raises-exception"]
    notebook = nbformat.v4.new_notebook(cells=cells)
    refresh.execute(notebook, tmp_path)
    return notebook


def printed(notebook):
    """Return what each cell printed, without the first one."""
    return [
        "".join(output.text for output in cell.outputs if output.output_type == "stream") for cell in notebook.cells[1:]
    ]


@pytest.fixture
def course(monkeypatch):
    """A course with one prediction, and nobody at work."""
    lesson = types.SimpleNamespace(EXERCISES=[], PREDICTIONS=[Prediction(QUESTION, OPTIONS, "no")])
    monkeypatch.setattr(catalogue, "lessons", lambda: {1: lesson})
    monkeypatch.setattr(memory, "_unsaved", {})
    monkeypatch.setenv("GDCOURSE_UNATTENDED", "1")


def test_one_output_that_is_readable_without_a_kernel(monkeypatch, tmp_path):
    notebook = run(monkeypatch, tmp_path, ASK, "print('result')", ASK)
    asked = notebook.cells[1]
    (output,) = asked.outputs
    assert output.output_type == "display_data"
    assert "application/vnd.jupyter.widget-view+json" in output.data
    assert output.data["text/plain"] == f"{QUESTION}\n  - yes\n  - no\n  - <both>"
    page = "<p>Is 2 &lt; 3 &amp; so on?</p>\n<ul><li>yes</li><li>no</li><li>&lt;both&gt;</li></ul>"
    assert output.data["text/html"] == page
    assert printed(notebook) == ["", "result\n", ""]
    (kept,) = refresh.normal_form(notebook)["cells"][1]["outputs"]
    assert set(kept["data"]) == {"text/html", "text/plain"}


def test_while_somebody_works_the_question_stands_before_its_buttons_as_it_is_read_without_a_kernel(
    monkeypatch, tmp_path
):
    stored = run(monkeypatch, tmp_path, ASK).cells[1].outputs[0].data["text/html"]
    monkeypatch.setenv("GDCOURSE_UNATTENDED", "")
    asked, choice = run(monkeypatch, tmp_path, ASK).cells[1].outputs
    assert stored in asked.data["text/html"] and "application/vnd.jupyter.widget-view+json" not in asked.data
    assert set(choice.data) == {"application/vnd.jupyter.widget-view+json", "text/plain"}
    assert choice.data["text/plain"] == ""


@pytest.mark.parametrize(
    "option, said", [("no", "You predicted: no. Right.\n"), ("yes", "You predicted: yes. The result says: no.\n")]
)
def test_the_next_cell_says_how_the_guess_fared(monkeypatch, tmp_path, option, said):
    # A person chooses between two cells; here the cell that asks chooses, after its question is shown.
    asked = f"{ASK}\nchoose({option!r})"
    notebook = run(monkeypatch, tmp_path, asked, "print('result')", "print('later')")
    assert printed(notebook) == ["", f"result\n{said}", "later\n"]


def test_a_wrong_guess_is_told_what_speaks_against_it():
    asked = Prediction(QUESTION, OPTIONS, "no", counters={"yes": "2 is less than 3."})
    assert predictions.verdict("yes", asked) == "You predicted: yes. The result says: no. 2 is less than 3."
    assert predictions.verdict("<both>", asked) == "You predicted: <both>. The result says: no."
    assert predictions.verdict("no", asked) == "You predicted: no. Right."


def test_two_questions_are_answered_together_in_order(monkeypatch, tmp_path):
    second = "predict('And now?', ['up', 'down'])\nchoose('up', 'And now?')"
    notebook = run(monkeypatch, tmp_path, f"{ASK}\nchoose('yes')", second, "x = 5")
    assert printed(notebook)[2] == "You predicted: yes. The result says: no.\nYou predicted: up. Right.\n"


def test_a_guess_after_everything_ran_is_answered_too(monkeypatch, tmp_path):
    notebook = run(monkeypatch, tmp_path, ASK, "print('result')", "choose('no')", "print('later')")
    assert printed(notebook) == ["", "result\n", "You predicted: no. Right.\n", "later\n"]


def test_a_cell_that_fails_shows_no_result(monkeypatch, tmp_path):
    notebook = run(monkeypatch, tmp_path, f"{ASK}\nchoose('no')", "1 / 0", "print('mended')")
    assert printed(notebook) == ["", "", "mended\nYou predicted: no. Right.\n"]


def test_running_again_shows_the_same_choice_once(monkeypatch, tmp_path):
    again = (
        f"import importlib; importlib.reload(predictions)\nfrom gdcourse.exercises.predictions import predict\n{ASK}"
    )
    notebook = run(
        monkeypatch, tmp_path, f"{ASK}\nchoose('no')", ASK, "pass", f"{again}\nchoose('yes')", "pass", "print(1)"
    )
    ids = [notebook.cells[i].outputs[0].data["application/vnd.jupyter.widget-view+json"]["model_id"] for i in (1, 2)]
    assert ids[0] == ids[1]
    right, wrong = "You predicted: no. Right.\n", "You predicted: yes. The result says: no.\n"
    assert printed(notebook) == ["", "", right, "", wrong, "1\n"]


def test_a_choice_that_was_closed_is_made_again(monkeypatch, tmp_path):
    close = "predictions._choices[asked[0].question].close()"
    notebook = run(monkeypatch, tmp_path, f"{ASK}\n{close}", f"{ASK}\nchoose('no')", "pass")
    assert printed(notebook)[2] == "You predicted: no. Right.\n"


def test_a_guess_is_remembered(monkeypatch, tmp_path):
    monkeypatch.delenv("GDCOURSE_UNATTENDED", raising=False)
    run(monkeypatch, tmp_path, f"{ASK}\nchoose('yes')", "pass")
    text = (tmp_path / "data" / "progress.json").read_text(encoding="utf-8")
    assert json.loads(text)["done"]["prediction"][QUESTION]["outcome"] == "yes"


def test_the_choice_is_empty_and_has_a_name(course):
    choice = predictions._choice(catalogue.prediction(QUESTION))
    asked, buttons, said = choice.children
    assert buttons.value is None and [label for label, _ in buttons.options] == OPTIONS
    assert (asked.value, said.value) == ("Is 2 &lt; 3 &amp; so on?", "Your guess: none yet")
    buttons.value = "yes"
    assert said.value == '<span role="alert">Your guess: yes</span>'
    assert predictions.guesses.pop(QUESTION) == "yes" and predictions._open.pop(QUESTION)
    predictions._choices.clear()


def test_code_and_emphasis_are_elements_and_a_button_has_their_words(course):
    asked = Prediction("Does `v[:] = …` *warn*?", ["`w -= 1` does", "a < b"], "a < b")
    question, buttons, said = predictions._choice(asked).children
    assert question.value == "Does <code>v[:] = …</code> <em>warn</em>?"
    assert [label for label, _ in buttons.options] == ["w -= 1 does", "a < b"]
    buttons.value = "`w -= 1` does"
    assert said.value == '<span role="alert">Your guess: <code>w -= 1</code> does</span>'
    assert predictions.guesses.pop(asked.question) == "`w -= 1` does" and predictions._open.pop(asked.question)
    predictions._choices.clear()


def test_code_and_emphasis_are_elements_in_what_is_stored_and_in_the_verdict(monkeypatch, tmp_path):
    question, options = "Does `v` *grow*?", ["`v` does", "no"]
    add = f"asked.append(Prediction({question!r}, {options!r}, 'no', counters={{'`v` does': 'It holds `a < b`.'}}))"
    choose = f"predict({question!r}, {options!r})\nchoose('`v` does', {question!r})"
    notebook = run(monkeypatch, tmp_path, f"{add}\n{choose}", "print('result')")
    asked, (_, told) = notebook.cells[1].outputs[0], notebook.cells[2].outputs[-2:]
    assert asked.data["text/plain"] == f"{question}\n  - `v` does\n  - no"
    page = "<p>Does <code>v</code> <em>grow</em>?</p>\n<ul><li><code>v</code> does</li><li>no</li></ul>"
    assert asked.data["text/html"] == page
    assert told.data["text/plain"] == "You predicted: `v` does. The result says: no. It holds `a < b`."
    said = "You predicted: <code>v</code> does. The result says: no. It holds <code>a &lt; b</code>."
    assert told.data["text/html"] == f'<p style="margin:0">{said}</p>'


def test_without_a_notebook_the_question_is_printed(course, capsys):
    assert predictions.predict(QUESTION, OPTIONS) is None
    assert capsys.readouterr().out == f"{QUESTION}\n  - yes\n  - no\n  - <both>\n"


def test_nothing_is_imported_before_it_is_needed():
    code = (
        "import sys, gdcourse.exercises.predictions; print([m for m in ('ipywidgets', 'IPython') if m in sys.modules])"
    )
    environment = notebooks.clean_environment(**notebooks.QUIET)
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert answer.stdout == "[]\n", answer.stderr


@pytest.mark.parametrize("options", [["yes", "no"], "yes", None, [*OPTIONS, "maybe"], [1, 2, 3], {"yes": 1}])
def test_other_options_are_refused(course, refuses, options):
    refuses("The options of this prediction are 'yes', 'no', '<both>'", predictions.predict, QUESTION, options)


@pytest.mark.parametrize("question", ["Is 2 < 3?", "", None, ["Up?"]])
def test_other_questions_are_refused(course, refuses, question):
    refuses("No lesson asks to predict", predictions.predict, question, OPTIONS)


def test_a_run_of_another_program_in_the_kernel_is_no_cell(course, capsys, monkeypatch):
    monkeypatch.delenv("GDCOURSE_UNATTENDED")
    info = types.SimpleNamespace(raw_cell="x", store_history=False)
    predictions._open[QUESTION] = catalogue.prediction(QUESTION)
    predictions.guesses[QUESTION] = "no"
    predictions._answer(types.SimpleNamespace(success=True, info=info))
    assert capsys.readouterr().out == ""
    info.store_history = True
    predictions._answer(types.SimpleNamespace(success=True, info=info))
    assert capsys.readouterr().out == "You predicted: no. Right.\n" and not predictions._open
    predictions.guesses.clear()
