"""GitHub Actions: the result that the Classroom actions pass on, a summary, and annotations."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from ..grade.results import SubmissionResult, readable
from ..language import _, languages, speaking
from ..report.markdown import feedback_markdown
from .model import Export, Wishes
from .points import is_open, whole_points
from .settled import assignment_of, lines_of
from .shown import Shown, page_of, shown_checks

__all__ = ["PARTS", "github"]

PARTS = ("result", "summary", "annotations")
MESSAGES = (500, 100, 20)  # the runner actions keep 500 characters
VARIABLE = 120_000  # the result travels in an environment variable, of which Linux takes 128 KiB
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[)", re.MULTILINE)


def github(results: Sequence[SubmissionResult], wishes: Wishes) -> Export:
    """Return one submission's result, summary or annotations, as ``wishes.part`` says."""
    (result,) = results
    if wishes.part == "summary":
        return Export(feedback_markdown(result, assignment_of(result, wishes), lines_of(result, wishes)))
    if wishes.part == "annotations":
        return Export("".join(f"{line}\n" for line in _annotations(result, wishes)))
    encoded = [_encoded(result, limit, wishes) for limit in MESSAGES]
    fitting = [text for text in encoded if len(text) <= VARIABLE] or encoded[-1:]
    return Export(f"result={fitting[0]}\n")


def _encoded(result: SubmissionResult, limit: int, wishes: Wishes) -> str:
    record = json.dumps(_record(result, limit, wishes), ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(readable(record).encode()).decode()


def _record(result: SubmissionResult, limit: int, wishes: Wishes) -> dict[str, Any]:
    """Return version 3 of what the runner actions give to the reporter.

    Open checks are not in it: the reporter knows passed and not passed, and counts them. The whole points are what
    the numbers would otherwise be, times a factor that is 1 for most assignments.
    """
    checks = shown_checks(result, wishes)
    __, points = whole_points(one.check for one in checks)
    known = [pair for pair in zip(checks, points, strict=True) if not is_open(pair[0].check)]
    tests = [_test(one.name, _cut(one.text, limit), whole.score, one) for one, whole in known]
    notes = " ".join(page_of(result, wishes).notes)
    return {
        "version": 3,
        "status": _status(checks),
        **({"message": notes} if notes else {}),
        "max_score": sum(whole.points for __, whole in known),
        # the reporter divides by their number
        "tests": tests or [_test(" ".join(filter(None, (_("Nothing could be graded here."), notes))), "", 0)],
    }


def _status(checks: list[Shown]) -> str:
    kinds = {one.kind for one in checks}
    return "fail" if "bad" in kinds else "error" if "unsure" in kinds else "pass"


def _cut(text: str, limit: int) -> str:
    text = _COMMAND.sub(lambda found: f"{found[0]} ", text)  # the reporter prints it, and the runner obeys
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _test(name: str, text: str, score: int, shown: Shown | None = None) -> dict[str, Any]:
    passed = shown is None or shown.kind == "good"
    return {
        "name": name,
        "status": "pass" if passed else "fail",
        **({} if passed else {"message": text}),
        "test_code": "",
        "task_id": 0,
        "filename": "",
        "line_no": 0,  # left out, the reporter prints "line undefined"
        "duration": round(shown.seconds if shown else 0.0, 3),
        "score": score,
    }


def _annotations(result: SubmissionResult, wishes: Wishes) -> Iterator[str]:
    """Yield a line for each visible check that failed; GitHub shows the first ten of a step."""
    page = page_of(result, wishes)
    if page.unreadable:
        yield _command("error", f"{page.cause}\n{page.remedy}", title=_("Your submission could not be read"))
    else:
        wrong = (one for one in shown_checks(result, wishes) if one.kind == "bad" and one.check.visible)
        yield from (_failed(one, result.path) for one in wrong)
    yield from (_command("notice", note, title=page.title) for note in page.notes)


def _failed(shown: Shown, path: str) -> str:
    line = _line_in(shown.why)
    place = {"file": path, "line": line} if line and _inside(path) else {}
    return _command("error", shown.text, **place, title=shown.name)


def _line_in(why: str) -> str:
    """Find the student's line in what was said of a check, in whichever language that was; else return nothing."""
    for language in languages():
        with speaking(language):
            told = _("{place}: {source}").format(place=_("line {line}"), source="")
        before, after = map(re.escape, told.rstrip().split("{line}"))
        found = re.search(rf"^\s*{before}(\d{{1,7}}){after}", why, re.MULTILINE)
        if found:
            return found[1]
    return ""


def _inside(path: str) -> bool:
    """Tell whether a path can be a file of the repository; no other is told."""
    pure = PurePosixPath(path)
    outside = pure.is_absolute() or PureWindowsPath(path).is_absolute() or ".." in pure.parts
    return pure.suffix == ".py" and not outside


def _command(kind: str, message: str, **properties: str) -> str:
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{kind} {told}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """Escape what would end a workflow command, as the runner undoes it."""
    return "".join(f"%{ord(one):02X}" if one in f"%\r\n{more}" else one for one in text)
