"""From the tables to plain facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ..grade.results import CheckResult, Confinement, SubmissionResult
from . import tables
from .facts import Facts, Grading, Granted, HandIn, Override, Student

__all__ = ["facts_of", "slug_named", "slugs_of", "students_of"]


def slugs_of(connection: Connection) -> list[str]:
    """Return the assignments of the gradebook, in order."""
    return list(connection.execute(select(tables.assignments.c.slug).order_by("slug")).scalars())


def slug_named(known: Sequence[str], slug: str) -> str:
    """Return an assignment by its slug, or by the slug without its number where that is unique.

    Raises:
        ValueError: There is none.
    """
    ends = [one for one in known if one.partition("-")[2] == slug]
    found = ends[0] if len(ends) == 1 and slug not in known else slug
    if found not in known:
        raise ValueError(f"the gradebook has no assignment {slug!r}; it has {', '.join(known) or 'none'}")
    return found


def students_of(connection: Connection) -> dict[str, Student]:
    """Return all students by id, in order."""
    rows = connection.execute(select(tables.students)).mappings()
    return {row["id"]: Student(**row) for row in sorted(rows, key=lambda row: row["id"])}


def facts_of(connection: Connection, slug: str, student: str | None = None, *, all_gradings: bool = False) -> Facts:
    """Return what there is of one assignment.

    Args:
        connection: In a transaction, so that all of it is of one moment.
        slug: Which assignment.
        student: Only this one's.
        all_gradings: Replaced gradings too.
    """
    everybody = students_of(connection)
    graded = _gradings(connection, slug, student, all_gradings)
    found = _of(select(tables.attempts).order_by("id"), tables.attempts, slug, student)
    attempts = tuple(
        HandIn(
            **{name: value for name, value in row.items() if name != "assignment"}, gradings=tuple(graded[row["id"]])
        )
        for row in connection.execute(found).mappings()
        if row["id"] in graded
    )
    chosen = {student: everybody[student]} if student in everybody else {} if student else everybody
    return Facts(
        slug, chosen, attempts,
        tuple(Granted(**row) for row in _by_hand(connection, tables.extensions, slug, student)),
        tuple(Override(**row) for row in _by_hand(connection, tables.overrides, slug, student)),
    )  # fmt: skip


def _of(query: Select[Any], table: Any, slug: str, student: str | None) -> Select[Any]:
    query = query.where(table.c.assignment == slug)
    return query if student is None else query.where(table.c.student == student)


def _by_hand(connection: Connection, table: Any, slug: str, student: str | None) -> list[dict[str, Any]]:
    query = _of(select(table).order_by(table.c.id), table, slug, student)
    rows = connection.execute(query).mappings()
    return [{name: value for name, value in row.items() if name != "assignment"} for row in rows]


def _gradings(connection: Connection, slug: str, student: str | None, all_gradings: bool) -> dict[int, list[Grading]]:
    attempts, gradings, checks = tables.attempts, tables.gradings, tables.checks
    of_these = _of(select(attempts.c.id), attempts, slug, student)
    chosen = select(gradings.c.id).where(gradings.c.attempt.in_(of_these))
    if not all_gradings:
        newest = select(gradings.c.attempt, func.max(gradings.c.number).label("number")).group_by("attempt").subquery()
        same = (newest.c.attempt == gradings.c.attempt) & (newest.c.number == gradings.c.number)
        chosen = chosen.join(newest, same)
    parts: dict[int, list[CheckResult]] = {}
    for row in connection.execute(select(checks).where(checks.c.grading.in_(chosen)).order_by("grading", "place")):
        parts.setdefault(row.grading, []).append(_check(row._mapping))
    columns = (gradings, attempts.c.assignment, attempts.c.submission, attempts.c.digest)
    rows = select(*columns).join(attempts).where(gradings.c.id.in_(chosen)).order_by(attempts.c.id, gradings.c.number)
    found: dict[int, list[Grading]] = {}
    for row in connection.execute(rows):
        result = _result(row._mapping, parts.get(row.id, []))
        found.setdefault(row.attempt, []).append(Grading(row.id, row.number, row.at, row.reason, result))
    return found


def _check(row: Any) -> CheckResult:
    known = {name: row[name] for name in CheckResult.__dataclass_fields__}
    return CheckResult(**{**known, "alike": tuple(row["alike"])})


def _result(row: Any, parts: list[CheckResult]) -> SubmissionResult:
    same = ("assignment", "submission", "path", "digest", "status", "score", "max_score", "deferred", "seconds")
    held = Confinement(row["level"], tuple(row["layers"]))
    return SubmissionResult(
        **{name: row[name] for name in same}, confinement=held, checks=tuple(parts), notes=tuple(row["notes"])
    )
