"""A clock that a busy machine does not cheat: time for which others had the processors is given back, up to a bound."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .load import Load, waited_here

__all__ = ["PATIENCE", "Patience", "PatientSocket"]

PATIENCE = 3  # however busy the machine, so many times the limit are enough
STEP_SECONDS = 0.05  # the least that is given at once
LATE_SECONDS = 5.0  # for reading what came in time, when it is the grader that is late
Result = TypeVar("Result")


class Patience:
    """The time that a worker's answers may take together.

    When it is over, and the worker has not had the processors for so long because others had them, the time for which
    it stood in line is added. A worker that ran all the time, or slept, gets nothing.

    Args:
        seconds: The limit.
        load: Asks how the worker has fared; None where nobody knows.
        clock: The time in seconds.
        waited: Seconds for which the caller itself has stood in line so far.
    """

    def __init__(
        self,
        seconds: float,
        load: Callable[[], Load] | None,
        clock: Callable[[], float] = time.monotonic,
        waited: Callable[[], float] = waited_here,
    ) -> None:
        self.limit, self.granted, self.spent = seconds, seconds, 0.0
        self.load, self.clock, self.waited = load, clock, waited
        self.waited_before, self.used_before = waited(), 0.0
        self.began: float | None = None
        self.late_since: float | None = None

    def start(self) -> None:
        """Begin to count."""
        self.began = self.clock()

    def stop(self) -> None:
        """Cease to count until the next start."""
        self.spent, self.began = self.taken(), None

    def taken(self) -> float:
        """Return the seconds counted so far."""
        return self.spent + (0.0 if self.began is None else self.clock() - self.began)

    def left(self) -> float:
        """Return the seconds to wait; 0 to take what is there and not to wait.

        Raises:
            TimeoutError: It is too late for that too.
        """
        left = self.granted - self.taken()
        if left > 0:
            self.late_since = None
            return left
        now = self.clock()
        self.late_since = now if self.late_since is None else self.late_since
        if now - self.late_since > LATE_SECONDS:
            raise TimeoutError
        return 0.0

    def extend(self) -> bool:
        """Add the time for which others had the processors; return whether there is any left now."""
        taken, most = self.taken(), PATIENCE * self.limit
        if self.load is None or taken >= most:
            return False
        load = self.load()
        own = taken - self._kept_waiting(load, taken)
        if own >= self.limit or load.cpu >= self.limit + self.used_before:
            return False
        self.granted = min(taken + max(self.limit - own, STEP_SECONDS), most)
        return True

    def _kept_waiting(self, load: Load, taken: float) -> float:
        waited = load.waited + self.waited() - self.waited_before
        # in a virtual machine whose host is busy nobody stands in line, and yet nobody gets on
        stolen = taken - load.cpu if load.running and load.cpu < taken / 2 else 0.0
        return max(waited, stolen)


class PatientSocket(socket.socket):
    """A stream socket that waits for as long as a `Patience` allows.

    Attributes:
        patience: The clock that counts now.
    """

    patience: Patience

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Receive as a socket does; raise TimeoutError when the time is over."""
        return self._patiently(lambda: super(PatientSocket, self).recv_into(buffer, nbytes, flags))

    def sendmsg(self, buffers: Iterable[Any], *others: Any) -> int:
        """Send as a socket does; raise TimeoutError when the time is over."""
        return self._patiently(lambda: super(PatientSocket, self).sendmsg(buffers, *others))

    def _patiently(self, act: Callable[[], Result]) -> Result:
        while True:
            self.settimeout(self.patience.left())
            try:
                return act()
            except (TimeoutError, BlockingIOError):
                if not self.patience.extend():
                    raise TimeoutError from None
