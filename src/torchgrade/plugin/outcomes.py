"""From what a check raised to a verdict, in words for its reader."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ..errors import CheckFailed, Raised, Verdict, raised_by_student
from ..sandbox.transport import Lost

__all__ = ["TODO", "Outcome", "outcome_of"]

TODO = "TODO"
TIMED_OUT = "Timeout ("  # how pytest-timeout begins


@dataclass(frozen=True)
class Outcome:
    """The verdict on one check.

    Attributes:
        status: ``passed``, ``failed``, ``timeout``, ``crashed``, ``memory``, ``deferred`` or ``error``.
        message: Everything there is to say.
        rationale: The part that the check's author, or the engine, wrote for students; safe for a hidden check.
        untouched: The exercise's stub is as it was handed out.
        uncertain: An exception in the check's own code, which a strange answer or a wrong check may have caused.
        timed_out: pytest-timeout stopped it; in a student's own run that is the student's loop.
        lost: The worker vanished, perhaps not by the student's doing: try again.
    """

    status: str
    message: str = ""
    rationale: str = ""
    untouched: bool = False
    uncertain: bool = False
    timed_out: bool = False
    lost: bool = False


def outcome_of(error: BaseException | None) -> Outcome:
    """Return the verdict for what a check raised; None is a pass."""
    if error is None:
        return Outcome("passed")
    if isinstance(error, pytest.skip.Exception):
        return Outcome("deferred", str(error.msg), str(error.msg))
    if isinstance(error, Verdict):
        lost = isinstance(error, Lost)
        # An exit code or a signal is the code's own choice: it could say what a hidden check passed.
        public = error.public and error.status != "crashed"
        return Outcome(error.status, error.message, error.message if public else "", lost=lost)
    raised = raised_by_student(error)
    if raised is not None:
        return _raised(error, raised)
    if isinstance(error, CheckFailed):
        return Outcome("failed", str(error), error.because or "")
    if isinstance(error, pytest.fail.Exception) and str(error).startswith(TIMED_OUT):
        return Outcome("error", f"The check did not end in time: {error}", uncertain=True, timed_out=True)
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        return Outcome("failed", str(error))
    return Outcome("error", f"{type(error).__name__}: {error}", uncertain=isinstance(error, Exception))


def _raised(error: BaseException, raised: Raised) -> Outcome:
    name = raised.function or "Your code"
    if raised.kind == "NotImplementedError" and str(error).startswith(TODO):
        # the name is what the student's process says was called: not for the page of a hidden check
        return Outcome("failed", f"{name} is not written yet.", "This is not written yet.", untouched=True)
    place = f"\n  {raised.place}: {raised.source}" if raised.line else ""
    text = f"{name} raised {raised.kind}: {error}{place}" if str(error) else f"{name} raised {raised.kind}{place}"
    return Outcome("failed", text, "Your code raised an exception.")
