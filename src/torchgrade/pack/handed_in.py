"""When a submission was handed in, as Gradescope's own clock says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ..course import Assignment
from ..grade.results import SubmissionResult
from ..late import Attempt, Extension, StudentScore, settle
from ..late.moments import Clock

__all__ = ["settled_by"]


def settled_by(metadata: Path | None, result: SubmissionResult, assignment: Assignment) -> list[StudentScore] | None:
    """Apply the assignment's rule on lateness to one submission; None where nothing is due.

    The file is Gradescope's, and no student can write it. A due date there that is later than the assignment's, the
    student's own before the one for all, is an extension; of a group the latest counts. Which attempt counts is
    Gradescope's affair: it grades each by itself, and takes the one that is active.

    Args:
        metadata: Gradescope's ``submission_metadata.json``. A time that is not in it is not known: that costs nothing.
        result: What grading found.
        assignment: Whose rule.
    """
    if assignment.due is None:
        return None
    record, name = _read(metadata), result.submission
    clock = Clock(assignment.due)
    due = replace(assignment.due, attempts="last", most_attempts=None)
    until = max((moment for moment in _deadlines(record, clock) if moment > due.at), default=None)
    extensions = {name: Extension(until)} if until else {}
    return settle([result], due, {name: Attempt(name, None, _moment(record.get("created_at"), clock))}, extensions)


def _read(metadata: Path | None) -> dict[str, Any]:
    try:
        record = json.loads(metadata.read_text(encoding="utf-8")) if metadata else {}
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _deadlines(record: dict[str, Any], clock: Clock) -> Iterator[datetime]:
    users = record.get("users")
    for one in [record, *(users if isinstance(users, list) else [])]:
        terms = one.get("assignment") if isinstance(one, dict) else None
        moment = _moment(terms.get("due_date"), clock) if isinstance(terms, dict) else None
        if moment is not None:
            yield moment


def _moment(text: object, clock: Clock) -> datetime | None:
    try:
        return clock.read(text) if isinstance(text, str) else None
    except ValueError:
        return None
