"""What stands in a learner's function: its statements, its text, and whether a sentence about it can be true."""

import ast
import functools
import inspect
import re
import textwrap

from gdcourse.exercises import running

LOOPS = (ast.For, ast.While, ast.comprehension)
A_FACTOR_2 = r"(?<![\w.*])2\b|(?<!\*)\*2\b"  # neither a square nor a part of a name
CLAIMS = [  # what a sentence says of the place of code, and whether that agrees with a text
    (r"^`[^`]+` runs once", lambda text, code, *_: code not in text),
    (r"^`[^`]+` is missing or does nothing", lambda text, code, *_: code not in text),
    (r"turn of the loop over `[^`]+` is missing", lambda text, code, *_: not _loops_over(text, code)),
    (
        r"^Only the (?:first|last) turn of the loop over `[^`]+` counts",
        lambda text, code, *_: code not in text or _loops_over(text, code),
    ),
    (r"the loop over `[^`]+` takes one step more", lambda text, code, *_: f"in{code}:" not in text),
    (r"^`[^`]+` comes after `[^`]+`, too late", lambda text, one, other, *_: one in text and other in text),
    (r"^`[^`]+` is done anew", lambda text, code, *_: code in text),
    (r"are exchanged in `", lambda text, one, other, name, *_: f"{name}({other},{one})" in text),
    (r"^`[^`]+` is subtracted instead of dividing", lambda text, code, *_: f"-{code}" in text),
    (r"^It multiplies by `[^`]+` instead of dividing", lambda text, code, *_: f"/{code}" not in text),
    (r"^Without brackets only `[^`]+` belongs to", lambda text, *codes: _lacks_brackets(text, *codes[:2])),
    (r"^`[^`]+` is not subtracted", lambda text, code, *_: code.isalnum() or f"-{code}" not in text),
    (r"` is halved:", lambda text, *_: "/2" in text or "0.5" in text),
    (r"` is doubled:", lambda text, *_: re.search(A_FACTOR_2, text)),
    (r"\bruns backwards", lambda text, *_: "-1" in text or "reversed" in text or "flip" in text),
    (
        r"` is squared$",
        lambda text, code, *_: code in text and ("**2" in text or "square" in text or f"{code}*{code}" in text),
    ),
    (r"`\w+` is a second name for", lambda text, name, *_: not _is_always_copied(text, name)),
    (
        r"^It takes `sort(?:ed)?` of `[^`]+`",
        lambda text, called, code, *_: any(one in text for one in (f"sort({code}", f"sorted({code}", f"{code}.sort")),
    ),
    (r"^The sign of `\w+` is turned round", lambda text, name, *_: f"-{name}" in text),
]
OF_COMPARISONS = "comparison is turned|Equal counts as|Only what is equal|what differs instead|also takes what is "
LOST = [  # what is told of the course's own code, and what instead if it holds a name that the answer lacks
    (r"It is not divided by `{it}`", "A division is missing"),
    (r"`{it}` is missing: nothing is multiplied by it", "A factor is missing"),
    (r"`{it}` is missing: it is not added", "Something is not added"),
    (r"`{it}` is missing: only", "Something is not added: only"),
    (r"`{it}` is not subtracted", "Something is not subtracted"),
    (r"alone: `{it}` is missing", "alone: something is missing"),
    (r" instead of `{it}`\. How many are there of each\?", ". Is that what is to be counted?"),
    (r" where `{it}` belongs\. Which of the two is meant\?", " where something else belongs. What is meant there?"),
]
ELSEWHERE = [  # the same for code that is not in the answer
    (r" over `{it}`", ""),
    (r" turns and not those of `{it}`", " turns"),
    (r"^It takes (`\w+`) of `{it}`\. What is to be done with it", r"It takes \1 of something. Is that asked for"),
    (r" belongs to `{it}`", " belongs to the rest"),
    (r" the comparison with `{it}`", " the comparison"),
    (r"the numbers (above|below) `{it}`", r"the numbers \1 that"),
    (r"Which of `{it}` and `[^`]+` must", "Which of the two must"),
    (r"Which of `[^`]+` and `{it}` must", "Which of the two must"),
    (r", chosen by `{it}`,", ""),
    (r"axis does `{it}` run", "axis does it run"),
    (
        r"A division is missing\. By what is `{it}` to be divided",
        "A division is missing. What is to be divided, and by what",
    ),
    (r"By what is `{it}` to be divided", "What is to be divided by that"),
    (r"(to|from) `{it}`\?", r"\1 the rest?"),
]
SHORT = 30  # letters of code
SIGNS = ("//", "@", "-=", "+=", "=-", "=")


@functools.lru_cache(maxsize=256)
def written(function):
    """Return the text of a function, found once: it is asked for again and again, and finding it takes long."""
    return textwrap.dedent(inspect.getsource(function))


def tree(function):
    """Return the statements of a function without its docstring, or None if its source is not to be had."""
    try:
        definition = ast.parse(written(running.inner(function))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None
    has_docstring = isinstance(definition, ast.FunctionDef) and ast.get_docstring(definition) is not None
    return definition.body[1:] if has_docstring else getattr(definition, "body", None)


class Source:
    """The text of a learner's function."""

    def __init__(self, function, right=None):
        self.statements = tree(function)
        self.text = "\n".join(map(ast.unparse, self.statements or []))
        self.right = right  #: the Source of the right answer, if there is one to compare it with

    def may_be_told(self, sentence):
        """Say whether the sentence names no construct that is not there; without a source, whether it names none."""
        return all(map(self._may_be_told, sentence.split(" And: ")))

    def _may_be_told(self, sentence):
        told = sentence.rsplit(". ", 1)[0] if "?" in sentence else sentence
        if re.search(r"\bloop\b|\b(each|first|last|one) turn\b", told) and not self.holds(*LOOPS):
            return False
        if any(float(one) not in self.numbers() for one in re.findall(r"There is (\S+) where another number", told)):
            return False
        if (code := re.search(r"another number belongs, in `([^`]+)`", told)) and _bare(code[1]) not in _bare(
            self.text
        ):
            return False
        if (code := re.search("`([^`]+)` makes True and False", told)) and self.right:
            if _bare(code[1]) in _bare(self.right.text):
                return False
        if "comparison is turned" in told and not self.holds(ast.Lt, ast.LtE, ast.Gt, ast.GtE):
            return False
        if re.search(OF_COMPARISONS, told) and not self.holds(ast.Compare):
            return False
        if re.search(r"(?<!no )(?<!Without )\b[Bb]rackets\b", told) and "(" not in self.text:
            return False
        if any(re.search(pattern, told) and not self._is_so(told, rule) for pattern, rule in CLAIMS):
            return False
        if "`return` stands inside the loop" in told and not self._returns_in_a_loop():
            return False
        if re.search(r"`return[^`]*` comes too early", told) and self._returns_last():
            return False
        for name, meant in re.findall(r"uses `(\w+)` where `(\w+)`", told):  # a name of its own is told by a repair
            if self.right and meant in self.right.known and not self._uses_otherwise(name):
                return False
        return all(self._holds_code(code) for code in re.findall(r"`([^`]+)`", told))

    def fitted(self, sentence):
        """Return a sentence of a slip in the course's own code without what is not in the answer; or nothing.

        It is nothing if a name is left that the course alone gave to a value. Other code that the answer lacks is taken
        out where LOST and ELSEWHERE know how.
        """
        if not self.statements or not self.right:
            return sentence
        for code in dict.fromkeys(re.findall(r"`([^`]+)`", sentence)):
            patterns = [*(LOST * self._is_the_course_s(code)), *(ELSEWHERE * self._is_foreign(code))]
            for pattern, instead in patterns:
                sentence = re.sub(pattern.replace("{it}", re.escape(code)), instead, sentence)
        if any(map(self._is_the_course_s, re.findall(r"`([^`]+)`", sentence))):
            return ""
        return sentence

    def _is_foreign(self, code):
        """Say whether code, more than a name or a sign, is not in the answer."""
        return (len(code) > 2 or code.endswith(":")) and (
            self._is_the_course_s(code) if code.isidentifier() else _bare(code) not in self._bare_text
        )

    def _is_the_course_s(self, code):
        """Say whether code has a name that the right answer gives to a value of its own, and this answer does not."""
        return bool(_names(code) & {one.id for one in self.right.nodes() if _is_set(one)} - self.known)

    @functools.cached_property
    def _bare_text(self):
        return _bare(self.text)

    @functools.cached_property
    def known(self):
        """The names that stand in it."""
        return {one.id for one in self.nodes(ast.Name)}

    def nodes(self, *kinds):
        """Return the nodes of its tree, of these kinds or all."""
        nodes = [node for one in self.statements or [] for node in ast.walk(one)]
        return [node for node in nodes if isinstance(node, kinds)] if kinds else nodes

    def _returns_last(self):
        """Say whether it has one `return`, and that is its last statement."""
        returns = self.nodes(ast.Return)
        return len(returns) == 1 and self.statements[-1] is returns[0]

    def _returns_in_a_loop(self):
        """Say whether one `return` of it, or more, stands inside a loop."""
        loops = self.nodes(ast.For, ast.While)
        return any(isinstance(one, ast.Return) for loop in loops for one in ast.walk(loop))

    def _uses_otherwise(self, name):
        """Say whether it uses a name in some place where the right answer does not."""
        read = functools.partial(_is_read_as, name)
        around = [node for node in self.nodes() if any(map(read, ast.iter_child_nodes(node)))]
        return any(ast.unparse(one) not in self.right.text for one in around)

    def _is_so(self, told, rule):
        """Say whether a claim on where its statements stand agrees with its text."""
        quoted = [_bare(code.rstrip("…")) for code in re.findall(r"`([^`]+)`", told)]
        return rule(self._bare_text, *quoted)

    def quoted_of_others(self, sentence):
        """Return how many pieces of code a sentence quotes, before its question, that do not stand in this text."""
        told = sentence.rpartition(". ")[0]
        return sum(_bare(code) not in self._bare_text for code in re.findall(r"`([^`]+)`", told))

    def quotes_only(self, sentence):
        """Say whether all code in a sentence stands in this text, and none is what another change makes of it."""
        return all(_bare(code.rstrip("…")) in self._bare_text for code in re.findall(r"`([^`]+)`", sentence))

    def numbers(self):
        """Return the numbers that are written in it, but for those that name an axis."""
        nodes = self.nodes()
        axes = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg in ("axis", "keepdims")]
        nodes = [node for node in nodes if node not in axes]
        values = [node.value for node in nodes if isinstance(node, ast.Constant) and type(node.value) in (int, float)]
        signed = [
            -node.operand.value
            for node in nodes
            if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant) and node.operand.value in values
        ]
        return list(dict.fromkeys([*values, *signed]))

    def calls(self):
        """Return the names of the functions and methods that it calls."""
        return list(dict.fromkeys(ast.unparse(node.func).split(".")[-1] for node in self.nodes(ast.Call)))

    def returns_in_its_first_turn(self):
        """Say whether a loop of it ends in its first turn, because every path through its body returns."""
        return any(_always_returns(loop.body) for loop in self.nodes(ast.For, ast.While))

    def never_both(self):
        """Return a condition that asks a number to be above one bound and below minus that bound, or nothing."""
        for node in self.nodes(ast.BoolOp):
            bounds = dict(filter(None, map(_bound, node.values)))
            if isinstance(node.op, ast.And) and len(node.values) == len(bounds) == 2:
                (above, high), (below, low) = bounds[">"], bounds["<"]
                if above == below and low == f"-{high}":
                    return ast.unparse(node)
        return ""

    def array_of_two(self):
        """Return the second of several values that are handed to np.array side by side, or nothing."""
        for node in self.nodes(ast.Call):
            second = node.args[1] if len(node.args) > 1 else None
            if ast.unparse(node.func) in ("np.array", "np.asarray") and isinstance(second, ast.BinOp | ast.UnaryOp):
                return ast.unparse(second)
        return ""

    def overwritten(self, names):
        """Return the arguments that are assigned outside of loops, and used after that before the last statement."""
        found = []
        for i, one in enumerate(self.statements or []):
            if isinstance(one, ast.Assign):
                targets = {node.id for target in one.targets for node in ast.walk(target) if _is_set(node)}
                later = {node.id for rest in self.statements[i + 1 : -1] for node in ast.walk(rest) if _is_read(node)}
                found += sorted(targets & set(names) & later)
        return list(dict.fromkeys(found))

    def holds(self, *kinds):
        """Say whether there is a node of one of these kinds."""
        return bool(self.nodes(*kinds))

    def _holds_code(self, code):
        """Say whether a quotation that speaks of the answer's own writing stands in it; others are of the question."""
        if code in SIGNS:
            return code in self.text
        return not re.search(r"[^=<>!]=[^=]|\+=|-=|…", code) or _bare(code) in self._bare_text


def _bound(node):
    """Return (">" or "<", (what is compared, with what)) of a comparison."""
    if (
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and isinstance(node.ops[0], ast.Gt | ast.GtE | ast.Lt | ast.LtE)
    ):
        sign = ">" if isinstance(node.ops[0], ast.Gt | ast.GtE) else "<"
        return sign, (ast.unparse(node.left), ast.unparse(node.comparators[0]))
    return None


def _loops_over(text, code):
    """Say whether a loop or a comprehension runs over just this."""
    return any(f"in{code}{end}" in text for end in ":])}")


def _is_always_copied(text, name):
    """Say whether a name gets a copy of something, and nothing as it is."""
    given = rf"\b{name}(?:,\w+)*=\(?"
    return bool(re.search(rf"{given}\w+\.copy\(\)", text)) and not re.search(rf"{given}\w+(?![\w.(\[])", text)


def _lacks_brackets(text, part, other):
    """Say whether a part that is multiplied or divided alone stands beside a plus or a minus, if it is in the text."""
    part, other = (rf"\(?{re.escape(code)}\)?" for code in (part, other))
    after = [text[one.end() : one.end() + 1] for one in re.finditer(rf"{other}[*/]{part}", text)]
    before = [text[: one.start()][-1:] for one in re.finditer(rf"{part}[*/]{other}", text)]
    return not (after or before) or any(sign and sign in "+-" for sign in [*after, *before])


def _is_read(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _is_set(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _is_read_as(name, node):
    return _is_read(node) and node.id == name


def _always_returns(statements):
    """Say whether every way through the statements ends in a return."""
    for one in statements:
        if isinstance(one, ast.Return):
            return True
        if isinstance(one, ast.If) and _always_returns(one.body) and _always_returns(one.orelse):
            return True
        if isinstance(one, ast.Continue | ast.Break):
            return False
    return False


def on_paper(sentence):
    """Return a sentence of a slip in a calculation without long pieces of its code: who reckons on paper has none."""
    sentence = re.sub(r"(another number belongs), in `[^`]+`", r"\1", sentence)
    for code in dict.fromkeys(re.findall(r"`([^`]+)`", sentence)):
        if "(" in code or len(code) > SHORT:
            for pattern, instead in [*LOST, *ELSEWHERE]:
                sentence = re.sub(pattern.replace("{it}", re.escape(code)), instead, sentence)
    return sentence


def _names(code):
    """Return the names in a piece of code."""
    try:
        return {node.id for node in ast.walk(ast.parse(code.rstrip("…:"))) if isinstance(node, ast.Name)}
    except SyntaxError:
        return set()


def _bare(code):
    return re.sub(r"\s", "", code)
