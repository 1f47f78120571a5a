"""What a process has left running, where no process namespace ends it: found because orphans come to their subreaper."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Collection

__all__ = ["end_orphans"]


def end_orphans(alive: Collection[int] = (), seconds: float = 5.0) -> bool:
    """Kill and collect this process's children, and theirs as they come; this process must be a subreaper.

    Args:
        alive: Children to leave alone.
        seconds: When to give up.

    Returns:
        Whether none is left.
    """
    deadline = time.monotonic() + seconds
    while left := _children() - set(alive):
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(OSError):
                os.waitpid(pid, os.WNOHANG)
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def _children() -> set[int]:
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for thread in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{thread}/children", encoding="ascii") as file:
                found |= {int(pid) for pid in file.read().split()}
    return found
