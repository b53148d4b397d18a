"""Faces that are drawn: who is in which picture, what stays and what changes, and pairs of them."""

import hashlib

import numpy as np
import pytest

from gdcourse import faces

WHO = [1, 1, 2, 2, 0, 0]
SHA256 = "eb0f08f3d48fb0514a096c9c749061286dfb9f811187e2acf3d7a0d8d0b541df"


@pytest.fixture(scope="module")
def taken():
    return faces.photograph(faces.people(20, seed=1), each=5, seed=2)


def test_shapes_and_kinds(taken):
    images, who = taken
    assert images.shape == (100, 24, 24) and images.dtype == np.uint8
    assert np.bincount(who).tolist() == [5] * 20 and (np.diff(who) < 0).any()  # mixed
    people = faces.people(20, seed=1)
    assert people.shape == (20, len(faces.MEASURES)) == (20, 12)


def test_a_picture_is_the_same_on_every_machine():
    images, who = faces.photograph(faces.people(3), each=2)
    assert who.tolist() == WHO
    assert hashlib.sha256(images.tobytes()).hexdigest() == SHA256


def test_each_seed_draws_other_people_and_other_pictures():
    assert not np.isclose(faces.people(5), faces.people(5, seed=1)).any()
    measures = faces.people(5)
    assert not np.array_equal(faces.photograph(measures)[0], faces.photograph(measures, seed=1)[0])


def test_people_differ_as_much_as_is_said():
    measures, (usual, spread) = faces.people(4000), np.transpose(list(faces.MEASURES.values()))
    np.testing.assert_allclose((measures.mean(axis=0) - usual) / spread, 0, atol=0.05)
    np.testing.assert_allclose(measures.std(axis=0), spread, rtol=0.05)


@pytest.mark.parametrize("name", faces.MEASURES)
def test_every_measure_is_seen(name):
    """The mean of many pictures of two people who differ in one measure is not the same."""
    usual, spread = np.transpose(list(faces.MEASURES.values()))
    row, wide = list(faces.MEASURES).index(name), usual.copy()
    wide[row] += 3 * spread[row]
    narrow, wide = (faces.photograph(one[None], each=64)[0].mean(axis=0) for one in (usual, wide))
    assert np.abs(wide - narrow).max() > 8


def test_walls():
    measures, corner = faces.people(4, seed=3), (slice(None), slice(0, 3), slice(0, 3))
    for walls in faces.WALLS:
        images, who = faces.photograph(measures, each=30, walls=walls)
        greys = images[corner].mean(axis=(1, 2))
        within = np.mean([greys[who == person].std() for person in range(4)])
        assert within < 5 if walls == "own" else within > 20
        other = images[:, :3, -3:].mean(axis=(1, 2))
        assert (np.abs(greys - other).max() < 20) == (walls == "plain")


def test_one_person_s_face_lies_nearer_than_another_s_when_light_and_noise_are_averaged():
    measures = faces.people(10, seed=4)
    first, second = (np.zeros((10, 576)) for _ in range(2))
    for seed, means in ((5, first), (6, second)):
        images, who = faces.photograph(measures, each=60, seed=seed)
        for person in range(10):
            means[person] = images[who == person].reshape(60, 576).mean(axis=0)
    apart = np.linalg.norm(first[:, None] - second, axis=2)
    assert (apart.argmin(axis=1) == np.arange(10)).all()


def test_pairs_are_what_they_say_and_half_are_the_same(taken):
    who = taken[1]
    pairs, same = faces.pairs(who, 3001, seed=0)
    assert pairs.shape == (3001, 2) and same.sum() == 1501
    assert (pairs[:, 0] != pairs[:, 1]).all()
    assert ((who[pairs[:, 0]] == who[pairs[:, 1]]) == same).all()


def test_the_first_is_any_picture_and_the_second_any_of_its_kind():
    who = np.array([7, 7, 3, 9, 3, 7, 9, 3, 7])
    pairs, same = faces.pairs(who, 40_000, seed=0)
    for kind in (0, 1):
        seen = np.zeros((9, 9))
        np.add.at(seen, tuple(pairs[same == kind].T), 1)
        allowed = (who[:, None] == who) == kind
        np.fill_diagonal(allowed, False)
        assert (seen[~allowed] == 0).all()
        expected = np.where(allowed, 20_000 / 9 / allowed.sum(axis=1, keepdims=True), 0)
        np.testing.assert_allclose(seen[allowed], expected[allowed], rtol=0.2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: faces.people(0), "count must be at least 1; got 0"),
        (lambda: faces.people(2, seed="x"), "seed must be a whole number"),
        (lambda: faces.photograph(np.ones((2, 3))), r"measures has shape \(2, 3\); expected \(count, 12\)"),
        (lambda: faces.photograph(faces.people(2), each=0), "each must be at least 1"),
        (lambda: faces.photograph(faces.people(2), walls="green"), 'walls must be one of "plain", "own", "any"; got'),
        (lambda: faces.photograph(np.full((1, 12), np.nan)), r"measures\[0, 0\] is nan"),
        (lambda: faces.pairs([0, 0, 1], 4), "who must name two people or more, and each in two pictures or more"),
        (lambda: faces.pairs([0, 0], 4), "who must name two people or more"),
        (lambda: faces.pairs([[0, 0], [1, 1]], 4), "who must name two people or more"),
        (lambda: faces.pairs(None, 4), "who is None"),
    ],
)
def test_bad_input_gets_one_sentence(refuses, call, words):
    refuses(words, call)
