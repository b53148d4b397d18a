"""Where a sketch and a run part, in one sentence. Each sentence is true by the definitions that stand here.

Heights and places are shares of the picture, 0 to 1. A curve *falls* where it comes down by at least `STEP` from its
highest place before, without as large a rise in between; *rises* is the same upside down. A curve that does neither
*stays level*. It is level *until* the last place before the first that is at least `STEP` off its start, and *from* the
first place from which on nothing is as far off its end.
"""

from dataclasses import dataclass

import numpy as np

from gdcourse.widgets.runs import number_in_words, point_in_words

STEP = 0.06  # of the picture's height
LONG = 0.12  # of the picture's width: two places that are nearer are told as the same
TURN = 0.03  # of a landscape's width or height: a path turns back where it returns by as much
STRAIGHT, BENT = (
    0.03,
    0.06,
)  # of the picture: a path that stays so near a straight line is straight, one so far off is not
NEAR = 0.03  # of the picture: as near as this, a path ends at the star
APART = 0.08  # of the picture: two paths that are nearer are told as the same
AGAIN = 0.3  # two numbers of turns that differ by a smaller share are told as the same


@dataclass
class Axes:
    """The axes of a picture, from shares to what a reader reads."""

    x: tuple  #: (low, high)
    y: tuple
    xlog: bool = False
    name: str = "step"  #: of the axis across
    whole: bool = True  #: whether it counts in whole numbers

    def across(self, x):
        """Return x as a share of the picture's width."""
        low, high = self.x
        x = np.asarray(x, float)
        return np.log(x / low) / np.log(high / low) if self.xlog else (x - low) / (high - low)

    def up(self, y):
        """Return y as a share of the picture's height."""
        return (np.asarray(y, float) - self.y[0]) / (self.y[1] - self.y[0])

    def place(self, share):
        """Return a place across the picture in words."""
        low, high = self.x
        x = low * (high / low) ** share if self.xlog else low + (high - low) * share
        return f"{self.name} {round(x) if self.whole else number_in_words(float(f'{x:.2g}'))}"

    def value(self, share):
        """Return a height in words."""
        return number_in_words(self.y[0] + (self.y[1] - self.y[0]) * share)


def turns(heights, least=STEP):
    """Return the places, by number, between which a curve falls and rises in turn: none if it stays level.

    The first is where the first fall or rise begins, the last where the last one ends.
    """
    found, way, low, high = [], 0, 0, 0
    for k, height in enumerate(heights):
        low = k if way <= 0 and height < heights[low] else low
        high = k if way >= 0 and height > heights[high] else high
        if way >= 0 and heights[high] - height >= least:
            found, way, low = [*found, high], -1, k
        elif way <= 0 and height - heights[low] >= least:
            found, way, high = [*found, low], 1, k
    return [*found, high if way > 0 else low] if found else []


class Curve:
    """A curve in shares of its picture, with what can be said of it. Heights outside the picture count as its edge."""

    def __init__(self, places, heights):
        self.places, self._given = np.asarray(places, float), np.asarray(heights, float)
        high = np.where(np.isnan(self._given), np.inf, self._given)  # what is no number any more was too large
        self.left = self.places[(high > 1 + 1e-9) | (high < -1e-9)]  # where it is outside of the picture
        self.above = bool(len(self.left)) and bool(high[self.places == self.left[0]][0] > 1)
        self.heights = np.clip(high, 0, 1)
        pivots = turns(self.heights)
        self.turns = self.places[pivots]
        self.ends = self.heights[pivots]
        self.ways = np.sign(np.diff(self.ends)).astype(int).tolist()
        off_start = np.abs(self.heights - self.heights[0]) >= STEP
        begun = int(np.argmax(off_start)) if off_start.any() else len(self.places)
        first_off = min(begun, len(self.places) - 1)
        self.level_until, self.begun = self.places[begun - 1], self.places[first_off]
        self.begins = "begun to rise" if self.heights[first_off] > self.heights[0] else "begun to fall"
        off_end = np.abs(self.heights - self.heights[-1]) >= STEP
        settled = len(off_end) - int(np.argmax(off_end[::-1])) if off_end.any() else 0
        self.settles = self.places[min(settled, len(off_end) - 1)]

    def cut(self, far):
        """Return the curve up to a place."""
        kept = self.places <= far + 1e-9
        return Curve(self.places[kept], self._given[kept])

    def read_at(self, places):
        """Return the curve as it is at a run's places, up to the nearest one to its end that is not LONG after it."""
        apart = np.where(places > self.places[-1] + LONG, np.inf, np.abs(places - self.places[-1]))
        kept = places[: int(np.argmin(apart)) + 1]
        return Curve(kept, self.at(kept))

    def seen(self):
        """Return the curve up to where it leaves the picture."""
        return self.cut(self.left[0]) if len(self.left) else self

    def at(self, places):
        """Return its heights at places, straight between those that it has."""
        return np.interp(places, self.places, self.heights)

    def shape(self, axes):
        """Return what the curve does, as the end of a sentence."""
        if not self.ways:
            return "stays level"
        first, *others = (VERBS[way] for way in self.ways)
        lead = f"stays level until {axes.place(self.level_until)}, then {first}" if self.level_until > LONG else first
        if not others:
            return lead
        if len(others) == 1:
            return f"{lead} until {axes.place(self.turns[1])}, then {others[0]}"
        return f"turns {len(others)} times"

    def value(self, share, axes):
        """Return one of its heights in words; at the edge of a picture that it leaves nobody knows how far."""
        if len(self.left) and share in (0, 1):
            return "the top" if share else "the bottom"
        return axes.value(share)

    def edge(self, axes):
        """Return what the curve does until it leaves the picture, and where, as the end of a sentence."""
        seen = self.seen()
        before = f"{seen.shape(axes)}, and " if seen.ways else ""
        side = "top" if self.above else "bottom"
        return f"{before}leaves the picture at the {side} at {axes.place(self.left[0])}"


VERBS = {1: "rises", -1: "falls"}


def described(run, axes):
    """Return what a run does, for who has drawn nothing."""
    if len(run.left):
        return f"The run {run.edge(axes)}."
    rest = run.settles < 1 - LONG and run.ways
    return f"The run {run.shape(axes)}{f', and is level from {axes.place(run.settles)} on' if rest else ''}."


def parted(yours, run, axes):
    """Return where a sketch and a run part. yours, run: Curves; the sketch may end before the run."""
    far = yours.places[-1]
    if far >= 1 - 1e-9:
        return _parted(yours, run, axes)
    return f"{_parted(yours, run.cut(far), axes)} (You drew up to {axes.place(far)}.)"


def _parted(yours, run, axes):
    edge = yours.heights.max() > 1 - STEP if run.above else yours.heights.min() < STEP
    if len(run.left) and not edge:
        label = _label(yours, run.seen()) if yours.ways != run.seen().ways else ""
        return _begun(label, f"yours {yours.shape(axes)}; the run {run.edge(axes)}.")
    many = min(len(yours.ways), len(run.ways)) > 2
    if many and _unlike(len(yours.ways) - 1, len(run.ways) - 1) or not many and yours.ways != run.ways:
        return _begun(_label(yours, run), f"yours {yours.shape(axes)}; the run {run.shape(axes)}.")
    return _same_shape(yours, run, axes)


def _begun(label, said):
    """Return a sentence with what the difference is called before it, if it has a name."""
    return label + said if label else f"{said[0].upper()}{said[1:]}"


def _label(yours, run):
    """Return what a difference in shape is called."""
    mine, its = (len(one.ways) for one in (yours, run))
    if its > 2 > mine:
        return "No bounce: "
    if mine > 2 > its:
        return "No bounce in the run: "
    return "The wrong way: " if mine == its == 1 else ""


def _same_shape(yours, run, axes):
    """Return where two curves part that fall and rise in the same order."""
    place = axes.place
    way = run.ways[0] if run.ways else 0
    if way and run.level_until - yours.begun > LONG:
        until = place(run.level_until)
        return f"Too early: yours has {yours.begins} by {place(yours.begun)}; the run stays level until {until}."
    if way and yours.level_until - run.begun > LONG:
        until = place(yours.level_until)
        return f"Too late: yours stays level until {until}; the run has {run.begins} by {place(run.begun)}."
    if len(run.ways) == 2 and abs(yours.turns[1] - run.turns[1]) > LONG:
        kind = "early" if yours.turns[1] < run.turns[1] else "late"
        return f"It turns too {kind}: yours at {place(yours.turns[1])}, the run at {place(run.turns[1])}."
    if len(run.ways) == 1 and abs(yours.settles - run.settles) > LONG:
        kind = "Level too early" if yours.settles < run.settles else "Level too late"
        return f"{kind}: yours is level from {place(yours.settles)} on, the run from {place(run.settles)} on."
    if len(run.ways) == 2 and abs(yours.ends[1] - run.ends[1]) > 1.5 * STEP:
        kind = "deep" if yours.ends[1] < run.ends[1] else "high"
        return (
            f"Too {kind}: yours turns at {yours.value(yours.ends[1], axes)}, the run at {run.value(run.ends[1], axes)}."
        )
    if abs(yours.heights[-1] - run.heights[-1]) > 1.5 * STEP:
        kind = "deep" if yours.heights[-1] < run.heights[-1] else "high"
        mine, its = (one.value(one.heights[-1], axes) for one in (yours, run))
        return f"Too {kind}: yours ends at {mine}, the run at {its}."
    return _gap(yours, run, axes, way)


def _gap(yours, run, axes, way):
    """Return where two curves of one shape are farthest apart."""
    places = np.union1d(yours.places, run.places)
    places = places[(places >= max(yours.places[0], run.places[0])) & (places <= min(yours.places[-1], run.places[-1]))]
    apart = yours.at(places) - run.at(places)
    widest = int(np.argmax(np.abs(apart)))
    size = (axes.y[1] - axes.y[0]) * abs(apart[widest])
    if abs(apart[widest]) <= 2 * STEP and len(run.left):
        return f"As you drew it: the run {run.edge(axes)}."
    if abs(apart[widest]) <= 2 * STEP:
        return f"As you drew it: at no {axes.name} are the two farther apart than {number_in_words(_rounded_up(size))}."
    where = (one.value(float(one.at(places[widest])), axes) for one in (yours, run))
    lead = "" if len(run.ways) != 1 else "Too fast: " if apart[widest] * way > 0 else "Too slow: "
    return _begun(lead, f"at {axes.place(places[widest])} yours is at {{}}, the run at {{}}.".format(*where))


def _rounded_up(size):
    """Return a number with two digits that is not below this one."""
    if size < 1e-12:
        return 0.0
    unit = 10.0 ** (np.floor(np.log10(size)) - 1)
    return float(np.ceil(size / unit - 1e-9) * unit)


def _unlike(mine, its):
    """Say whether two numbers of turns are told as different."""
    return abs(mine - its) > max(1, AGAIN * max(mine, its))


# Paths on a landscape.


class Trail:
    """A path on a landscape in shares of its picture, with what can be said of it. points: (n, 2)."""

    def __init__(self, function, points):
        self.function, self.points = function, np.asarray(points, float)
        low, high = np.array(function.bounds).T
        self.shares = (self.points - low) / (high - low)
        self.back = [max(len(turns(along, TURN)) - 2, 0) for along in self.shares.T]  # how often each weight turns back
        outside = np.any((self.shares < -1e-9) | (self.shares > 1 + 1e-9), axis=1)
        self.leaves = int(np.argmax(outside)) if outside.any() else None

    def off(self, goal):
        """Return how far the path is off the straight line from its start to a goal, at its farthest, with a sign."""
        chord = goal - self.shares[0]
        length = np.linalg.norm(chord)
        if length < NEAR:
            return 0.0
        normal = np.array([-chord[1], chord[0]]) / length
        normal = normal if tuple(normal[::-1]) > (0, 0) else -normal  # above the line, or to the right of it
        away = (self.shares - self.shares[0]) @ normal
        return float(away[np.argmax(np.abs(away))])

    def ends(self):
        """Return where the path ends in words."""
        return end(self.function, self.points[-1])


def end(function, point):
    """Return where a path ends in words: at the star, or at a point."""
    low, high = np.array(function.bounds).T
    stars = [(np.array(minimum) - point) / (high - low) for minimum in function.minima]
    if any(np.linalg.norm(star) < NEAR for star in stars):
        return "at the star"
    return f"at {point_in_words(_to_read(point, function))}"


def _to_read(point, function):
    """Return a point rounded to a thousandth of the picture."""
    digits = [int(np.ceil(-np.log10(np.ptp(bound) / 300))) for bound in function.bounds]
    return [round(float(x), d) for x, d in zip(point, digits)]


def described_path(run):
    """Return what a path does, for who has drawn nothing."""
    if run.leaves is not None:
        return f"The run leaves the picture at step {run.leaves}."
    most = int(np.argmax(run.back))
    turned = f"turns back {_times(run.back[most])} in {run.function.names[most]}, and " if run.back[most] else ""
    return f"The run {turned}ends {run.ends()}."


def parted_path(yours, run):
    """Return where a drawn path and a run part, two Trails."""
    if run.leaves is not None:
        return f"The run leaves the picture at step {run.leaves}; yours stays inside."
    weight = int(np.argmax(run.back if max(run.back) else yours.back))
    name, mine, its = run.function.names[weight], yours.back[weight], run.back[weight]
    if _unlike(mine, its):
        kind = "No bounce" if not mine else "No bounce in the run" if not its else "Bounces"
        said = f"yours turns back {_times(mine)}" if mine else "yours never turns back"
        return f"{kind}: in {name} {said}, the run {_times(its) if its else 'never'}."
    told = _sides(yours, run)
    if told:
        return told
    if np.linalg.norm(yours.shares[-1] - run.shares[-1]) > APART and yours.ends() != run.ends():
        return f"Another end: yours ends {yours.ends()}, the run {run.ends()}."
    farthest, point = _farthest(run, yours)
    if point:
        return f"At step {farthest} the run is farthest from what you drew, at {point}."
    _, point = _farthest(yours, run)
    if point:
        return f"Yours goes to {point}, and the run is never near it."
    return "As you drew it: the run is never far from your line."


def _sides(yours, run):
    """Return how two paths part that lie on different sides of a straight line; None if they don't."""
    goal, target = run.shares[-1], "the run's end"
    low, high = np.array(run.function.bounds).T
    stars = [(np.array(minimum) - low) / (high - low) for minimum in run.function.minima]
    if stars:
        goal, target = min(stars, key=lambda star: np.linalg.norm(star - run.shares[-1])), "the star"
    chord = np.abs(goal - run.shares[0])
    sides = {1: "above", -1: "below"} if chord[0] > 0 else {1: "to the right of", -1: "to the left of"}
    mine, its = yours.off(goal), run.off(goal)
    line = f"the straight line from the start to {target}"
    if abs(mine) > BENT and abs(its) > BENT and mine * its < 0 and max(*yours.back, *run.back) < 2:
        return f"The wrong side: yours goes {sides[int(np.sign(mine))]} {line}, the run {_other(sides, its)} it."
    if abs(mine) < STRAIGHT and abs(its) > BENT:
        return f"Too straight: yours stays near {line}; the run does not."
    if abs(its) < STRAIGHT and abs(mine) > BENT:
        return f"The run stays near {line}; yours does not."
    return None


def _other(sides, amount):
    return sides[int(np.sign(amount))]


def _farthest(trail, other):
    """Return the number of the point of a path that is farthest from another, and the point; None if it is near."""
    away = _away(trail.shares, other.shares)
    farthest = int(np.argmax(away))
    far = away[farthest] > APART
    return farthest, point_in_words(_to_read(trail.points[farthest], trail.function)) if far else None


def _away(points, line):
    """Return how far each point is from a line through points, all in shares."""
    starts, ways = line[:-1], np.diff(line, axis=0)
    if not len(ways):
        return np.linalg.norm(points - line[0], axis=1)
    lengths = np.maximum(np.sum(ways**2, axis=1), 1e-18)
    along = np.clip(np.sum((points[:, None] - starts) * ways, axis=2) / lengths, 0, 1)
    return np.linalg.norm(points[:, None] - (starts + along[..., None] * ways), axis=2).min(axis=1)


def _times(count):
    return "once" if count == 1 else f"{count} times"
