"""Say who of a room is ready, from the small files that `doctor --save` wrote, and what mends the others."""

import argparse
import re
import shutil
import sys
import textwrap
from collections import Counter, defaultdict
from pathlib import Path

from gdcourse.commands import checkup
from gdcourse.commands.doctor import NOTE, WRONG

MOST = 500  # files; a folder with more holds something else
NARROWEST, WIDEST = 60, 120
READY, NOT_READY, UNKNOWN = "yes", "no", "?"
UPDATE = "this is another version of the course than here: bring the older one up to date, and run doctor again"


def main(arguments=None):
    """Print one table of all learners; return 1 if one of them is not ready."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse room",
        description="Print who is ready for a workshop and what mends the others. Before it, each learner runs "
        "`python3 -m gdcourse doctor --save seat-07.txt` and hands you the file; the file's name is the learner's "
        "name in the table, so agree on seats or made-up names.",
    )
    parser.add_argument("places", metavar="FOLDER", nargs="+", type=Path, help="the folder with the files, or files")
    try:
        rows = [row(name, path) for name, path in collected(parser.parse_args(arguments).places)]
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 1
    width = min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)
    print("\n".join([*table(rows, width), "", *summary(rows, width)]))
    return int(any(ready != READY for _, ready, _ in rows))


def collected(places):
    """Return [(who, path), …] of all files in the folders and all files named, by name; who is the file's name."""
    paths = []
    for place in places:
        if place.is_dir():
            inside = [path for path in place.rglob("*") if path.is_file() and not _is_hidden(path, place)]
            if not inside:
                raise ValueError(f"{place} holds no file: collect those from `doctor --save` there.")
            paths += inside
        elif place.exists():
            paths.append(place)
        else:
            raise ValueError(f"{place} is not there: name the folder with the files from `doctor --save`.")
        if len(paths) > MOST:
            raise ValueError(f"{place} holds more than {MOST} files: name the folder with those from `doctor --save`.")
    paths = sorted({path.resolve(): path for path in paths}.values(), key=lambda path: (path.stem.lower(), str(path)))
    alike = Counter(path.stem for path in paths)
    # Two of one name are told apart by the folder that each lies in.
    names = [path.stem if alike[path.stem] == 1 else f"{path.parent.name}/{path.name}" for path in paths]
    return [(checkup.clean(name), path) for name, path in zip(names, paths)]


def _is_hidden(path, folder):
    """Say whether a file or a folder above it is hidden, as those are that a system adds by itself."""
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)


def row(who, path):
    """Return who, whether this computer is ready, and what is in the way: [(what, how, what mends it), …]."""
    try:
        found = checkup.read(path)
    except checkup.Unreadable as problem:
        return who, UNKNOWN, [("file", str(problem), "")]
    troubles = [(line.name, line.text, line.mend) for line in found.found if line.mark == WRONG]
    if not troubles and found.course != checkup.stamp():
        troubles = [("course", UPDATE, "")]
    if troubles:
        return who, NOT_READY, troubles
    notes = [(line.name, line.text, "") for line in found.found if line.mark == NOTE and line.name == "TensorFlow"]
    return who, READY, notes


def table(rows, width):
    """Return the lines of the table: who, ready, what mends it; those who are not ready first."""
    order = {NOT_READY: 0, UNKNOWN: 1, READY: 2}
    first = max([len("who"), *(len(who) for who, _, _ in rows)])
    first = min(first, width // 3)
    indent = " " * (first + 9)
    lines = [f"{'who':<{first}}  ready  what is in the way, and what mends it", "-" * width]
    for who, ready, found in sorted(rows, key=lambda one: order[one[1]]):
        said = [_sentence(*one) for one in found] or [""]
        for number, text in enumerate(said):
            head = f"{who:<{first}}  {ready:<5}  " if number == 0 else indent
            lines += textwrap.wrap(head + text, width, subsequent_indent=indent, break_on_hyphens=False) or [head]
    return [line.rstrip() for line in lines]


def _sentence(name, text, mend):
    """Return what is in the way as one line of the table."""
    return f"{name}: {text}{f'; mend it with: {mend}' if mend else ''}"


def summary(rows, width):
    """Return how many are ready, and the troubles, the most frequent first, each with whom it keeps."""
    ready = sum(state == READY for _, state, _ in rows)
    lines = [f"{ready} of {len(rows)} ready."]
    kept = defaultdict(list)
    for who, state, found in rows:
        for name, text, mend in found if state != READY else ():
            # The same command has another name on Windows.
            kept[name, re.sub(r"\bpy -m\b", "python3 -m", mend) or (text if name == "course" else "")].append(who)
    for (name, mend), people in sorted(kept.items(), key=lambda one: (-len(one[1]), one[0])):
        text = f"{len(people)} × {name}{f': {mend}' if mend else ''} ({', '.join(people)})"
        lines += textwrap.wrap(text, width, subsequent_indent="    ", break_on_hyphens=False)
    return lines
