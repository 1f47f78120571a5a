"""A tensor that is to lie on another device from now on and stay the same object, as parameters do in ``module.to``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from .looks import CODE, CUDA
from .tensors import PretendedTensor

__all__ = ["MOVES"]

_SET_DATA, _SET_GRAD = torch.Tensor.data.__set__, torch.Tensor.grad.__set__
_BY_GRAPHS = 2  # references to a tensor from C++ with which `swap_tensors` copes


def _set_data(func: Any, args: Any, kwargs: Any) -> None:
    """Do ``tensor.data = other``, whichever devices the two are on."""
    tensor, other = args
    if not isinstance(other, torch.Tensor) or _same_device(tensor, other):
        func(tensor, other)
        if isinstance(tensor, PretendedTensor):
            tensor.held = other.held
        return
    fresh = other.detach()
    if isinstance(tensor, torch.nn.Parameter):
        fresh = torch.nn.Parameter(fresh, tensor.requires_grad)
    else:
        fresh.requires_grad_(tensor.requires_grad)
    for name, value in vars(tensor).items():
        if name != "held":
            vars(fresh).setdefault(name, value)
    gradient, tensor.grad = tensor.grad, None
    torch.utils.swap_tensors(tensor, fresh)
    if gradient is not None:
        tensor.grad = gradient.to(CODE if isinstance(tensor, PretendedTensor) else tensor.device)


def _set_grad(func: Any, args: Any, kwargs: Any) -> None:
    tensor, gradient = args
    if isinstance(gradient, torch.Tensor) and not _same_device(tensor, gradient):
        raise RuntimeError(
            f"attempting to assign a gradient with device type '{_kind(gradient)}' to a tensor with device type "
            f"'{_kind(tensor)}'. Please ensure that the gradient and the tensor are on the same device"
        )
    func(tensor, gradient)


def _can_take_data(func: Any, args: Any, kwargs: Any) -> Any:
    """Answer what ``module.to`` asks before it sets a parameter's data; else it makes another parameter.

    A tensor that a graph still holds cannot change its kind.
    """
    tensor, other = args
    return func(tensor, other) if _same_device(tensor, other) else tensor._use_count() <= _BY_GRAPHS


def _same_device(one: torch.Tensor, other: torch.Tensor) -> bool:
    return isinstance(one, PretendedTensor) == isinstance(other, PretendedTensor)


def _kind(tensor: torch.Tensor) -> str:
    return str(CUDA.type if isinstance(tensor, PretendedTensor) else tensor.device.type)


MOVES: dict[Any, Callable[[Any, Any, Any], Any]] = {
    _SET_DATA: _set_data,
    _SET_GRAD: _set_grad,
    torch._has_compatible_shallow_copy_type: _can_take_data,
}
