"""A grader process that stays warm, and a bare pytest that does not: what `wall` times."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

__all__ = ["COURSE", "SLUG", "Lane", "Timing", "bare_pytest", "cpu_seconds_of"]

COURSE = Path(__file__).resolve().parents[1]
SLUG = "01-tensors"


@dataclass(frozen=True)
class Timing:
    """One submission, graded once.

    Attributes:
        seconds: Wall-clock time.
        checks: How many checks ran.
        loads: How many workers loaded the submission.
        calls: How many requests they answered besides.
        loading: Seconds spent waiting for workers to be there and to load.
        calling: Seconds spent waiting for their answers.
        passed: Whether every check passed, as they must here.
        cpu: Processor seconds of all processes together, in steps of 10 ms.
    """

    seconds: float
    checks: int
    loads: int
    calls: int
    loading: float
    calling: float
    passed: bool
    cpu: float = 0.0


class Lane:
    """One grader process, as `torchgrade grade --jobs 1` has it.

    Args:
        confine: Put up the wall.
        slug: The assignment.
    """

    def __init__(self, confine: bool, slug: str = SLUG) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        start = time.perf_counter()
        self.process = context.Process(target=_serve, args=(theirs, confine, slug))
        self.process.start()
        theirs.close()
        self.level = str(self.connection.recv())
        self.start_seconds = time.perf_counter() - start

    def grade(self, path: Path) -> Timing:
        """Grade one submission."""
        before = self.cpu_seconds()
        timing = Timing(*self._ask("grade", path))
        return replace(timing, cpu=self.cpu_seconds() - before)

    def worker_seconds(self, path: Path, count: int) -> float:
        """Open, load and close ``count`` workers one after the other; return the seconds of one."""
        seconds: float = self._ask("workers", (path, count))
        return seconds

    def memory_kb(self) -> int:
        """Return the memory that the grader process has resident, in KiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0])

    def cpu_seconds(self) -> float:
        """Return the processor time that the grader and every process it started have taken so far."""
        return cpu_seconds_of(str(self.process.pid))

    def close(self) -> None:
        """End the process."""
        self.connection.close()
        self.process.join()

    def _ask(self, verb: str, value: Any) -> Any:
        self.connection.send((verb, value))
        return self.connection.recv()


def cpu_seconds_of(pid: str) -> float:
    """Add up a process, its children that have ended, and the tree of those that live."""
    process = Path(f"/proc/{pid}")
    try:
        fields = (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        children = (process / "task" / pid / "children").read_text(encoding="ascii").split()
    except OSError:  # it has ended meanwhile
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(map(cpu_seconds_of, children))


def bare_pytest(path: Path) -> tuple[float, float]:
    """Run the same checks in a pytest process of their own; return its seconds and its processor time.

    Raises:
        RuntimeError: A check failed, so that the times could not be compared.
    """
    command = [sys.executable, "-m", "pytest", f"graders/{SLUG}", "--torchgrade-submission", str(path)]
    start, spent = time.perf_counter(), os.times()
    done = subprocess.run([*command, "-q", "-p", "no:cacheprovider"], cwd=COURSE, capture_output=True, text=True)
    seconds, after = time.perf_counter() - start, os.times()
    if done.returncode:
        raise RuntimeError(f"{path.name} does not pass in a bare pytest:\n{done.stdout[-2000:]}")
    user, system = (after[place] - spent[place] for place in (2, 3))
    return seconds, user + system


def _serve(connection: Connection, confine: bool, slug: str) -> None:
    """In the grader process: collect the checks, then do what is asked until the connection closes."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from torchgrade.course import Course
    from torchgrade.grade.session import Wall, run_checks

    course = Course(COURSE)
    wall = Wall(confine, allow_unconfined=True)
    run_checks(course, course.assignment(slug), lambda grader: _answer(connection, grader), wall=wall)
    os._exit(0)


def _answer(connection: Connection, grader: Any) -> None:
    clock = _Clock()
    clock.watch()
    connection.send(grader.confinement.level)
    verbs: dict[str, Callable[..., Any]] = {"grade": _grade, "workers": _workers}
    while True:
        try:
            verb, value = connection.recv()
        except EOFError:
            return
        connection.send(verbs[verb](grader, clock, value))


def _grade(grader: Any, clock: _Clock, path: Path) -> tuple[Any, ...]:
    clock.reset()
    start = time.perf_counter()
    result = grader.grade(path, path.stem)
    seconds = time.perf_counter() - start
    passed = bool(result.checks) and all(check.status == "passed" for check in result.checks)
    counts, spent = clock.counts, clock.seconds
    return seconds, len(result.checks), counts[True], counts[False], spent[True], spent[False], passed


def _workers(grader: Any, clock: _Clock, value: tuple[Path, int]) -> float:
    from torchgrade.sandbox.program import program_from

    path, count = value
    program = program_from(path, grader.assignment.module)
    start = time.perf_counter()
    for _ in range(count):
        client = grader.open()
        client.load(program, 0)
        client.close()
    return (time.perf_counter() - start) / count


class _Clock:
    """Time spent in exchanges with workers: True for loading, False for all others."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.counts: Counter[bool] = Counter()
        self.seconds: Counter[bool] = Counter()

    def watch(self) -> None:
        """Measure every exchange of this process from here on."""
        from torchgrade.sandbox.transport import SocketTransport

        exchange = SocketTransport.exchange

        def timed(transport: Any, header: bytes, buffers: Any, *, loading: bool) -> Any:
            start = time.perf_counter()
            try:
                return exchange(transport, header, buffers, loading=loading)
            finally:
                self.counts[loading] += 1
                self.seconds[loading] += time.perf_counter() - start

        SocketTransport.exchange = timed  # type: ignore[method-assign]
