"""Two processes write at once, and one is killed: nothing of anybody else's is lost."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from torchgrade.gradebook import open_gradebook
from torchgrade.gradebook.checking import check_book

from .samples import facts, reasons

WRITER = Path(__file__).parent / "writer.py"
COUNT = 200


def start(address, prefix, *more, count=COUNT):
    command = [sys.executable, str(WRITER), address, prefix, str(count), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    said, errors = process.communicate(timeout=200)
    assert (process.returncode, errors) == (0, "")
    return said.split()


def names(book):
    return [attempt.submission for attempt in facts(book).attempts]


def assert_sound(book):
    found = check_book(book, {"01-mini": None})
    assert found.broken == ()
    assert found.counts["checks"] == 2 * found.counts["gradings"] == 2 * found.counts["attempts"]


def test_two_write_different_submissions_into_a_new_gradebook_at_once(address):
    a, b = start(address, "a"), start(address, "b")
    assert len(finish(a)) == len(finish(b)) == COUNT
    with open_gradebook(address) as book:
        written = names(book)
        assert sorted(written) == [f"{prefix}{number:03}" for prefix in "ab" for number in range(COUNT)]
        turns = sum(one[0] != other[0] for one, other in pairwise(written))
        assert turns > 1  # else they wrote one after the other, and this showed nothing
        assert_sound(book)


def test_two_write_the_same_submissions_at_once(address):
    a, b = start(address, "x", count=50), start(address, "x", count=50)
    assert len(finish(a)) == len(finish(b)) == 50
    with open_gradebook(address) as book:
        assert sorted(names(book)) == [f"x{number:03}" for number in range(50)]
        assert reasons(book) == [(2.0, "")] * 50
        assert_sound(book)


def test_one_that_is_killed_loses_no_more_than_what_it_had_not_committed(address):
    a, b = start(address, "a"), start(address, "b", count=100)
    assert a.stdout is not None
    said = [a.stdout.readline().strip() for _ in range(20)]
    a.kill()
    said += a.communicate()[0].split()
    assert len(finish(b)) == 100
    with open_gradebook(address) as book:
        of_a = sorted(name for name in names(book) if name.startswith("a"))
        assert len(said) < COUNT
        assert said == of_a[: len(said)]
        assert len(of_a) - len(said) <= 1  # committed, and killed before it could say so
        assert len([name for name in names(book) if name.startswith("b")]) == 100
        assert_sound(book)
    finish(start(address, "a"))
    with open_gradebook(address) as book:
        assert len(names(book)) == COUNT + 100
        assert_sound(book)


def test_one_that_is_killed_inside_a_transaction_leaves_nothing_and_holds_nobody_up(address):
    a = start(address, "a", "--stuck")
    assert a.stdout is not None
    assert a.stdout.readline() == "stuck\n"
    b = start(address, "b", count=5)
    a.kill()
    a.wait()
    assert len(finish(b)) == 5
    with open_gradebook(address) as book:
        assert sorted(names(book)) == [f"b{number:03}" for number in range(5)]
        assert {*facts(book).students} == {*names(book)}
        assert_sound(book)
    a.communicate()
