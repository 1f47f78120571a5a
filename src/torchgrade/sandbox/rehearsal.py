"""In the zygote, before its first fork: the path that every request takes, until there is nothing left to set up on it.

A fork shares its pages with the zygote and copies each at the first write. Python 3.11 and later write into the code
they run until they have settled on a fast form of it, and torch builds tables at the first use of an operation: done
here, no worker does it again.
"""

from __future__ import annotations

import linecache
import sys
from typing import Any

import numpy as np
import torch

from ..wire import Handle, WireLimits, pack
from .verbs import Verbs

__all__ = ["rehearse"]

TIMES = 60
_SCENE = b"""
import torch


def scene(x, y):
    if not isinstance(x, torch.Tensor):
        raise ValueError(f"a tensor was expected, not {x!r}")
    z = (x * y.to(x.dtype) + 1).reshape(-1)
    return torch.zeros(2, 3), z.clone(), [float(value) for value in z.tolist()], {"sum": z.sum().item()}


def fault():
    raise ValueError("wrong")
"""


def rehearse(times: int = TIMES) -> None:
    """Load a program of our own and call it, again and again, with all that can happen around a call and without.

    Args:
        times: How often; every other time, and the first, with everything.
    """
    limits = WireLimits()
    finders = list(sys.meta_path)
    tensors = torch.ones(2, 3), torch.ones(3, dtype=torch.int64)
    for turn in range(times):
        full = turn % 2 == 0
        options = {"ban": ["torch.linspace"] if full else [], "nan": full, "observe": full}
        verbs = Verbs(limits)
        requests: tuple[tuple[Any, ...], ...] = (
            ("load", "rehearsal", {"rehearsal": _SCENE}, "", (), (), (), 0),
            ("call", "scene", tensors, {}, options),
            ("call", "fault", (), {}, options),
        )
        for request in requests:
            header, buffers = pack(request, _no_stand_in, limits, keep_strides=True)
            verbs.answer(header, [np.frombuffer(bytearray(buffer), dtype="u1") for buffer in buffers])
    sys.meta_path[:] = finders
    del sys.modules["rehearsal"]
    linecache.clearcache()


def _no_stand_in(value: object) -> Handle:
    raise TypeError(type(value))
