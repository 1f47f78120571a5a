"""Where every failure of an expectation is raised, and kept short."""

from __future__ import annotations

from typing import NoReturn

from ..errors import CheckFailed
from .difference import Difference

__all__ = ["fail", "fail_with"]
__tracebackhide__ = True

RATIONALE_LINES, HELP_LINES, LINE_ROOM = 5, 2, 200


def fail(difference: Difference, because: str | None) -> NoReturn:
    """Raise the failure that a difference tells of.

    Raises:
        CheckFailed: Always.
    """
    fail_with(difference.rationale, difference.help, because)


def fail_with(rationale: str, help: str, because: str | None) -> NoReturn:  # noqa: A002 - the name students see
    """Raise a failure of at most seven lines, and one more for the author's sentence.

    Raises:
        CheckFailed: Always.
    """
    raise CheckFailed(_bounded(rationale, RATIONALE_LINES), _bounded(help, HELP_LINES), because) from None


def _bounded(text: str, lines: int) -> str:
    kept = text.splitlines()[:lines]
    return "\n".join(line if len(line) <= LINE_ROOM else f"{line[: LINE_ROOM - 3]}..." for line in kept)
