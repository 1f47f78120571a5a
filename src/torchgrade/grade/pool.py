"""A class, graded on this machine: grader processes that have the checks collected and a zygote each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from ..course import Assignment, Course
from ..language import speaking, spoken
from .processes import GraderFailed, Processes
from .results import SubmissionResult
from .serving import serve
from .submissions import Submission

if TYPE_CHECKING:
    from .grader import Grader

__all__ = ["GraderFailed", "Settings", "grade_all", "serve_submissions"]


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
        news: Tell of each check as it ends.
        language: In which students are spoken to.
    """

    root: Path
    slug: str
    isolation: str = "sandbox"
    visible_only: bool = False
    allow_unconfined: bool = False
    confine: bool = True
    news: bool = False
    language: str = field(default_factory=spoken)


def grade_all(settings: Settings, submissions: Sequence[Submission], jobs: int) -> Iterator[SubmissionResult]:
    """Grade submissions in up to ``jobs`` processes and yield each result as it comes.

    Raises:
        CourseError: The course cannot be graded with.
        GraderFailed: A grader process failed, or died on the same submission three times; all others are graded first.
    """
    graders = Processes[Submission](serve_submissions, (settings,), jobs, lambda one: str(one.path))
    with graders as processes:
        for _, line in processes.run(submissions):
            yield SubmissionResult.from_json(line)


def serve_submissions(connection: Connection, settings: Settings) -> None:
    """In a grader process: answer a `Submission`, or one that has been read, with a line of the results."""
    serve(
        connection,
        settings.root,
        settings.slug,
        lambda course, assignment: _work(connection, settings, course, assignment),
    )


def _work(connection: Connection, settings: Settings, course: Course, assignment: Assignment) -> None:
    from .reading import read_submission
    from .session import Wall, run_checks

    def work(grader: Grader) -> None:
        if settings.news:
            grader.tell = lambda check: connection.send(("news", check))
        while True:
            try:
                task = connection.recv()
            except (EOFError, OSError):
                return
            read = read_submission(task, assignment) if isinstance(task, Submission) else task
            connection.send(("result", grader.grade_read(read).to_json()))

    wall = Wall(settings.confine, settings.allow_unconfined)
    with speaking(settings.language):
        run_checks(
            course, assignment, work, isolation=settings.isolation, visible_only=settings.visible_only, wall=wall
        )
