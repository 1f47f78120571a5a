"""Behind the door: warm graders that take one submission after another, and tell of each check as it ends."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..course import Course
from ..errors import CourseError
from ..grade.ledger import Ledger
from ..grade.pool import Settings, serve_submissions
from ..grade.processes import TRIES, Died, GraderFailed, GraderProcess
from ..grade.results import SubmissionResult
from ..grade.submissions import Submission
from ..grade.suite import suite_key
from .tickets import Ticket, Tickets

__all__ = ["Desk", "Full", "Opening"]

IDLE_SECONDS = 900  # a grader holds most of a gigabyte: one that nobody needs ends


class Full(Exception):
    """Too many submissions are waiting."""


@dataclass(frozen=True)
class Opening:
    """How the door is kept.

    Attributes:
        folder: Where submissions and results are kept.
        jobs: Graders for each assignment.
        allow_unconfined: Run hidden checks even where workers cannot be held as the course asks.
        most_waiting: How many submissions may wait for an assignment's graders.
    """

    folder: Path
    jobs: int = 1
    allow_unconfined: bool = False
    most_waiting: int = 500


class Desk:
    """Take submissions in and have them graded.

    What was handed in before a restart is known; what had no result yet is graded.

    Args:
        course: The course.
        slugs: The assignments that are open.
        opening: How the door is kept.
    """

    def __init__(self, course: Course, slugs: Iterable[str], opening: Opening) -> None:
        self.course, self.opening = course, opening
        self.assignments = {slug: course.assignment(slug) for slug in slugs}
        self.tickets = Tickets(opening.folder / "handed-in")
        self.lines = {slug: _Line(course, slug, opening) for slug in self.assignments}
        for ticket in reversed(self.tickets.all()):
            if ticket.slug in self.lines:
                self.lines[ticket.slug].resume(ticket)

    def hand_in(self, slug: str, student: str, owner: str, file_name: str, text: bytes) -> Ticket:
        """Take a submission in.

        Raises:
            Full: Too many are waiting; nothing was kept.
        """
        if self.lines[slug].waiting.qsize() >= self.opening.most_waiting:
            raise Full
        ticket = self.tickets.add(slug, student, owner, file_name, text)
        self.lines[slug].add(ticket)
        return ticket

    def results(self, slug: str) -> Path:
        """Return the file that holds an assignment's results."""
        return self.lines[slug].ledger.path

    def close(self) -> None:
        """End the graders; what waits is graded after the next start."""
        for line in self.lines.values():
            line.close()


class _Line:
    """One assignment's queue, its graders, and its results.

    Args:
        course: The course.
        slug: The assignment.
        opening: How the door is kept.
    """

    def __init__(self, course: Course, slug: str, opening: Opening) -> None:
        self.settings = Settings(course.root, slug, allow_unconfined=opening.allow_unconfined, news=True)
        self.waiting: queue.Queue[Ticket | None] = queue.Queue()  # as many as an earlier run has left
        self.jobs = opening.jobs
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.threads: list[threading.Thread] = []
        assignment = course.assignment(slug)
        self.ledger = Ledger(opening.folder / "results" / slug, suite_key(course, assignment, "sandbox", False))

    def resume(self, ticket: Ticket) -> None:
        """Give a ticket of an earlier run its result, or put it in the queue again."""
        ticket.result = next(self.ledger.results([ticket.name]), None)
        if ticket.result is not None:
            ticket.state = "done"
        else:
            self.add(ticket)

    def add(self, ticket: Ticket) -> None:
        """Put a ticket in the queue, and have a grader there."""
        self.waiting.put(ticket)
        with self.lock:
            self.threads = [thread for thread in self.threads if thread.is_alive()]
            if len(self.threads) < self.jobs:
                thread = threading.Thread(target=self._work, name=f"grader of {self.settings.slug}", daemon=True)
                self.threads.append(thread)
                thread.start()

    def _work(self) -> None:
        process = GraderProcess(serve_submissions, (self.settings,))
        try:
            while not self.closing.is_set():
                try:
                    ticket = self.waiting.get(timeout=IDLE_SECONDS)
                except queue.Empty:
                    return
                if ticket is not None and not self.closing.is_set():
                    self._grade(process, ticket)
        finally:
            process.stop()

    def _grade(self, process: GraderProcess, ticket: Ticket) -> None:
        ticket.state = "running"
        try:
            ticket.result = self._result(process, ticket)
        except (CourseError, GraderFailed) as error:
            ticket.state = "failed"
            print(f"torchgrade: {ticket.name} could not be graded: {error}", flush=True)
            return
        with self.lock:
            if self.closing.is_set():
                return  # it is graded again after the next start
            self.ledger.add(ticket.result)
        ticket.state = "done"

    def _result(self, process: GraderProcess, ticket: Ticket) -> SubmissionResult:
        for _ in range(TRIES):
            ticket.checks = []
            process.give(Submission(ticket.name, ticket.path.parent))
            with contextlib.suppress(Died):
                return SubmissionResult.from_json(process.take(ticket.checks.append))
        raise GraderFailed(f"the grader process died {TRIES} times on it")

    def close(self) -> None:
        """End the graders; one that is busy gives up what it has."""
        with self.lock:
            self.closing.set()
            self.ledger.close()
        for _ in self.threads:  # wakes those that wait for a submission
            self.waiting.put(None)
