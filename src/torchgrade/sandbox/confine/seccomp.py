"""Seccomp: the system calls that a copy may not make, as a filter in classic BPF.

A filter sees numbers and register arguments only. What lies behind a pointer it cannot judge: clone3 and openat2 are
answered with "not implemented" (the C library then uses the older calls, whose flags are in registers), and sockets are
judged when they are made, since the address of a connection is behind a pointer.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .linux import NEWCGROUP, NEWIPC, NEWNET, NEWNS, NEWPID, NEWUSER, NEWUTS, PR_SET_NO_NEW_PRIVS, call, prctl
from .syscalls import FIRST_UNKNOWN, NUMBERS

__all__ = ["ALLOW", "DENIED", "KILL", "REFUSE", "Policy", "assemble", "install"]

DENIED = (
    # other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_open",
    "pidfd_getfd", "pidfd_send_signal", "migrate_pages", "move_pages",
    # mounts and namespaces
    "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick",
    "mount_setattr", "statmount", "listmount", "setns", "unshare",
    # much of the kernel behind one call, and what has often been a way into it
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl",
    "add_key", "request_key", "modify_ldt", "personality", "uselib", "lookup_dcookie", "nfsservctl", "ustat", "sysfs",
    "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules",
    # the machine
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff",
    "acct", "quotactl", "quotactl_fd", "syslog", "iopl", "ioperm", "vhangup", "sethostname", "setdomainname",
    "settimeofday", "clock_settime", "adjtimex", "clock_adjtime",
    # files past Landlock: by handle, by watching who opens what, by cutting short what may only be read
    "name_to_handle_at", "open_by_handle_at", "fanotify_init", "inotify_init", "inotify_init1", "inotify_add_watch",
    "truncate",
    # memory that no limit counts, and objects that outlive a copy
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semtimedop", "semctl",
    "msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink",
    # other programs
    "execve", "execveat",
)  # fmt: skip
_CONNECTING = ("connect", "bind", "listen", "accept", "accept4")
# Landlock (as of its version 7) does not ask about these, so a copy of the same user could spoil the grader's files.
_METADATA = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "futimesat",
    "utimensat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
)  # fmt: skip
_BY_PROCESS = (
    "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "prlimit64", "sched_setparam",
    "sched_setscheduler", "sched_setaffinity", "sched_setattr",
)  # fmt: skip

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NAMESPACES = NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET
_TERMINAL_AND_OWNER = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
_OWNER_AND_LEASE = (8, 10, 15, 1024)  # F_SETOWN, F_SETSIG, F_SETOWN_EX (signals by way of a file), F_SETLEASE
_O_TRUNC, _O_ACCMODE = 0o1000, 3
_PROCESS_PRIORITY, _PROCESS_IO_PRIORITY = 0, 1

ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000  # REFUSE | an error's number
_LOAD, _AND, _EQUAL, _AT_LEAST, _SKIP, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x05, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_WHOLE = 0xFFFFFFFF
_EPERM, _ENOSYS, _NO_FAMILY = REFUSE | errno.EPERM, REFUSE | errno.ENOSYS, REFUSE | errno.EAFNOSUPPORT
_SET_MODE_FILTER = 1

_Code = list[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Policy:
    """What differs among machines.

    Attributes:
        local_sockets: Stream sockets of the local family may be made, bound and connected: where neither a daemon of
            the host nor another copy can be reached by them. Pairs of connected ones can always be made.
        only_process: When the copy has the user of its grader: the one process that it may signal or tune. abort()
            and raise() work; a process that it starts cannot be signalled by it. Metadata of files cannot be changed.
            None where a namespace or a user of its own keeps it apart.
    """

    local_sockets: bool
    only_process: int | None


def assemble(policy: Policy, machine: str | None = None) -> bytes:
    """Return the filter, 8 bytes an instruction.

    Args:
        policy: What differs among machines.
        machine: ``"x86_64"`` or ``"aarch64"``; this machine when left out.
    """
    machine = machine or platform.machine()
    numbers = NUMBERS[machine]
    code: _Code = [
        (_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, _ARCHITECTURES[machine]), (_RETURN, 0, 0, KILL),
        # x32's numbers are higher still
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, FIRST_UNKNOWN), (_RETURN, 0, 0, _ENOSYS),
    ]  # fmt: skip
    denied = DENIED if policy.only_process is None else DENIED + _METADATA
    code += _refused(numbers, denied if policy.local_sockets else denied + _CONNECTING, _EPERM)
    code += _refused(numbers, ("clone3", "openat2"), _ENOSYS)
    for name, body in _judged(policy):
        if name in numbers:
            code += [(_EQUAL, 0, len(body) + 1, numbers[name]), *body, (_RETURN, 0, 0, ALLOW)]
    code.append((_RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def install(program: bytes) -> None:
    """Put a filter on this thread and all that it starts, for good.

    Raises:
        OSError: The kernel has no seccomp, or refuses.
    """
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    held = ctypes.create_string_buffer(program, len(program))
    call("seccomp", _SET_MODE_FILTER, 0, struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held)))


def _judged(policy: Policy) -> Iterable[tuple[str, _Code]]:
    """Yield the calls whose arguments matter, and what to do about them."""
    yield "clone", _unless(0, [0], _EPERM, mask=_NAMESPACES)
    yield "ioctl", _when(1, _TERMINAL_AND_OWNER, _EPERM)
    yield "fcntl", _when(1, _OWNER_AND_LEASE, _EPERM)
    # Opened for reading and cut short: Landlock asks about that only from its version 3 on.
    yield "open", _when(1, [_O_TRUNC], _EPERM, mask=_O_TRUNC | _O_ACCMODE)
    yield "openat", _when(2, [_O_TRUNC], _EPERM, mask=_O_TRUNC | _O_ACCMODE)
    local = _unless(0, [socket.AF_UNIX], _NO_FAMILY) + _unless(1, [socket.SOCK_STREAM], _NO_FAMILY, mask=0xF)
    yield "socketpair", local  # of datagram sockets even a connected one can be given another address
    yield "socket", local if policy.local_sockets else _unless(0, [], _NO_FAMILY)
    if policy.only_process is None:
        return
    own = [0, policy.only_process]  # 0 is the process itself, or its own group
    for name in _BY_PROCESS:
        yield name, _unless(0, own, _EPERM)
    yield "setpriority", _unless(0, [_PROCESS_PRIORITY], _EPERM) + _unless(1, own, _EPERM)
    yield "ioprio_set", _unless(0, [_PROCESS_IO_PRIORITY], _EPERM) + _unless(1, own, _EPERM)


def _refused(numbers: dict[str, int], names: Sequence[str], verdict: int) -> _Code:
    """Give one verdict on many calls; those that this processor does not have are left out."""
    present = [numbers[name] for name in names if name in numbers]
    tests = [(_EQUAL, len(present) - place, 0, number) for place, number in enumerate(present)]
    return [*tests, (_SKIP, 0, 0, 1), (_RETURN, 0, 0, verdict)]


def _unless(index: int, values: Sequence[int], verdict: int, mask: int = _WHOLE) -> _Code:
    """Give a verdict unless an argument, masked, is one of some values."""
    tests = [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    return [*_argument(index, mask), *tests, (_RETURN, 0, 0, verdict)]


def _when(index: int, values: Sequence[int], verdict: int, mask: int = _WHOLE) -> _Code:
    """Give a verdict when an argument, masked, is one of some values."""
    tests = [(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    return [*_argument(index, mask), *tests, (_SKIP, 0, 0, 1), (_RETURN, 0, 0, verdict)]


def _argument(index: int, mask: int) -> _Code:
    # The lower half: what the kernel itself looks at in every argument that is judged here.
    masking = [] if mask == _WHOLE else [(_AND, 0, 0, mask)]
    return [(_LOAD, 0, 0, _ARGUMENTS + 8 * index), *masking]
