"""Whether lesson 12's table of remedies comes out the same with seeds that the lesson does not use.

python tests/benchmarks/remedies.py [FIRST LAST] prints the median of each remedy with its lowest and highest run, and
in how many of the runs it was better than the run of the same seed without remedy. Ten seeds take about a minute.
"""

import os
import sys

os.environ.update(OPENBLAS_NUM_THREADS="1", TQDM_DISABLE="1")

import nbformat
import numpy as np

from gdcourse import datasets, mlp, optimizers
from gdcourse.commands import notebooks
from gdcourse.exercises.lessons import lesson_12

NEEDED = ["def draw", "def epochs_of", "def with_copies", "def measure"]


def lesson():
    """Return the names that the lesson's own cells define, and its remedies."""
    (path,) = (path for path in notebooks.lessons() if path.name.startswith("12"))
    cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    names = {"np": np, "datasets": datasets, "mlp": mlp, "optimizers": optimizers, "keep_best": lesson_12.keep_best}
    for needed in NEEDED:
        (source,) = (cell for cell in cells if needed in cell)
        exec(source.split("\n\n\nstopped = ")[0], names)
    (table,) = (cell for cell in cells if cell.startswith("remedies = "))
    names["strength"] = 1 / 256
    exec(table.split("print(")[0], names)
    return names


def main(first=5, last=14):
    names, seeds, without = lesson(), range(int(first), int(last) + 1), None
    for name, options in names["remedies"].items():
        runs = np.array([names["measure"](seed, **options) for seed in seeds])
        without = runs if without is None else without  # the first remedy is none
        low, middle, high = np.quantile(runs, [0, 0.5, 1], axis=0)
        print(f"{name:22} loss {middle[0]:.3f} ({low[0]:.3f} to {high[0]:.3f})", end="   ")
        print(f"accuracy {middle[1]:.3f} ({low[1]:.3f} to {high[1]:.3f})   steps {middle[2]:.0f}", end="   ")
        better = (runs[:, 0] < without[:, 0]).sum(), (runs[:, 1] > without[:, 1]).sum()
        print(f"better than none: loss {better[0]}, accuracy {better[1]} of {len(runs)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
