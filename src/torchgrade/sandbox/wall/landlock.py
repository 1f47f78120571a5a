"""Landlock: which files a process and its children may read or write, kept by the kernel for good.

Structures and constants are those of ``linux/landlock.h``; each ABI version knows a few rights more.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence

from .linux import PR_SET_NO_NEW_PRIVS, prctl, syscall

__all__ = ["DRIVE_DEVICE", "READ", "READ_WRITE", "USE_DEVICE", "abi", "restrict"]

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR, MAKE_REG, MAKE_SOCK, MAKE_FIFO, MAKE_BLOCK, MAKE_SYM = (
    1 << bit for bit in range(4, 13)
)
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

READ = READ_FILE | READ_DIR | EXECUTE
USE_DEVICE = READ_FILE | WRITE_FILE
DRIVE_DEVICE = USE_DEVICE | IOCTL_DEV
READ_WRITE = (
    READ_FILE | READ_DIR | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_FIFO | MAKE_SYM
    | MAKE_SOCK | REFER | TRUNCATE
)  # fmt: skip
_RIGHTS_BY_ABI = {0: 0, 1: 13, 2: 14, 3: 15, 4: 15}  # how many of the rights above; 16 from ABI 5 on
_TCP = 3  # bind and connect, ABI 4
_SCOPES = 3  # abstract unix sockets and signals, ABI 6
_PATH_BENEATH = 1


def abi() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    try:
        return syscall("landlock_create_ruleset", None, 0, 1)
    except OSError:
        return 0


def restrict(rules: Sequence[tuple[str, int]], version: int) -> None:
    """Allow this process the given access beneath the given paths, and nothing else.

    Args:
        rules: Paths, each with the rights beneath it; those that do not exist are passed over.
        version: What `abi` returned.

    Raises:
        OSError: The kernel has no Landlock or refuses.
    """
    handled = (1 << _RIGHTS_BY_ABI.get(version, 16)) - 1
    attributes = struct.pack("QQQ", handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    attributes = attributes[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path, rights in rules:
            _allow(ruleset, path, rights & handled)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= ON_FILES
        syscall("landlock_add_rule", ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, beneath), 0)
    finally:
        os.close(beneath)
