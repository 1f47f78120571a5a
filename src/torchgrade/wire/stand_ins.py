"""What crosses the wire in place of an object that is not plain data."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

__all__ = ["Handle", "Named", "Opaque"]


class Handle(msgspec.Struct, frozen=True):
    """An object that stays in the worker.

    Attributes:
        number: The worker's name for it.
        kind: Its class, for messages only: the worker says what it likes.
    """

    number: int
    kind: str


class Named(msgspec.Struct, frozen=True):
    """A function or class that both sides can import, as ``module:qualified.name``."""

    path: str


# What to do with an object that is not plain data: the worker keeps it and gives a Handle, the trusted side names it.
Opaque = Callable[[object], "Handle | Named"]
