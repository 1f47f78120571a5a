"""What a moment costs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.late.charge import charge_for, rounded

from .samples import TIMES, due, hours, rules

POINTS = st.floats(0, 100) | st.sampled_from([0.0, 1 / 3, 6.666666666666667, 9.999, 10.0])


def left(rule, late, score=10.0, until=None):
    return charge_for(rule, hours(late), until).points(score, 10.0, rule.of)


@pytest.mark.parametrize(
    ("late", "kind", "points"),
    [(-1, "in time", 10), (0, "in time", 10), (1 / 3600, "late", 9), (24, "late", 9), (24.001, "late", 8),
     (27, "late", 8), (7 * 24, "late", 3), (7 * 24 + 1, "closed", 0)],
)  # fmt: skip
def test_each_day_begun_costs_its_share_until_nothing_counts(late, kind, points):
    assert charge_for(due(), hours(late)).kind == kind
    assert left(due(), late) == points


def test_each_hour_begun():
    rule = due(penalty_per_day=None, penalty_per_hour=0.02)
    assert [left(rule, late) for late in (0.5, 1, 1.5, 49.5, 60)] == [9.8, 9.8, 9.6, 0, 0]


def test_most_bounds_the_loss():
    assert [left(due(most=0.25), late) for late in (24, 48, 72, 144)] == [9, 8, 7.5, 7.5]


def test_grace_forgives_and_beyond_it_the_whole_lateness_counts():
    rule = due(grace="36 hours")
    assert charge_for(rule, hours(36)).kind == "grace"
    assert (left(rule, 36), left(rule, 36.1)) == (10, 8)


def test_grace_holds_also_where_nothing_late_counts():
    rule = due(grace="10 min", closes="0 days")
    assert (left(rule, 0.1), left(rule, 0.2)) == (10, 0)


def test_a_share_of_all_points_never_makes_a_score_negative():
    rule = due(of="max_score")
    assert [left(rule, 30, score) for score in (10, 4, 2, 1, 0)] == [8, 2, 0, 0, 0]


def test_an_unknown_time_and_no_due_date_cost_nothing():
    assert charge_for(due(), None).points(7.0, 10.0) == 7
    assert charge_for(None, hours(10_000)).points(7.0, 10.0) == 7


def test_an_extension_moves_the_penalty_and_the_closing():
    assert left(due(), 47, until=hours(48)) == 10
    assert left(due(), 49, until=hours(48)) == 9
    assert left(due(), 48 + 7 * 24, until=hours(48)) == 3
    assert left(due(), 1, until=hours(-100)) == 9


def test_the_hour_that_comes_twice_is_told_apart_in_a_zone_of_its_own():
    zone = ZoneInfo("Europe/Berlin")
    rule = due(at=datetime(2026, 10, 25, 2, 50, tzinfo=zone))
    assert charge_for(rule, datetime(2026, 10, 25, 2, 40, fold=1, tzinfo=zone)).kind == "late"
    assert charge_for(rule, datetime(2026, 10, 25, 2, 40, tzinfo=zone)).kind == "in time"
    until = datetime(2026, 10, 25, 2, 45, fold=1, tzinfo=zone)
    assert charge_for(rule, datetime(2026, 10, 25, 2, 40, fold=1, tzinfo=zone), until).kind == "in time"


def test_a_day_of_25_hours_is_one_day():
    rule = due(at=datetime(2026, 10, 24, 23, 59, tzinfo=ZoneInfo("Europe/Berlin")))
    assert charge_for(rule, rule.at + timedelta(days=1)).units == 1


def test_rounding_is_to_two_decimals_halves_up():
    assert [rounded(x) for x in (0.125, 2.675, 1 / 3, 0.005, 0.0049)] == [0.13, 2.68, 0.33, 0.01, 0.0]


@given(rule=rules(), first=TIMES, second=TIMES, score=POINTS)
def test_later_is_never_better(rule, first, second, score):
    early, late = sorted((first, second))
    worth = [charge_for(rule, moment).points(score, 100.0, rule.of) for moment in (early, late)]
    assert worth[0] >= worth[1]


@given(rule=rules(), time=TIMES, until=TIMES, longer=TIMES, score=POINTS)
def test_a_longer_extension_is_never_worse(rule, time, until, longer, score):
    until, longer = sorted((until, longer))
    worth = [charge_for(rule, time, end).points(score, 100.0, rule.of) for end in (None, until, longer)]
    assert worth == sorted(worth)


@given(rule=rules(), time=st.none() | TIMES, score=POINTS, more=POINTS)
def test_points_stay_between_nothing_and_what_was_earned_and_more_is_never_less(rule, time, score, more):
    charge = charge_for(rule, time)
    worth = charge.points(score, 100.0, rule.of)
    assert 0 <= worth <= rounded(score)
    assert 0 <= charge.share <= 1
    if more >= score:
        assert charge.points(more, 100.0, rule.of) >= worth
