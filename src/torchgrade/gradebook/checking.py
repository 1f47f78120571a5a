"""Whether a gradebook is sound, and what in it does not go together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from ..course import Due
from ..course.points import points_text
from . import tables
from .book import Gradebook
from .counting import Standing, standings
from .facts import Facts
from .reading import facts_of, slugs_of
from .schema import version_of
from .trouble import told

__all__ = ["Checked", "check_book"]


@dataclass(frozen=True)
class Checked:
    """What was found.

    Attributes:
        schema: The schema's version.
        counts: How many rows each table has.
        broken: What must not be: the database is damaged, or something other than torchgrade wrote into it.
        look: What an instructor should look at.
    """

    schema: str
    counts: Mapping[str, int]
    broken: tuple[str, ...]
    look: tuple[str, ...]


def check_book(book: Gradebook, rules: Mapping[str, Due | None]) -> Checked:
    """Check a gradebook.

    Args:
        book: Which.
        rules: By assignment, where the course has it.
    """
    with told(book.name), book.reading() as connection:
        counts = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
        }
        broken, look = [*_of_the_database(connection, book.is_file)], list[str]()
        for slug in slugs_of(connection):
            facts = facts_of(connection, slug)
            broken += _of_the_sums(facts)
            if slug not in rules:
                look.append(f"{slug}: the course here has no such assignment, so no [due] is applied")
            found = standings(facts, rules.get(slug))
            look += (*_of_the_class(facts, rules.get(slug)), *_of_students(slug, found))
        return Checked(version_of(connection) or "", counts, tuple(broken), tuple(look))


def _of_the_database(connection: Connection, is_file: bool) -> Iterator[str]:
    if is_file:  # PostgreSQL keeps its foreign keys by itself
        said = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        yield from (f"SQLite: {line}" for line in said if line != "ok")
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"SQLite: row {row[1]} of {row[0]} points to a row of {row[2]} that is not there"
    attempts, gradings = tables.attempts, tables.gradings
    without = select(attempts.c.assignment, attempts.c.submission).where(
        attempts.c.id.not_in(select(gradings.c.attempt))
    )
    for slug, name in connection.execute(without.order_by(attempts.c.id)):
        yield f"{slug}: the attempt {name!r} has no grading"


def _of_the_sums(facts: Facts) -> Iterator[str]:
    for attempt in facts.attempts:
        result = attempt.grading.result
        if not result.checks:
            continue
        for what, said, parts in (
            ("score", result.score, sum(check.score for check in result.checks)),
            ("max_score", result.max_score, sum(check.points for check in result.checks)),
        ):
            if abs(said - parts) > 1e-6 * max(1.0, abs(said)):
                yield (
                    f"{facts.slug}: {attempt.submission!r} has {what} {points_text(said)}, and its checks come to "
                    f"{points_text(parts)}"
                )


def _of_the_class(facts: Facts, due: Due | None) -> Iterator[str]:
    worth: dict[float, int] = {}
    for attempt in facts.attempts:
        points = round(attempt.grading.result.max_score, 6)
        worth[points] = worth.get(points, 0) + 1
    if len(worth) > 1:
        said = ", ".join(f"{count} out of {points_text(points)}" for points, count in sorted(worth.items()))
        yield f"{facts.slug}: not all attempts were graded by the same checks ({said}); grade all again"
    for attempt in facts.attempts:
        faults = sum(check.status == "error" for check in attempt.grading.result.checks)
        if faults:
            where = f"in {faults} checks of {attempt.submission!r}"
            yield f"{facts.slug}: the grader could not tell {where}; grade it again"
    timeless = [attempt.submission for attempt in facts.attempts if attempt.handed_in is None] if due else []
    if timeless:
        more = f" and {len(timeless) - 8} more" if len(timeless) > 8 else ""
        names = ", ".join(map(repr, timeless[:8]))
        yield f"{facts.slug}: no time of handing in, so nothing is taken off: {names}{more}; see `add --times`"


def _of_students(slug: str, found: list[Standing]) -> Iterator[str]:
    for standing in found:
        yield from (f"{slug}, {standing.student.id}: {remark}" for remark in standing.remarks)
