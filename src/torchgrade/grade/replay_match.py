"""Whether two runs of one check heard the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..expect.numbers import Tolerance, find_mismatch, numbers_of
from ..plugin.outcomes import TODO, Outcome
from ..submission.sketch import Block, Fields, Items
from ..submission.transcript import Exchange, Threw, Transcript

__all__ = ["Heard", "agreement", "same_run", "same_value"]

_CLOSE = Tolerance(exact=False)


@dataclass(frozen=True)
class Heard:
    """One run of a check.

    Attributes:
        transcript: What was asked and told.
        outcome: How it ended.
    """

    transcript: Transcript
    outcome: Outcome

    @property
    def telling(self) -> bool:
        """Whether something was answered, and not by a stub."""
        spoken = self.transcript.exchanges
        last = spoken[-1].told if spoken else None
        return bool(spoken) and not (self.outcome.untouched or _is_a_stub(last))


def _is_a_stub(told: Any) -> bool:
    if not isinstance(told, Threw) or told.kind != "NotImplementedError":
        return False
    return not told.words or told.words.startswith(TODO)  # the others are torch's own: they tell a mistake


def same_run(one: Heard, other: Heard) -> bool:
    """Tell whether the same was asked, the same was told, and both ended in the same way."""
    mine, theirs = one.transcript, other.transcript
    if len(mine) != len(theirs) or one.outcome.status != other.outcome.status:
        return False
    if one.outcome.rationale != other.outcome.rationale or agreement(one, other) < len(mine.exchanges):
        return False
    # The kind of an exception alone says little: where nothing else was told, its words must be the same.
    threw = [exchange.told for exchange in mine.exchanges]
    if not threw or not all(isinstance(told, Threw) for told in threw):
        return True
    return threw == [exchange.told for exchange in theirs.exchanges]


def agreement(one: Heard, other: Heard) -> int:
    """Count the exchanges, from the first on, in which the same was asked and told."""
    pairs = zip(one.transcript.exchanges, other.transcript.exchanges, strict=False)
    return next((place for place, pair in enumerate(pairs) if not _alike(*pair)), _shorter(one, other))


def _shorter(one: Heard, other: Heard) -> int:
    return min(len(one.transcript.exchanges), len(other.transcript.exchanges))


def _alike(one: Exchange, other: Exchange) -> bool:
    try:
        return same_value(one.told, other.told) and same_value(one.asked, other.asked)
    except Exception:  # a worker may send keys that cannot be compared
        return False


def same_value(one: Any, other: Any) -> bool:
    """Compare two sketches: numbers within the tolerance of torch.testing for their dtype, exceptions by their kind."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Block):
        return _same_block(one, other)
    if isinstance(one, Items):
        fits = one.kind is other.kind and one.length == other.length
        return fits and all(map(same_value, one.items, other.items))
    if isinstance(one, Fields):
        fits = one.length == other.length and one.items.keys() == other.items.keys()
        return fits and all(same_value(item, other.items[key]) for key, item in one.items.items())
    if isinstance(one, Threw):
        return bool(one.kind == other.kind)
    if isinstance(one, (float, complex)):
        return one == other or _close(one, other)
    return bool(one == other)


def _same_block(one: Block, other: Block) -> bool:
    if (one.kind, one.dtype, one.shape, one.origin) != (other.kind, other.dtype, other.shape, other.origin):
        return False
    if one.values is None or other.values is None:
        return one.values is other.values
    return _close(one.values, other.values) and _same_means(one, other)


def _close(one: Any, other: Any) -> bool:
    mine, theirs = numbers_of(one), numbers_of(other)
    return mine is not None and theirs is not None and find_mismatch(mine, theirs, _CLOSE) is None


def _same_means(one: Block, other: Block) -> bool:
    """Compare the means of parts, each as closely as numbers of its part's magnitude are."""
    if one.means is None or other.means is None:
        return one.means is other.means
    rtol, atol = _CLOSE.of(str(one.dtype).removeprefix("torch."))
    (mine, size), (theirs, _) = one.means.numpy(), other.means.numpy()
    with np.errstate(all="ignore"):
        same = (mine == theirs) | (np.isnan(mine) & np.isnan(theirs)) | (abs(mine - theirs) <= atol + rtol * abs(size))
    return bool(same.all())
