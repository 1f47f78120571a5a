"""What handing in at some moment costs: a pure function of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from ..course.due import Due, span_of
from .moments import Clock

__all__ = ["Charge", "charge_for", "rounded"]

Kind = Literal["free", "unknown", "in time", "grace", "late", "closed"]


@dataclass(frozen=True)
class Charge:
    """What the rules make of one moment of handing in.

    Attributes:
        kind: ``free`` (nothing is ever due), ``unknown`` (nobody knows when), ``in time``, ``grace`` (late, and
            forgiven), ``late``, or ``closed`` (so late that nothing counts).
        due: The student's own deadline, in UTC; None for ``free``.
        days: Whole days late, by the course's clock.
        rest: The rest of the lateness.
        units: Days or hours late that have begun.
        share: The share that is lost, 0 to 1.
    """

    kind: Kind
    due: datetime | None = None
    days: int = 0
    rest: timedelta = timedelta(0)
    units: int = 0
    share: Decimal = Decimal(0)

    def points(self, score: float, max_score: float, of: str = "score") -> float:
        """Return the points that are left of ``score``, rounded; never fewer than 0.

        Args:
            score: Points earned.
            max_score: Points there are.
            of: Whether the share is one of ``"score"`` or of ``"max_score"``.
        """
        if self.kind == "closed":
            return 0.0
        earned, whole = _exact(score), _exact(max_score)
        return rounded(max(earned - self.share * (earned if of == "score" else whole), Decimal(0)))


def charge_for(due: Due | None, handed_in: datetime | None, until: datetime | None = None) -> Charge:
    """Return what handing in at a moment costs.

    Args:
        due: The assignment's rules; None where nothing is due.
        handed_in: The moment, with a timezone; None where it is not known, which costs nothing.
        until: The end of the student's extension; what lies before the due date changes nothing.
    """
    if due is None:
        return Charge("free")
    # In UTC: Python compares two times of one zone by what the clock shows, which is wrong where it is put back.
    deadline = max(one.astimezone(timezone.utc) for one in (due.at, until) if one)
    if handed_in is None:
        return Charge("unknown", deadline)
    handed_in = handed_in.astimezone(timezone.utc)
    if handed_in <= deadline:
        return Charge("in time", deadline)
    clock = Clock(due)
    days, rest = clock.days_between(deadline, handed_in)
    if handed_in <= clock.after(deadline, span_of(due.grace)):
        return Charge("grace", deadline, days, rest)
    if due.closes is not None and handed_in > clock.after(deadline, span_of(due.closes)):
        return Charge("closed", deadline, days, rest)
    units, share = _lost(due, days, rest, handed_in - deadline)
    return Charge("late", deadline, days, rest, units, share)


def _lost(due: Due, days: int, rest: timedelta, elapsed: timedelta) -> tuple[int, Decimal]:
    """Return how many days or hours have begun, and the share that they cost."""
    if due.penalty_per_hour is not None:
        units, each = -(-elapsed // timedelta(hours=1)), due.penalty_per_hour
    else:
        units, each = days + bool(rest), due.penalty_per_day or 0.0
    return units, min(units * _exact(each), _exact(due.most))


def _exact(number: float) -> Decimal:
    # By way of its shortest text: three times 0.1 is 0.3, not 0.30000000000000004.
    return Decimal(repr(float(number)))


def rounded(points: Decimal | float) -> float:
    """Round points to two decimals, halves up."""
    exact = points if isinstance(points, Decimal) else _exact(points)
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
