"""What a process does once so that all the workers forked from it start fast."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
from collections.abc import Iterable
from pathlib import Path

__all__ = ["mention_optimizers", "settle_memory", "warm_up"]

MADV_HUGEPAGE, MADV_COLLAPSE = 14, 25
HUGE_PAGE = 2 << 20


def mention_optimizers(files: Iterable[Path]) -> bool:
    """Tell whether any of an assignment's files mentions ``optim``, so that submissions are likely to use it too."""
    return any(b"optim" in file.read_bytes() for file in files if file.is_file())


def warm_up(fixtures: Path, *, optimizers: bool) -> None:
    """Import whatever a submission is likely to need, so that no worker pays for it.

    Args:
        fixtures: The course's ``fixtures`` folder, of which ``shared`` can be imported from here on.
        optimizers: Also what the first optimizer imports (torch._dynamo), which takes as long as torch itself; without,
            a submission that has one all the same pays for it in each of its workers.
    """
    import numpy as np
    import torch
    import torch.utils.data

    from . import worker  # noqa: F401
    from .rehearsal import rehearse
    from .shared import provide_shared

    # A parallel operation here would leave children with a thread pool whose threads they do not have.
    torch.set_num_threads(1)
    # backward() is never called here, because autograd's threads do not survive a fork
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.Flatten(), torch.nn.Linear(72, 2))
    with torch.no_grad():
        torch.nn.functional.cross_entropy(model(torch.rand(2, 1, 8, 8)), torch.tensor([0, 1]))
    if optimizers:
        for parameter in model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        torch.optim.SGD(model.parameters(), lr=0.1).step()
    np.random.default_rng(0).random(3)
    rehearse()
    provide_shared(fixtures)
    with contextlib.suppress(ModuleNotFoundError):  # a worker may not look into the folder that it lies in
        importlib.import_module("fixtures.shared")


def settle_memory() -> None:
    """Make forks cheap: nothing for the collector to walk, and few pages to copy the tables of.

    Copying page tables is most of a fork's cost; with the heap in 2 MiB pages there are 512 times fewer entries. The
    kernel may refuse (before Linux 6.1, or with huge pages off): then forks are slower and nothing else changes.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError), open("/proc/self/maps", encoding="ascii") as maps:
        for line in maps.readlines():
            place, access, _, _, _, *name = line.split()
            start, end = (int(part, 16) for part in place.split("-"))
            if access == "rw-p" and name in ([], ["[heap]"]) and end - start >= HUGE_PAGE:
                span = ctypes.c_void_p(start), ctypes.c_size_t(end - start)
                libc.madvise(*span, MADV_HUGEPAGE)
                libc.madvise(*span, MADV_COLLAPSE)
