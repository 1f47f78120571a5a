"""In a freshly forked worker, before it reads a student's code: give up everything it does not need."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import resource
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from . import cell, landlock, linux, seccomp
from .layers import Layer

__all__ = ["LockPlan", "lock_down", "prepared"]

_CUTTING, _SCOPES = 3, 6  # the Landlock versions that know of truncation, and of abstract sockets


@dataclass(frozen=True)
class LockPlan:
    """How a worker is held.

    Attributes:
        in_cell: Whether it was forked inside namespaces and a private root.
        readable: Paths that it may read.
        scratch: Where it may write, when there is no private root; made for it alone.
        uid: The user it becomes, or None to stay who it is.
        memory_mb: Address space beyond what it starts with.
        processes: Processes and threads of its user, where workers have a user or a namespace that counts them.
        scratch_mb: Size of a file, and of its private scratch folder.
        cpu_seconds: Processor time of a process, after which the kernel ends it: for when the grader cannot.
        landlock: The kernel's Landlock version.
        only_signal_itself: Whether seccomp must keep signals in, because nothing else does.
        devices: Devices that it may use besides the plainest.
        filters: System call filters by whether processes may be started, assembled ahead (`prepared`); those that are
            not there are assembled on the spot.
        required: Layers that held in the probe: one that fails now ends the worker before it reads anything. The cell
            is required wherever there is one: half of it would show more of the host than none.
    """

    in_cell: bool
    readable: tuple[str, ...]
    scratch: str
    uid: int | None
    memory_mb: int
    processes: int
    scratch_mb: int
    cpu_seconds: int
    landlock: int
    only_signal_itself: bool
    devices: tuple[str, ...] = ()
    filters: Mapping[bool, bytes] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


def prepared(plan: LockPlan) -> LockPlan:
    """Assemble, once and before any fork, what is the same for each worker."""
    if plan.only_signal_itself:  # their numbers differ
        return plan
    return dataclasses.replace(plan, filters={may_fork: _filter(plan, may_fork) for may_fork in (False, True)})


def lock_down(plan: LockPlan) -> dict[str, Layer]:
    """Apply every layer that the machine has.

    Returns:
        The layers by name.

    Raises:
        OSError: A layer that held before does not hold now.
    """
    found: dict[str, Layer] = {}

    def apply(name: str, put_up: Callable[[], None]) -> None:
        try:
            put_up()
        except OSError as error:
            if name in plan.required or name == "namespaces":
                raise
            found[name] = Layer(name, False, error.strerror or str(error))
        else:
            found[name] = Layer(name, True)

    linux.prctl(linux.PR_SET_PDEATHSIG, 9)
    if plan.in_cell:
        apply("namespaces", lambda: cell.cover(plan.scratch_mb, network=plan.landlock < _SCOPES))
    with contextlib.suppress(OSError):
        _offer_to_the_oom_killer()
    scratch = cell.SCRATCH if plan.in_cell else plan.scratch
    _move_to(scratch)
    if plan.uid is not None:
        apply("own-uid", lambda: _become(plan.uid or 0))
    apply("no-new-privs", lambda: linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1))
    linux.drop_capabilities()
    # Processes are counted by user, root's never; the grader's own user has others besides
    counted = os.getuid() != 0 and (plan.in_cell or (plan.uid is not None and found["own-uid"].on))
    apply("rlimits", lambda: _limit(plan, counted))
    apply("landlock", lambda: landlock.restrict(_rules(plan, scratch), plan.landlock))
    apply("seccomp", lambda: seccomp.install(plan.filters.get(counted) or _filter(plan, counted)))
    return found


def _filter(plan: LockPlan, may_fork: bool) -> bytes:
    only_signal = os.getpid() if plan.only_signal_itself else None
    may_cut = plan.in_cell or plan.landlock >= _CUTTING
    return seccomp.filter_for(only_signal, in_cell=plan.in_cell, may_fork=may_fork, may_cut=may_cut)


def _offer_to_the_oom_killer() -> None:
    """Be the first to go when the machine is out of memory, before the grader and whatever else runs."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _move_to(scratch: str) -> None:
    os.chdir(scratch)
    for name in ("TMPDIR", "HOME"):
        os.environ[name] = scratch
    tempfile.tempdir = scratch  # gettempdir() keeps its first answer, and the zygote's would be inherited


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    linux.prctl(linux.PR_SET_PDEATHSIG, 9)  # changing user has cleared it


def _limit(plan: LockPlan, counted: bool) -> None:
    with open("/proc/self/statm", encoding="ascii") as file:
        pages = [int(count) for count in file.read().split()]
    # A graphics driver reserves far more addresses than there is memory; then what can be written to is counted alone.
    kind, now = ("DATA", pages[5]) if plan.devices else ("AS", pages[0])
    limits = {
        kind: now * resource.getpagesize() + (plan.memory_mb << 20),
        "FSIZE": plan.scratch_mb << 20,
        "NOFILE": 256,
        "CORE": 0,
        "MEMLOCK": 8 << 20,
        "MSGQUEUE": 0,
        "RTPRIO": 0,
        "NICE": 0,
        "CPU": plan.cpu_seconds,
    }
    if counted:
        limits["NPROC"] = plan.processes
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


def _rules(plan: LockPlan, scratch: str) -> list[tuple[str, int]]:
    writable = [scratch, "/dev/shm"] if plan.in_cell else [scratch]
    return [
        *((path, landlock.READ) for path in plan.readable),
        *((f"/dev/{device}", landlock.USE_DEVICE) for device in cell.DEVICES),
        *((device, landlock.DRIVE_DEVICE) for device in plan.devices),
        # without a /proc of its own a worker sees its own entry only, for which the kernel resolves "self"
        ("/proc" if plan.in_cell else "/proc/self", landlock.READ),
        *((path, landlock.READ_WRITE) for path in writable),
    ]
