"""What can go wrong, by whose doing: the instructor's files, the student's answer, or the student's process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .language import _

__all__ = ["AuthorError", "CheckFailed", "CourseError", "Raised", "Verdict", "raised_by_student"]


class CourseError(Exception):
    """A file of the course is not as it must be.

    Args:
        file: The file or folder that was read.
        place: Where in it: a key, a line, a function name; empty for the file as a whole.
        problem: What was found and what was expected.
        remedy: What to do next.
    """

    def __init__(self, file: Path | str, place: str, problem: str, remedy: str) -> None:
        self.file, self.place, self.problem, self.remedy = Path(file), place, problem, remedy
        where = f"{file}: {place}" if place else str(file)
        super().__init__(f"{where}: {problem}\n  fix: {remedy}")


class AuthorError(Exception):
    """A check asks for something that cannot be done; the message speaks to its author."""


class CheckFailed(AssertionError):
    """The student's answer is not what the check asks for.

    Args:
        rationale: What came, what was asked, and where they differ.
        help: One thing to look at; may be empty.
        because: What the check's author wrote; the only text of a hidden check that a student sees.
    """

    def __init__(self, rationale: str, help: str = "", because: str | None = None) -> None:  # noqa: A002
        self.rationale, self.help, self.because = rationale, help, because
        super().__init__(self.said(str))

    def said(self, words: Callable[[str], str]) -> str:
        """Return all there is to say, what its author wrote in the words that the course's translation has for it."""
        parts = dict.fromkeys((self.because, self.rationale, self.help))  # the last two as well: `expect.fail`
        return "\n".join(words(part) for part in parts if part)


class Verdict(BaseException):
    """The student's process ended the check: nothing more can be asked of it.

    Not an Exception, so that ``pytest.raises(Exception)`` in a check cannot take it for an answer.

    Args:
        status: ``"timeout"``, ``"crashed"``, ``"memory"`` or ``"failed"``; ``"error"`` when no process could be had.
        message: A sentence for the student.
        public: Whether it may be shown for a hidden check: it holds nothing that the student's code said there.
    """

    def __init__(self, status: str, message: str, *, public: bool = True) -> None:
        self.status, self.message, self.public = status, message, public
        super().__init__(message)


@dataclass(frozen=True)
class Raised:
    """Where a student's code raised an exception.

    Attributes:
        kind: Name of the exception's class as the student's code raised it.
        line: Line in the student's file, or None when no frame of it was on the stack.
        source: That line's text, without indentation.
        function: The student's function that was called, or None at import.
        cell: The cell of a notebook that the line is counted in, or None in a file.
    """

    kind: str
    line: int | None
    source: str
    function: str | None
    cell: int | None = None

    @property
    def place(self) -> str:
        """The line in words: ``line 3``, or ``cell 7, line 3``."""
        if self.cell is None:
            return _("line {line}").format(line=self.line)
        return _("cell {cell}, line {line}").format(cell=self.cell, line=self.line)


_MARK = "__torchgrade_raised__"


def mark_raised(error: BaseException, raised: Raised) -> None:
    """Remember that ``error`` came from the student's process."""
    setattr(error, _MARK, raised)


def raised_by_student(error: BaseException | None) -> Raised | None:
    """Tell where the student's code raised ``error``; None when it came from anywhere else."""
    found: Any = getattr(error, _MARK, None)
    return found if isinstance(found, Raised) else None
