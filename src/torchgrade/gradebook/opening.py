"""Opening a gradebook, with a clear word where what it needs is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .book import Gradebook

__all__ = ["open_gradebook", "refuse_missing"]


def open_gradebook(address: str, *, make: bool = False, upgrade: bool = True) -> Gradebook:
    """Open a gradebook; one of an older schema is brought up to date first.

    Args:
        address: A file's path, or a URL like ``postgresql://grader@host/course``.
        make: Make it where there is none.
        upgrade: Refuse an older schema instead.

    Raises:
        ValueError: A package is missing; or it cannot be reached, is none, or was made by a newer torchgrade.
    """
    refuse_missing(address)
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


def refuse_missing(address: str) -> None:
    """Raise where a package that a gradebook needs is not installed.

    Raises:
        ValueError: It names the package, and how to install it.
    """
    server = [("psycopg", "postgres")] if address.startswith("postgres") else []
    for package, extra in [("sqlalchemy", "gradebook"), ("alembic", "gradebook"), *server]:
        if find_spec(package) is None:
            raise ValueError(f"a gradebook needs {package}, which is not installed: pip install 'torchgrade[{extra}]'")
