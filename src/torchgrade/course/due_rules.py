"""What the types of `[due]` cannot say, and the remedy for each of its keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType

from .due import Due, Late, zone_named

__all__ = ["DUE_REMEDIES", "Mistake", "refuse_bad_due"]

_AT = "the date with its timezone and no quotes, like"
_PENALTY = "give the share of the points lost for each one that has begun, from 0 to 1"
_SPAN = "write a number and min, hours, days or weeks in quotes, like"
# A calendar ends somewhere: days are added to these dates, and times are shown in other zones.
YEARS = range(1970, 9000)

DUE_REMEDIES = MappingProxyType(
    {
        "due": f"write a table [due] with at = …, or {_AT} due = 2026-12-01T23:59:00Z",
        "at": f"write {_AT} at = 2026-12-01T23:59:00+01:00",
        "zone": 'write a zone\'s name, like zone = "Europe/Berlin" (on Windows: pip install tzdata), or leave it out',
        "grace": f'{_SPAN} grace = "10 min"',
        "penalty_per_day": _PENALTY,
        "penalty_per_hour": _PENALTY,
        "of": 'write of = "score" for a share of what was earned, or of = "max_score" for a share of all points',
        "most": "give the largest share that may be lost, from 0 to 1",
        "closes": f'{_SPAN} closes = "7 days"',
        "attempts": 'write attempts = "last" or attempts = "best"',
        "most_attempts": "give a whole number from 1 to 1000",
        "late": "write late = { penalty_per_day = 0.1, max_days = 3 }, or use the table [due]",
        "max_days": "give a whole number of days, 0 to 999",
    }
)


class Mistake(Exception):
    """A rule that the types cannot say.

    Args:
        key: The key in the file, with its tables: ``due.zone``.
        problem: What was found.
        remedy: What to do next; empty for the key's own remedy.
    """

    def __init__(self, key: str, problem: str, remedy: str = "") -> None:
        self.key, self.problem, self.remedy = key, problem, remedy


def refuse_bad_due(due: Due | datetime | None, late: Late | None) -> Due | None:
    """Return the rules, whichever way they are written.

    Raises:
        Mistake: They do not fit together.
    """
    if isinstance(due, Due):
        if late:
            raise Mistake("late", "stands beside a table [due]", "write its keys into [due], and remove late")
        _refuse_bad_rules(due)
        return due
    if due is None:
        if late:
            raise Mistake("late", "has no meaning without due", f"{DUE_REMEDIES['due']}; or remove late")
        return None
    _refuse_bad_year("due", due)
    return late.due(due) if late else Due(due)


def _refuse_bad_rules(due: Due) -> None:
    _refuse_bad_year("due.at", due.at)
    if due.penalty_per_day is not None and due.penalty_per_hour is not None:
        raise Mistake("due.penalty_per_hour", "stands beside penalty_per_day", "keep one of the two")
    if due.penalty_per_day is None and due.penalty_per_hour is None:
        for key, said in (("most", due.most != 1), ("of", due.of != "score")):
            if said:
                remedy = f"add penalty_per_day = 0.1 or penalty_per_hour = 0.01, or remove {key}"
                raise Mistake(f"due.{key}", "has no meaning without a penalty", remedy)
    if due.zone is not None:
        _refuse_bad_zone(due.at, due.zone)


def _refuse_bad_year(key: str, at: datetime) -> None:
    if at.year not in YEARS:
        raise Mistake(key, f"is in the year {at.year}", f"give a year from {YEARS[0]} to {YEARS[-1]}")


def _refuse_bad_zone(at: datetime, name: str) -> None:
    """Raise for no zone at all, and for an offset that the zone does not have on that day: one hour of everyone's."""
    try:
        zone = zone_named(name)
    except ValueError as error:
        raise Mistake("due.zone", str(error)) from None
    if at.utcoffset() == timedelta(0) or at.utcoffset() == at.astimezone(zone).utcoffset():
        return
    right = at.replace(tzinfo=zone)
    problem = f"{at.isoformat()} is not the time of {name} on that day"
    raise Mistake("due.at", problem, f"write at = {right.isoformat()}, or the same moment in UTC with Z")
