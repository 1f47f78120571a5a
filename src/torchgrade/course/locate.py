"""Finding the course that a folder belongs to."""

from __future__ import annotations

from pathlib import Path

from ..errors import CourseError
from .model import Course

__all__ = ["find_course"]


def find_course(start: Path) -> Course:
    """Walk up from ``start`` to the first folder that holds both ``assignments/`` and ``graders/``.

    Raises:
        CourseError: No folder on the way up is a course.
    """
    first = start.resolve()
    for folder in (first, *first.parents):
        if (folder / "assignments").is_dir() and (folder / "graders").is_dir():
            return Course(folder)
    problem = "neither this folder nor one above it holds both assignments/ and graders/"
    raise CourseError(first, "", problem, "run this inside a course, or name one with --course DIR")
