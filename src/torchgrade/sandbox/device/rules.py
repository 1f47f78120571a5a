"""Which operations may see tensors of both devices, and the words with which a GPU refuses the others.

After ATen: operations built on TensorIterator take one-number CPU tensors beside a GPU's
(aten/src/ATen/TensorIterator.cpp), others none (c10's common_device_check); copies and indices may cross.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from .looks import CUDA, Looks

__all__ = ["refuse_mixture", "stays_on_cpu"]

_CROSS = frozenset(
    ["copy", "copy_", "_to_copy", "_copy_from", "_pack_padded_sequence", "_pack_padded_sequence_backward"]
)
_READ = frozenset(["index", "_unsafe_index"])
_WRITE = frozenset(["index_put", "index_put_", "_index_put_impl_", "_unsafe_index_put"])
# they take the value of a one-number tensor, or are made of operations that do
_TAKE_NUMBERS = frozenset(
    ["fill", "fill_", "masked_fill", "masked_fill_", "index_fill", "index_fill_", "linspace", "logspace"]
)
_CPU = "cpu"


def refuse_mixture(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raise what a GPU would raise when an operation is given tensors of both devices.

    Args:
        func: The operation.
        args: Its arguments, with at least one tensor on each device.
        kwargs: Its keyword arguments.

    Raises:
        RuntimeError: The operation wants all of them on one device.
    """
    name = func._schema.name.partition("::")[2]
    if name in _CROSS:
        return
    if name in _READ or name in _WRITE:
        _check_indexing(name, args)
        return
    places = list(_places(func, args, kwargs))
    on_cpu = [(tensor, written) for _, tensor, written in places if not isinstance(tensor, Looks)]
    numbers = all(tensor.dim() == 0 and not written for tensor, written in on_cpu)
    by_elements = torch.Tag.pointwise in func.tags or name.startswith("_foreach_")
    if numbers and (by_elements or name in _TAKE_NUMBERS):
        return
    raise RuntimeError(_words(name, places, by_elements))


def stays_on_cpu(func: Any, position: int) -> bool:
    """Tell whether a GPU's operation gives this one of its results on the CPU."""
    return position == 1 and bool(func._schema.name == "aten::_pack_padded_sequence")


def _check_indexing(name: str, args: tuple[Any, ...]) -> None:
    """Indices may lie on the CPU, whatever they index; the other way round they may not."""
    indexed, indices = args[0], args[1]
    if not isinstance(indexed, Looks) and any(isinstance(index, Looks) for index in indices):
        raise RuntimeError("indices should be either on cpu or on the same device as the indexed tensor (cpu)")
    if name in _WRITE:
        values = args[2]
        if isinstance(indexed, Looks) != isinstance(values, Looks) and (isinstance(values, Looks) or values.dim()):
            raise RuntimeError(_two_devices(indexed))


def _places(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[str, torch.Tensor, bool]]:
    """Yield each tensor among the arguments with its name in the operation's schema, and whether it is written to."""
    arguments = func._schema.arguments
    named = [*zip(arguments, args, strict=False), *((one, kwargs[one.name]) for one in arguments if one.name in kwargs)]
    for argument, value in named:
        written = argument.alias_info is not None and argument.alias_info.is_write
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(one, torch.Tensor):
                yield argument.name, one, written


def _words(name: str, places: list[tuple[str, torch.Tensor, bool]], by_elements: bool) -> str:
    if by_elements:
        return _two_devices(places[0][1])
    if name == "convolution":
        first, second = (_kind(tensor) for _, tensor, _ in places[:2])
        if first != second:
            return f"Input type ({first}) and weight type ({second}) should be the same"
    common = places[0][1]
    argument, tensor = next((a, t) for a, t, _ in places if isinstance(t, Looks) != isinstance(common, Looks))
    return (
        f"Expected all tensors to be on the same device, but got {argument} is on {_device(tensor)}, different from "
        f"other tensors on {_device(common)} (when checking argument in method wrapper_CUDA_{name})"
    )


def _two_devices(first: torch.Tensor) -> str:
    one, other = (str(CUDA), _CPU) if isinstance(first, Looks) else (_CPU, str(CUDA))
    return f"Expected all tensors to be on the same device, but found at least two devices, {one} and {other}!"


def _device(tensor: torch.Tensor) -> str:
    return str(CUDA) if isinstance(tensor, Looks) else _CPU


def _kind(tensor: torch.Tensor) -> str:
    return str(tensor.type())
