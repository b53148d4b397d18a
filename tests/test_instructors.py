"""The instructors' page speaks of the lessons as they are: minutes that add up, names that exist, answers that hold."""

import re

import nbformat
import numpy as np
import pytest
import traitlets.config
from test_minutes import EXERCISES

from gdcourse import datasets, digits, mlp, optimizers
from gdcourse.commands import checkup, dispatch, notebooks, refresh
from gdcourse.exercises import catalogue
from gdcourse.exercises.definition import Exercise

PAGE = notebooks.FOLDER / "instructors.ipynb"
PLANS = (45, 60, 90)
PARTS = [
    "Say first", "The one picture", "Say last", "Minutes", "Type live", "What the room will trip over",
    "Which exercise for whom", "Vote", "Sketch", "When late",
]  # fmt: skip
SKETCHING = 2  # minutes: everybody draws on paper, then one learner in the figure
SECTION = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
RANGE = re.compile(r"(\d+)–(\d+)")
SPAN = r"(out|\d+–\d+)"
ROW = re.compile(rf"^\| (.+?) \| {SPAN} \| {SPAN} \| {SPAN} \| (.*?) ?\|$", re.MULTILINE)
WORK = re.compile(r"Exercise (\d+) `(\w+)`")
ASKS = re.compile(r'^- \*(.+?)\*: "[^"]+\?" \S', re.MULTILINE)  # a section, and what a room asks in it
SLIP = re.compile(r'^\d\. Exercise (\d+), `(\w+)`: "(.+?)"(?: |$)', re.MULTILINE)
ASKED = re.compile(r"^\d\. (Prediction|Our own:) \*(.+)\*$", re.MULTILINE)
RUN = re.compile(r"\d[\d.]*(?:, \d[\d.]*\d){2}")  # three numbers of a run
OPTION = re.compile(r"^   - (✓ )?\*(.+?)\*: .+$", re.MULTILINE)
DONE = re.compile(r"Exercise (\d) \((\d) min(?:, in ([\d and]+))?\)")
CODE = re.compile(r"`([^`\n]+)`")
SKETCH = re.compile(r"^widgets\.sketch\(", re.MULTILINE)
COMMAND = re.compile(r"`python3 -m gdcourse (\w+)([^`]*)`")
PLAN = re.compile(r"[Ll]esson (\d+)\]?(?:\([^)]*\))?, plan of (\d+)")
CLOCK = re.compile(r"^\| (\d+):(\d\d) \| (\d+):(\d\d) \| (.+) \|$", re.MULTILINE)


class Lesson:
    """What a lesson says of itself."""

    def __init__(self, path):
        cells = nbformat.read(path, 4).cells
        self.number, self.stem = int(path.name[:2]), path.stem
        self.prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        self.code = "\n\n".join(cell.source for cell in cells if cell.cell_type == "code")
        self.title = re.match(r"# \d+\. (.+)", self.prose)[1]
        self.minutes = re.search(r"\*\*Time\*\*: (\d+) minutes", self.prose)[1]
        self.headings = re.findall(r"^###? (.+)$", self.prose, re.MULTILINE)
        heads = re.findall(r"^## (.+)$", self.prose, re.MULTILINE)
        self.sections = heads[: heads.index("On your own") + 1]
        module = catalogue.lessons()[self.number]
        self.predictions = {item.question: item for item in module.PREDICTIONS}
        kinds = re.findall(r"^### Exercise (\d+): ([^\n]+)$", self.prose, re.MULTILINE)
        self.needs = {number: EXERCISES["read" if kind.startswith("read") else kind] for number, kind in kinds}
        self.tasks, known = {}, {task.name: task for task in module.EXERCISES}
        number, self.home, section = 0, {}, None
        self.voting, self.sketching, self.sketches, self.starts = set(), set(), [], []
        for cell in cells:
            for mark, text in re.findall(r"^(## |### Exercise )(\d+|.+)", cell.source, re.MULTILINE):
                section = section if mark.startswith("###") else text
                self.home |= {text.split(":")[0]: section} if mark.startswith("###") else {}
            if cell.cell_type == "code" and re.search(r"^predict\(", cell.source, re.MULTILINE):
                self.voting.add(section)
            if cell.cell_type == "code" and SKETCH.search(cell.source):
                self.sketching.add(section)
                self.sketches.append(cell.source)
                (picture,) = (output for output in cell.outputs if "text/plain" in output.get("data", {}))
                self.starts.append(re.search(r"it starts at (\(.+?\)|[\d.]+\d)", picture["data"]["text/plain"])[1])
            number = max([number, *map(int, re.findall(r"^### Exercise (\d+):", cell.source, re.MULTILINE))])
            name = re.match(r'@exercise\s+def (\w+)\(|answer\("(\w+)"', cell.source)
            if cell.cell_type == "code" and name:
                self.tasks[number] = known[name[1] or name[2]]

    def diagnoses(self, name):
        """Return what the check says of an exercise's wrong answers."""
        (task,) = (task for task in self.tasks.values() if task.name == name)
        return [slip.__doc__ if isinstance(task, Exercise) else slip[1] for slip in task.mistakes]


def lessons():
    return {int(path.name[:2]): Lesson(path) for path in notebooks.lessons()}


@pytest.fixture(scope="module")
def course():
    return lessons()


@pytest.fixture(scope="module")
def page():
    return [cell.source for cell in nbformat.read(PAGE, 4).cells]


def sections(page):
    """Return {lesson: its section}, and complain of one that comes twice."""
    found = [(int(match[1]), source) for source in page if (match := SECTION.match(source))]
    assert len(dict(found)) == len(found)
    return dict(found)


def parts(section):
    """Return {label: text} of a section, in its order."""
    pieces = re.split(r"^\*\*([A-Z][\w ]+)\*\*", section, flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], pieces[1::2]))


def amiss(lesson, section):
    """Return what is not as the lesson is."""
    number, title = SECTION.match(section).groups()
    told, found = parts(section), []
    if (int(number), title) != (lesson.number, lesson.title):
        found.append(f"the title is {lesson.title}")
    if f"[Lesson {number}]({lesson.stem}.ipynb) takes {lesson.minutes} minutes alone" not in section:
        found.append(f"the lesson claims {lesson.minutes} minutes")
    if list(told) != [part for part in PARTS if part != "Sketch" or lesson.sketching]:
        return [*found, f"the parts are {list(told)}"]
    found += plans(lesson, told["Minutes"])
    for label in ("The one picture", "Type live"):
        gone = [code for code in CODE.findall(told[label]) if code not in lesson.code and code not in lesson.prose]
        found += [f"{label}: the lesson has no {code}" for code in gone]
    numbered = {number: task.name for number, task in lesson.tasks.items()}
    given = [(int(one), name) for one, name in WORK.findall(told["Which exercise for whom"])]
    if sorted(given) != sorted(numbered.items()):
        found.append(f"for whom: {given} are not {numbered}")
    common = given_to_all(told["Minutes"])
    for line in re.findall(r"^- Ahead.*$", told["Which exercise for whom"], re.MULTILINE):
        found += [f"Exercise {one} is for all in the plan of 60" for one, _ in WORK.findall(line) if int(one) in common]
    early = r"\b(?:[Rr]un|[Ss]tart) (?!the first)[^.|]*\bearly\b"
    found += [f"it opens an answer: {said}" for said in re.findall(early, section)]
    for one, name, quoted in SLIP.findall(told["What the room will trip over"]):
        if numbered.get(int(one)) != name:
            found.append(f"{name} is not Exercise {one}")
        elif not any(f"{said} ".startswith(f"{quoted} ") and quoted[-1] in ".!?" for said in lesson.diagnoses(name)):
            found.append(f"{name}: no check says {quoted}")
    if len(SLIP.findall(told["What the room will trip over"])) != len(re.findall(r"^\d\. ", told[PARTS[5]], re.M)):
        found.append("a mistake without its exercise or its words")
    asked = told[PARTS[5]].partition("\n\nThey will ask:\n")[2]
    found += [f"they will ask: no heading {name}" for name in ASKS.findall(asked) if name not in lesson.headings]
    if len(ASKS.findall(asked)) != len(asked.strip().splitlines()):
        found.append("a question without its section or its answer")
    found += votes(lesson, told["Vote"]) + sketches(lesson, told.get("Sketch", ""))
    emphasised = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", told["When late"])) - {"On your own"}
    found += [f"when late: no heading {name}" for name in emphasised - set(lesson.headings)]
    named = " ".join(re.findall(r"Exercises? (\d(?:(?: to |, | and )\d)*)", section))
    found += [f"no Exercise {one}" for one in set(map(int, re.findall(r"\d", named))) - set(numbered)]
    return found


def given_to_all(text):
    """Return the numbers of the exercises that the table of minutes gives to the room in the plan of 60."""
    done = [work for row in ROW.findall(text) if row[2] != "out" for work in DONE.findall(row[4])]
    return {int(number) for number, _, only in done if not only or "60" in only}


def plans(lesson, text):
    """Return what is wrong with the table of minutes."""
    rows, found = ROW.findall(text), []
    names = [row[0] for row in rows if not row[0].startswith("*")]
    if names != lesson.sections:
        found.append(f"minutes: the sections are {lesson.sections}, not {names}")
    asks = {row[0] for row in rows if re.search(r"\b[Vv]ote\b", row[4])}
    found += [f"nothing to vote on in {name}" for name in sorted(asks - lesson.voting)]
    if {row[0] for row in rows if re.search(r"\b[Ss]ketch\b", row[4])} != lesson.sketching:
        found.append(f"minutes: the reader sketches in {sorted(lesson.sketching)}")
    given = [(number, int(need)) for *_, what in rows for number, need, _ in DONE.findall(what)]
    found += [
        f"Exercise {number} doesn't take {need} minutes" for number, need in given if lesson.needs[number] != need
    ]
    found += [
        f"Exercise {number} is not in {row[0]}"
        for row in rows
        for number, *_ in DONE.findall(row[4])
        if lesson.home.get(number) != row[0]
    ]
    if given != sorted(set(given)) or len(given) != sum(len(re.findall(r"Exercise \d", row[4])) for row in rows):
        found.append("minutes: an exercise out of its order, twice, or without its minutes")
    for column, whole in enumerate(PLANS, 1):
        clock = 0
        for row in rows:
            span = RANGE.fullmatch(row[column])
            if span and int(span[1]) == clock < int(span[2]):
                clock = int(span[2])
            elif row[column] != "out":
                found.append(f"plan of {whole}: {row[0]} is {row[column]}, and it was {clock}")
            done = [
                need for number, need, only in DONE.findall(row[4]) if not only or str(whole) in only.split(" and ")
            ]
            asked = len(re.findall(r"\b[Vv]ote\b", row[4])) + SKETCHING * len(re.findall(r"\b[Ss]ketch\b", row[4]))
            if span and sum(map(int, done)) + asked > int(span[2]) - int(span[1]):
                found.append(f"plan of {whole}: too little time for {row[0]}")
        if clock != whole:
            found.append(f"plan of {whole}: ends at {clock}")
    return found


def votes(lesson, text):
    """Return what is wrong with the questions to vote on."""
    asked, found = ASKED.findall(text), []
    pieces = ASKED.split(text)[3::3]
    if not 1 <= len(asked) <= 2 or any(not OPTION.search(piece) for piece in pieces):
        return ["one or two votes, each with its options"]
    for (kind, question), piece in zip(asked, pieces):
        options = [option for _, option in OPTION.findall(piece)]
        right = [option for mark, option in OPTION.findall(piece) if mark]
        if len(right) != 1 or len(options) < 2 or len(options) != piece.count("\n   - "):
            found.append(f"{question}: one of the options is right, and each has a word")
        found += [
            f"{question}: the lesson gives {run} to an exercise" for run in RUN.findall(question) if run in lesson.prose
        ]
        if kind == "Prediction":
            prediction = lesson.predictions.get(question)
            if not prediction or options != list(prediction.options) or right != [prediction.right]:
                found.append(f"{question}: the lesson asks otherwise")
    return found


def sketches(lesson, text):
    """Return what is wrong with what a room is asked to draw."""
    found = [f"sketch: it starts at {start}" for start in lesson.starts if f"It starts at {start}." not in text]
    for low, high in re.findall(r"ylim=\((\d+), ([\d.]+)\)\n?\)$", "\n".join(lesson.sketches), re.MULTILINE):
        if f"loss {low} to {high}" not in text:
            found.append(f"sketch: the figure goes from {low} to {high}")
    pieces = re.split(r"^\d\. \*.+\*", text, flags=re.MULTILINE)[1:]
    if len(pieces) != len(lesson.starts):
        found.append("sketch: each drawing of the lesson has its place")
    for piece in pieces:
        marks = [mark for mark, _ in OPTION.findall(piece)]
        if len(marks) < 2 or len(marks) - marks.count("") != 1 or len(marks) != piece.count("\n   - "):
            found.append("sketch: one of the drawings is right, and each has a word")
    return found


@pytest.mark.parametrize("number", range(21))
def test_a_section_is_as_its_lesson(number, course, page):
    assert amiss(course[number], sections(page)[number]) == []


def test_every_lesson_has_a_section_in_order(course, page):
    assert list(sections(page)) == list(course)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("## 3. Point uphill", "## 3. Point downhill", "the title is"),
        ("takes 60 minutes", "takes 50 minutes", "claims 60"),
        ("| 2–4 | 2–5 |", "| 2–4 | 2–6 |", "plan of 60: Two weights"),
        ("| 42–45 |", "| 42–46 |", "plan of 45: ends at 46"),
        ("| Warm-up |", "| Warmup |", "minutes: the sections are"),
        ("| out | 52–57 |", "| out | out |", "plan of 60: *Close*"),
        ("Exercise 2 (6 min)", "Exercise 2 (3 min)", "Exercise 2 doesn't take 3"),
        ("Exercise 5 (3 min, in 60 and 90)", "Exercise 1 (4 min)", "out of its order, twice"),
        ("Exercise 3 (4 min, in 90)", "Exercise 3 (4 min)", "plan of 45: too little time for Check it by nudging"),
        ("`return np.array([x, 20 * y])`", "`return np.array([y, 20 * x])`", "Type live: the lesson has no"),
        ("Exercise 3 `blind_spot`, ", "", "for whom"),
        ("Exercise 2, `gradient_of_g`", "Exercise 1, `gradient_of_g`", "is not Exercise 1"),
        ('"The third is the factor of y."', '"The third is that of y."', "no check says"),
        ('"The third is the factor of y."', '"The third is"', "no check says"),
        ("*45°*:", "*50°*:", "the lesson asks otherwise"),
        ("- ✓ *90°*", "- *90°*", "one of the options is right"),
        ("*45°*: a guess", "✓ *45°*: a guess", "one of the options is right"),
        ("leave out *A ravine in a network*", "leave out *A ravine in a toy*", "no heading A ravine in a toy"),
        ("Exercises 4 and 5", "Exercises 4 and 7", "no Exercise 7"),
        ("Sketch the path, then show it", "Vote on the path, run", "nothing to vote on in A ravine in a network"),
        ("Sketch the path, then show it", "Show it", "the reader sketches in ['A ravine in a network']"),
        ("Exercise 6 (4 min, in 90)", "Exercise 6 (4 min, in 60 and 90)", "plan of 60: too little time for A ravine"),
        ("starts at (−4, 0.8)", "starts at (4, 0.8)", "sketch: it starts at (−4, 0.8)"),
        ("- ✓ *to and fro", "- *to and fro", "sketch: one of the drawings is right"),
        ("**Vote**", "**Ask**", "the parts are"),
    ],
)
def test_what_is_not_as_the_lesson_is_said(old, new, complaint, course, page):
    section = sections(page)[3]
    assert old in section
    assert any(complaint in one for one in amiss(course[3], section.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("number", "old", "new", "complaint"),
    [
        (1, "w goes 2, 1.8, 1.56, 1.27", "w goes 6, 6.3, 6.63, 6.99", "the lesson gives 6, 6.3, 6.63 to an exercise"),
        (1, "- Ahead: Exercise 6", "- Ahead: Exercise 2 `steps_until_flat`, Exercise 6", "Exercise 2 is for all"),
        (18, "Vote: both have", "Run early. Vote: both have", "it opens an answer: Run early"),
        (1, '- *Move it yourself*: "', '- *Move it*: "', "they will ask: no heading Move it"),
        (2, 'Why?" At 2', 'Why." At 2', "a question without its section"),
    ],
)
def test_what_would_spoil_a_session_is_said(number, old, new, complaint, course, page):
    section = sections(page)[number]
    assert old in section
    assert any(complaint in one for one in amiss(course[number], section.replace(old, new, 1)))


def test_pages_are_made_before_a_run_changes_what_is_stored(page):
    days = table_after(page[1], "The day before")
    assert ["slides", "Run All"] == re.findall(r"(?<=Make the )slides|Run All(?= Cells)", days)


def answer_to(page, number, section):
    """Return what the page answers to a room's question about a section."""
    (said,) = re.findall(rf'^- \*{re.escape(section)}\*: ".+?\?" (.+)$', sections(page)[number], re.MULTILINE)
    return said


def test_answers_on_one_weight_hold(page):
    w, steps = 8.0, 0
    while (after := w - 0.1 * 2 * (w - 3)) != w:
        w, steps = after, steps + 1
    assert f"$w$ stops changing after {steps} steps, at {w}:" in answer_to(page, 1, "Thirty steps in one picture")
    w, path = 1.5, []
    for _ in range(2):
        w -= 0.5 * 4 * w**3
        path.append(f"{w:.3g}".replace("-", "−"))
    assert f"leads to {path[0]}, to {path[1]}, and away" in answer_to(page, 1, "Move it yourself")
    trained, landscape = digits.network().W[-1][16, 3], digits.one_weight()
    bottom = min(np.linspace(0.2, 0.4, 401), key=landscape)
    (wrong,) = {int((landscape.reads(w) != landscape.labels).sum()) for w in (trained, bottom)}
    said = answer_to(page, 1, "Repair the network")
    assert f"No, {trained:.3f}:" in said and f"and {wrong} are read wrong at both" in said
    assert f"the loss is {landscape(trained):.4f}, at the bottom {landscape(bottom):.4f}" in said
    w, path = 2.0, []
    for _ in range(4):
        w -= 0.6 * (w**3 + w**2 - 2 * w)
        path.append(f"{w:.1f}".replace("-", "−"))
    said = answer_to(page, 2, "A curve whose curvature changes")
    curvature = 3 * 2**2 + 2 * 2 - 2
    assert f"the curvature is {curvature}, so the threshold there is {2 / curvature:.2f}" in said
    assert f"leads to {path[0]}, then come {path[1]}, {path[2]} and {float(path[3]):.0f}:" in said


def test_the_answer_on_momentum_holds(page):
    said = answer_to(page, 14, "How much faster?")
    pairs = [tuple(map(float, pair)) for pair in re.findall(r"(0\.\d+) at (0(?:\.\d)?)\b", said)]
    assert len(pairs) == 3
    for limit, momentum in [*pairs, (0.13, 0.3)]:  # beside it, a run of two terms comes to rest, or flies away
        for rate, settles in ((0.98 * limit, True), (1.02 * limit, False)):
            error, velocity = 1.0, 0.0
            for _ in range(2000):
                velocity = momentum * velocity - rate * 20 * error
                error = max(min(error + velocity, 1e9), -1e9)
            assert (abs(error) < 1e-3) is settles, (limit, momentum, rate)


def test_answers_on_the_digits_hold(page):
    (x, labels), (x_test, y_test) = datasets.load_mnist()
    X, X_test = x.reshape(-1, 784) / 255, x_test.reshape(-1, 784) / 255
    said, many = answer_to(page, 9, "The same with one array"), (875, 1750, 3500, 7000)
    right = []
    for n in many:
        net = mlp.MLP((784, 64, 32, 10), seed=0, dtype=np.float64)
        net.fit(X[:n], labels[:n], epochs=70_000 // n, batch_size=32, optimizer=optimizers.SGD(0.1), seed=0)
        right.append((net.predict(X_test).argmax(axis=1) == y_test).mean())
    for told, share in zip(re.findall(r"0\.\d+", said), right, strict=True):
        assert abs(float(told) - share) < 0.0051
    assert {round(100 * (more - less)) for less, more in zip(right, right[1:])} == {2, 3}  # points
    equal = mlp.MLP((784, 64, 32, 10), dtype=np.float64)
    equal.w = np.full_like(equal.w, 0.01)
    equal.fit(X[:7000], labels[:7000], epochs=5, batch_size=32, optimizer=optimizers.SGD(0.1))
    names = sorted(set(equal.predict(X[:7000]).argmax(axis=1).tolist()))
    told = re.findall(r"names only ([\d, and]+)\.", answer_to(page, 9, "Why not start at zero?"))
    assert list(map(int, re.findall(r"\d", told[0]))) == names
    said = re.findall(r"\((0\.\d+)\)[^.]*? (?:at )(0\.\d\d) to (0\.\d\d)", answer_to(page, 14, "A race on the digits"))
    for kind, (rate, *told) in zip((optimizers.Adam, optimizers.SGD), said, strict=True):
        ends = []
        for seed in range(1, 4):
            net = mlp.MLP((784, 64, 32, 10), seed=seed, dtype=np.float64)
            net.fit(X[:7000], labels[:7000], epochs=5, batch_size=32, optimizer=kind(float(rate)), seed=seed)
            p = net.predict(X[7000:])[np.arange(1000), labels[7000:]]
            ends.append(-np.log(p).mean())
        assert [f"{min(ends):.2f}", f"{max(ends):.2f}"] == told
    assert f"uncertain by {2 * (0.82 * 0.18 / 200) ** 0.5:.2f}" in answer_to(page, 12, "Five hundred images")


def test_every_link_leads_to_what_it_names(course, page):
    for text, target in re.findall(r"\[([^\]]+)\]\((\w+)\.ipynb\)", "\n".join(page)):
        if target == "glossary":
            continue
        (lesson,) = (one for one in course.values() if one.stem == target)
        assert text in (f"{lesson.number}. {lesson.title}", f"lesson {lesson.number}", f"Lesson {lesson.number}")
    assert (notebooks.FOLDER / "glossary.ipynb").is_file()


def test_the_minutes_of_exercises_are_the_course_s_estimate(page):
    words = "3 to fill a gap or to order lines, 4 on paper, 6 to write a function, 7 to repair one."
    told = dict(zip(("fill the gap", "trace it", "write it", "repair a broken one"), re.findall(r"\d", words)))
    assert words in "\n".join(page)
    assert {kind: int(minutes) for kind, minutes in told.items()} == {kind: EXERCISES[kind] for kind in told}
    assert EXERCISES["put it in order"] == EXERCISES["fill the gap"]


def test_a_room_draws_in_the_lessons_named(course, page):
    (said,) = re.findall(r"In lessons ([\d, and]+) a curve or a path is predicted by drawing it", "\n".join(page))
    assert list(map(int, re.findall(r"\d+", said))) == [one.number for one in course.values() if one.sketching]
    assert sketches(course[2], parts(sections(page)[2])["Sketch"].replace("0 to 1.2", "0 to 1")) != []


def test_the_commands_are_those_of_the_course(course, page):
    text = "\n".join(page)
    named = COMMAND.findall(text)
    assert {"slides", "handout", "solved", "doctor", "room", "reset"} <= {name for name, _ in named}
    for name, rest in named:
        assert name in dispatch.COMMANDS
        source = (notebooks.ROOT / "gdcourse" / "commands" / f"{name}.py") if re.search("--", rest) else None
        assert not [option for option in re.findall(r"--[\w-]+", rest) if f'"{option}"' not in source.read_text()]
        for lesson, until in re.findall(r"(\d+) --until (\w+)", rest):
            assert until in [task.name for task in course[int(lesson)].tasks.values()]
    assert re.findall(r"A file is good for (\d+) days", text) == [str(checkup.DAYS)]


def test_no_sign_is_written_as_html_writes_it(page):
    assert re.findall(r"&\w+;", "\n".join(page)) == []  # the slides' notes would show it raw


def table_after(text, heading):
    """Return the text from a heading to the next one."""
    return re.split(r"^#+ ", text.split(f"\n## {heading}\n")[1], flags=re.MULTILINE)[0]


def wrong_plans(text, minutes):
    """Return the plans named in a row that don't fit its minutes; of several to choose from each must fit."""
    return [plan for plan in PLAN.findall(text) if int(plan[1]) not in PLANS or int(plan[1]) != minutes]


def clocks(text):
    """Yield (minute of the day, and that of the end, what) for each row."""
    for one, two, three, four, what in CLOCK.findall(text):
        yield 60 * int(one) + int(two), 60 * int(three) + int(four), what


def test_whole_courses_add_up(page):
    (courses,) = (source for source in page if source.startswith("# Whole courses"))
    taste = re.findall(r"^\| (\d+)–(\d+) \| (.+) \|$", table_after(courses, "A taste of two hours"), re.MULTILINE)
    ends = [0, *(int(end) for _, end, _ in taste)]
    assert ends[-1] == 120 and [int(start) for start, *_ in taste] == ends[:-1]
    assert not [what for start, end, what in taste if wrong_plans(what, int(end) - int(start))]
    for name, days in {"One day": 1, "Two days": 2}.items():
        tables = [list(clocks(part)) for part in table_after(courses, name).split("| from |")[1:]]
        assert len(tables) == days
        taught = []
        for rows in tables:
            assert rows[0][0] == 9 * 60 and [row[0] for row in rows[1:]] == [row[1] for row in rows[:-1]]
            assert not [what for start, end, what in rows if wrong_plans(what, end - start)]
            taught += [int(number) for *_, what in rows for number, _ in PLAN.findall(what)]
        assert taught == sorted(set(taught))
    weeks = re.findall(r"^\| (\d+) \| ([\d +]+) \| (.+) \|$", table_after(courses, "A term of twelve weeks"), re.M)
    assert [int(week) for week, *_ in weeks] == list(range(1, 13))
    for _, minutes, what in weeks:
        spans, choices = [int(one) for one in minutes.split(" + ")], [int(plan) for _, plan in PLAN.findall(what)]
        assert sum(spans) == 90 and (choices == spans or (len(spans) == 1 and set(choices) == set(spans)))
    assert sorted(int(number) for *_, what in weeks for number, _ in PLAN.findall(what)) == list(range(21))


def test_a_plan_that_does_not_fit_its_row_is_noticed():
    assert wrong_plans("[Lesson 3](03_point_uphill.ipynb), plan of 60", 60) == []
    assert wrong_plans("[Lesson 3](03_point_uphill.ipynb), plan of 60", 45) == [("3", "60")]
    assert wrong_plans("Lesson 15, plan of 90, or lesson 16, plan of 50", 90) == [("16", "50")]


def test_the_lessons_with_tensorflow_are_those_named(page):
    (said,) = re.findall(r"can be read and not run: ([\d, and]+)\.", "\n".join(page))
    assert re.findall(r"\d+", said) == [path.name[:2] for path in notebooks.with_tensorflow()]


def settings(**before):
    """Return what binder/jupyterhub_config.py makes of what a hub has set before."""
    config = traitlets.config.Config(before)
    source = (notebooks.ROOT / "binder" / "jupyterhub_config.py").read_text(encoding="utf-8")
    exec(compile(source, "jupyterhub_config.py", "exec"), {"get_config": lambda: config})
    return config


def test_the_hub_s_table_says_what_is_set(page):
    hub, config = next(source for source in page if source.startswith("# A hub for many")), settings()
    rows = dict(re.findall(r"^\| (.+?) \| (.+?) \| .+ \|$", table_after(hub, "What is set, and why"), re.MULTILINE))
    seconds = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", " ".join(config.Spawner.args))}
    assert rows["memory of a learner"] == config.Spawner.mem_limit.replace("G", " GB")
    assert rows["cores of a learner"] == f"{config.Spawner.cpu_limit:g}"
    assert {rows["threads of NumPy and TensorFlow"]} == set(config.Spawner.environment.get_value({}).values())
    assert f"after {seconds['cull_idle_timeout'] // 60} minutes" in rows["an idle kernel"]
    assert "--MappingKernelManager.cull_connected=True" in config.Spawner.args
    assert rows["an idle server"] == f"goes after {seconds['shutdown_no_activity_timeout'] // 60} minutes"
    assert re.findall(r"timeout:? (\d+)", hub) == [str(seconds["shutdown_no_activity_timeout"])] * 2
    assert rows["servers that start at once"] == str(config.JupyterHub.concurrent_spawn_limit)


def test_what_a_hub_has_set_for_its_own_spawner_does_not_overrule_the_file():
    own = settings(
        KubeSpawner={"environment": {"THEIRS": "1"}, "mem_guarantee": "1G"}, SystemdSpawner={"mem_limit": None}
    )
    assert own.SystemdSpawner.mem_limit == own.KubeSpawner.mem_limit == own.Spawner.mem_limit
    assert own.KubeSpawner.environment == {"THEIRS": "1"} | settings().Spawner.environment.get_value({})


def test_it_is_no_lesson_and_stands_in_the_normal_form():
    assert PAGE not in notebooks.lessons()
    stored = refresh.read(PAGE)
    assert refresh.text_of(refresh.normal_form(stored)).encode() == PAGE.read_bytes()
    assert {cell["cell_type"] for cell in stored["cells"]} == {"markdown"}
