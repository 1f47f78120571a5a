import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.classroom import bins_of, item_rest, spread_of

POINTS = st.lists(st.floats(0, 30), min_size=1, max_size=60)


@given(POINTS)
def test_the_spread_is_what_numpy_says(values):
    found = spread_of(values)
    expected = [np.mean(values), np.std(values), *np.percentile(values, [0, 25, 50, 75, 100])]
    given_ = [found.mean, found.deviation, found.least, found.lower, found.median, found.upper, found.most]
    assert given_ == pytest.approx(expected, abs=1e-9)
    assert found.count == len(values)


def test_nothing_has_no_spread():
    assert spread_of([]) is None


@given(POINTS, st.sampled_from([1, 7, 10, 20, 31, 60, 12.5, 0.5]))
def test_every_value_is_in_one_bar(values, most):
    bins = bins_of(values, most)
    assert sum(one.count for one in bins) == len(values)
    assert (bins[0].start, bins[-1].end) == (0, pytest.approx(most))
    assert len(bins) <= 20


def test_a_bar_holds_its_start_and_the_last_one_its_end():
    assert [one.count for one in bins_of([0, 0.9, 1, 5, 10], 10)] == [2, 1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_thirds_of_points_are_in_the_bar_that_they_add_up_to():
    third = 1 / 3
    assert [one.count for one in bins_of([third + third + third + 0.1 + 0.2 + 0.7 - 1e-12], 10)][2] == 1


def test_bars_are_whole_points_wide_where_points_are_whole():
    assert [one.end - one.start for one in bins_of([], 40)] == [2.0] * 20
    assert bins_of([], 0) == ()


def test_discrimination_is_the_point_biserial_correlation():
    chance = random.Random(3)
    rest = [chance.random() for _ in range(200)]
    passed = [float(chance.random() < value) for value in rest]
    ones = [value for value, one in zip(rest, passed, strict=True) if one]
    zeros = [value for value, one in zip(rest, passed, strict=True) if not one]
    share = len(ones) / len(rest)
    # The textbook form: difference of the two means over the deviation, times the root of p q.
    textbook = (np.mean(ones) - np.mean(zeros)) / np.std(rest) * math.sqrt(share * (1 - share))
    assert item_rest(passed, rest) == pytest.approx(textbook)
    assert 0.3 < textbook < 0.8


@pytest.mark.parametrize(
    ("passed", "rest"),
    [([1.0, 0.0] * 9, [0.1, 0.9] * 9), ([1.0] * 30, [0.1, 0.9] * 15), ([1.0, 0.0] * 15, [0.5] * 30), ([], [])],
    ids=["too few", "all pass", "rest alike", "nobody"],
)
def test_discrimination_is_left_out_where_it_would_say_nothing(passed, rest):
    assert item_rest(passed, rest) is None
