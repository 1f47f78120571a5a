"""Random numbers of the pretended device: a stream of its own, as a GPU has."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

from .looks import CUDA

__all__ = ["PretendedGenerator", "drawing_from", "refuse_generator"]

_Real: Any = torch.Generator  # the class itself: the name in torch is replaced while the device is on
_Meta: Any = type(_Real)


class _AnyGenerator(_Meta):
    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, _Real)


class PretendedGenerator(_Real, metaclass=_AnyGenerator):
    """``torch.Generator``, which can also be one of the pretended device.

    Args:
        device: As for torch's.
    """

    def __new__(cls, device: Any = "cpu") -> Any:
        """Make a generator of torch's own class for the CPU."""
        kind = torch.device("cuda", device) if isinstance(device, int) else torch.device(device)
        return super().__new__(cls) if kind.type == "cuda" else _Real(kind)

    def __init__(self, device: Any = "cpu") -> None:
        """Take what `__new__` took."""

    device = property(lambda self: CUDA)


@contextlib.contextmanager
def drawing_from(generator: Any) -> Iterator[None]:
    """Let operations without a generator draw from this one instead of the CPU's."""
    ours = torch.default_generator
    before = ours.get_state()
    ours.set_state(generator.get_state())
    try:
        yield
    finally:
        generator.set_state(ours.get_state())
        ours.set_state(before)


def refuse_generator(generator: Any, *, on_device: bool) -> None:
    """Raise what torch raises when tensor and generator are of different devices.

    Raises:
        RuntimeError: They are.
    """
    came = "cuda" if type(generator) is PretendedGenerator else "cpu"
    wanted = "cuda" if on_device else "cpu"
    if came != wanted:
        raise RuntimeError(f"Expected a '{wanted}' device type for generator but found '{came}'")
