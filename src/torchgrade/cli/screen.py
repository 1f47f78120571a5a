"""What `grade` shows: a line that moves while it works, and a table at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ..course import Assignment
from ..grade.results import SubmissionResult
from ..report.text import one_line

__all__ = ["Screen"]

MAX_ROWS = 60
BAR = 12


class Screen:
    """Show a run of the grader; on a pipe only the final table is written.

    Args:
        assignment: What is graded.
        total: How many submissions there are.
        done: How many of them had a result already.
    """

    def __init__(self, assignment: Assignment, total: int, done: int) -> None:
        self.assignment, self.done = assignment, done
        self.console = Console(highlight=False)
        self.progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=self.console, transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip
        self.task = self.progress.add_task(f"{assignment.title}: starting", total=total, completed=done)

    def __enter__(self) -> Screen:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def add(self, result: SubmissionResult) -> None:
        """Show that a submission is through."""
        self.progress.update(
            self.task, advance=1, description=escape(f"{self.assignment.title}: {one_line(result.submission)}")
        )

    def finish(self, results: Sequence[SubmissionResult], out: Path) -> None:
        """Write the table."""
        self.progress.stop()
        table = Table(title=self.assignment.title, title_justify="left")
        table.add_column("submission", overflow="fold")
        table.add_column("points", justify="right")
        table.add_column("", no_wrap=True)
        table.add_column("what happened", overflow="fold")
        for result in results[:MAX_ROWS]:
            table.add_row(Text(one_line(result.submission)), _points(result), _bar(result), _events(result))
        self.console.print(table)
        if len(results) > MAX_ROWS:
            self.console.print(f"and {len(results) - MAX_ROWS} more in {out / 'results.jsonl'}")
        if self.done:
            self.console.print(f"{self.done} had a result already (--again grades them anew)")
        self.console.print(f"results: {out / 'results.jsonl'}   pages for students: {out / 'feedback'}", soft_wrap=True)


def _number(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _points(result: SubmissionResult) -> Text:
    return Text(f"{_number(result.score)} / {_number(result.max_score)}")


def _bar(result: SubmissionResult) -> Text:
    filled = round(BAR * result.score / result.max_score) if result.max_score else 0
    return Text("━" * filled, style="green").append("━" * (BAR - filled), style="dim")


def _events(result: SubmissionResult) -> Text:
    """Say in a few words what did not pass, most telling first."""
    if result.status == "unreadable":
        return Text(f"unreadable: {one_line(result.cause.partition(chr(10))[0], 200)}", style="red")
    text = Text()
    for status, style in (
        ("error", "bold red"),
        ("crashed", "red"),
        ("timeout", "red"),
        ("memory", "red"),
        ("failed", ""),
        ("deferred", "cyan"),
    ):
        names = dict.fromkeys(check.exercise for check in result.checks if check.status == status)
        if names:
            text.append(f"{'; ' if text else ''}{status}: ", style=style).append(", ".join(names))
    return text or Text("all passed", style="green")
