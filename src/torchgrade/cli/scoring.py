"""`torchgrade scores`: from raw results to the points that count."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..course import Assignment
from ..course.files import write_changed
from ..grade.results import SubmissionResult
from ..late import HandedIn, StudentScore, handed_in, page_lines, student_text
from ..late.moments import Clock
from .courses import add_language, assignment_of, course_of

__all__ = ["add_commands", "add_options", "handed_in_of", "write_pages"]

COLUMNS = (
    "student", "submission", "attempt", "attempts", "handed_in", "due", "raw_score", "percent_off",
    "score", "max_score", "waiting", "rule",
)  # fmt: skip


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    scores = commands.add_parser(
        "scores", parents=[shared], help="the points that count: late penalties, attempts, extensions",
        description="Apply an assignment's [due] to results: what counts for each student, and by which rule. "
        "The results themselves stay as they are.",
        epilog="example: torchgrade scores 01-tensors OUT --times times.csv --out scores.csv; "
        "exit codes: 0 done; 2 the command, the course, or one of the files is wrong",
    )  # fmt: skip
    scores.add_argument("slug", metavar="SLUG", help="the assignment, such as 01-tensors")
    scores.add_argument("results", type=Path, metavar="RESULTS", help="a results.jsonl, or the folder that holds it")
    add_options(scores)
    add_language(scores)
    scores.add_argument("--out", type=Path, metavar="FILE", help="write the scores there as CSV")
    scores.add_argument(
        "--feedback", type=Path, metavar="DIR", help="write each student's page anew, with the rule on it"
    )
    scores.set_defaults(run=_scores)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options on when submissions were handed in."""
    parser.add_argument(
        "--times", metavar="FILE",
        help="when each was handed in: a CSV with the columns submission and time (and student, attempt); "
        "or names, for names like alice__2026-11-30T22-10-00+0100; or mtime, for the files' own times",
    )  # fmt: skip
    parser.add_argument(
        "--extensions", type=Path, metavar="FILE", help="a CSV with the columns student, until or by, and reason"
    )


def handed_in_of(options: argparse.Namespace, assignment: Assignment, submissions: dict[str, Path]) -> HandedIn:
    """Gather what ``--times`` and ``--extensions`` say, and print what the instructor should look at."""
    from ..report.text import one_line

    found = handed_in(assignment, submissions, options.times, options.extensions)
    for note in found.notes:
        print(f"note: {one_line(note, 2000)}", file=sys.stderr)
    return found


def write_pages(
    scores: list[StudentScore],
    assignment: Assignment,
    folder: Path,
    whole: Callable[[SubmissionResult], SubmissionResult] = lambda result: result,
) -> None:
    """Write the page of every attempt, with what became of it.

    Args:
        scores: What counts for each student.
        assignment: Whose pages they are.
        folder: Where they go.
        whole: Gives a result with all its words, where those of the scores have none.
    """
    from ..report.feedback import write_feedback

    for score in scores:
        for one in score.attempts:
            write_feedback(whole(one.result), assignment, folder, page_lines(score, one.result.submission))


def _scores(options: argparse.Namespace) -> int:
    from ..export.tables import table
    from .scores_screen import show_scores

    assignment = assignment_of(course_of(options), options.slug)
    results = _results_of(options.results, assignment)
    found = handed_in_of(options, assignment, {result.submission: Path(result.path) for result in results})
    scores = found.settle(results)
    show_scores(scores, assignment)
    if options.out:
        write_changed(options.out, table(COLUMNS, map(_row, scores)).encode())
        print(f"scores: {options.out}")
    if options.feedback:
        write_pages(scores, assignment, options.feedback)
        print(f"pages for students: {options.feedback}")
    return 0


def _results_of(path: Path, assignment: Assignment) -> list[SubmissionResult]:
    from ..export import read_results

    results = read_results(path, settled=False)
    others = sorted({result.assignment for result in results} - {assignment.slug})
    if others:
        raise ValueError(f"{path} holds results of {', '.join(others)}, not of {assignment.slug}")
    return results


def _row(score: StudentScore) -> list[str | float]:
    one = score.chosen
    zone = Clock(score.due).zone
    moments = [moment.astimezone(zone).isoformat() if moment else "" for moment in (one.attempt.time, one.charge.due)]
    off = 100.0 if one.charge.kind == "closed" else float(100 * one.charge.share)
    return [
        score.student, one.result.submission, score.place + 1, len(score.attempts), *moments,
        round(one.result.score, 6), off, score.points, one.result.max_score, one.waiting, student_text(score),
    ]  # fmt: skip
