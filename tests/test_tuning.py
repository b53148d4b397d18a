"""A search among settings: what is finished is kept, and nothing of the reader's is lost."""

import errno
import functools
import json
import math
import os
import sys
from fractions import Fraction

import build_search
import numpy as np
import pytest
from test_exercises_engine import written

from gdcourse import files, tuning
from gdcourse.tuning import read, tune

SETTINGS = [{"rate": rate, "seed": seed} for rate in (0.1, 0.5) for seed in range(3)]
calls = []


def train(rate, seed):
    return {"val_loss": rate + seed, "seconds": 2}


def counted(rate, seed):
    calls.append((rate, seed))
    return {"val_loss": rate * 10 + seed}


@pytest.fixture(autouse=True)
def nothing_called():
    calls.clear()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "runs.jsonl"


def test_a_dict_for_each_run_in_the_order_of_the_settings():
    found = tune(train, SETTINGS)
    assert found == [{**one, "val_loss": one["rate"] + one["seed"], "seconds": 2} for one in SETTINGS]
    assert found.message == "0 from the file, 6 made now."


def test_what_is_in_the_file_is_not_made_again(file, capsys):
    first = tune(counted, SETTINGS[:2], file)
    again = tune(counted, SETTINGS, file)
    assert calls == [(one["rate"], one["seed"]) for one in SETTINGS] and again[:2] == first
    assert again.message == "2 from the file, 4 made now." and capsys.readouterr().out == ""
    assert list(read(file)) == list(again) == tune(counted, SETTINGS, str(file))
    assert len(calls) == 6


def test_the_file_has_a_line_for_each_run(file):
    tune(train, SETTINGS, file)
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(head)["kind"] == tuning.KIND and "train" in json.loads(head)["experiment"]
    assert [json.loads(line)["setting"] for line in lines] == SETTINGS


@pytest.mark.parametrize("letter", ["\u2028", "\x0c", "\x85", "\n", "\r"])
def test_a_setting_may_hold_whatever_text(file, letter):
    settings = [{"start": f"he{letter}normal"}]
    found = tune(lambda start: {f"val{letter}loss": 0.5}, settings, file)
    assert list(read(file)) == list(found) == [{**settings[0], f"val{letter}loss": 0.5}]


def test_a_file_with_the_ends_of_lines_of_windows_is_read(file):
    tune(train, SETTINGS, file)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read(file)) == 6


def test_equal_settings_are_one_run(file):
    settings = [{"rate": 1.0, "seed": 2}, {"seed": 2, "rate": 1}, {"rate": np.float64(1), "seed": np.int64(2)}]
    assert [one["val_loss"] for one in tune(counted, settings, file)] == [12, 12, 12]
    assert calls == [(1.0, 2)]


def test_an_interruption_keeps_what_is_finished(file, capsys):
    def interrupted(rate, seed):
        calls.append(seed)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return {"val_loss": rate}

    found = tune(interrupted, SETTINGS, file)
    said = "0 from the file, 3 made now. Interrupted; 3 are left. Run the cell again to go on."
    assert len(found) == 3 and found.message == said and capsys.readouterr().out == said + "\n"
    assert len(tune(interrupted, SETTINGS, file)) == 6 and len(calls) == 7


def test_an_interruption_without_a_file_says_what_that_means():
    def interrupted(rate, seed):
        raise KeyboardInterrupt

    assert tune(interrupted, SETTINGS).message.endswith("Without a file, a later call begins anew.")


def test_a_setting_that_fails_is_named_and_the_others_are_made(file, told):
    def fails(rate, seed):
        if seed == 1:
            raise ZeroDivisionError("division by zero")
        return {"val_loss": rate}

    found = tune(fails, SETTINGS, file)
    assert len(found) == 4 and len(read(file)) == 4
    said = "Failed: {'rate': 0.1, 'seed': 1}, with ZeroDivisionError: division by zero; and 1 more."
    assert found.message.endswith(said) and told() == found.message


def test_a_search_in_which_nothing_works_ends_soon():
    def fails(rate, seed):
        calls.append(seed)
        return undefined  # noqa: F821

    with pytest.raises(RuntimeError, match="^Failed: .*, with NameError.*; and 2 more. No run .* has worked, so it st"):
        tune(fails, SETTINGS)
    assert len(calls) == 3


def test_a_setting_that_fails_alone_does_not_end_a_search_with_finished_runs(file):
    def fails_at_six(rate, seed):
        if rate == 6:
            raise ValueError("rate is too large")
        return {"val_loss": rate}

    assert len(tune(fails_at_six, SETTINGS, file)) == 6
    found = tune(fails_at_six, [*SETTINGS, {"rate": 6, "seed": 0}], file)
    assert len(found) == 6 and found.message.startswith("6 from the file, 0 made now. Failed: {'rate': 6, 'seed': 0}")


@pytest.mark.parametrize("value", [math.nan, math.inf, np.float64("-inf"), 10**400, -Fraction(10**400)], ids=type)
def test_a_run_that_diverges_is_kept_as_nan(file, value):
    found = tune(lambda rate: {"val_loss": value}, [{"rate": 9.0}], file)
    assert math.isnan(found[0]["val_loss"]) and math.isnan(read(file)[0]["val_loss"])
    assert "NaN" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("value", [Fraction(1, 4), np.longdouble("0.25"), np.float16(0.25), 10**30, np.uint8(200)])
def test_a_run_is_kept_whichever_kind_of_number_it_gives(file, value):
    found = tune(lambda rate: {"val_loss": value}, [{"rate": 9.0}], file)
    assert found[0]["val_loss"] == read(file)[0]["val_loss"] == value
    assert type(found[0]["val_loss"]) in (int, float)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "runs.jsonl is not a file of tune's"),
        ("my notes\n", "runs.jsonl is not a file of tune's"),
        ("[1, 2]\n", "runs.jsonl is not a file of tune's"),
        ('{"kind": "something else"}\n', "runs.jsonl is not a file of tune's"),
        ('{"kind": "runs of gdcourse.tuning"}\n', "runs.jsonl is not a file of tune's"),
        ("\x00\xff\n", "runs.jsonl is not a file of tune's"),
    ],
)
def test_a_foreign_file_is_refused_and_stays(file, content, message, refuses):
    file.write_text(content, encoding="latin-1")
    before = file.read_bytes()
    refuses(message, tune, counted, SETTINGS, file)
    refuses(message, read, file)
    assert file.read_bytes() == before and not calls


@pytest.mark.parametrize("line", ['{"setting": {"rate": 0.1, "se', "{}", '{"setting": {"rate": 1}}', "7", ""])
def test_a_damaged_line_is_named_and_can_be_deleted(file, line, refuses):
    tune(counted, SETTINGS, file)
    lines = file.read_text(encoding="utf-8").splitlines()
    damaged = "\n".join([*lines[:3], line, *lines[4:], ""])
    file.write_text(damaged, encoding="utf-8")
    refuses("runs.jsonl is damaged in line 4; it stays as it is", tune, counted, SETTINGS, file)
    assert file.read_text(encoding="utf-8") == damaged
    file.write_text("\n".join(lines[:3] + lines[4:]), encoding="utf-8")
    assert tune(counted, SETTINGS, file).message == "5 from the file, 1 made now."


def test_values_that_no_run_gives_are_damage(file, refuses):
    tune(counted, SETTINGS, file)
    content = file.read_text(encoding="utf-8").replace('"val_loss": 1.0', '"val_loss": "1.0"')
    file.write_text(content, encoding="utf-8")
    refuses("runs.jsonl is damaged in line 2", read, file)


BEFORE = "def width(rate):\n    return rate * k\n\ndef train(rate):\n    return {'loss': width(rate) + X.sum()}\n"
X = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    ("source", "names", "said"),
    [
        (BEFORE.replace("+ X", "- X"), {}, "train"),
        (BEFORE.replace("rate * k", "rate / k"), {}, "width"),
        (BEFORE, {"k": 4}, "k"),
        (BEFORE, {"X": X + 1}, "X"),
        (BEFORE, {"X": X.T}, "X"),
        (BEFORE, {"X": X.astype(int)}, "X"),
    ],
)
def test_a_changed_experiment_is_refused_and_says_what_changed(file, source, names, said, refuses):
    tune(written(BEFORE, "train", k=3, X=X), [{"rate": 0.5}], file)
    before = file.read_bytes()
    changed = written(source, "train", **{"k": 3, "X": X, **names})
    refuses(rf"runs.jsonl holds runs of another experiment: {said} is not", tune, changed, [{"rate": 0.7}], file)
    assert file.read_bytes() == before


LARGE = np.linspace(0, 1, 2001)  # more numbers than `repr` shows


@pytest.mark.parametrize("put", [lambda X: (X, 1), lambda X: ((1, X),), lambda X: ([X], "a"), lambda X: ({"X": X},)])
@pytest.mark.parametrize("X", [LARGE, np.array([0.1, 0.2])])
def test_data_in_a_tuple_are_seen_to_the_last_digit(file, put, X, refuses):
    source, changed = "def train(rate):\n    return {'loss': rate, 'n': len(data)}\n", X.copy()
    changed[len(X) // 2] += 1e-12
    tune(written(source, "train", data=put(X)), [{"rate": 0.5}], file)
    assert tune(written(source, "train", data=put(X.copy())), [{"rate": 0.5}], file).message.startswith("1 from")
    with np.printoptions(precision=2):
        assert tune(written(source, "train", data=put(X)), [{"rate": 0.5}], file).message.startswith("1 from")
    refuses(
        ".*another experiment: data is not", tune, written(source, "train", data=put(changed)), [{"rate": 0.7}], file
    )


def test_arguments_that_are_given_beforehand_count(file, refuses):
    train = written("def train(epochs, X, rate):\n    return {'loss': rate * epochs}\n")
    given = lambda epochs, X=X: functools.partial(train, epochs, X=X)  # noqa: E731
    tune(given(5), [{"rate": 0.5}], file)
    assert tune(given(5, X.copy()), [{"rate": 0.5}], file).message == "1 from the file, 0 made now."
    refuses(".*another experiment: train's argument 1 is not", tune, given(50), [{"rate": 0.5}], file)
    refuses(".*another experiment: train's X is not", tune, given(5, X + 1), [{"rate": 0.5}], file)


FORMS = {
    "a method": ("class Search:\n    def run(self, rate):\n        return {'loss': rate * 2}\n", "Search().run"),
    "an object": ("class Search:\n    def __call__(self, rate):\n        return {'loss': rate * 2}\n", "Search()"),
    "a method in part": ("class S:\n    def run(self, rate):\n        return {'loss': rate * 2}\n", "partial(S().run)"),
    "what remembers": ("@cache\ndef remembering(rate):\n    return {'loss': rate * 2}\n", "remembering"),
}


@pytest.mark.parametrize(("source", "given"), FORMS.values(), ids=FORMS)
def test_the_code_of_whatever_can_be_called_counts(file, source, given, refuses):
    def made(source):
        source += f"\ndef make():\n    return {given}\n"
        return written(source, "make", cache=functools.cache, partial=functools.partial)()

    tune(made(source), [{"rate": 0.5}], file)
    assert tune(made(source), [{"rate": 0.5}], file).message == "1 from the file, 0 made now."
    refuses(".*another experiment: train is not", tune, made(source.replace("2", "3")), [{"rate": 0.5}], file)


BOUND = {
    "in a lambda": "def train(rate):\n    return {'loss': rate + (lambda w: w)(1)}\n",
    "in a function": "def train(rate):\n    def one():\n        w = 1\n        return w\n    return {'loss': one()}\n",
    "as an argument": "def train(rate):\n    def inner(w):\n        return w\n    return {'loss': inner(rate)}\n",
    "in a generator": "def train(rate):\n    return {'loss': sum(w for w in range(3))}\n",
    "in a list": "def train(rate):\n    return {'loss': sum([w for w in range(3)])}\n",
    "around": "def train(rate):\n    w = 1\n    return {'loss': (lambda: w)()}\n",
    "while it runs": "def train(rate):\n    if (w := rate) > 0:\n        return {'loss': [w for _ in 'a'][0]}\n",
}
USED = {
    "in a lambda": "def train(rate):\n    return {'loss': (lambda v: v * w)(rate)}\n",
    "in a function": "def train(rate):\n    def inner():\n        return w\n    return {'loss': inner()}\n",
    "beside a lambda": "def train(rate):\n    return {'loss': w + (lambda w: w)(1)}\n",
    "in a list": "def train(rate):\n    return {'loss': sum([v * w for v in range(3)])}\n",
    "as a default": "def train(rate, w=w):\n    return {'loss': rate * w}\n",
}


@pytest.mark.parametrize("source", BOUND.values(), ids=BOUND)
def test_a_name_that_train_binds_itself_is_no_name_of_the_notebook_s(file, source):
    tune(written(source, "train", w=1), [{"rate": 0.5}], file)
    assert tune(written(source, "train", w=2), [{"rate": 0.5}], file).message == "1 from the file, 0 made now."


@pytest.mark.parametrize("source", USED.values(), ids=USED)
def test_a_name_of_the_notebook_s_counts_wherever_it_is_used(file, source, refuses):
    tune(written(source, "train", w=1), [{"rate": 0.5}], file)
    refuses(".*another experiment: w is not", tune, written(source, "train", w=2), [{"rate": 0.5}], file)


def test_a_name_of_the_function_around_counts(file, refuses):
    code = "def make(w):\n    def train(rate):\n        BIND\n        return {'loss': w * rate}\n    return train\n"
    for source in (code.replace("BIND", "nonlocal w; w = +w"), code.replace("BIND", "pass")):
        tune(written(source)(1), [{"rate": 0.5}], file)
        assert tune(written(source)(1), [{"rate": 0.5}], file).message == "1 from the file, 0 made now."
        refuses(".*another experiment: w is not", tune, written(source)(2), [{"rate": 0.5}], file)
        file.unlink()


def test_comments_and_what_train_does_not_use_change_nothing(file):
    tune(written(BEFORE, "train", k=3, X=X), [{"rate": 0.5}], file)
    commented = BEFORE.replace("return rate", "# the width\n    return rate")
    same = written(commented, "train", k=3, X=X.copy(), unused=7)
    assert tune(same, [{"rate": 0.5}], file).message == "1 from the file, 0 made now."


def test_a_file_that_cannot_be_written_is_told_before_the_first_run(file, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"^the folder of .*runs.jsonl does not exist; make it first\.$"):
        tune(counted, SETTINGS, file.parent / "none" / file.name)
    with pytest.raises(OSError, match=r" is a folder; give the name of a file in it\.$"):
        tune(counted, SETTINGS, file.parent)

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "replace", full)
    with pytest.raises(OSError, match=r"runs.jsonl can't be written: No space left on device\.$"):
        tune(counted, SETTINGS, file)
    assert not calls


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_a_file_that_is_a_link_stays_one(file, tmp_path):
    place = tmp_path / "elsewhere"
    place.mkdir()
    file.symlink_to(place / "kept.jsonl")  # which is not there yet
    for settings in (SETTINGS[:1], SETTINGS):
        tune(train, settings, file)
        assert file.is_symlink() and len(read(place / "kept.jsonl")) == len(settings)
    assert [path.name for path in place.iterdir()] == ["kept.jsonl"]


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_is_read_only(file):
    file.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError, match=r"can't be written: Permission denied\.$"):
            tune(counted, SETTINGS, file)
    finally:
        file.parent.chmod(0o700)


def test_a_disk_that_fills_up_loses_no_run(file, monkeypatch, capsys):
    write, room = files.replace, [True, True, True, False, False, True, False]

    def replace(path, content):
        if not room.pop(0):
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    monkeypatch.setattr(files, "replace", replace)
    found = tune(counted, SETTINGS, file)
    assert len(found) == 6 and len(read(file)) == 5
    said = "The last 1 could not be kept in the file, only returned"
    assert said in found.message and "No space left on device" in capsys.readouterr().out


def test_a_file_that_is_spoiled_during_the_search_is_left_alone(file, capsys):
    def spoils(rate, seed):
        if seed == 2:
            file.write_text("mine", encoding="utf-8")
        return {"val_loss": rate}

    found = tune(spoils, SETTINGS, file)
    assert len(found) == 6 and file.read_text(encoding="utf-8") == "mine"
    assert "not a file of tune's" in found.message


def test_two_searches_at_work_share_a_file(file):
    def other(rate, seed):
        if seed == 1 and not calls:
            calls.append("inside")
            tune(other, SETTINGS[3:], file)
        return {"val_loss": rate + seed}

    tune(other, SETTINGS[:3], file)
    assert len(read(file)) == 6


def test_bad_input_gets_one_sentence(refuses, file):
    refuses("train must be a function", tune, 3, SETTINGS)
    refuses("settings must be a list of dicts", tune, train, {"rate": 1})
    refuses(r"settings\[0\] must be a dict", tune, train, [0.1])
    refuses(r"settings\[0\]\['rate'\] must be a number, text", tune, train, [{"rate": [1], "seed": 0}])
    refuses(r"settings\[0\]\['rate'\] must be a finite number", tune, train, [{"rate": math.nan, "seed": 0}])
    refuses("train can't be called with the setting .*: missing a required", tune, train, [{"rate": 0.1}])
    refuses(
        "train can't be called with the setting .*: got an unexpected", tune, train, [{"rate": 1, "seed": 0, "l": 2}]
    )
    refuses("train must return a dict of numbers", tune, lambda rate: 0.3, [{"rate": 1}], file)
    refuses("train must return a dict of numbers", tune, lambda rate: None, [{"rate": 1}])
    refuses("train's 'loss' must be a real number", tune, lambda rate: {"loss": "low"}, [{"rate": 1}])
    refuses("train's 'loss' must be a real number", tune, lambda rate: {"loss": np.complex128(1)}, [{"rate": 1}])
    refuses("file must be the name of a file", tune, train, SETTINGS, 7)
    with pytest.raises(FileNotFoundError, match="does not exist"):
        read(file.parent / "none.jsonl")


def test_no_settings_are_no_runs(file):
    assert tune(train, [], file) == [] and not file.exists()


def test_the_search_of_lesson_13_is_what_its_program_makes():
    """A few of its runs, made again: a good rate, a bad one, and one of each seed."""
    runs = read(tuning.SEARCH)
    assert [{name: one[name] for name in ("rate", "l2", "seed")} for one in runs] == build_search.SETTINGS
    for place in (3, 61, 150, 245):
        again = build_search.train(*(runs[place][name] for name in ("rate", "l2", "seed")))
        assert abs(again["val_loss"] - runs[place]["val_loss"]) < 2e-6
