"""Find a grader's processes from outside, and end them."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field

ZYGOTE = b"torchgrade.sandbox.zygote"


@dataclass
class Family:
    """A grader's processes at one moment.

    Attributes:
        waiters: The zygotes as the grader started them; within namespaces each only waits for its child.
        children: What the waiters started: the zygote itself, or what it tries out when it starts.
        workers: What those forked: a process for each check.
    """

    waiters: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)

    @property
    def everyone(self):
        """All of them."""
        return self.waiters + self.children + self.workers


def family_of(grader):
    """Look through the processes that descend from a grader's first one."""
    family = Family()
    waiting = [(pid, 0) for pid in _children(grader)]
    while waiting:
        pid, depth = waiting.pop()
        depth = depth + 1 if ZYGOTE in _command(pid) else 0
        if depth:
            [family.waiters, family.children, family.workers][min(depth, 3) - 1].append(pid)
        waiting += [(child, depth) for child in _children(pid)]
    return family


def _children(pid):
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += map(int, file.read().split())
    return found


def _command(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()
    return b""


def kill(pid):
    """Kill one of the zygote's processes; return whether it was still there."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(pid)
        try:
            if ZYGOTE in _command(pid):  # looked up again behind the handle: the number may be another's by now
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                return True
        finally:
            os.close(handle)
    return False


def wait_until_gone(pids, seconds):
    """Wait for processes to end; return those that do not."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if ZYGOTE in _command(pid)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return left
