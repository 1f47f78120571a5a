"""Seccomp: the system calls that a worker may not make, as a filter in classic BPF.

The filter looks at numbers and register arguments only; what lies behind pointers it cannot see, which is why clone3 is
answered with "not implemented" (the C library then uses clone, whose flags are in a register).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

from .linux import NEWIPC, NEWNET, NEWNS, NEWPID, NEWUSER, NEWUTS, PR_SET_NO_NEW_PRIVS, SYSCALLS, prctl, syscall

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
    "lookup_dcookie", "vhangup", "memfd_create", "memfd_secret", "shmget", "shmat", "msgget", "semget", "mq_open",
    "migrate_pages", "move_pages", "execve", "execveat",
]  # fmt: skip
REACHING_OUT = ["connect", "bind", "listen", "accept", "accept4"]
SIGNALS = ["kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"]

AF_UNIX = 1
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARG0, _ARG1 = 0, 4, 16, 24
_NAMESPACES = NEWNS | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET | 0x2000000  # the last: cgroup
_SET_MODE_FILTER = 1

Instruction = tuple[int, int, int, int]


def filter_for(only_signal: int | None, unix_sockets: bool) -> bytes:
    """Assemble the filter.

    Args:
        only_signal: The one process that may be signalled, or None for no rule: where a namespace or Landlock's scope
            keeps signals in, the student's own child processes may be ended.
        unix_sockets: Allow them: a DataLoader's workers use them. Only where no socket of the host can be reached.

    Returns:
        Instructions of 8 bytes each.
    """
    names = DENIED if unix_sockets else DENIED + REACHING_OUT
    denied = [instruction for name in names if name in SYSCALLS for instruction in _refuse(name, errno.EPERM)]
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _ARCHITECTURES[platform.machine()]), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        *denied,
        *_refuse("clone3", errno.ENOSYS),
        *_when("clone", [(_LOAD, 0, 0, _ARG0), (_ANY_BIT, 0, 1, _NAMESPACES), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]),
        *_when("ioctl", [
            (_LOAD, 0, 0, _ARG1), (_EQUAL, 1, 0, TIOCSTI), (_EQUAL, 0, 1, TIOCLINUX),
            (_RETURN, 0, 0, _ERRNO | errno.EPERM),
        ]),
        *(_only_unix("socket") if unix_sockets else _refuse("socket", errno.EAFNOSUPPORT)),
        *_only_unix("socketpair"),
    ]  # fmt: skip
    if only_signal is not None:
        for name in SIGNALS:
            program += _when(name, [
                (_LOAD, 0, 0, _ARG0), (_EQUAL, 1, 0, only_signal), (_RETURN, 0, 0, _ERRNO | errno.EPERM),
            ])  # fmt: skip
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _refuse(name: str, number: int) -> list[Instruction]:
    return [(_EQUAL, 0, 1, SYSCALLS[name]), (_RETURN, 0, 0, _ERRNO | number)]


def _only_unix(name: str) -> list[Instruction]:
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EAFNOSUPPORT)
    return _when(name, [(_LOAD, 0, 0, _ARG0), (_EQUAL, 1, 0, AF_UNIX), refuse])


def _when(name: str, body: list[Instruction]) -> list[Instruction]:
    """Run ``body`` for one call, and allow it where the body does not return: the number is no longer loaded then."""
    return [(_EQUAL, 0, len(body) + 1, SYSCALLS[name]), *body, (_RETURN, 0, 0, _ALLOW)]


def install(program: bytes) -> None:
    """Put a filter on this thread and all it starts, for good.

    Raises:
        OSError: The kernel has no seccomp or refuses.
    """
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    held = ctypes.create_string_buffer(program, len(program))
    syscall("seccomp", _SET_MODE_FILTER, 0, struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held)))
