"""Code that anyone may have: the stub, the reference, further right answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..course import Assignment, Course, stub_source
from ..course.files import read_text
from ..grade.submissions import find_submissions
from .reading import read_texts

__all__ = ["known_texts"]


def known_texts(course: Course, assignment: Assignment, further: Iterable[Path] = ()) -> Iterator[str]:
    """Yield the texts whose fragments count for nothing.

    Args:
        course: Where further right answers lie, in ``fixtures/alternatives``.
        assignment: Whose stub and reference.
        further: Files or folders that the instructor names.

    Raises:
        CourseError: A file of the course cannot be read.
        FileNotFoundError: There is no such file or folder.
        ValueError: A file is no Python and no notebook.
    """
    master = read_text(assignment.solution)
    yield master
    yield stub_source(master, assignment.solution)
    alternatives = course.root / "fixtures" / "alternatives" / assignment.slug
    for file in sorted(alternatives.glob("*.py")):
        yield read_text(file)
    for text in read_texts(find_submissions(further), assignment.module, {}):
        if text.trouble and not text.source:
            raise ValueError(f"--known: {text.name}: {text.trouble}")
        yield text.source
