"""Moodle: a CSV for Grades, Import, CSV file."""

from __future__ import annotations

from collections.abc import Sequence

from ..grade.results import SubmissionResult
from .model import Export, Wishes
from .roster import graded
from .tables import table

__all__ = ["USUAL", "moodle"]

USUAL = "Email address"


def moodle(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return a column that says who it is, and one with the grade.

    One student that Moodle does not know makes it refuse the whole file; a roster keeps those out.

    Raises:
        ValueError: The roster lacks the column that says who it is.
    """
    found, identity = graded(results, wishes), wishes.identity or USUAL
    column = wishes.column or (results[0].assignment if results else "Grade")
    if any(wishes.roster is not None and not entry.row.get(identity) for entry in found.entries):
        known = ", ".join(found.entries[0].row)
        raise ValueError(f"the roster says nothing under {identity!r}; it has {known} (choose with --id-column)")
    rows = ((entry.row.get(identity, entry.name), entry.grade) for entry in found.entries)
    return Export(table((identity, column), rows), found.notes, complete=not found.notes)
