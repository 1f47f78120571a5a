"""Points that people set in a result: a pure function, applied anew to each grading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..grade.results import CheckResult, SubmissionResult
from ..late.settle import JUDGED
from .facts import Override

__all__ = ["applies", "corrected", "held_by"]


def corrected(result: SubmissionResult, overrides: Iterable[Override]) -> SubmissionResult:
    """Return a result with what was set by hand for its checks and exercises; the score follows.

    A check's own override goes before its exercise's. What no longer fits the result changes nothing.

    Args:
        result: As it was graded.
        overrides: Those that hold for this attempt; those of the whole score are passed over.
    """
    checks = result.checks
    ordered = sorted(overrides, key=lambda one: one.check is not None)
    for one in ordered:
        if one.check is not None:
            checks = tuple(_set(check, one.new) if check.id == one.check else check for check in checks)
        elif one.exercise is not None:
            checks = _spread(checks, one.exercise, one.new)
    if checks == result.checks:
        return result
    gained = sum(check.score for check in checks) - sum(check.score for check in result.checks)
    waiting = sum(check.points for check in checks if check.status == "deferred")
    return replace(
        result, checks=checks, score=round(result.score + gained, 9), deferred=round(waiting, 9), status="graded"
    )


def applies(one: Override, result: SubmissionResult) -> bool:
    """Tell whether a result has what an override is about."""
    if one.check is not None:
        return any(check.id == one.check for check in result.checks)
    return one.exercise is None or any(check.exercise == one.exercise for check in result.checks)


def held_by(result: SubmissionResult, exercise: str | None, check: str | None) -> tuple[float, float]:
    """Return score and points of a part of a result; of all of it where neither is given."""
    if exercise is None and check is None:
        return result.score, result.max_score
    parts = [one for one in result.checks if check in (None, one.id) and exercise in (None, one.exercise)]
    return sum(one.score for one in parts), sum(one.points for one in parts)


def _set(check: CheckResult, score: float) -> CheckResult:
    """Give a check a score; one that waited, or that the grader could not judge, is judged by that."""
    if check.status in JUDGED and score == check.score:
        return check
    kept = check.status if check.status in JUDGED and check.status != "passed" else "failed"
    return replace(check, score=score, status="passed" if score >= check.points else kept)


def _spread(checks: tuple[CheckResult, ...], exercise: str, points: float) -> tuple[CheckResult, ...]:
    """Share an exercise's points out: what was earned keeps its points first; what is beyond all goes to the last."""
    places = [place for place, check in enumerate(checks) if check.exercise == exercise]
    places.sort(key=lambda place: -checks[place].score)
    found, rest = list(checks), points
    for place in places:
        share = rest if place == places[-1] else min(rest, checks[place].points)
        found[place] = _set(checks[place], share)
        rest -= share
    return tuple(found)
