"""What a gradebook holds of one assignment, as plain data: no database in sight."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from ..grade.results import SubmissionResult

__all__ = ["ByHand", "Facts", "Grading", "Granted", "HandIn", "Override", "Student", "student_id"]


def student_id(text: str) -> str:
    """Return a student's id as it is compared: file systems write accents in two ways."""
    return unicodedata.normalize("NFC", text.strip())


@dataclass(frozen=True)
class Student:
    """Somebody.

    Attributes:
        id: As submissions are named, or as ``--times`` says.
        name: Empty where no roster gave one.
        group: Empty for none.
        listed: Whether a roster had them.
    """

    id: str
    name: str = ""
    group: str = ""
    listed: bool = False


@dataclass(frozen=True)
class Grading:
    """One grading of an attempt.

    Attributes:
        id: In the database.
        number: From 1; the highest holds.
        at: When the gradebook took it in.
        reason: Why it was graded again; empty for the first, and where nobody said.
        result: What was found.
    """

    id: int
    number: int
    at: datetime
    reason: str
    result: SubmissionResult


@dataclass(frozen=True)
class HandIn:
    """An attempt and all its gradings.

    Attributes:
        id: In the database: in the order in which they came in.
        submission: The submission's name.
        digest: Of its files.
        student: Whose.
        number: The how manyth it is, where somebody said so.
        handed_in: When, where it is known.
        form: ``py``, ``ipynb`` or ``folder``.
        gradings: In order; never empty.
    """

    id: int
    submission: str
    digest: str
    student: str
    number: int | None
    handed_in: datetime | None
    form: str
    gradings: tuple[Grading, ...]

    @property
    def grading(self) -> Grading:
        """The grading that holds."""
        return self.gradings[-1]


@dataclass(frozen=True)
class ByHand:
    """What a person decided.

    Attributes:
        id: In the database.
        student: Whose it is about.
        at: When.
        by: By whom.
        note: Why.
        withdrawn_at: When it was taken back; None while it stands.
        withdrawn_by: By whom.
        withdrawn_note: Why.
    """

    id: int
    student: str
    at: datetime
    by: str
    note: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_note: str | None


@dataclass(frozen=True)
class Granted(ByHand):
    """An extension.

    Attributes:
        until: The new deadline.
    """

    until: datetime


@dataclass(frozen=True)
class Override(ByHand):
    """Points that somebody set.

    Attributes:
        attempt: Of which attempt; None for the score that counts.
        grading: What the grader had said when it was set; None where nothing was handed in.
        exercise: Of which exercise; None for another target.
        check: Of which check.
        old: What held before; None where nothing was handed in.
        new: What holds since.
    """

    attempt: int | None
    grading: int | None
    exercise: str | None
    check: str | None
    old: float | None
    new: float

    @property
    def target(self) -> tuple[int | None, str | None, str | None]:
        """What it sets; of several with the same target the newest holds."""
        return self.attempt, self.exercise, self.check

    @property
    def of(self) -> str:
        """What it sets, in words."""
        return f"exercise {self.exercise}" if self.exercise else f"check {self.check}" if self.check else "the score"


@dataclass(frozen=True)
class Facts:
    """All there is of one assignment.

    Attributes:
        slug: Which.
        students: All of the gradebook, by id.
        attempts: In the order in which they came in.
        extensions: In order, withdrawn ones too.
        overrides: In order, withdrawn ones too.
    """

    slug: str
    students: dict[str, Student]
    attempts: tuple[HandIn, ...]
    extensions: tuple[Granted, ...]
    overrides: tuple[Override, ...]

    def extension_of(self, student: str) -> Granted | None:
        """Return the extension that holds for a student."""
        standing = [one for one in self.extensions if one.student == student and one.withdrawn_at is None]
        return standing[-1] if standing else None

    def overrides_of(self, student: str) -> dict[tuple[int | None, str | None, str | None], Override]:
        """Return the overrides that hold for a student, by target."""
        theirs = [one for one in self.overrides if one.student == student and one.withdrawn_at is None]
        return {one.target: one for one in theirs}
