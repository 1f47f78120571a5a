"""Canaries: what a locked-down worker can really do, tried before any student's code is read."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Sequence

from . import linux

__all__ = ["escapes", "run_a_program"]

_PTRACE_SEIZE = 0x4206  # does not stop the process, should it succeed


def escapes(secret: str, outsider: int, hidden: Sequence[str] = ()) -> list[str]:
    """Try what must not be possible from inside; return what was.

    Args:
        secret: A file on the host that only the grader may read.
        outsider: A process outside, the grader's.
        hidden: Folders on the host that workers may not see.
    """
    attempts: list[tuple[str, Callable[[], object]]] = [
        ("read a file outside", lambda: open(secret, "rb").close()),
        ("list a folder outside", lambda: os.listdir(os.path.dirname(secret))),
        ("write outside", lambda: open(f"{secret}.canary", "wb").close()),
        ("open a network socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()),
        ("mount", lambda: linux.unshare(linux.NEWNS)),
    ]
    if outsider != os.getpid():  # the first process of a namespace bears the number of another outside
        attempts.append(("signal the grader", lambda: os.kill(outsider, 0)))
        attempts.append(("trace the grader", lambda: linux.call("ptrace", _PTRACE_SEIZE, outsider, 0, 0)))
    attempts += [(f"list {folder}", lambda folder=folder: os.listdir(folder)) for folder in hidden]  # type: ignore[misc]
    done = []
    for name, attempt in attempts:
        with contextlib.suppress(OSError):
            attempt()
            done.append(name)
    return done


def run_a_program() -> None:
    """Try to become another program, one that ends with 0; return where that is refused."""
    with contextlib.suppress(OSError):
        os.execv("/bin/true", ["true"])
