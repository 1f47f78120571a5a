"""What a call did to its arguments: written to, or shared with the result."""

from __future__ import annotations

import re
from typing import Any

from ..submission.observation import Observation
from .compare import find_difference
from .containers import kind_difference
from .describe import OBJECT, clip, kind_of, plural
from .difference import Difference
from .numbers import Tolerance

__all__ = ["changed_argument", "shared_memory", "unshared_memory"]

_ARGUMENT = re.compile(r"args\[(\d{1,3})\](.{0,60})")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_WRITES = "x.add_(...), x[0] = ... and x += ... write into x; x + ... makes a new tensor, and x.clone() a copy."
_LIST_WRITES = "x.append(...), x.sort(), x[...] = ... and x += ... write into x; x.copy() makes a copy first."


def changed_argument(seen: Observation) -> Difference | None:
    """Find the first argument that is not as it was sent."""
    if len(seen.args) != len(seen.before):
        sent, left = plural(len(seen.before), "argument"), len(seen.args)
        return Difference("args", "", "", f"The arguments were changed: {sent} went into the call, {left} came out.")
    for index, (before, after) in enumerate(zip(seen.before, seen.args, strict=True)):
        found = _first_change(before, after, f"args[{index}]")
        if found:
            return found
    return _written(seen)


def _first_change(before: Any, after: Any, path: str) -> Difference | None:
    """Compare an argument with itself after the call; objects that stay with the student are left out."""
    kind = kind_of(before)
    if kind == OBJECT or (kind == "tensor" and before.device.type == "meta"):
        return None
    if kind == kind_of(after) and kind in ("list", "tuple") and len(before) == len(after):
        pairs = [(f"{path}[{index}]", one, other) for index, (one, other) in enumerate(zip(before, after, strict=True))]
    elif kind == kind_of(after) == "dict" and before.keys() == after.keys():
        pairs = [(f"{path}[{key!r}]", before[key], after[key]) for key in before]
    else:
        found = find_difference(after, before, Tolerance(), path)
        return _changed(found, before) if found else None
    changes = (_first_change(one, other, where) for where, one, other in pairs)
    return next(filter(None, changes), None)


def _changed(found: Difference, before: Any) -> Difference:
    name, rest = _argument(found.spot)
    where = f" at {rest.removeprefix('item ')}" if rest else ""
    rationale = f"{name[0].upper()}{name[1:]} was changed{where}: {found.asked} before the call, {found.came} after it."
    text = _WRITES if kind_of(before) in ("tensor", "NumPy array") else _LIST_WRITES
    return Difference(found.spot, found.came, found.asked, rationale, text)


def _written(seen: Observation) -> Difference | None:
    """Report writes that left the values as they were, and memory that was exchanged."""
    for path, count in sorted(seen.versions.items()):
        if count > 0:
            times = "once" if count == 1 else f"{count} times"
            rationale = f"{_named(path)} was written to {times} during the call, though its values are the same again."
            return Difference(path, "", "", rationale, _WRITES)
    for path in sorted(seen.moved):
        rationale = f"{_named(path)} lies in other memory after the call than before it."
        return Difference(
            path, "", "", rationale, "x.data = ..., x.set_(...) and x.resize_(...) exchange the memory of x."
        )
    return None


def shared_memory(seen: Observation) -> Difference | None:
    """Find a tensor or array of the result that shares memory with an argument."""
    pairs = sorted((str(pair[0]), str(pair[1])) for pair in seen.aliases if len(pair) == 2)
    if not pairs:
        return None
    result, argument = pairs[0]
    what = "The result" if result == "result" else clip(result, 60)
    name, rest = _argument(argument)
    whom = f"{rest} of {name}" if rest else name
    text = "A slice, x.view, x.T and x itself share x's memory, reshape often does; x.clone() makes a copy."
    return Difference(result, "", "", f"{what} shares memory with {whom}; memory of its own was asked for.", text)


def unshared_memory(seen: Observation) -> Difference | None:
    """Say so when no part of the result shares memory with an argument."""
    if seen.aliases:
        return None
    if kind_of(seen.result) not in ("tensor", "NumPy array", "list", "tuple", "dict"):
        return kind_difference(seen.result, "tensor", "result")
    text = "A slice x[1:3], x.view, x.T and x.expand share x's memory; clone, +, cat and x[[0, 2]] copy."
    return Difference(
        "result", "", "", "The result has memory of its own; it was asked to share an argument's memory.", text
    )


def _named(path: str) -> str:
    name, rest = _argument(path)
    return f"{rest[0].upper()}{rest[1:]} of {name}" if rest else name[0].upper() + name[1:]


def _argument(path: str) -> tuple[str, str]:
    """Split ``args[0][2]`` into ``the first argument`` and ``item [2]``."""
    found = _ARGUMENT.match(path)
    if found is None:
        return f"argument {clip(path, 40)}", ""
    index = int(found[1])
    name = f"the {_ORDINALS[index]} argument" if index < len(_ORDINALS) else f"argument number {index + 1}"
    return name, f"item {clip(found[2], 60)}" if found[2] else ""
