"""Replace a file at once, so that an interruption leaves the old one or the new one; and name what is the reader's."""

import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path


def replace(path, content, mode=0o644):
    """Write the bytes to a file beside the path and put it in its place; a new file gets `mode`, an old keeps its own.

    Where the path is a link, the file that it leads to is replaced.
    Errors: OSError, and then the old file is as it was and nothing is left beside it.
    """
    path = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with open(handle, "wb") as file:
            file.write(content)
        if path.exists():
            shutil.copymode(path, name)
        else:
            os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def moment():
    """Return this minute as it stands in names of files."""
    return datetime.now().strftime("%Y-%m-%d %H.%M")


def mine(path, when, turn=1):
    """Return the path beside a lesson where the reader's own version of it is kept: 03_… (mine 2026-11-26 14.05)."""
    number = f" {turn}" if turn > 1 else ""
    return path.with_name(f"{path.stem} (mine {when}{number}){path.suffix}")
