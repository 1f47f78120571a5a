import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.export.points import exact, grade_of, open_points, whole_points

from .samples import a_check, a_result, mixed, right, waiting

POINTS = st.one_of(
    st.integers(0, 20).map(float),
    st.builds(lambda whole, parts: whole / parts, st.integers(0, 12), st.integers(1, 12)),
    st.floats(0, 50, allow_nan=False),
)


def test_what_waits_and_what_the_grader_could_not_tell_is_open():
    assert open_points(mixed()) == 3
    assert open_points(right()) == 0


def test_there_is_no_grade_while_points_are_open():
    assert grade_of(right(), False) == right().score
    assert grade_of(mixed(), False) is None


def test_a_scaled_grade_is_the_share_of_what_could_be_graded():
    assert grade_of(mixed(), True) == pytest.approx(2 * 8 / 5)  # 2 of 5 known points, 8 in all


def test_nothing_known_gives_no_grade_even_when_scaled():
    assert grade_of(waiting(), True) is None


def test_open_points_never_lower_a_scaled_grade():
    full = a_result(a_check(), a_check("deferred"))
    assert grade_of(full, True) == full.max_score


def test_thirds_become_whole():
    factor, whole = whole_points([a_check(points=1 / 3) for _ in range(3)] + [a_check("failed", points=2.0)])
    assert factor == 3
    assert [(one.score, one.points) for one in whole] == [(1, 1), (1, 1), (1, 1), (0, 6)]


def test_whole_points_stay_as_they_are():
    assert whole_points([a_check(points=2.0)])[0] == 1


def test_what_is_open_is_nothing_of_nothing_and_changes_no_other_point():
    open_one, closed = (whole_points([a_check(points=0.5), a_check(status)]) for status in ("deferred", "failed"))
    assert (open_one[1][1].score, open_one[1][1].points) == (0, 0)
    assert (open_one[0], open_one[1][0]) == (closed[0], closed[1][0])


@given(st.lists(st.tuples(POINTS, st.sampled_from(["passed", "failed", "deferred"])), max_size=12))
def test_whole_points_keep_their_bounds_and_their_sum(cases):
    checks = [a_check(status, points=points) for points, status in cases]
    factor, whole = whole_points(checks)
    assert all(0 <= one.score <= one.points for one in whole)
    _, all_known = whole_points([a_check(points=points) for points, _ in cases])
    total = sum(Fraction(points).limit_denominator(1000) for points, _ in cases)
    assert sum(one.points for one in all_known) == math.floor(total * factor + Fraction(1, 2))


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_exact_numbers_are_plain_and_near(value):
    text = exact(value)
    assert "e" not in text
    assert text != "-0"
    assert float(text) == pytest.approx(value, abs=1e-6)
