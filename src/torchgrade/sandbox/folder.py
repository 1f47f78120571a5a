"""The folder that a grader has for one zygote, among the machine's temporary ones: it does not outlive its grader."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from pathlib import Path

from .leavings import remove_folder

__all__ = ["Folder"]

PREFIX = "torchgrade-zygote-"


class Folder:
    """Make a folder with a mount point and a canary in it, and hold its lock for as long as this process lives.

    Attributes:
        path: Where it lies.
    """

    def __init__(self) -> None:
        self.path, self.lock = _make()
        (self.path / "root").mkdir()
        (self.path / "canary").touch(mode=0o600)
        (self.path / "canary").write_bytes(b"canary")

    def remove(self) -> None:
        """Remove it with all that is in it; nobody may be at work there."""
        remove_folder(str(self.path))
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1

    @staticmethod
    def sweep() -> None:
        """Remove what this user's graders left when they were killed: their locks went with them."""
        with os.scandir(tempfile.gettempdir()) as entries:
            found = [entry.path for entry in entries if entry.name.startswith(PREFIX)]
        for path in found:
            with contextlib.suppress(OSError):
                _remove_if_left(path)


def _make() -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        with contextlib.suppress(FileNotFoundError):
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            with contextlib.suppress(OSError):  # some network's file systems have no such locks
                fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():  # else another grader has swept it away before it was locked
                return path, lock
            os.close(lock)


def _remove_if_left(path: str) -> None:
    """Remove a folder that nobody has locked.

    One with scratch folders in it stays: a worker that outlived its grader may still be at work there, and what follows
    its paths could be led elsewhere. (The zygote removes those, unless it was killed as well.)

    Raises:
        OSError: Somebody has, or it is another user's, or more is in it than when it was made.
    """
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(lock).st_uid == os.geteuid():
            with contextlib.suppress(FileNotFoundError):
                os.rmdir("root", dir_fd=lock)
            with contextlib.suppress(FileNotFoundError):
                os.unlink("canary", dir_fd=lock)
            os.rmdir(path)
    finally:
        os.close(lock)
