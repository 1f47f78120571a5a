"""CSV that spreadsheets read as text and never as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from .points import exact

__all__ = ["cell", "table"]

# What makes a spreadsheet compute; the wide forms do so in East Asian versions.
_ACTIVE = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def cell(value: str | float | None) -> str:
    """Return a value as a cell's text: numbers plain, nothing as nothing, and no text that a spreadsheet would run."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return exact(value)
    # Python before 3.13 puts no quotes around a carriage return alone; readers end the row there
    text = value.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_ACTIVE) else text


def table(header: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    """Return a CSV file's text (RFC 4180, but with plain newlines)."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
