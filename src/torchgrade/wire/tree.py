"""Python values as a tree of plain msgpack, with tensors out of band.

None, bools, floats, ordinary strings and bytes, and integers of 64 bits stand for themselves; everything else is a list
``[tag, ...]``. Nothing in it names code to run. A function may be *named* by the trusted side (the worker looks it up
in torch or ``fixtures.shared``); the trusted side never looks anything up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import torch

from .arrays import ArrayNote, pack_array, pack_tensor, unpack_array
from .limits import WireError, WireLimits

__all__ = ["Handle", "Named", "Opaque", "pack", "unpack"]


class Handle(msgspec.Struct, frozen=True):
    """An object that stays in the worker.

    Attributes:
        number: The worker's name for it.
        kind: Its class, for messages only: the worker says what it likes.
    """

    number: int
    kind: str


class Named(msgspec.Struct, frozen=True):
    """A function or class that both sides can import, as ``module:qualified.name``."""

    path: str


# What to do with an object that is not plain data: the worker keeps it and gives a Handle, the trusted side names it.
Opaque = Callable[[object], "Handle | Named"]
_HEADER = msgspec.msgpack.Decoder(tuple[list[ArrayNote], Any])
_DEVICE = re.compile(r"(cpu|cuda|meta|mps|xpu|privateuseone)(:\d{1,4})?")
_TORCH_DTYPE = re.compile(r"torch\.\w{1,30}")


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
        raise WireError(f"the result is too large to check: {len(header):,} bytes without its tensors")
    return header, writer.buffers


class _Writer:
    """Walk a value once, depth first; tensors met twice are sent once."""

    def __init__(self, opaque: Opaque, limits: WireLimits, keep_strides: bool) -> None:
        self.opaque, self.limits, self.keep_strides = opaque, limits, keep_strides
        self.notes: list[ArrayNote] = []
        self.buffers: list[memoryview] = []
        self.total = self.nodes = 0
        self.seen: dict[int, tuple[int, object]] = {}

    def write(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise WireError(f"the result holds more than {self.limits.nodes:,} values")
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return self.integer(value)
        if depth > self.limits.depth:
            raise WireError(f"the result is nested deeper than {self.limits.depth} levels, or contains itself")
        return self.structure(value, depth)

    def integer(self, value: int) -> Any:
        if -(1 << 63) <= value < 1 << 64:
            return value
        if value.bit_length() > self.limits.int_bits:
            raise WireError(f"an integer of {value.bit_length():,} bits is too large to check")
        return ["int", hex(value)]

    def structure(self, value: Any, depth: int) -> Any:
        below = depth + 1
        if isinstance(value, str):
            return self.text(str.__str__(value))
        if isinstance(value, torch.Tensor):
            return ["tensor", self.array(value)]
        if isinstance(value, np.generic):
            if isinstance(value, (np.str_, np.bytes_)):
                return self.write(value.item(), depth)
            return ["scalar", self.array(np.asarray(value))]
        if isinstance(value, np.ndarray):
            return ["array", self.array(value)]
        if isinstance(value, torch.Size):
            return ["size", *(self.write(int(item), below) for item in value)]
        if isinstance(value, tuple):
            return ["tuple", *(self.write(item, below) for item in tuple.__iter__(value))]
        if isinstance(value, list):
            return ["list", *(self.write(item, below) for item in list.__iter__(value))]
        if isinstance(value, dict):
            return ["dict", *(self.write(item, below) for pair in dict.items(value) for item in pair)]
        if isinstance(value, frozenset):
            return ["frozenset", *(self.write(item, below) for item in frozenset.__iter__(value))]
        if isinstance(value, set):
            return ["set", *(self.write(item, below) for item in set.__iter__(value))]
        if isinstance(value, int):
            return self.integer(int.__int__(value))
        if isinstance(value, float):
            return float.__float__(value)
        return self.rare(value, below)

    def rare(self, value: Any, below: int) -> Any:
        if isinstance(value, complex):
            return ["complex", value.real, value.imag]
        if isinstance(value, (bytes, bytearray)):
            return bytes(value)
        if isinstance(value, slice):
            return ["slice", *(self.write(part, below) for part in (value.start, value.stop, value.step))]
        if isinstance(value, range):
            return ["range", *(self.integer(part) for part in (value.start, value.stop, value.step))]
        if isinstance(value, torch.dtype):
            return ["dtype", str(value)]
        if isinstance(value, torch.device):
            return ["device", str(value)]
        stand_in = value if isinstance(value, (Handle, Named)) else self.opaque(value)
        if isinstance(stand_in, Named):
            return ["named", stand_in.path]
        return ["handle", stand_in.number, stand_in.kind[:200]]

    def text(self, value: str) -> Any:
        try:
            value.encode()
        except UnicodeEncodeError:  # lone surrogates, as os.fsdecode makes them
            return ["text", value.encode("utf-8", "surrogatepass")]
        return value

    def array(self, value: Any) -> int:
        if id(value) in self.seen:
            return self.seen[id(value)][0]
        if len(self.notes) >= self.limits.buffers:
            raise WireError(f"the result holds more than {self.limits.buffers:,} tensors")
        packer = pack_tensor if isinstance(value, torch.Tensor) else pack_array
        note, buffer = packer(value, self.limits, self.keep_strides)
        self.total += buffer.nbytes
        if self.total > self.limits.total_bytes:
            raise WireError(f"the result is too large to check: more than {self.limits.total_bytes:,} bytes of tensors")
        self.notes.append(note)
        self.buffers.append(buffer)
        self.seen[id(value)] = (len(self.notes) - 1, value)  # the value too, so that its id is not used again
        return len(self.notes) - 1


def unpack(
    header: bytes | bytearray,
    buffers: list[Any],
    revive: Callable[[Handle | Named], Any],
    limits: WireLimits,
    *,
    leaf: bool,
) -> Any:
    """Decode what `pack` made, trusting none of it.

    Args:
        header: The encoded tree.
        buffers: A ``uint8`` array of shape (n,) for each tensor.
        revive: Called with each handle and name; raises WireError for one it does not accept.
        limits: Bounds on what is built.
        leaf: Whether tensors get ``requires_grad`` back (the worker's side) or keep it beside them (the trusted side).

    Raises:
        WireError: Whatever is wrong with it; no other exception leaves.
    """
    try:
        notes, tree = _HEADER.decode(header)
        if len(notes) != len(buffers):
            raise WireError("the number of tensors and of buffers differ")
        _refuse_inflated(notes, limits)
        arrays = [unpack_array(note, buffer, leaf=leaf) for note, buffer in zip(notes, buffers, strict=True)]
        return _Reader(arrays, revive, limits).read(tree, 0)
    except (
        msgspec.MsgspecError,
        ValueError,
        TypeError,
        IndexError,
        OverflowError,
        RecursionError,
        RuntimeError,
    ) as error:
        raise WireError(f"not an answer of the worker's: {type(error).__name__}") from None


def _refuse_inflated(notes: list[ArrayNote], limits: WireLimits) -> None:
    """Refuse small buffers that claim, by strides of 0, to hold very many elements."""
    total = 0
    for note in notes:
        if note.device != "meta":
            count = 16
            for size in note.shape:
                count *= size
            total += abs(count)
    if total > 16 * limits.total_bytes:
        raise WireError("tensors that claim more elements than may be sent")


class _Reader:
    def __init__(self, arrays: list[Any], revive: Callable[[Handle | Named], Any], limits: WireLimits) -> None:
        self.arrays, self.revive, self.limits = arrays, revive, limits
        self.nodes = 0

    def read(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > self.limits.nodes or depth > self.limits.depth + 1:
            raise WireError("too many values, or nested too deep")
        kind = type(node)
        if kind is not list:
            if node is None or kind in (bool, int, float, str, bytes):
                return node
            raise WireError(f"a {kind.__name__} stands where none can")
        tag, *rest = node
        return getattr(self, f"read_{tag}")(rest, depth + 1) if tag in _TAGS else self.unknown(tag)

    def unknown(self, tag: object) -> Any:
        raise WireError("an unknown kind of value")

    def items(self, rest: list[Any], depth: int) -> list[Any]:
        return [self.read(item, depth) for item in rest]

    def read_list(self, rest: list[Any], depth: int) -> list[Any]:
        return self.items(rest, depth)

    def read_tuple(self, rest: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self.items(rest, depth))

    def read_size(self, rest: list[Any], depth: int) -> torch.Size:
        return torch.Size(self.items(rest, depth))

    def read_set(self, rest: list[Any], depth: int) -> set[Any]:
        return set(self.items(rest, depth))

    def read_frozenset(self, rest: list[Any], depth: int) -> frozenset[Any]:
        return frozenset(self.items(rest, depth))

    def read_dict(self, rest: list[Any], depth: int) -> dict[Any, Any]:
        flat = self.items(rest, depth)
        return dict(zip(flat[::2], flat[1::2], strict=True))

    def read_int(self, rest: list[Any], depth: int) -> int:
        (text,) = rest
        if len(text) > self.limits.int_bits // 4 + 4:
            raise WireError("an integer that is too large")
        return int(text, 16)

    def read_complex(self, rest: list[Any], depth: int) -> complex:
        real, imag = rest
        return complex(float(real), float(imag))

    def read_text(self, rest: list[Any], depth: int) -> str:
        (raw,) = rest
        return str(raw, "utf-8", "surrogatepass")

    def read_slice(self, rest: list[Any], depth: int) -> slice:
        start, stop, step = self.items(rest, depth)
        return slice(start, stop, step)

    def read_range(self, rest: list[Any], depth: int) -> range:
        start, stop, step = self.items(rest, depth)
        return range(start, stop, step)

    def read_dtype(self, rest: list[Any], depth: int) -> torch.dtype:
        (name,) = rest
        found = getattr(torch, name[6:], None) if _TORCH_DTYPE.fullmatch(name) else None
        if not isinstance(found, torch.dtype):
            raise WireError("an unknown dtype")
        return found

    def read_device(self, rest: list[Any], depth: int) -> torch.device:
        (name,) = rest
        if not _DEVICE.fullmatch(name):
            raise WireError("an unknown device")
        return torch.device(name)

    def array(self, rest: list[Any], kind: type) -> Any:
        (index,) = rest
        found = self.arrays[index] if type(index) is int and index >= 0 else None
        if not isinstance(found, kind):
            raise WireError("a tensor that is not there")
        return found

    def read_tensor(self, rest: list[Any], depth: int) -> Any:
        return self.array(rest, torch.Tensor)

    def read_array(self, rest: list[Any], depth: int) -> Any:
        return self.array(rest, np.ndarray)

    def read_scalar(self, rest: list[Any], depth: int) -> Any:
        return self.array(rest, np.ndarray)[()]

    def read_handle(self, rest: list[Any], depth: int) -> Any:
        number, kind = rest
        if type(number) is not int or type(kind) is not str:
            raise WireError("a handle without a number")
        return self.revive(Handle(number, kind[:200]))

    def read_named(self, rest: list[Any], depth: int) -> Any:
        (path,) = rest
        if type(path) is not str:
            raise WireError("a name that is no text")
        return self.revive(Named(path))


_TAGS = frozenset(name.removeprefix("read_") for name in vars(_Reader) if name.startswith("read_"))
