"""Markdown: a student's page, or the instructor's table of a class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..course.points import points_text
from ..grade.results import SubmissionResult
from ..report.markdown import feedback_markdown
from ..report.text import one_line
from .model import Export, Wishes
from .points import open_points
from .settled import assignment_of, lines_of, settled_of
from .shown import page_of

__all__ = ["overview"]

_ACTIVE = re.compile(r"[\\`*_\[\]#~|]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_NAMED = 6


def overview(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return the student's page for one submission; for none, or several, the instructor's table."""
    if len(results) == 1:
        return Export(feedback_markdown(results[0], assignment_of(results[0], wishes), lines_of(results[0], wishes)))
    return Export("\n".join(_table(results, wishes)) + "\n")


def _table(results: Sequence[SubmissionResult], wishes: Wishes) -> Iterator[str]:
    if not results:
        yield "# No submissions"
        return
    pages = [page_of(result, wishes) for result in results]
    yield f"# {_text(pages[0].title)}: {len(results)} submissions"
    counts = ("", "") if wishes.scores is None else (" counts |", "---:|")
    yield from (
        "",
        f"| submission | points |{counts[0]} open | solved | to look at |",
        f"|---|---:|{counts[1]}---:|---:|---|",
    )
    for result, page in zip(results, pages, strict=True):
        waiting = open_points(result)
        unsolved = [one.name for one in page.exercises if one.status.kind != "good"]
        solved = f"{len(page.exercises) - len(unsolved)} of {len(page.exercises)}"
        cause = one_line(result.cause, 120)
        notes = f"unreadable: {cause}" if page.unreadable else _listed(unsolved)
        points = f"{points_text(result.score)} / {points_text(result.max_score)}"
        counted = [] if wishes.scores is None else [_counts(result, wishes)]
        cells = (
            _text(page.submission),
            points,
            *counted,
            points_text(waiting) if waiting else "",
            solved,
            _text(notes),
        )
        yield f"| {' | '.join(cells)} |"
    yield from ("", "| exercise | solved by |", "|---|---:|")
    titles = {one.name: one.title for page in pages for one in page.exercises}
    for name, title in titles.items():
        solved_by = sum(one.status.kind == "good" for page in pages for one in page.exercises if one.name == name)
        yield f"| {_text(title)} | {solved_by} of {len(results)} |"


def _counts(result: SubmissionResult, wishes: Wishes) -> str:
    """Return what an attempt brings its student; nothing where another one counts."""
    found = settled_of(result, wishes)
    return points_text(found[1].points) if found and found[0].chosen is found[1] else ""


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _text(line: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", one_line(line, 120).translate(_ENTITIES))
