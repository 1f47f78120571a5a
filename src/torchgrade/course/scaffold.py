"""Starting a new assignment from a small one that works."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import CourseError
from .files import write_changed
from .manifest import importable
from .model import Course
from .texts import fill

__all__ = ["new_assignment"]


def new_assignment(course: Course, slug: str) -> list[Path]:
    """Write a new assignment with one small exercise, ready for ``torchgrade verify``.

    Args:
        course: Where it goes.
        slug: Two digits, a dash and a name in lower case, such as ``"03-linear-models"``; the name becomes the title
            and the module's name.

    Returns:
        The files written.

    Raises:
        CourseError: The slug has another form, or its folders are there already.
    """
    folder, graders = course.root / "assignments" / slug, course.graders(slug)
    if not re.fullmatch(r"[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*", slug):
        remedy = "use two digits, a dash and a name in lower case: torchgrade new 03-linear-models"
        raise CourseError(course.root / "assignments", slug, "is no name for an assignment", remedy)
    for taken in (folder, graders):
        if taken.exists():
            remedy = "choose another name, or remove that folder first"
            raise CourseError(taken, "", "is there already", remedy)
    name = slug[3:].replace("-", "_")
    module = name if importable(name) else f"lesson_{name}"
    words = {"slug": slug, "module": module, "title": slug[3:].replace("-", " ").capitalize()}
    texts = {
        folder / "solution.py": "solution.txt",
        folder / "misconceptions.py": "misconceptions.txt",
        folder / "handout.md": "handout.md",
        graders / f"test_{module}.py": "checks.txt",
        folder / "assignment.toml": "assignment.toml",  # the last: a folder without it is no assignment yet
    }
    for file, template in texts.items():
        write_changed(file, fill(template, **words).encode())
    return list(texts)
