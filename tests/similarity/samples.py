"""Submissions that are alike, and submissions that are not."""

from __future__ import annotations

import json
import re
from pathlib import Path

from torchgrade.course import Assignment, Course, find_course, stub_source
from torchgrade.course.files import read_text
from torchgrade.similarity import Text

COURSE = find_course(Path(__file__))


def honest(slug: str) -> list[Text]:
    """Right answers to an assignment, each written without a look at the others."""
    folder = COURSE.root / "fixtures" / "alternatives" / slug
    return [Text(file.stem, file.stem, read_text(file)) for file in sorted(folder.glob("*.py"))]


def given(assignment: Assignment) -> list[str]:
    """What everyone may have: the reference and the stub, and no further answers."""
    master = read_text(assignment.solution)
    return [master, stub_source(master, assignment.solution)]


def disguised(source: str) -> str:
    """Copy a file as somebody does who hopes that nobody notices: other names, other order, other comments."""
    names = set(re.findall(r"^ +(\w+) =", source, re.M)) | set(re.findall(r"def \w+\((\w+)", source))
    for number, name in enumerate(sorted(names - {"self"})):
        source = re.sub(rf"(?<![\w.]){name}\b(?!\s*=\s*[^=\n]*\))", f"my_{number}", source)
    source = re.sub(r"#.*", "# all my own work", source)
    head, *parts = re.split(r"\n(?=@|def |class )", source)
    return "\n\n# next\n".join([head, *reversed(parts)])


def notebook(source: str) -> str:
    """The same code, a cell a definition."""
    cells = [
        {"cell_type": "code", "metadata": {}, "source": part, "outputs": [], "execution_count": None}
        for part in re.split(r"\n(?=@|def |class )", source)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def assignments() -> list[str]:
    return list(Course(COURSE.root).slugs)
