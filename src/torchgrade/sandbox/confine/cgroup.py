"""A control group for a cell: the memory and the processes of a zygote and all its copies together.

Of version 2 a group beside or beneath this process's own is made, where a parent hands its controllers on; of version 1
one beneath this process's own, in each of the two hierarchies. Both need a folder that this user may write to: root, or
a user whose service manager has delegated one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Group", "create_group", "join_group", "remove_group"]

_PREFIX = "torchgrade-"
_CONTROLLERS = ("memory", "pids")
_MEMORY = {1: "memory.limit_in_bytes", 2: "memory.max"}


@dataclass(frozen=True)
class Group:
    """A control group of our own.

    Attributes:
        folders: The group's folder, or one of each hierarchy.
    """

    folders: tuple[str, ...]


def create_group(memory_mb: int, processes: int) -> Group:
    """Make a group with limits.

    Args:
        memory_mb: Memory of all its processes together.
        processes: Their number, threads included.

    Raises:
        OSError: There is none that could be made; what was made of it is removed.
    """
    version, parents = _parents()
    made: list[str] = []
    try:
        for controllers, parent in parents:
            _remove_stale(parent)
            folder = parent / f"{_PREFIX}{os.getpid()}"
            folder.mkdir()
            made.append(str(folder))
            if "memory" in controllers:
                (folder / _MEMORY[version]).write_text(str(memory_mb << 20), encoding="ascii")
                _forbid_swap(folder)
            if "pids" in controllers:
                (folder / "pids.max").write_text(str(processes), encoding="ascii")
    except OSError:
        remove_group(Group(tuple(made)))
        raise
    return Group(tuple(made))


def join_group(group: Group) -> None:
    """Move this process, and so what it will start, into the group."""
    for folder in group.folders:
        Path(folder, "cgroup.procs").write_text("0", encoding="ascii")


def remove_group(group: Group, seconds: float = 1.0) -> bool:
    """Remove the group, which its last process may still be leaving; tell whether it is gone."""
    deadline = time.monotonic() + seconds
    left = list(group.folders)
    while left:
        with contextlib.suppress(FileNotFoundError, PermissionError):
            try:
                os.rmdir(left[-1])
            except OSError as error:
                if error.errno == errno.EBUSY and time.monotonic() < deadline:
                    time.sleep(0.005)
                    continue
                return False
        left.pop()
    return True


def _parents() -> tuple[int, list[tuple[tuple[str, ...], Path]]]:
    """Return the version, and the folders to make a group in, each with the controllers that it serves."""
    own = dict(_own_groups())
    mounts = list(_mounts())
    for kind, options, folder in mounts:
        if kind == "cgroup2":
            here = _existing(folder, own.get("", "/"))
            for parent in (here.parent, here) if here != folder else (here,):
                if set(_CONTROLLERS) <= set(_read_words(parent / "cgroup.subtree_control")):
                    return 2, [(_CONTROLLERS, parent)]
    found = []
    for name in _CONTROLLERS:
        folders = [folder for kind, options, folder in mounts if kind == "cgroup" and name in options]
        if not folders:
            raise OSError(errno.ENOENT, f"no control group hands on the {name} controller", "cgroup")
        found.append(((name,), _existing(folders[0], own.get(name, "/"))))
    return 1, found


def _mounts() -> Iterator[tuple[str, set[str], Path]]:
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, folder, kind, options, *_ = line.split()
        if kind in ("cgroup", "cgroup2"):
            yield kind, set(options.split(",")), Path(folder)


def _own_groups() -> Iterator[tuple[str, str]]:
    """Yield controllers, the empty name for version 2, and the path of this process's group."""
    for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path


def _existing(mount: Path, path: str) -> Path:
    """In a container the path may be told as the host sees it; the mount's root is the own group then."""
    folder = mount / path.lstrip("/")
    return folder if folder.is_dir() else mount


def _read_words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except OSError:
        return []


def _forbid_swap(folder: Path) -> None:
    for name, value in (("memory.swap.max", "0"), ("memory.swappiness", "0")):
        with contextlib.suppress(OSError):
            if (folder / name).exists():
                (folder / name).write_text(value, encoding="ascii")


def _remove_stale(parent: Path) -> None:
    """Remove groups whose makers were killed before they could."""
    for folder in parent.glob(f"{_PREFIX}*"):
        if not os.path.exists(f"/proc/{folder.name.removeprefix(_PREFIX)}"):
            with contextlib.suppress(OSError):
                folder.rmdir()
