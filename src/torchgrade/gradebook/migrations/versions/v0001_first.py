"""The first schema: students, assignments, attempts, gradings with their checks, extensions, overrides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "assignments",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_assignments")),
    )
    op.create_table(
        "students",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("handed_in", sa.DateTime(timezone=True)),
        sa.Column("form", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.slug"], name=op.f("fk_attempts_assignment")),
        sa.ForeignKeyConstraint(["student"], ["students.id"], name=op.f("fk_attempts_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint(
            "assignment", "submission", "digest", name=op.f("uq_attempts_assignment_submission_digest")
        ),
    )
    op.create_index(op.f("ix_attempts_student"), "attempts", ["student"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_note", sa.Text()),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.slug"], name=op.f("fk_extensions_assignment")),
        sa.ForeignKeyConstraint(["student"], ["students.id"], name=op.f("fk_extensions_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_assignment_student"), "extensions", ["assignment", "student"])
    op.create_table(
        "gradings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("max_score", sa.Double(), nullable=False),
        sa.Column("deferred", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("layers", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name=op.f("fk_gradings_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gradings")),
        sa.UniqueConstraint("attempt", "number", name=op.f("uq_gradings_attempt_number")),
    )
    op.create_table(
        "checks",
        sa.Column("grading", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("exercise", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("misconception", sa.Text()),
        sa.Column("belief", sa.Text()),
        sa.Column("hint", sa.Text()),
        sa.Column("alike", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["grading"], ["gradings.id"], name=op.f("fk_checks_grading")),
        sa.PrimaryKeyConstraint("grading", "place", name=op.f("pk_checks")),
    )
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_note", sa.Text()),
        sa.Column("attempt", sa.Integer()),
        sa.Column("grading", sa.Integer()),
        sa.Column("exercise", sa.Text()),
        sa.Column("check", sa.Text()),
        sa.Column("old", sa.Double()),
        sa.Column("new", sa.Double(), nullable=False),
        sa.CheckConstraint(
            'attempt IS NOT NULL OR (exercise IS NULL AND "check" IS NULL)',
            name=op.f("ck_overrides_part_of_an_attempt"),
        ),
        sa.CheckConstraint('exercise IS NULL OR "check" IS NULL', name=op.f("ck_overrides_one_target")),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.slug"], name=op.f("fk_overrides_assignment")),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name=op.f("fk_overrides_attempt")),
        sa.ForeignKeyConstraint(["grading"], ["gradings.id"], name=op.f("fk_overrides_grading")),
        sa.ForeignKeyConstraint(["student"], ["students.id"], name=op.f("fk_overrides_student")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    op.create_index(op.f("ix_overrides_assignment_student"), "overrides", ["assignment", "student"])


def downgrade() -> None:
    """Refuse: a gradebook is not thrown away by a step back."""
    raise NotImplementedError("a gradebook has no way back to an older schema; bring back a copy of it instead")
