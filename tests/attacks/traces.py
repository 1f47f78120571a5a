"""What a run leaves on the machine: processes, files, objects in the kernel, calls to a server."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
SCRATCH = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/")


@contextlib.contextmanager
def adopting_orphans() -> Iterator[set[int]]:
    """Become the parent of every process whose own parent ends: whatever a run leaves behind is then a descendant.

    Yields:
        A set that, once the context is over, holds the processes that were left; they have been killed.
    """
    left: set[int] = set()
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
    before = descendants()
    try:
        yield left
    finally:
        left |= _still_there(before)
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0)


def _still_there(before: set[int], seconds: float = 5) -> set[int]:
    deadline = time.monotonic() + seconds
    while (left := descendants() - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in left:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
    return left


def descendants() -> set[int]:
    """Return the processes below this one, but for those that have ended and only wait to be collected."""
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                state, parent = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    children.setdefault(int(parent), []).append(int(entry))
    found: set[int] = set()
    waiting = [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found


def files_with(word: str, *folders: Path) -> list[str]:
    """Return the paths in the machine's scratch folders and ``folders`` whose names hold ``word``."""
    found = []
    for folder in (*map(Path, SCRATCH), Path.home(), *folders):
        with contextlib.suppress(OSError):
            found += [str(entry) for entry in folder.iterdir() if word in entry.name]
    return found


def kernel_objects(key: int) -> list[str]:
    """Return the System V objects with this key."""
    found = []
    for kind in ("shm", "msg", "sem"):
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
            found += [f"{kind} {line}" for line in lines if line.split()[:1] == [str(key)]]
    return found


def state_of(folder: Path) -> dict[str, tuple[str, int, float, str]]:
    """Return the content, mode, times and attributes of every file below a folder; caches of Python's aside."""
    return {
        str(path.relative_to(folder)): _state(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def _state(path: Path) -> tuple[str, int, float, str]:
    facts = path.stat()
    return hashlib.sha256(path.read_bytes()).hexdigest(), facts.st_mode, facts.st_mtime, str(os.listxattr(path))


@contextlib.contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """Serve on the loopback interface; yields the port, and a list that grows with each caller and datagram."""
    heard: list[object] = []
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
    ):
        datagrams.bind(server.getsockname())
        for wait in (lambda: server.accept()[1], lambda: datagrams.recv(1000)):
            threading.Thread(target=_note, args=(wait, heard), daemon=True).start()
        yield server.getsockname()[1], heard


def _note(wait: Callable[[], object], heard: list[object]) -> None:
    with contextlib.suppress(OSError):  # closed: the run is over
        while True:
            heard.append(wait())
