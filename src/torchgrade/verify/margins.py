"""How far apart right and wrong answers lie on a training check's scale, from the margins that checks record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..grade.results import CheckResult
from .attempts import Attempt, Trial, lost

__all__ = ["MarginFigures", "margins_of"]


@dataclass(frozen=True)
class MarginFigures:
    """One recorded number of one check, as shares of its bound: below 1 passes.

    Attributes:
        check: The check's id.
        exercise: Its exercise.
        name: What the number measures.
        worst_right: The right answer that came nearest to the bound; None when none was recorded.
        best_wrong: The wrong answer of this exercise that came nearest to passing; None when none got so far.
    """

    check: str
    exercise: str
    name: str
    worst_right: float | None
    best_wrong: float | None


def margins_of(tried: Iterable[tuple[Attempt, Trial]]) -> list[MarginFigures]:
    """Sum up what checks recorded on right answers, and on wrong ones that lost the check."""
    right: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    wrong: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for attempt, trial in tried:
        for check in trial.checks:
            for margin in _recorded(check):
                place = (check.id, check.exercise, str(margin.name))
                if attempt.right:
                    right[place].append(_share(margin))
                elif attempt.exercise == check.exercise and lost(check):
                    wrong[place].append(_share(margin))
    return [
        MarginFigures(*place, max(right.get(place, ()), default=None), min(wrong.get(place, ()), default=None))
        for place in dict.fromkeys([*right, *wrong])
    ]


def _recorded(check: CheckResult) -> tuple[Any, ...]:
    """Return the margins of a check's outcome: records with ``name``, ``value`` and ``bound``."""
    return tuple(getattr(check, "margins", ()) or ())


def _share(margin: Any) -> float:
    return float(margin.value) / float(margin.bound) if margin.bound else float("inf")
