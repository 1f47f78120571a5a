"""What an export takes from the course, where there is one: titles, and what counts after lateness and attempts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..course import Assignment
from ..errors import CourseError
from ..export import Wishes
from ..grade.results import SubmissionResult
from .courses import course_of
from .scoring import handed_in_of

__all__ = ["known_of_course", "only"]


def known_of_course(wishes: Wishes, results: Sequence[SubmissionResult], options: argparse.Namespace) -> Wishes:
    """Return the wishes with what the course says; without a course, as they are.

    Raises:
        CourseError: A course was named, or is needed for ``--times`` or ``--extensions``, and cannot be used.
        ValueError: These were given for scores in which they are already.
    """
    times, extensions = getattr(options, "times", None), getattr(options, "extensions", None)
    settled = any(result.settled for result in results)
    if settled and (times or extensions):
        raise ValueError("lateness and extensions are in these scores already: leave --times and --extensions out")
    needed = bool(options.course or times or extensions)
    assignment = _assignment(results, options, needed=needed) if results else None
    if assignment is None:
        return wishes
    wishes = replace(wishes, assignment=assignment)
    if times or extensions:
        paths = {result.submission: Path(result.path) for result in results}
        return replace(wishes, scores=handed_in_of(options, assignment, paths).settle(results))
    if assignment.due is not None and "times" in options and not settled:
        print(
            f"torchgrade: {assignment.slug} has a due date, and without --times nothing is taken off", file=sys.stderr
        )
    return wishes


def _assignment(results: Sequence[SubmissionResult], options: argparse.Namespace, *, needed: bool) -> Assignment | None:
    try:
        course, slug = course_of(options), results[0].assignment
        return course.assignment(slug) if needed or slug in course.slugs else None
    except CourseError as error:
        if needed:
            raise
        if error.file.is_file():  # a course, but a broken one
            print(f"torchgrade: exercises keep their functions' names: {error}", file=sys.stderr)
        return None


def only(wishes: Wishes, submission: str) -> Wishes:
    """Return the wishes with what was settled for one submission's student only."""
    if wishes.scores is None:
        return wishes
    mine = [score for score in wishes.scores if submission in {one.result.submission for one in score.attempts}]
    return replace(wishes, scores=mine)
