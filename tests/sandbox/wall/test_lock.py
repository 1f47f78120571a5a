"""A locked-down child without a cell: limits, the user, and layers that fail."""

import dataclasses
import fcntl
import mmap
import os
import resource
import signal
import sys
import threading
from pathlib import Path

import pytest

from torchgrade.sandbox.wall import LockPlan, landlock, lock_down, prepared, seccomp
from torchgrade.sandbox.wall.landlock import abi
from torchgrade.sandbox.wall.uids import FIRST_UID, UserBlock, end_all_of, unreadable

from .children import folder_of, in_a_child, outcome

pytestmark = pytest.mark.skipif(sys.platform != "linux" or abi() == 0, reason="a kernel without Landlock")
as_root = pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can change users")

UID = FIRST_UID + 5
NORESERVE = 0x4000
HERE = LockPlan(
    in_cell=False, readable=(), scratch="", uid=None, memory_mb=256, processes=8, scratch_mb=1,
    cpu_seconds=60, landlock=abi(), only_signal_itself=True,
)  # fmt: skip


def locked(act, **changes):
    """Lock a child down and have it act; its user's folder is the place where it may write."""
    uid = changes.get("uid")
    with folder_of(os.getuid() if uid is None else uid) as scratch:
        plan = dataclasses.replace(HERE, scratch=str(scratch), **changes)

        def attempt():
            layers = lock_down(plan)
            return act(layers)

        return in_a_child(attempt)


def test_memory_is_bounded():
    def act(_):
        try:
            return len(bytearray(512 << 20))
        except MemoryError:
            return [len(bytearray(64 << 20)), "no more"]

    assert locked(act) == [64 << 20, "no more"]


def test_where_a_driver_reserves_addresses_what_can_be_written_is_bounded(tmp_path):
    def act(_):
        reserved = mmap.mmap(-1, 64 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NORESERVE, prot=mmap.PROT_READ)
        try:
            return len(bytearray(512 << 20))
        except MemoryError:
            return [len(reserved), len(bytearray(64 << 20))]

    assert locked(act, devices=("/dev/null",)) == [64 << 30, 64 << 20]


@pytest.mark.skipif(abi() < 5, reason="before version 5 Landlock knows nothing of what is asked of a device")
def test_devices_of_a_gpu_can_be_asked_and_others_not():
    def act(_):
        with open("/dev/full", "rb") as device:
            return outcome(lambda: fcntl.ioctl(device, 0x4600))

    assert locked(act) == "EACCES"
    assert locked(act, devices=("/dev/full",)) == "ENOTTY"


def test_a_file_has_a_largest_size():
    def act(_):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # Python does so too when it starts
        return outcome(lambda: Path("big").write_bytes(bytes(2 << 20)))

    assert locked(act) == "EFBIG"


@as_root
def test_processes_of_a_user_of_its_own_are_counted():
    def act(_):
        return _forks(50)

    started, error = locked(act, uid=UID)
    assert error == "EAGAIN"
    assert 0 < started <= 8


def test_processes_that_nobody_counts_are_not_started_but_threads_are():
    def act(_):
        done = []
        thread = threading.Thread(target=done.append, args=(1,))
        thread.start()
        thread.join()
        return [*_forks(3), len(done)]

    assert locked(act) == [0, "EAGAIN", 1]


def _forks(times):
    reader, writer = os.pipe()
    started = []
    error = None
    for _ in range(times):
        pid = outcome(os.fork)
        if pid == 0:
            os.close(writer)
            os.read(reader, 1)  # until the parent is done
            os._exit(0)
        if isinstance(pid, str):
            error = pid
            break
        started.append(pid)
    os.close(writer)
    for pid in started:
        os.waitpid(pid, 0)
    return [len(started), error]


@pytest.mark.parametrize("in_cell", [True, False])
def test_a_filter_assembled_ahead_is_the_one_that_a_worker_would_assemble(monkeypatch, in_cell):
    plan = dataclasses.replace(HERE, in_cell=in_cell, only_signal_itself=False)
    ahead = prepared(plan).filters
    assert ahead == {
        may_fork: seccomp.filter_for(None, in_cell=in_cell, may_fork=may_fork) for may_fork in (True, False)
    }
    monkeypatch.setattr(seccomp, "install", lambda program: installed.append(program == ahead[False]))
    installed = []
    with folder_of(os.getuid()) as scratch:
        bare = dataclasses.replace(prepared(plan), in_cell=False, scratch=str(scratch))
        monkeypatch.setattr(seccomp, "filter_for", None)  # nothing is assembled again
        assert in_a_child(lambda: (lock_down(bare), installed)[1]) == [True]


def test_a_filter_that_names_its_worker_is_not_assembled_ahead():
    assert not prepared(dataclasses.replace(HERE, only_signal_itself=True)).filters


def test_processor_time_has_an_end_without_the_graders_clock():
    with folder_of(os.getuid()) as scratch:
        pid = os.fork()
        if pid == 0:
            try:
                lock_down(dataclasses.replace(HERE, scratch=str(scratch), cpu_seconds=1))
                signal.alarm(60)
                while True:
                    pass
            finally:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def test_no_priority_can_be_gained_whatever_the_machine_allows(monkeypatch):
    really, asked = resource.setrlimit, {}

    def remember(limit, value):  # here they may be 0 already, and not for us to raise
        asked[limit] = value
        really(limit, value)

    monkeypatch.setattr(resource, "setrlimit", remember)
    assert locked(lambda _: [asked[resource.RLIMIT_RTPRIO], asked[resource.RLIMIT_NICE]]) == [[0, 0], [0, 0]]


@pytest.mark.parametrize("uid", [None, pytest.param(UID, marks=as_root)])
def test_the_kernel_takes_a_worker_first_when_memory_is_short(uid):
    assert locked(lambda _: Path("/proc/self/oom_score_adj").read_text(), uid=uid) == "1000\n"


@pytest.mark.skipif(os.getuid() != 0, reason="only root writes what others may read")
@pytest.mark.parametrize("version", [2, abi()])
def test_what_may_be_read_cannot_be_emptied_whatever_landlock_knows(version, tmp_path):
    (tmp_path / "library").write_text("whole")

    def act(_):
        flags = (os.O_RDONLY | os.O_TRUNC, 3 | os.O_TRUNC, os.O_WRONLY | os.O_TRUNC)
        return [outcome(lambda how=how: os.open(tmp_path / "library", how)) for how in flags]

    found = locked(act, readable=(str(tmp_path),), landlock=version)
    assert set(found) <= {"EPERM", "EACCES"}
    assert (tmp_path / "library").read_text() == "whole"


@pytest.mark.parametrize(("version", "own"), [(5, True), (6, False)])
def test_where_landlock_does_not_part_sockets_each_worker_has_a_network(monkeypatch, version, own):
    def remember(_, *, network):
        raise OSError(1, "own network" if network else "the cell's")

    monkeypatch.setattr("torchgrade.sandbox.wall.cell.cover", remember)

    def act():
        try:
            lock_down(dataclasses.replace(HERE, in_cell=True, landlock=version))
        except OSError as error:
            return error.strerror

    assert in_a_child(act) == ("own network" if own else "the cell's")


def test_limits_cannot_be_raised_again():
    def act(_):
        try:
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (ValueError, OSError) as error:
            return type(error).__name__
        return "raised"

    assert locked(act) in {"ValueError", "PermissionError"}


@as_root
def test_it_becomes_a_user_that_owns_nothing_and_cannot_come_back():
    def act(_):
        return [os.getresuid(), os.getresgid(), os.getgroups(), outcome(lambda: os.setresuid(0, 0, 0))]

    assert locked(act, uid=UID) == [[UID] * 3, [UID] * 3, [], "EPERM"]


def test_its_capabilities_are_gone():
    def act(_):
        lines = Path("/proc/self/status").read_text().splitlines()
        return [line.split()[1] for line in lines if line.startswith(("CapEff", "CapPrm", "CapInh", "NoNewPrivs"))]

    assert sorted(locked(act)) == ["0" * 16, "0" * 16, "0" * 16, "1"]


def test_other_processes_cannot_be_read_about_signalled_or_limited():
    outside = os.getppid()

    def act(_):
        return [
            outcome(lambda: Path(f"/proc/{outside}/cmdline").read_bytes()),
            outcome(lambda: os.listdir("/proc")),
            outcome(lambda: os.kill(outside, 0)),
            outcome(lambda: os.kill(-1, 0)),
            outcome(lambda: resource.prlimit(outside, resource.RLIMIT_CORE)),
            outcome(lambda: os.sched_setaffinity(outside, {0})),
        ]

    assert set(locked(act)) <= {"EACCES", "EPERM"}


def test_the_hosts_files_keep_their_modes_times_and_length(tmp_path):
    target = tmp_path / "file"
    target.write_text("whole")
    before = target.stat()

    def act(_):
        return [
            outcome(lambda: os.chmod(target, 0o777)),
            outcome(lambda: os.chown(target, 1, 1)),
            outcome(lambda: os.utime(target, (0, 0))),
            outcome(lambda: os.setxattr(target, "user.note", b"hello")),
            outcome(lambda: os.truncate(target, 0)),
            outcome(lambda: target.write_text("")),
        ]

    assert set(locked(act)) <= {"EACCES", "EPERM"}
    after = target.stat()
    assert (after.st_mode, after.st_uid, after.st_mtime, after.st_size) == (
        before.st_mode, before.st_uid, before.st_mtime, before.st_size,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "module", "function"), [("landlock", landlock, "restrict"), ("seccomp", seccomp, "install")]
)
def test_a_layer_that_held_and_fails_now_ends_the_worker(monkeypatch, name, module, function):
    def fail(*_):
        raise OSError(38, "gone")

    monkeypatch.setattr(module, function, fail)
    assert locked(lambda layers: [layers[name].on, layers[name].detail]) == [False, "gone"]
    assert locked(lambda _: "went on", required=frozenset({name})) == "ENOSYS"


def test_half_a_cell_ends_the_worker_in_any_case(monkeypatch):
    def fail(*_, **__):
        raise OSError(1, "no")

    monkeypatch.setattr("torchgrade.sandbox.wall.cell.cover", fail)
    assert locked(lambda _: "went on", in_cell=True) == "EPERM"


def test_two_zygotes_never_share_a_user():
    first, second = UserBlock(4), UserBlock(4)
    mine, others = ({block.uid(worker) for worker in range(100)} for block in (first, second))
    assert not mine & others
    first.claim.close()
    third = UserBlock(4)
    assert third.uid(0) in mine
    second.claim.close()
    third.claim.close()


@as_root
def test_what_a_user_cannot_read_is_named(tmp_path):
    tmp_path.chmod(0o700)
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    assert unreadable(["/usr", str(closed)], UID) == str(closed)
    assert unreadable(["/usr"], UID) == ""


@as_root
def test_all_of_a_user_can_be_ended_at_once():
    pid = os.fork()
    if pid == 0:
        os.setresuid(UID + 3, UID + 3, UID + 3)
        signal.pause()
        os._exit(0)
    while Path(f"/proc/{pid}/status").read_text().count(str(UID + 3)) < 3:
        pass
    end_all_of(UID + 3)
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
