"""Control groups: in a tree of plain files that acts as the kernel's does, and in the kernel's own where it lets us."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from torchgrade.sandbox.wall import GroupLimits, Layer, enter_group
from torchgrade.sandbox.wall.cgroups import Grouped, places

LIMITS = GroupLimits(memory_mb=100, processes=7)
FILES = ("cgroup.procs", "cgroup.kill", "memory.max", "memory.swap.max", "memory.events", "pids.max")


@pytest.fixture
def tree(monkeypatch, tmp_path):
    """A folder in which a new folder is a group, and goes away as one does."""
    make = Path.mkdir

    def mkdir(path, *args, **kwargs):
        make(path, *args, **kwargs)
        if path.is_relative_to(tmp_path):
            for name in FILES:
                (path / name).touch()

    monkeypatch.setattr(Path, "mkdir", mkdir)
    monkeypatch.setattr(Path, "rmdir", shutil.rmtree)
    for name in ("controllers", "subtree_control"):
        (tmp_path / f"cgroup.{name}").write_text("cpu memory pids\n")
    return tmp_path


def groups(tree):
    return [path for path in tree.iterdir() if path.is_dir()]


def test_a_process_is_put_into_a_group_with_limits(tree):
    grouped = enter_group(4711, LIMITS, [tree])
    assert grouped.layer == Layer("cgroup", True)
    assert groups(tree) == [grouped.path]
    told = {name: (grouped.path / name).read_text() for name in FILES if name != "memory.events"}
    limits = {"memory.max": str(100 << 20), "memory.swap.max": "0", "pids.max": "7"}
    assert told == {"cgroup.procs": "4711", "cgroup.kill": "", **limits}


def test_it_is_killed_and_removed_at_the_end(monkeypatch, tree):
    grouped = enter_group(4711, LIMITS, [tree])
    told = []
    monkeypatch.setattr(
        Path, "rmdir", lambda path: (told.append((path / "cgroup.kill").read_text()), shutil.rmtree(path))
    )
    grouped.end()
    assert told == ["1"]
    assert groups(tree) == []


def test_controllers_are_switched_on_where_they_are_off(tree):
    (tree / "cgroup.subtree_control").write_text("pids")
    assert not enter_group(4711, LIMITS, [tree]).layer.detail
    assert (tree / "cgroup.subtree_control").read_text() == "+memory"


def test_where_one_place_is_closed_the_next_is_taken(tree):
    (tree / "open").mkdir()
    for name in ("controllers", "subtree_control"):
        (tree / "open" / f"cgroup.{name}").write_text("memory pids")
    grouped = enter_group(4711, LIMITS, [tree / "not" / "there", tree / "open"])
    assert grouped.path.parent == tree / "open"


def test_without_a_place_the_layer_is_off_and_says_why(tree):
    (tree / "cgroup.controllers").write_text("cpu pids")
    grouped = enter_group(4711, LIMITS, [tree])
    assert not grouped.layer.on
    assert grouped.layer.detail == f"memory is not counted there: {tree}"
    assert enter_group(4711, LIMITS, []).layer.detail == "no cgroup v2 is mounted"
    assert grouped.out_of_memory() == 0
    grouped.end()


def test_a_group_that_cannot_be_entered_is_not_left_behind(monkeypatch, tree):
    monkeypatch.setattr(f"{__name__}.FILES", FILES[1:])
    assert not enter_group(4711, LIMITS, [tree]).layer.on
    assert groups(tree) == []


def test_a_kernel_that_counts_no_swap_will_do(monkeypatch, tree):
    monkeypatch.setattr(f"{__name__}.FILES", tuple(name for name in FILES if name != "memory.swap.max"))
    assert enter_group(4711, LIMITS, [tree]).layer.on


def test_kills_for_memory_are_counted(tree):
    grouped = enter_group(4711, LIMITS, [tree])
    assert grouped.out_of_memory() == 0
    (grouped.path / "memory.events").write_text("low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 0\n")
    assert grouped.out_of_memory() == 2


def test_what_a_killed_grader_has_left_is_removed_and_what_lives_is_not(tree):
    (tree / f"torchgrade-{2**22 + 1}-beef").mkdir()  # no process has so high a number
    living = tree / f"torchgrade-{os.getpid()}-beef"
    living.mkdir()
    grouped = enter_group(4711, LIMITS, [tree])
    assert set(groups(tree)) == {living, grouped.path}


@pytest.mark.parametrize(
    ("root", "group", "expected"),
    [
        ("/", "/user.slice/run-1.scope", ["/cg/user.slice/run-1.scope", "/cg/user.slice"]),
        ("/", "/", ["/cg"]),
        ("/docker/abc", "/docker/abc", ["/cg"]),
        ("/docker/abc", "/docker/abc/grader", ["/cg/grader", "/cg"]),
        ("/docker/abc", "/elsewhere", []),
    ],
)
def test_groups_are_made_within_ones_own_or_beside_it(tmp_path, root, group, expected):
    lines = ["22 1 0:20 / /proc rw - proc proc rw", "30 22 0:26 / /cg/v1 rw shared:9 - cgroup cgroup rw,memory"]
    (tmp_path / "mountinfo").write_text("\n".join([*lines, f"31 22 0:27 {root} /cg rw shared:4 - cgroup2 cgroup2 rw"]))
    (tmp_path / "cgroup").write_text(f"4:memory:/other\n0::{group}\n")
    assert [str(path) for path in places(str(tmp_path))] == expected


def test_without_the_second_version_there_is_no_place(tmp_path):
    (tmp_path / "mountinfo").write_text("30 22 0:26 / /cg/v1 rw - cgroup cgroup rw,memory\n")
    (tmp_path / "cgroup").write_text("4:memory:/other\n")
    assert places(str(tmp_path)) == places(str(tmp_path / "nowhere")) == []


def _child(act):
    """Fork a child that begins when it is told to."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.read(reader, 1)
            act()
        finally:
            os._exit(1)
    os.close(reader)
    return pid, writer


@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
def test_in_the_kernels_tree_whatever_is_in_a_group_ends_with_it():
    for parent in places():
        path = parent / f"torchgrade-{os.getpid()}-test"
        try:
            path.mkdir()
        except OSError:
            continue
        break
    else:
        pytest.skip("no control group can be made here")
    pid, _ = _child(signal.pause)
    try:
        (path / "cgroup.procs").write_text(str(pid))
    except OSError:
        path.rmdir()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        pytest.skip("no process can be moved here")
    grouped = Grouped(Layer("cgroup", True), path)
    grouped.end()
    assert os.waitpid(pid, 0)[1] == signal.SIGKILL
    assert not path.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
def test_in_the_kernels_tree_memory_of_several_processes_is_counted_together():
    def take():
        held = []
        for _ in range(3):
            held.append(bytearray(40 << 20))
            if os.fork():
                break
        time.sleep(30)

    pid, writer = _child(take)
    grouped = enter_group(pid, LIMITS)
    try:
        if not grouped.layer.on:
            pytest.skip(f"no control group with limits can be made here: {grouped.layer.detail}")
        os.write(writer, b".")
        deadline = time.monotonic() + 20
        while not grouped.out_of_memory() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert grouped.out_of_memory()
    finally:
        grouped.end()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert not grouped.path.exists()
