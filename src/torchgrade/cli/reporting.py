"""`torchgrade report`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..course import Assignment, Course
from ..errors import CourseError
from .courses import assignment_of, course_of
from .scoring import add_options, handed_in_of

if TYPE_CHECKING:
    from ..classroom import Counted, ResultsFile
    from ..grade.results import SubmissionResult
    from ..report.class_page import Labels
    from ..report.instructor import ClassPart

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    report = commands.add_parser(
        "report", parents=[shared], help="pages for instructors: how the class did, and why",
        description="Write a page about each assignment's class, one about the term where there are several, and one "
        "about each student. They ask the network for nothing. They name students and show hidden checks: keep them "
        "to yourself.",
        epilog="example: torchgrade report OUT/01-tensors OUT/02-arithmetic --out report, then open report/index.html; "
        "exit codes: 0 written; 2 the command, the course or the results are wrong",
    )  # fmt: skip
    report.add_argument(
        "results", nargs="+", type=Path, metavar="RESULTS",
        help="a results.jsonl for each assignment, or the folder that `grade` wrote it to",
    )  # fmt: skip
    report.add_argument(
        "--out", type=Path, default=Path("report"), metavar="DIR|FILE",
        help="a folder for all pages, or a .html file for one page without those of the students (default: report)",
    )  # fmt: skip
    report.add_argument("--term", action="store_true", help="write the term's page for a single assignment, too")
    add_options(report)
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from ..report.instructor import write_page, write_pages

    parts = _parts(options)
    term = options.term or len(parts) > 1
    if options.out.suffix == ".html":
        write_page(parts, options.out, term=term)
        print(f"report: {options.out}")
        return 0
    written = write_pages(parts, options.out, term=term)
    number = _write_students(parts, options.out)
    print(f"report: {written[0]}   pages about students: {number}")
    return 0


def _parts(options: argparse.Namespace) -> list[ClassPart]:
    from ..classroom import ResultsFile

    if (options.times or options.extensions) and len(options.results) > 1:
        raise ValueError("--times and --extensions belong to one assignment; give its results alone")
    found: dict[str, ResultsFile] = {}
    for path in options.results:
        one = ResultsFile(path)
        other = found.setdefault(one.assignment, one)
        if other is not one:
            raise ValueError(f"{other.path} and {one.path} both hold results of {one.assignment}; give one of them")
    course = _course(options)
    return [_part(found[slug], course, options) for slug in sorted(found)]


def _course(options: argparse.Namespace) -> Course | None:
    """Return the course, if one is at hand: without one the pages have names in place of titles."""
    try:
        return course_of(options)
    except CourseError:
        if options.course or options.times or options.extensions:
            raise
        print("note: no course is around here, so exercises go by their names; see --course", file=sys.stderr)
        return None


def _part(source: ResultsFile, course: Course | None, options: argparse.Namespace) -> ClassPart:
    from ..classroom import Tally
    from ..late import rule_text
    from ..report.instructor import ClassPart

    assignment = assignment_of(course, source.assignment) if course else None
    settled = options.times or options.extensions
    counted = _counted(source, assignment, options) if assignment and settled else None
    figures = Tally(source.assignment, counted).add_all(source).figures()
    notes = [rule_text(assignment.due)] if counted is not None and assignment and assignment.due else []
    return ClassPart(source, figures, _labels(source.assignment, assignment), counted or {}, notes)


def _labels(slug: str, assignment: Assignment | None) -> Labels:
    from ..report.class_page import Labels, labels_of

    return labels_of(assignment) if assignment else Labels(slug, slug)


def _counted(source: ResultsFile, assignment: Assignment, options: argparse.Namespace) -> dict[str, Counted]:
    """Return what counts after penalties, for the submissions that count."""
    from ..classroom import Counted
    from ..late import student_text

    late = handed_in_of(options, assignment, {one.submission: Path(one.path) for one in source})
    scores = late.settle(_light(source))
    return {
        score.chosen.result.submission: Counted(score.student, score.points, student_text(score)) for score in scores
    }


def _light(results: Iterable[SubmissionResult]) -> Iterator[SubmissionResult]:
    """Leave out of results all but what is still open: all that settling asks of their checks."""
    from ..classroom import JUDGED

    for result in results:
        yield replace(result, checks=tuple(check for check in result.checks if check.status not in JUDGED))


def _write_students(parts: Sequence[ClassPart], folder: Path) -> int:
    from rich.console import Console
    from rich.progress import track

    from ..report.instructor import write_students

    console = Console(stderr=True)
    total = len({row.student for part in parts for row in part.figures.rows})
    pages = track(
        write_students(parts, folder), "students", total,
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    return sum(1 for _ in pages)
