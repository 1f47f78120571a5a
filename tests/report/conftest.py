from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from torchgrade.course import Assignment, Exercise, Limits
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult

EXERCISES = (
    Exercise("zeros_matrix", "A matrix of zeros", "`torch.zeros` takes the sizes one after the other."),
    Exercise("train_linear", "Train a straight line", "Write the four steps of the loop down first."),
    Exercise("on_device", "The same, on the accelerator", "`Tensor.to` takes a device."),
)


@pytest.fixture
def assignment() -> Assignment:
    return Assignment("01-tensors", "Tensors", "tensors", EXERCISES, Limits(), Path("assignments/01-tensors"))


@pytest.fixture
def make_check() -> Callable[..., CheckResult]:
    def make(status: str = "passed", exercise: str = "zeros_matrix", **changes: Any) -> CheckResult:
        points = changes.setdefault("points", 2.0)
        changes.setdefault("score", points if status == "passed" else 0.0)
        changes.setdefault("title", "A 3x4 matrix of float32 zeros.")
        changes.setdefault("visible", True)
        changes.setdefault("id", f"graders/01-tensors/test_tensors.py::test_{changes['title']}")
        return CheckResult(exercise=exercise, status=status, **changes)

    return make


@pytest.fixture
def make_result() -> Callable[..., SubmissionResult]:
    def make(*checks: CheckResult, submission: str = "alice", status: str = "graded") -> SubmissionResult:
        return SubmissionResult(
            assignment="01-tensors",
            submission=submission,
            path=f"submissions/{submission}.py",
            digest="sha256:5f2b9c0d1e3a47866655443322110099ffeeddccbbaa99887766554433221100",
            status=status,
            score=sum(check.score for check in checks),
            max_score=sum(check.points for check in checks),
            deferred=sum(check.points for check in checks if check.status == "deferred"),
            seconds=0.41,
            confinement=Confinement("A", ("namespaces", "landlock", "seccomp", "rlimits")),
            checks=checks,
        )

    return make
