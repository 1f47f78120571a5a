"""Values in words: bounded in time and length, whatever the value is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
import torch

from ..language import N_, _, ngettext
from ..submission.handles import Handle
from ..submission.handles import kind_of as kind_in_worker

__all__ = [
    "OBJECT",
    "begun",
    "class_name",
    "clip",
    "counted",
    "digits_apart",
    "dtype_name",
    "either",
    "is_handle",
    "is_plain",
    "is_plain_word",
    "kind_of",
    "named_kind",
    "number",
    "quoted",
    "show",
    "sizes",
    "type_word",
    "with_article",
]

OBJECT = "object"
# Only the exact type: bool is not int here, and numpy.float64 is not float.
_NUMBERS: dict[type, str] = {bool: "bool", int: "int", float: "float", complex: "complex number"}
# The first that fits: torch.Size is a tuple too.
_KINDS: tuple[tuple[type, str], ...] = (
    (torch.Tensor, "tensor"),
    (np.ndarray, "NumPy array"),
    (np.generic, "NumPy scalar"),
    (str, "string"),
    (bytes, "bytes"),
    (torch.Size, "torch.Size"),
    (tuple, "tuple"),
    (list, "list"),
    (dict, "dict"),
    (frozenset, "frozenset"),
    (set, "set"),
    (range, "range"),
    (slice, "slice"),
    (torch.dtype, "dtype"),
    (torch.device, "device"),
    (int, "int"),
    (float, "float"),
    (complex, "complex number"),
)
_EXACT: dict[type, str] = {**dict(_KINDS), **_NUMBERS}
_SPEAKING = {
    "function": N_("a function"),
    "builtin_function_or_method": N_("a function"),
    "method": N_("a method"),
    "type": N_("a class"),
    "generator": N_("a generator"),
}
_NAMED = {
    "None": N_("None"),
    "tensor": N_("a tensor"),
    "NumPy array": N_("a NumPy array"),
    "NumPy scalar": N_("a NumPy scalar"),
    "string": N_("a string"),
    "bytes": N_("a bytes object"),
    "torch.Size": N_("a torch.Size"),
    "tuple": N_("a tuple"),
    "list": N_("a list"),
    "dict": N_("a dict"),
    "frozenset": N_("a frozenset"),
    "set": N_("a set"),
    "range": N_("a range"),
    "slice": N_("a slice"),
    "dtype": N_("a dtype"),
    "device": N_("a device"),
    "bool": N_("a bool"),
    "int": N_("an int"),
    "float": N_("a float"),
    "complex number": N_("a complex number"),
}
_BRACES = ("{", "}")
_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "torch.Size": ("(", ")"), "set": _BRACES, "frozenset": _BRACES}


def kind_of(value: object) -> str:
    """Return the word for a value's type, as strict as `equal` is; ``"object"`` for what is not plain data."""
    if value is None:
        return "None"
    exact = _EXACT.get(type(value))
    if exact is not None:
        return exact
    return next((word for kind, word in _KINDS if isinstance(value, kind)), OBJECT)


def named_kind(value: object) -> str:
    """Return a value's type with its article, such as ``"an int"`` or ``"an object of class Net"``."""
    kind = kind_of(value)
    if kind == OBJECT:
        name = class_name(value)
        return _(_SPEAKING[name]) if name in _SPEAKING else _("an object of class {name}").format(name=name)
    return with_article(kind)


def with_article(kind: str) -> str:
    """Return a kind's word, or a class's name, with ``a`` or ``an`` before it where it needs one."""
    if kind in _NAMED:
        return _(_NAMED[kind])
    return (_("an {name}") if kind[0] in "aeiouAEIOU" else _("a {name}")).format(name=kind)


def is_handle(value: object) -> bool:
    """Tell whether a value is an object that stays in the student's process."""
    return isinstance(value, Handle)


def is_plain(kind: type) -> bool:
    """Tell whether values of a type come as data, and never as objects that stay in the student's process."""
    return kind is type(None) or kind in _NUMBERS or any(issubclass(kind, plain) for plain, _ in _KINDS)


def is_plain_word(word: str) -> bool:
    """Tell whether a word names a kind of plain data, and not a class such as Linear."""
    return word == "None" or word in _NUMBERS.values() or word in dict(_KINDS).values()


def type_word(kind: type | None) -> str:
    """Return the word of `kind_of` for values of a type, or else its name."""
    if kind is None or kind is type(None):
        return "None"
    return _NUMBERS.get(kind) or dict(_KINDS).get(kind) or clip(kind.__name__, 60)


def class_name(value: object) -> str:
    """Return the name of an object's class; for one that stays in the student's process, as that process gives it."""
    return clip(kind_in_worker(value) if isinstance(value, Handle) else type(value).__name__, 60)


def begun(sentence: str) -> str:
    """Return a sentence as it begins a line, with a capital letter."""
    return sentence[0].upper() + sentence[1:]


def clip(text: str, room: int) -> str:
    """Put ``text`` on one line of at most ``room`` characters, without control characters."""
    kept = "".join(char if char.isprintable() else " " for char in text[: room + 1])
    return kept if len(kept) <= room else kept[: room - 3] + "..."


def counted(count: int, kind: str = "") -> str:
    """Return how many items there are: ``"1 item"``; of a string, ``"2 characters"``."""
    if kind == "string":
        return ngettext("{count} character", "{count} characters", count).format(count=count)
    return ngettext("{count} item", "{count} items", count).format(count=count)


def either(choices: Sequence[str]) -> str:
    """Return a choice in words: ``"an int or a float or a list"``."""
    found = choices[0]
    for other in choices[1:]:
        found = _("{one} or {other}").format(one=found, other=other)
    return found


def sizes(shape: Iterable[int]) -> str:
    """Write a shape as Python does: ``(3, 4)``; the middle of a very long one is left out."""
    found = [int(size) for size in shape]
    if len(found) > 8:
        cut = f"({', '.join(map(str, found[:4]))}, ..., {found[-1]})"
        return _("{shape} of {count} axes").format(shape=cut, count=len(found))
    return str(tuple(found))


def dtype_name(dtype: Any) -> str:
    """Name a dtype as a student writes it: ``torch.float32``; for NumPy, ``float32``."""
    return str(dtype) if isinstance(dtype, torch.dtype) else clip(str(np.dtype(dtype)), 40)


def number(value: complex, digits: int = 6) -> str:
    """Write a bool, int, float or complex number with up to ``digits`` significant digits; a float keeps its point."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        bits = value.bit_length()
        return str(value) if bits <= 1024 else _("an int of {bits} bits").format(bits=bits)
    if isinstance(value, complex):
        sign = "-" if math.copysign(1, value.imag) < 0 else "+"
        return f"{number(value.real, digits)}{sign}{number(abs(value.imag), digits)}j"
    text = f"{value:.{digits}g}"
    return text if any(char in text for char in ".en") else f"{text}.0"


def digits_apart(first: complex, second: complex) -> int:
    """Return how many digits make two different numbers look different: 6, or more where those do not."""
    return next((digits for digits in range(6, 18) if number(first, digits) != number(second, digits)), 17)


def show(value: Any, room: int = 60) -> str:
    """Write a value in at most about ``room`` characters."""
    return clip(_shown(value, room, 3), room)


def _shown(value: Any, room: int, depth: int) -> str:
    kind = kind_of(value)
    if kind in _NUMBERS.values():
        return number(value)
    if kind == "string":
        return quoted(value, room)
    if kind in _BRACKETS or kind == "dict":
        return _container(value, kind, room, depth)
    if kind in ("tensor", "NumPy array"):
        return _("{kind} of shape {shape}").format(kind=with_article(kind), shape=sizes(value.shape))
    if kind == "bytes":
        return repr(value[:room])
    if kind == OBJECT:
        return named_kind(value)
    if kind in ("range", "slice"):
        return f"{kind}({', '.join(_shown(part, room, 0) for part in (value.start, value.stop, value.step))})"
    return clip(str(value), room)  # None, a NumPy scalar, a dtype, a device


def quoted(text: str, room: int) -> str:
    """Write a string in quotes; of a long one the beginning, and how long it is."""
    if len(text) <= room - 2:
        return repr(str(text))
    tail = "... " + _("({count} characters)").format(count=len(text))
    return repr(str(text[: max(room - len(tail) - 2, 8)])) + tail


def _container(value: Any, kind: str, room: int, depth: int) -> str:
    opening, closing = _BRACKETS.get(kind, _BRACES)
    if depth == 0:
        return f"{opening}...{closing}"
    parts: list[str] = []
    left = room - 2
    for item in islice(value.items() if kind == "dict" else value, 12):
        text = _item(item, kind, max(left, 12), depth - 1)
        if left < len(text):
            break
        parts.append(text)
        left -= len(text) + 2
    if len(parts) < len(value):
        parts.append(f"... {counted(len(value))}")
    comma = "," if kind == "tuple" and len(value) == 1 else ""
    return opening + ", ".join(parts) + comma + closing


def _item(item: Any, kind: str, room: int, depth: int) -> str:
    if kind != "dict":
        return _shown(item, room, depth)
    key, value = item
    return f"{_shown(key, room, depth)}: {_shown(value, room, depth)}"
