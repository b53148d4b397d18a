"""A check cannot be broken: whatever the code does, a sentence comes, the kernel lives, and the names are as before."""

import os
import select
import subprocess
import sys
import threading
import time

import pytest
from test_exercises_engine import WALK, judged, written

from gdcourse.exercises import apart, catalogue, checking, comparing, running, ways

pytestmark = pytest.mark.skipif(not apart.possible, reason="no fork here: the code runs in this process, with a limit")
RIGHT = "return w - rate * gradient(w)"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return max(range(10**10))", "did not end within"),
        ("return 7 ** 10 ** 8 % 3", "did not end within"),
        ("import itertools\n    return sum(itertools.repeat(1))", "did not end within"),
        ("import os\n    os._exit(0)", "ended Python itself"),
        ("import os\n    os.kill(os.getpid(), 9)", "ended Python itself"),
        ("import os\n    os.closerange(3, 100)\n    return w", "ended Python itself"),
        ("exit()", "SystemExit"),
        ("quit()\n    " + RIGHT, "SystemExit"),
        ("input()\n    " + RIGHT, "input() waits for the keyboard"),
        ("import sys\n    sys.exit(3)", "SystemExit"),
        ("a = [0]\n    while True:\n        a += a", "more memory"),
        ("return bytearray(10**10)", "more memory"),
        ("return 'x' * 10**8", "expected"),
        ("return np.zeros((3000, 3000))", "too many"),
    ],
)
def test_a_sentence_comes_whatever_the_code_does(body, said, monkeypatch):
    # The one that ends for its time does so soon; no other one does, however busy the machine is.
    monkeypatch.setattr(running, "SECONDS", 0.5 if "did not end" in said else 60)
    monkeypatch.setattr(ways, "PATIENCE", 0.5)  # what else is told of it is not asked
    monkeypatch.setattr(checking, "AT_MOST", 1 if "did not end" in said else 20)
    kind, text = judged(f"def walk(w, gradient, rate):\n    {body}")
    assert kind == "wrong" and said in text


def test_what_is_left_behind_ends_with_the_copy():
    before = threading.active_count(), len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc") else 0
    reading, held = os.pipe()  # each copy holds its end of it, and so does what the copy starts
    source = f"""
    def walk(w, gradient, rate):
        import os, sys, threading, time
        threading.Thread(target=time.sleep, args=(600,)).start()
        if os.fork() == 0:
            time.sleep(100)
        os.write(1, b"x" * 10**6)
        print("y" * 10**8)
        {RIGHT}
    """
    kind, text = judged(source)
    assert kind == "right" and "more characters" in text
    os.close(held)
    assert select.select([reading], [], [], 60)[0] and os.read(reading, 1) == b""  # nobody is left who holds it
    os.close(reading)
    assert before == (threading.active_count(), len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc") else 0)


def test_a_copy_that_forks_answers_once():
    source = f"def walk(w, gradient, rate):\n    import os\n    os.fork()\n    {RIGHT}"
    assert judged(source)[0] == "right"


def test_the_names_of_the_notebook_can_be_used_and_stay_as_they_are():
    source = f"def walk(w, gradient, rate):\n    counted.append(w)\n    global seen\n    seen = 1\n    {RIGHT}"
    function = written(source, counted=(counted := [1]))
    assert checking.judge(function, WALK).kind == "right"
    assert counted == [1] and "seen" not in function.__globals__


def test_a_message_larger_than_a_pipe_comes_whole():
    numbers = list(range(300_000))
    assert list(apart.messages(lambda send: send(numbers), 5)) == [numbers]


def test_what_ends_early_or_late_is_told_apart():
    with pytest.raises(apart.Late):
        list(apart.messages(lambda send: threading.Event().wait(), 0.2))
    with pytest.raises(apart.Died):
        list(apart.messages(lambda send: os._exit(0), 5))


LIMITED = """
import os, resource
from gdcourse.exercises import apart
used = int(open("/proc/self/statm").read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
most = {most}
resource.setrlimit(resource.{limit}, (most, most))
if os.geteuid() == 0:
    os.setuid(65534)  # root may raise what others may not
print(list(apart.messages(lambda send: send("here"), 60)))
"""


@pytest.mark.parametrize(("limit", "most"), [("RLIMIT_AS", "used + apart.MEMORY // 2"), ("RLIMIT_CPU", "30")])
def test_a_machine_that_allows_less_is_no_trouble(limit, most):
    script = LIMITED.format(limit=limit, most=most)
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert ran.stdout == "['here']\n", ran.stderr


def test_without_fork_the_code_runs_here_with_a_limit(monkeypatch):
    monkeypatch.setattr(apart, "possible", False)
    monkeypatch.setattr(running, "SECONDS", 1)
    assert judged(f"def walk(w, gradient, rate):\n    {RIGHT}")[0] == "right"
    kind, text = judged("def walk(w, gradient, rate):\n    while True:\n        pass")
    assert kind == "wrong" and "did not end within" in text
    kind, text = judged("def walk(w, gradient, rate):\n    return w + rate * gradient(w)")
    assert "The step goes uphill." in text
    assert judged("def walk(w, gradient, rate):\n    exit()")[1].count("SystemExit") == 1


def test_a_loop_that_never_ends_with_other_arguments_alone_keeps_nobody_waiting(monkeypatch):
    task = catalogue.find("steps_until_flat")
    (mistake,) = (one for one in task.mistakes if one.__name__ == "flat_by_the_distance")
    monkeypatch.setattr(running, "SECONDS", 60)
    monkeypatch.setattr(running, "SEARCH", 0.1)
    began = time.monotonic()
    trial = running.tried(mistake, task, checking.answers(task))
    assert time.monotonic() - began < 30 and len(trial.outcomes) == len(task.cases) and not trial.repeated.trouble


def test_arguments_without_influence_are_found():
    source = "def walk(w, gradient, rate):\n    return w - 0.3 * gradient(w)"
    trial = running.tried(written(source), WALK, checking.answers(WALK))
    assert trial.deaf == [2]
    source = "def walk(w, gradient, rate):\n    return w - (0.3 if rate > 0 else -0.3) * gradient(w)"  # its sign
    assert running.tried(written(source), WALK, checking.answers(WALK)).deaf == []
    assert all(len(comparing.others(value)) > 1 or callable(value) for value in WALK.cases[0])
