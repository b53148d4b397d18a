"""Run a learner's function so that, whatever it does, the notebook goes on."""

import contextlib
import copy
import linecache
import traceback
import warnings
from dataclasses import dataclass, field

from gdcourse.limits import TooLong, limited

SECONDS = 4  # for one call
PRINTED = 500  # characters kept


@dataclass
class Outcome:
    """What one call did: its value or its trouble, and what it left behind."""

    arguments: tuple  #: as they are afterwards
    value: object = None
    trouble: str = ""  #: one sentence, if the call did not end well
    printed: str = ""
    warned: list = field(default_factory=list)


class Few:
    """A file that keeps the first characters written to it and forgets the rest."""

    def __init__(self):
        self.kept, self.lost = "", 0

    def write(self, text):
        room = PRINTED - len(self.kept)
        self.kept += text[:room]
        self.lost += len(text[room:])
        return len(text)

    def flush(self):
        """Do nothing, as files in memory do."""


def run(function, arguments, seconds=SECONDS):
    """Call the function on copies of the arguments and return the Outcome."""
    outcome, printed = Outcome(copy.deepcopy(arguments)), Few()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                with limited(seconds):
                    outcome.value = function(*outcome.arguments)
            except TooLong:
                outcome.trouble = f"it did not end within {seconds} seconds. Does a loop go on for ever?"
            except RecursionError:
                outcome.trouble = "it calls itself without end. Which call should be the last one?"
            except MemoryError:
                outcome.trouble = "it asks for more memory than there is. How large are the arrays that it makes?"
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: the notebook goes on
                outcome.trouble = f"it stopped with {described(error)}{place(error, function)}.{question(error)}"
    outcome.printed = printed.kept + f" … ({printed.lost} more characters)" * bool(printed.lost)
    outcome.warned = [f"{one.category.__name__}: {one.message}" for one in warned]
    return outcome


def described(error):
    """Return the kind and the words of an exception."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words[:200]}" if words else type(error).__name__


def question(error):
    """Return the question that leads out of an exception of NumPy's, or nothing."""
    words = str(error)
    if "broadcast" in words or "matmul" in words:
        return " Look at the two shapes: which of them did you expect, and which step made the other?"
    if "Cannot cast ufunc" in words:
        return " The array holds whole numbers: which dtype can hold a fraction?"
    if "unsupported operand" in words and "function" in words:
        return " A function stands where its value is needed: at which point?"
    if "bitwise_xor" in words or "for ^" in words:
        return " In Python `^` is no power: how is a square written?"
    if "truth value of an array" in words:
        return " An array stands where one number is needed: which line should have made one number of it?"
    return ""


def inner(function):
    """Return the function that a decorator, np.vectorize, or a staticmethod has around it."""
    for _ in range(100):
        around = next((name for name in ("__wrapped__", "__func__", "pyfunc") if hasattr(function, name)), None)
        if around is None:
            break
        function = getattr(function, around)
    return function


def code_of(function):
    """Return the code that the learner wrote, as far as it can be found; else that of this function."""
    return getattr(inner(function), "__code__", code_of.__code__)


def place(error, function):
    """Say which line of the learner's own code an exception came from."""
    file = code_of(function).co_filename
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if not frames:
        return ""
    line = frames[-1].line or linecache.getline(file, frames[-1].lineno).strip()
    return f", in line {frames[-1].lineno} of the cell: {line}"
