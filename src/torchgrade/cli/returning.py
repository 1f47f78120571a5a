"""`torchgrade feedback`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..course import Assignment
from ..grade.results import SubmissionResult
from .courses import add_language, assignment_of, course_of
from .scoring import add_options, handed_in_of

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    feedback = commands.add_parser(
        "feedback", parents=[shared], help="each student's own notebook, with the verdicts beneath its cells",
        description="Write each student's own work with every exercise's verdict beneath the cell that defines it: "
        "NAME.ipynb for a notebook, and NAME.notebook.html, a page for any browser, for notebooks and .py files. What "
        "was handed in is read from where it was graded. Needs pip install 'torchgrade[notebook]'.",
        epilog="example: torchgrade feedback OUT --submission alice; exit codes: 0 written; 1 written, but some work "
        "is gone or has changed since it was graded, as the message says; 2 the command, the course or the results "
        "are wrong",
    )  # fmt: skip
    feedback.add_argument(
        "results", type=Path, metavar="RESULTS", help="a results.jsonl, or the folder that `grade` wrote it to"
    )
    feedback.add_argument("--submission", metavar="NAME", help="only this one")
    feedback.add_argument(
        "--to", type=Path, metavar="DIR", help="where the files go (default: the folder feedback beside the results)"
    )
    add_options(feedback)
    add_language(feedback)
    feedback.set_defaults(run=_feedback)


def _feedback(options: argparse.Namespace) -> int:
    from ..export import read_results
    from ..export.reading import choose

    results = read_results(options.results)
    if not results:
        raise ValueError(f"{options.results} holds no submission; `torchgrade grade` puts them there")
    assignment = assignment_of(course_of(options), results[0].assignment)
    lines = _lines_of(options, assignment, results)
    if options.submission is not None:
        results = [choose(results, options.submission, str(options.results))]
    beside = options.results if options.results.is_dir() else options.results.parent
    return _write(results, assignment, options.to or beside / "feedback", lines)


def _lines_of(
    options: argparse.Namespace, assignment: Assignment, results: Sequence[SubmissionResult]
) -> dict[str, tuple[str, ...]]:
    """Return what each page says on handing in, by submission."""
    from ..late import page_lines

    found = handed_in_of(options, assignment, {result.submission: Path(result.path) for result in results})
    return {
        one.result.submission: page_lines(score, one.result.submission)
        for score in found.settle(results)
        for one in score.attempts
    }


def _write(
    results: Sequence[SubmissionResult], assignment: Assignment, folder: Path, lines: Mapping[str, tuple[str, ...]]
) -> int:
    from rich.console import Console
    from rich.progress import track

    from ..report.returned import write_returned
    from ..report.text import one_line

    console, code = Console(stderr=True), 0
    for result in track(results, "feedback", console=console, transient=True, disable=not console.is_terminal):
        made = write_returned(result, assignment, folder, lines[result.submission])
        if made.trouble and result.status != "unreadable":
            code = 1
            name, path = one_line(result.submission), one_line(result.path)
            print(f"torchgrade: {name}: {made.trouble} ({path})", file=sys.stderr)
    print(f"pages for students: {folder}")
    if code:
        print("torchgrade: run this where `grade` was run, on what was graded; or grade again", file=sys.stderr)
    return code
