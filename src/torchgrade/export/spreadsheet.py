"""CSV for the instructor's own use: everything that was found, in rows."""

from __future__ import annotations

from collections.abc import Sequence

from ..grade.results import SubmissionResult
from .model import Export, Wishes
from .points import open_points
from .tables import table

__all__ = ["ROWS", "spreadsheet"]

ROWS = ("submissions", "checks")
_HEAD = ("assignment", "submission", "status", "score", "max_score", "deferred", "open")
_CHECK = (
    "assignment", "submission", "exercise", "check", "title", "visible",
    "status", "score", "points", "misconception", "message", "seconds",
)  # fmt: skip


def spreadsheet(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return a row for each submission with a column for each exercise, or a row for each check."""
    if wishes.rows == "checks":
        return Export(table(_CHECK, (row for result in results for row in _checks(result))))
    exercises = list(dict.fromkeys(check.exercise for result in results for check in result.checks))
    header = (*_HEAD, *exercises, "misconceptions", "level", "seconds", "digest", "cause")
    return Export(table(header, (_submission(result, exercises) for result in results)))


def _submission(result: SubmissionResult, exercises: list[str]) -> list[str | float | None]:
    earned = {name: [check.score for check in result.checks if check.exercise == name] for name in exercises}
    mistakes = sorted({check.misconception for check in result.checks if check.misconception})
    return [
        result.assignment, result.submission, result.status,
        result.score, result.max_score, result.deferred, open_points(result),
        *(sum(scores) if scores else None for scores in earned.values()),
        "; ".join(mistakes), result.confinement.level, result.seconds, result.digest, result.cause,
    ]  # fmt: skip


def _checks(result: SubmissionResult) -> list[list[str | float | None]]:
    return [
        [
            result.assignment, result.submission, check.exercise, check.id, check.title,
            "yes" if check.visible else "no", check.status, check.score, check.points,
            check.misconception or "", check.message, check.seconds,
        ]
        for check in result.checks
    ]  # fmt: skip
