"""The maintainer's script that builds the clothes."""

import gzip
import hashlib
import io
import lzma
import struct
import tarfile

import build_fashion_mnist as build
import numpy as np
import pytest

from gdcourse.datasets import FASHION_10K, FASHION_10K_SHA256


def idx(array):
    """Return an array in MNIST's own format, packed without the time of packing, so that twice is the same bytes."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}i", *array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes(), mtime=0)


def made(licence="License: Expat\n"):
    """Return files as the package has them: five images a class to train, three to test, each different."""
    rng, found = np.random.default_rng(0), {build.LICENCE: licence.encode()}
    for part, many in [("train", 5), ("t10k", 3)]:
        labels = np.repeat(np.arange(10), many)
        found[f"{build.INSIDE}{part}-images-idx3-ubyte.gz"] = idx(rng.integers(0, 256, (len(labels), 28, 28)))
        found[f"{build.INSIDE}{part}-labels-idx1-ubyte.gz"] = idx(labels)
    return found


def package(found):
    """Return a Debian package of these files: an `ar` archive whose first member has an odd length."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, content in found.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    out = b"!<arch>\n"
    for name, content in [("debian-binary", b"2.0"), ("data.tar.xz", lzma.compress(tar.getvalue()))]:
        out += (
            f"{name:16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode()
            + content
            + b"\n" * (len(content) % 2)
        )
    return out


def test_the_tool_s_target_is_the_file_of_the_package():
    assert build.TARGET.samefile(FASHION_10K)
    assert hashlib.sha256(FASHION_10K.read_bytes()).hexdigest() == FASHION_10K_SHA256


def test_a_package_is_read_and_another_one_refused(monkeypatch):
    with pytest.raises(SystemExit, match="has SHA-256 .*, expected 39e172fe"):
        build.files(package(made()))
    monkeypatch.setattr(build, "SHA256", hashlib.sha256(package(made())).hexdigest())
    assert build.files(package(made())) == made()


def test_as_many_of_each_class_at_sixteen_levels(monkeypatch):
    monkeypatch.setattr(build, "TRAIN", 4)
    monkeypatch.setattr(build, "TEST", 2)
    arrays, found = build.build(made()), made()
    for name, part, many in [("train", "train", 4), ("test", "t10k", 2)]:
        x, y = arrays[f"x_{name}"], arrays[f"y_{name}"]
        assert np.bincount(y).tolist() == [many] * 10 and x.dtype == y.dtype == np.uint8
        given = build.idx(found[f"{build.INSIDE}{part}-images-idx3-ubyte.gz"]).astype(int)
        labels = build.idx(found[f"{build.INSIDE}{part}-labels-idx1-ubyte.gz"])
        apart = np.abs(x[:, None].astype(int) - given).max(axis=(2, 3))
        assert (apart.min(axis=1) <= 8).all() and np.array_equal(labels[apart.argmin(axis=1)], y)
        assert not (x % 17).any()


def test_another_licence_is_refused():
    with pytest.raises(SystemExit, match="no longer says that its data are under the Expat"):
        build.build(made("All rights reserved."))
