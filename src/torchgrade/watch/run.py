"""One run of the checks: who does it, how far it is, and what became of a runner that ended early."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass, field

from ..language import _
from .messages import Done
from .process import Runner
from .progress import Progress, Said

__all__ = ["Run"]

NEVER = float("inf")


@dataclass
class Run:
    """Some checks of an assignment on their way through a runner.

    Attributes:
        runner: Who does it.
        progress: Whose checks.
        order: Their ids.
        limit: Seconds that each may take, loading the file included.
        deaths: How many runners before it ended without getting through a check.
        began: When it was asked for.
        place: Place in the order of the check that is running, or -1.
        since: When that check began.
        through: How many checks are through.
        stopped: Whether it was stopped for taking too long.
        printed: What was printed during a check that has not said anything yet, with its size, by id.
    """

    runner: Runner
    progress: Progress
    order: list[str]
    limit: float
    deaths: int = 0
    began: float = field(default_factory=time.monotonic)
    place: int = -1
    since: float = NEVER
    through: int = 0
    stopped: bool = False
    printed: dict[str, tuple[str, int]] = field(default_factory=dict)

    def start_check(self, name: str) -> None:
        """Note that a check begins."""
        self.place, self.since = self.order.index(name), time.monotonic()

    def hear(self, done: Done) -> None:
        """Take a verdict."""
        self.through += 1
        self.since = NEVER
        self._tell(done.id, Said(done.status, done.message, done.untouched))

    def hear_printed(self, place: int, text: bytes, size: int) -> None:
        """Take what was printed during a check; it may come after the verdict."""
        if not 0 <= place < len(self.order) or not size:
            return
        name, shown = self.order[place], text.decode("utf-8", "replace")
        self.printed[name] = shown, size
        said = self.progress.said.get(name)
        if said is not None and place < self.through:
            said.printed, said.size = shown, size

    @property
    def seconds(self) -> float:
        """For how long the check that is running has been running; 0 between checks."""
        return max(time.monotonic() - self.since, 0.0)

    def stop_if_late(self) -> None:
        """End a check that takes too long."""
        if self.seconds > self.limit and not self.stopped:
            self.stopped = True
            self.runner.kill()

    def bury(self, code: int) -> list[str]:
        """Give the check that never ended its verdict; return those that can still be run.

        Of the same exercise no other is: it would end in the same way.
        """
        rest = self.order[self.through :]
        if not rest:
            return []
        if self.place >= self.through:
            status, words = ("timeout", self._too_slow()) if self.stopped else ("crashed", _how(code))
            self._tell(rest[0], Said(status, words))
        by_id = {check.id: check.exercise for check in self.progress.checks}
        return [name for name in rest[1:] if by_id[name] != by_id[rest[0]]]

    def _too_slow(self) -> str:
        return _("This was stopped after {seconds} seconds. Does a loop never end?").format(seconds=f"{self.limit:g}")

    def _tell(self, name: str, said: Said) -> None:
        said.printed, said.size = self.printed.get(name, ("", 0))
        self.progress.hear(name, said)


def _how(code: int) -> str:
    if code < 0:
        try:
            how = signal.Signals(-code).name
        except ValueError:
            how = str(-code)
        return _("Your code crashed the whole program (signal {name}).").format(name=how)
    return _("Your code ended the whole program (exit code {code}) instead of returning.").format(code=code)
