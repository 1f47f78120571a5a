"""Results, rules and times to settle."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from torchgrade.course import Due
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult

UTC = timezone.utc
AT = datetime(2026, 11, 30, 23, 59, tzinfo=timezone(timedelta(hours=1)))
DUE = Due(AT, zone="Europe/Berlin", penalty_per_day=0.1, closes="7 days")


def due(**changes: Any) -> Due:
    return replace(DUE, **changes)


def hours(number: float) -> datetime:
    """A moment so many hours after it was due."""
    return AT.astimezone(UTC) + timedelta(hours=number)


def result_of(
    submission: str, score: float = 10.0, *, status: str = "graded", deferred: float = 0.0, lost: float | None = None
) -> SubmissionResult:
    """A result out of 10 points, with a check for what was earned, one for what waits, one for what was lost."""
    lost = 10.0 - score - deferred if lost is None else lost
    parts = (("passed", score, score), ("deferred", deferred, 0.0), ("failed", lost, 0.0))
    checks = tuple(CheckResult(one, "f", "F", points, earned, one, True) for one, points, earned in parts if points)
    confinement = Confinement("A", ())
    path = f"subs/{submission}.py"
    return SubmissionResult(
        "01-mini", submission, path, "sha256:0", status, score, 10.0, deferred, 0.1, confinement, checks
    )


SPANS = st.sampled_from(["0 min", "5 min", "90 min", "12 hours", "1 day", "2 days", "1 week"])
SHARES = st.sampled_from([0.0, 0.01, 0.1, 1 / 3, 0.25, 0.5, 1.0])
# Around the due date, and around the nights of 2026 on which clocks in Berlin change.
MOMENTS = st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 10)) | st.datetimes(
    datetime(2026, 10, 15), datetime(2026, 11, 5)
)
TIMES = MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))


@st.composite
def rules(draw: st.DrawFn) -> Due:
    each = draw(st.sampled_from(["penalty_per_day", "penalty_per_hour", None]))
    return Due(
        draw(TIMES),
        zone=draw(st.sampled_from([None, "Europe/Berlin", "Asia/Kolkata"])),
        grace=draw(SPANS),
        of=draw(st.sampled_from(["score", "max_score"])),
        most=draw(SHARES),
        closes=draw(st.none() | SPANS),
        attempts=draw(st.sampled_from(["best", "last"])),
        most_attempts=draw(st.none() | st.integers(1, 4)),
        **({each: draw(SHARES)} if each else {}),
    )
