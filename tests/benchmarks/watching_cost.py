"""What `watch` costs a training: the same fit with and without it, in turns, in a real kernel that really sends.

    python tests/benchmarks/watching_cost.py [--rounds 7] [--no-keras]

A kernel of its own is started and the fits run in one of its cells, so that each message is packed, signed and sent as
it is for JupyterLab, and read here as a browser would; nothing is painted. 60,000 made-up digits, five epochs in
batches of 128, as a learner trains. The picture for the stored notebook is made after the fit and measured by itself.
Shares are medians over the rounds: of the time that passed, of the processor's work, and, surest on a busy machine, of
the work done in the callback's own calls. It asserts nothing: the bound is printed beside the numbers.
"""

import argparse
import os
import sys
from pathlib import Path

from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).parents[2]
CELL = """
import sys, time
sys.path.insert(0, {benchmarks!r})
import numpy as np
import training_speed
from gdcourse.mlp import MLP
from gdcourse.widgets import training

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
    before = time.perf_counter(), time.process_time()
    act(*arguments)
    return time.perf_counter() - before[0], time.process_time() - before[1]


class Timed(training.Watch):
    # Adds up the processor's time of its own calls, which a busy machine hardly disturbs.
    def __init__(self):
        super().__init__()
        self.work = 0.0
        for name in ("on_train_begin", "on_epoch_begin", "on_train_batch_end", "on_epoch_end", "on_train_end"):
            setattr(self, name, self.timed(getattr(self, name)))

    def timed(self, method):
        def call(*args, **kwargs):
            start = time.thread_time()
            method(*args, **kwargs)
            self.work += time.thread_time() - start

        return call


for make in {contestants}:
    fit = make()
    alone, watched, calls, pictures = [], [], [], []
    for number in range({rounds} + 1):
        for kind in (0, 1) if number % 2 else (1, 0):  # neither always comes first
            callback = Timed()
            took = seconds(fit, [callback] if kind else [])
            if kind:
                drawing = seconds(callback._settle)
                callback._figure.close()
            if number:
                (watched if kind else alone).append(took)
                if kind:
                    pictures.append(drawing[0])
                    calls.append(callback.work / took[1])
    (alone, alone_work), (watched, watched_work) = np.transpose(alone), np.transpose(watched)
    print(f"{{make.__name__:6}} alone {{np.median(alone):.2f}} s, watched {{np.median(watched):.2f}} s (bound: 3 %)")
    for name, shares in [
        ("more time", watched / alone - 1), ("more work", watched_work / alone_work - 1), ("its calls", calls)
    ]:
        low, middle, high = 100 * np.quantile(shares, [0.25, 0.5, 0.75])
        print(f"  {{name}} {{middle:+.1f}} %, half of the rounds between {{low:+.1f}} and {{high:+.1f}} %")
    least = [100 * (one.min() / other.min() - 1) for one, other in [(watched, alone), (watched_work, alone_work)]]
    print(f"  the fastest fits: {{least[0]:+.1f}} % more time, {{least[1]:+.1f}} % more work")
    print(f"  the picture afterwards: {{np.median(pictures):.2f}} s", flush=True)
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
