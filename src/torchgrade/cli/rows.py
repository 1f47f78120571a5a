"""One submission in a table: its points, and in a few words what did not pass."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from ..grade.results import SubmissionResult
from ..report.text import one_line

__all__ = ["STATUSES", "bar", "number", "table_of"]

BAR = 12
# What did not pass, most telling first, and how it looks.
STATUSES = {
    "error": "bold red", "crashed": "red", "timeout": "red", "memory": "red", "failed": "", "deferred": "cyan",
}  # fmt: skip


def table_of(results: Iterable[SubmissionResult], title: str) -> Table:
    """Return a table with a row for each result."""
    table = Table(title=title, title_justify="left")
    table.add_column("submission", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("", no_wrap=True)
    table.add_column("what happened", overflow="fold")
    for result in results:
        points = Text(f"{number(result.score)} / {number(result.max_score)}")
        share = result.score / result.max_score if result.max_score else 0.0
        table.add_row(Text(one_line(result.submission)), points, bar(share), _events(result))
    return table


def number(points: float) -> str:
    """Return points with two decimals at the most."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def bar(share: float) -> Text:
    """Return a bar that is filled by a share, from 0 to 1."""
    filled = round(BAR * share)
    return Text("━" * filled, style="green").append("─" * (BAR - filled), style="dim")


def _events(result: SubmissionResult) -> Text:
    """Say in a few words what did not pass, most telling first."""
    if result.status == "unreadable":
        return Text(f"unreadable: {one_line(result.cause.partition(chr(10))[0], 200)}", style="red")
    text = Text()
    for status, style in STATUSES.items():
        names = dict.fromkeys(check.exercise for check in result.checks if check.status == status)
        if names:
            text.append(f"{'; ' if text else ''}{status}: ", style=style).append(", ".join(names))
    return text or Text("all passed", style="green")
