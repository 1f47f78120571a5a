"""The instructor's pages as files: a page for each assignment, for the term, and for each student."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..classroom import ClassFigures, Counted, ResultsFile, Row
from ..course.files import write_changed
from .class_page import Labels, class_html
from .names import file_stem
from .student_page import StudentPart, student_html
from .term_page import TermPart, term_html

__all__ = ["ClassPart", "write_page", "write_pages", "write_students"]


@dataclass(frozen=True)
class ClassPart:
    """One assignment: its results on disk, and what was counted of them.

    Attributes:
        source: Where the results are read again for the students' pages.
        figures: What was counted.
        labels: What its parts are called.
        counted: By submission, what counts and why; empty where each submission counts as it is.
        notes: Sentences for the top of the page.
    """

    source: ResultsFile
    figures: ClassFigures
    labels: Labels
    counted: Mapping[str, Counted] = field(default_factory=dict)
    notes: Sequence[str] = ()


def write_page(parts: Sequence[ClassPart], file: Path, *, term: bool) -> None:
    """Write one page that stands alone: of the only assignment, or of the term.

    Raises:
        CourseError: It cannot be written there.
    """
    write_changed(file, (_term(parts, linked=False) if term else _class(parts[0], linked=False)).encode())


def write_pages(parts: Sequence[ClassPart], folder: Path, *, term: bool) -> list[Path]:
    """Write the pages about assignments and the term, linked with each other and with the students' pages.

    Returns:
        The files, the one to open first being the first.

    Raises:
        CourseError: They cannot be written there.
    """
    written = []
    if term:
        written.append(folder / "index.html")
        write_changed(written[-1], _term(parts, linked=True).encode())
    for part in parts:
        written.append(folder / f"{part.labels.slug}.html")
        write_changed(written[-1], _class(part, linked=True, term=term).encode())
    return written


def write_students(parts: Sequence[ClassPart], folder: Path) -> Iterator[Path]:
    """Write a page for each student, one after the other; yield its file.

    Results are read again one at a time: a class of ten thousand takes no more memory than one of ten.

    Raises:
        CourseError: They cannot be written there.
    """
    rows: dict[str, list[tuple[ClassPart, Row]]] = {}
    for part in parts:
        for row in part.figures.rows:
            rows.setdefault(row.student, []).append((part, row))
    for student, mine in sorted(rows.items()):
        page = student_html(student, [_of_student(part, row) for part, row in mine])
        file = folder / "students" / f"{file_stem(student)}.html"
        write_changed(file, page.encode())
        yield file


def _of_student(part: ClassPart, row: Row) -> StudentPart:
    (result,) = part.source.read([row.submission])
    counted = part.counted.get(row.submission)
    return StudentPart(part.labels, row, part.figures.spread, result, counted.words if counted else "")


def _class(part: ClassPart, *, linked: bool, term: bool = False) -> str:
    return class_html(part.figures, part.labels, linked=linked, term=term, notes=part.notes)


def _term(parts: Sequence[ClassPart], *, linked: bool) -> str:
    return term_html([TermPart(part.figures, part.labels) for part in parts], linked=linked)
