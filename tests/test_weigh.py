"""The scales, as far as Python makes them: what each word adds, words switched off, questions and pictures."""

import types

import numpy as np
import pytest
from figures import asked

from gdcourse import plots, widgets
from gdcourse.bags import MeanEmbedding

VOCABULARY = ["", "[UNK]", "great", "coffee", "but", "stale"]
SAYS = [0.0, -3.0, 18.0, 5.0, -20.0, -18.0]
TEXTS = ["Great coffee, but stale", "great"]


def model():
    """Return a model in which the words say what SAYS has."""
    net = MeanEmbedding(len(SAYS), 1, dtype=np.float64)
    net.w = np.array([*SAYS, 1, 0.5])
    return net


def scales(texts=TEXTS):
    return widgets.weigh(model(), VOCABULARY, texts)


def test_bars_and_b_add_up_to_the_model_s_score():
    answer = scales().answer
    assert [(one["word"], one["adds"]) for one in answer["words"]] == [
        ("great", 4.5), ("coffee", 1.25), ("but", -5), ("stale", -4.5),
    ]  # fmt: skip
    assert answer["score"] == pytest.approx(sum(one["adds"] for one in answer["words"]) + 0.5) == -3.25
    assert answer["probability"] == pytest.approx(model().predict([[2, 3, 4, 5]])[0])
    assert answer["told"] == (
        "The 4 words add −3.8, and b +0.5: the score is −3.2 (all rounded). "
        "Probability of five stars 0.04: not five stars."
    )


def test_a_word_that_is_off_is_no_word_and_the_others_share_the_mean():
    figure = scales()
    answer = asked(figure, off=[2])
    assert [one["on"] for one in answer["words"]] == [True, True, False, True]
    assert [one["adds"] for one in answer["words"]] == pytest.approx([6, 5 / 3, 0, -6])
    assert answer["probability"] == pytest.approx(model().predict([[2, 3, 5, 0]])[0]) and answer["score"] > 0
    assert answer["told"].startswith("The 3 words add +1.7") and answer["told"].endswith("0.90: five stars.")
    assert asked(figure, off=[0, 2, 3])["told"].startswith("The one word adds +5.0, and b +0.5")
    alone = asked(figure, off=[0, 1, 2, 3])
    assert alone["told"].startswith("No word is on, so the score is b, +0.5.") and alone["score"] == 0.5


def test_one_scale_for_a_text_has_room_for_bars_that_grow():
    figure = scales()
    most = [asked(figure, off=off)["most"] for off in ([], [0], [2, 3])]
    assert most == pytest.approx([20 / 3] * 3)  # of "but", with one of the four words off
    assert asked(figure, text="great", off=[])["most"] == 18 and asked(figure, text="", off=[])["most"] == 0


def test_another_text_and_one_of_the_reader_s_own():
    figure = scales()
    assert [one["word"] for one in asked(figure, text="great", off=[])["words"]] == ["great"]
    answer = asked(figure, text="Horrid COFFEE!", off=[])
    assert [(one["word"], one["known"], one["adds"]) for one in answer["words"]] == [
        ("horrid", False, -1.5), ("coffee", True, 2.5),
    ]  # fmt: skip
    assert asked(figure, text="", off=[])["words"] == [] and figure.answer["score"] == 0.5


def test_a_long_text_ends_where_the_model_s_ends():
    figure = scales(["great " * 150 + "stale " * 100])
    assert len(figure.answer["words"]) == 200 and "Only the first 200 of 250 words count." in figure.answer["told"]
    assert figure.scene["labels"][0].endswith("great gre…") and len(figure.scene["labels"][0]) == 70


@pytest.mark.parametrize(
    "question", [{"text": 3}, {"text": "a" * 6000}, {"off": [-1]}, {"off": ["x"]}, {"off": 3}], ids=str
)
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(question):
    figure = scales()
    before = figure.answer
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and answer["number"] == 5
    assert {**answer, "trouble": "", "number": 0} == before
    assert asked(figure)["trouble"] == ""


def test_the_stored_form_is_a_picture_with_its_text():
    figure = scales()
    asked(figure, off=[2])
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "great +6.0, coffee +1.7, but switched off, stale −6.0. The 3 words add" in data["text/plain"]
    assert "<img alt=" in data["text/html"] and not plots.plt.get_fignums()


def test_the_picture_of_a_long_text_has_its_strongest_words():
    figure, text = scales(["coffee " * 40 + "great but"]).drawn()
    names = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert len(names) == 24 and names[-2:] == ["great", "but"]
    assert scales([""]).drawn()[1].endswith("so the score is b, +0.5. Probability of five stars 0.62: five stars.")


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        (r"model must have word_scores\(\)", {"model": 3}),
        (r"model must have word_scores\(\)", {"model": MeanEmbedding}),
        ("vocabulary must be a list of the 6 words", {"vocabulary": VOCABULARY[:4]}),
        ("vocabulary must be a list of the 6 words", {"vocabulary": None}),
        ("texts must be a list of str", {"texts": "one text"}),
        ("texts must be a list of str", {"texts": []}),
        ("a text must be a str; got 3", {"texts": ["good", 3]}),
        (
            r"model.word_scores\(\)",
            {"model": types.SimpleNamespace(word_scores=lambda: np.full(6, np.nan), b=np.zeros(1))},
        ),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, arguments):
    refuses(message, widgets.weigh, **{"model": model(), "vocabulary": VOCABULARY, "texts": TEXTS, **arguments})
