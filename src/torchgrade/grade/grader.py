"""The pytest plugin that turns a collected session into a grader, which takes any number of submissions."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from ..course import Assignment, Course
from ..errors import AuthorError, CourseError
from ..plugin.items import CHECK, describe_items, refuse_unknown_exercises
from ..sandbox.open import Sandbox
from ..sandbox.patience import PATIENCE
from .grading import Grading

__all__ = ["Grader"]

GRACE_SECONDS = 60


class Grader(Grading):
    """Collect an assignment's checks, once, and grade with them.

    Args:
        course: Where the assignment lies.
        assignment: Which one.
        sandbox: Gives out workers; None calls the student's code in this process.
        visible_only: Leave out the hidden checks.
        allow_unconfined: Run hidden checks even where workers are held less strongly than the course asks for.
        work: Called with the grader once all is ready; when it returns the session ends.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        sandbox: Sandbox | None,
        visible_only: bool,
        allow_unconfined: bool,
        work: Callable[[Grader], None],
    ) -> None:
        super().__init__(assignment, sandbox)
        self.course, self.work = course, work
        self.visible_only, self.allow_unconfined = visible_only, allow_unconfined
        self.problem: Exception | None = None

    def adopt(self, items: list[pytest.Function]) -> None:
        """Take the collected checks, in the order of the exercises."""
        describe_items(items, self.course.root, self.words)
        try:
            refuse_unknown_exercises(items, self.assignment.exercise_names)
        except AuthorError as error:
            self.problem = error
        limits = self.assignment.limits
        for item in items:  # the worker has a clock of its own; this one is for a check that hangs by itself
            seconds = PATIENCE * (limits.seconds + limits.import_seconds) + GRACE_SECONDS
            item.add_marker(pytest.mark.timeout(seconds))
        order = {name: place for place, name in enumerate(self.assignment.exercise_names)}
        chosen = [item for item in items if item.stash[CHECK].spec.visible or not self.visible_only]
        self.items = sorted(chosen, key=lambda item: order.get(item.stash[CHECK].spec.exercise, 0))
        self.turns = sorted(self.items, key=lambda item: not item.stash[CHECK].spec.visible)
        # What pytest leaves set up after an item is what the next one needs: its module, which need not be this one's.
        self.followers = {
            item: after.parent for item, after in zip(self.turns, self.turns[1:] + self.turns[:1], strict=True)
        }

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note the first file that could not be collected."""
        if report.failed and self.problem is None:
            self.problem = CourseError(
                report.nodeid, "", f"the checks cannot be collected\n{report.longreprtext}", "mend the file named above"
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Grade instead of running each item once."""
        if self.problem is None and not self.items:
            graders = self.course.graders(self.assignment.slug)
            self.problem = CourseError(
                graders, "", "there is no check in it", "write test_*.py files with @check functions"
            )
        if self.problem is None:
            self.problem = self.too_weak()
        if self.problem is None:
            gc.collect()
            gc.freeze()  # the collected session and torch stay for good: nothing there to look through again
            self.work(self)
        return True

    def too_weak(self) -> CourseError | None:
        """Refuse to run hidden checks on a machine that cannot keep them hidden."""
        level, least = self.confinement.level, self.course.least_level
        hidden = any(not item.stash[CHECK].spec.visible for item in self.items)
        if level <= least or not hidden or self.allow_unconfined:
            return None
        problem = f"workers would be held at level {level} here, and hidden checks want {least} or better"
        remedy = (
            "see `torchgrade doctor`; or run with --visible-only, or with --allow-unconfined for code that you trust"
        )
        return CourseError(self.course.root / "pyproject.toml", "tool.torchgrade.least_level", problem, remedy)

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note what stopped the session: pytest itself would only give a number."""
        if self.problem is None and isinstance(excinfo.value, Exception):
            self.problem = excinfo.value
