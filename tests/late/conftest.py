from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from torchgrade.course import Assignment, Due, Exercise, Limits

from .samples import DUE


@pytest.fixture
def assignment(tmp_path: Path) -> Callable[[Due | None], Assignment]:
    def make(due: Due | None = DUE) -> Assignment:
        return Assignment("01-mini", "Mini", "mini", (Exercise("f", "F", "f"),), Limits(), tmp_path, due)

    return make
