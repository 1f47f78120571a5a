"""What people decide: points set by hand, extensions, and taking either back. Rows are added, never removed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ..course import Due
from ..course.points import points_text
from .applying import corrected, held_by
from .book import Gradebook
from .counting import Standing, standings
from .facts import Facts, HandIn, Override, student_id
from .reading import facts_of, students_of
from .recording import ensure, now
from .tables import assignments, attempts, extensions, gradings, overrides, students
from .trouble import told

__all__ = ["Change", "Target", "extend", "override", "withdraw"]

KINDS = {"override": overrides, "extension": extensions}


@dataclass(frozen=True)
class Target:
    """What an override sets.

    Attributes:
        exercise: Of which exercise; None for another target.
        check: Of which check: its id, or the end of it where that is unique.
        attempt: Of the how manyth attempt, from 1; None for the one that counts.
    """

    exercise: str | None = None
    check: str | None = None
    attempt: int | None = None


@dataclass(frozen=True)
class Change:
    """What a correction did.

    Attributes:
        id: Of the override or extension.
        of: What was set, in words.
        old: Points before.
        new: Points since.
        points: The points of the student that count now.
    """

    id: int
    of: str
    old: float | None
    new: float
    points: float | None


def override(
    book: Gradebook, slug: str, student: str, target: Target, score: float, *,
    note: str, by: str, due: Due | None, beyond: bool = False,
) -> Change:  # fmt: skip
    """Set points by hand.

    Args:
        book: Where.
        slug: The assignment, as the gradebook has it.
        student: Whose.
        target: The score that counts, or a part of an attempt.
        score: The points.
        note: Why.
        by: By whom.
        due: The assignment's rules: they tell which attempt counts.
        beyond: Allow more points than there are.

    Raises:
        ValueError: No such student, attempt, exercise or check; points that cannot be; no note.
    """
    _refuse_bad(score, note)
    with told(book.name), book.writing() as connection:
        ensure(connection, assignments, slug=slug)
        who = _locked(connection, student)
        before = _standing(connection, slug, who, due)
        found, exercise, check = _part(before, target)
        old, most = _before(before, found, exercise, check, facts_of(connection, slug, who))
        if most is None:  # they handed nothing in: what it is worth stands in the others' results
            most = _newest_worth(connection, slug)
        if most is not None and score > most and not beyond:
            raise ValueError(
                f"{points_text(score)} is more than the {points_text(most)} points there are; see --beyond"
            )
        counting = found or before.attempt
        key = _added(
            connection, overrides, slug, who, note, by, exercise=exercise, check=check, old=old, new=score,
            attempt=found.id if found else None, grading=counting.grading.id if counting else None,
        )  # fmt: skip
        after = _standing(connection, slug, who, due)
        what = f"exercise {exercise}" if exercise else f"check {check}" if check else "the score"
        return Change(key, what, old, score, after.points)


def extend(
    book: Gradebook, slug: str, student: str, until: datetime, *, note: str, by: str, once: bool = False
) -> int | None:
    """Give a student a later deadline; return the extension's id, or None where the very same one stands.

    Args:
        book: Where.
        slug: The assignment.
        student: Whose.
        until: The deadline, with a timezone.
        note: Why.
        by: By whom.
        once: Give it only if the very same was never given before: a file that is read twice does not bring back what
            was withdrawn since.

    Raises:
        ValueError: No such student, or the database refuses.
    """
    with told(book.name), book.writing() as connection:
        ensure(connection, assignments, slug=slug)
        who = _locked(connection, student)
        facts = facts_of(connection, slug, who)
        before = [*facts.extensions] if once else [facts.extension_of(who)]
        if any(one is not None and (one.until, one.note) == (until, note.strip()) for one in before):
            return None
        return _added(connection, extensions, slug, who, note, by, until=until)


def withdraw(book: Gradebook, kind: str, number: int, *, note: str, by: str) -> tuple[str, str]:
    """Take an override or an extension back; it stays in the history. Return its assignment and its student.

    Args:
        book: Where.
        kind: ``override`` or ``extension``.
        number: Its id.
        note: Why.
        by: By whom.

    Raises:
        ValueError: There is none, or it was taken back before.
    """
    table = KINDS[kind]
    with told(book.name), book.writing() as connection:
        row = connection.execute(select(table).where(table.c.id == number).with_for_update()).mappings().first()
        if row is None:
            raise ValueError(f"there is no {kind} {number}; `torchgrade gradebook history` shows their numbers")
        if row["withdrawn_at"] is not None:
            raise ValueError(f"{kind} {number} was withdrawn already, by {row['withdrawn_by']}")
        taken_back = {"withdrawn_at": now(), "withdrawn_by": by, "withdrawn_note": note}
        connection.execute(update(table).where(table.c.id == number).values(taken_back))
        return row["assignment"], row["student"]


def _refuse_bad(score: float, note: str) -> None:
    if not math.isfinite(score) or score < 0:
        raise ValueError(f"{score} are no points to give; give 0 or more")
    if not note.strip():
        raise ValueError("an override needs a note: say why, for whoever reads it in a year")


def _locked(connection: Connection, student: str) -> str:
    """Return a student's id; nobody else corrects anything of theirs until this transaction ends."""
    who = student_id(student)
    if connection.execute(select(students.c.id).where(students.c.id == who).with_for_update()).first():
        return who
    known = students_of(connection)
    near = get_close_matches(who, known, n=1) or [one.id for one in known.values() if one.name == student]
    guess = f"did you mean {near[0]!r}?" if near else "`torchgrade gradebook roster` takes in a list of them"
    raise ValueError(f"the gradebook has no student {student!r}; {guess}")


def _standing(connection: Connection, slug: str, who: str, due: Due | None) -> Standing:
    facts = facts_of(connection, slug, who)
    found = standings(facts, due)
    return found[0] if found else Standing(facts.students[who], slug, None, (), None, ())


def _part(standing: Standing, target: Target) -> tuple[HandIn | None, str | None, str | None]:
    """Return the attempt, exercise and check that are meant; no attempt for the score that counts."""
    if target.exercise is None and target.check is None:
        if target.attempt is not None:
            raise ValueError("--attempt goes with --exercise or --check; without them the score that counts is set")
        return None, None, None
    if standing.attempt is None:
        raise ValueError(f"{standing.student.id} handed nothing in; set the score, without --exercise or --check")
    attempt = standing.attempt
    if target.attempt is not None:
        if not 1 <= target.attempt <= len(standing.attempts):
            raise ValueError(f"there is no attempt {target.attempt}; there are {len(standing.attempts)}, from 1")
        attempt = standing.attempts[target.attempt - 1]
    result = attempt.grading.result
    if target.exercise is not None:
        return attempt, _one_of("exercise", target.exercise, [check.exercise for check in result.checks]), None
    return attempt, None, _one_of("check", target.check or "", [check.id for check in result.checks])


def _one_of(kind: str, given: str, names: list[str]) -> str:
    """Return the name that is given, or whose end is: ``test_shape`` for ``graders/…/test_a.py::test_shape``."""
    known = list(dict.fromkeys(names))
    found = [name for name in known if name == given] or [name for name in known if name.endswith(f"::{given}")]
    if len(found) != 1:
        ends = [name.rpartition("::")[2] for name in known]
        near = get_close_matches(given, ends, n=3, cutoff=0.3) or ends[:8]
        problem = "is not unique" if found else "is not in the attempt"
        raise ValueError(f"the {kind} {given!r} {problem}; it has {', '.join(near) or 'none'}")
    return found[0]


def _before(
    standing: Standing, attempt: HandIn | None, exercise: str | None, check: str | None, facts: Facts
) -> tuple[float | None, float | None]:
    """Return what the target is worth until now, and what it could be worth."""
    if attempt is None:
        return standing.points, standing.max_score
    theirs: list[Override] = [
        one for one in facts.overrides_of(standing.student.id).values() if one.attempt == attempt.id
    ]
    return held_by(corrected(attempt.grading.result, theirs), exercise, check)


def _newest_worth(connection: Connection, slug: str) -> float | None:
    """Return how many points the assignment was worth when it was last graded; None while it never was."""
    of_these = select(attempts.c.id).where(attempts.c.assignment == slug)
    newest = select(gradings.c.max_score).where(gradings.c.attempt.in_(of_these)).order_by(gradings.c.id.desc())
    found: float | None = connection.execute(newest.limit(1)).scalar()
    return found


def _added(connection: Connection, table: Any, slug: str, who: str, note: str, by: str, **more: Any) -> int:
    values = {"assignment": slug, "student": who, "at": now(), "by": by, "note": note.strip(), **more}
    key = connection.execute(insert(table).values(values)).inserted_primary_key
    assert key is not None
    return int(key[0])
