"""Grade what must pass and what must fail, and say where that does not hold."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Protocol

from ..course import Assignment, Course
from ..course.files import read_text
from .attempts import Attempt, Trial, mutant_attempt, right_attempts, wrong_attempts
from .cache import Cache, surroundings
from .equivalents import Equivalent, read_equivalents
from .findings import Finding, MutantFinding, findings_of, judge_mutant
from .load import busy_cores
from .margins import MarginFigures, margins_of
from .mutants import Mutant, mutants_of, spread
from .statistics import CheckFigures, figures_of
from .workers import Workers

__all__ = ["LEAST_SCORE", "Part", "Plan", "Proof", "Watch", "prove"]

LEAST_SCORE = 0.95
CLOCK_FACTOR, LEAST_CLOCK = 5.0, 1.0  # a mutant that takes so much longer than the reference, in seconds, loops


@dataclass(frozen=True)
class Plan:
    """How much is tried.

    Attributes:
        seeds: How often each right answer is graded, each time with other random numbers.
        mutants: Most mutants of an exercise; None for all.
        jobs: Grader processes.
        again: Also what was tried before and has not changed since.
        quick: Misconceptions by the checks of their own exercise alone: whether they lose points elsewhere stays open.
    """

    seeds: int = 20
    mutants: int | None = None
    jobs: int = 1
    again: bool = False
    quick: bool = False


class Watch(Protocol):
    """Whoever is told how the proof goes on."""

    def part(self, name: str, total: int) -> None:
        """Hear that a part with so many attempts begins."""

    def tried(self, attempt: Attempt) -> None:
        """Hear that an attempt of this part is through."""


@dataclass(frozen=True)
class Part:
    """What one part of the proof took.

    Attributes:
        name: Which part.
        attempts: How many attempts it has.
        kept: How many of them were known from an earlier run.
        seconds: Wall-clock time.
    """

    name: str
    attempts: int
    kept: int
    seconds: float


@dataclass
class Proof:
    """All that was tried for one assignment.

    Attributes:
        assignment: Its slug.
        title: Its title.
        exercises: Its exercises' names, in order.
        plan: How much was tried.
        findings: Right answers, the stub, misconceptions.
        mutants: What became of each mutant.
        figures: Each check's failures on right answers and its times.
        margins: What training checks recorded.
        stale: Entries of `equivalent.toml` that match no mutant.
        parts: What each part took.
        shortfalls: What falls short of the assignment as a whole, a sentence each.
    """

    assignment: str
    title: str
    exercises: tuple[str, ...]
    plan: Plan
    findings: list[Finding] = field(default_factory=list)
    mutants: list[MutantFinding] = field(default_factory=list)
    figures: list[CheckFigures] = field(default_factory=list)
    margins: list[MarginFigures] = field(default_factory=list)
    stale: list[Equivalent] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    shortfalls: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """Everything that falls short, a sentence each."""
        found = [f"{finding.title}: {problem}" for finding in self.findings for problem in finding.problems]
        found += [f"mutant {finding.mutant.id}: {finding.problem}" for finding in self.mutants if finding.problem]
        return found + self.shortfalls

    @property
    def holds(self) -> bool:
        """Whether nothing falls short."""
        return not self.problems

    @property
    def seconds(self) -> float:
        """Wall-clock time of all parts."""
        return sum(part.seconds for part in self.parts)

    def with_verdict(self, verdict: str, exercise: str | None = None) -> list[MutantFinding]:
        """Return the mutants, of one exercise or of all, that ended so."""
        chosen = (one for one in self.mutants if exercise is None or one.mutant.exercise == exercise)
        return [one for one in chosen if one.verdict == verdict]

    def score(self, exercise: str | None = None) -> float | None:
        """Return the share of mutants that were killed, equivalent ones apart; None when there are none."""
        chosen = [one for one in self.mutants if exercise is None or one.mutant.exercise == exercise]
        counted = len(chosen) - len(self.with_verdict("equivalent", exercise))
        return len(self.with_verdict("killed", exercise)) / counted if counted else None


def prove(course: Course, assignment: Assignment, plan: Plan, watch: Watch) -> Proof:
    """Try the reference, the stub, further right answers, every misconception, and mutants of the reference.

    Args:
        course: The course.
        assignment: The assignment.
        plan: How much is tried.
        watch: Is told of each attempt.

    Raises:
        CourseError: The assignment cannot be graded at all, or its `equivalent.toml` breaks a rule.
        GraderFailed: A grader process failed.
    """
    marked = {entry.mutant: entry for entry in read_equivalents(assignment)}
    source = read_text(assignment.solution)
    mutants = mutants_of(source, assignment.solution, assignment.exercise_names)
    proof = Proof(assignment.slug, assignment.title, assignment.exercise_names, plan)
    known = {mutant.id for mutant in mutants}
    proof.stale = [entry for name, entry in marked.items() if name not in known]
    cache = Cache(course, assignment.slug, surroundings(course, assignment), again=plan.again)
    complete = False
    try:
        with Workers(course.root, assignment.slug, plan.jobs) as workers:
            run = _Run(course, assignment, proof, workers, cache, watch)
            run.all_parts(spread(mutants, plan.mutants), marked)
        complete = plan.mutants is None and not plan.quick
    finally:
        cache.close(complete=complete)
    return proof


@dataclass
class _Run:
    """One proof in the making."""

    course: Course
    assignment: Assignment
    proof: Proof
    workers: Workers
    cache: Cache
    watch: Watch

    def all_parts(self, mutants: list[Mutant], marked: dict[str, Equivalent]) -> None:
        """Go through the parts: what must pass and fail, mutants, and the reference again under load."""
        seeds, proof = self.proof.plan.seeds, self.proof
        tried = self.part("right answers", right_attempts(self.course, self.assignment, seeds, loaded=False))
        wrong = self.part("wrong answers", wrong_attempts(self.assignment, quick=proof.plan.quick))
        # Where the reference itself loses points, losing some proves nothing about a mutant.
        sound = not any(trial.lost or trial.cause for attempt, trial in tried if attempt.kind == "reference")
        clocks = _clocks(tried)
        trials = self.part("mutants", (
            mutant_attempt(self.assignment, mutant, max(clocks.get(name, 0.0) for name in mutant.exercises))
            for mutant in (mutants if sound else ())
        ))  # fmt: skip
        tried += self.part("under load", right_attempts(self.course, self.assignment, seeds, loaded=True))
        proof.findings = findings_of([*tried, *wrong])
        proof.figures, proof.margins = figures_of(tried), margins_of([*tried, *wrong, *trials])
        self._judge(mutants, trials, marked)

    def part(self, name: str, attempts: Iterable[Attempt]) -> list[tuple[Attempt, Trial]]:
        """Try some attempts, or look up what came of them before; return them in their order."""
        start, asked = time.perf_counter(), list(attempts)
        self.watch.part(name, len(asked))
        found = {attempt.key: trial for attempt in asked if (trial := self.cache.find(attempt)) is not None}
        waiting = [attempt for attempt in asked if attempt.key not in found]
        for attempt in asked[: len(asked) - len(waiting)]:
            self.watch.tried(attempt)
        kept = len(asked) - len(waiting)
        with busy_cores() if any(attempt.loaded for attempt in waiting) else nullcontext():
            for attempt, trial in self.workers.run(waiting):
                self.cache.add(attempt, trial)
                found[attempt.key] = trial
                self.watch.tried(attempt)
        self.proof.parts.append(Part(name, len(asked), kept, time.perf_counter() - start))
        return [(attempt, found[attempt.key]) for attempt in asked]

    def _judge(self, mutants: list[Mutant], trials: list[tuple[Attempt, Trial]], marked: dict[str, Equivalent]) -> None:
        by_id = {attempt.name: trial for attempt, trial in trials}
        graded = [mutant for mutant in mutants if mutant.id in by_id and by_id[mutant.id].status == "graded"]
        self.proof.mutants = [judge_mutant(mutant, by_id[mutant.id], marked.get(mutant.id)) for mutant in graded]
        score = self.proof.score()
        if score is not None and score < LEAST_SCORE:
            self.proof.shortfalls.append(
                f"{score:.1%} of the mutants are caught, and {LEAST_SCORE:.0%} are asked for: have a check catch those "
                "that survived, or mark one that answers as the reference does in equivalent.toml, with the reason"
            )


def _clocks(tried: list[tuple[Attempt, Trial]]) -> dict[str, float]:
    """Return how long a check of each exercise may take on a mutant, from what the reference took, in seconds."""
    worst: dict[str, float] = {}
    for attempt, trial in tried:
        for check in trial.checks if attempt.kind == "reference" else ():
            worst[check.exercise] = max(worst.get(check.exercise, 0.0), check.seconds)
    return {name: max(LEAST_CLOCK, CLOCK_FACTOR * seconds) for name, seconds in worst.items()}
