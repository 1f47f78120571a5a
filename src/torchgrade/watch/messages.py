"""What the watching process and a runner say to each other: lines of JSON.

The runner's lines come through a pipe that is not the student's stdout. What the student prints comes through another
one, in which a line with the runner's mark stands where a check begins.
"""

from __future__ import annotations

import msgspec

__all__ = ["Begun", "Check", "Done", "Message", "Problem", "Ready", "Request", "Started", "mark_of"]


class Check(msgspec.Struct, frozen=True):
    """A check that a runner can run.

    Attributes:
        id: As everywhere.
        exercise: Name of the exercise.
        title: The line that the student reads.
    """

    id: str
    exercise: str
    title: str


class Ready(msgspec.Struct, tag=True, frozen=True):
    """Torch is loaded and the checks are collected; a request may come."""

    checks: list[Check]


class Begun(msgspec.Struct, tag=True, frozen=True):
    """The submission was read; ``name`` is what the student calls the file."""

    name: str


class Started(msgspec.Struct, tag=True, frozen=True):
    """A check begins."""

    id: str


class Done(msgspec.Struct, tag=True, frozen=True):
    """A check ended, with its verdict as in `plugin.outcomes`."""

    id: str
    status: str
    message: str
    untouched: bool


class Problem(msgspec.Struct, tag=True, frozen=True):
    """No check can run, and why not; the runner ends."""

    message: str


Message = Ready | Begun | Started | Done | Problem


class Request(msgspec.Struct, frozen=True):
    """What a runner is asked for, once.

    Attributes:
        file: Name of the file in the folder that holds the exercises; empty for the usual one.
        order: The checks to run, by id.
    """

    file: str
    order: list[str]


def mark_of(token: str, place: int) -> bytes:
    """Return the line that stands in what is printed where the check at ``place`` of the request's order begins."""
    return f"\x1e{token} {place}\n".encode()
