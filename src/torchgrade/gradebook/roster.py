"""The list of students: a CSV file, as a platform exports it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, update

from ..late.sheets import Row, rows_of
from .book import Gradebook
from .columns import storable
from .facts import Student, student_id
from .reading import students_of
from .recording import ensure_student
from .tables import students
from .trouble import told

__all__ = ["Enrolled", "enrol", "read_roster"]


@dataclass(frozen=True)
class Enrolled:
    """What became of a roster.

    Attributes:
        new: Ids that the gradebook did not have.
        changed: Ids whose name or group is another now, or that were not on a roster until now.
        missing: Ids that another roster had, and this one has not; they stay.
        unknown: Ids that handed something in and are on no roster.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def read_roster(file: Path, column: str = "id", name: str = "name", group: str = "group") -> list[Student]:
    """Read a roster.

    Args:
        file: A CSV file; its other columns are passed over.
        column: The column that holds what submissions are called; upper and lower case are the same.
        name: The column of names; may be missing.
        group: The column of groups; may be missing.

    Raises:
        CourseError: It cannot be read, lacks the column, or has somebody twice; it names file, line and remedy.
    """
    remedy = "write a header like id,name,group, or say with --id-column which column holds the submissions' names"
    column, name, group = (one.strip().lower() for one in (column, name, group))
    found: dict[str, tuple[Student, Row]] = {}
    for row in rows_of(file, column, remedy):
        known = student_id(storable(row[column]))
        if not known:
            raise row.wrong(f"has nothing under {column!r}", "write the student's id, or remove the line")
        if known in found:
            raise row.wrong(f"{known!r} stands in line {found[known][1].line} too", "keep one of the two")
        found[known] = (Student(known, storable(row[name]), storable(row[group]), True), row)
    return [student for student, _ in found.values()]


def enrol(book: Gradebook, listed: Iterable[Student]) -> Enrolled:
    """Take students in, all of them or none; a name and a group follow the newest roster."""
    wanted = {student.id: student for student in listed}
    with told(book.name), book.writing() as connection:
        before = students_of(connection)
        for student in sorted(
            wanted.values(), key=lambda one: one.id
        ):  # in one order: two rosters do not lock in a knot
            if before.get(student.id) != student:
                _write(connection, student)
    return Enrolled(
        tuple(sorted(wanted.keys() - before.keys())),
        tuple(sorted(name for name in wanted.keys() & before.keys() if wanted[name] != before[name])),
        tuple(name for name, student in before.items() if student.listed and name not in wanted),
        tuple(name for name, student in before.items() if not student.listed and name not in wanted),
    )


def _write(connection: Connection, student: Student) -> None:
    ensure_student(connection, student.id)
    values = {"name": student.name, "group": student.group, "listed": True}
    connection.execute(update(students).where(students.c.id == student.id).values(values))
