"""How a worker ends that was not told to."""

from __future__ import annotations

from ..errors import Verdict
from ..language import _

__all__ = ["Lost", "Unstartable", "exited"]


class Lost(Verdict):
    """The worker vanished in a way that may not be the student's doing: worth another try."""


class Unstartable(Lost):
    """No worker can be had at all: nothing that a submission could have done."""

    def __init__(self) -> None:
        super().__init__("error", _("The grader could not start a process to run your code in."))


def exited(code: int) -> Verdict:
    """Return the verdict on code that ended its process with an exit code."""
    sentence = _("Your code ended the whole program (exit code {code}) instead of returning.")
    return Verdict("crashed", sentence.format(code=code))
