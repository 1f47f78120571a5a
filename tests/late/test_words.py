"""The rule in words, on the page and in the table."""

from dataclasses import replace

import pytest

from torchgrade.late import Attempt, Extension, page_lines, rule_text, settle, student_text

from .samples import DUE, due, hours, result_of

RULE = (
    "Due 2026-11-30 23:59 (UTC+01:00); each day begun costs 10 % of the points earned; after 7 days nothing counts; "
    "the last attempt counts."
)


def lines(late, rule=DUE, result=None, extension=None):
    result = result or result_of("a")
    time = None if late is None else hours(late)
    given = {"a": Extension(hours(extension), "illness")} if extension else {}
    (score,) = settle([result], rule, {"a": Attempt("a", None, time)}, given)
    return page_lines(score, "a")


def test_the_page_says_how_late_what_is_off_what_is_left_and_by_which_rule():
    assert lines(23) == ("Handed in 23 hours late: 10 % off, 9 of 10 points.", RULE)


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (-1, "Handed in on time: 10 of 10 points."),
        (27, "Handed in 1 day 3 hours late: 20 % off, 8 of 10 points."),
        (0.1, "Handed in 6 minutes late, which is forgiven: 10 of 10 points."),
        (200, "Handed in 8 days 8 hours late, after handing in had closed: nothing counts, 0 of 10 points."),
        (None, "Nobody noted when this was handed in, so nothing is off: 10 of 10 points."),
    ],
)
def test_every_kind_of_lateness_has_its_sentence(late, said):
    assert lines(late, due(grace="10 min"))[0] == said


def test_a_rule_without_a_penalty_takes_nothing():
    assert lines(27, due(penalty_per_day=None))[0] == "Handed in 1 day 3 hours late: nothing off, 10 of 10 points."


def test_points_that_wait_are_named_and_not_where_nothing_counts():
    waiting = result_of("a", 8.0, deferred=1.5)
    assert lines(1, result=waiting)[0] == "Handed in 1 hour late: 10 % off, 7.2 of 10 points and 1.5 still waiting."
    assert "waiting" not in lines(2000, result=waiting)[0]


def test_what_could_not_be_read_is_said():
    assert "it could not be read, 0 of 10 points" in lines(-1, result=result_of("a", 0.0, status="unreadable"))[0]


def test_the_reason_of_an_extension_is_the_instructors_alone():
    (score,) = settle([result_of("a")], DUE, {"a": Attempt("a", 1, hours(20))}, {"a": Extension(hours(24), "illness")})
    page = " ".join(page_lines(score, "a"))
    assert "extended to 2026-12-01 23:59 (UTC+01:00)" in page
    assert "illness" not in page
    assert student_text(score).endswith("Extension to 2026-12-01 23:59 (UTC+01:00) (illness).")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"penalty_per_day": None, "penalty_per_hour": 0.005, "most": 1 / 3},
            "each hour begun costs 0.5 % of the points",
        ),
        ({"most": 0.5, "of": "max_score"}, "each day begun costs 10 % of all points, 50 % at most;"),
        ({"grace": "90 min"}, "up to 90 minutes late is forgiven;"),
        ({"closes": "0 days"}, "nothing late counts;"),
        ({"attempts": "best", "most_attempts": 3}, "the best attempt counts, of the first 3."),
        ({"most_attempts": 1}, "the last attempt counts, of the first only."),
    ],
)
def test_every_rule_has_its_words(changes, words):
    assert words in rule_text(due(**changes))


def attempts(rule, *tries, extension=None):
    times = {f"a{number}": Attempt("a", number, hours(late)) for number, (_, late) in enumerate(tries, 1)}
    results = [replace(result, submission=f"a{number}") for number, (result, _) in enumerate(tries, 1)]
    (score,) = settle(results, rule, times, {"a": Extension(hours(extension))} if extension else {})
    return [page_lines(score, name) for name in times]


def test_each_attempts_page_says_which_one_counts():
    broken = result_of("x", 0.0, status="unreadable")
    rule = due(attempts="best", most_attempts=2)
    tries = (
        (result_of("x", 4.0), -9),
        (broken, -8),
        (result_of("x", 5.0), -7),
        (result_of("x"), -6),
        (result_of("x"), 999),
    )
    pages = attempts(rule, *tries)
    assert [page[1] for page in pages] == [
        "Attempt 1 of 5: another is worth more; attempt 3 counts, with 5 points.",
        "Attempt 2 of 5: it could not be read, and replaces no other; attempt 3 counts, with 5 points.",
        "Attempt 3 of 5: this one counts.",
        "Attempt 4 of 5: more than 2 do not count; attempt 3 counts, with 5 points.",
        "Attempt 5 of 5: it came after handing in had closed; attempt 3 counts, with 5 points.",
    ]


def test_the_last_and_none():
    assert [page[1] for page in attempts(due(), (result_of("x", 4.0), -9), (result_of("x", 1.0), -8))] == [
        "Attempt 1 of 2: a later one replaces it; attempt 2 counts, with 1 point.",
        "Attempt 2 of 2: this one counts.",
    ]
    assert {page[1][16:] for page in attempts(due(), (result_of("x"), 998), (result_of("x"), 999))} == {"none counts."}


def test_an_attempt_that_may_still_overtake_is_named():
    tries = (result_of("x", 4.0, deferred=5.0), -9), (result_of("x", 6.0), -8)
    assert attempts(due(attempts="best"), *tries)[1][1] == (
        "Attempt 2 of 2: this one counts; attempt 1 may still overtake it, when the points that wait are known."
    )


def test_an_extension_that_was_not_applied_is_said():
    page = attempts(due(), (result_of("x"), -1), (result_of("x", 3.0), 200), extension=100)[0]
    assert "The extension was not applied: with it, an attempt worth less would count." in page


def test_without_a_due_date_and_with_one_attempt_the_page_has_no_such_lines():
    assert lines(10, None) == ()
