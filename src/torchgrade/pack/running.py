"""What a pack's script calls on the platform's machine: grade one submission, and say it in the platform's words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..course import Course
from ..course.files import write_changed
from ..export import Wishes, format_named
from ..export.points import grade_of
from ..grade.pool import Settings, grade_all
from ..grade.results import SubmissionResult
from ..grade.submissions import Submission
from ..language import speaking, spoken
from ..report.feedback import write_feedback
from .bundle import Packed
from .handed_in import settled_by

__all__ = ["run_packed"]

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def run_packed(
    platform: str,
    packed: Packed,
    submission: Path,
    out: Path,
    *,
    metadata: Path | None,
    environment: Mapping[str, str],
) -> SubmissionResult:
    """Grade a submission with a bundle and write what the platform reads.

    Args:
        platform: ``"gradescope"``, ``"github"`` or ``"gitlab"``.
        packed: The unpacked bundle.
        submission: The folder that the platform put the student's files into; a whole repository will do.
        out: Where the results go.
        metadata: Gradescope's ``submission_metadata.json``; it gives the submission its name, and says when it came.
        environment: Where GitHub names the files that it reads.

    Raises:
        CourseError: Hidden checks cannot be kept hidden on this machine.
        GraderFailed: The grader itself failed.
    """
    with speaking(packed.choice.language or spoken()):
        return _run(platform, packed, submission, out, metadata, environment)


def _run(
    platform: str,
    packed: Packed,
    submission: Path,
    out: Path,
    metadata: Path | None,
    environment: Mapping[str, str],
) -> SubmissionResult:
    settings = Settings(packed.course.resolve(), packed.slug, allow_unconfined=packed.choice.allow_unconfined)
    chosen = Submission(_name_of(metadata), _handed_in(submission, packed))
    (result,) = grade_all(settings, [chosen], 1)
    result = replace(result, path=f"{packed.slug}/{packed.module}.py")  # where it lies here is nobody's concern
    out.mkdir(parents=True, exist_ok=True)
    assignment = Course(packed.course).assignment(packed.slug)
    if platform == "gradescope":
        known = Wishes(assignment=assignment, scores=settled_by(metadata, result, assignment))
        write_changed(out / "results.json", _gradescope(result, packed, known))
        return result
    write_feedback(result, assignment, out / "feedback")
    if platform == "github":
        _tell_github(result, environment)
    else:
        write_changed(out / "report.xml", _text("junit", result, Wishes()).encode("utf-8", "backslashreplace"))
        print(_text("markdown", result, Wishes()))
    return result


def _handed_in(folder: Path, packed: Packed) -> Path:
    """Find the assignment's own folder where a whole repository was handed in."""
    own = folder / packed.slug
    here = any((folder / f"{packed.module}{ending}").exists() for ending in (".py", ".ipynb"))
    return own if own.is_dir() and not here else folder


def _name_of(metadata: Path | None) -> str:
    """Return the submission's number on the platform; names and addresses of people stay where they are."""
    try:
        number = str(json.loads(metadata.read_text(encoding="utf-8"))["id"]) if metadata else ""
    except (OSError, ValueError, KeyError, TypeError):
        number = ""
    return f"submission-{number}" if _ID.fullmatch(number) else "submission"


def _gradescope(result: SubmissionResult, packed: Packed, known: Wishes | None = None) -> bytes:
    """Return ``results.json``.

    Points that the grader could not tell are never lost: the grade is then the share of the others. Where nothing at
    all is known there is no score, which is not the same as 0.
    """
    unsure = any(check.status == "error" for check in result.checks)
    wishes = replace(known or Wishes(), scale=packed.choice.scale or unsure, hidden=packed.choice.hidden)
    record = json.loads(_text("gradescope", result, wishes))
    if result.max_score and grade_of(result, True) is None:
        del record["score"]
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def _tell_github(result: SubmissionResult, environment: Mapping[str, str]) -> None:
    for variable, part in (("GITHUB_OUTPUT", "result"), ("GITHUB_STEP_SUMMARY", "summary")):
        if environment.get(variable):
            with open(environment[variable], "ab") as file:
                file.write(_text("github", result, Wishes(part=part)).encode("utf-8", "backslashreplace"))
    print(_text("github", result, Wishes(part="annotations")), end="")


def _text(name: str, result: SubmissionResult, wishes: Wishes) -> str:
    return format_named(name).write([result], wishes).text
