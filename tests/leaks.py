"""What no page may show too early: read from the lessons and their references, not from what makes the pages."""

import ast
import inspect
import json
import re
import textwrap
from dataclasses import dataclass

from gdcourse.exercises import catalogue
from gdcourse.exercises.definition import Exercise

FOLD = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
ASKS = re.compile(r"^(predict|widgets\.sketch)\(", re.MULTILINE)
WORDS = 4  # a sentence of fewer may stand in many places


@dataclass
class Prediction:
    """A question, or a drawing's text, what its result shows (texts and pictures), and the sentences of its answer."""

    question: str
    shown: list
    answer: list


class Lesson:
    """The secrets of one lesson."""

    def __init__(self, path):
        module = catalogue.lessons()[int(path.name[:2])]
        self.exercises = [one for one in module.EXERCISES if isinstance(one, Exercise)]
        self.names = [one.name for one in module.EXERCISES]
        self.lines = [tuple(one.lines) for one in module.EXERCISES if getattr(one, "lines", ())]
        self.hints = [plain(one.hints[-1]) for one in module.EXERCISES]
        self.folded, self.warm_up, self.predictions = [], [], []
        asked, shown, told, between, before = [], [], [], [], []
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                if ASKS.search(source):
                    asked.append(question_of(source, cell))
                elif asked:
                    shown += [text for text in texts(cell) if text not in before]  # the same may be printed again
                told += told_by(source, cell, between)
                before += texts(cell)
                continue
            if re.search(r"^##", source, re.MULTILINE):
                between.clear()
            for summary, text in FOLD.findall(source):
                self.folded += sentences(text)
                if summary == "Answer":
                    self.predictions += [Prediction(question, shown, sentences(text)) for question in asked]
                    asked, shown = [], []
                elif summary[0].isdigit():
                    self.warm_up.append((plain(summary), sentences(text)))
        # What the open text says as well is no secret.
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        said = plain(FOLD.sub("\n\n", text))
        self.folded = [sentence for sentence in self.folded if sentence not in said]
        self.told = told  # what cells print between an exercise and the next heading

    def lines_missing(self, sources):
        """Return the lines to be put in order, numbered as they came, of each exercise that shows them in no cell."""
        shown = ["\n".join(f"{number}  {line}" for number, line in enumerate(lines, 1)) for lines in self.lines]
        return [text for text in shown if not any(text in source for source in sources)]

    def solutions_in(self, sources):
        """Return the names of the exercises whose reference stands in one of these code cells."""
        found = []
        for exercise in self.exercises:
            right = body(ast.parse(textwrap.dedent(inspect.getsource(exercise.reference))).body[0])
            for source in sources:
                try:
                    nodes = ast.walk(ast.parse(source))
                except SyntaxError:
                    continue
                functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
                if any(node.name == exercise.name and body(node) == right for node in functions):
                    found.append(exercise.name)
        return found


def told_by(source, cell, between):
    """Return what a cell prints if an exercise stands before it under the same heading; note an exercise's cell."""
    if re.search(r"^@exercise|^answer\(", source, re.MULTILINE):
        between.append(source)
        return []
    return texts(cell) if between and not ASKS.search(source) else []


def question_of(source, cell):
    """Return the question of a prediction's cell; of one to be drawn, the text of its empty axes."""
    if source.startswith("predict("):
        return ast.literal_eval(ast.parse(source).body[0].value.args[0])
    return "".join(cell["outputs"][-1]["data"]["text/plain"])


def texts(cell):
    """Return what a cell shows: each longer line that it prints, and the beginning of each picture."""
    found = []
    for output in cell.get("outputs", ()):
        html = "".join(output.get("data", {}).get("text/html", ""))
        found += re.findall(r"base64,(\S{2000})", html) or re.findall(r"base64,([^\"]+)", html)
        text = "".join(output.get("text", "")) or (
            "" if html else "".join(output.get("data", {}).get("text/plain", ""))
        )
        found += [line.strip() for line in text.splitlines() if len(line.strip()) > 5]
    return found


def sentences(markdown):
    """Return the sentences of a text that are long enough to know again, as plain words."""
    found = [plain(part) for part in SENTENCE.split(markdown)]
    return [text for text in found if len(text.split()) >= WORDS]


def plain(text):
    """Return the words of Markdown alone, whatever its marks and links."""
    text = re.sub(r"<[^>]+>|\]\([^)]*\)", " ", text)
    return " ".join(re.findall(r"\w+", text)).lower()


def body(function):
    """Return a function's statements but for its docstring, in one layout."""
    return ast.unparse(function.body[bool(ast.get_docstring(function)) :])
