"""Whether a change of code leaves its conditions and limits something to decide.

A condition that never holds after a change, or always, was not mended by it: it is as good as gone.
"""

import ast

import numpy as np

from gdcourse.exercises.slips.trees import a_name, called, held_at, places, put, takes_one


def is_switched_off(tree, slip, carry_out):
    """Say whether a condition or a limit decides something now, and nothing with this slip in the tree.

    carry_out: what calls a function for all that is tried.
    """
    now = _around(tree, slip)
    with put(slip.settings):
        kept = [place for place in _around(tree, slip) if place in now]
    if not kept:
        return False
    decides = _what_decides(tree, kept, carry_out)
    with put(slip.settings):
        return bool(decides and decides - _what_decides(tree, list(decides), carry_out))


def _around(tree, slip):
    """Return the places of all conditions and limits that a slip is in, or that it changes as a whole."""
    above = {id(node): place for place, node in places(tree.definition) if isinstance(node, ast.expr)}
    found = []
    for where, _ in slip.settings:
        while where is not None:
            if _is_a_decision(where) and where not in found:
                found.append(where)
            where = above.get(id(where.owner))
    return found


def _is_a_decision(place):
    """Say whether a yes or no, or a choice of several values, is worked out there."""
    held, owner = held_at(place), place.owner
    if not isinstance(held, ast.expr):
        return False
    if isinstance(held, ast.Compare) or isinstance(owner, ast.BoolOp) or called(owner) == "_turns":
        return True
    if place.field in ("test", "ifs"):
        return called(held) != "_turns"
    if called(owner) == "where" and place.field == "args" and place.index == 0:
        return True
    return _is_a_choice(held)


def _is_a_choice(node):
    """Say whether a call takes one of several values, as min(a, b) does."""
    return (called(node) == "clip" or takes_one(node)) and len(node.args) > 1


def _what_decides(tree, decisions, carry_out):
    """Return those of the places at which not always the same is decided."""
    seen = {}

    def truth(number, value):
        try:
            seen.setdefault(number, set()).update(np.ravel(np.asarray(value)).astype(bool).tolist())
        except (TypeError, ValueError):
            pass
        return value

    def pick(number, function, *values, **named):
        result = function(*values, **named)
        itself = [function.__self__] if isinstance(getattr(function, "__self__", None), np.ndarray) else []
        others = {i for i, one in enumerate([*values, *itself]) if not np.array_equal(result, one)}
        seen.setdefault(number, set()).update(others)
        seen[number, "of"] = len(values) + len(itself)
        return result

    tree.globals |= {"_truth": truth, "_pick": pick}
    settings = []
    for number, place in enumerate(decisions):
        held = held_at(place)
        name = "_pick" if _is_a_choice(held) else "_truth"
        first = [ast.Constant(number), held.func, *held.args] if name == "_pick" else [ast.Constant(number), held]
        settings.append((place, ast.Call(a_name(name), first, held.keywords if name == "_pick" else [])))
    decides = set()
    for number, setting in enumerate(settings):  # one by one: they stand in each other
        with put([setting]):
            function = tree.function()
        if function is None:
            continue
        carry_out(function)
        if len(seen.get(number, ())) == seen.get((number, "of"), 2):
            decides.add(setting[0])
    return decides
