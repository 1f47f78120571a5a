"""Python values as a tree of plain msgpack, with tensors out of band: the writing half.

None, bools, floats, ordinary strings and integers of 64 bits stand for themselves; everything else is a list
``[tag, ...]``. Nothing in it names code to run. A function may be *named* by the trusted side (the worker looks it up
in torch or ``fixtures.shared``); the trusted side never looks anything up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import numpy as np
import torch

from . import sentences as said
from .arrays import ArrayNote, pack_array, pack_tensor
from .limits import WireError, WireLimits
from .stand_ins import Handle, Named, Opaque

__all__ = ["pack"]


def pack(value: object, opaque: Opaque, limits: WireLimits, *, keep_strides: bool) -> tuple[bytes, list[memoryview]]:
    """Encode a value.

    Args:
        value: Plain data, or anything that ``opaque`` can stand in for.
        opaque: Called with each object that is not plain data.
        limits: Bounds on what may be sent.
        keep_strides: Send strided tensors as such; else as contiguous copies.

    Returns:
        The header and the buffers it refers to.

    Raises:
        WireError: The value is too deep, too large, or holds what cannot be sent.
    """
    writer = _Writer(opaque, limits, keep_strides)
    tree = writer.write(value, 0)
    header = msgspec.msgpack.encode((writer.notes, tree))
    if len(header) > limits.header_bytes:
        raise WireError(said.LARGE_TREE.format(bytes=f"{len(header):,}"))
    return header, writer.buffers


class _Writer:
    """Walk a value once, depth first; tensors met twice are sent once."""

    def __init__(self, opaque: Opaque, limits: WireLimits, keep_strides: bool) -> None:
        self.stand_in, self.limits, self.keep_strides = opaque, limits, keep_strides
        self.notes: list[ArrayNote] = []
        self.buffers: list[memoryview] = []
        self.total = self.nodes = self.foretold = 0
        self.seen: dict[int, tuple[int, object]] = {}

    def write(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise WireError(said.MANY_VALUES.format(count=f"{self.limits.nodes:,}"))
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return self.integer(value)
        if kind is str:
            return self.text(value)
        if depth > self.limits.depth:
            raise WireError(said.DEEP.format(levels=self.limits.depth))
        write = _WRITERS.get(kind) or next((w for base, w in _WRITERS.items() if isinstance(value, base)), None)
        return (write or _Writer.opaque)(self, value, depth + 1)

    def integer(self, value: int) -> Any:
        if -(1 << 63) <= value < 1 << 64:
            return value
        if value.bit_length() > self.limits.int_bits:
            raise WireError(said.INTEGER.format(bits=f"{value.bit_length():,}"))
        return ["int", hex(value)]

    def items(self, tag: str, items: Iterable[Any], below: int) -> list[Any]:
        return [tag, *[self.write(item, below) for item in items]]

    def keyed(self, tag: str, keys: Iterable[Any], below: int) -> list[Any]:
        return self.items(tag, self.counted(keys), below)

    def counted(self, keys: Iterable[Any]) -> list[Any]:
        """Refuse more keys than the other side puts into a set: whoever chose them may have made them collide."""
        keys = list(keys)
        self.foretold += sum(not isinstance(key, (str, bytes)) for key in keys)
        if self.foretold > self.limits.keys:
            raise WireError(said.MANY_KEYS.format(count=f"{self.limits.keys:,}"))
        return keys

    def dict(self, value: dict[Any, Any], below: int) -> list[Any]:
        self.counted(dict.keys(value))
        return ["dict", *[self.write(part, below) for item in dict.items(value) for part in item]]

    def tensor(self, value: torch.Tensor, below: int) -> list[Any]:
        return ["tensor", self.array(value)]

    def numpy_scalar(self, value: Any, below: int) -> Any:
        if isinstance(value, (np.str_, np.bytes_)):
            return self.write(value.item(), below)
        return ["scalar", self.array(np.asarray(value))]

    def slice(self, value: slice, below: int) -> list[Any]:
        return self.items("slice", (value.start, value.stop, value.step), below)

    def range(self, value: range, below: int) -> list[Any]:
        return self.items("range", (value.start, value.stop, value.step), below)

    def opaque(self, value: Any, below: int) -> list[Any]:
        stand_in = value if isinstance(value, (Handle, Named)) else self.stand_in(value)
        if isinstance(stand_in, Named):
            return ["named", stand_in.path]
        return ["handle", stand_in.number, stand_in.kind[:200]]

    def text(self, value: str) -> Any:
        if value.isascii():
            return value
        try:
            value.encode()
        except UnicodeEncodeError:  # lone surrogates, as os.fsdecode makes them
            return ["text", str(value.encode("utf-8", "surrogatepass"), "latin-1")]
        return value

    def array(self, value: Any) -> int:
        if id(value) in self.seen:
            return self.seen[id(value)][0]
        if len(self.notes) >= self.limits.buffers:
            raise WireError(said.MANY_TENSORS.format(count=f"{self.limits.buffers:,}"))
        packer = pack_tensor if isinstance(value, torch.Tensor) else pack_array
        note, buffer = packer(value, self.limits, self.keep_strides)
        self.total += buffer.nbytes
        if self.total > self.limits.total_bytes:
            raise WireError(said.LARGE_IN_ALL.format(bytes=f"{self.limits.total_bytes:,}"))
        self.notes.append(note)
        self.buffers.append(buffer)
        self.seen[id(value)] = (len(self.notes) - 1, value)  # the value too, so that its id is not used again
        return len(self.notes) - 1


# By exact type first; a subclass takes the first line it fits, so NumPy's scalars stand before float and str. The
# base class's methods are called, not the value's own: a student's class may override them.
_WRITERS: dict[type, Callable[[_Writer, Any, int], Any]] = {
    torch.Tensor: _Writer.tensor,
    np.generic: _Writer.numpy_scalar,
    np.ndarray: lambda writer, value, below: ["array", writer.array(value)],
    torch.Size: lambda writer, value, below: writer.items("size", map(int, value), below),
    str: lambda writer, value, below: writer.text(str.__str__(value)),
    tuple: lambda writer, value, below: writer.items("tuple", tuple.__iter__(value), below),
    list: lambda writer, value, below: writer.items("list", list.__iter__(value), below),
    dict: _Writer.dict,
    frozenset: lambda writer, value, below: writer.keyed("frozenset", frozenset.__iter__(value), below),
    set: lambda writer, value, below: writer.keyed("set", set.__iter__(value), below),
    int: lambda writer, value, below: writer.integer(int.__int__(value)),
    float: lambda writer, value, below: float.__float__(value),
    complex: lambda writer, value, below: ["complex", value.real, value.imag],
    bytes: lambda writer, value, below: ["bytes", str(value, "latin-1")],
    bytearray: lambda writer, value, below: ["bytes", str(value, "latin-1")],
    slice: _Writer.slice,
    range: _Writer.range,
    torch.dtype: lambda writer, value, below: ["dtype", str(value)],
    torch.device: lambda writer, value, below: ["device", str(value)],
}
