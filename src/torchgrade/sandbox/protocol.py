"""What the trusted side asks of a worker, and what a worker may answer.

A request is a tuple ``(verb, ...)``:

- ``("device", wanted)`` finds a device (see `device`), before anything is loaded; answers its kind, its name, a note.
- ``("load", module, files, folder, replace, cells, exercises, seed)`` executes the submission (see `loading`); answers
  ``(names, troubles)``: the names it defines and, of a notebook or a file with errors, what went wrong in parts of it,
  each ``(names that are not there for it, answer)``. Every random generator starts from the seed.
- ``("call", target, args, kwargs, options)`` calls a function; ``target`` is a name in the submission, a handle, or a
  named function of torch or fixtures.shared.
- ``("get", target, attribute)``, ``("item", handle, key)``, ``("length", handle)``, ``("iterate", handle)``,
  ``("next", handle)``, ``("is_a", handle, named class)``, ``("vjp", handle, inputs, cotangents)``.

An answer is one of the tuples that `Answer` lists. It is a claim: the trusted side checks its form and uses its values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import Raised
from ..wire import WireError

__all__ = [
    "Banned", "Ended", "Failure", "OutOfMemory", "OverLimit", "Placement", "Refused", "Value", "read_answer",
    "read_loaded", "read_placement",
]  # fmt: skip


@dataclass(frozen=True)
class Value:
    """The call returned; ``record`` is what was observed meanwhile, or None."""

    value: Any
    record: dict[str, Any] | None = None


@dataclass(frozen=True)
class Failure:
    """The student's code raised; ``kinds`` are the names of the exception's classes, nearest first."""

    kinds: tuple[str, ...]
    message: str
    where: Raised


@dataclass(frozen=True)
class Ended:
    """The student's code asked the interpreter to stop."""

    how: str


@dataclass(frozen=True)
class OutOfMemory:
    """The student's code could not get the memory it asked for."""


@dataclass(frozen=True)
class Banned:
    """The student's code called a function that the check bans."""

    name: str


@dataclass(frozen=True)
class Refused:
    """The result cannot be sent; ``why`` is a sentence for the student."""

    why: str


@dataclass(frozen=True)
class OverLimit:
    """The student's code met one of the worker's limits: ``"files"`` or ``"processes"``."""

    which: str


@dataclass(frozen=True)
class Placement:
    """Where a check's calls run: what the worker found before it had seen a line of the student's.

    Attributes:
        kind: ``"cuda"``; ``"pretended"``, a device that is not there; ``"meta"``, where torch cannot pretend;
            ``"none"``, where only CUDA would do; ``"cpu"``, where no device was asked for.
        device: The name of the device.
        note: Why it is not what was asked for, or nothing.
    """

    kind: str = "cpu"
    device: str = "cpu"
    note: str = ""


MAX_LINE, MAX_TEXT = 1 << 31, 10_000

Answer = Value | Failure | Ended | OutOfMemory | OverLimit | Banned | Refused


def read_answer(answer: Any) -> Answer:
    """Turn what arrived into an Answer.

    Raises:
        WireError: It is not one.
    """
    if type(answer) is not tuple or not answer or type(answer[0]) is not str:
        raise WireError("an answer of no known form")  # an array, compared with a word, is neither true nor false
    match answer:
        case ("value", value):
            return Value(value)
        case ("observed", value, dict(record)):
            return Value(value, record)
        case ("raised", tuple(kinds), str(message), int() | None as line, str(source), str() | None as function) if (
            kinds
            and all(type(kind) is str for kind in kinds)
            and (line is None or 0 <= line < MAX_LINE)
            and len(message) <= MAX_TEXT
            and len(source) <= MAX_TEXT
        ):
            return Failure(kinds, message, Raised(kinds[0], line, source, function))
        case ("ended", str(how)):
            return Ended(how)
        case ("memory",):
            return OutOfMemory()
        case ("limit", str(which)):
            return OverLimit(which)
        case ("banned", str(name)):
            return Banned(name)
        case ("refused", str(why)):
            return Refused(why)
    raise WireError("an answer of no known form")


def read_loaded(value: Any) -> tuple[list[str], list[tuple[list[str], Answer]]]:
    """Turn the answer about a submission into the names it defines and what went wrong in parts of it.

    Raises:
        WireError: It is none.
    """
    match value:
        case (list(names), list(troubles)) if type(value) is tuple and _are_texts(names):
            return names, [_read_trouble(trouble) for trouble in troubles]
    raise WireError("an answer of no known form")


def _read_trouble(trouble: Any) -> tuple[list[str], Answer]:
    match trouble:
        case (list(names), tuple(answer)) if type(trouble) is tuple and _are_texts(names):
            return names, read_answer(answer)
    raise WireError("an answer of no known form")


def _are_texts(values: list[Any]) -> bool:
    return all(type(value) is str for value in values)


def read_placement(value: Any) -> Placement:
    """Turn the answer about a device into a Placement.

    Raises:
        WireError: It is none.
    """
    match value:
        case (
            "cuda" | "pretended" | "meta" | "none" as kind,
            "cuda:0" | "meta" | "cpu" as device,
            str(note),
        ) if type(value) is tuple:
            return Placement(kind, device, note[:MAX_TEXT])
    raise WireError("an answer of no known form")
