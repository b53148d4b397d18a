"""What doctor found, as one small file: written by `doctor --save`, read by `room`; nobody can be known from it."""

import getpass
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import gdcourse
from gdcourse import files
from gdcourse.commands import environment, folders

FIRST = "gdcourse doctor, form 1"
LARGEST = 65_536  # bytes; ten lines need two thousand
DAYS = 14  # after that a computer may have changed
LINE = re.compile(r"(ok|--|!!)  (\S+) +(.*)")
MEND = "; mend it with: "
# A path, from where it begins to its last part; words with a slash in them, and addresses, are none.
PATH = re.compile(
    r"""(?<![^\s"'(=])(?:~|[A-Za-z]:|\\\\[^\s\\/]+)?[\\/](?:(?!\ and\ (?:~|[A-Za-z]:)?[\\/])[^\n"';,:()<>|*?])*[\\/]""",
    re.VERBOSE,
)
PROGRAMS = ("usr", "bin", "opt", "Applications")  # where programs lie for everybody


class Unreadable(Exception):
    """No file of doctor's that tells how a computer is; the message is one sentence with the way out."""


@dataclass(frozen=True)
class Found:
    """One line: its mark (ok, -- or !!), what was looked at, what was found, and what mends it ("" if nothing)."""

    mark: str
    name: str
    text: str
    mend: str


@dataclass(frozen=True)
class Checkup:
    """What one computer said: the course's version and requirements there, and the lines."""

    course: str
    found: tuple


def stamp():
    """Return what tells one state of the course from another: its version, and its requirements in eight letters."""
    return f"{gdcourse.__version__}, requirements {environment.digest(environment.LOCK)[:8]}"


def refusal(path):
    """Return why nothing can be saved under this name, in one sentence, or None."""
    if path.is_dir():
        return f"{path} is a folder: name a file, such as {path / 'seat-07.txt'}."
    if not path.parent.is_dir():
        return f"{path.parent} is no folder: name a file in one that is there."
    if path.exists():
        try:
            is_ours = path.read_bytes()[: len(FIRST)] == FIRST.encode()
        except OSError as problem:
            return f"{path} can't be read ({problem.strerror}): name another file."
        if not is_ours:
            return f"{path} is a file of yours and was left as it is: name another one."
    return None


def save(path, lines):
    """Write doctor's lines to the file; return the sentence that says so, and whether it was written."""
    body = [FIRST, f"day {date.today()}", f"course {stamp()}", *map(anonymous, lines), f"end of {len(lines)} lines"]
    try:
        files.replace(path, ("\n".join(body) + "\n").encode("utf-8"))
    except OSError as problem:
        way_out = "free some space" if problem.errno in folders.FULL else "name another file"
        return f"{path} was not saved ({problem.strerror}): {way_out}.", False
    return f"Saved as {path}: these lines, and nothing about you. Hand it to whoever teaches.", True


def anonymous(line):
    """Return a line of doctor's without what may name its reader: of each path its last part stays."""
    places = {str(environment.ROOT): "COURSE", str(Path.home()): "HOME"}
    for place, name in sorted(places.items(), key=lambda item: -len(item[0])):
        if len(place) > 3:
            line = line.replace(place, name)
    line = PATH.sub(_last_part, line)
    try:
        me = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return line
    if len(me) > 2 and me not in ("root", "python"):
        line = re.sub(rf"(?<![A-Za-z0-9]){re.escape(me)}(?![A-Za-z0-9])", "…", line)
    return line


def _last_part(path):
    """Return what stands for the folders of a path: nothing of them, but where they are everybody's."""
    parts = re.split(r"[\\/]", path[0])
    everybody = len(parts) > 1 and not parts[0] and parts[1] in PROGRAMS
    return path[0] if everybody else "…/"


def read(path, today=None):
    """Return the Checkup in a file, or say in one sentence why there is none."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Unreadable(f"holds {size / 1e6:.1f} MB and is no file from `doctor --save`: ask for that one")
        content = path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"can't be read ({problem.strerror}): copy it again") from None
    if not content.strip():
        raise Unreadable("is empty: ask for it again")
    lines = [clean(line) for line in _text(content).splitlines()]
    if lines[0].strip() != FIRST:
        newer = lines[0].startswith("gdcourse doctor, form ")
        raise Unreadable(
            "was written by a newer course than this one: bring this one up to date"
            if newer
            else "is no file from `doctor --save`: ask for that one"
        )
    return _checkup([line for line in lines[1:] if line.strip()], today or date.today())


def _text(content):
    """Return a file's text, whatever it passed through on its way: a mark at its head, other ends of lines."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return content.decode("utf-8-sig", "replace")


def clean(text):
    """Return a text without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " for letter in text).rstrip()


def _checkup(lines, today):
    """Return what the lines after the first say, unless some are lost or it is too old."""
    damaged = Unreadable("is damaged, or a part of it is lost: ask for it again")
    try:
        day = date.fromisoformat(lines[0].removeprefix("day "))
        course = lines[1].removeprefix("course ")
        count = int(re.fullmatch(r"end of (\d+) lines", lines[-1])[1])
        matches = [LINE.fullmatch(line) for line in lines[2:-1]]
        found = tuple(Found(match[1], match[2], *_parted(match[3])) for match in matches)
    except (IndexError, TypeError, ValueError):
        raise damaged from None
    if count != len(found) or not found:
        raise damaged
    if (today - day).days > DAYS:
        raise Unreadable(f"is {(today - day).days} days old, from {day}: ask for a new one")
    return Checkup(course, found)


def _parted(text):
    """Return what was found, and what mends it."""
    said, _, mend = text.partition(MEND)
    return said, mend
