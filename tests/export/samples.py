"""Results to export, built by hand."""

from __future__ import annotations

from typing import Any

from torchgrade.export import Wishes
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult

STUDENT_FORMATS = ("gradescope", "github", "classroom50", "junit", "check50", "markdown")
CLASS_FORMATS = ("junit", "nbgrader", "canvas", "moodle", "csv", "markdown")
NAMES = [
    'O"Neill, Zoë',
    "Ана\nМария",
    "李小龍",
    "=HYPERLINK(0)",
    "+1",
    "-x",
    "@me",
    "＝1",
    "tab\there",
    "\x01bell",
    "&<]]>",
]
RUN = {
    "CLASSROOM": "ml",
    "ASSIGNMENT": "01-tensors",
    "SUBMISSION_TAG": "submit/2026-11-21T08-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/commit/1",
    "RELEASE_URL": "https://example.org/release/1",
}
WISHES = Wishes(run=RUN, now="2026-11-21T08:00:00Z")


def a_check(status: str = "passed", exercise: str = "zeros_matrix", **changes: Any) -> CheckResult:
    points = changes.setdefault("points", 2.0)
    changes.setdefault("score", points if status == "passed" else 0.0)
    changes.setdefault("title", "A 3x4 matrix of float32 zeros.")
    changes.setdefault("visible", True)
    changes.setdefault("seconds", 0.25)
    changes.setdefault("id", "graders/01-tensors/test_tensors.py::test_it")
    return CheckResult(exercise=exercise, status=status, **changes)


def a_result(
    *checks: CheckResult, submission: str = "alice", status: str = "graded", **changes: Any
) -> SubmissionResult:
    return SubmissionResult(
        assignment=changes.get("assignment", "01-tensors"),
        submission=submission,
        path=changes.get("path", "tensors.py"),
        digest="sha256:5f2b9c0d1e3a4786",
        status=status,
        score=sum(check.score for check in checks),
        max_score=sum(check.points for check in checks),
        deferred=sum(check.points for check in checks if check.status == "deferred"),
        seconds=1.5,
        confinement=Confinement("A", ("namespaces", "landlock")),
        checks=checks,
    )


def right(submission: str = "right") -> SubmissionResult:
    return a_result(
        a_check(),
        a_check(title="Any size, also 0.", visible=False, points=1.0),
        a_check(exercise="train_linear", title="The weights come close.", points=1 / 3),
        submission=submission,
    )


def mixed(submission: str = "mixed") -> SubmissionResult:
    return a_result(
        a_check(),
        a_check(
            "failed",
            title="The result has the dtype float32.",
            message="zeros_matrix raised ValueError: no, 100%\n  line 5: raise ValueError",
            misconception="long_way",
            belief="Every tensor is float64.",
            hint="A factory takes dtype=.",
        ),
        a_check("failed", title="Any size.", visible=False, points=1.0, message="secret", rationale="No rows, no sum."),
        a_check("deferred", exercise="on_gpu", title="On a GPU.", message="needs CUDA", rationale="needs CUDA"),
        a_check("error", exercise="train_linear", title="The grader stumbles.", points=1.0, message="KeyError: 'x'"),
        submission=submission,
    )


def unreadable(submission: str = "unreadable") -> SubmissionResult:
    cause = "tensors.py, line 3: SyntaxError: '(' was never closed"
    checks = [a_check("failed", title=title, message=cause, visible=title == "One.") for title in ("One.", "Two.")]
    return a_result(*checks, submission=submission, status="unreadable")


def waiting(submission: str = "waiting") -> SubmissionResult:
    return a_result(a_check("deferred", exercise="on_gpu", title="On a GPU."), submission=submission)


def small_class() -> list[SubmissionResult]:
    return [mixed(), right(), unreadable()]
