"""What a call did to its arguments: written to, or shared with the result."""

from __future__ import annotations

import ast
import re
from typing import Any

from ..errors import AuthorError
from ..language import N_, _, ngettext
from ..submission.observation import Observation
from .compare import find_difference
from .containers import kind_difference
from .describe import OBJECT, begun, clip, kind_of
from .difference import Difference
from .numbers import Tolerance

__all__ = ["changed_argument", "shared_memory", "unshared_memory", "unwritten_argument"]

_ARGUMENT = re.compile(r"args\[(\d{1,3})\](.{0,60})")
_STEP = re.compile(r"\[(\d+|'[^']*')\]")
_PATH = re.compile(rf"args({_STEP.pattern})+")
_ORDINALS = (
    N_("the first argument"),
    N_("the second argument"),
    N_("the third argument"),
    N_("the fourth argument"),
    N_("the fifth argument"),
    N_("the sixth argument"),
    N_("the seventh argument"),
    N_("the eighth argument"),
    N_("the ninth argument"),
    N_("the tenth argument"),
)
_WRITES = N_("x.add_(...), x[0] = ... and x += ... write into x; x + ... makes a new tensor, and x.clone() a copy.")
_LIST_WRITES = N_("x.append(...), x.sort(), x[...] = ... and x += ... write into x; x.copy() makes a copy first.")


def changed_argument(seen: Observation, only: tuple[str, ...] = ()) -> Difference | None:
    """Find the first argument that is not as it was sent, among those named or all."""
    if len(seen.args) != len(seen.before):
        sentence = ngettext(
            "The arguments were changed: {sent} argument went into the call, {left} came out.",
            "The arguments were changed: {sent} arguments went into the call, {left} came out.",
            len(seen.before),
        )
        return Difference("args", "", "", sentence.format(sent=len(seen.before), left=len(seen.args)))
    pairs = {f"args[{index}]": pair for index, pair in enumerate(zip(seen.before, seen.args, strict=True))}
    for path in only or pairs:
        before, after = pairs[path] if path in pairs else (_part(seen.before, path), _part(seen.args, path))
        found = _first_change(before, after, path)
        if found:
            return found
    return _written(seen, only)


def _part(args: Any, path: str) -> Any:
    """Return what lies at a path the author wrote, such as ``args[0]['w'][1]``.

    Raises:
        AuthorError: The path does not lead anywhere.
    """
    if not _PATH.fullmatch(path):
        raise AuthorError(f'{path!r} is no path of an argument: write it as "args[0]" or "args[0][1]"')
    try:
        for step in _STEP.findall(path):
            if not isinstance(args, (list, tuple, dict)):
                raise KeyError(step)
            args = args[ast.literal_eval(step)]
    except (IndexError, KeyError, TypeError):
        raise AuthorError(f"the call has no argument {path}") from None
    return args


def unwritten_argument(seen: Observation, path: str) -> Difference | None:
    """Say so when an argument, or a part of one, was not written to where it lies."""
    before = _part(seen.before, path)
    if path in seen.moved or len(seen.args) != len(seen.before):
        return _exchanged(path)
    if seen.versions.get(path, 0) > 0 or _first_change(before, _part(seen.args, path), path):
        return None
    sentence = _("{argument} is as it was before the call; it was to be written in place.")
    text = _("x = x + 1 makes a new tensor and leaves {argument} alone: x += 1, x.add_(1) and x[...] = write into it.")
    named = _named(path)
    return Difference(path, "", "", begun(sentence.format(argument=named)), text.format(argument=named))


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
    sentence = _("{argument} was changed: {before} before the call, {after} after it.")
    if rest:
        sentence = _("{argument} was changed at {place}: {before} before the call, {after} after it.")
    rationale = begun(sentence.format(argument=name, place=rest, before=found.asked, after=found.came))
    text = _WRITES if kind_of(before) in ("tensor", "NumPy array") else _LIST_WRITES
    return Difference(found.spot, found.came, found.asked, rationale, _(text))


def _written(seen: Observation, only: tuple[str, ...]) -> Difference | None:
    """Report writes that left the values as they were, and memory that was exchanged."""
    for path, count in sorted(seen.versions.items()):
        if count > 0 and _is_within(path, only):
            sentence = ngettext(
                "{argument} was written to once during the call, though its values are the same again.",
                "{argument} was written to {count} times during the call, though its values are the same again.",
                count,
            )
            return Difference(path, "", "", begun(sentence.format(argument=_named(path), count=count)), _(_WRITES))
    moved = next((path for path in sorted(seen.moved) if _is_within(path, only)), None)
    return None if moved is None else _exchanged(moved)


def _is_within(path: str, only: tuple[str, ...]) -> bool:
    return not only or any(path == one or path.startswith(f"{one}[") for one in only)


def _exchanged(path: str) -> Difference:
    sentence = _("{argument} lies in other memory after the call than before it.").format(argument=_named(path))
    help_ = _("x.data = ..., x.set_(...) and x.resize_(...) exchange the memory of x.")
    return Difference(path, "", "", begun(sentence), help_)


def shared_memory(seen: Observation) -> Difference | None:
    """Find a tensor or array of the result that shares memory with an argument."""
    pairs = sorted((str(pair[0]), str(pair[1])) for pair in seen.aliases if len(pair) == 2)
    if not pairs:
        return None
    result, argument = pairs[0]
    sentence = _("{part} shares memory with {argument}; memory of its own was asked for.")
    if result == "result":
        sentence = _("The result shares memory with {argument}; memory of its own was asked for.")
    text = _("A slice, x.view, x.T and x itself share x's memory, reshape often does; x.clone() makes a copy.")
    return Difference(result, "", "", sentence.format(part=clip(result, 60), argument=_named(argument)), text)


def unshared_memory(seen: Observation) -> Difference | None:
    """Say so when no part of the result shares memory with an argument."""
    if seen.aliases:
        return None
    if kind_of(seen.result) not in ("tensor", "NumPy array", "list", "tuple", "dict"):
        return kind_difference(seen.result, "tensor", "result")
    text = _("A slice x[1:3], x.view, x.T and x.expand share x's memory; clone, +, cat and x[[0, 2]] copy.")
    sentence = _("The result has memory of its own; it was asked to share an argument's memory.")
    return Difference("result", "", "", sentence, text)


def _named(path: str) -> str:
    name, rest = _argument(path)
    return _("item {place} of {argument}").format(place=rest, argument=name) if rest else name


def _argument(path: str) -> tuple[str, str]:
    """Split ``args[0][2]`` into ``the first argument`` and ``[2]``."""
    found = _ARGUMENT.match(path)
    if found is None:
        return _("argument {path}").format(path=clip(path, 40)), ""
    index, rest = int(found[1]), clip(found[2], 60) if found[2] else ""
    if index < len(_ORDINALS):
        return _(_ORDINALS[index]), rest
    return _("argument number {number}").format(number=index + 1), rest
