"""The pretended device, switched on for a while."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from .functions import Functions
from .generator import PretendedGenerator, drawing_from
from .swapping import swapped
from .tensors import is_for_us, is_made_of_others, run
from .torch_cuda import answers

__all__ = ["PretendedDevice"]


class _Operations(TorchDispatchMode):
    """See every operation: one that makes a tensor has no argument that would tell its device to us."""

    def __init__(self, generator: Any) -> None:
        super().__init__()
        self.generator = generator

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # else torch wraps the method below, at 100 µs an operation

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if is_made_of_others(func):
            with self:
                result = func.decompose(*args, **kwargs)
            if result is not NotImplemented:
                return result
        if is_for_us(types, kwargs):
            drawing = kwargs.get("generator") is None
            return run(func, args, kwargs, drawing_from(self.generator) if drawing else None)
        return func(*args, **kwargs)


class PretendedDevice:
    """A second device, ``cuda:0``, that is not there.

    While it is on, ``"cuda"`` means it, ``torch.cuda.is_available()`` says True, and tensors of it and of the CPU do
    not mix. Switched off, torch is as it was: nothing is registered with it. What is made on the device stays usable.
    """

    def __init__(self) -> None:
        self.generator = PretendedGenerator("cuda")
        self.default: torch.device | None = None

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """Switch it on for the block, in this thread."""
        # the first optimizer imports torch._dynamo, which keeps a table of torch's functions as it finds them
        with (
            swapped(answers(self.generator), unseen_by="torch._dynamo"),
            Functions(),
            _Operations(self.generator),
            self._default_device(),
        ):
            yield

    @contextlib.contextmanager
    def _default_device(self) -> Iterator[None]:
        """Take ``torch.set_default_device("cuda")`` back while the device is off."""
        if self.default is not None:
            torch.set_default_device(self.default)
        try:
            yield
        finally:
            context = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
            self.default = context.device if context is not None and context.device.type == "cuda" else None
            if self.default is not None:
                torch.set_default_device(None)

    def problem(self) -> str:
        """Try the device out; return what this torch makes of it if it does not work, else nothing."""
        try:
            with self.on():
                return _fault()
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:200]


def _fault() -> str:
    x = torch.ones(2, device="cuda", requires_grad=True)
    (x.to("cpu").to("cuda") * x + 1).sum().backward()
    if x.grad is None or x.grad.tolist() != [2.0, 2.0] or x.grad.device.type != "cuda":
        return "gradients are wrong"
    try:
        torch.ones(2) + x
    except RuntimeError as error:
        return "" if "same device" in str(error) else str(error)
    return "devices mix"
