"""What an exporter is asked for, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..course import Assignment
from ..late import StudentScore

__all__ = ["Export", "Wishes"]


@dataclass(frozen=True)
class Export:
    """The outcome of an export.

    Attributes:
        text: What the platform reads.
        notes: A sentence on each thing that whoever uses it should know.
        complete: Whether every submission is in it.
    """

    text: str
    notes: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True)
class Wishes:
    """What may be chosen; each format reads the part that is its own.

    Attributes:
        scale: Give a submission with open points the grade that it has on the others; else it is left out.
        hidden: Gradescope's visibility of a hidden check.
        part: Which of GitHub's three texts.
        rows: Whether a CSV has a row for each of the ``submissions`` or of the ``checks``.
        column: Heading of the grades; empty for the assignment's slug.
        identity: The platform's column that says who it is; empty for the platform's usual one.
        roster: Rows of the platform's own list of students, by the name of their submission; None without a list.
        run: What Classroom 50's runner says of itself, by the names of its environment variables.
        now: The time as ``2026-11-21T08:00:00Z``; Classroom 50 wants one.
        assignment: Gives the exercises their titles; None where the course is not known.
        scores: What counts after lateness and attempts, by student; None where that was not asked for.
    """

    scale: bool = False
    hidden: str = "visible"
    part: str = "result"
    rows: str = "submissions"
    column: str = ""
    identity: str = ""
    roster: Mapping[str, Mapping[str, str]] | None = None
    run: Mapping[str, str] = field(default_factory=dict)
    now: str = ""
    assignment: Assignment | None = None
    scores: Sequence[StudentScore] | None = None
