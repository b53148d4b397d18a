"""Make gdcourse/data/shared_runs.json, which lesson 19 shows where MPI is not installed: the runs of its own cells.

python tests/tools/build_shared_runs.py     needs MPI: pip install mpi4py mpich
"""

import json
import sys

from gdcourse import sharing

RUNS = [(1, True), (2, True), (4, True), (2, False)]  # processes, and whether they exchange gradients


def main():
    """Run the program for each of them and write what it measured, without the seconds, which differ each time."""
    if missing := sharing.what_is_missing():
        sys.exit(f"MPI: {missing}")
    runs = [sharing.launch(processes, exchange) for processes, exchange in RUNS]
    library = runs[0]["library"]
    kept = [{name: value for name, value in run.items() if name not in ("seconds", "library")} for run in runs]
    text = json.dumps({"from": library, "runs": kept}, indent=1)
    sharing.KEPT.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
