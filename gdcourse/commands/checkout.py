"""What git says of the lessons and the data; nothing is started that the folder's settings name."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from gdcourse.commands import notebooks

# Where the course came from, if git knows it: a fork's first, then the place that was cloned, then the branch's own.
BRANCHES = ("refs/remotes/upstream/HEAD", "refs/remotes/upstream/main", "refs/remotes/origin/HEAD", "HEAD@{upstream}")


class Silent(Exception):
    """Git has no answer; the sentence says why."""


def lesson(path):
    """Return the bytes of a lesson as it came, and whether that is the reader's own commit; raise Silent without one.

    As it came: at the commit that this branch shares with the one it was cloned from, else at the last commit.
    """
    inside = path.relative_to(notebooks.ROOT).as_posix()
    for commit in [*_shared(), "HEAD"]:
        try:
            content = _ask("cat-file", "blob", f"{commit}:./{inside}")  # `git show` may pass it through a filter
        except Silent:
            if commit == "HEAD":
                raise
            continue
        return content, _is_own(commit, inside)


def names():
    """Return the names of the lessons that the course came with or that are committed; none without git."""
    found = set()
    for commit in [*_shared(), "HEAD"]:
        try:
            listed = _ask("ls-tree", "-z", "--name-only", commit, "notebooks/").decode("utf-8", "replace")
        except Silent:
            continue
        found |= {Path(name).name for name in listed.split("\0") if notebooks.is_lesson(name)}
    return found


def staged(inside):
    """Return the bytes that `git checkout -- FILE` would bring back to this reader; raise Silent where it can't."""
    return _git(["cat-file", "blob", f":./{inside}"], {"GIT_ALLOW_PROTOCOL": "none"})


def _shared():
    """Return the newest commit that HEAD shares with the branch that the course came from, in a list, or none."""
    for branch in BRANCHES:
        try:
            return [_ask("merge-base", "HEAD", branch).decode("ascii").strip()]
        except Silent:
            continue
    return []


def _is_own(commit, inside):
    """Say whether the last change of a file was committed under the name that the reader commits under."""
    try:
        changed = _ask("rev-list", "-1", commit, "--", inside).decode("ascii").strip()
        author = re.search(rb"^author [^\n]*<([^>\n]*)>", _ask("cat-file", "commit", changed), re.MULTILINE)
        me = re.search(rb"<([^>\n]*)>", _git(["var", "GIT_AUTHOR_IDENT"], {}))
    except Silent:
        return False
    return bool(author and me and author[1] and author[1] == me[1])


def _ask(*question):
    """Return what git answers from the course's folder, whoever owns it."""
    with tempfile.TemporaryDirectory() as home:
        # git refuses a folder of another user's unless a file in the reader's home names it; reading one file is safe
        # where nothing that the folder's settings name is started: no filter, and no fetch of what is missing.
        Path(home, ".gitconfig").write_text("[safe]\n\tdirectory = *\n", encoding="ascii")
        own = {"HOME": home, "XDG_CONFIG_HOME": home, "GIT_CONFIG_GLOBAL": os.path.join(home, ".gitconfig")}
        return _git(question, {**own, "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"})


def _git(question, variables):
    try:
        answer = subprocess.run(
            ["git", *question],
            cwd=notebooks.ROOT,
            env={**os.environ, **variables, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
    except FileNotFoundError:
        raise Silent("git is not installed.") from None
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Silent(f"git can't be asked ({problem}).") from None
    if answer.returncode == 0:
        return answer.stdout
    said = answer.stderr.decode("utf-8", "replace").strip()
    if "not a git repository" in said:
        raise Silent("This folder is not a git checkout.")
    raise Silent(f"git says: {said.splitlines()[0] if said else f'nothing, and ends with code {answer.returncode}'}.")
