"""The platform's own list of students: who a submission belongs to."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..grade.results import SubmissionResult
from .model import Wishes
from .settled import counted

__all__ = ["Entry", "Graded", "graded", "roster_of"]


def roster_of(text: str, column: str, origin: str = "the roster") -> dict[str, dict[str, str]]:
    """Return the rows of a CSV by what one of its columns holds; rows with nothing there are left out.

    Args:
        text: The file's text.
        column: The column that holds the submissions' names.
        origin: The file's name, for errors.

    Raises:
        ValueError: There is no such column, or two rows hold the same.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    known = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = known
    if column not in known:
        raise ValueError(
            f"{origin} has no column {column!r}; it has {', '.join(known) or 'none'} (choose with --match)"
        )
    found: dict[str, dict[str, str]] = {}
    for row in reader:
        name = key_of(row[column] or "")
        if name in found:
            raise ValueError(
                f"{origin} has two rows with {name!r} under {column!r}; choose another column with --match"
            )
        if name:
            found[name] = {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
    return found


def key_of(name: str) -> str:
    """Return a name as it is compared: file systems write accents in two ways."""
    return unicodedata.normalize("NFC", name.strip())


@dataclass(frozen=True)
class Entry:
    """A grade for somebody.

    Attributes:
        name: Whose it is, as results name it.
        result: What grading found.
        grade: Out of ``result.max_score``: what counts.
        raw: The same before anything was taken off for lateness.
        due: When it was due, as ``2026-11-30 22:59:00`` in UTC; empty where that is not known.
        handed_in: When it was handed in, written alike.
        row: The student's row of the roster; empty without a roster.
    """

    name: str
    result: SubmissionResult
    grade: float
    raw: float
    due: str
    handed_in: str
    row: Mapping[str, str]


@dataclass(frozen=True)
class Graded:
    """The grades of a class.

    Attributes:
        entries: In the order of the results.
        notes: Who is left out, and why.
    """

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = field(default=())


def graded(results: Sequence[SubmissionResult], wishes: Wishes) -> Graded:
    """Return the grades that can be given, and sentences about those that cannot.

    Who is left out has no row at all: an empty cell would erase a grade that the platform has already.
    """
    entries, waiting, unknown = [], [], []
    for one in counted(results, wishes):
        row = _row(one.name, wishes)
        if row is None:
            unknown.append(one.name)
        elif one.points is None or one.raw is None:
            waiting.append(one.name)
        else:
            entries.append(Entry(one.name, one.result, one.points, one.raw, one.due, one.handed_in, row))
    return Graded(tuple(entries), tuple(_notes(waiting, unknown, wishes.scale)))


def _row(name: str, wishes: Wishes) -> Mapping[str, str] | None:
    return {} if wishes.roster is None else wishes.roster.get(key_of(name))


def _notes(waiting: list[str], unknown: list[str], scale: bool) -> Iterator[str]:
    if waiting:
        remedy = (
            "nothing of theirs could be graded" if scale else "grade them where there is a GPU, or use --open scale"
        )
        yield f"left out, because points of theirs are still open: {_listed(waiting)}; {remedy}"
    if unknown:
        yield f"left out, because they are not in the roster: {_listed(unknown)}"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(repr(name) for name in names[:8]) + more
