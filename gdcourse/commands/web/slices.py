"""Which cells of a lesson a figure needs: those that give its names their values, and those that change them."""

import ast
import builtins
import symtable


def needed(sources, place):
    """Return the places of the cells, in order, without which the cell at `place` can't run as it does in the lesson.

    sources: the code of all cells of the lesson; what is no Python, such as a magic, is needed by none.
    A cell is needed where it gives a name its value that is used later on, or changes it: sets an item, an attribute,
    or calls a method of it. What a function that is called changes in its arguments is not seen.
    """
    cells = [_Names(source) for source in sources[: place + 1]]
    imported = {name for names in cells for name in names.defined}
    chosen, late = set(), set()
    while True:  # what functions use counts when they are called, which is later than where they stand
        found, wanted = {place}, cells[place].used | late
        for number in reversed(range(place)):
            names = cells[number]
            if wanted & (names.bound | (names.changed - imported)):
                found.add(number)
                wanted = (wanted - names.bound) | names.used
        late |= {name for number in found for name in cells[number].inside}
        if found == chosen:
            return sorted(found)
        chosen = found


def without_idle_imports(sources):
    """Return the code of cells without the imports that none of them uses: Keras alone takes seconds."""
    trees = [ast.parse(source) for source in sources]
    used = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    kept = [[node for node in tree.body if not _is_idle(node, used)] for tree in trees]
    return [
        source if len(body) == len(tree.body) else ast.unparse(ast.Module(body, []))
        for source, tree, body in zip(sources, trees, kept)
    ]


def _is_idle(node, used):
    """Say whether it is an import of nothing that is used."""
    names = [(one.asname or one.name).partition(".")[0] for one in getattr(node, "names", ())]
    return isinstance(node, ast.Import | ast.ImportFrom) and not used.intersection(names)


class _Names(ast.NodeVisitor):
    """The names that a cell uses, uses inside its functions, binds, defines or imports, and changes."""

    def __init__(self, source):
        self.used, self.inside, self.bound, self.defined, self.changed = set(), set(), set(), set(), set()
        try:
            self.visit(ast.parse(source))
        except SyntaxError:
            return
        whole = symtable.symtable(source, "cell", "exec")
        for name in whole.get_symbols():
            self._note(name, self.used)
            if name.is_assigned() or name.is_imported():
                self.bound.add(name.get_name())
            if name.is_namespace() or name.is_imported():
                self.defined.add(name.get_name())
        parts = whole.get_children()
        for part in parts:
            parts += part.get_children()
            for name in part.get_symbols():
                if name.is_global():
                    self._note(name, self.inside)
        self.used |= self.inside

    @staticmethod
    def _note(name, names):
        if name.is_referenced() and not hasattr(builtins, name.get_name()):
            names.add(name.get_name())

    def visit_AugAssign(self, node):
        self.used.add(getattr(node.target, "id", ""))  # its old value counts
        self.generic_visit(node)

    def visit_Call(self, node):
        if isinstance(node.func, ast.Attribute):
            self._change(node.func.value)
        self.generic_visit(node)

    def visit_Attribute(self, node):
        if not isinstance(node.ctx, ast.Load):
            self._change(node.value)
        self.generic_visit(node)

    visit_Subscript = visit_Attribute

    def _change(self, node):
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            self.changed.add(node.id)
