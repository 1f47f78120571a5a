"""Lists, tuples, dicts and sets that differ."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any

from .describe import class_name, clip, is_handle, kind_of, named_kind, plural, show, with_article
from .difference import Difference, opening, shown_below, values_difference
from .kinds import kind_help
from .numbers import Tolerance, find_mismatch, numbers_of, same_at_a_glance

__all__ = [
    "compare_dicts",
    "compare_sequences",
    "compare_sets",
    "kind_difference",
    "length_difference",
    "missing_item",
    "missing_key",
]

Compare = Callable[[Any, Any, Tolerance, str], "Difference | None"]


def compare_sequences(came: Any, asked: Any, tolerance: Tolerance, place: str, compare: Compare) -> Difference | None:
    """Compare two lists or two tuples: their lengths, then item by item."""
    if len(came) != len(asked):
        return length_difference(came, len(came), len(asked), place)
    if same_at_a_glance(came, asked):
        return None
    first, second = numbers_of(came), numbers_of(asked)
    if first and second and first.dtype == second.dtype:
        found = find_mismatch(first, second, tolerance)
        return values_difference(place, first, second, found, tolerance) if found else None
    items = enumerate(zip(came, asked, strict=True))
    differences = (compare(one, other, tolerance, f"{place}[{index}]") for index, (one, other) in items)
    return next(filter(None, differences), None)


def kind_difference(came: Any, asked: str, place: str) -> Difference:
    """Word that a value is of another kind than ``asked``, a word of `kind_of`."""
    kind, wanted = named_kind(came), with_article(asked)
    rationale = opening(place, f"{kind} came, {wanted} was asked for.") + shown_below(came)
    return Difference(place, kind, wanted, rationale, kind_help(came, asked, place))


def length_difference(came: Any, length: int, asked: int, place: str) -> Difference:
    """Word that a value has ``length`` items where ``asked`` were asked for."""
    noun = "character" if kind_of(came) == "string" else "item"
    count, wanted = plural(length, noun), plural(asked, noun)
    rationale = opening(place, f"{count} came, {asked} {'was' if asked == 1 else 'were'} asked for.") + shown_below(
        came
    )
    return Difference(place, count, wanted, rationale, _length_help(length, asked))


def _length_help(came: int, asked: int) -> str:
    if came == 0:
        return "Nothing is in it: was it ever filled?"
    if abs(came - asked) == 1:
        amount = "many" if came > asked else "few"
        return f"There is one too {amount}: look at where the loop or the slice begins and ends."
    return ""


def compare_dicts(came: Any, asked: Any, tolerance: Tolerance, place: str, compare: Compare) -> Difference | None:
    """Compare two dicts: their keys, then the values in the order asked; the order that came does not matter."""
    keys = {_typed(key): key for key in came}
    wanted = {_typed(key): key for key in asked}
    for name, key in wanted.items():
        if name not in keys:
            return missing_key(came, key, place)
    for name, key in keys.items():
        if name not in wanted:
            return _surplus_key(key, asked, place)
    pairs = (
        (compare(came[keys[name]], asked[key], tolerance, f"{place}[{show(key, 40)}]")) for name, key in wanted.items()
    )
    return next(filter(None, pairs), None)


def missing_key(came: Any, key: Any, place: str) -> Difference:
    """Word that a dict lacks a key, with the keys it has."""
    wanted = show(key, 40)
    has = f"the dict has {listed(came)}" if came else "the dict is empty"
    close = difflib.get_close_matches(key, _names(came), 1) if isinstance(key, str) else []
    twin = [other for other in list(came)[:200] if show(other, 40).strip("'") == wanted.strip("'")]
    text = ""
    if close:
        text = f"There is {show(close[0], 40)}: was {wanted} meant?"
    elif twin:
        kinds = f"one is {named_kind(twin[0])}, one is {named_kind(key)}"
        text = f"{show(twin[0], 40)} and {wanted} are different keys: {kinds}."
    return Difference(place, has, f"the key {wanted}", opening(place, f"the key {wanted} is missing; {has}."), text)


def missing_item(came: Any, index: Any, place: str) -> Difference:
    """Word that a list, tuple or other object has no item with this index."""
    if is_handle(came):
        text = f"Look at __getitem__ of class {class_name(came)}."
        sentence = opening(place, f"{named_kind(came)} came; it gives no item for [{show(index, 40)}].")
        return Difference(place, "no such item", show(index, 40), sentence, text)
    if not isinstance(index, int):
        return kind_difference(came, "dict", place)
    count, kind = plural(len(came), "item"), named_kind(came)
    sentence = opening(place, f"{kind} of {count} came; item [{index}] was asked for.") + shown_below(came)
    return Difference(place, count, f"item [{index}]", sentence, "The first item has index 0, the last has length - 1.")


def _names(keys: Iterable[Any]) -> list[str]:
    """Return the first short strings among keys: close matches are sought in a bounded time."""
    return [key for key in list(keys)[:200] if isinstance(key, str) and len(key) <= 60]


def listed(items: Any) -> str:
    """List the first items of a collection."""
    shown = [show(item, 30) for item in list(items)[:6]]
    more = f" and {len(items) - 6} more" if len(items) > 6 else ""
    return clip(", ".join(shown), 100) + more


def _surplus_key(key: Any, asked: Any, place: str) -> Difference:
    name, wanted = show(key, 40), listed(asked) if asked else "an empty dict"
    rationale = opening(place, f"the key {name} was not asked for, only {wanted}.")
    return Difference(place, f"the key {name}", wanted, rationale)


def compare_sets(came: Any, asked: Any, tolerance: Tolerance, place: str) -> Difference | None:
    """Compare two sets; floats that are close to each other pair up when the tolerance allows it."""
    have, want = {_typed(item): item for item in came}, {_typed(item): item for item in asked}
    extra = [item for name, item in have.items() if name not in want]
    missing = [item for name, item in want.items() if name not in have]
    if (not extra and not missing) or _pairs_up(extra, missing, tolerance):
        return None
    parts = [f"missing from the set: {listed(missing)}"] if missing else []
    parts += [f"not asked for: {listed(extra)}"] if extra else []
    return Difference(place, show(came), show(asked), opening(place, f"{'; '.join(parts)}.") + shown_below(came))


def _pairs_up(extra: list[Any], missing: list[Any], tolerance: Tolerance) -> bool:
    if len(extra) != len(missing) or {type(item) for item in (*extra, *missing)} != {float}:
        return False
    first, second = numbers_of(sorted(extra)), numbers_of(sorted(missing))
    return first is not None and second is not None and find_mismatch(first, second, tolerance) is None


def _typed(item: Any) -> Any:
    """Return what stands for a key: 1, 1.0 and True are three, and nan is equal to itself."""
    if isinstance(item, tuple):
        return kind_of(item), tuple(map(_typed, item))
    if isinstance(item, frozenset):
        return kind_of(item), frozenset(map(_typed, item))
    return kind_of(item), "nan" if isinstance(item, float) and item != item else item
