"""What a check asked of a submission and what it was told, in order."""

from __future__ import annotations

from typing import Any

import msgspec

from ..errors import CheckFailed, Verdict, raised_by_student
from ..sandbox.client import CallOptions, Client
from ..sandbox.protocol import Value
from ..wire import Handle, Named, Opaque
from .sketch import Sketcher

__all__ = ["Exchange", "RecordedClient", "Threw", "Transcript"]

MOST_BYTES = 1 << 20
MOST_WORDS = 200
MOST_PATHS = 1000


class Threw(msgspec.Struct, frozen=True):
    """The call did not return.

    Attributes:
        kind: The exception's class, or the verdict's status.
        words: The beginning of its message.
    """

    kind: str
    words: str = ""


class Exchange(msgspec.Struct, frozen=True):
    """A request and its answer, both as sketches (see `sketch`)."""

    asked: Any
    told: Any


class Transcript:
    """The exchanges of one run of a check.

    The first ones are kept, as far as `MOST_BYTES` goes; of what follows only the number is.

    Attributes:
        exchanges: In order.
        left_out: How many more there were.
    """

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.left_out = 0
        self._sketcher = Sketcher(MOST_BYTES)

    def __len__(self) -> int:
        return len(self.exchanges) + self.left_out

    def add(self, asked: tuple[Any, ...], told: Any) -> None:
        """Note an exchange."""
        if self._sketcher.size >= MOST_BYTES:
            self.left_out += 1
            return
        try:
            answer = told if isinstance(told, Threw) else self._sketcher.of(told)
            self.exchanges.append(Exchange(self._sketcher.of(asked), answer))
        except Exception:  # no verdict may hang on a note of it
            self.exchanges.append(Exchange(None, object()))  # the same as nothing else


class RecordedClient(Client):
    """A client that writes down what goes through it.

    Args:
        client: The client of a fresh worker, whose place it takes.
        transcript: Where it is written.
    """

    def __init__(self, client: Client, transcript: Transcript) -> None:
        super().__init__(client.transport, client.limits)
        self.transcript = transcript

    def call(
        self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any], options: CallOptions, opaque: Opaque
    ) -> Value:
        """Call a function in the worker (see `Client`)."""
        asked = ("call", _spoken(target), args, kwargs, options.ban, options.nan, options.observe)
        try:
            value = super().call(target, args, kwargs, options, opaque)
        except BaseException as error:
            self.transcript.add(asked, _threw(error))
            raise
        self.transcript.add(asked, value.value if value.record is None else (value.value, _testimony(value.record)))
        return value

    def ask(self, verb: str, *fields: Any, opaque: Opaque | None = None) -> Any:
        """Ask one of the verbs about handles (see `Client`)."""
        try:
            value = super().ask(verb, *fields, opaque=opaque)
        except BaseException as error:
            self.transcript.add((verb, *map(_spoken, fields)), _threw(error))
            raise
        self.transcript.add((verb, *map(_spoken, fields)), value)
        return value


def _spoken(target: Any) -> Any:
    """Return what tells a target from another; a handle of the worker's is told by its number."""
    if isinstance(target, Handle):
        return ("handle", target.number)
    return target.path if isinstance(target, Named) else target


def _threw(error: BaseException) -> Threw:
    if isinstance(error, Verdict):
        return Threw(error.status)
    if isinstance(error, CheckFailed):
        return Threw("refused", error.rationale[:MOST_WORDS])
    kind = type(error).__name__
    return Threw(kind, str(error)[:MOST_WORDS]) if raised_by_student(error) else Threw(kind)


def _testimony(record: dict[str, Any]) -> tuple[Any, ...]:
    """Return what an observation says of arguments, memory and generators.

    How often something was written, the operations, the output and the time differ between two ways to make the same
    mistake.
    """
    versions = record.get("versions")
    counted = versions.items() if isinstance(versions, dict) else ()
    written = [path for path, count in counted if type(count) is int and count]
    paths = (record.get("aliases"), written, record.get("moved"), record.get("generators"))
    return (record.get("args"), *map(_as_set, paths))


def _as_set(found: Any) -> frozenset[Any]:
    """Return the paths, and pairs of paths, that a worker's list holds."""
    listed = found[:MOST_PATHS] if isinstance(found, list) else []
    return frozenset(one for one in listed if all(type(part) is str for part in (one if type(one) is tuple else [one])))
