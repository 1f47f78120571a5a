"""From what a check raised to a verdict, in words for its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ..errors import CheckFailed, Raised, Verdict, raised_by_student
from ..language import _, retold
from ..sandbox.endings import Lost
from ..sandbox.sentences import SENTENCES

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


def outcome_of(error: BaseException | None, words: Callable[[str], str] = str) -> Outcome:
    """Return the verdict for what a check raised; None is a pass.

    Args:
        error: What was raised.
        words: Looks the author's sentences up in the course's translation.
    """
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
        return Outcome("failed", error.said(words), words(error.because) if error.because else "")
    if isinstance(error, pytest.fail.Exception) and str(error).startswith(TIMED_OUT):
        return Outcome(
            "error", _("The check did not end in time: {error}").format(error=error), uncertain=True, timed_out=True
        )
    if isinstance(error, (AssertionError, pytest.fail.Exception)):
        return Outcome("failed", str(error))
    return Outcome("error", f"{type(error).__name__}: {error}", uncertain=isinstance(error, Exception))


def not_of_the_kind(message: str) -> str:
    """Return what to say of an answer that broke the check's own code; ``message`` tells how."""
    sentence = _("The answer is not of the kind that is asked for: the check could not work with it ({message}).")
    return sentence.format(message=message)


def _raised(error: BaseException, raised: Raised) -> Outcome:
    name = raised.function or _("Your code")
    if raised.kind == "NotImplementedError" and str(error).startswith(TODO):
        # the name is what the student's process says was called: not for the page of a hidden check
        said = _("{name} is not written yet.").format(name=name)
        return Outcome("failed", said, _("This is not written yet."), untouched=True)
    text = _("{name} raised {kind}: {message}") if str(error) else _("{name} raised {kind}")
    text = text.format(name=name, kind=raised.kind, message=retold(str(error), SENTENCES))
    if raised.line:
        text += "\n  " + _("{place}: {source}").format(place=raised.place, source=raised.source)
    return Outcome("failed", text, _("Your code raised an exception."))
