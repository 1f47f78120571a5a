"""Feedback as the student's own work: read it again, put the verdicts into it, and write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..course import Assignment
from ..course.files import write_changed
from ..grade.results import SubmissionResult
from ..language import _
from ..sandbox.notebook import MAX_NOTEBOOK_BYTES
from ..sandbox.program import digest_of, main_file, program_from, read_bounded
from .names import file_stem
from .notebook_html import notebook_html, notebook_text
from .own_notebook import arranged
from .student_cells import StudentCell, cells_of_notebook, cells_of_source
from .view import view_of

__all__ = ["Returned", "write_returned"]


@dataclass(frozen=True)
class Returned:
    """What was written for one submission.

    Attributes:
        files: The page, and the notebook where a notebook was handed in.
        trouble: Why the student's own cells are not in it, as a sentence; empty if they are.
    """

    files: tuple[Path, ...]
    trouble: str = ""


@dataclass(frozen=True)
class _HandedIn:
    cells: tuple[StudentCell, ...] = ()
    notebook: bool = False
    trouble: str = ""


def write_returned(
    result: SubmissionResult, assignment: Assignment, folder: Path, handed_in: Sequence[str] = ()
) -> Returned:
    """Write ``<name>.notebook.html``, and ``<name>.ipynb`` where a notebook was handed in.

    Args:
        result: What grading found; the file is read from its ``path`` again.
        assignment: Whose exercises give the order, the titles and the hints.
        folder: Where the files go; made when it is missing.
        handed_in: Lines on when it was handed in and what comes of it.

    Raises:
        CourseError: The folder cannot be written.
        ValueError: nbconvert is not installed.
    """
    found, page = _read_again(result, assignment), view_of(result, assignment, handed_in)
    placed = arranged(found.cells, page, found.trouble)
    html = folder / f"{file_stem(result.submission)}.notebook.html"
    notebook = folder / f"{file_stem(result.submission)}.ipynb"
    write_changed(html, notebook_html(placed, page, found.trouble).encode())
    if not found.notebook:
        notebook.unlink(missing_ok=True)  # of an earlier run, when there was one
        return Returned((html,), found.trouble)
    write_changed(notebook, notebook_text(placed).encode())
    return Returned((html, notebook), found.trouble)


def _read_again(result: SubmissionResult, assignment: Assignment) -> _HandedIn:
    path = Path(result.path)
    if not path.exists():
        return _HandedIn(trouble=_("What was handed in is no longer where it was graded, so it is not shown here."))
    try:
        program, main = program_from(path, assignment.module), main_file(path, assignment.module)
        data = read_bounded(main, MAX_NOTEBOOK_BYTES)
    except (OSError, ValueError):
        return _HandedIn(trouble=_("What was handed in cannot be read, so it is not shown here."))
    if digest_of(program) != result.digest:
        return _HandedIn(trouble=_("What was handed in has changed since it was graded, so it is not shown here."))
    notebook = main.suffix == ".ipynb"
    cells = cells_of_notebook(data) if notebook else cells_of_source(data)
    return _HandedIn(tuple(cells), notebook)
