"""When an assignment is due, and what comes of handing in late or more than once: the keys of `[due]`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta

from ..language import ngettext

__all__ = ["SPANS", "Due", "Late", "Moment", "Span", "span_of", "zone_named"]

SPANS = r"^ *\d{1,3} *(min|minutes?|h|hours?|d|days?|w|weeks?) *$"

Moment = Annotated[datetime, Meta(tz=True)]
SpanText = Annotated[str, Meta(pattern=SPANS)]
Share = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True)
class Span:
    """A length of time. Days are those of the calendar: on a clock that changes, one may have 23 or 25 hours.

    Attributes:
        days: Days by the calendar.
        minutes: Minutes of 60 seconds.
    """

    days: int = 0
    minutes: int = 0

    def __str__(self) -> str:
        hours = self.minutes // 60 if not self.minutes % 60 else 0
        if self.days:
            return ngettext("{count} day", "{count} days", self.days).format(count=self.days)
        if hours:
            return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
        return ngettext("{count} minute", "{count} minutes", self.minutes).format(count=self.minutes)


def span_of(text: str) -> Span:
    """Read a span such as ``10 min``, ``2 hours``, ``3 days`` or ``1 week``.

    Raises:
        ValueError: It is none.
    """
    if not re.match(SPANS, text):
        raise ValueError(f"{text!r} is no span of time")
    amount, unit = int(re.findall(r"\d+", text)[0]), re.findall(r"[a-z]", text)[0]
    days = {"d": amount, "w": 7 * amount}
    minutes = {"m": amount, "h": 60 * amount}
    return Span(days.get(unit, 0), minutes.get(unit, 0))


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of that name, such as ``Europe/Berlin``.

    Raises:
        ValueError: There is none, or this machine has no list of zones.
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # a folder's name, a path out of the list, an unknown one
        raise ValueError(f"{name!r} is no time zone that this machine knows") from None


@dataclass(frozen=True)
class Due:
    """The rules on when to hand in.

    Attributes:
        at: The moment it is due.
        zone: Whose clock tells days and times without an offset; None for the offset of ``at``, all year.
        grace: How late is not late at all.
        penalty_per_day: Share of the points lost for each day that has begun, 0 to 1.
        penalty_per_hour: The same for each hour; not both.
        of: Share of what: the ``score`` that was earned, or the ``max_score`` there is.
        most: The largest share that can be lost.
        closes: How late nothing counts any more; None for never.
        attempts: Which of several attempts counts: the ``last``, or the ``best`` after penalties.
        most_attempts: How many attempts may count; further ones do not. None for any number.
    """

    at: Moment
    zone: str | None = None
    grace: SpanText = "0 min"
    penalty_per_day: Share | None = None
    penalty_per_hour: Share | None = None
    of: Literal["score", "max_score"] = "score"
    most: Share = 1.0
    closes: SpanText | None = None
    attempts: Literal["last", "best"] = "last"
    most_attempts: Annotated[int, Meta(gt=0, le=1000)] | None = None


@dataclass(frozen=True)
class Late:
    """The short form of the rules, beside ``due`` as a plain date.

    Attributes:
        penalty_per_day: Share of the score lost for each day late, 0 to 1.
        max_days: Days after which nothing is accepted.
    """

    penalty_per_day: Share
    max_days: Annotated[int, Meta(ge=0, le=999)]

    def due(self, at: datetime) -> Due:
        """Return the same as full rules."""
        return Due(at, penalty_per_day=self.penalty_per_day, closes=f"{self.max_days} days")
