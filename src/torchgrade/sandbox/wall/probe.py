"""Canaries: what a locked-down worker can really do, tried before any student's code is read."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable

from . import linux

__all__ = ["escapes"]


def escapes(secret: str, outsider: int) -> list[str]:
    """Try what must not be possible from inside; return what was.

    Args:
        secret: A file on the host that only the grader may read.
        outsider: A process outside, the grader's.
    """
    attempts: dict[str, Callable[[], object]] = {
        "read a file outside": lambda: open(secret, "rb").close(),
        "list a folder outside": lambda: os.listdir(os.path.dirname(secret)),
        "write outside": lambda: open(f"{secret}.canary", "wb").close(),
        "open a network socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close(),
        "signal the grader": lambda: os.kill(outsider, 0),
        "trace the grader": lambda: linux.call("ptrace", 16, outsider, 0, 0),
        "mount": lambda: linux.unshare(linux.NEWNS),
        "run a program": lambda: os.execv("/bin/true", ["true"]),  # in a child, below
    }
    done = []
    for name, attempt in attempts.items():
        with contextlib.suppress(OSError):
            if name != "run a program" or _child_succeeds(attempt):
                if name != "run a program":
                    attempt()
                done.append(name)
    return done


def _child_succeeds(attempt: Callable[[], object]) -> bool:
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            attempt()
        os._exit(1)
    return os.waitpid(pid, 0)[1] == 0
