"""Tensors and arrays that cannot be sent: each refused with a sentence that says what to return instead."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.ma  # by name: NumPy itself loads it at the first look only, which every worker would pay for
import numpy.typing as npt
import torch

from .limits import WireError

__all__ = ["refuse_array", "refuse_tensor"]

_NESTED = "a nested tensor cannot be checked: return a list of tensors, as list(x.unbind()) gives"


def refuse_tensor(tensor: torch.Tensor) -> None:
    """Let ordinary tensors pass, and subclasses that hold numbers as those do.

    Raises:
        WireError: It is sparse, quantized, nested, masked, fake, lazy, or from inside vmap.
    """
    if torch._C._functorch.is_batchedtensor(tensor):
        raise WireError("a tensor from inside torch.func.vmap cannot be checked: return what vmap(f)(x) itself gives")
    # a subclass with a dispatch of its own answers the other questions itself
    if type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__:
        raise WireError(_of_class(tensor))
    if isinstance(tensor, torch.nn.parameter.UninitializedTensorMixin):
        raise WireError("a parameter of a lazy layer has no shape before the first call: call the layer once before")
    if tensor.is_nested:
        raise WireError(_NESTED)
    if tensor.layout != torch.strided:
        kind = str(tensor.layout).removeprefix("torch.").strip("_")
        raise WireError(f"a {kind} tensor cannot be checked: return an ordinary one, as x.to_dense() gives")
    if tensor.is_quantized:
        raise WireError("a quantized tensor cannot be checked: return an ordinary one, as x.dequantize() gives")


def _of_class(tensor: torch.Tensor) -> str:
    name = type(tensor).__name__[:40]
    if name == "MaskedTensor":
        return "a MaskedTensor cannot be checked: return an ordinary tensor, as x.to_tensor(0.0) gives"
    if name == "NestedTensor":
        return _NESTED
    return f"a tensor of class {name} cannot be checked: return an ordinary torch.Tensor"


def refuse_array(array: npt.NDArray[Any], known: frozenset[str]) -> None:
    """Let arrays pass whose dtype is among those known.

    Raises:
        WireError: It is masked, or holds strings, objects, records, dates or numbers of another size.
    """
    if isinstance(array, np.ma.MaskedArray):
        raise WireError("a masked array cannot be checked: return an ordinary one, as x.filled(0) gives")
    if array.dtype.name in known:
        return
    kind = array.dtype.name[:40]
    if array.dtype.kind in "fc":
        raise WireError(f"numbers of dtype {kind} cannot be checked: convert them with x.astype(numpy.float64)")
    if array.dtype.kind in "US":
        raise WireError("an array of strings cannot be checked: return a list, as x.tolist() gives")
    raise WireError(f"an array of dtype {kind} cannot be checked: return numbers or bools")
