"""A choice before a result, and after it one line on how the guess fared."""

import html
import re
import sys

from gdcourse.exercises import catalogue, memory, report

ASKS = re.compile(r"^(predict|widgets\.sketch)\(", re.MULTILINE)  # a cell that asks for a guess
CHOICE = "gdcourse-choice"  # the class of the live question
DRAWN = "what the reader has drawn"  # a prediction too, but no choice

guesses = {}  # what was chosen in this session, by question
_choices = {}  # the widget of each question: running a cell again shows the same one, with the guess in it
_open = {}  # the predictions that wait for the next cell, in order
_asking = set()  # those that the cell now running asks


def predict(question=None, options=()):
    """Ask for a guess before a result; the next cell that runs says how it fared, and nothing waits for it."""
    prediction = catalogue.prediction(question)
    if not isinstance(options, (list, tuple)) or list(options) != list(prediction.options):
        raise ValueError(f"The options of this prediction are {', '.join(map(repr, prediction.options))}.")
    plain = "\n".join([question, *(f"  - {option}" for option in options)])
    shell = _notebook()
    if not shell:
        print(plain)
        return
    from IPython.display import display

    _listen(shell)
    _open[question] = prediction
    _asking.add(question)
    items = "".join(f"<li>{report.marked(option)}</li>" for option in options)
    page = f"<p>{report.marked(question)}</p>\n<ul>{items}</ul>"
    choice = _choice(prediction)._repr_mimebundle_()
    if memory.unattended():  # stored, it is the question alone
        display({**choice, "text/plain": plain, "text/html": page}, raw=True)
        return
    display({"text/plain": plain, "text/html": report.before(CHOICE, "gdcourse-asked", page)}, raw=True)
    display({**choice, "text/plain": ""}, raw=True)


def expect():
    """Let the next cell begin as one that answers a prediction: the reader draws one now."""
    shell = _notebook()
    if shell:
        _listen(shell)
        _open[DRAWN] = None
        _asking.add(DRAWN)


def _notebook():
    """Return the shell of the notebook that runs this; None elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell if getattr(shell, "kernel", None) else None


def _choice(prediction):
    """Return the question with a button for each option, reached by Tab and pressed by Space, and the guess in words.

    Not radio buttons: JupyterLab takes the arrow keys that move between them.
    """
    import ipywidgets

    known = _choices.get(prediction.question)
    if known and known.comm:  # a closed widget has none
        return known
    asked = ipywidgets.HTML(report.marked(prediction.question))
    options = [(_bare(option), option) for option in prediction.options]
    buttons = ipywidgets.ToggleButtons(options=options, value=None, style={"button_width": "auto"})
    said = ipywidgets.HTML("Your guess: none yet")

    def chosen(change):
        # An alert is heard when it comes: the page has no place that stays, in which a change would be heard.
        said.value = f'<span role="alert">Your guess: {report.marked(change["new"])}</span>'
        _guess(prediction, change["new"])

    buttons.observe(chosen, "value")
    choice = _choices[prediction.question] = ipywidgets.VBox([asked, buttons, said]).add_class(CHOICE)
    return choice


def _bare(text):
    """Return a text without the marks of its code and its emphasis: a button shows no elements in its words."""
    return report.MARKED.sub(lambda found: found[1] or found[2], text)


def _guess(prediction, option):
    """Record what was chosen; whoever chooses after everything ran once waits for the next cell again."""
    guesses[prediction.question] = option
    _open[prediction.question] = prediction
    memory.remember("prediction", prediction.question, option)


def _listen(shell):
    """Have IPython call _cover before each cell and _answer after it, once, also when this module was loaded again."""
    for event, ours in {"pre_run_cell": _cover, "post_run_cell": _answer}.items():
        for callback in list(shell.events.callbacks[event]):
            if getattr(callback, "__module__", None) == __name__:
                shell.events.unregister(event, callback)
        shell.events.register(event, ours)


def _is_cell(info):
    """Say whether a cell was run, and not code of another program; the check of stored outputs keeps no history."""
    return bool((info.raw_cell or "").strip()) and (info.store_history or memory.unattended())


def _cover(info):
    """Let the output of the cell that answers begin with nothing: JupyterLab shows a folded output's first line."""
    if _open and _is_cell(info) and not ASKS.search(info.raw_cell):
        from IPython.display import display

        display({"text/html": "", "text/plain": ""}, raw=True)


def _answer(result):
    """Say below a cell's output how the guesses before it fared; cells that failed or only ask leave them waiting."""
    if _asking:
        _asking.clear()
        return
    if not result.success or not _is_cell(result.info):
        return
    for question, prediction in _open.items():
        if question in guesses:
            _say(verdict(guesses[question], prediction))
    _open.clear()


def _say(line):
    """Show a line below the output of the cell that ran; what has no marks is printed, as the cell's own lines are."""
    page = report.marked(line)
    if page == html.escape(line) or not _notebook():
        print(line)
        return
    from IPython.display import display

    display({"text/html": f'<p style="margin:0">{page}</p>', "text/plain": line}, raw=True)


def verdict(guess, prediction):
    """Return the line that compares a guess with the result, and what speaks against a wrong one."""
    if guess == prediction.right:
        return f"You predicted: {guess}. Right."
    against = prediction.counters.get(guess)
    return f"You predicted: {guess}. The result says: {prediction.right}.{f' {against}' if against else ''}"
