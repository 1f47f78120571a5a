"""Where a check's calls run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import torch

from .. import sentences as said
from .pretended import PretendedDevice

__all__ = ["Placing", "place"]


@dataclass(frozen=True)
class Placing:
    """What was found for a check that asked for a device.

    Attributes:
        kind: ``"cuda"``; ``"pretended"``; ``"meta"``, where this torch cannot pretend; or ``"none"``.
        device: What ``submission.device`` is.
        note: Why it is not what was asked for.
        on: Switches the device on for a block.
    """

    kind: str
    device: str
    note: str = ""
    on: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext


def place(wanted: str) -> Placing:
    """Find a device.

    Args:
        wanted: ``"accelerator"``: CUDA, or else a pretended one; ``"cuda"``: nothing else will do; ``"pretended"``:
            also where there is CUDA, to compare the two.
    """
    if wanted != "pretended" and torch.cuda.is_available():
        torch.cuda.init()  # so that its generators are seeded with the others
        return Placing("cuda", "cuda:0")
    if wanted == "cuda":
        return Placing("none", "cpu", said.NO_CUDA)
    device = PretendedDevice()
    problem = device.problem()
    if problem:
        note = said.CANNOT_PRETEND.format(version=torch.__version__, problem=problem)
        return Placing("meta", "meta", note)
    return Placing("pretended", "cuda:0", "", device.on)
