"""`torchgrade grade`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..course import Assignment
from ..grade.ledger import Ledger, refuse_another
from ..grade.pool import GraderFailed, Settings, grade_all
from ..grade.results import CheckResult, SubmissionResult
from ..grade.submissions import Submission, find_submissions
from ..late import HandedIn
from .book_keeping import Keeper, add_option
from .clustering import add_cluster_options, graded_on_cluster
from .courses import add_language, assignment_of, course_of
from .scoring import add_options, handed_in_of, write_pages

__all__ = ["add_commands"]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add this module's command to the parser."""
    grade = commands.add_parser(
        "grade", parents=[shared], help="grade one submission or a class",
        description="Run an assignment's checks on submissions. Results appear in OUT/results.jsonl as each "
        "submission ends, and a page for each student in OUT/feedback/. A second run grades only what changed.",
        epilog="example: torchgrade grade 01-tensors submissions/ --jobs 4 --out OUT. "
        "exit codes: 0 every submission got a verdict, whatever the scores; 1 the grader itself failed; "
        "2 the command or the course is wrong",
    )  # fmt: skip
    grade.add_argument("slug", metavar="SLUG", help="the assignment, such as 01-tensors")
    grade.add_argument(
        "submissions", nargs="+", type=Path, metavar="SUBMISSION",
        help="a .py or .ipynb file, a folder of such files, or a folder with a folder for each student",
    )  # fmt: skip
    grade.add_argument("--out", type=Path, default=Path("OUT"), metavar="DIR", help="where results go (default: OUT)")
    grade.add_argument(
        "--isolation",
        choices=["sandbox", "none"],
        default="sandbox",
        help="none: in the grader's process; for your own code only",
    )
    grade.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="grader processes, or auto for one a core (default: 1)"
    )
    grade.add_argument("--visible-only", action="store_true", help="leave out the hidden checks")
    grade.add_argument("--again", action="store_true", help="grade also what has a result already")
    add_options(grade)
    add_language(grade)
    add_option(grade)
    add_cluster_options(grade)
    grade.add_argument(
        "--allow-unconfined",
        action="store_true",
        help="run hidden checks even where the machine cannot keep them from the student's code (see doctor)",
    )
    grade.set_defaults(run=_grade)


def _jobs(text: str) -> int:
    if text == "auto":
        return os.cpu_count() or 1
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a number of processes nor auto")
    return int(text)


def _grade(options: argparse.Namespace) -> int:
    from ..grade.suite import suite_key

    course = course_of(options)
    assignment = assignment_of(course, options.slug)
    submissions = find_submissions(options.submissions)
    late = handed_in_of(options, assignment, {one.name: one.path for one in submissions})
    refuse_another(options.out, assignment.slug)
    settings = Settings(course.root, assignment.slug, options.isolation, options.visible_only, options.allow_unconfined)
    ledger = Ledger(options.out, suite_key(course, assignment, options.isolation, options.visible_only))
    try:
        with Keeper(options, late) as keeper:
            return _run(settings, assignment, submissions, ledger, late, options, keeper)
    except GraderFailed as error:
        print(f"torchgrade: the grader failed: {error}", file=sys.stderr)
        return 1
    finally:
        ledger.close()


def _run(
    settings: Settings,
    assignment: Assignment,
    submissions: list[Submission],
    ledger: Ledger,
    late: HandedIn,
    options: argparse.Namespace,
    keeper: Keeper,
) -> int:
    from ..report.feedback import write_feedback
    from .screen import Screen

    names = [submission.name for submission in submissions]
    done = set() if options.again else _already(ledger, submissions, assignment)
    waiting = [submission for submission in submissions if submission.name not in done]
    for result in ledger.results(sorted(done)):
        keeper.add(result, fresh=False)
    graded = graded_on_cluster(settings, waiting, options) if options.scheduler else None
    with Screen(assignment, len(submissions), len(done)) as screen:
        for result in graded or grade_all(settings, waiting, options.jobs):
            ledger.add(result)
            keeper.add(result)
            write_feedback(result, assignment, options.out / "feedback")
            screen.add(result)
        if options.times or options.extensions:  # which attempt counts is known only now
            scores = late.settle(map(_points_of, ledger.results(names)))
            write_pages(scores, assignment, options.out / "feedback", lambda result: ledger.result(result.submission))
        screen.finish(ledger.results(names), options.out)
    return 1 if keeper.lost or not all(map(ledger.sure, names)) else 0


def _points_of(result: SubmissionResult) -> SubmissionResult:
    """Leave out all words, which are most of a result: of a large class every one is needed at once."""

    def points_of(check: CheckResult) -> CheckResult:
        return replace(check, id="", title="", message="", rationale="", belief=None, hint=None)

    return replace(result, path="", notes=(), checks=tuple(map(points_of, result.checks)))


def _already(ledger: Ledger, submissions: list[Submission], assignment: Assignment) -> set[str]:
    from ..grade.suite import digest_of_path

    return {one.name for one in submissions if ledger.finished(one.name, digest_of_path(one.path, assignment.module))}
