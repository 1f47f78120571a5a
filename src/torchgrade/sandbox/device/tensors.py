"""The tensor on the pretended device, and one operation on such tensors: refused, or done on what they hold."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from .looks import CODE, Looks
from .rules import refuse_mixture, stays_on_cpu

__all__ = ["PretendedTensor", "is_for_us", "is_made_of_others", "run"]

_CPU = torch.device("cpu")
_COMPOSITE = torch._C.DispatchKey.CompositeImplicitAutograd
Draw = AbstractContextManager[None]


class PretendedTensor(Looks):
    """A tensor that says it is on ``cuda:0``; autograd follows it as any other, and its values are real.

    Args:
        held: The values, a plain CPU tensor that autograd does not follow.
    """

    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> PretendedTensor:
        """Make a tensor without memory of its own, which torch's C++ sees on `CODE`."""
        # in inference mode a view of an ordinary tensor is an ordinary one
        with torch.inference_mode(held.is_inference()) if torch.is_inference_mode_enabled() else nullcontext():
            made: PretendedTensor = torch.Tensor._make_wrapper_subclass(
                cls, held.size(), strides=held.stride(), storage_offset=held.storage_offset(),
                dtype=held.dtype, layout=held.layout, device=CODE,
            )  # fmt: skip
        made.held = held
        return made

    def __init__(self, held: torch.Tensor) -> None:
        """Nothing is left to do: `__new__` also serves where Python calls no `__init__`."""

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if is_made_of_others(func):
            result = func.decompose(*args, **kwargs)
            if result is not NotImplemented:
                return result
        return run(func, args, kwargs)


@functools.cache
def is_made_of_others(func: Any) -> bool:
    """Tell whether an operation is made of others, which then come here; so it is in inference mode only."""
    return bool(func.has_kernel_for_dispatch_key(_COMPOSITE))


def is_for_us(types: Any, kwargs: dict[str, Any]) -> bool:
    """Tell whether an operation concerns the pretended device."""
    return kwargs.get("device") == CODE or any(issubclass(kind, PretendedTensor) for kind in types)


def run(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any], draw: Draw | None = None) -> Any:
    """Do one operation on the values of the pretended tensors among its arguments.

    Args:
        func: The operation.
        args: Its arguments.
        kwargs: Its keyword arguments.
        draw: Entered around an operation that draws random numbers for the device.

    Raises:
        RuntimeError: There are tensors of both devices, and the operation is none that may see them.
    """
    taken = _Taken()
    plain_args, plain_kwargs = taken.of(args), {name: taken.of(value) for name, value in kwargs.items()}
    if taken.owners and taken.others:
        refuse_mixture(func, args, kwargs)
    device = kwargs.get("device")
    on_device = bool(taken.owners) if device is None else device == CODE
    if device == CODE:
        plain_kwargs["device"] = _CPU
    if plain_kwargs.get("pin_memory"):
        plain_kwargs["pin_memory"] = False
    with draw if draw and on_device and torch.Tag.nondeterministic_seeded in func.tags else nullcontext():
        result = func(*plain_args, **plain_kwargs)
    if torch.Tag.inplace_view in func.tags and taken.owners:
        _follow(args[0])
    return taken.given_back(func, result) if on_device else result


def _follow(tensor: PretendedTensor) -> None:
    """Give a tensor the shape and strides that what it holds has got in place."""
    held = tensor.held
    with torch._C._DisableTorchDispatch():
        tensor.as_strided_(held.size(), held.stride(), held.storage_offset())


class _Taken:
    """The values taken out of pretended tensors, and whose they are.

    Attributes:
        owners: The pretended tensors, by the identity of what they hold.
        others: The other tensors.
    """

    def __init__(self) -> None:
        self.owners: dict[int, PretendedTensor] = {}
        self.others: list[torch.Tensor] = []

    def of(self, value: Any) -> Any:
        """Return a value with each pretended tensor in it replaced by what it holds."""
        if isinstance(value, PretendedTensor):
            self.owners[id(value.held)] = value
            return value.held
        if isinstance(value, torch.Tensor):
            self.others.append(value)
            return value
        if isinstance(value, (list, tuple)):
            return type(value)([self.of(one) for one in value])
        return value

    def given_back(self, func: Any, result: Any) -> Any:
        """Return a result with its tensors on the pretended device; an argument that comes back is that argument."""
        if isinstance(result, torch.Tensor):
            owner = self.owners.get(id(result))
            if owner is not None or any(result is other for other in self.others):
                return result if owner is None else owner
            return PretendedTensor(result)
        if isinstance(result, (list, tuple)):
            items = [
                item if stays_on_cpu(func, place) else self.given_back(func, item) for place, item in enumerate(result)
            ]
            return type(result)(items)
        return result
