"""Strict comparison of plain values: one difference at a time, the most instructive first."""

from __future__ import annotations

from typing import Any

from ..errors import AuthorError
from ..language import _
from ..wire import WireError, origin_of
from ..wire.refusals import refuse_tensor
from .containers import compare_dicts, compare_sequences, compare_sets, kind_difference
from .describe import OBJECT, dtype_name, kind_of, named_kind, number, show, sizes
from .difference import Difference, opening, values_difference
from .kinds import dtype_help
from .numbers import Tolerance, find_mismatch, numbers_of, same_at_a_glance
from .shapes import shape_help
from .texts import compare_texts

__all__ = ["dtype_difference", "find_difference", "shape_difference"]

_ARRAYS = ("tensor", "NumPy array", "NumPy scalar")
_NUMBERS = ("bool", "int", "float", "complex number")


def find_difference(came: Any, asked: Any, tolerance: Tolerance, place: str = "result") -> Difference | None:
    """Compare what came with what was asked: kind, then shape, then dtype, then device, then values.

    Args:
        came: The student's value.
        asked: Plain data: a tensor, array, number, string, None, or a list, tuple, dict or set of such.
        tolerance: How far numbers may be apart.
        place: Where ``came`` lies in the result, as a student would index it.

    Returns:
        The first difference, or None.

    Raises:
        AuthorError: ``asked`` is not plain data, or is on the meta device.
    """
    kind = kind_of(asked)
    if kind == OBJECT:
        raise AuthorError(f"equal and close compare plain data, and {named_kind(asked)} was given as what is asked for")
    if kind == "tensor":
        _refuse_as_asked(asked)
    if kind_of(came) != kind:
        return kind_difference(came, kind, place)
    if kind in _ARRAYS:
        return _compare_arrays(came, asked, tolerance, place)
    if kind in _NUMBERS:
        return _compare_numbers(came, asked, tolerance, place)
    if kind in ("list", "tuple", "torch.Size"):
        return compare_sequences(came, asked, tolerance, place, find_difference)
    if kind == "slice":
        return _compare_slices(came, asked, tolerance, place)
    if kind == "dict":
        return compare_dicts(came, asked, tolerance, place, find_difference)
    if kind in ("set", "frozenset"):
        return compare_sets(came, asked, tolerance, place)
    return compare_texts(came, asked, place) if kind == "string" else _compare_others(came, asked, place)


def _refuse_as_asked(asked: Any) -> None:
    if asked.device.type == "meta":
        raise AuthorError("equal and close were given a tensor on the meta device, which has no values")
    try:
        refuse_tensor(asked)
    except WireError as error:
        raise AuthorError(f"equal and close: {error}") from None


def shape_difference(came: Any, asked: tuple[int, ...], place: str) -> Difference | None:
    """Compare the shape of a tensor or array with the one asked for."""
    shape = tuple(came.shape)
    if shape == asked:
        return None
    first, second = sizes(shape), sizes(asked)
    rationale = opening(place, _("the shape is {came}; {asked} was asked for.").format(came=first, asked=second))
    came_word, asked_word = (_("shape {shape}").format(shape=one) for one in (first, second))
    return Difference(place, came_word, asked_word, rationale, shape_help(shape, asked))


def dtype_difference(came: Any, asked: Any, place: str) -> Difference | None:
    """Compare the dtype of a tensor or array with the one asked for."""
    if came.dtype == asked:
        return None
    first, second = dtype_name(came.dtype), dtype_name(asked)
    rationale = opening(place, _("the dtype is {came}; {asked} was asked for.").format(came=first, asked=second))
    return Difference(place, first, second, rationale, dtype_help(came.dtype, asked))


def _compare_arrays(came: Any, asked: Any, tolerance: Tolerance, place: str) -> Difference | None:
    found = shape_difference(came, tuple(asked.shape), place) or dtype_difference(came, asked.dtype, place)
    if found or kind_of(asked) != "tensor":
        return found or _compare_numbers(came, asked, tolerance, place)
    if came.device.type == "meta" or origin_of(came).device.partition(":")[0] == "meta":
        sentence = _("a tensor on the meta device came. It has a shape and a dtype, but no values.")
        help_ = _('Make the tensor without device="meta".')
        return Difference(place, _("no values"), _("values"), opening(place, sentence), help_)
    return _compare_numbers(came, asked, tolerance, place)


def _compare_numbers(came: Any, asked: Any, tolerance: Tolerance, place: str) -> Difference | None:
    if same_at_a_glance(came, asked):
        return None
    first, second = numbers_of(came), numbers_of(asked)
    if first is None or second is None:  # integers of more than 64 bits
        return _compare_others(came, asked, place)
    found = find_mismatch(first, second, tolerance)
    return values_difference(place, first, second, found, tolerance) if found else None


def _compare_slices(came: slice, asked: slice, tolerance: Tolerance, place: str) -> Difference | None:
    # part by part, since a part may be a tensor, whose == has no single answer
    parts = zip(_parts(came), _parts(asked), strict=True)
    same = all(find_difference(one, other, tolerance, place) is None for one, other in parts)
    return None if same else _unequal(came, asked, place)


def _parts(value: slice) -> tuple[Any, Any, Any]:
    return value.start, value.stop, value.step


def _compare_others(came: Any, asked: Any, place: str) -> Difference | None:
    return None if came == asked else _unequal(came, asked, place)


def _unequal(came: Any, asked: Any, place: str) -> Difference:
    first, second = show(came), show(asked)
    sentence = _("the value is {came}; {asked} was asked for.").format(came=first, asked=second)
    if first == second and isinstance(came, int):
        apart = number(abs(came - asked))
        sentence = _("the value is {came}; {asked} was asked for. They are {apart} apart.").format(
            came=first, asked=second, apart=apart
        )
    return Difference(place, first, second, opening(place, sentence))
