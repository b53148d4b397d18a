"""Say it to the learner: HTML where a notebook shows it, plain text elsewhere, the same on every run."""

import html
import re
import sys

import numpy as np

from gdcourse import checks

SIGNS = {"right": "✓", "wrong": "✗", "open": "…", "note": "•"}
# Code, and emphasis: a star right before and right after words, with a space or a bracket outside; no product has that.
MARKED = re.compile(
    r"`([^`\n]+)`|(?<![^\s([{])\*(\w+(?:-[^\W\d]\w*|,? \w+)*)\*(?![^\s)\]}.,;:!?])"
)  # `marked` of site.js has the same
COLOURS = {"right": "#009E73", "wrong": "#D55E00", "open": "#767676", "note": "#0072B2"}


def say(kind, lines, code=""):
    """Show a few lines, the first one with its sign; code stands below them, as it is."""
    lines = [line for line in lines if line]
    plain = "\n".join([f"{SIGNS[kind]} {lines[0]}", *(f"  {line}" for line in lines[1:]), *code.splitlines()])
    if "IPython" not in sys.modules or sys.modules["IPython"].get_ipython() is None:
        print(plain)
        return
    first, *rest = map(marked, lines)
    body = f"<strong>{SIGNS[kind]} {first}</strong>" + "".join(f"<br>{line}" for line in rest)
    code = f'<pre style="margin:0.5em 0 0">{html.escape(code)}</pre>' if code else ""
    style = f"border-left:4px solid {COLOURS[kind]};padding:0.3em 0.8em;margin:0.2em 0"
    page = f'<div style="{style}">{body}{code}</div>'
    sys.modules["IPython"].display.display({"text/html": page, "text/plain": plain}, raw=True)


def marked(text):
    """Return a text as HTML, with its `code` and its *emphasis* as elements."""
    return MARKED.sub(_element, html.escape(text))


def before(live, name, page):
    """Return a page as HTML for the output before a live one, which takes its place while a kernel shows that.

    live, name: the class of what is live, and of the page. Opened without its kernel, the live one is an error.
    """
    style = f"""<style>
.jp-OutputArea-child:has(.{name}):has(+ .jp-OutputArea-child .{live}),
.jp-OutputArea-child:has(.{name}) + .jp-OutputArea-child:has(> .jupyter-widgets):not(:has(.{live}))
{{ display: none; }}
</style>"""
    return f'<div class="{name}">{style}{page}</div>'


def _element(found):
    code, words = found.groups()
    return f"<code>{code}</code>" if code else f"<em>{words}</em>"


@checks.printing
def shown(value):
    """Return a value as a learner would write it, short enough to read; a value that can't be written, by its type."""
    try:
        return _shown(value)
    except Exception:  # a __repr__ of the learner's own that fails
        return shown_type(value)


def listed(words):
    """Return words as a list is said: one, two and three."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def shown_type(value):
    """Return what kind of thing a value is, such as *a list*."""
    name = type(value).__name__
    return f"a{'n' * (name[0].lower() in 'aeiou')} {name}"


def shown_line(line):
    """Return a line of code or text, cut where it is long."""
    return _cut(line.strip(), 60)


def _cut(text, room):
    return text if len(text) <= room else text[: room - 1] + "…"


def _shown(value):
    if callable(value) and not isinstance(value, type):
        name = getattr(value, "__name__", None)
        meaning = (value.__doc__ or "a function").strip().splitlines()[0].rstrip(".")
        gives = f"gives {meaning.removeprefix('Return ')}" if meaning.startswith("Return ") else f"is {meaning}"
        return f"{name}, which {gives}" if name else shown_type(value)
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        if value.size > 24:
            return f"an array of shape {value.shape}"
        text = " ".join(np.array2string(value, precision=4, suppress_small=True, separator=", ").split())
    elif isinstance(value, tuple | list):
        if _contains(value, value):
            return f"{shown_type(value)} that contains itself"
        inside = ", ".join(shown(one) for one in value[:200])
        text = f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    else:
        text = repr(value)
    return _cut(text, 160)


def _contains(value, one, depth=5):
    """Say whether a list holds itself, directly or in a list inside it."""
    inside = [other for other in value if isinstance(other, tuple | list)]
    return any(other is one for other in inside) or (
        depth > 0 and any(_contains(o, one, depth - 1) for o in inside[:20])
    )
