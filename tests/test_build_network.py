"""The maintainer's script that trains the network of lessons 1 to 3."""

import hashlib

import build_network
import numpy as np
import pytest

from gdcourse.datasets import NETWORK, NETWORK_SHA256, load_mnist, load_network
from gdcourse.digits import network


def test_the_tool_s_target_is_the_file_of_the_package():
    assert build_network.TARGET.samefile(NETWORK)
    content = NETWORK.read_bytes()
    assert hashlib.sha256(content).hexdigest() == NETWORK_SHA256
    assert build_network.build(load_network()) == content and len(content) < 250_000


def test_trained_again_the_network_is_the_same():
    w = build_network.train()
    assert build_network.compare(w, NETWORK) == ""
    assert build_network.compare(w + np.float32(2e-6), NETWORK).startswith("52,")


def test_the_network_reads_digits_that_it_has_never_seen():
    (x, y), _ = load_mnist()
    assert network().evaluate(x[7000:].reshape(1000, -1) / 255, y[7000:])[1] == pytest.approx(0.936, abs=0.0005)


def test_compare_says_what_differs(tmp_path):
    path, w = tmp_path / "network.npy", load_network()
    assert build_network.compare(w, path) == "network.npy does not exist"
    path.write_bytes(build_network.build(w))
    assert build_network.compare(w, path) == ""
    other = w.copy()
    other[7] += 0.25
    assert build_network.compare(other, path) == "1 weights differ by more than 1e-06, at most by 0.25"
    other[7] = np.nan
    assert build_network.compare(other, path).startswith("1 weights differ")
    path.write_bytes(build_network.build(w.astype(float)))
    assert build_network.compare(w, path).startswith("the file holds float64 of shape (52650,)")
