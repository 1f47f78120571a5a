from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from torchgrade.gradebook import open_gradebook
from torchgrade.gradebook.book import Gradebook

from . import postgres

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL for all the tests of a session."""
    if postgres.missing():
        pytest.skip(postgres.missing())
    with postgres.running() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is no gradebook yet, in either database."""
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.db")
    url: str = request.getfixturevalue("server")
    return new_database(url)


@pytest.fixture
def book(address: str) -> Iterator[Gradebook]:
    """An empty gradebook."""
    with open_gradebook(address, make=True) as opened:
        yield opened


def new_database(url: str) -> str:
    """Make a schema, which is a database of its own for whoever sees nothing else, and costs no files to copy."""
    import psycopg

    name = f"book{next(_NUMBERS)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{url}&options=-csearch_path%3D{name}"
