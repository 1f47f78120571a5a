"""What counts: the facts, settled by the rules of `late`."""

import pytest

from torchgrade.gradebook.applying import corrected
from torchgrade.gradebook.corrections import Target, override
from torchgrade.gradebook.facts import Override
from torchgrade.gradebook.recording import take_in
from torchgrade.late import Attempt

from ..late.samples import due, hours
from .samples import SLUG, all_passed, check, passed, result, standing


def set_to(points, exercise=None, name=None):
    return Override(1, "ada", hours(0), "x", "n", None, None, None, 1, 1, exercise, name, None, points)


def test_the_best_or_the_last_attempt_after_penalties(book):
    take_in(book, all_passed("x1"), Attempt("ann", None, hours(-5)))
    take_in(book, result("x2"), Attempt("ann", None, hours(-1)))
    take_in(book, all_passed("x3"), Attempt("ann", None, hours(24 * 8)))  # closed
    last, best = (standing(book, "ann", due(attempts=which)) for which in ("last", "best"))
    assert (last.points, last.attempt.submission) == (2, "x2")
    assert (best.points, best.attempt.submission) == (4, "x1")


def test_a_file_that_was_replaced_counts_by_when_it_came_in_where_nobody_said_more(book):
    take_in(book, all_passed("ada"))
    take_in(book, result("ada", digest="sha256:2"))
    now = standing(book, "ada", due())
    assert (now.points, now.score.place, now.remarks) == (2, 1, ())


def test_times_tell_the_order_even_if_they_came_in_otherwise(book):
    take_in(book, result("ada", digest="sha256:2"), Attempt("ada", None, hours(-1)))
    take_in(book, all_passed("ada"), Attempt("ada", None, hours(-9)))
    assert standing(book, "ada", due()).points == 2


def test_an_order_that_was_guessed_is_said(book):
    take_in(book, result("x2"), Attempt("ann"))
    take_in(book, all_passed("x1"), Attempt("ann"))
    now = standing(book, "ann", due())
    assert now.points == 4
    assert now.remarks == ("the order of the attempts is that in which they came in: nobody said another",)


def test_a_regrade_with_other_points_counts_and_the_old_points_are_not_mixed_in(book):
    take_in(book, result("ada"))
    take_in(book, result("ada", passed("f_a", 5.0), check("f_b", 1.0)))
    assert (standing(book, "ada").points, standing(book, "ada").max_score) == (5, 6)


def test_a_check_that_waits_is_settled_by_hand(book):
    waits = check("f_b", status="deferred")
    take_in(book, result("ada", passed("f_a"), waits))
    assert standing(book, "ada").waiting == 2
    override(book, SLUG, "ada", Target(check="test_f_b"), 1, note="n", by="b", due=None)
    now = standing(book, "ada")
    assert (now.points, now.waiting, now.score.chosen.result.deferred) == (3, 0, 0)


@pytest.mark.parametrize(
    ("points", "scores", "statuses"),
    [
        (0, [0, 0, 0], ["timeout", "failed", "failed"]),
        (1, [0, 1, 0], ["timeout", "failed", "failed"]),
        (3, [1, 2, 0], ["timeout", "passed", "failed"]),
        (6, [2, 2, 2], ["passed", "passed", "passed"]),
        (7, [2, 2, 3], ["passed", "passed", "passed"]),
    ],
)
def test_an_exercises_points_go_first_to_what_had_passed(points, scores, statuses):
    one = result("ada", check("f_a", status="timeout"), passed("f_b"), check("f_c", status="error"), passed("g"))
    now = corrected(one, [set_to(points, "f")])
    assert [check.score for check in now.checks] == [*scores, 2]
    assert [check.status for check in now.checks] == [*statuses, "passed"]
    assert now.score == points + 2


def test_a_checks_own_override_goes_before_its_exercises():
    one = result("ada", check("f_a"), check("f_b"))
    own = set_to(0.5, name="graders/01-mini/test_it.py::test_f_a")
    for order in ([own, set_to(4, "f")], [set_to(4, "f"), own]):
        assert corrected(one, order).score == 2.5


def test_points_for_what_could_not_be_read_count():
    broken = result("ada", check("f_a"), check("f_b"), status="unreadable")
    assert corrected(broken, [set_to(3, "f")]).status == "graded"
    assert corrected(broken, []) is broken
