"""The schema's version: making a gradebook, bringing an older one up to date, refusing a newer one."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from .book import Gradebook
from .tables import SCHEMA, VERSION_TABLE, metadata

__all__ = ["STEPS", "bring_up_to_date", "version_of"]

STEPS = Path(__file__).parent / "migrations"
_LOCK = 0x746F726368  # "torch": for PostgreSQL, of which other programs may lock numbers of their own


def bring_up_to_date(
    book: Gradebook, *, make: bool = False, upgrade: bool = True, steps: Path = STEPS, newest: str = SCHEMA
) -> None:
    """See that a gradebook has the newest schema.

    Args:
        book: Which.
        make: Make it where there is none.
        upgrade: Bring an older one up to date; else it is refused.
        steps: Alembic's folder.
        newest: The last of its steps.

    Raises:
        ValueError: There is none, or it is something else, or of a newer schema.
    """
    if book.is_file:
        _see_file(book, make)
    with book.reading() as connection:
        version = version_of(connection)
        others = sorted(set(metadata.tables) & set(inspect(connection).get_table_names()))
    if version == newest:
        if book.is_file:
            _log_beside(book)
        return
    if version is None:
        _refuse_none(book.name, others, make)
    from .steps import Steps  # Alembic takes a while to load, and most of the time there is nothing to do

    wanted = Steps(steps)
    if version is not None:
        wanted.refuse_unknown(version, book.name)
    if version is not None and not upgrade:
        raise ValueError(f"gradebook {book.name} has schema {version}; any other command brings it to {newest}")
    with book.writing() as connection:
        if not book.is_file:  # SQLite lets only one in here; PostgreSQL would let two make the same tables
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        wanted.run(connection)
    if book.is_file:
        _log_beside(book)


def version_of(connection: Connection) -> str | None:
    """Return the schema's version; None where there is no gradebook."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return found


def _refuse_none(name: str, others: list[str], make: bool) -> None:
    if others:
        problem = f"has a table {others[0]!r}, and yet is no gradebook"
        raise ValueError(f"{name} {problem}; name another file or database with --db")
    if not make:
        raise ValueError(f"{name} holds no gradebook yet; `torchgrade gradebook add` or `roster` makes one")


def _see_file(book: Gradebook, make: bool) -> None:
    file = Path(book.url.database or "")
    if not file.exists() and not make:
        remedy = "`torchgrade gradebook add` or `roster` makes one; --db names another"
        raise ValueError(f"there is no gradebook {book.name}; {remedy}")
    if not file.parent.is_dir():
        raise ValueError(f"there is no folder {file.parent} for the gradebook; make it, or name another with --db")


def _log_beside(book: Gradebook) -> None:
    """Have readers and a writer not wait for each other in a file (SQLite's WAL), where its folder can do that."""
    with closing(book.engine.raw_connection()) as connection:  # SQLAlchemy's own always begins a transaction first
        mode = connection.cursor().execute("PRAGMA journal_mode").fetchone()
        if mode != ("wal",):
            with suppress(sqlite3.OperationalError):  # somebody is writing at this moment: another time
                connection.cursor().execute("PRAGMA journal_mode = WAL")
