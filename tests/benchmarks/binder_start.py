"""How long Binder takes to the first figure, part by part, and how much memory each notebook takes at its peak.

    python tests/benchmarks/binder_start.py [--environment DIR | --no-install] [--no-memory]

Without Docker: what repo2docker would do in the image is done in a folder for temporary files. A new environment, the
packages of binder/requirements.txt twice (downloaded, and from the cache that this filled), binder/postBuild; then
JupyterLab behind binder/start, a kernel, and lesson 0's cells up to the first figure. What Binder does besides is not
in it: the base image, to push and to pull the image, to find a machine, the road to the reader. Then each notebook is
run from top to bottom in the environment that runs this program, and the most memory that its kernel had is read
(Linux). It needs 4 GB of disk and asserts nothing.

On two busy cores (load 5 to 9), 26 November 2026, from a registry near by, so that downloading is hardly in it:

      6.7 to 11.7 s  a new environment
            161.3 s  the packages of binder/requirements.txt; the environment has 1.86 GB
              0.1 s  binder/postBuild
       11.5 / 6.9 s  JupyterLab answers, the first time / again
        1.8 / 1.5 s  a kernel
        4.2 / 2.3 s  lesson 0, 3 cells up to the first figure
      17.5 / 10.7 s  from the start of JupyterLab to the first figure

The most memory of each notebook's kernel, the same day, in MB of the 2,048 that Binder gives: lessons 0 to 9 take 119
to 227, lesson 10 takes 948, 11 345, 12 820, 13 250, 14 650, 15 813, 16 to 18 678 to 717, 19 187, 20 136; the median is
221. JupyterLab itself takes another 120, so two lessons with TensorFlow at once are the limit.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import requests
from nbclient import NotebookClient

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
from hub import ROOT, Learner, free_ports, wait_for  # noqa: E402

LIMIT = 2048  # MB: what Binder gives
SHOWN = ("display_data", "execute_result")
FIRST = "00_start_here.ipynb"
ENVIRONMENT = {"GDCOURSE_UNATTENDED": "1", "TQDM_DISABLE": "1", "OPENBLAS_NUM_THREADS": "1",
               "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}  # fmt: skip


def report(what, since):
    """Print a line with the seconds that something took."""
    print(f"{time.monotonic() - since:7.1f} s  {what}", flush=True)


class Here:
    """JupyterLab on this machine, in the place of a hub's server."""

    def __init__(self, url):
        self.url = url


class Visitor(Learner):
    """Somebody whom Binder has led to JupyterLab."""

    def __init__(self, url):
        super().__init__(Here(url), "visitor")
        self.server = url

    def call(self, method, place, **more):
        """Ask the server, as its pages do."""
        return self.session.request(method, f"{self.server}/{place}", timeout=60, **more)


def install(folder):
    """Make the image's environment, twice; return its folder with programs, and print the seconds of each part."""
    for turn, said in enumerate(["downloaded", "from the cache of the first time"]):
        place = folder / f"environment{turn}"
        since = time.monotonic()
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        report("a new environment", since)
        since = time.monotonic()
        asked = [place / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r"]
        cache = {**os.environ, "PIP_CACHE_DIR": str(folder / "cache")}
        subprocess.run([*asked, ROOT / "binder" / "requirements.txt"], check=True, env=cache)
        report(f"the packages of binder/requirements.txt, {said}", since)
        if not turn:
            shutil.rmtree(place)
    size = sum(file.stat().st_size for file in place.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"           the environment has {size / 1e6:,.0f} MB")
    return place / "bin"


def first_figure(folder, programs):
    """Start JupyterLab as the image does, and run lesson 0 up to its first figure."""
    course = folder / "course"
    subprocess.run(["git", "clone", "--quiet", ROOT, course], check=True)
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    since = time.monotonic()
    subprocess.run(["bash", course / "binder" / "postBuild"], cwd=course, check=True, env={**os.environ, **path})
    report("binder/postBuild", since)
    (port,) = free_ports(1)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "GDCOURSE", "PYTHON"))}
    own.update(path, HOME=str(folder / "home"), GDCOURSE_DATA=str(folder / "home"))
    options = [f"--port={port}", "--no-browser", "--allow-root", "--IdentityProvider.token=",
               "--ServerApp.disable_check_xsrf=True"]  # fmt: skip
    for turn in ("the first time", "again"):
        since = begun = time.monotonic()
        with open(folder / "log", "ab") as log:
            server = subprocess.Popen(
                ["bash", course / "binder" / "start", programs / "jupyter-lab", *options],
                cwd=course, env=own, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(lambda url=url: requests.get(f"{url}/lab", timeout=30).ok, "JupyterLab")
            report(f"JupyterLab answers, {turn}", since)
            visitor, since = Visitor(url), time.monotonic()
            visitor.open(f"notebooks/{FIRST}")
            visitor.run("pass")
            report("a kernel", since)
            since, count = time.monotonic(), cells_to_figure(visitor, course / "notebooks" / FIRST)
            report(f"lesson 0, {count} cells up to the first figure", since)
            report(f"from the start of JupyterLab to the first figure, {turn}", begun)
        finally:
            server.terminate()
            server.wait(30)


def cells_to_figure(visitor, path):
    """Run cells until one gives a picture; return how many were run."""
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, 1):
        shown = False
        for said in visitor.received(visitor.execute(cell.source)):
            data = said["content"].get("data", {}) if said["header"]["msg_type"] in SHOWN else {}
            shown |= "image/png" in data or "data:image" in str(data.get("text/html", ""))
        if shown:
            return number
    return len(cells)


def memory():
    """Run each notebook once; print the most memory that its kernel had and its seconds."""
    os.environ.update(ENVIRONMENT)
    most = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook, since = nbformat.read(path, 4), time.monotonic()
        client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}})
        with client.setup_kernel():
            for number, cell in enumerate(notebook.cells):
                client.execute_cell(cell, number)
            kernel = client.km.provisioner.process.pid
            status = Path(f"/proc/{kernel}/status").read_text()
        most[path.stem] = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
        print(f"  {path.stem:26}{most[path.stem]:6.0f} MB{time.monotonic() - since:7.1f} s", flush=True)
    name = max(most, key=most.get)
    print(f"median {statistics.median(most.values()):.0f} MB, most {most[name]:.0f} MB ({name}) of {LIMIT} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-install", action="store_true")
    parser.add_argument("--environment", type=Path, metavar="DIR", help="one that is there, instead of a new one")
    parser.add_argument("--no-memory", action="store_true")
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}", flush=True)
    if not chosen.no_install:
        folder = Path(tempfile.mkdtemp(prefix="binder-"))
        try:
            first_figure(folder, chosen.environment / "bin" if chosen.environment else install(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    if not chosen.no_memory:
        memory()


if __name__ == "__main__":
    main()
