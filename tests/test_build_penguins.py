"""The maintainer's script that builds the table of penguins."""

import hashlib
import subprocess
import sys
import zipfile

import build_penguins
import fetched
import pytest

from gdcourse.datasets import PENGUINS, PENGUINS_SHA256, PENGUINS_TABLE

TOOL = build_penguins.__file__

HEADER = "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year"


def test_the_tool_s_target_is_the_file_of_the_package():
    assert build_penguins.TARGET.samefile(PENGUINS)
    assert hashlib.sha256(PENGUINS.read_bytes()).hexdigest() == PENGUINS_SHA256


def test_what_is_built_is_written_unless_it_is_only_compared(monkeypatch, tmp_path, capsys):
    target = tmp_path / "gdcourse" / "data" / "penguins.csv"
    target.parent.mkdir(parents=True)
    monkeypatch.setattr(build_penguins, "TARGET", target)
    monkeypatch.setattr(build_penguins, "fetch", lambda folder: PENGUINS_TABLE.read_bytes())
    for options, status, written in (["--check"], 1, False), ([], 0, True), (["--check"], 0, True):
        monkeypatch.setattr(sys, "argv", [TOOL, *options])
        assert build_penguins.main() == status and target.exists() == written
    assert target.read_bytes() == PENGUINS.read_bytes() and PENGUINS_SHA256 in capsys.readouterr().out


def test_rows_with_a_gap_are_left_out_and_numbers_stay_as_they_stand():
    rows = [
        "Adelie,Torgersen,39.1,18.7,181,3750,male,2007",
        "Adelie,Torgersen,NA,NA,NA,NA,NA,2007",
        "Gentoo,Biscoe,50.0,16.3,230,5700,NA,2007",  # no sex, but all four measurements
        "Chinstrap,Dream,50,18,198,NA,male,2009",
    ]
    built = build_penguins.build("\n".join([HEADER, *rows]).encode())
    assert built.decode() == (
        "bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g\n39.1,18.7,181,3750\n50.0,16.3,230,5700\n"
    )


@pytest.mark.parametrize("value", ["0", "-39.1"])
def test_what_is_no_measurement_is_refused(value):
    with pytest.raises(SystemExit, match="not made of lengths and a mass"):
        build_penguins.build(f"{HEADER}\nAdelie,Torgersen,{value},18.7,181,3750,male,2007\n".encode())


def test_compare_says_what_differs(tmp_path):
    path, built = tmp_path / "penguins.csv", PENGUINS.read_bytes()
    assert build_penguins.compare(built, path) == "penguins.csv does not exist"
    for content, said in [
        (built, ""),
        (built.replace(b"181,3750", b"181,3751"), "1 lines differ, the first is line 2"),
        (built[: built.rindex(b"\n", 0, -1) + 1], "342 lines instead of 343"),
        (built.replace(b"\n", b"\r\n"), "only the ends of the lines differ"),
    ]:
        path.write_bytes(content)
        assert build_penguins.compare(built, path) == said


def wheel(folder, table, description):
    """Put a package in the manner of PyPI's into the folder."""
    with zipfile.ZipFile(folder / "palmerpenguins-0.1.6-py3-none-any.whl", "w") as archive:
        archive.writestr(build_penguins.INSIDE, table)
        archive.writestr("palmerpenguins-0.1.6.dist-info/METADATA", description)


@pytest.fixture
def pip_ran(monkeypatch):
    done = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(fetched.subprocess, "run", lambda *_, **__: done)
    return done


def test_another_table_is_refused(pip_ran, tmp_path):
    wheel(tmp_path, "x", build_penguins.LICENCE)
    with pytest.raises(SystemExit, match="has SHA-256 .*, expected f204db2c"):
        build_penguins.fetch(tmp_path)


def test_another_licence_is_refused(pip_ran, tmp_path, monkeypatch):
    monkeypatch.setattr(build_penguins, "SHA256", hashlib.sha256(b"x").hexdigest())
    wheel(tmp_path, "x", "All rights reserved.")
    with pytest.raises(SystemExit, match="no longer says that its data are under CC0"):
        build_penguins.fetch(tmp_path)
    wheel(tmp_path, "x", f"Penguins.\n{build_penguins.LICENCE}(https://creativecommons.org/) license")
    assert build_penguins.fetch(tmp_path) == b"x"


def test_a_failing_pip_is_said(pip_ran, tmp_path):
    pip_ran.returncode, pip_ran.stderr = 1, "no such place"
    with pytest.raises(SystemExit, match="(?s)^palmerpenguins==0.1.6 can't be fetched; .*no such place"):
        build_penguins.fetch(tmp_path)


def test_the_whole_tool_finds_the_committed_file_right():
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True)
    if "can't be fetched" in done.stderr:
        pytest.skip("pip or its index is not there")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same, byte for byte" in done.stdout and PENGUINS_SHA256 in done.stdout
