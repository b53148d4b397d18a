"""The sweep: where a run ends for each of many learning rates, seen by its last points, and said in words.

A run goes on far beyond the steps of the figure, so that what is slow arrives. Where the arithmetic takes whole arrays
all rates run at once; else one after the other, in slices of time, so that the figure stays alive meanwhile.
"""

import contextlib
import io
import time
from dataclasses import dataclass

import numpy as np

from gdcourse import optimizers
from gdcourse.functions import Function
from gdcourse.limits import Deadline, TooLong, watched
from gdcourse.widgets import verdicts
from gdcourse.widgets.runs import number_in_words

RATES = 400  # in full
FINER = 7  # more of them where the end changes
LAST = 30  # points of each run that are drawn
TAIL = 100  # points of each run that are judged; a run is a multiple of it long
QUICK, SLOW = 100, 1  # how many times as many steps as the figure shows: where a step takes microseconds, and elsewhere
NARROW = 0.01  # of all rates
FEW = 4  # values between which a run bounces: so many are told
FAR = 1e6  # widths of the picture: nothing comes back from there
SOME = 16  # rates at a time where a step takes long
CHECKED = 24  # points at which a gradient of the learner's that takes whole arrays is checked
ROUNDING = 1e-13  # widths of the picture
SECONDS = 1  # for some steps of the learner's code, before it is taken for a loop without end
WHOLE = (optimizers.SGD, optimizers.Adagrad, optimizers.RMSprop, optimizers.Adam, optimizers.AdamW)

SETTLES, BOUNCES, WANDERS, ON_ITS_WAY, LEAVES, FAILS = range(6)
NUMBERS = ("", "one", "two", "three", "four")


class Nowhere(io.TextIOBase):
    """Takes what the learner's code prints, which would be hundreds of thousands of lines."""

    def write(self, text):
        """Forget it."""
        return len(text)


@dataclass
class Column:
    """Where the run with one learning rate ends."""

    kind: int  #: SETTLES, BOUNCES, …
    period: int  #: after so many steps a run that bounces comes back
    place: float  #: where the shown weight settles
    last: np.ndarray  #: (LAST,), the last values of the shown weight; none where the run leaves or fails

    def same(self, other, near):
        """Say whether two runs end alike: in the same way, in nearly the same place, or between as many values."""
        if (self.kind, self.period) != (other.kind, other.period):
            return False
        return self.kind != SETTLES or abs(self.place - other.place) < near

    def many(self):
        """Say whether a run goes between more values than one would count."""
        return self.kind == WANDERS or self.kind == BOUNCES and self.period > FEW


class Sweep:
    """Where the runs from one start end; it is filled in rate by rate, or in full, in slices of time.

    function: the `Function` walked on. gradient: of w, the learner's or the function's. optimizer_of: a function of
    the learning rate that returns a fresh optimizer. start: (d,). steps: of the figure. rates: (low, high).
    """

    def __init__(self, function, gradient, optimizer_of, start, steps, rates):
        self.function, self.gradient, self.optimizer_of = function, gradient, optimizer_of
        self.rates, self.axis = rates, shown_axis(function)
        self.low, self.high = np.array(function.bounds, float).T
        self.shown_steps = steps
        self.steps = 0  # of each run; known when the first one begins
        self.begin(start)

    def begin(self, start):
        """Begin anew, from this start or with another optimizer of the same class."""
        self.start = np.array(start, float)
        self.columns = {}  # by learning rate
        self.complete = False
        self.shown = None  # what the browser has
        self.stop()

    @property
    def going(self):
        """Whether there is something to compute."""
        return self._work is not None

    def explore(self, rate):
        """Take up one more rate, unless it is known or all are wanted."""
        if self.complete or self.asked or rate in self.columns or rate in self._wanted:
            return
        self._wanted.append(rate)
        if self._work is None:
            self._work = self._fill_wanted()

    def fill(self):
        """Take up all rates, coarsely first, and then more of them where the end changes."""
        if self.complete or self.asked:
            return
        self._work = self._fill_all()
        self.asked = RATES  # rates that are to be done

    def fill_if_quick(self):
        """Take up all rates and do them now, where that takes a second."""
        if not self.steps:
            self._prepare()
        if self.quick:
            self.fill()
            self.go_on(np.inf)

    def stop(self):
        """Leave the rest alone; what is done stays."""
        self._work, self._wanted, self.asked = None, [], 0

    def go_on(self, seconds):
        """Compute for about so long; a loop without end in the learner's code, or an interrupt, stops it for good."""
        end = time.perf_counter() + seconds
        try:
            with np.errstate(all="ignore"), contextlib.redirect_stdout(Nowhere()):
                while self._work is not None and time.perf_counter() < end:
                    if next(self._work, self) is self:  # it has come to its end
                        self.stop()
        except (TooLong, KeyboardInterrupt):
            self.stop()

    def _fill_wanted(self):
        while self._wanted:
            yield from self._fill([self._wanted[:1]])
            self._wanted = self._wanted[1:]

    def _fill_all(self):
        grid = rounded(np.geomspace(*self.rates, RATES), 4)
        order = [grid[0::4], grid[1::4] + grid[2::4] + grid[3::4]]
        yield from self._fill([[rate for rate in part if rate not in self.columns] for part in order])
        between = [np.geomspace(one, other, FINER + 2)[1:-1] for one, other in self._borders()]
        finer = [rate for rate in rounded(np.concatenate([*between, []]), 5) if rate not in self.columns]
        self.asked += len(finer)
        yield from self._fill([finer])
        self.complete = True

    def _borders(self):
        """Return the neighbouring rates between which one clear end changes into another."""
        regions = self.regions()
        return [(one.high, other.low) for one, other in zip(regions, regions[1:]) if one.clear or other.clear]

    def _prepare(self):
        """Find out whether the gradient takes whole arrays, and so how far the runs go."""
        self.slopes = self._slopes()
        self._decide_how_far()

    def _decide_how_far(self):
        self.quick = self.slopes is not None and self.function.cells >= Function.cells
        self.steps = -(-max((QUICK if self.quick else SLOW) * self.shown_steps, TAIL) // TAIL) * TAIL

    def _fill(self, parts):
        if not self.steps:
            self._prepare()
        for rates in parts:
            while rates:
                size = len(rates) if self.quick else SOME if self.slopes else 1
                yield from (self._together if self.slopes else self._alone)(rates[:size])
                rates = rates[size:]

    # All at once.

    def _slopes(self):
        """Return the gradient as a function of an array (d, n) if it takes one and treats each point for itself."""
        if type(self.optimizer_of(self.rates[0])) not in WHOLE:
            return None
        owner = getattr(self.gradient, "__self__", None)
        if isinstance(owner, Function) and self.gradient.__func__ is Function.gradient:
            return lambda w: np.asarray(owner.slope(*w), float).reshape(w.shape)
        return self._whole if self._agree(self._anywhere(CHECKED)) else None

    def _anywhere(self, count):
        """Return so many points of the picture, (d, count)."""
        return (self.low + (self.high - self.low) * np.random.default_rng(0).uniform(size=(count, len(self.low)))).T

    def _whole(self, w):
        given = w.copy()  # the learner's code may write into it
        return np.asarray(self.gradient(given if len(w) > 1 else given[0]), float).reshape(w.shape)

    def _agree(self, points):
        """Say whether the learner's gradient gives for an array of points, (d, n), what it gives for some of them."""
        try:
            with watched(Deadline(SECONDS), closely=True):
                whole = np.asarray(self.gradient((points if len(points) > 1 else points[0]).copy()), float)
                some = points.T[:CHECKED]
                each = np.array([self.gradient(p.copy() if len(p) > 1 else p[0]) for p in some], float)
            whole = whole.reshape(points.shape).T[:CHECKED]
            return np.allclose(whole, each.reshape(whole.shape), rtol=1e-9, atol=1e-12, equal_nan=True)
        except (Exception, TooLong):
            return False

    def _together(self, rates):
        """Run all these rates side by side, yielding now and then, and judge them."""
        w = np.repeat(self.start[:, None], len(rates), axis=1)
        optimizer = self.optimizer_of(rates[0])
        object.__setattr__(optimizer, "learning_rate", np.array(rates))  # past the check for one number
        tail = np.empty((TAIL, *w.shape))
        ours = self.slopes != self._whole
        if not ours and not self._agree(self._anywhere(len(rates))):
            return (yield from self._one_by_one(rates))
        at_once = TAIL if self.quick else 1
        for done in range(0, self.steps, at_once):
            try:
                w = self._advance(w, optimizer, tail[done % TAIL :][:at_once], ours, done == 0)
            except (Exception, TooLong):
                return (yield from self._one_by_one(rates))
            yield
            if (done + at_once) % TAIL == 0 and self._ended(tail):
                break
        finite = np.isfinite(tail[-1]).all(axis=0)
        if not ours and finite.any() and not self._agree(tail[-1][:, finite]):
            return (yield from self._one_by_one(rates))
        yield from self._judge(rates, tail)

    def _one_by_one(self, rates):
        self.slopes = None
        self._decide_how_far()
        for rate in rates:
            yield from self._alone([rate])

    def _advance(self, w, optimizer, tail, ours, first):
        """Go on for as many steps as fit into tail, and return the last points."""
        guard = contextlib.nullcontext() if ours else watched(Deadline(SECONDS), closely=first)
        with guard:
            for k in range(len(tail)):
                w = w + optimizer.next_change(w, self.slopes(w))
                tail[k] = w
        return w

    def _ended(self, tail):
        """Say whether no run will do anything new: each repeats itself but for rounding, or is gone."""
        gone = ~np.isfinite(tail[-1]).all(axis=0)
        apart = np.abs(tail[-16:-8] - tail[-8:]).max(axis=0) / (self.high - self.low)[:, None]
        return bool(np.all((apart < ROUNDING).all(axis=0) | gone))

    # One after the other.

    def _alone(self, rates):
        """Run one rate as `descend` does, yielding now and then, and judge it."""
        w, optimizer = (self.start if self.start.size > 1 else self.start[0]), self.optimizer_of(rates[0])
        tail = np.full((TAIL, self.start.size, 1), np.nan)
        done, at_once = 0, 1
        while done < self.steps and w is not None:
            began = time.monotonic()
            try:
                with watched(Deadline(SECONDS), closely=True):
                    for k in range(done, done + at_once):
                        w = optimizers.next_point(self.gradient, w, optimizer)
                        tail[k % TAIL, :, 0] = np.nan if w is None else w
                        if w is None:
                            tail[-1] = np.nan
                            break
            except Exception:
                self.columns[rates[0]] = Column(FAILS, 0, np.nan, np.empty(0))
                yield
                return
            done += at_once
            at_once = 10 if done % 10 == 0 and time.monotonic() - began < 0.1 else 1
            yield
            if done % TAIL == 0 and self._ended(tail):
                break
        yield from self._judge(rates, tail)

    # What the ends say.

    def _judge(self, rates, tail):
        scaled = (tail - self.low[:, None]) / (self.high - self.low)[:, None]
        gone = ~(np.abs(scaled[-1]) < FAR).all(axis=0)
        cycles = exact_cycles(scaled)
        for i, rate in enumerate(rates):
            if gone[i]:
                kind, period, places = LEAVES, 0, [np.nan]
            elif cycles[i]:
                places = scaled[-cycles[i] :, self.axis, i]
                kind, period = cycle(scaled[-cycles[i] :, :, i])
            else:
                kind, period, places = judged(scaled[:, :, i], self.axis)
                yield
            last = np.empty(0) if kind == LEAVES else tail[-LAST:, self.axis, i].copy()
            place = self.low[self.axis] + (self.high - self.low)[self.axis] * np.mean(places)
            self.columns[rate] = Column(kind, period, place, last)

    def regions(self):
        """Return the Regions of the rates that are known, from the lowest rate to the highest."""
        near = verdicts.REACH * (self.high - self.low)[self.axis]
        return _regions(sorted(self.columns.items()), near)

    def words(self):
        """Return what the full sweep shows, in a sentence."""
        if not self.complete:
            return ""
        regions = self.regions()
        told = [self._told(region) for region in regions]
        for k in range(len(told) - 1, 0, -1):
            if all(one.startswith("bounces between") for one in told[k - 1 : k + 1]):
                told[k] = told[k].removeprefix("bounces ")
        for k, (one, other) in enumerate(zip(regions, regions[1:])):
            told[k] += f" up to {'' if k else 'η = '}{_border(one.high, other.low)}"
        told[-1] += " at all these rates" if len(told) == 1 else " above"
        return f"In {self.steps:,} steps from this start the run {', '.join(told)}."

    def _told(self, region):
        """Return how runs with these rates end, as a predicate."""
        ends = list(dict.fromkeys(self._end_in_words(end, region.clear) for end in region.ends))
        return ends[0] if len(ends) == 1 else f"changes from rate to rate (it {', or '.join(ends)})"

    def _end_in_words(self, end, clear):
        if end.many() or end.kind == BOUNCES and end.period > 2 and not clear:
            return "bounces between many values, mostly without order"
        if end.kind == BOUNCES:
            return f"bounces between {NUMBERS[end.period]} values"
        if end.kind == SETTLES:
            shown = f"with {self.function.names[self.axis]} " if self.start.size > 1 else ""
            return f"settles {shown}at {self._place_in_words(end.place)}"
        return {ON_ITS_WAY: "is still on its way", LEAVES: "flies away", FAILS: "ends with an error"}[end.kind]

    def _place_in_words(self, value):
        """Return the place where a run settles: a lowest point that is as near as a picture shows, or a number."""
        for minimum in self.function.minima:
            if abs(value - minimum[self.axis]) < verdicts.REACH * (self.high - self.low)[self.axis]:
                return number_in_words(minimum[self.axis])
        return number_in_words(float(f"{value:.2g}"))

    def sent(self):
        """Return the sweep as the browser reads it: rates in four bytes; for each, how many heights, and those.

        A height is a byte, from 1 at the lower bound to 254 at the upper one; 0 and 255 lie beyond.
        """
        rates, columns = zip(*sorted(self.columns.items())) if self.columns else ((), ())
        low, high = self.low[self.axis], self.high[self.axis]
        heights = [np.unique(_codes((column.last - low) / (high - low))) for column in columns]
        return {
            "rates": np.array(rates, np.float32).tobytes(),
            "kinds": bytes(column.kind for column in columns),
            "sizes": bytes(len(one) for one in heights),
            "heights": b"".join(one.tobytes() for one in heights),
            "complete": self.complete,
            "steps": self.steps,
            "words": self.words(),
        }

    def state(self):
        """Return what changes when there is more to show."""
        return len(self.columns), self.complete, id(self.columns)

    def pace(self):
        """Return whether there is more to do, whether that is all rates, and the share of them that is done."""
        share = min(len(self.columns) / self.asked, 1.0) if self.asked else 0.0
        return {"going": self.going, "full": bool(self.asked), "share": share}


def _codes(share):
    """Return heights, 0 at the lower bound and 1 at the upper one, as bytes."""
    return np.where(share < 0, 0, np.where(share > 1, 255, np.round(1 + 253 * np.clip(share, 0, 1)))).astype(np.uint8)


def rounded(rates, digits):
    """Return rates with so many significant digits, none twice, so that a rate can be written into the figure."""
    return list(dict.fromkeys(float(f"{rate:.{digits - 1}e}") for rate in rates))


def shown_axis(function):
    """Return the weight that is shown: the one across the valley, of the largest curvature at the lowest point.

    That one bounces first, to both sides. The distance from the lowest point would lay the two sides on one another.
    """
    if function.dimensions == 1:
        return 0
    point = np.array(function.minimum or function.start, float)
    found = []
    for i, (low, high) in enumerate(function.bounds):
        nudge = np.zeros(2)
        nudge[i] = 1e-4 * (high - low)
        try:
            with np.errstate(all="ignore"):
                change = function.gradient(point + nudge)[i] - function.gradient(point - nudge)[i]
        except Exception:
            change = np.nan
        found.append(abs(float(change)) / nudge[i])
    return int(np.argmax(np.nan_to_num(found)))


def exact_cycles(scaled):
    """Return after how many steps each run repeats itself but for rounding, 0 if it doesn't. scaled: (TAIL, d, n)."""
    found = np.zeros(scaled.shape[-1], int)
    for period in range(LAST, 0, -1):
        apart = np.abs(scaled[period:] - scaled[:-period]).max(axis=(0, 1))
        found[apart < verdicts.TINY] = period
    return found


def cycle(places):
    """Return the kind and the period of a cycle, as far as a picture shows it. places: (period, d), in its widths."""
    if np.ptp(places, axis=0).max() <= verdicts.NEAR:
        return SETTLES, 1
    for period in range(2, len(places)):
        if len(places) % period == 0 and np.abs(places - np.roll(places, period, axis=0)).max() <= verdicts.NEAR:
            return BOUNCES, period
    return BOUNCES, len(places)


def judged(scaled, axis):
    """Return the kind and the period of a run that doesn't yet repeat itself to the last digit, and its shown places.

    scaled: (TAIL, d).
    """
    found = [_judged(x) for x in scaled.T]
    return *max((kind, period) for kind, period, _ in found), found[axis][2]


def _judged(x):
    for period in verdicts.PERIODS:
        places = verdicts.limits(x, period)
        if places is None:
            continue
        kind, period = cycle(places[:, None])
        arrived = np.abs(x[-1] - places[-1]) <= verdicts.NEAR and np.ptp(x[-TAIL // 4 :]) < verdicts.NEAR**2
        across = np.mean(np.diff(x)[1:] * np.diff(x)[:-1] < 0) > 0.5
        return (kind, period, places) if kind == BOUNCES or arrived or across else (ON_ITS_WAY, 0, x[-1:])
    move = verdicts.motion(x)
    swings = move in (verdicts.SWINGS, verdicts.NEARS)
    if move == verdicts.STILL or swings and np.ptp(x[-LAST:]) < verdicts.REACH:
        return SETTLES, 1, x[-LAST:]
    if move == verdicts.GROWS and np.abs(x[-LAST:] - 0.5).max() > 1:  # it has left the picture
        return LEAVES, 0, x[-1:]
    moves = swings or move in (verdicts.COMES, verdicts.LEAVES, verdicts.GROWS)
    return (ON_ITS_WAY if moves else WANDERS), 0, x[-1:]


@dataclass
class Region:
    """Neighbouring rates whose runs end alike, or where the end changes from rate to rate."""

    low: float
    high: float
    ends: list  #: a Column of each piece whose runs end alike, the longest piece first
    clear: bool  #: whether all end alike


def _pieces(columns, near):
    """Return (rate, Column) in order, in pieces that end alike."""
    pieces = []
    for one in columns:
        if pieces and one[1].same(pieces[-1][-1][1], near):
            pieces[-1].append(one)
        else:
            pieces.append([one])
    return pieces


def _regions(columns, near):
    """Return the Regions of (rate, Column) in order.

    A narrow piece beside others that bounce between many values belongs to those. Other narrow ones that follow one
    another are one region, which is not clear.
    """
    if not columns:
        return []
    narrow = NARROW * np.log(columns[-1][0] / columns[0][0])
    groups = []  # [pieces, whether they bounce between many values]
    for piece in _pieces(columns, near):
        end = piece[0][1]
        many = end.many() or end.kind == BOUNCES and end.period > 2 and _width([piece]) < narrow
        if groups and many and groups[-1][1]:
            groups[-1][0].append(piece)
        else:
            groups.append([[piece], many])
    merged = []  # [pieces, whether they are narrow]
    for pieces, _ in groups:
        brief = _width(pieces) < narrow
        if merged and brief and merged[-1][1]:
            merged[-1][0].extend(pieces)
        else:
            merged.append([list(pieces), brief])
    return [_region(pieces) for pieces, _ in merged]


def _width(pieces):
    return np.log(pieces[-1][-1][0] / pieces[0][0][0])


def _region(pieces):
    ends = [piece[len(piece) // 2][1] for piece in sorted(pieces, key=len, reverse=True)]
    return Region(pieces[0][0][0], pieces[-1][-1][0], ends, len(pieces) == 1)


def _border(below, above):
    """Return the rate between two that end differently."""
    close = above / below < 1.003
    return number_in_words(float(f"{(below + above) / 2:.{3 if close else 2}g}"))
