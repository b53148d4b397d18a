"""The maintainer's script that builds the declaration in twenty languages."""

import bz2
import hashlib
import io
import json
import subprocess
import sys
import tarfile

import build_declaration
import pytest

from gdcourse.datasets import DECLARATION, DECLARATION_SHA256

TOOL = build_declaration.__file__
PAGE = "<h1>Title</h1><header><h2>Preamble</h2><p>Whereas</p></header>" + "".join(
    f'<article data-number="{number}"><h2>Article {number}</h2><ol><li><p>All are &eacute;qual\n in {number}.</p></li>'
    "<li><p>Really.</p></li></ol></article>"
    for number in range(1, 31)
)


def tarball(licence=build_declaration.LICENCE, page=PAGE):
    """Return a package in the manner of npm's."""
    packed = io.BytesIO()
    files = {f"declaration/{name}.html": page for name in build_declaration.FILES.values()} | {"license": licence}
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return packed.getvalue()


def test_the_tool_s_target_is_the_file_of_the_package():
    assert build_declaration.TARGET.samefile(DECLARATION)
    assert hashlib.sha256(DECLARATION.read_bytes()).hexdigest() == DECLARATION_SHA256


def test_articles_are_taken_without_headings_and_preamble():
    built = json.loads(bz2.decompress(build_declaration.build(tarball())))
    assert list(built) == list(build_declaration.FILES)
    assert built["Czech"] == [f"All are équal in {number}. Really." for number in range(1, 31)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('data-number="7"', 'data-number="31"'),
        ("All are &eacute;qual\n in 9.</p></li><li><p>Really.", ""),
        ("<header>", '<article data-number="31"><p>One more.</p></article><header>'),
    ],
    ids=["another number", "no text", "one more"],
)
def test_a_page_without_thirty_articles_is_refused(old, new):
    page = PAGE.replace(old, new)
    with pytest.raises(SystemExit, match="expected 30 articles, each with a text"):
        build_declaration.build(tarball(page=page))


def test_another_licence_is_refused():
    with pytest.raises(SystemExit, match="no longer under the MIT licence"):
        build_declaration.build(tarball(licence="All rights reserved."))


def test_compare_says_what_differs(tmp_path):
    path, built = tmp_path / "declaration.json.bz2", DECLARATION.read_bytes()
    assert build_declaration.compare_packed(built, path) == "declaration.json.bz2 does not exist"
    texts = json.loads(bz2.decompress(built))
    for content, said in [
        (built, ""),
        (build_declaration.packed({**texts, "Czech": []}), "the texts differ: Czech"),
        (bz2.compress(bz2.decompress(built), 1), "the texts are the same and only their packing differs"),
        (built[:1000], "declaration.json.bz2 is no JSON packed by bzip2"),
    ]:
        path.write_bytes(content)
        assert build_declaration.compare_packed(built, path) == said


def test_the_whole_tool_finds_the_committed_file_right():
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True)
    if "can't be fetched" in done.stderr:
        pytest.skip("npm or its registry is not there")
    assert done.returncode == 0 or "only their packing differs" in done.stdout, done.stdout + done.stderr
    assert DECLARATION_SHA256 in done.stdout or "only their packing differs" in done.stdout
