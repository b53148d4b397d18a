"""Build gdcourse/data/search.jsonl, the search that comes with lesson 13.

    python tests/tools/build_search.py            # make the missing runs, write the file; about two minutes

It is the lesson's own search, made with `tune`: a run for each rate, strength of L2 and seed. Interrupted, it goes on
when it is called again. Delete the file to make every run anew. Rounded to six decimals, as machines round otherwise.
"""

import numpy as np

from gdcourse import schedules, tuning
from gdcourse.datasets import load_mnist
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD

RATES = [float(f"{0.01 * 300 ** (i / 14):.3g}") for i in range(15)]
STRENGTHS = [float(f"{1e-6 * 1000 ** (i / 5):.2g}") for i in range(6)]
SETTINGS = [{"rate": r, "l2": l2, "seed": seed} for seed in range(3) for r in RATES for l2 in STRENGTHS]
(X, X_val), (y, y_val) = (np.split(part[:6000], [5000]) for part in load_mnist()[0])
X, X_val = X.reshape(-1, 784) / 255, X_val.reshape(-1, 784) / 255


def train(rate, l2, seed):
    """Return {"val_loss": the mean surprise at the validation images after five epochs, without the penalty}."""
    net = MLP(sizes=(784, 32, 10), seed=seed, dtype=np.float64, l2=l2)
    falling = schedules.CosineDecay(0.0, 707, warmup_target=rate, warmup_steps=78)
    net.fit(X, y, epochs=5, batch_size=32, optimizer=SGD(falling), seed=seed)
    p = net.predict(X_val)
    return {"val_loss": round(float(-np.log(p[np.arange(len(y_val)), y_val]).mean()), 6)}


if __name__ == "__main__":
    print(tuning.tune(train, SETTINGS, tuning.SEARCH).message)
