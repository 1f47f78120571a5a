"""The table of `scores`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..course import Assignment
from ..course.points import points_text
from ..late import StudentScore, rule_text, student_text
from ..report.text import one_line

__all__ = ["show_scores"]


def show_scores(scores: Sequence[StudentScore], assignment: Assignment) -> None:
    """Write a row for each student, and the assignment's rule beneath."""
    console = Console(highlight=False)
    table = Table(title=assignment.title, title_justify="left")
    table.add_column("student", overflow="fold")
    table.add_column("raw", justify="right", no_wrap=True)
    table.add_column("counts", justify="right", no_wrap=True)
    table.add_column("the rule that was applied", overflow="fold")
    for score in scores:
        raw, counts = points_text(score.chosen.result.score), points_text(score.points)
        style = "" if score.points == score.chosen.result.score else "yellow"
        table.add_row(
            Text(one_line(score.student)), raw, Text(counts, style=style), Text(one_line(student_text(score), 1000))
        )
    console.print(table)
    rule = rule_text(assignment.due) if assignment.due else "assignment.toml has no [due]: the last attempt counts."
    console.print(rule, markup=False, soft_wrap=True)
