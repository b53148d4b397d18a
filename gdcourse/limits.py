"""A limit on the time that a learner's code may take."""

import _thread
import contextlib
import signal
import sys
import threading
import time
from pathlib import Path

OURS = (str(Path(__file__).parent), sys.prefix, sys.base_prefix)  # the package and the libraries


class TooLong(BaseException):
    """Raised inside the learner's code when its time is over; not an Exception, so that `except` rarely stops it."""


@contextlib.contextmanager
def limited(seconds):
    """Raise TooLong in this thread when the time is over: at the next line of Python, or out of a call that waits."""
    over = threading.Event()

    def interrupt():
        over.set()
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # wakes a call that sleeps, too
        else:
            _thread.interrupt_main()

    clock = threading.Timer(seconds + 1, interrupt)  # for a call that runs no Python, such as sleep
    if threading.current_thread() is threading.main_thread():
        clock.start()
    try:
        with watched(time.monotonic() + seconds):
            yield
    except KeyboardInterrupt:
        if over.is_set():
            raise TooLong from None
        raise
    finally:
        clock.cancel()


@contextlib.contextmanager
def watched(deadline, closely=False):
    """Raise TooLong in this thread at the first line of Python after the deadline, a time of time.monotonic().

    closely: look before every instruction, not every line: `while True: pass` never comes to another line.
    """
    before = sys.gettrace()

    def trace(frame, event, argument):
        if time.monotonic() > deadline:
            raise TooLong
        if frame.f_code.co_filename.startswith(OURS):
            return None  # libraries: their calls only
        frame.f_trace_opcodes = closely
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
