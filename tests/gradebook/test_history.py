"""All that happened, in order; and whether a gradebook is sound."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from torchgrade.gradebook.checking import check_book
from torchgrade.gradebook.corrections import Target, extend, override, withdraw
from torchgrade.gradebook.facts import Student
from torchgrade.gradebook.history import differences, events_of
from torchgrade.gradebook.recording import take_in
from torchgrade.gradebook.roster import enrol
from torchgrade.late import Attempt

from ..late.samples import due, hours
from .samples import SLUG, all_passed, check, facts, passed, result

HAND = {"note": "why", "by": "tutor"}


def test_every_step_is_there_with_who_and_why(book):
    take_in(book, result("ada"), Attempt("ada", None, hours(-20_000)))
    take_in(book, all_passed("ada"), reason="too strict")
    take_in(book, result("ben"))
    extend(book, SLUG, "ada", hours(24), **HAND)
    override(book, SLUG, "ada", Target(check="test_f_a"), 1, **HAND, due=None)
    withdraw(book, "override", 1, note="no", by="head")
    said = [(one.kind, one.what, one.by, one.note, one.number) for one in events_of(facts(book, "ada"))]
    assert said == [
        ("handed in", "'ada', py, sha256:1", "", "", None),
        ("graded", "'ada', py, sha256:1: 2 of 4", "", "", None),
        ("regraded", "'ada': 2 → 4 of 4; test_f_b failed → passed", "", "too strict", None),
        ("extension", "deadline 2026-12-01 22:59 UTC", "tutor", "why", 1),
        ("override", "check graders/01-mini/test_it.py::test_f_a of 'ada': 2 → 1", "tutor", "why", 1),
        ("withdrawn", "override 1", "head", "no", 1),
    ]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (result("a", passed("f_a", 3.0), check("f_b")), ["test_f_a is worth 3, was 2", "test_f_a 2 → 3"]),
        (result("a", passed("f_a"), check("f_c")), ["test_f_c is new", "test_f_b is gone"]),
        (result("a", passed("f_a"), check("f_b", score=1.0)), ["test_f_b 0 → 1"]),
        (result("a", passed("f_a"), check("f_b", message="m")), ["other words in 1 check"]),
        (result("a", passed("f_a"), check("f_b", misconception="m")), ["test_f_b misconception m, was none"]),
        (result("a", status="unreadable"), ["graded → unreadable"]),
        (result("a", passed("f_a", seconds=7.0), check("f_b")), []),
    ],
)
def test_what_a_grading_says_otherwise(new, said):
    assert differences(result("a"), new) == said


def test_a_sound_gradebook_and_what_to_look_at_in_it(book):
    enrol(book, [Student("ada", "", "", True), Student("zoe", "", "", True)])
    take_in(book, result("ada"), Attempt("ada", None, hours(-1)))
    assert check_book(book, {SLUG: due()}).look == ()
    take_in(book, result("ben", passed("f_a"), check("f_b", 3.0, status="error")))
    extend(book, SLUG, "zoe", hours(24), **HAND)
    found = check_book(book, {SLUG: due()})
    assert found.broken == ()
    assert found.counts["attempts"] == 2
    assert found.look == (
        "01-mini: not all attempts were graded by the same checks (1 out of 4, 1 out of 5); grade all again",
        "01-mini: the grader could not tell in 1 checks of 'ben'; grade it again",
        "01-mini: no time of handing in, so nothing is taken off: 'ben'; see `add --times`",
        "01-mini, ben: not on the roster",
        "01-mini, zoe: extension 1 is there, and nothing was handed in",
    )
    assert check_book(book, {}).look[0] == "01-mini: the course here has no such assignment, so no [due] is applied"


def test_what_another_program_spoiled_is_broken(book):
    take_in(book, result("ada"))
    take_in(book, replace(result("ben"), score=3.0))
    with book.writing() as connection:
        connection.execute(text("DELETE FROM checks WHERE grading = 1"))
        connection.execute(text("DELETE FROM gradings WHERE id = 1"))
    assert check_book(book, {SLUG: None}).broken == (
        "01-mini: the attempt 'ada' has no grading",
        "01-mini: 'ben' has score 3, and its checks come to 2",
    )
