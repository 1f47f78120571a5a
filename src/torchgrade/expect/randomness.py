"""Randomness: which generators a call moved, and whether two calls agree."""

from __future__ import annotations

from typing import Any

from ..language import N_, _
from ..submission.observation import Observation
from .compare import find_difference
from .describe import OBJECT, kind_of, named_kind, show
from .difference import Difference, opening
from .numbers import Tolerance

__all__ = ["GENERATORS", "drawn_difference", "moved_generators", "repeated_difference", "same_difference"]

GENERATORS = ("torch", "numpy", "random")
_MOVED = {
    "torch": N_("The call moved torch's global generator, which was to be left as it is."),
    "numpy": N_("The call moved NumPy's global generator, which was to be left as it is."),
    "random": N_("The call moved Python's (module random) global generator, which was to be left as it is."),
}
_UNUSED = {
    "torch": N_("The call drew nothing from torch's global generator, as was asked for."),
    "numpy": N_("The call drew nothing from NumPy's global generator, as was asked for."),
    "random": N_("The call drew nothing from Python's (module random) global generator, as was asked for."),
}
_OWN = {
    "torch": N_("torch.manual_seed and draws without generator=... move it; torch.Generator() makes one of your own."),
    "numpy": N_("numpy.random.seed and numpy.random.rand move it; numpy.random.default_rng(seed) is one of your own."),
    "random": N_("random.seed, random.random and random.shuffle move it; random.Random(seed) is one of your own."),
}
_USES = {
    "torch": N_("torch.rand, torch.randn, torch.randint and torch.randperm draw from it."),
    "numpy": N_("numpy.random.rand and its like draw from it."),
    "random": N_("random.random, random.shuffle and their like draw from it."),
}


def moved_generators(seen: Observation, names: tuple[str, ...]) -> Difference | None:
    """Find a global generator that the call moved or seeded."""
    moved = [name for name in names if name in seen.generators]
    if not moved:
        return None
    return Difference("generators", "", "", _(_MOVED[moved[0]]), _(_OWN[moved[0]]))


def drawn_difference(seen: Observation, names: tuple[str, ...]) -> Difference | None:
    """Find a generator that was to be drawn from and was not, or the other way round."""
    for name in names:
        if name not in seen.generators:
            return Difference("generators", "", "", _(_UNUSED[name]), _(_USES[name]))
    return moved_generators(seen, tuple(name for name in GENERATORS if name not in names))


def repeated_difference(first: Any, again: Any, place: str) -> Difference | None:
    """Find where two calls that should give the same do not."""
    found = _compared(first, again, place)
    if found is None:
        return None
    sentence = _("{one} came from one call, {other} from another that should give the same.")
    if found.spot not in ("", place):
        sentence = _("{one} came from one call, {other} from another that should give the same. They differ at {spot}.")
    sentence = opening(place, sentence.format(one=found.came, other=found.asked, spot=found.spot))
    help_ = _("Is a seed missing? Or do dropout and batch norm still act, for want of model.eval()?")
    return Difference(found.spot, found.came, found.asked, sentence, help_)


def same_difference(first: Any, other: Any, place: str) -> Difference | None:
    """Say so when two calls that should differ gave the same."""
    if _compared(first, other, place) is not None:
        return None
    sentence = _("two calls that should differ gave the same: {value}.").format(value=show(first))
    help_ = _("Is the seed used? Is a generator seeded again before every draw, or anything kept from the first call?")
    return Difference(place, "", "", opening(place, sentence), help_)


def _compared(first: Any, other: Any, place: str) -> Difference | None:
    """Compare two of the student's values; neither is the author's, so neither is an author's mistake."""
    if kind_of(other) == OBJECT or kind_of(first) == OBJECT:
        kinds = named_kind(first), named_kind(other)
        return Difference(place, *kinds, "") if kinds[0] != kinds[1] or first is not other else None
    return find_difference(first, other, Tolerance(), place)
