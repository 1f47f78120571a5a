"""A class made up by a seeded generator: results only, no code is run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult

TITLES = {
    "zeros_matrix": ("A 3x4 matrix of float32 zeros.", "Zeros of any size, float64 where asked."),
    "train_linear": ("The weights after ten steps.", "The loss falls below 0.01."),
    "mean_rows": ("The mean of each row.", "The mean of rows that hold NaN."),
    "on_device": ("The same on an accelerator.", "A model of two layers on a real GPU."),
    "first_word": ("The first word of a line.", "Nobody gets this one."),
}
MISTAKES = {
    "zeros_matrix": ("empty_for_zeros", "Memory from `torch.empty` holds zeros.", "Ask for zeros with `torch.zeros`."),
    "train_linear": (
        "keeps_gradients",
        "Gradients are cleared by themselves from one step to the next.",
        "`backward` adds to `.grad`: clear it before each step with `optimizer.zero_grad()`.",
    ),
    "mean_rows": ("mean_of_columns", "`dim=0` goes along a row.", "`dim` names the axis that disappears."),
}
HARDNESS = {"zeros_matrix": -1.6, "train_linear": 0.9, "mean_rows": 0.1, "on_device": 0.4, "first_word": -2.2}


def class_of(size: int, seed: int = 7, slug: str = "01-tensors") -> Iterator[SubmissionResult]:
    """Results of a class in which some are better than others, with all that can go wrong."""
    chance = random.Random(f"{seed} {slug}")
    for number in range(size):
        yield student(chance, f"student-{number:04d}", slug)


def student(chance: random.Random, name: str, slug: str) -> SubmissionResult:
    ability = random.Random(name).gauss(0.3, 1.0)
    checks = [check for exercise in TITLES for check in _checks(chance, exercise, ability, slug)]
    status = "graded"
    if chance.random() < 0.02:
        status = "unreadable"
        cause = "tensors.py, line 5: AttributeError: module 'torch' has no attribute 'oness'"
        checks = [
            replace(check, status="failed", score=0.0, message=cause, misconception=None, belief=None, hint=None)
            for check in checks
        ]
    return result_of(name, checks, status, slug)


def result_of(
    name: str, checks: list[CheckResult], status: str = "graded", slug: str = "01-tensors"
) -> SubmissionResult:
    return SubmissionResult(
        assignment=slug,
        submission=name,
        path=f"submissions/{name}.py",
        digest="sha256:" + "ab" * 32,
        status=status,
        score=sum(check.score for check in checks),
        max_score=sum(check.points for check in checks),
        deferred=sum(check.points for check in checks if check.status == "deferred"),
        seconds=sum(check.seconds for check in checks),
        confinement=Confinement("A", ("namespaces",)),
        checks=tuple(checks),
    )


def _checks(chance: random.Random, exercise: str, ability: float, slug: str) -> Iterator[CheckResult]:
    mistaken = False
    for place, title in enumerate(TITLES[exercise]):
        check = CheckResult(
            f"graders/{slug}/test_all.py::test_{exercise}_{place}", exercise, title, 2.0, 2.0, "passed", place == 0,
            seconds=round(0.01 + chance.expovariate(30), 4),
        )  # fmt: skip
        if exercise == "on_device" and place:
            yield replace(check, status="deferred", score=0.0, message="It needs a GPU.", seconds=0.0)
        elif exercise == "first_word" and place:
            yield replace(check, status="failed", score=0.0, message="came: ''\nasked: 'first'")
        elif exercise == "first_word" or ability + chance.gauss(0, 0.8) > HARDNESS[exercise] + 0.4 * place:
            yield check
        else:
            mistaken = mistaken or chance.random() < 0.5
            yield _lost(chance, check, mistaken)


def _lost(chance: random.Random, check: CheckResult, mistaken: bool) -> CheckResult:
    if chance.random() < 0.004:
        return replace(check, status="error", score=0.0, message="RuntimeError: the check's own file is missing")
    status = chance.choices(("failed", "timeout", "memory", "crashed"), (20, 2, 1, 1))[0]
    lost = replace(check, status=status, score=0.0, message="The values differ.\ncame:  tensor(2.)\nasked: tensor(1.)")
    if status == "timeout":
        return replace(lost, seconds=5.0, message="Your code was stopped after 5 seconds.")
    if mistaken and status == "failed" and check.exercise in MISTAKES:
        name, belief, hint = MISTAKES[check.exercise]
        return replace(lost, misconception=name, belief=belief, hint=hint)
    return lost


def write(file: Path, results: Iterator[SubmissionResult] | list[SubmissionResult]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{result.to_json()}\n" for result in results)
    return file
