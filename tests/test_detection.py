"""Boxes and their overlap, the scenes, and the detector."""

import itertools
import re

import numpy as np
import pytest

from gdcourse import detection
from gdcourse.datasets import load_mnist
from gdcourse.gradients import check_gradient
from gdcourse.optimizers import Adam


@pytest.fixture(scope="module")
def digits():
    (images, labels), _ = load_mnist()
    return detection.half_size(images[:1000]), labels[:1000]


@pytest.fixture(scope="module")
def made(digits):
    return detection.scenes(*digits, 60, seed=5)


def test_overlap_is_counted_in_pixels():
    rng = np.random.default_rng(0)
    for _ in range(200):
        corners = rng.integers(0, 12, (2, 2))
        boxes = np.hstack([corners, corners + rng.integers(1, 9, (2, 2))])
        pixels = [set(itertools.product(range(t, b), range(left, r))) for t, left, b, r in boxes.tolist()]
        expected = len(pixels[0] & pixels[1]) / len(pixels[0] | pixels[1])
        assert detection.intersection_over_union(*boxes) == pytest.approx(expected)


def test_overlap_of_each_with_many_and_of_boxes_without_area():
    boxes = np.array([[0, 0, 4, 4], [2, 2, 6, 6], [9, 9, 12, 12], [3, 3, 3, 8], [5, 5, 2, 2]], float)
    found = detection.intersection_over_union(boxes[0], boxes)
    np.testing.assert_allclose(found, [1, 4 / 28, 0, 0, 0])
    assert detection.intersection_over_union(boxes[3], boxes[3]) == 0


def test_suppression_keeps_the_surest_and_no_two_that_overlap():
    rng = np.random.default_rng(1)
    for _ in range(50):
        corners = rng.uniform(0, 20, (12, 2))
        boxes, scores = np.hstack([corners, corners + rng.uniform(3, 12, (12, 2))]), rng.random(12)
        kept = detection.non_maximum_suppression(boxes, scores, 0.3)
        iou = detection.intersection_over_union
        assert kept[0] == np.argmax(scores) and list(scores[kept]) == sorted(scores[kept], reverse=True)
        assert all(iou(boxes[i], boxes[j]) <= 0.3 for i, j in itertools.combinations(kept, 2))
        for i in set(range(12)) - set(kept):
            assert any(iou(boxes[i], boxes[j]) > 0.3 and scores[j] > scores[i] for j in kept)
        assert detection.non_maximum_suppression(boxes, scores, 1) == list(np.argsort(-scores))
    assert detection.non_maximum_suppression(np.empty((0, 4)), np.empty(0)) == []


def test_a_hit_has_the_class_and_the_box_and_a_digit_counts_once():
    truth = np.array([[3, 0, 0, 10, 10], [5, 20, 20, 30, 30]], float)
    found = np.array(
        [
            [3, 0, 0, 10, 9, 0.7],  # the same digit, less sure
            [3, 0, 0, 10, 10, 0.9],
            [8, 20, 20, 30, 30, 0.8],  # the wrong class
            [5, 26, 26, 36, 36, 0.6],  # too far off
            [5, 20, 21, 30, 30, 0.5],
        ]
    )
    assert detection.hits(found, truth).tolist() == [False, True, False, False, True]
    half = np.array([[5, 20, 20, 30, 25, 0.5], [3, 0, 0, 10, 4, 0.5]])  # half of the box, and less
    assert detection.hits(half, truth).tolist() == [True, False]
    assert detection.hits(found[:0], truth).tolist() == []
    assert detection.hits(found, truth[:0]).tolist() == [False] * 5


def test_scenes_hold_one_to_three_digits_apart_with_their_boxes(made):
    assert [len(truth) for _, truth in made] == [1, 2, 3] * 20
    for picture, truth in made:
        assert picture.shape == (40, 40) and 0 <= picture.min() and picture.max() <= 1
        boxes = truth[:, 1:]
        assert boxes.min() >= 0 and boxes.max() <= 40
        for a, b in itertools.combinations(boxes, 2):
            assert detection.intersection_over_union(a, b) < 0.05
        for top, left, bottom, right in boxes.astype(int):
            box = picture[top:bottom, left:right] > detection.INK
            sides = (box[0], box[-1], box[:, 0], box[:, -1])
            assert all(side.any() for side in sides)  # ink at all four sides: the box is as small as can be


def test_the_same_seed_gives_the_same_scenes_and_the_digits_stay_as_they_are(digits, made):
    before = digits[0].copy()
    again = detection.scenes(*digits, 60, seed=5)
    assert all(np.array_equal(a, b) and np.array_equal(t, u) for (a, t), (b, u) in zip(made, again))
    assert not np.array_equal(detection.scenes(*digits, 1, seed=6)[0][0], made[0][0])
    assert np.array_equal(digits[0], before)


def test_windows_that_are_cut_hold_their_digits(made):
    X, y = detection.cut(made, seed=2)
    assert X.shape[1:] == (16, 16) and y.shape == (len(X), 5)
    digit = y[:, 0] < 10
    assert digit.sum() == sum(len(truth) for _, truth in made) and (~digit).sum() == 4 * len(made)
    middles = (y[digit, 1:3] + y[digit, 3:]) * 8
    assert np.abs(middles - 8).max() <= 3  # two pixels and half a pixel of rounding, or as far as the edge pushes it
    shares = y[digit, 1:]
    np.testing.assert_allclose(shares * 16, np.rint(shares * 16), atol=1e-9)  # whole pixels
    pixels = np.rint(shares * 16).astype(int)
    inside = [x[max(t, 0) : b, max(l, 0) : r].max() for x, (t, l, b, r) in zip(X[digit], pixels)]  # noqa: E741
    assert min(inside) > detection.INK and not y[~digit, 1:].any()


def test_the_loss_is_class_plus_weight_times_box(made):
    X, y = detection.cut(made)
    losses = {}
    for weight in (0, 1, 10):
        net = detection.Detector(box_weight=weight, filters=3)
        losses[weight] = net.loss_and_gradient(X, y)[0]
    p, boxes = net.predict(X)
    there, each = y[:, 0] < 10, np.arange(len(X))
    box = np.sum((boxes[there] - y[there, 1:]) ** 2) / len(X)
    assert losses[0] == pytest.approx(-np.log(p[each, y[:, 0].astype(int)]).mean())
    assert losses[1] == pytest.approx(losses[0] + box) and losses[10] == pytest.approx(losses[0] + 10 * box)


def test_the_detector_s_gradient_is_right(made):
    X, y = detection.cut(made[:6])

    def network(w=None):
        net = detection.Detector(box_weight=4, filters=2)
        net.w = np.random.default_rng(3).normal(size=net.w.size) if w is None else w
        return net

    gradient = network().loss_and_gradient(X, y)[1]
    assert check_gradient(
        lambda w: network(w).loss_and_gradient(X, y)[0], gradient, network().w, sample=150, verbose=False
    )


def test_slide_is_predict_at_each_window(made):
    net, (picture, _) = detection.Detector(filters=4, seed=2), made[4]
    found = net.slide(picture)
    assert found.shape == (169, 6)
    for row, (top, left) in zip(found, itertools.product(range(0, 25, 2), repeat=2)):
        p, box = net.predict(picture[None, top : top + 16, left : left + 16])
        assert row[0] == p[0, :10].argmax() and row[5] == pytest.approx(p[0, :10].max())
        np.testing.assert_allclose(row[1:5], 16 * box[0] + [top, left, top, left])


def test_a_digit_that_moves_is_found_again_at_its_new_place(digits):
    """As far as the strides go: the picture of a digit two pixels on gives the same boxes, two pixels on."""
    net, box = detection.Detector(filters=4, seed=2), detection.boxes_of(digits[0][:1])[0]
    found = []
    for top in (10, 12):
        picture = np.zeros((40, 40))
        detection.put(picture, digits[0][0], box, top, 12)
        found.append(net.slide(picture).reshape(13, 13, 6))
    np.testing.assert_allclose(found[1][1:, :, 1:5], found[0][:-1, :, 1:5] + [2, 0, 2, 0], atol=1e-9)
    np.testing.assert_allclose(found[1][1:, :, 5], found[0][:-1, :, 5])


def test_it_learns_to_find_digits(digits, made):
    net = detection.Detector(box_weight=10)
    X, y = detection.cut(detection.scenes(*digits, 700, seed=1))
    history = net.fit(X, y, epochs=5, batch_size=64, optimizer=Adam(0.01), validation_data=detection.cut(made))
    assert history.history["val_accuracy"][-1] > 0.75
    rows = [(net.find(picture, 0.5), truth) for picture, truth in made]
    hits = sum(detection.hits(found, truth).sum() for found, truth in rows)
    assert hits > 0.3 * sum(len(truth) for _, truth in rows) and hits > 0.2 * sum(len(found) for found, _ in rows)


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("y has shape (4,); expected (4, 5): the class and the box of each window.", lambda X, y: (X, y[:, 0])),
        ("y[:, 0] holds the label 11", lambda X, y: (X, y + [11, 0, 0, 0, 0])),
        (
            "y[:, 0] holds 2.7; it must hold whole numbers, the classes 0 to 10.",
            lambda X, y: (X, y + [2.7, 0, 0, 0, 0]),
        ),
        ("y[:, 0] holds -0.5; it must hold whole", lambda X, y: (X, y - [0.5, 0, 0, 0, 0])),
        ("X has shape (4, 14, 14); expected (n, 16, 16)", lambda X, y: (X[:, :14, :14], y)),
        ("y[1, 2] is nan", lambda X, y: (X, np.where(np.arange(20).reshape(4, 5) == 7, np.nan, y))),
    ],
    ids=["class alone", "label", "part of a class", "below the classes", "size", "nan"],
)
def test_bad_data_are_refused_in_a_sentence(refuses, message, change):
    X, y = np.zeros((4, 16, 16)), np.zeros((4, 5))
    refuses(re.escape(message), detection.Detector(filters=2).loss_and_gradient, *change(X, y))


def test_masked_numbers_are_refused(refuses):
    net, masked = detection.Detector(filters=2), np.ma.masked_less(np.arange(400.0).reshape(20, 20), 30)
    refuses("picture holds masked values", net.slide, masked)
    refuses("picture holds masked values", net.find, masked)
    box, some, scores = np.array([[0, 0, 4, 4], [2, 2, 6, 6]]), np.ma.array([[0, 0, 4, 4]], mask=[0, 0, 1, 0]), [1, 2]
    refuses("a holds masked values", detection.intersection_over_union, some, box)
    refuses("b holds masked values", detection.intersection_over_union, box, some)
    refuses("boxes holds masked values", detection.non_maximum_suppression, np.ma.masked_equal(box, 6), scores)
    refuses("scores holds masked values", detection.non_maximum_suppression, box, np.ma.masked_equal(scores, 2))


def test_a_negative_weight_is_refused(refuses):
    refuses("box_weight must be a finite number at least 0", detection.Detector, -1)
    refuses("count must be at least 1", detection.scenes, np.zeros((1, 14, 14)), [0], 0)


def test_reader_s_settings_for_arithmetic_change_nothing(made):
    net, picture, (X, y) = detection.Detector(filters=2), made[0][0], detection.cut(made[:3])
    net.w = 300 * net.w  # the probabilities of some classes underflow
    tiny = [0, 0, 1e-200, 1e-200]

    def run():
        overlaps = detection.intersection_over_union(tiny, [tiny, [0, 0, 1, 1]])
        return [*net.predict(X), net.slide(picture), net.find(picture), net.evaluate(X, y), overlaps]

    usual = run()
    with np.errstate(all="raise"):
        for one, other in zip(run(), usual):
            np.testing.assert_array_equal(one, other)
