"""Tensors and NumPy arrays as raw buffers with a description.

Both travel as an array of plain machine words, so that every torch dtype (bfloat16, float8, complex32) takes the same
road. Strides are kept when asked for: a check that passes a transposed input must have it arrive transposed. The gaps
between the elements of a strided view are sent as zeros, because what lies there may be what the check compares with.
"""

from __future__ import annotations

from math import prod
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import torch

from . import sentences as said
from .limits import WireError, WireLimits
from .origin import AS_PLAIN, Origin, origin_of, remember_origin
from .refusals import refuse_array, refuse_tensor

__all__ = ["ArrayNote", "checked_shape", "itemsize_of", "pack_array", "pack_tensor", "unpack_array"]

# complex128 is the only 16-byte dtype; every other is seen as an integer of its size.
_CARRIERS = {1: "u1", 2: "i2", 4: "i4", 8: "i8", 16: "c16"}
_TORCH_CARRIERS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64, 16: torch.complex128}
_TORCH_DTYPES: dict[str, torch.dtype] = {
    name: dtype
    for name in [
        "bool",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "int8",
        "int16",
        "int32",
        "int64",
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "complex32",
        "complex64",
        "complex128",
        "float8_e4m3fn",
        "float8_e5m2",
        "float8_e4m3fnuz",
        "float8_e5m2fnuz",
        "float8_e8m0fnu",
    ]
    if (dtype := getattr(torch, name, None)) is not None
}
_TORCH_NAMES = {dtype: name for name, dtype in _TORCH_DTYPES.items()}
_NUMPY_NAMES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]
)
_ITEMSIZES: dict[str, int] = {name: dtype.itemsize for name, dtype in _TORCH_DTYPES.items()}
MAX_DIMS = 64
MAX_ELEMENTS = 1 << 62


class ArrayNote(msgspec.Struct, array_like=True):
    """What the header says of one tensor or array; strides and offset are in bytes within its buffer."""

    package: str
    dtype: str
    shape: list[int]
    strides: list[int]
    offset: int
    device: str
    requires_grad: bool
    origin_stride: list[int]
    is_parameter: bool


Carrier = npt.NDArray[Any]


def pack_tensor(tensor: torch.Tensor, limits: WireLimits, keep_strides: bool) -> tuple[ArrayNote, memoryview]:
    """Describe a tensor and give its bytes.

    Raises:
        WireError: It is no ordinary tensor, or larger than ``limits.total_bytes``.
    """
    pretended = getattr(type(tensor), AS_PLAIN, None)  # of the sandbox's pretended device
    if pretended is not None:
        tensor = pretended(tensor)
    # a subclass may answer every question about itself in its own way: torch is asked instead
    with torch._C.DisableTorchFunctionSubclass():
        return _pack_plain(tensor, limits, keep_strides)


def _pack_plain(tensor: torch.Tensor, limits: WireLimits, keep_strides: bool) -> tuple[ArrayNote, memoryview]:
    refuse_tensor(tensor)
    if tensor.dtype not in _TORCH_NAMES:
        raise WireError(said.OF_DTYPE.format(dtype=tensor.dtype))
    on_meta = tensor.device.type == "meta"
    if not on_meta:
        _refuse_large(tensor.numel() * tensor.element_size(), tensor.shape, limits)
    origin = origin_of(tensor)
    note = ArrayNote(
        "torch", _TORCH_NAMES[tensor.dtype], list(tensor.shape), [], 0,
        origin.device, origin.requires_grad, list(origin.stride), origin.is_parameter,
    )  # fmt: skip
    if on_meta:
        return note, memoryview(b"")
    plain = torch.Tensor.detach(tensor)
    if type(plain) is not torch.Tensor:
        plain = plain.as_subclass(torch.Tensor)
    if plain.device.type != "cpu":
        plain = plain.to("cpu")
    if plain._is_zerotensor():  # holds no memory at all
        plain = torch.zeros(plain.shape, dtype=plain.dtype)
    plain = plain.resolve_conj().resolve_neg()
    words = plain.view(_TORCH_CARRIERS[plain.element_size()]).numpy()
    return _laid_out(note, words, keep_strides)


def pack_array(array: Carrier, limits: WireLimits, keep_strides: bool) -> tuple[ArrayNote, memoryview]:
    """Describe a NumPy array and give its bytes.

    Raises:
        WireError: Its dtype is not a plain number or bool, or it is larger than ``limits.total_bytes``.
    """
    refuse_array(array, _NUMPY_NAMES)
    _refuse_large(array.nbytes, array.shape, limits)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    words = np.asarray(array).view(_CARRIERS[array.itemsize])
    note = ArrayNote("numpy", array.dtype.name, list(array.shape), [], 0, "cpu", False, [], False)
    return _laid_out(note, words, keep_strides)


def _refuse_large(nbytes: int, shape: tuple[int, ...], limits: WireLimits) -> None:
    if nbytes > limits.total_bytes:
        sizes = {"bytes": f"{nbytes:,}", "limit": f"{limits.total_bytes:,}"}
        raise WireError(said.LARGE.format(shape=tuple(shape), **sizes))


def _laid_out(note: ArrayNote, words: Carrier, keep_strides: bool) -> tuple[ArrayNote, memoryview]:
    """Put the words into a buffer of their own: in order, or with their strides and zeroed gaps."""
    if not keep_strides or words.size == 0 or words.flags.c_contiguous:
        # reshape, since ascontiguousarray would make a 0-d array 1-d
        packed = np.ascontiguousarray(words).reshape(words.shape)
        note.strides = list(packed.strides)
        return note, memoryview(packed.reshape(-1).view("u1"))  # type: ignore[arg-type]
    low, high = _extent(words.shape, words.strides)
    buffer = np.zeros(high - low + words.itemsize, dtype="u1")
    view: Carrier = np.ndarray(words.shape, words.dtype, buffer, -low, words.strides)
    view[...] = words
    note.strides, note.offset = list(words.strides), -low
    return note, memoryview(buffer)  # type: ignore[arg-type]


def _extent(shape: tuple[int, ...] | list[int], strides: tuple[int, ...] | list[int]) -> tuple[int, int]:
    """Return the lowest and highest byte offset at which an element begins, relative to the first element."""
    reach = [(size - 1) * stride for size, stride in zip(shape, strides, strict=True)]
    return sum(step for step in reach if step < 0), sum(step for step in reach if step > 0)


def unpack_array(note: ArrayNote, buffer: Carrier, *, leaf: bool, device: str = "") -> torch.Tensor | Carrier:
    """Build the tensor or array that ``note`` describes over ``buffer``.

    Args:
        note: The description, not yet trusted.
        buffer: The bytes, ``uint8`` of shape (n,).
        leaf: Give tensors their ``requires_grad`` and ``nn.Parameter`` back; else keep both beside the tensor.
        device: Move tensors there that say they lie there.

    Raises:
        WireError: Description and buffer do not fit together.
    """
    if note.package == "numpy" and note.dtype in _NUMPY_NAMES:
        return _numbers(_words(note, buffer, np.dtype(note.dtype).itemsize), np.dtype(note.dtype))
    if note.package != "torch" or note.dtype not in _TORCH_DTYPES:
        raise WireError(f"unknown array kind {note.package[:20]} {note.dtype[:40]}")
    dtype = _TORCH_DTYPES[note.dtype]
    if note.device == "meta":
        tensor = torch.empty(checked_shape(note), dtype=dtype, device="meta")
    else:
        words = _words(note, buffer, dtype.itemsize)
        tensor = torch.from_numpy(_numbers(words, np.dtype(bool)) if dtype == torch.bool else words).view(dtype)
    if device and note.device == device:
        tensor = tensor.to(device)
    return _as_leaf(tensor, note) if leaf else _with_origin(tensor, note)


def checked_shape(note: ArrayNote) -> list[int]:
    """Return the shape that a note gives, before anything is computed from it.

    Raises:
        WireError: It has too many dimensions, a negative size, or more elements than any tensor can have.
    """
    shape = note.shape
    # the number of dimensions first: the product of a million sizes would take for ever
    if len(shape) > MAX_DIMS or any(not 0 <= size < MAX_ELEMENTS for size in shape) or prod(shape) >= MAX_ELEMENTS:
        raise WireError("a tensor with an impossible shape")
    return shape


def itemsize_of(note: ArrayNote) -> int:
    """Return the bytes of one element, or 1 where there is no such dtype."""
    return _ITEMSIZES.get(note.dtype, 1)


def _words(note: ArrayNote, buffer: Carrier, itemsize: int) -> Carrier:
    shape = checked_shape(note)
    carrier = _CARRIERS[itemsize]
    if prod(shape) == 0:
        return np.empty(shape, carrier)
    if len(note.strides) != len(shape) or any(stride % itemsize for stride in (*note.strides, note.offset)):
        raise WireError("a tensor whose strides do not fit its shape")
    low, high = _extent(shape, note.strides)
    if note.offset + low < 0 or note.offset + high + itemsize > buffer.nbytes:
        raise WireError(f"a tensor that reaches beyond its buffer of {buffer.nbytes} bytes")
    words: Carrier = np.ndarray(shape, carrier, buffer, note.offset, note.strides)
    return words


def _numbers(words: Carrier, dtype: np.dtype[Any]) -> Carrier:
    numbers: Carrier = words.view(dtype)
    if dtype == np.dtype(bool):
        # A byte other than 0 and 1 in a bool array is undefined behaviour in C; only our own peer would never send it.
        np.not_equal(words, 0, out=numbers)  # in place, since the strides are to stay
    return numbers


def _as_leaf(tensor: torch.Tensor, note: ArrayNote) -> torch.Tensor:
    if note.is_parameter:
        return torch.nn.Parameter(tensor, requires_grad=note.requires_grad)
    return tensor.requires_grad_() if note.requires_grad else tensor


def _with_origin(tensor: torch.Tensor, note: ArrayNote) -> torch.Tensor:
    origin = Origin(note.device[:40], note.requires_grad, tuple(note.origin_stride[:MAX_DIMS]), note.is_parameter)
    return remember_origin(tensor, origin)
