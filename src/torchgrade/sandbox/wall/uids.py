"""Users for workers: numbers that no account has, a few for each zygote, so that no two workers share one."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Iterable

__all__ = ["UserBlock", "end_all_of", "unreadable"]

FIRST_UID, BLOCK, BLOCKS = 60_578, 16, 37  # https://systemd.io/UIDS-GIDS: up to 61183 nobody gives them out


class UserBlock:
    """A block of users that is this process's own while it lives.

    The claim is the name of an abstract unix socket: one process on the machine can have it, and the kernel gives it
    back when that process ends. Where all are taken workers may share users with those of another zygote.

    Args:
        start: Which block to try first.
    """

    def __init__(self, start: int) -> None:
        self.claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.number = start % BLOCKS
        for number in range(start, start + BLOCKS):
            with contextlib.suppress(OSError):
                self.claim.bind(f"\0torchgrade-users-{number % BLOCKS}")
                self.number = number % BLOCKS
                return

    def uid(self, worker: int) -> int:
        """Return the user of a worker; it comes round again when the worker is long gone."""
        return FIRST_UID + self.number * BLOCK + worker % BLOCK


def _as_user(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def unreadable(paths: Iterable[str], uid: int) -> str:
    """Return the first of some paths that a user cannot read, or an empty text."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _as_user(uid)
            denied = [path for path in paths if not os.access(path, os.R_OK | (os.X_OK if os.path.isdir(path) else 0))]
            os.write(writer, "".join(denied[:1]).encode()[:1000])
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        found = pipe.read().decode()
    os.waitpid(pid, 0)
    return found


def end_all_of(uid: int) -> None:
    """Kill every process of a user at one stroke: one after the other, they could fork faster."""
    pid = os.fork()
    if pid == 0:
        try:
            _as_user(uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
