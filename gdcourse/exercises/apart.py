"""Run code in a process apart: a forked copy of this one, with the same names in it, that can take nothing with it.

C code that never ends, a greedy allocation, `os._exit`, threads and processes left behind end with the copy. Where
there is no fork (Windows), or one in which the system's own mathematics may fail (macOS), `possible` is False and the
caller runs the code here.
"""

import contextlib
import gc
import os
import pickle
import select
import signal
import struct
import sys
import time
import traceback
import warnings

MEMORY = 2**30  # bytes more than this process has
LENGTH = struct.Struct("<Q")
MOST = 2**28  # bytes of one message
SELDOM = 100_000  # new objects before they are searched for garbage: the copy ends soon

possible = sys.platform == "linux"


class Died(Exception):
    """The process apart ended by itself before its work was done."""


class Broken(Exception):
    """The work itself, not the code that it runs, has a fault."""


class Late(Exception):
    """The time was over before the work was done."""


def messages(work, seconds):
    """Yield what work(send) sends from a process apart; raise Died or Late if it does not come to its end."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads: none of ours is needed in the copy
        child = os.fork()
    if child == 0:
        _work(work, reading, writing, seconds)
    os.close(writing)
    try:
        yield from _received(reading, time.monotonic() + seconds)
    finally:
        os.close(reading)
        for end in (os.killpg, os.kill):  # what it started goes with it
            with contextlib.suppress(OSError):
                end(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _work(work, reading, writing, seconds):
    """Do the work in the copy, and end it, whatever happens."""
    me = os.getpid()
    try:
        os.close(reading)
        os.setsid()
        _limit(seconds)
        gc.freeze()  # a search for garbage among all that was there before would copy it
        gc.set_threshold(SELDOM)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)

        def send(message):
            if os.getpid() == me:  # not in a process that the code has forked
                data = pickle.dumps(message)
                view = memoryview(LENGTH.pack(len(data)) + data)
                while view:
                    view = view[os.write(writing, view) :]

        try:
            work(send)
        except (OSError, MemoryError):
            raise
        except Exception:
            send(Broken(traceback.format_exc()))
        send(None)
    except BaseException:
        pass
    finally:
        os._exit(0)


def _limit(seconds):
    """Limit the time and the memory of this process."""
    import resource

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    whole = int(seconds) + 2
    with open("/proc/self/statm") as status:
        used = int(status.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    for what, most in ((resource.RLIMIT_CPU, whole), (resource.RLIMIT_AS, used + MEMORY)):
        _, hard = resource.getrlimit(what)  # of the machine, which nobody but root may raise
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _received(reading, deadline):
    """Yield the messages that come in until the last one, None."""
    held = b""
    while True:
        while len(held) >= LENGTH.size and len(held) >= LENGTH.size + LENGTH.unpack_from(held)[0]:
            end = LENGTH.size + LENGTH.unpack_from(held)[0]
            message, held = pickle.loads(held[LENGTH.size : end]), held[end:]
            if message is None:
                return
            if isinstance(message, Broken):
                raise message
            yield message
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reading], [], [], left)[0]:
            raise Late
        came = os.read(reading, 2**20)
        if not came or len(held) > MOST:
            raise Died
        held += came
