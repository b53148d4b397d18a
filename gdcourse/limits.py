"""A limit on the time that a learner's code may take."""

import _thread
import contextlib
import signal
import sys
import threading
import time
from pathlib import Path

BUSY = 3  # times as long by the clock may it take where other programs want the core, or where it sleeps
OURS = (str(Path(__file__).parent), sys.prefix, sys.base_prefix)  # the package and the libraries


class TooLong(BaseException):
    """Raised inside the learner's code when its time is over; not an Exception, so that `except` rarely stops it."""


class Deadline:
    """The time that code of this thread may take: so many seconds of computing, busy times as long by the clock."""

    def __init__(self, seconds, busy=BUSY):
        self.last, self.computed = time.monotonic() + busy * seconds, time.thread_time() + seconds
        self.soonest = time.monotonic() + seconds

    def over(self):
        """Say whether the time is over. It is asked before every instruction, so it looks at one clock at first."""
        now = time.monotonic()
        if now < self.soonest:
            return False
        left = self.computed - time.thread_time()
        self.soonest = now + left
        return left <= 0 or now > self.last


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
    try:
        with _interruptible(clock), watched(Deadline(seconds, busy=1)):
            yield
    except KeyboardInterrupt:
        if over.is_set():
            raise TooLong from None
        raise


@contextlib.contextmanager
def _interruptible(clock):
    """Let the clock run, in the main thread alone: it interrupts that, even where the program ignores interrupts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a program begun with & ignores it
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)


@contextlib.contextmanager
def watched(deadline, closely=False):
    """Raise TooLong in this thread at the first line of Python after the deadline.

    closely: look before every instruction, not every line: `while True: pass` never comes to another line.
    """
    before = sys.gettrace()

    def trace(frame, event, argument):
        if deadline.over():
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


def in_time(function, deadline):
    """Return the function with this deadline for all its calls together."""

    def timed(*arguments):
        with watched(deadline, closely=True):
            return function(*arguments)

    return timed
