"""The first difference between two values, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .describe import OBJECT, digits_apart, kind_of, number, show
from .diagnose import values_help
from .numbers import Mismatch, Numbers, Tolerance

__all__ = ["Difference", "opening", "shown_below", "values_difference"]

ROW_ROOM = 72
AROUND = 2


@dataclass(frozen=True)
class Difference:
    """What came, what was asked, and where.

    Attributes:
        spot: Where, as in ``"result['loss'][0]"``.
        came: What is there, in a few words.
        asked: What should be there, in a few words.
        rationale: Sentences for the student, at most four lines.
        help: One thing to look at, or nothing.
    """

    spot: str
    came: str
    asked: str
    rationale: str
    help: str = ""


def opening(place: str, sentence: str) -> str:
    """Begin a sentence with where it holds, unless that is the result as a whole."""
    if place == "result":
        return sentence[0].upper() + sentence[1:]
    return f"In {place}: {sentence}"


def shown_below(came: Any) -> str:
    """Show a value on a line of its own, where its kind does not already say it all."""
    return "" if kind_of(came) in (OBJECT, "None", "tensor", "NumPy array") else f"\n  came: {show(came, ROW_ROOM)}"


def values_difference(place: str, came: Numbers, asked: Numbers, found: Mismatch, tolerance: Tolerance) -> Difference:
    """Word a difference between numbers of the same shape and dtype."""
    first, second = came.at(found.first), asked.at(found.first)
    digits = digits_apart(first, second)
    index = came.index(found.first)
    at = f" at {list(index)}" if index else ""
    lines = [opening(place, f"the value{at} is {number(first, digits)}; {number(second, digits)} was asked for.")]
    lines += _extent(came, asked, found, tolerance)
    lines += _rows(came, asked, index, digits)
    spot = f"{place}{list(index)}" if index else place
    text = "\n".join(lines)
    return Difference(spot, number(first, digits), number(second, digits), text, values_help(came, asked))


def _extent(came: Numbers, asked: Numbers, found: Mismatch, tolerance: Tolerance) -> list[str]:
    """Say how many values differ, by how much, and what would have been allowed."""
    parts = [_count(found.count, came.total)] if came.total > 1 else []
    if found.worst is not None and asked.dtype != "bool":
        error, place = _largest_error(came, asked, found.worst), came.index(found.worst)
        parts.append(f"the largest error is {error}, at {list(place)}" if came.total > 1 else f"the error is {error}")
    text = "; ".join(parts)
    lines = [f"{text[0].upper()}{text[1:]}."] if text else []
    rtol, atol = tolerance.of(asked.dtype)
    return [*lines, f"Allowed: an error of {atol:g} + {rtol:g} × |asked value|."] if rtol or atol else lines


def _count(wrong: int, total: int) -> str:
    if wrong == total:
        return "both values differ" if total == 2 else f"all {total} values differ"
    return f"{wrong} of {total} values {'differs' if wrong == 1 else 'differ'}"


def _largest_error(came: Numbers, asked: Numbers, place: int) -> str:
    first, second = came.at(place), asked.at(place)
    error = abs(first - second)
    if isinstance(second, int):
        return number(error)
    return number(error, 3) + (f" (relative {number(error / abs(second), 3)})" if second else "")


def _rows(came: Numbers, asked: Numbers, index: tuple[int, ...], digits: int) -> list[str]:
    """Show both tensors when they are small, else the values around the first difference."""
    if came.total < 2:
        return []
    if came.total <= 24:
        texts = [nested(each.whole().tolist(), digits) for each in (came, asked)]
        if max(map(len, texts)) <= ROW_ROOM:
            return [f"  came:  {texts[0]}", f"  asked: {texts[1]}"]
    size = came.shape[-1]
    start, stop = max(index[-1] - AROUND, 0), min(index[-1] + AROUND + 1, size)
    label = ", ".join([*map(str, index[:-1]), f"{start}:{stop}"])
    return [
        f"  {word} [{label}]: {nested(_row(each, index, start, stop), digits)}"
        for word, each in (("came ", came), ("asked", asked))
    ]


def _row(numbers: Numbers, index: tuple[int, ...], start: int, stop: int) -> Any:
    base = int(np.ravel_multi_index((*index[:-1], 0), numbers.shape))
    return numbers.block(base + start, base + stop).tolist()


def nested(values: Any, digits: int) -> str:
    """Write nested lists of numbers."""
    if not isinstance(values, list):
        return number(values, digits)
    return f"[{', '.join(nested(value, digits) for value in values)}]"
