"""Resource limits, and which process the kernel ends first when memory runs out."""

from __future__ import annotations

import contextlib
import os
import sys

from .plans import CopyPlan

if sys.platform != "win32":
    import resource

__all__ = ["apply_limits", "count_tasks", "die_first"]

_FILES = 256
_LOCKED_BYTES = 8 << 20


def apply_limits(plan: CopyPlan) -> str:
    """Limit this process and all that it starts, each by itself; processes are counted by user.

    Address space is limited to what is in use now and ``plan.memory_mb`` more.

    Raises:
        OSError: A limit could not be set, or this process's size is not told.
    """
    _limit("CPU", plan.cpu_seconds)
    _limit("NPROC", plan.processes + plan.others)
    _limit("FSIZE", plan.file_mb << 20)
    _limit("NOFILE", _FILES)
    _limit("MEMLOCK", _LOCKED_BYTES)
    for name in ("CORE", "MSGQUEUE", "RTPRIO", "NICE"):
        _limit(name, 0)
    if plan.memory_mb:
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        _limit("AS", now + (plan.memory_mb << 20))
    return f"{plan.memory_mb} MiB more, {plan.processes} processes"


def _limit(name: str, value: int) -> None:
    number = getattr(resource, f"RLIMIT_{name}", None)
    if number is None:
        return
    _, hard = resource.getrlimit(number)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(number, (value, value))


def die_first() -> None:
    """Ask the kernel to take this process before its zygote and its grader; nothing is promised by it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def count_tasks(uid: int) -> int:
    """Count a user's processes and threads, which the limit on processes counts too; takes some milliseconds."""
    count = 0
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == uid:
                count += len(os.listdir(f"/proc/{name}/task"))
    return count
