"""How close a trained result came to its bound: noted while checks run, read by the instructor's proof.

A check of training passes within a bound. Whether the bound is any good shows only over many runs: the worst right
answer must stay well clear of it, and so must the best wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

__all__ = ["Margin", "collected_margins", "note_margin"]


@dataclass(frozen=True)
class Margin:
    """One measured value and the bound it was held against: a right answer's value is not above the bound.

    Where a check asks for *at least* so much, ``value`` is what was asked for divided by what came, and ``bound`` is 1.

    Attributes:
        name: The word that measured it, and of which part of the result; the same in every run of a check.
        value: What was measured, 0 or more; infinite where the answer held nan or infinity.
        bound: The most that the check allows; more than 0.
    """

    name: str
    value: float
    bound: float

    @property
    def holds(self) -> bool:
        """Whether the value is within the bound."""
        return self.value <= self.bound


_COLLECTED: ContextVar[list[Margin] | None] = ContextVar("torchgrade_margins", default=None)


@contextmanager
def collected_margins() -> Iterator[list[Margin]]:
    """Collect what the block's check measures, in order."""
    margins: list[Margin] = []
    token = _COLLECTED.set(margins)
    try:
        yield margins
    finally:
        _COLLECTED.reset(token)


def note_margin(name: str, value: float, bound: float, *, at_least: bool = False) -> None:
    """Note a measured value, when somebody collects.

    Bounds of 0 or less are exact, or lie on a scale without a zero: no share of them can be told, and none is noted.

    Args:
        name: See `Margin`.
        value: What was measured.
        bound: What it was held against.
        at_least: Whether the value must not be below the bound; else it must not be above.
    """
    margins = _COLLECTED.get()
    if margins is None or bound <= 0:
        return
    if at_least:
        value, bound = (bound / value if value > 0 else float("inf")), 1.0
    margins.append(Margin(name, value if value == value else float("inf"), bound))
