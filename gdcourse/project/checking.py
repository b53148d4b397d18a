"""`check`: the questions that a good colleague would ask about a project, each in a sentence with its number."""

import textwrap

from gdcourse import checks
from gdcourse.project import about_data, about_runs
from gdcourse.project.gathering import gather


class Report(tuple):
    """The sentences of a check; printed, each has a number."""

    def __new__(cls, sentences, about=""):
        """Keep the sentences, and what they are about."""
        report = super().__new__(cls, sentences)
        report.about = about
        return report

    def __repr__(self):
        if not self:
            return f"{self.about}: nothing to ask."
        lines = [f"{self.about}: {checks.counted(len(self), 'thing')} to look at."]
        for number, sentence in enumerate(self, start=1):
            lines += textwrap.wrap(f"{number}. {sentence}", checks.WIDTH, subsequent_indent="   ")
        return "\n".join(lines)


@checks.arithmetic
def check(train=None, validation=None, test=None, *, history=None, model=None, baseline=None, runs=None):
    """Look over data and results of a project; return a `Report` of what a colleague would ask, empty if nothing.

    train, validation, test: pairs (X, y), as they go into the network; test may be `Sealed`, and then doesn't count as
    opened. history: what `fit` returned, ours or Keras's. model: the network as `fit` left it, or a `Pipeline`, and
    then X is as it was measured. baseline: the accuracy of what learns nothing. runs: {name: validation accuracy} of
    what you choose from.
    """
    facts = gather(train, validation, test, history, model, baseline, runs)
    sentences = list(facts.problems)
    for question in (*about_data.QUESTIONS, *about_runs.QUESTIONS):
        sentences += question(facts)
    seen = [f"{name} {one.n:,}" for name, one in facts.sets.items()]
    seen += [checks.counted(len(next(iter(facts.series.values()))), "epoch")] if facts.series else []
    seen += [checks.counted(len(facts.runs), "run")] if facts.runs else []
    return Report(sentences, "Seen: " + (", ".join(seen) or "nothing"))
