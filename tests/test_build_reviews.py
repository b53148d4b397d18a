"""The maintainer's script that builds the reviews, and its reader of R's objects."""

import bz2
import gzip
import hashlib
import json
import lzma
import struct
import subprocess
import sys

import build_reviews
import fetched
import pytest

from gdcourse.datasets import REVIEWS, REVIEWS_SHA256

TOOL = build_reviews.__file__
HEAD = b"X\n\0\0\0\3" + bytes(8) + struct.pack(">i", 5) + b"UTF-8"


def number(value):
    return struct.pack(">i", value)


def text(value):
    return number(9) + (number(-1) if value is None else number(len(value.encode())) + value.encode())


def strings(*values):
    return number(16) + number(len(values)) + b"".join(map(text, values))


def integers(*values, attributes=b""):
    return number(13 | (0x200 if attributes else 0)) + number(len(values)) + b"".join(map(number, values)) + attributes


def pairs(**values):
    """Return a pair list, the names as symbols; R's end of it is a null."""
    return b"".join(number(0x402) + number(1) + text(name) + value for name, value in values.items()) + number(254)


def table(reviews, scores):
    """Return a data frame with the columns of the package, in R's own form."""
    factor = integers(*scores, attributes=pairs(levels=strings("great", "other")))
    columns = strings(*["B00"] * len(reviews)) + strings(*reviews) + factor
    return HEAD + number(19 | 0x200) + number(3) + columns + pairs(names=strings("product", "review", "score"))


def test_the_tool_s_target_is_the_file_of_the_package():
    assert build_reviews.TARGET.samefile(REVIEWS)
    assert hashlib.sha256(REVIEWS.read_bytes()).hexdigest() == REVIEWS_SHA256


def test_r_s_objects_are_read():
    read = build_reviews.Serialized(HEAD + strings("é", None, "")).read()
    assert read == ["é", None, ""]
    assert build_reviews.Serialized(HEAD + integers(1, -2, attributes=pairs(a=strings("b")))).read() == (
        [1, -2], {"a": ["b"]},
    )  # fmt: skip
    again = number(19) + number(2) + integers(3, attributes=pairs(names=strings("x")))
    twice = again + number(13 | 0x200) + number(0) + number(0x402) + number(0x1FF) + strings("y") + number(254)
    assert build_reviews.Serialized(HEAD + twice).read() == [([3], {"names": ["x"]}), ([], {"names": ["y"]})]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"X\n\0\0\0\2" + bytes(20), "no object that R has serialized"), (HEAD + number(14) + number(0), "of kind 14")],
)
def test_other_objects_are_refused(content, said):
    with pytest.raises(SystemExit, match=said):
        build_reviews.Serialized(content).read()


def test_the_data_sets_are_found_in_r_s_database(tmp_path):
    folder = tmp_path / build_reviews.INSIDE
    folder.mkdir(parents=True)
    kind = [{"id": lzma.FILTER_LZMA2, "preset": 9}]
    blocks, places = b"", []
    for name in ("training_data", "testing_data", "another"):
        block = bytes(4) + b"Z" + lzma.compress(table([name], [1]), lzma.FORMAT_RAW, filters=kind)
        places.append((len(blocks), len(block)))
        blocks += block
    (folder / "Rdata.rdb").write_bytes(blocks)
    values = number(19 | 0x200) + number(3) + b"".join(integers(*place) for place in places)
    index = number(19 | 0x200) + number(1) + values + pairs(names=strings("training_data", "testing_data", "another"))
    (folder / "Rdata.rdx").write_bytes(gzip.compress(HEAD + index + pairs(names=strings("variables"))))
    found = build_reviews.tables(tmp_path)
    assert {name: build_reviews.reviews(one) for name, one in found.items()} == {
        "training_data": (["training_data"], [1]), "testing_data": (["testing_data"], [1]),
    }  # fmt: skip


def test_tags_are_taken_out_and_great_is_one():
    found = build_reviews.Serialized(
        table(["Fine.<br /><br />Very  fine &amp; good", '<a href="x">it</a>'], [1, 2])
    ).read()
    assert build_reviews.reviews(found) == (["Fine. Very fine & good", "it"], [1, 0])


def test_what_stands_twice_is_left_out_of_the_training():
    built = build_reviews.build((["a", "b", "a", "c"], [1, 0, 1, 1]), (["c", "d"], [1, 0]))
    assert json.loads(bz2.decompress(built)) == {
        "x_train": ["a", "b"], "y_train": [1, 0], "x_test": ["c", "d"], "y_test": [1, 0],
    }  # fmt: skip


def test_another_package_another_licence_and_a_failing_apt_are_said(monkeypatch, tmp_path):
    done = subprocess.CompletedProcess([], 100, stderr="no such place")
    monkeypatch.setattr(fetched.shutil, "which", lambda name: name)
    monkeypatch.setattr(fetched.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(SystemExit, match="apt-get download r-cran-modeldata=1.1.0-1 says:\nno such place"):
        build_reviews.fetch(tmp_path)
    done.returncode = 0
    (tmp_path / "r-cran-modeldata_1.deb").write_bytes(b"x")
    with pytest.raises(SystemExit, match="has SHA-256 .*, expected 66c2e08b"):
        build_reviews.fetch(tmp_path)
    monkeypatch.setattr(build_reviews, "SHA256", hashlib.sha256(b"x").hexdigest())
    copyright = tmp_path / build_reviews.COPYRIGHT
    copyright.parent.mkdir(parents=True)
    copyright.write_text("Files: *\nCopyright: 2019 Max Kuhn, RStudio\nLicense: other\n")
    with pytest.raises(SystemExit, match="no longer under the MIT licence"):
        build_reviews.fetch(tmp_path)
    copyright.write_text(build_reviews.LICENCE)
    assert build_reviews.fetch(tmp_path) == tmp_path


def test_the_whole_tool_finds_the_committed_file_right():
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True)
    if "can't be fetched" in done.stderr:
        pytest.skip("apt-get, dpkg-deb or Debian's archive is not there")
    assert done.returncode == 0 or "only their packing differs" in done.stdout, done.stdout + done.stderr
