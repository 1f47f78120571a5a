"""The numbers of a model or a fit in one row: a tensor, a pair of floats, a state dict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..errors import AuthorError
from ..language import _, ngettext
from .containers import were_asked_for
from .describe import dtype_name, kind_of, named_kind, show
from .difference import Difference, opening, shown_below
from .kinds import kind_help
from .numbers import Numbers, numbers_of

__all__ = ["Parameters", "Part", "asked_parameters", "count_difference", "distance_of", "parameters_of"]


@dataclass(frozen=True)
class Part:
    """One tensor or number among the parameters.

    Attributes:
        place: How a student would index to it.
        shape: Its shape.
        start: Where its numbers begin in the row.
        stop: Where they end.
    """

    place: str
    shape: tuple[int, ...]
    start: int
    stop: int


@dataclass(frozen=True)
class Parameters:
    """Numbers in one row.

    Attributes:
        row: float64, shape (n,).
        parts: Where they come from, in order.
    """

    row: torch.Tensor
    parts: tuple[Part, ...]

    def place(self, index: int) -> str:
        """Name the number with this index as a student would: ``result['weight'][0, 1]``."""
        part = next(part for part in self.parts if part.start <= index < part.stop)
        inside = [int(where) for where in np.unravel_index(index - part.start, part.shape)] if part.shape else []
        return f"{part.place}{inside}" if inside else part.place


def parameters_of(value: Any, place: str) -> Parameters | Difference:
    """Put a tensor, array, number, or a list, tuple or dict of those into one row; say so where that cannot be done."""
    blocks, parts, total = [], [], 0
    for where, found in _leaves(value, place, 0):
        if isinstance(found, Difference):
            return found
        blocks.append(torch.from_numpy(found.whole().astype(np.float64).reshape(-1)))
        parts.append(Part(where, found.shape, total, total + found.total))
        total += found.total
    return Parameters(torch.cat(blocks) if blocks else torch.zeros(0, dtype=torch.float64), tuple(parts))


def asked_parameters(value: Any, word: str) -> Parameters:
    """Read the author's own numbers.

    Raises:
        AuthorError: They are none.
    """
    found = parameters_of(value, "result")
    if isinstance(found, Difference):
        raise AuthorError(f"{word} was given {named_kind(value)}; give numbers: {found.rationale}")
    return found


def _leaves(value: Any, place: str, depth: int) -> Iterator[tuple[str, Numbers | Difference]]:
    kind = kind_of(value)
    if kind in ("list", "tuple") and depth < 20:
        for index, item in enumerate(value):
            yield from _leaves(item, f"{place}[{index}]", depth + 1)
        return
    if kind == "dict" and depth < 20:
        for key, item in value.items():
            yield from _leaves(item, f"{place}[{show(key, 40)}]", depth + 1)
        return
    readable = kind in ("int", "float", "tensor", "NumPy array", "NumPy scalar")
    on_meta = kind == "tensor" and value.device.type == "meta"
    numbers = numbers_of(value) if readable and not on_meta else None
    if numbers is None or numbers.dtype == "bool" or numbers.dtype.startswith("complex"):
        yield place, _not_numbers(value, place, on_meta)
    else:
        yield place, numbers


def _not_numbers(value: Any, place: str, on_meta: bool) -> Difference:
    kind = named_kind(value)
    if on_meta:
        kind = _("{kind} on the meta device").format(kind=kind)
    elif isinstance(value, (torch.Tensor, np.ndarray, np.generic)):
        kind = _("{kind} of dtype {dtype}").format(kind=kind, dtype=dtype_name(value.dtype))
    sentence = opening(place, _("{came} came, real numbers were asked for.").format(came=kind)) + shown_below(value)
    return Difference(place, kind, _("real numbers"), sentence, kind_help(value, "tensor", place))


def count_difference(came: Parameters, asked: int, place: str) -> Difference | None:
    """Compare how many numbers there are."""
    count = len(came.row)
    if count == asked:
        return None
    first, second = (ngettext("{count} number", "{count} numbers", one).format(count=one) for one in (count, asked))
    help_ = _("Which parameters are asked for, and in which order?")
    return Difference(place, first, second, opening(place, were_asked_for(first, asked)), help_)


def distance_of(came: torch.Tensor, asked: torch.Tensor, least: float = 0.0) -> float:
    """Return the largest difference in units of the largest number asked for (of 1 where all of those are 0).

    Args:
        came: Shape (n,), float64.
        asked: Shape (n,), float64.
        least: The unit is at least this much.
    """
    if not bool(torch.isfinite(came).all()):
        return float("inf")
    if not len(asked):
        return 0.0
    unit = max(float(asked.abs().max()), least) or 1.0
    return float((came - asked).abs().max()) / unit
