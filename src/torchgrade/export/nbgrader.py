"""nbgrader: the CSV that `nbgrader export` writes."""

from __future__ import annotations

from collections.abc import Sequence

from ..grade.results import SubmissionResult
from .model import Export, Wishes
from .roster import Entry, graded
from .tables import table

__all__ = ["HEADER", "nbgrader"]

HEADER = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def nbgrader(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return a row for each grade; names come from a roster with nbgrader's own columns, where there is one.

    Times are in UTC, as nbgrader has them; the due date is the student's own, with an extension in it.
    """
    found = graded(results, wishes)
    return Export(
        table(HEADER, (_row(entry, wishes) for entry in found.entries)), found.notes, complete=not found.notes
    )


def _row(entry: Entry, wishes: Wishes) -> list[str | float | None]:
    result, row = entry.result, entry.row
    who = [row.get("id") or row.get("student_id") or entry.name]
    who += [row.get(name, "") for name in ("last_name", "first_name", "email")]
    when, penalty = [entry.due, entry.handed_in], round(entry.raw - entry.grade, 6)
    return [wishes.column or result.assignment, *when, *who, entry.raw, penalty, entry.grade, result.max_score]
