"""Namespaces: for the cell as a whole, and a process namespace for each copy."""

from __future__ import annotations

import contextlib
import os
import sys

from . import linux
from .linux import NEWIPC, NEWNET, NEWNS, NEWPID, NEWUSER, NEWUTS
from .plans import FIRST_UID, UIDS

__all__ = ["enter_as_root", "enter_as_user", "fork_copy"]

_ALL = NEWNS | NEWNET | NEWIPC | NEWUTS | NEWPID


def enter_as_root() -> str:
    """Move this process into namespaces of its own, and its next child into a process namespace.

    Returns:
        A word on how.

    Raises:
        OSError: It may not; nothing has changed then.
    """
    linux.unshare(_ALL)
    return "by root"


def enter_as_user() -> str:
    """Do the same within a user namespace, as any user may on most machines.

    A user keeps the own user only. Root without the right to make namespaces also keeps the users that copies become;
    since this takes privileges outside of the new namespace, a helper that stays outside writes the maps.

    Raises:
        OSError: It may not. This process may be left in a user namespace without a user: try in a child first.
    """
    owner = os.getpid()
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # else /proc/<pid> belongs to root, and the maps cannot be written
    wait, go = os.pipe()
    helper = os.fork()
    if helper == 0:
        os.close(go)
        os.read(wait, 1)
        os._exit(_write_maps(f"/proc/{owner}"))
    os.close(wait)
    try:
        linux.unshare(NEWUSER | _ALL)
    finally:
        os.close(go)
        number = os.waitstatus_to_exitcode(os.waitpid(helper, 0)[1])
    if number:
        raise OSError(number, os.strerror(number), "uid_map")
    return "by a user namespace"


def _write_maps(process: str) -> int:
    """Map this process's user and group for another process; return 0 or the error's number."""
    uid, gid = os.getuid(), os.getgid()
    copies = f"\n{FIRST_UID} {FIRST_UID} {UIDS}" if uid == 0 else ""
    texts = {"uid_map": f"{uid} {uid} 1{copies}", "gid_map": f"{gid} {gid} 1{copies}"}
    if uid:
        texts = {"setgroups": "deny", **texts}  # else a group that denies access could be dropped
    try:
        for name, text in texts.items():
            with open(f"{process}/{name}", "w", encoding="ascii") as file:
                file.write(text)
    except OSError as error:
        return error.errno or 1
    return 0


def fork_copy(in_cell: bool) -> int:
    """Fork; in a cell the child is the first process of a namespace of its own, and all that it starts dies with it.

    As such a first process it gets no signal from itself that would end it: abort() ends it by SIGSEGV, not SIGABRT.

    Args:
        in_cell: Whether this process, the zygote, has a private root.

    Returns:
        0 in the child, its process id in the zygote.

    Raises:
        OSError: No process or no namespace is left.
    """
    if not in_cell or sys.platform != "linux":
        return os.fork()
    home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    pid = -1
    try:
        linux.unshare(NEWPID)
        pid = os.fork()
    finally:
        if pid != 0:
            with contextlib.suppress(OSError):  # there was nothing to come back from when unshare failed
                linux.setns(home, NEWPID)
        os.close(home)
    return pid
