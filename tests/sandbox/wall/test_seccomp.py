"""The filter, asked about calls that nobody makes."""

import os
import platform
import socket

import pytest

from torchgrade.sandbox.wall.linux import NEWNET, NEWNS, NEWPID, NEWUSER, SYSCALLS
from torchgrade.sandbox.wall.seccomp import DENIED, ON_FILES, ON_OTHERS, REACHING_OUT, filter_for, install

from .bpf import ALLOW, KILL, verdict
from .children import in_a_child

pytestmark = pytest.mark.skipif(platform.machine() not in {"x86_64", "aarch64"}, reason="no table of system calls")

CELL = {"in_cell": True, "may_fork": True}
BARE = {"in_cell": False, "may_fork": True}
X86_64, AARCH64 = 0xC000003E, 0xC00000B7
HERE = {"x86_64": X86_64, "aarch64": AARCH64}.get(platform.machine(), 0)
READ = {"x86_64": 0, "aarch64": 63}.get(platform.machine(), 0)
SIGCHLD, THREAD_FLAGS = 17, 0x3D0F00


def asked(name, *arguments, only_signal=None, **how):
    return verdict(filter_for(only_signal, **how), SYSCALLS[name], *arguments, architecture=HERE)


@pytest.mark.parametrize("how", [CELL, BARE, {"in_cell": False, "may_fork": False}])
def test_what_the_filter_does_not_name_is_allowed(how):
    program = filter_for(None, **how)
    assert verdict(program, READ, architecture=HERE) == ALLOW
    assert verdict(program, 423, architecture=HERE) == ALLOW


@pytest.mark.parametrize("name", [name for name in DENIED if name in SYSCALLS])
@pytest.mark.parametrize("how", [CELL, BARE], ids=["cell", "bare"])
def test_calls_on_the_list_are_denied(name, how):
    assert asked(name, **how) == "EPERM"


def test_the_names_on_the_list_are_known():
    elsewhere = {"iopl", "ioperm", "modify_ldt"} if platform.machine() == "aarch64" else set()
    assert not set(DENIED) - set(SYSCALLS) - elsewhere


@pytest.mark.parametrize("name", [name for name in [*REACHING_OUT, *ON_FILES, *ON_OTHERS] if name in SYSCALLS])
def test_calls_that_a_private_root_makes_harmless_are_denied_without_one(name):
    assert asked(name, **CELL) == ALLOW
    assert asked(name, **BARE) == "EPERM"


@pytest.mark.parametrize("flag", [NEWNS, NEWUSER, NEWPID, NEWNET])
def test_no_new_namespaces(flag):
    assert asked("clone", SIGCHLD | flag, **CELL) == "EPERM"
    assert asked("unshare", flag, **CELL) == "EPERM"


def test_clone3_is_not_there_so_that_clone_is_used_whose_flags_can_be_seen():
    assert asked("clone3", **CELL) == "ENOSYS"


def test_threads_and_processes():
    assert asked("clone", SIGCHLD, **CELL) == asked("clone", THREAD_FLAGS, **CELL) == ALLOW


def test_threads_only_where_nothing_counts_processes():
    uncounted = {"in_cell": False, "may_fork": False}
    assert asked("clone", SIGCHLD, **uncounted) == "EAGAIN"
    assert asked("clone", THREAD_FLAGS, **uncounted) == ALLOW
    assert asked("clone", THREAD_FLAGS | NEWUSER, **uncounted) == "EPERM"
    for name in {"fork", "vfork"} & set(SYSCALLS):
        assert asked(name, **uncounted) == "EAGAIN"
        assert asked(name, **CELL) == ALLOW


def test_sockets_of_this_machine_only_and_only_where_it_is_empty():
    assert asked("socket", socket.AF_UNIX, 1, **CELL) == ALLOW
    assert asked("socket", socket.AF_UNIX, 1, **BARE) == "EAFNOSUPPORT"
    for family in (socket.AF_INET, socket.AF_INET6, 16, 17, 40):  # netlink, packet, vsock
        assert asked("socket", family, 1, **CELL) == asked("socket", family, 1, **BARE) == "EAFNOSUPPORT"


def test_pairs_of_sockets():
    stream, datagram = socket.SOCK_STREAM | socket.SOCK_CLOEXEC, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC
    assert asked("socketpair", socket.AF_UNIX, stream, **CELL) == ALLOW
    assert asked("socketpair", socket.AF_UNIX, stream, **BARE) == ALLOW
    assert asked("socketpair", socket.AF_UNIX, datagram, **CELL) == ALLOW
    assert asked("socketpair", socket.AF_UNIX, datagram, **BARE) == "EAFNOSUPPORT"
    assert asked("socketpair", socket.AF_INET, stream, **CELL) == "EAFNOSUPPORT"


@pytest.mark.parametrize("name", ["kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"])
def test_signals_to_others_where_nothing_else_keeps_them_in(name):
    assert asked(name, 4711, 9, only_signal=4711, **BARE) == ALLOW
    for other in (4712, 1, 0, -1):
        assert asked(name, other, 9, only_signal=4711, **BARE) == "EPERM"
    assert asked(name, 4712, 9, **BARE) == ALLOW


@pytest.mark.parametrize("name", ["prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setattr"])
def test_limits_and_priorities_of_oneself_only(name):
    assert asked(name, 0, **BARE) == ALLOW
    assert asked(name, 4711, **BARE) == asked(name, 4711, **CELL) == "EPERM"


@pytest.mark.parametrize(
    ("name", "command"),
    [("ioctl", command) for command in (0x5412, 0x541C, 0x8901, 0x8902)]
    + [("fcntl", command) for command in (8, 10, 15, 1024)],
)
def test_signals_keystrokes_and_leases_by_way_of_a_descriptor(name, command):
    assert asked(name, 3, command, **CELL) == "EPERM"
    assert asked(name, 3, command | 1 << 32, **CELL) == "EPERM"  # the kernel looks at the low half only
    assert asked(name, 3, 1, **CELL) == ALLOW


@pytest.mark.parametrize(
    "name",
    [
        *("shmget", "shmat", "shmdt", "shmctl", "semget", "semop", "semtimedop", "semctl"),
        *("msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink"),
    ],
)
@pytest.mark.parametrize("how", [CELL, BARE], ids=["cell", "bare"])
def test_nothing_is_left_for_the_next_worker_in_the_kernels_own_memory(name, how):
    assert asked(name, **how) == "EPERM"


@pytest.mark.parametrize("name", [name for name in ("open", "openat") if name in SYSCALLS])
def test_files_are_not_emptied_by_opening_them_to_read_where_landlock_would_let_that_pass(name):
    def opened(flags, **how):
        return asked(name, *([-100] if name == "openat" else []), 0, flags, **BARE, **how)

    old = {"may_cut": False}
    for flags in (os.O_RDONLY, 3, os.O_CLOEXEC):  # 3: neither to read nor to write, for ioctl alone
        assert opened(flags | os.O_TRUNC, **old) == "EPERM"
        assert opened(flags, **old) == opened(flags | os.O_TRUNC) == ALLOW
    for flags in (os.O_WRONLY, os.O_RDWR):  # of these Landlock knows from the first
        assert opened(flags | os.O_TRUNC | os.O_CREAT, **old) == ALLOW


def test_a_call_whose_flags_lie_in_memory_is_not_there_where_they_matter():
    assert asked("openat2", **BARE, may_cut=False) == "ENOSYS"
    assert asked("openat2", **BARE) == ALLOW


def test_a_worker_cannot_choose_to_outlive_the_zygote():
    assert asked("prctl", 1, 0, **BARE) == "EPERM"
    assert asked("prctl", 15, 0, **BARE) == ALLOW  # its name


def test_calls_of_another_architecture_end_the_process():
    foreign = AARCH64 if HERE == X86_64 else X86_64
    assert verdict(filter_for(None, **CELL), READ, architecture=foreign) == KILL
    assert verdict(filter_for(None, **CELL), 1, architecture=0x40000003) == KILL  # i386


@pytest.mark.parametrize("number", [0x40000000 + 59, 0x40000000, -1])
def test_the_second_table_of_x86_is_closed(number):
    assert verdict(filter_for(None, **CELL), number, architecture=HERE) == "ENOSYS"


def test_a_processor_without_a_table_is_an_error_and_no_open_door(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="riscv64"):
        filter_for(None, **CELL)


def test_the_kernel_takes_the_filter_at_its_word():
    def attempt():
        install(filter_for(os.getpid(), in_cell=False, may_fork=False))
        tried = {}
        for name, act in {
            "socket": lambda: socket.socket(socket.AF_INET),
            "fork": os.fork,
            "exec": lambda: os.execv("/bin/true", ["true"]),
            "signal": lambda: os.kill(os.getppid(), 0),
            "chmod": lambda: os.chmod("/nowhere", 0),
        }.items():
            try:
                tried[name] = str(act())
            except OSError as error:
                tried[name] = type(error).__name__ if error.errno != 97 else "EAFNOSUPPORT"
        return tried

    assert in_a_child(attempt) == {
        "socket": "EAFNOSUPPORT", "fork": "BlockingIOError", "exec": "PermissionError", "signal": "PermissionError",
        "chmod": "PermissionError",
    }  # fmt: skip
