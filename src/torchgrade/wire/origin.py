"""What a tensor was on the other side: facts that do not survive being copied to this side's CPU."""

from __future__ import annotations

from dataclasses import dataclass

import torch

__all__ = ["AS_PLAIN", "Origin", "origin_of", "remember_origin"]

_MARK = "_torchgrade_origin"
AS_PLAIN = "_torchgrade_plain"  # the method by which a pretended device's tensor gives its values and its origin


@dataclass(frozen=True)
class Origin:
    """Where a tensor lay and what it was before it crossed the wire.

    Attributes:
        device: Its device, such as ``"cpu"``, ``"cuda:0"`` or ``"meta"``.
        requires_grad: Whether autograd tracked it.
        stride: Its strides, in elements.
        is_parameter: Whether it was an ``nn.Parameter``.
    """

    device: str
    requires_grad: bool
    stride: tuple[int, ...]
    is_parameter: bool


def origin_of(tensor: torch.Tensor) -> Origin:
    """Return what ``tensor`` was where it came from; for a tensor of this side, what it is."""
    found = getattr(tensor, _MARK, None)
    if isinstance(found, Origin):
        return found
    is_parameter = isinstance(tensor, torch.nn.Parameter)
    return Origin(str(tensor.device), tensor.requires_grad, tuple(tensor.stride()), is_parameter)


def remember_origin(tensor: torch.Tensor, origin: Origin) -> torch.Tensor:
    """Keep ``origin`` beside ``tensor`` and return the tensor."""
    setattr(tensor, _MARK, origin)
    return tensor
