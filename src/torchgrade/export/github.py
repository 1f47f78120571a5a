"""GitHub Actions: the result that the Classroom actions pass on, a summary, and annotations."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from ..grade.results import SubmissionResult, readable
from ..report.markdown import feedback_markdown
from .model import Export, Wishes
from .points import is_open, whole_points
from .shown import Shown, nameless, page_of, shown_checks

__all__ = ["PARTS", "github"]

PARTS = ("result", "summary", "annotations")
OUTPUT_LIMIT = 500  # the reporter's own
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[)", re.MULTILINE)
_LINE = re.compile(r"^\s*line (\d{1,7}): ", re.MULTILINE)


def github(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return one submission's result, summary or annotations, as ``wishes.part`` says."""
    (result,) = results
    if wishes.part == "summary":
        return Export(feedback_markdown(result, nameless(result.assignment)))
    if wishes.part == "annotations":
        return Export("".join(f"{line}\n" for line in _annotations(result)))
    record = json.dumps(_record(result), ensure_ascii=False, separators=(",", ":"))
    return Export(f"result={base64.b64encode(readable(record).encode()).decode()}\n")


def _record(result: SubmissionResult) -> dict[str, Any]:
    """Return version 3 of what the runner actions give to the reporter.

    Open checks are not in it: the reporter knows passed and not passed, and counts them. The whole points are what
    the numbers would otherwise be, times a factor that is 1 for most assignments.
    """
    checks = shown_checks(result)
    _, points = whole_points(one.check for one in checks)
    known = [pair for pair in zip(checks, points, strict=True) if not is_open(pair[0].check)]
    tests = [_test(one.name, one.kind == "good", one.text, whole.score, one.seconds) for one, whole in known]
    notes = " ".join(page_of(result).notes)
    return {
        "version": 3,
        "status": _status(checks),
        **({"message": notes} if notes else {}),
        "max_score": sum(whole.points for _, whole in known),
        # the reporter divides by their number
        "tests": tests or [_test(f"Nothing could be graded here. {notes}".strip(), True, "", 0, 0.0)],
    }


def _status(checks: list[Shown]) -> str:
    kinds = {one.kind for one in checks}
    return "fail" if "bad" in kinds else "error" if "unsure" in kinds else "pass"


def _test(name: str, passed: bool, text: str, score: int, seconds: float) -> dict[str, Any]:
    text = _COMMAND.sub(lambda found: f"{found[0]} ", text)  # the reporter prints it, and the runner obeys
    short = text if len(text) <= OUTPUT_LIMIT else f"{text[: OUTPUT_LIMIT - 1]}…"
    return {
        "name": name,
        "status": "pass" if passed else "fail",
        **({} if passed else {"message": short}),
        "test_code": "",
        "task_id": 0,
        "filename": "",
        "line_no": 0,  # left out, the reporter prints "line undefined"
        "duration": round(seconds, 3),
        "score": score,
        **({"output": short} if short else {}),
    }


def _annotations(result: SubmissionResult) -> Iterator[str]:
    """Yield a line for each visible check that failed; GitHub shows the first ten of a step."""
    page = page_of(result)
    if page.unreadable:
        yield _command("error", f"{page.cause}\n{page.remedy}", title="Your submission could not be read")
    else:
        yield from (
            _failed(one, result.path) for one in shown_checks(result) if one.kind == "bad" and one.check.visible
        )
    yield from (_command("notice", note, title=page.title) for note in page.notes)


def _failed(shown: Shown, path: str) -> str:
    line = _LINE.search(shown.why)
    place = {"file": path, "line": line[1]} if line and _inside(path) else {}
    return _command("error", shown.text, **place, title=shown.name)


def _inside(path: str) -> bool:
    """Tell whether a path can be one of the repository's; no other is told."""
    pure = PurePosixPath(path)
    return not (pure.is_absolute() or PureWindowsPath(path).is_absolute() or ".." in pure.parts)


def _command(kind: str, message: str, **properties: str) -> str:
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{kind} {told}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """Escape what would end a workflow command, as the runner undoes it."""
    return "".join(f"%{ord(one):02X}" if one in f"%\r\n{more}" else one for one in text)
