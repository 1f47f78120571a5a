"""Which attempt counts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.late import Attempt, Extension, UnknownOrder, settle
from torchgrade.late.charge import rounded

from .samples import TIMES, due, hours, result_of, rules


def one_student(rule, *attempts, extension=None):
    """Settle attempts, each a score or a result with the hours after the due date; return the student's score."""
    results, times = [], {}
    for number, (what, late) in enumerate(attempts, 1):
        result = (
            result_of(f"a{number}", what) if isinstance(what, (int, float)) else replace(what, submission=f"a{number}")
        )
        results.append(result)
        times[f"a{number}"] = Attempt("a", number, hours(late))
    (score,) = settle(results, rule, times, {"a": Extension(hours(extension))} if extension is not None else {})
    return score


def standings(score):
    return [one.standing for one in score.attempts]


BROKEN = result_of("x", 0.0, status="unreadable")


def test_the_last_counts_whatever_the_others_are_worth():
    score = one_student(due(), (9, -2), (4, -1))
    assert (score.points, standings(score)) == (4, ["not the last", "counts"])


def test_the_best_counts_after_penalties():
    score = one_student(due(attempts="best"), (8.5, -1), (10, 30), (8, 40))
    assert (score.points, standings(score)) == (8.5, ["counts", "not the best", "not the best"])


def test_of_equals_the_earlier_counts():
    assert one_student(due(attempts="best"), (8, -2), (8, -1)).place == 0


@pytest.mark.parametrize("attempts", ["best", "last"])
def test_what_cannot_be_read_replaces_nothing(attempts):
    score = one_student(due(attempts=attempts), (6, -2), (BROKEN, -1))
    assert (score.points, standings(score)) == (6, ["counts", "unreadable"])


@pytest.mark.parametrize("attempts", ["best", "last"])
def test_what_comes_too_late_replaces_nothing(attempts):
    score = one_student(due(attempts=attempts), (6, -2), (10, 1000))
    assert (score.points, standings(score)) == (6, ["counts", "closed"])


def test_neither_uses_up_an_attempt():
    score = one_student(due(most_attempts=2), (1, -5), (BROKEN, -4), (2, 1000), (3, -3), (4, -2))
    assert (score.points, standings(score)) == (3, ["not the last", "unreadable", "closed", "counts", "too many"])


def test_where_nothing_counts_there_are_no_points_and_no_attempt_counts():
    score = one_student(due(), (10, 1000), (10, 2000))
    assert (score.points, standings(score)) == (0, ["closed", "closed"])
    assert one_student(due(), (BROKEN, -1)).points == 0


def test_points_that_wait_are_kept_and_may_still_decide():
    waiting = result_of("x", 5.0, deferred=4.0)
    score = one_student(due(attempts="best"), (waiting, -2), (6, -1))
    assert (score.points, score.place, score.may_rise) == (6, 1, (0,))
    assert score.attempts[0].waiting == 4
    score = one_student(due(attempts="best"), (6, -2), (result_of("x", 6.0, deferred=1.0), -1))
    assert (score.place, score.chosen.waiting) == (1, 1)


def test_an_error_of_the_grader_waits_as_well():
    result = result_of("x", 5.0)
    checks = (*result.checks[:1], replace(result.checks[1], status="error"))
    assert one_student(due(), (replace(result, checks=checks), 0)).chosen.waiting == 5


def test_an_extension_that_would_hurt_is_not_applied():
    score = one_student(due(), (10, -1), (3, 200), extension=100)
    assert (score.points, score.unused, score.extension) == (10, True, None)
    assert one_student(due(), (2, -1), (3, 200), extension=200).points == 3


def test_order_is_by_number_else_by_time_else_refused():
    results = [result_of("p", 1.0), result_of("q", 2.0)]

    def last(p, q):
        return settle(results, due(), {"p": p, "q": q}, {})[0].chosen.result.submission

    assert last(Attempt("a", 2, hours(-9)), Attempt("a", 1, hours(-1))) == "p"
    assert last(Attempt("a", None, hours(-9)), Attempt("a", 1, hours(-1))) == "q"
    for other in (Attempt("a", 2), Attempt("a", None, hours(-9))):
        with pytest.raises(UnknownOrder, match="'p', 'q'"):
            last(other, replace(other))


def test_everyone_without_a_word_about_them_is_a_student_with_one_attempt():
    scores = settle([result_of("b", 3.0), result_of("a", 4.0)], due(), {}, {})
    assert [(one.student, one.points, one.chosen.charge.kind) for one in scores] == [
        ("a", 4, "unknown"),
        ("b", 3, "unknown"),
    ]


def test_without_a_due_date_the_last_attempt_counts():
    assert one_student(None, (9, 0), (4, 10_000)).points == 4


SCORES = st.sampled_from([0.0, 1 / 3, 5.0, 7.5, 9.99, 10.0])
RESULTS = SCORES.map(lambda score: result_of("x", score)) | st.just(BROKEN)
RESULTS |= st.just(result_of("x", 4.0, deferred=3.0))
TRIES = st.lists(st.tuples(RESULTS, st.none() | TIMES), min_size=1, max_size=6)


def settled(rule, tries, extension=None):
    results = [replace(result, submission=f"a{number}") for number, (result, _) in enumerate(tries)]
    attempts = {f"a{number}": Attempt("a", number, time) for number, (_, time) in enumerate(tries)}
    (score,) = settle(results, rule, attempts, {"a": Extension(extension)} if extension else {})
    return score


@given(rule=rules(), tries=TRIES)
def test_best_is_never_less_than_last(rule, tries):
    best, last = (settled(replace(rule, attempts=kind), tries) for kind in ("best", "last"))
    assert best.points >= last.points


@given(rule=rules(), tries=TRIES, extension=TIMES)
def test_an_extension_never_hurts(rule, tries, extension):
    assert settled(rule, tries, extension).points >= settled(rule, tries).points


@given(rule=rules(), tries=TRIES, extension=st.none() | TIMES)
def test_one_attempt_at_most_counts_and_it_is_the_score(rule, tries, extension):
    score = settled(rule, tries, extension)
    counting = [one for one in score.attempts if one.standing == "counts"]
    assert counting in ([], [score.chosen])
    assert counting or score.points == 0
    assert 0 <= score.points <= max(rounded(result.score) for result, _ in tries)
    assert [one.result.submission for one in score.attempts] == [f"a{number}" for number in range(len(tries))]


@given(rule=rules(), tries=TRIES, more=RESULTS, time=TIMES)
def test_under_best_a_further_attempt_never_hurts(rule, tries, more, time):
    rule = replace(rule, attempts="best")
    assert settled(rule, [*tries, (more, time)]).points >= settled(rule, tries).points
