"""The cell: where a zygote and all its copies live. Entered once, before torch is loaded."""

from __future__ import annotations

import errno
import functools
import os
import signal
from collections.abc import Callable

from . import linux
from .cgroup import Group, create_group, join_group, remove_group
from .layers import Layer, described, tried
from .namespaces import enter_as_root, enter_as_user
from .plans import CELL_BROKEN, SCRATCH, CellPlan, CellReport
from .root import build_root
from .waiter import AWAITED, wait_and_leave

__all__ = ["enter_cell"]

_Enter = Callable[[], str]


def enter_cell(plan: CellPlan) -> CellReport:
    """Fork, and go on in the child: in namespaces and a private root where the machine allows it.

    The parent stays behind as a process that only waits: it ends as the child ends, ends the child when its own parent
    ends or when it gets SIGTERM, and removes the control group. Each way into a cell is first tried by a throw-away
    child, so that a refusal leaves no half of a cell. Should building it fail all the same, this process exits with
    `CELL_BROKEN`; start it again with a plan that does not want a cell.

    Call it early: only one thread may run, standard streams and one control socket be open. In the parent every
    descriptor but the standard streams is closed.

    Raises:
        OSError: No process is left to fork.
    """
    if not linux.supported():
        nothing = described(OSError(errno.ENOSYS, "only on Linux, x86_64 or aarch64"))
        layers = tuple(Layer(name, False, nothing) for name in ("namespaces", "private-root", "cgroup"))
        return CellReport(layers, False, plan.scratch)
    enter, problem = _choose(plan)
    group, grouped = _group(plan)
    grader = os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, AWAITED)
    try:
        how = enter() if enter else ""
    except OSError as error:
        _give_up(error, group)
    watch, held = os.pipe()
    child = os.fork()
    if child:
        os.dup2(held, 3)  # kept open for as long as this process lives
        os.closerange(4, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 1 << 20 else 1 << 20)
        wait_and_leave(child, grader, functools.partial(remove_group, group))
    os.close(held)
    _tie_to_parent(watch)
    try:
        join_group(group)
        within = build_root(plan) if enter else ""
    except OSError as error:
        _give_up(error, Group(()))
    on = enter is not None
    layers = (Layer("namespaces", on, how or problem), Layer("private-root", on, within or problem), grouped)
    return CellReport(layers, on, SCRATCH if on else plan.scratch)


def _choose(plan: CellPlan) -> tuple[_Enter | None, str]:
    """Return the first way into a cell that works, and why others do not."""
    if not {"namespaces", "private-root"} <= plan.want:
        return None, "not asked for"
    ways = (enter_as_root, enter_as_user) if os.getuid() == 0 else (enter_as_user,)
    problems = []
    for enter in ways:
        problem = _in_a_child(functools.partial(_rehearse, plan, enter))
        if not problem:
            return enter, ""
        problems.append(problem)
    return None, "; ".join(dict.fromkeys(problems))


def _rehearse(plan: CellPlan, enter: _Enter) -> None:
    """Do all of it, and try that a copy can be forked and get mounts of its own; this process is thrown away."""
    enter()
    problem = _in_a_child(lambda: _rehearse_inside(plan))
    if problem:
        raise OSError(errno.EPERM, problem)


def _rehearse_inside(plan: CellPlan) -> None:
    build_root(plan)
    linux.unshare(linux.NEWNS | linux.NEWIPC | linux.NEWPID)


def _in_a_child(attempt: Callable[[], object]) -> str:
    """Try something in a child; return what went wrong, or an empty text."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reader)
            attempt()
        except OSError as error:
            # an inner child's words are passed on as they are
            text = described(error) if error.filename or not _told(error) else str(error.strerror)
            os.write(writer, text.encode()[:400])
        except BaseException as error:
            os.write(writer, repr(error).encode()[:400])
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        problem = pipe.read().decode(errors="replace")
    status = os.waitpid(pid, 0)[1]
    return problem or ("" if status == 0 else f"the trial ended with status {status}")
