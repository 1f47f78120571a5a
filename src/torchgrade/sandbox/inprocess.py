"""The worker's verbs in this very process, for a student's own run: breakpoints, prints and tracebacks work."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..wire import WireLimits
from .client import Client
from .verbs import Verbs

__all__ = ["Direct", "direct_client", "torch_as_it_was"]


class Direct:
    """Carry requests to verbs in this process, through the same encoding as everywhere.

    Args:
        passing: Exceptions that are not the student's and end the call: Ctrl-C, a test runner's clock.
    """

    def __init__(self, passing: tuple[type[BaseException], ...]) -> None:
        self.passing = passing
        self.verbs = Verbs(WireLimits(), passing)

    def post(self, header: bytes, buffers: list[memoryview]) -> None:
        """Do nothing yet: the one who asks is the one who answers."""

    def exchange(self, header: bytes, buffers: list[memoryview], *, loading: bool) -> tuple[Any, list[Any]]:
        """Answer at once; time is bounded by pytest-timeout, not here."""
        reply, blobs = self.verbs.answer(header, [_writable(buffer) for buffer in buffers])
        return reply, [_writable(blob) for blob in blobs]

    def close(self) -> None:
        """Forget the submission."""
        self.verbs = Verbs(WireLimits(), self.passing)


def _writable(buffer: memoryview) -> Any:
    return np.frombuffer(bytearray(buffer), dtype="u1")


def direct_client(passing: tuple[type[BaseException], ...] = (KeyboardInterrupt,)) -> Client:
    """Return a client whose worker is this process (see `Direct`)."""
    return Client(Direct(passing))


@contextlib.contextmanager
def torch_as_it_was() -> Iterator[None]:
    """Give torch's modes and every generator back after a check, whatever the student's code did to them."""
    grad, dtype, debug = torch.is_grad_enabled(), torch.get_default_dtype(), torch.get_deterministic_debug_mode()
    torch_state, numpy_state, python_state = torch.get_rng_state(), np.random.get_state(), random.getstate()
    try:
        yield
    finally:
        torch.set_grad_enabled(grad)
        torch.set_default_dtype(dtype)
        torch.set_default_device(None)
        torch.set_deterministic_debug_mode(debug)
        torch.set_rng_state(torch_state)
        np.random.set_state(numpy_state)
        random.setstate(python_state)
