"""Build gdcourse/data/fashion10k.npz, the 10,000 pieces of clothing, from Debian's package `dataset-fashion-mnist`.

    python tests/tools/build_fashion_mnist.py PACKAGE.deb            # build, write the file
    python tests/tools/build_fashion_mnist.py PACKAGE.deb --check    # build, compare with the file, write nothing

`apt-get download dataset-fashion-mnist` brings the package.  Needs NumPy alone.  The result is the same byte for byte
wherever zlib is the same; --check says whether the pixels differ or only their compression.
"""

import argparse
import gzip
import io
import lzma
import sys
import tarfile
from pathlib import Path

import fetched
import numpy as np
from build_mnist import compare, npz_bytes, shuffled
from kept import keep

TARGET = Path(__file__).resolve().parents[2] / "gdcourse" / "data" / "fashion10k.npz"
PACKAGE = "dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb"
SHA256 = "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0"
INSIDE = "./usr/share/datasets/fashion-mnist/"
LICENCE = "./usr/share/doc/dataset-fashion-mnist/copyright"
TRAIN, TEST = 800, 200  # images of each class
STEP = 17  # 255 / 15: between two of the 16 grey levels


def files(package):
    """Return {name: bytes} of the files in the bytes of a Debian package, refused unless they are those of SHA256."""
    fetched.expected(package, SHA256, f"The package {PACKAGE}")
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(members(package)["data.tar.xz"]))) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar if entry.isfile()}


def members(archive):
    """Return {name: bytes} of the members of an `ar` archive: 60 bytes of header before each, at even places."""
    found, place = {}, 8
    while place < len(archive):
        name, size = archive[place : place + 16].decode().strip(" /"), int(archive[place + 48 : place + 58])
        found[name] = archive[place + 60 : place + 60 + size]
        place += 60 + size + size % 2
    return found


def idx(packed):
    """Return the array of a file in MNIST's own format: its sizes as whole numbers of four bytes, then uint8."""
    content = gzip.decompress(packed)
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)


def build(found):
    """Return the arrays of our file: of each class 800 of the 60,000 and 200 of the 10,000, at 16 grey levels."""
    if "License: Expat" not in found[LICENCE].decode():
        sys.exit(f"{PACKAGE} no longer says that its data are under the Expat (MIT) licence.")
    arrays = {}
    for name, part, many in [("train", "train", TRAIN), ("test", "t10k", TEST)]:
        images = idx(found[f"{INSIDE}{part}-images-idx3-ubyte.gz"])
        labels = idx(found[f"{INSIDE}{part}-labels-idx1-ubyte.gz"])
        classes = [shuffled(np.flatnonzero(labels == one), images, b"choose")[:many] for one in range(10)]
        order = shuffled(np.concatenate(classes), images, b"shuffle")
        arrays[f"x_{name}"] = (np.rint(images[order] / STEP) * STEP).astype(np.uint8)
        arrays[f"y_{name}"] = labels[order]
    return arrays


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help=f"the file {PACKAGE}")
    parser.add_argument("--check", action="store_true", help="compare with the file, write nothing")
    options = parser.parse_args()
    built = npz_bytes(build(files(options.package.read_bytes())))
    return keep(built, TARGET, compare(built, TARGET) if options.check else None)


if __name__ == "__main__":
    sys.exit(main())
