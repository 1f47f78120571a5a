"""What the attempts at an assignment show, and where that falls short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..grade.results import CheckResult
from .attempts import Attempt, Trial
from .equivalents import Equivalent
from .mutants import Mutant
from .naming import how_named, naming_problem, same_as

__all__ = ["Finding", "MutantFinding", "findings_of", "judge_mutant"]

Tried = Sequence[tuple[Attempt, Trial]]


@dataclass(frozen=True)
class Finding:
    """One answer, with all the seeds it was tried on.

    Attributes:
        kind: ``"reference"``, ``"stub"``, ``"misconception"`` or ``"alternative"``.
        name: Which one.
        exercise: The exercise it is about; empty for a whole submission.
        score: What it got on the first seed.
        max_score: What there is.
        runs: How often it was tried.
        as_asked: How often it did what is asked for: a right answer keeps every point, a wrong one loses some.
        naming: How replay named a misconception: ``"named"``, ``"other"`` or ``"unnamed"``; empty if not asked.
        same_as: The misconceptions that no check of the exercise can tell from it.
        problems: What should not be so, a sentence each; empty when all is well.
    """

    kind: str
    name: str
    exercise: str
    score: float
    max_score: float
    runs: int = 1
    as_asked: int = 1
    naming: str = ""
    same_as: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its kind and name, for a message."""
        return f"{self.kind} {self.exercise + '.' if self.exercise else ''}{self.name}"


@dataclass(frozen=True)
class MutantFinding:
    """One mutant and what became of it.

    Attributes:
        mutant: The mutant.
        verdict: ``"killed"``, ``"survived"``, ``"equivalent"`` (it survived, and an instructor has said why), or
            ``"unclear"``: the check itself failed.
        caught_by: The check that it lost.
        status: That check's status; ``"timeout"`` where the clock caught it.
        reason: Why it is equivalent, in the instructor's words.
        problem: What should not be so; empty when all is well.
    """

    mutant: Mutant
    verdict: str
    caught_by: str = ""
    status: str = ""
    reason: str = ""
    problem: str = ""


def findings_of(tried: Tried) -> list[Finding]:
    """Judge every right answer, the stub, and the misconceptions, in the order in which they were tried."""
    groups: dict[tuple[str, str, str], list[tuple[Attempt, Trial]]] = defaultdict(list)
    for attempt, trial in tried:
        groups[attempt.kind, attempt.exercise, attempt.name].append((attempt, trial))
    judges = {"stub": _stub, "misconception": _misconception}
    return [judges.get(kind, _right)(group) for (kind, _, _), group in groups.items()]


def _finding(tried: Tried, problems: Iterable[str], as_asked: int, naming: str = "") -> Finding:
    attempt, trial = tried[0]
    return Finding(
        attempt.kind, attempt.name, attempt.exercise,
        score=sum(check.score for check in trial.checks),
        max_score=sum(check.points for check in trial.checks),
        runs=len(tried), as_asked=as_asked, naming=naming, problems=tuple(problems),
    )  # fmt: skip


def _right(tried: Tried) -> Finding:
    failures: dict[str, list[tuple[Attempt, CheckResult]]] = defaultdict(list)
    for attempt, trial in tried:
        for check in trial.lost:
            failures[check.id].append((attempt, check))
    problems = [
        f"{name} does not pass ({_seeds([attempt for attempt, _ in found], len(tried))}): {_first_line(found[0][1])}"
        for name, found in failures.items()
    ]
    problems += dict.fromkeys(f"it cannot be imported: {trial.cause}" for _, trial in tried if trial.status != "graded")
    kept = sum(trial.status == "graded" and not trial.lost for _, trial in tried)
    return _finding(tried, problems, kept)


def _seeds(attempts: Sequence[Attempt], runs: int) -> str:
    shown = ", ".join(f"{attempt.shift}{' under load' if attempt.loaded else ''}" for attempt in attempts[:5])
    return f"on {len(attempts)} of {runs} seeds: {shown}{', …' if len(attempts) > 5 else ''}"


def _stub(tried: Tried) -> Finding:
    _, trial = tried[0]
    problems = [
        f"{check.id} passes on the untouched stub"
        for check in trial.checks
        if check.points and check.status == "passed"
    ]
    problems += [f"{check.id}: {_first_line(check)}" for check in trial.checks if check.status == "error"]
    if trial.status != "graded":
        problems.append(f"the stub cannot be imported: {trial.cause}")
    return _finding(tried, problems, int(not problems))


def _misconception(tried: Tried) -> Finding:
    wrong, trial = tried[0]
    lost = trial.lost
    problems = [
        f"{check.id}: the check itself failed: {_first_line(check)}" for check in lost if check.status == "error"
    ]
    own = [check for check in lost if check.exercise == wrong.exercise]
    if trial.status != "graded":
        problems.append(f"it cannot be imported: {trial.cause}")
    elif not any(check.points for check in own):
        problems.append("it loses no points")
    problems += [
        f"it loses points in {check.exercise} too ({check.id})" for check in lost if check.exercise != wrong.exercise
    ]
    caught = not problems
    wrongly_named = naming_problem(wrong.name, own)
    problems += [wrongly_named] if wrongly_named else []
    found = _finding(tried, problems, int(caught), how_named(wrong.name, own) if own else "")
    return replace(found, same_as=same_as(wrong.name, own))


def judge_mutant(mutant: Mutant, trial: Trial, marked: Equivalent | None) -> MutantFinding:
    """Tell what became of a mutant.

    Args:
        mutant: Which one.
        trial: What came of it; it was graded.
        marked: What an instructor has said of it.
    """
    caught = [check for check in trial.lost if check.points]
    if caught and caught[0].status == "error":
        problem = f"{caught[0].id}: the check itself failed: {_first_line(caught[0])}"
        return MutantFinding(mutant, "unclear", caught[0].id, "error", problem=problem)
    if caught:
        problem = f"equivalent.toml has it, but {caught[0].id} catches it: remove the entry" if marked else ""
        return MutantFinding(mutant, "killed", caught[0].id, caught[0].status, problem=problem)
    return MutantFinding(mutant, "equivalent" if marked else "survived", reason=marked.reason if marked else "")


def _first_line(check: CheckResult) -> str:
    return f"{check.status}: {check.message.partition(chr(10))[0]}" if check.message else check.status
