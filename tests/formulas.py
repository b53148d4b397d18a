"""Turn a printed formula, in LaTeX or in Unicode, into a function of its letters: so tests read what readers read."""

import re

import numpy as np

_SUPERSCRIPTS = {"²": "**2", "ᵗ": "**t"}
_TOKEN = re.compile(r"∇L|[βμηρε][₁₂]?|[A-Za-z]|\d+(?:\.\d+)?|\*\*|[-+*/()√]")


def evaluate(formula, **values):
    """Return the value of the formula, with a number or an array for each of its letters."""
    # LaTeX: fractions, dots, exponents. Unicode: minus, dots, superscripts.
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", formula).replace("^", "**")
    for printed, meant in {"−": "-", "·": "*", **_SUPERSCRIPTS}.items():
        text = text.replace(printed, meant)
    tokens = _TOKEN.findall(text)
    assert "".join(tokens) == re.sub(r"\s", "", text), f"this formula has signs that the test can't read: {formula}"
    code = ""
    for before, token in zip(["(", *tokens], tokens):
        ends_a_factor = before == ")" or before[0].isalnum() or before == "∇L"
        begins_a_factor = token in "(√" or token[0].isalnum() or token == "∇L"
        code += "*" * (ends_a_factor and begins_a_factor)
        if token == "√":
            code += "sqrt"
        elif before == "√" and token != "(":
            code += f"(value['{token}'])"
        elif token[0].isalpha() or token == "∇L":
            code += f"value['{token}']"
        else:
            code += token
    return eval(code, {"sqrt": np.sqrt, "value": values})


def updates(docstring):
    """Return the updates "letter ← formula" that a docstring prints, in order, as (letter, formula) pairs."""
    return re.findall(r"(\w) ← ([^,.:]+)", " ".join(docstring.split()))
