"""Taking results in, each in a transaction of its own: what was known is never overwritten."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import PurePath
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..grade.results import CheckResult, SubmissionResult
from ..late import Attempt
from .book import Gradebook
from .columns import storable
from .facts import student_id
from .tables import assignments, attempts, checks, gradings, overrides, students
from .trouble import told

__all__ = ["Taken", "ensure", "ensure_student", "fingerprint", "now", "take_in"]


_POINTS = ("score", "max_score", "deferred", "points")


@dataclass(frozen=True)
class Taken:
    """What became of a result.

    Attributes:
        kind: ``new`` attempt; ``again``, an outcome that differs from the last one; ``same``, nothing new; or
            ``older``, an outcome that a later one has replaced, and so nothing was written.
        student: Whose.
        later: Whether other files came in since under the same name.
        moved: What ``--times`` changed about an attempt that was there: a sentence, or nothing.
    """

    kind: Literal["new", "again", "same", "older"]
    student: str
    later: bool = False
    moved: str = ""


def take_in(
    book: Gradebook, result: SubmissionResult, known: Attempt | None = None, reason: str = "", *, fresh: bool = False
) -> Taken:
    """Take a result in.

    Args:
        book: Where.
        result: What grading found.
        known: Whose it is and when it was handed in; None where nobody said.
        reason: Why it was graded again.
        fresh: It was graded just now, so that it holds even if it says what an earlier, replaced grading had said. With
            a ``reason`` it holds as well.

    Raises:
        ValueError: A number in it is none, or the database refuses; nothing is written then.
    """
    _refuse_strange(result)
    with told(book.name), book.writing() as connection:
        ensure(connection, assignments, slug=result.assignment)
        key, moved = _attempt(connection, result, known)
        kind = _grading(connection, key, result, reason, fresh or bool(reason))
        newer = select(attempts.c.id).where(_same_name(result), attempts.c.id > key)
        later = connection.execute(newer.limit(1)).first() is not None
        owner = select(attempts.c.student).where(attempts.c.id == key)
        return Taken(kind, connection.execute(owner).scalar_one(), later, moved)


def now() -> datetime:
    """Return the moment, so finely that it tells the order of what one person does."""
    return datetime.now(timezone.utc)


def ensure(connection: Connection, table: Any, **values: Any) -> None:
    """Insert a row, unless there is one with the same key: also where another program is about to."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())


def ensure_student(connection: Connection, name: str) -> str:
    """See that there is a student of that name; return the id."""
    known = student_id(storable(name))
    ensure(connection, students, id=known, name="", group="", listed=False)
    return known


def fingerprint(result: SubmissionResult) -> str:
    """Return what tells one outcome from another: all but how long it took, where, and how the process was held."""
    record = _told_apart(asdict(result), ("path", "seconds", "confinement"))
    record["checks"] = [_told_apart(one, ("seconds",)) for one in record["checks"]]
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _told_apart(record: dict[str, Any], left_out: tuple[str, ...]) -> dict[str, Any]:
    kept = {name: value for name, value in record.items() if name not in left_out}
    return {name: float(value) if name in _POINTS else value for name, value in kept.items()}  # 2 points are 2.0


def _refuse_strange(result: SubmissionResult) -> None:
    numbers = [result.score, result.max_score, result.deferred, result.seconds]
    numbers += [number for check in result.checks for number in (check.points, check.score, check.seconds)]
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not math.isfinite(number):
            raise ValueError(f"the result of {result.submission!r} has {number!r} where points or seconds belong")


def _same_name(result: SubmissionResult) -> Any:
    return (attempts.c.assignment == result.assignment) & (attempts.c.submission == result.submission)


def _attempt(connection: Connection, result: SubmissionResult, known: Attempt | None) -> tuple[int, str]:
    """Return the attempt that a result is of, locked, and what is known anew of it."""
    query = select(attempts).where(_same_name(result), attempts.c.digest == result.digest).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        suffix = PurePath(result.path).suffix
        ensure(
            connection, attempts, assignment=result.assignment, submission=result.submission, digest=result.digest,
            student=ensure_student(connection, known.student if known else result.submission),
            number=known.number if known else None, handed_in=known.time if known else None,
            form=suffix[1:] if suffix in (".py", ".ipynb") else "folder",
        )  # fmt: skip
        row = connection.execute(query).mappings().one()
    changed = _told_anew(row, known) if known else {}
    if "student" in changed:
        ensure_student(connection, changed["student"])
        connection.execute(update(overrides).where(overrides.c.attempt == row["id"]).values(student=changed["student"]))
    if changed:
        connection.execute(update(attempts).where(attempts.c.id == row["id"]).values(changed))
    return row["id"], "; ".join(f"{name} {row[name] or 'unknown'} → {value}" for name, value in changed.items())


def _told_anew(row: RowMapping, known: Attempt) -> dict[str, Any]:
    said: dict[str, Any] = {"number": known.number, "handed_in": known.time}
    if known.student != row["submission"]:  # else nobody said whose it is
        said["student"] = student_id(storable(known.student))
    return {name: value for name, value in said.items() if value is not None and value != row[name]}


def _grading(
    connection: Connection, attempt: int, result: SubmissionResult, reason: str, holds: bool
) -> Literal["new", "again", "same", "older"]:
    print_of_it = fingerprint(result)
    earlier = select(gradings.c.number, gradings.c.fingerprint).where(gradings.c.attempt == attempt)
    before = connection.execute(earlier.order_by(gradings.c.number)).all()
    if before and before[-1].fingerprint == print_of_it:
        return "same"
    if not holds and any(one.fingerprint == print_of_it for one in before):
        return "older"
    number = before[-1].number + 1 if before else 1
    _insert(connection, attempt, number, reason if before else "", print_of_it, result)
    return "again" if before else "new"


def _insert(
    connection: Connection, attempt: int, number: int, reason: str, print_of_it: str, result: SubmissionResult
) -> None:
    row = insert(gradings).values(
        attempt=attempt, number=number, at=now(), reason=reason, fingerprint=print_of_it, path=result.path,
        status=result.status, score=result.score, max_score=result.max_score, deferred=result.deferred,
        seconds=result.seconds, level=result.confinement.level, layers=list(result.confinement.layers),
        notes=list(result.notes),
    )  # fmt: skip
    key = connection.execute(row).inserted_primary_key
    assert key is not None
    if result.checks:
        rows = [_check(key[0], place, check) for place, check in enumerate(result.checks)]
        connection.execute(insert(checks), rows)


def _check(grading: int, place: int, check: CheckResult) -> dict[str, Any]:
    return {"grading": grading, "place": place, **asdict(check), "alike": list(check.alike)}
