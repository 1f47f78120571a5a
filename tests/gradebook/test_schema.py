"""Making a gradebook, bringing an older one up to date, refusing what is newer or none."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from torchgrade.gradebook import open_gradebook
from torchgrade.gradebook.corrections import Target, override
from torchgrade.gradebook.recording import take_in
from torchgrade.gradebook.schema import STEPS, bring_up_to_date, version_of
from torchgrade.gradebook.tables import SCHEMA, VERSION_TABLE, metadata

from .samples import SLUG, facts, result

# What a next version may do; not torchgrade's own.
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("students", sa.Column("email", sa.Text(), nullable=False, server_default="nobody"))
    {then}
"""


@pytest.fixture
def steps(tmp_path):
    """The steps that there are, and one more."""

    def make(then="pass"):
        folder = Path(shutil.copytree(STEPS, tmp_path / "steps"))
        (folder / "versions" / "v0002_next.py").write_text(NEXT.format(then=then), encoding="utf-8")
        return folder

    return make


def stamp(book, version):
    with book.writing() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :version"), {"version": version})


def test_the_steps_make_the_tables_that_the_code_has(book):
    with book.reading() as connection:
        options = {"version_table": VERSION_TABLE}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert version_of(connection) == SCHEMA
        for name, table in metadata.tables.items():  # compare_metadata passes checks over
            wanted = {one.name for one in table.constraints if one.__class__.__name__ == "CheckConstraint"}
            assert {one["name"] for one in inspect(connection).get_check_constraints(name)} == wanted


def test_the_version_in_the_code_is_that_of_the_last_step():
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_an_older_one_is_brought_up_to_date_and_keeps_all_it_has(book, steps):
    take_in(book, result("ada"))
    override(book, SLUG, "ada", Target(), 3, note="n", by="b", due=None)
    before = facts(book)
    bring_up_to_date(book, steps=steps(), newest="0002")
    with book.reading() as connection:
        assert version_of(connection) == "0002"
        assert connection.execute(text("SELECT email FROM students")).scalars().all() == ["nobody"]
        rows = connection.execute(text("SELECT count(*) FROM gradings, checks")).scalar_one()
    assert rows == 2
    stamp(book, SCHEMA)
    with book.writing() as connection:
        connection.execute(text("ALTER TABLE students DROP COLUMN email"))
    assert facts(book) == before


def test_a_step_that_fails_leaves_everything_as_it_was(book, steps):
    take_in(book, result("ada"))
    before = facts(book)
    with pytest.raises(RuntimeError, match="no more"):
        bring_up_to_date(book, steps=steps('raise RuntimeError("no more")'), newest="0002")
    with book.reading() as connection:
        assert version_of(connection) == SCHEMA
        assert "email" not in {one["name"] for one in inspect(connection).get_columns("students")}
    assert facts(book) == before


def test_an_older_one_can_be_refused_instead(book, steps):
    with pytest.raises(ValueError, match="has schema 0001; any other command brings it to 0002"):
        bring_up_to_date(book, upgrade=False, steps=steps(), newest="0002")


def test_a_newer_one_is_refused_and_left_alone(address):
    with open_gradebook(address, make=True) as book:
        stamp(book, "0099")
    for more in ({}, {"make": True}, {"upgrade": False}):
        with pytest.raises(ValueError, match=r"schema 0099, which .* \(its newest is 0001\).*Nothing was changed; pip"):
            open_gradebook(address, **more)


def test_there_is_no_way_back(book):
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    with book.writing() as connection:
        config.attributes["connection"] = connection
        with pytest.raises(NotImplementedError, match="bring back a copy"):
            command.downgrade(config, "base")
    assert facts(book).attempts == ()


def test_nothing_is_made_unless_that_was_asked_for(address):
    with pytest.raises(ValueError, match="no gradebook"):
        open_gradebook(address)
    if not address.startswith("postgres"):
        assert not Path(address).exists()


def test_another_programs_tables_are_not_touched(address, tmp_path):
    from torchgrade.gradebook.address import url_of
    from torchgrade.gradebook.book import Gradebook

    with Gradebook(url_of(address)) as other, other.writing() as connection:
        connection.execute(text("CREATE TABLE students (id INTEGER)"))
    with pytest.raises(ValueError, match="has a table 'students', and yet is no gradebook"):
        open_gradebook(address, make=True)


def test_several_may_make_it_at_once(address):
    code = f"from torchgrade.gradebook import open_gradebook; open_gradebook({address!r}, make=True).close()"
    started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[1] for process in started] == ["", "", ""]
    open_gradebook(address).close()
