"""How close a trained result came to its bound: noted while checks run, read by the instructor's proof.

A check of training passes within a bound. Whether the bound is any good shows only over many runs: the worst right
answer must stay well clear of it, and so must the best wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

__all__ = ["Margin", "Margins", "collected_margins", "margins_of_check", "note_margin"]


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


Margins = dict[str, list[Margin]]


@dataclass(frozen=True)
class _Recorder:
    margins: Margins
    check: str = ""


_RECORDER: ContextVar[_Recorder | None] = ContextVar("torchgrade_margins", default=None)


@contextmanager
def collected_margins() -> Iterator[Margins]:
    """Collect what the block's checks measure, as ``{check id: [Margin, ...]}``; ``""`` where no check was named."""
    with _recording(_Recorder({})) as recorder:
        yield recorder.margins


@contextmanager
def margins_of_check(check: str) -> Iterator[None]:
    """Note what the block measures under this check's identifier; does nothing when nobody collects."""
    recorder = _RECORDER.get()
    if recorder is None:
        yield
        return
    with _recording(replace(recorder, check=check)):
        yield


@contextmanager
def _recording(recorder: _Recorder) -> Iterator[_Recorder]:
    token = _RECORDER.set(recorder)
    try:
        yield recorder
    finally:
        _RECORDER.reset(token)


def note_margin(name: str, value: float, bound: float, *, at_least: bool = False) -> None:
    """Note a measured value, when somebody collects.

    Bounds of 0 or less are exact, or lie on a scale without a zero: no share of them can be told, and none is noted.

    Args:
        name: See `Margin`.
        value: What was measured.
        bound: What it was held against.
        at_least: Whether the value must not be below the bound; else it must not be above.
    """
    recorder = _RECORDER.get()
    if recorder is None or bound <= 0:
        return
    if at_least:
        value, bound = (bound / value if value > 0 else float("inf")), 1.0
    found = Margin(name, value if value == value else float("inf"), bound)
    recorder.margins.setdefault(recorder.check, []).append(found)
