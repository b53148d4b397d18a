"""What the figure `backprop` shows of a pass forward and back: numbers for the browser, and all of it in words."""

import functools

import numpy as np

from gdcourse.widgets.drawing import SIDE
from gdcourse.widgets.figure import packed
from gdcourse.widgets.runs import number_in_words
from gdcourse.widgets.stations import SLACK, off

NAMED = 6  # units that are named where some are off


class Shown:
    """One image of a batch and one weight of a network, up to a step: forward layer by layer, then back."""

    def __init__(self, passed, back, right, image, stage, weight):
        """weight: (layer from 1, row or None for a bias, column). image: a row of the batch."""
        self.passed, self.back, self.right = passed, back, right
        self.image, self.stage, self.weight = image, stage, weight
        self.count = len(passed.layers)

    def reached(self, layer):
        """Say whether the slopes of a layer are there at this step."""
        return self.stage > 2 * self.count - layer

    def open_gates(self, layer):
        """Return which gates of a hidden layer the image finds open."""
        return self.passed.z[layer - 1][self.image] > 0

    def off_units(self, layer):
        """Return where the image's dz is not the right one; nowhere if there is none."""
        return off(self.back.slopes[layer - 1][0], self.right.slopes[layer - 1][0])[self.image]

    def any_off(self):
        """Say whether the slope of some weight is off."""
        pairs = zip(self.back.slopes, self.right.slopes)
        return any(bool(np.any(off(given, true))) for one, other in pairs for given, true in zip(one[1:], other[1:]))

    def columns(self):
        """Return for each layer what its units send on, the slopes there, and marks: 1 for shut, 2 for off."""
        found = []
        for l in range(1, self.count + 1):
            out = self.passed.p if l == self.count else self.passed.a[l]
            dz = self.back.slopes[l - 1][0]
            shut = l < self.count and ~self.open_gates(l)
            found.append(
                {
                    "out": packed(out[self.image]),
                    "slope": b"" if dz is None else packed(dz[self.image]),
                    "marks": (shut + 2 * self.off_units(l)).astype(np.uint8).tobytes(),
                    "open": "" if l == self.count else f"{np.count_nonzero(self.open_gates(l))} of {len(out[0])} open",
                    "largest": "" if dz is None else number_in_words(np.abs(dz[self.image]).max()),
                }
            )
        return found

    def slope(self):
        """Return the chosen weight's slope as the function gives it; None where it gives none."""
        layer, row, column = self.weight
        _, dW, db = self.back.slopes[layer - 1]
        if row is None:
            return None if db is None else float(db[column])
        return None if dW is None else float(dW[row, column])

    def shares(self):
        """Return what each image adds to the chosen weight's slope: its a, its dz and their product, (n, 3)."""
        layer, row, column = self.weight
        dz = self.back.slopes[layer - 1][0]
        a = np.ones(len(self.passed.y)) if row is None else self.passed.a[layer - 1][:, row]
        dz = np.full(len(a), np.nan) if dz is None else dz[:, column]
        return np.column_stack([a, dz, a * dz])

    @functools.cached_property
    def nudged(self):
        """Return the chosen weight's slope from nudging it, how far that may be off, and what follows from it:
        "right", "off", or "unsure".
        """
        layer, row, column = self.weight
        true = self.right.slopes[layer - 1][1 if row is not None else 2]
        nudged, error = self.passed.nudged(layer, row, column)
        slope = self.slope()
        if slope is None:
            return nudged, error, ""
        where = column if row is None else (row, column)
        seen_off = bool(off(np.array(slope), true[where], np.abs(true).max()))
        if not abs(slope - nudged) <= SLACK * np.abs(true).max() + error:
            return nudged, error, "off" if np.isfinite(error) else "unsure"
        return nudged, error, "unsure" if seen_off or not np.isfinite(error) else "right"

    def sum(self, names):
        """Return the chosen weight's slope as a sum over the images, in words and with the shares as lengths of bars.

        names: of the images.
        """
        layer, row, column = self.weight
        reached, ahead = self.reached(layer), self.stage >= layer - 1
        shares = self.shares()
        most = np.nanmax(np.abs(shares[:, 2]), initial=0) or 1.0
        told = lambda number, here: number_in_words(number) if here else "…"  # noqa: E731
        slope = self.slope()
        nudged, _, verdict = self.nudged if reached else (0.0, 0.0, "")
        return {
            "heads": [
                "1" if row is None else f"X[i, {row}]" if layer == 1 else f"a{layer - 1}[i, {row}]",
                f"dz{layer}[i, {column}]",
            ],
            "rows": [
                [name, told(a, ahead), told(dz, reached), told(share, reached)]
                for name, (a, dz, share) in zip(names, shares)
            ],
            "bars": [round(float(np.nan_to_num(share) / most), 3) if reached else 0.0 for share in shares[:, 2]],
            "total": told(shares[:, 2].sum(), reached),
            "name": "d" + place(self.weight),
            "slope": "none" if slope is None and reached else told(slope or 0.0, reached),
            "nudged": told(nudged, reached),
            "verdict": verdict,
        }

    def forward_in_words(self, about):
        """Return what the forward pass has made of the image up to this step. about: the image's name."""
        last, step = self.count, self.stage
        if step == 0:
            return f"{about}. Its 784 pixels go in."
        gates = [f"{np.count_nonzero(self.open_gates(l))} of {len(self.open_gates(l))}" for l in range(1, last)]
        if step < last:
            return f"{about}. Forward, layer {step}: {gates[step - 1]} gates are open; a shut one sends 0 on."
        p, label, n = self.passed.p[self.image], self.passed.y[self.image], len(self.passed.y)
        guess = int(np.argmax(p))
        loss = f"the loss is {self.passed.losses[self.image]:.2f}"
        if n > 1:
            loss += f", and {self.passed.losses.mean():.2f} in the mean of the {n} images"
        reads = f"p is {p[label]:.2f} at the label" + (f" and largest at {guess}" if guess != label else "")
        if step == last:
            return f"{about}. Forward, layer {last}: {reads}, so {loss}."
        return f"{about}. {' and '.join(gates)} gates are open; {reads}; {loss}."

    def back_in_words(self, told, exact):
        """Return what the way back has given up to this step, and what of it is off.

        told: what walks back, a sentence. exact: it is the course's own function.
        """
        last, step, n = self.count, self.stage, len(self.passed.y)
        if step <= last:
            return ""
        if step == last + 1:
            return f"Back, layer {last}: dz{last} is p − onehot(y){f', divided by {n}' if n > 1 else ''}."
        found = []
        for l in range(last - 1, 2 * last - step, -1):
            notes = [sentence for layer, sentence in self.back.notes if layer == l]
            arrays = [self._off_in_words(l, k) for k in range(3)]
            if any(arrays):
                notes.insert(0, f"Layer {l} is off: {'; '.join(filter(None, arrays))}.")
            found += notes
        if found:
            return " ".join([told, *found])
        so_far = "" if step == 2 * last else "so far "
        agree = f"{told} Its slopes {so_far}agree with the right ones."
        alone = " With one image, sum and mean over the batch are the same." if n == 1 and not exact else ""
        return agree + alone

    def _off_in_words(self, layer, which):
        """Return where dz, dW or db of a layer is off, or nothing."""
        given, right = self.back.slopes[layer - 1][which], self.right.slopes[layer - 1][which]
        wrong = off(given, right)
        if not wrong.any():
            return ""
        name = ("dz", "dW", "db")[which] + str(layer)
        if which:
            return f"{name} at {np.count_nonzero(wrong):,} of {wrong.size:,} {('weights', 'biases')[which - 1]}"
        units = np.flatnonzero(wrong[self.image])
        if not units.size:
            return f"{name} on other images"
        named = ", ".join(map(str, units[:NAMED])) + (", …" if units.size > NAMED else "")
        shut = np.count_nonzero(wrong[self.image] & ~self.open_gates(layer))
        shuts = f", {'all' if shut == units.size else shut} of them shut" if shut else ""
        return f"{name} at {units.size} of {wrong.shape[1]} units ({named}){shuts}"

    def weight_in_words(self):
        """Return the chosen weight's slope as a sum, and whether nudging agrees."""
        layer, row, column = self.weight
        called = place(self.weight)
        if layer == 1 and row is not None:
            called += f" (from the pixel in row {row // SIDE}, column {row % SIDE}, counted from 0)"
        if not self.reached(layer):
            return f"{called}: its slope comes with step {2 * self.count - layer + 1}."
        slope, (nudged, error, verdict) = self.slope(), self.nudged
        if slope is None:
            return f"{called}: there is no slope; nudged, it is {number_in_words(nudged)}."
        shares, n = self.shares()[:, 2], len(self.passed.y)
        total, together = (
            number_in_words(shares.sum()),
            f"the {n} shares add up to" if n > 1 else "the image's share is",
        )
        if abs(shares.sum() - slope) <= SLACK * np.abs(shares).sum():
            apart = f"is the sum of {n} shares, {_many(np.count_nonzero(shares), n)} not 0"
            told = apart if n > 1 else "is the image's share"
        elif np.isnan(shares).any():
            told = "has no shares, for want of numbers"
        else:
            told = f"is not a sum of shares: {together} {total}"
        told = f"{called}: the slope {number_in_words(slope)} {told}; nudged, it is {number_in_words(nudged)}."
        rough = error > 1e-3 * max(abs(nudged), abs(slope)) and (nudged or slope)
        why = ": a gate opens or shuts on the way" if np.isinf(error) else ""
        verdicts = {
            "right": f"✓ They agree{', as far as nudging can tell' if rough else ''}.",
            "off": "✗ The slope is off.",
            "unsure": f"? Nudging can't tell{why}.",
        }
        return f"{told} {verdicts[verdict]}"


def _many(count, whole):
    """Return how many of a whole these are."""
    return {0: "none of them", whole: "all of them"}.get(count, f"{count} of them")


def place(weight):
    """Return how a weight is called: W1[348, 17] or b2[5]."""
    layer, row, column = weight
    return f"b{layer}[{column}]" if row is None else f"W{layer}[{row}, {column}]"
