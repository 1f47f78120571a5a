"""Where the parts of a picture go; the templates only write the numbers down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..classroom import Bin, Spread
from ..course.points import points_text

__all__ = ["Bar", "Box", "Histogram", "Tick", "box_of", "histogram_of"]

WIDTH, LEFT, RIGHT = 640.0, 16.0, 624.0
TOP, FLOOR = 22.0, 170.0
_GAP = 3.0
_MOST_TICKS = 11


@dataclass(frozen=True)
class Bar:
    """A bar in units of the picture, and what it says."""

    x: float
    y: float
    width: float
    height: float
    count: int
    words: str


@dataclass(frozen=True)
class Tick:
    """A number under the axis; a minor one is left out on a narrow screen."""

    x: float
    text: str
    minor: bool


@dataclass(frozen=True)
class Box:
    """Where the five numbers of a spread lie, and its mean, from ``left`` on."""

    least: float
    lower: float
    median: float
    upper: float
    most: float
    mean: float


@dataclass(frozen=True)
class Histogram:
    """All parts of one picture."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    box: Box


def histogram_of(bins: Sequence[Bin], spread: Spread, most: float) -> Histogram:
    """Lay out a histogram that is 640 wide, its axis at 170.

    Args:
        bins: What was counted; at least one.
        spread: The same values, for the box below the axis.
        most: The end of the axis.
    """
    step = (RIGHT - LEFT) / len(bins)
    tallest = max(1, *(one.count for one in bins))
    bars = []
    for place, one in enumerate(bins):
        height = (FLOOR - TOP) * one.count / tallest
        words = f"{_range(one)} points: {one.count} {'student' if one.count == 1 else 'students'}"
        bars.append(Bar(LEFT + place * step + _GAP / 2, FLOOR - height, step - _GAP, height, one.count, words))
    edges = [*(one.start for one in bins), bins[-1].end]
    every = -(-len(bins) // (_MOST_TICKS - 1))
    ticks = tuple(
        Tick(LEFT + place * step, points_text(edge), place // every % 2 == 1)
        for place, edge in enumerate(edges)
        if place % every == 0
    )
    return Histogram(tuple(bars), ticks, box_of(spread, most, LEFT, RIGHT))


def box_of(spread: Spread, most: float, left: float = 0.0, right: float = 100.0) -> Box:
    """Lay the numbers of a spread out between ``left`` (0) and ``right`` (``most``)."""

    def at(value: float) -> float:
        return left + (right - left) * min(max(value / most, 0.0), 1.0) if most > 0 else left

    parts = (spread.least, spread.lower, spread.median, spread.upper, spread.most, spread.mean)
    return Box(*map(at, parts))


def _range(one: Bin) -> str:
    return f"{points_text(one.start)} to {points_text(one.end)}"
