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
    deadline, before, over = time.monotonic() + seconds, sys.gettrace(), threading.Event()

    def trace(frame, event, argument):
        if time.monotonic() > deadline:
            raise TooLong
        return None if frame.f_code.co_filename.startswith(OURS) else trace  # each call, and each line of the learner's

    def interrupt():
        over.set()
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)  # wakes a call that sleeps, too
        else:
            _thread.interrupt_main()

    clock = threading.Timer(seconds + 1, interrupt)  # for a call that runs no Python, such as sleep
    in_main = threading.current_thread() is threading.main_thread()
    if in_main:
        clock.start()
    sys.settrace(trace)
    try:
        yield
    except KeyboardInterrupt:
        if over.is_set():
            raise TooLong from None
        raise
    finally:
        sys.settrace(before)
        clock.cancel()
