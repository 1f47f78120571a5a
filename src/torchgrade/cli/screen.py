"""What `grade` shows: how far it is while it works, and what came of it at the end."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import chain, islice
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ..course import Assignment
from ..grade.results import SubmissionResult
from ..report.text import one_line
from .rows import number, table_of
from .summary import show_summary

__all__ = ["Screen"]

MAX_ROWS = 60
LINE_SECONDS = 30.0  # on a pipe, such as a job's log
ESTIMATE_SECONDS = 120.0


class Screen:
    """Show a run of the grader: a line that moves, or on a pipe a plain line every half minute.

    Args:
        assignment: What is graded.
        total: How many submissions there are.
        done: How many of them had a result already.
    """

    def __init__(self, assignment: Assignment, total: int, done: int) -> None:
        self.assignment, self.total, self.done, self.graded = assignment, total, done, 0
        self.console = Console(highlight=False)
        self.progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _RateColumn(),
            TimeRemainingColumn(), console=self.console, transient=True, disable=not self.console.is_terminal,
            speed_estimate_period=ESTIMATE_SECONDS,
        )  # fmt: skip
        self.task = self.progress.add_task(f"{assignment.title}: starting", total=total, completed=done)
        self.start = self.first = self.last_line = time.monotonic()

    def __enter__(self) -> Screen:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()
        if isinstance(error, KeyboardInterrupt):
            self.console.print(self.speed(), markup=False)

    def add(self, result: SubmissionResult) -> None:
        """Show that a submission is through."""
        if not self.graded:
            self.first = time.monotonic()
        self.graded += 1
        points = f"{number(result.score)} / {number(result.max_score)}"
        words = f"{self.assignment.title}: {one_line(result.submission, 40)} {points}"
        self.progress.update(self.task, advance=1, description=escape(words))
        if not self.console.is_terminal and time.monotonic() - self.last_line >= LINE_SECONDS:
            self.last_line = time.monotonic()
            self.console.print(self.how_far(), markup=False, soft_wrap=True)

    def how_far(self) -> str:
        """Say how many are done, how fast, and how long the others take at that rate."""
        far = f"{self.done + self.graded:,} of {self.total:,}"
        rate = (self.graded - 1) / (time.monotonic() - self.first)  # how long the start took says nothing of the rest
        left = self.total - self.done - self.graded
        return f"{far}, {rate:.2f} a second, {_duration(left / rate)} left" if rate else far

    def speed(self) -> str:
        """Say how many were graded in this run, and how fast."""
        seconds = time.monotonic() - self.start
        return f"{self.graded:,} graded in {_duration(seconds)}, {self.graded / seconds:.2f} a second"

    def finish(self, results: Iterable[SubmissionResult], out: Path) -> None:
        """Write a row for each submission, or for a large class its numbers."""
        self.progress.stop()
        results = iter(results)
        few = list(islice(results, MAX_ROWS + 1))
        if len(few) <= MAX_ROWS:
            self.console.print(table_of(few, self.assignment.title))
        else:
            show_summary(chain(few, results), self.assignment.title, self.console)
        if self.done:
            self.console.print(f"{self.done} had a result already (--again grades them anew)")
        if self.graded:
            self.console.print(self.speed(), markup=False)
        self.console.print(f"results: {out / 'results.jsonl'}   pages for students: {out / 'feedback'}", soft_wrap=True)


class _RateColumn(ProgressColumn):
    """Submissions a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    if minutes < 1:
        return f"{seconds} s"
    return f"{minutes} min {seconds} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
