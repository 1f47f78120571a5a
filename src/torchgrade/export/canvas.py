"""Canvas: a CSV for the gradebook's Import."""

from __future__ import annotations

from collections.abc import Sequence

from ..grade.results import SubmissionResult
from .model import Export, Wishes
from .roster import Entry, graded
from .tables import table

__all__ = ["IDENTITY", "canvas"]

IDENTITY = ("ID", "SIS User ID", "SIS Login ID")
_LAST = "Section"  # Canvas takes every column after it for an assignment


def canvas(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return a row for each grade, below one with the points possible.

    Canvas looks students up by ID, then SIS User ID, then SIS Login ID, then name. Without a roster the submission's
    name goes into one of these; with one, Canvas's own export, its columns are taken over.
    """
    found = graded(results, wishes)
    column = wishes.column or (results[0].assignment if results else "Points")
    header = ("Student", *IDENTITY, _LAST, column)
    rows = [_possible(result) for result in results[:1]] + [_row(entry, wishes) for entry in found.entries]
    return Export(table(header, rows), found.notes, complete=not found.notes)


def _possible(result: SubmissionResult) -> list[str | float | None]:
    return ["    Points Possible", "", "", "", "", result.max_score]


def _row(entry: Entry, wishes: Wishes) -> list[str | float | None]:
    name, row = entry.name, entry.row
    if wishes.roster is not None:
        return [*(row.get(key, "") for key in ("Student", *IDENTITY, _LAST)), entry.grade]
    identity = wishes.identity or "SIS Login ID"
    return [name, *(name if key == identity else "" for key in IDENTITY), "", entry.grade]
