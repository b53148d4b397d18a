"""A function's syntax tree, which slips are put into and taken out of again.

A slip is a list of settings (place, new), put in place only while the wrong function is compiled;
several slips can be put in place at once.
"""

import ast
import contextlib
import copy
import re
import types
from dataclasses import dataclass
from typing import NamedTuple

from gdcourse.exercises import sources

TURNS = 10_000  # of a `while` loop; a wrong condition never ends it
GUARDED = re.compile(r"\b_turns\((.*)\)(:?)$", re.MULTILINE)  # the condition of a `while` loop, as it is run here

NOTHING = types.MappingProxyType({})
_quoted = NOTHING


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
    cost: float = 2

    def is_within(self, text):
        """Say whether all that it changes stands in another function's text, with what is around it.

        A piece of code that is more than a name, such as a sum or a call, tells enough without what is around it.
        """
        return all(_changed(place) in text or _is_a_piece(place, text) for place, _ in self.settings)


class Tree:
    """A function's syntax tree, which slips are put into and taken out of again."""

    def __init__(self, reference, case):
        self.module = ast.parse(sources.written(reference))
        (self.definition,) = self.module.body
        self.name = self.definition.name  # the function's own name may have been changed
        self.definition.decorator_list = []
        if ast.get_docstring(self.definition) is not None:
            del self.definition.body[0]
        self.defaults = reference.__defaults__ or (), reference.__kwdefaults__ or {}
        self.definition.args.defaults = []
        self.definition.args.kw_defaults = [None] * len(self.definition.args.kwonlyargs)
        for target in (one for one in nodes(self.definition, ast.Subscript) if not is_loaded(one)):
            _mark_written_into(target.value)
        self.text = quote(self.definition)
        given = [*self.definition.args.posonlyargs, *self.definition.args.args]
        self.arguments = [one.arg for one in [*given, *self.definition.args.kwonlyargs]]
        self.kinds = self._kinds([one.arg for one in given], case)
        self.locals = {node.id for node in nodes(self.definition, ast.Name) if isinstance(node.ctx, ast.Store)}
        self.locals -= set(self.arguments)
        self.turns = Turns()
        self.pieces = ()  # of a right answer, for the numbers that are written in
        self.returned = ()  # names that a right answer returns
        self.called = ()  # the functions that it calls
        self.silent = ()  # arguments that have no influence
        self.texts = ()  # of a right answer, as they stand in quotation marks
        self.globals = {**reference.__globals__, "_turns": self.turns, "_again": _again}
        for loop in nodes(self.definition, ast.While):
            loop.test = ast.Call(a_name("_turns"), [loop.test], [])
            _locate(loop.test)

    def _kinds(self, given, case):
        """Return the kind of each argument: of what a case fills it with, else of its default."""
        by_place, by_name = self.defaults
        filled = dict(zip(reversed(given), reversed(by_place))) | by_name | dict(zip(given, case))
        return {name: kind_of(filled.get(name)) for name in self.arguments}

    @property
    def names(self):
        """Return every name of the function's own."""
        return [*self.arguments, *sorted(self.locals)]

    def of_arguments(self):
        """Return the sums, products and calls in it that are made of its arguments alone."""
        pieces = {}
        for place, node in places(self.definition):
            if is_value(place, node) and isinstance(node, ast.BinOp | ast.Call | ast.Attribute):
                names = {name.id for name in nodes(node, ast.Name)}
                if names & set(self.arguments) and not names & self.locals:
                    pieces.setdefault(quote(node), node)
        return list(pieces.values())

    def has_a_sign(self, place, node):
        """Say whether a value can be negative: no function, list, or count, and not only counted itself."""
        if isinstance(node, ast.Name) and self.kinds.get(node.id) in ("function", "list", "int"):
            return False
        counts = ("len", "zip", "range", "arange", "_turns")
        called = [quote(one.func).split(".")[-1] for one in (node, place.owner) if isinstance(one, ast.Call)]
        return not set(called) & set(counts)

    def alike(self, one, other):
        """Say whether one argument may be taken for another: numbers, arrays, or functions."""
        numbers = {self.kinds[name] if isinstance(self.kinds[name], str) else "array" for name in (one, other)}
        return len(numbers) == 1 or numbers == {"float", "int"}

    def slips(self, rules):
        """Return every slip that the rules find, each place from top to bottom."""
        return [slip for slip, _ in self.found(rules)]

    def found(self, rules):
        """Return (slip, its rule) for each of them."""
        with _quoted_once():
            return [
                (slip, rule)
                for place, node in places(self.definition)
                for rule in rules
                for slip in rule(self, place, node)
            ]

    def kept(self, slip):
        """Return a context in which this slip is in the tree, and others can be found in it."""
        return put(slip.settings)

    def written(self, *slips):
        """Return the function's source with these slips in it."""
        with put([setting for slip in slips for setting in slip.settings]):
            return quote(self.definition)

    def function(self, *slips):
        """Return the function with these slips in it, or None if Python does not take it, or never came to its end."""
        settings = [setting for slip in slips for setting in slip.settings]
        if any(_is_into_itself(place, new) for place, new in settings):
            return None
        try:
            with put(settings):
                code = compile(self.module, f"<{self.name}>", "exec")
        except (SyntaxError, ValueError, TypeError, IndexError):  # two slips may not fit each other
            return None
        exec(code, self.globals)
        function = self.globals.pop(self.name)
        by_place, by_name = self.defaults
        function.__defaults__ = tuple(map(_copied, by_place))
        function.__kwdefaults__ = {name: _copied(value) for name, value in by_name.items()}
        return function


def _copied(value):
    """Return a copy of a default, so that none changes the learner's own; a module, say, has no copy."""
    try:
        return copy.deepcopy(value)
    except Exception:  # whatever a learner's own class does when it is copied
        return value


def _mark_written_into(node):
    """Mark what an assignment writes into: another value in its place would take what is written, and be lost."""
    node.is_written_into = True
    if isinstance(node, ast.Subscript | ast.Attribute):
        _mark_written_into(node.value)


def _is_into_itself(place, new):
    """Say whether a list would be put into itself there, as by path.append(path): NumPy never comes to its end."""
    called = getattr(place.owner, "func", None)
    is_argument = isinstance(new, ast.Name) and isinstance(called, ast.Attribute) and place.field == "args"
    return is_argument and quote(called.value) == new.id


class Turns:
    """Counts the turns of `while` loops, and ends the one that goes on for ever."""

    left = TURNS

    def __call__(self, condition):
        self.left -= 1
        if self.left < 0:
            raise Endless
        return condition


def _changed(place):
    """Return the text of what is changed, with the expression around it; of a list of statements nothing."""
    held = held_at(place)
    if isinstance(place.owner, ast.expr):
        return quote(place.owner)
    return first_line(held) if isinstance(held, ast.stmt | ast.expr) else ""


def held_at(place):
    """Return what stands at a place of the tree; nothing where a slip has made its list shorter."""
    held = getattr(place.owner, place.field)
    return held if place.index is None else held[place.index] if place.index < len(held) else None


def takes_one(node):
    """Say whether a call gives one of its values, as max(a, b) does; np.max(x, 0) has an axis, and no second value."""
    name = called(node)
    return name in ("minimum", "maximum") or (name in ("min", "max") and isinstance(node.func, ast.Name))


def _is_a_piece(place, text):
    """Say whether a whole piece of code is changed that stands in a text."""
    held = held_at(place)
    return isinstance(held, ast.BinOp | ast.Call | ast.Subscript) and quote(held) in text


def _again(values):
    """Return the values as a list, with the last one twice."""
    values = list(values)
    return values + values[-1:]


@contextlib.contextmanager
def put(settings):
    """Set each (place, node) in the tree while the block runs."""
    global _quoted
    before, remembered, _quoted = [], _quoted, NOTHING
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
        _quoted = remembered


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


def nodes(node, kind):
    """Return the nodes of one kind in a tree, its root among them."""
    return [one for one in ast.walk(node) if isinstance(one, kind)]


def kind_of(value):
    """Say what an argument is, so that only like stands for like."""
    return "function" if callable(value) else type(value).__name__ if not hasattr(value, "ndim") else value.ndim


def a_name(name, context=None):
    """Return the node of a name, to be read if no context says otherwise."""
    return ast.Name(name, context or ast.Load())


def text_of(constant):
    """Return the text that a constant is, or nothing."""
    return constant.value if isinstance(constant.value, str) else ""


def quote(node):
    """Return the code of a node as it was written, without what ends its `while` loops."""
    if (text := _quoted.get(node)) is None:
        text = GUARDED.sub(r"\1\2", ast.unparse(node))
        if _quoted is not NOTHING:
            _quoted[node] = text
    return text


@contextlib.contextmanager
def _quoted_once():
    """Let `quote` remember each node, as long as nothing changes in a tree."""
    global _quoted
    _quoted = {}
    try:
        yield
    finally:
        _quoted = NOTHING


def is_loaded(node):
    """Say whether the node is read, not set or deleted."""
    return isinstance(getattr(node, "ctx", None), ast.Load)


def is_value(place, node):
    """Say whether the node is an expression whose value counts, not a function's name or a target."""
    if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), ast.Store):
        return False
    if getattr(node, "is_written_into", False):
        return False
    return not (isinstance(place.owner, ast.Call) and place.field == "func") and not isinstance(
        place.owner, ast.Attribute
    )


def called(node):
    """Return the name of the function that a call calls, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def first_line(statement):
    """Return the first line of a statement's code."""
    return quote(statement).splitlines()[0]


def beginning(tree, target, value, said, cost):
    """Return the slip that begins the function with an assignment."""
    (line,) = ast.parse(f"{target} = {value}").body
    return Slip(((Place(tree.definition, "body"), [line, *tree.definition.body]),), said, cost)
