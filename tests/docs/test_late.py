"""The commands of docs/late.md print what the page says, on the class that it describes.

After a change that is meant: ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/docs/test_late.py``, then read the diff.
"""

import os
import re
import shlex
from pathlib import Path

import pytest
import torch

from torchgrade.cli import main

from ..conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "late.md"
FENCE = re.compile(r'^```(toml|csv|console)(?: title="(\S+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def hand_in(course: Path) -> None:
    right = (course / "assignments" / "01-mini" / "solution.py").read_text(encoding="utf-8")
    half = right.replace("return x / 2", "return x")
    texts = {"cleo-1": half, "finn-2": "def (\n"}
    (course / "subs").mkdir()
    for name in ("ada", "ben", "cleo-1", "cleo-2", "dov", "eve", "finn-1", "finn-2"):
        (course / "subs" / f"{name}.py").write_text(texts.get(name, right), encoding="utf-8")


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(command)
    if words[0] == "head":
        lines = Path(words[3]).read_text(encoding="utf-8").splitlines(keepends=True)
        return "".join(lines[: int(words[2])])
    assert words[0] == "torchgrade"
    assert main(words[1:]) == 0
    said = capsys.readouterr()
    lines = [line.rstrip() for line in (said.err + said.out).splitlines()]
    return "".join(f"{line}\n" for line in lines if not line.endswith(" a second"))  # how fast is this machine's affair


@pytest.mark.skipif(torch.cuda.is_available(), reason="on the page a check waits for a GPU")
def test_the_page_is_what_comes_out(mini, monkeypatch, capsys):
    monkeypatch.chdir(mini)
    monkeypatch.setenv("COLUMNS", "110")
    hand_in(mini)

    def again(found: re.Match[str]) -> str:
        kind, name, text = found.groups()
        if kind == "toml":
            file = mini / "assignments" / "01-mini" / name
            file.write_text(file.read_text(encoding="utf-8").replace("[limits]", f"{text}\n[limits]"), encoding="utf-8")
        elif kind == "csv":
            (mini / name).write_text(text, encoding="utf-8")
        else:
            command = text.partition("\n")[0]
            return f"```console\n{command}\n{printed(command.removeprefix('$ '), capsys)}```"
        return found[0]

    page = PAGE.read_text(encoding="utf-8")
    now = FENCE.sub(again, page)
    if os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1":
        PAGE.write_text(now, encoding="utf-8")
    assert now == page
