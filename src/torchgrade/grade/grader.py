"""Make a pytest session a grader: the checks are collected once, torch is loaded once, and nothing else is let in."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from ..course import Assignment, Course
from ..errors import AuthorError, CourseError
from ..plugin import CHECKS
from ..plugin.items import CHECK, describe_items, refuse_unknown_exercises
from ..sandbox.open import open_sandbox
from ..sandbox.patience import PATIENCE
from ..sandbox.shared import provide_shared
from .grading import Grading

__all__ = ["Grader", "Wall", "run_checks"]

GRACE_SECONDS = 60
# Modules of pytest's own that a grader has no use for, and other people's plugins.
_WITHOUT = ("cacheprovider", "terminal", "logging", "junitxml", "pastebin", "doctest", "stepwise", "faulthandler")


@dataclass(frozen=True)
class Wall:
    """How strongly workers must be held.

    Attributes:
        confine: Put up what the machine has.
        allow_unconfined: Run hidden checks even where that is less than the course asks for.
    """

    confine: bool = True
    allow_unconfined: bool = False


class Grader(Grading):
    """The pytest plugin that turns a collected session into a grader.

    Args:
        course: Where the assignment lies.
        assignment: Which one.
        isolation: ``"sandbox"`` or ``"none"``.
        visible_only: Leave out the hidden checks.
        wall: How strongly workers must be held.
        work: Called with the grader once all is ready; when it returns the session ends.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        isolation: str,
        visible_only: bool,
        wall: Wall,
        work: Callable[[Grader], None],
    ) -> None:
        fixtures, limits = course.root / "fixtures", assignment.limits
        sandboxed = isolation == "sandbox"
        super().__init__(assignment, open_sandbox(fixtures, limits, confine=wall.confine) if sandboxed else None)
        self.course, self.work, self.visible_only, self.wall = course, work, visible_only, wall
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
        if level <= least or not hidden or self.wall.allow_unconfined:
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

    def pytest_unconfigure(self) -> None:
        """End the worker processes."""
        if self.sandbox is not None:
            self.sandbox.close()


def run_checks(
    course: Course,
    assignment: Assignment,
    work: Callable[[Grader], None],
    *,
    isolation: str = "sandbox",
    visible_only: bool = False,
    wall: Wall = Wall(),
) -> None:
    """Collect an assignment's checks and call ``work`` with a grader that is ready.

    Args:
        course: The course.
        assignment: The assignment.
        work: Does the grading, by calling `Grader.grade` as often as it likes.
        isolation: ``"sandbox"``: workers in processes of their own; ``"none"``: in this one.
        visible_only: Leave out the hidden checks.
        wall: How strongly workers must be held.

    Raises:
        CourseError: The checks cannot be collected.
        AuthorError: A check is not declared rightly.
    """
    graders = course.graders(assignment.slug)
    if not graders.is_dir():
        raise CourseError(
            graders, "", "the folder is missing", f"write checks into {graders}/test_{assignment.module}.py"
        )
    provide_shared(course.root / "fixtures")
    grader = Grader(course, assignment, isolation, visible_only, wall, work)
    with _without_other_plugins():
        code = pytest.main(list(_arguments(graders, course.root)), plugins=[_Registered(grader)])
    for name in [name for name, module in sys.modules.items() if _lies_in(module, graders)]:
        del sys.modules[name]  # another run in this process must not meet today's checks
    if grader.problem is not None:
        raise grader.problem
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"pytest ended with {code!r}")


@contextlib.contextmanager
def _without_other_plugins() -> Iterator[None]:
    """Keep pytest from loading whatever else is installed: a plugin that reorders or retries would change results."""
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


def _lies_in(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(file).is_relative_to(folder)


class _Registered:
    """Register the grader under the name by which the plugin finds it."""

    def __init__(self, grader: Grader) -> None:
        self.grader = grader

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(self.grader, CHECKS)


def _arguments(graders: Path, root: Path) -> Iterator[str]:
    """Yield pytest's arguments: the course's own configuration and plugins are not for the grader."""
    yield from (
        "-p",
        "torchgrade.plugin",
        "-p",
        "pytest_timeout",
        "-s",
        "--import-mode=importlib",
        f"--rootdir={root}",
        "-W",
        "ignore",
    )
    yield from ("-c", str(Path(__file__).with_name("pytest.ini")))
    for name in _WITHOUT:
        yield from ("-p", f"no:{name}")
    yield str(graders)
