"""Run `python3 -m gdcourse lab` or another command; any Python can read this file, the oldest too."""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Python looks first in the folder where it was started; a file of the reader's there, such as random.py, must not stand
# in for Python's own. So that folder goes, once the package is known.
sys.path[0] = ROOT
import gdcourse  # noqa: E402, F401

del sys.path[0]

from gdcourse.commands import interpreters  # noqa: E402


def main():
    """Run the command in a Python that can, and turn trouble into one sentence."""
    if sys.version_info[:2] < interpreters.OLDEST:
        return in_a_newer_python()
    from gdcourse.commands import dispatch

    return dispatch.main(sys.argv[1:])


def in_a_newer_python():
    """Start again in the course's own Python, or in any that fits, or say that there is none."""
    own = os.path.join(ROOT, ".venv", *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
    finished = os.path.exists(os.path.join(ROOT, ".venv", "gdcourse.json"))
    found = (finished and interpreters.probe(own) and {"path": own}) or interpreters.choose()
    ordered = interpreters.ordered_in_vain()
    if not found and ordered:
        said = "This course needs Python 3.11, 3.12 or 3.13, and %s: %s, and run the command again."
        return said % (ordered, interpreters.CORRECT)
    if not found:
        return (
            "This course needs Python 3.11, 3.12 or 3.13; this is Python %d.%d, and no other was found: "
            "%s and run the command again." % (sys.version_info[0], sys.version_info[1], interpreters.advice())
        )
    return interpreters.hand_over([found["path"], os.path.join(ROOT, "gdcourse")] + sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
