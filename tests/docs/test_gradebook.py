"""The commands of docs/gradebook.md print what the page says, on the class that it describes.

After a change that is meant: ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/docs/test_gradebook.py``, then read the diff.
"""

import os
import re
import shlex
import subprocess
from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
import torch

from torchgrade.gradebook import corrections, recording

from ..conftest import REPOSITORY
from .test_late import FENCE, printed

PAGE = REPOSITORY / "docs" / "gradebook.md"
DAY = datetime(2026, 12, 3, 9, tzinfo=timezone.utc)


@pytest.mark.skipif(torch.cuda.is_available(), reason="on the page a check waits for a GPU")
def test_the_page_is_what_comes_out(mini, monkeypatch, capsys):
    minutes = count()
    for module in (recording, corrections):
        monkeypatch.setattr(module, "now", lambda: DAY + timedelta(minutes=next(minutes)))
    monkeypatch.delenv("TORCHGRADE_GRADEBOOK", raising=False)
    monkeypatch.chdir(mini)
    monkeypatch.setenv("COLUMNS", "110")
    right = (mini / "assignments" / "01-mini" / "solution.py").read_text(encoding="utf-8")
    (mini / "subs").mkdir()
    for name, text in {"ada": right, "ben": right.replace("x / 2", "x"), "cleo": "def (\n"}.items():
        (mini / "subs" / f"{name}.py").write_text(text, encoding="utf-8")

    def again(found: re.Match[str]) -> str:
        kind, name, text = found.groups()
        if kind == "toml":
            file = mini / "assignments" / "01-mini" / name
            file.write_text(file.read_text(encoding="utf-8").replace("[limits]", f"{text}\n[limits]"), encoding="utf-8")
        elif kind == "csv":
            (mini / name).write_text(text, encoding="utf-8")
        else:
            command = text.partition("\n")[0].removeprefix("$ ")
            if command.startswith("sed"):
                subprocess.run(shlex.split(command), check=True)
                return found[0]
            return f"```console\n$ {command}\n{printed(command, capsys)}```"
        return found[0]

    page = PAGE.read_text(encoding="utf-8")
    now = FENCE.sub(again, page)
    if os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1":
        PAGE.write_text(now, encoding="utf-8")
    assert now == page
