"""What the pages need beyond what Sphinx does by itself: formulas, code that folds, words that stay whole, anchors."""

import re
import urllib.parse

from docutils import nodes
from sphinx import addnodes

from gdcourse.commands.web import formulas

SHORT = 24  # letters of code that no line's end divides
LONG = 120  # letters in a cell of a table that get a wide column, however narrow the page is
OPENING, CLOSING = re.compile(r"[^\s\w.,;:!?)\]}]+$"), re.compile(r"[^\s\w([{]+")  # signs right beside a formula
letters = set()  # what the formulas of this build draw


def setup(app):
    """Tell Sphinx of our parts."""
    app.add_html_math_renderer("mathml", (_inline, _nothing), (_displayed, _nothing))
    app.connect("doctree-resolved", fold_code)
    app.connect("doctree-resolved", keep_whole)
    app.connect("doctree-resolved", widen)
    app.connect("doctree-resolved", introduce)
    return {"parallel_read_safe": False, "parallel_write_safe": False}


def anchor(heading):
    """Return the anchor of a heading: JupyterLab's own, so that one link serves both."""
    return heading.replace(" ", "-")


def fold_code(app, document, name):
    """Put code into a fold that a reader can close, and what answers a prediction into one that waits for the guess."""
    for part in list(document.findall(nodes.container)):  # what is put in is not to be found again
        kinds, cell = part["classes"], part.parent["classes"] if isinstance(part.parent, nodes.container) else []
        part["classes"] += ["no-search"] * ("cell_output" in kinds)
        if "cell_input" in kinds:
            asks = "tag_gd-asks" in cell  # what it asks stands below as a form
            _wrap(part, f'<details class="gd-code{" gd-asks" * asks}"{" open" * (not asks)}><summary>Code</summary>')
        elif "cell_output" in kinds and "tag_gd-result" in cell:
            _wrap(part, '<details class="gd-result"><summary>Result: guess first, then open it</summary>')


def keep_whole(app, document, name):
    """Keep short code on one line, and a formula with the signs right beside it."""
    for code in document.findall(nodes.literal):
        if len(code.astext()) <= SHORT:
            code["classes"].append("gd-whole")
    for formula in list(document.findall(nodes.math)):
        line, place = formula.parent, formula.parent.index(formula)
        around = [line[one] if 0 <= one < len(line) else "" for one in (place - 1, place + 1)]
        before, behind = (one if isinstance(one, nodes.Text) else "" for one in around)
        opening, closing = OPENING.search(before), CLOSING.match(behind)
        if not opening and not closing:
            continue
        whole = nodes.inline("", "", classes=["gd-whole"])
        line[place] = whole
        whole += formula
        if closing:
            whole += nodes.Text(closing[0])
            line[place + 1] = nodes.Text(behind[closing.end() :])
        if opening:
            whole.insert(0, nodes.Text(opening[0]))
            line[place - 1] = nodes.Text(before[: opening.start()])


def widen(app, document, name):
    """Mark the cells of tables that have much to say: a narrow page is not to make them a tower of single words."""
    for cell in document.findall(nodes.entry):
        if len(cell.astext()) > LONG:
            cell["classes"].append("gd-long")


def introduce(app, document, name):
    """Make the section that introduces a term (by a bold link to the glossary) its entry in the index of the search."""
    for raw in document.findall(nodes.raw):  # the links of each lesson's head are no words of it
        raw["classes"] += ["no-search"] * ("gd-links" in raw.astext())
    for link in document.findall(nodes.reference):
        page, _, term = urllib.parse.unquote(link.get("refuri", "")).partition("#")
        if page == "glossary.html" and any(link.findall(nodes.strong)):
            section = link.parent
            while not isinstance(section, nodes.section):
                section = section.parent
            terms = {link.astext(), term.replace("-", " ")}
            section += addnodes.index(entries=[("single", one, section["ids"][0], "main", None) for one in terms])


def _wrap(part, opened):
    place = part.parent.index(part)
    before, behind = (nodes.raw("", text, format="html") for text in (opened, "</details>"))
    part.parent[place : place + 1] = [before, part, behind]


def _formula(node, displayed):
    text = formulas.mathml(node.astext(), displayed)
    letters.update(formulas.letters(text))
    return text


def _inline(translator, node):
    translator.body.append(_formula(node, False))
    raise nodes.SkipNode


def _displayed(translator, node):
    drawn = _formula(node, True)
    translator.body.append(f'<div class="gd-formula" tabindex="0" role="group" aria-label="formula">{drawn}</div>')
    raise nodes.SkipNode


def _nothing(translator, node):
    """Close nothing: the whole node was written when it was opened."""
