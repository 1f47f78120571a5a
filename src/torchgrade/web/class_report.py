"""The class so far, as `torchgrade report` shows it: of each student the attempt that counts."""

from __future__ import annotations

from pathlib import Path

from ..classroom import Counted, ResultsFile, Tally
from ..course import Assignment
from ..late import handed_in, student_text
from ..report.class_page import class_html, labels_of

__all__ = ["class_report"]


def class_report(results: Path, assignment: Assignment) -> str:
    """Return the page about one assignment's class as a whole HTML document.

    Args:
        results: The assignment's ``results.jsonl``.
        assignment: Whose due date and attempts count.

    Raises:
        CourseError: There are no results yet.
    """
    source = ResultsFile(results)
    late = handed_in(assignment, {one.submission: Path(one.path) for one in source}, "names")
    counted = {
        score.chosen.result.submission: Counted(score.student, score.points, student_text(score))
        for score in late.settle(source)
    }
    figures = Tally(source.assignment, counted).add_all(source).figures()
    return class_html(figures, labels_of(assignment), linked=False)
