"""Kinds of columns that hold the same in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator

__all__ = ["Moment", "Words", "storable"]


def storable(text: str) -> str:
    """Return text that both databases can hold: NUL and halves of characters are written as escapes."""
    return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


class Words(TypeDecorator[str]):
    """Text, of whatever students' code printed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Make it storable on its way in."""
        return None if value is None else storable(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite knows no timezones, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Store UTC, whatever the zone was."""
        return None if value is None else value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give UTC back."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
