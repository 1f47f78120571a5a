"""Several assignments side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .figures import ClassFigures

__all__ = ["TermRow", "term_rows"]


@dataclass(frozen=True, slots=True)
class TermRow:
    """One student over a term.

    Attributes:
        student: Whose it is.
        shares: For each assignment the share of its points, 0 to 1; None where nothing was handed in.
        mean: Over all assignments, what was not handed in being 0.
    """

    student: str
    shares: tuple[float | None, ...]
    mean: float

    @property
    def handed_in(self) -> int:
        """How many assignments were handed in."""
        return sum(share is not None for share in self.shares)


def term_rows(classes: Sequence[ClassFigures]) -> tuple[TermRow, ...]:
    """Join classes by their students' names; return a row for each, ordered by name."""
    found: dict[str, list[float | None]] = {}
    for place, one in enumerate(classes):
        for row in one.rows:
            found.setdefault(row.student, [None] * len(classes))[place] = row.share
    return tuple(
        TermRow(student, tuple(shares), sum(share or 0.0 for share in shares) / len(shares))
        for student, shares in sorted(found.items())
    )
