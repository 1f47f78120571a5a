"""Results as `torchgrade export` reads them: a class by what counts, or every attempt as it was graded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..grade.results import CheckResult, Confinement, SubmissionResult
from ..late import page_lines
from ..late.settle import JUDGED
from .counting import Standing
from .facts import Facts

__all__ = ["final_results", "raw_results"]

_BY_HAND = "The score was set by hand."


def final_results(standings: Sequence[Standing]) -> Iterator[SubmissionResult]:
    """Yield a result for each student who has points: named by the student, with the score that counts.

    Its notes say how the score came about, in words that a student may read.
    """
    worth = max((one.max_score for one in standings if one.max_score is not None), default=0.0)
    for standing in standings:
        if standing.score is not None:
            yield _of_an_attempt(standing)
        elif standing.points is not None:
            yield _of_nothing(standing, standing.points, worth)


def raw_results(facts: Facts) -> list[SubmissionResult]:
    """Return the grading of each attempt that holds, in the order in which they came in, untouched by hand or rule."""
    return [attempt.grading.result for attempt in facts.attempts]


def _of_an_attempt(standing: Standing) -> SubmissionResult:
    assert standing.score is not None
    assert standing.points is not None
    result = standing.score.chosen.result
    notes = (*result.notes, *page_lines(standing.score, result.submission))
    if standing.override is None:
        return replace(result, submission=standing.student.id, score=standing.points, notes=notes, settled=True)
    checks = tuple(_settled(result.checks))
    status = "graded" if standing.points else result.status
    return replace(
        result, submission=standing.student.id, score=standing.points, notes=(*result.notes, _BY_HAND), checks=checks,
        deferred=0.0, status=status, settled=True,
    )  # fmt: skip


def _settled(checks: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """Yield the checks with none that waits: platforms would wait too, and the score is known."""
    for check in checks:
        if check.status in JUDGED:
            yield check
        else:
            yield replace(check, status="failed", score=0.0, rationale=f"This was not judged. {_BY_HAND}")


def _of_nothing(standing: Standing, points: float, worth: float) -> SubmissionResult:
    return SubmissionResult(
        standing.slug, standing.student.id, "", "sha256:", "graded", points, worth or points, 0.0, 0.0,
        Confinement("", ()), notes=(_BY_HAND,), settled=True,
    )  # fmt: skip
