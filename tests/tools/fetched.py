"""What the tools that build a file of the course fetch it with: a program of the system, and a checksum."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path


def run(*command, folder, wanted):
    """Run a program of the system (npm.cmd on Windows) in the folder, or stop with its own words."""
    program = shutil.which(command[0])
    if program is None:
        sys.exit(f"{wanted} can't be fetched: {command[0]} is not installed.")
    done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{wanted} can't be fetched; {' '.join(command)} says:\n{done.stderr}")


def expected(content, sha256, name):
    """Return these bytes, refused unless their SHA-256 is this one."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{name} has SHA-256 {found}, expected {sha256}.")
    return content


def npm(package, sha256, folder):
    """Return the bytes of an npm package's tarball."""
    run("npm", "pack", package, folder=folder, wanted=package)
    tarball = next(Path(folder).glob(f"{package.split('@')[0]}-*.tgz"))
    return expected(tarball.read_bytes(), sha256, f"The tarball of {package}")
