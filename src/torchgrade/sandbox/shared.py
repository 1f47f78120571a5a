"""`fixtures.shared`: the one folder of the course that checks and students' workers both import from."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

__all__ = ["provide_shared"]


def provide_shared(fixtures: Path) -> None:
    """Make ``import fixtures.shared`` find ``<fixtures>/shared``, whatever else is called ``fixtures`` on the path.

    Args:
        fixtures: The course's ``fixtures`` folder; only ``shared`` in it is ever visible to a worker.
    """
    known = sys.modules.get("fixtures")
    if known is not None and list(known.__path__) == [str(fixtures)]:
        return
    package = ModuleType("fixtures")
    package.__path__ = [str(fixtures)]
    for name in [name for name in sys.modules if name == "fixtures" or name.startswith("fixtures.")]:
        del sys.modules[name]
    sys.modules["fixtures"] = package
