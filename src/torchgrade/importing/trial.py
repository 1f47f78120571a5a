"""Trying an imported assignment: what its own reference does not pass is no check."""

from __future__ import annotations

from collections.abc import Callable

from ..course import Assignment, Course
from ..errors import CourseError
from ..grade.pool import GraderFailed
from ..grade.results import CheckResult
from ..verify.attempts import Trial, lost, right_attempts, wrong_attempts
from ..verify.workers import Workers
from .convert import Converted
from .pieces import Note

__all__ = ["try_out"]

SEEDS = 2
# What students' processes cannot do, by the words of the exception that comes of it.
_HINTS = {
    "does not require grad": "gradients do not flow back into a student's process; see submission.vjp",
    "unexpected keyword argument": "arguments travel by position, not by name",
    "isinstance() arg 2": "a student's class is out of reach; ask for what its objects do",
}


def try_out(course: Course, slug: str, found: Converted, write: Callable[[], None]) -> str:
    """Grade the reference and the stub; loosen or take out checks that judge them wrongly, and write the files again.

    Args:
        course: Where the assignment was written.
        slug: Its name.
        found: What was converted; its checks are changed.
        write: Writes the assignment anew.

    Returns:
        A sentence on what was tried and what came of it.
    """
    if not found.checks:
        return "No test could be carried, so nothing was tried."
    try:
        assignment = course.assignment(slug)
        wrong = _wrong(course, assignment)
        while _loosen(found, wrong):
            write()
            wrong = _wrong(course, assignment)
    except (CourseError, GraderFailed) as error:
        return f"The checks could not be tried on the reference: {error}"
    if "" in wrong:
        return f"THE REFERENCE CANNOT BE IMPORTED, so nothing could be tried: {wrong['']}"
    for check in [check for check in found.checks if check.name in wrong]:
        found.refuse(check, wrong[check.name])
    if wrong:
        write()
    return "Tried: the reference passes every check, and the untouched stub none."


def _loosen(found: Converted, wrong: dict[str, str]) -> bool:
    """Write assertions as they were where `expect`, which is strict about types, fails the reference."""
    changed = False
    for at, check in enumerate(found.checks if "" not in wrong else ()):
        loosened = check.loosened()
        if loosened.source == check.source:
            loosened = loosened.loosened()
        if check.name in wrong and loosened.source != check.source:
            found.checks[at], changed = loosened, True
            why = f"assertions in it stay as they are, because expect() is strict: {wrong[check.name]}"
            found.notes.append(Note(check.case.cell, check.name, " ".join(why.split()), lost=False))
    return changed


def _wrong(course: Course, assignment: Assignment) -> dict[str, str]:
    """Return the checks, by function, that the reference fails or the stub passes; "" is the file as a whole."""
    attempts = [*right_attempts(course, assignment, SEEDS, loaded=False), *wrong_attempts(assignment)]
    wrong = dict[str, str]()
    with Workers(course.root, assignment.slug, 1) as workers:
        for attempt, trial in workers.run(attempts):
            if attempt.right:
                wrong |= _failed(trial)
            else:
                passed = (check for check in trial.checks if check.status == "passed")
                wrong |= {_function(check): "passes on the untouched stub" for check in passed}
    return wrong


def _failed(trial: Trial) -> dict[str, str]:
    if trial.status != "graded":
        return {"": trial.cause}
    return {
        _function(check): f"the reference fails it: {_short(check.message)}" for check in trial.checks if lost(check)
    }


def _function(check: CheckResult) -> str:
    return check.id.rpartition("::")[2].partition("[")[0]


def _short(message: str) -> str:
    words = " ".join(message.split())
    words += "".join(f" ({hint})" for sign, hint in _HINTS.items() if sign in words)
    return words if len(words) <= 300 else words[:297] + "..."
