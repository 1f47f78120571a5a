"""The instructor's page about one student: all that grading found, hidden checks included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..classroom import Row, Spread
from ..grade.results import CheckResult, SubmissionResult
from .class_page import Labels, instructor_pages

__all__ = ["StudentPart", "student_html"]


@dataclass(frozen=True)
class StudentPart:
    """One assignment of a student.

    Attributes:
        labels: What the assignment's parts are called.
        row: What counts.
        spread: Of the class's points, to compare with.
        result: What grading found in the submission that counts.
        words: How the points that count came about; may be empty.
    """

    labels: Labels
    row: Row
    spread: Spread | None
    result: SubmissionResult
    words: str = ""

    @property
    def exercises(self) -> dict[str, list[CheckResult]]:
        """The checks by exercise, in their order."""
        found: dict[str, list[CheckResult]] = {}
        for check in self.result.checks:
            found.setdefault(check.exercise, []).append(check)
        return found


def student_html(student: str, parts: Sequence[StudentPart]) -> str:
    """Return the page about a student as a whole HTML document.

    Args:
        student: The student's name.
        parts: What was handed in, in the order of the assignments.
    """
    return instructor_pages().get_template("student.html").render(student=student, parts=parts)
