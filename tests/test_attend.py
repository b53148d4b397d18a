"""The figure of a translator's attention, as far as Python makes it: answers, sentences and pictures."""

import re

import numpy as np
import pytest
from figures import asked

from gdcourse import numerals, plots
from gdcourse.attention import Translator
from gdcourse.optimizers import Adam
from gdcourse.widgets import attend


@pytest.fixture(scope="module")
def net():
    net = Translator(seed=77, dtype=np.float64)
    order = np.random.default_rng(77).permutation(10_000)
    net.fit(*numerals.samples(order[:1000]), epochs=4, batch_size=64, optimizer=Adam(0.01), seed=77)
    return net


def test_an_answer_holds_the_look_up_of_the_chosen_word(net):
    figure = attend(net)
    answer = asked(figure, phrase=131, step=4)
    X, _ = numerals.samples([131])
    assert answer["said"] == ["ein", "hundert", "ein", "und", "dreißig", "."]
    assert answer["source"] == ["one", "hundred", "and", "thirty", "one", ".", "."]
    np.testing.assert_allclose(answer["weights"], net.attention(X)[4], atol=6e-4)
    best = np.argsort(-net.predict(X)[4])[:5]
    assert [word for word, _ in answer["likeliest"]] == [numerals.vocabulary("German")[i] for i in best]
    assert "It says: ein hundert ein und dreißig (right)" in answer["words"]
    assert re.search(
        r"Word 5 of 6: after ein und it says dreißig, .* looks most at thirty \(0\.\d\d\)", answer["words"]
    )
    assert answer["words"] in repr(figure)


def test_bars_and_sentences_round_the_same_number(net):
    figure = attend(net)
    figure._translator = net = type("Near", (), {"translate": net.translate, "predict": net.predict})()
    net.attention = lambda X: np.tile(np.array([0.4753, 0.3249, 0.1998, 0, 0, 0, 0], np.float32), (len(X), 1))
    answer = asked(figure, phrase=131, step=1)
    bars = [f"{weight:.2f}" for weight in answer["weights"][:2]]
    assert bars == ["0.48", "0.32"] and "at one, word 1 (0.48), then at hundred (0.32)" in answer["words"]


def test_a_word_that_stands_twice_is_told_apart(net):
    figure = attend(net, number=131)
    figure._a[figure._step] = [0.2, 0.0, 0.1, 0.1, 0.6, 0.0, 0.0]
    assert "looks most at one, word 5 (0.60), then at one, word 1 (0.20)." in figure._in_words()
    figure._a[figure._step] = [0.0, 0.0, 0.1, 0.5, 0.0, 0.4, 0.0]
    assert "looks most at thirty (0.50), then at an empty place (0.40)." in figure._in_words()


def test_the_end_and_empty_places_have_names(net):
    figure = attend(net, number=7)
    assert "after nothing it says sieben" in figure.answer["words"]
    assert "it says the end" in asked(figure, phrase=7, step=1)["words"]
    assert "then at an empty place" in asked(attend(Translator(dtype=np.float64)), phrase=7, step=0)["words"]
    figure._a[figure._step] = [0.1, 0.1, 0.5, 0.3, *[0] * (figure._a.shape[1] - 4)]
    assert "at an empty place (0.50), then at another empty place (0.30)" in figure._in_words()


def test_a_wrong_translation_is_called_wrong_and_shows_the_right_one():
    answer = attend(Translator(seed=3, dtype=np.float64), number=12).answer
    assert "(wrong; right is zwölf)" in answer["words"] and len(answer["said"]) <= 12


def test_a_new_number_begins_at_its_first_word_and_a_step_too_far_is_the_last(net):
    figure = attend(net)
    assert asked(figure, phrase=131, step=99)["step"] == 5
    assert asked(figure, phrase=7)["step"] == 0


@pytest.mark.parametrize(
    "question", [{"phrase": 10_000}, {"phrase": -1}, {"phrase": "all"}, {"step": -1}, {"step": 1.5}], ids=str
)
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(net, question):
    figure = attend(net)
    before = asked(figure, phrase=42, step=1)
    answer = asked(figure, **question)
    assert answer["trouble"] and {**answer, "trouble": ""} == before
    assert asked(figure, step=2)["phrase"] == 42


def test_the_stored_form_is_a_picture_of_all_words_with_its_text(net):
    figure = attend(net)
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "one hundred and thirty one" in data["text/plain"] and "<img alt=" in data["text/html"]
    assert not plots.plt.get_fignums()
    drawn, text = figure.drawn()
    labels = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
    assert labels == ["ein", "hundert", "ein", "und", "dreißig", "(end)"] and text == repr(figure)
    source = [label.get_text() for label in drawn.axes[0].get_xticklabels()]
    assert source == ["one", "hundred", "and", "thirty", "one", "(empty)", "(empty)"]  # "·" is a tiny weight


def test_another_pair_of_languages():
    french = Translator(target_words=len(numerals.vocabulary("French")), dtype=np.float64)
    assert "French" in repr(attend(french, "French", number=97))
    spoken = Translator(len(numerals.vocabulary("French")), 33, places=8, dtype=np.float64)
    assert "from French to German" in repr(attend(spoken, source="French"))


@pytest.mark.parametrize(
    ("message", "arguments", "named"),
    [
        ("attend needs a Translator", [3], {}),
        ("this translator has 32 and 33 words, but English has 32 and French has", [Translator(), "French"], {}),
        ("language must be one of", [Translator(), "Latin"], {}),
        ("number must be below 10,000", [Translator()], {"number": 10_000}),
        ("number must be a whole number", [Translator()], {"number": 1.5}),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(refuses, message, arguments, named):
    refuses(message, attend, *arguments, **named)


def test_the_picture_of_weights_refuses_what_does_not_fit(refuses):
    refuses(r"weights has shape \(2, 3\)", plots.attention, np.ones((2, 3)) / 3, ["a", "b"], ["c", "d"])
