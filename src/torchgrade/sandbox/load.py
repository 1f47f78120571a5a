"""How much of its time a worker was kept waiting for a processor, in the kernel's own count (Linux)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

__all__ = ["Load", "load_of", "waited_here"]


class Load(msgspec.Struct, frozen=True):
    """What a worker and all it started have had of the processors since it was forked.

    Attributes:
        cpu: Seconds that they ran, together.
        waited: Seconds that they could have run and did not, together.
        running: Whether one of them runs or could run now.
    """

    cpu: float
    waited: float
    running: bool


def load_of(pid: int) -> Load:
    """Add up a child of this process and its descendants; what cannot be read counts as nothing.

    Args:
        pid: The child, as this process numbers it: in namespaces /proc has other numbers.
    """
    cpu = waited = 0.0
    running = False
    for process in _tree(_as_proc_has_it(pid)):
        cpu += _stat(process)[1]
        for thread in _entries(process / "task"):
            waited += _waited(thread)
            running |= _stat(thread)[0] == "R"
    return Load(cpu, waited, running)


def waited_here() -> float:
    """Return the seconds that this thread could have run and did not."""
    return _waited(Path("/proc/thread-self"))


def _as_proc_has_it(pid: int) -> str:
    with contextlib.suppress(OSError, IndexError):
        descriptor = os.pidfd_open(pid)
        try:
            return _read(Path(f"/proc/self/fdinfo/{descriptor}")).partition("Pid:")[2].split()[0]
        finally:
            os.close(descriptor)
    return str(pid)


def _tree(pid: str) -> Iterator[Path]:
    yield Path("/proc", pid)
    for thread in _entries(Path("/proc", pid, "task")):
        for child in _read(thread / "children").split():
            yield from _tree(child)


def _stat(process: Path) -> tuple[str, float]:
    """Return the state of a process, and the seconds that it and its children that have ended ran."""
    fields = _read(process / "stat").rpartition(")")[2].split()
    return (fields[0], sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")) if fields else ("", 0.0)


def _waited(thread: Path) -> float:
    fields = _read(thread / "schedstat").split()
    return int(fields[1]) / 1e9 if len(fields) > 1 else 0.0


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
