"""Replace a file at once, so that an interruption leaves the old one or the new one, never half of it."""

import os
import shutil
import tempfile
from pathlib import Path


def replace(path, content, mode=0o644):
    """Write the bytes to a file beside the path and put it in its place; a new file gets `mode`, an old keeps its own.

    Errors: OSError, and then the old file is as it was and nothing is left beside it.
    """
    path = Path(path)
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
