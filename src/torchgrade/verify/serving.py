"""In a process of its own: a grader that takes attempts one after another."""

from __future__ import annotations

import sys
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ..course import Assignment, Course
from ..expect.margins import Margin, collected_margins
from ..grade.grader import Grader
from ..grade.results import CheckResult
from ..grade.serving import serve
from ..grade.session import run_checks
from ..plugin.items import CHECK
from .attempts import Attempt, Trial, lost

__all__ = ["serve_attempts"]


def serve_attempts(connection: Connection, root: Path, slug: str) -> None:
    """Answer attempts with ``("trial", Trial)`` until the connection closes."""

    def work(course: Course, assignment: Assignment) -> None:
        run_checks(course, assignment, lambda grader: _work(connection, grader))

    serve(connection, root, slug, work)


def _work(connection: Connection, grader: Grader) -> None:
    """Take attempts as they come; the checks of one need not be followed by those that the grader planned."""
    grader.followers = {item: item.parent for item in grader.items}
    while True:
        try:
            attempt = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(("trial", _perform(grader, attempt)))


def _perform(grader: Grader, attempt: Attempt) -> Trial:
    limits = grader.assignment.limits
    asked = replace(limits, seconds=min(limits.seconds, attempt.seconds or limits.seconds))
    mine, grader.assignment = grader.assignment, replace(grader.assignment, limits=asked)
    try:
        cause = grader.why_unreadable(attempt.program)
        if cause is not None:
            return Trial("unreadable", cause)
        grader.program, grader.shift = attempt.program, attempt.shift
        return _graded(grader, attempt)
    finally:
        grader.assignment = mine


def _graded(grader: Grader, attempt: Attempt) -> Trial:
    done: list[CheckResult] = []
    margins: dict[str, tuple[Margin, ...]] = {}
    for item in grader.items:
        if attempt.only and item.stash[CHECK].spec.exercise not in attempt.only:
            continue
        with collected_margins() as measured:
            done.append(_run(grader, item))
        margins[done[-1].id] = tuple(map(_finite, measured))
        if attempt.stop and done[-1].points and lost(done[-1]):
            break
    # Replay is for what students do by mistake: of a mutant nobody asks which misconception it is like.
    checks = grader.named(tuple(done)) if attempt.kind == "misconception" else tuple(done)
    return Trial("graded", checks=checks, margins={name: found for name, found in margins.items() if found})


def _finite(margin: Margin) -> Margin:
    """Give an infinite value the largest size that JSON can hold."""
    return replace(margin, value=min(margin.value, sys.float_info.max))


def _run(grader: Grader, item: pytest.Function) -> CheckResult:
    # What is set up may belong to another module's checks: pytest insists that this is undone first.
    item.session._setupstate.teardown_exact(item)
    return grader.run(item)
