"""Make the folder .venv with everything the course needs, once, and know whether it is finished."""

import ast
import contextlib
import csv
import errno
import hashlib
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from gdcourse import files
from gdcourse.commands import folders, interpreters, notebooks

ROOT = notebooks.ROOT
VENV = ROOT / ".venv"
STAMP = VENV / "gdcourse.json"  # written last: what it doesn't say is finished, isn't
LOCK = "requirements.txt"
TEST_LOCK = "tests/requirements.txt"
SITE_LOCK = "gdcourse/commands/web/requirements.txt"
BESIDE = "--InteractiveShellApp.extra_extensions=gdcourse.beside"  # of a kernel's command
TOOLS = {TEST_LOCK: "the tests", SITE_LOCK: "the web edition"}  # what each lock beside the first one is for
GIGABYTES = {True: 1.9, False: 0.45}  # measured on disk, with TensorFlow and without
SPARE = 1.25  # pip unpacks and moves files while it installs
SEARCHED = """
import importlib.util, json, sys, sysconfig
print(json.dumps([sys.version_info[:3], sysconfig.get_path("purelib"), bool(importlib.util.find_spec("pip"))]))
"""

# What is installed, and where, is the course's to say; of pip's settings these alone are kept, which say how downloads
# come: from an index or wheels on disk, through a proxy, under a certificate, how patiently, and where they are kept.
DOWNLOADS = (
    *("index-url", "pypi-url", "extra-index-url", "no-index", "find-links", "trusted-host", "keyring-provider"),
    *("proxy", "cert", "client-cert", "use-feature", "use-deprecated"),
    *("timeout", "default-timeout", "retries", "resume-retries", "cache-dir", "no-cache-dir"),
)
AS_THE_LOCK_SAYS = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
# What pip tells its log alone: where it looked, and why it was turned away.
TOLD_THE_LOG = re.compile(r"(?:Could not fetch URL|Looking in indexes:|Ignoring indexes:).*")

# What pip and venv write, and what it means to the reader; the first that is found counts. They write paths, lines of
# programs and versions too, so that a number or a word alone says nothing.
STATUS = r"\b%(code)d Client Error|HTTP error %(code)d\b|Tunnel connection failed: %(code)d\b"
AGAIN = "and run the same command again, it goes on where it stopped."
TROUBLES = [
    (
        r"No space left on device|Errno 28\b|WinError 112\b|Disk quota exceeded|Errno 122\b",
        "The disk is full: free {size:.1f} GB there, and 1 GB in {temporary}, the folder for temporary files, " + AGAIN,
    ),
    (
        r"WinError 206\b|Windows Long Path support|(?:The filename or extension is|File name) too long",
        "A path becomes too long for this computer: move the course to a short path, such as {short_path}, and run the "
        "same command there.",
    ),
    (
        r"WinError 225\b|contains a virus or potentially unwanted",
        "The virus scanner took a file of a package away: ask it, or whoever looks after this computer, to allow "
        "{venv}, " + AGAIN,
    ),
    (
        r"WinError 32\b|being used by another process|Text file busy|Device or resource busy",
        "A file in {venv} is in use: close JupyterLab and every program that runs the course's Python, " + AGAIN,
    ),
    (
        r"Operation not (?:permitted|supported)[^\n]*->|symlink privilege|WinError 1314\b",
        "The disk that the course lies on can't hold links, as happens on USB sticks: copy the course to a folder on "
        "this computer's own disk and run the command there.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A download was not the file that the course was tested with, so it was not used: run the same command "
        "again, or use another network if that doesn't help.",
    ),
    (
        STATUS % {"code": 407},
        "The proxy wants a name and a password: set HTTPS_PROXY to http://NAME:PASSWORD@ and the proxy's address, as "
        "its administrator says, " + AGAIN,
    ),
    (
        STATUS % {"code": 403},
        "The server or the network refuses a download (HTTP 403), as happens where a school or company blocks it: use "
        "another network, or ask its administrator where pip may download from, " + AGAIN,
    ),
    (
        STATUS % {"code": 401},
        "The package index wants a name and a password: put them into pip's setting index-url, as its administrator "
        "says, " + AGAIN,
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "No secure connection for downloads, as happens where a school or company reads the traffic: use another "
        "network, or ask its administrator which certificate pip needs, and run the same command again.",
    ),
    (
        r"TLS CA certificate bundle|Could not find a suitable TLS",
        "The file of certificates that pip's settings name is not there: mend the setting cert (see "
        "`python3 -m pip config list`), " + AGAIN,
    ),
    (
        r"[Cc]onfiguration file (?:could not be loaded|contains invalid)",
        "pip can't read its own file of settings, named above: mend that file or take it away, " + AGAIN,
    ),
    (
        r"is not a trusted or secure host",
        "pip's settings name a package index without a secure connection, which pip does not use: give its https "
        "address in index-url, or ask its administrator, " + AGAIN,
    ),
    (
        r"\[(?:Errno (?:1|13|30)|WinError 5)\] [^:\n]+: ['\"]",  # a file's name, which a connection doesn't have
        "A file in {venv} can't be written: close programs that use it, make sure that the folder is yours and that no "
        "virus scanner holds it, and run the same command again.",
    ),
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|Temporary failure in name resolution|getaddrinfo failed"
        r"|nodename nor servname|[Nn]etwork is unreachable|Connection (?:refused|broken|reset|aborted)"
        r"|ConnectionResetError|ProtocolError|ProxyError|Max retries exceeded|IncompleteRead|Read timed out",
        "No network: connect to the internet " + AGAIN,
    ),
    (
        r"No matching distribution found",
        "A package that the course needs does not exist for this computer ({machine}, Python {version}): {advice} "
        "and run the same command again.",
    ),
]
# The same, where pip's settings send it elsewhere than to the public index.
OWN_INDEX = {
    "No network": "No connection to a package index that pip's settings on this computer name ({index}): connect to "
    "its network, or mend the setting (see `python3 -m pip config list`), " + AGAIN,
    "A package that": "A package that the course needs is not where pip's settings on this computer say ({index}): ask "
    "who keeps that index, or mend the setting (see `python3 -m pip config list`), " + AGAIN,
}

CUT_SHORT = "The set-up was cut short: run the same command again, it goes on where it stopped."
FAILED = "The set-up ended with the error above: run the same command again, and if it stays, please report it."


class Trouble(Exception):
    """Something is in the way; the message is one sentence with the way out."""


def python_path():
    """Return where the environment's Python is."""
    return str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def command(module, *arguments):
    """Return the command line of a module in the environment; -P: nothing is imported from where it is started."""
    return [python_path(), "-P", "-m", module, *arguments]


def digest(lock):
    """Return the SHA-256 of a requirements file, whatever ends its lines."""
    return hashlib.sha256((ROOT / lock).read_text(encoding="utf-8").encode()).hexdigest()


def read_stamp():
    """Return what is known to be finished in .venv: an empty dictionary if nothing is."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp):
    """Store what is finished, at once."""
    files.replace(STAMP, (json.dumps(stamp, indent=1) + "\n").encode())


def look_inside():
    """Run the environment's Python: (version, site-packages, has pip), or None if it doesn't run."""
    try:
        return json.loads(interpreters.output_of([python_path(), "-I", "-c", SEARCHED]))
    except ValueError:
        return None


def tensorflow_installed():
    """Say whether TensorFlow is installed in the environment."""
    inside = look_inside()
    return bool(inside) and (Path(inside[1]) / "tensorflow").is_dir()


def here():
    """Return what interpreters.probe says of the Python that runs this, but path and venv, without starting another."""
    return {
        "version": sys.version_info[:3],
        "system": sys.platform,
        "machine": platform.machine(),
        "standard": platform.python_implementation() == "CPython"
        and sys.maxsize > 2**32
        and not sysconfig.get_config_var("Py_GIL_DISABLED"),
    }


def ensure(*more):
    """Make or finish the environment if it isn't what the requirements say, and more of them; return its Python."""
    wanted = [LOCK, *more]
    stamp = read_stamp()
    # A reader who first had no Python for TensorFlow now comes with one.
    outgrown = stamp.get("tensorflow") is False and interpreters.has_tensorflow(here())
    outgrown = outgrown and interpreters.has_tensorflow(interpreters.choose())
    finished = all(stamp.get(lock) == digest(lock) for lock in wanted)
    if finished and not outgrown and runs(stamp):
        with contextlib.suppress(OSError):  # a kernel that an older course set up is left as it is
            start_kernels_safely(VENV)
        return python_path()
    refuse_unwritable()
    with alone():
        set_up(stamp, wanted, afresh=outgrown)
    return python_path()


def runs(stamp):
    """Say whether the environment's Python starts and is the one that the stamp names."""
    command = [python_path(), "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return interpreters.output_of(command).strip() == stamp.get("python")


def set_up(stamp, wanted, afresh=False):
    """Make .venv where there is none that runs, install what is missing, and write the stamp last."""
    inside = look_inside()
    if VENV.exists() and not inside and stamp:
        print("The Python in .venv doesn't run any more, so .venv is made again.", flush=True)
    usable = inside and inside[2] and tuple(inside[0][:2]) >= interpreters.OLDEST and not afresh
    if not usable:
        stamp = {}
        make(interpreters.choose())
        inside = look_inside()
        if not inside:
            raise Trouble(
                f"The Python that was just put into {VENV} doesn't start, as happens on a disk from which programs may "
                "not run: copy the course to another folder and run the command there."
            )
    found = interpreters.probe(python_path())
    tensorflow = interpreters.has_tensorflow(found)
    version = short(found)
    for lock in wanted:
        if stamp.get(lock) == digest(lock):
            continue
        first_time = not any(stamp.get(lock) for lock in wanted)
        announce(lock, first_time, found)
        refuse_full_disk(lock, first_time, tensorflow)
        # From here on an interruption must leave a stamp that doesn't promise this lock.
        stamp = {name: value for name, value in stamp.items() if name != lock}
        if stamp:
            write_stamp(stamp)
        drop_half_installed(Path(inside[1]))
        install(lock, tensorflow, version)
        link_checkout(Path(inside[1]))
        ask_no_questions()
        start_kernels_safely(VENV)
        stamp.update({"python": version, "tensorflow": tensorflow, lock: digest(lock)})
        write_stamp(stamp)
    print("Ready.", flush=True)


@contextlib.contextmanager
def alone():
    """Let one set-up at a time work on .venv; the system forgets the claim when the program ends."""
    with open(ROOT / LOCK, "rb") as file:
        try:
            if os.name == "nt":
                import msvcrt

                file.seek(1 << 30)  # beyond the file's end, where the claim disturbs no reader
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK):
                raise Trouble("A set-up of this course is running already: wait until it says Ready.") from None
            # A file system without such claims: go on without.
        yield


def refuse_unwritable():
    """Refuse a checkout in which no file can be made."""
    try:
        with tempfile.TemporaryFile(dir=ROOT):
            pass
    except OSError as problem:
        if problem.errno in folders.FULL:
            raise Trouble("The disk is full: free some space and run the same command again.") from None
        raise Trouble(
            f"No file can be written in {ROOT}: copy the course to a folder of yours and run the command there."
        ) from None


def make(found):
    """Make an empty environment with the Python that was found."""
    unfit = unfit_path()
    if unfit:
        raise Trouble(f"{unfit}, then run the command there.")
    if not found:
        raise Trouble(none_found())
    if not found["venv"]:
        raise Trouble(venv_missing(found))
    print(f"Making .venv with Python {short(found)} ({found['path']}).", flush=True)
    result = subprocess.run(
        [found["path"], "-I", "-m", "venv", "--clear", str(VENV)],
        env=notebooks.clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if result.returncode:
        print(result.stdout, file=sys.stderr)
        said = explain(result.stdout, interpreters.has_tensorflow(found), short(found))
        missing = re.search(r"ensurepip is not\s+available", result.stdout)  # Debian's words, over two lines
        raise Trouble(said or (venv_missing(found) if missing else FAILED))


def unfit_path():
    """Say why no environment can be made in the course's folder, and what to do, or nothing if one can."""
    if os.pathsep not in str(VENV):
        return None
    return f"No Python environment can lie in a folder with {os.pathsep!r} in its path: rename or move {ROOT}"


def none_found():
    """Say why there is no Python for the course, and what to do."""
    ordered = interpreters.ordered_in_vain()
    if ordered:
        return f"{ordered[0].upper()}{ordered[1:]}: {interpreters.CORRECT}, and run the command again."
    return f"This course needs Python 3.11, 3.12 or 3.13: {interpreters.advice()} and run the command again."


def venv_mend(found):
    """Say how to get the module venv for a Python that lacks it, or a Python."""
    if not found and interpreters.ordered_in_vain():
        return interpreters.CORRECT
    if found and found["path"].startswith("/usr/bin/") and shutil.which("apt-get"):
        return f"sudo apt install python{short(found)}-venv"
    return interpreters.advice()


def venv_missing(found):
    """Say that venv is missing, and what to do."""
    return f"Python {short(found)} lacks its module venv: {venv_mend(found)}, then run the same command again."


def short(found):
    """Return a Python's version as 3.11."""
    return "{}.{}".format(*found["version"])


def announce(lock, first_time, found):
    """Say what is about to happen, how much of it, and which lessons it leaves out."""
    if lock in TOOLS:
        print(f"Installing the tools of {TOOLS[lock]} into .venv; this happens once.", flush=True)
    elif first_time:
        size = GIGABYTES[interpreters.has_tensorflow(found)]
        print(
            f"Installing what the course needs into .venv: about {size} GB on disk, a few minutes, once.",
            flush=True,
        )
    else:
        print("The course's requirements have changed; bringing .venv up to date.", flush=True)
    waiting = [path.stem for path in notebooks.with_tensorflow()]
    if lock == LOCK and not interpreters.has_tensorflow(found) and waiting:
        print(
            f"TensorFlow does not exist for Python {short(found)} on {found['system']}, {found['machine']}, so these "
            f"lessons wait: {', '.join(waiting)} ({interpreters.tensorflow_advice(found)}). All others work.",
            flush=True,
        )


def refuse_full_disk(lock, first_time, tensorflow):
    """Refuse to begin what the disk can't hold."""
    size, free = needed(first_time and lock not in TOOLS, tensorflow), shutil.disk_usage(ROOT).free / 1e9
    if free < size:
        raise Trouble(f"The disk is too full: {short_of(free, size)}; free some space and run the same command again.")


def needed(first_time, tensorflow):
    """Return the gigabytes that the set-up still takes."""
    return GIGABYTES[tensorflow] * SPARE - size_of(VENV) if first_time else 0.3


def short_of(free, size):
    """Say how much is free and how much is needed, so that the first is less as it is printed, too."""
    return f"{math.floor(10 * free) / 10:.1f} GB free, {math.ceil(10 * size) / 10:.1f} GB needed"


def size_of(folder):
    """Return the gigabytes that a folder's files take."""
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e9


def drop_half_installed(site_packages):
    """Make pip install again what an interruption cut short or what has lost files since."""
    for metadata in site_packages.glob("*.dist-info"):
        if not is_whole(metadata):
            shutil.rmtree(metadata)
    for leftover in site_packages.glob("~*"):  # what pip had set aside when it was cut short
        shutil.rmtree(leftover, ignore_errors=True)


def is_whole(metadata):
    """Say whether a package's files are there, modules in their sizes; pip writes INSTALLER when it has copied all."""
    try:
        with open(metadata / "RECORD", encoding="utf-8", newline="") as file:
            sizes = {name: size for name, _, size in csv.reader(file) if size}
        for name, size in sizes.items():
            found = (metadata.parent / name).stat().st_size
            if found != int(size) and not name.startswith(".."):  # programs and settings are fitted to their place
                return False
    except (OSError, ValueError):
        return False
    return (metadata / "INSTALLER").exists()


def install(lock, tensorflow, version):
    """Run pip on a requirements file, its progress in view, and turn its failure into one sentence."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "pip.log")
        code, said, downloads = ask_for_downloads(log)
        if not code:
            kept = {name: value for name, value in notebooks.clean_environment().items() if name[:4] != "PIP_"}
            variables = {**kept, **AS_THE_LOCK_SAYS, **downloads, "PIP_LOG": str(log)}
            code, said = run_pip(["install", "--require-hashes", "-r", lock], variables)
        if code:
            told = TOLD_THE_LOG.findall(log.read_text("utf-8", "replace")) if log.exists() else []
            unknown = CUT_SHORT if code < 0 else FAILED
            raise Trouble(explain("\n".join([said, *told]), tensorflow, version) or unknown)


def ask_for_downloads(log):
    """Ask pip for its settings: (its exit code, what it wrote to stderr, those that are DOWNLOADS, as variables)."""
    plainly = {"PIP_QUIET": "0", "PIP_LOG": str(log), "PYTHONIOENCODING": "utf-8"}
    line = command("pip", "--python=", "config", "list")  # of this pip, whichever Python the settings name
    answer = subprocess.run(line, env=notebooks.clean_environment(**plainly), capture_output=True)
    printed, said = answer.stdout.decode("utf-8", "replace"), answer.stderr.decode("utf-8", "replace")
    if answer.returncode:
        print(printed, said, sep="", file=sys.stderr, flush=True)
        return answer.returncode, said, {}
    settings, found = re.findall(r"^([^.]+)\.([\w-]+)=(['\"].+)$", printed, re.MULTILINE), {}
    for place in ("global", "install", ":env:"):  # the later one counts, unless it is empty
        of_place = {name: ast.literal_eval(value) for section, name, value in settings if section == place}
        found.update({name: value for name, value in of_place.items() if value and name in DOWNLOADS})
    return 0, said, {f"PIP_{name.upper().replace('-', '_')}": value for name, value in found.items()}


def run_pip(options, variables):
    """Run the environment's pip with everything in view; return its exit code and what it wrote to stderr."""
    with subprocess.Popen(command("pip", *options), cwd=ROOT, env=variables, stderr=subprocess.PIPE) as pip:
        said = []
        try:
            for line in pip.stderr:
                said.append(line.decode("utf-8", "replace"))
                sys.stderr.write(said[-1])
                sys.stderr.flush()
        except KeyboardInterrupt:
            pip.terminate()
            raise
    return pip.returncode, "".join(said)


def explain(said, tensorflow, version):
    """Return one sentence for what pip or venv wrote, or nothing if it is unknown."""
    sentence = next((sentence for pattern, sentence in TROUBLES if re.search(pattern, said)), None)
    index = own_index(said)
    if sentence and index:
        sentence = next((own for begin, own in OWN_INDEX.items() if sentence.startswith(begin)), sentence)
    return sentence and sentence.format(
        size=GIGABYTES[tensorflow],
        temporary=tempfile.gettempdir(),
        short_path=r"C:\gdcourse" if os.name == "nt" else "~/gdcourse",
        venv=VENV,
        machine=platform.machine(),
        version=version,
        advice=interpreters.advice(),
        index=index,
    )


def own_index(said):
    """Return where pip looked if its settings sent it elsewhere than to the public index (it hides passwords)."""
    if "Ignoring indexes:" in said:
        return "no-index"
    looked = re.search(r"Looking in indexes: (.*)", said)
    return looked and looked[1]


def link_checkout(site_packages):
    """Make `import gdcourse` work in .venv by a path that holds when the folder is moved or has any letters."""
    line = os.path.relpath(os.path.realpath(ROOT), os.path.realpath(site_packages))
    (site_packages / "gdcourse.pth").write_text(line + "\n", encoding="ascii")


def ask_no_questions():
    """Keep JupyterLab's first window free of its question about news, which would need the network too."""
    folder = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.d"
    folder.mkdir(parents=True, exist_ok=True)
    setting = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    (folder / "gdcourse.json").write_text(json.dumps(setting) + "\n", encoding="utf-8")


def start_kernels_safely(environment):
    """Let a kernel start without a look at the files beside the notebook, where an `enum.py` of the reader's may lie.

    They can be imported all the same, but none stands in for an installed module: see `gdcourse.beside`.
    environment: its folder.
    """
    for path in Path(environment, "share", "jupyter", "kernels", "python3").glob("kernel.json"):
        spec = json.loads(path.read_text(encoding="utf-8"))
        program, *rest = spec["argv"]
        wanted = [program, "-P", *(one for one in rest if one not in ("-P", BESIDE)), BESIDE]
        if spec["argv"] != wanted:
            files.replace(path, (json.dumps({**spec, "argv": wanted}, indent=1) + "\n").encode())
