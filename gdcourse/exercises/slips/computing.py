"""Slips in what is computed: operators, operands, brackets, signs, comparisons and numbers."""

import ast

from gdcourse.exercises.report import listed
from gdcourse.exercises.slips.trees import Place, Slip, a_name, beginning, is_value, nodes, put, quote
from gdcourse.exercises.slips.words import COMPARISONS, OPERATORS


def exchanged_operators(tree, place, node):
    """+ for -, / for *, and so on."""
    kind = ast.AugAssign if isinstance(node, ast.AugAssign) else ast.BinOp
    if not isinstance(node, kind):
        return
    left, right = (node.target, node.value) if kind is ast.AugAssign else (node.left, node.right)
    for have, write, cost, said in OPERATORS:
        if isinstance(node.op, have) and not (write is ast.Mult and "1" in (quote(left), quote(right))):  # nobody does
            said = said.format(left=quote(left), right=quote(right))
            yield Slip(((Place(node, "op"), write()),), said, cost)


def exchanged_comparisons(tree, place, node):
    """> for >=, < for >, and so on."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        texts = {"left": quote(node.left), "right": quote(node.comparators[0])}
        for have, write, cost, said in COMPARISONS:
            if isinstance(node.ops[0], have):
                yield Slip(((Place(node, "ops", 0), write()),), said.format(**texts), cost)


def lost_operands(tree, place, node):
    """One side of an operation alone, the sides exchanged, or brackets elsewhere."""
    if not isinstance(node, ast.BinOp):
        return
    left, right, op = node.left, node.right, node.op
    a, b = quote(left), quote(right)
    if isinstance(op, ast.Sub):
        yield Slip(((place, left),), f"`{b}` is not subtracted. What has to be taken from `{a}`?", 1)
        yield Slip(((place, right),), f"It is `{b}` alone: `{a}` is missing. From what is it subtracted?", 1)
        yield Slip(
            ((place, ast.UnaryOp(ast.USub(), right)),),
            f"`{a}` is lost, only minus `{b}` is left. From what is it subtracted?",
            1,
        )
        turned = ast.BinOp(right, op, left)
        yield Slip(
            ((place, turned),),
            f"The difference is turned round, which turns the sign: `{b}` less `{a}`. Which is taken from which?",
            1,
        )
        if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult | ast.Div):
            moved = ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
            yield Slip(
                ((place, moved),),
                f"The subtraction comes before `{quote(right.right)}`. Which two belong together?",
                2,
            )
    if isinstance(op, ast.Add):
        yield Slip(((place, left),), f"`{b}` is missing: it is not added. What else belongs to `{a}`?", 1)
        yield Slip(((place, right),), f"`{a}` is missing: only `{b}` is left. To what is it added?", 1)
    if isinstance(op, ast.Mult | ast.MatMult):
        yield Slip(((place, left),), f"`{b}` is missing: nothing is multiplied by it. What does it do to `{a}`?", 1)
        yield Slip(((place, right),), f"`{a}` is missing: nothing is multiplied by it. What does it do to `{b}`?", 1)
    if isinstance(op, ast.MatMult):
        yield Slip(
            ((place, ast.BinOp(right, op, left)),),
            f"The two factors of `{quote(node)}` are exchanged. Which of them comes first?",
            2,
        )
    if isinstance(op, ast.Div):
        yield Slip(((place, left),), f"It is not divided by `{b}`. By what is `{a}` to be divided?", 1)
        yield Slip(
            ((place, ast.BinOp(right, op, left)),),
            "The fraction is upside down. Which of the two is divided by the other?",
            1,
        )
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult):
            turned = ast.BinOp(ast.BinOp(left.left, left.op, right), op, left.right)
            said = f"The fraction after `{quote(left.left)}` is upside down. Which of the two is divided by the other?"
            yield Slip(((place, turned),), said, 2)
        yield Slip(((place, right),), f"`{a}` is missing: only `{b}` is left. What is divided by it?", 3)
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add | ast.Sub):
            moved = ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
            yield Slip(
                ((place, moved),),
                f"Only `{quote(left.right)}` is divided, because a division goes first. Where do brackets belong?",
                1,
            )
        if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult):
            moved = ast.BinOp(ast.BinOp(left, op, right.left), ast.Mult(), right.right)
            yield Slip(
                ((place, moved),),
                f"It divides by `{quote(right.left)}` and then multiplies by `{quote(right.right)}`. Which brackets?",
                1,
            )
            yield Slip(
                ((Place(node, "right"), ast.BinOp(right.left, ast.Add(), right.right)),),
                f"`{quote(right.left)}` and `{quote(right.right)}` are added. What is done with the two?",
                3,
            )
    if isinstance(op, ast.Pow) and not isinstance(right, ast.Constant):
        said = f"`{b}` is raised to `{a}`, and not `{a}` to `{b}`. Which of them says how often to multiply?"
        yield Slip(((place, ast.BinOp(right, op, left)),), said, 1)
    if isinstance(op, ast.Pow):
        yield Slip(((place, left),), f"`{a}` is not squared. What is done to it before the rest?", 1)
        yield Slip(
            ((place, ast.Call(a_name("abs"), [left], [])),),
            f"`{a}` loses its sign and is not squared. What is done to it?",
            2,
        )


def brackets(tree, place, node):
    """Brackets left out, or put around too much."""
    if not isinstance(node, ast.BinOp):
        return
    left, right, op = node.left, node.right, node.op
    sums, products = ast.Add | ast.Sub, ast.Mult | ast.Div
    if isinstance(op, products) and isinstance(right, ast.BinOp) and isinstance(right.op, sums):
        moved = ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
        said = f"Without brackets only `{quote(right.left)}` belongs to `{quote(left)}`. Where do brackets belong?"
        yield Slip(((place, moved),), said, 1)
    if isinstance(op, products) and isinstance(left, ast.BinOp) and isinstance(left.op, sums):
        moved = ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        said = f"Without brackets only `{quote(left.right)}` belongs to `{quote(right)}`. Where do brackets belong?"
        yield Slip(((place, moved),), said, 1)
    if isinstance(op, products) and isinstance(left, ast.BinOp) and isinstance(left.op, products):
        inner = left.right
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, sums):
            first, second = ast.BinOp(left.left, left.op, inner.left), ast.BinOp(inner.right, op, right)
            said = (
                "A sum lacks its brackets, so what stands before and after it is done first. Where do brackets belong?"
            )
            yield Slip(((place, ast.BinOp(first, inner.op, second)),), said, 1)
    if isinstance(op, sums) and isinstance(right, ast.BinOp) and isinstance(right.op, products):
        for factor, rest in ((right.left, right.right), (right.right, right.left)):
            if isinstance(right.op, ast.Mult) or factor is right.right:
                moved = ast.BinOp(ast.BinOp(left, op, rest), right.op, factor)
                done = "multiplied" if isinstance(right.op, ast.Mult) else "divided"
                said = f"`{quote(left)}` is {done} by `{quote(factor)}` too: brackets hold too much. What is scaled?"
                yield Slip(((place, moved),), said, 1)
    if isinstance(op, sums) and isinstance(left, ast.BinOp) and isinstance(left.op, products):
        moved = ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        said = f"`{quote(right)}` is in the brackets as well, and they hold too much. What belongs together?"
        yield Slip(((place, moved),), said, 2)


def turned_signs(tree, place, node):
    """A minus lost, a minus too many, a size for a number with its sign, a square or a double too many."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield Slip(
            ((place, node.operand),),
            f"The minus before `{quote(node.operand)}` is lost. Which sign belongs there?",
            1,
        )
    if not is_value(place, node) or not tree.has_a_sign(place, node):
        return
    text = quote(node)
    if isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript):
        yield Slip(
            ((place, ast.UnaryOp(ast.USub(), node)),),
            f"The sign of `{text}` is turned round. Which sign does it have?",
            3,
        )
        yield Slip(
            ((place, ast.Call(a_name("abs"), [node], [])),),
            f"The sign of `{text}` is lost, as `abs` would lose it. When is it negative?",
            3,
        )
        yield Slip(((place, ast.BinOp(node, ast.Mult(), node)),), f"`{text}` is squared. Which power does it have?", 4)
        yield Slip(
            ((place, ast.BinOp(node, ast.Mult(), ast.Constant(2))),),
            f"`{text}` is doubled: there is a factor 2 too many. Where does it come from?",
            4,
        )
        yield Slip(
            ((place, ast.BinOp(node, ast.Div(), ast.Constant(2))),),
            f"`{text}` is halved: a factor 2 is missing. Where should it come from?",
            4,
        )


def other_numbers(tree, place, node):
    """One more, one less, twice or half, the other sign, 0 or 1."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return
    if isinstance(place.owner, ast.keyword) and place.owner.arg in ("axis", "ddof", "keepdims"):
        return
    value = node.value
    for other in dict.fromkeys([value + 1, value - 1, 2 * value, value / 2, -value, 10 * value, value / 10, 0, 1]):
        if other != value:
            new = ast.Constant(int(other) if other == int(other) and isinstance(value, int) else other)
            yield Slip(((place, new),), another_number(place, new, other), 2)


def another_number(place, new, value):
    """Say that a number is another one, and in what: that must stand in the answer too."""
    where, around = "", ast.expr | ast.Return
    if isinstance(place.owner, around) and not isinstance(place.owner, ast.Tuple | ast.List | ast.UnaryOp):
        with put([(place, new)]):
            where = f", in `{quote(place.owner)}`"
    return f"There is {value:g} where another number belongs{where}. Which number should it be?"


def written_in(numbers):
    """Return a rule that writes one of these numbers where something is computed, or for an argument."""

    def rule(tree, place, node):
        if isinstance(node, list) and node is tree.definition.body:
            for name in tree.arguments:
                if tree.kinds[name] in ("float", "int"):
                    for one in numbers:
                        said = f"`{name}` has no influence: a fixed {one:g} is written in for it. What if it differs?"
                        yield beginning(tree, name, repr(one), said, 1)
        if is_value(place, node) and isinstance(
            node, ast.BinOp | ast.Call | ast.Attribute | ast.Constant | ast.Subscript
        ):
            for one in numbers:
                made = made_of(tree, node)
                said = f"{one:g} is written in, a fixed number, where {made} belongs. What is it for other arguments?"
                if isinstance(node, ast.Constant):
                    said = another_number(place, ast.Constant(one), one)
                yield Slip(((place, ast.Constant(one)),), said, 2 if isinstance(node, ast.Constant) else 1)

    return rule


def degrees(tree, place, node):
    """Half a turn in degrees, where π stands for it."""
    if isinstance(node, ast.Attribute) and quote(node) == "np.pi":
        said = "The angle is in degrees, with 180 for half a turn. In which unit does NumPy take an angle?"
        yield Slip(((place, ast.Constant(180)),), said, 1)


def exchanged_shares(tree, place, node):
    """A share and the rest of 1, each in the other's place, as in a mean that fades."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
        return
    if not all(isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mult) for one in (node.left, node.right)):
        return
    one, other = node.left.left, node.right.left
    if f"1 - {quote(one)}" == quote(other) or f"1 - {quote(other)}" == quote(one):
        said = f"`{quote(one)}` and `{quote(other)}` are exchanged. Which of the two shares belongs to `{{}}`?"
        said = said.format(quote(node.left.right))
        yield Slip(((Place(node.left, "left"), other), (Place(node.right, "left"), one)), said, 1)


def made_of(tree, node):
    """Say of which arguments a value is made, without giving away how."""
    names = dict.fromkeys(name.id for name in nodes(node, ast.Name) if name.id in tree.arguments)
    return f"something made of {listed([f'`{name}`' for name in names])}" if names else "something else"


def mixed_up(numbers):
    """Return a rule that takes another number of the text for an argument, {argument: [number, …]}."""

    def rule(tree, place, node):
        if isinstance(node, list) and node is tree.definition.body:
            for name, others in numbers.items():
                for other in others:
                    yield beginning(
                        tree, name, repr(other), f"{other:g} is taken for `{name}`. Which number is it here?", 1
                    )

    return rule
