"""The command line: which command, which options, and one sentence when something is in the way."""

import argparse
import contextlib
import os
import sys
import webbrowser
from pathlib import Path

from gdcourse.commands import doctor, environment, interpreters, notebooks, reset, room

DESCRIPTION = "Gradient descent, from one weight on a curve to the same network in NumPy and in Keras."
COMMANDS = {
    "lab": "set up on the first run, then open JupyterLab on the first lesson",
    "test": "set up on the first run, then check the package and every notebook",
    "doctor": "say whether this computer is ready, and what mends it if not",
    "reset": "give back a lesson as new, or solved, and keep your own version beside it",
    "solved": "write the solved course to a new folder, run from top to bottom",
    "slides": "write each lesson as slides to a new folder, which need no network",
    "handout": "write each lesson as a page to print to a new folder, without what is folded",
    "room": "say of each learner's file from `doctor --save` who is ready, and what mends the others",
    "site": "build the web edition in a folder, from the notebooks as they are stored",
    "refresh": "run notebooks and store their outputs in one normal form",
}
WHY = {
    "--log-level=WARN": "JupyterLab is starting; Ctrl-C in this window stops it.",
    "--allow-root": "You are root, so JupyterLab is started with its option --allow-root; its address keeps its token.",
    "--no-browser": "No browser can open here: copy the address in the last line into one.",
}
LAST_WORDS = {
    "lab": "Other options go to JupyterLab: --no-browser, --port 9000, --help-all, and a notebook to open instead.",
    "test": "Other options go to pytest: -x, -k sgd, -v, and files to check instead of everything.",
}


def parser():
    """Return the parser of `python3 -m gdcourse`."""
    top = argparse.ArgumentParser(prog="python3 -m gdcourse", description=DESCRIPTION)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, purpose in COMMANDS.items():
        text = purpose[0].upper() + purpose[1:] + "."
        commands.add_parser(name, help=purpose, description=text, epilog=LAST_WORDS.get(name), allow_abbrev=False)
    return top


def main(arguments):
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a path may hold letters that a console lacks
    with contextlib.suppress(OSError):
        reset.save_kept()  # before anything may make .venv anew, or advise to
    try:
        if arguments[:1] in (["refresh"], ["solved"], ["slides"], ["handout"], ["site"]) or solves(arguments):
            return run_in_environment(arguments[0], absolute(arguments[1:]))
        if arguments[:1] == ["reset"]:
            return reset.main(arguments[1:])
        if arguments[:1] == ["room"]:
            return room.main(arguments[1:])
        if arguments[:1] == ["doctor"]:
            return doctor.main(arguments[1:])
        chosen, rest = parser().parse_known_args(arguments)
        return {"lab": lab, "test": test}[chosen.command](rest)
    except environment.Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        goes_on = " The same command goes on from here." if arguments[:1] in (["lab"], ["test"]) else ""
        print(f"\nStopped.{goes_on}", file=sys.stderr)
        return 130


def solves(arguments):
    """Say whether a lesson is to come back solved: the right answers are functions that need NumPy."""
    return arguments[:1] == ["reset"] and any(
        option in ("--solved", "--until") or option.startswith("--until=") for option in arguments
    )


def lab(options):
    """Open JupyterLab on the first lesson."""
    environment.ensure()
    with contextlib.suppress(OSError):  # the lessons can be read all the same
        reset.keep_as_new()
    quiet = {name: os.environ.get(name, value) for name, value in notebooks.QUIET.items() if name.startswith("TF_")}
    start = start_options(options)
    for option in start:
        if option in WHY:
            print(WHY[option], flush=True)
    command = environment.command("jupyterlab", *start, *place_options(options), *options)
    interpreters.hand_over(command, notebooks.clean_environment(**quiet))


def start_options(options):
    """Return the options of JupyterLab's that this machine needs, where the reader gives none of the kind."""
    given = given_names(options)
    result = [] if given & {"log-level", "debug"} else ["--log-level=WARN"]  # so that the address comes last
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "allow-root" not in given:
        result.append("--allow-root")
    if not given & {"browser", "no-browser", "open-browser"} and not browser_can_open():
        result.append("--no-browser")
    return result


def given_names(options):
    """Return the names of the options, without values; --ServerApp.allow_root=True is the same as --allow-root."""
    names = [option.split("=")[0].lstrip("-") for option in options if option.startswith("-")]
    return {name.split(".")[-1].replace("_", "-") for name in names}


def browser_can_open():
    """Say whether a browser has a screen to open on; one inside the terminal would only be in the way."""
    if os.environ.get("BROWSER"):
        return True
    if sys.platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in os.environ
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        return bool(webbrowser.get())
    except webbrowser.Error:
        return False


def place_options(options):
    """Return the options that open the first lesson, or none where the reader says what to open."""
    own = [option for option in options if not option.startswith("-")]
    if given_names(options) & {"root-dir", "notebook-dir", "default-url"}:
        return []
    if any(Path(name).exists() for name in own):
        return []
    first = notebooks.lessons()[:1]
    place = f"/lab/tree/notebooks/{first[0].name}" if first else "/lab"
    return [f"--ServerApp.root_dir={notebooks.ROOT}", f"--LabApp.default_url={place}"]


def test(options):
    """Check the package and every notebook in one run of pytest."""
    environment.ensure(environment.SITE_LOCK, environment.TEST_LOCK)
    chosen = absolute(options)
    paths = [] if chosen != options else [str(notebooks.ROOT / "tests"), *notebooks_to_check()]
    command = [
        *environment.command("pytest", "-p", "no:cacheprovider", f"--rootdir={notebooks.ROOT}"),
        *("-n", str(workers()), "--dist=loadscope", "--no-loadscope-reorder", "--durations=10"),
        *("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"),
        *("--nbval-sanitize-with", str(notebooks.ROOT / "tests" / "nbval.cfg")),
        *(*chosen, *paths),
    ]
    # Bytecode is kept, else each of a hundred kernels compiles the package anew.
    variables = notebooks.clean_environment(**notebooks.QUIET, PYTHONDONTWRITEBYTECODE="")
    # Its workers look for modules in the folder where they are started: in this one lies no file of the reader's.
    interpreters.hand_over(command, variables, notebooks.ROOT / "tests")


def workers():
    """Return how many tests run side by side: each worker may hold a browser, a kernel and TensorFlow, 2 GB in all."""
    return min(os.cpu_count() or 1, 4)


def notebooks_to_check():
    """Return the notebooks that this environment can run, and say which ones it can't."""
    waiting = [] if environment.tensorflow_installed() else notebooks.with_tensorflow()
    if waiting:
        print(f"TensorFlow is not installed here; not checked: {', '.join(path.name for path in waiting)}.")
    return [str(path) for path in notebooks.lessons() if path not in waiting]


def run_in_environment(command, options):
    """Hand over to one of our own modules, in the environment."""
    environment.ensure(*([environment.SITE_LOCK] if command == "site" else []))
    line = environment.command(f"gdcourse.commands.{command}", *options)
    interpreters.hand_over(line, notebooks.clean_environment())


def absolute(options):
    """Return the options with each path that exists as an absolute one; the name of a test may stand behind it."""
    there = [option[:1] != "-" and Path(option.split("::")[0]).exists() for option in options]
    return [str(Path.cwd() / option) if exists else option for option, exists in zip(options, there)]
