"""Build gdcourse/data/reviews.json.bz2, 4,972 reviews of food, from Debian's package `r-cran-modeldata`.

    python tests/tools/build_reviews.py            # fetch, build, write the file
    python tests/tools/build_reviews.py --check    # fetch, build, compare with the file, write nothing

Needs apt-get and dpkg-deb, not R: the few kinds of R's objects that the data are made of are read here.  The result is
the same byte for byte wherever bzip2 is the same.
"""

import argparse
import gzip
import html
import lzma
import re
import struct
import sys
import tempfile
from pathlib import Path

import fetched
from kept import compare_packed, keep, packed

TARGET = Path(__file__).resolve().parents[2] / "gdcourse" / "data" / "reviews.json.bz2"
PACKAGE = "r-cran-modeldata=1.1.0-1"
SHA256 = "66c2e08bb4bf695d972b1e72ea44d5af9ada3c42841793d3871017f7b896bf95"  # of the .deb
INSIDE = "usr/lib/R/site-library/modeldata/data"
COPYRIGHT = "usr/share/doc/r-cran-modeldata/copyright"
LICENCE = "Files: *\nCopyright: 2019 Max Kuhn, RStudio\nLicense: MIT\n"
TAG = re.compile(r"<[^>]*>")


def fetch(folder):
    """Unpack the .deb in the folder, refused unless its bytes are those of `SHA256`; return the folder."""
    fetched.run("apt-get", "download", PACKAGE, folder=folder, wanted=PACKAGE)
    deb = next(Path(folder).glob("r-cran-modeldata_*.deb"))
    fetched.expected(deb.read_bytes(), SHA256, f"The package {PACKAGE}")
    fetched.run("dpkg-deb", "-x", deb.name, ".", folder=folder, wanted=PACKAGE)
    if LICENCE not in (Path(folder) / COPYRIGHT).read_text(encoding="utf-8"):
        sys.exit(f"{PACKAGE} is no longer under the MIT licence.")
    return Path(folder)


class Serialized:
    """R's serialized objects (XDR, version 3), as far as tables of texts need them; see R Internals, section 1.8."""

    NULL, REFERENCE, SYMBOL, PAIRS, TEXT, LOGICAL, INTEGER, STRINGS, LIST = 254, 255, 1, 2, 9, 10, 13, 16, 19

    def __init__(self, content):
        self.content, self.at, self.symbols = content, 14, []
        if content[:6] != b"X\n\0\0\0\3":
            sys.exit("this is no object that R has serialized in version 3.")
        self._bytes(self._number())  # the name of the encoding

    def read(self):
        """Return the next object: a list or a text; or (list, {attribute: object}) if it has attributes."""
        flags = self._number()
        kind, has_attributes = flags & 0xFF, flags & 0x200
        if kind == self.NULL:
            return None
        if kind == self.REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == self.SYMBOL:
            self.symbols.append(self.read())
            return self.symbols[-1]
        if kind == self.PAIRS:
            name = self.read() if flags & 0x400 else None
            value = self.read()
            return [(name, value), *(self.read() or ())]
        size = self._number()
        if kind == self.TEXT:
            return None if size == -1 else self._bytes(size).decode()
        if kind in (self.LOGICAL, self.INTEGER):
            values = list(struct.unpack(f">{size}i", self._bytes(4 * size)))
        elif kind in (self.STRINGS, self.LIST):
            values = [self.read() for _ in range(size)]
        else:
            sys.exit(f"an object of R of kind {kind}, which this reader doesn't know.")
        return (values, dict(self.read())) if has_attributes else values

    def _number(self):
        return struct.unpack(">i", self._bytes(4))[0]

    def _bytes(self, size):
        self.at += size
        return self.content[self.at - size : self.at]


def tables(folder):
    """Return {name: its object} of the data sets that stand in R's lazy-load database."""
    (values, names), *_ = Serialized(gzip.decompress((folder / INSIDE / "Rdata.rdx").read_bytes())).read()[0]
    database, found = (folder / INSIDE / "Rdata.rdb").read_bytes(), {}
    for name, (start, size) in zip(names["names"], values):
        if name in ("training_data", "testing_data"):
            block = database[start + 4 : start + size]  # before it, the size when it is unpacked
            if block[:1] != b"Z":
                sys.exit(f"{name} is not packed by LZMA.")
            kind = [{"id": lzma.FILTER_LZMA2, "preset": 9}]
            unpacked = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=kind).decompress(block[1:])
            found[name] = Serialized(unpacked).read()
    return found


def reviews(table):
    """Return the texts of a table, without the tags of HTML and on one line each, and 1 for each that is "great"."""
    columns, attributes = table
    columns = dict(zip(attributes["names"], columns))
    scores, levels = columns["score"][0], columns["score"][1]["levels"]
    texts = [" ".join(html.unescape(TAG.sub(" ", review)).split()) for review in columns["review"]]
    return texts, [int(levels[score - 1] == "great") for score in scores]


def build(train, test):
    """Return the bytes of our file; what stands twice is left out of the reviews to train on, so none is in both."""
    seen, kept = set(test[0]), []
    for text, label in zip(*train):
        if text not in seen:
            kept.append((text, label))
            seen.add(text)
    x_train, y_train = map(list, zip(*kept))
    return packed({"x_train": x_train, "y_train": y_train, "x_test": test[0], "y_test": test[1]})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = tables(fetch(folder))
    built = build(reviews(found["training_data"]), reviews(found["testing_data"]))
    return keep(built, TARGET, compare_packed(built, TARGET) if options.check else None)


if __name__ == "__main__":
    sys.exit(main())
