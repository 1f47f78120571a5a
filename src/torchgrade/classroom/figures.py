"""What is known about a class after its results were counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .measures import Bin, Spread

__all__ = ["CheckFigures", "ClassFigures", "ExerciseFigures", "Incident", "MistakeFigures", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One student in one assignment; there may be ten thousand, so it is small.

    Attributes:
        student: Whose it is.
        submission: The submission that counts.
        points: What counts, after any penalty.
        max_score: Points there are.
        waiting: Points that wait for a GPU.
        unsure: Points about which the grader could not tell.
        readable: Whether any check could run.
        stopped: Checks that ended the student's process: by the clock, by memory, by a crash.
        mistakes: How many different misconceptions were recognised.
    """

    student: str
    submission: str
    points: float
    max_score: float
    waiting: float
    unsure: float
    readable: bool
    stopped: int
    mistakes: int

    @property
    def share(self) -> float:
        """The share of all points that counts, 0 to 1."""
        return min(max(self.points / self.max_score, 0.0), 1.0) if self.max_score > 0 else 0.0


@dataclass(frozen=True)
class Incident:
    """Something that happened to one student's submission, in words."""

    student: str
    what: str
    words: str


@dataclass(frozen=True)
class CheckFigures:
    """One check over the class. Submissions that could not be read are in none of these numbers.

    Attributes:
        id: Its id in the results.
        exercise: The exercise it belongs to.
        title: What students read.
        points: What it is worth.
        visible: Whether students have it.
        statuses: How many results there are of each status.
        passed: How many passed.
        judged: How many passed or did not; the rest waits, or the grader could not tell.
        discrimination: As `item_rest` gives it.
        seconds: The time it took, over all students; None where nobody's was taken.
    """

    id: str
    exercise: str
    title: str
    points: float
    visible: bool
    statuses: Mapping[str, int]
    passed: int
    judged: int
    discrimination: float | None
    seconds: Spread | None

    @property
    def rate(self) -> float | None:
        """The share of those judged who passed; None where nobody was."""
        return self.passed / self.judged if self.judged else None


@dataclass(frozen=True)
class ExerciseFigures:
    """One exercise over the class, in the same way.

    Attributes:
        name: The function or class.
        points: What it is worth.
        share: The mean share of its judged points that was earned, 0 to 1; None where nothing was judged.
        solved: How many passed all of its checks that were judged.
        judged: How many have one that was.
    """

    name: str
    points: float
    share: float | None
    solved: int
    judged: int


@dataclass(frozen=True)
class MistakeFigures:
    """One misconception over the class.

    Attributes:
        name: As its author calls it.
        exercise: The exercise it is about.
        belief: What whoever has it believes, in its author's words.
        hint: What its author says about it.
        alike: Further misconceptions that no check can tell from it.
        students: Who has it.
    """

    name: str
    exercise: str
    belief: str
    hint: str
    alike: tuple[str, ...]
    students: tuple[str, ...]


@dataclass(frozen=True)
class ClassFigures:
    """One assignment's class.

    Attributes:
        assignment: The slug.
        max_score: Points there are; the most, where not all were graded by the same checks.
        rows: The students, by name.
        spread: Of the points that count, over all students; None without any.
        bins: The same, counted.
        exercises: In the order of the results.
        checks: In the order of the results.
        mistakes: The most frequent first.
        unreadable: Who could not be read, and why.
        errors: Where the grader itself failed.
        worths: The different numbers of points that submissions were graded out of: more than one is a warning.
    """

    assignment: str
    max_score: float
    rows: tuple[Row, ...]
    spread: Spread | None
    bins: tuple[Bin, ...]
    exercises: tuple[ExerciseFigures, ...]
    checks: tuple[CheckFigures, ...]
    mistakes: tuple[MistakeFigures, ...]
    unreadable: tuple[Incident, ...]
    errors: tuple[Incident, ...]
    worths: tuple[float, ...]

    @property
    def readable(self) -> int:
        """How many submissions could be read."""
        return sum(row.readable for row in self.rows)

    @property
    def judged_checks(self) -> tuple[CheckFigures, ...]:
        """The checks about which something is known."""
        return tuple(check for check in self.checks if check.judged)
