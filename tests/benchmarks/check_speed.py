"""How long a check takes: python tests/benchmarks/check_speed.py; in a notebook, `%run` it, where a kernel lives."""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))
from alternatives import ALTERNATIVES
from test_exercises_engine import written

from gdcourse.exercises import catalogue, checking
from gdcourse.exercises.definition import Exercise


def times():
    """Return the seconds of every check: the right answers of the tests, and the mistakes of the authors."""
    found = []
    for name, sources in ALTERNATIVES.items():
        task = catalogue.find(name)
        if not isinstance(task, Exercise):  # work on paper
            continue
        for function in [*(written(source, **task.reference.__globals__) for source in sources), *task.mistakes]:
            before = time.perf_counter()
            checking.judge(function, task)
            found.append(time.perf_counter() - before)
    return np.array(found) * 1000


if __name__ == "__main__":
    taken = times()
    print(f"{len(taken)} checks: median {np.median(taken):.0f} ms, 95% under {np.quantile(taken, 0.95):.0f} ms")
