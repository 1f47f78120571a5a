"""A student's own run of pytest: the exercises in this process, and a summary that says what to do next."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..course import Assignment, find_course, read_manifest
from ..errors import AuthorError, CourseError
from ..language import _, authored_in, language_from, retold, speaking
from ..sandbox.inprocess import direct_client, torch_as_it_was
from ..sandbox.patience import PATIENCE
from ..sandbox.program import Program, program_from
from ..sandbox.sentences import SENTENCES
from ..submission import Submission
from .items import CHECK, CheckInfo, describe_items, refuse_unknown_exercises
from .outcomes import Outcome, not_of_the_kind
from .running import OUTCOME, CheckRunner
from .summary import ExerciseLine, as_record, summarise

__all__ = ["StudentRun"]

START_SECONDS = 120
PROGRAM = pytest.StashKey[Program]()


class StudentRun(CheckRunner):
    """Check one submission in a plain run of pytest.

    Args:
        config: The run's configuration.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.assignments: dict[Path, Assignment] = {}
        self.items: list[pytest.Function] = []
        self.sandbox: Any = None
        self.authoring = False
        self.confined = config.getoption("--torchgrade-isolation") == "sandbox"
        self.fixtures = Path()
        self._speak()

    def _speak(self) -> None:
        """Speak the student's language until the run ends."""
        block = contextlib.ExitStack()
        try:
            block.enter_context(speaking(language_from(self.config.getoption("--torchgrade-lang"))))
        except ValueError as error:
            raise pytest.UsageError(f"--torchgrade-lang: {error}") from None
        self.config.add_cleanup(block.close)

    def adopt(self, items: list[pytest.Function]) -> None:
        """Learn which submission the collected checks are about."""
        self.items = items
        try:
            for folder in dict.fromkeys(item.path.parent for item in items):
                mine = [item for item in items if item.path.parent == folder]
                submission = self.describe_folder(folder, mine)
                chosen = self.config.getoption("--torchgrade-submission")
                self.hand_in(folder, mine, Path(chosen) if chosen else submission)
        except (AuthorError, CourseError) as error:
            raise pytest.UsageError(str(error)) from None

    def hand_in(self, folder: Path, items: list[pytest.Function], place: Path, chosen: str = "") -> Program:
        """Read what the items of a folder check.

        Args:
            folder: Where the checks lie.
            items: The checks.
            place: The file or folder to read.
            chosen: As for `program_from`.

        Raises:
            CourseError: It cannot be read.
        """
        assignment = self.assignments[folder]
        names = assignment.exercise_names
        try:
            program = program_from(place, assignment.module, in_place=True, exercises=names, chosen=chosen)
        except (FileNotFoundError, ValueError) as error:
            remedy = _("write {file} there, or name another file with --torchgrade-submission")
            remedy = remedy.format(file=f"{assignment.module}.py")
            raise CourseError(folder, "", retold(str(error), SENTENCES), remedy) from None
        for item in items:
            item.stash[PROGRAM] = program
        return program

    def describe_folder(self, folder: Path, items: list[pytest.Function]) -> Path:
        """Note what the checks of a folder are, and return where their submission lies."""
        assignment, submission, home = _home_of(folder)
        self.assignments[folder] = assignment
        self.authoring = home != folder.parent
        describe_items(items, home, authored_in(assignment.folder))
        refuse_unknown_exercises(items, assignment.exercise_names)
        self.fixtures = home / "fixtures"
        # In a process of its own the exercise has a clock of its own; what it takes to start one is nobody's fault.
        limit = assignment.limits.seconds + assignment.limits.import_seconds
        if self.confined:
            limit = PATIENCE * limit + START_SECONDS
        for item in items:
            if item.get_closest_marker("timeout") is None and not self.config.getoption("usepdb", False):
                item.add_marker(pytest.mark.timeout(limit))
        return submission

    @contextlib.contextmanager
    def submission_for(self, item: pytest.Item) -> Iterator[Submission]:
        """Give the proxy, in this process or in one of its own as the option says."""
        self.program = item.stash[PROGRAM]
        self.words = authored_in(self.assignments[item.path.parent].folder)
        self.opener = self._sandboxed if self.confined else self._direct
        with torch_as_it_was(), super().submission_for(item) as proxy:
            yield proxy

    def _direct(self) -> Any:
        return direct_client((KeyboardInterrupt, pytest.fail.Exception))

    def _sandboxed(self) -> Any:
        from ..sandbox.open import open_sandbox

        assignment = next(iter(self.assignments.values()))
        if self.sandbox is None:
            self.sandbox = open_sandbox(self.fixtures, assignment.limits)
        return self.sandbox.open(assignment.limits.seconds, assignment.limits.import_seconds)

    def finish_report(
        self, info: CheckInfo, outcome: Outcome, report: pytest.TestReport, call: pytest.CallInfo[None]
    ) -> None:
        """Show the verdict in place of a traceback through our own code."""
        if report.failed and outcome.status != "error":
            report.longrepr = outcome.message
        report.user_properties.append(("torchgrade_status", outcome.status))
        report.user_properties.append(("torchgrade_untouched", outcome.untouched))

    def verdict(self, error: BaseException | None) -> Outcome:
        """Return the verdict; there is no reference here to settle whose fault an odd exception is."""
        outcome = super().verdict(error)
        if outcome.timed_out:
            return Outcome("timeout", _("This took too long. Does a loop never end?"))
        if outcome.uncertain and not self.authoring:
            return Outcome("failed", not_of_the_kind(outcome.message))
        return outcome

    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """Sort a failed check apart from pytest's failures: our summary shows it, not pytest's traceback section."""
        told = dict(getattr(report, "user_properties", ()))
        if "torchgrade_status" not in told or not report.failed or told["torchgrade_status"] == "error":
            return None
        if told["torchgrade_untouched"]:
            return _("to do"), "-", _("TO DO")
        return _("not right yet"), "F", _("NOT YET")

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Write, for each exercise, what passed, what is wrong and what to try; then the score."""
        hints = bool(self.config.getoption("--torchgrade-hints"))
        for folder, assignment in self.assignments.items():
            done = [
                (item.stash[CHECK], item.stash[OUTCOME])
                for item in self.items
                if item.path.parent == folder and OUTCOME in item.stash
            ]
            if done and self.config.getoption("--torchgrade-report"):
                record = json.dumps(as_record(assignment.translated(), done, hints))
                Path(self.config.getoption("--torchgrade-report")).write_text(record, encoding="utf-8")
            if done:
                translated = assignment.translated()
                terminalreporter.section(translated.title, sep="=")
                for line in summarise(translated, done, hints):
                    _write(terminalreporter, line)

    def pytest_unconfigure(self) -> None:
        """End the worker processes."""
        if self.sandbox is not None:
            self.sandbox.close()


def _home_of(folder: Path) -> tuple[Assignment, Path, Path]:
    """Return the assignment whose checks lie in ``folder``, the submission they check, and where identifiers begin."""
    if (folder / "assignment.toml").is_file():
        return read_manifest(folder / "assignment.toml"), folder, folder.parent
    course = find_course(folder)
    assignment = course.assignment(folder.name)
    return assignment, assignment.solution, course.root


def _write(terminal: Any, line: ExerciseLine) -> None:
    terminal.write_line(line.text, **line.style)
