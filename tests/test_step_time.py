"""Where the time of a shared step goes, as far as Python makes it: shares, words, questions and pictures."""

import importlib

import numpy as np
import pytest
from figures import asked

from gdcourse import checks, plots
from gdcourse.widgets import step_time

FIGURE = importlib.import_module("gdcourse.widgets.step_time")


def seconds(processes, batch, numbers):
    """Each image costs a millisecond, and each further process one more for the messages."""
    return np.ceil(batch / processes) * 1e-3, (processes - 1) * 1e-3


def test_shares_and_times_are_those_of_the_reader_s_function():
    answer = step_time(seconds, batch=64).answer
    whole = [np.ceil(64 / P) + P - 1 for P in FIGURE.PROCESSES]
    assert FIGURE.PROCESSES[-1] == 1024 and np.allclose(answer["faster"], 64 / np.array(whole))
    assert np.allclose(answer["computing"], [100 * np.ceil(64 / P) / one for P, one in zip(FIGURE.PROCESSES, whole)])


def test_the_words_name_the_shortest_step_and_what_it_is_made_of():
    figure = step_time(seconds, batch=64, numbers=1000)
    told = figure.answer["words"]
    assert told == (
        "With a batch of 64 and 1,000 weights, a step of one process takes 64 milliseconds. The shortest step is that "
        "of 8 processes: 15 milliseconds, 4.27 times as fast, with 8 images for each; 47% of it is messages. "
        "1024 processes are 16 times slower than one."
    )
    assert asked(figure, batch=1)["words"].endswith("takes 1 millisecond. No other number of processes is faster.")
    assert "1024 processes are 1.02 times as fast as one" in asked(figure, batch=1045)["words"]
    assert asked(figure, batch=1024)["words"].endswith("1024 processes are as fast as one.")
    assert (
        "of 8 processes: 15 milliseconds, 4.2 times as fast, with 7 or 8 images for each;"
        in (asked(figure, batch=63)["words"])
    )


def test_the_description_has_each_bar_and_what_is_said_aloud_has_not():
    figure = step_time(seconds, batch=64, numbers=1000)
    told = "Computing, by processes: 1: 100%, 2: 97%, 4: 84%, 8: 53%, 16: 21%, 32: 6%, 64: 2%, 128: 1%, 256: less"
    assert told in repr(figure) and told in figure.drawn()[1] and "by processes" not in figure.answer["words"]
    assert asked(figure, batch=1)["shares"].startswith("Computing, by processes: 1: 100%, 2: 50%, 4: 25%, ")


@pytest.mark.parametrize(
    ("batch", "processes", "said"),
    [(8, 8, "1 image"), (3, 8, "0 or 1 image"), (12, 8, "1 or 2 images"), (10**6, 4, "250,000 images")],
)
def test_a_process_has_whole_images(batch, processes, said):
    assert FIGURE._images(batch, processes) == said


def test_nearly_as_fast_is_no_number():
    seconds = np.array([[1.0, 0.0], [0.9999, 0.0], *[[1.0, 0.0]] * 9])
    told = FIGURE.in_words(seconds, 64, 1000)
    assert "of 2 processes: 1 second, hardly faster, with 32 images for each;" in told
    assert told.endswith("1024 processes are as fast as one.")
    seconds[-1] = 1 / 1024, 0.0
    assert FIGURE.in_words(seconds, 1024, 1000).endswith("1024 processes are 1,020 times as fast as one.")


@pytest.mark.parametrize("answer", [None, 3.0, (1, 2, 3), ("a", "b"), (-1, 2), (np.nan, 1), (0, 0)], ids=str)
def test_another_answer_of_the_function_is_refused(refuses, answer):
    refuses("step_seconds must return two times", step_time, lambda processes, batch, numbers: answer)


def test_bad_arguments_are_refused_in_a_sentence(refuses):
    refuses("step_seconds must be a function", step_time, 3)
    refuses("batch must be at least 1", step_time, seconds, batch=0)
    refuses("numbers must be at most 1,000,000,000", step_time, seconds, numbers=10**10)


@pytest.mark.parametrize("question", [{"batch": 0}, {"batch": 2.5}, {"numbers": 10}, {"numbers": "many"}], ids=str)
def test_a_question_out_of_range_keeps_the_last_answer_and_says_why(question):
    figure = step_time(seconds)
    before = figure.answer
    answer = asked(figure, number=5, **question)
    assert answer["trouble"] and answer["number"] == 5
    assert {**answer, "trouble": "", "number": 0} == before


def test_a_function_that_fails_for_some_sizes_leaves_a_sentence():
    figure = step_time(lambda processes, batch, numbers: (1 / (batch - 7), 0.0))
    assert "division" in asked(figure, batch=7)["trouble"]
    assert asked(figure, batch=8)["trouble"] == ""


def test_the_stored_form_is_a_picture_with_its_text():
    figure = step_time(seconds)
    data, _ = figure._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "The shortest step is that of" in data["text/plain"] and "<img alt=" in data["text/html"]
    assert not plots.plt.get_fignums()


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (0.066, "less than 1%"), (0.5, "less than 1%"), (37.4, "37%"), (99.8, "more than 99%"), (100, "100%")],
)
def test_a_share_is_never_told_as_none_or_all_of_what_is_only_nearly_so(share, said):
    assert checks.percent(share / 100) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (2.5, "2.5 seconds"),
        (0.0109, "10.9 milliseconds"),
        (4e-6, "4 microseconds"),
        (1, "1 second"),
        (1e-3, "1 millisecond"),
        (0.9999e-3, "1 millisecond"),
        (1e-6, "1 microsecond"),
        (1234, "1,230 seconds"),
    ],
)
def test_times_are_told_as_people_say_them(given, said):
    assert FIGURE._time(given) == said
