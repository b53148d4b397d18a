"""Pin what pyproject.toml asks for, with a hash for each file: python tests/tools/lock.py [--upgrade].

Writes requirements.txt (every system and Python at once), gdcourse/commands/web/requirements.txt (what the web edition
is built with), tests/requirements.txt (what the tests need beside both)
and binder/requirements.txt (Binder's Linux and Python, without the tools that check). Needs uv: pip install uv.
"""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADER = "# Written by: python tests/tools/lock.py\n"
BESIDE = "# Installed after requirements.txt, whose packages are not repeated here.\n"
PYTHON = "3.11"
SITE = "gdcourse/commands/web/requirements.txt"
BLOCK = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)


def compile_lock(output, *options, upgrade=False):
    """Run uv on pyproject.toml and return the lines that it pins, each with its hashes and reasons."""
    path = ROOT / output
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if upgrade:
        path.unlink(missing_ok=True)
    # pip before 23.3 takes no pin of jsonschema for one of jsonschema[format-nongpl], which is asked for: extras stay.
    how = ["--quiet", "--no-header", "--generate-hashes", "--no-strip-extras"]
    command = ["uv", "pip", "compile", "pyproject.toml", *options, *how]
    result = subprocess.run([*command, "--python-version", PYTHON, "-o", output], cwd=ROOT)
    if result.returncode:
        if before:
            path.write_text(before, encoding="utf-8")
        sys.exit(f"uv could not pin {output}.")
    return path.read_text(encoding="utf-8")


def write(output, *parts):
    """Write a requirements file with Unix line ends, so that its hash is the same everywhere."""
    (ROOT / output).write_text("".join(parts), encoding="utf-8", newline="\n")


def pin(block):
    """Return what a block pins, with its marker, without hashes and reasons."""
    return block.split("\n", 1)[0].rstrip(" \\")


def only_new(text, known):
    """Return the blocks of a lock that another one doesn't install wherever this one would."""
    pins = {pin(block) for block in BLOCK.split(known)}
    return "".join(block for block in BLOCK.split(text) if not {pin(block), pin(block).split(" ;")[0]} & pins)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of those pinned now")
    upgrade = parser.parse_args().upgrade
    if not shutil.which("uv"):
        sys.exit("uv is missing: pip install uv")
    lock = compile_lock("requirements.txt", "--extra", "check", "--universal", upgrade=upgrade)
    write("requirements.txt", HEADER, lock)
    held = ("-c", "requirements.txt")
    tools = compile_lock("tests/requirements.txt", "--group", "test", "--universal", *held, upgrade=upgrade)
    write("tests/requirements.txt", HEADER, BESIDE, only_new(tools, lock))
    site = compile_lock(SITE, "--extra", "site", "--universal", *held, "-c", "tests/requirements.txt", upgrade=upgrade)
    write(SITE, HEADER, BESIDE, only_new(site, lock))
    binder = compile_lock("binder/requirements.txt", "--python-platform", "linux", *held, upgrade=True)
    write("binder/requirements.txt", HEADER, binder)


if __name__ == "__main__":
    main()
