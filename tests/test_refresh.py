"""The normal form of notebooks, and the command that brings them into it."""

import base64
import copy
import io
import json
import subprocess
import sys

import pytest
from PIL import Image

from gdcourse.commands import notebooks, refresh


def code(source, outputs=(), count=None, **metadata):
    """Return a code cell as a file may hold it."""
    cell = {"cell_type": "code", "execution_count": count, "metadata": metadata, "source": source}
    return {**cell, "outputs": list(outputs)}


def write(path, *cells, **metadata):
    """Write a notebook with these cells and return its path."""
    notebook = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def stream(text, name="stdout"):
    return {"name": name, "output_type": "stream", "text": text}


def shown(data, **more):
    return {"data": data, "metadata": {"isolated": True}, "output_type": "display_data", **more}


def png(colour, size=(8, 8)):
    """Return a one-coloured picture as base64."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def normal(path):
    """Return the text of the file's normal form."""
    return refresh.text_of(refresh.normal_form(refresh.read(path)))


@pytest.mark.parametrize("path", notebooks.lessons(), ids=lambda path: path.stem)
def test_every_lesson_is_in_normal_form(path):
    assert normal(path) == path.read_text(encoding="utf-8"), "run: python3 -m gdcourse refresh"


@pytest.mark.parametrize("path", notebooks.lessons(), ids=lambda path: path.stem)
def test_every_lesson_stores_outputs(path):
    assert any(cell.get("outputs") for cell in refresh.read(path)["cells"])


def test_normal_form(tmp_path):
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
    path = write(
        tmp_path / "a.ipynb",
        {
            "cell_type": "markdown",
            "metadata": {"collapsed": True, "tags": []},
            "source": ["# Ünïcode\n", "x"],
            "id": "me",
        },
        code("print()", [stream("a\n"), stream("b\n")], count=9, tags=["keep"], trusted=True, execution={"x": 1}),
        code("", count=3),
        code("w", [shown({**widget, "text/plain": "W()"}), shown(dict(widget))], count=None),
        code("w", [{**shown({"text/plain": "1"}), "output_type": "execute_result", "execution_count": 77}], count=2),
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}},
        kernelspec={"name": "mine", "display_name": "Mine"},
    )
    result = json.loads(normal(path))
    assert result["metadata"] == refresh.METADATA
    assert (result["nbformat"], result["nbformat_minor"]) == (4, 5)
    text, first, empty, second, third = result["cells"]
    assert text == {"cell_type": "markdown", "id": "me", "metadata": {}, "source": ["# Ünïcode\n", "x"]}
    assert first["metadata"] == {"tags": ["keep"]}
    assert first["outputs"] == [stream(["a\n", "b\n"])]
    assert [cell["execution_count"] for cell in (first, empty, second, third)] == [1, None, 2, 3]
    assert second["outputs"] == [{"data": {"text/plain": ["W()"]}, "metadata": {}, "output_type": "display_data"}]
    assert third["outputs"][0]["execution_count"] == 3
    ids = [cell["id"] for cell in result["cells"]]
    assert len(set(ids)) == 5 and ids == [cell["id"] for cell in json.loads(normal(path))["cells"]]
    assert "widget" not in normal(path) and "Ünïcode" in normal(path) and normal(path).endswith("}\n")


def test_normal_form_of_the_normal_form_is_itself(tmp_path):
    failed = {"ename": "E", "evalue": "no", "output_type": "error"}
    frames = ["\x1b[31m---\x1b[0m", "Cell \x1b[31mIn[4]\x1b[0m, line 1\n", "File /home/reader/x/lib.py:1", "E: no"]
    cell = code("f()", [{**failed, "traceback": frames}], tags=["raises-exception"])
    path = write(tmp_path / "a.ipynb", cell)
    once = normal(path)
    path.write_text(once, encoding="utf-8")
    assert normal(path) == once
    assert json.loads(once)["cells"][0]["outputs"][0]["traceback"] == ["Cell In[4], line 1\n", "E: no"]


@pytest.mark.parametrize(
    "output, reason",
    [
        (stream("boo\n", "stderr"), "writes to stderr: boo"),
        (stream("/tmp/ipykernel_12/34.py:1: UserWarning"), "/tmp/ipykernel_12/34.py"),
        (stream("<__main__.A object at 0x7f00dead>"), "<__main__.A object at 0x7f00dead>"),
        (stream(str(notebooks.ROOT / "gdcourse" / "mlp.py")), "differs from machine to machine"),
        (stream("/home/ada/course/x.npz"), "/home/ada/course/x.npz"),
        (stream(r"C:\Users\ada\x.npz"), r"C:\Users"),
        (shown({"text/html": "<b>/usr/lib/python3/site-packages/numpy</b>"}), "site-packages"),
        ({"ename": "E", "evalue": "no", "output_type": "error", "traceback": []}, "stops with E: no"),
    ],
)
def test_refused_outputs(tmp_path, output, reason):
    path = write(tmp_path / "a.ipynb", code("x = 1"), code("f(x)\ng", [output]))
    with pytest.raises(refresh.Refused, match="code cell 2 ") as problem:
        normal(path)
    assert reason in str(problem.value) and "(f(x))" in str(problem.value)


def test_pictures_and_slashes_are_no_machine_paths(tmp_path):
    html = f'<img alt="a/b" src="data:image/png;base64,{png("red")}/home/adaAAAA==">'
    text = stream("3/4 and/or <b> a < 0x1 > http://example.org/home/ \\(\\nabla\\)")
    assert normal(write(tmp_path / "a.ipynb", code("x", [shown({"text/html": html}), text])))


@pytest.mark.parametrize("content", ["{", "[]", '{"nbformat": 3, "worksheets": []}'])
def test_files_that_are_no_notebooks(tmp_path, content, capsys):
    (tmp_path / "a.ipynb").write_text(content)
    assert refresh.main([str(tmp_path / "a.ipynb"), str(tmp_path / "missing.ipynb")]) == 1
    error = capsys.readouterr().err
    assert "a.ipynb: not written" in error and "missing.ipynb: not written" in error


def test_pictures_that_look_the_same_are_kept():
    def notebook(picture, text):
        image = f'<img alt="{text}" src="data:image/png;base64,{picture}">'
        outputs = [{"data": {"text/html": image, "image/png": picture}, "output_type": "display_data"}, stream(text)]
        return {"cells": [{"id": "a", "outputs": outputs}]}

    def kept(new, old):
        new = copy.deepcopy(new)
        refresh.keep_what_looks_the_same(new, old)
        return new

    grey, almost, other = png((100, 100, 100)), png((101, 100, 100)), png((110, 100, 100))
    old = notebook(grey, "off by 3.1e-16, loss 0.25")
    assert grey != almost
    assert kept(notebook(almost, "off by 3.1e-16, loss 0.25"), old) == old
    assert kept(notebook(grey, "off by 9.02e-17, loss 0.25"), old) == old
    assert kept(notebook(other, "off by 3.1e-16, loss 0.25"), old) == notebook(other, "off by 3.1e-16, loss 0.25")
    # A new text with an unchanged picture changes the text alone.
    assert kept(notebook(almost, "loss 0.26"), old) == notebook(grey, "loss 0.26")
    assert kept(notebook(grey, "off by 3.1e-3, loss 0.25"), old) != old


def test_same_picture():
    assert refresh.same_picture(png("red"), png("red") + "\n")
    assert not refresh.same_picture(png("red"), png("red", size=(8, 9)))
    assert not refresh.same_picture(png("red"), "bm8gcGljdHVyZQ==")


def test_refresh_runs_and_repeats(tmp_path, capsys):
    path = write(
        tmp_path / "a.ipynb",
        code("import os\nprint('one')\nprint(os.environ['TQDM_DISABLE'], os.path.basename(os.getcwd()))"),
        code("print(3e-16 * (1 + os.getpid() / 1e7))\nimport ipywidgets\nipywidgets.IntSlider(4)"),
        code("def f():\n    return 1 / 0\n\nf()", tags=["raises-exception"]),
        code("1 + 1"),
    )
    assert refresh.main([str(path)]) == 0
    once = path.read_bytes()
    stored = json.loads(once)
    assert stored["cells"][0]["outputs"] == [stream(["one\n", f"1 {tmp_path.name}\n"])]
    assert stored["cells"][3]["outputs"][0]["data"] == {"text/plain": ["2"]}
    assert b"widget-view" not in once and b"\\u001b" not in once and b"ipykernel_" not in once
    assert refresh.main([str(path)]) == 0
    assert path.read_bytes() == once
    assert capsys.readouterr().out == "a.ipynb: written\na.ipynb: nothing changed\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.ipynb"]


@pytest.mark.parametrize(
    "source, tags, reason",
    [
        ("print(1)\n\n1 / 0", [], "code cell 2 (print(1)), line 3: ZeroDivisionError: division by zero"),
        ("a = 1\ndef f(:", [], "code cell 2 (a = 1), line 2: SyntaxError"),
        ("import sys; print('no', file=sys.stderr)", [], "writes to stderr: no"),
        ("object()", [], "prints <object at 0x"),
        ("2", ["raises-exception"], "is tagged raises-exception but raises none"),
        ("import os; os._exit(3)", [], "the kernel died"),
    ],
)
def test_a_failing_notebook_is_left_as_it_was(tmp_path, capsys, source, tags, reason):
    path = write(tmp_path / "a.ipynb", code("x = 1"), code(source, tags=tags))
    before = path.read_bytes()
    assert refresh.main([str(path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("a.ipynb: not written; code cell 2 ") and reason in error
    assert path.read_bytes() == before and [entry.name for entry in tmp_path.iterdir()] == ["a.ipynb"]


def test_lessons_that_need_tensorflow(tmp_path):
    def needs(source, kind="code"):
        cell = {**code(source), "cell_type": kind}
        return notebooks.needs_tensorflow(write(tmp_path / "a.ipynb", cell))

    assert needs("import numpy\nimport keras") and needs("from tensorflow import keras") and needs(" import tensorflow")
    (tmp_path / "b.ipynb").write_text("[]")
    assert not notebooks.needs_tensorflow(tmp_path / "b.ipynb")
    assert not needs("import keras", "markdown") and not needs("important = 'import keras'\nimport kerastuner")


MARKDOWN = {"cell_type": "markdown", "metadata": {}, "source": "# x"}


def without(cell, key):
    return {name: value for name, value in cell.items() if name != key}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (without(code("x"), "source"), "cell 2 (code) has no source"),
        (without(code("x"), "metadata"), "cell 2 (code) has no metadata"),
        (without(MARKDOWN, "source"), "cell 2 (markdown) has no source"),
        (without(MARKDOWN, "metadata"), "cell 2 (markdown) has no metadata"),
        (without(MARKDOWN, "cell_type"), "cell 2 is of the type null, expected code, markdown, raw"),
        ({**MARKDOWN, "cell_type": "heading", "level": 1}, 'cell 2 is of the type "heading"'),
        ({**MARKDOWN, "cell_type": ["code"]}, "cell 2 is of the type"),
        ({**MARKDOWN, "source": 3}, "cell 2 (markdown) has no source"),
        ({**MARKDOWN, "source": ["a", 3]}, "cell 2 (markdown) has no source"),
        ({**MARKDOWN, "metadata": {"tags": "hide"}}, "cell 2 (markdown) has tags"),
        (code("x", outputs=[3]), "cell 2 (code) has outputs"),
        ({**code("x"), "outputs": None}, "cell 2 (code) has outputs"),
        ("# x", 'cell 2 is no cell but "# x"'),
        (None, "cell 2 is no cell but null"),
    ],
)
def test_a_damaged_cell_is_named(tmp_path, capsys, cell, said):
    path = write(tmp_path / "a.ipynb", MARKDOWN, cell)
    before = path.read_bytes()
    assert refresh.main([str(path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"a.ipynb: not written; {said}") and len(error.splitlines()) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no notebook, since it is not written in JSON"),
        ("[" * 100_000, "is no notebook, since it is not written in JSON"),
        ("3", "has no number nbformat"),
        ('{"nbformat": "4", "cells": []}', "has no number nbformat"),
        ('{"nbformat": 4}', "has no list of cells"),
        ('{"nbformat": 4, "cells": {}}', "has no list of cells"),
        ('{"nbformat": 3, "worksheets": []}', "is a notebook of format 3, expected 4"),
        ('{"nbformat": 5, "cells": []}', "is a notebook of format 5, newer"),
        (b"\xff\xfe", "is no notebook, since it is not written in JSON"),
    ],
)
def test_what_is_no_notebook_is_told_in_one_sentence(tmp_path, capsys, content, said):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert refresh.main([str(path)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("a.ipynb: not written; ") and said in error and len(error.splitlines()) == 1


@pytest.mark.parametrize("output", [{}, {"output_type": "pyout"}, {"output_type": "stream"}, {"output_type": "error"}])
def test_an_output_that_is_none_is_named(tmp_path, output):
    with pytest.raises(refresh.Refused, match="code cell 1 .* stores an output that is none"):
        normal(write(tmp_path / "a.ipynb", code("x", [output])))


def test_a_lesson_converts_to_a_program(tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", "script", "--output-dir", tmp_path, notebooks.lessons()[1]]
    subprocess.run(command, check=True, capture_output=True)
    assert [path.name for path in tmp_path.iterdir()] == [f"{notebooks.lessons()[1].stem}.py"]


@pytest.mark.parametrize("path", sorted(notebooks.FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_notebook_names_its_language(path):
    assert json.loads(path.read_text(encoding="utf-8"))["metadata"] == refresh.METADATA
