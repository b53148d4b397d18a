"""Build the web edition: a static site of the whole course from its notebooks as they are stored.

A lesson is readable after 60 to 74 kB, as they travel compressed: its text (at most 26 kB), one style sheet (15), three
scripts (12), a fourth where figures move (3), and the font of the formulas (18); the page for instructors, twice as
long, after 94. Sphinx's and the theme's own would be more than 1.5 MB. Pictures come as files when they come into view;
recorded answers (82 kB at most) when the first answer is checked, and recorded figures (250 kB at most) when they come
near the view; for these alone cells are run. The search's page loads Sphinx's scripts and index (43 kB), and then the
pages that it names, for a few words of each (490 kB if it names all).

Lighthouse 12.8 on 26 November 2026, for the index, lessons 1 and 14 and the glossary, served compressed from the same
machine: 100 for speed, accessibility and best practices, as a telephone and as a desktop; the first words are there
after 0.9 to 1.3 s on its slow telephone line and 0.3 s on a desktop, and nothing blocks (0 ms).
"""

import argparse
import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from gdcourse.commands import folders, notebooks, refresh
from gdcourse.commands.web import extension, figures, formulas, pages, styles

HERE = Path(__file__).parent / "web"
REPOSITORY = "https://github.com/gdcourse/gdcourse"
OURS = ".gdcourse-site"  # in a folder that this command wrote, and may write again
SHEETS = ("pygments.css", "styles/theme.css", "styles/pydata-sphinx-theme.css", "styles/sphinx-book-theme.css")
LEFT_OUT = ("_sources", "_images", "genindex.html", "objects.inv", ".buildinfo")
ICONS = {  # drawn by hand on a square of 24
    "bars": "M4 6h16M4 12h16M4 18h16",
    "list": "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
    "magnifying-glass": "M16 16l5 5M3 10.5a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0-15 0",
    "circle-half-stroke": "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0M12 3v18M15 5v14M18 7v10",
    "angle-left": "M15 5l-7 7l7 7",
    "angle-right": "M9 5l7 7l-7 7",
}


class Refused(Exception):
    """The site can't be built; the message is one sentence."""


def icon(name):
    """Return a small picture beside words, as SVG."""
    return f'<svg class="gd-icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'


def build(folder, moving):
    """Write the site to an empty folder; Refused with what Sphinx complains of.

    moving: the paths of the lessons whose figures are recorded; those of the others are pictures.
    """
    with tempfile.TemporaryDirectory(prefix="gdcourse-site-") as place:
        source = Path(place, "source")
        for name in (pages.PICTURES, pages.NOTEBOOKS, pages.ANSWERS, figures.FOLDER):
            (folder / name).mkdir(parents=True)
        source.mkdir()
        try:
            shown = figures.record_all(folder / figures.FOLDER, moving)
        except refresh.Refused as problem:
            raise Refused(str(problem)) from None
        for path in pages.sources():
            try:
                page = pages.page(path, folder, shown.get(path, {}))
            except (refresh.Refused, ValueError) as problem:
                raise Refused(f"{path.name}: {problem}") from None
            (source / path.name).write_text(pages.written(page), encoding="utf-8")
            shutil.copyfile(path, folder / pages.NOTEBOOKS / path.name)
        (source / "index.md").write_text(pages.index(), encoding="utf-8")
        _sphinx(source, folder, Path(place, "doctrees"))
    _finish(folder)


def settings():
    """Return what Sphinx is told."""
    return {
        "project": "gdcourse",
        "html_title": "Gradient descent, step by step",
        "extensions": ["myst_nb", "gdcourse.commands.web.extension"],
        "source_suffix": {".ipynb": "myst-nb", ".md": "myst-nb"},
        "nb_execution_mode": "off",
        "nb_merge_streams": True,
        "myst_enable_extensions": ["dollarmath"],
        "myst_heading_anchors": 3,
        "myst_heading_slug_func": extension.anchor,
        "math_numfig": False,
        "html_math_renderer": "mathml",
        "html_theme": "sphinx_book_theme",
        "html_theme_options": {
            "use_download_button": False,
            "use_fullscreen_button": False,
            "home_page_in_toc": True,
            "show_toc_level": 2,
            "back_to_top_button": False,
            "navbar_persistent": [],
            "footer_content_items": ["extra-footer.html"],
            "pygments_light_style": "a11y-high-contrast-light",
            "pygments_dark_style": "a11y-high-contrast-dark",
        },
        "html_sidebars": {"**": ["navbar-logo.html", "search-field.html", "sbt-sidebar-nav.html"]},
        "html_context": {
            "icon": icon,
            "repository": REPOSITORY,
            "default_mode": "auto",
            "descriptions": pages.descriptions(),
        },
        "html_search_scorer": str(HERE / "static" / "search.js"),
        "html_static_path": [str(HERE / "static")],
        "templates_path": [str(HERE / "templates")],
        "html_copy_source": False,
        "html_show_copyright": False,
        "html_permalinks_icon": "#",
        "html_domain_indices": False,
        "html_use_index": False,
        "language": "en",
        "suppress_warnings": ["config.cache"],
    }


def _sphinx(source, folder, doctrees):
    """Run Sphinx; whatever it warns of refuses the site."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    extension.letters.clear()
    try:
        with patch_docutils(str(source)), docutils_namespace():
            app = Sphinx(source, None, folder, doctrees, "html", settings(), status=None, warning=said)
            app.build()
    except ValueError as problem:
        raise Refused(str(problem)) from None
    complaints = [line for line in re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue()).splitlines() if line.strip()]
    if complaints:
        raise Refused(complaints[0].replace(f"{source}{os.sep}", ""))
    (folder / "_static" / "formulas.woff2").write_bytes(formulas.font(extension.letters))


def _finish(folder):
    """Leave out what no page asks for, and make one style sheet of the theme's and ours."""
    static = folder / "_static"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html"))]
    asked = set(re.findall(r'(?:src|href)="_static/([^"?#]+)', "".join(texts)))
    scripts = [static / name for name in sorted(asked) if name.endswith(".js")]
    programs = [path.read_text(encoding="utf-8") for path in scripts]
    sheets = [static / name for name in SHEETS] + sorted(static.glob("mystnb*.css")) + [static / "site.css"]
    text = styles.trimmed([path.read_text(encoding="utf-8") for path in sheets[:-1]], [*texts, *programs])
    (static / "site.css").write_text(text + sheets[-1].read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    asked |= {"site.css", "formulas.woff2"}
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(static).as_posix() not in asked:
            path.unlink()
    for name in LEFT_OUT:
        path = folder / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    (folder / ".nojekyll").write_text("", encoding="utf-8")  # GitHub Pages then serves folders that begin with _
    (folder / OURS).write_text("Written by: python3 -m gdcourse site\n", encoding="utf-8")


def refuse_others(folder):
    """Refuse a folder that holds anything but a site of ours."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Refused(f"{folder} is no folder: name one that doesn't exist yet.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / OURS).is_file():
        raise Refused(f"{folder} is not empty, and no site of this course: name a folder that doesn't exist yet.")


def site(folder, moving):
    """Build the site beside the folder and put it in its place, all of it or nothing. moving: as in `build`."""
    refuse_others(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True) as place:
        new, old = Path(place, "new"), Path(place, "old")
        build(new, moving)
        try:
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        finally:
            if old.exists() and not folder.exists():  # else it would go with its place
                old.rename(folder)


def main(arguments=None):
    """Write the site to the folder named on the command line; return 1 if it could not be."""
    parser = argparse.ArgumentParser(
        prog="python3 -m gdcourse site",
        description="Write the web edition of the course to a folder: pages with search, without a server. They show "
        "what the notebooks store; where figures move, the cells that these need are run.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new folder, or one that this command wrote before")
    parser.add_argument("--still", action="store_true", help="quickly: leave the live figures as pictures")
    chosen = parser.parse_args(arguments)
    folder = Path(os.path.abspath(chosen.folder))
    notebooks.quieten()
    if not chosen.still:
        print("Recording the figures that move: a few minutes.", flush=True)
    try:
        site(folder, [] if chosen.still else notebooks.lessons())
    except Refused as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        if problem.errno in folders.FULL:
            print(f"The disk is full: free 50 MB where {folder} is to be, and run the same command.", file=sys.stderr)
        else:
            print(f"{folder} can't be written ({problem.strerror}): name a folder that can be made.", file=sys.stderr)
        return 1
    count = len(list(folder.glob("*.html")))
    print(f"Written to {folder}: {count} pages. Open {folder / 'index.html'} in a browser.")
    return 0


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        sys.exit(main())
