"""Opening a gradebook, with a clear word where what it needs is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .book import Gradebook

__all__ = ["open_gradebook"]


def open_gradebook(address: str, *, make: bool = False, upgrade: bool = True) -> Gradebook:
    """Open a gradebook; one of an older schema is brought up to date first.

    Args:
        address: A file's path, or a URL like ``postgresql://grader@host/course``.
        make: Make it where there is none.
        upgrade: Refuse an older schema instead.

    Raises:
        ValueError: A package is missing; or it cannot be reached, is none, or was made by a newer torchgrade.
    """
    _need("sqlalchemy", "gradebook")
    _need("alembic", "gradebook")
    if address.startswith("postgres"):
        _need("psycopg", "postgres")
    from .address import url_of
    from .book import Gradebook
    from .schema import bring_up_to_date
    from .trouble import told

    book = Gradebook(url_of(address))
    try:
        with told(book.name):
            bring_up_to_date(book, make=make, upgrade=upgrade)
    except BaseException:
        book.close()
        raise
    return book


def _need(package: str, extra: str) -> None:
    if find_spec(package) is None:
        raise ValueError(f"this gradebook needs {package}, which is not installed: pip install 'torchgrade[{extra}]'")
