"""Values as plain data that is small enough to keep, for comparing what was said in two runs of one check.

Numbers are kept as they are up to `WHOLE` elements. Of more, every so manyth is kept, with the means of equal parts:
what differs in a few places of a large tensor only may look the same.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import torch

from ..wire import origin_of
from .handles import Handle

__all__ = ["Block", "Fields", "Items", "Sketcher", "Unread"]

WHOLE, SAMPLES, PARTS = 4096, 1024, 64
MOST_READ = 1 << 20  # elements of one tensor that are looked at
MOST_ITEMS, MOST_TEXT = 1000, 500
_PLAIN = frozenset([type(None), bool, int, float, complex, range, slice, torch.dtype, torch.device])
_ROWS = frozenset([list, tuple, torch.Size])
_HERE = ("cpu", False, False)
_OVERHEAD = 64  # bytes of a Python object, roughly


class Block(msgspec.Struct, frozen=True):
    """The numbers of a tensor, array or NumPy scalar.

    Attributes:
        kind: ``"tensor"``, ``"array"`` or ``"scalar"``.
        dtype: Their dtype.
        shape: Their shape.
        origin: A tensor's device, whether it required grad, whether it was a parameter.
        values: The elements that are kept, of shape (n,); None for a tensor without data, on ``meta``.
        means: Of a large one, mean and mean magnitude of each part, of shape (2, parts), widened; else None.
    """

    kind: str
    dtype: torch.dtype | np.dtype[Any]
    shape: tuple[int, ...]
    origin: tuple[str, bool, bool]
    values: torch.Tensor | None
    means: torch.Tensor | None = None


class Items(msgspec.Struct, frozen=True):
    """A list, tuple or torch.Size: its length, and all its items or every so manyth."""

    kind: type
    length: int
    items: tuple[Any, ...]


class Fields(msgspec.Struct, frozen=True):
    """A dict: its length and its first items."""

    length: int
    items: dict[Any, Any]


class Unread(msgspec.Struct, frozen=True):
    """Anything else, or one thing too many: what can be said of it in a few words."""

    words: tuple[Any, ...]


class Sketcher:
    """Make sketches of values until there are too many.

    Args:
        most: How many bytes all sketches may take; what comes after that is not looked at.
    """

    def __init__(self, most: int) -> None:
        self.most, self.size = most, 0
        self.handles: dict[int, int] = {}

    def of(self, value: Any) -> Any:
        """Return a sketch of a value: itself where it is small and cannot change."""
        self.size += _OVERHEAD
        kind = type(value)
        if kind in _PLAIN:
            return value
        if self.size >= self.most:
            return Unread((kind.__name__,))
        if kind is torch.Tensor:
            return self._block(value)
        if kind is str or kind is bytes:
            return self._text(value)
        if kind in _ROWS:
            step = -(-len(value) // MOST_ITEMS) or 1
            return Items(kind, len(value), tuple(map(self.of, value[::step])))
        if kind is dict:
            return self._fields(value)
        if isinstance(value, (torch.Tensor, np.ndarray, np.generic)):
            return self._block(value)
        return self._other(value)

    def _fields(self, value: dict[Any, Any]) -> Fields:
        first = list(value.items())[:MOST_ITEMS]
        for key, _ in first:
            self.of(key)  # as large as any value
        return Fields(len(value), {key: self.of(item) for key, item in first})

    def _text(self, value: Any) -> Any:
        if len(value) <= MOST_TEXT:
            self.size += len(value)
            return value
        return Unread((type(value).__name__, len(value), hash(value)))

    def _other(self, value: Any) -> Unread | frozenset[Any]:
        if isinstance(value, Handle):  # which object it is shows by when it came first
            number = self.handles.setdefault(value._reference.number, len(self.handles))
            return Unread(("handle", number))
        if isinstance(value, (set, frozenset)):
            return frozenset(map(self.of, value)) if len(value) <= MOST_ITEMS else Unread(("set", len(value)))
        return Unread((type(value).__name__, getattr(value, "__qualname__", "")))

    def _block(self, value: Any) -> Block | Unread:
        if isinstance(value, torch.Tensor):
            found = origin_of(value)
            kind, origin = "tensor", (found.device, found.requires_grad, found.is_parameter)
            if value.is_meta:
                return Block(kind, value.dtype, tuple(value.shape), origin, None)
            flat: Any = torch.Tensor.detach(value).reshape(-1)
        else:
            kind, origin = "array" if isinstance(value, np.ndarray) else "scalar", _HERE
            flat = value.reshape(-1)
        try:
            values, means = _thinned(flat)
        except TypeError:  # an array of texts, say, which can only be an argument of the check's own
            return Unread((type(value).__name__, tuple(value.shape)))
        self.size += values.nbytes
        return Block(kind, value.dtype, tuple(value.shape), origin, values, means)


def _thinned(flat: Any) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Return what is kept of numbers in a row, as a copy: the check may go on to change what it was given."""
    if len(flat) <= WHOLE:
        return _copy(flat), None
    seen = _copy(flat[:: -(-len(flat) // MOST_READ)])
    return seen[:: -(-len(seen) // SAMPLES)].clone(), _means(seen)


def _copy(flat: Any) -> torch.Tensor:
    return flat.cpu().clone() if isinstance(flat, torch.Tensor) else torch.from_numpy(np.array(flat))


def _means(flat: torch.Tensor) -> torch.Tensor:
    wide = flat.to(torch.complex128 if flat.dtype.is_complex else torch.float64)
    parts = wide.tensor_split(PARTS)
    return torch.stack([torch.stack([one.mean(), one.abs().mean().to(one.dtype)]) for one in parts], dim=1)
