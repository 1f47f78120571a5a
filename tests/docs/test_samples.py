"""The samples in the guides run, and fail as they say they do.

A block of Python is run; one with the title ``student.py`` is a student's file, which the others call as `submission`;
one with the title ``fails`` must fail with the text of the block after it. The blocks of a page share their names, and
every check that one defines is run.
"""

import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from torchgrade.checks import spec_of
from torchgrade.errors import CheckFailed
from torchgrade.expect import Expect, Expectation
from torchgrade.expect.call_words import CallWords
from torchgrade.expect.trained_words import TrainedWords
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import Submission

from .pages import DOCS, Block, blocks_of

PAGES = [DOCS / "authoring" / "checks.md"]
STUDENT, FAILS = 'python title="student.py"', 'python title="fails"'


def run(block: Block, names: dict[str, Any], page: Path) -> None:
    known = set(names)
    # the block's line numbers are the page's
    exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), names)
    for name in set(names) - known:
        if spec_of(names[name]) is not None:
            names[name](names["submission"])


def failure_of(block: Block, names: dict[str, Any], page: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of shapes that broadcast
        with pytest.raises(CheckFailed) as caught:
            run(block, names, page)
    return str(caught.value)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_samples_do_as_they_say(page):
    blocks = blocks_of(page)
    (student,) = (block for block in blocks if block.info == STUDENT)
    submission = Submission(direct_client, Program("student", {"student": student.text.encode()}), seed=0)
    names: dict[str, Any] = {"__name__": "sample", "submission": submission}
    ran = failed = 0
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block.info == "python":
            run(block, names, page)
            ran += 1
        elif block.info == FAILS:
            assert after is not None
            assert after.info == "text"
            assert masked(failure_of(block, names, page)) == masked(after.text.rstrip("\n"))
            failed += 1
    assert ran > 5
    assert failed > 2


def masked(text: str) -> str:
    """Leave out numbers so small that they are rounding alone: they differ from machine to machine."""
    return re.sub(r"-?\d+(\.\d+)?e-(0[5-9]|\d\d)", "~0", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_other_kind_of_block_hides_a_sample(page):
    assert {block.info for block in blocks_of(page)} <= {"python", STUDENT, FAILS, "text"}


def test_every_word_of_expect_has_its_sample():
    text = "".join(block.text for page in PAGES for block in blocks_of(page) if block.info.startswith("python"))
    words = {name for kind in (Expectation, CallWords, TrainedWords) for name in vars(kind) if not name.startswith("_")}
    words |= {name for name in vars(Expect) if not name.startswith("_")} | {"value"}
    assert len(words) > 25
    assert [word for word in sorted(words) if f".{word}" not in text] == []
