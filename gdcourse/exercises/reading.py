"""Read numbers and orders as people write them: ½, 5/2, 10², y = 0.25, ≈ 0.5, 0,25, 50%, 2-4-1, A 3, B 5, [x]."""

import ast
import math
import operator
import re
import unicodedata
from decimal import Decimal
from numbers import Real
from string import ascii_lowercase, ascii_uppercase

import numpy as np

LONGEST = 200  # characters
SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/", "^": "**", "π": "3.141592653589793"})
BEFORE = re.compile(r"^[^\d.(+\-½¼¾⅓⅔]*[=:≈~≃]\s*|^\s*(?:≈|~|≃|about|ca\.?|approximately|roughly)\s*", re.IGNORECASE)
LABEL = re.compile(r"^[^\W\d_]\w*(?:\s*[=:≈]\s*|\s+(?:at|is)\s+)(?=[\d.(+√-])")  # W1: 1, w_4 = 5.048, W2 at 5
TIMES = re.compile(r"(?<=[\d)])\s*[xX]\s*(?=[\d(])")  # 784 x 64, but not 0x10
REMARK = re.compile(r"(?<=[\d)%])\s+\([^\W\d_]{3}[^\d%()]*\)$")  # 5.048 (rounded)
AFTER = re.compile(r"(?<=[\d)%½¼¾⅓⅔.])\s*[^\W\d_°][^\d]*$|\s*[.;,!]+$")
SUPERSCRIPT = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
CALCULATION = re.compile(r"[\d\s.e+*/()√-]+", re.IGNORECASE)  # nothing else that Python reads, such as a comment
THOUSANDS = re.compile(r"(?<![\d.])[1-9]\d{0,2}(?:[,_ '’]\d{3})+(?![\d])")
MIXED = re.compile(r"^([+-]?)(\d+) +(\d{1,2}/\d+|\(0\+\d/\d+\))$")  # 8 1/20 and 8 ½
IN_A_ROW = re.compile(r"\d+((?!\s+[-–]\d)\s*(-|–|→|->|>)\s*\d+)+")  # 2-4-1, but not 2 -4 -1
ONE = re.compile(r"[^;,]*\d[^;,]*=[^;,]*|[+-]?[\d.]+(?:\s+[^\W\d_]+)?")  # 3 * 63 = 189 and 64 images
COMMAS = re.compile(r"[+-]?\d+,\d+(?:\s+[+-]?\d+,\d+)+")  # 0,125 0,375
LETTERED = re.compile(r"([A-Za-z])\s*(?:->|[:=→–-])?\s*(\d+)\s*[,;.]?\s*(?:and\s+)?")  # A 3, B 5 and A3 B5
LISTS_BEGIN = re.compile(r"^([^\d(]*[=:])?\s*\(")
AND = re.compile(r"[;,]?\s+and\s+")
OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,  # an error where the power is no real number
    ast.Invert: math.sqrt,  # √4 is parsed as ~4; an error where there is no root
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


def number(value):
    """Return one number from a number, a text, or a list that holds just one; an error if it is none."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple) and len(value) == 1:
        return number(value[0])
    if isinstance(value, bool) or not isinstance(value, Real | Decimal | str):
        raise TypeError
    result = _from_text(value) if isinstance(value, str) else float(value)
    if not np.isfinite(result):
        raise ValueError
    return result


def numbers(value, many=0):
    """Return a list of numbers from an array, nested lists, a dictionary's values, or a text.

    many: how many are asked for; so many digits in one, as 3142, are taken one by one, and letters in order, A 3, B 1,
    may stand before them.
    """
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple) and value and all(map(_is_named, value)):
        value = [one for _, one in value]
    if many > 2 and not isinstance(value, bool) and re.fullmatch(rf"\s*\d{{{many}}}\s*", str(value)):
        value = list(str(value).strip())
    if isinstance(value, str):
        value = _of_letters(value, many) or _pieces(value)
    return [number(one) for one in _flat(value)]


def _is_named(value):
    """Say whether a value is a pair of a name and what it names, as in ("A", 3)."""
    return isinstance(value, list | tuple) and len(value) == 2 and str(value[0]).isidentifier()


def _of_letters(text, many):
    """Return the codes behind so many letters that follow each other, or nothing."""
    found = LETTERED.findall(text) if many > 1 and len(text) <= LONGEST else []
    letters = "".join(letter for letter, _ in found)
    if len(found) != many or LETTERED.sub("", text).strip(" []()"):
        return []
    return [code for _, code in found] if letters in f"{ascii_uppercase} {ascii_lowercase}" else []


def order(value, lines):
    """Return a list of line numbers: from a list, 2-4-1 or 241 as a text or a number, or the lines themselves."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str):
        if len(value) > LONGEST or re.search(r"\d\.\d", value):
            raise ValueError
        found = re.findall(r"\d" if len(lines) < 10 and not re.search(r"\b\d{2}\b", value) else r"\d+", value)
        if not found:
            raise ValueError
        return [int(one) for one in found]
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        known = {line.strip(): number for number, line in enumerate(lines, start=1)}
        value = [known.get(one.strip(), one) for one in value]
    given = numbers(value)
    if any(one != int(one) for one in given):
        raise ValueError
    return [int(one) for one in given]


def _flat(value):
    """Return what an array or nested lists hold, also where these differ in length, as in [1, [2, 3]]."""
    if isinstance(value, set | frozenset) or np.ma.is_masked(value):
        raise TypeError
    entries = np.ravel(np.asarray(value, dtype=object)).tolist()
    nested = [_flat(one) if isinstance(one, list | tuple | np.ndarray) else [one] for one in entries]
    return [one for part in nested for one in part]


def _pieces(text):
    """Return the parts of a list that was written as text."""
    if len(text) > 20 * LONGEST:
        raise ValueError
    text = re.sub(r"(?<=[])}])\s*[.;,!]+$", "", text.strip()).strip("[](){}")  # [-8, 19].
    parts = AND.split(text)
    if IN_A_ROW.fullmatch(text):
        return re.findall(r"\d+", text)
    if COMMAS.fullmatch(text.translate(SIGNS)):
        return text.split()
    if parts[1:] and all(map(ONE.fullmatch, parts)):
        return parts
    if ";" in text:  # dz: 0.2, 0.5; 0.8
        parts = [part.replace(", ", "; ") for part in parts]
    separator = next((one for one in (";", "|", ", ", ",") if one in text), " ")
    if separator == "," and parts[1:] and _keep_their_commas(parts):
        return parts
    if separator == " ":
        return parts if parts[1:] and any(map(MIXED.match, parts)) else " ".join(parts).split()
    return [_out_of_its_list(part) for part in separator.join(parts).split(separator) if part.strip()]


def _keep_their_commas(parts):
    """Say whether commas belong to the numbers between which "and" stands: 50,240 and 7 or 0,5 and 0,25."""
    return all(part.count(",") == 1 for part in parts) or "," not in THOUSANDS.sub("", " and ".join(parts))


def _out_of_its_list(part):
    """Drop the round bracket with which a list begins or ends at this part, as in c = (14, 32)."""
    opened = part.count("(") - part.count(")")
    return {1: LISTS_BEGIN.sub(r"\1", part), -1: part.rstrip().removesuffix(")")}.get(opened, part)


def _from_text(text):
    """Return what a text says: a number with what people write around it, or a calculation."""
    if len(text) > LONGEST or re.search("[₀-₉]", text):
        raise ValueError
    text = SUPERSCRIPT.sub(r"^(\g<0>)", _fractions(text.strip().strip("`'\"[]")))
    text = unicodedata.normalize("NFKC", text).translate(SIGNS)
    text = text.replace("\N{FRACTION SLASH}", "/")
    text = REMARK.sub("", LABEL.sub("", BEFORE.sub("", text).strip(" []")))
    text = text if re.search(r"\b0[xX]", text) else TIMES.sub(" * ", text)
    if re.search("[=≈]", text):
        return _result(re.split("[=≈]", text))
    text = re.sub(r"sqrt\s*(?=\()", "√", AFTER.sub("", text).strip())
    hundredth = text.endswith("%")
    text = THOUSANDS.sub(lambda found: re.sub(r"[,_ '’]", "", found[0]), MIXED.sub(r"\1(\2+\3)", text.rstrip("% ")))
    text = re.sub(r"(\d),(\d)", r"\1.\2", text)
    if not CALCULATION.fullmatch(text):
        raise ValueError
    return _computed(ast.parse(text.replace("√", "~"), mode="eval").body) / (100 if hundredth else 1)


def _result(sides):
    """Return what stands last, as in 1.61 / 0.2 = 8.05, where all sides say the same, rounded or not."""
    values = [_from_text(side) for side in sides]
    if not all(math.isclose(one, values[-1], rel_tol=0.02) for one in values):
        raise ValueError
    return values[-1]


def _fractions(text):
    """Write ½ as (1/2), also after a number, as in 2½."""

    def written(found):
        whole, sign = found[1], found[2]
        above, below = unicodedata.normalize("NFKC", sign).split("\N{FRACTION SLASH}")
        return f"({whole or 0}+{above}/{below})"

    return re.sub(r"(\d*)([¼½¾⅐-⅞])", written, text)


def _computed(node):
    """Return the value of a sum, difference, product, quotient, power or root of numbers."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_computed(node.left), _computed(node.right))
    if isinstance(node, ast.UnaryOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_computed(node.operand))
    raise ValueError
