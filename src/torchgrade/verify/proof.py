"""Grade what must pass and what must fail, and say where that does not hold."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..course import Assignment, Course, stub_source
from ..grade.grader import Grader, run_checks
from ..grade.results import CheckResult, SubmissionResult
from ..misconceptions import Misconception
from ..sandbox.program import Program, program_from
from .wrong import declared_misconceptions

__all__ = ["Finding", "Proof", "prove"]


@dataclass(frozen=True)
class Finding:
    """One answer that was tried.

    Attributes:
        kind: ``"reference"``, ``"stub"``, ``"misconception"`` or ``"alternative"``.
        name: Which one.
        exercise: The exercise it is about; empty for a whole submission.
        score: What it got.
        max_score: What there is.
        problems: What should not be so, a sentence each; empty when all is well.
    """

    kind: str
    name: str
    exercise: str
    score: float
    max_score: float
    problems: tuple[str, ...] = ()


@dataclass
class Proof:
    """All that was tried for one assignment."""

    assignment: str
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether nothing fell short."""
        return not any(finding.problems for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the proof as plain data for JSON."""
        return {
            "format": 1,
            "assignment": self.assignment,
            "holds": self.holds,
            "seconds": round(self.seconds, 3),
            "findings": [{**finding.__dict__, "problems": list(finding.problems)} for finding in self.findings],
        }


def prove(course: Course, assignment: Assignment, seeds: int, tell: Callable[[Finding], None]) -> Proof:
    """Try the reference, the stub, further right answers and every misconception.

    Args:
        course: The course.
        assignment: The assignment.
        seeds: How often the reference is graded, each time with other random numbers.
        tell: Called with each finding as it comes.

    Raises:
        CourseError: The assignment cannot be graded at all.
    """
    proof, start = Proof(assignment.slug), time.perf_counter()

    def work(grader: Grader) -> None:
        for finding in _findings(course, assignment, grader, seeds):
            proof.findings.append(finding)
            tell(finding)

    run_checks(course, assignment, work)
    proof.seconds = time.perf_counter() - start
    return proof


def _findings(course: Course, assignment: Assignment, grader: Grader, seeds: int) -> Iterator[Finding]:
    reference = program_from(assignment.solution, assignment.module)
    grade = _Grade(grader)
    for shift in range(seeds):
        grader.shift = shift
        yield _right("reference", f"seed {shift}", grade(reference))
    grader.shift = 0
    yield _stub(grade(_stub_program(assignment)))
    for path in sorted((course.root / "fixtures" / "alternatives" / assignment.slug).glob("*.py")):
        yield _right("alternative", path.stem, grade(program_from(path, assignment.module)))
    for wrong in declared_misconceptions(assignment):
        yield _wrong(wrong, grade(_misconception_program(assignment, reference, wrong)))


@dataclass(frozen=True)
class _Grade:
    grader: Grader

    def __call__(self, program: Program) -> SubmissionResult:
        return self.grader.grade_program(program, Path(program.module), program.module, time.perf_counter())


def _stub_program(assignment: Assignment) -> Program:
    source = stub_source(assignment.solution.read_text(encoding="utf-8"), assignment.solution)
    return Program(assignment.module, {assignment.module: source.encode()})


def _misconception_program(assignment: Assignment, reference: Program, wrong: Misconception) -> Program:
    """Put a wrong answer in the place of the right one, all else as in the reference."""
    files = {**reference.files, "misconceptions": assignment.misconceptions.read_bytes()}
    return Program(assignment.module, files, replace=((wrong.exercise, f"misconceptions:{wrong.name}"),))


def _right(kind: str, name: str, result: SubmissionResult) -> Finding:
    problems = tuple(f"{check.id} does not pass: {_first_line(check)}" for check in result.checks if _lost(check))
    return Finding(kind, name, "", result.score, result.max_score, problems)


def _stub(result: SubmissionResult) -> Finding:
    problems = [
        f"{check.id} passes on the untouched stub"
        for check in result.checks
        if check.points and check.status == "passed"
    ]
    problems += [f"{check.id}: {_first_line(check)}" for check in result.checks if check.status == "error"]
    if result.status != "graded":
        problems.append(f"the stub cannot be imported: {result.cause}")
    return Finding("stub", "untouched", "", result.score, result.max_score, tuple(problems))


def _wrong(wrong: Misconception, result: SubmissionResult) -> Finding:
    lost = [check for check in result.checks if _lost(check)]
    problems = [
        f"{check.id}: the check itself failed: {_first_line(check)}" for check in lost if check.status == "error"
    ]
    if result.status != "graded":
        problems.append(f"it cannot be imported: {result.cause}")
    elif not any(check.exercise == wrong.exercise for check in lost):
        problems.append("it loses no points")
    problems += [
        f"it loses points in {check.exercise} too ({check.id})" for check in lost if check.exercise != wrong.exercise
    ]
    return Finding("misconception", wrong.name, wrong.exercise, result.score, result.max_score, tuple(problems))


def _lost(check: CheckResult) -> bool:
    return check.status not in ("passed", "deferred")


def _first_line(check: CheckResult) -> str:
    return f"{check.status}: {check.message.partition(chr(10))[0]}" if check.message else check.status
