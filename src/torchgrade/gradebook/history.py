"""All that happened to a student's part of an assignment, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..course.points import points_text
from ..grade.results import CheckResult, SubmissionResult
from .facts import ByHand, Facts, HandIn

__all__ = ["Event", "differences", "events_of"]

_SAID = 6  # of a grading's differences


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        at: When; in UTC.
        kind: ``handed in``, ``graded``, ``regraded``, ``override``, ``extension`` or ``withdrawn``.
        what: In a sentence.
        by: Who did it; empty for a student or the grader.
        note: Why.
        number: Of the override or extension; None for anything else.
    """

    at: datetime
    kind: str
    what: str
    by: str = ""
    note: str = ""
    number: int | None = None


def events_of(facts: Facts) -> list[Event]:
    """Return what happened, the oldest first.

    Args:
        facts: Of one assignment and one student, with all gradings.
    """
    events = [event for attempt in facts.attempts for event in _of_attempt(attempt)]
    for granted in facts.extensions:
        events += _by_hand("extension", f"deadline {_moment(granted.until)}", granted)
    for one in facts.overrides:
        old = "nothing handed in" if one.old is None else points_text(one.old)
        of = f"{one.of} of {_named(facts, one.attempt)}" if one.attempt is not None else one.of
        events += _by_hand("override", f"{of}: {old} → {points_text(one.new)}", one)
    return sorted(events, key=lambda event: event.at)


def differences(old: SubmissionResult, new: SubmissionResult) -> list[str]:
    """Return what a grading says otherwise than the one before it, as short phrases."""
    before, after = ({check.id: check for check in result.checks} for result in (old, new))
    said = [f"{old.status} → {new.status}"] if old.status != new.status else []
    said += [f"{_short(name)} is new" for name in after if name not in before]
    said += [f"{_short(name)} is gone" for name in before if name not in after]
    words = 0
    for name in (name for name in after if name in before):
        phrases = list(_changes(before[name], after[name]))
        said += [f"{_short(name)} {phrase}" for phrase in phrases]
        words += not phrases and _without_clock(before[name]) != _without_clock(after[name])
    return said + ([f"other words in {words} {'check' if words == 1 else 'checks'}"] if words else [])


def _of_attempt(attempt: HandIn) -> Iterator[Event]:
    called = f"{attempt.submission!r}, {attempt.form}, {attempt.digest[:19]}"
    if attempt.handed_in is not None:
        yield Event(attempt.handed_in, "handed in", called)
    before: SubmissionResult | None = None
    for grading in attempt.gradings:
        result = grading.result
        points = f"{points_text(result.score)} of {points_text(result.max_score)}"
        if before is None:
            unread = "" if result.status == "graded" else f", {result.status}"
            yield Event(grading.at, "graded", f"{called}: {points}{unread}")
        else:
            said = differences(before, result)
            more = [f"and {len(said) - _SAID} more"] if len(said) > _SAID else []
            what = f"{attempt.submission!r}: {points_text(before.score)} → {points}"
            yield Event(grading.at, "regraded", "; ".join([what, *said[:_SAID], *more]), note=grading.reason)
        before = result


def _by_hand(kind: str, what: str, one: ByHand) -> Iterator[Event]:
    yield Event(one.at, kind, what, one.by, one.note, one.id)
    if one.withdrawn_at is not None:
        by, note = one.withdrawn_by or "", one.withdrawn_note or ""
        yield Event(one.withdrawn_at, "withdrawn", f"{kind} {one.id}", by, note, one.id)


def _named(facts: Facts, attempt: int) -> str:
    return next((repr(one.submission) for one in facts.attempts if one.id == attempt), "another's attempt")


def _changes(old: CheckResult, new: CheckResult) -> Iterator[str]:
    if old.points != new.points:
        yield f"is worth {points_text(new.points)}, was {points_text(old.points)}"
    if old.status != new.status:
        yield f"{old.status} → {new.status}"
    elif old.score != new.score:
        yield f"{points_text(old.score)} → {points_text(new.score)}"
    if old.misconception != new.misconception:
        yield f"misconception {new.misconception or 'none'}, was {old.misconception or 'none'}"


def _without_clock(check: CheckResult) -> tuple[object, ...]:
    return tuple(value for name, value in vars(check).items() if name != "seconds")


def _short(name: str) -> str:
    return name.rpartition("::")[2]


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
