"""The rule that was applied, in words: the same for the instructor's table and the student's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from ..course.due import Due, Span, span_of
from ..course.points import points_text, points_words
from ..language import ENGLISH, N_, _, speaking
from .moments import Clock, lateness_text
from .settle import Settled, StudentScore

__all__ = ["attempt_text", "page_lines", "percent", "rule_text", "student_text"]

_UNUSED = N_("The extension was not applied: with it, an attempt worth less would count.")
# What each unit of time costs, and of what; and the same with the most that it may cost.
_COSTS = {
    ("hour", "score"): (
        N_("each hour begun costs {share} of the points earned"),
        N_("each hour begun costs {share} of the points earned, {most} at most"),
    ),
    ("hour", "max_score"): (
        N_("each hour begun costs {share} of all points"),
        N_("each hour begun costs {share} of all points, {most} at most"),
    ),
    ("day", "score"): (
        N_("each day begun costs {share} of the points earned"),
        N_("each day begun costs {share} of the points earned, {most} at most"),
    ),
    ("day", "max_score"): (
        N_("each day begun costs {share} of all points"),
        N_("each day begun costs {share} of all points, {most} at most"),
    ),
}
# Which attempt counts: of all, of one, of several.
_COUNTS = {
    "last": (
        N_("the last attempt counts"),
        N_("the last attempt counts, of the first only"),
        N_("the last attempt counts, of the first {count}"),
    ),
    "best": (
        N_("the best attempt counts"),
        N_("the best attempt counts, of the first only"),
        N_("the best attempt counts, of the first {count}"),
    ),
}
_WHY_NOT = {
    "too many": N_("more than {most} do not count"),
    "closed": N_("it came after handing in had closed"),
    "unreadable": N_("it could not be read, and replaces no other"),
    "not the best": N_("another is worth more"),
    "not the last": N_("a later one replaces it"),
}
_OTHER = N_("another counts")


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
        yield _(_UNUSED)
    if score.due is not None:
        yield rule_text(score.due, score.extension.until if score.extension else None)


def student_text(score: StudentScore) -> str:
    """Return in one line how a student's points came about, for the instructor: an extension's reason is in it."""
    with speaking(ENGLISH):
        return _student_text(score)


def _student_text(score: StudentScore) -> str:
    said = [attempt_text(score.chosen)] if score.due is not None else []
    if len(score.attempts) > 1:
        said.append(_among(score, score.place))
    if score.unused:
        said.append(_(_UNUSED))
    elif score.extension is not None and score.chosen.charge.due == score.extension.until:
        reason = f" ({score.extension.reason})" if score.extension.reason else ""
        said.append(f"Extension to {Clock(score.due).show(score.extension.until)}{reason}.")
    return " ".join(said) or "Nothing is due."


def attempt_text(one: Settled) -> str:
    """Return what the rules make of one attempt: how late, what it costs, what is left."""
    charge = one.charge
    if charge.kind == "closed":
        sentence = _("Handed in {time} late, after handing in had closed: nothing counts, {worth}.")
    elif charge.kind == "late" and charge.share:
        sentence = _("Handed in {time} late: {share} off, {worth}.")
    else:
        sentence = {
            "late": _("Handed in {time} late: nothing off, {worth}."),
            "grace": _("Handed in {time} late, which is forgiven: {worth}."),
            "in time": _("Handed in on time: {worth}."),
            "unknown": _("Nobody noted when this was handed in, so nothing is off: {worth}."),
            "free": _("Nothing is due: {worth}."),
        }[charge.kind]
    late, share = lateness_text(charge.days, charge.rest), percent(charge.share)
    return sentence.format(time=late, share=share, worth=_worth(one))


def _worth(one: Settled) -> str:
    waiting = one.waiting and one.charge.kind != "closed"
    if one.result.status == "unreadable":
        clause = _("it could not be read, {earned} of {points}")
        if waiting:
            clause = _("it could not be read, {earned} of {points} and {waiting} still waiting")
    else:
        clause = _("{earned} of {points} and {waiting} still waiting") if waiting else _("{earned} of {points}")
    points = points_words(one.result.max_score)
    return clause.format(earned=points_text(one.points), points=points, waiting=points_text(one.waiting))


def rule_text(due: Due, until: datetime | None = None) -> str:
    """Return the assignment's rule, with the student's own deadline."""
    clock = Clock(due)
    said = [_("Due {moment}").format(moment=clock.show(due.at))]
    if until is not None and until > due.at:
        said.append(_("extended to {moment}").format(moment=clock.show(until)))
    if due.grace and span_of(due.grace) != Span():
        said.append(_("up to {time} late is forgiven").format(time=span_of(due.grace)))
    each, unit = (due.penalty_per_hour, "hour") if due.penalty_per_hour else (due.penalty_per_day, "day")
    if each:
        cost = _COSTS[unit, due.of][due.most < 1]
        said.append(_(cost).format(share=percent(each), most=percent(due.most)))
    if due.closes is not None:
        closes = span_of(due.closes)
        said.append(
            _("nothing late counts") if closes == Span() else _("after {time} nothing counts").format(time=closes)
        )
    limit = 0 if due.most_attempts is None else 1 if due.most_attempts == 1 else 2
    said.append(_(_COUNTS[due.attempts][limit]).format(count=due.most_attempts))
    return _("{sentence}.").format(sentence=_("; ").join(said))


def _among(score: StudentScore, place: int) -> str:
    """Return which of several attempts this one is, and which one counts."""
    chosen = score.chosen
    if chosen.standing != "counts":
        sentence = _("Attempt {number} of {total}: none counts.")
    elif place == score.place:
        sentence = _("Attempt {number} of {total}: this one counts.")
        if score.may_rise:
            sentence = _(
                "Attempt {number} of {total}: this one counts; attempt {others} may still overtake it, "
                "when the points that wait are known."
            )
    else:
        sentence = _("Attempt {number} of {total}: {why}; attempt {chosen} counts, with {points}.")
        if score.may_rise:
            sentence = _(
                "Attempt {number} of {total}: {why}; attempt {chosen} counts, with {points}; attempt {others} may "
                "still overtake it, when the points that wait are known."
            )
    why = _(_WHY_NOT.get(score.attempts[place].standing, _OTHER))
    return sentence.format(
        number=place + 1,
        total=len(score.attempts),
        why=why.format(most=score.due.most_attempts if score.due else 0),
        chosen=score.place + 1,
        points=points_words(chosen.points),
        others=_listed([str(other + 1) for other in score.may_rise]),
    )


def _listed(numbers: list[str]) -> str:
    found = "".join(numbers[:1])
    for other in numbers[1:]:
        found = _("{one} and {other}").format(one=found, other=other)
    return found


def percent(share: float | Decimal) -> str:
    """Write a share: 0.1 is 10 %."""
    hundredths = (Decimal(repr(share)) if isinstance(share, float) else Decimal(share)) * 100
    return f"{float(hundredths):.2f}".rstrip("0").rstrip(".") + " %"
