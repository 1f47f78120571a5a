"""Moments in time: reading them, adding days to them by a course's clock, showing them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

from ..course.due import Due, Span, zone_named
from ..course.due_rules import YEARS
from ..language import _, ngettext

__all__ = ["STAMP", "Clock", "lateness_text"]

UTC = timezone.utc
# In file names a time has hyphens for colons, which some systems forbid there.
STAMP = (
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}[:-]\d{2}"
    r"(?:[:-]\d{2}(?:\.\d{1,9})?)?"
    r" ?(?:Z|UTC|[+-]\d{2}:?\d{2})?"
)
_PARTS = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2})[:-](\d{2})(?:[:-](\d{2})(?:\.\d*)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?")


class Clock:
    """The clock that a course goes by.

    Where it is put back an hour happens twice, and where it is put forward one does not happen. A time without an
    offset that falls there is read in the student's favour: a deadline as the later, handing in as the earlier moment.

    Args:
        due: Whose zone it is; without a zone its offset, all year. None for UTC.
    """

    def __init__(self, due: Due | None) -> None:
        self.zone: tzinfo = UTC
        self.named = due is not None and due.zone is not None
        if due is not None:
            self.zone = zone_named(due.zone) if due.zone is not None else due.at.tzinfo or UTC

    def after(self, moment: datetime, span: Span) -> datetime:
        """Return the moment that much later, in UTC; days end at the same time of day as they began."""
        if span.days:
            local = moment.astimezone(self.zone).replace(tzinfo=None) + timedelta(days=span.days)
            moment = max(self._instants(local))
        return moment.astimezone(UTC) + timedelta(minutes=span.minutes)

    def read(self, text: str, *, deadline: bool = False) -> datetime:
        """Read a date and time, such as ``2026-11-30 22:10`` or ``2026-11-30T22:10:05+01:00``; return it in UTC.

        Args:
            text: The time; fractions of a second are left out.
            deadline: Whether a time that the clock shows twice is the later one.

        Raises:
            ValueError: It is none, or has no offset and the course names no zone; the message says what is missing.
        """
        parts = _PARTS.fullmatch(text.strip())
        if parts is None:
            raise ValueError(f"{text!r} is no date and time")
        day, hour, minute, second, offset = parts.groups()
        try:
            local = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}")
            if local.year not in YEARS:
                raise ValueError(f"{local.year} is no year from {YEARS[0]} to {YEARS[-1]}")
            if offset:
                return local.replace(tzinfo=_offset(offset)).astimezone(UTC)
        except ValueError as error:
            raise ValueError(f"{text!r} is no date and time: {error}") from None
        if not self.named:
            raise ValueError(f"{text!r} has no offset from UTC")
        return (max if deadline else min)(self._instants(local))

    def show(self, moment: datetime) -> str:
        """Return a moment as this clock shows it: ``2026-11-30 23:59 (UTC+01:00)``."""
        local = moment.astimezone(self.zone)
        seconds = f":{local.second:02}" if local.second else ""
        offset = local.isoformat(timespec="seconds")[19:]
        return f"{local:%Y-%m-%d %H:%M}{seconds} (UTC{'' if offset == '+00:00' else offset})"

    def days_between(self, start: datetime, end: datetime) -> tuple[int, timedelta]:
        """Return how many whole days of the calendar lie between two moments, and what is left; 0 if end is first."""
        if end <= start:
            return 0, timedelta(0)
        days = max((end.astimezone(UTC) - start.astimezone(UTC)).days - 1, 0)
        while self.after(start, Span(days=days + 1)) <= end:
            days += 1
        return days, end.astimezone(UTC) - self.after(start, Span(days=days))

    def _instants(self, local: datetime) -> list[datetime]:
        return [local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1)]


def _offset(text: str) -> timezone:
    if text in ("Z", "UTC"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if minutes > 59:
        raise ValueError(f"{text} is no offset from UTC")
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def lateness_text(days: int, rest: timedelta) -> str:
    """Return a length of time by its two largest units: ``1 day 3 hours``."""
    seconds = int(rest.total_seconds())
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    said = [
        words
        for amount, words in (
            (days, ngettext("{count} day", "{count} days", days).format(count=days)),
            (hours, ngettext("{count} hour", "{count} hours", hours).format(count=hours)),
            (minutes, ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)),
            (seconds, ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)),
        )
        if amount
    ]
    if len(said) > 1:
        return _("{longer} {shorter}").format(longer=said[0], shorter=said[1])
    return said[0] if said else _("less than a second")
