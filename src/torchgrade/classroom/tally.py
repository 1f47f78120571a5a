"""Counting results as they are read; no message is kept."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..grade.results import CheckResult, SubmissionResult
from .figures import CheckFigures, ClassFigures, ExerciseFigures, Incident, MistakeFigures, Row
from .measures import bins_of, item_rest, spread_of

__all__ = ["JUDGED", "STOPPED", "Counted", "Tally"]

STOPPED = frozenset({"timeout", "memory", "crashed"})
JUDGED = frozenset({"passed", "failed"}) | STOPPED
_WORDS = 2000  # of an incident's text


@dataclass(frozen=True)
class Counted:
    """Which submission counts for a student, and for how much.

    Attributes:
        student: Whose it is.
        points: After penalties.
        words: How that came about, on one line.
    """

    student: str
    points: float
    words: str = ""


@dataclass
class _Check:
    first: CheckResult
    statuses: Counter[str] = field(default_factory=Counter)
    passed: array[float] = field(default_factory=lambda: array("d"))
    rest: array[float] = field(default_factory=lambda: array("d"))
    seconds: array[float] = field(default_factory=lambda: array("d"))

    def figures(self) -> CheckFigures:
        one = self.first
        return CheckFigures(
            one.id, one.exercise, one.title, one.points, one.visible, dict(self.statuses),
            self.statuses["passed"], len(self.passed), item_rest(self.passed, self.rest), spread_of(self.seconds),
        )  # fmt: skip


@dataclass
class _Exercise:
    points: float = 0.0
    shares: array[float] = field(default_factory=lambda: array("d"))
    solved: int = 0
    judged: int = 0


@dataclass
class _Mistake:
    first: CheckResult
    students: list[str] = field(default_factory=list)


class Tally:
    """The counts of one assignment.

    Args:
        assignment: Its slug.
        counted: By submission, what counts; a submission that is not in it does not. None: all do, as they are.
    """

    def __init__(self, assignment: str, counted: Mapping[str, Counted] | None = None) -> None:
        self._assignment, self._counted = assignment, counted
        self._rows: list[Row] = []
        self._checks: dict[str, _Check] = {}
        self._exercises: dict[str, _Exercise] = {}
        self._mistakes: dict[tuple[str, str], _Mistake] = {}
        self._unreadable: list[Incident] = []
        self._errors: list[Incident] = []

    def add_all(self, results: Iterable[SubmissionResult]) -> Tally:
        """Count results; return the tally itself."""
        for result in results:
            self.add(result)
        return self

    def add(self, result: SubmissionResult) -> None:
        """Count one result, unless another one counts for its student."""
        counted = Counted(result.submission, result.score)
        if self._counted is not None:
            if result.submission not in self._counted:
                return
            counted = self._counted[result.submission]
        self._rows.append(self._row(result, counted))
        for check in result.checks:
            if check.status not in JUDGED and check.status != "deferred":
                self._errors.append(Incident(counted.student, check.id, check.message[:_WORDS]))
        if result.status == "unreadable":
            self._unreadable.append(Incident(counted.student, result.submission, result.cause[:_WORDS]))
            return
        self._add_checks(result)
        self._add_exercises(result)
        self._add_mistakes(result, counted.student)

    @staticmethod
    def _row(result: SubmissionResult, counted: Counted) -> Row:
        return Row(
            student=counted.student,
            submission=result.submission,
            points=counted.points,
            max_score=result.max_score,
            waiting=sum(check.points for check in result.checks if check.status == "deferred"),
            unsure=sum(check.points for check in result.checks if check.status not in JUDGED | {"deferred"}),
            readable=result.status != "unreadable",
            stopped=sum(check.status in STOPPED for check in result.checks),
            mistakes=len({check.misconception for check in result.checks if check.misconception}),
        )

    def _add_checks(self, result: SubmissionResult) -> None:
        judged = [check for check in result.checks if check.status in JUDGED]
        points, score = sum(check.points for check in judged), sum(check.score for check in judged)
        for check in result.checks:
            mine = self._checks.setdefault(check.id, _Check(_light(check)))
            mine.statuses[check.status] += 1
            if check.status not in JUDGED:
                continue
            mine.seconds.append(check.seconds)
            mine.passed.append(float(check.status == "passed"))
            others = points - check.points
            mine.rest.append((score - check.score) / others if others > 1e-9 else 0.0)

    def _add_exercises(self, result: SubmissionResult) -> None:
        groups: dict[str, list[CheckResult]] = {}
        for check in result.checks:
            groups.setdefault(check.exercise, []).append(check)
        for name, checks in groups.items():
            mine = self._exercises.setdefault(name, _Exercise())
            mine.points = max(mine.points, sum(check.points for check in checks))
            judged = [check for check in checks if check.status in JUDGED]
            points = sum(check.points for check in judged)
            if points > 0:
                mine.shares.append(sum(check.score for check in judged) / points)
            if judged:
                mine.judged += 1
                mine.solved += all(check.status == "passed" for check in judged)

    def _add_mistakes(self, result: SubmissionResult, student: str) -> None:
        found = {(check.exercise, check.misconception): check for check in result.checks if check.misconception}
        for (exercise, name), check in found.items():
            mine = self._mistakes.setdefault((exercise, name or ""), _Mistake(_light(check)))
            mine.students.append(student)

    def figures(self) -> ClassFigures:
        """Return all that was counted, measured."""
        rows = tuple(sorted(self._rows, key=lambda row: row.student))
        points = [row.points for row in rows]
        most = max((row.max_score for row in rows), default=0.0)
        return ClassFigures(
            assignment=self._assignment,
            max_score=most,
            rows=rows,
            spread=spread_of(points),
            bins=bins_of(points, most),
            exercises=tuple(_exercise(name, one) for name, one in self._exercises.items()),
            checks=tuple(one.figures() for one in self._checks.values()),
            mistakes=tuple(
                sorted(map(_mistake, self._mistakes.values()), key=lambda one: (-len(one.students), one.name))
            ),
            unreadable=tuple(self._unreadable),
            errors=tuple(self._errors),
            worths=tuple(sorted({round(row.max_score, 6) for row in rows})),
        )


def _light(check: CheckResult) -> CheckResult:
    """Leave out of a check what is one student's."""
    return CheckResult(
        check.id, check.exercise, check.title, check.points, 0.0, "", check.visible,
        misconception=check.misconception, belief=check.belief, hint=check.hint, alike=check.alike,
    )  # fmt: skip


def _exercise(name: str, one: _Exercise) -> ExerciseFigures:
    share = sum(one.shares) / len(one.shares) if one.shares else None
    return ExerciseFigures(name, one.points, share, one.solved, one.judged)


def _mistake(one: _Mistake) -> MistakeFigures:
    first = one.first
    return MistakeFigures(
        first.misconception or "",
        first.exercise,
        first.belief or "",
        first.hint or "",
        first.alike,
        tuple(one.students),
    )
