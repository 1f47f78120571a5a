"""The system calls behind the layers, as plain functions that raise OSError."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
import sys

from .syscalls import NUMBERS

__all__ = [
    "NEWCGROUP",
    "NEWIPC",
    "NEWNET",
    "NEWNS",
    "NEWPID",
    "NEWUSER",
    "NEWUTS",
    "call",
    "capset",
    "die_with_parent",
    "mount",
    "pivot_root",
    "prctl",
    "set_read_only",
    "setns",
    "supported",
    "unshare",
]

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 8, 32, 4096, 16384
MS_PRIVATE = 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 4, 24, 36
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_MNT_DETACH, _AT_FDCWD, _AT_RECURSIVE = 2, -100, 0x8000
_ATTR_RDONLY, _ATTR_NOSUID, _ATTR_NODEV = 1, 2, 4
_CAPABILITY_VERSION_3 = 0x20080522

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def supported() -> bool:
    """Tell whether this is Linux on a processor whose system calls are known here."""
    return _LIBC is not None and platform.machine() in NUMBERS


def call(name: str, *arguments: int | bytes | None, what: str = "") -> int:
    """Make a system call.

    Args:
        name: Its name; one that this processor or this module does not have raises ENOSYS.
        arguments: Integers, passed as longs; bytes, passed as their address, or None.
        what: What to name in the error besides the call.

    Raises:
        OSError: With the call's name, and ``what``, as its file name.
    """
    label = f"{name} {what}".rstrip()
    number = NUMBERS.get(platform.machine(), {}).get(name)
    if _LIBC is None or number is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), label)
    longs = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = int(_LIBC.syscall(ctypes.c_long(number), *longs))
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), label)
    return result


def prctl(option: int, first: int = 0, second: int = 0) -> None:
    """Set a property of this process."""
    call("prctl", option, first, second, 0, 0, what=str(option))


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent ends; a change of user undoes it."""
    prctl(PR_SET_PDEATHSIG, number)


def unshare(flags: int) -> None:
    """Move this process (its children, for NEWPID) into new namespaces."""
    call("unshare", flags)


def setns(descriptor: int, kind: int) -> None:
    """Join the namespace that a descriptor refers to."""
    call("setns", descriptor, kind)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """Mount a file system, or what is at ``source``."""
    names = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    call("mount", *names, flags, None if data is None else data.encode(), what=target)


def set_read_only(target: str) -> None:
    """Make a mount and all mounts under it read-only, without devices and set-uid programs (Linux 5.12)."""
    attributes = struct.pack("QQQQ", _ATTR_RDONLY | _ATTR_NOSUID | _ATTR_NODEV, 0, 0, 0)
    call(
        "mount_setattr", _AT_FDCWD, os.fsencode(target), _AT_RECURSIVE, attributes, len(attributes), what=target
    )  # fmt: skip


def pivot_root(root: str) -> None:
    """Make ``root``, a mount, the root of this mount namespace, and let go of the old one."""
    os.chdir(root)
    call("pivot_root", b".", b".")
    call("umount2", b".", _MNT_DETACH)
    os.chdir("/")


def capset(effective: int = 0) -> None:
    """Set the effective, permitted and inheritable capabilities to a mask; by default to none."""
    low, high = effective & 0xFFFFFFFF, effective >> 32
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    call("capset", header, struct.pack("6I", low, low, 0, high, high, 0))
