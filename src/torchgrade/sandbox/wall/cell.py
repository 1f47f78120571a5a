"""Where the zygote lives: namespaces of its own, and a root that holds only what Python needs.

Entered once, before torch is imported; every worker that is forked later is inside from its first instruction.
"""

from __future__ import annotations

import functools
import glob
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import linux
from .layers import Layer
from .linux import (
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    NEWIPC,
    NEWNET,
    NEWNS,
    NEWPID,
    NEWUSER,
    NEWUTS,
)

__all__ = ["DEVICES", "SCRATCH", "CellPlan", "cover", "enter_cell", "fork_alone", "gpu_devices", "readable_paths"]

INODES_PER_MB = 128  # an empty file takes a kilobyte of the kernel's memory, which "size" does not count
DEVICES = ("null", "zero", "full", "random", "urandom")
SCRATCH = "/scratch"  # inside; /tmp leads there
SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
    "/sys/devices/system/cpu",
    "/nix/store",
    "/gnu/store",
)


@dataclass(frozen=True)
class CellPlan:
    """What the cell is made of.

    Attributes:
        readable: Real paths that workers may read.
        hidden: Folders that must not be under any of them: the course's masters, graders and fixtures.
        mount_point: An empty folder on the host, where the new root is built.
        devices: Devices that workers may use, besides `DEVICES`.
    """

    readable: tuple[str, ...]
    hidden: tuple[str, ...]
    mount_point: str
    devices: tuple[str, ...] = ()


def readable_paths(
    search_path: Sequence[str], prefixes: Sequence[str], shared: str, libraries: str = ""
) -> tuple[str, ...]:
    """Return the real paths that Python, torch and the system's libraries need, none of them within another.

    Args:
        search_path: ``sys.path`` of the zygote.
        prefixes: ``sys.prefix`` and ``sys.base_prefix``.
        shared: The course's ``fixtures/shared``.
        libraries: ``LD_LIBRARY_PATH``; what is not the full name of a folder in it is passed over.
    """
    asked = [path for path in (*SYSTEM, *prefixes, *search_path, shared) if os.path.exists(path)]
    asked += [path for path in libraries.split(":") if os.path.isabs(path) and os.path.isdir(path)]
    named = [os.path.abspath(path) for path in asked if not os.path.islink(path)]  # as Python will ask for them
    wanted = sorted({*named, *map(os.path.realpath, asked)} - {"/"})
    kept: list[str] = []
    for path in wanted:
        if not any(path == other or path.startswith(f"{other}/") for other in kept):
            kept.append(path)
    return tuple(kept)


def gpu_devices(chosen: str | None, folder: str = "/dev") -> tuple[str, ...]:
    """Return the devices that CUDA needs, where there are any.

    Args:
        chosen: ``CUDA_VISIBLE_DEVICES``; where it names none there are none.
        folder: Where devices lie.
    """
    if chosen in ("", "-1"):
        return ()
    found = [*glob.glob(f"{folder}/nvidia*"), *glob.glob(f"{folder}/nvidia-caps/*")]
    return tuple(sorted(path for path in found if stat.S_ISCHR(os.stat(path).st_mode)))


def enter_cell(plan: CellPlan) -> tuple[Layer, Layer]:
    """Put this process into namespaces and a private root, as far as the machine allows.

    A throw-away child tries first, so that a refusal half-way leaves this process as it was.

    Returns:
        The layers ``namespaces`` and ``private-root``.
    """
    exposed = [path for path in plan.hidden if any(_within(path, readable) for readable in plan.readable)]
    if exposed:
        why = f"{exposed[0]} lies within a folder that Python itself is read from"
        return Layer("namespaces", False, why), Layer("private-root", False, why)
    for enter in (_as_root, _as_user):
        problem = _in_a_child(functools.partial(_build, plan, enter))
        if not problem:
            _build(plan, enter)
            return Layer("namespaces", True), Layer("private-root", True)
    return Layer("namespaces", False, problem), Layer("private-root", False, problem)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _as_root() -> None:
    """By root."""
    linux.unshare(NEWNS | NEWNET | NEWIPC | NEWUTS | NEWPID)


def _as_user() -> None:
    """By a user namespace."""
    uid, gid = os.getuid(), os.getgid()
    linux.prctl(linux.PR_SET_DUMPABLE, 1)  # else /proc/self belongs to root and the maps cannot be written
    linux.unshare(NEWUSER | NEWNS | NEWNET | NEWIPC | NEWUTS | NEWPID)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)


def _in_a_child(attempt: Callable[[], None]) -> str:
    """Try something in a child; return what went wrong, or an empty text."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            attempt()
            os.mkdir(f"{SCRATCH}/trial")  # so it is the new root that we are in
            linux.unshare(NEWPID)  # each worker gets one
            _in_first_process(lambda: cover(1))
        except OSError as error:
            os.write(writer, f"{error.strerror or error}".encode()[:200])
            os._exit(1)
        except BaseException as error:
            os.write(writer, repr(error).encode()[:200])
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        problem = pipe.read().decode()
    _, status = os.waitpid(pid, 0)
    return problem or ("" if status == 0 else f"the trial ended with status {status}")


def _in_first_process(act: Callable[[], None]) -> None:
    """Do something in a child, and raise what it raises."""
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            act()
            code = 0
        except OSError as error:
            code = error.errno or code
        finally:
            os._exit(code & 0xFF)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise OSError(code, f"a worker's own /proc and scratch folder: {os.strerror(code)}")


def _build(plan: CellPlan, enter: Callable[[], None]) -> None:
    """Enter the namespaces and make the new root this process's own; whatever fails raises, nothing is passed over."""
    enter()
    _go_on_in_a_child()
    linux.mount(None, "/", None, MS_REC | MS_PRIVATE)
    root = plan.mount_point
    linux.mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755")
    for path in plan.readable:
        _bind(path, root + path)
        linux.set_read_only(root + path)
    for link in ("/lib", "/lib64", "/bin"):
        if os.path.islink(link):
            os.symlink(os.readlink(link), root + link)
    for device in (*(f"/dev/{name}" for name in DEVICES), *plan.devices):
        _bind(device, root + device)
    for folder in ("/dev/shm", "/proc", SCRATCH):
        os.makedirs(root + folder, exist_ok=True)
    if not os.path.exists(f"{root}/tmp"):  # there is one where Python or the course itself lies in /tmp
        os.symlink(SCRATCH, f"{root}/tmp")
    # each worker covers it with its own; a user namespace may mount one only where one is seen
    _bind("/proc", f"{root}/proc")
    linux.pivot_to(root)
    linux.set_read_only("/")
    # torch makes caches when it is imported
    linux.mount("tmpfs", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, "size=4m,mode=700")


def _go_on_in_a_child() -> None:
    """Become the first process of the new process namespace, the next child; the parent waits and ends with it."""
    pid = os.fork()
    if pid:
        os.closerange(0, 1 << 16)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) & 0xFF)
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)


def _bind(source: str, target: str) -> None:
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    linux.mount(source, target, None, MS_BIND | MS_REC)


def cover(scratch_mb: int, *, network: bool = False) -> None:
    """In a worker, while it may: give it a /proc, a scratch folder and a /dev/shm that no other ever sees.

    Args:
        scratch_mb: Size of each folder.
        network: Make it a network too, where Landlock would let it talk to another worker by the name of a socket.
    """
    linux.unshare(NEWNS | NEWIPC | (NEWNET if network else 0))
    linux.mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for folder in (SCRATCH, "/dev/shm"):
        options = f"size={scratch_mb}m,nr_inodes={INODES_PER_MB * scratch_mb},mode=1777"
        linux.mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, options)


def fork_alone(home: int) -> int:
    """Fork a child that is the first process of a namespace of its own: when it dies, all that it started dies.

    Args:
        home: A descriptor of this process's own process namespace.
    """
    linux.unshare(NEWPID)
    pid = os.fork()
    if pid:
        linux.setns(home, NEWPID)
    return pid
