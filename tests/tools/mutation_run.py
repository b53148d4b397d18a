"""Which slips the checks take for right: every mutant of every reference, run on the exercise's cases.

python tests/tools/mutation_run.py [NAME …] prints the survivors, with the reason why each one really is right. One
without a reason means that the cases let a wrong answer through: mend the cases, or say here why it is right.
"""

import copy
import re
import sys
import warnings

import numpy as np

from gdcourse.exercises import catalogue, comparing
from gdcourse.exercises.definition import Exercise
from gdcourse.exercises.slips import trees
from gdcourse.exercises.slips.rules import RULES

# What a survivor has written, after its exercise's name, and why that is right all the same.
# No pattern may fit what the cases refuse.
LIKE_IT = "Its value is never negative, so `abs` changes nothing."
AS_MANY = "Both have as many rows."
RIGHT = [
    (
        r".*\babs\((abs\(.*\)|np\.(abs|arg\w+|exp|flatnonzero|is\w+|linalg\.norm|maximum|sqrt|std|unique|zeros\w*)\(.*\)|"
        r"[^()]*\*\* 2|np\.mean\(residual \*\* 2\)|max\((curvatures|differences)\)|-gradient\(w\))\).*",
        LIKE_IT,
    ),
    (r".*\babs\((learning_rate( \* a1\.T)?|h|2 \* h|flat|steps?|right - left|2 / max\(curvatures\))\).*", LIKE_IT),
    (r"(standardise|one_epoch): .*\babs\((std|old\.std\(axis=0\)|batch|order.*|first.*)\).*", LIKE_IT),
    (r"softmax: return .*\babs\((e|e\.sum.*|e / e\.sum.*)\).*", LIKE_IT),
    (r"(cross_entropy|layer_gradient): .*\babs\((p|y|p\[.*\]|p\.copy\(\))\).*", LIKE_IT),
    (
        r"(accuracy|confusion_matrix): .*\babs\((guess|y|g|truth|p\.argmax\(axis=1\)|\(guess == y\)\.mean\(\))\).*",
        LIKE_IT,
    ),
    (r"confusion_matrix: return abs\(counts\)", LIKE_IT),
    (r"(dead_units|prepare): .*\babs\((X|silent.*|images.*|rows.*|labels)\).*", LIKE_IT),
    (
        r"column_loss: .*(y - \(X|-\(\(X|\(-residual\)|abs\(\(X @ W\)\[:, 0\] - y|abs\(residual\) \*\*).*",
        "The square drops the sign.",
    ),
    (r"rate_along: .*norm\((-|abs\()direction.*", "The length has no sign."),
    (r"(on_a_log_scale: (?!return low \* abs\(factor\)$)|cosine_rate: ).*\babs\((?!np\.cos).*", LIKE_IT),
    (
        r"cosine_rate: done = (-min\(step / steps, 1\)|min\(1, step / steps\))",
        "The cosine of -x is that of x; `min` has no order.",
    ),
    (r"cosine_rate: .*cos\((-|np\.pi \* -).*", "The cosine of an angle is that of minus the angle."),
    (r"choose_rate: (test_loss = |for rate in abs|.*abs\(rates?).*", "Rates are positive; the test loss is not asked."),
    (r"choose_rate: .*argmin\(losses \* 2\).*", "The lowest is the lowest when all are doubled."),
    (r"fair_comparison: .*\babs\((difference\.std.*|error)\).*", LIKE_IT),
    (r"fair_comparison: .*sqrt\((difference\.(size|shape\[-1\])|len\([ab]\))\)", "All of them are as long."),
    (r"(add_up: .*\babs\((size|sum\(sizes\))\)|rows_of: .*\babs\((?!batches\))|sent_by_each: .*\babs\().*", LIKE_IT),
    (r"add_up: .*(\[::-1\]|zip\(sizes, gradients\)).*", "A sum and a product, in either order."),
    (r"rows_of: .*list\(batches\)\[:n\].*", "There are never more batches than images."),
    (r"sent_by_each: turns = .* / piece = .*", "Two lines changed places, and neither needs the other."),
    (r"largest_difference: .*(-\(a - b\)|b - a|theirs, ours).*", "The size of a difference has no sign."),
    (r"slope_between: left, right = \(right, left\)", "The rise and the distance both change their signs."),
    (r"softmax: e = (-np\.exp.*|.* (\*|/) 2)", "Numerator and denominator change alike."),
    (r"steps_until_flat: .*gradient\(w\)\) > flat:", "A slope is exactly as large as `flat` only by chance."),
    (r"(layer_below|two_layer_step): .*\((z1? [*/] 2|a1) > 0\)", "It is positive at the same places."),
    (r"dead_units: .*\(X @ W1 \+ b1\) [*/] 2 <= 0", "It is positive at the same places."),
    (r"(walk|record_path|confusion_matrix|largest_difference): for .*\[::-1\]:", "The turns may come in any order."),
    (r"largest_difference: .*(\[::-1\]|_again\(.*\)|differences \* 2).*", "The largest stays the largest."),
    (r"two_layer_step: .*np\.maximum\(0, z1\)", "The larger of two, in either order."),
    (r"rate_along: return u @ gradient\(w\)", "A dot product, in either order."),
    (r"steps_until_flat: steps \+= 1 / w = .*", "Two lines changed places, and neither needs the other."),
    (r"two_layer_step: (dz1 = .* / a1|W1 = .* / W2) = .*", "Two lines changed places, and neither needs the other."),
    (r"steps_until_flat: w -= .*", "A number is not changed in place."),
    (r"two_layer_step: W[12] -= .*", "Right, and said to change an argument in place."),
    (r"layer_gradient: dz = p", "Right, and said to change an argument in place."),
    (r"record_path: path = \[start\.copy\(\)\]", "The row holds the same numbers."),
    (r"column_loss: .*\(X @ W\)\[:, -1\].*", "The column is the first and the last."),
    (r"confusion_matrix: counts = (-np\.zeros\(.*|np\.zeros\(.*\) [*/] .*)", "Zeros stay zeros."),
    (r"prepare: .*reshape\(len\(images\), -(2|10)\)", "NumPy reads every negative size as *the rest*."),
    (r"(mse_gradient|cross_entropy|layer_gradient): .*(y\.size|y\.shape\[-1\]|len\((X|p|dz)\)).*", AS_MANY),
    (r"(one_epoch|prepare): .*len\((y|order|labels)\).*", AS_MANY),
    (r"batches: .*order\.(size|shape\[-1\]).*", AS_MANY),
    (r"batches: .*\babs\(.*", LIKE_IT),
    (r"(predict_mass|z_scores): .*\babs\(std\).*", LIKE_IT),
    (r"nearest_mean: .*\babs\((means?|\(\(X - mean\) \*\* 2\)\.sum\(axis=1\))\).*", LIKE_IT),
    (r"z_scores: .*np\.std\(-x\)", "The spread has no sign."),
    (r"nearest_mean: .*(mean - X|\(-\(X - mean\)\)|abs\(X - mean\) \*\*).*", "The square drops the sign."),
    (
        r"nearest_mean: .*((\.sum\(axis=1\)|\(X - mean\)) [*/] (2\) \*\*|2 for|\(\(X)|\.mean\(axis=1\)|"
        r"\(distances \* 2).*",
        "The nearest stays the nearest.",
    ),
    (r"(momentum|nesterov)_step: .*\babs\(momentum\).*", LIKE_IT),
    (r"(adagrad|rmsprop|adam)_step: .*(\(-gradient\)|abs\(gradient\)) \*\* 2.*", "The square drops the sign."),
    (
        r"(adagrad|rmsprop|adam)_step: .*\babs\("
        r"(?!gradient|w\b|mean\b|(learning_rate|\(1 - beta_1\)) \* gradient|"
        r"beta_1 \* mean|rate \* mean|beta_2\)\) /|beta_1\)\)$).*",
        LIKE_IT,
    ),
    (r"(adagrad|rmsprop|adam)_step: (w|accumulator|t) [-+]= .*", "Right, and said to change an argument in place."),
    (
        r"adam_step: (mean_square = .* / mean = .*|t = t \+ 1 / mean_square = .*)",
        "Two lines changed places, and neither needs the other.",
    ),
    (r"(dead_shares|smallest_loss|start_spread): .*(?<!-)\babs\(.*", LIKE_IT),
    (r"dead_shares: .*\((-a|a \* a|a [*/] 2) == 0\).*", "It is zero at the same places."),
    (r"dead_shares: .*a <= 0.*", "No output of a ReLU is negative."),
    (r"train_in_batches: w -= .*", "Right, and said to change an argument in place."),
    (r"frozen_step: .*(abs\(frozen\)|frozen \* frozen|frozen [*/] 2).*", "A mask is true at the same places."),
    (
        r"(frozen|adamw)_step: .*\babs\("
        r"(?!gradient|w\b|w_adam|learning_rate \* (gradient|weight_decay \* w)|np\.where).*",
        LIKE_IT,
    ),
    (r"adamw_step: learning_rate, weight_decay = .*", "A product, in either order."),
    (r"start_spread: inputs, kept = \(kept, inputs\)", "A product, in either order."),
    (r"nearest_mean: .*_again\(means\).*", "A mean that comes twice is found at its first place."),
    (
        r"(early_stopping|keep_best): .*\babs\((loss|losses\[.*\]|keep.*|epoch.*|waited|lowest|one_epoch\(w\))\).*",
        LIKE_IT,
    ),
    (r"early_stopping: for .*\[1:\]:", "The first epoch is the best so far, whatever its loss."),
    (r"early_stopping: for .*_again\(.*", "An epoch that is looked at twice changes nothing."),
    (r"early_stopping: if epoch - keep >= patience:", "The difference grows by 1, so it reaches patience exactly."),
    (r"keep_best: (w = w|- w = w\.copy\(\))", "Right, and said to change an argument in place."),
    (r"keep_best: best, .* / w = w\.copy\(\)", "Two lines changed places, and neither needs the other."),
    (
        r"keep_best: best, lowest, waited = "
        r"\(((0|np\.inf|w|-w.*|abs\(w.*|w.* [*/] .*), np\.inf, 0|w.*, np\.inf, -1)\)",
        "The first epoch puts its own in their place.",
    ),
    (r"keep_best: loss = one_epoch\(w\) [*/] 2", "The lowest stays the lowest."),
    (r"l2_gradients: .*\babs\((2 \* l2|l2)\).*", LIKE_IT),
    (r"l2_gradients: .*ndim >= 2.*", "No array has more than two axes."),
    (
        r"l2_gradients: return \[2 \* l2 \* array if array\.ndim == 2 else "
        r"(-np.*|np\.\w+\((array\) [*/]|array [*/]|-|abs).*) for array in weights\]",
        "Zeros stay zeros.",
    ),
    (r"dropout: if not .*training.*:", "True and False, as numbers, stay on their side."),
    (r"dropout: .*\babs\((u|rate|1 - rate)\).*", LIKE_IT),
    (r"kernel_gradient: .*reshape\((len\(rows\), )?-(2|10).*", "NumPy reads every negative size as *the rest*."),
    (r"kernel_gradient: .*\babs\(windows\.shape.*", LIKE_IT),
    (r"kernel_gradient: .*shape\[-(1|2)\] \* windows\.shape\[-\1\]\)", "Windows are squares."),
    (r"kernel_gradient: db = .* / dK = .*", "Two lines changed places, and neither needs the other."),
    (r"suppress: order = .* / kept = .*", "Two lines changed places, and neither needs the other."),
    (
        r"intersection_over_union: (width = .* / height|areas = .* / common) = .*",
        "Two lines changed places, and neither needs the other.",
    ),
    (
        r"intersection_over_union: areas = .* in \((-box, other|box, -other)\)\]",
        "No area turns its sign.",
    ),
    (r"intersection_over_union: (box, other = .*|.*(other, box)\).*|.*::-1\].*)", "Neither box comes first."),
    (r"intersection_over_union: .*(min|max)\((other\[\d\], box|0, ).*", "The larger of two, in either order."),
    (
        r"intersection_over_union: .*\babs\((max\((height|width)|areas\[|"
        r"\(?bottom - |\(?right - |common).*",
        LIKE_IT,
    ),
    (
        r"intersection_over_union: .*(_again\(|areas \* 2\)|\+ areas\[-1\]).*",
        "The first two of the list stay the first two.",
    ),
    (r"(intersection_over_union|in_picture): .*\[-2\].*", "Place -2 of four is place 2."),
    (r"in_picture: .*\babs\(16 \* box\[[23]\].*", LIKE_IT),
    (r"in_picture: .*\babs\(box(\[[23]\]\)|\)\[[23]\]).*", LIKE_IT),
    (r"suppress: .*\babs\((?!kept).*", LIKE_IT),
    (r"suppress: .*argsort\(-\(scores (\* scores|[*/] 2)\)\).*", "The surest stays the surest."),
    (
        r"suppress: (if (-stays|stays [*/] .*):|stays = (-all\(.*|all\(.* in kept\)\) [*/] .*))",
        "What is not zero counts as true.",
    ),
    (r"suppress: .*intersection_over_union\(boxes\[j\], boxes\[k\]\).*", "Neither box comes first."),
    (
        r"suppress: stays = .*(kept\)\[::-1\]|_again\(kept\)|kept \* 2).*",
        "Each is asked, in any order and however often.",
    ),
    (r"suppress: for k in _again\(.*", "The last one comes twice, and overlaps itself."),
    (
        r"two_errors: false_rejects = .* / false_accepts = .*",
        "Neither line needs the other; equal is so only by chance.",
    ),
    (r"(two_errors|split_people): .*(abs\(|\* accepted\)|(test|\]\)) \* (test|np)).*", "Nothing in it is negative."),
    (
        r"(two_errors|pair_slopes): .*same (<= 0|>= 1|\* same ==|[*/] 2 == 0).*",
        "It is 0 or 1, and stays apart from the other.",
    ),
    (r"two_errors: .*(-same == 0|abs\(same\)).*", "It is 0 or 1, and stays apart from the other."),
    (r"pair_slopes: difference = .*places\[:, -1\]", "A pair has two places: the second is the last."),
    (
        r"pair_slopes: .*(abs\((same|distance|\(difference \*\* 2\).*)\)|(\(-|abs\()difference\) \*\* 2).*",
        "Its value, or its square, has no sign.",
    ),
    (r"pair_slopes: .*np\.maximum\(0, margin - distance\).*", "The larger of two, in either order."),
    (r"pair_slopes: .*len\((same|apart|difference|distance)\)", AS_MANY),
    (r"split_people: .*np\.arange\(who\.(size|shape\[-1\])\).*", "It has one axis."),
    (r"shares: return .*\babs\((counts\[pair\]|np\.array\(.*)\).*", LIKE_IT),
    (r"(shares: pairs|embedding_gradient: for) .*\[::-1\].*", "The turns may come in any order."),
    (r"(text_score|embedding_gradient): .*\babs\((numbers.*|known)\).*", LIKE_IT),
    (
        r"(text_score|embedding_gradient): .*numbers( != | \* numbers > | \* 2 > | / 2 > )0.*",
        "0 is none, the rest are.",
    ),
    (r"text_score: return v @ mean \+ b", "A dot product, in either order."),
    (
        r"embedding_gradient: dE = (-np.*|np\.zeros\(\(words, (len\(v\)\)\) [*/] .*|v\.(size|shape\[-1\])\)\)))",
        "Zeros stay zeros, and v and `known` have one axis.",
    ),
    (r"embedding_gradient: .*known\.(size|shape\[-1\]).*", AS_MANY),
    (r"attend: .*\babs\((np\.sqrt.*|e|e\.sum\(\)|e / e\.sum\(\)|a|len\(q\))\).*", LIKE_IT),
    (r"attend: e = (-np\.exp.*|.* (\*|/) 2)", "Numerator and denominator change alike."),
    (
        r"attend: e = np\.exp\(z( \+ z\.max\(\)| - "
        r"(-z\.max\(\)|abs\(z\.max\(\)\)|z\.max\(\) [*/] .*|z\.(min|sum|mean|argmax)\(\)|[qKV]\.max\(\)))?\)",
        "What is subtracted from all scores changes no weight, for scores as small as those of attention.",
    ),
    (r"attend(_gradient)?: .*(q\.size|q\.shape\[-1\]|len\(dc\)).*", "The query has as many numbers."),
    (r"attend_gradient: .*\babs\((a|np\.sqrt\(len\(q\)\)|len\(q\))\).*", LIKE_IT),
    (r"attend_gradient: dz = .*da @ a\)", "A dot product, in either order."),
    (r"attend_gradient: (da = .* / dV|dq = .* / dK) = .*", "Two lines changed places, and neither needs the other."),
    (r"translate: for _ in list\(range\(longest\)\)\[::-1\]:", "The turns may come in any order."),
    (r"translate: .*\babs\((next_word\(.*\)|said\[-[12]\]|word|longest)\).*", "No word has a number below 0."),
    (r"translate: if (word <= 0|-word == 0|word (\*|/) (2|word) == 0|word \*\* 2 == 0):", "It is 0 for the end alone."),
    (r"translate: word = .*\(said \* 2\)\[-[12]\].*", "Its end is the same."),
    (r"fill_and_scale: .*\babs\((train|val|spread|X\[train\]\.std\(axis=0\)|np\.where\(spread.*)\).*", LIKE_IT),
    (r"split_by_groups: .*(?<!dtype=)\babs\(.*", LIKE_IT),
    (
        r"fill_and_scale: X = np\.where\(np\.isnan\((X\) [*/] [^,]*|(-X|X [*/] \w|abs\(X\))\)), mean, X\)",
        "A gap stays a gap.",
    ),
    (
        r"fill_and_scale: spread = (\(-X\).*|np\.where\(.* (!= 0|[*/] \w+ > 0), spread, 1\))",
        "A spread is never negative.",
    ),
    (r"samples_needed: .*(\babs\((?!margin\)$)|\(-margin\) \*\* 2).*", "Shares and margins are positive."),
    (
        r"split_by_groups: (chosen = (np\.zeros.* \* np\.zeros.*|\(.*\) \* \(.*|chosen \* chosen .*)|"
        r"return .*(chosen \* chosen|flatnonzero\(chosen [*/] 2).*)",
        "True and False, as numbers, stay on their side.",
    ),
    (
        r"split_by_groups: chosen = np\.zeros\(groups\.(size|shape\[-1\]|ndim), .*",
        "No row is chosen yet, and one entry serves for all rows.",
    ),
    (r"split_by_groups: for .*(\[:least\]|_again\(order\)):", "There are enough rows before that turn."),
    (r"split_by_groups: chosen = .* / if .*", "It stops at the same group."),
]


def value_of(tree, function, case):
    """Return what the mutant makes of a case, or the exception."""
    tree.turns.left = trees.TURNS
    try:
        return function(*copy.deepcopy(case))
    except Exception as error:
        return error


def changed(before, after):
    """Return the lines of a mutant that are new, those that changed places, or `- line` for each that is lost."""
    before, after = before.splitlines(), after.splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    lines = [line for line in after if line not in before] or after or [f"- {line.strip()}" for line in before]
    return " / ".join(line.strip() for line in lines)


def mutants(task):
    """Yield (slip, what is written otherwise, whether all cases accept it) for each slip that Python takes."""
    tree = trees.Tree(task.reference, task.cases[0])
    cases = [*task.cases, *task.others]
    expected = [task.reference(*copy.deepcopy(case)) for case in cases]
    before = tree.written()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for slip in tree.slips(RULES):
            if function := tree.function(slip):
                accepted = all(
                    comparing.same(value, value_of(tree, function, case), task.tolerance)
                    for value, case in zip(expected, cases)
                )
                yield slip, f"{task.name}: {changed(before, tree.written(slip))}", accepted


def reason(written):
    """Return why what is written otherwise is right, or nothing."""
    return next((why for pattern, why in RIGHT if re.fullmatch(pattern, written)), "")


def main(names):
    tasks = [task for module in catalogue.lessons().values() for task in module.EXERCISES if isinstance(task, Exercise)]
    open_ones = 0
    for task in tasks:
        if names and task.name not in names:
            continue
        for slip, written, accepted in mutants(task):
            if accepted:
                why = reason(written)
                open_ones += not why
                print(f"{written}\n    {why or '??? ' + slip.sentence}")
    print(f"{open_ones} survivors without a reason")
    return bool(open_ones)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
