"""Have the next check's worker load the submission while a check is still running."""

from __future__ import annotations

from collections.abc import Callable

from ..sandbox.client import Client
from ..sandbox.program import Program

__all__ = ["Ahead"]


class Ahead:
    """One worker that is asked early: loading takes about as long as a check's calls, on a processor that is free.

    Args:
        fresh: Gives a client of a fresh worker.
    """

    def __init__(self, fresh: Callable[[], Client]) -> None:
        self.fresh = fresh
        self.client: Client | None = None
        self.asked: tuple[Program, int] | None = None

    def prepare(self, program: Program, seed: int) -> None:
        """Have a worker load a program."""
        if self.asked != (program, seed):
            self.drop()
            self.client, self.asked = self.fresh(), (program, seed)
            self.client.begin_load(program, seed)

    def take(self, program: Program, seed: int) -> Client:
        """Return a client of a worker that loads just this, or else of a fresh one."""
        if self.client is None or self.asked != (program, seed):
            return self.fresh()
        client, self.client, self.asked = self.client, None, None
        return client

    def drop(self) -> None:
        """End the worker that nobody took."""
        if self.client is not None:
            self.client.close()
        self.client = self.asked = None
