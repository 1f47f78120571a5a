"""The layers by name, and how one is tried."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["LAYERS", "Layer", "described", "tried"]

LAYERS = (
    "namespaces",
    "private-root",
    "cgroup",
    "setuid",
    "capabilities",
    "no-new-privs",
    "rlimits",
    "landlock",
    "seccomp",
)


@dataclass(frozen=True)
class Layer:
    """One layer on this machine.

    Attributes:
        name: One of `LAYERS`.
        on: Whether it holds.
        detail: The error's name and words when it does not; what there is to know of it when it does.
    """

    name: str
    on: bool
    detail: str = ""


def tried(name: str, apply: Callable[[], str | None]) -> Layer:
    """Apply a layer.

    Args:
        name: One of `LAYERS`.
        apply: Puts it up; may return a word about it.
    """
    try:
        return Layer(name, True, apply() or "")
    except OSError as error:
        return Layer(name, False, described(error))


def described(error: OSError) -> str:
    """Return an error's name and words: ``EPERM: Operation not permitted (unshare)``."""
    number = error.errno or 0
    where = f" ({error.filename})" if error.filename else ""
    return f"{errno.errorcode.get(number, number)}: {error.strerror or os.strerror(number)}{where}"
