"""A connection to one gradebook, and its two kinds of transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine

from .address import named

__all__ = ["Gradebook"]

BUSY_SECONDS = 30  # a grader's own writing takes milliseconds


class Gradebook:
    """One gradebook.

    Args:
        url: Where it lies.

    Attributes:
        name: What messages call it.
        engine: SQLAlchemy's.
    """

    def __init__(self, url: URL) -> None:
        self.url, self.name = url, named(url)
        self.is_file = url.drivername == "sqlite"
        self.engine = _sqlite(url) if self.is_file else create_engine(url)

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes: all of it is kept, or nothing."""
        with self.engine.connect().execution_options(torchgrade_writes=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction in which every query sees the same moment."""
        options: dict[str, Any] = {} if self.is_file else {"isolation_level": "REPEATABLE READ"}
        with self.engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the transactions are ours: Python's begin too late for a read to hold
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A transaction that reads and then writes may find that it is too late to; IMMEDIATE waits at the start.
        writes = connection.get_execution_options().get("torchgrade_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
