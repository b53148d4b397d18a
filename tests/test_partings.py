"""No sentence on a sketch and a run is false: each is read again, and held against the curves by plain counting."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdcourse import functions
from gdcourse.widgets import partings
from gdcourse.widgets.partings import STEP, TURN, Axes, Curve, Trail

STEPS = 48
AXES = Axes((0, STEPS), (0.0, 2.0))  # of the pictures in these tests: places are whole steps, heights go to 2
PLACES = np.arange(STEPS + 1) / STEPS
LAND = functions.bowl  # its picture goes from −4 to 4 both ways; its star is at (0, 0)
ALMOST = 1e-9


# What can be said of a curve, counted over all pairs of its points.


def most(v, way):
    """Return the largest rise (way 1) or fall (way −1) from a point of a curve to a later one."""
    return max((way * (v[j] - v[i]) for i, j in itertools.combinations(range(len(v)), 2)), default=0)


def legs(v, least):
    """Return the largest number of falls and rises in turn, each of at least so much, by dynamic programming."""
    best = {1: [0] * len(v), -1: [0] * len(v)}
    for j in range(len(v)):
        for i in range(j):
            for way in (1, -1):
                if way * (v[j] - v[i]) >= least - ALMOST and best[-way][i] + 1 > best[way][j]:
                    best[way][j] = best[-way][i] + 1
        for way in (1, -1):
            best[way][j] = max(best[way][j], best[way][j - 1] if j else 0)
    return max(best[1][-1], best[-1][-1])


# Of a rise or fall of just STEP rounding decides: it may count, and may not.
AT_MOST, SURELY = STEP + ALMOST, STEP - ALMOST


def level_until(v, k, least=AT_MOST):
    return all(abs(y - v[0]) < least for y in v[:k])


def level_from(v, k, least=AT_MOST):
    return all(abs(y - v[-1]) < least for y in v[k:])


def begins(v, k, verb):
    """Say whether a curve is first off its start by step k, and above it if it has begun to rise."""
    off = [y - v[0] for y in v[: k + 1] if abs(y - v[0]) >= SURELY]
    return bool(off) and (off[0] > 0) == (verb == "rise")


def goes(v, words):
    """Say whether a curve does what the words say: "falls", "rises until step 5, then falls", "turns 3 times", …"""
    if match := re.fullmatch(r"turns (\d+) times", words):
        return legs(v, STEP + 2 * ALMOST) <= int(match[1]) + 1 <= legs(v, STEP)
    if match := re.fullmatch(r"stays level until step (\d+), then (.+)", words):
        return level_until(v, int(match[1]) + 1) and goes(v, match[2])
    if match := re.fullmatch(r"(falls|rises) until step (\d+), then (falls|rises)", words):
        first, k, then = match[1], int(match[2]), match[3]
        return first != then and goes(v[: k + 1], first) and goes(v[k:], then)
    up, down = (most(v, way) for way in (1, -1))
    does, not_ = {"falls": (down, up), "rises": (up, down), "stays level": (np.inf, max(up, down))}[words]
    return does >= SURELY and not_ < AT_MOST


def leaves(v, words, left):
    """Say whether a run leaves the picture as the words say, and does before what they say."""
    match = re.fullmatch(r"(?:(.+), and )?leaves the picture at the (top|bottom) at step (\d+)", words)
    k = int(match[3])
    before = goes(v[: k + 1], match[1] or "stays level")
    return bool(left) and k == min(left) and v[k] == (match[2] == "top") and before


def number(shown):
    """Return the number that is written as a reader writes it."""
    power = re.search(r"(·|^)10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$", shown)
    if power:
        lowered = power[2].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        shown = f"{shown[: power.start()] or 1}e{lowered}"
    return float(shown.replace("−", "-"))


def alike(shown, height):
    """Say whether a number in a sentence, or an edge, is this height."""
    if shown in ("the top", "the bottom"):
        return height == (shown == "the top")
    return number(shown) == pytest.approx(2 * height, rel=0.006, abs=1e-6)


def true(said, mine, its, left):
    """Say whether a sentence holds. mine, its: heights, clipped to the picture. left: where the run is outside."""
    if match := re.fullmatch(r"(?:[\w ]+: )?[Yy]ours ([^;]*); the run ((?:[^.]*, and )?leaves [^.]+)\.", said):
        return goes(mine, match[1]) and leaves(its, match[2], left) and (max(mine) < 1 or min(mine) > 0)
    if match := re.fullmatch(
        r"Too early: yours has begun to (fall|rise) by step (\d+); the run stays level until step (\d+)\.", said
    ):
        a, b = int(match[2]), int(match[3])
        return a < b and begins(mine, a, match[1]) and level_until(its, b + 1)
    if match := re.fullmatch(
        r"Too late: yours stays level until step (\d+); the run has begun to (fall|rise) by step (\d+)\.", said
    ):
        a, b = int(match[1]), int(match[3])
        return a > b and level_until(mine, a + 1) and begins(its, b, match[2])
    if match := re.fullmatch(r"(?:[\w ]+: )?[Yy]ours ((?:stays|falls|rises|turns)[^;]*); the run ([^.]+)\.", said):
        if said.startswith("No bounce:"):
            assert legs(mine, STEP + 2 * ALMOST) < 2 + 1 <= legs(its, STEP)
        if said.startswith("No bounce in the run:"):
            assert legs(its, STEP + 2 * ALMOST) < 2 + 1 <= legs(mine, STEP)
        return match[1] != match[2] and goes(mine, match[1]) and goes(its, match[2])
    if match := re.fullmatch(r"It turns too (early|late): yours at step (\d+), the run at step (\d+)\.", said):
        a, b = int(match[2]), int(match[3])
        turned = [any(goes(v, f"{x} until step {k}, then {y}") for x, y in ORDERS) for v, k in ((mine, a), (its, b))]
        return (a < b) == (match[1] == "early") and all(turned)
    if match := re.fullmatch(
        r"Level too (early|late): yours is level from step (\d+) on, the run from step (\d+) on\.", said
    ):
        a, b = int(match[2]), int(match[3])
        sooner = not level_from(*((its, a) if a < b else (mine, b)), SURELY)
        return (a < b) == (match[1] == "early") and level_from(mine, a) and level_from(its, b) and sooner
    if match := re.fullmatch(r"Too (deep|high): yours (ends|turns) at ([^ ,]+), the run at (.+)\.", said):
        a, b = (mine[-1], its[-1]) if match[2] == "ends" else (extreme(mine), extreme(its))
        return (a < b) == (match[1] == "deep") and alike(match[3], a) and alike(match[4], b)
    if match := re.fullmatch(r"(Too fast: a|Too slow: a|A)t step (\d+) yours is at (.+), the run at (.+)\.", said):
        k = int(match[2])
        ahead = (its[-1] - its[0]) * (mine[k] - its[k]) > 0
        named = match[1] == "A" or match[1].startswith("Too fast") == ahead
        return named and alike(match[3], mine[k]) and alike(match[4], its[k])
    if match := re.fullmatch(r"As you drew it: at no step are the two farther apart than (.+)\.", said):
        widest = 2 * max(abs(a - b) for a, b in zip(mine, its))
        return widest <= number(match[1]) + 1e-6 and widest <= 4 * STEP + 1e-6 and not left
    if match := re.fullmatch(r"As you drew it: the run (.+)\.", said):
        return leaves(its, match[1], left)
    raise AssertionError(f"nobody can check: {said}")


ORDERS = [("falls", "rises"), ("rises", "falls")]


def extreme(v):
    """Return the height at which a curve of one turn turns."""
    return min(v) if goes(v, f"falls until step {int(np.argmin(v))}, then rises") else max(v)


# Curves as people draw them, and as runs are: pieces that fall, rise, rest and swing, with a little wobble.

piece = st.tuples(st.integers(2, 30), st.floats(-0.1, 1.15))


@st.composite
def curve(draw):
    corners = [(0, 0.8)]
    for wide, height in draw(st.lists(piece, min_size=1, max_size=6)):
        corners.append((corners[-1][0] + wide, height if draw(st.booleans()) else corners[-1][1]))
    corners.append((max(corners[-1][0] + 1, STEPS), corners[-1][1]))
    heights = np.interp(np.arange(STEPS + 1), *zip(*corners))
    if draw(st.booleans()):
        swing, period = draw(st.floats(0.02, 0.3)), draw(st.integers(2, 9))
        heights = heights + swing * np.sin(2 * np.pi * np.arange(STEPS + 1) / period) * draw(st.sampled_from([0.1, 1]))
    wobble = np.random.default_rng(draw(st.integers(0, 99))).uniform(-0.02, 0.02, STEPS + 1)
    return heights + wobble * draw(st.booleans())


@example(np.array([0.8, 0.4] + [0.0] * 42), np.interp(range(STEPS + 1), [0, 40, STEPS], [0.8, 0.8, 0.64]), 43)
@settings(max_examples=100, deadline=None)
@given(curve(), curve(), st.integers(6, STEPS))
def test_no_sentence_on_two_curves_is_false(mine, its, far):
    mine, its = mine[: far + 1], its.copy()
    its[0] = mine[0] = 0.8
    mine = np.clip(mine, 0, 1)
    said = partings.parted(Curve(PLACES[: far + 1], mine), Curve(PLACES, its), AXES)
    if far < STEPS:
        said, drawn = said[: said.index(" (You drew")], said[said.index(" (You drew") :]
        assert drawn == f" (You drew up to step {far}.)"
        its = its[: far + 1]
    left = [k for k, y in enumerate(its) if not -1e-9 <= y <= 1 + 1e-9]
    assert true(said, mine.tolist(), np.clip(its, 0, 1).tolist(), left), said


def shape(*corners):
    """Return a Curve through corners (step, height)."""
    return Curve(PLACES, np.interp(np.arange(STEPS + 1), *zip(*corners)))


FALLS = shape((0, 0.8), (24, 0.2), (48, 0.2))
SWINGS = Curve(PLACES, 0.5 + 0.3 * np.cos(np.arange(STEPS + 1)))


@pytest.mark.parametrize(
    ("yours", "run", "said"),
    [
        (FALLS, FALLS, "As you drew it: at no step are the two farther apart than 0."),
        (
            shape((0, 0.8), (6, 0.2), (48, 0.2)),
            shape((0, 0.8), (40, 0.21), (48, 0.21)),
            "Level too early: yours is level from step 6 on, the run from step 36 on.",
        ),
        (
            shape((0, 0.8), (36, 0.2), (48, 0.2)),
            shape((0, 0.8), (6, 0.2), (48, 0.2)),
            "Level too late: yours is level from step 33 on, the run from step 6 on.",
        ),
        (
            FALLS,
            shape((0, 0.8), (30, 0.78), (40, 0.2), (48, 0.2)),
            "Too early: yours has begun to fall by step 3; the run stays level until step 30.",
        ),
        (
            shape((0, 0.8), (30, 0.8), (40, 0.21), (48, 0.21)),
            FALLS,
            "Too late: yours stays level until step 31; the run has begun to fall by step 3.",
        ),
        (shape((0, 0.8), (24, 0), (48, 0)), FALLS, "Too deep: yours ends at 0, the run at 0.4."),
        (shape((0, 0.8), (24, 0.4), (48, 0.4)), FALLS, "Too high: yours ends at 0.8, the run at 0.4."),
        (FALLS, SWINGS, "No bounce: yours falls; the run turns 15 times."),
        (SWINGS, FALLS, "No bounce in the run: yours turns 15 times; the run falls."),
        (
            Curve(PLACES, 0.5 + 0.3 * np.sin(np.arange(STEPS + 1))),
            Curve(PLACES, 0.5 - 0.3 * np.sin(np.maximum(np.arange(STEPS + 1) - 12, 0))),
            "Too early: yours has begun to rise by step 1; the run stays level until step 12.",
        ),
        (FALLS, shape((0, 0.8), (6, 1), (48, 1)), "The wrong way: yours falls; the run rises."),
        (
            FALLS,
            shape((0, 0.8), (12, 0.3), (48, 0.6)),
            "Yours falls; the run falls until step 12, then rises.",
        ),
        (
            shape((0, 0.8), (30, 0.3), (48, 0.6)),
            shape((0, 0.8), (12, 0.3), (48, 0.6)),
            "It turns too late: yours at step 30, the run at step 12.",
        ),
        (
            shape((0, 0.8), (12, 0.1), (48, 0.6)),
            shape((0, 0.8), (12, 0.3), (48, 0.6)),
            "Too deep: yours turns at 0.2, the run at 0.6.",
        ),
        (
            FALLS,
            shape((0, 0.8), (20, 1.2), (48, 0.2)),
            "The wrong way: yours falls; the run rises, and leaves the picture at the top at step 11.",
        ),
        (shape((0, 0.8), (48, 0.8)), FALLS, "Yours stays level; the run falls."),
        (
            shape((0, 0.8), (10, 0.25), (24, 0.2), (48, 0.2)),
            shape((0, 0.8), (10, 0.5), (14, 0.2), (48, 0.2)),
            "Too fast: at step 10 yours is at 0.5, the run at 1.",
        ),
    ],
)
def test_each_way_to_part_has_its_sentence(yours, run, said):
    assert partings.parted(yours, run, AXES) == said


def test_what_is_no_number_has_left_the_picture():
    its = np.linspace(0.8, 0.9, STEPS + 1)
    its[20:] = np.nan
    said = partings.parted(FALLS, Curve(PLACES, its), AXES)
    says = "stays level until step 19, then rises, and leaves the picture at the top at step 20."
    assert said == f"The wrong way: yours falls; the run {says}"
    assert partings.described(Curve(PLACES, its), AXES) == f"The run {says}"
    its[:20] = 0.97
    assert partings.described(Curve(PLACES, its), AXES) == "The run leaves the picture at the top at step 20."


@settings(max_examples=60, deadline=None)
@given(curve())
def test_a_run_alone_is_described_truly(its):
    its = np.clip(its, 0, 1)
    said = partings.described(Curve(PLACES, its), AXES)
    match = re.fullmatch(r"The run (.+?)(?:, and is level from step (\d+) on)?\.", said)
    assert goes(its.tolist(), match[1]) and level_from(its.tolist(), int(match[2] or STEPS)), said


# Paths.

LINE = "the straight line from the start to the star"


def turned(points, axis):
    """Return how often a path turns back along an axis, counted as above."""
    return max(legs([(p[axis] + 4) / 8 for p in points], TURN) - 1, 0)


def above(points):
    """Return how far a path is above the straight line from its start to the star, at its farthest, in pictures."""
    (x, y), farthest = points[0], 0.0
    for a, b in points:
        cross = ((0 - x) * (b - y) - (0 - y) * (a - x)) / np.hypot(x, y) / 8
        farthest = cross if abs(cross) > abs(farthest) else farthest
    return farthest if x < 0 else -farthest  # walking to the right, the left hand is above


def to_line(point, line):
    """Return the distance of a point from a line through points, by trying many places on it."""
    tried = np.concatenate([np.linspace(a, b, 200) for a, b in itertools.pairwise(line)])
    return np.linalg.norm(tried - point, axis=1).min() / 8


def ends(said, points):
    """Say whether a path ends as it is said: at the star, or at a point."""
    if said == "at the star":
        return np.hypot(*points[-1]) / 8 < partings.NEAR
    numbers = [float(x) for x in re.findall(r"-?[\d.]+", said.replace("−", "-"))]
    return np.allclose(numbers, points[-1], atol=0.02)


def true_of_paths(said, mine, its):
    """Say whether a sentence on two paths holds."""
    if match := re.fullmatch(r"The run leaves the picture at step (\d+); yours stays inside\.", said):
        outside = [k for k, p in enumerate(its) if max(map(abs, p)) > 4]
        return bool(outside) and int(match[1]) == min(outside)
    if match := re.fullmatch(
        r"(?:No bounce|No bounce in the run|Bounces): in (x|y) yours (never turns back|turns back once|turns back \d+ "
        r"times), the run (never|once|\d+ times)\.",
        said,
    ):
        axis = "xy".index(match[1])
        counts = [
            0 if "never" in one else 1 if "once" in one else int(re.findall(r"\d+", one)[0])
            for one in match.groups()[1:]
        ]
        return counts == [turned(mine, axis), turned(its, axis)] and counts[0] != counts[1]
    if match := re.fullmatch(rf"The wrong side: yours goes (above|below) {LINE}, the run (above|below) it\.", said):
        return match[1] != match[2] and all(
            (above(p) > 0) == (side == "above") for p, side in zip((mine, its), match.groups())
        )
    if said == f"Too straight: yours stays near {LINE}; the run does not.":
        return abs(above(mine)) < 0.03 + ALMOST and abs(above(its)) > 0.06 - ALMOST
    if said == f"The run stays near {LINE}; yours does not.":
        return abs(above(its)) < 0.03 + ALMOST and abs(above(mine)) > 0.06 - ALMOST
    if match := re.fullmatch(r"Another end: yours ends (.+\)|at the star), the run (.+)\.", said):
        return match[1] != match[2] and ends(match[1], mine) and ends(match[2], its)
    if match := re.fullmatch(r"At step (\d+) the run is farthest from what you drew, at (.+)\.", said):
        away = [to_line(p, mine) for p in its]
        return away[int(match[1])] >= max(away) - 0.01 and ends(f"at {match[2]}", [its[int(match[1])]])
    if match := re.fullmatch(r"Yours goes to (.+), and the run is never near it\.", said):
        return any(ends(f"at {match[1]}", [p]) and to_line(p, its) > partings.APART - 0.01 for p in mine)
    if said == "As you drew it: the run is never far from your line.":
        return (
            max(to_line(p, other) for line, other in ((its, mine), (mine, its)) for p in line) < partings.APART + 0.01
        )
    raise AssertionError(f"nobody can check: {said}")


point = st.tuples(st.floats(-4, 4), st.floats(-4, 4))
far_point = st.tuples(st.floats(-4.5, 4.5), st.floats(-4.5, 4.5))


@st.composite
def trail(draw, points=point):
    """Return a path from (−3, 1): some points at random, or the way to the star, bent or in zigzag."""
    if draw(st.booleans()):
        return np.array([(-3.0, 1.0), *draw(st.lists(points, min_size=1, max_size=5))])
    t, bend, swing = np.linspace(0, 1, 20), draw(st.floats(-2, 2)), draw(st.sampled_from([0, 0, 0.5]))
    to = draw(st.sampled_from([1, 1, 0.6, 1.05]))
    sway = bend * np.sin(np.pi * t) + swing * (-1) ** np.arange(20) * np.sin(np.pi * t)
    return np.column_stack([-3 + 3 * to * t, 1 - to * t + sway])


@settings(max_examples=100, deadline=None)
@given(trail(), trail(far_point))
def test_no_sentence_on_two_paths_is_false(mine, its):
    said = partings.parted_path(Trail(LAND, np.clip(mine, -4, 4)), Trail(LAND, its))
    assert true_of_paths(said, np.clip(mine, -4, 4).tolist(), its.tolist()), said


def way(*points):
    return Trail(LAND, [(-3.0, 1.0), *points])


ZIGZAG = way((-2, -1), (-1, 1), (0, -1), (0, 0))


@pytest.mark.parametrize(
    ("yours", "run", "said"),
    [
        (way((0, 0)), ZIGZAG, "No bounce: in y yours never turns back, the run 3 times."),
        (way((-2, 2), (0, 0)), way((-2, -1), (0, 0)), f"The wrong side: yours goes above {LINE}, the run below it."),
        (way((0, 0)), way((-2, -1), (0, 0)), f"Too straight: yours stays near {LINE}; the run does not."),
        (way((-2, 2), (0, 0)), way((0, 0)), f"The run stays near {LINE}; yours does not."),
        (way((0, 0)), way((-1.5, 0.5)), "Another end: yours ends at the star, the run at (−1.5, 0.5)."),
        (way((0, 0)), way((0, 0)), "As you drew it: the run is never far from your line."),
        (
            way((0, 0), (2, -0.7), (0, 0)),
            way((0, 0)),
            "Yours goes to (2, −0.7), and the run is never near it.",
        ),
        (way((0, 0)), way((-2, 5)), "The run leaves the picture at step 1; yours stays inside."),
    ],
)  # fmt: skip
def test_each_way_to_part_of_paths_has_its_sentence(yours, run, said):
    assert partings.parted_path(yours, run) == said
