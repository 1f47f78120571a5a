"""In the worker: an exception of the student's code as plain data."""

from __future__ import annotations

import builtins
import errno
import linecache
import traceback
from types import TracebackType
from typing import Any

from . import sentences as said

__all__ = ["BannedCall", "describe"]

MAX_MESSAGE = 2000
MAX_NAME = 200
_TORCH_HOME = ("torch", "torch.linalg", "torch._C", "torch.cuda")
_ALLOCATOR_WORDS = ("DefaultCPUAllocator: can't allocate memory", "DefaultCPUAllocator: not enough memory")


class BannedCall(RuntimeError):
    """A function that the check bans was called."""


def describe(error: BaseException, files: frozenset[str], function: str | None) -> tuple[Any, ...]:
    """Return the answer that tells of ``error``.

    Args:
        error: What the student's code raised.
        files: File names of the submission, as they stand in code objects.
        function: The function that was called, or None while loading.
    """
    if isinstance(error, BannedCall):
        return ("banned", str(error))
    if isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and any(words in str(error) for words in _ALLOCATOR_WORDS)
    ):
        return ("memory",)
    if _limit_of(error):
        return ("limit", _limit_of(error))
    if not isinstance(error, Exception):
        return ("ended", type(error).__name__)
    line, source = _place(error, files)
    return ("raised", _kinds(type(error)), _message(error), line, source, function)


def _limit_of(error: BaseException) -> str:
    """Name the limit of the worker's that an error of the system's tells of."""
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.EFBIG, errno.ENOSPC, errno.EDQUOT):
        return "files"
    if number == errno.EAGAIN or (isinstance(error, RuntimeError) and str(error) == "can't start new thread"):
        return "processes"
    return ""


def _kinds(kind: type[BaseException]) -> tuple[str, ...]:
    """Name the class itself, then those of its bases that the other side may know."""
    names = [kind.__name__[:MAX_NAME]]
    for base in kind.__mro__:
        if base.__module__ == "builtins" and hasattr(builtins, base.__name__):
            names.append(base.__name__)
        elif base.__module__ in _TORCH_HOME:
            names.append(f"torch.{base.__name__.lstrip('_')}")
    return tuple(names)


def _message(error: BaseException, limit: int = MAX_MESSAGE) -> str:
    # the default was read before there was a submission: one that lifts MAX_MESSAGE changes nothing
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)[:limit]
        # str(KeyError("a")) is "'a'", and would be quoted once more on the other side
        if len(error.args) == 1 and type(error.args[0]) is str:
            return error.args[0][:limit]
        return str(error)[:limit]
    except Exception as again:
        return said.NO_MESSAGE.format(kind=type(again).__name__)


def _place(error: BaseException, files: frozenset[str]) -> tuple[int | None, str]:
    """Find the innermost line of the submission that was running."""
    if isinstance(error, SyntaxError) and error.filename in files:
        return error.lineno, (error.text or "").strip()[:200]
    found: tuple[int | None, str] = (None, "")
    trace: TracebackType | None = error.__traceback__
    for frame, line in traceback.walk_tb(trace):
        if frame.f_code.co_filename in files:
            found = (line, linecache.getline(frame.f_code.co_filename, line).strip()[:200])
    return found
