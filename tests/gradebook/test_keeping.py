"""`grade --gradebook`, without the grading: what is written as it goes, and what happens when it cannot be."""

from argparse import Namespace

import pytest
from sqlalchemy import text

from torchgrade.cli.book_keeping import Keeper
from torchgrade.gradebook import open_gradebook
from torchgrade.late import Attempt, Extension, HandedIn

from ..late.samples import hours
from .samples import all_passed, facts, reasons, result

NOTHING = HandedIn(None, {}, {})


def options(address):
    return Namespace(db=address, course=None)


def test_without_the_option_nothing_is_opened():
    with Keeper(options(None), NOTHING) as keeper:
        keeper.add(result("ada"))
    assert keeper.book is None


def test_what_was_just_graded_holds_and_what_was_found_changes_nothing(address):
    late = HandedIn(None, {"x1": Attempt("ann", 1, hours(-1))}, {"ann": Extension(hours(9), "ill")})
    with Keeper(options(address), late) as keeper:
        for one in (result("x1"), all_passed("x1"), result("x1")):
            keeper.add(one)
        keeper.add(all_passed("x1"), fresh=False)
    with open_gradebook(address) as book:
        assert reasons(book) == [(2.0, ""), (4.0, ""), (2.0, "")]
        assert facts(book).attempts[0].student == "ann"
        assert [(one.student, one.until, one.note, one.by) for one in facts(book).extensions] == [
            ("ann", hours(9), "ill", "--extensions")
        ]


def test_its_trouble_is_said_once_and_never_stops_the_grading(address, capsys):
    with Keeper(options(address), NOTHING) as keeper:
        keeper.add(result("ada"))
        with keeper.book.writing() as connection:
            connection.execute(text("DROP TABLE checks"))
        for name in ("ben", "cleo"):
            keeper.add(result(name))
    assert keeper.lost == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "checks" in said[0]
    assert said[1].endswith(
        "2 results are not in the gradebook; results.jsonl has them: torchgrade gradebook add takes them in"
    )
    with open_gradebook(address) as book, book.reading() as connection:
        assert connection.execute(text("SELECT submission FROM attempts")).scalars().all() == ["ada"]


def test_a_gradebook_that_cannot_be_had_is_refused_before_anything_is_graded(tmp_path):
    with pytest.raises(ValueError, match="there is no folder"):
        Keeper(options(str(tmp_path / "none" / "book.db")), NOTHING)
