"""Find a grader's processes from outside, and end them."""

import contextlib
import os
import signal
import time
from dataclasses import dataclass, field

ZYGOTE, GRADER = b"torchgrade.sandbox.zygote", b"multiprocessing.spawn import spawn_main"


@dataclass
class Family:
    """A grader's processes at one moment.

    Attributes:
        graders: What the command started to do the grading.
        waiters: The zygotes as the grader started them; within namespaces each only waits for its child.
        children: What the waiters started: the zygote itself, or what it tries out when it starts.
        workers: What those forked: a process for each check.
    """

    graders: list[int] = field(default_factory=list)
    waiters: list[int] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)

    @property
    def everyone(self):
        """All of them."""
        return self.graders + self.waiters + self.children + self.workers


def family_of(grader):
    """Look through the processes that descend from a grader's first one."""
    family = Family()
    waiting = [(pid, 0) for pid in _children(grader)]
    while waiting:
        pid, depth = waiting.pop()
        command = _command(pid)
        depth = depth + 1 if ZYGOTE in command else 0
        if depth:
            [family.waiters, family.children, family.workers][min(depth, 3) - 1].append(pid)
        elif GRADER in command:
            family.graders.append(pid)
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


def _is_ours(pid):
    command = _command(pid)
    return ZYGOTE in command or GRADER in command


def kill(pid):
    """Kill one of those processes; return whether it was still there."""
    with contextlib.suppress(OSError):
        handle = os.pidfd_open(pid)
        try:
            if _is_ours(pid):  # looked up again behind the handle: the number may be another's by now
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                return True
        finally:
            os.close(handle)
    return False


def wait_until_gone(pids, seconds):
    """Wait for processes to end; return those that do not."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if _is_ours(pid)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return left
