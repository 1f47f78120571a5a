"""Tensors and arrays that cannot be sent: each refused with a sentence that says what to return instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.ma  # by name: NumPy itself loads it at the first look only, which every worker would pay for
import numpy.typing as npt
import torch

from . import sentences as said
from .limits import WireError

__all__ = ["refuse_array", "refuse_tensor"]


def refuse_tensor(tensor: torch.Tensor) -> None:
    """Let ordinary tensors pass, and subclasses that hold numbers as those do.

    Raises:
        WireError: It is sparse, quantized, nested, masked, fake, lazy, or from inside vmap.
    """
    if torch._C._functorch.is_batchedtensor(tensor):
        raise WireError(said.VMAPPED)
    # a subclass with a dispatch of its own answers the other questions itself
    if type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__:
        raise WireError(_of_class(tensor))
    if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
        raise WireError(said.LAZY)
    if tensor.is_nested:
        raise WireError(said.NESTED)
    if tensor.layout != torch.strided:
        kind = str(tensor.layout).removeprefix("torch.").strip("_")
        raise WireError(said.LAYOUT.format(kind=kind))
    if tensor.is_quantized:
        raise WireError(said.QUANTIZED)


def _of_class(tensor: torch.Tensor) -> str:
    name = type(tensor).__name__[:40]
    if name == "MaskedTensor":
        return said.MASKED
    if name == "NestedTensor":
        return said.NESTED
    return said.OF_CLASS.format(name=name)


def refuse_array(array: npt.NDArray[Any], known: frozenset[str]) -> None:
    """Let arrays pass whose dtype is among those known.

    Raises:
        WireError: It is masked, or holds strings, objects, records, dates or numbers of another size.
    """
    if isinstance(array, np.ma.MaskedArray):
        raise WireError(said.ARRAY_MASKED)
    if array.dtype.name in known:
        return
    kind = array.dtype.name[:40]
    if array.dtype.kind in "fc":
        raise WireError(said.ARRAY_OF_NUMBERS.format(dtype=kind))
    if array.dtype.kind in "US":
        raise WireError(said.ARRAY_OF_STRINGS)
    raise WireError(said.ARRAY_OF_DTYPE.format(dtype=kind))
