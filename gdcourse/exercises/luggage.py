"""One file to take along from a machine that keeps nothing, such as Binder's, and to take back on the next day.

It holds what was done, and the lessons that were changed. Back in the folder of the lessons, here or on the learner's
own machine, `progress()` takes what was done from it, and puts its lessons beside those that are there.
"""

import io
import json
import os
import platform
import re
import zipfile
import zlib
from pathlib import Path

from gdcourse import files

FILE = "my_gdcourse.zip"
DONE, ABOUT = "progress.json", "about.json"
LESSON = re.compile(r"[0-9][0-9]_\w+\.ipynb")
LARGEST = 50_000_000  # bytes of a lesson
LATER = 60  # seconds after the package that a file is newer than the course: both came together


class Damaged(Exception):
    """The file is there, and is not what was packed; the message is one sentence."""

    def __init__(self):
        super().__init__(f"{FILE} is damaged or not complete: put it here again, or delete it.")


def is_passing():
    """Say whether this machine keeps nothing: it is one of Binder's."""
    return "BINDER_LAUNCH_HOST" in os.environ


def pack(folder, done):
    """Write the file to a folder: what was done, as JSON, and the lessons in the folder that were changed."""
    course = Path(__file__).stat().st_mtime
    changed = [path for path in _lessons(folder) if path.stat().st_mtime > course + LATER]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(ABOUT, json.dumps({"machine": platform.node(), "when": files.moment()}))
        packed.writestr(DONE, done)
        for path in changed:
            packed.write(path, path.name)
    files.replace(Path(folder, FILE), content.getvalue())


def from_elsewhere(folder):
    """Return the packed file in a folder, opened, if there is one that another machine has packed, else None."""
    path = Path(folder, FILE)
    if not path.is_file():
        return None
    try:
        packed = Luggage(path)
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, EOFError, RuntimeError):
        raise Damaged from None
    return None if packed.machine == platform.node() else packed


def taken(packed):
    """Return the name that a file gets once all was taken from it."""
    return f"{Path(FILE).stem} (taken back, packed {packed.when}).zip"


class Luggage:
    """A packed file: `done` is the text of what was done; `unpack` puts its lessons into a folder."""

    def __init__(self, path):
        with zipfile.ZipFile(path) as packed:
            about = json.loads(packed.read(ABOUT))
            self.machine, self.when = str(about["machine"]), re.sub(r"[^-\d. ]", "", str(about["when"]))
            self.done = packed.read(DONE).decode()
            sound = [one for one in packed.infolist() if LESSON.fullmatch(one.filename) and one.file_size <= LARGEST]
            self._lessons = {one.filename: packed.read(one) for one in sound}

    def unpack(self, folder):
        """Put each lesson beside the folder's own, as reset keeps them; return the new names."""
        names = []
        for name, content in self._lessons.items():
            path = files.mine(Path(folder, name), self.when)
            if not path.exists():
                files.replace(path, content)
                names.append(path.name)
        return names


def _lessons(folder):
    return sorted(path for path in Path(folder).iterdir() if LESSON.fullmatch(path.name))
