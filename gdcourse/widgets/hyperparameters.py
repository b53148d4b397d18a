"""The hyperparameters of an optimizer: which there are, and the range in which a slider moves each."""

import inspect

from gdcourse.optimizers import fresh

SHARES = ("momentum", "rho", "beta_1", "beta_2")  # between 0 and 1


def controls(optimizer, rates=None):
    """Return a control for each hyperparameter: its name, label, kind, range and value.

    Every argument of the optimizer's class that is a number, or True or False, in the object itself.
    rates: (low, high) of the learning rate; by default a hundredth and a hundred times its value.
    """
    found = []
    for name in _arguments(optimizer):
        value = getattr(optimizer, name, None)
        if isinstance(value, bool):
            found.append({"name": name, "label": name, "kind": "switch", "value": value})
        elif isinstance(value, int | float):
            low, high, log = _range(name, float(value), rates)
            label = "learning rate η" if name == "learning_rate" else name
            limits = {"low": low, "high": high, "log": log, "kind": "slider", "value": float(value)}
            found.append({"name": name, "label": label, **limits})
    return found


def named(optimizer):
    """Return the name of the optimizer's class, with the hyperparameters that are not at their default."""
    parts = [type(optimizer).__name__]
    for name, parameter in _arguments(optimizer).items():
        value = getattr(optimizer, name, parameter.default)
        if name != "learning_rate" and isinstance(value, int | float) and value != parameter.default:
            parts.append(name if value is True else f"{name} {value:g}")
    return ", ".join(parts)


def _arguments(optimizer):
    """Return the named arguments of the optimizer's class; none where Python can't tell them."""
    try:
        arguments = inspect.signature(type(optimizer)).parameters
    except ValueError:  # such as of a SimpleNamespace
        return {}
    return {name: one for name, one in arguments.items() if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)}


def _range(name, value, rates):
    if name == "learning_rate" and rates:
        return min(rates[0], value), max(rates[1], value), True
    if name in SHARES and 0 <= value < 1:
        return 0.0, max(0.999, value), False
    if value > 0:
        return value / 100, value * 100, True
    return 2 * value, max(1.0, -2 * value), False


def with_values(optimizer, values):
    """Return a fresh optimizer of the same class with these hyperparameters; it remembers nothing."""
    if not values:
        return fresh(optimizer)
    return type(optimizer)(**{**{name: getattr(optimizer, name) for name in _arguments(optimizer)}, **values})
