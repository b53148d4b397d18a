"""`attend`: a translator at work: for each word that it says, where it looks and what else it might have said."""

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, numerals, plots
from gdcourse.attention import Translator
from gdcourse.widgets.figure import Figure, module

LIKELIEST = 5  # words are shown with their probabilities
LONGEST = 12  # words are said at most


def attend(translator, target="German", *, source="English", number=131):
    """Return a live figure of a translator's attention; end the cell with it.

    The reader chooses a number and steps through the words that the translator says alone. For each word the figure
    shows the weights of the source's words, and the likeliest next words with their probabilities.
    translator: a `Translator` with the vocabularies of the two languages. number: the one to begin with.
    """
    if not isinstance(translator, Translator):
        raise TypeError(f"attend needs a Translator; got {checks.shown(translator)}.")
    sizes = translator.source_words, translator.target_words
    languages = numerals.vocabulary(source), numerals.vocabulary(target)
    if sizes != tuple(map(len, languages)):
        raise ValueError(
            f"this translator has {sizes[0]} and {sizes[1]} words, but {source} has {len(languages[0])} and "
            f"{target} has {len(languages[1])}; name its languages."
        )
    return Attend(translator, source, target, checks.count("number", number, least=0))


class Attend(Figure):
    """Words that are said, one after the other, with their look-ups; made by `attend`."""

    _esm = module("attend.js")
    _chosen = "_number", "_step"

    def __init__(self, translator, source, target, number):
        self._translator, self._languages = translator, (source, target)
        self._vocabularies = numerals.vocabulary(source), numerals.vocabulary(target)
        self._number, self._step = number, 0
        numerals.LANGUAGES[source](number)  # refuses one that has no words
        super().__init__(scene=self._scene(), answer={})
        self.answer = {**self._answer(), "number": 0}

    def _scene(self):
        source, target = self._languages
        return {
            "name": "Attention of a translator",
            "text": f"A translator from {source} to {target}, word by word: where it looks, and what it says.",
            "limit": numerals.LIMIT - 1,
            "languages": [source, target],
        }

    def answered(self, question):
        """Return what the translator says of the chosen number, and its look-up for the chosen word."""
        self._number = checks.count("number", question.get("phrase", self._number), least=0)
        numerals.LANGUAGES[self._languages[0]](self._number)  # refuses one that has no words
        self._step = checks.count("step", question.get("step", 0), least=0)
        return self._answer()

    def _answer(self):
        net, (source, target) = self._translator, self._languages
        words = numerals.encode([self._number], source)
        said = net.translate(words, LONGEST)[0]
        said = [*said[: np.count_nonzero(said)], 0][:LONGEST]
        beginnings = [[0, 0, *said][i : i + 2] for i in range(len(said))]
        X = np.array([[*words[0], *beginning] for beginning in beginnings])
        self._a, self._p = net.attention(X), net.predict(X)
        self._said = [self._vocabularies[1][word] for word in said]
        self._source = [self._vocabularies[0][word] for word in words[0]]
        self._step = min(self._step, len(said) - 1)
        self._right = self._said == [*numerals.LANGUAGES[target](self._number), numerals.END]
        best = np.argsort(-self._p[self._step], kind="stable")[:LIKELIEST]
        return {
            "phrase": self._number,
            "step": self._step,
            "source": self._source,
            "said": self._said,
            "weights": [exactly(weight) for weight in self._a[self._step]],
            "likeliest": [[self._vocabularies[1][word], exactly(self._p[self._step, word])] for word in best],
            "words": self._in_words(),
            "trouble": "",
        }

    def _in_words(self):
        """Return the chosen word's look-up as sentences."""
        target, step = self._languages[1], self._step
        says = " ".join(word for word in self._said if word != numerals.END)
        source = " ".join(word for word in self._source if word != numerals.END)
        if self._right:
            verdict = "right"
        else:
            verdict = f"wrong; right is {' '.join(numerals.LANGUAGES[target](self._number))}"
        before = " ".join(word for word in self._said[max(step - 2, 0) : step]) or "nothing"
        looked = [
            f"{self._looked_at(place)} ({exactly(self._a[step, place]):.2f})"
            for place in np.argsort(-self._a[step], kind="stable")[:2]
        ]
        if all(place.startswith("an ") for place in looked):
            looked[1] = looked[1].replace("an ", "another ")
        word, p = self._said[step], exactly(self._p[step].max())
        return (
            f"{self._number}, {source}. It says: {says or 'nothing'} ({verdict}).\n"
            f"Word {step + 1} of {len(self._said)}: after {before} it says {named(word, 'the end')}, with probability "
            f"{p:.2f}, and looks most at {looked[0]}, then at {looked[1]}."
        )

    def _looked_at(self, place):
        """Return the source's word at a place; one that stands there more than once with its number, counted from 1."""
        word = self._source[place]
        if word == numerals.END:
            return "an empty place"
        return f"{word}, word {place + 1}" if self._source.count(word) > 1 else word

    def __repr__(self):
        return f"{self.scene['text']} {self.answer['words']}" if self.answer else "Attend"

    @plots.in_style
    def drawn(self):
        """Return all look-ups of the number as a Matplotlib figure, and the text that says what it shows."""
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(9, 1.4 + 0.4 * len(self._said)), width_ratios=(5, 2), layout="constrained"
        )
        said = [named(word, "(end)") for word in self._said]
        plots.attention(self._a, said, [named(word, "(empty)") for word in self._source], ax=left)
        left.get_yticklabels()[self._step].set_fontweight("bold")
        likeliest = self.answer["likeliest"][::-1]
        bars = right.barh([named(word, "(end)") for word, _ in likeliest], [p for _, p in likeliest], color=plots.BLUE)
        right.bar_label(bars, fmt="%.2f", padding=3, fontsize=10)
        right.set(xlim=(0, 1.25), xticks=[0, 0.5, 1], xlabel=f"probability of word {self._step + 1}")
        return figure, repr(self)


def exactly(share):
    """Return a share as it is sent: whoever rounds it to two digits, in bars and in sentences, gets the same."""
    return round(float(share), 6)


def named(word, end):
    """Return a word, or these other words for the dot."""
    return end if word == numerals.END else word
