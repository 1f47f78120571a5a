"""The status of a check or an exercise, in words that a student understands."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["NO_CHECKS", "PARTLY", "UNSURE", "StatusWords", "status_words"]


@dataclass(frozen=True)
class StatusWords:
    """A status for a reader.

    Attributes:
        kind: ``good``, ``bad``, ``waiting`` or ``unsure``; an exercise may be ``partly`` right.
        mark: One character.
        label: A word or two.
        sentence: What it means, for when nothing more can be said.
    """

    kind: str
    mark: str
    label: str
    sentence: str = ""


UNSURE = StatusWords(
    "unsure",
    "?",
    "not graded",
    "The grader could not tell. This is not counted against you; your instructor has been told.",
)
PARTLY = StatusWords("partly", "◐", "partly right")
NO_CHECKS = StatusWords("waiting", "○", "no checks")
_WORDS = MappingProxyType(
    {
        "passed": StatusWords("good", "✓", "passed"),
        "failed": StatusWords("bad", "✗", "not right yet", "The answer is not what this check asks for."),
        "timeout": StatusWords("bad", "✗", "took too long", "Your code was stopped at the time limit."),
        "crashed": StatusWords("bad", "✗", "crashed", "Python itself came to an end while your code ran."),
        "memory": StatusWords("bad", "✗", "too much memory", "Your code asked for too much memory."),
        "deferred": StatusWords("waiting", "○", "waiting", "It waits for a machine with a GPU."),
    }
)


def status_words(status: str) -> StatusWords:
    """Return the words for a check's status; one that nobody has heard of is no verdict on the student."""
    return _WORDS.get(status, UNSURE)
