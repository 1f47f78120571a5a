"""What a tensor on the pretended device says of itself when Python asks."""

from __future__ import annotations

from collections import OrderedDict
from copy import deepcopy
from typing import Any

import torch

from ...wire import Origin, remember_origin

__all__ = ["CODE", "CUDA", "Looks"]

CUDA = torch.device("cuda", 0)
# What torch's C++ takes for the device. Autograd runs meta tensors in the calling thread, any build knows them, and
# nothing but us uses a second meta device: so nothing needs to be registered, and nothing stays behind.
CODE = torch.device("meta", 1)
_NO_NUMPY = (
    "can't convert cuda:0 device type tensor to numpy. "
    "Use Tensor.cpu() to copy the tensor to host memory first."
)  # fmt: skip


class Looks(torch.Tensor):
    """The attributes and conversions in which a tensor on a GPU differs from one on the CPU.

    Attributes:
        held: The values, a plain CPU tensor of the same shape, strides and dtype.
    """

    held: torch.Tensor

    device = property(lambda self: CUDA)
    is_cuda = property(lambda self: True)
    is_cpu = property(lambda self: False)
    is_meta = property(lambda self: False)

    def get_device(self) -> int:
        """Return the device's number."""
        return 0

    def numpy(self, *, force: bool = False) -> Any:
        """Refuse as a GPU's tensor does, unless forced."""
        if not force:
            raise TypeError(_NO_NUMPY)
        return self.held.numpy(force=True)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise TypeError(_NO_NUMPY)

    def tolist(self) -> Any:
        """Return the values."""
        return self.held.tolist()

    def data_ptr(self) -> int:
        """Return where the values lie."""
        return int(self.held.data_ptr())

    def untyped_storage(self) -> Any:
        """Return what the values lie in, by which views of it are recognised."""
        return self.held.untyped_storage()

    def is_pinned(self, *args: Any) -> bool:
        """Return False: only the CPU's memory is pinned."""
        return False

    def share_memory_(self) -> Looks:
        """Do nothing, as for a GPU's tensor."""
        return self

    def type(self, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the name of the tensor's type, or convert."""
        if dtype is None:
            return self.held.type().replace("torch.", "torch.cuda.")
        return self.to(dtype) if isinstance(dtype, torch.dtype) else super().type(dtype, *args, **kwargs)

    def _torchgrade_plain(self) -> torch.Tensor:
        """Return the values as the wire sends them, with what they were."""
        is_parameter = isinstance(self, torch.nn.Parameter)
        return remember_origin(
            self.held.detach(), Origin(str(CUDA), self.requires_grad, tuple(self.stride()), is_parameter)
        )

    def __format__(self, spec: str) -> str:
        return format(self.held, spec) if self.dim() == 0 else object.__format__(self, spec)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        text = repr(self.held)[:-1] + f", device='{CUDA}'"
        if self.grad_fn is not None:
            text += f", grad_fn=<{self.grad_fn.name()}>"
        elif self.requires_grad:
            text += ", requires_grad=True"
        return ("Parameter containing:\n" if isinstance(self, torch.nn.Parameter) else "") + text + ")"

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) in memo:
            return memo[id(self)]
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment"
            )
        twin = type(self)(self.held.clone()).requires_grad_(self.requires_grad)
        memo[id(self)] = twin
        vars(twin).update({name: deepcopy(value, memo) for name, value in vars(self).items() if name != "held"})
        if self.grad is not None:
            twin.grad = deepcopy(self.grad, memo)
        return twin

    def __reduce_ex__(self, protocol: Any) -> Any:
        if isinstance(self, torch.nn.Parameter):
            return torch._utils._rebuild_parameter, (self.detach(), self.requires_grad, OrderedDict())
        fields = (self.held, self.dtype, str(CUDA), self.requires_grad)
        return torch._utils._rebuild_device_tensor_from_cpu_tensor, fields
