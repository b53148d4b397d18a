"""What the code cells of a lesson make and need: read from their syntax trees, without running them."""

import ast
import re


class Flow(ast.NodeVisitor):
    """Follows code as it runs: `made` are the names that it binds, `needed` those that it reads before it does.

    What a function reads from outside is needed when the function runs: `later` holds it until then.
    """

    def __init__(self, made=()):
        self.made, self.needed, self.later = set(made), set(), set()

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.needed |= {node.id} - self.made
        else:
            self.made.add(node.id)

    def visit_alias(self, node):
        self.made.add(node.asname or node.name.split(".")[0])

    def visit_Assign(self, node):
        self._in_order(node.value, *node.targets)

    def visit_AnnAssign(self, node):
        self._in_order(node.annotation, *([node.value, node.target] if node.value else []))

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.needed |= {node.target.id} - self.made
        self._in_order(node.value, node.target)

    def visit_For(self, node):
        self._in_order(node.iter, node.target, *node.body, *node.orelse)

    def visit_FunctionDef(self, node):
        self._definition(node, self._defaults(node))

    def visit_ClassDef(self, node):
        self._definition(node, node.bases)

    def visit_Lambda(self, node):
        self._in_order(*self._defaults(node))
        self._inside(node, [node.body])

    def visit_ListComp(self, node):
        inside = Flow(self.made)
        for part in node.generators:
            inside._in_order(part.iter, part.target, *part.ifs)
        inside._in_order(*(getattr(node, name) for name in ("elt", "key", "value") if hasattr(node, name)))
        self.needed |= inside.needed
        self.later |= inside.later

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def _defaults(self, function):
        """Return what is read when a function is defined: None stands for a keyword without a default."""
        return [one for one in (*function.args.defaults, *function.args.kw_defaults) if one]

    def _in_order(self, *nodes):
        for node in nodes:
            self.visit(node)

    def _definition(self, node, read_at_once):
        self._in_order(*node.decorator_list, *read_at_once)
        self.made.add(node.name)
        self._inside(node, node.body)

    def _inside(self, function, body):
        local = {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
        for node in body:
            stored = [one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]
            local |= {one.id for one in stored}
        inside = Flow(local)
        inside._in_order(*body)
        self.later |= inside.needed | inside.later


def names(source):
    """Return the names that a cell makes, and those that it needs from the cells before it."""
    flow = Flow()
    flow.visit(ast.parse(source))
    return flow.made, flow.needed | (flow.later - flow.made)


def code(cells):
    """Return (made, needed) for each cell, nothing for those that hold text."""
    return [names(cell["source"]) if cell["cell_type"] == "code" else (set(), set()) for cell in cells]


def with_calls(cells, calls):
    """Return the numbers of the cells that use one of these names, and of those that make what these need."""
    chosen, wanted = [], set()
    for number, (made, needed) in reversed([*enumerate(code(cells))]):
        if needed & calls or made & wanted:
            chosen.insert(0, number)
            wanted = wanted - made | needed
    return chosen


def sections(cells):
    """Return the number of the section in which each cell stands."""
    numbers = [0]
    for cell in cells:
        heads = cell["cell_type"] == "markdown" and re.search(r"^## ", cell["source"], re.MULTILINE)
        numbers.append(numbers[-1] + bool(heads))
    return numbers[1:]


def overwritten(cells):
    """Return (cell, name, later cell) where a section needs a name of an earlier one that a later one binds again."""
    parts, flows, found = sections(cells), code(cells), []
    for number, (_, needed) in enumerate(flows):
        for name in sorted(needed):
            makers = [other for other, (made, _) in enumerate(flows) if name in made]
            own = [other for other in makers if other < number and parts[other] == parts[number]]
            before = [other for other in makers if other < number]
            after = [other for other in makers if other > number and parts[other] > parts[number]]
            if before and not own and after:
                found.append((number, name, after[0]))
    return found


def missed(cells, left_out):
    """Return (cell, name) where a cell needs what only cells in sections with these headings have made before it."""
    parts, flows, found = sections(cells), code(cells), []
    heads = [re.findall(r"^## (.+)$", cell["source"], re.MULTILINE) for cell in cells]
    out = {parts[number] for number, names in enumerate(heads) if left_out & set(names)}
    for number, (_, needed) in enumerate(flows):
        for name in sorted(needed) if parts[number] not in out else ():
            makers = [parts[other] in out for other in range(number) if name in flows[other][0]]
            if makers and all(makers):
                found.append((number, name))
    return found
