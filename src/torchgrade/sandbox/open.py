"""Choose how workers are made on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..course import Limits

if TYPE_CHECKING:
    from .client import Client

__all__ = ["Sandbox", "open_sandbox"]


class Sandbox(Protocol):
    """Something that gives out workers."""

    @property
    def level(self) -> str:
        """How strongly workers are confined, ``"A"`` to ``"D"``."""
        ...

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the layers that hold."""
        ...

    def open(self, seconds: float, import_seconds: float) -> Client:
        """Return a client of a worker that has not seen any student's code."""
        ...

    def close(self) -> None:
        """End every worker."""
        ...


def open_sandbox(fixtures: Path, limits: Limits, *, confine: bool = True, optimizers: bool = True) -> Sandbox:
    """Start what makes workers: a zygote where processes can fork, else fresh processes.

    Args:
        fixtures: The course's ``fixtures`` folder; workers see ``shared`` in it.
        limits: The assignment's limits.
        confine: Put up the wall that the machine has; without it, a process and a clock are all there is.
        optimizers: Have torch.optim loaded before the first worker, not by each that needs it.
    """
    if sys.platform == "linux":
        from .forked import ForkedSandbox

        return ForkedSandbox(fixtures, limits, confine=confine, optimizers=optimizers)
    from .spawned import SpawnedSandbox

    return SpawnedSandbox(fixtures, limits, optimizers=optimizers)
