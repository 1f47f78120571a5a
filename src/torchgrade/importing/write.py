"""Importing a notebook into a course."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..course import Course, check_master
from ..course.files import write_changed
from ..course.manifest import RESERVED, importable
from ..errors import CourseError
from .convert import Converted, convert
from .master import master_source
from .nbgrader import read_nbgrader
from .notebook import Cell, read_cells
from .otter import read_otter
from .pieces import Note, Source
from .texts import checks_text, handout_text, manifest_text, misconceptions_text, record_text, title_of
from .trial import try_out

__all__ = ["Imported", "import_notebook"]

_SLUG = re.compile(r"[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*")
_READERS = {"nbgrader": read_nbgrader, "otter": read_otter}
_SIGNS = {
    "nbgrader": re.compile(r"BEGIN\s+(SOLUTION|HIDDEN)", re.IGNORECASE),
    "otter": re.compile(r"BEGIN\s+QUESTION|BEGIN\s+SOLUTION|#\s*SOLUTION\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Imported:
    """An assignment that was made of a notebook.

    Attributes:
        slug: Its name.
        found: What became of the notebook.
        files: What was written.
        tried: What came of the first trial, a sentence.
    """

    slug: str
    found: Converted
    files: tuple[Path, ...]
    tried: str


def import_notebook(course: Course, grader: str, path: Path, slug: str = "", *, trial: bool = True) -> Imported:
    """Make an assignment of a source notebook: the instructor's version, with solutions and tests.

    Args:
        course: Where it goes.
        grader: ``"nbgrader"`` or ``"otter"``.
        path: The notebook.
        slug: The assignment's name; empty for the next number and the notebook's name.
        trial: Grade the reference and the stub, and take out the checks that judge them wrongly.

    Raises:
        CourseError: The notebook cannot be read, nothing in it is an exercise, the assignment is there already, or
            what came out breaks a rule of ours; it names file, place and remedy.
    """
    cells = read_cells(path)
    slug = _free(course, slug or _slug_for(course, path))
    source = _READERS[grader](cells)
    source.notes += _lost_attachments(cells)
    found = convert(source)
    _refuse_empty(path, grader, cells, source, found)
    _refuse_names(path, found)
    title = title_of(found, slug)
    module = slug[3:].replace("-", "_")
    module = module if importable(module) else f"lesson_{module}"
    folder, checks = course.root / "assignments" / slug, course.graders(slug) / f"test_{module}.py"
    texts = {
        folder / "solution.py": master_source(found, title),
        folder / "misconceptions.py": misconceptions_text(title),
        folder / "handout.md": handout_text(found, title),
        checks: checks_text(found, slug, path.name),
        folder / "IMPORT.md": record_text(found, slug, path.name, "Not tried yet."),
        folder / "assignment.toml": manifest_text(found, title, module),
    }
    for file, text in texts.items():
        write_changed(file, text.encode())
    check_master(course.assignment(slug))
    tried = "Not tried."
    if trial:
        tried = try_out(course, slug, found, lambda: _write(checks, checks_text(found, slug, path.name)))
    _note_exercises(found)
    _write(folder / "IMPORT.md", record_text(found, slug, path.name, tried))
    return Imported(slug, found, tuple(texts), tried)


def _write(file: Path, text: str) -> None:
    write_changed(file, text.encode())


def _slug_for(course: Course, path: Path) -> str:
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "imported"
    if _SLUG.fullmatch(name):
        return name
    numbers = [int(known[:2]) for known in course.slugs if known[:2].isdigit()]
    return f"{min(99, max(numbers, default=0) + 1):02}-{name}"


def _free(course: Course, slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        remedy = "use two digits, a dash and a name in lower case, such as 03-linear-models"
        raise CourseError(course.root / "assignments", slug, "is no name for an assignment", remedy)
    for taken in (course.root / "assignments" / slug, course.graders(slug)):
        if taken.exists():
            raise CourseError(taken, "", "is there already", "give another SLUG, or remove that folder first")
    return slug


def _lost_attachments(cells: list[Cell]) -> list[Note]:
    why = "pictures pasted into a cell are not carried: save it beside handout.md"
    return [Note(cell.number, f"picture {name}", why) for cell in cells for name in cell.attachments]


def _refuse_empty(path: Path, grader: str, cells: list[Cell], source: Source, found: Converted) -> None:
    """Refuse a notebook without an exercise, and say where one should have been."""
    if found.exercises:
        return
    marked = [one for one in found.statements if one.part in ("result", "helper")]
    if marked:
        problem = f"{len(marked)} answers are marked, and none of them is a function or class that a test calls"
        remedy = "write the answer as a function, def answer(): ..., and let a test call it"
        raise CourseError(path, f"cell {marked[0].cell}", problem, remedy)
    other = next(name for name in _READERS if name != grader)
    signs = [cell.number for cell in cells if _SIGNS[grader].search(cell.source)]
    place = f"cell {signs[0]}" if signs else f"all {len(cells)} cells"
    problem = "no code cell holds a solution" if signs else f"nothing in it is marked as a solution of {grader}"
    unread = [note for note in source.notes + found.notes if note.why.startswith("is not Python")]
    if unread:
        place, problem = f"cell {unread[0].cell}", f"{problem}, and this cell {unread[0].why}"
    remedy = f"name the instructor's version, before {grader} took the solutions out; or try: torchgrade import {other}"
    raise CourseError(path, place, problem, remedy)


def _refuse_names(path: Path, found: Converted) -> None:
    """Refuse exercises that `submission` could not call."""
    for one in found.exercises:
        if one.name in RESERVED or one.name.startswith("_") or not one.name.isascii():
            problem = f"{one.name!r} cannot be the name of an exercise"
            words = ", ".join(sorted(RESERVED))
            remedy = f"rename it in the notebook: plain letters, not starting with _, and none of {words}"
            raise CourseError(path, f"cell {one.cell}", problem, remedy)


def _note_exercises(found: Converted) -> None:
    """Note exercises without a check."""
    for one in found.exercises:
        if not any(check.exercise == one.name for check in found.checks):
            why = "no test of it could be carried: write a check, or take it out of assignment.toml"
            found.notes.append(Note(one.cell, f"exercise {one.name}", why, lost=False))
