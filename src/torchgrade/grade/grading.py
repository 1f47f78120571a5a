"""Grade submissions one after another with checks that have been collected: what happens to each of them."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from ..course import Assignment
from ..errors import Verdict
from ..language import _, authored_in
from ..plugin.items import CHECK
from ..plugin.outcomes import Outcome, not_of_the_kind
from ..plugin.running import OUTCOME, CheckRunner
from ..sandbox.client import Client
from ..sandbox.endings import Lost, Unstartable
from ..sandbox.inprocess import direct_client
from ..sandbox.open import Sandbox
from ..sandbox.program import Program, digest_of, program_from
from ..submission import RecordedClient, Transcript, import_failure, notes_of
from .ahead import Ahead
from .reading import ReadSubmission, read_submission
from .replay import Replay, Tried
from .replay_match import Heard
from .results import CheckResult, Confinement, SubmissionResult, readable
from .submissions import Submission

__all__ = ["Grading"]

TRIES = 3
MAX_MESSAGE = 4000


class Grading(CheckRunner):
    """Run checks on submissions and add up what they earn.

    Args:
        assignment: What is graded.
        sandbox: Gives out workers; None calls the student's code in this process.

    Attributes:
        items: The checks, in the order of the results.
        turns: The checks in the order in which they run: no hidden one before a visible one, so that what runs beside a
            check may know of it.
        followers: What pytest leaves set up after each of them.
        tell: Called with the outcome of each check as it ends.
    """

    def __init__(self, assignment: Assignment, sandbox: Sandbox | None) -> None:
        self.assignment, self.sandbox, self.words = assignment, sandbox, authored_in(assignment.folder)
        self.items: list[pytest.Function] = []
        self.turns: list[pytest.Function] = []
        self.followers: dict[pytest.Function, Any] = {}
        self.opener = self.open_recorded
        self.ahead = Ahead(self.open)
        self.now: pytest.Function | None = None
        self.next: pytest.Function | None = None
        self.transcript = Transcript()
        self.heard: dict[str, Heard] = {}
        self.notes: tuple[str, ...] = ()
        self.tell: Callable[[CheckResult], object] = lambda check: None
        self.replay = Replay(assignment, self.hear) if sandbox else None  # wrong answers are not for this process

    def open(self) -> Client:
        """Return a client of a fresh worker."""
        limits = self.assignment.limits
        return self.sandbox.open(limits.seconds, limits.import_seconds) if self.sandbox else direct_client()

    def open_recorded(self) -> Client:
        """Return a client of this run's worker that writes its transcript; the next check's begins to load."""
        assert self.now is not None
        client = self.ahead.take(self.program, self.now.stash[CHECK].seed + self.shift)
        if self.next is not None:
            self.prepare(self.next)
        return RecordedClient(client, self.transcript) if self.replay else client

    def prepare(self, item: pytest.Function) -> None:
        """Have a check's worker load the submission early, where it cannot reach the one that runs now."""
        info = item.stash[CHECK]
        device_first = info.needs_gpu or info.spec.device != "cpu"
        if self.confinement.level == "A" and not device_first:
            self.ahead.prepare(self.program, info.seed + self.shift)

    @property
    def confinement(self) -> Confinement:
        """How workers are held."""
        return Confinement(self.sandbox.level, self.sandbox.layers) if self.sandbox else Confinement("D", ())

    def grade(self, path: Path, name: str) -> SubmissionResult:
        """Grade one submission."""
        return self.grade_read(read_submission(Submission(name, path), self.assignment))

    def grade_read(self, read: ReadSubmission) -> SubmissionResult:
        """Grade what has been read, after one look whether it can be imported at all."""
        start, program = time.perf_counter(), read.program
        if program is None:
            self.notes = ()
            return self.unreadable(read, "sha256:", read.cause, start)
        digest, self.program, self.notes = digest_of(program), program, program.notes
        try:
            self.prepare(self.turns[0])
            cause = self.why_unreadable(program)
            if cause is not None:
                return self.unreadable(read, digest, cause, start)
            results = self.run_all()
        finally:
            self.ahead.drop()
        checks = self.named(tuple(results[item] for item in self.items))
        return self.result(read, digest, "graded", checks, start)

    def why_unreadable(self, program: Program) -> str | None:
        """Load a submission once; return why it is no module, or None."""
        for attempt in range(TRIES):
            client = self.open()
            try:
                client.load(program, 0)
                self.notes = tuple(readable(note) for note in notes_of(program, client.troubles))
            except Unstartable:
                return None  # every check says so itself: it is no fault of the submission's
            except Lost as lost:
                if attempt == TRIES - 1:
                    return lost.message
                continue
            except Verdict as verdict:
                return verdict.message
            except Exception as error:
                return import_failure(error, program)
            finally:
                client.close()
            break
        return None

    def run_all(self) -> dict[pytest.Function, CheckResult]:
        """Run the checks on the current submission."""
        results = {}
        for item, after in zip(self.turns, [*self.turns[1:], None], strict=True):
            self.next = after
            results[item] = self.run(item)
            self.tell(results[item])
        return results

    def run(self, item: pytest.Function) -> CheckResult:
        """Run one check on the current submission."""
        start = time.perf_counter()
        outcome = self.attempt(item)
        self.heard[item.stash[CHECK].id] = Heard(self.transcript, outcome)
        if outcome.uncertain:
            outcome = self.settle(item, outcome)
        return self.check_result(item, outcome, time.perf_counter() - start)

    def attempt(self, item: pytest.Function) -> Outcome:
        """Run a check, again if its worker was lost."""
        for __ in range(TRIES):
            self.transcript, self.now = Transcript(), item
            item.stash[OUTCOME] = Outcome("error", _("The check did not run."))
            item._initrequest()  # fixtures anew, as in a first run
            runtestprotocol(item, nextitem=self.followers[item], log=False)
            outcome = item.stash[OUTCOME]
            if not outcome.lost:
                break
        return outcome

    def settle(self, item: pytest.Function, outcome: Outcome) -> Outcome:
        """Find out whose fault an exception in a check's own code is: a check that passes on the reference is sound."""
        mine, self.program, self.next = self.program, self.reference, None
        try:
            sound = self.attempt(item).status == "passed"
        finally:
            self.program = mine
        if not sound:
            return outcome
        rationale = _("The answer is not of the kind that is asked for.")
        return Outcome("failed", not_of_the_kind(outcome.message), rationale)

    def named(self, checks: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
        """Add to lost checks, just run on one submission, the misconception that it shares (see `Replay`)."""
        if self.replay is None:
            return checks
        return self.replay.named([Tried(check, self.heard[check.id]) for check in checks], self.shift)

    def hear(self, check: str, program: Program) -> Heard | None:
        """Run a check on a wrong answer of the course's; None where its worker was lost."""
        item = next(item for item in self.items if item.stash[CHECK].id == check)
        mine, self.program = self.program, program
        try:
            item.session._setupstate.teardown_exact(item)  # it stands in for whichever check pytest is set up for
            outcome = self.attempt(item)
            item.session._setupstate.teardown_exact(self.turns[0])
        finally:
            self.program = mine
        return None if outcome.lost else Heard(self.transcript, outcome)

    @functools.cached_property
    def reference(self) -> Program:
        """The right answer."""
        return program_from(self.assignment.solution, self.assignment.module)

    def check_result(self, item: pytest.Function, outcome: Outcome, seconds: float) -> CheckResult:
        """Turn a verdict into a line of the results."""
        info = item.stash[CHECK]
        points = float(info.points)
        earned = points if outcome.status == "passed" else 0.0
        return CheckResult(
            info.id, info.spec.exercise, info.spec.title, points, earned, outcome.status, info.spec.visible,
            message=readable(outcome.message[:MAX_MESSAGE]), rationale=readable(outcome.rationale[:MAX_MESSAGE]),
            seconds=round(seconds, 4),
        )  # fmt: skip

    def unreadable(self, read: ReadSubmission, digest: str, cause: str, start: float) -> SubmissionResult:
        """Give every check the cause for which nothing could be run."""
        failed = Outcome("failed", cause, cause)
        checks = tuple(self.check_result(item, failed, 0.0) for item in self.items)
        return self.result(read, digest, "unreadable", checks, start)

    def result(
        self, read: ReadSubmission, digest: str, status: str, checks: tuple[CheckResult, ...], start: float
    ) -> SubmissionResult:
        """Add up the checks."""
        shares = [(item.stash[CHECK].points, check) for item, check in zip(self.items, checks, strict=True)]

        def total(of: Callable[[CheckResult], bool]) -> float:
            return float(sum((points for points, check in shares if of(check)), Fraction(0)))

        return SubmissionResult(
            assignment=self.assignment.slug,
            submission=read.name,
            path=read.path,
            digest=digest,
            status=status,
            score=total(lambda check: check.status == "passed"),
            max_score=total(lambda check: True),
            deferred=total(lambda check: check.status == "deferred"),
            seconds=round(time.perf_counter() - start, 4),
            confinement=self.confinement,
            checks=checks,
            notes=self.notes,
        )
