"""A standing as a row: for programs that read JSON, and for spreadsheets."""

from __future__ import annotations

from typing import Any

from ..course.points import points_text
from ..late import student_text
from ..late.moments import Clock
from .counting import Standing
from .facts import Override

__all__ = ["COLUMNS", "by_hand", "row_of", "rule_of"]

COLUMNS = (
    "student", "name", "group", "assignment", "submission", "attempt", "attempts", "handed_in", "due", "raw_score",
    "percent_off", "score", "max_score", "waiting", "by_hand", "rule", "remarks",
)  # fmt: skip


def row_of(standing: Standing, overrides: tuple[Override, ...] = ()) -> dict[str, Any]:
    """Return what there is to say of a standing, by `COLUMNS`; None where there is nothing.

    Args:
        standing: Whose.
        overrides: Those of the student that hold.
    """
    student = standing.student
    row = {"student": student.id, "name": student.name, "group": student.group, "assignment": standing.slug}
    return {
        **dict.fromkeys(COLUMNS),
        **row,
        **_handed_in(standing),
        "score": standing.points,
        "by_hand": "; ".join(by_hand(one) for one in overrides),
        "rule": rule_of(standing),
        "remarks": "; ".join(standing.remarks),
    }


def by_hand(one: Override) -> str:
    """Return an override in words."""
    return f"{one.of} {points_text(one.new)} (override {one.id}, {one.by}: {one.note})"


def rule_of(standing: Standing) -> str:
    """Return in a line how the points came about, for the instructor."""
    if standing.override is not None:
        return f"Set by hand: {by_hand(standing.override)}."
    return student_text(standing.score) if standing.score else "Nothing was handed in."


def _handed_in(standing: Standing) -> dict[str, Any]:
    score, attempt = standing.score, standing.attempt
    if score is None or attempt is None:
        return {"attempts": 0}
    charge, zone = score.chosen.charge, Clock(score.due).zone
    moments = [one.astimezone(zone).isoformat() if one else None for one in (attempt.handed_in, charge.due)]
    return {
        "submission": attempt.submission, "attempt": score.place + 1, "attempts": len(standing.attempts),
        "handed_in": moments[0], "due": moments[1], "raw_score": attempt.grading.result.score,
        "percent_off": 100.0 if charge.kind == "closed" else float(100 * charge.share),
        "max_score": standing.max_score, "waiting": standing.waiting,
    }  # fmt: skip
