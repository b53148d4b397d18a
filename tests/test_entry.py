"""The first step of every command, before any of the course's own code can help."""

import os
import shutil
import subprocess
import sys

import pytest

from gdcourse.commands import notebooks

# What Python itself may import from the folder where it is started, to find `-m gdcourse`: its version decides which.
BEFORE_US = "importlib warnings contextlib collections keyword operator reprlib functools types".split()


@pytest.mark.parametrize("names", [BEFORE_US, *((name,) for name in BEFORE_US)], ids=lambda names: " ".join(names))
def test_without_m_a_file_of_the_reader_s_with_a_name_of_python_s_is_left_aside(tmp_path, names):
    shutil.copytree(notebooks.ROOT / "gdcourse", tmp_path / "gdcourse", ignore=shutil.ignore_patterns("data", "*.pyc"))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_follow.ipynb").write_text("{}")
    for name in names:
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the file of the reader')")
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    variables.pop("PYTHONSAFEPATH", None)
    result = subprocess.run(
        [sys.executable, "gdcourse", "reset", "9"], cwd=tmp_path, env=variables, capture_output=True, text=True
    )
    assert result.stderr == "9: nothing was changed. The course has no such lesson; it has: 01_follow.\n"
    assert result.returncode == 1


def test_the_readme_tells_that_way():
    assert "python3 gdcourse lab" in (notebooks.ROOT / "README.md").read_text(encoding="utf-8")
