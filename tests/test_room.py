"""The day before: what `doctor --save` writes names nobody, and `room` makes one table of whatever comes back."""

import getpass
import os
import random
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from gdcourse.commands import checkup, dispatch, doctor, environment, room

ROOT = environment.ROOT
TODAY = date(2026, 3, 1)
CHECKS = ("python", "venv", "disk", "packages", "tensorflow", "mpi", "kernel", "data", "port", "permission")
LINES = ["ok  Python      3.11.7, x86_64, linux", "ok  packages    134 packages, as requirements.txt says"]
NO_PACKAGES = "!!  packages    not installed yet; mend it with: python3 -m gdcourse lab"
NO_DISK = "!!  disk        0.2 GB free, 2.4 GB needed; mend it with: empty the wastebasket"
NO_KERAS = "--  TensorFlow  lessons that wait for it: 10_train_with_keras (install Python 3.13)"


def content(lines, day=TODAY, course=None):
    """Return a file's text as another computer writes it."""
    head = [checkup.FIRST, f"day {day}", f"course {course or checkup.stamp()}"]
    return "\n".join([*head, *lines, f"end of {len(lines)} lines"]) + "\n"


@pytest.fixture(autouse=True)
def one_day(monkeypatch):
    """Let it be the same day from a test's first line to its last, whatever the clock passes meanwhile."""

    class Day(date):
        @classmethod
        def today(cls):
            return cls(TODAY.year, TODAY.month, TODAY.day)

    monkeypatch.setattr(checkup, "date", Day)


@pytest.fixture
def checks(monkeypatch):
    """Let all of doctor's checks find nothing wrong, and return what two of them find, to be changed."""
    found = {"disk": (doctor.OK, "80.0 GB free", None), "permission": (doctor.OK, "allowed", None)}

    def stand_in(name):
        check = getattr(doctor, name)

        def asked():
            return found.get(name, (doctor.OK, "fine", None))

        asked.__doc__ = check.__doc__
        return asked

    for name in CHECKS:
        monkeypatch.setattr(doctor, name, stand_in(name))
    return found


def test_doctor_writes_what_it_prints_and_room_reads_it(checks, tmp_path, capsys):
    checks["disk"] = (doctor.WRONG, "0.2 GB free, 2.4 GB needed", "empty the wastebasket, or move the course")
    file = tmp_path / "seat-07.txt"
    assert dispatch.main(["doctor", "--save", str(file)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 11 and printed[-1].startswith(f"Saved as {file}")
    assert file.read_text(encoding="utf-8").splitlines()[3:-1] == printed[:10]
    assert file.stat().st_size < 2000
    assert dispatch.main(["room", str(file)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "seat-07 no disk: 0.2 GB free, 2.4 GB needed; mend it with: empty the wastebasket, or move" in said
    assert "0 of 1 ready. 1 × disk: empty the wastebasket, or move the course (seat-07)" in said
    checks["disk"] = (doctor.OK, "9.0 GB free", None)
    assert doctor.main(["--save", str(file)]) == 0  # its own file it writes again
    assert room.main([str(tmp_path)]) == 0 and "1 of 1 ready." in capsys.readouterr().out


PYTHON = {"version": [3, 12, 1], "system": "linux", "machine": "x86_64", "standard": True, "venv": True}
HIDDEN = "Zoë Q. Learner"


@pytest.mark.parametrize(
    ("line", "saved"),
    [
        (f"!!  writing     not allowed in {ROOT}; mend it", "!!  writing     not allowed in COURSE; mend it"),
        (f"ok  MPI         starts: {ROOT}/.venv/bin/mpiexec", "ok  MPI         starts: COURSE/.venv/bin/mpiexec"),
        (f"give {ROOT}{os.sep}numpy.py another name", f"give COURSE{os.sep}numpy.py another name"),
        (f"take {Path.home()}/.ipython/startup/a.py away", "take HOME/.ipython/startup/a.py away"),
        (f"take /Users/{HIDDEN}/.ipython/a.py and /Users/{HIDDEN}/b.py away", "take …/a.py and …/b.py away"),
        (rf"give C:\Users\{HIDDEN}\course\numpy.py another name", "give …/numpy.py another name"),
        (rf"kernel: \\server\{HIDDEN}\python.exe, says D:\{HIDDEN}\share", "kernel: …/python.exe, says …/share"),
        (f"the variable names '/mnt/{HIDDEN}/py': correct it", "the variable names '…/py': correct it"),
        ("delete the file .venv/gdcourse.json, then python3 -m gdcourse lab",) * 2,
        ("install https://aka.ms/vs/17/release/vc_redist.x64.exe (from Microsoft)",) * 2,
        ("sudo apt install python3.11-venv; 3/4 and/or more",) * 2,
    ],
)  # fmt: skip
def test_a_saved_line_names_nobody(line, saved):
    assert checkup.anonymous(line) == saved


def test_a_saved_line_names_no_user_outside_of_paths(monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: "zoelearner")
    assert checkup.anonymous("owned by zoelearner, not by zoelearner2") == "owned by …, not by zoelearner2"


def test_whatever_doctor_can_find_here_names_nobody(tmp_path, monkeypatch):
    """A course under a person's own folder: no part of that path but the course's own reaches the file."""
    home = tmp_path / HIDDEN
    course = home / "my course"
    (course / "gdcourse").mkdir(parents=True)
    shutil.copy(environment.ROOT / "gdcourse" / "datasets.py", course / "gdcourse")
    monkeypatch.setattr(environment, "ROOT", course)
    monkeypatch.setattr(environment, "STAMP", course / ".venv" / "gdcourse.json")
    monkeypatch.setattr(doctor, "chosen", lambda: {**PYTHON, "path": str(home / "python3")})
    monkeypatch.setattr(Path, "home", classmethod(lambda cls: home))
    monkeypatch.setattr(os, "access", lambda *_: False)
    lines = {name: doctor.told(getattr(doctor, name))[1] for name in CHECKS}
    assert HIDDEN in lines["permission"]
    assert [line for line in lines.values() if HIDDEN in checkup.anonymous(line)] == []
    start_up = f"!!  kernel      it dies; mend it with: take {home}/.ipython/x.py away for a while"
    assert HIDDEN not in checkup.anonymous(start_up) and "x.py away" in checkup.anonymous(start_up)


def test_a_file_of_the_readers_is_never_overwritten(checks, tmp_path, capsys):
    mine = tmp_path / "thesis.txt"
    mine.write_text("three years of work")
    for name, said in [
        (mine, "is a file of yours and was left as it is: name another one."),
        (tmp_path, "is a folder: name a file, such as"),
        (tmp_path / "nowhere" / "a.txt", "is no folder: name a file in one that is there."),
    ]:
        assert doctor.main(["--save", str(name)]) == 1
        printed = capsys.readouterr()
        assert said in printed.err and printed.err.count("\n") == 1 and printed.out == ""
    assert mine.read_text() == "three years of work"


def test_a_file_that_can_t_be_saved_is_said(checks, tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkup.files, "replace", full)
    assert doctor.main(["--save", str(tmp_path / "a.txt")]) == 1
    assert capsys.readouterr().err.endswith("was not saved (No space left on device): free some space.\n")


def write(folder, **files):
    for name, text in files.items():
        path = folder / f"{name.replace('_', '-')}.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


def rows_of(folder):
    rows = [room.row(who, path) for who, path in room.collected([folder])]
    return {who: (ready, found[0][1] if found else "") for who, ready, found in rows}


def test_thirty_learners(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    for number in range(1, 31):
        lines = LINES + {
            4: [NO_PACKAGES],
            9: [NO_PACKAGES, NO_DISK],
            12: [NO_DISK],
            17: [NO_PACKAGES.replace("python3", "py")],
        }.get(number, [])
        lines = [NO_KERAS, *lines] if number == 20 else lines
        write(tmp_path, **{f"seat_{number:02d}": content(lines)})
    assert room.main([str(tmp_path)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 100 for line in said)
    table, summary = said[: said.index("")], said[said.index("") + 1 :]
    assert [line.split()[:2] for line in table[2:8] if line[0] == "s"] == [
        ["seat-04", "no"], ["seat-09", "no"], ["seat-12", "no"], ["seat-17", "no"], ["seat-01", "yes"]
    ]  # fmt: skip
    assert sum(bool(re.match(r"seat-\d\d  yes", line)) for line in table) == 26
    assert any(line.startswith("seat-20  yes    TensorFlow: lessons that wait for it: 10") for line in table)
    assert summary == [
        "26 of 30 ready.",
        "3 × packages: python3 -m gdcourse lab (seat-04, seat-09, seat-17)",
        "2 × disk: empty the wastebasket (seat-09, seat-12)",
    ]


def test_strange_files_get_a_sentence_each(tmp_path):
    good = content(LINES)
    write(
        tmp_path,
        bom=b"\xef\xbb\xbf" + good.replace("\n", "\r\n").encode(),
        utf16=good.encode("utf-16"),
        empty=b"",
        blank=b" \n\n",
        foreign="Dear teacher,\nmy computer is fine.\n",
        binary=bytes(range(256)) * 20,
        huge=b"x" * 2_000_000,
        cut=good[: len(good) // 2],
        without_end=good.replace("end of 2 lines\n", ""),
        a_line_lost="\n".join(line for line in good.splitlines() if "packages" not in line),
        old=content(LINES, day=TODAY - timedelta(days=30)),
        other=content(LINES, course="0.0.1, requirements 00000000"),
        newer=good.replace("form 1", "form 2"),
        no_day=good.replace(str(TODAY), "yesterday"),
    )
    said = rows_of(tmp_path)
    assert said.pop("bom") == said.pop("utf16") == ("yes", "")
    assert said.pop("other") == ("no", room.UPDATE)
    damaged = "is damaged, or a part of it is lost: ask for it again"
    asked = "is no file from `doctor --save`: ask for that one"
    assert said == {
        "empty": ("?", "is empty: ask for it again"),
        "blank": ("?", "is empty: ask for it again"),
        "foreign": ("?", asked),
        "binary": ("?", asked),
        "huge": ("?", "holds 2.0 MB and is no file from `doctor --save`: ask for that one"),
        **dict.fromkeys(["cut", "without-end", "a-line-lost", "no-day"], ("?", damaged)),
        "old": ("?", f"is 30 days old, from {TODAY - timedelta(days=30)}: ask for a new one"),
        "newer": ("?", "was written by a newer course than this one: bring this one up to date"),
    }


def test_no_damage_makes_a_computer_ready(tmp_path):
    """A hundred files with bytes changed or lost: none of them counts as ready."""
    rng, whole = random.Random(0), content([*LINES, NO_PACKAGES]).encode()
    path = tmp_path / "a.txt"
    for _ in range(100):
        harmed = bytearray(whole)
        for _ in range(rng.randint(1, 3)):
            harmed[rng.randrange(len(harmed))] = rng.randrange(256)
        path.write_bytes(harmed[: rng.choice([len(harmed), rng.randrange(len(harmed))])])
        assert room.row("a", path)[1] in ("no", "?")


def test_what_a_terminal_would_obey_is_not_printed(tmp_path, capsys):
    write(tmp_path, evil=content([*LINES, "!!  disk        \x1b[2J\x1b]0;gone\x07 full\u202e; mend it with: nothing"]))
    assert room.main([str(tmp_path)]) == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", capsys.readouterr().out)


def test_two_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for name in ("monday", "tuesday"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, seat_1=content(LINES))
    write(tmp_path, seat_2=content(LINES))
    (tmp_path / ".DS_Store").write_bytes(b"\x00")
    (tmp_path / "__MACOSX").mkdir()
    write(tmp_path / "__MACOSX", seat_1=b"x")
    assert [who for who, _ in room.collected([tmp_path, tmp_path / "seat-2.txt"])] == [
        "monday/seat-1.txt",
        "tuesday/seat-1.txt",
        "seat-2",
    ]


def test_bad_input_gets_one_sentence(tmp_path, capsys, monkeypatch):
    (tmp_path / "empty").mkdir()
    write(tmp_path, one=b"", two=b"")
    monkeypatch.setattr(room, "MOST", 1)
    for place, said in [
        (tmp_path / "nowhere", "is not there: name the folder"),
        (tmp_path / "empty", "holds no file: collect those"),
        (tmp_path, "holds more than 1 files"),
    ]:
        assert dispatch.main(["room", str(place)]) == 1
        printed = capsys.readouterr()
        assert said in printed.err and printed.err.count("\n") == 1 and printed.out == ""


def test_a_file_without_wrong_lines_is_ready_by_the_marks_alone(tmp_path):
    """Ready is what doctor marks so: a note is no fault, a fault among many good lines is one."""
    write(tmp_path, notes=content([*LINES, "--  port        8888 is taken"]), fault=content([*LINES * 8, NO_DISK]))
    assert {who: ready for who, (ready, _) in rows_of(tmp_path).items()} == {"notes": "yes", "fault": "no"}
