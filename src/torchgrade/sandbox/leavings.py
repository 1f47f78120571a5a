"""What a worker may leave where no namespace takes it away: processes and files."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal

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
    """Remove a folder, be it closed to its owner or nested deeper than anything recursive can follow.

    Each folder within is moved to the top and emptied there, so that no path is ever long. Nobody may be at work in it.
    """
    token, moved = secrets.token_hex(8), 0
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        with contextlib.suppress(OSError):
            for entry in _entries(here):
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)
                    continue
                moved += 1
                os.chmod(entry.path, 0o700)
                os.rename(entry.path, f"{folder}/{token}-{moved}")
                waiting.append(f"{folder}/{token}-{moved}")
            if here != folder:
                os.rmdir(here)
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)
