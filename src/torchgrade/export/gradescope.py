"""Gradescope: ``/autograder/results/results.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ..grade.results import SubmissionResult
from ..language import _
from ..report.view import PageView
from .model import Export, Wishes
from .points import grade_of, is_open, open_points
from .settled import points_left
from .shown import Shown, page_of, shown_checks

__all__ = ["gradescope"]


def gradescope(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return one submission's results for Gradescope.

    The score on top counts, not the sum of the tests. A check that is open has neither score nor status: Gradescope
    then shows what it says, and no zero.
    """
    (result,) = results
    page, whole = page_of(result, wishes), grade_of(result, wishes.scale)
    record = {
        "score": round(points_left(result, wishes, result.score if whole is None else whole), 6),
        "output": "\n\n".join(_said(page)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # what a grader prints is for nobody's eyes
        "tests": [_test(shown, place, wishes) for place, shown in _placed(shown_checks(result, wishes))],
        "extra_data": {
            "assignment": result.assignment,
            "submission": result.submission,
            "digest": result.digest,
            "status": result.status,
            "earned": result.score,
            "max_score": result.max_score,
            "deferred": result.deferred,
            "open": open_points(result),
            "level": result.confinement.level,
        },
    }
    return Export(json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def _said(page: PageView) -> Iterator[str]:
    yield _("{points}, {solved}.").format(points=page.score, solved=page.solved)
    yield from (*page.handed_in, *page.notes)
    if page.unreadable:
        unread = _("Your submission could not be read")
        yield "\n".join([_("{sentence}.").format(sentence=unread), page.cause]).rstrip()
        yield page.remedy
    if page.secrecy:
        yield page.secrecy


def _placed(checks: list[Shown]) -> Iterator[tuple[str, Shown]]:
    """Yield each check with its number: that of the exercise, and its own in there."""
    order = {name: place for place, name in enumerate(dict.fromkeys(one.check.exercise for one in checks), 1)}
    inside = dict.fromkeys(order, 0)
    for one in checks:
        inside[one.check.exercise] += 1
        yield f"{order[one.check.exercise]}.{inside[one.check.exercise]}", one


def _test(shown: Shown, place: str, wishes: Wishes) -> dict[str, Any]:
    check = shown.check
    test: dict[str, Any] = {"name": shown.name, "number": place, "output": _output(shown), "tags": [check.exercise]}
    test["visibility"] = "visible" if check.visible else wishes.hidden
    if not is_open(check):
        test |= {"score": round(check.score, 6), "max_score": round(check.points, 6)}
        test["status"] = "passed" if shown.kind == "good" else "failed"
    test["extra_data"] = {"status": check.status, "points": check.points, "hidden": not check.visible}
    return test


def _output(shown: Shown) -> str:
    head = "" if shown.kind == "good" else f"{shown.label} · {shown.view.points}"
    hidden = "" if shown.check.visible else _("hidden check")
    return "\n".join(filter(None, (" · ".join(filter(None, (head, hidden))), shown.text)))
