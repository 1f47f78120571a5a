"""Pairs as plain data, for other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .compare import Pair
from .reading import Text
from .side import Side

__all__ = ["FORMAT", "NO_VERDICT", "record_of"]

FORMAT = 1
NO_VERDICT = (
    "These are pairs to look at, not a verdict. Likeness has many causes: working together where that is allowed, "
    "a common source, the task itself. Read both, and ask, before you decide anything."
)


def record_of(
    assignment: str,
    texts: Sequence[Text],
    pairs: Sequence[Pair],
    sides: Mapping[tuple[str, str], Sequence[Sequence[Side]]],
) -> dict[str, Any]:
    """Return all that was found, for JSON.

    Args:
        assignment: The slug.
        texts: What was compared.
        pairs: What was found.
        sides: For each pair, by its names, the sides of the first and of the second.
    """
    return {
        "format": FORMAT,
        "assignment": assignment,
        "note": NO_VERDICT,
        "submissions": len(texts),
        "pairs": [_pair(pair, sides[pair.first, pair.second]) for pair in pairs],
        "troubles": [{"submission": text.name, "why": text.trouble} for text in texts if text.trouble],
    }


def _pair(pair: Pair, sides: Sequence[Sequence[Side]]) -> dict[str, Any]:
    return {
        "submissions": [pair.first, pair.second],
        "score": round(pair.score, 1),
        "share": round(pair.share, 3),
        "exercises": [
            {
                "exercise": match.exercise or None,
                "weight": round(match.weight, 1),
                "share": round(match.share, 3),
                "lines": [list(side[place].shared) for side in sides],
            }
            for place, match in enumerate(pair.parts)
        ],
    }
