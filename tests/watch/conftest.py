from pathlib import Path

import pytest

from .samples import hand_out


@pytest.fixture
def handed_out(tmp_path: Path) -> Path:
    """An assignment as students receive it, with nothing answered yet."""
    return hand_out(tmp_path / "01-steps")
