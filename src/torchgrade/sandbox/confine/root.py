"""The private root: a file system that holds what Python needs, read-only, and nothing else of the host's."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from . import linux
from .linux import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_PRIVATE, MS_REC, NEWIPC, NEWNET, NEWNS
from .plans import SCRATCH, SHARED_MEMORY, CellPlan

__all__ = ["DEVICES", "build_root", "mount_own_folders", "readable_paths"]

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_SYSTEM = (
    "/usr", "/lib", "/lib64", "/bin", "/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/localtime", "/etc/passwd",
    "/etc/group", "/etc/nsswitch.conf", "/sys/devices/system/cpu",
)  # fmt: skip
_BUILDING_SITE = "/proc"  # exists, is no one's file, and nothing that is bound lies beneath it


def readable_paths(*more: str) -> tuple[str, ...]:
    """Return what Python, its packages and the system's libraries are read from, none of them within another.

    Args:
        more: Further paths, such as the course's ``fixtures/shared``.
    """
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    here = str(Path(__file__).parents[2])  # an editable installation may not be on sys.path
    asked = {*_SYSTEM, sys.prefix, sys.base_prefix, *sys.path, *libraries, here, *more}
    absolute = [os.path.abspath(path) for path in asked if path and os.path.exists(path)]
    kept: list[str] = []
    for path in sorted({*absolute, *map(os.path.realpath, absolute)}):
        # One below a link is reached by its real path, which is here too.
        if path != "/" and not any(_within(path, other) for other in kept):
            kept.append(path)
    return tuple(kept)


def build_root(plan: CellPlan) -> str:
    """Make a private root this process's own; the process must be in a mount and a process namespace of its own.

    Folders above a bound path are made anew and may be entered by all, so that a Python under /root serves any user.

    Raises:
        OSError: Something failed half-way: this process is of no use any more.
    """
    root = _BUILDING_SITE
    linux.mount(None, "/", None, MS_REC | MS_PRIVATE)
    linux.mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=4m,mode=755")
    for path in plan.readable:
        _bind(path, root + path)
        linux.set_read_only(root + path)
    for device in (*DEVICES, *plan.devices):
        _bind(device, root + device)
    for folder in (SCRATCH, SHARED_MEMORY, "/proc"):
        os.makedirs(root + folder)
    os.symlink(SCRATCH, f"{root}/tmp")
    _cover(plan, root)
    _mount_proc(f"{root}/proc")
    _mount_tmpfs(root + SCRATCH, plan.scratch_mb, 0o700)
    _mount_tmpfs(root + SHARED_MEMORY, plan.scratch_mb, 0o700)
    linux.pivot_root(root)
    linux.mount(None, "/", None, MS_BIND | linux.MS_REMOUNT | linux.MS_RDONLY | MS_NOSUID | MS_NODEV)
    socket.sethostname("torchgrade")
    return f"{len(plan.readable)} paths"


def mount_own_folders(scratch: str, size_mb: int, uid: int, own_network: bool) -> None:
    """Give this copy a scratch folder, a /dev/shm and a /proc that no other copy ever sees, and that go with it.

    Args:
        scratch: A folder in the private root.
        size_mb: Size of scratch, and of /dev/shm.
        uid: The user and group that both will belong to.
        own_network: Have an empty network, too: where Landlock does not keep abstract sockets apart.

    Raises:
        OSError: It failed: this process must not go on.
    """
    linux.unshare(NEWNS | NEWIPC | (NEWNET if own_network else 0))
    _mount_proc("/proc")
    for folder in (scratch, SHARED_MEMORY):
        _mount_tmpfs(folder, size_mb, 0o700, f",uid={uid},gid={uid}")


def _bind(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    linux.mount(os.path.realpath(source), target, None, MS_BIND | MS_REC)


def _cover(plan: CellPlan, root: str) -> None:
    """Hide what must not be seen but lies within a readable path; a readable path beneath it would be hidden too."""
    for path in map(os.path.realpath, plan.hidden):
        if os.path.isdir(root + path) and not any(_within(readable, path) for readable in plan.readable):
            linux.mount("tmpfs", root + path, "tmpfs", MS_NOSUID | MS_NODEV | linux.MS_RDONLY, "size=4k,mode=700")


def _mount_tmpfs(target: str, size_mb: int, mode: int, owner: str = "") -> None:
    linux.mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, f"size={size_mb}m,nr_inodes=16k,mode={mode:o}{owner}")


def _mount_proc(target: str) -> None:
    linux.mount("proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
