from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from torchgrade.cli import main


@pytest.fixture
def verify(mini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Run ``torchgrade verify`` in the small course; return the exit code and what was printed."""
    monkeypatch.chdir(mini)

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["verify", "--seeds", "1", "--jobs", "1", *arguments])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def verify_json(verify: Callable[..., Any]) -> Callable[..., Any]:
    """The same with ``--json``: return the exit code and the record of the only assignment."""

    def run(*arguments: str) -> tuple[int, Any]:
        code, out = verify("--json", *arguments)
        (record,) = json.loads(out)
        return code, record

    return run


@pytest.fixture
def change() -> Callable[[Path, str, str], None]:
    """Replace words in a file, which must be there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
