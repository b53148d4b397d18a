"""What `watch` costs a training: the same fit with and without it, in turns, in a real kernel that really sends.

    python tests/benchmarks/watching_cost.py [--rounds 7] [--no-keras]

A kernel of its own is started and the fits run in one of its cells, so that each message is packed, signed and sent as
it is for JupyterLab, and read here as a browser would; nothing is painted. 60,000 made-up digits, five epochs in
batches of 128, as a learner trains. The picture for the stored notebook is made after the fit and measured by itself.
Ratios are medians over the rounds of one turn by the next. It asserts nothing: the bound is printed beside the numbers.
"""

import argparse
import os
import sys
from pathlib import Path

from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).parents[2]
CELL = """
import statistics, sys, time
sys.path.insert(0, {benchmarks!r})
import numpy as np
import training_speed
from gdcourse.mlp import MLP
from gdcourse.widgets import watch

X, y = training_speed.made_up_data()
EPOCHS = 5


def ours():
    net = MLP()
    return lambda callbacks: net.fit(X, y, epochs=EPOCHS, batch_size=128, callbacks=callbacks)


def theirs():
    import keras

    layers = [keras.layers.Dense(size, "relu") for size in (64, 32)] + [keras.layers.Dense(10, "softmax")]
    model = keras.Sequential([keras.Input((784,)), *layers])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return lambda callbacks: model.fit(X, y, epochs=EPOCHS, batch_size=128, verbose=0, callbacks=callbacks)


def seconds(act, *arguments):
    start = time.perf_counter()
    act(*arguments)
    return time.perf_counter() - start


for make in {contestants}:
    fit = make()
    alone, watched, pictures = [], [], []
    for number in range({rounds} + 1):
        for kind in (0, 1) if number % 2 else (1, 0):  # neither always comes first
            callback = watch()
            took = seconds(fit, [callback] if kind else [])
            if kind:
                drawing = seconds(callback._settle)
                callback._figure.close()
            if number:
                (watched if kind else alone).append(took)
                if kind:
                    pictures.append(drawing)
    ratios = np.divide(watched, alone) - 1
    print(f"{{make.__name__:6}} alone {{statistics.median(alone):.3f}} s, watched {{statistics.median(watched):.3f}} s; "
          f"cost {{100 * np.median(ratios):+.1f}} % ({{100 * ratios.min():+.1f}} to {{100 * ratios.max():+.1f}}; bound 3); "
          f"picture afterwards {{statistics.median(pictures):.3f}} s", flush=True)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="turns of each (default: 7)")
    parser.add_argument("--no-keras", action="store_true", help="leave Keras out")
    options = parser.parse_args()
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "TQDM_DISABLE": "1", "GDCOURSE_UNATTENDED": ""}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    manager, client = start_new_kernel(env={**os.environ, **quiet, "PYTHONPATH": os.pathsep.join(paths)})
    contestants = "[ours]" if options.no_keras else "[ours, theirs]"
    code = CELL.format(benchmarks=str(Path(__file__).parent), contestants=contestants, rounds=options.rounds)
    messages = [0, 0]

    def heard(message):
        if message["msg_type"] == "comm_msg":
            messages[0] += 1
            messages[1] += sum(map(len, message["buffers"]))
        elif message["msg_type"] in ("stream", "error"):
            print(message["content"].get("text") or "\n".join(message["content"]["traceback"]), end="")
            sys.stdout.flush()

    try:
        reply = client.execute_interactive(code, output_hook=heard, timeout=1800)
        print(f"{messages[0]} messages with {messages[1] / max(messages[0], 1):.0f} bytes of numbers each, on average")
        return int(reply["content"]["status"] != "ok")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    sys.exit(main())
