"""Processes that share nothing: each holds one task at a time, and another takes its place when it dies."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from ..errors import CourseError

__all__ = ["IN_A_ROW", "TRIES", "Died", "GraderFailed", "GraderProcess", "Processes", "named"]

TRIES = 3
IN_A_ROW = 3  # so many tasks that nothing survives: it is the machine or the course, and no task
END_SECONDS = 5
MANY = 10
Task = TypeVar("Task")


class GraderFailed(Exception):
    """The grader itself failed; no submission is to blame."""


class Died(Exception):
    """The process ended before it answered."""


class GraderProcess:
    """One process that answers tasks, as `torchgrade.grade.serving.serve` does.

    Args:
        target: What it runs; gets its end of the connection and the arguments.
        arguments: Further arguments, which are pickled.
    """

    def __init__(self, target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self.target, self.arguments = target, arguments
        self.busy = False
        self.start()

    def start(self) -> None:
        """Start the process; it gets ready while the caller goes on."""
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=self.target, args=(theirs, *self.arguments), daemon=False)
        with _interrupts_held():
            self.process.start()
        theirs.close()

    def give(self, task: Any) -> None:
        """Hand over a task."""
        self.busy = True
        with contextlib.suppress(OSError):  # dead already: take() sees it
            self.connection.send(task)

    def take(self, hear: Callable[[Any], None] = lambda news: None) -> Any:
        """Wait for the answer to the task.

        Args:
            hear: Called with what the process tells before its answer is there.

        Raises:
            Died: There will be none; another process has been started.
            CourseError: The course cannot be graded with.
            GraderFailed: The process says that it failed.
        """
        try:
            kind, value = self.connection.recv()
            while kind == "news":
                hear(value)
                kind, value = self.connection.recv()
        except (EOFError, OSError):
            self.stop()
            self.start()
            raise Died from None
        finally:
            self.busy = False
        if kind == "course":
            raise CourseError(*value)
        if kind == "failed":
            raise GraderFailed(value)
        return value

    def stop(self) -> None:
        """End the process, at once if it has a task; a zygote ends when its grader does."""
        self.connection.close()
        if not self.busy:
            self.process.join(timeout=END_SECONDS)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


class Processes(Generic[Task]):
    """Up to ``jobs`` processes, started when the first tasks come.

    Args:
        target: What each of them runs, with ``arguments``; see `GraderProcess`.
        arguments: Further arguments.
        jobs: How many.
        called: Gives the name of a task, for messages.
    """

    def __init__(
        self, target: Callable[..., None], arguments: tuple[Any, ...], jobs: int, called: Callable[[Task], str]
    ) -> None:
        self.target, self.arguments, self.jobs, self.called = target, arguments, max(1, jobs), called
        self.all: list[GraderProcess] = []

    def __enter__(self) -> Processes[Task]:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.all:
            process.stop()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Any]]:
        """Yield each task with its answer as it comes.

        A task on which the process died three times is left out, and said at the end, when all others are done.

        Raises:
            CourseError: The course cannot be graded with.
            GraderFailed: A process failed, or died three times on the same task.
        """
        queue = deque((task, 0) for task in tasks)
        while len(self.all) < min(self.jobs, len(queue)):
            self.all.append(GraderProcess(self.target, self.arguments))
        has: dict[GraderProcess, tuple[Task, int]] = {}
        lost: list[Task] = []
        try:
            yield from self._run(queue, has, lost)
        finally:
            for process in has:  # left in the middle: its answer would be taken for the next task's
                process.stop()
                self.all.remove(process)
        if lost:
            raise self._died_on(lost)

    def _run(
        self, queue: deque[tuple[Task, int]], has: dict[GraderProcess, tuple[Task, int]], lost: list[Task]
    ) -> Iterator[tuple[Task, Any]]:
        in_a_row = 0
        while _hand_out(self.all, queue, has):
            ready = wait([process.connection for process in has])
            for process in [process for process in has if process.connection in ready]:
                task, tries = has[process]
                try:
                    answer = process.take()
                except Died:
                    in_a_row = self._put_back((task, tries + 1), queue, lost, in_a_row)
                    continue
                finally:
                    del has[process]
                in_a_row = 0
                _hand_out([process], queue, has)
                yield task, answer

    def _put_back(
        self, tried: tuple[Task, int], queue: deque[tuple[Task, int]], lost: list[Task], in_a_row: int
    ) -> int:
        """Try a task again, or give it up; return how many in a row have been given up."""
        if tried[1] < TRIES:
            queue.appendleft(tried)
            return in_a_row
        lost.append(tried[0])
        if in_a_row + 1 == IN_A_ROW:
            raise self._died_on(lost)
        return in_a_row + 1

    def _died_on(self, lost: list[Task]) -> GraderFailed:
        return GraderFailed(f"the grader process died {TRIES} times on {named(map(self.called, lost))}")


def named(names: Iterable[str]) -> str:
    """Return the first ten names, and how many more there are."""
    known = [*names]
    more = f" and {len(known) - MANY} more" if len(known) > MANY else ""
    return ", ".join(known[:MANY]) + more


def _hand_out(
    processes: Iterable[GraderProcess], queue: deque[tuple[Task, int]], has: dict[GraderProcess, tuple[Task, int]]
) -> bool:
    """Give each free process the next task, while there are any; tell whether a process has one."""
    for process in processes:
        if queue and process not in has:
            has[process] = queue.popleft()
            process.give(has[process][0])
    return bool(has)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process is started: it is to begin so, until it can look after itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
