"""Keep the cores busy, to see whether checks hold on a machine that has other things to do."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

__all__ = ["busy_cores"]

PER_CORE = 2
# It ends by itself when whoever started it is gone.
_SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(1000))\n"


@contextlib.contextmanager
def busy_cores() -> Iterator[None]:
    """Have two processes a core do nothing but spin, until the block ends."""
    command = [sys.executable, "-I", "-S", "-c", _SPIN]
    spinning = [subprocess.Popen(command) for _ in range(PER_CORE * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
        for process in spinning:
            process.wait()
