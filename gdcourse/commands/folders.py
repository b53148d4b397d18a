"""A folder that a command fills: new or empty, and all of it is written, or nothing."""

import errno
import os
import shutil

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class Unusable(Exception):
    """The folder can't be filled; the message is one sentence with the way out."""


def make(folder):
    """Make the folder, unless it is there and empty."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        filled = any(folder.iterdir())
    except OSError as problem:
        raise Unusable(f"{folder} can't be used ({problem.strerror}): name a folder that can be made.") from None
    if filled:
        raise Unusable(f"{folder} is not empty: name a folder that doesn't exist yet.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Unusable(f"{folder} can't be written to: name a folder of yours.")


def fill(folder, files):
    """Write {name: bytes} into the empty folder, a name may lie in a folder of its own; on trouble leave it empty."""
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as problem:
        empty(folder)
        if problem.errno in FULL:
            size = sum(map(len, files.values())) / 1e6
            raise Unusable(f"The disk is full: {folder} needs {size:.0f} MB; nothing was written.") from None
        raise Unusable(f"{folder} can't be written to ({problem.strerror}); nothing was written.") from None


def empty(folder):
    """Take away what lies in a folder that `make` found empty."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
