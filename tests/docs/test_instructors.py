"""The first exercise of docs/instructors.md, word by word: its size is counted, and its commands print what it says.

After a change that is meant: ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/docs/test_instructors.py``, then read the diff.
"""

import ast
import difflib
import json
import os
import re
import shlex
from pathlib import Path

import pytest

from torchgrade.cli import main

from .pages import DOCS, Block, blocks_of

PAGE = DOCS / "instructors.md"
MOST_FILES, MOST_LINES = 2, 25
FENCE = re.compile(r'^(`{3,4})(console|text title="([^"]+)")\n(.*?)^\1$', re.MULTILINE | re.DOTALL)


def edited(file: Path, block: Block) -> int:
    """Put a block in the place of the frame that it fills in; return how many lines are not the frame's."""
    before = file.read_text(encoding="utf-8")
    first = min(node.lineno for node in ast.parse(before).body if isinstance(node, ast.FunctionDef))
    head = before.splitlines(keepends=True)[: first - 1]
    while head and head[-1].startswith("@"):
        head.pop()
    file.write_text("".join(head) + block.text, encoding="utf-8")
    lines = difflib.ndiff(before.splitlines(), file.read_text(encoding="utf-8").splitlines())
    return sum(line.startswith("+ ") for line in lines)


def written(page: list[Block]) -> dict[str, int]:
    """Fill in the frame and hand in the submissions; return the lines that each of the course's files took."""
    counted = {}
    for block in page:
        file = Path(block.title)
        if block.language == "python" and file.exists():
            counted[block.title] = edited(file, block)
        elif block.language == "python":
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    return counted


def printed(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run one command of the page; return what it prints."""
    words = shlex.split(command)
    if words[0] != "torchgrade":
        assert command == "mkdir -p my-course/assignments my-course/graders && cd my-course"
        return ""
    assert main(words[1:]) == 0
    said = capsys.readouterr()
    text = "".join(f"{line.rstrip()}\n" for line in (said.err + said.out).strip("\n").splitlines())
    # how long it took differs from run to run
    return re.sub(r"\(\d+\.\d s\)", "(… s)", re.sub(r"^\d+ graded in .*\n", "", text, flags=re.MULTILINE))


@pytest.fixture
def course(tmp_path, monkeypatch):
    for folder in ("assignments", "graders"):
        (tmp_path / "my-course" / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "my-course")
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path / "my-course"


def test_the_page_word_by_word(course, capsys):
    page, blocks = PAGE.read_text(encoding="utf-8"), blocks_of(PAGE)
    counted: dict[str, int] = {}

    def again(found: re.Match[str]) -> str:
        mark, info, title, text = found.groups()
        if title:
            return f"{mark}{info}\n{Path(title).read_text(encoding='utf-8')}{mark}"
        command = text.partition("\n")[0].removeprefix("$ ")
        said = printed(command, capsys)
        if command.startswith("torchgrade new"):
            counted.update(written(blocks))
            assert 0 < len(counted) <= MOST_FILES
            assert sum(counted.values()) <= MOST_LINES
            assert f"two files and {sum(counted.values())} lines" in page
        return f"```console\n$ {command}\n{said}```"

    now = FENCE.sub(again, page)
    if os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1":
        PAGE.write_text(now, encoding="utf-8")
    assert now == page
    lines = (course / "OUT" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    named = {line["submission"]: {one["misconception"] for one in line["checks"]} for line in map(json.loads, lines)}
    assert named == {"columns": {"takes_columns"}, "in_place": {None}, "right": {None}}
    assert "takes_columns" not in (course / "student_template" / "01-rows" / "rows.py").read_text(encoding="utf-8")
