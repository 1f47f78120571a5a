"""Grader processes for attempts: started when the first one is needed, and again when one dies."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from ..grade.processes import Processes
from .attempts import Attempt

__all__ = ["Workers"]


class Workers(Processes[Attempt]):
    """Up to ``jobs`` grader processes for one assignment, which answer an attempt with its trial.

    Args:
        root: The course's folder.
        slug: The assignment.
        jobs: How many processes.
    """

    def __init__(self, root: Path, slug: str, jobs: int) -> None:
        super().__init__(_serve, (root, slug), jobs, lambda attempt: f"{attempt.kind} {attempt.name}")

    def __enter__(self) -> Workers:
        return self


def _serve(connection: Connection, root: Path, slug: str) -> None:
    from .serving import serve_attempts  # torch and pytest are for the child alone

    serve_attempts(connection, root, slug)
