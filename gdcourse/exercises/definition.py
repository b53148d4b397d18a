"""What an exercise is made of. The modules of `lessons`, lesson_00 and so on, hold nothing but these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Exercise:
    """A function to write, judged by what it does.

    The notebook's stub has the reference's name and arguments. A mistake is an ordinary function, a wrong answer
    that learners really give; its docstring is the diagnosis: one sentence that names it, one question that leads out.
    """

    reference: Callable  #: the right answer; `solution` shows its source
    why: str  #: one line on why it is right
    hints: Sequence[str]  #: two to four, from a nudge to nearly the answer
    cases: Sequence[tuple]  #: arguments: first a few that a person can work by hand, then random ones
    mistakes: Sequence[Callable]
    broken: Callable | None = None  #: what the notebook prints, where something is to be mended
    batch: int | None = None  #: which argument holds the samples, where some cases have one and others more
    tolerance: float = 1e-6  #: relative to the largest number expected
    any_kind: bool = False  #: a list is as good as an array, since no later cell goes on with it
    returns: Sequence[str] = ()  #: how the text calls the values, where several come back
    keeps: Sequence[
        str
    ] = ()  #: arguments that the text wants left as they come in; elsewhere a change is only remarked on
    others: Sequence[tuple] = ()  #: more cases, for an answer that is right in all: there mistakes would only raise
    later: Sequence[tuple] = ()  #: cases that only later cells bring; with what fails there they use the course's own
    gaps: int = 1  #: how many `...` the notebook prints, where something is to be written

    @property
    def name(self):
        """The name that the learner's function must have."""
        return self.reference.__name__


@dataclass(frozen=True)
class Question:
    """Work on paper: a number, a list of numbers, or an order of lines.

    mistakes: pairs of a wrong value and its diagnosis. lines: what is to be put in order, as the notebook shows it;
    the values are then lists of line numbers from 1, and `also` holds other right orders. needs: why a line must stand
    before another, {(before, after): question}; strange: why a line does not belong, {line: question}.
    work: the calculation as a function, with what is given as its defaults; slips in it are then found by themselves.
    mixups: other numbers of the text that may be taken for one that is given, {argument: [number, …]}.
    """

    name: str
    value: object
    why: str
    hints: Sequence[str]
    mistakes: Sequence[tuple]
    lines: Sequence[str] = ()
    also: Sequence[object] = ()
    work: Callable | None = None
    mixups: Mapping = field(default_factory=dict)
    needs: Mapping = field(default_factory=dict)
    strange: Mapping = field(default_factory=dict)
    tolerance: float = 0.005  #: relative; said to the learner


@dataclass(frozen=True)
class Prediction:
    """A choice before a result: the question as the notebook asks it, the options, and which one the result shows.

    counters: {a wrong option: what speaks against it}, one sentence each, where there is something to show.
    """

    question: str
    options: Sequence[str]
    right: str
    counters: Mapping = field(default_factory=dict)
