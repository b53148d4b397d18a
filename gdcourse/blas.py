"""One thread for the products of NumPy and of TensorFlow in this process, the learner's own among them, as soon as our
data or networks come.

On products of our sizes a second thread gains NumPy a twentieth at best, and costs TensorFlow a fourth more work. Where
another program wants the same core, or where the machine shows more cores than it lends (Binder, JupyterHub), the
threads wait for one another: up to fifty times as long. Who chose a number in the environment keeps it.
"""

import os

import numpy  # noqa: F401  its library of products must be there to be told
from threadpoolctl import threadpool_limits

CHOSEN = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

if not any(name in os.environ for name in CHOSEN):
    threadpool_limits(1, "blas")
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # read at its first computation, after every import
