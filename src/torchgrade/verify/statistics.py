"""How often a check fails a right answer, how sure one can be of it, and how long it takes."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..grade.results import CheckResult
from .attempts import Attempt, Trial, lost

__all__ = ["CheckFigures", "figures_of", "upper_bound"]

STEPS = 60  # halvings of the interval: more than a float can tell apart


@dataclass(frozen=True)
class CheckFigures:
    """What right answers have shown of one check.

    Attributes:
        id: The check.
        exercise: Its exercise.
        runs: How often a right answer was tried.
        failures: How often it lost the point.
        flake_bound: Upper 95 % confidence bound on how often it would.
        median_seconds: Median time on a quiet machine.
        worst_seconds: Longest time on a quiet machine.
        loaded_seconds: Longest time while other processes kept the cores busy; None when that was not tried.
    """

    id: str
    exercise: str
    runs: int
    failures: int
    flake_bound: float
    median_seconds: float
    worst_seconds: float
    loaded_seconds: float | None


def upper_bound(failures: int, runs: int, confidence: float = 0.95) -> float:
    """Return the largest rate that is still believable after ``failures`` in ``runs``, by Clopper and Pearson.

    One-sided: the rate at which so few failures, or fewer, have the probability ``1 - confidence``. It rests on
    no approximation. Without a failure it is ``1 - (1 - confidence) ** (1 / runs)``, which the "rule of three"
    rounds to ``3 / runs``.

    C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26 (1934). J. A. Hanley and A. Lippman-Hand, If nothing goes wrong, is everything all
    right?, JAMA 249 (1983).

    Args:
        failures: From 0 to ``runs``.
        runs: Independent runs; 0 tells nothing, and the bound is 1.
        confidence: Between 0 and 1.
    """
    if failures >= runs:
        return 1.0
    if failures == 0:
        return -math.expm1(math.log1p(-confidence) / runs)
    low, high = failures / runs, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(failures, runs, middle) > 1 - confidence else (low, middle)
    return high


def _at_most(failures: int, runs: int, rate: float) -> float:
    """Return the probability of at most so many failures; by logarithms, for runs beyond a float's factorials."""
    if rate >= 1:
        return 0.0
    return math.fsum(
        math.exp(_log_choose(runs, k) + k * math.log(rate) + (runs - k) * math.log1p(-rate))
        for k in range(failures + 1)
    )


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def figures_of(right: Iterable[tuple[Attempt, Trial]]) -> list[CheckFigures]:
    """Sum up, for each check, how it dealt with right answers; one that waits for a GPU is left out."""
    seen: dict[str, list[tuple[bool, CheckResult]]] = defaultdict(list)
    for attempt, trial in right:
        for check in trial.checks:
            if check.status != "deferred":
                seen[check.id].append((attempt.loaded, check))
    return [_figures(found) for found in seen.values()]


def _figures(found: list[tuple[bool, CheckResult]]) -> CheckFigures:
    quiet = [check.seconds for loaded, check in found if not loaded]
    busy = [check.seconds for loaded, check in found if loaded]
    first, failures = found[0][1], sum(lost(check) for _, check in found)
    return CheckFigures(
        id=first.id,
        exercise=first.exercise,
        runs=len(found),
        failures=failures,
        flake_bound=upper_bound(failures, len(found)),
        median_seconds=statistics.median(quiet or busy),
        worst_seconds=max(quiet or busy),
        loaded_seconds=max(busy, default=None),
    )
