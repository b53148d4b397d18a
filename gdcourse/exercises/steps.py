"""Where an answer leaves the course's own way: values with names in common, up to the first that differs."""

import ast
import copy
import inspect
import sys

from gdcourse.exercises import comparing, report, running, sources


def parting(function, reference, case, tolerance, wrong=()):
    """Say up to which of its names the answer is right in this case, and what differs first; or return nothing.

    Only names that it shares with the course's own function count, in the order in which the answer's text makes them.
    What a loop runs over is no name of the answer's own making.

    wrong: the names by which wrong values of the answer are told already.
    """
    arguments = list(inspect.signature(reference).parameters)
    own, course = (made_by(one, case) for one in (function, reference))
    made = _first_lines(function)
    shared = [name for name in own if name in course and name in made and name not in (*arguments, *wrong)]
    right = []
    for name in shared:
        if not comparing.same(course[name], own[name], tolerance):
            if not right:
                return ""  # whether the name means the same is not known
            return f"{_right(right)}, and `{name}` is the first that differs. What is done between them?"
        right.append(name)
    last = max((made[name] for name in right), default=0)
    otherwise = _first_lines(function, sources.Source(reference).text.splitlines())
    if right and (changed := [name for name in arguments if otherwise.get(name, last) < last]):
        return f"{_right(right)}, and `{changed[0]}` is changed on the way. What does it hold after each line?"
    them = "them" if right[1:] else "it"
    return f"{_right(right)}, so the slip shows after that. What is done with {them}?" if right else ""


def _right(names):
    return f"In this case {report.listed([f'`{name}`' for name in names])} {'are' if names[1:] else 'is'} right"


def _first_lines(function, known=()):
    """Return {name: the line in which it first gets a value, or a part of it does} but for what a loop gives out.

    known: lines of another function; what these do is left out.
    """
    lines = {}
    for statement in sources.Source(function).nodes(ast.Assign, ast.AugAssign, ast.AnnAssign):
        running_over = [one.target for one in ast.walk(statement) if isinstance(one, ast.comprehension)]
        given_out = {node for target in running_over for node in ast.walk(target)}
        for node in ast.walk(statement) if ast.unparse(statement) not in map(str.strip, known) else ():
            if node in given_out:
                continue
            name = getattr(node.value if isinstance(node, ast.Subscript) else node, "id", "")
            if isinstance(getattr(node, "ctx", None), ast.Store):
                lines[name] = min(node.lineno, lines.get(name, node.lineno))
    return lines


def made_by(function, case):
    """Return {name: value at the end} of a function's own names, in the order in which its text makes them."""
    code = running.code_of(running.inner(function))
    kept, values = copy.deepcopy(case), {}

    def look(frame, event, value):
        if event == "return" and frame.f_code is code:
            values.update(frame.f_locals)

    before = sys.getprofile()
    if not (before is None or callable(before)):
        return {}  # IPython's %prun measures the cell, and could not be put back
    sys.setprofile(look)  # it hears the end of each call, and costs nothing in between
    try:
        function(*kept)
    except Exception:
        return {}
    finally:
        sys.setprofile(before)
    return {name: value for name, value in values.items() if comparing.is_numbers(value)}
