"""Every formula that a lesson prints is true: the tests find them in the notebooks and work them out.

A displayed formula is checked as it stands, an inline one if it says something of a loss, a gradient, a factor or an
update. The letters mean what the code says: the functions and lines of the notebook's own cells, the exercises' right
answers, the package. A lesson's `readings` name them, one Meaning for each use of the letters. Derivatives are central
differences. A formula with a letter that no reading knows fails: give the letter a meaning below.
"""

import ast
import functools
import itertools
import re
import types

import nbformat
import numpy as np
import pytest
from formulas import (
    Derived,
    Loss,
    Meaning,
    Unknown,
    Unreadable,
    differentiated,
    evaluate,
    holds,
    number,
    parse,
    slope,
    value,
)

from gdcourse import convolution, detection, embedding, functions, initializers, losses, optimizers, schedules
from gdcourse.attention import attend
from gdcourse.bags import MeanEmbedding, sigmoid
from gdcourse.commands import notebooks
from gdcourse.exercises import catalogue
from gdcourse.exercises.lessons import lesson_15 as exercises_15
from gdcourse.gradients import numerical_gradient
from gdcourse.lines import mean_squared_error
from gdcourse.mlp import MLP
from gdcourse.optimizers import SGD

LESSONS = {path.stem[:2]: path for path in notebooks.lessons()}
SEEDS = range(3)


# What the notebooks print


@functools.cache
def cells(lesson, kind):
    return [cell.source for cell in nbformat.read(LESSONS[lesson], 4).cells if cell.cell_type == kind]


@functools.cache
def printed(lesson):
    """Return (displayed formulas, inline formulas), each inline one as (text before it, formula, text after it)."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "code", "\n\n".join(cells(lesson, "markdown")), flags=re.DOTALL)
    displayed = re.findall(r"\$\$(.+?)\$\$", prose, re.DOTALL)
    rest = re.sub(r"\$\$.+?\$\$", "\n", prose, flags=re.DOTALL)
    rest = re.sub(r"\bonehot\$\(", r"$\\text{onehot}(", rest)  # the word stands before the dollar
    inline = [(rest[: m.start()], m[1], rest[m.end() :]) for m in re.finditer(r"\$([^$\n]+)\$", rest)]
    assert "$" not in re.sub(r"\$[^$\n]+\$", "", rest), "a dollar sign that opens no formula"
    return displayed, inline


def parts(formula):
    """Return what a displayed formula says, one equation after the other."""
    return [part.strip() for part in re.split(r"(?:\\q{1,2}uad\s*)+", formula) if part.strip()]


# What their letters mean


class Code:
    """The code of a notebook: its functions, with the right answers in place of the exercises, and its lines."""

    def __init__(self, lesson):
        self.imports, self.functions, self.assigned = [], [], {}
        for cell in cells(lesson, "code"):
            for statement in ast.parse(cell).body:
                self._keep(statement)

    def _keep(self, statement):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if not re.search("keras|tensorflow|matplotlib", ast.unparse(statement)):
                self.imports.append(ast.unparse(statement))
        elif isinstance(statement, ast.FunctionDef) and statement.decorator_list:
            pass  # an exercise: `run` puts its right answer in
        else:
            if isinstance(statement, ast.FunctionDef):
                self.functions.append(ast.unparse(statement))
            inside = getattr(statement, "name", "")
            for node in ast.walk(statement):
                if isinstance(node, ast.Assign):
                    self.assigned.setdefault(ast.unparse(node.targets[0]), []).append(ast.unparse(node.value))
                if isinstance(node, ast.Return) and inside:
                    self.assigned.setdefault(inside, []).append(ast.unparse(node.value))

    def run(self, **values):
        """Return the notebook's names after its imports and functions, with these values for the others."""
        names = types.SimpleNamespace(**vars(functions))
        exec("\n".join(self.imports), vars(names))
        for module in catalogue.lessons().values():
            for task in module.EXERCISES:
                if hasattr(task, "reference"):
                    setattr(names, task.name, task.reference)
        for source in self.functions:
            exec(source, vars(names))
        vars(names).update(values)
        return names

    def line(self, target, containing=""):
        """Return the lines that are assigned to a name, or returned by a function, and hold this text."""
        found = [line for line in self.assigned.get(target, []) if containing in line]
        assert found, f"no line of the notebook gives {target} with {containing!r}"
        return found


@functools.cache
def code(lesson):
    return Code(lesson)


def computed(names, line, letters):
    """Return a function of the Meaning that works a line of code out; letters: {name in the code: letter}."""

    def work(meaning):
        given = {name: number(meaning(letter)) for name, letter in letters.items()}
        return eval(line, vars(names) | given)

    return work


def on_a_curve(loss, gradients, more, name):
    """Return what the letters of lessons 1 and 2 mean on a curve. more: values of its own."""
    w = more["w"]
    take_step = lambda meaning: SGD(meaning("η")).step(meaning("w"), numerical_gradient(loss[0], meaning("w")))  # noqa: E731
    one_step = catalogue.find("one_step").reference
    L = Loss(("w",), *loss)
    gradient = slope(L, *gradients)
    letters = {
        "w": w,
        "L": L,
        "∇L": gradient,
        "L'": gradient,
        "w_next": Derived(take_step, lambda meaning: one_step(meaning("w"), gradients[0], meaning("η"))),
        "L''": slope(
            Loss(("w",), gradients[0]), lambda w: catalogue.find("curvature").reference(gradients[0], w, 1e-4)
        ),
        "h": 1e-4,
    }
    return Meaning(letters | more, name=name)


def imported(lesson, count, besides=None):
    """Return the landscapes of so many dimensions that a notebook imports, besides the one that it writes itself."""
    names = re.findall(r"from gdcourse.functions import (.+)", "\n".join(code(lesson).imports))
    found = [getattr(functions, name) for line in names for name in line.split(", ")]
    return [f for f in found if isinstance(f, functions.Function) and f.dimensions == count and f is not besides]


def lesson_01(rng):
    names, w, η = code("01").run(), rng.uniform(4, 8), rng.uniform(0.1, 0.4)
    lines = code("01").line("w", "gradient(w)") + code("01").line("w_next", "gradient(w)")
    own = on_a_curve(
        [names.loss, functions.parabola],
        [names.gradient, functions.parabola.gradient],
        {"w": w, "η": η},
        "the parabola",
    )
    by_lines = [computed(names, line, {"w": "w", "learning_rate": "η"}) for line in lines]
    own.letters["w_next"] = Derived(*own.letters["w_next"].ways, *by_lines)
    error = lambda w: w - functions.parabola.minimum[0]  # noqa: E731
    own.letters["factor"] = Derived(lambda m: error(m("w_next")) / error(m("w")))
    yield own
    for f in imported("01", 1, besides=functions.parabola):
        yield on_a_curve([f], [f.gradient], {"w": rng.uniform(1, 2), "η": η}, f.name)


def lesson_02(rng):
    c, w_star, w, η = rng.uniform(3, 5), rng.uniform(1, 2), rng.uniform(4, 8), rng.uniform(0.1, 0.4)
    names = code("02").run(c=c, w_star=w_star)
    nodes, weights = np.polynomial.legendre.leggauss(3)

    def height(w):
        """The area under the notebook's slope, from the minimum on; exact, since the slope is a straight line."""
        half = (w - w_star) / 2
        return half * sum(weights * names.gradient(w_star + half * (1 + nodes)))

    own = on_a_curve([height], [names.gradient], {"w": w, "η": η, "c": c, "w*": w_star}, "a parabola")
    lines = [
        computed(names, line, {"w": "w", "learning_rate": "η"}) for line in code("02").line("w_next", "gradient(w)")
    ]
    own.letters["w_next"] = Derived(*own.letters["w_next"].ways, *lines)
    own.letters["factor"] = Derived(
        lambda m: (m("w_next") - w_star) / (m("w") - w_star),
        computed(names, "1 - learning_rate * c", {"learning_rate": "η"}),
    )
    own.letters["shrinkage"] = Derived(lambda m: height(m("w_next")) / height(m("w")))  # of the loss
    own.letters["threshold"] = catalogue.find("shared_limit").reference([c])
    own.letters["size"] = Derived(
        *(computed(names, line, {"rates": "η"}) for line in ["abs(1 - rates * c)"]),
        lambda m: abs(m("w_next") - w_star) / abs(m("w") - w_star),
    )
    yield own
    signed = rng.uniform(-1, 4) / c
    shrinks = abs(w - signed * names.gradient(w) - w_star) < abs(w - w_star)
    yield Meaning({"η": signed, "c": c, "holds": shrinks}, name="a run that converges")
    for f in imported("02", 1):
        at = {"w": rng.uniform(1.5, 2.5), "η": η}
        reading = on_a_curve([f], [f.gradient], at, f.name)
        if numerical_gradient(f.gradient, 0.0) < 0:  # a hilltop at 0: the step of a run that starts beside it
            reading.letters["factor"] = Derived(lambda m, f=f: SGD(m("η")).step(1e-7, f.gradient(1e-7)) / 1e-7)
        yield reading
    for reading in lesson_01(rng):
        reading.letters.pop("factor", None)  # 1 - 2η must not stand for 1 - ηc
        yield reading


def lesson_03(rng):
    names = code("03").run()
    surfaces = {
        "the ravine": ([names.f, functions.ravine], [names.gradient, functions.ravine.gradient]),
        "g": ([names.g], [names.gradient_of_g]),
        **{f.name: ([f], [f.gradient]) for f in imported("03", 2, besides=functions.ravine)},
    }
    for name, (heights, gradients) in surfaces.items():
        x, y, η = rng.uniform(2, 3), rng.uniform(-2, -1), rng.uniform(0.01, 0.09)
        turn = rng.uniform(0, 2 * np.pi)
        u = np.array([np.cos(turn), np.sin(turn)])
        f = Loss(("x", "y"), *map(taking_two, heights))
        nabla = slope(f, *map(taking_two, gradients))
        steps = [after_a_step(g) for g in gradients]
        letters = {"x": x, "y": y, "f": f, "g": f, "∇f": nabla, "u": u, "η": η, "e": np.eye(2), "h": 1e-4}
        letters |= {
            "x_next": Derived(*(lambda m, step=step: step(m)[0] for step in steps)),
            "y_next": Derived(*(lambda m, step=step: step(m)[1] for step in steps)),
        }
        letters["θ"] = Derived(angle_to_gradient)
        yield Meaning(letters, name=name)
        vector = Loss(("x",), *heights)
        at = np.array([x, y])
        letters = {"x": at, "w": Derived(lambda m: m("x")), "f": vector, "∇f": slope(vector, *gradients)}
        yield Meaning(letters | {"n": 2, "h": 1e-4, "e": np.eye(2)}, name=f"{name}, with w = [x_1, x_2]")
    yield next(lesson_02(rng))
    yield from lesson_01(rng)


def taking_two(function):
    """Return a function of w as one that takes x and y, too."""
    return lambda *at: function(np.array(at) if len(at) == 2 else at[0])


def after_a_step(gradient):
    return lambda m: SGD(m("η")).step(np.array([m("x"), m("y")]), gradient(np.array([m("x"), m("y")])))


def angle_to_gradient(m):
    gradient = m("∇f").here()
    return np.arccos(gradient @ m("u") / np.linalg.norm(gradient) / np.linalg.norm(m("u")))


def lesson_04(rng):
    n = 5
    x, y, w, η = rng.normal(2, 1, n), rng.normal(4, 1, n), rng.normal(2, 1, 2), rng.uniform(0.01, 0.1)
    lines, names = code("04"), code("04").run(x=x, y=y)
    X = names.with_ones(x)
    package = mean_squared_error(x, y, ((0, 1), (0, 1)), (0, 0))
    heights = [names.loss, lambda w: names.mse(X, y, w), package]
    slopes = [names.gradient, lambda w: names.mse_gradient(X, y, w), package.gradient]
    shared = {
        "x": x, "y": y, "n": n, "η": η,
        "X": X,
        "y\u0302": Derived(lambda m: X @ m("w")),
        "r": Derived(
            computed(names, lines.line("residual", "a * x + b - y")[0], {"a": "a", "b": "b"}),
            computed(names, "X @ w - y", {"X": "X", "w": "w"}),
        ),
        "z": Derived(
            computed(names, lines.line("z")[0], {"x": "x"}),
            lambda m: catalogue.find("standardise").reference(m("x")[:, None], m("x")[:, None])[0][:, 0],
        ),
        "Z": Derived(lambda m: names.with_ones(m("z"))),
        "curvatures": Derived(lambda m: bends(lambda w: names.mse_gradient(X, y, w))),
        "scaled": Derived(lambda m: bends(lambda w: names.mse_gradient(m("Z"), y, w))),
        "mean": Loss(("x",), np.mean),
        "std": Loss(("x",), np.std),
    }  # fmt: skip
    loss = Loss(("a", "b"), *map(taking_two, heights))
    of_the_line = {"a": w[0], "b": w[1], "w": Derived(lambda m: np.array([m("a"), m("b")])), "L": loss}
    yield Meaning(shared | of_the_line | {"∇L": slope(loss, *map(taking_two, slopes))}, name="a line a, b")
    loss = Loss(("w",), *heights)
    gradient = slope(loss, *slopes)
    of_the_weights = {"a": Derived(lambda m: m("w")[0]), "b": Derived(lambda m: m("w")[1]), "L": loss, "∇L": gradient}
    stepped = Derived(*(lambda m, g=g: SGD(m("η")).step(m("w"), g(m("w"))) for g in slopes))
    yield Meaning(shared | of_the_weights | {"w": w, "w_next": stepped}, name="weights w")
    best = np.linalg.lstsq(X, y)[0]
    yield Meaning({"X": X, "y": y, "n": n, "w": best}, name="the best line")  # no L: there, a wrong gradient is 0 too
    yield from lesson_01(rng)


def bends(gradient):
    """Return the matrix of curvatures: how each slope changes with each of two weights, nudged."""
    at = np.array([0.7, -1.3])
    return np.array([numerical_gradient(lambda w, i=i: gradient(w)[i], at) for i in range(2)])


def for_batches(meaning):
    """Refuse dz for one image: the letter belongs to batches, where 1/n must not be missing."""
    raise Unknown("dz")


def onehot(labels, classes):
    return np.eye(classes)[np.asarray(labels, int)]


def lesson_07(rng):
    n, d, K = 4, 2, 3
    lines, names = code("07"), code("07").run()
    X, W, b, y = rng.normal(size=(n, d)), rng.normal(size=(d, K)), rng.normal(size=K), rng.integers(0, K, n)
    scores, log_softmax = lines.line("scores")[0], names.log_softmax

    def network(m):
        net = MLP((d, K), dtype=np.float64)
        net.set_weights([m("W"), m("b")])
        loss, gradient = net.loss_and_gradient(m("X"), m("y"))
        return {"L": loss, "dW": gradient[: d * K].reshape(d, K), "db": gradient[d * K :], "p": net.predict(m("X"))}

    by_hand = lambda m: names.layer_gradient(m("X"), m("p"), m("y"))  # noqa: E731
    batch = {
        "X": X, "W": W, "b": b, "y": y, "n": n, "e": np.e,
        "z": Derived(computed(names, scores, {"X": "X", "W": "W", "b": "b"})),
        "p": Derived(lambda m: names.softmax(m("z")), lambda m: network(m)["p"]),
        "L": Derived(
            lambda m: -log_softmax(m("z"))[np.arange(n), y].mean(),
            lambda m: names.cross_entropy(m("p"), y),
            lambda m: network(m)["L"],
        ),
        "ℓ": Derived(lambda m: -log_softmax(m("z"))[np.arange(n), y]),
        "onehot": lambda labels: onehot(labels, K),
    }  # fmt: skip
    codes = {"dW": [lambda m: by_hand(m)[0], lambda m: network(m)["dW"]]}
    codes["db"] = [lambda m: by_hand(m)[1], lambda m: network(m)["db"]]
    yield Meaning(with_slopes(batch, codes), first=0, name="a batch")
    row = {
        "x": X[0], "W": W, "b": b, "y": 2, "e": np.e, "c": 1.7,
        "z": Derived(computed(names, scores, {"X": "x", "W": "W", "b": "b"})),
        "p": Derived(lambda m: names.softmax_of_one(m("z")), lambda m: np.exp(log_softmax(m("z")[None]))[0]),
        "ℓ": Derived(lambda m: names.surprise(m("z")), lambda m: -log_softmax(m("z")[None])[0, 2]),
        "onehot": lambda labels: onehot(labels, K),
        "dz": Derived(for_batches),
    }  # fmt: skip
    yield Meaning(row, first=0, name="one image")
    p = rng.uniform(0.2, 0.9)
    surprise = Loss(("p",), lambda p: -np.log(p))
    yield Meaning({"p": p, "L": surprise, "∇L": slope(surprise)}, first=0, name="a probability")
    forecast = Loss(("q",), lambda q: np.dot([0.7, 0.3], -np.log([q, 1 - q])))  # what the forecaster expects
    yield Meaning({"q": p, "L": forecast, "∇L": slope(forecast)}, first=0, name="a forecast")
    scored = rng.normal(size=K)
    gradient = numerical_gradient(names.surprise, scored)
    known = {"p": names.softmax_of_one(scored), "y": 2, "onehot": row["onehot"], "gradient": gradient}
    yield Meaning(known, first=0, name="one image, its slopes")
    yield from lesson_04(rng)


def with_slopes(letters, codes):
    """Return the letters with d-letters: nudged first, then as the functions of the code give them."""
    nudged = lambda name: lambda m: differentiated(("name", "L"), ("name", name[1:]), m)  # noqa: E731
    return letters | {name: Derived(nudged(name), *ways) for name, ways in codes.items()}


def lesson_09(rng, zeros=False):
    n, sizes = 4, (3, 4, 4, 3) if zeros else (3, 5, 4, 3)
    lines, names = code("09"), code("09").run()
    net = MLP(sizes, dtype=np.float64)
    net.w = np.zeros(net.w.size) if zeros else rng.normal(size=net.w.size)
    weights = dict(zip(["W1", "b1", "W2", "b2", "W3", "b3"], net.get_weights()))
    X, y = rng.normal(size=(n, sizes[0])), rng.integers(0, sizes[-1], n)
    if zeros:
        _, a1, _, a2, _ = names.forward(X, **weights)
        yield Meaning({"a_1": a1, "a_2": a2}, first=0, name="all weights zero")
        return
    by_hand = names.loss_and_gradients(X, y, weights)[1]
    package = net.loss_and_gradient(X, y)[1]
    theirs = MLP(sizes, dtype=np.float64)
    theirs.w = package
    theirs = dict(zip(weights, theirs.get_weights()))
    letters = {"X": X, "y": y, "n": n, "e": np.e, "onehot": lambda labels: onehot(labels, sizes[-1])}
    letters |= {letter(name): array for name, array in weights.items()}
    inputs = {name: letter(name) for name in ["X", *weights, "z1", "a1", "z2", "a2", "z3"]}
    for name in ["z1", "a1", "z2", "a2", "z3"]:
        line = lines.line(name)[0]
        used = {one: inputs[one] for one in re.findall(r"\w+", line) if one in inputs}
        letters[letter(name)] = Derived(computed(names, line, used))
    letters["p"] = Derived(lambda m: names.softmax(m("z_3")), lambda m: net.predict(X))
    letters["L"] = Derived(lambda m: names.cross_entropy(m("z_3"), y), lambda m: net.evaluate(X, y)[0])
    codes = {f"d{letter(name)}": [lambda m, s=name: by_hand[s], lambda m, s=name: theirs[s]] for name in weights}
    yield Meaning(with_slopes(letters, codes), first=0, name="the network")
    yield from lesson_09(rng, zeros=True)
    flat = MLP(sizes, dtype=np.float64)

    def loss_at(w):
        flat.w = w
        return flat.loss_and_gradient(X, y)

    loss = Loss(("w",), lambda w: loss_at(w)[0])
    gradient = slope(loss, lambda w: loss_at(w)[1])
    after = Derived(lambda m: SGD(m("η")).step(net.w, loss_at(net.w)[1]))
    yield Meaning({"w": net.w, "η": 0.1, "L": loss, "∇L": gradient, "w_next": after}, first=0, name="one flat array")

    a, W, b, labels = letters["X"], rng.normal(size=(3, 4)), rng.normal(size=4), rng.integers(0, 4, n)
    last = computed(names, lines.line("z3")[0], {"a2": "a", "W3": "W", "b3": "b"})
    layer = {"a": a, "W": W, "b": b, "y": labels, "n": n, "e": np.e, "onehot": lambda some: onehot(some, 4)}
    layer |= {"z": Derived(last), "p": Derived(lambda m: names.softmax(m("z")))}
    layer["L"] = Derived(lambda m: names.cross_entropy(m("z"), labels))
    yield Meaning(layer, first=0, name="the last layer")

    row = {"z": rng.normal(size=4), "e": np.e, "y": 2, "onehot": layer["onehot"], "dz": Derived(for_batches)}
    row["p"] = Derived(lambda m: names.softmax(m("z")[None])[0])
    row["L"] = Derived(lambda m: names.cross_entropy(m("z")[None], [2]))
    yield Meaning(row, first=0, name="one image")

    # One layer back: whatever comes above, to the first order it is the slopes dz times the scores.
    z, dz = rng.normal(size=(n, 3)), rng.normal(size=(n, 4))
    back = {"z": z, "dz": dz, "W": W, "b": b, "a": Derived(computed(names, lines.line("a1")[0], {"z1": "z"}))}
    back["L"] = Derived(lambda m: np.sum(dz * (m("a") @ m("W") + m("b"))))
    below = lambda m: names.layer_below(dz, W, z, m("a"))[0]  # noqa: E731
    back["dz_below"] = Derived(lambda m: Meaning(back)("dz_of_z"), below)
    back["dz_of_z"] = Derived(lambda m: numerical_gradient(lambda v: np.sum(dz * (np.maximum(v, 0) @ W + b)), z))
    yield Meaning(back, first=0, name="one layer back")
    forward = {"X": X, "W": W, "b": b}
    first = lambda m: names.forward(m("X"), m("W"), m("b"), *[np.ones((4, 4)), 0] * 2)[1]  # noqa: E731
    yield Meaning(forward | {"a": Derived(first)}, first=0, name="the first layer")

    p = rng.uniform(0.2, 0.9)
    surprise = Loss(("p",), lambda p: -np.log(p))
    yield Meaning({"p": p, "L": surprise, "∇L": slope(surprise)}, first=0, name="a probability")
    yield from lesson_01(rng)


def lesson_10(rng):
    yield from lesson_09(rng)  # the same network
    yield next(lesson_02(rng))


def lesson_12(rng):
    W, r, a, w = rng.normal(size=(4, 3)), rng.uniform(0.1, 0.7), rng.normal(), rng.normal()
    X, y, strength = rng.normal(size=(5, 4)), rng.integers(0, 3, 5), rng.uniform(0.01, 0.5)
    plain, priced = MLP((4, 3), dtype=np.float64), MLP((4, 3), dtype=np.float64, l2=strength)
    plain.W = priced.W = [W]
    dW, with_penalty = (net.views(net.loss_and_gradient(X, y)[1])[0][0] for net in (plain, priced))
    by_fit = Derived(lambda m: W - m("η") * with_penalty)
    yield Meaning({"W": W, "λ": strength, "η": 0.1, "dW": dW, "W_next": by_fit}, first=0, name="a step with a penalty")

    def costs(w):
        plain.W[0][1, 2] = priced.W[0][1, 2] = w
        others = strength * (np.sum(W**2) - W[1, 2] ** 2)
        return priced.loss_and_gradient(X, y)[0] - plain.loss_and_gradient(X, y)[0] - others

    by_hand = lambda w: code("12").run().l2_gradients([np.full((1, 1), w), np.ones(1)], strength)[0][0, 0]  # noqa: E731
    loss = Loss(("w",), costs)
    yield Meaning({"w": w, "λ": strength, "P": loss, "∇P": slope(loss, by_hand)}, first=0, name="the price of a weight")
    yield Meaning({"a": a, "r": r}, first=0, name="one output under dropout")


def lesson_13(rng):
    peak, T = rng.uniform(0.4, 0.6), int(rng.integers(50, 100))
    floor, step = peak / 10, int(rng.integers(T))
    theirs = schedules.CosineDecay(peak, T, alpha=0.1)
    ours = catalogue.find("cosine_rate").reference
    rate = Derived(lambda m: ours(step, T, peak, floor), lambda m: theirs(step))
    yield Meaning({"p": peak, "q": floor, "t": step, "T": T, "π": np.pi, "η": rate}, name="a schedule")
    yield next(lesson_02(rng))


def lesson_14(rng):
    η, μ, ρ, β_1, β_2, ε, λ = rng.uniform(0.1, 0.2), *rng.uniform(0.5, 0.9, 4), rng.uniform(0.2, 0.4), 0.3
    w, v, m = rng.normal(size=(3, 3))
    G, s, t = *rng.uniform(0.5, 2, (2, 3)), 4
    height = lambda w: np.sum(np.square(w) * [1, 3, 2]) / 2  # noqa: E731
    loss, gradient = Loss(("w",), height), w * [1, 3, 2]
    known = {"w": w, "L": loss, "∇L": slope(loss), "η": η, "ε": ε}

    def stepped(name, state, letters, *settings, package=()):
        """Return a reading of one method: what its letters become, by the exercise and by the package's optimizer."""
        after = catalogue.find(name).reference(w, *state.values(), gradient, η, *settings)
        ways = [lambda m: after[0]]
        for optimizer, remembered in package:
            vars(optimizer).update(remembered)
            ways.append(lambda m, moved=optimizer.step(w, gradient): moved)
        new = {f"{letter}_next": value for letter, value in zip(state, after[1:])}
        return Meaning(known | state | new | letters | {"w_next": Derived(*ways)}, elementwise=True, name=name)

    heavy = {"velocity": v}
    yield stepped("momentum_step", {"v": v}, {"μ": μ}, μ, package=[(SGD(η, μ), heavy)])
    yield stepped("nesterov_step", {"v": v}, {"μ": μ}, μ, package=[(SGD(η, μ, nesterov=True), heavy)])
    yield stepped("adagrad_step", {"G": G}, {}, ε, package=[(optimizers.Adagrad(η, 0.1, ε), {"accumulator": G})])
    of_rms = (optimizers.RMSprop(η, ρ, 0.0, ε), {"mean_square": s})
    yield stepped("rmsprop_step", {"s": s}, {"ρ": ρ}, ρ, ε, package=[of_rms])
    state, remembered = {"m": m, "s": s, "t": t - 1}, {"mean": m, "mean_square": s, "iterations": t - 1}
    corrected = η * np.sqrt(1 - β_2**t) / (1 - β_1**t)
    letters = {"β_1": β_1, "β_2": β_2, "η_t": corrected, "t": t, "λ": λ}
    of_adam = (optimizers.Adam(η, β_1, β_2, ε), dict(remembered))
    yield stepped("adam_step", state, letters, β_1, β_2, ε, package=[of_adam])
    decayed = optimizers.AdamW(η, λ, β_1, β_2, ε)
    vars(decayed).update(remembered)
    reading = stepped("adam_step", state, letters, β_1, β_2, ε)
    moved, by_hand = decayed.step(w, gradient), reading("w_next") - η * λ * w
    ways = Derived(lambda m: moved, lambda m: by_hand)
    yield Meaning(reading.letters | {"w_next": ways}, elementwise=True, name="AdamW")
    c, w_star, w1, v1 = rng.uniform(3, 5), *rng.normal(size=3)
    after = catalogue.find("momentum_step").reference(w1, v1, c * (w1 - w_star), η, μ)
    yield Meaning(
        {"w": w1, "w*": w_star, "v": v1, "c": c, "η": η, "μ": μ, "w_next": after[0], "v_next": after[1]},
        name="momentum on a parabola",
    )
    smallest, largest = rng.uniform(1, 2), rng.uniform(10, 50)
    rate, share = best_for(smallest, largest)
    yield Meaning(
        {"c_min": smallest, "c_max": largest, "η": rate, "μ": share, "κ": Derived(lambda m: m("c_max") / m("c_min"))},
        name="the best momentum",
    )
    yield Meaning(
        {"c_min": smallest, "c_max": largest, "η": best_plain(smallest, largest)}, name="plain SGD in a ravine"
    )
    yield next(lesson_02(rng))


def best_plain(smallest, largest):
    """Return the rate with which plain SGD shrinks the slower of two directions most, found by looking for it."""
    worst = lambda η: max(abs(1 - η * smallest), abs(1 - η * largest))  # noqa: E731
    low, high = 0.0, 2 / largest
    for _ in range(120):
        one, other = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, other) if worst(one) < worst(other) else (one, high)
    return (low + high) / 2


def best_for(smallest, largest):
    """Return the course's rate and momentum with the smallest worst eigenvalue, held against neighbours."""
    size = lambda c, η, μ: np.abs(np.linalg.eigvals([[1 - η * c, μ], [-η * c, μ]])).max()  # noqa: E731
    work = catalogue.find("best_for_ravine").work
    η, μ = work(smallest, largest)
    best = max(size(smallest, η, μ), size(largest, η, μ))
    for a, b in itertools.product((-0.01, 0, 0.01), repeat=2):
        assert max(size(c, η * (1 + a), μ * (1 + b)) for c in (smallest, largest)) >= best - 1e-6
    return η, μ


def lesson_11(rng):
    yield Meaning({"e": np.e}, name="numbers alone")
    d, v, x = 6, rng.uniform(0.2, 3), rng.normal(1, 2, 6)
    signs = np.sqrt(v) * np.array(list(itertools.product([-1, 1], repeat=d)))  # weights of mean 0 and variance v, all
    letters = {"x": x, "d": d, "v": v, "q": np.mean(x**2), "z": signs @ x, "var": np.var}
    yield Meaning(letters, name="a unit with random weights")
    glorot = Derived(lambda m: initializers.VARIANCES["glorot"](m("inputs"), m("outputs")))
    r = Derived(lambda m: np.sqrt(12 * m("v")) / 2)  # half of the width of numbers drawn evenly
    yield Meaning({"inputs": 5, "outputs": 8, "v": glorot, "r": r}, name="Glorot")


def lesson_20(rng):
    yield Meaning({"p": rng.uniform(0.1, 0.9)}, name="a share that is right")


def lesson_19(rng):
    sizes = np.array([3, 1, 5, 2])
    m, where = int(sizes.sum()), np.split(np.arange(sizes.sum()), np.cumsum(sizes)[:-1])
    X, y, net = rng.normal(size=(m, 4)), rng.integers(0, 3, m), MLP((4, 5, 3), dtype=np.float64)
    net.w = rng.normal(size=net.w.size)

    def loss_at(w, rows=slice(None)):
        net.w = w
        return net.loss_and_gradient(X[rows], y[rows])

    w = net.w.copy()
    g = np.array([loss_at(w, rows)[1] for rows in where])
    joined = catalogue.find("add_up").reference(list(g), list(sizes))
    loss = Loss(("w",), lambda w: loss_at(w)[0])
    gradient = slope(loss, lambda w: joined)
    yield Meaning({"w": w, "L": loss, "∇L": gradient, "g": g, "n": sizes, "m": m}, first=0, name="shares")


def lesson_15(rng):
    b = rng.normal(size=3)
    x, K, dZ = rng.normal(size=(3, 4, 4)), rng.normal(size=(4, 3)), rng.normal(size=(3, 2, 2, 3))
    views = convolution.windows(x, 2, strides=2)
    R, rows = views.reshape(-1, 4), dZ.reshape(-1, 3)
    places = [(n, i, j) for n in range(3) for i in (0, 2) for j in (0, 2)]
    by_place = [[np.sum(x[n, i : i + 2, j : j + 2].ravel() * kernel) for kernel in K.T] + b for n, i, j in places]
    slopes = exercises_15.kernel_gradient(views, dZ)
    nudged = [numerical_gradient(lambda v: np.sum(rows * (R @ v + b)), K)]
    nudged += [numerical_gradient(lambda v: np.sum(rows * (R @ K + v)), b)]
    letters = {"R": R, "K": K, "b": b, "dZ": rows, "Z": Derived(lambda m: np.array(by_place))}
    letters |= {
        name: Derived(lambda m, i=i: nudged[i], lambda m, i=i: slopes[i]) for i, name in enumerate(["dK", "db"])
    }
    yield Meaning(letters, first=0, name="a convolution")

    windows, targets = rng.normal(size=(6, 16, 16)), np.hstack([rng.integers(0, 11, (6, 1)), rng.random((6, 4))])
    loss = lambda weight: detection.Detector(weight, 2).loss_and_gradient(windows, targets)[0]  # noqa: E731
    strength = rng.uniform(1, 20)
    parts = {"L": loss(strength), "L_class": loss(0), "L_box": loss(1) - loss(0), "λ": strength}
    yield Meaning(parts, name="the detector's loss")

    pixels = rng.integers(0, 8, (2, 2))
    boxes = np.hstack([pixels, pixels + rng.integers(4, 12, (2, 2))])
    sets = [{(i, j) for i in range(t, b) for j in range(l, r)} for t, l, b, r in boxes.tolist()]  # noqa: E741
    ways = [lambda m, f=f: f(*boxes) for f in (detection.intersection_over_union, exercises_15.intersection_over_union)]
    counted = {"A": len(sets[0]), "B": len(sets[1]), "common": len(sets[0] & sets[1]), "IoU": Derived(*ways)}
    yield Meaning(counted, name="two boxes")
    yield from lesson_09(rng)


def lesson_18(rng):
    places, d = 5, 3
    q, K, V, g = rng.normal(size=d), *rng.normal(size=(2, places, d)), rng.normal(size=d)
    by_hand = [
        catalogue.find("attend").reference,
        lambda q, K, V: [one[0] for one in attend(q[None], K[None], V[None])],
    ]
    backwards = catalogue.find("attend_gradient").reference
    letters = {
        "q": q, "K": K, "V": V, "d": d, "softmax": lambda z: np.exp(losses.log_softmax(z[None].copy()))[0],
        "z": Derived(lambda m: m("K") @ m("q") / np.sqrt(d)),
        "a": Derived(lambda m: m("softmax")(m("z")), *(lambda m, way=way: way(*map(m, "qKV"))[1] for way in by_hand)),
        "c": Derived(lambda m: m("a") @ m("V"), *(lambda m, way=way: way(*map(m, "qKV"))[0] for way in by_hand)),
        "L": Derived(lambda m: g @ m("c")),
    }  # fmt: skip
    slopes = lambda m: backwards(g, q, K, V, by_hand[0](q, K, V)[1])  # noqa: E731
    codes = {f"d{name}": [lambda m, i=i: slopes(m)[i]] for i, name in enumerate("qKV")}
    yield Meaning(with_slopes(letters, codes), name="one look-up")
    yield next(lesson_01(rng))


def letter(name):
    """Return how the lesson prints a name of its code: W1 is W_1."""
    return re.sub(r"(\d)$", r"_\1", name)


def lesson_16(rng):
    names, A, B, M = code("16").run(), *rng.uniform(0, 0.3, (2, 3)), 1.2
    places = lambda m: np.stack([m("A"), m("B")])[None]  # noqa: E731
    distance = Derived(lambda m: names.distances(places(m))[0], lambda m: embedding._apart(places(m))[1][0])
    for name, same in {"the same person": 1, "two people": 0}.items():
        package = lambda m, same=same: embedding.contrastive(m("δ"), same, m("M"))[0]  # noqa: E731
        by_hand = lambda m, same=same: names.contrastive(places(m), np.array([same]), m("M"))  # noqa: E731
        yield Meaning({"A": A, "B": B, "M": M, "δ": distance, "ℓ": Derived(by_hand, package)}, name=name)


def lesson_17(rng):
    n, words, size, length = 4, 6, 3, 5
    numbers, y = rng.integers(1, words, (n, length)), rng.integers(0, 2, n)
    numbers[0, 3:] = 0  # a short text
    net = MeanEmbedding(words, size, dtype=np.float64)
    net.w = rng.normal(size=net.w.size)
    S = np.array([np.bincount(row, minlength=words) * (np.arange(words) > 0) / np.sum(row > 0) for row in numbers])

    def with_weights(m):
        net.set_weights([m("E"), m("v"), np.atleast_1d(m("b"))])
        return net

    def score(m):
        text_score, b = catalogue.find("text_score").reference, float(m("b"))
        return np.array([[text_score(row, m("E"), m("v")[:, 0], b)] for row in numbers])

    column = lambda values: np.asarray(values, float)[:, None]  # noqa: E731
    by_hand = catalogue.find("embedding_gradient").reference
    E, v, b = net.get_weights()
    letters = {"S": S, "E": E, "v": v, "b": float(b[0]), "y": column(y), "n": n, "e": np.e}
    letters["a"] = Derived(lambda m: m("S") @ m("E"))
    letters["z"] = Derived(lambda m: m("a") @ m("v") + m("b"), score)
    letters["p"] = Derived(lambda m: sigmoid(m("z")), lambda m: column(with_weights(m).predict(numbers)))
    surprise = lambda m: -np.log(np.where(m("y") == 1, m("p"), 1 - m("p"))).mean()  # noqa: E731
    letters["L"] = Derived(surprise, lambda m: with_weights(m).loss_and_gradient(numbers, y)[0])
    slopes = {
        "dz": [lambda m: (m("p") - m("y")) / n],
        "da": [lambda m: np.outer(m("dz"), m("v"))],
        "dE": [
            lambda m: by_hand(numbers, m("dz")[:, 0], m("v")[:, 0], words),
            lambda m: net.views(with_weights(m).loss_and_gradient(numbers, y)[1])[0],
        ],
    }
    yield Meaning(with_slopes(letters, slopes), first=0, name="the mean of embeddings")
    loss, p = net.loss_and_gradient(numbers[:1], [1])[0], float(net.predict(numbers[:1])[0])
    yield Meaning({"p": p, "L": loss}, name="one review of five stars")


READINGS = {
    "01": lesson_01,
    "02": lesson_02,
    "03": lesson_03,
    "04": lesson_04,
    "05": lesson_04,  # the same penguins and letters
    "06": lesson_04,
    "07": lesson_07,
    "08": lesson_07,  # the same layer
    "09": lesson_09,
    "10": lesson_10,
    "12": lesson_12,
    "13": lesson_13,
    "14": lesson_14,
    "16": lesson_16,
    "11": lesson_11,
    "19": lesson_19,
    "20": lesson_20,
    "15": lesson_15,
    "17": lesson_17,
    "18": lesson_18,
}


@functools.cache
def readings(lesson, seed):
    return list(READINGS[lesson](np.random.default_rng(seed)))


# The checks


def true_in(reading, statements):
    """Say whether all statements hold in this reading, whichever way its letters are computed."""
    ways = max(len(v.ways) if isinstance(v, Derived | Loss) else 1 for v in reading.letters.values())
    return all(holds(one, reading.by(way) if way else reading) for way in range(ways) for one in statements)


def verdict(lesson, statements, **changes):
    """Return "" if one reading of the lesson makes all statements true at random points, or else what is wrong."""
    if lesson not in READINGS:
        return f"lesson {lesson} has no readings: say in READINGS what its letters mean"
    seeds = range(60) if re.search(r"[<>](?![^\[]*\])", "".join(statements)) else SEEDS
    complaints, possible = [], range(len(readings(lesson, 0)))
    for seed in seeds:
        left = []
        for i in possible:
            reading = readings(lesson, seed)[i]
            try:
                if true_in(reading.but(**changes) if changes else reading, statements):
                    left.append(i)
                else:
                    complaints.append(f"not true for {reading.name}")
            except Unknown as strange:
                complaints.append(f"nothing is known of {strange} for {reading.name}")
            except (ValueError, IndexError, TypeError, AttributeError, ZeroDivisionError) as error:
                complaints.append(f"does not fit for {reading.name}: {error}")
            except Unreadable as sign:
                return str(sign)
        possible = left
        if not possible:
            return "; ".join(complaints[:12])
    return ""


def identifier(lesson, formula):
    return f"{lesson}: {' '.join(formula.split())}"


DISPLAYED = [(lesson, formula) for lesson in LESSONS for formula in printed(lesson)[0]]
every_displayed_formula = pytest.mark.parametrize(
    ("lesson", "formula"), DISPLAYED, ids=[identifier(*one) for one in DISPLAYED]
)


@every_displayed_formula
def test_displayed_formula_is_true(lesson, formula):
    wrong = verdict(lesson, parts(formula))
    assert not wrong, f"nobody checks ${formula}$ of lesson {lesson}; mend it, or say what its letters mean: {wrong}"


# Inline formulas

# What an inline formula may be without being checked, each with its reason. Everything that has a relation and is
# not of these kinds is checked as a displayed formula is.
KINDS = {
    "choice": re.compile(r"[\\\w]+ = [-\d.\[\](),\\ °]+"),  # a letter is given a number: nothing to compute
    "bound": re.compile(r"[^=]*[<>][^=]*"),  # half of a displayed chain, or the bracket [z > 0]
}
# What the prose calls a gradient, a loss, …: the word, what may stand between it and the formula, and its letters.
PARTIAL = [r"\frac{\partial f}{\partial x}", r"\frac{\partial f}{\partial y}"]
CLAIMS = [
    (r"(?:gradient|slope)(?! of)[a-z, ]{0,5}", ["gradient", "∇L", "∇f", *PARTIAL]),
    (r"What is the derivative of [^$]*</summary>\s*", ["∇L"]),
    (r"slope of [^$.?]* is ", [r"\frac{\partial L}{\partial z}"]),
    (r"(?:loss|[Ss]urprise|[Cc]ross-entropy|function\*|\*\*bowl\*\*|two runs)[a-z, ]{0,5}", ["L", "f"]),
    (r"(?:factor|multiplies the error by|multiplies it by)[a-z*, ]{0,10}", ["factor", "size", "shrinkage"]),
    (r"threshold[a-z, ]{0,5}", ["threshold"]),
]


def inline(lesson):
    """Yield (formula, kind, statements, settings) for every inline formula of a lesson; one statement must be true.

    The kind is "stated", "claimed" (what the prose before it calls a gradient, a loss, …), one of KINDS, or
    "mentioned": a letter, a number or a term of which nothing is said.
    """
    for before, formula, after in printed(lesson)[1]:
        kind = next((kind for kind, pattern in KINDS.items() if pattern.fullmatch(formula)), None)
        if kind == "choice" and formula.startswith("e ="):  # a constant, which nobody chooses
            kind = None
        outside = re.sub(r"\{[^{}]*\}", "", formula)  # the = in \sum_{i=1} says nothing
        derived = re.search(r"derivative of \$([^$]+)\$ is $", before)
        claim = next((letters for words, letters in CLAIMS if re.search(words + "$", before)), None)
        if re.search(r"\\mathsf T\}[^=]*\w", formula):  # a transpose times something makes slopes or curvatures
            claim = claim or ["∇L", "dW", "curvatures", "scaled"]
        term = re.search(r"[A-Za-z]", formula) and re.search(r"[-+^/]|\\frac|\d\(|\d[a-z\\]", formula)
        if derived:
            letter = derived[1][-1]
            statement = rf"\frac{{\partial {derived[1]}}}{{\partial {letter}}} = {formula}"
            yield formula, "claimed", [statement], {letter: 1.7}
        elif kind is None and re.search(r"\S\s*(=|\\leftarrow|\\approx)", outside):
            rates = re.findall(r"(?:η|\\eta) = (\d\.\d+)", before[-300:])  # "with η = 0.4": then a number may follow
            rounded = re.search(r"\\eta.* = \d\.\d+$", formula)
            yield formula, "stated", [formula], {"η": float(rates[-1])} if rates and rounded else {}
        elif (
            kind is None
            and claim
            and term
            and not (after.startswith(" times") and "L" in claim)
            and ("factor" not in claim or "eta" in formula)
        ):
            letters = [
                letter if letter[0] in "∇L\\f" and letter != "factor" or letter == "dW" else rf"\text{{{letter}}}"
                for letter in claim
            ]
            yield formula, "claimed", [f"{letter} = {formula}" for letter in letters], {}
        else:
            yield formula, kind or "mentioned", [], {}


CHECKED = [(lesson, *found) for lesson in LESSONS for found in inline(lesson) if found[2]]
every_inline_formula = pytest.mark.parametrize(
    ("lesson", "formula", "kind", "statements", "settings"), CHECKED, ids=[identifier(*one[:2]) for one in CHECKED]
)


@every_inline_formula
def test_inline_formula_is_true(lesson, formula, kind, statements, settings):
    wrong = [verdict(lesson, [statement], **settings) for statement in statements]
    assert "" in wrong, f"nobody checks ${formula}$, {kind} in lesson {lesson}: {wrong}"


def test_gradient_that_the_reader_works_out_by_hand():
    """Lesson 3 prints a loss that stands in no code: its gradient must be the answer of the exercise."""
    prose = "\n\n".join(cells("03", "markdown"))
    ((loss, point),) = re.findall(r"gradient of \$([^$]+)\$ at \$\(([^)]+)\)\$", prose)
    at = np.array(point.split(","), float)
    for formula, right in ((loss, True), (loss.replace("+", "-"), False), (loss.replace("3", "2"), False)):
        slopes = numerical_gradient(lambda w, formula=formula: evaluate(formula, x=w[0], y=w[1]), at)
        assert np.allclose(slopes, catalogue.find("gradient_by_hand").value, atol=1e-6) == right


# Tables

TABLE = re.compile(r"^(\|.*)\n\|[-| ]+\|\n((?:\|.*\n?)+)", re.MULTILINE)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?|\$[^$]+\$")


def column(header):
    """Return the letter or formula whose values a column holds, "" if it holds words."""
    header = header.replace("learning rate", r"$\eta$").replace(r"\times$ gradient", r"\cdot \nabla L$")
    found = "".join(re.findall(r"\$([^$]+)\$$", header))
    return rf"{found}_{{\text{{next}}}}" if header.startswith("next ") else found


def tabled(lesson):
    """Yield (statement, given) for every number in a table of a lesson that stands under a formula.

    given: {letter: its number, or formula, in the same row}, with the last η that the prose before the table names.
    """
    prose = "\n\n".join(cells(lesson, "markdown"))
    for table in TABLE.finditer(prose):
        split = lambda row: [cell.strip().replace("−", "-") for cell in row.strip().strip("|").split("|")]  # noqa: E731
        meant = list(map(column, split(table[1])))
        rate = re.findall(r"\$\\eta = ([\d.]+)\$", prose[table.start() - 300 : table.start()])
        for row in table[2].strip().splitlines():
            filled = [(one, cell.strip("$")) for one, cell in zip(meant, split(row)) if one and NUMBER.fullmatch(cell)]
            given = {"η": rate[-1]} if rate else {}
            given |= {one.replace(r"\eta", "η"): cell for one, cell in filled if one in ("w", r"\eta")}
            for one, cell in filled:
                if one not in ("w", r"\eta"):
                    yield f"{one} = {cell}", given


def settled(given):
    return {letter: Derived(lambda m, cell=cell: value(parse(cell)[0][0], m)) for letter, cell in given.items()}


TABLED = [(lesson, *found) for lesson in LESSONS for found in tabled(lesson)]
every_number_in_a_table = pytest.mark.parametrize(
    ("lesson", "statement", "given"),
    TABLED,
    ids=[f"{lesson}: {statement}, {given}" for lesson, statement, given in TABLED],
)


@every_number_in_a_table
def test_number_in_a_table_is_true(lesson, statement, given):
    assert not verdict(lesson, [statement], **settled(given))
    assert verdict(lesson, [f"{statement} + 0.01"], **settled(given))


def test_tables_are_found():
    assert len([one for one in TABLED if one[0] == "01"]) == 3 * 3 + 4 and len(TABLED) >= 15


# Wrong versions


def mutants(formula):
    """Return plausible wrong versions of a formula: a sign, a factor, a 1/n, a transpose, an index, a sum, a bracket.

    Of one that says that something is zero, only that it is one: zero times anything is zero, too.
    """
    if formula.endswith("= 0"):
        return [formula.removesuffix("0") + "1"]
    braces = r"(\{(?:[^{}]|\{[^{}]*\})*\})"
    swaps = [
        (r"[-+]", lambda m: "+" if m[0] == "-" else "-"),
        (r"\d+", lambda m: str(int(m[0]) + 1)),
        (r"\\frac\{(\d)\}\{n\}", r"\1 "),
        (r" / n", ""),
        (r"\^\{\\mathsf T\}", ""),
        (r"\{([ijk])([ijk])\}", r"{\2\1}"),
        (r"\\cdot *\[.*?\]", ""),
        (r"[<>]", lambda m: "<" if m[0] == ">" else ">"),
        (r"\\ln|\\eta|\\cos", ""),
        (rf"\\sum(_{braces}|_\w)?", ""),
        (rf"\\frac{braces}{braces}", r"\\frac\2\1"),
        (r"(\S+) / (\\sum\S* \S+|\S+)", r"\2 / \1"),
        (r"\[(\w), (\w)\]", r"[\2, \1]"),
        (r"''", "'"),
    ]
    return [
        formula[: m.start()] + (wrong(m) if callable(wrong) else m.expand(wrong)) + formula[m.end() :]
        for pattern, wrong in swaps
        for m in re.finditer(pattern, formula)
    ]


@pytest.mark.filterwarnings("ignore:invalid value|divide by zero:RuntimeWarning")
@every_displayed_formula
def test_wrong_versions_are_refused(lesson, formula):
    assert mutants(formula)
    for wrong in mutants(formula):
        assert verdict(lesson, parts(wrong)), f"{wrong} would pass in lesson {lesson}"


@pytest.mark.filterwarnings("ignore:invalid value|divide by zero:RuntimeWarning")
@every_inline_formula
def test_wrong_versions_of_inline_formulas_are_refused(lesson, formula, kind, statements, settings):
    for statement in statements:
        assert mutants(statement)  # what is true at one point only is no gradient, loss or update
        for wrong in mutants(statement):
            assert verdict(lesson, [wrong], **settings), f"{wrong} would pass in lesson {lesson}"


WRONG = [
    ("01", r"w \leftarrow w - \eta \, \nabla L(w)", r"w \leftarrow w + \eta \, \nabla L(w)"),
    ("01", r"(w - 3)^2 + 1 \qquad\qquad \nabla L(w) = 2(w - 3)", r"(w - 3)^2 + 1 \qquad\qquad \nabla L(w) = (w - 3)"),
    ("02", r"= (1 - \eta c)\,(w - w^*)", r"= (1 + \eta c)\,(w - w^*)"),
    ("02", r"\frac{c}{2} (w - w^*)^2", r"c (w - w^*)^2"),
    ("02", r"0 < \eta < \frac{2}{c}", r"0 < \eta < \frac{1}{c}"),
    ("02", r"}{2h}", r"}{h}"),
    ("03", r"[\,x,\ 20\,y\,]", r"[\,20\,y,\ x\,]"),
    ("03", r"f(w - h\,e_i)", r"f(w)"),
    ("03", r"{\partial x} u_1 +", r"{\partial x} u_2 +"),
    ("04", r"\frac{2}{n}\, X^{\mathsf T} (Xw - y)", r"\frac{2}{n}\, X^{\mathsf T} (y - Xw)"),
    ("04", r"\frac{2}{n}\, X^{\mathsf T} (Xw - y)", r"\frac{2}{n}\, X (X^{\mathsf T}w - y)"),
    ("04", r"\frac{2}{n} \sum_{i=1}^{n} r_i\, x_i", r"2 \sum_{i=1}^{n} r_i\, x_i"),
    ("04", r"\frac{2}{n} \sum_{i=1}^{n} X_{ij}\, r_i", r"\frac{2}{n} \sum_{i=1}^{n} X_{ji}\, r_i"),
    ("04", r"\frac{x_i - \text{mean}(x)}{\text{std}(x)}", r"\frac{x_i - \text{std}(x)}{\text{mean}(x)}"),
    ("07", r"\ln p_{i,\,y_i}", r"\ln p_{y_i,\,i}"),
    ("07", r"\partial z} = p - \text{onehot}(y)", r"\partial z} = \text{onehot}(y) - p"),
    ("07", r"dW = X^{\mathsf T}\, dz", r"dW = dz^{\mathsf T}\, X"),
    ("07", r"\frac{e^{z_k}}{\sum_q e^{z_q}}", r"\frac{e^{z_k}}{\sum_q e^{z_q}} \cdot 2"),
    ("09", r"\frac{1}{n}\left(p - \text{onehot}(y)\right)", r"p - \text{onehot}(y)"),
    ("09", r"dz_3\, W_3^{\mathsf T}", r"dz_3\, W_3"),
    ("09", r"dz_3\, W_3^{\mathsf T}", r"dz_3\, W_2^{\mathsf T}"),
    ("09", r"da_2 \cdot [z_2 > 0]", r"da_2"),
    ("09", r"da_2 \cdot [z_2 > 0]", r"da_2 \cdot [z_2 < 0]"),
]  # fmt: skip


@pytest.mark.parametrize(("lesson", "right", "wrong"), WRONG, ids=[f"{number}: {wrong}" for number, _, wrong in WRONG])
def test_what_a_slip_would_print_is_refused(lesson, right, wrong):
    holding = [formula for formula in printed(lesson)[0] if right in formula]
    assert holding, f"lesson {lesson} no longer prints {right}"
    for formula in holding:
        assert verdict(lesson, parts(formula.replace(right, wrong)))


WRONG_CODE = [
    ("01", "return 2 * (w - 3)", "return w - 3"),
    ("02", "return c * (w - w_star)", "return c * (w + w_star)"),
    ("03", "return np.array([x, 20 * y])", "return np.array([20 * y, x])"),
    ("04", "2 * np.mean(residual * x)", "np.mean(residual * x)"),
    ("07", "z - np.log(np.exp(z)", "z + np.log(np.exp(z)"),
    ("09", "dz3 /= len(y)", "dz3 /= 1"),
]


@pytest.fixture
def fresh_readings():
    """Forget the readings before and after a test that changes the code that they come from."""
    readings.cache_clear()
    yield
    readings.cache_clear()


@pytest.mark.parametrize(("lesson", "right", "wrong"), WRONG_CODE, ids=[number for number, *_ in WRONG_CODE])
def test_wrong_code_is_refused(lesson, right, wrong, fresh_readings, monkeypatch):
    sources = code(lesson).functions
    assert any(right in source for source in sources), f"lesson {lesson} no longer has the line {right}"
    monkeypatch.setattr(code(lesson), "functions", [source.replace(right, wrong) for source in sources])
    assert any(verdict(lesson, parts(formula)) for formula in printed(lesson)[0])


@pytest.mark.parametrize(
    ("lesson", "formula", "complaint"),
    [
        ("01", r"v \leftarrow \mu v - \eta \nabla L(w)", "nothing is known of"),
        ("04", r"L(w) = \frac{1}{n} \sum_i |r_i|^p", "nothing is known of"),
        ("07", r"H = \int p \ln p", "is new to the test"),
        ("09", "X W_1 + b_1", "nothing is said"),
        ("99", "L(w) = w^2", "no readings"),
    ],
)
def test_a_formula_that_nobody_can_check_is_refused(lesson, formula, complaint):
    assert complaint in verdict(lesson, parts(formula))
