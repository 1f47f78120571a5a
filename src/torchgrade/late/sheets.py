"""The two CSV files that an instructor writes: when what was handed in, and who has an extension."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..course.due import Due, span_of
from ..course.files import read_text
from ..errors import CourseError
from .moments import Clock
from .settle import Attempt, Extension

__all__ = ["Row", "read_extensions", "read_times", "rows_of"]

_TIMES = "write a header like submission,time or submission,student,attempt,time"
_EXTENSIONS = "write a header like student,until,reason or student,by,reason"
_MOMENT = "write it like 2026-11-30T22:10:00+01:00"
_ZONE = 'add the offset, like 2026-11-30T22:10:00+01:00, or write zone = "Europe/Berlin" into [due] of assignment.toml'
_SPAN = "write it like 2 days or 12 hours"


@dataclass(frozen=True)
class Row:
    """A row of a CSV file.

    Attributes:
        file: The file.
        line: Its line in the file, from 1.
        cells: By the column's name in lower case; stripped.
    """

    file: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def wrong(self, problem: str, remedy: str) -> CourseError:
        """Return the error to raise about this row."""
        return CourseError(self.file, f"line {self.line}", problem, remedy)


def rows_of(file: Path, wanted: str, remedy: str) -> Iterator[Row]:
    """Yield the rows of a CSV file, with commas or semicolons between its cells; rows without any text are left out.

    Raises:
        CourseError: It cannot be read, or has not the ``wanted`` column, or a row is longer than the header.
    """
    text = read_text(file)
    first = text.partition("\n")[0]
    delimiter = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        twice = sorted({name for name in header if name and header.count(name) > 1})
        if wanted not in header or twice:
            problem = f"has the column {twice[0]!r} twice" if twice else f"has no column {wanted!r}"
            raise CourseError(file, "line 1", problem, remedy)
        for cells in reader:
            if len(cells) > len(header):
                problem = f"has {len(cells)} cells, the header {len(header)}"
                raise CourseError(file, f"line {reader.line_num}", problem, "put text that holds a comma in quotes")
            if any(cell.strip() for cell in cells):
                yield Row(file, reader.line_num, {name: cell.strip() for name, cell in zip(header, cells)})  # noqa: B905
    except csv.Error as error:
        raise CourseError(file, f"line {reader.line_num}", f"is not CSV: {error}", "save it as CSV again") from None


def read_times(file: Path, due: Due | None) -> dict[str, tuple[Attempt, Row]]:
    """Read when each submission was handed in: by submission, whose it is and when.

    Raises:
        CourseError: A row cannot be understood; it names file, line and remedy.
    """
    clock = Clock(due)
    found: dict[str, tuple[Attempt, Row]] = {}
    for row in rows_of(file, "submission", _TIMES):
        if "time" not in row.cells and "attempt" not in row.cells:
            raise CourseError(file, "line 1", "has neither a column 'time' nor 'attempt'", _TIMES)
        name = row["submission"]
        if not name:
            raise row.wrong("names no submission", "write the name that results.jsonl has for it, or remove the line")
        if name in found:
            remedy = "give each attempt a submission of its own, and the student's name in a column student"
            raise row.wrong(f"{name!r} stands in line {found[name][1].line} too", remedy)
        number = _number(row)
        try:
            time = clock.read(row["time"]) if row["time"] else None
        except ValueError as error:
            raise row.wrong(str(error), _ZONE if "no offset" in str(error) else _MOMENT) from None
        found[name] = (Attempt(row["student"] or name, number, time), row)
    return found


def _number(row: Row) -> int | None:
    text = row["attempt"]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise row.wrong(f"{text!r} is not the number of an attempt", "write 1 for the first, 2 for the second")
    return int(text)


def read_extensions(file: Path, due: Due) -> list[tuple[str, Extension, Row]]:
    """Read who has an extension; the name is a student's or one of their submissions'.

    Raises:
        CourseError: A row cannot be understood; it names file, line and remedy.
    """
    clock = Clock(due)
    return [(_who(row), Extension(_until(row, due, clock), row["reason"]), row) for row in _extension_rows(file)]


def _extension_rows(file: Path) -> Iterator[Row]:
    header = read_text(file).partition("\n")[0].lower()
    wanted = "student" if "student" in header else "submission"
    for row in rows_of(file, wanted, _EXTENSIONS):
        if "until" not in row.cells and "by" not in row.cells:
            raise CourseError(file, "line 1", "has neither a column 'until' nor 'by'", _EXTENSIONS)
        yield row


def _who(row: Row) -> str:
    name = row["student"] or row["submission"]
    if not name:
        raise row.wrong("names no student", "write whose extension it is, or remove the line")
    return name


def _until(row: Row, due: Due, clock: Clock) -> datetime:
    if bool(row["until"]) == bool(row["by"]):
        problem = "has both until and by" if row["until"] else "has neither until nor by"
        raise row.wrong(problem, "write the new deadline under until, or how much later it is under by: one of the two")
    if row["by"]:
        try:
            return clock.after(due.at, span_of(row["by"]))
        except ValueError as error:
            raise row.wrong(str(error), _SPAN) from None
    try:
        until = clock.read(row["until"], deadline=True)
    except ValueError as error:
        raise row.wrong(str(error), _ZONE if "no offset" in str(error) else _MOMENT) from None
    if until < due.at:
        problem = f"the extension ends {clock.show(until)}, before it is due ({clock.show(due.at)})"
        raise row.wrong(problem, "give a later time, or remove the line")
    return until
