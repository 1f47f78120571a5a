"""Single facts about a value: its type, device, gradient, length, and whether its numbers are finite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..errors import raised_by_student
from ..language import _
from ..submission.handles import handle_is_a
from ..wire import origin_of
from .describe import (
    class_name,
    either,
    is_handle,
    is_plain,
    kind_of,
    named_kind,
    number,
    show,
    type_word,
    with_article,
)
from .difference import Difference, opening, shown_below
from .kinds import kind_help
from .numbers import Numbers, numbers_of

__all__ = ["device_difference", "finite_difference", "gradient_difference", "length_of", "type_difference"]

Kinds = tuple["type | None", ...]


def type_difference(value: Any, kinds: Kinds, place: str) -> Difference | None:
    """Tell whether a value is of one of the types; bool, int, float and complex are each only themselves."""
    if any(_is_of(value, kind) for kind in kinds):
        return None
    wanted = either([with_article(type_word(kind)) for kind in kinds])
    kind = named_kind(value)
    sentence = _("{came} came, {asked} was asked for.").format(came=kind, asked=wanted)
    rationale = opening(place, sentence) + shown_below(value)
    text = kind_help(value, type_word(kinds[0]), place) if len(kinds) == 1 or value is None else ""
    return Difference(place, kind, wanted, rationale, text)


def _is_of(value: Any, kind: type | None) -> bool:
    if kind is None or value is None:
        return value is None and kind in (None, type(None), object)
    if is_handle(value):
        return not is_plain(kind) and handle_is_a(value, kind)
    if kind in (bool, int, float, complex):
        return type(value) is kind
    if kind is torch.nn.Parameter:
        return isinstance(value, torch.Tensor) and origin_of(value).is_parameter
    return isinstance(value, kind)


def device_difference(value: torch.Tensor, asked: str, place: str) -> Difference | None:
    """Compare where a tensor lay in the student's process; without a number, every device of the kind is right."""
    came = origin_of(value).device
    if _same_device(came, asked):
        return None
    sentence = _("a tensor on {came} came, one on {asked} was asked for.").format(came=came, asked=asked)
    if came == "meta":
        text = _("A tensor on the meta device has a shape and a dtype, but no values.")
    else:
        text = _('Make it with device="{device}" or device=x.device, or move it with x.to("{device}").')
        text = text.format(device=asked)
    return Difference(place, came, asked, opening(place, sentence), text)


def _same_device(came: str, asked: str) -> bool:
    (kind, __, index), (wanted, __, number_asked) = came.partition(":"), asked.partition(":")
    return kind == wanted and (not number_asked or (index or "0") == number_asked)


def gradient_difference(value: torch.Tensor, flag: bool, place: str) -> Difference | None:
    """Compare whether autograd tracked a tensor in the student's process."""
    came = origin_of(value).requires_grad
    if came == flag:
        return None
    first, second = f"requires_grad={came}", f"requires_grad={flag}"
    text = _("x.detach() gives a tensor that autograd does not follow; so does working inside torch.no_grad().")
    if flag:
        text = _("detach(), .data, .item(), torch.tensor(x) and torch.no_grad() all cut a tensor off from autograd.")
    sentence = _("a tensor with {came} came, {asked} was asked for.").format(came=first, asked=second)
    return Difference(place, first, second, opening(place, sentence), text)


def finite_difference(value: Any, place: str) -> Difference | None:
    """Find nan and inf in a number, tensor, array, or containers of them."""
    found = (_not_finite(numbers, where) for where, numbers in _leaves(value, place))
    return next(filter(None, found), None)


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Numbers]]:
    kind = kind_of(value)
    if kind == "tensor" and value.device.type == "meta":
        return
    numbers = numbers_of(value)
    if numbers is not None:
        yield place, numbers
    elif kind in ("list", "tuple"):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{place}[{index}]")
    elif kind == "dict":
        for key, item in value.items():
            yield from _leaves(item, f"{place}[{show(key, 40)}]")


def _not_finite(numbers: Numbers, place: str) -> Difference | None:
    nans = bad = 0
    first: int | None = None
    for start, block in numbers.blocks():
        wrong = ~np.isfinite(block)
        if wrong.any():
            first = start + int(np.argmax(wrong)) if first is None else first
            nans, bad = nans + int(np.count_nonzero(np.isnan(block))), bad + int(np.count_nonzero(wrong))
    if first is None:
        return None
    index, value = list(numbers.index(first)), number(numbers.at(first))
    sentence = _among(nans, bad - nans) if index else _("the value is {value}; a finite number was asked for.")
    sentence = sentence.format(nans=nans, infs=bad - nans, total=numbers.total, value=value, index=index)
    text = _("nan comes of 0/0, inf - inf, the log or root of a negative number, or of memory that was never filled.")
    if not nans:
        text = _("inf comes of a division by 0, of log(0), or of numbers too large for the dtype, as exp soon gives.")
    return Difference(place, value, _("a finite number"), opening(place, sentence), text)


def _among(nans: int, infs: int) -> str:
    if not infs:
        return _("{nans} nan among {total} values; the first, {value}, is at {index}. Finite numbers were asked for.")
    if not nans:
        return _("{infs} inf among {total} values; the first, {value}, is at {index}. Finite numbers were asked for.")
    return _(
        "{nans} nan and {infs} inf among {total} values; the first, {value}, is at {index}. "
        "Finite numbers were asked for."
    )


def length_of(value: Any, place: str) -> int | Difference:
    """Measure a value; say so when it has no length."""
    try:
        return len(value)
    except TypeError as error:
        raised = raised_by_student(error)
        if raised is not None and raised.line is not None:
            raise  # their own __len__ went wrong: that is another story
    kind = named_kind(value)
    text = kind_help(value, "list", place)
    if is_handle(value):
        text = _("len(x) works when class {name} has a __len__ method.").format(name=class_name(value))
    elif kind_of(value) == "tensor":
        text = _("A tensor of shape () holds one number and has no axis to measure.")
    asked = _("something with a length")
    sentence = _("{came} came, {asked} was asked for.").format(came=kind, asked=asked)
    return Difference(place, kind, asked, opening(place, sentence) + shown_below(value), text)
