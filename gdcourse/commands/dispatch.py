"""The command line: which command, which options, and one sentence when something is in the way."""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from gdcourse.commands import doctor, environment, interpreters, notebooks, reset

DESCRIPTION = "Gradient descent, from one weight on a curve to the same network in NumPy and in Keras."
COMMANDS = {
    "lab": "set up on the first run, then open JupyterLab on the first lesson",
    "test": "set up on the first run, then check the package and every notebook",
    "doctor": "say whether this computer is ready, and what mends it if not",
    "reset": "give back a lesson as new, and keep your own version beside it",
    "solved": "write the solved course to a new folder, run from top to bottom",
    "refresh": "run notebooks and store their outputs in one normal form",
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
    try:
        if arguments[:1] in (["refresh"], ["solved"]):
            return run_in_environment(arguments[0], absolute(arguments[1:]))
        if arguments[:1] == ["reset"]:
            return reset.main(arguments[1:])
        chosen, rest = parser().parse_known_args(arguments)
        if chosen.command == "doctor":
            return doctor.main(rest)
        return {"lab": lab, "test": test}[chosen.command](rest)
    except environment.Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 130


def lab(options):
    """Open JupyterLab on the first lesson."""
    python = environment.ensure()
    with contextlib.suppress(OSError):  # the lessons can be read all the same
        reset.keep_as_new()
    quiet = {name: os.environ.get(name, value) for name, value in notebooks.QUIET.items() if name.startswith("TF_")}
    given = " ".join(options)
    ours = lab_place(options)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "allow-root" not in given and "allow_root" not in given:
        print("You are root here; JupyterLab asks for --allow-root then, so it gets that option.", flush=True)
        ours.append("--allow-root")
    if "log_level" not in given and "log-level" not in given and "--debug" not in options:
        ours.append("--ServerApp.log_level=WARN")  # so that nothing moves the address off the screen
    if no_display() and "browser" not in given:
        print("No display here, so no browser opens: copy the last line below into one.", flush=True)
        ours.append("--no-browser")
    print("Ctrl-C, here, ends JupyterLab.", flush=True)
    command = [python, "-P", "-m", "jupyterlab", *ours, *options]
    interpreters.hand_over(command, notebooks.clean_environment(**quiet))


def lab_place(options):
    """Return the options that open the first lesson, or none where the reader says what to open."""
    own = [option for option in options if not option.startswith("-")]
    if any(name in option for option in options for name in ("root_dir", "notebook-dir", "default_url")):
        return []
    if any(Path(name).exists() for name in own):
        return []
    first = notebooks.lessons()[:1]
    place = f"/lab/tree/notebooks/{first[0].name}" if first else "/lab"
    return [f"--ServerApp.root_dir={notebooks.ROOT}", f"--LabApp.default_url={place}"]


def no_display():
    """Say whether this is a machine on which a browser would find no screen, or only this terminal."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    return sys.platform.startswith("linux") and not any(map(os.environ.get, screens))


def test(options):
    """Check the package and every notebook in one run of pytest."""
    python = environment.ensure(tests=True)
    chosen = absolute(options)
    paths = [] if chosen != options else [str(notebooks.ROOT / "tests"), *notebooks_to_check()]
    command = [
        *(python, "-P", "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={notebooks.ROOT}"),
        *("-n", str(workers()), "--dist=loadgroup", "--no-loadscope-reorder", "--durations=10"),
        *("--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"),
        *("--nbval-sanitize-with", str(notebooks.ROOT / "tests" / "nbval.cfg")),
        *(*chosen, *paths),
    ]
    # Its workers look for modules in the folder where they are started: in this one lies no file of the reader's.
    interpreters.hand_over(command, notebooks.clean_environment(**notebooks.QUIET), notebooks.ROOT / "tests")


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
    python = environment.ensure()
    module = f"gdcourse.commands.{command}"
    interpreters.hand_over([python, "-P", "-m", module, *options], notebooks.clean_environment())


def absolute(options):
    """Return the options with each path that exists as an absolute one; the name of a test may stand behind it."""
    there = [option[:1] != "-" and Path(option.split("::")[0]).exists() for option in options]
    return [str(Path.cwd() / option) if exists else option for option, exists in zip(options, there)]
