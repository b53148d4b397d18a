"""Slips that learners make, as changes of a right answer's syntax tree; each has its sentence.

A rule looks at one node of the tree and yields the slips that can be made there. A slip is a list of settings
(owner, field, index, new), put in place only while the wrong function is compiled; several slips can be put in
place at once. Whoever wants one more kind of slip adds a row to a table, or a rule.
"""

import ast
import contextlib
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

TURNS = 10_000  # of a `while` loop; a wrong condition never ends it


class Endless(Exception):
    """A `while` loop of a mutant goes on for ever."""


class Place(NamedTuple):
    """Where a node hangs in the tree: a field of its owner, or one item of it."""

    owner: ast.AST
    field: str
    index: int | None = None


@dataclass(frozen=True)
class Slip:
    """One change: what is set in the tree, the sentence that names it, and how unlikely it is."""

    settings: tuple
    sentence: str
    cost: int = 2


@dataclass(frozen=True)
class Mutant:
    """A wrong function made by one slip or more."""

    function: Callable
    slips: tuple

    @property
    def sentence(self):
        """Return what the slips have to say."""
        return " ".join(slip.sentence for slip in self.slips)


# Tables: what is written for what, and what is said then. {left}, {right}, {it} are pieces of the right answer.

OPERATORS = [
    (ast.Sub, ast.Add, 1, "`{right}` is added instead of subtracted. Which sign belongs before it?"),
    (ast.Sub, ast.Mult, 3, "`{left}` is multiplied by `{right}`. What takes the second from the first?"),
    (ast.Sub, ast.Div, 3, "`{left}` is divided by `{right}`. What takes the second from the first?"),
    (ast.Add, ast.Sub, 1, "`{right}` is subtracted instead of added. Which sign belongs before it?"),
    (ast.Add, ast.Mult, 3, "`{left}` and `{right}` are multiplied. What is to be done with the two?"),
    (ast.Mult, ast.Add, 2, "`{left}` and `{right}` are added instead of multiplied. What is done with the two?"),
    (ast.Mult, ast.Sub, 3, "`{right}` is subtracted from `{left}`. By what is it to be multiplied?"),
    (ast.Mult, ast.Div, 2, "It divides by `{right}` instead of multiplying. Which of the two scales here?"),
    (ast.Mult, ast.MatMult, 3, "`@` stands for `*`. Which of them takes entry by entry?"),
    (ast.Div, ast.Mult, 1, "It multiplies by `{right}` instead of dividing. Which of the two is asked for?"),
    (ast.Div, ast.FloorDiv, 1, "`//` cuts the fractions off. Which sign divides without cutting?"),
    (ast.Div, ast.Sub, 3, "`{right}` is subtracted instead of dividing by it. What is done with the two?"),
    (ast.Pow, ast.Mult, 1, "It multiplies by `{right}` instead of raising to that power. How is a square written?"),
    (ast.MatMult, ast.Mult, 1, "`*` multiplies entry by entry and adds nothing up. Which product adds up as well?"),
]

COMPARISONS = [
    (ast.Gt, ast.GtE, 1, "Equal counts as more here. Does the comparison with `{right}` include equality?"),
    (ast.GtE, ast.Gt, 1, "Equal counts as less here. Does the comparison with `{right}` include equality?"),
    (ast.Lt, ast.LtE, 1, "Equal counts as less here. Does the comparison with `{right}` include equality?"),
    (ast.LtE, ast.Lt, 1, "Equal counts as more here. Does the comparison with `{right}` include equality?"),
    (ast.Gt, ast.Lt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the larger one?"),
    (ast.GtE, ast.Lt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the larger one?"),
    (ast.LtE, ast.Gt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the smaller one?"),
    (ast.Lt, ast.Gt, 1, "The comparison is turned round. Which of `{left}` and `{right}` must be the smaller one?"),
    (ast.Gt, ast.NotEq, 2, "Everything that differs counts here. Which of the two must be the larger one?"),
    (ast.Eq, ast.NotEq, 1, "It takes what differs instead of what is equal. Which of the two is asked for?"),
    (ast.LtE, ast.Eq, 1, "Only what is equal counts here. What of the numbers below `{right}`?"),
    (ast.GtE, ast.Eq, 1, "Only what is equal counts here. What of the numbers above `{right}`?"),
    (ast.Lt, ast.Eq, 2, "Only what is equal counts here. What of the numbers below `{right}`?"),
    (ast.Gt, ast.Eq, 2, "Only what is equal counts here. What of the numbers above `{right}`?"),
    (ast.Eq, ast.GtE, 2, "It also takes what is more than `{right}`. Which ones are asked for?"),
    (ast.Eq, ast.LtE, 2, "It also takes what is less than `{right}`. Which ones are asked for?"),
]

CALLS = [
    ("mean", "sum", 1, "It is a sum where a mean is asked for: nothing divides by the number. What makes it a mean?"),
    ("mean", "max", 2, "It is the largest one where a mean is asked for. How do all of them get a say?"),
    ("mean", "min", 3, "It is the smallest one where a mean is asked for. How do all of them get a say?"),
    ("sum", "mean", 1, "It is a mean where a sum is asked for, so it is divided once too often. What adds up?"),
    ("sum", "max", 2, "It is the largest one where a sum is asked for. What adds all of them up?"),
    ("sum", "prod", 3, "They are multiplied where a sum is asked for. What adds all of them up?"),
    ("max", "min", 1, "It is the smallest one where the largest is asked for. Which of them decides?"),
    ("max", "sum", 2, "They are added up where the largest is asked for. Which of them decides?"),
    (
        "max",
        "mean",
        1,
        "It is the mean where the largest is asked for, so one that stands out hides. Which one decides?",
    ),
    ("max", "argmax", 1, "It is the place of the largest one, not the largest itself. Which function gives its value?"),
    ("argmax", "max", 1, "It is the largest value, not its place. Which function gives the place?"),
    ("argmax", "argmin", 1, "It is the place of the smallest one. Which one is asked for?"),
    ("all", "any", 1, "One is enough here, and all are asked for. For how many must it hold?"),
    ("any", "all", 1, "All are needed here, and one is enough. For how many must it hold?"),
    ("ceil", "floor", 1, "It is rounded down, so a part that is not full is left out. What becomes of the rest?"),
    ("std", "var", 1, "That is the variance, the square of the standard deviation. What is its root?"),
    ("norm", "sum", 1, "The entries are added up, and that is no length. How long is the arrow [3, 4]?"),
    ("norm", "max", 2, "The largest entry is taken for the length. How long is the arrow [3, 4]?"),
    ("norm", "len", 2, "The number of entries is taken for the length. How long is the arrow [3, 4]?"),
    ("log", "log10", 1, "That is the logarithm to base 10. Which one has the derivative 1/x?"),
    ("log", "log2", 1, "That is the logarithm to base 2. Which one has the derivative 1/x?"),
    ("log", "log1p", 3, "That is the logarithm of 1 and its argument. What stands in the brackets?"),
    ("log", "exp", 2, "That is the exponential where the logarithm is asked for. Which of the two undoes the other?"),
    ("exp", "log", 2, "That is the logarithm where the exponential is asked for. Which of the two undoes the other?"),
    ("exp", "abs", 3, "The signs are dropped where exponentials are asked for. What grows with every score?"),
    ("exp", "square", 3, "They are squared where exponentials are asked for. What grows with every score?"),
    ("exp2", "exp", 2, "The base is another one. Which number is raised to the power?"),
    ("maximum", "minimum", 1, "It keeps the smaller of the two. Which one does the bend keep?"),
    ("zeros", "ones", 1, "It begins with ones, so all of it is 1 too large. With what does the count begin?"),
    ("abs", "square", 2, "It is squared where only the sign should go. What drops a sign?"),
]

DROPPED = {  # functions around a value, and what is said when they are left out
    "abs": "The sign is kept where only the size counts: `abs` is missing. How large is a negative one?",
    "exp": "The exponential is left out. What makes each of them positive?",
    "log": "The logarithm is left out. Which function makes a small probability a large surprise?",
    "sqrt": "The root is missing. What undoes the square?",
    "mean": "The mean is left out, so there is one value for each. What makes one number of them?",
    "sum": "Nothing is added up, so there is one value for each. Over what is the sum taken?",
    "max": "All of them are kept where the largest is asked for. Which one decides?",
    "argmax": "All of them are kept where the place of the largest is asked for. Which function gives a place?",
    "all": "There is an answer for each, and none for all of them together. What brings them together?",
    "copy": "It is not copied, so a later change shows in both. Which array do the two names share?",
    "norm": "It is divided by the arrow itself, not by its length. Which number is the length?",
    "maximum": "The bend is missing: negative numbers go through. What does it make of them?",
    "reshape": "The shape stays as it was. Which shape is asked for?",
    "array": "",
    "len": "",
    "zip": "",
    "range": "",
    "arange": "",
}

CONSTANTS = [0.1, 0.01, 1, 2, 0.5]  # what is written in for an argument


def mutants(reference, case):
    """Yield every Mutant of one slip; the case, a tuple of arguments, says what each argument is."""
    tree = Tree(reference, case)
    for slip in tree.slips():
        if function := tree.function(slip):
            yield Mutant(function, (slip,))


class Tree:
    """A reference's syntax tree, which slips are put into and taken out of again."""

    def __init__(self, reference, case):
        self.name = reference.__name__
        self.module = ast.parse(textwrap.dedent(inspect.getsource(reference)))
        (self.definition,) = self.module.body
        if ast.get_docstring(self.definition) is not None:
            del self.definition.body[0]
        self.definition.args.defaults = []
        self.arguments = [argument.arg for argument in self.definition.args.args]
        self.kinds = dict(zip(self.arguments, map(_kind, case)))
        self.locals = {node.id for node in _nodes(self.definition, ast.Name) if isinstance(node.ctx, ast.Store)}
        self.locals -= set(self.arguments)
        self.turns = Turns()
        self.globals = {**reference.__globals__, "_turns": self.turns, "_again": _again}
        for loop in _nodes(self.definition, ast.While):
            loop.test = ast.Call(_name("_turns"), [loop.test], [])
            _locate(loop.test)

    @property
    def names(self):
        """Return every name of the function's own."""
        return [*self.arguments, *sorted(self.locals)]

    def has_a_sign(self, place, node):
        """Say whether a value can be negative: no function, list, or count, and not only counted itself."""
        if isinstance(node, ast.Name) and self.kinds.get(node.id) in ("function", "list", "int"):
            return False
        counts = ("len", "zip", "range", "arange", "_turns")
        called = [_text(one.func).split(".")[-1] for one in (node, place.owner) if isinstance(one, ast.Call)]
        return not set(called) & set(counts)

    def alike(self, one, other):
        """Say whether one argument may be taken for another: numbers, arrays, or functions."""
        numbers = {self.kinds[name] if isinstance(self.kinds[name], str) else "array" for name in (one, other)}
        return len(numbers) == 1 or numbers == {"float", "int"}

    def slips(self, rules=None):
        """Yield every slip that the rules find, each place from top to bottom."""
        for place, node in list(places(self.definition)):
            for rule in RULES if rules is None else rules:
                yield from rule(self, place, node)

    def kept(self, slip):
        """Return a context in which this slip is in the tree, and others can be found in it."""
        return _put(slip.settings)

    def written(self, *slips):
        """Return the function's source with these slips in it."""
        with _put([setting for slip in slips for setting in slip.settings]):
            return ast.unparse(self.definition)

    def function(self, *slips):
        """Return the function with these slips in it, or None if Python does not take it."""
        try:
            with _put([setting for slip in slips for setting in slip.settings]):
                code = compile(self.module, f"<{self.name}>", "exec")
        except (SyntaxError, ValueError, TypeError, IndexError):  # two slips may not fit each other
            return None
        exec(code, self.globals)
        return self.globals.pop(self.name)


class Turns:
    """Counts the turns of `while` loops, and ends the one that goes on for ever."""

    left = TURNS

    def __call__(self, condition):
        self.left -= 1
        if self.left < 0:
            raise Endless
        return condition


def _again(values):
    """Return the values as a list, with the last one twice."""
    values = list(values)
    return values + values[-1:]


@contextlib.contextmanager
def _put(settings):
    """Set each (place, node) in the tree while the block runs."""
    before = []
    try:
        for (owner, field, index), new in settings:
            before.append(
                (owner, field, index, getattr(owner, field) if index is None else getattr(owner, field)[index])
            )
            _locate(new)
            _set(owner, field, index, new)
        yield
    finally:
        for one in reversed(before):
            _set(*one)


def _locate(new):
    """Give new nodes the place in the source that Python asks for; nodes that have one stand as they are."""
    if isinstance(new, list):
        for one in new:
            _locate(one)
    elif isinstance(new, ast.AST) and not hasattr(new, "lineno"):
        if "lineno" in new._attributes:
            new.lineno = new.end_lineno = 1
            new.col_offset = new.end_col_offset = 0
        for _, value in ast.iter_fields(new):
            _locate(value)


def _set(owner, field, index, new):
    if index is None:
        setattr(owner, field, new)
    else:
        getattr(owner, field)[index] = new


def places(node):
    """Yield (Place, node) for each node below this one, and for each list of statements."""
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            if not (isinstance(value, ast.Call) and getattr(value.func, "id", "") == "_turns"):  # it ends loops
                yield Place(node, field), value
            yield from places(value)
        elif isinstance(value, list) and value and isinstance(value[0], ast.AST):
            if isinstance(value[0], ast.stmt):
                yield Place(node, field), value
            for index, one in enumerate(value):
                yield Place(node, field, index), one
                yield from places(one)


def _nodes(node, kind):
    return [one for one in ast.walk(node) if isinstance(one, kind)]


def _kind(value):
    """Say what an argument is, so that only like stands for like."""
    return "function" if callable(value) else type(value).__name__ if not hasattr(value, "ndim") else value.ndim


def _name(name, context=None):
    return ast.Name(name, context or ast.Load())


def _text(node):
    return ast.unparse(node)


def _loaded(node):
    return isinstance(getattr(node, "ctx", None), ast.Load)


def is_value(place, node):
    """Say whether the node is an expression whose value counts, not a function's name or a target."""
    if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), ast.Store):
        return False
    return not (isinstance(place.owner, ast.Call) and place.field == "func") and not isinstance(
        place.owner, ast.Attribute
    )


# The rules. Each takes the tree, the place and the node that stands there, and yields slips.


def exchanged_operators(tree, place, node):
    """+ for -, / for *, and so on."""
    kind = ast.AugAssign if isinstance(node, ast.AugAssign) else ast.BinOp
    if not isinstance(node, kind):
        return
    left, right = (node.target, node.value) if kind is ast.AugAssign else (node.left, node.right)
    for have, write, cost, said in OPERATORS:
        if isinstance(node.op, have):
            said = said.format(left=_text(left), right=_text(right))
            yield Slip(((Place(node, "op"), write()),), said, cost)


def exchanged_comparisons(tree, place, node):
    """> for >=, < for >, and so on."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        texts = {"left": _text(node.left), "right": _text(node.comparators[0])}
        for have, write, cost, said in COMPARISONS:
            if isinstance(node.ops[0], have):
                yield Slip(((Place(node, "ops", 0), write()),), said.format(**texts), cost)


def lost_operands(tree, place, node):
    """One side of an operation alone, the sides exchanged, or brackets elsewhere."""
    if not isinstance(node, ast.BinOp):
        return
    left, right, op = node.left, node.right, node.op
    a, b = _text(left), _text(right)
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
                ((place, moved),), f"The subtraction comes before `{_text(right.right)}`. Which two belong together?", 2
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
            f"The two factors of `{_text(node)}` are exchanged. Which of them comes first?",
            2,
        )
    if isinstance(op, ast.Div):
        yield Slip(((place, left),), f"It is not divided by `{b}`. By what is `{a}` to be divided?", 1)
        yield Slip(
            ((place, ast.BinOp(right, op, left)),),
            "The fraction is upside down. Which of the two is divided by the other?",
            1,
        )
        yield Slip(((place, right),), f"`{a}` is missing: only `{b}` is left. What is divided by it?", 3)
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add | ast.Sub):
            moved = ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
            yield Slip(
                ((place, moved),),
                f"Only `{_text(left.right)}` is divided, because a division goes first. Where do brackets belong?",
                1,
            )
        if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult):
            moved = ast.BinOp(ast.BinOp(left, op, right.left), ast.Mult(), right.right)
            yield Slip(
                ((place, moved),),
                f"It divides by `{_text(right.left)}` and then multiplies by `{_text(right.right)}`. Which brackets?",
                1,
            )
            yield Slip(
                ((Place(node, "right"), ast.BinOp(right.left, ast.Add(), right.right)),),
                f"`{_text(right.left)}` and `{_text(right.right)}` are added. What is done with the two?",
                3,
            )
    if isinstance(op, ast.Pow):
        yield Slip(((place, left),), f"`{a}` is not squared. What is done to it before the rest?", 1)
        yield Slip(
            ((place, ast.Call(_name("abs"), [left], [])),),
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
        said = f"Without brackets only `{_text(right.left)}` belongs to `{_text(left)}`. Where do brackets belong?"
        yield Slip(((place, moved),), said, 1)
    if isinstance(op, products) and isinstance(left, ast.BinOp) and isinstance(left.op, sums):
        moved = ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        said = f"Without brackets only `{_text(left.right)}` belongs to `{_text(right)}`. Where do brackets belong?"
        yield Slip(((place, moved),), said, 1)
    if isinstance(op, sums) and isinstance(right, ast.BinOp) and isinstance(right.op, products):
        for factor, rest in ((right.left, right.right), (right.right, right.left)):
            if isinstance(right.op, ast.Mult) or factor is right.right:
                moved = ast.BinOp(ast.BinOp(left, op, rest), right.op, factor)
                done = "multiplied" if isinstance(right.op, ast.Mult) else "divided"
                said = (
                    f"`{_text(left)}` is {done} by `{_text(factor)}` as well: brackets hold too much. What is scaled?"
                )
                yield Slip(((place, moved),), said, 1)
    if isinstance(op, sums) and isinstance(left, ast.BinOp) and isinstance(left.op, products):
        moved = ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        said = f"`{_text(right)}` is in the brackets as well, and they hold too much. What belongs together?"
        yield Slip(((place, moved),), said, 2)


def another_order(tree, place, node):
    """Two functions, one after the other, in the other order."""
    if not isinstance(node, ast.Call):
        return
    outer, inner = _function_and_value(node), None
    if outer:
        inner = _function_and_value(outer[1])
    if inner and isinstance(outer[1], ast.Call):
        said = f"`{inner[2]}` comes after `{outer[2]}`, too late: the two are in the other order. Which comes first?"
        yield Slip(((place, inner[0](outer[0](inner[1]))),), said, 2)


def _function_and_value(node):
    """Return (how to call it, on which value, its name) of a call with one value: f(x), np.f(x), x.f()."""
    if not isinstance(node, ast.Call) or isinstance(node, ast.GeneratorExp):
        return None
    function = node.func
    is_method = isinstance(function, ast.Attribute) and _text(function.value) not in ("np", "np.linalg")
    if is_method and not node.args:
        return (
            lambda value: ast.Call(ast.Attribute(value, function.attr, ast.Load()), [], node.keywords),
            function.value,
            function.attr,
        )
    if not is_method and len(node.args) == 1 and not isinstance(node.args[0], ast.GeneratorExp):
        return lambda value: ast.Call(function, [value], node.keywords), node.args[0], _text(function).split(".")[-1]
    return None


def written_in(numbers):
    """Return a rule that writes one of these numbers where something is computed, or for an argument."""

    def rule(tree, place, node):
        if isinstance(node, list) and node is tree.definition.body:
            for name in tree.arguments:
                if tree.kinds[name] in ("float", "int"):
                    for one in numbers:
                        said = f"`{name}` has no influence: a fixed {one:g} is written in for it. What if it differs?"
                        yield _beginning(tree, name, repr(one), said, 1)
        if is_value(place, node) and isinstance(
            node, ast.BinOp | ast.Call | ast.Attribute | ast.Constant | ast.Subscript
        ):
            for one in numbers:
                text = _text(node)
                said = f"{one:g} is written in, a fixed number, where `{text}` belongs. What is it for other arguments?"
                if isinstance(node, ast.Constant):
                    said = f"There is {one:g} where another number belongs. Which number should it be?"
                yield Slip(((place, ast.Constant(one)),), said, 2 if isinstance(node, ast.Constant) else 1)

    return rule


def mixed_up(numbers):
    """Return a rule that takes another number of the text for an argument, {argument: [number, …]}."""

    def rule(tree, place, node):
        if isinstance(node, list) and node is tree.definition.body:
            for name, others in numbers.items():
                for other in others:
                    yield _beginning(
                        tree, name, repr(other), f"{other:g} is taken for `{name}`. Which number is it here?", 1
                    )

    return rule


def called_instead(names):
    """Return a rule that calls one of these functions instead of the one that is called, or as well."""

    def rule(tree, place, node):
        found = _function_and_value(node) if isinstance(node, ast.Call) else None
        for name in names:
            method = name.split(".")[-1]
            simple = name in ("abs", "sum", "max", "min", "len", "round", "sorted", "int", "float")
            numpys = hasattr(_numpy(), method) or hasattr(_numpy().linalg, method)
            if not (simple or numpys):
                continue
            module = _name("np") if hasattr(_numpy(), method) else ast.Attribute(_name("np"), "linalg", ast.Load())
            function = _name(name) if simple else ast.Attribute(module, method, ast.Load())
            if found and found[2] != method and found[2] not in tree.arguments:
                said = f"It takes `{method}` where `{found[2]}` is asked for. What does each of them give?"
                yield Slip(((place, ast.Call(function, [found[1]], [])),), said, 1)
            if is_value(place, node) and isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript):
                said = f"It takes `{method}` of `{_text(node)}`. What is to be done with it?"
                yield Slip(((place, ast.Call(function, [node], [])),), said, 2)

    return rule


def turned_signs(tree, place, node):
    """A minus lost, a minus too many, a size for a number with its sign, a square or a double too many."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield Slip(
            ((place, node.operand),), f"The minus before `{_text(node.operand)}` is lost. Which sign belongs there?", 1
        )
    if not is_value(place, node) or not tree.has_a_sign(place, node):
        return
    text = _text(node)
    if isinstance(node, ast.BinOp | ast.Call | ast.Name | ast.Subscript):
        yield Slip(
            ((place, ast.UnaryOp(ast.USub(), node)),),
            f"The sign of `{text}` is turned round. Which sign does it have?",
            3,
        )
        yield Slip(
            ((place, ast.Call(_name("abs"), [node], [])),),
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


def exchanged_calls(tree, place, node):
    """sum for mean, min for max; a function left out; the two arguments of a call exchanged."""
    if not isinstance(node, ast.Call):
        return
    method = isinstance(node.func, ast.Attribute)
    called = node.func.attr if method else getattr(node.func, "id", "")
    module = (
        method
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "np"
        or method
        and isinstance(node.func.value, ast.Attribute)
    )
    for have, write, cost, said in CALLS:
        if called == have:
            if method and hasattr(_numpy(), write):
                yield Slip(((Place(node.func, "attr"), write),), said, cost)
            elif not method:
                new = (
                    _name(write)
                    if write in ("min", "max", "sum", "abs", "len")
                    else ast.Attribute(_name("np"), write, ast.Load())
                )
                if write in ("mean", "prod", "argmax") and node.args and isinstance(node.args[0], ast.GeneratorExp):
                    continue
                yield Slip(((Place(node, "func"), new),), said, cost)
    if called in DROPPED and DROPPED[called]:
        inner = (
            node.args[0] if (module or not method) and node.args else node.func.value if method and not module else None
        )
        if inner is not None and not isinstance(inner, ast.GeneratorExp):
            listed = isinstance(inner, ast.Name) and tree.kinds.get(inner.id) == "list"
            whole = ast.Call(ast.Attribute(_name("np"), "array", ast.Load()), [inner], []) if listed else inner
            yield Slip(((place, whole),), DROPPED[called], 1)
    if called in ("max", "min", "sum", "mean") and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
        listed = node.args[0]
        for number, which in ((0, "first"), (-1, "last")):
            said = f"It takes the {which} one of `{listed.id}`, whichever it is. Which of them decides, in any order?"
            yield Slip(((place, ast.Subscript(listed, ast.Constant(number), ast.Load())),), said, 1)
    if len(node.args) == 2:
        one, other = node.args
        said = f"`{_text(one)}` and `{_text(other)}` are exchanged in `{called}`. Which of them comes first?"
        yield Slip(((Place(node, "args", 0), other), (Place(node, "args", 1), one)), said, 2)
    if called in tree.arguments:
        said = f"`{called}` is not asked: it takes `{_text(node.args[0])}` itself. What does `{called}` say there?"
        yield Slip(((place, node.args[0]),), said, 2)


def other_axes(tree, place, node):
    """Another axis, none, or keepdims left out."""
    if not isinstance(node, ast.Call) or not node.keywords:
        return
    named = {word.arg: i for i, word in enumerate(node.keywords)}
    if "axis" in named:
        axis = node.keywords[named["axis"]].value
        if isinstance(axis, ast.Constant) and axis.value in (0, 1):
            now = "down the columns" if axis.value else "along the rows"
            said = f"It runs {now}: that is the other axis. Along which axis does `{_text(node.func)}` run?"
            yield Slip(((Place(node.keywords[named["axis"]], "value"), ast.Constant(1 - axis.value)),), said, 1)
        bare = [word for word in node.keywords if word.arg not in ("axis", "keepdims")]
        said = f"It takes everything together, without an axis. Along which axis does `{_text(node.func)}` run?"
        yield Slip(((Place(node, "keywords"), bare),), said, 1)
    if "keepdims" in named:
        rest = [word for word in node.keywords if word.arg != "keepdims"]
        said = f"Without keepdims `{_text(node.func)}` lies flat and meets the columns. What keeps it standing?"
        yield Slip(((Place(node, "keywords"), rest),), said, 1)


def other_names(tree, place, node):
    """One name for another of the same kind."""
    if (
        not (isinstance(node, ast.Name) and _loaded(node))
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
            yield Slip(((place, _name(other)),), said, 2)


def other_numbers(tree, place, node):
    """One more, one less, twice or half, the other sign, 0 or 1."""
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return
    if isinstance(place.owner, ast.keyword) and place.owner.arg in ("axis", "ddof", "keepdims"):
        return
    value = node.value
    for other in dict.fromkeys([value + 1, value - 1, 2 * value, value / 2, -value, 10 * value, value / 10, 0, 1]):
        if other != value:
            said = f"There is {other:g} where another number belongs. Which number should it be?"
            yield Slip(
                ((place, ast.Constant(int(other) if other == int(other) and isinstance(value, int) else other)),),
                said,
                2,
            )


def other_places(tree, place, node):
    """An index or a transpose left out, put in, or exchanged."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield Slip(((place, node.value),), f"`{_text(node.value)}` is not transposed. Which shapes must meet?", 1)
    if (
        isinstance(node, ast.Attribute)
        and node.attr == "size"
        or isinstance(node, ast.Call)
        and _text(node.func) == "len"
    ):
        counted = node.value if isinstance(node, ast.Attribute) else node.args[0]
        many = [
            ("size", "the number of all entries"),
            ("shape[1]", "the number of columns"),
            ("shape[-1]", "the last size of the shape"),
            ("ndim", "the number of axes"),
        ]
        for write, what in many:
            said = f"It takes {what} of `{_text(counted)}`. How many rows, samples or entries should it count?"
            yield Slip(((place, ast.parse(f"({_text(counted)}).{write}", mode="eval").body),), said, 2)
        for other in tree.names:
            if (
                isinstance(counted, ast.Name)
                and other != counted.id
                and tree.kinds.get(other, 1) not in (0, "function", "float", "int")
            ):
                said = f"It counts `{other}` instead of `{_text(counted)}`. How many are there of each?"
                yield Slip(((place, ast.Call(_name("len"), [_name(other)], [])),), said, 1)
    if isinstance(node, ast.Subscript) and _loaded(node):
        yield Slip(
            ((place, node.value),),
            f"`{_text(node.value)}` is taken whole. Which part of it, chosen by `{_text(node.slice)}`, belongs here?",
            1,
        )
        if isinstance(node.slice, ast.Name):
            for shift in (-1, 1):
                new = ast.BinOp(node.slice, ast.Add(), ast.Constant(shift))
                said = f"It takes the entry beside: `{_text(node.slice)}` is off by one. From where does it count?"
                yield Slip(((Place(node, "slice"), new),), said, 1)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        one, other = node.slice.elts
        if not isinstance(one, ast.Slice):
            said = f"Rows and columns are exchanged: `{_text(other)}` chooses the row. Which of the two comes first?"
            yield Slip(((Place(node, "slice"), ast.Tuple([other, one], ast.Load())),), said, 1)
            all_rows = ast.Tuple([ast.Slice(), other], ast.Load())
            said = f"`{_text(other)}` is taken from every row. What picks one entry from each row?"
            yield Slip(((Place(node, "slice"), all_rows),), said, 2)
            yield Slip(
                ((Place(node, "slice"), other),),
                f"`{_text(other)}` chooses whole rows. Which two numbers choose one entry?",
                3,
            )
            for k, said in ((0, one), (1, other)):
                for shift in (-1, 1):
                    elts = [one, other]
                    elts[k] = ast.BinOp(said, ast.Add(), ast.Constant(shift))
                    words = f"It takes the entry beside: `{_text(said)}` is off by one. From where does it count?"
                    yield Slip(((Place(node, "slice"), ast.Tuple(elts, ast.Load())),), words, 2)
        else:
            first = ast.Subscript(node.value, ast.Constant(0), ast.Load())
            yield Slip(((place, first),), "`[0]` takes the first row. Where does the 0 belong to take a column?", 1)
    if (
        isinstance(node, ast.Name)
        and _loaded(node)
        and tree.kinds.get(node.id) == 2
        and not (isinstance(place.owner, ast.Attribute) and place.owner.attr == "T")
    ):
        yield Slip(
            ((place, ast.Attribute(node, "T", ast.Load())),), f"`{node.id}` is transposed. Which shapes must meet?", 2
        )


def other_ranges(tree, place, node):
    """A turn of a loop too few or too many, every other one, and the like."""
    loop = node if isinstance(node, ast.For | ast.comprehension) else None
    if loop is None:
        return
    text = _text(loop.iter)
    values = ast.Call(_name("list"), [loop.iter], [])
    first, last = ast.Slice(upper=ast.Constant(1)), ast.Slice(lower=ast.Constant(-1))
    for part, cost, said in [
        (
            ast.Slice(lower=ast.Constant(1)),
            1,
            f"The first turn of the loop over `{text}` is missing: one step too few. Where does it begin?",
        ),
        (
            ast.Slice(upper=ast.Constant(-1)),
            1,
            f"The last turn of the loop over `{text}` is missing: one step too few. How many turns are there?",
        ),
        (first, 1, f"Only the first turn of the loop over `{text}` counts. Does the loop go on after it?"),
        (last, 1, f"Only the last turn of the loop over `{text}` counts. What happens to the turns before?"),
        (ast.Slice(upper=ast.Constant(0)), 3, f"The loop over `{text}` does nothing. What should each turn change?"),
        (ast.Slice(step=ast.Constant(-1)), 3, f"The loop over `{text}` runs backwards. Where does it begin?"),
    ]:
        yield Slip(((Place(node, "iter"), ast.Subscript(values, part, ast.Load())),), said, cost)
    for name in (name for name in tree.arguments if tree.kinds[name] == "int" and name not in text):
        said = f"The loop makes only `{name}` turns and not those of `{text}`. Over what should it run?"
        part = ast.Subscript(values, ast.Slice(upper=_name(name)), ast.Load())
        yield Slip(((Place(node, "iter"), part),), said, 1)
    again = ast.Call(_name("_again"), [loop.iter], [])
    yield Slip(
        ((Place(node, "iter"), again),),
        f"There is one turn too many: the loop over `{text}` takes one step more. How many steps are asked for?",
        2,
    )


def other_results(tree, place, node):
    """A part of a tuple lost or exchanged with another, also those of a list in square brackets."""
    if (
        not isinstance(node, ast.Tuple | ast.List)
        or not _loaded(node)
        or len(node.elts) < 2
        or isinstance(place.owner, ast.Subscript)
    ):
        return
    for i, j in pairwise(range(len(node.elts))):
        if _text(node.elts[i]) == _text(node.elts[j]):
            continue
        elts = list(node.elts)
        elts[i], elts[j] = elts[j], elts[i]
        said = f"`{_text(node.elts[i])}` and `{_text(node.elts[j])}` are swapped. Which of them comes first?"
        yield Slip(((Place(node, "elts"), elts),), said, 1)
    for i, one in enumerate(node.elts):
        rest = [other for other in node.elts if other is not one]
        yield Slip(((Place(node, "elts"), rest),), f"`{_text(one)}` is missing. How many values are asked for?", 2)
        for other in (other for other in rest if _text(other) != _text(one)):
            said = f"`{_text(other)}` stands where `{_text(one)}` belongs. Which of the two is asked for there?"
            yield Slip(((Place(node, "elts", i), other),), said, 3)


def other_statements(tree, place, node):
    """A statement lost, two exchanged, one moved out of its loop, `=` for `-=`, a return inside of the loop."""
    if isinstance(node, list):
        for i, one in enumerate(node):
            if not isinstance(one, ast.Return | ast.For | ast.While) and len(node) > 1:
                said = f"`{_first_line(one)}` is missing or does nothing. What should it change?"
                yield Slip(((place, [other for other in node if other is not one]),), said, 2)
        for i, (one, other) in enumerate(pairwise(node)):
            swapped = [*node[:i], other, one, *node[i + 2 :]]
            said = (
                f"`{_first_line(other)}` comes too early, before `{_first_line(one)}`. Which of them needs the other?"
            )
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
                            f"`{_first_line(one)}` runs once, before the loop, not in each turn. Where does it belong?"
                        )
                        yield Slip(((place, [*node[:i], one, *node[i:]]), (Place(loop, "body"), rest)), said, 1)
                        said = (
                            f"`{_first_line(one)}` runs once, after the loop, not in each turn. Where does it belong?"
                        )
                        yield Slip(
                            ((place, [*node[: i + 1], one, *node[i + 1 :]]), (Place(loop, "body"), rest)), said, 2
                        )
                if i:
                    before = node[i - 1]
                    said = f"`{_first_line(before)}` is done anew in each turn of the loop. Where does it belong?"
                    yield Slip(
                        ((place, [*node[: i - 1], loop, *node[i + 1 :]]), (Place(loop, "body"), [before, *loop.body])),
                        said,
                        2,
                    )
    if isinstance(node, ast.AugAssign):
        yield Slip(
            ((place, ast.Assign([node.target], node.value)),),
            f"`=` stands where `{_sign(node.op)}=` belongs, so what was there is lost. What should become of it?",
            1,
        )
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.BinOp)
        and isinstance(node.value.op, ast.Sub | ast.Add)
    ):
        (target,) = node.targets
        if _text(target).split("[")[0] == _text(node.value.left) and isinstance(target, ast.Name):
            said = f"`{_text(target)}` is changed in place, and others hold that array too. What makes a new one?"
            yield Slip(((place, ast.AugAssign(target, node.value.op, node.value.right)),), said, 1)


def old_values(tree, place, node):
    """In a loop, the value from before the loop instead of the one of this turn."""
    if not isinstance(node, ast.For | ast.While):
        return
    changed = {name.id for name in _nodes(node, ast.Name) if isinstance(name.ctx, ast.Store)}
    changed |= {
        name.value.id
        for name in _nodes(node, ast.Subscript)
        if isinstance(name.ctx, ast.Store) and isinstance(name.value, ast.Name)
    }
    for inner, name in places(node):
        if isinstance(name, ast.Name) and _loaded(name) and name.id in changed & set(tree.arguments):
            keep = ast.Assign([_name("_before", ast.Store())], _name(name.id))
            said = (
                f"`{name.id}` from before the loop is used in each turn, not the one of that moment. When is it taken?"
            )
            yield Slip(
                ((Place(tree.definition, "body"), [keep, *tree.definition.body]), (inner, _name("_before"))), said, 2
            )


def other_arguments(tree, place, node):
    """An argument without a say, or another one in its place, or two exchanged; in the whole function."""
    if node is not tree.definition.body:
        return
    for name in tree.arguments:
        if tree.kinds[name] in ("float", "int"):
            for number in dict.fromkeys(CONSTANTS):
                said = f"`{name}` has no influence, as if {number} were written in for it. Where should it be used?"
                yield _beginning(tree, name, str(number), said, 2)
        for other in tree.arguments:
            if other != name and tree.alike(name, other):
                said = f"`{other}` is used in place of `{name}`, which has no influence. Which of the two is meant?"
                yield _beginning(tree, name, other, said, 2)
        if tree.kinds[name] == "function":
            yield _beginning(
                tree,
                name,
                f"lambda x, given={name}: -given(x)",
                f"The sign of what `{name}` gives is turned round. Which sign belongs there?",
                4,
            )
    for i, one in enumerate(tree.arguments):
        for other in tree.arguments[i + 1 :]:
            if tree.alike(one, other):
                said = f"`{one}` and `{other}` are exchanged. Which of the two is which?"
                yield _beginning(tree, f"{one}, {other}", f"{other}, {one}", said, 1)


def _beginning(tree, target, value, said, cost):
    """Return the slip that begins the function with an assignment."""
    (line,) = ast.parse(f"{target} = {value}").body
    return Slip(((Place(tree.definition, "body"), [line, *tree.definition.body]),), said, cost)


def _first_line(statement):
    return _text(statement).splitlines()[0]


def _sign(operator):
    return _text(ast.AugAssign(_name("a", ast.Store()), operator, _name("b"))).split()[1].rstrip("=")


def _numpy():
    import numpy

    return numpy


RULES = [
    exchanged_operators,
    exchanged_comparisons,
    lost_operands,
    brackets,
    another_order,
    turned_signs,
    exchanged_calls,
    other_axes,
    other_names,
    other_numbers,
    other_places,
    other_ranges,
    other_results,
    other_statements,
    old_values,
    other_arguments,
]
