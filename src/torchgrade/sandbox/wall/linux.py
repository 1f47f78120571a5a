"""The system calls behind the wall, as plain functions that raise OSError.

Numbers are those of the kernel's own tables for x86_64 and aarch64; from 424 on they are the same everywhere.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import struct
from typing import Any

__all__ = [
    "NEWIPC",
    "NEWNET",
    "NEWNS",
    "NEWPID",
    "NEWUSER",
    "NEWUTS",
    "SYSCALLS",
    "call",
    "drop_capabilities",
    "mount",
    "pivot_to",
    "prctl",
    "set_read_only",
    "setns",
    "syscall",
    "unshare",
]

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID = 1, 2
CAPABILITY_VERSION_3 = 0x20080522
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38

_X86_64 = {
    "socket": 41, "connect": 42, "accept": 43, "sendto": 44, "sendmsg": 46, "bind": 49, "listen": 50, "socketpair": 53,
    "clone": 56, "execve": 59, "kill": 62, "ptrace": 101, "capset": 126, "personality": 135, "pivot_root": 155,
    "chroot": 161, "acct": 163, "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168,
    "reboot": 169, "iopl": 172, "ioperm": 173, "init_module": 175, "delete_module": 176, "quotactl": 179, "tkill": 200,
    "clock_settime": 227, "tgkill": 234, "mq_open": 240, "kexec_load": 246, "add_key": 248, "request_key": 249,
    "keyctl": 250, "migrate_pages": 256, "unshare": 272, "move_pages": 279, "accept4": 288, "perf_event_open": 298,
    "rt_sigqueueinfo": 129, "rt_tgsigqueueinfo": 297, "fanotify_init": 300, "name_to_handle_at": 303,
    "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311,
    "kcmp": 312, "finit_module": 313, "seccomp": 317, "memfd_create": 319, "kexec_file_load": 320, "bpf": 321,
    "execveat": 322, "userfaultfd": 323, "shmget": 29, "shmat": 30, "semget": 64, "msgget": 68, "syslog": 103,
    "adjtimex": 159, "modify_ldt": 154, "lookup_dcookie": 212, "vhangup": 153, "ioctl": 16, "fork": 57, "vfork": 58,
    "fcntl": 72, "truncate": 76, "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94, "utime": 132,
    "setpriority": 141, "sched_setparam": 142, "sched_setscheduler": 144, "prctl": 157, "setxattr": 188,
    "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
    "sched_setaffinity": 203, "utimes": 235, "ioprio_set": 251, "inotify_add_watch": 254, "fchownat": 260,
    "futimesat": 261, "fchmodat": 268, "utimensat": 280, "prlimit64": 302, "sched_setattr": 314, "shmctl": 31,
    "shmdt": 67, "semop": 65, "semctl": 66, "semtimedop": 220, "msgsnd": 69, "msgrcv": 70, "msgctl": 71,
    "mq_unlink": 241, "open": 2, "openat": 257,
}  # fmt: skip
_AARCH64 = {
    "socket": 198, "connect": 203, "accept": 202, "sendto": 206, "sendmsg": 211, "bind": 200, "listen": 201,
    "socketpair": 199, "clone": 220, "execve": 221, "kill": 129, "ptrace": 117, "capset": 91, "personality": 92,
    "pivot_root": 41, "chroot": 51, "acct": 89, "settimeofday": 170, "mount": 40, "umount2": 39, "swapon": 224,
    "swapoff": 225, "reboot": 142, "init_module": 105, "delete_module": 106, "quotactl": 60, "tkill": 130,
    "clock_settime": 112, "tgkill": 131, "mq_open": 180, "kexec_load": 104, "add_key": 217, "request_key": 218,
    "keyctl": 219, "migrate_pages": 238, "unshare": 97, "move_pages": 239, "accept4": 242, "perf_event_open": 241,
    "rt_sigqueueinfo": 138, "rt_tgsigqueueinfo": 240, "fanotify_init": 262, "name_to_handle_at": 264,
    "open_by_handle_at": 265, "clock_adjtime": 266, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271,
    "kcmp": 272, "finit_module": 273, "seccomp": 277, "memfd_create": 279, "kexec_file_load": 294, "bpf": 280,
    "execveat": 281, "userfaultfd": 282, "shmget": 194, "shmat": 196, "semget": 190, "msgget": 186, "syslog": 116,
    "adjtimex": 171, "lookup_dcookie": 18, "vhangup": 58, "ioctl": 29, "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7,
    "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16, "fcntl": 25, "inotify_add_watch": 27, "ioprio_set": 30,
    "truncate": 45, "fchmod": 52, "fchmodat": 53, "fchownat": 54, "fchown": 55, "utimensat": 88, "sched_setparam": 118,
    "sched_setscheduler": 119, "sched_setaffinity": 122, "setpriority": 140, "prctl": 167, "prlimit64": 261,
    "sched_setattr": 274, "shmctl": 195, "shmdt": 197, "semop": 193, "semctl": 191, "semtimedop": 192, "msgsnd": 189,
    "msgrcv": 188, "msgctl": 187, "mq_unlink": 181, "openat": 56,
}  # fmt: skip
_COMMON = {
    "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_open": 434, "clone3": 435,
    "openat2": 437, "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "quotactl_fd": 443,
    "landlock_create_ruleset": 444, "landlock_add_rule": 445, "landlock_restrict_self": 446, "memfd_secret": 447,
    "process_mrelease": 448, "fchmodat2": 452, "setxattrat": 463, "removexattrat": 466, "file_setattr": 469,
}  # fmt: skip
SYSCALLS: dict[str, int] = {**({"x86_64": _X86_64, "aarch64": _AARCH64}.get(platform.machine(), {})), **_COMMON}


@functools.cache
def _libc() -> ctypes.CDLL:
    """Open the C library, once: finding it and its functions takes longer than most calls do."""
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: Any) -> int:
    """Call a function of the C library; raise OSError where it returns -1."""
    result = int(getattr(_libc(), name)(*arguments))
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def syscall(name: str, *arguments: Any) -> int:
    """Make a system call by name; integers are passed as longs."""
    longs = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    try:
        return call("syscall", ctypes.c_long(SYSCALLS[name]), *longs)
    except OSError as error:
        raise OSError(error.errno, f"{name}: {os.strerror(error.errno or 0)}") from None


def prctl(option: int, value: int) -> None:
    """Set a property of this process."""
    call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def unshare(flags: int) -> None:
    """Move this process (its children, for NEWPID) into new namespaces."""
    call("unshare", flags)


def setns(descriptor: int, kind: int) -> None:
    """Join the namespace that a descriptor refers to."""
    call("setns", descriptor, kind)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """Mount a file system; the error names the target."""
    plain = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    try:
        call("mount", plain[0], plain[1], plain[2], ctypes.c_ulong(flags), plain[3])
    except OSError as error:
        raise OSError(error.errno, f"mount {target}: {os.strerror(error.errno or 0)}") from None


def set_read_only(target: str) -> None:
    """Make a mount and all mounts under it read-only (Linux 5.12)."""
    attributes = struct.pack("QQQQ", ATTR_RDONLY | ATTR_NOSUID, 0, 0, 0)
    syscall("mount_setattr", AT_FDCWD, os.fsencode(target), AT_RECURSIVE, attributes, len(attributes))


def pivot_to(root: str) -> None:
    """Make ``root``, a mount, the root of this mount namespace and let the old one go."""
    os.chdir(root)
    syscall("pivot_root", b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")


def drop_capabilities() -> None:
    """Give up every capability of this process."""
    syscall("capset", struct.pack("Ii", CAPABILITY_VERSION_3, 0), bytes(24))
