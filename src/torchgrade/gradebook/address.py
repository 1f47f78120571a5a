"""Where a gradebook lies: a file for SQLite, a URL for PostgreSQL."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

__all__ = ["named", "url_of"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_HOW = "give a file's path, or a URL like postgresql://grader@host/course"


def url_of(address: str) -> URL:
    """Return the URL of a file's path, or of a URL as people write it.

    Raises:
        ValueError: It is no URL, or of another database.
    """
    if not _URL.match(address):
        return URL.create("sqlite", database=str(Path(address)))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # not quoted: a password may be in it
        raise ValueError(f"the gradebook's URL cannot be understood; {_HOW}") from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ValueError(f"a gradebook is kept by SQLite or PostgreSQL, not by {url.drivername}; {_HOW}")
    if url.drivername == "sqlite" and not url.database:
        raise ValueError(f"the gradebook's URL names no file; {_HOW}")
    return url


def named(url: URL) -> str:
    """Return what messages call a gradebook: its file, or its URL without the password."""
    if url.drivername == "sqlite":
        return url.database or ""
    return url.set(drivername="postgresql").render_as_string(hide_password=True)
