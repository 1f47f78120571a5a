"""The status of a check or an exercise, in words that a student understands."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from ..language import N_, _

__all__ = ["NO_CHECKS", "PARTLY", "UNSURE", "StatusWords", "status_words"]


@dataclass(frozen=True)
class StatusWords:
    """A status for a reader.

    Attributes:
        kind: ``good``, ``bad``, ``waiting`` or ``unsure``; an exercise may be ``partly`` right.
        mark: One character.
        name: A word or two, in English.
        meaning: What it means, for when nothing more can be said, in English.
    """

    kind: str
    mark: str
    name: str
    meaning: str = ""

    @property
    def label(self) -> str:
        """A word or two, in the reader's language."""
        return _(self.name)

    @property
    def sentence(self) -> str:
        """What it means, in the reader's language; empty where the label says it."""
        return _(self.meaning) if self.meaning else ""


UNSURE = StatusWords(
    "unsure",
    "?",
    N_("not graded"),
    N_("The grader could not tell. This is not counted against you; your instructor has been told."),
)
PARTLY = StatusWords("partly", "◐", N_("partly right"))
NO_CHECKS = StatusWords("waiting", "○", N_("no checks"))
_WORDS = MappingProxyType(
    {
        "passed": StatusWords("good", "✓", N_("passed")),
        "failed": StatusWords("bad", "✗", N_("not right yet"), N_("The answer is not what this check asks for.")),
        "timeout": StatusWords("bad", "✗", N_("took too long"), N_("Your code was stopped at the time limit.")),
        "crashed": StatusWords("bad", "✗", N_("crashed"), N_("Python itself came to an end while your code ran.")),
        "memory": StatusWords("bad", "✗", N_("too much memory"), N_("Your code asked for too much memory.")),
        "deferred": StatusWords("waiting", "○", N_("waiting"), N_("It waits for a machine with a GPU.")),
    }
)


def status_words(status: str) -> StatusWords:
    """Return the words for a check's status; one that nobody has heard of is no verdict on the student."""
    return _WORDS.get(status, UNSURE)
