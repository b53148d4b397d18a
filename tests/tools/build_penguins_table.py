"""Build gdcourse/data/penguins_table.csv, the whole table of penguins, from the Python package `palmerpenguins`.

    python tests/tools/build_penguins_table.py            # fetch, write the file
    python tests/tools/build_penguins_table.py --check    # fetch, compare with the file, write nothing

Needs pip alone.  The file is the package's own, byte for byte; `build_penguins` looks at its SHA-256 and its licence.
"""

import argparse
import sys
import tempfile

from build_penguins import TARGET as SELECTION
from build_penguins import compare, fetch
from kept import keep

TARGET = SELECTION.with_name("penguins_table.csv")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = fetch(folder)
    return keep(table, TARGET, compare(table, TARGET) if options.check else None)


if __name__ == "__main__":
    sys.exit(main())
