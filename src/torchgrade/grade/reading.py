"""A submission that has been read: all that a grader needs of it, wherever that grader is."""

from __future__ import annotations

from dataclasses import dataclass

from ..course import Assignment
from ..language import _, retold
from ..sandbox.program import Program, program_from
from ..sandbox.sentences import SENTENCES
from .results import readable
from .submissions import Submission

__all__ = ["ReadSubmission", "read_submission"]


@dataclass(frozen=True)
class ReadSubmission:
    """One student's work, off the disk.

    Attributes:
        name: How results name it.
        path: Where it lay, for the results only.
        program: Its files; None where they could not be read.
        cause: Why not, as a sentence.
    """

    name: str
    path: str
    program: Program | None
    cause: str = ""


def read_submission(submission: Submission, assignment: Assignment) -> ReadSubmission:
    """Read a submission's files; what cannot be read has a cause instead."""
    path = readable(str(submission.path))
    try:
        program = program_from(submission.path, assignment.module, exercises=assignment.exercise_names)
    except (OSError, ValueError) as error:
        cause = _("The submission could not be read: {error}.").format(error=retold(str(error), SENTENCES))
        return ReadSubmission(submission.name, path, None, cause)
    return ReadSubmission(submission.name, path, program)
