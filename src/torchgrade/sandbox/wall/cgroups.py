"""A control group (version 2) for a zygote and its workers: memory and processes of all of them, counted together."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from .layers import Layer

__all__ = ["GroupLimits", "Grouped", "enter_group", "places"]

PREFIX = "torchgrade-"
REMOVE_SECONDS = 5.0
_NEEDED = ("memory", "pids")


@dataclass(frozen=True)
class GroupLimits:
    """What a group may have.

    Attributes:
        memory_mb: Memory of all its processes, their scratch folders included.
        processes: Processes and threads.
    """

    memory_mb: int
    processes: int


@dataclass
class Grouped:
    """A process in a group of its own, or why it is not.

    Attributes:
        layer: The layer ``cgroup``.
        path: Where the group lies, if there is one.
    """

    layer: Layer
    path: Path | None = None

    def out_of_memory(self) -> int:
        """Return how many processes of the group the kernel has killed because it took more memory than it may."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            if self.path is not None:
                events = (self.path / "memory.events").read_text(encoding="ascii").split()
                return int(events[events.index("oom_kill") + 1])
        return 0

    def end(self) -> None:
        """Kill what is in the group and remove it."""
        if self.path is None:
            return
        with contextlib.suppress(OSError):
            _write(self.path / "cgroup.kill", "1")
        deadline = time.monotonic() + REMOVE_SECONDS
        while not _removed(self.path) and time.monotonic() < deadline:
            time.sleep(0.01)


def enter_group(pid: int, limits: GroupLimits, candidates: list[Path] | None = None) -> Grouped:
    """Put a process, and with it all that it will start, into a new group.

    Args:
        pid: The process; it has no children yet.
        limits: Of the group.
        candidates: Groups in which to make it, best first; by default `places`.
    """
    why = "no cgroup v2 is mounted"
    for parent in places() if candidates is None else candidates:
        _sweep(parent)
        path = parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            _make(path, limits)
            _write(path / "cgroup.procs", str(pid))
        except OSError as error:
            why = f"{error.strerror or error}: {error.filename}"
            _removed(path)
        else:
            return Grouped(Layer("cgroup", True), path)
    return Grouped(Layer("cgroup", False, why))


def places(own: str = "/proc/self") -> list[Path]:
    """Return where this process could make a group: within its own, or beside it.

    Within its own is possible only where that may hold processes and groups at once, as the topmost one of a machine
    may; beside it wherever the one above was handed over to this user, as systemd does for a user's scopes.
    """
    try:
        mounts = [line.split() for line in Path(own, "mountinfo").read_text().splitlines()]
        groups = Path(own, "cgroup").read_text().splitlines()
    except OSError:
        return []
    for fields in mounts:
        for line in groups:
            if fields[fields.index("-") + 1] == "cgroup2" and line.startswith("0::"):
                below = os.path.relpath(line[3:], fields[3])
                here = Path(os.path.normpath(os.path.join(fields[4], below)))
                if not below.startswith(".."):
                    return [here] if below == "." else [here, here.parent]
    return []


def _make(path: Path, limits: GroupLimits) -> None:
    there = (path.parent / "cgroup.controllers").read_text(encoding="ascii").split()
    for name in _NEEDED:
        if name not in there:
            raise OSError(errno.ENODEV, f"{name} is not counted there", str(path.parent))
    control = path.parent / "cgroup.subtree_control"
    if missing := [name for name in _NEEDED if name not in control.read_text(encoding="ascii").split()]:
        _write(control, " ".join(f"+{name}" for name in missing))
    path.mkdir()
    _write(path / "memory.max", str(limits.memory_mb << 20))
    _write(path / "pids.max", str(limits.processes))
    with contextlib.suppress(OSError):  # some kernels count no swap
        _write(path / "memory.swap.max", "0")


def _write(path: Path, text: str) -> None:
    """Write to a file of the kernel's, which is there or not: none is made."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        os.close(descriptor)


def _sweep(parent: Path) -> None:
    """Remove what graders have left that were killed."""
    with contextlib.suppress(OSError):
        for path in parent.glob(f"{PREFIX}*-*"):
            owner = path.name.removeprefix(PREFIX).partition("-")[0]
            if not os.path.exists(f"/proc/{owner}"):
                _removed(path)


def _removed(path: Path) -> bool:
    """Remove a group in which nothing lives any more; return whether it is gone."""
    with contextlib.suppress(OSError):
        path.rmdir()
    return not path.exists()
