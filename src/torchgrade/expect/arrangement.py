"""Right values in wrong places: transposed, turned round, shifted or in another order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from ..language import _
from .case import Case

__all__ = ["ARRANGEMENTS"]


def _swapped_axes(case: Case) -> str:
    shape = case.asked.shape
    if not case.varied:
        return ""
    for first, second in combinations(range(len(shape)), 2):
        if shape[first] == shape[second] and case.agrees(case.came, case.asked.swapaxes(first, second)):
            if len(shape) == 2:
                return _("The result is the transpose of what was asked for: are rows and columns mixed up?")
            return _("Axes {first} and {second} of the result are swapped.").format(first=first, second=second)
    return ""


def _reversed(case: Case) -> str:
    if not case.varied:
        return ""
    for axis, size in enumerate(case.asked.shape):
        if size > 1 and case.asked.size > 2 and case.agrees(case.came, np.flip(case.asked, axis)):
            return _("The values are right, but along axis {axis} they come in reverse.").format(axis=axis)
    return ""


def _rolled(case: Case) -> str:
    """Recognise values that stand one place off, with or without the end put to the front."""
    if case.distinct_wrong < 3:
        return ""
    for axis, size in enumerate(case.asked.shape):
        came, asked = np.moveaxis(case.came, axis, 0), np.moveaxis(case.asked, axis, 0)
        if size > 2 and case.agrees(came[1:], asked[:-1]):
            late = _("Along axis {axis} every value stands one place too late: look for an index that is off by one.")
            return late.format(axis=axis)
        if size > 2 and case.agrees(came[:-1], asked[1:]):
            soon = _("Along axis {axis} every value stands one place too early: look for an index that is off by one.")
            return soon.format(axis=axis)
    return ""


def _shuffled(case: Case) -> str:
    if case.distinct_wrong >= 3 and case.agrees(np.sort(case.came, axis=None), np.sort(case.asked, axis=None)):
        return _("The values are right, their order is not.")
    return ""


ARRANGEMENTS: tuple[Callable[[Case], str], ...] = (_swapped_axes, _reversed, _rolled, _shuffled)
