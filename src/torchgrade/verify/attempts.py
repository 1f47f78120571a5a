"""What is tried, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..course import Assignment, Course, stub_source
from ..course.files import read_text
from ..expect.margins import Margin
from ..grade.results import CheckResult
from ..grade.wrong import declared_misconceptions, with_misconception
from ..sandbox.program import Program, digest_of, program_from
from .mutants import Mutant

__all__ = ["Attempt", "Trial", "lost", "mutant_attempt", "right_attempts", "wrong_attempts"]

LOADED_SHARE = 4  # every fourth seed of the reference runs while the cores are kept busy
RIGHT = ("reference", "alternative")


@dataclass(frozen=True)
class Attempt:
    """One answer to be graded.

    Attributes:
        kind: ``"reference"``, ``"alternative"``, ``"stub"``, ``"misconception"`` or ``"mutant"``.
        name: Which one.
        exercise: The exercise it is about; empty for a whole submission.
        program: The answer.
        shift: Added to every check's seed.
        only: The exercises whose checks are run; empty for all.
        stop: End at the first lost point.
        seconds: The clock of a check; 0 for the assignment's own.
        loaded: While other processes keep the cores busy.
        about: What the outcome depends on, as a hash; the checks and the versions apart.
    """

    kind: str
    name: str
    exercise: str
    program: Program
    shift: int = 0
    only: tuple[str, ...] = ()
    stop: bool = False
    seconds: float = 0.0
    loaded: bool = False
    about: str = ""

    @property
    def right(self) -> bool:
        """Whether every check must pass."""
        return self.kind in RIGHT

    @property
    def key(self) -> str:
        """What the outcome depends on; the clock is left out, since it follows from times that vary."""
        about = self.about or f"{digest_of(self.program)} {self.program.replace}"
        said = f"{self.kind} {about} {self.shift} {self.only} {self.stop} {self.loaded}"
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Trial:
    """What came of an attempt.

    Attributes:
        status: ``"graded"``, or ``"unreadable"`` when it is no module at all.
        cause: Why it is unreadable.
        checks: The checks that were run.
        margins: What training checks measured, by the check's id.
    """

    status: str
    cause: str = ""
    checks: tuple[CheckResult, ...] = field(default=())
    margins: dict[str, tuple[Margin, ...]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether the grader itself did its work, so that the outcome can be kept."""
        return not any(check.status == "error" for check in self.checks)

    @property
    def lost(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if lost(check))


def lost(check: CheckResult) -> bool:
    """Tell whether a check did not pass; one that waits for a GPU says nothing."""
    return check.status not in ("passed", "deferred")


def right_attempts(course: Course, assignment: Assignment, seeds: int, *, loaded: bool) -> Iterator[Attempt]:
    """Yield the reference and further right answers on every seed; of the reference's some under load."""
    quiet = seeds - seeds // LOADED_SHARE
    reference = program_from(assignment.solution, assignment.module)
    if loaded:
        yield from (Attempt("reference", "solution", "", reference, s, loaded=True) for s in range(quiet, seeds))
        return
    yield from (Attempt("reference", "solution", "", reference, shift) for shift in range(quiet))
    for path in sorted((course.root / "fixtures" / "alternatives" / assignment.slug).glob("*.py")):
        program = program_from(path, assignment.module)
        yield from (Attempt("alternative", path.stem, "", program, shift) for shift in range(seeds))


def wrong_attempts(assignment: Assignment, *, quick: bool = False) -> Iterator[Attempt]:
    """Yield the untouched stub and every misconception, the latter ``quick``: by its own exercise's checks alone."""
    source = stub_source(read_text(assignment.solution), assignment.solution)
    yield Attempt("stub", "untouched", "", Program(assignment.module, {assignment.module: source.encode()}))
    reference = program_from(assignment.solution, assignment.module)
    for wrong in declared_misconceptions(assignment):
        program = with_misconception(assignment, reference, wrong)
        only = (wrong.exercise,) if quick else ()
        yield Attempt("misconception", wrong.name, wrong.exercise, program, only=only)


def mutant_attempt(assignment: Assignment, mutant: Mutant, seconds: float) -> Attempt:
    """Return the attempt at one mutant: its own exercise's checks until the first lost point."""
    program = Program(assignment.module, {assignment.module: mutant.source.encode()})
    return Attempt(
        "mutant", mutant.id, mutant.exercise, program,
        only=mutant.exercises, stop=True, seconds=seconds, about=mutant.scope,
    )  # fmt: skip
