"""Formulas as MathML, which browsers draw themselves, and a small font that has just their letters.

No program of KaTeX's or MathJax's runs in the reader's browser, and nothing is carried but the font, 18 kB.
"""

import html
import importlib.resources
import io
import logging
import re
import unicodedata

SCALED = re.compile(r"<mi>(.)</mi>")  # one letter alone: browsers draw it in italics
SHOWN = re.compile(r">([^<]+)<")
PRIMES = re.compile(r"<msup>(<mi>.</mi>)<mo>([′″‴]+)</mo></msup>")  # the sign is small and high by itself
STRUT = '<mspace height="0.7em" depth="0.2em"/>'  # the smallest root is made for so much; above less it hangs down
ROOT = (
    "uni221A",
    "uni221A.s1",
    "uni221A.s2",
    "uni221A.s3",
    "uni221A.s4",
    "uni221A.x",
    "uni221A.t",
)  # its sizes and parts
ALWAYS = "√ (){}[]|"  # drawn for elements, not for letters, and what stretches


def mathml(formula, displayed):
    """Return one formula of LaTeX as MathML; ValueError if a command of it is unknown."""
    from math_core import LatexError, LatexToMathML

    try:
        text = LatexToMathML().convert_with_local_state(formula, displaystyle=displayed)
    except LatexError as problem:
        raise ValueError(f"the formula {formula!r} can't be drawn: {problem}") from None
    return PRIMES.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', text).replace("<msqrt>", f"<msqrt>{STRUT}")


def letters(text):
    """Return the characters that a browser draws for this MathML."""
    drawn = set(html.unescape("".join(SHOWN.findall(text)))) | set(ALWAYS)
    return drawn | {one for letter in SCALED.findall(text) for one in _italic(letter)}


def _italic(letter):
    """Return the italic mathematical letter that a browser draws for a plain one; nothing if there is none."""
    if letter == "h":
        return "ℎ"  # Planck's constant had its place first
    name = unicodedata.name(letter, "")
    name = re.sub(r"^(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER", r"\1", name).replace("GREEK LUNATE EPSILON", "EPSILON")
    try:
        return unicodedata.lookup(f"MATHEMATICAL ITALIC {name}")
    except KeyError:
        return ""


def font(characters):
    """Return STIX Two Math (SIL Open Font License) with these characters alone, as the bytes of a WOFF2 file."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table

    file = importlib.resources.files("ziamath") / "fonts" / "STIXTwoMath-Regular.ttf"
    options = subset.Options(flavor="woff2", layout_features=[], hinting=False, notdef_outline=True)
    options.name_IDs = [0, 13, 14]  # the copyright and the licence stay with it
    options.recalc_timestamp = False  # the same bytes every time
    with TTFont(io.BytesIO(file.read_bytes()), recalcTimestamp=False) as whole:
        _narrow_roots(whole)
        chosen = subset.Subsetter(options)
        chosen.populate(text="".join(sorted(characters)))
        chosen.subset(whole)
        written = io.BytesIO()
        whole.flavor = "woff2"
        whole.save(written)
    return written.getvalue()


def _narrow_roots(font):
    """Make every root sign as wide as the smallest: browsers leave room for the widest behind what stands below it."""
    widths = font["hmtx"]
    wide, _ = widths[ROOT[0]]
    for name in ROOT[1:]:
        share, glyph = wide / widths[name][0], font["glyf"][name]
        glyph.coordinates.scale((share, 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
        widths[name] = wide, glyph.xMin
