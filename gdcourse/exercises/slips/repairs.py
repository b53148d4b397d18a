"""Changes of a learner's own code that may make it right: the slip then stands where the change was made.

Each rule undoes a kind of slip, and its sentence quotes the code at hand; so it is true whenever the changed code is
right. The words are those of the slips.
"""

import ast
import builtins
import copy
import re
from itertools import pairwise

from gdcourse.exercises.slips.calling import function_and_value, is_a_square
from gdcourse.exercises.slips.computing import exchanged_shares, made_of
from gdcourse.exercises.slips.statements import uses_its_counter
from gdcourse.exercises.slips.trees import (
    Place,
    Slip,
    a_name,
    first_line,
    is_loaded,
    is_value,
    nodes,
    places,
    quote,
    takes_one,
    text_of,
)
from gdcourse.exercises.slips.trees import called as _called
from gdcourse.exercises.slips.words import CALLS, COMPARISONS, DROPPED, OPERATORS, TOO_MUCH, TRUTHS

UNUSUAL = ("exp", "log", "sqrt")  # missing only where the right answer calls them, or a square is to be undone
WRAPPED = ("abs", "exp", "log", "sqrt", "sum", "mean", "max")  # what may be missing around a value
BITWISE, SUMS, PRODUCTS = ast.BitAnd | ast.BitOr, ast.Add | ast.Sub, ast.Mult | ast.Div
A_COUNT = r"len\(.*\)|.*\.size|.*\.shape\[\d\]|n|m|batch_size"
TYPED_AS_GIVEN = ("zeros_like", "ones_like", "empty_like", "full_like", "array", "copy")
NEVER_NEGATIVE = ("abs", "norm", "square", "exp", "len", "argmax", "argmin")
CONDITIONS = ast.If | ast.While | ast.IfExp | ast.BoolOp | ast.comprehension
NO_USERS = ast.Return | ast.FunctionDef | ast.For | ast.While | ast.If
WITH_AXIS = ("sum", "mean", "max", "min", "std", "argmax", "all", "any", "norm")


def operators(tree, place, node):
    """The operator or the comparison that was meant."""
    if isinstance(node, ast.BinOp | ast.AugAssign):
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        for meant, written, cost, said in OPERATORS:
            if isinstance(node.op, written) and not (meant is ast.Mult and quote(left) == "1"):
                if _is_under_a_minus(place) and {meant, written} == {ast.Add, ast.Sub}:
                    said = "The sign of `{right}` is turned by the minus before its brackets. Which one does it need?"
                said = said.format(left=quote(left), right=quote(right))
                yield Slip(((Place(node, "op"), meant()),), said, cost)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.Pow):
            turned = ast.BinOp(right, node.op, left)
            said = f"In `{quote(node)}` the two are the wrong way round{_effect(node.op)}. Which of them comes first?"
            yield Slip(((place, turned),), said, 2 if isinstance(left, ast.Constant) else 1)  # few turn 1 - x round
        factor = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(left, ast.BinOp)
        if factor and isinstance(left.op, ast.Mult):
            turned = ast.BinOp(ast.BinOp(left.left, left.op, right), node.op, left.right)
            said = f"`{quote(left.right)}` stands above, `{quote(right)}` below the line: the fraction is upside down."
            yield Slip(((place, turned),), f"{said} Which of them is divided by the other?", 1)
    if isinstance(node, ast.Compare) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, BITWISE):
        inside = ast.Compare(node.left.right, node.ops, node.comparators)
        joined = "&" if isinstance(node.left.op, ast.BitAnd) else "|"
        said = (
            f"Without brackets `{joined}` comes first, so `{quote(node.left)}` is compared. Where do brackets belong?"
        )
        yield Slip(((place, ast.BinOp(node.left.left, node.left.op, inside)),), said, 1)
    scaled = isinstance(node, ast.Compare) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, PRODUCTS)
    if scaled and not _is_a_condition(place):  # nobody multiplies a condition
        sign_ = quote(node).removeprefix(quote(node.left)).split()[0]
        done = ast.BinOp(node.left.left, node.left.op, ast.Compare(node.left.right, node.ops, node.comparators))
        said = f"Without brackets `{sign_}` comes last, so `{quote(node.left)}` is compared. Where do brackets belong?"
        yield Slip(((place, done),), said, 1)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        texts = {"left": quote(node.left), "right": quote(node.comparators[0])}
        for meant, written, cost, said in COMPARISONS:
            if isinstance(node.ops[0], written):
                said = said.replace("What of the numbers", "What if `{left}` is").format(**texts)
                one_case = isinstance(node.ops[0], ast.Eq) and _is_a_condition(place)  # more would be all of them
                yield Slip(((Place(node, "ops", 0), meant()),), said, 2 if one_case else cost)
    if isinstance(node, ast.BoolOp):
        meant, words = (ast.Or, "`and` asks for both at once")
        if isinstance(node.op, ast.Or):
            meant, words = ast.And, "`or` is content with one of them"
        said = f"{words}, in `{quote(node)}`. For how many of them must it hold?"
        yield Slip(((Place(node, "op"), meant()),), said, 1)


def _is_under_a_minus(place):
    """Say whether a minus stands before the brackets there."""
    if isinstance(place.owner, ast.BinOp):
        return isinstance(place.owner.op, ast.Sub) and place.field == "right"
    return isinstance(place.owner, ast.UnaryOp) and isinstance(place.owner.op, ast.USub)


def _is_a_condition(place):
    """Say whether a yes or no is asked for there; the condition of a `while` is counted by a call."""
    return isinstance(place.owner, CONDITIONS) or _called(place.owner) == "_turns"


def _asks_for(node, arguments):
    """Say whether a comparison asks what is equal to an argument: that belongs to the task."""
    return isinstance(node.ops[0], ast.Eq | ast.NotEq) and getattr(node.comparators[0], "id", "") in arguments


def _effect(operator):
    if isinstance(operator, ast.Pow):
        return ": base and exponent are exchanged"
    return ", which turns the sign" if isinstance(operator, ast.Sub) else ": the fraction is upside down"


def brackets(tree, place, node):
    """Brackets that are missing, so that a product or quotient is taken first; or brackets that hold too much."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, PRODUCTS):
        yield from _brackets_with_too_much(place, node)
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, SUMS)):
        return
    left, right = node.left, node.right
    for part, other in ((left, right), (right, left)):
        if not (isinstance(part, ast.BinOp) and isinstance(part.op, PRODUCTS)):
            continue
        first = "division" if isinstance(part.op, ast.Div) else "product"
        said = f"In `{quote(node)}` the {first} is done first, for it has no brackets. Where do brackets belong?"
        if part is left:
            moved = ast.BinOp(part.left, part.op, ast.BinOp(part.right, node.op, other))
        else:
            moved = ast.BinOp(ast.BinOp(other, node.op, part.left), part.op, part.right)
        cost = 1.5 if _are_products(part, other) else 1  # one of the two may rather be too much
        yield Slip(((place, moved),), said, cost)
    rest, first = (left.left, left.right) if isinstance(left, ast.BinOp) and isinstance(left.op, SUMS) else (None, left)
    if all(isinstance(one, ast.BinOp) and isinstance(one.op, PRODUCTS) for one in (first, right)):
        inside = ast.BinOp(first.right, node.op, right.left)
        moved = ast.BinOp(ast.BinOp(first.left, first.op, inside), right.op, right.right)
        said = f"In `{quote(node)}` the sum is taken last, for it has no brackets. Where do brackets belong?"
        yield Slip(((place, ast.BinOp(rest, left.op, moved) if rest else moved),), said, 1)


def _are_products(one, other):
    """Say whether both are products, which stand side by side in a sum."""
    return all(isinstance(getattr(each, "op", None), ast.Mult) for each in (one, other))


def _brackets_with_too_much(place, node):
    """A sum in brackets of which only one part is to be multiplied, or divided."""
    done = "divided" if isinstance(node.op, ast.Div) else "multiplied"
    for inside, other in ((node.left, node.right), (node.right, node.left)):
        if not (isinstance(inside, ast.BinOp) and isinstance(inside.op, SUMS)):
            continue
        if inside is node.right and done == "divided":
            continue
        for part, rest in ((inside.left, inside.right), (inside.right, inside.left)):
            scaled = ast.BinOp(part, node.op, other) if inside is node.left else ast.BinOp(other, node.op, part)
            pair = (scaled, rest) if part is inside.left else (rest, scaled)
            said = f"In `{quote(node)}` `{quote(rest)}` is {done} by `{quote(other)}` as well: brackets hold too much."
            yield Slip(((place, ast.BinOp(pair[0], inside.op, pair[1])),), f"{said} What belongs together?", 1)


def skipped(tree, place, node):
    """A list that loses something while a loop goes over it."""
    if not (isinstance(node, ast.For) and isinstance(node.iter, ast.Name)):
        return
    name = node.iter.id
    called = [one for part in node.body for one in nodes(part, ast.Call) if isinstance(one.func, ast.Attribute)]
    if any(quote(one.func.value) == name and one.func.attr in ("remove", "pop") for one in called):
        said = f"The loop goes over `{name}`, which loses some in it, so others are skipped. Over what should it go?"
        yield Slip(((Place(node, "iter"), ast.Call(a_name("list"), [node.iter], [])),), said, 1)


def once_too_often(tree, place, node):
    """A factor or a divisor that should not be there."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, PRODUCTS | ast.FloorDiv)):
        return
    for rest, gone in ((node.left, node.right), (node.right, node.left))[: 1 + isinstance(node.op, ast.Mult)]:
        if not isinstance(node.op, ast.Mult):
            said = f"It is divided by `{quote(gone)}`, once too often. Is `{quote(rest)}` to be divided by that?"
        elif isinstance(gone, ast.Constant):
            said = f"There is a factor `{quote(gone)}` too many at `{quote(rest)}`. Where does it come from?"
        else:
            said = f"It is multiplied by `{quote(gone)}` as well, a factor too many. Does it belong to `{quote(rest)}`?"
        likely = isinstance(gone, ast.Constant) or isinstance(node.op, ast.Div) and is_a_count(gone)
        yield Slip(((place, rest),), said, 1 if likely else 2)


def too_many_terms(tree, place, node):
    """A summand or a power that should not be there."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, SUMS | ast.Pow)):
        return
    if isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant):
        said = f"`{quote(node.right)}` is subtracted from `{quote(node.left)}`, and that is too much. What is it alone?"
        yield Slip(((place, node.right),), said, 1)
    for rest, gone in ((node.left, node.right), (node.right, node.left))[: 1 + isinstance(node.op, ast.Add)]:
        what, likely = f"`{quote(gone)}`", isinstance(gone, ast.Constant)
        if isinstance(node.op, ast.Pow):
            said = f"`{quote(rest)}` is raised to a power here, such as squared. Which power belongs there?"
        elif isinstance(node.op, ast.Add):
            said = f"{what} is added, and that is too much. Is it off by that, or does it count twice?"
            likely |= gone is node.right and is_a_count(gone)
            likely |= _are_products(rest, gone)
        elif _is_an_end(place):
            said = f"`{quote(place.owner)}` ends too early: {what} is taken from its end. Which ones are lost?"
            likely = True
        else:
            said = f"{what} is subtracted, and that is too much. Is anything to be taken from `{quote(rest)}`?"
            likely |= _are_products(rest, gone)
        yield Slip(((place, rest),), said, 1 if likely else 2)


def too_much(tree, place, node):
    """A function, an index or a comparison that should not be there."""
    if (
        isinstance(node, ast.Compare)
        and not isinstance(place.owner, CONDITIONS)
        and not (_called(place.owner) == "where" and place.index == 0)
        and not _asks_for(node, tree.arguments)
    ):
        said = f"`{quote(node)}` makes True and False of `{quote(node.left)}`. What is lost by that?"
        yield Slip(((place, node.left),), said, 1)
    if is_a_square(node) and (found := function_and_value(node.left)) and found[2] in ("mean", "sum"):
        said = f"`{found[2]}` comes before the square, too early: the two are in the other order. Which comes first?"
        yield Slip(((place, found[0](ast.BinOp(found[1], ast.Pow(), ast.Constant(2)))),), said, 1)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        said = f"The minus before `{quote(node.operand)}` is too much: it turns the sign. Which sign belongs there?"
        if isinstance(place.owner, ast.Slice) and place.field == "step":
            said = f"`[{quote(place.owner)}]` turns an order round, and that is too much. What should stay as it is?"
        yield Slip(((place, node.operand),), said, 1)
    if isinstance(node, ast.Call) and (found := function_and_value(node)):
        said = TOO_MUCH.get(found[2], "`{called}` is too much there. What does it make of `{value}`?")
        if found[2] in ("sum", "mean") and node.keywords:
            said = "`{called}` makes fewer numbers of `{value}`, and that is too much. How many are asked for?"
        cost = 2 if found[2] in ("sum", "mean") or found[2] not in TOO_MUCH else 1
        yield Slip(((place, found[1]),), said.format(called=found[2], value=quote(found[1])), cost)
    if _called(node) == "round" and (value := _rounded_to_digits(node)):
        yield Slip(((place, value),), TOO_MUCH["round"].format(called="round", value=quote(value)), 1)
    if isinstance(node, ast.Subscript) and is_loaded(node):
        said = f"`{quote(node)}` takes only a part of `{quote(node.value)}`. How much of it is asked for?"
        if quote(node.slice) == "::-1":
            said = f"`{quote(node)}` is `{quote(node.value)}` in reversed order. Which order is asked for?"
        if _called(node.slice) == "argsort":
            said = f"`{quote(node)}` is `{quote(node.value)}` in another order. Which order is asked for?"
        if getattr(getattr(place.owner, "func", None), "id", "") == "len":
            said = f"`{quote(place.owner)}` counts only a part of `{quote(node.value)}`. How much of it is asked for?"
        yield Slip(((place, node.value),), said, 2)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        said = f"`{quote(node.value)}` is transposed, and that is too much. Which shapes must meet?"
        yield Slip(((place, node.value),), said, 1)


def _is_a_limit(tree, node):
    """Say whether a call keeps a value above or below a number that is written in, and the right answer has none."""
    if not takes_one(node) or len(node.args) != 2 or {"min", "minimum", "max", "maximum"} & {*tree.called}:
        return False
    return any(isinstance(one, ast.Constant) for one in node.args)


def _rounded_to_digits(call):
    """Return what is rounded to some digits: round(x, 2), np.round(x, 2), x.round(2); or None."""
    if len(call.args) == 2:
        return call.args[0]
    is_method = isinstance(call.func, ast.Attribute) and quote(call.func.value) != "np"
    return call.func.value if is_method and len(call.args) == 1 else None


def types(tree, place, node):
    """A type of whole numbers, or one that an array has from another, where fractions are to be held."""
    if not isinstance(node, ast.Call):
        return
    called = _called(node)
    whole = [word for word in node.keywords if word.arg == "dtype" and _is_whole(word.value)]
    if truths := [word for word in node.keywords if word.arg == "dtype" and _is_of_truths(word.value)]:
        said = f"`dtype={quote(truths[0].value)}` holds only True and False. Which type holds numbers?"
        yield Slip(((Place(truths[0], "value"), a_name("float")),), said, 1)
    if whole:
        said = f"`dtype={quote(whole[0].value)}` cuts the fractions off. Which type holds them?"
        yield Slip(((Place(whole[0], "value"), a_name("float")),), said, 1)
    elif called in ("array", "asarray", "astype", "zeros", "ones", "empty") and node.args and _is_whole(node.args[-1]):
        said = f"`{quote(node)}` cuts the fractions off. Which type holds them?"
        yield Slip(((Place(node, "args", len(node.args) - 1), a_name("float")),), said, 1)
    elif called in TYPED_AS_GIVEN and not any(word.arg == "dtype" for word in node.keywords):
        said = f"`{quote(node)}` takes the type of what it is given: from whole numbers, fractions are cut off."
        new = [*node.keywords, ast.keyword("dtype", a_name("float"))]
        setting = (Place(node, "keywords"), new)
        if called == "copy" and isinstance(node.func, ast.Attribute) and not node.args:
            setting = (place, ast.Call(ast.Attribute(node.func.value, "astype", ast.Load()), [a_name("float")], []))
        yield Slip((setting,), f"{said} Which type holds them?", 1)


def masks(tree, place, node):
    """A condition that is meant the other way round, by itself or in `np.where`."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        said = f"`~` turns `{quote(node.operand)}` round, and that is too much. Which ones are asked for?"
        yield Slip(((place, node.operand),), said, 1)
    elif _is_a_truth(node) and not isinstance(place.owner, ast.UnaryOp) and not _is_a_condition(place):
        said = f"`{quote(node)}` takes the others: a `~` is missing before it, or the comparison is turned round."
        yield Slip(((place, ast.UnaryOp(ast.Invert(), node)),), f"{said} Which ones are asked for?", 1.5)
    if _called(node) == "where" and len(node.args) == 3:
        condition, one, other = node.args
        said = (
            f"In `{quote(node)}` the two values are exchanged. Which of them is taken where `{quote(condition)}` holds?"
        )
        yield Slip(((Place(node, "args"), [condition, other, one]),), said, 1)


def _is_measured(place):
    """Say whether a value is compared with a number that is written in: a larger value may pass it by chance."""
    return isinstance(place.owner, ast.Compare) and any(
        isinstance(one, ast.Constant) and one.value for one in place.owner.comparators
    )


def _is_a_truth(node):
    """Say whether code gives True and False."""
    return isinstance(node, ast.Compare) or _called(node) in TRUTHS


def _is_whole(node):
    """Say whether code names a type of whole numbers."""
    return quote(node) in ("int", "np.int64", "np.int32", "'int'", "np.intp")


def _is_of_truths(node):
    """Say whether code names the type of True and False."""
    return quote(node) in ("bool", "np.bool_", "np.bool", "'bool'")


def _is_an_end(place):
    """Say whether the end of a range stands there."""
    called = isinstance(place.owner, ast.Call) and place.field == "args" and _called(place.owner) == "range"
    return called and place.index == (0 if len(place.owner.args) == 1 else 1)


def is_a_count(node):
    """Say whether code counts something."""
    return re.fullmatch(A_COUNT, quote(node)) is not None


def axes(tree, place, node):
    """Another axis, or one more, or none; keepdims put in or left out."""
    called = _called(node)
    if called not in WITH_AXIS:
        return
    named = {word.arg: i for i, word in enumerate(node.keywords)}
    text, run = quote(node.func), f"Along which axis does `{quote(node.func)}` run?"
    if "axis" in named:
        axis = node.keywords[named["axis"]]
        for other, now in ((1, "down the columns"), (0, "along the rows")):
            if isinstance(axis.value, ast.Constant) and axis.value.value != other:
                said = f"`{text}` runs {now}: that is the other axis. {run}"
                yield Slip(((Place(axis, "value"), ast.Constant(other)),), said, 1)
        rest = [word for word in node.keywords if word is not axis]
        said = f"`{text}` has an axis, and everything together is asked for. {run}"
        yield Slip(((Place(node, "keywords"), rest),), said, 2)
    else:
        for other, what in ((0, "column"), (1, "row")):
            for keep in (False, True):
                more = [*node.keywords, ast.keyword("axis", ast.Constant(other))]
                more += [ast.keyword("keepdims", ast.Constant(True))] if keep and "keepdims" not in named else []
                said = f"`{text}` takes everything together, without an axis, not each {what} by itself. {run}"
                yield Slip(((Place(node, "keywords"), more),), said, 1)
    if "keepdims" in named:
        rest = [word for word in node.keywords if word.arg != "keepdims"]
        said = f"With keepdims `{text}` stays a column, and its shape meets every entry. What makes it flat?"
        yield Slip(((Place(node, "keywords"), rest),), said, 1)
    elif "axis" in named:
        more = [*node.keywords, ast.keyword("keepdims", ast.Constant(True))]
        said = f"Without keepdims `{text}` lies flat and meets the columns. What keeps it standing?"
        yield Slip(((Place(node, "keywords"), more),), said, 1)


def calls(tree, place, node):
    """Another function, or one that is missing around a value."""
    called = _called(node)
    for meant, written, cost, said in CALLS:
        if called == written and not (written == "mean" and _is_measured(place)):
            said = re.sub(r"^(It|That) is (?=a |the )", f"`{quote(node.func)}` gives ", said)
            if isinstance(node.func, ast.Attribute):
                yield Slip(((Place(node.func, "attr"), meant),), said, cost)
            elif meant in ("min", "max", "sum", "abs", "len"):
                yield Slip(((Place(node, "func"), a_name(meant)),), said, cost)
            else:
                numpys = ast.Attribute(a_name("np"), meant, ast.Load())
                yield Slip(((Place(node, "func"), numpys),), said, cost)
    if is_value(place, node) and isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript):
        if isinstance(node, ast.Name) and tree.kinds.get(node.id) == "function":
            return
        for name in tree.arguments:
            if isinstance(node, ast.Name) and tree.kinds[name] == "function" and _is_not_asked(tree, place, node, name):
                said = f"`{node.id}` itself stands there, and `{name}` is not asked. What does `{name}` give?"
                yield Slip(((place, ast.Call(a_name(name), [node], [])),), said, 1)
        another_name = isinstance(node, ast.Name) and _gets_a_name(place)
        if another_name and tree.kinds.get(node.id) not in ("float", "int"):
            copied = ast.Call(ast.Attribute(node, "copy", ast.Load()), [], [])
            yield Slip(((place, copied),), DROPPED["copy"], 1)
        for name in WRAPPED:
            wrapped = ast.Call(ast.Attribute(a_name("np"), name, ast.Load()), [node], [])
            fits = name in tree.called or name not in UNUSUAL or (name == "sqrt" and _holds_a_square(tree.definition))
            if not fits:
                continue
            turned_or_copied = another_name or _is_a_truth(node) or _repeats_a_list(node)  # by any function
            if called != name and not turned_or_copied:
                likely = name == "abs" and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)
                yield Slip(((place, wrapped),), DROPPED[name], 1 if likely else 2)
        if called not in NEVER_NEGATIVE:
            turned = ast.UnaryOp(ast.USub(), node)
            said = f"The sign of `{quote(node)}` is turned round: a minus is missing there. Which sign does it have?"
            yield Slip(((place, turned),), said, 2)
        transposed = ast.Attribute(node, "T", ast.Load())
        if not isinstance(place.owner, ast.Attribute):
            yield Slip(((place, transposed),), f"`{quote(node)}` is not transposed. Which shapes must meet?", 2)


def _repeats_a_list(node):
    """Say whether code multiplies a list, as [0] * 3 does."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)):
        return False
    return any(isinstance(one, ast.List) or _repeats_a_list(one) for one in (node.left, node.right))


def _holds_a_square(node):
    """Say whether something is squared in it."""
    twice = (one for one in nodes(node, ast.BinOp) if isinstance(one.op, ast.Mult | ast.MatMult))
    squares = any(map(is_a_square, ast.walk(node))) or any(_called(one) == "square" for one in nodes(node, ast.Call))
    return squares or any(quote(one.left) == quote(one.right) for one in twice)


def operands(tree, place, node):
    """A factor, a divisor or a summand that is missing."""
    if not (is_value(place, node) and isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript)):
        return
    if isinstance(node, ast.Name) and tree.kinds.get(node.id) in ("function", "list"):
        return  # a list times 2 is longer, and nothing in it is larger
    if _called(place.owner) in ("len", "argsort", "sorted") or _is_a_truth(node) or _holds_truths(node):
        return  # nobody multiplies what is only counted or put in order, or a yes or no
    compared = isinstance(place.owner, ast.Compare)  # by the numbers of an array nobody scales what is compared
    text = quote(node)
    below = isinstance(place.owner, ast.BinOp) and isinstance(place.owner.op, ast.Div) and place.field == "right"
    for name in tree.names:
        if tree.kinds.get(name) in ("function", "list") or name == text:
            continue
        if compared and tree.kinds.get(name) not in ("float", "int"):
            continue
        missing = f"`{name}` is missing at `{text}`"
        if not _leaves_the_rest_of(place, name):  # of a multiple that is always 0
            yield Slip(
                ((place, ast.BinOp(node, ast.Mult(), a_name(name))),),
                f"{missing}: nothing is multiplied by it. What does it do there?", 1,
            )  # fmt: skip
        if not below:  # there it would undo another division, and not be one that is missing
            yield Slip(
                ((place, ast.BinOp(node, ast.Div(), a_name(name))),),
                f"{missing}: nothing is divided by it. What should it divide?", 2,
            )  # fmt: skip
        if not _has_counted(tree, place, name):
            yield Slip(
                ((place, ast.BinOp(node, ast.Sub(), a_name(name))),),
                f"`{name}` is not subtracted from `{text}`, it is missing. What is to be taken from it?", 3,
            )  # fmt: skip
        yield Slip(
            ((place, ast.BinOp(node, ast.Add(), a_name(name))),),
            f"{missing}: it is not added. What else belongs to it?", 2,
        )  # fmt: skip
        is_no_sum = _called(node) in ("len", "zeros", "zeros_like", "ones", "empty", "eye")
        if tree.kinds.get(name) not in ("float", "int") and not below and text not in tree.arguments and not is_no_sum:
            count = ast.Call(a_name("len"), [a_name(name)], [])
            said = f"`{text}` is not divided by the number of `{name}`: a sum, no mean. What makes it one?"
            yield Slip(((place, ast.BinOp(node, ast.Div(), count)),), said, 1)
    for factor, said in (
        (2, f"A factor 2 is missing at `{text}`: it is half of what it should be. Where does the 2 come from?"),
        (0.5, f"`{text}` is twice too large: a factor 2 too many. Where does it come from?"),
    ):
        if not _is_measured(place):  # there a factor decides as another bound would
            yield Slip(((place, ast.BinOp(node, ast.Mult(), ast.Constant(factor))),), said, 2)
    squared = ast.BinOp(node, ast.Pow(), ast.Constant(2))
    yield Slip(((place, squared),), f"`{text}` is not squared. What is done to it before the rest?", 2)
    for change, said in ((-1, "one too large"), (1, "one too small")) if not _is_an_array(tree, node) else ():
        shifted = ast.BinOp(node, ast.Add(), ast.Constant(change))
        asked = ": off by one. From where does it count?" if _may_count(tree, node) else ". Where does a 1 come from?"
        yield Slip(((place, shifted),), f"`{text}` is {said}{asked}", 2)


def _leaves_the_rest_of(place, name):
    """Say whether what stands there is divided by a name, and the rest is taken."""
    modulo = isinstance(place.owner, ast.BinOp) and isinstance(place.owner.op, ast.Mod)
    return modulo and place.field == "left" and quote(place.owner.right) == name


def _has_counted(tree, place, name):
    """Say whether a name counted a loop that is over there: less that, a number of turns is 0."""
    counters = {one.id for loop in nodes(tree.definition, ast.For) for one in nodes(loop.target, ast.Name)}
    return name in counters and place.owner in tree.definition.body


def _is_an_array(tree, node):
    """Say whether a name stands for an array or a list, or a row of a table: then nothing is counted with it."""
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Tuple):
        return _is_a_table(tree, node.value)
    loops = nodes(tree.definition, ast.For | ast.comprehension)
    if any(quote(loop.target) == quote(node) and _is_a_table(tree, loop.iter) for loop in loops):
        return True
    return isinstance(node, ast.Name) and tree.kinds.get(node.id, "int") not in ("float", "int")


def _is_a_table(tree, node):
    """Say whether a name stands for an argument with rows and columns."""
    kind = tree.kinds.get(getattr(node, "id", ""))
    return isinstance(kind, int) and kind > 1


def _holds_truths(node):
    """Say whether code makes an array of True and False."""
    return any(word.arg == "dtype" and _is_of_truths(word.value) for word in getattr(node, "keywords", ()))


def _may_count(tree, node):
    """Say whether a value may be a whole number, which counts something."""
    if isinstance(node, ast.BinOp):
        return not isinstance(node.op, ast.Div | ast.Pow) and all(
            _may_count(tree, one) for one in (node.left, node.right)
        )
    if isinstance(node, ast.Call):
        return _called(node) in ("len", "sum", "argmax", "argmin", "int", "round", "min", "max")
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int)
    return isinstance(node, ast.Subscript) or tree.kinds.get(getattr(node, "id", "")) not in ("float", "function")


def names(tree, place, node):
    """Another name, or a name for a number that is written in."""
    if isinstance(node, ast.Name) and is_loaded(node) and node.id not in ("np", "_turns", "_again"):
        for other in tree.names:
            if _stands_beside(place, other):  # nobody means x + x, x - x or x / x
                continue
            if other != node.id and (tree.kinds.get(other) == "function") == _is_called(place):
                if _is_called(place) and node.id not in tree.names and not hasattr(builtins, node.id):
                    said = f"It asks `{node.id}`, of the notebook, and the argument `{other}` has no say there. "
                    yield Slip(((place, a_name(other)),), said + "Which function is meant?", 1)
                elif node.id in tree.names:  # a value of the notebook is told with its name
                    said = f"It uses `{node.id}` where `{other}` belongs. Which of the two is meant?"
                    counts = isinstance(place.owner, ast.Call) and _called(place.owner) == "len"
                    if counts:
                        said = f"It counts `{node.id}` instead of `{other}`. How many are there of each?"
                    likely = counts or isinstance(place.owner, ast.Return) and other in tree.returned
                    yield Slip(((place, a_name(other)),), said, 1 if likely else 2)
    if isinstance(node, ast.BinOp) and {type(node.left), type(node.right)} == {ast.Constant, ast.Name}:
        for other in tree.arguments:
            if tree.kinds[other] in ("float", "int"):
                said = f"`{quote(node)}` stands where `{other}` belongs. Which of the two is meant?"
                yield Slip(((place, a_name(other)),), said, 2)
    if isinstance(node, ast.Constant) and (written := text_of(node)) and written not in tree.texts:
        own = {text_of(one) for one in nodes(tree.definition, ast.Constant)}
        for other in (one for one in tree.texts if one and one not in own):
            said = f"`{quote(node)}` stands where another text belongs. Which one does the exercise put there?"
            yield Slip(((place, ast.Constant(other)),), said, 1)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and not _is_a_limit(tree, place.owner):
        usual = abs(node.value) in (0, 1)  # these are written in for what then has no influence, or belong there
        for other in (one for one in tree.names if not _is_compared_with(tree, node, one)):
            if tree.kinds.get(other) != "function" and not (usual and other in {*tree.arguments} - {*tree.silent}):
                said = f"{node.value:g} is written in, a fixed number, where `{other}` belongs. What if it differs?"
                likely = other in tree.silent and not usual
                yield Slip(((place, a_name(other)),), said, 1 if likely else 2)
        for piece in tree.pieces:
            if any(_is_compared_with(tree, node, name.id) for name in nodes(piece, ast.Name)):
                continue
            made = made_of(tree, piece)
            said = f"{node.value:g} is written in, a fixed number, where {made} belongs. What if that differs?"
            silent = any(name.id in tree.silent for name in nodes(piece, ast.Name))
            if silent or not usual:
                yield Slip(((place, copy.deepcopy(piece)),), said, 1 if silent and not usual else 2)
        if isinstance(place.owner, ast.keyword) and place.owner.arg in ("axis", "keepdims"):
            return
        shifts = [(node.value + 1, "one too small"), (node.value - 1, "one too large")]
        for value, what in [*shifts, (2 * node.value, ""), (node.value / 2, ""), (0, ""), (1, ""), (-1, "")]:
            if value == 0 and isinstance(place.owner, ast.AugAssign):  # then the whole statement is too much
                continue
            if value != node.value and (value != -1 or abs(node.value) < 2):  # else a sign and a factor are two slips
                value = int(value) if isinstance(node.value, int) and value == int(value) else value
                said = f"There is {node.value:g} where another number belongs. Which number should it be?"
                counts = what and isinstance(node.value, int) and not _is_an_exponent(place)
                if counts and re.search(r"\.shape\[\d\]$", quote(place.owner)) and value in (0, 1):
                    said = f"`{quote(place.owner)}` counts along the other axis. Of what is the number asked for?"
                elif counts:
                    said = f"{node.value:g} is {what}: off by one. From where does it count?"
                yield Slip(((place, ast.Constant(value)),), said, 1 if counts and _begins(place) else 2)


def _is_compared_with(tree, number, name):
    """Say whether a number is compared with a name, maybe behind a minus: nobody compares that with itself."""
    for one in nodes(tree.definition, ast.Compare):
        sides = [side.operand if isinstance(side, ast.UnaryOp) else side for side in (one.left, *one.comparators)]
        if number in sides and name in map(quote, sides):
            return True
    return False


def _stands_beside(place, name):
    """Say whether a name is what the value there is added to, subtracted from or divided by, or the other way round."""
    if not (isinstance(place.owner, ast.BinOp) and isinstance(place.owner.op, SUMS | ast.Div)):
        return False
    return quote(place.owner.left if place.field == "right" else place.owner.right) == name


def _is_an_exponent(place):
    """Say whether a power says there how often to multiply."""
    return isinstance(place.owner, ast.BinOp) and isinstance(place.owner.op, ast.Pow) and place.field == "right"


def _gets_a_name(place):
    """Say whether a value gets a name there, alone or among others, or goes into a list."""
    if isinstance(place.owner, ast.Assign | ast.Tuple):
        return place.field in ("value", "elts")
    return _called(place.owner) == "append"


def ends(tree, place, node):
    """The other end of what is sorted."""
    if not (
        isinstance(node, ast.Subscript) and is_loaded(node) and _called(node.value) in ("sorted", "sort", "argsort")
    ):
        return
    last = isinstance(node.slice, ast.Tuple)
    index = node.slice.elts[-1] if last else node.slice
    where = Place(node.slice, "elts", len(node.slice.elts) - 1) if last else Place(node, "slice")
    for now, other, words in (
        ("0", -1, "first place is that of the smallest"),
        ("-1", 0, "last place is that of the largest"),
    ):
        if quote(index) == now:
            said = f"`{_called(node.value)}` sorts upwards, so the {words}. Which one is asked for?"
            yield Slip(((where, ast.Constant(other)),), said, 1)


def _begins(place):
    """Say whether a name gets its value there, as a counter does before it counts."""
    return isinstance(place.owner, ast.Assign) and place.field == "value"


def _is_called(place):
    return isinstance(place.owner, ast.Call) and place.field == "func"


def turns(tree, place, node):
    """A turn more or less of a loop over a range."""
    if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range" and node.args):
        return
    text = quote(node)
    for i, shift in ((len(node.args) - 1 - (len(node.args) == 3), 1), (0, -1)):
        for sign_, words in ((1, "too few"), (-1, "too many")):
            if len(node.args) == 1 and i == 0 and shift == -1:
                continue
            new = ast.BinOp(node.args[i], ast.Add(), ast.Constant(shift * sign_))
            said = f"The loop over `{text}` makes one turn {words}: one step {words}. Where does it begin and end?"
            yield Slip(((Place(node, "args", i), new),), said, 1)
    if isinstance(place.owner, ast.For | ast.comprehension) and text.startswith("range(len("):
        (counted,) = node.args[0].args if len(node.args) == 1 and isinstance(node.args[0], ast.Call) else (None,)
        if counted is not None:
            what = f"`{quote(place.owner.target)}` is a place in `{quote(counted)}`, and not what stands there"
            yield Slip(((place, counted),), f"{what}. How is that taken out?", 1)
    if len(node.args) == 1:
        both = [ast.Constant(1), ast.BinOp(node.args[0], ast.Add(), ast.Constant(1))]
        said = f"`{text}` counts from 0, so each number is one too small: off by one. From where should it count?"
        yield Slip(((Place(node, "args"), both),), said, 1)
    if len(node.args) == 2:
        said = f"`{text}` does not begin at 0. From where should it count?"
        yield Slip(((Place(node, "args"), [node.args[1]]),), said, 2)


def order(tree, place, node):
    """A statement that stands before the one that it needs: the next one, or the last one of a loop."""
    if not isinstance(node, list):
        return
    in_a_loop = isinstance(place.owner, ast.For | ast.While)
    for i, one in enumerate(node):
        for j in dict.fromkeys([i + 1, len(node) - 1] if in_a_loop else [i + 1]):
            if node is tree.definition.body and _sets_nothing_for(one, node[j + 1 :]):  # it is too much, not too early
                continue
            if i < j < len(node) and not isinstance(node[j], ast.Return):
                early = f"`{first_line(one)}` comes too early, before `{first_line(node[j])}`"
                said = f"{early}. Which of them needs the other?"
                moved = [*node[:i], *node[i + 1 : j + 1], one, *node[j + 1 :]]
                yield Slip(((place, moved),), said, 1)


def _sets_nothing_for(statement, rest):
    """Say whether a statement sets what the rest does not read."""
    if not isinstance(statement, ast.Assign | ast.AugAssign):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    named = {name.id for target in targets for name in nodes(target, ast.Name)}
    return not named & {name.id for one in rest for name in nodes(one, ast.Name) if is_loaded(name)}


def statements(tree, place, node):
    """A statement that stands too late, too far in, or that should not be there."""
    if isinstance(node, list):
        for i, one in enumerate(node):
            rest = [other for other in node if other is not one]
            if (rest or place.field == "orelse") and not isinstance(one, ast.Return):
                said = (
                    f"`{first_line(one)}` is too much: without it the rest is right. What does it change, or overwrite?"
                )
                yield Slip(((place, rest),), said, 1 if isinstance(one, ast.If) and not one.orelse else 2)
            if isinstance(one, ast.For | ast.While):
                for inner in one.body:
                    left = [other for other in one.body if other is not inner]
                    if not left:
                        continue
                    said = f"`{first_line(inner)}` stands inside the loop, so it is done in each turn. Where should it?"
                    for moved in ([*node[:i], inner, *node[i:]], [*node[: i + 1], inner, *node[i + 1 :]]):
                        yield Slip(((place, moved), (Place(one, "body"), left)), said, 1)
                if i:
                    said = f"`{first_line(node[i - 1])}` is done once, before the loop, not each turn. Where?"
                    moved = [*node[: i - 1], *node[i:]]
                    yield Slip(((place, moved), (Place(one, "body"), [node[i - 1], *one.body])), said, 1)
                if i + 1 < len(node) and not isinstance(node[i + 1], ast.Return):
                    said = f"`{first_line(node[i + 1])}` is done once, after the loop, not each turn. Where?"
                    moved = [*node[: i + 1], *node[i + 2 :]]
                    yield Slip(((place, moved), (Place(one, "body"), [*one.body, node[i + 1]])), said, 1)
            if isinstance(one, ast.If) and one.orelse and any(isinstance(last, ast.Return) for last in one.orelse):
                said = "The `return` in the `else` ends the loop in its first turn. When is it known that none comes?"
                kept = ast.If(one.test, one.body, [])
                moved = [*node[:i], kept, *node[i + 1 :]]
                if isinstance(place.owner, ast.For | ast.While):
                    yield Slip(((place, moved),), said, 1)
    if (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name | ast.Subscript)
    ):
        target, value = node.targets[0], node.value
        if rest := _without_sign(value, ast.USub):
            said = (
                f"`=-` is not `-=`: `{quote(target)}` becomes minus the step, and its old value is lost. What is meant?"
            )
            yield Slip(((place, ast.AugAssign(target, ast.Sub(), rest)),), said, 1)
        if rest := _without_sign(value, ast.UAdd):
            for op, too in ((ast.Sub(), ", and the sign is the other one"), (ast.Add(), "")):
                said = f"`=+` makes `{quote(target)}` the step alone: its old value is lost{too}."
                yield Slip(((place, ast.AugAssign(target, op, rest)),), f"{said} What is meant?", 1)
        for op in (ast.Add(), ast.Sub()):
            said = f"`{quote(target)}` is set with `=`, so what was there is lost. Does it still count?"
            yield Slip(((place, ast.AugAssign(target, op, value)),), said, 1)
        if isinstance(target, ast.Name) and target.id in tree.locals:
            for name in tree.names:
                if name != target.id and tree.kinds.get(name) != "function":
                    again = ast.Assign([a_name(name, ast.Store())], a_name(target.id))
                    if isinstance(place.owner, ast.For | ast.While) and place.index is not None:
                        said = f"`{target.id}` never gets back into `{name}`. With what does each turn begin?"
                        body = [*place.owner.body, again]
                        yield Slip(((Place(place.owner, "body"), body),), said, 1)
    if isinstance(node, ast.Break):
        said = "`break` ends the loop, and the turns after it are lost. Which word ends this turn alone?"
        yield Slip(((place, ast.Continue()),), said, 1)
    if isinstance(node, ast.Continue):
        said = "`continue` ends this turn alone, and the next one comes. Which word ends the loop?"
        yield Slip(((place, ast.Break()),), said, 1)
    if isinstance(node, ast.AugAssign):
        said = f"`{first_line(node)}` adds to what was there. Which value should it have alone?"
        yield Slip(((place, ast.Assign([node.target], node.value)),), said, 3)


def limits(tree, place, node):
    """A condition or a limit that should not be there, so that something is left out, or cut off."""
    if isinstance(node, ast.BoolOp):
        for one in node.values:
            rest = [other for other in node.values if other is not one]
            said = f"`{quote(one)}` is asked for, too, and that is too much. What if it does not hold?"
            if isinstance(node.op, ast.Or):
                said = f"`{quote(one)}` is enough there by itself, and it should not be. When does it hold?"
            yield Slip(((place, ast.BoolOp(node.op, rest) if rest[1:] else rest[0]),), said, 1)
    if takes_one(node) and len(node.args) == 2:
        less = "larger" if _called(node).startswith("min") else "smaller"
        for rest, gone in (node.args, node.args[::-1]):
            said = f"`{quote(node)}` is `{quote(gone)}` where `{quote(rest)}` is {less}. Which of them is asked for?"
            yield Slip(((place, rest),), said, 1)
    if _called(node) == "clip" and (held := _clipped(node)):
        said = f"`{_called(node)}` cuts `{quote(held)}` off at its limits. Does the exercise have such limits?"
        yield Slip(((place, held),), said, 1)
    if isinstance(node, ast.IfExp) or (_called(node) == "where" and len(node.args) == 3):
        test, one, other = (node.test, node.body, node.orelse) if isinstance(node, ast.IfExp) else node.args
        for rest, gone, holds in ((one, other, "does not hold"), (other, one, "holds")):
            said = f"Where `{quote(test)}` {holds}, it is `{quote(gone)}`. What belongs there?"
            yield Slip(((place, rest),), said, 1)
    if isinstance(node, list):
        for i, one in enumerate(node):
            if isinstance(one, ast.If):
                said = (
                    f"`{first_line(one.body[0])}` is done only where `{quote(one.test)}`. What is to be done elsewhere?"
                )
                yield Slip(((place, [*node[:i], *one.body, *node[i + 1 :]]),), said, 1)
                if one.orelse:
                    said = f"`{first_line(one.body[0])}` is done where `{quote(one.test)}`. What belongs there?"
                    yield Slip(((place, [*node[:i], *one.orelse, *node[i + 1 :]]),), said, 1)


def _clipped(call):
    """Return what `clip` cuts off in np.clip(x, low, high) or x.clip(low, high)."""
    if quote(call.func) == "np.clip":
        return call.args[0] if call.args else None
    return call.func.value if isinstance(call.func, ast.Attribute) else None


def repeated(tree, place, node):
    """A statement that stands twice, or a loop that does the same in each turn, where once is enough."""
    if not isinstance(node, list):
        return
    for i, one in enumerate(node):
        if isinstance(one, ast.Assign | ast.AugAssign):
            said = f"`{first_line(one)}` stands twice, so it is done twice. How often is it needed?"
            for j in range(i):
                if quote(node[j]) == quote(one):
                    for rest in ([*node[:j], *node[j + 1 :]], [*node[:i], *node[i + 1 :]]):
                        yield Slip(((place, rest),), said, 1)
        if isinstance(one, ast.For) and not uses_its_counter(one):
            said = f"`{first_line(one)}` does one and the same thing again in each turn. How often is it needed?"
            yield Slip(((place, [*node[:i], *one.body, *node[i + 1 :]]),), said, 1)


def _without_sign(value, sign_):
    """Return a value without the sign it begins with, which in -a * b belongs to the a; or None."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, sign_):
        return value.operand
    if isinstance(value, ast.BinOp) and isinstance(value.op, PRODUCTS | ast.MatMult):
        left = _without_sign(value.left, sign_)
        return left and ast.BinOp(left, value.op, value.right)
    return None


def results(tree, place, node):
    """Two values of a tuple or a list exchanged, one too many, or one still in a list."""
    if not isinstance(node, ast.Tuple | ast.List) or not is_loaded(node):
        return
    if isinstance(place.owner, ast.Subscript):
        if len(node.elts) == 2:
            said = f"In `{quote(place.owner)}` rows and columns are exchanged. Which of the two comes first?"
            yield Slip(((Place(node, "elts"), node.elts[::-1]),), said, 1)
        return
    if isinstance(place.owner, ast.Assign) and len({isinstance(one, ast.Constant) for one in node.elts}) > 1:
        return  # a count that begins with a number is not taken for a value that is computed
    for i, j in pairwise(range(len(node.elts))):
        elts = list(node.elts)
        elts[i], elts[j] = elts[j], elts[i]
        said = f"`{quote(node.elts[i])}` and `{quote(node.elts[j])}` are swapped, in the wrong order. Which is first?"
        yield Slip(((Place(node, "elts"), elts),), said, 1)
    if len(node.elts) > 2:
        turned = [*node.elts[-1:], *node.elts[:-1]], [*node.elts[1:], *node.elts[:1]]
        for elts in turned:
            said = f"The values of `{quote(node)}` come in the wrong order. Which of them comes first?"
            yield Slip(((Place(node, "elts"), elts),), said, 1)


def originals(tree, place, node):
    """An argument that was overwritten, read as it came in."""
    stored = _stored(tree.definition)
    for name in (name for name in tree.arguments if name in stored):
        users = [node] if isinstance(node, ast.stmt) and not isinstance(node, NO_USERS) else []
        if node is tree.definition.body:  # all that comes of the new one
            first = next((i for i, one in enumerate(node) if name in _stored(one)), len(node))
            users = [one for one in node[first + 1 :] if not isinstance(one, NO_USERS) and name not in _stored(one)]
        users = [one for one in users if name in {read.id for _, read in _reads(one)}]
        if users and (node is users[0] or users[1:]):
            before = a_name(name)
            if isinstance(tree.kinds[name], int):  # an array can be changed in place
                before = ast.Call(ast.Attribute(before, "copy", ast.Load()), [], [])
            keep = ast.Assign([a_name("_before", ast.Store())], before)
            settings = [(where, a_name("_before")) for one in users for where, read in _reads(one) if read.id == name]
            said = f"`{name}` is overwritten, and `{first_line(users[0])}` already uses the new one. Which is meant?"
            yield Slip(((Place(tree.definition, "body"), [keep, *tree.definition.body]), *settings), said, 1)


def _stored(node):
    """Return the names that code gives a value."""
    return {one.id for one in nodes(node, ast.Name) if isinstance(one.ctx, ast.Store)}


def _reads(node):
    """Yield (Place, name) for each name that a statement reads."""
    for place, one in places(node):
        if isinstance(one, ast.Name) and is_loaded(one):
            yield place, one


def _is_not_asked(tree, place, node, function):
    """Say whether a value is compared, or its size, of which the answer elsewhere asks what a function gives."""
    compared = isinstance(place.owner, ast.Compare) or _called(place.owner) == "abs"
    asked = f"{function}({node.id})" in tree.text
    return compared and asked and not re.search(rf"\b{function}\((np\.)?abs\(", tree.text)


def twins(tree, place, node):
    """The same change in each place that needs it, where one slip was made in all of them alike."""
    if node is not tree.definition.body:
        return
    alike = {}
    for where, one in places(tree.definition):
        for slip in operators(tree, where, one):
            alike.setdefault((slip.sentence, slip.cost), []).append(slip)
    for (said, cost), slips in alike.items():
        if slips[1:] and "`" in said:
            yield Slip(tuple(setting for slip in slips for setting in slip.settings), said, cost)


REPAIRS = [
    repeated, skipped, limits, operators, exchanged_shares, brackets, once_too_often, too_many_terms, too_much, types,
    masks, axes, calls, operands, names, ends, turns, order, statements, results, originals, twins,
]  # fmt: skip
FIRST = [once_too_often, types]  # what is there too often would else be said to be missing elsewhere
PAIRED = [  # of which one may come with another slip
    operators, exchanged_shares, brackets, once_too_often, too_many_terms, too_much, axes, calls, names, ends, turns,
    order, results, twins,
]  # fmt: skip
