"""The maintainer's script that brings the whole table of penguins."""

import hashlib
import subprocess
import sys

import build_penguins
import build_penguins_table
import pytest

from gdcourse.datasets import PENGUINS_TABLE, PENGUINS_TABLE_SHA256


def test_the_tool_s_target_is_the_file_of_the_package():
    assert build_penguins_table.TARGET.samefile(PENGUINS_TABLE)
    assert hashlib.sha256(PENGUINS_TABLE.read_bytes()).hexdigest() == PENGUINS_TABLE_SHA256 == build_penguins.SHA256


def test_the_selection_of_the_other_lessons_is_made_of_it():
    assert build_penguins.build(PENGUINS_TABLE.read_bytes()) == build_penguins.TARGET.read_bytes()


def test_the_whole_tool_finds_the_committed_file_right():
    done = subprocess.run([sys.executable, build_penguins_table.__file__, "--check"], capture_output=True, text=True)
    if "can't be fetched" in done.stderr:
        pytest.skip("pip or its index is not there")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the same, byte for byte" in done.stdout
