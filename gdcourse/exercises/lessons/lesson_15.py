"""The exercises of lesson 15."""

import numpy as np

from gdcourse.exercises.definition import Exercise, Prediction, Question


def kernel_gradient(windows, dZ):
    """Return dK and db, the slopes of the kernels and of their biases."""
    rows = windows.reshape(-1, windows.shape[-2] * windows.shape[-1])
    slopes = dZ.reshape(len(rows), -1)
    dK = rows.T @ slopes
    db = slopes.sum(axis=0)
    return dK, db


def kernel_gradient_of_the_last_window(windows, dZ):
    """dK is that of the last window alone: each one overwrote the one before. What do all windows do together?"""
    rows = windows.reshape(-1, windows.shape[-2] * windows.shape[-1])
    slopes = dZ.reshape(len(rows), -1)
    return np.outer(rows[-1], slopes[-1]), slopes.sum(axis=0)


def kernel_gradient_kernels_first(windows, dZ):
    """The slopes are reshaped with the kernels first and then turned: the numbers get mixed up. Which axis is last?"""
    rows = windows.reshape(-1, windows.shape[-2] * windows.shape[-1])
    slopes = dZ.reshape(dZ.shape[-1], -1).T
    return rows.T @ slopes, slopes.sum(axis=0)


def kernel_gradient_mean_over_places(windows, dZ):
    """The slopes of the windows are averaged. What has the division by n been done for already, and do places share?"""
    dK, db = kernel_gradient(windows, dZ)
    return dK / np.prod(dZ.shape[:-1]), db / np.prod(dZ.shape[:-1])


def kernel_gradient_mean_over_images(windows, dZ):
    """The sum is divided by the number of images. Where has that been done already?"""
    dK, db = kernel_gradient(windows, dZ)
    return dK / len(windows), db / len(windows)


def kernel_gradient_mean_of_biases(windows, dZ):
    """db is a mean over the windows. How many windows use the same bias, and what do their slopes do together?"""
    dK, db = kernel_gradient(windows, dZ)
    return dK, db / np.prod(dZ.shape[:-1])


def kernel_gradient_of_one_image(windows, dZ):
    """Only the windows of the first image count. Which rows does the sum run over?"""
    return kernel_gradient(windows[:1], dZ[:1])


def kernel_gradient_of_one_place(windows, dZ):
    """Only the first place of each image counts. At how many places is the same weight used?"""
    return kernel_gradient(windows[:, :1, :1], dZ[:, :1, :1])


def kernel_gradient_places_first(windows, dZ):
    """The slopes of one kernel come first in the rows, so they meet the wrong windows. Which axis of dZ is the last?"""
    moved = np.moveaxis(dZ, -1, 0)
    return kernel_gradient(windows, moved.reshape(dZ.shape))


def kernel_gradient_other_way(windows, dZ):
    """dK has a row for each kernel. What has a row, and what a column?"""
    dK, db = kernel_gradient(windows, dZ)
    return dK.T, db


def kernel_gradient_one_bias(windows, dZ):
    """db is one number for all kernels. How many biases are there?"""
    return kernel_gradient(windows, dZ)[0], dZ.sum()


def kernel_gradient_kept_dimensions(windows, dZ):
    """db is a matrix of one row, in two pairs of brackets. What is the shape of db?"""
    rows = windows.reshape(-1, windows.shape[-2] * windows.shape[-1])
    slopes = dZ.reshape(len(rows), -1)
    return rows.T @ slopes, slopes.sum(axis=0, keepdims=True)


def intersection_over_union(box, other):
    """Return how much two boxes overlap, from 0 to 1."""
    height = min(box[2], other[2]) - max(box[0], other[0])
    width = min(box[3], other[3]) - max(box[1], other[1])
    common = max(height, 0) * max(width, 0)
    areas = [(bottom - top) * (right - left) for top, left, bottom, right in (box, other)]
    return common / (areas[0] + areas[1] - common)


def iou_two_negatives(box, other):
    """Boxes that are apart in both directions get an overlap: minus times minus is plus. When is there nothing?"""
    height = min(box[2], other[2]) - max(box[0], other[0])
    width = min(box[3], other[3]) - max(box[1], other[1])
    common = height * width if height < 0 and width < 0 else max(height, 0) * max(width, 0)
    areas = [(one[2] - one[0]) * (one[3] - one[1]) for one in (box, other)]
    return common / (areas[0] + areas[1] - common)


def iou_without_zero(box, other):
    """Boxes that don't touch get a negative overlap, or one from two negatives. What is common to them?"""
    common = (min(box[2], other[2]) - max(box[0], other[0])) * (min(box[3], other[3]) - max(box[1], other[1]))
    areas = [(one[2] - one[0]) * (one[3] - one[1]) for one in (box, other)]
    return common / (areas[0] + areas[1] - common)


def _common(box, other):
    height, width = (min(box[i + 2], other[i + 2]) - max(box[i], other[i]) for i in (0, 1))
    return max(height, 0) * max(width, 0)


def _shared(share, box, other):
    """Return the common area when this is its share of the union: c / (areas - c)."""
    return share * (_area(box) + _area(other)) / (1 + share)


def _area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def iou_counted_twice(box, other):
    """The two areas are added, and what they have in common is counted twice. How large is the area they cover?"""
    share = intersection_over_union(box, other)  # c / (a + b - c), and so c / (a + b) is
    return share / (1 + share)


def iou_of_the_first(box, other):
    """It is the share of the first box that is common. Which area does the union have?"""
    return _shared(intersection_over_union(box, other), box, other) / _area(box)


def iou_of_the_smaller(box, other):
    """It is the share of the smaller box, so a small box inside a large one gets 1. What is the union of the two?"""
    return _shared(intersection_over_union(box, other), box, other) / min(_area(box), _area(other))


def iou_of_the_hull(box, other):
    """It divides by the smallest box around both, which holds corners that neither covers. What do they cover?"""
    corners = [max(box[i], other[i]) - min(box[i - 2], other[i - 2]) for i in (2, 3)]
    return _common(box, other) / (corners[0] * corners[1])


def iou_only_common(box, other):
    """It is the common area itself, in pixels. As a share of what should it be given?"""
    return _shared(intersection_over_union(box, other), box, other)


def iou_union_over_common(box, other):
    """The fraction stands on its head. Which of the two areas is the smaller one?"""
    common = _common(box, other)
    return (_area(box) + _area(other) - common) / common if common else 0.0


def iou_as_sizes(box, other):
    """The last two numbers are read as height and width. What do bottom and right say?"""
    full = [[top, left, top + bottom, left + right] for top, left, bottom, right in (box, other)]
    return intersection_over_union(*full)


def iou_without_signs(box, other):
    """Boxes that don't touch get an overlap: `abs` makes a gap a side. What is common to them?"""
    height, width = (abs(min(box[i + 2], other[i + 2]) - max(box[i], other[i])) for i in (0, 1))
    return height * width / (_area(box) + _area(other) - height * width)


def iou_without_brackets(box, other):
    """Only the first area stands below the line, and the rest is added after. Which brackets does the union need?"""
    common = _common(box, other)
    return common / _area(box) + _area(other) - common


def iou_of_the_larger(box, other):
    """It is the share of the larger box. What is the union of the two?"""
    return _shared(intersection_over_union(box, other), box, other) / max(_area(box), _area(other))


def iou_hull_for_common(box, other):
    """It begins at the smaller top and left, and ends at the larger bottom and right. Where do both boxes lie?"""
    common = 1
    for i in (0, 1):
        common *= max(max(box[i + 2], other[i + 2]) - min(box[i], other[i]), 0)
    return common / (_area(box) + _area(other) - common)


def iou_last_row_counted(box, other):
    """Sides are one pixel too long: `bottom` and `right` lie just behind the box. How many rows are from 2 to 5?"""
    height, width = (max(min(box[i + 2], other[i + 2]) - max(box[i], other[i]) + 1, 0) for i in (0, 1))
    areas = [(one[2] - one[0] + 1) * (one[3] - one[1] + 1) for one in (box, other)]
    return height * width / (sum(areas) - height * width)


def iou_last_row_of_common(box, other):
    """The common box is one pixel too long on each side, and the others aren't. Does `bottom` belong to a box?"""
    height, width = (max(min(box[i + 2], other[i + 2]) - max(box[i], other[i]) + 1, 0) for i in (0, 1))
    return height * width / (_area(box) + _area(other) - height * width)


def in_picture(box, top, left):
    """Return the box in pixels of the picture: top, left, bottom and right."""
    return [16 * box[0] + top, 16 * box[1] + left, 16 * box[2] + top, 16 * box[3] + left]


def in_picture_shares(box, top, left):
    """The shares are added to pixels as they are. How many pixels is a whole window?"""
    return [box[0] + top, box[1] + left, box[2] + top, box[3] + left]


def in_picture_of_window(box, top, left):
    """That is the box in pixels of the window. Where in the picture does the window begin?"""
    return [16 * share for share in box]


def in_picture_corner_alone(box, top, left):
    """Only the first corner of the box has moved. Where does the other one lie?"""
    return [*in_picture(box, top, left)[:2], *in_picture(box, 0, 0)[2:]]


def in_picture_turned(box, top, left):
    """The left edge was added to the rows, and the top to the columns. Which of the four numbers are rows?"""
    return in_picture(box, left, top)


def in_picture_all_times_16(box, top, left):
    """The corner of the window is multiplied too. In which unit is it given?"""
    return [16 * (share + place) for share, place in zip(box, (top, left, top, left))]


def in_picture_sizes(box, top, left):
    """The last two shares are taken from the box's own corner, as height and width. From where do they count?"""
    first = in_picture(box, top, left)[:2]
    return [*first, first[0] + 16 * box[2], first[1] + 16 * box[3]]


def in_picture_order(box, top, left):
    """The order is top, bottom, left, right. Which order does a box have here?"""
    rows = in_picture(box, top, left)
    return [rows[0], rows[2], rows[1], rows[3]]


def in_picture_divided(box, top, left):
    """The shares are divided by 16. How many pixels is a share of 0.5?"""
    return [share / 16 + place for share, place in zip(box, (top, left, top, left))]


def in_picture_of_picture(box, top, left):
    """The factor is 40, the side of the picture. A share of what is it?"""
    return [40 * share + place for share, place in zip(box, (top, left, top, left))]


def in_picture_of_digit(box, top, left):
    """The factor is 28, the side of an image in the data set. A share of what is it?"""
    return [28 * share + place for share, place in zip(box, (top, left, top, left))]


def in_picture_of_half_digit(box, top, left):
    """The factor is 14, the side of an image at half its size. A share of what is it?"""
    return [14 * share + place for share, place in zip(box, (top, left, top, left))]


def in_picture_last_pixel(box, top, left):
    """The factor is 15, the number of the window's last row. How many pixels is a share of 1?"""
    return [15 * share + place for share, place in zip(box, (top, left, top, left))]


def in_picture_without_box(box, top, left):
    """That is the corner of the window, twice. Where in the window does the box lie?"""
    return [top, left, top, left]


def in_picture_rows_first(box, top, left):
    """`top` was added to the first two numbers, and `left` to the last two. Which of the four are rows?"""
    return [16 * share + place for share, place in zip(box, (top, top, left, left))]


def in_picture_end_turned(box, top, left):
    """The second corner has `left` in its row and `top` in its column. Which of the two belongs to bottom, a row?"""
    return [16 * share + place for share, place in zip(box, (top, left, left, top))]


def in_picture_both_added(box, top, left):
    """`top` and `left` are both added to each number. Which of them belongs to rows, and which to columns?"""
    return [16 * share + top + left for share in box]


def suppress(boxes, scores, overlap):
    """Return the places of the boxes that stay, the surest first."""
    kept = []
    order = np.argsort(-scores)
    for k in order:
        stays = all(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept)
        if stays:
            kept.append(k)
    return kept


def suppress_broken(boxes, scores, overlap):
    """Return the places of the boxes that stay, the surest first."""
    kept = []
    order = np.argsort(scores)
    for k in order:
        stays = any(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept)
        if stays:
            kept.append(k)
    return kept


def suppress_surest_last(boxes, scores, overlap):
    """The surest box comes last. Which one is asked for first?"""
    return suppress(boxes, scores, overlap)[::-1]


def suppress_least_sure(boxes, scores, overlap):
    """It begins with the least sure box, which suppresses surer ones. Does sorting begin with the largest?"""
    return suppress(boxes, -scores, overlap)


def suppress_as_they_come(boxes, scores, overlap):
    """The boxes are taken in the order in which they come, whatever their scores. Which should be first?"""
    return suppress(boxes, -np.arange(len(boxes)), overlap)


def suppress_the_others(boxes, scores, overlap):
    """It keeps boxes that overlap the kept ones, and drops the others. Which ones see the same digit again?"""
    kept = []
    for k in np.argsort(-scores):
        if all(intersection_over_union(boxes[k], boxes[j]) > overlap for j in kept):
            kept.append(k)
    return kept


def suppress_least_sure_and_others(boxes, scores, overlap):
    """It begins with the least sure box, and then keeps what overlaps it. Which is first, and what is dropped?"""
    return suppress_the_others(boxes, -scores, overlap)


def suppress_unless_all_overlap(boxes, scores, overlap):
    """A box stays as soon as one of the kept boxes lies elsewhere. How many of them may it overlap?"""
    kept = []
    for k in np.argsort(-scores):
        if not kept or any(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept):
            kept.append(k)
    return kept


def suppress_any_of_nothing(boxes, scores, overlap):
    """Nothing is kept. Follow the first box: `kept` is empty then. Should it stay, and what do `any` and `all` say?"""
    kept = []
    order = np.argsort(-scores)
    for k in order:
        stays = any(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept)
        if stays:
            kept.append(k)
    return kept


def suppress_beyond_the_rest(boxes, scores, overlap):
    """The limit is 1 - overlap. With what is the IoU of two boxes to be compared?"""
    return suppress(boxes, scores, 1 - overlap)


def suppress_nothing(boxes, scores, overlap):
    """All boxes stay, in the order of their scores. Which of them does the surest one suppress?"""
    return list(np.argsort(-scores))


def suppress_the_best_alone(boxes, scores, overlap):
    """Only the surest box of all stays. What about digits elsewhere?"""
    return [int(np.argmax(scores))]


def suppress_as_boxes(boxes, scores, overlap):
    """The boxes themselves come back, not their places. Which number says where a box stands?"""
    return [boxes[k] for k in suppress(boxes, scores, overlap)]


def suppress_ending_at_the_first(boxes, scores, overlap):
    """It ends at the first box that goes, so later ones have no chance. What is known of the boxes after it?"""
    kept = []
    order = np.argsort(-scores)
    for k in order:
        stays = all(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept)
        if not stays:
            break
        kept.append(k)
    return kept


def suppress_beside_the_last(boxes, scores, overlap):
    """A box is compared only with the last one kept. Which of the kept boxes may it overlap?"""
    kept = []
    order = np.argsort(-scores)
    for k in order:
        stays = all(intersection_over_union(boxes[k], boxes[j]) <= overlap for j in kept[-1:])
        if stays:
            kept.append(k)
    return kept


def suppress_by_scores(boxes, scores, overlap):
    """It drops boxes whose score is low, wherever they are. What is `overlap` compared with?"""
    return [k for k in np.argsort(-scores) if scores[k] > overlap]


def suppress_by_any(boxes, scores, overlap):
    """A box is dropped for overlapping any surer one, even one that was dropped itself. Which boxes may suppress?"""
    order = list(np.argsort(-scores))
    return [
        k
        for place, k in enumerate(order)
        if all(intersection_over_union(boxes[j], boxes[k]) <= overlap for j in order[:place])
    ]


def _two_boxes(box, other):
    """Return both as arrays of fractions."""
    return np.array(box, float), np.array(other, float)


def _kernel_case(seed, n, down, across, size, kernels):
    """Return random windows and slopes of these sizes."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, down, across, size, size)), rng.normal(size=(n, down, across, kernels))


def _boxes_case(seed, many, overlap):
    """Return random boxes near each other, scores that differ, and a limit."""
    rng = np.random.default_rng(seed)
    corners = rng.uniform(2, 14, (many, 2))
    return np.hstack([corners, corners + rng.uniform(5, 12, (many, 2))]), rng.permutation(many) / many + 0.07, overlap


EXERCISES = [
    Question(
        "by_hand",
        [7, 11, -2, 12],
        why="At the first place 2 · 1 − 1 · 1 + 3 · 2 + 5 · 0 = 7; then one to the right, then the row below.",
        hints=[
            "The kernel has 2 × 2 numbers. At how many places does it fit into 3 × 3?",
            "The first window is [[2, 1], [3, 5]]. Multiply it with the kernel entry by entry, and add.",
            "The first number is 2 · 1 + 1 · (−1) + 3 · 2 + 5 · 0 = 7. Now go one column to the right.",
        ],
        mistakes=[
            (
                [4, -4, 14, 0],
                "The kernel was turned by 180 degrees. Which entry of it lies on the window's first one?",
            ),
            ([7, -2, 11, 12], "These are the columns one after the other. What comes after the first, row by row?"),
            ([1, -4, 13, 3], "The kernel was transposed. Does its 2 lie below its 1, or to the right of it?"),
            ([9, 11, 8, 14], "The minus of the −1 got lost. What does the kernel do with its right column?"),
            ([8, 11, 3, 13], "The −1 was left out. What does the kernel do with its right column?"),
            ([7, 11, 2, 12], "The third number lost its minus. How much is 3 − 5?"),
            ([1, 1, -2, 4], "Only the kernel's first row was used. What does its 2 multiply?"),
            ([13, 9, 14, 14], "Window and kernel were added entry by entry. What happens to them before the sum?"),
            (
                [12, 2, 18, 6],
                "Window and kernel were multiplied as matrices. What happens to two entries at the same place?",
            ),
            ([1.75, 2.75, -0.5, 3], "These are means of the four products. What is asked for in place of the mean?"),
            ([8, 11, -2, 12], "At the first place something went wrong. What is 2 − 1 + 6 + 0?"),
            ([7, 11, -2, 13], "At the last place something went wrong. What is 5 − 1 + 8 + 0?"),
            (
                [4, 14, -4, 0],
                "The kernel was turned by 180 degrees, and the columns come first. Which entry lies first?",
            ),
        ],
        tolerance=0.0,
    ),
    Exercise(
        kernel_gradient,
        gaps=3,
        returns=("dK", "db"),
        why="A weight is used in every window, so its slope is a sum over all windows of all images.",
        hints=[
            "`rows` has a row for each window. `dZ` must have as many rows, and a column for each kernel.",
            "slopes = dZ.reshape(len(rows), -1), and then it is the layer of lesson 9.",
            "There dW = a.T @ dz, and db is the sum of dz over its rows.",
        ],
        cases=[
            (
                np.array(
                    [
                        [[[[2.0, 3.0], [-1.0, 0.5]], [[3.0, -2.0], [0.5, 4.0]]]],
                        [[[[0.5, 1.5], [2.0, -3.0]], [[1.5, 4.0], [-3.0, 0.7]]]],
                    ]
                ),
                np.array([[[[0.5, -0.2, 0.3], [0.4, 0.7, -0.6]]], [[[-0.3, 0.6, 0.8], [0.2, -0.4, 0.9]]]]),
            ),
            _kernel_case(0, 4, 2, 5, 3, 2),
            _kernel_case(1, 3, 4, 2, 2, 5),
        ],
        mistakes=[
            kernel_gradient_mean_over_places,
            kernel_gradient_of_the_last_window,
            kernel_gradient_kernels_first,
            kernel_gradient_mean_over_images,
            kernel_gradient_mean_of_biases,
            kernel_gradient_of_one_image,
            kernel_gradient_of_one_place,
            kernel_gradient_places_first,
            kernel_gradient_other_way,
            kernel_gradient_one_bias,
            kernel_gradient_kept_dimensions,
        ],
    ),
    Exercise(
        intersection_over_union,
        why="The common box goes from the later beginning to the earlier end; what is counted twice is taken off once.",
        hints=[
            "Draw two boxes. Which of the two tops is the top of what they have in common?",
            "The common box begins at the larger top and the larger left, and ends at the smaller bottom and right.",
            "If its height or its width comes out negative, the boxes don't touch: then nothing is common.",
            "common / (A + B - common), where an area is (bottom - top) · (right - left).",
        ],
        cases=[
            _two_boxes([2, 3, 6, 8], [4, 2, 9, 6]),
            _two_boxes([2, 3, 6, 8], [7, 10, 9, 13]),
            _two_boxes([1, 2, 9, 12], [3, 4, 6, 9]),
            _two_boxes([2, 9, 7, 15], [4, 2, 8, 6]),
            _two_boxes([2, 3, 6, 8], [9, 4, 13, 7]),
            _two_boxes([-1.5, -2, 5, 4], [-3, -0.5, 2.5, 6]),
            _two_boxes([-3, -0.5, 2.5, 6], [-1.5, -2, 5, 4]),
        ],
        others=[
            _two_boxes([2, 3, 6, 8], [2, 3, 6, 8]),
            _two_boxes([2, 3, 6, 8], [6, 3, 9, 8]),
            _two_boxes([-6, -5, -1, -2], [-4, -7, -0.5, -3]),
            _two_boxes([-4, -7, -0.5, -3], [-6, -5, -1, -2]),
        ],
        mistakes=[
            iou_two_negatives,
            iou_without_zero,
            iou_counted_twice,
            iou_of_the_first,
            iou_of_the_smaller,
            iou_of_the_hull,
            iou_only_common,
            iou_union_over_common,
            iou_as_sizes,
            iou_without_signs,
            iou_without_brackets,
            iou_of_the_larger,
            iou_hull_for_common,
            iou_last_row_counted,
            iou_last_row_of_common,
        ],
    ),
    Exercise(
        in_picture,
        returns=("top", "left", "bottom", "right"),
        any_kind=True,
        why="16 times a share is a number of pixels, and the window's corner is added to rows and columns.",
        hints=[
            "How many pixels of the window is a share of 0.5?",
            "16 · box gives pixels counted from the window's corner. Where is that corner in the picture?",
            "top belongs to the rows: the first and the third number. left belongs to the other two.",
        ],
        cases=[
            (np.array([0.25, 0.125, 0.75, 0.625]), 6, 10),
            (np.array([0.15, 0.3, 0.85, 0.72]), 24, 2),
            (np.array([-0.1, -0.2, 0.6, 0.75]), 1, 2),
        ],
        others=[(np.array([0.2, 0.1, 0.9, 0.65]), 0, 0), (np.array([0.3, 0.05, 0.8, 0.9]), 0, 12)],
        mistakes=[
            in_picture_shares,
            in_picture_of_window,
            in_picture_corner_alone,
            in_picture_turned,
            in_picture_all_times_16,
            in_picture_sizes,
            in_picture_order,
            in_picture_divided,
            in_picture_of_picture,
            in_picture_of_digit,
            in_picture_of_half_digit,
            in_picture_last_pixel,
            in_picture_without_box,
            in_picture_rows_first,
            in_picture_end_turned,
            in_picture_both_added,
        ],
    ),
    Exercise(
        suppress,
        why="The surest come first, and a box that overlaps one that was kept is taken to be of the same digit.",
        hints=[
            "Follow three boxes of one digit, sure by 0.9, 0.6 and 0.7. Which comes first? And then?",
            "np.argsort puts the smallest first, and np.argsort(-scores) the largest.",
            "intersection_over_union(boxes[k], boxes[j]) <= overlap must hold for all j in kept.",
        ],
        cases=[
            (
                np.array(
                    [[2.0, 3.0, 12.0, 11.0], [3.0, 4.0, 13.0, 12.0], [20.0, 5.0, 30.0, 14.0], [5.0, 3.0, 15.0, 12.0]]
                ),
                np.array([0.6, 0.9, 0.7, 0.8]),
                0.3,
            ),
            _boxes_case(3, 9, 0.25),
            _boxes_case(4, 12, 0.4),
            _boxes_case(7, 7, 0.15),
            (np.array([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 1.0]]), np.array([0.9, 0.8]), 0.5),  # no more than half
        ],
        others=[(np.array([[2.0, 3.0, 12.0, 11.0]]), np.array([0.6]), 0.3)],
        later=[(np.zeros((0, 4)), np.zeros(0), 0.3)],  # a picture in which nothing was found
        mistakes=[
            suppress_surest_last,
            suppress_least_sure,
            suppress_as_they_come,
            suppress_the_others,
            suppress_least_sure_and_others,
            suppress_unless_all_overlap,
            suppress_any_of_nothing,
            suppress_beyond_the_rest,
            suppress_nothing,
            suppress_the_best_alone,
            suppress_by_scores,
            suppress_as_boxes,
            suppress_ending_at_the_first,
            suppress_beside_the_last,
            suppress_by_any,
        ],
        broken=suppress_broken,
    ),
]

PREDICTIONS = [
    Prediction(
        "Where is the result dark?",
        [
            "where ink begins, from the left",
            "where ink ends, to the right",
            "wherever there is ink",
        ],
        right="where ink ends, to the right",
        counters={
            "where ink begins, from the left": "There the ink lies below the −1.",
            "wherever there is ink": "Inside a broad stroke +1 and −1 cancel.",
        },
    ),
    Prediction(
        "What does the shuffling cost the convolution?",
        [
            "nothing, on digits and on clothes",
            "its lead on the digits, less on the clothes",
            "its lead on the clothes, less on the digits",
            "everything: it can only guess",
        ],
        right="its lead on the digits, less on the clothes",
        counters={
            "nothing, on digits and on clothes": "On the digits it falls.",
            "its lead on the clothes, less on the digits": "On the clothes more than half of it stays.",
            "everything: it can only guess": "Guessing would be right once in ten.",
        },
    ),
    Prediction(
        "What does the largest λ do?",
        [
            "better boxes, and the classes stay as right as with 10",
            "better boxes, and fewer classes are right",
            "nothing: only the sum of the two counts",
        ],
        right="better boxes, and fewer classes are right",
        counters={
            "better boxes, and the classes stay as right as with 10": "Fewer classes are right.",
            "nothing: only the sum of the two counts": "Both numbers change.",
        },
    ),
    Prediction(
        "What does the suppression do to precision and recall?",
        [
            "it raises both",
            "it raises precision, and costs some recall",
            "it raises recall, and costs some precision",
        ],
        right="it raises precision, and costs some recall",
        counters={
            "it raises both": "It can only drop boxes, so it can't find more digits.",
            "it raises recall, and costs some precision": "It can only drop boxes, so it can't find more digits.",
        },
    ),
]
