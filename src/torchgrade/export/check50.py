"""check50: its JSON report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ..grade.results import SubmissionResult
from .model import Export, Wishes
from .points import is_open
from .shown import Shown, shown_checks

__all__ = ["check50"]


def check50(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return one submission's report. ``passed`` is null where nothing is known; points stand in ``data``."""
    (result,) = results
    checks = shown_checks(result, wishes)
    record = {"slug": result.assignment, "results": [_check(one) for one in checks], "version": _version()}
    return Export(json.dumps(record, ensure_ascii=False, indent=4) + "\n")


def _check(shown: Shown) -> dict[str, Any]:
    check = shown.check
    passed = None if is_open(check) else shown.kind == "good"
    return {
        "name": shown.name,
        "description": shown.name,
        "passed": passed,
        "log": [],
        "cause": None if passed else {"rationale": shown.why or shown.label, "help": shown.help or None},
        "data": {"score": check.score, "points": check.points, "status": check.status, "hidden": not check.visible},
        "dependency": None,
    }


def _version() -> str:
    try:
        return f"{version('torchgrade')} (torchgrade)"
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "torchgrade"
