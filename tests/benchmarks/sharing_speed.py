"""How long a step of a shared training takes with 1, 2, 4, … processes, and which part of it is messages.

    python tests/benchmarks/sharing_speed.py [--processes 1 2] [--rounds 5]

It needs MPI: pip install mpi4py mpich. The numbers of processes take turns, so that whatever else the machine does
slows all of them down alike. Printed are milliseconds: of the round with the
fastest step, and the step's median. It asserts nothing.
"""

import argparse
import json
import os
import statistics
import sys
import time

import numpy as np

from gdcourse import sharing
from gdcourse.mlp import MLP

SIZES = [(784, 64, 32, 10), (784, 512, 256, 10)]
BATCHES = [128, 1024, 4096]
STEPS, FIRST = 12, 3  # a step is timed after so many others


def inside():
    """Time each network and batch in the processes that mpiexec started; the first one prints medians as JSON."""
    from mpi4py import MPI

    world, rng, found = MPI.COMM_WORLD, np.random.default_rng(0), {}
    for sizes in SIZES:
        net = MLP(sizes, dtype=np.float32)
        gradient, total = np.zeros((2, net.w.size), np.float32)
        for batch in BATCHES:
            rows = len(range(world.rank, batch, world.size))
            X, y = rng.random((rows, sizes[0]), np.float32), rng.integers(0, 10, rows)
            computing, messages = [], []
            for step in range(STEPS):
                world.Barrier()
                started = time.perf_counter()
                gradient[:] = net.train_batch(X, y)[1]
                gradient *= rows / batch
                computed = time.perf_counter()
                world.Allreduce(gradient, total)
                ended = time.perf_counter()
                net.w -= np.float32(0.01) * total
                if step >= FIRST:
                    computing.append(computed - started)
                    messages.append(ended - computed)
            slowest = world.gather(statistics.median(computing))
            waited = world.gather(statistics.median(messages))
            if world.rank == 0:
                found[f"{net.w.size} {batch}"] = [max(slowest), min(waited)]  # the slowest waits for nobody
    if world.rank == 0:
        print("\n" + json.dumps(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return inside()
    if missing := sharing.what_is_missing():
        sys.exit(f"MPI: {missing}")
    times = {}
    for _ in range(given.rounds):
        for processes in given.processes:
            printed = sharing.start(processes, __file__, "--inside")
            for case, pair in json.loads(printed.strip().splitlines()[-1]).items():
                times.setdefault((case, processes), []).append(pair)
    print(
        f"{os.cpu_count()} cores\nweights    batch   processes   computing   messages   step   median   times as fast"
    )
    for (case, processes), pairs in sorted(times.items(), key=lambda one: (*map(int, one[0][0].split()), one[0][1])):
        steps, alone = [sum(pair) for pair in pairs], [sum(pair) for pair in times[case, given.processes[0]]]
        weights, batch = map(int, case.split())
        computing, messages, least = (1000 * one for one in (*min(pairs, key=sum), min(steps)))
        middle, faster = 1000 * statistics.median(steps), min(alone) / min(steps)
        print(f"{weights:9,} {batch:6} {processes:9} {computing:13.2f} {messages:10.2f} {least:8.2f}", end="")
        print(f" {middle:8.2f} {faster:10.2f}, median {statistics.median(alone) / statistics.median(steps):.2f}")


if __name__ == "__main__":
    main()
