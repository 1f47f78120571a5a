"""The numbers in a tensor, array or list, read block by block in a dtype that every operation knows.

Many operations are missing for float8, bfloat16, complex32 or uint16, so everything is widened to float64, complex128,
int64 or uint64, in which each narrower value is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from ..errors import AuthorError
from .describe import dtype_name, kind_of

__all__ = ["Array", "Mismatch", "Numbers", "Tolerance", "find_mismatch", "numbers_of", "same_at_a_glance"]

Array = npt.NDArray[Any]
BLOCK = 1 << 20
# What torch.equal knows how to compare, element by element and exactly.
_COMPARABLE = (
    torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64,
    torch.float16, torch.bfloat16, torch.float32, torch.float64,
)  # fmt: skip
_PLAIN = {bool: "bool", int: "int64", float: "float64", complex: "complex128"}
# The table of torch.testing.assert_close: relative, absolute. Every other dtype must agree exactly.
_DEFAULTS = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex32": (1e-3, 1e-5),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}


@dataclass(frozen=True)
class Tolerance:
    """How far a value may be from the one asked for: ``atol + rtol * abs(asked)``.

    Attributes:
        exact: Allow nothing, whatever the dtype.
        rtol: Relative part, or None for the dtype's own.
        atol: Absolute part, or None for the dtype's own.
    """

    exact: bool = True
    rtol: float | None = None
    atol: float | None = None

    def of(self, dtype: str) -> tuple[float, float]:
        """Return the relative and the absolute part for a dtype, named without ``torch.``."""
        if self.exact:
            return 0.0, 0.0
        rtol, atol = _DEFAULTS.get(dtype, (0.0, 0.0))
        return rtol if self.rtol is None else self.rtol, atol if self.atol is None else self.atol


@dataclass(frozen=True)
class Numbers:
    """Numbers in a row, with the shape they had.

    Attributes:
        flat: All of them, of shape (n,), in their own dtype.
        shape: The shape of the tensor, array or list.
        dtype: Name of their dtype, without ``torch.``.
    """

    flat: torch.Tensor | Array
    shape: tuple[int, ...]
    dtype: str

    @property
    def total(self) -> int:
        """Return how many there are."""
        return int(self.flat.shape[0])

    def block(self, start: int, stop: int) -> Array:
        """Return some of them, of shape (stop - start,), widened."""
        part = self.flat[start:stop]
        return _widened_tensor(part) if isinstance(part, torch.Tensor) else _widened_array(part)

    def whole(self) -> Array:
        """Return all of them in their shape, widened."""
        return self.block(0, self.total).reshape(self.shape)

    def at(self, place: int) -> Any:
        """Return one of them as a Python number."""
        return self.block(place, place + 1)[0].item()

    def index(self, place: int) -> tuple[int, ...]:
        """Turn a position in the row into an index of the tensor."""
        return tuple(int(part) for part in np.unravel_index(place, self.shape)) if self.shape else ()

    def blocks(self) -> Iterator[tuple[int, Array]]:
        """Yield positions and the blocks that begin there."""
        for start in range(0, self.total, BLOCK):
            yield start, self.block(start, min(start + BLOCK, self.total))


def same_at_a_glance(came: Any, asked: Any) -> bool:
    """Tell, in the usual case of a right answer, that two values of one kind are equal; False means "look closer"."""
    kind = type(asked)
    if kind in _PLAIN:
        return type(came) is kind and bool(came == asked)
    if kind in (list, tuple):
        kinds = list(map(type, asked))
        return _PLAIN.keys() >= set(kinds) and list(map(type, came)) == kinds and bool(came == asked)
    if kind is not torch.Tensor or type(came) is not torch.Tensor or asked.dtype not in _COMPARABLE:
        return False
    return came.dtype == asked.dtype and came.device == asked.device and bool(torch.equal(came, asked))


def numbers_of(value: Any) -> Numbers | None:
    """Read a tensor (not on meta), an array, a number, or a flat list or tuple of numbers of one type.

    Returns:
        The numbers, or None for any other value.
    """
    kind = kind_of(value)
    if kind == "tensor":
        tensor = torch.Tensor.detach(value).as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg()
        return Numbers(tensor.reshape(-1), tuple(value.shape), dtype_name(value.dtype).removeprefix("torch."))
    if kind in ("NumPy array", "NumPy scalar"):
        array = np.asarray(value)
        return Numbers(array.reshape(-1), array.shape, dtype_name(array.dtype))
    if type(value) in _PLAIN:
        return _plain([value], type(value), ())
    if kind in ("list", "tuple") and value and type(value[0]) in _PLAIN:
        kinds = set(map(type, value))
        return _plain(value, kinds.pop(), (len(value),)) if len(kinds) == 1 else None
    return None


def _plain(values: Any, kind: type, shape: tuple[int, ...]) -> Numbers | None:
    try:
        return Numbers(np.array(values, dtype=_PLAIN[kind]), shape, _PLAIN[kind])
    except OverflowError:  # integers of more than 64 bits are compared one by one
        return None


def _widened_tensor(part: torch.Tensor) -> Array:
    if part.dtype.is_complex:
        part = part.to(torch.complex128)
    elif part.dtype.is_floating_point:
        part = part.to(torch.float64)
    elif part.dtype not in (torch.bool, torch.uint64):
        part = part.to(torch.int64)
    found: Array = part.numpy()
    return found


def _widened_array(part: Array) -> Array:
    wide = {
        "b": "bool",
        "i": "int64",
        "u": "uint64" if part.itemsize == 8 else "int64",
        "f": "float64",
        "c": "complex128",
    }
    if part.dtype.kind not in wide:
        raise AuthorError(f"an array of dtype {part.dtype} cannot be compared: give numbers or bools")
    return part.astype(wide[part.dtype.kind], copy=False)


@dataclass(frozen=True)
class Mismatch:
    """Where two rows of numbers differ.

    Attributes:
        count: How many differ.
        first: Position of the first.
        worst: Position of the largest finite error, or None when none is finite.
    """

    count: int
    first: int
    worst: int | None


def find_mismatch(came: Numbers, asked: Numbers, tolerance: Tolerance) -> Mismatch | None:
    """Compare numbers of the same shape and dtype; nan equals nan, and inf equals inf of the same sign.

    Returns:
        Where they differ by more than ``tolerance``; None when they do not.
    """
    rtol, atol = tolerance.of(asked.dtype)
    count, first, worst, largest = 0, None, None, -1.0
    for start, block in came.blocks():
        other = asked.block(start, start + len(block))
        wrong = differing(block, other, rtol, atol)
        if not wrong.any():
            continue
        count += int(np.count_nonzero(wrong))
        first = start + int(np.argmax(wrong)) if first is None else first
        error = distance(block, other)
        error[~wrong | ~np.isfinite(error)] = -1
        place = int(np.argmax(error))
        if error[place] > largest:
            worst, largest = start + place, float(error[place])
    return None if first is None else Mismatch(count, first, worst)


def differing(came: Array, asked: Array, rtol: float, atol: float) -> npt.NDArray[np.bool_]:
    """Mark the elements of two widened arrays that are further apart than ``atol + rtol * abs(asked)``."""
    with np.errstate(all="ignore"):
        same: npt.NDArray[np.bool_] = came == asked
        if came.dtype.kind in "fc":
            same |= np.isnan(came) & np.isnan(asked)
        if (rtol or atol) and came.dtype.kind != "b":
            error = distance(came, asked)
            same |= np.isfinite(error) & (error <= atol + rtol * np.abs(_floating(asked)))
        return ~same


def distance(came: Array, asked: Array) -> Array:
    """Return the absolute differences of two widened arrays as float64."""
    with np.errstate(all="ignore"):
        found: Array = np.abs(_floating(came) - _floating(asked))
        return found


def _floating(block: Array) -> Array:
    return block if block.dtype.kind in "fc" else block.astype(np.float64)
