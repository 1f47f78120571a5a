"""Lists, tuples, dicts and sets that differ."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any

from ..language import _, ngettext
from .describe import class_name, clip, counted, is_handle, kind_of, named_kind, show, with_article
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
    "were_asked_for",
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
    sentence = _("{came} came, {asked} was asked for.").format(came=kind, asked=wanted)
    return Difference(place, kind, wanted, opening(place, sentence) + shown_below(came), kind_help(came, asked, place))


def length_difference(came: Any, length: int, asked: int, place: str) -> Difference:
    """Word that a value has ``length`` items where ``asked`` were asked for."""
    count, wanted = counted(length, kind_of(came)), counted(asked, kind_of(came))
    sentence = were_asked_for(count, asked)
    return Difference(place, count, wanted, opening(place, sentence) + shown_below(came), _length_help(length, asked))


def were_asked_for(count: str, asked: int) -> str:
    """Return the sentence for another number of something than was asked for."""
    sentence = ngettext("{count} came, {asked} was asked for.", "{count} came, {asked} were asked for.", asked)
    return sentence.format(count=count, asked=asked)


def _length_help(came: int, asked: int) -> str:
    if came == 0:
        return _("Nothing is in it: was it ever filled?")
    if came == asked + 1:
        return _("There is one too many: look at where the loop or the slice begins and ends.")
    if came == asked - 1:
        return _("There is one too few: look at where the loop or the slice begins and ends.")
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
    sentence = _("the key {key} is missing; the dict is empty.").format(key=wanted)
    if came:
        sentence = _("the key {key} is missing; the dict has {keys}.").format(key=wanted, keys=listed(came))
    has = _("the dict has {keys}").format(keys=listed(came)) if came else _("the dict is empty")
    asked = _("the key {key}").format(key=wanted)
    return Difference(place, has, asked, opening(place, sentence), _key_help(came, key, wanted))


def _key_help(came: Any, key: Any, wanted: str) -> str:
    close = difflib.get_close_matches(key, _names(came), 1) if isinstance(key, str) else []
    if close:
        return _("There is {found}: was {key} meant?").format(found=show(close[0], 40), key=wanted)
    twin = [other for other in list(came)[:200] if show(other, 40).strip("'") == wanted.strip("'")]
    if not twin:
        return ""
    sentence = _("{found} and {key} are different keys: one is {came}, one is {asked}.")
    kinds = {"came": named_kind(twin[0]), "asked": named_kind(key)}
    return sentence.format(found=show(twin[0], 40), key=wanted, **kinds)


def missing_item(came: Any, index: Any, place: str) -> Difference:
    """Word that a list, tuple or other object has no item with this index."""
    if is_handle(came):
        text = _("Look at __getitem__ of class {name}.").format(name=class_name(came))
        sentence = _("{came} came; it gives no item for [{key}].").format(came=named_kind(came), key=show(index, 40))
        return Difference(place, _("no such item"), show(index, 40), opening(place, sentence), text)
    if not isinstance(index, int):
        return kind_difference(came, "dict", place)
    sentence = ngettext(
        "{came} of {count} item came; item [{index}] was asked for.",
        "{came} of {count} items came; item [{index}] was asked for.",
        len(came),
    ).format(came=named_kind(came), count=len(came), index=index)
    help_ = _("The first item has index 0, the last has length - 1.")
    asked = _("item [{index}]").format(index=index)
    return Difference(place, counted(len(came)), asked, opening(place, sentence) + shown_below(came), help_)


def _names(keys: Iterable[Any]) -> list[str]:
    """Return the first short strings among keys: close matches are sought in a bounded time."""
    return [key for key in list(keys)[:200] if isinstance(key, str) and len(key) <= 60]


def listed(items: Any) -> str:
    """List the first items of a collection."""
    shown = clip(", ".join(show(item, 30) for item in list(items)[:6]), 100)
    return _("{items} and {count} more").format(items=shown, count=len(items) - 6) if len(items) > 6 else shown


def _surplus_key(key: Any, asked: Any, place: str) -> Difference:
    name, wanted = show(key, 40), listed(asked) if asked else _("an empty dict")
    rationale = opening(place, _("the key {key} was not asked for, only {keys}.").format(key=name, keys=wanted))
    return Difference(place, _("the key {key}").format(key=name), wanted, rationale)


def compare_sets(came: Any, asked: Any, tolerance: Tolerance, place: str) -> Difference | None:
    """Compare two sets; floats that are close to each other pair up when the tolerance allows it."""
    have, want = {_typed(item): item for item in came}, {_typed(item): item for item in asked}
    extra = [item for name, item in have.items() if name not in want]
    missing = [item for name, item in want.items() if name not in have]
    if (not extra and not missing) or _pairs_up(extra, missing, tolerance):
        return None
    sentence = _("missing from the set: {missing}; not asked for: {extra}.")
    if not extra:
        sentence = _("missing from the set: {missing}.")
    elif not missing:
        sentence = _("not asked for: {extra}.")
    sentence = sentence.format(missing=listed(missing), extra=listed(extra))
    return Difference(place, show(came), show(asked), opening(place, sentence) + shown_below(came))


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
