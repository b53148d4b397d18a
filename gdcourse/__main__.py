"""Run `python3 -m gdcourse lab` (or test, doctor, refresh); any Python can read this file."""

import sys


def main():
    from gdcourse.commands import refresh
    if sys.argv[1:2] == ["refresh"]:
        return refresh.main(sys.argv[2:])
    sys.exit("not yet")


if __name__ == "__main__":
    sys.exit(main())
