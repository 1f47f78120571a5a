"""What an export knows besides the results: titles from the course, and what counts after lateness and attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from ..course import Assignment, Limits
from ..grade.results import SubmissionResult
from ..late import StudentScore, page_lines
from ..late.settle import Settled
from .model import Wishes
from .points import grade_of

__all__ = ["Counted", "assignment_of", "counted", "lines_of", "points_left", "settled_of"]


def assignment_of(result: SubmissionResult, wishes: Wishes) -> Assignment:
    """Return the assignment with the exercises that were graded; of an unknown one no more than a result tells."""
    if wishes.assignment is None:
        return Assignment(result.assignment, result.assignment, "", (), Limits(), Path())
    graded = {check.exercise for check in result.checks}
    exercises = tuple(one for one in wishes.assignment.exercises if one.name in graded)
    return replace(wishes.assignment, exercises=exercises)


def settled_of(result: SubmissionResult, wishes: Wishes) -> tuple[StudentScore, Settled] | None:
    """Return what was settled for a submission's student, and for this attempt; None where nothing was settled."""
    for score in wishes.scores or ():
        for one in score.attempts:
            if one.result.submission == result.submission:
                return score, one
    return None


def lines_of(result: SubmissionResult, wishes: Wishes) -> tuple[str, ...]:
    """Return what the student reads on handing in."""
    found = settled_of(result, wishes)
    return page_lines(found[0], result.submission) if found else ()


def points_left(result: SubmissionResult, wishes: Wishes, points: float) -> float:
    """Return what is left of a submission's points for when it was handed in."""
    found = settled_of(result, wishes)
    if found is None:
        return points
    score, one = found
    return one.charge.points(points, result.max_score, score.due.of if score.due else "score")


@dataclass(frozen=True)
class Counted:
    """What counts for one student.

    Attributes:
        name: The student's name, or the submission's where nothing was settled.
        result: The attempt that counts.
        raw: Points out of ``result.max_score`` before anything is taken off; None while they cannot be told.
        points: The same after it.
        due: The student's own deadline in UTC, as ``2026-11-30 22:59:00``; empty where it is not known.
        handed_in: When it was handed in, written alike.
    """

    name: str
    result: SubmissionResult
    raw: float | None
    points: float | None
    due: str = ""
    handed_in: str = ""


def counted(results: Sequence[SubmissionResult], wishes: Wishes) -> list[Counted]:
    """Return what counts: for each student where attempts were settled, else for each submission."""
    if wishes.scores is None:
        grades = [(result, grade_of(result, wishes.scale)) for result in results]
        return [Counted(result.submission, result, grade, grade) for result, grade in grades]
    return [_counted(score, wishes) for score in wishes.scores]


def _counted(score: StudentScore, wishes: Wishes) -> Counted:
    one = score.chosen
    # Another attempt may overtake it when its points are known: until then nobody can say what counts.
    raw = None if score.may_rise and not wishes.scale else grade_of(one.result, wishes.scale)
    points = None if raw is None else points_left(one.result, wishes, raw)
    return Counted(score.student, one.result, raw, points, _moment(one.charge.due), _moment(one.attempt.time))


def _moment(time: datetime | None) -> str:
    return time.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S") if time else ""
