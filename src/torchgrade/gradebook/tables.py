"""The tables. A change here needs a step in `migrations/versions` and a new `SCHEMA`; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from .columns import Moment, Words

__all__ = [
    "SCHEMA",
    "VERSION_TABLE",
    "assignments",
    "attempts",
    "checks",
    "extensions",
    "gradings",
    "metadata",
    "overrides",
    "students",
]

SCHEMA = "0001"  # the newest step in migrations/versions
VERSION_TABLE = "torchgrade_schema"  # not Alembic's usual name: a database may hold another program's tables as well

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

students = Table(
    "students", metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("group", Words, nullable=False),
    Column("listed", Boolean, nullable=False),  # by a roster; else only by something handed in
)  # fmt: skip

assignments = Table("assignments", metadata, Column("slug", Words, primary_key=True))

# What somebody handed in: other files under the same name are another attempt.
attempts = Table(
    "attempts", metadata,
    Column("id", Integer, primary_key=True),
    Column("assignment", Words, ForeignKey("assignments.slug"), nullable=False),
    Column("submission", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("student", Words, ForeignKey("students.id"), nullable=False),
    Column("number", Integer),
    Column("handed_in", Moment),
    Column("form", Words, nullable=False),
    UniqueConstraint("assignment", "submission", "digest"),
    Index(None, "student"),
)  # fmt: skip

# One row each time an attempt was graded with another outcome; the one with the highest number holds.
gradings = Table(
    "gradings", metadata,
    Column("id", Integer, primary_key=True),
    Column("attempt", Integer, ForeignKey("attempts.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("path", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("score", Double, nullable=False),
    Column("max_score", Double, nullable=False),
    Column("deferred", Double, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("level", Words, nullable=False),
    Column("layers", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    UniqueConstraint("attempt", "number"),
)  # fmt: skip

checks = Table(
    "checks", metadata,
    Column("grading", Integer, ForeignKey("gradings.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("id", Words, nullable=False),
    Column("exercise", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("points", Double, nullable=False),
    Column("score", Double, nullable=False),
    Column("status", Words, nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("message", Words, nullable=False),
    Column("rationale", Words, nullable=False),
    Column("misconception", Words),
    Column("belief", Words),
    Column("hint", Words),
    Column("alike", JSON, nullable=False),
    Column("seconds", Double, nullable=False),
)  # fmt: skip


def _by_hand() -> tuple[Column[object], ...]:
    """Return the columns of what a person decides: who, when, why, and the same of who takes it back."""
    return (
        Column("id", Integer, primary_key=True),
        Column("assignment", Words, ForeignKey("assignments.slug"), nullable=False),
        Column("student", Words, ForeignKey("students.id"), nullable=False),
        Column("at", Moment, nullable=False),
        Column("by", Words, nullable=False),
        Column("note", Words, nullable=False),
        Column("withdrawn_at", Moment),
        Column("withdrawn_by", Words),
        Column("withdrawn_note", Words),
    )


extensions = Table(
    "extensions", metadata, *_by_hand(), Column("until", Moment, nullable=False), Index(None, "assignment", "student")
)

# Of the score that counts (no attempt), or of an exercise or a check in one attempt. Of several the newest holds.
overrides = Table(
    "overrides", metadata, *_by_hand(),
    Column("attempt", Integer, ForeignKey("attempts.id")),
    Column("grading", Integer, ForeignKey("gradings.id")),  # what the grader had said when it was set
    Column("exercise", Words),
    Column("check", Words),
    Column("old", Double),  # empty where nothing had been handed in
    Column("new", Double, nullable=False),
    CheckConstraint('exercise IS NULL OR "check" IS NULL', name="one_target"),
    CheckConstraint('attempt IS NOT NULL OR (exercise IS NULL AND "check" IS NULL)', name="part_of_an_attempt"),
    Index(None, "assignment", "student"),
)  # fmt: skip
