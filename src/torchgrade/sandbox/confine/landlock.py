"""Landlock: which files a process and its children may read or write, kept by the kernel for good.

Structures and constants are those of ``linux/landlock.h``; each version of it knows a few rights more. It says nothing
about a file's metadata, and it knows files by their inodes, whatever mount they are reached through.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from .linux import PR_SET_NO_NEW_PRIVS, call, prctl

__all__ = ["READ", "READ_WRITE", "USE", "restrict", "version"]

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE, _MAKE_CHAR, _MAKE_DIR = (
    1 << bit for bit in range(8)
)
_MAKE_REG, _MAKE_SOCK, _MAKE_FIFO, _MAKE_BLOCK, _MAKE_SYM, _REFER, _TRUNCATE, _IOCTL_DEV = (
    1 << bit for bit in range(8, 16)
)
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many of the rights above a version knows; all 16 from version 5 on
_TCP = 3  # bind and connect, from version 4 on
_SCOPES = 3  # abstract sockets and signals, from version 6 on
_LOG_OFF = 1  # from version 7 on a refusal is written to the audit log, which a student could flood
_VERSION, _PATH_BENEATH = 1, 1

READ = _READ_FILE | _READ_DIR  # running a program is not reading it: a shared library needs no more than this
READ_WRITE = (
    READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_FIFO | _MAKE_SYM | _MAKE_SOCK
    | _REFER | _TRUNCATE
)  # fmt: skip
USE = _READ_FILE | _WRITE_FILE | _IOCTL_DEV


def version() -> int:
    """Return the version of Landlock that the kernel has, 0 where there is none."""
    try:
        return call("landlock_create_ruleset", None, 0, _VERSION)
    except OSError:
        return 0


def restrict(rules: Iterable[tuple[str, int]]) -> str:
    """Allow this process some access beneath some paths, no other, no TCP, and no signal or abstract socket outside.

    Args:
        rules: Paths, each with the rights beneath it; one that does not exist, or that this user may not reach, is
            passed over.

    Returns:
        A word on how much of this the kernel's version knows.

    Raises:
        OSError: The kernel has no Landlock, or refuses.
    """
    known = version()
    files = (1 << _RIGHTS.get(known, 16)) - 1
    attributes = struct.pack("QQQ", files, _TCP, _SCOPES)[: 8 if known < 4 else 16 if known < 6 else 24]
    ruleset = call("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        for path, rights in rules:
            _allow(ruleset, path, rights & files)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
        call("landlock_restrict_self", ruleset, _LOG_OFF if known >= 7 else 0)
    finally:
        os.close(ruleset)
    return f"version {known}"


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            rights &= _ON_FILES
        call("landlock_add_rule", ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, beneath), 0, what=path)
    finally:
        os.close(beneath)
