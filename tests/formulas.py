"""Read a printed formula, in LaTeX or in Unicode, and work it out: so tests read what readers read.

`parse` turns a formula into its sides and relations, nested tuples; `value` works a side out, given the `Meaning` of
its letters. A derivative is always a central difference, so what a lesson derives is held against what it defines.
"""

import functools
import itertools
import re

import numpy as np

from gdcourse.gradients import numerical_gradient


class Unreadable(Exception):
    """The formula holds signs that this module can't read."""


class Unknown(Exception):
    """The formula holds a letter that has no meaning here."""


# Reading

_GREEK = {"eta": "η", "theta": "θ", "beta": "β", "mu": "μ", "rho": "ρ", "epsilon": "ε", "ell": "ℓ", "pi": "π"}
_GREEK |= {"kappa": "κ", "lambda": "λ", "delta": "δ"}
_UNICODE = {"−": "-", "·": r"\cdot ", "√": r"\sqrt ", "²": "^2", "ᵗ": "^t", "₁": "_1", "₂": "_2"}
_SPACES = re.compile(r"(?<!\\)\\[,;! ]|\\(?:left|right)(?![a-z])|\s+")
_TOKEN = re.compile(
    r"\\text\{\w+\}|\\mathsf\s*(?:T|\{T\})|\\hat\s*\w|\\begin\{bmatrix\}|\\end\{bmatrix\}|\\[A-Za-z]+|\\\\"
    r"|∇[A-Za-z]|\d+(?:\.\d+)?|d[A-Za-z](?![a-z])|[A-Za-zα-ω]|[-+/*^_(){}\[\]|,=<>&']"
)
_RELATIONS = {"=": "=", "<": "<", ">": ">", r"\approx": "≈", r"\leftarrow": "←"}
_TRANSPOSED = ("transposed",)
_FUNCTIONS = {r"\ln": np.log, r"\cos": np.cos, r"\sqrt": np.sqrt, r"\max": np.maximum}


def plain(name):
    """Return how this module writes a letter: β₁ is β_1."""
    for printed, meant in _UNICODE.items():
        name = name.replace(printed, meant)
    return name


def _tokens(text):
    text = re.sub(r"\\nabla\s*([A-Za-z])", r"∇\1", _SPACES.sub(" ", plain(text)))
    tokens = _TOKEN.findall(text)
    if re.sub(r"\s", "", "".join(tokens)) != re.sub(r"\s", "", text):
        raise Unreadable(f"signs that the test can't read in {text}")
    return [_GREEK.get(token[1:], token) if token[0] == "\\" else token for token in tokens]


@functools.cache
def parse(text):
    """Return the sides of a formula, and the relations between them, such as "=" or "←"."""
    reader = _Reader(_tokens(text.strip().rstrip(".,;")))
    sides = reader.chain()
    if reader.next:
        raise Unreadable(f"the test can't read on at {reader.next} in {text}")
    return sides


class _Reader:
    """Recursive descent: chain, sum, product, power, primary."""

    def __init__(self, tokens):
        self.tokens, self.at = tokens, 0

    @property
    def next(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted):
        if wanted and self.next not in wanted:
            raise Unreadable(f"{self.next or 'the end'} where {' or '.join(wanted)} should be: {self.tokens}")
        self.at += 1
        return self.tokens[self.at - 1]

    def chain(self):
        sides, relations = [self.sum()], []
        while self.next in _RELATIONS:
            relations.append(_RELATIONS[self.take()])
            sides.append(self.sum())
        return sides, relations

    def sum(self):
        sign = self.take() if self.next in ("+", "-") else "+"
        left = self.product() if sign == "+" else ("negative", self.product())
        while self.next in ("+", "-"):
            left = ("plus" if self.take() == "+" else "minus", left, self.product())
        return left

    def product(self):
        left, divided = self.power(), False
        while self.next in (r"\cdot", "/") or self.starts_a_factor():
            if self.next in (r"\cdot", "/"):
                divided = self.take() == "/"
                left = _quotient(left, self.power()) if divided else ("dot", left, self.power())
            elif divided:
                raise Unreadable(f"1/2c can mean two things: {self.tokens}")
            else:
                left = ("times", left, self.power())
        return left

    def starts_a_factor(self):
        stops = {"", *_RELATIONS, *"+-/^_)}]|,=<>&'*", r"\\", r"\end{bmatrix}", r"\cdot"}
        return self.next not in stops

    def power(self):
        base = self.primary()
        while self.next == "^":
            self.take()
            exponent = self.group()
            base = ("transpose", base) if exponent == _TRANSPOSED else ("power", base, exponent)
        return base

    def group(self):
        """Return what stands in braces, or the single sign without them."""
        if self.next != "{":
            return self.primary()
        self.take()
        inner = self.sum()
        self.take("}")
        return inner

    def items(self, end):
        found = [self.sum()]
        while self.next == ",":
            self.take()
            found.append(self.sum())
        self.take(end)
        return found

    def primary(self):
        token = self.take()
        if token[0].isdigit():
            return ("number", token)
        if token in _FUNCTIONS:
            return ("function", token, self.items(")") if self._opened() else [self._operand(token)])
        if token in (r"\frac", r"\dfrac"):
            return _quotient(self.group(), self.group())
        if token == r"\partial":
            return ("partial", self.power())
        if token == r"\sum":
            return self.total()
        if token == r"\begin{bmatrix}":
            return self.matrix()
        if token == "D" and self.next == "_":
            self.take()
            return ("along", self.group(), self.symbol(self.take()))
        if token in ("(", "["):
            return self.bracket(token)
        if token in ("|", "{"):
            inner = self.sum()
            self.take("|" if token == "|" else "}")
            return ("size", inner) if token == "|" else inner
        if token in (r"\dots", r"\vdots"):
            return ("dots",)
        if token.startswith(r"\mathsf"):
            return _TRANSPOSED
        if token[0] != "\\" or token.startswith((r"\text", r"\hat")):
            name = self.symbol(token)
            return ("call", name, self.items(")")) if self._opened() else name
        raise Unreadable(f"{token} is new to the test")

    def _opened(self):
        if self.next == "(":
            return self.take()

    def _operand(self, function):
        if self.next == "{" or function == r"\sqrt":
            return self.group()
        return self.power()

    def bracket(self, opening):
        sides, relations = self.chain()
        if relations:
            self.take("]")
            return ("holds", sides, relations)
        if self.next == ",":
            self.take()
            return ("list", [*sides, *self.items("]" if opening == "[" else ")")])
        self.take("]" if opening == "[" else ")")
        return sides[0]

    def symbol(self, token):
        """Return a letter with its primes, star and subscripts: a name, or an entry of an array."""
        if not (token[0].isalpha() or token[0] in "∇\\"):
            raise Unreadable(f"{token} where a letter should be: {self.tokens}")
        name = re.sub(r"\\hat\s*(\w)", "\\1\u0302", token)
        name = re.sub(r"\\text\{(\w+)\}", r"\1", name)
        while self.next == "'":
            name += self.take()
        if self.tokens[self.at : self.at + 2] == ["^", "*"]:
            self.at += 2
            name += "*"
        if self.next != "_":
            return ("name", name)
        self.take()
        if self.next != "{":
            return ("entry", name, [self.subscript()])
        self.take()
        subscripts = []
        while self.next != "}":
            if self.next == ",":
                self.take()
            subscripts.append(self.subscript())
        self.take()
        return ("entry", name, subscripts)

    def subscript(self):
        token = self.take()
        return ("number", token) if token[0].isdigit() else self.symbol(token)

    def total(self):
        index = low = high = None
        if self.next == "_":
            self.take()
            if self.next == "{":
                self.take()
                index = self.symbol(self.take())[1]
                if self.next == "=":
                    self.take()
                    low = self.sum()
                self.take("}")
            else:
                index = self.symbol(self.take())[1]
        if self.next == "^":
            self.take()
            high = self.group()
        return ("sum", index, low, high, self.product())

    def matrix(self):
        rows = [[self.sum()]]
        while self.next != r"\end{bmatrix}":
            if self.take("&", r"\\") == "&":
                rows[-1].append(self.sum())
            else:
                rows.append([self.sum()])
        self.take()
        return ("matrix", rows)


def _quotient(above, below):
    if above[0] == below[0] == "partial":
        return ("derivative", above[1], below[1])
    return ("over", above, below)


# Working out


class Derived:
    """A letter that follows from others: one or more functions of the Meaning, which must all agree."""

    def __init__(self, *ways):
        self.ways = ways


class Loss:
    """A letter that is a function of others: one or more Python functions, which must all agree."""

    def __init__(self, letters, *ways):
        self.letters, self.ways = letters, ways


def slope(loss, *ways):
    """Return the gradient of a Loss: nudged, and as each of these functions computes it."""

    def nudged(*at):
        if len(loss.letters) == 1 or len(at) == 1:
            return numerical_gradient(loss.ways[0], at[0])
        return numerical_gradient(lambda w: loss.ways[0](*w), np.array(at))

    return Loss(loss.letters, nudged, *ways)


class Meaning:
    """What each letter means: a number, an array, a function, a Derived or a Loss.

    way: which of several ways to take. first: what the first entry of an array is called, 0 or 1.
    elementwise: whether letters that stand side by side are multiplied entry by entry, not as matrices.
    """

    def __init__(self, letters, way=0, first=1, elementwise=False, name=""):
        self.letters, self.way, self.first, self.elementwise, self.name = letters, way, first, elementwise, name
        self.positions, self.known = {}, {}

    def but(self, **changed):
        """Return the same with other values for some letters; what follows from these follows anew."""
        return Meaning(self.letters | changed, self.way, self.first, self.elementwise, self.name)

    def by(self, way):
        return Meaning(self.letters, way, self.first, self.elementwise, self.name)

    def at(self, **positions):
        """Return the same with these index letters at these places, from 0."""
        moved = Meaning(self.letters, self.way, self.first, self.elementwise, self.name)
        moved.positions, moved.known = self.positions | positions, self.known
        return moved

    def has(self, name):
        return name in self.letters

    def __call__(self, name):
        """Return the number, array or function that the letter stands for."""
        if name in self.positions:
            return self.positions[name]
        if name not in self.known:
            self.known[name] = self._find(name)
        return self.known[name]

    def _find(self, name):
        meant = self.letters.get(name)
        if isinstance(meant, Loss):
            return _Field(meant, self)
        if isinstance(meant, Derived):
            return meant.ways[min(self.way, len(meant.ways) - 1)](self)
        if meant is None and name[0] == "d" and len(name) > 1 and "L" in self.letters and name[1:] in self.letters:
            return differentiated(("name", "L"), ("name", name[1:]), self)
        if meant is None:
            raise Unknown(name)
        return meant


class _Field:
    """A Loss among its letters: a function when called, a number where a number is wanted."""

    def __init__(self, loss, meaning):
        self.loss, self.meaning = loss, meaning

    def __call__(self, *at):
        return self.loss.ways[min(self.meaning.way, len(self.loss.ways) - 1)](*at)

    def here(self):
        return self(*map(self.meaning, self.loss.letters))


def _resolved(node, meaning):
    """Return a letter with subscripts as a name, such as W_1 or w_next, or as an array and the place in it."""
    if node[0] == "name":
        return node[1], None
    _, name, subscripts = node
    if len(subscripts) == 1 and meaning.has(f"{name}_{subscripts[0][1]}") or subscripts[0][1] == "next":
        return f"{name}_{subscripts[0][1]}", None
    if name[0] == "d" and meaning.has(f"{name[1:]}_{subscripts[0][1]}"):
        return f"{name}_{subscripts[0][1]}", None
    return name, tuple(_place(subscript, meaning) for subscript in subscripts)


def _place(subscript, meaning):
    """Return the place that a subscript means, from 0. Numbers are counted from `first`; n is the last of n."""
    if subscript[0] == "number" or subscript == ("name", "n"):
        return int(value(subscript, meaning)) - meaning.first
    return int(value(subscript, meaning))


def differentiated(top, bottom, meaning):
    """Return the central difference of one side by a letter, of the shape of that letter."""
    name, place = _resolved(bottom, meaning)
    start = np.asarray(meaning(name), float)
    indices = None if place is None else [int(np.ravel_multi_index(place, start.shape))]

    def height(moved):
        return number(value(top, meaning.by(way=0).but(**{name: moved}).at(**meaning.positions)))

    slopes = numerical_gradient(height, start, indices)
    return slopes if place is None else slopes[place]


def _indices(node, meaning, bound=()):
    """Yield (index letter, size of the axis that it runs along) for every index in a node that is not bound in it."""
    if not isinstance(node, tuple | list):
        return
    if node[:1] == ("sum",):
        bound = {*bound, node[1]}
    if node[:1] == ("entry",):
        name, place = node[1], node[2]
        if not (len(place) == 1 and meaning.has(f"{name}_{place[0][1]}")):
            for axis, subscript in enumerate(place):
                letter = subscript[1] if subscript[0] == "name" else None
                if letter and letter not in bound and letter not in meaning.letters and letter not in meaning.positions:
                    if len(letter) > 1 or letter not in "ijkqr":
                        raise Unknown(f"{name}_{letter}")
                    yield letter, np.shape(meaning(name))[axis]
    for part in node:
        yield from _indices(part, meaning, bound)


def sizes(node, meaning):
    """Return {index letter: how many places it runs through}; the arrays must agree on it."""
    found = {}
    for letter, size in _indices(node, meaning):
        if found.setdefault(letter, size) != size:
            raise ValueError(f"{letter} runs through {found[letter]} places and through {size}")
    return found


def _counted(node, number):
    """Return the node with its subscript 1 replaced by another number: the rows that dots stand for."""
    if isinstance(node, tuple) and node[:1] == ("entry",):
        return ("entry", node[1], [("number", str(number)) if one == ("number", "1") else one for one in node[2]])
    if isinstance(node, tuple | list):
        return type(node)(_counted(part, number) for part in node)
    return node


def _filled(rows, meaning):
    """Return the rows with those that dots stand for written out."""
    dots = [i for i, row in enumerate(rows) if "dots" in (row[0], row[0][0])]
    if not dots:
        return rows
    (place,) = dots
    written = [_counted(rows[0], number) for number in range(place + 1, int(meaning("n")))]
    return [*rows[:place], *written, *rows[place + 1 :]]


def number(found):
    """Return the number or array that a letter stands for; of a function, its value at the current point."""
    return found.here() if isinstance(found, _Field) else found


def value(node, meaning):
    """Work a side of a formula out."""
    work = lambda part: number(value(part, meaning))  # noqa: E731
    match node:
        case ("number", text):
            return float(text)
        case ("name" | "entry", *_):
            name, place = _resolved(node, meaning)
            return meaning(name) if place is None else np.asarray(meaning(name))[place]
        case ("call", name, inside):
            called = value(name, meaning)
            if callable(called):
                return called(*map(work, inside))
            if len(inside) > 1:
                raise ValueError(f"{name[1]} is no function")
            return _times(number(called), work(inside[0]), meaning)
        case ("function", name, inside):
            return _FUNCTIONS[name](*map(work, inside))
        case ("power", base, exponent):
            if base[0] == "call" and not callable(value(base[1], meaning)):  # c(w - 3)^2 is c times a square
                return _times(work(base[1]), work(base[2][0]) ** work(exponent), meaning)
            return work(base) ** work(exponent)
        case ("transpose", base):
            return work(base).T
        case ("times", left, right):
            return _times(work(left), work(right), meaning)
        case ("dot", left, right):
            left, right = work(left), work(right)
            both_vectors = np.ndim(left) == np.ndim(right) == 1 and not meaning.elementwise
            return left @ right if both_vectors else left * right
        case ("over", above, below):
            return work(above) / work(below)
        case ("plus", left, right):
            return work(left) + work(right)
        case ("minus", left, right):
            return work(left) - work(right)
        case ("negative", inner):
            return -work(inner)
        case ("sum", index, low, high, body):
            return _total(index, low, high, body, meaning)
        case ("size", inner):
            return np.linalg.norm(work(inner))
        case ("list", items):
            return np.array([work(item) for item in _filled(items, meaning)])
        case ("matrix", rows):
            filled = np.array([[work(entry) for entry in row] for row in _filled(rows, meaning)])
            return filled[:, 0] if filled.shape[1] == 1 else filled  # a column is a flat array in the code
        case ("holds", sides, relations):
            return _ordered([work(side) for side in sides], relations)
        case ("derivative", top, bottom):
            return differentiated(top, bottom, meaning)
        case ("along", u, f):
            direction, field = work(u), value(f, meaning)
            start = np.array([meaning(letter) for letter in field.loss.letters])
            return numerical_gradient(lambda t: field(*(start + t * direction)), 0.0)
    raise Unreadable(f"{node[0]} stands alone")


def _times(left, right, meaning):
    matrices = np.ndim(left) and np.ndim(right) and not meaning.elementwise
    return left @ right if matrices else left * right


def _total(index, low, high, body, meaning):
    if index in (None, "rows"):
        return np.sum(number(value(body, meaning)), axis=0)
    (size,) = {size for letter, size in _indices(body, meaning) if letter == index}  # the arrays must agree
    places = range(size)
    if low is not None:
        places = range(int(value(low, meaning)) - 1, int(value(high, meaning)))
    return sum(number(value(body, meaning.at(**{index: place}))) for place in places)


def _ordered(values, relations):
    """Say, entry by entry, whether a chain of < and > holds."""
    pairs = zip(values, relations, values[1:])
    return functools.reduce(np.logical_and, [a < b if sign == "<" else a > b for a, sign, b in pairs])


def holds(text, meaning):
    """Say whether a formula is true here: all sides equal, at every index. Raises Unknown for a strange letter.

    What is printed with three decimals or more must be right in these; ≈ allows a ten-thousandth. An update w ← …
    must give what w_next means, and a chain of < and > must be true exactly where "holds" is.
    """
    sides, relations = parse(text)
    if not relations:
        raise Unreadable(f"nothing is said about {text}")
    if relations[0] == "←":
        sides = [("entry", sides[0][1], [("name", "next")]), *sides[1:]]
    free = sizes(sides, meaning)
    for places in itertools.product(*map(range, free.values())):
        here = meaning.at(**dict(zip(free, places)))
        values = [np.asarray(number(value(side, here)), float) for side in sides]
        if set(relations) & set("<>"):
            if bool(_ordered(values, relations)) != here("holds"):
                return False
            continue
        for left, right, sign, (a, b) in zip(values, values[1:], relations, itertools.pairwise(sides)):
            digits = [len(side[1].partition(".")[2]) for side in (a, b) if side[0] == "number"]
            rounded = digits and min(digits) >= 3  # shorter numbers are meant exactly
            absolute = 0.5000001 * 10.0 ** -min(digits) if rounded else 1e-7
            literal = {a[0], b[0]} & {"number"}
            if left.shape != right.shape and not literal:
                return False
            if not np.allclose(left, right, rtol=0 if rounded else 1e-4 if sign == "≈" else 1e-6, atol=absolute):
                return False
    return True


# What a docstring prints


def evaluate(formula, **values):
    """Return the value of the formula, with a number or an array for each of its letters."""
    (side,), _ = parse(formula)
    return value(side, Meaning({plain(name): given for name, given in values.items()}, elementwise=True))


def updates(docstring):
    """Return the updates "letter ← formula" that a docstring prints, in order, as (letter, formula) pairs."""
    return re.findall(r"(\w) ← ([^,.:]+)", " ".join(docstring.split()))


# Layout, words of the school, and relations: no table needs to explain them.
_PLAIN = (
    "begin end bmatrix frac dfrac sqrt left right quad qquad dots vdots text mathsf cdot times pm approx cos".split()
)
_SIGN = re.compile(r"\\([A-Za-z]+)|\^\{?(\*)|('+)|(d(?=[zWba]))|([A-Za-z])")


def symbols(latex):
    r"""Return the set of signs in a formula that a reader must know.

    A sign is a letter, a Greek letter or operator such as \eta and \sum, a name in \text{...}, the d of dz, and what
    stands on a letter: *, the primes, \hat, the T of a transpose. Numbers, brackets, arithmetic and layout are none.
    """
    names = set(re.findall(r"\\text\{(\w+)\}", latex))
    rest = re.sub(r"\\text\{\w+\}|\\(?:begin|end)\{\w+\}", " ", latex)
    signs = {next(filter(None, groups)) for groups in _SIGN.findall(rest)}
    return names | signs - set(_PLAIN)


def printed(prose):
    """Return the formulas of a text in Markdown: those displayed on lines of their own, and those within lines."""
    displayed = re.findall(r"\$\$(.+?)\$\$", prose, re.DOTALL)
    within = re.findall(r"(?<![\\$])\$([^$\n]+)\$", re.sub(r"\$\$.+?\$\$", "", prose, flags=re.DOTALL))
    return displayed, within
