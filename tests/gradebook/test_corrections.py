"""Points set by hand, extensions, and taking them back."""

from functools import partial

import pytest

from torchgrade.gradebook.corrections import Target, extend, override, withdraw
from torchgrade.gradebook.facts import Student
from torchgrade.gradebook.recording import take_in
from torchgrade.gradebook.roster import enrol
from torchgrade.late import Attempt

from ..late.samples import due, hours
from .samples import SLUG, all_passed, check, facts, passed, result, standing

DUE = due(attempts="last")
HAND = {"note": "why", "by": "tutor"}


@pytest.fixture
def give(book):
    return partial(override, book, SLUG, **HAND, due=DUE)


def test_the_score_is_what_somebody_says_whatever_the_rules_are(book, give):
    take_in(book, result("ada"), Attempt("ada", None, hours(30)))  # 2 of 4, two days late
    done = give("ada", Target(), 3.5)
    assert (done.of, done.old, done.new, done.points) == ("the score", 1.6, 3.5, 3.5)
    (kept,) = facts(book).overrides
    assert (kept.by, kept.note, kept.old, kept.new, kept.withdrawn_at) == ("tutor", "why", 1.6, 3.5, None)
    assert kept.at.tzinfo is not None


def test_points_of_a_check_and_of_an_exercise_count_by_the_rules(book, give):
    take_in(book, result("ada", passed("f_a"), check("f_b"), check("g_a")), Attempt("ada", None, hours(30)))
    assert give("ada", Target(check="test_f_b"), 1).points == 2.4  # (2 + 1) less 20 %
    done = give("ada", Target(exercise="g"), 2)
    assert (done.of, done.old, done.points) == ("exercise g", 0, 4.0)
    assert [one.status for one in standing(book, "ada", DUE).score.chosen.result.checks] == [
        "passed",
        "failed",
        "passed",
    ]


def test_the_newest_of_several_holds_and_withdrawing_it_brings_back_the_one_before(book, give):
    take_in(book, result("ada"))
    first, second = give("ada", Target(), 3), give("ada", Target(), 4)
    assert (second.old, standing(book, "ada").points) == (3, 4)
    for number, points in ((second.id, 3), (first.id, 2)):
        assert withdraw(book, "override", number, note="no", by="head") == (SLUG, "ada")
        assert standing(book, "ada").points == points
    kept = facts(book).overrides
    assert [(one.new, one.withdrawn_by, one.withdrawn_note) for one in kept] == [(3, "head", "no"), (4, "head", "no")]
    with pytest.raises(ValueError, match="override 1 was withdrawn already, by head"):
        withdraw(book, "override", 1, **HAND)


def test_a_regrade_never_loses_an_override_and_says_that_it_came_after(book, give):
    take_in(book, result("ada"))
    give("ada", Target(check="test_f_b"), 1)
    assert standing(book, "ada").remarks == ()
    take_in(book, result("ada", check("f_a"), check("f_b", message="other")), reason="stricter")
    now = standing(book, "ada")
    assert now.points == 1
    (remark,) = now.remarks
    assert remark == (
        "override 1 sets check graders/01-mini/test_it.py::test_f_b to 1, and attempt 1 was graded again since: "
        "the grader now says 0 of 2"
    )


def test_an_override_of_a_check_that_a_regrade_no_longer_has_is_not_forgotten(book, give):
    take_in(book, result("ada"))
    give("ada", Target(check="test_f_b"), 2)
    take_in(book, result("ada", passed("f_a"), check("f_c")))
    now = standing(book, "ada")
    assert now.points == 2
    assert "test_f_b has no effect: attempt 1 as graded now has no such part" in now.remarks[0]
    take_in(book, result("ada"), reason="back")
    assert standing(book, "ada").points == 4


def test_an_override_of_an_attempt_stays_with_it_when_another_one_counts(book, give):
    take_in(book, result("ada"))
    give("ada", Target(exercise="f"), 4)
    take_in(book, result("ada", digest="sha256:2"))
    now = standing(book, "ada", DUE)
    assert now.points == 2
    assert now.remarks == ("override 1 of exercise f is about attempt 1, which does not count",)
    assert give("ada", Target(exercise="f", attempt=2), 3).points == 3


def test_a_score_that_was_set_stays_when_another_attempt_comes_and_it_is_said(book, give):
    take_in(book, result("ada"))
    give("ada", Target(), 3)
    take_in(book, all_passed("ada", digest="sha256:2"))
    now = standing(book, "ada", DUE)
    assert (now.points, now.remarks) == (
        3, ("override 1 sets the score to 3, from before something else was graded or counted",),
    )  # fmt: skip


def test_an_attempt_that_turns_out_to_be_anothers_takes_its_override_along(book, give):
    take_in(book, result("x1"))
    give("x1", Target(exercise="f"), 3)
    take_in(book, result("x1"), Attempt("ann"))
    assert standing(book, "ann").points == 3


def test_points_for_who_handed_nothing_in(book, give):
    enrol(book, [Student("zoe", "Z", "", True)])
    done = give("zoe", Target(), 4)
    assert (done.old, done.points) == (None, 4)
    with pytest.raises(ValueError, match="zoe handed nothing in; set the score, without"):
        give("zoe", Target(exercise="f"), 1)


def test_who_handed_nothing_in_gets_no_more_points_than_the_others_could_have(book, give):
    enrol(book, [Student("zoe", "Z", "", True)])
    take_in(book, result("ada"))
    with pytest.raises(ValueError, match="5 is more than the 4 points there are; see --beyond"):
        give("zoe", Target(), 5)
    assert give("zoe", Target(), 4).points == 4
    assert give("zoe", Target(), 5, beyond=True).points == 5


@pytest.mark.parametrize(
    ("student", "target", "score", "words"),
    [
        ("ada", Target(), 5, r"5 is more than the 4 points there are; see --beyond"),
        ("ada", Target(check="test_f_a"), 2.5, "2.5 is more than the 2 points"),
        ("ada", Target(), -1, "are no points"),
        ("ada", Target(), float("nan"), "are no points"),
        ("adda", Target(), 1, "no student 'adda'; did you mean 'ada'"),
        ("ada", Target(check="test_f"), 1, "the check 'test_f' is not in the attempt; it has test_f_"),
        ("ada", Target(exercise="h"), 1, "the exercise 'h' is not in the attempt; it has f"),
        ("ada", Target(exercise="f", attempt=2), 1, "there is no attempt 2; there are 1, from 1"),
        ("ada", Target(attempt=1), 1, "--attempt goes with"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(book, give, student, target, score, words):
    take_in(book, result("ada"))
    with pytest.raises(ValueError, match=words):
        give(student, target, score)
    assert facts(book).overrides == ()


def test_more_points_than_there_are_if_it_is_meant(book, give):
    take_in(book, result("ada"))
    assert give("ada", Target(), 5, beyond=True).points == 5
    assert give("ada", Target(exercise="f"), 6, beyond=True).new == 6


def test_a_note_is_needed(book):
    take_in(book, result("ada"))
    with pytest.raises(ValueError, match="needs a note"):
        override(book, SLUG, "ada", Target(), 1, note=" ", by="x", due=None)


def test_an_extension_moves_the_deadline_and_the_newest_holds(book):
    take_in(book, all_passed("ada"), Attempt("ada", None, hours(30)))
    assert standing(book, "ada", DUE).points == 3.2
    extend(book, SLUG, "ada", hours(10), **HAND)
    extend(book, SLUG, "ada", hours(48), **HAND)
    assert standing(book, "ada", DUE).points == 4
    withdraw(book, "extension", 2, **HAND)
    assert standing(book, "ada", DUE).points == 3.6
    withdraw(book, "extension", 1, **HAND)
    assert standing(book, "ada", DUE).points == 3.2
    with pytest.raises(ValueError, match="there is no extension 3"):
        withdraw(book, "extension", 3, **HAND)


def test_a_file_that_is_read_twice_gives_an_extension_once_and_never_brings_one_back(book):
    take_in(book, result("ada"))
    given = [extend(book, SLUG, "ada", hours(48), **HAND, once=True) for _ in range(2)]
    withdraw(book, "extension", 1, **HAND)
    assert (*given, extend(book, SLUG, "ada", hours(48), **HAND, once=True)) == (1, None, None)
    assert extend(book, SLUG, "ada", hours(48), **HAND) == 2
