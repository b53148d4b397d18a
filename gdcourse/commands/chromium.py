"""A browser of Chromium's family, if one is installed: it prints a page as PDF."""

import os
import shutil
import subprocess
import tempfile

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "{PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "{LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "{PROGRAMFILES(X86)}/Microsoft/Edge/Application/msedge.exe",
    "{PROGRAMFILES}/Microsoft/Edge/Application/msedge.exe",
)
PATIENCE = 120  # seconds for one page: the first start on a slow disk takes long
# Its clock runs ahead while it waits for the formulas, and it asks nobody for anything.
OPTIONS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=60000", "--no-pdf-header-footer"),
)


class Variables(dict):
    """Environment variables, where those that are not set lead nowhere."""

    def __missing__(self, name):
        return "/nowhere"


def find():
    """Return the path of a browser of Chromium's family: the one in GDCOURSE_BROWSER, or one that is installed."""
    named = os.environ.get("GDCOURSE_BROWSER")
    if named:
        return shutil.which(named) or named
    places = [place.format_map(Variables(os.environ)) for place in PLACES]
    return next(filter(None, [*map(shutil.which, NAMES), *filter(os.path.isfile, places)]), None)


def print_pdfs(browser, pages):
    """Print each of these pages to a PDF beside it; yield the page and what went wrong, or None."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:  # one for all: a new one takes seconds
        for page in pages:
            yield page, _print_pdf(browser, profile, page, page.with_suffix(".pdf"))


def _print_pdf(browser, profile, page, pdf):
    """Print one page; return what went wrong, or None."""
    command = [browser, *OPTIONS, f"--user-data-dir={profile}", f"--print-to-pdf={pdf.resolve()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # as root it starts in no other way
    try:
        done = subprocess.run(
            [*command, page.resolve().as_uri()],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {PATIENCE} seconds"
    except OSError as problem:
        return problem.strerror
    if pdf.is_file() and pdf.read_bytes()[:5] == b"%PDF-":
        return None
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"it ended with code {done.returncode}"
