"""Fetch reveal.js and MathJax, which slides and handouts use, from npm to gdcourse/commands/pages/.

    python tests/tools/build_pages.py            # fetch, write the files
    python tests/tools/build_pages.py --check    # fetch, compare with the files, write nothing

Needs npm alone.  The files are kept as they are in the packages, byte for byte: an instructor who makes slides needs
no npm, no network and no further package then, and gets the same ones everywhere.  MathJax 3 and not 4: its tex-svg.js
is one file that asks for no other.
"""

import argparse
import hashlib
import io
import sys
import tarfile
import tempfile
from pathlib import Path

import fetched

TARGET = Path(__file__).resolve().parents[2] / "gdcourse" / "commands" / "pages"
PACKAGES = {  # package: (SHA-256 of its tarball, {file in it: name here})
    "reveal.js@6.0.2": (
        "2f0c20bfb02447a198a1ebe8a8c097a5437d035caa38f2820bf4ba887a3eac91",
        {
            "dist/reveal.js": "reveal.js",
            "dist/reveal.css": "reveal.css",
            "dist/plugin/notes.js": "notes.js",
            "LICENSE": "LICENSE-REVEAL.txt",
        },
    ),
    "mathjax@3.2.2": (
        "1b9c0a1c44df864e915690558e72adb9cc5203360daefd385084ced3b6c64c09",
        {"es5/tex-svg.js": "tex-svg.js", "LICENSE": "LICENSE-MATHJAX.txt"},
    ),
}
SHA256 = {
    "reveal.js": "aa1bbbf2617b23a623b23612cb3c5bdb63de512e652bf20fcfa832b045d37844",
    "reveal.css": "615ee850cbbb98a0f688b60ed37b21819a3f54c9f3e6f20e33e63693ab74a0c0",
    "notes.js": "447c42f365876e41853de81453d0c53c580c5b2099132e8f61200de4a0ba2af3",
    "LICENSE-REVEAL.txt": "b2883e4b610bfa1b4d8fff84c4d4b825cc7d553cbd9fec4777c04068a2859dc0",
    "tex-svg.js": "d4295dc33744836935c1399feece5159577b34c5c8ffb9f1c6324cd82e03a882",
    "LICENSE-MATHJAX.txt": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
}


def build():
    """Return {name of a file here: its bytes}."""
    files = {}
    for package, (expected, names) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            content = fetched.npm(package, expected, folder)
        with tarfile.open(fileobj=io.BytesIO(content)) as tarball:
            for inside, name in names.items():
                files[name] = tarball.extractfile(f"package/{inside}").read()
    return files


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files, write nothing")
    options = parser.parse_args()
    differ = []
    for name, content in build().items():
        path = TARGET / name
        print(f"sha256 {hashlib.sha256(content).hexdigest()}  {len(content):,} bytes  {name}")
        if not options.check:
            path.write_bytes(content)
        elif not path.exists() or path.read_bytes() != content:
            differ.append(name)
    if options.check:
        print("check: " + (f"these differ: {', '.join(differ)}" if differ else "all the same, byte for byte"))
    return bool(differ)


if __name__ == "__main__":
    sys.exit(main())
