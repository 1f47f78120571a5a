"""Randomness: which generators a call moved, and whether two calls agree."""

from __future__ import annotations

from typing import Any

from ..submission.observation import Observation
from .compare import find_difference
from .describe import OBJECT, kind_of, named_kind, show
from .difference import Difference, opening
from .numbers import Tolerance

__all__ = ["GENERATORS", "drawn_difference", "moved_generators", "repeated_difference", "same_difference"]

GENERATORS = ("torch", "numpy", "random")
_OWNERS = {"torch": "torch's", "numpy": "NumPy's", "random": "Python's (module random)"}
_OWN = {
    "torch": "torch.manual_seed and draws without generator=... move it; torch.Generator() makes one of your own.",
    "numpy": "numpy.random.seed and numpy.random.rand move it; numpy.random.default_rng(seed) is one of your own.",
    "random": "random.seed, random.random and random.shuffle move it; random.Random(seed) is one of your own.",
}
_USES = {
    "torch": "torch.rand, torch.randn, torch.randint and torch.randperm draw from it.",
    "numpy": "numpy.random.rand and its like draw from it.",
    "random": "random.random, random.shuffle and their like draw from it.",
}


def moved_generators(seen: Observation, names: tuple[str, ...]) -> Difference | None:
    """Find a global generator that the call moved or seeded."""
    moved = [name for name in names if name in seen.generators]
    if not moved:
        return None
    sentence = f"The call moved {_OWNERS[moved[0]]} global generator, which was to be left as it is."
    return Difference("generators", "", "", sentence, _OWN[moved[0]])


def drawn_difference(seen: Observation, names: tuple[str, ...]) -> Difference | None:
    """Find a generator that was to be drawn from and was not, or the other way round."""
    for name in names:
        if name not in seen.generators:
            sentence = f"The call drew nothing from {_OWNERS[name]} global generator, as was asked for."
            return Difference("generators", "", "", sentence, _USES[name])
    return moved_generators(seen, tuple(name for name in GENERATORS if name not in names))


def repeated_difference(first: Any, again: Any, place: str) -> Difference | None:
    """Find where two calls that should give the same do not."""
    found = _compared(first, again, place)
    if found is None:
        return None
    where = "" if found.spot in ("", place) else f" They differ at {found.spot}."
    sentence = opening(place, f"{found.came} came from one call, {found.asked} from another that should give the same.")
    help_ = "Is a seed missing? Or do dropout and batch norm still act, for want of model.eval()?"
    return Difference(found.spot, found.came, found.asked, sentence + where, help_)


def same_difference(first: Any, other: Any, place: str) -> Difference | None:
    """Say so when two calls that should differ gave the same."""
    if _compared(first, other, place) is not None:
        return None
    sentence = opening(place, f"two calls that should differ gave the same: {show(first)}.")
    help_ = "Is the seed used? Is a generator seeded again before every draw, or anything kept from the first call?"
    return Difference(place, "", "", sentence, help_)


def _compared(first: Any, other: Any, place: str) -> Difference | None:
    """Compare two of the student's values; neither is the author's, so neither is an author's mistake."""
    if kind_of(other) == OBJECT or kind_of(first) == OBJECT:
        kinds = named_kind(first), named_kind(other)
        return Difference(place, *kinds, "") if kinds[0] != kinds[1] or first is not other else None
    return find_difference(first, other, Tolerance(), place)
