"""`weigh`: what each word of a text adds to its score, as a bar; words can be switched off, and the verdict follows."""

import html
import inspect

import matplotlib.pyplot as plt
import numpy as np

from gdcourse import checks, plots, words
from gdcourse.bags import sigmoid
from gdcourse.widgets.figure import HERE, Figure, module

LENGTH = 200  # words of a text that count, as `words.vectorize` cuts it
DRAWN = 24  # words in the stored picture, the strongest of a longer text
LABEL = 70  # letters of a text in the list
LETTERS = 5000  # of a text that the reader types


def weigh(model, vocabulary, texts):
    """Return a live figure of what the words of a text add to its score; end the cell with it.

    The reader chooses one of the texts, or writes one, and switches words off: the score is the mean of what the words
    that are on say, plus b.

    model: has `word_scores()`, a number for each word of the vocabulary, and `b`, such as MeanEmbedding. vocabulary: a
    list of the words, "" and "[UNK]" first, as `words.vocabulary` makes it. texts: a list of str, the first one shown.
    """
    if inspect.isclass(model) or not callable(getattr(model, "word_scores", None)):
        raise TypeError(f"model must have word_scores(), such as MeanEmbedding(); got {checks.shown(model)}.")
    scores = checks.floats("model.word_scores()", model.word_scores())
    checks.finite("model.word_scores()", scores)
    if isinstance(vocabulary, str) or not np.iterable(vocabulary) or len(vocabulary) != len(scores):
        raise ValueError(
            f"vocabulary must be a list of the {len(scores)} words that the model scores; "
            f"got {checks.shown(vocabulary)}."
        )
    if isinstance(texts, str) or not np.iterable(texts) or not len(texts):
        raise TypeError(f"texts must be a list of str, one at least; got {checks.shown(texts)}.")
    for text in texts:
        words.split(text)  # a str, or a sentence that says so
    bias = float(checks.floats("model.b", model.b).reshape(-1)[0])
    return Scales(scores.astype(float), bias, list(vocabulary), list(texts))


class Scales(Figure):
    """A text's words on scales, made by `weigh`."""

    _esm = module("weigh.js")
    _chosen = "_text", "_off"
    _css = Figure._css + (HERE / "weigh.css").read_text(encoding="utf-8")

    def __init__(self, scores, bias, vocabulary, texts):
        self._scores, self._bias, self._texts = scores, bias, texts
        self._numbers = {word: number for number, word in enumerate(vocabulary)}
        self._text, self._off = texts[0], frozenset()
        super().__init__(scene=self._scene(), answer={})
        self.answer = {**self._answer(), "number": 0}

    def _scene(self):
        return {
            "name": "The words of a text on the scales",
            "text": "What each word of a text adds to its score, as a bar; the score says five stars or not.",
            "texts": self._texts,
            "labels": [_short(text) for text in self._texts],
            "letters": LETTERS,
        }

    def answered(self, question):
        """Return the weights of another text, or of this one with other words switched off."""
        self._text = question.get("text", self._text)
        if not isinstance(self._text, str) or len(self._text) > LETTERS:
            raise ValueError(f"a text has at most {LETTERS} letters.")
        self._off = frozenset(checks.count("off", one, least=0) for one in question.get("off", ()))
        return self._answer()

    def _answer(self):
        found = words.split(self._text)
        shown = found[:LENGTH]
        numbers = [self._numbers.get(word, 1) for word in shown]
        says = self._scores[numbers] if shown else np.zeros(0)
        on = np.array([k not in self._off for k in range(len(shown))], bool)
        share = np.where(on, says / max(on.sum(), 1), 0.0)
        score = float(share.sum() + self._bias)
        return {
            "text": self._text,
            "words": [
                {"word": word, "known": number > 1, "on": bool(here), "adds": float(part)}
                for word, number, here, part in zip(shown, numbers, on, share)
            ],
            "most": float(np.abs(says).max(initial=0) / max(len(shown) - 1, 1)),  # a bar's whole length: room to grow
            "score": score,
            "probability": float(sigmoid(score)),
            "told": in_words(shown, on, share, self._bias, len(found)),
            "trouble": "",
        }

    def __repr__(self):
        if not self.answer:
            return "Scales"
        bars = ", ".join(
            f"{one['word']} {signed(one['adds'])}" if one["on"] else f"{one['word']} switched off"
            for one in self.answer["words"]
        )
        return f"{self.scene['text']} {bars}. {self.answer['told']}"

    @plots.in_style
    def drawn(self):
        """Return the bars as a Matplotlib figure, and the text that says what it shows."""
        figure, ax = plt.subplots(figsize=(9, 3.2), layout="constrained")
        every = self.answer["words"]
        strongest = sorted(range(len(every)), key=lambda k: -abs(every[k]["adds"]))[:DRAWN]
        bars = [every[k] for k in sorted(strongest)]
        for place, one in enumerate(bars):
            color = plots.VERMILLION if one["adds"] > 0 else plots.BLUE
            ax.bar(place, one["adds"], color=color, width=0.7)
            up = one["adds"] >= 0
            ax.annotate(
                signed(one["adds"]) if one["on"] else "off", (place, one["adds"]), (0, 3 if up else -3),
                textcoords="offset points", ha="center", va="bottom" if up else "top", fontsize=9,
            )  # fmt: skip
        ax.axhline(0, color=plots.INK, linewidth=1)
        ax.margins(y=0.2)
        turned = {"rotation": 60, "ha": "right"} if len(bars) > 10 else {}
        ax.set_xticks(range(len(bars)), [one["word"] for one in bars], **turned)
        title = f"score {signed(self.answer['score'])}, probability of five stars {self.answer['probability']:.2f}"
        ax.set(ylabel="adds to the score", title=title)
        return figure, repr(self)


def signed(number):
    """Return a number with its sign and one decimal, as a bar has it."""
    return f"{number:+.1f}".replace("-", "−")


def in_words(shown, on, share, bias, found):
    """Return what the words add up to, and the verdict."""
    score = float(share.sum() + bias)
    p = float(sigmoid(score))
    verdict = "five stars" if score > 0 else "not five stars"
    told = []
    if on.any():
        count = int(on.sum())
        the = "one word adds" if count == 1 else f"{count} words add"
        told.append(
            f"The {the} {signed(share.sum())}, and b {signed(bias)}: the score is {signed(score)} (all rounded)."
        )
    else:
        told.append(f"No word is on, so the score is b, {signed(bias)}.")
    told.append(f"Probability of five stars {p:.2f}: {verdict}.")
    if found > len(shown):
        told.append(f"Only the first {len(shown)} of {found} words count.")
    return " ".join(told)


def _short(text):
    text = " ".join(html.unescape(text).split())
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}…"
