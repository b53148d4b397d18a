"""What the checks tell readers who go wrong: a bank of answers, and the table of what they were told.

python tests/bank.py [FOLDER] [NAME …] prints the table; with -v also what was told where it was not the right thing.

The bank holds a TOML file for each exercise, written from the notebooks alone, before the checks are asked: [[wrong]]
answers with the number of `slips`, the reader's `thought`, the `answer`, and what a right diagnosis `says`, as regular
expressions; and [[right]] answers in other styles. With two slips, naming one of them counts as half.
"""

import ast
import functools
import re
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
from test_exercises_engine import written

import gdcourse.functions
from gdcourse.commands import notebooks
from gdcourse.exercises import catalogue, checking, questions
from gdcourse.exercises.definition import Exercise

FOLDER = Path(__file__).parent / "bank"


@functools.cache
def notebook(number):
    """Return the names that a lesson has when its exercises are answered: imports, functions, references."""
    names = {}
    for path in notebooks.lessons():
        for cell in nbformat.read(path, 4).cells if int(path.name[:2]) == number else ():
            if cell.cell_type == "code":
                _define(cell.source, names)
    tasks = [task for module in catalogue.lessons().values() for task in module.EXERCISES if isinstance(task, Exercise)]
    known = {"np": np, "gradient": gdcourse.functions.parabola.gradient, **vars(gdcourse.functions)}
    return {**known, **names, **{task.name: task.reference for task in tasks}}


def _define(source, names):
    """Carry out the imports and definitions of a cell, but for the exercises and TensorFlow."""
    for node in ast.parse(source).body:
        known = isinstance(node, ast.FunctionDef) and not node.decorator_list
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        if known or (is_import and not re.search("keras|tensorflow", ast.unparse(node))):
            exec(compile(ast.Module([node], []), "<notebook>", "exec"), names)


def lesson_of(task):
    """Return the number of the lesson that asks it."""
    lessons = catalogue.lessons().items()
    return next(number for number, module in lessons if any(one is task for one in module.EXERCISES))


def given(task, answer):
    """Return the function that an answer is to an exercise, or its value on paper."""
    names = dict(notebook(lesson_of(task)))
    if not isinstance(task, Exercise):
        return eval(answer, names)
    names = {name: value for name, value in names.items() if name not in ("name", "source")}
    return written(answer, task.name, **names)


def judged(task, answer):
    """Return "right", "wrong" or "open", and everything that was said of the answer itself."""
    return verdict(task, given(task, answer))


def verdict(task, answer):
    """Return the same of an answer that was made by `given`."""
    if not isinstance(task, Exercise):
        kind, lines, read = questions.judge(task, answer)
        return kind, [line for line in lines[read:] if line and not line.startswith("hint(")]
    kind, lines, _ = checking.judge(answer, task)
    return kind, [line for line in lines if line]


def diagnosis(task, lines):
    """Return the lines without what went in, what it printed and what Python warned of, or which numbers count."""
    about = r"With [^`]* = |It printed|Python warned" if isinstance(task, Exercise) else "Answers within"
    return [line for line in lines if not re.match(about, line)]


def share_named(says, lines):
    """Return 1 if all that a right diagnosis says is in the lines, else the share of it."""
    told = " ".join(lines)
    return sum(bool(re.search(pattern, told, re.IGNORECASE)) for pattern in says) / len(says)


def entries(folder=FOLDER, names=()):
    """Yield (exercise, its bank) for each file."""
    for path in sorted(Path(folder).glob("*.toml")):
        bank = tomllib.loads(path.read_text(encoding="utf-8"))
        if not names or bank["exercise"] in names:
            yield catalogue.find(bank["exercise"]), bank


def run(folder=FOLDER, names=(), report=lambda *told: None):
    """Return (counts, seconds for each answer) of all that is in the bank."""
    counts, took = Counter(), []
    for task, bank in entries(folder, names):
        for entry in bank.get("wrong", ()):
            slips = 1 if entry.get("slips", 1) == 1 else 2
            before = time.perf_counter()
            try:
                kind, lines = judged(task, entry["answer"])
            except (NameError, SyntaxError) as problem:  # a slip of the bank's own
                report(task.name, slips, f"UNREADABLE {problem}", entry, [])
                continue
            took.append((time.perf_counter() - before, task.name))
            counts[slips, "all"] += 1
            if kind != "wrong":
                counts[slips, "accepted"] += 1
                report(task.name, slips, f"ACCEPTED ({kind})", entry, lines)
                continue
            told = diagnosis(task, lines)
            share = share_named(entry["says"], told)
            named = share if slips == 2 else float(share == 1)
            counts[slips, "named"] += named
            sentences = [line for line in told if "?" in line or not line.startswith("expected")]
            if named < 1:
                counts[slips, "nothing" if not sentences else "else"] += 1
                report(task.name, slips, f"{share:.1f}" if sentences else "NOTHING", entry, lines)
        for entry in bank.get("right", ()):
            counts["right", "all"] += 1
            kind, lines = judged(task, entry["answer"])
            if kind != "right":
                counts["right", "refused"] += 1
                report(task.name, 0, f"REFUSED ({kind})", entry, lines)
    return counts, took


def table(counts, took):
    """Return the table as text."""
    wrong = counts[1, "all"] + counts[2, "all"]

    def share(number, of):
        return f"{number:6.1f} of {of:4d} = {number / max(of, 1):6.1%}"

    seconds = np.array([one for one, _ in took] or [0.0])
    return "\n".join(
        [
            f"wrong answers refused    {share(wrong - counts[1, 'accepted'] - counts[2, 'accepted'], wrong)}",
            f"  named, with one slip   {share(counts[1, 'named'], counts[1, 'all'])}",
            f"  named, with two slips  {share(counts[2, 'named'], counts[2, 'all'])}",
            f"  told something else    {share(counts[1, 'else'] + counts[2, 'else'], wrong)}",
            f"  told nothing           {share(counts[1, 'nothing'] + counts[2, 'nothing'], wrong)}",
            f"right answers refused    {share(counts['right', 'refused'], counts['right', 'all'])}",
            f"time: median {np.median(seconds) * 1000:.0f} ms, 95% under {np.quantile(seconds, 0.95) * 1000:.0f} ms, "
            f"longest {seconds.max():.1f} s",
        ]
    )


def shout(name, slips, verdict, entry, lines):
    """Print what was told where it was not the right thing."""
    print(f"--- {name}, {slips} slip(s), {verdict}: {entry.get('thought', '')}\n{entry['answer'].strip()}")
    print(f"    wanted {entry.get('says')}\n    told   " + "\n           ".join(lines))


if __name__ == "__main__":
    asked = [one for one in sys.argv[1:] if one != "-v"]
    folder = Path(asked.pop(0)) if asked and Path(asked[0]).is_dir() else FOLDER
    print(table(*run(folder, asked, shout if "-v" in sys.argv else lambda *told: None)))
