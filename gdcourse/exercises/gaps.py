"""Whether a stub is still as the notebook prints it, or somebody has begun to write in it."""

import ast

from gdcourse.exercises import sources


def left(statements):
    """Return the `...` that stand for code to be written; one in an index is code."""
    nodes = [node for one in statements for node in ast.walk(one)]
    indices = {id(node) for one in nodes if isinstance(one, ast.Subscript) for node in ast.walk(one.slice)}
    return [node for node in nodes if _is_gap(node) and id(node) not in indices]


def begun(function, task):
    """Say whether code was written, though a `...` is left: fewer than at first, or beside other code than the stub's.

    The stub is the reference with gaps.
    """
    statements = sources.tree(function) or []
    dots = left(statements)
    return bool(dots) and (len(dots) != task.gaps or not _alike(statements, sources.tree(task.reference)))


def _is_gap(node):
    return isinstance(node, ast.Constant) and node.value is ...


def _alike(stub, whole):
    """Say whether two pieces of code are alike where the first one has no gap; a gap of its own line is any lines."""
    if _is_gap(stub):
        return True
    if isinstance(stub, list) and isinstance(whole, list):
        for k, one in enumerate(stub):
            if isinstance(one, ast.Expr) and _is_gap(one.value):
                after = stub[k + 1 :]
                rest = whole[len(whole) - len(after) :]
                return k + len(after) <= len(whole) and _alike(stub[:k], whole[:k]) and _alike(after, rest)
        return len(stub) == len(whole) and all(map(_alike, stub, whole))
    if isinstance(stub, ast.AST) and type(stub) is type(whole):
        return all(_alike(getattr(stub, name, None), getattr(whole, name, None)) for name in stub._fields)
    return stub == whole
