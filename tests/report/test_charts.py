import pytest

from torchgrade.classroom import bins_of, spread_of
from torchgrade.report.charts import FLOOR, LEFT, RIGHT, TOP, box_of, histogram_of


def test_the_tallest_bar_reaches_the_top_and_none_leaves_the_picture():
    values = [0, 3, 3, 3, 7.5, 10]
    picture = histogram_of(bins_of(values, 10), spread_of(values), 10)
    assert [bar.count for bar in picture.bars] == [1, 0, 0, 3, 0, 0, 0, 1, 0, 1]
    assert picture.bars[3].y == TOP
    assert picture.bars[0].height == pytest.approx((FLOOR - TOP) / 3)
    assert all(bar.x >= LEFT and bar.x + bar.width <= RIGHT and bar.y + bar.height == FLOOR for bar in picture.bars)
    assert picture.bars[3].words == "3 to 4 points: 3 students"


def test_the_axis_has_few_numbers_and_both_ends():
    picture = histogram_of(bins_of([5], 20), spread_of([5]), 20)
    assert [tick.text for tick in picture.ticks] == [str(number) for number in range(0, 21, 2)]
    assert [tick.minor for tick in picture.ticks[:3]] == [False, True, False]


def test_the_box_lies_where_its_numbers_are():
    box = box_of(spread_of([0, 2, 4, 6, 8]), 8)
    assert (box.least, box.lower, box.median, box.upper, box.most, box.mean) == (0, 25, 50, 75, 100, 50)
    assert box_of(spread_of([0.0]), 0).most == 0
