"""What ``torch.cuda`` and its like say while the pretended device is on."""

from __future__ import annotations

import contextlib
from typing import Any

import torch

from .. import sentences as said
from .generator import PretendedGenerator
from .looks import CUDA, Looks

__all__ = ["answers"]

_NAME = "a pretended device: there is no GPU here"
_QUIET = (
    "empty_cache", "init", "ipc_collect", "reset_accumulated_memory_stats", "reset_max_memory_allocated",
    "reset_peak_memory_stats", "set_device", "synchronize",
)  # fmt: skip
_ZERO = (
    "current_device", "max_memory_allocated", "max_memory_reserved", "memory_allocated", "memory_reserved",
)  # fmt: skip
_MEMORY = 8 << 30


class _Event:
    """An event on a stream that is always done; time between two is not measured."""

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    def record(self, *args: Any) -> None: ...

    def wait(self, *args: Any) -> None: ...

    def synchronize(self) -> None: ...

    def query(self) -> bool:
        return True

    def is_capturing(self) -> bool:
        return False

    def elapsed_time(self, other: Any) -> float:
        return 1.0


class _Stream(_Event):
    """A stream on which everything is done at once."""

    def wait_stream(self, *args: Any) -> None: ...

    def wait_event(self, *args: Any) -> None: ...

    def record_event(self, event: Any = None) -> Any:
        return event or _Event()


def answers(generator: Any) -> list[tuple[Any, str, Any]]:
    """List what is put in place of what: the owner, the attribute, and its value meanwhile.

    Args:
        generator: Where the device's random numbers come from.
    """
    cuda: dict[str, Any] = {
        **dict.fromkeys(_QUIET, _nothing),
        **dict.fromkeys(_ZERO, _zero),
        **_random(generator),
        "is_available": lambda: True,
        "is_initialized": lambda: True,
        "_lazy_init": _refuse,
        "is_current_stream_capturing": lambda: False,
        "is_bf16_supported": lambda *args, **kwargs: True,
        "device_count": lambda: 1,
        "device": lambda device: contextlib.nullcontext(),
        "get_device_name": lambda *args: _NAME,
        "get_device_capability": lambda *args: (8, 0),
        "mem_get_info": lambda *args: (_MEMORY, _MEMORY),
        "Event": _Event,
        "Stream": _Stream,
        "stream": lambda stream: contextlib.nullcontext(),
        "current_stream": lambda *args: _Stream(),
        "default_stream": lambda *args: _Stream(),
    }
    accelerator: dict[str, Any] = {
        "is_available": lambda: True,
        "current_accelerator": lambda *args, **kwargs: torch.device("cuda"),
        "device_count": lambda: 1,
        "current_device_index": _zero,
        "current_stream": lambda *args: _Stream(),
        "synchronize": _nothing,
    }
    found = [
        *((torch.cuda, name, value) for name, value in cuda.items()),
        *((torch.accelerator, name, value) for name, value in accelerator.items()),
        (torch.backends.cudnn, "is_acceptable", lambda tensor: False),
        (torch, "Generator", PretendedGenerator),
        (torch, "load", _loading(torch.load)),
    ]
    return [(owner, name, value) for owner, name, value in found if hasattr(owner, name)]  # not every torch has all


def _random(generator: Any) -> dict[str, Any]:
    def seeded(seed: int) -> None:
        generator.manual_seed(seed)

    def drawn() -> None:
        generator.seed()

    def state(device: Any = "cuda") -> torch.Tensor:
        return generator.get_state()

    def stated(state: torch.Tensor, device: Any = "cuda") -> None:
        generator.set_state(state)

    return {
        "manual_seed": seeded,
        "manual_seed_all": seeded,
        "seed": drawn,
        "seed_all": drawn,
        "initial_seed": generator.initial_seed,
        "get_rng_state": state,
        "set_rng_state": stated,
        "get_rng_state_all": lambda: [state()],
        "set_rng_state_all": lambda states: stated(states[0]),
    }


def _loading(load: Any) -> Any:
    """Return torch.load such that a file can be mapped onto the device."""

    def mapped(f: Any, map_location: Any = None, *args: Any, **kwargs: Any) -> Any:
        named = isinstance(map_location, (str, torch.device))
        if not named or torch.device(map_location).type != "cuda":
            return load(f, map_location, *args, **kwargs)
        return torch.utils._pytree.tree_map_only(
            torch.Tensor, lambda one: one if isinstance(one, Looks) else _moved(one), load(f, "cpu", *args, **kwargs)
        )

    return mapped


def _moved(tensor: torch.Tensor) -> torch.Tensor:
    there = tensor.detach().to(CUDA)
    if isinstance(tensor, torch.nn.Parameter):
        return torch.nn.Parameter(there, tensor.requires_grad)
    return there.requires_grad_(tensor.requires_grad)


def _refuse() -> None:
    # were it to return, torch's C++ would take CUDA for initialised until the process ends
    raise RuntimeError(said.NEEDS_GPU)


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


def _zero(*args: Any, **kwargs: Any) -> int:
    return 0
