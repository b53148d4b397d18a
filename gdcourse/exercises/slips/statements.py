"""Slips in what is done when, and with which name: loops, statements, results, arguments."""

import ast
from itertools import pairwise

from gdcourse.exercises.slips.trees import (
    Place,
    Slip,
    a_name,
    beginning,
    first_line,
    is_loaded,
    nodes,
    places,
    quote,
)
from gdcourse.exercises.slips.words import CONSTANTS


def other_names(tree, place, node):
    """One name for another of the same kind."""
    if (
        not (isinstance(node, ast.Name) and is_loaded(node))
        or node.id not in tree.names
        or isinstance(place.owner, ast.keyword)
    ):
        return
    for other in tree.names:
        if (
            other != node.id
            and tree.kinds.get(other, 0) == tree.kinds.get(node.id, 0)
            or (
                other != node.id
                and "function" not in (tree.kinds.get(other), tree.kinds.get(node.id))
                and (
                    other in tree.locals
                    or node.id in tree.locals
                    or {type(tree.kinds[other]), type(tree.kinds[node.id])} == {int}
                )
            )
        ):
            said = f"It uses `{other}` where `{node.id}` belongs. Which of the two is meant?"
            yield Slip(((place, a_name(other)),), said, 2)


def other_ranges(tree, place, node):
    """A turn of a loop too few or too many, every other one, and the like."""
    loop = node if isinstance(node, ast.For | ast.comprehension) else None
    if loop is None:
        return
    text = quote(loop.iter)
    values = ast.Call(a_name("list"), [loop.iter], [])
    first, last = ast.Slice(upper=ast.Constant(1)), ast.Slice(lower=ast.Constant(-1))
    one_less = [
        (ast.Slice(lower=ast.Constant(1)), "The first turn", "Where does it begin?"),
        (ast.Slice(upper=ast.Constant(-1)), "The last turn", "How many turns are there?"),
    ]
    if not uses_its_counter(node):
        one_less = [(one_less[1][0], "One turn", "How many turns are there?")]
    for part, cost, said in [
        *(
            (part, 1, f"{which} of the loop over `{text}` is missing: one step too few. {asked}")
            for part, which, asked in one_less
        ),
        (first, 1, f"Only the first turn of the loop over `{text}` counts. Does the loop go on after it?"),
        (last, 1, f"Only the last turn of the loop over `{text}` counts. What happens to the turns before?"),
        (ast.Slice(upper=ast.Constant(0)), 3, f"The loop over `{text}` does nothing. What should each turn change?"),
        (ast.Slice(step=ast.Constant(-1)), 3, f"The loop over `{text}` runs backwards. Where does it begin?"),
    ]:
        yield Slip(((Place(node, "iter"), ast.Subscript(values, part, ast.Load())),), said, cost)
    for name in (name for name in tree.arguments if tree.kinds[name] == "int" and name not in text):
        said = f"The loop makes only `{name}` turns and not those of `{text}`. Over what should it run?"
        part = ast.Subscript(values, ast.Slice(upper=a_name(name)), ast.Load())
        yield Slip(((Place(node, "iter"), part),), said, 1)
    again = ast.Call(a_name("_again"), [loop.iter], [])
    yield Slip(
        ((Place(node, "iter"), again),),
        f"There is one turn too many: the loop over `{text}` takes one step more. How many steps are asked for?",
        2,
    )


def uses_its_counter(loop):
    """Say whether the turns of a loop differ by what they count, or are all alike."""
    counters = {name.id for name in nodes(loop.target, ast.Name)}
    body = loop.body if isinstance(loop, ast.For) else []
    read = {name.id for one in body for name in nodes(one, ast.Name) if is_loaded(name)}
    return isinstance(loop, ast.comprehension) or bool(counters & read)


def other_results(tree, place, node):
    """A part of a tuple lost or exchanged with another, also those of a list in square brackets."""
    if (
        not isinstance(node, ast.Tuple | ast.List)
        or not is_loaded(node)
        or len(node.elts) < 2
        or isinstance(place.owner, ast.Subscript)
    ):
        return
    for i, j in pairwise(range(len(node.elts))):
        if quote(node.elts[i]) == quote(node.elts[j]):
            continue
        elts = list(node.elts)
        elts[i], elts[j] = elts[j], elts[i]
        said = f"`{quote(node.elts[i])}` and `{quote(node.elts[j])}` are swapped. Which of them comes first?"
        yield Slip(((Place(node, "elts"), elts),), said, 1)
    for i, one in enumerate(node.elts):
        rest = [other for other in node.elts if other is not one]
        yield Slip(((Place(node, "elts"), rest),), f"`{quote(one)}` is missing. How many values are asked for?", 2)
        for other in (other for other in rest if quote(other) != quote(one)):
            said = f"`{quote(other)}` stands where `{quote(one)}` belongs. Which of the two is asked for there?"
            yield Slip(((Place(node, "elts", i), other),), said, 3)


def other_statements(tree, place, node):
    """A statement lost, two exchanged, one moved out of its loop, `=` for `-=`, a return inside of the loop."""
    if isinstance(node, list):
        for i, one in enumerate(node):
            if not isinstance(one, ast.Return | ast.For | ast.While) and len(node) > 1:
                said = f"`{first_line(one)}` is missing or does nothing. What should it change?"
                yield Slip(((place, [other for other in node if other is not one]),), said, 2)
        for i, (one, other) in enumerate(pairwise(node)):
            swapped = [*node[:i], other, one, *node[i + 2 :]]
            said = f"`{first_line(other)}` comes too early, before `{first_line(one)}`. Which of them needs the other?"
            yield Slip(((place, swapped),), said, 1)
            if isinstance(one, ast.For | ast.While) and isinstance(other, ast.Return):
                said = "The `return` stands inside the loop, so only its first turn counts. How far in should it stand?"
                yield Slip(((Place(one, "body"), [*one.body, other]),), said, 1)
        for i, loop in enumerate(node):
            if isinstance(loop, ast.For | ast.While):
                for one in loop.body:
                    rest = [other for other in loop.body if other is not one]
                    if rest:
                        said = (
                            f"`{first_line(one)}` runs once, before the loop, not in each turn. Where does it belong?"
                        )
                        yield Slip(((place, [*node[:i], one, *node[i:]]), (Place(loop, "body"), rest)), said, 1)
                        said = f"`{first_line(one)}` runs once, after the loop, not in each turn. Where does it belong?"
                        yield Slip(
                            ((place, [*node[: i + 1], one, *node[i + 1 :]]), (Place(loop, "body"), rest)), said, 2
                        )
                if i:
                    before = node[i - 1]
                    said = f"`{first_line(before)}` is done anew in each turn of the loop. Where does it belong?"
                    yield Slip(
                        ((place, [*node[: i - 1], loop, *node[i + 1 :]]), (Place(loop, "body"), [before, *loop.body])),
                        said,
                        2,
                    )
    if isinstance(node, ast.AugAssign):
        yield Slip(
            ((place, ast.Assign([node.target], node.value)),),
            f"`=` stands where `{sign(node.op)}=` belongs, so what was there is lost. What should become of it?",
            1,
        )
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.BinOp)
        and isinstance(node.value.op, ast.Sub | ast.Add)
    ):
        (target,) = node.targets
        if isinstance(target, ast.Name) and quote(target) == quote(node.value.left):
            said = f"`{quote(target)}` is changed in place, and others hold that array too. What makes a new one?"
            yield Slip(((place, ast.AugAssign(target, node.value.op, node.value.right)),), said, 1)


def old_values(tree, place, node):
    """In a loop, the value from before the loop instead of the one of this turn."""
    if not isinstance(node, ast.For | ast.While):
        return
    changed = {name.id for name in nodes(node, ast.Name) if isinstance(name.ctx, ast.Store)}
    changed |= {
        name.value.id
        for name in nodes(node, ast.Subscript)
        if isinstance(name.ctx, ast.Store) and isinstance(name.value, ast.Name)
    }
    for inner, name in places(node):
        if isinstance(name, ast.Name) and is_loaded(name) and name.id in changed & set(tree.arguments):
            keep = ast.Assign([a_name("_before", ast.Store())], a_name(name.id))
            said = (
                f"`{name.id}` from before the loop is used in each turn, not the one of that moment. When is it taken?"
            )
            yield Slip(
                ((Place(tree.definition, "body"), [keep, *tree.definition.body]), (inner, a_name("_before"))), said, 2
            )


def silent_arguments(tree, place, node):
    """An argument without a say, as if a number were written in for it."""
    if node is not tree.definition.body:
        return
    for name in tree.arguments:
        if tree.kinds[name] in ("float", "int"):
            whole = tree.kinds[name] == "int"
            for number in (one for one in CONSTANTS if not whole or one == int(one)):
                said = f"`{name}` has no influence, as if {number} were written in for it. Where should it be used?"
                yield beginning(tree, name, str(number), said, 2)


def other_arguments(tree, place, node):
    """An argument in the place of another, or two exchanged; in the whole function."""
    if node is not tree.definition.body:
        return
    for name in tree.arguments:
        for other in tree.arguments:
            if other != name and tree.alike(name, other):
                said = f"`{other}` is used in place of `{name}`, which has no influence. Which of the two is meant?"
                yield beginning(tree, name, other, said, 2)
        if tree.kinds[name] == "function":
            yield beginning(
                tree,
                name,
                f"lambda x, given={name}: -given(x)",
                f"The sign of what `{name}` gives is turned round. Which sign belongs there?",
                4,
            )
    read = {name.id for name in nodes(tree.definition, ast.Name) if is_loaded(name)}
    for i, one in enumerate(tree.arguments):
        for other in tree.arguments[i + 1 :]:
            if tree.alike(one, other) and {one, other} <= read:  # one alone that is used is no exchange
                said = f"`{one}` and `{other}` are exchanged. Which of the two is which?"
                yield beginning(tree, f"{one}, {other}", f"{other}, {one}", said, 1)


def sign(operator):
    """Return an operator of the tree as it is written: + for ast.Add()."""
    return quote(ast.AugAssign(a_name("a", ast.Store()), operator, a_name("b"))).split()[1].rstrip("=")
