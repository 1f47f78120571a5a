"""What there is to say of a class that is too large for a row each; of a result only its score is kept."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from statistics import median

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..grade.results import SubmissionResult
from .rows import STATUSES, bar, number, table_of

__all__ = ["show_summary"]

ROWS = 15
BANDS = 10
_KINDS = {status: place for place, status in enumerate(["error", "unreadable", *list(STATUSES)[1:]])}


def show_summary(results: Iterable[SubmissionResult], title: str, console: Console) -> None:
    """Write the numbers of a class, how its points are spread, and the submissions that most need a look."""
    summary = _Summary()
    first = [result for _, _, result in heapq.nsmallest(ROWS, summary.counted(results))]
    scores, full = sorted(summary.scores), summary.full
    console.print(f"{title}: {len(scores):,} submissions", style="bold")
    worst = f"lowest {number(scores[0])}, median {number(median(scores))}, highest {number(scores[-1])}"
    console.print(f"points of {number(full)}: {worst}", markup=False)
    for kind, place in _KINDS.items():
        if summary.kinds[place]:
            console.print(f"  {summary.kinds[place]:,} {_MEANS[kind]}")
    console.print(f"  {summary.kinds[len(_KINDS)]:,} passed everything")
    console.print(_spread(scores, full))
    console.print(table_of(first, f"The {len(first)} to look at first"))


_MEANS = {
    "error": "with a check of which the grader could not tell",
    "unreadable": "no module at all",
    "crashed": "whose process ended",
    "timeout": "out of time",
    "memory": "out of memory",
    "failed": "with checks that failed, and nothing worse",
    "deferred": "that wait for a GPU only",
}


class _Summary:
    """Counts of a class, kept while its results pass by."""

    def __init__(self) -> None:
        self.kinds: Counter[int] = Counter()
        self.scores: list[float] = []
        self.full = 0.0

    def counted(self, results: Iterable[SubmissionResult]) -> Iterator[tuple[tuple[int, float], int, SubmissionResult]]:
        """Yield each result after what it is ordered by: what happened, then its points."""
        for place, result in enumerate(results):
            kind = _kind(result)
            self.kinds[kind] += 1
            self.scores.append(result.score)
            self.full = max(self.full, result.max_score)
            yield (kind, result.score), place, result


def _kind(result: SubmissionResult) -> int:
    """Return the most telling of what happened, as its place; the last one for nothing at all."""
    happened = {check.status for check in result.checks}
    if result.status == "unreadable" and "error" not in happened:
        return _KINDS["unreadable"]
    return min((_KINDS[status] for status in happened if status in _KINDS), default=len(_KINDS))


def _spread(scores: list[float], full: float) -> Table:
    """Return how many submissions lie in each part of the points."""
    count = max(1, min(BANDS, int(full)))
    bands = Counter(min(int(count * score / full), count - 1) if full else 0 for score in scores)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    table.add_column(justify="right")
    for band in range(count):
        ends = f"{number(band * full / count)} to {number((band + 1) * full / count)}"
        table.add_row(Text(ends), bar(bands[band] / max(bands.values())), f"{bands[band]:,}")
    return table
