"""Copies of what a learner made, so that one run leaves nothing behind for the next."""

import copy
import io


def independent(optimizer):
    """Return a copy that shares nothing with the optimizer, but for what can't be copied, such as an open file."""
    try:
        return copy.deepcopy(optimizer)
    except Exception:
        return _copied_apart(optimizer)


def _copied_apart(optimizer):
    """Return a copy of an optimizer that keeps something that can't be copied, such as a lock or an open file.

    Both then use that one. But an iterator would go on where the last run left it: that is refused.
    """
    kind = type(optimizer).__name__
    try:
        copied = copy.copy(optimizer)
        kept, made = vars(copied), {id(optimizer): copied}
    except Exception:
        raise TypeError(f"this {kind} can't be copied, and a run starts with a copy; make it a plain class.") from None
    for name, value in kept.items():
        try:
            kept[name] = copy.deepcopy(value, made)
        except Exception:
            if hasattr(value, "__next__") and not isinstance(value, io.IOBase):
                raise TypeError(
                    f"this {kind} can't start anew: its {name} is a {type(value).__name__}, which can't be copied; "
                    "make it a list."
                ) from None
    return copied
