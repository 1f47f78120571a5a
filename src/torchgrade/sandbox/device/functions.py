"""Calls of torch's functions: where one says ``"cuda"``, the pretended device is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode, _get_current_function_mode_stack
from torch.utils._device import DeviceContext, _device_constructors

from .generator import refuse_generator
from .looks import CODE, CUDA
from .moves import MOVES
from .tensors import PretendedTensor

__all__ = ["Functions"]


class Functions(TorchFunctionMode):
    """Translate devices in calls, and do by hand what torch's C++ does before any operation is dispatched."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs) if kwargs else {}
        if "device" in kwargs:
            kwargs["device"] = code_of(kwargs["device"])
        if func in _device_constructors() and kwargs.get("device") is None:
            default = _default_device()
            if default is not None and default.type == "cuda":
                kwargs["device"] = CODE
        if kwargs.get("generator") is not None:
            on_device = kwargs.get("device") == CODE or _any_pretended((*args, *kwargs.values()))
            refuse_generator(kwargs["generator"], on_device=on_device)
        try:
            special = _SPECIAL.get(func)
            return special(func, args, kwargs) if special else func(*args, **kwargs)
        except RuntimeError as error:
            if str(CODE) in str(error):  # some C++ names the device it sees
                error.args = (str(error).replace(str(CODE), str(CUDA)),)
            raise


def code_of(device: Any) -> Any:
    """Return the pretended device's code where a device is a CUDA one in any spelling, else the device as it is.

    Raises:
        RuntimeError: It is a second GPU.
    """
    if isinstance(device, bool) or not isinstance(device, (int, str, torch.device)):
        return device
    if isinstance(device, str) and not device.startswith("cuda"):
        return device
    meant = torch.device("cuda", device) if isinstance(device, int) else torch.device(device)
    if meant.type != "cuda":
        return device
    if meant.index:
        raise RuntimeError("CUDA error: invalid device ordinal")
    return CODE


def _default_device() -> torch.device | None:
    """Return the device of ``torch.set_default_device`` or of the innermost ``with torch.device(...)``, if any."""
    return next((mode.device for mode in _get_current_function_mode_stack() if isinstance(mode, DeviceContext)), None)


def _any_pretended(values: Any) -> bool:
    return any(isinstance(value, PretendedTensor) for value in values)


def _to(func: Any, args: Any, kwargs: Any) -> Any:
    return func(args[0], *map(code_of, args[1:]), **kwargs)


def _cuda(func: Any, args: Any, kwargs: Any) -> Any:
    tensor, device = args[0], args[1] if len(args) > 1 else kwargs.get("device")
    return tensor.to(CODE if device is None else code_of(device))


def _unpinned(func: Any, args: Any, kwargs: Any) -> Any:
    return args[0]


def _values(data: Any) -> Any:
    """Return nested numbers with each pretended tensor among them as the CPU tensor that it holds."""
    if isinstance(data, PretendedTensor):
        return data.held
    return [_values(one) for one in data] if isinstance(data, (list, tuple)) else data


def _tensor(func: Any, args: Any, kwargs: Any) -> Any:
    """Build a tensor from data on the CPU and move it: torch's C++ would not come to us for its values."""
    kwargs = dict(kwargs)
    data = args[0] if args else kwargs.pop("data")
    device, needs_grad = kwargs.pop("device", None), kwargs.pop("requires_grad", False)
    if device is None and isinstance(data, PretendedTensor):
        device = CODE
    built = func(_values(data), *args[1:], **kwargs, device="cpu" if device in (None, CODE) else device)
    built = built.to(CODE) if device == CODE else built
    return built.requires_grad_() if needs_grad else built


def _as_tensor(func: Any, args: Any, kwargs: Any) -> Any:
    data = args[0] if args else next((kwargs[name] for name in ("data", "obj") if name in kwargs), None)
    if not isinstance(data, torch.Tensor) or kwargs.get("copy"):
        return _tensor(func, args, kwargs)
    dtype, device = kwargs.get("dtype", args[1] if len(args) > 1 else None), kwargs.get("device")
    if device is None:
        device = CODE if isinstance(data, PretendedTensor) else data.device
    return data.to(device=device, dtype=data.dtype if dtype is None else dtype)


def _new_tensor(func: Any, args: Any, kwargs: Any) -> Any:
    if not isinstance(args[0], PretendedTensor):
        return func(*args, **kwargs)
    options = {"dtype": args[0].dtype, "device": CODE, **{name: one for name, one in kwargs.items() if one is not None}}
    return _tensor(torch.tensor, (), {"data": args[1] if len(args) > 1 else options.pop("data"), **options})


def _recurrent(func: Any, args: Any, kwargs: Any) -> Any:
    """Run a whole recurrent layer on the CPU: on a device that torch does not know it would go another way."""
    tensors = list(_tensors((*args, *kwargs.values())))
    if not _any_pretended(tensors):
        return func(*args, **kwargs)
    lengths = args[1] if isinstance(args[1], torch.Tensor) and args[1].dtype == torch.int64 else None
    wrong = [one for one in tensors if isinstance(one, PretendedTensor) != isinstance(args[0], PretendedTensor)]
    if any(one is not lengths for one in wrong):
        here, there = (CUDA, "cpu") if isinstance(args[0], PretendedTensor) else ("cpu", CUDA)
        raise RuntimeError(
            f"Input and parameter tensors are not at the same device, found input tensor at {here} "
            f"and parameter tensor at {there}"
        )
    result = func(*_each(args, lambda one: one.to("cpu")), **kwargs)
    return _each(result, lambda one: one.to(CODE))


def _tensors(values: Any) -> Any:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _tensors(value)


def _each(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    if isinstance(value, torch.Tensor):
        return change(value)
    return type(value)([_each(one, change) for one in value]) if isinstance(value, (list, tuple)) else value


_SPECIAL: dict[Any, Callable[[Any, Any, Any], Any]] = {
    torch.Tensor.to: _to,
    torch.Tensor.cuda: _cuda,
    torch.Tensor.pin_memory: _unpinned,
    torch.Tensor.new_tensor: _new_tensor,
    torch.tensor: _tensor,
    torch.as_tensor: _as_tensor,
    torch.asarray: _as_tensor,
    **{getattr(torch, name): _recurrent for name in ("lstm", "gru", "rnn_tanh", "rnn_relu")},
    **MOVES,
}
