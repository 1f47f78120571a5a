"""The statistics, as functions of numbers."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

__all__ = ["LEAST_STUDENTS", "Bin", "Spread", "bins_of", "item_rest", "spread_of"]

LEAST_STUDENTS = 20
_MOST_BINS = 20


@dataclass(frozen=True)
class Spread:
    """Where the values of a class lie, in the unit of the values.

    Attributes:
        count: How many there are.
        mean: Arithmetic mean.
        deviation: Standard deviation of this class, not of one that it is a sample of.
        least: The smallest value.
        lower: The first quartile.
        median: The second quartile.
        upper: The third quartile.
        most: The largest value.
    """

    count: int
    mean: float
    deviation: float
    least: float
    lower: float
    median: float
    upper: float
    most: float


@dataclass(frozen=True)
class Bin:
    """One bar of a histogram: values from ``start`` on, and below ``end``; the last one holds its end as well."""

    start: float
    end: float
    count: int


def spread_of(values: Sequence[float]) -> Spread | None:
    """Return mean, deviation and quartiles; None where there are no values.

    The quartiles are those of type 7 in Hyndman and Fan, "Sample quantiles in statistical packages", The American
    Statistician 50 (1996), which is also what numpy and most spreadsheets give.
    """
    if not values:
        return None
    ordered = sorted(values)
    lower, median, upper = statistics.quantiles(ordered, method="inclusive") if len(ordered) > 1 else 3 * ordered
    return Spread(
        len(ordered), statistics.fmean(ordered), statistics.pstdev(ordered),
        ordered[0], lower, median, upper, ordered[-1],
    )  # fmt: skip


def bins_of(values: Sequence[float], most: float) -> tuple[Bin, ...]:
    """Count values from 0 to ``most`` in bars of equal width.

    Where the points are whole numbers so are the bars' widths, and there are 20 bars at the most. The bars depend on
    ``most`` alone: those of one assignment do not move from one class to the next.

    Args:
        values: Points; those above ``most`` are counted with it, those below 0 with 0.
        most: Points there are.
    """
    if most <= 0:
        return ()
    number = 10
    if most == floor(most):
        number = next(bars for bars in range(min(int(most), _MOST_BINS), 0, -1) if most % bars == 0)
        number = number if number >= 5 else 10
    width = most / number
    counts = [0] * number
    for value in values:
        counts[min(max(floor(value / width + 1e-9), 0), number - 1)] += 1
    return tuple(Bin(index * width, (index + 1) * width, count) for index, count in enumerate(counts))


def item_rest(passed: Sequence[float], rest: Sequence[float]) -> float | None:
    """Return how well a check tells students apart: the item-rest point-biserial correlation, -1 to 1.

    It is Pearson's correlation of passing the check (1 or 0) with the score on all the other checks. Leaving the check
    out of the score, so that it is not compared with itself, is the correction of item-total correlations in Henrysson,
    "Correction of item-total correlations in item analysis", Psychometrika 28 (1963), 211-218.

    Args:
        passed: For each student 1 or 0.
        rest: For each student the share of the other points that was earned, in the same order.

    Returns:
        None for fewer than 20 students, where chance alone gives 0.2 and more (the standard error of no correlation at
        all is ``1 / sqrt(n - 1)``), and where all passed, nobody did, or the rest is the same for everyone.
    """
    if len(passed) < LEAST_STUDENTS:
        return None
    try:
        return statistics.correlation(passed, rest)
    except statistics.StatisticsError:  # one of the two is constant
        return None
