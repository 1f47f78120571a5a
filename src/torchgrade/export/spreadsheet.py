"""CSV for the instructor's own use: everything that was found, in rows."""

from __future__ import annotations

from collections.abc import Sequence

from ..grade.results import SubmissionResult
from .model import Export, Wishes
from .points import open_points
from .settled import settled_of
from .tables import table

__all__ = ["ROWS", "spreadsheet"]

ROWS = ("submissions", "checks")
_HEAD = ("assignment", "submission", "status", "score", "max_score", "deferred", "open")
_LATE = ("student", "handed_in", "percent_off", "points_left", "standing", "counts")
_CHECK = (
    "assignment", "submission", "exercise", "check", "title", "visible",
    "status", "score", "points", "misconception", "message", "seconds",
)  # fmt: skip


def spreadsheet(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return a row for each submission with a column for each exercise, or a row for each check."""
    if wishes.rows == "checks":
        return Export(table(_CHECK, (row for result in results for row in _checks(result))))
    exercises = list(dict.fromkeys(check.exercise for result in results for check in result.checks))
    late = () if wishes.scores is None else _LATE
    header = (*_HEAD, *late, *exercises, "misconceptions", "level", "seconds", "digest", "cause")
    return Export(table(header, (_submission(result, exercises, wishes) for result in results)))


def _submission(result: SubmissionResult, exercises: list[str], wishes: Wishes) -> list[str | float | None]:
    earned = {name: [check.score for check in result.checks if check.exercise == name] for name in exercises}
    mistakes = sorted({check.misconception for check in result.checks if check.misconception})
    return [
        result.assignment, result.submission, result.status,
        result.score, result.max_score, result.deferred, open_points(result),
        *_late(result, wishes), *(sum(scores) if scores else None for scores in earned.values()),
        "; ".join(mistakes), result.confinement.level, result.seconds, result.digest, result.cause,
    ]  # fmt: skip


def _late(result: SubmissionResult, wishes: Wishes) -> list[str | float | None]:
    found = settled_of(result, wishes)
    if found is None:
        return []
    score, one = found
    time, off = one.attempt.time, 100.0 if one.charge.kind == "closed" else float(100 * one.charge.share)
    when = time.isoformat() if time else ""
    return [score.student, when, off, one.points, one.standing, score.points if score.chosen is one else None]


def _checks(result: SubmissionResult) -> list[list[str | float | None]]:
    return [
        [
            result.assignment, result.submission, check.exercise, check.id, check.title,
            "yes" if check.visible else "no", check.status, check.score, check.points,
            check.misconception or "", check.message, check.seconds,
        ]
        for check in result.checks
    ]  # fmt: skip
