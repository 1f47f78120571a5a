"""Points, as people write them."""

from __future__ import annotations

from fractions import Fraction

from ..language import ngettext

__all__ = ["plural_of", "points_text", "points_words"]


def points_text(points: Fraction | float) -> str:
    """Write points as people do: 7, 2.5, 0.67."""
    return f"{float(points):.2f}".rstrip("0").rstrip(".")


def points_words(points: Fraction | float) -> str:
    """Write points with their noun, for a student: ``2.5 points``."""
    return ngettext("{points} point", "{points} points", plural_of(points)).format(points=points_text(points))


def plural_of(points: Fraction | float) -> int:
    """Return the whole number whose plural goes with so many points: parts of a point are more than one."""
    return int(points) if points == int(points) else 2
