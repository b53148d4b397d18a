"""Build gdcourse/data/penguins.csv, the measurements of the course, from the Python package `palmerpenguins`.

    python tests/tools/build_penguins.py            # fetch, build, write the file
    python tests/tools/build_penguins.py --check    # fetch, build, compare with the file, write nothing

Needs pip alone.  The result is the same byte for byte on every machine.
"""

import argparse
import csv
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import fetched
from kept import keep

TARGET = Path(__file__).resolve().parents[2] / "gdcourse" / "data" / "penguins.csv"
PACKAGE = "palmerpenguins==0.1.6"
INSIDE = "palmerpenguins/data/penguins.csv"
SHA256 = "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93"  # of that file
LICENCE = "Data are available by\n[CC-0]"  # as the package's own description says it
COLUMNS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")


def fetch(folder):
    """Return the bytes of the package's table, refused unless they are those of `SHA256` and free to pass on."""
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    fetched.run(*pip, PACKAGE, folder=folder, wanted=PACKAGE)
    with zipfile.ZipFile(next(Path(folder).glob("palmerpenguins-*.whl"))) as wheel:
        table = wheel.read(INSIDE)
        (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        description = wheel.read(metadata).decode()
    fetched.expected(table, SHA256, f"{INSIDE} of {PACKAGE}")
    if LICENCE not in description.replace("\r\n", "\n"):
        sys.exit(f"{PACKAGE} no longer says that its data are under CC0.")
    return table


def build(table):
    """Return the bytes of our file: the four measurements of every penguin that has all four, as they stand."""
    rows = csv.DictReader(io.StringIO(table.decode()))
    complete = [[row[name] for name in COLUMNS] for row in rows if "NA" not in [row[name] for name in COLUMNS]]
    for row in complete:
        if not all(float(value) > 0 for value in row):
            sys.exit(f"{row} is not made of lengths and a mass.")
    return "".join(",".join(row) + "\n" for row in [COLUMNS, *complete]).encode()


def compare(built, path):
    """Return what differs between the bytes `built` and the file at `path`, or '' when nothing does."""
    if not path.exists():
        return f"{path.name} does not exist"
    old, new = path.read_bytes().splitlines(), built.splitlines()
    different = [i + 1 for i, (a, b) in enumerate(zip(old, new)) if a != b]
    if different:
        return f"{len(different)} lines differ, the first is line {different[0]}"
    if len(old) != len(new):
        return f"{len(old)} lines instead of {len(new)}"
    return "" if path.read_bytes() == built else "only the ends of the lines differ"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = build(fetch(folder))
    return keep(built, TARGET, compare(built, TARGET) if options.check else None)


if __name__ == "__main__":
    sys.exit(main())
