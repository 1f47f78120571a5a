"""What docs/careful.md says the course carries is there."""

import ast
import functools
import re

import pytest

from torchgrade.course import Course

from ..conftest import REPOSITORY

COURSE = Course(REPOSITORY)
PAGE = REPOSITORY / "docs" / "careful.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [ET]\d", line)
]
BOX = re.compile(r"^> \*\*Careful\.\*\*.*\n(?:^>.*\n)*", re.MULTILINE)


@functools.cache
def misconceptions(slug: str) -> set[str]:
    """Return exercise/name of the known wrong answers to an assignment."""
    assignment = COURSE.assignment(slug)
    found = set()
    for node in ast.parse(assignment.misconceptions.read_text(encoding="utf-8")).body:
        for mark in getattr(node, "decorator_list", []):
            found.add(f"{ast.literal_eval(mark.args[0])}/{node.name}")
    return found


@functools.cache
def boxes(slug: str) -> list[str]:
    text = COURSE.assignment(slug).handout.read_text(encoding="utf-8")
    return [" ".join(box[0].replace("\n> ", " ").split()) for box in BOX.finditer(text)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_truth_is_carried_by_the_course(row):
    _, true, named, quoted = row
    wrong_answers = re.findall(r"`([^/`]+)/([^`]+)`", named)
    quotes = re.findall(r"(\d\d-[\w-]+): “([^”]+)”", quoted)
    assert true
    assert wrong_answers or quotes
    assert len(wrong_answers) == named.count("`") / 2
    assert len(quotes) == quoted.count("“")
    assert [name for slug, name in wrong_answers if name not in misconceptions(slug)] == []
    assert [words for slug, words in quotes if not any(words in box for box in boxes(slug))] == []


def test_no_entry_is_left_out():
    names = [row[0] for row in ROWS]
    assert names == [*(f"E{number:02}" for number in range(1, 45)), *(f"T{number}" for number in range(1, 9))]
