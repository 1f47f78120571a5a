"""Points for platforms: what is open, what a grade comes to, and whole numbers for those that know no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor, lcm

from ..grade.results import CheckResult, SubmissionResult
from ..report.status import UNSURE, status_words

__all__ = ["Whole", "exact", "grade_of", "is_open", "open_points", "whole_points"]

_LARGEST = 1000  # a factor beyond it makes points that nobody recognises
_ROUGH = 100


def is_open(check: CheckResult) -> bool:
    """Tell whether nothing is known about the answer yet: it waits for a GPU, or the grader could not tell."""
    return status_words(check.status).kind in ("waiting", "unsure")


def open_points(result: SubmissionResult) -> float:
    """Return the points that are neither earned nor lost."""
    unsure = sum(check.points for check in result.checks if status_words(check.status) is UNSURE)
    return round(result.deferred + unsure, 6)


def grade_of(result: SubmissionResult, scale: bool) -> float | None:
    """Return the grade out of ``result.max_score``; None where open points leave it unknown.

    Args:
        result: What grading found.
        scale: Take the share of the points that could be graded for the share of all.
    """
    unknown = open_points(result)
    if not unknown:
        return result.score
    known = result.max_score - unknown
    return result.score * result.max_score / known if scale and known > 1e-9 else None


def exact(points: float) -> str:
    """Write a number for a machine: no exponent, six decimals at most, none that say nothing."""
    text = f"{points:.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True)
class Whole:
    """A check's points in whole numbers.

    Attributes:
        score: What was earned.
        points: What it is worth; 0 while it is open, so that nothing is lost.
    """

    score: int
    points: int


def whole_points(checks: Iterable[CheckResult]) -> tuple[int, list[Whole]]:
    """Return by what the points are multiplied to make them whole, and each check's whole points.

    The factor depends on what the checks are worth alone, so it is the same for the whole class. Where no small one
    makes all of them whole it is 100, and the rounding is spread so that the sum stays right.
    """
    checks = list(checks)
    worth = [Fraction(check.points).limit_denominator(_LARGEST) for check in checks]
    factor = lcm(*(one.denominator for one in worth)) if worth else 1
    if factor > _LARGEST:
        factor = _ROUGH
    found, before = [], Fraction(0)
    for check, points in zip(checks, worth, strict=True):
        whole = _near((before + points) * factor) - _near(before * factor)
        before += points
        found.append(Whole(0, 0) if is_open(check) else Whole(_earned(check, whole, factor), whole))
    return factor, found


def _earned(check: CheckResult, whole: int, factor: int) -> int:
    return whole if check.score >= check.points else max(0, min(whole, _near(Fraction(check.score) * factor)))


def _near(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))
