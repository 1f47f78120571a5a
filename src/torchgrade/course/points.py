"""Points, as people write them."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["points_text"]


def points_text(points: Fraction | float) -> str:
    """Write points as people do: 7, 2.5, 0.67."""
    return f"{float(points):.2f}".rstrip("0").rstrip(".")
