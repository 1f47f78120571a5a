"""The reading half of the tree (see `writing`): what arrived is trusted in nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import prod
from typing import Any

import msgspec
import numpy as np
import torch

from .arrays import ArrayNote, checked_shape, itemsize_of, unpack_array
from .limits import WireError, WireLimits
from .stand_ins import Handle, Named

__all__ = ["unpack"]

_MAX_DEPTH = 110


def _tree_type() -> Any:
    """Return what a tree may consist of; a map's keys would be hashed before anybody could look at them."""
    tree: Any = None | bool | int | float | str
    leaf = tree
    for _ in range(_MAX_DEPTH):
        tree = leaf | list[tree]
    return tree


_HEADER: msgspec.msgpack.Decoder[tuple[list[ArrayNote], Any]] = msgspec.msgpack.Decoder(
    tuple[list[ArrayNote], _tree_type()]  # type: ignore[misc]
)
MOST_ALIKE = 64  # keys with the same hash: they are compared with each other, one by one
_DEVICE = re.compile(r"(cpu|cuda|meta|mps|xpu|privateuseone)(:\d{1,4})?")
# looked up here and never in torch itself, where some names import half of it
_DTYPES = {str(dtype): dtype for dtype in vars(torch).values() if isinstance(dtype, torch.dtype)}


def unpack(
    header: bytes | bytearray,
    buffers: list[Any],
    revive: Callable[[Handle | Named], Any],
    limits: WireLimits,
    *,
    leaf: bool,
    device: str = "",
) -> Any:
    """Decode what `pack` made, trusting none of it.

    Args:
        header: The encoded tree.
        buffers: A ``uint8`` array of shape (n,) for each tensor.
        revive: Called with each handle and name; raises WireError for one it does not accept.
        limits: Bounds on what is built.
        leaf: Whether tensors get ``requires_grad`` back (the worker's side) or keep it beside them (the trusted side).
        device: The worker's device: tensors that say they lie there are moved there.

    Raises:
        WireError: Whatever is wrong with it; no other exception leaves.
    """
    try:
        _refuse_branching(header, limits)
        notes, tree = _HEADER.decode(header)
        if len(notes) != len(buffers):
            raise WireError("the number of tensors and of buffers differ")
        _refuse_inflated(notes, limits)
        pairs = zip(notes, buffers, strict=True)
        arrays = [unpack_array(note, buffer, leaf=leaf, device=device) for note, buffer in pairs]
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


def _refuse_branching(header: bytes | bytearray, limits: WireLimits) -> None:
    """Refuse what could decode to very many lists, of a byte each in the header and of a hundred in memory.

    Bytes that begin a list may also be part of a number or a text: there is room for those.
    """
    if len(header) > 2 * limits.nodes:
        seen = np.frombuffer(header, dtype="u1")
        lists = np.count_nonzero((seen & 0xF0) == 0x90) + np.count_nonzero((seen == 0xDC) | (seen == 0xDD))
        if lists > 2 * limits.nodes:
            raise WireError("too many lists")


def _refuse_inflated(notes: list[ArrayNote], limits: WireLimits) -> None:
    """Refuse small buffers that claim, by strides of 0, to hold very many elements."""
    total = sum(prod(checked_shape(note)) * itemsize_of(note) for note in notes if note.device != "meta")
    if total > limits.total_bytes:
        raise WireError("tensors that claim more elements than may be sent")


class _Reader:
    def __init__(self, arrays: list[Any], revive: Callable[[Handle | Named], Any], limits: WireLimits) -> None:
        self.arrays, self.revive, self.limits = arrays, revive, limits
        self.nodes = self.foretold = 0

    def read(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > self.limits.nodes or depth > self.limits.depth + 1:
            raise WireError("too many values, or nested too deep")
        kind = type(node)
        if kind in _PLAIN:
            return node
        if kind is not list:
            raise WireError(f"a {kind.__name__} stands where none can")
        tag, *rest = node
        read = _READERS.get(tag)
        if read is None:
            raise WireError("an unknown kind of value")
        return read(self, rest, depth + 1)

    def items(self, rest: list[Any], depth: int) -> list[Any]:
        return [self.read(item, depth) for item in rest]

    def keys(self, found: list[Any]) -> list[Any]:
        """Refuse keys whose hashes are made to collide: to put them into a set would take hours.

        Nobody can foretell the hashes of texts and bytes, so there may be as many of those as there may be values.
        """
        hashes = sorted(hash(key) for key in found if type(key) not in (str, bytes))
        self.foretold += len(hashes)
        collide = any(one == other for one, other in zip(hashes, hashes[MOST_ALIKE:], strict=False))
        if collide or self.foretold > self.limits.keys:
            raise WireError("keys of sets or dicts that are too many, or too much alike")
        return found

    def read_list(self, rest: list[Any], depth: int) -> list[Any]:
        return self.items(rest, depth)

    def read_tuple(self, rest: list[Any], depth: int) -> tuple[Any, ...]:
        return tuple(self.items(rest, depth))

    def read_size(self, rest: list[Any], depth: int) -> torch.Size:
        return torch.Size(self.items(rest, depth))

    def read_set(self, rest: list[Any], depth: int) -> set[Any]:
        return set(self.keys(self.items(rest, depth)))

    def read_frozenset(self, rest: list[Any], depth: int) -> frozenset[Any]:
        return frozenset(self.keys(self.items(rest, depth)))

    def read_dict(self, rest: list[Any], depth: int) -> dict[Any, Any]:
        flat = self.items(rest, depth)
        return dict(zip(self.keys(flat[::2]), flat[1::2], strict=True))

    def read_int(self, rest: list[Any], depth: int) -> int:
        (text,) = rest
        if len(text) > self.limits.int_bits // 4 + 4:
            raise WireError("an integer that is too large")
        return int(text, 16)

    def read_complex(self, rest: list[Any], depth: int) -> complex:
        real, imag = rest
        return complex(float(real), float(imag))

    def read_text(self, rest: list[Any], depth: int) -> str:
        return str(self.read_bytes(rest, depth), "utf-8", "surrogatepass")

    def read_bytes(self, rest: list[Any], depth: int) -> bytes:
        (text,) = rest
        return bytes(text, "latin-1")

    def read_slice(self, rest: list[Any], depth: int) -> slice:
        start, stop, step = self.items(rest, depth)
        return slice(start, stop, step)

    def read_range(self, rest: list[Any], depth: int) -> range:
        start, stop, step = self.items(rest, depth)
        return range(start, stop, step)

    def read_dtype(self, rest: list[Any], depth: int) -> torch.dtype:
        (name,) = rest
        if name not in _DTYPES:
            raise WireError("an unknown dtype")
        return _DTYPES[name]

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


_PLAIN = frozenset([type(None), bool, int, float, str])
_READERS: dict[Any, Callable[[_Reader, list[Any], int], Any]] = {
    name.removeprefix("read_"): read for name, read in vars(_Reader).items() if name.startswith("read_")
}
