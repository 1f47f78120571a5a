"""Classroom 50: the ``result.json`` of an autograder (``classroom50/result/v1``)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..grade.results import SubmissionResult
from .model import Export, Wishes
from .points import Whole, whole_points
from .shown import Shown, shown_checks

__all__ = ["VARIABLES", "classroom50"]

# What the runner tells an autograder, and under which key of the result it goes.
VARIABLES = {
    "CLASSROOM": "classroom",
    "ASSIGNMENT": "assignment",
    "SUBMISSION_TAG": "submission",
    "COMMIT_URL": "commit",
    "RELEASE_URL": "release",
}


def classroom50(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return one submission's result for Classroom 50, in whole points.

    A check that is open is worth 0 of 0 there: neither earned nor lost.

    Raises:
        ValueError: The runner did not say what it must.
    """
    (result,) = results
    run = wishes.run
    missing = [name for name in VARIABLES if not run.get(name)]
    if missing:
        raise ValueError(
            f"Classroom 50's runner sets {', '.join(missing)}; without it, set it yourself, as {_sample(missing[0])}"
        )
    if not run["SUBMISSION_TAG"].startswith("submit/"):
        raise ValueError(f"SUBMISSION_TAG is {run['SUBMISSION_TAG']!r}; Classroom 50's tags begin with submit/")
    checks = shown_checks(result, wishes)
    factor, points = whole_points(one.check for one in checks)
    tests = [_test(one, whole) for one, whole in zip(checks, points, strict=True)]
    record = {
        **_identity(run, result),
        "datetime": wishes.now,  # the runner puts the commit's time there
        "graded_at": wishes.now,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    note = f"points are times {factor}: Classroom 50 knows whole points only"
    return Export(json.dumps(record, ensure_ascii=False, indent=2) + "\n", (note,) if factor > 1 else ())


def _sample(name: str) -> str:
    return f"{name}=submit/2026-11-21T08-00-00Z-a1b2c3d" if name == "SUBMISSION_TAG" else f"{name}=..."


def _identity(run: Mapping[str, str], result: SubmissionResult) -> dict[str, str]:
    return {
        "schema": "classroom50/result/v1",
        **{key: run[name] for name, key in VARIABLES.items()},
        "assignment_type": run.get("ASSIGNMENT_TYPE") or "individual",
        "owner": run.get("OWNER") or run.get("USERNAME") or result.submission,
        "review": run.get("REVIEW_URL") or run["COMMIT_URL"],
    }


def _test(shown: Shown, whole: Whole) -> dict[str, Any]:
    return {
        "test-name": shown.name,
        "passed": shown.kind == "good",
        "score": whole.score,
        "max-score": whole.points,
        "status": shown.check.status,
        **({"message": shown.text} if shown.text else {}),
    }
