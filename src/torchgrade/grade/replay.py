"""Tell a student which known mistake theirs is: a failed check is replayed on the exercise's misconceptions.

A misconception's run of a check depends on the course alone, since seeds are fixed. So each is run once for all
submissions, in a worker like theirs, when the first submission fails that check.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..course import Assignment
from ..errors import CourseError
from ..language import authored_in
from ..misconceptions import Misconception
from ..sandbox.program import Program, program_from
from .replay_match import Heard, agreement, same_run
from .results import CheckResult
from .wrong import declared_misconceptions, with_misconception

__all__ = ["Replay", "Tried"]


_UNTOLD = ("passed", "deferred", "error")


@dataclass(frozen=True)
class Tried:
    """A check that the submission was put to.

    Attributes:
        result: What came of it.
        heard: What was said.
    """

    result: CheckResult
    heard: Heard

    @property
    def telling(self) -> bool:
        """Whether a mistake can be read from it."""
        return self.result.status not in _UNTOLD and self.heard.telling


class Replay:
    """The misconceptions of one assignment and their runs of its checks.

    Args:
        assignment: The assignment.
        run: Runs the check with an identifier on a program; None where its worker was lost.
    """

    def __init__(self, assignment: Assignment, run: Callable[[str, Program], Heard | None]) -> None:
        self.assignment, self.run, self.words = assignment, run, authored_in(assignment.folder)
        self.wrong: list[Misconception] = []
        with contextlib.suppress(CourseError):  # no reason not to grade; `verify` tells their author
            self.wrong = list(declared_misconceptions(assignment))
        self.programs: dict[Misconception, Program] = {}  # a name is unique within its exercise only
        self.known: dict[tuple[str, str, int], Heard] = {}

    def named(self, tried: Sequence[Tried], shift: int = 0) -> tuple[CheckResult, ...]:
        """Return the results, the lost ones with the misconception that gives the same answers to the same calls.

        Of several it is the one whose runs of all the exercise's checks are the submission's; then the one that
        agrees with it in most checks, then in most calls, then the one that loses the fewest checks, then the first
        in the file.

        Args:
            tried: The checks of one submission.
            shift: Added to every check's seed.
        """
        return tuple(self._named(one, tried, shift) for one in tried)

    def _named(self, one: Tried, tried: Sequence[Tried], shift: int) -> CheckResult:
        exercise = one.result.exercise
        candidates = [wrong for wrong in self.wrong if wrong.exercise == exercise] if one.telling else []
        found = [wrong for wrong in candidates if self._answers(wrong, one, shift)]
        if not found:
            return one.result
        siblings = [other for other in tried if other.result.exercise == exercise]
        if len(found) > 1:
            found.sort(key=lambda wrong: self._likeness(wrong, siblings, shift), reverse=True)  # stable
        best, *rest = found
        alike = tuple(wrong.name for wrong in rest if self._alike(best, wrong, siblings, shift))
        belief, hint = self.words(best.belief), self.words(best.hint)
        return replace(one.result, misconception=best.name, belief=belief, hint=hint, alike=alike)

    def _answers(self, wrong: Misconception, one: Tried, shift: int) -> bool:
        run = self._heard(wrong, one.result.id, shift)
        return run is not None and same_run(one.heard, run)

    def _likeness(self, wrong: Misconception, tried: Sequence[Tried], shift: int) -> tuple[int, int, int]:
        """Count the checks and the calls in which the submission agrees with a misconception, and what that passes."""
        pairs = [(one.heard, run) for one in tried if (run := self._heard(wrong, one.result.id, shift)) is not None]
        return (
            sum(same_run(mine, run) for mine, run in pairs),
            sum(agreement(mine, run) for mine, run in pairs),
            sum(run.outcome.status == "passed" for _, run in pairs),
        )

    def _alike(self, one: Misconception, other: Misconception, tried: Sequence[Tried], shift: int) -> bool:
        """Tell whether no check can tell two misconceptions apart."""
        runs = [
            (self._heard(one, check.result.id, shift), self._heard(other, check.result.id, shift)) for check in tried
        ]
        return all(mine is not None and theirs is not None and same_run(mine, theirs) for mine, theirs in runs)

    def _heard(self, wrong: Misconception, check: str, shift: int) -> Heard | None:
        key = (wrong.name, check, shift)
        if key not in self.known:
            run = self.run(check, self._program(wrong))
            if run is None:
                return None  # the machine's doing: it may work the next time
            self.known[key] = run
        return self.known[key]

    def _program(self, wrong: Misconception) -> Program:
        if wrong not in self.programs:
            reference = program_from(self.assignment.solution, self.assignment.module)
            self.programs[wrong] = with_misconception(self.assignment, reference, wrong)
        return self.programs[wrong]
