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
MOST_WAITING = 1 << 18
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

    The first ones are kept, as far as `MOST_BYTES` goes; of what follows only the number is. Sketches are made when
    they are asked for, after the check has failed, since few do. A check that goes on to change what it was given does
    so in every run, so that the late sketches of two runs can still be compared.

    Attributes:
        left_out: How many more exchanges there were.
    """

    def __init__(self) -> None:
        self.left_out = 0
        self._sketched: list[Exchange] = []
        self._waiting: list[tuple[tuple[Any, ...], Any]] = []
        self._waiting_bytes = 0
        self._sketcher = Sketcher(MOST_BYTES)

    def __len__(self) -> int:
        return len(self._sketched) + len(self._waiting) + self.left_out

    @property
    def exchanges(self) -> list[Exchange]:
        """Those that are kept, in order."""
        self._sketch()
        return self._sketched

    def add(self, asked: tuple[Any, ...], told: Any, carried: int = 0) -> None:
        """Note an exchange.

        Args:
            asked: What was asked.
            told: What was answered, or `Threw`.
            carried: How many bytes went to and fro.
        """
        if self._sketcher.size >= MOST_BYTES:
            self.left_out += 1
            return
        self._waiting.append((asked, told))
        self._waiting_bytes += carried
        if self._waiting_bytes > MOST_WAITING:
            self._sketch()

    def _sketch(self) -> None:
        for asked, told in self._waiting:
            if self._sketcher.size >= MOST_BYTES:
                self.left_out += 1
                continue
            try:
                answer = told if isinstance(told, Threw) else self._sketcher.of(told)
                self._sketched.append(Exchange(self._sketcher.of(asked), answer))
            except Exception:  # no verdict may hang on a note of it
                self._sketched.append(Exchange(None, object()))  # the same as nothing else
        self._waiting.clear()
        self._waiting_bytes = 0


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
            self.transcript.add(asked, _threw(error), self.carried)
            raise
        told = value.value if value.record is None else (value.value, _testimony(value.record))
        self.transcript.add(asked, told, self.carried)
        return value

    def ask(self, verb: str, *fields: Any, opaque: Opaque | None = None) -> Any:
        """Ask one of the verbs about handles (see `Client`)."""
        asked = (verb, *map(_spoken, fields))
        try:
            value = super().ask(verb, *fields, opaque=opaque)
        except BaseException as error:
            self.transcript.add(asked, _threw(error), self.carried)
            raise
        self.transcript.add(asked, value, self.carried)
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
