"""A search among settings that survives an interruption: a run that is finished is kept, and never made again."""

import ast
import functools
import hashlib
import inspect
import json
import math
import numbers
import os
import symtable
import textwrap
from pathlib import Path

import numpy as np
from tqdm import tqdm

from gdcourse import checks, files

SEARCH = Path(__file__).parent / "data" / "search.jsonl"  # made by tests/tools/build_search.py
KIND = "runs of gdcourse.tuning"
PATIENCE = 3  # failures before the first success, and then the search ends


class Results(list):
    """What `tune` found, a dict for each finished run: its setting and what was measured; `message` says the end."""

    def __init__(self, runs=(), message=""):
        super().__init__(runs)
        self.message = message


def tune(train, settings, file=None):
    """Call `train(**setting)` for each setting and return `Results`, a dict for each finished run, in their order.

    train: a function that starts anew in each call and returns a dict of numbers, such as {"val_loss": 0.3}.
    settings: a list of dicts of numbers, text, True, False or None, such as [{"rate": 0.1, "seed": 0}].
    file: where finished runs are kept, a line each. Runs that are in it are not made again, so a search that was
    interrupted goes on when it is called again. A number that is not finite, or too large for a float, comes back as
    NaN. A run that fails is not kept, and the search goes on; `message` names it.

    Errors: RuntimeError (the first runs of a search have all failed), ValueError (the file is damaged, is not one of
    these, or holds runs of another experiment), OSError (it can't be read or written). The file then loses no run.
    Runs count as those of another experiment when train, a function of the reader's that it calls, or an array, number
    or text that it uses is not what it was. Of an object only the method that is called counts, not its attributes.
    """
    checks.function("train", train, of="what a setting names", alone=False)
    settings = [_setting(f"settings[{i}]", one) for i, one in enumerate(_listed(settings))]
    for setting in settings:
        _takes(train, setting)
    store = _Store(file, _experiment(train)) if file is not None else _Memory()
    missing = list({_key(one): one for one in settings if _key(one) not in store.kept}.values())
    before, failed, ended = len({_key(one) for one in settings}) - len(missing), [], ""
    if missing:
        store.write()  # better now than after the first run
    try:
        for setting in tqdm(missing, unit="run", delay=2, leave=False):
            try:
                measured = train(**setting)
            except Exception as error:
                failed.append((setting, error))
                if len(failed) == min(PATIENCE, len(missing)) and not store.made and not before:
                    raise RuntimeError(_failures(failed) + " No run of this search has worked, so it stops.") from error
                continue
            store.add(setting, _measured(measured))
    except KeyboardInterrupt:
        left = len(missing) - store.made - len(failed)
        ended = f" Interrupted; {left} {checks.are(left)} left. "
        ended += "Run the cell again to go on." if file is not None else "Without a file, a later call begins anew."
    message = f"{before} from the file, {store.made} made now.{ended}{store.trouble}"
    if failed:
        message += " " + _failures(failed)
    if ended or failed or store.trouble:
        checks.tell(message)
    return Results([{**one, **store.kept[_key(one)]} for one in settings if _key(one) in store.kept], message)


def read(file):
    """Return the runs that a file of `tune` holds, as `Results`, in the order in which they were made.

    Errors: ValueError (the file is damaged or is not one of these), OSError (it can't be read).
    """
    _, kept = _parsed(_path(file), _bytes(_path(file)))
    return Results([{**json.loads(key), **result} for key, result in kept.items()])


class _Memory:
    """Runs that are kept for one call."""

    def __init__(self):
        self.kept, self.made, self.trouble = {}, 0, ""

    def add(self, setting, result):
        self.kept[_key(setting)] = result
        self.made += 1

    def write(self):
        pass


class _Store(_Memory):
    """Runs that are kept in a file. It is replaced as a whole, so it never holds half a run."""

    def __init__(self, file, experiment):
        super().__init__()
        self.path, self.experiment, self.unwritten = _path(file), experiment, 0
        if self.path.exists():
            self._join()

    def _join(self):
        """Take in what the file holds: the runs of an earlier call, or of another notebook that is at work."""
        theirs, kept = _parsed(self.path, _bytes(self.path))
        if changed := sorted(
            name for name in theirs | self.experiment if theirs.get(name) != self.experiment.get(name)
        ):
            names = ", ".join(changed)
            raise ValueError(
                f"{self.path.name} holds runs of another experiment: {names} is not what it was then. "
                "Give this experiment a file of its own; the old runs stay where they are."
            )
        self.kept = kept | self.kept

    def add(self, setting, result):
        super().add(setting, result)
        self.unwritten += 1
        try:
            if self.path.exists():
                self._join()
            self.write()
            self.unwritten, self.trouble = 0, ""
        except (OSError, ValueError) as error:  # the runs are in what `tune` returns, and the next one tries again
            self.trouble = f" The last {self.unwritten} could not be kept in the file, only returned: {error}"

    def write(self):
        """Put the file in place, or raise OSError in one sentence."""
        head = json.dumps({"kind": KIND, "experiment": self.experiment}, ensure_ascii=False)
        lines = [f'{{"setting": {key}, "result": {_line(result)}}}' for key, result in self.kept.items()]
        try:
            files.replace(self.path, "\n".join([head, *lines, ""]).encode())
        except FileNotFoundError:
            raise FileNotFoundError(f"the folder of {self.path} does not exist; make it first.") from None
        except OSError as error:
            raise type(error)(f"{self.path} can't be written: {error.strerror}.") from None


def _path(file):
    if not isinstance(file, str | os.PathLike) or not str(file):
        raise TypeError(f'file must be the name of a file, such as "rates.jsonl"; got {checks.shown(file)}.')
    return Path(file).expanduser().absolute()


def _bytes(path):
    try:
        return path.read_bytes()
    except IsADirectoryError:
        raise IsADirectoryError(f"{path} is a folder; give the name of a file in it.") from None
    except FileNotFoundError:
        raise FileNotFoundError(f"{path} does not exist.") from None
    except OSError as error:
        raise type(error)(f"{path} can't be read: {error.strerror}.") from None


def _parsed(path, content):
    """Return the experiment that a file belongs to, and its runs, {key of the setting: result}."""
    first, *lines = content.decode(errors="replace").removesuffix("\n").split("\n")
    head = _object(first)
    if head.get("kind") != KIND or not isinstance(head.get("experiment"), dict):
        raise ValueError(f"{path.name} is not a file of tune's; it stays as it is. Choose another name.")
    kept = {}
    for number, line in enumerate(lines, start=2):
        run = _object(line)
        setting, result = run.get("setting"), run.get("result")
        if not (isinstance(setting, dict) and isinstance(result, dict) and all(map(_is_kept, result.values()))):
            raise ValueError(
                f"{path.name} is damaged in line {number}; it stays as it is. "
                "Delete that line, and its run is made again; or choose another name."
            )
        kept[_key(setting)] = {name: math.nan if one is None else one for name, one in result.items()}
    return head["experiment"], kept


def _is_kept(value):
    """Say whether a file may hold this value of a result."""
    return value is None or isinstance(value, int | float) and not isinstance(value, bool)


def _object(line):
    """Return the dict that a line holds; an empty one where it holds none."""
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _key(setting):
    """Return a setting as text; 1 and 1.0 are the same number, and the order of the names doesn't count."""
    same = {name: int(one) if isinstance(one, float) and one == int(one) else one for name, one in setting.items()}
    return json.dumps(same, sort_keys=True, ensure_ascii=False)


def _line(result):
    return json.dumps({name: one if math.isfinite(one) else None for name, one in result.items()}, ensure_ascii=False)


def _listed(settings):
    if isinstance(settings, dict | str) or not np.iterable(settings):
        raise TypeError(f'settings must be a list of dicts, such as [{{"rate": 0.1}}]; got {checks.shown(settings)}.')
    return settings


def _setting(name, setting):
    """Return a setting with Python's own numbers."""
    if not isinstance(setting, dict) or not all(isinstance(key, str) for key in setting):
        raise TypeError(f'{name} must be a dict, such as {{"rate": 0.1}}; got {checks.shown(setting)}.')
    plain = {key: one.item() if isinstance(one, np.generic) else one for key, one in setting.items()}
    for key, one in plain.items():
        if not (one is None or isinstance(one, bool | int | float | str)):
            raise TypeError(f"{name}[{key!r}] must be a number, text, True, False or None; got {checks.shown(one)}.")
        if isinstance(one, float):
            checks.number(f"{name}[{key!r}]", one)
    return plain


def _takes(train, setting):
    """Raise TypeError if train has no arguments of these names."""
    try:
        arguments = inspect.signature(train)
    except (TypeError, ValueError):
        return
    try:
        arguments.bind(**setting)
    except TypeError as error:
        raise TypeError(f"train can't be called with the setting {checks.shown(setting)}: {error}.") from None


def _measured(measured):
    """Return what train gave as a dict of Python's numbers, NaN for what is not finite."""
    if not isinstance(measured, dict) or not all(isinstance(name, str) for name in measured):
        raise TypeError(
            f'train must return a dict of numbers, such as {{"val_loss": 0.3}}; got {checks.shown(measured)}.'
        )
    for name, one in measured.items():
        if isinstance(one, bool) or not isinstance(one, numbers.Real):
            raise TypeError(f"train's {name!r} must be a real number; got {checks.shown(one)}.")
    return {name: _plain(one) for name, one in measured.items()}


def _plain(number):
    """Return a real number as an int or a float, NaN for what is not a finite one."""
    try:
        near = float(number)
    except OverflowError:
        return math.nan
    return math.nan if not math.isfinite(near) else int(number) if isinstance(number, numbers.Integral) else near


def _failures(failed):
    """Return one sentence on the settings that failed."""
    setting, error = failed[0]
    said = " ".join(str(error).split())[:200]
    others = f"; and {len(failed) - 1} more" if len(failed) > 1 else ""
    return f"Failed: {checks.shown(setting)}, with {type(error).__name__}: {said.rstrip('.')}{others}."


def _experiment(train):
    """Return {name: digest} of train and of what it uses of the reader's: functions, arrays, numbers, text."""
    found, waiting = {}, _parts(train)
    while waiting:
        name, thing = waiting.popitem()
        found[name] = _digest(thing)
        if inspect.isfunction(thing):
            tree = _tree(thing)
            known = thing.__globals__ | inspect.getclosurevars(thing).nonlocals
            for one in (_used(tree) if tree else set()) & known.keys() - found.keys():
                if _counts(known[one], thing):
                    waiting[one] = known[one]
    return dict(sorted(found.items()))


def _used(tree):
    """Return the names that a function takes from outside of it."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    try:
        return names & _outside(symtable.symtable(ast.unparse(tree), "train", "exec"))
    except SyntaxError:  # a `nonlocal` without the function around it
        return names


def _outside(table):
    """Return the names that a part of a program, and the parts within it, don't bind themselves."""
    own = {one.get_name() for one in table.get_symbols() if one.is_global()}
    return own.union(*map(_outside, table.get_children()))


def _parts(train):
    """Return {name: part} of train: its function, and what `functools.partial` gave it."""
    parts, function = {}, train
    if isinstance(train, functools.partial):
        function = train.func
        held = {f"argument {i}": one for i, one in enumerate(train.args, start=1)} | train.keywords
        parts = {f"train's {name}": one for name, one in held.items() if _counts(one, function)}
    function = inspect.unwrap(function)  # such as what `functools.cache` made
    called = getattr(function, "__func__", type(function).__call__)
    return {**parts, "train": called if inspect.isfunction(called) else function}


def _counts(value, user):
    """Say whether a change of this value is a change of the experiment."""
    if inspect.isfunction(value):
        return value.__module__ == user.__module__
    return isinstance(value, np.ndarray | np.generic | bool | int | float | str | tuple)


def _digest(value):
    if isinstance(value, np.ndarray):
        head, body = f"{value.dtype} {value.shape}", np.ascontiguousarray(value).tobytes()
    else:
        head, body = "", (ast.unparse(tree) if (tree := _tree(value)) else _named(value)).encode()
    return hashlib.sha256(head.encode() + body).hexdigest()[:12]


def _arrays(value):
    """Yield the arrays that lie in tuples, lists and dicts."""
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ():
        if isinstance(one, np.ndarray):
            yield one
        else:
            yield from _arrays(one)


def _tree(function):
    """Return the code of a function, parsed, without its comments; None where there is no source."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function))) if inspect.isfunction(function) else None
    except (OSError, TypeError, SyntaxError):  # such as a lambda in the middle of a line
        return None


@checks.printing
def _named(value):
    if isinstance(value, bool | int | float | str | tuple | np.generic):
        return repr(value) + "".join(map(_digest, _arrays(value)))  # `repr` leaves out digits and entries
    return getattr(value, "__qualname__", type(value).__name__)
