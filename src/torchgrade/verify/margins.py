"""How far apart right and wrong answers lie on a training check's scale, from the margins that checks note."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..expect.margins import Margin
from .attempts import Attempt, Trial

__all__ = ["MarginFigures", "margins_of"]

Place = tuple[str, str, str]


@dataclass(frozen=True)
class MarginFigures:
    """One measured value of one check.

    Attributes:
        check: The check's id.
        exercise: Its exercise.
        name: What was measured.
        worst_right: The right answer that came nearest to the bound; None when none was measured.
        best_wrong: The wrong answer of this exercise that failed by least; None when none was measured.
    """

    check: str
    exercise: str
    name: str
    worst_right: Margin | None
    best_wrong: Margin | None


def margins_of(tried: Iterable[tuple[Attempt, Trial]]) -> list[MarginFigures]:
    """Sum up what checks measured on right answers, and on wrong ones beyond the bound."""
    right: dict[Place, list[Margin]] = defaultdict(list)
    wrong: dict[Place, list[Margin]] = defaultdict(list)
    for attempt, trial in tried:
        for place, margin in _measured(trial):
            if attempt.right:
                right[place].append(margin)
            elif not margin.holds and attempt.exercise == place[1]:
                wrong[place].append(margin)
    return [
        MarginFigures(*place, max(right[place], key=_used, default=None), min(wrong[place], key=_used, default=None))
        for place in dict.fromkeys([*right, *wrong])
    ]


def _measured(trial: Trial) -> Iterator[tuple[Place, Margin]]:
    for check in trial.checks:
        for margin in trial.margins.get(check.id, ()):
            yield (check.id, check.exercise, margin.name), margin


def _used(margin: Margin) -> float:
    """Return which share of what is allowed was used up."""
    return margin.value / margin.bound
