"""Slips in what is called and chosen: functions, their arguments and axes, indices and shapes."""

import ast

import numpy as np

from gdcourse.exercises.slips.trees import Place, Slip, a_name, is_loaded, is_value, quote
from gdcourse.exercises.slips.words import CALLS, DROPPED, ENTRY_BY_ENTRY, TRUTHS


def another_order(tree, place, node):
    """Two functions, one after the other, in the other order."""
    if not isinstance(node, ast.Call):
        return
    outer, inner = function_and_value(node), None
    if outer and outer[2] in ("mean", "sum") and is_a_square(outer[1]):
        said = f"The square comes after `{outer[2]}`, too late: the two are in the other order. Which comes first?"
        yield Slip(((place, ast.BinOp(outer[0](outer[1].left), ast.Pow(), ast.Constant(2))),), said, 1)
    if outer:
        inner = function_and_value(outer[1])
    if inner and isinstance(outer[1], ast.Call):
        said = f"`{inner[2]}` comes after `{outer[2]}`, too late: the two are in the other order. Which comes first?"
        yield Slip(((place, inner[0](outer[0](inner[1]))),), said, 2)


def is_a_square(node):
    """Say whether the node is written as a square: w ** 2."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and quote(node.right) == "2"


def function_and_value(node):
    """Return (how to call it, on which value, its name) of a call with one value: f(x), np.f(x), x.f()."""
    if not isinstance(node, ast.Call):
        return None
    function = node.func
    is_method = isinstance(function, ast.Attribute) and quote(function.value) not in ("np", "np.linalg")
    if is_method and not node.args:
        return (
            lambda value: ast.Call(ast.Attribute(value, function.attr, ast.Load()), [], node.keywords),
            function.value,
            function.attr,
        )
    if not is_method and len(node.args) == 1 and not isinstance(node.args[0], ast.GeneratorExp):
        return lambda value: ast.Call(function, [value], node.keywords), node.args[0], quote(function).split(".")[-1]
    return None


def called_instead(names):
    """Return a rule that calls one of these functions instead of the one that is called, or as well."""

    def rule(tree, place, node):
        found = function_and_value(node) if isinstance(node, ast.Call) else None
        for method in names:
            simple = method in ("abs", "sum", "max", "min", "len", "round", "sorted", "int", "float")
            numpys = hasattr(np, method) or hasattr(np.linalg, method)
            if not (simple or numpys):
                continue
            module = a_name("np") if hasattr(np, method) else ast.Attribute(a_name("np"), "linalg", ast.Load())
            function = a_name(method) if simple else ast.Attribute(module, method, ast.Load())
            other = {found[2], method} if found else set()
            alike = len(other & ENTRY_BY_ENTRY) != 1 and len(other & TRUTHS) != 1
            if len(other) == 2 and found[2] not in tree.arguments and alike:
                said = f"It takes `{method}` where `{found[2]}` is asked for. What does each of them give?"
                yield Slip(((place, ast.Call(function, [found[1]], node.keywords)),), said, 1)
            kinds = ast.BinOp | ast.Call | ast.Name | ast.Subscript
            if is_value(place, node) and isinstance(node, kinds) and method not in TRUTHS:
                said = f"It takes `{method}` of `{quote(node)}`. What is to be done with it?"
                yield Slip(((place, ast.Call(function, [node], [])),), said, 2)

    return rule


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
            if method and hasattr(np, write):
                yield Slip(((Place(node.func, "attr"), write),), said, cost)
            elif not method:
                new = (
                    a_name(write)
                    if write in ("min", "max", "sum", "abs", "len")
                    else ast.Attribute(a_name("np"), write, ast.Load())
                )
                if write in ("mean", "prod", "argmax") and node.args and isinstance(node.args[0], ast.GeneratorExp):
                    continue
                yield Slip(((Place(node, "func"), new),), said, cost)
    spread = [word for word in node.keywords if word.arg == "ddof"]
    if spread:
        said = (
            f"`{called}` divides by the number of entries, as it does by itself. By what is it to divide for a sample?"
        )
        yield Slip(((Place(node, "keywords"), [word for word in node.keywords if word not in spread]),), said, 1)
    if called == "sum" and (found := function_and_value(node)) and not node.keywords:
        said = f"The number of entries of `{quote(found[1])}` is taken where their sum is asked for. What adds up?"
        yield Slip(((place, ast.Call(a_name("len"), [found[1]], [])),), said, 2)
    if called in DROPPED:
        inner = (
            node.args[0] if (module or not method) and node.args else node.func.value if method and not module else None
        )
        if inner is not None and not isinstance(inner, ast.GeneratorExp):
            listed = isinstance(inner, ast.Name) and tree.kinds.get(inner.id) == "list"
            whole = ast.Call(ast.Attribute(a_name("np"), "array", ast.Load()), [inner], []) if listed else inner
            said = DROPPED[called]
            if called == "max" and len(node.args) > 1:
                said = f"`max` is missing: it can fall below `{quote(node.args[1])}`. When does it?"
            yield Slip(((place, whole),), said, 1)
    if called in ("max", "min", "sum", "mean") and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
        listed = node.args[0]
        for number, which in ((0, "first"), (-1, "last")):
            asked = "How do all get a say" if called in ("sum", "mean") else "Which of them decides, in any order"
            said = f"It takes the {which} one of `{listed.id}`, whichever it is. {asked}?"
            yield Slip(((place, ast.Subscript(listed, ast.Constant(number), ast.Load())),), said, 1)
    if len(node.args) == 2:
        one, other = node.args
        said = f"`{quote(one)}` and `{quote(other)}` are exchanged in `{called}`. Which of them comes first?"
        yield Slip(((Place(node, "args", 0), other), (Place(node, "args", 1), one)), said, 2)
    if called in tree.arguments:
        said = f"What `{called}` gives is not used: it takes `{quote(node.args[0])}` itself. What does `{called}` give?"
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
            said = f"It runs {now}: that is the other axis. Along which axis does `{quote(node.func)}` run?"
            yield Slip(((Place(node.keywords[named["axis"]], "value"), ast.Constant(1 - axis.value)),), said, 1)
        bare = [word for word in node.keywords if word.arg not in ("axis", "keepdims")]
        said = f"It takes everything together, without an axis. Along which axis does `{quote(node.func)}` run?"
        yield Slip(((Place(node, "keywords"), bare),), said, 1)
    if "keepdims" in named:
        rest = [word for word in node.keywords if word.arg != "keepdims"]
        said = f"Without keepdims `{quote(node.func)}` lies flat and meets the columns. What keeps it standing?"
        yield Slip(((Place(node, "keywords"), rest),), said, 1)


def other_places(tree, place, node):
    """An index or a transpose left out, put in, or exchanged."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield Slip(((place, node.value),), f"`{quote(node.value)}` is not transposed. Which shapes must meet?", 1)
    if (
        isinstance(node, ast.Attribute)
        and node.attr == "size"
        or isinstance(node, ast.Call)
        and quote(node.func) == "len"
    ):
        counted = node.value if isinstance(node, ast.Attribute) else node.args[0]
        many = [
            ("size", "the number of all entries"),
            ("shape[1]", "the number of columns"),
            ("shape[-1]", "the last size of the shape"),
            ("ndim", "the number of axes"),
        ]
        for write, what in many:
            said = f"It takes {what} of `{quote(counted)}`. How many rows, samples or entries should it count?"
            yield Slip(((place, ast.parse(f"({quote(counted)}).{write}", mode="eval").body),), said, 2)
        for other in tree.names:
            if (
                isinstance(counted, ast.Name)
                and other != counted.id
                and tree.kinds.get(other, 1) not in (0, "function", "float", "int")
            ):
                said = f"It counts `{other}` instead of `{quote(counted)}`. How many are there of each?"
                yield Slip(((place, ast.Call(a_name("len"), [a_name(other)], [])),), said, 1)
    if isinstance(node, ast.Subscript) and is_loaded(node):
        yield Slip(
            ((place, node.value),),
            f"`{quote(node.value)}` is taken whole. Which part of it, chosen by `{quote(node.slice)}`, belongs here?",
            1,
        )
        if isinstance(node.slice, ast.Call):
            said = f"It is a place in `{quote(node.value)}`, and not what stands there. How is that taken out?"
            yield Slip(((place, node.slice),), said, 1)
        if isinstance(node.slice, ast.Name):
            for shift in (-1, 1):
                new = ast.BinOp(node.slice, ast.Add(), ast.Constant(shift))
                said = f"It takes the entry beside: `{quote(node.slice)}` is off by one. From where does it count?"
                yield Slip(((Place(node, "slice"), new),), said, 1)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        one, other = node.slice.elts
        if not isinstance(one, ast.Slice):
            said = f"Rows and columns are exchanged: `{quote(other)}` chooses the row. Which of the two comes first?"
            yield Slip(((Place(node, "slice"), ast.Tuple([other, one], ast.Load())),), said, 1)
            all_rows = ast.Tuple([ast.Slice(), other], ast.Load())
            said = f"`{quote(other)}` is taken from every row. What picks one entry from each row?"
            yield Slip(((Place(node, "slice"), all_rows),), said, 2)
            yield Slip(
                ((Place(node, "slice"), other),),
                f"`{quote(other)}` chooses whole rows. Which two numbers choose one entry?",
                3,
            )
            for k, said in ((0, one), (1, other)):
                for shift in (-1, 1):
                    elts = [one, other]
                    elts[k] = ast.BinOp(said, ast.Add(), ast.Constant(shift))
                    words = f"It takes the entry beside: `{quote(said)}` is off by one. From where does it count?"
                    yield Slip(((Place(node, "slice"), ast.Tuple(elts, ast.Load())),), words, 2)
        else:
            first = ast.Subscript(node.value, ast.Constant(0), ast.Load())
            yield Slip(((place, first),), "`[0]` takes the first row. Where does the 0 belong to take a column?", 1)
    if (
        isinstance(node, ast.Name)
        and is_loaded(node)
        and tree.kinds.get(node.id) == 2
        and not (isinstance(place.owner, ast.Attribute) and place.owner.attr == "T")
    ):
        yield Slip(
            ((place, ast.Attribute(node, "T", ast.Load())),),
            f"`{node.id}` is transposed: its rows are taken for its columns. Which of the two is meant?",
            2,
        )
