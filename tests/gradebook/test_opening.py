"""What a gradebook may be called, and what is said where it cannot be opened."""

import os
import sqlite3
import subprocess
import sys

import pytest

from torchgrade.gradebook import open_gradebook
from torchgrade.gradebook.address import named, url_of
from torchgrade.gradebook.recording import take_in

from .samples import facts, result


@pytest.mark.parametrize(
    ("address", "driver", "name"),
    [
        ("book.db", "sqlite", "book.db"),
        ("/a/ü b%20?x.db", "sqlite", "/a/ü b%20?x.db"),
        ("sqlite:///a/b.db", "sqlite", "a/b.db"),
        ("postgres://ada:secret@host/course", "postgresql+psycopg", "postgresql://ada:***@host/course"),
        ("postgresql://host/c", "postgresql+psycopg", "postgresql://host/c"),
    ],
)
def test_a_file_or_a_url_and_no_password_is_ever_shown(address, driver, name):
    assert (url_of(address).drivername, named(url_of(address))) == (driver, name)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://host/c", "by SQLite or PostgreSQL, not by mysql"),
        ("sqlite://", "names no file"),
        ("postgresql://u:secret@host:port/x", "cannot be understood; give a file's path"),
    ],
)
def test_what_cannot_be_an_address_is_refused(address, words):
    with pytest.raises(ValueError, match=words) as caught:
        url_of(address)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path):
    with pytest.raises(ValueError, match="see that the address is right") as caught:
        open_gradebook(f"postgresql://ada:secret@/course?host={tmp_path}", make=True)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.db", "there is no gradebook .*none.db; `torchgrade gradebook add`"),
        ("text.db", "file is not a database; name another file"),
        ("folder", "unable to open database file; see that"),
        ("missing/book.db", "there is no (folder|gradebook)"),
    ],
)
def test_a_file_that_is_none(tmp_path, name, words):
    (tmp_path / "text.db").write_text("student,points\n" * 100)
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match=words):
        open_gradebook(str(tmp_path / name))


def test_no_folder_is_made_for_it(tmp_path):
    with pytest.raises(ValueError, match="there is no folder"):
        open_gradebook(str(tmp_path / "missing" / "book.db"), make=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_only_be_read_can_be_read(tmp_path):
    file = tmp_path / "book.db"
    open_gradebook(str(file), make=True).close()
    file.chmod(0o400)
    with open_gradebook(str(file)) as book, pytest.raises(ValueError, match="make it and its folder writable"):
        take_in(book, result("ada"))


def test_readers_and_a_writer_do_not_wait_for_each_other(tmp_path):
    file = str(tmp_path / "book.db")
    with open_gradebook(file, make=True) as book, open_gradebook(file) as reader:
        assert sqlite3.connect(file).execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with book.writing() as connection:
            connection.exec_driver_sql("INSERT INTO assignments VALUES ('x')")
            assert facts(reader).attempts == ()


@pytest.mark.parametrize(
    ("address", "package", "extra"),
    [
        ("book.db", "alembic", "gradebook"),
        ("book.db", "sqlalchemy", "gradebook"),
        ("postgresql://h/c", "psycopg", "postgres"),
    ],
)
def test_a_package_that_is_missing_is_named_with_its_extra(monkeypatch, address, package, extra):
    from torchgrade.gradebook import opening

    have = opening.find_spec
    monkeypatch.setattr(opening, "find_spec", lambda name: None if name == package else have(name))
    with pytest.raises(ValueError, match=rf"needs {package}, .*pip install 'torchgrade\[{extra}\]'"):
        open_gradebook(address)


def test_neither_torch_nor_numpy_is_loaded_and_no_database_before_one_is_opened(tmp_path):
    code = f"""
import sys, torchgrade.cli, torchgrade.gradebook
early = [name for name in ("sqlalchemy", "alembic", "psycopg") if name in sys.modules]
import torchgrade.cli.book_reading, torchgrade.cli.book_writing, torchgrade.cli.book_screen
torchgrade.cli.main(["gradebook", "roster", {str(tmp_path / "r.csv")!r}, "--db", {str(tmp_path / "b.db")!r}])
print(early, [name for name in ("torch", "numpy") if name in sys.modules])
"""
    (tmp_path / "r.csv").write_text("id\nada\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("1 students: 1 new, 0 changed\n[] []\n")
