"""The recipes of docs/cookbook.md: a course is built out of the page, and both answers of each recipe are graded.

After a change that is meant: ``TORCHGRADE_REWRITE_GOLDEN=1 pytest tests/docs/test_cookbook.py``, then read the diff.
"""

import json
import os
import re
from typing import Any

import pytest
import torch

from torchgrade.cli import main

from .pages import DOCS, Block, blocks_of

PAGE = DOCS / "cookbook.md"
ASKED = {
    *("Dtype", "Shape", "Device", "Values", "Gradients", "Aliasing", "Randomness", "Convergence", "Vectorisation"),
    *("Tolerance", "In-place writes", "Exceptions", "Modules and state dicts", "Data loaders"),
}
READS = re.compile(r'^```text title="(test_[^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
MANIFEST = 'format = 1\ntitle = "Cookbook"\nmodule = "cookbook"\n'


def joined(title: str) -> str:
    return "\n\n".join(block.text for block in blocks_of(PAGE) if block.title == title)


def exercises() -> list[str]:
    return list(dict.fromkeys(re.findall(r'^@check\("(\w+)"', joined("checks"), re.MULTILINE)))


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Grade the right answers and the wrong ones, each as one submission; return the checks by their names."""
    course = tmp_path_factory.mktemp("course")
    entry = '[[exercise]]\nname = "{0}"\ntitle = "{0}"\nhint = "{0}"\n'
    files = {
        "assignments/01-cookbook/assignment.toml": MANIFEST + "".join(map(entry.format, exercises())),
        "assignments/01-cookbook/solution.py": joined("right"),
        "graders/01-cookbook/test_cookbook.py": joined("checks"),
        "submissions/right.py": joined("right"),
        "submissions/wrong.py": f"import torch\n\n{joined('wrong')}",
    }
    for name, text in files.items():
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(text, encoding="utf-8")
    out = course / "OUT"
    assert main(["grade", "01-cookbook", f"{course}/submissions", "--course", str(course), "--out", str(out)]) == 0
    lines = map(json.loads, (out / "results.jsonl").read_text(encoding="utf-8").splitlines())
    return {line["submission"]: {one["id"].rpartition("::")[2]: one for one in line["checks"]} for line in lines}


def test_every_recipe_has_its_parts():
    recipes = re.split(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert set(recipes[::2]) >= ASKED
    for name, text in zip(recipes[::2], recipes[1::2], strict=True):
        titles = re.findall(r'^```\w+ title="(\w+)', text, re.MULTILINE)
        assert [title for title in titles if not title.startswith("test_")] == ["checks", "right", "wrong"], name
        assert sum(title.startswith("test_") for title in titles) == 1, name


def test_right_answers_have_full_points(graded):
    lost = {name: one for name, one in graded["right"].items() if one["status"] not in ("passed", "deferred")}
    assert lost == {}


def test_each_wrong_answer_loses_points_and_nothing_else_goes_wrong(graded):
    wrong = graded["wrong"]
    failed = {one["exercise"] for one in wrong.values() if one["status"] == "failed"}
    waiting = {one["exercise"] for one in wrong.values() if one["status"] == "deferred"}
    assert failed | waiting == set(exercises())
    assert {one["status"] for one in wrong.values()} <= {"failed", "deferred"}
    assert waiting <= {"peak_memory"}


@pytest.mark.skipif(torch.cuda.is_available(), reason="on the page a check waits for a GPU")
def test_students_read_what_the_page_says(graded):
    page = PAGE.read_text(encoding="utf-8")

    def again(found: re.Match[str]) -> str:
        return f'```text title="{found[1]}"\n{graded["wrong"][found[1]]["message"].strip()}\n```'

    now = READS.sub(again, page)
    if os.environ.get("TORCHGRADE_REWRITE_GOLDEN") == "1":
        PAGE.write_text(now, encoding="utf-8")
    assert masked(now) == masked(page)


def masked(text: str) -> str:
    """Leave out the digits that differ from machine to machine."""
    return re.sub(r"\d+\.\d{3,}(e[-+]\d+)?", "0.0", text)


def test_blocks_of_recipes_are_of_known_kinds():
    kinds = {block.title for block in blocks_of(PAGE) if block.language == "python"}
    assert kinds == {"checks", "right", "wrong"}
    assert all(isinstance(block, Block) and block.text.strip() for block in blocks_of(PAGE))
