"""The reading half of the tree (see `writing`): what arrived is trusted in nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import prod
from typing import Any

import msgspec
import numpy as np
import torch

from .arrays import ArrayNote, checked_shape, unpack_array
from .limits import WireError, WireLimits
from .stand_ins import Handle, Named

__all__ = ["unpack"]

_HEADER = msgspec.msgpack.Decoder(tuple[list[ArrayNote], Any])
_DEVICE = re.compile(r"(cpu|cuda|meta|mps|xpu|privateuseone)(:\d{1,4})?")
_TORCH_DTYPE = re.compile(r"torch\.\w{1,30}")


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
    total = sum(prod(checked_shape(note)) for note in notes if note.device != "meta")
    if total > limits.total_bytes:
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
