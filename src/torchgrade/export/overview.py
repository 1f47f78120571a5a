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
from .shown import nameless, page_of

__all__ = ["overview"]

_ACTIVE = re.compile(r"[\\`*_\[\]#~|]")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_NAMED = 6


def overview(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return the student's page for one submission; for none, or several, the instructor's table."""
    if len(results) == 1:
        return Export(feedback_markdown(results[0], nameless(results[0].assignment)))
    return Export("\n".join(_table(results)) + "\n")


def _table(results: Sequence[SubmissionResult]) -> Iterator[str]:
    yield f"# {_text(results[0].assignment)}: {len(results)} submissions" if results else "# No submissions"
    if not results:
        return
    pages = [page_of(result) for result in results]
    yield from ("", "| submission | points | open | solved | to look at |", "|---|---:|---:|---:|---|")
    for result, page in zip(results, pages, strict=True):
        waiting = open_points(result)
        unsolved = [one.name for one in page.exercises if one.status.kind != "good"]
        solved = f"{len(page.exercises) - len(unsolved)} of {len(page.exercises)}"
        cause = one_line(result.cause, 120)
        notes = f"unreadable: {cause}" if page.unreadable else _listed(unsolved)
        points = f"{points_text(result.score)} / {points_text(result.max_score)}"
        cells = (_text(page.submission), points, points_text(waiting) if waiting else "", solved, _text(notes))
        yield f"| {' | '.join(cells)} |"
    yield from ("", "| exercise | solved by |", "|---|---:|")
    names = dict.fromkeys(one.name for page in pages for one in page.exercises)
    for name in names:
        solved_by = sum(one.status.kind == "good" for page in pages for one in page.exercises if one.name == name)
        yield f"| {_text(name)} | {solved_by} of {len(results)} |"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _text(line: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", one_line(line, 120).translate(_ENTITIES))
