"""Who handed in what, when: from a CSV file, from names, or from the files' own times, as the instructor asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from difflib import get_close_matches
from pathlib import Path

from ..course import Assignment
from ..course.due import Due
from ..errors import CourseError
from ..grade.results import SubmissionResult
from .moments import STAMP, Clock
from .settle import Attempt, Extension, StudentScore, in_order, settle
from .sheets import Row, read_extensions, read_times

__all__ = ["HandedIn", "handed_in"]

# student__2, student__2026-11-30T22-10-00+0100, student__2__2026-11-30T22-10-00
_NAME = re.compile(rf"(?P<student>.+?)(?:__(?P<number>\d{{1,3}}))?(?:__(?P<time>{STAMP}))?")


@dataclass(frozen=True)
class HandedIn:
    """All there is to know besides the results.

    Attributes:
        due: The assignment's rules; None where nothing is due.
        attempts: By submission.
        extensions: By student.
        notes: What the instructor should look at, as sentences.
    """

    due: Due | None
    attempts: Mapping[str, Attempt]
    extensions: Mapping[str, Extension]
    notes: tuple[str, ...] = ()

    def settle(self, results: Iterable[SubmissionResult]) -> list[StudentScore]:
        """Return what counts for each student."""
        return settle(results, self.due, self.attempts, self.extensions)


def handed_in(
    assignment: Assignment, submissions: Mapping[str, Path], times: str | None = None, extensions: Path | None = None
) -> HandedIn:
    """Gather when each submission was handed in and who has an extension.

    Args:
        assignment: Whose rules.
        submissions: Where each submission lies, by its name.
        times: ``names``, ``mtime``, or a CSV file's path; None where nothing is known.
        extensions: A CSV file; None for no extensions.

    Raises:
        CourseError: A file, a line or a name cannot be understood; it says where, and what to do.
        UnknownOrder: The order of a student's attempts cannot be told.
    """
    due, notes = assignment.due, list[str]()
    attempts: dict[str, Attempt] = {}
    if times == "names":
        attempts = {name: _from_name(name, path, due) for name, path in submissions.items()}
    elif times == "mtime":
        attempts = {name: Attempt(name, None, _from_file(path, assignment)) for name, path in submissions.items()}
    elif times is not None:
        rows = read_times(Path(times), due)
        attempts = {name: attempt for name, (attempt, _) in rows.items() if name in submissions}
        notes += (
            _unknown("submission", name, submissions, row) for name, (_, row) in rows.items() if name not in submissions
        )
    if times is not None:
        attempts = {name: attempts.get(name) or Attempt(name) for name in submissions}
        notes += _without_time(attempts, due)
    _refuse_unknown_order(attempts)
    granted = _granted(assignment, submissions, attempts, extensions, notes) if extensions else {}
    return HandedIn(due, attempts, granted, tuple(notes))


def _refuse_unknown_order(attempts: Mapping[str, Attempt]) -> None:
    """Raise now what would stop `settle` later, after hours of grading."""
    mine: dict[str, dict[str, Attempt]] = {}
    for name, attempt in attempts.items():
        mine.setdefault(attempt.student, {})[name] = attempt
    for student, theirs in mine.items():
        in_order(student, theirs)


def _from_name(name: str, path: Path, due: Due | None) -> Attempt:
    parts = _NAME.fullmatch(name)
    if parts is None:
        return Attempt(name)
    number, time = parts["number"], parts["time"]
    try:
        moment = Clock(due).read(time) if time else None
    except ValueError as error:
        remedy = "rename it like alice__2026-11-30T22-10-00+0100"
        if "no offset" in str(error):
            remedy += ', or write zone = "Europe/Berlin" into [due] of assignment.toml'
        raise CourseError(path, "its name", str(error), remedy) from None
    return Attempt(parts["student"], int(number) if number else None, moment)


def _from_file(path: Path, assignment: Assignment) -> datetime | None:
    """Return when a file, or the latest of a folder's files that are handed in, was last written."""
    files = [path] if path.is_file() else [path / f"{assignment.module}{suffix}" for suffix in (".py", ".ipynb")]
    written = [file.stat().st_mtime for file in files if file.is_file()]
    return datetime.fromtimestamp(int(max(written)), timezone.utc) if written else None


def _without_time(attempts: Mapping[str, Attempt], due: Due | None) -> Iterator[str]:
    lost = [name for name, attempt in attempts.items() if attempt.time is None]
    if lost and due is not None:
        more = f" and {len(lost) - 8} more" if len(lost) > 8 else ""
        yield f"no time of handing in, so nothing is taken off: {', '.join(map(repr, lost[:8]))}{more}"


def _granted(
    assignment: Assignment,
    submissions: Iterable[str],
    attempts: Mapping[str, Attempt],
    file: Path,
    notes: list[str],
) -> dict[str, Extension]:
    if assignment.due is None:
        place, remedy = assignment.folder / "assignment.toml", "add [due] with at = …, or leave --extensions out"
        raise CourseError(place, "due", "nothing is due, so nothing can be extended", remedy)
    owners = {name: attempts[name].student if name in attempts else name for name in submissions}
    students = {*owners.values()}
    found: dict[str, tuple[Extension, Row]] = {}
    for name, extension, row in read_extensions(file, assignment.due):
        student = name if name in students else owners.get(name)
        if student is None:
            notes.append(_unknown("student", name, students, row))
        elif student in found:
            raise row.wrong(f"{student!r} has an extension in line {found[student][1].line} too", "keep one of the two")
        else:
            found[student] = (extension, row)
    return {student: extension for student, (extension, _) in found.items()}


def _unknown(kind: str, name: str, known: Iterable[str], row: Row) -> str:
    near = get_close_matches(name, list(known), n=1)
    guess = f"; did you mean {near[0]!r}?" if near else ""
    return f"{row.file}, line {row.line}: no {kind} {name!r} among the results, so the line is not used{guess}"
