"""Results to take in, and ways to look at what became of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from torchgrade.course import Due
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult
from torchgrade.gradebook.book import Gradebook
from torchgrade.gradebook.counting import Standing, standings
from torchgrade.gradebook.facts import Facts
from torchgrade.gradebook.reading import facts_of

SLUG = "01-mini"


def check(name: str, points: float = 2.0, score: float = 0.0, status: str = "failed", **more: Any) -> CheckResult:
    more = {"exercise": name.partition("_")[0], "title": f"Title of {name}.", "visible": True, **more}
    return CheckResult(id=f"graders/{SLUG}/test_it.py::test_{name}", points=points, score=score, status=status, **more)


def passed(name: str, points: float = 2.0, **more: Any) -> CheckResult:
    return check(name, points, points, "passed", **more)


def result(name: str, *checks: CheckResult, digest: str = "sha256:1", **more: Any) -> SubmissionResult:
    """A result of so many checks; by default one of two is passed."""
    checks = checks or (passed("f_a"), check("f_b"))
    found = SubmissionResult(
        assignment=SLUG, submission=name, path=f"subs/{name}.py", digest=digest, status="graded",
        score=sum(one.score for one in checks), max_score=sum(one.points for one in checks),
        deferred=sum(one.points for one in checks if one.status == "deferred"), seconds=0.5,
        confinement=Confinement("A", ("seccomp",)), checks=checks,
    )  # fmt: skip
    return replace(found, **more)


def all_passed(name: str, **more: Any) -> SubmissionResult:
    return result(name, passed("f_a"), passed("f_b"), **more)


def facts(book: Gradebook, student: str | None = None) -> Facts:
    with book.reading() as connection:
        return facts_of(connection, SLUG, student, all_gradings=True)


def standing(book: Gradebook, student: str, due: Due | None = None) -> Standing:
    return {one.student.id: one for one in standings(facts(book), due)}[student]


def reasons(book: Gradebook) -> list[tuple[float, str]]:
    """The score and reason of every grading of every attempt, in order."""
    return [(one.result.score, one.reason) for attempt in facts(book).attempts for one in attempt.gradings]
