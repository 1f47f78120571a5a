"""The parent of a zygote: a process that only waits, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import NoReturn

from . import linux
from .orphans import end_orphans

__all__ = ["AWAITED", "wait_and_leave"]

AWAITED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)  # blocked before the fork, so none is missed


def wait_and_leave(child: int, grader: int, clean_up: Callable[[], object]) -> NoReturn:
    """Wait until the child ends, or the grader, or someone asks this process to; then end them all, in the same way.

    `AWAITED` must be blocked. Being killed is survived by nobody in a cell; without one, what copies have left running
    survives it: end a zygote by SIGTERM.

    Args:
        child: The zygote.
        grader: This process's parent.
        clean_up: Called when nothing runs any more.
    """
    linux.prctl(linux.PR_SET_CHILD_SUBREAPER, 1)
    linux.die_with_parent(signal.SIGTERM)
    status = None if os.getppid() == grader else _ended(child)
    while status is None:
        if signal.sigwait(AWAITED) == signal.SIGCHLD:
            status = _status_of(child)
        else:
            status = _ended(child)
    end_orphans()
    clean_up()
    _leave(status)


def _ended(child: int) -> int:
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _status_of(child: int) -> int | None:
    """Collect whatever has ended; return the child's status when it is among them."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 0
        if pid == child:
            return status
        if pid == 0:
            return None


def _leave(status: int) -> NoReturn:
    """End this process as another has ended."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
