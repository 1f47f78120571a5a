"""Seccomp: the system calls that a worker may not make, as a filter in classic BPF.

The filter looks at numbers and register arguments only; what lies behind pointers it cannot see, which is why clone3 is
answered with "not implemented" (the C library then uses clone, whose flags are in a register).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

from .linux import (
    NEWIPC,
    NEWNET,
    NEWNS,
    NEWPID,
    NEWUSER,
    NEWUTS,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    SYSCALLS,
    prctl,
    syscall,
)

__all__ = ["DENIED", "filter_for", "install"]

# Other processes' memory, new privileges, the machine's state, ways round the limits, other programs.
DENIED = [
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "pidfd_open", "pidfd_send_signal",
    "process_madvise", "process_mrelease", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount",
    "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "setns", "unshare", "bpf", "perf_event_open",
    "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl", "add_key", "request_key",
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff",
    "acct", "quotactl", "quotactl_fd", "name_to_handle_at", "open_by_handle_at", "fanotify_init", "syslog",
    "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "iopl", "ioperm", "modify_ldt", "personality",
    "lookup_dcookie", "vhangup", "memfd_create", "memfd_secret", "migrate_pages", "move_pages", "execve",
    "execveat",
    # memory, messages and counters that outlive a process and have no place among the files
    "shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv",
    "msgctl", "mq_open", "mq_unlink",
]  # fmt: skip
REACHING_OUT = ["connect", "bind", "listen", "accept", "accept4"]
# Outside of a cell the host's files have names. Landlock leaves their modes, times and attributes, and the news of what
# happens to them, to anyone whom they belong to; before its version 3 their length too.
ON_FILES = [
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat",
    "futimesat", "setxattr", "lsetxattr", "fsetxattr", "setxattrat", "removexattr", "lremovexattr", "fremovexattr",
    "removexattrat", "file_setattr", "truncate", "inotify_add_watch",
]  # fmt: skip
SIGNALS = ["kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"]
# The first argument is a process: 0, the caller, or another's limits and share of the processors.
ON_ONESELF = ["prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"]
ON_OTHERS = ["setpriority", "ioprio_set"]
NEW_PROCESSES = ["fork", "vfork"]

AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK = 1, 1, 0xF
TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP = 0x5412, 0x541C, 0x8901, 0x8902
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15  # a signal to anyone of the same user, sent by the kernel
F_SETLEASE = 1024  # makes whoever opens the file wait
O_WRITES, O_TRUNC = 3, 0o1000  # of the flags of open: O_WRONLY and O_RDWR, the first two bits
CLONE_THREAD = 0x10000
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARG0, _ARG1, _ARG2 = (
    0,
    4,
    16,
    24,
    32,
)  # of an argument the low half: all those looked at are 32 bits wide
_NAMESPACES = NEWNS | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET | 0x2000000  # the last: cgroup
_SET_MODE_FILTER = 1

Instruction = tuple[int, int, int, int]


def filter_for(only_signal: int | None, *, in_cell: bool, may_fork: bool, may_cut: bool = True) -> bytes:
    """Assemble the filter.

    Args:
        only_signal: The one process that may be signalled, or None for no rule: where a namespace or Landlock's scope
            keeps signals in, the student's own child processes may be ended.
        in_cell: There is nothing of the host's to reach: unix sockets, which a DataLoader's workers use, are allowed,
            and files may be given modes and times.
        may_fork: Something counts the worker's processes. Otherwise it may start threads only, which its memory bounds.
        may_cut: Something else keeps files from being emptied by who opens them to read: Landlock does, from its
            version 3 on, and a mount that is read-only.

    Returns:
        Instructions of 8 bytes each.

    Raises:
        OSError: There is no table of system calls for this processor.
    """
    if platform.machine() not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"not known for {platform.machine()}")
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _ARCHITECTURES[platform.machine()]), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        *_refuse_all(DENIED if in_cell else [*DENIED, *REACHING_OUT, *ON_FILES, *ON_OTHERS], errno.EPERM),
        *_refuse_all(["clone3"], errno.ENOSYS),
        *_refuse_all([] if may_fork else NEW_PROCESSES, errno.EAGAIN),
        *_clone(may_fork),
        *_never("ioctl", _ARG1, [TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP]),
        *_never("fcntl", _ARG1, [F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE]),
        *([] if may_cut else _never_cut()),
        *(_only("socket", AF_UNIX, errno.EAFNOSUPPORT) if in_cell else _refuse_all(["socket"], errno.EAFNOSUPPORT)),
        *_socketpair(in_cell),
        *(instruction for name in ON_ONESELF for instruction in _only(name, 0, errno.EPERM)),
    ]  # fmt: skip
    if not in_cell:
        program += _never("prctl", _ARG0, [PR_SET_PDEATHSIG])  # it must not outlive the zygote
    if only_signal is not None:
        program += [rule for name in SIGNALS for rule in _only(name, only_signal, errno.EPERM)]
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _refuse_all(names: list[str], number: int) -> list[Instruction]:
    """Answer with an error; calls that this processor does not have are passed over."""
    known = [SYSCALLS[name] for name in names if name in SYSCALLS]
    return [rule for call in known for rule in ((_EQUAL, 0, 1, call), (_RETURN, 0, 0, _ERRNO | number))]


def _when(name: str, body: list[Instruction]) -> list[Instruction]:
    """Run ``body`` for one call, and allow it where the body does not return: the number is no longer loaded then."""
    return [(_EQUAL, 0, len(body) + 1, SYSCALLS[name]), *body, (_RETURN, 0, 0, _ALLOW)]


def _only(name: str, value: int, number: int) -> list[Instruction]:
    return _when(name, [(_LOAD, 0, 0, _ARG0), (_EQUAL, 1, 0, value), (_RETURN, 0, 0, _ERRNO | number)])


def _never(name: str, argument: int, values: list[int]) -> list[Instruction]:
    """Refuse the call where the argument is one of some values."""
    *others, last = values
    tests = [(_EQUAL, len(others) - index, 0, value) for index, value in enumerate(others)]
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    return _when(name, [(_LOAD, 0, 0, argument), *tests, (_EQUAL, 0, 1, last), refuse])


def _clone(may_fork: bool) -> list[Instruction]:
    body = [(_LOAD, 0, 0, _ARG0), (_ANY_BIT, 0, 1, _NAMESPACES), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    if not may_fork:
        body += [(_ANY_BIT, 1, 0, CLONE_THREAD), (_RETURN, 0, 0, _ERRNO | errno.EAGAIN)]
    return _when("clone", body)


def _never_cut() -> list[Instruction]:
    """Refuse O_TRUNC without a wish to write; openat2, which has its flags in memory, is not there."""
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    rules = _refuse_all(["openat2"], errno.ENOSYS)
    for name, flags in (("open", _ARG1), ("openat", _ARG2)):
        if name in SYSCALLS:
            body = [
                (_LOAD, 0, 0, flags), (_ANY_BIT, 0, 4, O_TRUNC), (_AND, 0, 0, O_WRITES),
                (_EQUAL, 1, 0, 0), (_EQUAL, 0, 1, O_WRITES), refuse,
            ]  # fmt: skip
            rules += _when(name, body)
    return rules


def _socketpair(in_cell: bool) -> list[Instruction]:
    """Allow pairs of unix sockets; outside of a cell no datagrams, which can be sent to a socket of the host's."""
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT)
    body = [(_LOAD, 0, 0, _ARG0), (_EQUAL, 1, 0, AF_UNIX), refuse]
    if not in_cell:
        body += [(_LOAD, 0, 0, _ARG1), (_AND, 0, 0, SOCK_TYPE_MASK), (_EQUAL, 1, 0, SOCK_STREAM), refuse]
    return _when("socketpair", body)


def install(program: bytes) -> None:
    """Put a filter on this thread and all it starts, for good.

    Raises:
        OSError: The kernel has no seccomp or refuses.
    """
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    held = ctypes.create_string_buffer(program, len(program))
    syscall("seccomp", _SET_MODE_FILTER, 0, struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held)))
