"""Grader processes for attempts: started when the first one is needed, and again when one dies."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from ..errors import CourseError
from ..grade.pool import GraderFailed
from .attempts import Attempt, Trial

__all__ = ["Workers"]

TRIES = 3
END_SECONDS = 5


class Workers:
    """Up to ``jobs`` grader processes for one assignment.

    Args:
        root: The course's folder.
        slug: The assignment.
        jobs: How many processes.
    """

    def __init__(self, root: Path, slug: str, jobs: int) -> None:
        self.root, self.slug, self.jobs = root, slug, jobs
        self.all: list[_Process] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.all:
            process.stop()

    def run(self, attempts: Iterable[Attempt]) -> Iterator[tuple[Attempt, Trial]]:
        """Grade attempts and yield each with its trial as it comes.

        Raises:
            CourseError: The course cannot be graded with.
            GraderFailed: A grader failed, or died on the same attempt three times.
        """
        queue = deque((attempt, 0) for attempt in attempts)
        while len(self.all) < min(self.jobs, len(queue)):
            self.all.append(_Process(self.root, self.slug))
        for process in self.all:
            process.give(queue)
        while any(process.busy for process in self.all):
            ready = wait([process.connection for process in self.all if process.busy])
            for process in [process for process in self.all if process.connection in ready]:
                done = process.take(queue)
                process.give(queue)
                if done is not None:
                    yield done


class _Process:
    """One grader process and the attempt it has."""

    def __init__(self, root: Path, slug: str) -> None:
        self.root, self.slug = root, slug
        self.busy: tuple[Attempt, int] | None = None
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, self.root, self.slug), daemon=False)
        self.process.start()
        theirs.close()

    def give(self, queue: deque[tuple[Attempt, int]]) -> None:
        """Hand over the next attempt, if there is one and the process is free."""
        if self.busy is None and queue:
            self.busy = queue.popleft()
            with contextlib.suppress(OSError):  # dead already: take() sees it
                self.connection.send(self.busy[0])

    def take(self, queue: deque[tuple[Attempt, int]]) -> tuple[Attempt, Trial] | None:
        """Receive a trial; where the process died instead, put its attempt back and start another."""
        assert self.busy is not None
        attempt, tries = self.busy
        self.busy = None
        try:
            kind, value = self.connection.recv()
        except (EOFError, OSError):
            self.stop()
            if tries + 1 >= TRIES:
                raise GraderFailed(f"the grader died {TRIES} times on {attempt.kind} {attempt.name}") from None
            queue.appendleft((attempt, tries + 1))
            self.start()
            return None
        if kind == "trial":
            return attempt, value
        raise CourseError(*value) if kind == "course" else GraderFailed(value)

    def stop(self) -> None:
        """End the process and its workers; a zygote ends when its grader does."""
        self.connection.close()
        self.process.join(timeout=END_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(connection: Connection, root: Path, slug: str) -> None:
    from .serving import serve  # torch and pytest are for the child alone

    serve(connection, root, slug)
