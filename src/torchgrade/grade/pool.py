"""Grader processes that share nothing: each has its own checks, its own zygote, and one submission at a time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from ..errors import AuthorError, CourseError
from ..language import speaking, spoken
from .results import SubmissionResult
from .submissions import Submission

__all__ = ["GraderFailed", "Settings", "grade_all"]

TRIES = 3
PR_SET_PDEATHSIG = 1


class GraderFailed(Exception):
    """The grader itself failed; no submission is to blame."""


@dataclass(frozen=True)
class Settings:
    """What every grader process is told.

    Attributes:
        root: The course's folder.
        slug: The assignment.
        isolation: ``"sandbox"`` or ``"none"``.
        visible_only: Leave out the hidden checks.
        allow_unconfined: Run hidden checks even where workers cannot be held as the course asks.
        confine: Put up the wall that the machine has.
        language: In which students are spoken to.
    """

    root: Path
    slug: str
    isolation: str = "sandbox"
    visible_only: bool = False
    allow_unconfined: bool = False
    confine: bool = True
    language: str = field(default_factory=spoken)


def grade_all(settings: Settings, submissions: Sequence[Submission], jobs: int) -> Iterator[SubmissionResult]:
    """Grade submissions in up to ``jobs`` processes and yield each result as it comes.

    Raises:
        CourseError: The course cannot be graded with.
        GraderFailed: A grader process died on the same submission three times.
    """
    queue = deque((submission, 0) for submission in submissions)
    graders = [_Process(settings) for _ in range(max(1, min(jobs, len(submissions))))]
    try:
        for grader in graders:
            grader.give(queue)
        while any(grader.busy for grader in graders):
            ready = wait([grader.connection for grader in graders if grader.busy])
            for grader in [grader for grader in graders if grader.connection in ready]:
                result = grader.take(queue)
                grader.give(queue)
                if result is not None:
                    yield result
    finally:
        for grader in graders:
            grader.stop()


class _Process:
    """One grader process and the submission it has."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.busy: tuple[Submission, int] | None = None
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, self.settings), daemon=False)
        self.process.start()
        theirs.close()

    def give(self, queue: deque[tuple[Submission, int]]) -> None:
        """Hand over the next submission, if there is one and the process is free."""
        if self.busy is None and queue:
            self.busy = queue.popleft()
            with contextlib.suppress(OSError):  # dead already: take() sees it
                self.connection.send(self.busy[0])

    def take(self, queue: deque[tuple[Submission, int]]) -> SubmissionResult | None:
        """Receive a result; where the process died instead, put its submission back and start another."""
        assert self.busy is not None
        submission, tries = self.busy
        self.busy = None
        try:
            kind, value = self.connection.recv()
        except (EOFError, OSError):
            self.stop()
            if tries + 1 >= TRIES:
                raise GraderFailed(f"the grader process died {TRIES} times on {submission.path}") from None
            queue.appendleft((submission, tries + 1))
            self.start()
            return None
        if kind == "result":
            return SubmissionResult.from_json(value)
        raise CourseError(*value) if kind == "course" else GraderFailed(value)

    def stop(self) -> None:
        """End the process and its workers; a zygote ends when its grader does."""
        self.connection.close()
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(connection: Connection, settings: Settings) -> None:
    """In the grader process: grade what comes until the connection closes."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _end_with_parent()
    from ..course import Course
    from .grader import Grader, Wall, run_checks

    def work(grader: Grader) -> None:
        while True:
            try:
                submission = connection.recv()
            except (EOFError, OSError):
                return
            connection.send(("result", grader.grade(submission.path, submission.name).to_json()))

    try:
        course = Course(settings.root)
        assignment = course.assignment(settings.slug)
        wall = Wall(settings.confine, settings.allow_unconfined)
        with speaking(settings.language):
            run_checks(
                course, assignment, work, isolation=settings.isolation, visible_only=settings.visible_only, wall=wall
            )
    except CourseError as error:
        _tell(connection, ("course", (error.file, error.place, error.problem, error.remedy)))
    except AuthorError as error:
        _tell(connection, ("course", (course.graders(settings.slug), "", str(error), "mend the check named above")))
    except KeyboardInterrupt:
        pass
    except Exception as error:
        _tell(connection, ("failed", f"{type(error).__name__}: {error}"))
    finally:
        connection.close()
        os._exit(0)  # torch's heap is not worth half a second of tidying


def _end_with_parent() -> None:
    """Have the kernel end this process with the one that started it, which may be killed at any moment."""
    if sys.platform == "linux":
        from ctypes import CDLL

        CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _tell(connection: Connection, message: tuple[str, Any]) -> None:
    with contextlib.suppress(OSError):
        connection.send(message)
