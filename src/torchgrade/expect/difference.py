"""The first difference between two values, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..language import _, ngettext
from .describe import OBJECT, begun, digits_apart, kind_of, number, show
from .diagnose import values_help
from .numbers import Mismatch, Numbers, Tolerance

__all__ = ["Difference", "nested", "opening", "rows", "shown_below", "values_difference"]

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
    """Begin a sentence with where it holds, unless that is the result as a whole.

    Args:
        place: How a student would index to it.
        sentence: A whole sentence, translated, that begins as it would after a colon.
    """
    if place == "result":
        return begun(sentence)
    return _("In {place}: {sentence}").format(place=place, sentence=sentence)


def shown_below(came: Any) -> str:
    """Show a value on a line of its own, where its kind does not already say it all."""
    if kind_of(came) in (OBJECT, "None", "tensor", "NumPy array"):
        return ""
    return "\n  " + _("came: {value}").format(value=show(came, ROW_ROOM))


def values_difference(place: str, came: Numbers, asked: Numbers, found: Mismatch, tolerance: Tolerance) -> Difference:
    """Word a difference between numbers of the same shape and dtype."""
    first, second = came.at(found.first), asked.at(found.first)
    digits = digits_apart(first, second)
    index, words = came.index(found.first), (number(first, digits), number(second, digits))
    sentence = _("the value is {came}; {asked} was asked for.")
    if index:
        sentence = _("the value at {index} is {came}; {asked} was asked for.")
    lines = [opening(place, sentence.format(index=list(index), came=words[0], asked=words[1]))]
    lines += _extent(came, asked, found, tolerance)
    lines += _rows(came, asked, index, digits)
    spot = f"{place}{list(index)}" if index else place
    return Difference(spot, *words, "\n".join(lines), values_help(came, asked))


def _extent(came: Numbers, asked: Numbers, found: Mismatch, tolerance: Tolerance) -> list[str]:
    """Say how many values differ, by how much, and what would have been allowed."""
    numbers, lines = {"wrong": found.count, "total": came.total}, []
    if found.worst is not None and asked.dtype != "bool":
        error, place = _largest_error(came, asked, found.worst), list(came.index(found.worst))
        sentence = _counted_and_measured(**numbers) if came.total > 1 else _("The error is {error}.")
        lines.append(sentence.format(error=error, place=place, **numbers))
    elif came.total > 1:
        lines.append(_counted(**numbers).format(**numbers))
    rtol, atol = tolerance.of(asked.dtype)
    if rtol or atol:
        allowed = _("Allowed: an error of {atol} + {rtol} × |asked value|.")
        lines.append(allowed.format(atol=f"{atol:g}", rtol=f"{rtol:g}"))
    return lines


def _counted(wrong: int, total: int) -> str:
    if wrong == total:
        return _("Both values differ.") if total == 2 else _("All {total} values differ.")
    return ngettext("{wrong} of {total} values differs.", "{wrong} of {total} values differ.", wrong)


def _counted_and_measured(wrong: int, total: int) -> str:
    if wrong == total == 2:
        return _("Both values differ; the largest error is {error}, at {place}.")
    if wrong == total:
        return _("All {total} values differ; the largest error is {error}, at {place}.")
    return ngettext(
        "{wrong} of {total} values differs; the largest error is {error}, at {place}.",
        "{wrong} of {total} values differ; the largest error is {error}, at {place}.",
        wrong,
    )


def _largest_error(came: Numbers, asked: Numbers, place: int) -> str:
    first, second = came.at(place), asked.at(place)
    error = abs(first - second)
    if isinstance(second, int):
        return number(error)
    if not second:
        return number(error, 3)
    return _("{error} (relative {share})").format(error=number(error, 3), share=number(error / abs(second), 3))


def _rows(came: Numbers, asked: Numbers, index: tuple[int, ...], digits: int) -> list[str]:
    """Show both tensors when they are small, else the values around the first difference."""
    if came.total < 2:
        return []
    if came.total <= 24:
        texts = [nested(each.whole().tolist(), digits) for each in (came, asked)]
        if max(map(len, texts)) <= ROW_ROOM:
            return rows(*texts)
    size = came.shape[-1]
    start, stop = max(index[-1] - AROUND, 0), min(index[-1] + AROUND + 1, size)
    label = ", ".join([*map(str, index[:-1]), f"{start}:{stop}"])
    texts = [nested(_row(each, index, start, stop), digits) for each in (came, asked)]
    return [
        "  " + _("came  [{where}]: {values}").format(where=label, values=texts[0]),
        "  " + _("asked [{where}]: {values}").format(where=label, values=texts[1]),
    ]


def rows(came: str, asked: str) -> list[str]:
    """Return two lines that show the values that came above those that were asked for, in columns."""
    # translators: the two begin below one another
    return ["  " + _("came:  {values}").format(values=came), "  " + _("asked: {values}").format(values=asked)]


def _row(numbers: Numbers, index: tuple[int, ...], start: int, stop: int) -> Any:
    base = int(np.ravel_multi_index((*index[:-1], 0), numbers.shape))
    return numbers.block(base + start, base + stop).tolist()


def nested(values: Any, digits: int) -> str:
    """Write nested lists of numbers."""
    if not isinstance(values, list):
        return number(values, digits)
    return f"[{', '.join(nested(value, digits) for value in values)}]"
