"""What databases complain of, as errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

__all__ = ["told"]


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn a database's error into a `ValueError` that names the gradebook.

    Args:
        name: What messages call it.
    """
    try:
        yield
    except SQLAlchemyError as error:
        said = str(error.orig).strip() if isinstance(error, DBAPIError) else str(error)
        said = said.partition("\n")[0]
        raise ValueError(f"gradebook {name}: {said}; {_remedy(error, said)}") from error


def _remedy(error: SQLAlchemyError, said: str) -> str:
    if "locked" in said:
        return "another program has been writing for long: try again, or see which one it is"
    if "not a database" in said or "malformed" in said:
        return "name another file with --db, or bring back a copy"
    if "readonly" in said or "permission" in said.lower():
        return "make it and its folder writable, or ask whoever keeps the database"
    if isinstance(error, IntegrityError):
        return "nothing of this was written; `torchgrade gradebook check` says what is wrong with the book"
    if isinstance(error, OperationalError):
        return "see that the address is right and that it can be reached and written from here"
    return "nothing of this was written"
