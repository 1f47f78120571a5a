"""A session of pytest as a grader: the checks are collected once, torch is loaded once, and nothing else is let in."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from ..course import Assignment, Course
from ..errors import CourseError
from ..plugin import CHECKS
from ..sandbox.open import open_sandbox
from ..sandbox.shared import provide_shared
from ..sandbox.warmth import mention_optimizers

if TYPE_CHECKING:
    from .grader import Grader

__all__ = ["Wall", "run_checks"]

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
    fixtures, sandbox = course.root / "fixtures", None
    if isolation == "sandbox":
        optimizers = mention_optimizers([*assignment.folder.glob("*.py"), *graders.rglob("*.py")])
        sandbox = open_sandbox(fixtures, assignment.limits, confine=wall.confine, optimizers=optimizers)
    try:
        from .grader import Grader  # loads torch, while another process does so for the workers

        provide_shared(fixtures)
        grader = Grader(course, assignment, sandbox, visible_only, wall.allow_unconfined, work)
        with _without_other_plugins():
            code = pytest.main(list(_arguments(graders, course.root)), plugins=[_Registered(grader)])
    finally:
        if sandbox is not None:
            sandbox.close()
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
