"""Gradescope: an ``autograder.zip``."""

from __future__ import annotations

import json
from typing import Any

from ..course import Assignment, Course
from .archive import zip_of
from .bundle import Choice, bundle_files
from .texts import filled, shared_parts

__all__ = ["gigabytes", "gradescope_pack"]

_FAILED = (
    "The grader could not grade this submission. That is no fault of yours, and it is not a score: nothing is lost. "
    "Please tell your instructor, who can run the autograder again."
)
_LATE = (
    "The grader did not come to an end in the time or the memory that it has here, so there is no score yet. If your "
    "program has a loop that may never end, mend it and hand in again; if not, please tell your instructor."
)
_LEAST_SECONDS = 60
_GRADER_MB = 700  # the grader and the process that its workers are forked from, with torch in both; docs/packs.md
_RESERVE = 45  # seconds that Gradescope needs to start and to collect the results


def gradescope_pack(course: Course, assignment: Assignment, choice: Choice, minutes: int = 10) -> bytes:
    """Return the zip archive to upload under Configure Autograder.

    Args:
        course: Where the assignment lies.
        assignment: Which one.
        choice: What the instructor chose.
        minutes: The time that the autograder has, as set on Gradescope; ours ends a little earlier.

    Raises:
        CourseError: The assignment cannot be packed.
    """
    seconds = max(_LEAST_SECONDS, 60 * minutes - _RESERVE)
    files = {f"grader/{name}": content for name, content in bundle_files(course, assignment, choice).items()}
    files |= {
        "setup.sh": filled("gradescope/setup.sh"),
        "run_autograder": filled(
            "gradescope/run_autograder", slug=assignment.slug, seconds=str(seconds), **shared_parts()
        ),
        "failed.json": _failure(_FAILED),
        "late.json": _failure(_LATE),
    }
    return zip_of(files)


def gigabytes(assignment: Assignment) -> int:
    """Return how much memory a container should have: the grader's own, and what a student's process may take."""
    return -(-(_GRADER_MB + assignment.limits.memory_mb) // 1024)


def _failure(words: str) -> bytes:
    """Return a ``results.json`` that says what happened and gives no score, which is not the same as 0."""
    record: dict[str, Any] = {
        "output": words,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {"status": "grader failed"},
    }
    return (json.dumps(record, indent=1) + "\n").encode()
