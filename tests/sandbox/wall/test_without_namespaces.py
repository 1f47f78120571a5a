"""Machines that refuse namespaces, as containers do: what holds there, and that grading is right there too."""

import os
import secrets
import sys
import time

import pytest
import torch

from torchgrade.errors import CheckFailed, Verdict
from torchgrade.sandbox.program import Program
from torchgrade.sandbox.wall.landlock import abi
from torchgrade.submission import Submission

from .attempts import SOURCE
from .children import NOBODY, processes_named
from .machines import COURSE, without_namespaces

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux" or abi() == 0, reason="a kernel without Landlock"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root can pretend to be on another machine"),
]
PROGRAM = Program("attempts", {"attempts": SOURCE.encode()})
MACHINES = {
    "root": {"uid": 0, "python_for_all": True},
    "root-with-closed-python": {"uid": 0, "python_for_all": False},
    "user": {"uid": NOBODY, "python_for_all": True},
}
LEVELS = {"root": "B", "root-with-closed-python": "C", "user": "C"}


@pytest.fixture(scope="module", params=MACHINES)
def machine(request):
    if request.param == "root-with-closed-python" and os.stat("/root").st_mode & 0o001:
        pytest.skip("any user can read Python here")
    if MACHINES[request.param]["python_for_all"] and COURSE.is_relative_to("/root"):
        pytest.skip("this machine has a /root of its own, and the course lies in the other one")
    sandbox = without_namespaces(**MACHINES[request.param])
    sandbox.name = request.param
    folder = sandbox.folder.path
    yield sandbox
    sandbox.close()
    assert not folder.exists()


@pytest.fixture
def opened(machine):
    proxies = []

    def new():
        proxies.append(Submission(lambda: machine.open(5.0, 5.0), PROGRAM, seed=1))
        return proxies[-1]

    yield new
    for proxy in proxies:
        proxy._close()


@pytest.fixture
def submission(opened):
    return opened()


def test_the_level_is_found_out(machine):
    assert machine.level == LEVELS[machine.name]
    assert machine.report["escapes"] == []
    found = {name: (on, detail) for name, on, detail in machine.report["layers"]}
    assert found["namespaces"] == (False, "unshare: Operation not permitted")
    assert found["landlock"][0]
    assert found["seccomp"][0]
    assert ("own-uid" in found and found["own-uid"][0]) == (machine.name == "root")


def test_a_python_that_others_cannot_read_is_named(machine):
    found = {name: detail for name, _, detail in machine.report["layers"]}
    told = "which Python needs, cannot be read by user" in found.get("own-uid", "")
    assert told == (machine.name == "root-with-closed-python")


def test_honest_work_is_graded_right(submission):
    assert submission.trains() == pytest.approx(2, abs=0.05)
    assert submission.saves_and_loads().tolist() == [1, 1]
    assert submission.loads_with_workers(0) == [6.0, 22.0]
    assert submission.threads(4) == 4
    assert submission.temporary() == [3, True]


def test_files_of_the_host_are_closed(submission, tmp_path):
    for path in ("/etc/passwd", __file__, "/proc/1/cmdline", f"/proc/{os.getpid()}/environ"):
        assert submission.reads(path) in {"EACCES", "ENOENT"}
    for folder in (COURSE, COURSE / "graders", COURSE / "fixtures", "/proc", "/tmp", "/dev/shm", "/"):
        assert submission.lists(str(folder)) == "EACCES"
    for folder in ("/tmp", "/dev/shm", tmp_path):
        assert submission.writes(f"{folder}/new") in {"EACCES", "EROFS"}
    assert submission.writes(torch.__file__) in {"EACCES", "EROFS"}


def test_the_shared_folder_is_open(submission):
    assert "__init__.py" in submission.lists(str(COURSE / "fixtures" / "shared"))


def test_the_grader_is_out_of_reach(submission):
    assert submission.signals(os.getpid()) == "EPERM"
    assert submission.signals(submission.parent()) == "EPERM"
    assert submission.limits(os.getpid()) == "EPERM"
    assert submission.opens_socket(2) == submission.opens_socket(1) == "EAFNOSUPPORT"
    assert submission.executes() == "EPERM"


def test_bombs_are_bounded(submission, machine):
    started, error = submission.forks(200)
    assert error == "EAGAIN"
    assert 0 < started < 40 if machine.name == "root" else started == 0


def test_files_have_a_largest_size_and_are_removed(opened, machine):
    assert opened().fills(".", 2) == ["file-0", "file-1"]
    assert opened().lists(".") == []


def test_a_daemon_ends_with_its_check(opened, machine):
    name = f"tg-{secrets.token_hex(4)}"
    submission = opened()
    if machine.name != "root":
        with pytest.raises((Verdict, CheckFailed, OSError)):
            submission.leaves_a_daemon(name)
        return
    assert submission.leaves_a_daemon(name) == b"."
    assert len(processes_named(name)) == 1
    submission._close()
    _await(lambda: not processes_named(name))


def test_scratch_folders_are_removed_whatever_is_in_them(opened, machine):
    for act in (lambda worker: worker.nests(1200), lambda worker: worker.closes_a_folder()):
        worker = opened()
        act(worker)
        assert list(machine.folder.path.glob("scratch-*/*"))
        worker._close()
    assert opened().threads(1) == 1
    _await(lambda: not list(machine.folder.path.glob("scratch-*/*")))


def _await(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def test_closing_ends_what_a_worker_has_started():
    sandbox = without_namespaces(**MACHINES["root"])
    name = f"tg-{secrets.token_hex(4)}"
    try:
        submission = Submission(lambda: sandbox.open(5.0, 5.0), PROGRAM, seed=1)
        assert submission.leaves_a_daemon(name) == b"."
    finally:
        sandbox.close()
    assert not processes_named(name)
