"""`torchgrade gradebook` add, roster, override, extend, withdraw."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from rich.progress import track

from ..course import Assignment, Due
from ..course.due import span_of
from ..course.points import points_text
from ..errors import CourseError
from ..grade.results import SubmissionResult
from ..gradebook import open_gradebook
from ..gradebook import roster as rosters
from ..gradebook.corrections import Target
from ..gradebook.corrections import extend as grant
from ..gradebook.corrections import override as set_points
from ..gradebook.corrections import withdraw as take_back
from ..gradebook.recording import Taken
from ..late import HandedIn
from ..late.moments import Clock
from ..report.text import one_line
from .book_keeping import take
from .booking import address_of
from .courses import assignment_of, course_of

__all__ = ["add", "extend", "override", "roster", "withdraw"]

_SAID = {"new": "new", "again": "graded again, the old outcome is kept", "same": "there already"}


def add(options: argparse.Namespace) -> int:
    """Take a results.jsonl in."""
    from ..export import read_results

    results = read_results(options.results, settled=False)
    late = _handed_in(options, results)
    with open_gradebook(address_of(options), make=True) as book:
        taken: dict[str, Taken] = {}
        for result in track(results, "taking in", transient=True, disable=not sys.stderr.isatty()):
            taken[result.submission] = take(book, result, late, options.reason)
        counts = Counter[str](one.kind for one in taken.values())
        said = ", ".join(f"{counts[kind]} {words}" for kind, words in _SAID.items() if counts[kind])
        print(f"{book.name}: {len(results)} results: {said or 'none new'}")
        _tell(_notes(taken))
    return 0


def _handed_in(options: argparse.Namespace, results: list[SubmissionResult]) -> HandedIn:
    """Gather times and extensions; the course is needed only where there are any, for its clock."""
    from .scoring import handed_in_of

    if not (options.times or options.extensions) or not results:
        return HandedIn(None, {}, {})
    assignment = assignment_of(course_of(options), results[0].assignment)
    return handed_in_of(options, assignment, {result.submission: Path(result.path) for result in results})


def _notes(taken: dict[str, Taken]) -> Iterable[str]:
    for name, one in taken.items():
        if one.kind == "older":
            yield f"{name!r}: a later grading of these files replaced this outcome, and stays; --reason takes it anyway"
        if one.later:
            yield f"{name!r}: other files came in under this name since; they stay the later attempt"
        if one.moved:
            yield f"{name!r}: {one.moved}"


def roster(options: argparse.Namespace) -> int:
    """Take a list of students in."""
    listed = rosters.read_roster(options.file, options.id_column, options.name_column, options.group_column)
    with open_gradebook(address_of(options), make=True) as book:
        found = rosters.enrol(book, listed)
        print(f"{book.name}: {len(listed)} students: {len(found.new)} new, {len(found.changed)} changed")
    if found.missing:
        _tell([f"in the gradebook, and not in this roster; they stay: {_listed(found.missing)}"])
    if found.unknown:
        _tell([f"handed something in, and are on no roster: {_listed(found.unknown)}"])
    return 0


def override(options: argparse.Namespace) -> int:
    """Set points."""
    assignment = assignment_of(course_of(options), options.slug)
    target = Target(options.exercise, options.check, options.attempt)
    with open_gradebook(address_of(options)) as book:
        done = set_points(
            book, assignment.slug, options.student, target, options.score,
            note=options.note, by=options.by, due=assignment.due, beyond=options.beyond,
        )  # fmt: skip
    old = "nothing handed in" if done.old is None else points_text(done.old)
    counts = "" if done.points is None else f"; {points_text(done.points)} points count now"
    print(f"override {done.id}: {done.of}: {old} → {points_text(done.new)}{counts}")
    return 0


def extend(options: argparse.Namespace) -> int:
    """Give a later deadline."""
    assignment = assignment_of(course_of(options), options.slug)
    until = _until(options.until, assignment)
    with open_gradebook(address_of(options)) as book:
        number = grant(book, assignment.slug, options.student, until, note=options.note, by=options.by)
    said = f"extension {number}" if number is not None else "there already"
    print(f"{said}: {options.student} has until {Clock(assignment.due).show(until)}")
    return 0


def withdraw(options: argparse.Namespace) -> int:
    """Take something back."""
    with open_gradebook(address_of(options)) as book:
        slug, student = take_back(book, options.kind, options.number, note=options.note, by=options.by)
    print(f"{options.kind} {options.number} of {student}, {slug}: withdrawn; it stays in the history")
    return 0


def _until(text: str, assignment: Assignment) -> datetime:
    """Read a deadline, or how much later it is than the usual one."""
    due = assignment.due
    place = assignment.folder / "assignment.toml"
    if due is None:
        raise CourseError(place, "due", "nothing is due, so nothing can be extended", "add [due] with at = …")
    try:
        until = _read(text, due)
    except ValueError as error:
        raise ValueError(f"{error}; write it like '2026-12-03 12:00 +01:00', or '+2 days' for so much later") from None
    if until < due.at:
        clock = Clock(due)
        raise ValueError(f"{clock.show(until)} is before it is due ({clock.show(due.at)}); give a later time")
    return until


def _read(text: str, due: Due) -> datetime:
    if text.startswith("+"):
        return Clock(due).after(due.at, span_of(text[1:]))
    return Clock(due).read(text, deadline=True)


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(map(repr, names[:8])) + more


def _tell(notes: Iterable[str]) -> None:
    for note in notes:
        print(f"note: {one_line(note, 2000)}", file=sys.stderr)
