"""The whole wall at its strongest, from a check's point of view: what a submission tries, and what comes of it."""

import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from torchgrade.course import Limits
from torchgrade.errors import Verdict
from torchgrade.sandbox.program import Program
from torchgrade.sandbox.wall.linux import SYSCALLS
from torchgrade.submission import Submission

from .attempts import SOURCE
from .children import processes_named

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall is Linux's")
PROGRAM = Program("attempts", {"attempts": SOURCE.encode()})
COURSE = Path(__file__).parents[2] / "samples" / "mini"
LIMITS = Limits()
# where Python itself lies below /tmp, that folder is Python's inside, and the scratch folder has its other name only
SCRATCH_FOLDERS = ["/scratch" if sys.prefix.startswith("/tmp/") else "/tmp", "/dev/shm"]


@pytest.fixture
def opened(sandbox):
    """Return a function that gives a proxy with a worker of its own."""
    if sandbox.level != "A":
        pytest.skip(f"no namespaces here, level {sandbox.level}")
    proxies = []

    def new():
        proxies.append(Submission(lambda: sandbox.open(10.0, 5.0), PROGRAM, seed=1))
        return proxies[-1]

    yield new
    for proxy in proxies:
        proxy._close()


@pytest.fixture
def submission(opened):
    return opened()


@pytest.mark.parametrize("path", ["/etc/passwd", "/etc/hostname", __file__, "/proc/1/environ", "/proc/kcore"])
def test_a_file_of_the_host_is_not_there_or_closed(submission, path):
    assert submission.reads(path) in {"ENOENT", "EACCES", "EPERM"}


@pytest.mark.parametrize("folder", ["graders", "assignments", "fixtures", "."])
def test_of_the_course_only_the_shared_folder_is_there(submission, folder):
    assert submission.lists(str(COURSE / folder)) in {"ENOENT", "EACCES"}


def test_the_shared_folder_can_be_read_and_not_written(submission):
    assert "__init__.py" in submission.lists(str(COURSE / "fixtures" / "shared"))
    assert submission.writes(str(COURSE / "fixtures" / "shared" / "new")) in {"EROFS", "EACCES"}


@pytest.mark.parametrize("path", ["/new", "/usr/new", "/proc/self/oom_score_adj", "/dev/new", torch.__file__])
def test_nothing_outside_of_scratch_can_be_written(submission, path):
    assert submission.writes(path) in {"EROFS", "EACCES", "EPERM"}


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6, 16, 17])
def test_there_are_no_network_sockets(submission, family):
    assert submission.opens_socket(int(family)) == "EAFNOSUPPORT"


def test_a_server_of_the_host_is_not_called(submission):
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert submission.calls(*server.getsockname()) == "EAFNOSUPPORT"
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_grader_cannot_be_named_traced_or_limited(submission):
    assert submission.parent() == 0
    assert submission.signals(os.getpid()) == "ESRCH"
    assert submission.limits(os.getpid()) == "EPERM"
    assert submission.system_call(SYSCALLS["ptrace"], 16, os.getpid(), 0, 0) == "EPERM"
    assert submission.system_call(SYSCALLS["process_vm_readv"], os.getpid(), 0, 0, 0, 0, 0) == "EPERM"
    assert [name for name in submission.lists("/proc") if name.isdigit()] == ["1"]


def test_no_other_program_is_run(submission):
    assert submission.executes() == "EPERM"


def test_it_holds_its_channel_and_nothing_else_of_the_graders(submission):
    found = submission.descriptors()  # three standard ones, /dev/null, the channel, the listing itself
    assert len(found) <= 6
    assert set(submission.environment()) <= {
        "PATH", "LANG", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS", "PYTHONHASHSEED", "TMPDIR", "HOME", "LC_CTYPE",
        "PYTORCH_NVML_BASED_CUDA_CHECK", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK", "TORCHINDUCTOR_CACHE_DIR",
    }  # fmt: skip


def test_texts_hash_alike_in_every_zygote_so_that_sets_have_one_order(submission):
    command = [sys.executable, "-c", "print(hash('torch'))"]
    fixed = subprocess.run(command, env={"PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True)
    assert submission.hashes("torch") == int(fixed.stdout)


def test_nothing_of_the_users_is_imported_and_no_bytecode_is_written(submission):
    found = submission.interpreter()
    assert found["no_user_site"] == found["dont_write_bytecode"] == 1
    assert not {"", "/", os.getcwd()} & set(found["path"])


def test_a_fork_bomb_is_bounded(submission, opened):
    started, error = submission.forks(10 * LIMITS.processes)
    assert error == "EAGAIN"
    assert started <= LIMITS.processes
    assert opened().forks(1) == [1, ""]


def test_memory_is_bounded(submission):
    with pytest.raises(Verdict) as caught:
        submission.takes_memory(LIMITS.memory_mb + 64)
    assert caught.value.status == "memory"


def test_tensors_are_bounded(submission):
    with pytest.raises(Verdict) as caught:
        submission.takes_tensor(LIMITS.memory_mb + 64)
    assert caught.value.status == "memory"


@pytest.mark.parametrize("folder", SCRATCH_FOLDERS)
def test_the_disk_is_bounded(submission, folder):
    with pytest.raises(Verdict, match="wrote more into files than it may"):
        submission.fills(folder, LIMITS.scratch_mb + 1)


@pytest.mark.parametrize("folder", SCRATCH_FOLDERS)
def test_the_next_worker_finds_no_files(opened, folder):
    assert opened().fills(folder, 1) == ["file-0"]
    assert opened().lists(folder) == []


def test_nothing_can_be_left_in_the_kernels_shared_memory(submission):
    assert submission.system_call(SYSCALLS["shmget"], 4711, 4096, 0o1666) == "EPERM"
    assert submission.system_call(SYSCALLS["memfd_create"], 0, 0) == "EPERM"


def test_a_daemon_ends_with_its_check(opened):
    name = f"tg-{secrets.token_hex(4)}"
    submission = opened()
    assert submission.leaves_a_daemon(name) == b"."
    assert len(processes_named(name)) == 1
    submission._close()
    _await_none(name)


def _await_none(name, seconds=20.0):
    deadline = time.monotonic() + seconds
    while processes_named(name) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes_named(name)


def test_a_worker_that_leaves_the_channel_and_goes_on_is_ended(submission):
    with pytest.raises(Verdict):
        submission.stays_on()


def test_honest_work_is_not_in_the_way(submission):
    assert submission.loads_with_workers(0) == submission.loads_with_workers(2) == [6.0, 22.0]
    assert submission.saves_and_loads().tolist() == [1, 1]
    assert submission.trains() == pytest.approx(2, abs=0.05)
    assert submission.threads(4) == 4
    assert submission.temporary() == [3, True]
