"""The instructor's page about a term: its assignments side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..classroom import ClassFigures, MistakeFigures, Spread, spread_of, term_rows
from .class_page import Labels, instructor_pages

__all__ = ["TermPart", "term_html"]

_MISTAKES = 20


@dataclass(frozen=True)
class TermPart:
    """One assignment of the term: its figures, and what its parts are called."""

    figures: ClassFigures
    labels: Labels

    @property
    def shares(self) -> Spread | None:
        """The spread of the shares of points that count, 0 to 1."""
        return spread_of([row.share for row in self.figures.rows])

    @property
    def open(self) -> float:
        """Points that are neither earned nor lost."""
        return sum(row.waiting + row.unsure for row in self.figures.rows)


def term_html(parts: Sequence[TermPart], *, linked: bool) -> str:
    """Return the page about a term as a whole HTML document.

    Args:
        parts: In the order of the term.
        linked: Whether the pages about assignments and students stand beside it.
    """
    rows = term_rows([part.figures for part in parts])
    template = instructor_pages().get_template("term.html")
    return template.render(
        parts=parts,
        rows=rows,
        linked=linked,
        mistakes=_most_frequent(parts),
        means=spread_of([row.mean for row in rows]),
    )


def _most_frequent(parts: Sequence[TermPart]) -> list[tuple[TermPart, MistakeFigures]]:
    found = [(part, one) for part in parts for one in part.figures.mistakes]
    return sorted(found, key=lambda pair: -len(pair[1].students) / len(pair[0].figures.rows))[:_MISTAKES]
