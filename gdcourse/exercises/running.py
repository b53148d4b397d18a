"""Run a learner's function so that, whatever it does, the notebook goes on."""

import builtins
import contextlib
import copy
import dis
import itertools
import linecache
import traceback
import types
import warnings
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from gdcourse.exercises import apart, comparing, report
from gdcourse.limits import Deadline, TooLong, limited, watched

SECONDS = 4  # for one call, or for all of them in a process apart
SEARCH = 0.5  # for what no argument changes: with others a loop may go on for ever, and the reader waits
PRINTED = 500  # characters kept
NO_LISTS = (deque, type({}.keys()), type({}.values()), type({}.items()))  # they hold values in order, and are no list
NOTEBOOK_S_OWN = ("ExitAutocall", "ZMQExitAutocall", "Quitter")  # what `exit` is there
TOO_DEEP = (
    "it calls itself, one call within the other, more often than Python allows. Which call should be the last one?"
)
ENDLESS = "it did not end within {} seconds. Does a loop go on for ever?"
MEMORY = "it asks for more memory than there is. How large are the lists or arrays that it makes?"


@dataclass
class Outcome:
    """What one call did: its value or its trouble, and what it left behind."""

    arguments: tuple  #: as they are afterwards
    value: object = None
    trouble: str = ""  #: one sentence, if the call did not end well
    printed: str = ""
    warned: list = field(default_factory=list)


@dataclass(frozen=True)
class Thing:
    """A value that is no number, string, or collection of them: what it is, and what an iterator would give."""

    text: str
    inside: list | None = None  #: what an iterator gives
    size: int = 0  #: of an array

    def __repr__(self):
        return self.text


@dataclass
class Trial:
    """All that was found by running a function on the cases."""

    outcomes: list
    repeated: Outcome | None = None  #: the first case once more, at the end
    defaults_changed: bool = False
    deaf: list = field(default_factory=list)  #: positions of arguments that have no influence
    heard: list = field(default_factory=list)  #: positions of arguments that are known to have one


class Few:
    """A file that keeps the first characters written to it and forgets the rest."""

    def __init__(self):
        self.kept, self.lost = "", 0

    def write(self, text):
        """Keep what there is room for, and count the rest."""
        room = PRINTED - len(self.kept)
        self.kept += text[:room]
        self.lost += len(text[room:])
        return len(text)

    def flush(self):
        """Do nothing, as files in memory do."""


def tried(function, task, expected):
    """Run the function on the cases, apart if that is possible, and return the Trial; trouble ends it."""
    trial, cases = Trial([]), task.cases
    if not apart.possible:
        for kind, found in _examined(function, task, expected, closely=True):
            _take(trial, kind, found)
        return trial
    try:
        for kind, found in apart.messages(lambda send: _send_all(send, function, task, expected), SECONDS):
            _take(trial, kind, found)
    except apart.Late:
        _end(trial, cases, ENDLESS.format(SECONDS))
    except apart.Died:
        _end(trial, cases, "it ended Python itself, and would have ended the notebook. What in it asks for that?")
    return trial


def _take(trial, kind, found):
    if kind == "outcome":
        trial.outcomes.append(found)
    else:
        setattr(trial, kind, found)


def _end(trial, cases, trouble):
    """Put the trouble where the code was when it ended; what is found after all cases may be missing."""
    if len(trial.outcomes) < len(cases):
        trial.outcomes.append(Outcome(cases[len(trial.outcomes)], trouble=trouble))
    elif trial.repeated is None:
        trial.repeated = Outcome(cases[0], trouble=trouble)


def _send_all(send, function, task, expected):
    for message in _examined(function, task, expected):
        try:
            send(message)
        except MemoryError:
            send(("outcome", Outcome((), trouble=MEMORY)))
            return


def _examined(function, task, expected, closely=False):
    """Yield what is found, piece by piece: ("outcome", Outcome) for each case, then the rest of a Trial."""
    before = copy.deepcopy(defaults_of(function))
    outcomes, cases = [], task.cases
    for case in cases:
        outcomes.append(run(function, case, closely=closely))
        yield "outcome", outcomes[-1]
        if outcomes[-1].trouble:
            break
    else:
        yield "repeated", run(function, cases[0], closely=closely)
    yield "defaults_changed", not all(map(comparing.unchanged, before, defaults_of(function)))
    wrong = [
        i for i, (value, outcome) in enumerate(zip(expected, outcomes)) if not comparing.same(value, outcome.value)
    ]
    if wrong and not outcomes[-1].trouble:
        first, deadline = wrong[0], Deadline(SEARCH)

        heard = []

        def is_deaf(i):
            """Say whether an argument has no influence, and has one in the right function."""
            if _changes(function, cases[first], outcomes[first].value, i, closely, deadline):
                heard.append(i)
                return False
            if not _changes(task.reference, cases[first], expected[first], i, closely, deadline):
                return False
            changes = (_changes(function, case, one.value, i, closely, deadline) for case, one in zip(cases, outcomes))
            heard.extend([i] * any(changes))
            return i not in heard

        deaf = []
        with contextlib.suppress(TooLong):
            deaf = [i for i in range(len(cases[first])) if is_deaf(i)]
        yield "deaf", deaf
        yield "heard", heard


def _changes(function, case, value, i, closely, deadline):
    """Say whether another value of one argument changes what the function gives in this case; TooLong is for all."""
    for other in comparing.others(case[i]):
        with watched(deadline):
            one = run(function, (*case[:i], other, *case[i + 1 :]), SEARCH, closely)
        if deadline.over():
            raise TooLong
        if one.trouble or not comparing.same(value, one.value):
            return True
    return False


def defaults_of(function):
    """Return the default values of the learner's own function."""
    return getattr(inner(function), "__defaults__", None) or ()


def run(function, arguments, seconds=None, closely=False):
    """Call the function on copies of the arguments and return the Outcome; closely: with a limit on its time."""
    seconds = SECONDS if seconds is None else seconds
    outcome, printed = Outcome(copy.deepcopy(arguments)), Few()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), _no_way_out(function):
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                with limited(seconds) if closely else contextlib.nullcontext():
                    outcome.value = carried(function(*outcome.arguments))
            except TooLong:
                outcome.trouble = ENDLESS.format(seconds)
            except RecursionError:
                outcome.trouble = TOO_DEEP
            except MemoryError:
                outcome.trouble = MEMORY
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: the notebook goes on
                outcome.trouble = f"it stopped with {described(error)}{place(error, function)}.{question(error)}"
    outcome.arguments = carried(outcome.arguments)
    outcome.printed = printed.kept + f" … ({printed.lost} more characters)" * bool(printed.lost)
    outcome.warned = [f"{one.category.__name__}: {one.message}" for one in warned]
    return outcome


@contextlib.contextmanager
def _no_way_out(function):
    """Let `exit`, `quit` and `input` raise an exception; a notebook's own would end the kernel, or wait for ever."""

    def leave(*given):
        raise SystemExit("it would end the notebook's kernel")

    def ask(*given):
        raise EOFError("input() waits for the keyboard, and all that is needed is in the arguments")

    new = {"exit": leave, "quit": leave, "input": ask}
    notebook = getattr(inner(function), "__globals__", {})
    places = [vars(builtins), notebook]
    before = [{name: place[name] for name in new if name in place} for place in places]
    before[1] = {name: one for name, one in before[1].items() if type(one).__name__ in NOTEBOOK_S_OWN}
    for place, names in zip(places, before):
        place.update({name: new[name] for name in names})
    try:
        yield
    finally:
        for place, names in zip(places, before):
            place.update(names)


def carried(value, depth=6):
    """Return a value as it can be sent and looked at safely: numbers, text, collections of them, or a Thing."""
    if value is None or isinstance(value, bool | np.generic) or type(value) in (int, float, complex):
        return value
    if isinstance(value, str):
        return value[:10_000]
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiubcU":
        return value if value.size <= comparing.LARGEST else Thing(f"an array of shape {value.shape}", size=value.size)
    if comparing.plain(value) is not value and comparing.is_numbers(value):
        return value
    if type(value) is dict and depth and len(value) <= comparing.LARGEST:
        return {str(key): carried(one, depth - 1) for key, one in value.items()}
    if isinstance(value, tuple | list) and depth and len(value) <= comparing.LARGEST:  # a named tuple is one, too
        return (tuple if isinstance(value, tuple) else list)([carried(one, depth - 1) for one in value])
    if hasattr(value, "__next__"):
        return Thing(_shown_iterator(value), inside=carried(list(itertools.islice(value, 1000)), depth - 1))
    if comparing.is_numbers(value):
        return np.array(value) if not isinstance(value, range) else list(value)
    if isinstance(value, NO_LISTS):
        return Thing(report.shown_type(value), inside=carried(list(itertools.islice(value, 1000)), depth - 1))
    if isinstance(value, np.ndarray) and value.dtype == object and value.ndim == 1:
        return Thing("an array of objects", inside=carried(value[:1000].tolist(), depth - 1))
    return Thing(report.shown(value))


def _shown_iterator(value):
    """Say what an iterator is; a generator expression is no function that yields."""
    code = getattr(value, "gi_code", None)
    return "a generator expression" if code and code.co_name == "<genexpr>" else report.shown_type(value)


def described(error):
    """Return the kind and the words of an exception."""
    words = " ".join(_words(error).split())
    return f"{type(error).__name__}: {words[:200]}" if words else type(error).__name__


def _words(error):
    """Return what an exception says, or nothing: a learner's own may fail at that, too."""
    try:
        return str(error)
    except Exception:
        return ""


def question(error):
    """Return the question that leads out of an exception, of NumPy's above all, or nothing."""
    words = _words(error)
    if "enough dimensions" in words:
        return " A single number stands where a row of numbers is needed: which step made it?"
    if "boolean index did not match" in words:
        return " A comparison chooses entries of an array of its own length: which array has that?"
    if "can only concatenate" in words:
        return " Of the two things one is a text or a list, and the other isn't: which of them should be another?"
    if "broadcast" in words or "matmul" in words:
        return " Look at the two shapes: which of them did you expect, and which step made the other?"
    if "Cannot cast ufunc" in words:
        return " The array holds whole numbers: which dtype can hold a fraction?"
    if "unsupported operand" in words and "function" in words:
        return " A function stands where its value is needed: at which point?"
    if "bitwise_xor" in words or "for ^" in words:
        return " In Python `^` is no power: how is a square written?"
    if "out of range" in words or "out of bounds" in words:
        return " Indices count from 0: which is the last one there, and which one is asked for?"
    if "equal division" in words or "cannot reshape" in words:
        return " That makes parts of one length: has each of them as many entries here?"
    if "'float' object has no attribute" in words or "'int' object has no attribute" in words:
        return " It is a single number: which step expects an array there?"
    if "truth value of an array" in words:
        asked = "which line should have made one number of it, or have asked entry by entry?"
        return f" An array stands where one number is needed: {asked}"
    return ""


def inner(function):
    """Return the function that a decorator, np.vectorize, or a staticmethod has around it."""
    for _ in range(100):
        try:
            around = next((name for name in ("__wrapped__", "__func__", "pyfunc") if hasattr(function, name)), None)
        except Exception:  # an object that answers no question
            break
        if around is None:
            break
        function = getattr(function, around)
    return function


def code_of(function):
    """Return the code that the learner wrote, as far as it can be found; else that of this function."""
    return getattr(inner(function), "__code__", code_of.__code__)


def loaded_globals(function):
    """Return the names of the notebook's values that the function uses."""
    notebook = getattr(inner(function), "__globals__", {})
    codes, names = [code_of(function)], set()
    while codes:
        code = codes.pop()
        codes += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
        names |= {one.argval for one in dis.get_instructions(code) if one.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return sorted(
        name
        for name in names & notebook.keys()
        if not callable(notebook[name]) and not isinstance(notebook[name], types.ModuleType)
    )


def place(error, function):
    """Say which line of the learner's own code an exception came from."""
    file = code_of(function).co_filename
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if not frames:
        return ""
    line = frames[-1].line or linecache.getline(file, frames[-1].lineno).strip()
    return f", in line {frames[-1].lineno} of the cell: {line}"
