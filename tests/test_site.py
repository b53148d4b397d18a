"""The web edition: built whole, once; then what stands in its pages, what its checks say, and what a browser sees."""

import base64
import errno
import functools
import gzip
import html
import http.server
import importlib.util
import inspect
import io
import itertools
import re
import threading
from dataclasses import dataclass

import browser as harness
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from test_exercises_engine import CODED, LISTED, MARKED, TYPED

from gdcourse import functions, widgets
from gdcourse.commands import dispatch, environment, notebooks, refresh, site
from gdcourse.commands.web import figures, formulas, pages, recorded, recordings, styles
from gdcourse.exercises import calculations, catalogue, predictions, questions, report
from gdcourse.exercises.definition import Question
from gdcourse.optimizers import SGD, descend

NAMES = [path.stem for path in pages.sources()]
TASKS = [task for module in catalogue.lessons().values() for task in module.EXERCISES]
QUESTIONS = [task for task in TASKS if isinstance(task, Question)]
QUESTIONS_ON = {  # by the number of the lesson, as its page has it
    f"{number:02}": [task for task in module.EXERCISES if isinstance(task, Question)]
    for number, module in catalogue.lessons().items()
}
MOVING = ("01", "12", "14", "19")  # lessons whose figures are recorded here: walks, trainings, a time machine, a grid
READABLE = 150_000  # bytes that travel before a lesson can be read
FOREIGN = re.compile(
    r"""(?:src|srcset|action|poster|data)="(?:https?:)?//|<link\b[^>]*href="(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//"""
)
LOADING = re.compile(r'<link rel="(?:stylesheet|preload|icon)"[^>]*href="([^"]*)"|<script[^>]* src="([^"]*)"')


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of the site, built once from the notebooks as they are."""
    if importlib.util.find_spec("sphinx_book_theme") is None:
        pytest.fail("The tools of the web edition are missing: python3 -m gdcourse test installs them.")
    folder = tmp_path_factory.mktemp("web") / "site"
    site.site(folder, [path for path in notebooks.lessons() if path.stem[:2] in MOVING])
    return folder


def text_of(built, name):
    return (built / f"{name}.html").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------------ the pages


def test_every_notebook_is_a_page_with_its_links(built):
    assert len(NAMES) >= 22 and set(NAMES) == {path.stem for path in notebooks.FOLDER.glob("*.ipynb")}
    index = text_of(built, "index")
    for name in NAMES:
        text = text_of(built, name)
        assert f'href="_notebooks/{name}.ipynb" download' in text and f'/notebooks/{name}.ipynb"' in text
        assert (built / "_notebooks" / f"{name}.ipynb").read_bytes() == (
            notebooks.FOLDER / f"{name}.ipynb"
        ).read_bytes()
        assert f'href="{name}.html"' in index
    for part, paths in pages.parts():
        assert part in index and paths
    assert [path.stem for _, paths in pages.parts() for path in paths] == [path.stem for path in notebooks.lessons()]


def test_every_link_inside_leads_somewhere(built):
    ids = {path.name: set(re.findall(r'\bid="([^"]+)"', path.read_text("utf-8"))) for path in built.glob("*.html")}
    for path in built.glob("*.html"):
        for link in re.findall(r'\b(?:href|src)="([^"]*)"', path.read_text("utf-8")):
            if re.match(r"https?:|mailto:|data:", link) or not link:
                continue
            name, _, anchor = html.unescape(link).partition("#")
            name = name or path.name
            assert (built / name).is_file(), f"{path.name} leads to {link}"
            assert not anchor or name not in ids or anchor in ids[name], f"{path.name} leads to {link}"


def test_the_glossarys_terms_in_capitals_are_found(built):
    glossary = text_of(built, "glossary")
    for source in notebooks.lessons():
        linked = set(re.findall(r"glossary\.ipynb#([\w-]+)", source.read_text("utf-8")))
        page = text_of(built, source.stem)
        assert len(linked) <= page.count('href="glossary.html#')
    for term in ("MLP", "ReLU", "Glorot uniform"):
        assert re.search(rf"<h2>{term}<", glossary)


def test_each_page_says_in_one_sentence_of_its_own_what_it_is(built):
    said = {}
    for path in built.glob("*.html"):
        (sentence,) = re.findall(r'<meta name="description" content="([^"]*)"/>', path.read_text("utf-8"))
        said[path.stem] = html.unescape(sentence)
    assert set(said) == {*NAMES, "index", "search"} and len({*said.values()}) == len(said)
    assert all(50 < len(one) < 170 and one.endswith(".") and not re.search(r"[*`\[\]]", one) for one in said.values())
    assert said["index"] in text_of(built, "index")
    assert said["10_train_with_keras"] == (
        "Lesson 10 of a course on gradient descent, after which you can train the same network in Keras, with the same "
        "numbers, and repair a script with faults."
    )
    assert said["glossary"].startswith("Every term of the course") and "the symbols follow" in said["glossary"]


def test_nothing_is_asked_of_another_host(built):
    for path in [*built.glob("*.html"), *built.rglob("*.js"), *built.rglob("*.css")]:
        text = path.read_text("utf-8")
        assert not FOREIGN.search(text), f"{path.name}: {FOREIGN.search(text)}"
        assert "document.cookie" not in text and "sendBeacon" not in text and "XMLHttpRequest" not in text, path.name


def test_a_lesson_is_readable_after_150_kb(built):
    def travels(path):
        content = path.read_bytes()
        return len(content) if path.suffix in (".woff2", ".png") else len(gzip.compress(content, 6))

    for name in NAMES:
        text = text_of(built, name)
        asked = {one for found in LOADING.findall(text) for one in found if one and not one.startswith("data:")}
        weight = travels(built / f"{name}.html") + travels(built / "_static" / "formulas.woff2")
        weight += sum(travels(built / one) for one in asked)
        assert weight < READABLE, f"{name}: {weight}"
        assert "base64," not in re.sub(r'href="data:,"', "", text)
        assert all(
            'loading="lazy"' in image and 'alt="' in image and "height=" in image
            for image in re.findall("<img[^>]*>", text)
        )


def test_pictures_are_the_stored_ones(built):
    stored = pages.PICTURE.findall(
        "".join(
            output["data"]["text/html"]
            for path in notebooks.lessons()
            for cell in refresh.read(path)["cells"]
            for output in cell.get("outputs", [])
            if "text/html" in output.get("data", {})
        )
    )
    shown = {path.read_bytes() for path in (built / "_pictures").iterdir()}
    assert len(stored) > 60 and shown == {base64.b64decode(data) for _, _, data in stored}


def test_results_and_answers_of_predictions_fold(built):
    for path in notebooks.lessons():
        cells, text = refresh.read(path)["cells"], text_of(built, path.stem)
        shown = [
            one
            for one in refresh.answering(cells)
            if any(output.get("data", {}).get("text/html") != "" for output in one["outputs"])
        ]
        assert text.count('<details class="gd-result"') == len(shown)
        assert text.count("<summary>Answer</summary>") == sum(cell["source"].count(refresh.ANSWER) for cell in cells)
        assert text.count('class="gd-predict') == sum(
            cell["source"].startswith("predict(") for cell in cells if cell["cell_type"] == "code"
        )


@pytest.mark.parametrize("number", catalogue.lessons(), ids=lambda number: f"lesson {number}")
def test_hints_open_one_at_a_time_and_solutions_show_what_solution_shows(built, number):
    name = next(path.stem for path in notebooks.lessons() if path.name.startswith(f"{number:02}_"))
    text = text_of(built, name)
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    for task in catalogue.lessons()[number].EXERCISES:
        folds = [
            f"<details><summary>Hint {i + 1} of {len(task.hints)}</summary><p>{report.marked(hint)}</p>"
            for i, hint in enumerate(task.hints)
        ]
        assert "".join(folds) in text, task.name  # each inside the one before
        if isinstance(task, Question):
            assert f'data-name="{task.name}"' in text
            sealed = re.search(rf'data-name="{task.name}".*?data-sealed="([^"]+)"', text, re.DOTALL)[1]
            assert recorded.solution(task) not in text
            assert f"The answer to {task.name}" not in plain and sealed
        else:
            assert "".join(inspect.getsource(task.reference).split()) in "".join(plain.split()), task.name
            assert report.marked(task.why) in text


# --------------------------------------------------------------------------------------- what the checks say


def test_a_seal_is_undone_by_its_seed_alone():
    sealed = recorded.seal("third_row|5", "✓ η is right")
    data = recorded.base64.b64decode(sealed)
    assert bytes(a ^ b for a, b in zip(data, recorded.stream("third_row|5", len(data)))).decode() == "✓ η is right"
    assert bytes(a ^ b for a, b in zip(data, recorded.stream("third_row|6", len(data)))) != "✓ η is right".encode()
    assert recorded.crossed(recorded.crossed("abcdef", "ZYXWVU"), "ZYXWVU") == "abcdef"


def test_single_slips_on_paper_are_those_of_the_engine():
    task = catalogue.find("third_row")
    for value, _ in calculations.slips_on_paper(task)[:12]:
        with calculations.one_slip_on_paper():
            quick = questions.judge(task, float(value))
        assert quick == questions.judge(task, float(value))


def test_no_right_value_stands_in_the_files_of_a_page(built):
    for number, module in catalogue.lessons().items():
        path = next((built / "_answers").glob(f"{number:02}_*.js"))
        text = path.read_text("utf-8")
        for task in module.EXERCISES:
            if isinstance(task, Question):
                assert task.why not in text and report.shown(task.value).strip("[]") not in text.replace('"', "")
                assert all(str(one) not in text for one, _ in task.mistakes if np.ndim(one))
        for task in getattr(module, "PREDICTIONS", ()):
            assert predictions.verdict(task.right, task) not in text


@pytest.mark.parametrize("task", QUESTIONS, ids=lambda task: task.name)
def test_no_sentence_to_a_wrong_value_gives_the_right_one_away(task):
    said = recorded.question(task).spoken
    right = [what for what in said if isinstance(what, dict) and what["kind"] == "right"]
    wrong = [" ".join(what["lines"]) for what in said if isinstance(what, dict) and what["kind"] == "wrong"]
    wrong += [what if isinstance(what, str) else what[1] for what in said if not isinstance(what, dict)]  # of an order
    assert right and len(wrong) > 10
    value = report.shown(task.value)
    unsaid = [value] if np.ndim(task.value) or len(value) > 2 else []
    assert not [
        sentence
        for sentence in wrong
        if any(re.search(rf"(?<![\d.-]){re.escape(one)}(?![\d.])", sentence) for one in unsaid)
    ]


# ------------------------------------------------------------------------------------------------- the command


def test_only_an_empty_folder_or_our_own_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(site, "build", lambda folder, moving: (folder.mkdir(), (folder / site.OURS).touch()))
    folder = tmp_path / "a" / "web"
    assert site.main([str(folder)]) == 0 and (folder / site.OURS).is_file()
    assert "Recording the figures" in capsys.readouterr().out
    (folder / "old.html").touch()
    assert site.main([str(folder), "--still"]) == 0 and not (folder / "old.html").exists()
    assert "Recording" not in capsys.readouterr().out
    (tmp_path / "mine.txt").write_text("mine")
    capsys.readouterr()
    assert site.main([str(tmp_path)]) == 1 and site.main([str(tmp_path / "mine.txt")]) == 1
    assert site.main([str(tmp_path / "mine.txt" / "web")]) == 1
    first, second, third = capsys.readouterr().err.splitlines()
    assert "is not empty" in first and "is no folder" in second and "can't be written" in third
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "problem, sentence",
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (site.Refused("02.ipynb: cell 3 is no cell"), "cell 3 is no cell"),
        (PermissionError(errno.EACCES, "Permission denied"), "can't be written (Permission denied)"),
    ],
    ids=["disk", "notebook", "permission"],
)
def test_trouble_is_one_sentence_and_leaves_the_old_site(tmp_path, monkeypatch, capsys, problem, sentence):
    def fail(folder, moving):
        raise problem

    (tmp_path / "web").mkdir()
    (tmp_path / "web" / site.OURS).touch()
    monkeypatch.setattr(site, "build", fail)
    assert site.main([str(tmp_path / "web")]) == 1
    said = capsys.readouterr().err
    assert sentence in said and said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["web"] and (tmp_path / "web" / site.OURS).is_file()


def test_the_old_site_is_back_where_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / site.OURS).touch()
    monkeypatch.setattr(site, "build", lambda folder, moving: None)  # then there is nothing to rename
    assert site.main([str(tmp_path / "web"), "--still"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["web"] and (tmp_path / "web" / site.OURS).is_file()


def test_its_tools_are_set_up_for_it_and_not_for_the_learner(monkeypatch):
    wanted = []
    monkeypatch.setattr(environment, "ensure", lambda *more: wanted.append(more))
    monkeypatch.setattr(dispatch.interpreters, "hand_over", lambda *given: None)
    dispatch.main(["site", "web"])
    dispatch.main(["solved", "web"])
    dispatch.main(["lab"])
    assert wanted == [(environment.SITE_LOCK,), (), ()]


def test_a_formula_that_cannot_be_drawn_is_refused():
    assert formulas.mathml(r"\frac{1}{2}", True).startswith("<math")
    with pytest.raises(ValueError, match=r"the formula '\\\\nosuch x' can't be drawn"):
        formulas.mathml(r"\nosuch x", False)


def test_the_letters_of_a_formula_are_in_the_font():
    drawn = formulas.letters(formulas.mathml(r"h < \eta \sqrt{w'} + \partial A", False))
    assert {"ℎ", "𝜂", "𝑤", "𝜕", "𝐴", "√", "′", "<"} <= drawn and "𝑥" not in drawn


def test_every_size_of_the_root_is_as_wide_as_the_smallest():
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(formulas.font(set("√μ")))) as font:
        variants = font["MATH"].table.MathVariants
        root = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord("√")])]
        names = [one.VariantGlyph for one in root.MathGlyphVariantRecord]
        names += [one.glyph for one in root.GlyphAssembly.PartRecords]
        assert len(names) > 4 and len({font["hmtx"][name][0] for name in names}) == 1
        assert all(font["glyf"][name].xMax <= font["hmtx"][name][0] + 40 for name in names)


def test_only_rules_that_a_page_uses_are_kept():
    css = ":root{--a:1;--b:2;}.used,.lost{color:var(--a);}.lost b{x:y;}@media (min-width:1px){.lost{x:y;}.used{x:y;}}"
    css += "@font-face{src:url(x)}"
    kept = styles.trimmed([css], ['<p class="used">'])
    assert kept == ":root{--a:1;}.used{color:var(--a);}@media (min-width:1px){.used{x:y;}}"


def test_figures_that_move_have_their_recording_and_their_picture(built):
    for number in MOVING:
        text = text_of(built, next(name for name in NAMES if name.startswith(number)))
        found = re.findall(
            r'<div class="gd-recorded" data-kind="(\w+)" data-figure="([\w-]+)"><div class="gd-still">(.)', text
        )
        assert found and all(begin == "<" for *_, begin in found) and "_static/figures.js" in text
        for kind, name, _ in found:
            file = (built / "_figures" / f"{name}.js").stat().st_size
            assert (built / "_figures" / f"{kind}.js").is_file() and file < recordings.MOST, f"{name}: {file}"
    for name in (name for name in NAMES if not name.startswith(MOVING)):
        assert "gd-recorded" not in text_of(built, name) and "figures.js" not in text_of(built, name)


def test_the_picture_of_a_live_figure_says_that_it_is_one(built):
    found = 0
    for path in notebooks.lessons():
        text, cells = text_of(built, path.stem), refresh.read(path)["cells"]
        live = [cell for cell in cells if cell["cell_type"] == "code" and figures.LIVE.search(cell["source"])]
        live = [cell for cell in live if "<img" in str(cell["outputs"])]
        notes = text.count("in the notebook</a> the figure moves and answers.")
        assert notes + text.count('class="gd-recorded"') == len(live), path.stem
        found += notes
    assert found > 12


def test_the_workflow_builds_and_publishes_what_the_command_builds():
    text = (notebooks.ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8")
    assert "python -m gdcourse site web" in text and "path: web" in text and environment.SITE_LOCK in text


# ---------------------------------------------------------------------------------------------- in a real browser


@pytest.fixture(scope="module")
def served(built):
    """The address of the site on this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=built)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Reader:
    """A page of the site in a browser without a network; what it asks for elsewhere and what goes wrong is noted."""

    # Nobody is there to bring what is elsewhere. To intercept what is asked for would cost the browser its cache.
    NOWHERE = {"server": "http://127.0.0.1:9", "bypass": "127.0.0.1"}

    def __init__(self, browser, address, **options):
        self.context = browser.new_context(**{"reduced_motion": "reduce", "proxy": self.NOWHERE, **options})
        self.address, self.trouble = address, []
        self.context.on("console", lambda said: said.type in ("error", "warning") and self.trouble.append(said.text))
        self.context.on("weberror", lambda problem: self.trouble.append(str(problem.error)))
        self.context.on("request", self._look)
        self.page = self.context.new_page()

    def _look(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.trouble.append(f"asked for {request.url}")

    def open(self, name):
        self.page.goto(f"{self.address}{name}.html", wait_until="load")
        return self.page


@pytest.fixture(scope="module")
def shared_reader(browser, served):
    """A page for many tests: one that is new takes longer to begin than most of them."""
    reader = Reader(browser, served)
    yield reader
    reader.context.close()


@pytest.fixture
def reader(shared_reader):
    """A page, 1,280 pixels wide, that remembers nothing, and whose trouble fails the test."""
    shared_reader.page.set_viewport_size({"width": 1280, "height": 900})
    shared_reader.trouble.clear()
    yield shared_reader
    assert not shared_reader.context.cookies(), "a cookie was set"
    shared_reader.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    assert not shared_reader.trouble, "\n".join(shared_reader.trouble)


OPEN_ALL = "() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }"
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? ""
    : Array.from(document.querySelectorAll("main *")).filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map(one => one.outerHTML.slice(0, 120)).join(" ")"""
ASKED = "() => performance.getEntriesByType('resource').map(one => one.name).filter(one => one.includes('_figures'))"
PAGES = [*NAMES, "index", "search"]
# Words of code and parts of formulas come thousands of times in few colours; to axe each kind of them is shown once.
ONCE = """() => {
    const seen = new Set();
    for (const one of document.querySelectorAll("pre span, math")) {
        const kind = `${one.tagName} ${one.className} ${one.closest("pre, p, li, td, div")?.tagName}`;
        if (seen.has(kind)) one.replaceWith(one.textContent); else seen.add(kind);
    }
}"""

# What stands around every page, and is looked at on a lesson's, the first and the search's: the course's contents, the
# page's own, and the ways on.
FRAME = ".bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, .prev-next-footer, .bd-footer-content"
FRAMELESS = f"() => {{ for (const one of document.querySelectorAll('{FRAME}')) one.remove(); }}"


# What has no words left has no colours either.
WORDLESS = """() => {
    for (const one of Array.from(document.querySelectorAll("article *")).reverse()) {
        const empty = !one.childElementCount && !one.textContent.trim();
        if (empty && !one.matches("input, button, .gd-recorded *")) one.remove();
    }
}"""


JUDGED = """async ([name, kind, many, texts]) => {
    const table = (await gdchecks.tables())[name];
    const said = texts.map(text => gdchecks.judged(table, kind, text, many));
    return said.map(({kind: told, lines: parts}) => [told, parts.slice(1).join(" ")]);
}"""


def typed(value):
    """Return a value as a reader types it."""
    return ", ".join(f"{one:.10g}" for one in np.ravel(value))


def answers(task):
    """Return the answers to a question that a page and the engine are both asked."""
    values = [task.value, *task.also, *(wrong for wrong, _ in task.mistakes)]
    if task.lines:
        values += [task.value[1:], task.value[:-1], [*task.value[2:], *task.value[:2]], [1, 1], [0, 1]]
    elif np.ndim(task.value):
        values += [list(task.value)[:-1], [*task.value, 77], [one * 2 for one in task.value]]
        values += [[*task.value[:-1], 7717], [one * (1 + task.tolerance / 3) for one in task.value]]
    else:
        values += [task.value * 2, -task.value, task.value / 10, task.value * (1 + task.tolerance / 2)]
    return [np.asarray(one).tolist() for one in values]


def said(page, task):
    """Return what a page says to these answers."""
    kind = "order" if task.lines else "numbers" if np.ndim(task.value) else "number"
    texts = [typed(one) for one in answers(task)]
    many = int(page.locator(f'[data-name="{task.name}"]').get_attribute("data-many"))
    if many and not task.lines:  # 3142 for [3, 1, 4, 2]
        texts[0] = texts[0].replace(", ", "")
    return page.evaluate(JUDGED, [task.name, kind, many, texts])


@dataclass
class Seen:
    """What is seen on the pages: what is too wide, what is a barrier, and what is said, by the question."""

    wide: list
    barriers: list
    said: dict


@pytest.fixture(scope="module")
def gone_through(browser, served):
    """What is seen on each page, opened once for all: as wide as a telephone, and then with the list of contents."""
    found, kinds = Seen([], [], {}), []
    reader = Reader(browser, served)
    for name in PAGES:
        framed = name in (NAMES[0], "index", "search")
        reader.page.set_viewport_size({"width": 360, "height": 300})
        page = reader.open(name)
        page.evaluate(OPEN_ALL)
        if what := page.evaluate(TOO_WIDE):
            found.wide.append(f"{name}: {what}")
        for task in QUESTIONS_ON.get(name[:2], ()):
            found.said[task.name] = said(page, task)
        page.set_viewport_size({"width": 1280, "height": 2200 if framed else 300})  # the contents' list is seen whole
        page.evaluate(ONCE)
        if not framed:
            page.evaluate(FRAMELESS)
        barriers = [f": {one}" for one in harness.axe(page, "html", harness.COLOURS, without=True).splitlines()]
        kinds = page.evaluate(harness.UNSEEN, kinds)
        page.evaluate(WORDLESS)
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            barriers += [f", {theme}: {one}" for one in harness.axe(page, "html", harness.COLOURS).splitlines()]
        found.barriers += [name + one for one in barriers]
    reader.context.close()
    assert not reader.trouble, "\n".join(reader.trouble)
    return found


def test_no_page_has_a_barrier_in_either_theme(gone_through):
    assert not gone_through.barriers, "\n".join(gone_through.barriers[:40])


def test_words_of_each_kind_are_seen_by_axe_once(reader):
    page, other = reader.open("01_follow_the_slope"), "<p class='faint' style='color: #777'>too faint</p>"
    seen = page.evaluate(harness.UNSEEN, [])
    assert page.evaluate(harness.UNSEEN, []) and not page.evaluate(
        "document.querySelector('main').innerText.length > 20000"
    )
    page.evaluate("text => { document.querySelector('article').insertAdjacentHTML('beforeend', text + text); }", other)
    assert len(page.evaluate(harness.UNSEEN, seen)) == len(seen) + 1
    assert harness.axe(page, "body", harness.COLOURS).count("color-contrast") == 1


def test_no_page_scrolls_sideways_on_a_telephone(browser, served, gone_through):
    assert not gone_through.wide
    reader = Reader(browser, served, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = reader.open("instructors")
    rows = page.evaluate("Array.from(document.querySelectorAll('tbody tr'), one => one.offsetHeight)")
    assert len(rows) > 50 and max(rows) < 500  # a cell with much to say is no tower of single words
    page = reader.open("search")
    page.locator(".primary-toggle").tap()
    assert page.get_by_role("link", name="2. Choose the step").is_visible()
    page = reader.open("19_share_the_work")
    page.locator(".secondary-toggle").tap()
    page.locator("dialog").get_by_role("link", name="Summary").tap()
    page.locator("dialog[open]").wait_for(state="detached")
    page.get_by_role("heading", name="Summary").wait_for()
    lines = page.locator(".gd-lines")
    assert lines.evaluate("one => one.scrollWidth <= one.clientWidth") and lines.locator("span").count() == 8
    reader.context.close()
    assert not reader.trouble, "\n".join(reader.trouble)


def shaded(page, element):
    """Return whether a shadow lies on the left and on the right side of an element, above its words."""
    with Image.open(io.BytesIO(page.screenshot(clip={**element.bounding_box(), "height": 4}))) as picture:
        row = np.asarray(picture.convert("L"), dtype=float)[3]
    return [bool(abs(row[place] - row[len(row) // 2]) > 20) for place in (3, -4)]


REACHED = "one => one.tabIndex === 0 && Array.from(one.querySelectorAll('img')).every(image => image.complete)"


def test_what_scrolls_sideways_on_a_telephone_shows_to_which_side(browser, served):
    reader = Reader(browser, served, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    for name, kinds in (
        ("02_choose_the_step", (".gd-formula", "pre")),
        ("glossary", ("table",)),
        ("09_build_an_mlp", (".gd-frame",)),
    ):
        page = reader.open(name)
        page.evaluate(OPEN_ALL)
        for kind, theme in itertools.product(kinds, ("light", "dark")):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            element = page.locator(f"article {kind}:visible").first
            most = element.evaluate("one => one.scrollWidth - one.clientWidth")
            assert most > 60, f"{kind} of {name} doesn't scroll: {most}"
            element.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 200)")
            page.wait_for_function(REACHED, arg=element.element_handle())
            for at, sides in ((0, [False, True]), (most // 2, [True, True]), (most, [True, False])):
                element.evaluate("(one, at) => { one.scrollLeft = at; }", at)
                assert shaded(page, element) == sides, f"{kind} of {name}, {theme}, scrolled by {at}"
    reader.context.close()
    assert not reader.trouble, "\n".join(reader.trouble)


def test_an_answer_is_checked_on_the_page_and_stays_there(reader):
    page = reader.open("02_choose_the_step")
    form = page.locator('[data-name="three_errors"]')
    field, said = form.get_by_role("textbox"), form.get_by_role("status")

    def answered(text, beginning):
        field.fill(text)
        field.press("Enter")
        said.get_by_text(beginning).wait_for()
        return said.inner_text()

    form.get_by_role("button", name="Check").click()
    asked = "three_errors: write a list of numbers, such as 2, 1, into the field, then press Check."
    said.get_by_text(asked).wait_for()
    wrong = answered("3, 1.8, 1.08", "is not right yet")
    expected = questions.judge(catalogue.find("three_errors"), [3, 1.8, 1.08])[1]
    assert expected[1] in wrong
    right = answered("-3; 1.8; −1,08", "is right")
    assert catalogue.find("three_errors").why in right
    assert "expected a list of numbers" in answered("nothing", "expected")
    answered("[-3, 9/5, -1.08]", "is right")
    page.reload()
    assert field.input_value() == "[-3, 9/5, -1.08]"
    said.get_by_text("is right").wait_for()
    # With keys: figures that still come may move the page under a pointer, which then clicks elsewhere.
    form.get_by_text("Solution", exact=True).press("Enter")
    expect(form.get_by_text("The answer to three_errors: [-3, 1.8, -1.08]")).to_be_visible()
    form.get_by_text("Hint 1 of 3").press("Enter")
    expect(form.get_by_text("Hint 2 of 3")).to_be_visible()
    assert not form.get_by_text("Hint 3 of 3").is_visible()


def told(task, value):
    """Return what the engine says to an answer, as the page is to say it."""
    said = recorded.told(task, value)
    return [said["kind"], " ".join(said["lines"])]


def test_the_pages_say_what_the_engine_says(gone_through):
    asked, unlike, unknown = 0, [], []
    for task in QUESTIONS:
        values = answers(task)
        with calculations.one_slip_on_paper():
            expected = [
                told(task, one if np.ndim(task.value) or task.lines else float(np.ravel(one)[0])) for one in values
            ]
        for value, one, other in zip(values, gone_through.said[task.name], expected, strict=True):
            asked += 1
            if one[0] != other[0]:
                unlike.append(f"{task.name} {value}: {one[0]}, expected {other[0]}")
            elif one[1] != other[1]:
                unknown.append(f"{task.name} {value}: {one[1]!r}, expected {other[1]!r}")
    assert asked > 500 and not unlike, "\n".join(unlike)
    assert len(unknown) <= asked * 0.02, f"{len(unknown)} of {asked}:\n" + "\n".join(unknown)


READ = """([texts, what, many]) => texts.map(text => {
    try { return gdchecks[what](text, many); } catch { return null; }
})"""


def test_the_pages_read_what_is_typed_as_the_notebook_does(reader):
    page = reader.open("08_read_digits")
    for what, typed_so, many in ("number", TYPED, 0), ("numbers", LISTED, 0), ("numbers", CODED, 5):
        texts = [text for text, _ in typed_so]
        for (text, value), read in zip(typed_so, page.evaluate(READ, [texts, what, many]), strict=True):
            assert read == (value if value is None else pytest.approx(value, rel=1e-12)), text


def test_the_pages_mark_code_and_emphasis_as_the_notebook_does(reader):
    page = reader.open("08_read_digits")
    assert page.evaluate("texts => texts.map(gdchecks.marked)", [text for text, _ in MARKED]) == [
        expected for _, expected in MARKED
    ]
    task = next(one for one in QUESTIONS if any("*row*" in hint for hint in one.hints))
    form = page.locator(f'[data-name="{task.name}"]')
    assert form.locator("em", has_text="row").count() == 1
    wrong, said = next((value, text) for value, text in task.mistakes if "*" in text)
    form.get_by_role("textbox").fill(typed(wrong))
    form.get_by_role("textbox").press("Enter")
    form.locator(".gd-said em").first.wait_for()
    assert "*" not in form.get_by_role("status").inner_text()


ROOTS = """() => Array.from(document.querySelectorAll("msqrt"), root => {
    const size = parseFloat(getComputedStyle(root).fontSize), whole = root.getBoundingClientRect();
    const inside = Array.from(root.children, one => one.getBoundingClientRect());
    return [Math.max(...inside.map(one => one.right)), Math.max(...inside.map(one => one.bottom))]
        .map((end, i) => ([whole.right, whole.bottom][i] - end) / size);
})"""


def test_roots_stand_on_their_line_and_leave_no_gap(reader):
    page = reader.open("14_go_beyond_sgd")
    page.evaluate(OPEN_ALL)
    page.evaluate("document.fonts.ready")
    roots = page.evaluate(ROOTS)
    assert len(roots) > 8 and all(gap < 0.05 and below < 0.45 for gap, below in roots)
    assert sum(below < 0.2 for _, below in roots) > 0.8 * len(roots)  # of a high one the next sign is a bit too high


def test_ninety_letters_of_code_fit_beside_the_sidebars(reader):
    page = reader.open("09_build_an_mlp")
    room = """() => {
        const code = document.querySelector(".cell_input pre");
        code.textContent = "0".repeat(90);
        return code.clientWidth - code.scrollWidth;
    }"""
    assert page.locator(".bd-sidebar-secondary").is_visible() and page.evaluate(room) == 0


def test_nothing_touches_the_edge_and_what_belongs_together_stays_so(reader):
    for width, least in ((1280, 16), (360, 8)):
        reader.page.set_viewport_size({"width": width, "height": 900})
        page = reader.open("search")
        edge = page.locator(".bd-article-container").bounding_box()["x"]
        for inside in ("main h1", "main .gd-search input", "#search-results"):
            assert page.locator(inside).bounding_box()["x"] - edge >= least, f"{inside} at {width}"
        page = reader.open("glossary")
        margins = (
            "Array.from(document.querySelectorAll('article h1'), one => parseFloat(getComputedStyle(one).marginTop))"
        )
        first, *others = page.evaluate(margins)
        assert first == 0 and others and min(others) > 30
        page = reader.open("00_start_here")
        lines = "Array.from(document.querySelectorAll('.gd-whole'), one => one.getClientRects().length)"
        assert {*page.evaluate(lines)} == {1}


def test_short_code_and_the_signs_beside_a_formula_are_kept_whole(built):
    assert re.search(r'<code class="gd-whole [^>]*><span class="pre">--</span>', text_of(built, "00_start_here"))
    text = text_of(built, "14_go_beyond_sgd")
    assert re.search(r'<span class="gd-whole"><math>.{,80}</math>\.</span></strong>', text)
    assert not re.search(r"</math>[.,;:!?)]", re.sub(r'<span class="gd-whole">.*?</span>', "", text))


def test_a_guess_waits_for_the_result(reader):
    page = reader.open("02_choose_the_step")
    task = catalogue.prediction("On a curve of curvature 4, which of these is the largest rate that converges?")
    form = page.locator(".gd-predict").first
    result = page.locator(".gd-result").first
    assert not result.locator("img").is_visible()
    form.get_by_text("0.55", exact=True).click()
    form.get_by_text("Your guess: 0.55. Now open the result below.").wait_for()
    assert not page.get_by_text(predictions.verdict("0.55", task)).is_visible()
    result.locator("summary").click()
    page.get_by_text(predictions.verdict("0.55", task)).wait_for()
    form.get_by_label("0.45", exact=True).check()
    page.get_by_text("You predicted: 0.45. Right.").wait_for()


class Moving:
    """A figure that plays what was recorded, on its page."""

    def __init__(self, page, number=0):
        page.evaluate(OPEN_ALL)
        self.page, self.place = page, page.locator(".gd-recorded").nth(number)
        self.place.scroll_into_view_if_needed()
        self.figure = self.place.locator(".gdcourse-figure")
        self.figure.wait_for()

    def says(self, words):
        """Wait until its text says so."""
        self.figure.locator(".gdcourse-text").get_by_text(words).wait_for()


def test_a_recorded_walk_answers_as_python_does(reader):
    page = reader.open("01_follow_the_slope")
    assert page.locator(".gd-still").get_attribute("hidden") is None and "_figures" not in str(page.evaluate(ASKED))
    moving = Moving(page)
    assert moving.place.locator(".gd-still").is_hidden() and moving.place.get_by_text("Recorded:").is_visible()
    rate = moving.figure.get_by_label("learning rate η", exact=True)
    rate.focus()
    page.keyboard.press("End")
    free = widgets.walk(functions.parabola, learning_rate=1.5, rates=(0.01, 1.5), steps=30)
    sentence = free.answer["runs"][0]["words"]
    assert sentence and "diverges" in sentence
    moving.says(sentence)
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    chosen = float(moving.figure.get_by_label("learning rate η, exact").input_value())
    begun = moving.figure.get_by_label("start w", exact=True)
    begun.focus()
    page.keyboard.press("Home")
    start = float(moving.figure.get_by_label("start w, exact").input_value())
    rows = descend(functions.parabola.gradient, start, SGD(chosen), 30)
    moving.says(f"Step 30 of 30: w = {rows[-1].item():.3g}".replace("-", "−"))
    marks = "Array.from(document.querySelectorAll('.gdcourse-figure canvas'), one => one.getAttribute('aria-label'))"
    assert (
        "diverges" not in page.evaluate(marks)[2].partition("The learning rates tried")[2]
    )  # another start: other marks
    moving.figure.get_by_role("button", name="Sweep all rates").click()
    moving.figure.get_by_text("flies away above").wait_for()
    assert "settles at 3 up to η = 1" in moving.figure.inner_text()


def test_a_recorded_walk_says_which_value_it_shows_in_the_place_of_another(reader):
    moving = Moving(reader.open("01_follow_the_slope"))
    rate, trouble = moving.figure.get_by_label("learning rate η, exact"), moving.figure.locator(".gdcourse-trouble")

    def typed(text):
        rate.fill(text)
        rate.press("Enter")

    for named in recordings.PINNED["01-7f482f12"][recordings.RATE]:
        typed(str(named))
        free = widgets.walk(functions.parabola, learning_rate=named, rates=(0.01, 1.5), steps=30)
        moving.says(free.answer["runs"][0]["words"])
        assert rate.input_value() == str(named) and not trouble.is_visible()
    typed("0.96")
    trouble.get_by_text("0.96 is not recorded; the figure shows 0.95, the nearest recorded one.", exact=True).wait_for()
    assert trouble.get_attribute("role") == "status" and rate.input_value() == "0.95"
    typed("1")
    trouble.wait_for(state="hidden")


def test_of_a_recorded_race_what_is_recorded_can_be_moved_and_nothing_else_is_offered(reader):
    page = reader.open("14_go_beyond_sgd")
    ravine, saddle = Moving(page), Moving(page, 1)
    choices = ravine.figure.get_by_label("hyperparameters of")
    assert choices.locator("option").all_inner_texts() == ["momentum"]
    momentum = ravine.figure.get_by_label("momentum", exact=True)
    momentum.press("End")
    assert ravine.figure.get_by_label("momentum, exact").input_value() == "0.95"
    for value, words in ((0.2, "diverges"), (0.4, "")):
        field = ravine.figure.get_by_label("momentum, exact")
        field.fill(str(value))
        field.press("Enter")
        racers = {"momentum": SGD(0.13, momentum=value), "plain SGD": SGD(0.095)}
        free = widgets.walk(functions.ravine, optimizer=racers, steps=40)
        assert words in free.answer["runs"][0]["words"]
        ravine.says(free.answer["runs"][0]["words"])
    assert saddle.figure.locator("select").count() == 0
    assert saddle.place.get_by_text("but no hyperparameter can be moved").is_visible()
    field = saddle.figure.get_by_label("start y, exact")
    field.fill("1")
    field.press("Enter")
    assert field.input_value() == "1" and not saddle.figure.locator(".gdcourse-trouble").is_visible()


def test_a_recorded_training_plays_and_its_epochs_can_be_gone_through(browser, served):
    reader = Reader(browser, served, viewport={"width": 1280, "height": 900})
    reader.page.clock.install()  # so that nobody waits for the training to play
    page = reader.open("12_stop_overfitting")
    watched, machine = Moving(page), Moving(page, 1)
    assert watched.figure.get_by_role("button").count() == 0
    last = watched.figure.locator(".gdcourse-text").inner_text()
    watched.place.get_by_role("button", name="Play the training").click()
    watched.says("No epoch is finished yet.")
    page.clock.run_for(2000)
    between = watched.figure.locator(".gdcourse-text").inner_text()
    assert "Epoch" in between and between != last
    page.clock.run_for(60_000)
    watched.says(last)
    before = machine.figure.locator(".gdcourse-text").inner_text()
    machine.figure.get_by_role("button", name="Epoch back").press("Enter")
    epoch = int(re.search(r"Epoch (\d+)", before)[1])
    machine.says(f"Epoch {epoch - 1} of")
    assert machine.figure.get_by_text("Draw").count() == 0
    reader.context.close()
    assert not reader.trouble, "\n".join(reader.trouble)


def test_recorded_figures_have_no_barriers_wide_or_narrow(reader):
    for name in (name for name in NAMES if name.startswith(MOVING)):
        reader.page.set_viewport_size({"width": 360, "height": 2000})
        page = reader.open(name)
        for number in range(page.locator(".gd-recorded").count()):
            Moving(page, number)
        assert not page.evaluate(TOO_WIDE), f"{name}: {page.evaluate(TOO_WIDE)}"
        page.set_viewport_size({"width": 1280, "height": 2000})
        assert not page.evaluate(TOO_WIDE), f"{name}: {page.evaluate(TOO_WIDE)}"
        page.evaluate(ONCE)
        page.evaluate(FRAMELESS)
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            assert not harness.axe(page, ".gd-recorded", harness.COLOURS if theme == "dark" else ())


GROUNDS = """() => {
    const above = one => one ? [getComputedStyle(one).backgroundColor, ...above(one.parentElement)] : [];
    return above(document.querySelector("article p")).filter(colour => colour !== "rgba(0, 0, 0, 0)");
}"""
CUT = """() => Array.from(document.querySelectorAll("article :is(pre, table, .gd-formula, .gd-frame)"))
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.outerHTML.slice(0, 120))"""


def test_a_page_is_printed_dark_on_white_and_nothing_is_cut_off(browser, served):
    reader = Reader(browser, served, viewport={"width": 680, "height": 960}, color_scheme="dark")  # an A4 page
    for name in ("09_build_an_mlp", "14_go_beyond_sgd"):
        page = reader.open(name)
        page.emulate_media(media="print", color_scheme="dark")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        colour = page.evaluate("getComputedStyle(document.querySelector('article p')).color")
        assert max(map(int, re.findall(r"\d+", colour)[:3])) < 100, colour
        assert page.evaluate(GROUNDS) == ["rgb(255, 255, 255)"]
        assert page.evaluate(CUT) == []
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    reader.context.close()
    assert not reader.trouble, "\n".join(reader.trouble)


def found(page):
    """Return what a search has found, once it has ended."""
    page.locator("#search-results").get_by_role("status").get_by_text("Search finished, found").wait_for()
    return page.locator("#search-results > ul > li")


def test_the_search_finds_a_word_and_the_theme_and_the_code_obey(reader):
    page = reader.open("search")
    page.locator("main").get_by_role("searchbox").fill("momentum")
    page.locator("main").get_by_role("searchbox").press("Enter")
    found(page).get_by_role("link", name="14. Go beyond SGD").first.click()
    page.wait_for_url("**/14_go_beyond_sgd.html*")
    modes = []
    for _ in range(3):
        page.locator(".gd-theme").click()
        modes.append(page.evaluate("document.documentElement.dataset.theme"))
    assert modes == ["light", "dark", "light"]
    code = page.locator(".gd-code:not(.gd-asks) pre").first
    page.get_by_role("button", name="Fold the code").click()
    assert not code.is_visible()
    page.reload()
    assert not code.is_visible()
    page.get_by_role("button", name="Unfold the code").click()
    assert code.is_visible()


SOUGHT = {  # what learners look for, and what the search is to name first
    "learning rate": "1. Follow the slope > The update rule",
    "learning rates": "1. Follow the slope",
    "gradient": "1. Follow the slope > The three parts",
    "softmax": "7. Measure surprise > From scores to probabilities",
    "momentum": "14. Go beyond SGD > Momentum: a step that remembers",
    "batch size": "13. Tune the run > Batch size",
    "shapes": "5. Mind the shapes",
    "overfitting": "12. Stop overfitting > Five hundred images",  # the fold that introduces it stays closed
    "dropout": "12. Stop overfitting > Dropout",
    "What is dropout?": "12. Stop overfitting",
    "chain rule": "9. Build an MLP",
    "nan": "1. Follow the slope",
    "Binder": "0. Start here",
}
ENTRIES = ("learning rate", "gradient", "softmax", "momentum", "overfitting", "dropout")


def test_what_a_search_has_found_stays_in_its_place_when_the_search_ends(reader):
    """Else a press on one may come to the one above it."""
    page = reader.open("search")
    place = "() => document.querySelector('#search-results > ul').getBoundingClientRect().top"
    page.locator("main").get_by_role("searchbox").fill("softmax")
    page.locator("main").get_by_role("searchbox").press("Enter")
    found(page)
    ended = page.evaluate(place)
    page.evaluate("() => { document.querySelector('#search-results > p').textContent = ''; }")  # as before the end
    assert page.evaluate(place) == ended


def test_the_search_names_the_lesson_that_teaches_a_thing_first_and_then_its_entry_in_the_glossary(reader):
    page = reader.open("search")
    for query, first in SOUGHT.items():
        field = page.locator("main").get_by_role("searchbox")
        field.fill(query)
        with page.expect_navigation():
            field.press("Enter")
        items = found(page)
        titles = items.evaluate_all("items => items.map(item => item.querySelector('a').innerText)")
        assert titles[0] == first and len({*titles}) == len(titles), f"{query}: {titles}"
        assert query not in ENTRIES or titles[1] == f"Glossary > {query}", f"{query}: {titles[1]}"
        items.first.locator("p").wait_for()
        assert items.first.locator("p .highlighted").count() or query not in ("softmax", "momentum", "nan")
        assert page.evaluate("() => document.querySelector('.highlighted:not(#search-results .highlighted)')") is None
    assert len(titles) == 3  # and not each page that has a link to Binder
    assert page.locator("main").get_by_role("searchbox").input_value() == "Binder"
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        assert not harness.axe(page, "main")
    items.first.get_by_role("link").click()
    page.wait_for_url("**/00_start_here.html")
    page.goto(f"{reader.address}search.html?q=xyzzy")
    page.get_by_role("status").get_by_text("No page has these words. Try one word").wait_for()


SHOWN = "async name => Search.htmlToText(await (await fetch(name)).text(), '')"


def test_no_result_of_the_search_gives_an_answer_away(reader, built):
    page = reader.open("search")
    shown = {path.stem: page.evaluate(SHOWN, path.name) for path in built.glob("*.html")}
    text = shown["12_stop_overfitting"]
    assert "What overfitting does to the loss" in text and "At 0.5 and at 1. Find both with the slider" not in text
    text = " ".join(shown.values())
    assert not [task.name for task in TASKS if task.why and task.why in text]
    assert "JavaScript" not in text.replace(shown["instructors"], "") and "Download the notebook" not in text
    assert len(gzip.compress((built / "searchindex.js").read_bytes(), 6)) < 50_000


def test_the_pages_work_from_a_disk(browser, built):
    reader = Reader(browser, built.as_uri(), viewport={"width": 1280, "height": 900})
    page = reader.page
    page.goto((built / "00_start_here.html").as_uri())
    form = page.locator('[data-name="first_slope"]')
    form.get_by_role("textbox").fill("8.05")
    form.get_by_role("button", name="Check").click()
    form.get_by_text("is right").wait_for()
    page.goto((built / "01_follow_the_slope.html").as_uri())
    Moving(page).says("Step 30 of 30")
    page.goto(f"{(built / 'search.html').as_uri()}?q=softmax")
    found(page).get_by_role("link", name="From scores to probabilities").click()
    page.wait_for_url("**/07_measure_surprise.html#*")
    reader.context.close()
    assert not reader.trouble
