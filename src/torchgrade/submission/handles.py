"""Objects that stay in the student's process, used from the checks' side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from ..wire import Handle as Reference

__all__ = ["Handle", "handle_is_a"]


class Requests(Protocol):
    """The part of a submission's proxy that its handles use."""

    def _call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...

    def _ask(self, verb: str, *fields: Any) -> Any: ...


class Handle:
    """A module, dataset, optimizer or other object of the worker's: each use of it is a call there.

    It can be called, indexed, iterated, measured with ``len()`` and asked for attributes.
    """

    __slots__ = ("_reference", "_submission")

    def __init__(self, submission: Requests, reference: Reference) -> None:
        self._submission, self._reference = submission, reference

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object in the student's process."""
        return self._submission._call(self._reference, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):  # pytest, copy and inspect probe for these
            raise AttributeError(name)
        return self._submission._ask("get", self._reference, name)

    def __getitem__(self, key: Any) -> Any:
        return self._submission._ask("item", self._reference, key)

    def __len__(self) -> int:
        length = self._submission._ask("length", self._reference)
        return length if type(length) is int and length >= 0 else 0

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Any]:
        return _Iterator(self._submission, self._submission._ask("iterate", self._reference))

    def __next__(self) -> Any:
        return self._submission._ask("next", self._reference)

    def __repr__(self) -> str:
        return f"<{self._reference.kind} in the student's process>"


class _Iterator:
    def __init__(self, submission: Requests, handle: Any) -> None:
        self.submission, self.handle = submission, handle

    def __iter__(self) -> _Iterator:
        return self

    def __next__(self) -> Any:
        return self.submission._ask("next", self.handle)


def handle_is_a(handle: Handle, kind: type) -> bool:
    """Ask the worker whether an object of its is an instance of ``kind``, a class of torch or fixtures.shared."""
    return handle._submission._ask("is_a", handle._reference, kind) is True


def kind_of(handle: Handle) -> str:
    """Return the name of the object's class, as the worker gives it."""
    return handle._reference.kind
