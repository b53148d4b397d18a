"""The time that a learner's code may take: what it computes counts, not what other programs take from it."""

import signal
import threading
import time

import pytest

from gdcourse.limits import Deadline, TooLong, in_time, limited


def busy(seconds):
    """Compute for so long, by the time of this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_only_what_is_computed_counts():
    deadline = Deadline(0.2)
    time.sleep(0.3)
    assert not deadline.over()
    busy(0.25)
    assert deadline.over()


def test_a_few_times_as_long_by_the_clock_is_the_end_all_the_same():
    deadline = Deadline(0.1, busy=2)
    time.sleep(0.21)
    assert deadline.over()


def test_the_calls_of_one_function_share_their_time():
    timed, calls = in_time(lambda: busy(0.08), Deadline(0.2)), []
    with pytest.raises(TooLong):
        for _ in range(9):
            timed()
            calls.append(1)
    assert 1 <= len(calls) <= 2


def test_another_thread_at_work_takes_none_of_the_time():
    stop = threading.Event()

    def spin():
        while not stop.is_set():
            pass

    other = threading.Thread(target=spin)
    other.start()
    try:
        start = time.monotonic()
        in_time(lambda: busy(0.35), Deadline(0.5, busy=50))()
        assert time.monotonic() - start > 0.5  # the two threads take turns
    finally:
        stop.set()
        other.join()


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN], ids=["", "begun with &"])
def test_a_call_that_waits_ends_too(handler):
    before = signal.signal(signal.SIGINT, handler)
    slept = []
    try:
        with pytest.raises(TooLong), limited(0.1):
            list(map(slept.append, map(time.sleep, [9])))  # one line: the next one would be the end anyway
        assert not slept and signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
