"""What a worker may leave where no namespace takes it away: processes and files."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess

from .wall import end_all_of

__all__ = ["end_orphans", "remove_folder"]


def end_orphans(alive: set[int], uid: int | None) -> None:
    """End every child of this process but those alive: orphans of its workers have become its own.

    Args:
        alive: Workers that go on.
        uid: The user that the worker had to itself, if it had one.
    """
    while left := _children() - alive:
        if uid is not None:
            end_all_of(uid)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> set[int]:
    """Return the living and dead children of this process."""
    found: set[int] = set()
    for thread in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError), open(f"/proc/self/task/{thread}/children", encoding="ascii") as file:
            found |= {int(pid) for pid in file.read().split()}
    return found


def remove_folder(folder: str) -> None:
    """Remove a folder, be it closed to its owner or nested deeper than Python can follow."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except (OSError, RecursionError):
        for command in (["chmod", "-R", "u+rwX"], ["rm", "-rf"]):
            subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)
