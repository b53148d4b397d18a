"""What a run did, judged by its end: `judged` is the one place that decides; marks, sentences and pictures follow."""

from dataclasses import dataclass

import numpy as np

NEAR = 0.005  # of the picture's width: a run that will move no farther than this has come to rest
REACH = 0.03  # of the picture's width: as near as this, a place is the lowest point
TINY = 1e-9  # of the picture's width: rounding
SAME = 2e-4  # swings whose factor differs by less from 1 neither grow nor shrink
PERIODS = (2, 1, 4, 8, 3, 5, 6)  # of the cycles that are looked for; 1 is a place
LOOKS = 4  # so many successive steps must agree where a run is going, or as many as a short run has

# How one weight moves at the end of a run; of two that move otherwise, the later one here has the mark.
STILL, COMES, SWINGS, NEARS, LEAVES, REPEATS, BOUNCES, GROWS = range(8)

# What a whole run did, its mark below the sweep of learning rates, and the mark's name ("" for none).
REGIMES = (
    {"name": "lands", "shape": "circle", "color": "green"},
    {"name": "jumps across, ever closer", "shape": "diamond", "color": "brown"},
    {"name": "still on its way", "shape": "triangle", "color": "purple"},
    {"name": "jumps across, no closer", "shape": "hollow", "color": "brown"},
    {"name": "rests elsewhere", "shape": "ring", "color": "green"},
    {"name": "climbs on one side", "shape": "square", "color": "vermillion"},
    {"name": "diverges", "shape": "cross", "color": "vermillion"},
    {"name": "", "shape": "cross", "color": "ink"},
)
LANDS, CLOSER, ON_ITS_WAY, NO_CLOSER, ELSEWHERE, CLIMBS, DIVERGES, STOPPED = range(len(REGIMES))

# Where a run rests, and whether that is where it should.
LOWEST, VALLEY, OTHER, SADDLE, TOP, LEVEL, SLOPE = (
    "at the lowest point",
    "at the bottom of a valley",
    "in another valley, which is less deep",
    "at a saddle: on two sides of it there are lower points",
    "on a hilltop",
    "where the loss is level, but this is not the lowest point",
    "where the loss is not level: look at the gradient, the rule and the rate",
)
FLAT = "where the loss is level"  # and nobody knows a lowest point
EDGE = "beside a place where the loss has no value"
ARRIVED = (LOWEST, VALLEY)


@dataclass
class Verdict:
    """What a run did."""

    regime: int  #: an index of REGIMES
    words: str  #: the same, in a sentence
    resting: int  #: from this step on the run moved no more; the number of steps + 1 if it does


def judged(function, points, losses, left, stopped):
    """Return the Verdict on a run.

    function: the `Function` it walks on. points: (steps + 1, d). losses: (steps + 1,). left: whether the next step
    leaves the finite numbers. stopped: whether the learner's code ended it, which says nothing about the run.
    """
    never = len(points)
    if stopped or len(points) < 3 and not left:  # one step says nothing about a run
        return Verdict(STOPPED, "", never)
    low, high = np.array(function.bounds).T
    scaled = (points - low) / (high - low)
    climbs = _climbs(scaled, losses) and _begins_uphill(function, points, losses)
    if left:
        return Verdict(CLIMBS, CLIMBING, never) if climbs else Verdict(DIVERGES, "The run diverges.", never)
    moves = [motion(x) for x in scaled.T]
    if climbs and set(moves) <= {STILL, COMES, LEAVES}:
        rests = f" It has come to rest {place(function, points[-1])}." if set(moves) == {STILL} else ""
        return Verdict(CLIMBS, CLIMBING + rests, never)
    spans = np.ptp(scaled[-(len(scaled) // 4 + 2) :], axis=0)
    if set(moves) == {STILL}:
        where = place(function, points[-1])
        if spans.max() <= NEAR**2 or where in (*ARRIVED, OTHER):
            return _rested(scaled, where)
    told = [  # what is as good as at rest in the picture is not said to rest while it moves
        _unsettled(x) if move == STILL and span >= NEAR**2 else move for x, move, span in zip(scaled.T, moves, spans)
    ]
    return Verdict(BY_MOVE[max(moves)], _told(function.names, moves, told, spans.max() < NEAR), never)


BY_MOVE = {
    **dict.fromkeys((STILL, COMES, LEAVES), ON_ITS_WAY),
    **dict.fromkeys((SWINGS, NEARS), CLOSER),
    **dict.fromkeys((REPEATS, BOUNCES), NO_CLOSER),
    GROWS: DIVERGES,
}
CLIMBING = "The run climbs without jumping across: look at the sign."
SAID = {
    STILL: "has come to rest",
    COMES: "is still on its way",
    SWINGS: "swings across the valley, closer each time",
    NEARS: "jumps across the valley, closer each time",
    REPEATS: "jumps from side to side and comes no closer: it repeats the same points",
    BOUNCES: "jumps from side to side and comes no closer",
    GROWS: "diverges: its jumps grow",
    LEAVES: "is still on its way, in steps that grow",
}


def _told(names, moves, told, crawls):
    """Return how the weights move: in one sentence if all move alike, else for each, first the one that has the mark.

    moves: what the mark goes by. told: the same, as it is said.
    """
    said = {**SAID, COMES: "is still on its way, in very small steps"} if crawls else SAID
    if len(set(told)) == 1:
        return f"The run {said[told[0]]}."
    worst = moves.index(max(moves))
    others = "; ".join(f"{name} {said[move]}" for i, (name, move) in enumerate(zip(names, told)) if i != worst)
    lead = "The run diverges: the jumps of {} grow" if told[worst] == GROWS else "{} " + said[told[worst]]
    return f"{lead.format(names[worst])}; {others}."


def _rested(scaled, where):
    """Return the Verdict on a run that has come to rest: by the place, and by the way it came."""
    apart = np.abs(scaled - _goal(scaled)).max(axis=1)
    resting = int(np.flatnonzero(apart > NEAR).max(initial=-1)) + 1
    if where not in ARRIVED:
        return Verdict(ELSEWHERE, f"The run has come to rest {where}.", resting)
    if any(_alternates(np.diff(x)) for x in scaled.T):
        return Verdict(
            CLOSER, f"The run jumps across the valley, closer each time, and has come to rest {where}.", resting
        )
    return Verdict(LANDS, f"The run lands: it has come to rest {where}.", resting)


def motion(x):
    """Return how a weight moves at the end of a run. x: (steps + 1,), in widths of the picture."""
    steps = np.diff(x)
    if np.ptp(x[-(len(x) // 4 + 2) :]) < TINY:
        return STILL
    for period in PERIODS:
        places = limits(x, period)
        if places is None:
            continue
        if np.ptp(places) > NEAR:
            return REPEATS
        if np.abs(x[-max(period, 2) :] - places[-1]).max() <= NEAR:
            return STILL
        return NEARS if _alternates(steps[-8:]) else COMES
    turns = np.flatnonzero(steps[1:] * steps[:-1] < 0) + 1
    if np.count_nonzero(turns >= len(steps) // 2) < 2 and not _alternates(steps[-8:]):  # once, it only goes round
        return LEAVES if _grow(np.abs(steps)) and abs(steps[-1]) > NEAR**2 else COMES
    if len(x) > 8 and np.ptp(x[-len(x) // 3 :]) < NEAR / 10:
        return STILL
    return _swinging(x, steps, turns)


def _goal(scaled):
    """Return where a run leads that has come to rest, or nearly so."""
    found = ([limits(x, period) for period in PERIODS] for x in scaled.T)
    return np.array([next((one[-1] for one in of if one is not None), x[-1]) for of, x in zip(found, scaled.T)])


def _unsettled(x):
    """Return how a weight moves that is at rest but for moves too small to be seen in the picture."""
    steps = np.diff(x)[-8:]
    if not _turns_back(steps):
        return COMES
    return NEARS if (np.diff(np.abs(steps)) < 0).all() else BOUNCES


def _swinging(x, steps, turns):
    """Return how a weight moves that turns back at these steps, without a cycle."""
    closer = NEARS if _alternates(steps[-8:]) else SWINGS
    factor = _linear(steps)
    swings = np.abs(np.diff(x[[*turns, -1] if len(turns) == len(steps) - 1 else turns]))
    change = np.diff(swings[-max(6, len(swings) // 2) :])  # a run without order is in order for a few steps
    sizes = np.abs(steps)
    if factor is not None and factor > 1 + SAME:
        return GROWS if sizes[-(len(sizes) // 3 + 2) :].max() == sizes.max() else BOUNCES
    if factor is not None:
        return closer if factor < 1 - SAME else BOUNCES
    if len(change) and (change > 0).all() and swings[-1] == swings.max():
        return GROWS if np.abs(x - 0.5).max() > 0.5 else BOUNCES  # within the picture it may yet stop growing
    if not len(change):  # too few swings to compare: the steps themselves
        return closer if (np.diff(sizes[-3:]) < 0).all() else BOUNCES
    return closer if (change < 0).any() and not (change > 0).any() else BOUNCES


def limits(x, period):
    """Return where every period-th point of a run leads, for each place in the period, or None if it leads nowhere.

    By Aitken's rule: steps that shrink by the factor r, the last one d, have d · r / (1 − r) still to go. It must hold
    at each of the last steps, and name the same place.
    """
    fewest = period if period < 3 else 2 * period  # each of many places must be named more than once
    looks = max(LOOKS, len(x) // 6, fewest)
    looks = min(looks, len(x) - 2 * period)
    if looks < fewest:
        return None
    first, middle, last = (x[len(x) - looks - back : len(x) - back] for back in (2 * period, period, 0))
    before, after = middle - first, last - middle
    if period > 1 and np.abs(after).max() > np.ptp(x[-2 * period :]) / 10:
        return None
    ended = np.abs(after) < TINY
    ratio = np.where(ended, 0, after / np.where(before == 0, TINY**2, before))
    if np.any(np.abs(ratio) > 1 - TINY):
        return None
    found = last + after * ratio / (1 - ratio)
    if any(np.ptp(found[i::period]) > NEAR for i in range(period)):
        return None
    return found[-period:]


def _linear(steps):
    """Return the size of the factor by which steps change if each is a fixed mixture of the two before, else None.

    So it is where a weight has one curvature, with momentum too.
    """
    tail = steps[-max(8, len(steps) // 2) :]
    if len(tail) < 6:
        return None
    pairs, after = np.column_stack([tail[1:-1], tail[:-2]]), tail[2:]
    mixture, *_ = np.linalg.lstsq(pairs, after, rcond=1e-12)
    if np.linalg.norm(pairs @ mixture - after) > 1e-3 * np.linalg.norm(after):
        return None
    return float(np.abs(np.roots([1, *-mixture])).max())


def _alternates(steps):
    """Say whether a weight jumps to and fro so far that it can be seen."""
    return np.abs(steps).max(initial=0) > NEAR / 5 and _turns_back(steps)


def _turns_back(steps):
    """Say whether a step turns back more often than not, rounding left out."""
    moved = steps[np.abs(steps) > TINY]
    return len(moved) > 1 and np.mean(moved[1:] * moved[:-1] < 0) > 0.5


def _grow(sizes):
    """Say whether the last steps are longer than those before."""
    third = max(len(sizes) // 3, 1)
    return len(sizes) > 1 and sizes[-third:].mean() > sizes[-2 * third : -third].mean() * (1 + 1e-6)


def _climbs(scaled, losses):
    """Say whether a run goes uphill, without jumping across."""
    moved = np.any(np.abs(np.diff(scaled, axis=0)) > TINY, axis=1)
    changes = np.diff(losses)[moved]
    rises = changes[np.isfinite(changes)] > 0
    jumps = any(_alternates(np.diff(x)) for x in scaled.T)
    return bool(rises.size and rises.mean() >= 0.9 and not jumps)


def _begins_uphill(function, points, losses):
    """Say whether the first step goes uphill, and not downhill and too far."""
    return not _height(function, points[0] + (points[1] - points[0]) / 1000) < losses[0]


def place(function, point):
    """Return what kind of place a point is, from the heights around it: one of LOWEST, VALLEY, …"""
    width = np.ptp(function.bounds, axis=1)
    if function.minima and np.any(np.all(np.abs(point - np.array(function.minima)) < REACH * width, axis=1)):
        return LOWEST
    ring = _ring(len(point))
    around = np.array([_height(function, point + REACH / 2 * width * away) for away in ring])
    rise = around - _height(function, point)
    if not np.isfinite(rise).all():
        return EDGE
    rise[np.abs(rise) < 1e-12 * max(np.abs(around).max(), 1e-300)] = 0
    if not rise.any():
        return LEVEL if function.minima else FLAT
    across = np.roll(rise, len(rise) // 2)
    if np.abs(rise - across).max() > np.abs(rise + across).max():
        return SLOPE
    if rise.min() >= 0:
        bottom = OTHER if function.minima else VALLEY
        return bottom if _is_bottom(function, point, width) else SLOPE
    return TOP if rise.max() <= 0 else SADDLE


def _ring(dimensions):
    """Return the ways to all sides, each of length 1: (16, 2), or (2, 1) on a curve."""
    angles = np.pi * (np.arange(16) / 8) if dimensions > 1 else np.array([0.0, np.pi])
    return np.array([np.cos(angles), np.sin(angles)])[:dimensions].T


def _is_bottom(function, point, width):
    """Say whether the way down from a point ends near it: along the bent floor of a valley it goes on."""
    way, height, far = np.zeros(len(point)), _height(function, point), REACH / 8
    for _ in range(100):
        ways = way + far * _ring(len(point))
        heights = [_height(function, point + width * one) for one in ways]
        if min(heights) < height:
            way, height = ways[np.argmin(heights)], min(heights)
        else:
            far /= 2
        if far < REACH / 1000 or np.linalg.norm(way) > REACH / 2:
            break
    return np.linalg.norm(way) <= REACH / 2


def _height(function, point):
    return float(function(point if len(point) > 1 else point[0]))
