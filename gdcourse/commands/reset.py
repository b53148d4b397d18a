"""Give back a lesson as new, or solved for whoever catches up, and keep the reader's own version beside it."""

import argparse
import json
import re
import sys
from pathlib import Path

import gdcourse
from gdcourse import files
from gdcourse.commands import checkout, notebooks

KEPT = notebooks.ROOT / ".as_new"  # the lessons of each version, where there is no git to ask
KEPT_BEFORE = notebooks.ROOT / ".venv" / "as_new"  # where they lay once, and went with the environment
AS_NEW = KEPT / gdcourse.__version__
OWN = "What git has is a commit of your own: git can't tell which version the course came with."


def find(name):
    """Return the path of the lesson that is meant: a path, a file's name, or how it begins, such as 03 or 3."""
    beginning = [lesson for lesson in known() if lesson.startswith(re.sub(r"^(\d)(?!\d)", r"0\1", name))]
    given = Path(name).resolve()
    if given.is_file():
        return given
    if len(beginning) == 1:
        return notebooks.FOLDER / beginning[0]
    return notebooks.FOLDER / given.name


def known():
    """Return the names of the lessons, those too that were deleted."""
    there = [*AS_NEW.glob("*.ipynb"), *notebooks.lessons()]
    return sorted({path.name for path in there} | checkout.names())


def as_new(path):
    """Return (the bytes of the lesson as it came, whether they are the reader's own commit), or (None, why not).

    From git, else from the copy that `lab` kept.
    """
    try:
        return checkout.lesson(path)
    except checkout.Silent as reason:
        kept = AS_NEW / path.name
        return (kept.read_bytes(), False) if kept.is_file() else (None, str(reason))


def keep_as_new():
    """Copy the lessons aside, once, where git can't give them back."""
    in_git = checkout.names()
    for path in notebooks.lessons():
        if path.name not in in_git and not (AS_NEW / path.name).exists():
            AS_NEW.mkdir(parents=True, exist_ok=True)
            files.replace(AS_NEW / path.name, path.read_bytes())


def save_kept():
    """Move what an older version of the course kept in the environment to where no new environment takes it away."""
    for copy in KEPT_BEFORE.glob("*/*.ipynb"):
        place = KEPT / copy.parent.name / copy.name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            files.replace(place, copy.read_bytes())
            copy.unlink()


def keep_mine(path):
    """Copy the reader's version beside the lesson under a name that is free, and return it."""
    now, content, turn = files.moment(), path.read_bytes(), 1
    while True:
        mine = files.mine(path, now, turn)
        try:
            with open(mine, "xb") as file:
                file.write(content)
            return mine
        except FileExistsError:
            turn += 1


def same(one, other):
    """Say whether two files hold the same notebook, whatever ends their lines."""
    try:
        return json.loads(one) == json.loads(other)
    except ValueError:
        return one == other


def reset(path, solved=False, until=None):
    """Give one lesson back, as new or solved; return the sentence that says what happened, and whether it could."""
    new, remark = as_new(path) if path.parent == notebooks.FOLDER else (None, "")
    if new is None:
        return f"{path.name}: nothing was changed. {advice(path, remark)}", False
    state = "as new"
    if solved:
        new, state = solve(new, until)
        if new is None:
            return f"{path.name}: nothing was changed. {state}", False
    own = f" {OWN}" if remark else ""
    if not path.exists():
        files.replace(path, new)
        return f"{path.name}: was missing, and is back {state}.{own}", True
    if same(new, path.read_bytes()):
        return f"{path.name}: is {state} already.{own}", True
    mine = keep_mine(path)
    files.replace(path, new)
    return (
        f"{path.name}: {state}. Your version is kept as {mine.name}. "
        f"If the lesson is open in JupyterLab, choose File, Reload Notebook from Disk.{own}",
        True,
    )


def solve(content, until=None):
    """Return (the bytes of the lesson with its exercises solved, how far), or (None, why not).

    until: the name of an exercise; it and those after it stay open. What is solved has no output before it is run.
    """
    from gdcourse.commands import pieces, refresh, solved

    try:
        notebook = refresh.normal_form(refresh.parsed(content))
    except refresh.Refused as problem:
        return None, f"As it came, the lesson can't be solved: {problem}."
    named = [
        name for cell in notebook["cells"] if cell["cell_type"] == "code" for name in pieces.exercises(cell["source"])
    ]
    if until and until not in named:
        return None, f"It has no exercise {until}; it has: {', '.join(named)}."
    count = 0
    for cell in notebook["cells"]:
        names = pieces.exercises(cell["source"]) if cell["cell_type"] == "code" else ()
        if until in names:
            break
        if names:
            cell["source"], found = solved.solved_source(cell["source"])
            cell["outputs"], cell["execution_count"] = [], None
            count += found
    how_far = f"those before {until}: {count} of {len(named)}" if until else f"all {count}"
    return refresh.text_of(notebook).encode(), f"solved ({how_far})"


def advice(path, reason):
    """Say what to do where neither git nor a kept copy has the lesson."""
    if path.parent != notebooks.FOLDER or path.name not in known():
        names = ", ".join(Path(name).stem for name in known())
        return f"The course has no such lesson; it has: {names}."
    return (
        f"{reason} No copy was kept either: download the course again into another folder, rename your {path.name}, "
        "and copy the new one here."
    )


def main(arguments=None):
    """Give back the lessons named on the command line; return 1 if one could not be."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse reset",
        description="Give back a lesson as new, or solved, so that you catch up. Your own version is kept beside it, "
        "under another name.",
    )
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="a notebook file, or how it begins: 03")
    parser.add_argument("--solved", action="store_true", help="with its exercises solved; run it from the top")
    parser.add_argument("--until", metavar="EXERCISE", help="solve only those before this one, where the class is now")
    chosen = parser.parse_args(arguments)
    failed = False
    for name in chosen.notebooks:
        path = find(name)
        try:
            sentence, done = reset(path, chosen.solved or bool(chosen.until), chosen.until)
        except OSError as problem:
            sentence, done = f"{path.name}: can't be written ({problem.strerror}).", False
        failed |= not done
        print(sentence, file=sys.stdout if done else sys.stderr, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
