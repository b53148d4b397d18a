"""The theme's style sheets as one, without what no page of the site uses."""

import re

NAMES = re.compile(r"[\w-]+")
SELECTED = re.compile(r"[.#]((?:\\.|[\w-])+)")
NEGATED = re.compile(r":not\([^()]*\)")
USED = re.compile(r"var\(\s*(--[\w-]+)")


def trimmed(sheets, pages):
    """Return the style sheets as one text: only rules whose classes and names occur in the pages' texts.

    sheets: texts of CSS in their order. pages: texts of HTML and JavaScript. Fonts from files are left out.
    """
    import tinycss2

    names = {name for page in pages for name in NAMES.findall(page)}
    kept = []
    for sheet in sheets:
        kept += _rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True), names)
    text = "".join(kept)
    before = None
    while before != text:  # a property may be used by another that nothing uses
        before, used = text, set(USED.findall(text)) | {name for name in names if name.startswith("--")}
        text = re.sub(r"(--[\w-]+):[^;{}]*;", lambda found, used=used: found[0] if found[1] in used else "", text)
    return re.sub(r"[^{}]*\{\}", "", text)


def _rules(rules, names):
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [one for one in _split(tinycss2.serialize(rule.prelude)) if _is_used(one, names)]
            if selectors:
                yield f"{','.join(selectors)}{{{_declarations(rule.content)}}}"
        elif rule.type == "at-rule" and rule.content is not None and rule.lower_at_keyword != "font-face":
            head = f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude).rstrip()}"
            if rule.lower_at_keyword in ("media", "supports", "layer"):
                inside = "".join(_rules(tinycss2.parse_rule_list(rule.content, True, True), names))
                if inside and "print" not in rule.prelude:
                    yield f"{head}{{{inside}}}"
            else:
                yield f"{head}{{{tinycss2.serialize(rule.content)}}}"


def _declarations(content):
    """Return the declarations of a rule, each with a semicolon behind it."""
    import tinycss2

    found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    lines = (one for one in found if one.type == "declaration" and "url(" not in tinycss2.serialize(one.value))
    return "".join(
        f"{one.name}:{tinycss2.serialize(one.value).strip()}{'!important' if one.important else ''};" for one in lines
    )


def _split(prelude):
    """Return the selectors of a list, which commas divide that stand in no brackets."""
    return [one.strip() for one in re.split(r",(?![^()\[\]]*[)\]])", prelude)]


def _is_used(selector, names):
    """Say whether every class and every name that the selector needs occurs in the pages."""
    needed = SELECTED.findall(NEGATED.sub("", selector))
    return all(name.replace("\\", "") in names for name in needed)
