"""Each case of the clinic shows the evidence that lesson 11 speaks of, in the median of seeds that no lesson uses."""

import functools
import tomllib
import warnings

import numpy as np
import pytest

from gdcourse import clinic, losses, plots
from gdcourse.gradients import check_gradient

SEEDS = range(11, 16)


@functools.cache
def seen(letter, repaired=False):
    """Return what is seen of a case, in the median over the seeds."""
    runs = [clinic.run(clinic.source(letter, repaired), seed) for seed in SEEDS]
    median = lambda value: np.median([value(run) for run in runs], axis=0)  # noqa: E731
    return {
        "first": median(lambda run: run.losses[0]),
        "peak": median(lambda run: max(run.losses)),
        "last": median(lambda run: np.mean(run.losses[-31:])),
        "rough": median(lambda run: np.std(run.losses[-62:])),
        "training": median(lambda run: run.accuracy),
        "validation": median(lambda run: run.validation),
        "share": median(lambda run: run.share),
        "at_first": median(lambda run: run.sizes[0]),
        "at_last": median(lambda run: run.sizes[1]),
    }


EVIDENCE = {
    "A": lambda s: abs(s["first"] - 2.3) < 0.2 and s["peak"] > 3 and s["rough"] > 0.2 and s["validation"] < 0.8,
    "B": lambda s: not s["at_first"].any() and not s["at_last"].any() and s["peak"] < 2.35 and (s["share"] == 1).all(),
    "C": lambda s: (s["at_last"] > 0.003).all() and abs(s["last"] - s["first"]) < 0.1 and s["peak"] < 2.7,
    "D": lambda s: s["first"] > 50 and s["peak"] > 1e6 and not s["at_last"].any() and abs(s["last"] - 2.3) < 0.05,
    "E": lambda s: 2.1 < s["last"] < 2.29 and s["training"] > 0.15 and abs(s["training"] - s["validation"]) < 0.05,
    "F": lambda s: s["last"] < 2.1 and s["training"] > 0.3 and s["validation"] < 0.2 and (s["at_last"] > 0.003).all(),
    "G": lambda s: abs(s["first"] - 32 * np.log(10)) < 3 and abs(s["last"] - 32 * np.log(10)) < 2,
    "H": lambda s: s["at_first"][0] < s["at_first"][-1] / 10 and (s["share"] > 0.3).all() and s["validation"] < 0.6,
    "I": lambda s: 1.46 < s["last"] < 2.1 and s["validation"] > 0.5 and s["at_first"].max() < 0.002,
    "J": lambda s: s["first"] > 100 and s["at_first"].max() > 1 and s["validation"] < 0.5 and s["at_last"].any(),
    "K": lambda s: s["rough"] > 0.4 and s["validation"] < 0.7 and (s["share"] < 0.2).all(),
    "L": lambda s: abs(s["first"] - 2.3) < 0.2 and s["peak"] > 50 and (s["share"] > 0.7).all(),
}


def test_what_the_pictures_of_lesson_11_say_of_wild_jumps():
    texts = tomllib.loads((plots.TEXTS / "lesson_11.toml").read_text(encoding="utf-8"))
    d_says, l_says = (" ".join(texts[name].split()) for name in ("charts_d_to_f", "charts_j_to_l"))
    assert "jumps far above a million within ten steps and again up to step 40, and from step 55 on stands at" in d_says
    assert "jumps to 500 within five steps and to 4 later, and then stands at 2.30" in l_says
    d, l = (np.array(clinic.run(clinic.source(letter), 0).losses) for letter in "DL")  # noqa: E741
    assert max(d[:11]) > 1e9 and max(d[11:41]) > 1e6 and np.abs(d[56:] - np.log(10)).max() < 0.1 < abs(d[54] - 2.3)
    assert 400 < max(l[:6]) < 600 and 3 < max(l[10:]) < 5 and np.abs(l[-200:] - np.log(10)).max() < 0.2


@pytest.mark.parametrize("letter", clinic.CASES)
def test_a_case_shows_its_evidence_on_other_seeds(letter):
    assert EVIDENCE[letter](seen(letter)), seen(letter)


@pytest.mark.parametrize("letter", "AH")  # all others are repaired to the loop of A
def test_a_repaired_run_learns(letter):
    repaired = seen(letter, repaired=True)
    assert repaired["last"] < 0.3 and repaired["validation"] > 0.85


def test_every_case_spoils_one_line_and_is_repaired_to_the_loop_or_to_its_own_repair():
    for letter, case in clinic.CASES.items():
        assert clinic.LOOP.count(case.line) == 1 and case.wrote != case.line
        spoiled, repaired = clinic.source(letter), clinic.source(letter, repaired=True)
        assert len(spoiled.splitlines()) == len(repaired.splitlines()) == len(clinic.LOOP.splitlines())
        assert (repaired == clinic.LOOP) == (letter != "H")


def test_softmax_twice_has_the_gradient_of_its_loss_and_cannot_get_below_its_limit():
    rng = np.random.default_rng(11)
    net, X, y = clinic.EndsInSoftmax((5, 4, 3), 11, np.float64), rng.normal(size=(6, 5)), rng.integers(0, 3, 6)
    loss, gradient = net.loss_and_gradient(X, y)
    p = net.predict(X)
    assert np.isclose(loss, -losses.log_softmax(p.copy())[np.arange(6), y].mean())

    def at(w):
        net.w = w
        return net.loss_and_gradient(X, y)[0]

    start = net.w.copy()
    assert check_gradient(at, gradient, start).right
    sure = clinic.EndsInSoftmax((10, 10), 11, np.float64)
    sure.W[0][:] = 1000 * np.eye(10)
    assert np.isclose(sure.loss_and_gradient(np.eye(10), range(10))[0], -np.log(np.e / (np.e + 9)), rtol=1e-12)


def test_a_loop_that_writes_into_its_data_spoils_no_later_one():
    expected = clinic.run(clinic.LOOP, 91).losses
    clinic.run(f"rng.shuffle(y)\npixels[:] = 0\n{clinic.LOOP}", 91)
    clinic.run.__wrapped__.cache_clear()
    assert clinic.run(clinic.LOOP, 91).losses == expected


def test_what_was_seen_of_a_run_cannot_be_changed_for_a_later_chart():
    seen = vars(clinic.run(clinic.LOOP, 0))
    assert isinstance(hash(tuple(seen.values())), int)  # so no list is in it


def test_charts_and_openings(capsys):
    assert clinic.chart("B", "C").shape == (2, 2)
    plots.plt.close("all")
    clinic.open("B")
    said = capsys.readouterr().out
    assert "zero" in said and clinic.CASES["B"].wrote in said and clinic.CASES["B"].line in said


def test_no_sentence_of_an_opening_is_broken_within_a_word(capsys):
    clinic.open(*clinic.CASES)
    said = capsys.readouterr().out
    code = [line.strip() for case in clinic.CASES.values() for line in (case.wrote, case.line, case.repair)]
    sentences = [line for line in said.splitlines() if line[11:] not in code]
    assert max(map(len, sentences)) <= 74  # of JupyterLab's, in a window 1,024 pixels wide
    assert all(case.why in " ".join(said.split()) for case in clinic.CASES.values())


@pytest.mark.parametrize(("letter", "first"), [("B", "2.30"), ("E", "2.33"), ("D", "89.2"), ("G", "74.7")])
def test_a_chart_has_a_first_loss_to_compare_and_ticks_to_read_the_slopes_by(letter, first):
    left, right = clinic.chart(letter)[0]
    assert f"first loss {first};" in left.get_title(loc="left")
    ticks = [one for one in right.get_yticks() if one > clinic.FLOOR]
    sizes = [one for one in np.ravel(clinic.run(clinic.source("H")).sizes) if one]
    assert any(min(sizes) < tick < max(sizes) for tick in ticks) and len(ticks) >= 3
    plots.plt.close("all")


@pytest.mark.parametrize("letter", ["M", "a", "", None, 1])
def test_other_letters_are_refused(refuses, letter):
    refuses("letter", clinic.chart, letter)
    refuses("letter", clinic.open, letter)


def test_what_a_function_says_is_its_first_warning_and_its_error(capsys):
    def warn(times):
        for count in range(times):
            warnings.warn(f"careful {count}", stacklevel=1)
        return 1 / 0

    clinic.said(warn, 2)
    assert capsys.readouterr().out == "WARNING careful 0\nERROR   division by zero\n"
    clinic.said({}.__getitem__, "a")
    clinic.said(next, iter(()))
    assert capsys.readouterr().out == "ERROR   KeyError('a')\nERROR   StopIteration()\n"
    clinic.said(len, "quiet")
    assert capsys.readouterr().out == ""
