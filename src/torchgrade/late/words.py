"""The rule that was applied, in words: the same for the instructor's table and the student's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from ..course.due import Due, span_of
from ..course.points import points_text
from .moments import Clock, lateness_text
from .settle import Settled, StudentScore

__all__ = ["attempt_text", "page_lines", "percent", "rule_text", "student_text"]

_UNUSED = "The extension was not applied: with it, an attempt worth less would count."


def page_lines(score: StudentScore, submission: str) -> tuple[str, ...]:
    """Return the lines on handing in for the page of one submission; none where nothing was due nor handed in twice.

    Args:
        score: What was settled for its student.
        submission: One of the student's submissions.
    """
    place = next(index for index, one in enumerate(score.attempts) if one.result.submission == submission)
    return tuple(_page_lines(score, place))


def _page_lines(score: StudentScore, place: int) -> Iterator[str]:
    one = score.attempts[place]
    if score.due is not None:
        yield attempt_text(one)
    if len(score.attempts) > 1:
        yield _among(score, place)
    if score.unused:
        yield _UNUSED
    if score.due is not None:
        yield rule_text(score.due, score.extension.until if score.extension else None)


def student_text(score: StudentScore) -> str:
    """Return in one line how a student's points came about, for the instructor: an extension's reason is in it."""
    said = [attempt_text(score.chosen)] if score.due is not None else []
    if len(score.attempts) > 1:
        said.append(_among(score, score.place))
    if score.unused:
        said.append(_UNUSED)
    elif score.extension is not None and score.chosen.charge.due == score.extension.until:
        reason = f" ({score.extension.reason})" if score.extension.reason else ""
        said.append(f"Extension to {Clock(score.due).show(score.extension.until)}{reason}.")
    return " ".join(said) or "Nothing is due."


def attempt_text(one: Settled) -> str:
    """Return what the rules make of one attempt: how late, what it costs, what is left."""
    charge, worth = one.charge, f"{points_text(one.points)} of {_points(one.result.max_score)}"
    late = f"Handed in {lateness_text(charge.days, charge.rest)} late"
    if one.waiting and charge.kind != "closed":
        worth += f" and {points_text(one.waiting)} still waiting"
    if one.result.status == "unreadable":
        worth = f"it could not be read, {worth}"
    if charge.kind == "closed":
        return f"{late}, after handing in had closed: nothing counts, {worth}."
    if charge.kind == "late":
        off = f"{percent(charge.share)} off" if charge.share else "nothing off"
        return f"{late}: {off}, {worth}."
    said = {
        "grace": f"{late}, which is forgiven",
        "in time": "Handed in on time",
        "unknown": "Nobody noted when this was handed in, so nothing is off",
        "free": "Nothing is due",
    }
    return f"{said[charge.kind]}: {worth}."


def rule_text(due: Due, until: datetime | None = None) -> str:
    """Return the assignment's rule, with the student's own deadline."""
    clock = Clock(due)
    said = [f"Due {clock.show(due.at)}"]
    if until is not None and until > due.at:
        said.append(f"extended to {clock.show(until)}")
    if due.grace and str(span_of(due.grace)) != "0 minutes":
        said.append(f"up to {span_of(due.grace)} late is forgiven")
    each, unit = (due.penalty_per_hour, "hour") if due.penalty_per_hour else (due.penalty_per_day, "day")
    if each:
        whole = "the points earned" if due.of == "score" else "all points"
        most = f", {percent(due.most)} at most" if due.most < 1 else ""
        said.append(f"each {unit} begun costs {percent(each)} of {whole}{most}")
    if due.closes is not None:
        closes = span_of(due.closes)
        said.append(f"after {closes} nothing counts" if closes.days or closes.minutes else "nothing late counts")
    said.append(f"the {due.attempts} attempt counts{_limit(due)}")
    return "; ".join(said) + "."


def _limit(due: Due) -> str:
    if due.most_attempts is None:
        return ""
    return ", of the first only" if due.most_attempts == 1 else f", of the first {due.most_attempts}"


def _among(score: StudentScore, place: int) -> str:
    """Return which of several attempts this one is, and which one counts."""
    here = f"Attempt {place + 1} of {len(score.attempts)}"
    standing = score.attempts[place].standing
    if place == score.place:
        return f"{here}: this one counts{_rising(score)}." if standing == "counts" else f"{here}: none counts."
    why = {
        "too many": f"more than {score.due.most_attempts if score.due else 0} do not count",
        "closed": "it came after handing in had closed",
        "unreadable": "it could not be read, and replaces no other",
        "not the best": "another is worth more",
        "not the last": "a later one replaces it",
    }.get(standing, "another counts")
    chosen = score.chosen
    if chosen.standing != "counts":
        return f"{here}: none counts."
    counts = f"attempt {score.place + 1} counts, with {_points(chosen.points)}"
    return f"{here}: {why}; {counts}{_rising(score)}."


def _rising(score: StudentScore) -> str:
    if not score.may_rise:
        return ""
    places = " and ".join(str(place + 1) for place in score.may_rise)
    return f"; attempt {places} may still overtake it, when the points that wait are known"


def percent(share: float | Decimal) -> str:
    """Write a share: 0.1 is 10 %."""
    hundredths = (Decimal(repr(share)) if isinstance(share, float) else Decimal(share)) * 100
    return f"{float(hundredths):.2f}".rstrip("0").rstrip(".") + " %"


def _points(points: float) -> str:
    return f"{points_text(points)} {'point' if points == 1 else 'points'}"
